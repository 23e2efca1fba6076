//! More lists that can be mirrored: what an employer or an organiser keeps a copy of beside
//! people, rounds and applications.

use super::m0006_lists::touched;
use sea_orm::{ConnectionTrait as _, DatabaseBackend, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

/// A migration that lets lists be mirrored. How a row learns when it was changed is
/// [`super::m0006_lists`]'s.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mirrors {
    pub(super) name: &'static str,
    /// Tables whose lists can be mirrored now, and whose lists they are.
    pub(super) tables: &'static [(&'static str, &'static [&'static str])],
}

/// The migration.
pub(super) const MIRRORS: Mirrors = Mirrors {
    name: "m0019_mirrors",
    tables: &[
        ("departments", &["organisation_id"]),
        ("partnerships", &["organiser_id"]),
        ("role_assignments", &["person_id"]),
        ("holds", &["round_id"]),
        ("interests", &["round_id"]),
    ],
};

impl MigrationName for Mirrors {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Mirrors {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        let postgres = connection.get_database_backend() == DatabaseBackend::Postgres;
        for (table, owners) in self.tables {
            for statement in touched(table, postgres) {
                connection.execute_unprepared(&statement).await?;
            }
            for owner in *owners {
                let index = format!(
                    "CREATE INDEX ix_{table}__{owner}_modified_at ON {table} ({owner}, modified_at, id)"
                );
                connection.execute_unprepared(&index).await?;
            }
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
