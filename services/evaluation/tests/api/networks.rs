//! Networks: measured as a whole, tested for change, drawn without names.

use crate::{
    answered::Asked,
    world::{Participant, World, on_each_database},
};
use evaluation::networks::graph_entity;
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};
use shared_envelope::Sealed;
use shared_types::{ApplicationId, InstrumentId, SurveyId};
use std::collections::BTreeMap;

pub(crate) fn network() -> Value {
    json!([{ "key": "network", "kind": "network_tie", "text": { "en": "Whom do you know?" },
             "options": [{ "key": "knows", "text": { "en": "I know" } }] }])
}

#[actix_web::test]
async fn a_network_is_measured_and_its_change_tested_without_a_name_anywhere() {
    on_each_database(async |world| {
        let mut members: Vec<ApplicationId> = Vec::new();
        for number in 0..12 {
            members.push(world.participant(number % 3, json!({})).await.application);
        }
        let instrument = world.asking(&network()).await;
        let answer = async |survey: SurveyId, number: usize, ties: usize| {
            let own = members[number];
            let others: Vec<ApplicationId> = (1..=ties)
                .map(|step| members[(number + step) % 12])
                .collect();
            let sheet = json!({ "_application": own.to_string(), "network": { "knows": others } });
            world
                .answered(survey, ("woman", "elected", None, None), None, sheet)
                .await;
        };
        let before = world.asked(instrument, &Asked::default()).await;
        let after = world.asked(instrument, &Asked::default()).await;
        for (survey, ties) in [(before, 2), (after, 6)] {
            for number in 0..12 {
                answer(survey, number, ties).await;
            }
            world.close(survey).await;
        }
        let report = world
            .coordinator
            .get(&format!("rounds/{}/report", world.round))
            .await
            .ok();
        let networks = report["networks"].as_array().unwrap();
        let [latest, first] = networks.as_slice() else {
            panic!("{networks:?}")
        };
        assert_eq!(first["ties"][0]["densityPermille"], 182);
        assert_eq!(first["ties"][0]["changes"], json!([]));
        let ties = &latest["ties"][0];
        assert_eq!(ties["densityPermille"], 545);
        // Who stands opposite is named by both.
        assert_eq!(ties["reciprocityPermille"], 167);
        assert_eq!(ties["isolatesCount"], 0);
        // Every third of the next six is of the same municipality.
        assert_eq!(ties["betweenMunicipalitiesPermille"], 667);
        assert_eq!(ties["changes"][0]["sinceSurveyId"], json!(before));
        assert_eq!(ties["changes"][0]["densityChangePermille"], 364);
        assert!(ties["changes"][0]["chancePermille"].as_i64() <= Some(2));
        let shared = format!("rounds/{}/report/links", world.round);
        let made = world.coordinator.post_empty(&shared).await.is(201);
        let address = made["address"].clone();
        let page = world
            .service
            .stranger()
            .get(address.as_str().unwrap())
            .await
            .ok();
        assert_eq!(page.text.matches("<circle").count(), 24);
        let contents = shared_testing::database::contents(&world.service.state.database).await;
        for id in &members {
            assert!(!report.text.contains(&id.to_string()) && !page.text.contains(&id.to_string()));
            for table in ["network_reports", "network_graphs"] {
                assert!(
                    contents[table]
                        .iter()
                        .all(|row| !row.contains(&id.to_string()))
                );
            }
        }
        for row in &contents["sheets"] {
            assert!(!row.contains("_application") && !row.contains("knows"));
            assert!(members.iter().all(|id| !row.contains(&id.to_string())));
        }
    })
    .await;
}

/// A closed network survey: everybody names as many of the next ones.
async fn closed(world: &World, instrument: InstrumentId, people: &[Participant]) -> SurveyId {
    let survey = world.asked(instrument, &Asked::default()).await;
    for (number, one) in people.iter().enumerate() {
        let next = &people[(number + 1) % people.len()];
        let sheet = json!({
            "_application": one.application.to_string(),
            "network": { "knows": [next.application] },
        });
        let background = ("woman", "elected", None, None);
        world.answered(survey, background, None, sheet).await;
    }
    world.close(survey).await;
    survey
}

/// The graphs that are kept, opened.
async fn graphs(world: &World) -> BTreeMap<SurveyId, String> {
    let state = &world.service.state;
    let rows = graph_entity::Entity::find()
        .all(state.database.read())
        .await
        .unwrap();
    let opened = rows.into_iter().map(|row| {
        let sealed = Sealed {
            key_id: row.key_id,
            wrapped_key: row.wrapped_key,
            body: row.body,
        };
        let text = state.answer_keys.open(row.survey_id.as_bytes(), &sealed);
        let text = String::from_utf8(text.unwrap()).unwrap();
        (row.survey_id.into(), text)
    });
    opened.collect()
}

#[actix_web::test]
async fn who_named_whom_is_kept_of_the_first_and_the_latest_until_a_year_after_the_round() {
    on_each_database(async |world| {
        let people = world.participants(11).await;
        let instrument = world.asking(&network()).await;
        let mut surveys = Vec::new();
        for _ in 0..3 {
            surveys.push(closed(world, instrument, &people).await);
        }
        let kept: Vec<SurveyId> = graphs(world).await.into_keys().collect();
        assert_eq!(kept, [surveys[0], surveys[2]]);
        // The last of the three was compared with both that stood before it.
        let path = format!("rounds/{}/report", world.round);
        let report = world.coordinator.get(&path).await.ok();
        let changes = report["networks"][0]["ties"][0]["changes"].as_array();
        assert_eq!(changes.unwrap().len(), 2);
        // The round ends on the last of May.
        world.service.set_clock("2024-05-31T10:00:00Z");
        world.service.sweep().await;
        assert_eq!(world.service.count("network_graphs").await, 2);
        world.service.set_clock("2024-06-01T10:00:00Z");
        world.service.sweep().await;
        assert_eq!(world.service.count("network_graphs").await, 0);
        assert_eq!(world.service.count("network_reports").await, 3);
    })
    .await;
}

#[actix_web::test]
async fn who_is_forgotten_is_in_no_graph_and_the_others_are() {
    on_each_database(async |world| {
        let people = world.participants(12).await;
        let instrument = world.asking(&network()).await;
        let first = closed(world, instrument, &people).await;
        let (own, other) = (
            people[0].application.to_string(),
            people[1].application.to_string(),
        );
        let graph = graphs(world).await.remove(&first).unwrap();
        assert_eq!(graph.matches(&own).count(), 2);
        let erased = json!({ "personId": people[0].person.id });
        world.service.tell("person.erased", erased).await;
        let graph = graphs(world).await.remove(&first).unwrap();
        assert_eq!(
            (graph.matches(&own).count(), graph.matches(&other).count()),
            (0, 1)
        );
        // Others may still name somebody who is forgotten meanwhile.
        let second = closed(world, instrument, &people).await;
        let graph = graphs(world).await.remove(&second).unwrap();
        assert_eq!(
            (graph.matches(&own).count(), graph.matches(&other).count()),
            (0, 1)
        );
    })
    .await;
}

#[actix_web::test]
async fn where_fewer_than_ten_answered_no_network_is_shown() {
    on_each_database(async |world| {
        let instrument = world.asking(&network()).await;
        let survey = world.asked(instrument, &Asked::default()).await;
        for number in 0..9 {
            let own = world.participant(number % 3, json!({})).await.application;
            let sheet = json!({ "_application": own.to_string(), "network": { "knows": [] } });
            world
                .answered(survey, ("man", "elected", None, None), None, sheet)
                .await;
        }
        world.close(survey).await;
        let report = world
            .coordinator
            .get(&format!("rounds/{}/report", world.round))
            .await
            .ok();
        let network = &report["networks"][0];
        assert!(network.get("answeredCount").is_none());
        assert_eq!(network["ties"], json!([]));
        assert_eq!(world.service.count("network_graphs").await, 0);
    })
    .await;
}

#[actix_web::test]
async fn ties_between_departments_are_told_before_at_the_end_and_half_a_year_later() {
    on_each_database(async |world| {
        let (school, care) = (
            world.department(world.municipalities[0], "Skola").await,
            world.department(world.municipalities[0], "Omsorg").await,
        );
        let mut people = Vec::new();
        for number in 0..12 {
            let department = if number < 6 { school } else { care };
            let own = json!({ "departmentId": department });
            people.push(world.participant(0, own).await);
        }
        let instrument = world.asking(&network()).await;
        // Everybody names two of the own department, then one of the other too, then two.
        for others in [0, 1, 2] {
            let survey = world.asked(instrument, &Asked::default()).await;
            for (number, one) in people.iter().enumerate() {
                let (own, other) = (number / 6 * 6, (1 - number / 6) * 6);
                let near = (1..=2).map(|step| own + (number - own + step) % 6);
                let far = (0..others).map(|step| other + (number + step) % 6);
                let named: Vec<ApplicationId> =
                    near.chain(far).map(|at| people[at].application).collect();
                let sheet = json!({
                    "_application": one.application.to_string(), "network": { "knows": named },
                });
                let background = ("woman", "elected", None, None);
                world.answered(survey, background, None, sheet).await;
            }
            world.close(survey).await;
        }
        let path = format!("rounds/{}/report", world.round);
        let report = world.coordinator.get(&path).await.ok();
        let networks = report["networks"].as_array().unwrap().iter().rev();
        let ties: Vec<&Value> = networks.map(|one| &one["ties"][0]).collect();
        // None leave the department before, and that all stay is not told.
        assert!(ties[0].get("betweenDepartmentsPermille").is_none());
        assert_eq!(ties[1]["betweenDepartmentsPermille"], 333);
        assert_eq!(ties[2]["betweenDepartmentsPermille"], 500);
        let densities: Vec<&Value> = ties.iter().map(|one| &one["densityPermille"]).collect();
        assert_eq!(densities, [182, 273, 364]);
        let changes = |at: usize| ties[at]["changes"].as_array().unwrap().len();
        assert_eq!([changes(0), changes(1), changes(2)], [0, 1, 2]);
        assert_eq!(ties[2]["changes"][0]["densityChangePermille"], 182);
    })
    .await;
}
