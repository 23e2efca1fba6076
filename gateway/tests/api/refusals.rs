//! What the gateway need not understand it refuses, and no service sees a byte of it.

use crate::support::{Door, Service, raw, settings};
use std::time::Duration;
use tokio::{io::AsyncWriteExt as _, net::TcpStream};

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
    assert!(count > 40);
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
