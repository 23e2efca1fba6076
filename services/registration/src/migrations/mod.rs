//! Migrations: forward only, one SQL text each.

mod m0006_lists;

use sea_orm_migration::{MigrationTrait, MigratorTrait};
use shared_database::migrate::{COMMON, Sql};

/// The registration service's migrations.
#[derive(Clone, Copy, Debug)]
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(COMMON),
            Box::new(Sql {
                name: "m0001_registration",
                text: include_str!("m0001_registration.sql"),
            }),
            Box::new(Sql {
                name: "m0003_course",
                text: include_str!("m0003_course.sql"),
            }),
            Box::new(m0006_lists::Lists),
        ]
    }
}
