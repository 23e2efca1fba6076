//! How a service is joined to the others: a relay takes its facts to whoever wants them, an
//! inbox takes theirs.

use crate::{Apply, Inbox, Relay, Subscriber, figures};
use actix_web::web::Data;
use shared_database::Database;
use shared_types::facts;
use shared_web::{
    Clock,
    key::{KeyPair, TrustedKeys},
    outgoing,
    server::Running,
    token::{EVENTS, Signer, Verifier},
};
use std::{collections::BTreeMap, sync::Arc};

/// Every service that tells others of its facts.
pub const SERVICES: [&str; 4] = ["registration", "scheduling", "mentorship", "evaluation"];

/// Where a service's facts go, and in whose name.
#[derive(Clone, Debug)]
pub struct Exchange {
    key: Arc<KeyPair>,
    peers: BTreeMap<String, String>,
    #[cfg(feature = "nats")]
    broker: Option<crate::Broker>,
}

impl Exchange {
    /// The service that has this key tells the `peers`, by name and origin, such as
    /// `scheduling` at `http://scheduling:8082`.
    pub fn new(key: KeyPair, peers: BTreeMap<String, String>) -> Self {
        Self {
            key: Arc::new(key),
            peers,
            #[cfg(feature = "nats")]
            broker: None,
        }
    }

    /// The same, but that facts come and go by the broker at `url`.
    #[cfg(feature = "nats")]
    #[must_use]
    pub fn by_broker(mut self, url: crate::BrokerUrl) -> Self {
        self.broker = Some(crate::Broker::new(url, Arc::clone(&self.key)));
        self
    }

    /// The types that any other service wants.
    #[cfg(feature = "nats")]
    fn wanted_by_others(&self) -> Vec<String> {
        let others = SERVICES.into_iter().filter(|one| *one != self.key.name());
        let mut types: Vec<String> = others
            .flat_map(facts::wanted_by)
            .map(str::to_owned)
            .collect();
        types.sort();
        types.dedup();
        types
    }

    /// The peers that want something, with what they want.
    fn subscribers(&self) -> Vec<Subscriber> {
        let others = self
            .peers
            .iter()
            .filter(|(name, _)| **name != self.key.name());
        let subscriber = |(name, origin): (&String, &String)| Subscriber {
            name: name.clone(),
            url: format!("{}/events", origin.trim_end_matches('/')),
            types: facts::wanted_by(name)
                .into_iter()
                .map(str::to_owned)
                .collect(),
        };
        others
            .map(subscriber)
            .filter(|one| !one.types.is_empty())
            .collect()
    }

    /// Joins a running service to the others: its facts go out, theirs come in, and what waits is
    /// counted.
    pub fn join<A: Apply>(
        &self,
        running: &mut Running,
        database: &Database,
        inbox: &Data<Inbox<A>>,
    ) -> Result<(), outgoing::ClientError> {
        let source = database.source();
        let relay = self.relay(database.clone(), source)?;
        let subscribers = relay.subscribers();
        running.keep(relay.run(running.stopped()));
        #[cfg(feature = "nats")]
        if let Some(broker) = &self.broker {
            let consumer = crate::Consumer::new(broker.clone(), inbox.clone());
            running.keep(consumer.run(running.stopped()));
        }
        #[cfg(not(feature = "nats"))]
        let _ = inbox;
        running.keep_on(figures::keep_measuring(database.clone(), subscribers));
        Ok(())
    }

    /// Takes the facts of `database`, which is `source`'s, to the peers.
    fn relay(
        &self,
        database: Database,
        source: &'static str,
    ) -> Result<Relay, outgoing::ClientError> {
        #[cfg(feature = "nats")]
        if let Some(broker) = &self.broker {
            let types = self.wanted_by_others();
            return Ok(Relay::to_broker(database, source, types, broker.clone()));
        }
        let client = outgoing::internal(self.peers.values())?;
        let signer = Signer::new(&self.key);
        Ok(Relay::new(
            database,
            source,
            self.subscribers(),
            signer,
            client,
        ))
    }
}

/// The inbox of the service called `name`: it takes what that service wants
/// ([`facts::wanted_by`]), from every other one.
pub fn inbox<A: Apply>(
    name: &str,
    database: Database,
    trusted: &TrustedKeys,
    clock: Clock,
    apply: A,
) -> Data<Inbox<A>> {
    let others: Vec<&str> = SERVICES.into_iter().filter(|one| *one != name).collect();
    let verifier = Verifier::new(EVENTS, trusted, &others);
    let types = facts::wanted_by(name);
    let inbox = Inbox::new(database, verifier, clock, types, apply);
    Data::new(inbox.signed_by(trusted.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_wants_something_gets_it_at_the_event_door_and_nobody_tells_itself() {
        let key = KeyPair::generate("scheduling").unwrap_or_else(|error| panic!("{error}"));
        let peers = ["gateway", "registration", "scheduling", "mentorship"]
            .map(|name| (name.to_owned(), format!("http://{name}:8080/")));
        let told = Exchange::new(key, peers.into()).subscribers();
        let told: Vec<(&str, &str)> = told
            .iter()
            .map(|one| (one.name.as_str(), one.url.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                ("mentorship", "http://mentorship:8080/events"),
                ("registration", "http://registration:8080/events"),
            ]
        );
    }
}
