//! Operations of meetings.

use super::{
    entity,
    model::{Case, EDGES},
    steps::{self, opened},
    store,
};
use crate::{
    State,
    pairs::{self, routes::known_pair, view},
    work::desk::{self, Desk},
};
use actix_web::{
    get, post,
    web::{Data, Path},
};
use sea_orm::ConnectionTrait;
use shared_database::{Change, column, page};
use shared_types::{
    Answer, Links, MeetingId, PairId, Problem, codes,
    mentorship::meetings::{
        NewMeetingHeld, NewPairMeeting, OwnMeetings, PairMeeting, PairMeetingPage,
    },
    transition,
};
use shared_web::{Command, Context, NoBody, Outcome, PageParameters, Query, Reply};
use std::collections::BTreeMap;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Meetings to come that somebody reads at once.
const MOST_UPCOMING: u64 = 100;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(get_my_meetings)
        .service(list_pair_meetings)
        .service(plan_pair_meeting)
        .service(get_pair_meeting)
        .service(hold_pair_meeting)
        .service(cancel_pair_meeting);
}

/// Get one's own meetings to come
///
/// For a person: what is planned in all of one's pairs that are not over, whether one is the mentor
/// or the mentee, the nearest first; at most a hundred.
#[utoipa::path(tag = "meetings", security(("oidc" = [])), responses((status = 200, description = "One's meetings to come.", body = OwnMeetings)))]
#[get("/me/meetings")]
async fn get_my_meetings(state: Data<State>, context: Context) -> Outcome {
    let connection = state.database.read();
    let person = context.caller.person;
    let person = person.ok_or_else(|| Problem::of(&codes::FORBIDDEN))?;
    let pairs = pairs::store::live_of_people(connection, &[person.uuid()]).await?;
    let pairs: BTreeMap<Uuid, _> = pairs.into_iter().map(|pair| (pair.id, pair)).collect();
    let ids: Vec<Uuid> = pairs.keys().copied().collect();
    let mut upcoming = Vec::new();
    for row in store::upcoming(connection, &ids, context.now, MOST_UPCOMING).await? {
        if let Some(pair) = pairs.get(&row.pair_id) {
            let desk = own_desk(&state, connection, (pair, &context)).await?;
            upcoming.push(wire(&row, desk.as_ref(), (pair, &context))?);
        }
    }
    Ok(Reply::ok(&OwnMeetings {
        person_id: person,
        upcoming,
        links: Links::to_self(context.href("me/meetings")),
    })?)
}

/// List a pair's meetings
///
/// For the two; for the coordinators of the round's organiser without topic and place.
#[utoipa::path(tag = "meetings", params(("pairId" = PairId, Path, description = "The pair."), PageParameters), responses((status = 200, description = "A page of meetings.", body = PairMeetingPage)))]
#[get("/pairs/{pairId}/meetings")]
async fn list_pair_meetings(
    state: Data<State>,
    context: Context,
    id: Path<PairId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    let pair = known_pair(connection, &context, *id).await?;
    let desk = own_desk(&state, connection, (&pair, &context)).await?;
    let select = store::of_pair(id.uuid());
    let slice = page::read(connection, select, entity::Column::Id, &query.page()?).await?;
    let links = query.links(&context, &slice);
    let items = slice
        .items
        .iter()
        .map(|row| wire(row, desk.as_ref(), (&pair, &context)));
    Ok(Reply::ok(&PairMeetingPage {
        items: items.collect::<Result<_, _>>()?,
        meta: slice.meta,
        links,
    })?)
}

/// Plan a meeting
///
/// For the two, once the pair is active, for a time to come. Topic and place are for the two
/// alone. The answer to this request is never kept; repeated under the same Idempotency-Key it
/// plans nothing new.
#[utoipa::path(tag = "meetings", params(("pairId" = PairId, Path, description = "The pair.")), request_body = NewPairMeeting, responses((status = 201, description = "The meeting.", body = PairMeeting)))]
#[post("/pairs/{pairId}/meetings")]
async fn plan_pair_meeting(
    state: Data<State>,
    id: Path<PairId>,
    command: Command<NewPairMeeting>,
) -> Outcome {
    // Not `answer`: it would keep the topic with the answer.
    let Command {
        context,
        claim,
        body,
        ..
    } = command;
    let work = async |change: &mut Change| {
        let desk = desk::write(&state, change, &context, *id).await?;
        let row = steps::plan(change, &desk, &body, claim.as_ref()).await?;
        let meeting = wire(&row, Some(&desk), (&desk.pair, &context))?;
        Ok::<_, Problem>(Answer::created(meeting.links.own(), &meeting)?.version(row.version))
    };
    Ok(state.database.change(context.actor(), work).await?.into())
}

/// Get a meeting
///
/// For the two; for the coordinators of the round's organiser without topic and place.
#[utoipa::path(tag = "meetings", params(("meetingId" = MeetingId, Path, description = "The meeting.")), responses((status = 200, description = "The meeting.", body = PairMeeting)))]
#[get("/meetings/{meetingId}")]
async fn get_pair_meeting(state: Data<State>, context: Context, id: Path<MeetingId>) -> Outcome {
    let connection = state.database.read();
    let (row, pair) = known_meeting(connection, &context, *id).await?;
    let desk = own_desk(&state, connection, (&pair, &context)).await?;
    let meeting = wire(&row, desk.as_ref(), (&pair, &context))?;
    Ok(Reply::resource(&meeting, row.version)?)
}

/// Say that a meeting was held
///
/// For the two, once it has begun: with how long it was.
#[utoipa::path(tag = "meetings", params(("meetingId" = MeetingId, Path, description = "The meeting.")), request_body = NewMeetingHeld, responses((status = 200, description = "The meeting.", body = PairMeeting)))]
#[post("/meetings/{meetingId}/holding")]
async fn hold_pair_meeting(
    state: Data<State>,
    id: Path<MeetingId>,
    command: Command<NewMeetingHeld>,
) -> Outcome {
    let length = command.body.length_minutes;
    step(&state, *id, command, "holding", Some(length)).await
}

/// Call a meeting off
///
/// For the two.
#[utoipa::path(tag = "meetings", params(("meetingId" = MeetingId, Path, description = "The meeting.")), responses((status = 200, description = "The meeting.", body = PairMeeting)))]
#[post("/meetings/{meetingId}/cancellation")]
async fn cancel_pair_meeting(
    state: Data<State>,
    id: Path<MeetingId>,
    command: Command<NoBody>,
) -> Outcome {
    step(&state, *id, command, "cancellation", None).await
}

/// Takes one edge of a meeting: held, with how long it was, or called off.
async fn step<T>(
    state: &State,
    id: MeetingId,
    command: Command<T>,
    edge: &str,
    length: Option<i32>,
) -> Outcome {
    // Not `answer`: it would keep the topic with the answer. A second call finds it done.
    let Command {
        context, expected, ..
    } = command;
    let work = async |change: &mut Change| {
        let (before, _) = known_meeting(change.tx(), &context, id).await?;
        let missing = || Problem::of(&codes::NOT_FOUND);
        let pair = pairs::store::lock(change, before.pair_id).await?;
        let pair = pair.ok_or_else(missing)?;
        let (row, _) = known_meeting(change.tx(), &context, id).await?;
        expected.check(row.version)?;
        let case = case(&row, (&pair, &context))?;
        transition::judge(&EDGES, edge, &case, context.language)?;
        let (row, pair) = match length {
            Some(length) => steps::hold(change, (row, pair), length).await?,
            None => (steps::cancel(change, row, &pair).await?, pair),
        };
        let desk = own_desk(state, change.tx(), (&pair, &context)).await?;
        let meeting = wire(&row, desk.as_ref(), (&pair, &context))?;
        Ok::<_, Problem>(Answer::ok(&meeting)?.version(row.version))
    };
    Ok(state.database.change(context.actor(), work).await?.into())
}

async fn known_meeting(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: MeetingId,
) -> Result<(entity::Model, pairs::entity::Model), Problem> {
    let missing = || Problem::of(&codes::NOT_FOUND);
    let row = store::find_any(connection, id.uuid()).await?;
    let row = row.ok_or_else(missing)?;
    let pair = known_pair(connection, context, row.pair_id.into()).await?;
    Ok((row, pair))
}

/// The desk of the pair, where the caller is one of the two.
async fn own_desk(
    state: &State,
    connection: &impl ConnectionTrait,
    (pair, context): (&pairs::entity::Model, &Context),
) -> Result<Option<Desk>, Problem> {
    if view::who(pair, context).is_member() {
        let desk = desk::read(state, connection, context, pair.id.into()).await?;
        Ok(Some(desk))
    } else {
        Ok(None)
    }
}

fn case(
    row: &entity::Model,
    (pair, context): (&pairs::entity::Model, &Context),
) -> Result<Case, Problem> {
    Ok(Case {
        state: column::parse(&row.state)?,
        starts_at: row.starts_at,
        pair: column::parse(&pair.state)?,
        is_member: view::who(pair, context).is_member(),
        now: context.now,
    })
}

/// A meeting on the wire; without a desk its dates alone.
pub(crate) fn wire(
    row: &entity::Model,
    desk: Option<&Desk>,
    (pair, context): (&pairs::entity::Model, &Context),
) -> Result<PairMeeting, Problem> {
    let case = case(row, (pair, context))?;
    let private = match desk {
        Some(desk) => opened(row, desk)?,
        None => steps::Private::default(),
    };
    let href = context.href(format!("meetings/{}", row.id));
    let links = Links::to_self(&href).with(
        "pair",
        "GET",
        context.href(format!("pairs/{}", row.pair_id)),
    );
    Ok(PairMeeting {
        id: row.id.into(),
        pair_id: row.pair_id.into(),
        state: case.state,
        starts_at: row.starts_at,
        length_minutes: row.length_minutes,
        topic: private.topic,
        place: private.place,
        links: transition::allowed(&EDGES, &case, &href, links),
        transitions: transition::refused(&EDGES, &case, context.language),
    })
}
