//! The API: one list of operations, which is the route table and the document at once.

use crate::{
    State, admissions, api_keys, applications, archive, billing, budgets, endorsements, erasures,
    feeds, holds, imports, interests, mail, needs, nominations, offices, organisations, people,
    processing, programmes, retention, rounds, scim, webhooks,
};
use actix_web::{get, web};
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
pub const NAME: &str = "registration";

const DESCRIPTION: Description = Description {
    name: NAME,
    title: "Akademi registration API",
    about: (
        "Who may take part in leadership programmes: catalogue, applications, endorsements, admission and seats.",
        "Vilka som får delta i ledarprogram: katalog, ansökningar, godkännanden, antagning och platser.",
    ),
    tags: &[
        (
            "organisations",
            "Employers and organisers, their departments and partners.",
        ),
        ("offices", "Posts that decide who takes part."),
        ("people", "People, their roles, and the caller."),
        ("api-keys", "What systems call with."),
        ("imports", "Files of people, departments and offices."),
        ("programmes", "The catalogue."),
        (
            "rounds",
            "Runs of a programme: seats, dates, prices, rules.",
        ),
        ("holds", "Seats kept for an organisation."),
        ("nominations", "People whom others enter for a round."),
        ("interests", "Who wants to know when a round opens."),
        ("applications", "Applications, offers and seats."),
        (
            "endorsements",
            "What the applicants' offices say: slates and links.",
        ),
        (
            "needs",
            "What participants need: diet, accessibility, nights.",
        ),
        ("admissions", "Proposals of who gets in, and the queue."),
        (
            "privacy",
            "What is kept of people, why and how long, and how it is forgotten.",
        ),
        (
            "billing",
            "What participations cost, invoices and credit notes.",
        ),
        ("budgets", "Who pays for a round, and what it costs."),
        ("feeds", "What happened, in order, for systems that follow."),
        ("webhooks", "What happened, sent to systems as it happens."),
        (
            "mail",
            "Messages as an operator sees them, and addresses that none reaches.",
        ),
        ("meta", "The API itself."),
    ],
    key_required: &[
        "createApiKey",
        "rotateApiKey",
        "createApplication",
        "answerOffer",
        "publishAdmissionProposal",
        "decideSlate",
        "endorseApplication",
        "substitute",
        "createHold",
        "nominatePeople",
        "cloneRound",
        "createErasure",
        "draftInvoices",
        "issueInvoice",
        "createCreditNote",
        "createWebhook",
        "rotateWebhook",
    ],
    large_bodies: &[
        ("createRound", 512 * 1024),
        ("replaceRound", 512 * 1024),
        ("decideSlate", 512 * 1024),
        ("nominatePeople", 1024 * 1024),
        ("createCreditNote", 256 * 1024),
        ("setBudget", 1024 * 1024),
        ("createRegistrationImport", shared_imports::MOST_BYTES),
    ],
    // What is computed over a whole round, and what sends mails.
    costs: &[
        ("createAdmissionProposal", 20),
        ("publishAdmissionProposal", 20),
        ("checkRound", 10),
        ("sendSlateLink", 10),
        ("declareInterest", 5),
        ("cancelRound", 10),
        ("nominatePeople", 20),
        ("draftInvoices", 20),
        ("exportInvoices", 10),
        ("testWebhook", 10),
        ("createRegistrationImport", 20),
    ],
    // What is worked out, or written, for a whole round at once.
    timeouts: &[
        ("createAdmissionProposal", 60),
        ("publishAdmissionProposal", 60),
        ("nominatePeople", 60),
        ("cancelRound", 60),
        ("draftInvoices", 60),
    ],
};

/// Every documented operation.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config.service(
        scope::scope("/registration/v1")
            .service(get_api_info)
            .configure(archive::operations)
            .configure(organisations::routes::operations)
            .configure(offices::routes::operations)
            .configure(people::routes::operations)
            .configure(api_keys::routes::operations)
            .configure(imports::routes::operations)
            .configure(programmes::routes::operations)
            .configure(rounds::routes::operations)
            .configure(rounds::clones::operations)
            .configure(holds::routes::operations)
            .configure(nominations::routes::operations)
            .configure(interests::routes::operations)
            .configure(applications::routes::operations)
            .configure(endorsements::routes::operations)
            .configure(needs::routes::operations)
            .configure(admissions::routes::operations)
            .configure(erasures::routes::operations)
            .configure(retention::routes::operations)
            .configure(processing::operations)
            .configure(billing::routes::operations)
            .configure(budgets::routes::operations)
            .configure(feeds::routes::operations)
            .configure(webhooks::routes::operations)
            .configure(mail::routes::operations),
    );
}

/// What is not for programs: pages for people, the gateway's own door, and that for other
/// services' facts.
pub fn doors(config: &mut web::ServiceConfig, state: &web::Data<State>) {
    config
        .app_data(state.clone())
        .configure(inbox::routes(state.inbox.clone()))
        .configure(people::callers::door)
        .configure(scim::routes::desk)
        .configure(people::pages::pages)
        .configure(rounds::pages::pages)
        .configure(interests::pages::pages)
        .configure(mail::pages::pages)
        .configure(applications::pages::pages)
        .configure(endorsements::pages::pages);
}

/// The finished API document.
pub fn document() -> Value {
    let mut document = document::finish(&server::declared(operations), &DESCRIPTION);
    if let Some(members) = document.as_object_mut() {
        members.insert("webhooks".to_owned(), feeds::described::webhooks());
    }
    document
}

/// Name, version and life-cycle status of this API.
#[utoipa::path(tag = "meta", security(()), responses((status = 200, description = "The API.", body = ApiInfo)))]
#[get("/api-info")]
async fn get_api_info(context: Context) -> Outcome {
    info::answer(NAME, &context)
}
