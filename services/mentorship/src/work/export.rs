//! The operation by which one of the two takes a copy of all that the pair has written.

use super::{
    agreement,
    desk::{self, GOAL, MESSAGE, NOTE},
    store,
    written::Written as _,
};
use crate::{State, meetings};
use actix_web::{
    get,
    web::{Data, Path},
};
use shared_types::{
    Links, PairId, Problem,
    mentorship::work::{PairExport, PairGoal, PairMessage, PairNote},
};
use shared_web::{Context, Outcome, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// Rows of each kind that are exported at most.
const MOST: u64 = 1000;

/// The operation.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config.service(export_pair);
}

/// Take a copy of what a pair has written
///
/// For the two alone, until it is erased.
#[utoipa::path(tag = "work", params(("pairId" = PairId, Path, description = "The pair.")), responses((status = 200, description = "The copy.", body = PairExport)))]
#[get("/pairs/{pairId}/export")]
async fn export_pair(state: Data<State>, context: Context, id: Path<PairId>) -> Outcome {
    Ok(Reply::ok(&copy(&state, &context, *id).await?)?)
}

/// The copy, for one of the two.
pub async fn copy(state: &State, context: &Context, id: PairId) -> Result<PairExport, Problem> {
    let connection = state.database.read();
    let desk = desk::read(state, connection, context, id).await?;
    let rows = async |kind| store::first(connection, (id.uuid(), kind), MOST).await;
    let agreement = agreement::find(connection, &desk).await?;
    let agreement = agreement
        .map(|row| agreement::wire(&desk, &row, context))
        .transpose()?;
    let [goal_rows, note_rows, message_rows] =
        [rows(GOAL).await?, rows(NOTE).await?, rows(MESSAGE).await?];
    let meeting_rows = meetings::store::first(connection, id.uuid(), MOST).await?;
    let full = |length: usize| u64::try_from(length).unwrap_or(MOST) >= MOST;
    let cut = [&goal_rows, &note_rows, &message_rows]
        .iter()
        .any(|rows| full(rows.len()))
        || full(meeting_rows.len());
    let goals = goal_rows
        .iter()
        .map(|row| PairGoal::of(&desk, row, context));
    let notes = note_rows
        .iter()
        .map(|row| PairNote::of(&desk, row, context));
    let messages = message_rows
        .iter()
        .map(|row| PairMessage::of(&desk, row, context));
    let meetings = meeting_rows
        .iter()
        .map(|row| meetings::routes::wire(row, Some(&desk), (&desk.pair, context)));
    let pair = context.href(format!("pairs/{id}"));
    Ok(PairExport {
        pair_id: id,
        agreement,
        goals: goals.collect::<Result<_, Problem>>()?,
        meetings: meetings.collect::<Result<_, Problem>>()?,
        notes: notes.collect::<Result<_, Problem>>()?,
        messages: messages.collect::<Result<_, Problem>>()?,
        cut,
        links: Links::to_self(format!("{pair}/export")).with("pair", "GET", pair),
    })
}
