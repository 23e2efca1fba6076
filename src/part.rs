//! A part that serves in this process: the gateway or one service.

use crate::Fault;
use shared_web::server::{Running, Stopper};
use std::{io, time::Duration};
use tokio::task::{JoinError, JoinHandle};

/// A part that serves until it is stopped.
pub(crate) struct Part {
    name: &'static str,
    stopper: Stopper,
    task: JoinHandle<io::Result<()>>,
    background: Vec<JoinHandle<()>>,
}

impl Part {
    /// Begins to serve.
    pub(crate) fn serve(name: &'static str, running: Running) -> Self {
        Self {
            name,
            stopper: running.stopper(),
            background: running.background,
            task: actix_web::rt::spawn(running.server),
        }
    }

    /// Fails readiness, waits `grace`, and lets requests in flight finish.
    pub(crate) async fn stop(self, grace: Duration) {
        self.stopper.stop(grace).await;
        if let Err(fault) = outcome(self.task.await) {
            tracing::warn!(part = self.name, %fault, "did not stop well");
        }
        for work in self.background {
            if let Err(fault) = work.await {
                tracing::warn!(part = self.name, %fault, "work beside requests did not stop well");
            }
        }
    }

    /// Resolves if the part ends without having been stopped, with the reason.
    pub(crate) async fn ended(&mut self) -> Fault {
        let reason = match outcome((&mut self.task).await) {
            Ok(()) => "its server ended".to_owned(),
            Err(fault) => fault.to_string(),
        };
        format!("{} stopped by itself: {reason}", self.name).into()
    }
}

fn outcome(ended: Result<io::Result<()>, JoinError>) -> Result<(), Fault> {
    Ok(ended??)
}
