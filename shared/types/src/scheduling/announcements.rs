//! Bodies of announcements: what a coordinator tells a round.

use super::sessions::Audience;
use crate::{AnnouncementId, Links, LocalizedText, RoundId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An announcement to make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewAnnouncement {
    /// Its title.
    pub title: LocalizedText,
    /// What it says.
    pub body: LocalizedText,
    /// For whom it is; groups have none of their own.
    #[serde(default = "participants")]
    #[schema(min_items = 1, max_items = 5)]
    pub audience: Vec<Audience>,
}

fn participants() -> Vec<Audience> {
    vec![Audience::Participants]
}

/// What a coordinator told a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Announcement {
    /// Id.
    pub id: AnnouncementId,
    /// The round.
    pub round_id: RoundId,
    /// Its title.
    pub title: LocalizedText,
    /// What it says.
    pub body: LocalizedText,
    /// For whom it is.
    #[schema(max_items = 5)]
    pub audience: Vec<Audience>,
    /// When it was made.
    #[schema(example = "2022-08-20T08:00:00Z")]
    pub published_at: DateTime<Utc>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(AnnouncementPage, Announcement, "A page of announcements.");
