//! The end of a survey: the rest of its intake is mixed, its report is made, and what could say
//! whose a sheet was is gone.

use super::{entity, families, steps, store};
use crate::{
    answers::{intake, mixing, sheet_entity as sheet},
    instruments::model::is_network,
    reports::freeze,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, sea_query::Expr};
use shared_database::{Change, DatabaseError, column, row};
use shared_envelope::Keys;
use shared_types::{Problem, evaluation::surveys::SurveyState};
use uuid::Uuid;

/// Member of a sheet that says whose participation it is, where ties are asked for.
pub const APPLICATION: &str = "_application";
/// Member of a sheet that says who answered, in a survey that names people.
pub const PERSON: &str = "_person";

/// Closes an open survey that the change has alone.
pub async fn close(
    change: &mut Change,
    keys: &Keys,
    mut survey: entity::Model,
) -> Result<entity::Model, Problem> {
    mixing::mix(change, keys, survey.id, mixing::How::Rest).await?;
    freeze::freeze(change, keys, survey.id.into()).await?;
    let version = steps::asked(change, &survey).await?;
    forget_background(change, survey.id).await?;
    if is_network(&version.questions) {
        forget_member(change, survey.id, APPLICATION, None).await?;
    }
    intake::end(change, survey.id).await?;
    survey.state = column::text(SurveyState::Closed);
    // It may be closed before its last day.
    let today = super::known::round(change.tx(), survey.round_id.into())
        .await?
        .map(|round| round.today(change.actor.at));
    survey.closes_on = survey.closes_on.min(today).or(survey.closes_on);
    let survey = store::save(change, survey).await?;
    if let Some(family) = survey.family_id {
        families::end_if_over(change, family).await?;
    }
    steps::tell(change, &survey, "survey.closed", None);
    Ok(survey)
}

/// What people were, once it is counted.
async fn forget_background(change: &Change, survey: Uuid) -> Result<(), DatabaseError> {
    sheet::Entity::update_many()
        .col_expr(sheet::Column::Gender, Expr::value(None::<String>))
        .col_expr(sheet::Column::MunicipalityId, Expr::value(None::<Uuid>))
        .col_expr(sheet::Column::PersonKind, Expr::value(None::<String>))
        .col_expr(sheet::Column::DepartmentId, Expr::value(None::<Uuid>))
        .filter(sheet::Column::SurveyId.eq(survey))
        .exec(change.tx())
        .await?;
    Ok(())
}

/// Takes a member out of a survey's sheets, wherever it has this value if one is given.
pub async fn forget_member(
    change: &Change,
    survey: Uuid,
    member: &str,
    value: Option<&str>,
) -> Result<(), DatabaseError> {
    let sheets = sheet::Entity::find()
        .filter(sheet::Column::SurveyId.eq(survey))
        .all(change.tx())
        .await?;
    for mut one in sheets {
        let Some(answers) = one.answers.as_object_mut() else {
            continue;
        };
        let known = answers.get(member).and_then(|known| known.as_str());
        if known.is_none() || value.is_some_and(|value| known != Some(value)) {
            continue;
        }
        answers.remove(member);
        row::update::<sheet::Entity>(change.tx(), one).await?;
    }
    Ok(())
}
