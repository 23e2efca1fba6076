//! Which breakdowns a survey's report has: chosen by who answered, never by what was answered.
//!
//! Dimensions are taken one after the other, in the order in which they say most. Each divides the
//! blocks that there are, and is taken only where every block that comes of it has people enough
//! for two answers, [`K`](super::disclosure::K) each. Groups that are too small for that are put
//! together as the others; where most would be, the dimension is not shown at all.

use std::collections::BTreeMap;

/// What somebody is in each dimension: the number of a level.
pub type Signature = [usize; DIMENSIONS];

/// How many dimensions there are.
pub const DIMENSIONS: usize = 4;

/// Levels of a dimension that are shown as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The levels.
    pub levels: Vec<usize>,
    /// Whether they are what is left over.
    pub is_others: bool,
}

/// A dimension that is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axis {
    /// Which one.
    pub dimension: usize,
    /// Its groups; each level is in one.
    pub groups: Vec<Group>,
}

impl Axis {
    /// The group of a level.
    pub fn group(&self, level: usize) -> usize {
        let mut groups = self.groups.iter();
        groups
            .position(|group| group.levels.contains(&level))
            .unwrap_or(0)
    }
}

/// The dimensions that can be shown together for these people.
pub fn axes(people: &[(Signature, u32)], k: u32) -> Vec<Axis> {
    let mut axes = Vec::new();
    let mut blocks = vec![0; people.len()];
    for dimension in 0..DIMENSIONS {
        if let Some(axis) = axis(people, &blocks, dimension, 2 * k) {
            axes.push(axis);
            blocks = blocks_of(people.iter().map(|(signature, _)| signature), &axes);
        }
    }
    axes
}

/// The block of each signature: who is alike in what is shown. Numbered from 0, in the order of
/// the groups.
pub fn blocks_of<'a>(people: impl Iterator<Item = &'a Signature>, axes: &[Axis]) -> Vec<usize> {
    let place = |signature: &Signature| -> Vec<usize> {
        let group = |axis: &Axis| {
            signature
                .get(axis.dimension)
                .map_or(0, |level| axis.group(*level))
        };
        axes.iter().map(group).collect()
    };
    let places: Vec<Vec<usize>> = people.map(place).collect();
    let mut sorted: Vec<&Vec<usize>> = places.iter().collect();
    sorted.sort_unstable();
    sorted.dedup();
    places
        .iter()
        .map(|place| sorted.binary_search(&place).unwrap_or(0))
        .collect()
}

fn axis(
    people: &[(Signature, u32)],
    blocks: &[usize],
    dimension: usize,
    least: u32,
) -> Option<Axis> {
    // People of a level, block by block.
    let mut levels: BTreeMap<usize, BTreeMap<usize, u32>> = BTreeMap::new();
    for ((signature, count), block) in people.iter().zip(blocks) {
        let level = *signature.get(dimension)?;
        *levels.entry(level).or_default().entry(*block).or_default() += count;
    }
    let is_enough = |counts: &BTreeMap<usize, u32>| counts.values().all(|count| *count >= least);
    let all = levels.len();
    let (mut apart, small): (BTreeMap<_, _>, BTreeMap<_, _>) = levels
        .into_iter()
        .partition(|(_, counts)| is_enough(counts));
    let mut others: Vec<usize> = small.keys().copied().collect();
    let mut together = BTreeMap::new();
    let add = |together: &mut BTreeMap<usize, u32>, counts: &BTreeMap<usize, u32>| {
        for (block, count) in counts {
            *together.entry(*block).or_default() += count;
        }
    };
    for counts in small.values() {
        add(&mut together, counts);
    }
    while !others.is_empty() && !is_enough(&together) {
        let size = |counts: &BTreeMap<usize, u32>| counts.values().sum::<u32>();
        let smallest = apart
            .iter()
            .min_by_key(|(level, counts)| (size(counts), **level));
        let smallest = *smallest?.0;
        add(&mut together, &apart.remove(&smallest)?);
        others.push(smallest);
    }
    let shown = apart.len();
    let mut groups: Vec<Group> = apart
        .into_keys()
        .map(|level| Group {
            levels: vec![level],
            is_others: false,
        })
        .collect();
    if !others.is_empty() {
        others.sort_unstable();
        groups.push(Group {
            levels: others,
            is_others: true,
        });
    }
    (groups.len() > 1 && 2 * shown >= all).then_some(Axis { dimension, groups })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people(counts: &[(Signature, u32)]) -> Vec<(Signature, u32)> {
        counts.to_vec()
    }

    #[test]
    fn a_dimension_is_shown_where_each_block_has_people_enough_for_two_answers() {
        let halves = people(&[([0, 0, 0, 0], 12), ([1, 0, 0, 0], 12)]);
        assert_eq!(axes(&halves, 5).len(), 1);
        let few = people(&[([0, 0, 0, 0], 9), ([1, 0, 0, 0], 15)]);
        assert_eq!(axes(&few, 5), []);
    }

    #[test]
    fn twenty_four_from_thirteen_municipalities_have_no_breakdown_by_them() {
        for most in 1..=12 {
            let rest = 24 - most;
            let counts = (0..13).map(|at| {
                let own = if at == 0 {
                    most
                } else {
                    rest / 12 + u32::from(at <= rest % 12)
                };
                ([0, at as usize, 0, 0], own)
            });
            let counts: Vec<_> = counts.collect();
            assert_eq!(counts.iter().map(|one| one.1).sum::<u32>(), 24);
            assert_eq!(axes(&counts, 5), [], "{counts:?}");
        }
    }

    #[test]
    fn a_second_dimension_counts_within_the_first() {
        let all = people(&[
            ([0, 0, 0, 0], 10),
            ([0, 0, 1, 0], 10),
            ([1, 0, 0, 0], 10),
            ([1, 0, 1, 0], 10),
        ]);
        assert_eq!(axes(&all, 5).len(), 2);
        let mut one_short = all;
        one_short[3].1 = 9;
        assert_eq!(axes(&one_short, 5).len(), 1);
    }

    #[test]
    fn small_levels_are_the_others() {
        let levels = people(&[
            ([0, 0, 0, 0], 20),
            ([1, 0, 0, 0], 20),
            ([2, 0, 0, 0], 6),
            ([3, 0, 0, 0], 6),
        ]);
        let axes = axes(&levels, 5);
        let others = Group {
            levels: vec![2, 3],
            is_others: true,
        };
        assert_eq!(axes[0].groups[2], others);
        assert_eq!(
            blocks_of(levels.iter().map(|one| &one.0), &axes),
            [0, 1, 2, 2]
        );
    }
}
