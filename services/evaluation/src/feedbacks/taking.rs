//! Taking a rating: the mark and the sealed sheet of the rater's group, by the code that takes an
//! answer to a survey, and no trace of it anywhere else.

use super::{entity, rater_entity, store};
use crate::{
    State,
    answers::{
        background::Background,
        intake::{self, Content},
        taking::{self, Asking},
    },
    instruments, parts,
    surveys::gate,
};
use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use shared_database::Change;
use shared_types::{
    Problem,
    evaluation::{
        codes::{INSTRUMENT_UNKNOWN, SURVEY_CLOSED},
        instruments::AnswerSheet,
    },
};

/// What a 360 asks.
pub async fn asking(
    connection: &impl ConnectionTrait,
    feedback: &entity::Model,
) -> Result<Asking, Problem> {
    let number = feedback.instrument_version;
    let version = instruments::store::version(connection, feedback.instrument_id, number).await?;
    Ok(Asking {
        version: version.ok_or_else(|| Problem::of(&INSTRUMENT_UNKNOWN))?,
        peers: Vec::new(),
    })
}

/// Takes a rating that is judged to be whole, once for a rater.
pub async fn take(
    state: &State,
    now: DateTime<Utc>,
    rater: &rater_entity::Model,
    answers: AnswerSheet,
) -> Result<(), Problem> {
    let closed = || Problem::of(&SURVEY_CLOSED);
    let work = async |change: &mut Change| {
        // Who closes takes each group alone.
        gate::share(change, rater.group_id).await?;
        let feedback = store::find_any(change.tx(), rater.feedback_id).await?;
        let feedback = feedback.ok_or_else(closed)?;
        let round = parts::round(change.tx(), feedback.round_id.into()).await?;
        let round = round.ok_or_else(closed)?;
        if !store::is_open(&feedback, &round, now) {
            return Err(closed());
        }
        taking::mark(change, rater.id).await?;
        let key = intake::key(change, &state.answer_keys, rater.group_id).await?;
        let content = Content {
            // Of raters nothing is known but their group.
            background: Background::default(),
            pairing_code: None,
            answers,
        };
        intake::put(change, &key, rater.group_id, &content).await
    };
    state.database.change(taking::nobody(now), work).await
}
