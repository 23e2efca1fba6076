//! Whether an answer is what a cell says.

use super::Outcome;
use crate::Reply;
use serde_json::{Value, json};

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
        // Provisioning has SCIM's errors, in which the status is the code.
        Outcome::Unauthenticated => {
            let is_known = reply.json["code"] == "unauthenticated" || reply.json["status"] == "401";
            reply.status == 401 && is_known
        }
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
