//! What it costs to close surveys and to read their reports: 500 rounds, 100 people each, 20
//! questions, so a million answers.
//!
//! ```text
//! cargo bench -p evaluation --bench reports                  on SQLite
//! … --bench reports -- measure URL ROUNDS                    on this empty database
//! … --bench reports -- write FILE ROUNDS                     the same answers, for `compare.py`
//! ```

#![expect(clippy::print_stdout, reason = "a bench prints what it measures")]

use evaluation::{
    migrations::Migrator,
    reports::{comparison, freeze, store, view},
};
use sea_orm::{ConnectionTrait as _, Statement, Value as Sql};
use serde_json::{Value, json};
use shared_database::{Change, Database, migrate};
use shared_envelope::Keys;
use shared_testing::TestDatabase;
use shared_types::{
    Actor, Caller, InstrumentId, OrganisationId, Problem, Role, RoleGrant, RoundId, SurveyId,
};
use std::{error::Error, fmt::Write as _, io::Write as _, time::Instant};
use uuid::Uuid;

type Failed = Box<dyn Error>;

const PEOPLE: u64 = 100;
const QUESTIONS: u64 = 20;
const MUNICIPALITIES: u64 = 290;

fn main() -> Result<(), Failed> {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|one| one != "--bench")
        .collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [] => {
            let database = TestDatabase::sqlite();
            run(&database.url, 500)
        }
        ["measure", url, rounds] => run(url, rounds.parse()?),
        ["write", file, rounds] => write(file, rounds.parse()?),
        _ => Err("measure URL ROUNDS, write FILE ROUNDS, or nothing".into()),
    }
}

fn run(url: &str, rounds: u64) -> Result<(), Failed> {
    let url = url.to_owned();
    actix_web::rt::System::new().block_on(async move { measure(&url, rounds).await })
}

/// A number that looks random and is the same each time.
fn mixed(number: u64) -> u64 {
    let mut bits = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits ^ (bits >> 31)
}

struct Person {
    gender: &'static str,
    kind: &'static str,
    municipality: u64,
    department: u64,
    answers: Vec<u64>,
}

fn person(round: u64, at: u64) -> Person {
    let own = mixed(round * PEOPLE + at);
    let answer = |question: u64| {
        let dice = mixed(own ^ (question << 40)) % 20;
        [1, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 5, 5, 5, 5, 5, 5]
            .get(usize::try_from(dice).unwrap_or(0))
            .copied()
            .unwrap_or(3)
    };
    Person {
        gender: if own % 5 < 2 { "man" } else { "woman" },
        kind: if (own / 5).is_multiple_of(4) {
            "elected"
        } else {
            "employed_manager"
        },
        municipality: own / 20 % MUNICIPALITIES,
        department: own / 6000 % 12,
        answers: (0..QUESTIONS).map(answer).collect(),
    }
}

/// The answers one a line, as a flat table has them.
fn write(file: &str, rounds: u64) -> Result<(), Failed> {
    let mut file = std::io::BufWriter::new(std::fs::File::create(file)?);
    writeln!(
        file,
        "round,gender,kind,municipality,department,question,answer"
    )?;
    for round in 0..rounds {
        for at in 0..PEOPLE {
            let one = person(round, at);
            for (question, answer) in one.answers.iter().enumerate() {
                writeln!(
                    file,
                    "{round},{},{},{},{},{question},{answer}",
                    one.gender, one.kind, one.municipality, one.department
                )?;
            }
        }
    }
    Ok(file.flush()?)
}

struct Rounds {
    organiser: OrganisationId,
    instrument: InstrumentId,
    surveys: Vec<SurveyId>,
}

async fn measure(url: &str, rounds: u64) -> Result<(), Failed> {
    migrate::run::<Migrator>(url).await?;
    let database = Database::connect(url, "evaluation").await?;
    let keys: Keys = Keys::generate("bench")?.parse()?;
    let made = fill(&database, rounds).await?;
    let before_kb = memory("VmHWM")?;
    let (start, cpu) = (Instant::now(), cpu_ms()?);
    let mut slowest = 0.0_f64;
    for survey in &made.surveys {
        let one = Instant::now();
        let work = async |change: &mut Change| freeze::freeze(change, &keys, *survey).await;
        database
            .change::<_, Problem, _>(actor(), work)
            .await
            .map_err(|problem| format!("{problem:?}"))?;
        slowest = slowest.max(one.elapsed().as_secs_f64() * 1e3);
    }
    let count = f64::from(u32::try_from(made.surveys.len())?);
    let closing = (
        start.elapsed().as_secs_f64() * 1e3 / count,
        (cpu_ms()? - cpu) / count,
    );
    let caller = Caller {
        subject: "bench".to_owned(),
        roles: vec![RoleGrant {
            role: Role::Evaluator,
            organisation_id: Some(made.organiser),
        }],
        ..Caller::default()
    };
    let connection = database.read();
    let asked = view::Words::default()
        .of(connection, made.instrument.uuid(), 1)
        .await?;
    let (start, cpu) = (Instant::now(), cpu_ms()?);
    let times = 5;
    for _ in 0..times {
        let of = (made.instrument, 1);
        let (found, _) = comparison::compare(connection, &caller, of, &asked).await?;
        assert_eq!(u64::try_from(found)?, rounds.min(1000));
    }
    let times = f64::from(times);
    let all = (
        start.elapsed().as_secs_f64() * 1e3 / times,
        (cpu_ms()? - cpu) / times,
    );
    let (start, cpu) = (Instant::now(), cpu_ms()?);
    let reads = 50;
    for survey in made.surveys.iter().take(reads) {
        let row = store::find(connection, *survey).await?.ok_or("no report")?;
        let mut words = view::Words::default();
        std::hint::black_box(words.of(connection, row.instrument_id, 1).await?);
        let totals: Vec<evaluation::reports::tables::FrozenQuestion> =
            serde_json::from_value(row.totals)?;
        std::hint::black_box((totals, row.breakdowns));
    }
    let reads = f64::from(u32::try_from(reads)?);
    let one = (
        start.elapsed().as_secs_f64() * 1e3 / reads,
        (cpu_ms()? - cpu) / reads,
    );
    println!(
        "{{\"answers\": {}, \"closing_ms\": {:.2}, \"closing_cpu_ms\": {:.2}, \"slowest_closing_ms\": {slowest:.1}, \
         \"report_ms\": {:.2}, \"report_cpu_ms\": {:.2}, \"all_rounds_ms\": {:.1}, \"all_rounds_cpu_ms\": {:.1}, \
         \"peak_mb\": {:.1}, \"filled_mb\": {:.1}}}",
        rounds * PEOPLE * QUESTIONS,
        closing.0,
        closing.1,
        one.0,
        one.1,
        all.0,
        all.1,
        f64::from(memory("VmHWM")?) / 1024.0,
        f64::from(before_kb) / 1024.0,
    );
    Ok(())
}

fn actor() -> Actor {
    Actor {
        subject: "system".to_owned(),
        on_behalf_of: None,
        at: chrono::DateTime::UNIX_EPOCH,
        trace: None,
    }
}

async fn fill(database: &Database, rounds: u64) -> Result<Rounds, Failed> {
    let made = Rounds {
        organiser: OrganisationId::new(),
        instrument: InstrumentId::new(),
        surveys: (0..rounds).map(|_| SurveyId::new()).collect(),
    };
    let text = json!({ "en": "How far do you agree?" });
    let question = |number: u64| json!({ "key": format!("q{number}"), "kind": "likert", "points": 5, "text": text });
    let questions: Vec<Value> = (0..QUESTIONS).map(question).collect();
    let transaction = database.begin().await?;
    let connection = transaction.connection();
    let backend = connection.get_database_backend();
    let run = async |sql: &str, values: Vec<Sql>| {
        connection
            .execute_raw(Statement::from_sql_and_values(backend, sql, values))
            .await
            .map(drop)
    };
    let now = chrono::DateTime::UNIX_EPOCH;
    let (organiser, instrument) = (made.organiser.uuid(), made.instrument.uuid());
    run(
        "INSERT INTO instruments (id, organiser_id, archived, modified_at, version) VALUES ($1, $2, $3, $4, 1)",
        vec![instrument.into(), organiser.into(), false.into(), now.into()],
    ).await?;
    run(
        "INSERT INTO instrument_versions (instrument_id, number, name, questions) VALUES ($1, 1, $2, $3)",
        vec![instrument.into(), text.clone().into(), json!(questions).into()],
    ).await?;
    for (round, survey) in (0..).zip(&made.surveys) {
        run(
            "INSERT INTO surveys (id, round_id, organiser_id, instrument_id, instrument_version, name, audience, \
             occasion, mode, state, open_days, modified_at, version) VALUES ($1, $2, $3, $4, 1, $5, 'participants', \
             $5, 'anonymous', 'open', 14, $6, 1)",
            vec![
                survey.uuid().into(), RoundId::new().uuid().into(), organiser.into(), instrument.into(),
                text.clone().into(), now.into(),
            ],
        ).await?;
        let mut sql = "INSERT INTO sheets (id, survey_id, gender, municipality_id, person_kind, department_id, answers) VALUES ".to_owned();
        let mut values: Vec<Sql> = Vec::new();
        for at in 0..PEOPLE {
            let one = person(round, at);
            let first = values.len();
            let comma = if at == 0 { "" } else { ", " };
            write!(
                sql,
                "{comma}(${}, ${}, ${}, ${}, ${}, ${}, ${})",
                first + 1,
                first + 2,
                first + 3,
                first + 4,
                first + 5,
                first + 6,
                first + 7
            )?;
            let answers: serde_json::Map<String, Value> = (0..)
                .zip(&one.answers)
                .map(|(number, answer): (u64, _)| (format!("q{number}"), json!(answer)))
                .collect();
            let id =
                |kind: u128, number: u64| Uuid::from_u128((kind << 64) | (u128::from(number) + 1));
            values.extend([
                Uuid::new_v4().into(),
                survey.uuid().into(),
                one.gender.into(),
                id(1, one.municipality).into(),
                one.kind.into(),
                id(2, one.department).into(),
                Value::Object(answers).into(),
            ]);
        }
        run(&sql, values).await?;
    }
    transaction.commit().await?;
    Ok(made)
}

/// How long this process has been on a processor, in milliseconds.
fn cpu_ms() -> Result<f64, Failed> {
    let mut all = 0.0;
    for task in std::fs::read_dir("/proc/self/task")? {
        // A thread may end while it is looked at.
        if let Ok(stat) = std::fs::read_to_string(task?.path().join("schedstat")) {
            all += stat
                .split_whitespace()
                .next()
                .ok_or("no time")?
                .parse::<f64>()?
                / 1e6;
        }
    }
    Ok(all)
}

/// The process's memory in kB, as Linux counts it.
fn memory(field: &str) -> Result<u32, Failed> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with(field));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    Ok(number.ok_or("no such field")?.parse()?)
}
