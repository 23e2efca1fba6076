//! What may happen to a set of groups, and who may do it.

use shared_database::column;
use shared_types::{
    Refusal,
    scheduling::{
        codes::{
            GROUP_COUNT, GROUP_NOBODY, GROUP_PEOPLE, GROUP_REASON_MISSING, GROUP_RULES_BROKEN,
            GROUP_SET_STATE,
        },
        groups::GroupSetState,
    },
    transition::Edge,
};

use super::compose::MOST_PEOPLE;

/// What the edges of a set look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// State.
    pub state: GroupSetState,
    /// Whether the caller coordinates the organiser's programmes.
    pub coordinator: bool,
    /// Codes of what makes a publication need a reason.
    pub objections: Vec<String>,
    /// Whether a reason is given.
    pub has_reason: bool,
}

fn is_draft(case: &Case) -> Result<(), Refusal> {
    match case.state {
        GroupSetState::Draft => Ok(()),
        state => Err(Refusal::of(&GROUP_SET_STATE).value("state", column::text(state))),
    }
}

fn is_in_use(case: &Case) -> Result<(), Refusal> {
    match case.state {
        GroupSetState::Draft | GroupSetState::Published => Ok(()),
        state => Err(Refusal::of(&GROUP_SET_STATE).value("state", column::text(state))),
    }
}

fn is_sound_or_explained(case: &Case) -> Result<(), Refusal> {
    if case.objections.is_empty() || case.has_reason {
        return Ok(());
    }
    let findings = case.objections.join(", ");
    Err(Refusal::of(&GROUP_RULES_BROKEN).value("findings", findings))
}

fn is_explained_once_seen(case: &Case) -> Result<(), Refusal> {
    if case.state == GroupSetState::Published && !case.has_reason {
        return Err(Refusal::of(&GROUP_REASON_MISSING));
    }
    Ok(())
}

/// Every change of a set that has a state of its own.
pub static EDGES: [Edge<Case>; 3] = [
    Edge {
        name: "publication",
        who: |case| case.coordinator,
        conditions: &[is_draft, is_sound_or_explained],
    },
    Edge {
        name: "composition",
        who: |case| case.coordinator,
        conditions: &[is_draft],
    },
    Edge {
        name: "discard",
        who: |case| case.coordinator,
        conditions: &[is_draft],
    },
];

/// Somebody moves by hand.
pub static MOVE: Edge<Case> = Edge {
    name: "move",
    who: |case| case.coordinator,
    conditions: &[is_in_use, is_explained_once_seen],
};

/// How the number of groups is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Division {
    /// So many groups.
    Into(usize),
    /// As few groups as have no more than so many people.
    By(usize),
}

/// The number of groups for so many people.
pub fn groups_count(division: Division, people: usize) -> Result<usize, Refusal> {
    if people == 0 {
        return Err(Refusal::of(&GROUP_NOBODY));
    }
    if people > MOST_PEOPLE {
        return Err(Refusal::of(&GROUP_PEOPLE)
            .value("most", MOST_PEOPLE)
            .value("people", people));
    }
    match division {
        Division::Into(groups) if groups > people => Err(Refusal::of(&GROUP_COUNT)
            .value("people", people)
            .value("groups", groups)),
        Division::Into(groups) => Ok(groups.max(1)),
        Division::By(size) => Ok(people.div_ceil(size.max(1))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(state: GroupSetState) -> Case {
        Case {
            state,
            coordinator: true,
            objections: Vec::new(),
            has_reason: false,
        }
    }

    fn refusal(edge: &Edge<Case>, case: &Case) -> &'static str {
        edge.judge(case).map_or_else(|no| no.code.name, |()| "")
    }

    #[test]
    fn only_a_draft_is_published_composed_again_or_discarded() {
        for state in [
            GroupSetState::Draft,
            GroupSetState::Published,
            GroupSetState::Superseded,
            GroupSetState::Discarded,
        ] {
            let expected = match state {
                GroupSetState::Draft => "",
                _ => "group_set_state_forbids",
            };
            for edge in &EDGES {
                assert_eq!(
                    refusal(edge, &case(state)),
                    expected,
                    "{state:?} {}",
                    edge.name
                );
            }
        }
    }

    #[test]
    fn what_speaks_against_a_set_is_published_with_a_reason_only() {
        let mut case = case(GroupSetState::Draft);
        case.objections = vec!["line_of_management".to_owned()];
        assert_eq!(refusal(&EDGES[0], &case), "group_rules_broken");
        case.has_reason = true;
        assert_eq!(refusal(&EDGES[0], &case), "");
    }

    #[test]
    fn people_move_while_a_set_is_used_and_once_it_is_seen_with_a_reason() {
        for (state, has_reason, expected) in [
            (GroupSetState::Draft, false, ""),
            (GroupSetState::Published, false, "group_reason_missing"),
            (GroupSetState::Published, true, ""),
            (GroupSetState::Superseded, true, "group_set_state_forbids"),
            (GroupSetState::Discarded, true, "group_set_state_forbids"),
        ] {
            let case = Case {
                has_reason,
                ..case(state)
            };
            assert_eq!(refusal(&MOVE, &case), expected, "{state:?} {has_reason}");
        }
    }

    #[test]
    fn nobody_but_a_coordinator_changes_a_set() {
        let mut case = case(GroupSetState::Draft);
        case.coordinator = false;
        for edge in EDGES.iter().chain([&MOVE]) {
            assert!(!(edge.who)(&case), "{}", edge.name);
        }
    }

    #[test]
    fn groups_are_as_few_as_the_size_allows_and_never_more_than_people() {
        let count = |division, people| groups_count(division, people).map_err(|no| no.code.name);
        assert_eq!(count(Division::By(4), 24), Ok(6));
        assert_eq!(count(Division::By(4), 25), Ok(7));
        assert_eq!(count(Division::By(1000), 24), Ok(1));
        assert_eq!(count(Division::Into(24), 24), Ok(24));
        assert_eq!(count(Division::Into(25), 24), Err("group_count_too_large"));
        assert_eq!(count(Division::By(4), 0), Err("group_nobody_takes_part"));
        assert_eq!(count(Division::Into(2), 1001), Err("group_people_too_many"));
    }
}
