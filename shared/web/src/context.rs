//! What a handler knows of a request besides its body.

use crate::{Clock, Error, contract::Contract, origin, token::Verifier, trace::Trace};
use actix_web::{
    FromRequest, HttpMessage as _, HttpRequest,
    dev::Payload,
    http::header::{ACCEPT_LANGUAGE, HeaderValue},
    web::Data,
};
use chrono::{DateTime, Utc};
use shared_types::{Actor, Caller, Language, Problem};
use std::{future::Ready, sync::Arc};

/// What every web process shares between its workers.
#[derive(Debug)]
pub struct Core {
    /// Name of the API, and the first segment of its addresses.
    pub name: &'static str,
    /// The domain clock.
    pub clock: Clock,
    /// Verifies internal tokens.
    pub verifier: Verifier,
    /// What the API document demands of a request.
    pub contract: Contract,
    /// Address for links in mails, and where a request brings none.
    pub public_url: String,
}

/// The context of one request.
#[derive(Clone, Debug)]
pub struct Context {
    /// Who calls.
    pub caller: Caller,
    /// The language of what Akademi itself says.
    pub language: Language,
    /// The time at which the request is judged, read once.
    pub now: DateTime<Utc>,
    /// Address under which the caller sees Akademi, without a trailing slash.
    pub origin: String,
    /// Trace of the request.
    pub trace: Trace,
    api: &'static str,
}

impl Context {
    /// A context for what the system does by itself: sweeps, relays, set-up.
    pub fn system(core: &Core) -> Self {
        Self {
            caller: Caller {
                subject: "system".into(),
                ..Caller::anonymous()
            },
            language: Language::English,
            now: core.clock.now(),
            origin: core.public_url.clone(),
            trace: Trace::start(),
            api: core.name,
        }
    }

    /// The absolute address of something in this API, such as `rounds/{id}`.
    pub fn href(&self, path: impl std::fmt::Display) -> String {
        format!("{}/{}/v1/{path}", self.origin, self.api)
    }

    /// The absolute address of something in another service's API.
    pub fn elsewhere(&self, api: &str, path: impl std::fmt::Display) -> String {
        format!("{}/{api}/v1/{path}", self.origin)
    }

    /// The author of what this request changes.
    pub fn actor(&self) -> Actor {
        Actor {
            subject: if self.caller.is_anonymous() {
                "anonymous".to_owned()
            } else {
                self.caller.subject.clone()
            },
            on_behalf_of: None,
            at: self.now,
            trace: Some(self.trace.to_string()),
        }
    }

    /// The context of the request that is being handled.
    pub fn of(request: &HttpRequest) -> Result<Self, Problem> {
        let core = core(request)?;
        Ok(Self {
            caller: request
                .extensions()
                .get::<Caller>()
                .cloned()
                .unwrap_or_default(),
            language: language(request),
            now: core.clock.now(),
            origin: origin::from_forwarded(request.headers())
                .unwrap_or_else(|| core.public_url.clone()),
            trace: trace(request),
            api: core.name,
        })
    }
}

impl FromRequest for Context {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(Self::of(request).map_err(Error::from))
    }
}

/// The shared parts of the process that handles a request.
pub fn core(request: &HttpRequest) -> Result<Arc<Core>, Problem> {
    let core = request.app_data::<Data<Core>>();
    core.map(|core| Arc::clone(core))
        .ok_or_else(|| Problem::internal("the application has no core"))
}

/// The reader's language, from `Accept-Language`.
pub fn language(request: &HttpRequest) -> Language {
    negotiated(request.headers().get(ACCEPT_LANGUAGE))
}

/// The language for who sends this `Accept-Language`.
pub(crate) fn negotiated(header: Option<&HeaderValue>) -> Language {
    let header = header.and_then(|value| value.to_str().ok());
    header.and_then(Language::negotiate).unwrap_or_default()
}

/// The request's trace; [`crate::finish`] has put it there.
pub fn trace(request: &HttpRequest) -> Trace {
    request
        .extensions()
        .get::<Trace>()
        .copied()
        .unwrap_or_else(Trace::start)
}

/// What others have noted of the request's trace, to be passed on with it.
pub fn trace_state(request: &HttpRequest) -> Option<String> {
    let extensions = request.extensions();
    extensions
        .get::<crate::trace::State>()
        .map(|state| state.0.clone())
}
