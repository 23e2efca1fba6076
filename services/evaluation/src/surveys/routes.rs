//! Operations of surveys.

use super::{
    closing, entity, families, known,
    model::EDGES,
    steps::{self, Loaded},
    store,
    view::{self, Beside},
};
use crate::{
    State,
    answers::{sheets, wiping},
};
use actix_web::{
    get, patch, post,
    web::{Data, Path},
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, QueryFilter as _, Select};
use shared_database::{Change, page};
use shared_types::{
    Answer, Problem, RoundId, SurveyId, codes,
    evaluation::{
        answers::SheetPage,
        surveys::{
            NewSurvey, NewSurveyCancellation, NewSurveyCopy, Survey, SurveyChange, SurveyPage,
        },
    },
    transition,
};
use shared_web::{Command, Context, NoBody, Outcome, PageParameters, Query, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_surveys)
        .service(list_round_surveys)
        .service(create_survey)
        .service(get_survey)
        .service(update_survey)
        .service(open_survey)
        .service(close_survey)
        .service(cancel_survey)
        .service(copy_survey)
        .service(end_pairing)
        .service(list_sheets);
}

/// List surveys
///
/// For the evaluators and coordinators of an organiser: all of its rounds'.
#[utoipa::path(tag = "surveys", params(PageParameters), responses((status = 200, description = "A page of surveys.", body = SurveyPage)))]
#[get("/surveys")]
async fn list_surveys(state: Data<State>, context: Context, query: Query) -> Outcome {
    let select = store::scoped(&context.caller);
    list(state.database.read(), &context, &query, select).await
}

/// List a round's surveys
///
/// For the evaluators and coordinators of the round's organiser.
#[utoipa::path(tag = "surveys", params(("roundId" = RoundId, Path, description = "The round."), PageParameters), responses((status = 200, description = "A page of surveys.", body = SurveyPage)))]
#[get("/rounds/{roundId}/surveys")]
async fn list_round_surveys(
    state: Data<State>,
    context: Context,
    id: Path<RoundId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    known::staffed(connection, &context, *id).await?;
    let select = store::scoped(&context.caller).filter(entity::Column::RoundId.eq(id.uuid()));
    list(connection, &context, &query, select).await
}

async fn list(
    connection: &impl ConnectionTrait,
    context: &Context,
    query: &Query,
    select: Select<entity::Entity>,
) -> Outcome {
    let slice = page::read(connection, select, entity::Column::Id, &query.page()?).await?;
    let beside = Beside::of(connection, &slice.items).await?;
    let links = query.links(context, &slice);
    let items = slice.items.iter();
    let items = items.map(|row| view::wire(row, &beside, context));
    Ok(Reply::ok(&SurveyPage {
        items: items.collect::<Result<_, _>>()?,
        meta: slice.meta,
        links,
    })?)
}

/// Plan a survey
///
/// For the evaluators and coordinators of the round's organiser. It opens by itself on its
/// occasion and closes after its last day. A survey that is compared person by person is a
/// `before`, or joins the family of one.
#[utoipa::path(tag = "surveys", params(("roundId" = RoundId, Path, description = "The round.")), request_body = NewSurvey, responses((status = 201, description = "The survey.", body = Survey)))]
#[post("/rounds/{roundId}/surveys")]
async fn create_survey(
    state: Data<State>,
    id: Path<RoundId>,
    command: Command<NewSurvey>,
) -> Outcome {
    let Command {
        context,
        claim,
        body,
        ..
    } = command;
    let work = async |change: &mut Change| {
        let round = known::staffed(change.tx(), &context, *id).await?;
        let survey = steps::plan(change, &state.answer_keys, &round, body).await?;
        created(change, survey, &context).await
    };
    let answer = state
        .database
        .answer(context.actor(), claim.as_ref(), work)
        .await;
    Ok(answer?.into())
}

/// Get a survey
///
/// For the evaluators and coordinators of its organiser: how many were asked and how many have
/// answered, never who.
#[utoipa::path(tag = "surveys", params(("surveyId" = SurveyId, Path, description = "The survey.")), responses((status = 200, description = "The survey.", body = Survey)))]
#[get("/surveys/{surveyId}")]
async fn get_survey(state: Data<State>, context: Context, id: Path<SurveyId>) -> Outcome {
    let connection = state.database.read();
    let row = known_survey(connection, &context, *id).await?;
    let beside = Beside::of(connection, std::slice::from_ref(&row)).await?;
    // The counts change without a version.
    Ok(Reply::resource(
        &view::wire(&row, &beside, &context)?,
        row.version,
    )?)
}

/// Change a planned survey
///
/// For the evaluators and coordinators of its organiser. What is promised is not changed once
/// somebody was invited.
#[utoipa::path(tag = "surveys", params(("surveyId" = SurveyId, Path, description = "The survey.")), request_body = SurveyChange, responses((status = 200, description = "The survey.", body = Survey)))]
#[patch("/surveys/{surveyId}")]
async fn update_survey(
    state: Data<State>,
    id: Path<SurveyId>,
    command: Command<SurveyChange>,
) -> Outcome {
    let Command {
        context,
        claim,
        expected,
        body,
    } = command;
    let work = async |change: &mut Change| {
        known_survey(change.tx(), &context, *id).await?;
        let loaded = steps::load(change, id.uuid()).await?;
        expected.check(loaded.survey.version)?;
        let survey = steps::revise(change, loaded, body).await?;
        answered(change, survey, &context).await
    };
    let answer = state
        .database
        .answer(context.actor(), claim.as_ref(), work)
        .await;
    Ok(answer?.into())
}

/// Open a survey now
///
/// For the evaluators and coordinators of its organiser: without waiting for its occasion.
/// Everybody who is asked gets an own link.
#[utoipa::path(tag = "surveys", params(("surveyId" = SurveyId, Path, description = "The survey.")), responses((status = 200, description = "The survey.", body = Survey)))]
#[post("/surveys/{surveyId}/opening")]
async fn open_survey(state: Data<State>, id: Path<SurveyId>, command: Command<NoBody>) -> Outcome {
    let keys = &state.answer_keys;
    step(&state, *id, command, "opening", async |change, loaded| {
        steps::open(change, keys, loaded).await
    })
    .await
}

/// Close a survey now
///
/// For the evaluators and coordinators of its organiser: before its last day. No more answers are
/// taken, and its report is made.
#[utoipa::path(tag = "surveys", params(("surveyId" = SurveyId, Path, description = "The survey.")), responses((status = 200, description = "The survey.", body = Survey)))]
#[post("/surveys/{surveyId}/closing")]
async fn close_survey(state: Data<State>, id: Path<SurveyId>, command: Command<NoBody>) -> Outcome {
    let keys = &state.answer_keys;
    let done = step(&state, *id, command, "closing", async |change, loaded| {
        closing::close(change, keys, loaded.survey).await
    })
    .await?;
    wiping::wipe(&state.database).await;
    Ok(done)
}

/// Call a survey off
///
/// For the evaluators and coordinators of its organiser, until it is closed. What was answered is
/// thrown away, unread.
#[utoipa::path(tag = "surveys", params(("surveyId" = SurveyId, Path, description = "The survey.")), request_body = NewSurveyCancellation, responses((status = 200, description = "The survey.", body = Survey)))]
#[post("/surveys/{surveyId}/cancellation")]
async fn cancel_survey(
    state: Data<State>,
    id: Path<SurveyId>,
    command: Command<NewSurveyCancellation>,
) -> Outcome {
    let reason = command.body.reason.clone();
    let done = step(
        &state,
        *id,
        command,
        "cancellation",
        async |change, loaded| steps::cancel(change, loaded, reason.as_deref()).await,
    )
    .await?;
    wiping::wipe(&state.database).await;
    Ok(done)
}

/// Plan the same survey again
///
/// For the evaluators and coordinators of its organiser: for another round, or once more for the
/// same, with the same version, audience and promise.
#[utoipa::path(tag = "surveys", params(("surveyId" = SurveyId, Path, description = "The survey.")), request_body = NewSurveyCopy, responses((status = 201, description = "The new survey.", body = Survey)))]
#[post("/surveys/{surveyId}/copies")]
async fn copy_survey(
    state: Data<State>,
    id: Path<SurveyId>,
    command: Command<NewSurveyCopy>,
) -> Outcome {
    let Command {
        context,
        claim,
        body,
        ..
    } = command;
    let work = async |change: &mut Change| {
        let survey = known_survey(change.tx(), &context, *id).await?;
        let round = known::staffed(change.tx(), &context, body.round_id).await?;
        let copy = steps::copy(change, &state.answer_keys, &survey, &round, body).await?;
        created(change, copy, &context).await
    };
    let answer = state
        .database
        .answer(context.actor(), claim.as_ref(), work)
        .await;
    Ok(answer?.into())
}

/// End the pairing of a survey's family
///
/// For the evaluators and coordinators of its organiser: the key that pairs answers is destroyed
/// before the last survey is over. From then on nobody can compute whose a sheet is; later
/// answers are not paired. Repeating it does nothing.
#[utoipa::path(tag = "surveys", params(("surveyId" = SurveyId, Path, description = "The survey.")), responses((status = 200, description = "The survey.", body = Survey)))]
#[post("/surveys/{surveyId}/pairing-end")]
async fn end_pairing(state: Data<State>, id: Path<SurveyId>, command: Command<NoBody>) -> Outcome {
    let Command {
        context,
        claim,
        expected,
        ..
    } = command;
    let work = async |change: &mut Change| {
        known_survey(change.tx(), &context, *id).await?;
        let Loaded { survey, .. } = steps::load(change, id.uuid()).await?;
        expected.check(survey.version)?;
        if let Some(family) = survey.family_id {
            families::end(change, family).await?;
        }
        answered(change, survey, &context).await
    };
    let answer = state
        .database
        .answer(context.actor(), claim.as_ref(), work)
        .await?;
    wiping::wipe(&state.database).await;
    Ok(answer.into())
}

/// List a closed survey's sheets
///
/// For the evaluators and coordinators of its organiser, where the survey is confidential (without
/// names) or named; never of an anonymous one. The order says nothing.
#[utoipa::path(tag = "surveys", params(("surveyId" = SurveyId, Path, description = "The survey."), PageParameters), responses((status = 200, description = "A page of sheets.", body = SheetPage)))]
#[get("/surveys/{surveyId}/sheets")]
async fn list_sheets(
    state: Data<State>,
    context: Context,
    id: Path<SurveyId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    let survey = known_survey(connection, &context, *id).await?;
    sheets::list(connection, &context, &survey, &query).await
}

/// Takes one edge of a survey, once for an idempotency key.
async fn step<T>(
    state: &State,
    id: SurveyId,
    command: Command<T>,
    edge: &str,
    work: impl AsyncFnOnce(&mut Change, Loaded) -> Result<entity::Model, Problem>,
) -> Outcome {
    let Command {
        context,
        claim,
        expected,
        ..
    } = command;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            known_survey(change.tx(), &context, id).await?;
            let loaded = steps::load(change, id.uuid()).await?;
            expected.check(loaded.survey.version)?;
            let case = view::case(&loaded.survey)?;
            transition::judge(&EDGES, edge, &case, context.language)?;
            let survey = work(change, loaded).await?;
            answered(change, survey, &context).await
        },
    );
    Ok(answer.await?.into())
}

async fn answered(
    change: &Change,
    survey: entity::Model,
    context: &Context,
) -> Result<Answer, Problem> {
    let beside = Beside::of(change.tx(), std::slice::from_ref(&survey)).await?;
    let body = view::wire(&survey, &beside, context)?;
    Ok(Answer::ok(&body)?.version(survey.version))
}

async fn created(
    change: &Change,
    survey: entity::Model,
    context: &Context,
) -> Result<Answer, Problem> {
    let beside = Beside::of(change.tx(), std::slice::from_ref(&survey)).await?;
    let body = view::wire(&survey, &beside, context)?;
    Ok(Answer::created(body.links.own(), &body)?.version(survey.version))
}

/// A survey that the caller makes.
pub(crate) async fn known_survey(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: SurveyId,
) -> Result<entity::Model, Problem> {
    let found = store::find(connection, &context.caller, id).await?;
    found.ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}
