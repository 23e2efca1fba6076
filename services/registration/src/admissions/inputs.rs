//! What the algorithm decides about, read from the rows.

use super::propose::{Balance, Candidate, Rules, Taken};
use crate::{
    applications::{self, model::Facts},
    endorsements, holds, organisations, people,
    rounds::model::Terms,
};
use sea_orm::ConnectionTrait;
use shared_database::{DatabaseError, column};
use shared_types::{
    Gender, OrganisationId,
    registration::rounds::{AdmissionRules, BalanceRule},
};
use std::collections::HashMap;
use uuid::Uuid;

/// The rules of a round for a number of free seats.
pub fn rules(terms: &Terms, free: i32) -> Rules {
    let AdmissionRules {
        municipality_floor,
        municipality_ceiling,
        quotas,
        balance,
    } = &terms.admission;
    let limit = |number: i32| u32::try_from(number).unwrap_or(0);
    Rules {
        seats: limit(free),
        floor: limit(*municipality_floor),
        ceiling: municipality_ceiling.map(limit),
        floors: quotas
            .iter()
            .filter_map(|quota| Some((quota.organisation_id, limit(quota.floor?))))
            .collect(),
        ceilings: quotas
            .iter()
            .filter_map(|quota| Some((quota.organisation_id, limit(quota.ceiling?))))
            .collect(),
        balance: match balance {
            BalanceRule::Off => Balance::Off,
            BalanceRule::TieBreak {} => Balance::TieBreak,
            BalanceRule::Target {
                women_permille,
                tolerance_permille,
            } => Balance::Target {
                women_permille: *women_permille,
                tolerance_permille: *tolerance_permille,
            },
        },
    }
}

/// The municipality an application counts to; what belongs to none counts to itself.
pub fn municipality(application: &applications::entity::Model) -> OrganisationId {
    application
        .municipality_id
        .unwrap_or(application.organisation_id)
        .into()
}

/// The seats of a round that are taken; one that is kept for an organisation counts to its
/// municipality, and whoever gets it states no gender yet.
pub async fn taken(
    connection: &impl ConnectionTrait,
    terms: &Terms,
) -> Result<Vec<Taken>, DatabaseError> {
    let rows = applications::store::taken_seats(terms.id)
        .all(connection)
        .await?;
    let genders = genders(connection, &rows).await?;
    let seat = |row: &applications::entity::Model| Taken {
        municipality: municipality(row),
        gender: genders.get(&row.person_id).copied().unwrap_or_default(),
    };
    let mut taken: Vec<Taken> = rows.iter().map(seat).collect();
    let held = holds::store::held(connection, terms.id).await?;
    let employers = held.iter().map(|hold| hold.organisation_id);
    let municipalities = organisations::store::municipalities(connection, employers).await?;
    for hold in &held {
        let own = hold.organisation_id;
        let seat = Taken {
            municipality: municipalities.get(&own).copied().unwrap_or(own).into(),
            gender: Gender::Undisclosed,
        };
        let left = usize::try_from(hold.left()).unwrap_or(0);
        taken.extend(std::iter::repeat_n(seat, left));
    }
    Ok(taken)
}

/// Applications as candidates, in the order given.
pub async fn candidates(
    connection: &impl ConnectionTrait,
    rows: &[applications::entity::Model],
) -> Result<Vec<Candidate>, DatabaseError> {
    let genders = genders(connection, rows).await?;
    let endorsements =
        endorsements::store::of_applications(connection, rows.iter().map(|row| row.id)).await?;
    let candidate = |row: &applications::entity::Model| Candidate {
        id: row.id.into(),
        municipality: municipality(row),
        gender: genders.get(&row.person_id).copied().unwrap_or_default(),
        rank: endorsements
            .get(&row.id)
            .and_then(|one| one.rank)
            .and_then(|rank| u32::try_from(rank).ok()),
        submitted_at: row.submitted_at.unwrap_or_default(),
    };
    Ok(rows.iter().map(candidate).collect())
}

/// The applications that can get a seat now: handed in, undecided, endorsed.
pub async fn eligible(
    connection: &impl ConnectionTrait,
    terms: &Terms,
) -> Result<Vec<applications::entity::Model>, DatabaseError> {
    let undecided = applications::store::undecided(connection, terms.id).await?;
    let mut eligible = Vec::with_capacity(undecided.len());
    for row in undecided {
        if Facts::read(&row)?.endorsed() {
            eligible.push(row);
        }
    }
    Ok(eligible)
}

async fn genders(
    connection: &impl ConnectionTrait,
    rows: &[applications::entity::Model],
) -> Result<HashMap<Uuid, Gender>, DatabaseError> {
    use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
    let ids = rows.iter().map(|row| row.person_id);
    let people = people::entity::Entity::find()
        .filter(people::entity::Column::Id.is_in(ids))
        .all(connection)
        .await?;
    people
        .into_iter()
        .map(|person| Ok((person.id, column::parse(&person.gender)?)))
        .collect()
}
