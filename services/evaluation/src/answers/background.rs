//! What a person is when answering, as far as reports are broken down by it.

use serde::{Deserialize, Serialize};
use shared_projections::people;
use uuid::Uuid;

/// It stands beside a sheet for as long as the survey is open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Background {
    /// Gender, as stated.
    pub gender: Option<String>,
    /// Municipality; who belongs to none counts to the own organisation.
    pub municipality_id: Option<Uuid>,
    /// What the person is to the employer.
    pub person_kind: Option<String>,
    /// Part of the employer.
    pub department_id: Option<Uuid>,
}

impl Background {
    /// Of a person who is known.
    pub fn of(person: &people::Model) -> Self {
        if person.erased {
            return Self::default();
        }
        Self {
            gender: Some(person.gender.clone()),
            municipality_id: Some(person.municipality_id.unwrap_or(person.organisation_id)),
            person_kind: Some(person.kind.clone()),
            department_id: person.department_id,
        }
    }
}
