//! Answers: by a link without an account and by the API, each once, by the survey's own rules.

use crate::{
    asking::{PULSE_FORM, answer, pulse},
    world::{LINKS, World, on_each_database},
};
use evaluation::answers::sabotage::{self, Fault};
use futures_util::future::{join, join_all};
use serde_json::{Value, json};
use shared_testing::database;
use shared_types::LinkId;
use shared_web::link::LinkKey;

#[actix_web::test]
async fn a_link_shows_the_sheet_takes_it_once_and_then_says_thanks_alone() {
    on_each_database(async |world| {
        let person = world.participant(0, json!({})).await.person;
        let survey = world.open(json!({})).await;
        let link = world.service.links_to(person.id).await.remove(0);
        let stranger = world.service.stranger();
        let page = stranger.get(&link).await.ok();
        assert!(page.text.contains("Pulse") && page.text.contains("anonymous, for us too"));
        assert_eq!(page.text.matches("<fieldset").count(), 3);
        assert_eq!(page.text.matches("<legend").count(), 3);
        // Reading changes nothing.
        stranger.get(&link).await.ok();
        assert_eq!(world.survey(&survey).await["answeredCount"], 0);
        let mut form = PULSE_FORM.to_vec();
        form.push(("q.keep", "kanariefågel <b>"));
        let sent = stranger.post_form(&link, &form).await.is(303);
        assert!(sent.header("location").unwrap().ends_with("?answered"));
        let thanks = stranger.get(&link).await.ok();
        assert!(thanks.text.contains("Thank you"), "{}", thanks.text);
        assert!(!thanks.text.contains("kanariefågel") && !thanks.text.contains("<form"));
        let again = stranger.post_form(&link, &form).await.is(409);
        assert!(again.text.contains("Thank you"));
        assert_eq!(world.survey(&survey).await["answeredCount"], 1);
        world.step(&survey, "closing").await.ok();
        let stored = world.texts_as_stored("keep", "").await;
        assert_eq!(stored, ["kanariefågel <b>"]);
        stranger.get(&link).await.ok();
    })
    .await;
}

#[actix_web::test]
async fn a_sheet_with_faults_leads_to_each_and_keeps_what_was_answered_in_three_languages() {
    on_each_database(async |world| {
        let person = world.participant(0, json!({})).await.person;
        world.open(json!({})).await;
        let link = world.service.links_to(person.id).await.remove(0);
        let stranger = world.service.stranger();
        let form = [
            ("q.worthwhile", "5"),
            ("q.relevant", "9"),
            ("q.keep", "Mer \"tid\""),
        ];
        let page = stranger.post_form(&link, &form).await.is(422);
        assert!(page.text.contains(r#"role="alert""#));
        for (field, place) in [("q.relevant", "range"), ("q.useful", "missing")] {
            assert!(
                page.text.contains(&format!("href=\"#field-{field}\"")),
                "{place}"
            );
            assert!(
                page.text.contains(&format!("id=\"field-{field}\"")),
                "{place}"
            );
            assert!(
                page.text.contains(&format!("id=\"fault-{field}\"")),
                "{place}"
            );
        }
        assert!(!page.text.contains("fault-q.worthwhile"));
        assert!(page.text.contains(r#"value="5" checked"#), "{}", page.text);
        assert!(page.text.contains("Mer &quot;tid&quot;"));
        for (language, words) in [("sv", "Skicka"), ("da", "Dine svar er anonyme")] {
            let call = stranger.call("GET".parse().unwrap(), &link);
            let page = call.header("accept-language", language).send().await.ok();
            assert!(page.text.contains(&format!("<html lang=\"{language}\"")));
            assert!(page.text.contains(words), "{language}: {}", page.text);
        }
        // A field that the page does not have came from somewhere else.
        let strange = [("q.worthwhile", "5"), ("admin", "1")];
        stranger.post_form(&link, &strange).await.is(400);
    })
    .await;
}

#[actix_web::test]
async fn every_kind_of_question_is_answered_on_the_page_and_skipped_ones_are_left_out() {
    on_each_database(async |world| {
        let people = world.participants(3).await;
        let text = json!({ "en": "What?" });
        let option = |key: &str| json!({ "key": key, "text": { "en": key } });
        let instrument = world
            .instrument(json!([
                { "key": "grade", "kind": "scale", "text": text, "lowest": 0, "highest": 100 },
                { "key": "mentor", "kind": "single", "text": text, "required": true,
                  "options": [option("yes"), option("no")] },
                { "key": "why", "kind": "text", "text": text,
                  "shownIf": { "questionKey": "mentor", "answers": ["yes"] } },
                { "key": "hindrance", "kind": "multiple", "text": text,
                  "options": [option("time"), option("mandate")] },
                { "key": "ties", "kind": "network_tie", "text": text, "required": true,
                  "options": [option("knows"), option("asked")] },
            ]))
            .await;
        let body = json!({ "instrumentId": instrument, "mode": "confidential" });
        let survey = world.open(body).await;
        let stranger = world.service.stranger();
        let link = world.service.links_to(people[0].person.id).await.remove(0);
        let page = stranger.get(&link).await.ok();
        assert!(page.text.contains("Only if you answered “yes”"));
        let tie = format!("q.ties.asked.{}", people[1].application);
        assert!(page.text.contains(&tie));
        assert!(
            !page.text.contains(&people[0].application.to_string()),
            "oneself"
        );
        let form = [
            ("q.grade", "70"),
            ("q.mentor", "no"),
            ("q.why", "Read by mistake"),
            ("q.hindrance.time", "yes"),
            (tie.as_str(), "yes"),
        ];
        stranger.post_form(&link, &form).await.is(303);
        world.step(&survey, "closing").await.ok();
        let sheets = world
            .evaluator
            .get(&format!("surveys/{survey}/sheets"))
            .await
            .ok();
        let expected = json!({
            "grade": 70, "mentor": "no", "hindrance": ["time"],
        });
        // Of ties measures of the whole are all that is ever shown.
        assert_eq!(sheets["items"][0]["answers"], expected);
        let stored = database::contents(&world.service.state.database).await;
        let stored = stored["sheets"].join("\n");
        let named = people[1].application.to_string();
        assert!(!stored.contains("_application") && !stored.contains(&named));
    })
    .await;
}

#[actix_web::test]
async fn every_wrong_answer_is_told_at_once_by_its_pointer() {
    on_each_database(async |world| {
        let person = world.participant(0, json!({})).await.person;
        let survey = world.open(json!({})).await;
        let wrong = json!({ "worthwhile": 6, "relevant": "much", "nothing": 1, "keep": ["a"] });
        let refused = answer(&person.client, &survey, wrong).await;
        let expected = [
            ("/answers/keep", "type"),
            ("/answers/nothing", "question_unknown"),
            ("/answers/relevant", "type"),
            ("/answers/useful", "required"),
            ("/answers/worthwhile", "range"),
        ];
        let expected = expected.map(|(at, code)| (at.to_owned(), code.to_owned()));
        assert_eq!(refused.refused("invalid_body").violations(), expected);
        assert_eq!(world.survey(&survey).await["answeredCount"], 0);
        answer(&person.client, &survey, pulse()).await.ok();
        let again = answer(&person.client, &survey, pulse()).await;
        again.refused("survey_answered");
        // One sees that one has answered; nobody else does.
        let own = person.client.get("survey-invitations").await.ok();
        assert_eq!(own["items"][0]["answered"], true);
        let id = own["items"][0]["id"].as_str().unwrap();
        let seen = world
            .coordinator
            .get(&format!("survey-invitations/{id}"))
            .await
            .ok();
        assert!(seen.json.get("answered").is_none());
    })
    .await;
}

#[actix_web::test]
async fn the_longest_text_and_the_lowest_number_that_a_question_takes_are_taken() {
    on_each_database(async |world| {
        let person = world.participant(0, json!({})).await.person;
        let text = json!({ "en": "?" });
        let instrument = world
            .instrument(json!([
                { "key": "balance", "kind": "scale", "text": text, "lowest": -10, "highest": 10 },
                { "key": "why", "kind": "text", "text": text, "longestCharacters": 4000 },
            ]))
            .await;
        let survey = world.open(json!({ "instrumentId": instrument })).await;
        let sheet = |letters: usize| json!({ "balance": -10, "why": "å".repeat(letters) });
        let long = answer(&person.client, &survey, sheet(4001)).await;
        long.refused("invalid_body");
        answer(&person.client, &survey, sheet(4000)).await.ok();
    })
    .await;
}

/// Sends one sheet many times at once by one link: how many were taken, and how many wait in the
/// intake.
async fn race(world: &World, broken: bool) -> (usize, i64) {
    let person = world.participant(0, json!({})).await.person;
    let survey = world.open(json!({})).await;
    if broken {
        sabotage::switch_on(survey.parse().unwrap(), Fault::NoSingleUse);
    }
    let link = world.service.links_to(person.id).await.remove(0);
    let before = world.service.count("survey_intake").await;
    let stranger = world.service.stranger();
    let sent = (0..100).map(|_| stranger.post_form(&link, &PULSE_FORM));
    let replies = join_all(sent).await;
    let taken = replies.iter().filter(|reply| reply.status == 303).count();
    let late = replies.iter().filter(|reply| reply.status == 409).count();
    assert_eq!(taken + late, 100);
    (taken, world.service.count("survey_intake").await - before)
}

#[actix_web::test]
async fn of_a_hundred_answers_by_one_link_at_once_exactly_one_counts() {
    on_each_database(async |world| assert_eq!(race(world, false).await, (1, 1))).await;
}

#[actix_web::test]
async fn without_the_mark_several_answers_by_one_link_would_count() {
    on_each_database(async |world| {
        let (taken, kept) = race(world, true).await;
        assert!(taken > 1 && kept > 1, "{taken} {kept}");
    })
    .await;
}

#[actix_web::test]
async fn an_answer_that_meets_the_closing_is_counted_or_refused_and_never_lost() {
    on_each_database(async |world| {
        for _ in 0..3 {
            let people = world.participants(12).await;
            let survey = world.open(json!({})).await;
            let before = world.service.count("sheets").await;
            let answers = people
                .iter()
                .map(|person| answer(&person.person.client, &survey, pulse()));
            let closing = world.step(&survey, "closing");
            let (replies, closed) = join(join_all(answers), closing).await;
            closed.ok();
            let taken = replies.iter().filter(|reply| reply.status == 200).count();
            let refused = replies
                .iter()
                .filter(|reply| reply.json["code"] == "survey_closed")
                .count();
            assert_eq!(taken + refused, people.len());
            let kept = world.service.count("sheets").await - before;
            assert_eq!(kept, i64::try_from(taken).unwrap());
            assert_eq!(world.survey(&survey).await["answeredCount"], json!(taken));
            assert_eq!(world.service.count("survey_intake").await, 0);
        }
    })
    .await;
}

#[actix_web::test]
async fn links_that_are_forged_foreign_replaced_or_taken_back_open_nothing() {
    on_each_database(async |world| {
        let people = world.participants(2).await;
        let survey = world.open(json!({})).await;
        let stranger = world.service.stranger();
        let key = LinkKey::from_secret(LINKS);
        let at = |token: String| format!("/evaluation/pages/survey/{token}");
        let first = world.service.links_to(people[0].person.id).await.remove(0);
        let id = key
            .verify("survey", first.rsplit_once('/').unwrap().1)
            .unwrap();
        let wrong = [
            at(LinkKey::from_secret("somebody else's").sign("survey", id)),
            at(key.sign("proposal", id)),
            at(key.sign("survey", LinkId::new())),
            at("none".to_owned()),
        ];
        for link in &wrong {
            stranger.get(link).await.is(404);
            stranger.post_form(link, &PULSE_FORM).await.is(404);
        }
        let path = format!("surveys/{survey}/invitations");
        let list = world.coordinator.get(&path).await.ok();
        let own = |person: &Value| {
            let items = list["items"].as_array().unwrap().iter();
            let mut own = items.filter(|one| one["personId"] == *person);
            own.next().unwrap()["id"].as_str().unwrap().to_owned()
        };
        let invitation = own(&json!(people[0].person.id));
        let renewal = format!("survey-invitations/{invitation}/renewal");
        world.coordinator.post_empty(&renewal).await.ok();
        stranger.get(&first).await.is(404);
        let second = world.service.links_to(people[0].person.id).await.remove(1);
        stranger.get(&second).await.ok();
        let revocation = format!("survey-invitations/{invitation}/revocation");
        world.coordinator.post_empty(&revocation).await.ok();
        stranger.get(&second).await.is(404);
        stranger.post_form(&second, &PULSE_FORM).await.is(404);
        answer(&people[0].person.client, &survey, pulse())
            .await
            .refused("not_found");
        // Whether somebody has answered can't be found out by taking the invitation back.
        answer(&people[1].person.client, &survey, pulse())
            .await
            .ok();
        let before = world.survey(&survey).await;
        let invitation = own(&json!(people[1].person.id));
        let revocation = format!("survey-invitations/{invitation}/revocation");
        world.coordinator.post_empty(&revocation).await.ok();
        let after = world.survey(&survey).await;
        for member in ["askedCount", "answeredCount"] {
            assert_eq!(before[member], after[member]);
        }
        let other = world.open(json!({})).await;
        answer(&people[0].person.client, &other, pulse()).await.ok();
    })
    .await;
}

#[actix_web::test]
async fn a_link_takes_answers_until_the_end_of_the_last_day_and_none_after_closing() {
    on_each_database(async |world| {
        let people = world.participants(3).await;
        let survey = world.open(json!({})).await;
        let mut links = Vec::new();
        for person in &people {
            links.push(world.service.links_to(person.person.id).await.remove(0));
        }
        let stranger = world.service.stranger();
        // The last of fourteen days, by the round's clocks; nothing has closed it by itself.
        world.service.set_clock("2022-06-14T21:59:00Z");
        stranger.post_form(&links[0], &PULSE_FORM).await.is(303);
        world.service.set_clock("2022-06-14T22:00:00Z");
        let late = stranger.post_form(&links[1], &PULSE_FORM).await.is(409);
        assert!(!late.text.contains("<form"), "{}", late.text);
        assert_eq!(world.survey(&survey).await["answeredCount"], 1);
        world.service.sweep().await;
        assert_eq!(world.survey(&survey).await["state"], "closed");
        stranger.post_form(&links[1], &PULSE_FORM).await.is(409);
        // One that is closed before its last day.
        let other = world.open(json!({})).await;
        let link = world.service.links_to(people[2].person.id).await.remove(1);
        stranger.get(&link).await.ok();
        world.step(&other, "closing").await.ok();
        stranger.post_form(&link, &PULSE_FORM).await.is(409);
        assert_eq!(world.survey(&other).await["answeredCount"], 0);
        assert_eq!(world.service.count("sheets").await, 1);
    })
    .await;
}

#[actix_web::test]
async fn a_person_who_is_forgotten_leaves_the_counts_as_they_were() {
    on_each_database(async |world| {
        let people = world.participants(3).await;
        let survey = world.open(json!({})).await;
        answer(&people[0].person.client, &survey, pulse())
            .await
            .ok();
        let links = [
            world.service.links_to(people[0].person.id).await.remove(0),
            world.service.links_to(people[1].person.id).await.remove(0),
        ];
        // One after answering, one before.
        for person in &people[..2] {
            let erased = json!({ "personId": person.person.id });
            world.service.tell("person.erased", erased.clone()).await;
            world.service.tell("person.erased", erased).await;
        }
        let seen = world.survey(&survey).await;
        assert_eq!(
            (&seen["askedCount"], &seen["answeredCount"]),
            (&json!(3), &json!(1))
        );
        for link in &links {
            world.service.stranger().get(link).await.is(404);
        }
        let list = world
            .coordinator
            .get(&format!("surveys/{survey}/invitations"))
            .await
            .ok();
        for person in &people[..2] {
            assert!(!list.text.contains(&person.person.id.to_string()));
        }
        answer(&people[2].person.client, &survey, pulse())
            .await
            .ok();
        let closed = world.step(&survey, "closing").await.ok();
        assert_eq!(closed["answeredCount"], 2);
        assert_eq!(world.service.count("sheets").await, 2);
    })
    .await;
}

#[actix_web::test]
async fn sheets_are_read_one_by_one_only_where_that_was_said_and_lose_the_name_of_who_is_forgotten()
{
    on_each_database(async |world| {
        let people = world.participants(2).await;
        let mut read = Vec::new();
        for mode in ["anonymous", "confidential", "named"] {
            let survey = world.open(json!({ "mode": mode })).await;
            for person in &people {
                answer(&person.person.client, &survey, pulse()).await.ok();
            }
            read.push(format!("surveys/{survey}/sheets"));
            if mode == "named" {
                // While one sheet still lies in the intake.
                let erased = json!({ "personId": people[0].person.id });
                world.evaluator.get(&read[2]).await.refused("survey_state");
                world.service.tell("person.erased", erased).await;
            }
            world.step(&survey, "closing").await.ok();
        }
        world
            .evaluator
            .get(&read[0])
            .await
            .refused("survey_sheets_secret");
        let confidential = world.evaluator.get(&read[1]).await.ok();
        assert_eq!(confidential["_meta"]["totalRecords"], 2);
        assert!(!confidential.text.contains("personId"));
        let named = world.evaluator.get(&read[2]).await.ok();
        let names: Vec<&Value> = named["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|one| one.get("personId"))
            .collect();
        assert_eq!(names, [&json!(people[1].person.id)]);
    })
    .await;
}

#[actix_web::test]
async fn a_link_of_who_has_left_opens_nothing() {
    on_each_database(async |world| {
        let people = world.participants(2).await;
        world.open(json!({})).await;
        let stranger = world.service.stranger();
        let link = world.service.links_to(people[0].person.id).await.remove(0);
        world.activity(people[0].person.id, false).await;
        stranger.get(&link).await.is(404);
        stranger.post_form(&link, &PULSE_FORM).await.is(404);
        assert_eq!(world.service.count("survey_intake").await, 0);
        world.activity(people[0].person.id, true).await;
        stranger.post_form(&link, &PULSE_FORM).await.is(303);
    })
    .await;
}
