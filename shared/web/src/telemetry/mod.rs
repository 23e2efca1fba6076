//! Logs: one line an event, text for people or JSON for machines; and spans for a tracing system.

mod gathered;
mod lines;
pub mod spans;

use gathered::Gathered;
use lines::JsonLines;
use serde::{Deserialize, Serialize};
use std::{
    io::{IsTerminal as _, Stderr},
    str::FromStr,
    sync::LazyLock,
};
use tracing_subscriber::{
    EnvFilter, Layer as _, filter::Targets, layer::SubscriberExt as _, registry,
    util::SubscriberInitExt as _,
};

/// Where lines of JSON wait for one another.
static LINES: LazyLock<Gathered<Stderr>> = LazyLock::new(|| Gathered::new(std::io::stderr()));

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// For machines: one JSON object a line, with the span's fields.
    Json,
}

impl FromStr for LogFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("expected `text` or `json`".to_owned()),
        }
    }
}

/// Starts logging to standard error; `RUST_LOG` chooses what, `default` where it is unset. A
/// second call changes nothing.
pub fn start(format: LogFormat, default: &str) {
    let lines = match format {
        LogFormat::Text => tracing_subscriber::fmt::layer()
            .with_writer(std::io::stderr)
            .with_ansi(std::io::stderr().is_terminal())
            .with_target(false)
            .boxed(),
        LogFormat::Json => match LINES.start() {
            Ok(()) => JsonLines(&*LINES).boxed(),
            // No thread to be had: then each line by itself.
            Err(_) => JsonLines(std::io::stderr).boxed(),
        },
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    // This one also judges spans by their fields, and so asks about them at every step of every
    // request; where levels and targets are all that is named, the smaller one says the same.
    let filter = match filter.to_string().parse::<Targets>() {
        Ok(targets) => targets.boxed(),
        Err(_) => filter.boxed(),
    };
    let _ = registry().with(lines).with(filter).try_init();
}

/// Writes the lines that wait: for whoever ends the process.
pub fn finish() {
    LINES.flush();
}
