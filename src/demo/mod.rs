//! The demo: the five programmes as real data, and one round of "Ledarskap i kommuner" played
//! through the public API, from the first application to the last session, with its pairs of
//! mentors and participants.
//!
//! Nothing is written round the API but the organisers' first coordinators, which `akademi
//! init` makes in a real installation, the sample of key figures, which `akademi figures
//! sample` reads, and for how long mails are kept, since the demo has no operator. Every call carries an idempotency key made of its step,
//! so that a demo that was stopped anywhere goes on where it was when it is started again.

mod circle;
mod client;
mod effects;
mod goals;
mod hr;
mod integration;
mod interviews;
mod journey;
mod load;
mod mailbox;
mod money;
mod pairs;
mod report;
mod seeds;
mod sessions;

use crate::{AllInOne, AllInOneOptions, Fault, home::Home, say, stop};
use chrono::{DateTime, Utc};
use client::Client;
use gateway::{Edge, Rates};
use registration::mail::Outgoing;
use serde_json::{Value, json};
use shared_web::{Clock, outgoing::Networks};
use std::{
    collections::BTreeMap,
    fs, io,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

/// Where the demo's clock starts: the day on which the round of the document could open.
const STARTS_AT: &str = "2022-04-01T06:00:00Z";
/// How often what is due is looked for, while the demo's clock jumps.
const SWEEP_EVERY: Duration = Duration::from_millis(100);

/// How the demo is played.
#[derive(Clone, Debug)]
pub struct DemoOptions {
    /// Where the gateway listens.
    pub listen: SocketAddr,
    /// Folder of the demo's data.
    pub data_dir: PathBuf,
    /// Whether to stop when the journey is done.
    pub exit: bool,
    /// Whether to forget an earlier demo first.
    pub fresh: bool,
    /// Databases instead of SQLite files, by part.
    pub database_urls: BTreeMap<String, String>,
}

/// Plays the demo, and stays up afterwards unless asked to exit.
pub async fn run(options: DemoOptions) -> Result<ExitCode, Fault> {
    if options.fresh {
        forget(&options.data_dir)?;
    }
    let home = Home::new(&options.data_dir);
    home.make()?;
    let issuer = home.key_pair("demo")?;
    let clock = Clock::starting_at(STARTS_AT.parse::<DateTime<Utc>>()?);
    // The HR system that is told of events is a part of this process.
    let loopback: Networks = "127.0.0.0/8".parse()?;
    let mut all = AllInOne::start(AllInOneOptions {
        outgoing: Some(Outgoing::new(&loopback)?),
        clock: clock.clone(),
        demo: Some(issuer.public().clone()),
        sweep_every: SWEEP_EVERY,
        database_urls: options.database_urls,
        // The journey and whoever plays with it are few callers with many requests.
        edge: Edge {
            rates: Rates::NONE,
            ..Edge::default()
        },
        ..AllInOneOptions::new(options.listen, &options.data_dir)
    })
    .await?;
    say::line(format_args!(
        "Akademi answers at {}. The demo's clock shows {STARTS_AT}.",
        all.url()
    ));
    let client = Client::new(&all.url(), &issuer)?;
    let played = tokio::select! {
        played = play(&all, &client, &clock, &options.data_dir) => played,
        asked = stop::requested() => { asked?; all.stop().await; return Ok(ExitCode::SUCCESS); }
    };
    let held = match played {
        Ok(held) => held,
        Err(fault) => {
            all.stop().await;
            return Err(fault);
        }
    };
    if !options.exit {
        say::line("The demo stays up; stop it with Ctrl-C.");
        tokio::select! {
            asked = stop::requested() => asked?,
            fault = all.ended() => return Err(fault),
        }
    }
    all.stop().await;
    Ok(if held {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn play(
    all: &AllInOne,
    client: &Client,
    clock: &Clock,
    data_dir: &Path,
) -> Result<bool, Fault> {
    let world = load::load(all.registration(), client).await?;
    let mail_dir = data_dir.join("mail");
    let endpoint = integration::Endpoint::start(data_dir)?;
    let webhook = endpoint.subscribe(client, &world).await?;
    let outcome = journey::Journey {
        client,
        clock,
        world: &world,
        mail_dir: &mail_dir,
        mentorship: all.mentorship(),
    }
    .play()
    .await?;
    let held = report::print(client, &world, &outcome).await?;
    let integration = endpoint
        .arrived(client, &world, all.registration(), webhook)
        .await?;
    let held = held && integration.held();
    let mut summary = report::summary(client, clock, &world, &outcome)?;
    if let Some(members) = summary.as_object_mut() {
        members.insert("integration".to_owned(), integration.summary());
    }
    write_whole(&data_dir.join("demo.json"), &summary)?;
    report::print_next_steps(client, &summary);
    Ok(held)
}

/// Forgets an earlier demo: exactly what a demo makes, and nothing else that may lie there.
fn forget(data_dir: &Path) -> io::Result<()> {
    let made = [
        "keys",
        "mail",
        "demo.json",
        "webhooks.jsonl",
        "erasures.jsonl",
    ]
    .into_iter()
    .map(str::to_owned);
    let files = ["registration", "scheduling", "mentorship", "evaluation"]
        .into_iter()
        .flat_map(|service| {
            ["sqlite", "sqlite-wal", "sqlite-shm", "lock"]
                .map(|ending| format!("{service}.{ending}"))
        });
    for name in made.chain(files) {
        let path = data_dir.join(name);
        if path.is_dir() {
            fs::remove_dir_all(path)?;
        } else if path.exists() {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

fn write_whole(path: &Path, value: &Value) -> Result<(), Fault> {
    shared_web::key::write_secret(path, &serde_json::to_string_pretty(value)?)?;
    Ok(())
}

/// The body of an operation that takes none.
fn nothing() -> Value {
    json!({})
}
