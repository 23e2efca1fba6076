//! What the gateway need not understand it refuses, and no service sees a byte of it.

use crate::support::{Door, Service, raw, settings};
use futures_util::stream;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

#[actix_web::test]
async fn a_request_that_could_be_read_in_two_ways_reaches_no_service() {
    let registration = Service::start("registration");
    let door = Door::open(settings(&[&registration]));
    let get = |target: &str, headers: &str| {
        format!("GET {target} HTTP/1.1\r\nHost: a.example\r\n{headers}\r\n")
    };
    let post = |headers: &str, body: &str| {
        format!("POST /registration/v1/x HTTP/1.1\r\nHost: a.example\r\n{headers}\r\n{body}")
    };
    let rounds = "/registration/v1/rounds";
    let long = format!("{rounds}?q={}", "x".repeat(2048));
    let cases: Vec<(&str, String, &[u16])> = vec![
        ("upgrade", get(rounds, "Connection: upgrade\r\nUpgrade: websocket\r\n"), &[400]),
        ("h2c", get(rounds, "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"), &[400]),
        ("encoded slash", get("/registration/v1/a%2fb", ""), &[400]),
        ("encoded backslash", get("/registration/v1/a%5Cb", ""), &[400]),
        ("backslash", get("/registration/v1/a\\b", ""), &[400]),
        ("encoded percent", get("/registration/v1/%252e%252e/internal", ""), &[400]),
        ("encoded NUL", get("/registration/v1/a%00b", ""), &[400]),
        ("bad encoding", get("/registration/v1/a%zzb", ""), &[400]),
        ("dot segments", get("/registration/v1/../internal/callers", ""), &[400]),
        ("one dot", get("/registration/v1/./rounds", ""), &[400]),
        ("encoded dots", get("/registration/v1/%2e%2E/internal/callers", ""), &[400]),
        ("half-encoded dots", get("/registration/v1/.%2e/internal/callers", ""), &[400]),
        ("dots with parameters", get("/registration/v1/..;a=b/internal/callers", ""), &[400]),
        ("absolute form", get("http://a.example/registration/v1/rounds", ""), &[400]),
        ("absolute form elsewhere", get("http://evil.example/registration/v1/rounds", ""), &[400]),
        ("authority form", "CONNECT a.example:80 HTTP/1.1\r\nHost: a.example\r\n\r\n".into(), &[400, 405]),
        ("asterisk form", "OPTIONS * HTTP/1.1\r\nHost: a.example\r\n\r\n".into(), &[400]),
        ("underscore", get(rounds, "X_Forwarded_For: 1\r\n"), &[400]),
        ("unknown method", "BREW /registration/v1/rounds HTTP/1.1\r\nHost: a\r\n\r\n".into(), &[405]),
        ("trace", "TRACE /registration/v1/rounds HTTP/1.1\r\nHost: a\r\n\r\n".into(), &[405]),
        ("long address", get(&long, ""), &[414]),
        ("no host", "GET /registration/v1/rounds HTTP/1.1\r\n\r\n".into(), &[400]),
        ("two hosts", get(rounds, "Host: b.example\r\n"), &[400]),
        ("bad host", "GET /registration/v1/rounds HTTP/1.1\r\nHost: a\";proto=https\r\n\r\n".into(), &[400]),
        ("host with user", "GET /registration/v1/rounds HTTP/1.1\r\nHost: a@b\r\n\r\n".into(), &[400]),
        ("old version without host", "GET /registration/v1/rounds HTTP/1.0\r\n\r\n".into(), &[400]),
        ("both framings", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), &[400]),
        ("both framings, other order", post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"), &[400]),
        ("two lengths", post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello!"), &[400]),
        ("two equal lengths", post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"), &[400]),
        ("list of lengths", post("Content-Length: 5, 5\r\n", "hello"), &[400]),
        ("signed length", post("Content-Length: +5\r\n", "hello"), &[400]),
        ("negative length", post("Content-Length: -5\r\n", "hello"), &[400]),
        ("gzip coding", post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), &[400]),
        ("identity coding", post("Transfer-Encoding: identity\r\n", "hello"), &[400]),
        ("two codings", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), &[400]),
        ("disguised coding", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), &[400]),
        ("coding with a tab", post("Transfer-Encoding:\x0bchunked\r\n", "0\r\n\r\n"), &[400]),
        ("space before colon", post("Content-Length : 5\r\n", "hello"), &[400]),
        ("folded header", get(rounds, "X-A: b\r\n c\r\n"), &[400]),
        ("old version with a coding", "POST /registration/v1/x HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".into(), &[400]),
        ("large body announced", post("Content-Length: 1048577\r\n", ""), &[413]),
        ("ten megabytes announced", post("Content-Length: 10485760\r\n", ""), &[413]),
        ("CL.TE", post("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\nG"), &[400]),
        ("TE.CL", post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "5c\r\nGPOST / HTTP/1.1\r\n\r\n0\r\n\r\n"), &[400]),
        ("TE.TE, one disguised", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: cow\r\n", "0\r\n\r\n"), &[400]),
        ("TE.TE, in one line", post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"), &[400]),
        ("TE.TE, chunked twice", post("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n"), &[400]),
        ("coding in quotes", post("Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n"), &[400]),
        ("coding with a parameter", post("Transfer-Encoding: chunked;q=1\r\n", "0\r\n\r\n"), &[400]),
        ("coding with a form feed", post("Transfer-Encoding: \x0cchunked\r\n", "0\r\n\r\n"), &[400]),
        ("folded coding", post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n"), &[400]),
        ("empty coding", post("Transfer-Encoding:\r\n", "hello"), &[400]),
        ("space before the coding's colon", post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n"), &[400]),
        ("tab before colon", post("Content-Length\t: 5\r\n", "hello"), &[400]),
        ("name with a space", post("Content Length: 5\r\n", "hello"), &[400]),
        ("name with NUL", post("X-A\0: 5\r\n", ""), &[400]),
        ("value with NUL", post("X-A: 5\0\r\n", ""), &[400]),
        ("value with a lone CR", get(rounds, "X-A: b\rX-B: c\r\n"), &[400]),
        ("header without a name", get(rounds, ": b\r\n"), &[400]),
        ("line without a colon", get(rounds, "nonsense\r\n"), &[400]),
        ("length in hex", post("Content-Length: 0x5\r\n", "hello"), &[400]),
        ("length with a fraction", post("Content-Length: 5.0\r\n", "hello"), &[400]),
        ("length with an exponent", post("Content-Length: 5e0\r\n", "hello"), &[400]),
        ("length with a space", post("Content-Length: 5 5\r\n", "hello"), &[400]),
        ("length beyond all numbers", post("Content-Length: 99999999999999999999\r\n", "hello"), &[400]),
        ("no length", post("Content-Length:\r\n", "hello"), &[400]),
        ("list of unequal lengths", post("Content-Length: 5, 6\r\n", "hello"), &[400]),
        ("length of another spelling", post("Content_Length: 5\r\n", "hello"), &[400]),
        ("websocket", get(rounds, "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"), &[400]),
        ("upgrade without connection", get(rounds, "Upgrade: h2c\r\n"), &[400]),
        ("version 2 by its preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".into(), &[400]),
        ("version 3", "GET /registration/v1/rounds HTTP/3.0\r\nHost: a\r\n\r\n".into(), &[400]),
        ("no version", "GET /registration/v1/rounds\r\n\r\n".into(), &[400]),
        ("lower-case version", "GET /registration/v1/rounds http/1.1\r\nHost: a\r\n\r\n".into(), &[400]),
        ("two spaces", "GET  /registration/v1/rounds HTTP/1.1\r\nHost: a\r\n\r\n".into(), &[400]),
        ("lower-case method", "get /registration/v1/rounds HTTP/1.1\r\nHost: a\r\n\r\n".into(), &[405]),
        ("connect to a path", "CONNECT /registration/v1/rounds HTTP/1.1\r\nHost: a\r\n\r\n".into(), &[400, 405]),
        ("absolute form by TLS", get("https://a.example/registration/v1/rounds", ""), &[400]),
        ("authority as a path", get("//evil.example/registration/v1/rounds", ""), &[400, 404]),
        ("no leading slash", get("registration/v1/rounds", ""), &[400]),
        ("asterisk for GET", get("*", ""), &[400]),
        ("encoded line break", get("/registration/v1/a%0d%0aX:%20b", ""), &[400]),
        ("encoded slash in pages", get("/registration/pages%2Fslate/x", ""), &[400, 404]),
        ("overlong slash", get("/registration/v1/%c0%af", ""), &[400]),
        ("byte above ASCII", get("/registration/v1/\u{e5}", ""), &[400]),
        ("hidden service", get("/%72egistration/v1/rounds", ""), &[400]),
        ("hidden version", get("/registration/v%31/rounds", ""), &[400]),
        ("hidden letter", get("/registration/v1/round%73", ""), &[400]),
        ("hidden digit", get("/registration/v1/rounds/%31", ""), &[400]),
        ("hidden sign", get("/registration/v1/rounds%2Djson", ""), &[400]),
        ("inner door", get("/registration/internal/callers", ""), &[404]),
        ("other service", get("/payroll/v1/rounds", ""), &[404]),
        ("compressed body", post("Content-Encoding: gzip\r\nContent-Length: 5\r\n", "hello"), &[415]),
        ("body compressed twice", post("Content-Encoding: gzip, br\r\nContent-Length: 5\r\n", "hello"), &[415]),
        ("identity named as a coding", post("Content-Encoding: identity\r\nContent-Length: 5\r\n", "hello"), &[415]),
        ("too many headers", get(rounds, &"X-A: b\r\n".repeat(200)), &[400, 431]),
        ("too large headers", get(rounds, &format!("X-A: {}\r\n", "b".repeat(140_000))), &[400, 431]),
    ];
    let count = cases.len();
    for (name, request, expected) in cases {
        let answer = raw::exchange(&door.authority, request.as_bytes()).await;
        let status = raw::status(&answer);
        assert!(expected.contains(&status), "{name}: {answer}");
        // What the HTTP parser itself refuses is bare; everything that parses is told why.
        let body = answer.split("\r\n\r\n").nth(1).unwrap_or_default();
        assert!(
            body.is_empty() || answer.contains("application/problem+json"),
            "{name}: {answer}"
        );
        assert_eq!(registration.calls(), 0, "{name}");
    }
    assert!(count > 90);
    let good = raw::exchange(&door.authority, get(rounds, "").as_bytes()).await;
    assert_eq!(raw::status(&good), 200);
    assert_eq!(registration.calls(), 1, "the counter counts");
}

#[actix_web::test]
async fn a_refused_requests_body_is_not_read_as_the_next_request() {
    let registration = Service::start("registration");
    let door = Door::open(settings(&[&registration]));
    let inner = "GET /registration/v1/smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
    for headers in [
        format!("Content-Length: {}\r\nX_Y: 1\r\n", inner.len()),
        "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n".to_owned(),
        "Transfer-Encoding: identity\r\n".to_owned(),
        format!(
            "Content-Length: {}\r\nUpgrade: websocket\r\nConnection: upgrade\r\n",
            inner.len()
        ),
    ] {
        let request =
            format!("POST /registration/v1/x HTTP/1.1\r\nHost: a\r\n{headers}\r\n{inner}");
        let answer = raw::exchange(&door.authority, request.as_bytes()).await;
        assert_eq!(raw::status(&answer), 400);
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
        assert_eq!(registration.calls(), 0);
    }
}

#[actix_web::test]
async fn a_streamed_body_is_cut_at_the_limit() {
    let registration = Service::start("registration");
    let mut settings = settings(&[&registration]);
    settings.limits.body_bytes = 1000;
    let door = Door::open(settings);
    let mut stream = TcpStream::connect(&door.authority).await.unwrap();
    let head = "POST /registration/v1/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let chunk = format!("1f4\r\n{}\r\n", "x".repeat(500));
    for _ in 0..3 {
        stream.write_all(chunk.as_bytes()).await.unwrap();
    }
    let answer = raw::read(&mut stream).await;
    assert_eq!(raw::status(&answer), 413);
    assert!(answer.contains("body_too_large"), "{answer}");
    assert!(answer.contains("1000"), "the limit is told: {answer}");
}

#[actix_web::test]
async fn an_operation_whose_document_says_so_takes_a_larger_body_and_no_other_does() {
    const MOST: usize = 4000;
    let registration = Service::start("registration");
    let mut settings = settings(&[&registration]);
    settings.limits.body_bytes = 1000;
    settings.documents.push(json!({
        "info": { "title": "x" }, "servers": [{ "url": "https://akademi.example/registration/v1" }],
        "paths": {
            "/imports": {
                "get": { "operationId": "listImports" },
                "post": { "operationId": "createImport", "x-max-body-bytes": MOST }
            },
            // Less than everything takes is for the service to judge.
            "/rounds": { "post": { "operationId": "createRound", "x-max-body-bytes": 10 } },
        },
    }));
    let door = Door::open(settings);
    for (method, path, most) in [
        (Method::POST, "imports", MOST),
        (Method::PUT, "imports", 1000),
        (Method::POST, "imports/1", 1000),
        (Method::POST, "rounds", 1000),
        (Method::POST, "people", 1000),
    ] {
        for (bytes, fits) in [(most, true), (most + 1, false)] {
            let path = format!("/registration/v1/{path}");
            let told = door.request(method.clone(), &path).body(vec![b'x'; bytes]);
            let parts = stream::iter([Ok::<_, std::io::Error>(vec![b'x'; bytes])]);
            let streamed = door.request(method.clone(), &path);
            let streamed = streamed.body(reqwest::Body::wrap_stream(parts));
            for call in [told, streamed] {
                let answer = call.send().await.unwrap();
                let status = answer.status().as_u16();
                assert_eq!(
                    status,
                    if fits { 200 } else { 413 },
                    "{method} {path} {bytes}"
                );
                let body: Value = answer.json().await.unwrap();
                if !fits {
                    let words = body["detail"].as_str().unwrap();
                    assert!(words.contains(&most.to_string()), "{words}");
                }
            }
        }
    }
}

#[actix_web::test]
async fn a_body_slower_than_the_floor_is_given_up() {
    let registration = Service::start("registration");
    let mut settings = settings(&[&registration]);
    settings.limits.body_grace = Duration::from_millis(300);
    let door = Door::open(settings);
    let mut stream = TcpStream::connect(&door.authority).await.unwrap();
    let head = "POST /registration/v1/x HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nslow";
    stream.write_all(head.as_bytes()).await.unwrap();
    let answer = raw::read(&mut stream).await;
    assert_eq!(raw::status(&answer), 408);
    assert!(answer.contains("request_timeout"), "{answer}");
}

#[actix_web::test]
async fn what_is_allowed_is_read_by_the_service_as_it_was_sent() {
    let registration = Service::start("registration");
    let door = Door::open(settings(&[&registration]));
    let post = |headers: &str, body: &str| {
        format!("POST /registration/v1/x HTTP/1.1\r\nHost: a\r\n{headers}\r\n{body}")
    };
    let chunked = "Transfer-Encoding: chunked\r\n";
    for (name, request, body_bytes) in [
        ("length", post("Content-Length: 5\r\n", "hello"), 5),
        (
            "length with zeros",
            post("Content-Length: 005\r\n", "hello"),
            5,
        ),
        (
            "length with white space",
            post("Content-Length: \t 5 \t\r\n", "hello"),
            5,
        ),
        ("chunks", post(chunked, "5\r\nhello\r\n0\r\n\r\n"), 5),
        (
            "coding in capitals",
            post("Transfer-Encoding: CHUNKED\r\n", "5\r\nhello\r\n0\r\n\r\n"),
            5,
        ),
        (
            "chunk extension",
            post(chunked, "5;a=b\r\nhello\r\n0\r\n\r\n"),
            5,
        ),
        (
            "chunk size with zeros",
            post(chunked, "0005\r\nhello\r\n0\r\n\r\n"),
            5,
        ),
        ("empty body in chunks", post(chunked, "0\r\n\r\n"), 0),
        (
            "expectation",
            post("Expect: 100-continue\r\nContent-Length: 5\r\n", "hello"),
            5,
        ),
        (
            "lines that end bare",
            post("Content-Length: 5\r\n", "hello").replace("\r\n", "\n"),
            5,
        ),
    ] {
        let before = registration.calls();
        let answer = raw::exchange(&door.authority, request.as_bytes()).await;
        let last = answer.rsplit("HTTP/1.1 ").next().unwrap();
        assert!(last.starts_with("200"), "{name}: {answer}");
        assert!(
            answer.contains(&format!("\"bodyBytes\":{body_bytes}")),
            "{name}: {answer}"
        );
        assert_eq!(registration.calls(), before + 1, "{name}");
    }
}

#[actix_web::test]
async fn a_chunk_that_breaks_the_rules_ends_request_and_connection() {
    let registration = Service::start("registration");
    let door = Door::open(settings(&[&registration]));
    let next = "GET /registration/v1/smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
    for (name, body) in [
        ("no number", "g\r\nhello\r\n0\r\n\r\n"),
        ("signed", "+5\r\nhello\r\n0\r\n\r\n"),
        ("negative", "-5\r\nhello\r\n0\r\n\r\n"),
        ("prefixed", "0x5\r\nhello\r\n0\r\n\r\n"),
        (
            "beyond all numbers",
            "fffffffffffffffff\r\nhello\r\n0\r\n\r\n",
        ),
        ("too short", "3\r\nhello\r\n0\r\n\r\n"),
        ("empty size", "\r\nhello\r\n0\r\n\r\n"),
    ] {
        let head =
            "POST /registration/v1/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
        let request = format!("{head}{body}{next}");
        let answer = raw::exchange(&door.authority, request.as_bytes()).await;
        // The body is on its way when it breaks: there may be no more answer than the end.
        let is_refused = answer.is_empty() || matches!(raw::status(&answer), 400..=499);
        assert!(is_refused, "{name}: {answer}");
        assert!(answer.matches("HTTP/1.1 ").count() <= 1, "{name}: {answer}");
        assert!(!answer.contains("smuggled"), "{name}: {answer}");
    }
}

#[actix_web::test]
async fn ten_megabytes_without_a_length_are_cut_and_nothing_near_them_is_kept() {
    let registration = Service::start("registration");
    let door = Door::open(settings(&[&registration]));
    let stream = TcpStream::connect(&door.authority).await.unwrap();
    let (mut reading, mut writing) = stream.into_split();
    let sending = actix_web::rt::spawn(async move {
        let head =
            "POST /registration/v1/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
        writing.write_all(head.as_bytes()).await.unwrap();
        let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
        for _ in 0..160 {
            if writing.write_all(chunk.as_bytes()).await.is_err() {
                return;
            }
        }
    });
    let mut answer = vec![0; 16 * 1024];
    let length = reading.read(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer[..length]).into_owned();
    assert_eq!(raw::status(&answer), 413, "{answer}");
    let most = 1024 * 1024 + 0x10000;
    assert!(
        registration
            .kept
            .received
            .load(std::sync::atomic::Ordering::SeqCst)
            <= most
    );
    sending.abort();
}

#[actix_web::test]
async fn a_head_that_does_not_come_is_given_up() {
    let registration = Service::start("registration");
    let door = Door::open(settings(&[&registration]));
    let mut stream = TcpStream::connect(&door.authority).await.unwrap();
    stream
        .write_all(b"GET /registration/v1/rounds HTTP/1.1\r\nHost: a\r\nX-Slow: ")
        .await
        .unwrap();
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut answer));
    read.await.expect("the connection is closed").unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    assert_eq!(raw::status(&answer), 408, "{answer}");
    assert_eq!(registration.calls(), 0);
}
