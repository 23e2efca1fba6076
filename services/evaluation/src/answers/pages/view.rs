//! What the page shows: the sheet, thanks, or that it is too late.

use super::{Opened, form, questions, words};
use crate::surveys::messages::promise;
use maud::{Markup, html};
use shared_types::Words;
use shared_web::page::{
    self, Fields, Form,
    field::{fault_id, id},
    figure::date,
};

fn layout(opened: &Opened, content: &Markup) -> Markup {
    page::layout_of(crate::api::NAME, opened.language, &opened.name, content)
}

fn notice(opened: &Opened, look: &str, words: &Words) -> Markup {
    let content = html! {
        div class=(format!("notice {look}")) { p { (words.get(opened.language)) } }
    };
    layout(opened, &content)
}

/// After the answer: never what was answered.
pub(super) fn thanks(opened: &Opened) -> Markup {
    notice(opened, "yes", &words::THANKS)
}

/// Too early or too late.
pub(super) fn closed(opened: &Opened) -> Markup {
    notice(opened, "", &words::CLOSED)
}

/// The whole sheet, with what was answered and what is wrong.
pub(super) fn sheet(opened: &Opened, filled: &Form) -> Markup {
    let language = opened.language;
    let fields = Fields {
        form: filled,
        language,
    };
    let until = opened.survey.closes_on.map(|day| date(day, language));
    let until = until.map(|date| words::UNTIL.fill(language, &[("date", date)]));
    let content = html! {
        (fields.summary())
        @if let Some(introduction) = &opened.asking.version.introduction {
            p { (page::text(introduction, language)) }
        }
        div class="notice" { p { (promise(opened.mode).get(language)) } }
        @if let Some(until) = until { p class="quiet" { (until) } }
        form method="post" {
            (questions::all(&opened.asking, fields))
            @if opened.takes_phrase { (phrase(fields)) }
            button type="submit" { (words::SEND.get(language)) }
            p class="hint" { (words::ONCE.get(language)) }
        }
    };
    layout(opened, &content)
}

fn phrase(fields: Fields<'_>) -> Markup {
    let language = fields.language;
    let name = form::PHRASE;
    let invalid = fields.form.fault(name).map(|_| "true");
    let fault = fields.form.fault(name).map(|_| fault_id(name));
    let described: Vec<String> = std::iter::once("hint-phrase".to_owned())
        .chain(fault)
        .collect();
    html! {
        div class="field" {
            label for=(id(name)) {
                (words::PHRASE.get(language)) " " span class="optional" { (words::OPTIONAL.get(language)) }
            }
            p class="hint" id="hint-phrase" { (words::PHRASE_HINT.get(language)) }
            (fields.fault(name))
            input type="text" id=(id(name)) name=(name) value=(fields.form.get(name)) autocomplete="off"
                maxlength="200" aria-describedby=(described.join(" ")) aria-invalid=[invalid];
        }
    }
}
