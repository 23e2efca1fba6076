//! What registration keeps of the caller, as a copy to take along.

use crate::{State, api::NAME, applications, needs};
use actix_web::{get, web::Data};
use serde_json::{Map, Value, json};
use shared_database::archive::{self, Part};
use shared_types::{
    PersonId, Problem,
    archive::{Archive, ArchivePart},
};
use shared_web::{Context, Outcome};
use utoipa_actix_web::service_config::ServiceConfig;

/// What is about a person, whose id is `$1`.
pub const PARTS: [Part; 18] = [
    Part {
        name: "people",
        table: "people",
        own: "id = $1",
        without: &["email_key"],
    },
    Part {
        name: "roles",
        table: "role_assignments",
        own: "person_id = $1",
        without: &[],
    },
    Part {
        name: "identities",
        table: "identities",
        own: "person_id = $1",
        without: &[],
    },
    Part {
        name: "identityClaims",
        table: "identity_claims",
        own: "person_id = $1",
        without: &[],
    },
    Part {
        name: "provisioning",
        table: "scim_users",
        own: "person_id = $1",
        without: &["user_name_key"],
    },
    Part {
        name: "offices",
        table: "offices",
        own: "holder_id = $1",
        without: &[],
    },
    Part {
        name: "actingPeriods",
        table: "acting_holders",
        own: "person_id = $1",
        without: &[],
    },
    Part {
        name: "applications",
        table: "applications",
        own: "person_id = $1",
        without: &[],
    },
    Part {
        name: "endorsements",
        table: "endorsements",
        own: "application_id IN (SELECT id FROM applications WHERE person_id = $1)",
        without: &[],
    },
    Part {
        name: "admissions",
        table: "admission_rows",
        own: "application_id IN (SELECT id FROM applications WHERE person_id = $1)",
        without: &[],
    },
    Part {
        name: "interests",
        table: "interests",
        own: "email_key = (SELECT email_key FROM people WHERE id = $1)",
        without: &["email_key"],
    },
    Part {
        name: "messages",
        table: "messages",
        own: "person_id = $1",
        without: &["link_id", "attempts", "next_attempt_at"],
    },
    Part {
        name: "externalKeys",
        table: "import_keys",
        own: "thing_id = $1",
        without: &["kind"],
    },
    Part {
        name: "importedRows",
        table: "import_rows",
        own: "thing_id = $1",
        without: &["content", "claimed", "pass", "problems"],
    },
    Part {
        name: "bounces",
        table: "bounces",
        own: "email_key = (SELECT email_key FROM people WHERE id = $1)",
        without: &["message_id"],
    },
    Part {
        name: "mailRefusals",
        table: "mail_refusals",
        own: "email_key = (SELECT email_key FROM people WHERE id = $1)",
        without: &[],
    },
    Part {
        name: "history",
        table: "changes",
        own: "thing_id = $1 OR on_behalf_of = $1 OR thing_id IN (SELECT id FROM applications WHERE person_id = $1)",
        without: &["reason_digest"],
    },
    Part {
        name: "reasons",
        table: "change_reasons",
        own: "change_id IN (SELECT id FROM changes WHERE thing_id = $1 OR thing_id IN (SELECT id FROM applications WHERE person_id = $1))",
        without: &[],
    },
];

/// The operation.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config.service(get_registration_archive);
}

/// Take a copy of what registration keeps of oneself
///
/// For the person alone (GDPR, articles 15 and 20), needs included. Each service has its own; the links lead to the others.
#[utoipa::path(tag = "privacy", responses((status = 200, description = "The copy.", body = Archive)))]
#[get("/archive")]
async fn get_registration_archive(state: Data<State>, context: Context) -> Outcome {
    let person = shared_web::archive::owner(&context)?;
    let mut parts = archive::read(&state.database, &PARTS, person).await?;
    parts.push(needs_of(&state, person).await?);
    shared_web::archive::answer(&context, NAME, person, parts)
}

/// What is sealed, opened for whom it is about.
async fn needs_of(state: &State, person: PersonId) -> Result<ArchivePart, Problem> {
    let read = state.database.read();
    let mut items: Vec<Map<String, Value>> = Vec::new();
    for application in applications::store::ids_of(read, person).await? {
        let row = needs::store::find(read, application.into()).await?;
        let needs = row
            .map(|row| needs::store::open(&state.needs_keys, &row))
            .transpose()?;
        if let Some(Value::Object(mut item)) = needs.flatten().map(|needs| json!(needs)) {
            item.insert("applicationId".to_owned(), json!(application));
            items.push(item);
        }
    }
    Ok(ArchivePart {
        name: "needs".to_owned(),
        items,
        cut: false,
    })
}
