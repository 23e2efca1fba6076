//! Lists: pages by cursor and by number.

use crate::world::{on_each_database, text};
use serde_json::json;
use std::collections::HashSet;

#[actix_web::test]
async fn following_next_visits_everybody_once_also_while_some_are_added() {
    on_each_database(async |world| {
        let own = world.municipalities[0].id;
        for number in 0..7 {
            world.person(own, &format!("Person {number}")).await;
        }
        let list = format!("people?organisationId={own}&limit=3");
        let mut page = world.coordinator.get(&list).await.ok();
        let (mut seen, mut numbers) = (Vec::new(), Vec::new());
        loop {
            assert_eq!(
                page["_meta"]["totalRecords"], 8,
                "counted on the first page"
            );
            numbers.push(page["_meta"]["page"].as_i64().unwrap());
            seen.extend(
                page["items"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|item| text(&item["id"])),
            );
            let next = text(&page["_links"]["next"]["href"]);
            if next.is_empty() {
                break;
            }
            assert!(
                next.contains("limit=3") && next.contains(&own.to_string()),
                "{next}"
            );
            world.person(own, "Another").await;
            page = world.coordinator.get(&next).await.ok();
        }
        assert_eq!(numbers, [1, 2, 3, 4]);
        let distinct: HashSet<_> = seen.iter().collect();
        assert_eq!(distinct.len(), seen.len());
        assert!(seen.len() >= 8);
        let back = text(&page["_links"]["prev"]["href"]);
        let back = world.coordinator.get(&back).await.ok();
        let ids: Vec<_> = back["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| text(&item["id"]))
            .collect();
        assert_eq!(ids, seen[6..9]);
    })
    .await;
}

#[actix_web::test]
async fn pages_have_their_place_and_past_the_end_there_is_nothing() {
    on_each_database(async |world| {
        let page = world
            .coordinator
            .get("organisations?limit=2&page=2")
            .await
            .ok();
        let meta = json!({ "totalRecords": 3, "page": 2, "limit": 2, "count": 1 });
        assert_eq!(page["_meta"], meta);
        assert_eq!(page.rels(), ["first", "last", "prev"]);
        let past = world
            .coordinator
            .get("organisations?limit=2&page=9")
            .await
            .ok();
        assert_eq!(past["items"], json!([]));
        assert_eq!(past["_meta"]["totalRecords"], 3);
        assert!(!past.rels().contains(&"next".to_owned()));
    })
    .await;
}

#[actix_web::test]
async fn what_a_list_does_not_know_is_refused_with_its_name() {
    on_each_database(async |world| {
        let ask = async |query: &str| {
            world
                .coordinator
                .get(&format!("organisations?{query}"))
                .await
        };
        let violation = |name: &str, code: &str| (name.to_owned(), code.to_owned());
        let both = ask("colour=red&size=2").await.refused("invalid_parameter");
        let unknown = "unknown_parameter";
        assert_eq!(
            both.violations(),
            [violation("colour", unknown), violation("size", unknown)]
        );
        let twice = ask("limit=2&limit=3").await.refused("invalid_parameter");
        assert_eq!(twice.violations(), [violation("limit", "repeated")]);
        for query in [
            "limit=0",
            "limit=101",
            "limit=ten",
            "page=0",
            "page=10001",
            "page=-1",
        ] {
            let name = query.split('=').next().unwrap();
            let refused = ask(query).await.refused("invalid_parameter");
            assert_eq!(refused.violations()[0].0, name, "{query}");
        }
        ask("page=10000&limit=100").await.refused("page_too_deep");
        ask("page=101&limit=100").await.refused("page_too_deep");
        ask("page=100&limit=100").await.ok();
        ask("cursor=nonsense").await.refused("invalid_cursor");
        let state = world.coordinator.get("rounds?state=sleeping").await;
        assert_eq!(
            state.refused("invalid_parameter").violations()[0].0,
            "state"
        );
        let id = world.coordinator.get("applications?roundId=7").await;
        assert_eq!(id.refused("invalid_parameter").violations()[0].0, "roundId");
    })
    .await;
}
