//! `akademi figures`: key figures from a file, where there is no network.

use super::{mentorship_state, told};
use crate::{Fault, say, settings::Figures};
use mentorship::key_figures::import::{SAMPLE, read_file};
use std::process::ExitCode;

pub(super) async fn run(command: Figures) -> Result<ExitCode, Fault> {
    let (text, storage) = match command {
        Figures::Read { file, storage } => (std::fs::read_to_string(file)?, storage),
        Figures::Sample { storage } => (SAMPLE.to_owned(), storage),
    };
    let state = mentorship_state(&storage).await?;
    let kept = read_file(&state, &text).await;
    let kept = kept.map_err(|problem| told(&problem))?;
    say::line(format_args!("{kept} key figures"));
    Ok(ExitCode::SUCCESS)
}
