//! The look of all pages that people open from a mail: one layout, one stylesheet, no script,
//! nothing loaded from elsewhere, readable on a telephone, WCAG 2.1 AA.
//!
//! A page's forms post to the page's own address and are answered by a redirect to what is then
//! there ([`see`]), so that reloading repeats nothing. They carry no token against forged
//! requests, since there is nothing to forge with: Akademi sets no cookie and a browser adds
//! nothing by itself. What a form may do follows from the secret in its own address alone, or
//! it is open to everybody anyway; whoever lacks the address can't post to it, and it is told to
//! nobody (`Referrer-Policy: no-referrer`, logs show the pattern).

pub mod field;
pub mod figure;
pub mod form;

pub use field::{Fields, Label, Line};
pub use form::{Form, Text};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{ACCEPT_LANGUAGE, LOCATION},
    },
};
use maud::{DOCTYPE, Markup, html};
use shared_types::{Language, LocalizedText, Problem, Words, problem::ProblemBody};

/// Media type of a page.
pub const CONTENT_TYPE: &str = "text/html; charset=utf-8";
/// What a page may load and do: its stylesheet, and sending its form to where it came from.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A page as a response.
pub fn respond(language: Language, page: Markup) -> HttpResponse {
    answer(StatusCode::OK, language, page)
}

/// A page as a response that says by its status what became of the request.
pub fn answer(status: StatusCode, language: Language, page: Markup) -> HttpResponse {
    HttpResponse::build(status)
        .content_type(CONTENT_TYPE)
        .insert_header(("content-security-policy", CONTENT_SECURITY_POLICY))
        .insert_header(("content-language", language.tag()))
        .body(page.into_string())
}

/// Sends the reader of a form on to see what is there now: the form's own address, with a word
/// that says what was done.
pub fn see(request: &HttpRequest, done: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((LOCATION, format!("{}?{done}", request.path())))
        .finish()
}

/// Whether the reader was sent on by [`see`] with this word.
pub fn is_done(request: &HttpRequest, done: &str) -> bool {
    request.query_string() == done
}

/// The language of a page: what the browser asks for, else the one that is known of the reader.
pub fn language(request: &HttpRequest, known: Option<Language>) -> Language {
    let header = request.headers().get(ACCEPT_LANGUAGE);
    let asked = header.and_then(|value| Language::negotiate(value.to_str().ok()?));
    asked.or(known).unwrap_or_default()
}

/// The layout: title, content, and nothing else that could distract.
pub fn layout(api: &str, language: Language, title: &str, content: &Markup) -> Markup {
    frame(api, language, title, &html! { (title) }, content)
}

/// The layout of a page about something that somebody gave a name.
pub fn layout_of(api: &str, language: Language, name: &LocalizedText, content: &Markup) -> Markup {
    frame(
        api,
        language,
        name.best(language),
        &text(name, language),
        content,
    )
}

fn frame(api: &str, language: Language, title: &str, heading: &Markup, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                meta name="color-scheme" content="light";
                title { (title) " – Akademi" }
                link rel="stylesheet" href=(format!("/{api}/pages/style.css"));
            }
            body {
                header class="masthead" { p { "Akademi" } }
                main { h1 { (heading) } (content) }
            }
        }
    }
}

/// A text that somebody wrote: in the reader's language where it exists, else marked with its
/// own, so that it is read aloud rightly. Line breaks stay.
pub fn text(text: &LocalizedText, language: Language) -> Markup {
    let shown = text.best(language);
    let tag = if text.0.contains_key(language.tag()) {
        None
    } else {
        text.0
            .iter()
            .find(|(_, words)| words.as_str() == shown)
            .map(|(tag, _)| tag)
    };
    html! { span class="text" lang=[tag] { (shown) } }
}

/// Title and detail of a problem, for a page that goes on in spite of it.
pub fn words_of(problem: &Problem, language: Language) -> (String, String) {
    let body = problem.body(language, String::new(), String::new(), String::new());
    (body.title, body.detail)
}

/// A problem, for a person.
pub fn problem(body: &ProblemBody, language: Language) -> Markup {
    let content = html! {
        p { (body.detail) }
        @if !body.errors.is_empty() {
            ul { @for error in &body.errors { li { (error.detail) } } }
        }
        p class="quiet" { (TRACE.get(language)) " " code { (body.trace_id) } }
    };
    layout("registration", language, &body.title, &content)
}

const TRACE: Words = Words {
    en: "For support, quote:",
    sv: "Till supporten, ange:",
    da: "Til support, oplys:",
};

/// The stylesheet.
pub async fn stylesheet() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/css; charset=utf-8")
        .insert_header(("cache-control", "public, max-age=3600"))
        .body(include_str!("page/style.css"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_in_another_language_than_the_page_says_which() {
        let swedish = LocalizedText::of(Language::Swedish, "Plats <1>");
        let own = text(&swedish, Language::Swedish).into_string();
        assert_eq!(own, r#"<span class="text">Plats &lt;1&gt;</span>"#);
        let other = text(&swedish, Language::English).into_string();
        assert!(other.contains(r#"lang="sv""#));
    }
}
