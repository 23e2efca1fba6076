//! Invitations as the person and the organiser's own people see them.

use super::invitation_entity as entity;
use crate::surveys;
use sea_orm::ConnectionTrait;
use shared_database::{DatabaseError, column};
use shared_types::{
    Links, PersonId, Problem, codes,
    evaluation::{answers::SurveyInvitation, surveys::SurveyState},
};
use shared_web::Context;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The surveys of some invitations.
pub type Surveys = BTreeMap<Uuid, surveys::entity::Model>;

/// Reads them.
pub async fn surveys_of(
    connection: &impl ConnectionTrait,
    rows: &[entity::Model],
) -> Result<Surveys, DatabaseError> {
    surveys::store::find_all(connection, rows.iter().map(|row| row.survey_id)).await
}

/// Whether an invitation is the caller's own.
pub fn is_own(row: &entity::Model, context: &Context) -> bool {
    let person = context.caller.person.map(PersonId::uuid);
    person.is_some() && person == row.person_id
}

/// An invitation on the wire.
pub fn wire(
    row: &entity::Model,
    surveys: &Surveys,
    context: &Context,
) -> Result<SurveyInvitation, Problem> {
    let survey = surveys.get(&row.survey_id);
    let survey = survey.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    let state: SurveyState = column::parse(&survey.state)?;
    let own = is_own(row, context);
    let staff = crate::instruments::store::is_staff(&context.caller, survey.organiser_id.into());
    let href = context.href(format!("survey-invitations/{}", row.id));
    let of_survey = context.href(format!("surveys/{}", row.survey_id));
    let mut links =
        Links::to_self(&href).with("questionnaire", "GET", format!("{of_survey}/questionnaire"));
    let is_over = !matches!(state, SurveyState::Planned | SurveyState::Open);
    if own && !row.answered && state == SurveyState::Open {
        links = links.with("answers", "POST", format!("{of_survey}/answers"));
    }
    if staff {
        links = links.with("survey", "GET", &of_survey);
        if !row.revoked && !is_over {
            links = links.with("revocation", "POST", format!("{href}/revocation"));
            links = links.with("renewal", "POST", format!("{href}/renewal"));
        }
    }
    Ok(SurveyInvitation {
        id: row.id.into(),
        survey_id: row.survey_id.into(),
        round_id: survey.round_id.into(),
        survey_name: column::from_json(survey.name.clone())?,
        survey_state: state,
        person_id: row.person_id.map(Into::into),
        application_id: row.application_id.map(Into::into),
        mode: column::parse(&survey.mode)?,
        closes_on: survey.closes_on,
        revoked: row.revoked,
        answered: own.then_some(row.answered),
        links,
    })
}
