//! On which day a planned survey is to open, from what was told of rounds and sessions.

use super::{entity, known::Round};
use crate::told::sessions;
use chrono::{DateTime, Months, NaiveDate, Utc};
use sea_orm::ConnectionTrait;
use shared_database::{DatabaseError, column};
use shared_types::{
    SessionId,
    evaluation::surveys::{Occasion, OccasionKind},
};

/// The day on which a planned survey opens, once it is known and has come.
pub async fn due(
    connection: &impl ConnectionTrait,
    survey: &entity::Model,
    round: &Round,
    now: DateTime<Utc>,
) -> Result<Option<NaiveDate>, DatabaseError> {
    let occasion: Occasion = column::from_json(survey.occasion.clone())?;
    let today = round.today(now);
    let day = match occasion.kind {
        OccasionKind::Manual => survey.opens_on,
        OccasionKind::SessionReleased => {
            let session = session(connection, occasion.session_id).await?;
            session.map(|_| today)
        }
        OccasionKind::SessionHeld => {
            let session = session(connection, occasion.session_id).await?;
            let ended = session.and_then(|session| session.ends_at);
            let ended = ended.filter(|end| *end <= now);
            ended.map(|end| round.today(end))
        }
        OccasionKind::RoundFinished => round.ends_on.and_then(|day| day.succ_opt()),
        OccasionKind::MonthsAfterRound => {
            let months = u32::try_from(occasion.months.unwrap_or(0)).unwrap_or(0);
            let day = round.ends_on;
            day.and_then(|day| day.checked_add_months(Months::new(months)))
        }
    };
    Ok(day.filter(|day| *day <= today))
}

/// A session that was released and is not cancelled.
async fn session(
    connection: &impl ConnectionTrait,
    id: Option<SessionId>,
) -> Result<Option<sessions::Model>, DatabaseError> {
    let Some(id) = id else {
        return Ok(None);
    };
    let found = sessions::find(connection, id).await?;
    Ok(found.filter(|session| !session.is_cancelled()))
}
