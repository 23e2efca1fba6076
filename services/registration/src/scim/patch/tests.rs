//! Changes as Entra ID, Okta and the RFC write them.

use super::*;
use crate::scim::schema::{ENTERPRISE, GROUPS, USERS};

fn maja() -> Document {
    let body = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
        "userName": "maja@kommun.example",
        "ACTIVE": true,
        "name": { "givenName": "Maja", "familyName": "Lindqvist" },
        "emails": [{ "value": "maja@kommun.example", "type": "work", "primary": true }],
        "addresses": [{ "locality": "Linköping" }],
        "shoeSize": 40,
        "meta": { "resourceType": "User" },
        ENTERPRISE: { "department": "Bygg", "manager": { "value": "E7", "displayName": "Boss" } }
    });
    whole(&USERS, &body).unwrap()
}

#[expect(clippy::needless_pass_by_value, reason = "said on the spot")]
fn changed(operations: Value) -> Result<Document, Problem> {
    let body = json!({ "schemas": [MESSAGE], "Operations": operations });
    let mut document = maja();
    apply(&USERS, &mut document, read(&body)?)?;
    Ok(document)
}

fn kind(operations: Value) -> String {
    changed(operations)
        .unwrap_err()
        .get("scimType")
        .unwrap()
        .to_owned()
}

#[test]
fn a_whole_resource_keeps_what_is_kept_and_no_more() {
    let document = maja();
    assert_eq!(document["active"], true);
    assert_eq!(document[ENTERPRISE]["manager"], json!({ "value": "E7" }));
    for gone in ["addresses", "shoeSize", "meta", "schemas"] {
        assert!(!document.contains_key(gone), "{gone}");
    }
    let body = json!({ "schemas": ["urn:other"], "userName": "x" });
    assert!(whole(&USERS, &body).is_err());
    let body = json!({ "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": { "a": 1 } });
    assert!(whole(&USERS, &body).is_err());
}

#[test]
fn entra_id_is_understood() {
    let manager = format!("{ENTERPRISE}:manager");
    let department = format!("{ENTERPRISE}:department");
    let all = changed(json!([
        { "op": "Replace", "path": "active", "value": "False" },
        { "op": "Add", "path": "emails[type eq \"work\"].value", "value": "maja.l@kommun.example" },
        { "op": "Add", "path": "emails[type eq \"home\"].value", "value": "maja@hem.example" },
        { "op": "Add", "path": "phoneNumbers[type eq \"mobile\"].value", "value": "070" },
        { "op": "Add", "path": "name.givenName", "value": "Maja-Lena" },
        { "op": "Add", "path": manager, "value": "E8" },
        { "op": "Replace", "path": department, "value": "Skola" },
        { "op": "Add", "path": "addresses[type eq \"work\"].locality", "value": "Norrköping" },
        { "op": "Replace", "value": { "displayName": "Maja L", "name.familyName": "Ek", format!("{ENTERPRISE}:division"): "Norr",
            ENTERPRISE: { "employeeNumber": 7, "schemas": ["urn:x"] } } }
    ]))
    .unwrap();
    assert_eq!(all["active"], false);
    assert_eq!(all["emails"][0]["value"], "maja.l@kommun.example");
    assert_eq!(
        all["emails"][1],
        json!({ "type": "home", "value": "maja@hem.example" })
    );
    assert_eq!(
        all["phoneNumbers"],
        json!([{ "type": "mobile", "value": "070" }])
    );
    assert_eq!(
        all["name"],
        json!({ "givenName": "Maja-Lena", "familyName": "Ek" })
    );
    assert_eq!(
        all[ENTERPRISE],
        json!({ "department": "Skola", "division": "Norr", "employeeNumber": "7", "manager": { "value": "E8" } })
    );
    assert!(!all.contains_key("addresses"));
    let gone = changed(json!([
        { "op": "Remove", "path": format!("{ENTERPRISE}:manager") },
        { "op": "remove", "path": "name.givenName" },
        { "op": "Replace", "path": format!("{ENTERPRISE}:department"), "value": "" }
    ]))
    .unwrap();
    assert_eq!(gone[ENTERPRISE], json!({}));
    assert_eq!(gone["name"], json!({ "familyName": "Lindqvist" }));
}

#[test]
fn of_two_primary_values_the_newer_is() {
    let add = json!([{ "op": "add", "path": "emails", "value": { "value": "m@kommun.example", "primary": true } }]);
    let all = changed(add).unwrap();
    assert_eq!(all["emails"][0]["primary"], false);
    assert_eq!(all["emails"][1]["primary"], true);
    let both = json!([{ "value": "a@b.example", "primary": true }, { "value": "c@d.example", "primary": true }]);
    assert_eq!(
        kind(json!([{ "op": "replace", "path": "emails", "value": both }])),
        "invalidValue"
    );
}

#[test]
fn members_come_and_go() {
    let body = json!({ "schemas": [crate::scim::schema::GROUP], "displayName": "Bygg",
        "members": [{ "value": "1" }, { "value": "2" }] });
    let mut group = whole(&GROUPS, &body).unwrap();
    let mut change = |operation: Value| {
        let body = json!({ "schemas": [MESSAGE], "Operations": [operation] });
        apply(&GROUPS, &mut group, read(&body).unwrap()).unwrap();
        let members = group.get("members").and_then(Value::as_array).cloned();
        let ids = members.unwrap_or_default().into_iter();
        ids.map(|one| one["value"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let add =
        json!({ "op": "Add", "path": "members", "value": [{ "value": "3" }, { "value": "1" }] });
    assert_eq!(change(add), ["1", "2", "3"]);
    assert_eq!(
        change(json!({ "op": "remove", "path": "members[value eq \"2\"]" })),
        ["1", "3"]
    );
    assert_eq!(
        change(json!({ "op": "Remove", "path": "members", "value": [{ "value": "1" }] })),
        ["3"]
    );
    assert_eq!(
        change(
            json!({ "op": "add", "value": { "members": [{ "$ref": "https://a.example/Users/4" }] } })
        ),
        ["3", "4"]
    );
    assert_eq!(
        change(json!({ "op": "remove", "path": "members" })),
        [""; 0]
    );
}

#[test]
fn what_can_not_be_done_says_why_in_scims_words() {
    for (expected, operation) in [
        ("noTarget", json!({ "op": "remove" })),
        (
            "noTarget",
            json!({ "op": "replace", "path": "emails[value co \"zzz\"].type", "value": "work" }),
        ),
        ("mutability", json!({ "op": "remove", "path": "userName" })),
        (
            "mutability",
            json!({ "op": "remove", "path": "emails[type eq \"work\"]" }),
        ),
        (
            "mutability",
            json!({ "op": "replace", "path": "id", "value": "1" }),
        ),
        (
            "mutability",
            json!({ "op": "replace", "path": "groups", "value": [{ "value": "role-operator" }] }),
        ),
        (
            "invalidPath",
            json!({ "op": "replace", "path": "shoeSize", "value": 1 }),
        ),
        (
            "invalidPath",
            json!({ "op": "replace", "value": { "shoeSize": 1 } }),
        ),
        (
            "invalidPath",
            json!({ "op": "replace", "path": "title[value eq \"x\"]", "value": "x" }),
        ),
        (
            "invalidFilter",
            json!({ "op": "replace", "path": "emails[type eq work].value", "value": "x" }),
        ),
        (
            "invalidValue",
            json!({ "op": "replace", "path": "active", "value": "no" }),
        ),
        (
            "invalidValue",
            json!({ "op": "replace", "path": "active", "value": 0 }),
        ),
        (
            "invalidValue",
            json!({ "op": "replace", "path": "title", "value": "x".repeat(10_000) }),
        ),
        (
            "invalidValue",
            json!({ "op": "replace", "path": "title", "value": "a\0b" }),
        ),
        (
            "invalidValue",
            json!({ "op": "replace", "path": "title", "value": { "a": 1 } }),
        ),
        (
            "invalidValue",
            json!({ "op": "replace", "path": "name", "value": "Maja" }),
        ),
        ("invalidValue", json!({ "op": "add", "path": "title" })),
        ("invalidValue", json!({ "op": "add", "value": "Maja" })),
        ("invalidSyntax", json!({ "op": "move", "path": "title" })),
        ("invalidSyntax", json!("replace")),
    ] {
        assert_eq!(kind(json!([operation])), expected, "{operation}");
    }
    assert!(read(&json!({ "schemas": ["x"], "Operations": [{}] })).is_err());
    assert!(read(&json!({ "schemas": [MESSAGE], "Operations": [] })).is_err());
}

#[test]
fn what_was_asked_for_is_shown_and_what_always_is() {
    let document = json!({
        "id": "1", "userName": "maja", "title": "Chef", "name": { "givenName": "Maja", "familyName": "Ek" },
        "emails": [{ "value": "a@b.example", "type": "work" }], ENTERPRISE: { "department": "Bygg", "division": "Norr" }
    });
    let only = |names: &str| shown(&USERS, document.clone(), Some(names), None).unwrap();
    let asked = only(&format!(
        "name.givenName,NAME.familyName,emails.value,{ENTERPRISE}:department,x"
    ));
    assert_eq!(
        asked,
        json!({ "id": "1", "userName": "maja", "name": { "givenName": "Maja", "familyName": "Ek" },
            "emails": [{ "value": "a@b.example" }], ENTERPRISE: { "department": "Bygg" } })
    );
    let without = shown(
        &USERS,
        document.clone(),
        None,
        Some(&format!("id,userName,title,name.givenName,{ENTERPRISE}")),
    )
    .unwrap();
    assert_eq!(
        without,
        json!({ "id": "1", "userName": "maja", "name": { "familyName": "Ek" }, "emails": [{ "value": "a@b.example", "type": "work" }] })
    );
}
