//! What a test starts from: a running service that was told of an organiser, municipalities with
//! departments, a round, its participants, sessions and attendance.

use actix_web::web::Data;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use evaluation::{Settings, State, certificates::keys::IssuerKeys};
use serde_json::{Value, json};
use shared_envelope::Keys;
use shared_testing::{Client, TestDatabase, database, databases};
use shared_types::{
    ApplicationId, DepartmentId, EventId, OrganisationId, PersonId, ProgrammeId, Role, RoundId,
    SessionId, event::Event,
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
        Arc, LazyLock,
        atomic::{AtomicI32, Ordering},
    },
    time::Duration,
};

/// Where its API stands.
pub(crate) const ROOT: &str = "/evaluation/v1";
/// What links are signed with.
pub(crate) const LINKS: &str = "links of tests";

/// The key that signs credentials, as an operator sets it.
pub(crate) static ISSUER: LazyLock<String> =
    LazyLock::new(|| IssuerKeys::generate("2022").unwrap());

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
pub(crate) fn answer_keys(names: &[&str]) -> Keys {
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
            answer_keys: answer_keys(&["first"]),
            issuer_keys: ISSUER.parse().unwrap(),
            exchange: None,
            trusted_keys: TrustedKeys::default().with("gateway", gateway.public()),
            clock: clock.clone(),
            // Tests sweep when they want it.
            sweep_every: Duration::from_hours(24),
            workers: 1,
        };
        let service = evaluation::start(listener, settings).await.unwrap();
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
        evaluation::sweep::once(&self.state).await.unwrap();
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
                Some(format!("/evaluation/pages/{kind}/{}", key.sign(kind, id)))
            })
            .collect()
    }
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
    pub(crate) evaluator: Client,
    pub(crate) municipalities: Vec<OrganisationId>,
    pub(crate) programme: ProgrammeId,
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
        let whoever = |role| {
            let person = PersonId::new();
            service.stranger().person(person, &[(role, organiser)])
        };
        let (coordinator, evaluator) = (whoever(Role::Coordinator), whoever(Role::Evaluator));
        let mut world = Self {
            service,
            organiser,
            coordinator,
            evaluator,
            municipalities: Vec::new(),
            programme: ProgrammeId::new(),
            round: RoundId::new(),
        };
        world.tell_programme(world.programme).await;
        world.tell_round(world.round, json!({})).await;
        for number in 0..municipalities {
            let municipality = world.municipality(number).await;
            world.municipalities.push(municipality);
        }
        world
    }

    /// Tells of a programme of the organiser.
    pub(crate) async fn tell_programme(&self, id: ProgrammeId) {
        let programme = json!({
            "programmeId": id, "organiserId": self.organiser, "state": "published",
            "name": { "sv": "Att leda", "en": "To lead" }, "creditsTenths": 75,
        });
        self.service.tell("programme.published", programme).await;
    }

    /// Tells of a round of the programme, with members of one's own.
    pub(crate) async fn tell_round(&self, id: RoundId, members: Value) {
        let round = json!({
            "roundId": id, "programmeId": self.programme, "organiserId": self.organiser,
            "state": "closed", "name": { "sv": "Omgången 2022", "en": "The round of 2022" },
            "seats": 24, "startsOn": "2022-08-22", "endsOn": "2023-05-31", "language": "sv",
            "timeZone": "Europe/Stockholm",
        });
        let round = with(round, members);
        self.service.tell("round.published", round).await;
    }

    /// Tells of another municipality.
    pub(crate) async fn municipality(&self, number: usize) -> OrganisationId {
        let id = OrganisationId::new();
        let organisation = json!({
            "organisationId": id, "kind": "municipality", "name": format!("Kommun {number}"),
            "officialCode": format!("SE-{:04}", 580 + number), "parentId": null,
            "municipalityId": id, "timeZone": "Europe/Stockholm",
        });
        self.service
            .tell("organisation.created", organisation)
            .await;
        id
    }

    /// Tells of a department.
    pub(crate) async fn department(
        &self,
        organisation: OrganisationId,
        name: &str,
    ) -> DepartmentId {
        let id = DepartmentId::new();
        let department = json!({
            "departmentId": id, "organisationId": organisation, "name": name,
        });
        self.service.tell("department.created", department).await;
        id
    }

    /// Tells of a person who works somewhere.
    pub(crate) async fn person(&self, organisation: OrganisationId, members: Value) -> Person {
        let id = PersonId::new();
        let person = json!({
            "personId": id, "organisationId": organisation, "municipalityId": organisation,
            "departmentId": null, "managerId": null, "kind": "employed_manager",
            "gender": "woman", "name": "Anna Andersson", "language": "en", "active": true,
        });
        self.service
            .tell("person.changed", with(person, members))
            .await;
        Person {
            id,
            client: self.service.stranger().person(id, &[]),
        }
    }

    /// Tells whether somebody of the first municipality is here.
    pub(crate) async fn activity(&self, id: PersonId, active: bool) {
        let person = json!({
            "personId": id, "organisationId": self.municipalities[0],
            "municipalityId": self.municipalities[0], "departmentId": null, "managerId": null,
            "kind": "employed_manager", "gender": "woman", "name": "Anna Andersson",
            "language": "en", "active": active,
        });
        self.service.tell("person.changed", person).await;
    }

    /// A participant of a municipality, with a seat in the round.
    pub(crate) async fn participant(&self, municipality: usize, members: Value) -> Participant {
        let organisation = self.municipalities[municipality];
        let person = self.person(organisation, members).await;
        let application = ApplicationId::new();
        let place = (organisation, self.round);
        self.tell_seat(application, person.id, place, "accepted")
            .await;
        Participant {
            person,
            application,
        }
    }

    /// Tells of a released session of the round: the dates of its days, each from 10.00 to 16.00.
    pub(crate) async fn tell_session(&self, id: SessionId, dates: &[&str], members: Value) {
        let day = |(index, date): (usize, &&str)| {
            json!({
                "number": index + 1, "date": date, "startsAt": "10:00", "endsAt": "16:00",
                "starts": format!("{date}T08:00:00Z"), "ends": format!("{date}T14:00:00Z"),
            })
        };
        let days: Vec<Value> = dates.iter().enumerate().map(day).collect();
        let session = json!({
            "sessionId": id, "roundId": self.round, "organiserId": self.organiser,
            "change": "added", "fields": [], "kind": "residential",
            "name": { "sv": "Internat" }, "status": "confirmed", "days": days,
            "timeZone": "Europe/Stockholm", "counts": true, "audience": ["participants"],
            "facilitatorIds": [], "replacesId": null, "affectedPersonIds": [],
        });
        let session = with(session, members);
        self.service.tell("session.changed", session).await;
    }

    /// Tells how many programme days the round has.
    pub(crate) async fn tell_plan(&self, planned: i32, promised: Option<i32>) {
        let mut days = json!({ "planned": planned });
        if let Some(promised) = promised {
            days["promised"] = json!(promised);
        }
        let plan = json!({
            "roundId": self.round, "organiserId": self.organiser, "number": 1,
            "programmeDays": days, "changes": [], "affectedPersonIds": [],
        });
        self.service.tell("plan.released", plan).await;
    }

    /// Tells how a participant's attendance stands, in quarters of a day.
    pub(crate) async fn tell_attendance(
        &self,
        participant: &Participant,
        (counted, total): (i32, i32),
        members: Value,
    ) {
        let fact = json!({
            "applicationId": participant.application, "roundId": self.round,
            "personId": participant.person.id, "organiserId": self.organiser,
            "countedQuarters": counted, "totalQuarters": total, "unknownQuarters": 0,
            "aheadQuarters": 0, "halfDays": [],
        });
        let fact = with(fact, members);
        self.service.tell("attendance.recorded", fact).await;
    }

    /// Somebody with a role in the organiser.
    pub(crate) fn staff(&self, role: Role) -> Client {
        let person = PersonId::new();
        let stranger = self.service.stranger();
        stranger.person(person, &[(role, self.organiser)])
    }

    /// Tells of the organiser by its name.
    pub(crate) async fn tell_organiser(&self) {
        let organiser = json!({
            "organisationId": self.organiser, "kind": "university",
            "name": "Centrum för kommunstrategiska studier", "officialCode": null,
            "parentId": null, "municipalityId": null, "timeZone": "Europe/Stockholm",
        });
        self.service.tell("organisation.created", organiser).await;
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
}

/// An object with members put in or over others.
pub(crate) fn with(mut object: Value, members: Value) -> Value {
    if let (Some(object), Value::Object(members)) = (object.as_object_mut(), members) {
        object.extend(members);
    }
    object
}

fn at(instant: &str) -> DateTime<Utc> {
    instant.parse().unwrap()
}
