//! Budgets: what a round is paid with, what it costs, and what a participant costs.

use crate::world::{on_each_database, with};
use serde_json::{Value, json};
use shared_types::Role;

/// The project of the Jönköping document: 775 869 SEK in all, 13 000 to 15 000 SEK a participant
/// at 24. How the total is divided is ours.
pub(crate) fn project() -> Value {
    json!({
        "currency": "SEK", "participants": 24,
        "costAParticipant": { "leastMinor": 1_300_000, "mostMinor": 1_500_000 },
        "funding": [{ "kind": "grant", "name": "Europeiska socialfonden", "amountMinor": 77_586_900 }],
        "costs": [
            { "kind": "development", "name": "Utveckling", "plannedMinor": 43_986_900 },
            {
                "kind": "delivery", "name": "=Föreläsare", "plannedMinor": 33_600_000,
                "outlays": [
                    { "bookedOn": "2008-11-30", "note": "Ver. 1", "amountMinor": 1_450_001 },
                    { "bookedOn": "2008-12-01", "note": "Rättelse av ver. 1", "amountMinor": -1 },
                ],
            },
        ],
    })
}

#[actix_web::test]
async fn the_project_comes_to_its_total_and_to_what_a_participant_may_cost() {
    on_each_database(async |world| {
        let announced = world.announced(1, json!({})).await;
        let path = format!("rounds/{}/budget", announced.round);
        world.coordinator.get(&path).await.refused("budget_unknown");
        world.coordinator.change("PUT", &path, "*", project()).await.ok();
        let none = world.coordinator.get(&path).await.ok();
        assert_eq!(none["result"].get("actualInRange"), None);
        announced.answer(0, "accept").await.ok();
        let read = world.coordinator.get(&path).await.ok();
        let sums = |planned: i64, actual: i64| json!({ "plannedMinor": planned, "actualMinor": actual });
        assert_eq!(
            read["result"],
            json!({
                "funding": { "amountMinor": 77_586_900, "currency": "SEK" },
                "development": sums(43_986_900, 0), "delivery": sums(33_600_000, 1_450_000),
                "total": sums(77_586_900, 1_450_000), "left": sums(0, 76_136_900), "participants": 1,
                "aParticipant": sums(1_400_000, 1_450_000), "planInRange": true, "actualInRange": true,
            })
        );
        let tag = read.tag();
        let fewer = with(project(), json!({ "participants": 12 }));
        let changed = world.coordinator.change("PUT", &path, &tag, fewer.clone()).await.ok();
        assert_eq!(changed["result"]["planInRange"], false);
        world.coordinator.change("PUT", &path, &tag, fewer).await.refused("version_stale");
        let range = json!({ "leastMinor": 2, "mostMinor": 1 });
        let wrong = with(project(), json!({ "costAParticipant": range }));
        let wrong = world.coordinator.change("PUT", &path, "*", wrong).await.refused("invalid_body");
        assert_eq!(wrong.violations()[0].0, "/costAParticipant/mostMinor");
        let stranger = world.service.stranger();
        let own = stranger.system(Role::Hr, Some(world.municipalities[0].id));
        own.get(&path).await.refused("forbidden");
    })
    .await;
}

#[actix_web::test]
async fn the_funder_gets_a_table_in_the_language_of_the_request() {
    on_each_database(async |world| {
        let round = world.open_round(json!({})).await;
        let path = format!("rounds/{round}/budget");
        world
            .coordinator
            .change("PUT", &path, "*", project())
            .await
            .ok();
        let call = world
            .coordinator
            .call(shared_testing::Method::GET, &format!("{path}/export"));
        let table = call.header("accept-language", "sv").send().await.is(200);
        assert_eq!(
            table.text.trim_start_matches('\u{feff}'),
            "del,slag,benämning,bokförd,planerat,utfall\r\n\
             finansiering,grant,Europeiska socialfonden,,775869.00,\r\n\
             kostnad,utveckling,Utveckling,,439869.00,0.00\r\n\
             kostnad,genomförande,'=Föreläsare,,336000.00,14500.00\r\n\
             utlägg,genomförande,Ver. 1,2008-11-30,,14500.01\r\n\
             utlägg,genomförande,Rättelse av ver. 1,2008-12-01,,-0.01\r\n\
             summa,,utveckling,,439869.00,0.00\r\n\
             summa,,genomförande,,336000.00,14500.00\r\n\
             summa,,totalt,,775869.00,14500.00\r\n\
             summa,,återstår,,0.00,761369.00\r\n\
             summa,,genomförande per deltagare,,14000.00,0.00\r\n\
             summa,,deltagare,,24,0\r\n"
        );
    })
    .await;
}
