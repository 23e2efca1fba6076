//! Who may what: every cell of `authorisation.md` as a real request.

use evaluation::{Service, Settings, StartError, api};
use shared_testing::{authorisation::Api, service::Given};
use shared_web::link::LinkKey;
use std::time::Duration;

const API: Api<'_> = Api {
    document: api::document,
    text: include_str!("../authorisation.md"),
    folder: env!("CARGO_MANIFEST_DIR"),
    relations: "n",
    shared: &["web", "events"],
};

#[actix_web::test]
async fn everybody_may_what_the_table_says_and_nothing_else() {
    API.check_plain(api::NAME, start).await;
}

async fn start(given: Given) -> Result<Service, StartError> {
    let settings = Settings {
        database_url: given.database_url,
        public_url: given.public_url,
        trusted_keys: given.trusted_keys,
        link_key: LinkKey::from_secret("links of tests"),
        exchange: None,
        sweep_every: Duration::from_hours(24),
        clock: given.clock,
        workers: 1,
    };
    evaluation::start(given.listener, settings).await
}
