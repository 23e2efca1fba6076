//! API keys through the real gateway: what is decided about a key counts within five seconds.

use crate::{
    program::Place,
    stage::{self, id},
};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Within this time everything that was decided counts everywhere.
const PROMISED: Duration = Duration::from_secs(5);
const KEYS: &str = "/registration/v1/api-keys";

struct Stage(stage::Stage);

impl Stage {
    async fn set() -> Self {
        Self(stage::Stage::set(Place::sqlite()).await)
    }

    async fn make(&self, expires_at: Option<&str>) -> (String, String) {
        let mut body = json!({
            "name": "Kalendern", "role": "coordinator", "scopes": ["people:read"],
            "organisationId": self.0.installed.organisation_id,
        });
        if let Some(end) = expires_at {
            body["expiresAt"] = json!(end);
        }
        let (status, made) = self.post(KEYS, &body).await;
        assert_eq!(status, 201, "{made}");
        (id(&made), text(&made, "secret"))
    }

    async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        self.0.api.post(&self.0.installed.api_key, path, body).await
    }

    async fn status(&self, key: &str) -> u16 {
        self.0.api.get(Some(key), "/registration/v1/people").await.0
    }

    /// How long a key that is used all the time still counts.
    async fn until_refused(&self, key: &str) -> Duration {
        let since = Instant::now();
        while self.status(key).await == 200 {
            assert!(since.elapsed() < 4 * PROMISED, "it counts for ever");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(self.status(key).await, 401);
        since.elapsed()
    }
}

fn text(value: &Value, member: &str) -> String {
    value[member].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn a_key_that_is_revoked_rotated_or_over_is_refused_within_five_seconds() {
    let stage = Stage::set().await;
    let (revoked, revoked_text) = stage.make(None).await;
    let (rotated, rotated_text) = stage.make(None).await;
    let (_, expiring_text) = stage.make(Some("2026-01-08T08:00:00Z")).await;
    for key in [&revoked_text, &rotated_text, &expiring_text] {
        assert_eq!(stage.status(key).await, 200);
    }
    // What the scope does not allow, the key may not, though its role may.
    let (status, refused) = stage
        .0
        .api
        .get(Some(&rotated_text), "/registration/v1/offices")
        .await;
    assert_eq!(
        (status, text(&refused, "code")),
        (403, "insufficient_scope".into())
    );

    let (status, _) = stage
        .post(&format!("{KEYS}/{revoked}/revocation"), &json!({}))
        .await;
    assert_eq!(status, 200);
    let took = stage.until_refused(&revoked_text).await;
    assert!(took <= PROMISED, "revoked: {took:?}");

    let rotation = format!("{KEYS}/{rotated}/rotation");
    let (status, again) = stage.post(&rotation, &json!({ "overlapHours": 0 })).await;
    assert_eq!(status, 200);
    let new_text = text(&again, "secret");
    assert_eq!(stage.status(&new_text).await, 200, "the new one at once");
    let took = stage.until_refused(&rotated_text).await;
    assert!(took <= PROMISED, "rotated: {took:?}");
    assert_eq!(stage.status(&new_text).await, 200);

    stage.0.clock.set("2026-01-08T08:00:00Z".parse().unwrap());
    let took = stage.until_refused(&expiring_text).await;
    assert!(took <= PROMISED, "expired: {took:?}");
    stage.0.stop().await;
}
