//! A person's own data: what all services have, in one file, or nothing.

use crate::support::{Door, Service, demo_token, door::problem, person, settings};
use reqwest::Method;
use serde_json::Value;
use shared_web::key::KeyPair;

const ADDRESS: &str = "/gateway/v1/archive";

/// A gateway before played services, and a token of Maja's.
fn door(services: &[&Service]) -> (Door, String) {
    let key = KeyPair::generate("demo").unwrap();
    services[0].know_demo("maja", &person("person:maja"));
    let mut settings = settings(services);
    settings.demo = Some(key.public().clone());
    (Door::open(settings), demo_token(&key, "maja"))
}

#[actix_web::test]
async fn every_service_is_asked_for_all_it_has_and_the_answers_are_one_file() {
    let services = ["registration", "scheduling", "mentorship", "evaluation"].map(Service::start);
    let (door, token) = door(&services.each_ref());
    let asked = door
        .request(Method::GET, &format!("{ADDRESS}?cursor=x"))
        .bearer_auth(&token)
        .header("if-none-match", "*")
        .header("range", "bytes=0-1")
        .header("accept-language", "da");
    let reply = asked.send().await.unwrap();
    assert_eq!(reply.status(), 200);
    assert_eq!(reply.headers()["content-type"], "application/json");
    assert_eq!(reply.headers()["cache-control"], "no-store");
    let named = reply.headers()["content-disposition"].to_str().unwrap();
    assert!(named.contains("akademi-archive.json"), "{named}");
    assert!(!reply.headers().contains_key("set-cookie"));
    let file: Value = serde_json::from_str(&reply.text().await.unwrap()).unwrap();
    assert_eq!(
        file["_links"]["self"]["href"],
        format!("{}{ADDRESS}", door.url)
    );
    assert_eq!(file["services"].as_object().unwrap().len(), 4);
    for service in &services {
        let part = &file["services"][service.name];
        assert_eq!(part["service"], service.name);
        assert_eq!(part["target"], format!("/{}/v1/archive", service.name));
        assert_eq!(part["headers"]["accept-language"], "da");
        assert_eq!(part["headers"].get("if-none-match"), None);
        assert_eq!(part["headers"].get("range"), None);
        let told = part["headers"]["authorization"].as_str().unwrap();
        assert!(told.starts_with("Bearer ") && !told.contains(&token));
    }
}

#[actix_web::test]
async fn where_one_service_is_away_there_is_no_file() {
    let services = ["registration", "scheduling"].map(Service::start);
    let (door, token) = door(&services.each_ref());
    assert_eq!(door.get_as(&token, ADDRESS).await.status(), 200);
    services[1].stop().await;
    let reply = door.get_as(&token, ADDRESS).await;
    assert_eq!(reply.headers()["retry-after"], "2");
    problem(reply, 503, "unavailable").await;
}

#[actix_web::test]
async fn who_is_not_known_has_none() {
    let registration = Service::start("registration");
    let (door, _) = door(&[&registration]);
    problem(door.get(ADDRESS).await, 401, "unauthenticated").await;
    let forged = demo_token(&KeyPair::generate("demo").unwrap(), "maja");
    let refused = door.get_as(&forged, ADDRESS).await;
    problem(refused, 401, "unauthenticated").await;
    assert_eq!(registration.calls(), 0);
    let written = door.request(Method::POST, ADDRESS).body("{}");
    let written = written.send().await.unwrap();
    problem(written, 405, "method_not_allowed").await;
}
