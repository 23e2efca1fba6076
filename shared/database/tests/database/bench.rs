//! What a test starts from: a database with the tables that every service has.

use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait as _;
use sea_orm_migration::{MigrationTrait, MigratorTrait};
use shared_database::{Change, Database, DatabaseError, migrate};
use shared_testing::{TestDatabase, databases};
use shared_types::Actor;
use uuid::Uuid;

struct Tables;

impl MigratorTrait for Tables {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(migrate::COMMON), Box::new(migrate::SEALS)]
    }
}

/// A database, and as many connections of instances to it as a test wants.
pub(crate) struct Bench {
    pub(crate) place: TestDatabase,
    pub(crate) database: Database,
}

pub(crate) async fn on_each_database(test: impl AsyncFn(&Bench)) {
    for place in databases().await {
        println!("on {}", place.url);
        migrate::run::<Tables>(&place.url).await.unwrap();
        let bench = Bench {
            database: Database::connect(&place.url, "test").await.unwrap(),
            place,
        };
        test(&bench).await;
    }
}

impl Bench {
    /// Another instance's connection.
    pub(crate) async fn instance(&self) -> Database {
        Database::connect(&self.place.url, "test").await.unwrap()
    }

    /// One change with so many entries of history.
    pub(crate) async fn record(&self, entries: usize) {
        let record = async |change: &mut Change| {
            for number in 0..entries {
                let reason = (number % 2 == 0).then(|| format!("Because of {number}."));
                change.record("thing", Uuid::new_v4(), "thing.changed", reason.as_deref());
            }
            Ok::<_, DatabaseError>(())
        };
        self.database.change(actor(), record).await.unwrap();
    }

    /// Executes statements as somebody who may do everything, the guards of the history off.
    pub(crate) async fn break_in(&self, statements: &[String]) {
        let transaction = self.database.begin().await.unwrap();
        let connection = transaction.connection();
        let triggers = ["changes", "seals", "sealed_changes"];
        let mut all: Vec<String> = if self.place.is_postgres() {
            let off = |table| format!("ALTER TABLE {table} DISABLE TRIGGER USER");
            triggers.map(off).to_vec()
        } else {
            let off = |table| {
                ["update", "delete"]
                    .map(|edge| format!("DROP TRIGGER IF EXISTS tr_{table}__no_{edge}"))
            };
            let mut off = triggers.map(off).concat();
            // Whoever rewrites a chain minds no reference.
            off.push("PRAGMA defer_foreign_keys = ON".to_owned());
            off
        };
        all.extend_from_slice(statements);
        for statement in all {
            let done = connection.execute_unprepared(&statement).await;
            done.unwrap_or_else(|error| unreachable!("{statement}: {error}"));
        }
        transaction.commit().await.unwrap();
    }

    /// An instant as text in the database's own form.
    pub(crate) fn instant(&self, text: &str) -> String {
        if self.place.is_postgres() {
            format!("TIMESTAMPTZ '{text}'")
        } else {
            format!("'{text}'")
        }
    }

    /// An id as the database writes it.
    pub(crate) fn id(&self, id: Uuid) -> String {
        if self.place.is_postgres() {
            format!("UUID '{id}'")
        } else {
            format!("X'{}'", id.simple())
        }
    }
}

pub(crate) fn actor() -> Actor {
    Actor {
        subject: "person:test".to_owned(),
        on_behalf_of: None,
        at: now(),
        trace: None,
    }
}

pub(crate) fn now() -> DateTime<Utc> {
    "2022-04-12T08:00:00Z".parse().unwrap()
}
