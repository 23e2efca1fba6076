//! The gate of changes, held against all ways in which few people can have answered.

use super::*;
use crate::reports::disclosure::{Cell, bands, cells, count};
use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use shared_types::evaluation::reports::{ReportDimension, ReportGroup};
use std::{cell::Cell as Counter, collections::HashSet};

const QUESTION: &str = "sure";
const CASES: u32 = 150;
/// So many that tell without the gate are enough to know that the reader looks.
const ENOUGH: usize = 2;

/// Answers by the place of the survey: 0 is none, nothing where the survey was not answered.
type Record = Vec<Option<usize>>;

/// One of a few people.
#[derive(Clone, Debug)]
struct One {
    is_woman: bool,
    record: Record,
}

/// What is asked of how many.
#[derive(Clone, Copy, Debug)]
struct Asked {
    surveys: usize,
    points: usize,
    least: u32,
    /// How many people there are at most; there are a few ways to try for each more.
    people: usize,
    /// 0 where some give no answer, and everybody knows that some may, else 1.
    first: usize,
}

/// A table as it is published.
#[derive(Clone, Debug)]
struct Shown {
    place: usize,
    is_change: bool,
    cells: Vec<ReportCell>,
    /// Cells of women and of men, where it is broken down.
    groups: Vec<Vec<ReportCell>>,
}

impl Shown {
    /// What it counts of a record, as a slot: 0 for no answer, then the answers or directions.
    fn slot(&self, record: &Record) -> Option<usize> {
        slot(self.place, self.is_change, record)
    }

    fn cell(cells: &[ReportCell], is_change: bool, slot: usize) -> Option<usize> {
        cells.iter().position(|cell| {
            if slot == 0 {
                cell.with_unanswered
            } else {
                cell.answers.contains(&named(is_change, slot))
            }
        })
    }
}

fn slot(place: usize, is_change: bool, record: &Record) -> Option<usize> {
    let own = record[place]?;
    if !is_change {
        return Some(own);
    }
    let first = record[0]?;
    Some(match (first, own) {
        (0, _) | (_, 0) => 0,
        (first, own) if own < first => 1,
        (first, own) if own == first => 2,
        _ => 3,
    })
}

fn named(is_change: bool, slot: usize) -> String {
    if is_change {
        ["lower", "same", "higher"][slot - 1].to_owned()
    } else {
        slot.to_string()
    }
}

/// A table by itself, as each survey's own report is made.
fn table(
    people: &[One],
    (place, is_change): (usize, bool),
    asked: Asked,
) -> (FrozenQuestion, Vec<ReportBreakdown>) {
    let slots = if is_change { 4 } else { asked.points + 1 };
    let mut blocks = vec![vec![0_u32; slots]; 2];
    for one in people {
        if let Some(slot) = slot(place, is_change, &one.record) {
            blocks[usize::from(one.is_woman)][slot] += 1;
        }
    }
    let total: Vec<u32> = (0..slots).map(|at| blocks[0][at] + blocks[1][at]).collect();
    let shown = |cells: &[Cell], counts: &[u32]| -> Vec<ReportCell> {
        let cell = |cell: &Cell| ReportCell {
            answers: cell
                .iter()
                .filter(|slot| **slot > 0)
                .map(|slot| named(is_change, *slot))
                .collect(),
            with_unanswered: cell.contains(&0),
            count: i32::try_from(count(counts, cell)).unwrap(),
        };
        cells.iter().map(cell).collect()
    };
    let found = cells(&total, asked.least);
    let size = |block: &Vec<u32>| block.iter().sum::<u32>();
    let is_divided = blocks.iter().all(|block| size(block) >= 2 * asked.least);
    let divided = found.as_ref().filter(|_| is_divided);
    let bands = divided.and_then(|cells| bands(cells, &blocks, asked.least));
    let group = |(at, bands): (usize, &Vec<Cell>)| ReportGroup {
        is_others: false,
        key: Some(["man", "woman"][at].to_owned()),
        name: None,
        count: i32::try_from(size(&blocks[at])).unwrap(),
        cells: shown(bands, &blocks[at]),
        choices: Vec::new(),
        mean: None,
    };
    let breakdown = bands.map(|bands| ReportBreakdown {
        dimension: ReportDimension::Gender,
        groups: (0..2).map(|at| group((at, &bands))).collect(),
    });
    let question = FrozenQuestion {
        key: QUESTION.to_owned(),
        showing: if found.is_some() {
            ReportShowing::Shown
        } else {
            ReportShowing::TooAlike
        },
        asked_count: None,
        cells: shown(&found.unwrap_or_default(), &total),
        choices: Vec::new(),
        mean: None,
    };
    (question, breakdown.into_iter().collect())
}

fn linked(people: &[One], order: &[usize]) -> Vec<Linked> {
    let sheet = |slot: usize| {
        let answer = (slot > 0).then(|| {
            let number = i32::try_from(slot).unwrap();
            (QUESTION.to_owned(), AnswerValue::Number(number))
        });
        answer.into_iter().collect::<AnswerSheet>()
    };
    let gender = |one: &One| Some(if one.is_woman { "woman" } else { "man" }.to_owned());
    let linked = |one: &One| Linked {
        background: [gender(one), None, None, None],
        sheets: order.iter().map(|at| one.record[*at].map(sheet)).collect(),
    };
    people.iter().map(linked).collect()
}

/// Everything that a family of surveys tells, each closing after the one before it.
fn family(people: &[One], asked: Asked, is_gated: bool) -> Vec<Part> {
    let part = |place: usize| {
        let (total, breakdowns) = table(people, (place, false), asked);
        Part {
            totals: vec![total],
            breakdowns: [(QUESTION.to_owned(), breakdowns)].into(),
            effects: Vec::new(),
        }
    };
    let mut parts = vec![part(0)];
    for place in 1..asked.surveys {
        let (question, breakdowns) = table(people, (place, true), asked);
        let found = vec![FrozenEffect {
            question,
            size: None,
            breakdowns,
        }];
        let mut told = vec![parts[0].clone(), part(place)];
        told.extend(parts[1..].iter().cloned());
        let order: Vec<usize> = [0, place].into_iter().chain(1..place).collect();
        let mut own = told[1].clone();
        own.effects = if is_gated {
            gated_from(found, &told, &linked(people, &order), asked.least)
        } else {
            found
        };
        parts.push(own);
    }
    parts
}

/// The tables that stand in what is told.
fn tables_of(parts: &[Part]) -> Vec<Shown> {
    let groups = |breakdowns: &[ReportBreakdown]| -> Vec<Vec<ReportCell>> {
        let groups = breakdowns.iter().flat_map(|one| &one.groups);
        groups.map(|group| group.cells.clone()).collect()
    };
    let mut all = Vec::new();
    for (place, part) in parts.iter().enumerate() {
        let own = (&part.totals[0], part.breakdowns[QUESTION].as_slice());
        let change = part.effects.first();
        let change = change.map(|one| (&one.question, one.breakdowns.as_slice()));
        for ((question, breakdowns), is_change) in [(Some(own), false), (change, true)]
            .into_iter()
            .filter_map(|(table, is_change)| Some((table?, is_change)))
        {
            if question.showing == ReportShowing::Shown {
                all.push(Shown {
                    place,
                    is_change,
                    cells: question.cells.clone(),
                    groups: groups(breakdowns),
                });
            }
        }
    }
    all
}

/// How many changes there are, their sum and that of their squares: all that the sizes that are
/// told are made of, and more than is told.
fn sizes(records: &[&Record], shown: &[Shown]) -> Vec<[i64; 3]> {
    let size = |table: &Shown| {
        let change = |record: &&Record| {
            let pair = record[0].zip(record[table.place]);
            let (first, then) = pair.filter(|(first, then)| *first > 0 && *then > 0)?;
            Some(i64::try_from(then).unwrap() - i64::try_from(first).unwrap())
        };
        let changes = records.iter().filter_map(change);
        changes.fold([0, 0, 0], |[count, sum, squares], one| {
            [count + 1, sum + one, squares + one * one]
        })
    };
    shown.iter().filter(|one| one.is_change).map(size).collect()
}

/// A reader who knows everybody's gender, who answered which survey and whose sheets are paired,
/// and looks for ways in which all can have answered.
struct Reader<'a> {
    people: &'a [One],
    shown: &'a [Shown],
    sizes: Vec<[i64; 3]>,
    /// Of each person, what can have been answered, and in which of the numbers it counts.
    profiles: Vec<Vec<(Record, Vec<usize>)>>,
    numbers: Vec<i32>,
    /// Numbers that are a cell of everybody.
    totals: Vec<usize>,
}

impl<'a> Reader<'a> {
    fn new(people: &'a [One], shown: &'a [Shown], asked: Asked) -> Self {
        let mut numbers = Vec::new();
        let mut totals = Vec::new();
        let mut firsts = Vec::new();
        for table in shown {
            let mut own = vec![numbers.len()];
            totals.extend(numbers.len()..numbers.len() + table.cells.len());
            numbers.extend(table.cells.iter().map(|cell| cell.count));
            for group in &table.groups {
                own.push(numbers.len());
                numbers.extend(group.iter().map(|cell| cell.count));
            }
            firsts.push(own);
        }
        let hits = |one: &One, record: &Record| -> Option<Vec<usize>> {
            let mut hits = Vec::new();
            for (table, firsts) in shown.iter().zip(&firsts) {
                let Some(slot) = table.slot(record) else {
                    continue;
                };
                // Nobody gave an answer that stands in no cell.
                hits.push(firsts[0] + Shown::cell(&table.cells, table.is_change, slot)?);
                if !table.groups.is_empty() {
                    let group = usize::from(one.is_woman);
                    let cell = Shown::cell(&table.groups[group], table.is_change, slot)?;
                    hits.push(firsts[1 + group] + cell);
                }
            }
            Some(hits)
        };
        let profiles = |one: &One| {
            let mut records: Vec<Record> = vec![Vec::new()];
            for own in &one.record {
                let slots: Vec<Option<usize>> = match own {
                    Some(_) => (asked.first..=asked.points).map(Some).collect(),
                    None => vec![None],
                };
                let longer = |record: &Record| -> Vec<Record> {
                    let with = |slot: &Option<usize>| [record.clone(), vec![*slot]].concat();
                    slots.iter().map(with).collect()
                };
                records = records.iter().flat_map(longer).collect();
            }
            let own = records.into_iter();
            own.filter_map(|record| Some((hits(one, &record)?, record)))
                .map(|(hits, record)| (record, hits))
                .collect()
        };
        let records: Vec<&Record> = people.iter().map(|one| &one.record).collect();
        Self {
            sizes: sizes(&records, shown),
            profiles: people.iter().map(profiles).collect(),
            people,
            shown,
            numbers,
            totals,
        }
    }

    /// A way in which some people are in some cells: the profile of each.
    fn way(&self, wanted: &[(usize, usize)]) -> Option<Vec<usize>> {
        let mut left = self.numbers.clone();
        let mut chosen = Vec::new();
        self.search(wanted, &mut left, &mut chosen)
            .then_some(chosen)
    }

    fn search(
        &self,
        wanted: &[(usize, usize)],
        left: &mut Vec<i32>,
        chosen: &mut Vec<usize>,
    ) -> bool {
        let at = chosen.len();
        if at == self.people.len() {
            let records = self.profiles.iter().zip(chosen.iter());
            let records: Vec<&Record> = records.map(|(own, at)| &own[*at].0).collect();
            return left.iter().all(|number| *number == 0)
                && sizes(&records, self.shown) == self.sizes;
        }
        for (number, (_, hits)) in self.profiles[at].iter().enumerate() {
            let is_wanted = wanted
                .iter()
                .all(|(person, cell)| *person != at || hits.contains(cell));
            if !is_wanted || hits.iter().any(|hit| left[*hit] == 0) {
                continue;
            }
            for hit in hits {
                left[*hit] -= 1;
            }
            chosen.push(number);
            if self.search(wanted, left, chosen) {
                return true;
            }
            chosen.pop();
            for hit in hits {
                left[*hit] += 1;
            }
        }
        false
    }

    /// Sets of fewer people than `k`, and a shown answer for each, that cannot be.
    fn told(&self, least: u32) -> usize {
        let of = |person: usize| -> Vec<(usize, usize)> {
            let own = self.totals.iter().filter(|cell| self.is_of(person, **cell));
            own.map(|cell| (person, *cell)).collect()
        };
        let mut sets: Vec<Vec<(usize, usize)>> = vec![Vec::new()];
        let mut all = Vec::new();
        for _ in 1..least {
            let longer = |set: &Vec<(usize, usize)>| -> Vec<Vec<(usize, usize)>> {
                let first = set.last().map_or(0, |(person, _)| person + 1);
                let further = (first..self.people.len()).flat_map(of);
                further
                    .map(|one| [set.clone(), vec![one]].concat())
                    .collect()
            };
            sets = sets.iter().flat_map(longer).collect();
            all.extend(sets.iter().cloned());
        }
        let mut ways: Vec<Vec<usize>> = Vec::new();
        let mut told = 0;
        for set in all {
            let is_in = |way: &Vec<usize>| {
                set.iter()
                    .all(|(person, cell)| self.profiles[*person][way[*person]].1.contains(cell))
            };
            if ways.iter().any(is_in) {
                continue;
            }
            match self.way(&set) {
                Some(way) => ways.push(way),
                None => told += 1,
            }
        }
        told
    }

    /// Whether a cell is of a table that counts a person.
    fn is_of(&self, person: usize, cell: usize) -> bool {
        let mut first = 0;
        for table in self.shown {
            let own = first..first + table.cells.len();
            if own.contains(&cell) {
                return table.slot(&self.people[person].record).is_some();
            }
            let groups: usize = table.groups.iter().map(Vec::len).sum();
            first = own.end + groups;
        }
        false
    }
}

/// A few people, most of whom answered everything.
fn people(asked: Asked) -> impl Strategy<Value = Vec<One>> {
    let answer = asked.first..=asked.points;
    let answers = prop::collection::vec(answer, asked.surveys);
    let one = (any::<bool>(), answers, 0..14_usize).prop_map(move |(is_woman, slots, missing)| {
        // One in seven came to one survey alone.
        let is_in = |place: usize| missing > 1 || place == missing;
        let record = slots.iter().enumerate();
        One {
            is_woman,
            record: record
                .map(|(place, slot)| is_in(place).then_some(*slot))
                .collect(),
        }
    });
    prop::collection::vec(one, asked.people - 1..=asked.people)
}

/// What follows with the gate and without it, and how many changes are shown.
fn tried(asked: Asked) -> (usize, usize) {
    let (with, without) = (Counter::new(0), Counter::new(0));
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::with_cases(CASES), rng);
    let run = runner.run(&people(asked), |people| {
        let shown = tables_of(&family(&people, asked, true));
        let changes = shown.iter().filter(|one| one.is_change).count();
        if changes > 0 {
            with.set(with.get() + 1);
            let told = Reader::new(&people, &shown, asked).told(asked.least);
            prop_assert_eq!(told, 0, "{:?}", shown);
        }
        let careless = tables_of(&family(&people, asked, false));
        let more = careless.iter().filter(|one| one.is_change).count() > changes;
        if more && without.get() < ENOUGH {
            let told = Reader::new(&people, &careless, asked).told(asked.least);
            without.set(without.get() + usize::from(told > 0));
        }
        Ok(())
    });
    run.unwrap();
    (with.get(), without.get())
}

#[test]
fn whoever_tries_all_ways_to_answer_finds_nothing_that_fewer_than_k_must_have_answered() {
    let mut seen = HashSet::new();
    for (surveys, points, least, people, first) in [
        (2, 2, 2, 6, 0),
        (2, 3, 2, 6, 1),
        (2, 2, 3, 8, 1),
        (3, 2, 2, 6, 1),
    ] {
        let asked = Asked {
            surveys,
            points,
            least,
            people,
            first,
        };
        let (with, without) = tried(asked);
        assert!(with > 0, "{asked:?}: nothing is shown");
        if without > 0 {
            seen.insert(least);
        }
    }
    // Without the gate something follows, so that the reader does find what there is.
    assert_eq!(seen.len(), 2);
}
