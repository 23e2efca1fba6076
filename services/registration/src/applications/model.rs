//! What may happen to an application, and who may do it.

use super::entity;
use crate::rounds::model::Terms;
use chrono::{DateTime, NaiveDate, Utc};
use shared_database::{DatabaseError, column};
use shared_types::{
    Refusal, civil,
    registration::{
        applications::{AdmissionVerdict, ApplicationState, EndorsementState, SeatState},
        codes::{
            APPLICATION_HAS_SEAT, APPLICATION_STATE, APPLICATION_WITHOUT_SEAT,
            ENDORSEMENT_DEADLINE_PASSED, ENDORSEMENT_DECIDED, ENDORSEMENT_MISSING,
            ENDORSEMENT_NOT_REQUIRED, ENDORSEMENT_OF_ONESELF, OFFER_EXPIRED, ROUND_STATE,
            SUBSTITUTION_PENDING,
        },
    },
    transition::Edge,
};

/// The four facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The application itself.
    pub state: ApplicationState,
    /// What the office says.
    pub endorsement: EndorsementState,
    /// What the organiser decided.
    pub admission: AdmissionVerdict,
    /// The seat.
    pub seat: SeatState,
    /// Last day for the answer to the offer.
    pub answer_by: Option<NaiveDate>,
    /// Whether it is to take over somebody's seat.
    pub replaces: bool,
    /// When it was handed in.
    pub submitted_at: Option<DateTime<Utc>>,
}

impl Facts {
    /// Reads the facts of a row.
    pub fn read(row: &entity::Model) -> Result<Self, DatabaseError> {
        Ok(Self {
            state: column::parse(&row.state)?,
            endorsement: column::parse(&row.endorsement)?,
            admission: column::parse(&row.admission)?,
            seat: column::parse(&row.seat)?,
            answer_by: row.answer_by,
            replaces: row.replaces.is_some(),
            submitted_at: row.submitted_at,
        })
    }

    /// Whether it waits for an office that could not answer by the round's deadline: it was
    /// handed in after it, or takes over a seat, whenever that is.
    pub fn awaits_late(&self, terms: &Terms) -> bool {
        let over = terms
            .endorse_by
            .map(|day| civil::end_of_day(day, terms.zone));
        let late = over
            .zip(self.submitted_at)
            .is_some_and(|(over, at)| at >= over);
        self.endorsement == EndorsementState::Awaiting && (self.replaces || late)
    }

    /// Live: handed in, not rejected, and the seat not given up. One live application per
    /// person and round.
    pub fn live(&self) -> bool {
        self.state == ApplicationState::Submitted
            && self.admission != AdmissionVerdict::Rejected
            && matches!(
                self.seat,
                SeatState::None | SeatState::Offered | SeatState::Accepted
            )
    }

    /// Whether the endorsement, where one is needed, is there.
    pub fn endorsed(&self) -> bool {
        matches!(
            self.endorsement,
            EndorsementState::Endorsed | EndorsementState::NotRequired
        )
    }
}

/// What the caller is to the application.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Who {
    /// The applicant.
    pub own: bool,
    /// A coordinator of the organiser.
    pub coordinator: bool,
    /// Somebody who decides for the application's office.
    pub office: bool,
}

/// What the edges of an application look at.
#[derive(Clone, Debug)]
pub struct Case {
    /// The facts.
    pub facts: Facts,
    /// The round's terms.
    pub terms: Terms,
    /// The caller.
    pub who: Who,
    /// Whether another person is named to take over the seat.
    pub substitution_pending: bool,
    /// The time at which the request is judged.
    pub now: DateTime<Utc>,
}

fn own_or_coordinator(case: &Case) -> bool {
    case.who.own || case.who.coordinator
}

fn coordinator(case: &Case) -> bool {
    case.who.coordinator
}

fn own(case: &Case) -> bool {
    case.who.own
}

fn office_or_coordinator(case: &Case) -> bool {
    case.who.office || case.who.coordinator
}

fn anyone_concerned(case: &Case) -> bool {
    case.who.own || case.who.office || case.who.coordinator
}

fn application_is(case: &Case, wanted: ApplicationState) -> Result<(), Refusal> {
    if case.facts.state == wanted {
        Ok(())
    } else {
        Err(Refusal::of(&APPLICATION_STATE).value("state", column::text(case.facts.state)))
    }
}

fn seat_is(case: &Case, wanted: SeatState) -> Result<(), Refusal> {
    if case.facts.seat == wanted {
        Ok(())
    } else {
        Err(Refusal::of(&APPLICATION_WITHOUT_SEAT).value("state", column::text(case.facts.seat)))
    }
}

fn is_draft(case: &Case) -> Result<(), Refusal> {
    application_is(case, ApplicationState::Draft)
}

fn is_submitted(case: &Case) -> Result<(), Refusal> {
    application_is(case, ApplicationState::Submitted)
}

fn round_takes_applications(case: &Case) -> Result<(), Refusal> {
    case.terms.takes_applications(case.now)
}

fn round_takes_late_applications(case: &Case) -> Result<(), Refusal> {
    case.terms.takes_late_applications()
}

fn is_not_over(case: &Case) -> Result<(), Refusal> {
    let draft = case.facts.state == ApplicationState::Draft;
    if draft || case.facts.live() {
        return Ok(());
    }
    if case.facts.state == ApplicationState::Withdrawn || case.facts.seat == SeatState::None {
        return is_submitted(case).and_then(|()| {
            Err(Refusal::of(&APPLICATION_STATE).value("state", column::text(case.facts.admission)))
        });
    }
    seat_is(case, SeatState::Accepted)
}

fn seat_is_offered(case: &Case) -> Result<(), Refusal> {
    seat_is(case, SeatState::Offered)
}

fn seat_is_accepted(case: &Case) -> Result<(), Refusal> {
    seat_is(case, SeatState::Accepted)
}

fn offer_is_in_time(case: &Case) -> Result<(), Refusal> {
    match case.facts.answer_by {
        Some(day) if case.now >= civil::end_of_day(day, case.terms.zone) => {
            Err(case.terms.too_late(&OFFER_EXPIRED, day))
        }
        _ => Ok(()),
    }
}

fn endorsement_is_awaited(case: &Case) -> Result<(), Refusal> {
    match case.facts.endorsement {
        EndorsementState::Awaiting => Ok(()),
        // Nobody answered in time: the coordinator may still decide in the office's place.
        EndorsementState::Expired if case.who.coordinator => Ok(()),
        EndorsementState::NotRequired => Err(Refusal::of(&ENDORSEMENT_NOT_REQUIRED)),
        state => Err(Refusal::of(&ENDORSEMENT_DECIDED).value("state", column::text(state))),
    }
}

fn not_of_oneself(case: &Case) -> Result<(), Refusal> {
    if case.who.own {
        Err(Refusal::of(&ENDORSEMENT_OF_ONESELF))
    } else {
        Ok(())
    }
}

fn endorsing_is_in_time(case: &Case) -> Result<(), Refusal> {
    match case.terms.endorsing_is_over(case.now) {
        Some(day) if !case.who.coordinator && !case.facts.awaits_late(&case.terms) => {
            Err(case.terms.too_late(&ENDORSEMENT_DEADLINE_PASSED, day))
        }
        _ => Ok(()),
    }
}

fn is_live(case: &Case) -> Result<(), Refusal> {
    if case.facts.live() {
        Ok(())
    } else {
        Err(Refusal::of(&APPLICATION_STATE).value("state", column::text(case.facts.admission)))
    }
}

fn is_endorsed(case: &Case) -> Result<(), Refusal> {
    if case.facts.endorsement == EndorsementState::Endorsed {
        Ok(())
    } else {
        Err(Refusal::of(&ENDORSEMENT_MISSING).value("state", column::text(case.facts.endorsement)))
    }
}

fn seat_is_not_accepted(case: &Case) -> Result<(), Refusal> {
    match case.facts.seat {
        SeatState::None | SeatState::Offered => Ok(()),
        state => Err(Refusal::of(&APPLICATION_HAS_SEAT).value("state", column::text(state))),
    }
}

fn no_substitution_pending(case: &Case) -> Result<(), Refusal> {
    if case.substitution_pending {
        Err(Refusal::of(&SUBSTITUTION_PENDING))
    } else {
        Ok(())
    }
}

fn seats_move(case: &Case) -> Result<(), Refusal> {
    if case.terms.seats_move() {
        Ok(())
    } else {
        Err(Refusal::of(&ROUND_STATE).value("state", column::text(case.terms.state)))
    }
}

fn holds_no_seat(case: &Case) -> Result<(), Refusal> {
    seat_is(case, SeatState::None)
}

fn is_waitlisted(case: &Case) -> Result<(), Refusal> {
    if case.facts.admission == AdmissionVerdict::Waitlisted && case.facts.seat == SeatState::None {
        Ok(())
    } else {
        Err(Refusal::of(&APPLICATION_STATE).value("state", column::text(case.facts.admission)))
    }
}

/// Every transition of an application.
pub static EDGES: [Edge<Case>; 10] = [
    Edge {
        name: "submission",
        who: own_or_coordinator,
        conditions: &[is_draft, round_takes_applications],
    },
    Edge {
        name: "late-submission",
        who: coordinator,
        conditions: &[is_draft, round_takes_late_applications],
    },
    Edge {
        name: "withdrawal",
        who: own_or_coordinator,
        conditions: &[is_not_over],
    },
    Edge {
        name: "endorsement",
        who: office_or_coordinator,
        conditions: &[
            is_submitted,
            seats_move,
            is_live,
            endorsement_is_awaited,
            not_of_oneself,
            endorsing_is_in_time,
        ],
    },
    Edge {
        name: "revocation",
        who: office_or_coordinator,
        conditions: &[
            is_submitted,
            is_endorsed,
            seat_is_not_accepted,
            not_of_oneself,
        ],
    },
    Edge {
        name: "answer",
        who: own,
        conditions: &[seat_is_offered, offer_is_in_time, seats_move],
    },
    Edge {
        name: "rescission",
        who: coordinator,
        conditions: &[seat_is_offered],
    },
    Edge {
        name: "substitution",
        who: anyone_concerned,
        conditions: &[seat_is_accepted, no_substitution_pending, seats_move],
    },
    Edge {
        name: "discontinuation",
        who: coordinator,
        conditions: &[seat_is_accepted, seats_move],
    },
    Edge {
        name: "rejection",
        who: coordinator,
        conditions: &[is_waitlisted],
    },
];

/// What the end of its round does to an application that is still live. Nobody asks for these
/// by name: they have no address, and are judged as the round's state changes.
pub static ENDINGS: [Edge<Case>; 3] = [
    Edge {
        name: "rescission",
        who: coordinator,
        conditions: &[is_submitted, is_live, seat_is_offered],
    },
    Edge {
        name: "discontinuation",
        who: coordinator,
        conditions: &[is_submitted, is_live, seat_is_accepted],
    },
    Edge {
        name: "rejection",
        who: coordinator,
        conditions: &[is_submitted, is_live, holds_no_seat],
    },
];

/// What happens to a seat when evaluation tells that its holder completed the round. It is not
/// offered to anybody: a coordinator decides it there.
pub static COMPLETION: Edge<Case> = Edge {
    name: "completion",
    who: coordinator,
    conditions: &[is_submitted, seat_is_accepted],
};

#[cfg(test)]
mod tests {
    use super::*;
    use shared_types::{
        OrganisationId, RoundId,
        registration::rounds::{AdmissionRules, Eligibility, EndorsementRule, RoundState},
    };

    const COORDINATOR: Who = Who {
        own: false,
        coordinator: true,
        office: false,
    };
    const APPLICANT: Who = Who {
        own: true,
        coordinator: false,
        office: false,
    };
    const OFFICE: Who = Who {
        own: false,
        coordinator: false,
        office: true,
    };

    fn case(who: Who, change: impl FnOnce(&mut Facts)) -> Case {
        let mut facts = Facts {
            state: ApplicationState::Submitted,
            endorsement: EndorsementState::Awaiting,
            admission: AdmissionVerdict::Pending,
            seat: SeatState::None,
            answer_by: "2022-05-19".parse().ok(),
            replaces: false,
            submitted_at: "2022-04-10T08:00:00Z".parse().ok(),
        };
        change(&mut facts);
        let terms = Terms {
            id: RoundId::new(),
            organiser: OrganisationId::new(),
            state: RoundState::Open,
            seats: 24,
            window: "2022-04-01".parse().ok().zip("2022-04-26".parse().ok()),
            endorse_by: "2022-05-06".parse().ok(),
            answer_days: 10,
            counting: crate::rounds::model::Counting::default(),
            zone: chrono_tz::Europe::Stockholm,
            eligibility: Eligibility::default(),
            endorsement: EndorsementRule::MunicipalDirector,
            admission: AdmissionRules::default(),
            announced: false,
            one_seat: false,
        };
        Case {
            facts,
            terms,
            who,
            substitution_pending: false,
            now: "2022-04-12T08:00:00Z".parse().unwrap(),
        }
    }

    fn allowed(case: &Case) -> Vec<&'static str> {
        EDGES
            .iter()
            .filter(|edge| (edge.who)(case) && edge.judge(case).is_ok())
            .map(|edge| edge.name)
            .collect()
    }

    fn refusal(name: &str, case: &Case) -> &'static str {
        let edge = EDGES.iter().find(|edge| edge.name == name).unwrap();
        edge.judge(case).unwrap_err().code.name
    }

    #[test]
    fn each_role_sees_its_own_edges_of_a_fresh_application() {
        assert_eq!(allowed(&case(APPLICANT, |_| {})), ["withdrawal"]);
        assert_eq!(allowed(&case(OFFICE, |_| {})), ["endorsement"]);
        assert_eq!(
            allowed(&case(COORDINATOR, |_| {})),
            ["withdrawal", "endorsement"]
        );
        assert!(allowed(&case(Who::default(), |_| {})).is_empty());
    }

    #[test]
    fn an_offer_is_answered_by_its_person_in_time_only() {
        let offered = |facts: &mut Facts| {
            facts.endorsement = EndorsementState::Endorsed;
            facts.admission = AdmissionVerdict::Admitted;
            facts.seat = SeatState::Offered;
        };
        assert_eq!(allowed(&case(APPLICANT, offered)), ["withdrawal", "answer"]);
        let mut late = case(APPLICANT, offered);
        late.now = "2022-05-19T22:00:00Z".parse().unwrap();
        assert_eq!(refusal("answer", &late), "offer_expired");
        assert_eq!(allowed(&case(OFFICE, offered)), ["revocation"]);
    }

    #[test]
    fn a_director_decides_once_in_time_and_never_about_oneself() {
        let decided = case(OFFICE, |facts| {
            facts.endorsement = EndorsementState::Declined;
        });
        assert_eq!(
            refusal("endorsement", &decided),
            "endorsement_already_decided"
        );
        let oneself = case(
            Who {
                own: true,
                office: true,
                coordinator: false,
            },
            |_| {},
        );
        assert_eq!(refusal("endorsement", &oneself), "endorsement_of_oneself");
        let mut late = case(OFFICE, |_| {});
        late.now = "2022-05-06T22:00:00Z".parse().unwrap();
        assert_eq!(refusal("endorsement", &late), "endorsement_deadline_passed");
        late.who = COORDINATOR;
        assert!(allowed(&late).contains(&"endorsement"));
    }

    #[test]
    fn an_accepted_seat_can_be_left_handed_on_or_ended_and_its_endorsement_stays() {
        let accepted = |facts: &mut Facts| {
            facts.endorsement = EndorsementState::Endorsed;
            facts.admission = AdmissionVerdict::Admitted;
            facts.seat = SeatState::Accepted;
        };
        assert_eq!(
            allowed(&case(APPLICANT, accepted)),
            ["withdrawal", "substitution"]
        );
        assert_eq!(
            allowed(&case(COORDINATOR, accepted)),
            ["withdrawal", "substitution", "discontinuation"]
        );
        assert_eq!(
            refusal("revocation", &case(OFFICE, accepted)),
            "application_has_seat"
        );
        let mut pending = case(APPLICANT, accepted);
        pending.substitution_pending = true;
        assert_eq!(
            refusal("substitution", &pending),
            "substitution_already_pending"
        );
    }

    #[test]
    fn in_a_cancelled_round_one_can_only_withdraw() {
        for who in [APPLICANT, OFFICE] {
            let mut cancelled = case(who, |_| {});
            cancelled.terms.state = RoundState::Cancelled;
            assert_eq!(
                allowed(&cancelled),
                if who.own { vec!["withdrawal"] } else { vec![] }
            );
        }
    }

    #[test]
    fn the_end_of_a_round_has_exactly_one_edge_for_whoever_is_live() {
        let endings = |case: &Case| -> Vec<&str> {
            let open = ENDINGS.iter().filter(|edge| edge.judge(case).is_ok());
            open.map(|edge| edge.name).collect()
        };
        for (seat, expected) in [
            (SeatState::None, vec!["rejection"]),
            (SeatState::Offered, vec!["rescission"]),
            (SeatState::Accepted, vec!["discontinuation"]),
            (SeatState::Declined, vec![]),
            (SeatState::Expired, vec![]),
            (SeatState::Rescinded, vec![]),
            (SeatState::Withdrawn, vec![]),
            (SeatState::Substituted, vec![]),
            (SeatState::Completed, vec![]),
            (SeatState::Discontinued, vec![]),
        ] {
            let one = case(COORDINATOR, |facts| facts.seat = seat);
            assert_eq!(endings(&one), expected, "{seat:?}");
        }
        for state in [ApplicationState::Draft, ApplicationState::Withdrawn] {
            let one = case(COORDINATOR, |facts| facts.state = state);
            assert!(endings(&one).is_empty());
        }
    }

    #[test]
    fn what_is_over_stays_over() {
        for seat in [
            SeatState::Declined,
            SeatState::Expired,
            SeatState::Rescinded,
            SeatState::Withdrawn,
            SeatState::Substituted,
        ] {
            let over = case(COORDINATOR, |facts| {
                facts.endorsement = EndorsementState::Endorsed;
                facts.admission = AdmissionVerdict::Admitted;
                facts.seat = seat;
            });
            assert!(!over.facts.live());
            assert!(!allowed(&over).contains(&"withdrawal"), "{seat:?}");
        }
        let withdrawn = case(APPLICANT, |facts| facts.state = ApplicationState::Withdrawn);
        assert!(allowed(&withdrawn).is_empty());
        let rejected = case(APPLICANT, |facts| {
            facts.admission = AdmissionVerdict::Rejected;
        });
        assert_eq!(
            refusal("withdrawal", &rejected),
            "application_state_forbids"
        );
    }
}
