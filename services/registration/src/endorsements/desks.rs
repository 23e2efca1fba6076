//! Which office decides about whom: the director's of the municipality, the deputy's about the
//! director, the round's own about elected persons. Read at once for many.

use crate::{
    offices::{self, acting_holder},
    people,
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use shared_database::{DatabaseError, column};
use shared_types::registration::{offices::OfficeKind, people::PersonKind};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// The offices that decide in a round.
#[derive(Debug)]
pub struct Desks {
    directors: HashMap<Uuid, offices::entity::Model>,
    deputies: HashMap<Uuid, offices::entity::Model>,
    elected: Option<offices::entity::Model>,
    acting: HashMap<Uuid, Vec<acting_holder::Model>>,
}

impl Desks {
    /// Reads the offices of municipalities, and the round's own.
    pub async fn read(
        connection: &impl ConnectionTrait,
        round: &crate::rounds::entity::Model,
        municipalities: impl IntoIterator<Item = Uuid>,
    ) -> Result<Self, DatabaseError> {
        let municipalities: HashSet<Uuid> = municipalities.into_iter().collect();
        let [director, deputy] =
            [OfficeKind::MunicipalDirector, OfficeKind::DeputyDirector].map(column::text);
        let found = offices::entity::Entity::find()
            .filter(offices::entity::Column::OrganisationId.is_in(municipalities))
            .filter(offices::entity::Column::Kind.is_in([&director, &deputy]))
            .all(connection)
            .await?;
        let elected = match round.elected_office_id {
            Some(id) => offices::store::find(connection, id.into()).await?,
            None => None,
        };
        let ids = found.iter().chain(&elected).map(|office| office.id);
        let acting = offices::store::acting(connection, ids).await?;
        let (directors, deputies): (Vec<_>, Vec<_>) = found
            .into_iter()
            .partition(|office| office.kind == director);
        let by_municipality = |offices: Vec<offices::entity::Model>| {
            let pairs = offices.into_iter();
            pairs
                .map(|office| (office.organisation_id, office))
                .collect()
        };
        Ok(Self {
            directors: by_municipality(directors),
            deputies: by_municipality(deputies),
            elected,
            acting,
        })
    }

    /// The office that decides about a person of a municipality; `None` where there is none.
    pub fn about(
        &self,
        person: &people::entity::Model,
        municipality: Option<Uuid>,
    ) -> Result<Option<&offices::entity::Model>, DatabaseError> {
        let kind: PersonKind = column::parse(&person.kind)?;
        if kind == PersonKind::Elected {
            return Ok(self.elected.as_ref());
        }
        let Some(municipality) = municipality else {
            return Ok(None);
        };
        let director = self.directors.get(&municipality);
        let deputy = self.deputies.get(&municipality);
        Ok(match director {
            Some(office) if self.decides(office, person.id) => deputy.or(director),
            other => other,
        })
    }

    /// Whether a person holds an office or is named to act for its holder, whenever that is.
    pub fn decides(&self, office: &offices::entity::Model, person: Uuid) -> bool {
        let acting = self.acting.get(&office.id).into_iter().flatten();
        office.holder_id == Some(person) || acting.into_iter().any(|one| one.person_id == person)
    }
}
