//! What is other in one version of a plan than in another.

use super::next::is_same;
use serde_json::Value;
use shared_types::{
    SessionId,
    scheduling::releases::{ChangeKind, ReleasedSession, SessionChange, SessionStatus},
};
use std::collections::BTreeMap;

/// Members that say when something changed, not what.
const BOOKKEEPING: [&str; 3] = ["sequence", "changedAt", "cancelledAt"];

/// The changes from one version to another, in the order of the later one.
pub fn between(before: &[ReleasedSession], after: &[ReleasedSession]) -> Vec<SessionChange> {
    let was: BTreeMap<SessionId, &ReleasedSession> =
        before.iter().map(|session| (session.id, session)).collect();
    let changes = after.iter().filter_map(|session| {
        let before = was.get(&session.id).copied();
        change(before, session)
    });
    changes.collect()
}

fn change(before: Option<&ReleasedSession>, after: &ReleasedSession) -> Option<SessionChange> {
    let is_cancelled = after.status == SessionStatus::Cancelled;
    let change = match before {
        // What came and went between the two versions was seen by nobody who compares them.
        None if is_cancelled => return None,
        None => ChangeKind::Added,
        Some(before) if is_same(before, after) => return None,
        Some(before) if is_cancelled && before.status != SessionStatus::Cancelled => {
            ChangeKind::Cancelled
        }
        Some(_) => ChangeKind::Changed,
    };
    Some(SessionChange {
        session_id: after.id,
        change,
        fields: before.map_or_else(Vec::new, |before| fields(before, after)),
        before: before.cloned(),
        after: Some(after.clone()),
    })
}

/// The members that differ, by their names on the wire.
fn fields(before: &ReleasedSession, after: &ReleasedSession) -> Vec<String> {
    let (before, after) = (members(before), members(after));
    let names = before.keys().chain(after.keys());
    let mut names: Vec<&String> = names
        .filter(|name| !BOOKKEEPING.contains(&name.as_str()))
        .filter(|name| before.get(*name) != after.get(*name))
        .collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().cloned().collect()
}

fn members(session: &ReleasedSession) -> serde_json::Map<String, Value> {
    match serde_json::to_value(session) {
        Ok(Value::Object(members)) => members,
        _ => serde_json::Map::new(),
    }
}
