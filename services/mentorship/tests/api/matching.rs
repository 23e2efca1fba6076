//! Matching: terms, previews, runs, constraints, publication.

use crate::world::{World, on_each_database, text};
use futures_util::future::join;
use mentorship::runs::guard::sabotage;
use serde_json::{Value, json};
use shared_testing::databases;

fn weights(members: &Value) -> Value {
    let mut weights = json!({
        "menteeWish": "high", "mentorWish": "medium", "competences": "high",
        "languages": "mandatory", "travel": "medium", "form": "low", "sector": "low",
    });
    for (name, value) in members.as_object().unwrap() {
        weights[name] = value.clone();
    }
    weights
}

#[actix_web::test]
async fn a_run_matches_everybody_it_can_and_says_why_in_the_readers_language() {
    on_each_database(async |world| {
        let mentee = world.participant(0).await;
        let (near, far) = (world.mentor(0, 1).await, world.mentor(1, 1).await);
        let profile =
            json!({ "profile": { "competences": ["change", "finance"], "languages": ["sv"] } });
        for mentor in [&near, &far] {
            let path = format!("mentors/{mentor}");
            world
                .coordinator
                .change("PATCH", &path, "*", profile.clone())
                .await
                .ok();
        }
        let own = format!("mentees/{}", mentee.application);
        let client = &mentee.person.client;
        client.change("PUT", &own, "*", profile).await.ok();
        let run = world.run().await;
        assert_eq!(run["state"], "proposed");
        assert_eq!(run["pairs"][0]["mentorId"], json!(far));
        assert!(run["pairs"][0]["score"].as_i64().unwrap() > 0);
        let path = format!("matching-runs/{}", run.id());
        let call = world.coordinator.call("GET".parse().unwrap(), &path);
        let swedish = call.header("accept-language", "sv").send().await.ok();
        assert!(
            swedish
                .text
                .contains("Mentorn erbjuder det som söks: förändringsledning, ekonomi.")
        );
        // The same inputs have the same digest and lead to the same pairs.
        let again = world.run().await;
        assert_eq!(again["inputsDigest"], run["inputsDigest"]);
        assert_eq!(again["pairs"], run["pairs"]);
        client.get(&path).await.refused("not_found");
    })
    .await;
}

#[actix_web::test]
async fn who_blocks_whom_is_told_in_words_with_numbers_and_names() {
    on_each_database(async |world| {
        for _ in 0..3 {
            world.participant(0).await;
        }
        world.mentor(0, 5).await;
        world.mentor(1, 1).await;
        let run = world.run().await;
        assert_eq!(run["pairs"].as_array().unwrap().len(), 1);
        assert_eq!(run["unmatched"].as_array().unwrap().len(), 2);
        let words = text(&run["blockingSets"][0]["words"]);
        assert!(words.contains("3 mentees (Kommun 0: 3)"), "{words}");
        assert!(
            words.contains("Chef 1") && words.contains("2 go without"),
            "{words}"
        );
        for (language, expected) in [("sv", "3 adepter"), ("da", "2 går uden")] {
            let path = format!("matching-runs/{}", run.id());
            let call = world.coordinator.call("GET".parse().unwrap(), &path);
            let read = call.header("accept-language", language).send().await.ok();
            assert!(read.text.contains(expected), "{}", read.text);
        }
    })
    .await;
}

#[actix_web::test]
async fn other_weights_are_previewed_with_a_difference_and_nothing_is_kept() {
    on_each_database(async |world| {
        let mentee = world.participant(0).await;
        let (first, second) = (world.mentor(1, 1).await, world.mentor(2, 1).await);
        let offer = json!({ "profile": { "competences": ["change"] } });
        let path = format!("mentors/{first}");
        world.coordinator.change("PATCH", &path, "*", offer).await.ok();
        let body = json!({
            "profile": { "competences": ["change"] },
            "wishes": [{ "mentorId": second, "why": "Knows our county." }],
        });
        let own = format!("mentees/{}", mentee.application);
        mentee.person.client.change("PUT", &own, "*", body).await.ok();
        let terms = format!("rounds/{}/terms", world.round);
        let present = json!({
            "weights": weights(&json!({ "menteeWish": "high", "competences": "off" })),
            "longJourneyMinutes": 90, "answerDays": 10, "keptDays": 180,
        });
        world.coordinator.change("PUT", &terms, "*", present).await.ok();
        let tried = json!({ "weights": weights(&json!({ "menteeWish": "off" })) });
        let path = format!("rounds/{}/matching-previews", world.round);
        let before = world.service.count("matching_runs").await;
        let preview = world.coordinator.post(&path, tried).await.ok();
        assert_eq!(
            preview["differences"],
            json!([{ "applicationId": mentee.application, "presentMentorId": second, "triedMentorId": first }])
        );
        assert_eq!(world.service.count("matching_runs").await, before);
        assert_eq!(world.run().await["pairs"][0]["mentorId"], json!(second));
        // A wish can't be mandatory.
        let wrong = json!({ "weights": weights(&json!({ "menteeWish": "mandatory" })) });
        let refused = world.coordinator.post(&path, wrong).await.refused("invalid_body");
        assert_eq!(refused.violations()[0].0, "/weights/menteeWish");
    })
    .await;
}

#[actix_web::test]
async fn demanded_pairs_are_made_and_forbidden_ones_are_not() {
    on_each_database(async |world| {
        let mentee = world.participant(0).await;
        let (first, second) = (world.mentor(1, 1).await, world.mentor(2, 1).await);
        let path = format!("rounds/{}/matching-constraints", world.round);
        let constraint = |kind: &str, mentor: &str| {
            json!({
                "kind": kind, "mentorId": mentor, "applicationId": mentee.application,
                "reason": "They know each other.",
            })
        };
        for (kind, mentor, expected) in [("lock", &second, &second), ("forbid", &first, &second)] {
            let made = world
                .coordinator
                .post(&path, constraint(kind, mentor))
                .await
                .created();
            let again = world
                .coordinator
                .post(&path, constraint(kind, mentor))
                .await;
            again.refused("matching_constraint_exists");
            let run = world.run().await;
            assert_eq!(run["pairs"][0]["mentorId"], json!(expected));
            assert_eq!(run["pairs"][0]["locked"], kind == "lock");
            let own = format!("matching-constraints/{}", made.id());
            world
                .coordinator
                .change("DELETE", &own, "*", Value::Null)
                .await
                .is(204);
        }
        // A demand that a hard rule is against is told.
        let near = world.mentor(0, 1).await;
        world
            .coordinator
            .post(&path, constraint("lock", &near))
            .await
            .created();
        let run = world.run().await;
        assert_eq!(
            run["brokenLocks"][0]["reasons"][0]["code"],
            "other_municipality"
        );
    })
    .await;
}

#[actix_web::test]
async fn a_run_is_outdated_when_anything_that_decided_has_changed() {
    on_each_database(async |world| {
        let mentee = world.participant(0).await;
        let mentor = world.mentor(1, 1).await;
        let run = world.run().await.id();
        let path = format!("mentors/{mentor}");
        let change = json!({ "profile": { "competences": ["crisis"] } });
        world
            .coordinator
            .change("PATCH", &path, "*", change)
            .await
            .ok();
        world.publish(&run).await.refused("matching_run_outdated");
        assert_eq!(world.service.count("pairs").await, 0);
        let run = world.run().await.id();
        let published = world.publish(&run).await.ok();
        assert_eq!(published["state"], "published");
        world.publish(&run).await.refused("matching_run_published");
        assert_eq!(
            world.pairs().await[0]["applicationId"],
            json!(mentee.application)
        );
        // Nobody is left: a further run is empty, and says so.
        let empty = world.run().await.id();
        world.publish(&empty).await.refused("matching_run_empty");
    })
    .await;
}

/// Two runs that want the one place of the same mentor: for a mentee who then leaves, and for one
/// who comes after.
async fn two_runs(world: &World) -> (String, String, String) {
    let mentor = world.mentor(1, 1).await;
    let first = world.participant(0).await;
    let early = world.run().await.id();
    let place = (world.municipalities[0].id, world.round);
    let (application, person) = (first.application, first.person.id);
    world
        .tell_seat(application, person, place, "withdrawn")
        .await;
    world.participant(0).await;
    let late = world.run().await.id();
    world
        .tell_seat(application, person, place, "accepted")
        .await;
    (mentor, early, late)
}

async fn mentees_of(world: &World, mentor: &str) -> i64 {
    let read = world
        .coordinator
        .get(&format!("mentors/{mentor}"))
        .await
        .ok();
    read["menteesCount"].as_i64().unwrap()
}

#[actix_web::test]
async fn of_two_coordinators_who_publish_at_once_one_wins_and_no_place_is_given_twice() {
    on_each_database(async |world| {
        world.participant(0).await;
        let mentor = world.mentor(1, 1).await;
        let (one, other) = (world.run().await.id(), world.run().await.id());
        let (one, other) = join(world.publish(&one), world.publish(&other)).await;
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409], "{} {}", one.text, other.text);
        assert_eq!(mentees_of(world, &mentor).await, 1);
    })
    .await;
}

#[actix_web::test]
async fn places_are_counted_again_when_a_run_is_published() {
    on_each_database(async |world| {
        let (mentor, early, late) = two_runs(world).await;
        let (early, late) = join(world.publish(&early), world.publish(&late)).await;
        assert!(
            early.status == 409 && late.status == 409,
            "{} {}",
            early.text,
            late.text
        );
        assert_eq!(mentees_of(world, &mentor).await, 0);
        world.match_all().await;
        assert_eq!(mentees_of(world, &mentor).await, 1);
    })
    .await;
}

#[actix_web::test]
async fn without_the_guard_a_mentor_gets_more_mentees_than_places() {
    for database in databases().await {
        let world = World::new(database, 3).await;
        let (mentor, early, late) = two_runs(&world).await;
        sabotage::break_guard(world.round);
        world.publish(&early).await.ok();
        world.publish(&late).await.ok();
        assert_eq!(mentees_of(&world, &mentor).await, 2);
    }
}
