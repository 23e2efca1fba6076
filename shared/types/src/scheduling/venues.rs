//! Bodies of venues and their rooms.

use crate::{Links, OrganisationId, RoomId, VenueId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a venue is; the list may grow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "venue")]
pub enum VenueKind {
    /// A place where a whole round meets.
    #[default]
    Venue,
    /// A site from which some join a session that is held elsewhere.
    LearningCentre,
}

/// A postal address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PostalAddress {
    /// Street and number.
    #[schema(example = "Vårdnäs stiftsgård", min_length = 1, max_length = 200)]
    pub street: String,
    /// Postal code.
    #[schema(example = "590 47", min_length = 1, max_length = 20)]
    pub postal_code: String,
    /// Town.
    #[schema(example = "Vikingstad", min_length = 1, max_length = 100)]
    pub town: String,
    /// ISO 3166 code of the country.
    #[schema(example = "SE", pattern = "^[A-Z]{2}$", min_length = 2, max_length = 2)]
    pub country: String,
}

/// Whom to ask at a venue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VenueContact {
    /// A name or a desk.
    #[schema(example = "Bokningen", min_length = 1, max_length = 200)]
    pub name: String,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "bokning@venue.example",
        format = "email",
        max_length = 254,
        nullable = false
    )]
    pub email: Option<String>,
    /// Telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "+46 13 00 00 00", max_length = 40, nullable = false)]
    pub phone: Option<String>,
}

/// What a venue says of its accessibility. A statement that says no is one, too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccessibilityStatement {
    /// Whether entrance and rooms are reached without a step.
    #[schema(example = true)]
    pub step_free: bool,
    /// Whether there is a hearing loop.
    #[schema(example = true)]
    pub hearing_loop: bool,
    /// Whether there is an accessible toilet.
    #[schema(example = true)]
    pub accessible_toilet: bool,
    /// Whether there is a lift, or all is on one floor.
    #[schema(example = false)]
    pub lift: bool,
    /// Whether there is a parking place for disabled people.
    #[schema(example = true)]
    pub accessible_parking: bool,
    /// Whether there are bedrooms for wheelchair users.
    #[serde(default)]
    #[schema(example = true)]
    pub accessible_bedrooms: bool,
    /// Whether assistance dogs are welcome.
    #[serde(default)]
    #[schema(example = true)]
    pub assistance_dogs: bool,
    /// Anything else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "The sauna has two steps.",
        max_length = 2000,
        nullable = false
    )]
    pub note: Option<String>,
}

/// A venue to add, or its whole new content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewVenue {
    /// The organiser that keeps the venue's data.
    pub organiser_id: OrganisationId,
    /// What it is.
    #[serde(default)]
    pub kind: VenueKind,
    /// Name.
    #[schema(example = "Stiftsgården Vårdnäs", min_length = 1, max_length = 200)]
    pub name: String,
    /// Where it is.
    pub address: PostalAddress,
    /// Whom to ask.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<VenueContact>,
    /// What it says of its accessibility; without it no plan that uses the venue can be released.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accessibility: Option<AccessibilityStatement>,
    /// Beds, for nights.
    #[serde(default)]
    #[schema(example = 40, minimum = 0, maximum = 10_000)]
    pub beds: i32,
    /// Whether it can be used in new plans.
    #[serde(default = "yes")]
    #[schema(example = true)]
    pub active: bool,
}

const fn yes() -> bool {
    true
}

/// A place where people meet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Venue {
    /// Id.
    pub id: VenueId,
    /// The organiser that keeps the venue's data.
    pub organiser_id: OrganisationId,
    /// What it is.
    pub kind: VenueKind,
    /// Name.
    #[schema(example = "Stiftsgården Vårdnäs", max_length = 200)]
    pub name: String,
    /// Where it is.
    pub address: PostalAddress,
    /// Whom to ask.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<VenueContact>,
    /// What it says of its accessibility.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accessibility: Option<AccessibilityStatement>,
    /// Beds, for nights.
    #[schema(example = 40, minimum = 0, maximum = 10_000)]
    pub beds: i32,
    /// Whether it can be used in new plans.
    #[schema(example = true)]
    pub active: bool,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(VenuePage, Venue, "A page of venues.");

/// What a room has; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "projector")]
pub enum Equipment {
    /// A projector or a large screen.
    Projector,
    /// A whiteboard.
    Whiteboard,
    /// A flip chart.
    FlipChart,
    /// Cameras and microphones for those who join remotely.
    VideoConference,
    /// Microphones and loudspeakers.
    SoundSystem,
    /// A hearing loop of its own.
    HearingLoop,
    /// Chairs and tables that can be moved.
    MovableFurniture,
}

/// A room to add, or its whole new content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewRoom {
    /// Name, unlike every other of the venue.
    #[schema(example = "Stora salen", min_length = 1, max_length = 100)]
    pub name: String,
    /// People it takes.
    #[schema(example = 30, minimum = 1, maximum = 10_000)]
    pub capacity: i32,
    /// What it has.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub equipment: Vec<Equipment>,
    /// Whether it can be used in new plans.
    #[serde(default = "yes")]
    #[schema(example = true)]
    pub active: bool,
}

/// A room of a venue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Room {
    /// Id.
    pub id: RoomId,
    /// The venue.
    pub venue_id: VenueId,
    /// Name.
    #[schema(example = "Stora salen", max_length = 100)]
    pub name: String,
    /// People it takes.
    #[schema(example = 30, minimum = 1, maximum = 10_000)]
    pub capacity: i32,
    /// What it has.
    #[schema(max_items = 20)]
    pub equipment: Vec<Equipment>,
    /// Whether it can be used in new plans.
    #[schema(example = true)]
    pub active: bool,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(RoomPage, Room, "A page of rooms.");
