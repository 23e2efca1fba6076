//! Facts on their way between services: the relay takes them out of one service's outbox, the
//! inbox applies them in another, and each has its effect exactly once.
//!
//! A change writes its events to `outbox` in its own transaction, so that there is no fact
//! without its event and no event without its fact. From there:
//!
//! 1. *Fan-out* ([`relay`]): every new event gets a row in `outbox_deliveries` for each
//!    [`Subscriber`] that declares its type. One replica at a time does it, in the order of
//!    insertion, so that no event can overtake an earlier one of its subject.
//! 2. *Delivery* ([`relay`]): due rows are leased for half a minute and sent. A delivered row
//!    is deleted; a failed one is tried again, later each time, for ever. An event waits while
//!    an earlier one of its subject is undelivered to the same subscriber; no other subject
//!    and no other subscriber waits for it.
//! 3. *Application* ([`inbox`]): the receiver notes the event's id in the transaction of its
//!    effect. A repeated event is answered like the first and changes nothing.
//!
//! Whoever dies in between has lost nothing: before the answer arrived the row is still there,
//! and what was sent twice is applied once.
//!
//! Order is that of insertion, not that of event ids: ids are made of the replicas' clocks,
//! and those differ. Times of attempts are milliseconds of the system clock, since the demo
//! moves the domain's.
//!
//! Events travel as structured CloudEvents 1.0, over HTTP or, with the feature `nats`, by a broker
//! (`broker`, `consumer`): then the broker is the relay's only subscriber, and each service reads
//! from it. What can't have its effect waits with HTTP in the sender's queue, with the broker
//! among what the receiver holds ([`held`]). The tables and everything around them are the same.

#[cfg(feature = "nats")]
pub mod broker;
#[cfg(feature = "nats")]
mod consumer;
mod entity;
pub mod erasure;
pub mod exchange;
pub mod figures;
#[cfg_attr(
    not(feature = "nats"),
    expect(dead_code, reason = "only what comes from the broker is held")
)]
pub mod held;
pub mod inbox;
pub mod problems;
pub mod relay;
#[cfg(feature = "nats")]
mod taking;

#[cfg(feature = "nats")]
pub use broker::{Broker, BrokerUrl};
#[cfg(feature = "nats")]
pub use consumer::Consumer;
pub use exchange::Exchange;
pub use inbox::{Apply, Inbox, Received};
pub use relay::{Counts, Relay, Subscriber};

/// Media type of an event (CloudEvents JSON format, 3).
pub const MEDIA_TYPE: &str = "application/cloudevents+json";

/// Whether a declared list of types holds `kind`. An entry that ends in a dot stands for all
/// types below it (`application.`), any other for itself (`cohort.published`).
pub fn declares<T: AsRef<str>>(types: &[T], kind: &str) -> bool {
    types.iter().map(AsRef::as_ref).any(|entry| {
        if entry.ends_with('.') {
            kind.starts_with(entry)
        } else {
            kind == entry
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_declared_by_its_name_or_by_what_stands_above_it() {
        let types = ["application.", "cohort.published"];
        for kind in ["application.submitted", "cohort.published"] {
            assert!(declares(&types, kind), "{kind}");
        }
        for kind in ["applications.x", "application", "cohort.published_late", ""] {
            assert!(!declares(&types, kind), "{kind}");
        }
    }
}
