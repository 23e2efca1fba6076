//! Who comes to the desk, for whom, and with what: the key, the one organisation that it speaks
//! for, the body, the version.
//!
//! SCIM has its own description of itself, so the API document judges nothing here; this does.

use super::{
    SCOPES, document,
    patch::Document,
    refusal::{invalid_syntax, invalid_value},
};
use crate::api;
use actix_web::{
    FromRequest, HttpMessage as _, HttpRequest,
    dev::Payload,
    http::{
        Method,
        header::{
            AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue, IF_MATCH,
            IF_NONE_MATCH,
        },
    },
    web::BytesMut,
};
use futures_util::{StreamExt as _, future::LocalBoxFuture};
use serde_json::Value;
use shared_types::{Caller, OrganisationId, Problem, Role, codes};
use shared_web::{Context, Error, context, finish::SCIM_TYPE};
use std::{
    future::{Ready, ready},
    time::Duration,
};

/// Largest body in bytes; the gateway passes on no larger ones.
pub const MOST_BYTES: usize = 1024 * 1024;
/// A body that does not arrive within this time is given up.
const BODY_SECONDS: u64 = 30;
/// How API keys are called.
const KEY: &str = "key:";

/// A key at the desk.
#[derive(Clone, Debug)]
pub struct Desk {
    /// Who calls, and when.
    pub context: Context,
    /// Whose people the key keeps.
    pub organisation: OrganisationId,
    /// Where the API stands, without a slash at the end.
    pub base: String,
    if_match: Option<String>,
    if_none_match: Option<String>,
}

impl FromRequest for Desk {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(enter(request).map_err(Error::from))
    }
}

fn enter(request: &HttpRequest) -> Result<Desk, Problem> {
    let refused = || Problem::of(&codes::UNAUTHENTICATED);
    let text = |value: &HeaderValue| value.to_str().ok().map(str::to_owned);
    let header = request.headers().get(AUTHORIZATION).and_then(text);
    let header = header.ok_or_else(refused)?;
    let (scheme, token) = header.split_once(' ').ok_or_else(refused)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(refused());
    }
    let core = context::core(request)?;
    let claims = core
        .verifier
        .verify(token.trim())
        .map_err(|error| refused().caused_by(error))?;
    let caller = claims.caller();
    let organisation = judge(&caller, request.method(), request.path())?;
    request.extensions_mut().insert(caller);
    let context = Context::of(request)?;
    Ok(Desk {
        base: format!("{}/{}/scim/v2", context.origin, api::NAME),
        context,
        organisation,
        if_match: request.headers().get(IF_MATCH).and_then(text),
        if_none_match: request.headers().get(IF_NONE_MATCH).and_then(text),
    })
}

/// The one organisation that a key speaks for.
fn judge(caller: &Caller, method: &Method, path: &str) -> Result<OrganisationId, Problem> {
    // Looking for something reads, however it is asked for.
    let reads = method == Method::GET || path.ends_with("/.search");
    let [read, write] = SCOPES;
    let (own, of_api) = if reads {
        (read, "registration:read")
    } else {
        (write, "registration:write")
    };
    if !caller.is_within(&[of_api.to_owned(), own.to_owned()]) {
        return Err(Problem::of(&codes::INSUFFICIENT_SCOPE).value("scope", own));
    }
    let mut kept = caller
        .scope(Role::Hr)
        .chain(caller.scope(Role::Coordinator));
    match (kept.next(), kept.next()) {
        // A person who keeps people does so by hand, and may keep those of several organisations.
        (Some(only), None) if caller.subject.starts_with(KEY) => Ok(only),
        _ => Err(Problem::of(&codes::FORBIDDEN)),
    }
}

impl Desk {
    /// The address of something.
    pub fn address(&self, endpoint: &str, id: impl std::fmt::Display) -> String {
        format!("{}{endpoint}/{id}", self.base)
    }

    /// Refuses where the client read another version than there is now.
    pub fn check(&self, document: &Document) -> Result<(), Problem> {
        match &self.if_match {
            Some(wanted) if !names(wanted, &document::tag(document)) => {
                Err(Problem::of(&codes::STALE))
            }
            _ => Ok(()),
        }
    }

    /// Whether the client has this version already.
    pub fn has(&self, tag: &str) -> bool {
        let known = self.if_none_match.as_deref();
        known.is_some_and(|known| names(known, tag))
    }

    /// The same for one operation of several, which names a version of its own.
    pub fn expecting(&self, version: Option<&str>) -> Self {
        Self {
            if_match: version.map(str::to_owned),
            if_none_match: None,
            ..self.clone()
        }
    }
}

/// Whether a list of tags names this one; strong and weak ones are the same here, since a tag is
/// a digest of what is answered.
fn names(list: &str, tag: &str) -> bool {
    let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    list.split(',')
        .any(|one| one.trim() == "*" || bare(one) == bare(tag))
}

/// A body: JSON, by either of its two names.
#[derive(Debug)]
pub struct Body(pub Value);

impl FromRequest for Body {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move { Ok(Self(read(&request, payload).await?)) })
    }
}

async fn read(request: &HttpRequest, mut payload: Payload) -> Result<Value, Problem> {
    let header = |name: HeaderName| {
        let value = request.headers().get(name);
        value.and_then(|value| value.to_str().ok())
    };
    let kind = header(CONTENT_TYPE).unwrap_or_default().split(';').next();
    let kind = kind.unwrap_or_default().trim().to_ascii_lowercase();
    if kind != SCIM_TYPE && kind != "application/json" {
        let expected = format!("{SCIM_TYPE}, application/json");
        return Err(Problem::of(&codes::UNSUPPORTED_MEDIA_TYPE).value("expected", expected));
    }
    let too_large = || Problem::of(&codes::BODY_TOO_LARGE).value("most", MOST_BYTES);
    let announced = header(CONTENT_LENGTH).and_then(|length| length.parse::<usize>().ok());
    if announced.is_some_and(|length| length > MOST_BYTES) {
        return Err(too_large());
    }
    let reading = async {
        let mut bytes = BytesMut::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|error| {
                Problem::of(&codes::INVALID_REQUEST).caused_by(error.to_string())
            })?;
            if bytes.len() + chunk.len() > MOST_BYTES {
                return Err(too_large());
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    };
    let bytes = tokio::time::timeout(Duration::from_secs(BODY_SECONDS), reading)
        .await
        .map_err(|_| Problem::of(&codes::REQUEST_TIMEOUT))??;
    let body: Value = serde_json::from_slice(&bytes)
        .map_err(|error| invalid_syntax(format!("The body is no JSON: {error}.")))?;
    if has_nul(&body) {
        return Err(invalid_value("A text holds a NUL character."));
    }
    Ok(body)
}

/// What no database keeps the same way. The reader of JSON bounds the depth.
fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(members) => {
            let mut all = members.iter();
            all.any(|(name, member)| name.contains('\0') || has_nul(member))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_types::{PersonId, RoleGrant};

    fn key(roles: &[Role], scopes: Option<&[&str]>) -> Caller {
        let grant = |role: &Role| RoleGrant {
            role: *role,
            organisation_id: Some(OrganisationId::new()),
        };
        Caller {
            subject: "key:1".into(),
            roles: roles.iter().map(grant).collect(),
            scopes: scopes.map(|all| all.iter().map(|&one| one.to_owned()).collect()),
            ..Caller::anonymous()
        }
    }

    #[test]
    fn a_key_speaks_for_one_organisation_and_within_its_scopes() {
        let may = |caller: &Caller, method: Method| judge(caller, &method, "/x/Users").is_ok();
        for role in [Role::Hr, Role::Coordinator] {
            assert!(may(&key(&[role], None), Method::POST), "{role:?}");
        }
        for role in [
            Role::Director,
            Role::Evaluator,
            Role::Facilitator,
            Role::Registrar,
            Role::Auditor,
            Role::Operator,
        ] {
            assert!(!may(&key(&[role], None), Method::GET), "{role:?}");
        }
        assert!(!may(&key(&[Role::Hr, Role::Hr], None), Method::GET));
        let reader = key(&[Role::Hr], Some(&["scim:read"]));
        assert!(may(&reader, Method::GET) && !may(&reader, Method::PATCH));
        assert!(judge(&reader, &Method::POST, "/x/Users/.search").is_ok());
        assert!(may(
            &key(&[Role::Hr], Some(&["registration:write"])),
            Method::PUT
        ));
        assert!(!may(
            &key(&[Role::Hr], Some(&["people:write"])),
            Method::PUT
        ));
        let person = Caller {
            person: Some(PersonId::new()),
            subject: "person:1".into(),
            ..key(&[Role::Hr], None)
        };
        assert!(!may(&person, Method::GET));
    }

    #[test]
    fn a_version_is_named_alone_or_among_others() {
        for list in ["*", "W/\"a\"", "\"a\"", "W/\"b\", W/\"a\""] {
            assert!(names(list, "W/\"a\""), "{list}");
        }
        assert!(!names("W/\"b\"", "W/\"a\"") && !names("", "W/\"a\""));
    }
}
