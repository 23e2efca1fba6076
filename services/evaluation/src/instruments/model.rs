//! What a set of questions has to keep to. All that is wrong is told at once, each with its
//! place.

use shared_types::{
    Words,
    evaluation::instruments::{Question, QuestionCondition, QuestionKind},
};
use std::collections::BTreeSet;

/// Most characters of a text where the question names none.
pub const USUAL_TEXT_CHARACTERS: i32 = 1000;
/// Most characters of all texts of one sheet together, so that a form can carry it.
const MOST_TEXT_CHARACTERS: i32 = 8000;
/// Most steps of a scale.
const MOST_STEPS: i32 = 101;

/// What is wrong with a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Another one has the key already.
    Repeated,
    /// The kind needs it.
    Missing,
    /// It is not for this kind.
    NotForKind,
    /// The lowest is not below the highest, or they are too far apart.
    Range,
    /// Too few options.
    TooFewOptions,
    /// A condition names no earlier question with answers to choose from.
    ConditionUnknown,
    /// A condition names an answer that the question does not offer.
    ConditionValue,
    /// All texts together are too long.
    TextsTooLong,
}

impl Fault {
    /// Its code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Repeated => "repeated",
            Self::Missing => "required",
            Self::NotForKind => "not_for_kind",
            Self::Range => "range",
            Self::TooFewOptions => "too_few",
            Self::ConditionUnknown => "condition_unknown",
            Self::ConditionValue => "condition_value",
            Self::TextsTooLong => "texts_too_long",
        }
    }

    /// The same in words.
    pub const fn words(self) -> Words {
        match self {
            Self::Repeated => Words {
                en: "Stands there twice.",
                sv: "Står där två gånger.",
                da: "Står der to gange.",
            },
            Self::Missing => Words {
                en: "This kind of question needs it.",
                sv: "Den här sortens fråga behöver det.",
                da: "Denne slags spørgsmål skal have det.",
            },
            Self::NotForKind => Words {
                en: "Not for this kind of question.",
                sv: "Inte för den här sortens fråga.",
                da: "Ikke til denne slags spørgsmål.",
            },
            Self::Range => Words {
                en: "The lowest number is below the highest, at most 100 steps away.",
                sv: "Det lägsta talet är mindre än det högsta, högst 100 steg bort.",
                da: "Det laveste tal er mindre end det højeste, højst 100 trin væk.",
            },
            Self::TooFewOptions => Words {
                en: "There have to be at least two options; one is enough for a kind of tie.",
                sv: "Det behövs minst två alternativ; ett räcker för en sorts band.",
                da: "Der skal være mindst to svarmuligheder; én er nok for en slags bånd.",
            },
            Self::ConditionUnknown => Words {
                en: "A condition names an earlier question whose answers are chosen.",
                sv: "Ett villkor anger en tidigare fråga vars svar väljs.",
                da: "En betingelse angiver et tidligere spørgsmål, hvis svar vælges.",
            },
            Self::ConditionValue => Words {
                en: "The earlier question does not offer this answer.",
                sv: "Den tidigare frågan har inte detta svar.",
                da: "Det tidligere spørgsmål har ikke dette svar.",
            },
            Self::TextsTooLong => Words {
                en: "All texts of a sheet together have at most 8,000 characters.",
                sv: "Alla texter i ett svar har tillsammans högst 8 000 tecken.",
                da: "Alle tekster i et svar har tilsammen højst 8.000 tegn.",
            },
        }
    }
}

/// Most characters of a text answer.
pub fn longest(question: &Question) -> i32 {
    question.longest_characters.unwrap_or(USUAL_TEXT_CHARACTERS)
}

/// The numbers that a likert or scale question takes.
pub fn range(question: &Question) -> (i32, i32) {
    match question.kind {
        QuestionKind::Likert => (1, question.points.unwrap_or(1)),
        _ => (question.lowest.unwrap_or(0), question.highest.unwrap_or(0)),
    }
}

/// Whether a question asks about ties between people.
pub fn is_network(questions: &[Question]) -> bool {
    questions
        .iter()
        .any(|question| question.kind == QuestionKind::NetworkTie)
}

/// Everything that is wrong, with its place below `/questions`.
pub fn faults(questions: &[Question]) -> Vec<(String, Fault)> {
    let mut found = Vec::new();
    let mut texts = 0;
    for (index, question) in questions.iter().enumerate() {
        let mut add = |member: &str, fault| found.push((format!("/{index}{member}"), fault));
        let earlier = questions.get(..index).unwrap_or_default();
        if earlier.iter().any(|one| one.key == question.key) {
            add("/key", Fault::Repeated);
        }
        members(question, &mut add);
        options(question, &mut add);
        if let Some(condition) = &question.shown_if {
            judge_condition(condition, earlier, &mut add);
        }
        if question.kind == QuestionKind::Text {
            texts += longest(question);
        }
    }
    if texts > MOST_TEXT_CHARACTERS {
        found.push((String::new(), Fault::TextsTooLong));
    }
    found
}

/// Members that a kind needs, and those that it has no use for.
fn members(question: &Question, add: &mut impl FnMut(&str, Fault)) {
    use QuestionKind::{Likert, Scale, Text};
    let kind = question.kind;
    let given = [
        ("/points", question.points.is_some(), kind == Likert, true),
        ("/lowest", question.lowest.is_some(), kind == Scale, true),
        ("/highest", question.highest.is_some(), kind == Scale, true),
        (
            "/lowestText",
            question.lowest_text.is_some(),
            matches!(kind, Scale | Likert),
            false,
        ),
        (
            "/highestText",
            question.highest_text.is_some(),
            matches!(kind, Scale | Likert),
            false,
        ),
        (
            "/longestCharacters",
            question.longest_characters.is_some(),
            kind == Text,
            false,
        ),
    ];
    for (member, is_there, fits, is_needed) in given {
        if is_there && !fits {
            add(member, Fault::NotForKind);
        } else if !is_there && fits && is_needed {
            add(member, Fault::Missing);
        }
    }
    if let (Scale, Some(lowest), Some(highest)) = (kind, question.lowest, question.highest)
        && (lowest >= highest || highest - lowest >= MOST_STEPS)
    {
        add("/highest", Fault::Range);
    }
}

fn options(question: &Question, add: &mut impl FnMut(&str, Fault)) {
    use QuestionKind::{Multiple, NetworkTie, Single};
    let least = match question.kind {
        Single | Multiple => 2,
        NetworkTie => 1,
        _ => {
            if !question.options.is_empty() {
                add("/options", Fault::NotForKind);
            }
            return;
        }
    };
    if question.options.len() < least {
        add("/options", Fault::TooFewOptions);
    }
    let mut seen = BTreeSet::new();
    for (index, option) in question.options.iter().enumerate() {
        if !seen.insert(&option.key) {
            add(&format!("/options/{index}/key"), Fault::Repeated);
        }
    }
}

fn judge_condition(
    condition: &QuestionCondition,
    earlier: &[Question],
    add: &mut impl FnMut(&str, Fault),
) {
    use QuestionKind::{Likert, Multiple, Scale, Single};
    let asked = earlier.iter().find(|one| one.key == condition.question_key);
    let Some(asked) = asked.filter(|one| matches!(one.kind, Likert | Scale | Single | Multiple))
    else {
        add("/shownIf/questionKey", Fault::ConditionUnknown);
        return;
    };
    for (index, value) in condition.answers.iter().enumerate() {
        let offered = if matches!(asked.kind, Likert | Scale) {
            let (lowest, highest) = range(asked);
            let number = value.parse::<i32>();
            number.is_ok_and(|number| (lowest..=highest).contains(&number))
        } else {
            asked.options.iter().any(|option| option.key == *value)
        };
        if !offered {
            add(&format!("/shownIf/answers/{index}"), Fault::ConditionValue);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn questions(value: Value) -> Vec<Question> {
        serde_json::from_value(value).unwrap()
    }

    fn found(value: Value) -> Vec<(String, &'static str)> {
        let faults = faults(&questions(value));
        let told = faults.into_iter();
        told.map(|(at, fault)| (at, fault.code())).collect()
    }

    fn option(key: &str) -> Value {
        json!({ "key": key, "text": { "en": key } })
    }

    #[test]
    fn everything_that_is_wrong_is_told_with_its_place() {
        let text = json!({ "en": "?" });
        let wrong = json!([
            { "key": "a", "kind": "likert", "text": text },
            { "key": "a", "kind": "scale", "text": text, "lowest": 5, "highest": 5, "points": 3 },
            { "key": "c", "kind": "single", "text": text, "options": [option("x")],
              "shownIf": { "questionKey": "d", "answers": ["x"] } },
            { "key": "d", "kind": "multiple", "text": text,
              "options": [option("x"), option("x")],
              "shownIf": { "questionKey": "c", "answers": ["y", "x"] } },
            { "key": "e", "kind": "text", "text": text, "options": [option("x")] },
            { "key": "f", "kind": "network_tie", "text": text },
        ]);
        let expected = [
            ("/0/points", "required"),
            ("/1/key", "repeated"),
            ("/1/points", "not_for_kind"),
            ("/1/highest", "range"),
            ("/2/options", "too_few"),
            ("/2/shownIf/questionKey", "condition_unknown"),
            ("/3/options/1/key", "repeated"),
            ("/3/shownIf/answers/0", "condition_value"),
            ("/4/options", "not_for_kind"),
            ("/5/options", "too_few"),
        ];
        let expected: Vec<_> = expected.map(|(at, code)| (at.to_owned(), code)).into();
        assert_eq!(found(wrong), expected);
    }

    #[test]
    fn texts_that_no_form_could_carry_are_refused() {
        let text = |key: &str, most: i32| json!({ "key": key, "kind": "text", "text": { "en": "?" }, "longestCharacters": most });
        assert_eq!(found(json!([text("a", 4000), text("b", 4000)])), []);
        let long = found(json!([text("a", 4000), text("b", 4000), text("c", 1)]));
        assert_eq!(long, [(String::new(), "texts_too_long")]);
    }
}
