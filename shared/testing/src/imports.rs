//! Files that are handed in, and what became of them.

use crate::{Client, Reply};
use reqwest::Method;
use serde_json::Value;
use std::time::Duration;

/// The media type of tables.
pub const TABLE: &str = "text/csv";

/// Looks at an import before it is given up.
const MOST_LOOKS: usize = 60_000;

/// Hands a file in, with what is to be done with it as a query.
pub async fn hand_in(
    client: &Client,
    query: &str,
    media_type: &str,
    file: impl Into<Vec<u8>>,
) -> Reply {
    let call = client.call(Method::POST, &format!("imports?{query}"));
    call.body(media_type, file.into()).send().await
}

/// The import once it has ended.
pub async fn ended(client: &Client, import: &str) -> Reply {
    for _ in 0..MOST_LOOKS {
        let reply = client.get(&format!("imports/{import}")).await.ok();
        if reply["endedAt"].is_string() {
            return reply;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the import {import} does not end");
}

/// Hands a table in and waits until it is worked off.
pub async fn import(client: &Client, query: &str, table: &str) -> Reply {
    let taken = hand_in(client, query, TABLE, table).await.is(202);
    assert_eq!(
        taken.header("location"),
        taken["_links"]["self"]["href"].as_str()
    );
    ended(client, &taken.id()).await
}

/// How many rows were created, changed, unchanged and refused.
pub fn counts(import: &Reply) -> [i64; 4] {
    ["created", "changed", "unchanged", "refused"]
        .map(|name| import[&format!("{name}Count")].as_i64().unwrap())
}

/// The report: line, outcome, and what stands against each row by code and column.
pub async fn report(client: &Client, import: &str) -> Vec<(i64, String, Vec<String>)> {
    let page = client
        .get(&format!("imports/{import}/rows?limit=100"))
        .await
        .ok();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let problems = |row: &Value| {
        let all = row["problems"].as_array().unwrap().iter();
        let named = |one: &Value| match one["column"].as_str() {
            Some(column) => format!("{} {column}", text(&one["code"])),
            None => text(&one["code"]),
        };
        all.map(named).collect()
    };
    let rows = page["items"].as_array().unwrap().iter();
    rows.map(|row| {
        (
            row["line"].as_i64().unwrap(),
            text(&row["outcome"]),
            problems(row),
        )
    })
    .collect()
}

/// The most memory that this process has had, in kibibytes; none where nobody tells.
pub fn peak_memory_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
