//! The operation by which people read a round's released plan.

use super::{findings, reader, store};
use crate::{
    State,
    plans::{self, released},
};
use actix_web::{
    get,
    web::{Data, Path},
};
use shared_types::{Links, Problem, RoundId, codes, scheduling::releases::Schedule};
use shared_web::{Context, Outcome, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config.service(get_schedule);
}

/// Get a round's schedule
///
/// What the reader may see of the released plan: participants what is for participants, their own
/// managers that too and what is for managers, whoever decides for a participant's municipality
/// what is for directors, facilitators what they lead, mentors what is for mentors, members of a
/// group what is for the group, and the organiser's coordinators all. Where to join a session
/// remotely is shown to those for whom it is.
#[utoipa::path(tag = "releases", params(("roundId" = RoundId, Path, description = "The round.")), responses((status = 200, description = "The schedule.", body = Schedule)))]
#[get("/rounds/{roundId}/schedule")]
async fn get_schedule(state: Data<State>, context: Context, id: Path<RoundId>) -> Outcome {
    let connection = state.database.read();
    let not_found = || Problem::of(&codes::NOT_FOUND);
    let plan = plans::store::find(connection, *id).await?;
    let plan = plan.ok_or_else(not_found)?;
    let newest = store::newest(connection, *id).await?;
    let newest = newest.ok_or_else(not_found)?;
    let sessions = released::of_rounds(connection, &[*id]).await?;
    let organiser = plan.organiser_id.into();
    let reader = reader::find(connection, &context.caller, organiser, &sessions).await?;
    if !reader.is_any() {
        return Err(not_found().into());
    }
    let programme_days = findings::programme_days(&sessions, plan.promised_days);
    let own = sessions.into_iter().filter(|session| reader.sees(session));
    Ok(Reply::resource(
        &Schedule {
            round_id: *id,
            number: newest.number,
            released_at: newest.released_at,
            programme_days,
            sessions: own.map(|session| reader.view(session)).collect(),
            links: Links::to_self(context.href(format!("rounds/{id}/schedule"))),
        },
        newest.number,
    )?)
}
