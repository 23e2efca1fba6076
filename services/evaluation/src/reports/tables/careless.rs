//! Tables as they are often made: what is small is left out where it stands, and nothing is done
//! about what follows from the rest. For the tests alone, which show that they would notice.

use super::{DIMENSIONS, Frozen, FrozenQuestion, Names, nothing, people_of, sum, wire};
use crate::reports::{
    axes::{Axis, Group},
    count::Counts,
    disclosure::{Cell, K},
};
use shared_types::evaluation::reports::{ReportBreakdown, ReportCell, ReportGroup, ReportShowing};

/// Makes them, for questions with one answer each.
pub fn freeze(counts: &Counts<'_>, names: Names<'_>) -> Frozen {
    let mut frozen = Frozen {
        answered_count: Some(wire(counts.people())),
        ..Frozen::default()
    };
    let signatures = counts.signatures();
    let large = |cells: Vec<ReportCell>| -> Vec<ReportCell> {
        cells
            .into_iter()
            .filter(|cell| cell.count >= wire(K))
            .collect()
    };
    for (at, asked) in counts.plan.asked.iter().enumerate() {
        let slots = counts.slots(at);
        let apart: Vec<Cell> = (0..=asked.options).map(|slot| vec![slot]).collect();
        let breakdown = |dimension: usize| {
            let mut levels: Vec<usize> = signatures
                .iter()
                .filter_map(|(signature, _)| signature.get(dimension))
                .copied()
                .collect();
            levels.sort_unstable();
            levels.dedup();
            let groups = levels.iter().map(|level| Group {
                levels: vec![*level],
                is_others: false,
            });
            let axis = Axis {
                dimension,
                groups: groups.collect(),
            };
            let groups = levels.iter().filter_map(|level| {
                let own = signatures.iter().zip(&slots);
                let own = own.filter(|((signature, _), _)| signature.get(dimension) == Some(level));
                let people = people_of(asked, &sum(own.map(|(_, slots)| slots)), &apart);
                let (key, name) = names(axis.dimension, *level);
                (people.count >= wire(K)).then(|| ReportGroup {
                    is_others: false,
                    key,
                    name,
                    count: people.count,
                    cells: large(people.cells),
                    choices: Vec::new(),
                    mean: None,
                })
            });
            ReportBreakdown {
                dimension: *DIMENSIONS.get(dimension)?,
                groups: groups.collect(),
            }
            .into()
        };
        let breakdowns: Vec<ReportBreakdown> =
            (0..DIMENSIONS.len()).filter_map(breakdown).collect();
        frozen
            .breakdowns
            .insert(asked.question.key.clone(), breakdowns);
        let total = people_of(asked, &sum(slots.iter()), &apart);
        frozen.totals.push(FrozenQuestion {
            asked_count: Some(total.count),
            cells: large(total.cells),
            ..nothing(asked, ReportShowing::Shown)
        });
    }
    frozen
}
