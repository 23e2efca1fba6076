//! Whose a login is: provisioned by the employer, or said by the person.

use super::Key;
use crate::world::{on_each_database, text};
use serde_json::json;
use shared_types::Caller;

const ISSUER: &str = "https://login.kommun.example/realm";

#[actix_web::test]
async fn a_login_is_whom_the_employer_has_provisioned_and_nobody_elses() {
    on_each_database(async |world| {
        let organisation = world.municipalities[0].id;
        let key = Key::hr(world, organisation);
        let maja = key.user(json!({ "userName": "maja@kommun.example", "externalId": "E1" })).await;
        let nils = key.user(json!({ "userName": "nils@kommun.example", "externalId": "E2" })).await;
        let gateway = world.service.stranger().caller(Caller { subject: "gateway".into(), ..Caller::anonymous() });
        let login = async |subject: &str, organisation: &str, by: &str, value: &str| {
            let provisioned = json!({ "organisation": organisation, "by": by, "value": value });
            let credential = json!({ "kind": "token", "issuer": ISSUER, "subject": subject, "provisioned": provisioned });
            let reply = gateway.post("/internal/callers", credential).await;
            (reply.status == 200).then(|| text(&reply["person"]))
        };
        let [own, other] = [organisation.to_string(), world.municipalities[1].id.to_string()];
        assert_eq!(login("s1", &other, "externalId", "E1").await, None, "another employer's");
        assert_eq!(login("s1", "SE-9999", "externalId", "E1").await, None);
        assert_eq!(login("s1", &own, "externalId", "e1").await, None);
        assert_eq!(login("s1", &own, "externalId", "E1").await, Some(maja.clone()));
        assert_eq!(login("s2", "SE-0580", "userName", "NILS@kommun.example").await, Some(nils.clone()));
        // The name holds from then on, whatever else is said.
        assert_eq!(login("s1", &own, "externalId", "E2").await, Some(maja.clone()));
        // Another name for the same person is refused: somebody else may have got the number.
        assert_eq!(login("s3", &own, "externalId", "E1").await, None);
        key.patch(&format!("Users/{nils}"), json!([{ "op": "replace", "path": "active", "value": false }])).await.ok();
        assert_eq!(login("s2", &own, "userName", "nils@kommun.example").await, None);
        // A recycled number is the new person's, and the old name stays the old person's.
        key.delete(&format!("Users/{maja}")).await.is(204);
        let eva = key.user(json!({ "userName": "eva@kommun.example", "externalId": "E1" })).await;
        assert_eq!(login("s1", &own, "externalId", "E1").await, None);
        assert_eq!(login("s9", &own, "externalId", "E1").await, Some(eva));
    })
    .await;
}

#[actix_web::test]
async fn a_verified_address_is_where_the_question_goes_and_no_answer() {
    on_each_database(async |world| {
        let person = world.person(world.municipalities[0].id, "Maja Lindqvist").await;
        let gateway = world.service.stranger().caller(Caller { subject: "gateway".into(), ..Caller::anonymous() });
        let login = async |subject: &str| {
            let credential = json!({ "kind": "token", "issuer": ISSUER, "subject": subject, "verified_email": person.email.to_uppercase() });
            gateway.post("/internal/callers", credential).await.status
        };
        let links = async || {
            let all = world.service.links_to(&person.email).await;
            let all = all.into_iter().filter(|link| link.contains("/pages/identity/"));
            all.collect::<Vec<_>>()
        };
        for _ in 0..3 {
            assert_eq!(login("abc").await, 404, "an address alone is nobody");
        }
        let asked = links().await;
        assert_eq!(asked.len(), 1, "one mail a day");
        let page = world.service.stranger().get(&asked[0]).await.ok();
        assert!(page.text.contains("login.kommun.example") && page.text.contains("<form"));
        assert_eq!(login("abc").await, 404, "reading changes nothing");
        // No more than a few names a day, and no is no.
        for subject in ["b", "c", "d", "e"] {
            assert_eq!(login(subject).await, 404);
        }
        assert_eq!(links().await.len(), 3);
        let stranger = world.service.stranger();
        let other = links().await[1].clone();
        stranger.post_form(&other, &[("verdict", "decline")]).await.is(303);
        stranger.post_form(&other, &[("verdict", "accept")]).await.is(303);
        assert_eq!(login("b").await, 404);
        stranger.post_form(&asked[0], &[("verdict", "accept")]).await.is(303);
        assert_eq!(login("abc").await, 200);
        // The person has a name with this issuer now.
        let late = links().await[2].clone();
        assert_ne!(stranger.post_form(&late, &[("verdict", "accept")]).await.status, 303);
        assert_eq!(login("c").await, 404);
        let page = stranger.get(&asked[0]).await.ok();
        assert!(!page.text.contains("<form"));
    })
    .await;
}

#[actix_web::test]
async fn a_link_works_for_seven_days_and_while_the_address_is_the_persons() {
    on_each_database(async |world| {
        let gateway = world.service.stranger().caller(Caller { subject: "gateway".into(), ..Caller::anonymous() });
        let hr = Key::hr(world, world.municipalities[0].id);
        let mut asked = Vec::new();
        for name in ["Maja", "Nils"] {
            let person = world.person(world.municipalities[0].id, name).await;
            let credential = json!({ "kind": "token", "issuer": ISSUER, "subject": name, "verified_email": person.email });
            gateway.post("/internal/callers", credential).await.refused("not_found");
            asked.push((person.clone(), world.service.links_to(&person.email).await[0].clone()));
        }
        let (maja, link) = &asked[0];
        let change = json!([{ "op": "replace", "path": "emails", "value": [{ "value": "new@kommun.example" }] }]);
        hr.patch(&format!("Users/{}", maja.id), change).await.ok();
        let stranger = world.service.stranger();
        let late = stranger.post_form(link, &[("verdict", "accept")]).await;
        assert!(late.status >= 400, "{}", late.status);
        world.service.set_clock("2022-04-19T09:00:00Z");
        let over = stranger.get(&asked[1].1).await;
        assert!(over.status >= 400 && !over.text.contains("<form"), "{}", over.status);
    })
    .await;
}
