//! Operations of raters.

use super::{
    rater_entity, steps, store,
    view::{self, Known, Names},
};
use crate::State;
use actix_web::{
    get, post,
    web::{Data, Path},
};
use sea_orm::ConnectionTrait;
use shared_database::{Change, page};
use shared_types::{
    Answer, FeedbackId, Problem, RaterId, codes,
    evaluation::feedbacks::{NewRater, Rater, RaterGroup, RaterPage},
};
use shared_web::{Command, Context, NoBody, Outcome, PageParameters, Query, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_raters)
        .service(nominate_rater)
        .service(get_rater)
        .service(withdraw_rater);
}

/// List the raters of a 360
///
/// For the participant, and who runs or evaluates the round: who is named, asked or has declined,
/// never who has answered, and never an address.
#[utoipa::path(tag = "feedbacks", params(("feedbackId" = FeedbackId, Path, description = "The 360."), PageParameters), responses((status = 200, description = "A page of raters.", body = RaterPage)))]
#[get("/feedbacks/{feedbackId}/raters")]
async fn list_raters(
    state: Data<State>,
    context: Context,
    id: Path<FeedbackId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    let Known { row, .. } = view::known(connection, &context, *id).await?;
    let groups = store::groups(connection, &[row.id]).await?;
    let oneself = store::id_of(&groups, RaterGroup::Oneself)?;
    let select = store::named(row.id, oneself);
    let slice = page::read(connection, select, rater_entity::Column::Id, &query.page()?).await?;
    let names = Names::of(connection, &state.answer_keys, &row, &slice.items).await?;
    let links = query.links(&context, &slice);
    let items = slice.items.iter().map(|rater| names.wire(rater, &context));
    Ok(Reply::ok(&RaterPage {
        items: items.collect::<Result<_, _>>()?,
        meta: slice.meta,
        links,
    })?)
}

/// Name a rater
///
/// For the participant, until the last day for it; from then on only in place of somebody of the
/// same group who declined, for as long as answers are taken. The rater is asked once a coordinator
/// has confirmed. One leader and one mentor are named, and at most twenty peers and twenty staff.
#[utoipa::path(tag = "feedbacks", params(("feedbackId" = FeedbackId, Path, description = "The 360.")), request_body = NewRater, responses((status = 201, description = "The rater.", body = Rater)))]
#[post("/feedbacks/{feedbackId}/raters")]
async fn nominate_rater(
    state: Data<State>,
    id: Path<FeedbackId>,
    command: Command<NewRater>,
) -> Outcome {
    let Command {
        context,
        claim,
        body,
        ..
    } = command;
    let keys = &state.answer_keys;
    let work = async |change: &mut Change| {
        view::own(change.tx(), &context, *id).await?;
        let loaded = steps::load(change, id.uuid()).await?;
        let rater = steps::nominate(change, keys, &loaded, body).await?;
        let of = std::slice::from_ref(&rater);
        let names = Names::of(change.tx(), keys, &loaded.feedback, of).await?;
        let mut rater = names.wire(&rater, &context)?;
        // What is kept for repeated requests must not hold what the row keeps sealed.
        if rater.person_id.is_none() {
            rater.name = None;
        }
        Answer::created(rater.links.own(), &rater)
    };
    let answer = state
        .database
        .answer(context.actor(), claim.as_ref(), work)
        .await;
    Ok(answer?.into())
}

/// Get a rater
///
/// For the participant, and who runs or evaluates the round.
#[utoipa::path(tag = "feedbacks", params(("raterId" = RaterId, Path, description = "The rater.")), responses((status = 200, description = "The rater.", body = Rater)))]
#[get("/raters/{raterId}")]
async fn get_rater(state: Data<State>, context: Context, id: Path<RaterId>) -> Outcome {
    let connection = state.database.read();
    let (rater, known) = known(connection, &context, *id).await?;
    let of = std::slice::from_ref(&rater);
    let names = Names::of(connection, &state.answer_keys, &known.row, of).await?;
    Ok(Reply::ok(&names.wire(&rater, &context)?)?)
}

/// Take a rater back
///
/// For the participant, and who runs or evaluates the round, until the rater is asked. From then on
/// a rater alone decides whether to answer.
#[utoipa::path(tag = "feedbacks", params(("raterId" = RaterId, Path, description = "The rater.")), responses((status = 200, description = "The rater.", body = Rater)))]
#[post("/raters/{raterId}/withdrawal")]
async fn withdraw_rater(
    state: Data<State>,
    id: Path<RaterId>,
    command: Command<NoBody>,
) -> Outcome {
    let Command { context, claim, .. } = command;
    let keys = &state.answer_keys;
    let work = async |change: &mut Change| {
        let (rater, _) = known(change.tx(), &context, *id).await?;
        let loaded = steps::load(change, rater.feedback_id).await?;
        // Read again: it may have been confirmed meanwhile.
        let rater = store::rater(change.tx(), rater.id).await?;
        let rater = rater.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
        let rater = steps::withdraw(change, &loaded, rater).await?;
        let of = std::slice::from_ref(&rater);
        let names = Names::of(change.tx(), keys, &loaded.feedback, of).await?;
        Answer::ok(&names.wire(&rater, &context)?)
    };
    let answer = state
        .database
        .answer(context.actor(), claim.as_ref(), work)
        .await;
    Ok(answer?.into())
}

/// A rater of a 360 that the caller may know.
async fn known(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: RaterId,
) -> Result<(rater_entity::Model, Known), Problem> {
    let rater = store::rater(connection, id.uuid()).await?;
    let rater = rater.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    let known = view::known(connection, context, rater.feedback_id.into()).await?;
    Ok((rater, known))
}
