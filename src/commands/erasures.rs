//! `akademi erasures`: people who were erased, after a backup was restored.

use super::{state, told};
use crate::{
    Fault, say,
    settings::{Erasures, Storage},
};
use registration::erasures::ledger;
use std::process::ExitCode;

pub(super) async fn run(command: Erasures) -> Result<ExitCode, Fault> {
    let Erasures::Repeat { storage } = command;
    repeat(&storage).await?;
    Ok(ExitCode::SUCCESS)
}

/// Erases again whoever stands in the ledger, and has every service told of every erasure.
pub(super) async fn repeat(storage: &Storage) -> Result<(), Fault> {
    let state = actix_web::web::Data::new(state(storage).await?);
    let again = ledger::reapply(&state).await;
    let again = again.map_err(|problem| told(&problem))?;
    let repeated = ledger::repeat_all(&state).await;
    let repeated = repeated.map_err(|problem| told(&problem))?;
    say::line(format_args!(
        "{again} erased again here, {repeated} told to every service"
    ));
    Ok(())
}
