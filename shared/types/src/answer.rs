//! What a change answers: kept apart from any web framework, so that it can be stored beside
//! the change and replayed when the request is repeated.

use crate::Problem;
use serde::Serialize;
use serde_json::Value;

/// The answer of a successful operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Absolute URL of the thing that was made.
    pub location: Option<String>,
    /// Version of the thing in the body; the edge makes the `ETag` of it.
    pub version: Option<i32>,
    /// The JSON body; null for none.
    pub body: Value,
    /// Whether this is the stored answer of an earlier request with the same key.
    pub replayed: bool,
}

impl Answer {
    /// 200 with a body.
    pub fn ok(body: &impl Serialize) -> Result<Self, Problem> {
        Self::with_status(200, body)
    }

    /// 201 with the new thing and its address.
    pub fn created(location: impl Into<String>, body: &impl Serialize) -> Result<Self, Problem> {
        Ok(Self {
            location: Some(location.into()),
            ..Self::with_status(201, body)?
        })
    }

    /// 204 without a body.
    pub const fn no_content() -> Self {
        Self {
            status: 204,
            location: None,
            version: None,
            body: Value::Null,
            replayed: false,
        }
    }

    /// Adds the version from which the `ETag` is made.
    pub fn version(mut self, version: i32) -> Self {
        self.version = Some(version);
        self
    }

    fn with_status(status: u16, body: &impl Serialize) -> Result<Self, Problem> {
        let body = serde_json::to_value(body).map_err(Problem::internal)?;
        Ok(Self {
            status,
            location: None,
            version: None,
            body,
            replayed: false,
        })
    }
}

/// The claim that a request lays to an idempotency key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Who asks: two callers may use the same key for different things.
    pub subject: String,
    /// The operation's id.
    pub operation: String,
    /// The key the client chose.
    pub key: String,
    /// SHA-256 over method, path and body: the same key with another request is refused.
    pub fingerprint: String,
}
