//! What a round's terms allow, and when.

use super::entity;
use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use shared_database::{DatabaseError, column};
use shared_types::{
    Code, FieldProblem, OrganisationId, Problem, Refusal, RoundId, civil, codes,
    holidays::Country,
    registration::{
        codes::{
            PROGRAMME_NOT_PUBLISHED, ROUND_DEADLINE_PASSED, ROUND_NOT_OPEN_YET, ROUND_STATE,
            ROUND_WITHOUT_DATES,
        },
        rounds::{AdmissionRules, DayKind, Eligibility, EndorsementRule, NewRound, RoundState},
    },
    transition::Edge,
};

/// The terms of a round, as rules look at them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The round.
    pub id: RoundId,
    /// The organiser.
    pub organiser: OrganisationId,
    /// State.
    pub state: RoundState,
    /// Seats and overbooking together.
    pub seats: i32,
    /// First and last day for applications; absent for an interest list.
    pub window: Option<(NaiveDate, NaiveDate)>,
    /// Last day for endorsements.
    pub endorse_by: Option<NaiveDate>,
    /// Days an offer waits.
    pub answer_days: i32,
    /// How days are counted.
    pub counting: Counting,
    /// Zone of all its days.
    pub zone: Tz,
    /// Who may take part.
    pub eligibility: Eligibility,
    /// Who endorses.
    pub endorsement: EndorsementRule,
    /// How seats are divided.
    pub admission: AdmissionRules,
    /// Whether the admission was announced.
    pub announced: bool,
    /// Whether a person gets one seat among the rounds of the programme.
    pub one_seat: bool,
}

/// How a round counts the days of its deadlines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counting {
    /// What is counted.
    pub kind: DayKind,
    /// Whether a deadline on no working day moves to the next one.
    pub moves: bool,
    /// Whose calendar says what a working day is.
    pub country: Option<Country>,
}

impl Counting {
    /// The day on which a deadline ends that was set for a day.
    pub fn deadline(&self, day: NaiveDate) -> NaiveDate {
        match self.country {
            Some(country) if self.moves => country.working_day_from(day),
            _ => day,
        }
    }

    /// The deadline so many days after a day, which is not counted itself.
    pub fn after(&self, day: NaiveDate, days: u32) -> NaiveDate {
        let later = match (self.kind, self.country) {
            (DayKind::Working, Some(country)) => country.after_working_days(day, days),
            _ => day
                .checked_add_days(Days::new(days.into()))
                .unwrap_or(NaiveDate::MAX),
        };
        self.deadline(later)
    }
}

impl Terms {
    /// Reads the terms of a row.
    pub fn read(row: &entity::Model) -> Result<Self, DatabaseError> {
        Ok(Self {
            id: row.id.into(),
            organiser: row.organiser_id.into(),
            state: column::parse(&row.state)?,
            seats: row.seats + row.overbooking,
            window: row.opens_on.zip(row.closes_on),
            endorse_by: row.endorse_by.or(row.closes_on),
            answer_days: row.answer_days,
            counting: Counting {
                kind: column::parse(&row.answer_days_kind)?,
                moves: row.move_deadlines,
                country: row.calendar.as_deref().and_then(Country::of_code),
            },
            zone: civil::zone(&row.time_zone)
                .ok_or_else(|| DatabaseError::Corrupt(format!("zone {}", row.time_zone)))?,
            eligibility: column::from_json(row.eligibility.clone())?,
            endorsement: column::parse(&row.endorsement)?,
            admission: column::from_json(row.admission.clone())?,
            announced: row.admission_published_at.is_some(),
            one_seat: row.one_seat,
        })
    }

    /// Today, where the round's days are counted.
    pub fn today(&self, now: DateTime<Utc>) -> NaiveDate {
        civil::date_in(now, self.zone)
    }

    /// Whether an application can be handed in: the state says open and the last day is not
    /// over. The sweep that closes rounds may be late; the deadline is not.
    pub fn takes_applications(&self, now: DateTime<Utc>) -> Result<(), Refusal> {
        let Some((opens_on, closes_on)) = self.window else {
            return Err(Refusal::of(&ROUND_WITHOUT_DATES));
        };
        match self.state {
            RoundState::Open | RoundState::Closed
                if now >= civil::end_of_day(closes_on, self.zone) =>
            {
                Err(self.too_late(&ROUND_DEADLINE_PASSED, closes_on))
            }
            RoundState::Open => Ok(()),
            RoundState::Published => Err(Refusal::of(&ROUND_NOT_OPEN_YET).value("date", opens_on)),
            state => Err(state_forbids(state)),
        }
    }

    /// Whether an application can still come in late, by a coordinator.
    pub fn takes_late_applications(&self) -> Result<(), Refusal> {
        match self.state {
            RoundState::Open | RoundState::Closed | RoundState::Running => Ok(()),
            state => Err(state_forbids(state)),
        }
    }

    /// Whether the offices can still decide.
    pub fn endorsing_is_over(&self, now: DateTime<Utc>) -> Option<NaiveDate> {
        self.endorse_by
            .filter(|day| now >= civil::end_of_day(*day, self.zone))
    }

    /// Last day for the answer to an offer that is made now.
    pub fn answer_by(&self, now: DateTime<Utc>) -> NaiveDate {
        let days = u32::try_from(self.answer_days).unwrap_or(0);
        self.counting.after(self.today(now), days)
    }

    /// A deadline that has passed, named by its civil date and the zone in which it was counted.
    pub fn too_late(&self, code: &'static Code, date: NaiveDate) -> Refusal {
        Refusal::of(code)
            .value("date", date)
            .value("zone", self.zone.name())
    }

    /// Whether seats can still change hands.
    pub fn seats_move(&self) -> bool {
        matches!(
            self.state,
            RoundState::Open | RoundState::Closed | RoundState::Running
        )
    }
}

fn state_forbids(state: RoundState) -> Refusal {
    Refusal::of(&ROUND_STATE).value("state", column::text(state))
}

/// What the edges of a round look at.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// State of the round.
    pub state: RoundState,
    /// Whether it has an application window.
    pub has_window: bool,
    /// Whether its programme is published.
    pub programme_published: bool,
    /// Whether the caller coordinates the organiser's programmes.
    pub coordinator: bool,
}

fn coordinator(case: &Case) -> bool {
    case.coordinator
}

fn in_state(case: &Case, allowed: &[RoundState]) -> Result<(), Refusal> {
    if allowed.contains(&case.state) {
        Ok(())
    } else {
        Err(state_forbids(case.state))
    }
}

fn is_draft(case: &Case) -> Result<(), Refusal> {
    in_state(case, &[RoundState::Draft])
}

fn is_published(case: &Case) -> Result<(), Refusal> {
    in_state(case, &[RoundState::Published])
}

fn is_open(case: &Case) -> Result<(), Refusal> {
    in_state(case, &[RoundState::Open])
}

fn is_closed(case: &Case) -> Result<(), Refusal> {
    in_state(case, &[RoundState::Closed])
}

fn is_running(case: &Case) -> Result<(), Refusal> {
    in_state(case, &[RoundState::Running])
}

fn is_finished(case: &Case) -> Result<(), Refusal> {
    in_state(case, &[RoundState::Finished])
}

fn is_not_over(case: &Case) -> Result<(), Refusal> {
    use RoundState::{Closed, Draft, Open, Published, Running};
    in_state(case, &[Draft, Published, Open, Closed, Running])
}

fn has_window(case: &Case) -> Result<(), Refusal> {
    if case.has_window {
        Ok(())
    } else {
        Err(Refusal::of(&ROUND_WITHOUT_DATES))
    }
}

fn programme_is_published(case: &Case) -> Result<(), Refusal> {
    if case.programme_published {
        Ok(())
    } else {
        Err(Refusal::of(&PROGRAMME_NOT_PUBLISHED))
    }
}

/// Every transition of a round.
pub static EDGES: [Edge<Case>; 8] = [
    Edge {
        name: "publication",
        who: coordinator,
        conditions: &[is_draft, programme_is_published],
    },
    Edge {
        name: "opening",
        who: coordinator,
        conditions: &[is_published, has_window],
    },
    Edge {
        name: "closing",
        who: coordinator,
        conditions: &[is_open],
    },
    Edge {
        name: "start",
        who: coordinator,
        conditions: &[is_closed],
    },
    Edge {
        name: "completion",
        who: coordinator,
        conditions: &[is_running],
    },
    Edge {
        name: "archival",
        who: coordinator,
        conditions: &[is_finished],
    },
    Edge {
        name: "cancellation",
        who: coordinator,
        conditions: &[is_not_over],
    },
    Edge {
        name: "overbooking",
        who: coordinator,
        conditions: &[is_not_over],
    },
];

/// What a round's body says that a schema can't judge, all at once.
pub fn check(body: &NewRound) -> Result<(), Problem> {
    let mut errors = Vec::new();
    let mut refuse = |wrong: bool, pointer: &'static str, detail: &str| {
        if wrong {
            errors.push(FieldProblem::pointer(pointer, "invalid", detail));
        }
    };
    let after = |later: Option<NaiveDate>, earlier: Option<NaiveDate>| {
        later
            .zip(earlier)
            .is_some_and(|(later, earlier)| later < earlier)
    };
    refuse(
        civil::zone(&body.time_zone).is_none(),
        "/timeZone",
        "There is no such IANA zone.",
    );
    refuse(
        body.opens_on.is_some() != body.closes_on.is_some(),
        "/closesOn",
        "opensOn and closesOn belong together.",
    );
    refuse(
        after(body.closes_on, body.opens_on),
        "/closesOn",
        "The last day is before the first.",
    );
    refuse(
        after(body.endorse_by, body.closes_on),
        "/endorseBy",
        "Endorsements end before applications do.",
    );
    refuse(
        body.endorse_by.is_some() && body.closes_on.is_none(),
        "/endorseBy",
        "An interest list has no deadlines.",
    );
    refuse(
        after(body.ends_on, body.starts_on),
        "/endsOn",
        "The round ends before it starts.",
    );
    refuse(
        body.minimum_to_run > body.seats,
        "/minimumToRun",
        "More participants are required than there are seats.",
    );
    refuse(
        body.occasions
            .iter()
            .any(|occasion| occasion.ends_on < occasion.starts_on),
        "/occasions",
        "An occasion ends before it starts.",
    );
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Problem::of(&codes::INVALID_BODY).errors(errors))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(state: RoundState) -> Case {
        Case {
            state,
            has_window: true,
            programme_published: true,
            coordinator: true,
        }
    }

    fn allowed(case: &Case) -> Vec<&'static str> {
        EDGES
            .iter()
            .filter(|edge| (edge.who)(case) && edge.judge(case).is_ok())
            .map(|edge| edge.name)
            .collect()
    }

    #[test]
    fn every_state_has_exactly_its_edges() {
        use RoundState::{Archived, Cancelled, Closed, Draft, Finished, Open, Published, Running};
        let table = [
            (Draft, vec!["publication", "cancellation", "overbooking"]),
            (Published, vec!["opening", "cancellation", "overbooking"]),
            (Open, vec!["closing", "cancellation", "overbooking"]),
            (Closed, vec!["start", "cancellation", "overbooking"]),
            (Running, vec!["completion", "cancellation", "overbooking"]),
            (Finished, vec!["archival"]),
            (Archived, vec![]),
            (Cancelled, vec![]),
        ];
        for (state, edges) in table {
            assert_eq!(allowed(&case(state)), edges, "{state:?}");
        }
    }

    #[test]
    fn an_interest_list_does_not_open_and_a_stranger_moves_nothing() {
        let list = Case {
            has_window: false,
            ..case(RoundState::Published)
        };
        assert_eq!(
            EDGES[1].judge(&list).unwrap_err().code.name,
            "round_without_dates"
        );
        assert!(
            allowed(&Case {
                coordinator: false,
                ..case(RoundState::Draft)
            })
            .is_empty()
        );
    }

    fn terms(state: RoundState) -> Terms {
        Terms {
            id: RoundId::new(),
            organiser: OrganisationId::new(),
            state,
            seats: 24,
            window: "2022-04-01".parse().ok().zip("2022-04-26".parse().ok()),
            endorse_by: "2022-05-06".parse().ok(),
            answer_days: 10,
            counting: Counting::default(),
            zone: chrono_tz::Europe::Stockholm,
            eligibility: Eligibility::default(),
            endorsement: EndorsementRule::MunicipalDirector,
            admission: AdmissionRules::default(),
            announced: false,
            one_seat: false,
        }
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn the_last_second_of_the_deadline_counts_and_the_next_does_not() {
        let open = terms(RoundState::Open);
        assert!(open.takes_applications(at("2022-04-26T21:59:59Z")).is_ok());
        let late = open
            .takes_applications(at("2022-04-26T22:00:00Z"))
            .unwrap_err();
        assert_eq!(late.code.name, "round_deadline_passed");
        assert!(open.takes_late_applications().is_ok());
    }

    #[test]
    fn an_offer_waits_its_days_in_the_organisers_zone() {
        let answer_by = terms(RoundState::Closed).answer_by(at("2022-05-09T22:30:00Z"));
        assert_eq!(
            answer_by.to_string(),
            "2022-05-20",
            "it is already the 10th in Stockholm"
        );
    }
}
