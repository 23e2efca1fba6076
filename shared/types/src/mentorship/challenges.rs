//! Bodies of challenges: what a participant works on through the programme, piece by piece
//! private or shared.

use crate::{ApplicationId, ExperimentId, Links, RoundId, mentorship::experiments::Track};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who reads a piece besides its owner.
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
#[schema(example = "mentor")]
pub enum Readership {
    /// Nobody.
    #[default]
    Private,
    /// The present mentor.
    Mentor,
    /// The round: participants, their mentors, the coordinators.
    Round,
}

/// A piece of text with who may read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Piece {
    /// The text.
    #[schema(
        example = "In five years nobody waits more than two weeks.",
        min_length = 1,
        max_length = 4000
    )]
    pub text: String,
    /// Who reads it besides its owner.
    #[serde(default)]
    pub audience: Readership,
}

/// A challenge; it replaces the one before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewChallenge {
    /// What it is, in a line.
    pub title: Piece,
    /// How it is to be in the long run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vision: Option<Piece>,
    /// What is to be reached.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub goals: Vec<Piece>,
    /// Whom it concerns.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub stakeholders: Vec<Piece>,
    /// What could go wrong.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub risks: Vec<Piece>,
    /// Key figures of the own municipality that it starts from, by their ids.
    #[serde(default)]
    #[schema(max_items = 20, example = json!(["N00945"]))]
    pub key_figures: Vec<KeyFigureId>,
    /// By when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2027-12-31")]
    pub horizon_on: Option<NaiveDate>,
}

/// Id of a key figure, as Kolada names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, example = "N00945", pattern = "^[A-Z][0-9]{5}$", max_length = 6)]
pub struct KeyFigureId(pub String);

/// A challenge, as far as the caller may read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Challenge {
    /// The participation.
    pub application_id: ApplicationId,
    /// The round.
    pub round_id: RoundId,
    /// What it is, in a line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Piece>,
    /// How it is to be in the long run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vision: Option<Piece>,
    /// What is to be reached.
    #[schema(max_items = 20)]
    pub goals: Vec<Piece>,
    /// Whom it concerns.
    #[schema(max_items = 20)]
    pub stakeholders: Vec<Piece>,
    /// What could go wrong.
    #[schema(max_items = 20)]
    pub risks: Vec<Piece>,
    /// Key figures that it starts from; shown with the title.
    #[schema(max_items = 20)]
    pub key_figures: Vec<KeyFigureId>,
    /// By when; shown with the title.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2027-12-31")]
    pub horizon_on: Option<NaiveDate>,
    /// When it was last changed.
    #[schema(example = "2022-09-01T08:00:00Z")]
    pub modified_at: DateTime<Utc>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// What a participant shares with the round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BoardEntry {
    /// The participation.
    pub application_id: ApplicationId,
    /// The participant's name, once it is known here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Anna Andersson", max_length = 200)]
    pub name: Option<String>,
    /// What the participant works on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Shorter waiting times in home care", max_length = 4000)]
    pub title: Option<String>,
    /// Vision, goals, stakeholders and risks that are shared.
    #[schema(max_items = 100)]
    pub pieces: Vec<String>,
    /// What of the experiments is shared.
    #[schema(max_items = 100)]
    pub experiments: Vec<BoardExperiment>,
}

/// What a participant shares of an experiment with the round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BoardExperiment {
    /// The experiment.
    pub id: ExperimentId,
    /// Its track.
    pub track: Track,
    /// What is shared of it, in the order of the steps.
    #[schema(max_items = 5)]
    pub pieces: Vec<String>,
}

/// What the participants of a round have shared with each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Board {
    /// The round.
    pub round_id: RoundId,
    /// One entry for each participant who shares something.
    #[schema(max_items = 1000)]
    pub entries: Vec<BoardEntry>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}
