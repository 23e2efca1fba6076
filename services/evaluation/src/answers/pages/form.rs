//! What the fields of a sheet are called, and how they are read.

use crate::answers::{
    model::{Found, is_asked},
    taking::Asking,
};
use shared_types::{
    Language,
    evaluation::instruments::{AnswerSheet, AnswerValue, Question, QuestionKind},
};
use shared_web::page::Form;
use std::collections::BTreeMap;

/// The field of the phrase.
pub(super) const PHRASE: &str = "phrase";
/// What a ticked box says.
pub(crate) const TICKED: &str = "yes";

/// The field of a question.
pub(super) fn field(question: &Question) -> String {
    format!("q.{}", question.key)
}

/// The field of one of a question's options.
pub(super) fn option_field(question: &Question, option: &str) -> String {
    format!("q.{}.{option}", question.key)
}

/// The field of a tie with somebody.
pub(super) fn tie_field(question: &Question, tie: &str, peer: impl std::fmt::Display) -> String {
    format!("q.{}.{tie}.{peer}", question.key)
}

/// Whether the sheet has a field of this name.
pub(crate) fn is_offered(asking: &Asking, name: &str) -> bool {
    let mut questions = asking.version.questions.iter();
    questions.any(|question| names(asking, question).iter().any(|one| one == name))
}

/// The names of a question's fields.
fn names(asking: &Asking, question: &Question) -> Vec<String> {
    let options = || question.options.iter();
    match question.kind {
        QuestionKind::Multiple => options()
            .map(|option| option_field(question, &option.key))
            .collect(),
        QuestionKind::NetworkTie => {
            let peers = asking.peers.iter();
            let of_peer = |peer: &shared_types::evaluation::answers::Peer| -> Vec<String> {
                let id = peer.application_id;
                options()
                    .map(|option| tie_field(question, &option.key, id))
                    .collect()
            };
            peers.flat_map(of_peer).collect()
        }
        _ => vec![field(question)],
    }
}

/// The sheet that a form holds. What stands under a question that is not asked of this reader is
/// left out: the form shows such a question, since it has no script, and says of whom it is asked.
pub(crate) fn read(asking: &Asking, form: &Form) -> AnswerSheet {
    let questions = &asking.version.questions;
    let mut sheet = AnswerSheet::new();
    for question in questions {
        if is_asked(question, questions, &sheet)
            && let Some(value) = value(asking, question, form)
        {
            sheet.insert(question.key.clone(), value);
        }
    }
    sheet
}

fn value(asking: &Asking, question: &Question, form: &Form) -> Option<AnswerValue> {
    let typed = form.get(&field(question));
    match question.kind {
        QuestionKind::Likert | QuestionKind::Scale if typed.is_empty() => None,
        // What is no number is refused as what it is.
        QuestionKind::Likert | QuestionKind::Scale => Some(
            typed
                .parse()
                .map_or_else(|_| AnswerValue::Text(typed.to_owned()), AnswerValue::Number),
        ),
        QuestionKind::Single | QuestionKind::Text => {
            (!typed.is_empty()).then(|| AnswerValue::Text(typed.to_owned()))
        }
        QuestionKind::Multiple => {
            let keys = question.options.iter().map(|option| &option.key);
            let ticked = keys.filter(|key| !form.get(&option_field(question, key)).is_empty());
            let ticked: Vec<String> = ticked.cloned().collect();
            (!ticked.is_empty()).then_some(AnswerValue::Chosen(ticked))
        }
        QuestionKind::NetworkTie => {
            let mut ties = BTreeMap::new();
            for option in &question.options {
                let with = asking.peers.iter().map(|peer| peer.application_id);
                let with = with.filter(|id| {
                    let name = tie_field(question, &option.key, id);
                    !form.get(&name).is_empty()
                });
                ties.insert(option.key.clone(), with.collect());
            }
            // To have no ties is an answer too.
            Some(AnswerValue::Ties(ties))
        }
    }
}

/// Says on the form what is wrong with an answer.
pub(crate) fn refuse(form: &mut Form, asking: &Asking, found: &Found, language: Language) {
    let questions = &asking.version.questions;
    let Some(question) = questions.iter().find(|one| one.key == found.key) else {
        return;
    };
    let label = question.text.best(language).to_owned();
    form.refuse(&field(question), &label, found.fault.words(language));
}
