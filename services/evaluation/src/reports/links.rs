//! Addresses by which a report is read and printed without an account: signed, never stored, and
//! good for a while.

use super::link_entity as entity;
use crate::State;
use chrono::{Days, NaiveDate};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use serde::{Deserialize, Serialize};
use shared_database::{Change, DatabaseError, column, row};
use shared_types::{LinkId, Problem, codes};
use shared_web::Context;
use uuid::Uuid;

/// The kind of these links, and the segment of their page's address.
pub const KIND: &str = "report";
/// For how many days an address opens something.
const OPEN_DAYS: u64 = 90;

/// What a link opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Opens {
    /// A round's report.
    Round,
    /// A municipality's.
    Municipality,
    /// A participation's.
    Participation,
    /// A 360's.
    Feedback,
}

/// Makes a link.
pub async fn make(
    change: &mut Change,
    opens: Opens,
    thing: Uuid,
    today: NaiveDate,
) -> Result<entity::Model, DatabaseError> {
    let link = entity::Model {
        id: LinkId::new().uuid(),
        kind: column::text(opens),
        thing_id: thing,
        open_until: today
            .checked_add_days(Days::new(OPEN_DAYS))
            .unwrap_or(today),
        created_at: change.actor.at,
    };
    let link = row::insert::<entity::Entity>(change.tx(), link).await?;
    change.record("report_link", link.id, "report_link.made", None);
    Ok(link)
}

/// The address of a link.
pub fn address(state: &State, context: &Context, link: &entity::Model) -> String {
    let token = state.link_key.sign(KIND, link.id.into());
    format!("{}/evaluation/pages/{KIND}/{token}", context.origin)
}

/// Takes one link back: it opens nothing any more.
pub async fn revoke(change: &Change, id: Uuid) -> Result<(), DatabaseError> {
    entity::Entity::delete_by_id(id).exec(change.tx()).await?;
    Ok(())
}

/// Takes back all links to a thing that is forgotten.
pub async fn forget(change: &Change, thing: Uuid) -> Result<(), DatabaseError> {
    entity::Entity::delete_many()
        .filter(entity::Column::ThingId.eq(thing))
        .exec(change.tx())
        .await?;
    Ok(())
}

/// What a link's text opens today; every other text is not there.
pub async fn open(
    state: &State,
    connection: &impl ConnectionTrait,
    text: &str,
    today: NaiveDate,
) -> Result<(Opens, Uuid), Problem> {
    let missing = || Problem::of(&codes::NOT_FOUND);
    let id = state.link_key.verify(KIND, text).ok_or_else(missing)?;
    let found = entity::Entity::find_by_id(id.uuid()).one(connection).await;
    let link = found.map_err(DatabaseError::from)?.ok_or_else(missing)?;
    if link.open_until < today {
        return Err(missing());
    }
    Ok((column::parse(&link.kind)?, link.thing_id))
}
