//! On SQLite writers come in the order in which they ask. The file's own lock knows no order: who
//! asks again at once gets it before those who sleep.

use crate::bench::on_each_database;
use sea_orm::ConnectionTrait as _;
use shared_database::Database;
use std::cell::Cell;

/// Who writes at once, and how often each.
const WRITERS: usize = 8;
const TURNS: usize = 25;

/// How many others wrote between each writer's asking and its turn.
async fn waits(databases: &[Database]) -> Vec<usize> {
    let written = Cell::new(0);
    let write = async |database: &Database| {
        let mut waits = Vec::new();
        for turn in 0..TURNS {
            let asked = written.get();
            let transaction = database.begin().await.unwrap();
            waits.push(written.get() - asked);
            let statement = format!("INSERT INTO turns (turn) VALUES ({turn})");
            let connection = transaction.connection();
            connection.execute_unprepared(&statement).await.unwrap();
            // The lock is still held: nobody else's turn begins before this one is counted.
            written.set(written.get() + 1);
            transaction.commit().await.unwrap();
        }
        waits
    };
    let writers = databases.iter().cycle().take(WRITERS).map(write);
    let waits = futures_util::future::join_all(writers).await;
    assert_eq!(written.get(), WRITERS * TURNS);
    waits.concat()
}

fn longest_and_mean(waits: &[usize]) -> (usize, usize) {
    let longest = waits.iter().max().copied().unwrap_or_default();
    (longest, waits.iter().sum::<usize>() / waits.len())
}

#[actix_web::test]
async fn eight_writers_on_sqlite_each_wait_for_the_other_seven_and_no_more() {
    on_each_database(async |bench| {
        // PostgreSQL locks rows, and has writers side by side.
        if bench.place.is_postgres() {
            return;
        }
        let table = "CREATE TABLE turns (turn INTEGER NOT NULL)";
        bench.break_in(&[table.to_owned()]).await;
        let one = [bench.database.clone()];
        let (longest, mean) = longest_and_mean(&waits(&one).await);
        println!("in order: {longest} others at most, {mean} on average");
        assert!(longest < WRITERS, "{longest}");
        assert!(mean >= WRITERS - 2, "they did not compete: {mean}");
        // Control: without the order, by the file's lock alone, somebody waits for far more.
        let mut apart = Vec::new();
        for _ in 0..WRITERS {
            apart.push(bench.instance().await);
        }
        let (longest, mean) = longest_and_mean(&waits(&apart).await);
        println!("by the file's lock: {longest} others at most, {mean} on average");
        assert!(longest > 2 * WRITERS, "{longest}");
    })
    .await;
}
