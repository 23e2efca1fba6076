//! How somebody stands against a rule: whole numbers, so that a share is reached or not.

use serde::{Deserialize, Serialize};
use shared_types::{
    Code,
    evaluation::{
        codes::{COMPLETION_SHARE_TOO_LARGE, COMPLETION_TASK_TWICE},
        completion::{CompletionStanding, NewCompletionRule, Share, SurveyTally},
    },
};
use std::collections::BTreeSet;

/// What is known of a participant when it is judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Quarters of a day that count.
    pub counted_quarters: i32,
    /// Quarters of a day that the programme has.
    pub total_quarters: i32,
    /// Half days that are over and that nobody has marked.
    pub unknown_half_days: i32,
    /// Tasks that are done.
    pub done: BTreeSet<String>,
    /// Surveys.
    pub surveys: SurveyTally,
}

/// Something that is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Gap {
    /// Too few half days.
    Attendance {
        /// Quarters of a day that count.
        counted: i32,
        /// Quarters of a day that the programme has.
        total: i32,
        /// Quarters of a day that are needed.
        needed: i32,
    },
    /// Half days that nobody has marked.
    UnknownAttendance {
        /// How many.
        half_days: i32,
    },
    /// A task.
    Task {
        /// Its key.
        key: String,
    },
    /// Too few answered surveys.
    Surveys {
        /// Answered.
        answered: i32,
        /// Asked.
        asked: i32,
        /// Needed.
        needed: i32,
    },
}

/// Why a rule can't be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleError {
    /// A share of more than the whole.
    ShareTooLarge,
    /// Two tasks of one key.
    TaskTwice,
}

impl RuleError {
    /// Its code.
    pub fn code(self) -> &'static Code {
        match self {
            Self::ShareTooLarge => &COMPLETION_SHARE_TOO_LARGE,
            Self::TaskTwice => &COMPLETION_TASK_TWICE,
        }
    }
}

/// Whether a rule can be set.
pub fn check(rule: &NewCompletionRule) -> Result<(), RuleError> {
    let mut shares = [rule.attendance_share, rule.survey_share].into_iter();
    if shares.any(|share| share.is_some_and(|share| share.numerator > share.denominator)) {
        return Err(RuleError::ShareTooLarge);
    }
    let keys: BTreeSet<&str> = rule.tasks.iter().map(|task| task.key.as_str()).collect();
    if keys.len() < rule.tasks.len() {
        return Err(RuleError::TaskTwice);
    }
    Ok(())
}

/// Everything that is missing, in the order of the rule; nothing once it is fulfilled.
pub fn gaps(rule: &NewCompletionRule, record: &Record) -> Vec<Gap> {
    let mut gaps = Vec::new();
    if let Some(share) = rule.attendance_share {
        let (counted, total) = (record.counted_quarters, record.total_quarters);
        // Of a programme of which no day is known yet nobody has attended a share.
        if total == 0 || !reaches(counted, total, share) {
            let needed = needed(total, share);
            gaps.push(Gap::Attendance {
                counted,
                total,
                needed,
            });
        }
        if record.unknown_half_days > 0 {
            let half_days = record.unknown_half_days;
            gaps.push(Gap::UnknownAttendance { half_days });
        }
    }
    let missing = rule.tasks.iter().map(|task| &task.key);
    let missing = missing.filter(|key| !record.done.contains(*key));
    gaps.extend(missing.map(|key| Gap::Task { key: key.clone() }));
    if let Some(share) = rule.survey_share {
        let SurveyTally { answered, asked } = record.surveys;
        if !reaches(answered, asked, share) {
            let needed = needed(asked, share);
            gaps.push(Gap::Surveys {
                answered,
                asked,
                needed,
            });
        }
    }
    gaps
}

/// How somebody stands.
pub fn standing(rule: Option<&NewCompletionRule>, gaps: &[Gap]) -> CompletionStanding {
    match rule {
        None => CompletionStanding::NoRule,
        Some(_) if gaps.is_empty() => CompletionStanding::Fulfilled,
        Some(_) => CompletionStanding::Open,
    }
}

fn reaches(part: i32, whole: i32, share: Share) -> bool {
    i64::from(part) * i64::from(share.denominator) >= i64::from(whole) * i64::from(share.numerator)
}

/// The least part that reaches a share.
fn needed(whole: i32, share: Share) -> i32 {
    let (whole, numerator) = (i64::from(whole), i64::from(share.numerator));
    let denominator = i64::from(share.denominator).max(1);
    let needed = (whole * numerator + denominator - 1) / denominator;
    i32::try_from(needed).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use shared_types::{Language, LocalizedText, evaluation::completion::CompletionTask};

    fn share(numerator: i32, denominator: i32) -> Share {
        Share {
            numerator,
            denominator,
        }
    }

    fn rule(
        attendance: Option<Share>,
        tasks: &[&str],
        surveys: Option<Share>,
    ) -> NewCompletionRule {
        let task = |key: &&str| CompletionTask {
            key: (*key).to_owned(),
            text: LocalizedText::of(Language::Swedish, *key),
        };
        NewCompletionRule {
            attendance_share: attendance,
            tasks: tasks.iter().map(task).collect(),
            survey_share: surveys,
        }
    }

    fn record(counted: i32, total: i32) -> Record {
        Record {
            counted_quarters: counted,
            total_quarters: total,
            ..Record::default()
        }
    }

    #[test]
    fn eleven_of_twelve_days_are_reached_and_a_quarter_less_is_not() {
        let rule = rule(Some(share(11, 12)), &[], None);
        assert_eq!(gaps(&rule, &record(44, 48)), []);
        let short = [Gap::Attendance {
            counted: 43,
            total: 48,
            needed: 44,
        }];
        assert_eq!(gaps(&rule, &record(43, 48)), short);
    }

    #[test]
    fn a_third_is_exact() {
        let rule = rule(Some(share(1, 3)), &[], None);
        assert_eq!(gaps(&rule, &record(4, 12)), []);
        assert_eq!(gaps(&rule, &record(4, 13)).len(), 1);
    }

    #[test]
    fn what_nobody_marked_stands_against_it_even_where_the_share_is_reached() {
        let rule = rule(Some(share(1, 2)), &[], None);
        let unmarked = Record {
            unknown_half_days: 1,
            ..record(48, 48)
        };
        let gap = [Gap::UnknownAttendance { half_days: 1 }];
        assert_eq!(gaps(&rule, &unmarked), gap);
        assert_eq!(gaps(&super::tests::rule(None, &[], None), &unmarked), []);
    }

    #[test]
    fn of_a_programme_without_days_nobody_has_attended_a_share() {
        let rule = rule(Some(share(1, 2)), &[], None);
        assert_eq!(gaps(&rule, &record(0, 0)).len(), 1);
    }

    #[test]
    fn tasks_and_surveys_are_told_one_by_one_and_no_survey_is_no_gap() {
        let rule = rule(None, &["paper", "talk"], Some(share(3, 4)));
        let mut record = record(0, 0);
        record.done.insert("talk".to_owned());
        assert_eq!(
            gaps(&rule, &record),
            [Gap::Task {
                key: "paper".to_owned()
            }]
        );
        record.surveys = SurveyTally {
            answered: 2,
            asked: 3,
        };
        let open = gaps(&rule, &record);
        let surveys = Gap::Surveys {
            answered: 2,
            asked: 3,
            needed: 3,
        };
        assert_eq!(open.get(1), Some(&surveys));
        assert_eq!(standing(Some(&rule), &open), CompletionStanding::Open);
        assert_eq!(standing(None, &[]), CompletionStanding::NoRule);
    }

    #[test]
    fn a_share_is_at_most_the_whole_and_each_task_stands_there_once() {
        let more = rule(Some(share(13, 12)), &[], None);
        assert_eq!(check(&more), Err(RuleError::ShareTooLarge));
        let twice = rule(None, &["paper", "paper"], None);
        assert_eq!(check(&twice), Err(RuleError::TaskTwice));
        assert_eq!(check(&rule(Some(share(12, 12)), &["paper"], None)), Ok(()));
    }

    proptest! {
        #[test]
        fn what_is_needed_is_the_least_that_reaches(
            whole in 0i32..100_000, numerator in 1i32..=1000, denominator in 1i32..=1000,
        ) {
            let share = share(numerator.min(denominator), denominator);
            let least = needed(whole, share);
            prop_assert!(reaches(least, whole, share));
            prop_assert!(least == 0 || !reaches(least - 1, whole, share));
            prop_assert!(least <= whole);
        }
    }
}
