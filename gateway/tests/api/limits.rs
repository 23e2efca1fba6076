//! Who calls too often is told when to come back, and nobody else pays for it.

use crate::support::{Door, Mood, Service, demo_token, door::problem, person, settings};
use gateway::Rates;
use reqwest::{Method, Response};
use serde_json::json;
use shared_types::{Caller, OrganisationId, Role, caller::RoleGrant};
use shared_web::key::KeyPair;
use std::{sync::atomic::Ordering, time::Duration};

const ROUNDS: &str = "/registration/v1/rounds";

/// A gateway with these rates, and a demo key whose subjects are known.
struct Scene {
    door: Door,
    registration: Service,
    key: KeyPair,
}

impl Scene {
    fn new(rates: Rates) -> Self {
        Self::with(rates, |_| {})
    }

    fn with(rates: Rates, change: impl FnOnce(&mut gateway::Settings)) -> Self {
        let registration = Service::start("registration");
        let key = KeyPair::generate("demo").unwrap();
        let mut settings = settings(&[&registration]);
        settings.demo = Some(key.public().clone());
        settings.edge.rates = rates;
        change(&mut settings);
        Self {
            door: Door::open(settings),
            registration,
            key,
        }
    }

    /// A token of somebody with a role in an organisation.
    fn member(&self, name: &str, organisation: OrganisationId) -> String {
        let caller = Caller {
            roles: vec![RoleGrant {
                role: Role::Hr,
                organisation_id: Some(organisation),
            }],
            ..person(&format!("person:{name}"))
        };
        self.registration.know_demo(name, &caller);
        demo_token(&self.key, name)
    }
}

fn header(response: &Response, name: &str) -> String {
    let value = response.headers().get(name);
    value.map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
}

#[actix_web::test]
async fn a_caller_is_told_what_is_left_and_refused_when_nothing_is() {
    let scene = Scene::new(Rates {
        caller: 3,
        organisation: 100,
        address: 0,
    });
    let token = scene.member("maja", OrganisationId::new());
    let first = scene.door.get_as(&token, ROUNDS).await;
    assert_eq!(first.status(), 200);
    assert_eq!(
        header(&first, "ratelimit-policy"),
        "\"caller\";q=3;w=60, \"organisation\";q=100;w=60"
    );
    assert_eq!(
        header(&first, "ratelimit"),
        "\"caller\";r=2;t=20, \"organisation\";r=99;t=1"
    );
    scene.door.get_as(&token, ROUNDS).await;
    // Also a problem of the service's says what is left.
    let gone = scene.door.get_as(&token, "/registration/v1/gone").await;
    assert_eq!(
        gone.status(),
        400,
        "a bare refusal of the service's becomes a problem"
    );
    assert!(header(&gone, "ratelimit").starts_with("\"caller\";r=0;t="));
    let calls = scene.registration.calls();
    let refused = scene.door.get_as(&token, ROUNDS).await;
    let wait: u32 = header(&refused, "retry-after").parse().unwrap();
    assert!((1..=21).contains(&wait), "{wait}");
    assert_eq!(
        header(&refused, "ratelimit"),
        format!("\"caller\";r=0;t={wait}")
    );
    assert_eq!(header(&refused, "ratelimit-policy"), "\"caller\";q=3;w=60");
    problem(refused, 429, "too_many_requests").await;
    assert_eq!(
        scene.registration.calls(),
        calls,
        "nothing reached the service"
    );
}

#[actix_web::test]
async fn the_refusal_is_in_the_readers_language() {
    let scene = Scene::new(Rates {
        address: 1,
        ..Rates::NONE
    });
    scene.door.get(ROUNDS).await;
    for (language, title) in [
        ("sv", "För många anrop"),
        ("da", "For mange kald"),
        ("en", "Too many requests"),
    ] {
        let request = scene.door.request(Method::GET, ROUNDS);
        let response = request.header("accept-language", language).send().await;
        let response = response.unwrap();
        assert_eq!(header(&response, "content-language"), language);
        assert_eq!(header(&response, "vary"), "accept-language");
        assert_eq!(
            problem(response, 429, "too_many_requests").await["title"],
            title
        );
    }
}

#[actix_web::test]
async fn one_caller_does_not_use_up_anothers_allowance_but_colleagues_share_their_organisations() {
    let scene = Scene::new(Rates {
        caller: 2,
        organisation: 3,
        address: 0,
    });
    let (linkoping, aabenraa) = (OrganisationId::new(), OrganisationId::new());
    let (maja, ali) = (
        scene.member("maja", linkoping),
        scene.member("ali", linkoping),
    );
    let mette = scene.member("mette", aabenraa);
    let ask = async |token: &str| scene.door.get_as(token, ROUNDS).await.status().as_u16();
    assert_eq!(
        [ask(&maja).await, ask(&maja).await, ask(&maja).await],
        [200, 200, 429]
    );
    // What was refused was not charged to the organisation: one unit is left.
    assert_eq!([ask(&ali).await, ask(&ali).await], [200, 429]);
    assert_eq!([ask(&mette).await, ask(&mette).await], [200, 200]);
}

#[actix_web::test]
async fn a_new_token_of_the_same_person_is_no_new_allowance() {
    let scene = Scene::new(Rates {
        caller: 2,
        ..Rates::NONE
    });
    let organisation = OrganisationId::new();
    let first = scene.member("maja", organisation);
    assert_eq!(scene.door.get_as(&first, ROUNDS).await.status(), 200);
    let id = shared_types::ApiKeyId::new();
    let key = shared_web::api_key::NewSecret::generate(id);
    let credential = shared_types::caller::Credential::ApiKey {
        id,
        digest: key.digest,
    };
    scene.registration.know(credential, &person("person:maja"));
    assert_eq!(scene.door.get_as(&key.text, ROUNDS).await.status(), 200);
    assert_eq!(scene.door.get_as(&first, ROUNDS).await.status(), 429);
}

#[actix_web::test]
async fn an_operation_costs_what_its_document_says() {
    let scene = Scene::with(
        Rates {
            caller: 10,
            ..Rates::NONE
        },
        |settings| {
            settings.documents.push(json!({
                "openapi": "3.1.0",
                "info": { "title": "registration", "version": "0.1.0" },
                "servers": [{ "url": "https://akademi.example/registration/v1" }],
                "paths": { "/rounds/{roundId}/admission-proposals": {
                    "post": { "operationId": "createAdmissionProposal", "x-cost": 7 }
                } },
            }));
        },
    );
    let token = scene.member("maja", OrganisationId::new());
    let propose = async || {
        let path = format!("{ROUNDS}/0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60/admission-proposals");
        let request = scene.door.request(Method::POST, &path);
        request.bearer_auth(&token).send().await.unwrap()
    };
    assert!(header(&propose().await, "ratelimit").starts_with("\"caller\";r=3;"));
    assert_eq!(propose().await.status(), 429);
    assert_eq!(scene.door.get_as(&token, ROUNDS).await.status(), 200);
}

#[actix_web::test]
async fn strangers_and_guessed_tokens_are_charged_to_their_address_and_known_callers_are_not() {
    let scene = Scene::new(Rates {
        caller: 0,
        organisation: 0,
        // One of them for asking who the known caller is.
        address: 4,
    });
    let known = scene.member("maja", OrganisationId::new());
    for _ in 0..5 {
        assert_eq!(scene.door.get_as(&known, ROUNDS).await.status(), 200);
    }
    assert_eq!(scene.door.get(ROUNDS).await.status(), 200);
    for guess in ["ak_one", "ak_two"] {
        problem(
            scene.door.get_as(guess, ROUNDS).await,
            401,
            "unauthenticated",
        )
        .await;
    }
    let refused = scene.door.get_as("ak_three", ROUNDS).await;
    assert_eq!(header(&refused, "ratelimit-policy"), "\"address\";q=4;w=60");
    problem(refused, 429, "too_many_requests").await;
    problem(scene.door.get(ROUNDS).await, 429, "too_many_requests").await;
    assert_eq!(scene.door.get_as(&known, ROUNDS).await.status(), 200);
}

#[actix_web::test]
async fn behind_a_trusted_proxy_each_client_has_an_address_and_elsewhere_nobody_chooses_one() {
    let rates = Rates {
        address: 1,
        ..Rates::NONE
    };
    let ask = async |scene: &Scene, from: &str| {
        let request = scene.door.request(Method::GET, ROUNDS);
        let response = request.header("x-forwarded-for", from).send().await;
        response.unwrap().status().as_u16()
    };
    let trusting = Scene::with(rates, |settings| {
        settings.edge.proxies = vec!["127.0.0.0/8".parse().unwrap()];
    });
    assert_eq!(ask(&trusting, "198.51.100.1").await, 200);
    assert_eq!(ask(&trusting, "198.51.100.2").await, 200);
    assert_eq!(ask(&trusting, "6.6.6.6, 198.51.100.1").await, 429);
    let wary = Scene::new(rates);
    assert_eq!(ask(&wary, "198.51.100.1").await, 200);
    assert_eq!(ask(&wary, "198.51.100.2").await, 429);
}

#[actix_web::test]
async fn health_and_explanations_are_never_limited_and_zero_is_no_limit() {
    let scene = Scene::new(Rates {
        caller: 1,
        organisation: 1,
        address: 1,
    });
    for _ in 0..3 {
        for path in ["/health/live", "/docs", "/gateway/v1/api-info", "/problems"] {
            let response = scene.door.get(path).await;
            assert_eq!(response.status(), 200, "{path}");
            assert_eq!(header(&response, "ratelimit"), "", "{path}");
        }
    }
    let open = Scene::new(Rates::NONE);
    for _ in 0..50 {
        let response = open.door.get(ROUNDS).await;
        assert_eq!(response.status(), 200);
        assert_eq!(header(&response, "ratelimit-policy"), "");
    }
}

#[actix_web::test]
async fn documents_are_charged_to_who_reads_them() {
    let scene = Scene::new(Rates {
        caller: 3,
        organisation: 0,
        address: 2,
    });
    let token = scene.member("maja", OrganisationId::new());
    // Who was just recognised pays from the own allowance, everybody else from the address's.
    assert_eq!(scene.door.get_as(&token, ROUNDS).await.status(), 200);
    let read = scene.door.get_as(&token, "/openapi.json").await;
    assert!(header(&read, "ratelimit").starts_with("\"caller\";r=1;"));
    assert_eq!(scene.door.get("/openapi.json").await.status(), 200);
    for path in ["/openapi.json", "/gateway/v1/openapi.json", ROUNDS] {
        problem(scene.door.get(path).await, 429, "too_many_requests").await;
    }
    let other = scene.door.get_as(&token, "/gateway/v1/openapi.json").await;
    assert_eq!(other.status(), 200);
}

fn made_up_key() -> String {
    shared_web::api_key::NewSecret::generate(shared_types::ApiKeyId::new()).text
}

#[actix_web::test]
async fn made_up_keys_are_asked_about_only_as_often_as_their_address_may() {
    let scene = Scene::new(Rates {
        caller: 0,
        organisation: 0,
        address: 3,
    });
    let known = scene.member("maja", OrganisationId::new());
    // Being asked about for the first time is charged to the address, and told to nobody.
    let first = scene.door.get_as(&known, ROUNDS).await;
    assert_eq!(
        (first.status().as_u16(), header(&first, "ratelimit")),
        (200, String::new())
    );
    let questions = || scene.registration.kept.questions.load(Ordering::SeqCst);
    let before = questions();
    for _ in 0..2 {
        let guessed = scene.door.get_as(&made_up_key(), ROUNDS).await;
        problem(guessed, 401, "unauthenticated").await;
    }
    for _ in 0..20 {
        let refused = scene.door.get_as(&made_up_key(), ROUNDS).await;
        assert_eq!(header(&refused, "ratelimit-policy"), "\"address\";q=3;w=60");
        problem(refused, 429, "too_many_requests").await;
    }
    assert_eq!(questions() - before, 2);
    assert_eq!(scene.door.get_as(&known, ROUNDS).await.status(), 200);
}

#[actix_web::test]
async fn however_many_keys_are_made_up_few_are_asked_about_at_once_and_the_known_go_on() {
    let scene = Scene::with(Rates::NONE, |settings| {
        settings.limits.lookups = 3;
        settings.limits.lookup = Duration::from_secs(1);
    });
    let known = scene.member("maja", OrganisationId::new());
    assert_eq!(scene.door.get_as(&known, ROUNDS).await.status(), 200);
    let questions = || scene.registration.kept.questions.load(Ordering::SeqCst);
    let before = questions();
    scene.registration.feel(Mood::Silent);
    let guess = async |key: String| scene.door.get_as(&key, ROUNDS).await;
    let guesses = (0..20).map(|_| guess(made_up_key()));
    let (mut unanswered, mut busy) = (0, 0);
    for response in futures_util::future::join_all(guesses).await {
        assert_eq!(header(&response, "retry-after"), "2");
        let body: serde_json::Value = response.json().await.unwrap();
        match body["code"].as_str().unwrap() {
            "overloaded" => busy += 1,
            "unavailable" => unanswered += 1,
            other => panic!("{other}"),
        }
    }
    assert_eq!((unanswered, busy), (3, 17));
    assert_eq!(questions() - before, 3);
    // Their places are free again, and somebody who is known never needed one.
    scene.registration.feel(Mood::Answering);
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert_eq!(scene.door.get_as(&known, ROUNDS).await.status(), 200);
    let guessed = guess(made_up_key()).await;
    problem(guessed, 401, "unauthenticated").await;
}
