//! What a test starts from: a running service that was told of an organiser, municipalities with
//! their chiefs, a round and its participants.

use actix_web::web::Data;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use mentorship::{Settings, State};
use serde_json::{Value, json};
use shared_envelope::Keys;
use shared_testing::{Client, Reply, TestDatabase, database, databases};
use shared_types::{
    ApplicationId, EventId, OfficeId, OrganisationId, PersonId, ProgrammeId, Role, RoundId,
    event::Event,
};
use shared_web::{
    Clock,
    key::{KeyPair, TrustedKeys},
    link::LinkKey,
    token::Signer,
};
use std::{
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicI32, Ordering},
    },
    time::Duration,
};

/// Where its API stands.
pub(crate) const ROOT: &str = "/mentorship/v1";
/// What links are signed with.
pub(crate) const LINKS: &str = "links of tests";

/// A running service.
pub(crate) struct Service {
    pub(crate) database: TestDatabase,
    pub(crate) clock: Clock,
    pub(crate) gateway: KeyPair,
    pub(crate) state: Data<State>,
    pub(crate) origin: String,
    versions: AtomicI32,
}

/// Master keys of tests: the same key for the same name.
pub(crate) fn pair_keys(names: &[&str]) -> Keys {
    let key = |name: &&str| {
        let bytes = [name.as_bytes()[0]; 32];
        format!("{name}:{}", STANDARD.encode(bytes))
    };
    let list: Vec<String> = names.iter().map(key).collect();
    list.join(",").parse().unwrap()
}

impl Service {
    /// Starts one.
    pub(crate) async fn start(database: TestDatabase) -> Self {
        let gateway = KeyPair::generate("gateway").unwrap();
        let clock = Clock::starting_at(at("2022-06-01T08:00:00Z"));
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let settings = Settings {
            database_url: database.url.clone(),
            public_url: "https://akademi.test".to_owned(),
            link_key: LinkKey::from_secret(LINKS),
            pair_keys: pair_keys(&["first"]),
            kolada: None,
            exchange: None,
            trusted_keys: TrustedKeys::default().with("gateway", gateway.public()),
            clock: clock.clone(),
            // Tests sweep when they want it.
            sweep_every: Duration::from_hours(24),
            workers: 1,
        };
        let service = mentorship::start(listener, settings).await.unwrap();
        actix_web::rt::spawn(service.running.server);
        Self {
            database,
            clock,
            gateway,
            state: service.state,
            origin,
            versions: AtomicI32::new(1),
        }
    }

    /// Nobody who is known.
    pub(crate) fn stranger(&self) -> Client {
        Client::new(&self.origin, ROOT, Arc::new(Signer::new(&self.gateway)))
    }

    /// Gives the service a fact, as its door would.
    pub(crate) async fn tell(&self, kind: &str, mut data: Value) {
        if data.get("version").is_none() {
            data["version"] = json!(self.versions.fetch_add(1, Ordering::SeqCst));
        }
        let event = Event {
            specversion: "1.0".to_owned(),
            id: EventId::new(),
            source: "/registration".to_owned(),
            r#type: kind.to_owned(),
            subject: EventId::new().to_string(),
            time: self.clock.now(),
            traceparent: None,
            data,
        };
        let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        self.state
            .inbox
            .receive(&event, trace.to_owned())
            .await
            .unwrap();
    }

    /// Does what is due by itself.
    pub(crate) async fn sweep(&self) {
        mentorship::sweep::once(&self.state).await.unwrap();
    }

    /// Moves the clock.
    pub(crate) fn set_clock(&self, instant: &str) {
        self.clock.set(at(instant));
    }

    /// Rows of a table.
    pub(crate) async fn count(&self, table: &str) -> i64 {
        let query = format!("SELECT COUNT(*) AS row FROM {table}");
        database::number(&self.state.database, &query).await
    }

    /// What was asked to be mailed: person, template, link and text, the oldest first.
    pub(crate) async fn messages(&self) -> Vec<Value> {
        let cast = if self.database.is_postgres() {
            "data::text"
        } else {
            "data"
        };
        let query = format!(
            "SELECT {cast} AS row FROM outbox WHERE kind = 'message.requested' ORDER BY id"
        );
        let rows = database::texts(&self.state.database, &query).await;
        rows.iter()
            .map(|row| serde_json::from_str(row).unwrap())
            .collect()
    }

    /// The links that were sent to a person, the latest last.
    pub(crate) async fn links_to(&self, person: PersonId) -> Vec<String> {
        let key = LinkKey::from_secret(LINKS);
        let own = json!(person);
        let messages = self.messages().await;
        let links = messages.iter().filter(|message| message["personId"] == own);
        links
            .filter_map(|message| {
                let kind = message["link"]["kind"].as_str()?;
                let id = message["link"]["linkId"].as_str()?.parse().unwrap();
                Some(format!("/mentorship/pages/{kind}/{}", key.sign(kind, id)))
            })
            .collect()
    }
}

/// A municipality with its chief.
pub(crate) struct Municipality {
    pub(crate) id: OrganisationId,
    pub(crate) office: OfficeId,
    pub(crate) chief: Person,
}

/// Somebody who can call.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) id: PersonId,
    pub(crate) client: Client,
}

/// A participant.
#[derive(Clone)]
pub(crate) struct Participant {
    pub(crate) person: Person,
    pub(crate) application: ApplicationId,
}

/// A service that knows an organiser, municipalities and a round.
pub(crate) struct World {
    pub(crate) service: Service,
    pub(crate) organiser: OrganisationId,
    pub(crate) coordinator: Client,
    pub(crate) municipalities: Vec<Municipality>,
    pub(crate) round: RoundId,
}

/// Runs a test in a new world on each database.
pub(crate) async fn on_each_database(test: impl AsyncFn(&World)) {
    for database in databases().await {
        println!("on {}", database.url);
        let world = World::new(database, 3).await;
        test(&world).await;
    }
}

impl World {
    /// A world with some municipalities.
    pub(crate) async fn new(database: TestDatabase, municipalities: usize) -> Self {
        let service = Service::start(database).await;
        let organiser = OrganisationId::new();
        let person = PersonId::new();
        let coordinator = service
            .stranger()
            .person(person, &[(Role::Coordinator, organiser)]);
        let mut world = Self {
            service,
            organiser,
            coordinator,
            municipalities: Vec::new(),
            round: RoundId::new(),
        };
        world.tell_round(world.round).await;
        for number in 0..municipalities {
            let municipality = world.municipality(number).await;
            world.municipalities.push(municipality);
        }
        world
    }

    /// Tells of a round of the organiser.
    pub(crate) async fn tell_round(&self, id: RoundId) {
        let round = json!({
            "roundId": id, "programmeId": ProgrammeId::new(), "organiserId": self.organiser,
            "state": "closed", "name": { "sv": "Omgången 2022", "en": "The round of 2022" },
            "seats": 24, "startsOn": "2022-08-22", "endsOn": "2023-05-31", "language": "sv",
            "timeZone": "Europe/Stockholm",
        });
        self.service.tell("round.published", round).await;
    }

    /// Tells of another municipality and its chief.
    pub(crate) async fn municipality(&self, number: usize) -> Municipality {
        let id = OrganisationId::new();
        let organisation = json!({
            "organisationId": id, "kind": "municipality", "name": format!("Kommun {number}"),
            "officialCode": format!("SE-{:04}", 580 + number), "parentId": null,
            "municipalityId": id, "timeZone": "Europe/Stockholm",
        });
        self.service
            .tell("organisation.created", organisation)
            .await;
        let chief = self.person(id, &format!("Chef {number}")).await;
        let office = OfficeId::new();
        self.hold(office, id, Some(chief.id)).await;
        Municipality { id, office, chief }
    }

    /// Tells who holds a municipality's office.
    pub(crate) async fn hold(
        &self,
        office: OfficeId,
        municipality: OrganisationId,
        holder: Option<PersonId>,
    ) {
        let office = json!({
            "officeId": office, "organisationId": municipality, "kind": "municipal_director",
            "holderId": holder, "actingHolders": [],
        });
        self.service.tell("office.changed", office).await;
    }

    /// Tells of a person who works somewhere.
    pub(crate) async fn person(&self, organisation: OrganisationId, name: &str) -> Person {
        let id = PersonId::new();
        self.tell_person(id, organisation, json!({ "name": name }))
            .await;
        Person {
            id,
            client: self.service.stranger().person(id, &[]),
        }
    }

    /// Tells of a person, with members of one's own.
    pub(crate) async fn tell_person(
        &self,
        id: PersonId,
        organisation: OrganisationId,
        members: Value,
    ) {
        let person = json!({
            "personId": id, "organisationId": organisation, "municipalityId": organisation,
            "departmentId": null, "managerId": null, "kind": "employed_manager",
            "gender": "woman", "name": "Somebody", "language": "en", "active": true,
        });
        self.service
            .tell("person.changed", with(person, members))
            .await;
    }

    /// A participant of a municipality, with a seat in the round.
    pub(crate) async fn participant(&self, municipality: usize) -> Participant {
        let organisation = self.municipalities[municipality].id;
        let person = self.person(organisation, "Anna Andersson").await;
        let application = ApplicationId::new();
        self.tell_seat(
            application,
            person.id,
            (organisation, self.round),
            "accepted",
        )
        .await;
        Participant {
            person,
            application,
        }
    }

    /// Tells what became of a seat.
    pub(crate) async fn tell_seat(
        &self,
        application: ApplicationId,
        person: PersonId,
        (organisation, round): (OrganisationId, RoundId),
        seat: &str,
    ) {
        let participation = json!({
            "applicationId": application, "roundId": round, "personId": person,
            "organisationId": organisation, "municipalityId": organisation,
            "organiserId": self.organiser, "state": "submitted", "endorsement": "endorsed",
            "seat": seat, "replaces": null,
        });
        self.service.tell("offer.accepted", participation).await;
    }

    /// Tells who endorsed a participant of the first municipality.
    pub(crate) async fn tell_endorsers(&self, application: ApplicationId, people: &[PersonId]) {
        let own = &self.municipalities[0];
        let fact = json!({
            "applicationId": application, "organiserId": self.organiser, "organisationId": own.id,
            "officeId": own.office, "endorsedByIds": people,
        });
        self.service.tell("endorsement.given", fact).await;
    }

    /// The chief of a municipality is taken into the pool.
    pub(crate) async fn mentor(&self, municipality: usize, capacity: i32) -> String {
        let person = self.municipalities[municipality].chief.id;
        let body = json!({ "personId": person, "capacity": capacity });
        let path = format!("rounds/{}/mentors", self.round);
        self.coordinator.post(&path, body).await.created().id()
    }

    /// Computes a run.
    pub(crate) async fn run(&self) -> Reply {
        let path = format!("rounds/{}/matching-runs", self.round);
        self.coordinator.post_empty(&path).await.created()
    }

    /// Publishes a run.
    pub(crate) async fn publish(&self, run: &str) -> Reply {
        let path = format!("matching-runs/{run}/publication");
        self.coordinator.post_empty(&path).await
    }

    /// Computes a run and publishes it.
    pub(crate) async fn match_all(&self) {
        let run = self.run().await.id();
        self.publish(&run).await.ok();
    }

    /// The pairs of the round, as a coordinator sees them.
    pub(crate) async fn pairs(&self) -> Vec<Value> {
        let path = format!("rounds/{}/pairs?limit=100", self.round);
        let list = self.coordinator.get(&path).await.ok();
        list["items"].as_array().unwrap().clone()
    }

    /// The names of the hard rules that no longer hold for the round's pairs.
    pub(crate) async fn flags(&self) -> Vec<String> {
        let pairs = self.pairs().await;
        let flags = pairs
            .iter()
            .flat_map(|pair| pair["flags"].as_array().unwrap());
        flags.map(|flag| text(&flag["code"])).collect()
    }

    /// The alarms of the round.
    pub(crate) async fn alarms(&self) -> Vec<String> {
        let path = format!("rounds/{}/alarms", self.round);
        let list = self.coordinator.get(&path).await.ok();
        let items = list["items"].as_array().unwrap();
        items.iter().map(|alarm| text(&alarm["kind"])).collect()
    }

    /// A proposal between a participant of the first municipality and the chief of the second.
    pub(crate) async fn proposed(&self) -> Matched {
        let mentee = self.participant(0).await;
        let mentor = self.mentor(1, 1).await;
        self.match_all().await;
        let pairs = self.pairs().await;
        let own = json!(mentee.application);
        let pair = pairs.iter().find(|pair| pair["applicationId"] == own);
        Matched {
            pair: text(&pair.unwrap()["id"]),
            mentor: self.municipalities[1].chief.clone(),
            mentor_id: mentor,
            mentee,
        }
    }

    /// The same, accepted by both.
    pub(crate) async fn accepted(&self) -> Matched {
        let matched = self.proposed().await;
        matched.answer(&matched.mentor.client, "accept").await.ok();
        matched
            .answer(&matched.mentee.person.client, "accept")
            .await
            .ok();
        matched
    }

    /// The same, active.
    pub(crate) async fn active(&self) -> Matched {
        let matched = self.accepted().await;
        let path = format!("pairs/{}/activation", matched.pair);
        self.coordinator.post_empty(&path).await.ok();
        matched
    }
}

/// A pair with its two.
#[derive(Clone)]
pub(crate) struct Matched {
    pub(crate) pair: String,
    pub(crate) mentor: Person,
    pub(crate) mentor_id: String,
    pub(crate) mentee: Participant,
}

impl Matched {
    /// Answers the proposal.
    pub(crate) async fn answer(&self, client: &Client, verdict: &str) -> Reply {
        let path = format!("pairs/{}/answer", self.pair);
        client.post(&path, json!({ "verdict": verdict })).await
    }

    /// An address below the pair.
    pub(crate) fn at(&self, what: &str) -> String {
        format!("pairs/{}/{what}", self.pair)
    }

    /// The mentee's client.
    pub(crate) fn mentee(&self) -> &Client {
        &self.mentee.person.client
    }

    /// The mentor's client.
    pub(crate) fn mentor(&self) -> &Client {
        &self.mentor.client
    }
}

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A body with some members set.
#[expect(
    clippy::needless_pass_by_value,
    reason = "called with what `json!` makes on the spot"
)]
pub(crate) fn with(mut body: Value, members: Value) -> Value {
    for (name, value) in members.as_object().cloned().unwrap_or_default() {
        body[name] = value;
    }
    body
}
