//! Webhooks: who hears what, signed how, and what becomes of endpoints that behave badly.

use crate::world::{Municipality, Service, World, on_each_database, organisation, text};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use futures_util::future::join;
use hmac::{Hmac, KeyInit as _, Mac as _};
use registration::webhooks::sender;
use serde_json::{Value, json};
use sha2::Sha256;
use shared_testing::{
    Client, TestDatabase, database, databases,
    endpoint::{Conduct, Endpoint, Received},
};
use shared_types::{OrganisationId, Role};
use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

/// A webhook with its secret.
struct Hook {
    id: String,
    secret: String,
    keeper: Client,
}

impl Hook {
    fn path(&self, what: &str) -> String {
        format!("webhooks/{}{what}", self.id)
    }

    async fn state(&self) -> (String, String) {
        let hook = self.keeper.get(&self.path("")).await.ok();
        (text(&hook["state"]), text(&hook["disabledReason"]))
    }

    async fn deliveries(&self, filter: &str) -> Vec<Value> {
        let page = self
            .keeper
            .get(&self.path(&format!("/deliveries?limit=100{filter}")))
            .await;
        page.ok()["items"].as_array().unwrap().clone()
    }

    async fn test(&self, world: &World) {
        self.keeper.post_empty(&self.path("/test")).await.ok();
        world.service.seal().await;
    }
}

fn hr(world: &World, municipality: &Municipality) -> Client {
    world
        .service
        .stranger()
        .system(Role::Hr, Some(municipality.id))
}

fn body(role: &str, organisation: OrganisationId, url: &str, types: &[&str]) -> Value {
    json!({
        "name": "Personalsystemet", "role": role, "organisationId": organisation, "url": url,
        "eventTypes": types, "contactEmail": "it@kommun.example",
    })
}

async fn hook(keeper: Client, body: Value) -> Hook {
    let made = keeper.post("webhooks", body).await.created();
    Hook {
        id: made.id(),
        secret: text(&made["secret"]),
        keeper,
    }
}

/// HR of the first municipality, told of everything that it hears.
async fn own(world: &World, endpoint: &Endpoint) -> Hook {
    // What happened before has its place, and is not sent.
    world.service.seal().await;
    let municipality = &world.municipalities[0];
    let body = body("hr", municipality.id, &endpoint.url(), &[]);
    hook(hr(world, municipality), body).await
}

/// Sends until nothing is due.
async fn send(world: &World) {
    world.service.seal().await;
    sender::send_due(world.service.state()).await.unwrap();
}

/// Lets every pause be over.
async fn due(world: &World) {
    let now = "UPDATE webhook_deliveries SET next_attempt_at = 0 WHERE state = 'pending'";
    database::tamper(&world.service.state().database, now).await;
}

/// Whether a delivery is signed by a secret, as the standard says: written anew, so that it would
/// notice if the sender were wrong.
fn is_signed(received: &Received, secret: &str) -> bool {
    let key = STANDARD
        .decode(secret.strip_prefix("whsec_").unwrap())
        .unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    for part in ["webhook-id", "webhook-timestamp"] {
        mac.update(received.header(part).as_bytes());
        mac.update(b".");
    }
    mac.update(&received.body);
    let expected = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
    received
        .header("webhook-signature")
        .split(' ')
        .any(|one| one == expected)
}

fn kinds(received: &[Received]) -> BTreeSet<String> {
    received
        .iter()
        .map(|one| text(&one.json()["type"]))
        .collect()
}

#[actix_web::test]
async fn what_happens_is_sent_as_the_feed_shows_it_and_signed() {
    on_each_database(async |world| {
        let endpoint = Endpoint::start(&[Conduct::Status(204)]).await;
        world.person(world.municipalities[0].id, "Before").await;
        world.service.seal().await;
        let hook = own(world, &endpoint).await;
        world.announced(2, json!({ "seats": 1 })).await;
        send(world).await;
        let received = endpoint.received();
        let feed = hook.keeper.get("events?limit=100").await.ok();
        let feed = feed["items"].as_array().unwrap();
        let known: HashSet<_> = received
            .iter()
            .map(|one| one.header("webhook-id").to_owned())
            .collect();
        assert_eq!(known.len(), received.len(), "each once");
        for one in &received {
            let event = one.json();
            assert!(feed.contains(&event), "the feed has the same: {event}");
            assert_eq!(event["id"], one.header("webhook-id"));
            assert_eq!(
                (&event["specversion"], &event["timestamp"]),
                (&json!("1.0"), &event["time"])
            );
            assert!(
                one.header("content-type")
                    .starts_with("application/cloudevents+json")
            );
            assert!(is_signed(one, &hook.secret));
            let age = i64::try_from(shared_web::clock::system_seconds()).unwrap()
                - one.header("webhook-timestamp").parse::<i64>().unwrap();
            assert!((0..60).contains(&age), "{age}");
            let mut changed = one.clone();
            changed.body.push(b' ');
            assert!(!is_signed(&changed, &hook.secret));
            for (name, value) in &mut changed.headers {
                if name == "webhook-timestamp" {
                    value.push('0');
                }
            }
            changed.body.pop();
            assert!(!is_signed(&changed, &hook.secret));
        }
        let own = world.municipalities[0].id.to_string();
        let heard = feed
            .iter()
            .filter(|event| known.contains(event["id"].as_str().unwrap()));
        assert_eq!(heard.count(), received.len());
        assert!(
            received
                .iter()
                .all(|one| one.json()["data"]["organisationId"] == own)
        );
        assert!(kinds(&received).contains("offer.made"));
        let whole: String = received
            .iter()
            .map(|one| String::from_utf8(one.body.clone()).unwrap())
            .collect();
        for personal in ["Anna", "Before", "@kommun.example", "Våren"] {
            assert!(!whole.contains(personal), "{personal}");
        }
        // Of one subject the later event has the greater sequence.
        let mut by_subject: Vec<(String, String)> = Vec::new();
        for event in feed {
            by_subject.push((text(&event["subject"]), text(&event["sequence"])));
        }
        assert!(by_subject.is_sorted_by_key(|(_, sequence)| sequence.clone()));
        let delivered = hook.deliveries("&state=delivered").await;
        assert_eq!(delivered.len(), received.len());
        assert_eq!(delivered[0]["outcome"], "status_204");
    })
    .await;
}

#[actix_web::test]
async fn nobody_hears_of_anothers_people() {
    on_each_database(async |world| {
        let [first, second, organiser, fellow] = [
            Endpoint::start(&[Conduct::Status(200)]).await,
            Endpoint::start(&[Conduct::Status(200)]).await,
            Endpoint::start(&[Conduct::Status(200)]).await,
            Endpoint::start(&[Conduct::Status(200)]).await,
        ];
        own(world, &first).await;
        let neighbour = &world.municipalities[1];
        hook(
            hr(world, neighbour),
            body("hr", neighbour.id, &second.url(), &[]),
        )
        .await;
        let coordinator = world
            .service
            .stranger()
            .system(Role::Coordinator, Some(world.organiser));
        hook(
            coordinator,
            body("coordinator", world.organiser, &organiser.url(), &[]),
        )
        .await;
        // Another organiser that runs rounds for the first municipality too.
        let founder = world
            .service
            .stranger()
            .system(Role::Coordinator, Some(OrganisationId::new()));
        let other = founder
            .post(
                "organisations",
                organisation("Annat förbund", "other", None),
            )
            .await;
        let other: OrganisationId = other.created().id().parse().unwrap();
        let keeper = world
            .service
            .stranger()
            .system(Role::Coordinator, Some(other));
        let partner = format!(
            "organisations/{other}/partners/{}",
            world.municipalities[0].id
        );
        for side in [&keeper, &world.coordinator] {
            side.change("PUT", &partner, "*", Value::Null).await.ok();
        }
        hook(keeper, body("coordinator", other, &fellow.url(), &[])).await;
        let announced = world.announced(1, json!({ "seats": 1 })).await;
        send(world).await;
        let application = announced.application(0);
        let hears = |endpoint: &Endpoint| {
            let all = endpoint.received();
            all.iter().any(|one| one.json()["subject"] == application)
        };
        assert!(hears(&first) && hears(&organiser));
        assert!(!hears(&second) && !hears(&fellow));
        for endpoint in [&first, &second] {
            let heard = kinds(&endpoint.received());
            assert!(
                !heard
                    .iter()
                    .any(|kind| kind.starts_with("round.") || kind.starts_with("programme.")),
                "{heard:?}"
            );
        }
        assert!(kinds(&organiser.received()).contains("round.open"));
        assert!(!kinds(&fellow.received()).contains("round.open"));
        // HR of elsewhere keeps no webhook here, and none of another role.
        let stranger = hr(world, neighbour);
        let own = world.municipalities[0].id;
        let foreign = body("hr", own, &second.url(), &[]);
        stranger
            .post("webhooks", foreign)
            .await
            .refused("forbidden");
        let mightier = body("coordinator", neighbour.id, &second.url(), &[]);
        stranger
            .post("webhooks", mightier)
            .await
            .refused("forbidden");
        let deaf = world
            .service
            .stranger()
            .system(Role::Facilitator, Some(own));
        deaf.post("webhooks", body("facilitator", own, &second.url(), &[]))
            .await
            .refused("role_not_assignable");
    })
    .await;
}

#[actix_web::test]
async fn a_webhook_takes_the_types_that_it_names_and_its_secret_is_shown_once() {
    on_each_database(async |world| {
        let endpoint = Endpoint::start(&[Conduct::Status(200)]).await;
        let municipality = &world.municipalities[0];
        let keeper = hr(world, municipality);
        let new = body("hr", municipality.id, &endpoint.url(), &["offer.made"]);
        let unheard = body("hr", municipality.id, &endpoint.url(), &["round.open"]);
        keeper
            .post("webhooks", unheard)
            .await
            .refused("invalid_body");
        let call = |key: &str| {
            keeper
                .call(shared_testing::Method::POST, "webhooks")
                .header("Idempotency-Key", key)
        };
        let first = call("one").json(&new).send().await.created();
        let again = call("one").json(&new).send().await.created();
        assert_eq!(first.id(), again.id());
        assert!(text(&first["secret"]).starts_with("whsec_"));
        assert_eq!(again["secret"], Value::Null);
        let path = format!("webhooks/{}", first.id());
        assert_eq!(keeper.get(&path).await.ok()["secret"], Value::Null);
        let secret = text(&first["secret"]);
        for (table, column) in [("idempotency", "body"), ("outbox", "data")] {
            let dump = format!("SELECT CAST({column} AS TEXT) AS row FROM {table}");
            let rows = database::texts(&world.service.state().database, &dump).await;
            let bare = secret.trim_start_matches("whsec_");
            assert!(
                !rows.is_empty() && !rows.iter().any(|row| row.contains(bare)),
                "{table}"
            );
        }
        world.announced(1, json!({ "seats": 1 })).await;
        send(world).await;
        assert_eq!(
            kinds(&endpoint.received()),
            BTreeSet::from(["offer.made".to_owned()])
        );
        // A test event comes whatever the types are, and to this webhook alone.
        let other = Endpoint::start(&[Conduct::Status(200)]).await;
        own(world, &other).await;
        keeper.post_empty(&format!("{path}/test")).await.ok();
        send(world).await;
        assert!(kinds(&endpoint.received()).contains("webhook.tested"));
        assert!(!kinds(&other.received()).contains("webhook.tested"));
    })
    .await;
}

#[actix_web::test]
async fn both_secrets_sign_while_one_replaces_the_other() {
    on_each_database(async |world| {
        let endpoint = Endpoint::start(&[Conduct::Status(200)]).await;
        let hook = own(world, &endpoint).await;
        let rotation = async |hours: i32| {
            let body = json!({ "overlapHours": hours });
            hook.keeper.post(&hook.path("/rotation"), body).await
        };
        let rotated = text(&rotation(24).await.ok()["secret"]);
        assert_ne!(rotated, hook.secret);
        hook.test(world).await;
        send(world).await;
        let last = endpoint.received().pop().unwrap();
        assert!(is_signed(&last, &rotated) && is_signed(&last, &hook.secret));
        assert_eq!(last.header("webhook-signature").split(' ').count(), 2);
        world.service.set_clock("2022-04-13T09:00:00Z");
        hook.test(world).await;
        send(world).await;
        let last = endpoint.received().pop().unwrap();
        assert!(is_signed(&last, &rotated) && !is_signed(&last, &hook.secret));
        let third = text(&rotation(0).await.ok()["secret"]);
        hook.test(world).await;
        send(world).await;
        let last = endpoint.received().pop().unwrap();
        assert!(is_signed(&last, &third) && !is_signed(&last, &rotated));
    })
    .await;
}

#[actix_web::test]
async fn what_fails_is_tried_again_under_the_same_id_and_no_redirect_is_followed() {
    on_each_database(async |world| {
        let inside = Endpoint::start(&[Conduct::Status(200)]).await;
        let endpoint = Endpoint::start(&[
            Conduct::Status(500),
            Conduct::Redirect(inside.url()),
            Conduct::Status(429),
            Conduct::Status(200),
        ])
        .await;
        let hook = own(world, &endpoint).await;
        world.service.seal().await;
        send(world).await;
        let mut outcomes = Vec::new();
        for _ in 0..3 {
            let waiting = hook.deliveries("&state=pending").await;
            outcomes.extend(waiting.iter().map(|one| text(&one["outcome"])));
            let early = hook.path(&format!("/deliveries/{}/replay", text(&waiting[0]["id"])));
            let early = hook.keeper.post_empty(&early).await;
            early.refused("delivery_state_forbids");
            due(world).await;
            sender::send_due(world.service.state()).await.unwrap();
        }
        assert_eq!(outcomes, ["status_500", "status_307", "status_429"]);
        let received = endpoint.received();
        assert_eq!(received.len(), 4);
        assert!(
            received
                .iter()
                .all(|one| one.header("webhook-id") == received[0].header("webhook-id"))
        );
        assert!(received.iter().all(|one| is_signed(one, &hook.secret)));
        assert_eq!(inside.received(), []);
        let delivered = hook.deliveries("&state=delivered").await;
        assert_eq!((delivered.len(), &delivered[0]["attempts"]), (1, &json!(4)));
        // By hand, once more; not by another's hand.
        let replay = hook.path(&format!("/deliveries/{}/replay", text(&delivered[0]["id"])));
        let neighbour = hr(world, &world.municipalities[1]);
        neighbour.post_empty(&replay).await.refused("not_found");
        hook.keeper.post_empty(&replay).await.ok();
        sender::send_due(world.service.state()).await.unwrap();
        assert_eq!(endpoint.received().len(), 5);
        let forgotten = "DELETE FROM outbox WHERE kind = 'webhook.created'";
        database::tamper(&world.service.state().database, forgotten).await;
        let late = hook.keeper.post_empty(&replay).await;
        late.refused("event_forgotten");
    })
    .await;
}

#[actix_web::test]
async fn what_waits_goes_to_a_new_address_at_once() {
    on_each_database(async |world| {
        let late = Conduct::Late(Duration::from_millis(700), 410);
        let old = Endpoint::start(&[Conduct::Status(500), late]).await;
        let new = Endpoint::start(&[Conduct::Status(200)]).await;
        let hook = own(world, &old).await;
        // The first has failed, and its next turn is far away; the second is on its way.
        send(world).await;
        hook.test(world).await;
        let moved = async {
            old.wait_for(2).await;
            let address = json!({ "url": new.url() });
            let (path, keeper) = (hook.path(""), &hook.keeper);
            let moved = keeper.change("PATCH", &path, "*", address);
            moved.await.ok();
        };
        let (sent, ()) = join(sender::send_due(world.service.state()), moved).await;
        sent.unwrap();
        assert_eq!(
            hook.state().await.0,
            "active",
            "the old one is asked no more"
        );
        send(world).await;
        assert_eq!(
            kinds(&new.received()),
            ["webhook.changed", "webhook.created", "webhook.tested"]
                .map(str::to_owned)
                .into()
        );
        assert_eq!(old.received().len(), 2);
        assert_eq!(hook.deliveries("&state=delivered").await.len(), 3);
    })
    .await;
}

#[actix_web::test]
async fn an_endpoint_that_is_gone_or_fails_for_a_day_is_disabled_and_its_contact_is_told() {
    on_each_database(async |world| {
        for (conduct, reason) in [
            (Conduct::Status(410), "gone"),
            (Conduct::Status(503), "failing"),
        ] {
            let endpoint = Endpoint::start(&[conduct]).await;
            let hook = own(world, &endpoint).await;
            world.service.seal().await;
            world.person(world.municipalities[0].id, "Anna").await;
            if reason == "failing" {
                send(world).await;
                let seven = "UPDATE webhook_deliveries SET attempts = 7 WHERE state = 'pending'";
                database::tamper(&world.service.state().database, seven).await;
                due(world).await;
            }
            send(world).await;
            assert_eq!(
                hook.state().await,
                ("disabled".to_owned(), reason.to_owned())
            );
            let failed = hook.deliveries("&state=failed").await;
            assert_eq!(
                failed.len(),
                hook.deliveries("").await.len(),
                "nothing waits"
            );
            let asked = endpoint.received().len();
            world.person(world.municipalities[0].id, "Berit").await;
            send(world).await;
            assert_eq!(endpoint.received().len(), asked, "nothing is sent");
            hook.keeper
                .post_empty(&hook.path("/test"))
                .await
                .refused("webhook_state_forbids");
            let replay = hook.path(&format!("/deliveries/{}/replay", text(&failed[0]["id"])));
            hook.keeper
                .post_empty(&replay)
                .await
                .refused("webhook_state_forbids");
            endpoint.behave(&[Conduct::Status(200)]);
            hook.keeper.post_empty(&hook.path("/enabling")).await.ok();
            hook.keeper.post_empty(&replay).await.ok();
            send(world).await;
            assert_eq!(
                hook.deliveries("&state=delivered").await.len(),
                2,
                "the replayed one and the enabling"
            );
            hook.keeper
                .change("DELETE", &hook.path(""), "*", Value::Null)
                .await
                .is(204);
            hook.keeper.get(&hook.path("")).await.refused("not_found");
        }
        let mails = world.service.mails().await;
        let told: Vec<_> = mails
            .iter()
            .filter(|mail| mail.to == "it@kommun.example")
            .collect();
        assert_eq!(told.len(), 2);
        let words = |at: usize| {
            told[at]
                .body
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert!(words(0).contains("(410)"), "{told:?}");
        assert!(words(1).contains("på mer än ett dygn"), "{told:?}");
    })
    .await;
}

#[actix_web::test]
async fn a_slow_endpoint_delays_no_other_and_an_endless_answer_is_not_listened_to() {
    let mut service = Service::prepare(TestDatabase::sqlite());
    service.outgoing.look_every = Duration::from_millis(50);
    service.add_instance().await;
    let world = World::on(service, 2).await;
    let silent = Endpoint::start(&[Conduct::Silent]).await;
    let endless = Endpoint::start(&[Conduct::Endless(10 * 1024 * 1024)]).await;
    let quick = Endpoint::start(&[Conduct::Status(200)]).await;
    let hooks = [
        own(&world, &silent).await,
        own(&world, &endless).await,
        own(&world, &quick).await,
    ];
    world.service.seal().await;
    for number in 0..30 {
        world
            .person(world.municipalities[0].id, &format!("Person {number}"))
            .await;
    }
    world.service.seal().await;
    let since = std::time::Instant::now();
    let is_person = |one: &Received| one.json()["type"] == "person.created";
    loop {
        let count = quick.received().iter().filter(|one| is_person(one)).count();
        if count == 30 {
            break;
        }
        assert!(since.elapsed() < Duration::from_secs(12), "{count}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // The silent one has as many as may be on their way to one endpoint, and no more.
    assert!(
        (1..=4).contains(&silent.received().len()),
        "{}",
        silent.received().len()
    );
    endless.wait_for(30).await;
    assert!(
        endless.sent_bytes() < 31 * 8 * 1024 * 1024,
        "{}",
        endless.sent_bytes()
    );
    for _ in 0..200 {
        if hooks[1].deliveries("&state=pending").await.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(
        hooks[1].deliveries("&state=pending").await,
        Vec::<Value>::new()
    );
}

#[actix_web::test]
async fn no_address_leads_inside() {
    on_each_database(async |world| {
        let endpoint = Endpoint::start(&[Conduct::Status(200)]).await;
        let hook = own(world, &endpoint).await;
        let port = endpoint.port();
        // 127.0.0.1 alone is allowed here.
        for host in [
            "127.0.0.2",
            "2130706434",
            "0x7f000002",
            "0177.0.0.2",
            "127.2",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "0.0.0.0",
            "10.0.0.1",
            "192.168.0.1",
            "169.254.169.254",
            "[fd00::1]",
            "user@127.0.0.1",
            "user:word@127.0.0.1",
        ] {
            for scheme in ["http", "https"] {
                let url = format!("{scheme}://{host}:{port}/hook");
                let new = body("hr", world.municipalities[0].id, &url, &[]);
                hook.keeper
                    .post("webhooks", new)
                    .await
                    .refused("webhook_address_refused");
                let tag = hook.keeper.get(&hook.path("")).await.tag();
                let change = json!({ "url": url });
                hook.keeper
                    .change("PATCH", &hook.path(""), &tag, change)
                    .await
                    .refused("webhook_address_refused");
            }
        }
        for url in [
            "ftp://kommun.example/x",
            "file:///etc/passwd",
            "gopher://8.8.8.8/x",
        ] {
            let new = body("hr", world.municipalities[0].id, url, &[]);
            hook.keeper
                .post("webhooks", new)
                .await
                .refused("webhook_address_refused");
        }
        // An address that was let in and leads inside now is refused where it is used: the test
        // event's, too.
        let moved = format!("UPDATE webhooks SET url = 'http://127.0.0.2:{port}/hook'");
        send(world).await;
        let before = endpoint.received().len();
        database::tamper(&world.service.state().database, &moved).await;
        hook.test(world).await;
        send(world).await;
        assert_eq!(endpoint.received().len(), before);
        let waiting = hook.deliveries("&state=pending").await;
        assert_eq!(waiting[0]["outcome"], "address_refused");
    })
    .await;
}

#[actix_web::test]
async fn two_instances_send_each_event_once() {
    for database in databases().await {
        let mut service = Service::prepare(database);
        service.add_instance().await;
        service.add_instance().await;
        let world = World::on(service, 2).await;
        let endpoint = Endpoint::start(&[Conduct::Status(200)]).await;
        let hook = own(&world, &endpoint).await;
        for number in 0..40 {
            world
                .person(world.municipalities[0].id, &format!("Person {number}"))
                .await;
        }
        world.service.seal().await;
        let [one, two] = [0, 1].map(|at| world.service.instances[at].state.clone());
        let (first, second) = join(sender::send_due(&one), sender::send_due(&two)).await;
        first.unwrap();
        second.unwrap();
        assert_eq!(hook.deliveries("&state=pending").await, Vec::<Value>::new());
        let received = endpoint.received();
        let ids: HashSet<_> = received
            .iter()
            .map(|one| one.header("webhook-id").to_owned())
            .collect();
        assert_eq!(
            (ids.len(), received.len()),
            (41, 41),
            "with the webhook's own making"
        );
    }
}

#[actix_web::test]
async fn an_organisation_has_so_many_webhooks_and_no_more() {
    let world = World::new(TestDatabase::sqlite(), 2).await;
    let endpoint = Endpoint::start(&[Conduct::Status(200)]).await;
    for _ in 0..20 {
        own(&world, &endpoint).await;
    }
    let municipality = &world.municipalities[0];
    let one_more = body("hr", municipality.id, &endpoint.url(), &[]);
    hr(&world, municipality)
        .post("webhooks", one_more)
        .await
        .refused("webhook_limit");
}
