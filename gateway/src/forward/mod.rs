//! A request's way to its service and back: [`prepare`] (what the service will read), [`send`]
//! (on a runtime of its own), [`relay`] (as the service answers, so the caller reads). Bodies
//! stream both ways and are never held.

mod error;
mod prepare;
mod relay;
mod send;
mod upload;

use crate::{background::Background, identity::Identity, limits::Limiter, settings::Settings};
use actix_web::{HttpRequest, HttpResponse, web};
use error::ForwardError;
use hyper::http::uri::Authority;
use send::Sender;
use shared_types::{Problem, codes};
use shared_web::Error;
use std::{collections::BTreeMap, io, sync::Arc};

/// Knows the services' addresses and how to reach them.
#[derive(Debug)]
pub(crate) struct Forwarding {
    upstreams: BTreeMap<String, Authority>,
    sender: Sender,
    identity: Arc<Identity>,
    // The thread that sends lives as long as a worker can receive.
    _background: Background,
}

impl Forwarding {
    /// Reads the addresses; connections are made when they are needed.
    pub(crate) fn new(
        settings: &Settings,
        identity: Arc<Identity>,
        background: Background,
    ) -> io::Result<Self> {
        let authority = |(name, address): (&String, &String)| {
            let host = address.trim_end_matches('/').trim_start_matches("http://");
            let authority = Authority::try_from(host).map_err(io::Error::other)?;
            Ok((name.clone(), authority))
        };
        Ok(Self {
            upstreams: settings
                .upstreams
                .iter()
                .map(authority)
                .collect::<io::Result<_>>()?,
            sender: Sender::new(settings.limits, &background),
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
    fn choose(&self, path: &str) -> Option<&Authority> {
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
    let limits = forwarding.sender.limits();
    let token = forwarding.identity.internal_token(request.headers());
    let (token, caller) = match token.await {
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
    let carried = carry(
        &request,
        payload,
        upstream,
        token.as_deref(),
        &forwarding.sender,
    );
    carried.await.map_err(|error| Error(error.problem(&limits)))
}

async fn carry(
    request: &HttpRequest,
    payload: web::Payload,
    upstream: &Authority,
    token: Option<&str>,
    sender: &Sender,
) -> Result<HttpResponse, ForwardError> {
    let head = prepare::head(request, upstream, token)?;
    let upload = prepare::has_body(request.headers()).then_some(payload);
    let answer = sender.send(head, upload).await?;
    relay::relay(answer)
}
