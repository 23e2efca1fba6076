//! Every answer, whoever refuses and whatever it is, tells browsers what not to do with it.

use crate::support::{Door, Service, raw, settings};
use reqwest::Method;
use serde_json::Value;
use shared_web::key::KeyPair;
use std::{net::TcpListener, time::Duration};

/// Addresses that are answered in every way there is, with the status.
const ANSWERS: [(&str, &str, u16); 14] = [
    ("GET", "/registration/v1/rounds", 200),
    ("GET", "/registration/v1/gone", 400),
    ("GET", "/registration/v1/nothing", 204),
    ("GET", "/registration/pages/page", 200),
    ("GET", "/gateway/v1/api-info", 200),
    ("GET", "/gateway/v1/api-info?x=1", 400),
    ("GET", "/openapi.json", 200),
    ("GET", "/docs", 200),
    ("GET", "/problems", 200),
    ("GET", "/health/live", 200),
    ("GET", "/nothing/here", 404),
    ("POST", "/docs", 405),
    ("GET", "/registration/v1/a%2fb", 400),
    ("BREW", "/registration/v1/rounds", 405),
];

#[actix_web::test]
async fn every_answer_has_the_headers_that_protect_who_reads_it() {
    let registration = Service::start("registration");
    let mut settings = settings(&[&registration]);
    settings.public_url = Some("https://akademi.example".into());
    let door = Door::open(settings);
    for (method, path, status) in ANSWERS {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let response = door.request(method, path).send().await.unwrap();
        assert_eq!(response.status(), status, "{path}");
        let header = |name: &str| {
            let value = response.headers().get(name);
            value.map_or("", |value| value.to_str().unwrap()).to_owned()
        };
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("x-frame-options"), "DENY", "{path}");
        assert_eq!(header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(
            header("strict-transport-security"),
            "max-age=31536000",
            "{path}"
        );
        assert!(
            header("content-security-policy").starts_with("default-src 'none'"),
            "{path}"
        );
        if !header("content-type").starts_with("text/html") {
            let policy = header("content-security-policy");
            assert_eq!(
                policy, "default-src 'none'; frame-ancestors 'none'",
                "{path}"
            );
        }
        let resource = header("cross-origin-resource-policy");
        let public = header("access-control-allow-origin") == "*";
        assert_eq!(
            resource,
            if public {
                "cross-origin"
            } else {
                "same-origin"
            },
            "{path}"
        );
        assert!(!header("cache-control").is_empty(), "{path}");
        let is_ours = header("cache-control").contains("public") || path == "/docs";
        assert!(is_ours || header("cache-control") == "no-store", "{path}");
        assert_eq!(header("server"), "", "{path}");
        if header("content-type") == "application/problem+json" {
            assert_eq!(header("content-language"), "en", "{path}");
            assert_eq!(header("vary"), "accept-language", "{path}");
        }
    }
}

/// What a refusal's head must say to browsers.
const PROTECTING: [&str; 8] = [
    "x-content-type-options: nosniff",
    "x-frame-options: deny",
    "referrer-policy: no-referrer",
    "strict-transport-security: max-age=31536000",
    "content-security-policy: default-src 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy: same-origin",
    "cache-control: no-store",
    "content-type: application/problem+json",
];

#[actix_web::test]
async fn every_refusal_of_the_gateways_own_has_them_too() {
    let services = ["registration", "mentorship"].map(Service::start);
    let closing = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closed = closing.local_addr().unwrap();
    // Takes a connection and closes it.
    actix_web::rt::spawn(async move { while closing.accept().await.is_ok() {} });
    let mut settings = settings(&services.each_ref());
    settings.public_url = Some("https://akademi.example".into());
    settings.limits.answer = Duration::from_millis(300);
    settings.limits.body_grace = Duration::from_millis(300);
    let upstreams = &mut settings.upstreams;
    upstreams.insert("scheduling".into(), format!("http://{closed}"));
    let mut limited = settings.clone();
    limited.edge.rates.address = 1;
    services[1].stop().await;
    let (door, limited) = (Door::open(settings), Door::open(limited));
    let request = |line: &str, headers: &str, body: &str| {
        format!("{line} HTTP/1.1\r\nHost: a\r\n{headers}Connection: close\r\n\r\n{body}")
    };
    let get = |path: &str| request(&format!("GET {path}"), "", "");
    let post = |headers: &str, body: &str| request("POST /registration/v1/x", headers, body);
    let rounds = "/registration/v1/rounds";
    let token = "Authorization: Bearer nonsense\r\n";
    let refusals = [
        (401, request(&format!("GET {rounds}"), token, "")),
        (408, post("Content-Length: 1000\r\n", "slow")),
        (413, post("Content-Length: 20000000\r\n", "")),
        (414, get(&format!("/registration/v1/{}", "a".repeat(2100)))),
        (
            415,
            post("Content-Encoding: gzip\r\nContent-Length: 2\r\n", "{}"),
        ),
        (502, get("/scheduling/v1/sessions")),
        (503, get("/mentorship/v1/pairs")),
        (504, get("/registration/v1/silent")),
    ];
    let check = |status: u16, answer: &str| {
        assert_eq!(raw::status(answer), status, "{answer}");
        let head = answer.split("\r\n\r\n").next().unwrap().to_lowercase();
        for line in PROTECTING {
            assert!(
                head.lines().any(|one| one == line),
                "{status} {line}: {head}"
            );
        }
    };
    for (status, request) in refusals {
        check(
            status,
            &raw::exchange(&door.authority, request.as_bytes()).await,
        );
    }
    raw::exchange(&limited.authority, get(rounds).as_bytes()).await;
    check(
        429,
        &raw::exchange(&limited.authority, get(rounds).as_bytes()).await,
    );
}

#[actix_web::test]
async fn only_where_people_come_by_tls_are_browsers_told_to() {
    let registration = Service::start("registration");
    let door = Door::open(settings(&[&registration]));
    let response = door.get("/registration/v1/rounds").await;
    assert!(!response.headers().contains_key("strict-transport-security"));
}

#[actix_web::test]
async fn what_the_parser_refuses_is_bare_and_closes_the_connection() {
    let registration = Service::start("registration");
    let door = Door::open(settings(&[&registration]));
    let request = b"GET / HTTP/1.1\r\nHost : a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n";
    let answer = raw::exchange(&door.authority, request).await;
    assert_eq!(raw::status(&answer), 400);
    assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
    assert!(
        answer.to_lowercase().contains("content-length: 0"),
        "{answer}"
    );
    assert!(
        answer.to_lowercase().contains("connection: close"),
        "{answer}"
    );
}

#[actix_web::test]
async fn security_txt_names_the_configured_contact_and_is_not_out_of_date() {
    let registration = Service::start("registration");
    let mut told = settings(&[&registration]);
    told.edge.security_contact = "https://akademi.example/security".into();
    let door = Door::open(told);
    let response = door.get("/.well-known/security.txt").await;
    assert_eq!(
        response.headers()["content-type"],
        "text/plain; charset=utf-8"
    );
    let text = response.text().await.unwrap();
    let field = |name: &str| {
        let mut lines = text
            .lines()
            .filter_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        let only = lines
            .next()
            .unwrap_or_else(|| panic!("no {name} in {text}"));
        assert!(lines.next().is_none(), "{name} stands once");
        only.to_owned()
    };
    assert_eq!(field("Contact"), "https://akademi.example/security");
    assert_eq!(field("Preferred-Languages"), "sv, da, en");
    assert_eq!(
        field("Canonical"),
        format!("{}/.well-known/security.txt", door.url)
    );
    let expires: chrono::DateTime<chrono::Utc> = field("Expires").parse().unwrap();
    let days = (expires - shared_web::Clock::system().now()).num_days();
    assert!((30..=365).contains(&days), "{days}");
    for contact in [
        "",
        "security@akademi.example",
        "mailto:",
        "http://x",
        "mailto:a\nContact: b",
    ] {
        let mut settings = settings(&[&registration]);
        settings.edge.security_contact = contact.into();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let key = KeyPair::generate("gateway").unwrap();
        assert!(
            gateway::start(listener, settings, &key).is_err(),
            "{contact:?}"
        );
    }
}

#[actix_web::test]
async fn the_catalogue_leads_to_every_api_and_every_link_in_it_of_ours_answers() {
    let registration = Service::start("registration");
    let scheduling = Service::start("scheduling");
    let door = Door::open(settings(&[&registration, &scheduling]));
    let response = door.get("/.well-known/api-catalog").await;
    assert_eq!(
        response.headers()["content-type"],
        "application/linkset+json; profile=\"https://www.rfc-editor.org/info/rfc9727\""
    );
    assert!(
        response.headers()["link"]
            .to_str()
            .unwrap()
            .contains("rel=\"api-catalog\"")
    );
    let catalogue: Value = response.json().await.unwrap();
    let entries = catalogue["linkset"].as_array().unwrap();
    let anchors: Vec<&str> = entries
        .iter()
        .map(|one| one["anchor"].as_str().unwrap())
        .collect();
    let expected: Vec<String> = ["registration", "scheduling", "gateway"]
        .iter()
        .map(|api| format!("{}/{api}/v1", door.url))
        .collect();
    assert_eq!(anchors, expected);
    for entry in entries {
        for relation in ["service-desc", "service-doc", "service-meta"] {
            for link in entry[relation].as_array().unwrap() {
                let href = link["href"].as_str().unwrap();
                let path = href.strip_prefix(&door.url).unwrap();
                assert_eq!(door.get(path).await.status(), 200, "{href}");
                assert!(link["type"].is_string(), "{href}");
            }
        }
    }
}
