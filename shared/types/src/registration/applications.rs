//! Bodies of applications: four facts, kept apart.

use crate::registration::people::Gender;
use crate::{
    ApplicationId, EndorsementId, HoldId, Links, OfficeId, OrganisationId, PersonId,
    RefusedTransition, RoundId,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An application to make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewApplication {
    /// The round.
    pub round_id: RoundId,
    /// Who applies; absent for the caller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person_id: Option<PersonId>,
    /// Why, for the director and the coordinator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "I lead a new department and want to compare notes.",
        max_length = 4000,
        nullable = false
    )]
    pub motivation: Option<String>,
    /// `true` keeps it as a draft that is submitted later.
    #[serde(default)]
    #[schema(example = false)]
    pub draft: bool,
    /// Which choice the round is for the person among the rounds of its programme, 1 the first;
    /// only where the programme gives one seat a person, and then 1 where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 1, minimum = 1, maximum = 3, nullable = false)]
    pub choice: Option<i32>,
    /// Why it is made after the deadline; coordinators only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "The form was down on the last evening.",
        min_length = 1,
        max_length = 1000,
        nullable = false
    )]
    pub late_reason: Option<String>,
}

/// The application itself; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "submitted")]
pub enum ApplicationState {
    /// Being written.
    Draft,
    /// Handed in.
    Submitted,
    /// Taken back.
    Withdrawn,
}

/// What the applicant's office says; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "endorsed")]
pub enum EndorsementState {
    /// Nobody needs to endorse.
    NotRequired,
    /// The office has not decided.
    Awaiting,
    /// The person may take part.
    Endorsed,
    /// The person may not.
    Declined,
    /// Nobody decided in time.
    Expired,
    /// The office took its endorsement back.
    Revoked,
}

/// What the organiser decided; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "admitted")]
pub enum AdmissionVerdict {
    /// Not decided, or not announced yet.
    Pending,
    /// Gets a seat.
    Admitted,
    /// Waits in the queue.
    Waitlisted,
    /// Gets none.
    Rejected,
}

/// The seat; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "accepted")]
pub enum SeatState {
    /// No seat.
    None,
    /// Held until its deadline.
    Offered,
    /// Taken.
    Accepted,
    /// The person said no.
    Declined,
    /// The person did not answer in time.
    Expired,
    /// The offer was taken back, with a reason.
    Rescinded,
    /// The person left after accepting.
    Withdrawn,
    /// Another person of the municipality took over.
    Substituted,
    /// Completed the programme.
    Completed,
    /// Left during the programme.
    Discontinued,
}

/// What the applicant's office says of the application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Endorsement {
    /// Id of the office's decision; absent where none is required.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<EndorsementId>,
    /// State.
    pub state: EndorsementState,
    /// The office that decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub office_id: Option<OfficeId>,
    /// When it was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-04-12T08:00:00Z")]
    pub requested_at: Option<DateTime<Utc>>,
    /// Last day for the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-05-06")]
    pub due_on: Option<NaiveDate>,
    /// When it was decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-04-28T12:30:00Z")]
    pub decided_at: Option<DateTime<Utc>>,
    /// Who decided, as they stated it, or the person's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Karin Ek, kommundirektör", max_length = 420)]
    pub decided_by: Option<String>,
    /// Rank among the municipality's applicants, 1 the first; equal ranks are allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 1, minimum = 1, maximum = 1000)]
    pub rank: Option<i32>,
    /// The office's motive.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Leads our largest department.", max_length = 1000)]
    pub motive: Option<String>,
}

/// What the organiser decided of the application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Admission {
    /// The verdict; `pending` for everybody but coordinators until it is announced.
    pub verdict: AdmissionVerdict,
    /// When it was announced; absent: coordinators only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-05-09T08:00:00Z")]
    pub published_at: Option<DateTime<Utc>>,
    /// Place in the queue as it was frozen when the admission was announced.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 3, minimum = 1, maximum = 100_000)]
    pub queue_position: Option<i32>,
    /// When a later entrant joined the queue.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-05-20T08:00:00Z")]
    pub waitlisted_at: Option<DateTime<Utc>>,
}

/// The seat of the application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Seat {
    /// State.
    pub state: SeatState,
    /// When it was offered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-05-09T08:00:00Z")]
    pub offered_at: Option<DateTime<Utc>>,
    /// Last day for the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-05-19")]
    pub answer_by: Option<NaiveDate>,
    /// When it was answered, expired or ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-05-10T07:12:00Z")]
    pub settled_at: Option<DateTime<Utc>>,
}

/// A person's wish to take part in one round; with an accepted seat it is the participation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Application {
    /// Id; the participation has the same in all services.
    pub id: ApplicationId,
    /// The round.
    pub round_id: RoundId,
    /// Who applies.
    pub person_id: PersonId,
    /// The applicant's name.
    #[schema(example = "Maja Lindqvist", max_length = 200)]
    pub person_name: String,
    /// Whether the applicant may still call; false once the employer has said that they have
    /// left. The application and the seat stay until somebody decides about them.
    #[schema(example = true)]
    pub person_active: bool,
    /// The applicant's gender as they state it; for coordinators and the person only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    /// The applicant's employer.
    pub organisation_id: OrganisationId,
    /// The municipality it counts to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub municipality_id: Option<OrganisationId>,
    /// The application itself.
    pub state: ApplicationState,
    /// When it was handed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-04-12T08:00:00Z")]
    pub submitted_at: Option<DateTime<Utc>>,
    /// Why, in the applicant's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "I lead a new department and want to compare notes.",
        max_length = 4000
    )]
    pub motivation: Option<String>,
    /// Which choice the round is among the rounds of its programme, 1 the first; only where the
    /// programme gives one seat a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 1, minimum = 1, maximum = 3)]
    pub choice: Option<i32>,
    /// The hold that the application takes its seat from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold_id: Option<HoldId>,
    /// What the office says.
    pub endorsement: Endorsement,
    /// What the organiser decided.
    pub admission: Admission,
    /// The seat.
    pub seat: Seat,
    /// The participation that this one takes over, or is to take over once it is endorsed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaces: Option<ApplicationId>,
    /// Where to go next, allowed transitions included.
    #[serde(rename = "_links")]
    pub links: Links,
    /// Transitions that are refused now, and why.
    #[schema(max_items = 32)]
    pub transitions: Vec<RefusedTransition>,
}

crate::page!(ApplicationPage, Application, "A page of applications.");

/// What an applicant says to an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "accept")]
pub enum OfferVerdict {
    /// Takes the seat.
    Accept,
    /// Leaves it to the queue.
    Decline,
}

/// The answer to an offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OfferAnswer {
    /// Yes or no.
    pub verdict: OfferVerdict,
}

/// A reason that may be given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OptionalReason {
    /// The reason; withdrawal never needs one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "New duties in the autumn.",
        min_length = 1,
        max_length = 1000,
        nullable = false
    )]
    pub reason: Option<String>,
}

/// Who is to take over a seat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewSubstitution {
    /// The new person, of the same municipality.
    pub person_id: PersonId,
    /// The reason.
    #[schema(example = "Changes jobs in August.", min_length = 1, max_length = 1000)]
    pub reason: String,
}
