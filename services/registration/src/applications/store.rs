//! Queries of applications.

use super::entity;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, ExprTrait as _, Order,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, Select, Statement,
    sea_query::{Expr, NullOrdering, SelectStatement},
};
use shared_database::{Change, DatabaseError, column, page, row};
use shared_types::{
    ApplicationId, Caller, OrganisationId, PersonId, Role, RoundId,
    registration::applications::{AdmissionVerdict, ApplicationState, SeatState},
};
use std::collections::HashMap;
use uuid::Uuid;

/// The applications that a caller may know: one's own, those of the organisers whose
/// programmes the caller coordinates, and what was handed in by the municipality for which the
/// caller decides or the organisation whose people the caller keeps.
pub fn scoped(caller: &Caller) -> Select<entity::Entity> {
    if judges_organisation(caller) {
        let seen = page::seen(&reasons(caller), entity::Column::Id);
        entity::Entity::find().filter(seen)
    } else {
        entity::Entity::find()
    }
}

/// Whether a caller sees only what is theirs to see. Tests switch that off to show that they
/// would notice.
#[cfg(not(feature = "sabotage"))]
const fn judges_organisation(_: &Caller) -> bool {
    true
}

#[cfg(feature = "sabotage")]
fn judges_organisation(caller: &Caller) -> bool {
    !sabotage::is_skipped(&caller.subject)
}

/// The switch by which tests take the scope away from callers of their own. The feature is
/// switched on by tests alone.
#[cfg(feature = "sabotage")]
pub mod sabotage {
    use std::{collections::HashSet, sync::Mutex};

    static SUBJECTS: Mutex<Option<HashSet<String>>> = Mutex::new(None);

    /// From now on this caller knows every application.
    pub fn skip_organisation(subject: String) {
        if let Ok(mut subjects) = SUBJECTS.lock() {
            subjects.get_or_insert_default().insert(subject);
        }
    }

    pub(super) fn is_skipped(subject: &str) -> bool {
        let subjects = SUBJECTS.lock();
        subjects.is_ok_and(|all| all.as_ref().is_some_and(|all| all.contains(subject)))
    }
}

/// [`scoped`], taken apart into the reasons why a caller may know an application: each is read
/// from an index of its own, in the list's order.
pub fn scopes(caller: &Caller) -> Vec<Select<entity::Entity>> {
    let select = |reason| entity::Entity::find().filter(reason);
    if !judges_organisation(caller) {
        return vec![entity::Entity::find()];
    }
    reasons(caller).into_iter().map(select).collect()
}

fn reasons(caller: &Caller) -> Vec<Condition> {
    let of = |role, column: entity::Column| {
        let scope = caller.scope(role);
        scope.map(move |id| Condition::all().add(column.eq(OrganisationId::uuid(id))))
    };
    let handed_in = || entity::Column::State.ne(column::text(ApplicationState::Draft));
    let own = caller.person.map(PersonId::uuid);
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

/// The same applications as they are now, in the same order.
pub async fn in_order(
    connection: &impl ConnectionTrait,
    rows: &[entity::Model],
) -> Result<Vec<entity::Model>, DatabaseError> {
    let ids = rows.iter().map(|row| row.id);
    let found = entity::Entity::find()
        .filter(entity::Column::Id.is_in(ids))
        .all(connection)
        .await?;
    let mut by_id: HashMap<Uuid, _> = found.into_iter().map(|row| (row.id, row)).collect();
    Ok(rows
        .iter()
        .filter_map(|row| by_id.remove(&row.id))
        .collect())
}

/// A seat in which somebody completed the round stays taken: nobody follows on it.
/// One statement, since everybody who changes seats waits for it under the round's lock.
const COUNT_SEATS: &str = "SELECT
    (SELECT COUNT(*) FROM applications WHERE round_id = $1 AND seat IN ('accepted', 'offered', 'completed'))
    + (SELECT COALESCE(SUM(seats - seats_used), 0) FROM holds WHERE round_id = $1 AND state = 'held')
    AS used";

/// Accepted and completed seats, live offers and held seats of a round.
pub async fn count_seats(
    connection: &impl ConnectionTrait,
    round: RoundId,
) -> Result<i32, DatabaseError> {
    let backend = connection.get_database_backend();
    let count = Statement::from_sql_and_values(backend, COUNT_SEATS, [round.uuid().into()]);
    let row = connection.query_one_raw(count).await?;
    let used: i64 = row.map_or(Ok(0), |row| row.try_get("", "used"))?;
    Ok(i32::try_from(used).unwrap_or(i32::MAX))
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
    ids: SelectStatement,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let handed_in = of_round(round)
        .filter(entity::Column::Id.in_subquery(ids))
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

/// A person's drafts and live applications, round after round in one order, as their locks are
/// taken.
pub async fn unfinished_of(
    connection: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let draft = entity::Column::State.eq(column::text(ApplicationState::Draft));
    let unfinished = entity::Entity::find()
        .filter(entity::Column::PersonId.eq(person.uuid()))
        .filter(entity::Column::Live.eq(true).or(draft))
        .order_by_asc(entity::Column::RoundId)
        .order_by_asc(entity::Column::Id);
    Ok(unfinished.all(connection).await?)
}

/// Ids of everything that a person ever applied with.
pub async fn ids_of(
    connection: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Vec<Uuid>, DatabaseError> {
    let own = entity::Entity::find()
        .select_only()
        .column(entity::Column::Id)
        .filter(entity::Column::PersonId.eq(person.uuid()));
    Ok(own.into_tuple().all(connection).await?)
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
        .order_by_asc(entity::Column::AnswerBy)
        .order_by_asc(entity::Column::Id)
        .limit(1000);
    Ok(offered.all(connection).await?)
}
