//! Which pages of other origins a browser lets read our answers (the Fetch standard's CORS):
//! those that the operator names, and nobody else. Credentials that a browser keeps are never
//! asked for: tokens are sent by the page's own script.

use crate::edge::Edge;
use actix_web::{
    HttpResponse,
    dev::ServiceRequest,
    http::{
        Method,
        header::{
            ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
            ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
            ACCESS_CONTROL_REQUEST_METHOD, HeaderName, HeaderValue, ORIGIN,
            STRICT_TRANSPORT_SECURITY, VARY,
        },
    },
    web::Data,
};
use shared_web::finish::note;

/// What a page's script may read of an answer besides its body.
const EXPOSED: &str = "api-version, content-language, deprecation, etag, idempotency-replayed, link, location, ratelimit, ratelimit-policy, retry-after, sunset, traceparent, www-authenticate";
/// What a page's script may send.
const HEADERS: &str = "accept, accept-language, authorization, content-type, idempotency-key, if-match, if-none-match, traceparent, tracestate, x-request-id";
/// Methods that any operation has.
const METHODS: &str = "GET, POST, PUT, PATCH, DELETE";
/// Seconds for which a browser may keep the answer to its question.
const MAX_AGE: &str = "600";
/// Seconds for which a browser comes by TLS alone.
const TRANSPORT: &str = "max-age=31536000";

/// What is told of ourselves.
#[derive(Clone, Debug)]
pub(crate) struct Outside {
    origins: Vec<String>,
    is_tls: bool,
}

impl Outside {
    /// By the settings, and the address under which the world sees us.
    pub(crate) fn new(edge: &Edge, public_url: &str) -> Self {
        Self {
            origins: edge.origins.clone(),
            is_tls: public_url.starts_with("https://"),
        }
    }
}

/// Tells, on whatever the answer will be, whose pages may read it, and that we are reached by
/// TLS, where we are.
pub(super) fn greet(request: &ServiceRequest) {
    let Some(outside) = request.app_data::<Data<Outside>>() else {
        return;
    };
    let tell = |name: HeaderName, value: &HeaderValue| note(request.request(), name, value.clone());
    if outside.is_tls {
        tell(
            STRICT_TRANSPORT_SECURITY,
            &HeaderValue::from_static(TRANSPORT),
        );
    }
    if !outside.origins.is_empty() {
        tell(VARY, &HeaderValue::from_static("origin"));
    }
    if let Some(origin) = allowed(request, outside) {
        tell(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        tell(
            ACCESS_CONTROL_EXPOSE_HEADERS,
            &HeaderValue::from_static(EXPOSED),
        );
    }
}

/// The answer to a browser that asks before it sends. Whoever is not named goes on, and is told
/// that the address has no such method.
pub(super) fn answer_preflight(request: &ServiceRequest) -> Option<HttpResponse> {
    let asks = request.method() == Method::OPTIONS
        && request
            .headers()
            .contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    let outside = request.app_data::<Data<Outside>>().filter(|_| asks)?;
    allowed(request, outside)?;
    let answer = HttpResponse::NoContent()
        .insert_header((ACCESS_CONTROL_ALLOW_METHODS, METHODS))
        .insert_header((ACCESS_CONTROL_ALLOW_HEADERS, HEADERS))
        .insert_header((ACCESS_CONTROL_MAX_AGE, MAX_AGE))
        .insert_header((
            VARY,
            "access-control-request-method, access-control-request-headers",
        ))
        .finish();
    Some(answer)
}

/// The request's origin, if it is named: whole and exactly. A browser sends one; several are none.
fn allowed<'a>(request: &'a ServiceRequest, outside: &Outside) -> Option<&'a HeaderValue> {
    let mut origins = request.headers().get_all(ORIGIN);
    let origin = origins.next()?;
    let is_named = outside.origins.iter().any(|named| origin == named.as_str());
    (is_named && origins.next().is_none()).then_some(origin)
}
