//! What the raters' page shows: the sheet, thanks, or that it is too late.

use super::{DECLINE, Opened, words};
use crate::{
    answers::pages::{form::TICKED, questions},
    feedbacks::messages::promise,
};
use maud::{Markup, html};
use shared_types::{Words, evaluation::feedbacks::RaterGroup};
use shared_web::page::{self, Fields, Form, figure::date};

fn layout(opened: &Opened, content: &Markup) -> Markup {
    let title = if opened.group == RaterGroup::Oneself {
        words::OWN_TITLE.get(opened.language).to_owned()
    } else {
        filled(opened, &words::TITLE)
    };
    page::layout(crate::api::NAME, opened.language, &title, content)
}

fn filled(opened: &Opened, words: &Words) -> String {
    words.fill(opened.language, &[("name", opened.name.clone())])
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

/// After saying no.
pub(super) fn declined(opened: &Opened) -> Markup {
    notice(opened, "", &words::DECLINED)
}

/// Too late.
pub(super) fn closed(opened: &Opened) -> Markup {
    notice(opened, "", &words::CLOSED)
}

/// The whole sheet, with what was answered and what is wrong.
pub(super) fn sheet(opened: &Opened, filled_in: &Form) -> Markup {
    let language = opened.language;
    let fields = Fields {
        form: filled_in,
        language,
    };
    let until = [("date", date(opened.feedback.answer_until, language))];
    let least = opened.feedback.least_answers;
    let content = html! {
        (fields.summary())
        @if let Some(introduction) = &opened.asking.version.introduction {
            p { (page::text(introduction, language)) }
        }
        div class="notice" { p { (promise(opened.group, &opened.name, least, language)) } }
        p class="quiet" { (words::UNTIL.fill(language, &until)) }
        form method="post" {
            (questions::all(&opened.asking, fields))
            button type="submit" { (words::SEND.get(language)) }
            p class="hint" { (words::ONCE.get(language)) }
        }
        @if opened.group != RaterGroup::Oneself {
            section {
                h2 { (words::RATHER_NOT.get(language)) }
                p { (filled(opened, &words::RATHER_NOT_HINT)) }
                form method="post" {
                    input type="hidden" name=(DECLINE) value=(TICKED);
                    button type="submit" class="second" { (words::DECLINE.get(language)) }
                }
            }
        }
    };
    layout(opened, &content)
}
