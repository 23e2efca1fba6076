//! Small tasks, exactly: every division that could be better is tried.
#![expect(
    clippy::indexing_slicing,
    reason = "points and groups are numbered by the table and the shape, and every index is one"
)]

use super::{
    costs::Table,
    search::{Board, free_points, locked},
    shape::Shape,
};

/// More people than this are never enumerated.
const MOST_PEOPLE: usize = 24;

/// How much is looked at before it is given up: placed points times groups times points left.
const WORK: usize = 12_000_000;

/// The best division there is, and whether it is known to be the best. Gives up, with the best
/// that is known, when the task is too large.
pub(super) fn improve(
    table: &Table,
    shape: &Shape,
    found: Vec<usize>,
    least: i64,
) -> (Vec<usize>, bool) {
    let total = total(table, &found);
    if total <= least {
        return (found, true);
    }
    if table.people > MOST_PEOPLE {
        return (found, false);
    }
    let mut order = free_points(table, shape);
    // Those who cost most first: what is bad shows early. Vacancies are placed like people.
    order.sort_by_key(|&point| std::cmp::Reverse(table.row(point).iter().sum::<i64>()));
    let mut left: Vec<usize> = (0..shape.groups())
        .map(|group| shape.room[group] - shape.locked[group])
        .collect();
    let mut hunt = Hunt {
        shape,
        least,
        order,
        board: locked(table, shape),
        best: total,
        best_groups: found,
        work: 0,
    };
    hunt.go(0, &mut left);
    let proven = hunt.work <= WORK;
    (hunt.best_groups, proven)
}

/// Costs of all pairs in one group.
pub(super) fn total(table: &Table, group_of: &[usize]) -> i64 {
    let mut total = 0;
    for one in 0..group_of.len() {
        for other in 0..one {
            if group_of[one] == group_of[other] {
                total += table.between(one, other);
            }
        }
    }
    total
}

struct Hunt<'a> {
    shape: &'a Shape,
    least: i64,
    order: Vec<usize>,
    board: Board<'a>,
    best: i64,
    best_groups: Vec<usize>,
    work: usize,
}

impl Hunt<'_> {
    fn go(&mut self, depth: usize, left: &mut [usize]) {
        if self.work > WORK || self.best <= self.least || self.bound(depth, left) >= self.best {
            return;
        }
        let Some(&point) = self.order.get(depth) else {
            self.best = self.board.total;
            self.best_groups.clone_from(&self.board.group_of);
            return;
        };
        for group in self.groups_by_cost(point, left) {
            left[group] -= 1;
            self.board.place(point, group);
            self.go(depth + 1, left);
            self.board.take(point);
            left[group] += 1;
        }
    }

    /// No completion costs less: everybody who is left pays at least for those who are placed.
    fn bound(&mut self, depth: usize, left: &[usize]) -> i64 {
        let open: Vec<usize> = (0..left.len()).filter(|&group| left[group] > 0).collect();
        let waiting = &self.order[depth..];
        self.work += 1 + open.len() * waiting.len();
        let cheapest = |&point: &usize| {
            let costs = open.iter().map(|&group| self.board.beside(group, point));
            costs.min().unwrap_or(0)
        };
        self.board.total + waiting.iter().map(cheapest).sum::<i64>()
    }

    /// Groups with room, the cheapest first. Of groups in which nobody is, and which have the same
    /// room, one stands for all.
    fn groups_by_cost(&self, point: usize, left: &[usize]) -> Vec<usize> {
        let mut seen = Vec::new();
        let mut groups: Vec<usize> = (0..left.len())
            .filter(|&group| left[group] > 0)
            .filter(|&group| {
                let room = self.shape.room[group];
                let untouched = left[group] == room;
                let repeated = untouched && seen.contains(&room);
                if untouched {
                    seen.push(room);
                }
                !repeated
            })
            .collect();
        groups.sort_by_key(|&group| self.board.beside(group, point));
        groups
    }
}
