//! A request that changes something: its body, checked against the API document, the claim to
//! its idempotency key, and the version it is about.

use crate::{Context, Error, contract::Operation, reply, violation};
use actix_web::{
    FromRequest, HttpMessage as _, HttpRequest,
    dev::Payload,
    http::header::{CONTENT_LENGTH, IF_MATCH},
    web::BytesMut,
};
use futures_util::{StreamExt as _, future::LocalBoxFuture};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use shared_types::{Claim, FieldProblem, Language, Problem, codes};
use std::{fmt::Write as _, sync::Arc, time::Duration};

/// A body that does not arrive within this time is given up.
const BODY_SECONDS: u64 = 30;
/// Longest idempotency key.
const MOST_KEY_CHARACTERS: usize = 255;

/// The body of an operation that takes none.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoBody {}

/// A request that changes something.
#[derive(Debug)]
pub struct Command<T> {
    /// Everything but the body.
    pub context: Context,
    /// The claim to the idempotency key, where one was sent.
    pub claim: Option<Claim>,
    /// The version that `If-Match` demands.
    pub expected: Expected,
    /// The body.
    pub body: T,
}

/// The version that `If-Match` demands, if it was sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expected(Option<i32>);

impl Expected {
    /// Refuses when the thing is not at the version that the caller read.
    pub fn check(self, version: i32) -> Result<(), Problem> {
        match self.0 {
            Some(expected) if expected != version => Err(Problem::of(&codes::STALE)),
            _ => Ok(()),
        }
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Command<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move { Ok(read(&request, payload).await?) })
    }
}

async fn read<T: DeserializeOwned>(
    request: &HttpRequest,
    payload: Payload,
) -> Result<Command<T>, Problem> {
    let context = Context::of(request)?;
    let operation = request
        .extensions()
        .get::<Arc<Operation>>()
        .cloned()
        .ok_or_else(|| Problem::internal("a command outside the document"))?;
    let bytes = collect(request, payload, operation.most_body_bytes).await?;
    let body = parse(&bytes, &operation, context.language)?;
    Ok(Command {
        claim: claim(request, &context, &operation, || {
            fingerprint(request, &bytes)
        })?,
        expected: expected(request)?,
        context,
        body,
    })
}

async fn collect(
    request: &HttpRequest,
    mut payload: Payload,
    most: usize,
) -> Result<BytesMut, Problem> {
    let too_large = || Problem::of(&codes::BODY_TOO_LARGE).value("most", most);
    let announced = request
        .headers()
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok());
    if announced
        .and_then(|length| length.parse::<usize>().ok())
        .is_some_and(|length| length > most)
    {
        return Err(too_large());
    }
    let reading = async {
        let mut bytes = BytesMut::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|error| {
                Problem::of(&codes::INVALID_REQUEST).caused_by(error.to_string())
            })?;
            if bytes.len() + chunk.len() > most {
                return Err(too_large());
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    };
    tokio::time::timeout(Duration::from_secs(BODY_SECONDS), reading)
        .await
        .map_err(|_| Problem::of(&codes::REQUEST_TIMEOUT))?
}

fn parse<T: DeserializeOwned>(
    bytes: &[u8],
    operation: &Operation,
    language: Language,
) -> Result<T, Problem> {
    let invalid = |errors| Problem::of(&codes::INVALID_BODY).errors(errors);
    let bytes: &[u8] = if bytes.is_empty() && !operation.takes_body() {
        b"{}"
    } else {
        bytes
    };
    let value: Value = serde_json::from_slice(bytes).map_err(|error| {
        let detail = violation::NOT_JSON.fill(language, &[("limit", error.to_string())]);
        invalid(vec![FieldProblem::pointer("", "not_json", detail)])
    })?;
    let mut violations = operation.check_body(&value, language).unwrap_or_default();
    find_nul(&value, "", &mut |pointer| {
        violations.push(FieldProblem::pointer(
            pointer,
            "nul_character",
            violation::NUL.get(language),
        ));
    });
    if !violations.is_empty() {
        return Err(invalid(violations));
    }
    // The document and the type agree; what is left here is what a schema can't say.
    serde_json::from_value(value).map_err(|error| {
        invalid(vec![FieldProblem::pointer(
            "",
            "invalid",
            error.to_string(),
        )])
    })
}

fn find_nul(value: &Value, at: &str, found: &mut impl FnMut(String)) {
    match value {
        Value::String(text) if text.contains('\0') => found(at.to_owned()),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                find_nul(item, &format!("{at}/{index}"), found);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                find_nul(member, &format!("{at}/{name}"), found);
            }
        }
        _ => {}
    }
}

/// The claim to the idempotency key, where one was sent.
pub(crate) fn claim(
    request: &HttpRequest,
    context: &Context,
    operation: &Operation,
    fingerprint: impl FnOnce() -> String,
) -> Result<Option<Claim>, Problem> {
    let Some(header) = request.headers().get("Idempotency-Key") else {
        return Ok(None);
    };
    let key = header.to_str().unwrap_or_default().trim_matches('"');
    if key.is_empty() || key.len() > MOST_KEY_CHARACTERS {
        let words = violation::MISSING_HEADER.get(context.language);
        let error = FieldProblem::header("Idempotency-Key", "invalid", words);
        return Err(Problem::of(&codes::INVALID_PARAMETER).errors(vec![error]));
    }
    Ok(Some(Claim {
        subject: context.caller.subject.clone(),
        operation: operation.id.clone(),
        key: key.to_owned(),
        fingerprint: fingerprint(),
    }))
}

fn fingerprint(request: &HttpRequest, body: &[u8]) -> String {
    let mut digest = Sha256::new();
    digest.update(request.method().as_str());
    digest.update(b"\0");
    digest.update(request.uri().path());
    digest.update(b"\0");
    digest.update(body);
    hex(&digest.finalize())
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a String can't fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

fn expected(request: &HttpRequest) -> Result<Expected, Problem> {
    let Some(header) = request
        .headers()
        .get(IF_MATCH)
        .and_then(|value| value.to_str().ok())
    else {
        return Ok(Expected(None));
    };
    if header.trim() == "*" {
        return Ok(Expected(None));
    }
    // A tag that was not made here can't be the present one.
    reply::version_of(header)
        .map(|version| Expected(Some(version)))
        .ok_or_else(|| Problem::of(&codes::STALE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nul_is_found_wherever_it_stands() {
        let mut found = Vec::new();
        find_nul(
            &serde_json::json!({ "a": ["x", "y\0"], "b": { "c": "\0" } }),
            "",
            &mut |at| found.push(at),
        );
        assert_eq!(found, ["/a/1", "/b/c"]);
    }
}
