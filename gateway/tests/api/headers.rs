//! What a caller says of itself ends at the door; what the services are told there is ours.

use crate::support::{Door, Service, raw, settings};
use reqwest::Method;
use serde_json::Value;

#[actix_web::test]
async fn headers_about_the_connection_and_claims_about_the_caller_do_not_get_through() {
    let registration = Service::start("registration");
    let door = Door::open(settings(&[&registration]));
    let claims = [
        "forwarded: for=192.0.2.99;proto=https;host=evil.example",
        "x-forwarded-for: 192.0.2.99",
        "x-forwarded-host: evil.example",
        "x-forwarded-proto: https",
        "x-forwarded-anything: 1",
        "x-real-ip: 192.0.2.99",
        "x-akademi-person: 1",
        "x-akademi-roles: operator",
        "x-original-url: /internal/callers",
        "x-rewrite-url: /internal/callers",
        "x-http-method-override: DELETE",
        "true-client-ip: 192.0.2.99",
        "via: 1.1 evil",
        "keep-alive: timeout=100",
        "te: trailers",
        "trailer: x-late",
        "proxy-authorization: Basic abc",
        "proxy-connection: keep-alive",
        "x-hop: 1",
        "expect: 100-continue",
    ];
    let request = format!(
        "GET /registration/v1/rounds HTTP/1.1\r\nHost: {}\r\nConnection: close, X-Hop, Forwarded\r\nX-Request-Id: r-1\r\nX-Own: kept\r\n{}\r\n\r\n",
        door.authority,
        claims.join("\r\n")
    );
    let answer = raw::exchange(&door.authority, request.as_bytes()).await;
    let body = answer
        .rsplit("\r\n\r\n")
        .find(|part| part.contains('{'))
        .unwrap();
    let start = body.find('{').unwrap();
    let end = body.rfind('}').unwrap();
    let echo: Value = serde_json::from_str(&body[start..=end]).unwrap();
    let seen: Vec<&String> = echo["headers"].as_object().unwrap().keys().collect();
    assert_eq!(
        seen,
        ["forwarded", "host", "traceparent", "x-own", "x-request-id"]
    );
    assert_eq!(
        echo["headers"]["forwarded"],
        format!("for=127.0.0.1;proto=http;host=\"{}\"", door.authority)
    );
    assert_eq!(echo["headers"]["x-request-id"], "r-1");
    assert_eq!(
        format!("http://{}", echo["headers"]["host"].as_str().unwrap()),
        registration.url
    );
}

#[actix_web::test]
async fn the_public_address_is_the_configured_one_whatever_host_is_asked_for() {
    let registration = Service::start("registration");
    let mut settings = settings(&[&registration]);
    settings.public_url = Some("https://akademi.example".into());
    let door = Door::open(settings);
    let response = door
        .request(Method::GET, "/registration/v1/rounds")
        .header("host", "evil.example")
        .send()
        .await
        .unwrap();
    let echo: Value = response.json().await.unwrap();
    assert_eq!(
        echo["headers"]["forwarded"],
        "for=127.0.0.1;proto=https;host=\"akademi.example\""
    );
    let response = door
        .request(Method::GET, "/nothing")
        .header("forwarded", "proto=https;host=evil.example")
        .send()
        .await
        .unwrap();
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["type"], "https://akademi.example/problems/not_found");
}

#[actix_web::test]
async fn an_answers_connection_headers_end_here_and_repeated_ones_stay() {
    let registration = Service::start("registration");
    let door = Door::open(settings(&[&registration]));
    let response = door.get("/registration/v1/rounds").await;
    let headers = response.headers();
    assert_eq!(headers["x-kept"], "yes");
    assert!(!headers.contains_key("keep-alive"));
    assert!(!headers.contains_key("proxy-authenticate"));
    assert_eq!(headers.get_all("set-cookie").iter().count(), 2);
}

#[actix_web::test]
async fn the_callers_trace_goes_on_with_a_span_of_ours_and_an_invalid_one_is_dropped_with_its_state()
 {
    const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let registration = Service::start("registration");
    let door = Door::open(settings(&[&registration]));
    let ask = async |parent: &str| {
        let request = door.request(Method::GET, "/registration/v1/rounds");
        let request = request.header("traceparent", parent);
        let response = request.header("tracestate", "a=1").send().await.unwrap();
        let told = response.headers()["traceparent"]
            .to_str()
            .unwrap()
            .to_owned();
        let echo: Value = response.json().await.unwrap();
        (told, echo["headers"].clone())
    };
    let (told, seen) = ask(PARENT).await;
    let sent = seen["traceparent"].as_str().unwrap();
    assert!(sent.starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-"));
    assert_ne!(sent, PARENT);
    assert_eq!(sent, told);
    assert_eq!(seen["tracestate"], "a=1");
    let (_, seen) = ask("00-nonsense").await;
    assert!(seen["traceparent"].as_str().unwrap().len() == 55);
    assert_eq!(seen.get("tracestate"), None);
}
