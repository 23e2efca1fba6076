//! What stands in the way of those without a mentor.
//!
//! From a mentee who goes without, every mentor who may be is full, or there would be a place. Their
//! mentees could move on to other mentors, who are full too, and so on: all mentees found this way
//! together have only these mentors, and are one more than their places. It is the smallest such set
//! around that mentee: any other holds the mentors of whom it has one, who are full with mentees
//! who then belong to it as well. Sets that share mentors are told as one.

#![expect(
    clippy::indexing_slicing,
    reason = "rows, columns and sets are indexes of the arrays made for them"
)]

use super::board::Found;
use super::table::{Column, Row, Table};
use crate::matching::output::{Blocking, Unmatched};
use crate::matching::rules::{Rule, refusals};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Everybody without a mentor, and the sets that block them.
pub(super) fn find(table: &Table, found: &Found) -> (Vec<Unmatched>, Vec<Blocking>) {
    let sets = sets(table, found);
    let mut unmatched = Vec::new();
    for (blocking, set) in sets.iter().enumerate() {
        let rows = set.without.iter();
        unmatched.extend(rows.map(|&row| Unmatched {
            mentee: table.mentees[row].id,
            blocking,
        }));
    }
    unmatched.sort_by_key(|one| one.mentee);
    let blocking = sets.iter().map(|set| set.tell(table)).collect();
    (unmatched, blocking)
}

/// Rows, columns, and rows without a mentor, each in order.
#[derive(Debug, Default)]
struct Set {
    rows: Vec<Row>,
    columns: Vec<Column>,
    without: Vec<Row>,
}

/// Every row is read at most once: a search that meets an earlier set joins it instead of entering.
fn sets(table: &Table, found: &Found) -> Vec<Set> {
    let mut joined = Joined::default();
    let mut set_of_row = vec![None; table.mentees.len()];
    let mut set_of_column = vec![None; table.mentors.len()];
    let mut open = Vec::new();
    for (root, mentor) in found.mentors.iter().enumerate() {
        if mentor.is_some() {
            continue;
        }
        let own = joined.begin();
        set_of_row[root] = Some(own);
        open.push(root);
        while let Some(row) = open.pop() {
            let pairs = table.row(row).iter().zip(&mut set_of_column).enumerate();
            for (column, (_, set)) in pairs.filter(|(_, (entry, _))| entry.may_be()) {
                if let Some(other) = *set {
                    joined.join(own, other);
                    continue;
                }
                *set = Some(own);
                for &row in &found.mentees[column] {
                    set_of_row[row] = Some(own);
                    open.push(row);
                }
            }
        }
    }
    let mut sets: BTreeMap<usize, Set> = BTreeMap::new();
    for (row, set) in set_of_row.iter().enumerate() {
        if let Some(set) = set {
            let set = sets.entry(joined.first(*set)).or_default();
            set.rows.push(row);
            if found.mentors[row].is_none() {
                set.without.push(row);
            }
        }
    }
    for (column, set) in set_of_column.iter().enumerate() {
        if let Some(set) = set {
            let set = sets.entry(joined.first(*set)).or_default();
            set.columns.push(column);
        }
    }
    sets.into_values().collect()
}

/// Which searches found the same set: each points at an earlier one of its set, the first at itself.
#[derive(Debug, Default)]
struct Joined(Vec<usize>);

impl Joined {
    fn begin(&mut self) -> usize {
        self.0.push(self.0.len());
        self.0.len() - 1
    }

    fn first(&mut self, set: usize) -> usize {
        let mut first = set;
        while self.0[first] != first {
            self.0[first] = self.0[self.0[first]];
            first = self.0[first];
        }
        first
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.first(one), self.first(other));
        self.0[one.max(other)] = one.min(other);
    }
}

impl Set {
    fn tell(&self, table: &Table) -> Blocking {
        let mut municipalities: BTreeMap<_, u32> = BTreeMap::new();
        for &row in &self.rows {
            *municipalities
                .entry(table.mentees[row].municipality)
                .or_default() += 1;
        }
        let mut municipalities: Vec<_> = municipalities.into_iter().collect();
        municipalities.sort_by_key(|&(id, count)| (Reverse(count), id));
        let ids = |rows: &[Row]| rows.iter().map(|&row| table.mentees[row].id).collect();
        let columns = self.columns.iter();
        Blocking {
            mentees: ids(&self.rows),
            unmatched: ids(&self.without),
            mentors: columns
                .clone()
                .map(|&column| table.mentors[column].id)
                .collect(),
            places: columns
                .map(|&column| table.places[column])
                .fold(0, u32::saturating_add),
            municipalities,
            excluded: self.excluded(table),
        }
    }

    fn excluded(&self, table: &Table) -> Vec<(Rule, u32)> {
        let Some(&first) = self.without.first() else {
            return Vec::new();
        };
        let mentee = table.mentees[first];
        let mut excluded: BTreeMap<Rule, u32> = BTreeMap::new();
        for mentor in &table.input().mentors {
            let refusals = refusals(table.input(), mentee, mentor);
            if let Some(&rule) = refusals.first() {
                *excluded.entry(rule).or_default() += 1;
            }
        }
        excluded.into_iter().collect()
    }
}
