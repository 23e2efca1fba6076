//! What the demo's HR system was told, and what stands in the feed of other services.

use crate::program::Api;
use registration::feeds::catalogue::CATALOGUE;
use serde_json::Value;
use std::collections::BTreeSet;

/// Stops unless the HR system got each of its events once, and the feed has what another service told
/// last.
pub(crate) async fn is_as_played(api: &Api, summary: &Value) {
    let integration = &summary["integration"];
    let file = integration["deliveries"].as_str().unwrap();
    let text = std::fs::read_to_string(file).unwrap();
    let got: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let ids: BTreeSet<&str> = got
        .iter()
        .map(|one| one["headers"]["webhook-id"].as_str().unwrap())
        .collect();
    // One that was on its way when the demo counted has arrived since.
    let counted = integration["delivered"].as_u64().unwrap();
    assert!(counted > 0 && counted <= ids.len() as u64, "{counted}");
    assert_eq!(got.len(), ids.len(), "each once");
    let linkoping = summary["organisations"]["linkoping"].as_str().unwrap();
    for one in &got {
        let event: Value = serde_json::from_str(one["body"].as_str().unwrap()).unwrap();
        assert_eq!(event["data"]["organisationId"], linkoping, "{event}");
    }
    // A year after the first of them the oldest texts are gone, of mails that were not sent too; who
    // has left is told nothing more.
    let counted = |mail: &Value, states: &[&str]| {
        let is_one = states.contains(&mail["state"].as_str().unwrap());
        mail["count"].as_i64().filter(|_| is_one).unwrap_or(0)
    };
    let mails = integration["mails"].as_array().unwrap();
    let sent = |mail: &Value| counted(mail, &["sent", "erased", "dropped"]) > 0;
    assert!(!mails.is_empty() && mails.iter().all(sent), "{mails:?}");
    let dropped: i64 = mails.iter().map(|mail| counted(mail, &["dropped"])).sum();
    assert!(dropped <= 3, "{mails:?}");
    for template in [
        "offer_made",
        "slate_requested",
        "told.pair_proposed",
        "told.survey_opened",
        "told.certificate_issued",
    ] {
        assert!(
            mails.iter().any(|mail| mail["template"] == template),
            "{template}"
        );
    }
    let hr = summary["tokens"]["hr"].as_str().unwrap();
    let webhook = integration["webhook"].as_str().unwrap();
    let path = format!("/registration/v1/webhooks/{webhook}/deliveries?state=failed");
    let (status, failed) = api.get(Some(hr), &path).await;
    assert_eq!(status, 200, "{failed}");
    // Nothing but what was forgotten before it was on its way.
    for one in failed["items"].as_array().unwrap() {
        assert_eq!(one["outcome"], "event_forgotten", "{one}");
    }
    let other = summary["tokens"]["director"].as_str().unwrap();
    assert_eq!(api.get(Some(other), &path).await.0, 404);
    let told = kinds(api, summary["tokens"]["coordinator"].as_str().unwrap()).await;
    // Events are kept for 90 days: what became of the pairs is older than that by now.
    for name in ["certificate.issued", "completion.decided"] {
        let known = CATALOGUE.iter().find(|known| known.name == name);
        assert_ne!(known.unwrap().source, "/registration");
        assert!(told.contains(name), "{name} was never told");
    }
}

/// Types of the events in a caller's feed.
async fn kinds(api: &Api, token: &str) -> BTreeSet<String> {
    let mut kinds = BTreeSet::new();
    let mut path = "/registration/v1/events?limit=100".to_owned();
    loop {
        let (status, page) = api.get(Some(token), &path).await;
        assert_eq!(status, 200, "{page}");
        let items = page["items"].as_array().unwrap();
        kinds.extend(
            items
                .iter()
                .map(|one| one["type"].as_str().unwrap().to_owned()),
        );
        if items.len() < 100 {
            return kinds;
        }
        let next = page["_links"]["next"]["href"].as_str().unwrap();
        path = next.strip_prefix(&api.url).unwrap_or(next).to_owned();
    }
}
