//! Measures of a network of one kind of tie, and whether it has changed.

use petgraph::graph::{DiGraph, NodeIndex};
use std::collections::{BTreeMap, BTreeSet};

/// How often the two sets of each one's ties are exchanged at random; with what was seen, 10,000.
const EXCHANGES: u32 = 9_999;

/// Somebody of the round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Whether the person answered; who did not may be named all the same.
    pub answered: bool,
    /// The municipality.
    pub municipality: Option<String>,
    /// The department.
    pub department: Option<String>,
}

/// A network of one kind of tie: from whoever answered to whoever was named.
pub type Network = DiGraph<Member, ()>;

/// Makes a network of members, by their names, and of who named whom.
pub fn network<'a>(
    members: &BTreeMap<String, Member>,
    named: impl Iterator<Item = (&'a String, &'a [String])>,
) -> Network {
    let mut network = Network::new();
    let places: BTreeMap<&String, NodeIndex> = members
        .iter()
        .map(|(name, member)| (name, network.add_node(member.clone())))
        .collect();
    for (own, others) in named {
        let Some(from) = places.get(own) else {
            continue;
        };
        let others: BTreeSet<_> = others
            .iter()
            .filter_map(|other| places.get(other))
            .collect();
        for to in others.into_iter().filter(|to| *to != from) {
            network.add_edge(*from, *to, ());
        }
    }
    network
}

/// Measures of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measures {
    /// Ties, in thousandths of all that those who answered could have named.
    pub density: i32,
    /// Ties that go both ways, in thousandths of those between two who answered.
    pub reciprocity: i32,
    /// How many have no tie.
    pub isolates: i32,
    /// Ties between municipalities: how many, and of how many whose both ends are known.
    pub between_municipalities: (i32, i32),
    /// The same for departments.
    pub between_departments: (i32, i32),
}

/// Measures a network.
pub fn measure(network: &Network) -> Measures {
    let answered = network
        .node_weights()
        .filter(|member| member.answered)
        .count();
    let possible = answered * network.node_count().saturating_sub(1);
    let (mut both, mut back) = (0, 0);
    let (mut municipalities, mut departments) = ((0, 0), (0, 0));
    let compare = |one: &Option<String>, other: &Option<String>, counted: &mut (i32, i32)| {
        if let (Some(one), Some(other)) = (one, other) {
            counted.0 += i32::from(one != other);
            counted.1 += 1;
        }
    };
    for (from, to) in network
        .edge_indices()
        .filter_map(|edge| network.edge_endpoints(edge))
    {
        let (Some(one), Some(other)) = (network.node_weight(from), network.node_weight(to)) else {
            continue;
        };
        if other.answered {
            both += 1;
            back += usize::from(network.contains_edge(to, from));
        }
        compare(&one.municipality, &other.municipality, &mut municipalities);
        compare(&one.department, &other.department, &mut departments);
    }
    let alone = network
        .node_indices()
        .filter(|node| network.neighbors_undirected(*node).next().is_none());
    Measures {
        density: permille(network.edge_count(), possible),
        reciprocity: permille(back, both),
        isolates: i32::try_from(alone.count()).unwrap_or(i32::MAX),
        between_municipalities: municipalities,
        between_departments: departments,
    }
}

/// A share in thousandths, to the nearest.
pub fn permille(part: usize, of: usize) -> i32 {
    if of == 0 {
        return 0;
    }
    i32::try_from((2000 * part + of) / (2 * of)).unwrap_or(1000)
}

/// How a network changed, over those who answered both times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// How much denser it is, in thousandths.
    pub density: i32,
    /// How often chance makes a difference as large, in thousandths, upwards.
    pub chance: i32,
}

/// Tests whether those who answered both times name more or fewer others than before: under no
/// change each one's two sets of ties could as well be exchanged. Ties of one person depend on each
/// other, so they are exchanged together. The same input gives the same answer.
pub fn change(
    before: &BTreeMap<&String, BTreeSet<&String>>,
    after: &BTreeMap<&String, BTreeSet<&String>>,
    members: usize,
    seed: u64,
) -> Option<Change> {
    let size = |ties: &BTreeSet<&String>| i64::try_from(ties.len()).unwrap_or(0);
    let differences: Vec<i64> = after
        .iter()
        .filter_map(|(own, ties)| Some(size(ties) - size(before.get(own)?)))
        .collect();
    if differences.len() < super::FEWEST {
        return None;
    }
    let observed: i64 = differences.iter().sum();
    let mut random = fastrand::Rng::with_seed(seed);
    let mut as_large = 1_u32;
    for _ in 0..EXCHANGES {
        let sum: i64 = differences
            .iter()
            .map(|one| if random.bool() { *one } else { -one })
            .sum();
        as_large += u32::from(sum.abs() >= observed.abs());
    }
    let possible = differences.len() * members.saturating_sub(1);
    let density = permille(
        usize::try_from(observed.unsigned_abs()).unwrap_or(0),
        possible,
    );
    Some(Change {
        density: if observed < 0 { -density } else { density },
        chance: i32::try_from(as_large.div_ceil((EXCHANGES + 1) / 1000)).unwrap_or(1000),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(count: usize) -> BTreeMap<String, Member> {
        let member = |at: usize| {
            let municipality = Some((at % 2).to_string());
            (
                format!("{at:02}"),
                Member {
                    answered: true,
                    municipality,
                    department: None,
                },
            )
        };
        (0..count).map(member).collect()
    }

    #[test]
    fn a_network_is_measured_as_a_whole() {
        let members = members(4);
        let named: BTreeMap<String, Vec<String>> = [
            ("00".to_owned(), vec!["01".to_owned(), "02".to_owned()]),
            (
                "01".to_owned(),
                vec!["00".to_owned(), "01".to_owned(), "99".to_owned()],
            ),
        ]
        .into();
        let network = network(
            &members,
            named.iter().map(|(own, others)| (own, others.as_slice())),
        );
        let measures = measure(&network);
        assert_eq!(measures.density, 250);
        assert_eq!(measures.reciprocity, 667);
        assert_eq!(measures.isolates, 1);
        assert_eq!(measures.between_municipalities, (2, 3));
        assert_eq!(measures.between_departments, (0, 0));
    }

    #[test]
    fn a_change_of_all_is_no_chance_and_one_of_none_is() {
        let members: BTreeMap<String, Member> = members(12);
        let names: Vec<&String> = members.keys().collect();
        let ties = |count: usize| -> BTreeMap<&String, BTreeSet<&String>> {
            let own = |at: usize| (1..=count).map(|step| names[(at + step) % 12]).collect();
            names
                .iter()
                .enumerate()
                .map(|(at, name)| (*name, own(at)))
                .collect()
        };
        let grown = change(&ties(2), &ties(5), 12, 7).unwrap();
        assert_eq!(grown.density, 273);
        assert!(grown.chance <= 2, "{grown:?}");
        assert_eq!(change(&ties(5), &ties(2), 12, 7).unwrap().density, -273);
        let same = change(&ties(3), &ties(3), 12, 7).unwrap();
        assert_eq!((same.density, same.chance), (0, 1000));
        let few: BTreeMap<_, _> = ties(2).into_iter().take(9).collect();
        assert_eq!(change(&few, &ties(3), 12, 7), None);
    }
}
