//! Spans for a tracing system: what each process did for a request, told by OTLP over HTTP in JSON.
//!
//! The ids are those of the `traceparent` that stands in logs, problems, events and answers, so
//! that each leads to the trace ([decision 33](../../../../docs/decisions/0033-spans-are-told-by-our-own-exporter.md)).
//! Telling never holds up a request: what can't be told in time is dropped, and counted.

use crate::{clock, outgoing, trace::Trace};
use metrics::counter;
use serde_json::{Value, json};
use std::{
    io,
    sync::OnceLock,
    time::{Duration, Instant},
};
use tokio::sync::mpsc::{self, Receiver, Sender, error::TrySendError};

/// Spans that wait to be told.
const MOST_WAITING: usize = 8192;
/// Spans that are told at once.
const MOST_AT_ONCE: usize = 512;
/// How long a span waits for others.
const EVERY: Duration = Duration::from_secs(2);

static TELLING: OnceLock<Sender<Span>> = OnceLock::new();

/// What a span is to the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A request was answered.
    Server,
    /// A message was taken.
    Consumer,
}

impl Kind {
    /// Its number in OTLP.
    const fn number(self) -> u8 {
        match self {
            Self::Server => 2,
            Self::Consumer => 5,
        }
    }
}

/// Something that was done.
#[derive(Clone, Debug)]
pub struct Span {
    /// The part that did it.
    pub part: &'static str,
    /// The trace, and the span's own id in it.
    pub trace: Trace,
    /// Id of the span before it, in hex.
    pub parent: Option<String>,
    /// What was done: a method and a pattern, never a path.
    pub name: String,
    /// Which kind of doing.
    pub kind: Kind,
    /// Began so long ago.
    pub elapsed: Duration,
    /// What is known of it besides; values of few kinds, never of a person.
    pub attributes: Vec<(&'static str, Value)>,
    /// Whether it failed by our fault.
    pub failed: bool,
}

/// Tells spans to `url`, such as `http://collector:4318`, from now on; what it returns does the
/// telling and has to be driven.
pub fn start(url: &str) -> io::Result<impl Future<Output = ()> + Send + use<>> {
    let url = format!("{}/v1/traces", url.trim_end_matches('/'));
    let client = outgoing::internal([&url]).map_err(io::Error::other)?;
    // A bad address is told at the start, not at the first request.
    let checked = client.request(outgoing::Method::POST, &url);
    drop(checked.map_err(io::Error::other)?);
    let (sender, waiting) = mpsc::channel(MOST_WAITING);
    TELLING
        .set(sender)
        .map_err(|_| io::Error::other("spans are told already"))?;
    Ok(keep_telling(client, url, waiting))
}

/// Whether anybody is told.
pub fn is_on() -> bool {
    TELLING.get().is_some()
}

/// A span has ended; one whose trace is not sampled is not told.
pub fn ended(span: Span) {
    let Some(telling) = TELLING.get() else { return };
    if !span.trace.is_sampled() {
        return;
    }
    // Stamped here: it may wait.
    let span = Span {
        attributes: stamped(span.attributes),
        ..span
    };
    if let Err(TrySendError::Full(_)) = telling.try_send(span) {
        counter!("spans_dropped_total").increment(1);
    }
}

const ENDED: &str = "akademi.ended_micros";

fn stamped(mut attributes: Vec<(&'static str, Value)>) -> Vec<(&'static str, Value)> {
    attributes.push((ENDED, json!(clock::system_micros())));
    attributes
}

async fn keep_telling(client: outgoing::Internal, url: String, mut waiting: Receiver<Span>) {
    let mut batch = Vec::with_capacity(MOST_AT_ONCE);
    let mut said = Instant::now().checked_sub(Duration::from_mins(1));
    loop {
        let deadline = tokio::time::sleep(EVERY);
        tokio::pin!(deadline);
        while batch.len() < MOST_AT_ONCE {
            let room = MOST_AT_ONCE - batch.len();
            tokio::select! {
                count = waiting.recv_many(&mut batch, room) => if count == 0 { return },
                () = &mut deadline => break,
            }
        }
        if batch.is_empty() {
            continue;
        }
        let count = u64::try_from(batch.len()).unwrap_or(u64::MAX);
        if let Err(error) = tell(&client, &url, &batch).await {
            counter!("spans_dropped_total").increment(count);
            // Nobody misses a span; once a minute is enough to know.
            if said.is_none_or(|said| said.elapsed() > Duration::from_mins(1)) {
                tracing::warn!(%error, "spans can't be told");
                said = Some(Instant::now());
            }
        }
        batch.clear();
    }
}

async fn tell(client: &outgoing::Internal, url: &str, batch: &[Span]) -> Result<(), String> {
    let request = client.request(outgoing::Method::POST, url);
    let request = request.map_err(|error| error.to_string())?;
    let answer = request.json(&message(batch)).send().await;
    let status = answer.map_err(|error| error.to_string())?.status();
    if status.is_success() {
        Ok(())
    } else {
        Err(format!("the collector answers {}", status.as_u16()))
    }
}

/// A request to export, each part as a service of its own (OTLP 1.7, JSON).
fn message(batch: &[Span]) -> Value {
    let mut parts: Vec<&'static str> = batch.iter().map(|span| span.part).collect();
    parts.sort_unstable();
    parts.dedup();
    let of_part = |part: &&'static str| {
        let spans = batch.iter().filter(|span| span.part == *part);
        let resource = [
            ("service.namespace", json!("akademi")),
            ("service.name", json!(part)),
            ("service.version", json!(env!("CARGO_PKG_VERSION"))),
        ];
        json!({
            "resource": { "attributes": attributes(&resource) },
            "scopeSpans": [{
                "scope": { "name": "akademi" },
                "spans": spans.map(span).collect::<Vec<_>>(),
            }],
        })
    };
    json!({ "resourceSpans": parts.iter().map(of_part).collect::<Vec<_>>() })
}

fn span(span: &Span) -> Value {
    let ended = span.attributes.iter().find(|(name, _)| *name == ENDED);
    let ended = ended.and_then(|(_, micros)| micros.as_i64()).unwrap_or(0);
    let elapsed = i64::try_from(span.elapsed.as_micros()).unwrap_or(i64::MAX);
    // Numbers of 64 bits are texts in this format.
    let nanos = |micros: i64| format!("{micros}000");
    let known: Vec<_> = span
        .attributes
        .iter()
        .filter(|(name, _)| *name != ENDED)
        .cloned()
        .collect();
    json!({
        "traceId": span.trace.id(),
        "spanId": span.trace.span(),
        // Empty at the root, as the format has it.
        "parentSpanId": span.parent.as_deref().unwrap_or_default(),
        "name": span.name,
        "kind": span.kind.number(),
        "startTimeUnixNano": nanos(ended - elapsed),
        "endTimeUnixNano": nanos(ended),
        "attributes": attributes(&known),
        "status": if span.failed { json!({ "code": 2 }) } else { json!({}) },
    })
}

fn attributes(known: &[(&'static str, Value)]) -> Value {
    let all = known.iter().map(|(key, value)| {
        let value = match value {
            Value::Number(number) => json!({ "intValue": number.to_string() }),
            Value::Bool(flag) => json!({ "boolValue": flag }),
            other => json!({ "stringValue": other.as_str().unwrap_or_default() }),
        };
        json!({ "key": key, "value": value })
    });
    all.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_each_part_as_a_service_and_each_span_with_the_ids_of_its_trace() {
        let trace = Trace::start();
        let one = |part, parent: Option<&str>, failed| Span {
            part,
            trace,
            parent: parent.map(str::to_owned),
            name: "GET /registration/v1/rounds".to_owned(),
            kind: Kind::Server,
            elapsed: Duration::from_micros(1500),
            attributes: vec![
                ("http.response.status_code", json!(200)),
                ("url.scheme", json!("http")),
                (ENDED, json!(1_700_000_000_000_000_i64)),
            ],
            failed,
        };
        let batch = [
            one("registration", Some("00f067aa0ba902b7"), false),
            one("gateway", None, true),
        ];
        let message = message(&batch);
        let services = message["resourceSpans"].as_array().unwrap();
        assert_eq!(services.len(), 2);
        let name = &services[1]["resource"]["attributes"][1]["value"]["stringValue"];
        assert_eq!(name, "registration");
        let span = &services[1]["scopeSpans"][0]["spans"][0];
        assert_eq!(
            span,
            &json!({
                "traceId": trace.id(), "spanId": trace.span(), "parentSpanId": "00f067aa0ba902b7",
                "name": "GET /registration/v1/rounds", "kind": 2,
                "startTimeUnixNano": "1699999999998500000", "endTimeUnixNano": "1700000000000000000",
                "attributes": [
                    { "key": "http.response.status_code", "value": { "intValue": "200" } },
                    { "key": "url.scheme", "value": { "stringValue": "http" } },
                ],
                "status": {},
            })
        );
        let failed = &services[0]["scopeSpans"][0]["spans"][0];
        assert_eq!(failed["status"]["code"], 2);
        assert_eq!(failed["parentSpanId"], "");
    }
}
