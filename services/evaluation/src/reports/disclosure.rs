//! Which answers may be shown apart: the one gate through which every number of a report goes.
//!
//! # What is promised
//!
//! Take any set of fewer than [`K`] people who answered, and any way of giving each of them one of
//! the answers that the question's table shows (a shown answer may be several options together).
//! Then there is a way in which everybody else could have answered so that every published table
//! of the question is exactly as it is. So nothing about fewer than [`K`] people follows from the
//! tables, whoever reads them: not what a person answered, not how many of a small group answered
//! something, and not that none of them did. It holds for a reader who knows who answered and what
//! everybody's gender, municipality, kind and department are, and for up to `K - 1` people who
//! put their own answers together.
//!
//! # Why it holds
//!
//! People are put in blocks: those who are alike in all dimensions that the question's
//! breakdowns show. Options are put together twice: into the *cells* of the total, and those into
//! the coarser *bands* of the breakdowns. The rules are
//!
//! 1. each cell of the total has at least [`K`] people, and so none that nobody chose is shown;
//! 2. each band has at least [`K`] people *in each block*;
//! 3. every published breakdown is a sum of whole blocks by whole bands.
//!
//! Given a set of fewer than `K` people and an answer for each, change one after the other: let a
//! person swap answers with somebody of the same block who is in the wanted band (rule 2: there are
//! `K`, so at least one is outside the set or not settled yet), then with somebody of any block in
//! the same band who gave the wanted answer (rule 1, in the same way). The first swap leaves each
//! block's bands as they are, the second each band, and both leave the total. Whatever is computed
//! from sums that the swaps leave as they are (rule 3) is left as it is too. Margins, differences
//! and complements are such sums, so they need no rules of their own.
//!
//! Who takes part is a matter of the dimensions alone, never of the answers: see [`super::axes`].
//! Questions have tables of their own, and no table crosses two of them, so that answers can be
//! swapped question by question; where one is asked only of who answered another in some way, it
//! has no breakdown and is shown only if those who were asked are themselves whole cells of the
//! other's total, and it is swapped along with it. A missing answer counts as an answer. Means come
//! from shown cells alone.
//!
//! The promise is about what tables say. Which bands a breakdown has may tell somebody who knows
//! these rules and tries all cases that a narrower band was too small in some block; for totals the
//! tests try all small cases and find nothing that could be counted back.
//!
//! The price is said openly: where nearly all agree, the cell that holds them also holds the
//! options that hardly anybody chose, and a round of 24 seldom has more than one breakdown.

/// Fewest people of whom anything is shown.
pub const K: u32 = 5;

/// What stands between options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// They are a scale: only neighbours are put together.
    Scale,
    /// They are names: small ones are put together as the others. No report does so, since who
    /// knows the rule could count back; it is kept beside the other for the tests of both.
    Names,
}

/// Slots that are shown together, in the order of the question. Slot 0 is no answer, slot `i` the
/// `i`-th option.
pub type Cell = Vec<usize>;

/// How many of each block are in a slot.
pub type Blocks = [Vec<u32>];

/// The cells of a total: as many as can be, each with at least `k` people. Nothing where fewer
/// than two can be told apart.
pub fn cells(order: Order, total: &[u32], k: u32) -> Option<Vec<Cell>> {
    let answered = usize::from(total.first() == Some(&0));
    let slots = (answered..total.len()).map(|slot| vec![slot]);
    put_together(
        order,
        slots.collect(),
        std::slice::from_ref(&total.to_vec()),
        k,
    )
}

/// The bands of breakdowns by these blocks: unions of the total's cells with at least `k` people in
/// each block. Nothing where fewer than two can be told apart, or there is one block only.
pub fn bands(order: Order, cells: &[Cell], blocks: &Blocks, k: u32) -> Option<Vec<Cell>> {
    if blocks.len() < 2 {
        return None;
    }
    put_together(order, cells.to_vec(), blocks, k)
}

/// How many of a block are in a cell.
pub fn count(block: &[u32], cell: &[usize]) -> u32 {
    cell.iter().filter_map(|slot| block.get(*slot)).sum()
}

fn put_together(order: Order, units: Vec<Cell>, blocks: &Blocks, k: u32) -> Option<Vec<Cell>> {
    let fewest = |cell: &Cell| blocks.iter().map(|block| count(block, cell)).min();
    let is_enough = |cell: &Cell| fewest(cell).is_some_and(|fewest| fewest >= k);
    let cells = match order {
        Order::Scale => {
            let (mut cells, mut open) = (Vec::new(), Cell::new());
            for unit in units {
                open.extend(unit);
                if is_enough(&open) {
                    cells.push(std::mem::take(&mut open));
                }
            }
            match cells.last_mut() {
                Some(last) => last.extend(open),
                None => return None,
            }
            cells
        }
        Order::Names => {
            let (mut apart, others): (Vec<Cell>, Vec<Cell>) =
                units.into_iter().partition(is_enough);
            let mut others: Cell = others.concat();
            // Nothing is left over, or it is enough; else the smallest joins it.
            while !others.is_empty() && !is_enough(&others) {
                let smallest =
                    (0..apart.len()).min_by_key(|at| (apart.get(*at).and_then(fewest), *at))?;
                others.extend(apart.remove(smallest));
            }
            others.sort_unstable();
            if !others.is_empty() {
                apart.push(others);
            }
            apart
        }
    };
    (cells.len() > 1).then_some(cells)
}

/// Bounds of a mean in hundredths, from shown cells alone: everybody in a cell may have given its
/// lowest or its highest answer, and where no answer is in it too, any number of them none.
pub fn mean(cells: &[(Cell, u32)], lowest: i32) -> Option<(i32, i32)> {
    let value = |slot: usize| i64::from(lowest) + i64::try_from(slot).unwrap_or(0) - 1;
    let (mut people, mut low, mut high) = (0_i64, 0_i64, 0_i64);
    let mut unsure = None;
    for (cell, count) in cells {
        let answers: Vec<i64> = cell
            .iter()
            .filter(|slot| **slot > 0)
            .map(|slot| value(*slot))
            .collect();
        let (Some(least), Some(most)) = (answers.iter().min(), answers.iter().max()) else {
            continue;
        };
        let count = i64::from(*count);
        if cell.contains(&0) {
            unsure = Some((count, *least, *most));
        } else {
            people += count;
            low += count * least;
            high += count * most;
        }
    }
    let (most_unsure, least, most) = unsure.unwrap_or((0, 0, 0));
    let bounds = (0..=most_unsure)
        .filter(|answered| people + answered > 0)
        .map(|answered| {
            let all = people + answered;
            let (low, high) = (low + answered * least, high + answered * most);
            ((100 * low).div_euclid(all), -(-100 * high).div_euclid(all))
        });
    let (low, high) = bounds.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))?;
    Some((i32::try_from(low).ok()?, i32::try_from(high).ok()?))
}

#[cfg(test)]
mod tests;
