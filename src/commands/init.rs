//! `akademi init`: what an installation needs before anybody can sign in.

use crate::{
    Fault, say,
    services::{Common, Registration},
    settings::Init,
};
use registration::init::{Installed, NewInstallation};
use std::{process::ExitCode, time::Duration};

/// Nothing is swept while an installation is made; the setting wants a value.
const SWEEP_EVERY: Duration = Duration::from_secs(30);

pub(super) async fn run(settings: Init) -> Result<ExitCode, Fault> {
    let common = Common::of(
        registration::api::NAME,
        &settings.storage,
        "http://localhost:8080",
    )?;
    let own = Registration::of(&settings.storage, SWEEP_EVERY)?;
    let state = registration::open(&own.with(common)).await?;
    let before_at = settings.coordinator.split('@').next().unwrap_or_default();
    let installation = NewInstallation {
        organiser_name: settings.organiser,
        official_code: settings.code,
        coordinator_name: settings
            .coordinator_name
            .unwrap_or_else(|| before_at.to_owned()),
        coordinator_email: settings.coordinator,
    };
    let installed = registration::init::init(&state, installation)
        .await
        .map_err(|problem| problem.cause().unwrap_or_else(|| problem.to_string()))?;
    tell(&installed);
    Ok(ExitCode::SUCCESS)
}

fn tell(installed: &Installed) {
    say::line(format_args!("organisation  {}", installed.organisation_id));
    say::line(format_args!("coordinator   {}", installed.person_id));
    say::line(format_args!("API key       {}", installed.api_key));
    say::line("The key is shown this once; send it as `Authorization: Bearer …`.");
}
