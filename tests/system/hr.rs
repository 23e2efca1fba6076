//! What the demo's HR system did, asked of the API through the gateway.

use crate::{meetings::read, program::Api};
use serde_json::Value;

/// Asks for who was provisioned, and for what became of who has left.
pub(crate) async fn is_as_played(api: &Api, summary: &Value) {
    let hr = &summary["hr"];
    let key = hr["key"].as_str().unwrap();
    let users = read(api, key, "/registration/scim/v2/Users?count=1").await;
    assert!(users["totalResults"].as_u64().unwrap() > 1000, "{users}");
    let filter = "filter=externalId%20eq%20%22LK-999%22";
    let path = format!("/registration/scim/v2/Users?{filter}");
    let last = read(api, key, &path).await;
    let employee = &last["Resources"][0];
    let extension = &employee["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"];
    let manager = extension["manager"]["value"].as_str().unwrap();
    let manager = read(api, key, &format!("/registration/scim/v2/Users/{manager}")).await;
    assert_eq!(manager["externalId"], "LK-3");
    assert_eq!(extension["department"], "Kultur- och fritidsförvaltningen");
    let left = hr["left"].as_str().unwrap();
    let user = read(api, key, &format!("/registration/scim/v2/Users/{left}")).await;
    assert_eq!(user["active"], false);
    let gone = hr["goneAfterMillis"].as_u64().unwrap();
    assert!(gone <= 5000, "still answered after {gone} ms");
    // The key speaks for Linköping's people alone, and for nothing else.
    let coordinator = summary["tokens"]["coordinator"].as_str().unwrap();
    let people = read(api, coordinator, "/registration/v1/people?limit=1").await;
    assert!(people["_meta"]["totalRecords"].as_u64().unwrap() > 1000);
    let foreign = summary["people"]["ydre-director"].as_str().unwrap();
    let foreign = format!("/registration/scim/v2/Users/{foreign}");
    let (status, error) = api.get(Some(key), &foreign).await;
    assert_eq!((status, &error["status"]), (404, &Value::from("404")));
    let (status, _) = api.get(Some(key), "/registration/v1/people").await;
    assert_eq!(status, 403);
    for (token, expected) in [(None, 401), (Some(coordinator), 403)] {
        let (status, error) = api.get(token, "/registration/scim/v2/Users").await;
        assert_eq!(status, expected, "{error}");
        let schema = "urn:ietf:params:scim:api:messages:2.0:Error";
        assert_eq!(error["schemas"][0], schema);
    }
    let next = hr["next"].as_str().unwrap();
    let hr_person = summary["tokens"]["hr"].as_str().unwrap();
    let path = format!("/registration/v1/applications/{next}");
    let next = read(api, hr_person, &path).await;
    assert_eq!(next["seat"]["state"], "offered");
    let application = hr["application"].as_str().unwrap();
    let path = format!("/registration/v1/applications/{application}");
    let gone = read(api, hr_person, &path).await;
    assert_eq!(gone["seat"]["state"], "withdrawn");
    assert_eq!(gone["personActive"], false);
    // Who asked to be forgotten is nobody any more, in the list of who is interested as well.
    let erasure = hr["erasure"].as_str().unwrap();
    let path = format!("/registration/v1/erasures/{erasure}");
    let erasure = read(api, hr_person, &path).await;
    assert_eq!(erasure["state"], "erased");
    let said = erasure["services"].as_array().unwrap();
    assert!(said.len() == 4 && said.iter().all(|one| one["acknowledgedAt"].is_string()));
    let forgotten = erasure["personId"].as_str().unwrap();
    let path = format!("/registration/scim/v2/Users/{forgotten}");
    assert_eq!(api.get(Some(key), &path).await.0, 404);
    let round = &summary["rounds"]["linkoping-alla-chefer-intresse"];
    let round = round.as_str().unwrap();
    let path = format!("/registration/v1/rounds/{round}/interests");
    let organiser = summary["tokens"]["coordinatorElsewhere"].as_str().unwrap();
    let interested = read(api, organiser, &path).await;
    assert_eq!(interested["items"], Value::Array(Vec::new()));
    // One's own data come from all four services in one file; a key of HR's is nobody's.
    let participant = summary["tokens"]["participant"].as_str().unwrap();
    let archive = read(api, participant, "/gateway/v1/archive").await;
    for service in ["registration", "scheduling", "mentorship", "evaluation"] {
        let part = &archive["services"][service];
        let person = &archive["services"]["registration"]["personId"];
        assert_eq!((&part["personId"], person.is_string()), (person, true));
        let parts = part["parts"].as_array().unwrap();
        let kept = parts
            .iter()
            .map(|one| one["items"].as_array().unwrap().len());
        assert!(kept.sum::<usize>() > 0, "{part}");
    }
    assert_eq!(api.get(Some(key), "/gateway/v1/archive").await.0, 403);
}
