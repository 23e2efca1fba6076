//! Calendar links and what they open, and the calendar of one session.

use crate::world::{World, on_each_database, seminar, with};
use calcard::{Entry, Parser, icalendar::ICalendar};
use serde_json::{Value, json};
use shared_testing::{Client, Method, Reply, database};
use shared_types::{CalendarLinkId, PersonId};
use shared_web::link::LinkKey;

/// Path of the address that a new link of somebody has.
pub(crate) async fn link(client: &Client) -> (String, String) {
    let made = client.post("calendar-links", json!({ "name": "Outlook" }));
    let made = made.await.created();
    let address = made["address"].as_str().unwrap().to_owned();
    let path = address.split_once("/scheduling/").unwrap().1;
    (made.id(), format!("/scheduling/{path}"))
}

/// The lines of a calendar, unfolded; stops where another library can't read it.
fn lines(reply: &Reply) -> Vec<String> {
    let read: ICalendar = match Parser::new(&reply.text).entry() {
        Entry::ICalendar(read) => read,
        other => panic!("{other:?}"),
    };
    let lines: Vec<String> = reply
        .text
        .replace("\r\n ", "")
        .lines()
        .map(str::to_owned)
        .collect();
    let begun = lines
        .iter()
        .filter(|line| line.starts_with("BEGIN:"))
        .count();
    assert_eq!(read.components.len(), begun, "{}", reply.text);
    lines
}

fn has(lines: &[String], line: &str) -> bool {
    lines.iter().any(|one| one == line)
}

async fn replace(world: &World, session: &str, members: Value) {
    let body = with(seminar("2022-09-01"), &members);
    let path = format!("sessions/{session}");
    world.coordinator.change("PUT", &path, "*", body).await.ok();
    world.release().await;
}

#[actix_web::test]
async fn a_feed_follows_what_is_released() {
    on_each_database(async |world| {
        let person = world.participant(world.round).await;
        let session = world.session(seminar("2022-09-01")).await;
        let (_, feed) = link(&world.client(person)).await;
        let stranger = world.service.stranger();
        let empty = stranger.get(&feed).await.ok();
        assert!(!empty.text.contains("VEVENT"));
        world.release().await;
        let first = stranger.get(&feed).await.ok();
        assert_eq!(
            first.header("content-type"),
            Some("text/calendar; charset=utf-8")
        );
        assert_eq!(first.header("cache-control"), Some("private, max-age=300"));
        let read = lines(&first);
        let uid = format!("UID:{session}-1@akademi");
        for line in [
            "DTSTART;TZID=Europe/Stockholm:20220901T100000",
            "DTEND;TZID=Europe/Stockholm:20220901T160000",
            "SUMMARY;LANGUAGE=sv:Seminarium",
            "SEQUENCE:0",
            "STATUS:CONFIRMED",
            "TZID:Europe/Stockholm",
            "X-PUBLISHED-TTL:PT120M",
            uid.as_str(),
        ] {
            assert!(has(&read, line), "{line} in {}", first.text);
        }
        let same = stranger.call(Method::GET, &feed);
        let same = same.header("if-none-match", &first.tag()).send().await;
        assert_eq!((same.status, same.text.as_str()), (304, ""));
        let head = stranger.call(Method::HEAD, &feed).send().await.ok();
        assert_eq!((head.tag(), head.text.as_str()), (first.tag(), ""));

        let name = "Sal 1; \"Åsen\", våning 2 🎓\nTa med fika";
        let moved = json!({ "name": { "sv": name }, "days": [
            { "date": "2022-10-30", "startsAt": "09:00", "endsAt": "12:00" },
        ] });
        replace(world, &session, moved).await;
        let changed = stranger.call(Method::GET, &feed);
        let changed = changed.header("if-none-match", &first.tag()).send().await;
        let read = lines(&changed.ok());
        // On the day on which clocks go back, at nine by them.
        assert!(has(&read, "DTSTART;TZID=Europe/Stockholm:20221030T090000"));
        assert!(has(&read, "SEQUENCE:1") && has(&read, &uid));
        let summary = "SUMMARY;LANGUAGE=sv:Sal 1\\; \"Åsen\"\\, våning 2 🎓\\nTa med fika";
        assert!(has(&read, summary), "{read:?}");
    })
    .await;
}

#[actix_web::test]
async fn what_is_cancelled_stays_for_thirty_days_and_reserve_dates_are_tentative() {
    on_each_database(async |world| {
        let person = world.participant(world.round).await;
        let session = world.session(seminar("2022-09-01")).await;
        let reserve = with(seminar("2023-02-16"), &json!({ "kind": "reserve" }));
        world.session(reserve).await;
        world.release().await;
        let (_, feed) = link(&world.client(person)).await;
        let stranger = world.service.stranger();
        let read = lines(&stranger.get(&feed).await.ok());
        assert!(has(&read, "STATUS:TENTATIVE"));
        assert!(has(
            &read,
            "SUMMARY;LANGUAGE=sv:Reservtillfälle: Seminarium"
        ));
        let cancel = format!("sessions/{session}/cancellation");
        let reason = json!({ "reason": "Snow." });
        world.coordinator.post(&cancel, reason).await.ok();
        world.release().await;
        let read = lines(&stranger.get(&feed).await.ok());
        assert!(has(&read, "STATUS:CANCELLED") && has(&read, "TRANSP:TRANSPARENT"));
        assert!(has(&read, "SUMMARY;LANGUAGE=sv:Inställt: Seminarium"));
        world.service.set_clock("2022-05-12T07:59:00Z");
        let read = lines(&stranger.get(&feed).await.ok());
        assert!(has(&read, "STATUS:CANCELLED"));
        world.service.set_clock("2022-05-13T08:00:00Z");
        let read = lines(&stranger.get(&feed).await.ok());
        assert!(!has(&read, "STATUS:CANCELLED"));
    })
    .await;
}

/// What a refused page says, without what belongs to one request alone.
fn bare(reply: &Reply) -> (u16, String) {
    let (before, trace) = reply.text.split_once("<code>").unwrap();
    let (_, after) = trace.split_once("</code>").unwrap();
    (reply.status, format!("{before}{after}"))
}

#[actix_web::test]
async fn revoked_guessed_and_foreign_addresses_are_answered_alike() {
    on_each_database(async |world| {
        let person = world.participant(world.round).await;
        let client = world.client(person);
        let (id, feed) = link(&client).await;
        let (_, other) = link(&world.client(PersonId::new())).await;
        let stranger = world.service.stranger();
        stranger.get(&feed).await.ok();
        let secret = feed.rsplit('-').next().unwrap();
        let foreign = feed.replace(secret, other.rsplit('-').next().unwrap());
        let key = LinkKey::from_secret("links of tests");
        let signed = key.sign(
            "invitation",
            CalendarLinkId::from(id.parse::<uuid::Uuid>().unwrap())
                .uuid()
                .into(),
        );
        let page = |text: &str| format!("/scheduling/pages/calendars/{text}.ics");
        let guessed = stranger.get(&page("x")).await;
        assert_eq!(guessed.status, 404);
        for address in [foreign, page(&signed), page(&id.replace('-', ""))] {
            assert_eq!(bare(&stranger.get(&address).await), bare(&guessed));
        }
        let path = format!("calendar-links/{id}");
        client
            .change("DELETE", &path, "*", Value::Null)
            .await
            .is(204);
        client
            .change("DELETE", &path, "*", Value::Null)
            .await
            .is(204);
        assert_eq!(bare(&stranger.get(&feed).await), bare(&guessed));
        let read = client.get(&path).await.ok();
        assert!(read["revokedAt"].is_string() && read.rels().is_empty());
        // Only digests are kept, and nobody else sees that there is a link.
        let contents = database::contents(&world.service.state.database).await;
        let rows = contents.values().flatten();
        let secret = secret.trim_end_matches(".ics");
        assert!(rows.clone().all(|row| !row.contains(secret)));
        assert!(rows.count() > 10);
        world.coordinator.get(&path).await.refused("not_found");
    })
    .await;
}

#[actix_web::test]
async fn a_link_is_told_once_and_ten_work_at_a_time() {
    on_each_database(async |world| {
        let client = world.client(world.participant(world.round).await);
        let once = || client.post_once("calendar-links", "k", json!({}));
        let (first, again) = (once().await.created(), once().await.created());
        assert!(first["address"].is_string() && again.json.get("address").is_none());
        assert_eq!(first.id(), again.id());
        let mut ids = vec![first.id()];
        for _ in 1..10 {
            ids.push(link(&client).await.0);
        }
        let eleventh = client.post("calendar-links", json!({})).await;
        eleventh.refused("calendar_links_most");
        let path = format!("calendar-links/{}", ids[3]);
        client
            .change("DELETE", &path, "*", Value::Null)
            .await
            .is(204);
        link(&client).await;
        let listed = client.get("calendar-links?limit=100").await.ok();
        assert_eq!(listed["items"].as_array().unwrap().len(), 11);
        let bad = json!({ "name": "", "secret": "x" });
        let bad = client
            .post("calendar-links", bad)
            .await
            .refused("invalid_body");
        let expected = [("/name", "too_short"), ("/secret", "unknown_member")];
        assert_eq!(
            bad.violations(),
            expected.map(|(at, code)| (at.to_owned(), code.to_owned()))
        );
        // A system has no calendar.
        let system = world
            .service
            .stranger()
            .system(shared_types::Role::Coordinator, Some(world.organiser));
        system
            .post("calendar-links", json!({}))
            .await
            .refused("forbidden");
    })
    .await;
}

#[actix_web::test]
async fn who_leaves_or_is_erased_has_no_calendar_any_more() {
    on_each_database(async |world| {
        let person = world.participant(world.round).await;
        let (_, feed) = link(&world.client(person)).await;
        let stranger = world.service.stranger();
        stranger.get(&feed).await.ok();
        for (version, active) in [(2, false), (3, true)] {
            let fact = json!({
                "personId": person, "organisationId": world.municipalities[0].0,
                "municipalityId": world.municipalities[0].0, "departmentId": null,
                "managerId": null, "kind": "employed_manager", "gender": "woman",
                "name": "Petra Person", "language": "sv", "active": active, "version": version,
            });
            world.fact("person.changed", fact).await;
            let status = stranger.get(&feed).await.status;
            assert_eq!(status, if active { 200 } else { 404 });
        }
        world
            .fact("person.erased", json!({ "personId": person }))
            .await;
        assert_eq!(stranger.get(&feed).await.status, 404);
        let query = "SELECT COUNT(*) AS row FROM calendar_links";
        let links = database::number(&world.service.state.database, query).await;
        assert_eq!(links, 0);
    })
    .await;
}

#[actix_web::test]
async fn a_session_is_downloaded_by_whoever_goes_there() {
    on_each_database(async |world| {
        let person = world.participant(world.round).await;
        let session = world.session(seminar("2022-09-01")).await;
        let path = format!("sessions/{session}/calendar");
        let client = world.client(person);
        client.get(&path).await.refused("not_found");
        world.release().await;
        let got = client.get(&path).await.ok();
        assert!(has(&lines(&got), "SUMMARY;LANGUAGE=en:Seminarium"));
        assert_eq!(
            got.header("content-disposition"),
            Some("attachment; filename=\"session.ics\"")
        );
        world.coordinator.get(&path).await.ok();
        let accepting = |media: &str| client.call(Method::GET, &path).header("accept", media);
        accepting("text/calendar").send().await.ok();
        let html = accepting("text/html").send().await;
        html.refused("not_acceptable");
        let other = world.client(PersonId::new());
        other.get(&path).await.refused("not_found");
    })
    .await;
}
