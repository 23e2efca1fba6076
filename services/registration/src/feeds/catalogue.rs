//! The catalogue: every type of events that systems outside may hear of, of all services, and who
//! hears it. The feed and webhooks show what stands here and nothing else.
//!
//! An event is heard where it happened: HR hears what names its own organisation, coordinators
//! what names their organiser, and what belongs to no organiser of the organisations within their
//! reach. The mark here says which types HR hears at all.

use shared_types::Role;

/// A type of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its name.
    pub name: &'static str,
    /// The service that owns the fact.
    pub source: &'static str,
    /// What its subject is.
    pub subject: &'static str,
    /// What has happened.
    pub about: &'static str,
    /// Whether HR hears it, beside coordinators.
    pub hr: bool,
}

const REGISTRATION: &str = "/registration";
const SCHEDULING: &str = "/scheduling";
const MENTORSHIP: &str = "/mentorship";
const EVALUATION: &str = "/evaluation";

/// Heard by HR and coordinators.
const fn both(name: &'static str, subject: &'static str, about: &'static str) -> Known {
    Known {
        name,
        source: REGISTRATION,
        subject,
        about,
        hr: true,
    }
}

/// Heard by coordinators alone.
const fn organiser(name: &'static str, subject: &'static str, about: &'static str) -> Known {
    Known {
        hr: false,
        ..both(name, subject, about)
    }
}

impl Known {
    const fn of(self, source: &'static str) -> Self {
        Self { source, ..self }
    }
}

/// Every type, in alphabetical order.
pub static CATALOGUE: &[Known] = &[
    both(
        "acting_holder.deleted",
        "acting holder",
        "A period in which somebody acts for an office's holder was taken back.",
    ),
    organiser(
        "admission.published",
        "round",
        "The admission of a round was announced.",
    ),
    organiser(
        "alarm.raised",
        "alarm",
        "A pair or a mentor deserves a look; the round's alarms say why.",
    )
    .of(MENTORSHIP),
    both(
        "api_key.changed",
        "API key",
        "An API key got another name or other scopes.",
    ),
    both("api_key.created", "API key", "An API key was made."),
    both("api_key.revoked", "API key", "An API key was taken back."),
    both("api_key.rotated", "API key", "An API key got a new secret."),
    both(
        "application.nominated",
        "application",
        "A person was entered for a round.",
    ),
    both(
        "application.rejected",
        "application",
        "An application came to nothing.",
    ),
    both(
        "application.submitted",
        "application",
        "An application was handed in.",
    ),
    both(
        "application.waitlisted",
        "application",
        "An application stands in the queue.",
    ),
    both(
        "application.withdrawn",
        "application",
        "An application was withdrawn.",
    ),
    both(
        "certificate.issued",
        "certificate",
        "A participant got a certificate.",
    )
    .of(EVALUATION),
    organiser(
        "cohort.refused",
        "cohort plan",
        "People of a published plan of rounds could not be entered.",
    ),
    both(
        "completion.decided",
        "participation",
        "It was decided whether a participation is completed.",
    )
    .of(EVALUATION),
    both(
        "credit_note.issued",
        "credit note",
        "A credit note was issued to an organisation.",
    ),
    both(
        "department.changed",
        "department",
        "A department got another name.",
    ),
    both(
        "department.created",
        "department",
        "An organisation got a department.",
    ),
    both(
        "department.deleted",
        "department",
        "A department was taken away.",
    ),
    both(
        "endorsement.declined",
        "application",
        "The office declined an application.",
    ),
    both(
        "endorsement.endorsed",
        "application",
        "The office endorsed an application.",
    ),
    both(
        "endorsement.expired",
        "application",
        "The office did not answer in time.",
    ),
    both(
        "endorsement.given",
        "application",
        "It is known who endorsed an application.",
    ),
    both(
        "endorsement.revoked",
        "application",
        "The office took its endorsement back.",
    ),
    both(
        "erasure.completed",
        "person",
        "Every service has forgotten a person.",
    ),
    both("hold.consumed", "hold", "Held seats have become offers."),
    both(
        "hold.created",
        "hold",
        "Seats are held for an organisation.",
    ),
    both(
        "hold.lapsed",
        "hold",
        "What was left of a hold went to the queue after its last day.",
    ),
    both(
        "hold.released",
        "hold",
        "What was left of a hold was given up.",
    ),
    organiser(
        "interest.deleted",
        "interest",
        "Somebody's interest in a round was withdrawn or is no longer kept.",
    ),
    both(
        "invoice.issued",
        "invoice",
        "An invoice was issued to an organisation.",
    ),
    organiser(
        "needs.counted",
        "round",
        "What a round's participants need was counted anew; the counts are in the API.",
    ),
    both(
        "offer.accepted",
        "application",
        "An offered seat was accepted.",
    ),
    both(
        "offer.declined",
        "application",
        "An offered seat was declined.",
    ),
    both(
        "offer.expired",
        "application",
        "An offered seat was not answered in time.",
    ),
    both("offer.made", "application", "A seat was offered."),
    both(
        "offer.rescinded",
        "application",
        "An offered seat was taken back.",
    ),
    both(
        "office.holder_changed",
        "office",
        "An office was made, or who decides for it changed.",
    ),
    both(
        "organisation.changed",
        "organisation",
        "An organisation changed.",
    ),
    both(
        "organisation.created",
        "organisation",
        "An organisation was added.",
    ),
    organiser(
        "pair.active",
        "pair",
        "A mentor and a participant work together.",
    )
    .of(MENTORSHIP),
    organiser(
        "pair.proposed",
        "pair",
        "A mentor was proposed to a participant.",
    )
    .of(MENTORSHIP),
    both(
        "participation.completed",
        "application",
        "A participation was completed.",
    ),
    both(
        "participation.discontinued",
        "application",
        "A participation was ended by the organiser.",
    ),
    both(
        "participation.substituted",
        "application",
        "A participant handed the seat on.",
    ),
    both(
        "participation.taken_over",
        "application",
        "A participant took over a seat.",
    ),
    both(
        "participation.withdrawn",
        "application",
        "A participant gave the seat up.",
    ),
    both(
        "partner.deleted",
        "organisation",
        "An organisation is no partner any more.",
    ),
    both(
        "person.changed",
        "person",
        "A person changed; `changedMembers` names what.",
    ),
    both("person.created", "person", "A person was added."),
    both(
        "person.erased",
        "person",
        "A person was erased; nothing but the id is left.",
    ),
    organiser("plan.released", "round", "A round's plan was released.").of(SCHEDULING),
    organiser(
        "programme.archived",
        "programme",
        "A programme was archived.",
    ),
    organiser(
        "programme.changed",
        "programme",
        "A published programme changed.",
    ),
    organiser(
        "programme.published",
        "programme",
        "A programme was published.",
    ),
    both(
        "role_assignment.deleted",
        "role assignment",
        "A role was taken from a person.",
    ),
    organiser("round.archived", "round", "A round was archived."),
    organiser("round.cancelled", "round", "A round will not be held."),
    organiser("round.changed", "round", "A round changed."),
    organiser(
        "round.closed",
        "round",
        "A round takes no more applications.",
    ),
    organiser("round.created", "round", "A round was drafted."),
    organiser("round.finished", "round", "A round is over."),
    organiser("round.open", "round", "A round takes applications."),
    organiser(
        "round.overbooked",
        "round",
        "A round may have more participants than seats.",
    ),
    organiser("round.published", "round", "A round was announced."),
    organiser("round.running", "round", "A round has begun."),
    organiser("session.changed", "session", "A release changed a session.").of(SCHEDULING),
    both(
        "substitution.named",
        "application",
        "Somebody was named to take over a seat.",
    ),
    both("webhook.changed", "webhook", "A webhook changed."),
    both("webhook.created", "webhook", "A webhook was made."),
    both("webhook.deleted", "webhook", "A webhook was taken away."),
    both(
        "webhook.disabled",
        "webhook",
        "A webhook is sent no more events.",
    ),
    both(
        "webhook.enabled",
        "webhook",
        "A webhook is sent events again.",
    ),
    both("webhook.rotated", "webhook", "A webhook got a new secret."),
    both(
        "webhook.tested",
        "webhook",
        "Somebody asked for a test event; it goes to this webhook alone, whatever types it takes.",
    ),
];

/// The type of a name.
pub fn find(name: &str) -> Option<&'static Known> {
    let place = CATALOGUE.binary_search_by(|known| known.name.cmp(name));
    place.ok().and_then(|place| CATALOGUE.get(place))
}

/// Names of the types that a role hears; none for a role that hears no events.
pub fn heard_by(role: Role) -> Vec<&'static str> {
    let hears = |known: &&Known| roles(known).contains(&role);
    CATALOGUE
        .iter()
        .filter(hears)
        .map(|known| known.name)
        .collect()
}

/// The roles that hear a type.
pub fn roles(known: &Known) -> &'static [Role] {
    if known.hr {
        &[Role::Hr, Role::Coordinator]
    } else {
        &[Role::Coordinator]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_events::declares;
    use shared_types::facts::wanted_by;

    #[test]
    fn each_type_stands_there_once_in_order() {
        assert!(CATALOGUE.is_sorted_by(|one, next| one.name < next.name));
        for known in CATALOGUE {
            assert_eq!(find(known.name), Some(known));
        }
        assert_eq!(find("person.unheard_of"), None);
    }

    #[test]
    fn registration_is_told_what_it_passes_on() {
        let told = wanted_by("registration");
        for known in CATALOGUE
            .iter()
            .filter(|known| known.source != REGISTRATION)
        {
            assert!(declares(&told, known.name), "{}", known.name);
        }
    }

    #[test]
    fn hr_hears_nothing_that_is_the_organisers_alone() {
        let hr = heard_by(Role::Hr);
        for name in [
            "round.created",
            "alarm.raised",
            "pair.proposed",
            "needs.counted",
            "cohort.refused",
        ] {
            assert!(!hr.contains(&name), "{name}");
        }
        assert!(hr.len() < heard_by(Role::Coordinator).len());
        assert_eq!(heard_by(Role::Operator), Vec::<&str>::new());
    }
}
