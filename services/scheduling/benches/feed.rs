//! What a calendar feed of fifty events costs: a request to the running service, link check,
//! reading from SQLite, text and entity tag included; and one that names the tag and is answered
//! 304, as most requests of calendar programs are.
//!
//! `cargo bench -p scheduling --bench feed` prints the processor time of a request, and fails where
//! the ceiling is passed. Whoever asks runs in the same process and is counted too, so that the
//! service takes less than is printed.

#![expect(clippy::unwrap_used, reason = "a bench stops where it can't be set up")]
#![expect(clippy::print_stdout, reason = "a measurement prints what it measured")]

use scheduling::{Settings, api, releases::store::put};
use serde_json::json;
use shared_database::{Change, Database};
use shared_projections::apply;
use shared_testing::{Client, Method, TestDatabase, service::Service};
use shared_types::{
    Actor, ApplicationId, EventId, OrganisationId, PersonId, Problem, RoundId, SessionId,
    event::Event, scheduling::releases::ReleasedSession,
};
use shared_web::link::LinkKey;
use std::time::Duration;

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

/// Somebody with a seat in a round of twenty-five sessions of two days.
async fn seat(database: &Database) -> PersonId {
    let (person, round) = (PersonId::new(), RoundId::new());
    let organisation = OrganisationId::new();
    let event = |kind: &str, data| Event {
        specversion: "1.0".to_owned(),
        id: EventId::new(),
        source: "/registration".to_owned(),
        r#type: kind.to_owned(),
        subject: person.to_string(),
        time: NOW.parse().unwrap(),
        traceparent: None,
        data,
    };
    let known = event(
        "person.created",
        json!({
            "personId": person, "organisationId": organisation, "municipalityId": organisation,
            "departmentId": null, "managerId": null, "kind": "employed_manager",
            "gender": "woman", "name": "Petra Person", "language": "sv", "active": true,
            "version": 1,
        }),
    );
    let seated = event(
        "offer.accepted",
        json!({
            "applicationId": ApplicationId::new(), "roundId": round, "personId": person,
            "organisationId": organisation, "municipalityId": organisation,
            "organiserId": organisation, "state": "submitted", "endorsement": "endorsed",
            "seat": "accepted", "replaces": null, "version": 1,
        }),
    );
    let actor = Actor {
        subject: "system".to_owned(),
        on_behalf_of: None,
        at: NOW.parse().unwrap(),
        trace: None,
    };
    let work = async |change: &mut Change| {
        apply(change, &known).await?;
        apply(change, &seated).await?;
        for number in 0..25 {
            put(change, &session(round, number)).await?;
        }
        Ok::<_, Problem>(())
    };
    database.change(actor, work).await.unwrap();
    person
}

/// Requests of each kind.
const REQUESTS: u32 = 500;

/// Processor time that a request may take.
const CEILING: Duration = Duration::from_millis(10);

#[actix_web::main]
async fn main() {
    let service = Service::start(api::NAME, TestDatabase::sqlite(), async |given| {
        let settings = Settings {
            database_url: given.database_url,
            public_url: given.public_url,
            trusted_keys: given.trusted_keys,
            link_key: LinkKey::from_secret("links of benches"),
            exchange: None,
            sweep_every: Duration::from_hours(24),
            clock: given.clock,
            workers: 1,
        };
        scheduling::start(given.listener, settings).await
    })
    .await;
    let person = seat(&service.state.database).await;
    let owner = service.stranger().person(person, &[]);
    let link = owner.post("calendar-links", json!({})).await.created();
    let address = link["address"].as_str().unwrap();
    let (_, path) = address.split_once("/scheduling/pages/").unwrap();
    let path = format!("/scheduling/pages/{path}");
    let stranger = service.stranger();
    let first = stranger.get(&path).await.ok();
    assert_eq!(first.text.matches("BEGIN:VEVENT").count(), 50);
    let tag = first.header("etag").unwrap().to_owned();
    measure("feed of 50 events", &stranger, &path, ("\"none\"", 200)).await;
    measure(
        "feed of 50 events, unchanged",
        &stranger,
        &path,
        (&tag, 304),
    )
    .await;
}

async fn measure(name: &str, client: &Client, path: &str, (tag, status): (&str, u16)) {
    let before = processor_time();
    for _ in 0..REQUESTS {
        let call = client.call(Method::GET, path);
        let answer = call.header("if-none-match", tag).send().await;
        assert_eq!(answer.status, status);
    }
    let each = processor_time().saturating_sub(before) / REQUESTS;
    println!("{name}: {each:.1?} of {CEILING:?}");
    // What is not optimised is only printed.
    assert!(
        cfg!(debug_assertions) || each < CEILING,
        "{name} took {each:?}"
    );
}

/// Processor time of this process until now, in user and system mode: the fourteenth and the
/// fifteenth field of `/proc/self/stat`, in hundredths of a second.
fn processor_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    // The second field is a name in brackets and may hold spaces.
    let (_, rest) = stat.rsplit_once(") ").unwrap();
    let fields = rest.split(' ').skip(11).take(2);
    let ticks: u64 = fields.map(|field| field.parse::<u64>().unwrap()).sum();
    Duration::from_millis(ticks * 10)
}
