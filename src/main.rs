//! The one binary: `akademi --help` says what it does.

use akademi::{say, settings::CommandLine};
use shared_web::{outgoing, telemetry};
use std::process::ExitCode;

fn main() -> ExitCode {
    let command_line = CommandLine::read();
    outgoing::install_crypto();
    let outcome = actix_web::rt::System::new().block_on(akademi::run(command_line));
    telemetry::finish();
    outcome.unwrap_or_else(|fault| {
        say::fault(&fault);
        ExitCode::FAILURE
    })
}
