//! Makes a plan that keeps leaders and those they lead apart, from one that does not: exchanges
//! people as long as an exchange makes it better.
//!
//! An exchange is one of three: somebody goes to another round; two people change places; somebody
//! takes another's place, who goes elsewhere. Fewer conflicts count before everything else, so
//! that the end has none: whoever cannot be kept apart loses the round. Where no exchange helps and
//! the bound is not reached, a few people are shaken to other places and the same is tried again,
//! a fixed number of times with a fixed sequence of chances: the answer never depends on the day.

use super::{
    Cost,
    frame::{Frame, Plan, bits},
};

/// How much work shaking may be, in exchanges that are looked at.
const SHAKES_MOST: usize = 6_000_000;

/// The best plan that was found.
pub(super) fn improve<'a>(frame: &'a Frame, start: Plan<'a>, bound: Cost) -> Plan<'a> {
    let mut best = start;
    let everybody: Vec<usize> = (0..frame.members.len()).collect();
    settle(frame, &mut best, &everybody);
    let placeable = frame.members.len() * frame.members.len().max(frame.rounds.len());
    let shakes = (SHAKES_MOST / placeable.max(1)).min(200);
    let mut chance = Chance(0x5EED);
    for _ in 0..shakes {
        if best.cost() == bound {
            break;
        }
        let mut tried = best.clone();
        let moved = shake(frame, &mut tried, &mut chance);
        settle(frame, &mut tried, &moved);
        settle(frame, &mut tried, &everybody);
        if tried.cost() < best.cost() {
            best = tried;
        }
    }
    best
}

/// Exchanges people until nothing helps any more; ends without conflicts.
fn settle(frame: &Frame, plan: &mut Plan<'_>, people: &[usize]) {
    loop {
        let mut has_helped = false;
        for person in people {
            while let Some(exchange) = best_exchange(frame, plan, *person) {
                for (person, to) in exchange {
                    plan.go(person, to);
                }
                has_helped = true;
            }
        }
        if !has_helped {
            return;
        }
    }
}

/// Who goes where.
type Exchange = Vec<(usize, Option<usize>)>;

/// The exchange around somebody that helps most, of equals the first; `None` where none helps.
fn best_exchange(frame: &Frame, plan: &mut Plan<'_>, person: usize) -> Option<Exchange> {
    let member = frame.member(person)?;
    let from = plan.place(person);
    let mut best: (i32, Cost) = (0, Cost::default());
    let mut found: Option<Exchange> = None;
    let mut offer = |gain: (i32, Cost), exchange: &dyn Fn() -> Exchange| {
        if gain < best {
            best = gain;
            found = Some(exchange());
        }
    };
    if from.is_some() {
        offer(plan.change(person, None), &|| vec![(person, None)]);
    }
    for to in bits(member.rounds).filter(|to| Some(*to) != from) {
        if plan.has_room(to) {
            offer(plan.change(person, Some(to)), &|| vec![(person, Some(to))]);
        }
    }
    // Others are looked at as they would be once this one has gone.
    plan.go(person, None);
    let (left, left_cost) = {
        let (conflicts, cost) = plan.change(person, from);
        (-conflicts, -cost)
    };
    for (other, place) in plan.places().to_vec().into_iter().enumerate() {
        let Some(place) = place.filter(|place| other != person && Some(*place) != from) else {
            continue;
        };
        if member.rounds & (1 << place) == 0 {
            continue;
        }
        let Some(other_member) = frame.member(other) else {
            continue;
        };
        let takes_place = |plan: &mut Plan<'_>, to: Option<usize>| {
            let (conflicts, cost) = plan.change(other, to);
            plan.go(other, to);
            let (more, more_cost) = plan.change(person, Some(place));
            plan.go(other, Some(place));
            (left + conflicts + more, left_cost + cost + more_cost)
        };
        if let Some(from) = from
            && other_member.rounds & (1 << from) != 0
        {
            let gain = takes_place(plan, Some(from));
            offer(gain, &|| {
                vec![(person, None), (other, Some(from)), (person, Some(place))]
            });
        }
        // Worth the many looks only for those who would have no round.
        if from.is_none() {
            for to in bits(other_member.rounds) {
                if to != place && plan.has_room(to) {
                    let gain = takes_place(plan, Some(to));
                    offer(gain, &|| vec![(other, Some(to)), (person, Some(place))]);
                }
            }
            let gain = takes_place(plan, None);
            offer(gain, &|| vec![(other, None), (person, Some(place))]);
        }
    }
    plan.go(person, from);
    found
}

/// Lets a few people change places, whatever that costs, and says who.
fn shake(frame: &Frame, plan: &mut Plan<'_>, chance: &mut Chance) -> Vec<usize> {
    let count = frame.members.len();
    let mut shaken = Vec::new();
    for _ in 0..4 {
        let (one, other) = (chance.below(count), chance.below(count));
        let (Some(first), Some(second)) = (frame.member(one), frame.member(other)) else {
            continue;
        };
        let (from, to) = (plan.place(one), plan.place(other));
        let may = |rounds: u128, place: Option<usize>| {
            place.is_none_or(|place| rounds & (1 << place) != 0)
        };
        if from != to && may(first.rounds, to) && may(second.rounds, from) {
            plan.go(one, None);
            plan.go(other, from);
            plan.go(one, to);
            shaken.extend([one, other]);
        }
    }
    shaken
}

/// A fixed sequence of chances (`SplitMix64`).
struct Chance(u64);

impl Chance {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % (count.max(1) as u64)).unwrap_or(0)
    }
}
