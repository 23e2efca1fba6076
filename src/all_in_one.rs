//! The whole in one process: the gateway at its door, four services on the loopback behind it,
//! each on its own SQLite file.

use crate::{
    Fault,
    address::{bind, local_url},
    home::Home,
    part::Part,
    services::{self, Common, Registration},
};
use actix_web::web::Data;
use evaluation::certificates::keys::IssuerKeys;
use futures_util::future::{FutureExt as _, select_all};
use gateway::{Edge, Issuer, Limits};
use mentorship::key_figures::import::Kolada;
use registration::mail::Outgoing;
use shared_envelope::Keys;
use shared_events::Exchange;
use shared_web::{Clock, key::PublicKey, link::LinkKey, outgoing::Networks};
use std::{
    collections::BTreeMap,
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::PathBuf,
    time::Duration,
};

/// Every process that has a key pair of its own.
const PROCESSES: [&str; 5] = [
    "gateway",
    registration::api::NAME,
    scheduling::api::NAME,
    mentorship::api::NAME,
    evaluation::api::NAME,
];

/// How the whole is started.
#[derive(Clone, Debug)]
pub struct AllInOneOptions {
    /// Where the gateway listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where databases, keys and mails are kept.
    pub data_dir: PathBuf,
    /// The domain clock of all parts.
    pub clock: Clock,
    /// Key of the demo's built-in issuer; without it its tokens are refused.
    pub demo: Option<PublicKey>,
    /// Threads that serve requests, for each part.
    pub workers: usize,
    /// How often registration looks for what was due.
    pub sweep_every: Duration,
    /// How long events can be read from the feed.
    pub events_kept: Duration,
    /// How long readiness fails before requests are no longer taken.
    pub grace: Duration,
    /// Address under which the world sees Akademi; otherwise the one it listens on.
    pub public_url: Option<String>,
    /// The identity providers whose access tokens count.
    pub issuers: Vec<Issuer>,
    /// Signs links; otherwise a key in the data folder, made on the first start.
    pub link_key: Option<LinkKey>,
    /// Seal what participants need; otherwise a key in the data folder, made on the first start.
    pub needs_keys: Option<Keys>,
    /// Wrap the keys of what pairs and participants write; otherwise a key in the data folder,
    /// made on the first start.
    pub pair_keys: Option<Keys>,
    /// Seal answers and interviews; otherwise a key in the data folder, made on the first start.
    pub answer_keys: Option<Keys>,
    /// Sign certificates' credentials; otherwise a key in the data folder, made on the first start.
    pub issuer_keys: Option<IssuerKeys>,
    /// Where key figures come from.
    pub kolada: Option<Kolada>,
    /// Where mails are written as files; otherwise in the data folder.
    pub mail_dir: Option<PathBuf>,
    /// The file in which erasures stand, outside databases and backups.
    pub erasure_ledger: Option<PathBuf>,
    /// The ways out; otherwise files, and endpoints out in the open.
    pub outgoing: Option<Outgoing>,
    /// Databases by part; a part without one keeps a SQLite file in the data folder.
    pub database_urls: BTreeMap<String, String>,
    /// How the gateway meets the outside.
    pub edge: Edge,
}

impl AllInOneOptions {
    /// By the wall clock, without demo and issuers, one worker a part, stopping without delay.
    pub fn new(listen: SocketAddr, data_dir: impl Into<PathBuf>) -> Self {
        Self {
            listen,
            data_dir: data_dir.into(),
            clock: Clock::system(),
            demo: None,
            workers: 1,
            sweep_every: Duration::from_secs(30),
            events_kept: Duration::from_hours(24 * 90),
            grace: Duration::ZERO,
            public_url: None,
            issuers: Vec::new(),
            link_key: None,
            needs_keys: None,
            pair_keys: None,
            answer_keys: None,
            issuer_keys: None,
            kolada: None,
            mail_dir: None,
            erasure_ledger: None,
            outgoing: None,
            database_urls: BTreeMap::new(),
            edge: Edge::default(),
        }
    }
}

/// The whole, serving.
pub struct AllInOne {
    address: SocketAddr,
    grace: Duration,
    registration: Data<registration::State>,
    mentorship: Data<mentorship::State>,
    gateway: Part,
    services: Vec<Part>,
}

impl AllInOne {
    /// Starts the services side by side, then the gateway before them.
    pub async fn start(options: AllInOneOptions) -> Result<Self, Fault> {
        // First of all: an address that is taken is told before anything is made.
        let door = bind(options.listen)?;
        let home = Home::new(&options.data_dir);
        home.make()?;
        let address = door.local_addr()?;
        let inner = Inner::bind()?;
        let settings = gateway_settings(&options, inner.upstreams()?);
        let (registration, mentorship, services) = inner.start(&options, &home, address).await?;
        let running = gateway::start(door, settings, &home.key_pair("gateway")?)?;
        Ok(Self {
            address,
            grace: options.grace,
            registration,
            mentorship,
            gateway: Part::serve("gateway", running),
            services,
        })
    }

    /// Where the gateway listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where the gateway is reached from this machine.
    pub fn url(&self) -> String {
        local_url(self.address)
    }

    /// What registration's handlers and background work share.
    pub fn registration(&self) -> &Data<registration::State> {
        &self.registration
    }

    /// What mentorship's handlers and background work share.
    pub fn mentorship(&self) -> &Data<mentorship::State> {
        &self.mentorship
    }

    /// Resolves if a part ends without having been stopped, with the reason.
    pub async fn ended(&mut self) -> Fault {
        let parts = self.services.iter_mut().chain([&mut self.gateway]);
        let (fault, ..) = select_all(parts.map(|part| part.ended().boxed_local())).await;
        fault
    }

    /// Fails readiness, lets requests in flight finish, and stops: the gateway first, since the
    /// requests that it holds still need the services.
    pub async fn stop(self) {
        self.gateway.stop(self.grace).await;
        for service in self.services {
            service.stop(Duration::ZERO).await;
        }
    }
}

/// The services' listeners: free ports of the loopback.
struct Inner {
    registration: TcpListener,
    scheduling: TcpListener,
    mentorship: TcpListener,
    evaluation: TcpListener,
}

impl Inner {
    fn bind() -> io::Result<Self> {
        let free = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
        Ok(Self {
            registration: free()?,
            scheduling: free()?,
            mentorship: free()?,
            evaluation: free()?,
        })
    }

    fn upstreams(&self) -> io::Result<BTreeMap<String, String>> {
        let all = [
            (registration::api::NAME, &self.registration),
            (scheduling::api::NAME, &self.scheduling),
            (mentorship::api::NAME, &self.mentorship),
            (evaluation::api::NAME, &self.evaluation),
        ];
        all.into_iter()
            .map(|(name, listener)| {
                Ok((
                    name.to_owned(),
                    format!("http://{}", listener.local_addr()?),
                ))
            })
            .collect()
    }

    async fn start(
        self,
        options: &AllInOneOptions,
        home: &Home,
        address: SocketAddr,
    ) -> Result<
        (
            Data<registration::State>,
            Data<mentorship::State>,
            Vec<Part>,
        ),
        Fault,
    > {
        let trusted_keys = home.trusted_keys(&PROCESSES)?;
        let public_url = options.public_url.clone();
        let public_url = public_url.unwrap_or_else(|| local_url(address));
        let link_key = options.link_key.clone();
        let link_key = link_key.map_or_else(|| home.link_key(), Ok)?;
        let peers = self.upstreams()?;
        let common = |service: &str| -> Result<Common, Fault> {
            let configured = options.database_urls.get(service).cloned();
            Ok(Common {
                database_url: configured.unwrap_or_else(|| home.database_url(service)),
                public_url: public_url.clone(),
                trusted_keys: trusted_keys.clone(),
                link_key: link_key.clone(),
                exchange: Some(Exchange::new(home.key_pair(service)?, peers.clone())),
                clock: options.clock.clone(),
                sweep_every: options.sweep_every,
                workers: options.workers,
            })
        };
        let own = Registration {
            needs_keys: options
                .needs_keys
                .clone()
                .map_or_else(|| home.needs_keys(), Ok)?,
            mail_dir: options.mail_dir.clone().unwrap_or_else(|| home.mail_dir()),
            erasure_ledger: options
                .erasure_ledger
                .clone()
                .unwrap_or_else(|| home.erasure_ledger()),
            outgoing: match options.outgoing.clone() {
                Some(outgoing) => outgoing,
                None => Outgoing::new(&Networks::default())?,
            },
            events_kept: options.events_kept,
        };
        let settings = own.with(common(registration::api::NAME)?);
        let pair_keys = options.pair_keys.clone();
        let pair_keys = pair_keys.map_or_else(|| home.pair_keys(), Ok)?;
        let mentorship = services::mentorship_settings(
            common(mentorship::api::NAME)?,
            pair_keys,
            options.kolada.clone(),
        );
        let answer_keys = options.answer_keys.clone();
        let answer_keys = answer_keys.map_or_else(|| home.answer_keys(), Ok)?;
        let issuer_keys = options.issuer_keys.clone();
        let issuer_keys = issuer_keys.map_or_else(|| home.issuer_keys(), Ok)?;
        let common_evaluation = common(evaluation::api::NAME)?;
        let evaluation = services::evaluation_settings(common_evaluation, answer_keys, issuer_keys);
        // Boxed: opening a database is a large future.
        let ((registration, state), scheduling, (mentorship, pairs), evaluation) = tokio::try_join!(
            Box::pin(services::start_registration(self.registration, settings)),
            Box::pin(services::start_scheduling(
                self.scheduling,
                common(scheduling::api::NAME)?
            )),
            Box::pin(services::start_mentorship(self.mentorship, mentorship)),
            Box::pin(services::start_evaluation(self.evaluation, evaluation)),
        )?;
        Ok((
            state,
            pairs,
            vec![registration, scheduling, mentorship, evaluation],
        ))
    }
}

fn gateway_settings(
    options: &AllInOneOptions,
    upstreams: BTreeMap<String, String>,
) -> gateway::Settings {
    gateway::Settings {
        upstreams,
        public_url: options.public_url.clone(),
        issuers: options.issuers.clone(),
        demo: options.demo.clone(),
        documents: services::documents(),
        codes: services::codes(),
        workers: options.workers,
        clock: options.clock.clone(),
        limits: Limits::default(),
        edge: options.edge.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_web::probe;

    #[actix_web::test]
    async fn all_parts_answer_at_one_address_until_they_are_stopped_and_start_again() {
        let folder = std::env::temp_dir().join(format!("akademi-all-{}", uuid::Uuid::new_v4()));
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        for _ in 0..2 {
            let all = AllInOne::start(AllInOneOptions::new(listen, &folder));
            let all = all.await.unwrap();
            let url = all.url();
            for part in PROCESSES {
                let status = probe::status(&format!("{url}/{part}/v1/api-info")).await;
                assert_eq!(status.unwrap(), 200, "{part}");
            }
            let ready = format!("{url}/health/ready");
            assert_eq!(probe::status(&ready).await.unwrap(), 200);
            all.stop().await;
            assert!(probe::status(&ready).await.is_err());
        }
        std::fs::remove_dir_all(folder).unwrap();
    }
}
