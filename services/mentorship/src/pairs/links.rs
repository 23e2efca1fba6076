//! Links by which the two answer a proposal without an account: what each is for stands in its
//! row, and the text of the link is signed, never stored.

use super::{entity, link_entity as link, model::Who};
use crate::State;
use sea_orm::{ConnectionTrait, EntityTrait as _};
use shared_database::{Change, DatabaseError, row};
use shared_projections::people;
use shared_types::{LinkId, Problem, mentorship::codes::LINK_INVALID};

/// The kind of these links, and the segment of their page's address.
pub const KIND: &str = "proposal";

const MENTOR: &str = "mentor";
const MENTEE: &str = "mentee";

/// A link for one side of a pair.
pub async fn make(
    change: &Change,
    pair: &entity::Model,
    side: Who,
) -> Result<LinkId, DatabaseError> {
    let word = if side == Who::Mentor { MENTOR } else { MENTEE };
    let link = link::Model {
        id: LinkId::new().uuid(),
        pair_id: pair.id,
        side: word.to_owned(),
        created_at: change.actor.at,
    };
    let link = row::insert::<link::Entity>(change.tx(), link).await?;
    Ok(link.id.into())
}

/// What a link's text opens: signed here for this kind, known, and that of somebody who is here.
/// Every other text gets the same answer.
pub async fn open(
    state: &State,
    connection: &impl ConnectionTrait,
    text: &str,
) -> Result<(link::Model, Who), Problem> {
    let invalid = || Problem::of(&LINK_INVALID);
    let id = state.link_key.verify(KIND, text).ok_or_else(invalid)?;
    let found = link::Entity::find_by_id(id.uuid())
        .one(connection)
        .await
        .map_err(DatabaseError::from)?;
    let link = found.ok_or_else(invalid)?;
    let side = match link.side.as_str() {
        MENTOR => Who::Mentor,
        MENTEE => Who::Mentee,
        _ => return Err(invalid()),
    };
    // A mail outlives whoever got it.
    let pair = super::store::find_any(connection, link.pair_id).await?;
    let pair = pair.ok_or_else(invalid)?;
    let reader = if side == Who::Mentor {
        pair.mentor_person_id
    } else {
        pair.mentee_person_id
    };
    if people::has_left(connection, reader.into()).await? {
        return Err(invalid());
    }
    Ok((link, side))
}
