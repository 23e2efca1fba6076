//! The whole in this process: an installation with its first coordinator, and people with tokens
//! of their own.

use crate::program::{Api, Place};
use akademi::{AllInOne, AllInOneOptions};
use gateway::{Edge, Rates};
use registration::init::{Installed, NewInstallation, init};
use serde_json::{Value, json};
use shared_types::{Caller, PersonId};
use shared_web::{
    Clock,
    key::KeyPair,
    outgoing::Method,
    token::{DEMO, Signer},
};
use std::net::{Ipv4Addr, SocketAddr};

/// A running installation.
pub(crate) struct Stage {
    pub(crate) place: Place,
    pub(crate) clock: Clock,
    pub(crate) api: Api,
    pub(crate) installed: Installed,
    all: AllInOne,
    issuer: KeyPair,
}

impl Stage {
    /// A new one.
    pub(crate) async fn set(place: Place) -> Self {
        let clock = Clock::starting_at("2026-01-07T08:00:00Z".parse().unwrap());
        let issuer = KeyPair::generate("demo").unwrap();
        let all = start(&place, &clock, &issuer).await;
        let new = NewInstallation {
            organiser_name: "Linköpings kommun".into(),
            official_code: Some("SE-0580".into()),
            coordinator_email: "eva@linkoping.example".into(),
            coordinator_name: "Eva Holm".into(),
        };
        let installed = init(all.registration(), new).await.unwrap();
        Self {
            api: Api::new(&all.url()),
            place,
            clock,
            installed,
            all,
            issuer,
        }
    }

    /// Stops it, lets its folder be changed, and starts it again.
    pub(crate) async fn again(self, change: impl FnOnce(&Place)) -> Self {
        self.all.stop().await;
        change(&self.place);
        let all = start(&self.place, &self.clock, &self.issuer).await;
        Self {
            api: Api::new(&all.url()),
            all,
            ..self
        }
    }

    pub(crate) async fn stop(self) {
        self.all.stop().await;
    }

    /// A person's own access token.
    pub(crate) fn token(&self, person: &str) -> String {
        let person: PersonId = person.parse().unwrap();
        let caller = Caller {
            subject: person.to_string(),
            person: Some(person),
            ..Caller::anonymous()
        };
        Signer::new(&self.issuer).sign(DEMO, &caller).unwrap()
    }

    /// What a caller does must be done.
    pub(crate) async fn post_as(&self, token: &str, path: &str, body: Value) -> Value {
        let (status, done) = self.api.post(token, path, &body).await;
        assert!(status < 300, "{path}: {done}");
        done
    }

    /// The same by the first coordinator's key, in registration.
    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        let path = format!("/registration/v1/{path}");
        self.post_as(&self.installed.api_key, &path, body).await
    }

    /// The same for what is set.
    pub(crate) async fn put(&self, token: &str, path: &str, body: Value) -> Value {
        let path = format!("/registration/v1/{path}");
        let (status, done) = self.api.change(Method::PUT, token, &path, &body).await;
        assert!(status < 300, "{path}: {done}");
        done
    }

    /// A municipality that is the organiser's partner.
    pub(crate) async fn municipality(&self, name: &str, code: &str) -> String {
        let body = json!({
            "name": name, "kind": "municipality", "officialCode": code, "language": "sv",
            "timeZone": "Europe/Stockholm",
        });
        let id = id(&self.post("organisations", body).await);
        let organiser = self.installed.organisation_id;
        let path = format!("organisations/{organiser}/partners/{id}");
        self.put(&self.installed.api_key, &path, json!({})).await;
        id
    }

    /// Somebody who works there.
    pub(crate) async fn person(&self, organisation: &str, name: &str) -> String {
        let body = json!({
            "name": name, "email": format!("{}@kommun.example", uuid::Uuid::new_v4().simple()),
            "organisationId": organisation, "kind": "employed_manager", "gender": "woman",
            "language": "sv", "title": "Chef",
        });
        id(&self.post("people", body).await)
    }

    /// An open round with these members of its own.
    pub(crate) async fn round(&self, members: Value) -> String {
        let text = |words: &str| json!({ "sv": words });
        let programme = json!({
            "organiserId": self.installed.organisation_id, "name": text("Chefsprogram"),
            "purpose": text("Gemensam plattform"), "audience": text("Alla chefer"),
        });
        let programme = id(&self.post("programmes", programme).await);
        let publication = format!("programmes/{programme}/publication");
        self.post(&publication, json!({})).await;
        let mut round = json!({
            "programmeId": programme, "name": text("Våren"), "seats": 20, "language": "sv",
            "timeZone": "Europe/Stockholm", "opensOn": "2026-01-05", "closesOn": "2026-02-12",
            "answerDays": 10,
        });
        for (name, value) in members.as_object().unwrap() {
            round[name] = value.clone();
        }
        let round = id(&self.post("rounds", round).await);
        for step in ["publication", "opening"] {
            let path = format!("rounds/{round}/{step}");
            self.post(&path, json!({})).await;
        }
        round
    }

    /// The person applies.
    pub(crate) async fn apply(&self, person: &str, round: &str) -> String {
        let token = self.token(person);
        let path = "/registration/v1/applications";
        id(&self
            .post_as(&token, path, json!({ "roundId": round }))
            .await)
    }
}

/// The id of what was made.
pub(crate) fn id(made: &Value) -> String {
    made["id"].as_str().unwrap().to_owned()
}

async fn start(place: &Place, clock: &Clock, issuer: &KeyPair) -> AllInOne {
    let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let options = AllInOneOptions {
        clock: clock.clone(),
        demo: Some(issuer.public().clone()),
        database_urls: place.database_urls(),
        // Tests ask again and again.
        edge: Edge {
            rates: Rates::NONE,
            ..Edge::default()
        },
        ..AllInOneOptions::new(listen, &place.folder)
    };
    AllInOne::start(options).await.unwrap()
}
