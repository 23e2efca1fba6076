//! Everybody who is known.

use crate::keep;
use sea_orm::{QueryFilter as _, entity::prelude::*};
use shared_database::{Change, DatabaseError, column, idempotency, outbox};
use shared_types::{
    Gender, Language, OrganisationId, PersonId,
    facts::{PersonErased, PersonFact},
    registration::people::PersonKind,
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "known_people")]
#[expect(
    missing_docs,
    reason = "the columns are the members of the fact of the same name"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organisation_id: Uuid,
    pub municipality_id: Option<Uuid>,
    pub department_id: Option<Uuid>,
    pub manager_id: Option<Uuid>,
    pub kind: String,
    pub gender: String,
    pub name: String,
    pub language: String,
    pub active: bool,
    pub erased: bool,
    pub version: i32,
}

/// To other tables: none.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

keep::finders!(PersonId);

/// Keeps what a fact says; the municipality is that of the organisation, where it is known.
pub(crate) async fn keep(change: &Change, fact: PersonFact) -> Result<(), DatabaseError> {
    let employer = crate::organisations::find(change.tx(), fact.organisation_id).await?;
    let municipality = employer.map_or(fact.municipality_id.map(Uuid::from), |employer| {
        employer.municipality_id
    });
    let row = Model {
        id: fact.person_id.uuid(),
        organisation_id: fact.organisation_id.uuid(),
        municipality_id: municipality,
        department_id: fact.department_id.map(Uuid::from),
        manager_id: fact.manager_id.map(Uuid::from),
        kind: column::text(fact.kind),
        gender: column::text(fact.gender),
        name: fact.name,
        language: column::text(fact.language),
        active: fact.active,
        erased: false,
        version: fact.version,
    };
    keep::newest::<Entity>(change, row).await
}

/// Forgets who a person was, for good: no version of the person comes after this one. What is
/// kept of messages goes with the name that is known now.
pub(crate) async fn forget(change: &Change, erased: PersonErased) -> Result<(), DatabaseError> {
    let known = find(change.tx(), erased.person_id).await?;
    let name = known.map(|known| known.name).unwrap_or_default();
    outbox::forget_messages(change, erased.person_id, &name).await?;
    let id = erased.person_id.to_string();
    idempotency::forget_answers(change, &[&id, &name]).await?;
    let row = Model {
        id: erased.person_id.uuid(),
        organisation_id: Uuid::nil(),
        municipality_id: None,
        department_id: None,
        manager_id: None,
        kind: column::text(PersonKind::Other),
        gender: column::text(Gender::Undisclosed),
        name: String::new(),
        language: column::text(Language::default()),
        active: false,
        erased: true,
        version: i32::MAX,
    };
    keep::newest::<Entity>(change, row).await
}

/// Notes the municipality that an organisation's people count to.
pub(crate) async fn move_to(
    change: &Change,
    organisation: OrganisationId,
    municipality: Option<Uuid>,
) -> Result<(), DatabaseError> {
    Entity::update_many()
        .col_expr(Column::MunicipalityId, Expr::value(municipality))
        .filter(Column::OrganisationId.eq(organisation.uuid()))
        .exec(change.tx())
        .await?;
    Ok(())
}

/// Whether it is known that a person is not here any more. Somebody may have a part here before
/// anybody has told who it is.
pub async fn has_left(
    connection: &impl ConnectionTrait,
    person: PersonId,
) -> Result<bool, DatabaseError> {
    let known = find(connection, person).await?;
    Ok(known.is_some_and(|known| !known.active))
}

/// Those who work at an organisation.
pub async fn of_organisation(
    connection: &impl ConnectionTrait,
    organisation: OrganisationId,
) -> Result<Vec<Model>, DatabaseError> {
    let there = Column::OrganisationId.eq(organisation.uuid());
    Ok(Entity::find().filter(there).all(connection).await?)
}

/// Those whose own manager a person is.
pub async fn staff_of(
    connection: &impl ConnectionTrait,
    manager: PersonId,
) -> Result<Vec<Model>, DatabaseError> {
    let own = Column::ManagerId.eq(manager.uuid());
    Ok(Entity::find().filter(own).all(connection).await?)
}
