//! The endpoint of the W3C's harness passes a trace on, and reaches the harness alone.

use crate::support::{Door, Service, door::problem, settings};
use reqwest::Method;
use serde_json::json;
use std::sync::atomic::Ordering;

#[actix_web::test]
async fn the_harness_is_called_with_the_trace_and_nobody_else_is() {
    let registration = Service::start("registration");
    let harness = Service::start("harness");
    let mut settings = settings(&[&registration]);
    settings.edge.trace_harness = Some(harness.url.clone());
    let door = Door::open(settings);
    let call = async |url: &str| {
        let request = door.request(Method::POST, "/test");
        let calls = json!([{ "url": url, "arguments": [1, 2] }, { "url": url, "arguments": [] }]);
        request.json(&calls).send().await.unwrap()
    };
    assert_eq!(
        call(&format!("{}/callback", harness.url)).await.status(),
        200
    );
    assert_eq!(harness.calls(), 2);
    assert_eq!(
        harness.kept.received.load(Ordering::SeqCst),
        7,
        "[1,2] and []"
    );
    let elsewhere = call(&format!("{}/callback", registration.url)).await;
    problem(elsewhere, 403, "forbidden").await;
    assert_eq!(registration.calls(), 0);
}

#[actix_web::test]
async fn without_the_setting_the_endpoint_reaches_nobody() {
    let registration = Service::start("registration");
    let door = Door::open(settings(&[&registration]));
    let request = door.request(Method::POST, "/test");
    let calls = json!([{ "url": registration.url, "arguments": [] }]);
    let response = request.json(&calls).send().await.unwrap();
    problem(response, 403, "forbidden").await;
    assert_eq!(registration.calls(), 0);
}
