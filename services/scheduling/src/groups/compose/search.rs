//! The local search: exchanges of two points at a falling threshold, from several starts.
#![expect(
    clippy::indexing_slicing,
    reason = "points and groups are numbered by the table and the shape, and every index is one"
)]

use super::{Task, costs::Table, random::Random, shape::Shape};

/// Fewest and most starts of the search. Hard rules can part a small task into regions that no
/// exchange leads between, and many starts cost little there; a large one wants long ways.
const STARTS: [usize; 2] = [4, 24];

/// Fewest and most exchanges that are tried from one start.
const STEPS: [usize; 2] = [2_000, 1_500_000];

/// Exchanges that are tried from one start, for each pair of points.
const STEPS_PER_PAIR: usize = 300;

/// Exchanges that are tried from all starts together, as far as the bounds above allow.
const ALL_STEPS: usize = 6_000_000;

/// A division into groups that can tell at once what an exchange would cost.
#[derive(Clone)]
pub(super) struct Board<'a> {
    table: &'a Table,
    /// The group of each point.
    pub group_of: Vec<usize>,
    /// For each group, what every point would cost beside those who are in it.
    beside: Vec<i64>,
    /// Costs of all pairs in one group.
    pub total: i64,
}

impl<'a> Board<'a> {
    pub(super) fn empty(table: &'a Table, shape: &Shape) -> Self {
        Self {
            table,
            group_of: vec![usize::MAX; table.points],
            beside: vec![0; table.points * shape.groups()],
            total: 0,
        }
    }

    pub(super) fn beside(&self, group: usize, point: usize) -> i64 {
        self.beside[group * self.table.points + point]
    }

    /// Puts a point that has no group into one.
    pub(super) fn place(&mut self, point: usize, group: usize) {
        self.total += self.beside(group, point);
        self.group_of[point] = group;
        self.shift(group, point, 1);
    }

    /// Takes a point out of its group.
    pub(super) fn take(&mut self, point: usize) {
        let group = self.group_of[point];
        self.shift(group, point, -1);
        self.group_of[point] = usize::MAX;
        self.total -= self.beside(group, point);
    }

    fn shift(&mut self, group: usize, point: usize, sign: i64) {
        let points = self.table.points;
        let beside = &mut self.beside[group * points..(group + 1) * points];
        for (beside, cost) in beside.iter_mut().zip(self.table.row(point)) {
            *beside += sign * cost;
        }
    }

    /// What the total grows by when two points of different groups change places.
    fn difference(&self, one: usize, other: usize) -> i64 {
        let (here, there) = (self.group_of[one], self.group_of[other]);
        self.beside(there, one) + self.beside(here, other)
            - self.beside(here, one)
            - self.beside(there, other)
            - 2 * self.table.between(one, other)
    }

    fn exchange(&mut self, one: usize, other: usize, difference: i64) {
        let (here, there) = (self.group_of[one], self.group_of[other]);
        let points = self.table.points;
        let (one_row, other_row) = (self.table.row(one), self.table.row(other));
        let (low, high) = (here.min(there), here.max(there));
        let (below, above) = self.beside.split_at_mut(high * points);
        let (low_row, high_row) = (&mut below[low * points..(low + 1) * points], above);
        let (here_row, there_row) = if here < there {
            (low_row, &mut high_row[..points])
        } else {
            (&mut high_row[..points], low_row)
        };
        for point in 0..points {
            let change = other_row[point] - one_row[point];
            here_row[point] += change;
            there_row[point] -= change;
        }
        self.group_of.swap(one, other);
        self.total += difference;
    }
}

/// The best division that was found, the group of each point. It stops early at `least`, which
/// nothing goes below.
pub(super) fn search(table: &Table, shape: &Shape, least: i64, task: &Task) -> Vec<usize> {
    let free = free_points(table, shape);
    let mut best: Option<Board> = None;
    let pairs = free.len() * free.len().saturating_sub(1) / 2;
    let steps = (pairs * STEPS_PER_PAIR).clamp(STEPS[0], STEPS[1]);
    let mut random = Random::new(task.seed);
    for _ in 0..(ALL_STEPS / steps).clamp(STARTS[0], STARTS[1]) {
        let mut board = begin(table, shape, &free, &mut random);
        let cooling = Cooling {
            heat: heat(task),
            steps,
        };
        anneal(&mut board, &free, least, cooling, &mut random);
        settle(&mut board, &free);
        if best.as_ref().is_none_or(|best| board.total < best.total) {
            best = Some(board);
        }
        if best.as_ref().is_some_and(|best| best.total <= least) {
            break;
        }
    }
    best.map(|board| board.group_of).unwrap_or_default()
}

/// Points that may be exchanged.
pub(super) fn free_points(table: &Table, shape: &Shape) -> Vec<usize> {
    let is_locked = |point: usize| shape.lock_of.get(point).is_some_and(Option::is_some);
    (0..table.points)
        .filter(|&point| !is_locked(point))
        .collect()
}

/// A board on which only the locked stand.
pub(super) fn locked<'a>(table: &'a Table, shape: &Shape) -> Board<'a> {
    let mut board = Board::empty(table, shape);
    for (person, group) in shape.lock_of.iter().enumerate() {
        if let Some(group) = group {
            board.place(person, *group);
        }
    }
    board
}

/// Vacancies spread, then people in random order, each where it costs least.
fn begin<'a>(table: &'a Table, shape: &Shape, free: &[usize], random: &mut Random) -> Board<'a> {
    let mut board = locked(table, shape);
    let mut left: Vec<usize> = (0..shape.groups())
        .map(|group| shape.room[group] - shape.locked[group])
        .collect();
    let mut order = free.to_vec();
    random.shuffle(&mut order);
    order.sort_by_key(|&point| point < table.people);
    let mut groups: Vec<usize> = (0..shape.groups()).collect();
    random.shuffle(&mut groups);
    for point in order {
        let cheapest = groups
            .iter()
            .copied()
            .filter(|&group| left[group] > 0)
            .min_by_key(|&group| board.beside(group, point));
        if let Some(group) = cheapest {
            left[group] -= 1;
            board.place(point, group);
        }
    }
    board
}

/// The threshold at which the search starts: about what one pair costs.
fn heat(task: &Task) -> u32 {
    let weights = task.weights;
    [
        weights.met_before,
        weights.municipality,
        weights.department,
        weights.gender,
    ]
    .into_iter()
    .max()
    .map_or(1, |largest| largest.max(1))
}

/// How the threshold falls.
#[derive(Clone, Copy)]
struct Cooling {
    heat: u32,
    steps: usize,
}

impl Cooling {
    /// The threshold at a step; nothing on the last quarter of the way.
    fn at(self, step: usize) -> u32 {
        let last = self.steps - self.steps / 4;
        let left = last.saturating_sub(step);
        let warmth = u64::from(self.heat) * left as u64 / last.max(1) as u64;
        u32::try_from(warmth).unwrap_or(self.heat)
    }
}

/// Tries exchanges in random order. One that costs more is made with a chance that falls with
/// what it costs and with time; the best board on the way is what remains.
fn anneal(board: &mut Board, free: &[usize], least: i64, cooling: Cooling, random: &mut Random) {
    let count = u32::try_from(free.len()).unwrap_or(u32::MAX);
    if count < 2 {
        return;
    }
    let mut best = (board.total, board.group_of.clone());
    let pick = |random: &mut Random| free[usize::try_from(random.below(count)).unwrap_or(0)];
    for step in 0..cooling.steps {
        let (one, other) = (pick(random), pick(random));
        if board.group_of[one] == board.group_of[other] {
            continue;
        }
        let difference = board.difference(one, other);
        if difference > 0 && difference > i64::from(random.below(cooling.at(step) + 1)) {
            continue;
        }
        board.exchange(one, other, difference);
        if board.total < best.0 {
            best.0 = board.total;
            best.1.clone_from(&board.group_of);
            if board.total <= least {
                break;
            }
        }
    }
    if board.total > best.0 {
        restore(board, &best.1);
    }
}

fn restore(board: &mut Board, group_of: &[usize]) {
    for (point, &group) in group_of.iter().enumerate() {
        if board.group_of[point] != group {
            board.take(point);
            board.place(point, group);
        }
    }
}

/// Makes every exchange that costs less, until there is none.
fn settle(board: &mut Board, free: &[usize]) {
    let mut improved = true;
    while improved {
        improved = false;
        for (place, &one) in free.iter().enumerate() {
            for &other in &free[..place] {
                if board.group_of[one] == board.group_of[other] {
                    continue;
                }
                let difference = board.difference(one, other);
                if difference < 0 {
                    board.exchange(one, other, difference);
                    improved = true;
                }
            }
        }
    }
}
