//! Why somebody goes in a round, or in none: in numbers, never by name.

use super::{
    Row,
    frame::{Frame, Plan, bits},
};
use shared_types::RoundId;

/// One thing that decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The round was fixed by a coordinator.
    Locked,
    /// It is the round of the plan before.
    Kept,
    /// The round of the plan before is not in this one.
    RoundGone {
        /// That round; `None` where its id is not known any more.
        from: Option<RoundId>,
    },
    /// They are away when the round of the plan before meets.
    AwayFromBefore {
        /// That round.
        from: RoundId,
    },
    /// A leader, or somebody they lead, is in the round of the plan before.
    ApartFromBefore {
        /// That round.
        from: RoundId,
    },
    /// Elsewhere than before, so that more people have a round.
    MadeRoom {
        /// The round of the plan before.
        from: RoundId,
    },
    /// Only some of the rounds meet while they are not away.
    FreeRounds {
        /// So many.
        count: u32,
        /// Of so many.
        of: u32,
    },
    /// A leader and those they lead are in other rounds.
    Apart {
        /// So many people.
        count: u32,
    },
    /// People of the own department in the round, oneself included.
    Mixed {
        /// So many.
        colleagues: u32,
        /// Of so many in the round.
        size: u32,
    },
    /// They are away from every round.
    AlwaysAway,
    /// Every round that they could be in is full, or has a leader or somebody they lead in it.
    NoRoom {
        /// Rounds that they could be in and that are full.
        full: u32,
        /// Rounds with room that have somebody in them from whom they are to be apart.
        apart: u32,
    },
}

impl Reason {
    /// The stable name of the reason, in snake case.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Locked => "locked",
            Self::Kept => "kept",
            Self::RoundGone { .. } => "round_gone",
            Self::AwayFromBefore { .. } => "away_from_before",
            Self::ApartFromBefore { .. } => "apart_from_before",
            Self::MadeRoom { .. } => "made_room",
            Self::FreeRounds { .. } => "free_rounds",
            Self::Apart { .. } => "apart",
            Self::Mixed { .. } => "mixed",
            Self::AlwaysAway => "always_away",
            Self::NoRoom { .. } => "no_room",
        }
    }
}

/// Everybody with their reasons, in the order of their ids.
pub(super) fn rows(frame: &Frame, plan: &Plan<'_>) -> Vec<Row> {
    let row = |(person, member): (usize, &super::frame::Member)| {
        let round = plan.place(person);
        Row {
            person: member.id,
            round: round.and_then(|round| frame.rounds.get(round).copied()),
            reasons: explain(frame, plan, person),
        }
    };
    frame.members.iter().enumerate().map(row).collect()
}

fn count(number: impl TryInto<u32>) -> u32 {
    number.try_into().unwrap_or(0)
}

fn explain(frame: &Frame, plan: &Plan<'_>, person: usize) -> Vec<Reason> {
    let Some(member) = frame.member(person) else {
        return Vec::new();
    };
    let mut reasons = Vec::new();
    let place = plan.place(person);
    if place.is_some() && place == member.before {
        reasons.push(if member.is_locked {
            Reason::Locked
        } else {
            Reason::Kept
        });
    } else if member.had_one {
        reasons.push(moved(frame, plan, person));
    }
    let Some(round) = place else {
        reasons.push(unplaced(plan, person, member.rounds));
        return reasons;
    };
    let of = count(frame.rounds.len());
    let free = member.free_rounds.count_ones();
    if free < of {
        reasons.push(Reason::FreeRounds { count: free, of });
    }
    let apart = member
        .apart_from
        .iter()
        .filter(|other| plan.place(**other).is_some());
    let apart = count(apart.count());
    if apart > 0 {
        reasons.push(Reason::Apart { count: apart });
    }
    if member.department.is_some() {
        reasons.push(Reason::Mixed {
            colleagues: count(plan.colleagues(person, round)),
            size: count(plan.size(round)),
        });
    }
    reasons
}

/// Why somebody is not where they were.
fn moved(frame: &Frame, plan: &Plan<'_>, person: usize) -> Reason {
    let before = frame.member(person).and_then(|member| {
        let before = member.before?;
        Some((before, *frame.rounds.get(before)?, member.free_rounds))
    });
    match before {
        None => Reason::RoundGone { from: None },
        Some((before, from, free)) if free & (1 << before) == 0 => Reason::AwayFromBefore { from },
        Some((before, from, _)) if plan.conflicts_in(person, before) > 0 => {
            Reason::ApartFromBefore { from }
        }
        Some((_, from, _)) => Reason::MadeRoom { from },
    }
}

fn unplaced(plan: &Plan<'_>, person: usize, rounds: u128) -> Reason {
    if rounds == 0 {
        return Reason::AlwaysAway;
    }
    let (open, full): (Vec<_>, Vec<_>) = bits(rounds).partition(|round| plan.has_room(*round));
    let apart = open
        .iter()
        .filter(|round| plan.conflicts_in(person, **round) > 0);
    Reason::NoRoom {
        full: count(full.len()),
        apart: count(apart.count()),
    }
}
