//! What can be said, to whom, and with which link.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared_database::column;
use shared_types::{
    Language, LinkId, OrganisationId, PersonId, Refusal,
    registration::{codes::MESSAGE_STATE, mail::MessageState},
    transition::Edge,
};

/// Sends a message again.
pub const REPLAY: &str = "replay";

/// `failed | bounced | withheld | dropped → pending`; all other steps are the sender's own.
pub static TABLE: &[Edge<MessageState>] = &[Edge {
    name: REPLAY,
    who: |_| true,
    conditions: &[is_over],
}];

fn is_over(state: &MessageState) -> Result<(), Refusal> {
    match state {
        MessageState::Failed
        | MessageState::Bounced
        | MessageState::Withheld
        | MessageState::Dropped => Ok(()),
        MessageState::Pending | MessageState::Sent | MessageState::Erased => {
            Err(Refusal::of(&MESSAGE_STATE).value("state", column::text(*state)))
        }
    }
}

/// What a message is about. Each template names the facts that it can use; every fact may be
/// missing, and the words around it are then left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Template {
    /// To an applicant without an account, who confirms the address by the link: `personName`,
    /// `roundName`, `answerBy` (last day of the link).
    ApplicationConfirm,
    /// To an applicant whose application is submitted: `personName`, `roundName`,
    /// `municipalityName`, `endorseBy`.
    ApplicationReceived,
    /// To an office, the first time: `personName` (who reads), `roundName`, `municipalityName`,
    /// `awaitingCount`, `endorseBy`.
    SlateRequested,
    /// To an office that has not answered: as the first time.
    SlateReminder,
    /// To an applicant who is offered a seat: `personName`, `roundName`, `answerBy`.
    OfferMade,
    /// To an applicant who has not answered: as the first time.
    OfferReminder,
    /// To an applicant whose offer ran out: `personName`, `roundName`, `answerBy`.
    OfferExpired,
    /// To a participant: `personName`, `roundName`, `startsOn`.
    SeatConfirmed,
    /// To an applicant in the queue: `personName`, `roundName`, `queuePosition`.
    Waitlisted,
    /// To an applicant who gets no seat: `personName`, `roundName`, `reason`.
    Rejected,
    /// To an applicant or participant who has withdrawn: `personName`, `roundName`.
    Withdrawn,
    /// To an office that is asked for a substitution: `personName` (who reads), `roundName`,
    /// `applicantName` (who leaves), `substituteName`, `endorseBy`.
    SubstitutionRequested,
    /// To applicants and participants: `personName`, `roundName`, `reason`.
    RoundCancelled,
    /// To whoever declared an interest: `personName`, `roundName`, `opensOn`, `closesOn`.
    InterestOpened,
    /// To whoever has just declared an interest, who can withdraw it by the link: `personName`,
    /// `roundName`.
    InterestNoted,
    /// To somebody whom others have entered, who can say no by the link: `personName`,
    /// `roundName`.
    Nominated,
    /// To somebody who has taken a seat in another round: `personName`, `roundName` (which ends),
    /// `takenRoundName`.
    OtherSeatTaken,
    /// To whose address an identity provider has verified, who connects the login by the link:
    /// `personName`, `issuer`.
    IdentityConfirm,
    /// To whoever looks after a webhook: `roundName` (here the webhook's name), `endpointHost`,
    /// `reason`.
    WebhookDisabled,
}

impl Template {
    /// All of them.
    pub const ALL: [Self; 19] = [
        Self::ApplicationConfirm,
        Self::ApplicationReceived,
        Self::SlateRequested,
        Self::SlateReminder,
        Self::OfferMade,
        Self::OfferReminder,
        Self::OfferExpired,
        Self::SeatConfirmed,
        Self::Waitlisted,
        Self::Rejected,
        Self::Withdrawn,
        Self::SubstitutionRequested,
        Self::RoundCancelled,
        Self::InterestOpened,
        Self::InterestNoted,
        Self::Nominated,
        Self::OtherSeatTaken,
        Self::IdentityConfirm,
        Self::WebhookDisabled,
    ];
}

/// Whom a message is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// Who it is, where it is somebody who is known here. An address without a person is all
    /// that is known of the others.
    pub person: Option<PersonId>,
    /// Name.
    pub name: String,
    /// Address.
    pub email: String,
    /// Language to write in.
    pub language: Language,
}

/// A page that a link opens without an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// The slate of an office.
    Slate,
    /// An offered seat.
    Offer,
    /// An application that its address confirms.
    ApplicationConfirm,
    /// A nomination that its person may decline.
    Nomination,
    /// A declared interest that may be withdrawn.
    Interest,
    /// A login that its person confirms.
    Identity,
    /// Messages of a sort that may be turned off.
    Unsubscribe,
}

impl LinkKind {
    /// The word in the link's address, and what its signature is made for.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Slate => "slate",
            Self::Offer => "offer",
            Self::ApplicationConfirm => "confirm",
            Self::Nomination => "nomination",
            Self::Interest => "interest",
            Self::Identity => "identity",
            Self::Unsubscribe => "unsubscribe",
        }
    }
}

/// A message to queue.
#[derive(Clone, Debug, PartialEq)]
pub struct NewMessage {
    /// What it is about.
    pub template: Template,
    /// Whom it is for.
    pub to: Recipient,
    /// In whose name it is written.
    pub organiser: Option<OrganisationId>,
    /// Facts by name: texts, numbers, dates as `2022-05-06`, or texts by language. A template
    /// without a link of its own shows the fact `address`, where there is one, in its place.
    pub facts: Value,
    /// The link that it carries.
    pub link: Option<(LinkKind, LinkId)>,
}
