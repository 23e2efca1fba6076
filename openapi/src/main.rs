//! `openapi write` brings the committed API documents up to the code; `openapi check` fails when
//! they are not.

use std::{
    error::Error,
    io::{self, Write as _},
    process::ExitCode,
};

const USAGE: &str = "usage: cargo run -p openapi -- write|check";

fn main() -> Result<ExitCode, Box<dyn Error>> {
    match std::env::args().nth(1).as_deref() {
        Some("write") => write(),
        Some("check") => check(),
        _ => {
            writeln!(io::stderr(), "{USAGE}")?;
            Ok(ExitCode::from(2))
        }
    }
}

/// Every document that is committed and follows from the code.
fn documents() -> Result<Vec<openapi::Committed>, Box<dyn Error>> {
    let mut documents = openapi::committed()?;
    documents.push(openapi::integrating(&openapi::folder())?);
    Ok(documents)
}

fn write() -> Result<ExitCode, Box<dyn Error>> {
    let documents = documents()?;
    let changed = openapi::write(&openapi::folder(), &documents)?;
    let mut out = io::stdout();
    for file in &changed {
        writeln!(out, "written: openapi/{file}")?;
    }
    let same = documents.len() - changed.len();
    writeln!(out, "{same} of {} documents were right", documents.len())?;
    Ok(ExitCode::SUCCESS)
}

fn check() -> Result<ExitCode, Box<dyn Error>> {
    let documents = documents()?;
    let different = openapi::differing(&openapi::folder(), &documents);
    if different.is_empty() {
        writeln!(
            io::stdout(),
            "{} documents are what the code says",
            documents.len()
        )?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut err = io::stderr();
    for file in &different {
        writeln!(err, "not what the code says: openapi/{file}")?;
    }
    writeln!(
        err,
        "run: cargo run -p openapi -- write, and read the difference"
    )?;
    Ok(ExitCode::FAILURE)
}
