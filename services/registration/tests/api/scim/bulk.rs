//! Many changes in one request.

use super::{ENTERPRISE, GROUP, Key, USER, refused};
use crate::world::on_each_database;
use serde_json::{Value, json};

#[expect(clippy::needless_pass_by_value, reason = "said on the spot")]
fn request(operations: Value) -> Value {
    json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": operations })
}

#[expect(clippy::needless_pass_by_value, reason = "said on the spot")]
fn add(name: &str, manager: Value) -> Value {
    json!({ "method": "POST", "path": "/Users", "bulkId": name, "data": {
        "schemas": [USER], "userName": format!("{name}@kommun.example"), ENTERPRISE: { "manager": { "value": manager } } } })
}

fn statuses(answer: &Value) -> Vec<String> {
    let all = answer["Operations"].as_array().unwrap().iter();
    all.map(|one| one["status"].as_str().unwrap().to_owned())
        .collect()
}

#[actix_web::test]
async fn operations_refer_to_each_other_forwards_and_backwards_but_not_in_a_circle() {
    on_each_database(async |world| {
        let key = Key::hr(world, world.municipalities[0].id);
        let group = json!({ "method": "post", "path": "/Groups", "bulkId": "g", "data": {
            "schemas": [GROUP], "displayName": "Bygg", "members": [{ "type": "User", "value": "bulkId:nils" }] } });
        let rename = json!({ "method": "PATCH", "path": "/Users/bulkId:nils", "data": {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{ "op": "add", "path": "title", "value": "Chef" }] } });
        let all = request(json!([add("nils", json!("bulkId:maja")), add("maja", Value::Null), group, rename]));
        let answer = key.post("Bulk", &all).await.ok();
        assert_eq!(statuses(&answer.json), ["201", "201", "201", "200"]);
        let nils = key.get(answer["Operations"][0]["location"].as_str().unwrap().split("/v2/").last().unwrap()).await.ok();
        assert_eq!(nils["userName"], "nils@kommun.example");
        assert_eq!(nils["title"], "Chef");
        assert_eq!(nils["groups"][0]["display"], "Bygg");
        let maja = answer["Operations"][1]["location"].as_str().unwrap();
        assert!(maja.ends_with(nils[ENTERPRISE]["manager"]["value"].as_str().unwrap()));

        let circle = request(json!([add("a", json!("bulkId:b")), add("b", json!("bulkId:a")), add("c", json!("bulkId:c"))]));
        let answer = key.post("Bulk", &circle).await.ok();
        assert_eq!(statuses(&answer.json), ["201", "400", "400"]);
        assert_eq!(answer["Operations"][1]["response"]["scimType"], "invalidValue");
        let a = key.ids(r#"userName eq "a@kommun.example""#).await;
        assert_eq!(a.len(), 1);
    })
    .await;
}

#[actix_web::test]
async fn each_operation_has_the_answer_that_it_would_have_alone() {
    on_each_database(async |world| {
        let key = Key::hr(world, world.municipalities[0].id);
        let other = world.municipalities[1].director.id;
        let mixed = json!([
            add("maja", Value::Null), add("maja2", json!("bulkId:nobody")),
            { "method": "POST", "path": "/Users", "bulkId": "x", "data": { "schemas": [USER], "userName": "maja@kommun.example" } },
            { "method": "DELETE", "path": format!("/Users/{other}") },
            { "method": "DELETE", "path": "/Users/bulkId:maja", "version": "W/\"old\"" },
            { "method": "DELETE", "path": "/Users/bulkId:maja" }
        ]);
        let answer = key.post("Bulk", &request(mixed.clone())).await.ok();
        assert_eq!(statuses(&answer.json), ["201", "400", "409", "404", "412", "204"]);
        let mut body = request(mixed);
        body["failOnErrors"] = json!(1);
        let answer = key.post("Bulk", &body).await.ok();
        assert_eq!(statuses(&answer.json), ["201", "400"]);
        world.coordinator.get(&format!("people/{other}")).await.ok();

        let many: Vec<Value> = (0..1001).map(|number| add(&format!("u{number}"), Value::Null)).collect();
        refused(&key.post("Bulk", &request(json!(many))).await, 413, None);
        for (operation, kind) in [
            (json!({ "method": "GET", "path": "/Users/1" }), "invalidSyntax"),
            (json!({ "method": "POST", "path": "/Users", "data": {} }), "invalidSyntax"),
            (json!({ "method": "POST", "path": "/ApiKeys", "bulkId": "1", "data": {} }), "invalidSyntax"),
            (json!({ "method": "PUT", "path": "/Users", "data": {} }), "invalidSyntax"),
            (json!("x"), "invalidSyntax"),
        ] {
            refused(&key.post("Bulk", &request(json!([operation]))).await, 400, Some(kind));
        }
        let twice = request(json!([add("a", Value::Null), add("a", Value::Null)]));
        refused(&key.post("Bulk", &twice).await, 400, Some("invalidValue"));
        refused(&key.post("Bulk", &json!({})).await, 400, Some("invalidSyntax"));
    })
    .await;
}
