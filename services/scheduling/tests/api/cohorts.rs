//! Rounds for everyone over HTTP; `src/cohorts/assign` tests the planning itself.

use crate::stage::{Stage, on_each_database};
use serde_json::{Value, json};
use shared_database::{Change, row};
use shared_projections::people;
use shared_testing::{Client, Reply, database};
use shared_types::{Actor, DepartmentId, OrganisationId, PersonId, Problem, ProgrammeId, RoundId};
use uuid::Uuid;

/// Two departments with a leader and two whom they lead, and two rounds.
struct City {
    people: Vec<PersonId>,
    rounds: [RoundId; 2],
}

async fn city(stage: &Stage) -> City {
    let mut people = Vec::new();
    for _ in 0..2 {
        let department = DepartmentId::new();
        let leader = stage.manager("Lena Ledare", department, None).await;
        people.push(leader);
        for _ in 0..2 {
            people.push(stage.manager("Cissi Chef", department, Some(leader)).await);
        }
    }
    let rounds = [
        stage.round(4, ("2026-09-01", "2026-12-18")).await,
        stage.round(4, ("2027-01-11", "2027-05-28")).await,
    ];
    City { people, rounds }
}

fn body(stage: &Stage, city: &City) -> Value {
    json!({
        "programmeId": stage.programme,
        "rounds": city.rounds.map(|round| json!({ "roundId": round })),
        "people": { "organisationIds": [stage.city] },
    })
}

fn again(stage: &Stage, city: &City) -> Value {
    let mut body = body(stage, city);
    body.as_object_mut().unwrap().remove("programmeId");
    body["reason"] = json!("Somebody has moved.");
    body
}

async fn make(stage: &Stage, city: &City) -> String {
    let made = stage.coordinator.post("cohort-plans", body(stage, city));
    made.await.created().id()
}

async fn assignments(caller: &Client, plan: &str) -> Vec<Value> {
    let reply = caller
        .get(&format!("cohort-plans/{plan}/assignments?limit=100"))
        .await
        .ok();
    reply["items"].as_array().unwrap().clone()
}

fn round_of(assignments: &[Value], person: PersonId) -> Value {
    let found = assignments
        .iter()
        .find(|one| one["personId"] == json!(person));
    found.unwrap()["roundId"].clone()
}

async fn post(caller: &Client, plan: &str, step: &str, body: Value) -> Reply {
    caller
        .post(&format!("cohort-plans/{plan}/{step}"), body)
        .await
}

async fn publish(caller: &Client, plan: &str) -> Reply {
    caller
        .post_empty(&format!("cohort-plans/{plan}/publication"))
        .await
}

#[actix_web::test]
async fn a_plan_puts_everybody_in_a_round_apart_from_leaders_and_says_why() {
    on_each_database(async |stage: &Stage| {
        let city = city(stage).await;
        let made = stage
            .coordinator
            .post("cohort-plans", body(stage, &city))
            .await
            .created();
        let id = made.id();
        assert_eq!(made["state"], "proposed");
        assert_eq!(
            (&made["peopleCount"], &made["optimal"]),
            (&json!(6), &json!(true))
        );
        let cost = json!({
            "unplacedCount": 0, "movedCount": 0, "colleaguePairsCount": 2, "pairsCount": 6,
        });
        assert_eq!((&made["cost"], &made["bound"]), (&cost, &cost));
        for (place, round) in city.rounds.iter().enumerate() {
            let known = &made["rounds"][place];
            assert_eq!(known["roundId"], json!(round));
            assert_eq!(
                (&known["capacity"], &known["peopleCount"]),
                (&json!(4), &json!(3))
            );
            assert_eq!(
                (&known["departmentsCount"], &known["largestDepartmentCount"]),
                (&json!(2), &json!(2))
            );
        }
        assert_eq!(
            made["rounds"][0]["meets"],
            json!([{ "startsOn": "2026-09-01", "endsOn": "2026-12-18" }])
        );
        assert_eq!(
            made.rels(),
            ["assignments", "history", "publication", "replanning"]
        );
        let read = stage
            .coordinator
            .get(&format!("cohort-plans/{id}"))
            .await
            .ok();
        assert_eq!(read.json, made.json);
        let rows = assignments(&stage.coordinator, &id).await;
        assert_eq!(rows.len(), 6);
        for led in [1, 2, 4, 5] {
            let leader = city.people[led - led % 3];
            assert_ne!(round_of(&rows, city.people[led]), round_of(&rows, leader));
        }
        let leader = rows
            .iter()
            .find(|row| row["personId"] == json!(city.people[0]))
            .unwrap();
        assert_eq!(leader["personName"], "Lena Ledare");
        let reasons = json!([
            { "code": "apart", "detail": "Apart from the own leader and those whom they lead: 2." },
            { "code": "mixed",
              "detail": "1 of the 3 in the round are of the same department, oneself included." },
        ]);
        assert_eq!(leader["reasons"], reasons);
        // Filters, lists and history.
        let of_round = format!("cohort-plans/{id}/assignments?roundId={}", city.rounds[0]);
        assert_eq!(
            stage.coordinator.get(&of_round).await.ok()["items"]
                .as_array()
                .unwrap()
                .len(),
            3
        );
        let without = format!("cohort-plans/{id}/assignments?placed=false");
        assert_eq!(
            stage.coordinator.get(&without).await.ok()["items"],
            json!([])
        );
        let list = format!("cohort-plans?programmeId={}", stage.programme);
        assert_eq!(
            stage.coordinator.get(&list).await.ok()["items"],
            json!([made.json])
        );
        let other = format!("cohort-plans?programmeId={}", ProgrammeId::new());
        assert_eq!(stage.coordinator.get(&other).await.ok()["items"], json!([]));
        let history = stage
            .coordinator
            .get(&format!("cohort-plans/{id}/history"))
            .await
            .ok();
        assert_eq!(history["entries"][0]["edge"], "cohort.proposed");
    })
    .await;
}

#[actix_web::test]
async fn absences_and_locks_are_kept_and_a_new_plan_moves_as_few_as_possible() {
    on_each_database(async |stage: &Stage| {
        let city = city(stage).await;
        let id = make(stage, &city).await;
        let before = assignments(&stage.coordinator, &id).await;
        let mover = city.people[1];
        let was_in = round_of(&before, mover);
        let place = usize::from(was_in != json!(city.rounds[0]));
        let (starts_on, ends_on) =
            [("2026-10-05", "2026-10-09"), ("2027-02-01", "2027-02-05")][place];
        let mut body = again(stage, &city);
        body["absences"] = json!([{ "personId": mover, "startsOn": starts_on, "endsOn": ends_on }]);
        let path = format!("cohort-plans/{id}/replanning");
        let call = stage
            .coordinator
            .call("POST".parse().unwrap(), &path)
            .json(&body);
        call.header("if-match", "\"7-000000000000\"")
            .send()
            .await
            .refused("version_stale");
        let next = post(&stage.coordinator, &id, "replanning", body.clone())
            .await
            .ok();
        // The leader has to make way, and then the other whom they lead.
        assert_eq!(next["cost"]["unplacedCount"], 0);
        let rows = assignments(&stage.coordinator, &id).await;
        assert_ne!(round_of(&rows, mover), was_in);
        let moved = city
            .people
            .iter()
            .filter(|person| round_of(&rows, **person) != round_of(&before, **person));
        assert_eq!(json!(moved.count()), next["cost"]["movedCount"]);
        assert_eq!(next["cost"]["movedCount"], 3);
        let row = rows
            .iter()
            .find(|row| row["personId"] == json!(mover))
            .unwrap();
        assert_eq!(row["reasons"][0]["code"], "away_from_before");
        let ids = |rows: &[Value]| rows.iter().map(|row| row["id"].clone()).collect::<Vec<_>>();
        assert_eq!(ids(&rows), ids(&before));
        // A lock holds whatever that costs.
        body["locks"] = json!([{ "personId": mover, "roundId": was_in }]);
        let locked = post(&stage.coordinator, &id, "replanning", body).await.ok();
        let rows = assignments(&stage.coordinator, &id).await;
        assert_eq!(round_of(&rows, mover), was_in);
        let row = rows
            .iter()
            .find(|row| row["personId"] == json!(mover))
            .unwrap();
        assert_eq!(row["reasons"][0]["code"], "locked");
        assert_eq!(locked["cost"]["unplacedCount"], 0);
        let history = stage
            .coordinator
            .get(&format!("cohort-plans/{id}/history"))
            .await
            .ok();
        assert_eq!(history["entries"][2]["reason"], "Somebody has moved.");
    })
    .await;
}

#[actix_web::test]
async fn publishing_tells_of_the_new_ones_and_refusals_come_back() {
    on_each_database(async |stage: &Stage| {
        let city = city(stage).await;
        let id = make(stage, &city).await;
        let published = publish(&stage.coordinator, &id).await.ok();
        assert_eq!(published["state"], "published");
        let at = published["publishedAt"].as_str().unwrap();
        assert!(at.starts_with("2022-04-12T08:00:"), "{at}");
        publish(&stage.coordinator, &id)
            .await
            .refused("cohort_plan_state_forbids");
        let told = stage.published("cohort.published").await;
        assert_eq!(told.len(), 1);
        assert_eq!(told[0]["programmeId"], json!(stage.programme));
        assert_eq!(told[0]["organiserId"], json!(stage.organiser));
        let rows = assignments(&stage.coordinator, &id).await;
        let mut count = 0;
        for round in told[0]["rounds"].as_array().unwrap() {
            for person in round["personIds"].as_array().unwrap() {
                let row = rows.iter().find(|row| row["personId"] == *person).unwrap();
                assert_eq!(
                    (&row["roundId"], &row["published"]),
                    (&round["roundId"], &json!(true))
                );
                count += 1;
            }
        }
        assert_eq!(count, 6);
        // Nothing is left to publish while nobody is new.
        post(&stage.coordinator, &id, "replanning", again(stage, &city))
            .await
            .ok();
        publish(&stage.coordinator, &id)
            .await
            .refused("cohort_plan_empty");
        // One is refused, told twice and once for a round where they are not; one is new.
        let refused = city.people[5];
        let round = round_of(&rows, refused);
        for (round_id, code) in [
            (&round, "applicant_not_eligible"),
            (&round, "applicant_not_eligible"),
            (&json!(RoundId::new()), "application_already_exists"),
        ] {
            let data = json!({
                "cohortPlanId": id, "organiserId": stage.organiser, "roundId": round_id,
                "people": [{ "personId": refused, "code": code }],
            });
            let subject: Uuid = id.parse().unwrap();
            stage.tell("cohort.refused", subject, data).await;
        }
        let read = stage
            .coordinator
            .get(&format!("cohort-plans/{id}"))
            .await
            .ok();
        assert_eq!(read["refusedCount"], 1);
        let rows = assignments(&stage.coordinator, &id).await;
        let row = rows
            .iter()
            .find(|row| row["personId"] == json!(refused))
            .unwrap();
        assert_eq!(row["refusalCode"], "applicant_not_eligible");
        let new = stage.manager("Ny Chef", DepartmentId::new(), None).await;
        let next = post(&stage.coordinator, &id, "replanning", again(stage, &city))
            .await
            .ok();
        assert_eq!(
            (&next["state"], &next["cost"]["movedCount"]),
            (&json!("proposed"), &json!(0))
        );
        publish(&stage.coordinator, &id).await.ok();
        let told = stage.published("cohort.published").await;
        let people: Vec<Value> = told[1]["rounds"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|round| round["personIds"].as_array().unwrap().clone())
            .collect();
        assert_eq!(people.len(), 2);
        assert!(people.contains(&json!(new)) && people.contains(&json!(refused)));
        // Who is published stays, also where the body no longer names them or their round.
        let mut fewer = again(stage, &city);
        fewer["people"] = json!({ "personIds": [new] });
        let next = post(&stage.coordinator, &id, "replanning", fewer.clone())
            .await
            .ok();
        assert_eq!(next["peopleCount"], 7);
        fewer["rounds"] = json!([{ "roundId": city.rounds[0] }]);
        let lost = post(&stage.coordinator, &id, "replanning", fewer).await;
        assert_eq!(lost.refused("invalid_body").violations()[0].0, "/rounds");
        let mut elsewhere = again(stage, &city);
        let was_in = round_of(&rows, city.people[0]);
        let other = city
            .rounds
            .iter()
            .find(|round| json!(round) != was_in)
            .unwrap();
        elsewhere["locks"] = json!([{ "personId": city.people[0], "roundId": other }]);
        let refused = post(&stage.coordinator, &id, "replanning", elsewhere).await;
        assert_eq!(
            refused.refused("invalid_body").violations()[0].0,
            "/locks/0"
        );
    })
    .await;
}

#[actix_web::test]
async fn a_person_who_is_forgotten_is_forgotten_here() {
    on_each_database(async |stage: &Stage| {
        let city = city(stage).await;
        let id = make(stage, &city).await;
        let person = city.people[2];
        stage
            .tell("person.erased", person, json!({ "personId": person }))
            .await;
        let rows = assignments(&stage.coordinator, &id).await;
        assert_eq!(rows.len(), 5);
        let contents = database::contents(&stage.state.database).await;
        let tables = ["cohort_plans", "cohort_assignments"];
        let text = tables
            .map(|table| contents[table].join("\n"))
            .join("\n")
            .to_lowercase();
        let id = person.to_string();
        assert!(!text.contains(&id) && !text.contains(&id.replace('-', "")));
    })
    .await;
}

#[actix_web::test]
async fn what_is_not_known_or_cannot_be_is_refused_with_its_place() {
    on_each_database(async |stage: &Stage| {
        let city = city(stage).await;
        let create = async |body: Value| stage.coordinator.post("cohort-plans", body).await;
        let mut unknown = body(stage, &city);
        unknown["programmeId"] = json!(ProgrammeId::new());
        create(unknown).await.refused("programme_unknown");
        let mut other = body(stage, &city);
        other["rounds"][1]["roundId"] = json!(RoundId::new());
        let refused = create(other).await.refused("round_unknown");
        assert_eq!(refused.violations()[0].0, "/rounds/1/roundId");
        let mut nobody = body(stage, &city);
        nobody["people"] = json!({ "personIds": [city.people[0], PersonId::new()] });
        let refused = create(nobody).await.refused("person_unknown");
        assert_eq!(refused.violations()[0].0, "/people/personIds/1");
        let mut wrong = body(stage, &city);
        wrong["people"] = json!({});
        wrong["rounds"][1] = json!({
            "roundId": city.rounds[0],
            "meets": [{ "startsOn": "2026-09-02", "endsOn": "2026-09-01" }],
        });
        wrong["absences"] = json!([{
            "personId": city.people[0], "startsOn": "2026-09-02", "endsOn": "2026-09-01",
        }]);
        let places = |reply: Reply| -> Vec<String> {
            reply
                .violations()
                .into_iter()
                .map(|(place, _)| place)
                .collect()
        };
        let expected = [
            "/absences/0/endsOn",
            "/people",
            "/rounds/1/meets/0/endsOn",
            "/rounds/1/roundId",
        ];
        assert_eq!(
            places(create(wrong).await.refused("invalid_body")),
            expected
        );
        let mut stray = body(stage, &city);
        stray["locks"] = json!([{ "personId": PersonId::new(), "roundId": RoundId::new() }]);
        stray["absences"] = json!([{
            "personId": PersonId::new(), "startsOn": "2026-09-01", "endsOn": "2026-09-02",
        }]);
        let expected = [
            "/absences/0/personId",
            "/locks/0/personId",
            "/locks/0/roundId",
        ];
        assert_eq!(
            places(create(stray).await.refused("invalid_body")),
            expected
        );
        many_people(stage, 1_501).await;
        create(body(stage, &city))
            .await
            .refused("cohort_plan_too_large");
    })
    .await;
}

/// People of the city by the hundred, behind everybody's back.
async fn many_people(stage: &Stage, count: usize) {
    let person = |_| people::Model {
        id: Uuid::now_v7(),
        organisation_id: stage.city.uuid(),
        municipality_id: None,
        department_id: None,
        manager_id: None,
        kind: "employed_manager".to_owned(),
        gender: "undisclosed".to_owned(),
        name: String::new(),
        language: "sv".to_owned(),
        active: true,
        erased: false,
        version: 1,
    };
    let rows: Vec<_> = (0..count).map(person).collect();
    let actor = Actor {
        subject: "test".to_owned(),
        on_behalf_of: None,
        at: "2022-04-12T08:00:00Z".parse().unwrap(),
        trace: None,
    };
    let added = stage
        .state
        .database
        .change(actor, async |change: &mut Change| {
            row::insert_all::<people::Entity>(change.tx(), rows).await?;
            Ok::<(), Problem>(())
        });
    added.await.unwrap();
}

#[actix_web::test]
async fn a_plan_bears_its_rules_version_and_a_digest_of_its_inputs_absences_included() {
    on_each_database(async |stage: &Stage| {
        let city = city(stage).await;
        let away = |until: &str| {
            let mut body = body(stage, &city);
            body["absences"] = json!([{
                "personId": city.people[0], "startsOn": "2026-09-01", "endsOn": until,
            }]);
            body
        };
        let mut digests = Vec::new();
        let same = || body(stage, &city);
        for body in [same(), same(), away("2026-09-30"), away("2026-12-18")] {
            let made = stage.coordinator.post("cohort-plans", body).await.created();
            assert_eq!(made["ruleVersion"], "rounds-1");
            let read = stage
                .coordinator
                .get(&format!("cohort-plans/{}", made.id()))
                .await
                .ok();
            assert_eq!(read["inputsHash"], made["inputsHash"]);
            digests.push(made["inputsHash"].as_str().unwrap().to_owned());
        }
        assert!(digests.iter().all(|digest| digest.len() == 64));
        assert_eq!(digests[0], digests[1]);
        let different: std::collections::BTreeSet<_> = digests.iter().collect();
        assert_eq!(different.len(), 3);
    })
    .await;
}

#[actix_web::test]
async fn of_two_who_plan_anew_at_once_one_is_told() {
    on_each_database(async |stage: &Stage| {
        let city = city(stage).await;
        let id = make(stage, &city).await;
        // Both have to read before one writes, which chance decides.
        for _ in 0..50 {
            let replan = || post(&stage.coordinator, &id, "replanning", again(stage, &city));
            let (one, other) = futures_util::future::join(replan(), replan()).await;
            let refused = [one, other].into_iter().find(|reply| reply.status != 200);
            if let Some(refused) = refused {
                refused.refused("cohort_plan_changed");
                return;
            }
        }
        panic!("they never met");
    })
    .await;
}

#[actix_web::test]
async fn plans_are_the_organisers_coordinators_alone() {
    on_each_database(async |stage: &Stage| {
        let city = city(stage).await;
        let id = make(stage, &city).await;
        let reads = ["", "/assignments", "/history"].map(|rest| format!("cohort-plans/{id}{rest}"));
        let before = database::contents(&stage.state.database).await;
        let ask = async |caller: &Client, hidden: &str, forbidden: &str| {
            for path in &reads {
                caller.get(path).await.refused(hidden);
            }
            post(caller, &id, "replanning", again(stage, &city))
                .await
                .refused(hidden);
            publish(caller, &id).await.refused(hidden);
            caller
                .post("cohort-plans", body(stage, &city))
                .await
                .refused(forbidden);
        };
        ask(&stage.stranger, "unauthenticated", "unauthenticated").await;
        for other in stage.others() {
            ask(&other, "not_found", "forbidden").await;
            assert_eq!(other.get("cohort-plans").await.ok()["items"], json!([]));
        }
        let elsewhere = stage.other_coordinator();
        ask(&elsewhere, "not_found", "forbidden").await;
        assert_eq!(elsewhere.get("cohort-plans").await.ok()["items"], json!([]));
        let after = database::contents(&stage.state.database).await;
        for table in ["cohort_plans", "cohort_assignments", "outbox", "changes"] {
            assert_eq!(before[table], after[table], "{table}");
        }
        // A programme of somebody else, and one that nobody knows.
        let other = OrganisationId::new();
        let theirs = ProgrammeId::new();
        stage.programme_of(theirs, other).await;
        let mut foreign = body(stage, &city);
        foreign["programmeId"] = json!(theirs);
        stage
            .coordinator
            .post("cohort-plans", foreign)
            .await
            .refused("forbidden");
    })
    .await;
}
