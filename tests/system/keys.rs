//! API keys through the real gateway: what is decided about a key counts within five seconds.

use crate::program::Api;
use akademi::{AllInOne, AllInOneOptions};
use registration::init::{Installed, NewInstallation, init};
use serde_json::{Value, json};
use shared_testing::TestDatabase;
use shared_web::Clock;
use std::{
    net::{Ipv4Addr, SocketAddr},
    time::{Duration, Instant},
};

/// Within this time everything that was decided counts everywhere.
const PROMISED: Duration = Duration::from_secs(5);
const KEYS: &str = "/registration/v1/api-keys";

struct Stage {
    all: AllInOne,
    clock: Clock,
    api: Api,
    installed: Installed,
    // Wiped when it is dropped.
    _home: TestDatabase,
}

impl Stage {
    async fn set() -> Self {
        let home = TestDatabase::sqlite();
        let clock = Clock::starting_at("2026-01-07T08:00:00Z".parse().unwrap());
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let options = AllInOneOptions {
            clock: clock.clone(),
            ..AllInOneOptions::new(listen, &home.folder)
        };
        let all = AllInOne::start(options).await.unwrap();
        let new = NewInstallation {
            organiser_name: "Linköpings kommun".into(),
            official_code: Some("SE-0580".into()),
            coordinator_email: "eva@linkoping.example".into(),
            coordinator_name: "Eva Holm".into(),
        };
        let installed = init(all.registration(), new).await.unwrap();
        Self {
            api: Api::new(&all.url()),
            all,
            clock,
            installed,
            _home: home,
        }
    }

    async fn make(&self, expires_at: Option<&str>) -> (String, String) {
        let mut body = json!({
            "name": "Kalendern", "role": "coordinator", "scopes": ["people:read"],
            "organisationId": self.installed.organisation_id,
        });
        if let Some(end) = expires_at {
            body["expiresAt"] = json!(end);
        }
        let (status, made) = self.post(KEYS, &body).await;
        assert_eq!(status, 201, "{made}");
        (text(&made, "id"), text(&made, "secret"))
    }

    async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        self.api.post(&self.installed.api_key, path, body).await
    }

    async fn status(&self, key: &str) -> u16 {
        self.api.get(Some(key), "/registration/v1/people").await.0
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

    stage.clock.set("2026-01-08T08:00:00Z".parse().unwrap());
    let took = stage.until_refused(&expiring_text).await;
    assert!(took <= PROMISED, "expired: {took:?}");
    stage.all.stop().await;
}
