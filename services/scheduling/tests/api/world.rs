//! What a test starts from: a running service that knows a round by registration's facts, its
//! organiser's coordinator, and people with seats.

use scheduling::{Service as Running, Settings, StartError, State, api};
use serde_json::{Value, json};
use shared_testing::{
    Client, TestDatabase, database, databases,
    service::{Given, Service},
};
use shared_types::{EventId, OrganisationId, PersonId, Role, RoundId, event::Event};
use shared_web::link::LinkKey;
use std::time::Duration;
use uuid::Uuid;

/// A service with a round.
pub(crate) struct World {
    pub(crate) service: Service<State>,
    pub(crate) organiser: OrganisationId,
    pub(crate) coordinator: Client,
    pub(crate) round: RoundId,
    /// Two municipalities with their directors.
    pub(crate) municipalities: [(OrganisationId, PersonId); 2],
}

/// Starts the service.
pub(crate) async fn start(given: Given) -> Result<Running, StartError> {
    let settings = Settings {
        database_url: given.database_url,
        public_url: given.public_url,
        trusted_keys: given.trusted_keys,
        link_key: LinkKey::from_secret("links of tests"),
        exchange: None,
        // Tests sweep when they want it.
        sweep_every: Duration::from_hours(24),
        clock: given.clock,
        workers: 1,
    };
    scheduling::start(given.listener, settings).await
}

/// Runs a test in a new world on each database.
pub(crate) async fn on_each_database(test: impl AsyncFn(&World)) {
    for database in databases().await {
        println!("on {}", database.url);
        let world = World::new(database).await;
        test(&world).await;
    }
}

impl World {
    /// A world with a round of 24 seats and nobody in it.
    pub(crate) async fn new(database: TestDatabase) -> Self {
        let service = Service::start(api::NAME, database, start).await;
        let organiser = OrganisationId::new();
        let staff = PersonId::new();
        let coordinator = service
            .stranger()
            .person(staff, &[(Role::Coordinator, organiser)]);
        let municipalities = [(); 2].map(|()| (OrganisationId::new(), PersonId::new()));
        let world = Self {
            service,
            organiser,
            coordinator,
            round: RoundId::new(),
            municipalities,
        };
        for (municipality, director) in world.municipalities {
            world.person(director, municipality, None).await;
            let office = json!({
                "officeId": Uuid::now_v7(), "organisationId": municipality,
                "kind": "municipal_director", "holderId": director, "version": 1,
            });
            world.fact("office.changed", office).await;
        }
        world.know_round(world.round, world.organiser).await;
        world
    }

    /// Tells of a round.
    pub(crate) async fn know_round(&self, round: RoundId, organiser: OrganisationId) {
        let fact = json!({
            "roundId": round, "programmeId": Uuid::now_v7(), "organiserId": organiser,
            "state": "published", "name": { "sv": "Ledarskap i kommuner" }, "seats": 24,
            "startsOn": "2022-08-24", "endsOn": "2023-03-31", "language": "sv",
            "timeZone": "Europe/Stockholm", "version": 1,
        });
        self.fact("round.published", fact).await;
    }

    /// Tells of a person.
    pub(crate) async fn person(
        &self,
        id: PersonId,
        organisation: OrganisationId,
        manager: Option<PersonId>,
    ) {
        let fact = json!({
            "personId": id, "organisationId": organisation, "municipalityId": organisation,
            "departmentId": null, "managerId": manager, "kind": "employed_manager",
            "gender": "woman", "name": "Petra Person", "language": "sv", "active": true,
            "version": 1,
        });
        self.fact("person.created", fact).await;
    }

    /// A new person of the first municipality with a seat in a round.
    pub(crate) async fn participant(&self, round: RoundId) -> PersonId {
        let person = PersonId::new();
        self.person(person, self.municipalities[0].0, None).await;
        self.seat(person, round).await;
        person
    }

    /// Gives a person of the first municipality a seat in a round.
    pub(crate) async fn seat(&self, person: PersonId, round: RoundId) {
        self.part(person, round, "accepted", 3).await;
    }

    /// Somebody with a seat leaves a round.
    pub(crate) async fn leave(&self, person: PersonId, round: RoundId) {
        self.part(person, round, "withdrawn", 4).await;
    }

    async fn part(&self, person: PersonId, round: RoundId, seat: &str, version: i32) {
        let municipality = self.municipalities[0].0;
        // The same for the same person and round.
        let name = format!("{person} {round}");
        let application = Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes());
        let fact = json!({
            "applicationId": application, "roundId": round, "personId": person,
            "organisationId": municipality, "municipalityId": municipality,
            "organiserId": self.organiser, "state": "submitted", "endorsement": "endorsed",
            "seat": seat, "replaces": null, "version": version,
        });
        let kind = if seat == "accepted" {
            "offer.accepted"
        } else {
            "participation.withdrawn"
        };
        self.fact(kind, fact).await;
    }

    /// Somebody as a client without roles.
    pub(crate) fn client(&self, person: PersonId) -> Client {
        self.service.stranger().person(person, &[])
    }

    /// Delivers an event of registration's, now.
    pub(crate) async fn fact(&self, kind: &str, data: Value) {
        self.deliver(&event(kind, data, self.service.clock.now()))
            .await;
    }

    /// Delivers an event, perhaps again.
    pub(crate) async fn deliver(&self, event: &Event) {
        let received = self.service.state.inbox.receive(event, String::new());
        received.await.unwrap();
    }

    /// A venue with beds and a statement, and a room of it for 30.
    pub(crate) async fn venue(&self) -> (String, String) {
        let made = self.coordinator.post("venues", venue(self.organiser)).await;
        let id = made.created().id();
        let room = json!({ "name": "Stora salen", "capacity": 30 });
        let path = format!("venues/{id}/rooms");
        let room = self.coordinator.post(&path, room).await.created().id();
        (id, room)
    }

    /// A session of the world's round.
    pub(crate) async fn session(&self, body: Value) -> String {
        let path = format!("rounds/{}/sessions", self.round);
        self.coordinator.post(&path, body).await.created().id()
    }

    /// Releases the plan of the world's round.
    pub(crate) async fn release(&self) -> Value {
        let path = format!("rounds/{}/releases", self.round);
        let made = self.coordinator.post(&path, json!({})).await;
        made.created().json
    }

    /// Reads something as the coordinator.
    pub(crate) async fn get(&self, path: &str) -> Value {
        self.coordinator.get(path).await.ok().json
    }

    /// The plan of the world's round.
    pub(crate) async fn plan(&self) -> Value {
        self.get(&format!("rounds/{}/plan", self.round)).await
    }

    /// What was published of a kind, the first first.
    pub(crate) async fn published(&self, kind: &str) -> Vec<Value> {
        let query = if self.service.database.is_postgres() {
            format!("SELECT data::text AS row FROM outbox WHERE kind = '{kind}' ORDER BY id")
        } else {
            format!("SELECT data AS row FROM outbox WHERE kind = '{kind}' ORDER BY id")
        };
        let texts = database::texts(&self.service.state.database, &query).await;
        let read = texts.iter().map(|text| serde_json::from_str(text).unwrap());
        read.collect()
    }

    /// Does what is due by itself.
    pub(crate) async fn sweep(&self) {
        scheduling::sweep::once(&self.service.state).await.unwrap();
    }
}

/// An event of registration's.
pub(crate) fn event(kind: &str, data: Value, time: chrono::DateTime<chrono::Utc>) -> Event {
    Event {
        specversion: "1.0".to_owned(),
        id: EventId::new(),
        source: "/registration".to_owned(),
        r#type: kind.to_owned(),
        subject: Uuid::now_v7().to_string(),
        time,
        traceparent: None,
        data,
    }
}

/// A venue's body.
pub(crate) fn venue(organiser: OrganisationId) -> Value {
    json!({
        "organiserId": organiser, "name": "Stiftsgården", "beds": 20,
        "address": { "street": "Vägen 1", "postalCode": "590 47", "town": "Byn", "country": "SE" },
        "accessibility": {
            "stepFree": true, "hearingLoop": true, "accessibleToilet": true, "lift": false,
            "accessibleParking": true,
        },
    })
}

/// A seminar's body, on one day from 10.00 to 16.00.
pub(crate) fn seminar(date: &str) -> Value {
    json!({
        "kind": "seminar", "form": "on_site", "name": { "sv": "Seminarium" },
        "days": [{ "date": date, "startsAt": "10:00", "endsAt": "16:00" }],
    })
}

/// A body with some members set; null takes one away.
pub(crate) fn with(mut body: Value, members: &Value) -> Value {
    for (name, value) in members.as_object().cloned().unwrap_or_default() {
        if value.is_null() {
            body.as_object_mut().unwrap().remove(&name);
        } else {
            body[name.as_str()] = value;
        }
    }
    body
}

/// The codes of findings.
pub(crate) fn codes(findings: &Value) -> Vec<String> {
    let all = findings.as_array().unwrap().iter();
    all.map(|one| one["code"].as_str().unwrap().to_owned())
        .collect()
}
