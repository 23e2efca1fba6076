//! Counts a survey's sheets in one pass: for each combination of what people are, how many gave
//! each answer. Memory grows with the combinations, not with the sheets.

use super::axes::{DIMENSIONS, Signature};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use shared_types::evaluation::instruments::{Question, QuestionKind};
use std::{
    collections::{BTreeMap, HashMap},
    fmt,
};

/// What a survey asks, ready for counting.
#[derive(Debug)]
pub struct Plan<'a> {
    /// The questions.
    pub asked: Vec<Asked<'a>>,
    by_key: HashMap<&'a str, usize>,
    width: usize,
}

/// A question, ready for counting.
#[derive(Debug)]
pub struct Asked<'a> {
    /// The question.
    pub question: &'a Question,
    /// How many options it has.
    pub options: usize,
    /// The question and the slots of those of whom it is asked; absent for everybody.
    pub filter: Option<(usize, Vec<usize>)>,
    first: usize,
}

impl Asked<'_> {
    /// The number that the first option means, for scales.
    pub fn lowest(&self) -> i32 {
        match self.question.kind {
            QuestionKind::Scale => self.question.lowest.unwrap_or(0),
            _ => 1,
        }
    }

    /// Name of an option: its key, or its number.
    pub fn name(&self, slot: usize) -> String {
        let at = slot.saturating_sub(1);
        match self.question.options.get(at) {
            Some(option) => option.key.clone(),
            None => (i64::from(self.lowest()) + i64::try_from(at).unwrap_or(0)).to_string(),
        }
    }

    fn slot_of_number(&self, number: i64) -> u32 {
        let at = number - i64::from(self.lowest()) + 1;
        let fits = u32::try_from(at).ok();
        fits.filter(|at| usize::try_from(*at).is_ok_and(|at| at <= self.options))
            .unwrap_or(0)
    }

    fn slot_of_key(&self, key: &str) -> u32 {
        let options = &self.question.options;
        let at = options.iter().position(|option| option.key == key);
        at.and_then(|at| u32::try_from(at + 1).ok()).unwrap_or(0)
    }
}

impl<'a> Plan<'a> {
    /// Reads what is asked.
    pub fn new(questions: &'a [Question]) -> Self {
        let mut plan = Self {
            asked: Vec::new(),
            by_key: HashMap::new(),
            width: 0,
        };
        for question in questions {
            let options = match question.kind {
                QuestionKind::Likert => question.points.unwrap_or(0),
                QuestionKind::Scale => {
                    question.highest.unwrap_or(0) - question.lowest.unwrap_or(0) + 1
                }
                QuestionKind::Single | QuestionKind::Multiple => {
                    i32::try_from(question.options.len()).unwrap_or(0)
                }
                QuestionKind::Text | QuestionKind::NetworkTie => 0,
            };
            let options = usize::try_from(options).unwrap_or(0);
            let filter = question.shown_if.as_ref().and_then(|condition| {
                let at = *plan.by_key.get(condition.question_key.as_str())?;
                let other = plan.asked.get(at)?;
                let slots = (1..=other.options)
                    .filter(|slot| condition.answers.contains(&other.name(*slot)));
                Some((at, slots.collect()))
            });
            plan.by_key.insert(&question.key, plan.asked.len());
            plan.asked.push(Asked {
                question,
                options,
                filter,
                first: plan.width,
            });
            // One place for those who were asked, then one an option.
            plan.width += 1 + options;
        }
        plan
    }

    /// The question of a key.
    pub fn find(&self, key: &str) -> Option<&Asked<'a>> {
        self.asked.get(*self.by_key.get(key)?)
    }
}

/// What one sheet answered, question by question.
#[derive(Clone, Debug, Default)]
struct Answered {
    /// Options of which each was chosen: one bit an option for several, the slot for one.
    chosen: Vec<u32>,
    texts: Vec<(usize, String)>,
}

/// What was answered, by what people are.
#[derive(Debug)]
pub struct Counts<'a> {
    /// What was asked.
    pub plan: Plan<'a>,
    /// People of each combination, and their answers.
    rows: BTreeMap<Signature, (u32, Vec<u32>)>,
    /// What was written, by the number of its question.
    pub texts: BTreeMap<usize, Vec<String>>,
    scratch: Answered,
}

impl<'a> Counts<'a> {
    /// Nothing counted yet.
    pub fn new(questions: &'a [Question]) -> Self {
        Self {
            plan: Plan::new(questions),
            rows: BTreeMap::new(),
            texts: BTreeMap::new(),
            scratch: Answered::default(),
        }
    }

    /// Counts a sheet: who answered, and the answers as JSON.
    pub fn add(&mut self, signature: Signature, answers: &str) -> Result<(), serde_json::Error> {
        let answered = &mut self.scratch;
        answered.chosen.clear();
        answered.chosen.resize(self.plan.asked.len(), 0);
        answered.texts.clear();
        let mut reader = serde_json::Deserializer::from_str(answers);
        Sheet {
            plan: &self.plan,
            answered,
        }
        .deserialize(&mut reader)?;
        let (people, row) = self.rows.entry(signature).or_default();
        row.resize(self.plan.width, 0);
        *people += 1;
        for at in 0..self.plan.asked.len() {
            let (Some(asked), true) = (
                self.plan.asked.get(at),
                is_asked(&self.plan, &answered.chosen, at),
            ) else {
                continue;
            };
            let chosen = answered.chosen.get(at).copied().unwrap_or(0);
            let mut add = |place: usize| {
                if let Some(count) = row.get_mut(asked.first + place) {
                    *count += 1;
                }
            };
            add(0);
            if asked.question.kind == QuestionKind::Multiple {
                (0..asked.options)
                    .filter(|bit| (chosen >> bit) & 1 == 1)
                    .for_each(|bit| add(bit + 1));
            } else if chosen > 0 {
                add(usize::try_from(chosen).unwrap_or(0));
            }
        }
        for (at, text) in answered.texts.drain(..) {
            self.texts.entry(at).or_default().push(text);
        }
        Ok(())
    }

    /// How many sheets there are.
    pub fn people(&self) -> u32 {
        self.rows.values().map(|(people, _)| people).sum()
    }

    /// How many there are of each combination.
    pub fn signatures(&self) -> Vec<(Signature, u32)> {
        self.rows
            .iter()
            .map(|(signature, (people, _))| (*signature, *people))
            .collect()
    }

    /// How often each slot of a question was answered, combination by combination: no answer,
    /// then the options. Who was not asked is in none.
    pub fn slots(&self, at: usize) -> Vec<Vec<u32>> {
        let Some(asked) = self.plan.asked.get(at) else {
            return Vec::new();
        };
        let places = asked.first + 1..=asked.first + asked.options;
        let slots = |row: &Vec<u32>| {
            let options = row.get(places.clone()).unwrap_or_default();
            let all = row.get(asked.first).copied().unwrap_or(0);
            let none = all.saturating_sub(options.iter().sum());
            std::iter::once(none)
                .chain(options.iter().copied())
                .collect()
        };
        self.rows.values().map(|(_, row)| slots(row)).collect()
    }

    /// The same for one option of a question with several: not chosen, and chosen.
    pub fn choices(&self, at: usize, option: usize) -> Vec<Vec<u32>> {
        let Some(asked) = self.plan.asked.get(at) else {
            return Vec::new();
        };
        let choice = |row: &Vec<u32>| {
            let get = |place: usize| row.get(asked.first + place).copied().unwrap_or(0);
            vec![get(0).saturating_sub(get(option)), get(option)]
        };
        self.rows.values().map(|(_, row)| choice(row)).collect()
    }
}

/// Whether a question was asked, by what was answered to those before it.
fn is_asked(plan: &Plan<'_>, chosen: &[u32], at: usize) -> bool {
    let Some(Some((other, slots))) = plan.asked.get(at).map(|asked| &asked.filter) else {
        return true;
    };
    let several = plan
        .asked
        .get(*other)
        .is_some_and(|one| one.question.kind == QuestionKind::Multiple);
    let own = chosen.get(*other).copied().unwrap_or(0);
    let is_in = |slot: &usize| {
        if several {
            (own >> (slot - 1)) & 1 == 1
        } else {
            usize::try_from(own) == Ok(*slot)
        }
    };
    // Asked only where the other one was: what was skipped has no answer.
    is_asked(plan, chosen, *other) && slots.iter().any(is_in)
}

/// Reads a sheet into counts, without keeping it.
struct Sheet<'p, 'a, 's> {
    plan: &'p Plan<'a>,
    answered: &'s mut Answered,
}

impl<'de> DeserializeSeed<'de> for Sheet<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Sheet<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sheet of answers")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        while let Some(at) = map.next_key_seed(Key(self.plan))? {
            match at.and_then(|at| Some((at, self.plan.asked.get(at)?))) {
                Some((at, asked)) => {
                    map.next_value_seed(Value {
                        at,
                        asked,
                        answered: self.answered,
                    })?;
                }
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// The number of a question, by its key.
struct Key<'p, 'a>(&'p Plan<'a>);

impl<'de> DeserializeSeed<'de> for Key<'_, '_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<usize>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_, '_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the key of a question")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Option<usize>, E> {
        Ok(self.0.by_key.get(key).copied())
    }
}

/// What was answered to one question.
struct Value<'p, 'a, 's> {
    at: usize,
    asked: &'p Asked<'a>,
    answered: &'s mut Answered,
}

impl Value<'_, '_, '_> {
    fn choose(self, slot: u32) {
        if let Some(chosen) = self.answered.chosen.get_mut(self.at) {
            *chosen = slot;
        }
    }
}

impl<'de> DeserializeSeed<'de> for Value<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an answer")
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        let slot = self.asked.slot_of_number(number);
        self.choose(slot);
        Ok(())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        self.visit_i64(i64::try_from(number).unwrap_or(i64::MAX))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        if self.asked.question.kind == QuestionKind::Text {
            let text = text.trim();
            if !text.is_empty() {
                self.answered.texts.push((self.at, text.to_owned()));
            }
        } else {
            let slot = self.asked.slot_of_key(text);
            self.choose(slot);
        }
        Ok(())
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut sequence: S) -> Result<(), S::Error> {
        let mut bits = 0_u32;
        while let Some(key) = sequence.next_element::<std::borrow::Cow<'_, str>>()? {
            let slot = self.asked.slot_of_key(&key);
            if slot > 0 {
                bits |= 1_u32.checked_shl(slot - 1).unwrap_or(0);
            }
        }
        self.choose(bits);
        Ok(())
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        // Ties are counted by who has them: see `networks`.
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }
}

/// Numbers the values of each dimension as they come, so that people can be compared.
#[derive(Debug)]
pub struct Levels<T> {
    values: [Vec<T>; DIMENSIONS],
}

impl<T> Default for Levels<T> {
    fn default() -> Self {
        Self {
            values: std::array::from_fn(|_| Vec::new()),
        }
    }
}

impl<T: PartialEq> Levels<T> {
    /// The number of a value of a dimension.
    pub fn number(&mut self, dimension: usize, value: T) -> usize {
        let Some(values) = self.values.get_mut(dimension) else {
            return 0;
        };
        values
            .iter()
            .position(|known| *known == value)
            .unwrap_or_else(|| {
                values.push(value);
                values.len() - 1
            })
    }

    /// The value of a number.
    pub fn value(&self, dimension: usize, number: usize) -> Option<&T> {
        self.values.get(dimension)?.get(number)
    }
}
