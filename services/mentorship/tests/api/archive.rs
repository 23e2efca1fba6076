//! A copy of one's own data: all that is about oneself, what is sealed opened, and nobody else's.

use crate::world::on_each_database;
use mentorship::archive::PARTS;
use serde_json::json;
use shared_testing::archive::{COLUMNS, has_every_table, part};

const CANARY: &str = "kanariefågel";

#[actix_web::test]
async fn a_copy_has_the_seat_the_pair_and_what_the_pair_wrote() {
    on_each_database(async |world| {
        let matched = world.active().await;
        let note = json!({ "text": CANARY });
        let mentee = matched.mentee();
        mentee.post(&matched.at("notes"), note).await.created();
        let copy = mentee.get("archive").await.ok();
        assert_eq!(part(&copy, "participations").len(), 1, "{}", copy.text);
        assert_eq!(part(&copy, "pairs")[0]["id"], json!(matched.pair));
        assert!(
            json!(part(&copy, "pairsWriting"))
                .to_string()
                .contains(CANARY)
        );
        let stranger = world.participant(0).await;
        let copy = stranger.person.client.get("archive").await.ok();
        assert!(!copy.text.contains(CANARY));
    })
    .await;
}

#[actix_web::test]
async fn every_table_that_names_a_person_is_in_the_copy_or_has_a_reason_not_to_be() {
    /// Tables that are in no part, and why.
    const ELSEWHERE: [(&str, &str); 3] = [
        (
            "matching_constraints",
            "what a coordinator demands of a run, with the ids of mentors and mentees",
        ),
        ("writings", "sealed: opened, with each pair's writing"),
        ("experiments", "sealed: opened, in a part of their own"),
    ];
    on_each_database(async |world| {
        let database = &world.service.state.database;
        has_every_table(database, &PARTS, &ELSEWHERE, (&COLUMNS, 8)).await;
    })
    .await;
}
