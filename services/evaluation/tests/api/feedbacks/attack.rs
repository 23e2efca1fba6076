//! Somebody who reads a whole report, knows who answered and by which rules it was made, and sets
//! up the equations: an integer solver says whether what one or two answered follows.

use crate::attack::Dice;
use evaluation::feedbacks::{
    disclosure::LEAST,
    frozen::{self, Answered, Frozen},
};
use good_lp::{
    Expression, ResolutionError, Solution, SolverModel, Variable, constraint, microlp, variable,
    variables,
};
use serde_json::json;
use shared_types::evaluation::{
    feedbacks::RaterGroup::{self, Leader, Mentor, Oneself, Peers, Staff},
    instruments::{AnswerSheet, AnswerValue, Question},
};
use std::collections::BTreeMap;

const CASES: usize = 60;
const STEPS: i32 = 5;
const KEY: &str = "listens";

type Group = (RaterGroup, Vec<i32>);

fn questions() -> Vec<Question> {
    let all = json!([{ "key": KEY, "kind": "likert", "points": STEPS, "text": { "en": "?" } }]);
    serde_json::from_value(all).unwrap()
}

/// Somebody's circle, everybody near the same opinion as people are.
fn circle(dice: &mut Dice) -> Vec<Group> {
    let middle = below(dice, 5) + 1;
    let people = [
        (Oneself, 1),
        (Leader, 1),
        (Mentor, 1),
        (Peers, 1 + below(dice, 6)),
        (Staff, 1 + below(dice, 5)),
    ];
    people
        .map(|(group, people)| {
            let answers = (0..people).map(|_| (middle + below(dice, 3) - 1).clamp(1, STEPS));
            (group, answers.collect())
        })
        .to_vec()
}

fn below(dice: &mut Dice, bound: u64) -> i32 {
    i32::try_from(dice.below(bound)).unwrap()
}

fn freeze(circle: &[Group], questions: &[Question]) -> Frozen {
    let groups = circle.iter().map(|(group, answers)| {
        let sheet =
            |answer: &i32| AnswerSheet::from_iter([(KEY.to_owned(), AnswerValue::Number(*answer))]);
        let answered = Answered {
            group: *group,
            name: None,
            sheets: answers.iter().map(sheet).collect(),
        };
        frozen::freeze(answered, questions, LEAST, b"salt")
    });
    Frozen {
        name: "Pia Persson".to_owned(),
        groups: groups.collect(),
    }
}

/// What a reader knows: for each group how many answered, and between which sums theirs lies; and
/// for some groups together.
struct Known {
    people: BTreeMap<RaterGroup, usize>,
    sums: Vec<(Vec<RaterGroup>, i32, i32)>,
}

impl Known {
    /// From a report.
    fn read(circle: &[Group], frozen: &Frozen) -> Self {
        let people = circle
            .iter()
            .map(|(group, answers)| (*group, answers.len()));
        let shown = frozen.groups.iter().filter_map(|group| {
            let value = group.values.get(KEY)?;
            let count = i32::try_from(value.count).unwrap();
            // Hundredths of a mean of fewer than fifty tell the sum.
            let sum = |hundredths: i32| (hundredths * count + 50).div_euclid(100);
            Some((vec![group.group], sum(value.lowest), sum(value.highest)))
        });
        Self {
            people: people.collect(),
            sums: shown.collect(),
        }
    }

    /// Whether how many of some of a group gave an answer follows.
    fn follows(&self, group: RaterGroup, people: usize, answer: i32) -> bool {
        let ends = [false, true].map(|most| self.solve(group, people, answer, most));
        ends[0] == ends[1]
    }

    fn solve(&self, group: RaterGroup, people: usize, answer: i32, most: bool) -> i32 {
        let mut all = variables!();
        let mut unknown: BTreeMap<(RaterGroup, usize, i32), Variable> = BTreeMap::new();
        for (group, people) in &self.people {
            for person in 0..*people {
                for answer in 1..=STEPS {
                    let place = (*group, person, answer);
                    unknown.insert(place, all.add(variable().binary()));
                }
            }
        }
        let sought = || -> Expression {
            let own = (0..people).map(|person| unknown[&(group, person, answer)]);
            own.sum()
        };
        let mut model = if most {
            all.maximise(sought())
        } else {
            all.minimise(sought())
        }
        .using(microlp);
        for (group, people) in &self.people {
            for person in 0..*people {
                let answers = (1..=STEPS).map(|answer| unknown[&(*group, person, answer)]);
                model = model.with(constraint!(answers.sum::<Expression>() == 1));
            }
        }
        for (groups, lowest, highest) in &self.sums {
            let sum = || -> Expression {
                let own = unknown
                    .iter()
                    .filter(|(place, _)| groups.contains(&place.0));
                own.map(|(place, variable)| f64::from(place.2) * *variable)
                    .sum()
            };
            model = model.with(constraint!(sum() >= f64::from(*lowest)));
            model = model.with(constraint!(sum() <= f64::from(*highest)));
        }
        let solution: Result<_, ResolutionError> = model.solve();
        let solution = solution.unwrap();
        #[expect(clippy::cast_possible_truncation, reason = "a few people")]
        let value = solution.eval(sought()).round() as i32;
        value
    }

    /// How many numbers of one or two, or of a group that is too small, follow.
    fn determined(&self) -> usize {
        let mut found = 0;
        for group in [Peers, Staff] {
            for people in 1..LEAST.min(self.people[&group] + 1) {
                for answer in 1..=STEPS {
                    found += usize::from(self.follows(group, people, answer));
                }
            }
        }
        found
    }
}

#[test]
fn what_one_or_two_answered_does_not_follow_from_a_report() {
    let (questions, mut dice) = (questions(), Dice(7));
    let (mut shown, mut hidden) = (0, 0);
    for case in 0..CASES {
        let circle = circle(&mut dice);
        let frozen = freeze(&circle, &questions);
        let known = Known::read(&circle, &frozen);
        for (group, answers) in &circle {
            // What a report says is true, and nothing is said of fewer than three.
            let sums = known.sums.iter().find(|one| one.0 == [*group]);
            let sum: i32 = answers.iter().sum();
            assert!(sums.is_none_or(|(_, from, to)| (*from..=*to).contains(&sum)));
            let anonymous = [Peers, Staff].contains(group);
            assert_eq!(sums.is_none(), anonymous && answers.len() < LEAST, "{case}");
            shown += usize::from(anonymous && sums.is_some());
            hidden += usize::from(sums.is_none());
        }
        assert_eq!(known.determined(), 0, "case {case}: {circle:?} {frozen:?}");
    }
    println!("{shown} groups shown, {hidden} left out");
    assert!(shown > CASES / 2 && hidden > CASES / 4);
}

#[test]
fn where_a_small_group_counts_among_all_others_its_answers_follow() {
    let (questions, mut dice) = (questions(), Dice(7));
    let mut found = 0;
    for _ in 0..10 {
        let circle = circle(&mut dice);
        let frozen = freeze(&circle, &questions);
        let mut known = Known::read(&circle, &frozen);
        // The mean of all others as it is often made: of everybody, whoever is shown apart.
        let others: Vec<RaterGroup> = vec![Leader, Mentor, Peers, Staff];
        let sum = circle.iter().filter(|(group, _)| others.contains(group));
        let sum = sum.flat_map(|(_, answers)| answers).sum();
        known.sums.push((others, sum, sum));
        found += known.determined();
    }
    println!("{found} numbers followed");
    assert!(found > 0);
}

#[test]
fn the_others_are_those_who_are_shown() {
    let questions = questions();
    let circle = vec![
        (Oneself, vec![5]),
        (Leader, vec![2]),
        (Peers, vec![3, 3, 3]),
        (Staff, vec![1, 1]),
    ];
    let frozen = freeze(&circle, &questions);
    let others = frozen::others(&frozen, KEY).unwrap();
    assert_eq!((others.count, others.lowest, others.highest), (4, 275, 275));
    assert_eq!(frozen::gap(&frozen, KEY), Some((225, 225)));
}
