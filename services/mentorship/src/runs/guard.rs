//! The guard of a round's pairs. Whoever makes or ends one has the lock of the round's terms;
//! whoever publishes looks at everything again under it.

use super::terms_entity;
use crate::{mentees, mentors};
use sea_orm::{EntityTrait as _, QuerySelect as _, sea_query::OnConflict};
use serde_json::json;
use shared_database::{Change, DatabaseError, column};
use shared_types::{
    OrganisationId, Problem, RoundId, codes, mentorship::matching::NewMentorshipTerms,
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// How many people one query asks for: databases take so many values and no more.
pub const MOST_AT_ONCE: usize = 1000;

/// The terms of a round that has none of its own yet.
pub fn usual(round: RoundId, organiser: OrganisationId) -> terms_entity::Model {
    let usual = NewMentorshipTerms::default();
    terms_entity::Model {
        round_id: round.uuid(),
        organiser_id: organiser.uuid(),
        weights: column::json(&usual.weights),
        long_journey_minutes: usual.long_journey_minutes,
        answer_days: usual.answer_days,
        kept_days: usual.kept_days,
        places: json!([]),
        version: 1,
    }
}

/// Locks a round's pairs until the change ends, and reads its terms.
pub async fn lock(
    change: &Change,
    round: RoundId,
    organiser: OrganisationId,
) -> Result<terms_entity::Model, Problem> {
    let row = sea_orm::IntoActiveModel::into_active_model(usual(round, organiser));
    let mut nothing = OnConflict::column(terms_entity::Column::RoundId);
    nothing.do_nothing();
    terms_entity::Entity::insert(row)
        .on_conflict(nothing)
        .exec_without_returning(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    let select = terms_entity::Entity::find_by_id(round.uuid());
    let select = if change.is_postgres() && guarded(round) {
        select.lock_exclusive()
    } else {
        select
    };
    let found = select.one(change.tx()).await.map_err(DatabaseError::from)?;
    found.ok_or_else(|| Problem::of(&codes::UNAVAILABLE).retry_after(1))
}

/// Takes the lock of every round that some people are in, always in one order. Whoever changes
/// what the hard rules read does so before looking at the pairs: a pair that is being made is
/// there afterwards, and one that is made later is judged by what was changed.
pub async fn lock_rounds_of(change: &Change, people: &[Uuid]) -> Result<(), Problem> {
    let mut rounds = BTreeSet::new();
    for some in people.chunks(MOST_AT_ONCE) {
        rounds.extend(mentors::store::rounds_of(change.tx(), some).await?);
        rounds.extend(mentees::store::rounds_of(change.tx(), some).await?);
    }
    for (round, organiser) in rounds {
        lock(change, round.into(), organiser.into()).await?;
    }
    Ok(())
}

/// Whether a round's lock and the second look under it are on. Tests switch them off to show that
/// they would notice.
#[cfg(not(feature = "sabotage"))]
pub(super) const fn guarded(_: RoundId) -> bool {
    true
}

#[cfg(feature = "sabotage")]
pub(super) fn guarded(round: RoundId) -> bool {
    !sabotage::is_broken(round)
}

/// Switches by which tests break the guard of one round. The feature is switched on by tests
/// alone.
#[cfg(feature = "sabotage")]
pub mod sabotage {
    use shared_types::RoundId;
    use std::{collections::HashSet, sync::Mutex};

    static BROKEN: Mutex<Option<HashSet<RoundId>>> = Mutex::new(None);

    /// From now on runs of this round are published without a second look.
    pub fn break_guard(round: RoundId) {
        if let Ok(mut broken) = BROKEN.lock() {
            broken.get_or_insert_default().insert(round);
        }
    }

    pub(super) fn is_broken(round: RoundId) -> bool {
        let broken = BROKEN.lock();
        broken.is_ok_and(|broken| broken.as_ref().is_some_and(|all| all.contains(&round)))
    }
}
