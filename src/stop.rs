//! When the program is asked to stop.

use std::io;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Somebody who listens for being asked. Whoever asks before anybody listens ends the process at
/// once, so this is made before the program says that it serves.
pub struct Requests {
    terminate: Signal,
    interrupt: Signal,
}

impl Requests {
    /// Listens from now on.
    pub fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Resolves on SIGTERM (from whoever runs us) or SIGINT (Ctrl-C).
    pub async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Resolves when the program is asked to stop from now on.
pub async fn requested() -> io::Result<()> {
    Requests::listen()?.next().await;
    Ok(())
}
