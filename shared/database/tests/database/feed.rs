//! Whoever follows the feed of events misses nothing and sees nothing twice.

use crate::bench::{Bench, actor, now, on_each_database};
use chrono::Duration as Span;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::json;
use shared_database::{
    Change, Database, DatabaseError,
    feed::{first, forget, place},
    tables::outbox,
};
use std::{cell::Cell, collections::BTreeSet, time::Duration};
use uuid::Uuid;

/// Publishes one event, and commits after a while.
async fn publish(database: &Database, pause: Duration) {
    let work = async |change: &mut Change| {
        change.publish("thing.changed", Uuid::new_v4(), json!({}));
        // In a step of its own, so that the order of ids and of commits differ.
        tokio::time::sleep(pause).await;
        Ok::<_, DatabaseError>(())
    };
    database.change(actor(), work).await.unwrap();
}

/// Follows by places, or, as the control, by ids.
async fn follow(database: &Database, by_id: bool, running: &Cell<bool>) -> Vec<Uuid> {
    let (mut seen, mut position, mut id) = (Vec::new(), 0, Uuid::nil());
    loop {
        let last = !running.get();
        let query = if by_id {
            outbox::Entity::find()
                .filter(outbox::Column::Id.gt(id))
                .order_by_asc(outbox::Column::Id)
        } else {
            place(database).await.unwrap();
            outbox::Entity::find()
                .filter(outbox::Column::Position.gt(position))
                .order_by_asc(outbox::Column::Position)
        };
        let rows = query.all(database.read()).await.unwrap();
        for row in rows {
            (position, id) = (row.position.unwrap_or(0), row.id);
            seen.push(row.id);
        }
        if last {
            return seen;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

async fn missed_and_doubled(bench: &Bench, by_id: bool) -> (usize, usize) {
    let other = bench.instance().await;
    let running = Cell::new(true);
    let writing = async {
        let writers = (0..120_u64).map(|number| {
            let database = if number % 2 == 0 {
                &bench.database
            } else {
                &other
            };
            // Early ones commit late.
            let pause = Duration::from_millis((number * 37) % 50);
            async move {
                tokio::time::sleep(Duration::from_millis(number * 3)).await;
                publish(database, pause).await;
            }
        });
        futures_util::future::join_all(writers).await;
        running.set(false);
    };
    let (seen, ()) =
        futures_util::future::join(follow(&bench.database, by_id, &running), writing).await;
    let distinct: BTreeSet<_> = seen.iter().collect();
    (120 - distinct.len(), seen.len() - distinct.len())
}

#[actix_web::test]
async fn a_follower_misses_nothing_and_sees_nothing_twice() {
    on_each_database(async |bench| {
        assert_eq!(missed_and_doubled(bench, false).await, (0, 0));
    })
    .await;
}

/// The control: in the order of ids, which are taken before the commit, events are missed.
#[actix_web::test]
async fn a_follower_by_ids_would_miss_what_commits_late() {
    on_each_database(async |bench| {
        if bench.place.is_postgres() {
            let (missed, _) = missed_and_doubled(bench, true).await;
            assert!(missed > 0, "the writers did not overlap");
        }
    })
    .await;
}

#[actix_web::test]
async fn old_events_are_forgotten_from_the_beginning_and_never_the_last() {
    on_each_database(async |bench| {
        for _ in 0..3 {
            publish(&bench.database, Duration::ZERO).await;
        }
        assert_eq!(place(&bench.database).await.unwrap(), 3);
        let database = &bench.database;
        let later = now() + Span::days(1);
        assert_eq!(
            forget(database, now(), false).await.unwrap(),
            0,
            "not old yet"
        );
        assert_eq!(
            forget(database, later, true).await.unwrap(),
            0,
            "nobody has got them"
        );
        assert_eq!(forget(database, later, false).await.unwrap(), 2);
        assert_eq!(first(database.read()).await.unwrap(), Some(3));
        publish(database, Duration::ZERO).await;
        place(database).await.unwrap();
        assert_eq!(forget(database, later, false).await.unwrap(), 1);
        assert_eq!(first(database.read()).await.unwrap(), Some(4));
    })
    .await;
}
