//! What a pair is worth, and each seeker's short list.
//!
//! Columns have prices, which only rise. A short list holds the columns that are worth most at the
//! prices of the moment it was made, and a limit that no column outside exceeds. Since prices only
//! rise, the limit holds for good, so that a search that stays above it has seen all that matters;
//! one that does not makes a new list at the present prices, or reads the whole row.

#![expect(
    clippy::indexing_slicing,
    reason = "rows and columns are indexes of the arrays made for them; this is the inner loop of the search"
)]

use super::board::Board;
use super::scale::Scale;
use super::table::{Column, Entry, Row};
use std::cmp::Reverse;

/// How many columns a short list has; in tests so few that small runs look beyond them too.
const LIST: usize = if cfg!(test) { 3 } else { 32 };

/// A column on a short list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Listed {
    pub column: u32,
    pub worth: i128,
}

/// Worths, prices and short lists.
#[derive(Debug)]
pub(super) struct Market<'a> {
    board: &'a Board<'a>,
    scale: Scale,
    /// What a lock is worth in points, rounded up.
    lock_points: i64,
    prices: Vec<i128>,
    /// Prices in points, rounded down.
    coarse_prices: Vec<i64>,
    lists: Vec<List>,
    /// Counts changes of prices, to tell a fresh list from an old one.
    moment: u64,
    scratch: Scratch,
}

#[derive(Debug, Default)]
struct List {
    listed: Vec<Listed>,
    /// What no column outside is worth more than, after its price; `None` when there is none.
    limit: Option<i128>,
    made_at: u64,
}

#[derive(Debug, Default)]
struct Scratch {
    keys: Vec<i64>,
    order: Vec<i64>,
    edge: Vec<(i128, Listed)>,
}

/// The coarse key of a pair that may not be.
const NO_KEY: i64 = i64::MIN;

impl<'a> Market<'a> {
    pub(super) fn new(board: &'a Board<'a>, scale: Scale) -> Self {
        let mut market = Self {
            board,
            scale,
            lock_points: points(scale.lock, scale.point) + 1,
            prices: vec![0; board.columns()],
            coarse_prices: vec![0; board.columns()],
            lists: Vec::with_capacity(board.rows()),
            moment: 0,
            scratch: Scratch::default(),
        };
        for row in 0..board.rows() {
            let list = market.make(row, List::default());
            market.lists.push(list);
        }
        market
    }

    pub(super) fn board(&self) -> &'a Board<'a> {
        self.board
    }

    /// What a pair is worth, if it may be.
    pub(super) fn worth(&self, row: Row, column: Column) -> Option<i128> {
        let entry = self.board.row(row)[column];
        let may_be = entry.may_be();
        may_be.then(|| self.board.worth(&self.scale, row, column, entry))
    }

    /// A pair's worth in points, rounded down, without what every pair is worth and what stands
    /// below points.
    fn key(&self, entry: Entry) -> i64 {
        let lock = if entry.is_locked() {
            self.lock_points
        } else {
            0
        };
        i64::from(entry.score()) + lock
    }

    pub(super) fn price(&self, column: Column) -> i128 {
        self.prices[column]
    }

    pub(super) fn raise(&mut self, column: Column, price: i128) {
        if price > self.prices[column] {
            self.prices[column] = price;
            self.coarse_prices[column] = points(price, self.scale.point);
            self.moment += 1;
        }
    }

    pub(super) fn listed(&self, row: Row) -> &[Listed] {
        &self.lists[row].listed
    }

    /// What no column outside the row's list is worth more than, after its price.
    pub(super) fn limit(&self, row: Row) -> Option<i128> {
        self.lists[row].limit
    }

    /// Whether the row's list was made at the present prices.
    pub(super) fn is_fresh(&self, row: Row) -> bool {
        self.lists[row].made_at == self.moment
    }

    /// Makes the row's list at the present prices.
    pub(super) fn renew(&mut self, row: Row) {
        let old = std::mem::take(&mut self.lists[row]);
        self.lists[row] = self.make(row, old);
    }

    /// Calls with every pair of the row that may be worth more than `least` after its price, and
    /// what it is worth.
    pub(super) fn each_above(&self, row: Row, least: i128, mut call: impl FnMut(Column, i128)) {
        let least_key = self.key_of(least);
        let pairs = self.board.row(row).iter().zip(&self.coarse_prices);
        for (column, (&entry, &price)) in pairs.enumerate() {
            if entry.may_be() && self.key(entry) - price >= least_key {
                let worth = self.board.worth(&self.scale, row, column, entry);
                if worth - self.prices[column] > least {
                    call(column, worth);
                }
            }
        }
    }

    /// Whether any pair of the row is worth more than `least` after its price.
    pub(super) fn has_above(&self, row: Row, least: i128) -> bool {
        let mut has = false;
        self.each_above(row, least, |_, _| has = true);
        has
    }

    /// The smallest key that a pair can have that is worth more than `least` after its price.
    fn key_of(&self, least: i128) -> i64 {
        points(
            least - self.scale.pair - self.scale.below_point,
            self.scale.point,
        )
    }

    fn make(&mut self, row: Row, old: List) -> List {
        let mut scratch = std::mem::take(&mut self.scratch);
        let mut listed = old.listed;
        listed.clear();
        let entries = self.board.row(row);
        let keys = entries
            .iter()
            .zip(&self.coarse_prices)
            .map(|(&entry, price)| {
                if entry.may_be() {
                    self.key(entry) - price
                } else {
                    NO_KEY
                }
            });
        scratch.keys.clear();
        scratch.keys.extend(keys);
        let bar = scratch.bar();
        scratch.edge.clear();
        let mut best_below = NO_KEY;
        for (column, (&entry, &key)) in (0_u32..).zip(entries.iter().zip(&scratch.keys)) {
            if key < bar {
                best_below = best_below.max(key);
            } else if key != NO_KEY {
                let at = column as usize;
                let worth = self.board.worth(&self.scale, row, at, entry);
                let one = Listed { column, worth };
                if key > bar {
                    listed.push(one);
                } else {
                    scratch.edge.push((worth - self.prices[at], one));
                }
            }
        }
        // Those exactly at the bar are more than the list has room for: the best of them stay.
        let room = LIST.saturating_sub(listed.len());
        let at_the_bar = (room < scratch.edge.len()).then(|| {
            let (_, next, _) = scratch
                .edge
                .select_nth_unstable_by_key(room, |(net, one)| (Reverse(*net), one.column));
            next.0
        });
        listed.extend(scratch.edge.iter().take(room).map(|(_, one)| *one));
        let below = (best_below != NO_KEY).then(|| {
            self.scale.pair + i128::from(best_below) * self.scale.point + self.scale.below_point
        });
        self.scratch = scratch;
        List {
            listed,
            limit: at_the_bar.max(below),
            made_at: self.moment,
        }
    }
}

impl Scratch {
    /// The key of the last that fits into a list.
    fn bar(&mut self) -> i64 {
        if self.keys.len() <= LIST {
            return NO_KEY;
        }
        self.order.clone_from(&self.keys);
        let last = LIST - 1;
        let (_, bar, _) = self
            .order
            .select_nth_unstable_by(last, |one, other| other.cmp(one));
        *bar
    }
}

/// A sum in points, rounded down, as far as 64 bits go.
fn points(sum: i128, point: i128) -> i64 {
    // A sum beyond is nowhere near any pair's; half the range keeps differences from overflowing.
    let floor = sum.div_euclid(point);
    i64::try_from(floor).map_or(i64::MAX / 4, |floor| {
        floor.clamp(i64::MIN / 4, i64::MAX / 4)
    })
}
