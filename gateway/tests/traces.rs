//! One request is one trace, in the caller's words, the gateway's log and the service's.
//!
//! A process of its own: the subscriber is one for all threads.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests and what they share say what they expect by stopping when it is not so"
)]

#[path = "api/support/mod.rs"]
#[expect(
    dead_code,
    unused_imports,
    reason = "what all tests of the gateway share; not all of it is needed here"
)]
mod support;

use actix_web::web::Data;
use reqwest::Method;
use serde_json::{Value, json};
use shared_web::{
    Clock, Core,
    contract::Contract,
    health::Readiness,
    key::TrustedKeys,
    server,
    token::{INTERNAL, Verifier},
};
use std::{
    io::{self, Write},
    net::TcpListener,
    sync::{Arc, Mutex},
};
use support::{Door, Service, settings};
use tracing_subscriber::fmt::MakeWriter;

const ID: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
/// Nobody else's in this process.
const OWN: &str = "5bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/// What the service reads of a request with these headers.
async fn seen(door: &Door, headers: &[(&str, &str)]) -> Value {
    let mut request = door.request(Method::GET, "/registration/v1/rounds");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let echo: Value = request.send().await.unwrap().json().await.unwrap();
    echo["headers"].clone()
}

#[actix_web::test]
async fn what_others_noted_of_a_trace_goes_on_in_one_list_and_only_with_it() {
    let registration = Service::start("registration");
    let door = Door::open(settings(&[&registration]));
    let parent = ("traceparent", PARENT);
    let two = seen(
        &door,
        &[parent, ("tracestate", "a=1"), ("tracestate", "b=2 , c=3")],
    )
    .await;
    assert_eq!(two["tracestate"], "a=1,b=2,c=3");
    assert!(two["traceparent"].as_str().unwrap().contains(ID));
    let bad = seen(&door, &[parent, ("tracestate", "A=1")]).await;
    assert_eq!(bad.get("tracestate"), None);
    assert!(bad["traceparent"].as_str().unwrap().contains(ID));
    let lonely = seen(&door, &[("tracestate", "a=1")]).await;
    assert_eq!(lonely.get("tracestate"), None);
    let doubled = seen(&door, &[parent, parent, ("tracestate", "a=1")]).await;
    let told = doubled["traceparent"].as_str().unwrap();
    assert!(told.len() == 55 && !told.contains(ID), "{told}");
    assert_eq!(doubled.get("tracestate"), None);
    let later = seen(&door, &[("traceparent", &PARENT.replacen("00", "01", 1))]).await;
    let told = later["traceparent"].as_str().unwrap();
    assert!(told.starts_with(&format!("00-{ID}-")), "{told}");
}

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, part: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(part);
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Kept {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// A real service of the house, without operations.
fn start_service() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let core = Data::new(Core {
        name: "registration",
        clock: Clock::system(),
        verifier: Verifier::new(INTERNAL, &TrustedKeys::default(), &[]),
        contract: Contract::new("/registration/v1", json!({ "servers": [] })),
        public_url: url.clone(),
    });
    let ready = Readiness::new(|| Box::pin(async { true }));
    let running = server::serve(listener, 1, core, ready, |_| {}, |_| {}).unwrap();
    actix_web::rt::spawn(running.server);
    url
}

#[actix_web::test]
async fn the_gateways_line_the_services_line_and_the_problem_name_the_callers_trace() {
    let kept = Kept::default();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_writer(kept.clone())
        .finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let registration = Service::start("registration");
    let mut settings = settings(&[&registration]);
    settings
        .upstreams
        .insert("registration".into(), start_service());
    let door = Door::open(settings);
    let request = door.request(Method::GET, "/registration/v1/nothing");
    let response = request
        .header("traceparent", format!("00-{OWN}-00f067aa0ba902b7-01"))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 404);
    let problem: Value = response.json().await.unwrap();
    assert_eq!(problem["traceId"], OWN);
    let written = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
    let lines = written
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let traces: Vec<Value> = lines
        .filter(|line| line["fields"]["message"] == "answered" && line["span"]["trace_id"] == OWN)
        .map(|line| line["span"]["trace_id"].clone())
        .collect();
    assert_eq!(
        traces,
        [OWN, OWN],
        "one line of the service, one of the gateway"
    );
}
