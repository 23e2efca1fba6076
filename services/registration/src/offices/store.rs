//! Queries of offices: who decides, and whom mail reaches.

use super::{acting_holder, entity, model::Mandate};
use crate::{
    mail::Recipient,
    organisations,
    people::{self, store::recipient as person},
};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, ExprTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Select,
};
use shared_database::{DatabaseError, column};
use shared_types::{
    Caller, LocalizedText, OfficeId, OrganisationId, PersonId, registration::offices::OfficeKind,
};
use std::collections::HashMap;
use uuid::Uuid;

/// The offices that a caller may know: everybody who is known may know who decides.
pub fn scoped(caller: &Caller) -> Select<entity::Entity> {
    let all = entity::Entity::find();
    if caller.is_anonymous() {
        all.filter(entity::Column::Id.is_null())
    } else {
        all
    }
}

/// An office.
pub async fn find(
    connection: &impl ConnectionTrait,
    id: OfficeId,
) -> Result<Option<entity::Model>, DatabaseError> {
    Ok(entity::Entity::find_by_id(id.uuid())
        .one(connection)
        .await?)
}

/// An office that this transaction changes: others wait until it is done.
pub async fn lock(
    connection: &impl ConnectionTrait,
    id: OfficeId,
) -> Result<Option<entity::Model>, DatabaseError> {
    Ok(entity::Entity::find_by_id(id.uuid())
        .lock_exclusive()
        .one(connection)
        .await?)
}

/// The office of a kind that decides for a municipality.
pub async fn of_municipality(
    connection: &impl ConnectionTrait,
    municipality: OrganisationId,
    kind: OfficeKind,
) -> Result<Option<entity::Model>, DatabaseError> {
    Ok(entity::Entity::find()
        .filter(entity::Column::OrganisationId.eq(municipality.uuid()))
        .filter(entity::Column::Kind.eq(column::text(kind)))
        .one(connection)
        .await?)
}

/// Periods of acting holders by office, the earliest first.
pub async fn acting(
    connection: &impl ConnectionTrait,
    offices: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<acting_holder::Model>>, DatabaseError> {
    let offices: Vec<Uuid> = offices.into_iter().collect();
    if offices.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = acting_holder::Entity::find()
        .filter(acting_holder::Column::OfficeId.is_in(offices))
        .order_by_asc(acting_holder::Column::StartsOn)
        .order_by_asc(acting_holder::Column::Id)
        .all(connection)
        .await?;
    let mut by_office: HashMap<Uuid, Vec<acting_holder::Model>> = HashMap::new();
    for row in rows {
        by_office.entry(row.office_id).or_default().push(row);
    }
    Ok(by_office)
}

/// Who acts for an office's holder on a day; of several, whoever began last comes first.
async fn acting_on(
    connection: &impl ConnectionTrait,
    office: &entity::Model,
    on: NaiveDate,
) -> Result<Vec<Uuid>, DatabaseError> {
    let rows = acting_holder::Entity::find()
        .filter(acting_holder::Column::OfficeId.eq(office.id))
        .filter(acting_holder::Column::StartsOn.lte(on))
        .filter(acting_holder::Column::EndsOn.gte(on))
        .order_by_desc(acting_holder::Column::StartsOn)
        .order_by_desc(acting_holder::Column::Id)
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| row.person_id).collect())
}

/// Who may decide in an office on a day: who acts then, and the holder. Whoever is no longer
/// active is not among them.
pub async fn deciders(
    connection: &impl ConnectionTrait,
    office: &entity::Model,
    on: NaiveDate,
) -> Result<Vec<PersonId>, DatabaseError> {
    let mut named = acting_on(connection, office, on).await?;
    named.extend(office.holder_id);
    let active = people::entity::Entity::find()
        .filter(people::entity::Column::Id.is_in(named))
        .filter(people::entity::Column::Active.eq(true))
        .order_by_asc(people::entity::Column::Id)
        .all(connection)
        .await?;
    Ok(active.into_iter().map(|row| row.id.into()).collect())
}

/// Whom an office's mail reaches on a day: who acts then, else the holder, else the office's own
/// address; `None` where there is none.
pub async fn recipient(
    connection: &impl ConnectionTrait,
    office: &entity::Model,
    on: NaiveDate,
) -> Result<Option<Recipient>, DatabaseError> {
    let mut named = acting_on(connection, office, on).await?;
    named.extend(office.holder_id);
    for id in named {
        let row = people::store::find(connection, id.into()).await?;
        if let Some(row) = row.filter(|row| row.active) {
            return Ok(Some(person(&row)?));
        }
    }
    let Some(email) = office.email.clone() else {
        return Ok(None);
    };
    let organisation =
        organisations::store::find(connection, office.organisation_id.into()).await?;
    let language = match organisation {
        Some(organisation) => column::parse(&organisation.language)?,
        None => shared_types::Language::default(),
    };
    let title: LocalizedText = column::from_json(office.title.clone())?;
    Ok(Some(Recipient {
        person: None,
        name: title.best(language).to_owned(),
        email,
        language,
    }))
}

/// The municipalities whose director a person is on a day, as holder or acting.
pub async fn directed(
    connection: &impl ConnectionTrait,
    person: PersonId,
    on: NaiveDate,
) -> Result<Vec<OrganisationId>, DatabaseError> {
    let mandates = mandates(connection, person).await?;
    let counting = mandates.iter().filter(|mandate| mandate.counts_on(on));
    Ok(distinct(counting))
}

/// The municipalities whose director a person is at an instant, each by its own calendar.
pub async fn directed_at(
    connection: &impl ConnectionTrait,
    person: PersonId,
    instant: DateTime<Utc>,
) -> Result<Vec<OrganisationId>, DatabaseError> {
    let mandates = mandates(connection, person).await?;
    if mandates.is_empty() {
        return Ok(Vec::new());
    }
    let ids = mandates.iter().map(|mandate| mandate.organisation_id);
    let organisations = organisations::entity::Entity::find()
        .filter(organisations::entity::Column::Id.is_in(ids))
        .all(connection)
        .await?;
    let zones: HashMap<Uuid, String> = organisations
        .into_iter()
        .map(|row| (row.id, row.time_zone))
        .collect();
    let counting = mandates.iter().filter(|mandate| {
        let zone = zones.get(&mandate.organisation_id);
        mandate.counts_at(instant, zone.map_or("", String::as_str))
    });
    Ok(distinct(counting))
}

fn distinct<'a>(mandates: impl Iterator<Item = &'a Mandate>) -> Vec<OrganisationId> {
    let mut ids: Vec<Uuid> = mandates.map(|mandate| mandate.organisation_id).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.into_iter().map(OrganisationId::from).collect()
}

/// Whether a person is the holder of an office.
pub async fn held_by(
    connection: &impl ConnectionTrait,
    person: PersonId,
) -> Result<bool, DatabaseError> {
    let held = entity::Entity::find().filter(entity::Column::HolderId.eq(person.uuid()));
    Ok(held.one(connection).await?.is_some())
}

/// Forgets when a person acted for holders of offices.
pub async fn forget_acting(
    connection: &impl ConnectionTrait,
    person: PersonId,
) -> Result<(), DatabaseError> {
    acting_holder::Entity::delete_many()
        .filter(acting_holder::Column::PersonId.eq(person.uuid()))
        .exec(connection)
        .await?;
    Ok(())
}

/// By what a person directs municipalities, on whatever day.
async fn mandates(
    connection: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Vec<Mandate>, DatabaseError> {
    let director = entity::Column::Kind.eq(column::text(OfficeKind::MunicipalDirector));
    let periods = acting_holder::Entity::find()
        .filter(acting_holder::Column::PersonId.eq(person.uuid()))
        .all(connection)
        .await?;
    let acted_for = entity::Column::Id.is_in(periods.iter().map(|row| row.office_id));
    let offices = entity::Entity::find()
        .filter(director)
        .filter(entity::Column::HolderId.eq(person.uuid()).or(acted_for))
        .all(connection)
        .await?;
    let of_office = |office: &entity::Model| {
        let (id, organisation_id) = (office.id, office.organisation_id);
        let held = (office.holder_id == Some(person.uuid())).then_some(None);
        let acted = periods.iter().filter(move |row| row.office_id == id);
        let days = held
            .into_iter()
            .chain(acted.map(|row| Some((row.starts_on, row.ends_on))));
        days.map(move |days| Mandate {
            organisation_id,
            days,
        })
        .collect::<Vec<_>>()
    };
    Ok(offices.iter().flat_map(of_office).collect())
}
