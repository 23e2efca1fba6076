//! Reminders: to those who have not answered, at half the time and two days before the end, each
//! once. It is known that somebody has not answered; what others answered plays no part.

use super::{messages, model, steps, store};
use crate::answers::invitations;
use shared_database::{Change, column};
use shared_types::{Problem, evaluation::surveys::SurveyState};
use uuid::Uuid;

/// Sends the reminder that is due, if one is; of two that were missed the later.
pub async fn remind_if_due(change: &mut Change, id: Uuid) -> Result<(), Problem> {
    let loaded = steps::load(change, id).await?;
    let (mut survey, round) = (loaded.survey, loaded.round);
    let today = round.today(change.actor.at);
    let is_open = survey.state == column::text(SurveyState::Open);
    let is_over = survey.closes_on.is_none_or(|day| day < today);
    let due = survey.opens_on.map_or(0, |opens_on| {
        model::reminders_due(opens_on, survey.open_days, today)
    });
    if !is_open || is_over || due <= survey.reminders_sent {
        return Ok(());
    }
    survey.reminders_sent = due;
    let survey = store::save(change, survey).await?;
    let asked = invitations::unanswered(change.tx(), survey.id).await?;
    messages::remind(change, &survey, &round, &asked).await
}
