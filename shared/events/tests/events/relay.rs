//! What the relay promises: at least once, in order per subject, nothing lost.

use crate::bench::{TRACE_ID, actor, at, event, on_each_database, on_each_way, until};
use sea_orm::{EntityTrait as _, IntoActiveModel as _};
use serde_json::json;
use shared_database::{Change, tables::outbox};
use shared_events::Counts;
use shared_types::{Problem, codes};
use std::time::Duration;
use tokio::sync::oneshot;
use uuid::Uuid;

#[actix_web::test]
async fn an_event_committed_with_a_change_arrives_once() {
    on_each_way(async |bench| {
        let subject = Uuid::new_v4();
        bench.publish("application.submitted", subject, 1).await;
        let relay = bench.relay();
        let first = relay.deliver_once().await.unwrap();
        let expected = Counts {
            fanned_out: 1,
            delivered: 1,
            failed: 0,
        };
        assert_eq!(first, expected);
        assert_eq!(relay.deliver_once().await.unwrap(), Counts::default());
        bench.arrived().await;
        let effects = bench.effects().await;
        assert_eq!(effects.len(), 1);
        assert_eq!(effects[0].subject, subject.to_string());
        assert_eq!(effects[0].actor, "events:registration");
        assert!(
            effects[0].trace.contains(TRACE_ID),
            "the trace goes on: {}",
            effects[0].trace
        );
    })
    .await;
}

#[actix_web::test]
async fn a_change_that_is_undone_sends_nothing() {
    on_each_way(async |bench| {
        let undone = bench
            .sender
            .change(actor(), async |change: &mut Change| {
                change.publish("application.submitted", Uuid::new_v4(), json!({"step": 1}));
                Err::<(), _>(Problem::of(&codes::CONFLICT))
            })
            .await;
        assert!(undone.is_err());
        let counts = bench.relay().deliver_once().await.unwrap();
        assert_eq!(counts, Counts::default());
        assert!(bench.effects().await.is_empty());
    })
    .await;
}

#[actix_web::test]
async fn a_later_event_waits_for_an_earlier_one_of_its_subject_and_no_other_subject_does() {
    on_each_database(async |bench| {
        let (stuck, free) = (Uuid::new_v4(), Uuid::new_v4());
        bench.recorder.fail(stuck);
        for step in 1..=3 {
            bench.publish("application.submitted", stuck, step).await;
            bench.publish("application.submitted", free, step).await;
        }
        let relay = bench.relay();
        for _ in 0..6 {
            relay.deliver_once().await.unwrap();
            tokio::time::sleep(Duration::from_millis(60)).await;
        }
        assert_eq!(bench.steps(free).await, [1, 2, 3]);
        assert!(bench.steps(stuck).await.is_empty());
        let queue = bench.queue().await;
        assert_eq!(queue.len(), 3);
        assert!(queue[0].attempts >= 2, "{queue:?}");
        assert_eq!(queue[0].last_error.as_deref(), Some("409 conflict"));
        assert_eq!(queue[1].attempts, 0, "what waits is not tried");
        bench.recorder.heal();
        until("the stuck subject is delivered", async || {
            relay.deliver_once().await.unwrap();
            bench.queue().await.is_empty()
        })
        .await;
        assert_eq!(bench.steps(stuck).await, [1, 2, 3]);
    })
    .await;
}

#[actix_web::test]
async fn order_is_that_of_the_changes_even_where_replicas_clocks_differ() {
    on_each_way(async |bench| {
        let subject = Uuid::new_v4();
        // The second replica's clock is behind: its later event has the smaller id.
        let ids = [Uuid::from_u128(2), Uuid::from_u128(1)];
        for (id, step) in ids.into_iter().zip(1..) {
            let row = outbox::Model {
                id,
                subject: subject.to_string(),
                kind: "application.submitted".to_owned(),
                at: at(),
                trace: None,
                data: json!({ "step": step }),
                fanned_out: false,
                position: None,
                organiser_id: None,
                organisation_id: None,
            };
            let transaction = bench.sender.begin().await.unwrap();
            outbox::Entity::insert(row.into_active_model())
                .exec_without_returning(transaction.connection())
                .await
                .unwrap();
            transaction.commit().await.unwrap();
        }
        let relay = bench.relay();
        relay.deliver_once().await.unwrap();
        bench.arrived().await;
        assert_eq!(bench.steps(subject).await, [1]);
        relay.deliver_once().await.unwrap();
        bench.arrived().await;
        assert_eq!(bench.steps(subject).await, [1, 2]);
    })
    .await;
}

#[actix_web::test]
async fn nothing_is_lost_while_the_receiver_is_down() {
    on_each_database(async |bench| {
        bench.close_door().await;
        let (stop, stopped) = oneshot::channel::<()>();
        let relay = bench.relay();
        let running = tokio::spawn(relay.run(async { stopped.await.unwrap_or_default() }));
        let subjects: Vec<_> = (0..5).map(|_| Uuid::new_v4()).collect();
        for step in 1..=4 {
            for subject in &subjects {
                bench.publish("application.submitted", *subject, step).await;
            }
        }
        until("every subject was tried in vain", async || {
            let queue = bench.queue().await;
            queue.len() == 20 && queue.iter().filter(|one| one.attempts > 0).count() == 5
        })
        .await;
        assert!(bench.effects().await.is_empty());
        bench.open_door();
        until("everything is delivered", async || {
            bench.queue().await.is_empty()
        })
        .await;
        for subject in subjects {
            assert_eq!(bench.steps(subject).await, [1, 2, 3, 4]);
        }
        stop.send(()).unwrap();
        tokio::time::timeout(Duration::from_secs(5), running)
            .await
            .expect("a relay that is told to stop stops")
            .unwrap();
    })
    .await;
}

#[actix_web::test]
async fn whoever_is_away_is_asked_by_one_for_all_and_gets_all_when_back() {
    on_each_database(async |bench| {
        bench.close_door().await;
        let (stop, stopped) = oneshot::channel::<()>();
        let relay = bench.relay();
        for _ in 0..60 {
            let subject = Uuid::new_v4();
            bench.publish("application.submitted", subject, 1).await;
        }
        let running = tokio::spawn(relay.run(async { stopped.await.unwrap_or_default() }));
        until("some were tried in vain", async || {
            bench.queue().await.iter().any(|one| one.attempts > 0)
        })
        .await;
        tokio::time::sleep(Duration::from_secs(4)).await;
        // Each on its own would have been tried four times by now.
        let queue = bench.queue().await;
        let tried: i32 = queue.iter().map(|one| one.attempts).sum();
        assert!(
            queue.len() == 60 && tried < 40,
            "{tried} of {}",
            queue.len()
        );
        bench.open_door();
        until("everything is delivered", async || {
            bench.queue().await.is_empty()
        })
        .await;
        stop.send(()).unwrap();
        running.await.unwrap();
    })
    .await;
}

#[actix_web::test]
async fn two_relays_share_the_work_and_each_event_is_applied_once() {
    on_each_way(async |bench| {
        let subjects: Vec<_> = (0..40).map(|_| Uuid::new_v4()).collect();
        for step in 1..=3 {
            for subject in &subjects {
                bench.publish("application.submitted", *subject, step).await;
            }
        }
        let (one, two) = (bench.replica().await, bench.replica().await);
        let mut delivered = [0, 0];
        for _ in 0..60 {
            let (first, second) = tokio::join!(one.deliver_once(), two.deliver_once());
            delivered[0] += first.unwrap().delivered;
            delivered[1] += second.unwrap().delivered;
            if bench.queue().await.is_empty() {
                break;
            }
        }
        assert_eq!(delivered[0] + delivered[1], 120, "no event was sent twice");
        assert!(delivered.iter().all(|count| *count > 0), "{delivered:?}");
        bench.arrived().await;
        assert_eq!(bench.effects().await.len(), 120);
        for subject in subjects {
            assert_eq!(bench.steps(subject).await, [1, 2, 3]);
        }
    })
    .await;
}

#[actix_web::test]
async fn replicas_that_fan_out_at_once_take_each_event_once() {
    on_each_way(async |bench| {
        let (one, two) = (bench.replica().await, bench.replica().await);
        for round in 1..=20 {
            for _ in 0..5 {
                bench
                    .publish("application.submitted", Uuid::new_v4(), round)
                    .await;
            }
            let (first, second) = tokio::join!(one.deliver_once(), two.deliver_once());
            let fanned_out = first.unwrap().fanned_out + second.unwrap().fanned_out;
            assert_eq!(fanned_out, 5, "in round {round}");
        }
        until("everything is delivered", async || {
            one.deliver_once().await.unwrap();
            bench.queue().await.is_empty()
        })
        .await;
        bench.arrived().await;
        assert_eq!(bench.effects().await.len(), 100);
    })
    .await;
}

#[actix_web::test]
async fn two_running_relays_apply_each_event_once_and_in_order_while_changes_go_on() {
    on_each_way(async |bench| {
        let stops: Vec<_> = [bench.replica().await, bench.replica().await]
            .into_iter()
            .map(|relay| {
                let (stop, stopped) = oneshot::channel::<()>();
                let stopped = async { stopped.await.unwrap_or_default() };
                (stop, tokio::spawn(relay.run(stopped)))
            })
            .collect();
        let subjects: Vec<_> = (0..10).map(|_| Uuid::new_v4()).collect();
        for step in 1..=10 {
            for subject in &subjects {
                bench.publish("application.submitted", *subject, step).await;
            }
        }
        until("everything has its effect", async || {
            bench.effects().await.len() >= 100 && bench.queue().await.is_empty()
        })
        .await;
        let in_order: Vec<i64> = (1..=10).collect();
        for subject in subjects {
            assert_eq!(bench.steps(subject).await, in_order);
        }
        for (stop, running) in stops {
            stop.send(()).unwrap();
            running.await.unwrap();
        }
    })
    .await;
}

#[actix_web::test]
async fn an_event_delivered_by_a_relay_that_died_before_it_noted_so_has_one_effect() {
    on_each_database(async |bench| {
        let subject = Uuid::new_v4();
        bench.publish("application.submitted", subject, 1).await;
        let row = outbox::Entity::find()
            .one(bench.sender.read())
            .await
            .unwrap()
            .unwrap();
        let mut sent = event(subject, 1);
        sent.id = row.id.into();
        assert_eq!(bench.post(&sent, bench.token()).await, 204);
        let counts = bench.relay().deliver_once().await.unwrap();
        assert_eq!(counts.delivered, 1, "it is sent again");
        assert_eq!(bench.steps(subject).await, [1]);
    })
    .await;
}

#[actix_web::test]
async fn a_delivery_whose_relay_died_is_taken_over_when_its_lease_ends() {
    on_each_database(async |bench| {
        let subject = Uuid::new_v4();
        bench.recorder.fail(subject);
        bench.publish("application.submitted", subject, 1).await;
        let relay = bench.relay();
        relay.deliver_once().await.unwrap();
        bench.recorder.heal();
        let far = bench.queue().await[0].next_attempt_at + 30_000;
        let lease = |until: i64| format!("UPDATE outbox_deliveries SET next_attempt_at = {until}");
        bench.tamper(&lease(far)).await;
        assert_eq!(relay.deliver_once().await.unwrap(), Counts::default());
        bench.tamper(&lease(far - 60_000)).await;
        assert_eq!(relay.deliver_once().await.unwrap().delivered, 1);
        assert_eq!(bench.steps(subject).await, [1]);
    })
    .await;
}

#[actix_web::test]
async fn a_subscriber_gets_only_the_types_that_it_declares() {
    on_each_way(async |bench| {
        let subject = Uuid::new_v4();
        bench.publish("round.published", subject, 1).await;
        bench.publish("application.submitted", subject, 2).await;
        let counts = bench.relay().deliver_once().await.unwrap();
        let expected = Counts {
            fanned_out: 2,
            delivered: 1,
            failed: 0,
        };
        assert_eq!(counts, expected);
        bench.arrived().await;
        assert_eq!(bench.steps(subject).await, [2]);
    })
    .await;
}

#[actix_web::test]
async fn a_subscriber_that_is_added_later_gets_what_the_outbox_still_holds_in_order() {
    on_each_database(async |bench| {
        let subject = Uuid::new_v4();
        let nobody = shared_events::Relay::new(
            bench.sender.clone(),
            "registration",
            Vec::new(),
            shared_web::token::Signer::new(&bench.pair),
            bench.client.clone(),
        );
        for step in 1..=2 {
            bench.publish("application.submitted", subject, step).await;
        }
        bench.publish("round.published", subject, 9).await;
        assert_eq!(nobody.deliver_once().await.unwrap().fanned_out, 3);
        let relay = bench.relay();
        assert_eq!(relay.deliver_once().await.unwrap(), Counts::default());
        assert_eq!(relay.backfill("scheduling").await.unwrap(), 2);
        assert_eq!(relay.backfill("unknown").await.unwrap(), 0);
        bench.publish("application.submitted", subject, 3).await;
        for _ in 0..3 {
            relay.deliver_once().await.unwrap();
        }
        assert_eq!(bench.steps(subject).await, [1, 2, 3]);
        assert_eq!(relay.backfill("scheduling").await.unwrap(), 3);
        while !bench.queue().await.is_empty() {
            relay.deliver_once().await.unwrap();
        }
        assert_eq!(bench.steps(subject).await, [1, 2, 3], "again is harmless");
    })
    .await;
}
