//! The questions of a sheet as fields of a form, whoever asks them.

use super::{
    form::{self, TICKED},
    words,
};
use crate::{
    answers::taking::Asking,
    instruments::model::{longest, range},
};
use maud::{Markup, html};
use shared_types::{
    Language, LocalizedText,
    evaluation::instruments::{Question, QuestionKind},
};
use shared_web::page::{
    self, Fields,
    field::{fault_id, id},
};

/// Most steps that are shown side by side; more are a list.
const MOST_SIDE_BY_SIDE: i32 = 11;

/// All of them, with what was answered and what is wrong.
pub(crate) fn all(asking: &Asking, fields: Fields<'_>) -> Markup {
    let questions = &asking.version.questions;
    html! {
        @for question in questions { (asked(asking, fields, question, questions)) }
    }
}

fn asked(
    asking: &Asking,
    fields: Fields<'_>,
    question: &Question,
    questions: &[Question],
) -> Markup {
    match question.kind {
        QuestionKind::Text => text(fields, question, questions),
        QuestionKind::NetworkTie => ties(asking, fields, question, questions),
        QuestionKind::Scale if is_wide(question) => list(fields, question, questions),
        QuestionKind::Likert | QuestionKind::Scale => numbers(fields, question, questions),
        QuestionKind::Single | QuestionKind::Multiple => options(fields, question, questions),
    }
}

fn is_wide(question: &Question) -> bool {
    let (lowest, highest) = range(question);
    highest - lowest >= MOST_SIDE_BY_SIDE
}

/// The question, and whether it may be left out.
fn heading(question: &Question, language: Language) -> Markup {
    html! {
        (page::text(&question.text, language))
        @if !question.required { " " span class="optional" { (words::OPTIONAL.get(language)) } }
    }
}

fn hint_id(question: &Question) -> String {
    format!("hint-{}", form::field(question))
}

/// Of whom the question is asked, what its ends mean, and what is wrong with its answer.
fn notes(fields: Fields<'_>, question: &Question, questions: &[Question]) -> Markup {
    let language = fields.language;
    let ends = matches!(question.kind, QuestionKind::Likert | QuestionKind::Scale);
    let (lowest, highest) = range(question);
    let end = |number: i32, text: &Option<LocalizedText>| {
        text.as_ref()
            .map(|text| format!("{number} = {}", text.best(language)))
    };
    let ends: Vec<String> = [
        end(lowest, &question.lowest_text),
        end(highest, &question.highest_text),
    ]
    .into_iter()
    .flatten()
    .filter(|_| ends)
    .collect();
    let only = condition(question, questions, language);
    html! {
        @if only.is_some() || !ends.is_empty() {
            p class="hint" id=(hint_id(question)) {
                @if let Some(only) = &only { (only) " " }
                (ends.join(", "))
            }
        }
        (fields.fault(&form::field(question)))
    }
}

/// The words for whom a question is asked.
fn condition(question: &Question, questions: &[Question], language: Language) -> Option<String> {
    let condition = question.shown_if.as_ref()?;
    let earlier = questions
        .iter()
        .find(|one| one.key == condition.question_key)?;
    let answers = condition.answers.iter().map(|value| {
        let option = earlier.options.iter().find(|option| option.key == *value);
        option.map_or(value.as_str(), |option| option.text.best(language))
    });
    let answers = answers
        .map(|answer| format!("“{answer}”"))
        .collect::<Vec<_>>();
    let values = [
        ("question", earlier.text.best(language).to_owned()),
        ("answers", answers.join(", ")),
    ];
    Some(words::ONLY_IF.fill(language, &values))
}

fn described_by(fields: Fields<'_>, question: &Question) -> Option<String> {
    let field = form::field(question);
    let has_ends = question.lowest_text.is_some() || question.highest_text.is_some();
    let hint = question.shown_if.is_some() || has_ends;
    let hint = hint.then(|| hint_id(question));
    let fault = fields.form.fault(&field).map(|_| fault_id(&field));
    let ids: Vec<String> = hint.into_iter().chain(fault).collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

/// Steps side by side, each a box that a thumb can hit.
fn numbers(fields: Fields<'_>, question: &Question, questions: &[Question]) -> Markup {
    let name = form::field(question);
    let (lowest, highest) = range(question);
    let chosen = fields.form.get(&name);
    html! {
        fieldset class="field" aria-describedby=[described_by(fields, question)] {
            legend { (heading(question, fields.language)) }
            (notes(fields, question, questions))
            div class="row" {
                @for number in lowest..=highest {
                    label class="choice framed" {
                        input type="radio" name=(name) value=(number) checked[chosen == number.to_string()]
                            id=[(number == lowest).then(|| id(&name))];
                        span { (number) }
                    }
                }
            }
        }
    }
}

/// A long scale, as a list.
fn list(fields: Fields<'_>, question: &Question, questions: &[Question]) -> Markup {
    let name = form::field(question);
    let (lowest, highest) = range(question);
    let chosen = fields.form.get(&name);
    html! {
        div class="field" {
            label for=(id(&name)) { (heading(question, fields.language)) }
            (notes(fields, question, questions))
            select id=(id(&name)) name=(name) aria-describedby=[described_by(fields, question)] {
                option value="" { (words::CHOOSE.get(fields.language)) }
                @for number in lowest..=highest {
                    option value=(number) selected[chosen == number.to_string()] { (number) }
                }
            }
        }
    }
}

/// One of several answers, or any of them.
fn options(fields: Fields<'_>, question: &Question, questions: &[Question]) -> Markup {
    let name = form::field(question);
    let single = question.kind == QuestionKind::Single;
    let chosen = fields.form.get(&name);
    html! {
        fieldset class="field" aria-describedby=[described_by(fields, question)] {
            legend { (heading(question, fields.language)) }
            (notes(fields, question, questions))
            @for (index, option) in question.options.iter().enumerate() {
                @let own = form::option_field(question, &option.key);
                @let place = (index == 0).then(|| id(&name));
                label class="choice" {
                    @if single {
                        input type="radio" name=(name) value=(option.key) checked[chosen == option.key] id=[place];
                    } @else {
                        input type="checkbox" name=(own) value=(TICKED) checked[!fields.form.get(&own).is_empty()] id=[place];
                    }
                    span { (page::text(&option.text, fields.language)) }
                }
            }
        }
    }
}

fn text(fields: Fields<'_>, question: &Question, questions: &[Question]) -> Markup {
    let name = form::field(question);
    let invalid = fields.form.fault(&name).map(|_| "true");
    html! {
        div class="field" {
            label for=(id(&name)) { (heading(question, fields.language)) }
            (notes(fields, question, questions))
            textarea id=(id(&name)) name=(name) rows="4" maxlength=(longest(question))
                aria-describedby=[described_by(fields, question)] aria-invalid=[invalid]
                { (fields.form.get(&name)) }
        }
    }
}

/// For each other participant, the ties that one has.
fn ties(
    asking: &Asking,
    fields: Fields<'_>,
    question: &Question,
    questions: &[Question],
) -> Markup {
    html! {
        fieldset class="field" aria-describedby=[described_by(fields, question)] {
            legend { (heading(question, fields.language)) }
            (notes(fields, question, questions))
            @for (index, peer) in asking.peers.iter().enumerate() {
                fieldset class="card" {
                    legend { (peer.name) }
                    @for (place, option) in question.options.iter().enumerate() {
                        @let own = form::tie_field(question, &option.key, peer.application_id);
                        label class="choice" {
                            input type="checkbox" name=(own) value=(TICKED) checked[!fields.form.get(&own).is_empty()]
                                id=[(index == 0 && place == 0).then(|| id(&form::field(question)))];
                            span { (page::text(&option.text, fields.language)) }
                        }
                    }
                }
            }
        }
    }
}
