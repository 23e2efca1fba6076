//! A round's report, for its organiser's board.

use super::{
    store,
    view::{self, Depth, Words},
};
use crate::{
    effects,
    networks::{self, draw::Drawing},
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QuerySelect as _,
};
use shared_database::{DatabaseError, column};
use shared_projections::{participations, rounds};
use shared_types::{
    Links, LocalizedText, Problem, RoundId, codes,
    evaluation::reports::{RoundReport, SurveyReport},
    registration::applications::SeatState,
};
use shared_web::Context;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A round's report, and the drawings that its page shows, network by network.
#[derive(Debug)]
pub struct Drawn {
    /// The report.
    pub report: RoundReport,
    /// Drawings by kind of tie.
    pub drawings: Vec<BTreeMap<String, Drawing>>,
}

/// A round that the caller reads reports of; every other is not there.
pub async fn known(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: RoundId,
) -> Result<rounds::Model, Problem> {
    let round = rounds::find(connection, id).await?;
    let round = round.filter(|row| store::reads(&context.caller, row.organiser_id.into()));
    round.ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

/// The report of a round.
pub async fn report(
    connection: &impl ConnectionTrait,
    context: &Context,
    round: rounds::Model,
) -> Result<Drawn, DatabaseError> {
    let id = RoundId::from(round.id);
    let parts = participations::of_round(connection, id).await?;
    let municipalities: BTreeSet<Option<Uuid>> =
        parts.iter().map(|part| part.municipality_id).collect();
    let mut words = Words::default();
    let surveys = surveys(connection, &mut words, context, id, Depth::Whole).await?;
    let drawn = networks::store::of_round(connection, &mut words, id).await?;
    let (networks, drawings) = drawn.into_iter().unzip();
    let href = context.href(format!("rounds/{id}/report"));
    let links = Links::to_self(&href).with("link", "POST", format!("{href}/links"));
    let report = RoundReport {
        round_id: id,
        name: name(&round)?,
        participants_count: number(parts.len()),
        completed_count: number(completed(&parts)),
        municipalities_count: number(municipalities.iter().flatten().count()),
        surveys,
        effects: effects::store::of_round(connection, &mut words, id).await?,
        networks,
        links,
    };
    Ok(Drawn { report, drawings })
}

/// The closed surveys of a round, the latest first.
pub async fn surveys(
    connection: &impl ConnectionTrait,
    words: &mut Words,
    context: &Context,
    round: RoundId,
    depth: Depth,
) -> Result<Vec<SurveyReport>, DatabaseError> {
    let mut surveys = Vec::new();
    for row in store::of_round(connection, round).await? {
        surveys.push(view::survey(connection, words, row, depth, context).await?);
    }
    Ok(surveys)
}

/// How many of these have completed.
pub fn completed(parts: &[participations::Model]) -> usize {
    let word = column::text(SeatState::Completed);
    parts.iter().filter(|part| part.seat == word).count()
}

/// How many take part in each round.
pub async fn participants(
    connection: &impl ConnectionTrait,
    rounds: &[Uuid],
) -> Result<BTreeMap<Uuid, i64>, DatabaseError> {
    use participations::{Column, Entity};
    let seats = [SeatState::Accepted, SeatState::Completed].map(column::text);
    let counts = Entity::find()
        .select_only()
        .column(Column::RoundId)
        .column_as(Column::Id.count(), "count")
        .filter(Column::RoundId.is_in(rounds.iter().copied()))
        .filter(Column::Seat.is_in(seats))
        .group_by(Column::RoundId)
        .into_tuple::<(Uuid, i64)>();
    Ok(counts.all(connection).await?.into_iter().collect())
}

/// A round's name.
pub fn name(round: &rounds::Model) -> Result<LocalizedText, DatabaseError> {
    column::from_json(round.name.clone())
}

/// A number on the wire.
pub fn number(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
