//! Bodies of endorsements and of the director's slate.

use crate::registration::applications::{Application, EndorsementState};
use crate::{ApplicationId, LinkId, Links, LocalizedText, OfficeId, OrganisationId, RoundId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an office says of an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "endorse")]
pub enum EndorsementVerdict {
    /// The person may take part.
    Endorse,
    /// The person may not.
    Decline,
}

/// A verdict on one application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewEndorsement {
    /// Yes or no.
    pub verdict: EndorsementVerdict,
    /// Rank among the municipality's applicants, 1 the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 1, minimum = 1, maximum = 1000)]
    pub rank: Option<i32>,
    /// The motive; coordinators who decide in an office's place must state one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "Leads our largest department.",
        min_length = 1,
        max_length = 1000,
        nullable = false
    )]
    pub motive: Option<String>,
}

/// A verdict on one row of the slate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SlateVerdict {
    /// The application.
    pub application_id: ApplicationId,
    /// Yes or no.
    pub verdict: EndorsementVerdict,
    /// Rank among the municipality's applicants, 1 the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 1, minimum = 1, maximum = 1000)]
    pub rank: Option<i32>,
    /// The motive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "Leads our largest department.",
        min_length = 1,
        max_length = 1000,
        nullable = false
    )]
    pub motive: Option<String>,
}

/// Verdicts on several applications of one municipality: all count or none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SlateVerdicts {
    /// The verdicts.
    #[schema(min_items = 1, max_items = 200)]
    pub verdicts: Vec<SlateVerdict>,
}

/// The director's slate: all applicants of a municipality for a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Slate {
    /// The round.
    pub round_id: RoundId,
    /// Name of the round.
    pub round_name: LocalizedText,
    /// The municipality.
    pub municipality_id: OrganisationId,
    /// Name of the municipality.
    #[schema(example = "Linköpings kommun", max_length = 200)]
    pub municipality_name: String,
    /// Last day for the answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-05-06")]
    pub endorse_by: Option<NaiveDate>,
    /// Applications that still wait for a verdict.
    #[schema(example = 3, minimum = 0, maximum = 1000)]
    pub awaiting_count: i32,
    /// The applications, by rank and then by when they were handed in.
    #[schema(max_items = 1000)]
    pub applications: Vec<Application>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// For which office a slate link is to be sent again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewSlateLink {
    /// The office.
    pub office_id: OfficeId,
}

/// A link by which an office answers without an account. The secret stands only in the mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SlateLink {
    /// Id.
    pub id: LinkId,
    /// The round.
    pub round_id: RoundId,
    /// The office.
    pub office_id: OfficeId,
    /// Last day on which it works.
    #[schema(example = "2022-05-06")]
    pub expires_on: NaiveDate,
    /// Whether it was revoked.
    #[schema(example = false)]
    pub revoked: bool,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(SlateLinkPage, SlateLink, "A page of slate links.");

/// Counts of a round's endorsements in one municipality, for the coordinator's overview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EndorsementCount {
    /// State.
    pub state: EndorsementState,
    /// Applications in that state.
    #[schema(example = 4, minimum = 0, maximum = 100_000)]
    pub count: i32,
}
