//! Bodies of feeds: what happened, what was deleted and who did what, each in the order in
//! which it became known.

use crate::{
    AdmissionProposalId, ApplicationId, ChangeId, DepartmentId, EventId, Links, OfficeId,
    OrganisationId, PersonId, ProgrammeId, RoundId,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// How much of a feed an answer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FeedMeta {
    /// Most items in an answer.
    #[schema(example = 20, minimum = 1, maximum = 100)]
    pub limit: i32,
    /// Items in this answer; fewer than `limit` tell that nothing more is known yet.
    #[schema(example = 20, minimum = 0, maximum = 100)]
    pub count: i32,
}

macro_rules! feed {
    ($name:ident, $item:ty, $doc:literal) => {
        #[doc = $doc]
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        pub struct $name {
            /// The items, in the feed's order.
            #[schema(max_items = 100)]
            pub items: Vec<$item>,
            /// How much of the feed this is.
            #[serde(rename = "_meta")]
            pub meta: FeedMeta,
            /// `self`, and `next`, which is always there: ask it now for more, or later for
            /// what is new.
            #[serde(rename = "_links")]
            pub links: Links,
        }
    };
}

/// The ids and states that an event names, and nothing else: read the things to know more.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FeedEventData {
    /// The application.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_id: Option<ApplicationId>,
    /// The department.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department_id: Option<DepartmentId>,
    /// The state of an application's endorsement.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "endorsed", max_length = 40)]
    pub endorsement: Option<String>,
    /// The person who holds the office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holder_id: Option<PersonId>,
    /// The municipality.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub municipality_id: Option<OrganisationId>,
    /// The office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub office_id: Option<OfficeId>,
    /// The organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation_id: Option<OrganisationId>,
    /// The organiser.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organiser_id: Option<OrganisationId>,
    /// The person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person_id: Option<PersonId>,
    /// The programme.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub programme_id: Option<ProgrammeId>,
    /// The admission proposal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub admission_proposal_id: Option<AdmissionProposalId>,
    /// The round.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub round_id: Option<RoundId>,
    /// The state of an application's seat.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "accepted", max_length = 40)]
    pub seat: Option<String>,
    /// The state of the thing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "submitted", max_length = 40)]
    pub state: Option<String>,
    /// Which version of the thing this is, where it has versions.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 3, minimum = 1)]
    pub version: Option<i32>,
    /// Names of the members that have changed, where the event says so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50, example = json!(["title", "departmentId"]))]
    pub changed_members: Vec<String>,
}

/// An event as a structured `CloudEvent` 1.0 that is a Standard Webhook too: the same in the feed
/// and at an endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FeedEvent {
    /// Version of the format.
    #[schema(example = "1.0", max_length = 10)]
    pub specversion: String,
    /// Id of the event; the same event has the same everywhere.
    pub id: EventId,
    /// The service that owns the fact.
    #[schema(example = "/registration", max_length = 100)]
    pub source: String,
    /// What happened: a name of the catalogue of event types.
    #[schema(example = "application.submitted", max_length = 100)]
    pub r#type: String,
    /// Id of the thing it happened to.
    #[schema(example = "0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60", max_length = 100)]
    pub subject: String,
    /// When it happened.
    #[schema(example = "2022-04-12T08:00:00Z")]
    pub time: DateTime<Utc>,
    /// The same, as Standard Webhooks call it.
    #[schema(example = "2022-04-12T08:00:00Z")]
    pub timestamp: DateTime<Utc>,
    /// The event's place in the order of all: of two events of one subject the later one has the
    /// greater text.
    #[schema(example = "00000000000000001234", min_length = 20, max_length = 20)]
    pub sequence: String,
    /// What it concerns.
    pub data: FeedEventData,
}

feed!(EventFeed, FeedEvent, "What happened, in order.");

/// Something that was deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Deletion {
    /// What it was: `partner`, `department`, `acting_holder`, `role_assignment`, `interest` or
    /// `webhook`.
    #[schema(example = "role_assignment", max_length = 100)]
    pub kind: String,
    /// Its id; of a partner, the organisation's.
    #[schema(value_type = String, format = Uuid, min_length = 36, max_length = 36, example = "0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60")]
    pub id: Uuid,
    /// When it was deleted.
    #[schema(example = "2022-04-12T08:00:00Z")]
    pub deleted_at: DateTime<Utc>,
}

feed!(DeletionFeed, Deletion, "What was deleted, in order.");

/// One entry of the sealed history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditRecord {
    /// Id of the entry.
    pub id: ChangeId,
    /// Its place in the sealed history, from 1 without gaps.
    #[schema(example = 1234, minimum = 1)]
    pub position: i64,
    /// Number of the seal that holds it.
    #[schema(example = 56, minimum = 1)]
    pub seal: i64,
    /// When it happened.
    #[schema(example = "2022-04-12T08:00:00Z")]
    pub at: DateTime<Utc>,
    /// Kind of the thing it happened to.
    #[schema(example = "application", max_length = 100)]
    pub kind: String,
    /// Id of the thing.
    #[schema(value_type = String, format = Uuid, min_length = 36, max_length = 36, example = "0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60")]
    pub thing_id: Uuid,
    /// What happened.
    #[schema(example = "application.submitted", max_length = 100)]
    pub edge: String,
    /// Who did it: `person:…`, `key:…`, `link:…` or `system`.
    #[schema(
        example = "person:0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60",
        max_length = 100
    )]
    pub actor: String,
    /// On whose behalf.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<PersonId>,
}

feed!(AuditFeed, AuditRecord, "The sealed history, in order.");
