//! What the API says of itself (RFC 7644, 4), and how it answers.

use super::{
    bulk,
    desk::{Desk, MOST_BYTES},
    list::{self, MOST_RESULTS},
    refusal::not_found,
    schema,
};
use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{ETAG, LOCATION},
    },
    web::Path,
};
use serde_json::{Value, json};
use shared_types::{Problem, codes};
use shared_web::{Error, finish::SCIM_TYPE};

/// A resource, with its version.
pub fn resource(desk: &Desk, status: StatusCode, document: &Value) -> HttpResponse {
    let of_meta = |name: &str| {
        let value = document.get("meta").and_then(|meta| meta.get(name));
        value.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let tag = of_meta("version");
    if status == StatusCode::OK && desk.has(&tag) {
        return HttpResponse::NotModified()
            .insert_header((ETAG, tag))
            .finish();
    }
    let mut response = HttpResponse::build(status);
    if !tag.is_empty() {
        response.insert_header((ETAG, tag));
    }
    let location = of_meta("location");
    if status == StatusCode::CREATED && !location.is_empty() {
        response.insert_header((LOCATION, location));
    }
    response.content_type(SCIM_TYPE).body(document.to_string())
}

/// Anything else.
pub fn answer(body: &Value) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(SCIM_TYPE)
        .body(body.to_string())
}

/// What is supported.
pub async fn service_provider_config(desk: Desk) -> HttpResponse {
    let documentation = format!("{}/docs", desk.context.origin);
    answer(&json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "documentationUri": documentation,
        "patch": { "supported": true },
        "bulk": {
            "supported": true,
            "maxOperations": bulk::MOST_OPERATIONS,
            "maxPayloadSize": MOST_BYTES,
        },
        "filter": { "supported": true, "maxResults": MOST_RESULTS },
        "changePassword": { "supported": false },
        "sort": { "supported": true },
        "etag": { "supported": true },
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "API key",
            "description": "An API key of HR's or a coordinator's role, as a bearer token.",
            "specUri": "https://www.rfc-editor.org/info/rfc6750",
            "primary": true,
        }],
        "meta": {
            "resourceType": "ServiceProviderConfig",
            "location": format!("{}/ServiceProviderConfig", desk.base),
        },
    }))
}

/// Every kind of resource.
pub async fn resource_types(desk: Desk, request: HttpRequest) -> Result<HttpResponse, Error> {
    listed(&schema::resource_types(&desk.base), &request)
}

/// One kind of resource.
pub async fn resource_type(desk: Desk, id: Path<String>) -> Result<HttpResponse, Error> {
    one(schema::resource_types(&desk.base), &id)
}

/// Every schema.
pub async fn schemas(desk: Desk, request: HttpRequest) -> Result<HttpResponse, Error> {
    listed(&schema::schemas(&desk.base), &request)
}

/// One schema.
pub async fn schema(desk: Desk, id: Path<String>) -> Result<HttpResponse, Error> {
    one(schema::schemas(&desk.base), &id)
}

/// What describes the API can't be filtered (RFC 7644, 4).
fn listed(all: &[Value], request: &HttpRequest) -> Result<HttpResponse, Error> {
    let pairs = shared_web::contract::form_pairs(request.query_string());
    if pairs
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case("filter"))
    {
        return Err(Problem::of(&codes::FORBIDDEN).into());
    }
    Ok(answer(&list::listed(all.len() as u64, all)))
}

fn one(all: Vec<Value>, id: &str) -> Result<HttpResponse, Error> {
    let mut all = all.into_iter();
    let found = all.find(|one| one.get("id").and_then(Value::as_str) == Some(id));
    Ok(answer(&found.ok_or_else(not_found)?))
}
