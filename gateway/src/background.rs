//! A thread with a runtime of its own for what several workers wait for together: keys of issuers,
//! and who a caller is. Started on a worker it would stand still whenever that worker does.

use futures_util::{
    FutureExt as _,
    future::{BoxFuture, Shared},
};
use std::{
    collections::HashMap,
    hash::Hash,
    io,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::{runtime::Handle, sync::oneshot};

/// The thread; it ends, with all that runs on it, when this is dropped.
#[derive(Debug)]
pub(crate) struct Background {
    handle: Handle,
    // Dropping the sender is the signal.
    _stop: oneshot::Sender<()>,
}

impl Background {
    /// Starts the thread.
    pub(crate) fn start() -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let handle = runtime.handle().clone();
        let (stop, stopped) = oneshot::channel::<()>();
        std::thread::Builder::new()
            .name("gateway-asking".to_owned())
            .spawn(move || drop(runtime.block_on(stopped)))?;
        Ok(Self {
            handle,
            _stop: stop,
        })
    }

    /// Where to spawn.
    pub(crate) fn handle(&self) -> &Handle {
        &self.handle
    }
}

/// A result that several wait for; `None` when the runtime has stopped under it.
pub(crate) type Flight<T> = Shared<BoxFuture<'static, Option<T>>>;

/// Work of which at most one runs for a key at any time, whoever asks.
pub(crate) struct SingleFlight<K, T> {
    handle: Handle,
    flying: Mutex<HashMap<K, Flight<T>>>,
}

impl<K, T> SingleFlight<K, T>
where
    K: Clone + Eq + Hash + Send + 'static,
    T: Clone + Send + Sync + 'static,
{
    /// Nothing runs yet; what does will run at `handle`.
    pub(crate) fn new(handle: Handle) -> Arc<Self> {
        Arc::new(Self {
            handle,
            flying: Mutex::default(),
        })
    }

    /// What runs for the key just now.
    pub(crate) fn current(&self, key: &K) -> Option<Flight<T>> {
        let flying = self.flying.lock().unwrap_or_else(PoisonError::into_inner);
        flying.get(key).cloned()
    }

    /// The result of the work that runs for the key, or of `work`, which is then started. It goes
    /// on even if nobody waits.
    pub(crate) fn join(
        self: &Arc<Self>,
        key: K,
        work: impl FnOnce() -> BoxFuture<'static, T>,
    ) -> Flight<T> {
        let mut flying = self.flying.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(flight) = flying.get(&key) {
            return flight.clone();
        }
        let (all, own, work) = (Arc::clone(self), key.clone(), work());
        let task = self.handle.spawn(async move {
            let result = work.await;
            let mut flying = all.flying.lock().unwrap_or_else(PoisonError::into_inner);
            flying.remove(&own);
            result
        });
        let flight = task.map(Result::ok).boxed().shared();
        flying.insert(key, flight.clone());
        flight
    }
}

impl<K, T> std::fmt::Debug for SingleFlight<K, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SingleFlight").finish_non_exhaustive()
    }
}
