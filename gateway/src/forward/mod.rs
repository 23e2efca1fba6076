//! A request's way to its service and back: [`prepare`] (what the service will read), [`send`]
//! (on the caller's own thread, over that thread's connections), [`relay`] (as the service
//! answers, so the caller reads). Bodies stream both ways and are never held. A service that
//! hangs is asked for so much at once ([`upstream`]) and, after failures, hardly at all
//! ([`circuit`]), so that it takes nothing from the others.

mod circuit;
mod error;
mod line;
mod patience;
mod prepare;
mod relay;
mod send;
mod upload;
mod upstream;

use crate::{
    background::Background,
    identity::Identity,
    limits::Limiter,
    settings::{Limits, Settings},
};
use actix_web::{HttpRequest, HttpResponse, http::Method, web};
use error::ForwardError;
use hyper::http::HeaderValue;
pub(crate) use line::Lines;
use patience::Patience;
use send::Asking;
use shared_types::{Problem, codes};
use shared_web::Error;
use std::{collections::BTreeMap, io, rc::Rc, sync::Arc};
use upload::Upload;
use upstream::Upstream;

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
            let upstream = Upstream::new(position, url, patience, limits.in_flight)?;
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

    /// The service of an address, judged by the bytes that the service itself will read: what an
    /// encoded letter hides is no service's.
    fn choose(&self, path: &str) -> Option<&Arc<Upstream>> {
        let (service, rest) = path.strip_prefix('/')?.split_once('/')?;
        let is_public = rest.starts_with("v1/") || rest.starts_with("pages/");
        self.upstreams.get(service).filter(|_| is_public)
    }
}

/// Handler of every address that belongs to a service.
pub(crate) async fn forward(
    request: HttpRequest,
    payload: web::Payload,
    forwarding: web::Data<Forwarding>,
    limiter: web::Data<Limiter>,
) -> Result<HttpResponse, Error> {
    let upstream = forwarding
        .choose(request.uri().path())
        .ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    let lines = request
        .app_data::<Rc<Lines>>()
        .ok_or_else(|| Problem::internal("the worker has no connections"))?;
    let limits = forwarding.limits;
    let known = forwarding.identity.internal_token(request.headers()).await;
    let (authorization, caller) = match known {
        Ok(known) => known.unzip(),
        Err(error) => {
            let problem = error.problem(limits.retry_after_seconds);
            if problem.code() == &codes::UNAUTHENTICATED {
                limiter.turn_away(&request)?;
            }
            return Err(problem.into());
        }
    };
    limiter.admit(&request, caller.as_deref())?;
    let asking = Asking {
        upstream,
        lines,
        limits,
        patience: upstream.patience.of(request.method(), request.uri().path()),
        course: None,
    };
    carry(&request, payload, asking, authorization.as_ref())
        .await
        .map_err(|error| Error(error.problem(&limits)))
}

async fn carry(
    request: &HttpRequest,
    payload: web::Payload,
    mut asking: Asking<'_>,
    authorization: Option<&HeaderValue>,
) -> Result<HttpResponse, ForwardError> {
    let upstream = asking.upstream;
    let make = |body| prepare::request(request, upstream, authorization, body);
    let body = if prepare::has_body(request.headers()) {
        let (body, course) = Upload::start(payload, asking.limits);
        asking.course = Some(course);
        body
    } else {
        Upload::default()
    };
    let answer = asking.send(make(body)?, || make(Upload::default())).await?;
    relay::relay(answer, request.method() == Method::HEAD)
}
