//! What the gateway says of itself and of the whole: its own API, the merged document, and the
//! well-known addresses where machines and researchers look first.

use crate::{api::Whole, archive, edge::Edge, forward};
use actix_web::{HttpRequest, HttpResponse, get, http::header::FORWARDED, web};
use chrono::{DateTime, SecondsFormat};
use serde_json::{Value, json};
use shared_types::meta::{ApiInfo, ApiStatus};
use shared_web::{
    Context, Error, Outcome, Reply, clock, context,
    document::{self, Description},
    origin, server,
};
use utoipa_actix_web::service_config::ServiceConfig;

/// The API's name, and the first segment of its addresses.
pub(crate) const NAME: &str = "gateway";
/// How long security.txt says that it holds (RFC 9116, 2.5.5: less than a year).
const SECURITY_SECONDS: u64 = 180 * 24 * 3600;
/// How long what stands here may be kept.
const KEPT: (&str, &str) = ("cache-control", "public, max-age=300");

const DESCRIPTION: Description = Description {
    name: NAME,
    title: "Akademi gateway API",
    about: (
        "The one public address of Akademi: who calls, and which part answers.",
        "Akademis enda publika adress: vem som anropar och vilken del som svarar.",
    ),
    tags: &[
        ("meta", "The API itself."),
        ("privacy", "What all services keep of a person."),
    ],
    key_required: &[],
    large_bodies: &[],
    costs: &[("getArchive", 20)],
    timeouts: &[],
};

/// Every documented operation of the gateway's own. Not in a scope: that would swallow the
/// document's address beside it.
pub(crate) fn operations(config: &mut ServiceConfig<'_>) {
    config.service(get_api_info);
    archive::operations(config);
}

/// The finished document of the gateway's own API.
pub fn document() -> Value {
    document::finish(&server::declared(operations), &DESCRIPTION)
}

/// Name, version and life-cycle status of this API.
#[utoipa::path(tag = "meta", security(()), responses((status = 200, description = "The API.", body = ApiInfo)))]
#[get("/gateway/v1/api-info")]
async fn get_api_info(context: Context) -> Outcome {
    Ok(Reply::ok(&ApiInfo {
        api_name: NAME.into(),
        api_version: env!("CARGO_PKG_VERSION").into(),
        api_released: "2026-11-21".into(),
        api_documentation: format!("{}/docs", context.origin),
        api_status: ApiStatus::Beta,
    })?)
}

/// The gateway's own document.
pub(crate) async fn own_document(
    request: HttpRequest,
    whole: web::Data<Whole>,
) -> Result<HttpResponse, Error> {
    forward::charge(&request)?;
    let url = format!("{}/{NAME}/v1", origin_of(&request));
    Ok(whole.own.answer(&request, &url))
}

/// The merged document.
pub(crate) async fn merged_document(
    request: HttpRequest,
    whole: web::Data<Whole>,
) -> Result<HttpResponse, Error> {
    forward::charge(&request)?;
    Ok(whole.document.answer(&request, &origin_of(&request)))
}

/// Every API with its document and its explanation (RFC 9727).
pub(crate) async fn api_catalog(request: HttpRequest, whole: web::Data<Whole>) -> HttpResponse {
    let origin = origin_of(&request);
    let entry = |api: &String| {
        let root = format!("{origin}/{api}/v1");
        json!({
            "anchor": root,
            "service-desc": [{ "href": format!("{root}/openapi.json"), "type": "application/json" }],
            "service-doc": [{ "href": format!("{origin}/docs"), "type": "text/html" }],
            "service-meta": [{ "href": format!("{root}/api-info"), "type": "application/json" }]
        })
    };
    let links: Vec<Value> = whole.apis.iter().map(entry).collect();
    HttpResponse::Ok()
        .content_type(
            "application/linkset+json; profile=\"https://www.rfc-editor.org/info/rfc9727\"",
        )
        .insert_header(KEPT)
        .insert_header(("link", "</.well-known/api-catalog>; rel=\"api-catalog\""))
        .body(json!({ "linkset": links }).to_string())
}

/// Whom to tell about a hole (RFC 9116).
pub(crate) async fn security_txt(request: HttpRequest, edge: web::Data<Edge>) -> HttpResponse {
    let expires = i64::try_from(clock::system_seconds() + SECURITY_SECONDS)
        .ok()
        .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
        .unwrap_or_default()
        .to_rfc3339_opts(SecondsFormat::Secs, true);
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .insert_header(KEPT)
        .body(format!(
            "Contact: {}\n\
             Expires: {expires}\n\
             Preferred-Languages: sv, da, en\n\
             Canonical: {}/.well-known/security.txt\n",
            edge.security_contact,
            origin_of(&request)
        ))
}

/// Where the reader sees the gateway.
pub(crate) fn origin_of(request: &HttpRequest) -> String {
    // The door has set `Forwarded`, or the request was refused.
    debug_assert!(request.headers().contains_key(FORWARDED));
    origin::from_forwarded(request.headers())
        .or_else(|| {
            context::core(request)
                .ok()
                .map(|core| core.public_url.clone())
        })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_of_the_house_become_one() {
        let other = Description {
            name: "other",
            ..DESCRIPTION
        };
        let other = document::finish(&server::declared(|_| {}), &other);
        let merged = crate::merge(&[document(), other]).unwrap();
        let scopes = "/components/securitySchemes/oidc/flows/clientCredentials/scopes";
        let scopes = merged.pointer(scopes).and_then(Value::as_object).unwrap();
        assert!(scopes.contains_key("gateway:read") && scopes.contains_key("other:write"));
    }
}
