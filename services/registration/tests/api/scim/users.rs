//! Users as Entra ID and Okta keep them.

use super::{ENTERPRISE, Key, events, refused, user};
use crate::world::on_each_database;
use serde_json::{Value, json};
use shared_testing::Client;
use shared_types::{Caller, Role};

fn gateway(client: &Client) -> Client {
    client.caller(Caller {
        subject: "gateway".to_owned(),
        ..Caller::anonymous()
    })
}

#[actix_web::test]
async fn what_entra_id_sends_is_understood_and_who_leaves_is_no_caller_any_more() {
    on_each_database(async |world| {
        let organisation = world.municipalities[0].id;
        let key = Key::hr(world, organisation);
        let filter = r#"userName eq "Maja.Lindqvist@kommun.example""#;
        assert!(key.ids(filter).await.is_empty());
        let id = key
            .user(json!({
                "userName": "maja.lindqvist@kommun.example", "externalId": "0001-a",
                "name": { "givenName": "Maja", "familyName": "Lindqvist" },
                "displayName": "Maja Lindqvist", "preferredLanguage": "da-DK", "userType": "employed_manager",
                "emails": [{ "value": "maja.lindqvist@kommun.example", "type": "work", "primary": true }],
                ENTERPRISE: { "employeeNumber": "1001", "department": "Socialförvaltningen" }
            }))
            .await;
        assert_eq!(key.ids(filter).await, [id.as_str()]);
        let path = format!("Users/{id}");
        let changed = key
            .patch(&path, json!([
                { "op": "Add", "path": "title", "value": "Enhetschef" },
                { "op": "Replace", "path": "emails[type eq \"work\"].value", "value": "maja.l@kommun.example" },
                { "op": "Add", "path": format!("{ENTERPRISE}:department"), "value": "Bildning" },
                { "op": "Add", "path": "phoneNumbers[type eq \"work\"].value", "value": "+46 13 00 00 00" },
                { "op": "Add", "path": "addresses[type eq \"work\"].locality", "value": "Linköping" }
            ]))
            .await
            .ok();
        assert_eq!(changed["emails"][0]["value"], "maja.l@kommun.example");
        assert_eq!(changed[ENTERPRISE]["department"], "Bildning");
        assert_eq!(changed["groups"][0]["display"], "Bildning");
        assert_eq!(changed["addresses"], Value::Null);
        let person = world.coordinator.get(&format!("people/{id}")).await.ok();
        for (name, value) in [
            ("name", "Maja Lindqvist"), ("email", "maja.l@kommun.example"), ("title", "Enhetschef"),
            ("phone", "+46 13 00 00 00"), ("language", "da"), ("kind", "employed_manager"),
        ] {
            assert_eq!(person[name], value, "{name}");
        }
        assert_eq!(person["verified"], true);
        // She has applied, and may call.
        let round = world.open_round(json!({})).await;
        let own = world.service.stranger().person(id.parse().unwrap(), &[]);
        let application = own.post("applications", json!({ "roundId": round })).await.created().id();
        let credential = json!({ "kind": "token", "issuer": "demo", "subject": id });
        let gateway = gateway(&world.service.stranger());
        gateway.post("/internal/callers", credential.clone()).await.ok();
        let active = json!([{ "op": "Replace", "path": "active", "value": "False" }]);
        assert_eq!(key.patch(&path, active).await.ok()["active"], false);
        gateway.post("/internal/callers", credential.clone()).await.refused("not_found");
        let seen = world.coordinator.get(&format!("applications/{application}")).await.ok();
        assert_eq!((&seen["personActive"], &seen["state"]), (&json!(false), &json!("submitted")));
        let told = events(world, &id).await;
        assert_eq!(told.first().map(String::as_str), Some("person.created"));
        assert_eq!(told.last().map(String::as_str), Some("person.changed"));
        let history = "SELECT edge AS row FROM changes WHERE kind = 'person' ORDER BY id";
        let edges = shared_testing::database::texts(&world.service.state().database, history).await;
        assert_eq!(edges.last().unwrap(), "person.deactivated");
        // And comes back.
        let whole = json!([{ "op": "replace", "value": { "active": true, "id": id, "title": "Chef" } }]);
        assert_eq!(key.patch(&path, whole).await.ok()["title"], "Chef");
        gateway.post("/internal/callers", credential).await.ok();
    })
    .await;
}

#[actix_web::test]
async fn what_okta_replaces_is_the_whole_user_but_whether_one_may_call_is_only_what_is_said() {
    on_each_database(async |world| {
        let organisation = world.municipalities[0].id;
        let key = Key::hr(world, organisation);
        let whole = json!({
            "userName": "nils@kommun.example", "name": { "givenName": "Nils", "familyName": "Ek" },
            "emails": [{ "primary": true, "value": "nils@kommun.example", "type": "work" }],
            "displayName": "Nils Ek", "locale": "en-US", "externalId": "00ujl29u0le5T6Aj10h7", "groups": [],
            "password": "1mz050nq", "title": "Chef", "active": false
        });
        let id = key.user(whole).await;
        let path = format!("Users/{id}");
        let kept = key.get(&path).await.ok();
        assert_eq!(kept["password"], Value::Null);
        assert_eq!(kept["active"], false);
        let tag = kept.tag();
        assert_eq!(kept["meta"]["version"], tag);
        let less = user(json!({ "userName": "nils@kommun.example", "active": null, "displayName": "N. Ek" }));
        let stale = key.call_at("PUT", &path, &less, Some("W/\"0\"")).await;
        refused(&stale, 412, None);
        let replaced = key.call_at("PUT", &path, &less, Some(&tag)).await.ok();
        assert_eq!((&replaced["title"], &replaced["externalId"]), (&Value::Null, &Value::Null));
        assert_eq!(replaced["active"], false, "nothing was said of it");
        assert_ne!(replaced.tag(), tag);
        refused(&key.call_at("PUT", &path, &less, Some(&tag)).await, 412, None);
        let same = key.call_at("PUT", &path, &less, Some(&replaced.tag())).await.ok();
        assert_eq!(same["meta"], replaced["meta"], "nothing has changed");
        let known = key.0.call(shared_testing::Method::GET, &format!("/registration/scim/v2/{path}"));
        known.header("if-none-match", &same.tag()).send().await.is(304);
    })
    .await;
}

#[actix_web::test]
async fn a_recycled_name_is_another_person_who_gets_nothing_of_the_firsts() {
    on_each_database(async |world| {
        let organisation = world.municipalities[0].id;
        let key = Key::hr(world, organisation);
        let maja = || json!({ "userName": "maja@kommun.example", "externalId": "E1", "displayName": "Maja Ek" });
        let first = key.user(maja()).await;
        refused(&key.post("Users", &user(maja())).await, 409, Some("uniqueness"));
        let other = user(json!({ "userName": "other@kommun.example", "externalId": "E1" }));
        refused(&key.post("Users", &other).await, 409, Some("uniqueness"));
        let hr = json!([{ "op": "add", "path": "members", "value": [{ "value": first }] }]);
        key.patch("Groups/role-hr", hr).await.ok();
        let round = world.open_round(json!({})).await;
        let own = world.service.stranger().person(first.parse().unwrap(), &[]);
        own.post("applications", json!({ "roundId": round })).await.created();
        key.delete(&format!("Users/{first}")).await.is(204);
        refused(&key.delete(&format!("Users/{first}")).await, 404, None);
        refused(&key.get(&format!("Users/{first}")).await, 404, None);
        let second = key.user(maja()).await;
        assert_ne!(first, second);
        assert_eq!(key.ids(r#"externalId eq "E1""#).await, [second.as_str()]);
        let own = world.service.stranger().person(second.parse().unwrap(), &[]);
        let applications = own.get("applications").await.ok();
        assert_eq!(applications["_meta"]["totalRecords"], 0);
        let roles = world.coordinator.get(&format!("people/{second}/roles")).await.ok();
        assert_eq!(roles["_meta"]["totalRecords"], 0);
        let before = world.coordinator.get(&format!("people/{first}")).await.ok();
        assert_eq!((&before["active"], &before["verified"]), (&json!(false), &json!(false)));
        let gateway = gateway(&world.service.stranger());
        let credential = |id: &str| json!({ "kind": "token", "issuer": "demo", "subject": id });
        gateway.post("/internal/callers", credential(&first)).await.refused("not_found");
        let known = gateway.post("/internal/callers", credential(&second)).await.ok();
        assert_eq!(known["roles"], json!([]));
    })
    .await;
}

#[actix_web::test]
async fn a_manager_is_named_by_id_or_external_id_and_may_come_later() {
    on_each_database(async |world| {
        let key = Key::hr(world, world.municipalities[0].id);
        let named = |name: &str, external: &str, manager: Value| {
            json!({ "userName": format!("{name}@kommun.example"), "externalId": external, ENTERPRISE: { "manager": manager } })
        };
        let nils = key.user(named("nils", "E2", json!({ "value": "E1" }))).await;
        let path = format!("Users/{nils}");
        assert_eq!(key.get(&path).await.ok()[ENTERPRISE]["manager"], json!({ "value": "E1" }));
        let maja = key.user(named("maja", "E1", json!(null))).await;
        let seen = key.get(&path).await.ok();
        assert_eq!(seen[ENTERPRISE]["manager"]["value"], maja);
        let person = world.coordinator.get(&format!("people/{nils}")).await.ok();
        assert_eq!(person["managerId"], maja);
        // A circle is refused, of one, two and more.
        let eva = key.user(named("eva", "E3", json!({ "value": nils }))).await;
        for manager in [&maja, &nils, &eva] {
            let set = json!([{ "op": "Add", "path": format!("{ENTERPRISE}:manager"), "value": manager }]);
            refused(&key.patch(&format!("Users/{maja}"), set).await, 400, Some("invalidValue"));
        }
        // Somebody of another organisation is nobody.
        let stranger = world.municipalities[1].director.id;
        let set = json!([{ "op": "Add", "path": format!("{ENTERPRISE}:manager"), "value": stranger }]);
        key.patch(&format!("Users/{eva}"), set).await.ok();
        let person = world.coordinator.get(&format!("people/{eva}")).await.ok();
        assert_eq!(person["managerId"], Value::Null);
        let none = json!([{ "op": "Remove", "path": format!("{ENTERPRISE}:manager") }]);
        let reply = key.patch(&path, none).await.ok();
        assert_eq!(reply[ENTERPRISE]["manager"], Value::Null);
    })
    .await;
}

#[actix_web::test]
async fn people_who_are_known_already_are_users_and_an_applicant_is_verified_by_hr() {
    on_each_database(async |world| {
        let organisation = world.municipalities[0].id;
        let key = Key::hr(world, organisation);
        let known = world.person(organisation, "Maja Lindqvist").await;
        let filter = format!("userName eq \"{}\"", known.email);
        assert_eq!(key.ids(&filter).await, [known.id.to_string()]);
        let again = user(json!({ "userName": known.email, "displayName": "Maja Lindqvist" }));
        refused(&key.post("Users", &again).await, 409, Some("uniqueness"));
        // Without an account, by the public form.
        let round = world.open_round(json!({})).await;
        let form = format!("/registration/pages/rounds/{round}/application");
        let organisation = organisation.to_string();
        let fields = [
            ("name", "Nils  Ek"),
            ("title", "Chef"),
            ("organisationId", organisation.as_str()),
            ("email", "Nils@kommun.example"),
            ("kind", "employed_manager"),
            ("gender", "man"),
            ("motivation", "x"),
        ];
        let stranger = world.service.stranger();
        stranger.post_form(&form, &fields).await.is(303);
        assert!(
            key.ids(r#"userName eq "nils@kommun.example""#)
                .await
                .is_empty(),
            "nobody has vouched"
        );
        // The address alone says nothing.
        let other = key
            .user(json!({ "userName": "nils@kommun.example", "displayName": "Nina Berg" }))
            .await;
        key.delete(&format!("Users/{other}")).await.is(204);
        let nils = key
            .user(json!({ "userName": "nils@kommun.example", "displayName": "Nils Ek" }))
            .await;
        let own = world.service.stranger().person(nils.parse().unwrap(), &[]);
        let applications = own.get("applications").await.ok();
        assert_eq!(applications["_meta"]["totalRecords"], 1);
        let person = world.coordinator.get(&format!("people/{nils}")).await.ok();
        assert_eq!(person["verified"], true);
    })
    .await;
}

#[actix_web::test]
async fn what_is_changed_by_hand_is_what_scim_says() {
    on_each_database(async |world| {
        let organisation = world.municipalities[0].id;
        let key = Key::hr(world, organisation);
        let id = key
            .user(json!({ "userName": "maja@kommun.example", "name": { "givenName": "Maja", "familyName": "Ek" }, "preferredLanguage": "sv" }))
            .await;
        let hr = world.service.stranger().system(Role::Hr, Some(organisation));
        let change = json!({ "name": "Maja Berg", "email": "maja.berg@kommun.example", "language": "da", "title": "Chef" });
        hr.change("PATCH", &format!("people/{id}"), "*", change).await.ok();
        let seen = key.get(&format!("Users/{id}")).await.ok();
        assert_eq!(seen["displayName"], "Maja Berg");
        assert_eq!(seen["name"], json!({ "formatted": "Maja Berg" }));
        assert_eq!(seen["emails"][0]["value"], "maja.berg@kommun.example");
        assert_eq!((&seen["preferredLanguage"], &seen["title"]), (&json!("da"), &json!("Chef")));
        assert_eq!(seen["userName"], "maja@kommun.example");
    })
    .await;
}
