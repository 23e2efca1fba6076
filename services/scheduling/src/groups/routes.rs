//! Operations of groups.

use super::{
    compose::Score,
    entity,
    inputs::{Known, Terms},
    messages,
    model::{EDGES, MOVE},
    picture::{Picture, composed},
    steps::{self, Prepared},
    store, views,
};
use crate::State;
use actix_web::{
    get, post, put,
    web::{Data, Path},
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, QueryFilter as _};
use shared_database::{Change, column, history, page};
use shared_projections::rounds;
use shared_types::{
    Answer, GroupSetId, Links, PersonId, Problem, RoundId, codes,
    page::PlainSort,
    registration::history::History,
    scheduling::{
        codes::SESSION_UNKNOWN,
        groups::{
            GroupMeetings, GroupMove, GroupPublication, GroupSet, GroupSetEntry, GroupSetPage,
            GroupSetState, NewGroupSet, Recomposition, RoundGroups,
        },
    },
    transition,
};
use shared_web::{Command, Context, NoBody, Outcome, PageParameters, Query, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_group_sets)
        .service(create_group_set)
        .service(get_group_set)
        .service(recompose_group_set)
        .service(move_group_member)
        .service(publish_group_set)
        .service(discard_group_set)
        .service(get_group_set_history)
        .service(get_round_groups)
        .service(get_group_meetings);
}

/// List sets of groups
///
/// For the coordinators of the round's organiser: drafts, what is published, and what was.
#[utoipa::path(
    tag = "groups",
    params(
        ("roundId" = RoundId, Path, description = "The round."),
        PageParameters,
        ("sort" = inline(Option<PlainSort>), Query, description = "Order of the list; by id when nothing is said."),
    ),
    responses((status = 200, description = "A page of sets.", body = GroupSetPage))
)]
#[get("/rounds/{roundId}/group-sets")]
async fn list_group_sets(
    state: Data<State>,
    context: Context,
    id: Path<RoundId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    coordinated(connection, &context, *id).await?;
    let select = store::scoped(&context.caller).filter(entity::Column::RoundId.eq(id.uuid()));
    let slice = page::read(connection, select, entity::Column::Id, &query.page()?).await?;
    let links = query.links(&context, &slice);
    let items = slice
        .items
        .into_iter()
        .map(|row| entry(row, &context))
        .collect::<Result<_, _>>()?;
    Ok(Reply::ok(&GroupSetPage {
        items,
        meta: slice.meta,
        links,
    })?)
}

/// Compose groups
///
/// For the coordinators of the round's organiser: divides everybody who takes part. Nobody gets
/// into one group with somebody of their own line of management; municipalities, departments and
/// genders are mixed, and who was in one group before is kept apart as far as it goes. The answer
/// says how good the groups are and why they are not better. It is a draft: nobody is told. An
/// Idempotency-Key is required.
#[utoipa::path(tag = "groups", params(("roundId" = RoundId, Path, description = "The round.")), request_body = NewGroupSet, responses((status = 201, description = "The draft.", body = GroupSet)))]
#[post("/rounds/{roundId}/group-sets")]
async fn create_group_set(
    state: Data<State>,
    id: Path<RoundId>,
    command: Command<NewGroupSet>,
) -> Outcome {
    let Command {
        context,
        claim,
        body,
        ..
    } = command;
    let round = coordinated(state.database.read(), &context, *id).await?;
    // Before the change is opened, which on SQLite would let nobody else write meanwhile. What
    // stands against it is answered only where the request is not a repeated one.
    let prepared = prepare_new(state.database.read(), &round, &body).await;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let prepared = prepared?;
            store::lock(change, *id).await?;
            let set = steps::make(change, &round, &body, &prepared).await?;
            let version = set.version;
            let picture = Picture::of(change.tx(), set).await?;
            let set = picture.wire(&context, None)?;
            Ok(Answer::created(set.links.own(), &set)?.version(version))
        },
    );
    Ok(answer.await?.into())
}

/// Get a set of groups
///
/// For the coordinators of the round's organiser: the groups, how good they are now, and what is
/// not as it should be. Participants see their own group in `getRoundGroups`.
#[utoipa::path(tag = "groups", params(("groupSetId" = GroupSetId, Path, description = "The set.")), responses((status = 200, description = "The set.", body = GroupSet)))]
#[get("/group-sets/{groupSetId}")]
async fn get_group_set(state: Data<State>, context: Context, id: Path<GroupSetId>) -> Outcome {
    let connection = state.database.read();
    let set = known(connection, &context, *id).await?;
    let version = set.version;
    let picture = Picture::of(connection, set).await?;
    Ok(Reply::resource(&picture.wire(&context, None)?, version)?)
}

/// Compose groups again
///
/// For the coordinators of the round's organiser, while the set is a draft: everybody who takes
/// part now is divided anew, and who is locked stays. With the same inputs and the same seed the
/// groups are the same.
#[utoipa::path(tag = "groups", params(("groupSetId" = GroupSetId, Path, description = "The set.")), request_body = Recomposition, responses((status = 200, description = "The set.", body = GroupSet)))]
#[post("/group-sets/{groupSetId}/composition")]
async fn recompose_group_set(
    state: Data<State>,
    id: Path<GroupSetId>,
    command: Command<Recomposition>,
) -> Outcome {
    let Command {
        context,
        claim,
        expected,
        body,
    } = command;
    let before = known(state.database.read(), &context, *id).await?;
    let prepared = prepare_again(state.database.read(), &before, &body).await;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let picture = locked(change, &context, *id).await?;
            expected.check(picture.set.version)?;
            let case = picture.case(&context, false)?;
            transition::judge(&EDGES, "composition", &case, context.language)?;
            let prepared = prepared?;
            let previous = picture.judgement.score.clone();
            let set = steps::compose_again(change, picture, &body, &prepared).await?;
            changed(change, &context, set, &previous).await
        },
    );
    Ok(answer.await?.into())
}

/// Move a member
///
/// For the coordinators of the round's organiser: puts a participant into a group, alone or in
/// exchange with one of its members, and locks or unlocks them there. Also for whoever has come
/// since the groups were composed. The answer has the score before and after. Once participants
/// have seen the groups, a reason is needed, which the history keeps.
#[utoipa::path(
    tag = "groups",
    params(
        ("groupSetId" = GroupSetId, Path, description = "The set."),
        ("personId" = PersonId, Path, description = "The participant."),
    ),
    request_body = GroupMove,
    responses((status = 200, description = "The set.", body = GroupSet))
)]
#[put("/group-sets/{groupSetId}/members/{personId}")]
async fn move_group_member(
    state: Data<State>,
    path: Path<(GroupSetId, PersonId)>,
    command: Command<GroupMove>,
) -> Outcome {
    let Command {
        context,
        claim,
        expected,
        body,
    } = command;
    let (id, person) = *path;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let picture = locked(change, &context, id).await?;
            expected.check(picture.set.version)?;
            let case = picture.case(&context, body.reason.is_some())?;
            MOVE.judge(&case)?;
            let set = steps::relocate(change, &picture, person, &body).await?;
            let is_seen = case.state == GroupSetState::Published;
            let answer = changed(change, &context, set.clone(), &picture.judgement.score).await?;
            if is_seen {
                let picture = Picture::of(change.tx(), set).await?;
                steps::tell(change, "groups.changed", &picture);
            }
            Ok(answer)
        },
    );
    Ok(answer.await?.into())
}

/// Publish groups
///
/// For the coordinators of the round's organiser: from now on participants see their own group,
/// and are told. What was published for the same session, or for the round, is superseded.
/// Refused without a reason while a hard rule is broken or somebody has no group. An
/// Idempotency-Key is required.
#[utoipa::path(tag = "groups", params(("groupSetId" = GroupSetId, Path, description = "The set.")), request_body = GroupPublication, responses((status = 200, description = "The set.", body = GroupSet)))]
#[post("/group-sets/{groupSetId}/publication")]
async fn publish_group_set(
    state: Data<State>,
    id: Path<GroupSetId>,
    command: Command<GroupPublication>,
) -> Outcome {
    let Command {
        context,
        claim,
        expected,
        body,
    } = command;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let picture = locked(change, &context, *id).await?;
            expected.check(picture.set.version)?;
            let case = picture.case(&context, body.reason.is_some())?;
            transition::judge(&EDGES, "publication", &case, context.language)?;
            let set = steps::publish(change, picture.set, body.reason.as_deref()).await?;
            let version = set.version;
            let picture = Picture::of(change.tx(), set).await?;
            steps::tell(change, "groups.published", &picture);
            messages::request(change, &picture).await?;
            Ok(Answer::ok(&picture.wire(&context, None)?)?.version(version))
        },
    );
    Ok(answer.await?.into())
}

/// Discard groups
///
/// For the coordinators of the round's organiser, while the set is a draft: it stays in the list
/// and is never used.
#[utoipa::path(tag = "groups", params(("groupSetId" = GroupSetId, Path, description = "The set.")), responses((status = 200, description = "The set.", body = GroupSet)))]
#[post("/group-sets/{groupSetId}/discard")]
async fn discard_group_set(
    state: Data<State>,
    id: Path<GroupSetId>,
    command: Command<NoBody>,
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
            let picture = locked(change, &context, *id).await?;
            expected.check(picture.set.version)?;
            let case = picture.case(&context, false)?;
            transition::judge(&EDGES, "discard", &case, context.language)?;
            let set = steps::discard(change, picture.set).await?;
            let version = set.version;
            let picture = Picture::of(change.tx(), set).await?;
            Ok(Answer::ok(&picture.wire(&context, None)?)?.version(version))
        },
    );
    Ok(answer.await?.into())
}

/// Read a set's history
///
/// For the coordinators of the round's organiser: who composed, moved and published, when and why.
#[utoipa::path(tag = "groups", params(("groupSetId" = GroupSetId, Path, description = "The set.")), responses((status = 200, description = "The history, the oldest first.", body = History)))]
#[get("/group-sets/{groupSetId}/history")]
async fn get_group_set_history(
    state: Data<State>,
    context: Context,
    id: Path<GroupSetId>,
) -> Outcome {
    known(state.database.read(), &context, *id).await?;
    let entries = history::list(state.database.read(), id.uuid()).await?;
    Ok(Reply::ok(&History {
        entries,
        links: Links::to_self(context.href(format!("group-sets/{id}/history"))),
    })?)
}

/// Read published groups
///
/// For participants their own group in each published set, with the others' names and
/// municipalities. For coordinators and facilitators of the round's organiser every group.
#[utoipa::path(tag = "groups", params(("roundId" = RoundId, Path, description = "The round.")), responses((status = 200, description = "The groups.", body = RoundGroups)))]
#[get("/rounds/{roundId}/groups")]
async fn get_round_groups(state: Data<State>, context: Context, id: Path<RoundId>) -> Outcome {
    let connection = state.database.read();
    let round = rounds::find(connection, *id).await?;
    let round = round.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    let groups = views::round_groups(connection, &round, &context).await?;
    let groups = groups.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    Ok(Reply::ok(&groups)?)
}

/// Read who has met whom
///
/// For the coordinators of the round's organiser: how many pairs were in one group how often in
/// what is published, and how many others each participant has met.
#[utoipa::path(tag = "groups", params(("roundId" = RoundId, Path, description = "The round.")), responses((status = 200, description = "The meetings in numbers.", body = GroupMeetings)))]
#[get("/rounds/{roundId}/group-meetings")]
async fn get_group_meetings(state: Data<State>, context: Context, id: Path<RoundId>) -> Outcome {
    let connection = state.database.read();
    coordinated(connection, &context, *id).await?;
    Ok(Reply::ok(
        &views::meetings(connection, *id, &context).await?,
    )?)
}

async fn prepare_new(
    connection: &impl ConnectionTrait,
    round: &rounds::Model,
    body: &NewGroupSet,
) -> Result<Prepared, Problem> {
    let (id, organiser) = (RoundId::from(round.id), round.organiser_id.into());
    if let Some(session) = body.session_id
        && !store::has_session(connection, id, session).await?
    {
        return Err(Problem::of(&SESSION_UNKNOWN));
    }
    let known = Known::read(connection, id, organiser, None).await?;
    let terms = steps::terms_of_new(body, &known)?;
    prepare(&known, terms).await
}

async fn prepare_again(
    connection: &impl ConnectionTrait,
    set: &entity::Model,
    body: &Recomposition,
) -> Result<Prepared, Problem> {
    let (round, organiser) = (set.round_id.into(), set.organiser_id.into());
    let known = Known::read(connection, round, organiser, Some(set)).await?;
    let members = store::members(connection, set.id).await?;
    let terms = steps::terms_of_again(body, set, &members, &known)?;
    prepare(&known, terms).await
}

async fn prepare(known: &Known, terms: Terms) -> Result<Prepared, Problem> {
    let task = known.task(&terms);
    let composition = composed(task.clone()).await?;
    Ok(Prepared {
        terms,
        task,
        composition,
    })
}

/// The answer to a change of the groups, with the score before it.
async fn changed(
    change: &Change,
    context: &Context,
    set: entity::Model,
    previous: &Score,
) -> Result<Answer, Problem> {
    let version = set.version;
    let picture = Picture::of(change.tx(), set).await?;
    Ok(Answer::ok(&picture.wire(context, Some(previous))?)?.version(version))
}

async fn known(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: GroupSetId,
) -> Result<entity::Model, Problem> {
    store::find(connection, &context.caller, id)
        .await?
        .ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

/// A set as it stands, under its round's lock.
async fn locked(change: &Change, context: &Context, id: GroupSetId) -> Result<Picture, Problem> {
    let before = known(change.tx(), context, id).await?;
    store::lock(change, before.round_id.into()).await?;
    let set = known(change.tx(), context, id).await?;
    Picture::of(change.tx(), set).await
}

/// A round whose organiser's programmes the caller coordinates; for others it is not there.
async fn coordinated(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: RoundId,
) -> Result<rounds::Model, Problem> {
    rounds::find(connection, id)
        .await?
        .filter(|round| context.caller.coordinates(round.organiser_id.into()))
        .ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

fn entry(row: entity::Model, context: &Context) -> Result<GroupSetEntry, Problem> {
    let href = context.href(format!("group-sets/{}", row.id));
    Ok(GroupSetEntry {
        id: row.id.into(),
        round_id: row.round_id.into(),
        session_id: row.session_id.map(Into::into),
        name: column::from_json(row.name)?,
        state: column::parse(&row.state)?,
        groups_count: row.groups_count,
        created_at: row.created_at,
        published_at: row.published_at,
        links: Links::to_self(href),
    })
}
