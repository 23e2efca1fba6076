//! Operations of a round's terms of mentorship, and of where its municipalities are.

use super::{guard, store, terms_entity};
use crate::{State, known};
use actix_web::{
    get, put,
    web::{Data, Path},
};
use shared_database::{Change, column};
use shared_types::{
    Answer, Links, Problem, RoundId,
    mentorship::matching::{
        MentorshipTerms, MunicipalityPlaces, NewMentorshipTerms, NewMunicipalityPlaces,
    },
};
use shared_web::{Command, Context, Outcome, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(get_mentorship_terms)
        .service(replace_mentorship_terms)
        .service(get_municipality_places)
        .service(replace_municipality_places);
}

/// Get a round's terms of mentorship
///
/// For the coordinators of the round's organiser: weights, length of journeys, time to answer,
/// how long what pairs wrote is kept.
#[utoipa::path(tag = "matching", params(("roundId" = RoundId, Path, description = "The round.")), responses((status = 200, description = "The terms.", body = MentorshipTerms)))]
#[get("/rounds/{roundId}/terms")]
async fn get_mentorship_terms(state: Data<State>, context: Context, id: Path<RoundId>) -> Outcome {
    let connection = state.database.read();
    let round = known::coordinated(connection, &context, *id).await?;
    let terms = store::terms(connection, *id, round.organiser_id).await?;
    Ok(Reply::resource(&wire(&terms, &context)?, terms.version)?)
}

/// Set a round's terms of mentorship
///
/// For the coordinators of the round's organiser: they count for runs, proposals and endings from
/// now on.
#[utoipa::path(tag = "matching", params(("roundId" = RoundId, Path, description = "The round.")), request_body = NewMentorshipTerms, responses((status = 200, description = "The terms.", body = MentorshipTerms)))]
#[put("/rounds/{roundId}/terms")]
async fn replace_mentorship_terms(
    state: Data<State>,
    id: Path<RoundId>,
    command: Command<NewMentorshipTerms>,
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
            let round = known::coordinated(change.tx(), &context, *id).await?;
            let mut terms = guard::lock(change, *id, round.organiser_id).await?;
            expected.check(terms.version)?;
            terms.weights = column::json(&body.weights);
            terms.long_journey_minutes = body.long_journey_minutes;
            terms.answer_days = body.answer_days;
            terms.kept_days = body.kept_days;
            let terms = store::save_terms(change, terms).await?;
            change.record("round", id.uuid(), "mentorship_terms.changed", None);
            Ok(Answer::ok(&wire(&terms, &context)?)?.version(terms.version))
        },
    );
    Ok(answer.await?.into())
}

/// Get where a round's municipalities are
///
/// For the coordinators of the round's organiser.
#[utoipa::path(tag = "matching", params(("roundId" = RoundId, Path, description = "The round.")), responses((status = 200, description = "The places.", body = MunicipalityPlaces)))]
#[get("/rounds/{roundId}/municipality-places")]
async fn get_municipality_places(
    state: Data<State>,
    context: Context,
    id: Path<RoundId>,
) -> Outcome {
    let connection = state.database.read();
    let round = known::coordinated(connection, &context, *id).await?;
    let terms = store::terms(connection, *id, round.organiser_id).await?;
    Ok(Reply::resource(&places(&terms, &context)?, terms.version)?)
}

/// Say where a round's municipalities are
///
/// For the coordinators of the round's organiser: journeys are estimated from it. It replaces
/// what was said before.
#[utoipa::path(tag = "matching", params(("roundId" = RoundId, Path, description = "The round.")), request_body = NewMunicipalityPlaces, responses((status = 200, description = "The places.", body = MunicipalityPlaces)))]
#[put("/rounds/{roundId}/municipality-places")]
async fn replace_municipality_places(
    state: Data<State>,
    id: Path<RoundId>,
    command: Command<NewMunicipalityPlaces>,
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
            let round = known::coordinated(change.tx(), &context, *id).await?;
            let mut terms = guard::lock(change, *id, round.organiser_id).await?;
            expected.check(terms.version)?;
            terms.places = column::json(&body.places);
            let terms = store::save_terms(change, terms).await?;
            change.record("round", id.uuid(), "municipality_places.changed", None);
            Ok(Answer::ok(&places(&terms, &context)?)?.version(terms.version))
        },
    );
    Ok(answer.await?.into())
}

fn wire(terms: &terms_entity::Model, context: &Context) -> Result<MentorshipTerms, Problem> {
    let round = terms.round_id;
    let href = context.href(format!("rounds/{round}/terms"));
    let runs = context.href(format!("rounds/{round}/matching-runs"));
    let previews = context.href(format!("rounds/{round}/matching-previews"));
    Ok(MentorshipTerms {
        round_id: round.into(),
        weights: column::from_json(terms.weights.clone())?,
        long_journey_minutes: terms.long_journey_minutes,
        answer_days: terms.answer_days,
        kept_days: terms.kept_days,
        links: Links::to_self(&href)
            .with("update", "PUT", &href)
            .with("preview", "POST", previews)
            .with("matchingRuns", "GET", runs),
    })
}

fn places(terms: &terms_entity::Model, context: &Context) -> Result<MunicipalityPlaces, Problem> {
    let round = terms.round_id;
    let href = context.href(format!("rounds/{round}/municipality-places"));
    Ok(MunicipalityPlaces {
        round_id: round.into(),
        places: column::from_json(terms.places.clone())?,
        links: Links::to_self(href),
    })
}
