//! Who may what: every cell of `authorisation.md` as a real request.
//!
//! A new operation needs a row there and, unless it has neither ids nor a body, an arm in
//! `authorisation/asks.rs` that says about which thing it is asked.

mod asks;
mod doors;
mod sabotage;
mod scene;

use crate::world::{Service, World};
use asks::Ask;
use registration::api;
use scene::Scene;
use shared_testing::{
    Client, Reply,
    authorisation::{self, Cell, Outcome, Table},
    database, databases,
};
use std::{collections::BTreeSet, path::Path};

const FILE: &str = "services/registration/authorisation.md";
const TEXT: &str = include_str!("../../authorisation.md");

fn table() -> Table {
    let (table, wrong) = Table::read(TEXT, "operation");
    assert_eq!(wrong, Vec::<String>::new(), "in {FILE}");
    table
}

#[test]
fn every_operation_has_a_row_and_every_role_a_column() {
    let (table, document) = (table(), api::document());
    let operations = authorisation::operations(&document);
    let wrong = table.differences(&operations, FILE);
    assert!(wrong.is_empty(), "{wrong:#?}");
    let mut roles = authorisation::roles(&document);
    assert!(roles.len() >= 8, "the document lost its roles");
    roles.extend(["anonymous", "person"].map(str::to_owned));
    let columns: BTreeSet<String> = table.columns.iter().map(|one| one.0.clone()).collect();
    assert_eq!(columns, roles, "columns of {FILE} and roles of the API");
    for (column, letters) in &table.columns {
        let all = if column == "anonymous" {
            "n"
        } else {
            scene::RELATIONS
        };
        assert_eq!(letters, all, "relations of {column} in {FILE}");
    }
}

#[test]
fn every_route_is_an_operation_of_the_document() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let routed = authorisation::attributed(&folder);
    assert_eq!(routed, authorisation::addressed(&api::document()));
}

#[actix_web::test]
async fn everybody_may_what_the_table_says_and_nothing_else() {
    for database in databases().await {
        let world = World::new(database, 2).await;
        let scene = Scene::set(&world).await;
        let (mut cells, mut wrong) = (0, Vec::new());
        for (row, _) in table().rows {
            let (asked, complaints) = check(&scene, &row).await;
            cells += asked;
            wrong.extend(complaints);
        }
        println!("{cells} cells on {}", world.service.database.url);
        assert!(
            wrong.is_empty(),
            "{} of {cells} cells:\n{}",
            wrong.len(),
            wrong.join("\n")
        );
        let marks = |cells: &Vec<String>| cells.iter().map(String::len).sum::<usize>();
        let all: usize = table().rows.iter().map(|(_, cells)| marks(cells)).sum();
        assert_eq!(cells, all, "cells that were not asked");
    }
}

/// Asks every cell of a row: first those that are refused, which must change nothing, then those
/// that get something, of which one at least must do what the operation is for. Says how many
/// were asked, and what was otherwise.
async fn check(scene: &Scene<'_>, row: &str) -> (usize, Vec<String>) {
    let (answered, refused): (Vec<_>, Vec<_>) = table()
        .cells(row)
        .into_iter()
        .partition(|cell| cell.outcome.is_answer());
    let cells = answered.len() + refused.len();
    let Some(mut ask) = scene.ask(row).await else {
        let words =
            "has no request: add one to services/registration/tests/api/authorisation/asks.rs";
        return (cells, vec![format!("{row} {words}")]);
    };
    let mut wrong = Vec::new();
    let before = changes(&scene.world.service).await;
    for cell in &refused {
        wrong.extend(judge(scene, &ask, cell).await.1);
    }
    if changes(&scene.world.service).await != before {
        wrong.push(format!(
            "{row}: somebody who was to be refused has changed something"
        ));
    }
    let mut done = answered.is_empty();
    for (number, cell) in answered.iter().enumerate() {
        if ask.fresh && number > 0 {
            ask = scene.ask(row).await.unwrap();
        }
        let (reply, complaints) = judge(scene, &ask, cell).await;
        if !done && reply.status >= 400 && complaints.is_empty() {
            wrong.push(format!(
                "{cell}: a conflict before anybody has changed anything"
            ));
        }
        done |= (200..400).contains(&reply.status);
        wrong.extend(complaints);
    }
    if !done {
        wrong.push(format!(
            "{row}: nobody got further than a conflict, so nothing is shown"
        ));
    }
    (cells, wrong)
}

async fn judge(scene: &Scene<'_>, ask: &Ask, cell: &Cell) -> (Reply, Vec<String>) {
    let client = scene.client(ask, &cell.role, cell.relation);
    let unknown = if cell.outcome == Outcome::Hidden {
        Some(send(&client, &ask.about_nothing()).await)
    } else {
        None
    };
    let reply = send(&client, ask).await;
    let shown = ask.shown.as_deref();
    let mut wrong = Vec::new();
    if let Err(what) = authorisation::judge(cell.outcome, &reply, shown, unknown.as_ref()) {
        wrong.push(format!("{cell}: {what}"));
    }
    for query in &ask.queries {
        let filtered = ask.narrowed(query);
        let reply = send(&client, &filtered).await;
        if let Err(what) = authorisation::judge(cell.outcome, &reply, shown, None) {
            wrong.push(format!("{cell} with {query}: {what}"));
        }
    }
    (reply, wrong)
}

async fn send(client: &Client, ask: &Ask) -> Reply {
    let call = client.call(ask.method.parse().unwrap(), &ask.path);
    let call = if ["PUT", "PATCH", "DELETE"].contains(&ask.method.as_str()) {
        call.header("if-match", "*")
    } else {
        call
    };
    match ask.body() {
        Some(body) => call.json(&body).send().await,
        None => call.send().await,
    }
}

async fn changes(service: &Service) -> i64 {
    let query = "SELECT COUNT(*) AS row FROM changes";
    database::number(&service.state().database, query).await
}
