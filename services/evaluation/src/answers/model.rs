//! What a sheet of answers has to keep to. All that is wrong is told at once, each with its place.

use crate::instruments::model::{longest, range};
use shared_types::{
    ApplicationId, Words,
    evaluation::instruments::{
        AnswerSheet, AnswerValue, Question, QuestionCondition, QuestionKind,
    },
};
use std::collections::{BTreeMap, BTreeSet};

/// What is wrong with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is no such question.
    Unknown,
    /// The question has to be answered.
    Missing,
    /// An answer of another kind.
    Kind,
    /// A number out of range.
    Range(i32, i32),
    /// An option that is not offered.
    Option,
    /// The same twice.
    Repeated,
    /// A text that is too long.
    TooLong(i32),
    /// The question is asked only of those who answered another one otherwise.
    NotAsked,
    /// Nobody whom one could have a tie with.
    Peer,
}

impl Fault {
    /// Its code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unknown => "question_unknown",
            Self::Missing => "required",
            Self::Kind => "type",
            Self::Range(..) => "range",
            Self::Option => "option_unknown",
            Self::Repeated => "repeated",
            Self::TooLong(_) => "too_long",
            Self::NotAsked => "not_asked",
            Self::Peer => "peer_unknown",
        }
    }

    /// The same in words.
    pub fn words(self, language: shared_types::Language) -> String {
        let (words, values) = match self {
            Self::Unknown => (&UNKNOWN, Vec::new()),
            Self::Missing => (&MISSING, Vec::new()),
            Self::Kind => (&KIND, Vec::new()),
            Self::Range(lowest, highest) => (
                &RANGE,
                vec![
                    ("lowest", lowest.to_string()),
                    ("highest", highest.to_string()),
                ],
            ),
            Self::Option => (&OPTION, Vec::new()),
            Self::Repeated => (&REPEATED, Vec::new()),
            Self::TooLong(most) => (&TOO_LONG, vec![("most", most.to_string())]),
            Self::NotAsked => (&NOT_ASKED, Vec::new()),
            Self::Peer => (&PEER, Vec::new()),
        };
        words.fill(language, &values)
    }
}

const UNKNOWN: Words = Words {
    en: "There is no such question.",
    sv: "Frågan finns inte.",
    da: "Spørgsmålet findes ikke.",
};
const MISSING: Words = Words {
    en: "Please answer this question.",
    sv: "Besvara den här frågan.",
    da: "Besvar dette spørgsmål.",
};
const KIND: Words = Words {
    en: "The question takes another kind of answer.",
    sv: "Frågan har en annan sorts svar.",
    da: "Spørgsmålet har en anden slags svar.",
};
const RANGE: Words = Words {
    en: "A whole number from {lowest} to {highest}.",
    sv: "Ett heltal från {lowest} till {highest}.",
    da: "Et helt tal fra {lowest} til {highest}.",
};
const OPTION: Words = Words {
    en: "The question does not offer this answer.",
    sv: "Frågan har inte detta svar.",
    da: "Spørgsmålet har ikke dette svar.",
};
const REPEATED: Words = Words {
    en: "Stands there twice.",
    sv: "Står där två gånger.",
    da: "Står der to gange.",
};
const TOO_LONG: Words = Words {
    en: "At most {most} characters.",
    sv: "Högst {most} tecken.",
    da: "Højst {most} tegn.",
};
const NOT_ASKED: Words = Words {
    en: "This question is asked only of those who answered an earlier one otherwise.",
    sv: "Frågan ställs bara till den som svarat något annat på en tidigare fråga.",
    da: "Spørgsmålet stilles kun til dem, der har svaret noget andet på et tidligere.",
};
const PEER: Words = Words {
    en: "Not another participant of the round.",
    sv: "Inte en annan deltagare i omgången.",
    da: "Ikke en anden deltager på holdet.",
};

/// Something wrong, and where: the question's key, and the place within its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The question's key, as it was sent.
    pub key: String,
    /// Pointer below the answer; empty for the whole.
    pub below: String,
    /// What is wrong.
    pub fault: Fault,
}

impl Found {
    /// The pointer into a body with a member `answers`.
    pub fn pointer(&self) -> String {
        let key = self.key.replace('~', "~0").replace('/', "~1");
        format!("/answers/{key}{}", self.below)
    }
}

/// Leaves out what is no answer: blank texts and empty choices.
pub fn without_blanks(mut sheet: AnswerSheet) -> AnswerSheet {
    sheet.retain(|_, value| match value {
        AnswerValue::Text(text) => !text.trim().is_empty(),
        AnswerValue::Chosen(chosen) => !chosen.is_empty(),
        AnswerValue::Number(_) | AnswerValue::Ties(_) => true,
    });
    sheet
}

/// Whether a question is asked, by what was answered before it.
pub fn is_asked(question: &Question, questions: &[Question], sheet: &AnswerSheet) -> bool {
    let Some(condition) = &question.shown_if else {
        return true;
    };
    let earlier = questions
        .iter()
        .find(|one| one.key == condition.question_key);
    // Conditions name earlier questions alone, so that this ends.
    earlier.is_some_and(|earlier| {
        is_asked(earlier, questions, sheet)
            && sheet
                .get(&earlier.key)
                .is_some_and(|value| is_met(condition, value))
    })
}

fn is_met(condition: &QuestionCondition, value: &AnswerValue) -> bool {
    let any = |answer: &str| condition.answers.iter().any(|one| one == answer);
    match value {
        AnswerValue::Number(number) => any(&number.to_string()),
        AnswerValue::Text(key) => any(key),
        AnswerValue::Chosen(keys) => keys.iter().any(|key| any(key)),
        AnswerValue::Ties(_) => false,
    }
}

/// Everything that is wrong with a sheet; `peers` are those with whom one can have ties.
pub fn judge(
    questions: &[Question],
    peers: &BTreeSet<ApplicationId>,
    sheet: &AnswerSheet,
) -> Vec<Found> {
    let mut found = Vec::new();
    let mut add = |key: &str, below: String, fault| {
        let key = key.to_owned();
        found.push(Found { key, below, fault });
    };
    for key in sheet.keys() {
        if !questions.iter().any(|question| question.key == *key) {
            add(key, String::new(), Fault::Unknown);
        }
    }
    for question in questions {
        let asked = is_asked(question, questions, sheet);
        match sheet.get(&question.key) {
            None if asked && question.required => {
                add(&question.key, String::new(), Fault::Missing);
            }
            None => {}
            Some(_) if !asked => add(&question.key, String::new(), Fault::NotAsked),
            Some(value) => judge_value(question, peers, value, &mut |below, fault| {
                add(&question.key, below, fault);
            }),
        }
    }
    found
}

fn judge_value(
    question: &Question,
    peers: &BTreeSet<ApplicationId>,
    value: &AnswerValue,
    add: &mut impl FnMut(String, Fault),
) {
    use QuestionKind::{Likert, Multiple, NetworkTie, Scale, Single, Text};
    match (question.kind, value) {
        (Likert | Scale, AnswerValue::Number(number)) => {
            let (lowest, highest) = range(question);
            if !(lowest..=highest).contains(number) {
                add(String::new(), Fault::Range(lowest, highest));
            }
        }
        (Single, AnswerValue::Text(key)) => {
            if !is_offered(question, key) {
                add(String::new(), Fault::Option);
            }
        }
        (Text, AnswerValue::Text(text)) => {
            let most = longest(question);
            if i32::try_from(text.chars().count()).unwrap_or(i32::MAX) > most {
                add(String::new(), Fault::TooLong(most));
            }
        }
        (Multiple, AnswerValue::Chosen(keys)) => {
            for (index, key) in keys.iter().enumerate() {
                let mut before = keys.iter().take(index);
                if !is_offered(question, key) {
                    add(format!("/{index}"), Fault::Option);
                } else if before.any(|one| one == key) {
                    add(format!("/{index}"), Fault::Repeated);
                }
            }
        }
        (NetworkTie, AnswerValue::Ties(ties)) => judge_ties(question, peers, ties, add),
        _ => add(String::new(), Fault::Kind),
    }
}

fn judge_ties(
    question: &Question,
    peers: &BTreeSet<ApplicationId>,
    ties: &BTreeMap<String, Vec<ApplicationId>>,
    add: &mut impl FnMut(String, Fault),
) {
    for (tie, with) in ties {
        let at = format!("/{}", tie.replace('~', "~0").replace('/', "~1"));
        if !is_offered(question, tie) {
            add(at, Fault::Option);
            continue;
        }
        let mut seen = BTreeSet::new();
        for (index, peer) in with.iter().enumerate() {
            if !peers.contains(peer) {
                add(format!("{at}/{index}"), Fault::Peer);
            } else if !seen.insert(peer) {
                add(format!("{at}/{index}"), Fault::Repeated);
            }
        }
    }
}

fn is_offered(question: &Question, key: &str) -> bool {
    question.options.iter().any(|option| option.key == key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn questions() -> Vec<Question> {
        let text = json!({ "en": "?" });
        let option = |key: &str| json!({ "key": key, "text": text });
        let all = json!([
            { "key": "agree", "kind": "likert", "text": text, "points": 5, "required": true },
            { "key": "grade", "kind": "scale", "text": text, "lowest": 0, "highest": 10 },
            { "key": "mentor", "kind": "single", "text": text, "required": true,
              "options": [option("yes"), option("no")] },
            { "key": "helped", "kind": "likert", "text": text, "points": 5, "required": true,
              "shownIf": { "questionKey": "mentor", "answers": ["yes"] } },
            { "key": "why", "kind": "text", "text": text, "longestCharacters": 5,
              "shownIf": { "questionKey": "helped", "answers": ["1", "2"] } },
            { "key": "hindrance", "kind": "multiple", "text": text,
              "options": [option("time"), option("mandate")] },
            { "key": "ties", "kind": "network_tie", "text": text, "options": [option("knows")] },
        ]);
        serde_json::from_value(all).unwrap()
    }

    fn found(sheet: Value) -> Vec<(String, &'static str)> {
        let sheet: AnswerSheet = serde_json::from_value(sheet).unwrap();
        let peers = BTreeSet::from([ApplicationId::from(uuid::Uuid::from_u128(7))]);
        let all = judge(&questions(), &peers, &without_blanks(sheet));
        let told = all.iter();
        told.map(|one| (one.pointer(), one.fault.code())).collect()
    }

    fn told(list: &[(&str, &'static str)]) -> Vec<(String, &'static str)> {
        let list = list.iter();
        list.map(|(at, code)| ((*at).to_owned(), *code)).collect()
    }

    #[test]
    fn a_whole_sheet_is_taken() {
        let peer = uuid::Uuid::from_u128(7);
        let sheet = json!({
            "agree": 5, "grade": 0, "mentor": "yes", "helped": 2, "why": "  å ö",
            "hindrance": ["time"], "ties": { "knows": [peer] },
        });
        assert_eq!(found(sheet), []);
        assert_eq!(found(json!({ "agree": 1, "mentor": "no", "why": " " })), []);
    }

    #[test]
    fn each_wrong_answer_is_told_by_its_place_all_at_once() {
        let (peer, stranger) = (uuid::Uuid::from_u128(7), uuid::Uuid::from_u128(8));
        let sheet = json!({
            "a/b": 1, "agree": 6, "grade": "7", "mentor": "perhaps", "why": "abcdef",
            "hindrance": ["time", "time", "money"],
            "ties": { "knows": [peer, stranger, peer], "likes": [peer] },
        });
        assert_eq!(
            found(sheet),
            told(&[
                ("/answers/a~1b", "question_unknown"),
                ("/answers/agree", "range"),
                ("/answers/grade", "type"),
                ("/answers/mentor", "option_unknown"),
                ("/answers/why", "not_asked"),
                ("/answers/hindrance/1", "repeated"),
                ("/answers/hindrance/2", "option_unknown"),
                ("/answers/ties/knows/1", "peer_unknown"),
                ("/answers/ties/knows/2", "repeated"),
                ("/answers/ties/likes", "option_unknown"),
            ])
        );
    }

    #[test]
    fn a_question_that_is_skipped_is_neither_needed_nor_taken() {
        let skipped = json!({ "agree": 1, "mentor": "no", "helped": 3 });
        assert_eq!(found(skipped), told(&[("/answers/helped", "not_asked")]));
        let needed = json!({ "agree": 1, "mentor": "yes" });
        assert_eq!(found(needed), told(&[("/answers/helped", "required")]));
        // What depends on a skipped question is skipped too.
        let deeper = json!({ "agree": 1, "mentor": "no", "helped": 1, "why": "x" });
        assert_eq!(
            found(deeper),
            told(&[
                ("/answers/helped", "not_asked"),
                ("/answers/why", "not_asked")
            ])
        );
        let long = json!({ "agree": 1, "mentor": "yes", "helped": 1, "why": "åäöåäö" });
        assert_eq!(found(long), told(&[("/answers/why", "too_long")]));
    }
}
