//! Who tries what is not meant to be.

use super::{Circle, progress};
use crate::{
    circle::{own_rating, send, sheet},
    world::{on_each_database, with},
};
use futures_util::future::join_all;
use serde_json::json;

#[actix_web::test]
async fn a_link_is_answered_once_and_declined_before_or_never() {
    on_each_database(async |world| {
        let circle = Circle::of(world).await;
        let feedback = circle.named(world).await;
        let stranger = world.service.stranger();
        let links = world.links_of("peers").await;
        let decline = [("decline", "yes")];
        let whole = sheet(4);
        let tries = (0..30).map(|_| send(&stranger, &links[0], &whole));
        let mut taken = 0;
        for reply in join_all(tries).await {
            assert!([303, 409].contains(&reply.status), "{}", reply.status);
            taken += usize::from(reply.status == 303);
        }
        assert_eq!(taken, 1);
        assert_eq!(world.service.count("survey_intake").await, 1);
        let page = stranger.post_form(&links[0], &decline).await.is(409);
        assert!(page.text.contains("Tack, ditt svar har kommit in"));
        assert!(!stranger.get(&links[0]).await.text.contains("<form"));
        // Declined and then answered; with something that the page does not offer; and not at all.
        stranger.post_form(&links[1], &decline).await.is(303);
        send(&stranger, &links[1], &sheet(4)).await.is(409);
        stranger
            .post_form(&links[2], &[("decline", "yes"), ("q.calm", "1")])
            .await
            .is(400);
        stranger
            .post_form(&links[2], &[("group", "staff")])
            .await
            .is(400);
        let page = stranger
            .post_form(&links[2], &[("q.calm", "6")])
            .await
            .is(422);
        assert!(page.text.contains(r#"role="alert""#));
        // The participant does not decline oneself.
        let own = world.service.links_to(circle.participant.person.id).await;
        stranger.post_form(&own[0], &decline).await.is(400);
        let counts = progress(world, &feedback).await;
        assert_eq!(counts[3].1, [0, 3, 1]);
        // Over by the day, before any sweep; and called off.
        world.service.set_clock("2022-07-01T00:00:00Z");
        send(&stranger, &links[3], &sheet(4)).await.is(409);
        stranger.post_form(&links[3], &decline).await.is(409);
        assert!(
            stranger
                .get(&links[3])
                .await
                .is(200)
                .text
                .contains("inte längre att svara")
        );
        world.feedback_step(&feedback, "cancellation").await.ok();
        assert_eq!(world.service.count("survey_intake").await, 0);
        assert_eq!(world.service.count("survey_keys").await, 0);
        let path = format!("feedbacks/{feedback}/report");
        let own = &circle.participant.person.client;
        own.get(&path).await.refused("feedback_report_not_ready");
    })
    .await;
}

#[actix_web::test]
async fn nobody_is_named_twice_or_oneself_or_without_end() {
    on_each_database(async |world| {
        let circle = Circle::of(world).await;
        let feedback = world.feedback(&circle.participant).await;
        let name = async |rater| world.names(&circle.participant, &feedback, rater).await;
        let oneself = circle.participant.person.id;
        name(json!({ "group": "peers", "personId": oneself }))
            .await
            .refused("rater_oneself");
        name(json!({ "group": "self" }))
            .await
            .refused("rater_oneself");
        let peer = world.person(world.municipalities[2], json!({})).await;
        let known = json!({ "group": "peers", "personId": peer.id });
        let rater = name(known.clone()).await.created().id();
        name(known.clone()).await.refused("rater_twice");
        name(with(known.clone(), json!({ "group": "staff" })))
            .await
            .refused("rater_twice");
        let written = json!({ "group": "peers", "name": "Bo", "email": "bo@kommun.example" });
        name(written.clone()).await.created();
        let same = json!({ "group": "staff", "email": " BO@Kommun.example" });
        name(with(written.clone(), same))
            .await
            .refused("rater_twice");
        for wrong in [
            json!({ "group": "peers" }),
            json!({ "group": "peers", "name": "Bo" }),
            json!({ "group": "peers", "name": "Bo", "email": "bo.kommun" }),
            json!({ "group": "peers", "name": "B\no", "email": "bo2@kommun.example" }),
            json!({ "group": "peers", "name": "Bo", "email": "a@x.example, b@x.example" }),
            json!({ "group": "peers", "personId": uuid::Uuid::now_v7() }),
            with(known.clone(), json!({ "name": "Bo" })),
        ] {
            name(wrong).await.refused("rater_unknown");
        }
        name(json!({ "group": "leader" })).await.created();
        name(json!({ "group": "leader", "name": "X", "email": "x@kommun.example" }))
            .await
            .refused("rater_group_full");
        // A hundred are asked for; twenty of a group are named.
        let mut named = 0;
        for number in 0..100 {
            let email = format!("staff{number}@kommun.example");
            let rater = json!({ "group": "staff", "name": "Någon", "email": email });
            let reply = name(rater).await;
            if reply.status == 201 {
                named += 1;
            } else {
                reply.refused("rater_group_full");
            }
        }
        assert_eq!(named, 20);
        // Whoever is taken back can be named again; whoever is asked can't be taken back.
        let own = &circle.participant.person.client;
        own.post_empty(&format!("raters/{rater}/withdrawal"))
            .await
            .ok();
        own.post_empty(&format!("raters/{rater}/withdrawal"))
            .await
            .refused("rater_state");
        let rater = name(known.clone()).await.created().id();
        world.feedback_step(&feedback, "confirmation").await.ok();
        own.post_empty(&format!("raters/{rater}/withdrawal"))
            .await
            .refused("rater_state");
        // Who has declined is not asked again.
        let link = world.service.links_to(peer.id).await.remove(0);
        world
            .service
            .stranger()
            .post_form(&link, &[("decline", "yes")])
            .await
            .is(303);
        name(known).await.refused("rater_twice");
        // The list shows everybody and no address, to those who may see it.
        let list = own
            .get(&format!("feedbacks/{feedback}/raters?limit=100"))
            .await
            .ok();
        assert_eq!(list["items"].as_array().unwrap().len(), 24);
        assert!(list.text.contains("Någon") && !list.text.contains("kommun.example"));
        assert!(!list.text.contains("answered"));
    })
    .await;
}

#[actix_web::test]
async fn a_foreign_participant_sees_and_does_nothing_and_a_repeated_opening_opens_nothing() {
    on_each_database(async |world| {
        let circle = Circle::of(world).await;
        let feedback = circle.named(world).await;
        let foreign = world.participant(2, json!({})).await;
        let client = &foreign.person.client;
        let rater = json!({ "group": "peers", "name": "Bo", "email": "bo@kommun.example" });
        world
            .names(&foreign, &feedback, rater)
            .await
            .refused("not_found");
        for what in ["", "/raters", "/questionnaire", "/report"] {
            let path = format!("feedbacks/{feedback}{what}");
            client.get(&path).await.refused("not_found");
        }
        let answers = format!("feedbacks/{feedback}/answers");
        client
            .post(&answers, own_rating(&sheet(1)))
            .await
            .refused("not_found");
        let list = client
            .get(&format!("rounds/{}/feedbacks", world.round))
            .await
            .ok();
        assert_eq!(list["items"], json!([]));
        let path = format!("rounds/{}/feedbacks", world.round);
        let again = world.new_feedback(&[&circle.participant]).await;
        let open = async |members| {
            world
                .coordinator
                .post(&path, with(again.clone(), members))
                .await
        };
        assert_eq!(open(json!({})).await.ok()["openedCount"], 0);
        let ids = json!({ "applicationIds": [uuid::Uuid::now_v7()] });
        open(ids).await.refused("participation_unknown");
        open(json!({ "answerUntil": "2022-06-10" }))
            .await
            .refused("feedback_days_refused");
        open(json!({ "nominateUntil": "2022-05-31" }))
            .await
            .refused("feedback_days_refused");
        let other = world.library("network").await;
        open(json!({ "instrumentId": other }))
            .await
            .refused("feedback_instrument_refused");
        let few = open(json!({ "leastAnswers": 2 })).await;
        few.refused("invalid_body");
        // An answer of another shape, and to another version.
        let own = &circle.participant.person.client;
        let wrong = json!({ "instrumentVersion": 1, "answers": { "calm": 9, "x": 1 } });
        let wrong = own.post(&answers, wrong).await;
        assert_eq!(wrong.violations().len(), 2);
        let other = json!({ "instrumentVersion": 2, "answers": sheet(3) });
        own.post(&answers, other)
            .await
            .refused("survey_other_version");
        own.post(&answers, own_rating(&sheet(3))).await.ok();
        own.post(&answers, own_rating(&sheet(3)))
            .await
            .refused("survey_answered");
    })
    .await;
}

#[actix_web::test]
async fn a_link_of_who_has_left_opens_nothing() {
    on_each_database(async |world| {
        let participant = world.participant(0, json!({})).await;
        let feedback = world.feedback(&participant).await;
        let colleague = world.person(world.municipalities[0], json!({})).await;
        let rater = json!({ "group": "peers", "personId": colleague.id });
        world.names(&participant, &feedback, rater).await.created();
        world
            .names_some(&participant, &feedback, ("peers", 2))
            .await;
        world.feedback_step(&feedback, "confirmation").await.ok();
        let stranger = world.service.stranger();
        let link = world.service.links_to(colleague.id).await.pop().unwrap();
        assert!(link.contains("/pages/rater/"));
        world.activity(colleague.id, false).await;
        stranger.get(&link).await.is(404);
        send(&stranger, &link, &sheet(4)).await.is(404);
        assert_eq!(world.service.count("survey_intake").await, 0);
        world.activity(colleague.id, true).await;
        send(&stranger, &link, &sheet(4)).await.is(303);
    })
    .await;
}

#[actix_web::test]
async fn a_360_of_a_round_that_is_cancelled_is_called_off_and_its_answers_are_thrown_away() {
    on_each_database(async |world| {
        let circle = Circle::of(world).await;
        let feedback = circle.named(world).await;
        let links = world.links_of("peers").await;
        let stranger = world.service.stranger();
        send(&stranger, &links[0], &sheet(4)).await.is(303);
        assert_eq!(world.service.count("survey_intake").await, 1);
        let cancelled = json!({ "state": "cancelled" });
        world.tell_round(world.round, cancelled).await;
        let read = world
            .coordinator
            .get(&format!("feedbacks/{feedback}"))
            .await;
        assert_eq!(read.ok()["state"], "cancelled");
        assert_eq!(world.service.count("survey_intake").await, 0);
        send(&stranger, &links[1], &sheet(4)).await.is(409);
    })
    .await;
}
