//! Bodies of venue bookings: nights, meals and head counts.

use crate::{
    BookingId, Links, OrganisationId, RefusedTransition, RoundId, SessionId, VenueId,
    registration::needs::NeedCount,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How many sleep at a venue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Night {
    /// The day on whose evening the night begins.
    #[schema(example = "2022-09-01")]
    pub night: NaiveDate,
    /// People who sleep there.
    #[schema(example = 24, minimum = 0, maximum = 10_000)]
    pub heads: i32,
}

/// A meal; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "lunch")]
pub enum MealKind {
    /// In the morning.
    Breakfast,
    /// With coffee, before noon.
    MorningCoffee,
    /// At noon.
    Lunch,
    /// With coffee, after noon.
    AfternoonCoffee,
    /// In the evening.
    Dinner,
}

/// How many eat at a venue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Meal {
    /// The day.
    #[schema(example = "2022-09-01")]
    pub date: NaiveDate,
    /// Which meal.
    pub meal: MealKind,
    /// People who eat.
    #[schema(example = 26, minimum = 0, maximum = 10_000)]
    pub heads: i32,
}

/// A booking to make, or its whole new content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewBooking {
    /// The round for which it is.
    pub round_id: RoundId,
    /// The venue.
    pub venue_id: VenueId,
    /// The session for which it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<SessionId>,
    /// First day.
    #[schema(example = "2022-09-01")]
    pub starts_on: NaiveDate,
    /// Last day.
    #[schema(example = "2022-09-02")]
    pub ends_on: NaiveDate,
    /// Last day on which the venue holds the option.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-06-15", nullable = false)]
    pub held_until: Option<NaiveDate>,
    /// Nights with their head counts, from the first day on and before the last one.
    #[serde(default)]
    #[schema(max_items = 60)]
    pub nights: Vec<Night>,
    /// Meals with their head counts.
    #[serde(default)]
    #[schema(max_items = 300)]
    pub meals: Vec<Meal>,
}

/// State of a booking; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "option")]
pub enum BookingState {
    /// The venue keeps it for us until a day.
    Option,
    /// Agreed.
    Firm,
    /// An option that was given back.
    Released,
    /// A firm booking that was cancelled.
    Cancelled,
}

/// A booking of a venue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Booking {
    /// Id.
    pub id: BookingId,
    /// The organiser.
    pub organiser_id: OrganisationId,
    /// The round for which it is.
    pub round_id: RoundId,
    /// The venue.
    pub venue_id: VenueId,
    /// The session for which it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_id: Option<SessionId>,
    /// State.
    pub state: BookingState,
    /// First day.
    #[schema(example = "2022-09-01")]
    pub starts_on: NaiveDate,
    /// Last day.
    #[schema(example = "2022-09-02")]
    pub ends_on: NaiveDate,
    /// Last day on which the venue holds the option.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-06-15")]
    pub held_until: Option<NaiveDate>,
    /// Nights with their head counts.
    #[schema(max_items = 60)]
    pub nights: Vec<Night>,
    /// Meals with their head counts.
    #[schema(max_items = 300)]
    pub meals: Vec<Meal>,
    /// When it was made.
    #[schema(example = "2022-05-02T08:00:00Z")]
    pub created_at: DateTime<Utc>,
    /// Where to go next, allowed transitions included.
    #[serde(rename = "_links")]
    pub links: Links,
    /// Transitions that are refused now, and why.
    #[schema(max_items = 32)]
    pub transitions: Vec<RefusedTransition>,
}

crate::page!(BookingPage, Booking, "A page of bookings.");

/// What a venue has to know: counts, never names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HeadCounts {
    /// The booking.
    pub booking_id: BookingId,
    /// The venue's name.
    #[schema(example = "Stiftsgården Vårdnäs", max_length = 200)]
    pub venue_name: String,
    /// State of the booking.
    pub state: BookingState,
    /// First day.
    #[schema(example = "2022-09-01")]
    pub starts_on: NaiveDate,
    /// Last day.
    #[schema(example = "2022-09-02")]
    pub ends_on: NaiveDate,
    /// Participants who are expected now: those for whom the booking's session is, a group or who
    /// chose it among them; everybody with a seat in the round where the booking names no session.
    #[schema(example = 24, minimum = 0, maximum = 10_000)]
    pub participants_count: i32,
    /// Guests of the booking's session who have said that they come.
    #[schema(example = 14, minimum = 0, maximum = 10_000)]
    pub guests_count: i32,
    /// Nights with their head counts.
    #[schema(max_items = 60)]
    pub nights: Vec<Night>,
    /// Meals with their head counts.
    #[schema(max_items = 300)]
    pub meals: Vec<Meal>,
    /// Participants who stated their needs.
    #[schema(example = 20, minimum = 0, maximum = 10_000)]
    pub needs_stated_count: i32,
    /// Needs, each counted by itself.
    #[schema(max_items = 100)]
    pub needs: Vec<NeedCount>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// A link with which a venue reads its head counts; shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HeadCountLink {
    /// The booking.
    pub booking_id: BookingId,
    /// Address of the counts as JSON; ends with `.csv` instead of `.json` it gives a table.
    #[schema(
        example = "https://akademi.example/scheduling/pages/head-counts/AZLwwXo7fBGPKhssPU5fYA.json",
        format = "uri",
        max_length = 500
    )]
    pub address: String,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}
