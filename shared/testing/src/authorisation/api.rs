//! An API and its table.

use super::{Ask, Cell, Outcome, Scene, Table, document, judge, sources};
use crate::{Client, Reply, database};
use serde_json::{Value, json};
use shared_types::Role;
use std::{collections::BTreeSet, path::Path};
use utoipa::PartialSchema as _;

/// An API with the table that says who may what.
#[derive(Clone, Copy, Debug)]
pub struct Api<'a> {
    /// The finished API document.
    pub document: fn() -> Value,
    /// The text of `authorisation.md`.
    pub text: &'a str,
    /// The crate's folder, `env!("CARGO_MANIFEST_DIR")`.
    pub folder: &'a str,
    /// The letter of every relation in which somebody can stand to a thing.
    pub relations: &'a str,
    /// The shared crates whose routes the service mounts, such as `web`.
    pub shared: &'a [&'a str],
}

impl Api<'_> {
    /// The table of operations.
    pub fn table(&self) -> Table {
        self.read("operation")
    }

    /// The table of pages and doors.
    pub fn doors(&self) -> Table {
        self.read("address")
    }

    fn read(&self, first: &str) -> Table {
        let (table, wrong) = Table::read(self.text, first);
        assert_eq!(wrong, Vec::<String>::new(), "in {}", self.file());
        table
    }

    fn file(&self) -> String {
        let name = Path::new(self.folder).file_name().unwrap();
        format!("services/{}/authorisation.md", name.display())
    }

    /// The request of a row, with these ids in its address.
    pub fn ask(&self, row: &str, ids: &[&str]) -> Option<Ask> {
        Ask::of(&(self.document)(), row, ids)
    }

    /// Stops unless every operation, page and door has a row, every role a column with every
    /// relation, and every route stands in the document.
    pub fn assert_complete(&self) {
        let document = (self.document)();
        let (table, file) = (self.table(), self.file());
        let mut wrong = table.differences(&document::operations(&document), &file);
        let mut columns = roles();
        columns.extend(["anonymous", "person"].map(str::to_owned));
        let named: BTreeSet<String> = table.columns.iter().map(|one| one.0.clone()).collect();
        if named != columns {
            wrong.push(format!(
                "{file} has the columns {named:?}, not a column for each of {columns:?}"
            ));
        }
        for (column, letters) in &table.columns {
            let all = if column == "anonymous" {
                "n"
            } else {
                self.relations
            };
            if letters != all {
                wrong.push(format!("{column} has the relations {letters}, not {all}"));
            }
        }
        let folder = Path::new(self.folder);
        let (routed, described) = (
            sources::attributed(&folder.join("src")),
            document::addressed(&document),
        );
        let apart = routed.symmetric_difference(&described);
        wrong.extend(apart.map(|one| format!("{one} is no route, or not in the document")));
        let mut addresses = sources::addresses(&folder.join("src"));
        for shared in self.shared {
            let sources = folder.join("../../shared").join(shared).join("src");
            addresses.extend(sources::addresses(&sources));
        }
        wrong.extend(self.doors().differences(&addresses, &file));
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    /// Asks every cell, and stops where one is otherwise. Says how many there are.
    pub async fn check(&self, scene: &impl Scene) -> usize {
        let (mut cells, mut wrong) = (0, Vec::new());
        let rows = self.table().rows;
        for (row, _) in &rows {
            let (asked, complaints) = self.check_row(scene, row).await;
            cells += asked;
            wrong.extend(complaints);
        }
        assert!(
            wrong.is_empty(),
            "{} of {cells} cells:\n{}",
            wrong.len(),
            wrong.join("\n")
        );
        let marks = |cells: &Vec<String>| cells.iter().map(String::len).sum::<usize>();
        let all: usize = rows.iter().map(|(_, cells)| marks(cells)).sum();
        assert_eq!(cells, all, "cells that were not asked");
        cells
    }

    /// Asks every cell of a row: first those that are refused, which must change nothing, then
    /// those that get something, of which one at least must do what the operation is for. Says
    /// how many were asked, and what was otherwise.
    pub async fn check_row(&self, scene: &impl Scene, row: &str) -> (usize, Vec<String>) {
        let (answered, refused): (Vec<_>, Vec<_>) = self
            .table()
            .cells(row)
            .into_iter()
            .partition(|cell| cell.outcome.is_answer());
        let cells = answered.len() + refused.len();
        let Some(mut ask) = scene.ask(row).await else {
            return (cells, vec![format!("{row} has no request in the scene")]);
        };
        let mut wrong = Vec::new();
        let before = changes(scene).await;
        for cell in &refused {
            wrong.extend(judged(scene, &ask, cell).await.1);
        }
        if changes(scene).await != before {
            wrong.push(format!(
                "{row}: somebody who was to be refused has changed something"
            ));
        }
        let mut done = answered.is_empty();
        for (number, cell) in answered.iter().enumerate() {
            if ask.fresh && number > 0 {
                ask = scene.ask(row).await.unwrap();
            }
            let (reply, complaints) = judged(scene, &ask, cell).await;
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
}

async fn judged(scene: &impl Scene, ask: &Ask, cell: &Cell) -> (Reply, Vec<String>) {
    let client = client(scene, ask, cell);
    let unknown = if cell.outcome == Outcome::Hidden {
        Some(ask.about_nothing().send(&client).await)
    } else {
        None
    };
    let reply = ask.send(&client).await;
    let shown = ask.shown.as_deref();
    let mut wrong = Vec::new();
    if let Err(what) = judge(cell.outcome, &reply, shown, unknown.as_ref()) {
        wrong.push(format!("{cell}: {what}"));
    }
    for query in &ask.queries {
        let reply = ask.narrowed(query).send(&client).await;
        if let Err(what) = judge(cell.outcome, &reply, shown, None) {
            wrong.push(format!("{cell} with {query}: {what}"));
        }
    }
    (reply, wrong)
}

/// Somebody with the cell's role, in its relation to what is asked about.
fn client(scene: &impl Scene, ask: &Ask, cell: &Cell) -> Client {
    let stranger = scene.stranger();
    if cell.role == "anonymous" {
        return stranger;
    }
    let (person, organisation) = scene.who(ask, cell.relation);
    let role: Option<Role> = serde_json::from_value(json!(cell.role)).ok();
    let roles: Vec<_> = role.into_iter().map(|role| (role, organisation)).collect();
    stranger.person(person, &roles)
}

/// How much has changed so far.
async fn changes(scene: &impl Scene) -> i64 {
    let query = "SELECT COUNT(*) AS row FROM changes";
    database::number(scene.database(), query).await
}

/// The names of the roles.
fn roles() -> BTreeSet<String> {
    let schema = serde_json::to_value(Role::schema()).unwrap();
    let values = schema["enum"].as_array().unwrap().iter();
    values
        .map(|value| value.as_str().unwrap().to_owned())
        .collect()
}
