//! What tests of dates and cohorts start from: a running service that has been told of an
//! organiser's programme, its rounds and a city's people.

use actix_web::web::Data;
use chrono::{DateTime, Utc};
use scheduling::{Settings, StartError, State, api};
use serde::Serialize;
use serde_json::{Value, json};
use shared_database::Change;
use shared_events::Apply as _;
use shared_testing::{
    Client, TestDatabase, database, databases,
    service::{Given, Service},
};
use shared_types::{
    Actor, DepartmentId, EventId, OrganisationId, PersonId, Problem, ProgrammeId, Role, RoundId,
    event::Event,
};
use shared_web::link::LinkKey;
use std::time::Duration;
use uuid::Uuid;

/// A service, and what it knows.
pub(crate) struct Stage {
    /// Kept, since its database goes with it.
    _service: Service<State>,
    pub(crate) state: Data<State>,
    pub(crate) stranger: Client,
    pub(crate) organiser: OrganisationId,
    pub(crate) programme: ProgrammeId,
    pub(crate) city: OrganisationId,
    pub(crate) coordinator: Client,
}

/// Runs a test on a new stage on each database.
pub(crate) async fn on_each_database(test: impl AsyncFn(&Stage)) {
    for database in databases().await {
        println!("on {}", database.url);
        let stage = Stage::new(database).await;
        test(&stage).await;
    }
}

fn now() -> DateTime<Utc> {
    "2022-04-12T08:00:00Z".parse().unwrap()
}

async fn start(given: Given) -> Result<scheduling::Service, StartError> {
    let settings = Settings {
        database_url: given.database_url,
        public_url: given.public_url,
        trusted_keys: given.trusted_keys,
        link_key: LinkKey::from_secret("links of tests"),
        exchange: None,
        sweep_every: Duration::from_hours(24),
        clock: given.clock,
        workers: 1,
    };
    scheduling::start(given.listener, settings).await
}

impl Stage {
    async fn new(database: TestDatabase) -> Self {
        let service = Service::start(api::NAME, database, start).await;
        let stranger = service.stranger();
        let organiser = OrganisationId::new();
        let stage = Self {
            state: service.state.clone(),
            _service: service,
            coordinator: stranger.person(PersonId::new(), &[(Role::Coordinator, organiser)]),
            stranger,
            organiser,
            programme: ProgrammeId::new(),
            city: OrganisationId::new(),
        };
        stage.programme_of(stage.programme, organiser).await;
        stage
    }

    /// Tells the service of something as registration would.
    pub(crate) async fn tell(&self, kind: &str, subject: impl Into<Uuid>, data: impl Serialize) {
        let event = Event {
            specversion: "1.0".to_owned(),
            id: EventId::new(),
            source: "/registration".to_owned(),
            r#type: kind.to_owned(),
            subject: subject.into().to_string(),
            time: now(),
            traceparent: None,
            data: serde_json::to_value(data).unwrap(),
        };
        let actor = Actor {
            subject: "registration".to_owned(),
            on_behalf_of: None,
            at: now(),
            trace: None,
        };
        let applied = self
            .state
            .database
            .change(actor, async |change: &mut Change| {
                scheduling::events::Facts.apply(change, &event).await?;
                Ok::<(), Problem>(())
            });
        applied.await.unwrap();
    }

    /// A published programme of an organiser.
    pub(crate) async fn programme_of(&self, id: ProgrammeId, organiser: OrganisationId) {
        let data = json!({
            "programmeId": id, "organiserId": organiser, "state": "published",
            "name": { "sv": "Ledarskap" }, "version": 1,
        });
        self.tell("programme.published", id, data).await;
    }

    /// A round of the programme that meets from one day to another.
    pub(crate) async fn round(&self, seats: i32, (starts_on, ends_on): (&str, &str)) -> RoundId {
        let id = RoundId::new();
        let data = json!({
            "roundId": id, "programmeId": self.programme, "organiserId": self.organiser,
            "state": "open", "name": { "sv": "Omgång" }, "seats": seats, "startsOn": starts_on,
            "endsOn": ends_on, "language": "sv", "timeZone": "Europe/Stockholm", "version": 1,
        });
        self.tell("round.opened", id, data).await;
        id
    }

    /// A manager of the city, in a department, with an own manager.
    pub(crate) async fn manager(
        &self,
        name: &str,
        department: DepartmentId,
        leader: Option<PersonId>,
    ) -> PersonId {
        let id = PersonId::new();
        let data = json!({
            "personId": id, "organisationId": self.city, "municipalityId": self.city,
            "departmentId": department, "managerId": leader, "kind": "employed_manager",
            "gender": "woman", "name": name, "language": "sv", "active": true, "version": 1,
        });
        self.tell("person.created", id, data).await;
        id
    }

    /// What has been published of a type, the oldest first.
    pub(crate) async fn published(&self, kind: &str) -> Vec<Value> {
        let query = format!(
            "SELECT CAST(data AS TEXT) AS row FROM outbox WHERE kind = '{kind}' ORDER BY id"
        );
        let texts = database::texts(&self.state.database, &query).await;
        texts
            .iter()
            .map(|text| serde_json::from_str(text).unwrap())
            .collect()
    }

    /// Callers who may not plan: the wrong roles, and the right one elsewhere.
    pub(crate) fn others(&self) -> Vec<Client> {
        let wrong = [
            Role::Director,
            Role::Hr,
            Role::Evaluator,
            Role::Facilitator,
            Role::Registrar,
        ];
        let wrong = wrong.map(|role| (role, self.organiser));
        let wrong = wrong.map(|role| self.stranger.person(PersonId::new(), &[role]));
        let nobody = self.stranger.person(PersonId::new(), &[]);
        wrong.into_iter().chain([nobody]).collect()
    }

    /// A coordinator of another organiser.
    pub(crate) fn other_coordinator(&self) -> Client {
        let elsewhere = (Role::Coordinator, OrganisationId::new());
        self.stranger.person(PersonId::new(), &[elsewhere])
    }
}
