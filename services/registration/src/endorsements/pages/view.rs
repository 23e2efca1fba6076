//! How a slate looks.

use super::{
    answers::field,
    sheet::{Applicant, Sheet},
    words,
};
use maud::{Markup, html};
use shared_types::{Language, Problem, Words, registration::applications::EndorsementState};
use shared_web::page::{
    self, Fields, Form, Label, Line,
    field::{fault_id, id},
    figure::{self, date},
};

/// A motivation up to this length is shown at once; a longer one opens with a tap, so that
/// the list stays short.
const SHORT: usize = 220;

/// What happened before the page was drawn.
#[derive(Clone, Copy, Debug)]
pub(super) enum Notice<'a> {
    /// The answers were saved.
    Saved,
    /// Somebody on the list was answered meanwhile.
    Decided,
    /// A rule stands against it.
    Refused(&'a Problem),
}

/// The page.
pub(super) fn slate(sheet: &Sheet, form: &Form, notice: Option<Notice<'_>>) -> Markup {
    let language = sheet.language;
    let fields = Fields { form, language };
    let waiting = sheet.waiting().count();
    let closed = sheet.applicants.iter().filter(|one| !one.open);
    let (done, missed): (Vec<_>, Vec<_>) = closed.partition(|one| one.decided.is_some());
    let content = html! {
        @if let Some(notice) = notice { (message(sheet, notice)) }
        (fields.summary())
        (heading(sheet))
        @if waiting > 0 { (questions(sheet, fields, waiting)) } @else { (nothing_left(sheet)) }
        (list(&words::MISSED, &missed, language))
        (list(&words::ANSWERED, &done, language))
    };
    let title = words::TITLE.fill(language, &[("municipality", sheet.municipality.clone())]);
    page::layout(crate::api::NAME, language, &title, &content)
}

fn list(heading: &Words, all: &[&Applicant], language: Language) -> Markup {
    html! {
        @if !all.is_empty() {
            h2 { (heading.fill(language, &[("count", all.len().to_string())])) }
            ul class="plain" { @for one in all { li class="card" { (answered(one, language)) } } }
        }
    }
}

fn message(sheet: &Sheet, notice: Notice<'_>) -> Markup {
    let language = sheet.language;
    match notice {
        Notice::Saved => html! {
            div class="notice yes" role="status" { p { (words::SAVED.get(language)) } }
        },
        Notice::Decided => alert(words::DECIDED.get(language)),
        Notice::Refused(problem) => {
            let (title, detail) = page::words_of(problem, language);
            alert(&format!("{title}. {detail}"))
        }
    }
}

fn alert(words: &str) -> Markup {
    html! { div class="notice no" role="alert" { p { (words) } } }
}

fn heading(sheet: &Sheet) -> Markup {
    let language = sheet.language;
    html! {
        dl class="facts" {
            div { dt { (words::ROUND.get(language)) } dd { (page::text(&sheet.round_name, language)) } }
            @if let Some(day) = sheet.terms.endorse_by {
                div { dt { (words::LAST_DAY.get(language)) } dd { (date(day, language)) } }
            }
        }
    }
}

/// Why there is nothing to fill in.
fn nothing_left(sheet: &Sheet) -> Markup {
    let language = sheet.language;
    let unanswered = sheet.applicants.iter().any(|one| {
        matches!(
            one.endorsement,
            EndorsementState::Awaiting | EndorsementState::Expired
        )
    });
    html! {
        @if sheet.applicants.is_empty() {
            p { (words::NOBODY.get(language)) }
        } @else if !unanswered {
            div class="notice yes" { p { (words::ALL_DONE.get(language)) } }
        } @else if let Some(day) = sheet.terms.endorse_by {
            div class="notice" { p { (words::OVER.fill(language, &[("date", date(day, language))])) } }
        }
    }
}

fn questions(sheet: &Sheet, fields: Fields<'_>, waiting: usize) -> Markup {
    let language = sheet.language;
    let name = Label::required(&words::NAME);
    let title = Label::required(&words::OWN_TITLE);
    html! {
        p { (words::INTRODUCTION.get(language)) }
        p class="quiet" { (words::ONCE.get(language)) }
        form method="post" novalidate {
            h2 { (words::WAITING.fill(language, &[("count", waiting.to_string())])) }
            @for one in sheet.waiting() { div class="card" { (question(one, fields)) } }
            h2 { (words::WHO.get(language)) }
            p class="hint" { (words::WHO_HINT.get(language)) }
            (fields.line("name", name, Line::Name))
            (fields.line("title", title, Line::Title))
            button type="submit" { (words::SAVE.get(language)) }
        }
    }
}

fn question(one: &Applicant, fields: Fields<'_>) -> Markup {
    let language = fields.language;
    let verdict = field("verdict", one);
    html! {
        (who(one, language))
        @if let Some(motivation) = &one.motivation { (motivated(one, motivation, language)) }
        fieldset class="answers" aria-describedby=[described_by(fields, &verdict)] {
            legend { (words::ANSWER.get(language)) (about(one)) }
            (fields.fault(&verdict))
            div class="row" {
                (choice(fields, &verdict, "endorse", &words::ENDORSE))
                (choice(fields, &verdict, "decline", &words::DECLINE))
                (choice(fields, &verdict, "later", &words::LATER))
            }
        }
        (rank(one, fields))
        (motive(one, fields))
    }
}

/// For whoever hears the page: a field is about the person whose card it stands on.
fn about(one: &Applicant) -> Markup {
    html! { span class="unseen" { ": " (one.name) } }
}

fn described_by(fields: Fields<'_>, name: &str) -> Option<String> {
    fields.form.fault(name).map(|_| fault_id(name))
}

fn choice(fields: Fields<'_>, name: &str, value: &str, words: &Words) -> Markup {
    let first = (value == "endorse").then(|| id(name));
    html! {
        label class="choice framed" {
            input type="radio" name=(name) value=(value) id=[first] checked[fields.form.get(name) == value];
            span { (words.get(fields.language)) }
        }
    }
}

fn rank(one: &Applicant, fields: Fields<'_>) -> Markup {
    let name = field("rank", one);
    html! {
        div class="field" {
            (fields.fault(&name))
            div class="beside" {
                label for=(id(&name)) {
                    (words::RANK.get(fields.language)) (about(one)) " "
                    span class="optional" { (words::OPTIONAL.get(fields.language)) }
                }
                input type="text" inputmode="numeric" class="number" autocomplete="off"
                    id=(id(&name)) name=(name) value=(fields.form.get(&name))
                    aria-describedby=[described_by(fields, &name)]
                    aria-invalid=[fields.form.fault(&name).map(|_| "true")];
            }
        }
    }
}

fn motive(one: &Applicant, fields: Fields<'_>) -> Markup {
    let name = field("motive", one);
    let typed = fields.form.get(&name);
    let hint = format!("hint-{name}");
    let described =
        described_by(fields, &name).map_or_else(|| hint.clone(), |fault| format!("{hint} {fault}"));
    html! {
        details open[!typed.is_empty()] {
            summary { (words::ADD_MOTIVE.get(fields.language)) (about(one)) }
            div class="field" {
                label for=(id(&name)) { (words::MOTIVE.get(fields.language)) (about(one)) }
                p class="hint" id=(hint) { (words::MOTIVE_HINT.get(fields.language)) }
                (fields.fault(&name))
                textarea id=(id(&name)) name=(name) rows="3" aria-describedby=(described)
                    aria-invalid=[fields.form.fault(&name).map(|_| "true")] { (typed) }
            }
        }
    }
}

fn who(one: &Applicant, language: Language) -> Markup {
    html! {
        h3 { (one.name) }
        @if !one.place.is_empty() { p class="place" { (one.place.join(", ")) } }
        @if let Some(first) = &one.replaces {
            p { (words::REPLACES.fill(language, &[("name", first.clone())])) }
        }
    }
}

fn motivated(one: &Applicant, motivation: &str, language: Language) -> Markup {
    html! {
        @if motivation.chars().count() <= SHORT {
            blockquote class="text" { (motivation) }
        } @else {
            details {
                summary { (words::MOTIVATION.fill(language, &[("name", one.name.clone())])) }
                blockquote class="text" { (motivation) }
            }
        }
    }
}

fn answered(one: &Applicant, language: Language) -> Markup {
    let (words, look) = match one.endorsement {
        EndorsementState::Endorsed => (&words::WAS_ENDORSED, "verdict yes"),
        EndorsementState::Declined => (&words::WAS_DECLINED, "verdict no"),
        EndorsementState::Revoked => (&words::WAS_REVOKED, "verdict no"),
        EndorsementState::Expired | EndorsementState::Awaiting => (&words::UNANSWERED, "verdict"),
        EndorsementState::NotRequired => (&words::NOT_NEEDED, "verdict"),
    };
    html! {
        (who(one, language))
        p {
            strong class=(look) { (words.get(language)) }
            @if let Some((by, day)) = &one.decided {
                " " (words::BY.fill(language, &[("who", by.clone()), ("date", figure::date(*day, language))])) "."
            }
            @if let Some(rank) = one.rank { " " (words::RANK.get(language)) " " (rank) "." }
        }
        @if let Some(motive) = &one.motive { p class="quiet text" { (words::MOTIVE.get(language)) ": " (motive) } }
    }
}
