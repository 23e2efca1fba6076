//! What the program does, a file for each command.

mod health;
mod init;
mod keys;
mod serve;

use crate::{
    Fault,
    demo::{self, DemoOptions},
    settings::{Command, CommandLine},
};
use shared_web::telemetry::{self, LogFormat};
use std::process::ExitCode;

/// What is logged while serving, unless `RUST_LOG` says otherwise: not what libraries tell of
/// themselves.
const SERVING: &str = "info,actix_server=warn,sea_orm_migration=warn,sqlx=warn";

/// Does what the command line asks for.
pub async fn run(command_line: CommandLine) -> Result<ExitCode, Fault> {
    match command_line.command() {
        Command::Serve(settings) => {
            telemetry::start(settings.log_format, SERVING);
            serve::run(*settings).await
        }
        Command::Demo(settings) => {
            // Its own lines tell what happens; the log only what went wrong.
            telemetry::start(LogFormat::Text, "warn");
            let options = DemoOptions {
                listen: settings.listen,
                data_dir: settings.data_dir,
                exit: settings.exit,
                fresh: settings.fresh,
            };
            Ok(demo::run(options).await?)
        }
        Command::Init(settings) => {
            telemetry::start(LogFormat::Text, "warn");
            init::run(settings).await
        }
        Command::Keys(command) => keys::run(&command),
        Command::Health { url } => health::run(&url).await,
    }
}
