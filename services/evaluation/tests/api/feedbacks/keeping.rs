//! What is kept of raters and their answers, where, and for how long.

use super::{Circle, progress};
use crate::{
    circle::{send, sheet, value},
    world::{on_each_database, with},
};
use serde_json::json;
use shared_testing::database;

/// Tables in which a text stands.
async fn places(world: &crate::world::World, text: &str) -> Vec<String> {
    let contents = database::contents(&world.service.state.database).await;
    let found = contents
        .into_iter()
        .filter(|(_, rows)| rows.join("\n").contains(text));
    found.map(|(table, _)| table).collect()
}

#[actix_web::test]
async fn texts_and_addresses_stand_nowhere_readable_but_in_the_mail_that_waits() {
    on_each_database(async |world| {
        let circle = Circle::of(world).await;
        let feedback = world.feedback(&circle.participant).await;
        let rater = json!({
            "group": "peers", "name": "Kanarie Namn", "email": "kanarie@kommun.example",
        });
        world
            .names(&circle.participant, &feedback, rater)
            .await
            .created();
        for text in ["Kanarie", "kanarie@"] {
            assert_eq!(places(world, text).await, [""; 0], "{text}");
        }
        world
            .names_some(&circle.participant, &feedback, ("peers", 3))
            .await;
        world.feedback_step(&feedback, "confirmation").await.ok();
        assert_eq!(places(world, "kanarie@").await, ["outbox"]);
        let history = world.service.count("changes").await;
        let told = world.service.count("outbox").await;
        let stranger = world.service.stranger();
        let answers = with(sheet(3), json!({ "more": "fågelsång" }));
        for (_, link) in world.written().await {
            send(&stranger, &link, &answers).await.is(303);
        }
        // Nothing is written but marks and sealed sheets.
        assert_eq!(world.service.count("changes").await, history);
        assert_eq!(world.service.count("outbox").await, told);
        assert_eq!(world.service.count("survey_intake").await, 4);
        assert_eq!(places(world, "fågelsång").await, [""; 0]);
        // What registration has is forgotten at once.
        let delivered = "UPDATE outbox SET fanned_out = TRUE WHERE kind = 'message.addressed'";
        database::tamper(&world.service.state.database, delivered).await;
        world.service.sweep().await;
        assert_eq!(places(world, "kanarie@").await, [""; 0]);
        world.feedback_step(&feedback, "closing").await.ok();
        for text in ["fågelsång", "Kanarie", "kanarie@"] {
            assert_eq!(places(world, text).await, [""; 0], "{text}");
        }
        let own = &circle.participant.person.client;
        let report = own.get(&format!("feedbacks/{feedback}/report")).await.ok();
        assert_eq!(report.text.matches("fågelsång").count(), 4);
        assert!(!report.text.contains("Kanarie"));
    })
    .await;
}

#[actix_web::test]
async fn a_rater_who_is_forgotten_counts_and_a_leader_is_taken_out() {
    on_each_database(async |world| {
        let circle = Circle::of(world).await;
        let feedback = world.feedback(&circle.participant).await;
        world
            .names(&circle.participant, &feedback, json!({ "group": "leader" }))
            .await
            .created();
        world
            .names(&circle.participant, &feedback, json!({ "group": "mentor" }))
            .await
            .created();
        let mut peers = Vec::new();
        for _ in 0..3 {
            let peer = world.person(world.municipalities[0], json!({})).await;
            let rater = json!({ "group": "peers", "personId": peer.id });
            world
                .names(&circle.participant, &feedback, rater)
                .await
                .created();
            peers.push(peer);
        }
        world.feedback_step(&feedback, "confirmation").await.ok();
        for person in peers.iter().chain([&circle.leader, &circle.mentor]) {
            Circle::rates(person, &feedback, &sheet(3)).await.ok();
        }
        let forget = async |person| {
            let erased = json!({ "personId": person });
            world.service.tell("person.erased", erased).await;
        };
        // The third peer, after answering; the mentor, who answered by name.
        forget(peers[2].id).await;
        forget(circle.mentor.id).await;
        let counts: Vec<[i64; 3]> = progress(world, &feedback)
            .await
            .iter()
            .map(|one| one.1)
            .collect();
        assert_eq!(
            counts,
            [[0, 1, 0], [0, 1, 1], [0, 0, 0], [0, 3, 3], [0, 0, 0]]
        );
        world.feedback_step(&feedback, "closing").await.ok();
        let path = format!("feedbacks/{feedback}/report");
        let own = &circle.participant.person;
        let report = own.client.get(&path).await.ok();
        assert_eq!(value(&report, "calm", "peers"), Some((3, 300, 300)));
        assert_eq!(value(&report, "calm", "mentor"), None);
        assert_eq!(value(&report, "calm", "leader"), Some((1, 300, 300)));
        // The leader, after the closing: what is made of the leader's answers goes along.
        forget(circle.leader.id).await;
        let report = own.client.get(&path).await.ok();
        assert_eq!(value(&report, "calm", "leader"), None);
        assert!(!report.text.contains("Lena Lind"));
        let stranger = world.service.stranger();
        let made = own
            .client
            .post_empty(&format!("{path}/links"))
            .await
            .is(201);
        let (_, address) = made["address"]
            .as_str()
            .unwrap()
            .split_once("/evaluation/pages")
            .unwrap();
        let address = format!("/evaluation/pages{address}");
        stranger.get(&address).await.is(200);
        // The participant: nothing is left.
        forget(own.id).await;
        stranger.get(&address).await.is(404);
        for table in [
            "raters",
            "feedback_reports",
            "feedback_releases",
            "survey_invitations",
            "sheets",
        ] {
            assert_eq!(world.service.count(table).await, 0, "{table}");
        }
        let seen = world
            .coordinator
            .get(&format!("feedbacks/{feedback}"))
            .await
            .ok();
        assert_eq!(
            (seen["state"].as_str(), seen.json.get("personId")),
            (Some("cancelled"), None)
        );
    })
    .await;
}

#[actix_web::test]
async fn a_third_peer_who_is_forgotten_before_answering_leaves_too_few() {
    on_each_database(async |world| {
        let circle = Circle::of(world).await;
        let feedback = world.feedback(&circle.participant).await;
        let mut peers = Vec::new();
        for _ in 0..3 {
            let peer = world.person(world.municipalities[0], json!({})).await;
            let rater = json!({ "group": "peers", "personId": peer.id });
            let named = world.names(&circle.participant, &feedback, rater).await;
            named.created();
            peers.push(peer);
        }
        world.feedback_step(&feedback, "confirmation").await.ok();
        let link = world.service.links_to(peers[2].id).await.remove(0);
        for peer in &peers[..2] {
            Circle::rates(peer, &feedback, &sheet(2)).await.ok();
        }
        let erased = json!({ "personId": peers[2].id });
        world.service.tell("person.erased", erased.clone()).await;
        world.service.tell("person.erased", erased).await;
        world.service.stranger().get(&link).await.is(404);
        assert_eq!(progress(world, &feedback).await[3].1, [0, 2, 2]);
        world.feedback_step(&feedback, "closing").await.ok();
        let own = &circle.participant.person.client;
        let report = own.get(&format!("feedbacks/{feedback}/report")).await.ok();
        assert_eq!(value(&report, "calm", "peers"), None);
    })
    .await;
}

#[actix_web::test]
async fn a_participant_who_is_forgotten_takes_an_open_360_along() {
    on_each_database(async |world| {
        let circle = Circle::of(world).await;
        let feedback = circle.named(world).await;
        let stranger = world.service.stranger();
        let links = world.links_of("staff").await;
        for link in &links[..2] {
            send(&stranger, link, &sheet(2)).await.is(303);
        }
        let erased = json!({ "personId": circle.participant.person.id });
        world.service.tell("person.erased", erased.clone()).await;
        world.service.tell("person.erased", erased).await;
        let tables = [
            "raters",
            "survey_intake",
            "survey_keys",
            "survey_invitations",
        ];
        for table in tables {
            assert_eq!(world.service.count(table).await, 0, "{table}");
        }
        assert_eq!(world.written().await, []);
        stranger.get(&links[2]).await.is(404);
        let closing = world.feedback_step(&feedback, "closing").await;
        closing.refused("feedback_state");
    })
    .await;
}
