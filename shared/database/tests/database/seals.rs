//! Nobody rewrites the history unnoticed.

use crate::bench::{Bench, actor, now, on_each_database};
use proptest::{
    strategy::{Strategy as _, ValueTree as _},
    test_runner::TestRunner,
};
use sea_orm::{ConnectionTrait as _, EntityTrait as _};
use shared_database::{
    Change, Database, DatabaseError,
    seal::{keep_sealing, seal},
    tables::sealed_changes,
    verify::{Fault, Report, verify},
};
use shared_testing::database::{number, tamper, texts};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use uuid::Uuid;

async fn report(bench: &Bench) -> Report {
    verify(&bench.database, &[]).await.unwrap()
}

async fn sealed_history(bench: &Bench) {
    for entries in [3, 1, 4, 2, 5] {
        bench.record(entries).await;
        assert_eq!(seal(&bench.database, now()).await.unwrap(), entries);
    }
    let found = report(bench).await;
    assert!(found.is_sound(), "{:?}", found.faults);
    assert_eq!((found.seals, found.sealed, found.waiting), (5, 15, 0));
}

async fn place(bench: &Bench, position: i64) -> sealed_changes::Model {
    let found = sealed_changes::Entity::find_by_id(position);
    found.one(bench.database.read()).await.unwrap().unwrap()
}

#[actix_web::test]
async fn what_is_committed_is_sealed_and_what_is_not_waits() {
    on_each_database(async |bench| {
        bench.record(2).await;
        let before = report(bench).await;
        assert_eq!((before.seals, before.waiting), (0, 2));
        assert_eq!(before.oldest_waiting, Some(now()));
        assert!(before.is_sound() && before.head.is_none());
        assert_eq!(seal(&bench.database, now()).await.unwrap(), 2);
        assert_eq!(seal(&bench.database, now()).await.unwrap(), 0);
        let after = report(bench).await;
        assert_eq!((after.seals, after.sealed, after.waiting), (1, 2, 0));
        assert_eq!(after.head.unwrap().0, 1);
    })
    .await;
}

#[actix_web::test]
async fn a_change_that_commits_after_later_ones_is_sealed_after_them() {
    on_each_database(async |bench| {
        // On SQLite nobody commits in between: one writer at a time.
        if !bench.place.is_postgres() {
            return;
        }
        let (recorded, told) = oneshot::channel::<()>();
        let (go_on, waits) = oneshot::channel::<()>();
        let slow = bench.instance().await;
        let slow = actix_web::rt::spawn(async move {
            let record = async |change: &mut Change| {
                change.record("thing", Uuid::nil(), "thing.early", None);
                recorded.send(()).unwrap();
                waits.await.unwrap();
                Ok::<_, DatabaseError>(())
            };
            slow.change(actor(), record).await.unwrap();
        });
        told.await.unwrap();
        bench.record(1).await;
        seal(&bench.database, now()).await.unwrap();
        go_on.send(()).unwrap();
        slow.await.unwrap();
        seal(&bench.database, now()).await.unwrap();
        let (first, second) = (place(bench, 1).await, place(bench, 2).await);
        assert!(
            second.change_id < first.change_id,
            "the control: it is older by id"
        );
        let found = report(bench).await;
        assert!(found.is_sound() && found.sealed == 2, "{found:?}");
    })
    .await;
}

#[actix_web::test]
async fn the_databases_themselves_refuse_to_rewrite_history() {
    on_each_database(async |bench| {
        sealed_history(bench).await;
        let sets = [
            ("changes", "actor = 'x'"),
            ("seals", "digest = 'x'"),
            ("sealed_changes", "digest = 'x'"),
        ];
        for (table, set) in sets {
            for statement in [
                format!("UPDATE {table} SET {set}"),
                format!("DELETE FROM {table}"),
            ] {
                let transaction = bench.database.begin().await.unwrap();
                let connection = transaction.connection();
                let done = connection.execute_unprepared(&statement).await;
                let refused = done.unwrap_err().to_string();
                let expected = "the history is never changed";
                assert!(refused.contains(expected), "{statement}: {refused}");
            }
        }
        assert!(report(bench).await.is_sound());
    })
    .await;
}

#[actix_web::test]
async fn an_erased_reason_leaves_the_chain_whole_and_a_changed_one_is_named() {
    on_each_database(async |bench| {
        sealed_history(bench).await;
        let reasons = number(
            &bench.database,
            "SELECT COUNT(*) AS row FROM change_reasons",
        )
        .await;
        let [first, second] = [place(bench, 1).await, place(bench, 3).await];
        let erase = format!(
            "DELETE FROM change_reasons WHERE change_id = {}",
            bench.id(first.change_id)
        );
        tamper(&bench.database, &erase).await;
        let found = report(bench).await;
        assert!(found.is_sound(), "{:?}", found.faults);
        assert_eq!(found.erased_reasons, 1);
        assert!(reasons > 1);
        let change = format!(
            "UPDATE change_reasons SET reason = 'x' WHERE change_id = {}",
            bench.id(second.change_id)
        );
        tamper(&bench.database, &change).await;
        let found = report(bench).await;
        assert_eq!(found.faults, [Fault::ReasonChanged((&second).into())]);
    })
    .await;
}

/// What an intruder does to the row in one place, and what has to be found.
async fn intrude(bench: &Bench, kind: usize, position: i64) -> (Vec<String>, Vec<Fault>) {
    let at = place(bench, position).await;
    let id = bench.id(at.change_id);
    let set = |column: &str, value: &str| {
        let statement = format!("UPDATE changes SET {column} = {value} WHERE id = {id}");
        (vec![statement], vec![Fault::RowChanged((&at).into())])
    };
    let other = bench.id(Uuid::new_v4());
    match kind {
        0 => set("actor", "'person:other'"),
        1 => set("edge", "'thing.forged'"),
        2 => set("kind", "'other'"),
        3 => set("thing_id", &other),
        4 => set("on_behalf_of", &other),
        5 => set("at", &bench.instant("2021-01-01T00:00:00+00:00")),
        6 => {
            let (statements, mut faults) = set("reason_digest", "'00'");
            // Where a text is kept, it does not fit any more either.
            if has_reason(bench, at.change_id).await {
                faults.push(Fault::ReasonChanged((&at).into()));
            }
            (statements, faults)
        }
        7 => (
            vec![format!("DELETE FROM changes WHERE id = {id}")],
            vec![Fault::RowMissing((&at).into())],
        ),
        8 => (
            vec![format!("UPDATE changes SET id = {other} WHERE id = {id}")],
            vec![Fault::RowMissing((&at).into())],
        ),
        9 => (
            vec![format!(
                "UPDATE sealed_changes SET digest = '00' WHERE position = {position}"
            )],
            vec![
                Fault::BatchChanged(at.seal),
                Fault::RowChanged((&at).into()),
            ],
        ),
        10 => (
            vec![
                format!("DELETE FROM sealed_changes WHERE position = {position}"),
                format!("DELETE FROM changes WHERE id = {id}"),
            ],
            vec![
                Fault::PlaceEmpty(position, at.seal),
                Fault::BatchChanged(at.seal),
            ],
        ),
        _ => intrude_on_seal(at.seal, kind),
    }
}

fn intrude_on_seal(seal: i64, kind: usize) -> (Vec<String>, Vec<Fault>) {
    let set = |value: &str| vec![format!("UPDATE seals SET {value} WHERE number = {seal}")];
    let changed = Fault::SealChanged(seal);
    match kind {
        11 => (set("hash = '00'"), vec![changed]),
        12 => (
            set("digest = '00'"),
            vec![changed, Fault::BatchChanged(seal)],
        ),
        13 => (set("previous = '00'"), vec![changed]),
        _ => (
            set("sealed_at = '2021-01-01T00:00:00+00:00'"),
            vec![changed],
        ),
    }
}

async fn has_reason(bench: &Bench, change: Uuid) -> bool {
    let query = format!(
        "SELECT COUNT(*) AS row FROM change_reasons WHERE change_id = {}",
        bench.id(change)
    );
    number(&bench.database, &query).await > 0
}

#[actix_web::test]
async fn whatever_is_changed_in_a_random_place_is_named() {
    let mut runner = TestRunner::deterministic();
    for kind in 0..15_usize {
        let position = (1..=15_i64).new_tree(&mut runner).unwrap().current();
        on_each_database(async |bench| {
            sealed_history(bench).await;
            let (statements, expected) = intrude(bench, kind, position).await;
            bench.break_in(&statements).await;
            let found = report(bench).await;
            for fault in expected {
                assert!(
                    found.faults.contains(&fault),
                    "kind {kind}, place {position}: {fault} is not among {:?}",
                    found.faults
                );
            }
        })
        .await;
    }
}

#[actix_web::test]
async fn swapped_rows_and_rows_from_nowhere_are_named() {
    on_each_database(async |bench| {
        sealed_history(bench).await;
        let [one, two] = [place(bench, 2).await, place(bench, 9).await];
        let [first, second] = [bench.id(one.change_id), bench.id(two.change_id)];
        let spare = bench.id(Uuid::new_v4());
        let rename = |from: &str, to: &str| format!("UPDATE changes SET id = {to} WHERE id = {from}");
        bench
            .break_in(&[rename(&first, &spare), rename(&second, &first), rename(&spare, &second)])
            .await;
        let found = report(bench).await;
        for fault in [Fault::RowChanged((&one).into()), Fault::RowChanged((&two).into())] {
            assert!(found.faults.contains(&fault), "{:?}", found.faults);
        }
        let inserted = Uuid::new_v4();
        let values = format!(
            "INSERT INTO changes (id, at, kind, thing_id, edge, actor) VALUES ({}, {}, 'thing', {}, 'thing.forged', 'person:x')",
            bench.id(inserted),
            bench.instant("2022-04-12T08:00:00+00:00"),
            bench.id(Uuid::new_v4()),
        );
        bench.break_in(&[values]).await;
        let found = report(bench).await;
        assert!(found.faults.contains(&Fault::RowInserted(inserted)), "{:?}", found.faults);
        // The sealer does not take it in later either.
        seal(&bench.database, now()).await.unwrap();
        let found = report(bench).await;
        assert!(found.faults.contains(&Fault::RowInserted(inserted)));
    })
    .await;
}

#[actix_web::test]
async fn a_removed_seal_is_named_and_a_cut_off_end_is_found_by_a_noted_head() {
    on_each_database(async |bench| {
        sealed_history(bench).await;
        let head = report(bench).await.head.unwrap().1;
        let cut = |from: i64, to: i64| {
            vec![
                format!("DELETE FROM changes WHERE id IN (SELECT change_id FROM sealed_changes WHERE seal BETWEEN {from} AND {to})"),
                format!("DELETE FROM sealed_changes WHERE seal BETWEEN {from} AND {to}"),
                format!("DELETE FROM seals WHERE number BETWEEN {from} AND {to}"),
            ]
        };
        bench.break_in(&cut(5, 5)).await;
        assert!(report(bench).await.is_sound(), "a chain alone does not know its end");
        let heads = [head];
        let found = verify(&bench.database, &heads).await.unwrap();
        assert!(found.heads_met.is_empty(), "it is cut off");
        bench.break_in(&cut(2, 3)).await;
        let found = report(bench).await;
        assert_eq!(found.faults, [Fault::SealsMissing(2, 3)]);
    })
    .await;
}

#[actix_web::test]
async fn a_seal_that_claims_more_than_there_can_be_is_named_in_time() {
    on_each_database(async |bench| {
        sealed_history(bench).await;
        let claim = "UPDATE seals SET last_position = 9223372036854775807 WHERE number = 5";
        bench.break_in(&[claim.to_owned()]).await;
        let found = report(bench).await;
        assert_eq!(found.faults.len(), 1000);
        assert_eq!(found.faults[0], Fault::SealChanged(5));
        assert_eq!(found.faults[1], Fault::PlaceEmpty(16, 5));
    })
    .await;
}

#[actix_web::test]
async fn a_head_that_was_noted_stays_good_while_the_chain_grows() {
    on_each_database(async |bench| {
        sealed_history(bench).await;
        let head = report(bench).await.head.unwrap().1;
        bench.record(2).await;
        seal(&bench.database, now()).await.unwrap();
        let heads = [head];
        let found = verify(&bench.database, &heads).await.unwrap();
        assert!(found.is_sound(), "{:?}", found.faults);
        assert_eq!(found.heads_met, heads);
    })
    .await;
}

async fn seals(bench: &Bench) -> i64 {
    number(&bench.database, "SELECT COUNT(*) AS row FROM seals").await
}

#[actix_web::test]
async fn two_sealers_at_once_make_one_chain() {
    on_each_database(async |bench| {
        let stops: Vec<_> = [bench.instance().await, bench.instance().await]
            .into_iter()
            .map(|database| {
                let (stop, stopped) = oneshot::channel::<()>();
                let stopped = async { stopped.await.unwrap_or_default() };
                let sealing = actix_web::rt::spawn(busy_sealer(database, stopped));
                (stop, sealing)
            })
            .collect();
        // Until they had something to fight for.
        let mut recorded = 0;
        while recorded < 180 || (recorded < 30_000 && seals(bench).await < 2) {
            bench.record(3).await;
            recorded += 3;
        }
        for (stop, sealing) in stops {
            stop.send(()).unwrap();
            sealing.await.unwrap();
        }
        seal(&bench.database, now()).await.unwrap();
        let found = report(bench).await;
        assert!(found.is_sound(), "{:?}", found.faults);
        assert_eq!((found.sealed, found.waiting), (recorded, 0));
        assert!(found.seals > 1, "they had nothing to fight for");
        let follows = "SELECT previous AS row FROM seals GROUP BY previous HAVING COUNT(*) > 1";
        assert_eq!(texts(&bench.database, follows).await, Vec::<String>::new());
    })
    .await;
}

/// Seals without a pause.
async fn busy_sealer(database: Database, stopped: impl Future<Output = ()>) {
    let mut stopped = std::pin::pin!(stopped);
    loop {
        seal(&database, now()).await.unwrap();
        tokio::select! {
            () = &mut stopped => return,
            () = tokio::time::sleep(Duration::from_millis(1)) => {}
        }
    }
}

#[actix_web::test]
async fn the_background_seals_and_stops_when_it_is_told() {
    on_each_database(async |bench| {
        bench.record(2).await;
        let (stop, stopped) = oneshot::channel::<()>();
        let stopped = async { stopped.await.unwrap_or_default() };
        let database = bench.database.clone();
        let sealing = actix_web::rt::spawn(keep_sealing(
            database,
            Duration::from_millis(20),
            now,
            stopped,
        ));
        let started = Instant::now();
        while report(bench).await.sealed < 2 {
            assert!(started.elapsed() < Duration::from_secs(30), "never sealed");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        stop.send(()).unwrap();
        sealing.await.unwrap();
    })
    .await;
}

#[actix_web::test]
async fn sealing_costs_a_few_statements_a_thousand_changes() {
    on_each_database(async |bench| {
        let rows = 5000_i64;
        for _ in 0..rows / 500 {
            bench.record(500).await;
        }
        let started = Instant::now();
        assert_eq!(
            i64::try_from(seal(&bench.database, now()).await.unwrap()).unwrap(),
            rows
        );
        let sealing = started.elapsed();
        let started = Instant::now();
        let found = report(bench).await;
        println!(
            "{rows} changes sealed in {sealing:?}, verified in {:?}, {} seals",
            started.elapsed(),
            found.seals
        );
        assert_eq!(found.seals, 5, "a seal for each thousand");
        assert!(found.is_sound());
    })
    .await;
}
