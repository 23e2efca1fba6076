//! Files of venues: what becomes of each row, by the same rules as by hand.

use crate::world::{World, on_each_database, venue};
use serde_json::{Value, json};
use shared_testing::{
    Reply, database,
    imports::{TABLE, counts, ended, hand_in, import, report},
};
use shared_types::{OrganisationId, Role};

/// Two venues as somebody keeps them in a spreadsheet.
const VENUES: &str = "Kod;Namn;Slag;Gata;Postnummer;Ort;Land;Kontakt;E-post;Bäddar;Stegfritt;Hörslinga;Handikapptoalett;Hiss;Handikapparkering\r\n\
    V1;Stiftsgården Vårdnäs;kursgård;Vårdnäs;590 47;Vikingstad;SE;Bokningen;bokning@venue.example;1 040;ja;ja;ja;nej;ja\r\n\
    V2;Lärcentrum Tranås;lärcentrum;Storgatan 1;573 31;Tranås;SE;;;;;;;;\r\n";

async fn take(world: &World, mode: &str, table: &str) -> Reply {
    let query = format!("mode={mode}&organisationId={}", world.organiser);
    import(&world.coordinator, &query, table).await
}

async fn venues(world: &World) -> Vec<Value> {
    let page = world.coordinator.get("venues").await.ok();
    page["items"].as_array().unwrap().clone()
}

async fn events(world: &World) -> i64 {
    let query = "SELECT COUNT(*) AS row FROM outbox";
    database::number(&world.service.state.database, query).await
}

#[actix_web::test]
async fn a_spreadsheet_of_venues_is_taken_in_and_the_second_time_nothing_changes() {
    on_each_database(async |world| {
        let tried = take(world, "dry_run", VENUES).await;
        assert_eq!(counts(&tried), [2, 0, 0, 0], "{}", tried.text);
        assert_eq!(venues(world).await, [json!(null); 0]);
        let done = take(world, "all_or_nothing", VENUES).await;
        assert_eq!(
            (done["state"].as_str(), counts(&done)),
            (Some("done"), [2, 0, 0, 0])
        );
        let made = venues(world).await;
        let [first, second] = made.as_slice() else {
            panic!("two venues: {made:?}");
        };
        assert_eq!(first["beds"], 1040);
        assert_eq!(first["address"]["town"], "Vikingstad");
        assert_eq!(
            first["contact"],
            json!({ "name": "Bokningen", "email": "bokning@venue.example" })
        );
        assert_eq!(first["accessibility"]["lift"], false);
        assert_eq!(second["kind"], "learning_centre");
        assert!(second.get("contact").is_none() && second.get("accessibility").is_none());
        let told = events(world).await;
        let again = take(world, "row_by_row", VENUES).await;
        assert_eq!(counts(&again), [0, 0, 2, 0]);
        assert_eq!(events(world).await, told);
        let changed = take(world, "row_by_row", "key,beds,contact.email\nV1,12,\n").await;
        assert_eq!(counts(&changed), [0, 1, 0, 0], "{}", changed.text);
        let first = venues(world).await[0].clone();
        assert_eq!(
            (&first["beds"], &first["contact"]),
            (&json!(12), &json!({ "name": "Bokningen" }))
        );
    })
    .await;
}

#[actix_web::test]
async fn a_row_breaks_no_rule_and_reaches_no_other_organisers_venue() {
    on_each_database(async |world| {
        let other = OrganisationId::new();
        let fellow = world
            .service
            .stranger()
            .system(Role::Coordinator, Some(other));
        let foreign = fellow.post("venues", venue(other)).await.created().id();
        let own = world
            .coordinator
            .post("venues", venue(world.organiser))
            .await
            .created()
            .id();
        let list = json!([
            { "key": "1", "id": foreign, "name": "Mine now" },
            { "key": "2", "id": own, "name": "Renamed" },
            { "key": "3", "name": "Nowhere" },
            { "key": "4", "address": { "street": "A", "planet": "Mars" } },
            { "key": "2", "name": "Again" },
        ]);
        let query = format!("mode=row_by_row&organisationId={}", world.organiser);
        let taken = hand_in(
            &world.coordinator,
            &query,
            "application/json",
            list.to_string(),
        )
        .await;
        let done = ended(&world.coordinator, &taken.is(202).id()).await;
        let told = report(&world.coordinator, &done.id()).await;
        let problems: Vec<&str> = told
            .iter()
            .map(|row| row.2.first().map_or("", String::as_str))
            .collect();
        assert_eq!(
            problems,
            [
                "import_thing_other id",
                "",
                "required address",
                "unknown_member address.planet",
                "import_key_repeated"
            ]
        );
        let kept = world.coordinator.get(&format!("venues/{own}")).await.ok();
        assert_eq!(kept["name"], "Renamed");
        let query = format!("mode=dry_run&organisationId={other}");
        let refused = hand_in(&world.coordinator, &query, TABLE, "key\n1\n").await;
        refused.refused("forbidden");
        fellow
            .get(&format!("imports/{}", done.id()))
            .await
            .refused("not_found");
    })
    .await;
}
