//! Files of mentors: what becomes of each row, by the same rules as by hand.

use crate::world::{World, on_each_database};
use serde_json::{Value, json};
use shared_testing::{
    Reply, database,
    imports::{TABLE, counts, hand_in, import, report},
};
use shared_types::{OrganisationId, PersonId, Role, RoundId};

async fn take(world: &World, mode: &str, table: &str) -> Reply {
    let query = format!("mode={mode}&roundId={}", world.round);
    import(&world.coordinator, &query, table).await
}

async fn pool(world: &World) -> Vec<Value> {
    let path = format!("rounds/{}/mentors", world.round);
    let page = world.coordinator.get(&path).await.ok();
    page["items"].as_array().unwrap().clone()
}

fn table(world: &World, capacity: i32) -> String {
    let [one, two] = [0, 1].map(|at: usize| world.municipalities[at].chief.id);
    format!(
        "Anst.nr;personId;Kapacitet;Kompetenser;Språk;Presentation\r\n\
         1;{one};{capacity};change, crisis;sv|en;Tolv år som chef\r\n\
         2;{two};1;;;\r\n"
    )
}

#[actix_web::test]
async fn a_spreadsheet_of_mentors_is_taken_in_and_the_second_time_nothing_changes() {
    on_each_database(async |world| {
        let tried = take(world, "dry_run", &table(world, 2)).await;
        assert_eq!(counts(&tried), [2, 0, 0, 0], "{}", tried.text);
        assert_eq!(tried["roundId"], json!(world.round));
        assert_eq!(pool(world).await, [json!(null); 0]);
        let done = take(world, "all_or_nothing", &table(world, 2)).await;
        assert_eq!(
            (done["state"].as_str(), counts(&done)),
            (Some("done"), [2, 0, 0, 0])
        );
        let mentors = pool(world).await;
        assert_eq!(
            mentors[0]["profile"]["competences"],
            json!(["change", "crisis"])
        );
        assert_eq!(mentors[0]["profile"]["languages"], json!(["sv", "en"]));
        assert_eq!(
            (&mentors[0]["eligible"], &mentors[0]["capacity"]),
            (&json!(true), &json!(2))
        );
        let told = world.service.count("outbox").await;
        let again = take(world, "row_by_row", &table(world, 2)).await;
        assert_eq!(counts(&again), [0, 0, 2, 0], "{}", again.text);
        assert_eq!(world.service.count("outbox").await, told);
        let changed = take(world, "row_by_row", &table(world, 3)).await;
        assert_eq!(counts(&changed), [0, 1, 1, 0]);
        assert_eq!(pool(world).await[0]["capacity"], 3);
    })
    .await;
}

#[actix_web::test]
async fn a_row_breaks_no_rule_of_the_pool() {
    on_each_database(async |world| {
        take(world, "row_by_row", &table(world, 2)).await;
        let [one, two] = [0, 1].map(|at: usize| world.municipalities[at].chief.id);
        let nobody = PersonId::new();
        let rows = format!(
            "key,personId,capacity\n1,{two},1\n3,{one},1\n4,{nobody},1\n5,,1\n6,{two},many\n7,{nobody},99\n"
        );
        let done = take(world, "row_by_row", &rows).await;
        let told = report(&world.coordinator, &done.id()).await;
        let problems: Vec<&str> = told.iter().map(|row| row.2[0].as_str()).collect();
        assert_eq!(
            problems,
            [
                "import_thing_other personId",
                "mentor_already_in_pool",
                "mentor_person_unknown",
                "required personId",
                "type capacity",
                "too_large capacity",
            ]
        );
        let round = RoundId::new();
        let unknown = format!("mode=dry_run&roundId={round}");
        let refused = hand_in(&world.coordinator, &unknown, TABLE, "key\n1\n").await;
        refused.refused("not_found");
        let other = world.service.stranger().system(Role::Coordinator, Some(OrganisationId::new()));
        other.get(&format!("imports/{}", done.id())).await.refused("not_found");
    })
    .await;
}

#[actix_web::test]
async fn who_is_erased_stands_in_no_row_that_waits() {
    on_each_database(async |world| {
        let done = take(world, "row_by_row", &table(world, 2)).await;
        let person = world.municipalities[0].chief.id;
        let database = &world.service.state.database;
        let waiting = format!("UPDATE import_rows SET content = '{{\"personId\": \"{person}\"}}'");
        database::tamper(database, &waiting).await;
        world
            .service
            .tell("person.erased", json!({ "personId": person }))
            .await;
        let left = "SELECT COUNT(*) AS row FROM import_rows WHERE content IS NOT NULL";
        assert_eq!(database::number(database, left).await, 0, "{}", done.text);
    })
    .await;
}
