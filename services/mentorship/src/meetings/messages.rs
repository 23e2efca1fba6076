//! Appointments: when a pair meets, by mail into the calendars of both.
//!
//! Mails and calendars are kept in many places that Akademi knows nothing of. An appointment says
//! when, and with whom; what it is about and where stays sealed.

use super::entity;
use crate::{
    known::{self, People},
    pairs,
};
use chrono::TimeDelta;
use chrono_tz::Tz;
use serde_json::json;
use shared_calendar::{Event, Method, Party, Status, on_clocks};
use shared_database::Change;
use shared_projections::organisations;
use shared_types::{
    Language, Problem, Words,
    facts::{MESSAGE_REQUESTED, MessageRequested},
};
use shared_web::page::figure;

const PLANNED: Words = Words {
    en: "Mentor meeting with {name}",
    sv: "Mentorsmöte med {name}",
    da: "Mentormøde med {name}",
};
const CANCELLED: Words = Words {
    en: "Cancelled: mentor meeting with {name}",
    sv: "Inställt: mentorsmöte med {name}",
    da: "Aflyst: mentormøde med {name}",
};
/// Where the other's name is not known any more.
const NAMELESS: Words = Words {
    en: "Cancelled: mentor meeting",
    sv: "Inställt: mentorsmöte",
    da: "Aflyst: mentormøde",
};
const IN_AKADEMI: Words = Words {
    en: "What it is about, and where you meet, stands in Akademi, for the two of you alone.",
    sv: "Vad det handlar om och var ni ses står i Akademi, bara för er två.",
    da: "Hvad det handler om, og hvor I mødes, står i Akademi, kun for jer to.",
};
const NOT_HELD: Words = Words {
    en: "The meeting will not be held.",
    sv: "Mötet blir inte av.",
    da: "Mødet bliver ikke til noget.",
};

/// Sends both the appointment, or takes it out of their calendars. Nobody writes to who is not
/// here any more.
pub async fn send(
    change: &mut Change,
    (meeting, pair): (&entity::Model, &pairs::entity::Model),
    method: Method,
) -> Result<(), Problem> {
    let (mentor, mentee) = (pair.mentor_person_id, pair.mentee_person_id);
    let people = People::of(change.tx(), [mentor, mentee]).await?;
    let round = known::round(change.tx(), pair.round_id.into()).await?;
    let zone = round.map_or(Tz::UTC, |round| round.zone);
    let organiser = organisations::find(change.tx(), pair.organiser_id.into()).await?;
    let organiser = organiser.map_or_else(|| "Akademi".to_owned(), |known| known.name);
    let organiser = Party::known(pair.organiser_id, organiser);
    for (reader, other) in [(mentor, mentee), (mentee, mentor)] {
        let Some(name) = people.name(reader).filter(|_| people.is_active(reader)) else {
            continue;
        };
        let language = people.language(reader);
        let event = event(
            change,
            meeting,
            (zone, method, language),
            people.name(other),
        );
        let parties = (&organiser, &Party::known(reader, name));
        let now = change.actor.at;
        let object = shared_calendar::message(method, &event, parties, language, now);
        let message = MessageRequested {
            person_id: reader.into(),
            organiser_id: Some(pair.organiser_id.into()),
            template: "pair_meeting".to_owned(),
            text: text(&event, method, language),
            subject: event.summary,
            link: None,
            calendar: Some(object),
        };
        change.publish(MESSAGE_REQUESTED, reader, json!(message));
    }
    Ok(())
}

fn event(
    change: &Change,
    meeting: &entity::Model,
    (zone, method, language): (Tz, Method, Language),
    other: Option<String>,
) -> Event {
    let ends = meeting.starts_at + TimeDelta::minutes(meeting.length_minutes.into());
    let (starts_at, ends_at, zone) = on_clocks(meeting.starts_at, ends, zone);
    let (status, words) = match method {
        Method::Request => (Status::Confirmed, PLANNED),
        Method::Cancel => (Status::Cancelled, CANCELLED),
    };
    let summary = match other {
        Some(name) => words.fill(language, &[("name", name)]),
        None => NAMELESS.get(language).to_owned(),
    };
    let description = match method {
        Method::Request => IN_AKADEMI.get(language).to_owned(),
        Method::Cancel => String::new(),
    };
    Event {
        uid: format!("{}@akademi", meeting.id),
        // The first state of a meeting is its first appointment.
        sequence: u32::try_from(meeting.version - 1).unwrap_or(0),
        changed_at: change.actor.at,
        starts_at,
        ends_at,
        zone,
        status,
        summary,
        location: String::new(),
        description,
    }
}

fn text(event: &Event, method: Method, language: Language) -> String {
    let (from, to) = (
        event.starts_at.format("%H.%M"),
        event.ends_at.format("%H.%M"),
    );
    let day = figure::date(event.starts_at.date(), language);
    let words = match method {
        Method::Request => IN_AKADEMI,
        Method::Cancel => NOT_HELD,
    };
    let zone = if event.zone == Tz::UTC { " (UTC)" } else { "" };
    format!("{day}, {from}–{to}{zone}\n\n{}", words.get(language))
}
