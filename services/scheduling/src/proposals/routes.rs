//! Operations of proposals.

use super::{
    entity,
    model::{Case, EDGES},
    store,
};
use crate::{
    State, plans,
    releases::reader::{self, Reader},
    sessions,
};
use actix_web::{
    get, post,
    web::{Data, Path},
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, QueryFilter as _};
use serde_json::json;
use shared_database::{Change, column, page, row};
use shared_types::{
    AgendaProposalId, Answer, Claim, Links, Problem, SessionId, codes,
    scheduling::{
        proposals::{
            AgendaPlace, AgendaProposal, AgendaProposalPage, AgendaProposalState, NewAgendaProposal,
        },
        sessions::{AgendaItem, NewSession},
    },
    transition,
};
use shared_web::{
    Command, Context, NoBody, Outcome, PageParameters, Query, Reply, command::Expected,
};
use utoipa_actix_web::service_config::ServiceConfig;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_agenda_proposals)
        .service(create_agenda_proposal)
        .service(get_agenda_proposal)
        .service(accept_agenda_proposal)
        .service(refuse_agenda_proposal)
        .service(withdraw_agenda_proposal);
}

/// List proposals for a session's agenda
///
/// For whoever leads the session and the organiser's coordinators all of them; for participants
/// their own, and those that were accepted.
#[utoipa::path(tag = "proposals", params(("sessionId" = SessionId, Path, description = "The session."), PageParameters), responses((status = 200, description = "A page of proposals.", body = AgendaProposalPage)))]
#[get("/sessions/{sessionId}/agenda-proposals")]
async fn list_agenda_proposals(
    state: Data<State>,
    context: Context,
    id: Path<SessionId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    let (_, reader) = reader::of_session(connection, &context.caller, *id).await?;
    let select = store::scoped(&reader, context.caller.person, *id);
    let slice = page::read(connection, select, entity::Column::Id, &query.page()?).await?;
    let links = query.links(&context, &slice);
    let items = slice.items.iter().map(|row| wire(row, &reader, &context));
    Ok(Reply::ok(&AgendaProposalPage {
        items: items.collect::<Result<_, _>>()?,
        meta: slice.meta,
        links,
    })?)
}

/// Propose something for a session's agenda
///
/// For participants, for a session that they see.
#[utoipa::path(tag = "proposals", params(("sessionId" = SessionId, Path, description = "The session.")), request_body = NewAgendaProposal, responses((status = 201, description = "The proposal.", body = AgendaProposal)))]
#[post("/sessions/{sessionId}/agenda-proposals")]
async fn create_agenda_proposal(
    state: Data<State>,
    id: Path<SessionId>,
    command: Command<NewAgendaProposal>,
) -> Outcome {
    let Command {
        context,
        claim,
        body,
        ..
    } = command;
    if !body.title.is_well_formed() {
        let words = "Keys are language tags, one to eight of them.";
        return Err(Problem::invalid("/title", "invalid", words).into());
    }
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let found = reader::of_session(change.tx(), &context.caller, *id).await;
            let (session, reader) = found?;
            let participant = context.caller.person.filter(|_| reader.participant);
            let person = participant.ok_or_else(|| Problem::of(&codes::FORBIDDEN))?;
            let row = entity::Model {
                id: AgendaProposalId::new().uuid(),
                round_id: session.round_id,
                session_id: session.id,
                person_id: person.uuid(),
                state: column::text(AgendaProposalState::Proposed),
                form: column::text(body.form),
                title: column::json(&body.title),
                description: body.description.clone(),
                proposed_at: change.actor.at,
                decided_at: None,
                version: 1,
            };
            let row = row::insert::<entity::Entity>(change.tx(), row).await?;
            tell(change, &row, "agenda_proposal.made");
            let proposal = wire(&row, &reader, &context)?;
            Ok(Answer::created(proposal.links.own(), &proposal)?.version(1))
        },
    );
    Ok(answer.await?.into())
}

/// Get a proposal
///
/// For those who see it in the session's list.
#[utoipa::path(tag = "proposals", params(("agendaProposalId" = AgendaProposalId, Path, description = "The proposal.")), responses((status = 200, description = "The proposal.", body = AgendaProposal)))]
#[get("/agenda-proposals/{agendaProposalId}")]
async fn get_agenda_proposal(
    state: Data<State>,
    context: Context,
    id: Path<AgendaProposalId>,
) -> Outcome {
    let (row, reader) = known(state.database.read(), &context, *id).await?;
    Ok(Reply::resource(
        &wire(&row, &reader, &context)?,
        row.version,
    )?)
}

/// Accept a proposal
///
/// For whoever leads the session, and the organiser's coordinators: puts it on the draft's agenda,
/// where it is said; people see it with the next release.
#[utoipa::path(tag = "proposals", params(("agendaProposalId" = AgendaProposalId, Path, description = "The proposal.")), request_body = AgendaPlace, responses((status = 200, description = "The proposal.", body = AgendaProposal)))]
#[post("/agenda-proposals/{agendaProposalId}/acceptance")]
async fn accept_agenda_proposal(
    state: Data<State>,
    id: Path<AgendaProposalId>,
    command: Command<AgendaPlace>,
) -> Outcome {
    let place = command.body;
    let call = (command.context, command.claim, command.expected);
    step(&state, *id, call, "acceptance", async |change, row| {
        put_on_agenda(change, row, place).await
    })
    .await
}

/// Refuse a proposal
///
/// For whoever leads the session, and the organiser's coordinators.
#[utoipa::path(tag = "proposals", params(("agendaProposalId" = AgendaProposalId, Path, description = "The proposal.")), responses((status = 200, description = "The proposal.", body = AgendaProposal)))]
#[post("/agenda-proposals/{agendaProposalId}/refusal")]
async fn refuse_agenda_proposal(
    state: Data<State>,
    id: Path<AgendaProposalId>,
    command: Command<NoBody>,
) -> Outcome {
    let call = (command.context, command.claim, command.expected);
    step(&state, *id, call, "refusal", async |_, _| Ok(())).await
}

/// Take a proposal back
///
/// For whoever made it, until it is decided.
#[utoipa::path(tag = "proposals", params(("agendaProposalId" = AgendaProposalId, Path, description = "The proposal.")), responses((status = 200, description = "The proposal.", body = AgendaProposal)))]
#[post("/agenda-proposals/{agendaProposalId}/withdrawal")]
async fn withdraw_agenda_proposal(
    state: Data<State>,
    id: Path<AgendaProposalId>,
    command: Command<NoBody>,
) -> Outcome {
    let call = (command.context, command.claim, command.expected);
    step(&state, *id, call, "withdrawal", async |_, _| Ok(())).await
}

async fn step(
    state: &State,
    id: AgendaProposalId,
    (context, claim, expected): (Context, Option<Claim>, Expected),
    edge: &'static str,
    work: impl AsyncFnOnce(&mut Change, &entity::Model) -> Result<(), Problem>,
) -> Outcome {
    let to = match edge {
        "acceptance" => AgendaProposalState::Accepted,
        "refusal" => AgendaProposalState::Declined,
        _ => AgendaProposalState::Withdrawn,
    };
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let (row, _) = known(change.tx(), &context, id).await?;
            // The plan's lock is the lock of all that hangs on it.
            plans::store::lock(change, row.round_id.into()).await?;
            let (mut row, reader) = known(change.tx(), &context, id).await?;
            expected.check(row.version)?;
            let case = case(&row, &reader, &context)?;
            transition::judge(&EDGES, edge, &case, context.language)?;
            work(change, &row).await?;
            row.state = column::text(to);
            row.decided_at = Some(change.actor.at);
            let row = store::save(change, row).await?;
            tell(change, &row, &format!("agenda_proposal.{}", row.state));
            let proposal = wire(&row, &reader, &context)?;
            Ok(Answer::ok(&proposal)?.version(row.version))
        },
    );
    Ok(answer.await?.into())
}

/// Adds the item to the agenda of the draft, in the order of its times.
async fn put_on_agenda(
    change: &mut Change,
    row: &entity::Model,
    place: AgendaPlace,
) -> Result<(), Problem> {
    let (round, session) = (row.round_id.into(), row.session_id.into());
    let (plan, session) = sessions::steps::under_lock(change, round, session).await?;
    let mut content: NewSession = column::from_json(session.content.clone())?;
    content.agenda.push(AgendaItem {
        day: place.day,
        starts_at: place.starts_at,
        ends_at: place.ends_at,
        form: column::parse(&row.form)?,
        title: column::from_json(row.title.clone())?,
        theme: None,
        room_id: None,
        speaker: None,
    });
    content
        .agenda
        .sort_by_key(|item| (item.day, item.starts_at));
    let replaced = sessions::steps::replace(change, &plan, session, &content).await;
    replaced.map_err(|problem| {
        if problem.code() == &codes::INVALID_BODY {
            let words = "The session has no such day, or not at this time.";
            Problem::invalid("/startsAt", "invalid", words)
        } else {
            problem
        }
    })?;
    let plan = plans::store::save(change, plan).await?;
    plans::routes::announce(change, &plan, "plan.changed");
    Ok(())
}

/// A proposal that the caller may know.
async fn known(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: AgendaProposalId,
) -> Result<(entity::Model, Reader), Problem> {
    let not_found = || Problem::of(&codes::NOT_FOUND);
    let row = store::find_any(connection, id).await?;
    let session = SessionId::from(row.ok_or_else(not_found)?.session_id);
    let (_, reader) = reader::of_session(connection, &context.caller, session).await?;
    let own = store::scoped(&reader, context.caller.person, session);
    let own = own.filter(entity::Column::Id.eq(id.uuid()));
    let row = own.one(connection).await;
    let row = row.map_err(shared_database::DatabaseError::from)?;
    Ok((row.ok_or_else(not_found)?, reader))
}

fn tell(change: &mut Change, row: &entity::Model, edge: &str) {
    change.record("agenda_proposal", row.id, edge, None);
    let fact = json!({
        "agendaProposalId": row.id, "sessionId": row.session_id, "roundId": row.round_id,
        "personId": row.person_id, "state": row.state,
    });
    change.publish(edge, row.id, fact);
}

fn case(row: &entity::Model, reader: &Reader, context: &Context) -> Result<Case, Problem> {
    let person = context.caller.person;
    Ok(Case {
        state: column::parse(&row.state)?,
        decides: reader.coordinator || reader.leads.contains(&row.session_id.into()),
        own: person.is_some_and(|person| person.uuid() == row.person_id),
    })
}

fn wire(
    row: &entity::Model,
    reader: &Reader,
    context: &Context,
) -> Result<AgendaProposal, Problem> {
    let href = context.href(format!("agenda-proposals/{}", row.id));
    let all = context.href(format!("sessions/{}/agenda-proposals", row.session_id));
    let links = Links::to_self(&href).with("agenda-proposals", "GET", all);
    let case = case(row, reader, context)?;
    Ok(AgendaProposal {
        id: row.id.into(),
        session_id: row.session_id.into(),
        person_id: row.person_id.into(),
        state: case.state,
        form: column::parse(&row.form)?,
        title: column::from_json(row.title.clone())?,
        description: row.description.clone(),
        proposed_at: row.proposed_at,
        decided_at: row.decided_at,
        links: transition::allowed(&EDGES, &case, &href, links),
        transitions: transition::refused(&EDGES, &case, context.language),
    })
}
