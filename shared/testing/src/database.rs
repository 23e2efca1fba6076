//! Databases that are a test's own, and gone when it ends.

use sea_orm::{ConnectionTrait as _, DatabaseBackend, Statement};
use shared_database::Database;
use std::{collections::BTreeMap, path::PathBuf, thread};
use uuid::Uuid;

/// An empty database, and a folder for files; both are gone when it is dropped.
#[derive(Debug)]
pub struct TestDatabase {
    /// Its address.
    pub url: String,
    /// A folder of the test's own.
    pub folder: PathBuf,
    server: Option<String>,
    name: String,
}

/// An empty SQLite database, and one on PostgreSQL where `AKADEMI_TEST_POSTGRES_URL` names a
/// server on which databases can be created.
pub async fn databases() -> Vec<TestDatabase> {
    let mut databases = vec![TestDatabase::sqlite()];
    if let Some(server) = postgres_server() {
        databases.push(TestDatabase::postgres(server).await);
    }
    databases
}

impl TestDatabase {
    /// An empty SQLite database.
    pub fn sqlite() -> Self {
        let (name, folder) = place();
        let url = format!("sqlite://{}", folder.join("data.sqlite").display());
        Self {
            url,
            folder,
            server: None,
            name,
        }
    }

    /// An empty database on a PostgreSQL server.
    pub async fn postgres(server: String) -> Self {
        let (name, folder) = place();
        administer(&server, &format!("CREATE DATABASE {name}")).await;
        // Tests don't lose power.
        let hasty = format!("ALTER DATABASE {name} SET synchronous_commit = off");
        administer(&server, &hasty).await;
        let (base, _) = server.rsplit_once('/').unwrap();
        Self {
            url: format!("{base}/{name}"),
            folder,
            server: Some(server),
            name,
        }
    }

    /// Whether this is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.server.is_some()
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Some(server) = self.server.take() {
            let statement = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
            // On a thread of its own: whoever drops may stand inside a runtime.
            let dropping = thread::spawn(move || {
                actix_web::rt::System::new().block_on(administer(&server, &statement));
            });
            let _ = dropping.join();
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The server that `AKADEMI_TEST_POSTGRES_URL` names.
#[expect(
    clippy::disallowed_methods,
    reason = "tests have no settings module; the address of a test server is all they read"
)]
pub fn postgres_server() -> Option<String> {
    std::env::var("AKADEMI_TEST_POSTGRES_URL").ok()
}

fn place() -> (String, PathBuf) {
    let name = format!("akademi_test_{}", Uuid::new_v4().simple());
    let folder = std::env::temp_dir().join(&name);
    std::fs::create_dir_all(&folder).unwrap();
    (name, folder)
}

async fn administer(server: &str, statement: &str) {
    let server = Database::connect(server, "test").await.unwrap();
    server.read().execute_unprepared(statement).await.unwrap();
}

/// The rows that a query without parameters finds, one text a row: its only column, named `row`.
pub async fn texts(database: &Database, query: &str) -> Vec<String> {
    let rows = database
        .read()
        .query_all_raw(Statement::from_string(backend(database), query))
        .await
        .unwrap();
    rows.iter()
        .map(|row| row.try_get("", "row").unwrap())
        .collect()
}

/// The number that a query without parameters finds, named `row`.
pub async fn number(database: &Database, query: &str) -> i64 {
    let row = database
        .read()
        .query_one_raw(Statement::from_string(backend(database), query))
        .await
        .unwrap();
    row.unwrap().try_get("", "row").unwrap()
}

/// Executes a statement behind everybody's back.
pub async fn tamper(database: &Database, statement: &str) {
    let transaction = database.begin().await.unwrap();
    let connection = transaction.connection();
    connection.execute_unprepared(statement).await.unwrap();
    transaction.commit().await.unwrap();
}

/// Every row of every table, as text: two of these are equal when nothing has changed.
pub async fn contents(database: &Database) -> BTreeMap<String, Vec<String>> {
    let mut contents = BTreeMap::new();
    for table in tables(database).await {
        let query = if database.is_postgres() {
            format!("SELECT t::text AS row FROM {table} t ORDER BY 1")
        } else {
            let names = format!("SELECT name AS row FROM pragma_table_info('{table}')");
            let columns: Vec<String> = texts(database, &names)
                .await
                .iter()
                .map(|column| format!("quote({column})"))
                .collect();
            let row = columns.join(" || ',' || ");
            format!("SELECT {row} AS row FROM {table} ORDER BY 1")
        };
        let rows = texts(database, &query).await;
        contents.insert(table, rows);
    }
    contents
}

async fn tables(database: &Database) -> Vec<String> {
    let query = if database.is_postgres() {
        "SELECT table_name::text AS row FROM information_schema.tables WHERE table_schema = 'public'"
    } else {
        "SELECT name AS row FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
    };
    texts(database, query).await
}

fn backend(database: &Database) -> DatabaseBackend {
    if database.is_postgres() {
        DatabaseBackend::Postgres
    } else {
        DatabaseBackend::Sqlite
    }
}
