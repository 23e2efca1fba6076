//! The proof that a set of pairs is the best, checked after every run.
//!
//! Whatever the search did: if prices are at least 0, columns with a free place cost nothing, every
//! row has a column that is worth most after its price, and goes without only where nothing is worth
//! more than 0, then no other set is worth more. Add up worth − price over any set: no row can have
//! more than here, and the columns' share is the largest there is.

use super::assign::Assignment;
use super::market::Market;

/// Whether the prices prove the assignment.
pub(super) fn proves(market: &Market, assignment: &Assignment) -> bool {
    let mut counts = vec![0_u32; assignment.prices.len()];
    for column in assignment.columns.iter().flatten() {
        match counts.get_mut(*column) {
            Some(count) => *count += 1,
            None => return false,
        }
    }
    let places = (0..counts.len()).map(|column| market.board().places(column));
    let sound = places
        .zip(counts)
        .zip(&assignment.prices)
        .all(|((places, count), &price)| {
            price >= 0 && count <= places && (count == places || price == 0)
        });
    let best = |(row, column): (usize, &Option<usize>)| {
        let keeps = match *column {
            Some(column) => market
                .worth(row, column)
                .map(|worth| worth - market.price(column)),
            None => Some(0),
        };
        keeps.is_some_and(|keeps| keeps >= 0 && !market.has_above(row, keeps))
    };
    sound && assignment.columns.iter().enumerate().all(best)
}
