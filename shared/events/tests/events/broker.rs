//! What holds by the broker: order and one effect, whatever comes doubled, forged, broken, late, or
//! while the broker itself is away.

use crate::bench::{Bench, by_broker, event, until};
use async_nats::{HeaderMap, jetstream};
use shared_types::event::Event;
use shared_web::key::KeyPair;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use uuid::Uuid;

/// Says something to the broker as anybody with its address can.
async fn say(bench: &Bench, body: Vec<u8>, signature: Option<String>) {
    // Whoever asks what waits finds the stream, or makes it: the receiver may not have come so far.
    let service = bench.broker_of(&bench.pair);
    service.waiting().await.unwrap();
    let url = &bench.broker.as_ref().unwrap().url;
    let client = async_nats::connect(url).await.unwrap();
    let mut headers = HeaderMap::new();
    if let Some(signature) = signature {
        headers.insert("Akademi-Signature", signature);
    }
    let subject = format!("akademi.{}.registration.x", bench.space);
    // Kept until the answer is there: who waits for it ends with this.
    let context = jetstream::new(client);
    let said = context
        .publish_with_headers(subject, headers, body.into())
        .await
        .unwrap();
    said.await.unwrap();
}

async fn tell(bench: &Bench, event: &Event, key: &KeyPair) {
    let body = serde_json::to_vec(event).unwrap();
    let signature = key.sign("akademi-events", &body).unwrap();
    say(bench, body, Some(signature)).await;
}

#[actix_web::test]
async fn what_comes_again_or_late_has_one_effect() {
    by_broker(async |bench| {
        let events: Vec<_> = (0..10).map(|step| event(Uuid::new_v4(), step)).collect();
        // Without the id by which the broker would know them, and in another order each time.
        for round in 0..3 {
            for place in 0..10 {
                let event = &events[(place * 7 + round * 3) % 10];
                tell(bench, event, &bench.pair).await;
            }
        }
        bench.arrived().await;
        let mut ids: Vec<_> = bench
            .effects()
            .await
            .iter()
            .map(|one| one.event_id)
            .collect();
        ids.sort();
        let mut sent: Vec<_> = events.iter().map(|event| event.id.uuid()).collect();
        sent.sort();
        assert_eq!(ids, sent);
        // The control: a receiver without memory makes an effect each time.
        let fault = shared_database::sabotage::Fault::NoInboxDedup;
        bench.receiver.sabotage.switch_on(fault);
        let again = event(Uuid::new_v4(), 1);
        for _ in 0..2 {
            tell(bench, &again, &bench.pair).await;
        }
        bench.arrived().await;
        let again = again.id.uuid();
        let effects = bench.effects().await.into_iter();
        assert_eq!(effects.filter(|one| one.event_id == again).count(), 2);
    })
    .await;
}

#[actix_web::test]
async fn what_cannot_be_applied_is_held_with_what_follows_it_and_nothing_else_waits() {
    by_broker(async |bench| {
        let (stuck, free) = (Uuid::new_v4(), Uuid::new_v4());
        bench.recorder.fail(stuck);
        let relay = bench.relay();
        for step in 1..=3 {
            bench.publish("application.submitted", stuck, step).await;
            bench.publish("application.submitted", free, step).await;
        }
        while !bench.queue().await.is_empty() || relay.deliver_once().await.unwrap().delivered > 0 {
            relay.deliver_once().await.unwrap();
        }
        bench.arrived().await;
        assert_eq!(bench.steps(free).await, [1, 2, 3]);
        assert!(bench.steps(stuck).await.is_empty());
        let held = bench.held().await;
        assert_eq!(held.len(), 3, "{held:?}");
        assert!(held[0].0 >= 1 && held[0].1 == "conflict", "{held:?}");
        assert_eq!(held[1], (0, "an earlier one waits".to_owned()));
        // It is tried again, later each time, and stays while it fails.
        until("it was tried again", async || bench.held().await[0].0 >= 3).await;
        bench.recorder.heal();
        until("all is applied", async || bench.held().await.is_empty()).await;
        assert_eq!(bench.steps(stuck).await, [1, 2, 3]);
    })
    .await;
}

#[actix_web::test]
async fn an_operator_can_give_a_held_event_up_and_what_stood_behind_it_goes_on() {
    by_broker(async |bench| {
        let subject = Uuid::new_v4();
        bench.recorder.fail(subject);
        for step in 1..=2 {
            tell(bench, &event(subject, step), &bench.pair).await;
        }
        bench.arrived().await;
        let held = shared_events::held::list(&bench.receiver).await.unwrap();
        assert_eq!(held.len(), 2);
        let given_up = shared_events::held::drop(&bench.receiver, held[0].event_id).await;
        assert!(given_up.unwrap());
        bench.recorder.heal();
        until("the next is applied", async || {
            bench.held().await.is_empty()
        })
        .await;
        assert_eq!(bench.steps(subject).await, [2]);
    })
    .await;
}

#[actix_web::test]
async fn what_no_service_signed_has_no_effect_and_stops_nothing() {
    by_broker(async |bench| {
        let forger = KeyPair::generate("registration").unwrap();
        say(bench, b"nonsense".to_vec(), None).await;
        say(bench, vec![b' '; 256 * 1024 + 1], None).await;
        tell(bench, &event(Uuid::new_v4(), 1), &forger).await;
        // A service's key vouches for that service's facts alone.
        tell(bench, &event(Uuid::new_v4(), 2), &bench.other).await;
        let unsigned = serde_json::to_vec(&event(Uuid::new_v4(), 3)).unwrap();
        say(bench, unsigned, None).await;
        let good = event(Uuid::new_v4(), 4);
        tell(bench, &good, &bench.pair).await;
        bench.arrived().await;
        let effects = bench.effects().await;
        assert_eq!(effects.len(), 1, "{effects:?}");
        assert_eq!(effects[0].event_id, good.id.uuid());
        let held = bench.held().await;
        assert_eq!(held.len(), 3, "{held:?}");
        assert!(
            held.iter().all(|(_, reason)| reason == "forbidden"),
            "{held:?}"
        );
    })
    .await;
}

/// How many wait in the test of a receiver that was away: few in the gate, 100,000 by hand.
#[expect(
    clippy::disallowed_methods,
    reason = "tests have no settings module; this is for whoever has an hour"
)]
fn many() -> usize {
    std::env::var("AKADEMI_TEST_WAITING").map_or(600, |text| text.parse().unwrap())
}

#[actix_web::test]
async fn a_receiver_that_was_away_gets_everything_in_order_with_two_processes_at_it() {
    by_broker(async |bench| {
        bench.close_door().await;
        let (many, started) = (many(), Instant::now());
        let subjects: Vec<_> = (0..many / 10).map(|_| Uuid::new_v4()).collect();
        let (stop, stopped) = oneshot::channel::<()>();
        let relay = bench.relay();
        let running = tokio::spawn(relay.run(async { stopped.await.unwrap_or_default() }));
        for step in 1..=10 {
            for subject in &subjects {
                bench.publish("application.submitted", *subject, step).await;
            }
        }
        bench.until_sent(many).await;
        let sent = started.elapsed();
        bench.consume();
        bench.consume();
        bench.until_applied(many).await;
        println!(
            "{many} sent in {sent:?}, applied {:?} later",
            started.elapsed().saturating_sub(sent)
        );
        let in_order: Vec<i64> = (1..=10).collect();
        for subject in subjects.iter().take(50) {
            assert_eq!(bench.steps(*subject).await, in_order);
        }
        stop.send(()).unwrap();
        running.await.unwrap();
    })
    .await;
}

#[actix_web::test]
async fn a_broker_that_dies_and_comes_back_loses_nothing() {
    by_broker(async |bench| {
        let (stop, stopped) = oneshot::channel::<()>();
        let relay = bench.relay();
        let running = tokio::spawn(relay.run(async { stopped.await.unwrap_or_default() }));
        let subject = Uuid::new_v4();
        for step in 1..=5 {
            bench.publish("application.submitted", subject, step).await;
        }
        until("they are applied", async || {
            bench.effects().await.len() == 5
        })
        .await;
        let server = bench.broker.clone().unwrap();
        for round in 0..2 {
            server.kill();
            for step in 1..=5 {
                let step = 5 + round * 5 + step;
                bench.publish("application.submitted", subject, step).await;
            }
            until("one was tried in vain", async || {
                bench.queue().await.iter().any(|one| one.attempts > 0)
            })
            .await;
            server.start_again();
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        bench.until_applied(15).await;
        let in_order: Vec<i64> = (1..=15).collect();
        assert_eq!(bench.steps(subject).await, in_order);
        stop.send(()).unwrap();
        running.await.unwrap();
    })
    .await;
}
