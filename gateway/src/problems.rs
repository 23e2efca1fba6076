//! `/problems`: what every problem code means, for whoever follows the `type` of an answer.

use crate::{about, api::Whole};
use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{ACCEPT, HeaderName, HeaderValue},
    web,
};
use maud::{Markup, html};
use serde_json::{Value, json};
use shared_types::{Code, Language, Problem, Words, codes};
use shared_web::{Error, context, page};
use std::collections::BTreeMap;

/// All codes by name.
pub(crate) type Codes = BTreeMap<&'static str, &'static Code>;

/// The common table and those of the parts; a name stands once.
pub(crate) fn collect(tables: &[&'static [&'static Code]]) -> Codes {
    let all = std::iter::once(&codes::ALL).chain(tables).copied();
    all.flatten().map(|code| (code.name, *code)).collect()
}

/// All codes.
pub(crate) async fn list(request: HttpRequest, whole: web::Data<Whole>) -> HttpResponse {
    let language = context::language(&request);
    if !reads_pages(&request) {
        let problems: Vec<Value> = whole
            .codes
            .values()
            .map(|code| told(code, language))
            .collect();
        return answer(language, &json!({ "problems": problems }));
    }
    let content = html! {
        p { (ABOUT.get(language)) }
        dl { @for code in whole.codes.values() {
            dt { a href={ "/problems/" (code.name) } { code { (code.name) } } " (" (code.status) ")" }
            dd { (code.title.get(language)) }
        } }
    };
    show(language, TITLE.get(language), &content)
}

/// One code.
pub(crate) async fn explain(
    request: HttpRequest,
    name: web::Path<String>,
    whole: web::Data<Whole>,
) -> Result<HttpResponse, Error> {
    let language = context::language(&request);
    let code = whole
        .codes
        .get(name.as_str())
        .ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    if !reads_pages(&request) {
        return Ok(answer(language, &told(code, language)));
    }
    let content = html! {
        p { (code.detail.get(language)) }
        p class="quiet" { code { (code.name) } " · HTTP " (code.status) }
        p { a href="/problems" { (TITLE.get(language)) } }
    };
    Ok(show(language, code.title.get(language), &content))
}

fn told(code: &Code, language: Language) -> Value {
    json!({
        "code": code.name,
        "status": code.status,
        "title": code.title.get(language),
        "detail": code.detail.get(language),
    })
}

/// Whether a browser asks; everybody else gets JSON.
fn reads_pages(request: &HttpRequest) -> bool {
    let accept = request
        .headers()
        .get(ACCEPT)
        .and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

fn answer(language: Language, body: &Value) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("content-language", language.tag()))
        .insert_header(VARY)
        .json(body)
}

fn show(language: Language, title: &str, content: &Markup) -> HttpResponse {
    let markup = page::layout(about::NAME, language, title, content);
    let mut response = page::respond(language, markup);
    let (name, value) = VARY;
    response.headers_mut().insert(
        HeaderName::from_static(name),
        HeaderValue::from_static(value),
    );
    response
}

const VARY: (&str, &str) = ("vary", "accept, accept-language");

const TITLE: Words = Words {
    en: "Problem codes",
    sv: "Felkoder",
    da: "Fejlkoder",
};

const ABOUT: Words = Words {
    en: "Every answer that is a problem carries one of these codes; codes never change.",
    sv: "Varje svar som är ett fel bär en av dessa koder; koderna ändras aldrig.",
    da: "Hvert svar der er en fejl bærer en af disse koder; koderne ændres aldrig.",
};
