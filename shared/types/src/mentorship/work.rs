//! Bodies of what a pair writes: agreement, goals, notes, messages; and the export of it all.
//! Read by the two alone.

use crate::{
    Links, PairGoalId, PairId, PairMessageId, PairNoteId, PersonId,
    mentorship::meetings::PairMeeting,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a pair agrees on; it replaces what was agreed before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewAgreement {
    /// Days between their meetings.
    #[schema(example = 30, minimum = 1, maximum = 365)]
    pub meeting_days: i32,
    /// What their talks are about, and what stays between them.
    #[schema(
        example = "The step from specialist to chief; what we say stays here.",
        min_length = 1,
        max_length = 4000
    )]
    pub text: String,
}

/// What a pair agreed on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Agreement {
    /// The pair.
    pub pair_id: PairId,
    /// Days between their meetings.
    #[schema(example = 30, minimum = 1, maximum = 365)]
    pub meeting_days: i32,
    /// What their talks are about, and what stays between them.
    #[schema(
        example = "The step from specialist to chief; what we say stays here.",
        max_length = 4000
    )]
    pub text: String,
    /// Who wrote it last.
    pub author_id: PersonId,
    /// When it was last changed.
    #[schema(example = "2022-09-01T08:00:00Z")]
    pub modified_at: DateTime<Utc>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// A goal, new or as it is to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewPairGoal {
    /// What is to be reached.
    #[schema(
        example = "Delegate the weekly planning.",
        min_length = 1,
        max_length = 2000
    )]
    pub text: String,
    /// By when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-12-16")]
    pub due_on: Option<NaiveDate>,
    /// Whether it is reached.
    #[serde(default)]
    #[schema(example = false)]
    pub reached: bool,
}

/// A goal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PairGoal {
    /// Id.
    pub id: PairGoalId,
    /// The pair.
    pub pair_id: PairId,
    /// What is to be reached.
    #[schema(example = "Delegate the weekly planning.", max_length = 2000)]
    pub text: String,
    /// By when.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-12-16")]
    pub due_on: Option<NaiveDate>,
    /// Whether it is reached.
    #[schema(example = false)]
    pub reached: bool,
    /// Who wrote it.
    pub author_id: PersonId,
    /// When it was last changed.
    #[schema(example = "2022-09-01T08:00:00Z")]
    pub modified_at: DateTime<Utc>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(PairGoalPage, PairGoal, "A page of a pair's goals.");

/// A note to write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewPairNote {
    /// The note.
    #[schema(
        example = "Talked about the first hundred days.",
        min_length = 1,
        max_length = 8000
    )]
    pub text: String,
}

/// A note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PairNote {
    /// Id.
    pub id: PairNoteId,
    /// The pair in which it was written.
    pub pair_id: PairId,
    /// The note.
    #[schema(example = "Talked about the first hundred days.", max_length = 8000)]
    pub text: String,
    /// Who wrote it.
    pub author_id: PersonId,
    /// When it was written.
    #[schema(example = "2022-09-01T08:00:00Z")]
    pub written_at: DateTime<Utc>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(PairNotePage, PairNote, "A page of a pair's notes.");

/// A message to send to the other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewPairMessage {
    /// The message.
    #[schema(
        example = "Does Thursday suit you too?",
        min_length = 1,
        max_length = 4000
    )]
    pub text: String,
}

/// A message within a pair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PairMessage {
    /// Id.
    pub id: PairMessageId,
    /// The pair.
    pub pair_id: PairId,
    /// The message.
    #[schema(example = "Does Thursday suit you too?", max_length = 4000)]
    pub text: String,
    /// Who wrote it.
    pub author_id: PersonId,
    /// When it was written.
    #[schema(example = "2022-09-01T08:00:00Z")]
    pub written_at: DateTime<Utc>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(PairMessagePage, PairMessage, "A page of a pair's messages.");

/// With which of the mentee's later pairs an earlier pair's notes are shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewNotesShare {
    /// The later pair, of the same mentee.
    pub with_pair_id: PairId,
}

/// That an earlier pair's notes are shared with a later one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NotesShare {
    /// The pair in which the notes were written.
    pub pair_id: PairId,
    /// The pair whose mentor may read them.
    pub with_pair_id: PairId,
    /// When it was shared.
    #[schema(example = "2023-01-10T08:00:00Z")]
    pub shared_at: DateTime<Utc>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// All that a pair has written, for one of the two to keep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PairExport {
    /// The pair.
    pub pair_id: PairId,
    /// What they agreed on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agreement: Option<Agreement>,
    /// Their goals.
    #[schema(max_items = 1000)]
    pub goals: Vec<PairGoal>,
    /// Their meetings.
    #[schema(max_items = 1000)]
    pub meetings: Vec<PairMeeting>,
    /// Their notes.
    #[schema(max_items = 1000)]
    pub notes: Vec<PairNote>,
    /// Their messages.
    #[schema(max_items = 1000)]
    pub messages: Vec<PairMessage>,
    /// Whether there is more than fits in here; the lists have all of it.
    #[schema(example = false)]
    pub cut: bool,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}
