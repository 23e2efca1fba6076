//! What it costs to close a survey: the rest of its intake is opened and mixed, its answers are
//! counted, what may be shown is kept, and what people were is forgotten, in one transaction on
//! SQLite. Nothing of it was mixed before, so that this is the most that closing can have to do.
//!
//! `cargo bench -p evaluation --bench closing`; 20 questions, as many people as the name says.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench stops where it can't be set up"
)]

use actix_web::rt::System;
use criterion::{BenchmarkId, Criterion};
use evaluation::{
    answers::{
        background::Background,
        intake::{self, Content},
    },
    migrations::Migrator,
    surveys::{closing, store},
};
use sea_orm::{ConnectionTrait as _, Statement, Value as Sql};
use serde_json::{Value, json};
use shared_database::{Change, Database, migrate};
use shared_envelope::Keys;
use shared_testing::TestDatabase;
use shared_types::{
    Actor, InstrumentId, OrganisationId, Problem, RoundId, SurveyId, codes,
    evaluation::instruments::{AnswerSheet, AnswerValue},
};
use std::time::{Duration, Instant};
use uuid::Uuid;

const QUESTIONS: usize = 20;
const PEOPLE: [usize; 3] = [24, 100, 1000];

/// A number that looks random and is the same each time.
fn mixed(number: usize) -> usize {
    let bits = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits ^ (bits >> 29)
}

fn actor() -> Actor {
    Actor {
        subject: "system".to_owned(),
        on_behalf_of: None,
        at: "2022-06-01T08:00:00Z".parse().unwrap(),
        trace: None,
    }
}

/// A service's database with an instrument.
struct World {
    database: Database,
    keys: Keys,
    organiser: OrganisationId,
    instrument: InstrumentId,
}

async fn run(change: &Change, sql: &str, values: Vec<Sql>) {
    let backend = change.tx().get_database_backend();
    let statement = Statement::from_sql_and_values(backend, sql, values);
    change.tx().execute_raw(statement).await.unwrap();
}

impl World {
    async fn new(url: &str) -> Self {
        migrate::run::<Migrator>(url).await.unwrap();
        let world = Self {
            database: Database::connect(url, "evaluation").await.unwrap(),
            keys: Keys::generate("bench").unwrap().parse().unwrap(),
            organiser: OrganisationId::new(),
            instrument: InstrumentId::new(),
        };
        let text = json!({ "en": "How far do you agree?" });
        let question = |number: usize| json!({ "key": format!("q{number}"), "kind": "likert", "points": 5, "text": text });
        let questions: Vec<Value> = (0..QUESTIONS).map(question).collect();
        let work = async |change: &mut Change| {
            let now = change.actor.at;
            let (organiser, instrument) = (world.organiser.uuid(), world.instrument.uuid());
            let sql = "INSERT INTO instruments (id, organiser_id, archived, modified_at, version) \
                       VALUES ($1, $2, $3, $4, 1)";
            let values = vec![
                instrument.into(),
                organiser.into(),
                false.into(),
                now.into(),
            ];
            run(change, sql, values).await;
            let sql = "INSERT INTO instrument_versions (instrument_id, number, name, questions) \
                       VALUES ($1, 1, $2, $3)";
            let values = vec![
                instrument.into(),
                text.clone().into(),
                json!(questions).into(),
            ];
            run(change, sql, values).await;
            Ok::<_, Problem>(())
        };
        world.database.change(actor(), work).await.unwrap();
        world
    }

    /// An open survey that so many have answered; all of it lies in the intake.
    async fn answered(&self, people: usize) -> SurveyId {
        let id = SurveyId::new();
        let work = async |change: &mut Change| {
            let sql = "INSERT INTO surveys (id, round_id, organiser_id, instrument_id, instrument_version, name, \
                       audience, occasion, mode, state, open_days, modified_at, version) VALUES ($1, $2, $3, $4, 1, \
                       $5, 'participants', $6, 'anonymous', 'open', 14, $7, 1)";
            let values = vec![
                id.uuid().into(),
                RoundId::new().uuid().into(),
                self.organiser.uuid().into(),
                self.instrument.uuid().into(),
                json!({ "en": "Pulse" }).into(),
                json!({ "kind": "manual" }).into(),
                change.actor.at.into(),
            ];
            run(change, sql, values).await;
            intake::begin(change, &self.keys, id.uuid()).await?;
            let key = intake::key(change, &self.keys, id.uuid()).await?;
            for person in 0..people {
                let content = sheet(person);
                intake::put(change, &key, id.uuid(), &content).await?;
            }
            Ok::<_, Problem>(())
        };
        self.database.change(actor(), work).await.unwrap();
        id
    }

    async fn close(&self, survey: SurveyId) {
        let work = async |change: &mut Change| {
            let row = store::find_any(change.tx(), survey.uuid()).await?;
            let row = row.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
            closing::close(change, &self.keys, row).await
        };
        let closed = self.database.change(actor(), work).await.unwrap();
        assert_eq!(closed.state, "closed");
    }
}

fn sheet(person: usize) -> Content {
    let dice = mixed(person);
    let answer = |question: usize| {
        let step = 1 + mixed(dice ^ (question << 8)) % 5;
        let number = i32::try_from(step).unwrap();
        (format!("q{question}"), AnswerValue::Number(number))
    };
    let pick = |names: [&str; 2], at: usize| Some(names[at % 2].to_owned());
    let id = |number: usize| Some(Uuid::from_u128(number as u128 + 1));
    Content {
        background: Background {
            gender: pick(["woman", "man"], dice),
            municipality_id: id(dice / 2 % 13),
            person_kind: pick(["employed_manager", "elected"], dice / 26),
            department_id: id(100 + dice / 52 % 4),
        },
        pairing_code: None,
        answers: (0..QUESTIONS).map(answer).collect::<AnswerSheet>(),
    }
}

fn main() {
    let system = System::new();
    let database = TestDatabase::sqlite();
    let world = system.block_on(World::new(&database.url));
    let mut criterion = Criterion::default()
        .configure_from_args()
        .sample_size(20)
        .measurement_time(Duration::from_secs(10));
    let mut group = criterion.benchmark_group("close a survey");
    for people in PEOPLE {
        group.bench_function(BenchmarkId::from_parameter(people), |bencher| {
            // Each survey closes once, so that as many are filled first as are to be closed.
            bencher.iter_custom(|times| {
                let mut took = Duration::ZERO;
                for _ in 0..times {
                    let survey = system.block_on(world.answered(people));
                    let begun = Instant::now();
                    system.block_on(world.close(survey));
                    took += begun.elapsed();
                }
                took
            });
        });
    }
    group.finish();
    criterion.final_summary();
}
