//! Migrations: forward only, one SQL text each.

use sea_orm_migration::{MigrationTrait, MigratorTrait};
use shared_database::migrate::{COMMON, HELD, SEALS, Sql};
use shared_projections::KNOWN;

/// The evaluation service's migrations.
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
                name: "m0001_surveys",
                text: include_str!("m0001_surveys.sql"),
            }),
            Box::new(Sql {
                name: "m0002_answers",
                text: include_str!("m0002_answers.sql"),
            }),
            Box::new(Sql {
                name: "m0003_reports",
                text: include_str!("m0003_reports.sql"),
            }),
            Box::new(Sql {
                name: "m0004_completion",
                text: include_str!("m0004_completion.sql"),
            }),
            Box::new(Sql {
                name: "m0005_interviews",
                text: include_str!("m0005_interviews.sql"),
            }),
            Box::new(Sql {
                name: "m0006_feedback",
                text: include_str!("m0006_feedback.sql"),
            }),
            Box::new(Sql {
                name: "m0007_theme_counts",
                text: include_str!("m0007_theme_counts.sql"),
            }),
        ]
    }
}
