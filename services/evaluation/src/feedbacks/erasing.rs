//! Forgetting: of raters when a 360 is over, and of anybody who asks for it.

use super::{entity, frozen, rater_entity, release_entity, report_entity, store};
use crate::{
    answers::{intake, invitation_entity as mark, mixing, sheet_entity as sheet},
    reports::links,
    surveys::gate,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use shared_database::{Change, DatabaseError, column, outbox, row};
use shared_envelope::Keys;
use shared_types::{
    PersonId, Problem,
    evaluation::feedbacks::{FeedbackState, RaterGroup, RaterState},
    facts::MESSAGE_ADDRESSED,
};
use uuid::Uuid;

/// Takes name and address off a rater.
pub fn forget_contact(rater: &mut rater_entity::Model) {
    (rater.contact, rater.address_code) = (None, None);
}

/// Takes the address off a rater who is written to no more; what it is compared by stays, so that
/// nobody who declined is asked again.
pub async fn forget_address(
    change: &Change,
    rater: &mut rater_entity::Model,
) -> Result<(), DatabaseError> {
    rater.contact = None;
    outbox::forget_of(change, MESSAGE_ADDRESSED, rater.id).await
}

/// Takes all names and addresses off a 360 that is over, and the key that sealed them. Who was not
/// asked by then is not asked any more.
pub async fn forget_contacts(
    change: &Change,
    feedback: &mut entity::Model,
) -> Result<(), DatabaseError> {
    for mut rater in store::raters(change.tx(), &[feedback.id]).await? {
        forget_contact(&mut rater);
        if rater.state == column::text(RaterState::Nominated) {
            rater.state = column::text(RaterState::Withdrawn);
        }
        outbox::forget_of(change, MESSAGE_ADDRESSED, rater.id).await?;
        row::update::<rater_entity::Entity>(change.tx(), rater).await?;
    }
    (feedback.key_id, feedback.wrapped_key) = (None, None);
    Ok(())
}

/// Forgets a person: the own 360s with all that was answered of the person; elsewhere that the
/// person rated somebody, and what was answered by name. What was answered without a name can't be
/// found, and counts.
pub async fn forget(change: &mut Change, keys: &Keys, person: PersonId) -> Result<(), Problem> {
    let own = store::of_person(change.tx(), person).await?;
    for feedback in own {
        forget_feedback(change, feedback.id).await?;
    }
    let asked = rater_entity::Entity::find()
        .filter(rater_entity::Column::PersonId.eq(person.uuid()))
        .order_by_asc(rater_entity::Column::FeedbackId)
        .all(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    for rater in asked {
        forget_rater(change, keys, rater).await?;
    }
    release_entity::Entity::delete_many()
        .filter(release_entity::Column::PersonId.eq(person.uuid()))
        .exec(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    Ok(())
}

async fn forget_feedback(change: &mut Change, id: Uuid) -> Result<(), Problem> {
    let Some(mut feedback) = store::lock(change, id).await? else {
        return Ok(());
    };
    forget_contacts(change, &mut feedback).await?;
    let groups = store::groups(change.tx(), &[id]).await?;
    for group in groups.keys() {
        gate::alone(change, *group).await?;
        intake::discard(change, *group).await?;
        mark::Entity::delete_many()
            .filter(mark::Column::SurveyId.eq(*group))
            .exec(change.tx())
            .await
            .map_err(DatabaseError::from)?;
    }
    rater_entity::Entity::delete_many()
        .filter(rater_entity::Column::FeedbackId.eq(id))
        .exec(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    report_entity::Entity::delete_by_id(id)
        .exec(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    release_entity::Entity::delete_many()
        .filter(release_entity::Column::FeedbackId.eq(id))
        .exec(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    links::forget(change, id).await?;
    (feedback.person_id, feedback.application_id) = (None, None);
    feedback.state = column::text(FeedbackState::Cancelled);
    let feedback = store::save(change, feedback).await?;
    super::steps::tell(change, &feedback, "feedback.person_erased");
    Ok(())
}

async fn forget_rater(
    change: &mut Change,
    keys: &Keys,
    before: rater_entity::Model,
) -> Result<(), Problem> {
    let feedback = store::lock(change, before.feedback_id).await?;
    gate::alone(change, before.group_id).await?;
    // Read again, now that nobody else has it.
    let rater = store::rater(change.tx(), before.id).await?;
    let (Some(feedback), Some(mut rater)) = (feedback, rater) else {
        return Ok(());
    };
    let groups = store::groups(change.tx(), &[feedback.id]).await?;
    let by_name = match groups.get(&rater.group_id) {
        Some((_, group @ (RaterGroup::Leader | RaterGroup::Mentor))) => Some(*group),
        _ => None,
    };
    let found = mark::Entity::find_by_id(rater.id).one(change.tx()).await;
    if let Some(mut mark) = found.map_err(DatabaseError::from)? {
        if let (true, Some(group)) = (mark.answered, by_name) {
            if feedback.state == column::text(FeedbackState::Open) {
                forget_sheets(change, keys, rater.group_id).await?;
            }
            frozen::forget(change, keys, feedback.id, group).await?;
            mark.answered = false;
        }
        mark.revoked = mark.revoked || !mark.answered;
        mark.link_id = None;
        row::update::<mark::Entity>(change.tx(), mark).await?;
    }
    forget_contact(&mut rater);
    rater.person_id = None;
    if rater.state != column::text(RaterState::Declined) {
        rater.state = column::text(RaterState::Withdrawn);
    }
    change.record("rater", rater.id, "rater.person_erased", None);
    row::update::<rater_entity::Entity>(change.tx(), rater).await?;
    Ok(())
}

/// Throws away what one answered by name; the group stays ready for another.
async fn forget_sheets(change: &Change, keys: &Keys, group: Uuid) -> Result<(), Problem> {
    mixing::mix(change, keys, group, mixing::How::Rest).await?;
    sheet::Entity::delete_many()
        .filter(sheet::Column::SurveyId.eq(group))
        .exec(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    Ok(())
}
