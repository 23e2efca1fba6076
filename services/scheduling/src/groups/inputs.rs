//! What composing and judging rest on: who takes part, whose manager is who, who has met.

use super::{
    compose::{Member, Pair, Task, Weights},
    entity, member, store,
};
use sea_orm::ConnectionTrait;
use shared_database::{DatabaseError, column};
use shared_projections::{participations, people};
use shared_types::{
    DepartmentId, OrganisationId, PersonId, RoundId,
    scheduling::groups::{GroupLock, GroupWeights, PairApart},
};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// Steps up a line of management that are followed; lines are shorter.
const MOST_STEPS: usize = 50;

/// Those who take part in a round, with all that decides about their groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Who takes part.
    pub members: Vec<Member>,
    managers: BTreeMap<PersonId, PersonId>,
    met: BTreeMap<Pair, u32>,
}

impl Known {
    /// Reads what is known now; for a set that was published, the meetings before it.
    pub async fn read(
        connection: &impl ConnectionTrait,
        round: RoundId,
        organiser: OrganisationId,
        set: Option<&entity::Model>,
    ) -> Result<Self, DatabaseError> {
        let taking_part = participations::of_round(connection, round).await?;
        let ids: Vec<Uuid> = taking_part.iter().map(|one| one.person_id).collect();
        let known = people::find_all(connection, ids.iter().copied()).await?;
        let groups = store::meetings(connection, organiser, ids, set).await?;
        let members = taking_part
            .iter()
            .map(|one| member(one, known.get(&one.person_id)))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            members,
            managers: managers(connection, known).await?,
            met: met(&groups),
        })
    }

    /// Whether somebody takes part.
    pub fn has(&self, person: PersonId) -> bool {
        self.members.iter().any(|member| member.person == person)
    }

    /// A task over everybody who takes part.
    pub fn task(&self, terms: &Terms) -> Task {
        let people = self.members.iter().map(|one| one.person).collect();
        self.task_of(&people, terms)
    }

    /// A task over those of some people who take part.
    pub fn task_of(&self, people: &BTreeSet<PersonId>, terms: &Terms) -> Task {
        let members = self
            .members
            .iter()
            .filter(|one| people.contains(&one.person));
        let locks = terms
            .locks
            .iter()
            .filter(|lock| people.contains(&lock.person_id));
        Task {
            members: members.copied().collect(),
            managers: self.managers.clone(),
            met: self.met.clone(),
            apart: terms
                .apart
                .iter()
                .map(|pair| Pair::of(pair.person_id, pair.other_person_id))
                .collect(),
            locks: locks
                .map(|lock| (lock.person_id, place(lock.group)))
                .collect(),
            groups: terms.groups,
            weights: weights(terms.weights),
            seed: u64::try_from(terms.seed).unwrap_or(0),
        }
    }
}

/// What a coordinator asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Number of groups.
    pub groups: usize,
    /// Seed.
    pub seed: i32,
    /// What counts how much.
    pub weights: GroupWeights,
    /// Who stays where.
    pub locks: Vec<GroupLock>,
    /// Who is kept apart.
    pub apart: Vec<PairApart>,
}

impl Terms {
    /// What was asked for when a set was made, with the locks of its members now.
    pub fn of(set: &entity::Model, members: &[member::Model]) -> Result<Self, DatabaseError> {
        let locked = members.iter().filter(|member| member.is_locked);
        Ok(Self {
            groups: usize::try_from(set.groups_count).unwrap_or(1),
            seed: set.seed,
            weights: column::from_json(set.weights.clone())?,
            locks: locked
                .map(|member| GroupLock {
                    person_id: member.person_id.into(),
                    group: member.group_number,
                })
                .collect(),
            apart: column::from_json(set.apart.clone())?,
        })
    }
}

/// The place of a group's number in a list of groups.
pub fn place(number: i32) -> usize {
    usize::try_from(number - 1).unwrap_or(0)
}

/// The number of the group at a place.
pub fn number(place: usize) -> i32 {
    i32::try_from(place + 1).unwrap_or(i32::MAX)
}

/// The weights that count unless a coordinator says otherwise.
pub fn usual_weights() -> GroupWeights {
    let weights = Weights::default();
    let wire = |weight: u32| i32::try_from(weight).unwrap_or(0);
    GroupWeights {
        met_before: wire(weights.met_before),
        municipality: wire(weights.municipality),
        department: wire(weights.department),
        gender: wire(weights.gender),
    }
}

fn weights(wire: GroupWeights) -> Weights {
    let weight = |wire: i32| u32::try_from(wire).unwrap_or(0);
    Weights {
        met_before: weight(wire.met_before),
        municipality: weight(wire.municipality),
        department: weight(wire.department),
        gender: weight(wire.gender),
    }
}

/// A participation may be known before its person: the municipality stands in both.
fn member(
    participation: &participations::Model,
    person: Option<&people::Model>,
) -> Result<Member, DatabaseError> {
    Ok(Member {
        person: participation.person_id.into(),
        municipality: participation.municipality_id.map(OrganisationId::from),
        department: person
            .and_then(|person| person.department_id)
            .map(DepartmentId::from),
        gender: person
            .map(|person| column::parse(&person.gender))
            .transpose()?
            .unwrap_or_default(),
    })
}

/// Everybody's manager, and theirs, as far as they are known here.
async fn managers(
    connection: &impl ConnectionTrait,
    mut known: HashMap<Uuid, people::Model>,
) -> Result<BTreeMap<PersonId, PersonId>, DatabaseError> {
    for _ in 0..MOST_STEPS {
        let managers = known.values().filter_map(|person| person.manager_id);
        let next: BTreeSet<Uuid> = managers.filter(|id| !known.contains_key(id)).collect();
        if next.is_empty() {
            break;
        }
        let found = people::find_all(connection, next).await?;
        if found.is_empty() {
            break;
        }
        known.extend(found);
    }
    Ok(known
        .into_values()
        .filter_map(|person| Some((person.id.into(), person.manager_id?.into())))
        .collect())
}

/// How many times each two were in one group.
pub fn met(groups: &[Vec<PersonId>]) -> BTreeMap<Pair, u32> {
    let mut met = BTreeMap::new();
    for group in groups {
        for (place, &one) in group.iter().enumerate() {
            for &other in group.iter().take(place) {
                *met.entry(Pair::of(one, other)).or_default() += 1;
            }
        }
    }
    met
}
