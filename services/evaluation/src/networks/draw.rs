//! Where the members of a network stand in a drawing: those with ties near each other, in an order
//! that says nothing of who they are.

use super::model::Network;
use serde::{Deserialize, Serialize};

/// Rounds of pulling and pushing.
const ROUNDS: u32 = 200;
/// The side of the drawing.
pub const SIDE: i32 = 1000;

/// A drawing: places, and lines between them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawing {
    /// Where they stand, from 0 to [`SIDE`]; sorted.
    pub places: Vec<(i32, i32)>,
    /// Lines between places, without direction; sorted.
    pub lines: Vec<(usize, usize)>,
}

/// Draws a network by the forces of Fruchterman and Reingold, from a circle on.
pub fn draw(network: &Network, seed: u64) -> Drawing {
    let count = network.node_count();
    let number = |index: usize| f64::from(u32::try_from(index).unwrap_or(0));
    // Who starts where is random, so that a place tells nothing of the order of names.
    let mut starts: Vec<usize> = (0..count).collect();
    fastrand::Rng::with_seed(seed).shuffle(&mut starts);
    let angle = |start: &usize| number(*start) * std::f64::consts::TAU / number(count.max(1));
    let mut places: Vec<(f64, f64)> = starts.iter().map(|start| angle(start).sin_cos()).collect();
    let mut lines: Vec<(usize, usize)> = network
        .edge_indices()
        .filter_map(|edge| network.edge_endpoints(edge))
        .map(|(from, to)| (from.index().min(to.index()), from.index().max(to.index())))
        .collect();
    lines.sort_unstable();
    lines.dedup();
    let ideal = (4.0 / number(count.max(1))).sqrt();
    for round in 0..ROUNDS {
        let most = 0.2 * (1.0 - f64::from(round) / f64::from(ROUNDS));
        places = moved(&places, &lines, ideal, most);
    }
    framed(&places, &lines)
}

fn moved(
    places: &[(f64, f64)],
    lines: &[(usize, usize)],
    ideal: f64,
    most: f64,
) -> Vec<(f64, f64)> {
    let mut forces = vec![(0.0, 0.0); places.len()];
    let mut push = |at: usize, (x, y): (f64, f64), by: f64| {
        if let Some(force) = forces.get_mut(at) {
            *force = (force.0 + x * by, force.1 + y * by);
        }
    };
    let between = |one: usize, other: usize| {
        let (one, other) = (places.get(one)?, places.get(other)?);
        let (x, y) = (one.0 - other.0, one.1 - other.1);
        Some(((x, y), x.hypot(y).max(1e-3)))
    };
    for one in 0..places.len() {
        for other in 0..one {
            let Some((way, length)) = between(one, other) else {
                continue;
            };
            let by = ideal * ideal / (length * length);
            push(one, way, by);
            push(other, way, -by);
        }
        // Towards the middle, so that who stands alone does not fly away.
        if let Some(place) = places.get(one) {
            push(one, *place, -0.3);
        }
    }
    for (one, other) in lines {
        let Some((way, length)) = between(*one, *other) else {
            continue;
        };
        push(*one, way, -length / ideal * 0.5);
        push(*other, way, length / ideal * 0.5);
    }
    let step = |(place, force): (&(f64, f64), &(f64, f64))| {
        let length = force.0.hypot(force.1).max(1e-9);
        let by = length.min(most) / length;
        (place.0 + force.0 * by, place.1 + force.1 * by)
    };
    places.iter().zip(&forces).map(step).collect()
}

/// In whole numbers within the frame, sorted.
fn framed(places: &[(f64, f64)], lines: &[(usize, usize)]) -> Drawing {
    let reach = places
        .iter()
        .fold(1e-9, |reach: f64, (x, y)| reach.max(x.abs()).max(y.abs()));
    let half = f64::from(SIDE / 2);
    #[expect(clippy::cast_possible_truncation, reason = "bounded by the frame")]
    let whole = |number: f64| (half + number / reach * half * 0.94).clamp(0.0, 2.0 * half) as i32;
    let whole: Vec<(i32, i32)> = places.iter().map(|(x, y)| (whole(*x), whole(*y))).collect();
    let mut order: Vec<usize> = (0..whole.len()).collect();
    order.sort_by_key(|at| whole.get(*at).copied());
    let mut place = vec![0; whole.len()];
    for (new, old) in order.iter().enumerate() {
        if let Some(place) = place.get_mut(*old) {
            *place = new;
        }
    }
    let line = |(one, other): &(usize, usize)| {
        let (one, other) = (*place.get(*one)?, *place.get(*other)?);
        Some((one.min(other), one.max(other)))
    };
    let mut lines: Vec<_> = lines.iter().filter_map(line).collect();
    lines.sort_unstable();
    Drawing {
        places: order
            .iter()
            .filter_map(|at| whole.get(*at).copied())
            .collect(),
        lines,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::networks::model::Member;

    #[test]
    fn a_drawing_has_every_member_and_line_within_its_frame_and_says_not_who() {
        let mut network = Network::new();
        let member = Member {
            answered: true,
            municipality: None,
            department: None,
        };
        let nodes: Vec<_> = (0..24).map(|_| network.add_node(member.clone())).collect();
        for at in 0..23 {
            network.add_edge(nodes[at], nodes[at + 1], ());
            network.add_edge(nodes[at + 1], nodes[at], ());
        }
        let drawing = draw(&network, 1);
        assert_eq!((drawing.places.len(), drawing.lines.len()), (24, 23));
        assert!(drawing.places.is_sorted());
        assert!(
            drawing
                .places
                .iter()
                .all(|(x, y)| (0..=SIDE).contains(x) && (0..=SIDE).contains(y))
        );
        assert_eq!(draw(&network, 1), drawing);
    }
}
