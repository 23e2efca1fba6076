//! Third phase: the service's answer, as it comes.

use super::{
    error::ForwardError,
    send::{Answer, AnswerBody},
};
use crate::door::hop_by_hop;
use actix_web::{
    HttpResponse,
    body::{self, BodyStream, BoxBody, MessageBody, SizedStream},
    http::{
        StatusCode,
        header::{HeaderName, HeaderValue},
    },
};
use bytes::Bytes;
use futures_util::stream;
use hyper::{HeaderMap, header};
use std::{fmt, io};

type Part = io::Result<Bytes>;

/// The response to the caller; what answers a HEAD tells a length and has no body.
pub(super) fn relay(answer: Answer, is_head: bool) -> Result<HttpResponse, ForwardError> {
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
    let body = match (status, answer.body) {
        // Neither has a body, and a length of zero would be said of what they stand for.
        (StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED, _) => BoxBody::new(body::None::new()),
        (_, AnswerBody::Whole(whole)) if !is_head => whole.boxed(),
        (_, AnswerBody::Coming(rest, Some(length))) if !is_head => {
            BoxBody::new(SizedStream::new(length, rest))
        }
        (_, AnswerBody::Coming(rest, None)) if !is_head => BoxBody::new(BodyStream::new(rest)),
        _ => match told_length {
            Some(length) => BoxBody::new(SizedStream::new(length, stream::empty::<Part>())),
            None => BoxBody::new(BodyStream::new(stream::empty::<Part>())),
        },
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
