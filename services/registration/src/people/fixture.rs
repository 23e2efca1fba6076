//! An installation on a database of its own, for the tests of this crate.

use crate::{
    State,
    events::Facts,
    init::{Installed, NewInstallation, init},
    migrations::Migrator,
    organisations::{self, entity::Model as OrganisationRow},
    people,
};
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use shared_database::{Change, Database, migrate};
use shared_envelope::Keys;
use shared_events::exchange;
use shared_types::{
    Actor, Gender, Language, OrganisationId, PersonId, Problem,
    registration::{
        organisations::{NewOrganisation, OrganisationKind},
        people::{NewPerson, PersonKind},
    },
};
use shared_web::{
    Clock, Context, Core,
    contract::Contract,
    key::TrustedKeys,
    link::LinkKey,
    token::{INTERNAL, Verifier},
};
use std::{ops::Deref, path::PathBuf};
use uuid::Uuid;

/// An installation that is wiped when it is dropped.
pub(crate) struct Fixture {
    /// Its state.
    pub(crate) state: Data<State>,
    /// What `init` made.
    pub(crate) installed: Installed,
    folder: PathBuf,
}

impl Deref for Fixture {
    type Target = State;

    fn deref(&self) -> &State {
        &self.state
    }
}

impl Drop for Fixture {
    fn drop(&mut self) {
        // The system's temporary folder is wiped anyway.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// What `init` is asked for.
pub(crate) fn installation() -> NewInstallation {
    NewInstallation {
        organiser_name: "Linköpings kommun".into(),
        official_code: Some("SE-0580".into()),
        coordinator_email: "Kim.Holm@Kommun.Example".into(),
        coordinator_name: "Kim Holm".into(),
    }
}

/// An instant of 2022.
pub(crate) fn instant(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

impl Fixture {
    /// An installation with its organiser and coordinator, on 2022-04-01.
    pub(crate) async fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("akademi-test-{}", Uuid::new_v4()));
        std::fs::create_dir_all(&folder).unwrap();
        let url = format!("sqlite://{}", folder.join("registration.sqlite").display());
        migrate::run::<Migrator>(&url).await.unwrap();
        let core = Core {
            name: "registration",
            clock: Clock::starting_at(instant("2022-04-01T08:00:00Z")),
            verifier: Verifier::new(INTERNAL, &TrustedKeys::default(), &["gateway"]),
            contract: Contract::new("/registration/v1", serde_json::json!({})),
            public_url: "https://akademi.example".into(),
        };
        let database = Database::connect(&url, "registration").await.unwrap();
        let keys = TrustedKeys::default();
        let clock = core.clock.clone();
        let state = Data::new(State {
            inbox: exchange::inbox("registration", database.clone(), &keys, clock, Facts),
            is_relayed: false,
            database,
            core: Data::new(core),
            link_key: LinkKey::from_secret("a secret of this test"),
            needs_keys: Keys::generate("test").unwrap().parse().unwrap(),
            mail_dir: folder.join("mail"),
            erasure_ledger: folder.join("erasures.jsonl"),
            purged: crate::retention::model::Purged::default(),
            outgoing: crate::mail::Outgoing::new(&shared_web::outgoing::Networks::default())
                .unwrap(),
            events_kept: std::time::Duration::from_hours(24),
            key_uses: crate::api_keys::uses::Uses::default(),
        });
        let installed = init(&state, installation()).await.unwrap();
        Self {
            state,
            installed,
            folder,
        }
    }

    /// The system as an author.
    pub(crate) fn actor(&self) -> Actor {
        Context::system(&self.core).actor()
    }

    /// Does something in a change.
    pub(crate) async fn change<T>(
        &self,
        work: impl AsyncFnOnce(&mut Change) -> Result<T, Problem>,
    ) -> T {
        self.database.change(self.actor(), work).await.unwrap()
    }

    /// Adds a municipality.
    pub(crate) async fn municipality(&self, name: &str, code: &str) -> OrganisationRow {
        let new = NewOrganisation {
            name: name.into(),
            kind: OrganisationKind::Municipality,
            official_code: Some(code.into()),
            parent_id: None,
            keeper_id: None,
            language: Language::Swedish,
            time_zone: "Europe/Stockholm".into(),
        };
        self.change(async |change: &mut Change| {
            organisations::routes::insert(change, new, None).await
        })
        .await
    }

    /// Adds a verified person.
    pub(crate) async fn person(&self, name: &str, of: OrganisationId) -> PersonId {
        let new = new_person(name, of);
        let add = async |change: &mut Change| people::store::insert(change, new, true).await;
        self.change(add).await.id.into()
    }
}

/// A person whose address is the name.
pub(crate) fn new_person(name: &str, of: OrganisationId) -> NewPerson {
    NewPerson {
        name: name.into(),
        email: format!("{}@kommun.example", name.to_lowercase().replace(' ', ".")),
        phone: None,
        title: None,
        organisation_id: of,
        department_id: None,
        manager_id: None,
        kind: PersonKind::EmployedManager,
        gender: Gender::Undisclosed,
        language: Language::Danish,
    }
}
