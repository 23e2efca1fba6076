//! The API document against the running service: what is documented is what is there, and
//! nothing of it answers a stranger or a forged token.

use crate::world::{Instance, ROOT, Service, on_each_database};
use registration::api;
use serde_json::{Value, json};
use shared_testing::{Call, Client, Method, Reply, TestDatabase};
use shared_types::{ApiKeyId, Caller, LinkId, OrganisationId, PersonId, Role, RoleGrant};
use shared_web::{
    api_key::NewSecret,
    contract::Contract,
    key::KeyPair,
    link::{LinkKey, LinkPurpose},
    token::{DEMO, EVENTS, INTERNAL, Purpose, Signer},
};
use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    time::Duration,
};

/// An operation as the document describes it.
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: String,
    /// Its path with random ids.
    pub(crate) path: String,
    pub(crate) body: Option<(Value, Value)>,
    template: String,
    /// Any one of these is enough.
    scopes: Vec<String>,
    public: bool,
    key_required: bool,
}

impl Operation {
    /// A call that would do what the operation is for, were there anything of these ids.
    pub(crate) fn call(&self, client: &Client) -> Call {
        client.call(self.method.parse().unwrap(), &self.path)
    }

    /// A call with all that the operation demands.
    fn full_call(&self, client: &Client) -> Call {
        let call = self.call(client).header("if-match", "*");
        match &self.body {
            Some((_, example)) => call.json(example),
            None => call,
        }
    }
}

/// Every operation of the document.
pub(crate) fn operations() -> Vec<Operation> {
    let document = api::document();
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            all.push(read(&document, path, method, operation));
        }
    }
    assert!(all.len() > 50, "the document lost its operations");
    all
}

fn read(document: &Value, path: &str, method: &str, operation: &Value) -> Operation {
    // A file is no body; its own feature tries it.
    let content = &operation["requestBody"]["content"];
    let content = content
        .get("application/json")
        .filter(|_| content.get("text/csv").is_none());
    let body = content.map(|content| {
        let name = content["schema"]["$ref"].as_str().unwrap();
        let schema = document.pointer(&name[1..]).unwrap().clone();
        (schema, content["examples"]["example"]["value"].clone())
    });
    let parameters = operation["parameters"].as_array().unwrap();
    let required = json!({ "$ref": "#/components/parameters/requiredIdempotencyKey" });
    Operation {
        id: operation["operationId"].as_str().unwrap().to_owned(),
        method: method.to_ascii_uppercase(),
        path: format!("{}{}", filled(path), demanded(parameters)),
        body,
        template: path.to_owned(),
        scopes: scopes(operation),
        public: operation["security"]
            .as_array()
            .unwrap()
            .contains(&json!({})),
        key_required: parameters.contains(&required),
    }
}

fn scopes(operation: &Value) -> Vec<String> {
    let alternatives = operation["security"].as_array().unwrap().iter();
    let named = alternatives.flat_map(|one| one["oidc"].as_array().cloned().unwrap_or_default());
    named
        .map(|scope| scope.as_str().unwrap().to_owned())
        .collect()
}

/// The query that an operation can't do without.
fn demanded(parameters: &[Value]) -> String {
    let needed = parameters
        .iter()
        .filter(|one| one["in"] == "query" && one["required"] == true);
    let pairs: Vec<String> = needed
        .map(|one| {
            let word = one["schema"]["enum"][0].as_str().map(str::to_owned);
            let value = word.unwrap_or_else(|| OrganisationId::new().to_string());
            format!("{}={value}", one["name"].as_str().unwrap())
        })
        .collect();
    if pairs.is_empty() {
        String::new()
    } else {
        format!("?{}", pairs.join("&"))
    }
}

fn filled(path: &str) -> String {
    let segments = path.trim_start_matches('/').split('/');
    let id = |segment: &str| {
        if segment == "{kind}" {
            "interests".to_owned()
        } else if segment.starts_with('{') {
            OrganisationId::new().to_string()
        } else {
            segment.to_owned()
        }
    };
    segments.map(id).collect::<Vec<_>>().join("/")
}

async fn service() -> Service {
    Service::start(TestDatabase::sqlite()).await
}

fn coordinator(service: &Service) -> Client {
    let organiser = OrganisationId::new();
    let roles = [Role::Coordinator, Role::Director].map(|role| (role, organiser));
    service.stranger().person(PersonId::new(), &roles)
}

#[test]
fn every_schema_compiles_and_every_operation_has_a_name_of_its_own() {
    let contract = Contract::new(ROOT, api::document());
    assert_eq!(contract.broken_schemas(), Vec::<String>::new());
    let mut names = HashSet::new();
    for operation in operations() {
        assert!(names.insert(operation.id.clone()), "{} twice", operation.id);
    }
}

#[test]
fn every_property_is_described_and_has_an_example() {
    let document = api::document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let mut bare = Vec::new();
    for (name, schema) in schemas {
        for (property, member) in schema["properties"].as_object().into_iter().flatten() {
            if member.get("description").is_none() && described(&document, member) != Some(true) {
                bare.push(format!("{name}.{property} has no description"));
            }
            if !has_example(&document, member, 0) {
                bare.push(format!("{name}.{property} has no example"));
            }
        }
    }
    assert_eq!(bare, Vec::<String>::new());
}

fn resolved<'a>(document: &'a Value, schema: &'a Value) -> Option<&'a Value> {
    document.pointer(schema["$ref"].as_str()?.strip_prefix('#')?)
}

fn described(document: &Value, schema: &Value) -> Option<bool> {
    Some(resolved(document, schema)?.get("description").is_some())
}

fn has_example(document: &Value, schema: &Value, depth: usize) -> bool {
    let inner = |schema: &Value| depth < 12 && has_example(document, schema, depth + 1);
    let choices = ["oneOf", "anyOf", "allOf"];
    let choice = choices.iter().find_map(|name| schema[name].as_array());
    schema.get("example").is_some()
        || schema.get("examples").is_some()
        || schema.get("enum").is_some()
        || resolved(document, schema).is_some_and(inner)
        || schema.get("items").is_some_and(inner)
        || choice.is_some_and(|all| all.iter().any(inner))
        || schema["properties"]
            .as_object()
            .is_some_and(|all| all.values().all(inner))
}

#[actix_web::test]
async fn the_served_document_is_the_one_that_judges() {
    let service = service().await;
    let served = service.stranger().get("openapi.json").await.ok();
    assert_eq!(served.header("access-control-allow-origin"), Some("*"));
    let mut expected = api::document();
    expected["servers"] = served["servers"].clone();
    assert_eq!(served.json, expected);
    let info = service.stranger().get("api-info").await.ok();
    assert_eq!(info["apiStatus"], "beta");
}

/// Operations that answer a stranger; the list may only shrink.
const PUBLIC: [&str; 6] = [
    "declareInterest",
    "getApiInfo",
    "getProgramme",
    "getRound",
    "listProgrammes",
    "listRounds",
];

#[actix_web::test]
async fn every_operation_refuses_a_stranger_unless_it_is_public() {
    let service = service().await;
    let stranger = service.stranger();
    let mut public = BTreeSet::new();
    for operation in operations() {
        let reply = operation.full_call(&stranger).send().await;
        if operation.public {
            assert_ne!(reply.status, 401, "{}", operation.id);
            public.insert(operation.id);
        } else {
            let reply = reply.refused("unauthenticated");
            assert_eq!(reply.header("www-authenticate"), Some("Bearer"));
        }
    }
    assert_eq!(public, PUBLIC.map(str::to_owned).into());
}

#[actix_web::test]
async fn an_encoded_letter_lets_no_stranger_in() {
    let service = service().await;
    let stranger = service.stranger();
    let encoded = |path: &str, at: usize| {
        let (before, rest) = path.split_at(at);
        format!("{before}%{:02x}{}", rest.as_bytes()[0], &rest[1..])
    };
    for operation in operations() {
        if operation.method != "GET" || operation.public {
            continue;
        }
        let path = format!("{ROOT}/{}", operation.path);
        let last = path.len() - 1;
        let name = ROOT.len() + 1;
        for path in [
            encoded(&path, 1),
            encoded(&path, name),
            encoded(&path, last),
        ] {
            let reply = stranger.call(Method::GET, &path).send().await;
            assert!(
                matches!(reply.status, 400 | 401 | 404),
                "{} {path}: {} {}",
                operation.id,
                reply.status,
                reply.text
            );
        }
    }
}

#[actix_web::test]
async fn a_key_without_its_scope_is_refused_everywhere_and_one_with_it_nowhere_for_that() {
    let service = service().await;
    let coordinator = coordinator(&service);
    let document = api::document();
    let flow = &document["components"]["securitySchemes"]["oidc"]["flows"]["clientCredentials"];
    let offered = flow["scopes"].as_object().unwrap();
    let mut taken = BTreeSet::new();
    for operation in operations() {
        let right = if operation.method == "GET" {
            "read"
        } else {
            "write"
        };
        let called = async |scopes: &[&str]| {
            let limited = coordinator.limited(scopes);
            operation.full_call(&limited).send().await
        };
        let limits = |reply: &Reply| reply["code"] == "insufficient_scope";
        if operation.scopes.is_empty() {
            assert!(PUBLIC.contains(&operation.id.as_str()), "{}", operation.id);
            assert!(!limits(&called(&[]).await), "{}", operation.id);
            continue;
        }
        assert_eq!(operation.scopes.len(), 2, "{}", operation.id);
        assert_eq!(operation.scopes[0], format!("registration:{right}"));
        for scope in &operation.scopes {
            assert!(scope.ends_with(&format!(":{right}")), "{}", operation.id);
            let reply = called(&[scope.as_str()]).await;
            assert!(!limits(&reply), "{} {}", operation.id, reply.text);
            assert_ne!(reply.status, 401, "{}", operation.id);
            taken.insert(scope.clone());
        }
        // Everything else that there is together is not enough.
        let others: Vec<&str> = offered
            .keys()
            .map(String::as_str)
            .filter(|scope| !operation.scopes.iter().any(|own| own == scope))
            .collect();
        for scopes in [&[], others.as_slice()] {
            let reply = called(scopes).await;
            if operation.public {
                assert!(!limits(&reply), "{}: read as everybody reads", operation.id);
                continue;
            }
            let reply = reply.refused("insufficient_scope");
            let narrowest = &operation.scopes[1];
            assert_eq!(
                reply.header("www-authenticate").unwrap(),
                format!("Bearer error=\"insufficient_scope\", scope=\"{narrowest}\""),
            );
        }
    }
    // Some nouns are only read.
    let unknown: Vec<_> = taken
        .iter()
        .filter(|one| !offered.contains_key(*one))
        .collect();
    assert_eq!(unknown, Vec::<&String>::new());
}

fn signed(pair: &KeyPair, purpose: Purpose) -> String {
    let caller = Caller {
        person: Some(PersonId::new()),
        subject: "person:forged".to_owned(),
        roles: vec![RoleGrant {
            role: Role::Coordinator,
            organisation_id: Some(OrganisationId::new()),
        }],
        scopes: None,
    };
    Signer::new(pair).sign(purpose, &caller).unwrap()
}

#[actix_web::test]
async fn every_operation_refuses_every_forged_token() {
    let service = service().await;
    let forger = KeyPair::generate("gateway").unwrap();
    let other = KeyPair::generate("scheduling").unwrap();
    let genuine = signed(&service.gateway, INTERNAL);
    let mut parts: Vec<&str> = genuine.split('.').collect();
    let own = "eyJhbGciOiJub25lIiwidHlwIjoiYWthZGVtaS1pbnRlcm5hbCtqd3QiLCJraWQiOiJnYXRld2F5In0";
    parts[0] = own;
    let unsigned = format!("{}.{}.", parts[0], parts[1]);
    let wrong_audience = Purpose {
        audience: "akademi",
        ..INTERNAL
    };
    let wrong_type = Purpose {
        kind: "at+jwt",
        ..INTERNAL
    };
    let already_over = Purpose {
        lifetime_seconds: 0,
        ..INTERNAL
    };
    let expired = signed(&service.gateway, already_over);
    let mut forged = BTreeMap::from([
        ("another key", signed(&forger, INTERNAL)),
        ("another service", signed(&other, INTERNAL)),
        ("events", signed(&service.gateway, EVENTS)),
        ("demo", signed(&service.gateway, DEMO)),
        ("audience", signed(&service.gateway, wrong_audience)),
        ("type", signed(&service.gateway, wrong_type)),
        ("no algorithm", unsigned),
        ("cut", genuine[..genuine.len() - 2].to_owned()),
        ("key", NewSecret::generate(ApiKeyId::new()).text),
        ("nothing", String::new()),
    ]);
    let signed_addresses = ["link", "feed", "survey", "verification"];
    for (how, purpose) in signed_addresses.into_iter().zip(LinkPurpose::ALL) {
        let links = LinkKey::from_secret("links of tests").of(purpose);
        forged.insert(how, links.sign("slate", LinkId::new()));
    }
    // A second of leeway, and the next one has to begin.
    actix_web::rt::time::sleep(Duration::from_millis(2100)).await;
    forged.insert("expired", expired);
    let stranger = service.stranger();
    for operation in operations() {
        for (how, token) in &forged {
            let reply = operation.full_call(&stranger).token(token).send().await;
            if PUBLIC.contains(&operation.id.as_str()) && reply.status != 401 {
                // Where a token plays no part, a forged one makes nobody of a stranger.
                assert!(
                    reply.status == 404 || reply.status == 200,
                    "{} {how}",
                    operation.id
                );
                assert!(
                    ["declareInterest", "getApiInfo"].contains(&operation.id.as_str()),
                    "{}",
                    operation.id
                );
            } else {
                assert_eq!(reply.status, 401, "{} {how}", operation.id);
                reply.refused("unauthenticated");
            }
        }
    }
    let raw = stranger
        .call(Method::GET, "me")
        .header("authorization", "Basic YTpi");
    raw.send().await.refused("unauthenticated");
    let fresh = signed(&service.gateway, INTERNAL);
    stranger
        .call(Method::GET, "me")
        .token(&fresh)
        .send()
        .await
        .ok();
}

#[actix_web::test]
async fn every_documented_operation_is_there_and_every_other_method_is_told_which_are() {
    let service = service().await;
    let coordinator = coordinator(&service);
    let mut methods: BTreeMap<String, (String, BTreeSet<String>)> = BTreeMap::new();
    for operation in operations() {
        let reply = operation.full_call(&service.stranger()).send().await;
        assert_ne!(reply.status, 405, "{}", operation.id);
        if !operation.public {
            assert_eq!(reply.status, 401, "{} is not routed", operation.id);
        }
        let reply = operation.full_call(&coordinator).send().await;
        assert!(
            ![405, 415, 428, 500].contains(&reply.status),
            "{}: {}",
            operation.id,
            reply.text
        );
        let entry = methods.entry(operation.template).or_default();
        entry.0 = operation.path;
        entry.1.insert(operation.method);
    }
    for (path, documented) in methods.into_values() {
        let all = ["GET", "POST", "PUT", "PATCH", "DELETE"];
        for method in all.iter().filter(|method| !documented.contains(**method)) {
            let call = coordinator.call(method.parse().unwrap(), &path);
            let reply = call.send().await.refused("method_not_allowed");
            let allowed: BTreeSet<_> = reply
                .header("allow")
                .unwrap()
                .split(", ")
                .map(str::to_owned)
                .collect();
            assert_eq!(allowed, documented, "{method} {path}");
        }
        let bare = path.split('?').next().unwrap();
        let slashed = coordinator.get(&format!("{bare}/")).await;
        slashed.refused("not_found");
    }
    coordinator.get("nothing").await.refused("not_found");
}

#[actix_web::test]
async fn what_every_operation_demands_is_demanded_by_every_operation() {
    let service = service().await;
    let client = coordinator(&service);
    for operation in operations() {
        let reply = operation
            .full_call(&client)
            .without("if-match")
            .send()
            .await;
        let needs_tag = ["PUT", "PATCH", "DELETE"].contains(&operation.method.as_str());
        assert_eq!(reply.status == 428, needs_tag, "{}", operation.id);
        if needs_tag {
            let violation = ("If-Match".to_owned(), "required".to_owned());
            assert_eq!(reply.refused("if_match_required").violations(), [violation]);
        }
        let reply = operation
            .full_call(&client)
            .without("idempotency-key")
            .send()
            .await;
        let is_missed = reply
            .violations()
            .contains(&("Idempotency-Key".to_owned(), "required".to_owned()));
        assert_eq!(is_missed, operation.key_required, "{}", operation.id);
        for key in ["", "\"\"", &"k".repeat(256)] {
            if operation.key_required {
                let call = operation.full_call(&client).header("idempotency-key", key);
                call.send().await.refused("invalid_parameter");
            }
        }
        let call = operation.full_call(&client).header("accept", "image/png");
        call.send().await.refused("not_acceptable");
        let and = if operation.path.contains('?') {
            '&'
        } else {
            '?'
        };
        let unknown = client.call(
            operation.method.parse().unwrap(),
            &format!("{}{and}colour=red", operation.path),
        );
        let unknown = unknown.header("if-match", "*").send().await;
        let violation = ("colour".to_owned(), "unknown_parameter".to_owned());
        assert_eq!(
            unknown.refused("invalid_parameter").violations(),
            [violation],
            "{}",
            operation.id
        );
        if operation.template.contains('{') {
            let malformed = operation.template.replace(['{', '}'], "");
            let call = client.call(
                operation.method.parse().unwrap(),
                malformed.trim_start_matches('/'),
            );
            let reply = call.header("if-match", "*").send().await;
            assert_eq!(reply.status, 400, "{}: {}", operation.id, reply.text);
        }
    }
    let long = format!("organisations?officialCode={}", "x".repeat(2048));
    client.get(&long).await.refused("uri_too_long");
}

#[actix_web::test]
async fn every_answer_carries_version_trace_and_the_headers_that_all_have() {
    on_each_database(async |world| {
        let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let call = world
            .coordinator
            .call(Method::GET, "me")
            .header("traceparent", trace);
        let good = call.send().await.ok();
        let bad = world.coordinator.get("nothing").await.refused("not_found");
        for reply in [&good, &bad] {
            assert_eq!(reply.header("api-version"), Some(env!("CARGO_PKG_VERSION")));
            assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
            assert_eq!(reply.header("cache-control"), Some("no-store"));
        }
        let continued = good.header("traceparent").unwrap();
        assert!(continued.contains("4bf92f3577b34da6a3ce929d0e0e4736"));
        let Instance { origin, .. } = &world.service.instances[0];
        assert!(!bad.text.contains(origin.as_str()));
    })
    .await;
}
