//! Sends what is queued, as soon as it is committed.

use super::{entity, render, store, transport, transport::MailError};
use crate::State;
use actix_web::web::Data;
use shared_database::DatabaseError;
use shared_web::clock;
use std::time::Duration;
use uuid::Uuid;

/// What no change of this process announced (another replica's message, a repetition that is
/// due) is looked for this often.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Starts sending in the background, until the process ends.
pub fn start(state: Data<State>) {
    actix_web::rt::spawn(async move {
        loop {
            match send_due(&state).await {
                Ok(0) => wait(&state).await,
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(%error, "messages could not be read");
                    tokio::time::sleep(LOOK_EVERY).await;
                }
            }
        }
    });
}

async fn wait(state: &State) {
    // Whichever comes first.
    let _ = tokio::time::timeout(LOOK_EVERY, state.database.changed()).await;
}

/// Sends what is due now; says how many messages were tried.
pub async fn send_due(state: &State) -> Result<usize, DatabaseError> {
    let claimed = store::claim(&state.database, now()).await?;
    let mut sent: Vec<Uuid> = Vec::with_capacity(claimed.len());
    for row in &claimed {
        match send(state, row).await {
            Ok(()) => sent.push(row.id),
            Err(error) => put_off(state, row, &error).await?,
        }
    }
    store::mark_sent(&state.database, &sent, state.core.clock.now()).await?;
    for row in claimed.iter().filter(|row| sent.contains(&row.id)) {
        tracing::info!(id = %row.id, template = row.template, state = store::SENT, domain = domain(row), "mail");
    }
    Ok(claimed.len())
}

async fn send(state: &State, row: &entity::Model) -> Result<(), MailError> {
    let link = store::link(row).map(|(kind, id)| {
        let key = state.link_key.sign(kind, id);
        format!("{}/registration/pages/{kind}/{key}", state.core.public_url)
    });
    let text = render::text(row, link).map_err(|error| MailError::Hopeless(error.to_string()))?;
    transport::send(&state.mail_dir, row, text).await
}

async fn put_off(
    state: &State,
    row: &entity::Model,
    error: &MailError,
) -> Result<(), DatabaseError> {
    let hopeless = matches!(error, MailError::Hopeless(_));
    let left = store::put_off(&state.database, row, now(), hopeless).await?;
    tracing::warn!(id = %row.id, template = row.template, state = left, domain = domain(row), attempts = row.attempts, %error, "mail");
    Ok(())
}

fn domain(row: &entity::Model) -> &str {
    row.recipient_email
        .rsplit_once('@')
        .map_or("", |(_, domain)| domain)
}

fn now() -> i64 {
    i64::try_from(clock::system_seconds()).unwrap_or(i64::MAX)
}
