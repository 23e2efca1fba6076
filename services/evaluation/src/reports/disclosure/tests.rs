//! The gate's properties, and what a reader who knows the gate itself can find out.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// All ways in which `people` can be in `slots` slots.
fn ways(people: u32, slots: usize) -> Vec<Vec<u32>> {
    if slots == 1 {
        return vec![vec![people]];
    }
    let rest = |own: u32| {
        ways(people - own, slots - 1)
            .into_iter()
            .map(move |mut way| {
                way.insert(0, own);
                way
            })
    };
    (0..=people).flat_map(rest).collect()
}

fn shown(cells: &[Cell], counts: &[u32]) -> Vec<(Cell, u32)> {
    cells
        .iter()
        .map(|cell| (cell.clone(), count(counts, cell)))
        .collect()
}

#[test]
fn who_knows_the_gate_cannot_count_back_from_a_total() {
    let mut by_table: BTreeMap<Vec<(Cell, u32)>, Vec<Vec<u32>>> = BTreeMap::new();
    for people in 6..=14 {
        for answers in ways(people, 4) {
            let counts = [vec![0], answers].concat();
            if let Some(cells) = cells(&counts, 3) {
                by_table
                    .entry(shown(&cells, &counts))
                    .or_default()
                    .push(counts);
            }
        }
    }
    for (table, counts) in by_table {
        for (cell, all) in &table {
            assert!(*all >= 3);
            for slot in cell.iter().filter(|_| cell.len() > 1) {
                let first = counts[0][*slot];
                assert!(
                    counts.iter().any(|other| other[*slot] != first),
                    "{table:?} tells {slot}"
                );
            }
        }
    }
}

/// What is published of a question: the total's cells, and the bands of each block.
type Published = (Vec<(Cell, u32)>, Vec<Vec<(Cell, u32)>>);
type Division = fn(&[Cell], &Blocks, u32) -> Option<Vec<Cell>>;

/// Somebody knows the sizes of the blocks, reads what is published and knows by which rule it was
/// made: tries all tables, and sees in how many reports a number under `k` of one block follows
/// from it; and how many reports have a breakdown.
fn counted_back(sizes: &[u32], slots: usize, k: u32, division: Division) -> (usize, usize) {
    let mut tables: Vec<Vec<Vec<u32>>> = vec![Vec::new()];
    for size in sizes {
        let blocks: Vec<Vec<u32>> = ways(*size, slots)
            .into_iter()
            .map(|way| [vec![0], way].concat())
            .collect();
        let longer = |table: &Vec<Vec<u32>>| -> Vec<Vec<Vec<u32>>> {
            let table = table.clone();
            let blocks = blocks.iter();
            blocks
                .map(|block| [table.as_slice(), std::slice::from_ref(block)].concat())
                .collect()
        };
        tables = tables.iter().flat_map(longer).collect();
    }
    let mut by_report: BTreeMap<Published, Vec<Vec<Vec<u32>>>> = BTreeMap::new();
    for blocks in tables {
        let total: Vec<u32> = (0..=slots)
            .map(|slot| blocks.iter().map(|block| block[slot]).sum())
            .collect();
        let mut published = Published::default();
        if let Some(cells) = cells(&total, k) {
            published.0 = shown(&cells, &total);
            let bands = division(&cells, &blocks, k).unwrap_or_default();
            let of = |block: &Vec<u32>| shown(&bands, block);
            published.1 = blocks.iter().map(of).collect();
        }
        by_report.entry(published).or_default().push(blocks);
    }
    let subsets: Vec<Cell> = (1..(1_usize << slots))
        .map(|bits| {
            (1..=slots)
                .filter(|slot| bits >> (slot - 1) & 1 == 1)
                .collect()
        })
        .collect();
    let broken_down = |published: &&Published| published.1.iter().any(|block| !block.is_empty());
    let shown_count = by_report.keys().filter(broken_down).count();
    let follows = |tables: &Vec<Vec<Vec<u32>>>| {
        (0..sizes.len()).any(|block| {
            subsets.iter().any(|subset| {
                let first = count(&tables[0][block], subset);
                first < k && tables.iter().all(|own| count(&own[block], subset) == first)
            })
        })
    };
    (
        by_report.values().filter(|tables| follows(tables)).count(),
        shown_count,
    )
}

/// Tables small enough to try all: sizes of blocks, options, `k`.
const SMALL: [(&[u32], usize, u32); 6] = [
    (&[4, 4], 4, 2),
    (&[4, 7], 3, 2),
    (&[5, 6], 4, 2),
    (&[4, 4, 5], 3, 2),
    (&[6, 6], 4, 3),
    (&[6, 8], 3, 3),
];

#[test]
fn who_knows_the_gate_cannot_count_back_from_a_breakdown() {
    let mut shown = 0;
    for (sizes, slots, k) in SMALL {
        let (found, some) = counted_back(sizes, slots, k, bands);
        assert_eq!(found, 0, "{sizes:?} with {slots} options, {k} at least");
        shown += some;
    }
    assert!(shown > 100, "{shown}");
}

/// Bands as they were once chosen: as narrow as every block allows.
fn fitted(cells: &[Cell], blocks: &Blocks, k: u32) -> Option<Vec<Cell>> {
    let (mut bands, mut open) = (Vec::new(), Cell::new());
    for cell in cells {
        open.extend(cell);
        if blocks.iter().all(|block| count(block, &open) >= k) {
            bands.push(std::mem::take(&mut open));
        }
    }
    bands.last_mut()?.extend(open);
    (bands.len() > 1).then_some(bands)
}

#[test]
fn from_bands_that_fit_the_blocks_it_could_be_counted_back() {
    let found: usize = SMALL
        .iter()
        .map(|(sizes, slots, k)| counted_back(sizes, *slots, *k, fitted).0)
        .sum();
    assert!(found > 0);
}

#[test]
fn where_all_answer_alike_nothing_is_told_apart() {
    assert_eq!(cells(&[0, 0, 0, 0, 0, 24], K), None);
    assert_eq!(cells(&[0, 0, 0, 0, 3, 21], K), None);
    assert_eq!(
        cells(&[0, 0, 1, 4, 11, 8], K),
        Some(vec![vec![1, 2, 3], vec![4], vec![5]])
    );
    assert_eq!(
        cells(&[2, 3, 0, 9, 0, 0], K),
        Some(vec![vec![0, 1], vec![2, 3, 4, 5]])
    );
}

#[test]
fn a_mean_lies_within_its_bounds_and_is_exact_where_all_is_shown() {
    assert_eq!(mean(&[(vec![1], 5), (vec![2], 5)], 1), Some((150, 150)));
    assert_eq!(
        mean(&[(vec![1, 2, 3], 5), (vec![4], 11), (vec![5], 8)], 1),
        Some((370, 413))
    );
    // The five may be fewer who answered 1, or none at all.
    assert_eq!(mean(&[(vec![0, 1], 5), (vec![5], 5)], 1), Some((300, 500)));
    assert_eq!(mean(&[(vec![0], 9)], 1), None);
}

proptest! {
    #[test]
    fn every_cell_and_band_has_people_enough(
        blocks in prop::collection::vec(prop::collection::vec(0_u32..20, 6), 1..6),
    ) {
        let total: Vec<u32> = (0..6).map(|slot| blocks.iter().map(|block| block[slot]).sum()).collect();
        let Some(cells) = cells(&total, K) else { return Ok(()) };
        prop_assert!(cells.len() > 1);
        let mut all = cells.concat();
        all.sort_unstable();
        prop_assert_eq!(all, (usize::from(total[0] == 0)..6).collect::<Vec<_>>());
        for cell in &cells {
            prop_assert!(count(&total, cell) >= K);
            prop_assert!(cell.windows(2).all(|two| two[1] == two[0] + 1));
        }
        if let Some(bands) = bands(&cells, &blocks, K) {
            for band in &bands {
                prop_assert!(blocks.iter().all(|block| count(block, band) >= K));
                prop_assert!(cells.iter().all(|cell| cell.iter().all(|slot| band.contains(slot))
                    || cell.iter().all(|slot| !band.contains(slot))));
            }
        }
        let values: Vec<(u32, u32)> = (1..6).zip(total[1..].iter().copied()).collect();
        let answered: u32 = values.iter().map(|one| one.1).sum();
        let sum: u32 = values.iter().map(|one| one.0 * one.1).sum();
        if let Some((low, high)) = mean(&shown(&cells, &total), 1).filter(|_| answered > 0) {
            let hundredths = f64::from(100 * sum) / f64::from(answered);
            prop_assert!(f64::from(low) <= hundredths && hundredths <= f64::from(high));
        }
    }
}
