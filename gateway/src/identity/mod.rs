//! Who calls: an access token of a configured issuer, a system's key, in the demo a token of the
//! built-in issuer, or nobody. What is presented and does not hold is refused, never overlooked.
//!
//! The way of a token: [`present`] (found in the request) → [`issuers`] (its signature, once until
//! it expires) → [`resolve`] (person and roles, from registration, at most 2 s old) → [`mint`]
//! (what the services are told).

mod issuers;
mod keys;
mod mint;
mod present;
mod resolve;

use crate::{
    background::Background,
    settings::{Limits, Settings},
};
use actix_web::http::header::HeaderMap;
use issuers::Issuers;
use mint::Mint;
use resolve::Resolver;
use shared_types::{Caller, Problem, caller::Credential, codes};
use shared_web::{
    command::hex,
    key::KeyPair,
    outgoing,
    token::{INTERNAL, Purpose, Signer, TokenRefused},
};
use std::{error::Error, fmt, io, sync::Arc};

/// SHA-256 of a token: what is kept in its place.
type Digest = [u8; 32];
/// Entries that each memory of tokens and callers has at most.
const MOST_ENTRIES: usize = 10_000;
/// The purpose of what the gateway signs.
const PURPOSE: Purpose = INTERNAL;

/// Why nobody could be recognised by what was presented.
#[derive(Debug)]
pub(crate) enum IdentityError {
    /// It is no token, or not one of ours, or no longer.
    Refused(TokenRefused),
    /// The token is good, but registration knows nobody by it.
    Unknown,
    /// Who would have to be asked does not answer.
    Unanswered(String),
    /// Our own key does not sign.
    Unsigned(TokenRefused),
}

impl fmt::Display for IdentityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(_) => f.write_str("refused"),
            Self::Unknown => f.write_str("nobody is known by this"),
            Self::Unanswered(who) => write!(f, "no answer from {who}"),
            Self::Unsigned(_) => f.write_str("the internal token can't be signed"),
        }
    }
}

impl Error for IdentityError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Refused(source) | Self::Unsigned(source) => Some(source),
            Self::Unknown | Self::Unanswered(_) => None,
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
            Self::Unsigned(_) => &codes::INTERNAL,
        };
        Problem::of(code)
            .retry_after(retry_after_seconds)
            .caused_by(self)
    }
}

/// Recognises callers.
#[derive(Debug)]
pub(crate) struct Identity {
    issuers: Issuers,
    resolver: Arc<Resolver>,
    mint: Mint,
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
        Ok(Self {
            issuers: Issuers::start(settings, &client, background),
            resolver: Resolver::new(
                client,
                registration,
                Signer::new(key),
                limits,
                background.handle().clone(),
            ),
            mint: Mint::new(Signer::new(key)),
        })
    }

    /// Who calls, and the token that tells the services so; `None` for who presents nothing.
    pub(crate) async fn internal_token(
        &self,
        headers: &HeaderMap,
    ) -> Result<Option<(String, Arc<Caller>)>, IdentityError> {
        let Some(token) = present::bearer(headers)? else {
            return Ok(None);
        };
        let digest = present::digest(token);
        let credential = if token.starts_with(present::API_KEY_PREFIX) {
            Credential::ApiKey {
                digest: hex(&digest),
            }
        } else {
            self.issuers.verify(token, digest).await?
        };
        let caller = self.resolver.caller(&credential).await?;
        let token = self.mint.token(digest, &caller);
        let token = token.map_err(IdentityError::Unsigned)?;
        Ok(Some((token, caller)))
    }

    /// Whether registration answers, or ever has.
    pub(crate) async fn is_ready(&self) -> bool {
        self.resolver.is_reachable().await
    }
}
