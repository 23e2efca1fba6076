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
}

impl Exchange {
    /// The service that has this key tells the `peers`, by name and origin, such as
    /// `scheduling` at `http://scheduling:8082`.
    pub fn new(key: KeyPair, peers: BTreeMap<String, String>) -> Self {
        Self {
            key: Arc::new(key),
            peers,
        }
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

    /// Joins a running service to the others: its facts go out, and what waits is counted.
    pub fn join(
        &self,
        running: &mut Running,
        database: &Database,
    ) -> Result<(), outgoing::ClientError> {
        let relay = self.relay(database.clone(), database.source())?;
        let subscribers = relay.subscribers();
        running.keep(relay.run(running.stopped()));
        running.keep_on(figures::keep_measuring(database.clone(), subscribers));
        Ok(())
    }

    /// Takes the facts of `database`, which is `source`'s, to the peers.
    fn relay(
        &self,
        database: Database,
        source: &'static str,
    ) -> Result<Relay, outgoing::ClientError> {
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
    Data::new(Inbox::new(database, verifier, clock, types, apply))
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
