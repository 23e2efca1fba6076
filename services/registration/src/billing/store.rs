//! Queries of billing.

use super::{charge_entity, details_entity, entity, line_entity, terms_entity};
use crate::{applications, rounds};
use chrono::NaiveDate;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, QueryTrait as _, Select,
};
use shared_database::{DatabaseError, column, page};
use shared_types::{
    Caller, InvoiceId, OrganisationId, Role, RoundId,
    registration::{
        applications::SeatState,
        billing::{InvoiceState, NewBillingDetails},
        rounds::RoundState,
    },
};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// States of a seat that was accepted once: what may cost something.
const ACCEPTED: [SeatState; 5] = [
    SeatState::Accepted,
    SeatState::Withdrawn,
    SeatState::Substituted,
    SeatState::Completed,
    SeatState::Discontinued,
];

/// Rows that one statement names.
const MOST_NAMED: usize = 500;

/// Why a caller may know documents: all of the organisers whose programmes the caller
/// coordinates; and what was issued to the organisations that the caller keeps, decides for, or
/// coordinates.
pub fn reasons(caller: &Caller) -> Vec<Condition> {
    let scope = |role| caller.scope(role).map(OrganisationId::uuid);
    let buying: BTreeSet<Uuid> = [Role::Hr, Role::Director, Role::Coordinator]
        .into_iter()
        .flat_map(scope)
        .collect();
    let sold =
        scope(Role::Coordinator).map(|id| Condition::all().add(entity::Column::OrganiserId.eq(id)));
    let bought = buying.into_iter().map(|id| {
        Condition::all()
            .add(entity::Column::OrganisationId.eq(id))
            .add(entity::Column::State.ne(column::text(InvoiceState::Draft)))
    });
    sold.chain(bought).collect()
}

/// A document that the caller may know.
pub async fn find(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    id: InvoiceId,
) -> Result<Option<entity::Model>, DatabaseError> {
    let found = entity::Entity::find_by_id(id.uuid())
        .filter(page::seen(&reasons(caller), entity::Column::Id));
    Ok(found.one(connection).await?)
}

/// Documents by id, whoever asks.
pub async fn by_id(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, entity::Model>, DatabaseError> {
    let ids: Vec<Uuid> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let select = entity::Entity::find().filter(entity::Column::Id.is_in(ids));
    let rows = select.all(connection).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// The lines of a document.
pub fn lines(id: Uuid) -> Select<line_entity::Entity> {
    line_entity::Entity::find().filter(line_entity::Column::InvoiceId.eq(id))
}

/// All lines of a document, in their order.
pub async fn all_lines(
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Vec<line_entity::Model>, DatabaseError> {
    let lines = lines(id).order_by_asc(line_entity::Column::Position);
    Ok(lines.all(connection).await?)
}

/// Rates on the lines of drafts, by document.
pub async fn rates(
    connection: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<i32>>, DatabaseError> {
    let mut rates: HashMap<Uuid, Vec<i32>> = HashMap::new();
    if ids.is_empty() {
        return Ok(rates);
    }
    let rows: Vec<(Uuid, i32)> = line_entity::Entity::find()
        .select_only()
        .column(line_entity::Column::InvoiceId)
        .column(line_entity::Column::VatPermille)
        .distinct()
        .filter(line_entity::Column::InvoiceId.is_in(ids.iter().copied()))
        .into_tuple()
        .all(connection)
        .await?;
    for (id, rate) in rows {
        rates.entry(id).or_default().push(rate);
    }
    Ok(rates)
}

/// What lines bill of their charges: own rows, and those of the lines that credit them.
pub async fn charges_of(
    connection: &impl ConnectionTrait,
    lines: &[Uuid],
) -> Result<Vec<(Uuid, charge_entity::Model)>, DatabaseError> {
    let mut found = Vec::new();
    for some in lines.chunks(MOST_NAMED) {
        let credits = line_entity::Entity::find()
            .filter(line_entity::Column::CreditsLineId.is_in(some.iter().copied()))
            .all(connection)
            .await?;
        let of: HashMap<Uuid, Uuid> = credits
            .into_iter()
            .filter_map(|line| Some((line.id, line.credits_line_id?)))
            .collect();
        let named: Vec<Uuid> = some.iter().copied().chain(of.keys().copied()).collect();
        for named in named.chunks(MOST_NAMED) {
            let rows = charge_entity::Entity::find()
                .filter(charge_entity::Column::LineId.is_in(named.iter().copied()))
                .order_by_asc(charge_entity::Column::Number)
                .all(connection)
                .await?;
            found.extend(rows.into_iter().map(|row| {
                let line = of.get(&row.line_id).copied().unwrap_or(row.line_id);
                (line, row)
            }));
        }
    }
    Ok(found)
}

/// Everything that is billed of some participations, drafts included.
pub async fn billed(
    connection: &impl ConnectionTrait,
    participations: &[Uuid],
) -> Result<Vec<charge_entity::Model>, DatabaseError> {
    let mut found = Vec::new();
    for some in participations.chunks(MOST_NAMED) {
        let select = charge_entity::Entity::find()
            .filter(charge_entity::Column::ParticipationId.is_in(some.iter().copied()));
        found.extend(select.all(connection).await?);
    }
    Ok(found)
}

/// Lines of issued invoices on which some participations stand.
pub async fn invoiced_lines(
    connection: &impl ConnectionTrait,
    participations: &[Uuid],
) -> Result<Vec<line_entity::Model>, DatabaseError> {
    let mut found = Vec::new();
    for some in participations.chunks(MOST_NAMED) {
        let issued = entity::Entity::find()
            .select_only()
            .column(entity::Column::Id)
            .filter(entity::Column::State.eq(column::text(InvoiceState::Issued)));
        let select = line_entity::Entity::find()
            .filter(line_entity::Column::ParticipationId.is_in(some.iter().copied()))
            .filter(line_entity::Column::CreditsLineId.is_null())
            .filter(line_entity::Column::InvoiceId.in_subquery(issued.into_query()))
            .order_by_asc(line_entity::Column::Id);
        found.extend(select.all(connection).await?);
    }
    Ok(found)
}

/// Participations that may cost something, or were billed: those whose seat was accepted, the
/// first of each that was handed on.
pub fn participations(round: RoundId) -> Select<applications::entity::Entity> {
    use applications::entity::{Column, Entity};
    let billed = charge_entity::Entity::find()
        .select_only()
        .column(charge_entity::Column::ParticipationId)
        .filter(charge_entity::Column::RoundId.eq(round.uuid()))
        .into_query();
    Entity::find()
        .filter(Column::RoundId.eq(round.uuid()))
        .filter(Column::Replaces.is_null())
        .filter(
            Condition::any()
                .add(Column::Seat.is_in(ACCEPTED.map(column::text)))
                .add(Column::Id.in_subquery(billed)),
        )
}

/// Who took over a seat, by who gave it up.
pub async fn successors(
    connection: &impl ConnectionTrait,
    round: RoundId,
) -> Result<HashMap<Uuid, applications::entity::Model>, DatabaseError> {
    use applications::entity::{Column, Entity};
    let rows = Entity::find()
        .filter(Column::RoundId.eq(round.uuid()))
        .filter(Column::Seat.is_in(ACCEPTED.map(column::text)))
        .filter(Column::Replaces.is_not_null())
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| Some((row.replaces?, row)))
        .collect())
}

/// The organiser's rounds that may cost something.
pub async fn rounds(
    connection: &impl ConnectionTrait,
    organiser: OrganisationId,
    only: Option<RoundId>,
) -> Result<Vec<rounds::entity::Model>, DatabaseError> {
    use rounds::entity::{Column, Entity};
    let mut select = Entity::find()
        .filter(Column::OrganiserId.eq(organiser.uuid()))
        .filter(
            Column::State.is_not_in([RoundState::Draft, RoundState::Cancelled].map(column::text)),
        )
        .order_by_asc(Column::Id);
    if let Some(only) = only {
        select = select.filter(Column::Id.eq(only.uuid()));
    }
    Ok(select.all(connection).await?)
}

/// Documents that an organiser issued in a period, in the order of their numbers.
pub fn issued(
    organiser: OrganisationId,
    from: NaiveDate,
    until: NaiveDate,
) -> Select<entity::Entity> {
    entity::Entity::find()
        .filter(entity::Column::OrganiserId.eq(organiser.uuid()))
        .filter(entity::Column::IssuedOn.between(from, until))
        .filter(entity::Column::State.ne(column::text(InvoiceState::Draft)))
        .order_by_asc(entity::Column::Number)
}

/// What an organisation wants said on invoices, with its version.
pub async fn details(
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<(NewBillingDetails, i32)>, DatabaseError> {
    let row = details_entity::Entity::find_by_id(id)
        .one(connection)
        .await?;
    row.map(|row| Ok((column::from_json(row.details)?, row.version)))
        .transpose()
}

/// What some organisations want said on invoices.
pub async fn details_of(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, NewBillingDetails>, DatabaseError> {
    let ids: Vec<Uuid> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let select =
        details_entity::Entity::find().filter(details_entity::Column::OrganisationId.is_in(ids));
    let rows = select.all(connection).await?.into_iter();
    rows.map(|row| Ok((row.organisation_id, column::from_json(row.details)?)))
        .collect()
}

/// What a round says of paying.
pub async fn terms(
    connection: &impl ConnectionTrait,
    id: RoundId,
) -> Result<Option<terms_entity::Model>, DatabaseError> {
    Ok(terms_entity::Entity::find_by_id(id.uuid())
        .one(connection)
        .await?)
}

/// Deletes a draft with its lines.
pub async fn delete(connection: &impl ConnectionTrait, id: Uuid) -> Result<(), DatabaseError> {
    let own = line_entity::Entity::find()
        .select_only()
        .column(line_entity::Column::Id)
        .filter(line_entity::Column::InvoiceId.eq(id))
        .into_query();
    charge_entity::Entity::delete_many()
        .filter(charge_entity::Column::LineId.in_subquery(own))
        .exec(connection)
        .await?;
    line_entity::Entity::delete_many()
        .filter(line_entity::Column::InvoiceId.eq(id))
        .exec(connection)
        .await?;
    entity::Entity::delete_by_id(id).exec(connection).await?;
    Ok(())
}
