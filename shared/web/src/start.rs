//! What the start of every service has in common: how it fails, when it is ready, what is there
//! once it runs.

use crate::{health::Readiness, server::Running};
use actix_web::web::Data;
use std::{error::Error, fmt};

/// A started service: its server, and the state that handlers and background work share.
pub struct Service<S> {
    /// The server; it serves while it is awaited.
    pub running: Running,
    /// What is shared.
    pub state: Data<S>,
}

/// Why a process could not start: its name and the cause (an address, its database).
#[derive(Debug)]
pub struct StartError {
    process: &'static str,
    cause: Box<dyn Error + Send + Sync>,
}

impl StartError {
    /// For `map_err`: an error of the process called `process`.
    pub fn of<E: Into<Box<dyn Error + Send + Sync>>>(process: &'static str) -> impl Fn(E) -> Self {
        move |cause| Self {
            process,
            cause: cause.into(),
        }
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} can't start: {}", self.process, self.cause)
    }
}

impl Error for StartError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.cause.as_ref())
    }
}

/// Ready while `check` says so of `thing`: for a service, while its database can be reached.
pub fn ready_while<T, F>(thing: T, check: F) -> Readiness
where
    T: Clone + Send + Sync + 'static,
    F: AsyncFn(&T) -> bool + Clone + Send + Sync + 'static,
{
    Readiness::new(move || {
        let (thing, check) = (thing.clone(), check.clone());
        Box::pin(async move { check(&thing).await })
    })
}
