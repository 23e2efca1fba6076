//! Rounds for everyone: who goes in which round, over all rounds of a plan.
//!
//! Pure functions over plain values: no clock, no database. The same question gives the same
//! answer in any order of its people and rounds.
//!
//! # What is asked
//!
//! Always: nobody is in a round that meets while they are away, no round has more people than its
//! capacity, and a leader and somebody whom they lead directly are never in one round. Then, the
//! first before the second and so on ([`Cost`]): as few as possible without a round; as few as
//! possible elsewhere than in the plan before; as few pairs as possible of people from one
//! department in one round; rounds of as even a size as can be.
//!
//! # What is exact, and what is not
//!
//! *Without the rule about leaders* the question is a flow from people over (department, round) to
//! rounds, whose costs grow with what already flows. `relax` finds its cheapest flow, exactly. No
//! plan can cost less, so this is the **bound** that comes with every plan.
//!
//! *With that rule* it contains the colouring of graphs with colours of limited size, for which
//! nobody knows a fast exact way. `search` starts from the flow, where people of one department
//! with the same calendar can stand for each other, and exchanges people until no exchange helps:
//! a heuristic. Where its plan costs what the bound says, the plan is **optimal, and proven so**;
//! with many more people than rounds this is what usually happens. For a few people `exact`
//! looks at everything that is left and proves its plan too. Otherwise [`Assignment::is_optimal`]
//! is false, and the distance to the bound says how much better a plan could be at most.

mod exact;
mod frame;
mod inputs;
mod reasons;
mod relax;
mod search;
#[cfg(test)]
mod tests;

use crate::dates::propose::Period;
use shared_types::{DepartmentId, PersonId, RoundId};
use std::ops::{Add, Neg, Sub};

pub use inputs::inputs_hash;
pub use reasons::Reason;

use frame::Frame;

/// Version of these rules: the same inputs under the same version give the same plan.
pub const RULE_VERSION: &str = "rounds-1";

/// The most rounds of one plan: a person's rounds fit into one word.
pub const ROUNDS_MOST: usize = 128;

/// Somebody who is to take part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The person.
    pub id: PersonId,
    /// Where they work; `None` is shared with nobody.
    pub department: Option<DepartmentId>,
    /// Who leads them.
    pub leader: Option<PersonId>,
    /// When they cannot take part.
    pub away: Vec<Period>,
    /// Their round in the plan before.
    pub before: Option<RoundId>,
    /// Whether they have to stay in it.
    pub is_locked: bool,
}

/// A round that people can be in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// The round.
    pub id: RoundId,
    /// How many it takes.
    pub capacity: u32,
    /// When it meets.
    pub meets: Vec<Period>,
}

/// What a plan costs; the first number counts before the second, and so on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cost {
    /// People without a round.
    pub unplaced: i32,
    /// People who had a round before and now have another, or none.
    pub moved: i32,
    /// Pairs of people from one department in one round.
    pub together: i32,
    /// Pairs of people in one round: fewest where the rounds are of even size.
    pub uneven: i32,
}

impl Add for Cost {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            unplaced: self.unplaced + other.unplaced,
            moved: self.moved + other.moved,
            together: self.together + other.together,
            uneven: self.uneven + other.uneven,
        }
    }
}

impl Neg for Cost {
    type Output = Self;

    fn neg(self) -> Self {
        Self {
            unplaced: -self.unplaced,
            moved: -self.moved,
            together: -self.together,
            uneven: -self.uneven,
        }
    }
}

impl Sub for Cost {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

/// Where somebody goes, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The person.
    pub person: PersonId,
    /// The round, if there is one for them.
    pub round: Option<RoundId>,
    /// Why, the most decisive first.
    pub reasons: Vec<Reason>,
}

/// A plan: everybody, in the order of their ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The people.
    pub rows: Vec<Row>,
    /// What it costs.
    pub cost: Cost,
    /// What every plan costs at least.
    pub bound: Cost,
    /// Whether it is proven that no plan costs less.
    pub is_optimal: bool,
}

/// Says who goes in which round; the module's page says by what rules.
///
/// Somebody who is listed twice counts once.
pub fn assign(people: &[Person], rounds: &[Round]) -> Assignment {
    let frame = Frame::of(people, rounds);
    let (start, bound) = relax::solve(&frame);
    let mut plan = search::improve(&frame, start, bound);
    let mut is_optimal = plan.cost() == bound;
    if !is_optimal && let Some(best) = exact::solve(&frame, &plan) {
        plan = best;
        is_optimal = true;
    }
    Assignment {
        cost: plan.cost(),
        rows: reasons::rows(&frame, &plan),
        bound: if is_optimal { plan.cost() } else { bound },
        is_optimal,
    }
}
