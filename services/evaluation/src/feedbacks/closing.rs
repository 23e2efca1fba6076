//! The end of a 360: the rest of each group's intake is mixed, the report is made of what may be
//! shown, and everything else is gone: sheets, keys, names and addresses.

use super::{
    entity, erasing,
    frozen::{self, Answered, Frozen},
    messages, model, rater_entity,
    steps::{Loaded, tell},
    store, taking,
};
use crate::{
    answers::{intake, invitation_entity as mark, mixing, sheet_entity as sheet},
    reports::links::{self, Opens},
    surveys::gate,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use shared_database::{Change, DatabaseError, column};
use shared_envelope::Keys;
use shared_projections::people;
use shared_types::{
    Problem,
    evaluation::{
        feedbacks::{FeedbackState, RaterGroup},
        instruments::AnswerSheet,
    },
};
use uuid::Uuid;

/// Closes an open 360 that the change has alone.
pub async fn close(
    change: &mut Change,
    keys: &Keys,
    loaded: Loaded,
) -> Result<entity::Model, Problem> {
    let mut feedback = loaded.feedback.clone();
    let questions = taking::asking(change.tx(), &feedback).await?;
    let questions = questions.version.questions;
    let least = usize::try_from(feedback.least_answers).unwrap_or(0);
    let mut report = Frozen {
        name: messages::participant(change.tx(), &feedback).await?,
        groups: Vec::new(),
    };
    for group in model::GROUPS {
        let id = store::id_of(&loaded.groups, group)?;
        let answered = Answered {
            group,
            name: name(change, keys, &feedback, (group, id)).await?,
            sheets: take_out(change, keys, id).await?,
        };
        let salt = feedback.id.as_bytes();
        report
            .groups
            .push(frozen::freeze(answered, &questions, least, salt));
    }
    let closed_on = loaded.round.today(change.actor.at);
    frozen::insert(change, keys, &feedback, (&report, closed_on)).await?;
    erasing::forget_contacts(change, &mut feedback).await?;
    feedback.state = column::text(FeedbackState::Closed);
    feedback.answer_until = feedback.answer_until.min(closed_on);
    let feedback = store::save(change, feedback).await?;
    let link = links::make(change, Opens::Feedback, feedback.id, closed_on).await?;
    messages::tell_of_report(change, &loaded, &link).await?;
    tell(change, &feedback, "feedback.closed");
    Ok(feedback)
}

/// The sheets of a group, which are kept no longer.
async fn take_out(change: &Change, keys: &Keys, group: Uuid) -> Result<Vec<AnswerSheet>, Problem> {
    gate::alone(change, group).await?;
    mixing::mix(change, keys, group, mixing::How::Rest).await?;
    let sheets = sheet::Entity::find()
        .filter(sheet::Column::SurveyId.eq(group))
        .all(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    let sheets: Result<_, DatabaseError> = sheets
        .into_iter()
        .map(|sheet| column::from_json(sheet.answers))
        .collect();
    intake::discard(change, group).await?;
    Ok(sheets?)
}

/// Who answered by name.
async fn name(
    change: &Change,
    keys: &Keys,
    feedback: &entity::Model,
    (group, id): (RaterGroup, Uuid),
) -> Result<Option<String>, Problem> {
    if !matches!(group, RaterGroup::Leader | RaterGroup::Mentor) {
        return Ok(None);
    }
    let marks = store::marks(change.tx(), [id]).await?;
    let answered = |rater: &rater_entity::Model| {
        let mut marks = marks.iter();
        marks.any(|mark: &mark::Model| mark.id == rater.id && mark.answered)
    };
    let raters = store::raters(change.tx(), &[feedback.id]).await?;
    let Some(rater) = raters.into_iter().find(answered) else {
        return Ok(None);
    };
    if let Some(person) = rater.person_id {
        let person = people::find(change.tx(), person.into()).await?;
        return Ok(person.map(|person| person.name));
    }
    let key = super::contacts::key(keys, feedback)?;
    let contact = super::contacts::open(key.as_ref(), &rater)?;
    Ok(contact.map(|contact| contact.name))
}
