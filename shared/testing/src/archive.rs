//! What every service's copy of one's own data is held against.

use crate::{Reply, database};
use serde_json::Value;
use shared_database::{Database, archive::Part};

/// Columns by which a row is about a person, beside those that end in `person_id`, where people
/// are known by what other services tell of them.
pub const COLUMNS: [&str; 9] = [
    "application_id",
    "holder_id",
    "manager_id",
    "mentor_id",
    "author_id",
    "one_id",
    "on_behalf_of",
    "resource_id",
    "email_key",
];

/// What a part of a copy holds.
pub fn part<'a>(copy: &'a Reply, name: &str) -> &'a [Value] {
    let parts = copy["parts"].as_array().unwrap();
    let part = parts.iter().find(|part| part["name"] == name).unwrap();
    part["items"].as_array().unwrap()
}

/// Every table with a column by which it is about a person is in a part, or in `elsewhere` with
/// the reason why it is in none; there are more than `least` of them.
pub async fn has_every_table(
    database: &Database,
    parts: &[Part],
    elsewhere: &[(&str, &str)],
    (columns, least): (&[&str], usize),
) {
    let columns = format!("'{}'", columns.join("', '"));
    let query = if database.is_postgres() {
        format!(
            "SELECT DISTINCT table_name::text AS row FROM information_schema.columns \
             WHERE table_schema = 'public' \
             AND (column_name LIKE '%person_id' OR column_name IN ({columns}))"
        )
    } else {
        format!(
            "SELECT DISTINCT tables.name AS row FROM sqlite_master AS tables \
             JOIN pragma_table_info(tables.name) AS columns WHERE tables.type = 'table' \
             AND (columns.name LIKE '%person_id' OR columns.name IN ({columns}))"
        )
    };
    let tables = database::texts(database, &query).await;
    assert!(tables.len() > least, "{tables:?}");
    for table in &tables {
        let is_in = parts.iter().any(|part| part.table == table);
        let is_elsewhere = elsewhere.iter().any(|(name, _)| name == table);
        assert!(is_in != is_elsewhere, "{table}");
    }
}
