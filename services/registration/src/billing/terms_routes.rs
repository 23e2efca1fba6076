//! Operations of what a round says of paying.

use super::{store, terms_entity};
use crate::{State, rounds};
use actix_web::{
    get, put,
    web::{Data, Path},
};
use shared_database::{Change, column, row};
use shared_types::{
    Answer, Links, Problem, RoundId, codes,
    registration::billing::{BillingTerms, NewBillingTerms},
};
use shared_web::{Command, Context, Outcome, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config.service(get_billing_terms).service(set_billing_terms);
}

/// Get a round's cancellation terms
///
/// For every known caller who may know the round: who thinks of taking part may read what a
/// withdrawal costs. A round that says nothing has none.
#[utoipa::path(tag = "billing", params(("roundId" = RoundId, Path, description = "The round.")), responses((status = 200, description = "The terms.", body = BillingTerms)))]
#[get("/rounds/{roundId}/billing-terms")]
async fn get_billing_terms(state: Data<State>, context: Context, id: Path<RoundId>) -> Outcome {
    let connection = state.database.read();
    let round = rounds::store::find(connection, &context.caller, *id).await?;
    round.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    let (terms, version) = match store::terms(connection, *id).await? {
        Some(row) => (
            column::from_json(row.terms).map_err(Problem::from)?,
            row.version,
        ),
        None => (
            NewBillingTerms {
                cancellation: Vec::new(),
            },
            0,
        ),
    };
    Ok(Reply::resource(&wire(*id, terms, &context), version)?)
}

/// Set a round's cancellation terms
///
/// For the coordinators of the round's organiser: until when a withdrawal costs what share of
/// every price line. What is billed already stays; what is billed beyond it is shown as to be
/// credited.
#[utoipa::path(tag = "billing", params(("roundId" = RoundId, Path, description = "The round.")), request_body = NewBillingTerms, responses((status = 200, description = "The terms.", body = BillingTerms)))]
#[put("/rounds/{roundId}/billing-terms")]
async fn set_billing_terms(
    state: Data<State>,
    id: Path<RoundId>,
    command: Command<NewBillingTerms>,
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
            let round = rounds::store::find(change.tx(), &context.caller, *id).await?;
            let round = round.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
            if !context.caller.coordinates(round.organiser_id.into()) {
                return Err(Problem::of(&codes::FORBIDDEN));
            }
            if !in_order(&body) {
                let words = "Each step is later than the one before it, and costs no less.";
                return Err(Problem::invalid("/cancellation", "not_in_order", words));
            }
            rounds::store::lock(change, *id).await?;
            let before = store::terms(change.tx(), *id).await?;
            expected.check(before.as_ref().map_or(0, |row| row.version))?;
            let row = terms_entity::Model {
                round_id: id.uuid(),
                terms: column::json(&body),
                version: before.as_ref().map_or(0, |row| row.version) + 1,
            };
            let row = match before {
                Some(_) => row::update::<terms_entity::Entity>(change.tx(), row).await?,
                None => row::insert::<terms_entity::Entity>(change.tx(), row).await?,
            };
            change.record("round", id.uuid(), "round.billing_terms_set", None);
            let version = row.version;
            Ok(Answer::ok(&wire(*id, body, &context))?.version(version))
        },
    );
    Ok(answer.await?.into())
}

fn in_order(terms: &NewBillingTerms) -> bool {
    terms.cancellation.windows(2).all(|two| match two {
        [one, next] => one.until < next.until && one.share_permille <= next.share_permille,
        _ => true,
    })
}

fn wire(id: RoundId, terms: NewBillingTerms, context: &Context) -> BillingTerms {
    let round = context.href(format!("rounds/{id}"));
    BillingTerms {
        round_id: id,
        cancellation: terms.cancellation,
        links: Links::to_self(format!("{round}/billing-terms")).with("round", "GET", round),
    }
}
