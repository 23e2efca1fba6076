//! A person is forgotten: what the pairs wrote, what was said of the person, and every name.

use crate::world::{Matched, World, on_each_database, text, with};
use serde_json::{Value, json};
use shared_testing::{Reply, database};
use shared_types::PersonId;

const CANARY: &str = "kanariefågel";
const NAME: &str = "Torkel Utter";

async fn erase(world: &World, person: PersonId) {
    let gone = json!({ "personId": person });
    world.service.tell("person.erased", gone).await;
}

/// An active pair whose mentor has a name of one's own, with notes of both, a pulse, a reason and
/// a meeting to come.
async fn busy(world: &World) -> Matched {
    let own = &world.municipalities[1];
    world
        .tell_person(own.chief.id, own.id, json!({ "name": NAME }))
        .await;
    let matched = world.active().await;
    for client in [matched.mentor(), matched.mentee()] {
        let note = json!({ "text": format!("{CANARY} note") });
        client.post(&matched.at("notes"), note).await.created();
        let fit = json!({ "fit": "good" });
        client
            .change("PUT", &matched.at("pulse"), "*", fit)
            .await
            .ok();
    }
    let meeting = json!({
        "startsAt": "2022-06-13T12:00:00Z", "lengthMinutes": 60, "topic": format!("{CANARY} topic"),
    });
    let client = matched.mentee();
    client
        .post(&matched.at("meetings"), meeting)
        .await
        .created();
    // As a relay would leave them: taken to registration, and kept.
    let told = "UPDATE outbox SET fanned_out = TRUE";
    database::tamper(&world.service.state.database, told).await;
    matched
}

async fn seen(world: &World, pair: &str) -> Reply {
    world.coordinator.get(&format!("pairs/{pair}")).await.ok()
}

/// Every row of every table.
async fn everything(world: &World) -> String {
    let contents = database::contents(&world.service.state.database).await;
    contents
        .into_values()
        .flatten()
        .collect::<Vec<_>>()
        .join("\n")
}

#[actix_web::test]
async fn the_pair_of_who_is_forgotten_ends_and_all_that_it_wrote_is_gone() {
    on_each_database(async |world| {
        let matched = busy(world).await;
        assert!(everything(world).await.contains(NAME), "the test can fail");
        erase(world, matched.mentor.id).await;
        let pair = seen(world, &matched.pair).await;
        assert_eq!(
            (&pair["state"], &pair["ending"], &pair["mentor"]["name"]),
            (&json!("ended"), &json!("person_erased"), &Value::Null)
        );
        // One key has sealed what both wrote: it is dropped, for copies of the database too.
        let notes = matched.mentee().get(&matched.at("notes")).await.ok();
        assert_eq!(notes["_meta"]["totalRecords"], 0);
        let note = json!({ "text": "Once more" });
        matched
            .mentee()
            .post(&matched.at("notes"), note)
            .await
            .refused("pair_state_forbids");
        let keys = "SELECT COUNT(*) AS row FROM vaults WHERE wrapped_key IS NOT NULL";
        assert_eq!(
            database::number(&world.service.state.database, keys).await,
            0
        );
        assert_eq!(world.service.count("writings").await, 0);
        // What the mentee said of the fit stays; what the mentor said does not.
        assert_eq!(world.service.count("pulses").await, 1);
        let meetings = world.coordinator.get(&matched.at("meetings")).await.ok();
        assert_eq!(meetings["items"][0]["state"], "cancelled");
        let pool = world
            .coordinator
            .get(&format!("mentors/{}", matched.mentor_id))
            .await
            .ok();
        assert_eq!(
            (&pool["capacity"], &pool["eligible"]),
            (&json!(0), &json!(false))
        );
        assert!(world.alarms().await.is_empty());
        let left = everything(world).await;
        assert!(!left.contains(NAME) && !left.contains(CANARY), "{left}");
    })
    .await;
}

#[actix_web::test]
async fn a_mentee_who_is_forgotten_is_matched_with_nobody_any_more() {
    on_each_database(async |world| {
        let matched = busy(world).await;
        let mentee = matched.mentee.person.id;
        let other = world.municipalities[2].chief.id;
        let conflict = json!({ "personId": mentee, "otherPersonId": other, "reason": CANARY });
        let conflicts = format!("rounds/{}/conflicts", world.round);
        world.coordinator.post(&conflicts, conflict).await.created();
        let reason = json!({ "ending": "disagreement", "reason": format!("{CANARY} reason") });
        world
            .coordinator
            .post(&matched.at("ending"), reason)
            .await
            .ok();
        world.mentor(2, 1).await;
        erase(world, mentee).await;
        assert_eq!(world.service.count("conflicts").await, 0);
        assert_eq!(world.run().await["pairs"], json!([]));
        // That it ended stays as it was; why goes.
        let pair = seen(world, &matched.pair).await;
        assert_eq!(pair["ending"], "disagreement");
        let history = world.coordinator.get(&matched.at("history")).await.ok();
        assert!(history.text.contains("pair.ended") && !history.text.contains(CANARY));
        assert!(!everything(world).await.contains(CANARY));
    })
    .await;
}

#[actix_web::test]
async fn who_was_proposed_to_somebody_who_is_forgotten_is_proposed_the_next_best() {
    on_each_database(async |world| {
        let matched = world.proposed().await;
        let next = world.mentor(2, 1).await;
        erase(world, matched.mentor.id).await;
        let pairs = world.pairs().await;
        let live: Vec<&Value> = pairs
            .iter()
            .filter(|pair| pair["state"] == "proposed")
            .collect();
        assert_eq!(live.len(), 1);
        assert_eq!(live[0]["mentorId"], json!(next));
        // And a mentor whose mentee is forgotten takes whoever waits.
        let waiting = world.participant(0).await;
        let run = world.run().await;
        assert_eq!(run["pairs"], json!([]), "no place is left");
        erase(world, matched.mentee.person.id).await;
        let run = world.run().await;
        assert_eq!(run["pairs"][0]["applicationId"], json!(waiting.application));
    })
    .await;
}

#[actix_web::test]
async fn forgetting_is_acknowledged_once_and_mails_stop() {
    on_each_database(async |world| {
        let matched = busy(world).await;
        let gone = matched.mentor.id;
        for _ in 0..2 {
            erase(world, gone).await;
        }
        let cast = if world.service.database.is_postgres() {
            "data::text"
        } else {
            "data"
        };
        let query = format!("SELECT {cast} AS row FROM outbox WHERE kind = 'erasure.acknowledged'");
        let told = database::texts(&world.service.state.database, &query).await;
        let told: Vec<Value> = told
            .iter()
            .map(|row| serde_json::from_str(row).unwrap())
            .collect();
        let fact = json!({ "personId": gone, "service": "mentorship" });
        // Two events told it, so two answers; neither says more than who and by whom.
        assert_eq!(told, vec![fact.clone(), fact]);
        let messages = world.service.messages().await;
        assert!(messages.iter().all(|one| one["personId"] != json!(gone)));
        // The other hears that the meeting is off, without a name.
        let last = messages.last().unwrap();
        assert_eq!(last["personId"], json!(matched.mentee.person.id));
        assert_eq!(text(&last["subject"]), "Cancelled: mentor meeting");
        assert!(text(&last["calendar"]).contains("METHOD:CANCEL"));
        let alone = with(last.clone(), json!({ "calendar": null }));
        assert!(!alone.to_string().contains(NAME));
    })
    .await;
}

#[actix_web::test]
async fn a_message_that_is_still_to_be_told_names_nobody_who_is_forgotten() {
    on_each_database(async |world| {
        let matched = busy(world).await;
        let untold = "UPDATE outbox SET fanned_out = FALSE";
        database::tamper(&world.service.state.database, untold).await;
        let of_mentee = async || {
            let mut messages = world.service.messages().await;
            messages.retain(|one| one["personId"] == json!(matched.mentee.person.id));
            messages
        };
        let before = of_mentee().await;
        assert!(
            json!(before).to_string().contains(NAME),
            "the test can fail"
        );
        erase(world, matched.mentor.id).await;
        let after = of_mentee().await;
        assert!(after.len() >= before.len());
        assert!(!json!(after).to_string().contains(NAME));
    })
    .await;
}
