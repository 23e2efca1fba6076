//! Migrations: forward only, one SQL text each.

use sea_orm_migration::{MigrationTrait, MigratorTrait};
use shared_database::migrate::{COMMON, HELD, SEALS, Sql};
use shared_projections::KNOWN;

/// The mentorship service's migrations.
#[derive(Clone, Copy, Debug)]
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(COMMON),
            Box::new(SEALS),
            Box::new(HELD),
            Box::new(KNOWN),
            Box::new(Sql {
                name: "m0001_mentorship",
                text: include_str!("m0001_mentorship.sql"),
            }),
            Box::new(Sql {
                name: "m0002_sessions",
                text: include_str!("m0002_sessions.sql"),
            }),
            Box::new(Sql {
                name: "m0003_imports",
                text: shared_imports::TABLES,
            }),
        ]
    }
}
