//! Completion: rules, how participants stand, decisions.

use crate::{
    asking::{answer, pulse},
    world::{Participant, World, on_each_database},
};
use futures_util::future::join_all;
use serde_json::{Value, json};
use shared_testing::{Client, Reply, database};
use shared_types::{Role, SessionId};

const DAY: &str = "2022-09-01";

impl World {
    /// Sets the round's rule.
    async fn rule(&self, rule: Value) -> Reply {
        let path = format!("rounds/{}/completion-rules", self.round);
        self.coordinator.post(&path, rule).await
    }

    async fn stands(&self, caller: &Client, participant: &Participant) -> Reply {
        let path = format!("completions/{}", participant.application);
        caller.get(&path).await.ok()
    }

    async fn decide_all(&self) -> Reply {
        let path = format!("rounds/{}/completion-decisions", self.round);
        self.coordinator.post_empty(&path).await
    }
}

fn details(reply: &Reply) -> Vec<String> {
    let gaps = reply["gaps"].as_array().unwrap();
    let detail = |gap: &Value| gap["detail"].as_str().unwrap().to_owned();
    gaps.iter().map(detail).collect()
}

#[actix_web::test]
async fn what_is_missing_is_told_in_words_until_nothing_is() {
    on_each_database(async |world| {
        let anna = world.participant(0, json!({})).await;
        let own = &anna.person.client;
        let before = world.stands(own, &anna).await;
        assert_eq!((&before["standing"], &before["gaps"]), (&json!("no_rule"), &json!([])));
        world.tell_plan(11, Some(12)).await;
        let rule = json!({
            "attendanceShare": { "numerator": 11, "denominator": 12 },
            "tasks": [{ "key": "final_paper", "text": { "sv": "Slutuppgift", "en": "Final paper" } }],
            "surveyShare": { "numerator": 3, "denominator": 4 },
        });
        world.rule(rule).await.created();
        world.tell_attendance(&anna, (42, 48), json!({})).await;
        let open = world.stands(own, &anna).await;
        assert_eq!(open["standing"], "open");
        assert_eq!(
            details(&open),
            [
                "Present for 10.5 of 12 days; at least 11 are needed.",
                "Not done yet: Final paper",
            ]
        );
        let swedish = own
            .call("GET".parse().unwrap(), &format!("completions/{}", anna.application))
            .header("accept-language", "sv")
            .send()
            .await;
        assert_eq!(
            details(&swedish),
            ["Närvaro 10,5 av 12 dagar; minst 11 behövs.", "Inte gjort än: Slutuppgift"]
        );
        world.tell_attendance(&anna, (44, 48), json!({})).await;
        let notes = format!("rounds/{}/task-notes", world.round);
        let done = json!({ "taskKey": "final_paper", "applicationIds": [anna.application] });
        let noted = world.coordinator.post(&notes, done.clone()).await.ok();
        assert_eq!(noted["applicationIds"], json!([anna.application]));
        let fulfilled = world.stands(own, &anna).await;
        assert_eq!((&fulfilled["standing"], &fulfilled["gaps"]), (&json!("fulfilled"), &json!([])));
        assert_eq!(fulfilled["doneTaskKeys"], json!(["final_paper"]));
        // Noted by mistake.
        let mut undone = done;
        undone["done"] = json!(false);
        world.coordinator.post(&notes, undone).await.ok();
        assert_eq!(world.stands(own, &anna).await["standing"], "open");
    })
    .await;
}

/// How somebody stands, for the coordinator: the standing, and what is missing in words.
async fn seen(world: &World, participant: &Participant) -> (Value, Vec<String>) {
    let stands = world.stands(&world.coordinator, participant).await;
    // Numbers of answers are the participant's.
    assert!(stands.json.get("surveys").is_none(), "{}", stands.text);
    (stands["standing"].clone(), details(&stands))
}

#[actix_web::test]
async fn an_unanswered_survey_stands_against_it_once_it_is_closed_until_another_is_answered() {
    on_each_database(async |world| {
        let anna = world.participant(0, json!({})).await;
        let own = &anna.person.client;
        let half = json!({ "surveyShare": { "numerator": 1, "denominator": 2 } });
        world.rule(half).await.created();
        let tally = async || world.stands(own, &anna).await["surveys"].clone();
        let fulfilled = (json!("fulfilled"), Vec::new());
        let first = world.open(json!({})).await;
        assert_eq!(seen(world, &anna).await, fulfilled);
        world.step(&first, "closing").await.ok();
        assert_eq!(tally().await, json!({ "answered": 0, "asked": 1 }));
        let missing = (
            json!("open"),
            vec!["Not enough surveys answered.".to_owned()],
        );
        assert_eq!(seen(world, &anna).await, missing);
        assert_eq!(
            details(&world.stands(own, &anna).await),
            ["0 of 1 surveys answered; at least 1 are needed."]
        );
        let decided = world.decide_all().await.ok();
        assert_eq!(decided["openIds"], json!([anna.application]));
        // Answering is not seen while the survey is open: nobody is to see when somebody answered.
        let second = world.open(json!({})).await;
        answer(own, &second, pulse()).await.ok();
        assert_eq!(seen(world, &anna).await, missing);
        assert_eq!(tally().await, json!({ "answered": 0, "asked": 1 }));
        world.step(&second, "closing").await.ok();
        assert_eq!(tally().await, json!({ "answered": 1, "asked": 2 }));
        assert_eq!(seen(world, &anna).await, fulfilled);
        let decided = world.decide_all().await.ok();
        assert_eq!(decided["completedIds"], json!([anna.application]));
    })
    .await;
}

#[actix_web::test]
async fn taking_an_invitation_back_says_nothing_of_an_answer() {
    on_each_database(async |world| {
        // One has answered the second survey and the other has not; neither the first.
        let (anna, bo) = (
            world.participant(0, json!({})).await,
            world.participant(1, json!({})).await,
        );
        let half = json!({ "surveyShare": { "numerator": 1, "denominator": 2 } });
        world.rule(half).await.created();
        let first = world.open(json!({})).await;
        world.step(&first, "closing").await.ok();
        let second = world.open(json!({})).await;
        answer(&anna.person.client, &second, pulse()).await.ok();
        let both = async || [seen(world, &anna).await, seen(world, &bo).await];
        let before = both().await;
        let list = format!("surveys/{second}/invitations");
        let list = world.coordinator.get(&list).await.ok();
        for one in list["items"].as_array().unwrap() {
            let path = format!(
                "survey-invitations/{}/revocation",
                one["id"].as_str().unwrap()
            );
            world.coordinator.post_empty(&path).await.ok();
        }
        assert_eq!(both().await, before);
        world.step(&second, "closing").await.ok();
        let after = both().await;
        assert_eq!(after, before);
        assert_eq!(after[0], after[1]);
        // Later it can't be taken back any more.
        let third = world.open(json!({})).await;
        answer(&anna.person.client, &third, pulse()).await.ok();
        world.step(&third, "closing").await.ok();
        assert_ne!(seen(world, &anna).await, seen(world, &bo).await);
        let list = format!("surveys/{third}/invitations");
        let list = world.coordinator.get(&list).await.ok();
        let id = list["items"][0]["id"].as_str().unwrap();
        let path = format!("survey-invitations/{id}/revocation");
        world
            .coordinator
            .post_empty(&path)
            .await
            .refused("survey_state");
    })
    .await;
}

#[actix_web::test]
async fn half_days_that_nobody_marked_stand_against_it_once_they_are_over() {
    on_each_database(async |world| {
        let anna = world.participant(0, json!({})).await;
        let bo = world.participant(1, json!({ "name": "Bo Berg" })).await;
        let session = SessionId::new();
        world.tell_session(session, &[DAY, "2022-09-02"], json!({})).await;
        world.tell_plan(2, None).await;
        let half = |day: i32, date: &str, half: &str, status: &str| {
            json!({ "sessionId": session, "day": day, "date": date, "half": half, "status": status })
        };
        let half_days = json!({ "halfDays": [
            half(1, DAY, "first", "present"), half(1, DAY, "second", "unknown"),
            half(2, "2022-09-02", "first", "present"), half(2, "2022-09-02", "second", "unknown"),
        ] });
        world.tell_attendance(&anna, (4, 8), half_days).await;
        let share = json!({ "attendanceShare": { "numerator": 1, "denominator": 2 } });
        world.rule(share).await.created();
        let unknown = async |participant: &Participant| {
            let stands = world.stands(&world.coordinator, participant).await;
            stands["attendance"]["unknownHalfDays"].clone()
        };
        assert_eq!((unknown(&anna).await, unknown(&bo).await), (json!(0), json!(0)));
        assert_eq!(world.stands(&world.coordinator, &anna).await["standing"], "fulfilled");
        world.service.set_clock("2022-09-01T14:00:00Z");
        assert_eq!((unknown(&anna).await, unknown(&bo).await), (json!(1), json!(2)));
        world.service.set_clock("2022-09-02T20:00:00Z");
        let stands = world.stands(&world.coordinator, &anna).await;
        assert_eq!(details(&stands), ["Attendance is not marked for 2 half days."]);
        // A session that is not held has nothing to mark.
        world
            .tell_session(session, &[DAY, "2022-09-02"], json!({ "status": "cancelled" }))
            .await;
        assert_eq!(unknown(&bo).await, json!(0));
    })
    .await;
}

#[actix_web::test]
async fn facts_in_any_order_and_repeated_end_alike() {
    on_each_database(async |world| {
        let anna = world.participant(0, json!({})).await;
        let (session, pair) = (SessionId::new(), SessionId::new());
        let tell = async |step: &str, version: i32| {
            let newest = json!({ "version": version });
            match step {
                "session" => {
                    let dates = if version == 3 {
                        &[DAY][..]
                    } else {
                        &[DAY, "2022-10-01"]
                    };
                    world.tell_session(session, dates, newest).await;
                }
                "attendance" => {
                    world
                        .tell_attendance(&anna, (version * 4, 48), newest)
                        .await;
                }
                "plan" => {
                    let plan = json!({
                        "roundId": world.round, "organiserId": world.organiser,
                        "programmeDays": { "planned": version }, "version": version,
                    });
                    world.service.tell("plan.released", plan).await;
                }
                _ => {
                    let states = ["proposed", "accepted", "active", "ended"];
                    let index = usize::try_from(version).unwrap();
                    let fact = json!({
                        "pairId": pair, "roundId": world.round, "organiserId": world.organiser,
                        "mentorPersonId": anna.person.id, "menteePersonId": anna.person.id,
                        "applicationId": anna.application, "state": states[index],
                        "version": version,
                    });
                    world.service.tell("pair.active", fact).await;
                }
            }
        };
        for order in [[1, 2, 3], [3, 2, 1], [2, 3, 1], [3, 3, 3], [1, 3, 2]] {
            for table in [
                "told_sessions",
                "told_attendance",
                "told_plans",
                "told_pairs",
            ] {
                let empty = format!("DELETE FROM {table}");
                database::tamper(&world.service.state.database, &empty).await;
            }
            for version in order {
                for step in ["session", "attendance", "plan", "pair"] {
                    tell(step, version).await;
                    tell(step, version).await;
                }
            }
            let number =
                async |query: &str| database::number(&world.service.state.database, query).await;
            assert_eq!(
                number("SELECT CAST(counted_quarters AS BIGINT) AS row FROM told_attendance").await,
                12
            );
            assert_eq!(
                number("SELECT CAST(planned_days AS BIGINT) AS row FROM told_plans").await,
                3
            );
            let ended = "SELECT COUNT(*) AS row FROM told_pairs WHERE state = 'ended'";
            assert_eq!(number(ended).await, 1);
            let early = "SELECT COUNT(*) AS row FROM told_sessions WHERE ends_at < '2022-09-30'";
            assert_eq!(number(early).await, 1, "{order:?}");
        }
    })
    .await;
}

#[actix_web::test]
async fn everybody_who_fulfils_is_completed_at_once_and_the_others_are_named() {
    on_each_database(async |world| {
        let mut all = Vec::new();
        for name in ["Anna", "Bo", "Cia"] {
            all.push(world.participant(0, json!({ "name": name })).await);
        }
        let [anna, bo, cia] = [&all[0], &all[1], &all[2]];
        world.decide_all().await.refused("completion_rule_missing");
        world
            .rule(json!({ "attendanceShare": { "numerator": 9, "denominator": 10 } }))
            .await
            .created();
        world.tell_attendance(anna, (48, 48), json!({})).await;
        world.tell_attendance(bo, (20, 48), json!({})).await;
        world.tell_attendance(cia, (44, 48), json!({})).await;
        let decided = world.decide_all().await.ok();
        assert_eq!(
            decided["completedIds"],
            json!([anna.application, cia.application])
        );
        assert_eq!(decided["openIds"], json!([bo.application]));
        let again = world.decide_all().await.ok();
        assert_eq!(
            (&again["completedIds"], &again["openIds"]),
            (&json!([]), &decided["openIds"])
        );
        let stands = world.stands(&anna.person.client, anna).await;
        assert_eq!(stands["decision"]["outcome"], "completed");
        assert_eq!(stands["decision"]["ruleNumber"], 1);
        let told = "SELECT COUNT(*) AS row FROM outbox WHERE kind = 'completion.decided'";
        assert_eq!(
            database::number(&world.service.state.database, told).await,
            2
        );
        // What attendance becomes later changes the standing, not the decision.
        world.tell_attendance(anna, (8, 48), json!({})).await;
        let later = world.stands(&world.coordinator, anna).await;
        assert_eq!(
            (&later["standing"], &later["decision"]["outcome"]),
            (&json!("open"), &json!("completed"))
        );
    })
    .await;
}

#[actix_web::test]
async fn one_participant_is_decided_about_with_a_reason_and_who_is_completed_stays_so() {
    on_each_database(async |world| {
        let anna = world.participant(0, json!({})).await;
        let path = format!("completions/{}/decision", anna.application);
        let decide = async |outcome: &str, reason: &str| {
            let body = json!({ "outcome": outcome, "reason": reason });
            world.coordinator.post(&path, body).await
        };
        let not = decide("not_completed", "Left for another post.").await.ok();
        assert_eq!(not["decision"]["reason"], "Left for another post.");
        let done = decide("completed", "Came back, and wrote the paper.")
            .await
            .ok();
        assert_eq!(done["decision"]["outcome"], "completed");
        decide("not_completed", "No.")
            .await
            .refused("completion_already_decided");
        let own = world.stands(&anna.person.client, &anna).await;
        assert_eq!(own["decision"]["reason"], "Came back, and wrote the paper.");
        let evaluator = world.stands(&world.evaluator, &anna).await;
        assert!(evaluator["decision"].get("reason").is_none());
        let history = format!("completions/{}/history", anna.application);
        let history = world.coordinator.get(&history).await.ok();
        assert_eq!(history["entries"].as_array().unwrap().len(), 2);
        world
            .coordinator
            .post(&path, json!({ "outcome": "completed" }))
            .await
            .refused("invalid_body");
    })
    .await;
}

#[actix_web::test]
async fn a_decision_is_made_once_by_however_many_at_once() {
    on_each_database(async |world| {
        let anna = world.participant(0, json!({})).await;
        world.rule(json!({})).await.created();
        let replies = join_all((0..8).map(|_| world.decide_all())).await;
        let completed = replies.iter().map(|reply| {
            assert_eq!(reply.status, 200, "{}", reply.text);
            reply["completedIds"].as_array().unwrap().len()
        });
        assert_eq!(completed.sum::<usize>(), 1);
        assert_eq!(world.service.count("completions").await, 1);
        let own = world.stands(&anna.person.client, &anna).await;
        assert_eq!(own["decision"]["outcome"], "completed");
    })
    .await;
}

#[actix_web::test]
async fn a_rule_is_never_changed_and_the_newest_version_holds() {
    on_each_database(async |world| {
        let anna = world.participant(0, json!({})).await;
        let first = world
            .rule(json!({ "attendanceShare": { "numerator": 1, "denominator": 1 } }))
            .await
            .created();
        let second = world.rule(json!({})).await.created();
        assert_eq!(
            (&first["number"], &second["number"]),
            (&json!(1), &json!(2))
        );
        let path = format!("rounds/{}/completion-rules", world.round);
        let list = anna.person.client.get(&path).await.ok();
        assert_eq!(list["_meta"]["totalRecords"], 2);
        let read = format!("completion-rules/{}", first.id());
        assert_eq!(anna.person.client.get(&read).await.ok()["number"], 1);
        assert_eq!(
            world.stands(&world.coordinator, &anna).await["ruleNumber"],
            2
        );
        world
            .rule(json!({ "surveyShare": { "numerator": 5, "denominator": 4 } }))
            .await
            .refused("completion_share_too_large");
        let task = json!({ "key": "paper", "text": { "sv": "Uppgift" } });
        world
            .rule(json!({ "tasks": [task, task] }))
            .await
            .refused("completion_task_twice");
        world
            .rule(json!({ "tasks": [{ "key": "Paper!", "text": { "sv": "x" } }] }))
            .await
            .refused("invalid_body");
        let notes = format!("rounds/{}/task-notes", world.round);
        let unknown = json!({ "taskKey": "paper", "applicationIds": [anna.application] });
        world
            .coordinator
            .post(&notes, unknown)
            .await
            .refused("completion_task_unknown");
        world.rule(json!({ "tasks": [task] })).await.created();
        let stranger = json!({ "taskKey": "paper", "applicationIds": [SessionId::new()] });
        world
            .coordinator
            .post(&notes, stranger)
            .await
            .refused("participation_unknown");
    })
    .await;
}

#[actix_web::test]
async fn who_decides_for_a_municipality_sees_its_own_participants_alone() {
    on_each_database(async |world| {
        let anna = world.participant(0, json!({})).await;
        let bo = world.participant(1, json!({})).await;
        let director = world
            .service
            .stranger()
            .person(anna.person.id, &[(Role::Director, world.municipalities[1])]);
        let path = format!("rounds/{}/completions", world.round);
        // Who takes part too sees oneself besides.
        let seen = director.get(&path).await.ok();
        assert_eq!(seen["_meta"]["totalRecords"], 2);
        let other = world.service.stranger().person(
            shared_types::PersonId::new(),
            &[(Role::Director, world.municipalities[1])],
        );
        let seen = other.get(&path).await.ok();
        assert_eq!(seen["items"][0]["id"], json!(bo.application));
        assert_eq!(seen["_meta"]["totalRecords"], 1);
    })
    .await;
}
