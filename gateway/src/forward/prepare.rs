//! First phase: the head that the service will read. The framework's headers and the client's
//! are of two versions of one library, so everything passes as bytes.

use super::{error::ForwardError, upload::Upload, upstream::Upstream};
use crate::door::hop_by_hop;
use actix_web::{
    HttpRequest,
    http::header::{self, HeaderMap},
};
use hyper::{
    Request,
    http::{self as outer, Uri, uri::PathAndQuery},
};
use shared_web::context;

/// What is sent in place of `request`; `authorization` tells the service who calls.
pub(super) fn request(
    request: &HttpRequest,
    upstream: &Upstream,
    authorization: Option<&outer::HeaderValue>,
    body: Upload,
) -> Result<Request<Upload>, ForwardError> {
    build(request, upstream, authorization, body).map_err(ForwardError::Unsayable)
}

/// Whether a body follows the head.
pub(super) fn has_body(headers: &HeaderMap) -> bool {
    let length = headers.get(header::CONTENT_LENGTH);
    headers.contains_key(header::TRANSFER_ENCODING) || length.is_some_and(|length| length != "0")
}

fn build(
    request: &HttpRequest,
    upstream: &Upstream,
    authorization: Option<&outer::HeaderValue>,
    body: Upload,
) -> Result<Request<Upload>, outer::Error> {
    let target = request.uri().path_and_query();
    let target = PathAndQuery::try_from(target.map_or("/", |target| target.as_str()))?;
    let mut headers = passed_on(request.headers())?;
    headers.insert(outer::header::HOST, upstream.host.clone());
    let trace = context::trace(request);
    if let Some(state) = context::trace_state(request) {
        headers.insert("tracestate", state.try_into()?);
    }
    headers.insert("traceparent", trace.to_string().try_into()?);
    if let Some(authorization) = authorization {
        headers.insert(outer::header::AUTHORIZATION, authorization.clone());
    }
    let mut sent = Request::new(body);
    *sent.method_mut() = outer::Method::from_bytes(request.method().as_str().as_bytes())?;
    *sent.uri_mut() = Uri::from(target);
    *sent.headers_mut() = headers;
    Ok(sent)
}

/// The caller's headers without those that end here. `Forwarded` among them is ours: the door
/// has set it.
fn passed_on(received: &HeaderMap) -> Result<outer::HeaderMap, outer::Error> {
    let named = named_by_connection(received);
    let mut headers = outer::HeaderMap::with_capacity(received.len() + 3);
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
