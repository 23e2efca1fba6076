//! The broker between services: NATS with JetStream, in the place of HTTP between relay and inbox.
//!
//! One stream keeps every fact until each service has taken it. A relay publishes under the
//! event's id, by which the broker knows a repetition, and takes a delivery out of its queue once
//! the broker has confirmed it. Each service reads by a durable consumer of its own that is given
//! one event at a time: the next one is handed out when the last is acknowledged, to whichever
//! replica asks, so that the stream's order is the order of effects
//! ([decision 32](../../../docs/decisions/0032-one-event-at-a-time-from-the-broker.md)).

use crate::{MEDIA_TYPE, exchange::SERVICES, taking::SIGNED_FOR};
use async_nats::{
    ConnectOptions, HeaderMap, ServerAddr,
    jetstream::{
        self, Context,
        consumer::{AckPolicy, DeliverPolicy, PullConsumer, pull},
        response::Response,
        stream::{self, DiscardPolicy, RetentionPolicy, Stream},
    },
};
use serde_json::Value;
use shared_types::event::Event;
use shared_web::key::KeyPair;
use std::{fmt, str::FromStr, sync::Arc, time::Duration};
use tokio::sync::OnceCell;

/// The header with a fact's signature.
pub(crate) const SIGNATURE: &str = "Akademi-Signature";

/// How long the broker waits for an acknowledgement before it hands an event out again.
const ACK_WAIT: Duration = Duration::from_secs(30);
/// How long the broker knows an event's id again. A relay repeats what was not confirmed within
/// half a minute; what comes later is known by the inbox.
const DUPLICATE_WINDOW: Duration = Duration::from_mins(2);
/// How long the broker has to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Addresses of the broker: `nats://user:password@host:4222`, several of one cluster by commas.
#[derive(Clone)]
pub struct BrokerUrl(Vec<ServerAddr>);

/// Why the broker did not do it.
#[derive(Debug)]
pub struct BrokerError(String);

/// A connection to the broker in the name of one service. It is made when it is first needed, and
/// again by itself when it is lost.
#[derive(Clone)]
pub struct Broker {
    key: Arc<KeyPair>,
    url: BrokerUrl,
    stream: String,
    prefix: String,
    context: Arc<OnceCell<Context>>,
    /// The stream, once this process has seen that it is there.
    prepared: Arc<OnceCell<Stream>>,
}

impl Broker {
    /// The broker at `url`, for the service that has this key.
    pub fn new(url: BrokerUrl, key: Arc<KeyPair>) -> Self {
        Self {
            key,
            url,
            stream: "AKADEMI".to_owned(),
            prefix: "akademi.events".to_owned(),
            context: Arc::default(),
            prepared: Arc::default(),
        }
    }

    /// The same with a stream of its own: several installations, and tests, share one broker.
    pub fn in_space(mut self, space: &str) -> Self {
        self.stream = format!("AKADEMI_{space}");
        self.prefix = format!("akademi.{space}");
        self
    }

    /// Name of the service.
    pub fn name(&self) -> &str {
        self.key.name()
    }

    async fn context(&self) -> Result<&Context, BrokerError> {
        let made = self.context.get_or_try_init(|| self.connect()).await?;
        Ok(made)
    }

    async fn connect(&self) -> Result<Context, BrokerError> {
        shared_web::outgoing::install_crypto();
        let mut options = ConnectOptions::new()
            .name(format!("akademi-{}", self.name()))
            // A service hears the answers to its own questions alone (deploy/nats).
            .custom_inbox_prefix(format!("_INBOX_{}", self.name()))
            .connection_timeout(PATIENCE)
            .retry_on_initial_connect();
        let BrokerUrl(addresses) = &self.url;
        if let Some((user, password)) = addresses
            .iter()
            .find_map(|one| Some((one.username()?, one.password()?)))
        {
            options = options.user_and_password(user.to_owned(), password.to_owned());
        }
        let client = options
            .connect(addresses.as_slice())
            .await
            .map_err(BrokerError::of)?;
        let mut context = jetstream::new(client);
        context.set_timeout(PATIENCE);
        Ok(context)
    }

    /// The stream, with every service's place in it: a fact is kept for a service that has not
    /// started yet. What is there already stays as the operator has made it.
    pub(crate) async fn stream(&self) -> Result<Stream, BrokerError> {
        let config = stream::Config {
            name: self.stream.clone(),
            subjects: vec![format!("{}.>", self.prefix)],
            retention: RetentionPolicy::Interest,
            // A full broker refuses what is new, which then waits in the outbox; it forgets nothing.
            discard: DiscardPolicy::New,
            duplicate_window: DUPLICATE_WINDOW,
            ..stream::Config::default()
        };
        let context = self.context().await?;
        let stream = context.get_or_create_stream(config).await;
        let stream = stream.map_err(BrokerError::of)?;
        for service in SERVICES {
            let consumer = pull::Config {
                durable_name: Some(service.to_owned()),
                deliver_policy: DeliverPolicy::All,
                ack_policy: AckPolicy::Explicit,
                ack_wait: ACK_WAIT,
                max_ack_pending: 1,
                ..pull::Config::default()
            };
            let made = stream.get_or_create_consumer(service, consumer).await;
            made.map_err(BrokerError::of)?;
        }
        Ok(stream)
    }

    /// The service's own place in the stream.
    pub(crate) async fn consumer(&self) -> Result<PullConsumer, BrokerError> {
        let stream = self.stream().await?;
        let consumer = stream.get_consumer(self.name()).await;
        consumer.map_err(|error| BrokerError(error.to_string()))
    }

    /// Gives the broker one fact; it is on its disk when this returns.
    pub(crate) async fn publish(&self, event: &Event) -> Result<(), BrokerError> {
        let body = serde_json::to_vec(event).map_err(BrokerError::of)?;
        let signature = self.key.sign(SIGNED_FOR, &body).map_err(BrokerError::of)?;
        let mut headers = HeaderMap::new();
        headers.insert(async_nats::header::NATS_MESSAGE_ID, event.id.to_string());
        headers.insert("Content-Type", MEDIA_TYPE);
        headers.insert(SIGNATURE, signature);
        if let Some(trace) = &event.traceparent {
            headers.insert("traceparent", trace.as_str());
        }
        let subject = format!("{}.{}.{}", self.prefix, self.name(), event.r#type);
        let context = self.context().await?;
        // Without every service's place in it the broker would keep a fact for nobody.
        self.prepared.get_or_try_init(|| self.stream()).await?;
        // The client keeps what it can't send yet; here the outbox does, and knows it.
        let connected = context.client().connection_state();
        if connected != async_nats::connection::State::Connected {
            return Err(BrokerError("the broker can't be reached".to_owned()));
        }
        let send = async {
            let sent = context
                .publish_with_headers(subject, headers, body.into())
                .await
                .map_err(BrokerError::of)?;
            sent.await.map_err(BrokerError::of)
        };
        let confirmed = tokio::time::timeout(PATIENCE, send).await;
        match confirmed.map_err(BrokerError::of)? {
            Ok(_) => Ok(()),
            Err(refused) => {
                // A broker that is new, or was set up anew, has no stream yet. The attempt has
                // failed all the same: the next one will find it.
                self.stream().await?;
                Err(refused)
            }
        }
    }

    /// How many facts wait for the service at the broker.
    pub async fn waiting(&self) -> Result<u64, BrokerError> {
        let mut consumer = self.consumer().await?;
        let info = consumer.info().await.map_err(BrokerError::of)?;
        let unfinished = u64::try_from(info.num_ack_pending).unwrap_or(u64::MAX);
        Ok(info.num_pending.saturating_add(unfinished))
    }

    /// Whether the broker answers within its time, and its version.
    pub async fn version(&self) -> Result<String, BrokerError> {
        let ask = async {
            let context = self.context().await?;
            // Older brokers leave out what the client's own reading of this insists on.
            let account: Response<Value> = context
                .request("INFO", &())
                .await
                .map_err(BrokerError::of)?;
            let account = match account {
                Response::Ok(account) => account,
                Response::Err { error } => return Err(BrokerError::of(error)),
            };
            let streams = account.get("streams").and_then(Value::as_u64).unwrap_or(0);
            let server = context.client().server_info();
            Ok(format!("{}, {streams} streams", server.version))
        };
        let asked = tokio::time::timeout(PATIENCE, ask).await;
        asked.map_err(|_| BrokerError("no answer".to_owned()))?
    }

    /// Removes the stream with all that waits in it: when an installation is given up, and at the
    /// end of tests.
    pub async fn remove(&self) -> Result<(), BrokerError> {
        let context = self.context().await?;
        let removed = context.delete_stream(&self.stream).await;
        removed.map_err(BrokerError::of)?;
        Ok(())
    }
}

impl BrokerError {
    pub(crate) fn of(error: impl std::error::Error) -> Self {
        let mut text = error.to_string();
        let mut next = error.source();
        while let Some(cause) = next {
            text = format!("{text}: {cause}");
            next = cause.source();
        }
        Self(text)
    }
}

impl fmt::Display for BrokerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BrokerError {}

impl FromStr for BrokerUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split(',').map(str::trim);
        let addresses: Vec<ServerAddr> = parts
            .filter(|part| !part.is_empty())
            .map(|part| {
                let known = ["nats://", "tls://"]
                    .iter()
                    .any(|scheme| part.starts_with(scheme));
                // Not the text itself: it may hold a password.
                let address = part.parse().map_err(|_| "no address of a broker")?;
                known
                    .then_some(address)
                    .ok_or("expected nats://… or tls://…")
            })
            .collect::<Result<_, _>>()?;
        if addresses.is_empty() {
            return Err("no address of a broker".to_owned());
        }
        Ok(Self(addresses))
    }
}

impl fmt::Debug for BrokerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hosts = self.0.iter().map(|one| (one.host(), one.port()));
        f.debug_list().entries(hosts).finish()
    }
}

impl fmt::Debug for Broker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Broker")
            .field("name", &self.name())
            .field("url", &self.url)
            .field("stream", &self.stream)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_never_shows_its_password() {
        let url: BrokerUrl = "nats://maja:secret4711@a:4222, tls://b:4223"
            .parse()
            .unwrap();
        let shown = format!("{url:?}");
        assert!(
            shown.contains("4223") && !shown.contains("secret4711"),
            "{shown}"
        );
        for bad in ["", "http://a:1", "a:4222", "nats://secret4711@@"] {
            let refused = bad.parse::<BrokerUrl>().unwrap_err();
            assert!(!refused.contains("secret4711"), "{refused}");
        }
    }
}
