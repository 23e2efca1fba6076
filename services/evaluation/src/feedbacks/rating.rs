//! Operations by which somebody with an account rates: the participant oneself, and raters who are
//! known here. Others answer by their link.

use super::{entity, model, rater_entity, store, taking, view};
use crate::{
    State,
    answers::{
        model::without_blanks,
        taking::{Asking, is_answered},
    },
};
use actix_web::{
    get, post,
    web::{Data, Path},
};
use sea_orm::ConnectionTrait;
use shared_types::{
    FeedbackId, FieldProblem, Links, Problem, codes,
    evaluation::{
        codes::{SURVEY_ANSWERED, SURVEY_CLOSED, SURVEY_OTHER_VERSION},
        feedbacks::{FeedbackQuestionnaire, NewRating, RaterGroup, Rating},
        instruments::AnswerSheet,
    },
};
use shared_web::{Command, Context, Outcome, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(get_feedback_questionnaire)
        .service(rate_participant);
}

/// Read what a 360 asks
///
/// For those who are asked and have an account, the participant among them, and who runs or
/// evaluates the round.
#[utoipa::path(tag = "feedbacks", params(("feedbackId" = FeedbackId, Path, description = "The 360.")), responses((status = 200, description = "What is asked.", body = FeedbackQuestionnaire)))]
#[get("/feedbacks/{feedbackId}/questionnaire")]
async fn get_feedback_questionnaire(
    state: Data<State>,
    context: Context,
    id: Path<FeedbackId>,
) -> Outcome {
    let connection = state.database.read();
    let known = view::found(connection, &context, *id).await?;
    let asked = asked(connection, &context, &known.row).await?;
    if asked.is_none() && !known.place.is_staff && !known.place.is_own {
        return Err(Problem::of(&codes::NOT_FOUND).into());
    }
    let asking = taking::asking(connection, &known.row).await?;
    let href = context.href(format!("feedbacks/{id}"));
    let mut links = Links::to_self(format!("{href}/questionnaire"));
    if asked.is_some() {
        links = links.with("answers", "POST", format!("{href}/answers"));
    }
    Ok(Reply::ok(&FeedbackQuestionnaire {
        feedback_id: known.row.id.into(),
        participant_name: super::messages::participant(connection, &known.row).await?,
        group: asked.map(|(_, group)| group),
        introduction: asking.version.introduction,
        instrument_version: asking.version.number,
        questions: asking.version.questions,
        answer_until: known.row.answer_until,
        links,
    })?)
}

/// Rate a participant
///
/// For who is asked and has an account, the participant among them: once, the whole sheet, while
/// answers are taken. It can't be read again or taken back. An `Idempotency-Key` is not kept, since
/// it would lead to who answered: whoever repeats the call reads `survey_answered`.
#[utoipa::path(tag = "feedbacks", params(("feedbackId" = FeedbackId, Path, description = "The 360.")), request_body = NewRating, responses((status = 200, description = "That the caller has rated.", body = Rating)))]
#[post("/feedbacks/{feedbackId}/answers")]
async fn rate_participant(
    state: Data<State>,
    id: Path<FeedbackId>,
    command: Command<NewRating>,
) -> Outcome {
    let Command { context, body, .. } = command;
    let connection = state.database.read();
    let known = view::found(connection, &context, *id).await?;
    let Some((rater, group)) = asked(connection, &context, &known.row).await? else {
        // Whoever may know it is told that one is not asked.
        view::known(connection, &context, *id).await?;
        return Err(Problem::of(&codes::FORBIDDEN).into());
    };
    if is_answered(connection, rater.id).await? {
        return Err(Problem::of(&SURVEY_ANSWERED).into());
    }
    if !store::is_open(&known.row, &known.round, context.now) {
        return Err(Problem::of(&SURVEY_CLOSED).into());
    }
    if body.instrument_version != known.row.instrument_version {
        let problem = Problem::of(&SURVEY_OTHER_VERSION);
        return Err(problem
            .value("version", known.row.instrument_version)
            .into());
    }
    let asking = taking::asking(connection, &known.row).await?;
    let answers = judged(&asking, &context, body.answers)?;
    taking::take(&state, context.now, &rater, answers).await?;
    let href = context.href(format!("feedbacks/{id}"));
    let mut links = Links::to_self(format!("{href}/answers"));
    if model::GROUPS.first() == Some(&group) {
        links = links.with("feedback", "GET", href);
    }
    Ok(Reply::ok(&Rating {
        feedback_id: known.row.id.into(),
        group,
        links,
    })?)
}

/// What the caller is asked in a 360.
async fn asked(
    connection: &impl ConnectionTrait,
    context: &Context,
    feedback: &entity::Model,
) -> Result<Option<(rater_entity::Model, RaterGroup)>, Problem> {
    let Some(person) = context.caller.person else {
        return Ok(None);
    };
    let Some(rater) = store::rater_of(connection, feedback.id, person).await? else {
        return Ok(None);
    };
    let groups = store::groups(connection, &[feedback.id]).await?;
    let group = groups.get(&rater.group_id).map(|(_, group)| *group);
    Ok(group.map(|group| (rater, group)))
}

fn judged(
    asking: &Asking,
    context: &Context,
    answers: AnswerSheet,
) -> Result<AnswerSheet, Problem> {
    let answers = without_blanks(answers);
    let errors: Vec<FieldProblem> = asking
        .judge(&answers)
        .iter()
        .map(|found| {
            let detail = found.fault.words(context.language);
            FieldProblem::pointer(found.pointer(), found.fault.code(), detail)
        })
        .collect();
    if errors.is_empty() {
        Ok(answers)
    } else {
        Err(Problem::of(&codes::INVALID_BODY).errors(errors))
    }
}
