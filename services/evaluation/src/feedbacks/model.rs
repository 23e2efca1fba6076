//! What may happen to a 360 and its raters, and on which days.

use chrono::{Days, NaiveDate};
use shared_database::column;
use shared_types::{
    Refusal,
    evaluation::{
        codes::{FEEDBACK_NOMINATED, FEEDBACK_STATE, RATER_ONE},
        feedbacks::{FeedbackState, RaterGroup},
        instruments::{Question, QuestionKind},
    },
    transition::Edge,
};

/// The groups, in the order in which they are shown.
pub const GROUPS: [RaterGroup; 5] = [
    RaterGroup::Oneself,
    RaterGroup::Leader,
    RaterGroup::Mentor,
    RaterGroup::Peers,
    RaterGroup::Staff,
];

/// Most raters of an anonymous group.
const MOST_OF_GROUP: usize = 20;
/// Longest time for answers.
const MOST_DAYS: u64 = 120;

/// Whether a group's answers are kept so that nobody knows whose they are.
pub const fn is_anonymous(group: RaterGroup) -> bool {
    matches!(group, RaterGroup::Peers | RaterGroup::Staff)
}

/// Most raters of a group who are named, asked, or have declined and not been replaced.
pub const fn most(group: RaterGroup) -> usize {
    if is_anonymous(group) {
        MOST_OF_GROUP
    } else {
        1
    }
}

/// What the edges of a 360 look at.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// State.
    pub state: FeedbackState,
    /// Whether the caller runs or evaluates the round.
    pub is_staff: bool,
}

fn is_open(case: &Case) -> Result<(), Refusal> {
    if case.state == FeedbackState::Open {
        Ok(())
    } else {
        Err(Refusal::of(&FEEDBACK_STATE).value("state", column::text(case.state)))
    }
}

const fn staff(case: &Case) -> bool {
    case.is_staff
}

/// The transitions. Who leads the participant confirms nobody: a leader is a rater too, and should
/// not choose the others.
pub const EDGES: [Edge<Case>; 3] = [
    Edge {
        name: "confirmation",
        who: staff,
        conditions: &[is_open],
    },
    Edge {
        name: "closing",
        who: staff,
        conditions: &[is_open],
    },
    Edge {
        name: "cancellation",
        who: staff,
        conditions: &[is_open],
    },
];

/// Whether a 360 can have these days.
pub fn days_fit(today: NaiveDate, nominate_until: NaiveDate, answer_until: NaiveDate) -> bool {
    let last = today.checked_add_days(Days::new(MOST_DAYS));
    today <= nominate_until
        && nominate_until < answer_until
        && last.is_some_and(|last| answer_until <= last)
}

/// Whether a 360 can ask these questions: steps and texts alone, of everybody alike, so that what
/// one group is shown to have answered says nothing of who else was asked.
pub fn questions_fit(questions: &[Question]) -> bool {
    let fits = |question: &Question| {
        let kinds = [
            QuestionKind::Likert,
            QuestionKind::Scale,
            QuestionKind::Text,
        ];
        kinds.contains(&question.kind) && question.shown_if.is_none()
    };
    let has_steps = questions
        .iter()
        .any(|question| question.kind != QuestionKind::Text);
    has_steps && questions.iter().all(fits)
}

/// How many of a group there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    /// Named or asked.
    pub live: usize,
    /// Declined.
    pub declined: usize,
    /// Named after the last day for it, whatever became of them but being taken back.
    pub late: usize,
}

/// Whether one more of a group can be named; gives whether it is in place of one who declined
/// after the last day.
pub fn may_nominate(
    group: RaterGroup,
    numbers: Numbers,
    (today, until): (NaiveDate, NaiveDate),
) -> Result<bool, Refusal> {
    let most = most(group);
    if numbers.live >= most {
        return Err(Refusal::of(&RATER_ONE).value("most", most));
    }
    let late = today > until;
    if late && numbers.late >= numbers.declined {
        return Err(Refusal::of(&FEEDBACK_NOMINATED).value("day", until));
    }
    Ok(late)
}

/// An address as it is compared, if it can be one at all: what is right about it shows when it is
/// written to.
pub fn address(text: &str) -> Option<String> {
    let text = text.trim();
    let (local, domain) = text.rsplit_once('@')?;
    let strange = |letter: char| {
        letter.is_whitespace() || letter.is_control() || "<>,;:\"()[]\\".contains(letter)
    };
    let is_whole = !local.is_empty()
        && !text.contains(strange)
        && !local.contains('@')
        && domain.contains('.')
        && !domain.starts_with('.')
        && !domain.ends_with('.');
    is_whole.then(|| text.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_360_is_changed_by_staff_while_it_is_open() {
        use FeedbackState::{Cancelled, Closed, Open};
        for (state, is_staff, count) in [
            (Open, true, 3),
            (Open, false, 0),
            (Closed, true, 0),
            (Cancelled, true, 0),
        ] {
            let case = Case { state, is_staff };
            let can = |edge: &&Edge<Case>| (edge.who)(&case) && edge.judge(&case).is_ok();
            assert_eq!(EDGES.iter().filter(can).count(), count, "{case:?}");
        }
    }

    #[test]
    fn days_come_one_after_the_other() {
        let today = day("2022-09-01");
        let fit = |until, answer| days_fit(today, day(until), day(answer));
        assert!(fit("2022-09-01", "2022-09-02") && fit("2022-09-14", "2022-12-30"));
        assert!(!fit("2022-08-31", "2022-09-02") && !fit("2022-09-05", "2022-09-05"));
        assert!(!fit("2022-09-14", "2022-12-31"));
    }

    #[test]
    fn after_the_last_day_each_who_declined_is_replaced_once() {
        let (before, after) = (day("2022-09-14"), day("2022-09-15"));
        let may = |live, declined, late, today| {
            let numbers = Numbers {
                live,
                declined,
                late,
            };
            may_nominate(RaterGroup::Peers, numbers, (today, before))
        };
        assert_eq!(may(0, 0, 0, before), Ok(false));
        assert_eq!(may(19, 3, 0, before), Ok(false));
        assert_eq!(may(20, 3, 0, before).unwrap_err().code, &RATER_ONE);
        assert_eq!(may(3, 1, 0, after), Ok(true));
        assert_eq!(may(4, 1, 1, after).unwrap_err().code, &FEEDBACK_NOMINATED);
        assert_eq!(may(3, 0, 0, after).unwrap_err().code, &FEEDBACK_NOMINATED);
        let leader = Numbers {
            live: 1,
            ..Numbers::default()
        };
        let refused = may_nominate(RaterGroup::Leader, leader, (before, before));
        assert_eq!(refused.unwrap_err().code, &RATER_ONE);
    }

    #[test]
    fn an_address_is_one_line_with_a_domain() {
        assert_eq!(
            address(" Bo.Berg@Kommun.Example "),
            Some("bo.berg@kommun.example".into())
        );
        for wrong in [
            "",
            "bo",
            "@x.y",
            "bo@kommun",
            "bo@.y",
            "a b@x.y",
            "a@b@x.y",
            "bo@x.y\nBcc: z@x.y",
            "Bo <bo@x.y>",
            "bo@x.y, z@x.y",
        ] {
            assert_eq!(address(wrong), None, "{wrong}");
        }
    }
}
