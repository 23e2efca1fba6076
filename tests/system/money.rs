//! What the demo has billed, asked of the API through the gateway.

use crate::{meetings::read, program::Api};
use serde_json::{Value, json};

/// Two collective invoices and a credit note, with the announced prices.
pub(crate) async fn is_as_played(api: &Api, summary: &Value) {
    let token = summary["tokens"]["biller"].as_str().unwrap();
    let documents = summary["invoices"].as_array().unwrap();
    // 24 000 SEK a year and three occasions at 3 000 SEK, without VAT: 33 000 SEK each. One
    // municipality sends two; one of them withdraws in time, and half of it is credited.
    let mut told: Vec<(&str, i64, i64)> = Vec::new();
    for one in documents {
        let minor = |member: &str| one[member]["amountMinor"].as_i64().unwrap();
        told.push((one["number"].as_str().unwrap(), minor("net"), minor("vat")));
    }
    told.sort_unstable();
    let mut nets: Vec<i64> = told.iter().map(|one| one.1).collect();
    nets.sort_unstable();
    assert_eq!(nets, [1_650_000, 3_300_000, 6_600_000], "{told:?}");
    let year = &told[0].0[..4];
    let numbers: Vec<&str> = told.iter().map(|one| one.0).collect();
    let expected = [
        format!("{year}-00001"),
        format!("{year}-00002"),
        format!("K{year}-00001"),
    ];
    assert_eq!(numbers, expected);
    let vat: i64 = told.iter().map(|one| one.2).sum();
    assert_eq!(vat, 708_000 + 1_416_000 + 354_000);
    for one in documents {
        let path = format!("/registration/v1/invoices/{}", one["id"].as_str().unwrap());
        let lines = read(api, token, &format!("{path}/lines")).await;
        let first = &lines["items"][0];
        assert_eq!(first["vatPermille"], 250, "{first}");
        // Who buys elsewhere does not know of it.
        let other = summary["tokens"]["director"].as_str().unwrap();
        assert_eq!(api.get(Some(other), &path).await.0, 404);
    }
    let round = summary["rounds"]["hallbart-ledarskap-2008"]
        .as_str()
        .unwrap();
    let path = format!("/registration/v1/rounds/{round}/budget");
    let (status, _) = api.get(Some(token), &path).await;
    assert_eq!(status, 403, "another organiser's budget");
    project_comes_to_what_was_granted(api, summary, &path).await;
    let organiser = documents[0]["organiserId"].as_str().unwrap();
    let journal = format!(
        "/registration/v1/organisations/{organiser}/invoice-journal?from={year}-01-01&until={year}-12-31"
    );
    let (status, _) = api.get(Some(token), &journal).await;
    assert_eq!(status, 200);
    let (status, refused) = api.get(None, &journal).await;
    assert_eq!((status, &refused["code"]), (401, &json!("unauthenticated")));
}

/// The project of the Jönköping document: the grant of 775 869 SEK pays for all of it, and with 24
/// who take part each costs between 13 000 and 15 000 SEK.
async fn project_comes_to_what_was_granted(api: &Api, summary: &Value, path: &str) {
    let token = summary["tokens"]["projectLeader"].as_str().unwrap();
    let read = read(api, token, path).await;
    let planned = |of: &str| {
        read["result"][of]["plannedMinor"]
            .as_i64()
            .unwrap_or_else(|| panic!("{of} in {read}"))
    };
    let granted = json!({ "amountMinor": 77_586_900, "currency": "SEK" });
    assert_eq!(read["result"]["funding"], granted);
    assert_eq!(planned("total"), 77_586_900);
    assert_eq!(planned("development") + planned("delivery"), 77_586_900);
    assert_eq!(planned("left"), 0);
    assert_eq!(read["budget"]["participants"], 24);
    let range = &read["budget"]["costAParticipant"];
    assert_eq!(
        (&range["leastMinor"], &range["mostMinor"]),
        (&json!(1_300_000), &json!(1_500_000))
    );
    // 336 000 SEK of delivery for 24.
    assert_eq!(planned("aParticipant"), 1_400_000);
    assert_eq!(read["result"]["planInRange"], true);
    // What the funder gets says the same.
    let (status, _) = api.get(Some(token), &format!("{path}/export")).await;
    assert_eq!(status, 200);
}
