//! A plan that was found, with its cheapest venues and its points by reason.

use super::{
    Part, Plan, Reason, Slot,
    calendar::Days,
    grid::{Grid, NONE, bit, free_facilitators},
    later,
};

impl Grid<'_> {
    /// A path with its cheapest venues, in words that need no index of days.
    pub(super) fn plan(&self, path: &[usize], days: &Days<'_>) -> Plan {
        let venues = self.cheapest_venues(path);
        let mut counts = Reason::ALL.map(|reason| (reason, 0u32, 0u32));
        let mut count = |reason: Reason, times: u32, weight: u32| {
            for (_, sum, points) in counts.iter_mut().filter(|(one, ..)| *one == reason) {
                *sum = sum.saturating_add(times);
                *points = points.saturating_add(times.saturating_mul(weight));
            }
        };
        let weights = self.question.weights;
        let mut slots = Vec::with_capacity(path.len());
        let mut last_venue = None;
        let mut last_day: Option<usize> = None;
        for (occasion, (place, venue)) in path.iter().zip(venues).enumerate() {
            let (Some(asked), Some(start)) =
                (self.occasion(occasion), self.start(occasion, *place))
            else {
                continue;
            };
            let day_parts = self.day_parts(occasion, start);
            for (reason, times, weight) in day_parts {
                count(reason, times, weight);
            }
            if let Some(last) = last_day {
                let gap = u32::try_from(place - last).unwrap_or(NONE);
                count(Reason::Spacing, asked.spacing.off(gap), weights.spacing);
            }
            last_day = Some(place + asked.days.len() - 1);
            if let Some(venue) = venue {
                let rank = asked
                    .venues
                    .iter()
                    .position(|one| *one == venue)
                    .unwrap_or(0);
                count(
                    Reason::Venue,
                    u32::try_from(rank).unwrap_or(NONE),
                    weights.venue,
                );
                let changes = last_venue.is_some_and(|last| last != venue);
                count(
                    Reason::VenueChange,
                    u32::from(changes),
                    weights.venue_change,
                );
                last_venue = Some(venue);
            }
            let free = free_facilitators(self.question, start);
            slots.push(Slot {
                starts_on: days.date(*place),
                ends_on: later(days.date(*place), asked.days.len() - 1),
                venue,
                free_facilitators: (0..self.question.facilitators.len())
                    .filter(|one| free & bit(*one) != 0)
                    .collect(),
                parts: parts(
                    &day_parts.map(|(reason, times, weight)| {
                        (reason, times, times.saturating_mul(weight))
                    }),
                ),
            });
        }
        let parts = parts(&counts);
        Plan {
            slots,
            points: parts
                .iter()
                .fold(0, |sum, part| sum.saturating_add(part.points)),
            parts,
        }
    }

    /// The cheapest venues for given days; of equally cheap ones the first in the first order.
    fn cheapest_venues(&self, path: &[usize]) -> Vec<Option<usize>> {
        // From the end: what the venues from here on cost at least, by the venue before.
        let mut after = vec![vec![0; self.venues()]];
        for (occasion, place) in path.iter().enumerate().rev() {
            let Some(start) = self.start(occasion, *place) else {
                continue;
            };
            let rest = after.last().cloned().unwrap_or_default();
            let cheapest = |before| {
                let choices = self.venue_choices(occasion, start, before);
                let sums = choices.map(|(venue, cost)| {
                    cost.saturating_add(rest.get(venue).copied().unwrap_or(NONE))
                });
                sums.min().unwrap_or(NONE)
            };
            after.push((0..self.venues()).map(cheapest).collect());
        }
        after.pop();
        let mut before = self.question.venues.len();
        let mut venues = Vec::with_capacity(path.len());
        for (occasion, place) in path.iter().enumerate() {
            let rest = after.pop().unwrap_or_default();
            let needs_one = self
                .occasion(occasion)
                .is_some_and(|one| !one.venues.is_empty());
            let chosen = self.start(occasion, *place).and_then(|start| {
                let choices = self.venue_choices(occasion, start, before);
                choices
                    .min_by_key(|(venue, cost)| {
                        cost.saturating_add(rest.get(*venue).copied().unwrap_or(NONE))
                    })
                    .map(|(venue, _)| venue)
            });
            before = chosen.unwrap_or(before);
            venues.push(chosen.filter(|_| needs_one));
        }
        venues
    }
}

fn parts(counts: &[(Reason, u32, u32)]) -> Vec<Part> {
    let counted = counts.iter().filter(|(_, count, _)| *count > 0);
    counted
        .map(|(reason, count, points)| Part {
            reason: *reason,
            count: *count,
            points: *points,
        })
        .collect()
}
