//! What a session may say, and what may happen to it.

use super::{
    entity,
    times::{self, TimeError},
};
use chrono_tz::Tz;
use shared_database::{DatabaseError, column};
use shared_types::{
    FieldProblem, Problem, Refusal, civil, codes,
    scheduling::{
        codes::{SESSION_NOT_RESERVE, SESSION_STATE},
        sessions::{Audience, NewSession, SessionForm, SessionKind, SessionState},
    },
    transition::Edge,
};
use std::collections::BTreeSet;

/// Refuses what no session can be; every violation is named. `zone` is the plan's, for a session
/// that names none.
pub fn check(body: &NewSession, zone: &str) -> Result<(), Problem> {
    let mut found = Violations::default();
    let name = body.time_zone.as_deref().unwrap_or(zone);
    let zone = civil::zone(name);
    found.refuse(zone.is_none(), "/timeZone", "There is no such IANA zone.");
    found.texts(body);
    found.kind(body);
    found.places(body);
    if let Some(zone) = zone {
        found.days(body, zone);
    }
    found.agenda(body);
    if found.0.is_empty() {
        Ok(())
    } else {
        Err(Problem::of(&codes::INVALID_BODY).errors(found.0))
    }
}

#[derive(Default)]
struct Violations(Vec<FieldProblem>);

impl Violations {
    fn refuse(&mut self, wrong: bool, pointer: impl Into<String>, detail: &str) {
        self.say(wrong, pointer, "invalid", detail);
    }

    fn say(&mut self, wrong: bool, pointer: impl Into<String>, code: &'static str, detail: &str) {
        if wrong {
            let pointer: String = pointer.into();
            self.0.push(FieldProblem::pointer(pointer, code, detail));
        }
    }

    fn texts(&mut self, body: &NewSession) {
        let words = "Keys are language tags, one to eight of them.";
        self.refuse(!body.name.is_well_formed(), "/name", words);
        let described = body.description.as_ref();
        let wrong = described.is_some_and(|text| !text.is_well_formed());
        self.refuse(wrong, "/description", words);
    }

    /// What only some kinds have.
    fn kind(&mut self, body: &NewSession) {
        let kind = body.kind;
        let practice = kind == SessionKind::PracticePeriod;
        let words = "A practice period, and nothing else, has a period.";
        self.refuse(practice != body.period.is_some(), "/period", words);
        let words = "Nobody meets in a practice period.";
        self.refuse(practice && !body.days.is_empty(), "/days", words);
        let backwards =
            |one: &shared_types::scheduling::sessions::Period| one.ends_on < one.starts_on;
        let wrong = body.period.as_ref().is_some_and(backwards);
        self.refuse(wrong, "/period/endsOn", "The last day is before the first.");
        let words = "An elective session, and nothing else, belongs to a choice.";
        let elective = kind == SessionKind::Elective;
        self.refuse(elective != body.choice.is_some(), "/choice", words);
        let words = "Only a reserve date is held until a day.";
        let wrong = kind != SessionKind::Reserve && body.held_until.is_some();
        self.refuse(wrong, "/heldUntil", words);
        let first = body.days.first().map(|day| day.date);
        let late = body.held_until.zip(first);
        let late = late.is_some_and(|(until, first)| until >= first);
        self.refuse(late, "/heldUntil", "The date itself is not after that day.");
        let words = "Audience group and groupId belong together.";
        let group = body.audience.contains(&Audience::Group);
        self.refuse(group != body.group_id.is_some(), "/groupId", words);
    }

    fn places(&mut self, body: &NewSession) {
        let words = "A room needs its venue.";
        let wrong = body.room_id.is_some() && body.venue_id.is_none();
        self.refuse(wrong, "/roomId", words);
        let digital = body.form == SessionForm::Digital;
        let words = "A digital session has no place.";
        self.refuse(digital && body.venue_id.is_some(), "/venueId", words);
        let words = "Only a hybrid session has sites.";
        let wrong = body.form != SessionForm::Hybrid && !body.sites.is_empty();
        self.refuse(wrong, "/sites", words);
        let mut seen = BTreeSet::new();
        for (number, site) in body.sites.iter().enumerate() {
            let place = (site.venue_id, site.room_id);
            let twice = !seen.insert(place) || Some(site.venue_id) == body.venue_id;
            self.refuse(
                twice,
                format!("/sites/{number}"),
                "The site is there already.",
            );
        }
    }

    fn days(&mut self, body: &NewSession, zone: Tz) {
        for (number, day) in body.days.iter().enumerate() {
            let at = |member: &str| format!("/days/{number}/{member}");
            let skipped = "Clocks skip this time on that day.";
            match times::instants(day, zone) {
                Ok(_) => {}
                Err(TimeError::StartSkipped) => {
                    self.say(true, at("startsAt"), "time_does_not_exist", skipped);
                }
                Err(TimeError::EndSkipped) => {
                    self.say(true, at("endsAt"), "time_does_not_exist", skipped);
                }
                Err(TimeError::EndsBeforeStart) => {
                    self.refuse(true, at("endsAt"), "The day ends before it starts.");
                }
            }
            let earlier = number.checked_sub(1).and_then(|one| body.days.get(one));
            let Some(earlier) = earlier else { continue };
            let words = "The days overlap, or are not in their order.";
            let (before, now) = ((earlier.date, earlier.ends_at), (day.date, day.starts_at));
            self.say(
                now < before,
                format!("/days/{number}"),
                "days_overlap",
                words,
            );
        }
    }

    fn agenda(&mut self, body: &NewSession) {
        for (number, item) in body.agenda.iter().enumerate() {
            let at = |member: &str| format!("/agenda/{number}/{member}");
            let words = "Keys are language tags, one to eight of them.";
            self.refuse(!item.title.is_well_formed(), at("title"), words);
            let index = usize::try_from(item.day - 1).ok();
            let Some(day) = index.and_then(|index| body.days.get(index)) else {
                self.refuse(true, at("day"), "The session has no such day.");
                continue;
            };
            let words = "The day has not begun, or is over.";
            let outside = item.starts_at < day.starts_at || item.starts_at >= day.ends_at;
            self.refuse(outside, at("startsAt"), words);
            let ends = item.ends_at.unwrap_or(day.ends_at);
            let words = "It ends before it starts, or after the day.";
            let wrong = ends <= item.starts_at || ends > day.ends_at;
            self.refuse(wrong && !outside, at("endsAt"), words);
            let words = "A room needs the session's venue.";
            let wrong = item.room_id.is_some() && body.venue_id.is_none();
            self.refuse(wrong, at("roomId"), words);
        }
    }
}

/// What the edges of a session look at.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// State.
    pub state: SessionState,
    /// What it is.
    pub kind: SessionKind,
    /// Whether the caller coordinates the organiser's programmes.
    pub coordinator: bool,
}

impl Case {
    /// The case of a row.
    pub fn of(row: &entity::Model, coordinator: bool) -> Result<Self, DatabaseError> {
        let content: NewSession = column::from_json(row.content.clone())?;
        Ok(Self {
            state: column::parse(&row.state)?,
            kind: content.kind,
            coordinator,
        })
    }
}

fn is_planned(case: &Case) -> Result<(), Refusal> {
    match case.state {
        SessionState::Planned => Ok(()),
        state => Err(Refusal::of(&SESSION_STATE).value("state", column::text(state))),
    }
}

fn is_held(case: &Case) -> Result<(), Refusal> {
    match case.state {
        SessionState::Planned | SessionState::Activated => Ok(()),
        state => Err(Refusal::of(&SESSION_STATE).value("state", column::text(state))),
    }
}

fn is_reserve(case: &Case) -> Result<(), Refusal> {
    match case.kind {
        SessionKind::Reserve => Ok(()),
        _ => Err(Refusal::of(&SESSION_NOT_RESERVE)),
    }
}

/// Every transition of a session in the draft.
pub static EDGES: [Edge<Case>; 3] = [
    Edge {
        name: "cancellation",
        who: |case| case.coordinator,
        conditions: &[is_held],
    },
    Edge {
        name: "activation",
        who: |case| case.coordinator,
        conditions: &[is_reserve, is_planned],
    },
    Edge {
        name: "lapse",
        who: |case| case.coordinator,
        conditions: &[is_reserve, is_planned],
    },
];

/// Whether a session in this state is to be held, for certain or perhaps.
pub const fn is_live(state: SessionState) -> bool {
    matches!(state, SessionState::Planned | SessionState::Activated)
}

/// Whether a session's days are programme days: not those of a reserve date that waits, of a
/// practice period, of what is not held, nor of what participants are not invited to.
pub fn counts(state: SessionState, content: &NewSession) -> bool {
    let waits = content.kind == SessionKind::Reserve && state != SessionState::Activated;
    let invited = content.audience.contains(&Audience::Participants);
    is_live(state) && !waits && invited && content.kind != SessionKind::PracticePeriod
}

#[cfg(test)]
mod tests;
