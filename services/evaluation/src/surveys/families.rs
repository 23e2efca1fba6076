//! Families of surveys: what was answered before and after by one person is paired by a code of
//! a phrase that the person invented.
//!
//! The code is an HMAC by a key of the family. Who knows the key and guesses the phrase knows
//! whose sheet it is, so that the promise holds from the moment on at which the key is destroyed:
//! when the last of the family's surveys is over, or a coordinator ends the pairing.

use super::{entity, family_entity};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use shared_database::{Change, DatabaseError, column, row};
use shared_envelope::{Keys, OwnerKey, WrappedKey};
use shared_types::{
    Problem,
    evaluation::surveys::{SurveyPart, SurveyState},
};
use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization as _;
use uuid::Uuid;

/// Fewest characters of a phrase: what is shorter, several people think of.
pub const LEAST_PHRASE_CHARACTERS: usize = 8;

/// A phrase as it is coded: however it was typed, with whatever spaces and capitals.
pub fn normalised(phrase: &str) -> String {
    let lower: String = phrase.nfc().collect::<String>().to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    words.join(" ").nfc().collect()
}

/// Begins a family, with its key.
pub async fn begin(
    change: &Change,
    keys: &Keys,
    (round, organiser): (Uuid, Uuid),
) -> Result<Uuid, Problem> {
    let id = Uuid::new_v4();
    let key = keys
        .new_owner_key(id.as_bytes())
        .map_err(Problem::internal)?;
    let family = family_entity::Model {
        id,
        round_id: round,
        organiser_id: organiser,
        key_id: Some(key.key_id),
        wrapped_key: Some(key.wrapped_key),
    };
    row::insert::<family_entity::Entity>(change.tx(), family).await?;
    Ok(id)
}

/// A family.
pub async fn find(
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<family_entity::Model>, DatabaseError> {
    let found = family_entity::Entity::find_by_id(id);
    Ok(found.one(connection).await?)
}

/// Those of some families whose pairing is not over.
pub async fn open_among(
    connection: &impl ConnectionTrait,
    ids: BTreeSet<Uuid>,
) -> Result<BTreeSet<Uuid>, DatabaseError> {
    if ids.is_empty() {
        return Ok(ids);
    }
    let found = family_entity::Entity::find()
        .filter(family_entity::Column::Id.is_in(ids))
        .filter(family_entity::Column::WrappedKey.is_not_null())
        .all(connection)
        .await?;
    Ok(found.into_iter().map(|family| family.id).collect())
}

/// The key of a family whose pairing is not over.
pub fn key(keys: &Keys, family: &family_entity::Model) -> Result<Option<OwnerKey>, Problem> {
    let (Some(key_id), Some(wrapped_key)) = (&family.key_id, &family.wrapped_key) else {
        return Ok(None);
    };
    let wrapped = WrappedKey {
        key_id: key_id.clone(),
        wrapped_key: wrapped_key.clone(),
    };
    let key = keys.open_owner_key(family.id.as_bytes(), &wrapped);
    key.map(Some).map_err(Problem::internal)
}

/// Destroys a family's key.
pub async fn end(change: &mut Change, family: Uuid) -> Result<(), DatabaseError> {
    let Some(mut row) = find(change.tx(), family).await? else {
        return Ok(());
    };
    if row.wrapped_key.is_none() {
        return Ok(());
    }
    (row.key_id, row.wrapped_key) = (None, None);
    row::update::<family_entity::Entity>(change.tx(), row).await?;
    change.record("survey_family", family, "survey_family.ended", None);
    Ok(())
}

/// Destroys the key once there has been an `after` and no survey of the family is to come.
pub async fn end_if_over(change: &mut Change, family: Uuid) -> Result<(), DatabaseError> {
    let surveys = entity::Entity::find()
        .filter(entity::Column::FamilyId.eq(family))
        .all(change.tx())
        .await?;
    let to_come = [SurveyState::Planned, SurveyState::Open].map(column::text);
    let before = column::text(SurveyPart::Before);
    let closed = column::text(SurveyState::Closed);
    let is_to_come = surveys.iter().any(|one| to_come.contains(&one.state));
    let is_compared = surveys
        .iter()
        .any(|one| one.state == closed && one.part.as_ref().is_some_and(|part| *part != before));
    if is_compared && !is_to_come {
        end(change, family).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_the_same_however_it_was_typed() {
        let same = [
            "Grön båt",
            "  grön   BÅT ",
            "gro\u{308}n ba\u{30a}t",
            "GRÖN\tBÅT",
        ];
        for phrase in same {
            assert_eq!(normalised(phrase), "grön båt", "{phrase:?}");
        }
        assert_ne!(normalised("gron bat"), "grön båt");
    }
}
