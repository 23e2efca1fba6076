//! Queries of applications.

use super::entity;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, Order, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, Select,
    sea_query::{Expr, NullOrdering},
};
use shared_database::{Change, DatabaseError, column, row};
use shared_types::{
    ApplicationId, Caller, OrganisationId, Role, RoundId,
    registration::applications::{AdmissionVerdict, ApplicationState, SeatState},
};
use uuid::Uuid;

/// The applications that a caller may know: one's own, those of the organisers whose
/// programmes the caller coordinates, and what was handed in by the municipality for which the
/// caller decides or the organisation whose people the caller keeps.
pub fn scoped(caller: &Caller) -> Select<entity::Entity> {
    let none = Condition::any();
    let any = reasons(caller).into_iter().fold(none, Condition::add);
    if any.is_empty() {
        // An empty condition would be none at all.
        return entity::Entity::find().filter(entity::Column::Id.is_null());
    }
    entity::Entity::find().filter(any)
}

/// [`scoped`], taken apart into the reasons why a caller may know an application: each is read
/// from an index of its own, in the list's order.
pub fn scopes(caller: &Caller) -> Vec<Select<entity::Entity>> {
    let select = |reason| entity::Entity::find().filter(reason);
    reasons(caller).into_iter().map(select).collect()
}

fn reasons(caller: &Caller) -> Vec<Condition> {
    let of = |role, column: entity::Column| {
        let scope = caller.scope(role);
        scope.map(move |id| Condition::all().add(column.eq(OrganisationId::uuid(id))))
    };
    let handed_in = || entity::Column::State.ne(column::text(ApplicationState::Draft));
    let own = caller.person.map(|person| person.uuid());
    of(Role::Coordinator, entity::Column::OrganiserId)
        .chain(of(Role::Director, entity::Column::MunicipalityId).map(|one| one.add(handed_in())))
        .chain(of(Role::Hr, entity::Column::OrganisationId).map(|one| one.add(handed_in())))
        .chain(own.map(|person| Condition::all().add(entity::Column::PersonId.eq(person))))
        .collect()
}

/// An application that the caller may know.
pub async fn find(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    id: ApplicationId,
) -> Result<Option<entity::Model>, DatabaseError> {
    Ok(scoped(caller)
        .filter(entity::Column::Id.eq(id.uuid()))
        .one(connection)
        .await?)
}

/// An application, whoever asks: for links and for what the system does by itself.
pub async fn find_any(
    connection: &impl ConnectionTrait,
    id: ApplicationId,
) -> Result<Option<entity::Model>, DatabaseError> {
    Ok(entity::Entity::find_by_id(id.uuid())
        .one(connection)
        .await?)
}

/// Saves a changed application as its next version; `live` follows from its facts.
pub async fn save(
    change: &Change,
    mut application: entity::Model,
) -> Result<entity::Model, DatabaseError> {
    application.version += 1;
    application.live = super::model::Facts::read(&application)?.live();
    row::update::<entity::Entity>(change.tx(), application).await
}

/// Accepted seats and live offers of a round.
pub async fn count_seats(
    connection: &impl ConnectionTrait,
    round: RoundId,
) -> Result<i32, DatabaseError> {
    let count = taken_seats(round).count(connection).await?;
    Ok(i32::try_from(count).unwrap_or(i32::MAX))
}

/// Applications that hold a seat of a round.
pub fn taken_seats(round: RoundId) -> Select<entity::Entity> {
    of_round(round).filter(
        entity::Column::Seat.is_in([SeatState::Accepted, SeatState::Offered].map(column::text)),
    )
}

/// All applications of a round.
pub fn of_round(round: RoundId) -> Select<entity::Entity> {
    entity::Entity::find().filter(entity::Column::RoundId.eq(round.uuid()))
}

/// Applications of a round that were handed in and that nobody has decided.
pub async fn undecided(
    connection: &impl ConnectionTrait,
    round: RoundId,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let pending = of_round(round)
        .filter(entity::Column::State.eq(column::text(ApplicationState::Submitted)))
        .filter(entity::Column::Admission.eq(column::text(AdmissionVerdict::Pending)))
        .filter(entity::Column::Replaces.is_null())
        .order_by_asc(entity::Column::Id);
    Ok(pending.all(connection).await?)
}

/// Live applications of a round that wait for their office.
pub async fn awaiting(
    connection: &impl ConnectionTrait,
    round: RoundId,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let awaiting = of_round(round)
        // In so many words: SQLite reads a partial index for a constant only.
        .filter(Expr::cust("endorsement = 'awaiting'"))
        .filter(entity::Column::Live.eq(true))
        .order_by_asc(entity::Column::Id);
    Ok(awaiting.all(connection).await?)
}

/// The queue of a round, in its order: as it was frozen, then later entrants.
pub async fn queue(
    connection: &impl ConnectionTrait,
    round: RoundId,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let waiting = of_round(round)
        .filter(entity::Column::State.eq(column::text(ApplicationState::Submitted)))
        .filter(entity::Column::Admission.eq(column::text(AdmissionVerdict::Waitlisted)))
        .filter(entity::Column::Seat.eq(column::text(SeatState::None)))
        .order_by_with_nulls(
            entity::Column::QueuePosition,
            Order::Asc,
            NullOrdering::Last,
        )
        .order_by_asc(entity::Column::WaitlistedAt)
        .order_by_asc(entity::Column::Id);
    Ok(waiting.all(connection).await?)
}

/// The application of a person who is named to take over a seat.
pub async fn pending_substitute(
    connection: &impl ConnectionTrait,
    seat: ApplicationId,
) -> Result<Option<entity::Model>, DatabaseError> {
    let pending = entity::Entity::find()
        .filter(entity::Column::Replaces.eq(seat.uuid()))
        .filter(entity::Column::Live.eq(true))
        .filter(entity::Column::Seat.eq(column::text(SeatState::None)));
    Ok(pending.one(connection).await?)
}

/// Applications to which a person of the municipality applied, for a slate: everything handed
/// in, in the order in which it was.
pub async fn of_office(
    connection: &impl ConnectionTrait,
    round: RoundId,
    ids: Vec<Uuid>,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let handed_in = of_round(round)
        .filter(entity::Column::Id.is_in(ids))
        .filter(entity::Column::State.eq(column::text(ApplicationState::Submitted)))
        .order_by_asc(entity::Column::SubmittedAt)
        .order_by_asc(entity::Column::Id);
    Ok(handed_in.all(connection).await?)
}

/// Every live application of a round.
pub async fn all_live(
    connection: &impl ConnectionTrait,
    round: RoundId,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let live = of_round(round)
        .filter(entity::Column::Live.eq(true))
        .order_by_asc(entity::Column::Id);
    Ok(live.all(connection).await?)
}

/// Ids of applications whose offers may have run out: the sweep judges each in its own zone.
pub async fn offers_due(
    connection: &impl ConnectionTrait,
    tomorrow: chrono::NaiveDate,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let offered = entity::Entity::find()
        // In so many words: SQLite reads a partial index for a constant only.
        .filter(Expr::cust("seat = 'offered'"))
        .filter(entity::Column::AnswerBy.lt(tomorrow))
        .order_by_asc(entity::Column::Id)
        .limit(1000);
    Ok(offered.all(connection).await?)
}
