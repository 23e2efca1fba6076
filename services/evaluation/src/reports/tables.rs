//! The tables of a closed survey: counts go in, what may be shown comes out.

#[cfg(feature = "sabotage")]
pub mod careless;

use super::{
    axes::{Axis, Signature, axes, blocks_of},
    count::{Asked, Counts},
    disclosure::{Cell, K, are_held, bands, cells, count, mean},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use shared_types::evaluation::{
    instruments::QuestionKind,
    reports::{
        ReportBreakdown, ReportCell, ReportChoice, ReportDimension, ReportGroup, ReportMean,
        ReportShowing,
    },
};
use std::collections::BTreeMap;

/// The dimensions, in the order in which they say most.
pub const DIMENSIONS: [ReportDimension; super::axes::DIMENSIONS] = [
    ReportDimension::Gender,
    ReportDimension::PersonKind,
    ReportDimension::Municipality,
    ReportDimension::Department,
];

/// A question as it is kept: without its words, which the instrument keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FrozenQuestion {
    /// Its key.
    pub key: String,
    /// What is shown.
    pub showing: ReportShowing,
    /// How many were asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_count: Option<i32>,
    /// The answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cells: Vec<ReportCell>,
    /// What was chosen, where several could be.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<ReportChoice>,
    /// The mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean: Option<ReportMean>,
}

/// All that will ever be shown of a survey's answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frozen {
    /// How many answered, where it may be told.
    pub answered_count: Option<i32>,
    /// Question by question.
    pub totals: Vec<FrozenQuestion>,
    /// Breakdowns by the question's key.
    pub breakdowns: BTreeMap<String, Vec<ReportBreakdown>>,
    /// What was written, by the question's key.
    pub texts: BTreeMap<String, Vec<String>>,
}

/// What the levels of a dimension are called: key, and name where it has one.
pub type Names<'a> = &'a dyn Fn(usize, usize) -> (Option<String>, Option<String>);

/// How a question's answers are put together, and which dimensions it is shown by.
#[derive(Clone, Debug, Default)]
pub struct Partition {
    /// Cells of the total; of a question with several choices, the options that are shown.
    pub cells: Vec<Cell>,
    /// Bands of the breakdowns; empty where there are none.
    pub bands: Vec<Cell>,
    /// How many of the axes are shown.
    pub axes: usize,
}

/// Makes the tables. What is written is ordered by a digest with `salt`, which says nothing of who
/// wrote it or when.
pub fn freeze(counts: &mut Counts<'_>, names: Names<'_>, salt: &[u8]) -> Frozen {
    let people = counts.people();
    if people < K {
        let totals = counts.plan.asked.iter();
        let totals = totals
            .map(|asked| nothing(asked, ReportShowing::TooFew))
            .collect();
        return Frozen {
            totals,
            ..Frozen::default()
        };
    }
    let written = std::mem::take(&mut counts.texts);
    let survey = Survey::of(counts, names);
    let mut frozen = Frozen {
        answered_count: Some(wire(people)),
        ..Frozen::default()
    };
    let mut partitions: Vec<Option<Partition>> = Vec::new();
    for (at, asked) in counts.plan.asked.iter().enumerate() {
        let (question, partition) = if survey.is_askable(asked, &partitions) {
            survey.question(at, asked, &mut frozen, &written)
        } else {
            (nothing(asked, ReportShowing::Hidden), None)
        };
        frozen.totals.push(question);
        partitions.push(partition);
    }
    for texts in frozen.texts.values_mut() {
        texts.sort_by_cached_key(|text| {
            Sha256::new()
                .chain_update(salt)
                .chain_update(text)
                .finalize()
        });
    }
    frozen
}

/// A survey that enough people answered.
pub struct Survey<'c, 'a> {
    counts: &'c Counts<'a>,
    names: Names<'c>,
    /// The dimensions that can be shown together.
    pub axes: Vec<Axis>,
    /// The block of each combination, by how many of the axes are shown.
    blocks: Vec<Vec<usize>>,
    /// The group of each combination, axis by axis.
    groups: Vec<Vec<usize>>,
}

impl<'c, 'a> Survey<'c, 'a> {
    /// Chooses the dimensions.
    pub fn of(counts: &'c Counts<'a>, names: Names<'c>) -> Self {
        let people = counts.signatures();
        let axes = axes(&people, K);
        let signatures = || people.iter().map(|(signature, _)| signature);
        let shown = (0..=axes.len()).filter_map(|count| axes.get(..count));
        let group = |axis: &Axis, signature: &Signature| {
            signature
                .get(axis.dimension)
                .map_or(0, |level| axis.group(*level))
        };
        let groups = axes
            .iter()
            .map(|axis| signatures().map(|own| group(axis, own)).collect());
        Self {
            blocks: shown.map(|axes| blocks_of(signatures(), axes)).collect(),
            groups: groups.collect(),
            axes,
            counts,
            names,
        }
    }

    /// The block of each combination by the first of the axes.
    pub fn block_of(&self, axes: usize) -> &[usize] {
        self.blocks.get(axes).map_or(&[], Vec::as_slice)
    }

    /// Whether those of whom a question was asked are whole cells of what is shown already.
    fn is_askable(&self, asked: &Asked<'_>, partitions: &[Option<Partition>]) -> bool {
        let Some((other, slots)) = &asked.filter else {
            return true;
        };
        let Some(Some(shown)) = partitions.get(*other) else {
            return false;
        };
        let several = self.counts.plan.asked.get(*other);
        if several.is_some_and(|one| one.question.kind == QuestionKind::Multiple) {
            let [slot] = slots.as_slice() else {
                return false;
            };
            return shown.cells.iter().any(|cell| cell.contains(slot));
        }
        shown.cells.iter().all(|cell| {
            let inside = cell.iter().filter(|slot| slots.contains(slot)).count();
            inside == 0 || inside == cell.len()
        })
    }

    fn question(
        &self,
        at: usize,
        asked: &Asked<'_>,
        frozen: &mut Frozen,
        written: &BTreeMap<usize, Vec<String>>,
    ) -> (FrozenQuestion, Option<Partition>) {
        let key = asked.question.key.clone();
        match asked.question.kind {
            QuestionKind::NetworkTie => (nothing(asked, ReportShowing::Hidden), None),
            QuestionKind::Text => {
                let texts = written.get(&at).cloned().unwrap_or_default();
                if texts.len() < usize::try_from(K).unwrap_or(usize::MAX) {
                    return (nothing(asked, ReportShowing::TooFew), None);
                }
                frozen.texts.insert(key, texts);
                (nothing(asked, ReportShowing::Shown), None)
            }
            QuestionKind::Multiple => self.several(at, asked, frozen),
            QuestionKind::Likert | QuestionKind::Scale | QuestionKind::Single => {
                let slots = self.counts.slots(at);
                let total = sum(slots.iter());
                let people: u32 = total.iter().sum();
                if people.saturating_sub(total.first().copied().unwrap_or(0)) < K {
                    return (nothing(asked, ReportShowing::TooFew), None);
                }
                let Some(partition) = self.partition(&slots, asked.filter.is_none()) else {
                    return (nothing(asked, ReportShowing::TooAlike), None);
                };
                let breakdowns = self.breakdowns(&partition, |group| {
                    let own = self.sum_of(group, &slots);
                    people_of(asked, &own, &partition.bands)
                });
                if !breakdowns.is_empty() {
                    frozen.breakdowns.insert(key.clone(), breakdowns);
                }
                let shown = people_of(asked, &total, &partition.cells);
                let question = FrozenQuestion {
                    key,
                    showing: ReportShowing::Shown,
                    asked_count: Some(wire(people)),
                    cells: shown.cells,
                    choices: Vec::new(),
                    mean: shown.mean,
                };
                (question, Some(partition))
            }
        }
    }

    /// A question with several choices: each option is chosen or not.
    fn several(
        &self,
        at: usize,
        asked: &Asked<'_>,
        frozen: &mut Frozen,
    ) -> (FrozenQuestion, Option<Partition>) {
        let options: Vec<(usize, Vec<Vec<u32>>)> = (1..=asked.options)
            .map(|option| (option, self.counts.choices(at, option)))
            .collect();
        let is_shown = |slots: &Vec<Vec<u32>>| cells(&sum(slots.iter()), K);
        let shown: Vec<_> = options
            .iter()
            .filter(|(_, slots)| is_shown(slots).is_some())
            .collect();
        let Some((_, first)) = shown.first() else {
            return (nothing(asked, ReportShowing::TooAlike), None);
        };
        let people: u32 = sum(first.iter()).iter().sum();
        // The options share their blocks, so that whole answers can be swapped.
        let both = [vec![0], vec![1]];
        let most = if asked.filter.is_none() {
            self.axes.len()
        } else {
            0
        };
        let axes = (1..=most).rev().find(|axes| {
            shown
                .iter()
                .all(|(_, slots)| are_held(&both, &self.blocks(*axes, slots), K))
        });
        let partition = Partition {
            cells: shown.iter().map(|(option, _)| vec![*option]).collect(),
            bands: if axes.is_some() {
                both.to_vec()
            } else {
                Vec::new()
            },
            axes: axes.unwrap_or(0),
        };
        let choices = |of: &dyn Fn(&Vec<Vec<u32>>) -> Vec<u32>| -> Vec<ReportChoice> {
            let choice = |(option, slots): &&(usize, Vec<Vec<u32>>)| ReportChoice {
                key: asked.name(*option),
                count: wire(of(slots).get(1).copied().unwrap_or(0)),
            };
            shown.iter().map(choice).collect()
        };
        let breakdowns = self.breakdowns(&partition, |group| People {
            count: wire(self.sum_of(group, first).iter().sum()),
            choices: choices(&|slots| self.sum_of(group, slots)),
            ..People::default()
        });
        if !breakdowns.is_empty() {
            frozen
                .breakdowns
                .insert(asked.question.key.clone(), breakdowns);
        }
        let question = FrozenQuestion {
            asked_count: Some(wire(people)),
            choices: choices(&|slots| sum(slots.iter())),
            ..nothing(asked, ReportShowing::Shown)
        };
        (question, Some(partition))
    }

    /// How the answers of everybody are put together, and for as many dimensions as can be.
    pub fn partition(&self, slots: &[Vec<u32>], broken_down: bool) -> Option<Partition> {
        let cells = cells(&sum(slots.iter()), K)?;
        let most = if broken_down { self.axes.len() } else { 0 };
        let found = (1..=most)
            .rev()
            .find_map(|axes| Some((axes, bands(&cells, &self.blocks(axes, slots), K)?)));
        let (axes, bands) = found.unwrap_or_default();
        Some(Partition { cells, bands, axes })
    }

    /// Slots of each block by the first of the axes.
    fn blocks(&self, axes: usize, slots: &[Vec<u32>]) -> Vec<Vec<u32>> {
        let mut blocks: Vec<Vec<u32>> = Vec::new();
        for (block, slots) in self.block_of(axes).iter().zip(slots) {
            if blocks.len() <= *block {
                blocks.resize(block + 1, Vec::new());
            }
            if let Some(block) = blocks.get_mut(*block) {
                add(block, slots);
            }
        }
        // Blocks of people who were all not asked say nothing.
        blocks.retain(|block| block.iter().sum::<u32>() > 0);
        blocks
    }

    fn sum_of(&self, (axis, group): (usize, usize), slots: &[Vec<u32>]) -> Vec<u32> {
        let groups = self.groups.get(axis).map_or(&[][..], Vec::as_slice);
        let own = groups.iter().zip(slots).filter(|(own, _)| **own == group);
        sum(own.map(|(_, slots)| slots))
    }

    /// The breakdowns of a question, each group by `people`.
    fn breakdowns(
        &self,
        partition: &Partition,
        people: impl Fn((usize, usize)) -> People,
    ) -> Vec<ReportBreakdown> {
        if partition.bands.is_empty() {
            return Vec::new();
        }
        let axes = self.axes.iter().take(partition.axes).enumerate();
        let breakdown = |(place, axis): (usize, &Axis)| {
            let groups = axis.groups.iter().enumerate().map(|(at, group)| {
                let (key, name) = match group.levels.as_slice() {
                    [level] if !group.is_others => (self.names)(axis.dimension, *level),
                    _ => (None, None),
                };
                let people = people((place, at));
                ReportGroup {
                    is_others: group.is_others,
                    key,
                    name,
                    count: people.count,
                    cells: people.cells,
                    choices: people.choices,
                    mean: people.mean,
                }
            });
            ReportBreakdown {
                dimension: DIMENSIONS
                    .get(axis.dimension)
                    .copied()
                    .unwrap_or(ReportDimension::Department),
                groups: groups.collect(),
            }
        };
        axes.map(breakdown).collect()
    }
}

/// Some people and their answers, as they are shown.
#[derive(Clone, Debug, Default)]
pub struct People {
    /// How many.
    pub count: i32,
    /// Their answers.
    pub cells: Vec<ReportCell>,
    /// Their choices.
    pub choices: Vec<ReportChoice>,
    /// Their mean.
    pub mean: Option<ReportMean>,
}

/// People with these slots, in these cells.
pub fn people_of(asked: &Asked<'_>, slots: &[u32], cells: &[Cell]) -> People {
    let counted: Vec<(Cell, u32)> = cells
        .iter()
        .map(|cell| (cell.clone(), count(slots, cell)))
        .collect();
    let bounds = if asked.question.kind == QuestionKind::Single {
        None
    } else {
        mean(&counted, asked.lowest())
    };
    let cell = |(cell, count): &(Cell, u32)| ReportCell {
        answers: cell
            .iter()
            .filter(|slot| **slot > 0)
            .map(|slot| asked.name(*slot))
            .collect(),
        with_unanswered: cell.contains(&0),
        count: wire(*count),
    };
    People {
        count: wire(slots.iter().sum()),
        cells: counted.iter().map(cell).collect(),
        choices: Vec::new(),
        mean: bounds.map(|(lowest_hundredths, highest_hundredths)| ReportMean {
            lowest_hundredths,
            highest_hundredths,
        }),
    }
}

fn nothing(asked: &Asked<'_>, showing: ReportShowing) -> FrozenQuestion {
    FrozenQuestion {
        key: asked.question.key.clone(),
        showing,
        asked_count: None,
        cells: Vec::new(),
        choices: Vec::new(),
        mean: None,
    }
}

/// Slots of several, together.
pub fn sum<'s>(rows: impl Iterator<Item = &'s Vec<u32>>) -> Vec<u32> {
    let mut all = Vec::new();
    rows.for_each(|row| add(&mut all, row));
    all
}

fn add(all: &mut Vec<u32>, row: &[u32]) {
    all.resize(row.len().max(all.len()), 0);
    for (all, own) in all.iter_mut().zip(row) {
        *all += own;
    }
}

pub(super) fn wire(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
