//! A copy of the rows that are about one person, as they are kept: for the person alone.

use crate::{Database, DatabaseError};
use sea_orm::{ConnectionTrait as _, DatabaseBackend, Statement};
use serde_json::{Map, Value};
use shared_types::{PersonId, archive::ArchivePart};

/// Rows of one kind that are shown at most.
const MOST: usize = 10_000;

/// A kind of rows about a person.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// What they are called.
    pub name: &'static str,
    /// Where they stand.
    pub table: &'static str,
    /// Which of them are about the person, who is `$1`.
    pub own: &'static str,
    /// Columns that are nobody's to read: digests, keys, what is sealed.
    pub without: &'static [&'static str],
}

/// The parts of a person's archive, in their order.
pub async fn read(
    database: &Database,
    parts: &[Part],
    person: PersonId,
) -> Result<Vec<ArchivePart>, DatabaseError> {
    let mut all = Vec::with_capacity(parts.len());
    for part in parts {
        let query = if database.is_postgres() {
            on_postgres(part)
        } else {
            on_sqlite(database, part).await?
        };
        let backend = database.read().get_database_backend();
        let query = Statement::from_sql_and_values(backend, query, [person.uuid().into()]);
        let rows = database.read().query_all_raw(query).await?;
        let cut = rows.len() > MOST;
        let texts = rows.iter().take(MOST).map(|row| row.try_get("", "row"));
        let texts: Vec<String> = texts.collect::<Result<_, _>>()?;
        let item = |text: &String| serde_json::from_str(text).map(renamed);
        let items = texts.iter().map(item).collect::<Result<_, _>>();
        all.push(ArchivePart {
            name: part.name.to_owned(),
            items: items.map_err(|_| DatabaseError::Corrupt("a row of an archive".to_owned()))?,
            cut,
        });
    }
    Ok(all)
}

fn on_postgres(part: &Part) -> String {
    let Part { table, own, .. } = part;
    let without = part
        .without
        .iter()
        .fold(String::new(), |all, column| format!("{all} - '{column}'"));
    format!(
        "SELECT (to_jsonb(one){without})::text AS row FROM {table} AS one WHERE {own} ORDER BY 1 LIMIT {}",
        MOST + 1
    )
}

/// The columns by their declared types, since SQLite's values alone don't say what is an id and
/// what is yes or no.
async fn on_sqlite(database: &Database, part: &Part) -> Result<String, DatabaseError> {
    let Part { table, own, .. } = part;
    let info = format!("SELECT name, type AS kind FROM pragma_table_info('{table}')");
    let info = Statement::from_string(DatabaseBackend::Sqlite, info);
    let mut members = Vec::new();
    for column in database.read().query_all_raw(info).await? {
        let name: String = column.try_get("", "name")?;
        let kind: String = column.try_get("", "kind")?;
        if part.without.contains(&name.as_str()) {
            continue;
        }
        // As the migrations wrote them, such as `uuid_text`.
        let kind = kind.to_lowercase();
        let value = if kind.starts_with("uuid") {
            format!("nullif(lower(hex({name})), '')")
        } else if kind.starts_with("json") {
            format!("json({name})")
        } else if kind.starts_with("bool") {
            format!("json(CASE {name} WHEN 0 THEN 'false' WHEN 1 THEN 'true' ELSE 'null' END)")
        } else {
            name.clone()
        };
        members.push(format!("'{name}', {value}"));
    }
    Ok(format!(
        "SELECT json_object({}) AS row FROM {table} AS one WHERE {own} ORDER BY 1 LIMIT {}",
        members.join(", "),
        MOST + 1
    ))
}

/// Members by the names that the API gives them, ids as everywhere.
fn renamed(row: Map<String, Value>) -> Map<String, Value> {
    let member = |(name, value): (String, Value)| {
        let value = match value {
            Value::String(text) => Value::String(with_hyphens(text)),
            other => other,
        };
        (camel_case(&name), value)
    };
    row.into_iter().map(member).collect()
}

fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |all, word| {
        let (head, rest) = word.split_at(word.len().min(1));
        format!("{all}{}{rest}", head.to_uppercase())
    })
}

/// An id that came as its 32 digits.
fn with_hyphens(text: String) -> String {
    let is_id = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    match uuid::Uuid::try_parse(&text) {
        Ok(id) if is_id => id.to_string(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_ids_are_as_in_the_api() {
        assert_eq!(camel_case("admission_published_at"), "admissionPublishedAt");
        assert_eq!(camel_case("id"), "id");
        let digits = "0192f0c1000070008000000000000001";
        assert_eq!(
            with_hyphens(digits.to_owned()),
            "0192f0c1-0000-7000-8000-000000000001"
        );
        assert_eq!(with_hyphens("Maja".to_owned()), "Maja");
    }
}
