//! The same for changes: somebody sees the reports of two or three surveys of a family and the
//! changes between them, and knows who answered and whose sheets are paired.

use super::{
    Background, Dice,
    program::{self, Program},
    round,
};
use evaluation::{
    effects::{
        freeze::{FrozenEffect, Pair, effects},
        joint::{Linked, Part, gated},
    },
    reports::{
        count::Counts,
        disclosure::K,
        freeze::{Backgrounds, signature},
        tables::{self, Frozen},
    },
};
use serde_json::json;
use shared_types::evaluation::{
    instruments::{AnswerSheet, AnswerValue, Question},
    reports::{ReportBreakdown, ReportCell, ReportShowing},
};
use std::collections::BTreeMap;

const ROUNDS: usize = 60;

/// Somebody's answers by the place of the survey, a slot each; nothing where the survey was not
/// answered or the sheet is another record.
pub(super) type Record = Vec<Option<usize>>;

/// A record, and what its person is.
#[derive(Clone)]
pub(super) struct One {
    pub(super) background: Background,
    pub(super) record: Record,
}

pub(super) fn questions(points: usize) -> Vec<Question> {
    let question =
        json!([{ "key": "sure", "kind": "likert", "points": points, "text": { "en": "?" } }]);
    serde_json::from_value(question).unwrap()
}

pub(super) fn sheet(slot: usize) -> AnswerSheet {
    let number = i32::try_from(slot).unwrap();
    let answer = (slot > 0).then(|| ("sure".to_owned(), AnswerValue::Number(number)));
    answer.into_iter().collect()
}

fn linked(people: &[One]) -> Vec<Linked> {
    let linked = |one: &One| Linked {
        background: one.background.clone(),
        sheets: one.record.iter().map(|slot| slot.map(sheet)).collect(),
    };
    people.iter().map(linked).collect()
}

fn report(people: &[One], place: usize, questions: &[Question]) -> Part {
    let (mut counts, mut levels) = (Counts::new(questions), Backgrounds::default());
    for one in people {
        if let Some(slot) = one.record[place] {
            let own = signature(&mut levels, one.background.clone());
            counts.add(own, &json!(sheet(slot)).to_string()).unwrap();
        }
    }
    let names = |dimension, level| (levels.value(dimension, level).cloned().flatten(), None);
    let Frozen {
        totals, breakdowns, ..
    } = tables::freeze(&mut counts, &names, b"salt");
    Part {
        totals,
        breakdowns,
        effects: Vec::new(),
    }
}

fn changes(people: &[One], place: usize, questions: &[Question]) -> Vec<FrozenEffect> {
    let mut levels = Backgrounds::default();
    let pair = |one: &One| {
        Some(Pair {
            before: sheet(one.record[0]?),
            after: sheet(one.record[place]?),
            signature: signature(&mut levels, one.background.clone()),
        })
    };
    let pairs: Vec<Pair> = people.iter().filter_map(pair).collect();
    let names = |dimension, level| (levels.value(dimension, level).cloned().flatten(), None);
    effects(questions, &pairs, &names).1
}

/// Everything that a family of surveys tells. Without the joint gate each table is safe by itself.
fn family(people: &[One], surveys: usize, points: usize, together: bool) -> Vec<Part> {
    let questions = questions(points);
    let mut parts = vec![report(people, 0, &questions)];
    for place in 1..surveys {
        // The first is compared with the one that closes and with those that closed before it.
        let mut told = vec![parts[0].clone(), report(people, place, &questions)];
        told.extend(parts[1..].iter().cloned());
        let order: Vec<usize> = [0, place].into_iter().chain(1..place).collect();
        let ordered = |one: Linked| Linked {
            sheets: order.iter().map(|at| one.sheets[*at].clone()).collect(),
            ..one
        };
        let records: Vec<Linked> = linked(people).into_iter().map(ordered).collect();
        let found = changes(people, place, &questions);
        let found = if together {
            gated(found, &told, &records)
        } else {
            found
        };
        let mut part = told.swap_remove(1);
        part.effects = found;
        parts.push(part);
    }
    parts
}

/// Records that are alike in everything that the reader knows.
struct Class {
    background: Background,
    places: Vec<bool>,
    people: i32,
    first: usize,
    profiles: Vec<Record>,
}

#[derive(Default)]
pub(super) struct Attack {
    classes: Vec<Class>,
    unknown_count: usize,
    known: Vec<(Vec<usize>, i32)>,
    truth: Vec<i32>,
    points: usize,
}

type Asks<'a> = &'a dyn Fn(&Record) -> bool;

impl Attack {
    pub(super) fn new(people: &[One], points: usize) -> Self {
        let mut found: BTreeMap<(Background, Vec<bool>), Vec<&Record>> = BTreeMap::new();
        for one in people {
            let places = one.record.iter().map(Option::is_some).collect();
            let key = (one.background.clone(), places);
            found.entry(key).or_default().push(&one.record);
        }
        let mut attack = Self {
            points,
            ..Self::default()
        };
        for ((background, places), records) in found {
            let mut profiles: Vec<Record> = vec![Vec::new()];
            for is_in in &places {
                let slots: Vec<Option<usize>> = if *is_in {
                    (0..=points).map(Some).collect()
                } else {
                    vec![None]
                };
                let longer = |one: &Record| {
                    let one = one.clone();
                    let own = slots.iter();
                    own.map(move |slot| [one.clone(), vec![*slot]].concat())
                        .collect::<Vec<_>>()
                };
                profiles = profiles.iter().flat_map(longer).collect();
            }
            let count = |profile: &Record| {
                let own = records.iter().filter(|one| **one == profile).count();
                i32::try_from(own).unwrap()
            };
            attack.truth.extend(profiles.iter().map(count));
            let first = attack.unknown_count;
            attack.unknown_count += profiles.len();
            let people = i32::try_from(records.len()).unwrap();
            let all = (first..attack.unknown_count).collect();
            attack.known.push((all, people));
            attack.classes.push(Class {
                background,
                places,
                people,
                first,
                profiles,
            });
        }
        attack
    }

    fn places(&self, class: &dyn Fn(&Class) -> bool, profile: Asks<'_>) -> Vec<usize> {
        let mut places = Vec::new();
        for own in self.classes.iter().filter(|own| class(own)) {
            let all = own.profiles.iter().enumerate();
            let held = all.filter(|(_, one)| profile(one));
            places.extend(held.map(|(at, _)| own.first + at));
        }
        places
    }

    pub(super) fn read(&mut self, parts: &[Part]) {
        for (place, part) in parts.iter().enumerate() {
            let total = &part.totals[0];
            let breakdowns = part.breakdowns.get("sure").map_or(&[][..], Vec::as_slice);
            let answered = |answer: &str, record: &Record| {
                record[place].is_some_and(|slot| slot > 0 && slot.to_string() == answer)
            };
            let is_in = |record: &Record| record[place].is_some();
            if total.showing == ReportShowing::Shown {
                self.read_table(&total.cells, breakdowns, &is_in, &answered);
            }
            let changed = |answer: &str, record: &Record| {
                let pair = record[0].zip(record[place]);
                pair.is_some_and(|(before, after)| direction(before, after) == Some(answer))
            };
            let is_pair = |record: &Record| record[0].is_some() && record[place].is_some();
            for effect in &part.effects {
                if effect.question.showing == ReportShowing::Shown {
                    let cells = &effect.question.cells;
                    self.read_table(cells, &effect.breakdowns, &is_pair, &changed);
                }
            }
        }
    }

    fn read_table(
        &mut self,
        cells: &[ReportCell],
        breakdowns: &[ReportBreakdown],
        is_in: Asks<'_>,
        gave: &dyn Fn(&str, &Record) -> bool,
    ) {
        self.read_cells(cells, &|_| true, is_in, gave);
        for breakdown in breakdowns {
            let dimension = super::place(breakdown.dimension);
            let shown = breakdown.groups.iter().filter(|group| !group.is_others);
            let named: Vec<&Option<String>> = shown.map(|group| &group.key).collect();
            for group in &breakdown.groups {
                let of_group = |class: &Class| {
                    let own = &class.background[dimension];
                    if group.is_others {
                        !named.contains(&own)
                    } else {
                        *own == group.key
                    }
                };
                self.read_cells(&group.cells, &of_group, is_in, gave);
            }
        }
    }

    fn read_cells(
        &mut self,
        cells: &[ReportCell],
        class: &dyn Fn(&Class) -> bool,
        is_in: Asks<'_>,
        gave: &dyn Fn(&str, &Record) -> bool,
    ) {
        let named: Vec<&String> = cells.iter().flat_map(|cell| &cell.answers).collect();
        for cell in cells {
            let holds = |record: &Record| {
                let has =
                    |answers: &[&String]| answers.iter().any(|one| gave(one.as_str(), record));
                let own: Vec<&String> = cell.answers.iter().collect();
                is_in(record) && (has(&own) || (cell.with_unanswered && !has(&named)))
            };
            let places = self.places(class, &holds);
            // What a report says is true.
            assert_eq!(program::sum(&self.truth, &places), cell.count);
            self.known.push((places, cell.count));
        }
    }

    /// Every number that must not follow: of each class, each group under k by a dimension, and
    /// each such group that answered the same surveys, how many gave an answer or changed it so.
    fn targets(&self) -> Vec<Vec<usize>> {
        type Key = (usize, Option<String>, Vec<bool>);
        let mut groups: BTreeMap<Key, (i32, Vec<usize>)> = BTreeMap::new();
        for (at, class) in self.classes.iter().enumerate() {
            let mut keys: Vec<Key> = vec![(9, Some(at.to_string()), Vec::new())];
            keys.push((8, None, class.places.clone()));
            let levels = class.background.iter().cloned().enumerate();
            keys.extend(levels.map(|(dimension, level)| (dimension, level, Vec::new())));
            for key in keys {
                let group = groups.entry(key).or_default();
                group.0 += class.people;
                group.1.push(class.first);
            }
        }
        let mut targets = Vec::new();
        for (people, classes) in groups.into_values() {
            if people >= i32::try_from(K).unwrap() {
                continue;
            }
            let mut add = |asks: &dyn Fn(&Record) -> bool| {
                let places = self.places(&|class| classes.contains(&class.first), asks);
                if !places.is_empty() {
                    targets.push(places);
                }
            };
            let surveys = self.classes[0].places.len();
            for place in 0..surveys {
                // No answer is one too, where there are any: that there are none is told.
                let unanswered = self.places(&|_| true, &|record| record[place] == Some(0));
                let first = usize::from(program::sum(&self.truth, &unanswered) == 0);
                (first..=self.points)
                    .for_each(|slot| add(&|record: &Record| record[place] == Some(slot)));
                for word in ["lower", "same", "higher"]
                    .into_iter()
                    .filter(|_| place > 0)
                {
                    add(&|record: &Record| {
                        let pair = record[0].zip(record[place]);
                        pair.and_then(|(before, after)| direction(before, after)) == Some(word)
                    });
                }
            }
        }
        targets
    }

    /// Other ways in which all could have answered, found by exchanging whole records.
    fn swapped(&self, people: &[One], dice: &mut Dice) -> Vec<Vec<i32>> {
        let mut at = BTreeMap::new();
        for class in &self.classes {
            for (number, profile) in class.profiles.iter().enumerate() {
                let key = (class.background.clone(), profile.clone());
                at.insert(key, class.first + number);
            }
        }
        let holds: Vec<Vec<bool>> = self
            .known
            .iter()
            .map(|(places, _)| {
                let mut holds = vec![false; self.unknown_count];
                for place in places {
                    holds[*place] = true;
                }
                holds
            })
            .collect();
        let (mut now, mut solution) = (people.to_vec(), self.truth.clone());
        let mut found = vec![solution.clone()];
        let count = u64::try_from(people.len()).unwrap();
        for step in 0..4000 {
            let one = usize::try_from(dice.below(count)).unwrap();
            let other = usize::try_from(dice.below(count)).unwrap();
            let (first, second) = (now[one].clone(), now[other].clone());
            let is_in = |one: &One| one.record.iter().map(Option::is_some).collect::<Vec<_>>();
            if is_in(&first) != is_in(&second) {
                continue;
            }
            let place = |of: &One, record: &Record| at[&(of.background.clone(), record.clone())];
            let moves = [
                (place(&first, &first.record), -1),
                (place(&first, &second.record), 1),
                (place(&second, &second.record), -1),
                (place(&second, &first.record), 1),
            ];
            let stays = |holds: &Vec<bool>| {
                let changes = moves.iter().filter(|(place, _)| holds[*place]);
                changes.map(|(_, change)| change).sum::<i32>() == 0
            };
            if holds.iter().all(stays) {
                for (place, change) in &moves {
                    solution[*place] += change;
                }
                now[one].record = second.record;
                now[other].record = first.record;
                if step % 10 == 0 {
                    found.push(solution.clone());
                }
            }
        }
        found
    }

    /// How many of the numbers that must not follow do.
    pub(super) fn determined(&self, people: &[One], dice: &mut Dice) -> usize {
        let each = |class: &Class| std::iter::repeat_n(class.people, class.profiles.len());
        let program = Program {
            most: self.classes.iter().flat_map(each).collect(),
            known: &self.known,
        };
        program.determined(self.swapped(people, dice), self.targets())
    }
}

fn direction(before: usize, after: usize) -> Option<&'static str> {
    (before > 0 && after > 0).then(|| match after.cmp(&before) {
        std::cmp::Ordering::Less => "lower",
        std::cmp::Ordering::Equal => "same",
        std::cmp::Ordering::Greater => "higher",
    })
}

/// A round that answers some surveys; some come to one alone, or forget their phrase.
pub(super) fn people(dice: &mut Dice, surveys: usize) -> Vec<One> {
    let lost = [0, 0, 1, 3][usize::try_from(dice.below(4)).unwrap()];
    let rises = dice.below(4);
    let mut people = Vec::new();
    for (background, slots) in round(dice, 24, 13) {
        // Three steps, so that some rounds have more than one cell.
        let before = slots[0].unwrap().div_ceil(2);
        let mut record = vec![Some(before)];
        for _ in 1..surveys {
            let after = if before > 0 && dice.below(5) < 1 + rises {
                (before + 1).min(3)
            } else {
                before.saturating_sub(usize::try_from(dice.below(2)).unwrap())
            };
            record.push(Some(after));
        }
        for place in 1..surveys {
            if dice.below(12) < lost {
                let mut alone = vec![None; surveys];
                alone[place] = record[place].take();
                if dice.below(2) == 0 {
                    people.push(One {
                        background: background.clone(),
                        record: alone,
                    });
                }
            }
        }
        people.push(One { background, record });
    }
    people
}

pub(super) fn shown(parts: &[Part]) -> usize {
    let effects = parts.iter().flat_map(|part| &part.effects);
    effects
        .filter(|effect| effect.question.showing == ReportShowing::Shown)
        .count()
}

#[test]
fn nothing_follows_from_changes_and_the_surveys_together() {
    let mut dice = Dice(2023);
    let mut told = 0;
    for number in 0..ROUNDS {
        let surveys = if number % 4 == 0 { 3 } else { 2 };
        let people = people(&mut dice, surveys);
        let parts = family(&people, surveys, 3, true);
        told += shown(&parts);
        let mut attack = Attack::new(&people, 3);
        attack.read(&parts);
        assert_eq!(
            attack.determined(&people, &mut dice),
            0,
            "round {number}: {parts:#?}"
        );
    }
    // What is never shown is safe and of no use.
    println!("{told} changes shown");
    assert!(told > 10, "{told}");
}

#[test]
fn without_the_joint_gate_answers_follow() {
    let mut dice = Dice(2023);
    let (mut found, mut told) = (0, 0);
    for number in 0..ROUNDS {
        let mut people = people(&mut dice, 2);
        for one in &mut people {
            // The reader knows less here: who is paired alone. But whoever comes again answers the
            // most, and who comes once did so: if as many rise as answered less, those are they.
            one.background = Background::default();
            one.record = match one.record.as_slice() {
                [Some(_), None] => vec![Some(3), None],
                [Some(before), Some(_)] => vec![Some((*before).max(1)), Some(3)],
                other => other.to_vec(),
            };
        }
        for together in [true, false] {
            let parts = family(&people, 2, 3, together);
            let mut attack = Attack::new(&people, 3);
            attack.read(&parts);
            let own = attack.determined(&people, &mut dice);
            if together {
                assert_eq!(own, 0, "round {number}: {parts:#?}");
            } else {
                told += shown(&parts);
                found += own;
            }
        }
    }
    println!("{found} numbers followed from {told} changes");
    assert!(found > 0);
}

/// Twenty-four answer, five of them less than the most; twenty come again, and the five rise.
fn four_who_came_once() -> Vec<One> {
    let one = |number: usize| {
        let before = if number < 5 { 4 } else { 5 };
        One {
            background: Default::default(),
            record: vec![Some(before), (number < 20).then_some(5)],
        }
    };
    (0..24).map(one).collect()
}

#[test]
fn what_four_answered_before_is_not_told_by_what_changed_for_the_others() {
    let people = four_who_came_once();
    let mut dice = Dice(1);
    let mut determined = |together: bool| {
        let parts = family(&people, 2, 5, together);
        let mut attack = Attack::new(&people, 5);
        attack.read(&parts);
        (shown(&parts), attack.determined(&people, &mut dice))
    };
    assert_eq!(determined(true), (0, 0));
    let (told, found) = determined(false);
    assert!(told == 1 && found > 0, "{told} {found}");
}
