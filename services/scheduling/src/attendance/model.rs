//! Which marks can be made.

use super::days::{HALVES, opens_at};
use chrono::{DateTime, Utc};
use shared_types::{
    FieldProblem, Language, PersonId, Problem, Refusal, VenueId,
    scheduling::{
        attendance::{AttendanceStatus, DayHalf, NewMark},
        codes::{
            ATTENDANCE_NO_SUCH_DAY, ATTENDANCE_NOT_OPEN, ATTENDANCE_NOT_OWN_SITE,
            ATTENDANCE_NOT_PARTICIPANT, ATTENDANCE_REFUSED, ATTENDANCE_SITE_UNKNOWN,
            ATTENDANCE_TWICE,
        },
        releases::ReleasedSession,
    },
};
use std::collections::{BTreeMap, BTreeSet};

/// A mark that can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Whether the participant was there.
    pub status: AttendanceStatus,
    /// Where.
    pub site: Option<VenueId>,
}

/// Half a day of a session, and whose.
pub type Place = (PersonId, i32, DayHalf);

/// Who marks for a site alone.
#[derive(Clone, Copy, Debug)]
pub struct Hosted<'a> {
    /// The own sites.
    pub own: &'a BTreeSet<VenueId>,
    /// Who joins from which site.
    pub sites: &'a BTreeMap<PersonId, VenueId>,
}

impl Hosted<'_> {
    fn has(&self, person: PersonId) -> bool {
        let site = self.sites.get(&person);
        site.is_some_and(|site| self.own.contains(site))
    }
}

/// Judges a list of marks: all that can be made, or everything that speaks against one.
pub fn judge(
    session: &ReleasedSession,
    (participants, hosted): (&BTreeSet<PersonId>, Option<Hosted<'_>>),
    marks: &[NewMark],
    (now, language): (DateTime<Utc>, Language),
) -> Result<BTreeMap<Place, Mark>, Problem> {
    let mut judged = BTreeMap::new();
    let mut errors = Vec::new();
    let mut refused = 0;
    for (index, mark) in marks.iter().enumerate() {
        let before = errors.len();
        let known = (participants, hosted);
        for (member, refusal) in refusals(session, known, mark, now) {
            let pointer = format!("/marks/{index}/{member}");
            errors.push(field(pointer, &refusal, language));
        }
        let halves: &[DayHalf] = mark.half.as_ref().map_or(&HALVES, std::slice::from_ref);
        for half in halves {
            let made = Mark {
                status: mark.status,
                site: mark.site_id,
            };
            let place = (mark.person_id, mark.day, *half);
            if judged.insert(place, made).is_some() && errors.len() == before {
                let refusal = Refusal::of(&ATTENDANCE_TWICE);
                errors.push(field(format!("/marks/{index}"), &refusal, language));
            }
        }
        refused += i32::from(errors.len() > before);
    }
    if errors.is_empty() {
        Ok(judged)
    } else {
        Err(Problem::of(&ATTENDANCE_REFUSED)
            .value("count", refused)
            .errors(errors))
    }
}

fn field(pointer: String, refusal: &Refusal, language: Language) -> FieldProblem {
    FieldProblem::pointer(pointer, refusal.code.name, refusal.words(language))
}

/// What speaks against a mark, by the member that it is about.
fn refusals(
    session: &ReleasedSession,
    (participants, hosted): (&BTreeSet<PersonId>, Option<Hosted<'_>>),
    mark: &NewMark,
    now: DateTime<Utc>,
) -> Vec<(&'static str, Refusal)> {
    let mut refusals = Vec::new();
    if !participants.contains(&mark.person_id) {
        refusals.push(("personId", Refusal::of(&ATTENDANCE_NOT_PARTICIPANT)));
    } else if hosted.is_some_and(|hosted| !hosted.has(mark.person_id)) {
        refusals.push(("personId", Refusal::of(&ATTENDANCE_NOT_OWN_SITE)));
    }
    match session.days.iter().find(|day| day.number == mark.day) {
        None => {
            let days = session.days.len();
            let refusal = Refusal::of(&ATTENDANCE_NO_SUCH_DAY).value("days", days);
            refusals.push(("day", refusal));
        }
        Some(day) if opens_at(day.starts) > now => {
            let opens = opens_at(day.starts).format("%Y-%m-%d %H.%M");
            let refusal = Refusal::of(&ATTENDANCE_NOT_OPEN).value("date", opens);
            refusals.push(("day", refusal));
        }
        Some(_) => {}
    }
    if let Some(site) = mark.site_id {
        let places = session.sites.iter().chain(&session.venue);
        if !places.into_iter().any(|place| place.venue_id == site) {
            refusals.push(("siteId", Refusal::of(&ATTENDANCE_SITE_UNKNOWN)));
        } else if hosted.is_some_and(|hosted| !hosted.own.contains(&site)) {
            refusals.push(("siteId", Refusal::of(&ATTENDANCE_NOT_OWN_SITE)));
        }
    }
    refusals
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendars::model::tests::session;
    use serde_json::{Value, json};

    const LATER: &str = "2022-09-03T00:00:00Z";

    fn codes(marks: Value, now: &str) -> Vec<(String, String)> {
        let marks: Vec<NewMark> = serde_json::from_value(marks).unwrap();
        let participants = marks.iter().map(|mark| mark.person_id).take(1).collect();
        let now = now.parse().unwrap();
        let judged = judge(
            &session(&json!({})),
            (&participants, None),
            &marks,
            (now, Language::English),
        );
        let Err(problem) = judged else {
            return Vec::new();
        };
        let body = problem.body(
            Language::English,
            String::new(),
            String::new(),
            String::new(),
        );
        let pair = |error: &FieldProblem| {
            (
                error.pointer.clone().unwrap_or_default().into_owned(),
                error.code.clone().into_owned(),
            )
        };
        body.errors.iter().map(pair).collect()
    }

    fn mark(person: PersonId, day: i32) -> Value {
        json!({ "personId": person, "day": day, "status": "present" })
    }

    #[test]
    fn a_mark_without_a_half_is_for_both() {
        let person = PersonId::new();
        let marks: Vec<NewMark> = serde_json::from_value(json!([mark(person, 1)])).unwrap();
        let participants = BTreeSet::from([person]);
        let at = (LATER.parse().unwrap(), Language::English);
        let judged = judge(&session(&json!({})), (&participants, None), &marks, at).unwrap();
        let halves: Vec<_> = judged.keys().map(|place| place.2).collect();
        assert_eq!(halves, [DayHalf::First, DayHalf::Second]);
    }

    #[test]
    fn marking_opens_a_quarter_of_an_hour_before_each_day() {
        let person = PersonId::new();
        let day = |day, now| codes(json!([mark(person, day)]), now).len();
        assert_eq!(day(1, "2022-09-01T07:44:59Z"), 1);
        assert_eq!(day(1, "2022-09-01T07:45:00Z"), 0);
        assert_eq!(day(2, "2022-09-01T07:45:00Z"), 1);
        assert_eq!(day(2, "2022-09-02T06:45:00Z"), 0);
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let (person, other) = (PersonId::new(), PersonId::new());
        let first = json!({ "personId": person, "day": 1, "half": "first", "status": "absent" });
        let marks = json!([
            mark(person, 1), mark(other, 1), mark(person, 3), first,
            { "personId": person, "day": 2, "status": "present", "siteId": PersonId::new() },
        ]);
        let expected = [
            ("/marks/1/personId", "attendance_not_participant"),
            ("/marks/2/day", "attendance_no_such_day"),
            ("/marks/3", "attendance_twice"),
            ("/marks/4/siteId", "attendance_site_unknown"),
        ];
        let expected = expected.map(|(at, code)| (at.to_owned(), code.to_owned()));
        assert_eq!(codes(marks, LATER), expected);
    }
}
