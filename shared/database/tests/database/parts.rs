//! Parts of a change that fail by themselves, and changes of very many things.

use crate::bench::{actor, on_each_database};
use sea_orm::{ConnectionTrait as _, EntityTrait as _, PaginatorTrait as _, Statement};
use serde_json::json;
use shared_database::{
    Change, Database, DatabaseError, row,
    tables::{changes, idempotency, outbox},
};
use uuid::Uuid;

/// Writes a row, a line of the history and an event.
async fn write(change: &mut Change, key: &str) -> Result<(), DatabaseError> {
    let kept = idempotency::Model {
        subject: "test".to_owned(),
        operation: "test".to_owned(),
        key: key.to_owned(),
        fingerprint: String::new(),
        status: 200,
        location: None,
        version: None,
        body: json!({}),
        expires_at: i64::MAX,
    };
    row::insert::<idempotency::Entity>(change.tx(), kept).await?;
    change.record("thing", Uuid::new_v4(), "thing.changed", Some(key));
    change.publish("thing.changed", Uuid::new_v4(), json!({ "key": key }));
    Ok(())
}

async fn counts(database: &Database) -> [u64; 3] {
    let read = database.read();
    [
        idempotency::Entity::find().count(read).await.unwrap(),
        changes::Entity::find().count(read).await.unwrap(),
        outbox::Entity::find().count(read).await.unwrap(),
    ]
}

#[actix_web::test]
async fn a_part_that_is_refused_leaves_the_others_alone() {
    on_each_database(async |bench| {
        let before = counts(&bench.database).await;
        let work = async |change: &mut Change| {
            let mut refused = 0;
            for key in ["a", "b", "a", "c"] {
                let part = async |change: &mut Change| write(change, key).await;
                refused += usize::from(change.attempt(part).await?.is_err());
            }
            // The key is there already; whoever comes after it is not touched by that.
            assert_eq!(refused, 1);
            let broken = async |change: &mut Change| {
                write(change, "d").await?;
                let nonsense =
                    Statement::from_string(change.tx().get_database_backend(), "NONSENSE");
                change.tx().execute_raw(nonsense).await?;
                Ok::<(), DatabaseError>(())
            };
            assert!(change.attempt(broken).await?.is_err());
            Ok::<_, DatabaseError>(())
        };
        bench.database.change(actor(), work).await.unwrap();
        let after = counts(&bench.database).await;
        assert_eq!(after, before.map(|count| count + 3));
    })
    .await;
}

#[actix_web::test]
async fn what_was_flushed_is_undone_with_the_rest() {
    on_each_database(async |bench| {
        let before = counts(&bench.database).await;
        for fails in [true, false] {
            let work = async |change: &mut Change| {
                write(change, "a").await?;
                change.flush().await?;
                write(change, "b").await?;
                if fails {
                    return Err(DatabaseError::Corrupt("on purpose".to_owned()));
                }
                Ok(())
            };
            let done = bench.database.change(actor(), work).await;
            assert_eq!(done.is_err(), fails);
            let written = if fails { 0 } else { 2 };
            let after = counts(&bench.database).await;
            assert_eq!(after, before.map(|count| count + written));
        }
    })
    .await;
}
