//! Pages of the origins that the operator names may read our answers, and no others.

use crate::support::{Door, Service, settings};
use reqwest::{Method, Response};
use shared_web::key::KeyPair;
use std::net::TcpListener;

const NAMED: &str = "https://portal.linkoping.example";
const ROUNDS: &str = "/registration/v1/rounds";

fn open(registration: &Service, origins: &[&str]) -> Door {
    let mut settings = settings(&[registration]);
    settings.edge.origins = origins.iter().map(|&origin| origin.to_owned()).collect();
    Door::open(settings)
}

async fn ask(door: &Door, method: Method, path: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = door.request(method, path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap()
}

fn text<'a>(response: &'a Response, name: &str) -> &'a str {
    let value = response.headers().get(name);
    value.map_or("", |value| value.to_str().unwrap())
}

#[actix_web::test]
async fn a_named_origins_page_may_read_answers_and_refusals_and_what_stands_in_their_heads() {
    let registration = Service::start("registration");
    let door = open(&registration, &[NAMED]);
    for (path, status) in [
        (ROUNDS, 200),
        ("/nothing", 404),
        ("/registration/v1/a%2fb", 400),
        ("/gateway/v1/api-info?x=1", 400),
    ] {
        let response = ask(&door, Method::GET, path, &[("origin", NAMED)]).await;
        assert_eq!(response.status(), status, "{path}");
        assert_eq!(
            text(&response, "access-control-allow-origin"),
            NAMED,
            "{path}"
        );
        assert!(
            !response
                .headers()
                .contains_key("access-control-allow-credentials")
        );
        let exposed = text(&response, "access-control-expose-headers");
        for name in [
            "etag",
            "location",
            "link",
            "ratelimit",
            "ratelimit-policy",
            "retry-after",
            "api-version",
            "idempotency-replayed",
            "traceparent",
        ] {
            assert!(exposed.split(", ").any(|one| one == name), "{name}");
        }
        let vary = response.headers().get_all("vary").iter();
        assert!(
            vary.map(|value| value.to_str().unwrap())
                .any(|value| value == "origin"),
            "{path}"
        );
    }
}

#[actix_web::test]
async fn nobody_else_is_allowed_however_alike() {
    let registration = Service::start("registration");
    let door = open(&registration, &[NAMED]);
    for origin in [
        "https://evil.example",
        "null",
        "*",
        "http://portal.linkoping.example",
        "https://portal.linkoping.example.evil.example",
        "https://portal.linkoping.example:8443",
        "https://PORTAL.linkoping.example",
        "https://portal.linkoping.example/",
        "https://portal.linkoping.example, https://evil.example",
    ] {
        let response = ask(&door, Method::GET, ROUNDS, &[("origin", origin)]).await;
        assert_eq!(response.status(), 200);
        assert_eq!(
            text(&response, "access-control-allow-origin"),
            "",
            "{origin}"
        );
        let asked = [("origin", origin), ("access-control-request-method", "GET")];
        let response = ask(&door, Method::OPTIONS, ROUNDS, &asked).await;
        assert_eq!(
            text(&response, "access-control-allow-origin"),
            "",
            "{origin}"
        );
        assert_eq!(
            text(&response, "access-control-allow-methods"),
            "",
            "{origin}"
        );
    }
    let both = [("origin", NAMED), ("origin", "https://evil.example")];
    let response = ask(&door, Method::GET, ROUNDS, &both).await;
    assert_eq!(text(&response, "access-control-allow-origin"), "");
    let nobody = open(&registration, &[]);
    let response = ask(&nobody, Method::GET, ROUNDS, &[("origin", NAMED)]).await;
    assert_eq!(text(&response, "access-control-allow-origin"), "");
}

#[actix_web::test]
async fn a_preflight_is_answered_here_and_what_is_no_preflight_is_not() {
    let registration = Service::start("registration");
    let door = open(&registration, &["https://other.example", NAMED]);
    let asked = [
        ("origin", NAMED),
        ("access-control-request-method", "PATCH"),
        ("access-control-request-headers", "authorization, if-match"),
    ];
    let response = ask(&door, Method::OPTIONS, ROUNDS, &asked).await;
    assert_eq!(response.status(), 204);
    assert_eq!(text(&response, "access-control-allow-origin"), NAMED);
    assert!(text(&response, "access-control-allow-methods").contains("PATCH"));
    let headers = text(&response, "access-control-allow-headers");
    for name in [
        "authorization",
        "if-match",
        "idempotency-key",
        "content-type",
    ] {
        assert!(headers.split(", ").any(|one| one == name), "{name}");
    }
    assert_eq!(text(&response, "access-control-max-age"), "600");
    assert_eq!(registration.calls(), 0, "no service was asked");
    let bare = ask(&door, Method::OPTIONS, ROUNDS, &[("origin", NAMED)]).await;
    assert_eq!(bare.status(), 200, "the played service answers everything");
    assert_eq!(registration.calls(), 1);
    // What would be refused anyway is refused here too.
    let bad = ask(&door, Method::OPTIONS, "/registration/v1/a%2fb", &asked).await;
    assert_eq!(bad.status(), 400);
}

#[actix_web::test]
async fn documents_are_for_every_origin() {
    let registration = Service::start("registration");
    let door = open(&registration, &[NAMED]);
    for origin in [NAMED, "https://evil.example"] {
        let response = ask(&door, Method::GET, "/openapi.json", &[("origin", origin)]).await;
        assert_eq!(text(&response, "access-control-allow-origin"), "*");
        assert_eq!(
            text(&response, "cross-origin-resource-policy"),
            "cross-origin"
        );
    }
}

#[actix_web::test]
async fn the_gateway_does_not_start_with_an_origin_that_would_never_match() {
    let registration = Service::start("registration");
    for origin in [
        "*",
        "null",
        "portal.example",
        "https://a.example/",
        "https://a.example/x",
        "https://A.example",
        "file://x",
    ] {
        let mut settings = settings(&[&registration]);
        settings.edge.origins = vec![origin.to_owned()];
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let key = KeyPair::generate("gateway").unwrap();
        assert!(
            gateway::start(listener, settings, &key).is_err(),
            "{origin}"
        );
    }
}
