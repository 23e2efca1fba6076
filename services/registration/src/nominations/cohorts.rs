//! Nominates those whom scheduling's plan of rounds for everyone puts somewhere.
//!
//! The plan is a coordinator's, who may nominate anybody. Whoever can be nominated is, whatever
//! stands against others: those are told back, each with the problem's code.

use super::{model::Nominator, steps};
use crate::rounds::{self, model::Terms};
use shared_database::{Change, column};
use shared_types::{
    Caller, Language, PersonId, Problem, Role, RoleGrant, codes,
    registration::{
        codes::NOMINATIONS_REFUSED,
        nominations::{NewNominations, Nominee},
    },
    scheduling::cohorts::{
        COHORT_REFUSED, CohortPublished, CohortRefusal, CohortRefused, CohortRoundPeople,
    },
};

/// Nominates everybody for their rounds, and tells of those who are refused.
pub async fn nominate(change: &mut Change, told: CohortPublished) -> Result<(), Problem> {
    let caller = Caller {
        person: None,
        subject: "scheduling".to_owned(),
        roles: vec![RoleGrant {
            role: Role::Coordinator,
            organisation_id: Some(told.organiser_id),
        }],
        scopes: None,
    };
    for round in told.rounds {
        let round_id = round.round_id;
        let people = enter(change, &caller, round).await?;
        if people.is_empty() {
            continue;
        }
        let refused = CohortRefused {
            cohort_plan_id: told.cohort_plan_id,
            organiser_id: told.organiser_id,
            round_id,
            people,
        };
        let data = column::json(&refused);
        change.publish(COHORT_REFUSED, told.cohort_plan_id, data);
    }
    Ok(())
}

/// Enters people for a round, and says who can't be.
async fn enter(
    change: &mut Change,
    caller: &Caller,
    round: CohortRoundPeople,
) -> Result<Vec<CohortRefusal>, Problem> {
    let all = |people: &[PersonId], code: &str| {
        let refusal = |person: &PersonId| CohortRefusal {
            person_id: *person,
            code: code.to_owned(),
        };
        people.iter().map(refusal).collect::<Vec<_>>()
    };
    let known = rounds::store::find_any(change.tx(), round.round_id).await?;
    let mut left = round.person_ids;
    let Some(known) = known.filter(|known| caller.coordinates(known.organiser_id.into())) else {
        return Ok(all(&left, codes::NOT_FOUND.name));
    };
    let terms = Terms::read(&known)?;
    let in_time = terms.takes_applications(change.actor.at);
    let late_reason = in_time
        .err()
        .map(|_| "The plan of rounds puts them here.".to_owned());
    let nominator = Nominator::of(caller, known.organiser_id.into());
    let mut refused = Vec::new();
    while !left.is_empty() {
        let body = NewNominations {
            people: left.iter().map(nominee).collect(),
            hold_id: None,
            late_reason: late_reason.clone(),
        };
        let by = (caller, &nominator);
        // Whatever is refused is refused before anything is written.
        let done = steps::nominate(change, round.round_id, by, body, Language::English).await;
        match done {
            Ok(_) => break,
            Err(problem) if problem.code() == &NOMINATIONS_REFUSED => {
                let more = refusals(&problem, &left);
                if more.is_empty() {
                    return Err(problem);
                }
                left.retain(|id| more.iter().all(|refusal| refusal.person_id != *id));
                refused.extend(more);
            }
            Err(problem) if problem.code().status < 500 => {
                refused.extend(all(&left, problem.code().name));
                break;
            }
            Err(problem) => return Err(problem),
        }
    }
    Ok(refused)
}

const fn nominee(person: &PersonId) -> Nominee {
    Nominee {
        person_id: Some(*person),
        person: None,
        motivation: None,
        choice: None,
    }
}

/// Who is refused by name, each with the first code that stands against them.
fn refusals(problem: &Problem, people: &[PersonId]) -> Vec<CohortRefusal> {
    let mut refused: Vec<CohortRefusal> = Vec::new();
    for violation in problem.violations() {
        let pointer = violation.pointer.as_deref().unwrap_or_default();
        let place = pointer
            .strip_prefix("/people/")
            .and_then(|rest| rest.parse::<usize>().ok());
        let Some(person) = place.and_then(|place| people.get(place)) else {
            continue;
        };
        if refused.iter().all(|known| known.person_id != *person) {
            refused.push(CohortRefusal {
                person_id: *person,
                code: violation.code.clone().into_owned(),
            });
        }
    }
    refused
}
