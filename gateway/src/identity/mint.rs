//! What the services are told: an internal token for a caller, signed anew each second, so that
//! the hot path costs no signature.

use super::{Digest, MOST_ENTRIES, PURPOSE};
use actix_web::http::header::HeaderValue;
use shared_types::Caller;
use shared_web::token::{Signer, TokenRefused};
use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

/// How long a signed token is handed out; it lives one second longer.
const FRESH: Duration = Duration::from_secs(1);

/// Signs internal tokens.
#[derive(Debug)]
pub(super) struct Mint {
    signer: Signer,
    minted: RwLock<HashMap<Digest, Minted>>,
}

#[derive(Debug)]
struct Minted {
    caller: Arc<Caller>,
    signed: Signed,
    at: Instant,
}

/// A signed token.
#[derive(Clone, Debug)]
pub(super) struct Signed {
    /// As the services find it in `Authorization`.
    pub(super) authorization: HeaderValue,
    /// How long it is handed out.
    pub(super) until: Instant,
}

impl Mint {
    /// Nothing is signed yet.
    pub(super) fn new(signer: Signer) -> Self {
        Self {
            signer,
            minted: RwLock::default(),
        }
    }

    /// A token for the caller who presented the token of this digest. One that was signed before
    /// is used only for the very same caller with the very same roles.
    pub(super) fn token(
        &self,
        digest: Digest,
        caller: &Arc<Caller>,
    ) -> Result<Signed, TokenRefused> {
        if let Some(signed) = self.remembered(digest, caller) {
            return Ok(signed);
        }
        let at = Instant::now();
        let token = self.signer.sign(PURPOSE, caller)?;
        let mut authorization = HeaderValue::try_from(format!("Bearer {token}"))
            .map_err(|error| TokenRefused(error.to_string()))?;
        authorization.set_sensitive(true);
        let signed = Signed {
            authorization,
            until: at + FRESH,
        };
        let minted = Minted {
            caller: Arc::clone(caller),
            signed: signed.clone(),
            at,
        };
        let mut all = self.minted.write().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST_ENTRIES {
            all.retain(|_, one| one.at.elapsed() < FRESH);
        }
        if all.len() < MOST_ENTRIES {
            all.insert(digest, minted);
        }
        Ok(signed)
    }

    fn remembered(&self, digest: Digest, caller: &Arc<Caller>) -> Option<Signed> {
        let minted = self.minted.read().unwrap_or_else(PoisonError::into_inner);
        let found = minted.get(&digest)?;
        (found.at.elapsed() < FRESH && found.caller == *caller).then(|| found.signed.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_web::key::KeyPair;

    fn caller(subject: &str) -> Arc<Caller> {
        Arc::new(Caller {
            subject: subject.to_owned(),
            ..Caller::anonymous()
        })
    }

    #[test]
    fn a_signed_token_is_reused_for_the_same_caller_only() {
        let mint = Mint::new(Signer::new(&KeyPair::generate("gateway").unwrap()));
        let told = |subject: &str| mint.token([1; 32], &caller(subject)).unwrap().authorization;
        let (first, other) = (told("person:1"), told("person:2"));
        assert_ne!(first, other, "the caller behind a token has changed");
        let again = told("person:2");
        assert_eq!(other, again);
    }
}
