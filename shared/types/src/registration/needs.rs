//! Bodies of participants' needs: asked after admission only, read by few, erased after the round.

use crate::{ApplicationId, Links, RoundId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What somebody does or does not eat; the list may grow.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(example = "vegetarian")]
pub enum Diet {
    /// No meat and no fish.
    Vegetarian,
    /// Nothing of animals.
    Vegan,
    /// No pork.
    NoPork,
    /// No gluten.
    GlutenFree,
    /// No lactose.
    LactoseFree,
    /// No nuts.
    NutFree,
    /// No fish and no shellfish.
    FishFree,
    /// Something else, which the note says.
    Other,
}

/// What makes taking part possible; the list may grow.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(example = "hearing_loop")]
pub enum AccessNeed {
    /// No steps on the way.
    StepFree,
    /// A hearing loop.
    HearingLoop,
    /// Sign-language interpreting.
    SignLanguage,
    /// Speech-to-text interpreting.
    SpeechToText,
    /// Material that a screen reader reads, or large print.
    ReadableMaterial,
    /// A place for a personal assistant.
    Assistant,
    /// A quiet place to rest.
    QuietRoom,
    /// Something else, which the note says.
    Other,
}

/// Which nights somebody stays; the list may grow.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(example = "all")]
pub enum Nights {
    /// All nights of the round.
    #[default]
    All,
    /// Some of them, which the note says.
    Some,
    /// None.
    None,
}

/// Whether somebody shares a room; the list may grow.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(example = "own_room")]
pub enum RoomSharing {
    /// A room of one's own.
    #[default]
    OwnRoom,
    /// Sharing is fine.
    MayShare,
}

/// What a participant needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewNeeds {
    /// What the person does or does not eat.
    #[serde(default)]
    #[schema(max_items = 8)]
    pub diets: Vec<Diet>,
    /// What makes taking part possible.
    #[serde(default)]
    #[schema(max_items = 8)]
    pub access_needs: Vec<AccessNeed>,
    /// Which nights the person stays.
    #[serde(default)]
    pub nights: Nights,
    /// Whether the person shares a room.
    #[serde(default)]
    pub room_sharing: RoomSharing,
    /// What else the coordinator should know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "Allergic to celery; arrives on the second evening.",
        min_length = 1,
        max_length = 1000,
        nullable = false
    )]
    pub note: Option<String>,
}

/// What a participant needs, as the participant stated it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Needs {
    /// The participation.
    pub application_id: ApplicationId,
    /// What the person does or does not eat.
    #[schema(max_items = 8)]
    pub diets: Vec<Diet>,
    /// What makes taking part possible.
    #[schema(max_items = 8)]
    pub access_needs: Vec<AccessNeed>,
    /// Which nights the person stays.
    pub nights: Nights,
    /// Whether the person shares a room.
    pub room_sharing: RoomSharing,
    /// What else the coordinator should know.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "Allergic to celery; arrives on the second evening.",
        max_length = 1000
    )]
    pub note: Option<String>,
    /// When it was stated.
    #[schema(example = "2022-05-20T08:00:00Z")]
    pub stated_at: DateTime<Utc>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// What is counted; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "diet")]
pub enum NeedKind {
    /// What people eat.
    Diet,
    /// What makes taking part possible.
    Accessibility,
    /// Nights.
    Nights,
    /// Sharing of rooms.
    RoomSharing,
}

/// How many people have one need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NeedCount {
    /// What is counted.
    pub kind: NeedKind,
    /// The need, as a participant's own body names it.
    #[schema(example = "vegetarian", max_length = 50, pattern = "^[a-z_]+$")]
    pub value: String,
    /// People who stated it.
    #[schema(example = 4, minimum = 0, maximum = 10_000)]
    pub count: i32,
}

/// Counts of a round's needs, as a venue gets them: never who, never in which combination.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NeedsCounts {
    /// The round.
    pub round_id: RoundId,
    /// Participants who stated their needs.
    #[schema(example = 20, minimum = 0, maximum = 10_000)]
    pub stated_count: i32,
    /// The counts, each need that somebody stated.
    #[schema(max_items = 100)]
    pub counts: Vec<NeedCount>,
    /// When the needs themselves were erased; the counts are those of that day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2023-05-01T08:00:00Z")]
    pub erased_at: Option<DateTime<Utc>>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}
