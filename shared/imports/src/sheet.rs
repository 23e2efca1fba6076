//! The columns of a kind of file: by which names they are known, and what their cells mean.

use crate::{objects::Object, table::Record, trouble::Trouble};
use serde_json::{Map, Value};
use shared_types::{
    Code, Problem, Refusal,
    imports::codes::{
        IMPORT_COLUMN_MISSING, IMPORT_COLUMN_REPEATED, IMPORT_KEY_MISSING, IMPORT_ROW_NUL,
        IMPORT_ROW_RAGGED,
    },
};
use shared_web::violation;

/// The column that every file has.
pub const KEY: &str = "key";
/// Longest key in characters.
const MOST_KEY_CHARACTERS: usize = 200;
/// Columns without a name in the report of what was left out.
const MOST_IGNORED: usize = 200;

/// What the cells of a column mean.
#[derive(Clone, Copy, Debug)]
pub enum Cell {
    /// A text.
    Text,
    /// A whole number.
    Number,
    /// Yes or no.
    Flag,
    /// One of some words, each with others for it.
    Choice(&'static [(&'static str, &'static [&'static str])]),
    /// Words with commas or bars between them.
    List,
}

/// A column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name; a dot leads into a part of the thing.
    pub name: &'static str,
    /// Other names, as they stand in headings.
    pub aliases: &'static [&'static str],
    /// What its cells mean.
    pub cell: Cell,
}

impl Column {
    /// A column of texts.
    pub const fn text(name: &'static str, aliases: &'static [&'static str]) -> Self {
        Self::of(name, aliases, Cell::Text)
    }

    /// A column.
    pub const fn of(name: &'static str, aliases: &'static [&'static str], cell: Cell) -> Self {
        Self {
            name,
            aliases,
            cell,
        }
    }

    fn is_called(&self, name: &str) -> bool {
        let mut names = std::iter::once(&self.name).chain(self.aliases);
        names.any(|known| plain(known) == name)
    }
}

/// The columns of a kind of file; [`KEY`] is one of them.
#[derive(Clone, Copy, Debug)]
pub struct Sheet {
    /// All of them.
    pub columns: &'static [Column],
}

/// A row as it is kept until it is decided.
#[derive(Clone, Debug, PartialEq)]
pub struct Staged {
    /// The line on which it begins.
    pub line: i32,
    /// The key, if it has one.
    pub key: Option<String>,
    /// What it says, by column.
    pub content: Map<String, Value>,
    /// What stands against it already.
    pub troubles: Vec<Trouble>,
}

/// What stands in a table's columns.
#[derive(Clone, Debug)]
pub struct Heading {
    places: Vec<Option<Column>>,
    /// Headings that are known as nothing.
    pub ignored: Vec<String>,
}

impl Sheet {
    fn find(&self, name: &str) -> Option<&Column> {
        let name = plain(name);
        self.columns.iter().find(|column| column.is_called(&name))
    }

    /// Names that mean two columns; for tests of sheets.
    pub fn ambiguous(&self) -> Vec<&'static str> {
        let names = self.columns.iter().flat_map(|column| {
            let names = std::iter::once(&column.name).chain(column.aliases);
            names.copied()
        });
        let means_two = |name: &&str| {
            let name = plain(name);
            let meant = self.columns.iter();
            meant.filter(|column| column.is_called(&name)).count() > 1
        };
        names.filter(means_two).collect()
    }

    /// Reads the heading of a table.
    pub fn heading(&self, record: &Record) -> Result<Heading, Problem> {
        let (mut places, mut ignored): (Vec<Option<Column>>, Vec<String>) =
            (Vec::new(), Vec::new());
        for cell in &record.cells {
            let column = self.find(cell);
            let is_there =
                |known: &Column| places.iter().flatten().any(|one| one.name == known.name);
            if let Some(column) = column.filter(|column| is_there(column)) {
                return Err(Problem::of(&IMPORT_COLUMN_REPEATED).value("column", column.name));
            }
            if column.is_none() && !cell.is_empty() && ignored.len() < MOST_IGNORED {
                ignored.push(cell.chars().take(100).collect());
            }
            places.push(column.copied());
        }
        if !places.iter().flatten().any(|column| column.name == KEY) {
            let known: Vec<&str> = self.columns.iter().map(|column| column.name).collect();
            let problem = Problem::of(&IMPORT_COLUMN_MISSING).value("column", KEY);
            return Err(problem.value("known", known.join(", ")));
        }
        Ok(Heading { places, ignored })
    }

    /// Reads an object by the names of its members; parts may stand within.
    pub fn object(&self, object: Object) -> Staged {
        let mut row = Staged::begin(object.line);
        self.members(&mut row, "", object.members);
        row.finish()
    }

    fn members(&self, row: &mut Staged, within: &str, members: Map<String, Value>) {
        for (name, value) in members {
            let name = format!("{within}{name}");
            match (self.find(&name), value) {
                (_, Value::Object(inner)) => self.members(row, &format!("{name}."), inner),
                (Some(column), value) => row.add(column, value),
                (None, _) => row.troubles.push(unknown(&name)),
            }
        }
    }
}

impl Heading {
    /// Reads a row below the heading.
    pub fn row(&self, record: Record) -> Staged {
        let mut row = Staged::begin(record.line);
        let mut rest = record.cells.iter().skip(self.places.len());
        if rest.any(|cell| !cell.is_empty()) {
            row.troubles.push(Trouble::of(&IMPORT_ROW_RAGGED));
        }
        let mut cells = record.cells.into_iter();
        for column in &self.places {
            // Excel leaves out empty cells at the end of a row.
            let cell = cells.next().unwrap_or_default();
            if let Some(column) = column {
                row.add(column, Value::String(cell));
            }
        }
        row.finish()
    }
}

impl Staged {
    fn begin(line: i32) -> Self {
        Self {
            line,
            key: None,
            content: Map::new(),
            troubles: Vec::new(),
        }
    }

    fn add(&mut self, column: &Column, value: Value) {
        if has_nul(&value) {
            self.trouble(&IMPORT_ROW_NUL, column.name);
            return;
        }
        let value = match value {
            Value::String(text) => read(column.cell, text.trim()),
            // Other systems know their keys as numbers.
            Value::Number(number) if matches!(column.cell, Cell::Text) => number.to_string().into(),
            value => value,
        };
        // Only a text can be taken away: of a choice or a number an empty cell says nothing.
        if value.is_null() && !matches!(column.cell, Cell::Text | Cell::List) {
            return;
        }
        if column.name == KEY {
            let text = value.as_str().unwrap_or_default();
            let fits = !text.is_empty() && text.chars().count() <= MOST_KEY_CHARACTERS;
            self.key = fits.then(|| text.to_owned());
        } else {
            self.content.insert(column.name.to_owned(), value);
        }
    }

    fn trouble(&mut self, code: &'static Code, column: &str) {
        let trouble = Trouble::told(&Refusal::of(code), Some(column));
        self.troubles.push(trouble);
    }

    fn finish(mut self) -> Self {
        if self.key.is_none() && self.troubles.is_empty() {
            self.trouble(&IMPORT_KEY_MISSING, KEY);
        }
        self
    }
}

fn unknown(name: &str) -> Trouble {
    Trouble {
        code: "unknown_member".to_owned(),
        column: Some(name.chars().take(100).collect()),
        detail: crate::trouble::in_each(|language| violation::UNKNOWN.get(language).to_owned()),
    }
}

/// What the text of a cell means; what it does not mean stays as it is, and is refused by the
/// rule that meets it.
fn read(cell: Cell, text: &str) -> Value {
    if text.is_empty() {
        return Value::Null;
    }
    let word = plain(text);
    match cell {
        Cell::Text => text.into(),
        Cell::Number => {
            let digits: String = text.split_whitespace().collect();
            digits
                .parse::<i64>()
                .map_or_else(|_| text.into(), Value::from)
        }
        Cell::Flag => match word.as_str() {
            "true" | "yes" | "ja" | "j" | "y" | "1" | "x" | "sant" | "sand" => true.into(),
            "false" | "no" | "nej" | "n" | "0" | "falskt" | "falsk" => false.into(),
            _ => text.into(),
        },
        Cell::Choice(words) => {
            let means = |(name, others): &&(&str, &[&str])| {
                let mut names = std::iter::once(name).chain(others.iter());
                names.any(|known| plain(known) == word)
            };
            let found = words.iter().find(means);
            found.map_or(text, |(name, _)| *name).into()
        }
        Cell::List => {
            let words = text.split([',', ';', '|', '\n']).map(str::trim);
            words.filter(|word| !word.is_empty()).collect()
        }
    }
}

/// A name without what people write differently: case, spaces, hyphens.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(members) => members.values().any(has_nul),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const SHEET: Sheet = Sheet {
        columns: &[
            Column::text(KEY, &["anstnr"]),
            Column::text("address.street", &["gata", "gade"]),
            Column::of("beds", &["bäddar"], Cell::Number),
            Column::of("active", &["aktiv"], Cell::Flag),
            Column::of(
                "gender",
                &["kön"],
                Cell::Choice(&[("woman", &["kvinna", "K"])]),
            ),
            Column::of("languages", &["språk"], Cell::List),
        ],
    };

    fn record(cells: &[&str]) -> Record {
        Record {
            line: 7,
            cells: cells.iter().map(|&cell| cell.to_owned()).collect(),
        }
    }

    fn codes(row: &Staged) -> Vec<&str> {
        row.troubles.iter().map(|one| one.code.as_str()).collect()
    }

    #[test]
    fn headings_are_known_by_their_names_in_any_case_and_language() {
        let heading = SHEET.heading(&record(&[
            "ANST.NR", "Gata", "Bäddar", "aktiv ", "Kön", "Språk", "Lön", "",
        ]));
        let heading = heading.unwrap();
        assert_eq!(heading.ignored, ["Lön"]);
        let row = heading.row(record(&[
            "12",
            "Storgatan 1",
            "1 040",
            "Ja",
            "k",
            "sv, en",
            "9",
        ]));
        assert_eq!((row.key.as_deref(), row.line), (Some("12"), 7));
        assert_eq!(
            Value::Object(row.content),
            json!({ "address.street": "Storgatan 1", "beds": 1040, "active": true, "gender": "woman", "languages": ["sv", "en"] })
        );
    }

    #[test]
    fn a_heading_without_the_key_or_with_a_column_twice_is_refused() {
        let missing = SHEET.heading(&record(&["Gata"])).unwrap_err();
        assert_eq!(missing.code().name, "import_column_missing");
        let twice = SHEET
            .heading(&record(&["key", "gata", "GADE"]))
            .unwrap_err();
        assert_eq!(twice.code().name, "import_column_repeated");
    }

    #[test]
    fn what_a_cell_does_not_mean_stays_for_the_rule_that_refuses_it() {
        let heading = SHEET.heading(&record(&["key", "beds", "active"])).unwrap();
        let row = heading.row(record(&["1", "many", "kanske"]));
        let expected = json!({ "beds": "many", "active": "kanske" });
        assert_eq!(Value::Object(row.content), expected);
    }

    #[test]
    fn ragged_rows_nul_and_missing_keys_are_told() {
        let heading = SHEET.heading(&record(&["key", "gata"])).unwrap();
        assert_eq!(
            codes(&heading.row(record(&["1", "a", "b"]))),
            ["import_row_ragged"]
        );
        assert_eq!(codes(&heading.row(record(&["1", "a", "", ""]))), [""; 0]);
        assert_eq!(codes(&heading.row(record(&["1"]))), [""; 0]);
        assert_eq!(
            codes(&heading.row(record(&["", "a"]))),
            ["import_key_missing"]
        );
        let long = "9".repeat(201);
        assert_eq!(
            codes(&heading.row(record(&[&long, "a"]))),
            ["import_key_missing"]
        );
        assert_eq!(
            codes(&heading.row(record(&["1", "a\0"]))),
            ["import_row_nul"]
        );
        assert_eq!(
            codes(&heading.row(record(&["\0", "a"]))),
            ["import_row_nul"]
        );
    }

    #[test]
    fn an_object_may_have_its_parts_within_and_nothing_unknown() {
        let object = |members: Value| Object {
            line: 1,
            members: members.as_object().unwrap().clone(),
        };
        let row = SHEET.object(object(
            json!({ "key": 12, "address": { "street": "Gatan" }, "beds": 3, "languages": ["sv"], "active": null }),
        ));
        assert_eq!(row.key.as_deref(), Some("12"));
        assert_eq!(
            Value::Object(row.content.clone()),
            json!({ "address.street": "Gatan", "beds": 3, "languages": ["sv"] })
        );
        assert_eq!(codes(&row), [""; 0]);
        let row = SHEET.object(object(
            json!({ "key": "1", "address": { "planet": "Mars" } }),
        ));
        assert_eq!(codes(&row), ["unknown_member"]);
        assert_eq!(row.troubles[0].column.as_deref(), Some("address.planet"));
    }
}
