//! Bodies of webhooks: where events are sent to, and what became of them.

use crate::{DeliveryId, EventId, Links, OrganisationId, RefusedTransition, Role, WebhookId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A type of events, as in the catalogue of event types.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(
    value_type = String,
    example = "offer.accepted",
    max_length = 64,
    pattern = "^[a-z]+(_[a-z]+)*\\.[a-z]+(_[a-z]+)*$"
)]
pub struct EventTypeName(pub String);

/// Whether events are sent; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "active")]
pub enum WebhookState {
    /// They are.
    Active,
    /// They are not.
    Disabled,
}

/// Why a webhook is disabled; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "gone")]
pub enum WebhookDisabledReason {
    /// Somebody who keeps it said so.
    Asked,
    /// The endpoint answered 410.
    Gone,
    /// The endpoint failed for more than a day.
    Failing,
}

/// A webhook to make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewWebhook {
    /// What it is for, such as the name of the system.
    #[schema(example = "Personalsystemet", min_length = 1, max_length = 200)]
    pub name: String,
    /// The role whose events it hears, as in the feed of events: `hr` or `coordinator`, and one
    /// that the caller has.
    pub role: Role,
    /// The organisation in which the role counts.
    pub organisation_id: OrganisationId,
    /// Where events are sent to: `https` and a host out in the open.
    #[schema(
        example = "https://hr.kommun.example/akademi",
        format = "uri",
        min_length = 8,
        max_length = 2000
    )]
    pub url: String,
    /// The types that are sent; without it, or empty, all that the role hears.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!(["offer.accepted", "participation.withdrawn"]), max_items = 100)]
    pub event_types: Vec<EventTypeName>,
    /// Who is told by mail when it is disabled.
    #[schema(example = "it@kommun.example", format = Email, max_length = 254)]
    pub contact_email: String,
}

/// What to change of a webhook (JSON merge patch); absent members stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WebhookChange {
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "Personalsystemet",
        min_length = 1,
        max_length = 200,
        nullable = false
    )]
    pub name: Option<String>,
    /// Where events are sent to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "https://hr.kommun.example/akademi",
        format = "uri",
        min_length = 8,
        max_length = 2000,
        nullable = false
    )]
    pub url: Option<String>,
    /// The types that are sent from now on; empty for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(["offer.accepted"]), max_items = 100, nullable = false)]
    pub event_types: Option<Vec<EventTypeName>>,
    /// Who is told by mail when it is disabled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "it@kommun.example", format = Email, max_length = 254, nullable = false)]
    pub contact_email: Option<String>,
}

/// How a webhook gets a new secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WebhookRotation {
    /// Hours for which the secret of today signs beside the new one; 0 ends it at once.
    #[schema(example = 24, minimum = 0, maximum = 168)]
    pub overlap_hours: i32,
}

/// Where events are sent to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Webhook {
    /// Id.
    pub id: WebhookId,
    /// What it is for.
    #[schema(example = "Personalsystemet", max_length = 200)]
    pub name: String,
    /// The role whose events it hears.
    pub role: Role,
    /// The organisation in which the role counts.
    pub organisation_id: OrganisationId,
    /// Where events are sent to.
    #[schema(example = "https://hr.kommun.example/akademi", max_length = 2000)]
    pub url: String,
    /// The types that are sent; empty for all that the role hears.
    #[schema(example = json!(["offer.accepted"]), max_items = 100)]
    pub event_types: Vec<EventTypeName>,
    /// Who is told by mail when it is disabled.
    #[schema(example = "it@kommun.example", max_length = 254)]
    pub contact_email: String,
    /// Whether events are sent.
    pub state: WebhookState,
    /// Why they are not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disabled_reason: Option<WebhookDisabledReason>,
    /// When it was made.
    #[schema(example = "2022-04-01T08:00:00Z")]
    pub created_at: DateTime<Utc>,
    /// Who made it.
    #[schema(
        example = "person:0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60",
        max_length = 100
    )]
    pub created_by: String,
    /// Until when a former secret still signs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2027-03-02T08:00:00Z")]
    pub former_ends_at: Option<DateTime<Utc>>,
    /// The secret by which deliveries are signed (`whsec_`, then base64): in the one answer that
    /// makes it, and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        max_length = 100
    )]
    pub secret: Option<String>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
    /// Transitions that are not possible now, and why.
    #[schema(max_items = 32)]
    pub transitions: Vec<RefusedTransition>,
}

crate::page!(WebhookPage, Webhook, "A page of webhooks.");

/// Where a delivery stands; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "delivered")]
pub enum DeliveryState {
    /// Waits to be sent, for the first time or again.
    Pending,
    /// The endpoint has taken it.
    Delivered,
    /// Given up.
    Failed,
}

/// One event on its way to one webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Delivery {
    /// Id.
    pub id: DeliveryId,
    /// The webhook.
    pub webhook_id: WebhookId,
    /// The event; it is `webhook-id` of every attempt.
    pub event_id: EventId,
    /// What happened.
    pub event_type: EventTypeName,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was tried since it was last asked for.
    #[schema(example = 1, minimum = 0, maximum = 8)]
    pub attempts: i32,
    /// What became of the last attempt: `status_` and the endpoint's answer, `no_answer`,
    /// `no_connection`, `address_refused`, `webhook_disabled` or `event_forgotten`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "status_200", max_length = 100)]
    pub outcome: Option<String>,
    /// When it was queued.
    #[schema(example = "2022-04-12T08:00:00Z")]
    pub created_at: DateTime<Utc>,
    /// When it was last tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-04-12T08:00:01Z")]
    pub attempted_at: Option<DateTime<Utc>>,
    /// When it is tried next, by the system's clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-04-12T08:05:00Z")]
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
    /// Transitions that are not possible now, and why.
    #[schema(max_items = 32)]
    pub transitions: Vec<RefusedTransition>,
}

crate::page!(DeliveryPage, Delivery, "A page of deliveries.");

/// A type of events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventType {
    /// Its name.
    pub name: EventTypeName,
    /// The service that owns the fact.
    #[schema(example = "/registration", max_length = 100)]
    pub source: String,
    /// What the subject of such an event is.
    #[schema(example = "application", max_length = 100)]
    pub subject: String,
    /// What has happened.
    #[schema(example = "An offered seat was accepted.", max_length = 500)]
    pub description: String,
    /// Who hears of it.
    #[schema(min_items = 1, max_items = 2)]
    pub roles: Vec<Role>,
}

/// Every type of events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EventTypeList {
    /// The types, in alphabetical order.
    #[schema(max_items = 200)]
    pub items: Vec<EventType>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}
