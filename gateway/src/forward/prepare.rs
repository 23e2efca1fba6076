//! First phase: the head that the service will read. The framework's headers and the client's
//! are of two versions of one library, so everything passes as bytes.

use super::error::ForwardError;
use crate::door::hop_by_hop;
use actix_web::{
    HttpRequest,
    http::header::{self, HeaderMap},
};
use hyper::http::{
    self as outer, Uri,
    uri::{Authority, PathAndQuery, Scheme},
};
use shared_web::context;

/// The head of a request to a service; it can be sent twice.
#[derive(Clone, Debug)]
pub(super) struct Head {
    /// Method.
    pub(super) method: outer::Method,
    /// Address.
    pub(super) uri: Uri,
    /// Headers.
    pub(super) headers: outer::HeaderMap,
}

/// The head of what is sent in place of `request`.
pub(super) fn head(
    request: &HttpRequest,
    upstream: &Authority,
    token: Option<&str>,
) -> Result<Head, ForwardError> {
    build(request, upstream, token).map_err(ForwardError::Unsayable)
}

/// Whether a body follows the head.
pub(super) fn has_body(headers: &HeaderMap) -> bool {
    let length = headers.get(header::CONTENT_LENGTH);
    headers.contains_key(header::TRANSFER_ENCODING) || length.is_some_and(|length| length != "0")
}

fn build(
    request: &HttpRequest,
    upstream: &Authority,
    token: Option<&str>,
) -> Result<Head, outer::Error> {
    let target = request
        .uri()
        .path_and_query()
        .map_or("/", |target| target.as_str());
    let uri = Uri::builder()
        .scheme(Scheme::HTTP)
        .authority(upstream.clone())
        .path_and_query(PathAndQuery::try_from(target)?)
        .build()?;
    let mut headers = passed_on(request.headers())?;
    let trace = context::trace(request);
    if let Some(state) = context::trace_state(request) {
        headers.insert("tracestate", state.try_into()?);
    }
    headers.insert("traceparent", trace.to_string().try_into()?);
    if let Some(token) = token {
        let mut value: outer::HeaderValue = format!("Bearer {token}").try_into()?;
        value.set_sensitive(true);
        headers.insert(outer::header::AUTHORIZATION, value);
    }
    Ok(Head {
        method: outer::Method::from_bytes(request.method().as_str().as_bytes())?,
        uri,
        headers,
    })
}

/// The caller's headers without those that end here. `Forwarded` among them is ours: the door
/// has set it.
fn passed_on(received: &HeaderMap) -> Result<outer::HeaderMap, outer::Error> {
    let named = named_by_connection(received);
    let mut headers = outer::HeaderMap::with_capacity(received.len());
    for (name, value) in received {
        let name = name.as_str();
        if KEPT.contains(&name) || !(OURS.contains(&name) || hop_by_hop(name, &named)) {
            headers.append(
                outer::HeaderName::from_bytes(name.as_bytes())?,
                outer::HeaderValue::from_bytes(value.as_bytes())?,
            );
        }
    }
    Ok(headers)
}

/// Headers that we write anew: the host is the service's own, and 100-continue has been answered.
const OURS: [&str; 5] = [
    "authorization",
    "expect",
    "host",
    "traceparent",
    "tracestate",
];
/// Headers that stay, also where the caller's `Connection` names them: what the door has set, and
/// how long the body is.
const KEPT: [&str; 2] = ["content-length", "forwarded"];

fn named_by_connection(headers: &HeaderMap) -> Vec<String> {
    headers
        .get_all(header::CONNECTION)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|name| name.trim().to_ascii_lowercase())
        .collect()
}
