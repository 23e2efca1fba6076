//! Every cell of the table of provisioning in `authorisation.md`.

use super::{GROUP, USER};
use crate::world::World;
use serde_json::{Value, json};
use shared_testing::{
    Client, Method, Reply,
    authorisation::{Outcome, Table},
    databases,
};
use shared_types::Role;
use uuid::Uuid;

const TEXT: &str = include_str!("../../../authorisation.md");
const MESSAGE: &str = "urn:ietf:params:scim:api:messages:2.0:";

/// A request about a user or a group.
struct Ask {
    method: &'static str,
    path: String,
    body: Value,
    /// What must stand in an answer, or must not.
    shown: Option<String>,
}

#[actix_web::test]
async fn every_key_may_what_the_table_of_provisioning_says_and_nothing_else() {
    for database in databases().await {
        let world = World::new(database, 2).await;
        let (table, wrong) = Table::read(TEXT, "scim");
        assert_eq!(wrong, Vec::<String>::new());
        let mut cells = 0;
        for (row, _) in &table.rows {
            for cell in table.cells(row) {
                let ask = ask(&world, row).await;
                let client = caller(&world, &cell.role, cell.relation);
                let before = world.service.count("changes").await;
                let reply = send(&client, &ask).await;
                let mark = cell.outcome;
                let told = format!(
                    "{row}, {} {}: {mark:?}, {} {}",
                    cell.role, cell.relation, reply.status, reply.text
                );
                let shown = ask
                    .shown
                    .as_ref()
                    .is_none_or(|shown| reply.text.contains(shown));
                let right = match mark {
                    Outcome::Allowed => (200..300).contains(&reply.status) && shown,
                    Outcome::Without => reply.status == 200 && !shown,
                    Outcome::Unauthenticated => reply.status == 401,
                    Outcome::Forbidden => reply.status == 403,
                    Outcome::Hidden => {
                        reply.status == 404 || reply.text.contains("\"status\":\"404\"")
                    }
                };
                assert!(right, "{told}");
                if !mark.is_answer() {
                    assert_eq!(world.service.count("changes").await, before, "{told}");
                }
                cells += 1;
            }
        }
        assert_eq!(cells, table.rows.len() * 16);
    }
}

fn caller(world: &World, role: &str, relation: char) -> Client {
    let stranger = world.service.stranger();
    let own = world.municipalities[0].id;
    let of = |relation: char| match relation {
        'e' => own,
        'o' => world.organiser,
        _ => world.municipalities[1].id,
    };
    let key = |role: Role| stranger.system(role, Some(own));
    match (role, relation) {
        ("anonymous", _) => stranger.clone(),
        ("person", _) => stranger.person(world.municipalities[0].director.id, &[(Role::Hr, own)]),
        ("hr", relation) => stranger.system(Role::Hr, Some(of(relation))),
        ("coordinator", relation) => stranger.system(Role::Coordinator, Some(of(relation))),
        ("limited", 'r') => key(Role::Hr).limited(&["scim:read"]),
        ("limited", 'w') => key(Role::Hr).limited(&["scim:write"]),
        ("limited", _) => key(Role::Hr).limited(&["people:write"]),
        (_, 'v') => key(Role::Evaluator),
        (_, 'f') => key(Role::Facilitator),
        (_, 'r') => key(Role::Registrar),
        (_, 'a') => key(Role::Auditor),
        (_, _) => stranger.system(Role::Operator, None),
    }
}

async fn send(client: &Client, ask: &Ask) -> Reply {
    let method: Method = ask.method.parse().unwrap();
    let call = client.call(method, &format!("/registration/scim/v2/{}", ask.path));
    let call = if ask.body.is_null() {
        call
    } else {
        call.json(&ask.body)
    };
    call.send().await
}

/// A request of a row, about a user and a department that are new.
#[expect(clippy::too_many_lines, reason = "a line for each rule")]
async fn ask(world: &World, row: &str) -> Ask {
    let own = world
        .service
        .stranger()
        .system(Role::Hr, Some(world.municipalities[0].id));
    let name = Uuid::new_v4().simple().to_string();
    let new_user = json!({ "schemas": [USER], "userName": format!("{name}@kommun.example") });
    let new_group = json!({ "schemas": [GROUP], "displayName": name });
    let post = async |path: &str, body: &Value| {
        own.post(&format!("/registration/scim/v2/{path}"), body.clone())
            .await
            .is(201)
            .id()
    };
    let message = |kind: &str, operations: Value| json!({ "schemas": [format!("{MESSAGE}{kind}")], "Operations": operations });
    let rename = |value: &str| {
        message(
            "PatchOp",
            json!([{ "op": "replace", "path": "displayName", "value": value }]),
        )
    };
    let search = json!({ "schemas": [format!("{MESSAGE}SearchRequest")] });
    let ask = |method: &'static str, path: &str, body: Value, shown: Option<String>| Ask {
        method,
        path: path.to_owned(),
        body,
        shown,
    };
    let nothing = Value::Null;
    match row {
        "getServiceProviderConfig" => ask(
            "GET",
            "ServiceProviderConfig",
            nothing,
            Some("\"patch\"".into()),
        ),
        "listResourceTypes" => ask("GET", "ResourceTypes", nothing, Some("/Users".into())),
        "getResourceType" => ask("GET", "ResourceTypes/User", nothing, Some("/Users".into())),
        "listSchemas" => ask("GET", "Schemas", nothing, Some("userName".into())),
        "getSchema" => ask(
            "GET",
            &format!("Schemas/{USER}"),
            nothing,
            Some("userName".into()),
        ),
        "createUser" => ask("POST", "Users", new_user, Some(name)),
        "createGroup" => ask("POST", "Groups", new_group, Some(name)),
        "changeInBulk" => {
            let operation =
                json!({ "method": "POST", "path": "/Users", "bulkId": "1", "data": new_user });
            ask(
                "POST",
                "Bulk",
                message("BulkRequest", json!([operation])),
                Some("\"201\"".into()),
            )
        }
        "changeGroup/hr" | "changeGroup/coordinator" | "changeGroup/operator" => {
            let role = row.split('/').nth(1).unwrap();
            let change = message("PatchOp", json!([{ "op": "remove", "path": "members" }]));
            ask(
                "PATCH",
                &format!("Groups/role-{role}"),
                change,
                Some(format!("role:{role}")),
            )
        }
        _ if row.ends_with("User") || row.ends_with("Users") || row.ends_with("/user") => {
            let id = post("Users", &new_user).await;
            let path = format!("Users/{id}");
            match row {
                "listUsers" => ask(
                    "GET",
                    "Users?count=200&sortBy=meta.created&sortOrder=descending",
                    nothing,
                    Some(id),
                ),
                "searchUsers" => {
                    let mut search = search;
                    search["filter"] = json!(format!("id eq \"{id}\""));
                    ask("POST", "Users/.search", search, Some(id))
                }
                "getUser" => ask("GET", &path, nothing, Some(id)),
                "replaceUser" => ask("PUT", &path, new_user, Some(id)),
                "changeUser" => ask("PATCH", &path, rename("X"), Some(id)),
                "deleteUser" => ask("DELETE", &path, nothing, None),
                _ => {
                    let operation = json!({ "method": "DELETE", "path": format!("/{path}") });
                    ask(
                        "POST",
                        "Bulk",
                        message("BulkRequest", json!([operation])),
                        Some("\"204\"".into()),
                    )
                }
            }
        }
        _ => {
            let id = post("Groups", &new_group).await;
            let path = format!("Groups/{id}");
            let of_name = json!(format!("displayName eq \"{name}\""));
            let mut search = search;
            search["filter"] = of_name;
            match row {
                "listGroups" => ask(
                    "GET",
                    &format!("Groups?filter=displayName%20eq%20%22{name}%22"),
                    nothing,
                    Some(id),
                ),
                "searchGroups" => ask("POST", "Groups/.search", search, Some(id)),
                "searchAll" => ask("POST", ".search", search, Some(id)),
                "getGroup" => ask("GET", &path, nothing, Some(id)),
                "replaceGroup" => ask("PUT", &path, new_group, Some(id)),
                "changeGroup" => ask("PATCH", &path, rename(&format!("{name}2")), Some(id)),
                "deleteGroup" => ask("DELETE", &path, nothing, None),
                other => unreachable!("{other} has no request"),
            }
        }
    }
}
