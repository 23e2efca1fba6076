//! Sends what is queued, as soon as it is committed.

use super::{entity, render, store, transport, transport::MailError};
use crate::{State, api};
use actix_web::web::Data;
use shared_database::DatabaseError;
use shared_types::Problem;
use shared_web::clock;
use std::time::Duration;
use uuid::Uuid;

/// What no change of this process announced (another replica's message, a repetition that is
/// due) is looked for this often.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Sends again and again.
pub async fn keep_sending(state: Data<State>) {
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

/// Deletes the files of messages that were to or about somebody who was erased.
pub async fn delete_forgotten(state: &State) -> Result<(), Problem> {
    let forgotten = store::forgotten(state.database.read()).await?;
    if forgotten.is_empty() {
        return Ok(());
    }
    for row in &forgotten {
        let deleted = transport::delete(&state.mail_dir, row).await;
        deleted.map_err(|error| Problem::internal(error.to_string()))?;
    }
    let transaction = state.database.begin().await?;
    let ids = forgotten.iter().map(|row| row.id);
    store::mark_erased(transaction.connection(), ids).await?;
    Ok(transaction.commit().await?)
}

async fn send(state: &State, row: &entity::Model) -> Result<(), MailError> {
    let link = store::link(row).map(|(kind, id)| {
        // Another service's page has that service's name before its kind; no two services have
        // pages of one kind.
        let (service, kind) = kind.split_once('/').unwrap_or((api::NAME, kind));
        let key = state.link_key.sign(kind, id);
        format!("{}/{service}/pages/{kind}/{key}", state.core.public_url)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        mail::{LinkKind, NewMessage, Recipient, Template, queue},
        people::fixture::Fixture,
    };
    use sea_orm::EntityTrait as _;
    use serde_json::json;
    use shared_database::Change;
    use shared_types::{Language, LinkId};

    async fn add(fixture: &Fixture, email: &str, link: LinkId) {
        let message = NewMessage {
            template: Template::OfferMade,
            to: Recipient {
                name: "Maja Berg".into(),
                email: email.into(),
                language: Language::Danish,
            },
            facts: json!({ "roundName": "Ledelse", "answerBy": "2022-05-20" }),
            link: Some((LinkKind::Offer, link)),
        };
        let add = async |change: &mut Change| {
            queue(change, message);
            Ok(())
        };
        fixture.change(add).await;
    }

    async fn rows(fixture: &Fixture) -> Vec<entity::Model> {
        let rows = entity::Entity::find().all(fixture.database.read());
        rows.await.unwrap()
    }

    fn files(fixture: &Fixture) -> Vec<String> {
        let Ok(files) = std::fs::read_dir(&fixture.mail_dir) else {
            return Vec::new();
        };
        files
            .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
            .collect()
    }

    #[actix_web::test]
    async fn what_is_queued_is_sent_once_with_a_link_that_works() {
        let fixture = Fixture::new().await;
        let link = LinkId::new();
        add(&fixture, "maja.berg@kommun.example", link).await;
        assert_eq!(send_due(&fixture).await.unwrap(), 1);
        assert_eq!(send_due(&fixture).await.unwrap(), 0);
        let (files, rows) = (files(&fixture), rows(&fixture).await);
        assert_eq!(files.len(), 1);
        assert_eq!((rows[0].state.as_str(), rows[0].attempts), (store::SENT, 1));
        assert_eq!(
            rows[0].sent_at.unwrap().timestamp() / 60,
            fixture.core.clock.now().timestamp() / 60
        );
        let address = files[0].lines().find_map(|line| {
            line.strip_prefix("https://akademi.example/registration/pages/offer/")
        });
        assert_eq!(
            fixture.link_key.verify("offer", address.unwrap()),
            Some(link)
        );
    }

    #[actix_web::test]
    async fn whoever_dies_after_writing_the_file_leaves_one_mail() {
        let fixture = Fixture::new().await;
        add(&fixture, "maja.berg@kommun.example", LinkId::new()).await;
        let claimed = store::claim(&fixture.database, now()).await.unwrap();
        send(&fixture, &claimed[0]).await.unwrap();
        assert_eq!(
            send_due(&fixture).await.unwrap(),
            0,
            "the claim keeps others away"
        );
        let later = store::claim(&fixture.database, now() + 60).await.unwrap();
        assert_eq!(
            later,
            [entity::Model {
                attempts: 2,
                next_attempt_at: later[0].next_attempt_at,
                ..claimed[0].clone()
            }]
        );
        send(&fixture, &later[0]).await.unwrap();
        assert_eq!(files(&fixture).len(), 1);
    }

    #[actix_web::test]
    async fn what_can_never_be_sent_is_given_up_and_what_may_is_tried_again() {
        let fixture = Fixture::new().await;
        add(&fixture, "no address", LinkId::new()).await;
        assert_eq!(send_due(&fixture).await.unwrap(), 1);
        assert_eq!(rows(&fixture).await[0].state, store::FAILED);
        // A file where the folder should be.
        std::fs::write(&fixture.mail_dir, "").unwrap();
        add(&fixture, "maja.berg@kommun.example", LinkId::new()).await;
        for attempt in 1..=10 {
            let claimed = store::claim(&fixture.database, now() + 100_000)
                .await
                .unwrap();
            assert_eq!(claimed[0].attempts, attempt);
            let error = send(&fixture, &claimed[0]).await.unwrap_err();
            put_off(&fixture, &claimed[0], &error).await.unwrap();
            let state = &rows(&fixture).await[1].state;
            assert_eq!(state == store::FAILED, attempt == 10, "{attempt}");
        }
    }
}
