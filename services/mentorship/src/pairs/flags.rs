//! Flags: hard rules that no longer hold for a pair that is there.

use super::{entity, store};
use crate::{
    conflicts,
    known::{self, People},
};
use serde_json::json;
use shared_database::{Change, column};
use shared_types::{PersonId, Problem};
use uuid::Uuid;

/// Looks again at every live pair of a person, and notes which hard rules no longer hold. What
/// changes is kept in the history and told.
pub async fn review_person(change: &mut Change, person: Uuid) -> Result<(), Problem> {
    for pair in store::live_of_person(change.tx(), person).await? {
        review(change, pair.id).await?;
    }
    Ok(())
}

async fn review(change: &mut Change, pair: Uuid) -> Result<(), Problem> {
    let Some(mut pair) = store::lock(change, pair).await? else {
        return Ok(());
    };
    let before: Vec<String> = column::from_json(pair.flags.clone())?;
    let now = current(change, &pair).await?;
    if before == now {
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

/// The names of the rules that do not hold now.
async fn current(change: &Change, pair: &entity::Model) -> Result<Vec<String>, Problem> {
    let (mentor, mentee) = (pair.mentor_person_id, pair.mentee_person_id);
    let people = People::of(change.tx(), [mentor, mentee]).await?;
    let lines = known::managers(change.tx(), [mentor, mentee]).await?;
    let above = |one: Uuid, other: Uuid| {
        lines
            .get(&one)
            .is_some_and(|line| line.contains(&PersonId::from(other)))
    };
    let between = conflicts::store::in_order(mentor.into(), mentee.into());
    let conflict = conflicts::store::between(change.tx(), pair.round_id, between).await?;
    let same = match (people.municipality(mentor), people.municipality(mentee)) {
        (Some(one), Some(other)) => one == other,
        _ => false,
    };
    let eligible = people.is_active(mentor) && people.holds_office(mentor);
    let all = [
        ("eligible_office", !eligible),
        ("other_municipality", same),
        (
            "line_of_management",
            above(mentor, mentee) || above(mentee, mentor),
        ),
        ("no_conflict", conflict.is_some()),
    ];
    let broken = all.into_iter().filter(|(_, broken)| *broken);
    Ok(broken.map(|(code, _)| code.to_owned()).collect())
}
