//! Operations of learning experiments.

use super::{entity, model::step, periods, store};
use crate::{
    State,
    challenges::{model::Reader, reader},
    vaults,
    work::desk::request,
};
use actix_web::{
    delete, get, post, put,
    web::{Data, Path},
};
use sea_orm::{ConnectionTrait, EntityTrait as _};
use shared_database::{Change, DatabaseError, page, row};
use shared_envelope::OwnerKey;
use shared_types::{
    Answer, ApplicationId, Claim, ExperimentId, Links, Problem, codes,
    mentorship::{
        codes::PAIR_ERASED,
        experiments::{Experiment, ExperimentPage, NewExperiment},
    },
};
use shared_web::{Command, Context, NoBody, Outcome, PageParameters, Query, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_experiments)
        .service(create_experiment)
        .service(get_experiment)
        .service(replace_experiment)
        .service(delete_experiment);
}

/// List a participant's experiments
///
/// The participant reads all of them; the present mentor and the round read the steps that are for
/// them.
#[utoipa::path(tag = "challenges", params(("applicationId" = ApplicationId, Path, description = "The participation."), PageParameters), responses((status = 200, description = "A page of experiments.", body = ExperimentPage)))]
#[get("/challenges/{applicationId}/experiments")]
async fn list_experiments(
    state: Data<State>,
    context: Context,
    id: Path<ApplicationId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    let (mentee, reader) = reader::find(connection, &context, *id).await?;
    let select = store::of_mentee(mentee.id);
    let slice = page::read(connection, select, entity::Column::Id, &query.page()?).await?;
    let key = vaults::store::find(connection, &state.pair_keys, mentee.id).await?;
    let links = query.links(&context, &slice);
    let items = slice.items.iter().map(|row| {
        let key = key.as_ref().ok_or_else(|| Problem::of(&PAIR_ERASED))?;
        wire(row, key, (reader, &context))
    });
    Ok(Reply::ok(&ExperimentPage {
        items: items.collect::<Result<_, Problem>>()?,
        meta: slice.meta,
        links,
    })?)
}

/// Plan an experiment
///
/// For the participant. A session that is no practice period of the round is refused, as far as the
/// round's plan is known. The answer to this request is never kept; repeated under the same
/// Idempotency-Key it makes nothing new.
#[utoipa::path(tag = "challenges", params(("applicationId" = ApplicationId, Path, description = "The participation.")), request_body = NewExperiment, responses((status = 201, description = "The experiment.", body = Experiment)))]
#[post("/challenges/{applicationId}/experiments")]
async fn create_experiment(
    state: Data<State>,
    id: Path<ApplicationId>,
    command: Command<NewExperiment>,
) -> Outcome {
    let Command {
        context,
        claim,
        body,
        ..
    } = command;
    let work = async |change: &mut Change| {
        let mentee = reader::own(change.tx(), &context, *id).await?;
        periods::judge(change.tx(), &mentee, body.practice_period_id).await?;
        let key = reader::key(&state, change, &mentee).await?;
        let row = insert(change, (*id, &key), &body, claim.as_ref()).await?;
        let experiment = wire(&row, &key, (Reader::Owner, &context))?;
        let answer = Answer::created(experiment.links.own(), &experiment)?;
        Ok::<_, Problem>(answer.version(row.version))
    };
    Ok(state.database.change(context.actor(), work).await?.into())
}

/// Get an experiment
///
/// The participant reads all of it; the present mentor and the round read the steps that are for
/// them.
#[utoipa::path(tag = "challenges", params(("experimentId" = ExperimentId, Path, description = "The experiment.")), responses((status = 200, description = "The experiment.", body = Experiment)))]
#[get("/experiments/{experimentId}")]
async fn get_experiment(state: Data<State>, context: Context, id: Path<ExperimentId>) -> Outcome {
    let connection = state.database.read();
    let (row, reader) = known_row(connection, &context, *id).await?;
    let key = vaults::store::find(connection, &state.pair_keys, row.application_id).await?;
    let key = key.ok_or_else(|| Problem::of(&PAIR_ERASED))?;
    let experiment = wire(&row, &key, (reader, &context))?;
    Ok(Reply::resource(&experiment, row.version)?)
}

/// Write an experiment on
///
/// For the participant: it replaces the experiment. The answer to this request is never kept.
#[utoipa::path(tag = "challenges", params(("experimentId" = ExperimentId, Path, description = "The experiment.")), request_body = NewExperiment, responses((status = 200, description = "The experiment.", body = Experiment)))]
#[put("/experiments/{experimentId}")]
async fn replace_experiment(
    state: Data<State>,
    id: Path<ExperimentId>,
    command: Command<NewExperiment>,
) -> Outcome {
    let Command {
        context,
        expected,
        body,
        ..
    } = command;
    let work = async |change: &mut Change| {
        let before = own_row(change.tx(), &context, *id).await?;
        let mentee = reader::own(change.tx(), &context, before.application_id.into()).await?;
        // The key's row is the lock.
        let key = reader::key(&state, change, &mentee).await?;
        let before = own_row(change.tx(), &context, *id).await?;
        expected.check(before.version)?;
        let known: NewExperiment = vaults::store::open(&key, before.id, &before.body)?;
        // What was named in time stays, though the period was cancelled since.
        if known.practice_period_id != body.practice_period_id {
            periods::judge(change.tx(), &mentee, body.practice_period_id).await?;
        }
        let next = entity::Model {
            body: vaults::store::seal(&key, before.id, &body)?,
            modified_at: change.actor.at,
            version: before.version + 1,
            ..before
        };
        let row = row::update::<entity::Entity>(change.tx(), next).await?;
        let experiment = wire(&row, &key, (Reader::Owner, &context))?;
        Ok::<_, Problem>((experiment, row.version))
    };
    let (experiment, version) = state.database.change(context.actor(), work).await?;
    Ok(Reply::resource(&experiment, version)?)
}

/// Delete an experiment
///
/// For the participant.
#[utoipa::path(tag = "challenges", params(("experimentId" = ExperimentId, Path, description = "The experiment.")), responses((status = 204, description = "It is deleted.")))]
#[delete("/experiments/{experimentId}")]
async fn delete_experiment(
    state: Data<State>,
    id: Path<ExperimentId>,
    command: Command<NoBody>,
) -> Outcome {
    let context = command.context;
    let work = async |change: &mut Change| {
        let row = own_row(change.tx(), &context, *id).await?;
        command.expected.check(row.version)?;
        entity::Entity::delete_by_id(row.id)
            .exec(change.tx())
            .await
            .map_err(DatabaseError::from)?;
        change.record("experiment", row.id, "experiment.deleted", None);
        Ok::<_, Problem>(())
    };
    state.database.change(context.actor(), work).await?;
    Ok(Answer::no_content().into())
}

async fn insert(
    change: &mut Change,
    (mentee, key): (ApplicationId, &OwnerKey),
    body: &NewExperiment,
    claim: Option<&Claim>,
) -> Result<entity::Model, Problem> {
    let request = claim.map(request);
    if let Some(request) = &request
        && let Some(row) = store::of_request(change.tx(), request).await?
    {
        let known: NewExperiment = vaults::store::open(key, row.id, &row.body)?;
        return if known == *body {
            Ok(row)
        } else {
            Err(Problem::of(&codes::IDEMPOTENCY_REUSED))
        };
    }
    let id = ExperimentId::new().uuid();
    let row = entity::Model {
        id,
        application_id: mentee.uuid(),
        body: vaults::store::seal(key, id, body)?,
        request,
        modified_at: change.actor.at,
        version: 1,
    };
    let row = row::insert::<entity::Entity>(change.tx(), row).await?;
    change.record("experiment", row.id, "experiment.planned", None);
    Ok(row)
}

async fn known_row(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: ExperimentId,
) -> Result<(entity::Model, Reader), Problem> {
    let missing = || Problem::of(&codes::NOT_FOUND);
    let row = store::find_any(connection, id.uuid()).await?;
    let row = row.ok_or_else(missing)?;
    let (_, reader) = reader::find(connection, context, row.application_id.into()).await?;
    Ok((row, reader))
}

async fn own_row(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: ExperimentId,
) -> Result<entity::Model, Problem> {
    match known_row(connection, context, id).await? {
        (row, Reader::Owner) => Ok(row),
        _ => Err(Problem::of(&codes::FORBIDDEN)),
    }
}

fn wire(
    row: &entity::Model,
    key: &OwnerKey,
    (reader, context): (Reader, &Context),
) -> Result<Experiment, Problem> {
    let body: NewExperiment = vaults::store::open(key, row.id, &row.body)?;
    let href = context.href(format!("experiments/{}", row.id));
    let challenge = context.href(format!("challenges/{}", row.application_id));
    let mut links = Links::to_self(&href).with("challenge", "GET", challenge);
    if reader == Reader::Owner {
        links = links.with("update", "PUT", href);
    }
    Ok(Experiment {
        id: row.id.into(),
        application_id: row.application_id.into(),
        track: body.track,
        step: step(&body),
        practice_period_id: body.practice_period_id,
        plan: reader.piece(Some(body.plan)),
        tried: reader.piece(body.tried),
        observe: reader.piece(body.observe),
        reflect: reader.piece(body.reflect),
        next: reader.piece(body.next),
        modified_at: row.modified_at,
        links,
    })
}
