//! Starts each service, from what all need and what one needs alone.

use crate::{Fault, home::Home, part::Part, settings::Storage};
use actix_web::web::Data;
use evaluation::certificates::keys::IssuerKeys;
use mentorship::key_figures::import::Kolada;
use registration::mail::{Outgoing, smtp::Smtp};
use serde_json::Value;
use shared_database::seal;
use shared_envelope::Keys;
use shared_events::Exchange;
use shared_types::Code;
use shared_web::{Clock, key::TrustedKeys, link::LinkKey, outgoing::Networks};
use std::{net::TcpListener, path::PathBuf, time::Duration};

/// The API documents of all parts, as the gateway merges them.
pub(crate) fn documents() -> Vec<Value> {
    let parts = openapi::parts().into_iter();
    parts.map(|(_, document)| document).collect()
}

/// The tables of problem codes that the parts answer besides the common ones.
pub(crate) fn codes() -> Vec<&'static [&'static Code]> {
    vec![
        shared_types::imports::codes::ALL,
        shared_types::registration::codes::ALL,
        shared_types::scheduling::codes::ALL,
        shared_types::mentorship::codes::ALL,
        shared_types::evaluation::codes::ALL,
        shared_types::evaluation::codes::ALL,
    ]
}

/// What every service needs.
#[derive(Clone, Debug)]
pub(crate) struct Common {
    pub(crate) database_url: String,
    pub(crate) public_url: String,
    pub(crate) trusted_keys: TrustedKeys,
    pub(crate) link_key: LinkKey,
    /// Where facts go; commands that only open the database tell nobody.
    pub(crate) exchange: Option<Exchange>,
    pub(crate) clock: Clock,
    pub(crate) sweep_every: Duration,
    pub(crate) workers: usize,
}

/// What registration needs besides.
#[derive(Clone, Debug)]
pub(crate) struct Registration {
    pub(crate) needs_keys: Keys,
    pub(crate) mail_dir: PathBuf,
    pub(crate) erasure_ledger: PathBuf,
    pub(crate) outgoing: Outgoing,
    pub(crate) events_kept: Duration,
}

impl Common {
    /// For one service in a process of its own, which trusts nobody yet; `own_url` stands in
    /// where no public address is set.
    pub(crate) fn of(service: &str, storage: &Storage, own_url: &str) -> Result<Self, Fault> {
        let public_url = storage.public_url.clone();
        Ok(Self {
            database_url: database_url(service, storage)?,
            public_url: public_url.unwrap_or_else(|| own_url.to_owned()),
            trusted_keys: TrustedKeys::default(),
            link_key: link_key(storage)?,
            exchange: None,
            clock: Clock::system(),
            sweep_every: Duration::from_secs(30),
            workers: 1,
        })
    }
}

/// Where a service keeps its data.
pub(crate) fn database_url(service: &str, storage: &Storage) -> Result<String, Fault> {
    if let Some(url) = &storage.database_url {
        return Ok(url.clone());
    }
    let home = Home::new(&storage.data_dir);
    home.make()?;
    Ok(home.database_url(service))
}

/// The operator's, else the one in the data folder.
fn link_key(storage: &Storage) -> Result<LinkKey, Fault> {
    let own = || Home::new(&storage.data_dir).link_key();
    storage.link_key.clone().map_or_else(own, Ok)
}

impl Registration {
    /// By what an operator has set, else by what is in the data folder.
    pub(crate) fn of(storage: &Storage, networks: &Networks) -> Result<Self, Fault> {
        let home = Home::new(&storage.data_dir);
        Ok(Self {
            needs_keys: storage
                .needs_keys
                .clone()
                .map_or_else(|| home.needs_keys(), Ok)?,
            mail_dir: storage.mail_dir.clone().unwrap_or_else(|| home.mail_dir()),
            erasure_ledger: storage
                .erasure_ledger
                .clone()
                .unwrap_or_else(|| home.erasure_ledger()),
            outgoing: outgoing(storage, networks)?,
            events_kept: storage.events_kept(),
        })
    }

    /// The registration service's settings.
    pub(crate) fn with(self, common: Common) -> registration::Settings {
        registration::Settings {
            database_url: common.database_url,
            public_url: common.public_url,
            link_key: common.link_key,
            exchange: common.exchange,
            needs_keys: self.needs_keys,
            mail_dir: self.mail_dir,
            erasure_ledger: self.erasure_ledger,
            outgoing: self.outgoing,
            trusted_keys: common.trusted_keys,
            clock: common.clock,
            sweep_every: common.sweep_every,
            seal_every: seal::EVERY,
            events_kept: self.events_kept,
            workers: common.workers,
        }
    }
}

/// The ways out that an operator has set.
pub(crate) fn outgoing(storage: &Storage, networks: &Networks) -> Result<Outgoing, Fault> {
    let mut outgoing = Outgoing::new(networks)?;
    outgoing.smtp = match (&storage.smtp_url, &storage.smtp_credentials_file) {
        (None, None) => None,
        (None, Some(_)) => return Err("AKADEMI_SMTP_URL is needed beside the credentials".into()),
        (Some(server), None) => Some(Smtp::open(server.clone())),
        (Some(server), Some(file)) => {
            let text = std::fs::read_to_string(file)
                .map_err(|error| format!("{}: {error}", file.display()))?;
            Some(Smtp::with_credentials(server.clone(), &text)?)
        }
    };
    if let Some(sender) = &storage.mail_from {
        outgoing.sender = sender.clone();
    }
    Ok(outgoing)
}

pub(crate) async fn start_registration(
    listener: TcpListener,
    settings: registration::Settings,
) -> Result<(Part, Data<registration::State>), Fault> {
    let service = registration::start(listener, settings).await?;
    let part = Part::serve(registration::api::NAME, service.running);
    Ok((part, service.state))
}

pub(crate) async fn start_scheduling(listener: TcpListener, common: Common) -> Result<Part, Fault> {
    let settings = scheduling::Settings {
        database_url: common.database_url,
        public_url: common.public_url,
        link_key: common.link_key,
        exchange: common.exchange,
        trusted_keys: common.trusted_keys,
        clock: common.clock,
        sweep_every: common.sweep_every,
        workers: common.workers,
    };
    let service = scheduling::start(listener, settings).await?;
    Ok(Part::serve(scheduling::api::NAME, service.running))
}

/// By what an operator has set, else by what is in the data folder.
pub(crate) fn pair_keys(storage: &Storage) -> Result<Keys, Fault> {
    let own = || Home::new(&storage.data_dir).pair_keys();
    storage.pair_keys.clone().map_or_else(own, Ok)
}

/// The mentorship service's settings.
pub(crate) fn mentorship_settings(
    common: Common,
    pair_keys: Keys,
    kolada: Option<Kolada>,
) -> mentorship::Settings {
    mentorship::Settings {
        database_url: common.database_url,
        public_url: common.public_url,
        link_key: common.link_key,
        pair_keys,
        kolada,
        exchange: common.exchange,
        trusted_keys: common.trusted_keys,
        clock: common.clock,
        sweep_every: common.sweep_every,
        workers: common.workers,
    }
}

pub(crate) async fn start_mentorship(
    listener: TcpListener,
    settings: mentorship::Settings,
) -> Result<(Part, Data<mentorship::State>), Fault> {
    let service = mentorship::start(listener, settings).await?;
    let part = Part::serve(mentorship::api::NAME, service.running);
    Ok((part, service.state))
}

/// By what an operator has set, else by what is in the data folder.
pub(crate) fn answer_keys(storage: &Storage) -> Result<Keys, Fault> {
    let own = || Home::new(&storage.data_dir).answer_keys();
    storage.answer_keys.clone().map_or_else(own, Ok)
}

/// By what an operator has set, else by what is in the data folder.
pub(crate) fn issuer_keys(storage: &Storage) -> Result<IssuerKeys, Fault> {
    let own = || Home::new(&storage.data_dir).issuer_keys();
    storage.issuer_keys.clone().map_or_else(own, Ok)
}

/// The evaluation service's settings.
pub(crate) fn evaluation_settings(
    common: Common,
    answer_keys: Keys,
    issuer_keys: IssuerKeys,
) -> evaluation::Settings {
    evaluation::Settings {
        database_url: common.database_url,
        public_url: common.public_url,
        link_key: common.link_key,
        answer_keys,
        issuer_keys,
        exchange: common.exchange,
        trusted_keys: common.trusted_keys,
        clock: common.clock,
        sweep_every: common.sweep_every,
        workers: common.workers,
    }
}

pub(crate) async fn start_evaluation(
    listener: TcpListener,
    settings: evaluation::Settings,
) -> Result<Part, Fault> {
    let service = evaluation::start(listener, settings).await?;
    Ok(Part::serve(evaluation::api::NAME, service.running))
}
