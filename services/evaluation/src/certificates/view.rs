//! How certificates are shown to who may know them.

use super::{badge::Addresses, code, entity, model, model::EDGES, steps};
use sea_orm::ConnectionTrait;
use shared_database::{DatabaseError, column, history};
use shared_types::{Links, Problem, evaluation::certificates::Certificate, transition};
use shared_web::Context;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Why some certificates ended.
pub async fn reasons(
    connection: &impl ConnectionTrait,
    rows: &[entity::Model],
) -> Result<BTreeMap<Uuid, String>, DatabaseError> {
    let ended = rows.iter().filter(|row| row.ended_at.is_some());
    let ids: Vec<Uuid> = ended.map(|row| row.id).collect();
    let mut reasons = BTreeMap::new();
    if !ids.is_empty() {
        for edge in [steps::REVOKED, steps::REPLACED] {
            reasons.extend(history::reasons_of(connection, &ids, edge).await?);
        }
    }
    Ok(reasons)
}

/// What the edges of a certificate look at.
pub fn case(row: &entity::Model, context: &Context) -> Result<model::Case, DatabaseError> {
    Ok(model::Case {
        state: column::parse(&row.state)?,
        coordinator: context.caller.coordinates(row.organiser_id.into()),
    })
}

/// A certificate as a caller sees it.
pub fn wire(
    row: &entity::Model,
    reasons: &BTreeMap<Uuid, String>,
    (origin, context): (&str, &Context),
) -> Result<Certificate, Problem> {
    let case = case(row, context)?;
    let person = context.caller.person;
    let own = person.is_some_and(|person| person.uuid() == row.person_id);
    let reason = reasons.get(&row.id).filter(|_| own || case.coordinator);
    let href = context.href(format!("certificates/{}", row.id));
    let links = Links::to_self(&href)
        .with("document", "GET", format!("{href}/document"))
        .with("credential", "GET", format!("{href}/credential"));
    Ok(Certificate {
        id: row.id.into(),
        application_id: row.application_id.into(),
        round_id: row.round_id.into(),
        person_id: row.person_id.into(),
        code: code::shown(&row.code),
        name: row.name.clone(),
        programme_name: column::from_json(row.programme_name.clone())?,
        round_name: column::from_json(row.round_name.clone())?,
        language: column::parse(&row.language)?,
        issued_on: row.issued_on,
        state: case.state,
        ended_at: row.ended_at,
        reason: reason.cloned(),
        replaced_by_id: row.replaced_by.map(Into::into),
        verification_url: Addresses { origin }.verification(&row.code),
        transitions: transition::refused(&EDGES, &case, context.language),
        links: transition::allowed(&EDGES, &case, &href, links),
    })
}
