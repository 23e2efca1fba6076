//! Bodies of sites: from where participants join a hybrid session.

use crate::{Links, PersonId, SessionId, VenueId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// From where somebody joins a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewSiteChoice {
    /// The site, one of the session's; absent for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub site_id: Option<VenueId>,
    /// For whom it is chosen; absent for oneself. Only coordinators choose for others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub person_id: Option<PersonId>,
}

/// A place from which a session can be joined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionSite {
    /// The venue.
    pub site_id: VenueId,
    /// Its name.
    #[schema(example = "Lärcentrum Tranås", max_length = 200)]
    pub name: String,
    /// People it takes for this session; absent where nothing limits it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 8, minimum = 1, maximum = 10_000)]
    pub capacity: Option<i32>,
    /// Participants who join from there.
    #[schema(example = 6, minimum = 0, maximum = 10_000)]
    pub chosen_count: i32,
    /// Whether the caller does.
    #[schema(example = false)]
    pub is_chosen: bool,
}

/// The sites of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionSites {
    /// The session.
    pub session_id: SessionId,
    /// The session's own venue, where it has one, and its sites.
    #[schema(max_items = 51)]
    pub sites: Vec<SessionSite>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}
