//! What a test starts from: a running service, an organiser with its coordinator, and
//! municipalities with their directors.

use actix_web::web::Data;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use registration::{Settings, State, mail::Outgoing};
use serde_json::{Value, json};
use shared_database::{feed, seal};
use shared_envelope::Keys;
use shared_testing::{Client, Mail, Reply, TestDatabase, database, databases, mail};
use shared_types::{OrganisationId, PersonId, Role};
use shared_web::{
    Clock,
    key::{KeyPair, TrustedKeys},
    link::LinkKey,
    token::Signer,
};
use std::{collections::HashSet, net::TcpListener, sync::Arc, time::Duration};
use uuid::Uuid;

/// Where the service says that it stands.
pub(crate) const PUBLIC_URL: &str = "https://akademi.test";
/// Where its API stands.
pub(crate) const ROOT: &str = "/registration/v1";

/// Instances of registration on one database, with a clock of their own.
pub(crate) struct Service {
    pub(crate) database: TestDatabase,
    pub(crate) clock: Clock,
    pub(crate) gateway: KeyPair,
    pub(crate) instances: Vec<Instance>,
    keys: TrustedKeys,
    pub(crate) needs_keys: Keys,
    /// Files, and endpoints at this one address inside.
    pub(crate) outgoing: Outgoing,
}

/// A running instance.
pub(crate) struct Instance {
    pub(crate) origin: String,
    pub(crate) state: Data<State>,
}

impl Service {
    /// Starts one instance.
    pub(crate) async fn start(database: TestDatabase) -> Self {
        let mut service = Self::prepare(database);
        service.add_instance().await;
        service
    }

    /// Starts nothing yet.
    pub(crate) fn prepare(database: TestDatabase) -> Self {
        let gateway = KeyPair::generate("gateway").unwrap();
        Self {
            clock: Clock::starting_at(at("2022-04-12T08:00:00Z")),
            needs_keys: needs_keys(&["first"]),
            outgoing: Outgoing {
                // They send when they want it.
                look_every: Duration::from_hours(24),
                ..Outgoing::new(&"127.0.0.1".parse().unwrap()).unwrap()
            },
            keys: TrustedKeys::default().with("gateway", gateway.public()),
            database,
            gateway,
            instances: Vec::new(),
        }
    }

    /// Starts a further instance on the same database.
    pub(crate) async fn add_instance(&mut self) {
        let instance = self.instance().await;
        self.instances.push(instance);
    }

    /// Starts an instance that nobody keeps.
    pub(crate) async fn instance(&self) -> Instance {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let settings = Settings {
            database_url: self.database.url.clone(),
            public_url: PUBLIC_URL.to_owned(),
            link_key: LinkKey::from_secret("links of tests"),
            needs_keys: self.needs_keys.clone(),
            mail_dir: self.database.folder.join("mail"),
            erasure_ledger: self.database.folder.join("erasures.jsonl"),
            outgoing: self.outgoing.clone(),
            trusted_keys: self.keys.clone(),
            clock: self.clock.clone(),
            // Tests sweep when they want it.
            sweep_every: Duration::from_hours(24),
            // They seal when they want it, too.
            seal_every: Duration::from_hours(24),
            events_kept: Duration::from_hours(24 * 30),
            exchange: None,
            workers: 1,
        };
        let service = registration::start(listener, settings).await.unwrap();
        actix_web::rt::spawn(service.running.server);
        Instance {
            origin,
            state: service.state,
        }
    }

    pub(crate) fn state(&self) -> &State {
        &self.instances[0].state
    }

    /// A stranger at the first instance.
    pub(crate) fn stranger(&self) -> Client {
        self.stranger_at(&self.instances[0].origin)
    }

    /// A stranger at some instance.
    pub(crate) fn stranger_at(&self, origin: &str) -> Client {
        let signer = Arc::new(Signer::new(&self.gateway));
        Client::new(origin, ROOT, signer)
    }

    /// Does what is due by itself.
    pub(crate) async fn sweep(&self) {
        registration::sweep::once(self.state()).await.unwrap();
    }

    /// Seals the history and orders the events, as happens each second.
    pub(crate) async fn seal(&self) {
        let database = &self.state().database;
        seal::seal(database, self.clock.now()).await.unwrap();
        feed::place(database).await.unwrap();
    }

    /// Moves the clock.
    pub(crate) fn set_clock(&self, instant: &str) {
        self.clock.set(at(instant));
    }

    /// Rows of a table.
    pub(crate) async fn count(&self, table: &str) -> i64 {
        let query = format!("SELECT COUNT(*) AS row FROM {table}");
        database::number(&self.state().database, &query).await
    }

    /// Every mail, once all that are queued are sent.
    pub(crate) async fn mails(&self) -> Vec<Mail> {
        let pending = "SELECT COUNT(*) AS row FROM messages WHERE state = 'pending'";
        while database::number(&self.state().database, pending).await > 0 {
            let sending = registration::mail::background::send_due(self.state());
            if sending.await.unwrap() == 0 {
                actix_web::rt::time::sleep(Duration::from_millis(20)).await;
            }
        }
        mail::read(&self.database.folder.join("mail"))
    }

    /// The links that were mailed to an address, the latest last.
    pub(crate) async fn links_to(&self, address: &str) -> Vec<String> {
        let mails = self.mails().await;
        let to = mails.iter().filter(|mail| mail.to == address);
        to.flat_map(|mail| {
            mail.links()
                .into_iter()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .collect()
    }
}

/// A municipality with who decides for it.
pub(crate) struct Municipality {
    pub(crate) id: OrganisationId,
    pub(crate) office: String,
    pub(crate) director: Person,
}

/// Somebody who can call.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) id: PersonId,
    pub(crate) email: String,
    pub(crate) client: Client,
}

/// An organiser, its partners, and a service that knows them.
pub(crate) struct World {
    pub(crate) service: Service,
    pub(crate) organiser: OrganisationId,
    pub(crate) coordinator: Client,
    pub(crate) municipalities: Vec<Municipality>,
}

/// Runs a test in a new world on each database.
pub(crate) async fn on_each_database(test: impl AsyncFn(&World)) {
    for database in databases().await {
        println!("on {}", database.url);
        let world = World::new(database, 2).await;
        test(&world).await;
        world.tells_only_what_the_catalogue_has().await;
    }
}

impl World {
    /// A world with some municipalities.
    pub(crate) async fn new(database: TestDatabase, municipalities: usize) -> Self {
        Self::on(Service::start(database).await, municipalities).await
    }

    /// Whatever a test does, no event is told that nobody has described and given an audience.
    async fn tells_only_what_the_catalogue_has(&self) {
        for kind in self.fired().await {
            let known = registration::feeds::catalogue::find(&kind);
            assert!(known.is_some(), "{kind} is not in feeds/catalogue.rs");
        }
    }

    /// The types of all events so far.
    pub(crate) async fn fired(&self) -> HashSet<String> {
        let query = "SELECT DISTINCT kind AS row FROM outbox";
        let kinds = database::texts(&self.service.state().database, query).await;
        kinds.into_iter().collect()
    }

    /// The same on a service that runs.
    pub(crate) async fn on(service: Service, municipalities: usize) -> Self {
        let founder = OrganisationId::new();
        let founder = service.stranger().system(Role::Coordinator, Some(founder));
        let organiser = founder
            .post(
                "organisations",
                organisation("Kommunförbundet", "other", None),
            )
            .await
            .created();
        let organiser: OrganisationId = organiser.id().parse().unwrap();
        let coordinator = service
            .stranger()
            .system(Role::Coordinator, Some(organiser));
        let mut world = Self {
            service,
            organiser,
            coordinator,
            municipalities: Vec::new(),
        };
        let coordinator = world.person(organiser, "Cecilia Coordinator").await;
        world.coordinator = coordinator
            .client
            .person(coordinator.id, &[(Role::Coordinator, organiser)]);
        for number in 0..municipalities {
            let municipality = world.municipality(number).await;
            world.municipalities.push(municipality);
        }
        world
    }

    /// Another partner municipality.
    pub(crate) async fn municipality(&self, number: usize) -> Municipality {
        let code = format!("SE-{:04}", 580 + number);
        let body = organisation(&format!("Kommun {number}"), "municipality", Some(&code));
        let reply = self.coordinator.post("organisations", body).await.created();
        let id: OrganisationId = reply.id().parse().unwrap();
        let partner = format!("organisations/{}/partners/{id}", self.organiser);
        let call = self.coordinator.change("PUT", &partner, "*", Value::Null);
        call.await.ok();
        let director = self.person(id, &format!("Direktör {number}")).await;
        let office = json!({
            "organisationId": id, "kind": "municipal_director", "title": { "sv": "Kommundirektör" },
            "holderId": director.id,
        });
        let office = self.coordinator.post("offices", office).await.created();
        Municipality {
            id,
            office: office.id(),
            director: Person {
                client: director.client.person(director.id, &[(Role::Director, id)]),
                ..director
            },
        }
    }

    /// A person without roles.
    pub(crate) async fn person(&self, organisation: OrganisationId, name: &str) -> Person {
        self.person_with(organisation, name, json!({})).await
    }

    /// A person with members of one's own.
    pub(crate) async fn person_with(
        &self,
        organisation: OrganisationId,
        name: &str,
        members: Value,
    ) -> Person {
        let email = format!("{}@kommun.example", Uuid::new_v4().simple());
        let body = json!({
            "name": name, "email": email, "organisationId": organisation, "kind": "employed_manager",
            "gender": "woman", "language": "en", "title": "Head of department",
        });
        let body = with(body, members);
        let reply = self.coordinator.post("people", body).await.created();
        let id: PersonId = reply.id().parse().unwrap();
        Person {
            id,
            email,
            client: self.service.stranger().person(id, &[]),
        }
    }

    /// A published programme.
    pub(crate) async fn programme(&self) -> String {
        let reply = self
            .coordinator
            .post("programmes", programme(self.organiser));
        let id = reply.await.created().id();
        let publication = format!("programmes/{id}/publication");
        self.coordinator.post_empty(&publication).await.ok();
        id
    }

    /// A draft of a round, with the given members of its own.
    pub(crate) async fn draft_round(&self, members: Value) -> String {
        let programme = self.programme().await;
        let body = with(round(&programme), members);
        self.coordinator.post("rounds", body).await.created().id()
    }

    /// An open round, with the given members of its own.
    pub(crate) async fn open_round(&self, members: Value) -> String {
        let id = self.draft_round(members).await;
        for step in ["publication", "opening"] {
            self.step(&format!("rounds/{id}/{step}")).await.ok();
        }
        id
    }

    /// A step without a body by the coordinator.
    pub(crate) async fn step(&self, path: &str) -> Reply {
        self.coordinator.post_empty(path).await
    }

    /// Hands in an application by the person.
    pub(crate) async fn apply(&self, person: &Person, round: &str) -> String {
        let body = json!({ "roundId": round });
        person
            .client
            .post("applications", body)
            .await
            .created()
            .id()
    }

    /// A new person of a municipality who has applied.
    pub(crate) async fn applicant(&self, municipality: usize, round: &str) -> (Person, String) {
        let name = "Anna Applicant";
        let person = self
            .person(self.municipalities[municipality].id, name)
            .await;
        let application = self.apply(&person, round).await;
        (person, application)
    }

    /// The director of a municipality endorses.
    pub(crate) async fn endorse(&self, municipality: usize, application: &str, rank: i32) {
        let body = json!({ "verdict": "endorse", "rank": rank });
        let director = &self.municipalities[municipality].director.client;
        let path = format!("applications/{application}/endorsement");
        director.post(&path, body).await.ok();
    }

    /// Closes a round and proposes an admission.
    pub(crate) async fn propose(&self, round: &str) -> Reply {
        self.step(&format!("rounds/{round}/closing")).await.ok();
        self.step(&format!("rounds/{round}/admission-proposals"))
            .await
            .created()
    }

    /// Closes a round, and announces the admission that the rules propose.
    pub(crate) async fn admit(&self, round: &str) {
        let proposal = self.propose(round).await.id();
        let publication = format!("admission-proposals/{proposal}/publication");
        self.step(&publication).await.ok();
    }

    /// An announced round of one municipality: so many seats, so many applicants in the order of
    /// their ranks, nobody's endorsement needed unless the members say otherwise.
    pub(crate) async fn announced(&self, applicants: i32, members: Value) -> Announced {
        let round = self.open_round(members).await;
        let mut all = Vec::new();
        for rank in 1..=applicants {
            let (person, application) = self.applicant(0, &round).await;
            self.endorse(0, &application, rank).await;
            all.push((person, application));
        }
        self.admit(&round).await;
        Announced { round, all }
    }

    /// State of a seat as the coordinator sees it.
    pub(crate) async fn seat(&self, application: &str) -> String {
        let path = format!("applications/{application}");
        text(&self.coordinator.get(&path).await.ok()["seat"]["state"])
    }

    /// States of the seats of an announced round, in the order of the ranks.
    pub(crate) async fn seats(&self, announced: &Announced) -> Vec<String> {
        let mut seats = Vec::new();
        for (_, application) in &announced.all {
            seats.push(self.seat(application).await);
        }
        seats
    }

    /// Stops unless every invariant of a round holds.
    pub(crate) async fn assert_sound(&self, round: &str) {
        let path = format!("rounds/{round}/invariants");
        let reply = self.coordinator.get(&path).await.ok();
        assert_eq!(reply["holds"], true, "{}", reply.text);
    }

    /// Edges of a thing's history as a caller reads them.
    pub(crate) async fn edges(&self, caller: &Client, thing: &str) -> Vec<String> {
        let history = caller.get(&format!("{thing}/history")).await.ok();
        let entries = history["entries"].as_array().unwrap();
        entries.iter().map(|entry| text(&entry["edge"])).collect()
    }
}

/// A round whose admission was announced, with who applied.
pub(crate) struct Announced {
    pub(crate) round: String,
    pub(crate) all: Vec<(Person, String)>,
}

impl Announced {
    pub(crate) fn person(&self, index: usize) -> &Client {
        &self.all[index].0.client
    }

    pub(crate) fn application(&self, index: usize) -> &str {
        &self.all[index].1
    }

    /// Answers an offer.
    pub(crate) async fn answer(&self, index: usize, verdict: &str) -> Reply {
        let path = format!("applications/{}/answer", self.application(index));
        let body = json!({ "verdict": verdict });
        self.person(index).post(&path, body).await
    }

    /// Withdraws.
    pub(crate) async fn withdraw(&self, index: usize) -> Reply {
        let path = format!("applications/{}/withdrawal", self.application(index));
        self.person(index).post(&path, json!({})).await
    }
}

/// Master keys of tests: the same key for the same name.
pub(crate) fn needs_keys(names: &[&str]) -> Keys {
    let key = |name: &&str| {
        let bytes = [name.as_bytes()[0]; 32];
        format!("{name}:{}", STANDARD.encode(bytes))
    };
    let list: Vec<String> = names.iter().map(key).collect();
    list.join(",").parse().unwrap()
}

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A body with some members set; null takes one away.
#[expect(
    clippy::needless_pass_by_value,
    reason = "called with what `json!` makes on the spot"
)]
pub(crate) fn with(mut body: Value, members: Value) -> Value {
    for (name, value) in members.as_object().cloned().unwrap_or_default() {
        if value.is_null() {
            body.as_object_mut().unwrap().remove(&name);
        } else {
            body[name] = value;
        }
    }
    body
}

pub(crate) fn organisation(name: &str, kind: &str, code: Option<&str>) -> Value {
    let body =
        json!({ "name": name, "kind": kind, "language": "sv", "timeZone": "Europe/Stockholm" });
    match code {
        Some(code) => with(body, json!({ "officialCode": code })),
        None => body,
    }
}

pub(crate) fn programme(organiser: OrganisationId) -> Value {
    json!({
        "organiserId": organiser, "name": { "sv": "Ledarskap i kommuner" }, "purpose": { "sv": "Att leda" },
        "audience": { "sv": "Chefer" },
    })
}

pub(crate) fn round(programme: &str) -> Value {
    json!({
        "programmeId": programme, "name": { "sv": "Våren 2022", "en": "Spring 2022" }, "seats": 2,
        "opensOn": "2022-04-01", "closesOn": "2022-04-26", "endorseBy": "2022-05-06", "answerDays": 10,
        "endorsement": "municipal_director", "language": "sv", "timeZone": "Europe/Stockholm",
    })
}
