//! The operation that proposes dates.

use super::{
    model,
    propose::{self, Answer, Plan, Slot},
    words,
};
use actix_web::{post, web};
use sha2::{Digest as _, Sha256};
use shared_database::column;
use shared_types::{
    Language, Links, Problem, Role, codes,
    scheduling::dates::{
        DateConflict, DatePattern, DatePlan, DateProposals, PatternOccasion, PlannedDay,
        PlannedOccasion,
    },
};
use shared_web::{Command, Outcome, Reply, command::hex};
use utoipa_actix_web::service_config::ServiceConfig;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config.service(propose_dates);
}

/// Propose dates
///
/// For coordinators: computes the best plans for a pattern of occasions, with their points by
/// reason, or a smallest set of constraints that cannot hold together. The first plan is the best
/// there is, and the same pattern always gets the same answer. Nothing is kept.
#[utoipa::path(tag = "dates", request_body = DatePattern, responses((status = 200, description = "The plans, or why there is none.", body = DateProposals)))]
#[post("/date-proposals")]
async fn propose_dates(command: Command<DatePattern>) -> Outcome {
    let Command { context, body, .. } = command;
    if context.caller.scope(Role::Coordinator).next().is_none() {
        return Err(Problem::of(&codes::FORBIDDEN).into());
    }
    let question = model::question(&body)?;
    // Apart from the threads that serve: a large pattern keeps one busy for a while.
    let answer = web::block(move || propose::propose(&question)).await;
    let answer = answer.map_err(Problem::internal)?;
    let links = Links::to_self(context.href("date-proposals"));
    Ok(Reply::ok(&wire(&answer, &body, links, context.language))?)
}

fn wire(answer: &Answer, pattern: &DatePattern, links: Links, language: Language) -> DateProposals {
    let conflict = answer.conflict.as_ref().map(|conflict| DateConflict {
        constraints: conflict
            .constraints
            .iter()
            .map(|one| words::constraint(*one, pattern, language))
            .collect(),
        smallest: conflict.is_smallest,
    });
    DateProposals {
        plans: answer
            .plans
            .iter()
            .map(|plan| wire_plan(plan, pattern, language))
            .collect(),
        complete: !answer.is_cut,
        conflict,
        rule_version: propose::RULE_VERSION.to_owned(),
        inputs_hash: inputs_hash(pattern),
        links,
    }
}

/// SHA-256 over the rules' version and the whole pattern, which is all that the answer rests on.
fn inputs_hash(pattern: &DatePattern) -> String {
    let mut digest = Sha256::new();
    digest.update(propose::RULE_VERSION);
    digest.update(column::json(pattern).to_string());
    hex(&digest.finalize())
}

fn wire_plan(plan: &Plan, pattern: &DatePattern, language: Language) -> DatePlan {
    let occasions = plan.slots.iter().zip(&pattern.occasions);
    DatePlan {
        points: i32::try_from(plan.points).unwrap_or(i32::MAX),
        reasons: plan
            .parts
            .iter()
            .map(|part| words::points(part, language))
            .collect(),
        occasions: occasions
            .map(|(slot, asked)| wire_occasion(slot, asked, pattern, language))
            .collect(),
    }
}

fn wire_occasion(
    slot: &Slot,
    asked: &PatternOccasion,
    pattern: &DatePattern,
    language: Language,
) -> PlannedOccasion {
    let days = slot.starts_on.iter_days().zip(&asked.days);
    let venue = slot.venue.and_then(|place| pattern.venues.get(place));
    let free = slot.free_facilitators.iter();
    PlannedOccasion {
        kind: asked.kind,
        form: asked.form,
        name: asked.name.clone(),
        days: days
            .map(|(date, hours)| PlannedDay {
                date,
                starts_at: hours.starts_at,
                ends_at: hours.ends_at,
            })
            .collect(),
        venue_id: venue.map(|venue| venue.venue_id),
        free_facilitator_ids: free
            .filter_map(|place| pattern.facilitators.get(*place).map(|one| one.person_id))
            .collect(),
        reasons: slot
            .parts
            .iter()
            .map(|part| words::points(part, language))
            .collect(),
    }
}
