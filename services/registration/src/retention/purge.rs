//! Ends what is due. Nothing relies on its being in time; any number of replicas may do it.

use super::{due, store};
use crate::{
    State,
    erasures::{self, forgetting},
    interests, mail, people,
};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use shared_database::{Change, DatabaseError, tables::change_reasons};
use shared_types::{
    Actor, InterestId, PersonId, Problem,
    registration::privacy::{RetentionItem, RetentionKind},
};
use shared_web::sweep::Steps;
use std::time::Duration;
use uuid::Uuid;

/// Things that end in one change.
const MOST_AT_ONCE: u32 = 200;
/// How often is looked, by the domain's clock.
const LOOK_EVERY: Duration = Duration::from_hours(1);
const REASON: &str = "The time for which it is kept was over.";

/// Ends a slice of each kind, if nobody of this process has done so within the hour.
pub async fn purge_if_due(state: &State, steps: &mut Steps) -> Result<(), Problem> {
    let now = state.core.clock.now();
    if !state.purged.is_due(now, LOOK_EVERY) {
        return Ok(());
    }
    purge(state, steps).await
}

/// Ends a slice of each kind.
pub async fn purge(state: &State, steps: &mut Steps) -> Result<(), Problem> {
    let now = state.core.clock.now();
    for rule in store::all(state.database.read()).await? {
        let read = state.database.read();
        let items = due::oldest(read, rule.kind, rule.days, now, MOST_AT_ONCE).await?;
        if !items.is_empty() {
            let ended = end(state, rule.kind, (rule.days, now), &items).await;
            steps.note("what is kept only so long", ended);
        }
    }
    Ok(())
}

async fn end(
    state: &State,
    kind: RetentionKind,
    (days, now): (i32, DateTime<Utc>),
    items: &[RetentionItem],
) -> Result<(), Problem> {
    let actor = || Actor::system(state.core.clock.now());
    let ids: Vec<Uuid> = items.iter().map(|item| item.id).collect();
    if matches!(
        kind,
        RetentionKind::UnconfirmedPeople | RetentionKind::FormerPeople
    ) {
        // One by one: each may end applications, under the locks of their rounds.
        for id in ids {
            let work = async |change: &mut Change| {
                // Somebody may have confirmed, applied or come back since it was looked for.
                if due::is_over(change.tx(), kind, days, now, id).await? {
                    forget(change, id.into()).await?;
                }
                Ok::<_, Problem>(())
            };
            state.database.change(actor(), work).await?;
        }
        return Ok(());
    }
    let work = async |change: &mut Change| end_texts(change, kind, &ids).await;
    state.database.change(actor(), work).await
}

async fn forget(change: &mut Change, id: PersonId) -> Result<(), Problem> {
    let Some(person) = people::store::lock(change.tx(), id).await? else {
        return Ok(());
    };
    if erasures::store::of_person(change.tx(), id).await?.is_none() {
        erasures::steps::erase(change, person, REASON).await?;
    }
    Ok(())
}

async fn end_texts(change: &mut Change, kind: RetentionKind, ids: &[Uuid]) -> Result<(), Problem> {
    match kind {
        RetentionKind::SentMails => mail::store::forget_these(change, ids).await?,
        RetentionKind::ApplicationTexts => {
            forgetting::application_texts(change, ids).await?;
            for id in ids {
                change.record("application", *id, "application.texts_purged", None);
            }
        }
        RetentionKind::Interests => {
            for id in ids {
                interests::store::withdraw(change, InterestId::from(*id)).await?;
            }
        }
        RetentionKind::Reasons => {
            change_reasons::Entity::delete_many()
                .filter(change_reasons::Column::ChangeId.is_in(ids.iter().copied()))
                .exec(change.tx())
                .await
                .map_err(DatabaseError::from)?;
        }
        RetentionKind::UnconfirmedPeople | RetentionKind::FormerPeople => {}
    }
    Ok(())
}
