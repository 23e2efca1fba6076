//! Mails to one address are limited over all rounds, however many ask for them at once. The same
//! run without turns passes the limit, so that what the first run shows is the turns' doing.

use crate::world::World;
use futures_util::future::join_all;
use registration::mail::turns::sabotage::skip_turn;
use serde_json::json;
use shared_testing::{
    TestDatabase,
    database::{number, postgres_server},
};

/// Mails of the form to one address in a day.
const MOST: i64 = 10;

struct Scene {
    world: World,
    rounds: Vec<String>,
}

impl Scene {
    async fn new(database: TestDatabase) -> Self {
        let mut world = World::new(database, 1).await;
        world.service.add_instance().await;
        let mut rounds = Vec::new();
        for _ in 0..8 {
            rounds.push(world.open_round(json!({})).await);
        }
        Self { world, rounds }
    }

    /// Two forms for each of the rounds, all at once, and how many mails they led to.
    async fn mailed(&self, email: &str) -> i64 {
        let service = &self.world.service;
        let municipality = self.world.municipalities[0].id.to_string();
        let fields = [
            ("name", "Maja Lindqvist"),
            ("title", "Förvaltningschef"),
            ("organisationId", municipality.as_str()),
            ("email", email),
            ("kind", "employed_manager"),
        ];
        let clients: Vec<_> = service
            .instances
            .iter()
            .map(|instance| service.stranger_at(&instance.origin))
            .collect();
        let forms = clients.iter().flat_map(|client| {
            self.rounds.iter().map(move |round| {
                let form = format!("/registration/pages/rounds/{round}/application");
                async move { client.post_form(&form, &fields).await.status }
            })
        });
        for status in join_all(forms).await {
            assert_eq!(status, 303, "who sends it learns nothing");
        }
        let query = format!(
            "SELECT COUNT(*) AS row FROM messages WHERE template = 'application_confirm' AND recipient_email = '{email}'"
        );
        number(&service.state().database, &query).await
    }
}

#[actix_web::test]
async fn forms_for_several_rounds_at_once_do_not_pass_the_limit_together() {
    let Some(server) = postgres_server() else {
        return;
    };
    let scene = Scene::new(TestDatabase::postgres(server).await).await;
    for turn in 0..5 {
        let mailed = scene.mailed(&format!("maja{turn}@kommun.example")).await;
        assert_eq!(mailed, MOST, "turn {turn}");
    }
}

#[actix_web::test]
async fn without_turns_they_do() {
    let Some(server) = postgres_server() else {
        return;
    };
    let scene = Scene::new(TestDatabase::postgres(server).await).await;
    for turn in 0..20 {
        let email = format!("maja{turn}@kommun.example");
        skip_turn(&email);
        if scene.mailed(&email).await > MOST {
            return;
        }
    }
    panic!("the limit held without its guard: the test above shows nothing");
}
