//! Every hard rule and every part of a score, from the fact that is told to the run that it decides.

use crate::world::{Participant, World, on_each_database, text};
use serde_json::{Value, json};
use shared_types::{ApplicationId, PersonId};
use std::collections::BTreeMap;

/// A demanded pair of a participant of the first municipality and the chief of the second, so that
/// each run says by name which rules are against it.
struct Demanded<'a> {
    world: &'a World,
    mentee: Participant,
    mentor: String,
}

impl<'a> Demanded<'a> {
    async fn of(world: &'a World) -> Self {
        let mentee = world.participant(0).await;
        let mentor = world.mentor(1, 1).await;
        let path = format!("rounds/{}/matching-constraints", world.round);
        let lock = json!({
            "kind": "lock", "mentorId": mentor, "applicationId": mentee.application,
            "reason": "They know each other.",
        });
        world.coordinator.post(&path, lock).await.created();
        Self {
            world,
            mentee,
            mentor,
        }
    }

    /// The rules that a run finds against the pair; none where it is made.
    async fn broken(&self) -> Vec<String> {
        let run = self.world.run().await;
        let pairs = run["pairs"].as_array().unwrap();
        let locks = run["brokenLocks"].as_array().unwrap();
        assert_eq!(pairs.len() + locks.len(), 1, "{}", run.text);
        let reasons = locks
            .iter()
            .flat_map(|lock| lock["reasons"].as_array().unwrap());
        reasons.map(|reason| text(&reason["code"])).collect()
    }

    async fn is_fine(&self) {
        assert_eq!(self.broken().await, Vec::<String>::new());
    }

    async fn tell_chief(&self, members: Value) {
        let own = &self.world.municipalities[1];
        self.world.tell_person(own.chief.id, own.id, members).await;
    }

    async fn endorsed_by(&self, people: &[PersonId]) {
        let application = self.mentee.application;
        self.world.tell_endorsers(application, people).await;
    }

    async fn places(&self, capacity: i32) {
        let path = format!("mentors/{}", self.mentor);
        let body = json!({ "capacity": capacity });
        let coordinator = &self.world.coordinator;
        coordinator.change("PATCH", &path, "*", body).await.ok();
    }
}

#[actix_web::test]
async fn each_hard_rule_is_decided_by_its_own_fact() {
    on_each_database(async |world| {
        let pair = Demanded::of(world).await;
        let (near, far) = (&world.municipalities[0], &world.municipalities[1]);
        pair.is_fine().await;

        world.hold(far.office, far.id, None).await;
        assert_eq!(pair.broken().await, ["eligible_office"]);
        world.hold(far.office, far.id, Some(far.chief.id)).await;
        pair.is_fine().await;
        pair.tell_chief(json!({ "active": false })).await;
        assert_eq!(pair.broken().await, ["eligible_office"]);
        pair.tell_chief(json!({ "active": true })).await;
        pair.is_fine().await;

        let name = json!({ "name": "Chef 1" });
        world.tell_person(far.chief.id, near.id, name).await;
        assert_eq!(pair.broken().await, ["other_municipality"]);
        pair.tell_chief(json!({})).await;
        pair.is_fine().await;

        pair.endorsed_by(&[far.chief.id]).await;
        assert_eq!(pair.broken().await, ["not_the_endorser"]);
        pair.endorsed_by(&[near.chief.id]).await;
        pair.is_fine().await;
        // Whoever acted for the holder counts as well.
        pair.endorsed_by(&[near.chief.id, far.chief.id]).await;
        assert_eq!(pair.broken().await, ["not_the_endorser"]);
        pair.endorsed_by(&[]).await;
        pair.is_fine().await;

        let above = world.person(near.id, "Britt Berg").await;
        let mentee = pair.mentee.person.id;
        let managed = json!({ "managerId": above.id });
        world.tell_person(mentee, near.id, managed).await;
        pair.is_fine().await;
        let managed = json!({ "managerId": far.chief.id });
        world.tell_person(above.id, near.id, managed).await;
        assert_eq!(pair.broken().await, ["line_of_management"]);
        world.tell_person(above.id, near.id, json!({})).await;
        pair.tell_chief(json!({ "managerId": mentee })).await;
        assert_eq!(pair.broken().await, ["line_of_management"]);
        pair.tell_chief(json!({})).await;
        pair.is_fine().await;

        let path = format!("rounds/{}/conflicts", world.round);
        let conflict = json!({ "personId": far.chief.id, "otherPersonId": mentee });
        let declared = far.chief.client.post(&path, conflict).await.created();
        assert_eq!(pair.broken().await, ["no_conflict"]);
        let path = format!("conflicts/{}", declared.id());
        let chief = &far.chief.client;
        chief
            .change("DELETE", &path, "*", Value::Null)
            .await
            .is(204);
        pair.is_fine().await;

        pair.places(0).await;
        assert_eq!(pair.broken().await, ["capacity"]);
        pair.places(1).await;
        pair.is_fine().await;
    })
    .await;
}

#[actix_web::test]
async fn places_that_pairs_have_taken_and_an_end_in_disagreement_are_counted() {
    on_each_database(async |world| {
        let pair = Demanded::of(world).await;
        world.match_all().await;
        // Another one wants the place that is staged.
        let other = world.participant(0).await;
        let path = format!("rounds/{}/matching-constraints", world.round);
        let lock = json!({
            "kind": "lock", "mentorId": pair.mentor, "applicationId": other.application,
            "reason": "They know each other.",
        });
        world.coordinator.post(&path, lock).await.created();
        assert_eq!(pair.broken().await, ["capacity"]);
        let first = text(&world.pairs().await[0]["id"]);
        let ending = json!({ "ending": "disagreement" });
        let path = format!("pairs/{first}/ending");
        world.coordinator.post(&path, ending).await.ok();
        let run = world.run().await;
        assert_eq!(
            run["pairs"][0]["applicationId"],
            json!(other.application),
            "the place is free, and not for those two"
        );
        let reasons = &run["brokenLocks"][0]["reasons"];
        assert_eq!(reasons[0]["code"], "no_disagreement");
    })
    .await;
}

/// The points of each criterion in a run with one pair.
async fn points(world: &World) -> BTreeMap<String, i64> {
    let run = world.run().await;
    let parts = run["pairs"][0]["parts"].as_array().unwrap();
    let points = |part: &Value| (text(&part["criterion"]), part["points"].as_i64().unwrap());
    parts.iter().map(points).collect()
}

#[actix_web::test]
async fn each_criterion_gives_points_for_what_the_two_have_said() {
    on_each_database(async |world| {
        let pair = Demanded::of(world).await;
        let terms = json!({
            "weights": {
                "menteeWish": "high", "mentorWish": "high", "competences": "high",
                "languages": "high", "travel": "high", "form": "high", "sector": "high",
            },
            "longJourneyMinutes": 90, "answerDays": 10, "keptDays": 180,
        });
        let path = format!("rounds/{}/terms", world.round);
        world
            .coordinator
            .change("PUT", &path, "*", terms)
            .await
            .ok();
        let places = async |latitude: i32| {
            let place = |municipality: usize, latitude: i32| {
                json!({
                    "municipalityId": world.municipalities[municipality].id,
                    "latitudeMicrodegrees": latitude, "longitudeMicrodegrees": 15_000_000,
                })
            };
            let body = json!({ "places": [place(0, 58_000_000), place(1, latitude)] });
            let path = format!("rounds/{}/municipality-places", world.round);
            world.coordinator.change("PUT", &path, "*", body).await.ok();
        };
        let mentee = async |profile: Value, wishes: Value| {
            let body = json!({ "profile": profile, "wishes": wishes });
            let path = format!("mentees/{}", pair.mentee.application);
            let client = &pair.mentee.person.client;
            client.change("PUT", &path, "*", body).await.ok();
        };
        let mentor = async |profile: Value, wishes: Value| {
            let body = json!({ "profile": profile, "wishes": wishes });
            let path = format!("mentors/{}", pair.mentor);
            world
                .coordinator
                .change("PATCH", &path, "*", body)
                .await
                .ok();
        };
        let said = |competence: &str, language: &str, form: &str, sector: &str| {
            json!({
                "competences": [competence], "languages": [language], "forms": [form],
                "sector": sector,
            })
        };
        let own = || said("change", "sv", "in_person", "education");
        let to_mentor = json!([{ "mentorId": pair.mentor, "why": "Knows our county." }]);
        let to_mentee =
            json!([{ "applicationId": pair.mentee.application, "why": "A like task." }]);
        places(58_100_000).await;
        mentee(own(), to_mentor.clone()).await;
        mentor(own(), to_mentee.clone()).await;
        let all = points(world).await;
        assert_eq!(all.len(), 7, "{all:?}");
        assert!(all.values().all(|points| *points > 0), "{all:?}");
        let less = async |criterion: &str| {
            let now = points(world).await;
            assert!(now[criterion] < all[criterion], "{criterion}: {now:?}");
        };
        mentee(own(), json!([])).await;
        less("mentee_wish").await;
        mentee(own(), to_mentor).await;
        mentor(own(), json!([])).await;
        less("mentor_wish").await;
        for (criterion, other) in [
            (
                "competences",
                said("crisis", "sv", "in_person", "education"),
            ),
            ("languages", said("change", "da", "in_person", "education")),
            ("form", said("change", "sv", "telephone", "education")),
            ("sector", said("change", "sv", "in_person", "rescue")),
        ] {
            mentor(other, to_mentee.clone()).await;
            less(criterion).await;
        }
        mentor(own(), to_mentee).await;
        assert_eq!(points(world).await, all);
        places(62_000_000).await;
        less("travel").await;
    })
    .await;
}

#[actix_web::test]
async fn days_to_answer_and_to_keep_are_those_of_the_terms() {
    on_each_database(async |world| {
        let path = format!("rounds/{}/terms", world.round);
        let usual = world.coordinator.get(&path).await.ok();
        assert_ne!(
            (&usual["answerDays"], &usual["keptDays"]),
            (&json!(3), &json!(30))
        );
        let terms = json!({
            "weights": usual["weights"], "longJourneyMinutes": 90, "answerDays": 3, "keptDays": 30,
        });
        world
            .coordinator
            .change("PUT", &path, "*", terms)
            .await
            .ok();
        let matched = world.active().await;
        let path = format!("pairs/{}", matched.pair);
        let pair = matched.mentee().get(&path).await.ok();
        // Three working days: the national day is none.
        assert_eq!(pair["answerBy"], "2022-06-07");
        let goals = matched.at("goals");
        let goal = json!({ "text": "Delegate." });
        matched.mentee().post(&goals, goal).await.created();
        let ending = json!({ "ending": "completed" });
        matched
            .mentee()
            .post(&matched.at("ending"), ending)
            .await
            .ok();
        // The mentor takes a copy while there is time; the other's words are in it.
        for (instant, kept) in [("2022-07-01T07:59:59Z", 1), ("2022-07-01T08:01:00Z", 0)] {
            world.service.set_clock(instant);
            world.service.sweep().await;
            let copy = matched.mentor().get(&matched.at("export")).await.ok();
            let goals = copy["goals"].as_array().unwrap();
            assert_eq!(
                (goals.len(), copy.text.contains("Delegate.")),
                (kept, kept == 1)
            );
        }
    })
    .await;
}

#[actix_web::test]
async fn who_is_demanded_or_forbidden_is_in_the_round() {
    on_each_database(async |world| {
        let pair = Demanded::of(world).await;
        let path = format!("rounds/{}/matching-constraints", world.round);
        let unknown = ApplicationId::new().to_string();
        let mentee = pair.mentee.application.to_string();
        for (mentor, mentee, code) in [
            (&unknown, &mentee, "mentor_unknown"),
            (&pair.mentor, &unknown, "mentee_unknown"),
        ] {
            let body = json!({
                "kind": "forbid", "mentorId": mentor, "applicationId": mentee,
                "reason": "They are neighbours.",
            });
            world.coordinator.post(&path, body).await.refused(code);
        }
    })
    .await;
}

#[actix_web::test]
async fn the_pool_says_who_is_not_active_and_who_belongs_nowhere() {
    on_each_database(async |world| {
        let mentor = world.mentor(1, 1).await;
        let own = &world.municipalities[1];
        let codes = async || {
            let path = format!("mentors/{mentor}");
            let read = world.coordinator.get(&path).await.ok();
            // Absent where there is none.
            let refusals = read["refusals"].as_array().into_iter().flatten();
            let codes = refusals.map(|refusal| text(&refusal["code"]));
            codes.collect::<Vec<_>>()
        };
        assert_eq!(codes().await, Vec::<String>::new());
        let left = json!({ "active": false });
        world.tell_person(own.chief.id, own.id, left).await;
        assert_eq!(codes().await, ["mentor_inactive"]);
        let gone = json!({ "personId": own.chief.id });
        world.service.tell("person.erased", gone).await;
        let codes = codes().await;
        let nowhere = "mentor_without_municipality".to_owned();
        assert!(codes.contains(&nowhere), "{codes:?}");
    })
    .await;
}
