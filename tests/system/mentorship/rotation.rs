//! A new master key for what pairs write is taken into use with `akademi pairs rotate`, beside what
//! runs; the old one is needed until then, and not afterwards.

use super::stage::{Api, Stage, clock_of, program, said};
use serde_json::{Value, json};
use shared_database::Database;
use shared_envelope::Keys;
use shared_testing::database::number;
use std::fs;

/// The setting, as an operator's environment has it.
const PAIR_KEYS: &str = "AKADEMI_PAIR_KEYS";

/// Rotates the key of what the demo's pairs and participants have written.
pub(super) async fn holds(stage: &Stage, summary: &Value) {
    let held = Held { stage, summary };
    let list = stage.data().join("keys").join("pairs");
    let old = fs::read_to_string(&list).unwrap().trim().to_owned();
    let (old_name, _) = old.split_once(':').unwrap();
    let (new, fine) = said(program(&["pairs", "key", "2023"])).await;
    assert!(fine, "{new}");
    let new = new.trim();
    let before = held.read_by(&old).await.unwrap();
    assert!(
        before.to_string().contains("Hur jag leder chefer"),
        "{before}"
    );
    let (wrapped, dropped) = (held.vaults(old_name).await, held.vaults("2023").await);
    assert!(wrapped >= 2 && dropped == 0, "a pair's and a participant's");

    // Who takes the old one away too early is told, and nothing has changed.
    let mut rotate = stage.command(&["pairs", "rotate"], Some("mentorship"));
    rotate.env(PAIR_KEYS, new);
    let (told, fine) = said(rotate).await;
    let missing = format!("there is no key \"{old_name}\" in the list");
    assert!(!fine && told.contains(&missing), "{told}");
    assert_eq!(held.vaults(old_name).await, wrapped);
    let refused = held.read_by(new).await.unwrap_err();
    assert!(
        !refused.contains(&missing) && !refused.contains("Hur jag"),
        "{refused}"
    );
    assert_eq!(held.read_by(&old).await.unwrap(), before);

    // Both are in the list, the new one first; the service runs, and somebody writes meanwhile.
    fs::write(&list, format!("{new},{old}")).unwrap();
    let all = held.serve(None).await;
    let api = Api::new(&all.url());
    assert_eq!(held.read(&api).await.unwrap(), before);
    let rotate = || said(stage.command(&["pairs", "rotate"], Some("mentorship")));
    let (told, fine) = rotate().await;
    let expected = format!("{wrapped} wrapped anew, all by 2023");
    assert!(fine && told.contains(&expected), "{told}");
    let (told, fine) = rotate().await;
    assert!(fine && told.contains("0 wrapped anew"), "{told}");
    assert_eq!(
        (held.vaults(old_name).await, held.vaults("2023").await),
        (0, wrapped)
    );
    assert_eq!(held.read(&api).await.unwrap(), before);
    let notes = format!(
        "/mentorship/v1/pairs/{}/notes",
        summary["pair"].as_str().unwrap()
    );
    let note = json!({ "text": "Efter bytet." });
    api.post(held.token(), &notes, &note).await.created();
    let after = held.read(&api).await.unwrap();
    all.stop().await;

    // The old one can go, and opens nothing.
    fs::write(&list, new).unwrap();
    let (told, fine) = rotate().await;
    assert!(fine && told.contains("0 wrapped anew"), "{told}");
    assert_eq!(held.read_by(new).await.unwrap(), after);
    assert!(after.to_string().contains("Efter bytet.") && after != before);
    assert!(held.read_by(&old).await.is_err());
}

struct Held<'a> {
    stage: &'a Stage,
    summary: &'a Value,
}

impl Held<'_> {
    fn token(&self) -> &str {
        self.summary["tokens"]["mentee"].as_str().unwrap()
    }

    /// All services, with these keys or those of the data folder.
    async fn serve(&self, keys: Option<&str>) -> akademi::AllInOne {
        let issuer = self.stage.issuer().public().clone();
        let all = self.stage.all_in_one(|options| {
            options.clock = clock_of(self.summary);
            options.demo = Some(issuer);
            options.public_url = Some("https://akademi.test".to_owned());
            options.pair_keys = keys.map(|keys| keys.parse::<Keys>().unwrap());
        });
        all.await
    }

    /// What the participant and the pair have written, by these keys alone; or what is said
    /// instead.
    async fn read_by(&self, keys: &str) -> Result<Value, String> {
        let all = self.serve(Some(keys)).await;
        let read = self.read(&Api::new(&all.url())).await;
        all.stop().await;
        read
    }

    async fn read(&self, api: &Api) -> Result<Value, String> {
        let [pair, part] =
            ["pair", "participation"].map(|name| self.summary[name].as_str().unwrap());
        let mut read = Vec::new();
        for path in [
            format!("pairs/{pair}/export"),
            format!("challenges/{part}"),
            format!("challenges/{part}/experiments"),
        ] {
            let reply = api
                .get(self.token(), &format!("/mentorship/v1/{path}"))
                .await;
            if reply.status != 200 {
                return Err(reply.text);
            }
            read.push(reply.json);
        }
        Ok(Value::Array(read))
    }

    /// How many keys are wrapped by a master key.
    async fn vaults(&self, key: &str) -> i64 {
        let url = self.stage.url("mentorship");
        let database = Database::connect(&url, "mentorship").await.unwrap();
        let query = format!("SELECT COUNT(*) AS row FROM vaults WHERE key_id = '{key}'");
        number(&database, &query).await
    }
}
