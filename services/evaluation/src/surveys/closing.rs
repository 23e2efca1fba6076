//! The end of a survey: the rest of its intake is mixed, its report is made, and what could say
//! whose a sheet was is gone.

use super::{entity, families, steps, store};
use crate::{
    answers::{intake, mixing, sheet_entity as sheet},
    reports::freeze,
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, QueryFilter as _, Statement,
    sea_query::Expr,
};
use shared_database::{Change, DatabaseError, column};
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
    forget_background(change, survey.id).await?;
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

/// Takes a member out of a survey's sheets, wherever it has this value if one is given. The
/// database does it by itself, so that it costs no memory.
pub async fn forget_member(
    change: &Change,
    survey: Uuid,
    member: &str,
    value: Option<&str>,
) -> Result<(), DatabaseError> {
    let (rest, known) = if change.is_postgres() {
        ("answers - $2::text", "answers ->> $2::text")
    } else {
        (
            "json_remove(answers, '$.' || $2)",
            "json_extract(answers, '$.' || $2)",
        )
    };
    let mut values = vec![survey.into(), member.into()];
    let condition = match value {
        Some(value) => {
            values.push(value.into());
            "= $3"
        }
        None => "IS NOT NULL",
    };
    let sql =
        format!("UPDATE sheets SET answers = {rest} WHERE survey_id = $1 AND {known} {condition}");
    let backend = change.tx().get_database_backend();
    let statement = Statement::from_sql_and_values(backend, sql, values);
    change.tx().execute_raw(statement).await?;
    Ok(())
}
