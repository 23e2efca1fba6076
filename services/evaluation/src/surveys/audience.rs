//! Whom a survey asks.

use super::{entity, known::Round};
use crate::{answers::invitations::Asked, told::pairs};
use chrono::NaiveDate;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use shared_database::{DatabaseError, column};
use shared_projections::{offices, participations, people};
use shared_types::{evaluation::surveys::SurveyAudience, registration::offices::OfficeKind};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Everybody whom a survey asks on a day, each once; those who are named one by one are not
/// among them.
pub async fn of(
    connection: &impl ConnectionTrait,
    survey: &entity::Model,
    round: &Round,
    today: NaiveDate,
) -> Result<Vec<Asked>, DatabaseError> {
    let audience: SurveyAudience = column::parse(&survey.audience)?;
    let taking_part = participations::of_round(connection, round.id).await?;
    let persons: BTreeSet<Uuid> = match audience {
        SurveyAudience::Participants => {
            let asked = taking_part.iter();
            return Ok(asked
                .map(|row| Asked::participant(row.person_id, row.id))
                .collect());
        }
        SurveyAudience::Colleagues => return Ok(Vec::new()),
        SurveyAudience::Managers => {
            let ids = taking_part.iter().map(|row| row.person_id);
            let known = people::find_all(connection, ids).await?;
            known.values().filter_map(|row| row.manager_id).collect()
        }
        SurveyAudience::Directors => directors(connection, &taking_part, today).await?,
        SurveyAudience::Mentors => {
            let pairs = pairs::began(connection, round.id).await?;
            pairs
                .into_iter()
                .map(|pair| pair.mentor_person_id)
                .collect()
        }
    };
    Ok(persons.into_iter().map(Asked::person).collect())
}

/// Those who decide for the participants' municipalities on a day.
async fn directors(
    connection: &impl ConnectionTrait,
    taking_part: &[participations::Model],
    today: NaiveDate,
) -> Result<BTreeSet<Uuid>, DatabaseError> {
    let municipalities = taking_part
        .iter()
        .map(|row| row.municipality_id.unwrap_or(row.organisation_id));
    let municipalities: BTreeSet<Uuid> = municipalities.collect();
    if municipalities.is_empty() {
        return Ok(BTreeSet::new());
    }
    let found = offices::Entity::find()
        .filter(offices::Column::OrganisationId.is_in(municipalities))
        .filter(offices::Column::Kind.eq(column::text(OfficeKind::MunicipalDirector)))
        .all(connection)
        .await?;
    let mut persons = BTreeSet::new();
    for office in found {
        let deciders = office.deciders(today)?;
        persons.extend(deciders.into_iter().map(Uuid::from));
    }
    Ok(persons)
}
