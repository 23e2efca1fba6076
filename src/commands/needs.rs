//! `akademi needs`: the keys that seal what participants need.

use super::{state, told};
use crate::{Fault, say, settings::Needs};
use registration::needs::rotation::rotate;
use shared_envelope::Keys;
use std::process::ExitCode;

pub(super) async fn run(command: Needs) -> Result<ExitCode, Fault> {
    match command {
        Needs::Rotate { storage } => {
            let state = state(&storage).await?;
            let rotated = rotate(&state).await.map_err(|problem| told(&problem))?;
            let key = state.needs_keys.active();
            say::line(format_args!("{rotated} sealed anew, all by {key}"));
        }
        Needs::Key { name } => {
            let key = Keys::generate(&name)?;
            key.parse::<Keys>()?;
            say::line(key);
        }
    }
    Ok(ExitCode::SUCCESS)
}
