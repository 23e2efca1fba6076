//! Bodies of programmes: the catalogue.

use crate::{Links, LocalizedText, OrganisationId, ProgrammeId, RefusedTransition};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A theme or a track of a programme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Strand {
    /// Name.
    pub name: LocalizedText,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<LocalizedText>,
}

/// How people work in a programme; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "seminar")]
pub enum WorkForm {
    /// Lecture.
    Lecture,
    /// Seminar.
    Seminar,
    /// Work in groups.
    GroupWork,
    /// Discussion.
    Discussion,
    /// Every participant has a mentor.
    Mentorship,
    /// Trying things out at one's own desk.
    LearningInPractice,
    /// At a distance, with learning centres.
    DistanceLearning,
    /// Residentials.
    Residential,
}

/// What an organisation is to a programme; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "provider")]
pub enum PartyRole {
    /// Gives the education.
    Provider,
    /// Takes part in running it.
    Partner,
    /// Pays for it.
    Funder,
}

/// An organisation that has a part in a programme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Party {
    /// What it is to the programme.
    pub role: PartyRole,
    /// Its name.
    #[schema(
        example = "Tekniska Högskolan i Jönköping",
        min_length = 1,
        max_length = 200
    )]
    pub name: String,
    /// Reference of the contract.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "LOU 2008/12", max_length = 100)]
    pub contract_reference: Option<String>,
}

/// A programme to add, or its whole new content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewProgramme {
    /// The organiser.
    pub organiser_id: OrganisationId,
    /// Name.
    pub name: LocalizedText,
    /// What it is for.
    pub purpose: LocalizedText,
    /// Whom it is for.
    pub audience: LocalizedText,
    /// Themes.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub themes: Vec<Strand>,
    /// Tracks.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub tracks: Vec<Strand>,
    /// How people work in it.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub work_forms: Vec<WorkForm>,
    /// Credits in tenths (75 is 7.5 credits); absent where it gives none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 75, minimum = 0, maximum = 3000)]
    pub credits_tenths: Option<i32>,
    /// Organisations that have a part in it.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub parties: Vec<Party>,
    /// Whether a person gets one seat among all of its rounds: applications then say which
    /// choice each round is. It stays once a round is announced.
    #[serde(default)]
    #[schema(example = false)]
    pub one_seat: bool,
}

/// State of a programme; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "published")]
pub enum ProgrammeState {
    /// Seen by its organiser only.
    Draft,
    /// In the public catalogue.
    Published,
    /// No longer offered.
    Archived,
}

/// A catalogue item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Programme {
    /// Id.
    pub id: ProgrammeId,
    /// The organiser.
    pub organiser_id: OrganisationId,
    /// State.
    pub state: ProgrammeState,
    /// Name.
    pub name: LocalizedText,
    /// What it is for.
    pub purpose: LocalizedText,
    /// Whom it is for.
    pub audience: LocalizedText,
    /// Themes.
    #[schema(max_items = 20)]
    pub themes: Vec<Strand>,
    /// Tracks.
    #[schema(max_items = 20)]
    pub tracks: Vec<Strand>,
    /// How people work in it.
    #[schema(max_items = 20)]
    pub work_forms: Vec<WorkForm>,
    /// Credits in tenths (75 is 7.5 credits).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 75, minimum = 0, maximum = 3000)]
    pub credits_tenths: Option<i32>,
    /// Organisations that have a part in it.
    #[schema(max_items = 50)]
    pub parties: Vec<Party>,
    /// Whether a person gets one seat among all of its rounds.
    #[schema(example = false)]
    pub one_seat: bool,
    /// Where to go next, allowed transitions included.
    #[serde(rename = "_links")]
    pub links: Links,
    /// Transitions that are refused now, and why.
    #[schema(max_items = 32)]
    pub transitions: Vec<RefusedTransition>,
}

crate::page!(ProgrammePage, Programme, "A page of programmes.");
