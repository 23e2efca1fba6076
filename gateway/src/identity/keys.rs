//! An issuer's public keys, as its configured address gives them and from nowhere else: fetched
//! at start and regularly, and when a token names a key that is not there, but then no more often
//! than the cool-down allows.

use crate::{
    background::{Background, SingleFlight},
    settings::Limits,
};
use futures_util::FutureExt as _;
use jsonwebtoken::{
    DecodingKey,
    jwk::{AlgorithmParameters, Jwk, PublicKeyUse},
};
use serde::Deserialize;
use serde_json::Value;
use shared_web::outgoing::Internal;
use std::{
    collections::HashMap,
    error::Error,
    fmt,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::{Duration, Instant},
};

/// Largest key set in bytes.
const MOST_BYTES: usize = 1024 * 1024;
/// How long a fetch may take.
const FETCH: Duration = Duration::from_secs(5);
/// How soon a fetch that nobody asked for is tried again after it failed.
const AGAIN: Duration = Duration::from_secs(5);

/// One public key.
pub(super) struct Key {
    /// For checking signatures.
    pub(super) decoding: DecodingKey,
    /// The only algorithm it may be used with, where the set says so.
    pub(super) algorithm: Option<String>,
}

/// What a search for a key found.
pub(super) enum Found {
    /// The key, and the edition of the set in which it stands.
    Key(Arc<Key>, u64),
    /// The issuer has no such key.
    Absent,
    /// Nothing is known of the issuer's keys, or only what is too old.
    NoKeys,
}

/// An issuer's keys.
pub(super) struct KeySet {
    url: String,
    client: Internal,
    limits: Limits,
    known: RwLock<Known>,
    asked_at: Mutex<Option<Instant>>,
    flights: Arc<SingleFlight<(), ()>>,
}

#[derive(Default)]
struct Known {
    keys: HashMap<String, Arc<Key>>,
    source: Vec<Value>,
    edition: u64,
    fetched_at: Option<Instant>,
}

#[derive(Deserialize)]
struct Published {
    keys: Vec<Value>,
}

impl KeySet {
    /// Starts to fetch, now and again and again.
    pub(super) fn start(
        url: &str,
        client: &Internal,
        limits: Limits,
        background: &Background,
    ) -> Arc<Self> {
        let set = Arc::new(Self {
            url: url.to_owned(),
            client: client.clone(),
            limits,
            known: RwLock::default(),
            asked_at: Mutex::default(),
            flights: SingleFlight::new(background.handle().clone()),
        });
        let own = Arc::clone(&set);
        background.handle().spawn(async move {
            loop {
                own.fetch().await;
                let pause = if own.is_fresh() {
                    own.limits.jwks_refresh
                } else {
                    AGAIN.min(own.limits.jwks_refresh)
                };
                tokio::time::sleep(pause).await;
            }
        });
        set
    }

    /// A key by its id. Whoever names one that is known does not wait.
    pub(super) async fn find(self: &Arc<Self>, id: &str) -> Found {
        if let Found::Key(key, edition) = self.look(id) {
            return Found::Key(key, edition);
        }
        if let Some(fetch) = self.flights.current(&()) {
            fetch.await;
        } else if self.may_ask() {
            self.fetch().await;
        }
        self.look(id)
    }

    /// The current edition; what an earlier one has verified is verified again.
    pub(super) fn edition(&self) -> u64 {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.edition
    }

    fn look(&self, id: &str) -> Found {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let usable = known
            .fetched_at
            .is_some_and(|at| at.elapsed() <= self.limits.jwks_max_stale);
        match known.keys.get(id) {
            _ if !usable => Found::NoKeys,
            Some(key) => Found::Key(Arc::clone(key), known.edition),
            None => Found::Absent,
        }
    }

    fn is_fresh(&self) -> bool {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known
            .fetched_at
            .is_some_and(|at| at.elapsed() < self.limits.jwks_refresh)
    }

    /// Whether an unknown key id may cause a fetch now: anybody can invent one.
    fn may_ask(&self) -> bool {
        let mut asked_at = self.asked_at.lock().unwrap_or_else(PoisonError::into_inner);
        let rested = asked_at.is_none_or(|at| at.elapsed() >= self.limits.jwks_cooldown);
        if rested {
            *asked_at = Some(Instant::now());
        }
        rested
    }

    async fn fetch(self: &Arc<Self>) {
        let own = Arc::clone(self);
        let work = || {
            async move {
                match own.read().await {
                    Ok(published) => own.keep(published),
                    Err(cause) => tracing::warn!(url = own.url, %cause, "no keys were fetched"),
                }
            }
            .boxed()
        };
        self.flights.join((), work).await;
    }

    async fn read(&self) -> Result<Vec<Value>, Box<dyn Error + Send + Sync>> {
        let request = self.client.request(reqwest::Method::GET, &self.url)?;
        let mut response = request.timeout(FETCH).send().await?.error_for_status()?;
        let mut body = Vec::new();
        while let Some(part) = response.chunk().await? {
            body.extend_from_slice(&part);
            if body.len() > MOST_BYTES {
                return Err("the key set is too large".into());
            }
        }
        Ok(serde_json::from_slice::<Published>(&body)?.keys)
    }

    fn keep(&self, published: Vec<Value>) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.fetched_at = Some(Instant::now());
        if known.source == published && known.edition > 0 {
            return;
        }
        known.keys = published.iter().filter_map(usable).collect();
        known.source = published;
        known.edition += 1;
        tracing::info!(url = self.url, keys = known.keys.len(), "keys were fetched");
    }
}

/// A key for checking signatures, with its id. What is for encrypting, shared, or of a kind that
/// is not known is left out; the others count all the same.
fn usable(key: &Value) -> Option<(String, Arc<Key>)> {
    let jwk: Jwk = serde_json::from_value(key.clone()).ok()?;
    let signs = matches!(
        jwk.common.public_key_use,
        None | Some(PublicKeyUse::Signature)
    );
    let is_public = matches!(
        jwk.algorithm,
        AlgorithmParameters::EllipticCurve(_)
            | AlgorithmParameters::RSA(_)
            | AlgorithmParameters::OctetKeyPair(_)
    );
    if !signs || !is_public {
        return None;
    }
    let key = Key {
        decoding: DecodingKey::from_jwk(&jwk).ok()?,
        algorithm: key.get("alg").and_then(Value::as_str).map(str::to_owned),
    };
    Some((jwk.common.key_id?, Arc::new(key)))
}

impl fmt::Debug for KeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeySet")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}
