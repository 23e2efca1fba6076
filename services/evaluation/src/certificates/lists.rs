//! Status lists: each certificate has a place in one of its organiser's, drawn at random, so that
//! a place says neither when it was taken nor by whom.

use super::{badge::LIST_ENTRIES, list_entity, store};
use aws_lc_rs::rand;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use shared_database::{Change, DatabaseError, row};
use shared_types::{OrganisationId, Problem};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Places of a list that are given at most: half of them, so that a free one is drawn soon.
const MOST_ISSUED: i32 = LIST_ENTRIES / 2;

/// A list, whoever asks.
pub async fn find(
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<list_entity::Model>, DatabaseError> {
    Ok(list_entity::Entity::find_by_id(id).one(connection).await?)
}

/// Whether an organiser has issued anything.
pub async fn has_any(
    connection: &impl ConnectionTrait,
    organiser: OrganisationId,
) -> Result<bool, DatabaseError> {
    let any =
        list_entity::Entity::find().filter(list_entity::Column::OrganiserId.eq(organiser.uuid()));
    Ok(any.one(connection).await?.is_some())
}

/// Takes a place in an organiser's newest list; in a new one where that is full.
pub async fn take(change: &Change, organiser: OrganisationId) -> Result<(Uuid, i32), Problem> {
    let newest = list_entity::Entity::find()
        .filter(list_entity::Column::OrganiserId.eq(organiser.uuid()))
        .order_by_desc(list_entity::Column::Number);
    let newest = if change.is_postgres() {
        newest.lock_exclusive()
    } else {
        newest
    };
    let newest = newest.one(change.tx()).await.map_err(DatabaseError::from)?;
    let mut list = match newest {
        Some(list) if list.issued < MOST_ISSUED => list,
        full => make(change, organiser, full.map_or(1, |full| full.number + 1)).await?,
    };
    let taken: BTreeSet<i32> = store::taken(change.tx(), list.id)
        .await?
        .into_iter()
        .collect();
    let place = draw(&taken)?;
    list.issued += 1;
    let list = row::update::<list_entity::Entity>(change.tx(), list).await?;
    Ok((list.id, place))
}

async fn make(
    change: &Change,
    organiser: OrganisationId,
    number: i32,
) -> Result<list_entity::Model, DatabaseError> {
    let list = list_entity::Model {
        // Its id stands in public addresses and says nothing of when it was made.
        id: Uuid::new_v4(),
        organiser_id: organiser.uuid(),
        number,
        issued: 0,
        made_at: change.actor.at,
        modified_at: change.actor.at,
    };
    row::insert::<list_entity::Entity>(change.tx(), list).await
}

/// A free place.
fn draw(taken: &BTreeSet<i32>) -> Result<i32, Problem> {
    loop {
        let mut bytes = [0u8; 4];
        rand::fill(&mut bytes).map_err(|_| Problem::internal("no randomness"))?;
        // The number of places is a power of two: every place is as likely.
        let place = u32::from_be_bytes(bytes) % LIST_ENTRIES.unsigned_abs();
        let place = i32::try_from(place).map_err(Problem::internal)?;
        if !taken.contains(&place) {
            return Ok(place);
        }
    }
}

/// Notes that a list says something new.
pub async fn touch(change: &Change, id: Uuid) -> Result<(), DatabaseError> {
    let list = find(change.tx(), id).await?;
    if let Some(mut list) = list {
        list.modified_at = change.actor.at;
        row::update::<list_entity::Entity>(change.tx(), list).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_free_and_inside_the_list() {
        let taken: BTreeSet<i32> = (0..MOST_ISSUED).collect();
        for _ in 0..200 {
            let place = draw(&taken).unwrap();
            assert!((MOST_ISSUED..LIST_ENTRIES).contains(&place));
        }
    }
}
