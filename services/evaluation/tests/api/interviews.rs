//! Interviews: consent, what is sealed, themes and their counts.

use crate::{
    anonymity::{Log, contains, files},
    world::{Participant, World, on_each_database},
};
use serde_json::{Value, json};
use shared_testing::{Reply, database};
use tracing_subscriber::filter::LevelFilter;

const CANARY: &str = "kanariefågel i intervjun";
const QUOTE: &str = "Jag leder annorlunda om måndagarna kanariegult.";

impl World {
    /// Plans an interview with some participants.
    pub(crate) async fn interview(&self, kind: &str, with: &[&Participant]) -> String {
        let path = format!("rounds/{}/interviews", self.round);
        let ids: Vec<Value> = with.iter().map(|one| json!(one.application)).collect();
        let body = json!({
            "kind": kind, "applicationIds": ids,
            "guideQuestions": [{ "sv": "Vad har du lärt dig?", "en": "What have you learnt?" }],
            "plannedOn": "2022-06-15",
        });
        self.evaluator.post(&path, body).await.created().id()
    }

    /// Adds a theme to the code book.
    pub(crate) async fn theme(&self) -> String {
        let path = format!("rounds/{}/themes", self.round);
        let body = json!({ "name": { "sv": "Självkännedom", "en": "Self-knowledge" } });
        self.evaluator.post(&path, body).await.created().id()
    }

    /// Answers whether one agrees.
    pub(crate) async fn agree(&self, who: &Participant, interview: &str, given: bool) -> Reply {
        let path = format!("interviews/{interview}/consent");
        who.person
            .client
            .post(&path, json!({ "given": given }))
            .await
    }

    async fn hold(&self, interview: &str) -> Reply {
        let path = format!("interviews/{interview}/holding");
        self.evaluator
            .post(&path, json!({ "heldOn": "2022-06-15" }))
            .await
    }

    async fn write(&self, interview: &str) -> Reply {
        let path = format!("interviews/{interview}/notes");
        let body = json!({ "text": CANARY });
        self.evaluator.change("PUT", &path, "*", body).await
    }

    async fn code(&self, interview: &str, codings: Value) -> Reply {
        let path = format!("interviews/{interview}/codings");
        let body = json!({ "codings": codings });
        self.evaluator.change("PUT", &path, "*", body).await
    }
}

#[actix_web::test]
async fn nothing_is_written_before_consent_and_what_is_taken_back_erases_it() {
    on_each_database(async |world| {
        let anna = world.participant(0, json!({})).await;
        let id = world.interview("individual", &[&anna]).await;
        world.write(&id).await.refused("interview_not_agreed");
        world.hold(&id).await.refused("interview_not_agreed");
        let agreed = world.agree(&anna, &id, true).await.ok();
        assert_eq!(agreed["interviewees"][0]["consent"], "given");
        world.write(&id).await.ok();
        assert_eq!(world.hold(&id).await.ok()["state"], "held");
        world.hold(&id).await.refused("interview_already_held");
        let theme = world.theme().await;
        let coding = json!([{
            "themeId": theme, "applicationId": anna.application, "quote": QUOTE,
        }]);
        let coded = world.code(&id, coding).await.ok();
        assert_eq!(coded["codings"][0]["quote"], QUOTE);
        let notes = format!("interviews/{id}/notes");
        assert_eq!(world.evaluator.get(&notes).await.ok()["text"], CANARY);
        // It is the evaluators' alone.
        world.coordinator.get(&notes).await.refused("forbidden");
        anna.person.client.get(&notes).await.refused("forbidden");
        world.agree(&anna, &id, false).await.ok();
        assert_eq!(world.evaluator.get(&notes).await.ok()["text"], "");
        let codings = format!("interviews/{id}/codings");
        assert_eq!(
            world.evaluator.get(&codings).await.ok()["codings"],
            json!([])
        );
        world.write(&id).await.refused("interview_not_agreed");
    })
    .await;
}

#[actix_web::test]
async fn what_was_said_stands_nowhere_but_sealed() {
    let log = Log::begin(LevelFilter::TRACE);
    on_each_database(async |world| {
        let anna = world.participant(0, json!({})).await;
        let id = world.interview("individual", &[&anna]).await;
        world.agree(&anna, &id, true).await.ok();
        world.write(&id).await.ok();
        let theme = world.theme().await;
        let coding = json!([{
            "themeId": theme, "applicationId": anna.application, "quote": QUOTE,
        }]);
        world.code(&id, coding).await.ok();
        // What is refused is not repeated in the answer.
        let named = json!([{
            "themeId": theme, "applicationId": anna.application,
            "quote": "Kanariegult sa Anna.",
        }]);
        let named = world.code(&id, named).await;
        let unread = format!("interviews/{id}/notes");
        let unread = world
            .evaluator
            .change("PUT", &unread, "*", json!({ "words": CANARY }))
            .await;
        let told = [
            named.refused("interview_quote_names_somebody").text,
            unread.refused("invalid_body").text,
            world.service.stranger().get("/metrics").await.text,
            log.text(),
        ];
        for text in &told {
            assert!(!text.to_lowercase().contains("kanarie"), "{text}");
        }
        assert!(
            told[3].contains("interviews/{interviewId}"),
            "the log was read"
        );
        let bytes = files(world);
        assert!(bytes.iter().all(|bytes| !contains(bytes, b"anarie")));
        let kept = database::contents(&world.service.state.database).await;
        assert!(kept.contains_key("interviews") && kept.contains_key("idempotency"));
        for (table, rows) in &kept {
            for row in rows {
                let row = row.to_lowercase();
                assert!(!row.contains("kanarie"), "{table}: {row}");
            }
        }
    })
    .await;
}

#[actix_web::test]
async fn a_quote_without_names_and_a_theme_of_the_round_or_nothing() {
    on_each_database(async |world| {
        let anna = world.participant(0, json!({ "name": "Anna Lindqvist" })).await;
        let bo = world.participant(1, json!({ "name": "Bo Berg" })).await;
        let id = world.interview("group", &[&anna, &bo]).await;
        world.agree(&anna, &id, true).await.ok();
        let theme = world.theme().await;
        let coding = |application: Value, quote: &str| {
            json!([{ "themeId": theme, "applicationId": application, "quote": quote }])
        };
        let anna_id = json!(anna.application);
        world
            .code(&id, coding(anna_id.clone(), "Jag frågar ofta Bo om råd."))
            .await
            .refused("interview_quote_names_somebody");
        world
            .code(&id, coding(json!(bo.application), "Bra."))
            .await
            .refused("interview_not_agreed");
        let foreign = json!([{ "themeId": bo.application, "applicationId": anna.application }]);
        world.code(&id, foreign).await.refused("theme_unknown");
        world.code(&id, coding(anna_id, "Jag frågar oftare om råd.")).await.ok();
        let one = world.coordinator.get(&format!("interviews/{id}")).await.ok();
        assert_eq!(one["interviewees"].as_array().unwrap().len(), 2);
        // Who is interviewed reads of oneself alone.
        let own = anna.person.client.get(&format!("interviews/{id}")).await.ok();
        assert_eq!(own["interviewees"].as_array().unwrap().len(), 1);
        let both = json!({
            "kind": "individual", "applicationIds": [anna.application, bo.application],
            "guideQuestions": [{ "sv": "x" }],
        });
        let path = format!("rounds/{}/interviews", world.round);
        world.evaluator.post(&path, both).await.refused("interview_with_one");
    })
    .await;
}

#[actix_web::test]
async fn themes_are_counted_once_all_is_held_and_only_where_nobody_is_made_out() {
    on_each_database(async |world| {
        let mut all = Vec::new();
        let department = world.department(world.municipalities[0], "Skola").await;
        for number in 0..22 {
            let gender = if number % 2 == 0 { "woman" } else { "man" };
            let members = json!({
                "name": format!("Person {number}"), "gender": gender, "departmentId": department,
            });
            all.push(world.participant(0, members).await);
        }
        let (often, seldom) = (world.theme().await, world.theme().await);
        let everybody: Vec<&Participant> = all.iter().collect();
        let id = world.interview("group", &everybody).await;
        for participant in &all {
            world.agree(participant, &id, true).await.ok();
        }
        let mut codings = Vec::new();
        for (number, participant) in all.iter().enumerate() {
            let theme = if number < 12 {
                &often
            } else if number < 14 {
                &seldom
            } else {
                continue;
            };
            codings.push(json!({ "themeId": theme, "applicationId": participant.application }));
        }
        world.code(&id, json!(codings)).await.ok();
        let read = async |theme: &str| world.coordinator.get(&format!("themes/{theme}")).await.ok();
        // While something is still to come nothing is counted, nor before it is a week old.
        let is_open = async || {
            world.service.sweep().await;
            read(&often).await.json.get("peopleCount").is_none()
        };
        assert!(is_open().await);
        world.hold(&id).await.ok();
        assert!(is_open().await);
        world.service.set_clock("2022-06-08T07:59:00Z");
        assert!(is_open().await);
        world.service.set_clock("2022-06-08T09:00:00Z");
        world.service.sweep().await;
        let counted = read(&often).await;
        assert_eq!(counted["peopleCount"], 12);
        assert_eq!(counted["byGender"], json!({ "women": 6, "men": 6 }));
        assert!(
            counted.json.get("interviewsCount").is_none(),
            "one interview"
        );
        let few = read(&seldom).await;
        assert!(few.json.get("peopleCount").is_none() && few.json.get("byGender").is_none());
        let theme = json!([
            { "kind": "theme_count", "themeId": often, "atLeastCount": 12 },
            { "kind": "theme_count", "themeId": often, "atLeastCount": 13 },
            { "kind": "theme_count", "themeId": seldom, "atLeastCount": 1 },
        ]);
        let goal = world.goal(theme).await.created();
        let states = goal["indicators"].as_array().unwrap().iter();
        let states: Vec<&Value> = states.map(|one| &one["state"]).collect();
        assert_eq!(states, ["reached", "not_reached", "not_available"]);
        assert_eq!(goal["indicators"][0]["valueHundredths"], 1200);
        // Whoever takes the consent back, is forgotten or is noted later is told by no difference.
        world.agree(&all[0], &id, false).await.ok();
        let erased = json!({ "personId": all[1].person.id });
        world.service.tell("person.erased", erased).await;
        world.service.set_clock("2022-07-08T08:00:00Z");
        world.service.sweep().await;
        let again = read(&often).await;
        assert_eq!(again.json, counted.json);
        // They are gone from what the numbers are made of.
        let codings = world
            .evaluator
            .get(&format!("interviews/{id}/codings"))
            .await
            .ok();
        assert_eq!(codings["codings"].as_array().unwrap().len(), 12);
        // A participant reads neither.
        let path = format!("rounds/{}/themes", world.round);
        all[0].person.client.get(&path).await.refused("forbidden");
    })
    .await;
}

#[actix_web::test]
async fn who_is_forgotten_leaves_nothing_in_interviews() {
    on_each_database(async |world| {
        let anna = world.participant(0, json!({})).await;
        let bo = world.participant(1, json!({})).await;
        let own = world.interview("individual", &[&anna]).await;
        let group = world.interview("group", &[&anna, &bo]).await;
        for id in [&own, &group] {
            world.agree(&anna, id, true).await.ok();
            world.write(id).await.ok();
        }
        let theme = world.theme().await;
        let coding = json!([{ "themeId": theme, "applicationId": anna.application }]);
        world.code(&group, coding).await.ok();
        world
            .service
            .tell("person.erased", json!({ "personId": anna.person.id }))
            .await;
        let notes = world
            .evaluator
            .get(&format!("interviews/{own}/notes"))
            .await
            .ok();
        assert_eq!(notes["text"], "");
        assert_eq!(world.service.count("interview_codings").await, 0);
        assert_eq!(world.service.count("interviewees").await, 1);
    })
    .await;
}
