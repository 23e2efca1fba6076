//! A file on its way in: read piece by piece, its rows kept until they are worked off.

use crate::{
    MOST_ROWS, entity,
    objects::Objects,
    row_entity,
    sheet::{Heading, Sheet, Staged},
    store,
    table::Table,
    text::Text,
    trouble::Trouble,
};
use serde_json::Value;
use shared_database::{Database, DatabaseError, column, row};
use shared_types::{
    ImportRowId, Problem, Refusal,
    imports::{
        ImportFormat, RowOutcome,
        codes::{IMPORT_EMPTY, IMPORT_KEY_REPEATED, IMPORT_TOO_MANY_ROWS},
    },
};
use shared_web::Upload;
use std::collections::HashMap;
use uuid::Uuid;

/// Rows that are kept in memory until they are written.
const AT_A_TIME: usize = 500;
/// The media type of tables; all others are JSON.
const TABLE: &str = "text/csv";

#[derive(Debug)]
enum Parser {
    Table(Box<Table>, Option<Heading>),
    Objects(Objects),
}

/// Makes rows of a file.
#[derive(Debug)]
pub struct Reading {
    sheet: &'static Sheet,
    text: Text,
    parser: Parser,
    rows: Vec<Staged>,
    /// The line of each key: there are no more of them than rows.
    keys: HashMap<String, i32>,
}

impl Reading {
    /// Begins with a file that is said to be something.
    pub fn of(
        sheet: &'static Sheet,
        media_type: &str,
        charset: Option<&str>,
    ) -> Result<Self, Problem> {
        Ok(Self {
            sheet,
            text: Text::of(charset)?,
            parser: if media_type == TABLE {
                Parser::Table(Box::default(), None)
            } else {
                Parser::Objects(Objects::default())
            },
            rows: Vec::new(),
            keys: HashMap::new(),
        })
    }

    /// Reads some bytes.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        let mut text = String::new();
        self.text.push(bytes, &mut text)?;
        self.read(&text)
    }

    /// Reads what was still open.
    pub fn end(&mut self) -> Result<(), Problem> {
        let mut text = String::new();
        self.text.end(&mut text)?;
        self.read(&text)?;
        if let Parser::Objects(objects) = &self.parser {
            return objects.end();
        }
        let mut records = Vec::new();
        if let Parser::Table(table, _) = &mut self.parser {
            table.end(&mut records)?;
        }
        self.take(records)
    }

    /// The rows that were read since it was asked last.
    pub fn rows(&mut self) -> Vec<Staged> {
        let mut rows = std::mem::take(&mut self.rows);
        for row in &mut rows {
            if let Some(key) = &row.key
                && let Some(line) = self.keys.insert(key.clone(), row.line)
            {
                let refusal = Refusal::of(&IMPORT_KEY_REPEATED).value("line", line);
                row.troubles.push(Trouble::told(&refusal, None));
                self.keys.insert(key.clone(), line);
            }
        }
        rows
    }

    fn read(&mut self, text: &str) -> Result<(), Problem> {
        let mut records = Vec::new();
        match &mut self.parser {
            Parser::Table(table, _) => table.push(text, &mut records)?,
            Parser::Objects(objects) => {
                let mut found = Vec::new();
                objects.push(text, &mut found)?;
                let found = found.into_iter().map(|object| self.sheet.object(object));
                self.rows.extend(found);
            }
        }
        self.take(records)
    }

    fn take(&mut self, records: Vec<crate::table::Record>) -> Result<(), Problem> {
        let Parser::Table(_, heading) = &mut self.parser else {
            return Ok(());
        };
        for record in records {
            match heading {
                None => *heading = Some(self.sheet.heading(&record)?),
                Some(heading) => self.rows.push(heading.row(record)),
            }
        }
        Ok(())
    }

    /// How the file was written.
    fn format(&self) -> ImportFormat {
        match &self.parser {
            Parser::Table(..) => ImportFormat::Csv,
            Parser::Objects(objects) if objects.is_list() => ImportFormat::Json,
            Parser::Objects(_) => ImportFormat::JsonLines,
        }
    }
}

/// Reads a file to its end and keeps its rows under the import, which has to be there; says what
/// is known of the file then. A file that can't be read leaves rows, which go with the import.
pub async fn stage(
    database: &Database,
    upload: &mut Upload,
    mut reading: Reading,
    import: &mut entity::Model,
) -> Result<(), Problem> {
    while let Some(piece) = upload.piece().await? {
        reading.push(&piece)?;
        if reading.rows.len() >= AT_A_TIME {
            keep(database, import, reading.rows()).await?;
        }
    }
    reading.end()?;
    keep(database, import, reading.rows()).await?;
    if import.rows_count == 0 {
        return Err(Problem::of(&IMPORT_EMPTY));
    }
    import.format = column::text(reading.format());
    reading.text.encoding().clone_into(&mut import.encoding);
    if let Parser::Table(table, heading) = &reading.parser {
        import.separator = table.separator().map(String::from);
        let ignored = heading.as_ref().map(|heading| &heading.ignored);
        import.ignored_columns = column::json(&ignored.cloned().unwrap_or_default());
    }
    Ok(())
}

async fn keep(
    database: &Database,
    import: &mut entity::Model,
    staged: Vec<Staged>,
) -> Result<(), Problem> {
    if staged.is_empty() {
        return Ok(());
    }
    import.rows_count += i32::try_from(staged.len()).unwrap_or(i32::MAX);
    if import.rows_count > MOST_ROWS {
        return Err(Problem::of(&IMPORT_TOO_MANY_ROWS).value("most", MOST_ROWS));
    }
    let refused = staged.iter().filter(|row| !row.troubles.is_empty()).count();
    import.refused_count += i32::try_from(refused).unwrap_or(i32::MAX);
    let rows = staged.into_iter().map(|row| row_of(import.id, row));
    let transaction = database.begin().await?;
    let connection = transaction.connection();
    row::insert_all::<row_entity::Entity>(connection, rows).await?;
    Ok(transaction.commit().await?)
}

fn row_of(import: Uuid, staged: Staged) -> row_entity::Model {
    let is_refused = !staged.troubles.is_empty();
    let outcome = if is_refused {
        RowOutcome::Refused
    } else {
        RowOutcome::Waiting
    };
    row_entity::Model {
        // Made in the order of the file.
        id: ImportRowId::new().uuid(),
        import_id: import,
        line: staged.line,
        external_key: staged.key,
        content: (!is_refused).then_some(Value::Object(staged.content)),
        claimed: None,
        pass: 0,
        outcome: column::text(outcome),
        thing_id: None,
        problems: is_refused.then(|| column::json(&staged.troubles)),
    }
}

/// Takes a file back that was not to be kept.
pub async fn take_back(database: &Database, import: Uuid) -> Result<(), DatabaseError> {
    let transaction = database.begin().await?;
    store::delete(transaction.connection(), vec![import]).await?;
    transaction.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::{Column, KEY};

    const SHEET: Sheet = Sheet {
        columns: &[Column::text(KEY, &[]), Column::text("name", &["namn"])],
    };

    fn read(media_type: &str, bytes: &[u8]) -> Result<Vec<Staged>, Problem> {
        let mut reading = Reading::of(&SHEET, media_type, None)?;
        for piece in bytes.chunks(3) {
            reading.push(piece)?;
        }
        reading.end()?;
        Ok(reading.rows())
    }

    fn names(rows: &[Staged]) -> Vec<(i32, &str, &str)> {
        let name = |row: &Staged| row.content["name"].as_str().map(str::to_owned);
        assert!(rows.iter().all(|row| name(row).is_some()));
        rows.iter()
            .map(|row| {
                let key = row.key.as_deref().unwrap_or_default();
                (
                    row.line,
                    key,
                    row.content["name"].as_str().unwrap_or_default(),
                )
            })
            .collect()
    }

    #[test]
    fn one_file_in_three_formats_has_the_same_rows() {
        let table = "\u{feff}Key;Namn\r\n1;Åsa\r\n2;Bo\r\n";
        let list = "[\n{\"key\":\"1\",\"name\":\"Åsa\"},\n{\"key\":2,\"name\":\"Bo\"}]";
        let lines = "\n{\"key\":\"1\",\"name\":\"Åsa\"}\n{\"key\":2,\"name\":\"Bo\"}\n";
        for (media_type, text) in [
            ("text/csv", table),
            ("application/json", list),
            ("application/x-ndjson", lines),
        ] {
            let rows = read(media_type, text.as_bytes()).unwrap();
            assert_eq!(
                names(&rows),
                [(2, "1", "Åsa"), (3, "2", "Bo")],
                "{media_type}"
            );
        }
    }

    #[test]
    fn a_key_stands_for_one_row_of_a_file_however_it_is_written() {
        let list = br#"[{"key":"1","name":"a"},{"key":1,"name":"b"},{"key":"2","name":"c"}]"#;
        let rows = read("application/json", list).unwrap();
        let troubles = rows.iter().map(|row| row.troubles.len());
        assert_eq!(troubles.collect::<Vec<_>>(), [0, 1, 0]);
        assert_eq!(rows[1].troubles[0].code, "import_key_repeated");
    }

    #[test]
    fn latin_1_from_a_spreadsheet_is_read() {
        let rows = read("text/csv", b"key;namn\r\n1;\xc5sa \xd6berg\r\n").unwrap();
        assert_eq!(names(&rows), [(2, "1", "Åsa Öberg")]);
    }
}
