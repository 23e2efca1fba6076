//! Who seeks and who is sought.
//!
//! Usually mentees seek mentors. Where there are fewer places than mentees, most mentees would bid in
//! vain, so the board is turned: each place seeks a mentee. The best set is the same, since what a pair
//! is worth does not depend on who seeks.

#![expect(
    clippy::indexing_slicing,
    reason = "rows, columns and lines are indexes of the arrays made for them"
)]

use super::scale::{Scale, tie, tie_of};
use super::table::{Column, Entry, Row, Table};
use std::borrow::Cow;

/// Seekers are rows, the sought are columns; from here to the end of the search these words mean this.
#[derive(Debug)]
pub(super) struct Board<'a> {
    entries: Cow<'a, [Entry]>,
    /// Where each row's pairs stand; the places of one mentor share them.
    lines: Vec<usize>,
    line_ties: Vec<u64>,
    column_ties: Vec<u64>,
    /// How many rows each column can have.
    places: Vec<u32>,
    is_turned: bool,
}

/// Who has whom in the words of the table.
#[derive(Debug)]
pub(in crate::matching) struct Found {
    /// Each mentee's mentor.
    pub mentors: Vec<Option<Column>>,
    /// Each mentor's mentees.
    pub mentees: Vec<Vec<Row>>,
}

impl<'a> Board<'a> {
    pub(super) fn new(table: &'a Table<'a>) -> Self {
        if table.most_pairs() < table.mentees.len() {
            Self::turned(table)
        } else {
            Self::straight(table)
        }
    }

    /// Mentees seek mentors.
    pub(super) fn straight(table: &'a Table<'a>) -> Self {
        Self {
            entries: Cow::Borrowed(table.entries()),
            lines: (0..table.mentees.len()).collect(),
            line_ties: table.mentees.iter().map(|one| tie_of(one.id)).collect(),
            column_ties: table.mentors.iter().map(|one| tie_of(one.id)).collect(),
            places: table.places.clone(),
            is_turned: false,
        }
    }

    /// Places of mentors seek mentees.
    pub(super) fn turned(table: &'a Table<'a>) -> Self {
        let (height, width) = (table.mentees.len(), table.mentors.len());
        let mut entries = Vec::with_capacity(table.entries().len());
        for column in 0..width {
            entries.extend((0..height).map(|row| table.entry(row, column)));
        }
        let places = table.places.iter().enumerate();
        let lines = places.flat_map(|(column, &places)| {
            std::iter::repeat_n(column, (places as usize).min(height))
        });
        Self {
            entries: Cow::Owned(entries),
            lines: lines.collect(),
            line_ties: table.mentors.iter().map(|one| tie_of(one.id)).collect(),
            column_ties: table.mentees.iter().map(|one| tie_of(one.id)).collect(),
            places: vec![1; height],
            is_turned: true,
        }
    }

    pub(super) fn rows(&self) -> usize {
        self.lines.len()
    }

    pub(super) fn columns(&self) -> usize {
        self.places.len()
    }

    /// How many rows a column can have.
    pub(super) fn places(&self, column: Column) -> u32 {
        self.places[column]
    }

    /// The pairs of one row, one a column.
    pub(super) fn row(&self, row: Row) -> &[Entry] {
        &self.entries[self.lines[row] * self.columns()..][..self.columns()]
    }

    /// What a pair that may be is worth.
    pub(super) fn worth(&self, scale: &Scale, row: Row, column: Column, entry: Entry) -> i128 {
        let (own, other) = (self.line_ties[self.lines[row]], self.column_ties[column]);
        let tie = if self.is_turned {
            tie(other, own)
        } else {
            tie(own, other)
        };
        scale.worth(entry, tie)
    }

    /// Turns the column of each row into who has whom.
    pub(super) fn found(&self, columns: &[Option<Column>]) -> Found {
        let lines = self.line_ties.len();
        let (height, width) = if self.is_turned {
            (self.columns(), lines)
        } else {
            (lines, self.columns())
        };
        let mut found = Found {
            mentors: vec![None; height],
            mentees: vec![Vec::new(); width],
        };
        for (row, column) in columns.iter().enumerate() {
            let Some(column) = *column else { continue };
            let (mentee, mentor) = if self.is_turned {
                (column, self.lines[row])
            } else {
                (row, column)
            };
            found.mentors[mentee] = Some(mentor);
            found.mentees[mentor].push(mentee);
        }
        found
    }
}
