//! Bodies of proposals for a session's agenda.

use super::sessions::{AgendaForm, WallTime};
use crate::{AgendaProposalId, Links, LocalizedText, PersonId, RefusedTransition, SessionId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A proposal to make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewAgendaProposal {
    /// What it would be.
    pub form: AgendaForm,
    /// What it would be called.
    pub title: LocalizedText,
    /// Why, and how.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "We closed two schools last spring; I can show what we would do again.",
        min_length = 1,
        max_length = 2000,
        nullable = false
    )]
    pub description: Option<String>,
}

/// State of a proposal; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "proposed")]
pub enum AgendaProposalState {
    /// Nobody has answered.
    Proposed,
    /// It stands in the draft's agenda.
    Accepted,
    /// It does not.
    Declined,
    /// Whoever made it took it back.
    Withdrawn,
}

/// Where on the agenda an accepted proposal goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AgendaPlace {
    /// Which day of the session, from 1.
    #[schema(example = 1, minimum = 1, maximum = 31)]
    pub day: i32,
    /// When it starts.
    pub starts_at: WallTime,
    /// When it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<WallTime>,
}

/// What a participant wants on a session's agenda.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AgendaProposal {
    /// Id.
    pub id: AgendaProposalId,
    /// The session.
    pub session_id: SessionId,
    /// Who proposes.
    pub person_id: PersonId,
    /// State.
    pub state: AgendaProposalState,
    /// What it would be.
    pub form: AgendaForm,
    /// What it would be called.
    pub title: LocalizedText,
    /// Why, and how.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "I can show what we would do again.", max_length = 2000)]
    pub description: Option<String>,
    /// When it was made.
    #[schema(example = "2022-08-25T08:00:00Z")]
    pub proposed_at: DateTime<Utc>,
    /// When it was answered or taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-08-26T08:00:00Z")]
    pub decided_at: Option<DateTime<Utc>>,
    /// Where to go next, allowed transitions included.
    #[serde(rename = "_links")]
    pub links: Links,
    /// Transitions that are refused now, and why.
    #[schema(max_items = 32)]
    pub transitions: Vec<RefusedTransition>,
}

crate::page!(AgendaProposalPage, AgendaProposal, "A page of proposals.");
