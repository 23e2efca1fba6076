//! Invitations: sent at a release, answered in the API and by a link, until the session begins.

use crate::world::{World, on_each_database, seminar, with};
use serde_json::{Value, json};
use shared_testing::{Client, Method, database};
use shared_types::{LinkId, PersonId};
use shared_web::link::LinkKey;
use uuid::Uuid;

/// A released ceremony, and the session's id.
pub(crate) async fn ceremony(world: &World) -> String {
    let guests = json!({
        "kind": "ceremony", "audience": ["participants", "mentors", "directors"],
        "name": { "sv": "Avslutning", "en": "Ceremony" },
    });
    let session = world.session(with(seminar("2023-03-31"), &guests)).await;
    let releases = format!("rounds/{}/releases", world.round);
    // Where another ceremony stands on the day already, that needs a reason.
    let reason = json!({ "reason": "There is room for both." });
    world.coordinator.post(&releases, reason).await.created();
    session
}

/// Tells that a person mentors somebody in the world's round.
pub(crate) async fn mentor(world: &World, pair: Uuid, mentor: PersonId, state: (&str, i32)) {
    let fact = json!({
        "pairId": pair, "roundId": world.round, "mentorPersonId": mentor, "state": state.0,
        "version": state.1,
    });
    world.fact(&format!("pair.{}", state.0), fact).await;
}

/// The path of the page that an open invitation's mail leads to.
pub(crate) async fn page(world: &World, invitation: &str) -> String {
    let id = invitation.replace('-', "");
    let query = if world.service.database.is_postgres() {
        format!("SELECT link_id::text AS row FROM invitations WHERE id = '{invitation}'")
    } else {
        format!("SELECT hex(link_id) AS row FROM invitations WHERE lower(hex(id)) = '{id}'")
    };
    let found = database::texts(&world.service.state.database, &query).await;
    let link: LinkId = found[0].parse().unwrap();
    let key = LinkKey::from_secret("links of tests");
    format!(
        "/scheduling/pages/invitation/{}",
        key.sign("invitation", link)
    )
}

async fn own(client: &Client) -> Vec<Value> {
    let listed = client.get("invitations").await.ok();
    listed["items"].as_array().unwrap().clone()
}

async fn messages(world: &World, person: PersonId) -> Vec<Value> {
    let mut told = world.published("message.requested").await;
    told.retain(|one| one["personId"] == json!(person) && one["template"] == "session_invitation");
    told
}

#[actix_web::test]
async fn mentors_and_directors_are_invited_once_with_an_appointment_and_a_link() {
    on_each_database(async |world| {
        world.participant(world.round).await;
        let (director, elsewhere) = (world.municipalities[0].1, world.municipalities[1].1);
        let guide = PersonId::new();
        world.person(guide, world.municipalities[1].0, None).await;
        mentor(world, Uuid::now_v7(), guide, ("active", 1)).await;
        let session = ceremony(world).await;
        for (person, kind) in [(director, "director"), (guide, "mentor")] {
            let invitations = own(&world.client(person)).await;
            assert_eq!(invitations.len(), 1);
            assert_eq!(invitations[0]["invitedAs"], kind);
            assert_eq!(invitations[0]["sessionId"], session);
            let told = messages(world, person).await;
            assert_eq!(told.len(), 1);
            assert_eq!(told[0]["subject"], "Inbjudan: Avslutning");
            assert_eq!(told[0]["link"]["kind"], "invitation");
            let object = told[0]["calendar"].as_str().unwrap().replace("\r\n ", "");
            for part in [
                "METHOD:REQUEST",
                "DTSTART;TZID=Europe/Stockholm:20230331T100000",
                "ATTENDEE;CN=Petra Person",
            ] {
                assert!(object.contains(part), "{object}");
            }
        }
        assert!(own(&world.client(elsewhere)).await.is_empty());
        // Nobody gets two messages about one session.
        let all = world.published("message.requested").await;
        let to = all.iter().filter(|one| one["personId"] == json!(director));
        assert_eq!(to.count(), 1);
        world.session(seminar("2022-09-01")).await;
        world.release().await;
        assert_eq!(messages(world, director).await.len(), 1);
    })
    .await;
}

#[actix_web::test]
async fn an_answer_can_be_changed_until_the_session_begins() {
    on_each_database(async |world| {
        world.participant(world.round).await;
        let session = ceremony(world).await;
        let director = world.client(world.municipalities[0].1);
        let invitation = own(&director).await[0]["id"].as_str().unwrap().to_owned();
        let path = format!("invitations/{invitation}/answer");
        let verdict = |word: &str| json!({ "verdict": word });
        let bad = director
            .post(&path, json!({ "verdict": "perhaps", "comment": "" }))
            .await;
        let expected = [("/comment", "too_short"), ("/verdict", "unknown_value")];
        let expected = expected.map(|(at, code)| (at.to_owned(), code.to_owned()));
        assert_eq!(bad.refused("invalid_body").violations(), expected);
        let maybe = director.post(&path, verdict("maybe")).await.ok();
        let again = director.post(&path, verdict("maybe")).await.ok();
        assert_eq!(maybe.tag(), again.tag());
        let yes = json!({ "verdict": "yes", "comment": "With pleasure." });
        let yes = director.post(&path, yes).await.ok();
        assert_eq!(
            (&yes["verdict"], &yes["comment"]),
            (&json!("yes"), &json!("With pleasure."))
        );
        let counts = format!("sessions/{session}/invitation-counts");
        let read = world.get(&counts).await;
        let directors = &read["counts"][1];
        assert_eq!(directors["invitedAs"], "director");
        assert_eq!(
            (&directors["yes"], &directors["unanswered"]),
            (&json!(1), &json!(0))
        );
        director.get(&counts).await.refused("forbidden");
        world
            .coordinator
            .post(&path, verdict("no"))
            .await
            .refused("forbidden");
        world
            .client(PersonId::new())
            .post(&path, verdict("no"))
            .await
            .refused("not_found");
        world
            .service
            .clock
            .stop_at("2023-03-31T07:59:59Z".parse().unwrap());
        director.post(&path, verdict("no")).await.ok();
        world
            .service
            .clock
            .stop_at("2023-03-31T08:00:00Z".parse().unwrap());
        director
            .post(&path, verdict("yes"))
            .await
            .refused("invitation_over");
        assert!(own(&director).await[0]["_links"].get("answer").is_none());
    })
    .await;
}

#[actix_web::test]
async fn a_link_leads_to_a_page_that_answers_and_opening_it_changes_nothing() {
    on_each_database(async |world| {
        world.participant(world.round).await;
        ceremony(world).await;
        let director = world.client(world.municipalities[0].1);
        let invitation = own(&director).await[0]["id"].as_str().unwrap().to_owned();
        let page = page(world, &invitation).await;
        let stranger = world.service.stranger();
        let before = database::contents(&world.service.state.database).await;
        for language in ["sv", "da", "en"] {
            let call = stranger.call(Method::GET, &page);
            let shown = call.header("accept-language", language).send().await.ok();
            assert!(shown.text.contains(&format!("lang=\"{language}\"")));
            assert!(shown.text.contains("Petra Person"));
            // One click an answer, in a form that only posts.
            assert_eq!(shown.text.matches("<form method=\"post\">").count(), 1);
            for verdict in ["yes", "no", "maybe"] {
                let button =
                    format!("<button type=\"submit\" name=\"verdict\" value=\"{verdict}\"");
                assert_eq!(shown.text.matches(&button).count(), 1, "{}", shown.text);
            }
            assert_eq!(shown.text.matches("<button").count(), 3);
            assert!(!shown.text.contains(" required"));
        }
        stranger.call(Method::HEAD, &page).send().await.ok();
        assert_eq!(
            database::contents(&world.service.state.database).await,
            before
        );
        let empty = stranger.post_form(&page, &[("comment", "x")]).await.is(400);
        assert!(empty.text.contains("role=\"alert\"") && empty.text.contains(">x</textarea>"));
        let strange = stranger
            .post_form(&page, &[("verdict", "yes"), ("admin", "1")])
            .await;
        assert_eq!(strange.status, 400);
        let sent = stranger
            .post_form(&page, &[("verdict", "no"), ("comment", "")])
            .await
            .is(303);
        assert_eq!(
            sent.header("location"),
            Some(format!("{page}?answered").as_str())
        );
        assert_eq!(own(&director).await[0]["verdict"], "no");
        stranger
            .post_form(&page, &[("verdict", "yes")])
            .await
            .is(303);
        let shown = stranger.get(&page).await.ok();
        assert!(shown.text.contains("Ja, jag kommer") || shown.text.contains("Yes, I come"));
        world.service.set_clock("2023-03-31T09:00:00Z");
        let late = stranger
            .post_form(&page, &[("verdict", "no")])
            .await
            .is(409);
        assert!(!late.text.contains("<form"));
        assert_eq!(own(&director).await[0]["verdict"], "yes");
        let other = LinkKey::from_secret("links of tests").sign("invitation", LinkId::new());
        let (organisation, holder) = world.municipalities[0];
        let left = json!({
            "personId": holder, "organisationId": organisation, "municipalityId": organisation,
            "departmentId": null, "managerId": null, "kind": "employed_manager",
            "gender": "woman", "name": "Petra Person", "language": "sv", "active": false,
            "version": 2,
        });
        world.fact("person.changed", left).await;
        assert_eq!(stranger.get(&page).await.status, 404, "who has left");
        for dead in ["x".to_owned(), other] {
            let path = format!("/scheduling/pages/invitation/{dead}");
            assert_eq!(stranger.get(&path).await.status, 404);
            assert_eq!(
                stranger.post_form(&path, &[("verdict", "no")]).await.status,
                404
            );
        }
    })
    .await;
}

#[actix_web::test]
async fn the_invitation_goes_with_the_office_and_with_the_pair() {
    on_each_database(async |world| {
        world.participant(world.round).await;
        let (guide, pair) = (PersonId::new(), Uuid::now_v7());
        mentor(world, pair, guide, ("active", 2)).await;
        ceremony(world).await;
        let (municipality, former) = world.municipalities[0];
        let invitation = own(&world.client(former)).await[0]["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let opened = page(world, &invitation).await;
        let next = PersonId::new();
        world.person(next, municipality, None).await;
        let office = own(&world.client(former)).await[0]["officeId"].clone();
        let fact = json!({
            "officeId": office, "organisationId": municipality, "kind": "municipal_director",
            "holderId": next, "version": 2,
        });
        world.fact("office.changed", fact).await;
        assert_eq!(own(&world.client(former)).await[0]["state"], "withdrawn");
        assert_eq!(own(&world.client(next)).await[0]["state"], "open");
        assert_eq!(world.service.stranger().get(&opened).await.status, 404);
        let told = messages(world, former).await;
        let last = told.last().unwrap();
        assert!(last["calendar"].as_str().unwrap().contains("METHOD:CANCEL"));
        assert!(last.get("link").is_none());
        // An older state of the pair changes nothing; its end takes the invitation back.
        mentor(world, pair, guide, ("ended", 1)).await;
        assert_eq!(own(&world.client(guide)).await[0]["state"], "open");
        mentor(world, pair, guide, ("ended", 3)).await;
        assert_eq!(own(&world.client(guide)).await[0]["state"], "withdrawn");
        let path = format!("invitations/{invitation}/answer");
        let late = json!({ "verdict": "yes" });
        let late = world.client(former).post(&path, late).await;
        late.refused("invitation_withdrawn");
    })
    .await;
}

#[actix_web::test]
async fn whoever_acts_for_the_director_on_the_day_is_invited_beside_and_nobody_who_acts_on_another()
{
    on_each_database(async |world| {
        world.participant(world.round).await;
        ceremony(world).await;
        let (municipality, director) = world.municipalities[0];
        let office = own(&world.client(director)).await[0]["officeId"].clone();
        let (deputy, other) = (PersonId::new(), PersonId::new());
        for person in [deputy, other] {
            world.person(person, municipality, None).await;
        }
        let acting = |person, starts: &str, ends: &str| {
            json!({ "personId": person, "startsOn": starts, "endsOn": ends })
        };
        let fact = |acting: Value, version: i32| {
            json!({
                "officeId": office, "organisationId": municipality, "kind": "municipal_director",
                "holderId": director, "actingHolders": acting, "version": version,
            })
        };
        let acting = json!([
            acting(deputy, "2023-03-31", "2023-04-07"),
            acting(other, "2023-03-01", "2023-03-30"),
        ]);
        world.fact("office.changed", fact(acting, 2)).await;
        assert_eq!(own(&world.client(director)).await[0]["state"], "open");
        assert_eq!(own(&world.client(deputy)).await[0]["invitedAs"], "director");
        assert!(own(&world.client(other)).await.is_empty());
        world.fact("office.changed", fact(json!([]), 3)).await;
        assert_eq!(own(&world.client(deputy)).await[0]["state"], "withdrawn");
    })
    .await;
}

#[actix_web::test]
async fn who_is_invited_is_told_when_it_moves_and_when_it_is_cancelled() {
    on_each_database(async |world| {
        world.participant(world.round).await;
        let session = ceremony(world).await;
        let director = world.municipalities[0].1;
        let client = world.client(director);
        let id = own(&client).await[0]["id"].as_str().unwrap().to_owned();
        let answer = json!({ "verdict": "yes" });
        client
            .post(&format!("invitations/{id}/answer"), answer)
            .await
            .ok();
        let path = format!("sessions/{session}");
        let body = json!({ "kind": "ceremony", "audience": ["directors"] });
        let body = with(seminar("2023-04-01"), &body);
        world.coordinator.change("PUT", &path, "*", body).await.ok();
        world.release().await;
        let told = messages(world, director).await;
        assert_eq!(told.len(), 2);
        assert!(told[1]["calendar"].as_str().unwrap().contains("SEQUENCE:1"));
        assert_eq!(own(&client).await[0]["verdict"], "yes");
        let reason = json!({ "reason": "Snow." });
        world
            .coordinator
            .post(&format!("{path}/cancellation"), reason)
            .await
            .ok();
        world.release().await;
        let told = messages(world, director).await;
        assert!(
            told[2]["calendar"]
                .as_str()
                .unwrap()
                .contains("STATUS:CANCELLED")
        );
        assert_eq!(own(&client).await[0]["state"], "withdrawn");
    })
    .await;
}

/// Method, name and number of the appointment in each mail to somebody, the first first.
async fn appointments(world: &World, person: PersonId) -> Vec<(String, String, i32)> {
    let told = messages(world, person).await;
    let read = told.iter().filter_map(|one| {
        let object = one["calendar"].as_str()?.replace("\r\n ", "");
        let line = |name: &str| {
            let mut lines = object.lines().filter_map(|line| line.strip_prefix(name));
            lines.next().unwrap().to_owned()
        };
        Some((
            line("METHOD:"),
            line("UID:"),
            line("SEQUENCE:").parse().unwrap(),
        ))
    });
    read.collect()
}

#[actix_web::test]
async fn each_appointment_in_a_mail_bears_a_higher_number_than_the_one_before() {
    on_each_database(async |world| {
        world.participant(world.round).await;
        let (guide, pair) = (PersonId::new(), Uuid::now_v7());
        world.person(guide, world.municipalities[1].0, None).await;
        mentor(world, pair, guide, ("active", 1)).await;
        let session = ceremony(world).await;
        // Nothing of the session changes, only who is invited: out, in again, out.
        mentor(world, pair, guide, ("ended", 2)).await;
        mentor(world, pair, guide, ("active", 3)).await;
        mentor(world, pair, guide, ("ended", 4)).await;
        let told = appointments(world, guide).await;
        let short: Vec<_> = told.iter().map(|one| (one.0.as_str(), one.2)).collect();
        let expected = [("REQUEST", 0), ("CANCEL", 1), ("REQUEST", 2), ("CANCEL", 3)];
        assert_eq!(short, expected);
        assert!(
            told.iter()
                .all(|one| one.1 == format!("{session}-1@akademi"))
        );
        // The same for an office that changes hands.
        let (municipality, former) = world.municipalities[0];
        let office = own(&world.client(former)).await[0]["officeId"].clone();
        let fact = json!({
            "officeId": office, "organisationId": municipality, "kind": "municipal_director",
            "holderId": guide, "version": 2,
        });
        world.fact("office.changed", fact).await;
        let told = appointments(world, former).await;
        let short: Vec<_> = told.iter().map(|one| (one.0.as_str(), one.2)).collect();
        assert_eq!(short, [("REQUEST", 0), ("CANCEL", 1)]);
    })
    .await;
}

#[actix_web::test]
async fn a_day_that_a_ceremony_loses_is_taken_back() {
    on_each_database(async |world| {
        world.participant(world.round).await;
        let day = |date: &str| json!({ "date": date, "startsAt": "10:00", "endsAt": "16:00" });
        let days = |days: Value| {
            let body = json!({ "kind": "ceremony", "audience": ["directors"], "days": days });
            with(seminar("2023-03-30"), &body)
        };
        let both = days(json!([day("2023-03-30"), day("2023-03-31")]));
        let session = world.session(both).await;
        world.release().await;
        let path = format!("sessions/{session}");
        let one = days(json!([day("2023-03-30")]));
        world.coordinator.change("PUT", &path, "*", one).await.ok();
        world.release().await;
        let director = world.municipalities[0].1;
        let uid = |number: u8| format!("{session}-{number}@akademi");
        let told = appointments(world, director).await;
        let expected = [
            ("REQUEST", 1, 0),
            ("REQUEST", 2, 0),
            ("CANCEL", 2, 1),
            ("REQUEST", 1, 1),
        ];
        let expected = expected.map(|(method, day, number)| (method.to_owned(), uid(day), number));
        assert_eq!(told, expected);
        let mails = messages(world, director).await;
        let gone = mails[2]["calendar"].as_str().unwrap();
        assert!(
            gone.contains("DTSTART;TZID=Europe/Stockholm:20230331T100000"),
            "{gone}"
        );
        // What is cancelled afterwards is the day that was left.
        let reason = json!({ "reason": "Snow." });
        world
            .coordinator
            .post(&format!("{path}/cancellation"), reason)
            .await
            .ok();
        world.release().await;
        let told = appointments(world, director).await;
        assert_eq!(told[4..], [("CANCEL".to_owned(), uid(1), 2)]);
    })
    .await;
}

#[actix_web::test]
async fn a_session_that_one_has_refused_stands_in_no_calendar() {
    on_each_database(async |world| {
        world.participant(world.round).await;
        ceremony(world).await;
        let client = world.client(world.municipalities[0].1);
        let (_, feed) = crate::calendars::link(&client).await;
        let stranger = world.service.stranger();
        assert!(stranger.get(&feed).await.ok().text.contains("VEVENT"));
        let id = own(&client).await[0]["id"].as_str().unwrap().to_owned();
        let answer = json!({ "verdict": "no" });
        client
            .post(&format!("invitations/{id}/answer"), answer)
            .await
            .ok();
        assert!(!stranger.get(&feed).await.ok().text.contains("VEVENT"));
        world
            .fact(
                "person.erased",
                json!({ "personId": world.municipalities[0].1 }),
            )
            .await;
        assert!(own(&client).await.is_empty());
    })
    .await;
}
