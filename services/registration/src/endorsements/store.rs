//! Queries of endorsements and links.

use super::{entity, link};
use crate::applications;
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, QueryTrait as _, Select, sea_query::SelectStatement,
};
use shared_database::DatabaseError;
use shared_types::{ApplicationId, LinkId, OfficeId, PersonId, RoundId};
use std::collections::HashMap;
use uuid::Uuid;

/// The endorsement of an application.
pub async fn of_application(
    connection: &impl ConnectionTrait,
    application: ApplicationId,
) -> Result<Option<entity::Model>, DatabaseError> {
    let found = entity::Entity::find().filter(entity::Column::ApplicationId.eq(application.uuid()));
    Ok(found.one(connection).await?)
}

/// The endorsements of many applications, by application.
pub async fn of_applications(
    connection: &impl ConnectionTrait,
    applications: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, entity::Model>, DatabaseError> {
    let found = entity::Entity::find().filter(entity::Column::ApplicationId.is_in(applications));
    Ok(found
        .all(connection)
        .await?
        .into_iter()
        .map(|row| (row.application_id, row))
        .collect())
}

/// Ids of the applications that an office decides about, to be asked within a query of these.
pub fn applications_of_office(office: OfficeId) -> SelectStatement {
    entity::Entity::find()
        .select_only()
        .column(entity::Column::ApplicationId)
        .filter(entity::Column::OfficeId.eq(office.uuid()))
        .into_query()
}

/// Whether a person has handed an application in by the link that was mailed for it, and so is
/// known to other services.
pub async fn has_confirmed(
    connection: &impl ConnectionTrait,
    person: PersonId,
) -> Result<bool, DatabaseError> {
    let handed_in = applications::entity::Entity::find()
        .select_only()
        .column(applications::entity::Column::Id)
        .filter(applications::entity::Column::PersonId.eq(person.uuid()))
        .filter(applications::entity::Column::SubmittedAt.is_not_null())
        .into_query();
    let confirmed = link::Entity::find()
        .filter(link::Column::Kind.eq(crate::mail::LinkKind::ApplicationConfirm.word()))
        .filter(link::Column::ApplicationId.in_subquery(handed_in));
    Ok(confirmed.one(connection).await?.is_some())
}

/// A link.
pub async fn find_link(
    connection: &impl ConnectionTrait,
    id: LinkId,
) -> Result<Option<link::Model>, DatabaseError> {
    Ok(link::Entity::find_by_id(id.uuid()).one(connection).await?)
}

/// The slate links of a round, revoked ones too.
pub fn slate_links(round: RoundId) -> Select<link::Entity> {
    link::Entity::find()
        .filter(link::Column::RoundId.eq(round.uuid()))
        .filter(link::Column::Kind.eq(crate::mail::LinkKind::Slate.word()))
}

/// The slate links of an office that still work, in all rounds.
pub async fn working_links_of_office(
    connection: &impl ConnectionTrait,
    office: OfficeId,
) -> Result<Vec<link::Model>, DatabaseError> {
    let working = link::Entity::find()
        .filter(link::Column::Kind.eq(crate::mail::LinkKind::Slate.word()))
        .filter(link::Column::OfficeId.eq(office.uuid()))
        .filter(link::Column::RevokedAt.is_null())
        .order_by_asc(link::Column::Id);
    Ok(working.all(connection).await?)
}

/// The link by which an offer is answered, if it still works.
pub async fn working_offer_link(
    connection: &impl ConnectionTrait,
    application: ApplicationId,
) -> Result<Option<link::Model>, DatabaseError> {
    let working = link::Entity::find()
        .filter(link::Column::Kind.eq(crate::mail::LinkKind::Offer.word()))
        .filter(link::Column::ApplicationId.eq(application.uuid()))
        .filter(link::Column::RevokedAt.is_null())
        .order_by_desc(link::Column::Id);
    Ok(working.one(connection).await?)
}

/// The slate link of an office that still works.
pub async fn working_slate_link(
    connection: &impl ConnectionTrait,
    round: RoundId,
    office: OfficeId,
) -> Result<Option<link::Model>, DatabaseError> {
    let working = slate_links(round)
        .filter(link::Column::OfficeId.eq(office.uuid()))
        .filter(link::Column::RevokedAt.is_null())
        .order_by_desc(link::Column::Id);
    Ok(working.one(connection).await?)
}

/// How many slate links an office was sent for a round since a time, revoked ones too.
pub async fn sent_since(
    connection: &impl ConnectionTrait,
    round: RoundId,
    office: OfficeId,
    since: DateTime<Utc>,
) -> Result<u64, DatabaseError> {
    let sent = slate_links(round)
        .filter(link::Column::OfficeId.eq(office.uuid()))
        .filter(link::Column::CreatedAt.gt(since));
    Ok(sent.count(connection).await?)
}
