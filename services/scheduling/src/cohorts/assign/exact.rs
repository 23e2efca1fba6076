//! Looks at every plan that could still be better, where people are few.

use super::{
    Cost,
    frame::{Frame, Plan, bits},
};

/// People for whom it is tried.
const PEOPLE_MOST: usize = 24;

/// Partial plans that are looked at, at most.
const LOOKED_AT_MOST: usize = 300_000;

/// The best plan there is; `None` where it takes too long to know.
pub(super) fn solve<'a>(frame: &'a Frame, known: &Plan<'a>) -> Option<Plan<'a>> {
    if frame.members.len() > PEOPLE_MOST {
        return None;
    }
    // Who has the least choice first: there the ways are few.
    let mut order: Vec<usize> = (0..frame.members.len()).collect();
    order.sort_by_key(|person| frame.member(*person).map(|one| one.rounds.count_ones()));
    let mut search = Search {
        frame,
        order,
        best: known.clone(),
        looked_at: 0,
    };
    let mut plan = Plan::empty(frame);
    // What those who are not placed yet have cost in the empty plan is not theirs in the end.
    let open = (0..frame.members.len()).map(|person| frame.own_cost(person, None));
    let open = open.fold(Cost::default(), |sum, cost| sum + cost);
    search.extend(&mut plan, 0, open);
    (search.looked_at <= LOOKED_AT_MOST).then_some(search.best)
}

struct Search<'a> {
    frame: &'a Frame,
    order: Vec<usize>,
    best: Plan<'a>,
    looked_at: usize,
}

impl<'a> Search<'a> {
    fn extend(&mut self, plan: &mut Plan<'a>, place: usize, open: Cost) {
        self.looked_at += 1;
        // Nothing that is still to come makes a plan cheaper.
        if self.looked_at > LOOKED_AT_MOST || plan.cost() - open >= self.best.cost() {
            return;
        }
        let Some(person) = self.order.get(place).copied() else {
            self.best = plan.clone();
            return;
        };
        let open = open - self.frame.own_cost(person, None);
        let rounds = self.frame.member(person).map_or(0, |one| one.rounds);
        for round in bits(rounds) {
            if plan.has_room(round) && plan.conflicts_in(person, round) == 0 {
                plan.go(person, Some(round));
                self.extend(plan, place + 1, open);
                plan.go(person, None);
            }
        }
        self.extend(plan, place + 1, open);
    }
}
