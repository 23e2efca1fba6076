//! Every start of every occasion with the exact cost of the cheapest rest, by dynamic programming
//! from the last occasion to the first.

use super::{
    Occasion, Question, Reason,
    calendar::{Days, Start},
};

/// No way leads on from here.
pub(super) const NONE: u32 = u32::MAX;

/// The starts that nothing forbids, of each occasion by day.
fn starts(question: &Question, days: &Days<'_>) -> Vec<Vec<Option<Start>>> {
    let all = days.constraints.all();
    let usable = |occasion: usize, place: usize| {
        let asked = question.occasions.get(occasion)?;
        let start = days.start(occasion, place)?;
        let facilitators = free_facilitators(question, &start);
        let venue_is_free = asked.venues.is_empty() || free_venues(asked, &start).next().is_some();
        let leads_are_free = asked.leads.iter().all(|one| facilitators & bit(*one) != 0);
        let usable = !start.blocked.meets(&all)
            && venue_is_free
            && leads_are_free
            && facilitators.count_ones() >= asked.facilitators_count;
        usable.then_some(start)
    };
    let of = |occasion| {
        (0..days.count())
            .map(|place| usable(occasion, place))
            .collect()
    };
    (0..question.occasions.len()).map(of).collect()
}

pub(super) fn bit(place: usize) -> u64 {
    u32::try_from(place)
        .ok()
        .and_then(|place| 1u64.checked_shl(place))
        .unwrap_or(0)
}

pub(super) fn free_facilitators(question: &Question, start: &Start) -> u64 {
    let known = match question.facilitators.len() {
        64.. => u64::MAX,
        count => (1 << count) - 1,
    };
    known & !start.facilitators_busy
}

/// Venues that an occasion can have, with their places in its order.
fn free_venues(asked: &Occasion, start: &Start) -> impl Iterator<Item = (usize, usize)> {
    let ordered = asked.venues.iter().copied().enumerate();
    ordered.filter(|(_, venue)| start.venues_busy & bit(*venue) == 0)
}

/// Every (occasion, first day, last venue), with the exact cost of the cheapest rest.
///
/// The last venue is one of the venues, or the place after them: no venue so far.
pub(super) struct Grid<'a> {
    pub(super) question: &'a Question,
    pub(super) starts: Vec<Vec<Option<Start>>>,
    /// By occasion, day and last venue after the occasion.
    pub(super) rest: Vec<Vec<Vec<u32>>>,
    /// The same before the occasion, with its own costs but its spacing.
    entry: Vec<Vec<Vec<u32>>>,
}

impl<'a> Grid<'a> {
    pub(super) fn of(question: &'a Question, days: &Days<'_>) -> Self {
        let mut grid = Self {
            question,
            starts: starts(question, days),
            rest: Vec::new(),
            entry: Vec::new(),
        };
        let count = question.occasions.len();
        let mut next: Option<Vec<Vec<u32>>> = None;
        for occasion in (0..count).rev() {
            let rest = grid.rest_after(occasion, next.as_deref());
            let entry = grid.entry_to(occasion, &rest);
            next = Some(entry.clone());
            grid.rest.push(rest);
            grid.entry.push(entry);
        }
        grid.rest.reverse();
        grid.entry.reverse();
        grid
    }

    pub(super) fn venues(&self) -> usize {
        self.question.venues.len() + 1
    }

    pub(super) fn occasion(&self, occasion: usize) -> Option<&'a Occasion> {
        self.question.occasions.get(occasion)
    }

    pub(super) fn start(&self, occasion: usize, place: usize) -> Option<&Start> {
        self.starts.get(occasion)?.get(place)?.as_ref()
    }

    /// The days on which the occasion after can start, with what the distance costs.
    pub(super) fn ways_on(
        &self,
        occasion: usize,
        place: usize,
    ) -> impl Iterator<Item = (usize, u32)> {
        let length = self.occasion(occasion).map_or(1, |one| one.days.len());
        let next = self.occasion(occasion + 1);
        let spacing = next.map(|next| next.spacing);
        let (from, to) = spacing.map_or((1, 0), |one| (one.at_least.max(1), one.at_most));
        (from..=to).map_while(move |gap| {
            let day = place + length - 1 + gap as usize;
            let days = self.starts.get(occasion + 1).map_or(0, Vec::len);
            let off = spacing.map_or(0, |one| one.off(gap));
            (day < days).then_some((day, off.saturating_mul(self.question.weights.spacing)))
        })
    }

    fn rest_after(&self, occasion: usize, next: Option<&[Vec<u32>]>) -> Vec<Vec<u32>> {
        let days = self.starts.get(occasion).map_or(0, Vec::len);
        let of = |place| {
            let Some(next) = next else {
                return vec![0; self.venues()];
            };
            let mut best = vec![NONE; self.venues()];
            if self.start(occasion, place).is_none() {
                return best;
            }
            for (day, spacing) in self.ways_on(occasion, place) {
                for (best, entry) in best.iter_mut().zip(next.get(day).into_iter().flatten()) {
                    *best = (*best).min(entry.saturating_add(spacing));
                }
            }
            best
        };
        (0..days).map(of).collect()
    }

    /// The cheapest rest by the venue before the occasion: its days, its venue, what follows.
    fn entry_to(&self, occasion: usize, rest: &[Vec<u32>]) -> Vec<Vec<u32>> {
        let of = |(place, rest): (usize, &Vec<u32>)| {
            let mut best = vec![NONE; self.venues()];
            let Some(start) = self.start(occasion, place) else {
                return best;
            };
            let own = points(&self.day_parts(occasion, start));
            for (before, best) in best.iter_mut().enumerate() {
                for (venue, cost) in self.venue_choices(occasion, start, before) {
                    let after = rest.get(venue).copied().unwrap_or(NONE);
                    *best = (*best).min(after.saturating_add(cost).saturating_add(own));
                }
            }
            best
        };
        rest.iter().enumerate().map(of).collect()
    }

    /// The last venues that an occasion can lead to, with what they cost.
    pub(super) fn venue_choices(
        &self,
        occasion: usize,
        start: &Start,
        before: usize,
    ) -> impl Iterator<Item = (usize, u32)> {
        let weights = self.question.weights;
        let asked = self.occasion(occasion).filter(|one| !one.venues.is_empty());
        let none = self.question.venues.len();
        let chosen = asked.into_iter().flat_map(move |asked| {
            free_venues(asked, start).map(move |(rank, venue)| {
                let rank = u32::try_from(rank).unwrap_or(NONE);
                let change = u32::from(before != none && before != venue);
                let rank_points = rank.saturating_mul(weights.venue);
                (
                    venue,
                    rank_points.saturating_add(change * weights.venue_change),
                )
            })
        });
        let stays = asked.is_none().then_some((before, 0));
        chosen.chain(stays)
    }

    /// What the days of an occasion cost, whatever comes before and after.
    pub(super) fn day_parts(&self, occasion: usize, start: &Start) -> [(Reason, u32, u32); 5] {
        let weights = self.question.weights;
        let needed = self
            .occasion(occasion)
            .map_or(0, |one| one.facilitators_count);
        let free = free_facilitators(self.question, start).count_ones();
        let no_spare = u32::from(needed > 0 && free <= needed);
        [
            (Reason::Weekday, start.weekdays_count, weights.weekday),
            (Reason::Blackout, start.avoided_count, weights.blackout),
            (Reason::HalfDay, start.half_days_count, weights.half_day),
            (
                Reason::BridgeDay,
                start.bridge_days_count,
                weights.bridge_day,
            ),
            (Reason::NoSpare, no_spare, weights.no_spare),
        ]
    }
}

pub(super) fn points(parts: &[(Reason, u32, u32)]) -> u32 {
    let points = parts
        .iter()
        .map(|(_, count, weight)| count.saturating_mul(*weight));
    points.fold(0, u32::saturating_add)
}
