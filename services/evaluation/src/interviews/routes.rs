//! Operations of interviews.

use super::{entity, interviewee_entity, steps, store};
use crate::{
    State,
    parts::{self, Round, Staff},
};
use actix_web::{
    get, post,
    web::{Data, Path},
};
use sea_orm::ConnectionTrait;
use shared_database::{Change, column, page};
use shared_types::{
    Answer, InterviewId, Links, Problem, RoundId, codes,
    evaluation::interviews::{
        Interview, InterviewPage, InterviewState, Interviewee, NewConsent, NewInterview,
        NewInterviewHolding,
    },
};
use shared_web::{Command, Context, Outcome, PageParameters, Query, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_interviews)
        .service(plan_interview)
        .service(get_interview)
        .service(answer_interview_consent)
        .service(hold_interview);
}

/// List a round's interviews
///
/// For who evaluates or runs the round all of them; for a participant one's own. Never what was
/// said.
#[utoipa::path(tag = "interviews", params(("roundId" = RoundId, Path, description = "The round."), PageParameters), responses((status = 200, description = "A page of interviews.", body = InterviewPage)))]
#[get("/rounds/{roundId}/interviews")]
async fn list_interviews(
    state: Data<State>,
    context: Context,
    id: Path<RoundId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    let round = parts::visible(connection, &context.caller, *id).await?;
    let select = store::of_round(&round, &context.caller);
    let slice = page::read(connection, select, entity::Column::Id, &query.page()?).await?;
    let ids: Vec<_> = slice.items.iter().map(|row| row.id).collect();
    let mut interviewees = store::interviewees(connection, &ids).await?;
    let staff = round.staff(&context.caller);
    let links = query.links(&context, &slice);
    let wire = |row: &entity::Model| {
        let people = interviewees.remove(&row.id).unwrap_or_default();
        wire(row, people, staff, &context)
    };
    Ok(Reply::ok(&InterviewPage {
        items: slice.items.iter().map(wire).collect::<Result<_, _>>()?,
        meta: slice.meta,
        links,
    })?)
}

/// Plan an interview
///
/// For the evaluators of the round's organiser: with whom, and what is to be asked. Each
/// participant is to agree before anything is written.
#[utoipa::path(tag = "interviews", params(("roundId" = RoundId, Path, description = "The round.")), request_body = NewInterview, responses((status = 201, description = "The interview.", body = Interview)))]
#[post("/rounds/{roundId}/interviews")]
async fn plan_interview(
    state: Data<State>,
    id: Path<RoundId>,
    command: Command<NewInterview>,
) -> Outcome {
    let Command {
        context,
        claim,
        body,
        ..
    } = command;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let round = parts::visible(change.tx(), &context.caller, *id).await?;
            if !round.staff(&context.caller).evaluator {
                return Err(Problem::of(&codes::FORBIDDEN));
            }
            let row = steps::plan(change, &round, &body).await?;
            let interview = shown(change.tx(), &row, &round, &context).await?;
            Ok(Answer::created(interview.links.own(), &interview)?.version(row.version))
        },
    );
    Ok(answer.await?.into())
}

/// Get an interview
///
/// For who evaluates or runs the round, and for who is interviewed. Never what was said.
#[utoipa::path(tag = "interviews", params(("interviewId" = InterviewId, Path, description = "The interview.")), responses((status = 200, description = "The interview.", body = Interview)))]
#[get("/interviews/{interviewId}")]
async fn get_interview(state: Data<State>, context: Context, id: Path<InterviewId>) -> Outcome {
    let connection = state.database.read();
    let known = known(connection, &context, *id).await?;
    let version = known.row.version;
    let interview = shown(connection, &known.row, &known.round, &context).await?;
    Ok(Reply::resource(&interview, version)?)
}

/// Agree to be interviewed, or not
///
/// For who is interviewed, about oneself, at any time. What is taken back erases what was written
/// of the own interview, and of a group's what was noted as said by oneself.
#[utoipa::path(tag = "interviews", params(("interviewId" = InterviewId, Path, description = "The interview.")), request_body = NewConsent, responses((status = 200, description = "The interview.", body = Interview)))]
#[post("/interviews/{interviewId}/consent")]
async fn answer_interview_consent(
    state: Data<State>,
    id: Path<InterviewId>,
    command: Command<NewConsent>,
) -> Outcome {
    let Command {
        context,
        claim,
        body,
        ..
    } = command;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let known = known(change.tx(), &context, *id).await?;
            let own = known.own.ok_or_else(|| Problem::of(&codes::FORBIDDEN))?;
            let row = locked(change, *id).await?;
            let row = steps::consent(change, row, own, body.given).await?;
            let interview = shown(change.tx(), &row, &known.round, &context).await?;
            Ok(Answer::ok(&interview)?.version(row.version))
        },
    );
    Ok(answer.await?.into())
}

/// Note that an interview was held
///
/// For the evaluators of the round's organiser, once who is interviewed has agreed; in a group
/// somebody.
#[utoipa::path(tag = "interviews", params(("interviewId" = InterviewId, Path, description = "The interview.")), request_body = NewInterviewHolding, responses((status = 200, description = "The interview.", body = Interview)))]
#[post("/interviews/{interviewId}/holding")]
async fn hold_interview(
    state: Data<State>,
    id: Path<InterviewId>,
    command: Command<NewInterviewHolding>,
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
            let known = evaluated(change.tx(), &context, *id).await?;
            let row = locked(change, *id).await?;
            expected.check(row.version)?;
            let row = steps::hold(change, row, body.held_on).await?;
            let interview = shown(change.tx(), &row, &known.round, &context).await?;
            Ok(Answer::ok(&interview)?.version(row.version))
        },
    );
    Ok(answer.await?.into())
}

/// An interview before a caller who may know it.
pub(super) struct Known {
    pub(super) row: entity::Model,
    pub(super) round: Round,
    own: Option<interviewee_entity::Model>,
}

/// An interview that the caller may know.
async fn known(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: InterviewId,
) -> Result<Known, Problem> {
    let missing = || Problem::of(&codes::NOT_FOUND);
    let row = store::find_any(connection, id.uuid()).await?;
    let row = row.ok_or_else(missing)?;
    let round = parts::round(connection, row.round_id.into()).await?;
    let round = round.ok_or_else(missing)?;
    let staff = round.staff(&context.caller);
    let interviewees = store::interviewees(connection, &[row.id]).await?;
    let person = context.caller.person;
    let own = interviewees.into_values().flatten();
    let own = own
        .into_iter()
        .find(|one| person.is_some_and(|person| person.uuid() == one.person_id));
    if staff.coordinator || staff.evaluator || own.is_some() {
        Ok(Known { row, round, own })
    } else {
        Err(missing())
    }
}

/// An interview that the caller evaluates; who may know it otherwise is told so.
pub(super) async fn evaluated(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: InterviewId,
) -> Result<Known, Problem> {
    let known = known(connection, context, id).await?;
    if known.round.staff(&context.caller).evaluator {
        Ok(known)
    } else {
        Err(Problem::of(&codes::FORBIDDEN))
    }
}

pub(super) async fn locked(change: &Change, id: InterviewId) -> Result<entity::Model, Problem> {
    let row = store::lock(change, id.uuid()).await?;
    row.ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

async fn shown(
    connection: &impl ConnectionTrait,
    row: &entity::Model,
    round: &Round,
    context: &Context,
) -> Result<Interview, Problem> {
    let mut interviewees = store::interviewees(connection, &[row.id]).await?;
    let people = interviewees.remove(&row.id).unwrap_or_default();
    wire(row, people, round.staff(&context.caller), context)
}

fn wire(
    row: &entity::Model,
    people: Vec<interviewee_entity::Model>,
    staff: Staff,
    context: &Context,
) -> Result<Interview, Problem> {
    let person = context.caller.person;
    let own = |one: &interviewee_entity::Model| {
        person.is_some_and(|person| person.uuid() == one.person_id)
    };
    let is_staff = staff.coordinator || staff.evaluator;
    let mine = people.iter().any(own);
    let shown = people.into_iter().filter(|one| is_staff || own(one));
    let interviewees = shown
        .map(|one| {
            Ok(Interviewee {
                application_id: one.application_id.into(),
                person_id: one.person_id.into(),
                consent: column::parse(&one.consent)?,
            })
        })
        .collect::<Result<_, Problem>>()?;
    let state: InterviewState = column::parse(&row.state)?;
    let href = context.href(format!("interviews/{}", row.id));
    let mut links = Links::to_self(&href);
    if mine {
        links = links.with("consent", "POST", format!("{href}/consent"));
    }
    if staff.evaluator {
        links = links.with("notes", "GET", format!("{href}/notes")).with(
            "codings",
            "GET",
            format!("{href}/codings"),
        );
        if state == InterviewState::Planned {
            links = links.with("holding", "POST", format!("{href}/holding"));
        }
    }
    Ok(Interview {
        id: row.id.into(),
        round_id: row.round_id.into(),
        kind: column::parse(&row.kind)?,
        interviewees,
        guide_questions: column::from_json(row.guide.clone())?,
        state,
        on: row.day,
        links,
    })
}
