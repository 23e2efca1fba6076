//! What is done to a set: each step in an open change, under the round's lock.

use super::{
    compose::{Composition, RULE_VERSION, Task},
    entity,
    inputs::{Known, Terms, number, place, usual_weights},
    member,
    model::{Division, groups_count},
    picture::Picture,
    store,
};
use crate::releases::claims;
use serde_json::json;
use shared_database::{Change, DatabaseError, column, row};
use shared_projections::rounds;
use shared_types::{
    FieldProblem, GroupSetId, PersonId, Problem,
    codes::INVALID_BODY,
    scheduling::{
        codes::{GROUP_INPUTS_CHANGED, GROUP_PERSON_UNKNOWN, GROUP_UNKNOWN},
        groups::{GroupLock, GroupMove, GroupSetState, NewGroupSet, PairApart, Recomposition},
    },
};
use shared_web::command::hex;
use std::collections::BTreeSet;

/// What a new set is composed by.
pub fn terms_of_new(body: &NewGroupSet, known: &Known) -> Result<Terms, Problem> {
    let division = match (body.groups_count, body.group_size) {
        (Some(count), None) => Division::Into(usize::try_from(count).unwrap_or(0)),
        (None, Some(size)) => Division::By(usize::try_from(size).unwrap_or(0)),
        _ => {
            let words = "Either the number of groups or their size.";
            return Err(Problem::invalid("/groupsCount", "invalid", words));
        }
    };
    check_each_person_once(&body.locks, &body.apart)?;
    let terms = Terms {
        groups: groups_count(division, known.members.len())?,
        seed: body.seed.unwrap_or(1),
        weights: body.weights.unwrap_or_else(usual_weights),
        locks: body.locks.clone(),
        apart: body.apart.clone(),
    };
    check_people(&terms, known)?;
    Ok(terms)
}

/// What a set is composed by again: what is asked for, and the locks of those who still take part.
pub fn terms_of_again(
    body: &Recomposition,
    set: &entity::Model,
    members: &[member::Model],
    known: &Known,
) -> Result<Terms, Problem> {
    let before = Terms::of(set, members)?;
    let apart = body.apart.clone().unwrap_or(before.apart);
    check_each_person_once(&[], &apart)?;
    let count = body
        .groups_count
        .map_or(before.groups, |count| usize::try_from(count).unwrap_or(0));
    let mut terms = Terms {
        groups: groups_count(Division::Into(count), known.members.len())?,
        seed: body.seed.unwrap_or(before.seed),
        weights: body.weights.unwrap_or(before.weights),
        locks: before.locks,
        apart,
    };
    terms.locks.retain(|lock| known.has(lock.person_id));
    if body.apart.is_none() {
        let is_here =
            |pair: &PairApart| known.has(pair.person_id) && known.has(pair.other_person_id);
        terms.apart.retain(is_here);
    }
    check_people(&terms, known)?;
    Ok(terms)
}

fn check_each_person_once(locks: &[GroupLock], apart: &[PairApart]) -> Result<(), Problem> {
    let mut locked = BTreeSet::new();
    let repeated = locks.iter().enumerate();
    let repeated = repeated.filter(|(_, lock)| !locked.insert(lock.person_id));
    let locks = repeated.map(|(index, _)| {
        let words = "This person is locked twice.";
        FieldProblem::pointer(format!("/locks/{index}/personId"), "repeated", words)
    });
    let alone = apart.iter().enumerate();
    let alone = alone.filter(|(_, pair)| pair.person_id == pair.other_person_id);
    let pairs = alone.map(|(index, _)| {
        let words = "Nobody can be kept apart from themselves.";
        FieldProblem::pointer(format!("/apart/{index}/otherPersonId"), "repeated", words)
    });
    let errors: Vec<FieldProblem> = locks.chain(pairs).collect();
    if errors.is_empty() {
        return Ok(());
    }
    Err(Problem::of(&INVALID_BODY).errors(errors))
}

fn check_people(terms: &Terms, known: &Known) -> Result<(), Problem> {
    let locked = terms.locks.iter().map(|lock| lock.person_id);
    let apart = terms
        .apart
        .iter()
        .flat_map(|pair| [pair.person_id, pair.other_person_id]);
    if !locked.chain(apart).all(|person| known.has(person)) {
        return Err(Problem::of(&GROUP_PERSON_UNKNOWN));
    }
    if terms
        .locks
        .iter()
        .any(|lock| place(lock.group) >= terms.groups)
    {
        return Err(Problem::of(&GROUP_UNKNOWN).value("most", terms.groups));
    }
    Ok(())
}

/// Groups that were composed before the change was opened, and from what.
#[derive(Debug)]
pub struct Prepared {
    /// What was asked for.
    pub terms: Terms,
    /// What they were composed from.
    pub task: Task,
    /// The groups.
    pub composition: Composition,
}

impl Prepared {
    /// The same groups would be composed now, or they are not good any more.
    fn check(&self, round: uuid::Uuid, known: &Known) -> Result<(), Problem> {
        if known.task(&self.terms) == self.task || !claims::guarded(round) {
            Ok(())
        } else {
            Err(Problem::of(&GROUP_INPUTS_CHANGED))
        }
    }

    fn members(&self, set: uuid::Uuid) -> Vec<member::Model> {
        let locked: BTreeSet<PersonId> =
            self.terms.locks.iter().map(|lock| lock.person_id).collect();
        let groups = self.composition.groups.iter().enumerate();
        groups
            .flat_map(|(place, people)| people.iter().map(move |&person| (place, person)))
            .map(|(place, person)| member::Model {
                group_set_id: set,
                person_id: person.uuid(),
                group_number: number(place),
                is_locked: locked.contains(&person),
            })
            .collect()
    }

    fn write_to(&self, set: &mut entity::Model) {
        set.groups_count = i32::try_from(self.terms.groups).unwrap_or(i32::MAX);
        RULE_VERSION.clone_into(&mut set.rule_version);
        set.inputs_hash = hex(&self.composition.inputs_hash);
        set.seed = self.terms.seed;
        set.weights = column::json(&self.terms.weights);
        set.apart = column::json(&self.terms.apart);
        set.is_optimal = self.composition.score.optimal;
    }
}

/// Keeps composed groups as a new draft.
pub async fn make(
    change: &mut Change,
    round: &rounds::Model,
    body: &NewGroupSet,
    prepared: &Prepared,
) -> Result<entity::Model, Problem> {
    let (id, organiser) = (round.id.into(), round.organiser_id.into());
    let known = Known::read(change.tx(), id, organiser, None).await?;
    prepared.check(round.id, &known)?;
    let mut set = entity::Model {
        id: GroupSetId::new().uuid(),
        round_id: round.id,
        organiser_id: round.organiser_id,
        session_id: body.session_id.map(Into::into),
        name: column::json(&body.name),
        state: column::text(GroupSetState::Draft),
        groups_count: 1,
        rule_version: String::new(),
        inputs_hash: String::new(),
        seed: 0,
        weights: json!({}),
        apart: json!([]),
        is_optimal: false,
        created_at: change.actor.at,
        published_at: None,
        version: 1,
    };
    prepared.write_to(&mut set);
    let set = row::insert::<entity::Entity>(change.tx(), set).await?;
    store::replace(change, set.id, set.groups_count, prepared.members(set.id)).await?;
    change.record("group_set", set.id, "group_set.composed", None);
    Ok(set)
}

/// Composes a draft again.
pub async fn compose_again(
    change: &mut Change,
    picture: Picture,
    body: &Recomposition,
    prepared: &Prepared,
) -> Result<entity::Model, Problem> {
    // Somebody may have been locked meanwhile, or come, or left.
    let terms = terms_of_again(body, &picture.set, &picture.members, &picture.known)?;
    if terms != prepared.terms {
        return Err(Problem::of(&GROUP_INPUTS_CHANGED));
    }
    prepared.check(picture.set.round_id, &picture.known)?;
    let mut set = picture.set;
    prepared.write_to(&mut set);
    let set = store::save(change, set).await?;
    store::replace(change, set.id, set.groups_count, prepared.members(set.id)).await?;
    change.record("group_set", set.id, "group_set.composed", None);
    Ok(set)
}

/// Puts one person into a group, and where asked for somebody else in their place.
pub async fn relocate(
    change: &mut Change,
    picture: &Picture,
    person: PersonId,
    body: &GroupMove,
) -> Result<entity::Model, Problem> {
    let set = &picture.set;
    if body.group > set.groups_count {
        return Err(Problem::of(&GROUP_UNKNOWN).value("most", set.groups_count));
    }
    let find = |person: PersonId| {
        let mut members = picture.members.iter();
        members.find(|member| member.person_id == person.uuid())
    };
    // Whoever has come since the groups were composed is put into one here.
    if !picture.known.has(person) {
        return Err(Problem::of(&GROUP_PERSON_UNKNOWN));
    }
    let before = find(person).map(|member| member.group_number);
    if let Some(other) = body.exchanged_with_id {
        let other = find(other).filter(|other| other.group_number == body.group);
        let (Some(other), Some(before)) = (other, before) else {
            return Err(Problem::of(&GROUP_PERSON_UNKNOWN));
        };
        let other = member::Model {
            group_number: before,
            ..other.clone()
        };
        store::put(change, other).await?;
    }
    let moved = member::Model {
        group_set_id: set.id,
        person_id: person.uuid(),
        group_number: body.group,
        is_locked: body.is_locked,
    };
    let stays = before == Some(body.group);
    store::put(change, moved).await?;
    let set = entity::Model {
        is_optimal: set.is_optimal && stays,
        ..set.clone()
    };
    let set = store::save(change, set).await?;
    let edge = if stays {
        "group_set.locked"
    } else {
        "group_set.moved"
    };
    change.record("group_set", set.id, edge, body.reason.as_deref());
    Ok(set)
}

/// Gives up a draft.
pub async fn discard(
    change: &mut Change,
    mut set: entity::Model,
) -> Result<entity::Model, DatabaseError> {
    set.state = column::text(GroupSetState::Discarded);
    let set = store::save(change, set).await?;
    change.record("group_set", set.id, "group_set.discarded", None);
    Ok(set)
}

/// Publishes a draft; what was published in its place holds no more.
pub async fn publish(
    change: &mut Change,
    mut set: entity::Model,
    reason: Option<&str>,
) -> Result<entity::Model, DatabaseError> {
    if let Some(mut earlier) = store::published_beside(change.tx(), &set).await? {
        earlier.state = column::text(GroupSetState::Superseded);
        let earlier = store::save(change, earlier).await?;
        change.record("group_set", earlier.id, "group_set.superseded", None);
    }
    set.state = column::text(GroupSetState::Published);
    set.published_at = Some(change.actor.at);
    let set = store::save(change, set).await?;
    change.record("group_set", set.id, "group_set.published", reason);
    Ok(set)
}

/// Tells other services of a published set as it stands.
pub fn tell(change: &mut Change, edge: &str, picture: &Picture) {
    let set = &picture.set;
    let groups: Vec<_> = picture
        .groups
        .iter()
        .map(|group| {
            let here = picture.members.iter();
            let here = here.filter(|member| member.group_number == group.number);
            let staying = here.filter(|member| picture.known.has(member.person_id.into()));
            let people: Vec<_> = staying.map(|member| member.person_id).collect();
            json!({ "groupId": group.id, "number": group.number, "personIds": people })
        })
        .collect();
    change.publish(
        edge,
        set.id,
        json!({
            "groupSetId": set.id, "roundId": set.round_id, "organiserId": set.organiser_id,
            "sessionId": set.session_id, "groups": groups, "version": set.version,
        }),
    );
}
