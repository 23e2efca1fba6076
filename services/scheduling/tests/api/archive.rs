//! A copy of one's own data: all that is about oneself, what is sealed opened, and nobody else's.

use crate::world::{on_each_database, seminar, with};
use scheduling::archive::PARTS;
use serde_json::json;
use shared_testing::archive::{COLUMNS, has_every_table, part};
use shared_types::PersonId;

#[actix_web::test]
async fn a_copy_has_the_seat_and_the_sessions_led_and_nothing_of_others() {
    on_each_database(async |world| {
        let leader = PersonId::new();
        let person = world.participant(world.round).await;
        let other = world.participant(world.round).await;
        let led = with(
            seminar("2022-09-01"),
            &json!({ "facilitatorIds": [leader] }),
        );
        world.session(led).await;
        world.release().await;
        let copy = world.client(person).get("archive").await.ok();
        let [seat] = part(&copy, "participations") else {
            panic!("{}", copy.text);
        };
        assert_eq!(seat["personId"], json!(person));
        assert_eq!(part(&copy, "people")[0]["id"], json!(person));
        assert!(!copy.text.contains(&other.to_string()), "{}", copy.text);
        let copy = world.client(leader).get("archive").await.ok();
        assert_eq!(part(&copy, "sessionsLed").len(), 1);
        assert!(!part(&copy, "claims").is_empty(), "{}", copy.text);
    })
    .await;
}

#[actix_web::test]
async fn every_table_that_names_a_person_is_in_the_copy_or_has_a_reason_not_to_be() {
    /// Tables that are in no part, and why.
    const ELSEWHERE: [(&str, &str); 0] = [];
    on_each_database(async |world| {
        let database = &world.service.state.database;
        has_every_table(database, &PARTS, &ELSEWHERE, (&COLUMNS, 8)).await;
    })
    .await;
}
