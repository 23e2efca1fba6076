//! Bodies of mail: what an operator sees of messages, and addresses that none reaches.

use crate::{BounceId, Links, MessageId, PersonId, RefusedTransition};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a message stands; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "sent")]
pub enum MessageState {
    /// Waits to be sent, for the first time or again.
    Pending,
    /// Handed over.
    Sent,
    /// Given up.
    Failed,
    /// The mail server does not take the address, or the mail came back.
    Bounced,
    /// Not sent, since an earlier one to the address came back.
    Withheld,
    /// Not sent: the reader is not here any more, or has turned such messages off.
    Dropped,
    /// What it said and to whom is forgotten: the time for which it is kept is over, or somebody
    /// was erased.
    Erased,
}

/// A message as an operator sees it: never what is written, nor to whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Id; it stands in the mail's Message-ID too.
    pub id: MessageId,
    /// What it is about.
    #[schema(example = "offer_made", max_length = 100)]
    pub template: String,
    /// Where it stands.
    pub state: MessageState,
    /// Why it stands there, in one word: `smtp_` and the mail server's number, `no_connection`,
    /// `left`, `unsubscribed` and others.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "smtp_451", max_length = 100)]
    pub outcome: Option<String>,
    /// What stands behind the @ of the address.
    #[schema(example = "kommun.example", max_length = 254)]
    pub domain: String,
    /// How often it was tried.
    #[schema(example = 1, minimum = 0)]
    pub attempts: i32,
    /// When it was written.
    #[schema(example = "2022-04-12T08:00:00Z")]
    pub created_at: DateTime<Utc>,
    /// When it was handed over.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-04-12T08:00:01Z")]
    pub sent_at: Option<DateTime<Utc>>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
    /// Transitions that are not possible now, and why.
    #[schema(max_items = 32)]
    pub transitions: Vec<RefusedTransition>,
}

crate::page!(MessagePage, Message, "A page of messages.");

/// An address that no mail reaches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Bounce {
    /// Id.
    pub id: BounceId,
    /// The address.
    #[schema(example = "anders.dahl@kommun.example", max_length = 254)]
    pub email: String,
    /// The people with this address whom the caller looks after.
    #[schema(max_items = 100)]
    pub person_ids: Vec<PersonId>,
    /// What was said, in one word: `smtp_` and the mail server's number, or `reported`.
    #[schema(example = "smtp_550", max_length = 100)]
    pub outcome: String,
    /// Since when.
    #[schema(example = "2022-04-12T08:00:00Z")]
    pub bounced_at: DateTime<Utc>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(
    BouncePage,
    Bounce,
    "A page of addresses that no mail reaches."
);
