//! The gateway's own door: whom a credential stands for.
//!
//! It stands outside the public API. Only the gateway, in its own name, may ask; it asks for each
//! caller every few seconds, so that whoever is deactivated or loses a role is refused
//! everywhere soon after.

use super::{claims, entity, identity, store};
use crate::{State, api_keys, offices, scim};
use actix_web::{
    HttpRequest, HttpResponse,
    http::header::AUTHORIZATION,
    web::{self, Bytes, Data, PayloadConfig},
};
use shared_database::{Change, DatabaseError, column};
use shared_types::{
    ApiKeyId, Caller, OrganisationId, PersonId, Problem, Role, RoleGrant,
    caller::{Credential, Provisioned},
    codes,
};
use shared_web::{Context, Error};

/// The subject of the gateway's own tokens.
const GATEWAY: &str = "gateway";
/// The issuer of demo tokens, whose subjects are people's ids. The gateway accepts its tokens in
/// the demo only.
const DEMO_ISSUER: &str = "demo";
/// A credential is small.
const MOST_BODY_BYTES: usize = 16 * 1024;

/// The door.
pub fn door(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/internal/callers")
            .app_data(PayloadConfig::new(MOST_BODY_BYTES))
            .route(web::post().to(resolve_caller)),
    );
}

async fn resolve_caller(
    request: HttpRequest,
    state: Data<State>,
    body: Bytes,
) -> Result<HttpResponse, Error> {
    allow_gateway(&request, &state)?;
    let credential = serde_json::from_slice(&body)
        .map_err(|error| Problem::of(&codes::INVALID_BODY).caused_by(error.to_string()))?;
    let caller = resolve(&state, &credential)
        .await?
        .ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    Ok(HttpResponse::Ok().json(caller))
}

fn allow_gateway(request: &HttpRequest, state: &State) -> Result<(), Problem> {
    let refused = || Problem::of(&codes::UNAUTHENTICATED);
    let header = request
        .headers()
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let token = header
        .and_then(|header| header.strip_prefix("Bearer "))
        .ok_or_else(refused)?;
    let claims = state
        .core
        .verifier
        .verify(token.trim())
        .map_err(|error| refused().caused_by(error))?;
    if claims.sub == GATEWAY {
        Ok(())
    } else {
        Err(Problem::of(&codes::FORBIDDEN))
    }
}

/// Whom a credential stands for; `None` where nobody is known by it, or no longer.
pub async fn resolve(state: &State, credential: &Credential) -> Result<Option<Caller>, Problem> {
    match credential {
        Credential::ApiKey { id, digest } => Ok(by_key(state, *id, digest).await?),
        Credential::Token {
            issuer,
            subject,
            verified_email,
            provisioned,
        } => {
            let named = Named {
                issuer,
                subject,
                verified_email: verified_email.as_deref(),
                provisioned: provisioned.as_ref(),
            };
            let Some(person) = person_of(state, named).await? else {
                return Ok(None);
            };
            Ok(by_person(state, person).await?)
        }
    }
}

async fn by_key(
    state: &State,
    id: ApiKeyId,
    digest: &str,
) -> Result<Option<Caller>, DatabaseError> {
    let now = state.core.clock.now();
    let found = api_keys::store::presented(state.database.read(), id, digest, now).await?;
    let Some(row) = found else {
        return Ok(None);
    };
    state.key_uses.note(&row, now);
    Ok(Some(Caller {
        person: None,
        subject: format!("key:{}", row.id),
        roles: vec![RoleGrant {
            role: column::parse(&row.role)?,
            organisation_id: row.organisation_id.map(OrganisationId::from),
        }],
        scopes: row.scopes.map(column::from_json).transpose()?,
    }))
}

async fn by_person(state: &State, person: PersonId) -> Result<Option<Caller>, DatabaseError> {
    let connection = state.database.read();
    let found = store::find(connection, person).await?;
    if !found.is_some_and(|row| row.active) {
        return Ok(None);
    }
    let mut roles = store::grants(connection, person).await?;
    let now = state.core.clock.now();
    let directed = offices::store::directed_at(connection, person, now).await?;
    roles.extend(directed.into_iter().map(|municipality| RoleGrant {
        role: Role::Director,
        organisation_id: Some(municipality),
    }));
    roles.sort_unstable();
    Ok(Some(Caller {
        person: Some(person),
        subject: format!("person:{person}"),
        roles,
        scopes: None,
    }))
}

/// What a token says about who it is.
struct Named<'a> {
    issuer: &'a str,
    subject: &'a str,
    verified_email: Option<&'a str>,
    provisioned: Option<&'a Provisioned>,
}

/// The person whom an issuer means: the one whom it has named before; else the one whom the
/// employer has provisioned so; else, once the person has said so, the one whose address it has
/// verified. A name that once meant a person never means another.
async fn person_of(state: &State, named: Named<'_>) -> Result<Option<PersonId>, Problem> {
    let Named {
        issuer, subject, ..
    } = named;
    if issuer == DEMO_ISSUER {
        return Ok(subject.parse().ok());
    }
    let connection = state.database.read();
    if let Some(person) = store::identified(connection, issuer, subject).await? {
        return Ok(Some(person));
    }
    if let Some(provisioned) = named.provisioned
        && let Some(person) = scim::store::provisioned(connection, provisioned).await?
    {
        return link(state, issuer, subject, person).await;
    }
    if let Some(email) = named.verified_email {
        let found = store::verified_by_email(connection, email).await?;
        // Of two, nobody can say which one it is.
        if let Ok([person]) = <[entity::Model; 1]>::try_from(found) {
            claims::note(state, issuer, subject, person).await?;
        }
    }
    Ok(None)
}

/// Remembers the issuer's name for a person, so that a later change of address changes nothing.
async fn link(
    state: &State,
    issuer: &str,
    subject: &str,
    person: PersonId,
) -> Result<Option<PersonId>, Problem> {
    let actor = Context::system(&state.core).actor();
    let row = identity::Model {
        issuer: issuer.to_owned(),
        subject: subject.to_owned(),
        person_id: person.uuid(),
    };
    let linking = state.database.change(actor, async |change: &mut Change| {
        // An address that went to somebody else must not bring the person's rights along.
        if store::is_named_by(change.tx(), issuer, person).await? {
            return Ok(None);
        }
        store::link(change.tx(), row).await?;
        let named = store::identified(change.tx(), issuer, subject).await?;
        if named == Some(person) {
            change.record("person", person, "person.identity_linked", None);
        }
        Ok::<_, Problem>(named)
    });
    linking.await
}
