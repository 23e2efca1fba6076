//! The demo. A placeholder: the journey is not here yet.

use crate::Fault;
use std::{net::SocketAddr, path::PathBuf, process::ExitCode};

/// How the demo is played.
#[derive(Clone, Debug)]
pub struct DemoOptions {
    /// Where the gateway listens.
    pub listen: SocketAddr,
    /// Folder of the demo's data.
    pub data_dir: PathBuf,
    /// Whether to stop when the journey is done.
    pub exit: bool,
    /// Whether to forget an earlier demo first.
    pub fresh: bool,
}

/// Plays the demo.
pub async fn run(_options: DemoOptions) -> Result<ExitCode, Fault> {
    Err("the demo is not built yet".into())
}
