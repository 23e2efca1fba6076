//! Who calls: an access token of a configured issuer, a system's key, in the demo a token of the
//! built-in issuer, or nobody. What is presented and does not hold is refused, never overlooked.
//!
//! The way of a token: [`present`] (found in the request) → [`issuers`] (its signature, once until
//! it expires) → [`resolve`] (person and roles, from registration, at most 2 s old) → [`mint`]
//! (what the services are told). Within a second the same token goes by [`recent`] instead.

mod figures;
mod issuers;
mod keys;
mod mint;
mod present;
mod recent;
mod resolve;

use crate::{
    background::Background,
    settings::{Limits, Settings},
};
use actix_web::http::header::{HeaderMap, HeaderValue};
use figures::Figures;
use issuers::{Checked, Issuers};
use mint::Mint;
use recent::{Proof, Recent};
use resolve::Resolver;
use shared_types::{Caller, Problem, codes};
use shared_web::{
    key::KeyPair,
    outgoing,
    token::{INTERNAL, Purpose, Signer, TokenRefused},
};
use std::{error::Error, fmt, io, sync::Arc, time::Instant};

/// SHA-256 of a token: what is kept in its place.
type Digest = [u8; 32];
/// Entries that each memory of tokens and callers has at most.
const MOST_ENTRIES: usize = 10_000;
/// The purpose of what the gateway signs.
const PURPOSE: Purpose = INTERNAL;

/// Whether a key counts is registration's to say, so what it proves ends with the reading.
const API_KEY_PROOF: Proof = Proof {
    expires_at_seconds: u64::MAX,
    keys: None,
};

/// Why nobody could be recognised by what was presented.
#[derive(Debug)]
pub(crate) enum IdentityError {
    /// It is no token, or not one of ours, or no longer.
    Refused(TokenRefused),
    /// The token is good, but registration knows nobody by it.
    Unknown,
    /// Who would have to be asked does not answer.
    Unanswered(String),
    /// So many are asked about at once that nobody else can be.
    Busy,
    /// Whoever presents it has had too many looked up.
    TooOften(Problem),
    /// Our own key does not sign.
    Unsigned(TokenRefused),
}

impl fmt::Display for IdentityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(_) => f.write_str("refused"),
            Self::Unknown => f.write_str("nobody is known by this"),
            Self::Busy => f.write_str("too many are asked about at once"),
            Self::TooOften(_) => f.write_str("too many were asked about"),
            Self::Unanswered(who) => write!(f, "no answer from {who}"),
            Self::Unsigned(_) => f.write_str("the internal token can't be signed"),
        }
    }
}

impl Error for IdentityError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Refused(source) | Self::Unsigned(source) => Some(source),
            Self::Unknown | Self::Unanswered(_) | Self::Busy | Self::TooOften(_) => None,
        }
    }
}

impl IdentityError {
    /// A refusal with its reason for the log.
    fn refused(why: impl Into<String>) -> Self {
        Self::Refused(TokenRefused(why.into()))
    }

    /// As the caller is told.
    pub(crate) fn problem(self, retry_after_seconds: u32) -> Problem {
        let code = match self {
            Self::Refused(_) | Self::Unknown => &codes::UNAUTHENTICATED,
            Self::Unanswered(_) => &codes::UNAVAILABLE,
            Self::Busy => &codes::OVERLOADED,
            Self::TooOften(problem) => return problem,
            Self::Unsigned(_) => &codes::INTERNAL,
        };
        Problem::of(code)
            .retry_after(retry_after_seconds)
            .caused_by(self)
    }
}

/// The caller, limited to the scopes that the token names, where it limits at all.
fn limited(caller: Arc<Caller>, scopes: Option<Vec<String>>) -> Arc<Caller> {
    match scopes {
        None => caller,
        Some(_) => Arc::new(Caller {
            scopes,
            ..Caller::clone(&caller)
        }),
    }
}

/// Recognises callers.
#[derive(Debug)]
pub(crate) struct Identity {
    issuers: Issuers,
    resolver: Arc<Resolver>,
    mint: Mint,
    recent: Recent,
    figures: Arc<Figures>,
}

impl Identity {
    /// Starts to fetch the issuers' keys.
    pub(crate) fn start(
        settings: &Settings,
        key: &KeyPair,
        background: &Background,
    ) -> io::Result<Self> {
        let registration = settings.upstreams.get("registration").map(String::as_str);
        let registration = registration.unwrap_or_default().trim_end_matches('/');
        let key_sets = settings
            .issuers
            .iter()
            .map(|issuer| issuer.jwks_url.as_str());
        let client =
            outgoing::internal(key_sets.chain([registration])).map_err(io::Error::other)?;
        let limits: Limits = settings.limits;
        let figures = Arc::new(Figures::new());
        Ok(Self {
            issuers: Issuers::start(settings, &client, background),
            resolver: Resolver::new(
                client,
                registration,
                Signer::new(key),
                limits,
                background.handle().clone(),
                Arc::clone(&figures),
            ),
            mint: Mint::new(Signer::new(key)),
            recent: Recent::default(),
            figures,
        })
    }

    /// The `Authorization` that tells the services who calls, and who that is; `None` for who
    /// presents nothing. `may_look_up` is asked before registration is about somebody new: anybody
    /// can make up keys.
    pub(crate) async fn internal_token(
        &self,
        headers: &HeaderMap,
        may_look_up: impl FnOnce() -> Result<(), Problem>,
    ) -> Result<Option<(HeaderValue, Arc<Caller>)>, IdentityError> {
        let Some(token) = present::bearer(headers)? else {
            return Ok(None);
        };
        let still_proves = |proof: &Proof| self.issuers.still_prove(proof);
        if let Some(known) = self.recent.find(token, Instant::now(), still_proves) {
            self.figures.hit();
            return Ok(Some(known));
        }
        self.figures.miss();
        let presented = token;
        let token = present::text(presented)?;
        let digest = present::digest(token);
        let checked = match present::api_key(token)? {
            Some(credential) => Checked {
                credential,
                scopes: None,
                proof: API_KEY_PROOF,
            },
            None => self.issuers.verify(token, digest).await?,
        };
        if !self.resolver.knows(&checked.credential) {
            may_look_up().map_err(IdentityError::TooOften)?;
        }
        let read = self.resolver.caller(&checked.credential).await?;
        let caller = limited(Arc::clone(&read), checked.scopes);
        let signed = self.mint.token(digest, &caller);
        let signed = signed.map_err(IdentityError::Unsigned)?;
        let known = (signed.authorization, caller);
        if let Some(settled_until) = self.resolver.settled_until(&checked.credential, &read) {
            let until = signed.until.min(settled_until);
            self.recent
                .keep(presented, known.clone(), until, checked.proof);
        }
        Ok(Some(known))
    }

    /// Who presents a token that was good within the last second, without asking anybody.
    pub(crate) fn just_known(&self, headers: &HeaderMap) -> Option<Arc<Caller>> {
        let token = present::bearer(headers).ok()??;
        let still_proves = |proof: &Proof| self.issuers.still_prove(proof);
        let known = self.recent.find(token, Instant::now(), still_proves);
        known.map(|(_, caller)| caller)
    }

    /// Whether registration answers, or ever has.
    pub(crate) async fn is_ready(&self) -> bool {
        self.resolver.is_reachable().await
    }
}
