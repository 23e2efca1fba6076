//! Registration: who may take part, in what, on what terms.
//!
//! Organisations, people and offices; programmes and their rounds; applications with the
//! offices' endorsements; admission, offers and the queue. Every feature is a folder with the
//! same files: `model` decides, `store` asks the database, `routes` speaks HTTP.

pub mod admissions;
pub mod api;
pub mod api_keys;
pub mod applications;
pub mod archive;
pub mod billing;
pub mod budgets;
pub mod endorsements;
pub mod erasures;
pub mod events;
pub mod feeds;
pub mod holds;
pub mod imports;
pub mod init;
pub mod interests;
pub mod mail;
pub mod migrations;
pub mod needs;
pub mod nominations;
pub mod offices;
pub mod organisations;
pub mod people;
pub mod processing;
pub mod programmes;
pub mod reminders;
pub mod retention;
pub mod rounds;
pub mod scim;
pub mod settings;
pub mod state;
pub mod sweep;
pub mod webhooks;

pub use settings::Settings;
pub use shared_web::start::StartError;
pub use state::State;

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

/// The started service.
pub type Service = start::Service<State>;

/// Opens the database, brings it to the newest version, and serves.
pub async fn start(listener: TcpListener, settings: Settings) -> Result<Service, StartError> {
    let state = open(&settings).await.map_err(StartError::of(api::NAME))?;
    let state = Data::new(state);
    // Before anybody is served: nobody whom a backup brought back is shown for a moment.
    let again = erasures::ledger::reapply(&state).await;
    let again = again.map_err(|problem| {
        let cause = problem.cause();
        StartError::of(api::NAME)(cause.unwrap_or_else(|| problem.to_string()))
    })?;
    if again > 0 {
        tracing::warn!(
            again,
            "people who had been erased came back and were erased again"
        );
    }
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
        settings.seal_every,
        move || clock.now(),
        stopped,
    ));
    if let Some(exchange) = &settings.exchange {
        let joined = exchange.join(&mut running, &state.database, &state.inbox);
        joined.map_err(StartError::of(api::NAME))?;
    }
    running.keep_on(sweep::keep_sweeping(state.clone(), settings.sweep_every));
    running.keep_on(mail::keep_sending(state.clone()));
    running.keep_on(webhooks::keep_sending(state.clone()));
    running.keep_on(imports::steps::keep_working(state.clone()));
    Ok(Service { running, state })
}

/// Opens the service's state without serving: for `akademi init`.
pub async fn open(settings: &Settings) -> Result<State, DatabaseError> {
    migrate::run::<migrations::Migrator>(&settings.database_url).await?;
    let core = Core {
        name: api::NAME,
        clock: settings.clock.clone(),
        verifier: Verifier::new(INTERNAL, &settings.trusted_keys, &["gateway"]),
        contract: Contract::new("/registration/v1", api::document()),
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
        is_relayed: settings.exchange.is_some(),
        link_key: settings.link_key.clone(),
        needs_keys: settings.needs_keys.clone(),
        mail_dir: settings.mail_dir.clone(),
        erasure_ledger: settings.erasure_ledger.clone(),
        purged: retention::model::Purged::default(),
        outgoing: settings.outgoing.clone(),
        events_kept: settings.events_kept,
        key_uses: api_keys::uses::Uses::default(),
    })
}
