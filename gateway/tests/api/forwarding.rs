//! A request reaches its service and the answer its caller, unchanged and as they come.

use crate::support::{Door, Service, door::problem, raw, settings};
use futures_util::stream;
use reqwest::Method;
use serde_json::Value;
use std::{sync::atomic::Ordering, time::Duration};
use tokio::{io::AsyncWriteExt as _, net::TcpStream};

#[actix_web::test]
async fn each_address_is_answered_by_its_own_service_with_path_and_query_unchanged() {
    let registration = Service::start("registration");
    let scheduling = Service::start("scheduling");
    let door = Door::open(settings(&[&registration, &scheduling]));
    for (path, service) in [
        ("/registration/v1/rounds/1?b=2&a=%C3%A5+1", "registration"),
        ("/registration/pages/endorsements/abc", "registration"),
        ("/scheduling/v1/sessions?from=2022-04-01", "scheduling"),
    ] {
        let response = door.get(path).await;
        assert_eq!(response.status(), 200);
        let echo: Value = response.json().await.unwrap();
        assert_eq!(echo["service"], service);
        assert_eq!(echo["target"], path);
    }
}

#[actix_web::test]
async fn the_keys_that_sign_certificates_stand_at_their_well_known_address() {
    let evaluation = Service::start("evaluation");
    let registration = Service::start("registration");
    let door = Door::open(settings(&[&registration, &evaluation]));
    let echo: Value = door
        .get("/.well-known/jwks.json")
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(echo["service"], "evaluation");
    assert_eq!(echo["target"], "/.well-known/jwks.json");
    problem(door.get("/.well-known/jwks.jso").await, 404, "not_found").await;
    let door = Door::open(settings(&[&registration]));
    problem(door.get("/.well-known/jwks.json").await, 404, "not_found").await;
}

#[actix_web::test]
async fn what_belongs_to_no_service_or_only_to_its_inside_is_not_found() {
    let registration = Service::start("registration");
    let door = Door::open(settings(&[&registration]));
    for path in [
        "/",
        "/nothing",
        "/registration",
        "/registration/v1",
        "/registration/internal/callers",
        "/internal/callers",
        "/registration/events",
        "/events",
        "/registration/health/ready",
        "/registration/metrics",
        "/scheduling/v1/sessions",
        "//registration/v1/rounds",
    ] {
        problem(door.get(path).await, 404, "not_found").await;
    }
    for path in [
        "/%72egistration/v1/rounds",
        "/registration/v%31/rounds",
        "/registration/v1/round%73",
    ] {
        problem(door.get(path).await, 400, "invalid_request").await;
    }
    assert_eq!(registration.calls(), 0);
}

#[actix_web::test]
async fn a_large_body_goes_both_ways_whole() {
    const MEBIBYTES: usize = 32;
    let registration = Service::start("registration");
    let mut settings = settings(&[&registration]);
    settings.limits.body_bytes = 64 * 1024 * 1024;
    let door = Door::open(settings);
    let part = vec![b'y'; 1024 * 1024];
    let parts = stream::iter((0..MEBIBYTES).map(move |_| Ok::<_, std::io::Error>(part.clone())));
    let upload = door
        .request(Method::POST, "/registration/v1/imports")
        .body(reqwest::Body::wrap_stream(parts));
    let echo: Value = upload.send().await.unwrap().json().await.unwrap();
    assert_eq!(echo["bodyBytes"], MEBIBYTES * 1024 * 1024);
    let mut download = door.get("/registration/v1/large").await;
    let mut bytes = 0;
    while let Some(part) = download.chunk().await.unwrap() {
        bytes += part.len();
    }
    assert_eq!(bytes, MEBIBYTES * 1024 * 1024);
}

#[actix_web::test]
async fn the_first_part_of_a_body_arrives_before_the_last_is_sent() {
    let registration = Service::start("registration");
    let door = Door::open(settings(&[&registration]));
    let mut stream = TcpStream::connect(&door.authority).await.unwrap();
    let head = "POST /registration/v1/imports HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    for _ in 0..100 {
        if registration.kept.received.load(Ordering::SeqCst) == 5 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(registration.kept.received.load(Ordering::SeqCst), 5);
    stream.write_all(b"4\r\nlast\r\n0\r\n\r\n").await.unwrap();
    let answer = raw::read(&mut stream).await;
    assert_eq!(raw::status(&answer), 200);
    assert!(answer.contains("\"bodyBytes\":9"), "{answer}");
}

#[actix_web::test]
async fn the_first_part_of_an_answer_arrives_before_the_service_writes_the_last() {
    let registration = Service::start("registration");
    let door = Door::open(settings(&[&registration]));
    let mut response = door.get("/registration/v1/drip").await;
    assert_eq!(response.chunk().await.unwrap().unwrap(), "first ");
    registration.kept.go_on.notify_one();
    assert_eq!(response.chunk().await.unwrap().unwrap(), "second");
    assert!(response.chunk().await.unwrap().is_none());
}

#[actix_web::test]
async fn a_length_that_is_known_is_told_also_where_there_is_no_body() {
    let registration = Service::start("registration");
    let door = Door::open(settings(&[&registration]));
    let got = door.get("/registration/v1/sized").await;
    assert_eq!(got.headers()["content-length"], "5");
    assert_eq!(got.text().await.unwrap(), "12345");
    let head = door.request(Method::HEAD, "/registration/v1/sized");
    let head = head.send().await.unwrap();
    assert_eq!(head.status(), 200);
    assert_eq!(head.headers()["content-length"], "5");
    for (path, status) in [("nothing", 204), ("unchanged", 304)] {
        let bare = door.get(&format!("/registration/v1/{path}")).await;
        assert_eq!(bare.status(), status);
        assert!(!bare.headers().contains_key("content-length"), "{path}");
        assert!(!bare.headers().contains_key("transfer-encoding"), "{path}");
    }
    assert_eq!(door.get("/registration/v1/sized").await.status(), 200);
}

#[actix_web::test]
async fn a_services_bare_error_becomes_a_problem_and_a_page_stays_a_page() {
    let registration = Service::start("registration");
    let door = Door::open(settings(&[&registration]));
    let gone = door.get("/registration/v1/gone").await;
    assert_eq!(gone.headers()["content-type"], "application/problem+json");
    let page = door.get("/registration/pages/page").await;
    assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
    assert_eq!(
        page.headers()["content-security-policy"],
        "default-src 'none'; style-src 'self'"
    );
}
