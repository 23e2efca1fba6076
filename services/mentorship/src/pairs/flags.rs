//! Flags: hard rules that no longer hold for a pair that is there.
//!
//! Whatever a rule reads is changed under the lock of the round ([`crate::runs::guard`]), and the
//! pairs are looked at after it. What a pair is told of only by way of others, such as the manager
//! of a manager, is found by the sweep ([`outdated`]).

use super::{entity, steps, store};
use crate::{
    conflicts,
    known::{self, People},
    matching::Rule,
    runs::guard,
};
use sea_orm::ConnectionTrait;
use serde_json::json;
use shared_database::{Change, DatabaseError, column};
use shared_projections::endorsements;
use shared_types::{PersonId, Problem};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// Looks again at every live pair of some people, and notes which hard rules no longer hold. What
/// changes is kept in the history and told.
pub async fn review_people(change: &mut Change, people: &[Uuid]) -> Result<(), Problem> {
    guard::lock_rounds_of(change, people).await?;
    for some in people.chunks(guard::MOST_AT_ONCE) {
        for pair in store::live_of_people(change.tx(), some).await? {
            review(change, pair.id).await?;
        }
    }
    Ok(())
}

/// The same for whatever pair a participant has.
pub async fn review_mentee(change: &mut Change, mentee: Uuid) -> Result<(), Problem> {
    let Some(known) = crate::mentees::store::find_any(change.tx(), mentee).await? else {
        return Ok(());
    };
    guard::lock(change, known.round_id.into(), known.organiser_id.into()).await?;
    for pair in store::live_of_mentees(change.tx(), &[mentee]).await? {
        review(change, pair.id).await?;
    }
    Ok(())
}

/// The same for two people of a round whose lock is taken, whoever of them is the mentor.
pub async fn review_couple(
    change: &mut Change,
    round: Uuid,
    (one, other): (Uuid, Uuid),
) -> Result<(), Problem> {
    for pair in store::live_of_people(change.tx(), &[one]).await? {
        let two = [pair.mentor_person_id, pair.mentee_person_id];
        if pair.round_id == round && two.contains(&other) {
            review(change, pair.id).await?;
        }
    }
    Ok(())
}

/// The same for one pair.
pub async fn review_pair(change: &mut Change, pair: Uuid) -> Result<(), Problem> {
    let loaded = steps::load(change, pair).await?;
    review(change, loaded.pair.id).await
}

/// The pairs of which something else would be noted now than is.
pub async fn outdated(connection: &impl ConnectionTrait) -> Result<Vec<Uuid>, Problem> {
    let mut outdated = Vec::new();
    for round in store::live_rounds(connection).await? {
        let pairs = store::live_of_round(connection, round).await?;
        let known = Known::of(connection, &pairs).await?;
        for pair in &pairs {
            let noted: Vec<String> = column::from_json(pair.flags.clone())?;
            if noted != known.broken(pair) {
                outdated.push(pair.id);
            }
        }
    }
    Ok(outdated)
}

async fn review(change: &mut Change, pair: Uuid) -> Result<(), Problem> {
    let Some(mut pair) = store::lock(change, pair).await? else {
        return Ok(());
    };
    let before: Vec<String> = column::from_json(pair.flags.clone())?;
    let known = Known::of(change.tx(), std::slice::from_ref(&pair)).await?;
    let now = known.broken(&pair);
    // Of a pair that ended meanwhile nothing is noted any more.
    if before == now || pair.ended_at.is_some() {
        return Ok(());
    }
    pair.flags = column::json(&now);
    let pair = store::save(change, pair).await?;
    let edge = if now.is_empty() {
        "pair.cleared"
    } else {
        "pair.flagged"
    };
    change.record("pair", pair.id, edge, None);
    change.publish(
        edge,
        pair.id,
        json!({
            "pairId": pair.id, "roundId": pair.round_id, "organiserId": pair.organiser_id,
            "mentorPersonId": pair.mentor_person_id, "menteePersonId": pair.mentee_person_id,
            "state": pair.state, "flags": now, "version": pair.version,
        }),
    );
    crate::alarms::steps::review(change, pair.round_id.into()).await
}

/// What decides about some pairs now.
struct Known {
    people: People,
    managers: BTreeMap<Uuid, BTreeSet<PersonId>>,
    endorsers: HashMap<Uuid, Vec<PersonId>>,
    conflicts: BTreeSet<(Uuid, Uuid, Uuid)>,
}

impl Known {
    async fn of(
        connection: &impl ConnectionTrait,
        pairs: &[entity::Model],
    ) -> Result<Self, DatabaseError> {
        let two = |pair: &entity::Model| [pair.mentor_person_id, pair.mentee_person_id];
        let persons: BTreeSet<Uuid> = pairs.iter().flat_map(two).collect();
        let rounds: BTreeSet<Uuid> = pairs.iter().map(|pair| pair.round_id).collect();
        let mut conflicts = BTreeSet::new();
        for round in rounds {
            let declared = conflicts::store::of_round(connection, round).await?;
            let between = declared.iter().map(|row| (round, row.one_id, row.other_id));
            conflicts.extend(between);
        }
        let mentees = pairs.iter().map(|pair| pair.application_id);
        Ok(Self {
            people: People::of(connection, persons.iter().copied()).await?,
            managers: known::managers(connection, persons).await?,
            endorsers: endorsements::endorsers(connection, mentees).await?,
            conflicts,
        })
    }

    fn is_above(&self, one: Uuid, other: Uuid) -> bool {
        let above = self.managers.get(&other);
        above.is_some_and(|above| above.contains(&PersonId::from(one)))
    }

    /// The names of the rules that do not hold for a pair now.
    fn broken(&self, pair: &entity::Model) -> Vec<String> {
        let (mentor, mentee) = (pair.mentor_person_id, pair.mentee_person_id);
        let people = &self.people;
        let same = match (people.municipality(mentor), people.municipality(mentee)) {
            (Some(one), Some(other)) => one == other,
            _ => false,
        };
        let (one, other) = conflicts::store::in_order(mentor.into(), mentee.into());
        let endorsers = self.endorsers.get(&pair.application_id);
        let all = [
            (
                Rule::EligibleOffice,
                !people.is_active(mentor) || !people.holds_office(mentor),
            ),
            (Rule::OtherMunicipality, same),
            (
                Rule::NotTheEndorser,
                endorsers.is_some_and(|all| all.contains(&mentor.into())),
            ),
            (
                Rule::LineOfManagement,
                self.is_above(one, other) || self.is_above(other, one),
            ),
            (
                Rule::NoConflict,
                self.conflicts.contains(&(pair.round_id, one, other)),
            ),
        ];
        let broken = all.into_iter().filter(|(_, broken)| *broken);
        broken.map(|(rule, _)| rule.code().to_owned()).collect()
    }
}
