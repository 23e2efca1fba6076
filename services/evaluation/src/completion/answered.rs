//! How many of a round's closed surveys somebody was asked and has answered: a count, never which,
//! and never what.
//!
//! An open survey does not count: a number that changed while it was open would tell that its
//! person has just answered. Nor does an invitation that was taken back; that is done only while
//! the survey is open, so that nothing that was counted before becomes another number by it.

use crate::{answers::invitation_entity as invitation, surveys::entity as survey};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QuerySelect as _,
    sea_query::Query,
};
use shared_database::{DatabaseError, column};
use shared_types::evaluation::{completion::SurveyTally, surveys::SurveyState};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The tallies of some participations; one that was asked nothing yet is missing.
pub async fn tallies(
    connection: &impl ConnectionTrait,
    participations: &[Uuid],
) -> Result<BTreeMap<Uuid, SurveyTally>, DatabaseError> {
    let closed = Query::select()
        .column(survey::Column::Id)
        .from(survey::Entity)
        .and_where(survey::Column::State.eq(column::text(SurveyState::Closed)))
        .to_owned();
    let asked: Vec<(Option<Uuid>, bool)> = invitation::Entity::find()
        .select_only()
        .columns([
            invitation::Column::ApplicationId,
            invitation::Column::Answered,
        ])
        .filter(invitation::Column::ApplicationId.is_in(participations.iter().copied()))
        .filter(invitation::Column::NamedBy.is_null())
        .filter(invitation::Column::Revoked.eq(false))
        .filter(invitation::Column::SurveyId.in_subquery(closed))
        .into_tuple()
        .all(connection)
        .await?;
    let mut tallies: BTreeMap<Uuid, SurveyTally> = BTreeMap::new();
    for (participation, answered) in asked {
        let Some(participation) = participation else {
            continue;
        };
        let tally = tallies.entry(participation).or_default();
        tally.asked += 1;
        tally.answered += i32::from(answered);
    }
    Ok(tallies)
}
