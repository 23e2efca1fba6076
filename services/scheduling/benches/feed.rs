//! What a calendar feed of fifty events costs: making its text, and reading it from SQLite first,
//! as each request of a calendar program does.

#![expect(clippy::unwrap_used, reason = "a bench stops where it can't be set up")]

use criterion::{Criterion, criterion_group, criterion_main};
use scheduling::{
    calendars::{model, pages, store},
    migrations::Migrator,
    releases::store::put,
};
use serde_json::json;
use shared_database::{Change, Database, migrate};
use shared_projections::apply;
use shared_testing::TestDatabase;
use shared_types::{
    Actor, ApplicationId, EventId, Language, OrganisationId, PersonId, Problem, RoundId, SessionId,
    event::Event, scheduling::releases::ReleasedSession,
};
use std::hint::black_box;

const NOW: &str = "2022-05-12T08:00:00Z";

/// A session of two days in some month, with a venue and an agenda.
fn session(round: RoundId, number: u32) -> ReleasedSession {
    let (year, month) = (2022 + number / 12, number % 12 + 1);
    let day = |day: u32| {
        json!({
            "number": day, "date": format!("{year}-{month:02}-{:02}", day + 9), "startsAt": "10:00", "endsAt": "16:00",
            "starts": format!("{year}-{month:02}-{:02}T08:00:00Z", day + 9),
            "ends": format!("{year}-{month:02}-{:02}T14:00:00Z", day + 9),
        })
    };
    let item = |day: u32, hour: u32| {
        json!({
            "day": day, "startsAt": format!("{hour}:00"), "endsAt": format!("{hour}:45"), "form": "lecture",
            "title": { "sv": "Att leda andra ledare, och att låta sig ledas" }, "speaker": "Professor i statskunskap",
        })
    };
    let body = json!({
        "id": SessionId::new(), "roundId": round, "organiserId": OrganisationId::new(), "status": "confirmed",
        "sequence": 1, "changedAt": NOW, "kind": "residential", "form": "on_site",
        "name": { "sv": format!("Internat {number}") }, "timeZone": "Europe/Stockholm", "days": [day(1), day(2)],
        "venue": { "venueId": SessionId::new(), "kind": "venue", "name": "Stiftsgården", "roomName": "Stora salen",
            "address": { "street": "Sjövägen 1", "postalCode": "590 47", "town": "Byn", "country": "SE" } },
        "sites": [], "audience": ["participants"], "facilitatorIds": [],
        "agenda": [item(1, 10), item(1, 13), item(2, 10), item(2, 13)], "counts": true,
    });
    serde_json::from_value(body).unwrap()
}

async fn seated(url: &str) -> (Database, PersonId, Vec<ReleasedSession>) {
    migrate::run::<Migrator>(url).await.unwrap();
    let database = Database::connect(url, "scheduling").await.unwrap();
    let (person, round) = (PersonId::new(), RoundId::new());
    let sessions: Vec<ReleasedSession> = (0..25).map(|number| session(round, number)).collect();
    let organisation = OrganisationId::new();
    let event = Event {
        specversion: "1.0".to_owned(),
        id: EventId::new(),
        source: "/registration".to_owned(),
        r#type: "offer.accepted".to_owned(),
        subject: person.to_string(),
        time: NOW.parse().unwrap(),
        traceparent: None,
        data: json!({
            "applicationId": ApplicationId::new(), "roundId": round, "personId": person,
            "organisationId": organisation, "municipalityId": organisation,
            "organiserId": organisation, "state": "submitted", "endorsement": "endorsed",
            "seat": "accepted", "replaces": null, "version": 1,
        }),
    };
    let actor = Actor {
        subject: "system".to_owned(),
        on_behalf_of: None,
        at: NOW.parse().unwrap(),
        trace: None,
    };
    let released = sessions.clone();
    let work = async |change: &mut Change| {
        apply(change, &event).await?;
        for session in &released {
            put(change, session).await?;
        }
        Ok::<_, Problem>(())
    };
    database.change(actor, work).await.unwrap();
    (database, person, sessions)
}

fn feeds(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let file = TestDatabase::sqlite();
    let (database, person, sessions) = runtime.block_on(seated(&file.url));
    let now = NOW.parse().unwrap();
    let made = || {
        let events = sessions
            .iter()
            .flat_map(|session| model::events(session, Language::Swedish));
        store::Calendar {
            language: Language::Swedish,
            events: events.collect(),
        }
    };
    assert_eq!(made().events.len(), 50);
    criterion.bench_function("feed of 50 events, made", |bench| {
        bench.iter(|| black_box(pages::written(&made())));
    });
    criterion.bench_function("feed of 50 events, read and made", |bench| {
        bench.iter(|| {
            let read = runtime.block_on(store::calendar(database.read(), person, now));
            let calendar = read.unwrap().unwrap();
            assert_eq!(calendar.events.len(), 50);
            black_box(pages::written(&calendar))
        });
    });
}

criterion_group!(benches, feeds);
criterion_main!(benches);
