//! Whoever follows the `type` of a problem finds it explained in their language.

use crate::support::{Door, Service, door::problem, settings};
use reqwest::Method;
use serde_json::Value;
use shared_types::codes;

#[actix_web::test]
async fn the_type_of_a_problem_is_an_address_that_explains_it() {
    let registration = Service::start("registration");
    let door = Door::open(settings(&[&registration]));
    let body = problem(door.get("/nothing").await, 404, "not_found").await;
    let address = body["type"].as_str().unwrap();
    let path = address.strip_prefix(&door.url).unwrap();
    let explained: Value = door.get(path).await.json().await.unwrap();
    assert_eq!(explained["code"], "not_found");
    assert_eq!(explained["status"], 404);
}

#[actix_web::test]
async fn codes_are_explained_to_people_in_their_language_and_to_programs_as_json() {
    let registration = Service::start("registration");
    let mut settings = settings(&[&registration]);
    settings.codes = vec![shared_types::registration::codes::ALL];
    let door = Door::open(settings);
    for (language, title) in [
        ("sv-SE", "Innehållet är för stort"),
        ("da", "Indholdet er for stort"),
        ("en", "The body is too large"),
    ] {
        let request = door.request(Method::GET, "/problems/body_too_large");
        let request = request.header("accept", "text/html,*/*;q=0.8");
        let page = request
            .header("accept-language", language)
            .send()
            .await
            .unwrap();
        assert_eq!(page.headers()["content-language"], &language[..2]);
        let html = page.text().await.unwrap();
        assert!(html.contains(&format!("<h1>{title}</h1>")), "{html}");
        assert!(html.contains("href=\"/gateway/pages/style.css\""));
    }
    assert_eq!(door.get("/gateway/pages/style.css").await.status(), 200);
    let all: Value = door.get("/problems").await.json().await.unwrap();
    let count = all["problems"].as_array().unwrap().len();
    assert_eq!(
        count,
        codes::ALL.len() + shared_types::registration::codes::ALL.len()
    );
    let request = door
        .request(Method::GET, "/problems")
        .header("accept", "text/html");
    let html = request.send().await.unwrap().text().await.unwrap();
    assert!(html.contains("/problems/round_full"));
    problem(door.get("/problems/unheard_of").await, 404, "not_found").await;
}
