//! Whether changes may be shown beside the reports of the surveys that they lead from and to.
//!
//! # What is promised
//!
//! Take fewer than [`K`] people of a family of surveys, and for each of them one answer that one of
//! the question's tables shows: the table of a survey, or that of the changes between two. Then
//! there is a way in which everybody else could have answered so that all of these tables, and the
//! sizes of the changes, are exactly as they are. It holds for a reader who also knows whose sheets
//! are paired.
//!
//! # Why it holds
//!
//! Sheets that are paired are one record, others are one each. Records that are made of the same
//! surveys, of people who are alike in all breakdowns of all these tables, are a class. Each class
//! has at least [`K`] records in each cell of each table that counts it, so that whoever is to have
//! given an answer swaps the whole record with somebody of the class who gave it. That leaves every
//! table as it is, since none tells two records of a class apart, and every size, since the pairs
//! stay together.
//!
//! So where four of 24 came to the first survey alone there are no changes shown: what the
//! twenty answered could be taken from what all did. What people were when they answered a survey
//! that closed before is not known any more. Where its report is broken down everybody has to be
//! paired, and as many must be in each group as were then.
//!
//! The proof stands in `docs/decisions/0020-everything-shown-comes-from-one-safe-table.md`; the
//! tests hold it against all ways in which few people can have answered.

use super::freeze::FrozenEffect;
use crate::reports::{
    disclosure::K,
    tables::{DIMENSIONS, FrozenQuestion},
};
use shared_types::evaluation::{
    instruments::{AnswerSheet, AnswerValue},
    reports::{ReportBreakdown, ReportCell, ReportShowing},
};
use std::collections::{BTreeMap, BTreeSet};

/// One who answered some surveys of a family under one phrase, or one of them alone.
#[derive(Clone, Debug, Default)]
pub struct Linked {
    /// What the person is, as far as it still stands on one of the sheets.
    pub background: [Option<String>; 4],
    /// The sheets by the place of their survey, that before first.
    pub sheets: Vec<Option<AnswerSheet>>,
}

impl Linked {
    fn sheet(&self, place: usize) -> Option<&AnswerSheet> {
        self.sheets.get(place)?.as_ref()
    }

    fn number(&self, place: usize, key: &str) -> Option<i32> {
        match self.sheet(place)?.get(key)? {
            AnswerValue::Number(number) => Some(*number),
            _ => None,
        }
    }
}

/// What is shown of a survey of the family already.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// Its answers.
    pub totals: Vec<FrozenQuestion>,
    /// By what people are.
    pub breakdowns: BTreeMap<String, Vec<ReportBreakdown>>,
    /// The changes from the first survey to it.
    pub effects: Vec<FrozenEffect>,
}

/// What a table counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Counted {
    /// Answers to the survey at a place.
    Answers(usize),
    /// Changes from the first survey to that at a place.
    Changes(usize),
}

/// A table of a question.
#[derive(Clone, Copy, Debug)]
struct Table<'a> {
    counted: Counted,
    cells: &'a [ReportCell],
    breakdowns: &'a [ReportBreakdown],
}

/// Takes out of the changes to the second survey of the list what would tell something beside what
/// else is shown of the family: the breakdowns, or the changes of a question altogether.
pub fn gated(effects: Vec<FrozenEffect>, parts: &[Part], people: &[Linked]) -> Vec<FrozenEffect> {
    gated_from(effects, parts, people, K)
}

/// The same with fewest people of one's own.
fn gated_from(
    effects: Vec<FrozenEffect>,
    parts: &[Part],
    people: &[Linked],
    least: u32,
) -> Vec<FrozenEffect> {
    let gate = |mut effect: FrozenEffect| {
        if effect.question.showing != ReportShowing::Shown {
            return effect;
        }
        if is_held(&effect, parts, people, least) {
            return effect;
        }
        effect.breakdowns = Vec::new();
        if is_held(&effect, parts, people, least) {
            return effect;
        }
        FrozenEffect {
            question: FrozenQuestion {
                showing: ReportShowing::Hidden,
                asked_count: None,
                cells: Vec::new(),
                ..effect.question
            },
            size: None,
            breakdowns: Vec::new(),
        }
    };
    effects.into_iter().map(gate).collect()
}

/// Whether every class has enough records in each cell of each table.
fn is_held(effect: &FrozenEffect, parts: &[Part], people: &[Linked], least: u32) -> bool {
    let key = effect.question.key.as_str();
    let tables = tables(effect, parts);
    let places: BTreeSet<usize> = tables
        .iter()
        .map(|table| match table.counted {
            Counted::Answers(place) | Counted::Changes(place) => place,
        })
        .collect();
    let is_divided = |table: &Table<'_>| {
        matches!(table.counted, Counted::Answers(_)) && !table.breakdowns.is_empty()
    };
    let must_pair = tables.iter().any(is_divided);
    let mut classes: BTreeMap<(Vec<usize>, Vec<usize>), Vec<&Linked>> = BTreeMap::new();
    for person in people {
        let of = |place: &usize| person.sheet(*place).is_some();
        let present: Vec<usize> = places.iter().copied().filter(of).collect();
        if present.is_empty() {
            continue;
        }
        if must_pair && present.len() < 2 {
            return false;
        }
        let block = tables
            .iter()
            .filter(|table| table.counts(person))
            .flat_map(|table| table.breakdowns)
            .map(|breakdown| group(person, breakdown));
        let block = block.collect();
        classes.entry((present, block)).or_default().push(person);
    }
    tables.iter().all(|table| table.groups_are(people))
        && classes.values().all(|people| {
            let mut counting = tables
                .iter()
                .filter(|table| people.first().is_some_and(|one| table.counts(one)));
            counting.all(|table| table.is_filled(key, people, least))
        })
}

/// The tables of a question that are shown: of the two surveys, of the changes between them, and of
/// every other survey whose changes are shown.
fn tables<'a>(effect: &'a FrozenEffect, parts: &'a [Part]) -> Vec<Table<'a>> {
    let key = &effect.question.key;
    let mut tables = vec![Table {
        counted: Counted::Changes(1),
        cells: &effect.question.cells,
        breakdowns: &effect.breakdowns,
    }];
    for (place, part) in parts.iter().enumerate() {
        let change = part.effects.iter().find(|other| {
            other.question.key == *key && other.question.showing == ReportShowing::Shown
        });
        if let Some(change) = change {
            tables.push(Table {
                counted: Counted::Changes(place),
                cells: &change.question.cells,
                breakdowns: &change.breakdowns,
            });
        } else if place > 1 {
            continue;
        }
        let total = part.totals.iter().find(|one| one.key == *key);
        tables.push(Table {
            counted: Counted::Answers(place),
            cells: total.map_or(&[][..], |one| one.cells.as_slice()),
            breakdowns: part.breakdowns.get(key).map_or(&[][..], Vec::as_slice),
        });
    }
    tables
}

impl Table<'_> {
    fn counts(&self, person: &Linked) -> bool {
        match self.counted {
            Counted::Answers(place) => person.sheet(place).is_some(),
            Counted::Changes(place) => person.sheet(0).is_some() && person.sheet(place).is_some(),
        }
    }

    /// The cell that a person is in; nothing where the table has none for the answer.
    fn cell(&self, key: &str, person: &Linked) -> Option<usize> {
        let answer = match self.counted {
            Counted::Answers(place) => person.number(place, key).map(|number| number.to_string()),
            Counted::Changes(place) => {
                let pair = person.number(0, key).zip(person.number(place, key));
                pair.map(|(before, after)| direction(before, after).to_owned())
            }
        };
        let named = answer.and_then(|answer| {
            let mut cells = self.cells.iter();
            cells.position(|cell| cell.answers.contains(&answer))
        });
        named.or_else(|| self.cells.iter().position(|cell| cell.with_unanswered))
    }

    /// Whether people who are alike are enough in each cell.
    fn is_filled(&self, key: &str, people: &[&Linked], least: u32) -> bool {
        if self.cells.is_empty() {
            return true;
        }
        let mut counts = vec![0_u32; self.cells.len()];
        for person in people {
            let cell = self.cell(key, person).and_then(|at| counts.get_mut(at));
            let Some(count) = cell else { return false };
            *count += 1;
        }
        counts.iter().all(|count| *count >= least)
    }

    /// Whether as many are in each group as the table says.
    fn groups_are(&self, people: &[Linked]) -> bool {
        self.breakdowns.iter().all(|breakdown| {
            let mut groups = breakdown.groups.iter().enumerate();
            groups.all(|(at, shown)| {
                let own = people
                    .iter()
                    .filter(|person| self.counts(person) && group(person, breakdown) == at);
                i32::try_from(own.count()) == Ok(shown.count)
            })
        })
    }
}

/// How a second answer stands to a first.
fn direction(before: i32, after: i32) -> &'static str {
    match after.cmp(&before) {
        std::cmp::Ordering::Less => "lower",
        std::cmp::Ordering::Equal => "same",
        std::cmp::Ordering::Greater => "higher",
    }
}

/// The group of a breakdown that a person is in.
fn group(person: &Linked, breakdown: &ReportBreakdown) -> usize {
    let dimension = DIMENSIONS
        .iter()
        .position(|one| *one == breakdown.dimension);
    let own = dimension
        .and_then(|at| person.background.get(at))
        .cloned()
        .flatten();
    let mut groups = breakdown.groups.iter();
    let named = groups.position(|group| !group.is_others && group.key == own);
    let others = || breakdown.groups.iter().position(|group| group.is_others);
    named.or_else(others).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests;
