//! A copy of one's own data: all that is about oneself, what is sealed opened, and nobody else's.

use crate::{scim::Key, world::on_each_database};
use registration::archive::PARTS;
use serde_json::json;
use shared_testing::archive::{has_every_table, part};
use shared_types::Role;

const CANARY: &str = "kanariefågel";

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

#[actix_web::test]
async fn who_gets_an_address_next_reads_and_loses_nothing_of_who_had_it() {
    on_each_database(async |world| {
        let (key, maja) = (
            Key::hr(world, world.municipalities[0].id),
            "maja@kommun.example",
        );
        let own = |id: &str| world.service.stranger().person(id.parse().unwrap(), &[]);
        let without_dates = json!({ "opensOn": null, "closesOn": null, "endorseBy": null });
        let waiting = world.draft_round(without_dates).await;
        world
            .step(&format!("rounds/{waiting}/publication"))
            .await
            .ok();
        let round = world.open_round(json!({})).await;
        let arrive = async |name: &str| {
            let user = json!({ "userName": maja, "displayName": name });
            let id = key.user(user).await;
            let body = json!({ "roundId": round });
            own(&id).post("applications", body).await.created();
            let interest = json!({ "name": name, "email": maja, "language": "sv" });
            let path = format!("rounds/{waiting}/interests");
            world.service.stranger().post(&path, interest).await.ok();
            world.service.mails().await;
            id
        };
        let first = arrive("Maja Ek").await;
        let copy = own(&first).get("archive").await.ok();
        assert_eq!(part(&copy, "provisioning")[0]["userName"], maja);
        for name in ["messages", "interests"] {
            assert_eq!(part(&copy, name).len(), 1, "{name}");
        }
        key.delete(&format!("Users/{first}")).await.is(204);
        let second = arrive("Maja Berg").await;
        let before = own(&second).get("archive").await.ok();
        assert!(!before.text.contains("Maja Ek"), "{}", before.text);
        for name in ["messages", "interests"] {
            assert_eq!(part(&before, name).len(), 1, "{name}");
        }
        let body = json!({ "personId": first, "reason": "Asked for by letter." });
        world.coordinator.post("erasures", body).await.created();
        world.service.sweep().await;
        let after = own(&second).get("archive").await.ok();
        for name in ["messages", "interests"] {
            assert_eq!(part(&after, name), part(&before, name), "{name}");
        }
    })
    .await;
}

#[actix_web::test]
async fn every_table_that_names_a_person_is_in_the_copy_or_has_a_reason_not_to_be() {
    /// Tables that are in no part, and why.
    const ELSEWHERE: [(&str, &str); 1] = [("erasures", "whoever is erased reads nothing any more")];
    on_each_database(async |world| {
        let database = &world.service.state().database;
        has_every_table(
            database,
            &PARTS,
            &ELSEWHERE,
            (
                &["holder_id", "manager_id", "on_behalf_of", "email_key"],
                10,
            ),
        )
        .await;
    })
    .await;
}
