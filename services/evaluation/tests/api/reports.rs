//! Reports: frozen at closing, the same in every format, and nothing that could be somebody's.

use crate::{
    answered::{Asked, likert},
    figures::{Changing, changing_by_gender},
    world::{World, on_each_database},
};
use serde_json::{Value, json};
use shared_testing::{Client, Reply};
use shared_types::{PersonId, Role, RoundId, SurveyId};
use uuid::Uuid;

fn cells(question: &Value) -> Vec<(String, i64)> {
    let cell = |cell: &Value| {
        let answers: Vec<&str> = cell["answers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one.as_str().unwrap())
            .collect();
        (answers.join(" "), cell["count"].as_i64().unwrap())
    };
    question["cells"]
        .as_array()
        .unwrap()
        .iter()
        .map(cell)
        .collect()
}

fn table(rows: &[(&str, i64)]) -> Vec<(String, i64)> {
    rows.iter()
        .map(|(answers, count)| ((*answers).to_owned(), *count))
        .collect()
}

#[actix_web::test]
async fn a_report_is_there_once_its_survey_has_closed_and_never_changes() {
    on_each_database(async |world| {
        let instrument = world.asking(&json!([likert("relevant")])).await;
        let survey = world.asked(instrument, &Asked::default()).await;
        let path = format!("surveys/{survey}/report");
        world
            .coordinator
            .get(&path)
            .await
            .refused("report_not_ready");
        world
            .service
            .stranger()
            .get(&path)
            .await
            .refused("unauthenticated");
        for _ in 0..4 {
            let background = ("woman", "elected", None, None);
            world
                .answered(survey, background, None, json!({ "relevant": 4 }))
                .await;
        }
        world.close(survey).await;
        let few = world.coordinator.get(&path).await.ok();
        assert!(few.json.get("answeredCount").is_none());
        assert_eq!(few["questions"][0]["showing"], "too_few");
        // Sheets that come afterwards are in no report.
        for _ in 0..9 {
            let background = ("woman", "elected", None, None);
            world
                .answered(survey, background, None, json!({ "relevant": 2 }))
                .await;
        }
        world.close(survey).await;
        let again = world.evaluator.get(&path).await.ok();
        assert_eq!(again.json, few.json);
    })
    .await;
}

#[actix_web::test]
async fn a_report_shows_cells_of_five_and_more_and_groups_that_have_them_all() {
    on_each_database(async |world| {
        let instrument = world.asking(&json!([likert("relevant")])).await;
        let survey = world.closed(instrument, &Asked::default()).await;
        let report = world
            .coordinator
            .get(&format!("surveys/{survey}/report"))
            .await
            .ok();
        assert_eq!(report["answeredCount"], 24);
        let question = &report["questions"][0];
        assert_eq!(cells(question), table(&[("1 2 3 4", 12), ("5", 12)]));
        assert_eq!(
            question["mean"],
            json!({ "lowestHundredths": 300, "highestHundredths": 450 })
        );
        let breakdowns = question["breakdowns"].as_array().unwrap();
        assert_eq!(breakdowns.len(), 1, "{breakdowns:?}");
        assert_eq!(breakdowns[0]["dimension"], "gender");
        for group in breakdowns[0]["groups"].as_array().unwrap() {
            assert_eq!(cells(group), table(&[("1 2 3 4", 6), ("5", 6)]));
        }
        let listed = format!("reports?roundId={}&instrumentId={instrument}", world.round);
        let listed = world.evaluator.get(&listed).await.ok();
        assert_eq!(listed["items"][0]["id"], json!(survey));
        let other = format!("reports?roundId={}", RoundId::new());
        assert_eq!(world.evaluator.get(&other).await.ok()["items"], json!([]));
    })
    .await;
}

#[actix_web::test]
async fn choices_and_texts_have_their_thresholds_and_follow_ups_hide_what_they_would_tell() {
    on_each_database(async |world| {
        let text = json!({ "en": "?" });
        let option = |key: &str| json!({ "key": key, "text": text });
        let questions = json!([
            { "key": "met", "kind": "multiple", "text": text, "options": [option("mail"), option("lunch"), option("never")] },
            { "key": "liked", "kind": "single", "text": text, "options": [option("yes"), option("no")] },
            { "key": "why", "kind": "text", "text": text },
            { "key": "rare", "kind": "text", "text": text },
            { "key": "how", "kind": "likert", "points": 3, "text": text, "shownIf": { "questionKey": "liked", "answers": ["yes"] } },
            { "key": "once", "kind": "likert", "points": 3, "text": text, "shownIf": { "questionKey": "met", "answers": ["never"] } },
        ]);
        let instrument = world.asking(&questions).await;
        let survey = world.asked(instrument, &Asked::default()).await;
        for number in 0..20_usize {
            let mut met = vec![];
            met.extend((number < 9).then_some("mail"));
            met.extend((number % 2 == 0).then_some("lunch"));
            met.extend((number > 17).then_some("never"));
            let mut sheet = json!({ "met": met, "liked": if number < 12 { "yes" } else { "no" } });
            if number < 6 {
                sheet["why"] = json!(format!("=Text {number}"));
            }
            if number < 4 {
                sheet["rare"] = json!("rare words");
            }
            if number < 12 {
                sheet["how"] = json!(1 + number % 2);
            }
            if number > 17 {
                sheet["once"] = json!(1);
            }
            world.answered(survey, ("man", "other", None, None), None, sheet).await;
        }
        world.close(survey).await;
        let report = world.coordinator.get(&format!("surveys/{survey}/report")).await.ok();
        let question = |key: &str| {
            let all = report["questions"].as_array().unwrap();
            all.iter().find(|one| one["key"] == key).unwrap().clone()
        };
        let chosen = json!([{ "key": "mail", "count": 9 }, { "key": "lunch", "count": 10 }]);
        assert_eq!(question("met")["choices"], chosen);
        assert_eq!(cells(&question("liked")), table(&[("yes", 12), ("no", 8)]));
        let texts = question("why")["texts"].as_array().unwrap().clone();
        assert_eq!(texts.len(), 6);
        let in_order: Vec<Value> = (0..6).map(|number| json!(format!("=Text {number}"))).collect();
        assert_ne!(texts, in_order);
        assert_eq!(question("rare")["showing"], "too_few");
        assert!(!report.text.contains("rare words"));
        assert_eq!(question("how")["askedCount"], 12);
        assert_eq!(cells(&question("how")), table(&[("1", 6), ("2 3", 6)]));
        // That two said never is not shown, so how they liked it is neither.
        assert_eq!(question("once")["showing"], "hidden");
        let shared = format!("rounds/{}/report/links", world.round);
        let address = world.coordinator.post_empty(&shared).await.is(201)["address"].clone();
        let csv = format!("{}.csv", address.as_str().unwrap());
        let csv = world.service.stranger().get(&csv).await.ok();
        assert!(csv.text.contains(",liked,,,yes,12,,\r\n"), "{}", csv.text);
        assert!(csv.text.contains(",'=Text 3,"), "{}", csv.text);
        assert!(!csv.text.contains("rare words") && !csv.text.contains(",never,"));
    })
    .await;
}

#[actix_web::test]
async fn what_changed_from_before_to_after_is_told_by_pairs() {
    on_each_database(async |world| {
        let instrument = world.asking(&json!([likert("relevant")])).await;
        let family = Uuid::now_v7();
        let part = |part| Asked {
            family: Some((family, part)),
            ..Asked::default()
        };
        let before = world.asked(instrument, &part("before")).await;
        let after = world.asked(instrument, &part("after")).await;
        let background = ("woman", "elected", None, None);
        for number in 0..18_usize {
            let code = format!("code {number}");
            let (first, then) = ([2, 3][number % 2], [4, 4, 3, 3, 2, 5][number % 6]);
            world
                .answered(
                    before,
                    background,
                    Some(&code),
                    json!({ "relevant": first }),
                )
                .await;
            world
                .answered(after, background, Some(&code), json!({ "relevant": then }))
                .await;
        }
        // Ten who chose the same phrase are paired with nobody.
        for number in 0..10_i32 {
            for (survey, lowest) in [(before, 2), (after, 3)] {
                let sheet = json!({ "relevant": lowest + number % 2 });
                world
                    .answered(survey, background, Some("same"), sheet)
                    .await;
            }
        }
        world.close(before).await;
        let path = format!("rounds/{}/report", world.round);
        assert_eq!(
            world.coordinator.get(&path).await.ok()["effects"],
            json!([])
        );
        world.close(after).await;
        let report = world.coordinator.get(&path).await.ok();
        let effect = &report["effects"][0];
        assert_eq!(effect["beforeSurveyId"], json!(before));
        assert_eq!(effect["pairsCount"], 18);
        let question = &effect["questions"][0];
        // Changes: 2, 1, 1, 0, 0, 2 three times over.
        assert_eq!(cells(question), table(&[("lower same", 6), ("higher", 12)]));
        let size = &question["size"];
        assert_eq!(size["meanChangeTenths"], 10);
        // The deviation is the root of 12 / 17.
        assert_eq!(size["effectTenths"], 12);
        let (from, to) = (
            size["effectFromTenths"].as_i64(),
            size["effectToTenths"].as_i64(),
        );
        assert!(
            from > Some(0) && from < Some(12) && to > Some(12) && to < Some(25),
            "{size}"
        );
    })
    .await;
}

#[actix_web::test]
async fn a_change_that_would_tell_of_four_beside_the_surveys_own_reports_is_not_shown() {
    on_each_database(async |world| {
        let instrument = world.asking(&json!([likert("relevant")])).await;
        let background = ("woman", "elected", None, None);
        let path = format!("rounds/{}/report", world.round);
        // Of 24 the first five rise; four come but once, or all come again.
        for (paired, showing) in [(20, "hidden"), (24, "shown")] {
            let family = Uuid::now_v7();
            let part = |part| Asked {
                family: Some((family, part)),
                ..Asked::default()
            };
            let before = world.asked(instrument, &part("before")).await;
            let after = world.asked(instrument, &part("after")).await;
            for number in 0..24_usize {
                let code = format!("{family} {number}");
                let first = json!({ "relevant": if number < 5 { 4 } else { 5 } });
                world.answered(before, background, Some(&code), first).await;
                if number < paired {
                    let then = json!({ "relevant": 5 });
                    world.answered(after, background, Some(&code), then).await;
                }
            }
            world.close(before).await;
            world.close(after).await;
            let report = world.coordinator.get(&path).await.ok();
            let effects = report["effects"].as_array().unwrap();
            let own = effects
                .iter()
                .find(|one| one["afterSurveyId"] == json!(after));
            let question = &own.unwrap()["questions"][0];
            assert_eq!(own.unwrap()["pairsCount"], paired);
            assert_eq!(question["showing"], showing);
            if showing == "shown" {
                assert_eq!(cells(question), table(&[("lower same", 19), ("higher", 5)]));
            } else {
                assert_eq!(question["cells"], json!([]));
                assert!(question.get("size").is_none());
            }
        }
        // Nothing of such a survey is kept back for municipalities.
        assert_eq!(world.service.count("municipality_reserves").await, 0);
    })
    .await;
}

#[actix_web::test]
async fn changes_are_shown_by_what_people_are_where_each_group_has_enough_in_each_table() {
    on_each_database(async |world| {
        let path = format!("rounds/{}/report", world.round);
        let changes = async |survey: SurveyId| {
            let report = world.coordinator.get(&path).await.ok();
            let effects = report["effects"].as_array().unwrap().iter();
            let mut own = effects.filter(|one| one["afterSurveyId"] == json!(survey));
            own.next().unwrap()["questions"][0].clone()
        };
        let halves = [("lower same", 6), ("higher", 6)];
        let by_gender = changing_by_gender();
        let by_kind: Vec<Changing> = by_gender
            .iter()
            .map(|(gender, _, before, after)| {
                let kind = if *gender == "man" {
                    "employed_manager"
                } else {
                    "elected"
                };
                ("woman", kind, *before, *after)
            })
            .collect();
        let at_home: Vec<Changing> = by_gender
            .iter()
            .map(|(_, kind, before, after)| ("woman", *kind, *before, *after))
            .collect();
        for (people, municipalities, dimension, groups) in [
            (&by_gender, None, "gender", ["man", "woman"]),
            (
                &by_kind,
                None,
                "person_kind",
                ["elected", "employed_manager"],
            ),
            (&at_home, Some(2), "municipality", ["Kommun 0", "Kommun 1"]),
        ] {
            let survey = world.changed_by(people, municipalities).await;
            let question = changes(survey).await;
            assert_eq!(
                cells(&question),
                table(&[("lower same", 12), ("higher", 12)])
            );
            let breakdowns = question["breakdowns"].as_array().unwrap();
            assert_eq!(breakdowns.len(), 1, "{question}");
            assert_eq!(breakdowns[0]["dimension"], dimension);
            let mut found = Vec::new();
            for group in breakdowns[0]["groups"].as_array().unwrap() {
                assert_eq!(cells(group), table(&halves));
                let name = group["name"].as_str().or(group["key"].as_str());
                found.push(name.unwrap().to_owned());
            }
            found.sort();
            assert_eq!(found, groups);
        }
        // Of the men three rise: the changes of all are shown, and not whose they are.
        let few = |number: usize| number % 2 == 1 && number > 5;
        let few_men: Vec<Changing> = by_gender
            .iter()
            .enumerate()
            .map(|(number, one)| {
                if few(number) {
                    (one.0, one.1, 3, 3)
                } else {
                    *one
                }
            })
            .collect();
        let survey = world.changed_by(&few_men, None).await;
        let question = changes(survey).await;
        assert_eq!(
            cells(&question),
            table(&[("lower same", 15), ("higher", 9)])
        );
        assert_eq!(question["breakdowns"], json!([]));
        // None of them does, and the surveys' own reports are by gender: then the changes of all
        // would be the women's.
        let none: Vec<Changing> = by_gender
            .iter()
            .map(|one| match one {
                ("man", kind, 2, _) => ("man", *kind, 2, 2),
                ("man", kind, ..) => ("man", *kind, 4, 4),
                other => *other,
            })
            .collect();
        let survey = world.changed_by(&none, None).await;
        let question = changes(survey).await;
        assert_eq!(question["showing"], "hidden");
        assert_eq!(question["breakdowns"], json!([]));
        let made = world
            .coordinator
            .post_empty(&format!("{path}/links"))
            .await
            .is(201);
        let address = made["address"].as_str().unwrap();
        let page = world.service.stranger().get(address).await.ok();
        assert!(page.text.contains("Kommun 1 (12)"), "{}", page.text);
    })
    .await;
}

#[actix_web::test]
async fn rounds_are_compared_by_what_their_reports_show() {
    on_each_database(async |world| {
        let instrument = world.asking(&json!([likert("relevant")])).await;
        for _ in 0..3 {
            let round = RoundId::new();
            world.tell_round(round, json!({})).await;
            world
                .closed(
                    instrument,
                    &Asked {
                        round: Some(round),
                        ..Asked::default()
                    },
                )
                .await;
        }
        let path = format!("instruments/{instrument}/comparison");
        let compared = world.evaluator.get(&path).await.ok();
        assert_eq!(compared["surveysCount"], 3);
        let question = &compared["questions"][0];
        assert_eq!(question["askedCount"], 72);
        assert_eq!(question["surveys"].as_array().unwrap().len(), 3);
        let higher = json!([
            { "answer": "1", "surveysCount": 3, "count": 72, "ofCount": 72 },
            { "answer": "5", "surveysCount": 3, "count": 36, "ofCount": 72 },
        ]);
        assert_eq!(question["shares"], higher);
        let other = format!("{path}?version=2");
        world.evaluator.get(&other).await.refused("not_found");
    })
    .await;
}

#[actix_web::test]
async fn a_director_reads_the_rounds_totals_and_the_own_answers_once_enough_rounds_are_together() {
    on_each_database(async |world| {
        let municipality = world.municipalities[0];
        let director = world.service.stranger();
        let director = director.person(PersonId::new(), &[(Role::Director, municipality)]);
        let path = format!("municipalities/{municipality}/report");
        world.participant(0, json!({})).await;
        let instrument = world.asking(&json!([likert("relevant")])).await;
        let mut own = Vec::new();
        for _ in 0..3 {
            let survey = world.asked(instrument, &Asked::default()).await;
            for number in 0..24_usize {
                let home = if number < 4 { 0 } else { 1 + number % 2 };
                let background = ("woman", "elected", Some(world.municipalities[home]), None);
                let answer = if number % 2 == 0 { 2 } else { 5 };
                world
                    .answered(survey, background, None, json!({ "relevant": answer }))
                    .await;
            }
            world.close(survey).await;
            world.service.sweep().await;
            own.push(director.get(&path).await.ok()["ownAnswers"].clone());
        }
        let report = director.get(&path).await.ok();
        let round = &report["rounds"][0];
        assert_eq!(round["ownParticipantsCount"], 1);
        assert_eq!(round["surveys"].as_array().unwrap().len(), 3);
        assert_eq!(round["surveys"][0]["questions"][0]["breakdowns"], json!([]));
        // Four, then eight: six of each answer need three surveys.
        assert_eq!(own[..2], [json!([]), json!([])]);
        assert_eq!(own[2][0]["surveysCount"], 3);
        assert_eq!(
            cells(&own[2][0]["question"]),
            table(&[("1 2", 6), ("3 4 5", 6)])
        );
        // The others of the rounds are still enough to hide among: their own are not shown twice.
        world.service.sweep().await;
        assert_eq!(
            director.get(&path).await.ok()["ownAnswers"]
                .as_array()
                .unwrap()
                .len(),
            1
        );
        let other = format!("municipalities/{}/report", world.municipalities[1]);
        director.get(&other).await.refused("not_found");
    })
    .await;
}

#[actix_web::test]
async fn a_director_reads_the_own_peoples_attendance_together_from_three_on() {
    on_each_database(async |world| {
        let municipality = world.municipalities[0];
        let director = world.service.stranger();
        let director = director.person(PersonId::new(), &[(Role::Director, municipality)]);
        let path = format!("municipalities/{municipality}/report");
        for (number, quarters) in [48, 24, 40].into_iter().enumerate() {
            // Of two it would be the other one's.
            let report = director.get(&path).await;
            if number > 0 {
                assert!(
                    report.ok()["rounds"][0]
                        .get("ownAttendancePercent")
                        .is_none()
                );
            }
            let own = world.participant(0, json!({})).await;
            world.tell_attendance(&own, (quarters, 48), json!({})).await;
        }
        let other = world.participant(1, json!({})).await;
        world.tell_attendance(&other, (0, 48), json!({})).await;
        // 112 of 144 quarters.
        let report = director.get(&path).await.ok();
        assert_eq!(report["rounds"][0]["ownAttendancePercent"], 77);
        let made = director.post_empty(&format!("{path}/links")).await.is(201);
        let address = made["address"].as_str().unwrap();
        let stranger = world.service.stranger();
        let page = stranger.get(address).await.ok();
        assert!(page.text.contains("77 %"), "{}", page.text);
        let csv = stranger.get(&format!("{address}.csv")).await.ok();
        assert!(
            csv.text.contains(",attendance_percent,77,,\r\n"),
            "{}",
            csv.text
        );
    })
    .await;
}

#[actix_web::test]
async fn a_table_has_its_headings_in_the_readers_language() {
    on_each_database(async |world| {
        let instrument = world.asking(&json!([likert("relevant")])).await;
        world.closed(instrument, &Asked::default()).await;
        let path = format!("rounds/{}/report/links", world.round);
        let made = world.coordinator.post_empty(&path).await.is(201);
        let csv = format!("{}.csv", made["address"].as_str().unwrap());
        for (language, first) in [
            ("sv", "del,avser,stängd,fråga,"),
            ("da", "del,vedrører,lukket,spørgsmål,"),
            ("en", "part,of,closed_on,question,"),
        ] {
            let stranger = world.service.stranger();
            let call = stranger.call("GET".parse().unwrap(), &csv);
            let table = call.header("accept-language", language).send().await.ok();
            let head = table.text.trim_start_matches('\u{feff}');
            assert!(head.starts_with(first), "{head}");
            // What programs read is the same in all.
            assert!(table.text.contains(",relevant,,,5,12,,\r\n"), "{head}");
        }
    })
    .await;
}

/// Shares a report under one key.
async fn once(client: &Client, path: &str) -> Reply {
    let call = client.call("POST".parse().unwrap(), path);
    call.header("idempotency-key", "once").send().await.is(201)
}

#[actix_web::test]
async fn a_link_opens_a_page_in_three_languages_for_ninety_days_and_is_told_once() {
    on_each_database(async |world| {
        let participant = world.participant(0, json!({})).await;
        let instrument = world.asking(&json!([likert("relevant")])).await;
        world.closed(instrument, &Asked::default()).await;
        let own = format!("participations/{}/report", participant.application);
        let mine = participant.person.client.get(&own).await.ok();
        assert_eq!(mine["surveys"][0]["answeredCount"], 24);
        assert_eq!(mine["surveys"][0]["questions"][0]["breakdowns"], json!([]));
        for (client, path) in [
            (
                &world.coordinator,
                format!("rounds/{}/report/links", world.round),
            ),
            (&participant.person.client, format!("{own}/links")),
        ] {
            let made = once(client, &path).await;
            let again = once(client, &path).await;
            assert!(again.json.get("address").is_none());
            let address = made["address"].as_str().unwrap();
            let stranger = world.service.stranger();
            for (language, word) in [("sv", "svarade"), ("en", "answered"), ("da", "svarede")] {
                let call = stranger.call("GET".parse().unwrap(), address);
                let page = call.header("accept-language", language).send().await.ok();
                assert!(page.text.contains(word), "{}", page.text);
                assert!(page.text.contains("<svg") && page.text.contains("<table"));
            }
        }
        let path = format!("rounds/{}/report/links", world.round);
        let made = world.coordinator.post_empty(&path).await.is(201);
        assert_eq!(made["openUntil"], "2022-08-30");
        let address = made["address"].as_str().unwrap();
        world.service.set_clock("2022-08-30T10:00:00Z");
        world.service.stranger().get(address).await.ok();
        world.service.set_clock("2022-08-31T10:00:00Z");
        world.service.stranger().get(address).await.is(404);
    })
    .await;
}

#[actix_web::test]
async fn numbers_by_municipality_that_are_not_shown_are_kept_sealed() {
    on_each_database(async |world: &World| {
        let instrument = world.asking(&json!([likert("relevant")])).await;
        world.closed(instrument, &Asked::default()).await;
        let contents = shared_testing::database::contents(&world.service.state.database).await;
        let reserves = &contents["municipality_reserves"];
        assert_eq!(reserves.len(), 1);
        for municipality in &world.municipalities {
            let id = municipality.to_string();
            assert!(!reserves[0].contains(&id));
            assert!(!contents["survey_reports"][0].contains(&id));
        }
    })
    .await;
}
