//! The API: one list of operations, which is the route table and the document at once.

use crate::{
    State, announcements, archive, attendance, bookings, calendars, cohorts, dates, electives,
    groups, imports, invitations, materials, plans, proposals, releases, rosters, sessions, sites,
    venues,
};
use actix_web::{
    get,
    web::{self, Data},
};
use serde_json::Value;
use shared_events::inbox;
use shared_types::meta::ApiInfo;
use shared_web::{
    Context, Outcome,
    document::{self, Description},
    info, server,
};
use utoipa_actix_web::{scope, service_config::ServiceConfig};

/// The API's name, and the first segment of its addresses.
pub const NAME: &str = "scheduling";

const DESCRIPTION: Description = Description {
    name: NAME,
    title: "Akademi scheduling API",
    about: (
        "When and where a round meets: sessions, venues, learning centres and attendance.",
        "När och var en omgång träffas: tillfällen, lokaler, lärcentrum och närvaro.",
    ),
    tags: &[
        (
            "venues",
            "Places where people meet, learning centres too, and their rooms.",
        ),
        ("imports", "Files of venues."),
        (
            "plans",
            "Drafts of rounds' plans, and what speaks against them.",
        ),
        (
            "sessions",
            "What people attend: days, places, agenda, audience.",
        ),
        ("releases", "What people see of plans, and what changed."),
        (
            "bookings",
            "What is agreed with venues: nights, meals, head counts.",
        ),
        ("groups", "Who works with whom."),
        (
            "dates",
            "When a round could be: plans for a pattern of occasions.",
        ),
        ("cohorts", "Rounds for everyone: who goes in which."),
        ("materials", "What participants read for a session."),
        ("announcements", "What a coordinator tells a round."),
        ("proposals", "What participants want on an agenda."),
        ("electives", "Sessions between which a participant chooses."),
        (
            "attendance",
            "Who was there, half day by half day, and what makes up for the rest.",
        ),
        (
            "calendars",
            "What calendar programs read: secret addresses, and sessions to take over.",
        ),
        ("invitations", "Mentors and directors asked to a ceremony."),
        ("rosters", "Who comes to a session, and where one is next."),
        (
            "sites",
            "Learning centres of hybrid sessions, and who joins from which.",
        ),
        ("privacy", "What is kept of the caller."),
        ("meta", "The API itself."),
    ],
    key_required: &[
        "createPlanFromPattern",
        "clonePlan",
        "createRelease",
        "createGroupSet",
        "publishGroupSet",
        "createCohortPlan",
        "publishCohortPlan",
        "createAnnouncement",
    ],
    large_bodies: &[
        ("createSession", 256 * 1024),
        ("replaceSession", 256 * 1024),
        ("createPlanFromPattern", 256 * 1024),
        ("createGroupSet", 512 * 1024),
        ("recomposeGroupSet", 512 * 1024),
        ("proposeDates", 1024 * 1024),
        ("createCohortPlan", 1024 * 1024),
        ("replanCohorts", 1024 * 1024),
        ("recordAttendance", 512 * 1024),
        ("createSchedulingImport", shared_imports::MOST_BYTES),
    ],
    // What is computed over a whole plan, and what tells many people.
    costs: &[
        ("previewRelease", 5),
        ("comparePlan", 5),
        ("createRelease", 20),
        ("createPlanFromPattern", 5),
        ("clonePlan", 5),
        ("createGroupSet", 20),
        ("recomposeGroupSet", 20),
        ("publishGroupSet", 20),
        ("proposeDates", 10),
        ("createCohortPlan", 20),
        ("replanCohorts", 20),
        ("listRoundAttendance", 5),
        ("createSchedulingImport", 20),
    ],
    // What is worked out, or written, for a whole round at once.
    timeouts: &[
        ("createRelease", 60),
        ("createGroupSet", 60),
        ("recomposeGroupSet", 60),
        ("proposeDates", 60),
        ("createCohortPlan", 60),
        ("replanCohorts", 60),
    ],
};

/// Every documented operation.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config.service(
        scope::scope("/scheduling/v1")
            .service(get_api_info)
            .configure(archive::operations)
            .configure(venues::routes::operations)
            .configure(venues::rooms::operations)
            .configure(imports::routes::operations)
            .configure(plans::routes::operations)
            .configure(plans::making::operations)
            .configure(sessions::routes::operations)
            .configure(releases::routes::operations)
            .configure(releases::schedule::operations)
            .configure(bookings::routes::operations)
            .configure(groups::routes::operations)
            .configure(dates::routes::operations)
            .configure(cohorts::routes::operations)
            .configure(materials::routes::operations)
            .configure(announcements::routes::operations)
            .configure(proposals::routes::operations)
            .configure(electives::routes::operations)
            .configure(sites::routes::operations)
            .configure(attendance::routes::operations)
            .configure(calendars::routes::operations)
            .configure(invitations::routes::operations)
            .configure(rosters::routes::operations),
    );
}

/// What is not for programs: pages for people, and the door for other services' facts.
pub fn doors(config: &mut web::ServiceConfig, state: &Data<State>) {
    config
        .app_data(state.clone())
        .configure(inbox::routes(state.inbox.clone()))
        .configure(bookings::pages::pages)
        .configure(calendars::pages::pages)
        .configure(invitations::pages::pages);
}

/// The finished API document.
pub fn document() -> Value {
    document::finish(&server::declared(operations), &DESCRIPTION)
}

/// Name, version and life-cycle status of this API.
#[utoipa::path(tag = "meta", security(()), responses((status = 200, description = "The API.", body = ApiInfo)))]
#[get("/api-info")]
async fn get_api_info(context: Context) -> Outcome {
    info::answer(NAME, &context)
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_web::contract::Contract;

    #[test]
    fn every_schema_of_the_document_compiles_and_api_info_is_there() {
        let document = document();
        let info = document.pointer("/paths/~1api-info/get/operationId");
        assert_eq!(info.and_then(Value::as_str), Some("getApiInfo"));
        let broken = Contract::new("/scheduling/v1", document).broken_schemas();
        assert!(broken.is_empty(), "{broken:?}");
    }
}
