//! What may happen to a plan of who goes in which round, and who may do it.

use shared_types::{
    Refusal,
    scheduling::{
        codes::{COHORT_EMPTY, COHORT_STATE},
        cohorts::CohortPlanState,
    },
    transition::Edge,
};

/// What the edges of a plan look at.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// State.
    pub state: CohortPlanState,
    /// People with a round who are not published yet.
    pub open_count: i32,
    /// Whether the caller coordinates the organiser's programmes.
    pub coordinator: bool,
}

fn coordinator(case: &Case) -> bool {
    case.coordinator
}

fn is_proposed(case: &Case) -> Result<(), Refusal> {
    match case.state {
        CohortPlanState::Proposed => Ok(()),
        CohortPlanState::Published => Err(Refusal::of(&COHORT_STATE).value("state", "published")),
    }
}

fn has_somebody(case: &Case) -> Result<(), Refusal> {
    if case.open_count > 0 {
        Ok(())
    } else {
        Err(Refusal::of(&COHORT_EMPTY))
    }
}

/// Every transition of a plan.
pub static EDGES: [Edge<Case>; 2] = [
    Edge {
        name: "replanning",
        who: coordinator,
        conditions: &[],
    },
    Edge {
        name: "publication",
        who: coordinator,
        conditions: &[is_proposed, has_somebody],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_published_once_and_only_with_somebody_new_in_it() {
        let [replanning, publication] = &EDGES;
        for (state, open_count, code) in [
            (CohortPlanState::Proposed, 1, ""),
            (CohortPlanState::Proposed, 0, "cohort_plan_empty"),
            (CohortPlanState::Published, 0, "cohort_plan_state_forbids"),
            (CohortPlanState::Published, 1, "cohort_plan_state_forbids"),
        ] {
            let case = Case {
                state,
                open_count,
                coordinator: true,
            };
            let judged = publication.judge(&case);
            assert_eq!(judged.map_or_else(|no| no.code.name, |()| ""), code);
            assert!(replanning.judge(&case).is_ok());
            let stranger = Case {
                coordinator: false,
                ..case
            };
            assert!(!(publication.who)(&stranger) && !(replanning.who)(&stranger));
        }
    }
}
