//! Whoever leaves an office or is deactivated decides no more, and whoever comes into it does, in
//! every service within five seconds, while all of them call all the time.

use crate::{
    program::Place,
    stage::{Stage, id},
};
use serde_json::json;
use shared_web::outgoing::Method;
use std::time::{Duration, Instant};

/// Within this time everything that was decided counts everywhere.
const PROMISED: Duration = Duration::from_secs(5);

/// A municipality whose director changes.
struct Scene {
    stage: Stage,
    municipality: String,
    office: String,
    round: String,
    /// The old director's and the new one's tokens.
    old: String,
    new: String,
    newcomer: String,
    applications: Vec<String>,
}

impl Scene {
    async fn set(place: Place) -> Self {
        let stage = Stage::set(place).await;
        let municipality = stage.municipality("Kinda kommun", "SE-0513").await;
        let leaving = stage.person(&municipality, "Karin Ek").await;
        let newcomer = stage.person(&municipality, "Nils Ny").await;
        let office = json!({
            "organisationId": municipality, "kind": "municipal_director",
            "title": { "sv": "Kommundirektör" }, "holderId": leaving,
        });
        let office = id(&stage.post("offices", office).await);
        let members = json!({ "endorsement": "municipal_director", "endorseBy": "2026-02-20" });
        let round = stage.round(members).await;
        let mut applications = Vec::new();
        for name in ["Anna", "Bo", "Carin"] {
            let person = stage.person(&municipality, name).await;
            applications.push(stage.apply(&person, &round).await);
        }
        Self {
            old: stage.token(&leaving),
            new: stage.token(&newcomer),
            stage,
            municipality,
            office,
            round,
            newcomer,
            applications,
        }
    }

    /// What a director may read: the slate in registration, the report in evaluation.
    fn paths(&self) -> [String; 2] {
        let (round, municipality) = (&self.round, &self.municipality);
        [
            format!("/registration/v1/rounds/{round}/slate"),
            format!("/evaluation/v1/municipalities/{municipality}/report"),
        ]
    }

    /// Who keeps the municipality's people.
    async fn hr(&self) -> String {
        let person = self.stage.person(&self.municipality, "Hanna").await;
        let role = json!({ "role": "hr", "organisationId": self.municipality });
        self.stage
            .post(&format!("people/{person}/roles"), role)
            .await;
        self.stage.token(&person)
    }

    async fn endorse(&self, token: &str, number: usize) -> u16 {
        let application = &self.applications[number];
        let path = format!("/registration/v1/applications/{application}/endorsement");
        let verdict = json!({ "verdict": "endorse", "rank": number + 1 });
        self.stage.api.post(token, &path, &verdict).await.0
    }

    /// How long until a caller who asks all the time is answered like this at every path.
    async fn until(&self, token: &str, is_so: impl Fn(u16) -> bool) -> Duration {
        let since = Instant::now();
        loop {
            let mut all = true;
            for path in self.paths() {
                all &= is_so(self.stage.api.get(Some(token), &path).await.0);
            }
            if all {
                return since.elapsed();
            }
            assert!(since.elapsed() < 4 * PROMISED, "it never counts");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

#[actix_web::test]
async fn a_change_of_director_counts_in_every_service_within_five_seconds() {
    for place in Place::all().await {
        let scene = Scene::set(place).await;
        // What evaluation knows of the municipality comes as an event.
        scene.until(&scene.old, |status| status == 200).await;
        for path in scene.paths() {
            let (status, _) = scene.stage.api.get(Some(&scene.new), &path).await;
            assert!([403, 404].contains(&status), "{path}: {status}");
        }
        assert_eq!(scene.endorse(&scene.old, 0).await, 200);
        assert!([403, 404].contains(&scene.endorse(&scene.new, 1).await));

        let holder = json!({ "holderId": scene.newcomer });
        let path = format!("offices/{}/holder", scene.office);
        scene.stage.post(&path, holder).await;
        let (ends, begins) = futures_util::future::join(
            scene.until(&scene.old, |status| [403, 404].contains(&status)),
            scene.until(&scene.new, |status| status == 200),
        )
        .await;
        assert!(
            ends <= PROMISED && begins <= PROMISED,
            "{ends:?} {begins:?}"
        );
        assert!([403, 404].contains(&scene.endorse(&scene.old, 1).await));
        assert_eq!(scene.endorse(&scene.new, 1).await, 200);

        // The new one is deactivated: known nowhere any more, and the office is empty.
        let person = format!("/registration/v1/people/{}", scene.newcomer);
        let hr = scene.hr().await;
        let inactive = json!({ "active": false });
        let api = &scene.stage.api;
        let (status, body) = api.change(Method::PATCH, &hr, &person, &inactive).await;
        assert_eq!(status, 200, "{body}");
        let took = scene.until(&scene.new, |status| status == 401).await;
        assert!(took <= PROMISED, "{took:?}");
        assert_eq!(scene.endorse(&scene.new, 2).await, 401);
        scene.stage.stop().await;
    }
}
