//! Departments and roles as groups.

use super::{ENTERPRISE, GROUP, Key, events, refused};
use crate::world::{on_each_database, with};
use serde_json::{Value, json};
use shared_types::Role;

fn group(members: Value) -> Value {
    with(json!({ "schemas": [GROUP] }), members)
}

#[actix_web::test]
async fn a_department_is_a_group_whose_members_leave_another_for_it() {
    on_each_database(async |world| {
        let organisation = world.municipalities[0].id;
        let key = Key::hr(world, organisation);
        let maja = key.user(json!({ "userName": "maja@kommun.example", ENTERPRISE: { "department": "Bygg" } })).await;
        let nils = key.user(json!({ "userName": "nils@kommun.example" })).await;
        let made = key.post("Groups", &group(json!({ "displayName": "Skola", "externalId": "D1", "members": [{ "value": nils }] }))).await.is(201);
        let id = made.id();
        assert_eq!(made["members"], json!([{ "value": nils, "$ref": format!("https://akademi.test/registration/scim/v2/Users/{nils}"), "type": "User" }]));
        let again = group(json!({ "displayName": "Skola" }));
        refused(&key.post("Groups", &again).await, 409, Some("uniqueness"));
        let path = format!("Groups/{id}");
        let add = json!([{ "op": "Add", "path": "members", "value": [{ "value": maja }] }]);
        let both = key.patch(&path, add).await.ok();
        assert_eq!(both["members"].as_array().unwrap().len(), 2);
        let user = key.get(&format!("Users/{maja}")).await.ok();
        assert_eq!(user[ENTERPRISE]["department"], "Skola");
        let bygg = key.get("Groups?filter=displayName%20eq%20%22bygg%22").await.ok();
        assert_eq!((&bygg["totalResults"], &bygg["Resources"][0]["members"]), (&json!(1), &Value::Null));
        let of_maja = key.get(&format!("Groups?filter={}&excludedAttributes=members", super::escaped(&format!("members[value eq \"{maja}\"]")))).await.ok();
        assert_eq!(of_maja["Resources"][0]["id"], id);
        assert_eq!(of_maja["Resources"][0]["members"], Value::Null);
        let gone = json!([{ "op": "remove", "path": format!("members[value eq \"{maja}\"]") }, { "op": "replace", "path": "displayName", "value": "Bildning" }]);
        let renamed = key.patch(&path, gone).await.ok();
        assert_eq!((&renamed["displayName"], renamed["members"].as_array().unwrap().len()), (&json!("Bildning"), 1));
        let user = key.get(&format!("Users/{nils}")).await.ok();
        assert_eq!(user[ENTERPRISE]["department"], "Bildning");
        assert_eq!(events(world, &id).await, ["department.created", "department.changed"]);
        for member in [json!(uuid::Uuid::now_v7()), json!(world.municipalities[1].director.id), json!("x")] {
            let add = json!([{ "op": "add", "path": "members", "value": [{ "value": member }] }]);
            refused(&key.patch(&path, add).await, 400, Some("invalidValue"));
        }
        key.delete(&path).await.is(204);
        refused(&key.get(&path).await, 404, None);
        let user = key.get(&format!("Users/{nils}")).await.ok();
        assert_eq!(user["groups"], Value::Null);
    })
    .await;
}

#[actix_web::test]
async fn nobody_is_raised_beyond_what_the_keys_holder_could_give() {
    on_each_database(async |world| {
        let organisation = world.municipalities[0].id;
        let (hr, coordinator) = (Key::hr(world, organisation), Key::of(world, Role::Coordinator, organisation));
        let maja = hr.user(json!({ "userName": "maja@kommun.example" })).await;
        let add = || json!([{ "op": "add", "path": "members", "value": [{ "value": maja }] }]);
        let names = |list: &Value| {
            let all = list.as_array().unwrap().iter();
            let names = all.map(|one| one["displayName"].as_str().unwrap().to_owned());
            names.filter(|name| name.starts_with("role:")).collect::<Vec<_>>()
        };
        assert_eq!(names(&hr.get("Groups").await.ok()["Resources"]), ["role:hr"]);
        let all = names(&coordinator.get("Groups").await.ok()["Resources"]);
        assert!(all.contains(&"role:coordinator".to_owned()) && all.len() == 6, "{all:?}");
        for role in ["coordinator", "evaluator", "registrar"] {
            refused(&hr.patch(&format!("Groups/role-{role}"), add()).await, 404, None);
            coordinator.patch(&format!("Groups/role-{role}"), add()).await.ok();
        }
        for role in ["operator", "director", "x", ""] {
            let path = format!("Groups/role-{role}");
            refused(&hr.patch(&path, add()).await, 404, None);
            refused(&coordinator.patch(&path, add()).await, 404, None);
        }
        hr.patch("Groups/role-hr", add()).await.ok();
        let seen = hr.get(&format!("Users/{maja}")).await.ok();
        assert_eq!(seen["groups"].as_array().unwrap().len(), 1, "HR sees HR's alone");
        let gateway = world.service.stranger().caller(shared_types::Caller { subject: "gateway".into(), ..shared_types::Caller::anonymous() });
        let caller = gateway.post("/internal/callers", json!({ "kind": "token", "issuer": "demo", "subject": maja })).await.ok();
        assert_eq!(caller["roles"].as_array().unwrap().len(), 4);
        for role in caller["roles"].as_array().unwrap() {
            assert_eq!(role["organisation_id"].as_str().or(role["organisationId"].as_str()), Some(organisation.to_string().as_str()));
        }
        // By whatever other way a client may try.
        let raise = json!([{ "op": "add", "path": "groups", "value": [{ "value": "role-operator" }] }]);
        refused(&hr.patch(&format!("Users/{maja}"), raise).await, 400, Some("mutability"));
        let whole = json!([{ "op": "add", "value": { "roles": [{ "value": "operator" }], "groups": [{ "value": "role-operator" }], "entitlements": ["operator"] } }]);
        let same = hr.patch(&format!("Users/{maja}"), whole).await.ok();
        assert_eq!(same["groups"].as_array().unwrap().len(), 1);
        for change in [json!([{ "op": "replace", "path": "displayName", "value": "role:operator" }]), json!([{ "op": "add", "path": "externalId", "value": "x" }])] {
            refused(&coordinator.patch("Groups/role-hr", change).await, 400, Some("mutability"));
        }
        refused(&coordinator.delete("Groups/role-hr").await, 400, Some("mutability"));
        refused(&hr.post("Groups", &group(json!({ "displayName": "role:operator" }))).await, 400, Some("invalidValue"));
        let none = json!([{ "op": "remove", "path": "members" }]);
        coordinator.patch("Groups/role-coordinator", none).await.ok();
        let caller = gateway.post("/internal/callers", json!({ "kind": "token", "issuer": "demo", "subject": maja })).await.ok();
        assert_eq!(caller["roles"].as_array().unwrap().len(), 3);
    })
    .await;
}
