//! A client that knows what it has asked for: every intent is on the disk before its request goes
//! out, and what is not known to have happened is asked again by the same key until it is.

use serde_json::{Value, json};
use shared_web::outgoing::{self, Internal, Method};
use std::{
    cell::Cell,
    fs::{File, OpenOptions},
    io::Write as _,
    path::Path,
    rc::Rc,
    time::{Duration, Instant},
};
use uuid::Uuid;

/// What was asked for, and what definitely became of it.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Its mark, which stands in what is made.
    pub(crate) mark: String,
    pub(crate) is_hold: bool,
    /// The id of what was made, or the code of the refusal.
    pub(crate) outcome: Result<String, String>,
    /// How often it was sent.
    pub(crate) sent: usize,
}

/// Where everybody works.
#[derive(Clone)]
pub(crate) struct Work {
    pub(crate) url: String,
    pub(crate) key: String,
    pub(crate) round: String,
    pub(crate) organisation: String,
    /// Ends the work when it is set.
    pub(crate) is_over: Rc<Cell<bool>>,
}

struct Ledger(File);

impl Ledger {
    fn note(&mut self, line: &Value) {
        writeln!(self.0, "{line}").unwrap();
        self.0.sync_data().unwrap();
    }
}

/// Makes organisations and holds in turn until it is told to end.
pub(crate) async fn work(number: usize, folder: &Path, work: Work) -> Vec<Entry> {
    let file = folder.join(format!("ledger-{number}.jsonl"));
    let mut options = OpenOptions::new();
    let mut ledger = Ledger(options.create_new(true).append(true).open(file).unwrap());
    let http = outgoing::internal([&work.url]).unwrap();
    let mut entries = Vec::new();
    while !work.is_over.get() {
        let mark = format!("Verk {number}-{}", entries.len());
        let is_hold = entries.len() % 3 == 2;
        let key = Uuid::new_v4();
        ledger.note(&json!({ "mark": mark, "key": key }));
        let (outcome, sent) = until_definite(&http, &work, &mark, is_hold, key).await;
        ledger.note(&json!({ "mark": mark, "outcome": format!("{outcome:?}"), "sent": sent }));
        entries.push(Entry {
            mark,
            is_hold,
            outcome,
            sent,
        });
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    entries
}

async fn until_definite(
    http: &Internal,
    work: &Work,
    mark: &str,
    is_hold: bool,
    key: Uuid,
) -> (Result<String, String>, usize) {
    let (path, body) = if is_hold {
        let body = json!({
            "organisationId": work.organisation, "seats": 1, "lapsesOn": "2030-01-31",
            "reason": mark,
        });
        (
            format!("/registration/v1/rounds/{}/holds", work.round),
            body,
        )
    } else {
        let body = json!({
            "kind": "company", "name": mark, "language": "sv", "timeZone": "Europe/Stockholm",
        });
        ("/registration/v1/organisations".to_owned(), body)
    };
    let started = Instant::now();
    for sent in 1.. {
        if let Some(outcome) = ask(http, work, &path, &body, key).await {
            return (outcome, sent);
        }
        assert!(
            started.elapsed() < Duration::from_mins(2),
            "never definite: {mark}"
        );
        tokio::time::sleep(Duration::from_millis(150)).await;
    }
    unreachable!("counting has no end")
}

/// Asks once; nothing where it may have happened or not.
async fn ask(
    http: &Internal,
    work: &Work,
    path: &str,
    body: &Value,
    key: Uuid,
) -> Option<Result<String, String>> {
    let request = http
        .request(Method::POST, &format!("{}{path}", work.url))
        .unwrap();
    let request = request
        .bearer_auth(&work.key)
        .header("Idempotency-Key", key.to_string())
        .json(body)
        .timeout(Duration::from_secs(8));
    let response = request.send().await.ok()?;
    let status = response.status().as_u16();
    let answer: Value = response.json().await.ok()?;
    let code = answer["code"].as_str().unwrap_or_default().to_owned();
    match status {
        201 => Some(Ok(answer["id"].as_str()?.to_owned())),
        408 | 429 | 500.. => None,
        _ if code == "idempotency_key_running" => None,
        // As an unknown key: whoever knows keys is away.
        401 | 403 => None,
        _ => Some(Err(code)),
    }
}
