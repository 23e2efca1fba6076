//! Date planning: when a round's occasions are, and where, or why there is no such plan.
//!
//! Pure functions over plain values: no clock, no database. The same question gives the same
//! answer, whatever machine and day.
//!
//! # What is exact
//!
//! Occasions follow each other, so a plan is a path: what a date costs depends on the date itself
//! and on the occasion before. `search` first computes, from the last occasion to the first, the
//! exact cheapest completion of every (occasion, first day, last venue), by dynamic programming.
//! That is a bound that is never wrong and never loose, and a best-first search with it walks
//! straight to the best plan, then to the second best, and so on. Plans differ by their days; the
//! venues of a plan are the cheapest for its days. Each further plan differs from all earlier ones
//! in at least `differ_in` occasions; branches that cannot any more are cut, which removes no plan
//! that counts. The first plan is always the best there is; the search for further ones looks at
//! a bounded number of partial plans and says when that was too few ([`Answer::is_cut`]).
//!
//! Where there is no plan, `conflict` names constraints that cannot hold together, and of all
//! such sets a smallest one.

mod calendar;
mod conflict;
mod grid;
mod plan;
mod search;
#[cfg(test)]
mod tests;

use chrono::{Days, NaiveDate, NaiveTime, Weekday};
use shared_types::{OrganisationId, holidays::Country};

pub use conflict::Conflict;

/// Version of these rules: the same question under the same version gets the same answer.
pub const RULE_VERSION: &str = "dates-1";

/// The most venues, and the most facilitators: a day's calendars fit into one word.
pub const CALENDARS_MOST: usize = 64;

/// Civil days from the first to the last, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

impl Period {
    /// Whether it includes a day.
    pub fn contains(&self, day: NaiveDate) -> bool {
        (self.from..=self.to).contains(&day)
    }

    /// Its days in order.
    pub fn days(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        let to = self.to;
        self.from.iter_days().take_while(move |day| *day <= to)
    }
}

/// How much something counts against a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// It does not.
    Ignore,
    /// The day costs points.
    Avoid,
    /// The day cannot be used.
    Forbid,
}

/// Days on which an organisation's people cannot come: council meetings, school breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blackout {
    /// The organisation.
    pub organisation: OrganisationId,
    /// The days.
    pub period: Period,
    /// How much they count.
    pub strength: Strength,
}

/// When a venue or a facilitator is not to be had.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    /// Days that are taken.
    pub busy: Vec<Period>,
}

/// The hours of one day of an occasion, wall clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    /// Start.
    pub starts_at: NaiveTime,
    /// End.
    pub ends_at: NaiveTime,
}

/// Days between the end of the occasion before and the start of this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spacing {
    /// At least; 1 is the very next day.
    pub at_least: u32,
    /// At most.
    pub at_most: u32,
    /// Best; `None` where every distance is as good.
    pub ideal: Option<u32>,
}

impl Spacing {
    /// How many days a distance is off the best.
    fn off(&self, gap: u32) -> u32 {
        self.ideal.map_or(0, |ideal| gap.abs_diff(ideal))
    }
}

/// One occasion of the pattern, in the pattern's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occasion {
    /// Its days, one after the other; never empty.
    pub days: Vec<Hours>,
    /// Distance from the occasion before; of the first it means nothing.
    pub spacing: Spacing,
    /// Days between which all of it has to be.
    pub between: Option<Period>,
    /// Venues that would do, the best first; empty where it needs none.
    pub venues: Vec<usize>,
    /// Facilitators who have to be there.
    pub leads: Vec<usize>,
    /// How many facilitators it needs, those included.
    pub facilitators_count: u32,
}

/// What a point against a plan costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weights {
    /// A day more or less than the best distance.
    pub spacing: u32,
    /// A day that is not on a preferred weekday.
    pub weekday: u32,
    /// A day that an organisation would rather not have.
    pub blackout: u32,
    /// A half day whose afternoon is used.
    pub half_day: u32,
    /// A working day between two that are none.
    pub bridge_day: u32,
    /// A place further down in the order of venues.
    pub venue: u32,
    /// Another venue than the time before.
    pub venue_change: u32,
    /// An occasion without a facilitator to spare.
    pub no_spare: u32,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            spacing: 1,
            weekday: 3,
            blackout: 10,
            half_day: 5,
            bridge_day: 5,
            venue: 2,
            venue_change: 4,
            no_spare: 2,
        }
    }
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Days between which the whole round has to be.
    pub window: Period,
    /// Weekdays that can be used.
    pub weekdays: Vec<Weekday>,
    /// Weekdays that are best; empty where none is.
    pub preferred_weekdays: Vec<Weekday>,
    /// Whose public holidays are free.
    pub holidays_of: Vec<Country>,
    /// How much an afternoon counts on which municipalities are closed.
    pub half_days: Strength,
    /// The occasions in their order; never empty.
    pub occasions: Vec<Occasion>,
    /// Days of organisations.
    pub blackouts: Vec<Blackout>,
    /// Venues.
    pub venues: Vec<Calendar>,
    /// Facilitators.
    pub facilitators: Vec<Calendar>,
    /// What counts how much.
    pub weights: Weights,
    /// How many plans.
    pub plans_count: usize,
    /// In how many occasions any two of them differ at least.
    pub differ_in: usize,
}

/// Something that was asked for and can be named when it cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Constraint {
    /// The whole round lies in its window.
    Window,
    /// Only these weekdays.
    Weekdays,
    /// No public holiday of this country.
    Holidays(Nation),
    /// No afternoon of a half day.
    HalfDays,
    /// No forbidden day of this organisation.
    Blackouts(OrganisationId),
    /// The occasion lies between its own days.
    Between(usize),
    /// At least so many days after the occasion before.
    AtLeast(usize),
    /// At most so many days after the occasion before.
    AtMost(usize),
    /// The venue is free only when it says so.
    Venue(usize),
    /// The facilitator is free only when they say so.
    Facilitator(usize),
}

/// A country in an order, so that constraints have one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nation {
    /// Sweden.
    Sweden,
    /// Denmark.
    Denmark,
}

impl From<Country> for Nation {
    fn from(country: Country) -> Self {
        match country {
            Country::Sweden => Self::Sweden,
            Country::Denmark => Self::Denmark,
        }
    }
}

/// Why a plan costs points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Distances between occasions are not the best.
    Spacing,
    /// Days are not on preferred weekdays.
    Weekday,
    /// Days are avoided by organisations.
    Blackout,
    /// Afternoons of half days are used.
    HalfDay,
    /// Days stand between two that are free.
    BridgeDay,
    /// Venues are not the first choice.
    Venue,
    /// The venue changes.
    VenueChange,
    /// No facilitator is to spare.
    NoSpare,
}

impl Reason {
    /// Every reason, in the order of a breakdown.
    pub const ALL: [Self; 8] = [
        Self::Spacing,
        Self::Weekday,
        Self::Blackout,
        Self::HalfDay,
        Self::BridgeDay,
        Self::Venue,
        Self::VenueChange,
        Self::NoSpare,
    ];
}

/// Points of one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The reason.
    pub reason: Reason,
    /// How often: days, places or occasions.
    pub count: u32,
    /// Points, the count times its weight.
    pub points: u32,
}

/// When and where one occasion is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: NaiveDate,
    /// The venue, where it needs one.
    pub venue: Option<usize>,
    /// Facilitators who are free on all of its days.
    pub free_facilitators: Vec<usize>,
    /// What its days cost, without spacing and venue.
    pub parts: Vec<Part>,
}

/// A plan: one slot for each occasion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The slots in the pattern's order.
    pub slots: Vec<Slot>,
    /// All points; fewer are better.
    pub points: u32,
    /// The points by reason; reasons without points are left out.
    pub parts: Vec<Part>,
}

/// What there is to answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The plans, the best first; empty where there is none.
    pub plans: Vec<Plan>,
    /// Whether there may be further plans that were not looked for any longer.
    pub is_cut: bool,
    /// Where there is no plan: why.
    pub conflict: Option<Conflict>,
}

/// Answers with the best plans, or with the constraints that cannot hold together.
pub fn propose(question: &Question) -> Answer {
    let found = search::best(question);
    let conflict = found.plans.is_empty().then(|| conflict::smallest(question));
    Answer {
        plans: found.plans,
        is_cut: found.is_cut,
        conflict,
    }
}

/// The day so many days later.
fn later(day: NaiveDate, days: usize) -> NaiveDate {
    day.checked_add_days(Days::new(days as u64))
        .unwrap_or(NaiveDate::MAX)
}
