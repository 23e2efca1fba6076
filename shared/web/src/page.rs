//! The look of all pages that people open from a mail: one layout, one stylesheet, no script,
//! nothing loaded from elsewhere, readable on a telephone, WCAG 2.1 AA.

use actix_web::HttpResponse;
use maud::{DOCTYPE, Markup, html};
use shared_types::{Language, Words, problem::ProblemBody};

/// Media type of a page.
pub const CONTENT_TYPE: &str = "text/html; charset=utf-8";
/// What a page may load and do: its stylesheet, and sending its form to where it came from.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// A page as a response.
pub fn respond(language: Language, page: Markup) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(CONTENT_TYPE)
        .insert_header(("content-security-policy", CONTENT_SECURITY_POLICY))
        .insert_header(("content-language", language.tag()))
        .body(page.into_string())
}

/// The layout: title, content, and nothing else that could distract.
pub fn layout(api: &str, language: Language, title: &str, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (title) " – Akademi" }
                link rel="stylesheet" href=(format!("/{api}/pages/style.css"));
            }
            body {
                header class="masthead" { p { "Akademi" } }
                main { h1 { (title) } (content) }
            }
        }
    }
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
