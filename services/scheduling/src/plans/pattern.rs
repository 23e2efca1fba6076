//! Sessions from a pattern: what a coordinator says in one call, spelled out.

use chrono::{Days, NaiveDate};
use shared_types::{
    FieldProblem, LocalizedText, Problem, codes,
    scheduling::{
        plans::{PatternPart, PlanPattern},
        sessions::{Audience, NewSession, SessionDay, SessionKind},
    },
};
use std::collections::BTreeSet;

/// The sessions of a pattern, in its order.
pub fn sessions(pattern: &PlanPattern) -> Result<Vec<NewSession>, Problem> {
    let mut errors = Vec::new();
    let mut sessions = Vec::new();
    for (number, part) in pattern.parts.iter().enumerate() {
        if matches!(
            part.kind,
            SessionKind::PracticePeriod | SessionKind::Elective | SessionKind::GroupMeeting
        ) {
            let pointer = format!("/parts/{number}/kind");
            let words = "Practice periods, electives and group meetings are added one by one.";
            errors.push(FieldProblem::pointer(pointer, "invalid", words));
            continue;
        }
        if part.starts_on.is_empty() {
            sessions.push(session(part, None, part.name.clone()));
        }
        for (place, first) in part.starts_on.iter().enumerate() {
            let name = numbered(&part.name, place + 1, part.starts_on.len());
            sessions.push(session(part, Some(*first), name));
        }
    }
    if errors.is_empty() {
        Ok(sessions)
    } else {
        Err(Problem::of(&codes::INVALID_BODY).errors(errors))
    }
}

/// Programme days that a pattern promises: the dates of what counts, and the length of what has
/// no date yet.
pub fn promised_days(pattern: &PlanPattern) -> i32 {
    if let Some(days) = pattern.promised_days {
        return days;
    }
    let counting = || {
        let parts = pattern.parts.iter();
        parts.filter(|part| {
            let invited = audience(part).contains(&Audience::Participants);
            part.kind != SessionKind::Reserve && invited
        })
    };
    let undated = counting().filter(|part| part.starts_on.is_empty());
    let undated: i32 = undated.map(|part| part.length_days).sum();
    let dates: BTreeSet<NaiveDate> = counting()
        .flat_map(|part| part.starts_on.iter().flat_map(|first| dates(part, *first)))
        .collect();
    i32::try_from(dates.len()).unwrap_or(i32::MAX) + undated
}

fn dates(part: &PatternPart, first: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    let length = u64::try_from(part.length_days).unwrap_or(1);
    (0..length).filter_map(move |day| first.checked_add_days(Days::new(day)))
}

fn audience(part: &PatternPart) -> Vec<Audience> {
    match (&part.audience, part.kind) {
        (Some(audience), _) => audience.clone(),
        (None, SessionKind::Ceremony) => vec![
            Audience::Participants,
            Audience::Mentors,
            Audience::Directors,
        ],
        (None, _) => vec![Audience::Participants],
    }
}

/// The days of a session: the first begins and the last ends when the part says.
fn days(part: &PatternPart, first: NaiveDate) -> Vec<SessionDay> {
    let last = part.length_days - 1;
    let numbered = (0..).zip(dates(part, first));
    numbered
        .map(|(number, date)| SessionDay {
            date,
            starts_at: match part.morning_starts_at {
                Some(morning) if number > 0 => morning,
                _ => part.starts_at,
            },
            ends_at: match part.evening_ends_at {
                Some(evening) if number < last => evening,
                _ => part.ends_at,
            },
        })
        .collect()
}

fn session(part: &PatternPart, first: Option<NaiveDate>, name: LocalizedText) -> NewSession {
    NewSession {
        kind: part.kind,
        form: part.form,
        name,
        description: None,
        days: first.map(|first| days(part, first)).unwrap_or_default(),
        period: None,
        time_zone: None,
        venue_id: part.venue_id,
        room_id: part.room_id,
        online_address: None,
        sites: Vec::new(),
        capacity: None,
        audience: audience(part),
        group_id: None,
        choice: None,
        facilitator_ids: part.facilitator_ids.clone(),
        agenda: Vec::new(),
        held_until: part.held_until,
    }
}

/// A name with its number, where there are several.
fn numbered(name: &LocalizedText, number: usize, of: usize) -> LocalizedText {
    if of < 2 {
        return name.clone();
    }
    let texts = name.0.iter();
    LocalizedText(
        texts
            .map(|(tag, text)| (tag.clone(), format!("{text} {number}")))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// The published dates of "Ledarskap i kommuner" 2022/23.
    fn published() -> PlanPattern {
        let part = |kind: &str, form: &str, name: &str, starts: &[&str], times: (&str, &str)| {
            json!({ "kind": kind, "form": form, "name": { "sv": name }, "startsOn": starts,
                    "startsAt": times.0, "endsAt": times.1 })
        };
        let residentials = [
            "2022-09-01",
            "2022-10-13",
            "2022-11-03",
            "2022-12-15",
            "2023-01-26",
        ];
        let day = ("10:00", "16:00");
        let mut internat = part("residential", "on_site", "Internat", &residentials, day);
        internat["lengthDays"] = json!(2);
        internat["eveningEndsAt"] = json!("21:00");
        internat["morningStartsAt"] = json!("08:30");
        let parts = json!({ "parts": [
            part("kickoff", "digital", "Uppstartsmöte", &["2022-08-24"], ("13:15", "15:00")),
            internat,
            part("reserve", "on_site", "Reservtillfälle", &["2023-02-16"], day),
            part("ceremony", "on_site", "Avslutningsceremoni", &[], ("13:00", "16:00")),
        ] });
        serde_json::from_value(parts).unwrap()
    }

    #[test]
    fn the_published_programme_is_one_call_and_has_twelve_days() {
        let sessions = sessions(&published()).unwrap();
        assert_eq!(sessions.len(), 8);
        assert_eq!(promised_days(&published()), 12);
        let third = &sessions[3];
        assert_eq!(
            third.name.best(shared_types::Language::Swedish),
            "Internat 3"
        );
        let clocks = |day: &SessionDay| (day.starts_at.0.to_string(), day.ends_at.0.to_string());
        let expected = [("10:00:00", "21:00:00"), ("08:30:00", "16:00:00")];
        let expected = expected.map(|(starts, ends)| (starts.to_owned(), ends.to_owned()));
        assert_eq!(third.days.iter().map(clocks).collect::<Vec<_>>(), expected);
        let ceremony = &sessions[7];
        assert!(ceremony.days.is_empty());
        assert!(ceremony.audience.contains(&Audience::Directors));
        for session in &sessions {
            crate::sessions::model::check(session, "Europe/Stockholm").unwrap();
        }
    }

    #[test]
    fn two_sessions_on_one_date_are_one_day() {
        let mut pattern = published();
        pattern.parts[2].kind = SessionKind::Seminar;
        assert_eq!(promised_days(&pattern), 13);
        pattern.parts[2].starts_on = pattern.parts[0].starts_on.clone();
        assert_eq!(promised_days(&pattern), 12);
    }
}
