//! An operation that will go says so on every answer, also where the gateway answers for it.

use crate::support::{Door, Service, demo_token, raw, settings};
use gateway::{Rates, Settings};
use reqwest::{Method, Response};
use serde_json::json;
use shared_web::key::KeyPair;
use std::time::Duration;

const OLD: &str = "/registration/v1/old/7";

/// Settings with a document of registration's that has an old and a new operation.
fn with_document(services: &[&Service]) -> Settings {
    let mut settings = settings(services);
    let old = json!({
        "operationId": "getOld", "security": [{}], "x-deprecated-at": "2027-01-01",
        "x-sunset": "2027-07-01", "x-successor": "/registration/v1/new",
    });
    let other = |id: &str| json!({ "operationId": id, "security": [{}] });
    settings.documents.insert(
        0,
        json!({
            "openapi": "3.1.0", "info": { "title": "x", "version": "0.1.0" },
            "servers": [{ "url": "https://akademi.example/registration/v1" }],
            "paths": {
                "/old/{id}": { "get": old, "put": other("putOld") },
                "/new": { "get": other("getNew") },
            },
            "components": {},
        }),
    );
    settings
}

fn told(response: &Response) -> Vec<(&str, Vec<&str>)> {
    let values = |name: &'static str| {
        let all = response.headers().get_all(name).iter();
        (name, all.map(|value| value.to_str().unwrap()).collect())
    };
    ["deprecation", "sunset", "link"].map(values).to_vec()
}

#[track_caller]
fn is_told(response: &Response, status: u16) {
    assert_eq!(response.status(), status);
    let links = vec![
        "</docs>; rel=\"deprecation\"; type=\"text/html\"",
        "</registration/v1/new>; rel=\"successor-version\"",
    ];
    let expected = vec![
        ("deprecation", vec!["@1798761600"]),
        ("sunset", vec!["Thu, 01 Jul 2027 00:00:00 GMT"]),
        ("link", links),
    ];
    assert_eq!(told(response), expected, "{status}");
}

#[actix_web::test]
async fn the_gateways_own_answers_say_that_an_operation_will_go() {
    let registration = Service::start("registration");
    let key = KeyPair::generate("demo").unwrap();
    let mut settings = with_document(&[&registration]);
    settings.demo = Some(key.public().clone());
    settings.limits.lookup = Duration::from_millis(300);
    let mut limited = settings.clone();
    limited.edge.rates = Rates {
        address: 1,
        ..Rates::NONE
    };
    let (door, limited) = (Door::open(settings), Door::open(limited));
    is_told(&door.get(OLD).await, 200);
    let head = door.request(Method::HEAD, OLD).send().await.unwrap();
    is_told(&head, 200);
    is_told(&door.get_as("nonsense", OLD).await, 401);
    limited.get(OLD).await;
    is_told(&limited.get(OLD).await, 429);
    let encoded = door
        .request(Method::GET, OLD)
        .header("content-encoding", "gzip");
    is_told(&encoded.send().await.unwrap(), 415);
    // Its other methods, and other operations, stay.
    let put = door.request(Method::PUT, OLD).send().await.unwrap();
    for other in [
        put,
        door.get("/registration/v1/new").await,
        door.get("/nothing").await,
    ] {
        let silent = ["deprecation", "sunset", "link"].map(|name| (name, Vec::new()));
        assert_eq!(told(&other), silent);
    }
    registration.stop().await;
    is_told(&door.get(OLD).await, 503);
    let unseen = demo_token(&key, "maja");
    is_told(&door.get_as(&unseen, OLD).await, 503);
}

#[actix_web::test]
async fn what_the_service_says_too_is_said_once() {
    // A service of ours says it by itself, in the same words.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    actix_web::rt::spawn(async move {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut read = [0; 4096];
            let _ = socket.read(&mut read).await;
            let answer = "HTTP/1.1 200 OK\r\ndeprecation: @1798761600\r\n\
                sunset: Thu, 01 Jul 2027 00:00:00 GMT\r\n\
                link: </docs>; rel=\"deprecation\"; type=\"text/html\"\r\n\
                link: </registration/v1/new>; rel=\"successor-version\"\r\n\
                content-length: 0\r\nconnection: close\r\n\r\n";
            let _ = socket.write_all(answer.as_bytes()).await;
        }
    });
    let mut settings = with_document(&[]);
    let upstreams = &mut settings.upstreams;
    upstreams.insert("registration".into(), format!("http://{address}"));
    let door = Door::open(settings);
    is_told(&door.get(OLD).await, 200);
    // Control: by the raw bytes each stands there once.
    let request = format!("GET {OLD} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    let answer = raw::exchange(&door.authority, request.as_bytes()).await;
    assert_eq!(answer.to_lowercase().matches("\r\ndeprecation:").count(), 1);
}
