//! Answers that can be given again without asking anybody: for as long as every step behind one
//! (the token's proof, the reading of roles, the signature) would be taken from memory too.
//!
//! A token is looked for by all of its bytes, never by a digest that could be another's: whoever
//! presents it, presents exactly it. Entries hold for a second, and tokens are not kept longer
//! than that while anybody calls.

use actix_web::http::header::HeaderValue;
use shared_types::Caller;
use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

/// Entries at most.
const MOST: usize = 10_000;
/// How often what no longer holds is thrown out.
const SWEEP: Duration = Duration::from_secs(1);

/// What a verified token rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Proof {
    /// Until when the token itself holds.
    pub(super) expires_at_seconds: u64,
    /// The outside issuer's place, and the edition of its keys.
    pub(super) keys: Option<(usize, u64)>,
}

/// What the services are told, and of whom.
type Answer = (HeaderValue, Arc<Caller>);

struct Entry {
    answer: Answer,
    until: Instant,
    proof: Proof,
}

/// The answers of the last second.
#[derive(Default)]
pub(super) struct Recent(RwLock<Memory>);

#[derive(Default)]
struct Memory {
    entries: HashMap<Box<[u8]>, Entry>,
    swept_at: Option<Instant>,
}

impl Recent {
    /// What the services are told of whoever presents exactly this token.
    pub(super) fn find(
        &self,
        token: &[u8],
        now: Instant,
        still_proves: impl FnOnce(&Proof) -> bool,
    ) -> Option<Answer> {
        let memory = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let found = memory.entries.get(token)?;
        (now < found.until && still_proves(&found.proof)).then(|| found.answer.clone())
    }

    /// Keeps an answer until then.
    pub(super) fn keep(&self, token: &[u8], answer: Answer, until: Instant, proof: Proof) {
        let now = Instant::now();
        if until <= now {
            return;
        }
        let mut memory = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if memory.swept_at.is_none_or(|at| at + SWEEP <= now) {
            memory.entries.retain(|_, entry| now < entry.until);
            memory.swept_at = Some(now);
        }
        if memory.entries.len() < MOST || memory.entries.contains_key(token) {
            let entry = Entry {
                answer,
                until,
                proof,
            };
            memory.entries.insert(token.into(), entry);
        }
    }
}

impl fmt::Debug for Recent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recent").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROOF: Proof = Proof {
        expires_at_seconds: 10,
        keys: Some((0, 1)),
    };

    fn answer() -> Answer {
        let caller = Arc::new(Caller::anonymous());
        (HeaderValue::from_static("Bearer inner"), caller)
    }

    #[test]
    fn an_answer_is_for_exactly_this_token_and_as_long_as_all_holds() {
        let (recent, now) = (Recent::default(), Instant::now());
        let second = Duration::from_secs(1);
        let value = answer();
        recent.keep(b"a.b.c", value.clone(), now + second, PROOF);
        recent.keep(b"late", value.clone(), now, PROOF);
        assert_eq!(
            recent.find(b"a.b.c", now, |proof| *proof == PROOF),
            Some(value)
        );
        assert_eq!(
            recent.find(b"a.b.c", now, |_| false),
            None,
            "the proof is gone"
        );
        assert_eq!(
            recent.find(b"a.b.c", now + second, |_| true),
            None,
            "too old"
        );
        for other in ["a.b.", "a.b.c ", "a.b.cc", "A.b.c", "", "late"] {
            assert_eq!(
                recent.find(other.as_bytes(), now, |_| true),
                None,
                "{other:?}"
            );
        }
    }

    #[test]
    fn what_no_longer_holds_is_not_kept() {
        let (recent, now) = (Recent::default(), Instant::now());
        let value = answer();
        recent.keep(
            b"old",
            value.clone(),
            now + Duration::from_millis(50),
            PROOF,
        );
        std::thread::sleep(SWEEP + Duration::from_millis(50));
        recent.keep(b"new", value, Instant::now() + SWEEP, PROOF);
        let memory = recent.0.read().unwrap();
        assert_eq!(
            memory
                .entries
                .keys()
                .map(|token| &**token)
                .collect::<Vec<_>>(),
            [b"new"]
        );
    }
}
