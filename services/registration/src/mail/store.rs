//! Messages on their way: queued, claimed for a while, sent or given up.

use super::{Recipient, Template, bounces, entity, kinds, model::NewMessage, refusals};
use crate::{
    erasures::forgetting::NOBODY,
    organisations,
    people::{self, model::email_key},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, ExprTrait as _,
    PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select, Statement,
    sea_query::{Expr, Func, IntoCondition, LockBehavior, LockType},
};
use serde_json::json;
use shared_database::{Change, Database, DatabaseError, column, idempotency, row};
use shared_types::{
    LinkId, MessageId, PersonId, facts::MessageRequested, registration::mail::MessageState,
};
use shared_web::clock;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Messages that are claimed at once.
const MOST_CLAIMED: u64 = 50;
/// Seconds between two attempts: almost a day in all, as long as a mail server may be away.
const PAUSES: [i64; 9] = [2, 15, 60, 300, 1800, 7200, 14_400, 28_800, 28_800];
/// Attempts before a message is given up.
pub const MOST_ATTEMPTS: i32 = 10;

/// Waits to be sent.
pub const PENDING: &str = "pending";
/// Has been handed over.
pub const SENT: &str = "sent";
/// Given up.
pub const FAILED: &str = "failed";
/// Was to somebody who was erased, or named them; its file is still to be deleted.
pub const FORGOTTEN: &str = "forgotten";
/// The same, and there is no file.
pub const ERASED: &str = "erased";
/// The address is none.
pub const BOUNCED: &str = "bounced";
/// Not sent, since an earlier one to the address came back.
pub const WITHHELD: &str = "withheld";
/// Not sent: the reader is not here any more, or has turned such messages off.
pub const DROPPED: &str = "dropped";

/// Queues a message in the change that it tells of.
pub fn queue(change: &mut Change, message: NewMessage) {
    change.insert_last::<entity::Entity>(row_of(change.actor.at, message));
}

/// Queues many messages, in slices, since databases limit the values of one statement.
pub async fn queue_all(
    connection: &impl ConnectionTrait,
    at: DateTime<Utc>,
    messages: Vec<NewMessage>,
) -> Result<(), DatabaseError> {
    let rows = messages.into_iter().map(|message| row_of(at, message));
    row::insert_all::<entity::Entity>(connection, rows).await
}

fn row_of(at: DateTime<Utc>, message: NewMessage) -> entity::Model {
    let Recipient {
        person,
        name,
        email,
        language,
    } = message.to;
    entity::Model {
        id: MessageId::new().uuid(),
        template: column::text(message.template),
        recipient_name: name,
        recipient_email: email,
        language: column::text(language),
        facts: message.facts,
        link_kind: message.link.map(|(kind, _)| kind.word().to_owned()),
        link_id: message.link.map(|(_, id)| Uuid::from(id)),
        created_at: at,
        state: PENDING.to_owned(),
        attempts: 0,
        next_attempt_at: 0,
        sent_at: None,
        organiser_id: message.organiser.map(Uuid::from),
        outcome: None,
        person_id: person.map(Uuid::from),
    }
}

/// How many messages of a template were queued for an address within the last `seconds` of the
/// system's clock: for limits, which no jump of the domain's clock may lift.
pub async fn queued_lately(
    connection: &impl ConnectionTrait,
    template: Template,
    email: &str,
    seconds: u64,
) -> Result<u64, DatabaseError> {
    let queued = since(seconds)
        .filter(entity::Column::Template.eq(column::text(template)))
        .filter(address().eq(email.to_lowercase()));
    Ok(queued.count(connection).await?)
}

/// Whether one of these addresses has had `most` messages of these templates, as
/// [`queued_lately`] counts them.
pub async fn one_has_had<'a>(
    connection: &impl ConnectionTrait,
    templates: &[Template],
    emails: impl IntoIterator<Item = &'a str>,
    (most, seconds): (i64, u64),
) -> Result<bool, DatabaseError> {
    let emails = emails.into_iter().map(str::to_lowercase);
    let had = since(seconds)
        .select_only()
        .expr(address())
        .filter(entity::Column::Template.is_in(templates.iter().map(column::text)))
        .filter(address().is_in(emails))
        .group_by(address())
        .having(Expr::expr(Func::count(Expr::col(entity::Column::Id))).gte(most))
        .limit(1);
    let had: Option<String> = had.into_tuple().one(connection).await?;
    Ok(had.is_some())
}

/// The id begins with the time at which it was made, and only the latest rows are read.
fn since(seconds: u64) -> Select<entity::Entity> {
    let since = clock::system_seconds().saturating_sub(seconds);
    let oldest = Uuid::from_u128(u128::from(since * 1000) << 80);
    entity::Entity::find().filter(entity::Column::Id.gte(oldest))
}

fn address() -> Expr {
    Expr::expr(Func::lower(Expr::col(entity::Column::RecipientEmail)))
}

/// Claims messages that are due at `now` (system seconds), the oldest first: for `lease` seconds
/// nobody else takes them, in this process or another. Whoever claims and dies is taken over then.
pub async fn claim(
    database: &Database,
    now: i64,
    lease: i64,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let due = || {
        entity::Entity::find()
            // In so many words: SQLite reads a partial index for a constant only.
            .filter(Expr::cust("state = 'pending'"))
            .filter(entity::Column::NextAttemptAt.lte(now))
    };
    // Mostly there is nothing, and then no writer needs to wait for us.
    if due().one(database.read()).await?.is_none() {
        return Ok(Vec::new());
    }
    let transaction = database.begin().await?;
    let connection = transaction.connection();
    let mut rows = due()
        .order_by_asc(entity::Column::NextAttemptAt)
        .order_by_asc(entity::Column::Id)
        .limit(MOST_CLAIMED)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .all(connection)
        .await?;
    if rows.is_empty() {
        return Ok(rows);
    }
    entity::Entity::update_many()
        .col_expr(
            entity::Column::Attempts,
            Expr::col(entity::Column::Attempts).add(1),
        )
        .col_expr(entity::Column::NextAttemptAt, Expr::value(now + lease))
        .filter(entity::Column::Id.is_in(rows.iter().map(|row| row.id)))
        .exec(connection)
        .await?;
    transaction.commit().await?;
    for row in &mut rows {
        row.attempts += 1;
    }
    Ok(rows)
}

/// Marks messages as sent.
pub async fn mark_sent(
    database: &Database,
    ids: &[Uuid],
    at: DateTime<Utc>,
) -> Result<(), DatabaseError> {
    if ids.is_empty() {
        return Ok(());
    }
    let transaction = database.begin().await?;
    entity::Entity::update_many()
        .col_expr(entity::Column::State, Expr::value(SENT))
        .col_expr(entity::Column::SentAt, Expr::value(at))
        .filter(entity::Column::Id.is_in(ids.iter().copied()))
        .exec(transaction.connection())
        .await?;
    transaction.commit().await
}

/// Notes what became of a message that was not sent: where it stands, and why in one word. One
/// that stays pending is tried again later.
pub async fn settle(
    database: &Database,
    message: &entity::Model,
    (state, outcome): (&str, &str),
    now: i64,
) -> Result<(), DatabaseError> {
    let transaction = database.begin().await?;
    entity::Entity::update_many()
        .col_expr(entity::Column::State, Expr::value(state))
        .col_expr(entity::Column::Outcome, Expr::value(outcome))
        .col_expr(
            entity::Column::NextAttemptAt,
            Expr::value(now + pause_seconds(message.attempts)),
        )
        .filter(entity::Column::Id.eq(message.id))
        .exec(transaction.connection())
        .await?;
    transaction.commit().await
}

/// How many messages there are of each template in each state: what an operator may know.
pub async fn tally(
    connection: &impl ConnectionTrait,
) -> Result<Vec<(String, String, i64)>, DatabaseError> {
    Ok(entity::Entity::find()
        .select_only()
        .columns([entity::Column::Template, entity::Column::State])
        .column_as(entity::Column::Id.count(), "messages")
        .group_by(entity::Column::Template)
        .group_by(entity::Column::State)
        .order_by_asc(entity::Column::Template)
        .order_by_asc(entity::Column::State)
        .into_tuple()
        .all(connection)
        .await?)
}

/// Saves a message that is to be sent once more, or that came back.
pub async fn renew(change: &Change, message: &entity::Model) -> Result<(), DatabaseError> {
    row::update::<entity::Entity>(change.tx(), message.clone()).await?;
    Ok(())
}

/// Gives claimed messages back that there was no time for, as if they had not been claimed.
pub async fn give_back(
    database: &Database,
    messages: &[entity::Model],
    now: i64,
) -> Result<(), DatabaseError> {
    if messages.is_empty() {
        return Ok(());
    }
    let transaction = database.begin().await?;
    entity::Entity::update_many()
        .col_expr(
            entity::Column::Attempts,
            Expr::col(entity::Column::Attempts).sub(1),
        )
        .col_expr(entity::Column::NextAttemptAt, Expr::value(now))
        .filter(entity::Column::Id.is_in(messages.iter().map(|one| one.id)))
        .exec(transaction.connection())
        .await?;
    transaction.commit().await
}

/// Seconds until the next attempt: later each time.
fn pause_seconds(attempts: i32) -> i64 {
    let place = usize::try_from(attempts.saturating_sub(1)).unwrap_or(0);
    PAUSES.get(place).or(PAUSES.last()).copied().unwrap_or(0)
}

/// What keeps messages from being sent: by their ids, the state that they are left in and why.
pub async fn obstacles(
    connection: &impl ConnectionTrait,
    messages: &[entity::Model],
) -> Result<HashMap<Uuid, (&'static str, &'static str)>, DatabaseError> {
    if messages.is_empty() {
        return Ok(HashMap::new());
    }
    let keys = || messages.iter().map(|one| email_key(&one.recipient_email));
    let bounced: HashSet<String> = bounces::store::of_addresses(connection, keys()).await?;
    let refused = refusals::of_addresses(connection, keys()).await?;
    let mut known: HashMap<String, bool> = HashMap::new();
    for person in people::store::of_addresses(connection, keys()).await? {
        *known.entry(person.email_key).or_default() |= person.active;
    }
    let persons = messages.iter().filter_map(|one| one.person_id);
    let persons = people::store::of_ids(connection, persons).await?;
    // Who it was written to, and not who has the address by now.
    let is_here = |one: &entity::Model, key: &str| match one.person_id {
        Some(id) => persons.get(&id).is_some_and(|person| person.active),
        None => known.get(key) != Some(&false),
    };
    let judged = messages.iter().filter_map(|one| {
        let key = email_key(&one.recipient_email);
        let sort = kinds::sort_of(&one.template).map(kinds::Sort::word);
        let is_refused = sort.is_some_and(|sort| refused.contains(&(key.clone(), sort.to_owned())));
        let obstacle = if !is_here(one, &key) {
            (DROPPED, "left")
        } else if is_refused {
            (DROPPED, "unsubscribed")
        } else if bounced.contains(&key) {
            (WITHHELD, "address_bounced")
        } else {
            return None;
        };
        Some((one.id, obstacle))
    });
    Ok(judged.collect())
}

/// Names of the organisers in whose names messages are written.
pub async fn organisers(
    connection: &impl ConnectionTrait,
    messages: &[entity::Model],
) -> Result<HashMap<Uuid, String>, DatabaseError> {
    let ids: HashSet<Uuid> = messages.iter().filter_map(|one| one.organiser_id).collect();
    if ids.is_empty() {
        // "In nothing" is a condition that SQLite tries on every row.
        return Ok(HashMap::new());
    }
    let rows = organisations::entity::Entity::find()
        .filter(organisations::entity::Column::Id.is_in(ids))
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// Forgets what was written to a person, sent or not, and the person's name in what was written to
/// others. `address` is the person's, unless it is somebody else's by now: what was written to it
/// without a person goes too.
pub async fn forget(
    change: &Change,
    person: PersonId,
    address: Option<&str>,
    name: &str,
) -> Result<(), DatabaseError> {
    forget_where(change, entity::Column::PersonId.eq(person.uuid())).await?;
    if let Some(address) = address {
        let column = Expr::expr(Func::lower(Expr::col(entity::Column::RecipientEmail)));
        let written = column.eq(address.to_lowercase());
        let written = Condition::all().add(written);
        forget_where(change, written.add(entity::Column::PersonId.is_null())).await?;
    }
    let (facts, holds) = if change.is_postgres() {
        (
            "replace(facts::text, $1, $2)::jsonb",
            "position($1 in facts::text) > 0",
        )
    } else {
        ("replace(facts, $1, $2)", "instr(facts, $1) > 0")
    };
    let forget = format!(
        "UPDATE messages SET facts = {facts}, \
         state = CASE WHEN state = '{SENT}' THEN '{FORGOTTEN}' ELSE state END WHERE {holds}"
    );
    let name = idempotency::json_text(name);
    let values = [name.into(), NOBODY.into()];
    let backend = change.tx().get_database_backend();
    let forget = Statement::from_sql_and_values(backend, forget, values);
    change.tx().execute_raw(forget).await?;
    Ok(())
}

/// Forgets what some messages said and to whom.
pub async fn forget_these(change: &Change, ids: &[Uuid]) -> Result<(), DatabaseError> {
    forget_where(change, entity::Column::Id.is_in(ids.iter().copied())).await
}

async fn forget_where(change: &Change, which: impl IntoCondition) -> Result<(), DatabaseError> {
    entity::Entity::update_many()
        .col_expr(entity::Column::RecipientName, Expr::value(""))
        .col_expr(entity::Column::RecipientEmail, Expr::value(""))
        .col_expr(entity::Column::Facts, Expr::value(json!({})))
        .col_expr(entity::Column::LinkId, Expr::value(None::<Uuid>))
        .col_expr(entity::Column::PersonId, Expr::value(None::<Uuid>))
        .col_expr(entity::Column::State, Expr::value(FORGOTTEN))
        .filter(which)
        .exec(change.tx())
        .await?;
    Ok(())
}

/// Messages whose files are still to be deleted, since they were to or about somebody who was
/// erased.
pub async fn forgotten(
    connection: &impl ConnectionTrait,
) -> Result<Vec<entity::Model>, DatabaseError> {
    Ok(entity::Entity::find()
        // In so many words: SQLite reads a partial index for a constant only.
        .filter(Expr::cust("state = 'forgotten'"))
        .limit(MOST_CLAIMED)
        .all(connection)
        .await?)
}

/// Notes that the files of messages are gone.
pub async fn mark_erased(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<(), DatabaseError> {
    entity::Entity::update_many()
        .col_expr(entity::Column::State, Expr::value(ERASED))
        .filter(entity::Column::Id.is_in(ids))
        .exec(connection)
        .await?;
    Ok(())
}

/// Where a message stands, for who reads of it: whether its file is gone too is our affair.
pub fn state(row: &entity::Model) -> Result<MessageState, DatabaseError> {
    if row.state == FORGOTTEN {
        return Ok(MessageState::Erased);
    }
    column::parse(&row.state)
}

/// The words of a state in rows.
pub fn words(state: MessageState) -> Vec<String> {
    let mut words = vec![column::text(state)];
    if state == MessageState::Erased {
        words.push(FORGOTTEN.to_owned());
    }
    words
}

/// The template of a row.
pub fn template(row: &entity::Model) -> Result<Template, DatabaseError> {
    column::parse(&row.template)
}

/// What the names of messages that other services have worded begin with.
pub const TOLD: &str = "told.";

/// Queues what another service wants said, as it was worded there.
pub async fn queue_told(
    connection: &impl ConnectionTrait,
    at: DateTime<Utc>,
    to: Recipient,
    said: MessageRequested,
) -> Result<(), DatabaseError> {
    let row = entity::Model {
        id: MessageId::new().uuid(),
        template: format!("{TOLD}{}", said.template),
        recipient_name: to.name,
        recipient_email: to.email,
        language: column::text(to.language),
        facts: json!({ "subject": said.subject, "text": said.text, "calendar": said.calendar }),
        link_kind: said
            .link
            .as_ref()
            .map(|link| format!("{}/{}", link.service, link.kind)),
        link_id: said.link.map(|link| link.link_id.uuid()),
        created_at: at,
        state: PENDING.to_owned(),
        attempts: 0,
        next_attempt_at: 0,
        sent_at: None,
        organiser_id: said.organiser_id.map(Uuid::from),
        outcome: None,
        person_id: to.person.map(Uuid::from),
    };
    row::insert::<entity::Entity>(connection, row).await?;
    Ok(())
}

/// What a row's link is signed for.
pub fn link(row: &entity::Model) -> Option<(&str, LinkId)> {
    Some((row.link_kind.as_deref()?, row.link_id?.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_for_almost_a_day() {
        assert_eq!(pause_seconds(1), 2);
        assert_eq!(pause_seconds(4), 300);
        assert_eq!(pause_seconds(i32::MAX), 28_800);
        assert!(PAUSES.is_sorted());
        let whole: i64 = (1..MOST_ATTEMPTS).map(pause_seconds).sum();
        assert!((79_200..86_400).contains(&whole), "{whole}");
    }
}
