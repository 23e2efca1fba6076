//! Operations by which a participant shows the own report to others, and takes that back.

use super::{
    entity, messages, release_entity,
    steps::{self, Loaded},
    store, view,
};
use crate::{
    State,
    reports::links::{self, Opens},
};
use actix_web::{
    post,
    web::{Data, Path},
};
use sea_orm::EntityTrait as _;
use shared_database::{Change, DatabaseError, column, row};
use shared_types::{
    Answer, FeedbackId, PersonId, Problem,
    evaluation::{
        codes::{FEEDBACK_NOT_READY, FEEDBACK_NOTHING_RELEASED},
        feedbacks::{Feedback, FeedbackReader, FeedbackState, NewFeedbackRelease, RaterGroup},
    },
};
use shared_web::{Command, Outcome};
use utoipa_actix_web::service_config::ServiceConfig;

/// The operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(release_feedback)
        .service(revoke_feedback_release);
}

/// Show a report to somebody
///
/// For the participant, once the 360 is closed: to the coordinators, to the mentor, to the own
/// leader, each by itself. Mentor and leader are who they are on this day, and get a link; whoever
/// becomes it later reads nothing. Repeating it changes nothing.
#[utoipa::path(tag = "feedbacks", params(("feedbackId" = FeedbackId, Path, description = "The 360.")), request_body = NewFeedbackRelease, responses((status = 200, description = "The 360.", body = Feedback)))]
#[post("/feedbacks/{feedbackId}/releases")]
async fn release_feedback(
    state: Data<State>,
    id: Path<FeedbackId>,
    command: Command<NewFeedbackRelease>,
) -> Outcome {
    let reader = command.body.reader;
    change(&state, *id, command, async |change, loaded| {
        release(change, loaded, reader).await
    })
    .await
}

/// Show a report to somebody no longer
///
/// For the participant, at any time: the link that was sent opens nothing any more. Repeating it
/// changes nothing.
#[utoipa::path(tag = "feedbacks", params(("feedbackId" = FeedbackId, Path, description = "The 360.")), request_body = NewFeedbackRelease, responses((status = 200, description = "The 360.", body = Feedback)))]
#[post("/feedbacks/{feedbackId}/release-revocations")]
async fn revoke_feedback_release(
    state: Data<State>,
    id: Path<FeedbackId>,
    command: Command<NewFeedbackRelease>,
) -> Outcome {
    let reader = command.body.reader;
    change(&state, *id, command, async |change, loaded| {
        revoke(change, &loaded.feedback, reader).await
    })
    .await
}

async fn change(
    state: &State,
    id: FeedbackId,
    command: Command<NewFeedbackRelease>,
    work: impl AsyncFnOnce(&mut Change, &Loaded) -> Result<bool, Problem>,
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
            let known = view::own(change.tx(), &context, id).await?;
            let loaded = steps::load(change, id.uuid()).await?;
            expected.check(loaded.feedback.version)?;
            let changed = work(change, &loaded).await?;
            let mut feedback = loaded.feedback;
            if changed {
                feedback = store::save(change, feedback).await?;
            }
            let body = view::one(change.tx(), &feedback, known.place, &context).await?;
            Ok(Answer::ok(&body)?.version(feedback.version))
        },
    );
    Ok(answer.await?.into())
}

async fn release(
    change: &mut Change,
    loaded: &Loaded,
    reader: FeedbackReader,
) -> Result<bool, Problem> {
    let feedback = &loaded.feedback;
    if feedback.state != column::text(FeedbackState::Closed) {
        return Err(Problem::of(&FEEDBACK_NOT_READY));
    }
    if find(change, feedback, reader).await?.is_some() {
        return Ok(false);
    }
    let mut release = release_entity::Model {
        feedback_id: feedback.id,
        reader: column::text(reader),
        person_id: None,
        link_id: None,
    };
    if let Some(person) = person(change, feedback, reader).await? {
        let today = loaded.round.today(change.actor.at);
        let link = links::make(change, Opens::Feedback, feedback.id, today).await?;
        messages::tell_of_release(change, loaded, person, &link).await?;
        release.person_id = Some(person.uuid());
        release.link_id = Some(link.id);
    }
    row::insert::<release_entity::Entity>(change.tx(), release).await?;
    change.record("feedback", feedback.id, "feedback.released", None);
    Ok(true)
}

/// Who the reader is, where it is one person.
async fn person(
    change: &Change,
    feedback: &entity::Model,
    reader: FeedbackReader,
) -> Result<Option<PersonId>, Problem> {
    let group = match reader {
        FeedbackReader::Coordinator => return Ok(None),
        FeedbackReader::Mentor => RaterGroup::Mentor,
        FeedbackReader::Leader => RaterGroup::Leader,
    };
    let person = steps::near(change, feedback, group).await?;
    let unknown = || Problem::of(&FEEDBACK_NOTHING_RELEASED);
    person.map(Some).ok_or_else(unknown)
}

async fn revoke(
    change: &mut Change,
    feedback: &entity::Model,
    reader: FeedbackReader,
) -> Result<bool, Problem> {
    let Some(release) = find(change, feedback, reader).await? else {
        return Ok(false);
    };
    if let Some(link) = release.link_id {
        links::revoke(change, link).await?;
    }
    release_entity::Entity::delete_by_id((release.feedback_id, release.reader))
        .exec(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    change.record("feedback", feedback.id, "feedback.release_revoked", None);
    Ok(true)
}

async fn find(
    change: &Change,
    feedback: &entity::Model,
    reader: FeedbackReader,
) -> Result<Option<release_entity::Model>, DatabaseError> {
    let key = (feedback.id, column::text(reader));
    let found = release_entity::Entity::find_by_id(key);
    Ok(found.one(change.tx()).await?)
}
