//! `akademi erasures`: people who were erased, after a backup was restored.

use super::{state, told};
use crate::{Fault, say, settings::Erasures};
use registration::erasures::ledger;
use std::process::ExitCode;

pub(super) async fn run(command: Erasures) -> Result<ExitCode, Fault> {
    let Erasures::Repeat { storage } = command;
    let state = actix_web::web::Data::new(state(&storage).await?);
    let again = ledger::reapply(&state).await;
    let again = again.map_err(|problem| told(&problem))?;
    let repeated = ledger::repeat_all(&state).await;
    let repeated = repeated.map_err(|problem| told(&problem))?;
    say::line(format_args!(
        "{again} erased again here, {repeated} told to every service"
    ));
    Ok(ExitCode::SUCCESS)
}
