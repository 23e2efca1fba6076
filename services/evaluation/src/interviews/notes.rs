//! Operations of what was said: for evaluators alone, and never kept with an answer.

use super::{entity, routes, steps, store};
use crate::State;
use actix_web::{
    get, put,
    web::{Data, Path},
};
use sea_orm::ConnectionTrait;
use shared_database::Change;
use shared_types::{
    InterviewId, Links, Problem,
    evaluation::interviews::{
        InterviewCoding, InterviewCodings, InterviewNotes, NewInterviewCodings, NewInterviewNotes,
    },
};
use shared_web::{Command, Context, Outcome, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(get_interview_notes)
        .service(replace_interview_notes)
        .service(get_interview_codings)
        .service(replace_interview_codings);
}

/// Get the notes of an interview
///
/// For the evaluators of the round's organiser alone; empty where none were written.
#[utoipa::path(tag = "interviews", params(("interviewId" = InterviewId, Path, description = "The interview.")), responses((status = 200, description = "The notes.", body = InterviewNotes)))]
#[get("/interviews/{interviewId}/notes")]
async fn get_interview_notes(
    state: Data<State>,
    context: Context,
    id: Path<InterviewId>,
) -> Outcome {
    let known = routes::evaluated(state.database.read(), &context, *id).await?;
    let notes = notes(&state, &known.row, &context)?;
    Ok(Reply::resource(&notes, known.row.version)?)
}

/// Write the notes of an interview
///
/// For the evaluators of the round's organiser alone, once who is interviewed has agreed: they
/// replace those of before. The answer to this request is never kept.
#[utoipa::path(tag = "interviews", params(("interviewId" = InterviewId, Path, description = "The interview.")), request_body = NewInterviewNotes, responses((status = 200, description = "The notes.", body = InterviewNotes)))]
#[put("/interviews/{interviewId}/notes")]
async fn replace_interview_notes(
    state: Data<State>,
    id: Path<InterviewId>,
    command: Command<NewInterviewNotes>,
) -> Outcome {
    let Command {
        context,
        expected,
        body,
        ..
    } = command;
    let work = async |change: &mut Change| {
        routes::evaluated(change.tx(), &context, *id).await?;
        let row = routes::locked(change, *id).await?;
        expected.check(row.version)?;
        steps::write(change, &state.answer_keys, row, &body.text).await
    };
    let row = state.database.change(context.actor(), work).await?;
    Ok(Reply::resource(
        &notes(&state, &row, &context)?,
        row.version,
    )?)
}

/// Get which places of an interview belong to which themes
///
/// For the evaluators of the round's organiser alone.
#[utoipa::path(tag = "interviews", params(("interviewId" = InterviewId, Path, description = "The interview.")), responses((status = 200, description = "The places.", body = InterviewCodings)))]
#[get("/interviews/{interviewId}/codings")]
async fn get_interview_codings(
    state: Data<State>,
    context: Context,
    id: Path<InterviewId>,
) -> Outcome {
    let connection = state.database.read();
    let known = routes::evaluated(connection, &context, *id).await?;
    let codings = codings(&state, connection, &known.row, &context).await?;
    Ok(Reply::resource(&codings, known.row.version)?)
}

/// Say which places of an interview belong to which themes
///
/// For the evaluators of the round's organiser alone: they replace those of before. A quote that
/// holds the name of a participant is refused. The answer to this request is never kept.
#[utoipa::path(tag = "interviews", params(("interviewId" = InterviewId, Path, description = "The interview.")), request_body = NewInterviewCodings, responses((status = 200, description = "The places.", body = InterviewCodings)))]
#[put("/interviews/{interviewId}/codings")]
async fn replace_interview_codings(
    state: Data<State>,
    id: Path<InterviewId>,
    command: Command<NewInterviewCodings>,
) -> Outcome {
    let Command {
        context,
        expected,
        body,
        ..
    } = command;
    let work = async |change: &mut Change| {
        routes::evaluated(change.tx(), &context, *id).await?;
        let row = routes::locked(change, *id).await?;
        expected.check(row.version)?;
        let row = steps::code(change, &state.answer_keys, row, &body.codings).await?;
        let shown = codings(&state, change.tx(), &row, &context).await?;
        Ok::<_, Problem>((shown, row.version))
    };
    let (shown, version) = state.database.change(context.actor(), work).await?;
    Ok(Reply::resource(&shown, version)?)
}

fn notes(state: &State, row: &entity::Model, context: &Context) -> Result<InterviewNotes, Problem> {
    let key = store::key(&state.answer_keys, row)?;
    let text = row.notes.as_deref().zip(key);
    let text = text.map(|(body, key)| store::open(&key, row.id.as_bytes(), body));
    let href = context.href(format!("interviews/{}/notes", row.id));
    let interview = context.href(format!("interviews/{}", row.id));
    Ok(InterviewNotes {
        interview_id: row.id.into(),
        text: text.transpose()?.unwrap_or_default(),
        links: Links::to_self(&href)
            .with("update", "PUT", href.clone())
            .with("interview", "GET", interview),
    })
}

async fn codings(
    state: &State,
    connection: &impl ConnectionTrait,
    row: &entity::Model,
    context: &Context,
) -> Result<InterviewCodings, Problem> {
    let key = store::key(&state.answer_keys, row)?;
    let mut codings = Vec::new();
    for coding in store::codings(connection, &[row.id]).await? {
        let place = steps::place(row.id, coding.number);
        let quote = coding.quote.as_deref().zip(key.as_ref());
        let quote = quote.map(|(body, key)| store::open(key, &place, body));
        codings.push(InterviewCoding {
            theme_id: coding.theme_id.into(),
            application_id: coding.application_id.into(),
            quote: quote.transpose()?,
        });
    }
    let href = context.href(format!("interviews/{}/codings", row.id));
    let interview = context.href(format!("interviews/{}", row.id));
    Ok(InterviewCodings {
        interview_id: row.id.into(),
        codings,
        links: Links::to_self(&href)
            .with("update", "PUT", href.clone())
            .with("interview", "GET", interview),
    })
}
