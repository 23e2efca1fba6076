//! Ids: one newtype a kind of thing, so that a person can't be passed where a round is meant.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use utoipa::ToSchema;
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(transparent)]
        #[schema(value_type = String, format = Uuid, min_length = 36, max_length = 36, example = "0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60")]
        pub struct $name(Uuid);

        impl $name {
            /// Makes a new id (UUID version 7: ordered by the time it was made).
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }

            /// The bare UUID, for storage.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl From<Uuid> for $name {
            fn from(value: Uuid) -> Self {
                Self(value)
            }
        }

        impl From<$name> for Uuid {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

ids! {
    /// An employer or organiser.
    OrganisationId,
    /// A part of an organisation.
    DepartmentId,
    /// A post in an organisation that decides.
    OfficeId,
    /// A period in which somebody acts for an office's holder.
    ActingHolderId,
    /// Anyone known to the system.
    PersonId,
    /// A role given to a person.
    RoleAssignmentId,
    /// A key with which a system calls the API.
    ApiKeyId,
    /// A catalogue item.
    ProgrammeId,
    /// One run of a programme.
    RoundId,
    /// A declared interest in a round without dates.
    InterestId,
    /// Seats that are kept for an organisation.
    HoldId,
    /// A person's wish to take part in one round; with a seat, the participation.
    ApplicationId,
    /// The office's decision on one application.
    EndorsementId,
    /// A single-purpose link that was sent to somebody.
    LinkId,
    /// A proposal of who gets in.
    AdmissionProposalId,
    /// A message to a person.
    MessageId,
    /// An address that no mail reaches.
    BounceId,
    /// Where events are sent to.
    WebhookId,
    /// One event on its way to one webhook.
    DeliveryId,
    /// A place where people meet, a learning centre too.
    VenueId,
    /// A room of a venue.
    RoomId,
    /// A session of a round.
    SessionId,
    /// One released version of a round's plan.
    ReleaseId,
    /// A booking of a venue.
    BookingId,
    /// A material of a session.
    MaterialId,
    /// Something that a coordinator tells a round.
    AnnouncementId,
    /// A participant's proposal for a session's agenda.
    AgendaProposalId,
    /// A group of participants.
    GroupId,
    /// A division of a round's participants into groups.
    GroupSetId,
    /// A plan of who goes in which round of a programme.
    CohortPlanId,
    /// Where one person goes in such a plan.
    CohortAssignmentId,
    /// A secret address under which a person's calendar can be read.
    CalendarLinkId,
    /// Whether somebody was there for half a day.
    AttendanceMarkId,
    /// What makes up for half days that somebody was not there.
    MakeUpTaskId,
    /// An invitation to a session.
    InvitationId,
    /// One entry of the history.
    ChangeId,
    /// One event.
    EventId,
    /// A person in the pool of a round's mentors.
    MentorId,
    /// Two people who declared that they should not be a pair.
    ConflictId,
    /// One computation of who supports whom.
    MatchingRunId,
    /// A pair that a coordinator demands or forbids.
    MatchingConstraintId,
    /// A mentor and a mentee.
    PairId,
    /// What a pair wants to reach.
    PairGoalId,
    /// A meeting of a pair.
    MeetingId,
    /// A note of a pair.
    PairNoteId,
    /// A message within a pair.
    PairMessageId,
    /// A learning experiment.
    ExperimentId,
    /// Something that a coordinator should look at.
    AlarmId,
    /// A set of questions, in all its versions.
    InstrumentId,
    /// One asking of an instrument.
    SurveyId,
    /// One person's part in a survey: that somebody is asked and whether an answer came.
    SurveyInvitationId,
    /// An interview with a person or a group.
    InterviewId,
    /// A theme of the code book by which interviews are read.
    ThemeId,
    /// Something that a programme is to lead to.
    ProgrammeGoalId,
    /// A version of the rule that says when a participation is completed.
    CompletionRuleId,
    /// Credits that an education provider registered.
    CreditId,
    /// A certificate.
    CertificateId,
    /// The forgetting of a person, in every service.
    ErasureId,
    /// A 360 of one participant.
    FeedbackId,
    /// Somebody who is asked about a participant in a 360.
    RaterId,
    /// An invoice or a credit note.
    InvoiceId,
    /// A line of an invoice or a credit note.
    InvoiceLineId,
    /// A file that was handed in to be imported.
    ImportId,
    /// A row of such a file.
    ImportRowId,
}
