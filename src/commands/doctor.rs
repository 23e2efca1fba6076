//! `akademi doctor`: looks whether an installation can work, before it starts or while it runs. It
//! changes nothing, and a line for each thing says what is well, what will hurt, what is broken.

mod look;

use crate::{
    Fault, say,
    settings::{PartName, Serve},
};
use std::{fmt, process::ExitCode};

/// How a thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    /// As it should be.
    Well,
    /// It works, and will hurt.
    Worrying,
    /// It can't work like this.
    Broken,
}

/// One line.
#[derive(Debug)]
struct Finding {
    state: State,
    /// What was looked at.
    thing: String,
    /// How it is; never a secret.
    text: String,
}

impl Finding {
    fn well(thing: impl Into<String>, text: impl fmt::Display) -> Self {
        Self::new(State::Well, thing, text)
    }

    fn worrying(thing: impl Into<String>, text: impl fmt::Display) -> Self {
        Self::new(State::Worrying, thing, text)
    }

    fn broken(thing: impl Into<String>, text: impl fmt::Display) -> Self {
        Self::new(State::Broken, thing, text)
    }

    fn new(state: State, thing: impl Into<String>, text: impl fmt::Display) -> Self {
        Self {
            state,
            thing: thing.into(),
            text: text.to_string(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state {
            State::Well => "ok",
            State::Worrying => "warn",
            State::Broken => "FAIL",
        };
        // What libraries say may have lines of its own.
        let text = self.text.replace('\n', " ");
        write!(f, "{state:<5} {:<26} {text}", self.thing)
    }
}

pub(super) async fn run(settings: Serve) -> Result<ExitCode, Fault> {
    let findings = match settings.part {
        None => look::at_all_in_one(&settings).await,
        Some(PartName::Gateway) => look::at_gateway(&settings).await,
        Some(part) => look::at_service(part, &settings).await,
    };
    let mut worst = State::Well;
    for finding in &findings {
        say::line(finding);
        worst = worst.max(finding.state);
    }
    let count = |state| findings.iter().filter(|one| one.state == state).count();
    say::line(format_args!(
        "{} ok, {} to worry about, {} broken",
        count(State::Well),
        count(State::Worrying),
        count(State::Broken)
    ));
    Ok(if worst == State::Broken {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}
