//! What scheduling keeps of the caller, as a copy to take along.

use crate::{State, api::NAME};
use actix_web::{get, web::Data};
use shared_database::archive::{self, Part};
use shared_projections::archive as known;
use shared_types::archive::Archive;
use shared_web::{Context, Outcome};
use utoipa_actix_web::service_config::ServiceConfig;

/// What is about a person, whose id is `$1`.
pub const PARTS: [Part; 18] = [
    Part {
        name: "agendaProposals",
        table: "agenda_proposals",
        own: "person_id = $1",
        without: &[],
    },
    Part {
        name: "electiveChoices",
        table: "elective_choices",
        own: "person_id = $1",
        without: &[],
    },
    Part {
        name: "sites",
        table: "site_choices",
        own: "person_id = $1",
        without: &[],
    },
    Part {
        name: "calendarLinks",
        table: "calendar_links",
        own: "person_id = $1",
        without: &["digest"],
    },
    Part {
        name: "attendance",
        table: "attendance_marks",
        own: "person_id = $1",
        without: &[],
    },
    Part {
        name: "makeUps",
        table: "make_ups",
        own: "person_id = $1",
        without: &[],
    },
    Part {
        name: "invitations",
        table: "invitations",
        own: "person_id = $1",
        without: &["link_id"],
    },
    Part {
        name: "cohorts",
        table: "cohort_assignments",
        own: "person_id = $1",
        without: &[],
    },
    Part {
        name: "groups",
        table: "group_members",
        own: "person_id = $1",
        without: &[],
    },
    Part {
        name: "sessionsLed",
        table: "released_facilitators",
        own: "person_id = $1",
        without: &[],
    },
    known::PEOPLE,
    Part {
        name: "mentorships",
        table: "known_pairs",
        own: "mentor_id = $1",
        without: &[],
    },
    Part {
        name: "attendanceTold",
        table: "attendance_states",
        own: "application_id IN (SELECT id FROM known_participations WHERE person_id = $1)",
        without: &[],
    },
    Part {
        name: "claims",
        table: "claims",
        own: "resource_id = $1",
        without: &["resource_id"],
    },
    known::PARTICIPATIONS,
    known::OFFICES,
    known::HISTORY,
    known::REASONS,
];

/// The operation.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config.service(get_scheduling_archive);
}

/// Take a copy of what scheduling keeps of oneself
///
/// For the person alone (GDPR, articles 15 and 20). Each service has its own; the links lead to the others.
#[utoipa::path(tag = "privacy", responses((status = 200, description = "The copy.", body = Archive)))]
#[get("/archive")]
async fn get_scheduling_archive(state: Data<State>, context: Context) -> Outcome {
    let person = shared_web::archive::owner(&context)?;
    let parts = archive::read(&state.database, &PARTS, person).await?;
    shared_web::archive::answer(&context, NAME, person, parts)
}
