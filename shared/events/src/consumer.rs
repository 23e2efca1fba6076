//! A service's place at the broker: takes one fact after the other, and tries again what could not
//! have its effect.

use crate::{
    Apply, Inbox,
    broker::{Broker, BrokerError, SIGNATURE},
    taking::Signed,
};
use actix_web::web::Data;
use async_nats::jetstream::{AckKind, Message};
use futures_util::{FutureExt as _, StreamExt as _, future::Shared};
use std::{fmt, time::Duration};

/// How long to wait when broker or database say no.
const AFTER_FAILURE: Duration = Duration::from_secs(1);
/// How often what is held is looked through.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Facts that are asked for at once; the broker hands out one at a time.
const MOST_ASKED: usize = 50;
/// How long one request for facts stands, and how often the broker shows that it lives.
const ASKED_FOR: Duration = Duration::from_secs(30);
const HEARTBEAT: Duration = Duration::from_secs(5);

/// Takes facts from the broker for one service. Every replica runs one.
pub struct Consumer<A> {
    broker: Broker,
    inbox: Data<Inbox<A>>,
}

impl<A: Apply> Consumer<A> {
    /// A consumer of the service whose key the broker has.
    pub fn new(broker: Broker, inbox: Data<Inbox<A>>) -> Self {
        Self { broker, inbox }
    }

    /// Works until `stop` resolves; the fact in hand is finished first. An outage of broker or
    /// database does not end it.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let stop = stop.shared();
        tokio::join!(self.keep_taking(stop.clone()), self.keep_trying(stop));
    }

    async fn keep_taking(&self, stop: Shared<impl Future<Output = ()>>) {
        loop {
            match self.take_all(stop.clone()).await {
                Ok(()) => return,
                Err(error) => tracing::warn!(%error, "facts wait at the broker"),
            }
            tokio::select! {
                () = stop.clone() => return,
                () = tokio::time::sleep(AFTER_FAILURE) => {}
            }
        }
    }

    /// Until it is stopped, or the broker fails.
    async fn take_all(&self, stop: Shared<impl Future<Output = ()>>) -> Result<(), BrokerError> {
        let begin = async {
            let consumer = self.broker.consumer().await?;
            let asked = consumer
                .stream()
                .max_messages_per_batch(MOST_ASKED)
                .expires(ASKED_FOR)
                .heartbeat(HEARTBEAT);
            asked.messages().await.map_err(BrokerError::of)
        };
        let mut messages = tokio::select! {
            messages = begin => messages?,
            () = stop.clone() => return Ok(()),
        };
        loop {
            let message = tokio::select! {
                message = messages.next() => message,
                () = stop.clone() => return Ok(()),
            };
            let Some(message) = message else {
                return Ok(());
            };
            let message = message.map_err(BrokerError::of)?;
            let answer = self.take(&message).await;
            let told = message.ack_with(answer).await;
            told.map_err(|error| BrokerError::of(&*error))?;
        }
    }

    /// What becomes of one message.
    async fn take(&self, message: &Message) -> AckKind {
        let header = message.headers.as_ref();
        let signature = header
            .and_then(|header| header.get(SIGNATURE))
            .map_or("", |value| value.as_str());
        match Signed::read(&message.payload, signature) {
            Ok(signed) => match self.inbox.take(&signed).await {
                Ok(()) => AckKind::Ack,
                Err(problem) => {
                    let cause = problem.cause();
                    tracing::warn!(code = problem.code().name, cause, "a fact waits");
                    AckKind::Nak(Some(AFTER_FAILURE))
                }
            },
            Err(problem) => {
                // Nobody will ever make an event of it: the broker keeps it for nobody.
                let code = problem.code().name;
                tracing::error!(code, bytes = message.payload.len(), "not an event");
                crate::figures::refused(self.broker.name());
                AckKind::Term
            }
        }
    }

    async fn keep_trying(&self, stop: Shared<impl Future<Output = ()>>) {
        loop {
            while self.inbox.try_held().await.unwrap_or(0) > 0 && stop.peek().is_none() {}
            tokio::select! {
                () = stop.clone() => return,
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }
}

impl<A> fmt::Debug for Consumer<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Consumer")
            .field("broker", &self.broker)
            .finish_non_exhaustive()
    }
}
