//! What mentors and mentees say of themselves alike: what they know or look for, which languages
//! they speak, where and how they meet.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a mentor can help with, or a mentee wants help with; the list may grow.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(example = "change")]
pub enum Competence {
    /// Leading change.
    Change,
    /// Cooperation with others outside the own organisation.
    Collaboration,
    /// Communication and media.
    Communication,
    /// Crises and preparedness.
    Crisis,
    /// Digital ways of working.
    Digitalisation,
    /// Money: budget and follow-up.
    Finance,
    /// Being a leader of leaders.
    LeadingLeaders,
    /// Organisation and staff.
    Organisation,
    /// Own development and work-life balance.
    PersonalDevelopment,
    /// The play between politics and administration.
    Politics,
    /// Quality and development of services.
    Quality,
    /// Strategy and long-term aims.
    Strategy,
}

/// How a pair meets; the list may grow.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(example = "in_person")]
pub enum MeetingForm {
    /// In one room; the only form with a journey.
    InPerson,
    /// By video.
    Digital,
    /// By telephone.
    Telephone,
}

/// Part of a municipality's work that somebody comes from; the list may grow.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(example = "education")]
pub enum Sector {
    /// Central administration.
    Administration,
    /// Culture and leisure.
    Culture,
    /// Schools and preschools.
    Education,
    /// Planning, building, environment.
    Environment,
    /// Rescue services.
    Rescue,
    /// Social services and care.
    SocialCare,
    /// Streets, water, energy, property.
    Technical,
}

/// What somebody says of oneself for the matching.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Profile {
    /// What a mentor offers, or a mentee looks for, the most important first; of the mentee's the
    /// first five count.
    #[serde(default)]
    #[schema(max_items = 12)]
    pub competences: Vec<Competence>,
    /// Languages in which the person can talk about work, the preferred first.
    #[serde(default)]
    #[schema(max_items = 8, example = json!(["sv", "en"]))]
    pub languages: Vec<LanguageTag>,
    /// How the person can meet, the preferred first; empty for any way.
    #[serde(default)]
    #[schema(max_items = 3)]
    pub forms: Vec<MeetingForm>,
    /// Where in the municipality the person works.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sector: Option<Sector>,
    /// What the person says of oneself to whoever could become the other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "Twelve years as a chief, the last five in Aneby.",
        max_length = 2000
    )]
    pub about: Option<String>,
}

/// A language (BCP 47, the language alone).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, example = "sv", pattern = "^[a-z]{2,3}$", max_length = 3)]
pub struct LanguageTag(pub String);
