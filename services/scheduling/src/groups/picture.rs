//! A set as it stands: its rows, what is known of its people, and how good it is.

use super::{
    compose::{self, Composition, Judgement, Score, Task},
    entity, group,
    inputs::{Known, Terms, place},
    member,
    model::{Case, EDGES},
    store,
    words::{self, Names},
};
use actix_web::web;
use sea_orm::ConnectionTrait;
use shared_database::column;
use shared_projections::people;
use shared_types::{
    Links, Problem,
    scheduling::groups::{Group, GroupFinding, GroupMember, GroupScore, GroupScorePart, GroupSet},
    transition,
};
use shared_web::{Context, command::hex};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// The picture.
#[derive(Debug)]
pub struct Picture {
    /// The set.
    pub set: entity::Model,
    /// Its groups, by number.
    pub groups: Vec<group::Model>,
    /// Who is where.
    pub members: Vec<member::Model>,
    /// Those who take part now.
    pub known: Known,
    /// How good it is, without those who have left.
    pub judgement: Judgement,
    /// Everybody whom it names, as far as they are known.
    pub people: HashMap<Uuid, people::Model>,
}

impl Picture {
    /// Reads and judges a set.
    pub async fn of(
        connection: &impl ConnectionTrait,
        set: entity::Model,
    ) -> Result<Self, Problem> {
        let (round, organiser) = (set.round_id.into(), set.organiser_id.into());
        let groups = store::groups(connection, set.id).await?;
        let members = store::members(connection, set.id).await?;
        let known = Known::read(connection, round, organiser, Some(&set)).await?;
        let ids: BTreeSet<Uuid> = members
            .iter()
            .map(|member| member.person_id)
            .chain(known.members.iter().map(|member| member.person.uuid()))
            .collect();
        Ok(Self {
            judgement: judge(&set, &members, &known).await?,
            people: people::find_all(connection, ids).await?,
            set,
            groups,
            members,
            known,
        })
    }

    /// Those who take part and have no group.
    fn missing(&self) -> impl Iterator<Item = shared_types::PersonId> {
        let placed: BTreeSet<Uuid> = self.members.iter().map(|one| one.person_id).collect();
        self.known
            .members
            .iter()
            .map(|member| member.person)
            .filter(move |person| !placed.contains(&person.uuid()))
    }

    /// What is not as it should be, in the reader's language.
    pub fn findings(&self, context: &Context) -> Vec<GroupFinding> {
        let names = Names::of(&self.people);
        let missing = self.missing();
        let missing = missing.map(|person| words::missing(person, &names, context.language));
        let groups = self.groups.len();
        let found = self.judgement.findings.iter();
        let found = found.map(|one| words::finding(one, groups, &names, context.language));
        missing.chain(found).collect()
    }

    /// What the set's edges look at.
    pub fn case(&self, context: &Context, has_reason: bool) -> Result<Case, Problem> {
        let findings = self.findings(context);
        let objections = findings.into_iter().filter(|finding| finding.needs_reason);
        let codes: BTreeSet<String> = objections.map(|finding| finding.code).collect();
        Ok(Case {
            state: column::parse(&self.set.state)?,
            coordinator: context.caller.coordinates(self.set.organiser_id.into()),
            objections: codes.into_iter().collect(),
            has_reason,
        })
    }

    /// The set for its coordinators.
    pub fn wire(&self, context: &Context, previous: Option<&Score>) -> Result<GroupSet, Problem> {
        let set = &self.set;
        let href = context.href(format!("group-sets/{}", set.id));
        let round = context.href(format!("rounds/{}", set.round_id));
        let links = Links::to_self(&href)
            .with("sets", "GET", format!("{round}/group-sets"))
            .with("meetings", "GET", format!("{round}/group-meetings"))
            .with("history", "GET", format!("{href}/history"));
        let case = self.case(context, false)?;
        Ok(GroupSet {
            id: set.id.into(),
            round_id: set.round_id.into(),
            session_id: set.session_id.map(Into::into),
            name: column::from_json(set.name.clone())?,
            state: column::parse(&set.state)?,
            rule_version: set.rule_version.clone(),
            inputs_hash: set.inputs_hash.clone(),
            seed: set.seed,
            weights: column::from_json(set.weights.clone())?,
            apart: column::from_json(set.apart.clone())?,
            created_at: set.created_at,
            published_at: set.published_at,
            groups: self.groups.iter().map(|group| self.group(group)).collect(),
            score: score(&self.judgement.score),
            previous_score: previous.map(score),
            findings: self.findings(context),
            links: transition::allowed(&EDGES, &case, &href, links),
            transitions: transition::refused(&EDGES, &case, context.language),
        })
    }

    fn group(&self, group: &group::Model) -> Group {
        let here = self.members.iter();
        let here = here.filter(|member| member.group_number == group.number);
        let mut members: Vec<GroupMember> = here.map(|member| self.member(member)).collect();
        members
            .sort_by(|one, other| (&one.name, one.person_id).cmp(&(&other.name, other.person_id)));
        let staying = || members.iter().filter(|member| !member.has_left);
        let municipalities: BTreeSet<_> = staying().filter_map(|one| one.municipality_id).collect();
        let departments: BTreeSet<_> = staying().filter_map(|one| one.department_id).collect();
        let count = |length: usize| i32::try_from(length).unwrap_or(i32::MAX);
        Group {
            id: group.id.into(),
            number: group.number,
            municipalities_count: count(municipalities.len()),
            departments_count: count(departments.len()),
            members,
        }
    }

    fn member(&self, member: &member::Model) -> GroupMember {
        let person = self.people.get(&member.person_id);
        let known = self.known.members.iter();
        let mut known = known.filter(|known| known.person.uuid() == member.person_id);
        let known = known.next();
        let own = person.and_then(|person| person.municipality_id);
        GroupMember {
            person_id: member.person_id.into(),
            name: person.map(|person| person.name.clone()).unwrap_or_default(),
            municipality_id: known.map_or(own.map(Into::into), |known| known.municipality),
            department_id: person
                .and_then(|person| person.department_id)
                .map(Into::into),
            is_locked: member.is_locked,
            has_left: known.is_none(),
        }
    }
}

/// Composes groups away from the threads that serve requests: it may take a part of a second.
pub async fn composed(task: Task) -> Result<Composition, Problem> {
    web::block(move || compose::compose(&task))
        .await
        .map_err(Problem::internal)
}

async fn judge(
    set: &entity::Model,
    members: &[member::Model],
    known: &Known,
) -> Result<Judgement, Problem> {
    let terms = Terms::of(set, members)?;
    let placed = members.iter().map(|member| member.person_id.into());
    let task = known.task_of(&placed.collect(), &terms);
    let mut groups = vec![Vec::new(); terms.groups];
    for member in members {
        if let Some(group) = groups.get_mut(place(member.group_number)) {
            group.push(member.person_id.into());
        }
    }
    let proven = set.is_optimal && hex(&compose::inputs_hash(&task)) == set.inputs_hash;
    web::block(move || compose::judge(&task, &groups, proven))
        .await
        .map_err(Problem::internal)
}

fn score(score: &Score) -> GroupScore {
    let count = |count: u32| i32::try_from(count).unwrap_or(i32::MAX);
    let part = |part: &compose::Part| GroupScorePart {
        code: part.aspect.code().to_owned(),
        count: count(part.count),
        least_count: count(part.least),
        weight: count(part.weight),
    };
    GroupScore {
        broken_count: count(score.broken),
        least_broken_count: count(score.least_broken),
        unevenness: count(score.unevenness),
        penalty: score.penalty,
        least_penalty: score.least,
        optimal: score.optimal,
        parts: score.parts.iter().map(part).collect(),
    }
}
