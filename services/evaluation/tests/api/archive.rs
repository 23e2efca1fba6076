//! A copy of one's own data: all that is about oneself, what is sealed opened, and nobody else's.

use crate::{
    circle::sheet,
    feedbacks::Circle,
    world::{Person, on_each_database},
};
use evaluation::archive::PARTS;
use serde_json::json;
use shared_testing::{
    Reply,
    archive::{COLUMNS, has_every_table, part},
};

const QUOTE: &str = "Jag frågar oftare om råd.";

async fn copy(person: &Person) -> Reply {
    person.client.get("archive").await.ok()
}

#[actix_web::test]
async fn a_copy_has_what_was_said_in_interviews_of_oneself_alone() {
    on_each_database(async |world| {
        let anna = world
            .participant(0, json!({ "name": "Anna Lindqvist" }))
            .await;
        let bo = world.participant(1, json!({ "name": "Bo Berg" })).await;
        let id = world.interview("group", &[&anna, &bo]).await;
        for one in [&anna, &bo] {
            world.agree(one, &id, true).await.ok();
        }
        let theme = world.theme().await;
        let coding = json!({ "codings": [
            { "themeId": theme, "applicationId": anna.application, "quote": QUOTE },
        ] });
        let path = format!("interviews/{id}/codings");
        world.evaluator.change("PUT", &path, "*", coding).await.ok();
        let own = copy(&anna.person).await;
        assert_eq!(part(&own, "interviewQuotes")[0]["quote"], QUOTE);
        assert_eq!(part(&own, "participations").len(), 1);
        let other = copy(&bo.person).await;
        assert_eq!(part(&other, "interviews").len(), 1);
        assert!(!other.text.contains(QUOTE), "{}", other.text);
    })
    .await;
}

#[actix_web::test]
async fn a_copy_has_ones_own_360_and_its_report_and_of_whom_one_rates_no_word() {
    on_each_database(async |world| {
        let circle = Circle::of(world).await;
        let feedback = circle.named(world).await;
        Circle::rates(&circle.leader, &feedback, &sheet(2)).await;
        let before = copy(&circle.participant.person).await;
        assert_eq!(part(&before, "feedbacks").len(), 1);
        assert!(part(&before, "feedbackReports").is_empty());
        let closed = world.feedback_step(&feedback, "closing").await;
        assert!(closed.status < 300, "{}", closed.text);
        let after = copy(&circle.participant.person).await;
        let [report] = part(&after, "feedbackReports") else {
            panic!("{}", after.text);
        };
        assert_eq!(report["feedbackId"], json!(feedback));
        assert_eq!(part(&after, "pairs").len(), 1);
        let leader = copy(&circle.leader).await;
        assert_eq!(part(&leader, "ratings").len(), 1, "{}", leader.text);
        assert!(part(&leader, "feedbackReports").is_empty());
        for hidden in ["contact", "addressCode", "wrappedKey", "linkId"] {
            assert!(!leader.text.contains(hidden), "{hidden}");
        }
    })
    .await;
}

#[actix_web::test]
async fn every_table_that_names_a_person_is_in_the_copy_or_has_a_reason_not_to_be() {
    /// Tables that are in no part, and why.
    const ELSEWHERE: [(&str, &str); 1] = [(
        "interview_codings",
        "sealed: opened, in a part of their own",
    )];
    on_each_database(async |world| {
        let database = &world.service.state.database;
        has_every_table(database, &PARTS, &ELSEWHERE, (&COLUMNS, 8)).await;
    })
    .await;
}
