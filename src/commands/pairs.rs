//! `akademi pairs`: the keys of what pairs and participants write.

use super::{mentorship_state, told};
use crate::{Fault, say, settings::Pairs};
use mentorship::vaults::rotation::rotate;
use shared_envelope::Keys;
use std::process::ExitCode;

pub(super) async fn run(command: Pairs) -> Result<ExitCode, Fault> {
    match command {
        Pairs::Rotate { storage } => {
            let state = mentorship_state(&storage).await?;
            let rotated = rotate(&state).await.map_err(|problem| told(&problem))?;
            let key = state.pair_keys.active();
            say::line(format_args!("{rotated} wrapped anew, all by {key}"));
        }
        Pairs::Key { name } => {
            let key = Keys::generate(&name)?;
            key.parse::<Keys>()?;
            say::line(key);
        }
    }
    Ok(ExitCode::SUCCESS)
}
