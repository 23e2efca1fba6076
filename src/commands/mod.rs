//! What the program does, a file for each command.

mod audit;
mod backup;
mod doctor;
mod erasures;
mod events;
mod figures;
mod health;
mod init;
mod key;
mod keys;
mod migrate;
mod move_data;
mod needs;
mod pairs;
mod restore;
mod serve;
mod update_check;

use crate::{
    Fault,
    demo::{self, DemoOptions},
    services::{self, Common, Registration},
    settings::{Command, CommandLine, Storage},
};
use shared_types::{Language, Problem};
use shared_web::{
    outgoing::Networks,
    telemetry::{self, LogFormat},
};
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
                database_urls: settings
                    .database_urls
                    .map(|urls| urls.0)
                    .unwrap_or_default(),
            };
            Ok(demo::run(options).await?)
        }
        Command::Init(settings) => {
            telemetry::start(LogFormat::Text, "warn");
            init::run(*settings).await
        }
        Command::Key(command) => {
            telemetry::start(LogFormat::Text, "warn");
            key::run(*command).await
        }
        Command::Keys(command) => keys::run(&command),
        Command::Needs(command) => {
            telemetry::start(LogFormat::Text, "warn");
            needs::run(*command).await
        }
        Command::Erasures(command) => {
            telemetry::start(LogFormat::Text, "warn");
            erasures::run(*command).await
        }
        Command::Pairs(command) => {
            telemetry::start(LogFormat::Text, "warn");
            pairs::run(*command).await
        }
        Command::Figures(command) => {
            telemetry::start(LogFormat::Text, "warn");
            figures::run(*command).await
        }
        Command::Audit(command) => {
            telemetry::start(LogFormat::Text, "warn");
            audit::run(command).await
        }
        Command::Backup {
            folder,
            with_keys,
            encrypt_to,
            data_dir,
        } => {
            telemetry::start(LogFormat::Text, "warn");
            backup::run(&folder, with_keys, encrypt_to, &data_dir).await
        }
        Command::Restore {
            folder,
            check,
            identity,
            storage,
        } => {
            telemetry::start(LogFormat::Text, "warn");
            restore::run(&folder, check, identity.as_deref(), &storage).await
        }
        Command::Move {
            database_urls,
            data_dir,
        } => {
            telemetry::start(LogFormat::Text, "warn");
            move_data::run(&data_dir, database_urls).await
        }
        Command::UpdateCheck(command) => {
            telemetry::start(LogFormat::Text, "warn");
            update_check::run(command).await
        }
        Command::Migrate { part, storage } => {
            telemetry::start(LogFormat::Text, "warn");
            migrate::run(part, &storage).await
        }
        Command::Events(command) => {
            telemetry::start(LogFormat::Text, "warn");
            events::run(*command).await
        }
        Command::Doctor(settings) => {
            telemetry::start(LogFormat::Text, "error");
            doctor::run(*settings).await
        }
        Command::Health { url } => health::run(&url).await,
    }
}

/// Registration's state without its server, for commands that work beside it.
async fn state(storage: &Storage) -> Result<registration::State, Fault> {
    // These commands send nothing; the settings want an address.
    let common = Common::of(registration::api::NAME, storage, "http://localhost:8080")?;
    let settings = Registration::of(storage, &Networks::default())?.with(common);
    Ok(registration::open(&settings).await?)
}

/// Mentorship's state without its server, for commands that work beside it.
async fn mentorship_state(storage: &Storage) -> Result<mentorship::State, Fault> {
    // These commands send nothing; the settings want an address.
    let common = Common::of(mentorship::api::NAME, storage, "http://localhost:8080")?;
    let keys = services::pair_keys(storage)?;
    Ok(mentorship::open(&services::mentorship_settings(common, keys, None)).await?)
}

/// A problem for the person at the terminal, who may know its cause.
fn told(problem: &Problem) -> Fault {
    let body = problem.body(
        Language::English,
        String::new(),
        String::new(),
        String::new(),
    );
    let mut lines = vec![body.detail];
    let places = body.errors.into_iter();
    lines.extend(places.map(|one| format!("{}: {}", one.pointer.unwrap_or_default(), one.detail)));
    lines.extend(problem.cause());
    lines.join("\n").into()
}
