//! `akademi init`: what an installation needs before anybody can sign in.

use super::{state, told};
use crate::{Fault, say, settings::Init};
use registration::init::{Installed, NewInstallation, init};
use std::process::ExitCode;

pub(super) async fn run(settings: Init) -> Result<ExitCode, Fault> {
    let state = state(&settings.storage).await?;
    let before_at = settings.coordinator.split('@').next().unwrap_or_default();
    let name = settings.coordinator_name;
    let installation = NewInstallation {
        organiser_name: settings.organiser,
        official_code: settings.code,
        coordinator_name: name.unwrap_or_else(|| before_at.to_owned()),
        coordinator_email: settings.coordinator,
    };
    let installed = init(&state, installation).await;
    tell(&installed.map_err(|problem| told(&problem))?);
    Ok(ExitCode::SUCCESS)
}

fn tell(installed: &Installed) {
    say::line(format_args!("organisation  {}", installed.organisation_id));
    say::line(format_args!("coordinator   {}", installed.person_id));
    say::line(format_args!("API key       {}", installed.api_key));
    say::line("The key is shown this once. Send it as a bearer token.");
}
