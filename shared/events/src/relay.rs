//! The way of events out of the outbox: fan-out, then delivery, at least once and in order per
//! subject.

mod delivery;
mod fan_out;
pub(crate) mod rhythm;

pub(crate) use fan_out::insertion_column;
use futures_util::{
    FutureExt as _, StreamExt as _,
    future::{Shared, join_all},
    stream::FuturesUnordered,
};
use rhythm::{IDLE, Reach, Rhythm};
use shared_database::{Database, DatabaseError};
use shared_web::{outgoing, token::Signer};
use std::{fmt, pin::pin};
use tokio::sync::Notify;

/// Deliveries to one subscriber that are on their way at once. All start at once, so that each
/// is over (the client gives up after 10 s) before its lease is.
const MOST_AT_ONCE: usize = 16;

/// Somebody who gets events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscriber {
    /// Name, under which its deliveries are kept: never changed, never given to another.
    pub name: String,
    /// Address of its event door, such as `http://scheduling:8083/events`.
    pub url: String,
    /// The types it declares, in the form of [`crate::declares`]; it gets no others.
    pub types: Vec<String>,
}

/// What one pass did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Events that left the outbox for their subscribers' queues.
    pub fanned_out: usize,
    /// Deliveries that were accepted.
    pub delivered: usize,
    /// Deliveries that failed and will be tried again.
    pub failed: usize,
}

/// Takes one service's events to their subscribers. Every replica of the service runs one.
pub struct Relay {
    database: Database,
    source: &'static str,
    subscribers: Vec<Subscriber>,
    way: Way,
}

/// How events leave.
enum Way {
    /// To each subscriber's event door.
    Doors(Signer, outgoing::Internal),
    /// To the broker, for whoever wants them.
    #[cfg(feature = "nats")]
    Broker(crate::Broker),
}

impl Relay {
    /// A relay of the service called `source`. The `signer`'s key must bear the same name, or
    /// the doors refuse it; the `client` must reach every subscriber's origin.
    pub fn new(
        database: Database,
        source: &'static str,
        subscribers: Vec<Subscriber>,
        signer: Signer,
        client: outgoing::Internal,
    ) -> Self {
        Self {
            database,
            source,
            subscribers,
            way: Way::Doors(signer, client),
        }
    }

    /// A relay that gives the broker what anybody else wants. For the queue the broker is one
    /// subscriber like any other.
    #[cfg(feature = "nats")]
    pub fn to_broker(
        database: Database,
        source: &'static str,
        types: Vec<String>,
        broker: crate::Broker,
    ) -> Self {
        let subscriber = Subscriber {
            name: "broker".to_owned(),
            url: String::new(),
            types,
        };
        Self {
            database,
            source,
            subscribers: vec![subscriber],
            way: Way::Broker(broker),
        }
    }

    /// Names of whoever gets events.
    pub(crate) fn subscribers(&self) -> Vec<String> {
        let names = self.subscribers.iter().map(|one| one.name.clone());
        names.collect()
    }

    /// Works until `stop` resolves; what is then on its way is finished first.
    ///
    /// An outage of the database or of a subscriber doesn't end it.
    pub async fn run(self, stop: impl Future<Output = ()> + Send) {
        let stop = stop.shared();
        let queues: Vec<(&Subscriber, Notify)> = self
            .subscribers
            .iter()
            .map(|subscriber| (subscriber, Notify::new()))
            .collect();
        let fan_out = async {
            tokio::select! {
                () = stop.clone() => {}
                () = self.keep_fanning_out(&queues) => {}
            }
        };
        let deliveries = queues
            .iter()
            .map(|(subscriber, filled)| self.keep_delivering(subscriber, filled, stop.clone()));
        tokio::join!(fan_out, join_all(deliveries));
    }

    /// One pass: fans out, and tries once what is due, at most one event a subject. Tests step
    /// through time with it.
    pub async fn deliver_once(&self) -> Result<Counts, DatabaseError> {
        let mut counts = Counts {
            fanned_out: self.fan_out().await?,
            ..Counts::default()
        };
        for subscriber in &self.subscribers {
            let claimed = self.claim(subscriber, MOST_AT_ONCE).await?;
            let sent = claimed.into_iter().map(|one| self.send(subscriber, one));
            let sent = join_all(sent).await;
            counts.delivered += sent.iter().filter(|one| one.outcome.is_ok()).count();
            counts.failed += sent.iter().filter(|one| one.outcome.is_err()).count();
            self.settle(subscriber, sent).await?;
        }
        Ok(counts)
    }

    async fn keep_fanning_out(&self, queues: &[(&Subscriber, Notify)]) {
        loop {
            let mut changed = pin!(self.database.changed().fuse());
            // Polled once, it listens: a change during the fan-out is noticed after it.
            let _ = changed.as_mut().now_or_never();
            match self.fan_out().await {
                Ok(0) => {}
                Ok(_) => {
                    for (_, filled) in queues {
                        filled.notify_one();
                    }
                    continue;
                }
                Err(error) => tracing::warn!(%error, "fan-out failed"),
            }
            tokio::select! {
                () = changed => {}
                () = tokio::time::sleep(IDLE) => {}
            }
        }
    }

    async fn keep_delivering(
        &self,
        subscriber: &Subscriber,
        filled: &Notify,
        stop: Shared<impl Future<Output = ()>>,
    ) {
        let mut rhythm = Rhythm::default();
        let mut reach = Reach::default();
        let mut stopping = false;
        let mut flying = FuturesUnordered::new();
        while !(stopping && flying.is_empty()) {
            if !stopping {
                let more = reach.more(MOST_AT_ONCE, flying.len());
                let claimed = self.claim(subscriber, more).await;
                let claimed = logged(subscriber, claimed).unwrap_or_default();
                flying.extend(claimed.into_iter().map(|one| self.send(subscriber, one)));
            }
            tokio::select! {
                Some(first) = flying.next(), if !flying.is_empty() => {
                    let mut sent = vec![first];
                    while let Some(Some(next)) = flying.next().now_or_never() {
                        sent.push(next);
                    }
                    let answered = sent.iter().any(|one| !one.is_lost_on_the_way());
                    rhythm.retry_in(reach.note(answered));
                    let settled = self.settle(subscriber, sent).await;
                    rhythm.retry_in(logged(subscriber, settled).flatten());
                }
                () = filled.notified(), if !stopping => {}
                () = rhythm.wait() => {}
                () = stop.clone(), if !stopping => stopping = true,
            }
        }
    }
}

impl fmt::Debug for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Relay")
            .field("source", &self.source)
            .field("subscribers", &self.subscribers)
            .finish_non_exhaustive()
    }
}

/// What is not settled is sent again when its lease ends; nothing else needs to be done.
fn logged<T>(subscriber: &Subscriber, outcome: Result<T, DatabaseError>) -> Option<T> {
    outcome
        .inspect_err(|error| {
            tracing::warn!(subscriber = subscriber.name, %error, "deliveries wait");
        })
        .ok()
}
