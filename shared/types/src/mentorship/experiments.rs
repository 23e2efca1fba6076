//! Bodies of learning experiments: plan, try, observe, reflect, and what comes next.

use crate::{ApplicationId, ExperimentId, Links, mentorship::challenges::Piece};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Track of a programme that an experiment belongs to; the list may grow.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(example = "relations")]
pub enum Track {
    /// Leading oneself.
    Oneself,
    /// Leading in relations: staff and colleagues.
    Relations,
    /// Leading the organisation and its tasks.
    Organisation,
    /// Leading across borders, with citizens and politics.
    Society,
}

/// How far an experiment is; follows from the pieces that are written.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(example = "try")]
pub enum ExperimentStep {
    /// What is to be tried.
    Plan,
    /// What was done.
    Try,
    /// What happened.
    Observe,
    /// What it means.
    Reflect,
    /// What comes next.
    Next,
}

/// An experiment, new or as it is to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewExperiment {
    /// Its track.
    pub track: Track,
    /// The practice period of the round's plan in which it is done: the session's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60",
        min_length = 36,
        max_length = 36
    )]
    pub practice_period_id: Option<Uuid>,
    /// What is to be tried.
    pub plan: Piece,
    /// What was done.
    #[serde(default, skip_serializing_if = "Option::is_none", rename = "try")]
    pub tried: Option<Piece>,
    /// What happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observe: Option<Piece>,
    /// What it means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reflect: Option<Piece>,
    /// What comes next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Piece>,
}

/// An experiment, as far as the caller may read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Experiment {
    /// Id.
    pub id: ExperimentId,
    /// The participation.
    pub application_id: ApplicationId,
    /// Its track.
    pub track: Track,
    /// How far it is.
    pub step: ExperimentStep,
    /// The practice period of the round's plan in which it is done: the session's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60",
        min_length = 36,
        max_length = 36
    )]
    pub practice_period_id: Option<Uuid>,
    /// What is to be tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<Piece>,
    /// What was done.
    #[serde(skip_serializing_if = "Option::is_none", rename = "try")]
    pub tried: Option<Piece>,
    /// What happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observe: Option<Piece>,
    /// What it means.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reflect: Option<Piece>,
    /// What comes next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Piece>,
    /// When it was last changed.
    #[schema(example = "2022-09-01T08:00:00Z")]
    pub modified_at: DateTime<Utc>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(ExperimentPage, Experiment, "A page of experiments.");
