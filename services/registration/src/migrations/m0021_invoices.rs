//! Invoices can be mirrored: by the organiser's accounts and by whoever pays.

use super::m0019_mirrors::Mirrors;

/// The migration.
pub(super) const INVOICES: Mirrors = Mirrors {
    name: "m0021_invoices",
    tables: &[("invoices", &["organiser_id", "organisation_id"])],
};
