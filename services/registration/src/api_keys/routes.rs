//! Operations of API keys.

use super::{
    entity,
    model::{Case, Might, REVOCATION, ROTATION, TABLE, added, ends_within, is_kept, state},
    store::{self, NewKey, is_known_scope, judge_scopes},
};
use crate::State;
use actix_web::{
    get, patch, post,
    web::{Data, Path},
};
use chrono::{SubsecRound as _, TimeDelta};
use sea_orm::{ColumnTrait as _, QueryFilter as _};
use shared_database::{Change, DatabaseError, column, page};
use shared_types::{
    Answer, ApiKeyId, Links, OrganisationId, Problem, Role, codes,
    registration::{
        api_keys::{ApiKey, ApiKeyChange, ApiKeyPage, ApiKeyRotation, NewApiKey, Scope},
        codes::API_KEY_EXCEEDS_CALLER,
    },
    transition,
};
use shared_web::{
    Command, Context, NoBody, Outcome, PageParameters, Query, Reply, api_key::NewSecret,
};
use utoipa_actix_web::service_config::ServiceConfig;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_api_keys)
        .service(create_api_key)
        .service(get_api_key)
        .service(update_api_key)
        .service(rotate_api_key)
        .service(revoke_api_key);
}

/// List API keys
///
/// The keys that the caller keeps: coordinators those of their organiser, HR the HR keys of the
/// own organisation, the operator those of the installation. Keys that were taken back stay in
/// the list. `createdBy` finds what somebody leaves behind.
#[utoipa::path(
    tag = "api-keys",
    params(
        PageParameters,
        ("organisationId" = Option<OrganisationId>, Query, description = "Only keys of this organisation."),
        ("createdBy" = Option<String>, Query, description = "Only keys that this caller made.", example = "person:0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60", max_length = 100)
    ),
    responses((status = 200, description = "A page of API keys.", body = ApiKeyPage))
)]
#[get("/api-keys")]
async fn list_api_keys(data: Data<State>, context: Context, query: Query) -> Outcome {
    let mut select = store::scoped(&context.caller);
    if let Some(id) = query.get::<OrganisationId>("organisationId") {
        select = select.filter(entity::Column::OrganisationId.eq(id.uuid()));
    }
    if let Some(subject) = query.get::<String>("createdBy") {
        select = select.filter(entity::Column::CreatedBy.eq(subject));
    }
    let connection = data.database.read();
    let slice = page::read(connection, select, entity::Column::Id, &query.page()?).await?;
    let links = query.links(&context, &slice);
    let items = slice
        .items
        .into_iter()
        .map(|row| wire(row, &data, &context))
        .collect::<Result<_, _>>()?;
    Ok(Reply::ok(&ApiKeyPage {
        items,
        meta: slice.meta,
        links,
    })?)
}

/// Make an API key
///
/// For who keeps such keys, has the role and all of the scopes, and lasts as long where it is a
/// key itself. The answer is the only one that carries `secret`: a repetition with the same
/// Idempotency-Key is answered without it, since it is kept nowhere; rotate the key if the first
/// answer was lost.
#[utoipa::path(tag = "api-keys", request_body = NewApiKey, responses((status = 201, description = "The key with its secret.", body = ApiKey)))]
#[post("/api-keys")]
async fn create_api_key(data: Data<State>, command: Command<NewApiKey>) -> Outcome {
    let Command {
        context,
        claim,
        body,
        ..
    } = command;
    let mut secret = None;
    let answer = data.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let new = judged(change, body, &data, &context).await?;
            let (row, made) = store::insert(change, new).await?;
            let key = wire(row, &data, &context)?;
            secret = Some(made);
            Ok(Answer::created(key.links.own(), &key)?.version(1))
        },
    );
    let answer = answer.await?;
    Ok(with_secret(answer, secret).into())
}

/// The key that was asked for, if the caller may make it.
async fn judged(
    change: &Change,
    body: NewApiKey,
    data: &State,
    context: &Context,
) -> Result<NewKey, Problem> {
    let (role, organisation) = (body.role, body.organisation_id);
    super::model::judge_role(role, organisation)?;
    if !super::model::keeps(&context.caller, role, organisation) {
        return Err(Problem::of(&codes::FORBIDDEN));
    }
    let scopes = texts(body.scopes);
    judge_scopes(|scope| is_known_scope(data, scope), &scopes)?;
    let expires_at = body.expires_at.map(|end| end.trunc_subsecs(6));
    if expires_at.is_some_and(|end| end <= context.now) {
        let words = "The end lies in the past.";
        return Err(Problem::invalid("/expiresAt", "too_early", words));
    }
    let might = might(data, context);
    let own_end = store::own_end(change.tx(), &context.caller).await?;
    let is_within = might.has_role(role, organisation)
        && might.has_scopes(Some(&scopes))
        && ends_within(expires_at, own_end);
    if !is_within {
        return Err(Problem::of(&API_KEY_EXCEEDS_CALLER));
    }
    Ok(NewKey {
        name: body.name,
        role,
        organisation,
        scopes: Some(scopes),
        expires_at,
    })
}

/// Get an API key
///
/// For who keeps it. The secret is not in it.
#[utoipa::path(tag = "api-keys", params(("keyId" = ApiKeyId, Path, description = "The key.")), responses((status = 200, description = "The key.", body = ApiKey)))]
#[get("/api-keys/{keyId}")]
async fn get_api_key(data: Data<State>, context: Context, id: Path<ApiKeyId>) -> Outcome {
    let row = store::scoped(&context.caller)
        .filter(entity::Column::Id.eq(id.uuid()))
        .one(data.database.read())
        .await
        .map_err(DatabaseError::from)?
        .ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    let version = row.version;
    Ok(Reply::resource(&wire(row, &data, &context)?, version)?)
}

/// Change an API key
///
/// For who keeps it, until it is taken back: its name, and its scopes, of which nobody adds one
/// that they do not have themselves. It counts everywhere within five seconds.
#[utoipa::path(tag = "api-keys", params(("keyId" = ApiKeyId, Path, description = "The key.")), request_body = ApiKeyChange, responses((status = 200, description = "The key.", body = ApiKey)))]
#[patch("/api-keys/{keyId}")]
async fn update_api_key(
    data: Data<State>,
    id: Path<ApiKeyId>,
    command: Command<ApiKeyChange>,
) -> Outcome {
    let Command {
        context,
        claim,
        expected,
        body,
    } = command;
    let answer = data.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let mut row = locked(change, *id, &context).await?;
            expected.check(row.version)?;
            is_kept(&case(&row, &data, &context)?)?;
            if let Some(scopes) = body.scopes {
                let scopes = texts(scopes);
                allow_scopes(&row, &scopes, &data, &context)?;
                row.scopes = Some(column::json(&scopes));
            }
            row.name = body.name.unwrap_or(row.name);
            let row = store::update(change, row, "api_key.changed").await?;
            let version = row.version;
            Ok(Answer::ok(&wire(row, &data, &context)?)?.version(version))
        },
    );
    Ok(answer.await?.into())
}

/// Taking scopes away is for everybody who keeps the key; adding one is like making a key.
fn allow_scopes(
    row: &entity::Model,
    scopes: &[String],
    data: &State,
    context: &Context,
) -> Result<(), Problem> {
    judge_scopes(|scope| is_known_scope(data, scope), scopes)?;
    let before: Option<Vec<String>> = scopes_of(row)?;
    let added: Vec<String> = added(before.as_deref(), scopes)
        .into_iter()
        .cloned()
        .collect();
    let might = might(data, context);
    let role: Role = column::parse(&row.role)?;
    let organisation = row.organisation_id.map(OrganisationId::from);
    let may = might.has_role(role, organisation) && might.has_scopes(Some(&added));
    if added.is_empty() || may {
        Ok(())
    } else {
        Err(Problem::of(&API_KEY_EXCEEDS_CALLER))
    }
}

/// Give an API key a new secret
///
/// For who keeps the key and may do all that it may. The secret of today counts for
/// `overlapHours` beside the new one. `secret` is in this answer alone, as when the key was made.
#[utoipa::path(tag = "api-keys", params(("keyId" = ApiKeyId, Path, description = "The key.")), request_body = ApiKeyRotation, responses((status = 200, description = "The key with its new secret.", body = ApiKey)))]
#[post("/api-keys/{keyId}/rotation")]
async fn rotate_api_key(
    data: Data<State>,
    id: Path<ApiKeyId>,
    command: Command<ApiKeyRotation>,
) -> Outcome {
    let Command {
        context,
        claim,
        expected,
        body,
    } = command;
    let mut secret = None;
    let answer = data.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let row = locked(change, *id, &context).await?;
            let case = case(&row, &data, &context)?;
            transition::judge(TABLE, ROTATION, &case, context.language)?;
            // The secret of a key that lasts longer would outlive the key that asks for it.
            let own_end = store::own_end(change.tx(), &context.caller).await?;
            if !ends_within(row.expires_at, own_end) {
                return Err(Problem::of(&API_KEY_EXCEEDS_CALLER));
            }
            expected.check(row.version)?;
            let overlap = TimeDelta::hours(body.overlap_hours.into());
            let (row, made) = store::rotate(change, row, overlap).await?;
            let version = row.version;
            secret = Some(made);
            Ok(Answer::ok(&wire(row, &data, &context)?)?.version(version))
        },
    );
    let answer = answer.await?;
    Ok(with_secret(answer, secret).into())
}

/// Take an API key back
///
/// For who keeps it. Whoever calls with it, or with a former secret of it, is unknown everywhere
/// within five seconds. There is no way back.
#[utoipa::path(tag = "api-keys", params(("keyId" = ApiKeyId, Path, description = "The key.")), responses((status = 200, description = "The key.", body = ApiKey)))]
#[post("/api-keys/{keyId}/revocation")]
async fn revoke_api_key(
    data: Data<State>,
    id: Path<ApiKeyId>,
    command: Command<NoBody>,
) -> Outcome {
    let Command {
        context,
        claim,
        expected,
        ..
    } = command;
    let answer = data.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let row = locked(change, *id, &context).await?;
            let case = case(&row, &data, &context)?;
            transition::judge(TABLE, REVOCATION, &case, context.language)?;
            expected.check(row.version)?;
            let row = store::revoke_row(change, row).await?;
            let version = row.version;
            Ok(Answer::ok(&wire(row, &data, &context)?)?.version(version))
        },
    );
    Ok(answer.await?.into())
}

/// The answer that makes a secret. It is added after the answer was kept for repetitions, so
/// that no table ever holds it.
fn with_secret(mut answer: Answer, secret: Option<NewSecret>) -> Answer {
    if let (Some(secret), Some(body)) = (secret, answer.body.as_object_mut()) {
        body.insert("secret".to_owned(), secret.text.into());
    }
    answer
}

async fn locked(
    change: &Change,
    id: ApiKeyId,
    context: &Context,
) -> Result<entity::Model, Problem> {
    store::lock(change.tx(), &context.caller, id)
        .await?
        .ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

fn might<'a>(data: &'a State, context: &'a Context) -> Might<'a> {
    Might {
        caller: &context.caller,
        api: crate::api::NAME,
        own_scopes: data.core.contract.scopes(),
    }
}

fn texts(scopes: Vec<Scope>) -> Vec<String> {
    scopes.into_iter().map(|Scope(text)| text).collect()
}

fn scopes_of(row: &entity::Model) -> Result<Option<Vec<String>>, DatabaseError> {
    row.scopes.clone().map(column::from_json).transpose()
}

fn case(row: &entity::Model, data: &State, context: &Context) -> Result<Case, Problem> {
    let might = might(data, context);
    let organisation = row.organisation_id.map(OrganisationId::from);
    let has_role = might.has_role(column::parse(&row.role)?, organisation);
    Ok(Case {
        state: state(row.revoked_at, row.expires_at, context.now),
        keeps: store::is_kept_by(&context.caller, row)?,
        equals: has_role && might.has_scopes(scopes_of(row)?.as_deref()),
    })
}

fn wire(row: entity::Model, data: &State, context: &Context) -> Result<ApiKey, Problem> {
    let href = context.href(format!("api-keys/{}", row.id));
    let case = case(&row, data, context)?;
    let scopes = scopes_of(&row)?;
    let links = Links::to_self(&href);
    Ok(ApiKey {
        id: row.id.into(),
        name: row.name,
        role: column::parse(&row.role)?,
        organisation_id: row.organisation_id.map(OrganisationId::from),
        scopes: scopes.map(|all| all.into_iter().map(Scope).collect()),
        state: case.state,
        created_at: row.created_at,
        created_by: row.created_by,
        expires_at: row.expires_at,
        rotated_at: row.rotated_at,
        former_ends_at: row.former_ends_at.filter(|end| *end > context.now),
        last_used_at: row.last_used_at,
        secret: None,
        links: transition::allowed(TABLE, &case, &href, links),
        transitions: transition::refused(TABLE, &case, context.language),
    })
}
