//! The states of a programme, and who moves it from one to the next.

use shared_types::{
    Refusal,
    registration::{codes::PROGRAMME_STATE, programmes::ProgrammeState},
    transition::Edge,
};

/// Makes the programme public.
pub const PUBLICATION: &str = "publication";
/// Puts the programme away.
pub const ARCHIVAL: &str = "archival";

/// What the table looks at.
#[derive(Clone, Debug)]
pub struct Case {
    /// Where the programme stands.
    pub state: ProgrammeState,
    /// Whether the caller coordinates the organiser's programmes.
    pub coordinates: bool,
}

/// `draft → published → archived`; a draft can be put away too. Nothing comes back.
pub static TABLE: &[Edge<Case>] = &[
    Edge {
        name: PUBLICATION,
        who: |case| case.coordinates,
        conditions: &[is_draft],
    },
    Edge {
        name: ARCHIVAL,
        who: |case| case.coordinates,
        conditions: &[is_kept],
    },
];

fn is_draft(case: &Case) -> Result<(), Refusal> {
    match case.state {
        ProgrammeState::Draft => Ok(()),
        ProgrammeState::Published | ProgrammeState::Archived => Err(refusal(case.state)),
    }
}

/// Refuses what is put away: it changes no more.
pub fn is_kept(case: &Case) -> Result<(), Refusal> {
    match case.state {
        ProgrammeState::Draft | ProgrammeState::Published => Ok(()),
        ProgrammeState::Archived => Err(refusal(case.state)),
    }
}

fn refusal(state: ProgrammeState) -> Refusal {
    Refusal::of(&PROGRAMME_STATE).value("state", shared_database::column::text(state))
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_types::{Language, Links, transition};

    fn case(state: ProgrammeState) -> Case {
        Case {
            state,
            coordinates: true,
        }
    }

    #[test]
    fn the_table_has_these_edges_and_no_others() {
        use ProgrammeState::{Archived, Draft, Published};
        let open = |state| {
            let open = TABLE.iter().filter(|edge| edge.judge(&case(state)).is_ok());
            open.map(|edge| edge.name).collect::<Vec<_>>()
        };
        assert_eq!(open(Draft), [PUBLICATION, ARCHIVAL]);
        assert_eq!(open(Published), [ARCHIVAL]);
        assert_eq!(open(Archived), [""; 0]);
    }

    #[test]
    fn a_refused_edge_says_in_which_state_the_programme_is() {
        let refused =
            transition::refused(TABLE, &case(ProgrammeState::Published), Language::English);
        assert_eq!(refused.len(), 1);
        assert_eq!(refused[0].code, "programme_state_forbids");
        assert!(refused[0].detail.contains("published"));
    }

    #[test]
    fn a_reader_is_told_of_no_edge() {
        let reader = Case {
            coordinates: false,
            ..case(ProgrammeState::Draft)
        };
        let links = transition::allowed(TABLE, &reader, "x", Links::to_self("x"));
        assert_eq!(links, Links::to_self("x"));
        assert!(transition::refused(TABLE, &reader, Language::English).is_empty());
        let problem =
            transition::judge(TABLE, PUBLICATION, &reader, Language::English).unwrap_err();
        assert_eq!(problem.code().name, "forbidden");
    }
}
