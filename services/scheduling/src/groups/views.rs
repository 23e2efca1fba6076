//! What is seen of published groups: each participant's own, and in numbers who has met whom.

use super::{compose::Pair, entity, group, inputs::met, member, store};
use sea_orm::ConnectionTrait;
use shared_database::{DatabaseError, column};
use shared_projections::{organisations, participations, people, rounds};
use shared_types::{
    Links, PersonId, Role, RoundId,
    scheduling::groups::{
        GroupMeetingCount, GroupMeetings, GroupMetCount, Groupmate, PublishedGroup, RoundGroups,
    },
};
use shared_web::Context;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// The published groups of a round that the caller may see: a participant's own; all of them for
/// coordinators and facilitators of the organiser. Nothing where the caller has no part in the
/// round.
pub async fn round_groups(
    connection: &impl ConnectionTrait,
    round: &rounds::Model,
    context: &Context,
) -> Result<Option<RoundGroups>, DatabaseError> {
    let organiser = round.organiser_id.into();
    let caller = &context.caller;
    let sees_all = caller.coordinates(organiser) || caller.has(Role::Facilitator, organiser);
    let participants = participations::of_round(connection, round.id.into()).await?;
    let own = caller.person.map(PersonId::uuid);
    let takes_part = participants.iter().any(|one| Some(one.person_id) == own);
    if !sees_all && !takes_part {
        return Ok(None);
    }
    let names = MateNames::read(connection, &participants).await?;
    let mut shown = Vec::new();
    for set in store::published(connection, round.id.into()).await? {
        let members = store::members(connection, set.id).await?;
        for group in store::groups(connection, set.id).await? {
            let here: Vec<&member::Model> = members
                .iter()
                .filter(|member| member.group_number == group.number)
                .collect();
            let is_own = takes_part && here.iter().any(|member| Some(member.person_id) == own);
            if sees_all || is_own {
                shown.push(names.group(&set, &group, &here, is_own)?);
            }
        }
    }
    let href = context.href(format!("rounds/{}/groups", round.id));
    Ok(Some(RoundGroups {
        round_id: round.id.into(),
        groups: shown,
        links: Links::to_self(href),
    }))
}

/// How those who take part in a round are called, and where they come from.
struct MateNames {
    people: HashMap<Uuid, people::Model>,
    municipality_of: HashMap<Uuid, Option<Uuid>>,
    municipalities: HashMap<Uuid, organisations::Model>,
}

impl MateNames {
    async fn read(
        connection: &impl ConnectionTrait,
        participants: &[participations::Model],
    ) -> Result<Self, DatabaseError> {
        let people = participants.iter().map(|one| one.person_id);
        let municipalities: BTreeSet<Uuid> = participants
            .iter()
            .filter_map(|one| one.municipality_id)
            .collect();
        Ok(Self {
            people: people::find_all(connection, people).await?,
            municipality_of: participants
                .iter()
                .map(|one| (one.person_id, one.municipality_id))
                .collect(),
            municipalities: organisations::find_all(connection, municipalities).await?,
        })
    }

    /// A group with those of its members who still take part.
    fn group(
        &self,
        set: &entity::Model,
        group: &group::Model,
        here: &[&member::Model],
        is_own: bool,
    ) -> Result<PublishedGroup, DatabaseError> {
        let mut members: Vec<Groupmate> = here
            .iter()
            .filter_map(|member| self.mate(member.person_id))
            .collect();
        members.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(PublishedGroup {
            group_id: group.id.into(),
            group_set_id: set.id.into(),
            session_id: set.session_id.map(Into::into),
            name: column::from_json(set.name.clone())?,
            number: group.number,
            is_own,
            members,
        })
    }

    fn mate(&self, person: Uuid) -> Option<Groupmate> {
        let municipality = *self.municipality_of.get(&person)?;
        let name = self.people.get(&person).map(|one| one.name.clone());
        let municipality = municipality.and_then(|id| self.municipalities.get(&id));
        Some(Groupmate {
            name: name.unwrap_or_default(),
            municipality: municipality.map(|one| one.name.clone()),
        })
    }
}

/// Who has met whom in a round's published groups, in numbers.
pub async fn meetings(
    connection: &impl ConnectionTrait,
    round: RoundId,
    context: &Context,
) -> Result<GroupMeetings, DatabaseError> {
    let participants = participations::of_round(connection, round).await?;
    let ids: BTreeSet<Uuid> = participants.iter().map(|one| one.person_id).collect();
    let people = people::find_all(connection, ids.iter().copied()).await?;
    let sets = store::published(connection, round).await?;
    let mut groups: BTreeMap<(Uuid, i32), Vec<PersonId>> = BTreeMap::new();
    for set in &sets {
        for member in store::members(connection, set.id).await? {
            if ids.contains(&member.person_id) {
                let group = groups.entry((set.id, member.group_number)).or_default();
                group.push(member.person_id.into());
            }
        }
    }
    let met = met(&groups.into_values().collect::<Vec<_>>());
    let mut counts: Vec<GroupMetCount> = ids
        .iter()
        .map(|&id| met_count(id.into(), people.get(&id), &met))
        .collect();
    counts.sort_by(|one, other| {
        (one.met_count, &one.name, one.person_id).cmp(&(
            other.met_count,
            &other.name,
            other.person_id,
        ))
    });
    let href = context.href(format!("rounds/{round}/group-meetings"));
    let sets_href = context.href(format!("rounds/{round}/group-sets"));
    Ok(GroupMeetings {
        round_id: round,
        sets_count: count(sets.len()),
        people_count: count(ids.len()),
        pairs: pairs(ids.len(), &met),
        people: counts,
        links: Links::to_self(href).with("sets", "GET", sets_href),
    })
}

fn met_count(
    person: PersonId,
    known: Option<&people::Model>,
    met: &BTreeMap<Pair, u32>,
) -> GroupMetCount {
    let own = || {
        met.iter()
            .filter(|(pair, _)| pair.people().contains(&person))
    };
    GroupMetCount {
        person_id: person,
        name: known.map(|known| known.name.clone()).unwrap_or_default(),
        met_count: count(own().count()),
        again_count: count(own().filter(|&(_, &times)| times > 1).count()),
    }
}

/// How many pairs met how often, those who never met included.
fn pairs(people: usize, met: &BTreeMap<Pair, u32>) -> Vec<GroupMeetingCount> {
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    for &times in met.values() {
        *counts.entry(times).or_default() += 1;
    }
    let all = people * people.saturating_sub(1) / 2;
    let never = all - met.len();
    if never > 0 {
        counts.insert(0, never);
    }
    let wire = |(times, pairs): (u32, usize)| GroupMeetingCount {
        times: i32::try_from(times).unwrap_or(i32::MAX),
        pairs: count(pairs),
    };
    counts.into_iter().map(wire).collect()
}

fn count(length: usize) -> i32 {
    i32::try_from(length).unwrap_or(i32::MAX)
}
