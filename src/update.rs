//! Whether a release may run beside the one before it: what each migration does to those who know
//! nothing of it.
//!
//! A test looks at what each migration does to the tables. One that is not named here is taken for
//! one that stops the others.

use crate::settings::PartName;
use shared_database::{
    DatabaseError,
    migrate::{self, Level},
};

/// What a migration means for the release before, which goes on beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It only adds what others need not know.
    Expands,
    /// The others have to be stopped first; the reason.
    Stops(&'static str),
}

use Step::{Expands, Stops};

const SEALED: Step = Stops("the history refuses to be changed from then on");

/// Those that every service has.
const COMMON: [(&str, Step); 4] = [
    ("m0000_common", Expands),
    ("m0000_seals", SEALED),
    ("m0000_held", Expands),
    ("m0000_known", Expands),
];

const REGISTRATION: [(&str, Step); 18] = [
    ("m0001_registration", Expands),
    ("m0002_terms", Expands),
    ("m0003_course", Expands),
    ("m0004_keys", Expands),
    ("m0006_lists", Expands),
    ("m0007_authz", Expands),
    ("m0008_scim", Expands),
    ("m0009_webhooks", Expands),
    ("m0010_mail", Expands),
    ("m0011_billing", Expands),
    ("m0012_budgets", Expands),
    ("m0014_privacy", Expands),
    ("m0015_imports", Expands),
    ("m0016_recipients", Expands),
    ("m0018_mail_turns", Expands),
    ("m0019_mirrors", Expands),
    ("m0020_indexes", Expands),
    ("m0021_invoices", Expands),
];

const SCHEDULING: [(&str, Step); 6] = [
    ("m0001_scheduling", Expands),
    ("m0002_people_there", Expands),
    ("m0010_dates", Expands),
    ("m0011_groups", Expands),
    ("m0012_imports", Expands),
    ("m0013_sites", Expands),
];

const MENTORSHIP: [(&str, Step); 3] = [
    ("m0001_mentorship", Expands),
    ("m0002_sessions", Expands),
    ("m0003_imports", Expands),
];

const EVALUATION: [(&str, Step); 7] = [
    ("m0001_surveys", Expands),
    (
        "m0002_answers",
        Stops("what a survey has promised can't be changed from then on"),
    ),
    ("m0003_reports", Expands),
    ("m0004_completion", Expands),
    ("m0005_interviews", Expands),
    (
        "m0006_feedback",
        Stops("answers and invitations are written to tables that are made anew"),
    ),
    ("m0007_theme_counts", Expands),
];

/// What a migration of a service means for the release before; nothing where nobody has said.
pub fn step(part: PartName, migration: &str) -> Option<Step> {
    let own: &[(&str, Step)] = match part {
        PartName::Gateway => &[],
        PartName::Registration => &REGISTRATION,
        PartName::Scheduling => &SCHEDULING,
        PartName::Mentorship => &MENTORSHIP,
        PartName::Evaluation => &EVALUATION,
    };
    let mut known = COMMON.iter().chain(own);
    let found = known.find(|(name, _)| *name == migration);
    found.map(|(_, step)| *step)
}

/// Which migrations a service's database has had, as this release sees it.
pub(crate) async fn level(part: PartName, url: &str) -> Result<Level, DatabaseError> {
    match part {
        PartName::Gateway => Ok(Level::default()),
        PartName::Registration => migrate::level::<registration::migrations::Migrator>(url).await,
        PartName::Scheduling => migrate::level::<scheduling::migrations::Migrator>(url).await,
        PartName::Mentorship => migrate::level::<mentorship::migrations::Migrator>(url).await,
        PartName::Evaluation => migrate::level::<evaluation::migrations::Migrator>(url).await,
    }
}

/// Brings a service's database to this release's newest version.
pub(crate) async fn migrate(part: PartName, url: &str) -> Result<(), DatabaseError> {
    match part {
        PartName::Gateway => Ok(()),
        PartName::Registration => migrate::run::<registration::migrations::Migrator>(url).await,
        PartName::Scheduling => migrate::run::<scheduling::migrations::Migrator>(url).await,
        PartName::Mentorship => migrate::run::<mentorship::migrations::Migrator>(url).await,
        PartName::Evaluation => migrate::run::<evaluation::migrations::Migrator>(url).await,
    }
}
