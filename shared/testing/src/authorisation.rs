//! The table of who may what: read from a crate's `authorisation.md`, compared with what there
//! is, and asked cell by cell.

use crate::{Client, Reply};
use reqwest::Method;
use serde_json::{Value, json};
use shared_types::{OrganisationId, PersonId, Role};
use std::{collections::BTreeSet, fmt, path::Path};

/// What a caller gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// `+`: it is done or shown; of a list, the thing stands in it.
    Allowed,
    /// `.`: an answer from which the thing is missing.
    Without,
    /// `1`: 401.
    Unauthenticated,
    /// `3`: 403.
    Forbidden,
    /// `4`: refused as if there were no such thing.
    Hidden,
}

/// One cell: who, in which relation to the thing, gets what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The row's first column: an operation and, where one row is not enough, a case of it.
    pub row: String,
    /// The column.
    pub role: String,
    /// What the caller is to the thing, as the column's letter.
    pub relation: char,
    /// What has to come.
    pub outcome: Outcome,
}

/// A table of who may what.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Columns with the letters of their relations.
    pub columns: Vec<(String, String)>,
    /// The rows in their order.
    pub rows: Vec<(String, Vec<String>)>,
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} as {} ({})",
            self.row.replace('/', " "),
            self.role,
            self.relation
        )
    }
}

impl Outcome {
    fn read(mark: char) -> Option<Self> {
        Some(match mark {
            '+' => Self::Allowed,
            '.' => Self::Without,
            '1' => Self::Unauthenticated,
            '3' => Self::Forbidden,
            '4' => Self::Hidden,
            _ => return None,
        })
    }

    /// Whether the caller gets something.
    pub fn is_answer(self) -> bool {
        matches!(self, Self::Allowed | Self::Without)
    }
}

impl Table {
    /// The table whose header begins with `first`, and what is wrong with its form.
    pub fn read(text: &str, first: &str) -> (Self, Vec<String>) {
        let mut table = Self::default();
        let mut wrong = Vec::new();
        let mut lines = text
            .lines()
            .skip_while(|line| line.split_whitespace().next() != Some(first))
            .take_while(|line| !line.starts_with("```"));
        let header: Vec<&str> = lines
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .collect();
        let letters: Vec<&str> = lines
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .collect();
        if header.len() != letters.len() + 1 {
            wrong.push(format!(
                "the header of {first} has columns without relations"
            ));
        }
        for (name, letters) in header.iter().skip(1).zip(&letters) {
            table
                .columns
                .push(((*name).to_owned(), (*letters).to_owned()));
        }
        for line in lines.filter(|line| !line.trim().is_empty()) {
            let mut words = line.split_whitespace().map(str::to_owned);
            let name = words.next().unwrap_or_default();
            let cells: Vec<String> = words.collect();
            if table.rows.iter().any(|(known, _)| *known == name) {
                wrong.push(format!("{name} has two rows"));
            }
            if cells.len() != table.columns.len() {
                wrong.push(format!(
                    "{name} has {} columns of {}",
                    cells.len(),
                    table.columns.len()
                ));
            }
            for ((role, letters), cell) in table.columns.iter().zip(&cells) {
                let marks: Vec<char> = cell.chars().collect();
                if marks.len() != letters.chars().count() {
                    wrong.push(format!("{name}, {role}: {cell} does not fit {letters}"));
                }
                if marks.iter().any(|mark| Outcome::read(*mark).is_none()) {
                    wrong.push(format!("{name}, {role}: {cell} has an unknown mark"));
                }
            }
            table.rows.push((name, cells));
        }
        (table, wrong)
    }

    /// Every cell of a row.
    pub fn cells(&self, row: &str) -> Vec<Cell> {
        let found = self.rows.iter().find(|(name, _)| name == row);
        let Some((name, cells)) = found else {
            return Vec::new();
        };
        let columns = self.columns.iter().zip(cells);
        columns
            .flat_map(|((role, letters), marks)| {
                letters
                    .chars()
                    .zip(marks.chars())
                    .filter_map(|(relation, mark)| {
                        Some(Cell {
                            row: name.clone(),
                            role: role.clone(),
                            relation,
                            outcome: Outcome::read(mark)?,
                        })
                    })
            })
            .collect()
    }

    /// What the rows and what there is have not in common; `file` is named to whoever reads it.
    pub fn differences(&self, there: &BTreeSet<String>, file: &str) -> Vec<String> {
        let named: BTreeSet<String> = self
            .rows
            .iter()
            .map(|(name, _)| operation(name).to_owned())
            .collect();
        let missing = there.difference(&named).map(|name| {
            format!("{name} has no row in {file}: add one, with a mark for every role and relation")
        });
        let extra = named
            .difference(there)
            .map(|name| format!("{file} has a row for {name}, which is not there: take it out"));
        missing.chain(extra).collect()
    }
}

/// The operation of a row: what stands before the slash, where the row is a case of it.
/// Addresses begin with a slash and are whole.
pub fn operation(row: &str) -> &str {
    if row.starts_with('/') {
        return row;
    }
    row.split('/').next().unwrap_or(row)
}

/// The ids of a document's operations.
pub fn operations(document: &Value) -> BTreeSet<String> {
    let items = document["paths"].as_object().into_iter().flatten();
    let all = items.flat_map(|(_, item)| item.as_object().into_iter().flatten());
    all.filter_map(|(_, operation)| operation["operationId"].as_str().map(str::to_owned))
        .collect()
}

/// The method and address of an operation, and what stands in its body's example.
pub fn described(document: &Value, id: &str) -> Option<(String, String, Option<Value>)> {
    let items = document["paths"].as_object()?;
    items.iter().find_map(|(path, item)| {
        let methods = item.as_object()?;
        methods.iter().find_map(|(method, operation)| {
            (operation["operationId"] == id).then(|| {
                let content = operation["requestBody"]["content"].get("application/json");
                let example = content.map(|one| one["examples"]["example"]["value"].clone());
                (method.to_ascii_uppercase(), path.clone(), example)
            })
        })
    })
}

/// Method and address of every operation of a document.
pub fn addressed(document: &Value) -> BTreeSet<String> {
    let items = document["paths"].as_object().into_iter().flatten();
    let all = items.flat_map(|(path, item)| {
        let methods = item.as_object().into_iter().flatten();
        methods.map(move |(method, _)| format!("{method} {path}"))
    });
    all.collect()
}

/// Method and address of every handler below a folder that bears its route.
pub fn attributed(folder: &Path) -> BTreeSet<String> {
    let of_source = |source: &str| {
        let lines = source.lines().filter_map(|line| {
            let (method, rest) = line.trim().strip_prefix("#[")?.split_once("(\"")?;
            let is_method = ["get", "post", "put", "patch", "delete", "head", "route"];
            let path = rest.split('"').next()?;
            is_method
                .contains(&method)
                .then(|| format!("{method} {path}"))
        });
        lines.collect()
    };
    sources(folder, &of_source)
}

/// The values of the schema that names the roles.
pub fn roles(document: &Value) -> BTreeSet<String> {
    let values = document["components"]["schemas"]["Role"]["enum"].as_array();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    values.into_iter().flatten().map(text).collect()
}

/// The addresses that the sources below a folder route beside the operations: what is given to
/// `.route(…)`, `resource(…)` and `readable(…)`. Tests aside, and what has a listener of its own
/// or is in no product: `/metrics`, and the endpoint of the trace harness.
pub fn addresses(folder: &Path) -> BTreeSet<String> {
    sources(folder, &routed)
}

fn sources(folder: &Path, of_source: &dyn Fn(&str) -> BTreeSet<String>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path, of_source));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.extend(of_source(&std::fs::read_to_string(&path).unwrap()));
        }
    }
    found
}

const ELSEWHERE: [&str; 2] = ["/metrics", "/test"];

fn routed(source: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let source = source.split("#[cfg(test)]").next().unwrap_or_default();
    for call in [".route(", "resource(", "readable("] {
        for (at, _) in source.match_indices(call) {
            let rest = source[at + call.len()..].trim_start();
            let rest = rest.strip_prefix("&format!(").unwrap_or(rest).trim_start();
            let text = rest
                .strip_prefix('"')
                .and_then(|rest| rest.split('"').next());
            let text = text.filter(|text| text.starts_with('/') && !ELSEWHERE.contains(text));
            found.extend(text.map(str::to_owned));
        }
    }
    found
}

/// Compares the table of an API that says only what it is with its document, and asks every cell:
/// operations with ids or bodies need requests of their own, as registration's tests make them.
/// Says how many cells were asked, and what is otherwise. `client` is a stranger to the service.
pub async fn check_plain(
    (text, file): (&str, &str),
    document: &Value,
    client: &Client,
) -> (usize, Vec<String>) {
    let (table, mut wrong) = Table::read(text, "operation");
    wrong.extend(table.differences(&operations(document), file));
    let mut cells = 0;
    for (row, _) in &table.rows {
        let Some((method, path, None)) = described(document, operation(row)) else {
            wrong.push(format!(
                "{row} has a body: its test has to make the request"
            ));
            continue;
        };
        for cell in table.cells(row) {
            let role: Option<Role> = serde_json::from_value(json!(cell.role)).ok();
            let roles: Vec<_> = role
                .map(|role| (role, OrganisationId::new()))
                .into_iter()
                .collect();
            let caller = if cell.role == "anonymous" {
                client.stranger()
            } else {
                client.person(PersonId::new(), &roles)
            };
            let method: Method = method.parse().unwrap();
            let reply = caller
                .call(method, path.trim_start_matches('/'))
                .send()
                .await;
            cells += 1;
            if let Err(what) = judge(cell.outcome, &reply, None, None) {
                wrong.push(format!("{cell}: {what}"));
            }
        }
    }
    (cells, wrong)
}

/// The same for what a service routes beside its operations: everybody may read all of it.
/// `folders` have the sources.
pub async fn check_plain_doors(
    (text, file): (&str, &str),
    folders: &[&Path],
    (name, client): (&str, &Client),
) -> (usize, Vec<String>) {
    let (table, mut wrong) = Table::read(text, "address");
    let routed = folders
        .iter()
        .flat_map(|folder| addresses(folder))
        .collect();
    wrong.extend(table.differences(&routed, file));
    let mut cells = 0;
    for (row, _) in &table.rows {
        for cell in table.cells(row) {
            let reply = client.get(&row.replace("{name}", name)).await;
            cells += 1;
            if let Err(what) = judge(cell.outcome, &reply, None, None) {
                wrong.push(format!("{cell}: {what}"));
            }
        }
    }
    (cells, wrong)
}

/// Whether an answer is what a cell says; what came instead, if not. `thing` is what has to
/// stand in an answer, and what must not stand in one without it; `unknown` is the answer to the
/// same request about something that does not exist.
pub fn judge(
    outcome: Outcome,
    reply: &Reply,
    thing: Option<&str>,
    unknown: Option<&Reply>,
) -> Result<(), String> {
    let told = || {
        format!(
            "{} {}",
            reply.status,
            reply.text.chars().take(300).collect::<String>()
        )
    };
    let done = (200..400).contains(&reply.status);
    let has = |thing: &str| reply.text.contains(thing);
    let right = match outcome {
        // Conflicts, stale versions and contents are judged after the caller.
        Outcome::Allowed => (done && thing.is_none_or(has)) || [409, 412].contains(&reply.status),
        Outcome::Without => done && !thing.is_some_and(has),
        Outcome::Unauthenticated => reply.status == 401 && reply.json["code"] == "unauthenticated",
        Outcome::Forbidden => reply.status == 403,
        // Which problem it is, the comparison with what is not there says.
        Outcome::Hidden => [400, 404, 409].contains(&reply.status) && unknown.is_some(),
    };
    if !right {
        return Err(format!("{outcome:?} was expected, and came {}", told()));
    }
    match unknown {
        Some(unknown) if bare(reply) != bare(unknown) => Err(format!(
            "it differs from what is not there: {} and {}",
            told(),
            unknown.text
        )),
        _ => Ok(()),
    }
}

/// A problem without what belongs to one request alone.
fn bare(reply: &Reply) -> (u16, Value) {
    let mut problem = reply.json.clone();
    for member in ["instance", "traceId"] {
        problem[member] = json!(problem[member].as_str().map(str::len));
    }
    (reply.status, problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Words.\n```text\noperation anonymous person\n          n         in\ngetThing 1 +4\ngetThing/draft 1 44\n```\n";

    #[test]
    fn a_table_has_a_cell_for_every_relation() {
        let (table, wrong) = Table::read(TEXT, "operation");
        assert_eq!(wrong, Vec::<String>::new());
        let cells = table.cells("getThing");
        let marks: Vec<_> = cells
            .iter()
            .map(|cell| (cell.relation, cell.outcome))
            .collect();
        let expected = [
            ('n', Outcome::Unauthenticated),
            ('i', Outcome::Allowed),
            ('n', Outcome::Hidden),
        ];
        assert_eq!(marks, expected);
    }

    #[test]
    fn what_is_missing_doubled_or_unknown_is_told() {
        let (_, wrong) = Table::read(&TEXT.replace("1 +4", "1 +"), "operation");
        assert_eq!(wrong, ["getThing, person: + does not fit in"]);
        let (_, wrong) = Table::read(&TEXT.replace("1 +4", "1 +?"), "operation");
        assert_eq!(wrong.len(), 1);
        let (_, wrong) = Table::read(&TEXT.replace("getThing 1 +4", "getThing +4"), "operation");
        assert!(wrong[0].contains("1 columns of 2"), "{wrong:?}");
        let (_, wrong) = Table::read(&TEXT.replace("getThing/draft", "getThing"), "operation");
        assert_eq!(wrong, ["getThing has two rows"]);
    }

    #[test]
    fn an_operation_without_a_row_and_a_row_without_an_operation_are_told() {
        let (table, _) = Table::read(TEXT, "operation");
        let there = BTreeSet::from(["getThing".to_owned()]);
        assert!(table.differences(&there, "file").is_empty());
        let there = BTreeSet::from(["getOther".to_owned()]);
        assert_eq!(table.differences(&there, "file").len(), 2);
    }

    #[test]
    fn routes_are_found_in_sources() {
        let source = r#"web::resource("/a/{b}") .route(web::get()) .route(
            &format!("/{name}/c"), x)"#;
        let expected = ["/a/{b}", "/{name}/c"].map(str::to_owned);
        assert_eq!(routed(source), BTreeSet::from(expected));
    }
}
