//! Who may what: every cell of `authorisation.md` as a real request.
//!
//! A new operation needs a row there and an arm in `authorisation/asks.rs` that says about which
//! thing it is asked.

mod asks;
mod cohorts;
mod doors;
mod groups;
mod guests;
mod people;
mod scene;

use crate::world::World;
use scene::Scene;
use scheduling::api;
use shared_testing::{authorisation::Api, databases};

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
        let scene = Scene::set(World::new(database).await).await;
        assert!(API.check(&scene).await > 2000);
    }
}
