//! A service under test: on a database of its own, behind a gateway of its own, with a clock that
//! stands still.

use crate::{Client, TestDatabase};
use actix_web::web::Data;
use shared_web::{
    Clock,
    key::{KeyPair, TrustedKeys},
    start,
    token::Signer,
};
use std::{net::TcpListener, sync::Arc};

/// Where services under test say that they stand.
pub const PUBLIC_URL: &str = "https://akademi.test";

/// What a service under test is given; the rest of its settings is its own affair.
#[derive(Debug)]
pub struct Given {
    /// Where it is to listen.
    pub listener: TcpListener,
    /// Its database.
    pub database_url: String,
    /// [`PUBLIC_URL`].
    pub public_url: String,
    /// The gateway's key.
    pub trusted_keys: TrustedKeys,
    /// The clock.
    pub clock: Clock,
}

/// A running service.
#[derive(Debug)]
pub struct Service<S> {
    /// Its database.
    pub database: TestDatabase,
    /// The clock, which stands at 08:00 UTC on 12 April 2022.
    pub clock: Clock,
    /// Who signs its callers' tokens.
    pub gateway: KeyPair,
    /// Its address.
    pub origin: String,
    /// Its state.
    pub state: Data<S>,
    name: &'static str,
}

impl<S> Service<S> {
    /// Starts the service called `name`.
    pub async fn start(
        name: &'static str,
        database: TestDatabase,
        start: impl AsyncFn(Given) -> Result<start::Service<S>, start::StartError>,
    ) -> Self {
        let gateway = KeyPair::generate("gateway").unwrap();
        let clock = Clock::starting_at("2022-04-12T08:00:00Z".parse().unwrap());
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let given = Given {
            listener,
            database_url: database.url.clone(),
            public_url: PUBLIC_URL.to_owned(),
            trusted_keys: TrustedKeys::default().with("gateway", gateway.public()),
            clock: clock.clone(),
        };
        let started = start(given).await.unwrap();
        actix_web::rt::spawn(started.running.server);
        Self {
            database,
            clock,
            gateway,
            origin,
            state: started.state,
            name,
        }
    }

    /// The service's name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// A stranger who calls it.
    pub fn stranger(&self) -> Client {
        let signer = Arc::new(Signer::new(&self.gateway));
        Client::new(&self.origin, &format!("/{}/v1", self.name), signer)
    }

    /// Moves the clock to an instant such as `2022-05-01T00:00:00Z`.
    pub fn set_clock(&self, instant: &str) {
        self.clock.set(instant.parse().unwrap());
    }
}
