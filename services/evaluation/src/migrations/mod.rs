//! Migrations: forward only, one SQL text each.

use sea_orm_migration::{MigrationTrait, MigratorTrait};
use shared_database::migrate::{COMMON, SEALS};
use shared_projections::KNOWN;

/// The evaluation service's migrations.
#[derive(Clone, Copy, Debug)]
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(COMMON), Box::new(SEALS), Box::new(KNOWN)]
    }
}
