//! A participation's report, for the participant: what all of the round answered. Nothing of it is
//! one's own, since nobody knows which answers are.

use super::{
    rounds,
    view::{Depth, Words},
};
use crate::effects;
use sea_orm::ConnectionTrait;
use shared_database::{DatabaseError, column};
use shared_projections::{participations, rounds as known};
use shared_types::{
    ApplicationId, Links, PersonId, Problem, codes, evaluation::reports::ParticipantReport,
};
use shared_web::Context;

/// The caller's own participation, and its round; every other is not there.
pub async fn known(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: ApplicationId,
) -> Result<(participations::Model, known::Model), Problem> {
    let missing = || Problem::of(&codes::NOT_FOUND);
    let person = context.caller.person.map(PersonId::uuid);
    let part = found(connection, id).await?;
    let part = part.filter(|part| Some(part.0.person_id) == person);
    part.ok_or_else(missing)
}

/// A participation and its round.
pub async fn found(
    connection: &impl ConnectionTrait,
    id: ApplicationId,
) -> Result<Option<(participations::Model, known::Model)>, DatabaseError> {
    use sea_orm::EntityTrait as _;
    let part = participations::Entity::find_by_id(id.uuid())
        .one(connection)
        .await?;
    let Some(part) = part.filter(participations::Model::takes_part) else {
        return Ok(None);
    };
    let round = known::find(connection, part.round_id.into()).await?;
    Ok(round.map(|round| (part, round)))
}

/// The report of a participation.
pub async fn report(
    connection: &impl ConnectionTrait,
    context: &Context,
    (part, round): (participations::Model, known::Model),
) -> Result<ParticipantReport, DatabaseError> {
    let mut words = Words::default();
    let id = round.id.into();
    let href = context.href(format!("participations/{}/report", part.id));
    let mut effects = effects::store::of_round(connection, &mut words, id).await?;
    // As of the surveys: what all answered, divided by nothing.
    for question in effects.iter_mut().flat_map(|one| &mut one.questions) {
        question.breakdowns = Vec::new();
    }
    Ok(ParticipantReport {
        application_id: part.id.into(),
        round_id: id,
        name: rounds::name(&round)?,
        starts_on: round.starts_on,
        ends_on: round.ends_on,
        seat: column::parse(&part.seat)?,
        surveys: rounds::surveys(connection, &mut words, context, id, Depth::Totals).await?,
        effects,
        links: Links::to_self(&href).with("link", "POST", format!("{href}/links")),
    })
}
