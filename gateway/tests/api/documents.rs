//! The merged document, the API page, and where machines look first.

use crate::support::{Door, Service, door::problem, issuer::rules, settings};
use reqwest::Method;
use serde_json::{Value, json};
use shared_web::key::KeyPair;
use std::net::TcpListener;

fn part(name: &str, thing: &Value) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": { "title": name, "version": "0.1.0" },
        "servers": [{ "url": format!("https://akademi.example/{name}/v1") }],
        "tags": [{ "name": format!("{name} things") }],
        "paths": { "/things": { "get": { "operationId": format!("{name}Things") } } },
        "components": { "schemas": { "Thing": thing } }
    })
}

#[actix_web::test]
async fn the_merged_document_says_where_the_reader_found_it_and_nothing_else_differs() {
    let registration = Service::start("registration");
    let mut settings = settings(&[&registration]);
    settings
        .documents
        .push(part("registration", &json!({ "type": "string" })));
    let committed = gateway::merge(&settings.documents).unwrap();
    let door = Door::open(settings);
    let response = door.get("/openapi.json").await;
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
    let mut served: Value = response.json().await.unwrap();
    assert_eq!(served["servers"][0]["url"], door.url.as_str());
    served["servers"] = committed["servers"].clone();
    assert_eq!(served, committed);
    let paths: Vec<&String> = served["paths"].as_object().unwrap().keys().collect();
    let (own, other) = (
        ["/gateway/v1/api-info", "/gateway/v1/archive"],
        "/registration/v1/things",
    );
    assert_eq!(paths, [own[0], own[1], other]);
    assert_eq!(
        served["paths"]["/gateway/v1/api-info"]["get"]["operationId"],
        "gatewayGetApiInfo"
    );
}

#[actix_web::test]
async fn who_has_the_document_already_does_not_get_it_again() {
    let registration = Service::start("registration");
    let door = Door::open(settings(&[&registration]));
    for path in ["/openapi.json", "/gateway/v1/openapi.json"] {
        let first = door.get(path).await;
        let tag = first.headers()["etag"].clone();
        let again = door.request(Method::GET, path);
        let again = again.header("if-none-match", &tag).send().await.unwrap();
        assert_eq!(again.status(), 304, "{path}");
        assert_eq!(again.headers()["etag"], tag);
        assert_eq!(again.bytes().await.unwrap().len(), 0);
        let other = door.request(Method::GET, path);
        let other = other.header("if-none-match", "\"other\"").send().await;
        assert_eq!(other.unwrap().status(), 200, "{path}");
        let head = door.request(Method::HEAD, path).send().await.unwrap();
        assert_eq!(head.headers()["etag"], tag);
    }
}

#[actix_web::test]
async fn the_gateway_does_not_start_with_keys_that_come_unprotected() {
    let registration = Service::start("registration");
    let mut settings = settings(&[&registration]);
    let mut issuer = rules(&registration);
    issuer.jwks_url = "http://login.example/keys".to_owned();
    settings.issuers = vec![issuer];
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let key = KeyPair::generate("gateway").unwrap();
    let refused = gateway::start(listener, settings, &key).err().unwrap();
    assert_eq!(
        refused.to_string(),
        "the address of keys \"http://login.example/keys\" must be https (http only on this machine)"
    );
}

#[actix_web::test]
async fn the_gateway_does_not_start_where_one_name_means_two_things() {
    let registration = Service::start("registration");
    let mut settings = settings(&[&registration]);
    settings.documents = vec![
        part("registration", &json!({ "type": "string" })),
        part("scheduling", &json!({ "type": "integer" })),
    ];
    let expected = gateway::MergeError::UnequalComponent("schemas/Thing".into());
    assert_eq!(gateway::merge(&settings.documents), Err(expected));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let key = KeyPair::generate("gateway").unwrap();
    assert!(gateway::start(listener, settings, &key).is_err());
}

#[actix_web::test]
async fn the_gateways_own_api_tells_its_name_and_has_its_document() {
    let registration = Service::start("registration");
    let door = Door::open(settings(&[&registration]));
    let response = door.get("/gateway/v1/api-info").await;
    assert!(response.headers().contains_key("api-version"));
    let info: Value = response.json().await.unwrap();
    assert_eq!(info["apiName"], "gateway");
    assert_eq!(info["apiDocumentation"], format!("{}/docs", door.url));
    let mut own: Value = door
        .get("/gateway/v1/openapi.json")
        .await
        .json()
        .await
        .unwrap();
    own["servers"] = gateway::document()["servers"].clone();
    assert_eq!(own, gateway::document());
    let unknown = door.get("/gateway/v1/api-info?x=1").await;
    problem(unknown, 400, "invalid_parameter").await;
}

#[actix_web::test]
async fn the_api_page_loads_nothing_from_elsewhere() {
    let registration = Service::start("registration");
    let door = Door::open(settings(&[&registration]));
    let page = door.get("/docs").await;
    assert_eq!(page.status(), 200);
    let policy = page.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(policy.starts_with("default-src 'none'; script-src 'self';"));
    assert!(!policy.contains("http") && !policy.contains('*') && !policy.contains("unsafe"));
    let html = page.text().await.unwrap();
    assert!(!html.contains("://"), "{html}");
    let addresses: Vec<&str> = html
        .split("src=\"")
        .chain(html.split("href=\""))
        .filter_map(|rest| rest.split('"').next())
        .filter(|address| address.starts_with('/'))
        .collect();
    assert_eq!(addresses.len(), 5, "{html}");
    for address in addresses {
        let part = door.get(address).await;
        assert_eq!(part.status(), 200, "{address}");
        assert!(
            part.headers()["cache-control"]
                .to_str()
                .unwrap()
                .contains("max-age")
        );
        assert!(part.bytes().await.unwrap().len() > 100, "{address}");
    }
    let script = door.get("/docs/page.js").await.text().await.unwrap();
    assert!(script.contains("\"/openapi.json\"") && !script.contains("://"));
    let style = door.get("/docs/swagger-ui.css").await.text().await.unwrap();
    let foreign = style
        .split("url(")
        .skip(1)
        .any(|url| url.trim_start_matches(['"', '\'']).starts_with("http"));
    assert!(!foreign, "the viewer's style names a foreign address");
    problem(door.get("/docs/index.html").await, 404, "not_found").await;
    problem(
        door.get("/docs/oauth2-redirect.html").await,
        404,
        "not_found",
    )
    .await;
}

#[actix_web::test]
async fn machines_find_every_api_and_researchers_whom_to_tell() {
    let registration = Service::start("registration");
    let door = Door::open(settings(&[&registration]));
    let catalog = door.get("/.well-known/api-catalog").await;
    let kind = catalog.headers()["content-type"].to_str().unwrap();
    assert!(kind.starts_with("application/linkset+json"));
    let catalog: Value = catalog.json().await.unwrap();
    assert_eq!(
        catalog["linkset"][0]["service-desc"][0]["href"],
        format!("{}/registration/v1/openapi.json", door.url)
    );
    assert_eq!(
        catalog["linkset"][1]["anchor"],
        format!("{}/gateway/v1", door.url)
    );
    let head = door.request(Method::HEAD, "/.well-known/api-catalog");
    assert_eq!(head.send().await.unwrap().status(), 200);
    let text = door
        .get("/.well-known/security.txt")
        .await
        .text()
        .await
        .unwrap();
    assert!(
        text.contains("Contact: mailto:") && text.contains("Expires: 20"),
        "{text}"
    );
    let post = door
        .request(Method::POST, "/.well-known/security.txt")
        .send();
    let post = post.await.unwrap();
    assert_eq!(post.headers()["allow"], "GET, HEAD");
    problem(post, 405, "method_not_allowed").await;
}
