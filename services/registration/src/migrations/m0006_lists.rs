//! Lists: when each row was last changed, kept by the database, and an index for every list.

use sea_orm::{ConnectionTrait as _, DatabaseBackend, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

/// Tables whose lists can be mirrored.
const MIRRORED: [&str; 6] = [
    "organisations",
    "people",
    "offices",
    "programmes",
    "rounds",
    "applications",
];
const INDEXES: &str = include_str!("m0006_lists.sql");

/// The migration.
///
/// The time of a change is set by a trigger: no statement can forget it, an older program
/// that knows nothing of the column included, and all replicas go by the database's one clock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lists;

impl MigrationName for Lists {
    fn name(&self) -> &'static str {
        "m0006_lists"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Lists {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        let postgres = connection.get_database_backend() == DatabaseBackend::Postgres;
        if postgres {
            connection.execute_unprepared(POSTGRES_FUNCTION).await?;
        }
        for table in MIRRORED {
            for statement in touched(table, postgres) {
                connection.execute_unprepared(&statement).await?;
            }
        }
        for statement in INDEXES.split(";\n").filter(|text| !text.trim().is_empty()) {
            connection.execute_unprepared(statement).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const POSTGRES_FUNCTION: &str = "CREATE FUNCTION set_modified_at() RETURNS trigger \
     LANGUAGE plpgsql AS $$ BEGIN NEW.modified_at := clock_timestamp(); RETURN NEW; END $$";

/// What gives a table the time of each row's last change.
pub(super) fn touched(table: &str, postgres: bool) -> Vec<String> {
    if postgres {
        postgres_table(table)
    } else {
        sqlite_table(table)
    }
}

fn postgres_table(table: &str) -> Vec<String> {
    vec![
        format!(
            "ALTER TABLE {table} ADD COLUMN modified_at TIMESTAMPTZ NOT NULL \
             DEFAULT clock_timestamp()"
        ),
        format!(
            "CREATE TRIGGER tr_{table}__modified_at BEFORE INSERT OR UPDATE ON {table} \
             FOR EACH ROW EXECUTE FUNCTION set_modified_at()"
        ),
    ]
}

fn sqlite_table(table: &str) -> Vec<String> {
    const NOW: &str = "strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')";
    let touch = format!("UPDATE {table} SET modified_at = {NOW}");
    let mut statements = vec![
        format!(
            "ALTER TABLE {table} ADD COLUMN modified_at timestamp_with_timezone_text NOT NULL \
             DEFAULT '1970-01-01T00:00:00.000+00:00'"
        ),
        touch.clone(),
    ];
    for event in ["INSERT", "UPDATE"] {
        statements.push(format!(
            "CREATE TRIGGER tr_{table}__modified_at_{event} AFTER {event} ON {table} \
             BEGIN {touch} WHERE id = NEW.id; END"
        ));
    }
    statements
}
