//! The cheapest plan if leaders could be with those they lead: a flow, found exactly.
//!
//! People who work in one department, could be in the same rounds and had the same round before
//! are one source. From each an arc leads to every (department, round) that it could use, from
//! there to the round, and from the round to the sink. The second kind of arc costs for its n-th
//! unit the n - 1 pairs of colleagues that it adds, the third the pairs that it adds to the round.
//! Costs that grow with the flow are what the method of cheapest augmenting paths handles exactly:
//! each flow on the way is the cheapest of its size, so the last one is the cheapest of the
//! largest. Costs are compared number by number, the first before the second; that order agrees
//! with addition, which is all that the method asks of them.
//!
//! People who had a round start in it. Such a start is the cheapest of its size once no cycle of
//! changes saves anything, so those cycles are used up first.

use super::{
    Cost,
    frame::{Frame, Plan, bits},
};
use std::collections::{BTreeMap, VecDeque};

/// The cheapest plan without the rule about leaders, and what it costs.
pub(super) fn solve(frame: &Frame) -> (Plan<'_>, Cost) {
    let mut flow = Flow::of(frame);
    flow.stay();
    while let Some(cycle) = flow.cheaper_cycle() {
        flow.push(&cycle);
    }
    while let Some(path) = flow.cheapest_path() {
        flow.push(&path);
    }
    let mut plan = Plan::empty(frame);
    for (source, members) in flow.sources.iter().enumerate() {
        let mut members = members.iter();
        for (round, count) in flow.rounds_of(source) {
            for person in members.by_ref().take(count) {
                plan.go(*person, Some(round));
            }
        }
    }
    let cost = plan.cost();
    (plan, cost)
}

/// What an arc costs for one more unit, besides what it always costs.
#[derive(Clone, Copy, Debug)]
enum Growth {
    None,
    /// A pair of colleagues for each who is there already.
    Together,
    /// A pair for each who is there already.
    Uneven,
}

#[derive(Clone, Debug)]
struct Arc {
    from: usize,
    to: usize,
    room: i32,
    flow: i32,
    cost: Cost,
    growth: Growth,
}

impl Arc {
    fn cost_of(&self, unit: i32) -> Cost {
        let mut cost = self.cost;
        match self.growth {
            Growth::None => {}
            Growth::Together => cost.together += unit,
            Growth::Uneven => cost.uneven += unit,
        }
        cost
    }

    /// Where a step leads and what it costs; `None` where there is no room for it.
    fn step(&self, forward: bool) -> Option<(usize, Cost)> {
        if forward {
            (self.flow < self.room).then(|| (self.to, self.cost_of(self.flow)))
        } else {
            (self.flow > 0).then(|| (self.from, -self.cost_of(self.flow - 1)))
        }
    }
}

/// One arc of a path, with or against its direction.
type Step = (usize, bool);

/// Nodes: the start, the sources, (department, round) pairs as far as they are used, the rounds,
/// the sink.
struct Flow<'a> {
    frame: &'a Frame,
    sources: Vec<Vec<usize>>,
    arcs: Vec<Arc>,
    around: Vec<Vec<Step>>,
    /// The arc from a source to a round.
    choices: Vec<BTreeMap<usize, usize>>,
}

const START: usize = 0;
const SINK: usize = 1;

impl<'a> Flow<'a> {
    fn of(frame: &'a Frame) -> Self {
        let mut sources: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (place, member) in frame.members.iter().enumerate() {
            let kind = (member.department, member.rounds, member.before);
            sources.entry(kind).or_default().push(place);
        }
        let mut flow = Self {
            frame,
            sources: Vec::new(),
            arcs: Vec::new(),
            around: vec![Vec::new(); 2 + frame.rounds.len()],
            choices: Vec::new(),
        };
        for round in 0..frame.rounds.len() {
            let (room, growth) = (frame.capacity(round), Growth::Uneven);
            flow.add(2 + round, SINK, room, Cost::default(), growth);
        }
        let mut pairs: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for ((department, rounds, before), members) in sources {
            let count = i32::try_from(members.len()).unwrap_or(i32::MAX);
            let source = flow.node();
            flow.add(START, source, count, Cost::default(), Growth::None);
            let mut choices = BTreeMap::new();
            for round in bits(rounds) {
                let to = match department {
                    None => 2 + round,
                    Some(department) => *pairs.entry((department, round)).or_insert_with(|| {
                        let pair = flow.node();
                        flow.add(pair, 2 + round, i32::MAX, Cost::default(), Growth::Together);
                        pair
                    }),
                };
                // Counted from a plan in which nobody has a round: who stays is moved no more.
                let cost = Cost {
                    moved: -i32::from(before == Some(round)),
                    ..Cost::default()
                };
                choices.insert(round, flow.add(source, to, count, cost, Growth::None));
            }
            flow.choices.push(choices);
            flow.sources.push(members);
        }
        flow
    }

    fn node(&mut self) -> usize {
        self.around.push(Vec::new());
        self.around.len() - 1
    }

    fn add(&mut self, from: usize, to: usize, room: i32, cost: Cost, growth: Growth) -> usize {
        let arc = self.arcs.len();
        self.arcs.push(Arc {
            from,
            to,
            room,
            flow: 0,
            cost,
            growth,
        });
        for (node, forward) in [(from, true), (to, false)] {
            if let Some(around) = self.around.get_mut(node) {
                around.push((arc, forward));
            }
        }
        arc
    }

    fn rounds_of(&self, source: usize) -> impl Iterator<Item = (usize, usize)> {
        let choices = self.choices.get(source).into_iter().flatten();
        choices.filter_map(|(round, arc)| {
            let flow = self.arcs.get(*arc)?.flow;
            Some((*round, usize::try_from(flow).ok()?))
        })
    }

    fn push(&mut self, path: &[Step]) {
        for (arc, forward) in path {
            if let Some(arc) = self.arcs.get_mut(*arc) {
                arc.flow += if *forward { 1 } else { -1 };
            }
        }
    }

    /// Lets people stay where they were, as far as there is room.
    fn stay(&mut self) {
        for source in 0..self.sources.len() {
            let members = self.sources.get(source).cloned().unwrap_or_default();
            let before = members
                .first()
                .and_then(|one| self.frame.member(*one)?.before);
            let Some(path) = before.and_then(|round| self.direct(source, round)) else {
                continue;
            };
            for _ in members {
                let is_open = |(arc, forward): &Step| {
                    self.arcs
                        .get(*arc)
                        .is_some_and(|arc| arc.step(*forward).is_some())
                };
                if path.iter().all(is_open) {
                    self.push(&path);
                }
            }
        }
    }

    /// The path from the start over a source to a round and the sink.
    fn direct(&self, source: usize, round: usize) -> Option<Vec<Step>> {
        let choice = *self.choices.get(source)?.get(&round)?;
        let chosen = self.arcs.get(choice)?;
        let into = |node: usize| {
            let around = self.around.get(node)?.iter();
            around
                .copied()
                .find(|(_, forward)| !forward)
                .map(|(arc, _)| (arc, true))
        };
        let mut path = vec![into(chosen.from)?, (choice, true)];
        if chosen.to != 2 + round {
            let around = self.around.get(chosen.to)?.iter();
            path.push(around.copied().find(|(_, forward)| *forward)?);
        }
        // The arcs to the sink are the first, in the order of the rounds.
        path.push((round, true));
        Some(path)
    }

    /// The cheapest way to place one more, or to let one be placed.
    fn cheapest_path(&self) -> Option<Vec<Step>> {
        let mut known = Known::new(self.around.len());
        known.start(START);
        while let Some(node) = known.next() {
            // Nothing cheaper leads through the end.
            if node != SINK {
                self.look_around(node, &mut known);
            }
        }
        known.path(self, SINK)
    }

    /// A cycle that makes the flow cheaper.
    fn cheaper_cycle(&self) -> Option<Vec<Step>> {
        let mut known = Known::new(self.around.len());
        (0..self.around.len()).for_each(|node| known.start(node));
        while let Some(node) = known.next() {
            self.look_around(node, &mut known);
            if let Some(cycle) = known.cycle_at(self, node) {
                return Some(cycle);
            }
        }
        None
    }

    fn look_around(&self, node: usize, known: &mut Known) {
        let Some(so_far) = known.cost(node) else {
            return;
        };
        for (arc, forward) in self.around.get(node).into_iter().flatten() {
            let step = self.arcs.get(*arc).and_then(|arc| arc.step(*forward));
            if let Some((to, cost)) = step {
                known.reach(to, so_far + cost, (*arc, *forward));
            }
        }
    }
}

/// What is known of the cheapest ways to each node.
struct Known {
    costs: Vec<Option<Cost>>,
    steps: Vec<Option<Step>>,
    waiting: VecDeque<usize>,
    waits: Vec<bool>,
    /// Improvements since cycles were last looked for.
    improved: usize,
}

impl Known {
    fn new(count: usize) -> Self {
        Self {
            costs: vec![None; count],
            steps: vec![None; count],
            waiting: VecDeque::new(),
            waits: vec![false; count],
            improved: 0,
        }
    }

    fn start(&mut self, node: usize) {
        if let Some(cost) = self.costs.get_mut(node) {
            *cost = Some(Cost::default());
        }
        self.wait(node);
    }

    fn wait(&mut self, node: usize) {
        if let Some(waits) = self.waits.get_mut(node)
            && !*waits
        {
            *waits = true;
            self.waiting.push_back(node);
        }
    }

    fn next(&mut self) -> Option<usize> {
        let node = self.waiting.pop_front()?;
        if let Some(waits) = self.waits.get_mut(node) {
            *waits = false;
        }
        Some(node)
    }

    fn cost(&self, node: usize) -> Option<Cost> {
        self.costs.get(node).copied().flatten()
    }

    fn reach(&mut self, node: usize, cost: Cost, step: Step) {
        if self.cost(node).is_some_and(|known| known <= cost) {
            return;
        }
        if let Some(known) = self.costs.get_mut(node) {
            *known = Some(cost);
        }
        if let Some(known) = self.steps.get_mut(node) {
            *known = Some(step);
        }
        self.improved += 1;
        self.wait(node);
    }

    /// The node from which the best known way leads to this one.
    fn before(&self, flow: &Flow<'_>, node: usize) -> Option<(usize, Step)> {
        let step = self.steps.get(node).copied().flatten()?;
        let arc = flow.arcs.get(step.0)?;
        Some((if step.1 { arc.from } else { arc.to }, step))
    }

    fn path(&self, flow: &Flow<'_>, to: usize) -> Option<Vec<Step>> {
        self.cost(to)?;
        let mut path = Vec::new();
        let mut node = to;
        while let Some((before, step)) = self.before(flow, node) {
            path.push(step);
            node = before;
        }
        path.reverse();
        Some(path)
    }

    /// A cycle among the best known ways, if there is one; looked for now and then.
    fn cycle_at(&mut self, flow: &Flow<'_>, node: usize) -> Option<Vec<Step>> {
        if self.improved < self.costs.len() {
            return None;
        }
        self.improved = 0;
        // On the best known ways back from here one either comes to an end or to a place again.
        let mut seen = vec![false; self.costs.len()];
        for first in std::iter::once(node).chain(0..self.costs.len()) {
            let mut here = first;
            let mut walked = Vec::new();
            while let Some((before, _)) = self.before(flow, here) {
                if walked.contains(&here) {
                    return Some(self.cycle(flow, here));
                }
                if seen.get(here).copied().unwrap_or(true) {
                    break;
                }
                walked.push(here);
                here = before;
            }
            for node in walked {
                if let Some(seen) = seen.get_mut(node) {
                    *seen = true;
                }
            }
        }
        None
    }

    fn cycle(&self, flow: &Flow<'_>, node: usize) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut here = node;
        while let Some((before, step)) = self.before(flow, here) {
            steps.push(step);
            here = before;
            if here == node {
                break;
            }
        }
        steps.reverse();
        steps
    }
}
