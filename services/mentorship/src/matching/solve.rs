//! The search for the best pairs, and what it answers.

mod assign;
mod blocking;
mod board;
mod certify;
mod digest;
mod market;
mod scale;
mod table;
#[cfg(test)]
mod tests;

use super::output::{BrokenLock, LockRefusal, Outcome, Pair, Totals};
use super::rules::refusals;
use super::{Because, Couple, Criterion, Input, Level, SolveError, score};
use assign::assign;
use board::{Board, Found};
use market::Market;
use scale::Scale;
use shared_types::PersonId;
use std::collections::{BTreeMap, BTreeSet};
use table::{Column, Row};

pub use digest::digest;
pub(super) use table::Table;

/// The best pairs for an input.
pub fn solve(input: &Input) -> Result<Outcome, SolveError> {
    let table = Table::new(input)?;
    let found = best(&table)?;
    let (unmatched, blocking) = blocking::find(&table, &found);
    let pairs = pairs(&table, &found);
    Ok(Outcome {
        totals: totals(&table, &pairs),
        broken_locks: broken_locks(input, &pairs),
        pairs,
        unmatched,
        blocking,
        digest: digest(input),
    })
}

/// The best pairs alone, proven.
pub(super) fn best(table: &Table) -> Result<Found, SolveError> {
    let input = table.input();
    let locks = input.locks.iter().filter(|&&lock| table.is_locked(lock));
    let most_score = Criterion::ALL
        .map(|criterion| input.weights.level(criterion).factor() * score::MOST_POINTS)
        .iter()
        .sum();
    let scale = Scale::fitting(table.most_pairs(), locks.count(), most_score)
        .ok_or(SolveError::TooLarge)?;
    let board = Board::new(table);
    let mut market = Market::new(&board, scale);
    let assignment = assign(&mut market);
    if certify::proves(&market, &assignment) {
        Ok(board.found(&assignment.columns))
    } else {
        Err(SolveError::Unproven)
    }
}

fn pairs(table: &Table, found: &Found) -> Vec<Pair> {
    let mentors = found.mentors.iter().enumerate();
    mentors
        .filter_map(|(row, column)| pair(table, row, (*column)?))
        .collect()
}

fn pair(table: &Table, row: Row, column: Column) -> Option<Pair> {
    let (mentee, mentor) = (*table.mentees.get(row)?, *table.mentors.get(column)?);
    let input = table.input();
    let entry = table.entry(row, column);
    let (wish, counter_wish) = table.wish_points(row, column);
    let wished = |points, wishes: &[PersonId], other| {
        let rank = score::rank(wishes, other).filter(|_| points > 0);
        (
            points,
            rank.map_or(Because::Nothing, |rank| Because::Wish { rank }),
        )
    };
    let parts: Vec<_> = Criterion::ALL
        .into_iter()
        .map(|criterion| (criterion, input.weights.level(criterion)))
        .filter(|(_, level)| *level != Level::Off)
        .map(|(criterion, level)| {
            let given = match criterion {
                Criterion::MenteeWish => wished(wish, &mentee.wishes, mentor.id),
                Criterion::MentorWish => wished(counter_wish, &mentor.wishes, mentee.id),
                Criterion::Competences
                | Criterion::Languages
                | Criterion::Travel
                | Criterion::Form
                | Criterion::Sector => score::given(input, criterion, (mentee, mentor)),
            };
            score::part(criterion, level, given)
        })
        .collect();
    Some(Pair {
        couple: Couple {
            mentee: mentee.id,
            mentor: mentor.id,
        },
        score: parts.iter().map(|part| part.score).sum(),
        parts,
        is_locked: entry.is_locked(),
        is_long_journey: entry.is_long(),
    })
}

fn totals(table: &Table, pairs: &[Pair]) -> Totals {
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let places = table.places.iter().copied();
    Totals {
        mentees: count(table.mentees.len()),
        places: places.fold(0, u32::saturating_add),
        pairs: count(pairs.len()),
        locks_kept: count(pairs.iter().filter(|pair| pair.is_locked).count()),
        score: pairs.iter().map(|pair| u64::from(pair.score)).sum(),
        long_journeys: count(pairs.iter().filter(|pair| pair.is_long_journey).count()),
    }
}

fn broken_locks(input: &Input, pairs: &[Pair]) -> Vec<BrokenLock> {
    let kept: BTreeSet<Couple> = pairs.iter().map(|pair| pair.couple).collect();
    let mut broken = input.locks.difference(&kept).peekable();
    if broken.peek().is_none() {
        return Vec::new();
    }
    let mentees = input.mentees.iter().map(|mentee| (mentee.id, mentee));
    let mentees: BTreeMap<_, _> = mentees.collect();
    let mentors = input.mentors.iter().map(|mentor| (mentor.id, mentor));
    let mentors: BTreeMap<_, _> = mentors.collect();
    broken
        .map(|&couple| {
            let both = mentees.get(&couple.mentee).zip(mentors.get(&couple.mentor));
            let because = both.map_or(LockRefusal::NotInRun, |(mentee, mentor)| {
                let rules = refusals(input, mentee, mentor);
                if rules.is_empty() {
                    LockRefusal::Outweighed
                } else {
                    LockRefusal::Rules(rules)
                }
            });
            BrokenLock { couple, because }
        })
        .collect()
}
