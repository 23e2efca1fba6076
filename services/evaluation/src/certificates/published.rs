//! What verifiers read without asking anybody: keys, issuers' profiles, status lists.

use super::{
    badge::{self, Addresses},
    files::CREDENTIAL,
    lists, store,
};
use crate::State;
use actix_web::{
    HttpResponse,
    http::header::CACHE_CONTROL,
    web::{self, Data, Path},
};
use serde_json::Value;
use shared_projections::organisations;
use shared_types::{OrganisationId, Problem, codes};
use shared_web::Error;
use uuid::Uuid;

/// How long what stands here may be kept.
const KEPT: &str = "public, max-age=300";

/// Mounts the addresses.
pub fn pages(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/.well-known/jwks.json")
                .route(web::get().to(keys))
                .route(web::head().to(keys)),
        )
        .service(
            web::resource("/evaluation/pages/issuer-keys/{keyName}")
                .route(web::get().to(key))
                .route(web::head().to(key)),
        )
        .service(
            web::resource("/evaluation/pages/issuers/{organiserId}")
                .route(web::get().to(issuer))
                .route(web::head().to(issuer)),
        )
        .service(
            web::resource("/evaluation/pages/status-lists/{listId}")
                .route(web::get().to(status_list))
                .route(web::head().to(status_list)),
        );
}

fn missing() -> Problem {
    Problem::of(&codes::NOT_FOUND)
}

fn json(kind: &str, body: &Value) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(kind)
        .insert_header((CACHE_CONTROL, KEPT))
        .insert_header(("access-control-allow-origin", "*"))
        .body(body.to_string())
}

/// Every key that signs, or has signed.
async fn keys(state: Data<State>) -> HttpResponse {
    json("application/jwk-set+json", &state.issuer_keys.published())
}

/// One key: where a credential's `kid` leads.
async fn key(state: Data<State>, name: Path<String>) -> Result<HttpResponse, Error> {
    let key = state.issuer_keys.find(&name).ok_or_else(missing)?;
    Ok(json("application/jwk+json", &key))
}

/// An organiser that has issued certificates; of others nothing is told.
async fn issuer(state: Data<State>, id: Path<String>) -> Result<HttpResponse, Error> {
    let id: OrganisationId = id.parse().map_err(|_| missing())?;
    let connection = state.database.read();
    let issues = lists::has_any(connection, id).await;
    if !issues.map_err(Problem::from)? {
        return Err(missing().into());
    }
    let organiser = organisations::find(connection, id).await;
    let organiser = organiser.map_err(Problem::from)?.ok_or_else(missing)?;
    let at = Addresses {
        origin: &state.core.public_url,
    };
    let profile = badge::profile(id, &organiser.name, at);
    Ok(json("application/ld+json", &profile))
}

/// A status list, signed.
async fn status_list(state: Data<State>, id: Path<String>) -> Result<HttpResponse, Error> {
    let id: Uuid = id.parse().map_err(|_| missing())?;
    let connection = state.database.read();
    let list = lists::find(connection, id).await.map_err(Problem::from)?;
    let list = list.ok_or_else(missing)?;
    let organiser = organisations::find(connection, list.organiser_id.into()).await;
    let organiser = organiser.map_err(Problem::from)?.ok_or_else(missing)?;
    let ended = store::ended(connection, id).await.map_err(Problem::from)?;
    let at = Addresses {
        origin: &state.core.public_url,
    };
    let claims = badge::status_list(&list, &organiser.name, &ended, at)?;
    let signed = state.issuer_keys.sign(&claims, |name| at.key(name))?;
    Ok(HttpResponse::Ok()
        .content_type(CREDENTIAL)
        .insert_header((CACHE_CONTROL, KEPT))
        .insert_header(("access-control-allow-origin", "*"))
        .body(signed))
}
