//! What a run came to, as it is kept: enough to put it into words in any language later.

use super::inputs::Gathered;
use crate::matching::{self, Because, LockRefusal};
use serde::{Deserialize, Serialize};
use shared_types::{OrganisationId, PersonId};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A kept outcome.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// The pairs, by mentee.
    pub pairs: Vec<Pair>,
    /// Mentees without a mentor, each with the index of what stands in the way.
    pub unmatched: Vec<(Uuid, usize)>,
    /// What stands in the way.
    pub blocking: Vec<Blocking>,
    /// Demanded pairs that were not made: mentor, mentee, codes of the reasons.
    pub broken_locks: Vec<(Uuid, Uuid, Vec<String>)>,
}

/// A kept pair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pair {
    /// The mentor's row.
    pub mentor: Uuid,
    /// The participation.
    pub mentee: Uuid,
    /// Whether a coordinator demanded it.
    pub locked: bool,
    /// The sum of the parts.
    pub score: u32,
    /// The score by criterion.
    pub parts: Vec<Part>,
}

/// What one criterion adds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    /// The criterion's name.
    pub criterion: String,
    /// What it adds.
    pub score: u32,
    /// What gave it.
    pub because: Reason,
}

/// What gives points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A wish of this rank.
    Wish(u32),
    /// Competences in common.
    Competences(Vec<String>),
    /// A language in common.
    Language(String),
    /// A journey of so many minutes.
    Journey(u32),
    /// No journey.
    NoJourney,
    /// A form of meeting in common.
    Form(String),
    /// A sector in common.
    Sector(String),
    /// One of them has not said.
    Unknown,
    /// Nothing.
    Nothing,
}

/// Mentees who together have too few places.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Blocking {
    /// Everybody who competes.
    pub mentees: Vec<Uuid>,
    /// How many of them go without.
    pub unmatched: usize,
    /// All mentors who are possible for any of them.
    pub mentors: Vec<Uuid>,
    /// Free places of these mentors.
    pub places: u32,
    /// Where the mentees come from, the most frequent first.
    pub municipalities: Vec<(OrganisationId, u32)>,
    /// Which rule keeps how many other mentors away.
    pub excluded: Vec<(String, u32)>,
}

impl Outcome {
    /// Keeps what a matching came to.
    pub fn of(outcome: &matching::Outcome, gathered: &Gathered) -> Self {
        let mentor = |person: &PersonId| row(&gathered.mentors, *person);
        let mentee = |person: &PersonId| row(&gathered.mentees, *person);
        let pair = |pair: &matching::Pair| Pair {
            mentor: mentor(&pair.couple.mentor),
            mentee: mentee(&pair.couple.mentee),
            locked: pair.is_locked,
            score: pair.score,
            parts: pair.parts.iter().map(part).collect(),
        };
        let blocking = |one: &matching::Blocking| Blocking {
            mentees: one.mentees.iter().map(mentee).collect(),
            unmatched: one.unmatched.len(),
            mentors: one.mentors.iter().map(mentor).collect(),
            places: one.places,
            municipalities: one.municipalities.clone(),
            excluded: one
                .excluded
                .iter()
                .map(|(rule, count)| (rule.code().to_owned(), *count))
                .collect(),
        };
        let broken = |lock: &matching::BrokenLock| {
            let codes = match &lock.because {
                LockRefusal::NotInRun => vec!["not_in_run".to_owned()],
                LockRefusal::Rules(rules) => {
                    rules.iter().map(|rule| rule.code().to_owned()).collect()
                }
                LockRefusal::Outweighed => vec!["outweighed".to_owned()],
            };
            (
                mentor(&lock.couple.mentor),
                mentee(&lock.couple.mentee),
                codes,
            )
        };
        Self {
            pairs: outcome.pairs.iter().map(pair).collect(),
            unmatched: outcome
                .unmatched
                .iter()
                .map(|one| (mentee(&one.mentee), one.blocking))
                .collect(),
            blocking: outcome.blocking.iter().map(blocking).collect(),
            broken_locks: outcome.broken_locks.iter().map(broken).collect(),
        }
    }
}

/// The row of a person; one who is in no row is shown by the person's own id.
fn row(rows: &BTreeMap<PersonId, Uuid>, person: PersonId) -> Uuid {
    rows.get(&person).copied().unwrap_or(person.uuid())
}

fn part(part: &matching::Part) -> Part {
    let because = match &part.because {
        Because::Wish { rank } => Reason::Wish(*rank),
        Because::Competences { codes } => Reason::Competences(codes.clone()),
        Because::Language { tag } => Reason::Language(tag.clone()),
        Because::Journey { minutes } => Reason::Journey(*minutes),
        Because::NoJourney => Reason::NoJourney,
        Because::Form { form } => Reason::Form(form.code().to_owned()),
        Because::Sector { code } => Reason::Sector(code.clone()),
        Because::Unknown => Reason::Unknown,
        Because::Nothing => Reason::Nothing,
    };
    Part {
        criterion: part.criterion.code().to_owned(),
        score: part.score,
        because,
    }
}
