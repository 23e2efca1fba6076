//! The addresses, below `/registration/scim/v2`.

use super::{
    bulk,
    desk::{Body, Desk},
    groups,
    list::{self, Asked},
    patch,
    refusal::{not_found, told},
    schema::{GROUPS, Resource, USERS},
    served, store, users,
};
use crate::State;
use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{self, Data, Path},
};
use serde_json::Value;
use shared_database::Change;
use shared_types::{Problem, codes};
use shared_web::Error;
use uuid::Uuid;

type Outcome = Result<HttpResponse, Error>;

/// The addresses.
pub fn desk(config: &mut web::ServiceConfig) {
    let otherwise = |allow: &'static str| {
        web::to(move |_: Desk| async move { Err::<HttpResponse, Error>(no_such_method(allow)) })
    };
    config
        .service(
            web::resource("/registration/scim/v2/ServiceProviderConfig")
                .route(web::get().to(served::service_provider_config))
                .default_service(otherwise("GET")),
        )
        .service(
            web::resource("/registration/scim/v2/ResourceTypes")
                .route(web::get().to(served::resource_types))
                .default_service(otherwise("GET")),
        )
        .service(
            web::resource("/registration/scim/v2/ResourceTypes/{name}")
                .route(web::get().to(served::resource_type))
                .default_service(otherwise("GET")),
        )
        .service(
            web::resource("/registration/scim/v2/Schemas")
                .route(web::get().to(served::schemas))
                .default_service(otherwise("GET")),
        )
        .service(
            web::resource("/registration/scim/v2/Schemas/{urn}")
                .route(web::get().to(served::schema))
                .default_service(otherwise("GET")),
        )
        .service(
            web::resource("/registration/scim/v2/Users")
                .route(web::get().to(list_users))
                .route(web::post().to(create_user))
                .default_service(otherwise("GET, POST")),
        )
        .service(
            web::resource("/registration/scim/v2/Users/.search")
                .route(web::post().to(search_users))
                .default_service(otherwise("POST")),
        )
        .service(
            web::resource("/registration/scim/v2/Users/{id}")
                .route(web::get().to(get_user))
                .route(web::put().to(replace_user))
                .route(web::patch().to(change_user))
                .route(web::delete().to(delete_user))
                .default_service(otherwise("GET, PUT, PATCH, DELETE")),
        )
        .service(
            web::resource("/registration/scim/v2/Groups")
                .route(web::get().to(list_groups))
                .route(web::post().to(create_group))
                .default_service(otherwise("GET, POST")),
        )
        .service(
            web::resource("/registration/scim/v2/Groups/.search")
                .route(web::post().to(search_groups))
                .default_service(otherwise("POST")),
        )
        .service(
            web::resource("/registration/scim/v2/Groups/{id}")
                .route(web::get().to(get_group))
                .route(web::put().to(replace_group))
                .route(web::patch().to(change_group))
                .route(web::delete().to(delete_group))
                .default_service(otherwise("GET, PUT, PATCH, DELETE")),
        )
        .service(
            web::resource("/registration/scim/v2/Bulk")
                .route(web::post().to(bulk::take))
                .default_service(otherwise("POST")),
        )
        .service(
            web::resource("/registration/scim/v2/.search")
                .route(web::post().to(search_everything))
                .default_service(otherwise("POST")),
        );
}

/// Known callers alone are told what an address has.
fn no_such_method(allow: &'static str) -> Error {
    Problem::of(&codes::METHOD_NOT_ALLOWED)
        .value("allow", allow)
        .into()
}

async fn search_everything(state: Data<State>, desk: Desk, body: Body) -> Outcome {
    let asked = Asked::of_body(&body.0)?;
    let all = list::list_all(state.database.read(), &desk, &asked).await?;
    Ok(served::answer(&all))
}

/// The id of a user; whatever is none is nobody's.
pub fn user_id(text: &str) -> Result<Uuid, Problem> {
    store::person_id(text).map(Uuid::from).ok_or_else(not_found)
}

/// What was asked to be shown of one resource.
fn shown(
    request: &HttpRequest,
    resource: &'static Resource,
    document: Value,
) -> Result<Value, Problem> {
    Asked::of_query(request.query_string())?.shown(resource, document)
}

async fn list_users(state: Data<State>, desk: Desk, request: HttpRequest) -> Outcome {
    let asked = Asked::of_query(request.query_string())?;
    let all = list::list_users(state.database.read(), &desk, &asked).await?;
    Ok(served::answer(&all))
}

async fn search_users(state: Data<State>, desk: Desk, body: Body) -> Outcome {
    let asked = Asked::of_body(&body.0)?;
    let all = list::list_users(state.database.read(), &desk, &asked).await?;
    Ok(served::answer(&all))
}

async fn create_user(state: Data<State>, desk: Desk, request: HttpRequest, body: Body) -> Outcome {
    let work = async |change: &mut Change| users::create(change, &desk, &body.0, None).await;
    let made = state
        .database
        .change(desk.context.actor(), work)
        .await
        .map_err(told)?;
    let made = shown(&request, &USERS, made)?;
    Ok(served::resource(&desk, StatusCode::CREATED, &made))
}

async fn get_user(
    state: Data<State>,
    desk: Desk,
    id: Path<String>,
    request: HttpRequest,
) -> Outcome {
    let connection = state.database.read();
    let found = store::find(connection, desk.organisation, user_id(&id)?).await?;
    let (_, document) = users::show(connection, &desk, found.ok_or_else(not_found)?).await?;
    let document = shown(&request, &USERS, document)?;
    Ok(served::resource(&desk, StatusCode::OK, &document))
}

async fn replace_user(
    state: Data<State>,
    desk: Desk,
    id: Path<String>,
    request: HttpRequest,
    body: Body,
) -> Outcome {
    let id = user_id(&id)?;
    let work = async |change: &mut Change| users::replace(change, &desk, id, &body.0).await;
    let document = state
        .database
        .change(desk.context.actor(), work)
        .await
        .map_err(told)?;
    let document = shown(&request, &USERS, document)?;
    Ok(served::resource(
        &desk.expecting(None),
        StatusCode::OK,
        &document,
    ))
}

async fn change_user(
    state: Data<State>,
    desk: Desk,
    id: Path<String>,
    request: HttpRequest,
    body: Body,
) -> Outcome {
    let id = user_id(&id)?;
    let operations = patch::read(&body.0)?;
    let work = async |change: &mut Change| {
        let edit = |mut document: patch::Document| -> Result<patch::Document, Problem> {
            patch::apply(&USERS, &mut document, operations)?;
            Ok(document)
        };
        users::modify(change, &desk, id, edit).await
    };
    let document = state
        .database
        .change(desk.context.actor(), work)
        .await
        .map_err(told)?;
    let document = shown(&request, &USERS, document)?;
    Ok(served::resource(
        &desk.expecting(None),
        StatusCode::OK,
        &document,
    ))
}

async fn delete_user(state: Data<State>, desk: Desk, id: Path<String>) -> Outcome {
    let id = user_id(&id)?;
    let work = async |change: &mut Change| users::remove(change, &desk, id).await;
    state
        .database
        .change(desk.context.actor(), work)
        .await
        .map_err(told)?;
    Ok(HttpResponse::NoContent().finish())
}

async fn list_groups(state: Data<State>, desk: Desk, request: HttpRequest) -> Outcome {
    let asked = Asked::of_query(request.query_string())?;
    let all = list::list_groups(state.database.read(), &desk, &asked).await?;
    Ok(served::answer(&all))
}

async fn search_groups(state: Data<State>, desk: Desk, body: Body) -> Outcome {
    let asked = Asked::of_body(&body.0)?;
    let all = list::list_groups(state.database.read(), &desk, &asked).await?;
    Ok(served::answer(&all))
}

async fn create_group(state: Data<State>, desk: Desk, request: HttpRequest, body: Body) -> Outcome {
    let work = async |change: &mut Change| groups::create(change, &desk, &body.0).await;
    let made = state
        .database
        .change(desk.context.actor(), work)
        .await
        .map_err(told)?;
    let made = shown(&request, &GROUPS, made)?;
    Ok(served::resource(&desk, StatusCode::CREATED, &made))
}

async fn get_group(
    state: Data<State>,
    desk: Desk,
    id: Path<String>,
    request: HttpRequest,
) -> Outcome {
    let asked = Asked::of_query(request.query_string())?;
    let with_members = asked.wants_members();
    let document = groups::find(state.database.read(), &desk, &id, with_members).await?;
    let document = asked.shown(&GROUPS, document)?;
    Ok(served::resource(&desk, StatusCode::OK, &document))
}

async fn replace_group(
    state: Data<State>,
    desk: Desk,
    id: Path<String>,
    request: HttpRequest,
    body: Body,
) -> Outcome {
    let work = async |change: &mut Change| groups::replace(change, &desk, &id, &body.0).await;
    let document = state
        .database
        .change(desk.context.actor(), work)
        .await
        .map_err(told)?;
    let document = shown(&request, &GROUPS, document)?;
    Ok(served::resource(
        &desk.expecting(None),
        StatusCode::OK,
        &document,
    ))
}

async fn change_group(
    state: Data<State>,
    desk: Desk,
    id: Path<String>,
    request: HttpRequest,
    body: Body,
) -> Outcome {
    let operations = patch::read(&body.0)?;
    let work = async |change: &mut Change| {
        let edit = |mut document: patch::Document| -> Result<patch::Document, Problem> {
            patch::apply(&GROUPS, &mut document, operations)?;
            Ok(document)
        };
        groups::modify(change, &desk, &id, edit).await
    };
    let document = state
        .database
        .change(desk.context.actor(), work)
        .await
        .map_err(told)?;
    let document = shown(&request, &GROUPS, document)?;
    Ok(served::resource(
        &desk.expecting(None),
        StatusCode::OK,
        &document,
    ))
}

async fn delete_group(state: Data<State>, desk: Desk, id: Path<String>) -> Outcome {
    let work = async |change: &mut Change| groups::remove(change, &desk, &id).await;
    state
        .database
        .change(desk.context.actor(), work)
        .await
        .map_err(told)?;
    Ok(HttpResponse::NoContent().finish())
}
