//! Takes what was mixed or thrown away out of the database's files.

use shared_database::Database;

const TABLES: [&str; 6] = [
    "survey_intake",
    "survey_invitations",
    "sheets",
    "survey_keys",
    "survey_families",
    "raters",
];

/// Does it as far as it can be done now; the next mixing does the rest.
pub async fn wipe(database: &Database) {
    if let Err(error) = database.wipe(&TABLES).await {
        tracing::warn!(%error, "what was deleted still stands in the files");
    }
}
