//! `akademi health`: whether an address answers 200, for containers without another client.

use crate::{Fault, say};
use shared_web::probe;
use std::process::ExitCode;

pub(super) async fn run(url: &str) -> Result<ExitCode, Fault> {
    let status = probe::status(url).await?;
    if status == 200 {
        return Ok(ExitCode::SUCCESS);
    }
    say::fault(format_args!("{url} answers {status}"));
    Ok(ExitCode::FAILURE)
}
