//! Migrations: forward only, one SQL text each.

mod m0006_lists;
mod m0019_mirrors;
mod m0021_invoices;

use sea_orm_migration::{MigrationTrait, MigratorTrait};
use shared_database::migrate::{COMMON, HELD, SEALS, Sql};

/// The registration service's migrations.
#[derive(Clone, Copy, Debug)]
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(COMMON),
            Box::new(SEALS),
            Box::new(HELD),
            Box::new(Sql {
                name: "m0001_registration",
                text: include_str!("m0001_registration.sql"),
            }),
            Box::new(Sql {
                name: "m0002_terms",
                text: include_str!("m0002_terms.sql"),
            }),
            Box::new(Sql {
                name: "m0003_course",
                text: include_str!("m0003_course.sql"),
            }),
            Box::new(Sql {
                name: "m0004_keys",
                text: include_str!("m0004_keys.sql"),
            }),
            Box::new(m0006_lists::Lists),
            Box::new(Sql {
                name: "m0007_authz",
                text: include_str!("m0007_authz.sql"),
            }),
            Box::new(Sql {
                name: "m0008_scim",
                text: include_str!("m0008_scim.sql"),
            }),
            Box::new(Sql {
                name: "m0009_webhooks",
                text: include_str!("m0009_webhooks.sql"),
            }),
            Box::new(Sql {
                name: "m0010_mail",
                text: include_str!("m0010_mail.sql"),
            }),
            Box::new(Sql {
                name: "m0011_billing",
                text: include_str!("m0011_billing.sql"),
            }),
            Box::new(Sql {
                name: "m0012_budgets",
                text: include_str!("m0012_budgets.sql"),
            }),
            Box::new(Sql {
                name: "m0014_privacy",
                text: include_str!("m0014_privacy.sql"),
            }),
            Box::new(Sql {
                name: "m0015_imports",
                text: shared_imports::TABLES,
            }),
            Box::new(Sql {
                name: "m0016_recipients",
                text: include_str!("m0016_recipients.sql"),
            }),
            Box::new(Sql {
                name: "m0018_mail_turns",
                text: include_str!("m0018_mail_turns.sql"),
            }),
            Box::new(m0019_mirrors::MIRRORS),
            Box::new(Sql {
                name: "m0020_indexes",
                text: include_str!("m0020_indexes.sql"),
            }),
            Box::new(m0021_invoices::INVOICES),
        ]
    }
}
