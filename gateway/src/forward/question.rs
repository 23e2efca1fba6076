//! The head of a request as the service will read it: the caller's, without what ends here and
//! with what only the gateway may say.

use super::{send::Asking, upload::Upload};
use crate::door::{ends_here, names_header};
use actix_web::http::header::{self, HeaderMap};
use shared_web::context;

/// Whether a body follows the head.
pub(super) fn has_body(headers: &HeaderMap) -> bool {
    let length = headers.get(header::CONTENT_LENGTH);
    headers.contains_key(header::TRANSFER_ENCODING) || length.is_some_and(|length| length != "0")
}

/// Writes the head of what is sent in place of the caller's request.
pub(super) fn write_head(out: &mut Vec<u8>, asking: &Asking<'_>, body: &Upload) {
    let request = asking.request;
    out.extend_from_slice(request.method().as_str().as_bytes());
    out.push(b' ');
    out.extend_from_slice(asking.target.as_bytes());
    out.extend_from_slice(b" HTTP/1.1\r\nhost: ");
    out.extend_from_slice(&asking.upstream.host);
    out.extend_from_slice(b"\r\ntraceparent: ");
    let trace = context::trace(request);
    out.extend_from_slice(trace.as_str().as_bytes());
    out.extend_from_slice(b"\r\n");
    if let Some(state) = context::trace_state(request) {
        line(out, "tracestate", state.as_bytes());
    }
    if let Some(authorization) = &asking.authorization {
        line(out, "authorization", authorization.as_bytes());
    }
    pass_on(out, request.headers(), asking.part_of_whole);
    if body.is_chunked() {
        out.extend_from_slice(b"transfer-encoding: chunked\r\n");
    }
    out.extend_from_slice(b"\r\n");
}

/// The caller's headers without those that end here. `Forwarded` among them is ours: the door
/// has set it.
fn pass_on(out: &mut Vec<u8>, received: &HeaderMap, part_of_whole: bool) {
    let names_some = received.contains_key(header::CONNECTION);
    for (name, value) in received {
        let name = name.as_str();
        if part_of_whole && is_about_whole(name) {
            continue;
        }
        let passes = is_kept(name)
            || !(is_ours(name)
                || ends_here(name)
                || names_some && names_header(received.get_all(header::CONNECTION), name));
        if passes {
            line(out, name, value.as_bytes());
        }
    }
}

/// Both have been parsed as what they are, so neither can hold the end of a line.
fn line(out: &mut Vec<u8>, name: &str, value: &[u8]) {
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b": ");
    out.extend_from_slice(value);
    out.extend_from_slice(b"\r\n");
}

/// Headers that we write anew: the host is the service's own, and 100-continue has been answered.
fn is_ours(name: &str) -> bool {
    matches!(
        name,
        "authorization" | "expect" | "host" | "traceparent" | "tracestate"
    )
}

/// Headers that the caller says of the whole answer, or of a body that no part is asked with.
fn is_about_whole(name: &str) -> bool {
    matches!(
        name,
        "accept" | "accept-encoding" | "content-length" | "content-type" | "range"
    ) || name.starts_with("if-")
}

/// Headers that stay, also where the caller's `Connection` names them: what the door has set, and
/// how long the body is.
fn is_kept(name: &str) -> bool {
    matches!(name, "content-length" | "forwarded")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        forward::{Lines, patience::Patience, upstream::Upstream},
        settings::Limits,
    };
    use actix_web::{HttpRequest, http::header::HeaderValue, test::TestRequest};
    use std::{rc::Rc, sync::Arc, time::Duration};

    fn written(
        request: &HttpRequest,
        part_of_whole: bool,
        authorization: Option<&'static str>,
    ) -> Vec<String> {
        let second = Duration::from_secs(1);
        let patience = Patience::new(second, &[], "x");
        let upstream = Upstream::new(0, "x", "http://service:81/", patience, 1).unwrap();
        let target = request.uri().path_and_query().unwrap();
        let asking = Asking {
            request,
            target: target.as_str(),
            part_of_whole,
            authorization: authorization.map(HeaderValue::from_static),
            upstream: &Arc::new(upstream),
            lines: &Rc::new(Lines::default()),
            limits: Limits::default(),
            patience: second,
            course: None,
        };
        let mut out = Vec::new();
        write_head(&mut out, &asking, &Upload::default());
        let text = String::from_utf8(out).unwrap();
        assert!(text.ends_with("\r\n\r\n"));
        let lines = text.trim_end().split("\r\n").map(str::to_owned);
        lines
            .filter(|line| !line.starts_with("traceparent: 00-"))
            .collect()
    }

    #[test]
    fn what_is_about_one_connection_or_said_by_us_does_not_travel() {
        let request = TestRequest::with_uri("/x/v1/things?a=%20b")
            .insert_header(("host", "evil.example"))
            .insert_header(("authorization", "Bearer theirs"))
            .insert_header(("traceparent", "nonsense"))
            .insert_header(("connection", "close, X-Mine, Forwarded, content-length"))
            .insert_header(("x-mine", "1"))
            .insert_header(("keep-alive", "1"))
            .insert_header(("te", "trailers"))
            .insert_header(("expect", "100-continue"))
            .insert_header(("forwarded", "for=192.0.2.1"))
            .insert_header(("content-length", "0"))
            .to_http_request();
        let mut told = written(&request, false, Some("Bearer inner"));
        let first = told.remove(0);
        assert_eq!(first, "GET /x/v1/things?a=%20b HTTP/1.1");
        told.sort();
        assert_eq!(
            told,
            [
                "authorization: Bearer inner",
                "content-length: 0",
                "forwarded: for=192.0.2.1",
                "host: service:81",
            ]
        );
    }

    #[test]
    fn a_header_that_stands_twice_goes_on_twice_and_nobody_is_nobody() {
        let request = TestRequest::with_uri("/x/v1/")
            .append_header(("accept", "a"))
            .append_header(("accept", "b"))
            .to_http_request();
        assert_eq!(
            written(&request, false, None),
            [
                "GET /x/v1/ HTTP/1.1",
                "host: service:81",
                "accept: a",
                "accept: b"
            ]
        );
    }

    #[test]
    fn what_is_said_of_the_whole_is_not_said_of_a_part() {
        let request = TestRequest::with_uri("/x/v1/archive")
            .insert_header(("accept", "text/csv"))
            .insert_header(("accept-language", "da"))
            .insert_header(("if-none-match", "*"))
            .insert_header(("range", "bytes=0-1"))
            .insert_header(("content-length", "3"))
            .to_http_request();
        assert_eq!(
            written(&request, true, None),
            [
                "GET /x/v1/archive HTTP/1.1",
                "host: service:81",
                "accept-language: da"
            ]
        );
    }
}
