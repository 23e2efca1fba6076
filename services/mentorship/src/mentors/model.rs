//! Who may be proposed as a mentor, and why not.

use shared_types::{
    Refusal,
    mentorship::codes::{
        MENTOR_FULL, MENTOR_INACTIVE, MENTOR_WITHOUT_MUNICIPALITY, MENTOR_WITHOUT_OFFICE,
    },
};

/// What decides whether a mentor may be proposed, whoever the mentee is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Known and active.
    pub active: bool,
    /// Holds an eligible office.
    pub holds_office: bool,
    /// Belongs to an organisation that is known.
    pub has_municipality: bool,
    /// Most mentees.
    pub capacity: i32,
    /// Mentees that are proposed, accepted, active or paused.
    pub used: i32,
}

impl Standing {
    /// Every reason why the mentor may not be proposed now; none where the mentor may.
    pub fn refusals(self) -> Vec<Refusal> {
        let full = Refusal::of(&MENTOR_FULL)
            .value("used", self.used)
            .value("capacity", self.capacity);
        let all = [
            (!self.active, Refusal::of(&MENTOR_INACTIVE)),
            (!self.holds_office, Refusal::of(&MENTOR_WITHOUT_OFFICE)),
            (
                !self.has_municipality,
                Refusal::of(&MENTOR_WITHOUT_MUNICIPALITY),
            ),
            (self.used >= self.capacity, full),
        ];
        all.into_iter()
            .filter_map(|(holds, refusal)| holds.then_some(refusal))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FINE: Standing = Standing {
        active: true,
        holds_office: true,
        has_municipality: true,
        capacity: 2,
        used: 1,
    };

    fn codes(standing: Standing) -> Vec<&'static str> {
        let refusals = standing.refusals();
        refusals.iter().map(|refusal| refusal.code.name).collect()
    }

    #[test]
    fn every_reason_is_told_and_none_where_there_is_none() {
        assert_eq!(codes(FINE), Vec::<&str>::new());
        let nobody = Standing {
            active: false,
            holds_office: false,
            has_municipality: false,
            capacity: 0,
            used: 0,
        };
        assert_eq!(
            codes(nobody),
            [
                "mentor_inactive",
                "mentor_without_office",
                "mentor_without_municipality",
                "mentor_full"
            ]
        );
    }

    #[test]
    fn a_mentor_is_full_at_the_capacity_and_over_it() {
        for (used, full) in [(0, false), (1, false), (2, true), (3, true)] {
            let codes = codes(Standing { used, ..FINE });
            assert_eq!(codes == ["mentor_full"], full, "{used}");
        }
    }
}
