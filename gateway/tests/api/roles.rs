//! Roles are registration's: read once, remembered shortly, and gone everywhere within seconds.

use crate::support::{
    Door, Mood, PlayedIssuer, Service, demo_token,
    door::problem,
    issuer::{ISSUER, rules},
    person,
    service::token_of,
    settings,
};
use gateway::Settings;
use serde_json::Value;
use shared_types::{Caller, Role, RoleGrant};
use shared_web::key::KeyPair;
use std::{
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

const PATH: &str = "/scheduling/v1/sessions";
/// What the internal token lives at most after the gateway has handed it out.
const TOKEN_SECONDS: f64 = 3.0;

struct Stage {
    registration: Service,
    scheduling: Service,
    key: KeyPair,
}

impl Stage {
    fn set() -> Self {
        Self {
            registration: Service::start("registration"),
            scheduling: Service::start("scheduling"),
            key: KeyPair::generate("demo").unwrap(),
        }
    }

    fn open(&self, change: impl FnOnce(&mut Settings)) -> Door {
        let mut settings = settings(&[&self.registration, &self.scheduling]);
        settings.demo = Some(self.key.public().clone());
        change(&mut settings);
        Door::open(settings)
    }

    fn questions(&self) -> usize {
        self.registration.kept.questions.load(Ordering::SeqCst)
    }
}

#[actix_web::test]
async fn a_busy_caller_is_asked_about_once_a_second_and_not_once_a_request() {
    let stage = Stage::set();
    stage.registration.know_demo("maja", &person("person:maja"));
    let door = stage.open(|_| {});
    let token = demo_token(&stage.key, "maja");
    let started = Instant::now();
    let asked = (0..30).map(|_| door.get_as(&token, PATH));
    for response in futures_util::future::join_all(asked).await {
        assert_eq!(response.status(), 200);
    }
    let most = || 1 + usize::try_from(started.elapsed().as_secs()).unwrap();
    assert!(
        stage.questions() <= most(),
        "thirty at once share a question"
    );
    while started.elapsed() < Duration::from_millis(2500) {
        assert_eq!(door.get_as(&token, PATH).await.status(), 200);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let questions = stage.questions();
    assert!((2..=most()).contains(&questions), "{questions}");
}

#[actix_web::test]
async fn who_is_deactivated_is_refused_within_five_seconds_also_while_calling_all_the_time() {
    let stage = Stage::set();
    stage.registration.know_demo("maja", &person("person:maja"));
    let door = stage.open(|_| {});
    let token = demo_token(&stage.key, "maja");
    assert_eq!(door.get_as(&token, PATH).await.status(), 200);
    stage.registration.forget(&token_of("demo", "maja"));
    let deactivated_at = Instant::now();
    while door.get_as(&token, PATH).await.status() == 200 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(deactivated_at.elapsed() < Duration::from_secs(5));
    }
    let seconds = deactivated_at.elapsed().as_secs_f64();
    assert!(seconds + TOKEN_SECONDS <= 5.2, "{seconds} s at the gateway");
}

#[actix_web::test]
async fn who_is_deactivated_while_idle_is_refused_at_the_next_call() {
    let stage = Stage::set();
    stage.registration.know_demo("maja", &person("person:maja"));
    let door = stage.open(|_| {});
    let token = demo_token(&stage.key, "maja");
    assert_eq!(door.get_as(&token, PATH).await.status(), 200);
    stage.registration.forget(&token_of("demo", "maja"));
    tokio::time::sleep(Duration::from_millis(2100)).await;
    problem(door.get_as(&token, PATH).await, 401, "unauthenticated").await;
}

#[actix_web::test]
async fn a_changed_role_is_told_to_the_services_and_never_to_another_callers_request() {
    let stage = Stage::set();
    let (maja, olle) = (person("person:maja"), person("person:olle"));
    stage.registration.know_demo("maja", &maja);
    stage.registration.know_demo("olle", &olle);
    let door = stage.open(|_| {});
    let (first, other) = (
        demo_token(&stage.key, "maja"),
        demo_token(&stage.key, "olle"),
    );
    let asked = (0..40).map(|turn| {
        let (token, caller) = if turn % 2 == 0 {
            (&first, &maja)
        } else {
            (&other, &olle)
        };
        let door = &door;
        async move {
            let echo: Value = door.get_as(token, PATH).await.json().await.unwrap();
            assert_eq!(door.told(&echo).caller(), *caller);
        }
    });
    futures_util::future::join_all(asked).await;
    let promoted = Caller {
        roles: vec![RoleGrant {
            role: Role::Operator,
            organisation_id: None,
        }],
        ..maja
    };
    stage.registration.know_demo("maja", &promoted);
    tokio::time::sleep(Duration::from_millis(2100)).await;
    let echo: Value = door.get_as(&first, PATH).await.json().await.unwrap();
    assert_eq!(door.told(&echo).caller(), promoted);
}

#[actix_web::test]
async fn many_callers_at_once_are_each_told_as_themselves_and_nobody_as_a_near_twin() {
    let stage = Stage::set();
    let issuer = PlayedIssuer::new("key-1");
    stage.registration.publish(vec![issuer.jwk()]);
    let door = stage.open(|settings| settings.issuers = vec![rules(&stage.registration)]);
    let callers: Vec<_> = (0..60)
        .map(|number| {
            let caller = person(&format!("person:{number}"));
            let subject = number.to_string();
            stage.registration.know(token_of(ISSUER, &subject), &caller);
            // Two sessions of one person are two tokens.
            let tokens = [issuer.token(&subject), issuer.token(&subject)];
            (caller, tokens)
        })
        .collect();
    for _ in 0..3 {
        let asked = callers.iter().flat_map(|(caller, tokens)| {
            let ask = async |token: &str| {
                let echo: Value = door.get_as(token, PATH).await.json().await.unwrap();
                assert_eq!(door.told(&echo).caller(), *caller);
            };
            tokens.each_ref().map(|token| ask(token))
        });
        futures_util::future::join_all(asked).await;
    }
    // A token that was just good, with one letter changed.
    let calls = stage.scheduling.calls();
    let good = &callers[0].1[0];
    for position in (0..good.len()).step_by(5) {
        let twin = if good.as_bytes()[position] == b'A' {
            "B"
        } else {
            "A"
        };
        let mut bent = good.clone();
        bent.replace_range(position..=position, twin);
        assert_eq!(door.get_as(good, PATH).await.status(), 200);
        assert_eq!(door.get_as(&bent, PATH).await.status(), 401, "{position}");
    }
    assert!(stage.scheduling.calls() > calls);
}

#[actix_web::test]
async fn while_registration_does_not_answer_the_seen_go_on_and_the_unseen_wait() {
    for mood in [Mood::Failing, Mood::Silent] {
        let stage = Stage::set();
        stage.registration.know_demo("maja", &person("person:maja"));
        stage.registration.know_demo("olle", &person("person:olle"));
        let door = stage.open(|settings| settings.limits.lookup = Duration::from_millis(300));
        let (seen, unseen) = (
            demo_token(&stage.key, "maja"),
            demo_token(&stage.key, "olle"),
        );
        assert_eq!(door.get_as(&seen, PATH).await.status(), 200);
        stage.registration.feel(mood);
        tokio::time::sleep(Duration::from_millis(2100)).await;
        // The first of the seen finds out that nobody answers; the others don't wait for it.
        assert_eq!(door.get_as(&seen, PATH).await.status(), 200);
        let started = Instant::now();
        for _ in 0..20 {
            assert_eq!(door.get_as(&seen, PATH).await.status(), 200);
        }
        assert!(started.elapsed() < Duration::from_millis(300), "{mood:?}");
        let response = door.get_as(&unseen, PATH).await;
        assert_eq!(response.headers()["retry-after"], "2");
        problem(response, 503, "unavailable").await;
        assert_eq!(door.get(PATH).await.status(), 200, "strangers go on");
        stage.registration.feel(Mood::Answering);
        assert_eq!(door.get_as(&unseen, PATH).await.status(), 200);
    }
}

#[actix_web::test]
async fn the_last_known_roles_do_not_hold_for_ever() {
    let stage = Stage::set();
    stage.registration.know_demo("maja", &person("person:maja"));
    let door = stage.open(|settings| settings.limits.last_known = Duration::from_millis(2500));
    let token = demo_token(&stage.key, "maja");
    assert_eq!(door.get_as(&token, PATH).await.status(), 200);
    stage.registration.stop().await;
    tokio::time::sleep(Duration::from_millis(2100)).await;
    assert_eq!(door.get_as(&token, PATH).await.status(), 200);
    tokio::time::sleep(Duration::from_millis(600)).await;
    problem(door.get_as(&token, PATH).await, 503, "unavailable").await;
}

#[actix_web::test]
async fn a_caller_without_a_subject_is_not_taken_for_a_stranger() {
    let stage = Stage::set();
    stage.registration.know_demo("odd", &person(""));
    let door = stage.open(|_| {});
    let token = demo_token(&stage.key, "odd");
    problem(door.get_as(&token, PATH).await, 503, "unavailable").await;
    assert_eq!(stage.scheduling.calls(), 0);
}
