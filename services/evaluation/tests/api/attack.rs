//! Somebody who sees every table of a report, knows who answered and what everybody is, and sets up
//! the equations: an integer solver says whether any answer follows.

use evaluation::reports::{
    axes::Signature,
    count::Counts,
    disclosure::K,
    freeze::{Backgrounds, signature},
    reserve::{self, Reserve},
    tables::{self, Frozen, careless},
};
use program::Program;
use serde_json::{Value, json};
use shared_types::evaluation::{
    instruments::Question,
    reports::{ReportBreakdown, ReportCell, ReportChoice, ReportDimension, ReportShowing},
};
use std::collections::BTreeMap;

mod effects;
mod program;
mod published;

const ROUNDS: u64 = 200;
/// The places of a wide scale and of a question with several choices.
const GRADE: usize = 3;
const MET: usize = 4;

/// Numbers that look random and are the same each time.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        // Sebastiano Vigna's splitmix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (bits ^ (bits >> 31)) % bound
    }

    /// One of some, by their weights.
    fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut left = self.below(weights.iter().sum());
        let at = weights.iter().position(|weight| {
            let here = left < *weight;
            left = left.saturating_sub(*weight);
            here
        });
        at.unwrap()
    }
}

/// What somebody is.
type Background = [Option<String>; 4];
/// Somebody's answers, a slot a question, a bit an option where several can be chosen; nothing where
/// it was not asked.
type Slots = Vec<Option<usize>>;
type Person = (Background, Slots);

/// What is asked: how content one is, what one wants, of some of them more, a grade, and some of
/// several.
fn questions() -> Vec<Question> {
    let text = json!({ "en": "?" });
    let option = |key: &str| json!({ "key": key, "text": text });
    let all = json!([
        { "key": "content", "kind": "likert", "points": 5, "text": text },
        { "key": "wish", "kind": "single", "text": text,
          "options": [option("a"), option("b"), option("c")] },
        { "key": "more", "kind": "likert", "points": 3, "text": text,
          "shownIf": { "questionKey": "wish", "answers": ["b"] } },
        { "key": "grade", "kind": "scale", "lowest": 0, "highest": 10, "text": text },
        { "key": "met", "kind": "multiple", "text": text,
          "options": [option("a"), option("b"), option("c")] },
    ]);
    serde_json::from_value(all).unwrap()
}

fn round(dice: &mut Dice, people: u64, municipalities: u64) -> Vec<Person> {
    let content = [
        dice.below(3),
        1 + dice.below(4),
        2 + dice.below(6),
        4 + dice.below(9),
        2 + dice.below(9),
    ];
    let women = 2 + dice.below(7);
    let elected = 1 + dice.below(4);
    let unanswered = dice.below(3);
    let mut further = Dice(dice.0 ^ 0x6a09_e667);
    let person = |at: u64| {
        let pick = |dice: &mut Dice, names: &[&str], weights: &[u64]| {
            Some(names[dice.weighted(weights)].to_owned())
        };
        let municipality = if at < municipalities {
            at
        } else {
            dice.below(municipalities)
        };
        let background = [
            pick(dice, &["woman", "man"], &[women, 10 - women]),
            pick(dice, &["employed_manager", "elected"], &[8, elected]),
            Some(uuid::Uuid::from_u128(u128::from(municipality) + 1).to_string()),
            pick(dice, &["school", "care", "streets"], &[4, 4, 2]),
        ];
        let answered = |dice: &mut Dice| dice.below(30) >= unanswered;
        let first = if answered(dice) {
            1 + dice.weighted(&content)
        } else {
            0
        };
        let wish = if answered(dice) {
            1 + dice.weighted(&[4, 5, 2])
        } else {
            0
        };
        let more = (wish == 2).then(|| {
            if answered(dice) {
                1 + dice.weighted(&[2, 3, 3])
            } else {
                0
            }
        });
        let grade = further.weighted(&[3, 0, 0, 0, 1, 1, 2, 3, 6, 9, 4, 5]);
        let met = further.weighted(&[4, 6, 5, 2, 2, 1, 1, 3]);
        let all = [Some(first), Some(wish), more, Some(grade), Some(met)];
        (background, all.to_vec())
    };
    (0..people).map(person).collect()
}

fn sheet(answers: &[Option<usize>]) -> Value {
    let mut sheet = json!({});
    if let Some(slot @ 1..) = answers[0] {
        sheet["content"] = json!(slot);
    }
    if let Some(Some(slot @ 1..)) = answers.get(1) {
        sheet["wish"] = json!(["a", "b", "c"][slot - 1]);
    }
    if let Some(Some(slot @ 1..)) = answers.get(2) {
        sheet["more"] = json!(slot);
    }
    if let Some(Some(slot @ 1..)) = answers.get(3) {
        sheet["grade"] = json!(slot - 1);
    }
    if let Some(Some(chosen)) = answers.get(4) {
        let keys = ["a", "b", "c"].into_iter().enumerate();
        let keys = keys.filter(|(bit, _)| (chosen >> bit) & 1 == 1);
        sheet["met"] = json!(keys.map(|(_, key)| key).collect::<Vec<_>>());
    }
    sheet
}

struct Report {
    frozen: Frozen,
    careless: Frozen,
    reserves: reserve::Reserves,
}

fn report(people: &[Person], questions: &[Question]) -> Report {
    let mut counts = Counts::new(questions);
    let mut levels = Backgrounds::default();
    for (background, answers) in people {
        let signature: Signature = signature(&mut levels, background.clone());
        counts.add(signature, &sheet(answers).to_string()).unwrap();
    }
    let names = |dimension, level| (levels.value(dimension, level).cloned().flatten(), None);
    Report {
        careless: careless::freeze(&counts, &names),
        reserves: reserve::reserves(&counts, &levels),
        frozen: tables::freeze(&mut counts, &names, b"salt"),
    }
}

/// Slots that a shown cell of a question holds.
fn slots(question: &str, cell: &ReportCell) -> Vec<usize> {
    let slot = |answer: &String| match question {
        "wish" => {
            1 + ["a", "b", "c"]
                .iter()
                .position(|key| key == answer)
                .unwrap()
        }
        "grade" => 1 + answer.parse::<usize>().unwrap(),
        _ => answer.parse().unwrap(),
    };
    let none = cell.with_unanswered.then_some(0);
    none.into_iter()
        .chain(cell.answers.iter().map(slot))
        .collect()
}

fn place(dimension: ReportDimension) -> usize {
    tables::DIMENSIONS
        .iter()
        .position(|own| *own == dimension)
        .unwrap()
}

/// People who are alike in everything that the reader knows.
struct Class {
    round: usize,
    background: Background,
    people: i32,
}

/// What is known and what is sought: how many of each class have which answers.
struct Attack {
    /// The questions that are attacked together: no table crosses them with others.
    asked: Vec<usize>,
    classes: Vec<Class>,
    /// All ways to answer.
    profiles: Vec<Slots>,
    /// Sums of places that are known.
    known: Vec<(Vec<usize>, i32)>,
    truth: Vec<i32>,
}

impl Attack {
    fn new(rounds: &[Vec<Person>], asked: &[usize]) -> Self {
        let mut found: BTreeMap<(usize, Background), BTreeMap<Slots, i32>> = BTreeMap::new();
        for (round, people) in rounds.iter().enumerate() {
            for (background, answers) in people {
                let class = found.entry((round, background.clone())).or_default();
                let own = asked.iter().map(|number| answers[*number]).collect();
                *class.entry(own).or_default() += 1;
            }
        }
        let profiles = match asked {
            [0] => (0..=5).map(|slot| vec![Some(slot)]).collect(),
            [GRADE] => (0..=11).map(|slot| vec![Some(slot)]).collect(),
            [MET] => (0..=7).map(|chosen| vec![Some(chosen)]).collect(),
            _ => {
                let more = (0..=3).map(|more| vec![Some(2), Some(more)]);
                [0, 1, 3]
                    .map(|wish| vec![Some(wish), None])
                    .into_iter()
                    .chain(more)
                    .collect()
            }
        };
        let mut attack = Self {
            asked: asked.to_vec(),
            classes: Vec::new(),
            profiles,
            known: Vec::new(),
            truth: Vec::new(),
        };
        for ((round, background), answers) in found {
            let people = answers.values().sum();
            let own = attack.profiles.iter();
            attack
                .truth
                .extend(own.map(|profile| answers.get(profile).copied().unwrap_or(0)));
            attack.classes.push(Class {
                round,
                background,
                people,
            });
        }
        for class in 0..attack.classes.len() {
            let all = attack.places(|at, _| at == class, |_| true);
            attack.known.push((all, attack.classes[class].people));
        }
        attack
    }

    fn places(
        &self,
        class: impl Fn(usize, &Class) -> bool,
        profile: impl Fn(&[Option<usize>]) -> bool,
    ) -> Vec<usize> {
        let mut places = Vec::new();
        for (at, own) in self
            .classes
            .iter()
            .enumerate()
            .filter(|(at, own)| class(*at, own))
        {
            let _ = own;
            for (number, answers) in self.profiles.iter().enumerate() {
                if profile(answers) {
                    places.push(at * self.profiles.len() + number);
                }
            }
        }
        places
    }

    fn know(&mut self, places: Vec<usize>, count: i32) {
        // What a report says is true.
        assert_eq!(program::sum(&self.truth, &places), count);
        self.known.push((places, count));
    }

    fn read(&mut self, round: usize, frozen: &Frozen, questions: &[Question]) {
        let asked = self.asked.clone();
        for (number, question) in asked.into_iter().map(|at| &questions[at]).enumerate() {
            let total = frozen
                .totals
                .iter()
                .find(|one| one.key == question.key)
                .unwrap();
            if total.showing == ReportShowing::Shown {
                self.read_cells(number, &question.key, &total.cells, |class| {
                    class.round == round
                });
                self.read_choices(&total.choices, |class| class.round == round);
            }
            for breakdown in frozen.breakdowns.get(&question.key).into_iter().flatten() {
                self.read_breakdown(round, number, &question.key, breakdown);
            }
        }
    }

    fn read_breakdown(
        &mut self,
        round: usize,
        number: usize,
        key: &str,
        breakdown: &ReportBreakdown,
    ) {
        let dimension = place(breakdown.dimension);
        let named: Vec<&Option<String>> = breakdown
            .groups
            .iter()
            .filter(|group| !group.is_others)
            .map(|group| &group.key)
            .collect();
        for group in &breakdown.groups {
            let is_in = |class: &Class| {
                let own = &class.background[dimension];
                let is_in = if group.is_others {
                    !named.contains(&own)
                } else {
                    *own == group.key
                };
                class.round == round && is_in
            };
            self.read_cells(number, key, &group.cells, is_in);
            self.read_choices(&group.choices, is_in);
        }
    }

    /// Of the question with several choices, which is attacked alone.
    fn read_choices(&mut self, choices: &[ReportChoice], class: impl Fn(&Class) -> bool) {
        for choice in choices {
            let bit = ["a", "b", "c"].iter().position(|key| *key == choice.key);
            let places = self.places(
                |_, own| class(own),
                |answers| answers[0].is_some_and(|chosen| (chosen >> bit.unwrap()) & 1 == 1),
            );
            self.know(places, choice.count);
        }
    }

    fn read_cells(
        &mut self,
        number: usize,
        key: &str,
        cells: &[ReportCell],
        class: impl Fn(&Class) -> bool,
    ) {
        for cell in cells {
            let slots = slots(key, cell);
            let places = self.places(
                |_, own| class(own),
                |answers| answers[number].is_some_and(|slot| slots.contains(&slot)),
            );
            self.know(places, cell.count);
        }
    }

    /// Every number that must not follow: for each class, and each group under k by one dimension,
    /// how many gave an answer.
    fn targets(&self) -> Vec<(Vec<usize>, i32)> {
        let mut groups: Vec<Vec<usize>> =
            (0..self.classes.len()).map(|class| vec![class]).collect();
        for dimension in 0..4 {
            let mut levels: BTreeMap<_, Vec<usize>> = BTreeMap::new();
            for (at, class) in self.classes.iter().enumerate() {
                levels
                    .entry((class.round, &class.background[dimension]))
                    .or_default()
                    .push(at);
            }
            groups.extend(levels.into_values());
        }
        let mut targets = Vec::new();
        for group in groups {
            let people: i32 = group.iter().map(|class| self.classes[*class].people).sum();
            if people >= i32::try_from(K).unwrap() {
                continue;
            }
            for (number, asked) in self.asked.iter().enumerate() {
                // No answer is one too, where there are any: that there are none is told.
                let round = self.classes[group[0]].round;
                let unanswered = self.places(
                    |_, class| class.round == round,
                    |answers| answers[number] == Some(0),
                );
                let first =
                    usize::from(*asked != MET && program::sum(&self.truth, &unanswered) == 0);
                for slot in first..=11_usize {
                    let gave = |answer: usize| match *asked {
                        MET => slot < 3 && (answer >> slot) & 1 == 1,
                        _ => answer == slot,
                    };
                    let places = self.places(
                        |at, _| group.contains(&at),
                        |answers| answers[number].is_some_and(gave),
                    );
                    if !places.is_empty() {
                        targets.push((places, people));
                    }
                }
            }
        }
        targets
    }

    /// How many of the numbers that must not follow do.
    fn determined(&self) -> usize {
        let each = |class: &Class| std::iter::repeat_n(class.people, self.profiles.len());
        let program = Program {
            most: self.classes.iter().flat_map(each).collect(),
            known: &self.known,
        };
        let targets = self.targets().into_iter().map(|(places, _)| places);
        program.determined(vec![self.truth.clone()], targets)
    }
}

#[test]
fn no_answer_of_a_person_or_a_small_group_follows_from_the_tables_of_a_round() {
    let questions = questions();
    let mut dice = Dice(2022);
    let (mut shown, mut broken_down, mut conditional) = (0, 0, 0);
    for number in 0..ROUNDS {
        let people = round(&mut dice, 24, 13);
        let frozen = report(&people, &questions).frozen;
        // The wide ones take longer.
        let wide = number % 10 == 0;
        let asked = [&[0][..], &[1, 2], &[GRADE], &[MET]].into_iter();
        for asked in asked.take(if wide { 4 } else { 2 }) {
            let mut attack = Attack::new(std::slice::from_ref(&people), asked);
            attack.read(0, &frozen, &questions);
            assert_eq!(attack.determined(), 0, "round {number}: {frozen:#?}");
        }
        let is_shown = |at: usize| usize::from(frozen.totals[at].showing == ReportShowing::Shown);
        shown += is_shown(0);
        conditional += is_shown(2);
        broken_down += usize::from(!frozen.breakdowns.is_empty());
        let municipality =
            |breakdown: &ReportBreakdown| breakdown.dimension == ReportDimension::Municipality;
        assert!(!frozen.breakdowns.values().flatten().any(municipality));
    }
    // Reports from which nothing follows because they are empty would be no reports.
    println!("{shown} shown, {broken_down} broken down, {conditional} of those asked more");
    assert!(shown > 180 && broken_down > 20 && conditional > 5);
}

#[test]
fn where_only_small_cells_are_left_out_answers_follow() {
    let questions = questions();
    let mut dice = Dice(2022);
    let found = (0..10).map(|_| {
        let people: Vec<Person> = round(&mut dice, 24, 13)
            .into_iter()
            .map(|(background, answers)| (background, answers[..1].to_vec()))
            .collect();
        let report = report(&people, &questions[..1]);
        let mut attack = Attack::new(std::slice::from_ref(&people), &[0]);
        attack.read(0, &report.careless, &questions[..1]);
        attack.determined()
    });
    let found: usize = found.sum();
    println!("{found} numbers followed");
    assert!(found > 0);
}

#[test]
fn nothing_follows_from_a_municipality_over_rounds_and_the_rounds_together() {
    let questions = &questions()[..1];
    let mut dice = Dice(7);
    let mut released = 0;
    for number in 0..12 {
        let rounds: Vec<Vec<Person>> = (0..5)
            .map(|_| {
                let people = round(&mut dice, 40, 6).into_iter();
                people
                    .map(|([gender, _, municipality, _], answers)| {
                        ([gender, None, municipality, None], answers[..1].to_vec())
                    })
                    .collect()
            })
            .collect();
        let mut attack = Attack::new(&rounds, &[0]);
        let mut reserves = Vec::new();
        for (at, people) in rounds.iter().enumerate() {
            let report = report(people, questions);
            attack.read(at, &report.frozen, questions);
            reserves.push(report.reserves.get("content").cloned());
        }
        for municipality in 1..=6_u128 {
            let id = uuid::Uuid::from_u128(municipality).to_string();
            let own: Vec<Option<&Reserve>> = reserves.iter().map(Option::as_ref).collect();
            let Some(release) = reserve::release(&own, &id) else {
                continue;
            };
            released += 1;
            for band in &release.bands {
                let places = attack.places(
                    |_, class| {
                        class.background[2].as_ref() == Some(&id)
                            && release.from.contains(&class.round)
                    },
                    |answers| answers[0].is_some_and(|slot| band.contains(&slot)),
                );
                let count = band
                    .iter()
                    .filter_map(|slot| release.slots.get(*slot))
                    .sum::<u32>();
                attack.know(places, i32::try_from(count).unwrap());
            }
            for at in &release.from {
                for block in &mut reserves[*at].as_mut().unwrap().blocks {
                    block.remove(&id);
                }
            }
        }
        assert_eq!(attack.determined(), 0, "case {number}");
    }
    println!("{released} municipalities shown");
    assert!(released > 12);
}
