//! Whose token counts, and for whom it makes its bearer.

use crate::support::{
    Door, PlayedIssuer, Service, demo_token,
    door::problem,
    issuer::{ISSUER, claims, rules},
    person,
    service::token_of,
    settings,
};
use gateway::{Algorithm, Settings, SettingsError};
use jsonwebtoken::Header;
use serde_json::{Value, json};
use shared_types::{ApiKeyId, Caller, LinkId, Role, RoleGrant, caller::Credential};
use shared_web::{
    api_key::NewSecret,
    clock::system_seconds,
    key::KeyPair,
    link::{LinkKey, LinkPurpose},
    token::{DEMO, INTERNAL, PURPOSES, Signer},
};
use std::{net::TcpListener, sync::atomic::Ordering};

const PATH: &str = "/scheduling/v1/sessions";

struct Stage {
    registration: Service,
    scheduling: Service,
    issuer: PlayedIssuer,
    demo: KeyPair,
}

impl Stage {
    fn set() -> Self {
        let stage = Self {
            registration: Service::start("registration"),
            scheduling: Service::start("scheduling"),
            issuer: PlayedIssuer::new("key-1"),
            demo: KeyPair::generate("demo").unwrap(),
        };
        stage.registration.publish(vec![stage.issuer.jwk()]);
        stage
            .registration
            .know(token_of(ISSUER, "maja"), &person("person:maja"));
        stage
    }

    fn settings(&self) -> Settings {
        Settings {
            issuers: vec![rules(&self.registration)],
            ..settings(&[&self.registration, &self.scheduling])
        }
    }
}

#[actix_web::test]
async fn a_token_of_a_configured_issuer_becomes_an_internal_one_with_our_roles() {
    let stage = Stage::set();
    let coordinator = Caller {
        roles: vec![RoleGrant {
            role: Role::Operator,
            organisation_id: None,
        }],
        ..person("person:olle")
    };
    stage
        .registration
        .know(token_of(ISSUER, "olle"), &coordinator);
    let elliptic = PlayedIssuer::elliptic("key-2");
    stage.registration.publish(vec![
        stage.issuer.jwk(),
        elliptic.jwk(),
        json!({ "kty": "odd" }),
    ]);
    let door = Door::open(stage.settings());
    // What a token claims about roles plays no part.
    let mut claimed = claims("maja");
    claimed["roles"] = json!(["operator"]);
    let token = stage.issuer.sign(&stage.issuer.header(), &claimed);
    let echo: Value = door.get_as(&token, PATH).await.json().await.unwrap();
    let told = door.told(&echo);
    assert_eq!(told.sub, "person:maja");
    assert!(told.roles.is_empty());
    let token = elliptic.token("olle");
    let echo: Value = door.get_as(&token, PATH).await.json().await.unwrap();
    assert_eq!(door.told(&echo).caller(), coordinator);
    assert!(told.exp <= system_seconds() + INTERNAL.lifetime_seconds);
}

#[actix_web::test]
async fn who_presents_nothing_goes_on_without_a_token() {
    let stage = Stage::set();
    let door = Door::open(stage.settings());
    let echo: Value = door.get(PATH).await.json().await.unwrap();
    assert_eq!(echo["headers"].get("authorization"), None);
}

#[actix_web::test]
async fn an_api_key_is_known_by_its_id_and_digest_and_brings_its_scopes_along() {
    let stage = Stage::set();
    let id = ApiKeyId::new();
    let key = NewSecret::generate(id);
    let credential = Credential::ApiKey {
        id,
        digest: key.digest,
    };
    let limited = Caller {
        scopes: Some(vec!["sessions:read".into()]),
        ..person("key:1")
    };
    stage.registration.know(credential, &limited);
    let door = Door::open(stage.settings());
    let echo: Value = door.get_as(&key.text, PATH).await.json().await.unwrap();
    assert_eq!(door.told(&echo).caller(), limited);
    let other = NewSecret::generate(id).text;
    problem(door.get_as(&other, PATH).await, 401, "unauthenticated").await;
    let questions = || stage.registration.kept.questions.load(Ordering::SeqCst);
    let asked = questions();
    for malformed in ["ak_other", "ak_", &key.text[..99], &key.text.to_uppercase()] {
        problem(door.get_as(malformed, PATH).await, 401, "unauthenticated").await;
    }
    assert_eq!(questions(), asked, "nobody is asked about what is no key");
}

#[actix_web::test]
async fn a_clients_scopes_reach_the_services_and_a_persons_token_needs_none() {
    let stage = Stage::set();
    let system = Caller {
        person: None,
        ..person("person:system")
    };
    stage.registration.know(token_of(ISSUER, "system"), &system);
    let door = Door::open(stage.settings());
    let scopes = async |claims: &Value| {
        let token = stage.issuer.sign(&stage.issuer.header(), claims);
        // Twice: what is remembered of a token is limited like what was read.
        let first: Value = door.get_as(&token, PATH).await.json().await.unwrap();
        let again: Value = door.get_as(&token, PATH).await.json().await.unwrap();
        let scopes = door.told(&first).scopes;
        assert_eq!(door.told(&again).scopes, scopes);
        scopes
    };
    let with = |subject: &str, client: &str, scope: &str| {
        let mut claims = claims(subject);
        claims["client_id"] = json!(client);
        claims["scope"] = json!(scope);
        claims
    };
    let read = Some(vec!["sessions:read".to_owned()]);
    assert_eq!(
        scopes(&with("system", "system", "sessions:read")).await,
        read
    );
    assert_eq!(
        scopes(&with("system", "system", "openid")).await,
        Some(vec![])
    );
    assert_eq!(scopes(&with("maja", "app", "openid email")).await, None);
    assert_eq!(
        scopes(&with("maja", "app", "openid sessions:read")).await,
        read
    );
}

#[actix_web::test]
async fn what_is_for_another_purpose_is_no_access_token() {
    let stage = Stage::set();
    stage.registration.know_demo("maja", &person("person:maja"));
    let door = Door::open(Settings {
        demo: Some(stage.demo.public().clone()),
        ..stage.settings()
    });
    let caller = Caller {
        subject: "maja".into(),
        ..Caller::anonymous()
    };
    for purpose in PURPOSES {
        let token = Signer::new(&stage.demo).sign(purpose, &caller).unwrap();
        let response = door.get_as(&token, PATH).await;
        if purpose == DEMO {
            assert_eq!(response.status(), 200);
        } else {
            problem(response, 401, "unauthenticated").await;
        }
    }
    for purpose in LinkPurpose::ALL {
        let link = LinkKey::from_secret("links").of(purpose);
        let text = link.sign("slate", LinkId::new());
        problem(door.get_as(&text, PATH).await, 401, "unauthenticated").await;
    }
}

#[actix_web::test]
async fn demo_tokens_count_only_where_the_demo_is_on() {
    let stage = Stage::set();
    stage
        .registration
        .know_demo("coordinator", &person("person:c"));
    let token = demo_token(&stage.demo, "coordinator");
    let off = Door::open(stage.settings());
    problem(off.get_as(&token, PATH).await, 401, "unauthenticated").await;
    assert_eq!(stage.scheduling.calls(), 0);
    let on = Door::open(Settings {
        demo: Some(stage.demo.public().clone()),
        ..stage.settings()
    });
    let echo: Value = on.get_as(&token, PATH).await.json().await.unwrap();
    assert_eq!(on.told(&echo).sub, "person:c");
    let other = KeyPair::generate("demo").unwrap();
    let forged = demo_token(&other, "coordinator");
    problem(on.get_as(&forged, PATH).await, 401, "unauthenticated").await;
}

#[actix_web::test]
async fn an_address_links_a_person_only_where_the_issuer_has_verified_it_and_we_trust_that() {
    let stage = Stage::set();
    let by_mail = |address: &str| Credential::Token {
        issuer: ISSUER.into(),
        subject: "new".into(),
        verified_email: Some(address.into()),
        provisioned: None,
    };
    let maja = person("person:maja");
    stage.registration.know(by_mail("maja@a.example"), &maja);
    let mut with_mail = claims("new");
    with_mail["email"] = json!("maja@a.example");
    with_mail["email_verified"] = json!(true);
    let token = stage.issuer.sign(&stage.issuer.header(), &with_mail);
    with_mail["email_verified"] = json!("true");
    let unverified = stage.issuer.sign(&stage.issuer.header(), &with_mail);
    let distrusting = Door::open(stage.settings());
    problem(
        distrusting.get_as(&token, PATH).await,
        401,
        "unauthenticated",
    )
    .await;
    let mut settings = stage.settings();
    settings.issuers[0].link_by_verified_email = true;
    let trusting = Door::open(settings);
    assert_eq!(trusting.get_as(&token, PATH).await.status(), 200);
    problem(
        trusting.get_as(&unverified, PATH).await,
        401,
        "unauthenticated",
    )
    .await;
}

#[actix_web::test]
async fn a_clock_that_is_half_a_minute_off_is_forgiven_and_no_more() {
    let stage = Stage::set();
    let door = Door::open(stage.settings());
    let token = |late_seconds: u64| {
        let mut late = claims("maja");
        late["exp"] = json!(system_seconds() - late_seconds);
        stage.issuer.sign(&stage.issuer.header(), &late)
    };
    assert_eq!(door.get_as(&token(20), PATH).await.status(), 200);
    assert_eq!(door.get_as(&token(40), PATH).await.status(), 401);
}

#[actix_web::test]
async fn an_issuer_whose_tokens_have_another_type_is_configured_so() {
    let stage = Stage::set();
    let mut settings = stage.settings();
    settings.issuers[0].kind = "JWT".into();
    let door = Door::open(settings);
    let header = Header {
        typ: Some("JWT".into()),
        ..stage.issuer.header()
    };
    let token = stage.issuer.sign(&header, &claims("maja"));
    assert_eq!(door.get_as(&token, PATH).await.status(), 200);
    let other = stage.issuer.token("maja");
    assert_eq!(door.get_as(&other, PATH).await.status(), 401);
}

#[actix_web::test]
async fn an_issuer_signs_only_with_the_algorithms_that_are_configured() {
    let stage = Stage::set();
    let elliptic = PlayedIssuer::elliptic("key-2");
    let keys = vec![stage.issuer.jwk(), elliptic.jwk()];
    stage.registration.publish(keys);
    let mut settings = stage.settings();
    settings.issuers[0].algorithms = vec![Algorithm::ES256];
    let door = Door::open(settings);
    assert_eq!(
        door.get_as(&elliptic.token("maja"), PATH).await.status(),
        200
    );
    let other = door.get_as(&stage.issuer.token("maja"), PATH).await;
    problem(other, 401, "unauthenticated").await;
}

#[actix_web::test]
async fn a_token_that_would_outlive_every_session_is_refused() {
    const WEEK: u64 = 7 * 24 * 3600;
    let stage = Stage::set();
    let door = Door::open(stage.settings());
    let token = |ahead_seconds: u64| {
        let mut long = claims("maja");
        long["exp"] = json!(system_seconds() + ahead_seconds);
        stage.issuer.sign(&stage.issuer.header(), &long)
    };
    assert_eq!(door.get_as(&token(WEEK - 60), PATH).await.status(), 200);
    assert_eq!(door.get_as(&token(WEEK + 60), PATH).await.status(), 401);
}

#[actix_web::test]
async fn the_gateway_does_not_start_with_settings_that_open_a_door() {
    let stage = Stage::set();
    let refused = |settings: Settings| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let key = KeyPair::generate("gateway").unwrap();
        let error = gateway::start(listener, settings, &key).err().unwrap();
        let source = error.into_inner().unwrap();
        source.downcast_ref::<SettingsError>().unwrap().clone()
    };
    let mut symmetric = stage.settings();
    symmetric.issuers[0].algorithms.push(Algorithm::HS256);
    assert_eq!(
        refused(symmetric),
        SettingsError::BadAlgorithms(ISSUER.into())
    );
    let mut demo = stage.settings();
    demo.issuers[0].issuer = "demo".into();
    assert_eq!(refused(demo), SettingsError::IssuerNameTaken("demo".into()));
    let mut twice = stage.settings();
    twice.issuers.push(twice.issuers[0].clone());
    assert_eq!(
        refused(twice),
        SettingsError::IssuerNameTaken(ISSUER.into())
    );
    let mut nobody = stage.settings();
    nobody.upstreams.remove("registration");
    assert_eq!(refused(nobody), SettingsError::NoRegistration);
    let mut odd = stage.settings();
    odd.upstreams
        .insert("admin".into(), "http://127.0.0.1:1".into());
    assert_eq!(refused(odd), SettingsError::UnknownService("admin".into()));
}
