//! Issuers change their keys, and are down at times.

use crate::support::{
    Door, Mood, PlayedIssuer, Service,
    door::problem,
    issuer::{ISSUER, rules},
    person,
    service::token_of,
    settings,
};
use gateway::Settings;
use std::{
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

const PATH: &str = "/registration/v1/rounds";

/// Registration that knows Maja, and a publisher of keys.
fn stage() -> (Service, Service) {
    let registration = Service::start("registration");
    registration.know(token_of(ISSUER, "maja"), &person("person:maja"));
    (registration, Service::start("publisher"))
}

fn with_issuer(registration: &Service, publisher: &Service) -> Settings {
    Settings {
        issuers: vec![rules(publisher)],
        ..settings(&[registration])
    }
}

fn fetches(publisher: &Service) -> usize {
    publisher.kept.fetches.load(Ordering::SeqCst)
}

async fn wait() {
    tokio::time::sleep(Duration::from_millis(300)).await;
}

#[actix_web::test]
async fn a_new_key_counts_with_its_first_token() {
    let (registration, publisher) = stage();
    let (old, new) = (PlayedIssuer::new("old"), PlayedIssuer::new("new"));
    publisher.publish(vec![old.jwk()]);
    let door = Door::open(with_issuer(&registration, &publisher));
    assert_eq!(door.get_as(&old.token("maja"), PATH).await.status(), 200);
    publisher.publish(vec![old.jwk(), new.jwk()]);
    assert_eq!(door.get_as(&new.token("maja"), PATH).await.status(), 200);
    assert_eq!(door.get_as(&old.token("maja"), PATH).await.status(), 200);
}

#[actix_web::test]
async fn invented_key_ids_cause_one_fetch_in_a_cool_down_and_hold_up_nobody() {
    let (registration, publisher) = stage();
    let known = PlayedIssuer::new("known");
    publisher.publish(vec![known.jwk()]);
    let door = Door::open(with_issuer(&registration, &publisher));
    assert_eq!(door.get_as(&known.token("maja"), PATH).await.status(), 200);
    assert_eq!(fetches(&publisher), 1);
    let invented: Vec<String> = (0..50)
        .map(|number| PlayedIssuer::new(&format!("invented-{number}")).token("maja"))
        .collect();
    let asked = invented.iter().map(|token| door.get_as(token, PATH));
    for response in futures_util::future::join_all(asked).await {
        problem(response, 401, "unauthenticated").await;
    }
    assert_eq!(fetches(&publisher), 2);
    publisher.feel(Mood::Silent);
    let token = known.token("maja");
    let asked = door.get_as(&token, PATH);
    let answered = tokio::time::timeout(Duration::from_secs(1), asked).await;
    assert_eq!(answered.unwrap().status(), 200);
}

#[actix_web::test]
async fn a_publisher_that_hangs_is_asked_once_for_fifty_invented_keys_and_delays_only_those() {
    let (registration, publisher) = stage();
    let known = PlayedIssuer::new("known");
    publisher.publish(vec![known.jwk()]);
    let door = Door::open(with_issuer(&registration, &publisher));
    assert_eq!(door.get_as(&known.token("maja"), PATH).await.status(), 200);
    let before = fetches(&publisher);
    publisher.feel(Mood::Silent);
    let invented: Vec<String> = (0..50)
        .map(|number| PlayedIssuer::new(&format!("invented-{number}")).token("maja"))
        .collect();
    let started = Instant::now();
    let guessing = futures_util::future::join_all(invented.iter().map(|token| {
        let asked = door.get_as(token, PATH);
        async move {
            let response = asked.await;
            (response, started.elapsed())
        }
    }));
    // Tokens that were never seen, of a key that is known: they come while the others wait.
    let others = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let mut longest = Duration::ZERO;
        for _ in 0..20 {
            let asked = Instant::now();
            assert_eq!(door.get_as(&known.token("maja"), PATH).await.status(), 200);
            longest = longest.max(asked.elapsed());
        }
        (longest, started.elapsed())
    };
    let (guessed, (longest, all)) = futures_util::future::join(guessing, others).await;
    assert!(longest < Duration::from_millis(500), "{longest:?}");
    let mut last = Duration::ZERO;
    for (response, after) in guessed {
        problem(response, 401, "unauthenticated").await;
        last = last.max(after);
    }
    // Control: they did wait, and the others were answered meanwhile.
    assert!(last > all, "{last:?} {all:?}");
    assert!(last < Duration::from_secs(8), "{last:?}");
    assert_eq!(fetches(&publisher), before + 1);
    // Within the cool-down nobody waits at all.
    let asked = Instant::now();
    let late = PlayedIssuer::new("late").token("maja");
    problem(door.get_as(&late, PATH).await, 401, "unauthenticated").await;
    assert!(asked.elapsed() < Duration::from_secs(1));
    assert_eq!(fetches(&publisher), before + 1);
}

#[actix_web::test]
async fn known_keys_count_while_the_issuer_is_down_but_not_for_ever() {
    let (registration, publisher) = stage();
    let key = PlayedIssuer::new("key");
    publisher.publish(vec![key.jwk()]);
    let mut settings = with_issuer(&registration, &publisher);
    settings.limits.jwks_refresh = Duration::from_millis(50);
    settings.limits.jwks_max_stale = Duration::from_millis(1500);
    let door = Door::open(settings);
    assert_eq!(door.get_as(&key.token("maja"), PATH).await.status(), 200);
    publisher.feel(Mood::Failing);
    wait().await;
    assert_eq!(door.get_as(&key.token("maja"), PATH).await.status(), 200);
    tokio::time::sleep(Duration::from_millis(1700)).await;
    let response = door.get_as(&key.token("maja"), PATH).await;
    assert!(response.headers().contains_key("retry-after"));
    problem(response, 503, "unavailable").await;
    publisher.feel(Mood::Answering);
    wait().await;
    assert_eq!(door.get_as(&key.token("maja"), PATH).await.status(), 200);
}

#[actix_web::test]
async fn a_key_that_is_withdrawn_takes_its_tokens_along() {
    let (registration, publisher) = stage();
    let (leaked, new) = (PlayedIssuer::new("leaked"), PlayedIssuer::new("new"));
    publisher.publish(vec![leaked.jwk()]);
    let mut settings = with_issuer(&registration, &publisher);
    settings.limits.jwks_refresh = Duration::from_millis(50);
    let door = Door::open(settings);
    let token = leaked.token("maja");
    assert_eq!(door.get_as(&token, PATH).await.status(), 200);
    publisher.publish(vec![new.jwk()]);
    wait().await;
    problem(door.get_as(&token, PATH).await, 401, "unauthenticated").await;
}

#[actix_web::test]
async fn an_issuer_that_was_never_reached_is_unavailable_and_not_a_reason_to_refuse() {
    let (registration, publisher) = stage();
    let key = PlayedIssuer::new("key");
    publisher.feel(Mood::Failing);
    let door = Door::open(with_issuer(&registration, &publisher));
    problem(
        door.get_as(&key.token("maja"), PATH).await,
        503,
        "unavailable",
    )
    .await;
}
