//! Who may what: every cell of `authorisation.md` as a real request.
//!
//! A new operation needs a row there and, unless it has neither ids nor a body, an arm in
//! `authorisation/asks.rs` that says about which thing it is asked.

mod asks;
mod billing;
mod doors;
mod sabotage;
mod scene;

use crate::world::World;
use registration::api;
use scene::Scene;
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
        let scene = Scene::set(World::new(database, 2).await).await;
        assert!(API.check(&scene).await > 5000);
    }
}
