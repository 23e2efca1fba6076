//! The report of a 360: the participant's, and whose the participant shows it to.

use super::{
    disclosure::Shown,
    entity,
    frozen::{self, Frozen},
    store, taking,
    view::{self, Known},
};
use crate::{
    State,
    instruments::model::range,
    reports::{links::Opens, routes::share},
};
use actix_web::{
    get, post,
    web::{Data, Path},
};
use sea_orm::ConnectionTrait;
use shared_database::{Change, column};
use shared_envelope::Keys;
use shared_types::{
    FeedbackId, Links, PersonId, Problem, codes,
    evaluation::{
        codes::FEEDBACK_NOT_READY,
        feedbacks::{
            FeedbackGap, FeedbackGroup, FeedbackQuestion, FeedbackReader, FeedbackReport,
            FeedbackTexts, FeedbackValue,
        },
        instruments::{Question, QuestionKind},
        reports::{ReportLink, ReportMean},
    },
};
use shared_web::{Command, Context, NoBody, Outcome, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(get_feedback_report)
        .service(share_feedback_report);
}

/// Get the report of a 360
///
/// For the participant, and whom the participant shows it to. It was made when the 360 closed. Of
/// peers and staff nothing is shown unless enough have answered, and no number in it, and none
/// that can be computed from it, tells what one or two of them answered.
#[utoipa::path(tag = "feedbacks", params(("feedbackId" = FeedbackId, Path, description = "The 360.")), responses((status = 200, description = "The report.", body = FeedbackReport)))]
#[get("/feedbacks/{feedbackId}/report")]
async fn get_feedback_report(
    state: Data<State>,
    context: Context,
    id: Path<FeedbackId>,
) -> Outcome {
    let connection = state.database.read();
    let known = view::found(connection, &context, *id).await?;
    check_reader(connection, &context, &known).await?;
    let report = report(connection, &state.answer_keys, &context, &known.row).await?;
    Ok(Reply::ok(&report)?)
}

/// Share one's own report of a 360
///
/// For the participant: an address under which it is read and printed without an account, for 90
/// days. It stands in this answer alone; repeating the request with its Idempotency-Key makes no
/// second one, and the answer then lacks the address.
#[utoipa::path(tag = "feedbacks", params(("feedbackId" = FeedbackId, Path, description = "The 360.")), responses((status = 201, description = "The address.", body = ReportLink)))]
#[post("/feedbacks/{feedbackId}/report/links")]
async fn share_feedback_report(
    state: Data<State>,
    id: Path<FeedbackId>,
    command: Command<NoBody>,
) -> Outcome {
    let href = command.context.href(format!("feedbacks/{id}/report"));
    let is_known = async |change: &Change| {
        let known = view::own(change.tx(), &command.context, *id).await?;
        let found = frozen::find(change.tx(), &state.answer_keys, known.row.id).await?;
        found
            .map(drop)
            .ok_or_else(|| Problem::of(&FEEDBACK_NOT_READY))
    };
    let opens = (Opens::Feedback, id.uuid(), href);
    share(&state, &command, opens, is_known).await
}

/// The participant, and whom the participant shows the report to. Who may know the 360 is told
/// that the report is not theirs; for all others it is not there.
async fn check_reader(
    connection: &impl ConnectionTrait,
    context: &Context,
    known: &Known,
) -> Result<(), Problem> {
    if known.place.is_own {
        return Ok(());
    }
    let coordinator = column::text(FeedbackReader::Coordinator);
    let person = context.caller.person.map(PersonId::uuid);
    let releases = store::releases(connection, known.row.id).await?;
    let may_read = releases.iter().any(|release| {
        let own = release.person_id.is_some() && release.person_id == person;
        own || (release.reader == coordinator && known.place.is_coordinator)
    });
    if may_read {
        Ok(())
    } else if known.place.is_staff {
        Err(Problem::of(&codes::FORBIDDEN))
    } else {
        Err(Problem::of(&codes::NOT_FOUND))
    }
}

/// The report of a 360 that is over.
pub async fn report(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    context: &Context,
    feedback: &entity::Model,
) -> Result<FeedbackReport, Problem> {
    let found = frozen::find(connection, keys, feedback.id).await?;
    let (frozen, row) = found.ok_or_else(|| Problem::of(&FEEDBACK_NOT_READY))?;
    let asking = taking::asking(connection, feedback).await?;
    let questions = asking.version.questions.iter();
    let questions = questions.map(|asked| question(&frozen, asked)).collect();
    let href = context.href(format!("feedbacks/{}", feedback.id));
    let group = |group: &frozen::Group| FeedbackGroup {
        group: group.group,
        name: group.name.clone(),
        answered_count: group.answered.map(wire),
    };
    Ok(FeedbackReport {
        feedback_id: feedback.id.into(),
        closed_on: row.closed_on,
        least_answers: feedback.least_answers,
        groups: frozen.groups.iter().map(group).collect(),
        participant_name: frozen.name,
        questions,
        links: Links::to_self(format!("{href}/report")).with("feedback", "GET", href),
    })
}

fn question(frozen: &Frozen, asked: &Question) -> FeedbackQuestion {
    let groups = || frozen.groups.iter();
    let value = |group: &frozen::Group| {
        let value = group.values.get(&asked.key)?;
        Some(FeedbackValue {
            group: group.group,
            count: wire(value.count),
            mean: ReportMean {
                lowest_hundredths: value.lowest,
                highest_hundredths: value.highest,
            },
        })
    };
    let texts = |group: &frozen::Group| {
        let texts = group.texts.get(&asked.key)?.clone();
        Some(FeedbackTexts {
            group: group.group,
            texts,
        })
    };
    let mean = |shown: Shown| ReportMean {
        lowest_hundredths: shown.lowest,
        highest_hundredths: shown.highest,
    };
    let ends = (asked.kind != QuestionKind::Text).then(|| range(asked));
    FeedbackQuestion {
        key: asked.key.clone(),
        kind: asked.kind,
        text: asked.text.clone(),
        lowest: ends.map(|ends| ends.0),
        highest: ends.map(|ends| ends.1),
        values: groups().filter_map(value).collect(),
        others: frozen::others(frozen, &asked.key).map(mean),
        gap: frozen::gap(frozen, &asked.key).map(|(lowest, highest)| FeedbackGap {
            lowest_hundredths: lowest,
            highest_hundredths: highest,
        }),
        texts: groups().filter_map(texts).collect(),
    }
}

fn wire(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
