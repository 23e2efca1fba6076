//! What the applicants' pages ask the database: employers, departments, earlier applications.

use crate::{
    applications::{entity, store},
    endorsements::link,
    mail::LinkKind,
    offices,
    organisations::{self, department, partnership},
    people::{self, model::email_key},
    rounds::model::Terms,
};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, QueryTrait as _,
};
use shared_database::{DatabaseError, column};
use shared_types::{
    DepartmentId, OrganisationId, RoundId,
    registration::{applications::ApplicationState, offices::OfficeKind, rounds::EndorsementRule},
};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Hours for which an unconfirmed application counts against its address.
const OPEN_HOURS: i64 = 24;
/// Organisations form a shallow tree; deeper ones are a mistake.
const MOST_LEVELS: usize = 10;

/// The organisations whose people may apply, by name: for a round for partners the organiser,
/// its partners, and what belongs to them; and where an office has to endorse, those that
/// have one.
pub(super) async fn of_round(
    connection: &impl ConnectionTrait,
    terms: &Terms,
    elected_office: bool,
) -> Result<Vec<(OrganisationId, String)>, DatabaseError> {
    use organisations::entity::{Column, Entity};
    let all = Entity::find()
        .order_by_asc(Column::Name)
        .order_by_asc(Column::Id);
    let all = all.all(connection).await?;
    let partners = if terms.eligibility.partners_only {
        Some(partners(connection, terms.organiser).await?)
    } else {
        None
    };
    let must_endorse = terms.endorsement == EndorsementRule::MunicipalDirector;
    let directed = if must_endorse && !elected_office {
        Some(directed(connection).await?)
    } else {
        None
    };
    let parents: HashMap<Uuid, Option<Uuid>> =
        all.iter().map(|row| (row.id, row.parent_id)).collect();
    let may_apply = |row: &organisations::entity::Model| {
        let belongs = partners
            .as_ref()
            .is_none_or(|partners| lineage(row.id, &parents).any(|id| partners.contains(&id)));
        let endorsed = directed.as_ref().is_none_or(|directed| {
            row.municipality_id
                .is_some_and(|municipality| directed.contains(&municipality))
        });
        belongs && endorsed
    };
    Ok(all
        .into_iter()
        .filter(may_apply)
        .map(|row| (row.id.into(), row.name))
        .collect())
}

/// An organisation and what it belongs to.
fn lineage(id: Uuid, parents: &HashMap<Uuid, Option<Uuid>>) -> impl Iterator<Item = Uuid> {
    std::iter::successors(Some(id), |id| parents.get(id).copied().flatten()).take(MOST_LEVELS)
}

async fn partners(
    connection: &impl ConnectionTrait,
    organiser: OrganisationId,
) -> Result<HashSet<Uuid>, DatabaseError> {
    let rows: Vec<partnership::Model> = organisations::store::partners(organiser)
        .all(connection)
        .await?;
    let partners = rows.into_iter().map(|row| row.organisation_id);
    Ok(partners.chain([organiser.uuid()]).collect())
}

/// The municipalities that have a director's office.
async fn directed(connection: &impl ConnectionTrait) -> Result<HashSet<Uuid>, DatabaseError> {
    let director = column::text(OfficeKind::MunicipalDirector);
    let offices = offices::entity::Entity::find()
        .filter(offices::entity::Column::Kind.eq(director))
        .all(connection)
        .await?;
    Ok(offices.into_iter().map(|row| row.organisation_id).collect())
}

/// The department of an organisation that bears a name.
pub(super) async fn department(
    connection: &impl ConnectionTrait,
    organisation: OrganisationId,
    name: &str,
) -> Result<Option<DepartmentId>, DatabaseError> {
    let wanted = name.to_lowercase();
    let known: Vec<department::Model> = organisations::store::departments(organisation)
        .all(connection)
        .await?;
    let found = known
        .into_iter()
        .find(|row| row.name.to_lowercase() == wanted);
    Ok(found.map(|row| row.id.into()))
}

/// The name of a person's employer, with the department.
pub(super) async fn name(
    connection: &impl ConnectionTrait,
    person: &people::entity::Model,
) -> Result<String, DatabaseError> {
    let employer = organisations::store::find(connection, person.organisation_id.into()).await?;
    let employer = employer.map(|row| row.name).unwrap_or_default();
    let Some(department) = person.department_id else {
        return Ok(employer);
    };
    let department = department::Entity::find_by_id(department)
        .one(connection)
        .await?;
    Ok(department.map_or_else(
        || employer.clone(),
        |row| format!("{}, {employer}", row.name),
    ))
}

/// How many applications of an address for a round lately wait to be confirmed.
pub(super) async fn unconfirmed(
    connection: &impl ConnectionTrait,
    round: RoundId,
    email: &str,
    now: DateTime<Utc>,
) -> Result<u64, DatabaseError> {
    let drafts = of_address(round, email)
        .filter(entity::Column::State.eq(column::text(ApplicationState::Draft)))
        .select_only()
        .column(entity::Column::Id);
    let since = now - TimeDelta::hours(OPEN_HOURS);
    Ok(link::Entity::find()
        .filter(link::Column::Kind.eq(LinkKind::ApplicationConfirm.word()))
        .filter(link::Column::RoundId.eq(round.uuid()))
        .filter(link::Column::CreatedAt.gt(since))
        .filter(link::Column::ApplicationId.in_subquery(drafts.into_query()))
        .count(connection)
        .await?)
}

/// Whether a person of this name and address has a live application for the round already: who
/// fills in the form twice is a new person each time, but applies once.
pub(super) async fn has_applied(
    connection: &impl ConnectionTrait,
    round: RoundId,
    person: &people::entity::Model,
) -> Result<bool, DatabaseError> {
    let live = of_address(round, &person.email).filter(entity::Column::Live.eq(true));
    let applied = live
        .all(connection)
        .await?
        .into_iter()
        .map(|row| row.person_id);
    let names = people::store::names(connection, applied).await?;
    let own = person.name.to_lowercase();
    Ok(names.values().any(|name| name.to_lowercase() == own))
}

/// The applications for a round of everybody with an address.
fn of_address(round: RoundId, email: &str) -> sea_orm::Select<entity::Entity> {
    let people = people::entity::Entity::find()
        .select_only()
        .column(people::entity::Column::Id)
        .filter(people::entity::Column::EmailKey.eq(email_key(email)))
        .into_query();
    store::of_round(round).filter(entity::Column::PersonId.in_subquery(people))
}
