//! What tables look like on both sides: the same, or nothing is moved.

use super::TransferError;
use sea_orm::sqlx::{self, PgConnection, Row as _, SqliteConnection};
use std::collections::BTreeMap;

/// Where it stands which migrations a database has had: each side keeps its own.
const MIGRATIONS: &str = "seaql_migrations";

/// What a column holds, by the type that PostgreSQL gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Id,
    Time,
    Day,
    Json,
    Flag,
    Number,
    Text,
}

impl Kind {
    fn of(postgres: &str) -> Option<Self> {
        Some(match postgres {
            "uuid" => Self::Id,
            "timestamptz" => Self::Time,
            "date" => Self::Day,
            "jsonb" => Self::Json,
            "bool" => Self::Flag,
            "int4" | "int8" => Self::Number,
            "text" => Self::Text,
            _ => return None,
        })
    }
}

/// One column, of the same name on both sides.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
    /// As PostgreSQL calls its type.
    cast: String,
    /// PostgreSQL counts it up; on SQLite the row's own number takes its place.
    sequence: Option<String>,
}

/// One table.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) name: String,
    /// By their names.
    pub(super) columns: Vec<Column>,
    /// What SQLite reads it by, quoted: the row's number, or the primary key where there is none.
    order: Vec<String>,
}

/// A name as both databases read it, whatever it is.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

impl Table {
    pub(super) fn quoted(&self) -> String {
        quoted(&self.name)
    }

    /// Reads SQLite's rows, each value as a text.
    pub(super) fn select_from_sqlite(&self) -> String {
        let value = |column: &Column| {
            let name = quoted(&column.name);
            match column.kind {
                _ if column.sequence.is_some() => "CAST(rowid AS TEXT)".to_owned(),
                Kind::Id => {
                    format!("CASE WHEN {name} IS NULL THEN NULL ELSE lower(hex({name})) END")
                }
                _ => format!("CAST({name} AS TEXT)"),
            }
        };
        let values: Vec<String> = self.columns.iter().map(value).collect();
        format!(
            "SELECT {} FROM {} ORDER BY {}",
            values.join(", "),
            self.quoted(),
            self.order.join(", ")
        )
    }

    /// Reads PostgreSQL's rows, each value as the same text.
    pub(super) fn select_from_postgres(&self) -> String {
        let value = |column: &Column| {
            let name = quoted(&column.name);
            match column.kind {
                Kind::Id => format!("replace({name}::text, '-', '')"),
                Kind::Time => format!("(extract(epoch FROM {name}) * 1000000)::bigint::text"),
                Kind::Day => format!("to_char({name}, 'YYYY-MM-DD')"),
                Kind::Flag => format!("{name}::int::text"),
                Kind::Json | Kind::Number | Kind::Text => format!("{name}::text"),
            }
        };
        let values: Vec<String> = self.columns.iter().map(value).collect();
        format!("SELECT {} FROM {}", values.join(", "), self.quoted())
    }

    /// Writes many rows: a list of texts for each column.
    pub(super) fn insert(&self) -> String {
        let each = |part: &dyn Fn(usize, &Column) -> String| {
            let parts = self.columns.iter().enumerate();
            let parts: Vec<String> = parts.map(|(at, column)| part(at + 1, column)).collect();
            parts.join(", ")
        };
        format!(
            "INSERT INTO {} ({}) SELECT {} FROM unnest({}) WITH ORDINALITY AS sent ({}, place) \
             ORDER BY place",
            self.quoted(),
            each(&|_, column| quoted(&column.name)),
            each(&|at, column| format!("v{at}::{}", column.cast)),
            each(&|at, _| format!("${at}::text[]")),
            each(&|at, _| format!("v{at}")),
        )
    }

    /// Lets PostgreSQL go on counting behind the last row.
    pub(super) fn restarts(&self) -> Vec<String> {
        let restart = |column: &Column| {
            let (name, sequence) = (quoted(&column.name), column.sequence.as_ref()?);
            Some(format!(
                "SELECT setval('{sequence}', COALESCE(MAX({name}), 1), MAX({name}) IS NOT NULL) FROM {}",
                self.quoted()
            ))
        };
        self.columns.iter().filter_map(restart).collect()
    }
}

/// The tables of both sides, if they are the same.
pub(super) async fn tables(
    source: &mut SqliteConnection,
    target: &mut PgConnection,
) -> Result<Vec<Table>, TransferError> {
    let mut own = sqlite_tables(source).await?;
    let mut tables = Vec::new();
    for name in names(target).await? {
        if name == MIGRATIONS {
            continue;
        }
        let order = own
            .remove(&name)
            .ok_or_else(|| TransferError::Shape(format!("{name} is on PostgreSQL alone")))?;
        let columns = columns(target, &name).await?;
        let mut there: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        there.sort_unstable();
        if there != sqlite_columns(source, &name).await? {
            return Err(TransferError::Shape(format!("the columns of {name}")));
        }
        tables.push(Table {
            name,
            columns,
            order,
        });
    }
    match own.keys().next() {
        None => Ok(tables),
        Some(name) => Err(TransferError::Shape(format!("{name} is on SQLite alone"))),
    }
}

/// SQLite's tables, and what each is read by.
async fn sqlite_tables(
    source: &mut SqliteConnection,
) -> Result<BTreeMap<String, Vec<String>>, TransferError> {
    let query = "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' \
         AND name NOT LIKE 'sqlite#_%' ESCAPE '#' AND name <> $1";
    let rows = sqlx::query(query)
        .bind(MIGRATIONS)
        .fetch_all(&mut *source)
        .await?;
    let mut tables = BTreeMap::new();
    for row in rows {
        let (name, has_no_number): (String, bool) = (row.try_get("name")?, row.try_get("wr")?);
        let order = if has_no_number {
            let key = "SELECT name FROM pragma_table_info($1) WHERE pk > 0 ORDER BY pk";
            let key: Vec<String> = sqlx::query_scalar(key)
                .bind(&name)
                .fetch_all(&mut *source)
                .await?;
            key.iter().map(|column| quoted(column)).collect()
        } else {
            vec!["rowid".to_owned()]
        };
        tables.insert(name, order);
    }
    Ok(tables)
}

async fn sqlite_columns(
    source: &mut SqliteConnection,
    table: &str,
) -> Result<Vec<String>, TransferError> {
    let columns = "SELECT name FROM pragma_table_info($1) ORDER BY name";
    let columns = sqlx::query_scalar(columns).bind(table);
    Ok(columns.fetch_all(source).await?)
}

/// PostgreSQL's tables, by their names.
pub(super) async fn names(target: &mut PgConnection) -> Result<Vec<String>, TransferError> {
    let query = "SELECT relname::text FROM pg_class WHERE relkind IN ('r', 'p') \
         AND relnamespace = current_schema()::regnamespace ORDER BY 1";
    Ok(sqlx::query_scalar(query).fetch_all(target).await?)
}

/// The name of the database, for whoever reads a fault.
pub(super) async fn name(target: &mut PgConnection) -> Result<String, TransferError> {
    let query = "SELECT 'the database ' || current_database()";
    Ok(sqlx::query_scalar(query).fetch_one(target).await?)
}

async fn columns(target: &mut PgConnection, table: &str) -> Result<Vec<Column>, TransferError> {
    let query = "SELECT attname::text AS name, typname::text AS type, \
             pg_get_serial_sequence(quote_ident($1), attname) AS sequence \
         FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid \
         WHERE attrelid = to_regclass(quote_ident($1)) AND attnum > 0 AND NOT attisdropped \
         ORDER BY attname";
    let rows = sqlx::query(query).bind(table).fetch_all(target).await?;
    let mut columns = Vec::with_capacity(rows.len());
    for row in rows {
        let (name, cast): (String, String) = (row.try_get("name")?, row.try_get("type")?);
        let kind = Kind::of(&cast)
            .ok_or_else(|| TransferError::Shape(format!("{table}.{name} is of type {cast}")))?;
        columns.push(Column {
            name,
            kind,
            cast,
            sequence: row.try_get("sequence")?,
        });
    }
    Ok(columns)
}

/// Constraints that hold rows to others, with their tables; those that wait by themselves already
/// are left as they are.
pub(super) async fn references(
    target: &mut PgConnection,
) -> Result<Vec<(String, String)>, TransferError> {
    let query = "SELECT conrelid::regclass::text AS place, quote_ident(conname) AS name \
         FROM pg_constraint WHERE contype = 'f' AND NOT condeferrable \
         AND connamespace = current_schema()::regnamespace ORDER BY 1, 2";
    let rows = sqlx::query(query).fetch_all(target).await?;
    rows.iter()
        .map(|row| Ok((row.try_get("place")?, row.try_get("name")?)))
        .collect()
}
