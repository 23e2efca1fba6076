//! What PostgreSQL is told about waiting: statements, locks and idle transactions end, and what gave
//! way to another transaction is done again.

use crate::bench::{actor, on_each_database};
use sea_orm::ConnectionTrait as _;
use shared_database::{Change, Database, DatabaseError, GaveWay as _, Limits};
use std::time::{Duration, Instant};
use tokio::sync::Barrier;

const HASTY: Limits = Limits {
    connections: 2,
    statement: Duration::from_millis(400),
    lock: Duration::from_millis(200),
    idle: Duration::from_millis(400),
};

async fn execute(database: &Database, statement: &str) -> Result<(), DatabaseError> {
    let transaction = database.begin().await?;
    let connection = transaction.connection();
    connection.execute_unprepared(statement).await?;
    transaction.commit().await
}

async fn two_things(database: &Database) {
    for statement in [
        "CREATE TABLE things (id INT PRIMARY KEY, count INT)",
        "INSERT INTO things VALUES (1, 0), (2, 0)",
    ] {
        execute(database, statement).await.unwrap();
    }
}

#[actix_web::test]
async fn who_waits_too_long_is_told_so_and_the_connection_serves_on() {
    on_each_database(async |bench| {
        if !bench.place.is_postgres() {
            return;
        }
        two_things(&bench.database).await;
        let hasty = Database::connect_within(&bench.place.url, "test", HASTY);
        let hasty = hasty.await.unwrap();
        assert!((hasty.connections().most - 2.0).abs() < f64::EPSILON);
        let busy =
            |outcome: Result<(), DatabaseError>| matches!(outcome, Err(DatabaseError::Busy(_)));
        let started = Instant::now();
        assert!(busy(execute(&hasty, "SELECT pg_sleep(10)").await));
        assert!(started.elapsed() < Duration::from_secs(5));

        let holder = bench.database.begin().await.unwrap();
        let take = "SELECT * FROM things WHERE id = 1 FOR UPDATE";
        holder.connection().execute_unprepared(take).await.unwrap();
        let started = Instant::now();
        assert!(busy(execute(&hasty, take).await));
        assert!(started.elapsed() < Duration::from_secs(5));
        holder.commit().await.unwrap();
        execute(&hasty, take).await.unwrap();

        // Whoever holds a row and does nothing loses it.
        let idle = hasty.begin().await.unwrap();
        idle.connection().execute_unprepared(take).await.unwrap();
        tokio::time::sleep(Duration::from_millis(900)).await;
        execute(&bench.database, take).await.unwrap();
        assert!(idle.commit().await.is_err());
        execute(&hasty, take).await.unwrap();
    })
    .await;
}

/// Locks one row, waits for the other side to have the other, and takes that too.
async fn cross(
    change: &mut Change,
    order: [i32; 2],
    meet: Option<&Barrier>,
) -> Result<(), DatabaseError> {
    let add = |id: i32| format!("UPDATE things SET count = count + 1 WHERE id = {id}");
    change.tx().execute_unprepared(&add(order[0])).await?;
    if let Some(meet) = meet {
        meet.wait().await;
    }
    change.tx().execute_unprepared(&add(order[1])).await?;
    Ok(())
}

#[actix_web::test]
async fn what_gave_way_in_a_deadlock_is_done_again_and_without_that_it_fails() {
    on_each_database(async |bench| {
        if !bench.place.is_postgres() {
            return;
        }
        two_things(&bench.database).await;
        for again in [false, true] {
            let barrier = Barrier::new(2);
            // They meet at the first attempt alone.
            let first = [std::cell::Cell::new(true), std::cell::Cell::new(true)];
            let side = async |own: usize, order: [i32; 2]| {
                let work = async |change: &mut Change| {
                    let meet = first[own].replace(false).then_some(&barrier);
                    cross(change, order, meet).await
                };
                if again {
                    bench.database.change_again(actor(), work).await
                } else {
                    bench.database.change(actor(), work).await
                }
            };
            let (one, two) = tokio::join!(side(0, [1, 2]), side(1, [2, 1]));
            let failed = [&one, &two].iter().filter(|side| side.is_err()).count();
            assert_eq!(failed, usize::from(!again), "{one:?} {two:?}");
            if let Some(error) = one.err().or(two.err()) {
                assert!(error.gave_way(), "{error}");
            }
        }
        let query = "SELECT SUM(count)::bigint AS row FROM things";
        assert_eq!(
            shared_testing::database::number(&bench.database, query).await,
            6
        );
    })
    .await;
}
