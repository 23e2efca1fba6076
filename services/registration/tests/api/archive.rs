//! A copy of one's own data: all that is about oneself, what is sealed opened, and nobody else's.

use crate::world::on_each_database;
use serde_json::{Value, json};
use shared_testing::Reply;
use shared_types::Role;

const CANARY: &str = "kanariefågel";

fn part<'a>(archive: &'a Reply, name: &str) -> &'a [Value] {
    let parts = archive["parts"].as_array().unwrap();
    let part = parts.iter().find(|part| part["name"] == name).unwrap();
    part["items"].as_array().unwrap()
}

#[actix_web::test]
async fn a_person_takes_a_copy_of_all_that_is_kept_of_oneself_and_of_nobody_else() {
    on_each_database(async |world| {
        let announced = world.announced(2, json!({ "seats": 2 })).await;
        let own = announced.person(0);
        announced.answer(0, "accept").await.ok();
        let needs = json!({
            "diets": ["vegan"], "accessNeeds": [], "nights": "none", "note": CANARY,
        });
        let path = format!("applications/{}/needs", announced.application(0));
        let stated = own.change("PUT", &path, "*", needs).await;
        assert!(stated.status < 300, "{}", stated.text);
        world.service.mails().await;
        let copy = own.get("archive").await.ok();
        let me = own.get("me").await.ok();
        assert_eq!(copy["personId"], me["personId"]);
        assert_eq!(part(&copy, "people")[0]["id"], me["personId"]);
        assert_eq!(part(&copy, "people")[0]["active"], true);
        let [application] = part(&copy, "applications") else {
            panic!("{}", copy.text);
        };
        assert_eq!(application["id"], announced.application(0));
        assert_eq!(application["seat"], "accepted");
        assert_eq!(part(&copy, "needs")[0]["note"], CANARY);
        assert!(!part(&copy, "messages").is_empty());
        assert!(!part(&copy, "history").is_empty());
        for hidden in ["emailKey", "linkId", "wrappedKey"] {
            assert!(!copy.text.contains(hidden), "{hidden}");
        }
        assert_eq!(copy.rels(), ["evaluation", "mentorship", "scheduling"]);
        let other = announced.person(1).get("archive").await.ok();
        assert!(!other.text.contains(announced.application(0)));
        assert!(!other.text.contains(CANARY));
        let system = world.service.stranger().system(Role::Hr, None);
        system.get("archive").await.refused("forbidden");
    })
    .await;
}
