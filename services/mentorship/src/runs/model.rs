//! What may happen to a run: it is published, once.

use shared_types::{
    Refusal,
    mentorship::{
        codes::{RUN_EMPTY, RUN_PUBLISHED},
        matching::MatchingRunState,
    },
    transition::Edge,
};

/// What the edge of a run looks at.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// State.
    pub state: MatchingRunState,
    /// How many pairs it has.
    pub pairs: i32,
}

fn is_proposed(case: &Case) -> Result<(), Refusal> {
    match case.state {
        MatchingRunState::Proposed => Ok(()),
        MatchingRunState::Published => Err(Refusal::of(&RUN_PUBLISHED)),
    }
}

fn has_pairs(case: &Case) -> Result<(), Refusal> {
    if case.pairs > 0 {
        Ok(())
    } else {
        Err(Refusal::of(&RUN_EMPTY))
    }
}

/// Every transition of a run; only coordinators know one.
pub static EDGES: [Edge<Case>; 1] = [Edge {
    name: "publication",
    who: |_| true,
    conditions: &[is_proposed, has_pairs],
}];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_with_pairs_is_published_once() {
        let judge = |state, pairs| {
            let judged = EDGES[0].judge(&Case { state, pairs });
            judged.map_or_else(|no| no.code.name, |()| "")
        };
        assert_eq!(judge(MatchingRunState::Proposed, 1), "");
        assert_eq!(judge(MatchingRunState::Proposed, 0), "matching_run_empty");
        assert_eq!(
            judge(MatchingRunState::Published, 1),
            "matching_run_published"
        );
    }
}
