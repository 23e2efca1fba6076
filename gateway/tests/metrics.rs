//! Figures are read at an address of their own, and no label is an id.
//!
//! A process of its own: the figures are one set for all threads.

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

use gateway::Rates;
use reqwest::Method;
use shared_web::{key::KeyPair, metrics, outgoing};
use std::{collections::BTreeMap, net::TcpListener, time::Duration};
use support::{Door, Service, demo_token, person, settings};

/// The samples of a text in Prometheus's format: name with labels, and value.
fn samples(text: &str) -> BTreeMap<String, String> {
    let lines = text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    let pairs = lines.map(|line| line.rsplit_once(' ').unwrap());
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

#[actix_web::test]
async fn requests_are_counted_by_pattern_and_never_by_what_stands_in_an_address() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let figures = format!("http://{}", listener.local_addr().unwrap());
    actix_web::rt::spawn(metrics::start(listener).unwrap());
    let read = async |path: &str| {
        let client = outgoing::internal([&figures]).unwrap();
        let request = client.request(Method::GET, &format!("{figures}{path}"));
        request.unwrap().send().await.unwrap()
    };
    let registration = Service::start("registration");
    let key = KeyPair::generate("demo").unwrap();
    registration.know_demo("maja", &person("person:maja4711"));
    let mut settings = settings(&[&registration]);
    settings.demo = Some(key.public().clone());
    settings.edge.rates = Rates {
        caller: 4,
        ..Rates::NONE
    };
    let door = Door::open(settings);
    let token = demo_token(&key, "maja");
    let id = "0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60";
    for _ in 0..3 {
        door.get_as(&token, &format!("/registration/v1/rounds/{id}?q=query4711"))
            .await;
    }
    door.get_as(&token, "/registration/pages/offer/secret4711")
        .await;
    assert_eq!(
        door.get_as(&token, "/registration/v1/me").await.status(),
        429
    );
    door.get("/nothing/here4711").await;
    let brew = Method::from_bytes(b"BREW4711").unwrap();
    door.request(brew, "/docs").send().await.unwrap();

    let response = read("/metrics").await;
    assert_eq!(response.status(), 200);
    assert!(
        response.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/plain")
    );
    let text = response.text().await.unwrap();
    let found = samples(&text);
    let of = |name: &str| {
        found
            .get(name)
            .map_or_else(|| panic!("no {name} in {text}"), String::as_str)
    };
    let route = "part=\"gateway\",route=\"/registration/v1/{path:.*}\",method=\"GET\"";
    assert_eq!(
        of(&format!("http_requests_total{{{route},status=\"2xx\"}}")),
        "3"
    );
    assert_eq!(
        of(&format!("http_requests_total{{{route},status=\"4xx\"}}")),
        "1"
    );
    assert_eq!(
        of(&format!("http_request_duration_seconds_count{{{route}}}")),
        "4"
    );
    assert_eq!(of("http_requests_in_flight{part=\"gateway\"}"), "0");
    assert_eq!(of("http_problems_total{code=\"too_many_requests\"}"), "1");
    assert_eq!(of("http_problems_total{code=\"method_not_allowed\"}"), "1");
    assert_eq!(of("gateway_rate_limited_total{policy=\"caller\"}"), "1");
    let upstream = |outcome: &str| {
        let labels = format!("upstream=\"registration\",outcome=\"{outcome}\"");
        of(&format!("gateway_upstream_requests_total{{{labels}}}")).to_owned()
    };
    assert_eq!([upstream("2xx"), upstream("unreachable")], ["4", "0"]);
    let named = "{upstream=\"registration\"}";
    assert_eq!(of(&format!("gateway_upstream_repeats_total{named}")), "0");
    assert_eq!(of("gateway_tokens_total{memory=\"miss\"}"), "1");
    assert_eq!(of("gateway_tokens_total{memory=\"hit\"}"), "4");
    assert_eq!(of("gateway_last_known_roles_age_seconds"), "0");
    for telling in [id, "4711", "maja", "127.0.0.1", token.as_str()] {
        assert!(!text.contains(telling), "{telling} stands in {text}");
    }

    // Nowhere else: neither at the gateway, nor through it, nor is anything else here.
    for path in [
        "/metrics",
        "/registration/metrics",
        "/registration/v1/../metrics",
    ] {
        let response = door.get(path).await;
        assert!(response.status().is_client_error(), "{path}");
        assert!(
            !response
                .text()
                .await
                .unwrap()
                .contains("http_requests_total"),
            "{path}"
        );
    }
    for path in ["/", "/health/live", "/registration/v1/rounds"] {
        assert_eq!(read(path).await.status(), 404, "{path}");
    }

    // When registration goes, its figures tell, and how old the roles are that count meanwhile.
    tokio::time::sleep(Duration::from_millis(2100)).await;
    registration.stop().await;
    for _ in 0..6 {
        let request = door.get_as(&token, "/registration/v1/me").await;
        assert!(matches!(request.status().as_u16(), 429 | 503));
        let stranger = door.get("/registration/v1/rounds").await;
        assert_eq!(stranger.status(), 503);
    }
    let text = read("/metrics").await.text().await.unwrap();
    let found = samples(&text);
    let labels = "upstream=\"registration\",outcome";
    let of = |outcome: &str| {
        let name = format!("gateway_upstream_requests_total{{{labels}=\"{outcome}\"}}");
        found[&name].parse::<u32>().unwrap()
    };
    assert!(of("unreachable") >= 5 && of("refused") >= 1, "{text}");
    assert_eq!(found[&format!("gateway_upstream_resting{named}")], "1");
    let age: f64 = found["gateway_last_known_roles_age_seconds"]
        .parse()
        .unwrap();
    assert!((2.0..60.0).contains(&age), "{age}");
}
