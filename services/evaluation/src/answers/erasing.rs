//! Forgetting a person: the invitations stay, without the person, so that counts stay right;
//! what was answered under a promise of anonymity can't be found, and need not be.

use super::{invitation_entity as invitation, mixing};
use crate::{
    instruments::model::is_network,
    surveys::{self, closing, gate, steps, store},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use shared_database::{Change, DatabaseError, column, row};
use shared_envelope::Keys;
use shared_types::{
    Problem,
    evaluation::surveys::{SurveyMode, SurveyState},
};
use uuid::Uuid;

/// Forgets a person.
pub async fn forget(change: &mut Change, keys: &Keys, person: Uuid) -> Result<(), Problem> {
    let own = invitation::Entity::find()
        .filter(invitation::Column::PersonId.eq(person))
        .order_by_asc(invitation::Column::SurveyId)
        .all(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    for before in own {
        // In the order of the surveys, so that two who forget don't wait for each other.
        gate::alone(change, before.survey_id).await?;
        let found = super::invitations::find_any(change.tx(), before.id).await?;
        let survey = store::find_any(change.tx(), before.survey_id).await?;
        let (Some(mut row), Some(survey)) = (found, survey) else {
            continue;
        };
        if row.answered {
            forget_names(change, keys, &survey, &row).await?;
        }
        row.revoked = row.revoked || !row.answered;
        (row.person_id, row.application_id, row.link_id) = (None, None, None);
        row::update::<invitation::Entity>(change.tx(), row).await?;
    }
    let named = invitation::Entity::update_many()
        .col_expr(
            invitation::Column::NamedBy,
            sea_orm::sea_query::Expr::value(None::<Uuid>),
        )
        .filter(invitation::Column::NamedBy.eq(person));
    named.exec(change.tx()).await.map_err(DatabaseError::from)?;
    Ok(())
}

/// Takes the person's name off a sheet that has it.
async fn forget_names(
    change: &Change,
    keys: &Keys,
    survey: &surveys::entity::Model,
    row: &invitation::Model,
) -> Result<(), Problem> {
    let is_named = survey.mode == column::text(SurveyMode::Named);
    let is_open = survey.state == column::text(SurveyState::Open);
    let ties = is_open && is_network(&steps::asked(change, survey).await?.questions);
    if !is_named && !ties {
        return Ok(());
    }
    if is_open {
        // The sheet may still lie sealed in the intake.
        mixing::mix(change, keys, survey.id, mixing::How::Rest).await?;
    }
    let members = [
        (closing::PERSON, row.person_id),
        (closing::APPLICATION, row.application_id),
    ];
    for (member, id) in members {
        if let Some(id) = id {
            let id = id.to_string();
            closing::forget_member(change, survey.id, member, Some(&id)).await?;
        }
    }
    Ok(())
}
