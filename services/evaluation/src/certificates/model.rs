//! What may happen to a certificate, and who may do it.

use shared_database::column;
use shared_types::{
    Refusal,
    evaluation::{certificates::CertificateState, codes::CERTIFICATE_ENDED},
    transition::Edge,
};

/// What the edges of a certificate look at.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// State.
    pub state: CertificateState,
    /// Whether the caller coordinates the organiser's programmes.
    pub coordinator: bool,
}

fn coordinator(case: &Case) -> bool {
    case.coordinator
}

fn is_valid(case: &Case) -> Result<(), Refusal> {
    if case.state == CertificateState::Valid {
        Ok(())
    } else {
        Err(Refusal::of(&CERTIFICATE_ENDED).value("state", column::text(case.state)))
    }
}

/// Every transition of a certificate.
pub static EDGES: [Edge<Case>; 2] = [
    Edge {
        name: "revocation",
        who: coordinator,
        conditions: &[is_valid],
    },
    Edge {
        name: "replacement",
        who: coordinator,
        conditions: &[is_valid],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_can_be_ended_once_and_by_a_coordinator_alone() {
        for edge in &EDGES {
            for state in [
                CertificateState::Valid,
                CertificateState::Revoked,
                CertificateState::Replaced,
            ] {
                let case = |coordinator| Case { state, coordinator };
                let valid = state == CertificateState::Valid;
                assert_eq!(edge.judge(&case(true)).is_ok(), valid, "{}", edge.name);
                assert!((edge.who)(&case(true)) && !(edge.who)(&case(false)));
            }
        }
    }
}
