//! Posts that decide.

use crate::keep;
use sea_orm::{QueryFilter as _, entity::prelude::*};
use shared_database::{Change, DatabaseError, column};
use shared_types::{
    OfficeId, OrganisationId, PersonId,
    facts::{ActingFact, OfficeFact},
};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "known_offices")]
#[expect(
    missing_docs,
    reason = "the columns are the members of the fact of the same name"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organisation_id: Uuid,
    pub kind: String,
    pub holder_id: Option<Uuid>,
    pub acting_holders: Json,
    pub version: i32,
}

/// To other tables: none.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

keep::finders!(OfficeId);

pub(crate) async fn keep(change: &Change, fact: OfficeFact) -> Result<(), DatabaseError> {
    let row = Model {
        id: fact.office_id.uuid(),
        organisation_id: fact.organisation_id.uuid(),
        kind: column::text(fact.kind),
        holder_id: fact.holder_id.map(Uuid::from),
        acting_holders: column::json(&fact.acting_holders),
        version: fact.version,
    };
    keep::newest::<Entity>(change, row).await
}

impl Model {
    /// Who decides by the office on a day: who acts then, else the holder.
    pub fn deciders(&self, on: ChronoDate) -> Result<Vec<PersonId>, DatabaseError> {
        let acting: Vec<ActingFact> = column::from_json(self.acting_holders.clone())?;
        let acts = |one: &ActingFact| one.starts_on <= on && on <= one.ends_on;
        let acting = acting.iter().filter(|one| acts(one));
        let holder = self.holder_id.map(PersonId::from);
        Ok(acting.map(|one| one.person_id).chain(holder).collect())
    }
}

/// The offices of an organisation.
pub async fn of(
    connection: &impl ConnectionTrait,
    organisation: OrganisationId,
) -> Result<Vec<Model>, DatabaseError> {
    let own = Column::OrganisationId.eq(organisation.uuid());
    Ok(Entity::find().filter(own).all(connection).await?)
}

/// The offices that a person holds.
pub async fn held_by(
    connection: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Vec<Model>, DatabaseError> {
    let own = Column::HolderId.eq(person.uuid());
    Ok(Entity::find().filter(own).all(connection).await?)
}
