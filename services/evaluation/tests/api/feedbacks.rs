//! 360s: named, confirmed, answered or declined, and read by the participant first.

mod attack;
mod hostile;
mod keeping;

use crate::{
    circle::{own_rating, send, sheet, value},
    world::{Participant, Person, World, on_each_database, with},
};
use serde_json::{Value, json};

/// A participant with a leader and a mentor who are known.
pub(crate) struct Circle {
    pub(crate) participant: Participant,
    pub(crate) leader: Person,
    mentor: Person,
}

impl Circle {
    pub(crate) async fn of(world: &World) -> Self {
        let leader = json!({ "name": "Lena Lind" });
        let leader = world.person(world.municipalities[0], leader).await;
        let own = json!({ "managerId": leader.id, "name": "Pia Persson" });
        let participant = world.participant(0, own).await;
        let mentor = json!({ "name": "Mats Modig" });
        let mentor = world.person(world.municipalities[1], mentor).await;
        let pair = json!({
            "pairId": uuid::Uuid::now_v7(), "roundId": world.round,
            "applicationId": participant.application, "mentorPersonId": mentor.id,
            "menteePersonId": participant.person.id, "state": "active",
        });
        world.service.tell("pair.active", pair).await;
        Self {
            participant,
            leader,
            mentor,
        }
    }

    /// Names leader, mentor, four peers and three staff; all are confirmed.
    pub(crate) async fn named(&self, world: &World) -> String {
        let feedback = world.feedback(&self.participant).await;
        for group in ["leader", "mentor"] {
            let rater = json!({ "group": group });
            let made = world.names(&self.participant, &feedback, rater).await;
            made.created();
        }
        for (group, count) in [("peers", 4), ("staff", 3)] {
            world
                .names_some(&self.participant, &feedback, (group, count))
                .await;
        }
        world.feedback_step(&feedback, "confirmation").await.ok();
        feedback
    }

    /// Rates with an account.
    pub(crate) async fn rates(
        person: &Person,
        feedback: &str,
        answers: &Value,
    ) -> shared_testing::Reply {
        let path = format!("feedbacks/{feedback}/answers");
        person.client.post(&path, own_rating(answers)).await
    }
}

async fn progress(world: &World, feedback: &str) -> Vec<(String, [i64; 3])> {
    let path = format!("feedbacks/{feedback}");
    let seen = world.coordinator.get(&path).await.ok();
    let groups = seen["progress"].as_array().unwrap().iter();
    groups
        .map(|one| {
            let count = |member: &str| one[member].as_i64().unwrap();
            let group = one["group"].as_str().unwrap().to_owned();
            let counts = ["nominatedCount", "askedCount", "answeredCount"].map(count);
            (group, counts)
        })
        .collect()
}

#[actix_web::test]
async fn a_360_goes_from_naming_to_a_report_that_only_the_participant_reads() {
    on_each_database(async |world| {
        let circle = Circle::of(world).await;
        let own = &circle.participant.person;
        let feedback = world.feedback(&circle.participant).await;
        let of = |what: &str| format!("feedbacks/{feedback}/{what}");
        for group in ["leader", "mentor"] {
            let rater = json!({ "group": group });
            world
                .names(&circle.participant, &feedback, rater)
                .await
                .created();
        }
        for (group, count) in [("peers", 4), ("staff", 3)] {
            world
                .names_some(&circle.participant, &feedback, (group, count))
                .await;
        }
        // Nobody is asked before somebody has confirmed.
        assert_eq!(world.written().await, []);
        assert_eq!(world.service.links_to(circle.leader.id).await.len(), 0);
        world.feedback_step(&feedback, "confirmation").await.ok();
        assert_eq!(world.written().await.len(), 7);
        let asked = |nominated, asked| [nominated, asked, 0];
        let expected = [
            ("self", asked(0, 1)),
            ("leader", asked(0, 1)),
            ("mentor", asked(0, 1)),
            ("peers", asked(0, 4)),
            ("staff", asked(0, 3)),
        ];
        let seen = progress(world, &feedback).await;
        assert_eq!(
            seen,
            expected.map(|(group, counts)| (group.to_owned(), counts))
        );

        let stranger = world.service.stranger();
        let peers = world.links_of("peers").await;
        let page = stranger.get(&peers[0]).await.is(200);
        for words in [
            "Återkoppling till Pia Persson",
            "minst 2 andras",
            "Tacka nej",
        ] {
            assert!(page.text.contains(words), "{words}: {}", page.text);
        }
        let page = stranger
            .get(&world.service.links_to(circle.leader.id).await[0])
            .await
            .is(200);
        assert!(
            page.text.contains("You answer by name: Pia Persson reads"),
            "{}",
            page.text
        );

        // One declines, and is replaced after the last day for naming; nobody else is named then.
        let declined = stranger
            .post_form(&peers[3], &[("decline", "yes")])
            .await
            .is(303);
        assert!(declined.header("location").unwrap().ends_with("?declined"));
        let page = stranger.get(&peers[3]).await.is(200);
        assert!(page.text.contains("tackat nej") && !page.text.contains("<form"));
        world.service.set_clock("2022-06-11T08:00:00Z");
        let late = json!({ "group": "staff", "name": "Sent", "email": "late@kommun.example" });
        world
            .names(&circle.participant, &feedback, late.clone())
            .await
            .refused("feedback_nominations_over");
        let instead = with(
            late,
            json!({ "group": "peers", "email": "peers9@kommun.example" }),
        );
        world
            .names(&circle.participant, &feedback, instead.clone())
            .await
            .created();
        let more = with(instead, json!({ "email": "peers10@kommun.example" }));
        world
            .names(&circle.participant, &feedback, more)
            .await
            .refused("feedback_nominations_over");
        world.feedback_step(&feedback, "confirmation").await.ok();
        let peers = world.links_of("peers").await;
        assert_eq!(peers.len(), 4, "the address of who declined is gone");

        Circle::rates(own, &feedback, &sheet(5)).await.ok();
        Circle::rates(&circle.leader, &feedback, &sheet(3))
            .await
            .ok();
        for (link, step) in peers.iter().zip([2, 3, 4]) {
            send(&stranger, link, &sheet(step)).await.is(303);
        }
        for link in &world.links_of("staff").await {
            send(
                &stranger,
                link,
                &with(sheet(5), json!({ "more": "Fråga mer." })),
            )
            .await
            .is(303);
        }
        let counts: Vec<i64> = progress(world, &feedback)
            .await
            .iter()
            .map(|one| one.1[2])
            .collect();
        assert_eq!(counts, [1, 1, 0, 3, 3]);

        // Reminders go to those who have not answered: the mentor, and the one who came later.
        world.service.set_clock("2022-06-16T08:00:00Z");
        let before = world.written().await.len();
        world.service.sweep().await;
        world.service.sweep().await;
        let written = world.written().await;
        let reminded: Vec<&str> = written[before..]
            .iter()
            .map(|(to, _)| to.as_str())
            .collect();
        assert_eq!(reminded, ["peers9@kommun.example"]);
        assert_eq!(world.service.links_to(circle.mentor.id).await.len(), 2);
        assert_eq!(world.service.links_to(circle.leader.id).await.len(), 1);

        own.client
            .get(&of("report"))
            .await
            .refused("feedback_report_not_ready");
        world.service.set_clock("2022-06-30T21:59:00Z");
        world.service.sweep().await;
        own.client
            .get(&of("report"))
            .await
            .refused("feedback_report_not_ready");
        world.service.set_clock("2022-06-30T22:00:00Z");
        send(&stranger, &peers[3], &sheet(1)).await.is(409);
        world.service.sweep().await;

        let report = own.client.get(&of("report")).await.ok();
        assert_eq!(report["closedOn"], "2022-07-01");
        assert_eq!(value(&report, "listens", "self"), Some((1, 500, 500)));
        assert_eq!(value(&report, "listens", "leader"), Some((1, 300, 300)));
        assert_eq!(value(&report, "listens", "mentor"), None);
        assert_eq!(value(&report, "listens", "peers"), Some((3, 300, 300)));
        // That all three gave the highest is not told.
        assert_eq!(value(&report, "listens", "staff"), Some((3, 366, 500)));
        let listens = &report["questions"][1];
        assert_eq!(
            listens["others"],
            json!({ "lowestHundredths": 328, "highestHundredths": 386 })
        );
        assert_eq!(
            listens["gap"],
            json!({ "lowestHundredths": 114, "highestHundredths": 172 })
        );
        assert_eq!(report["groups"][1]["name"], "Lena Lind");
        assert_eq!(report["groups"][2].get("answeredCount"), None);
        let more = &report["questions"][8];
        assert_eq!(
            more["texts"],
            json!([{ "group": "staff", "texts": ["Fråga mer.", "Fråga mer.", "Fråga mer."] }])
        );

        // Everything else is gone.
        for table in ["sheets", "survey_intake", "survey_keys"] {
            assert_eq!(world.service.count(table).await, 0, "{table}");
        }
        assert_eq!(world.written().await, []);
        assert_eq!(
            world
                .service
                .count("raters WHERE contact IS NOT NULL")
                .await,
            0
        );
        for who in [&world.coordinator, &world.evaluator] {
            who.get(&of("report")).await.refused("forbidden");
        }
        for who in [&circle.leader, &circle.mentor] {
            who.client.get(&of("report")).await.refused("not_found");
        }
    })
    .await;
}

#[actix_web::test]
async fn a_participant_shows_the_report_to_each_by_itself_and_takes_it_back() {
    on_each_database(async |world| {
        let circle = Circle::of(world).await;
        let own = &circle.participant.person.client;
        let feedback = circle.named(world).await;
        let of = |what: &str| format!("feedbacks/{feedback}/{what}");
        let reader = |who: &str| json!({ "reader": who });
        own.post(&of("releases"), reader("mentor"))
            .await
            .refused("feedback_report_not_ready");
        Circle::rates(&circle.participant.person, &feedback, &sheet(4))
            .await
            .ok();
        let stranger = world.service.stranger();
        for link in world.links_of("peers").await {
            send(&stranger, &link, &sheet(3)).await.is(303);
        }
        world.feedback_step(&feedback, "closing").await.ok();
        world
            .feedback_step(&feedback, "closing")
            .await
            .refused("feedback_state");

        let report = of("report");
        let mentor = &circle.mentor.client;
        let shown = own.post(&of("releases"), reader("mentor")).await.ok();
        assert_eq!(shown["releasedTo"], json!(["mentor"]));
        own.post(&of("releases"), reader("mentor")).await.ok();
        mentor.get(&report).await.ok();
        circle.leader.client.get(&report).await.refused("not_found");
        world.coordinator.get(&report).await.refused("forbidden");
        // The mentor's link opens the page without an account, for as long as it is released.
        let links = world.service.links_to(circle.mentor.id).await;
        assert_eq!(links.len(), 2, "asked, and shown once");
        let page = stranger.get(&links[1]).await.is(200);
        assert!(
            page.text.contains("360-rapport: Pia Persson"),
            "{}",
            page.text
        );
        assert!(page.text.contains("<svg") && page.text.contains("<table"));
        let table = stranger
            .get(&format!("{}.csv", links[1]))
            .await
            .is(200)
            .text;
        assert!(
            table
                .contains("feedback,Pia Persson,2022-06-01,direction,group,peers,mean,4,3.00,3.00"),
            "{table}"
        );
        // Whoever becomes the mentor later reads nothing.
        let next = world.person(world.municipalities[2], json!({})).await;
        let pair = json!({
            "pairId": uuid::Uuid::now_v7(), "roundId": world.round,
            "applicationId": circle.participant.application, "mentorPersonId": next.id,
            "menteePersonId": circle.participant.person.id, "state": "active",
        });
        world.service.tell("pair.active", pair).await;
        next.client.get(&report).await.refused("not_found");

        own.post(&of("releases"), reader("coordinator")).await.ok();
        world.coordinator.get(&report).await.ok();
        world.evaluator.get(&report).await.refused("forbidden");
        let seen = world
            .coordinator
            .get(&format!("feedbacks/{feedback}"))
            .await
            .ok();
        assert_eq!(seen.json.get("releasedTo"), None);
        let taken = own
            .post(&of("release-revocations"), reader("mentor"))
            .await
            .ok();
        assert_eq!(taken["releasedTo"], json!(["coordinator"]));
        own.post(&of("release-revocations"), reader("mentor"))
            .await
            .ok();
        mentor.get(&report).await.refused("not_found");
        stranger.get(&links[1]).await.is(404);
        own.post(&of("release-revocations"), reader("coordinator"))
            .await
            .ok();
        world.coordinator.get(&report).await.refused("forbidden");

        // The own link, of the mail and of the API, stays.
        let mailed = world.service.links_to(circle.participant.person.id).await;
        stranger.get(mailed.last().unwrap()).await.is(200);
        let made = own.post_empty(&of("report/links")).await.is(201);
        let (_, path) = made["address"]
            .as_str()
            .unwrap()
            .split_once("/evaluation/pages")
            .unwrap();
        stranger
            .get(&format!("/evaluation/pages{path}"))
            .await
            .is(200);
    })
    .await;
}

#[actix_web::test]
async fn a_group_that_is_too_small_is_left_out_everywhere() {
    on_each_database(async |world| {
        let circle = Circle::of(world).await;
        let feedback = circle.named(world).await;
        let stranger = world.service.stranger();
        for link in world.links_of("peers").await {
            send(&stranger, &link, &sheet(3)).await.is(303);
        }
        let hidden = with(sheet(1), json!({ "less": "kanariefågel" }));
        for link in &world.links_of("staff").await[..2] {
            send(&stranger, link, &hidden).await.is(303);
        }
        world.feedback_step(&feedback, "closing").await.ok();
        let own = &circle.participant.person.client;
        let report = own.get(&format!("feedbacks/{feedback}/report")).await.ok();
        assert_eq!(value(&report, "calm", "staff"), None);
        assert_eq!(report["groups"][4].get("answeredCount"), None);
        let peers = json!({ "lowestHundredths": 300, "highestHundredths": 300 });
        assert_eq!(report["questions"][7]["others"], peers);
        assert_eq!(
            report["questions"][7].get("gap"),
            None,
            "nobody rated oneself"
        );
        assert!(!report.text.contains("kanariefågel"));
        // Nor is it kept.
        assert_eq!(world.service.count("sheets").await, 0);
    })
    .await;
}
