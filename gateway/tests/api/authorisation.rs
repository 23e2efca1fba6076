//! Who may what: every cell of `authorisation.md` as a real request to a gateway.

use crate::support::{Door, Service, demo_token, person, settings};
use shared_testing::authorisation::{self, Outcome, Table};
use shared_web::key::KeyPair;
use std::{collections::BTreeSet, path::Path};

const TEXT: &str = include_str!("../../authorisation.md");
const FILE: &str = "gateway/authorisation.md";

fn table(first: &str, there: &BTreeSet<String>) -> Table {
    let (table, mut wrong) = Table::read(TEXT, first);
    wrong.extend(table.differences(there, FILE));
    assert!(wrong.is_empty(), "{wrong:#?}");
    table
}

#[actix_web::test]
async fn everybody_may_what_the_table_says_and_nothing_else() {
    let registration = Service::start("registration");
    let scheduling = Service::start("scheduling");
    let evaluation = Service::start("evaluation");
    let key = KeyPair::generate("demo").unwrap();
    registration.know_demo("maja", &person("person:maja"));
    let mut settings = settings(&[&registration, &scheduling, &evaluation]);
    settings.demo = Some(key.public().clone());
    let door = Door::open(settings);
    let genuine = demo_token(&key, "maja");
    let forged = demo_token(&KeyPair::generate("demo").unwrap(), "maja");

    let operations = table(
        "operation",
        &authorisation::operations(&gateway::document()),
    );
    for (row, _) in &operations.rows {
        for cell in operations.cells(row) {
            // Whoever is known may, so that one stands for every role.
            let path = match row.as_str() {
                "getArchive" => "/gateway/v1/archive",
                _ => "/gateway/v1/api-info",
            };
            let reply = match cell.role.as_str() {
                "anonymous" => door.get(path).await,
                _ => door.get_as(&genuine, path).await,
            };
            let expected = if cell.outcome == Outcome::Allowed {
                200
            } else {
                401
            };
            assert_eq!(reply.status().as_u16(), expected, "{cell}");
        }
    }

    let sources = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut routed = authorisation::addresses(&sources.join("src"));
    let elsewhere = [
        "/health/live",
        "/health/ready",
        // Handed on before the framework looks for a route.
        "/.well-known/jwks.json",
        "/{service}/v1/{path}",
        "/{service}/pages/{path}",
    ];
    routed.extend(elsewhere.map(str::to_owned));
    let doors = table("address", &routed);
    let mut cells = 0;
    for (row, _) in &doors.rows {
        let path = row
            .replace("{path}", "sessions")
            .replace("{service}", "scheduling")
            .replace("{part}", "page.css")
            .replace("{code}", "not_found");
        for cell in doors.cells(row) {
            let reply = match cell.relation {
                'n' => door.get(&path).await,
                'r' => door.get_as(&genuine, &path).await,
                _ => door.get_as(&forged, &path).await,
            };
            let expected = if cell.outcome == Outcome::Allowed {
                200
            } else {
                401
            };
            assert_eq!(reply.status().as_u16(), expected, "{cell}");
            cells += 1;
        }
    }
    assert_eq!(cells, 3 * doors.rows.len());
}
