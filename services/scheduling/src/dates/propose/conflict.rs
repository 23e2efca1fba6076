//! Why there is no plan: a smallest set of constraints that cannot hold together.
//!
//! Whether a set of constraints can hold is asked of the occasions in order: a day is reachable
//! where the occasion can be and a reachable day of the one before is at the right distance. That
//! is exact, because occasions follow each other.
//!
//! Two methods meet. *Deletion*: drop one constraint after the other; what is left when none can
//! be dropped is a conflict of which every part is needed. *Hitting sets* (Ignatiev, Previti,
//! Liffiton and Marques-Silva, "Smallest MUS extraction with minimal hitting set dualization",
//! 2015): whatever can hold leaves something out, and a conflict has to contain a part of each
//! such rest. The smallest set that meets all rests known so far is no larger than the smallest
//! conflict; if it cannot hold it is one. Both searches are bounded; [`Conflict::is_smallest`] says
//! whether the bound was enough.

use super::{
    Constraint, Period, Question,
    calendar::{Days, Set, Start},
    later,
};
use chrono::Days as Span;

/// Starts that are looked at, at most, to make a conflict smaller.
const STARTS_MOST: usize = 40_000_000;

/// Partial hitting sets that are looked at, at most, in all.
const HITTING_MOST: usize = 200_000;

/// Constraints that cannot hold together; without any one of them the others can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The constraints, in order.
    pub constraints: Vec<Constraint>,
    /// Whether no conflict has fewer; else every part is needed, but another set may be smaller.
    pub is_smallest: bool,
}

/// The smallest conflict of a question that has no plan.
pub(super) fn smallest(question: &Question) -> Conflict {
    let mut feasibility = Feasibility::of(question);
    let all = feasibility.days.constraints.all();
    let minimal = feasibility.delete(all);
    let (found, is_smallest) = feasibility.hit(minimal);
    let constraints = &feasibility.days.constraints;
    Conflict {
        constraints: found
            .places()
            .filter_map(|place| constraints.get(place))
            .collect(),
        is_smallest,
    }
}

/// Tells whether constraints can hold together, over a span in which each alone can be met.
struct Feasibility<'a> {
    question: &'a Question,
    days: Days<'a>,
    starts: Vec<Vec<Option<Start>>>,
    asked: usize,
}

impl<'a> Feasibility<'a> {
    fn of(question: &'a Question) -> Self {
        let days = Days::of(question, span(question));
        let of = |occasion| {
            let all = 0..days.count();
            all.map(|place| days.start(occasion, place)).collect()
        };
        let starts = (0..question.occasions.len()).map(of).collect();
        Self {
            question,
            days,
            starts,
            asked: 0,
        }
    }

    /// Whether there is a plan if only these constraints count.
    fn holds(&mut self, active: &Set) -> bool {
        self.asked += 1;
        let constraints = &self.days.constraints;
        let is_active = |constraint| {
            constraints
                .place(constraint)
                .is_some_and(|place| active.contains(place))
        };
        let word = |count: usize, of: fn(usize) -> Constraint| {
            let active = (0..count.min(64)).filter(|place| is_active(of(*place)));
            active.fold(0u64, |word, place| word | 1 << place)
        };
        let venues = word(self.question.venues.len(), Constraint::Venue);
        let facilitators = word(self.question.facilitators.len(), Constraint::Facilitator);
        let everybody = match self.question.facilitators.len() {
            64.. => u64::MAX,
            count => (1 << count) - 1,
        };
        // How many days up to each are reachable ends of the occasion before.
        let mut reached: Option<Vec<usize>> = None;
        for ((place, asked), starts) in self.question.occasions.iter().enumerate().zip(&self.starts)
        {
            let choices = asked
                .venues
                .iter()
                .fold(0u64, |word, venue| word | 1 << (venue % 64));
            let leads = asked
                .leads
                .iter()
                .fold(0u64, |word, lead| word | 1 << (lead % 64));
            let at_least = if is_active(Constraint::AtLeast(place)) {
                asked.spacing.at_least.max(1) as usize
            } else {
                1
            };
            let at_most =
                is_active(Constraint::AtMost(place)).then_some(asked.spacing.at_most as usize);
            let mut ends = vec![false; self.days.count()];
            for (day, start) in starts.iter().enumerate() {
                let Some(start) = start.filter(|start| !start.blocked.meets(active)) else {
                    continue;
                };
                let busy = start.facilitators_busy & facilitators;
                let is_usable = (choices == 0 || choices & !(start.venues_busy & venues) != 0)
                    && leads & busy == 0
                    && (everybody & !busy).count_ones() >= asked.facilitators_count;
                let follows = reached.as_ref().is_none_or(|reached| {
                    // Ends from `day - at_most` to `day - at_least`.
                    let before = |end: usize| reached.get(end).copied().unwrap_or(0);
                    let to = (day + 1).checked_sub(at_least).map_or(0, before);
                    let from = at_most
                        .and_then(|most| day.checked_sub(most))
                        .map_or(0, before);
                    to > from
                });
                if is_usable
                    && follows
                    && let Some(end) = ends.get_mut(day + asked.days.len() - 1)
                {
                    *end = true;
                }
            }
            let mut sums = Vec::with_capacity(ends.len() + 1);
            sums.push(0);
            let mut sum = 0;
            for end in ends {
                sum += usize::from(end);
                sums.push(sum);
            }
            if sum == 0 {
                return false;
            }
            reached = Some(sums);
        }
        true
    }

    /// Drops what is not needed; calendars and days go first, the round's own shape last.
    fn delete(&mut self, all: Set) -> Set {
        let mut kept = all;
        for place in all.places().collect::<Vec<_>>().into_iter().rev() {
            kept.remove(place);
            if self.holds(&kept) {
                kept.insert(place);
            }
        }
        kept
    }

    /// Looks for a smaller conflict than a minimal one.
    fn hit(&mut self, minimal: Set) -> (Set, bool) {
        let all = self.days.constraints.all();
        let mut rests: Vec<Set> = Vec::new();
        let mut looked_at = 0;
        let starts: usize = self.starts.iter().map(Vec::len).sum();
        while self.asked * starts < STARTS_MOST {
            let most = minimal.len();
            let Some(candidate) = smallest_hitting(&rests, most, &mut looked_at) else {
                return (minimal, false);
            };
            if candidate.len() >= most {
                return (minimal, true);
            }
            if !self.holds(&candidate) {
                return (candidate, true);
            }
            // As much as can hold with it; what is left out has to be hit.
            let mut kept = candidate;
            let mut rest = Set::default();
            for place in all.places() {
                if kept.contains(place) {
                    continue;
                }
                kept.insert(place);
                if !self.holds(&kept) {
                    kept.remove(place);
                    rest.insert(place);
                }
            }
            rests.push(rest);
        }
        (minimal, false)
    }
}

/// A smallest set that meets every rest; sizes from `most` on are not told apart. `None` when
/// that took too long.
fn smallest_hitting(rests: &[Set], most: u32, looked_at: &mut usize) -> Option<Set> {
    for size in 0..most {
        let found = hitting(rests, Set::default(), size, looked_at);
        if found.is_some() {
            return found;
        }
        if *looked_at > HITTING_MOST {
            return None;
        }
    }
    let mut large = Set::default();
    (0..most as usize).for_each(|place| large.insert(place));
    Some(large)
}

/// A set of a size that meets every rest; `None` where there is none, or the bound is reached.
fn hitting(rests: &[Set], chosen: Set, left: u32, looked_at: &mut usize) -> Option<Set> {
    *looked_at += 1;
    let missed = rests.iter().filter(|rest| !rest.meets(&chosen));
    let Some(rest) = missed.min_by_key(|rest| rest.len()) else {
        return Some(chosen);
    };
    if left == 0 || *looked_at > HITTING_MOST {
        return None;
    }
    rest.places().find_map(|place| {
        let mut more = chosen;
        more.insert(place);
        hitting(rests, more, left - 1, looked_at)
    })
}

/// Days enough that a question without its window has room for everything, before and after.
fn span(question: &Question) -> Period {
    let room: usize = question
        .occasions
        .iter()
        .map(|one| one.spacing.at_least as usize + one.days.len() + 14)
        .sum();
    // Calendars and days of organisations may fill a year beyond the window, too.
    let room = room + 366;
    let Period { from, to } = question.window;
    Period {
        from: from
            .checked_sub_days(Span::new(room as u64))
            .unwrap_or(from),
        to: later(to, room),
    }
}
