//! `/docs`: the API page. Everything it needs comes from here, so that it works without internet;
//! the browser is told to load nothing from elsewhere.

use actix_web::{HttpResponse, web};
use maud::{DOCTYPE, html};
use shared_types::{Problem, codes};
use shared_web::{Error, page};
use std::sync::Arc;
use utoipa_swagger_ui::Config;

/// What the page may do: its own scripts, styles and calls. The viewer's style sheet carries its
/// pictures with it as `data:`.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";
/// The files of the viewer that the page uses.
const VIEWER: [&str; 3] = [
    "swagger-ui.css",
    "swagger-ui-bundle.js",
    "favicon-32x32.png",
];
/// How long the page's parts may be kept.
const KEPT: (&str, &str) = ("cache-control", "public, max-age=3600");

/// The page.
pub(crate) async fn show() -> HttpResponse {
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "API – Akademi" }
                link rel="icon" type="image/png" href="/docs/favicon-32x32.png";
                link rel="stylesheet" href="/docs/swagger-ui.css";
                link rel="stylesheet" href="/docs/page.css";
            }
            body {
                header class="token" {
                    label for="token" { "Access token or API key for calls from this page" }
                    input id="token" type="text" autocomplete="off" spellcheck="false" placeholder="paste here; it is not kept";
                }
                main id="viewer" { noscript { "The page needs JavaScript; the document itself is at /openapi.json." } }
                script src="/docs/swagger-ui-bundle.js" {}
                script src="/docs/page.js" {}
            }
        }
    };
    HttpResponse::Ok()
        .content_type(page::CONTENT_TYPE)
        .insert_header(("content-security-policy", CONTENT_SECURITY_POLICY))
        .insert_header(("cache-control", "no-cache"))
        .body(markup.into_string())
}

/// A part of the page.
pub(crate) async fn part(name: web::Path<String>) -> Result<HttpResponse, Error> {
    match name.as_str() {
        "page.js" => Ok(own(
            "text/javascript; charset=utf-8",
            include_str!("page.js"),
        )),
        "page.css" => Ok(own("text/css; charset=utf-8", include_str!("page.css"))),
        name => viewer(name),
    }
}

fn own(kind: &'static str, text: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(kind)
        .insert_header(KEPT)
        .body(text)
}

fn viewer(name: &str) -> Result<HttpResponse, Error> {
    let absent = || Problem::of(&codes::NOT_FOUND);
    if !VIEWER.contains(&name) {
        return Err(absent().into());
    }
    let config = Arc::new(Config::from("/openapi.json"));
    let file = utoipa_swagger_ui::serve(name, config)
        .map_err(|error| Problem::internal(error.to_string()))?
        .ok_or_else(absent)?;
    let mut response = HttpResponse::Ok();
    response.content_type(file.content_type).insert_header(KEPT);
    if file.gzpipped {
        response.insert_header(("content-encoding", "gzip"));
    }
    Ok(response.body(file.bytes.into_owned()))
}
