//! Instruments: from the library or of own questions, in versions.

use crate::world::on_each_database;
use serde_json::json;

fn likert(key: &str) -> serde_json::Value {
    json!({ "key": key, "kind": "likert", "text": { "en": "?" }, "points": 5 })
}

#[actix_web::test]
async fn the_library_is_read_by_everybody_and_taken_by_an_organiser_with_own_words() {
    on_each_database(async |world| {
        let participant = world.participant(0, json!({})).await;
        let library = participant
            .person
            .client
            .get("instrument-library")
            .await
            .ok();
        let keys: Vec<&str> = library["instruments"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["key"].as_str().unwrap())
            .collect();
        assert_eq!(keys.len(), 8);
        assert!(keys.contains(&"self_assessment") && keys.contains(&"network"));
        let body = json!({
            "organiserId": world.organiser, "libraryKey": "session_pulse",
            "name": { "sv": "Puls i Linköping" },
        });
        let made = world.evaluator.post("instruments", body).await.created();
        assert_eq!(made["libraryKey"], "session_pulse");
        assert_eq!(made["name"], json!({ "sv": "Puls i Linköping" }));
        let version = format!("instruments/{}/versions/1", made.id());
        let version = world.coordinator.get(&version).await.ok();
        assert_eq!(version["questions"].as_array().unwrap().len(), 5);
        assert_eq!(
            version["questions"][0]["text"].as_object().unwrap().len(),
            3
        );
        let unknown = json!({ "organiserId": world.organiser, "libraryKey": "nothing" });
        let refused = world.evaluator.post("instruments", unknown).await;
        refused.refused("instrument_unknown");
        let empty = json!({ "organiserId": world.organiser });
        let refused = world.evaluator.post("instruments", empty).await;
        let refused = refused.refused("invalid_body").violations();
        let required = |at: &str| (at.to_owned(), "required".to_owned());
        assert_eq!(refused, [required("/name"), required("/questions")]);
    })
    .await;
}

#[actix_web::test]
async fn everything_that_is_wrong_with_questions_is_told_at_once() {
    on_each_database(async |world| {
        let wrong = json!({
            "organiserId": world.organiser, "name": { "en": "Own" },
            "questions": [
                likert("a"), likert("a"),
                { "key": "b", "kind": "scale", "text": { "en": "?" }, "lowest": 3, "highest": 1 },
                { "key": "c", "kind": "single", "text": { "en": "?" } },
                { "key": "d", "kind": "text", "text": { "en": "?" },
                  "shownIf": { "questionKey": "a", "answers": ["5", "6"] } },
            ],
        });
        let refused = world.evaluator.post("instruments", wrong).await;
        let expected = [
            ("/questions/1/key", "repeated"),
            ("/questions/2/highest", "range"),
            ("/questions/3/options", "too_few"),
            ("/questions/4/shownIf/answers/1", "condition_value"),
        ];
        let expected = expected.map(|(at, code)| (at.to_owned(), code.to_owned()));
        assert_eq!(refused.refused("invalid_body").violations(), expected);
    })
    .await;
}

#[actix_web::test]
async fn an_instrument_changed_while_a_survey_is_open_changes_nothing_for_it() {
    on_each_database(async |world| {
        let participant = world.participant(0, json!({})).await;
        let instrument = world.instrument(json!([likert("a")])).await;
        let survey = world.open(json!({ "instrumentId": instrument })).await;
        let path = format!("instruments/{instrument}/versions");
        let anew = json!({ "name": { "en": "Other" }, "questions": [likert("b")] });
        let version = world.evaluator.post(&path, anew).await.created();
        assert_eq!(version["number"], 2);
        let client = &participant.person.client;
        let asked = client
            .get(&format!("surveys/{survey}/questionnaire"))
            .await
            .ok();
        assert_eq!(asked["instrumentVersion"], 1);
        assert_eq!(asked["questions"][0]["key"], "a");
        let answers = format!("surveys/{survey}/answers");
        let other = json!({ "instrumentVersion": 2, "answers": { "b": 1 } });
        let refused = client.post(&answers, other).await;
        refused.refused("survey_other_version");
        let own = json!({ "instrumentVersion": 1, "answers": { "a": 1 } });
        client.post(&answers, own).await.ok();
        // A new survey asks the newest, and an old one can still be planned by its number.
        let newest = world
            .plan(json!({ "instrumentId": instrument }))
            .await
            .created();
        assert_eq!(newest["instrumentVersion"], 2);
        let older = json!({ "instrumentId": instrument, "instrumentVersion": 1 });
        assert_eq!(world.plan(older).await.created()["instrumentVersion"], 1);
        let none = json!({ "instrumentId": instrument, "instrumentVersion": 3 });
        world.plan(none).await.refused("instrument_unknown");
        // Put away, nothing new is made of it.
        let archiving = format!("instruments/{instrument}/archiving");
        world.evaluator.post_empty(&archiving).await.ok();
        let refused = world.plan(json!({ "instrumentId": instrument })).await;
        refused.refused("instrument_archived");
    })
    .await;
}
