//! Surveys: planned, opened and closed by themselves, under a promise that stands.

use crate::{
    asking::{answer, pulse},
    world::{World, on_each_database},
};
use serde_json::{Value, json};
use shared_testing::database;

fn count(survey: &shared_testing::Reply) -> (i64, i64) {
    let number = |member: &str| survey[member].as_i64().unwrap();
    (number("askedCount"), number("answeredCount"))
}

async fn tell_session(world: &World, id: uuid::Uuid, version: i32, status: &str) {
    let session = json!({
        "sessionId": id, "roundId": world.round, "organiserId": world.organiser,
        "change": "added", "fields": [], "kind": "seminar", "name": { "en": "One" },
        "status": status, "timeZone": "Europe/Stockholm", "version": version,
        "days": [{
            "number": 1, "date": "2022-06-10", "startsAt": "09:00", "endsAt": "15:00",
            "starts": "2022-06-10T07:00:00Z", "ends": "2022-06-10T13:00:00Z",
        }],
        "counts": true, "audience": ["participants"],
    });
    world.service.tell("session.changed", session).await;
}

#[actix_web::test]
async fn a_survey_opens_after_its_session_and_closes_after_its_last_day_by_itself() {
    on_each_database(async |world| {
        let people = world.participants(2).await;
        let session = uuid::Uuid::now_v7();
        let occasion = json!({ "kind": "session_held", "sessionId": session });
        let planned = world
            .plan(json!({ "occasion": occasion, "openDays": 7 }))
            .await;
        let survey = planned.created().id();
        let state = async || world.survey(&survey).await["state"].clone();
        world.service.sweep().await;
        assert_eq!(state().await, "planned");
        tell_session(world, session, 1, "confirmed").await;
        world.service.set_clock("2022-06-10T12:59:00Z");
        world.service.sweep().await;
        assert_eq!(state().await, "planned");
        world.service.set_clock("2022-06-10T13:01:00Z");
        world.service.sweep().await;
        let open = world.survey(&survey).await;
        assert_eq!(open["state"], "open");
        assert_eq!(open["closesOn"], "2022-06-16");
        assert_eq!(count(&open), (2, 0));
        answer(&people[0].person.client, &survey, pulse())
            .await
            .ok();
        // The last day is whole, in the round's zone: it ends at 22 o'clock UTC.
        world.service.set_clock("2022-06-16T21:59:00Z");
        world.service.sweep().await;
        assert_eq!(state().await, "open");
        world.service.set_clock("2022-06-16T22:00:00Z");
        let late = answer(&people[1].person.client, &survey, pulse()).await;
        late.refused("survey_closed");
        world.service.sweep().await;
        let closed = world.survey(&survey).await;
        assert_eq!(closed["state"], "closed");
        assert_eq!(count(&closed), (2, 1));
        assert_eq!(world.service.count("sheets").await, 1);
        assert_eq!(world.service.count("survey_keys").await, 0);
    })
    .await;
}

#[actix_web::test]
async fn a_cancelled_session_opens_nothing_and_events_may_come_in_any_order() {
    on_each_database(async |world| {
        let session = uuid::Uuid::now_v7();
        let occasion = json!({ "kind": "session_released", "sessionId": session });
        let survey = world
            .plan(json!({ "occasion": occasion }))
            .await
            .created()
            .id();
        tell_session(world, session, 2, "cancelled").await;
        tell_session(world, session, 1, "confirmed").await;
        world.service.sweep().await;
        assert_eq!(world.survey(&survey).await["state"], "planned");
        tell_session(world, session, 3, "confirmed").await;
        tell_session(world, session, 3, "confirmed").await;
        world.service.sweep().await;
        assert_eq!(world.survey(&survey).await["state"], "open");
    })
    .await;
}

#[actix_web::test]
async fn follow_ups_open_months_after_the_round_and_ask_managers_directors_and_mentors_once() {
    on_each_database(async |world| {
        let manager = world.person(world.municipalities[0], json!({})).await;
        let own = json!({ "managerId": manager.id });
        let one = world.participant(0, own.clone()).await;
        world.participant(0, own).await;
        let mentor = world.person(world.municipalities[1], json!({})).await;
        for state in ["ended", "active"] {
            let pair = json!({
                "pairId": uuid::Uuid::nil(), "roundId": world.round,
                "applicationId": one.application, "mentorPersonId": mentor.id,
                "menteePersonId": one.person.id, "state": state,
            });
            world.service.tell("pair.active", pair).await;
        }
        let director = world.person(world.municipalities[0], json!({})).await;
        let office = json!({
            "officeId": uuid::Uuid::now_v7(), "organisationId": world.municipalities[0],
            "kind": "municipal_director", "holderId": director.id, "actingHolders": [],
        });
        world.service.tell("office.changed", office).await;
        let occasion = json!({ "kind": "months_after_round", "months": 6 });
        let finished = json!({ "kind": "round_finished" });
        let asked = [
            ("managers", &occasion, manager.id),
            ("mentors", &finished, mentor.id),
            ("directors", &finished, director.id),
        ];
        let mut planned = Vec::new();
        for (audience, occasion, person) in asked {
            let body = json!({ "audience": audience, "occasion": occasion });
            planned.push((world.plan(body).await.created().id(), person));
        }
        let states = async || {
            let mut states: Vec<Value> = Vec::new();
            for (survey, _) in &planned {
                states.push(world.survey(survey).await["state"].clone());
            }
            states
        };
        world.service.set_clock("2023-05-31T10:00:00Z");
        world.service.sweep().await;
        assert_eq!(states().await, ["planned", "planned", "planned"]);
        world.service.set_clock("2023-06-01T10:00:00Z");
        world.service.sweep().await;
        assert_eq!(states().await, ["planned", "open", "open"]);
        world.service.set_clock("2023-11-30T10:00:00Z");
        world.service.sweep().await;
        assert_eq!(states().await, ["open", "closed", "closed"]);
        for (survey, person) in &planned {
            assert_eq!(count(&world.survey(survey).await), (1, 0));
            let path = format!("surveys/{survey}/invitations");
            let list = world.evaluator.get(&path).await.ok();
            assert_eq!(list["items"][0]["personId"], json!(person));
            assert!(list["items"][0].get("answered").is_none());
        }
    })
    .await;
}

#[actix_web::test]
async fn what_was_promised_stands_from_the_first_invitation_on_whoever_writes() {
    on_each_database(async |world| {
        let colleague = world.person(world.municipalities[0], json!({})).await;
        let planned = world
            .plan(json!({ "audience": "colleagues" }))
            .await
            .created();
        let path = format!("surveys/{}", planned.id());
        let change = async |tag: &str, mode: &str| {
            let body = json!({ "mode": mode });
            world.coordinator.change("PATCH", &path, tag, body).await
        };
        let changed = change(&planned.tag(), "named").await.ok();
        assert_eq!(changed["mode"], "named");
        let changed = change(&changed.tag(), "anonymous").await.ok();
        assert_eq!(changed["modeFrozen"], false);
        // Named before the survey opens: the promise is frozen already.
        let body = json!({ "personIds": [colleague.id] });
        let invitations = format!("{path}/invitations");
        let invited = world.coordinator.post(&invitations, body).await.ok();
        assert_eq!(invited["invitedCount"], 1);
        assert!(world.service.messages().await.is_empty());
        let frozen = world.survey(&planned.id()).await;
        assert_eq!(frozen["modeFrozen"], true);
        change("*", "named").await.refused("survey_mode_frozen");
        // Around the model too: a migration, an import, a hand at the database.
        let state = &world.service.state;
        let transaction = state.database.begin().await.unwrap();
        let statement = "UPDATE surveys SET mode = 'named'";
        let by_hand =
            sea_orm::ConnectionTrait::execute_unprepared(transaction.connection(), statement);
        let error = by_hand.await.unwrap_err().to_string();
        assert!(
            error.contains("what was promised is not changed"),
            "{error}"
        );
        drop(transaction);
        // A copy makes the same promise, to others.
        let copies = format!("{path}/copies");
        let copy = world
            .coordinator
            .post(&copies, json!({ "roundId": world.round }));
        let copy = copy.await.created();
        assert_eq!(
            (&copy["mode"], &copy["state"]),
            (&json!("anonymous"), &json!("planned"))
        );
        world.step(&planned.id(), "opening").await.ok();
        change("*", "named").await.refused("survey_mode_frozen");
        assert_eq!(world.service.links_to(colleague.id).await.len(), 1);
    })
    .await;
}

#[actix_web::test]
async fn ties_are_never_asked_for_anonymously() {
    on_each_database(async |world| {
        let instrument = world.library("network").await;
        let of = |mode: &str, audience: &str| json!({ "instrumentId": instrument, "mode": mode, "audience": audience });
        let anonymous = world.plan(of("anonymous", "participants")).await;
        anonymous.refused("survey_mode_refused");
        let others = world.plan(of("confidential", "managers")).await;
        others.refused("survey_mode_refused");
        let planned = world.plan(of("confidential", "participants")).await.created();
        let path = format!("surveys/{}", planned.id());
        let change = json!({ "mode": "anonymous" });
        let refused = world.coordinator.change("PATCH", &path, "*", change).await;
        refused.refused("survey_mode_refused");
    })
    .await;
}

#[actix_web::test]
async fn an_occasion_says_all_that_it_needs_and_nothing_else() {
    on_each_database(async |world| {
        for occasion in [
            json!({ "kind": "session_held" }),
            json!({ "kind": "months_after_round" }),
            json!({ "kind": "manual", "months": 2 }),
        ] {
            let refused = world.plan(json!({ "occasion": occasion })).await;
            refused.refused("survey_occasion_incomplete");
        }
        let session = json!({ "kind": "session_held", "sessionId": uuid::Uuid::now_v7() });
        let planned = world.plan(json!({ "occasion": session })).await.created();
        let path = format!("surveys/{}/copies", planned.id());
        let same = json!({ "roundId": world.round });
        let refused = world.coordinator.post(&path, same).await;
        refused.refused("survey_occasion_incomplete");
    })
    .await;
}

#[actix_web::test]
async fn only_those_who_have_not_answered_are_reminded_twice_and_by_their_own_link() {
    on_each_database(async |world| {
        let people = world.participants(3).await;
        let survey = world.open(json!({})).await;
        answer(&people[0].person.client, &survey, pulse())
            .await
            .ok();
        let reminders = async || {
            let messages = world.service.messages().await;
            let sent = messages
                .iter()
                .filter(|one| one["template"] == "survey_reminder");
            let mut to: Vec<String> = sent
                .map(|one| one["personId"].as_str().unwrap().to_owned())
                .collect();
            to.sort();
            to
        };
        world.service.set_clock("2022-06-07T10:00:00Z");
        world.service.sweep().await;
        assert!(reminders().await.is_empty());
        world.service.set_clock("2022-06-08T10:00:00Z");
        world.service.sweep().await;
        world.service.sweep().await;
        let mut waiting: Vec<String> = people[1..]
            .iter()
            .map(|one| one.person.id.to_string())
            .collect();
        waiting.sort();
        assert_eq!(reminders().await, waiting);
        answer(&people[1].person.client, &survey, pulse())
            .await
            .ok();
        world.service.set_clock("2022-06-12T10:00:00Z");
        world.service.sweep().await;
        world.service.sweep().await;
        assert_eq!(reminders().await.len(), 3);
        let links = world.service.links_to(people[2].person.id).await;
        assert_eq!(links.len(), 3);
        assert!(links.iter().all(|link| *link == links[0]));
    })
    .await;
}

#[actix_web::test]
async fn who_gets_a_seat_while_a_survey_is_open_is_asked_and_who_leaves_is_asked_no_more() {
    on_each_database(async |world| {
        let first = world.participant(0, json!({})).await;
        let survey = world.open(json!({})).await;
        let late = world.participant(1, json!({})).await;
        assert_eq!(count(&world.survey(&survey).await), (2, 0));
        answer(&late.person.client, &survey, pulse()).await.ok();
        let link = world.service.links_to(first.person.id).await.remove(0);
        let place = (world.municipalities[0], world.round);
        let left = world.tell_seat(first.application, first.person.id, place, "withdrawn");
        left.await;
        world.service.stranger().get(&link).await.is(404);
        assert_eq!(count(&world.survey(&survey).await), (2, 1));
    })
    .await;
}

#[actix_web::test]
async fn colleagues_are_named_by_participants_and_coordinators_and_need_no_account() {
    on_each_database(async |world| {
        let own = world.participant(0, json!({})).await;
        let near = world.person(world.municipalities[0], json!({})).await;
        let far = world.person(world.municipalities[1], json!({})).await;
        let survey = world.open(json!({ "audience": "colleagues" })).await;
        let path = format!("surveys/{survey}/invitations");
        let name = |people: &[shared_types::PersonId]| json!({ "personIds": people });
        let client = &own.person.client;
        let invited = client.post(&path, name(&[near.id])).await.ok();
        assert_eq!(invited["invitedCount"], 1);
        let again = client.post(&path, name(&[near.id])).await.ok();
        assert_eq!(again["invitedCount"], 0);
        client
            .post(&path, name(&[far.id]))
            .await
            .refused("survey_person_unknown");
        client
            .post(&path, name(&[own.person.id]))
            .await
            .refused("survey_person_unknown");
        let many = name(&[near.id; 10]);
        client
            .post(&path, many)
            .await
            .refused("survey_people_too_many");
        let invited = world.coordinator.post(&path, name(&[far.id])).await.ok();
        assert_eq!(invited["invitedCount"], 1);
        let link = world.service.links_to(far.id).await.remove(0);
        world.service.stranger().get(&link).await.ok();
        let fixed = world.open(json!({})).await;
        let path = format!("surveys/{fixed}/invitations");
        let refused = world.coordinator.post(&path, name(&[far.id])).await;
        refused.refused("survey_audience_fixed");
    })
    .await;
}

#[actix_web::test]
async fn before_and_after_are_paired_by_a_phrase_and_the_key_is_gone_when_both_are_over() {
    on_each_database(async |world| {
        let people = world.participants(3).await;
        let instrument = world.library("self_assessment").await;
        let of = |part: &str| json!({ "instrumentId": instrument, "part": part });
        world.plan(of("after")).await.refused("survey_pairing_impossible");
        let before = world.plan(of("before")).await.created();
        let before_id = before.id();
        assert_eq!(before["pairingOpen"], true);
        let mut after = of("after");
        after["pairedWithId"] = json!(before_id);
        let after = world.plan(after).await.created();
        assert_eq!(before["familyId"], after["familyId"]);
        let questions = [
            "self_strengths", "self_limits", "self_effect", "self_pressure", "own_needs",
            "own_change", "own_whole", "own_politics", "society_trends", "society_research",
            "society_network",
        ];
        let sheet: serde_json::Map<String, Value> =
            questions.iter().map(|key| ((*key).to_owned(), json!(3))).collect();
        let phrases = [["Grön båt i dimma", "  grön BÅT i   dimma "], ["kalle kula", "stina stol"]];
        let both = [before_id.clone(), after.id()];
        for (number, survey) in both.iter().enumerate() {
            world.step(survey, "opening").await.ok();
            let path = format!("surveys/{survey}/answers");
            for (person, phrase) in people.iter().zip(phrases) {
                let body = json!({ "instrumentVersion": 1, "answers": sheet, "phrase": phrase[number] });
                person.person.client.post(&path, body).await.ok();
            }
            let short = json!({ "instrumentVersion": 1, "answers": sheet, "phrase": " Kort  . " });
            let refused = people[2].person.client.post(&path, short).await;
            let violations = refused.refused("invalid_body").violations();
            assert_eq!(violations, [("/phrase".to_owned(), "too_short".to_owned())]);
            let without = json!({ "instrumentVersion": 1, "answers": sheet });
            people[2].person.client.post(&path, without).await.ok();
            let closed = world.step(survey, "closing").await.ok();
            assert_eq!(closed["pairingOpen"], number == 0);
        }
        let query = "SELECT COUNT(*) AS row FROM survey_families WHERE wrapped_key IS NOT NULL OR key_id IS NOT NULL";
        let database = &world.service.state.database;
        assert_eq!(database::number(database, query).await, 0);
        // One pair, three single codes, two sheets without any; and no phrase anywhere.
        let query = "SELECT COUNT(DISTINCT pairing_code) AS row FROM sheets";
        assert_eq!(database::number(database, query).await, 3);
        let query = "SELECT COUNT(pairing_code) AS row FROM sheets";
        assert_eq!(database::number(database, query).await, 4);
        for (table, rows) in database::contents(database).await {
            let rows = rows.join("\n").to_lowercase();
            assert!(!rows.contains("dimma") && !rows.contains("kalle kula"), "{table}");
        }
        let mut late = of("follow_up");
        late["pairedWithId"] = json!(before_id);
        world.plan(late).await.refused("survey_pairing_impossible");
    })
    .await;
}

#[actix_web::test]
async fn a_pairing_can_be_ended_early() {
    on_each_database(async |world| {
        let person = world.participant(0, json!({})).await;
        let instrument = world.library("session_pulse").await;
        let body = json!({ "instrumentId": instrument, "part": "before" });
        let survey = world.open(body).await;
        let ended = world.step(&survey, "pairing-end").await.ok();
        assert_eq!(ended["pairingOpen"], false);
        let body =
            json!({ "instrumentVersion": 1, "answers": pulse(), "phrase": "green boat in fog" });
        let path = format!("surveys/{survey}/answers");
        let client = &person.person.client;
        let refused = client.post(&path, body).await.refused("invalid_body");
        assert_eq!(
            refused.violations(),
            [("/phrase".to_owned(), "not_asked".to_owned())]
        );
        answer(client, &survey, pulse()).await.ok();
    })
    .await;
}

#[actix_web::test]
async fn a_survey_that_is_called_off_throws_its_answers_away() {
    on_each_database(async |world| {
        let people = world.participants(6).await;
        let survey = world.open(json!({})).await;
        for person in &people {
            answer(&person.person.client, &survey, pulse()).await.ok();
        }
        world.service.sweep().await;
        assert_eq!(world.service.count("sheets").await, 6);
        let path = format!("surveys/{survey}/cancellation");
        let reason = json!({ "reason": "The session was moved." });
        let cancelled = world.coordinator.post(&path, reason).await.ok();
        assert_eq!(cancelled["state"], "cancelled");
        for table in ["sheets", "survey_intake", "survey_keys"] {
            assert_eq!(world.service.count(table).await, 0, "{table}");
        }
        world.step(&survey, "opening").await.refused("survey_state");
    })
    .await;
}

#[actix_web::test]
async fn seats_that_are_told_twice_and_out_of_order_ask_everybody_once_and_who_left_no_more() {
    on_each_database(async |world| {
        let survey = world.open(json!({})).await;
        let person = world.person(world.municipalities[0], json!({})).await;
        let application = shared_types::ApplicationId::new();
        let tell = async |seat: &str, version: i32| {
            let organisation = world.municipalities[0];
            let fact = json!({
                "applicationId": application, "roundId": world.round, "personId": person.id,
                "organisationId": organisation, "municipalityId": organisation,
                "organiserId": world.organiser, "state": "submitted", "endorsement": "endorsed",
                "seat": seat, "replaces": null, "version": version,
            });
            world.service.tell("offer.accepted", fact).await;
        };
        let asked = async || world.survey(&survey).await["askedCount"].clone();
        tell("offered", 1).await;
        assert_eq!(asked().await, 0);
        for _ in 0..2 {
            tell("accepted", 2).await;
        }
        assert_eq!(asked().await, 1);
        let link = world.service.links_to(person.id).await;
        assert_eq!(link.len(), 1);
        world.service.stranger().get(&link[0]).await.ok();
        // What is older comes late and changes nothing; what is newer takes the link back, for good.
        tell("offered", 1).await;
        world.service.stranger().get(&link[0]).await.ok();
        for (seat, version) in [("withdrawn", 3), ("accepted", 2), ("withdrawn", 3)] {
            tell(seat, version).await;
            world.service.stranger().get(&link[0]).await.is(404);
        }
        assert_eq!(asked().await, 1);
        assert_eq!(world.service.links_to(person.id).await.len(), 1);
    })
    .await;
}

#[actix_web::test]
async fn what_is_planned_for_a_round_that_is_cancelled_is_called_off_and_what_is_open_goes_on() {
    on_each_database(async |world| {
        world.participants(6).await;
        let planned = world.plan(json!({})).await.created().id();
        let open = world.open(json!({})).await;
        let state = async |survey: &str| {
            let read = world.coordinator.get(&format!("surveys/{survey}")).await;
            read.ok()["state"].clone()
        };
        world.tell_round(world.round, json!({})).await;
        assert_eq!(state(&planned).await, "planned");
        for _ in 0..2 {
            let cancelled = json!({ "state": "cancelled" });
            world.tell_round(world.round, cancelled).await;
            assert_eq!(state(&planned).await, "cancelled");
            assert_eq!(state(&open).await, "open");
        }
    })
    .await;
}
