//! Bodies of date planning: a pattern of occasions in, plans out, or why there is none.

use super::sessions::{Period, SessionForm, SessionKind, WallTime};
use crate::{Links, LocalizedText, OrganisationId, PersonId, VenueId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DayOfWeek, example = "thursday")]
pub enum Weekday {
    /// Monday.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

/// A country whose public holidays are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = "SE")]
pub enum HolidayCountry {
    /// Sweden.
    #[serde(rename = "SE")]
    Sweden,
    /// Denmark.
    #[serde(rename = "DK")]
    Denmark,
}

/// How much something counts against a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "avoid")]
pub enum DateStrength {
    /// It does not count.
    Ignore,
    /// The day costs points.
    #[default]
    Avoid,
    /// The day cannot be used.
    Forbid,
}

/// The hours of one day of an occasion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DayHours {
    /// When it starts.
    pub starts_at: WallTime,
    /// When it ends, later on the same day.
    pub ends_at: WallTime,
}

/// Days between the end of the occasion before and the start of this one; 1 is the very next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OccasionSpacing {
    /// At least.
    #[schema(example = 14, minimum = 1, maximum = 366)]
    pub at_least_days: i32,
    /// At most.
    #[schema(example = 45, minimum = 1, maximum = 366)]
    pub at_most_days: i32,
    /// Best; without it the middle of the two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 28, minimum = 1, maximum = 366, nullable = false)]
    pub ideal_days: Option<i32>,
}

/// One occasion of a pattern.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PatternOccasion {
    /// What it is.
    pub kind: SessionKind,
    /// How people take part; a digital occasion needs no venue.
    pub form: SessionForm,
    /// Its name, as it comes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<LocalizedText>,
    /// Its days, one after the other.
    #[schema(min_items = 1, max_items = 10)]
    pub days: Vec<DayHours>,
    /// How far from the occasion before; without it anything up to a year. Of the first it means
    /// nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub spacing: Option<OccasionSpacing>,
    /// Days between which all of it has to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub between: Option<Period>,
    /// Venues that would do, the best first; without it all that are given, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub venue_ids: Vec<VenueId>,
    /// Facilitators who have to be there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub lead_ids: Vec<PersonId>,
    /// How many facilitators it needs, those included.
    #[serde(default)]
    #[schema(example = 2, minimum = 0, maximum = 60, default = 0)]
    pub facilitators_count: i32,
}

/// Days on which an organisation's people cannot come: council meetings, school breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OrganisationBlackout {
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// First day.
    #[schema(example = "2022-10-25")]
    pub starts_on: NaiveDate,
    /// Last day.
    #[schema(example = "2022-10-25")]
    pub ends_on: NaiveDate,
    /// How much the days count.
    #[serde(default)]
    pub strength: DateStrength,
}

/// A venue that could be booked, and when it is taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VenueOption {
    /// The venue.
    pub venue_id: VenueId,
    /// When it is taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200)]
    pub busy: Vec<Period>,
}

/// A facilitator, and when they are taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FacilitatorOption {
    /// The person.
    pub person_id: PersonId,
    /// When they are taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200)]
    pub busy: Vec<Period>,
}

/// What a point against a plan costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DateWeights {
    /// A day more or less than the best distance.
    #[schema(example = 1, minimum = 0, maximum = 1000)]
    pub spacing: i32,
    /// A day that is not on a preferred weekday.
    #[schema(example = 3, minimum = 0, maximum = 1000)]
    pub weekday: i32,
    /// A day that an organisation would rather not have.
    #[schema(example = 10, minimum = 0, maximum = 1000)]
    pub blackout: i32,
    /// A half day whose afternoon is used.
    #[schema(example = 5, minimum = 0, maximum = 1000)]
    pub half_day: i32,
    /// A working day between two that are none.
    #[schema(example = 5, minimum = 0, maximum = 1000)]
    pub bridge_day: i32,
    /// A place further down in the order of venues.
    #[schema(example = 2, minimum = 0, maximum = 1000)]
    pub venue: i32,
    /// Another venue than the time before.
    #[schema(example = 4, minimum = 0, maximum = 1000)]
    pub venue_change: i32,
    /// An occasion without a facilitator to spare.
    #[schema(example = 2, minimum = 0, maximum = 1000)]
    pub no_spare: i32,
}

const fn five() -> i32 {
    5
}

const fn one() -> i32 {
    1
}

fn working_days() -> Vec<Weekday> {
    use Weekday::{Friday, Monday, Thursday, Tuesday, Wednesday};
    vec![Monday, Tuesday, Wednesday, Thursday, Friday]
}

fn sweden() -> Vec<HolidayCountry> {
    vec![HolidayCountry::Sweden]
}

/// A pattern of occasions, and what the days have to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DatePattern {
    /// Days between which the whole round has to be; three years at most.
    pub window: Period,
    /// Weekdays that can be used.
    #[serde(default = "working_days")]
    #[schema(min_items = 1, max_items = 7)]
    pub weekdays: Vec<Weekday>,
    /// Weekdays that are best; without it none is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 7)]
    pub preferred_weekdays: Vec<Weekday>,
    /// Whose public holidays are free; Sweden's if nothing is said.
    #[serde(default = "sweden")]
    #[schema(max_items = 2)]
    pub holidays_of: Vec<HolidayCountry>,
    /// How much an afternoon counts on which municipalities commonly close: the days before
    /// Epiphany, Good Friday, 1 May, Ascension Day, the national day and All Saints' Day.
    #[serde(default)]
    pub half_days: DateStrength,
    /// The occasions in their order.
    #[schema(min_items = 1, max_items = 20)]
    pub occasions: Vec<PatternOccasion>,
    /// Days of organisations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 1000)]
    pub blackouts: Vec<OrganisationBlackout>,
    /// Venues, the best first; without any no occasion needs one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub venues: Vec<VenueOption>,
    /// Facilitators.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 60)]
    pub facilitators: Vec<FacilitatorOption>,
    /// What counts how much; without it the usual.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub weights: Option<DateWeights>,
    /// How many plans at most.
    #[serde(default = "five")]
    #[schema(example = 5, minimum = 1, maximum = 20, default = 5)]
    pub plans_count: i32,
    /// In how many occasions any two plans differ at least.
    #[serde(default = "one")]
    #[schema(example = 2, minimum = 1, maximum = 3, default = 1)]
    pub differ_in: i32,
}

/// Points of one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DatePoints {
    /// Code: `spacing`, `weekday`, `blackout`, `half_day`, `bridge_day`, `venue`, `venue_change`,
    /// `no_spare`; the list may grow.
    #[schema(example = "half_day", max_length = 100)]
    pub code: String,
    /// The reason in the reader's language.
    #[schema(example = "1 afternoon of a half day is used.", max_length = 500)]
    pub detail: String,
    /// How often: days, places or occasions.
    #[schema(example = 1, minimum = 1)]
    pub count: i32,
    /// Points.
    #[schema(example = 5, minimum = 0)]
    pub points: i32,
}

/// A day of a planned occasion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlannedDay {
    /// The day.
    #[schema(example = "2022-09-01")]
    pub date: NaiveDate,
    /// When it starts.
    pub starts_at: WallTime,
    /// When it ends.
    pub ends_at: WallTime,
}

/// When and where one occasion would be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlannedOccasion {
    /// What it is.
    pub kind: SessionKind,
    /// How people take part.
    pub form: SessionForm,
    /// Its name, where the pattern gives one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<LocalizedText>,
    /// Its days.
    #[schema(max_items = 10)]
    pub days: Vec<PlannedDay>,
    /// The venue, where it needs one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub venue_id: Option<VenueId>,
    /// Facilitators who are free on all of its days.
    #[schema(max_items = 60)]
    pub free_facilitator_ids: Vec<PersonId>,
    /// What its days cost, without distances and venues.
    #[schema(max_items = 8)]
    pub reasons: Vec<DatePoints>,
}

/// A plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DatePlan {
    /// All points; fewer are better.
    #[schema(example = 47, minimum = 0)]
    pub points: i32,
    /// The points by reason; reasons without points are left out.
    #[schema(max_items = 8)]
    pub reasons: Vec<DatePoints>,
    /// The occasions in the pattern's order.
    #[schema(max_items = 20)]
    pub occasions: Vec<PlannedOccasion>,
}

/// One of the constraints that cannot hold together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DateConstraint {
    /// Code: `window`, `weekdays`, `holidays`, `half_days`, `blackouts`, `between`,
    /// `spacing_at_least`, `spacing_at_most`, `venue_busy`, `facilitator_busy`; the list may grow.
    #[schema(example = "half_days", max_length = 100)]
    pub code: String,
    /// The constraint in the reader's language.
    #[schema(
        example = "No afternoon on which municipalities commonly close.",
        max_length = 500
    )]
    pub detail: String,
    /// Number of the occasion that it is about, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 4, minimum = 1, maximum = 20)]
    pub occasion_number: Option<i32>,
    /// Whose blackout days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation_id: Option<OrganisationId>,
    /// Which venue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub venue_id: Option<VenueId>,
    /// Which facilitator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person_id: Option<PersonId>,
}

/// Why there is no plan: without any one of these there would be one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DateConflict {
    /// The constraints.
    #[schema(max_items = 320)]
    pub constraints: Vec<DateConstraint>,
    /// Whether no smaller set of constraints is in conflict; else none was found in time.
    #[schema(example = true)]
    pub smallest: bool,
}

/// The best plans, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DateProposals {
    /// The plans, the best first. The first is the best there is; each further one is the best
    /// that differs enough from those before.
    #[schema(max_items = 20)]
    pub plans: Vec<DatePlan>,
    /// Whether these are all that were asked for, or all there are; else the search for further
    /// ones was given up.
    #[schema(example = true)]
    pub complete: bool,
    /// Where there is no plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conflict: Option<DateConflict>,
    /// Version of the rules by which they were computed.
    #[schema(example = "dates-1", max_length = 50)]
    pub rule_version: String,
    /// SHA-256 of the pattern, in hex: the same pattern gives the same plans.
    #[schema(
        example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        max_length = 64
    )]
    pub inputs_hash: String,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}
