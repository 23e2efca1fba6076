//! What of somebody's sessions stands in a calendar, and in which words.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use shared_calendar::{Event, Status};
use shared_types::{
    Language, Words, civil,
    scheduling::{
        releases::{ReleasedDay, ReleasedPlace, ReleasedSession, SessionStatus},
        sessions::{AgendaForm, AgendaItem, SessionForm, SessionKind},
    },
};

/// Days for which what was cancelled is still shown.
const CANCELLED_DAYS: i64 = 30;
/// Links that work at once, for one person.
pub const MOST_LINKS: u64 = 10;

/// The name of a day of a session in every calendar, for good.
pub fn uid(session: &ReleasedSession, day: &ReleasedDay) -> String {
    format!("{}-{}@akademi", session.id, day.number)
}

/// Whether a session still stands in calendars.
pub fn is_shown(session: &ReleasedSession, now: DateTime<Utc>) -> bool {
    session
        .cancelled_at
        .is_none_or(|at| at + TimeDelta::days(CANCELLED_DAYS) > now)
}

/// The days of a session as events, one each.
pub fn events(session: &ReleasedSession, language: Language) -> Vec<Event> {
    let zone = civil::zone(&session.time_zone).unwrap_or(Tz::UTC);
    let event = |day: &ReleasedDay| Event {
        uid: uid(session, day),
        sequence: u32::try_from(session.sequence).unwrap_or(0),
        changed_at: session.changed_at,
        starts_at: day.date.and_time(day.starts_at.0),
        ends_at: day.date.and_time(day.ends_at.0),
        zone,
        status: match session.status {
            SessionStatus::Confirmed => Status::Confirmed,
            SessionStatus::Tentative => Status::Tentative,
            SessionStatus::Cancelled => Status::Cancelled,
        },
        summary: summary(session, day, language),
        location: location(session, language),
        description: description(session, day, language),
    };
    session.days.iter().map(event).collect()
}

fn summary(session: &ReleasedSession, day: &ReleasedDay, language: Language) -> String {
    let name = session.name.best(language);
    let mark = match session.status {
        SessionStatus::Cancelled => Some(CANCELLED),
        SessionStatus::Tentative if session.kind == SessionKind::Reserve => Some(RESERVE),
        SessionStatus::Tentative => Some(TENTATIVE),
        SessionStatus::Confirmed => None,
    };
    let mark = mark.map_or(String::new(), |words| format!("{}: ", words.get(language)));
    if session.days.len() > 1 {
        format!("{mark}{name} ({}/{})", day.number, session.days.len())
    } else {
        format!("{mark}{name}")
    }
}

fn location(session: &ReleasedSession, language: Language) -> String {
    let online = session.online_address.clone();
    match (&session.venue, session.form) {
        (Some(venue), _) => place(venue),
        (None, SessionForm::Digital) => online.unwrap_or_else(|| DIGITAL.get(language).to_owned()),
        (None, _) => online.unwrap_or_default(),
    }
}

fn place(place: &ReleasedPlace) -> String {
    let address = &place.address;
    let town = format!("{} {}", address.postal_code, address.town);
    let parts = [
        Some(place.name.clone()),
        place.room_name.clone(),
        Some(address.street.clone()),
        Some(town),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn description(session: &ReleasedSession, day: &ReleasedDay, language: Language) -> String {
    let mut blocks = Vec::new();
    if let Some(text) = &session.description {
        blocks.push(text.best(language).to_owned());
    }
    let agenda = session.agenda.iter().filter(|item| item.day == day.number);
    let agenda: Vec<String> = agenda
        .map(|item| {
            let from = item.starts_at.0.format("%H.%M");
            let title = item.title.best(language);
            let speaker = speaker(item, language);
            let speaker = speaker.map_or(String::new(), |speaker| format!(" – {speaker}"));
            match item.ends_at {
                Some(to) => format!("{from}–{} {title}{speaker}", to.0.format("%H.%M")),
                None => format!("{from} {title}{speaker}"),
            }
        })
        .collect();
    if !agenda.is_empty() {
        blocks.push(agenda.join("\n"));
    }
    if !session.sites.is_empty() {
        let sites: Vec<String> = session.sites.iter().map(place).collect();
        blocks.push(format!("{}\n{}", SITES.get(language), sites.join("\n")));
    }
    if let (Some(address), Some(_)) = (&session.online_address, &session.venue) {
        blocks.push(format!("{} {address}", ONLINE.get(language)));
    }
    blocks.join("\n\n")
}

/// Who speaks; of a lecture also that it is to be announced. Nobody waits for who speaks at lunch,
/// or where all speak.
fn speaker(item: &AgendaItem, language: Language) -> Option<&str> {
    let awaited = item.form == AgendaForm::Lecture;
    let known = item.speaker.as_deref();
    known.or_else(|| awaited.then(|| TO_BE_ANNOUNCED.get(language)))
}

const CANCELLED: Words = Words {
    en: "Cancelled",
    sv: "Inställt",
    da: "Aflyst",
};
const RESERVE: Words = Words {
    en: "Reserve date",
    sv: "Reservtillfälle",
    da: "Reservedato",
};
const TENTATIVE: Words = Words {
    en: "Tentative",
    sv: "Preliminärt",
    da: "Foreløbigt",
};
const DIGITAL: Words = Words {
    en: "Digital",
    sv: "Digitalt",
    da: "Digitalt",
};
const TO_BE_ANNOUNCED: Words = Words {
    en: "speaker to be announced",
    sv: "talare meddelas senare",
    da: "taler meddeles senere",
};
const SITES: Words = Words {
    en: "Learning centres:",
    sv: "Lärcentrum:",
    da: "Læringscentre:",
};
const ONLINE: Words = Words {
    en: "Join remotely:",
    sv: "Delta på distans:",
    da: "Deltag på afstand:",
};
/// What a calendar is called.
pub const NAME: Words = Words {
    en: "Akademi",
    sv: "Akademi",
    da: "Akademi",
};

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// A released session, with members of its own.
    pub(crate) fn session(members: &Value) -> ReleasedSession {
        let mut body = json!({
            "id": "0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60", "roundId": "0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f61",
            "organiserId": "0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f62", "status": "confirmed", "sequence": 4,
            "changedAt": "2022-05-12T08:00:00Z", "kind": "residential", "form": "on_site",
            "name": { "sv": "Internat 1", "en": "Residential 1" }, "timeZone": "Europe/Stockholm",
            "days": [
                { "number": 1, "date": "2022-09-01", "startsAt": "10:00", "endsAt": "16:00",
                  "starts": "2022-09-01T08:00:00Z", "ends": "2022-09-01T14:00:00Z" },
                { "number": 2, "date": "2022-09-02", "startsAt": "09:00", "endsAt": "15:00",
                  "starts": "2022-09-02T07:00:00Z", "ends": "2022-09-02T13:00:00Z" },
            ],
            "venue": { "venueId": "0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f63", "kind": "venue", "name": "Kursgården",
                "roomName": "Stora salen",
                "address": { "street": "Sjövägen 1", "postalCode": "590 47", "town": "Vikingstad", "country": "SE" } },
            "sites": [], "audience": ["participants"], "facilitatorIds": [], "agenda": [
                { "day": 2, "startsAt": "09:00", "endsAt": "10:30", "form": "lecture", "title": { "sv": "Att leda" },
                  "speaker": "Professor" },
                { "day": 2, "startsAt": "10:30", "form": "other", "title": { "sv": "Kaffe" } },
            ],
            "counts": true,
        });
        for (name, value) in members.as_object().unwrap() {
            body[name] = value.clone();
        }
        serde_json::from_value(body).unwrap()
    }

    #[test]
    fn each_day_is_an_event_with_its_own_name_place_and_agenda() {
        let events = events(&session(&json!({})), Language::Swedish);
        let named: Vec<_> = events.iter().map(|one| one.uid.as_str()).collect();
        assert_eq!(
            named,
            [
                "0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60-1@akademi",
                "0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60-2@akademi"
            ]
        );
        assert_eq!(events[1].summary, "Internat 1 (2/2)");
        assert_eq!(
            events[1].location,
            "Kursgården, Stora salen, Sjövägen 1, 590 47 Vikingstad"
        );
        assert_eq!(
            events[1].description,
            "09.00–10.30 Att leda – Professor\n10.30 Kaffe"
        );
        assert_eq!(events[0].description, "");
        assert_eq!(events[0].sequence, 4);
        assert_eq!(events[0].status, Status::Confirmed);
    }

    #[test]
    fn a_lecture_without_a_speaker_says_so_and_a_meal_does_not() {
        let item = |form: &str| json!({ "day": 1, "startsAt": "10:00", "form": form, "title": { "en": "Item" } });
        for (language, words) in [
            (Language::English, "speaker to be announced"),
            (Language::Swedish, "talare meddelas senare"),
            (Language::Danish, "taler meddeles senere"),
        ] {
            let told = |agenda: Value| {
                let session = session(&json!({ "agenda": [agenda] }));
                events(&session, language).remove(0).description
            };
            assert_eq!(told(item("lecture")), format!("10.00 Item – {words}"));
            for form in ["seminar", "group_work", "discussion", "reflection", "other"] {
                assert_eq!(told(item(form)), "10.00 Item", "{form}");
            }
            let mut known = item("lecture");
            known["speaker"] = json!("Professor");
            assert_eq!(told(known), "10.00 Item – Professor");
        }
    }

    #[test]
    fn reserve_dates_and_options_are_tentative_and_cancelled_ones_say_so() {
        for (members, status, summary) in [
            (
                json!({ "kind": "reserve", "status": "tentative" }),
                Status::Tentative,
                "Reserve date: Residential 1 (1/2)",
            ),
            (
                json!({ "status": "tentative" }),
                Status::Tentative,
                "Tentative: Residential 1 (1/2)",
            ),
            (
                json!({ "status": "cancelled" }),
                Status::Cancelled,
                "Cancelled: Residential 1 (1/2)",
            ),
        ] {
            let event = events(&session(&members), Language::English).remove(0);
            assert_eq!((event.status, event.summary.as_str()), (status, summary));
        }
    }

    #[test]
    fn what_is_cancelled_is_shown_for_thirty_days() {
        let cancelled = session(&json!({ "cancelledAt": "2022-12-01T08:00:00Z" }));
        let at = |text: &str| text.parse().unwrap();
        assert!(is_shown(&cancelled, at("2022-12-31T07:59:59Z")));
        assert!(!is_shown(&cancelled, at("2022-12-31T08:00:00Z")));
        assert!(is_shown(&session(&json!({})), at("2030-01-01T00:00:00Z")));
    }

    #[test]
    fn what_is_digital_is_where_one_joins() {
        let members =
            json!({ "form": "digital", "venue": null, "onlineAddress": "https://meet.example/1" });
        let digital = session(&members);
        assert_eq!(
            location(&digital, Language::Danish),
            "https://meet.example/1"
        );
        let unknown = ReleasedSession {
            online_address: None,
            ..digital
        };
        assert_eq!(location(&unknown, Language::Danish), "Digitalt");
    }

    #[test]
    fn an_hour_stays_on_the_clock_when_clocks_move() {
        // On both sides of the Sunday on which clocks go back, and on it.
        for date in ["2026-10-24", "2026-10-25", "2026-10-26"] {
            let day = json!([{ "number": 1, "date": date, "startsAt": "10:00", "endsAt": "16:00",
                "starts": format!("{date}T08:00:00Z"), "ends": format!("{date}T14:00:00Z") }]);
            let event = events(&session(&json!({ "days": day })), Language::Swedish).remove(0);
            assert_eq!(event.starts_at.to_string(), format!("{date} 10:00:00"));
        }
    }
}
