//! Bodies of calendar links: secret addresses under which a person's calendar can be read.

use crate::{CalendarLinkId, Links};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A calendar link to make.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewCalendarLink {
    /// Where it is used, to tell one's links apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "Outlook at work",
        min_length = 1,
        max_length = 100,
        nullable = false
    )]
    pub name: Option<String>,
}

/// A secret address under which a person's calendar can be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CalendarLink {
    /// Id.
    pub id: CalendarLinkId,
    /// Where it is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Outlook at work", max_length = 100)]
    pub name: Option<String>,
    /// The address to subscribe to. It is told once, when the link is made: it opens the calendar
    /// for whoever knows it, and only its digest is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "https://akademi.example/scheduling/pages/calendars/0192f0c17a3b7c118f2a1b2c3d4e5f60-5d41402abc4b2a76b9719d911017c592.ics",
        format = "uri",
        max_length = 2048
    )]
    pub address: Option<String>,
    /// When it was made.
    #[schema(example = "2022-05-12T08:00:00Z")]
    pub created_at: DateTime<Utc>,
    /// When it was revoked; it opens nothing since.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-12-12T08:00:00Z")]
    pub revoked_at: Option<DateTime<Utc>>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(CalendarLinkPage, CalendarLink, "A page of calendar links.");

/// A calendar (iCalendar, RFC 5545).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(
    example = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n",
    pattern = "^BEGIN:VCALENDAR",
    max_length = 1_000_000
)]
pub struct CalendarText(pub String);
