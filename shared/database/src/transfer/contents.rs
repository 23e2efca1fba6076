//! What tables hold, as a number of rows and a digest: each side reads its own, and where both are
//! the same nothing was lost, doubled or changed.

use super::{
    Tables, TransferError,
    shape::{Kind, Table},
};
use chrono::{DateTime, SecondsFormat};
use futures_util::{StreamExt as _, TryStreamExt as _, stream::LocalBoxStream};
use sea_orm::sqlx::{self, AssertSqlSafe, PgConnection, Row as _, SqliteConnection};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::fmt::{self, Write as _};

/// One row: a text for each column.
pub(super) type Row = Vec<Option<String>>;

/// What a table holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// How many rows.
    pub rows: u64,
    /// The sum of the rows' SHA-256: in whichever order they are read it is the same.
    sum: [u8; 32],
}

impl Contents {
    fn add(&mut self, table: &Table, row: Row) -> Result<(), TransferError> {
        let mut digest = Sha256::new();
        for (column, value) in table.columns.iter().zip(row) {
            match value {
                None => digest.update([0]),
                Some(text) => {
                    let text = canonical(column.kind, text);
                    let text = text.ok_or_else(|| {
                        TransferError::Value(format!("{}.{}", table.name, column.name))
                    })?;
                    digest.update([1]);
                    digest.update(text.len().to_be_bytes());
                    digest.update(text);
                }
            }
        }
        let mut carry = 0_u16;
        for (sum, byte) in self.sum.iter_mut().zip(digest.finalize()) {
            let [high, low] = (u16::from(*sum) + u16::from(byte) + carry).to_be_bytes();
            (*sum, carry) = (low, high.into());
        }
        self.rows += 1;
        Ok(())
    }
}

impl fmt::Display for Contents {
    /// Rows, and as much of the digest as tells two of them apart at a glance.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} rows, ", self.rows)?;
        self.sum
            .iter()
            .take(8)
            .try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// One side of a move.
pub(super) trait Rows {
    /// The rows of a table, one after the other.
    fn rows<'a>(&'a mut self, table: &'a Table) -> LocalBoxStream<'a, Result<Row, TransferError>>;
}

impl Rows for SqliteConnection {
    fn rows<'a>(&'a mut self, table: &'a Table) -> LocalBoxStream<'a, Result<Row, TransferError>> {
        let query = sqlx::query(AssertSqlSafe(table.select_from_sqlite())).fetch(self);
        let row = move |row: Result<sqlx::sqlite::SqliteRow, sqlx::Error>| {
            let row = row?;
            read(table, |at| row.try_get(at))
        };
        query.map(row).boxed_local()
    }
}

impl Rows for PgConnection {
    fn rows<'a>(&'a mut self, table: &'a Table) -> LocalBoxStream<'a, Result<Row, TransferError>> {
        let query = sqlx::query(AssertSqlSafe(table.select_from_postgres())).fetch(self);
        let row = move |row: Result<sqlx::postgres::PgRow, sqlx::Error>| {
            let row = row?;
            read(table, |at| row.try_get(at))
        };
        query.map(row).boxed_local()
    }
}

fn read(
    table: &Table,
    value: impl Fn(usize) -> Result<Option<String>, sqlx::Error>,
) -> Result<Row, TransferError> {
    let values = (0..table.columns.len()).map(value);
    Ok(values.collect::<Result<_, _>>()?)
}

/// What each table holds.
pub(super) async fn of_all(
    side: &mut impl Rows,
    tables: &[Table],
) -> Result<Tables, TransferError> {
    let mut all = Tables::new();
    for table in tables {
        let mut contents = Contents::default();
        let mut rows = side.rows(table);
        while let Some(row) = rows.try_next().await? {
            contents.add(table, row)?;
        }
        all.insert(table.name.clone(), contents);
    }
    Ok(all)
}

/// One text for what means the same; nothing for what the column can't hold.
fn canonical(kind: Kind, text: String) -> Option<String> {
    match kind {
        // PostgreSQL gives microseconds, which is what both keep.
        Kind::Time
            if text
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'-') =>
        {
            is_number(&text).then_some(text)
        }
        Kind::Time => {
            let time = DateTime::parse_from_rfc3339(&text).ok()?;
            Some(time.timestamp_micros().to_string())
        }
        Kind::Json => {
            let mut json = String::with_capacity(text.len());
            write_json(&serde_json::from_str(&text).ok()?, &mut json)?;
            Some(json)
        }
        Kind::Id => (text.len() == 32).then_some(text),
        Kind::Number => is_number(&text).then_some(text),
        Kind::Flag => ["0", "1"].contains(&text.as_str()).then_some(text),
        Kind::Day | Kind::Text => Some(text),
    }
}

fn is_number(text: &str) -> bool {
    text.parse::<i64>().is_ok()
}

/// Members in the order of their names, numbers by their value: PostgreSQL keeps neither the order
/// nor the spelling.
fn write_json(value: &Value, to: &mut String) -> Option<()> {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_unstable_by_key(|(name, _)| *name);
            to.push('{');
            for (name, value) in members {
                to.push_str(&serde_json::to_string(name).ok()?);
                to.push(':');
                write_json(value, to)?;
                to.push(',');
            }
            to.push('}');
        }
        Value::Array(values) => {
            to.push('[');
            for value in values {
                write_json(value, to)?;
                to.push(',');
            }
            to.push(']');
        }
        Value::Number(number) => match number.as_f64()? {
            // Without a point, as far as every whole number has a value of its own.
            float if float.fract() == 0.0 && float.abs() < 9e15 => {
                write!(to, "{:.0}", float + 0.0).ok()?;
            }
            float => write!(to, "{float:e}").ok()?,
        },
        other => to.push_str(&serde_json::to_string(other).ok()?),
    }
    Some(())
}

/// Values as PostgreSQL is sent them.
pub(super) fn as_sent(kind: Kind, values: Vec<Option<String>>) -> Vec<Option<String>> {
    if kind != Kind::Time {
        return values;
    }
    // What can't be read is PostgreSQL's to refuse.
    let time = |text: String| match DateTime::parse_from_rfc3339(&text) {
        Ok(time) => DateTime::from_timestamp_micros(time.timestamp_micros()).map_or(text, |time| {
            time.to_rfc3339_opts(SecondsFormat::Micros, true)
        }),
        Err(_) => text,
    };
    values.into_iter().map(|value| value.map(time)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(kind: Kind, one: &str, other: &str) -> bool {
        let text = |text: &str| canonical(kind, text.to_owned()).unwrap();
        text(one) == text(other)
    }

    #[test]
    fn what_means_the_same_is_the_same_and_nothing_else_is() {
        let spelled = r#"{"b": 1.0, "a": [1e2, -0.0, 0.1], "c": "\u00e5"}"#;
        let kept = r#"{"a": [100, 0.0, 0.10], "b": 1.0, "c": "å"}"#;
        assert!(same(Kind::Json, spelled, kept));
        for other in [
            r#"{"a": [100, 0, 0.2], "b": 1, "c": "å"}"#,
            r#"{"a": [100, 0, 0.1], "b": "1", "c": "å"}"#,
            r#"{"a": [0, 100, 0.1], "b": 1, "c": "å"}"#,
            r#"{"a": [100, 0, 0.1], "b": 1, "c": null}"#,
        ] {
            assert!(!same(Kind::Json, spelled, other), "{other}");
        }
        let time = "2026-11-23T02:50:02.123456+00:00";
        assert!(same(Kind::Time, time, "1795402202123456"));
        assert!(!same(Kind::Time, time, "1795402202123457"));
        for (kind, text) in [
            (Kind::Id, "0192f0c1"),
            (Kind::Time, "yesterday"),
            (Kind::Json, "{"),
            (Kind::Flag, "2"),
            (Kind::Number, "1.5"),
        ] {
            assert_eq!(canonical(kind, text.to_owned()), None, "{text}");
        }
    }
}
