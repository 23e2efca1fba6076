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
//! It holds for a reader who knows these rules too. Cells and bands are chosen by the total and by
//! how many are in each block, never by what a block answered ([`bands`]), so that which of them
//! are shown says nothing more; the tests try all small cases, for totals and for breakdowns, and
//! find nothing that could be counted back.
//!
//! The price is said openly: where nearly all agree, the cell that holds them also holds the
//! options that hardly anybody chose, and a round of 24 seldom has more than one breakdown.

/// Fewest people of whom anything is shown.
pub const K: u32 = 5;

/// Slots that are shown together, in the order of the question. Slot 0 is no answer, slot `i` the
/// `i`-th option.
pub type Cell = Vec<usize>;

/// How many of each block are in a slot.
pub type Blocks = [Vec<u32>];

/// The cells of a total: as many as can be, each with at least `k` people. Nothing where fewer
/// than two can be told apart. Small answers are put together with their neighbours, whether the
/// options are a scale or names: putting the small ones of names together would tell who knows the
/// rule that each of them is small, and of two with eight people that they are four and four.
pub fn cells(total: &[u32], k: u32) -> Option<Vec<Cell>> {
    let answered = usize::from(total.first() == Some(&0));
    let slots: Vec<Cell> = (answered..total.len()).map(|slot| vec![slot]).collect();
    several(put_together(&slots, total, k))
}

/// The bands of breakdowns by these blocks: unions of the total's cells with at least `k` people in
/// each block. Nothing where fewer than two can be told apart, or there is one block only.
///
/// Which bands are tried follows from the total and the sizes of the blocks alone, and one
/// division is tried. So whoever knows this rule learns from the bands that are shown nothing but
/// the numbers that stand beside them, and from a breakdown that is not shown that some block has
/// few in some band, which leaves its numbers open. Trying another division where the first does
/// not hold would tell that the first did not, and with it, in small tables, numbers.
pub fn bands(cells: &[Cell], blocks: &Blocks, k: u32) -> Option<Vec<Cell>> {
    let sizes = || blocks.iter().map(|block| block.iter().sum::<u32>());
    let smallest = sizes().min().filter(|smallest| *smallest > 0)?;
    let mut total = Vec::new();
    for block in blocks {
        total.resize(block.len().max(total.len()), 0);
        for (total, own) in total.iter_mut().zip(block) {
            *total += own;
        }
    }
    // As many as leave the smallest block twice what it needs, if it answers as all do.
    let people: u32 = sizes().sum();
    let need = (2 * k * people).div_ceil(smallest);
    let bands = several(put_together(cells, &total, need)).or_else(|| halves(cells, &total))?;
    are_held(&bands, blocks, k).then_some(bands)
}

/// Whether there are several blocks, and each has at least `k` people in each of these bands.
pub fn are_held(bands: &[Cell], blocks: &Blocks, k: u32) -> bool {
    let held = |block: &Vec<u32>| bands.iter().all(|band| count(block, band) >= k);
    blocks.len() > 1 && blocks.iter().all(held)
}

/// How many of a block are in a cell.
pub fn count(block: &[u32], cell: &[usize]) -> u32 {
    cell.iter().filter_map(|slot| block.get(*slot)).sum()
}

fn several(cells: Vec<Cell>) -> Option<Vec<Cell>> {
    (cells.len() > 1).then_some(cells)
}

/// Puts neighbours together until there are enough in each; what is left over at the end joins the
/// last.
fn put_together(units: &[Cell], total: &[u32], least: u32) -> Vec<Cell> {
    let (mut cells, mut open) = (Vec::new(), Cell::new());
    for unit in units {
        open.extend(unit);
        if count(total, &open) >= least {
            cells.push(std::mem::take(&mut open));
        }
    }
    match cells.last_mut() {
        Some(end) => end.extend(open),
        None => cells.push(open),
    }
    cells
}

/// The two bands of which the smaller is as large as can be; of two ways the first.
fn halves(cells: &[Cell], total: &[u32]) -> Option<Vec<Cell>> {
    let cuts = (1..cells.len()).map(|cut| {
        let (low, high) = cells.split_at(cut);
        let (low, high) = (low.concat(), high.concat());
        (count(total, &low).min(count(total, &high)), low, high)
    });
    let best = cuts.reduce(|best, other| if other.0 > best.0 { other } else { best })?;
    Some(vec![best.1, best.2])
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
