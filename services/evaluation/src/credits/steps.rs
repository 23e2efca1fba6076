//! What is done to credits: each step in an open change.

use super::{entity, store};
use crate::{completion, parts::Part};
use serde_json::json;
use shared_database::{Change, row};
use shared_projections::programmes;
use shared_types::{
    CreditId, Problem,
    evaluation::{
        codes::{CREDITS_EXCEED, CREDITS_IN_FUTURE, CREDITS_REVOKED},
        credits::NewCredits,
    },
};

/// The edge that carries the reason.
pub const REVOKED: &str = "credits.revoked";

/// Registers credits; in all never more than the programme gives.
pub async fn register(
    change: &mut Change,
    part: &Part,
    body: &NewCredits,
) -> Result<entity::Model, Problem> {
    // Under the round's lock: two who register at once would both see room for their own.
    completion::store::lock(change, part.round.id).await?;
    if body.registered_on > part.round.today(change.actor.at) {
        return Err(Problem::of(&CREDITS_IN_FUTURE));
    }
    let programme = programmes::find(change.tx(), part.round.programme_id).await?;
    let most = programme.and_then(|programme| programme.credits_tenths);
    let sum = store::sum(change.tx(), part.row.id).await? + i64::from(body.credits_tenths);
    if let Some(most) = most
        && sum > i64::from(most)
    {
        return Err(Problem::of(&CREDITS_EXCEED).value("most", most));
    }
    let row = entity::Model {
        id: CreditId::new().uuid(),
        application_id: part.row.id,
        round_id: part.row.round_id,
        organiser_id: part.round.organiser_id.uuid(),
        provider_id: part.round.provider_id.uuid(),
        person_id: part.row.person_id,
        credits_tenths: body.credits_tenths,
        reference: Some(body.reference.clone()),
        registered_on: body.registered_on,
        revoked_at: None,
        modified_at: change.actor.at,
        version: 1,
    };
    let row = row::insert::<entity::Entity>(change.tx(), row).await?;
    tell(change, &row, "credits.registered", None);
    Ok(row)
}

/// Revokes credits.
pub async fn revoke(
    change: &mut Change,
    mut row: entity::Model,
    reason: &str,
) -> Result<entity::Model, Problem> {
    if row.revoked_at.is_some() {
        return Err(Problem::of(&CREDITS_REVOKED));
    }
    row.revoked_at = Some(change.actor.at);
    let row = store::save(change, row).await?;
    tell(change, &row, REVOKED, Some(reason));
    Ok(row)
}

fn tell(change: &mut Change, row: &entity::Model, edge: &str, reason: Option<&str>) {
    change.record("credits", row.id, edge, reason);
    let fact = json!({
        "creditId": row.id, "applicationId": row.application_id, "roundId": row.round_id,
        "organiserId": row.organiser_id, "personId": row.person_id,
        "creditsTenths": row.credits_tenths, "registeredOn": row.registered_on,
        "revoked": row.revoked_at.is_some(), "version": row.version,
    });
    change.publish(edge, row.id, fact);
}
