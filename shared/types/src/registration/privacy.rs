//! Bodies of privacy: what is processed and why, and how long what is kept.

use crate::{Links, LocalizedText, OrganisationId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Why processing is lawful (GDPR, article 6.1); the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "public_task")]
pub enum LegalBasis {
    /// The person has agreed, and may take it back.
    Consent,
    /// Needed for an agreement with the person.
    Contract,
    /// A law demands it.
    LegalObligation,
    /// Needed for a task in the public interest.
    PublicTask,
    /// Somebody's interest that outweighs the person's.
    LegitimateInterest,
}

/// One thing that is done with personal data (GDPR, article 30).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProcessingActivity {
    /// A name that stays.
    #[schema(example = "admission", max_length = 64)]
    pub id: String,
    /// The service that does it.
    #[schema(example = "registration", max_length = 64)]
    pub service: String,
    /// What for.
    pub purpose: LocalizedText,
    /// Why it is lawful.
    pub legal_basis: LegalBasis,
    /// Whose data.
    pub people: LocalizedText,
    /// Which data.
    pub data: LocalizedText,
    /// Who gets to see them.
    pub recipients: LocalizedText,
    /// How long they are kept.
    pub kept: LocalizedText,
    /// The rule that ends it, where it is one of the installation's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention_kind: Option<RetentionKind>,
}

/// Who decides what for and how data are processed: an organiser, for its own programmes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Controller {
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// Its name.
    #[schema(example = "Centrum för kommunstrategiska studier", max_length = 200)]
    pub name: String,
}

/// The register of processing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProcessingRegister {
    /// Who answers for it: every organiser of the installation.
    #[schema(max_items = 1000)]
    pub controllers: Vec<Controller>,
    /// What is sent to countries outside the EU and the EEA, and under which safeguards.
    pub transfers: LocalizedText,
    /// How data are protected, technically and by organisation.
    #[schema(max_items = 100)]
    pub security_measures: Vec<LocalizedText>,
    /// The activities of all services.
    #[schema(max_items = 100)]
    pub items: Vec<ProcessingActivity>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// What is kept only so long; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "sent_mails")]
pub enum RetentionKind {
    /// Texts and addresses of mails that were sent or given up, from their writing on.
    SentMails,
    /// Motivations of applications and of endorsements, from the round's last day on.
    ApplicationTexts,
    /// People who never confirmed their address and have handed in nothing, from their creation on.
    UnconfirmedPeople,
    /// People who have left, from then on, and people whom nobody but themselves has confirmed, from
    /// their last application on; while they are in a round or hold an office they stay.
    FormerPeople,
    /// Interests of people who were told that the round is open, from then on.
    Interests,
    /// Reasons in the history, from their giving on.
    Reasons,
}

/// How long one kind of data is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RetentionRule {
    /// What.
    pub kind: RetentionKind,
    /// For how many days.
    #[schema(example = 90, minimum = 1, maximum = 36500)]
    pub days: i32,
    /// Where to go next: the preview says what is due now.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// How long everything is kept that ends by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RetentionRules {
    /// A rule for each kind.
    #[schema(max_items = 100)]
    pub items: Vec<RetentionRule>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// How long to keep a kind of data from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewRetention {
    /// For how many days.
    #[schema(example = 90, minimum = 1, maximum = 36500)]
    pub days: i32,
    /// The reason, kept in the history.
    #[schema(
        example = "As our archive plan has it.",
        min_length = 1,
        max_length = 1000
    )]
    pub reason: String,
}

/// One thing whose time is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RetentionItem {
    /// Its id.
    #[schema(example = "0192f0c1-0000-7000-8000-000000000001")]
    pub id: Uuid,
    /// The day from which its time was counted.
    #[schema(example = "2022-05-12")]
    pub since: NaiveDate,
}

/// What a rule would end now. It is ended within the hour; whoever wants to keep it longer
/// changes the rule before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RetentionPreview {
    /// What.
    pub kind: RetentionKind,
    /// For how many days it is kept, as asked.
    #[schema(example = 90, minimum = 1, maximum = 36500)]
    pub days: i32,
    /// How many things are due.
    #[schema(example = 12, minimum = 0)]
    pub due_count: i64,
    /// The oldest of them.
    #[schema(max_items = 100)]
    pub items: Vec<RetentionItem>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}
