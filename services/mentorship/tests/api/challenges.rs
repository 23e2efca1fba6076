//! Challenges, experiments and the board.

use crate::world::{on_each_database, text};
use serde_json::{Value, json};
use shared_testing::database;
use shared_types::{RoundId, SessionId};

fn piece(text: &str, audience: &str) -> Value {
    json!({ "text": text, "audience": audience })
}

#[actix_web::test]
async fn each_piece_is_read_by_those_for_whom_its_owner_wrote_it() {
    on_each_database(async |world| {
        let matched = world.accepted().await;
        let other = world.participant(2).await;
        let path = format!("challenges/{}", matched.mentee.application);
        matched
            .mentor()
            .get(&path)
            .await
            .refused("challenge_missing");
        let body = json!({
            "title": piece("Waiting times", "round"), "vision": piece("Two weeks", "mentor"),
            "goals": [piece("Halve them", "mentor"), piece("Keep my staff", "private")],
            "stakeholders": [piece("Home care", "round")], "risks": [piece("Money", "private")],
            "keyFigures": ["U21468"], "horizonOn": "2027-12-31",
        });
        let own = matched
            .mentee()
            .change("PUT", &path, "*", body.clone())
            .await
            .ok();
        for expected in [
            "Waiting times",
            "Two weeks",
            "Halve them",
            "Keep my staff",
            "Money",
        ] {
            assert!(own.text.contains(expected), "{expected}");
        }
        let mentor = matched.mentor().get(&path).await.ok();
        assert_eq!(mentor["goals"], json!([piece("Halve them", "mentor")]));
        assert!(!mentor.text.contains("Keep my staff") && !mentor.text.contains("Money"));
        for client in [&other.person.client, &world.coordinator] {
            let seen = client.get(&path).await.ok();
            assert_eq!(seen["title"]["text"], "Waiting times");
            assert_eq!(seen["keyFigures"], json!(["U21468"]));
            assert_eq!(
                (&seen["vision"], &seen["goals"]),
                (&Value::Null, &json!([]))
            );
            client
                .change("PUT", &path, "*", body.clone())
                .await
                .refused("forbidden");
        }
        let chief = &world.municipalities[0].chief.client;
        chief.get(&path).await.refused("not_found");
        let stale = matched.mentee().change("PUT", &path, "\"7-x\"", body).await;
        stale.refused("version_stale");
        let tables = database::contents(&world.service.state.database).await;
        for (table, rows) in tables {
            assert!(
                !rows.iter().any(|row| row.contains("Keep my staff")),
                "{table}"
            );
        }
    })
    .await;
}

#[actix_web::test]
async fn an_experiment_is_written_step_by_step_and_the_board_has_what_was_shared() {
    on_each_database(async |world| {
        let matched = world.accepted().await;
        let other = world.participant(2).await;
        let path = format!("challenges/{}/experiments", matched.mentee.application);
        let plan = json!({ "track": "relations", "plan": piece("Ask before I answer", "round") });
        let client = matched.mentee();
        let made = client.post_once(&path, "one", plan.clone()).await.created();
        let again = client.post_once(&path, "one", plan.clone()).await.created();
        assert_eq!((made.id(), text(&made["step"])), (again.id(), "plan".to_owned()));
        let changed = json!({ "track": "society", "plan": piece("Another", "private") });
        client.post_once(&path, "one", changed).await.refused("idempotency_key_reused");
        let own = format!("experiments/{}", made.id());
        let mut tried = plan;
        tried["try"] = piece("Three meetings", "mentor");
        tried["practicePeriodId"] = json!("0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60");
        let written = client.change("PUT", &own, &made.tag(), tried).await.ok();
        assert_eq!(written["step"], "try");
        let mentor = matched.mentor().get(&own).await.ok();
        assert_eq!(mentor["try"]["text"], "Three meetings");
        let seen = other.person.client.get(&own).await.ok();
        assert_eq!((&seen["try"], &seen["plan"]["text"]), (&Value::Null, &json!("Ask before I answer")));
        other.person.client.change("DELETE", &own, "*", Value::Null).await.refused("forbidden");
        let board = format!("rounds/{}/board", world.round);
        let board = other.person.client.get(&board).await.ok();
        assert_eq!(
            board["entries"],
            json!([{
                "applicationId": matched.mentee.application, "name": "Anna Andersson", "pieces": [],
                "experiments": [{ "id": made.id(), "track": "relations", "pieces": ["Ask before I answer"] }],
            }])
        );
        client.change("DELETE", &own, &written.tag(), Value::Null).await.is(204);
        let gone = json!({ "personId": matched.mentee.person.id });
        client.post_once(&path, "two", json!({ "track": "oneself", "plan": piece("Rest", "round") })).await.created();
        world.service.tell("person.erased", gone).await;
        let board = format!("rounds/{}/board", world.round);
        let board = other.person.client.get(&board).await.ok();
        assert_eq!(board["entries"], json!([]));
    })
    .await;
}

#[actix_web::test]
async fn texts_that_are_too_long_and_unknown_tracks_are_refused_with_their_places() {
    on_each_database(async |world| {
        let mentee = world.participant(0).await;
        let path = format!("challenges/{}/experiments", mentee.application);
        let body = json!({ "track": "juggling", "plan": piece(&"x".repeat(4001), "everybody") });
        let refused = mentee
            .person
            .client
            .post(&path, body)
            .await
            .refused("invalid_body");
        let places: Vec<String> = refused.violations().into_iter().map(|one| one.0).collect();
        assert_eq!(places, ["/plan/audience", "/plan/text", "/track"]);
    })
    .await;
}

#[actix_web::test]
async fn an_experiment_names_a_practice_period_of_its_round_or_one_not_yet_known() {
    on_each_database(async |world| {
        let mentee = world.participant(0).await;
        let client = &mentee.person.client;
        let path = format!("challenges/{}/experiments", mentee.application);
        let session = async |round: RoundId, kind: &str, status: &str, version: i32, id: SessionId| {
            let fact = json!({
                "sessionId": id, "roundId": round, "organiserId": world.organiser, "kind": kind,
                "status": status, "version": version, "change": "added", "days": [],
            });
            world.service.tell("session.changed", fact).await;
        };
        let during = |period: SessionId| json!({ "track": "relations", "plan": piece("Ask", "private"), "practicePeriodId": period });
        let [own, meeting, elsewhere, unknown] = [(); 4].map(|()| SessionId::new());
        session(world.round, "practice_period", "confirmed", 1, own).await;
        session(world.round, "seminar", "confirmed", 1, meeting).await;
        session(RoundId::new(), "practice_period", "confirmed", 1, elsewhere).await;
        let made = client.post(&path, during(own)).await.created();
        // The plan may be on its way.
        client.post(&path, during(unknown)).await.created();
        for wrong in [meeting, elsewhere] {
            client.post(&path, during(wrong)).await.refused("practice_period_unknown");
        }
        session(world.round, "practice_period", "cancelled", 3, own).await;
        session(world.round, "practice_period", "confirmed", 2, own).await;
        client.post(&path, during(own)).await.refused("practice_period_unknown");
        // What was named in time can still be written on.
        let place = format!("experiments/{}", made.id());
        client.change("PUT", &place, "*", during(own)).await.ok();
        client.change("PUT", &place, "*", during(meeting)).await.refused("practice_period_unknown");
    })
    .await;
}
