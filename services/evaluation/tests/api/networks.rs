//! Networks: measured as a whole, tested for change, drawn without names.

use crate::{answered::Asked, world::on_each_database};
use serde_json::{Value, json};
use shared_types::{ApplicationId, SurveyId};

fn network() -> Value {
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
        assert!(
            contents["sheets"]
                .iter()
                .all(|row| !row.contains("_application"))
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
