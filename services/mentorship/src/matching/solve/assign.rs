//! The best set of pairs: shortest augmenting paths over mentors with several places.
//!
//! A mentor has a price, a mentee wants the mentor that is worth most after its price, or nobody when
//! none is worth anything. A set of pairs is the best there can be when (a) every mentee has what he
//! or she wants, and (b) every mentor with a free place costs nothing: for any other set the worths
//! are at most the sum of what mentees keep and mentors take, and here they are equal. `certify.rs`
//! checks both.
//!
//! 1. *Bids.* Mentees bid in turn: the bidder takes the cheapest place of the mentor wanted most and
//!    raises its price as far as the bidder still wants it; who sat there bids again. (The row
//!    reduction of Jonker and Volgenant 1987, which is an auction step of Bertsekas 1981.) Here each
//!    place has a price of its own, and a mentor costs what the cheapest of the places does.
//!    Afterwards that one price stands for all places of the mentor: who sits on a dearer one would
//!    take the cheapest no less. After a number of bids without an end the rest is left over.
//! 2. *Paths.* Each mentee left over gets a place by the shortest path (Dijkstra over what each
//!    step loses) to a free place, or to a mentee who goes without. Prices on the way rise by what
//!    they were nearer than the end, which keeps (a) and (b) (Edmonds and Karp 1972; Tomizawa 1971).
//!
//! Prices never fall, which the short lists of `market.rs` live on. No price exceeds the worth of a
//! pair, since who pays it would rather go without; hence no distance does either.
//!
//! Growth: a path costs at most one reading of the table, so that `n` mentees and `m` mentors take
//! O(n²·m) at worst, as in every method of this family. Measured, it is nearer to making the
//! table, O(n·m): see `benches/matching/compare.sh`.

#![expect(
    clippy::indexing_slicing,
    reason = "rows and columns are indexes of the arrays made for them; this is the inner loop of the search"
)]

use super::market::Market;
use super::table::{Column, Row};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// How often each mentee may bid on average.
const BIDS_A_MENTEE: usize = 4;
/// How often those left over bid again, once a path has shown what a place is worth where they are few.
const MORE_ROUNDS: u32 = 4;

/// Who has whom, and at which prices.
#[derive(Clone, Debug)]
pub(super) struct Assignment {
    /// Each row's column.
    pub columns: Vec<Option<Column>>,
    /// What a place of each column costs.
    pub prices: Vec<i128>,
}

/// The best set of pairs.
pub(super) fn assign(market: &mut Market) -> Assignment {
    let rows = market.board().rows();
    let mut columns = vec![None; rows];
    let mut waiting = bid(market, &mut columns, (0..rows).collect());
    let mut rounds_left = MORE_ROUNDS;
    let mut search = Search::new(market, columns);
    while let Some(row) = waiting.pop_front() {
        let went_without = search.seat(row);
        if went_without && rounds_left > 0 {
            rounds_left -= 1;
            waiting = bid(search.market, &mut search.columns, waiting);
            search.sit_down();
        }
    }
    Assignment {
        prices: (0..search.rows.len())
            .map(|column| search.market.price(column))
            .collect(),
        columns: search.columns,
    }
}

/// A mentor's places during the bids.
#[derive(Clone, Debug, Default)]
struct Seats {
    free: u32,
    /// Price and mentee of each that is taken.
    taken: Vec<(i128, Row)>,
}

impl Seats {
    fn new(free: u32) -> Self {
        let taken = Vec::new();
        Self { free, taken }
    }

    /// What the cheapest place and the second cheapest cost.
    fn two_cheapest(&self) -> (Option<i128>, Option<i128>) {
        let (mut first, mut second) = match self.free {
            0 => (None, None),
            1 => (Some(0), None),
            _ => return (Some(0), Some(0)),
        };
        for &(price, _) in &self.taken {
            if first.is_none_or(|first| price < first) {
                second = first.replace(price);
            } else if second.is_none_or(|second| price < second) {
                second = Some(price);
            }
        }
        (first, second)
    }

    /// Seats a mentee on the cheapest place, which costs so much more from now on; answers who sat
    /// there.
    fn seat(&mut self, row: Row, raise: i128) -> Option<Row> {
        if self.free > 0 {
            self.free -= 1;
            self.taken.push((raise, row));
            return None;
        }
        let (price, sitting) = self.taken.iter_mut().min_by_key(|(price, _)| *price)?;
        *price += raise;
        Some(std::mem::replace(sitting, row))
    }
}

/// The first part; answers who is left over. Who goes without is settled too.
fn bid(
    market: &mut Market,
    columns: &mut [Option<Column>],
    mut waiting: VecDeque<Row>,
) -> VecDeque<Row> {
    let board = market.board();
    let mut seats: Vec<Seats> = (0..board.columns())
        .map(|column| Seats::new(board.places(column)))
        .collect();
    for (row, column) in columns.iter().enumerate() {
        if let Some(column) = *column {
            seats[column].seat(row, market.price(column));
        }
    }
    let mut unsure = VecDeque::new();
    let mut left = waiting.len() * BIDS_A_MENTEE;
    while left > 0
        && let Some(row) = waiting.pop_front()
    {
        left -= 1;
        match offer(market, &seats, row) {
            Bid::Offer { column, raise } => {
                let before = seats[column].seat(row, raise);
                columns[row] = Some(column);
                let (cheapest, _) = seats[column].two_cheapest();
                market.raise(column, cheapest.unwrap_or(0));
                if let Some(before) = before {
                    columns[before] = None;
                    waiting.push_back(before);
                }
            }
            Bid::Without => {}
            Bid::Unsure => unsure.push_back(row),
        }
    }
    unsure.extend(waiting);
    unsure
}

enum Bid {
    Offer {
        column: Column,
        raise: i128,
    },
    /// Going without is best, now and, since prices only rise, for good.
    Without,
    /// The list is too coarse to tell.
    Unsure,
}

/// What a mentee bids.
fn offer(market: &mut Market, seats: &[Seats], row: Row) -> Bid {
    let (mut best, mut second) = two_best(market, seats, row);
    if market.limit(row) > Some(second) && !market.is_fresh(row) {
        market.renew(row);
        (best, second) = two_best(market, seats, row);
    }
    let limit = market.limit(row).unwrap_or(0).max(0);
    match best {
        // With the limit instead of what lies below it the bid is smaller than it could be, but safe.
        Some((column, worth)) if worth >= limit => Bid::Offer {
            column,
            raise: worth - second.max(limit),
        },
        None if limit == 0 => Bid::Without,
        Some(_) | None => Bid::Unsure,
    }
}

/// The mentor that is worth most after its price, and what the next best place, or none, is worth.
fn two_best(market: &Market, seats: &[Seats], row: Row) -> (Option<(Column, i128)>, i128) {
    let (mut best, mut second): (Option<(Column, i128)>, i128) = (None, 0);
    for listed in market.listed(row) {
        let column = listed.column as usize;
        let net = listed.worth - market.price(column);
        if net > best.map_or(0, |(_, net)| net) {
            second = best.map_or(0, |(_, net)| net);
            best = Some((column, net));
        } else if net > second {
            second = net;
        }
    }
    if let Some((column, net)) = best {
        let (_, dearer) = seats[column].two_cheapest();
        let dearer = dearer.map(|price| net + market.price(column) - price);
        second = second.max(dearer.unwrap_or(0));
    }
    (best, second)
}

/// A step of the heap: a mentor to reach, or a list to look beyond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Mentor(Column),
    Beyond(Row),
}

/// Where a path can end.
#[derive(Clone, Copy, Debug)]
enum End {
    /// A free place.
    Mentor(Column),
    /// Somebody goes without.
    Without(Row),
}

/// The second part.
struct Search<'m, 'a> {
    market: &'m mut Market<'a>,
    columns: Vec<Option<Column>>,
    /// Each column's rows.
    rows: Vec<Vec<Row>>,
    /// Of the present path: how far each mentor is, and over whom.
    reached: Vec<Option<(i128, Row)>>,
    touched: Vec<Column>,
    settled: Vec<Column>,
    steps: BinaryHeap<Reverse<(i128, Step)>>,
    /// What is kept when the list of a mentee is looked beyond: the distance of that mentee.
    end: Option<(i128, End)>,
}

impl<'m, 'a> Search<'m, 'a> {
    fn new(market: &'m mut Market<'a>, columns: Vec<Option<Column>>) -> Self {
        let width = market.board().columns();
        let mut search = Self {
            market,
            columns,
            rows: vec![Vec::new(); width],
            reached: vec![None; width],
            touched: Vec::new(),
            settled: Vec::new(),
            steps: BinaryHeap::new(),
            end: None,
        };
        search.sit_down();
        search
    }

    /// Notes with each mentor who has it.
    fn sit_down(&mut self) {
        for rows in &mut self.rows {
            rows.clear();
        }
        for (row, mentor) in self.columns.iter().enumerate() {
            if let Some(column) = mentor {
                self.rows[*column].push(row);
            }
        }
    }

    /// Gives a mentee a place, or leaves the one out whom it costs least; answers whether it did.
    fn seat(&mut self, root: Row) -> bool {
        self.leave(root, 0);
        while let Some(Reverse((distance, step))) = self.steps.pop() {
            if self.end.is_some_and(|(end, _)| distance >= end) {
                break;
            }
            match step {
                Step::Mentor(column) => self.settle(column, distance),
                Step::Beyond(row) => self.look_beyond(row, distance),
            }
        }
        let end = self.end.take();
        if let Some((distance, end)) = end {
            self.raise_prices(distance);
            self.shift(end, root);
        }
        for column in self.touched.drain(..) {
            self.reached[column] = None;
        }
        self.settled.clear();
        self.steps.clear();
        matches!(end, Some((_, End::Without(_))))
    }

    /// Goes on from a mentee whose place is `distance` away and could be given up.
    fn leave(&mut self, row: Row, distance: i128) {
        let keeps = self.keeps(row);
        let base = distance + keeps;
        self.reach(base, End::Without(row));
        for at in 0..self.market.listed(row).len() {
            let listed = self.market.listed(row)[at];
            self.relax(row, base, listed.column as usize, listed.worth);
        }
        self.plan_to_look_beyond(row, base);
    }

    /// What the mentee keeps after the price; any number would do for the one who has nobody yet.
    fn keeps(&self, row: Row) -> i128 {
        let own = self.columns[row].and_then(|column| {
            let worth = self.market.worth(row, column)?;
            Some(worth - self.market.price(column))
        });
        own.unwrap_or(0)
    }

    fn plan_to_look_beyond(&mut self, row: Row, base: i128) {
        if let Some(limit) = self.market.limit(row) {
            let distance = base - limit;
            if self.end.is_none_or(|(end, _)| distance < end) {
                self.steps.push(Reverse((distance, Step::Beyond(row))));
            }
        }
    }

    fn look_beyond(&mut self, row: Row, distance: i128) {
        let Some(limit) = self.market.limit(row) else {
            return;
        };
        let base = distance + limit;
        if self.market.is_fresh(row) {
            let least = self.end.map_or(0, |(end, _)| base - end);
            let mut found = Vec::new();
            self.market
                .each_above(row, least, |column, worth| found.push((column, worth)));
            for (column, worth) in found {
                self.relax(row, base, column, worth);
            }
        } else {
            self.market.renew(row);
            for at in 0..self.market.listed(row).len() {
                let listed = self.market.listed(row)[at];
                self.relax(row, base, listed.column as usize, listed.worth);
            }
            self.plan_to_look_beyond(row, base);
        }
    }

    fn relax(&mut self, row: Row, base: i128, column: Column, worth: i128) {
        let distance = base - (worth - self.market.price(column));
        if self.end.is_some_and(|(end, _)| distance >= end) {
            return;
        }
        match self.reached[column] {
            Some((known, _)) if known <= distance => return,
            Some(_) => {}
            None => self.touched.push(column),
        }
        self.reached[column] = Some((distance, row));
        if self.has_room(column) {
            self.reach(distance, End::Mentor(column));
        } else {
            self.steps.push(Reverse((distance, Step::Mentor(column))));
        }
    }

    fn has_room(&self, column: Column) -> bool {
        self.rows[column].len() < self.market.board().places(column) as usize
    }

    fn reach(&mut self, distance: i128, end: End) {
        if self.end.is_none_or(|(nearest, _)| distance < nearest) {
            self.end = Some((distance, end));
        }
    }

    fn settle(&mut self, column: Column, distance: i128) {
        // An older, longer way to the same mentor.
        if self.reached[column].is_none_or(|(known, _)| known < distance) {
            return;
        }
        self.settled.push(column);
        for at in 0..self.rows[column].len() {
            let row = self.rows[column][at];
            self.leave(row, distance);
        }
    }

    fn raise_prices(&mut self, end: i128) {
        for &column in &self.settled {
            if let Some((distance, _)) = self.reached[column] {
                let price = self.market.price(column) + end - distance;
                self.market.raise(column, price);
            }
        }
    }

    /// Moves everybody on the path one place on, from its end to its beginning.
    fn shift(&mut self, end: End, root: Row) {
        let mut row = match end {
            End::Without(row) => row,
            End::Mentor(column) => {
                let Some((_, row)) = self.reached[column] else {
                    return;
                };
                self.rows[column].push(row);
                row
            }
        };
        let mut next = match end {
            End::Without(_) => None,
            End::Mentor(column) => Some(column),
        };
        while let Some(left) = std::mem::replace(&mut self.columns[row], next) {
            let Some((_, before)) = self.reached[left] else {
                return;
            };
            for seat in &mut self.rows[left] {
                if *seat == row {
                    *seat = before;
                }
            }
            row = before;
            next = Some(left);
        }
        debug_assert_eq!(row, root, "a path begins with the mentee who has nobody");
    }
}
