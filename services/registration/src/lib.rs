//! Registration: who may take part, in what, on what terms.
//!
//! Organisations, people and offices; programmes and their rounds; applications with the
//! offices' endorsements; admission, offers and the queue. Every feature is a folder with the
//! same files: `model` decides, `store` asks the database, `routes` speaks HTTP.

pub mod admissions;
pub mod api;
pub mod applications;
pub mod endorsements;
pub mod init;
pub mod interests;
pub mod mail;
pub mod migrations;
pub mod offices;
pub mod organisations;
pub mod people;
pub mod programmes;
pub mod rounds;
pub mod settings;
pub mod state;
pub mod sweep;

pub use settings::Settings;
pub use state::State;

use actix_web::web::Data;
use shared_database::{Database, DatabaseError, migrate};
use shared_web::{
    Core,
    contract::Contract,
    health::Readiness,
    server::{self, Running},
    token,
};
use std::{fmt, io, net::TcpListener};

/// Why the service could not start.
#[derive(Debug)]
pub enum StartError {
    /// The database.
    Database(DatabaseError),
    /// The address.
    Io(io::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database(error) => write!(f, "registration: {error}"),
            Self::Io(error) => write!(f, "registration: {error}"),
        }
    }
}

impl std::error::Error for StartError {}

impl From<DatabaseError> for StartError {
    fn from(error: DatabaseError) -> Self {
        Self::Database(error)
    }
}

impl From<io::Error> for StartError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// A started service: its server, and the state that its background work shares.
pub struct Service {
    /// The server.
    pub running: Running,
    /// What handlers and background work share.
    pub state: Data<State>,
}

/// Opens the database, brings it to the newest version, and serves.
pub async fn start(listener: TcpListener, settings: Settings) -> Result<Service, StartError> {
    let state = Data::new(open(&settings).await?);
    let readiness = Readiness::new({
        let database = state.database.clone();
        move || {
            let database = database.clone();
            Box::pin(async move { database.is_reachable().await })
        }
    });
    let shared = state.clone();
    let running = server::serve(
        listener,
        settings.workers,
        state.core.clone(),
        readiness,
        api::operations,
        move |config| api::pages(config, &shared),
    )?;
    sweep::start(state.clone(), settings.sweep_every);
    mail::start(state.clone());
    Ok(Service { running, state })
}

/// Opens the service's state without serving: for `akademi init`.
pub async fn open(settings: &Settings) -> Result<State, DatabaseError> {
    migrate::run::<migrations::Migrator>(&settings.database_url).await?;
    let core = Core {
        name: api::NAME,
        clock: settings.clock.clone(),
        verifier: token::Verifier::new(token::INTERNAL, &settings.trusted_keys, &["gateway"]),
        contract: Contract::new("/registration/v1", api::document()),
        public_url: settings.public_url.clone(),
    };
    Ok(State {
        database: Database::connect(&settings.database_url, api::NAME).await?,
        core: Data::new(core),
        link_key: settings.link_key.clone(),
        mail_dir: settings.mail_dir.clone(),
    })
}
