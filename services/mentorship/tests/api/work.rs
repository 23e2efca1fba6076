//! What pairs write.

use crate::world::{Matched, World, on_each_database, pair_keys};
use mentorship::vaults::{self, rotation::rotate};
use serde_json::{Value, json};
use shared_testing::database;

#[actix_web::test]
async fn the_two_read_and_write_and_everybody_else_is_refused() {
    on_each_database(async |world| {
        let matched = world.active().await;
        let agreement = json!({ "meetingDays": 30, "text": "What we say stays here." });
        let path = matched.at("agreement");
        matched
            .mentee()
            .get(&path)
            .await
            .refused("agreement_missing");
        matched
            .mentee()
            .change("PUT", &path, "*", agreement)
            .await
            .ok();
        let read = matched.mentor().get(&path).await.ok();
        assert_eq!(read["text"], "What we say stays here.");
        let goal = json!({ "text": "Delegate.", "dueOn": "2022-12-16" });
        let goal = matched
            .mentee()
            .post(&matched.at("goals"), goal)
            .await
            .created();
        let own = format!("pair-goals/{}", goal.id());
        let reached = json!({ "text": "Delegate.", "reached": true });
        matched
            .mentor()
            .change("PUT", &own, &goal.tag(), reached.clone())
            .await
            .ok();
        let stale = matched
            .mentee()
            .change("PUT", &own, &goal.tag(), reached)
            .await;
        stale.refused("version_stale");
        let text = json!({ "text": "Does Thursday suit you?" });
        for what in ["notes", "messages"] {
            let path = matched.at(what);
            let call = async || matched.mentor().post_once(&path, what, text.clone()).await;
            let (first, again) = (call().await.created(), call().await.created());
            assert_eq!(first.id(), again.id());
            let other = json!({ "text": "Something else." });
            let other = matched.mentor().post_once(&path, what, other).await;
            other.refused("idempotency_key_reused");
            assert_eq!(
                matched.mentee().get(&path).await.ok()["_meta"]["totalRecords"],
                1
            );
            world.coordinator.get(&path).await.refused("forbidden");
        }
        for one in [matched.mentee(), matched.mentor()] {
            let export = one.get(&matched.at("export")).await.ok();
            for expected in ["stays here", "Delegate.", "Thursday"] {
                assert!(export.text.contains(expected), "{}", export.text);
            }
        }
        for path in ["agreement", "goals", "notes", "messages", "export"] {
            world
                .coordinator
                .get(&matched.at(path))
                .await
                .refused("forbidden");
            let other = world.participant(1).await;
            other
                .person
                .client
                .get(&matched.at(path))
                .await
                .refused("not_found");
        }
        world.coordinator.get(&own).await.refused("not_found");
        let long = json!({ "text": "x".repeat(10_000) });
        let refused = matched.mentor().post(&matched.at("notes"), long).await;
        assert_eq!(refused.refused("invalid_body").violations()[0].0, "/text");
    })
    .await;
}

#[actix_web::test]
async fn nothing_is_written_before_both_have_accepted_or_after_the_end() {
    on_each_database(async |world| {
        let matched = world.proposed().await;
        let note = json!({ "text": "Hello" });
        let path = matched.at("notes");
        matched
            .mentor()
            .post(&path, note.clone())
            .await
            .refused("pair_not_active");
        for client in [matched.mentor(), matched.mentee()] {
            matched.answer(client, "accept").await.ok();
        }
        matched.mentor().post(&path, note.clone()).await.created();
        let ending = json!({ "ending": "other" });
        world
            .coordinator
            .post(&matched.at("ending"), ending)
            .await
            .ok();
        matched
            .mentor()
            .post(&path, note)
            .await
            .refused("pair_state_forbids");
        assert_eq!(
            matched.mentor().get(&path).await.ok()["items"][0]["text"],
            "Hello"
        );
    })
    .await;
}

/// The same mentee with a second mentor.
async fn second_pair(world: &World, first: &Matched) -> Matched {
    let ending = json!({ "ending": "other" });
    world
        .coordinator
        .post(&first.at("ending"), ending)
        .await
        .ok();
    let path = format!("mentors/{}", first.mentor_id);
    let none = json!({ "capacity": 0 });
    world
        .coordinator
        .change("PATCH", &path, "*", none)
        .await
        .ok();
    let mentor_id = world.mentor(2, 1).await;
    world.match_all().await;
    let pairs = world.pairs().await;
    let pair = pairs
        .iter()
        .find(|pair| pair["mentorId"] == json!(mentor_id))
        .unwrap();
    Matched {
        pair: crate::world::text(&pair["id"]),
        mentor: world.municipalities[2].chief.clone(),
        mentor_id,
        mentee: first.mentee.clone(),
    }
}

#[actix_web::test]
async fn a_new_mentor_reads_the_old_ones_notes_only_where_the_mentee_shares_them() {
    on_each_database(async |world| {
        let first = world.active().await;
        let note = json!({ "text": "Between us." });
        first
            .mentor()
            .post(&first.at("notes"), note)
            .await
            .created();
        let second = second_pair(world, &first).await;
        let path = first.at("notes");
        second.mentor().get(&path).await.refused("not_found");
        let share = json!({ "withPairId": second.pair });
        let shares = first.at("shares");
        first
            .mentor()
            .post(&shares, share.clone())
            .await
            .refused("forbidden");
        let back = json!({ "withPairId": first.pair });
        let wrong = first.mentee().post(&second.at("shares"), back).await;
        wrong.refused("notes_share_other_mentee");
        for _ in 0..2 {
            first.mentee().post(&shares, share.clone()).await.ok();
        }
        let read = second.mentor().get(&path).await.ok();
        assert_eq!(read["items"][0]["text"], "Between us.");
        // Notes alone.
        second
            .mentor()
            .get(&first.at("messages"))
            .await
            .refused("not_found");
    })
    .await;
}

#[actix_web::test]
async fn an_ended_pairs_work_is_erased_in_time_by_dropping_its_key() {
    on_each_database(async |world| {
        let matched = world.active().await;
        let note = json!({ "text": "Between us." });
        matched
            .mentor()
            .post(&matched.at("notes"), note)
            .await
            .created();
        let meeting =
            json!({ "startsAt": "2022-06-13T12:00:00Z", "lengthMinutes": 60, "topic": "Us" });
        matched
            .mentor()
            .post(&matched.at("meetings"), meeting)
            .await
            .created();
        let ending = json!({ "ending": "completed" });
        matched
            .mentee()
            .post(&matched.at("ending"), ending)
            .await
            .ok();
        world.service.set_clock("2022-11-28T07:59:00Z");
        world.service.sweep().await;
        assert_eq!(
            matched.mentor().get(&matched.at("notes")).await.ok()["_meta"]["totalRecords"],
            1
        );
        world.service.set_clock("2022-11-28T08:01:00Z");
        world.service.sweep().await;
        assert_eq!(
            matched.mentor().get(&matched.at("notes")).await.ok()["_meta"]["totalRecords"],
            0
        );
        let kept = "SELECT COUNT(*) AS row FROM vaults WHERE wrapped_key IS NOT NULL";
        assert_eq!(
            database::number(&world.service.state.database, kept).await,
            0
        );
        let meetings = matched.mentor().get(&matched.at("meetings")).await.ok();
        assert_eq!(meetings["items"][0]["topic"], Value::Null);
    })
    .await;
}

#[actix_web::test]
async fn a_new_master_key_is_taken_into_use_beside_the_service_and_the_old_one_can_go() {
    on_each_database(async |world| {
        let matched = world.active().await;
        let note = json!({ "text": "Between us." });
        matched
            .mentor()
            .post(&matched.at("notes"), note)
            .await
            .created();
        let database = &world.service.state.database;
        let pair = matched.pair.parse().unwrap();
        let old = pair_keys(&["first"]);
        assert!(
            vaults::store::find(database.read(), &old, pair)
                .await
                .unwrap()
                .is_some()
        );
        let state = mentorship::State {
            database: database.clone(),
            core: world.service.state.core.clone(),
            inbox: world.service.state.inbox.clone(),
            link_key: world.service.state.link_key.clone(),
            pair_keys: pair_keys(&["second", "first"]),
        };
        assert_eq!(rotate(&state).await.unwrap(), 1);
        let new = pair_keys(&["second"]);
        assert!(
            vaults::store::find(database.read(), &new, pair)
                .await
                .unwrap()
                .is_some()
        );
        assert!(
            vaults::store::find(database.read(), &old, pair)
                .await
                .is_err()
        );
    })
    .await;
}
