//! Scheduling: when and where they meet.
//!
//! Venues and their bookings; the plan of a round with its sessions, as a draft and as released
//! versions; what people see of it. Every feature is a folder with the files that
//! `services/registration` shows.

pub mod announcements;
pub mod api;
pub mod archive;
pub mod attendance;
pub mod audiences;
pub mod bookings;
pub mod calendars;
pub mod cohorts;
pub mod dates;
pub mod electives;
pub mod events;
pub mod groups;
pub mod imports;
pub mod invitations;
pub mod materials;
pub mod migrations;
pub mod needs;
pub mod plans;
pub mod proposals;
pub mod releases;
pub mod rosters;
pub mod sessions;
pub mod settings;
pub mod sites;
pub mod state;
pub mod sweep;
pub mod venues;

pub use settings::Settings;
pub use shared_web::start::StartError;
pub use state::State;

/// The started service.
pub type Service = shared_web::start::Service<State>;

use actix_web::web::Data;
use shared_database::{Database, DatabaseError, migrate, seal};
use shared_events::exchange;
use shared_web::{
    Core,
    contract::Contract,
    server, start,
    token::{INTERNAL, Verifier},
};
use std::net::TcpListener;

/// Opens the database, brings it to the newest version, and serves.
pub async fn start(listener: TcpListener, settings: Settings) -> Result<Service, StartError> {
    let state = open(&settings).await.map_err(StartError::of(api::NAME))?;
    let state = Data::new(state);
    let shared = state.clone();
    let mut running = server::serve(
        listener,
        settings.workers,
        state.core.clone(),
        start::ready_while(state.database.clone(), Database::is_reachable),
        api::operations,
        move |config| api::doors(config, &shared),
    )
    .map_err(StartError::of(api::NAME))?;
    let clock = state.core.clock.clone();
    let stopped = running.stopped();
    running.keep(seal::keep_sealing(
        state.database.clone(),
        seal::EVERY,
        move || clock.now(),
        stopped,
    ));
    running.keep_on(sweep::keep_sweeping(state.clone(), settings.sweep_every));
    running.keep_on(imports::steps::keep_working(state.clone()));
    if let Some(exchange) = &settings.exchange {
        let joined = exchange.join(&mut running, &state.database, &state.inbox);
        joined.map_err(StartError::of(api::NAME))?;
    }
    Ok(Service { running, state })
}

/// Opens the service's state without serving.
pub async fn open(settings: &Settings) -> Result<State, DatabaseError> {
    migrate::run::<migrations::Migrator>(&settings.database_url).await?;
    let core = Core {
        name: api::NAME,
        clock: settings.clock.clone(),
        verifier: Verifier::new(INTERNAL, &settings.trusted_keys, &["gateway"]),
        contract: Contract::new("/scheduling/v1", api::document()),
        public_url: settings.public_url.clone(),
    };
    let database = Database::connect(&settings.database_url, api::NAME).await?;
    let clock = settings.clock.clone();
    Ok(State {
        inbox: exchange::inbox(
            api::NAME,
            database.clone(),
            &settings.trusted_keys,
            clock,
            events::Facts,
        ),
        database,
        core: Data::new(core),
        link_key: settings.link_key.clone(),
    })
}
