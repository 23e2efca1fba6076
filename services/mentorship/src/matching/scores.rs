//! The scores of all pairs that may be: for a list of whom else a mentee could have, and for checks
//! by other programs.

use super::solve::{Table, best};
use super::{Couple, Input, Mentee, SolveError};
use shared_types::PersonId;

/// The scores of an input.
#[derive(Debug)]
pub struct Scores<'a>(Table<'a>);

/// Scores every pair.
pub fn scores(input: &Input) -> Result<Scores<'_>, SolveError> {
    Table::new(input).map(Scores)
}

impl Scores<'_> {
    /// The mentees, by id.
    pub fn mentees(&self) -> impl Iterator<Item = PersonId> {
        self.0.mentees.iter().map(|mentee| mentee.id)
    }

    /// Those who may mentor and have a free place, by id.
    pub fn mentors(&self) -> impl Iterator<Item = PersonId> {
        self.0.mentors.iter().map(|mentor| mentor.id)
    }

    /// The free places of [`Self::mentors`].
    pub fn places(&self) -> &[u32] {
        &self.0.places
    }

    /// What a mentee has with each of [`Self::mentors`]: the score and whether the journey is long, or
    /// `None` where a rule forbids the pair. Empty for somebody who is no mentee of the run.
    pub fn of(&self, mentee: PersonId) -> impl Iterator<Item = Option<(u32, bool)>> {
        let row = self.0.row_of(mentee).map(|row| self.0.row(row));
        row.unwrap_or_default().iter().map(|entry| {
            let score = u32::from(entry.score());
            entry.may_be().then_some((score, entry.is_long()))
        })
    }

    /// The pairs of [`super::solve()`], by mentee, without reasons.
    pub fn best(&self) -> Result<Vec<Couple>, SolveError> {
        let found = best(&self.0)?;
        let pairs = self.0.mentees.iter().zip(found.mentors);
        let couple = |(mentee, mentor): (&&Mentee, Option<usize>)| {
            Some(Couple {
                mentee: mentee.id,
                mentor: self.0.mentors.get(mentor?)?.id,
            })
        };
        Ok(pairs.filter_map(couple).collect())
    }
}
