//! What the services are told: an internal token for a caller, signed anew each second, so that
//! the hot path costs no signature.

use super::{Digest, MOST_ENTRIES, PURPOSE};
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
    token: String,
    at: Instant,
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
    ) -> Result<String, TokenRefused> {
        if let Some(token) = self.remembered(digest, caller) {
            return Ok(token);
        }
        let token = self.signer.sign(PURPOSE, caller)?;
        let minted = Minted {
            caller: Arc::clone(caller),
            token: token.clone(),
            at: Instant::now(),
        };
        let mut all = self.minted.write().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST_ENTRIES {
            all.retain(|_, one| one.at.elapsed() < FRESH);
        }
        if all.len() < MOST_ENTRIES {
            all.insert(digest, minted);
        }
        Ok(token)
    }

    fn remembered(&self, digest: Digest, caller: &Arc<Caller>) -> Option<String> {
        let minted = self.minted.read().unwrap_or_else(PoisonError::into_inner);
        let found = minted.get(&digest)?;
        (found.at.elapsed() < FRESH && found.caller == *caller).then(|| found.token.clone())
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
        let first = mint.token([1; 32], &caller("person:1")).unwrap();
        let other = mint.token([1; 32], &caller("person:2")).unwrap();
        assert_ne!(first, other, "the caller behind a token has changed");
        let again = mint.token([1; 32], &caller("person:2")).unwrap();
        assert_eq!(other, again);
    }
}
