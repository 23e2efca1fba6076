//! Mentorship: who supports whom.
//!
//! Pools of mentors and the participants who look for one; matching, and the pairs that come of
//! it; what a pair writes, which stays between the two; the participants' challenges and
//! experiments. Every feature is a folder with the same files: `model` decides, `store` asks the
//! database, `routes` speaks HTTP.

pub mod alarms;
pub mod api;
pub mod archive;
pub mod challenges;
pub mod conflicts;
pub mod events;
pub mod experiments;
mod finders;
pub mod imports;
pub mod key_figures;
pub mod known;
pub mod matching;
pub mod meetings;
pub mod mentees;
pub mod mentors;
pub mod migrations;
pub mod pairs;
pub mod runs;
pub mod settings;
pub mod state;
pub mod sweep;
pub mod vaults;
pub mod work;

use finders::{finders, versions};
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
    if let Some(exchange) = &settings.exchange {
        let joined = exchange.join(&mut running, &state.database, &state.inbox);
        joined.map_err(StartError::of(api::NAME))?;
    }
    running.keep_on(sweep::keep_sweeping(state.clone(), settings.sweep_every));
    running.keep_on(imports::steps::keep_working(state.clone()));
    if let Some(kolada) = settings.kolada {
        let reading = key_figures::import::keep_reading(state.clone(), kolada);
        running.keep_on(reading);
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
        contract: Contract::new("/mentorship/v1", api::document()),
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
        pair_keys: settings.pair_keys.clone(),
    })
}
