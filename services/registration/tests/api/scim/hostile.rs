//! What nobody should get away with.

use super::{ENTERPRISE, Key, USER, refused, user};
use crate::world::on_each_database;
use futures_util::future::join;
use serde_json::json;
use uuid::Uuid;

#[actix_web::test]
async fn another_organisations_people_look_as_if_they_were_not_there() {
    on_each_database(async |world| {
        let [own, other] = [&world.municipalities[0], &world.municipalities[1]];
        let (own, foreign) = (Key::hr(world, own.id), Key::hr(world, other.id));
        let members = json!({ "userName": "maja@kommun.example", "externalId": "E1", ENTERPRISE: { "department": "Bygg" } });
        let id = own.user(members.clone()).await;
        let department = own.get(&format!("Users/{id}")).await.ok()["groups"][0]["value"].as_str().unwrap().to_owned();
        let change = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{ "op": "replace", "path": "displayName", "value": "x" }] });
        let whole = user(json!({ "userName": "x@kommun.example", "displayName": "x" }));
        let (known, random) = ([format!("Users/{id}"), format!("Groups/{department}")], [format!("Users/{}", Uuid::now_v7()), format!("Groups/{}", Uuid::now_v7())]);
        let before = world.service.count("changes").await;
        for (known, random) in known.iter().zip(&random) {
            for (method, body) in [("GET", json!(null)), ("PUT", whole.clone()), ("PATCH", change.clone()), ("DELETE", json!(null))] {
                let mut body = body;
                if method == "PUT" && known.starts_with("Groups") {
                    body["schemas"] = json!([super::GROUP]);
                }
                let (seen, unseen) = (foreign.call(method, known, &body).await, foreign.call(method, random, &body).await);
                refused(&seen, 404, None);
                assert_eq!(seen.json, unseen.json, "{method} {known}");
            }
        }
        for filter in [format!("id eq \"{id}\""), "userName eq \"maja@kommun.example\"".into(), "externalId eq \"E1\"".into(), "emails.value eq \"maja@kommun.example\"".into(), "userName sw \"maja\"".into()] {
            assert!(foreign.ids(&filter).await.is_empty(), "{filter}");
        }
        assert!(!foreign.get("Groups").await.ok().text.contains(&department));
        let add = json!([{ "op": "add", "path": "members", "value": [{ "value": id }] }]);
        refused(&foreign.patch("Groups/role-hr", add).await, 400, Some("invalidValue"));
        assert_eq!(world.service.count("changes").await, before, "nothing has happened");
        // The same names are free there.
        let theirs = foreign.user(members).await;
        assert_ne!(theirs, id);
    })
    .await;
}

#[actix_web::test]
async fn values_that_no_table_should_see_are_refused() {
    on_each_database(async |world| {
        let key = Key::hr(world, world.municipalities[0].id);
        let good = json!({ "userName": "maja@kommun.example" });
        let long = "x".repeat(10_000);
        for (name, value) in [
            ("userName", json!(format!("{long}@kommun.example"))),
            ("displayName", json!(long)),
            ("title", json!(long)),
            ("externalId", json!(long)),
            ("name", json!({ "givenName": long })),
            ("title", json!("a\0b")),
            ("externalId", json!("\0")),
            (
                "emails",
                json!([{ "value": format!("{long}@kommun.example") }]),
            ),
            ("emails", json!([{ "value": "a@b\r\nBcc: x@y" }])),
            ("phoneNumbers", json!([{ "value": long }])),
            ("title", json!(["a", "b"])),
            ("active", json!("maybe")),
            ("name", json!(7)),
            (ENTERPRISE, json!({ "department": long })),
            (ENTERPRISE, json!({ "manager": { "value": long } })),
            (ENTERPRISE, json!([])),
        ] {
            let mut members = good.clone();
            members[name] = value;
            refused(
                &key.post("Users", &user(members)).await,
                400,
                Some("invalidValue"),
            );
        }
        refused(
            &key.post("Users", &user(json!({}))).await,
            400,
            Some("invalidValue"),
        );
        refused(
            &key.post("Users", &user(json!({ "userName": "no address" })))
                .await,
            400,
            Some("invalidValue"),
        );
        refused(
            &key.post("Users", &json!({ "userName": "a@b.example" }))
                .await,
            400,
            Some("invalidSyntax"),
        );
        refused(
            &key.post("Users", &json!([])).await,
            400,
            Some("invalidSyntax"),
        );
        assert!(key.ids("externalId pr").await.is_empty());
        let raw = async |kind: &str, body: String| {
            let call = key
                .0
                .call(shared_testing::Method::POST, "/registration/scim/v2/Users");
            call.body(kind, body.into_bytes()).send().await
        };
        let body = user(good).to_string();
        refused(&raw("text/plain", body.clone()).await, 415, None);
        refused(
            &raw("application/scim+json", "{".into()).await,
            400,
            Some("invalidSyntax"),
        );
        refused(
            &raw("application/scim+json", "[".repeat(100_000)).await,
            400,
            Some("invalidSyntax"),
        );
        refused(
            &raw(
                "application/scim+json",
                format!("\"{}\"", "x".repeat(1_100_000)),
            )
            .await,
            413,
            None,
        );
        raw("application/json; charset=utf-8", body).await.is(201);
        let id = key
            .ids(&format!("schemas eq \"{USER}\" and userName sw \"maja\""))
            .await;
        assert_eq!(id.len(), 1);
    })
    .await;
}

#[actix_web::test]
async fn an_external_id_leads_nowhere() {
    on_each_database(async |world| {
        let key = Key::hr(world, world.municipalities[0].id);
        let external = Uuid::now_v7().to_string();
        let members = json!({ "userName": "maja@kommun.example", "externalId": external });
        let id = key.user(members.clone()).await;
        let other = key
            .user(json!({ "userName": "other@kommun.example", "externalId": id }))
            .await;
        let path = format!("Users/{external}");
        let change = json!([{ "op": "replace", "path": "displayName", "value": "x" }]);
        refused(&key.get(&path).await, 404, None);
        refused(&key.patch(&path, change).await, 404, None);
        refused(&key.call("PUT", &path, &user(members)).await, 404, None);
        refused(&key.delete(&path).await, 404, None);
        // Somebody's internal id is as good an external one as any, and no way to them.
        assert_eq!(
            key.get(&format!("Users/{id}")).await.ok()["userName"],
            "maja@kommun.example"
        );
        assert_eq!(
            key.ids(&format!("externalId eq \"{id}\"")).await,
            [other.as_str()]
        );
        key.delete(&format!("Users/{other}")).await.is(204);
        key.get(&format!("Users/{id}")).await.ok();
    })
    .await;
}

#[actix_web::test]
async fn of_two_who_add_one_user_at_once_one_does() {
    on_each_database(async |world| {
        let key = Key::hr(world, world.municipalities[0].id);
        for number in 0..10 {
            let whole = user(json!({ "userName": format!("u{number}@kommun.example") }));
            let (one, two) = join(key.post("Users", &whole), key.post("Users", &whole)).await;
            let mut answered = [one.status, two.status];
            answered.sort_unstable();
            assert_eq!(answered, [201, 409], "{} {}", one.text, two.text);
        }
        assert_eq!(world.service.count("scim_users").await, 10);
    })
    .await;
}

#[actix_web::test]
async fn a_stale_change_or_deletion_is_refused() {
    on_each_database(async |world| {
        let key = Key::hr(world, world.municipalities[0].id);
        let id = key
            .user(json!({ "userName": "maja@kommun.example", "displayName": "Maja" }))
            .await;
        let path = format!("Users/{id}");
        let before = key.get(&path).await.ok().tag();
        let change = |name: &str| {
            json!({
                "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
                "Operations": [{ "op": "replace", "path": "displayName", "value": name }],
            })
        };
        key.call_at("PATCH", &path, &change("Maja Ek"), Some(&before))
            .await
            .ok();
        let stale = key
            .call_at("PATCH", &path, &change("x"), Some(&before))
            .await;
        refused(&stale, 412, None);
        let stale = key
            .call_at("DELETE", &path, &json!(null), Some(&before))
            .await;
        refused(&stale, 412, None);
        let read = key.get(&path).await.ok();
        assert_eq!(read["displayName"], "Maja Ek");
        key.call_at("DELETE", &path, &json!(null), Some(&read.tag()))
            .await
            .is(204);
    })
    .await;
}
