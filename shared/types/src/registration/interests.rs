//! Bodies of interests: who wants to know when a round without dates opens.

use crate::{InterestId, Language, Links, RoundId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An interest to declare.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewInterest {
    /// Name.
    #[schema(example = "Anders Dahl", min_length = 1, max_length = 200)]
    pub name: String,
    /// Where to tell.
    #[schema(example = "anders.dahl@kommun.example", format = Email, max_length = 254)]
    pub email: String,
    /// Language to tell it in.
    pub language: Language,
}

/// A declared interest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Interest {
    /// Id.
    pub id: InterestId,
    /// The round.
    pub round_id: RoundId,
    /// Name.
    #[schema(example = "Anders Dahl", max_length = 200)]
    pub name: String,
    /// Where to tell.
    #[schema(example = "anders.dahl@kommun.example", max_length = 254)]
    pub email: String,
    /// Language to tell it in.
    pub language: Language,
    /// When it was declared.
    #[schema(example = "2022-04-01T08:00:00Z")]
    pub declared_at: DateTime<Utc>,
    /// When it was told that the round is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-05-01T08:00:00Z")]
    pub told_at: Option<DateTime<Utc>>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(InterestPage, Interest, "A page of interests.");

/// That an interest was noted; says nothing of whether it was there before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InterestNoted {
    /// The round.
    pub round_id: RoundId,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}
