//! Lists: filters, order, parts of the whole.

use super::{ENTERPRISE, Key, escaped, ids, refused};
use crate::world::on_each_database;
use serde_json::{Value, json};

#[actix_web::test]
async fn users_are_filtered_ordered_and_read_in_parts() {
    on_each_database(async |world| {
        let key = Key::hr(world, world.municipalities[1].id);
        let director = key.get("Users").await.ok();
        assert_eq!(director["totalResults"], 1);
        let director = ids(&director)[0].clone();
        let mut all = vec![director];
        for (number, family) in ["Ek", "berg", "Alm", "Dal", "Carlsson"].into_iter().enumerate() {
            let department = if number < 2 { "Bygg" } else { "Skola" };
            let id = key
                .user(json!({
                    "userName": format!("User{number}@kommun.example"), "externalId": format!("E{number}"),
                    "name": { "familyName": family, "givenName": "X" },
                    "active": number != 3, ENTERPRISE: { "department": department }
                }))
                .await;
            all.push(id);
        }
        let found = async |filter: &str| key.ids(filter).await;
        assert_eq!(found(r#"userName eq "USER1@kommun.example""#).await, [all[2].as_str()]);
        assert_eq!(found(&format!("id eq \"{}\"", all[3])).await, [all[3].as_str()]);
        assert_eq!(found(r#"externalId eq "E4""#).await, [all[5].as_str()]);
        assert_eq!(found("active eq false").await, [all[4].as_str()]);
        assert_eq!(found(r#"emails.value eq "user0@KOMMUN.example""#).await, [all[1].as_str()]);
        assert_eq!(found(r#"emails[type eq "work" and value eq "user0@kommun.example"]"#).await, [all[1].as_str()]);
        let both = format!("{ENTERPRISE}:department eq \"bygg\" and active eq true");
        assert_eq!(found(&both).await, all[1..3]);
        assert_eq!(found(r#"name.familyName sw "B" or externalId eq "E0""#).await, all[1..3]);
        assert_eq!(found(r"not (externalId pr)").await, [all[0].as_str()]);
        assert_eq!(found(r#"meta.created gt "2022-04-13T08:00:00Z""#).await, [""; 0]);
        assert_eq!(found(r#"meta.lastModified ge "2022-04-12T08:00:00Z""#).await.len(), 6);
        assert_eq!(found(r#"userName eq "x' OR '1'='1""#).await, [""; 0]);

        let first = key.get("Users?startIndex=1&count=2").await.ok();
        assert_eq!((&first["totalResults"], &first["itemsPerPage"], &first["startIndex"]), (&json!(6), &json!(2), &json!(1)));
        let second = key.get("Users?startIndex=3&count=200000").await.ok();
        assert_eq!([ids(&first), ids(&second)].concat(), all);
        let none = key.get("Users?count=0").await.ok();
        assert_eq!((&none["totalResults"], &none["Resources"]), (&json!(6), &json!([])));
        for odd in ["Users?startIndex=-3&count=1", "Users?startIndex=0&count=1"] {
            assert_eq!(ids(&key.get(odd).await.ok()), all[..1]);
        }
        assert_eq!(ids(&key.get("Users?startIndex=99").await.ok()), [""; 0]);
        let names = async |query: &str| {
            let list = key.get(&format!("Users?filter=externalId%20pr&{query}")).await.ok();
            let all = list["Resources"].as_array().unwrap().clone();
            all.into_iter().map(|one| one["externalId"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names("sortBy=name.familyName").await, ["E2", "E1", "E4", "E3", "E0"]);
        assert_eq!(names("sortBy=userName&sortOrder=descending&count=2").await, ["E4", "E3"]);
        let by_name = key.get("Users?sortBy=userName&sortOrder=descending&count=1").await.ok();
        assert_eq!(ids(&by_name), [all[5].as_str()]);
        let some = key.get("Users?attributes=name.familyName,externalId&filter=externalId%20eq%20%22E1%22").await.ok();
        assert_eq!(some["Resources"][0]["name"], json!({ "familyName": "berg" }));
        assert_eq!(some["Resources"][0]["active"], Value::Null);
        assert_eq!(some["Resources"][0]["userName"], "User1@kommun.example");
        let rest = key.get(&format!("Users/{}?excludedAttributes=emails,meta", all[1])).await.ok();
        assert_eq!((&rest["emails"], &rest["meta"]), (&Value::Null, &Value::Null));
        refused(&key.get("Users?attributes=id&excludedAttributes=name").await, 400, Some("invalidValue"));
        refused(&key.get("Users?count=many").await, 400, Some("invalidValue"));
        refused(&key.get("Users?sortBy=shoeSize").await, 400, Some("invalidValue"));

        let search = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
            "filter": "externalId eq \"E1\"", "attributes": ["userName"], "startIndex": 1, "count": 10 });
        assert_eq!(ids(&key.post("Users/.search", &search).await.ok()), [all[2].as_str()]);
        assert_eq!(ids(&key.post(".search", &search).await.ok()), [all[2].as_str()]);
        let both = json!({ "schemas": search["schemas"], "filter": "id pr" });
        assert_eq!(key.post(".search", &both).await.ok()["totalResults"], 9);
        refused(&key.post("Groups/.search", &json!({})).await, 400, Some("invalidSyntax"));
    })
    .await;
}

#[actix_web::test]
async fn what_is_no_filter_is_refused_as_such() {
    on_each_database(async |world| {
        let key = Key::hr(world, world.municipalities[0].id);
        let deep = format!("{}title pr{}", "(".repeat(200), ")".repeat(200));
        for filter in [
            "",
            "userName eq",
            "shoeSize eq \"1\"",
            "active gt true",
            "userName eq \"\\u0000\"",
            "userName eq 'x'",
            "a; DROP TABLE people",
            deep.as_str(),
        ] {
            for place in ["Users", "Groups"] {
                let reply = key
                    .get(&format!("{place}?filter={}", escaped(filter)))
                    .await;
                refused(&reply, 400, Some("invalidFilter"));
            }
        }
    })
    .await;
}

#[actix_web::test]
async fn the_api_describes_itself() {
    on_each_database(async |world| {
        let key = Key::hr(world, world.municipalities[0].id);
        let config = key.get("ServiceProviderConfig").await.ok();
        assert_eq!(config["bulk"]["maxOperations"], 1000);
        assert_eq!(config.header("content-type"), Some("application/scim+json"));
        for (place, count) in [("Schemas", 3), ("ResourceTypes", 2)] {
            let all = key.get(place).await.ok();
            assert_eq!(all["totalResults"], count);
            for one in all["Resources"].as_array().unwrap() {
                let id = one["id"].as_str().unwrap();
                assert_eq!(&key.get(&format!("{place}/{id}")).await.ok().json, one);
            }
            refused(
                &key.get(&format!("{place}?filter=id%20pr")).await,
                403,
                None,
            );
            refused(&key.get(&format!("{place}/x")).await, 404, None);
            let method = key.post(place, &json!({})).await;
            refused(&method, 405, None);
            assert_eq!(method.header("allow"), Some("GET"));
        }
        refused(&key.get("Devices").await, 404, None);
    })
    .await;
}
