//! Lists: pages by cursor and by number.

use crate::world::{Person, World, on_each_database, organisation, text};
use serde_json::{Value, json};
use shared_testing::{Client, Method};
use shared_types::Role;
use std::collections::{BTreeSet, HashSet};

/// Follows `next` from a path on; the items of each page.
async fn walk(caller: &Client, path: &str) -> Vec<Vec<Value>> {
    let mut pages = Vec::new();
    let mut page = caller.get(path).await.ok();
    loop {
        pages.push(page["items"].as_array().unwrap().clone());
        let next = text(&page["_links"]["next"]["href"]);
        if next.is_empty() {
            return pages;
        }
        page = caller.get(&next).await.ok();
    }
}

fn column(pages: &[Vec<Value>], name: &str) -> Vec<String> {
    pages
        .iter()
        .flatten()
        .map(|item| text(&item[name]))
        .collect()
}

async fn rename(world: &World, person: &Person, name: &str) {
    let path = format!("people/{}", person.id);
    let tag = world.coordinator.get(&path).await.ok().tag();
    let body = json!({ "name": name });
    let change = world.coordinator.change("PATCH", &path, &tag, body);
    change.await.ok();
}

#[actix_web::test]
async fn a_list_is_sorted_as_asked_in_both_directions_and_each_is_seen_once() {
    on_each_database(async |world| {
        let own = world.municipalities[0].id;
        for name in ["Bo", "Anna", "Åsa", "Anna", "Cecilia", "Bo"] {
            world.person(own, name).await;
        }
        let list = format!("people?organisationId={own}&limit=2");
        let plain = column(&walk(&world.coordinator, &list).await, "id");
        assert_eq!(plain.len(), 7);
        let back = walk(&world.coordinator, &format!("{list}&sort=-id")).await;
        let back = column(&back, "id");
        assert!(back.iter().eq(plain.iter().rev()));
        for (sort, member) in [("name", "name"), ("modifiedAt", "id")] {
            let up = walk(&world.coordinator, &format!("{list}&sort={sort}")).await;
            let down = walk(&world.coordinator, &format!("{list}&sort=-{sort}")).await;
            assert_eq!(up.len(), 4, "{sort}");
            let (up, down) = (column(&up, "id"), column(&down, "id"));
            assert!(down.iter().eq(up.iter().rev()), "{sort}");
            let whole = format!("people?organisationId={own}&sort={sort}");
            let whole = walk(&world.coordinator, &whole).await;
            assert_eq!(column(&whole, "id"), up);
            let values = column(&whole, member);
            assert!(values.is_sorted(), "{values:?}");
        }
        // Back again from the last page.
        let mut page = world
            .coordinator
            .get(&format!("{list}&sort=name"))
            .await
            .ok();
        let first = page["items"].clone();
        let next = text(&page["_links"]["next"]["href"]);
        page = world.coordinator.get(&next).await.ok();
        let previous = text(&page["_links"]["prev"]["href"]);
        assert!(previous.contains("sort=name"), "{previous}");
        page = world.coordinator.get(&previous).await.ok();
        assert_eq!(page["items"], first);
        for (list, sort) in [("people", "email"), ("rounds", "name"), ("people", "--id")] {
            let refused = world.coordinator.get(&format!("{list}?sort={sort}")).await;
            let refused = refused.refused("invalid_parameter");
            assert_eq!(refused.violations()[0].0, "sort");
            let detail = text(&refused["errors"][0]["detail"]);
            assert!(detail.contains("-modifiedAt"), "{detail}");
        }
    })
    .await;
}

#[actix_web::test]
async fn items_have_the_members_that_were_asked_for() {
    on_each_database(async |world| {
        let own = world.municipalities[0].id;
        world.person(own, "Bo").await;
        let list = format!("people?organisationId={own}&limit=1&fields=name,kind");
        let mut page = world.coordinator.get(&list).await.ok();
        for _ in 0..2 {
            let names: BTreeSet<_> = page["items"][0].as_object().unwrap().keys().collect();
            let wanted = ["_links", "id", "kind", "name"].map(str::to_owned);
            assert!(names.into_iter().eq(wanted.iter()), "{}", page.text);
            page = match text(&page["_links"]["next"]["href"]) {
                next if next.is_empty() => break,
                next => world.coordinator.get(&next).await.ok(),
            };
        }
        assert_eq!(page["_meta"]["page"], 2);
        let refused = world
            .coordinator
            .get("people?fields=name,salary,colour")
            .await;
        let refused = refused.refused("invalid_parameter");
        let unknown = ("fields".to_owned(), "unknown_field".to_owned());
        assert_eq!(refused.violations(), [unknown.clone(), unknown]);
        let detail = text(&refused["errors"][0]["detail"]);
        assert!(
            detail.contains("salary") && detail.contains("organisationId"),
            "{detail}"
        );
        for fields in ["", "name,", "na me"] {
            let refused = world
                .coordinator
                .get(&format!("people?fields={fields}"))
                .await;
            assert_eq!(
                refused.refused("invalid_parameter").violations()[0].0,
                "fields"
            );
        }
    })
    .await;
}

#[actix_web::test]
async fn a_cursor_is_good_for_its_own_list_order_and_filters_only() {
    on_each_database(async |world| {
        let own = world.municipalities[0].id;
        world.person(own, "Bo").await;
        let list = format!("people?organisationId={own}&sort=name&limit=1");
        let page = world.coordinator.get(&list).await.ok();
        let next = text(&page["_links"]["next"]["href"]);
        let cursor = next
            .rsplit_once("cursor=")
            .unwrap()
            .1
            .split('&')
            .next()
            .unwrap();
        let good = format!("people?organisationId={own}&sort=name&cursor={cursor}");
        world
            .coordinator
            .get(&format!("{good}&limit=5&fields=name"))
            .await
            .ok();
        let other = world.municipalities[1].id;
        for other in [
            format!("people?organisationId={own}&cursor={cursor}"),
            format!("people?organisationId={own}&sort=-name&cursor={cursor}"),
            format!("people?organisationId={other}&sort=name&cursor={cursor}"),
            format!("people?sort=name&cursor={cursor}"),
            format!("organisations?sort=name&cursor={cursor}"),
            format!("{good}0"),
        ] {
            let refused = world.coordinator.get(&other).await;
            refused.refused("invalid_cursor");
        }
    })
    .await;
}

#[actix_web::test]
async fn a_mirror_gets_every_change_also_one_that_is_committed_late() {
    on_each_database(async |world| {
        let own = world.municipalities[0].id;
        let (anna, bo) = (
            world.person(own, "Anna").await,
            world.person(own, "Bo").await,
        );
        let hr = world.service.stranger().system(Role::Hr, Some(own));
        let since = async |at: &str| {
            let path = format!("people?sort=modifiedAt&modifiedAfter={at}");
            let page = hr.get(&path).await.ok();
            let until = text(&page["_meta"]["modifiedUntil"]);
            (
                column(&walk(&hr, &format!("{path}&limit=1")).await, "name"),
                until,
            )
        };
        let (all, until) = since("2020-01-01T00:00:00Z").await;
        assert_eq!(all.len(), 3);
        let (none, until) = since(&until).await;
        assert_eq!(none, Vec::<String>::new());
        rename(world, &anna, "Anna Two").await;
        let (one, until) = since(&until).await;
        assert_eq!(one, ["Anna Two"]);
        // Written now, seen later: on PostgreSQL the list does not wait for it, on SQLite it does.
        let turn = world.service.state().database.begin().await.unwrap();
        let late = format!("UPDATE people SET name = 'Bo Two' WHERE name = '{}'", "Bo");
        sea_orm::ConnectionTrait::execute_unprepared(turn.connection(), &late)
            .await
            .unwrap();
        let commit = async {
            tokio::time::sleep(std::time::Duration::from_millis(400)).await;
            turn.commit().await.unwrap();
        };
        let both = futures_util::future::join(since(&until), commit);
        let ((early, until), ()) = both.await;
        let (later, _) = since(&until).await;
        let both: Vec<_> = early.into_iter().chain(later).collect();
        assert_eq!(both, ["Bo Two"]);
        assert_ne!(anna.id, bo.id);
        let refused = hr.get("people?modifiedAfter=yesterday").await;
        assert_eq!(
            refused.refused("invalid_parameter").violations()[0].0,
            "modifiedAfter"
        );
        let refused = world
            .coordinator
            .get("api-keys?modifiedAfter=2022-01-01T00:00:00Z");
        refused.await.refused("invalid_parameter");
    })
    .await;
}

/// What was changed in a list since an instant, and the instant for the next time.
pub(crate) async fn since(caller: &Client, list: &str, at: &str) -> (Vec<String>, String) {
    let page = caller.get(&format!("{list}?modifiedAfter={at}")).await.ok();
    let items = page["items"].as_array().unwrap();
    let names = items.iter().map(|item| {
        let name = ["name", "organisationName", "role", "reason"];
        let name = name.into_iter().find(|name| item[*name].is_string());
        name.map_or_else(|| text(&item["id"]), |name| text(&item[name]))
    });
    (names.collect(), text(&page["_meta"]["modifiedUntil"]))
}

#[actix_web::test]
async fn what_hangs_on_organisations_people_and_rounds_can_be_mirrored_too() {
    on_each_database(async |world| {
        let (own, organiser) = (world.municipalities[0].id, world.organiser);
        let caller = &world.coordinator;
        let director = world.municipalities[0].director.id;
        let without_dates = json!({ "opensOn": null, "closesOn": null, "endorseBy": null });
        let waiting = world.draft_round(without_dates).await;
        let publication = format!("rounds/{waiting}/publication");
        world.step(&publication).await.ok();
        let open = world.open_round(json!({})).await;
        let hold = json!({
            "organisationId": own, "seats": 1, "lapsesOn": "2022-04-20", "reason": "Agreed.",
        });
        let interest = json!({ "name": "Nils", "email": "nils@kommun.example", "language": "sv" });
        let partners = format!("organisations/{organiser}/partners");
        let new = organisation("Region", "region", None);
        let new = caller.post("organisations", new).await.created().id();
        let partner = format!("{partners}/{new}");
        let cases = [
            (
                format!("organisations/{own}/departments"),
                Some(json!({ "name": "Skola" })),
            ),
            (
                format!("people/{director}/roles"),
                Some(json!({ "role": "facilitator", "organisationId": organiser })),
            ),
            (format!("rounds/{open}/holds"), Some(hold)),
            (format!("rounds/{waiting}/interests"), Some(interest)),
            (partners, None),
        ];
        for (list, body) in cases {
            let (_, until) = since(caller, &list, "2020-01-01T00:00:00Z").await;
            let (none, until) = since(caller, &list, &until).await;
            assert_eq!(none, Vec::<String>::new(), "{list}");
            let made = match body {
                Some(body) => caller.post(&list, body).await,
                None => caller.change("PUT", &partner, "*", Value::Null).await,
            };
            assert!(made.status < 300, "{}", made.text);
            let (one, until) = since(caller, &list, &until).await;
            assert_eq!(one.len(), 1, "{list}: {one:?}");
            let (none, _) = since(caller, &list, &until).await;
            assert_eq!(none, Vec::<String>::new(), "{list}");
        }
        // A change of what is there already, and what is gone.
        let holds = format!("rounds/{open}/holds");
        let (all, until) = since(caller, &holds, "2020-01-01T00:00:00Z").await;
        assert_eq!(all.len(), 1);
        let held = caller.get(&holds).await.ok();
        let release = format!("holds/{}/release", text(&held["items"][0]["id"]));
        caller
            .post(&release, json!({ "reason": "Not needed." }))
            .await
            .ok();
        let (changed, _) = since(caller, &holds, &until).await;
        assert_eq!(changed.len(), 1);
        let noted = caller
            .get(&format!("rounds/{waiting}/interests"))
            .await
            .ok();
        let id = text(&noted["items"][0]["id"]);
        let interest = format!("interests/{id}");
        let withdrawn = caller.change("DELETE", &interest, "*", Value::Null);
        withdrawn.await.is(204);
        world.service.seal().await;
        let deleted = caller.get("deletions?limit=100").await.ok();
        let gone = json!({ "kind": "interest", "id": id });
        let items = deleted["items"].as_array().unwrap();
        let is_gone = |one: &&Value| one["kind"] == gone["kind"] && one["id"] == gone["id"];
        assert_eq!(items.iter().filter(is_gone).count(), 1, "{}", deleted.text);
        let hr = world.service.stranger().system(Role::Hr, Some(own));
        let heard = hr.get("deletions?limit=100").await.ok();
        assert!(
            !heard.text.contains(&id),
            "whose interest it was is the organiser's alone"
        );
    })
    .await;
}

#[test]
fn a_list_is_sorted_by_changes_exactly_where_it_can_be_mirrored() {
    let document = registration::api::document();
    let mut mirrored = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let parameters = item["get"]["parameters"].as_array();
        let named = |name: &str| {
            let mut all = parameters.into_iter().flatten();
            all.find(|one| one["name"] == name)
        };
        let sorts = named("sort").is_some_and(|sort| sort.to_string().contains("modifiedAt"));
        assert_eq!(named("modifiedAfter").is_some(), sorts, "{path}");
        if sorts {
            mirrored.insert(path.rsplit('/').next().unwrap());
        }
    }
    // What docs/API.md promises to whoever keeps a copy.
    let promised = [
        "applications",
        "departments",
        "holds",
        "interests",
        "invoices",
        "offices",
        "organisations",
        "partners",
        "people",
        "programmes",
        "roles",
        "rounds",
    ];
    assert_eq!(mirrored, BTreeSet::from(promised));
}

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

#[actix_web::test]
async fn every_list_is_a_table_for_who_asks_for_one_whole_and_in_its_order() {
    on_each_database(async |world| {
        let list = format!("organisations/{}/departments", world.municipalities[0].id);
        // More than two pages, however large a page may be.
        for number in 0..230 {
            let name = if number == 0 {
                "=1+1, \"x\"".to_owned()
            } else {
                format!("Förvaltning {number:03}")
            };
            world
                .coordinator
                .post(&list, json!({ "name": name }))
                .await
                .created();
        }
        let table = async |path: &str| {
            let call = world
                .coordinator
                .call(Method::GET, path)
                .header("accept", "text/csv");
            call.send().await
        };
        let whole = table(&format!("{list}?sort=-id&fields=name&page=3&limit=2"))
            .await
            .is(200);
        assert_eq!(
            whole.header("content-type"),
            Some("text/csv; charset=utf-8; header=present")
        );
        assert_eq!(
            whole.header("content-disposition"),
            Some("attachment; filename=\"listDepartments.csv\"")
        );
        let rows: Vec<&str> = whole.text.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(rows.len(), 231);
        assert_eq!(rows[0], "id,name");
        let named = |row: &str| row.split_once(',').unwrap().1.to_owned();
        for (index, row) in rows[1..230].iter().enumerate() {
            assert_eq!(named(row), format!("Förvaltning {:03}", 229 - index));
        }
        assert_eq!(named(rows[230]), "\"'=1+1, \"\"x\"\"\"");
        // What a page refuses, the table does, in the words of every refusal.
        table(&format!("{list}?colour=red"))
            .await
            .refused("invalid_parameter");
        table(&format!(
            "organisations/{}/departments",
            uuid::Uuid::new_v4()
        ))
        .await
        .refused("not_found");
        let stranger = world.service.stranger();
        let call = stranger
            .call(Method::GET, "people")
            .header("accept", "text/csv");
        call.send().await.refused("unauthenticated");
        // Who takes JSON too gets a page.
        let call = world
            .coordinator
            .call(Method::GET, &list)
            .header("accept", "text/csv, application/json");
        assert_eq!(call.send().await.ok()["_meta"]["count"], 20);
        // Texts in several languages come in the reader's; what a caller may not see is no row.
        world.programme().await;
        let call = world
            .coordinator
            .call(Method::GET, "programmes?fields=name,state");
        let call = call
            .header("accept", "text/csv")
            .header("accept-language", "sv");
        let programmes = call.send().await.is(200);
        assert!(
            programmes.text.contains(",Ledarskap i kommuner,published"),
            "{}",
            programmes.text
        );
        let other = stranger.system(Role::Hr, Some(world.municipalities[1].id));
        let call = other
            .call(Method::GET, "applications")
            .header("accept", "text/csv");
        assert_eq!(call.send().await.is(200).text.lines().count(), 1);
    })
    .await;
}

#[actix_web::test]
async fn feeds_and_lists_without_pages_are_tables_too() {
    on_each_database(async |world| {
        for index in 0..120 {
            let name = format!("Person {index:03}");
            world.person(world.municipalities[0].id, &name).await;
        }
        let (organiser, partner) = (world.organiser, world.municipalities[1].id);
        let partner = format!("organisations/{organiser}/partners/{partner}");
        let deleted = world
            .coordinator
            .change("DELETE", &partner, "*", Value::Null);
        deleted.await.is(204);
        world.service.seal().await;
        let auditor = world.service.stranger().system(Role::Auditor, None);
        let table = async |caller: &Client, path: &str| {
            let call = caller.call(Method::GET, path).header("accept", "text/csv");
            let table = call.send().await.is(200);
            assert_eq!(
                table.header("content-type"),
                Some("text/csv; charset=utf-8; header=present")
            );
            let text = table.text.trim_start_matches('\u{feff}');
            text.lines().map(str::to_owned).collect::<Vec<String>>()
        };
        // More than a page of each, and exactly what the pages show.
        for (caller, feed, member) in [
            (&world.coordinator, "events", "id"),
            (&auditor, "audit-records", "id"),
            (&auditor, "audit-records?edge=person.created", "id"),
            (&world.coordinator, "deletions", "id"),
        ] {
            let sign = if feed.contains('?') { '&' } else { '?' };
            let mut ids = Vec::new();
            let mut address = format!("{feed}{sign}limit=100");
            loop {
                let page = caller.get(&address).await.ok();
                let items = page["items"].as_array().unwrap().clone();
                ids.extend(items.iter().map(|item| text(&item[member])));
                if items.len() < 100 {
                    break;
                }
                address = text(&page["_links"]["next"]["href"]);
            }
            assert!(
                ids.len() > 100 || feed == "deletions" && ids.len() == 1,
                "{feed}"
            );
            let rows = table(caller, &format!("{feed}{sign}limit=7")).await;
            let head: Vec<&str> = rows[0].split(',').collect();
            let place = head.iter().position(|name| *name == member).unwrap();
            assert!(!head.contains(&"_links"), "{head:?}");
            assert_eq!(rows.len(), ids.len() + 1, "{feed}");
            for (row, id) in rows[1..].iter().zip(&ids) {
                // What is a structure stands in quotes with commas of its own; ids do not.
                let found = row.contains(id.as_str());
                let cell = row.split(',').nth(place) == Some(id.as_str());
                assert!(found && (cell || row.contains('"')), "{feed}: {row}");
            }
        }
        // From a place on, as a feed is read.
        let all = table(&auditor, "audit-records").await;
        let rest = table(&auditor, "audit-records?after=p100").await;
        assert_eq!(rest[1..], all[101..]);
        let none = table(&auditor, "audit-records?after=p999999").await;
        assert_eq!(none, all[..1]);
        // Who may not follow gets no table either.
        for feed in ["events", "deletions", "audit-records"] {
            let call = world.service.stranger().system(Role::Facilitator, None);
            let call = call.call(Method::GET, feed).header("accept", "text/csv");
            call.send().await.refused("forbidden");
        }
        let wrong = auditor.call(Method::GET, "audit-records?after=x");
        let wrong = wrong.header("accept", "text/csv").send().await;
        wrong.refused("invalid_cursor");
        // The catalogue has no pages.
        let types = world.coordinator.get("event-types").await.ok();
        let types = types["items"].as_array().unwrap().clone();
        let rows = table(&world.coordinator, "event-types").await;
        assert_eq!(rows[0], "description,name,roles,source,subject");
        assert_eq!(rows.len(), types.len() + 1);
        for (row, known) in rows[1..].iter().zip(&types) {
            let cell = format!(",{},", text(&known["name"]));
            assert!(row.contains(&cell), "{row}");
        }
    })
    .await;
}

#[test]
fn every_list_is_documented_as_a_table() {
    let document = registration::api::document();
    let mut lists = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        let operation = &item["get"];
        let id = operation["operationId"].as_str().unwrap_or_default();
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let is_paged = parameters.into_iter().any(|one| one["name"] == "cursor");
        let is_list = id.starts_with("list");
        assert!(is_list || !is_paged, "{path} has pages and is named {id}");
        let content = &operation["responses"]["200"]["content"];
        assert_eq!(
            is_list,
            content["text/csv"].is_object() && content["application/json"].is_object(),
            "{path}"
        );
        lists += usize::from(is_list);
    }
    assert!(lists > 20, "{lists}");
}
