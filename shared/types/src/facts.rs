//! What services tell each other: the facts inside events, and who wants which.
//!
//! A fact carries the whole state of its thing as the others need it, with the thing's version.
//! A receiver keeps the newest version that it has seen, so that order and repetition of events
//! don't matter. Nothing here is an address, a telephone number or a reason, but for the one fact
//! that is made to carry an address to registration ([`MessageAddressed`]).

use crate::{
    ApplicationId, DepartmentId, Gender, Language, LinkId, LocalizedText, OfficeId, OrganisationId,
    PersonId, ProgrammeId, RoundId,
    registration::{
        applications::{ApplicationState, EndorsementState, SeatState},
        offices::OfficeKind,
        organisations::OrganisationKind,
        people::PersonKind,
        programmes::ProgrammeState,
        rounds::RoundState,
    },
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A person was forgotten: nobody keeps anything that says who it was ([`PersonErased`]).
pub const PERSON_ERASED: &str = "person.erased";

/// A service has forgotten a person: told in the transaction in which it did
/// ([`ErasureAcknowledged`]).
pub const ERASURE_ACKNOWLEDGED: &str = "erasure.acknowledged";

/// What everybody needs of registration: each service keeps it as its own projection.
const KNOWN: [&str; 8] = [
    "organisation.",
    "department.",
    "office.",
    "person.",
    "programme.",
    "round.",
    "application.",
    "endorsement.",
];

/// The types of events that a service wants, an entry that ends in a dot standing for all types
/// below it. What a service publishes itself is never sent back to it.
pub fn wanted_by(service: &str) -> Vec<&'static str> {
    // Of applications tell also: the offer, the seat that follows, and its handing over.
    let applications = ["offer.", "participation.", "substitution."];
    let own: &[&str] = match service {
        // The last ones only to pass them on: its feed of events is everybody's.
        "registration" => &[
            "cohort.",
            "completion.",
            "message.",
            "erasure.",
            "alarm.raised",
            "certificate.issued",
            "pair.active",
            "pair.proposed",
            "plan.released",
            "session.changed",
        ],
        "scheduling" => &["needs.counted", "cohort.", "pair."],
        "mentorship" => &["session.", "plan."],
        "evaluation" => &["session.", "plan.", "attendance.", "pair."],
        _ => return Vec::new(),
    };
    let known = KNOWN.into_iter().chain(applications);
    known
        .filter(|_| service != "registration")
        .chain(own.iter().copied())
        .collect()
}

/// An employer or organiser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrganisationFact {
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// What it is.
    pub kind: OrganisationKind,
    /// Its name.
    pub name: String,
    /// Its official code.
    pub official_code: Option<String>,
    /// What it belongs to.
    pub parent_id: Option<OrganisationId>,
    /// The municipality that its people count to.
    pub municipality_id: Option<OrganisationId>,
    /// The zone of its wall clocks.
    #[serde(default)]
    pub time_zone: String,
    /// Which state of it this is.
    #[serde(default)]
    pub version: i32,
}

/// A part of an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DepartmentFact {
    /// The department.
    pub department_id: DepartmentId,
    /// What it is a part of.
    pub organisation_id: OrganisationId,
    /// Its name.
    pub name: String,
    /// Which state of it this is.
    #[serde(default)]
    pub version: i32,
}

/// A period in which somebody acts for the holder of an office, both days included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ActingFact {
    /// Who acts.
    pub person_id: PersonId,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: NaiveDate,
}

/// A post that decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OfficeFact {
    /// The office.
    pub office_id: OfficeId,
    /// Whose office it is.
    pub organisation_id: OrganisationId,
    /// Which post.
    pub kind: OfficeKind,
    /// Who holds it.
    pub holder_id: Option<PersonId>,
    /// Who acts for the holder, and when.
    #[serde(default)]
    pub acting_holders: Vec<ActingFact>,
    /// Which state of it this is.
    #[serde(default)]
    pub version: i32,
}

/// A person, without address and telephone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PersonFact {
    /// The person.
    pub person_id: PersonId,
    /// Employer.
    pub organisation_id: OrganisationId,
    /// The municipality that the employer counts to.
    pub municipality_id: Option<OrganisationId>,
    /// Part of the employer.
    pub department_id: Option<DepartmentId>,
    /// Own manager.
    pub manager_id: Option<PersonId>,
    /// What the person is to the employer.
    pub kind: PersonKind,
    /// As stated by the person; never handed on to systems outside.
    #[serde(default)]
    pub gender: Gender,
    /// Full name.
    pub name: String,
    /// The language to write in.
    pub language: Language,
    /// Whether the person works here.
    pub active: bool,
    /// In an event about a change: which members changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed_members: Vec<String>,
    /// Which state of it this is.
    #[serde(default)]
    pub version: i32,
}

/// A person was forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PersonErased {
    /// The person.
    pub person_id: PersonId,
}

/// A service keeps nothing any more that says who a person was ([`ERASURE_ACKNOWLEDGED`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ErasureAcknowledged {
    /// The person.
    pub person_id: PersonId,
    /// Who has forgotten the person.
    pub service: String,
}

/// A programme, from its publication on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProgrammeFact {
    /// The programme.
    pub programme_id: ProgrammeId,
    /// Who runs it.
    pub organiser_id: OrganisationId,
    /// Its state.
    pub state: ProgrammeState,
    /// Its name.
    pub name: LocalizedText,
    /// Credits in tenths, where it gives some.
    pub credits_tenths: Option<i32>,
    /// Which state of it this is.
    #[serde(default)]
    pub version: i32,
}

/// One run of a programme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoundFact {
    /// The round.
    pub round_id: RoundId,
    /// The programme.
    pub programme_id: ProgrammeId,
    /// Who runs it.
    pub organiser_id: OrganisationId,
    /// Its state.
    pub state: RoundState,
    /// Its name.
    pub name: LocalizedText,
    /// How many can take part.
    pub seats: i32,
    /// First day.
    pub starts_on: Option<NaiveDate>,
    /// Last day.
    pub ends_on: Option<NaiveDate>,
    /// The language it is held in.
    pub language: Language,
    /// The zone of its wall clocks.
    pub time_zone: String,
    /// Which state of it this is.
    #[serde(default)]
    pub version: i32,
}

/// A person's application to a round, and the seat that came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ParticipationFact {
    /// The application; the participation has its id.
    pub application_id: ApplicationId,
    /// The round.
    pub round_id: RoundId,
    /// The person.
    pub person_id: PersonId,
    /// Employer when the application was made.
    pub organisation_id: OrganisationId,
    /// The employer's municipality then.
    pub municipality_id: Option<OrganisationId>,
    /// Who runs the round.
    pub organiser_id: OrganisationId,
    /// The application's state.
    pub state: ApplicationState,
    /// The endorsement's state.
    pub endorsement: EndorsementState,
    /// The seat's state.
    pub seat: SeatState,
    /// The participation that this one took over.
    pub replaces: Option<ApplicationId>,
    /// Which state of it this is.
    #[serde(default)]
    pub version: i32,
}

/// Who endorsed an application: type `endorsement.given`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EndorserFact {
    /// The application.
    pub application_id: ApplicationId,
    /// Who runs the round.
    pub organiser_id: OrganisationId,
    /// Whose office decided.
    pub organisation_id: OrganisationId,
    /// The office.
    pub office_id: OfficeId,
    /// Everybody who had a part in it: the holder, whoever acted, whoever answered.
    pub endorsed_by_ids: Vec<PersonId>,
    /// The application's version.
    #[serde(default)]
    pub version: i32,
}

/// A message that a service wants sent: registration alone has addresses, and sends it.
pub const MESSAGE_REQUESTED: &str = "message.requested";

/// What a message says ([`MESSAGE_REQUESTED`]). The service words it, in the person's language;
/// greeting and closing come from whoever sends it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageRequested {
    /// Whom it is for.
    pub person_id: PersonId,
    /// In whose name it is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organiser_id: Option<OrganisationId>,
    /// What it is about, in one word for the operator's eyes, such as `plan_released`.
    pub template: String,
    /// The subject.
    pub subject: String,
    /// Paragraphs, apart by an empty line.
    pub text: String,
    /// The page that it leads to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<MessageLink>,
    /// An appointment (iCalendar) that it carries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<String>,
}

/// A page of a service that a signed link opens: `/{service}/pages/{kind}/…`. It is signed when
/// the message is sent, so that no event holds what opens something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageLink {
    /// Whose page it is.
    pub service: String,
    /// What kind of link: a word that no other service uses for its own.
    pub kind: String,
    /// Its id.
    pub link_id: LinkId,
}

/// A message to somebody whom only the sending service has an address of: registration sends it
/// and keeps nothing of the address but in the mail itself.
pub const MESSAGE_ADDRESSED: &str = "message.addressed";

/// A message to an address that a person typed ([`MESSAGE_ADDRESSED`]), such as a colleague's who
/// is not known here. The sender keeps the address sealed, and deletes this fact once it is
/// delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageAddressed {
    /// Name.
    pub name: String,
    /// Address.
    pub email: String,
    /// Language of greeting and closing.
    pub language: Language,
    /// What it says; its person is the one on whose behalf it is sent, and who has to be here
    /// still.
    pub message: MessageRequested,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_service_but_registration_knows_who_and_what_there_is() {
        for service in ["scheduling", "mentorship", "evaluation"] {
            let wanted = wanted_by(service);
            for kind in ["person.", "round.", "participation."] {
                assert!(wanted.contains(&kind), "{service} {kind}");
            }
        }
        assert!(!wanted_by("registration").contains(&"person."));
        assert!(wanted_by("registration").contains(&"erasure."));
        assert!(wanted_by("gateway").is_empty());
    }
}
