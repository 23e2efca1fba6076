//! Person and roles of a caller, as registration knows them.
//!
//! What was read counts for 2 s; after one of them, whoever comes starts a new reading in the
//! background, so that a busy caller never waits. A caller who comes later than the 2 s waits for
//! a new reading: otherwise roles would count for as long as nobody asks. With the internal
//! token's 2 s and 1 s of leeway, what registration has decided counts everywhere within 5 s.
//! While registration does not answer, the last that is known holds; who has waited in vain once
//! does not wait again.
//!
//! Whoever is not known at all waits for one of few places: however many keys somebody makes up,
//! registration is left time to say what has changed of those who are known.

use super::{IdentityError, MOST_ENTRIES, PURPOSE, figures::Figures};
use crate::{
    background::{Flight, SingleFlight},
    settings::Limits,
};
use futures_util::FutureExt as _;
use reqwest::{Method, StatusCode};
use shared_types::{Caller, caller::Credential};
use shared_web::{
    outgoing::Internal,
    token::{Signer, TokenRefused},
};
use std::{
    collections::HashMap,
    error::Error,
    fmt,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    runtime::Handle,
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// From here on a new reading is started.
const AGEING: Duration = Duration::from_secs(1);
/// From here on a new reading is waited for.
const OLD: Duration = Duration::from_secs(2);

/// What registration said.
#[derive(Clone, Debug)]
enum Answer {
    Known(Arc<Caller>),
    Unknown,
    None,
}

/// Asks registration, and remembers.
pub(super) struct Resolver {
    client: Internal,
    callers_url: String,
    ready_url: String,
    signer: Signer,
    limits: Limits,
    handle: Handle,
    read: RwLock<HashMap<Credential, Reading>>,
    flights: Arc<SingleFlight<Credential, Answer>>,
    was_reached: AtomicBool,
    /// Places for questions about whom nothing is known.
    places: Arc<Semaphore>,
    figures: Arc<Figures>,
}

#[derive(Clone, Debug)]
struct Reading {
    caller: Arc<Caller>,
    at: Instant,
    /// When registration last failed to answer about this very caller: another's trouble must
    /// not make old roles count.
    unanswered_at: Option<Instant>,
}

/// What to do with what is known of a caller.
enum Use {
    Now,
    NowAndReadAgain,
    OnlyAfterReadingAgain,
}

impl Reading {
    fn using(&self) -> Use {
        let age = self.at.elapsed();
        let in_vain = self.unanswered_at.is_some_and(|at| at.elapsed() < OLD);
        if age < AGEING {
            Use::Now
        } else if age < OLD || in_vain {
            Use::NowAndReadAgain
        } else {
            Use::OnlyAfterReadingAgain
        }
    }
}

impl Resolver {
    /// Nobody is known yet.
    pub(super) fn new(
        client: Internal,
        registration: &str,
        signer: Signer,
        limits: Limits,
        handle: Handle,
        figures: Arc<Figures>,
    ) -> Arc<Self> {
        Arc::new(Self {
            client,
            callers_url: format!("{registration}/internal/callers"),
            ready_url: format!("{registration}/health/ready"),
            signer,
            limits,
            places: Arc::new(Semaphore::new(limits.lookups)),
            figures,
            flights: SingleFlight::new(handle.clone()),
            handle,
            read: RwLock::default(),
            was_reached: AtomicBool::default(),
        })
    }

    /// The caller whom a credential stands for.
    pub(super) async fn caller(
        self: &Arc<Self>,
        credential: &Credential,
    ) -> Result<Arc<Caller>, IdentityError> {
        let known = self.remembered(credential);
        match known.as_ref().map(|known| (known.using(), &known.caller)) {
            Some((Use::Now, caller)) => return Ok(Arc::clone(caller)),
            Some((Use::NowAndReadAgain, caller)) => {
                // Not awaited: it goes on by itself.
                drop(self.refresh(credential, None));
                return Ok(Arc::clone(caller));
            }
            Some((Use::OnlyAfterReadingAgain, _)) | None => {}
        }
        // Who waits for what is being asked anyway takes no place.
        let asked = match (&known, self.flights.current(credential)) {
            (_, Some(asked)) => asked,
            (Some(_), None) => self.refresh(credential, None),
            (None, None) => {
                let place = Arc::clone(&self.places).acquire_owned();
                let place = timeout(self.limits.lookup / 2, place).await;
                let place = place.ok().and_then(Result::ok);
                self.refresh(credential, Some(place.ok_or(IdentityError::Busy)?))
            }
        };
        match asked.await {
            Some(Answer::Known(caller)) => Ok(caller),
            Some(Answer::Unknown) => Err(IdentityError::Unknown),
            Some(Answer::None) | None => known
                .map(|known| known.caller)
                .ok_or_else(|| IdentityError::Unanswered("registration".to_owned())),
        }
    }

    /// Whether anything is known of a credential.
    pub(super) fn knows(&self, credential: &Credential) -> bool {
        self.remembered(credential).is_some()
    }

    /// Until when nothing needs to be read again of a credential that stands for `caller`.
    pub(super) fn settled_until(
        &self,
        credential: &Credential,
        caller: &Arc<Caller>,
    ) -> Option<Instant> {
        let known = self.remembered(credential)?;
        Arc::ptr_eq(&known.caller, caller).then(|| known.at + AGEING)
    }

    /// Whether registration answers, or ever has.
    pub(super) async fn is_reachable(self: &Arc<Self>) -> bool {
        if self.was_reached.load(Ordering::Relaxed) {
            return true;
        }
        let own = Arc::clone(self);
        let asked = self.handle.spawn(async move {
            let request = own.client.request(Method::GET, &own.ready_url).ok()?;
            let answered = request.timeout(own.limits.lookup).send().await.ok()?;
            answered.status().is_success().then_some(())
        });
        let reached = matches!(asked.await, Ok(Some(())));
        if reached {
            self.was_reached.store(true, Ordering::Relaxed);
        }
        reached
    }

    fn remembered(&self, credential: &Credential) -> Option<Reading> {
        let read = self.read.read().unwrap_or_else(PoisonError::into_inner);
        let found = read.get(credential)?;
        (found.at.elapsed() <= self.limits.last_known).then(|| found.clone())
    }

    /// Asks again, in this place if one was needed.
    fn refresh(
        self: &Arc<Self>,
        credential: &Credential,
        place: Option<OwnedSemaphorePermit>,
    ) -> Flight<Answer> {
        let (own, asked) = (Arc::clone(self), credential.clone());
        let work = || {
            async move {
                let answer = own.read_again(asked).await;
                drop(place);
                answer
            }
            .boxed()
        };
        self.flights.join(credential.clone(), work)
    }

    async fn read_again(&self, credential: Credential) -> Answer {
        // Whoever looked just before another's reading arrived, and joins just after it ended.
        if let Some(known) = self.remembered(&credential)
            && matches!(known.using(), Use::Now)
        {
            return Answer::Known(known.caller);
        }
        // The age counts from before the question: what changes meanwhile may not be in the answer.
        let at = Instant::now();
        let answer = match self.ask(&credential).await {
            Ok(answer) => answer,
            Err(cause) => {
                tracing::warn!(%cause, "registration does not say who a caller is");
                Answer::None
            }
        };
        if !matches!(answer, Answer::None) {
            self.was_reached.store(true, Ordering::Relaxed);
        }
        self.keep(credential, &answer, at);
        answer
    }

    fn keep(&self, credential: Credential, answer: &Answer, at: Instant) {
        let mut read = self.read.write().unwrap_or_else(PoisonError::into_inner);
        if !matches!(answer, Answer::None) {
            self.figures.answered();
        }
        match answer {
            Answer::Known(caller) => {
                let reading = Reading {
                    caller: Arc::clone(caller),
                    at,
                    unanswered_at: None,
                };
                make_room(&mut read, self.limits.last_known);
                read.insert(credential, reading);
            }
            Answer::Unknown => drop(read.remove(&credential)),
            Answer::None => {
                if let Some(reading) = read.get_mut(&credential) {
                    reading.unanswered_at = Some(Instant::now());
                    self.figures.unanswered(reading.at.elapsed());
                }
            }
        }
    }

    async fn ask(&self, credential: &Credential) -> Result<Answer, Box<dyn Error + Send + Sync>> {
        let token = self.own_token()?;
        let request = self.client.request(Method::POST, &self.callers_url)?;
        let response = request
            .bearer_auth(token)
            .json(credential)
            .timeout(self.limits.lookup)
            .send()
            .await
            // The address is configured; what was asked must not be in the log.
            .map_err(reqwest::Error::without_url)?;
        match response.status() {
            StatusCode::OK => {
                let caller: Caller = response.json().await?;
                // A caller without a name would be a stranger to the services.
                if caller.is_anonymous() {
                    return Err("a caller without a subject".into());
                }
                Ok(Answer::Known(Arc::new(caller)))
            }
            // What registration can't even read is nobody's either; it is no outage.
            StatusCode::NOT_FOUND | StatusCode::BAD_REQUEST => Ok(Answer::Unknown),
            other => Err(format!("status {other}").into()),
        }
    }

    fn own_token(&self) -> Result<String, TokenRefused> {
        let gateway = Caller {
            subject: "gateway".to_owned(),
            ..Caller::anonymous()
        };
        self.signer.sign(PURPOSE, &gateway)
    }
}

/// When all places are taken, who has not been read for long goes, then whoever was read longest
/// ago.
fn make_room(read: &mut HashMap<Credential, Reading>, last_known: Duration) {
    if read.len() < MOST_ENTRIES {
        return;
    }
    read.retain(|_, reading| reading.at.elapsed() <= last_known);
    if read.len() >= MOST_ENTRIES {
        let oldest = read.iter().min_by_key(|(_, reading)| reading.at);
        if let Some(oldest) = oldest.map(|(credential, _)| credential.clone()) {
            read.remove(&oldest);
        }
    }
}

impl fmt::Debug for Resolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resolver")
            .field("callers_url", &self.callers_url)
            .finish_non_exhaustive()
    }
}
