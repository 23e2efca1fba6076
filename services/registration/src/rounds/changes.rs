//! Which changes of a published round need a reason: those that make its terms worse or other.

use super::entity;
use serde::de::DeserializeOwned;
use serde_json::Value;
use shared_database::column;
use shared_types::{
    LocalizedText, Problem,
    registration::{
        codes::ROUND_CHANGE_REASON_MISSING,
        rounds::{AdmissionRules, DayKind, Eligibility, PriceLine, RoundState},
    },
};

/// Refuses to change published terms to somebody's disadvantage without a reason, and names
/// the members of the body that do.
pub fn allow(
    before: &entity::Model,
    after: &entity::Model,
    reason: Option<&str>,
) -> Result<(), Problem> {
    if before.state == column::text(RoundState::Draft) || reason.is_some() {
        return Ok(());
    }
    let fields = needing_a_reason(before, after);
    if fields.is_empty() {
        return Ok(());
    }
    Err(Problem::of(&ROUND_CHANGE_REASON_MISSING).value("fields", fields.join(", ")))
}

fn needing_a_reason(before: &entity::Model, after: &entity::Model) -> Vec<&'static str> {
    let working = column::text(DayKind::Working);
    let (was_due, is_due) = (endorse_by(before), endorse_by(after));
    let changes = [
        ("seats", after.seats < before.seats),
        (
            "opensOn",
            after.opens_on > before.opens_on && before.opens_on.is_some(),
        ),
        ("closesOn", is_earlier(before.closes_on, after.closes_on)),
        ("endorseBy", is_earlier(was_due, is_due)),
        ("answerDays", after.answer_days < before.answer_days),
        (
            "answerDaysKind",
            before.answer_days_kind == working && after.answer_days_kind != working,
        ),
        (
            "moveDeadlines",
            before.move_deadlines && !after.move_deadlines,
        ),
        (
            "needsKeptDays",
            after.needs_kept_days > before.needs_kept_days,
        ),
        (
            "eligibility",
            differ::<Eligibility>(&before.eligibility, &after.eligibility),
        ),
        ("endorsement", before.endorsement != after.endorsement),
        (
            "electedOfficeId",
            before.elected_office_id != after.elected_office_id,
        ),
        (
            "admission",
            differ::<AdmissionRules>(&before.admission, &after.admission),
        ),
        (
            "prices",
            differ::<Vec<PriceLine>>(&before.prices, &after.prices),
        ),
        (
            "rules",
            texts_differ(before.rules.as_ref(), after.rules.as_ref()),
        ),
        ("timeZone", before.time_zone != after.time_zone),
    ];
    let needing = changes.into_iter().filter(|(_, needs)| *needs);
    needing.map(|(field, _)| field).collect()
}

fn endorse_by(row: &entity::Model) -> Option<chrono::NaiveDate> {
    row.endorse_by.or(row.closes_on)
}

/// A deadline that is no longer there counts as earlier.
fn is_earlier(before: Option<chrono::NaiveDate>, after: Option<chrono::NaiveDate>) -> bool {
    before.is_some_and(|before| after.is_none_or(|after| after < before))
}

/// Compares what is meant: a member that an older row does not have counts as its default.
fn differ<T: DeserializeOwned + PartialEq>(before: &Value, after: &Value) -> bool {
    let read = |value: &Value| column::from_json::<T>(value.clone()).ok();
    read(before) != read(after)
}

fn texts_differ(before: Option<&Value>, after: Option<&Value>) -> bool {
    let read = |value: Option<&Value>| {
        value.and_then(|value| column::from_json::<LocalizedText>(value.clone()).ok())
    };
    read(before) != read(after)
}
