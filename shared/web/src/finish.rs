//! The outermost layer: gives every request its trace, every error its one problem answer and
//! its one log line, and every answer the headers that all have.

use crate::{
    Error,
    context::{Core, negotiated},
    contract, metrics, origin, page,
    telemetry::spans::{self, Span},
    trace::{self, Trace},
};
use actix_web::{
    HttpMessage as _, HttpRequest, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    http::{
        StatusCode,
        header::{
            ACCEPT_LANGUAGE, ACCESS_CONTROL_ALLOW_ORIGIN, ALLOW, CACHE_CONTROL, CONTENT_LANGUAGE,
            CONTENT_SECURITY_POLICY, CONTENT_TYPE, FORWARDED, HeaderMap, HeaderName, HeaderValue,
            LINK, REFERRER_POLICY, RETRY_AFTER, VARY, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS,
            X_FRAME_OPTIONS,
        },
    },
    middleware::Next,
    web::Data,
};
use serde_json::{Value, json};
use shared_types::{Language, Problem, codes, problem::ProblemBody};
use std::{cell::RefCell, rc::Rc, time::Instant};
use tracing::Instrument as _;
use uuid::Uuid;

/// What an error answer needs to know of its request.
#[derive(Clone, Debug)]
pub struct Reader {
    /// The reader's language.
    pub language: Language,
    /// Address under which the reader sees Akademi.
    pub origin: String,
    /// Trace of the request.
    pub trace: Trace,
    /// Whether a person reads it in a browser.
    pub page: bool,
    /// Whether a provisioning system reads it, which knows SCIM's own errors alone.
    pub scim: bool,
}

/// The media type of SCIM (RFC 7644, 8.1).
pub const SCIM_TYPE: &str = "application/scim+json";

/// What is kept of a request for a reader that most answers do not need.
struct Asked {
    language: Option<HeaderValue>,
    forwarded: Option<HeaderValue>,
    core: Option<Data<Core>>,
    trace: Trace,
    page: bool,
    scim: bool,
}

impl Asked {
    fn of(request: &ServiceRequest, trace: Trace) -> Self {
        let header = |name| request.headers().get(name).cloned();
        Self {
            language: header(ACCEPT_LANGUAGE),
            forwarded: header(FORWARDED),
            core: request.app_data::<Data<Core>>().cloned(),
            trace,
            page: request.path().contains("/pages/"),
            scim: request.path().starts_with("/registration/scim/"),
        }
    }

    fn part(&self) -> &'static str {
        self.core.as_ref().map_or("unknown", |core| core.name)
    }

    fn reader(&self) -> Reader {
        let forwarded = self.forwarded.as_ref();
        let configured = || self.core.as_ref().map(|core| core.public_url.clone());
        Reader {
            language: negotiated(self.language.as_ref()),
            origin: forwarded
                .and_then(origin::of_header)
                .or_else(configured)
                .unwrap_or_default(),
            trace: self.trace,
            page: self.page,
            scim: self.scim,
        }
    }
}

/// Headers that inner layers want on whatever the answer will be, a problem included.
#[derive(Clone, Debug, Default)]
struct Noted(Rc<RefCell<Vec<(HeaderName, HeaderValue)>>>);

/// Notes a header for the answer to this request. An answer that has the header keeps its own;
/// `Vary` and `Link` are added to, by what they don't say yet.
pub fn note(request: &HttpRequest, name: HeaderName, value: HeaderValue) {
    if let Some(Noted(headers)) = request.extensions().get::<Noted>() {
        headers.borrow_mut().push((name, value));
    }
}

/// Middleware: see the module.
pub async fn finish<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let started = Instant::now();
    let (trace, state) = trace::of_headers(request.headers());
    let noted = Noted::default();
    {
        let mut extensions = request.extensions_mut();
        extensions.insert(trace);
        extensions.insert(noted.clone());
        if let Some(state) = state {
            extensions.insert(state);
        }
    }
    let asked = Asked::of(&request, trace);
    let method = request.method();
    // The pattern, never the path: a link's secret must not reach a log.
    let pattern = contract::pattern(&request);
    let route = pattern.as_deref().unwrap_or("unmatched");
    let span = tracing::info_span!(
        "request",
        trace_id = trace.id(),
        method = method.as_str(),
        route
    );
    let measured = metrics::Request::begin(asked.part(), route, method);
    let told = spans::is_on().then(|| Told {
        parent: trace::parent_of_headers(request.headers()),
        name: format!("{method} {route}"),
        method: method.to_string(),
        route: route.to_owned(),
    });
    let outcome = next.call(request).instrument(span.clone()).await;
    let _entered = span.entered();
    let noted = noted.0.take();
    match outcome {
        Ok(response) => {
            let response = finish_response(response, &asked, started, noted);
            measured.end(response.status(), started);
            tell(told, &asked, response.status(), started);
            Ok(response)
        }
        Err(error) => {
            let response = answer_error(&error, &asked.reader());
            log(response.status(), started);
            measured.end(response.status(), started);
            tell(told, &asked, response.status(), started);
            let response = with_common_headers(response, &asked.trace, noted);
            Err(InternalError::from_response("", response).into())
        }
    }
}

/// What a span says of its request.
struct Told {
    parent: Option<String>,
    name: String,
    method: String,
    route: String,
}

fn tell(told: Option<Told>, asked: &Asked, status: StatusCode, started: Instant) {
    let Some(told) = told else { return };
    spans::ended(Span {
        part: asked.part(),
        trace: asked.trace,
        parent: told.parent,
        name: told.name,
        kind: spans::Kind::Server,
        elapsed: started.elapsed(),
        attributes: vec![
            ("http.request.method", told.method.into()),
            ("http.route", told.route.into()),
            ("http.response.status_code", status.as_u16().into()),
        ],
        failed: status.is_server_error(),
    });
}

fn finish_response<B: MessageBody + 'static>(
    response: ServiceResponse<B>,
    asked: &Asked,
    started: Instant,
    noted: Vec<(HeaderName, HeaderValue)>,
) -> ServiceResponse<BoxBody> {
    let problem = response
        .response()
        .error()
        .map(|error| answer_error(error, &asked.reader()));
    let response = response.map_into_boxed_body();
    let status = response.status();
    let is_ours = |response: &ServiceResponse| {
        let kind = response.headers().get(CONTENT_TYPE);
        kind.is_some_and(|kind| {
            kind == "application/problem+json"
                || kind == SCIM_TYPE
                || kind.as_bytes().starts_with(b"text/html")
        })
    };
    let response = match problem {
        Some(problem) => response.into_response(problem),
        // The framework's own refusals are bare; they get the same shape as ours.
        None if (status.is_client_error() || status.is_server_error()) && !is_ours(&response) => {
            let problem = Problem::of(codes::for_status(status.as_u16()));
            let bare = answer(&problem, &asked.reader());
            response.into_response(bare)
        }
        None => response,
    };
    log(response.status(), started);
    let (request, response) = response.into_parts();
    ServiceResponse::new(request, with_common_headers(response, &asked.trace, noted))
}

fn answer_error(error: &actix_web::Error, reader: &Reader) -> HttpResponse {
    if let Some(Error(problem)) = error.as_error::<Error>() {
        log_cause(problem);
        return answer(problem, reader);
    }
    let status = error.as_response_error().status_code();
    let problem = Problem::of(codes::for_status(status.as_u16())).caused_by(error.to_string());
    log_cause(&problem);
    answer(&problem, reader)
}

/// The response for a problem, as JSON or, for who reads a page, as a page.
pub fn answer(problem: &Problem, reader: &Reader) -> HttpResponse {
    let code = problem.code();
    let status = StatusCode::from_u16(code.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status);
    response.insert_header((CONTENT_LANGUAGE, reader.language.tag()));
    metrics::refused(code.name);
    match status {
        StatusCode::UNAUTHORIZED => drop(response.insert_header((WWW_AUTHENTICATE, "Bearer"))),
        // RFC 6750, 3.1: which scope would have been enough.
        StatusCode::FORBIDDEN if code.name == codes::INSUFFICIENT_SCOPE.name => {
            let scope = problem.get("scope").unwrap_or_default();
            let challenge = format!("Bearer error=\"insufficient_scope\", scope=\"{scope}\"");
            response.insert_header((WWW_AUTHENTICATE, challenge));
        }
        StatusCode::METHOD_NOT_ALLOWED => {
            if let Some(allow) = problem.get("allow") {
                response.insert_header((ALLOW, allow));
            }
        }
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => {
            response.insert_header((RETRY_AFTER, problem.retry_after_seconds().unwrap_or(1)));
        }
        _ => {}
    }
    let body = problem.body(
        reader.language,
        format!("{}/problems/{}", reader.origin, code.name),
        format!("urn:uuid:{}", Uuid::new_v4()),
        reader.trace.id().to_owned(),
    );
    if reader.page {
        return response
            .content_type(page::CONTENT_TYPE)
            .insert_header(("content-security-policy", page::CONTENT_SECURITY_POLICY))
            .body(page::problem(&body, reader.language).into_string());
    }
    if reader.scim {
        let error = scim_error(problem, &body);
        return response.content_type(SCIM_TYPE).body(error.to_string());
    }
    response.content_type("application/problem+json").json(body)
}

/// A problem as RFC 7644, 3.12 writes it. `scimType` and `scimDetail` are what the SCIM feature
/// says of itself; everything else is told in the words that all problems have.
pub fn scim_error(problem: &Problem, body: &ProblemBody) -> Value {
    let violations = problem.violations().iter();
    let violations: Vec<&str> = violations.map(|one| one.detail.as_str()).collect();
    let detail = match problem.get("scimDetail") {
        Some(detail) => detail.to_owned(),
        None if violations.is_empty() => body.detail.clone(),
        None => violations.join(" "),
    };
    let mut error = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
        "status": body.status.to_string(),
        "detail": detail,
    });
    if let (Some(kind), Some(members)) = (problem.get("scimType"), error.as_object_mut()) {
        members.insert("scimType".to_owned(), kind.into());
    }
    error
}

fn log_cause(problem: &Problem) {
    let code = problem.code();
    match problem.cause() {
        Some(cause) if code.status >= 500 => tracing::error!(code = code.name, %cause, "failed"),
        Some(cause) => tracing::debug!(code = code.name, %cause, "refused"),
        None => {}
    }
}

fn log(status: StatusCode, started: Instant) {
    let elapsed_micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    tracing::info!(status = status.as_u16(), elapsed_micros, "answered");
}

fn with_common_headers(
    mut response: HttpResponse,
    trace: &Trace,
    noted: Vec<(HeaderName, HeaderValue)>,
) -> HttpResponse {
    let headers = response.headers_mut();
    for (name, value) in noted {
        if name == VARY || name == LINK {
            if !headers.get_all(&name).any(|said| *said == value) {
                headers.append(name, value);
            }
        } else if !headers.contains_key(&name) {
            headers.insert(name, value);
        }
    }
    headers.insert(
        API_VERSION,
        HeaderValue::from_static(env!("CARGO_PKG_VERSION")),
    );
    if let Ok(trace) = HeaderValue::from_str(trace.as_str()) {
        headers.insert(TRACEPARENT, trace);
    }
    // What was written in the reader's language would be another text for another reader.
    if headers.contains_key(CONTENT_LANGUAGE) && !varies_by_language(headers) {
        headers.append(VARY, HeaderValue::from_static("accept-language"));
    }
    for (name, value) in USUAL {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if !headers.contains_key(RESOURCE_POLICY) {
        // What every origin may read, every origin may also load.
        let for_all = headers
            .get(ACCESS_CONTROL_ALLOW_ORIGIN)
            .is_some_and(|origin| origin == "*");
        let policy = if for_all {
            "cross-origin"
        } else {
            "same-origin"
        };
        headers.insert(RESOURCE_POLICY, HeaderValue::from_static(policy));
    }
    response
}

fn varies_by_language(headers: &HeaderMap) -> bool {
    headers
        .get_all(VARY)
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.to_ascii_lowercase().contains("accept-language"))
}

const API_VERSION: HeaderName = HeaderName::from_static("api-version");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Headers of every answer that does not say otherwise.
const USUAL: [(HeaderName, &str); 5] = [
    (CACHE_CONTROL, "no-store"),
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'",
    ),
    (REFERRER_POLICY, "no-referrer"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
];
