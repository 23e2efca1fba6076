//! A municipality's report, for its director: who takes part, what its rounds led to in all, and
//! what its own people answered as soon as enough have over the rounds ([`super::reserve`]).

use super::{
    reserve,
    rounds::{self, number},
    view::{self, Depth, Words},
};
use crate::told::attendance;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use shared_database::{DatabaseError, column};
use shared_projections::{organisations, participations, rounds as known};
use shared_types::{
    Links, OrganisationId, Problem, codes,
    evaluation::reports::{MunicipalityAnswers, MunicipalityReport, MunicipalityRound},
    registration::applications::SeatState,
};
use shared_web::Context;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Fewest participants whose attendance is shown together. The director reads each one's in
/// `completions`; the report goes on to others by its link.
const FEWEST: usize = 3;
/// Rounds that the report shows: the latest.
const MOST_ROUNDS: u64 = 100;

/// A municipality that the caller decides for; every other is not there.
pub async fn known(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: OrganisationId,
) -> Result<organisations::Model, Problem> {
    let missing = || Problem::of(&codes::NOT_FOUND);
    if !context.caller.directs(id) {
        return Err(missing());
    }
    organisations::find(connection, id)
        .await?
        .ok_or_else(missing)
}

/// The report of a municipality.
pub async fn report(
    connection: &impl ConnectionTrait,
    context: &Context,
    municipality: organisations::Model,
) -> Result<MunicipalityReport, DatabaseError> {
    let id = OrganisationId::from(municipality.id);
    let mut own: BTreeMap<Uuid, Vec<participations::Model>> = BTreeMap::new();
    for part in parts(connection, id).await? {
        own.entry(part.round_id).or_default().push(part);
    }
    let ids: Vec<Uuid> = own.keys().copied().collect();
    let found = known::Entity::find()
        .filter(known::Column::Id.is_in(ids.iter().copied()))
        .order_by_desc(known::Column::StartsOn)
        .order_by_desc(known::Column::Id)
        .limit(MOST_ROUNDS);
    let all = rounds::participants(connection, &ids).await?;
    let mut words = Words::default();
    let mut shown = Vec::new();
    for round in found.all(connection).await? {
        let parts = own.get(&round.id).map_or(&[][..], Vec::as_slice);
        let surveys = rounds::surveys(
            connection,
            &mut words,
            context,
            round.id.into(),
            Depth::Totals,
        )
        .await?;
        shown.push(MunicipalityRound {
            round_id: round.id.into(),
            name: rounds::name(&round)?,
            own_participants_count: number(parts.len()),
            own_completed_count: number(rounds::completed(parts)),
            own_attendance_percent: attendance(connection, parts).await?,
            participants_count: all
                .get(&round.id)
                .map_or(0, |all| i32::try_from(*all).unwrap_or(i32::MAX)),
            surveys,
        });
    }
    let href = context.href(format!("municipalities/{id}/report"));
    Ok(MunicipalityReport {
        municipality_id: id,
        name: municipality.name,
        rounds: shown,
        own_answers: own_answers(connection, &mut words, id).await?,
        links: Links::to_self(&href).with("link", "POST", format!("{href}/links")),
    })
}

/// How much of their days some participants were present at, in percent; nothing of fewer than
/// [`FEWEST`], or before scheduling told of as many.
async fn attendance(
    connection: &impl ConnectionTrait,
    parts: &[participations::Model],
) -> Result<Option<i32>, DatabaseError> {
    let ids: Vec<Uuid> = parts.iter().map(|part| part.id).collect();
    let told = attendance::states(connection, &ids).await?;
    let sum = |quarters: fn(&attendance::Model) -> i32| -> i64 {
        told.values().map(|one| i64::from(quarters(one))).sum()
    };
    let (counted, total) = (
        sum(|one| one.counted_quarters),
        sum(|one| one.total_quarters),
    );
    if told.len() < FEWEST || total <= 0 {
        return Ok(None);
    }
    Ok(i32::try_from(100 * counted / total).ok())
}

async fn parts(
    connection: &impl ConnectionTrait,
    id: OrganisationId,
) -> Result<Vec<participations::Model>, DatabaseError> {
    use participations::{Column, Entity};
    let seats = [SeatState::Accepted, SeatState::Completed].map(column::text);
    let own = Entity::find()
        .filter(Column::MunicipalityId.eq(id.uuid()))
        .filter(Column::Seat.is_in(seats));
    Ok(own.all(connection).await?)
}

async fn own_answers(
    connection: &impl ConnectionTrait,
    words: &mut Words,
    id: OrganisationId,
) -> Result<Vec<MunicipalityAnswers>, DatabaseError> {
    let mut answers = Vec::new();
    for row in reserve::of_municipality(connection, id.uuid()).await? {
        let asked = words
            .of(connection, row.instrument_id, row.instrument_version)
            .await?;
        if let Some(question) = view::question(column::from_json(row.question)?, &asked) {
            answers.push(MunicipalityAnswers {
                instrument_id: row.instrument_id.into(),
                instrument_version: row.instrument_version,
                surveys_count: row.surveys_count,
                question,
            });
        }
    }
    Ok(answers)
}
