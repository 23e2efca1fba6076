//! Sends what is queued, as soon as it is committed.

use super::{
    bounces, entity, kinds,
    model::LinkKind,
    render::{self, Around},
    smtp::{Session, Smtp},
    store,
    transport::{self, Composed, MailError, Way},
};
use crate::{State, api};
use actix_web::web::Data;
use shared_database::{Change, DatabaseError};
use shared_types::{Actor, Problem};
use shared_web::{clock, metrics};
use std::{collections::HashMap, time::Duration};
use tokio::time::Instant;
use uuid::Uuid;

/// What no change of this process announced (another replica's message, a repetition that is
/// due) is looked for this often.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long a batch may take at a mail server before the rest of it is given back: well below its
/// lease, since the last mail may take half a minute more.
const BATCH: Duration = Duration::from_secs(45);
/// Seconds for which a batch is claimed.
const LEASE_OF_FILES: i64 = 5;
const LEASE_OF_SERVER: i64 = 120;

/// Sends again and again.
pub async fn keep_sending(state: Data<State>) {
    loop {
        match send_due(&state).await {
            Ok(0) => wait(&state).await,
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, "messages could not be sent");
                tokio::time::sleep(LOOK_EVERY).await;
            }
        }
    }
}

async fn wait(state: &State) {
    // Whichever comes first.
    let _ = tokio::time::timeout(LOOK_EVERY, state.database.changed()).await;
}

/// Sends what is due now; says how many messages were claimed.
pub async fn send_due(state: &State) -> Result<usize, DatabaseError> {
    let server = state.outgoing.smtp.as_ref();
    let lease = server.map_or(LEASE_OF_FILES, |_| LEASE_OF_SERVER);
    let claimed = store::claim(&state.database, now(), lease).await?;
    let read = state.database.read();
    let obstacles = store::obstacles(read, &claimed).await?;
    let organisers = store::organisers(read, &claimed).await?;
    let mut post = Post {
        state,
        server,
        session: None,
        organisers,
        until: Instant::now() + BATCH,
        is_away: false,
    };
    let mut sent: Vec<Uuid> = Vec::with_capacity(claimed.len());
    for (place, row) in claimed.iter().enumerate() {
        if post.is_over() {
            let rest = claimed.get(place..).unwrap_or_default();
            store::give_back(&state.database, rest, now()).await?;
            break;
        }
        if let Some((left, why)) = obstacles.get(&row.id) {
            store::settle(&state.database, row, (left, why), now()).await?;
            note(row, left, why);
            continue;
        }
        match post.send(row).await {
            Ok(()) => sent.push(row.id),
            Err(error) => put_off(state, row, &error).await?,
        }
    }
    post.close().await;
    store::mark_sent(&state.database, &sent, state.core.clock.now()).await?;
    for row in claimed.iter().filter(|row| sent.contains(&row.id)) {
        note(row, store::SENT, "");
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

/// Sends a batch.
struct Post<'a> {
    state: &'a State,
    server: Option<&'a Smtp>,
    session: Option<Session>,
    organisers: HashMap<Uuid, String>,
    until: Instant,
    /// Whether the server could not be reached: it is not asked again for every mail.
    is_away: bool,
}

impl Post<'_> {
    fn is_over(&self) -> bool {
        self.server.is_some() && Instant::now() >= self.until
    }

    async fn send(&mut self, row: &entity::Model) -> Result<(), MailError> {
        let composed = self.compose(row)?;
        let Some(server) = self.server else {
            return transport::write_file(&self.state.mail_dir, row, &composed).await;
        };
        self.hand_over(server, &composed).await
    }

    fn compose(&self, row: &entity::Model) -> Result<Composed, MailError> {
        let unsubscribe = kinds::sort_of(&row.template)
            .map(|_| self.page(LinkKind::Unsubscribe.word(), row.id.into()));
        let organiser = row.organiser_id.and_then(|id| self.organisers.get(&id));
        let around = Around {
            link: store::link(row).map(|(kind, id)| self.page(kind, id)),
            organiser: organiser.cloned(),
            unsubscribe: unsubscribe.clone(),
        };
        let text = render::text(row, around);
        let text = text.map_err(|error| MailError::Hopeless(error.to_string()))?;
        let way = self.server.map_or(Way::File, |_| Way::Server);
        let sender = &self.state.outgoing.sender;
        transport::compose(row, text, sender, unsubscribe.as_deref(), way)
    }

    /// Address of a page. Another service's has that service's name before its kind; no two
    /// services have pages of one kind.
    fn page(&self, kind: &str, id: shared_types::LinkId) -> String {
        let (service, kind) = kind.split_once('/').unwrap_or((api::NAME, kind));
        let key = self.state.link_key.sign(kind, id);
        format!(
            "{}/{service}/pages/{kind}/{key}",
            self.state.core.public_url
        )
    }

    /// One connection for the batch, until something goes wrong on it.
    async fn hand_over(&mut self, server: &Smtp, composed: &Composed) -> Result<(), MailError> {
        let from = &self.state.outgoing.sender;
        let mut session = match self.session.take() {
            Some(session) => session,
            None if self.is_away => return Err(MailError::Unreachable),
            None => {
                let opened = server.connect(from.domain()).await;
                opened.inspect_err(|_| self.is_away = true)?
            }
        };
        session.send(from, &composed.to, &composed.bytes).await?;
        self.session = Some(session);
        Ok(())
    }

    async fn close(self) {
        if let Some(session) = self.session {
            session.close().await;
        }
    }
}

async fn put_off(
    state: &State,
    row: &entity::Model,
    error: &MailError,
) -> Result<(), DatabaseError> {
    metrics::count("mail_failures_total", api::NAME);
    let (left, outcome) = error.outcome(row.attempts);
    store::settle(&state.database, row, (left, outcome.as_str()), now()).await?;
    if left == store::BOUNCED {
        mark(state, row, &outcome).await;
    }
    tracing::warn!(id = %row.id, template = row.template, state = left, domain = domain(row), attempts = row.attempts, %error, "mail");
    Ok(())
}

/// Marks an address that the server does not take. What can't be marked is noticed with the next
/// message to it.
async fn mark(state: &State, row: &entity::Model, outcome: &str) {
    let actor = Actor::system(state.core.clock.now());
    let marking = state.database.change(actor, async |change: &mut Change| {
        bounces::store::mark(change, row, outcome).await?;
        Ok::<_, Problem>(())
    });
    if let Err(problem) = marking.await {
        tracing::warn!(id = %row.id, cause = problem.cause(), "a bounce was not noted");
    }
}

fn note(row: &entity::Model, state: &str, outcome: &str) {
    tracing::info!(id = %row.id, template = row.template, state, outcome, domain = domain(row), "mail");
}

/// What stands behind the @ of a message's address: all that an operator sees of it.
pub fn domain(row: &entity::Model) -> &str {
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
                person: None,
                name: "Maja Berg".into(),
                email: email.into(),
                language: Language::Danish,
            },
            organiser: None,
            facts: json!({ "roundName": "Ledelse", "answerBy": "2022-05-20" }),
            link: Some((LinkKind::Offer, link)),
        };
        let add = async |change: &mut Change| {
            queue(change, message);
            Ok(())
        };
        fixture.change(add).await;
    }

    async fn send(state: &State, row: &entity::Model) -> Result<(), MailError> {
        let mut post = Post {
            state,
            server: None,
            session: None,
            organisers: HashMap::new(),
            until: Instant::now(),
            is_away: false,
        };
        post.send(row).await
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
        let claimed = store::claim(&fixture.database, now(), 5).await.unwrap();
        send(&fixture, &claimed[0]).await.unwrap();
        assert_eq!(
            send_due(&fixture).await.unwrap(),
            0,
            "the claim keeps others away"
        );
        let later = store::claim(&fixture.database, now() + 60, 5)
            .await
            .unwrap();
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
            let claimed = store::claim(&fixture.database, now() + 100_000, 5)
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
