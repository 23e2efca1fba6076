//! What may happen to a proposal, and who may do it.

use shared_database::column;
use shared_types::{
    Refusal,
    scheduling::{codes::PROPOSAL_STATE, proposals::AgendaProposalState},
    transition::Edge,
};

/// What the edges of a proposal look at.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// State.
    pub state: AgendaProposalState,
    /// Whether the caller leads the session or coordinates the round.
    pub decides: bool,
    /// Whether the caller made it.
    pub own: bool,
}

fn is_open(case: &Case) -> Result<(), Refusal> {
    match case.state {
        AgendaProposalState::Proposed => Ok(()),
        state => Err(Refusal::of(&PROPOSAL_STATE).value("state", column::text(state))),
    }
}

/// Every transition of a proposal.
pub static EDGES: [Edge<Case>; 3] = [
    Edge {
        name: "acceptance",
        who: |case| case.decides,
        conditions: &[is_open],
    },
    Edge {
        name: "refusal",
        who: |case| case.decides,
        conditions: &[is_open],
    },
    Edge {
        name: "withdrawal",
        who: |case| case.own,
        conditions: &[is_open],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use AgendaProposalState::{Accepted, Declined, Proposed, Withdrawn};

    #[test]
    fn a_proposal_is_decided_once_by_who_leads_and_taken_back_by_who_made_it() {
        for (state, decides, own, open) in [
            (Proposed, true, false, vec!["acceptance", "refusal"]),
            (Proposed, false, true, vec!["withdrawal"]),
            (Proposed, false, false, vec![]),
            (Accepted, true, true, vec![]),
            (Declined, true, true, vec![]),
            (Withdrawn, true, true, vec![]),
        ] {
            let case = Case {
                state,
                decides,
                own,
            };
            let edges = EDGES.iter();
            let found: Vec<_> = edges
                .filter(|edge| (edge.who)(&case) && edge.judge(&case).is_ok())
                .map(|edge| edge.name)
                .collect();
            assert_eq!(found, open, "{case:?}");
        }
    }
}
