//! Migrations: forward only, one SQL text each.

use sea_orm_migration::{MigrationTrait, MigratorTrait};
use shared_database::migrate::{COMMON, HELD, SEALS, Sql};
use shared_projections::KNOWN;

/// The scheduling service's migrations.
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
                name: "m0001_scheduling",
                text: include_str!("m0001_scheduling.sql"),
            }),
            Box::new(Sql {
                name: "m0002_people_there",
                text: include_str!("m0002_people_there.sql"),
            }),
            Box::new(Sql {
                name: "m0010_dates",
                text: include_str!("m0010_dates.sql"),
            }),
            Box::new(Sql {
                name: "m0011_groups",
                text: include_str!("m0011_groups.sql"),
            }),
            Box::new(Sql {
                name: "m0012_imports",
                text: shared_imports::TABLES,
            }),
            Box::new(Sql {
                name: "m0013_sites",
                text: include_str!("m0013_sites.sql"),
            }),
        ]
    }
}
