//! A request's way to its service and back: [`question`] (what the service will read), [`send`]
//! (on the caller's own thread, over that thread's connections: [`line`]), [`answer`] (as the
//! service answers, so the caller reads). What all services have together is asked of each
//! ([`gather`]). Bodies stream both ways and are never held. A service
//! that hangs is asked for so much at once ([`upstream`]) and, after failures, hardly at all
//! ([`circuit`]), so that it takes nothing from the others.

mod answer;
mod circuit;
mod error;
mod figures;
mod gather;
mod line;
mod patience;
mod question;
mod send;
mod upload;
mod upstream;

use crate::{
    archive,
    background::Background,
    door::BodyLimit,
    identity::Identity,
    limits::Limiter,
    settings::{Limits, Settings},
};
use actix_web::{
    HttpMessage as _, HttpRequest, HttpResponse,
    body::{BoxBody, EitherBody, MessageBody},
    dev::{Payload, ServiceRequest, ServiceResponse},
    http::{Method, header, header::HeaderValue},
    middleware::Next,
    web,
};
pub(crate) use gather::{Gathered, gather};
pub(crate) use line::Lines;
use patience::Patience;
use send::Asking;
use shared_types::{Problem, codes};
use shared_web::{Error, contract};
use std::{collections::BTreeMap, io, rc::Rc, sync::Arc};
use upload::Upload;
use upstream::Upstream;

/// Where verifiers look for the keys that sign certificates; evaluation has them.
pub(crate) const ISSUER_KEYS: &str = "/.well-known/jwks.json";

/// Knows the services' addresses and how they are.
#[derive(Debug)]
pub(crate) struct Forwarding {
    upstreams: BTreeMap<String, Arc<Upstream>>,
    limits: Limits,
    identity: Arc<Identity>,
    // The thread that asks who calls lives as long as a worker can receive.
    _background: Background,
}

impl Forwarding {
    /// Reads the addresses; connections are made when they are needed.
    pub(crate) fn new(
        settings: &Settings,
        identity: Arc<Identity>,
        background: Background,
    ) -> io::Result<Self> {
        let limits = settings.limits;
        let upstream = |(position, (name, url)): (usize, (&String, &String))| {
            let patience = Patience::new(limits.answer, &settings.documents, name);
            let upstream = Upstream::new(position, name, url, patience, limits.in_flight)?;
            Ok((name.clone(), Arc::new(upstream)))
        };
        let upstreams = settings.upstreams.iter().enumerate().map(upstream);
        Ok(Self {
            upstreams: upstreams.collect::<io::Result<_>>()?,
            limits,
            identity,
            _background: background,
        })
    }

    /// The names of the services that have routes.
    pub(crate) fn services(&self) -> impl Iterator<Item = &str> {
        self.upstreams.keys().map(String::as_str)
    }

    /// The service of an address and the address's pattern, judged by the bytes that the service
    /// itself will read: what an encoded letter hides is no service's. What else a service has
    /// (its inner doors, its health) has no way in.
    fn choose(&self, path: &str) -> Option<(&Arc<Upstream>, &Arc<str>)> {
        if path == ISSUER_KEYS {
            let upstream = self.upstreams.get("evaluation")?;
            return Some((upstream, &upstream.patterns.issuer_keys));
        }
        let (service, rest) = path.strip_prefix('/')?.split_once('/')?;
        let upstream = self.upstreams.get(service)?;
        match rest.split_once('/')?.0 {
            "v1" => Some((upstream, &upstream.patterns.api)),
            // Only registration has it; elsewhere it is not found, as everywhere.
            "scim" => Some((upstream, &upstream.patterns.scim)),
            "pages" => Some((upstream, &upstream.patterns.pages)),
            _ => None,
        }
    }
}

/// The service that a request goes to.
struct Chosen(Arc<Upstream>);

/// Notes on a request which service it goes to, if it does: what comes after need not match its
/// address with patterns again.
pub(crate) fn recognise(request: &ServiceRequest) {
    let forwarding = request.app_data::<web::Data<Forwarding>>();
    let chosen = forwarding.and_then(|forwarding| forwarding.choose(request.uri().path()));
    if let Some((upstream, pattern)) = chosen {
        let mut extensions = request.extensions_mut();
        extensions.insert(Chosen(Arc::clone(upstream)));
        extensions.insert(contract::Pattern(Arc::clone(pattern)));
    }
}

/// Middleware: hands a request to the service that it is for. What is for none goes on.
pub(crate) async fn pass<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, actix_web::Error> {
    let chosen = request.extensions_mut().remove::<Chosen>();
    let is_gathered =
        || request.method() == Method::GET && request.uri().path() == archive::ADDRESS;
    if chosen.is_none() && !is_gathered() {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    let (request, payload) = request.into_parts();
    let answered = match chosen {
        Some(Chosen(upstream)) => forward(&request, payload, &upstream).await,
        None => archive::answer(&request).await,
    };
    let response = answered.unwrap_or_else(|problem| HttpResponse::from_error(Error(problem)));
    Ok(ServiceResponse::new(request, response).map_into_right_body())
}

async fn forward(
    request: &HttpRequest,
    payload: Payload,
    upstream: &Arc<Upstream>,
) -> Result<HttpResponse, Problem> {
    let mut limits = part::<web::Data<Forwarding>>(request)?.limits;
    let has_body = question::has_body(request.headers());
    if has_body {
        let limit = part::<web::Data<BodyLimit>>(request)?;
        limits.body_bytes = limit.of(request.method(), request.uri().path());
    }
    let target = request.uri().path_and_query();
    let mut asking = Asking {
        request,
        target: target.map_or("/", |target| target.as_str()),
        part_of_whole: false,
        authorization: admitted(request).await?,
        upstream,
        lines: part::<Rc<Lines>>(request)?,
        limits,
        patience: upstream.patience.of(request.method(), request.uri().path()),
        course: None,
    };
    let mut upload = Upload::default();
    if has_body {
        let is_chunked = !request.headers().contains_key(header::CONTENT_LENGTH);
        let (coming, course) = Upload::start(payload, is_chunked, limits);
        upload = coming;
        asking.course = Some(course);
    }
    let answered = asking.send(upload).await;
    answered.map_err(|error| error.problem(&limits))
}

/// What tells the services who calls, once the caller has been found out and charged.
async fn admitted(request: &HttpRequest) -> Result<Option<HeaderValue>, Problem> {
    let forwarding = part::<web::Data<Forwarding>>(request)?;
    let limiter = part::<web::Data<Limiter>>(request)?;
    let limits = forwarding.limits;
    let mut is_charged = false;
    let may_look_up = || {
        is_charged = true;
        limiter.look_up(request)
    };
    let identity = &forwarding.identity;
    let known = identity
        .internal_token(request.headers(), may_look_up)
        .await;
    let (authorization, caller) = match known {
        Ok(known) => known.unzip(),
        Err(error) => {
            let problem = error.problem(limits.retry_after_seconds);
            // Once is enough for one request.
            if problem.code() == &codes::UNAUTHENTICATED && !is_charged {
                limiter.turn_away(request)?;
            }
            return Err(problem);
        }
    };
    limiter.admit(request, caller.as_deref())?;
    Ok(authorization)
}

/// Charges what the gateway answers by itself and is large: to whoever was recognised by the same
/// token a moment ago, otherwise to the address.
pub(crate) fn charge(request: &HttpRequest) -> Result<(), Problem> {
    let forwarding = part::<web::Data<Forwarding>>(request)?;
    let limiter = part::<web::Data<Limiter>>(request)?;
    let caller = forwarding.identity.just_known(request.headers());
    limiter.admit(request, caller.as_deref())
}

/// What the workers have at hand.
fn part<T: 'static>(request: &HttpRequest) -> Result<&T, Problem> {
    let part = request.app_data::<T>();
    part.ok_or_else(|| Problem::internal("the worker lacks a part"))
}
