//! Giving a held seat to somebody who was nominated for it.

use crate::{
    applications::{
        self,
        choices::{self, Bar},
        steps,
    },
    holds,
    rounds::{model::Terms, seats},
};
use shared_database::Change;
use shared_types::Problem;

/// Gives an endorsed application a seat of the hold that it names, and says whether there was
/// one: what has lapsed, was released or is used up gives none, and then the application goes
/// the way of all others.
pub async fn give(
    change: &mut Change,
    terms: &Terms,
    mut application: applications::entity::Model,
) -> Result<(applications::entity::Model, bool), Problem> {
    let Some(id) = application.hold_id else {
        return Ok((application, false));
    };
    let barred = choices::barred(change.tx(), std::slice::from_ref(&application)).await?;
    let has_seat = barred.get(&application.id) == Some(&Bar::Seat);
    let hold = holds::steps::usable(change, terms, Some(id.into()), 1).await;
    let (Ok(Some(hold)), false) = (hold, has_seat) else {
        application.hold_id = None;
        let application = applications::store::save(change, application).await?;
        return Ok((application, false));
    };
    holds::steps::consume(change, terms, hold, 1).await?;
    application.admission_published_at = Some(change.actor.at);
    let application = steps::offer(change, terms, application).await?;
    // One held seat less, one offer more; the number is recounted all the same.
    seats::settle(change, terms.id).await?;
    Ok((application, true))
}
