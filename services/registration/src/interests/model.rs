//! Which rounds take interests.

use shared_types::{
    Refusal, codes,
    registration::{codes::ROUND_HAS_DATES, rounds::RoundState},
};

/// A round takes interests once it is announced and as long as it has no dates. With dates one
/// applies; what is not announced, or will not be held any more, is nobody's to know here.
pub fn takes_interests(state: RoundState, has_dates: bool) -> Result<(), Refusal> {
    match state {
        RoundState::Published if !has_dates => Ok(()),
        RoundState::Published | RoundState::Open | RoundState::Closed | RoundState::Running => {
            Err(Refusal::of(&ROUND_HAS_DATES))
        }
        RoundState::Draft | RoundState::Finished | RoundState::Archived | RoundState::Cancelled => {
            Err(Refusal::of(&codes::NOT_FOUND))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_announced_round_without_dates_takes_interests() {
        use RoundState::{Archived, Cancelled, Closed, Draft, Finished, Open, Published, Running};
        assert_eq!(takes_interests(Published, false), Ok(()));
        for state in [Published, Open, Closed, Running] {
            let refusal = takes_interests(state, true).unwrap_err();
            assert_eq!(refusal.code.name, "round_has_dates", "{state:?}");
        }
        for state in [Draft, Finished, Archived, Cancelled] {
            for has_dates in [false, true] {
                let refusal = takes_interests(state, has_dates).unwrap_err();
                assert_eq!(refusal.code.name, "not_found", "{state:?}");
            }
        }
    }
}
