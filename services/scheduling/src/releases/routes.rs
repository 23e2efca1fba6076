//! Operations of releases.

use super::{
    claims, difference, entity,
    steps::{self, Early, Prepared},
    store,
};
use crate::{State, plans};
use actix_web::{
    get, post,
    web::{Data, Path},
};
use sea_orm::ConnectionTrait;
use shared_database::{Change, column, page};
use shared_types::{
    Answer, Links, Problem, RoundId, codes,
    scheduling::{
        codes::PLAN_MISSING,
        releases::{
            NewRelease, PlanDifference, Release, ReleasePage, ReleasePreview, ReleasedSession,
        },
    },
};
use shared_web::{Command, Context, Outcome, PageParameters, Query, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(preview_release)
        .service(list_releases)
        .service(create_release)
        .service(get_release)
        .service(compare_plan);
}

/// Preview a release
///
/// For the organiser's coordinators: what a release of the draft would change, who would be told,
/// and what speaks against it. Nothing is changed.
#[utoipa::path(tag = "releases", params(("roundId" = RoundId, Path, description = "The round.")), responses((status = 200, description = "The preview.", body = ReleasePreview)))]
#[get("/rounds/{roundId}/plan/preview")]
async fn preview_release(state: Data<State>, context: Context, id: Path<RoundId>) -> Outcome {
    let connection = state.database.read();
    let plan = known(connection, &context, *id).await?;
    let Prepared {
        changes,
        affected,
        findings,
        days,
        ..
    } = steps::prepare(connection, &plan, context.now, None).await?;
    let href = context.href(format!("rounds/{id}/plan/preview"));
    let releases = context.href(format!("rounds/{id}/releases"));
    Ok(Reply::ok(&ReleasePreview {
        round_id: *id,
        number: plan.released_number + 1,
        changes,
        affected,
        findings,
        programme_days: days,
        links: Links::to_self(href).with("releases", "POST", releases),
    })?)
}

/// List a plan's releases
///
/// For the organiser's coordinators, the first release first.
#[utoipa::path(tag = "releases", params(("roundId" = RoundId, Path, description = "The round."), PageParameters), responses((status = 200, description = "A page of releases.", body = ReleasePage)))]
#[get("/rounds/{roundId}/releases")]
async fn list_releases(
    state: Data<State>,
    context: Context,
    id: Path<RoundId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    plans::store::coordinated(connection, &context.caller, *id).await?;
    let select = store::of_round(*id);
    let slice = page::read(connection, select, entity::Column::Id, &query.page()?).await?;
    let links = query.links(&context, &slice);
    let items = slice
        .items
        .into_iter()
        .map(|row| wire(row, &context))
        .collect::<Result<_, _>>()?;
    Ok(Reply::ok(&ReleasePage {
        items,
        meta: slice.meta,
        links,
    })?)
}

/// Release a plan
///
/// For the organiser's coordinators: from now on people see the draft as it is, and those for whom
/// something changed are told. A venue without a statement on its accessibility forbids it. A
/// clash of rooms, facilitators or participants, over all rounds, needs a reason, which is kept;
/// of two releases that want the same room at the same time one is made, and the other answered
/// 409. Releasing what is released already is 409 too. An Idempotency-Key is required.
#[utoipa::path(tag = "releases", params(("roundId" = RoundId, Path, description = "The round.")), request_body = NewRelease, responses((status = 201, description = "The release.", body = Release)))]
#[post("/rounds/{roundId}/releases")]
async fn create_release(
    state: Data<State>,
    id: Path<RoundId>,
    command: Command<NewRelease>,
) -> Outcome {
    let Command {
        context,
        claim,
        expected,
        body,
    } = command;
    let early = claims::early(id.uuid(), too_early(&state, *id))
        .await?
        .flatten();
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            known(change.tx(), &context, *id).await?;
            let plan = plans::store::lock(change, *id).await?;
            let plan = plan.ok_or_else(|| Problem::of(&PLAN_MISSING))?;
            expected.check(plan.version)?;
            let row = steps::release(change, plan, body.reason.as_deref(), early).await?;
            let release = wire(row, &context)?;
            Ok(Answer::created(release.links.own(), &release)?.version(1))
        },
    );
    Ok(answer.await?.into())
}

/// Get a release
///
/// For the organiser's coordinators: the whole plan as it was released then.
#[utoipa::path(tag = "releases", params(("roundId" = RoundId, Path, description = "The round."), ("number" = i32, Path, minimum = 1, maximum = 1_000_000, description = "Number of the release.", example = 1)), responses((status = 200, description = "The release.", body = Release)))]
#[get("/rounds/{roundId}/releases/{number}")]
async fn get_release(state: Data<State>, context: Context, path: Path<(RoundId, i32)>) -> Outcome {
    let (id, number) = path.into_inner();
    let connection = state.database.read();
    plans::store::coordinated(connection, &context.caller, id).await?;
    let row = store::find(connection, id, number).await?;
    let row = row.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    Ok(Reply::resource(&wire(row, &context)?, 1)?)
}

/// Compare two versions of a plan
///
/// For the organiser's coordinators: what is other in a later release, or in the draft, than in an
/// earlier one. Session by session, with both versions.
#[utoipa::path(
    tag = "releases",
    params(
        ("roundId" = RoundId, Path, description = "The round."),
        ("from" = Option<i32>, Query, minimum = 0, maximum = 1_000_000, description = "Number of the earlier release; 0 is the time before the first. The newest release when nothing is said.", example = 1),
        ("to" = Option<i32>, Query, minimum = 0, maximum = 1_000_000, description = "Number of the later release; the draft when nothing is said.", example = 2),
    ),
    responses((status = 200, description = "The difference.", body = PlanDifference))
)]
#[get("/rounds/{roundId}/plan/difference")]
async fn compare_plan(
    state: Data<State>,
    context: Context,
    id: Path<RoundId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    let plan = known(connection, &context, *id).await?;
    let from = query.get("from").unwrap_or(plan.released_number);
    let to: Option<i32> = query.get("to");
    let before = version(connection, *id, from).await?;
    let after = if let Some(number) = to {
        version(connection, *id, number).await?
    } else {
        let prepared = steps::prepare(connection, &plan, context.now, None).await?;
        prepared.sessions
    };
    Ok(Reply::ok(&PlanDifference {
        round_id: *id,
        from,
        to,
        changes: difference::between(&before, &after),
        links: Links::to_self(context.href(format!("rounds/{id}/plan/difference"))),
    })?)
}

/// The plan of a round whose organiser's programmes the caller coordinates.
async fn known(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: RoundId,
) -> Result<plans::entity::Model, Problem> {
    plans::store::coordinated(connection, &context.caller, id).await?;
    let plan = plans::store::find(connection, id).await?;
    plan.ok_or_else(|| Problem::of(&PLAN_MISSING))
}

/// What people saw after a release.
async fn version(
    connection: &impl ConnectionTrait,
    round: RoundId,
    number: i32,
) -> Result<Vec<ReleasedSession>, Problem> {
    if number == 0 {
        return Ok(Vec::new());
    }
    let row = store::find(connection, round, number).await?;
    let row = row.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    Ok(column::from_json(row.content)?)
}

/// What a test lets a release look at before its transaction begins.
async fn too_early(state: &State, id: RoundId) -> Result<Option<Early>, Problem> {
    let connection = state.database.read();
    let Some(plan) = plans::store::find(connection, id).await? else {
        return Ok(None);
    };
    let loaded = plans::draft::load(connection, &plan).await?;
    let previous = plans::released::of_rounds(connection, &[id]).await?;
    let now = state.core.clock.now();
    let next = super::next::sessions(&loaded.draft, &previous, now);
    let around = super::around::load(connection, &plan, &loaded, &next, now).await?;
    Ok(Some(Early { around, previous }))
}

fn wire(row: entity::Model, context: &Context) -> Result<Release, Problem> {
    let round = context.href(format!("rounds/{}", row.round_id));
    let links = Links::to_self(format!("{round}/releases/{}", row.number)).with(
        "plan",
        "GET",
        format!("{round}/plan"),
    );
    Ok(Release {
        id: row.id.into(),
        round_id: row.round_id.into(),
        number: row.number,
        released_at: row.released_at,
        affected_count: row.affected_count,
        findings: column::from_json(row.findings)?,
        sessions: column::from_json(row.content)?,
        links,
    })
}
