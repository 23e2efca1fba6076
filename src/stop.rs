//! When the program is asked to stop.

use std::io;
use tokio::signal::unix::{SignalKind, signal};

/// Resolves on SIGTERM (from whoever runs us) or SIGINT (Ctrl-C).
pub async fn requested() -> io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}
