//! Moving a file to a server: every type, every order, and nothing that is not seen.

use chrono::DateTime;
use sea_orm::{ConnectionTrait as _, DatabaseBackend, Statement};
use sea_orm_migration::{MigrationTrait, MigratorTrait};
use shared_database::{
    Database,
    migrate::{self, Sql},
    transfer::{Transfer, TransferError},
};
use shared_testing::{
    TestDatabase,
    database::{number, postgres_server, tamper, texts},
};
use uuid::Uuid;

struct Things;

impl MigratorTrait for Things {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(Sql {
            name: "m0001_things",
            text: "CREATE TABLE things (
    sequence BIGSERIAL,
    id UUID NOT NULL PRIMARY KEY,
    parent_id UUID NULL REFERENCES things (id),
    name TEXT NOT NULL,
    at TIMESTAMPTZ NULL,
    on_day DATE NULL,
    facts JSONB NULL,
    is_done BOOLEAN NOT NULL,
    count BIGINT NULL
);
CREATE TABLE answers (
    id UUID NOT NULL PRIMARY KEY,
    thing_id UUID NOT NULL REFERENCES things (id)
);
CREATE TABLE words (
    word TEXT NOT NULL PRIMARY KEY
);
INSERT INTO words (word) VALUES ('made by the migration');
-- PostgreSQL: what a trigger sets is not what was moved.
CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name := upper(NEW.name); RETURN NEW; END $$;
-- PostgreSQL: as above.
CREATE TRIGGER tr_things__shout BEFORE INSERT ON things FOR EACH ROW EXECUTE FUNCTION shout();
",
        })]
    }
}

/// More rows than are sent at once, each referring to a later one.
const ROWS: usize = 1203;

async fn fill(file: &TestDatabase) {
    let moment = || DateTime::from_timestamp_micros(1_700_000_000_123_456).unwrap();
    migrate::run::<Things>(&file.url).await.unwrap();
    let database = Database::connect(&file.url, "test").await.unwrap();
    let ids: Vec<Uuid> = (0..ROWS).map(|_| Uuid::new_v4()).collect();
    // References are looked at when the transaction ends.
    let transaction = database.begin().await.unwrap();
    let connection = transaction.connection();
    let defer = "PRAGMA defer_foreign_keys = ON";
    connection.execute_unprepared(defer).await.unwrap();
    for (number, id) in ids.iter().enumerate() {
        let statement = Statement::from_sql_and_values(
            DatabaseBackend::Sqlite,
            "INSERT INTO things (id, parent_id, name, at, on_day, facts, is_done, count) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            [
                (*id).into(),
                ids.get(number + 1).copied().into(),
                format!("Å\"'\\,{{}} \n {number}").into(),
                (number % 2 == 0).then(moment).into(),
                (number % 3 == 0).then(|| moment().date_naive()).into(),
                (number % 5 != 0)
                    .then(|| serde_json::json!({ "b": 1.0, "a": [number, null, "é"], "big": 1e16 }))
                    .into(),
                (number % 7 == 0).into(),
                (number % 4 != 0).then_some(i64::MAX - 3).into(),
            ],
        );
        connection.execute_raw(statement).await.unwrap();
    }
    transaction.commit().await.unwrap();
    tamper(&database, "INSERT INTO answers SELECT id, id FROM things").await;
}

#[actix_web::test]
async fn every_type_arrives_in_its_order_and_one_changed_value_is_seen() {
    let Some(server) = postgres_server() else {
        println!("NOT RUN: AKADEMI_TEST_POSTGRES_URL names no server");
        return;
    };
    let file = TestDatabase::sqlite();
    fill(&file).await;
    let target = TestDatabase::postgres(server).await;
    migrate::run::<Things>(&target.url).await.unwrap();

    // What is not committed has not happened.
    let mut moving = Transfer::begin(&file.url, &target.url).await.unwrap();
    moving.copy().await.unwrap();
    drop(moving);
    let mut moving = Transfer::begin(&file.url, &target.url).await.unwrap();
    let before = moving.target_contents().await.unwrap();
    assert_eq!((before["things"].rows, before["words"].rows), (0, 1));
    moving.copy().await.unwrap();
    let (own, there) = (
        moving.source_contents().await.unwrap(),
        moving.target_contents().await.unwrap(),
    );
    assert_eq!(own, there);
    assert_eq!(own["things"].rows, ROWS as u64);
    moving.commit().await.unwrap();

    let database = Database::connect(&target.url, "test").await.unwrap();
    let order = "SELECT name AS row FROM things ORDER BY sequence";
    let names = texts(&database, order).await;
    assert!(names[0].ends_with(" 0") && names[ROWS - 1].ends_with(" 1202"));
    let next = "SELECT nextval(pg_get_serial_sequence('things', 'sequence')) AS row";
    let next = number(&database, next).await;
    assert_eq!(usize::try_from(next).unwrap(), ROWS + 1);
    // Everything that guards the tables guards them again.
    let loose = "SELECT (SELECT COUNT(*) FROM pg_constraint WHERE contype = 'f' AND condeferrable) \
         + (SELECT COUNT(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'O') AS row";
    assert_eq!(number(&database, loose).await, 0);

    drop(database);

    // One value, one row more, one less: each is seen, and only in its table.
    for (table, change) in [
        (
            "things",
            "UPDATE things SET count = count - 1 WHERE sequence = 600 OR sequence = 601",
        ),
        (
            "things",
            "UPDATE things SET facts = jsonb_set(facts, '{a,0}', '-1') WHERE sequence = 7",
        ),
        (
            "things",
            "UPDATE things SET at = at + interval '1 microsecond' WHERE sequence = 1",
        ),
        (
            "things",
            "UPDATE things SET sequence = 0 WHERE sequence = 3",
        ),
        (
            "answers",
            "DELETE FROM answers WHERE id = (SELECT id FROM answers LIMIT 1)",
        ),
        ("words", "INSERT INTO words (word) VALUES ('late')"),
    ] {
        let mut moving = begin(&file, &target).await;
        moving.copy().await.unwrap();
        moving.commit().await.unwrap();
        let database = Database::connect(&target.url, "test").await.unwrap();
        tamper(&database, change).await;
        drop(database);
        let mut moving = begin(&file, &target).await;
        let (own, there) = (
            moving.source_contents().await.unwrap(),
            moving.target_contents().await.unwrap(),
        );
        let differ: Vec<&String> = own
            .keys()
            .filter(|name| own.get(*name) != there.get(*name))
            .collect();
        assert_eq!(differ, [table], "{change}");
    }
}

/// Begins; connections that were given up end a little later.
async fn begin(file: &TestDatabase, target: &TestDatabase) -> Transfer {
    Transfer::begin(&file.url, &target.url).await.unwrap()
}

#[actix_web::test]
async fn what_somebody_uses_is_not_moved() {
    let Some(server) = postgres_server() else {
        println!("NOT RUN: AKADEMI_TEST_POSTGRES_URL names no server");
        return;
    };
    let file = TestDatabase::sqlite();
    fill(&file).await;
    let target = TestDatabase::postgres(server).await;
    migrate::run::<Things>(&target.url).await.unwrap();
    let is_in_use = |begun: Result<Transfer, TransferError>| {
        let error = begun.unwrap_err();
        assert!(matches!(error, TransferError::InUse(_)), "{error}");
    };
    let user = Database::connect(&file.url, "test").await.unwrap();
    number(&user, "SELECT COUNT(*) AS row FROM things").await;
    is_in_use(Transfer::begin(&file.url, &target.url).await);
    drop(user);
    let user = Database::connect(&target.url, "test").await.unwrap();
    number(&user, "SELECT COUNT(*) AS row FROM things").await;
    is_in_use(Transfer::begin(&file.url, &target.url).await);
    tamper(&user, "ALTER TABLE words ADD COLUMN own TEXT NULL").await;
    drop(user);
    let mut tries = 0;
    let error = loop {
        match Transfer::begin(&file.url, &target.url).await {
            Err(TransferError::InUse(_)) if tries < 5 => tries += 1,
            Err(error) => break error,
            Ok(_) => unreachable!("the tables differ"),
        }
    };
    assert!(matches!(error, TransferError::Shape(_)), "{error}");
}
