//! Operations of needs.

use super::{entity, steps, store};
use crate::{
    State,
    applications::{self, routes::known, steps::load},
    rounds::routes::coordinated,
};
use actix_web::{
    delete, get, put,
    web::{Data, Path},
};
use sea_orm::ConnectionTrait;
use shared_database::Change;
use shared_types::{
    Answer, ApplicationId, Links, PersonId, Problem, RoundId, codes,
    registration::{
        codes::{NEEDS_ERASED, NEEDS_MISSING},
        needs::{Needs, NeedsCounts, NewNeeds},
    },
};
use shared_web::{Command, Context, NoBody, Outcome, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(get_needs)
        .service(state_needs)
        .service(delete_needs)
        .service(count_needs);
}

/// Read a participant's needs
///
/// For the participant and the organiser's coordinators alone.
#[utoipa::path(tag = "needs", params(("applicationId" = ApplicationId, Path, description = "The participation.")), responses((status = 200, description = "The needs.", body = Needs)))]
#[get("/applications/{applicationId}/needs")]
async fn get_needs(state: Data<State>, context: Context, id: Path<ApplicationId>) -> Outcome {
    let read = state.database.read();
    let application = known(read, &context.caller, *id).await?;
    let coordinator = context.caller.coordinates(application.organiser_id.into());
    if !coordinator && !is_own(&application, &context) {
        return Err(Problem::of(&codes::FORBIDDEN).into());
    }
    let row = stated(read, *id).await?;
    let needs = store::open(&state.needs_keys, &row)?;
    let needs = needs.ok_or_else(|| Problem::of(&NEEDS_ERASED))?;
    Ok(Reply::resource(&wire(&row, needs, &context), row.version)?)
}

/// State one's needs
///
/// For the participant: what is stated replaces what was stated before. Only once a seat is
/// offered or accepted. The coordinator reads it, venues get counts, and some days after the
/// round it is erased. The answer to this request is never kept.
#[utoipa::path(tag = "needs", params(("applicationId" = ApplicationId, Path, description = "The participation.")), request_body = NewNeeds, responses((status = 200, description = "The needs.", body = Needs)))]
#[put("/applications/{applicationId}/needs")]
async fn state_needs(
    state: Data<State>,
    id: Path<ApplicationId>,
    command: Command<NewNeeds>,
) -> Outcome {
    // Not `answer`: it would keep the needs with the answer.
    let Command {
        context,
        expected,
        body,
        ..
    } = command;
    let work = async |change: &mut Change| {
        own(change, *id, &context).await?;
        let loaded = load(change, *id).await?;
        steps::state_needs(change, &state.needs_keys, &loaded, expected, &body).await
    };
    let row = state.database.change(context.actor(), work).await?;
    Ok(Reply::resource(&wire(&row, body, &context), row.version)?)
}

/// Take one's needs back
///
/// For the participant: what was stated is deleted.
#[utoipa::path(tag = "needs", params(("applicationId" = ApplicationId, Path, description = "The participation.")), responses((status = 204, description = "They are deleted.")))]
#[delete("/applications/{applicationId}/needs")]
async fn delete_needs(
    state: Data<State>,
    id: Path<ApplicationId>,
    command: Command<NoBody>,
) -> Outcome {
    let context = command.context;
    let work = async |change: &mut Change| {
        own(change, *id, &context).await?;
        let loaded = load(change, *id).await?;
        steps::refuse_erased(change, loaded.terms.id).await?;
        let row = stated(change.tx(), *id).await?;
        command.expected.check(row.version)?;
        steps::take_back(change, row, loaded.terms.id).await
    };
    state.database.change(context.actor(), work).await?;
    Ok(Answer::no_content().into())
}

/// Count a round's needs
///
/// For the organiser's coordinators: how many have each need, as venues get it. The counts stay
/// when the needs are erased.
#[utoipa::path(tag = "needs", params(("roundId" = RoundId, Path, description = "The round.")), responses((status = 200, description = "The counts.", body = NeedsCounts)))]
#[get("/rounds/{roundId}/needs-counts")]
async fn count_needs(state: Data<State>, context: Context, id: Path<RoundId>) -> Outcome {
    coordinated(&state, &context, *id).await?;
    let read = state.database.read();
    let told = store::told(read, *id).await?;
    let erased = told.filter(|told| told.erased_at.is_some());
    let (counts, erased_at) = match erased {
        Some(told) => (store::last(Some(&told)), told.erased_at),
        None => (store::count(read, &state.needs_keys, *id).await?, None),
    };
    Ok(Reply::ok(&NeedsCounts {
        round_id: *id,
        stated_count: counts.stated_count,
        counts: counts.counts,
        erased_at,
        links: Links::to_self(context.href(format!("rounds/{id}/needs-counts"))),
    })?)
}

fn is_own(application: &applications::entity::Model, context: &Context) -> bool {
    context.caller.person.map(PersonId::uuid) == Some(application.person_id)
}

/// Refuses whoever is not the participant.
async fn own(change: &Change, id: ApplicationId, context: &Context) -> Result<(), Problem> {
    let application = known(change.tx(), &context.caller, id).await?;
    if is_own(&application, context) {
        Ok(())
    } else {
        Err(Problem::of(&codes::FORBIDDEN))
    }
}

async fn stated(
    connection: &impl ConnectionTrait,
    id: ApplicationId,
) -> Result<entity::Model, Problem> {
    let row = store::find(connection, id).await?;
    row.ok_or_else(|| Problem::of(&NEEDS_MISSING))
}

fn wire(row: &entity::Model, needs: NewNeeds, context: &Context) -> Needs {
    let application = row.application_id;
    let href = context.href(format!("applications/{application}"));
    Needs {
        application_id: application.into(),
        diets: needs.diets,
        access_needs: needs.access_needs,
        nights: needs.nights,
        room_sharing: needs.room_sharing,
        note: needs.note,
        stated_at: row.stated_at,
        links: Links::to_self(format!("{href}/needs")).with("application", "GET", href),
    }
}
