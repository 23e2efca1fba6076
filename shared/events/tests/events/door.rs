//! What the event door promises: one effect an event, and nothing from strangers.

use crate::bench::{event, on_each_database, sign};
use futures_util::future::join_all;
use shared_events::MEDIA_TYPE;
use shared_web::{
    key::KeyPair,
    token::{EVENTS, INTERNAL, Purpose},
};
use uuid::Uuid;

#[actix_web::test]
async fn an_event_that_arrives_three_times_has_one_effect_in_any_order() {
    on_each_database(async |bench| {
        let events: Vec<_> = (0..30).map(|step| event(Uuid::new_v4(), step)).collect();
        let mut arrivals: Vec<usize> = (0..90).collect();
        arrivals.sort_by_key(|arrival| arrival * 37 % 91);
        let mut accepted = 0;
        for some in arrivals.chunks(9) {
            let posts = some
                .iter()
                .map(|arrival| bench.post(&events[arrival % 30], bench.token()));
            accepted += join_all(posts)
                .await
                .into_iter()
                .filter(|status| *status == 204)
                .count();
        }
        assert_eq!(accepted, 90, "every arrival was answered as applied");
        let mut effects: Vec<_> = bench
            .effects()
            .await
            .into_iter()
            .map(|effect| effect.event_id)
            .collect();
        effects.sort();
        let mut sent: Vec<_> = events.iter().map(|event| event.id.uuid()).collect();
        sent.sort();
        assert_eq!(effects, sent);
    })
    .await;
}

#[actix_web::test]
async fn the_same_event_arriving_all_at_once_has_one_effect() {
    on_each_database(async |bench| {
        let event = event(Uuid::new_v4(), 1);
        let posts = (0..8).map(|_| bench.post(&event, bench.token()));
        let answers = join_all(posts).await;
        assert!(
            answers.iter().all(|status| *status == 204),
            "every arrival is answered like the first: {answers:?}"
        );
        assert_eq!(bench.effects().await.len(), 1);
    })
    .await;
}

#[actix_web::test]
async fn an_effect_that_fails_leaves_nothing_and_is_made_when_the_event_comes_again() {
    on_each_database(async |bench| {
        let subject = Uuid::new_v4();
        let event = event(subject, 1);
        bench.recorder.fail(subject);
        assert_eq!(bench.post(&event, bench.token()).await, 409);
        assert!(bench.effects().await.is_empty());
        bench.recorder.heal();
        assert_eq!(bench.post(&event, bench.token()).await, 204);
        assert_eq!(bench.steps(subject).await, [1]);
    })
    .await;
}

#[actix_web::test]
async fn without_a_token_of_a_relay_nothing_comes_in() {
    on_each_database(async |bench| {
        let event = event(Uuid::new_v4(), 1);
        let forger = KeyPair::generate("registration").unwrap();
        let stranger = KeyPair::generate("stranger").unwrap();
        let only_type = Purpose {
            kind: INTERNAL.kind,
            ..EVENTS
        };
        let only_audience = Purpose {
            audience: INTERNAL.audience,
            ..EVENTS
        };
        let refused = [
            ("none", None),
            ("nonsense", Some("nonsense".to_owned())),
            ("forged", Some(sign(&forger, EVENTS))),
            ("unknown signer", Some(sign(&stranger, EVENTS))),
            ("another purpose", Some(sign(&bench.pair, INTERNAL))),
            ("another type", Some(sign(&bench.pair, only_type))),
            ("another audience", Some(sign(&bench.pair, only_audience))),
        ];
        for (what, token) in refused {
            assert_eq!(bench.post(&event, token).await, 401, "{what}");
        }
        assert!(bench.effects().await.is_empty());
        assert_eq!(bench.post(&event, bench.token()).await, 204);
    })
    .await;
}

#[actix_web::test]
async fn a_service_cannot_state_facts_of_another() {
    on_each_database(async |bench| {
        let mut event = event(Uuid::new_v4(), 1);
        let token = || sign(&bench.other, EVENTS);
        assert_eq!(bench.post(&event, token()).await, 403);
        event.source = "registration".to_owned();
        assert_eq!(bench.post(&event, bench.token()).await, 403, "no path");
        assert!(bench.effects().await.is_empty());
        event.source = "/mentorship".to_owned();
        assert_eq!(bench.post(&event, token()).await, 204);
    })
    .await;
}

#[actix_web::test]
async fn what_is_no_event_or_not_declared_is_refused() {
    on_each_database(async |bench| {
        let good = event(Uuid::new_v4(), 1);
        let bytes = serde_json::to_vec(&good).unwrap();
        let post =
            |body: &[u8], media_type| bench.post_raw(body.to_vec(), media_type, bench.token());
        assert_eq!(post(&bytes, "application/json").await, 415);
        assert_eq!(post(b"{}", MEDIA_TYPE).await, 400);
        assert_eq!(post(&vec![b' '; 256 * 1024 + 1], MEDIA_TYPE).await, 413);
        let mut old = good.clone();
        old.specversion = "0.3".to_owned();
        assert_eq!(bench.post(&old, bench.token()).await, 400);
        let mut undeclared = good.clone();
        undeclared.r#type = "round.published".to_owned();
        assert_eq!(bench.post(&undeclared, bench.token()).await, 422);
        let get = bench
            .client
            .request("GET".parse().unwrap(), &bench.url)
            .unwrap();
        assert_eq!(get.send().await.unwrap().status().as_u16(), 405);
        assert!(bench.effects().await.is_empty());
        let with_charset = "application/cloudevents+json; charset=utf-8";
        assert_eq!(post(&bytes, with_charset).await, 204);
    })
    .await;
}

/// The control: a door that forgets applies an event as often as it comes, and the count of
/// effects shows it.
#[actix_web::test]
async fn a_door_without_memory_is_found_by_the_count_of_effects() {
    on_each_database(async |bench| {
        for forgetful in [false, true] {
            if forgetful {
                let fault = shared_database::sabotage::Fault::NoInboxDedup;
                bench.receiver.sabotage.switch_on(fault);
            }
            let subject = Uuid::new_v4();
            let event = event(subject, 1);
            for _ in 0..3 {
                assert_eq!(bench.post(&event, bench.token()).await, 204);
            }
            let times = if forgetful { vec![1, 1, 1] } else { vec![1] };
            assert_eq!(bench.steps(subject).await, times);
        }
    })
    .await;
}
