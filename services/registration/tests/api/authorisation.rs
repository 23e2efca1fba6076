//! Who may what: every cell of `authorisation.md` as a real request.
//!
//! A new operation needs a row there and, unless it has neither ids nor a body, an arm in
//! `authorisation/asks.rs` that says about which thing it is asked.

mod asks;
mod billing;
mod doors;
mod sabotage;
mod scene;

use crate::{catalogue::BROUGHT, world::World};
use registration::{api, feeds::catalogue::CATALOGUE};
use scene::Scene;
use shared_testing::{authorisation::Api, databases};
use std::collections::BTreeSet;

const API: Api<'_> = Api {
    document: api::document,
    text: include_str!("../../authorisation.md"),
    folder: env!("CARGO_MANIFEST_DIR"),
    relations: "ieaofn",
    shared: &["web", "events"],
};

#[test]
fn every_operation_has_a_row_and_every_role_a_column() {
    API.assert_complete();
}

#[actix_web::test]
async fn everybody_may_what_the_table_says_and_nothing_else() {
    for database in databases().await {
        let scene = Scene::set(World::new(database, 2).await).await;
        assert!(API.check(&scene).await > 5000);
        // Whoever does all that can be done has fired every type of events, but for what time and
        // other services bring (`catalogue.rs`).
        let fired = scene.world.fired().await;
        let own = CATALOGUE
            .iter()
            .filter(|known| known.source == "/registration");
        let missing: BTreeSet<&str> = own
            .map(|known| known.name)
            .filter(|name| !fired.contains(*name))
            .collect();
        let brought = BTreeSet::from(BROUGHT);
        assert!(missing.is_subset(&brought), "{missing:?}");
    }
}
