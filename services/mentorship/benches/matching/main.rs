//! How long a matching run takes and how much memory it needs, each instance in a process of its own.
//!
//! ```text
//! cargo bench -p mentorship --bench matching                     all kinds, growing
//! … --bench matching -- measure everyday 3000 5                  one instance, five runs
//! … --bench matching -- write everyday 3000 FILE                 its table, for `compare.py`
//! ```

#![expect(clippy::print_stdout, reason = "a bench prints what it measures")]

mod instances;

use instances::{Kind, instance};
use mentorship::matching::{Outcome, SolveError, scores, solve};
use std::error::Error;
use std::io::{BufWriter, Write};
use std::process::Command;
use std::time::Instant;

const SEED: u64 = 20_221_118;

/// The goal: so many mentees within so much processor time and memory.
const GOAL_MENTEES: u32 = 3000;
const GOAL_MS: f64 = 300.0;
const GOAL_MB: f64 = 150.0;

type Failed = Box<dyn Error>;

fn main() -> Result<(), Failed> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments
        .iter()
        .map(String::as_str)
        .filter(|one| *one != "--bench")
        .collect();
    match arguments.as_slice() {
        [] => all(),
        ["measure", kind, mentees, runs] => measure(kind, mentees.parse()?, runs.parse()?),
        ["write", kind, mentees, file] => write(kind, mentees.parse()?, file),
        _ => Err("measure KIND MENTEES RUNS, write KIND MENTEES FILE, or nothing".into()),
    }
}

/// Every kind and size.
fn all() -> Result<(), Failed> {
    let own = std::env::current_exe()?;
    for (kind, _) in Kind::ALL {
        for (mentees, runs) in [
            ("100", "200"),
            ("300", "50"),
            ("1000", "10"),
            ("3000", "5"),
            ("6000", "3"),
        ] {
            let run = Command::new(&own)
                .args(["measure", kind, mentees, runs])
                .status()?;
            if !run.success() {
                return Err("a measurement failed".into());
            }
        }
    }
    Ok(())
}

fn kind_of(name: &str) -> Result<Kind, Failed> {
    let found = Kind::ALL.into_iter().find(|(own, _)| *own == name);
    Ok(found.ok_or("no such kind")?.1)
}

fn failed(error: SolveError) -> Failed {
    format!("{error:?}").into()
}

/// From the people to the finished outcome: table, search, proof, reasons, digest; and search with
/// proof alone.
fn measure(kind: &str, mentees: u32, runs: usize) -> Result<(), Failed> {
    let input = instance(kind_of(kind)?, mentees, SEED);
    let before_kb = memory("VmRSS")?;
    let scores = scores(&input).map_err(failed)?;
    let cpu = cpu_ms()?;
    for _ in 0..runs.max(1) {
        std::hint::black_box(scores.best().map_err(failed)?);
    }
    let search = cpu_ms()? - cpu;
    drop(scores);
    let cpu = cpu_ms()?;
    let mut times = Vec::new();
    let mut outcome: Option<Outcome> = None;
    for _ in 0..runs.max(1) {
        let start = Instant::now();
        let next = solve(&input).map_err(failed)?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
        if outcome.as_ref().is_some_and(|outcome| *outcome != next) {
            return Err("two runs differ".into());
        }
        outcome = Some(next);
    }
    let totals = outcome.ok_or("no run")?.totals;
    // The kernel counts in ticks, so that a short run needs many.
    let runs = f64::from(u32::try_from(times.len())?);
    let (cpu, search) = ((cpu_ms()? - cpu) / runs, search / runs);
    let peak = f64::from(memory("VmHWM")?) / 1024.0;
    println!(
        "{{\"kind\": \"{kind}\", \"mentees\": {mentees}, \"ms\": {:.2}, \"cpu_ms\": {:.2}, \
         \"search_ms\": {:.2}, \
         \"peak_mb\": {:.1}, \"input_mb\": {:.1}, \"pairs\": {}, \"score\": {}, \"long_journeys\": {}}}",
        times.into_iter().fold(f64::INFINITY, f64::min),
        cpu,
        search,
        peak,
        f64::from(before_kb) / 1024.0,
        totals.pairs,
        totals.score,
        totals.long_journeys,
    );
    if mentees == GOAL_MENTEES && (cpu > GOAL_MS || peak > GOAL_MB) {
        return Err(format!("more than {GOAL_MS} ms or {GOAL_MB} MB").into());
    }
    Ok(())
}

/// How long this process has been on a processor, in milliseconds: what a run costs, however many
/// others share the machine.
fn cpu_ms() -> Result<f64, Failed> {
    let stat = std::fs::read_to_string("/proc/self/schedstat")?;
    let nanoseconds = stat.split_whitespace().next().ok_or("no time")?;
    Ok(nanoseconds.parse::<f64>()? / 1e6)
}

/// The process's memory in kB, as Linux counts it.
fn memory(field: &str) -> Result<u32, Failed> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with(field));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    Ok(number.ok_or("no such field")?.parse()?)
}

/// The table of all pairs as `compare.py` reads it: rows, columns, the columns' places, then row by
/// row two bytes a pair: 0 for one that may not be, else its score and one, plus 32,768 for a long
/// journey; all little-endian.
fn write(kind: &str, mentees: u32, file: &str) -> Result<(), Failed> {
    let input = instance(kind_of(kind)?, mentees, SEED);
    let scores = scores(&input).map_err(failed)?;
    let mut file = BufWriter::new(std::fs::File::create(file)?);
    let places = scores.places();
    file.write_all(&u32::try_from(input.mentees.len())?.to_le_bytes())?;
    file.write_all(&u32::try_from(places.len())?.to_le_bytes())?;
    for places in places {
        file.write_all(&places.to_le_bytes())?;
    }
    for mentee in scores.mentees() {
        for score in scores.of(mentee) {
            let word = match score {
                Some((score, is_long)) => score + 1 + if is_long { 1 << 15 } else { 0 },
                None => 0,
            };
            file.write_all(&u16::try_from(word)?.to_le_bytes())?;
        }
    }
    Ok(file.flush()?)
}
