//! Third phase: the service's answer, as it comes.

use super::{error::ForwardError, send::Answer};
use crate::door::hop_by_hop;
use actix_web::{
    HttpResponse,
    body::{self, BodyStream, BoxBody, SizedStream},
    http::{
        StatusCode,
        header::{HeaderName, HeaderValue},
    },
};
use futures_util::stream;
use hyper::{HeaderMap, header};
use std::fmt;

/// The response to the caller.
pub(super) fn relay(answer: Answer) -> Result<HttpResponse, ForwardError> {
    let status = StatusCode::from_u16(answer.head.status.as_u16()).map_err(unspeakable)?;
    let told_length = length(&answer.head.headers);
    let mut response = HttpResponse::new(status);
    let named = named_by_connection(&answer.head.headers);
    for (name, value) in &answer.head.headers {
        // The framework writes the length from the body's own.
        if name == header::CONTENT_LENGTH || hop_by_hop(name.as_str(), &named) {
            continue;
        }
        response.headers_mut().append(
            HeaderName::from_bytes(name.as_str().as_bytes()).map_err(unspeakable)?,
            HeaderValue::from_bytes(value.as_bytes()).map_err(unspeakable)?,
        );
    }
    let length = if answer.is_head {
        told_length
    } else {
        answer.length
    };
    let mut parts = answer.parts;
    let parts = stream::poll_fn(move |context| parts.poll_recv(context));
    let body = match (status, length) {
        // Neither has a body, and a length of zero would be said of what they stand for.
        (StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED, _) => BoxBody::new(body::None::new()),
        (_, Some(length)) => BoxBody::new(SizedStream::new(length, parts)),
        (_, None) => BoxBody::new(BodyStream::new(parts)),
    };
    Ok(response.set_body(body))
}

fn length(headers: &HeaderMap) -> Option<u64> {
    headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

fn named_by_connection(headers: &HeaderMap) -> Vec<String> {
    headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|name| name.trim().to_ascii_lowercase())
        .collect()
}

fn unspeakable(error: impl fmt::Display) -> ForwardError {
    ForwardError::Unspeakable(error.to_string())
}
