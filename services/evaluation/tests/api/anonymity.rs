//! Who has answered and what was answered share no key, no time and no order: read from the
//! stored files of each database, as somebody would who has them.

use crate::{
    asking::{answer, pulse},
    world::{Participant, World, on_each_database, with},
};
use evaluation::answers::sabotage::{self, Fault};
use serde_json::json;
use shared_testing::database::{self, number, texts};
use std::{
    collections::BTreeMap,
    io::{self, Write},
    sync::{Arc, Mutex},
};
use tracing_subscriber::filter::LevelFilter;

/// Answers in a known order.
const ANSWERS: usize = 500;
/// Farthest from 0 that an order may be which says nothing: more than three deviations.
const MOST_TAU: f64 = 0.1;

/// Everything that was logged.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Takes all that is logged from now on; once in a process.
    pub(crate) fn begin(level: LevelFilter) -> Self {
        let log = Self::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_writer(move || writer.clone())
            .with_max_level(level)
            .finish();
        // For all threads: requests are served on others than this one.
        tracing::subscriber::set_global_default(subscriber).unwrap();
        log
    }

    /// What was logged.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }

    fn clear(&self) {
        self.0.lock().unwrap().clear();
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn canary(number: usize) -> String {
    format!("canary-{number:03}")
}

/// Kendall's rank correlation of an order with the order of the numbers.
fn tau(order: &[usize]) -> f64 {
    let mut score = 0_i64;
    for (place, one) in order.iter().enumerate() {
        for other in &order[place + 1..] {
            score += if one < other { 1 } else { -1 };
        }
    }
    let pairs = order.len() * (order.len() - 1) / 2;
    #[expect(clippy::cast_precision_loss, reason = "some hundred thousand pairs")]
    let tau = score as f64 / pairs as f64;
    tau
}

/// Which answer each text is, in the order in which the texts come.
fn numbers(texts: &[String]) -> Vec<usize> {
    let of = |text: &String| text.strip_prefix("canary-").unwrap().parse().unwrap();
    texts.iter().map(of).collect()
}

/// Answers of many, one after the other, each with a text that says which it is; the sweep runs
/// in between as it does in the service.
async fn answer_in_order(world: &World, survey: &str, people: &[Participant]) {
    for (number, person) in people.iter().enumerate() {
        let sheet = with(pulse(), json!({ "keep": canary(number) }));
        answer(&person.person.client, survey, sheet).await.ok();
        if number % 10 == 9 {
            world.service.sweep().await;
        }
    }
}

/// Orders in which somebody who has the database can read the sheets, and who has answered.
async fn orders(world: &World) -> BTreeMap<&'static str, Vec<usize>> {
    let mut orders = BTreeMap::new();
    let mut add = |name, texts: Vec<String>| orders.insert(name, numbers(&texts));
    add("as the rows come", world.texts_as_stored("keep", "").await);
    add("by id", world.texts_as_stored("keep", "ORDER BY id").await);
    let of_survey = "ORDER BY survey_id, id";
    add(
        "by the index",
        world.texts_as_stored("keep", of_survey).await,
    );
    if world.service.database.is_postgres() {
        add(
            "by page",
            world.texts_as_stored("keep", "ORDER BY ctid").await,
        );
    } else {
        add("in the file", in_the_files(world));
    }
    orders
}

/// Orders in which what was written is shown.
async fn shown(world: &World, survey: &str) -> BTreeMap<&'static str, Vec<usize>> {
    let report = world
        .coordinator
        .get(&format!("surveys/{survey}/report"))
        .await
        .ok();
    let questions = report["questions"].as_array().unwrap();
    let keep = questions.iter().find(|one| one["key"] == "keep").unwrap();
    let texts = keep["texts"].as_array().unwrap().iter();
    let in_json: Vec<String> = texts
        .map(|text| text.as_str().unwrap().to_owned())
        .collect();
    let path = format!("rounds/{}/report/links", world.round);
    let made = world.coordinator.post_empty(&path).await.is(201);
    let csv = format!("{}.csv", made["address"].as_str().unwrap());
    let table = world.service.stranger().get(&csv).await.ok();
    let lines = table.text.lines().filter_map(|line| {
        let (_, rest) = line.split_once("canary-")?;
        Some(format!("canary-{}", rest.get(..3)?))
    });
    BTreeMap::from([
        ("shown as JSON", numbers(&in_json)),
        ("shown as a table", numbers(&lines.collect::<Vec<_>>())),
    ])
}

/// The answers as their texts stand in the database's files, the first place of each.
fn in_the_files(world: &World) -> Vec<String> {
    let mut found: Vec<(usize, String)> = Vec::new();
    for bytes in files(world) {
        for (place, window) in bytes.windows(10).enumerate() {
            let text = String::from_utf8_lossy(window).into_owned();
            let is_one =
                window.starts_with(b"canary-") && window[7..].iter().all(u8::is_ascii_digit);
            if is_one && !found.iter().any(|(_, known)| *known == text) {
                found.push((place, text));
            }
        }
    }
    found.into_iter().map(|(_, text)| text).collect()
}

pub(crate) fn files(world: &World) -> Vec<Vec<u8>> {
    let entries = std::fs::read_dir(&world.service.database.folder).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let files = paths.iter().map(|path| std::fs::read(path).unwrap());
    files.filter(|bytes| !bytes.is_empty()).collect()
}

#[actix_web::test]
async fn no_order_of_the_stored_rows_pages_or_ids_tells_which_answer_came_when() {
    on_each_database(async |world| {
        let people = world.participants(ANSWERS).await;
        let survey = world.open(json!({})).await;
        answer_in_order(world, &survey, &people).await;
        // While it is open: what is mixed already has no order either.
        let mixed = numbers(&world.texts_as_stored("keep", "").await);
        assert!(mixed.len() >= 320, "{}", mixed.len());
        // They are fewer: what chance alone does not do in ten thousand runs.
        let count = f64::from(u32::try_from(mixed.len()).unwrap());
        let most = 4.0 * (2.0 * (2.0 * count + 5.0) / (9.0 * count * (count - 1.0))).sqrt();
        assert!(tau(&mixed).abs() < most, "{}", tau(&mixed));
        world.step(&survey, "closing").await.ok();
        for (name, order) in orders(world).await {
            assert_eq!(order.len(), ANSWERS, "{name}");
            let tau = tau(&order);
            println!("{name}: {tau:.3}");
            assert!(tau.abs() < MOST_TAU, "{name}: {tau}");
        }
        for (name, order) in shown(world, &survey).await {
            assert_eq!(order.len(), ANSWERS, "{name}");
            let tau = tau(&order);
            println!("{name}: {tau:.3}");
            assert!(tau.abs() < MOST_TAU, "{name}: {tau}");
        }
        let database = &world.service.state.database;
        let ids = if world.service.database.is_postgres() {
            "SELECT replace(id::text, '-', '') AS row FROM sheets"
        } else {
            "SELECT hex(id) AS row FROM sheets"
        };
        let ids = texts(database, ids).await;
        let version = |id: &String| id.as_bytes()[12] == b'4';
        assert!(ids.iter().all(version), "{:?}", ids.first());
        assert_eq!(
            number(database, "SELECT COUNT(*) AS row FROM survey_intake").await,
            0
        );
        if world.service.database.is_postgres() {
            // One transaction wrote all sheets and another all marks, or the same one: none is
            // left that wrote a sheet and a mark of one person alone.
            let query = "SELECT COUNT(DISTINCT xmin::text) AS row FROM sheets";
            assert_eq!(number(database, query).await, 1);
            let query =
                "SELECT COUNT(DISTINCT xmin::text) AS row FROM survey_invitations WHERE answered";
            assert_eq!(number(database, query).await, 1);
            let marks = "SELECT person_id::text AS row FROM survey_invitations ORDER BY ctid";
            let marks = texts(database, marks).await;
            let who = |id: &String| {
                people
                    .iter()
                    .position(|one| one.person.id.to_string() == *id)
                    .unwrap()
            };
            let order: Vec<usize> = marks.iter().map(who).collect();
            let tau = tau(&order);
            println!("the marks: {tau:.3}");
            assert!(tau.abs() < MOST_TAU, "the marks: {tau}");
        }
    })
    .await;
}

#[actix_web::test]
async fn without_mixing_the_order_of_arrival_could_be_read() {
    on_each_database(async |world| {
        let people = world.participants(60).await;
        let survey = world.open(json!({})).await;
        sabotage::switch_on(survey.parse().unwrap(), Fault::NoMixing);
        for (number, person) in people.iter().enumerate() {
            let sheet = with(pulse(), json!({ "keep": canary(number) }));
            answer(&person.person.client, &survey, sheet).await.ok();
        }
        for (name, order) in orders(world).await {
            let tau = tau(&order);
            println!("{name}: {tau:.3}");
            // Within a page SQLite writes from the end to the beginning.
            let least = if name == "in the file" { 0.3 } else { 0.8 };
            assert!(tau.abs() > least, "{name}: {tau}");
        }
    })
    .await;
}

#[actix_web::test]
async fn what_is_logged_while_people_answer_names_nobody_and_no_sheet() {
    let log = Log::begin(LevelFilter::DEBUG);
    on_each_database(async |world| {
        let people = world.participants(6).await;
        let survey = world.open(json!({})).await;
        let mut links = Vec::new();
        for person in &people {
            links.push(world.service.links_to(person.person.id).await.remove(0));
        }
        log.clear();
        let stranger = world.service.stranger();
        for (person, link) in people.iter().zip(&links).take(3) {
            answer(&person.person.client, &survey, pulse()).await.ok();
            stranger.get(link).await.ok();
        }
        for link in &links[3..] {
            stranger.get(link).await.ok();
            stranger
                .post_form(link, &crate::asking::PULSE_FORM)
                .await
                .is(303);
        }
        let database = &world.service.state.database;
        let mut ids: Vec<String> = Vec::new();
        let text = if world.service.database.is_postgres() {
            "id::text"
        } else {
            "lower(hex(id))"
        };
        let waiting = format!("SELECT {text} AS row FROM survey_intake");
        ids.extend(texts(database, &waiting).await);
        world.service.sweep().await;
        for table in ["sheets", "survey_invitations"] {
            let query = format!("SELECT {text} AS row FROM {table}");
            ids.extend(texts(database, &query).await);
        }
        assert_eq!(ids.len(), 18);
        let told = log.text();
        // What is looked through holds the requests.
        assert!(
            told.contains("survey/{token}") || told.contains("{surveyId}/answers"),
            "{told}"
        );
        let plain = told.replace('-', "");
        for id in ids {
            assert!(!plain.contains(&id.replace('-', "")), "{id}");
        }
        for (person, link) in people.iter().zip(&links) {
            assert!(!told.contains(&person.person.id.to_string()), "{told}");
            assert!(!told.contains(&person.application.to_string()), "{told}");
            assert!(!told.contains(link.rsplit_once('/').unwrap().1), "{told}");
        }
    })
    .await;
}

#[actix_web::test]
async fn an_answer_is_nowhere_but_sealed_in_the_intake_and_then_among_the_sheets_and_in_the_report()
{
    let log = Log::begin(LevelFilter::TRACE);
    on_each_database(async |world| {
        let people = world.participants(8).await;
        let survey = world.open(json!({})).await;
        let database = &world.service.state.database;
        let quiet = [
            "changes",
            "unsealed_changes",
            "outbox",
            "idempotency",
            "change_reasons",
        ];
        let mut before = Vec::new();
        for table in quiet {
            before.push(world.service.count(table).await);
        }
        for (number, person) in people.iter().take(4).enumerate() {
            let sheet = with(pulse(), json!({ "keep": canary(number) }));
            answer(&person.person.client, &survey, sheet).await.ok();
        }
        let stranger = world.service.stranger();
        for (number, person) in people.iter().enumerate().skip(4) {
            let link = world.service.links_to(person.person.id).await.remove(0);
            let text = canary(number);
            let mut form = crate::asking::PULSE_FORM.to_vec();
            form.push(("q.keep", &text));
            // One that is refused first leaves nothing either.
            stranger.post_form(&link, &form[1..]).await.is(422);
            stranger.post_form(&link, &form).await.is(303);
        }
        // Nothing was written but marks and sealed sheets.
        for (table, before) in quiet.iter().zip(&before) {
            let now = world.service.count(table).await;
            // What was written before is sealed when it is time.
            let sealed = *table == "unsealed_changes" && now < *before;
            assert!(now == *before || sealed, "{table}: {now}, before {before}");
        }
        assert_eq!(world.service.count("survey_intake").await, 8);
        for (table, rows) in database::contents(database).await {
            assert!(!rows.join("\n").contains("canary-"), "{table}");
        }
        assert!(
            files(world)
                .iter()
                .all(|bytes| !contains(bytes, b"canary-"))
        );
        // Sealed sheets of all lengths look alike.
        let lengths = "SELECT DISTINCT LENGTH(body) AS row FROM survey_intake";
        let lengths = format!("SELECT COUNT(*) AS row FROM ({lengths}) AS lengths");
        assert_eq!(number(database, &lengths).await, 1);
        world.service.sweep().await;
        assert_eq!(world.service.count("sheets").await, 8);
        world.step(&survey, "closing").await.ok();
        let mut found = Vec::new();
        for (table, rows) in database::contents(database).await {
            if rows.join("\n").contains("canary-") {
                found.push(table);
            }
        }
        assert_eq!(found, ["sheets", "survey_reports"]);
        let told = [
            world.survey(&survey).await.text,
            world
                .coordinator
                .get(&format!("surveys/{survey}/invitations"))
                .await
                .text,
            world.service.stranger().get("/metrics").await.text,
            log.text(),
        ];
        assert!(told.iter().all(|text| !text.contains("canary-")));
        assert!(told[3].contains("answered"), "the log was read");
    })
    .await;
}

pub(crate) fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

#[actix_web::test]
async fn what_is_kept_of_a_sheet_has_no_time_and_loses_what_people_were_with_the_closing() {
    on_each_database(async |world| {
        let department = world.department(world.municipalities[0], "Skola").await;
        let mut people = Vec::new();
        for _ in 0..6 {
            let members = json!({ "departmentId": department });
            people.push(world.participant(0, members).await);
        }
        let survey = world.open(json!({})).await;
        for person in &people {
            answer(&person.person.client, &survey, pulse()).await.ok();
        }
        world.service.sweep().await;
        let database = &world.service.state.database;
        let count = async |condition: &str| {
            let query = format!("SELECT COUNT(*) AS row FROM sheets WHERE {condition}");
            number(database, &query).await
        };
        let known = "gender = 'woman' AND municipality_id IS NOT NULL AND person_kind = 'employed_manager' AND department_id IS NOT NULL";
        assert_eq!(count(known).await, 6);
        world.step(&survey, "closing").await.ok();
        let gone = "gender IS NULL AND municipality_id IS NULL AND person_kind IS NULL AND department_id IS NULL";
        assert_eq!(count(gone).await, 6);
        // The nearest thing to a time is the survey's closing date.
        let expected = [
            ("sheets", &["answers jsonb", "department_id uuid", "gender text", "id uuid", "municipality_id uuid", "pairing_code text", "person_kind text", "survey_id uuid"][..]),
            ("survey_intake", &["body text", "id uuid", "survey_id uuid"][..]),
            ("survey_invitations", &["answered boolean", "application_id uuid", "id uuid", "link_id uuid", "named_by uuid", "person_id uuid", "revoked boolean", "survey_id uuid"][..]),
        ];
        for (table, columns) in expected {
            let query = if world.service.database.is_postgres() {
                format!("SELECT column_name || ' ' || data_type AS row FROM information_schema.columns WHERE table_name = '{table}' ORDER BY 1")
            } else {
                format!("SELECT name || ' ' || replace(lower(type), '_text', '') AS row FROM pragma_table_info('{table}') ORDER BY 1")
            };
            assert_eq!(texts(database, &query).await, columns, "{table}");
        }
        if !world.service.database.is_postgres() {
            let query = "SELECT COUNT(*) AS row FROM sqlite_master WHERE name IN ('sheets', 'survey_intake', 'survey_invitations') AND sql LIKE '%WITHOUT ROWID%'";
            assert_eq!(number(database, query).await, 3);
        }
    })
    .await;
}
