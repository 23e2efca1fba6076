//! What is due: one question for each kind, which the preview and the sweep both ask.

use super::model::cutoff;
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, QueryResult, Statement, Value};
use shared_database::DatabaseError;
use shared_types::registration::privacy::{RetentionItem, RetentionKind};
use uuid::Uuid;

/// What is kept until then, as a question that finds `id` and `since`. `$1` is the instant before
/// which a thing is over, or the day where things are counted by days.
fn question(kind: RetentionKind) -> &'static str {
    match kind {
        RetentionKind::SentMails => {
            "SELECT id, created_at AS since FROM messages \
             WHERE state IN ('sent', 'failed', 'bounced', 'withheld', 'dropped') AND created_at < $1"
        }
        RetentionKind::ApplicationTexts => {
            "SELECT one.id AS id, rounds.ends_on AS since FROM applications AS one \
             JOIN rounds ON rounds.id = one.round_id \
             WHERE rounds.ends_on < $1 AND (one.motivation IS NOT NULL OR EXISTS (\
             SELECT 1 FROM endorsements WHERE application_id = one.id AND motive IS NOT NULL))"
        }
        RetentionKind::UnconfirmedPeople => {
            "SELECT id, created_at AS since FROM people AS one \
             WHERE verified = FALSE AND active = TRUE AND created_at < $1 AND NOT EXISTS (\
             SELECT 1 FROM applications WHERE person_id = one.id AND submitted_at IS NOT NULL)"
        }
        // Who has left or was never here; and who only ever came by a link, since nobody else will say so of them.
        RetentionKind::FormerPeople => {
            "SELECT one.id AS id, COALESCE(MAX(changes.at), one.created_at) AS since FROM people AS one \
             LEFT JOIN changes ON changes.thing_id = one.id \
             AND changes.edge IN ('person.deactivated', 'person.left') \
             WHERE one.active = FALSE \
             AND NOT EXISTS (SELECT 1 FROM erasures WHERE person_id = one.id) \
             AND NOT EXISTS (SELECT 1 FROM offices WHERE holder_id = one.id) \
             AND NOT EXISTS (SELECT 1 FROM applications JOIN rounds ON rounds.id = applications.round_id \
             WHERE applications.person_id = one.id AND rounds.state NOT IN ('finished', 'archived', 'cancelled')) \
             GROUP BY one.id, one.created_at HAVING COALESCE(MAX(changes.at), one.created_at) < $1 \
             UNION ALL \
             SELECT one.id AS id, MAX(applications.submitted_at) AS since FROM people AS one \
             JOIN applications ON applications.person_id = one.id \
             WHERE one.verified = FALSE AND one.active = TRUE \
             AND NOT EXISTS (SELECT 1 FROM applications JOIN rounds ON rounds.id = applications.round_id \
             WHERE applications.person_id = one.id AND rounds.state NOT IN ('finished', 'archived', 'cancelled')) \
             GROUP BY one.id HAVING MAX(applications.submitted_at) < $1"
        }
        RetentionKind::Interests => "SELECT id, told_at AS since FROM interests WHERE told_at < $1",
        RetentionKind::Reasons => {
            "SELECT changes.id AS id, changes.at AS since FROM change_reasons \
             JOIN changes ON changes.id = change_reasons.change_id WHERE changes.at < $1"
        }
    }
}

/// Whether a kind is counted from a day of the calendar.
fn by_day(kind: RetentionKind) -> bool {
    kind == RetentionKind::ApplicationTexts
}

fn statement(
    connection: &impl ConnectionTrait,
    (kind, days, now): (RetentionKind, i32, DateTime<Utc>),
    text: String,
) -> Statement {
    let until = cutoff(now, days);
    let until: Value = if by_day(kind) {
        until.date_naive().into()
    } else {
        until.into()
    };
    Statement::from_sql_and_values(connection.get_database_backend(), text, [until])
}

/// How many things of a kind are over when it is kept for some days.
pub async fn count(
    connection: &impl ConnectionTrait,
    kind: RetentionKind,
    days: i32,
    now: DateTime<Utc>,
) -> Result<i64, DatabaseError> {
    let text = format!("SELECT COUNT(*) AS due FROM ({}) AS over", question(kind));
    let count = statement(connection, (kind, days, now), text);
    let row = connection.query_one_raw(count).await?;
    Ok(row.map_or(Ok(0), |row| row.try_get("", "due"))?)
}

/// Whether one thing of a kind is over when it is kept for some days.
pub async fn is_over(
    connection: &impl ConnectionTrait,
    kind: RetentionKind,
    days: i32,
    now: DateTime<Utc>,
    id: Uuid,
) -> Result<bool, DatabaseError> {
    let text = format!("SELECT id FROM ({}) AS over WHERE id = $2", question(kind));
    let mut one = statement(connection, (kind, days, now), text);
    if let Some(values) = &mut one.values {
        values.0.push(id.into());
    }
    Ok(connection.query_one_raw(one).await?.is_some())
}

/// The oldest of them.
pub async fn oldest(
    connection: &impl ConnectionTrait,
    kind: RetentionKind,
    days: i32,
    now: DateTime<Utc>,
    most: u32,
) -> Result<Vec<RetentionItem>, DatabaseError> {
    let text = format!(
        "SELECT id, since FROM ({}) AS over ORDER BY since, id LIMIT {most}",
        question(kind)
    );
    let oldest = statement(connection, (kind, days, now), text);
    let rows = connection.query_all_raw(oldest).await?;
    rows.iter().map(|row| item(row, kind)).collect()
}

fn item(row: &QueryResult, kind: RetentionKind) -> Result<RetentionItem, DatabaseError> {
    let since = if by_day(kind) {
        row.try_get::<NaiveDate>("", "since")?
    } else {
        row.try_get::<DateTime<Utc>>("", "since")?.date_naive()
    };
    Ok(RetentionItem {
        id: row.try_get("", "id")?,
        since,
    })
}
