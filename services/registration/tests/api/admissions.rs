//! Proposals of who gets in, and their announcement.

use crate::world::{on_each_database, text};
use futures_util::future::join_all;
use serde_json::{Value, json};
use uuid::Uuid;

fn verdicts(proposal: &Value) -> Vec<(String, String)> {
    let rows = proposal["rows"].as_array().unwrap();
    rows.iter()
        .map(|row| (text(&row["applicationId"]), text(&row["verdict"])))
        .collect()
}

#[actix_web::test]
async fn a_proposal_is_explained_reviewed_and_published_once() {
    on_each_database(async |world| {
        let round = world.open_round(json!({})).await;
        let mut all = Vec::new();
        for rank in 1..=3 {
            let (_, application) = world.applicant(0, &round).await;
            world.endorse(0, &application, rank).await;
            all.push(application);
        }
        let (_, declined) = world.applicant(1, &round).await;
        let path = format!("applications/{declined}/endorsement");
        let director = &world.municipalities[1].director.client;
        director
            .post(&path, json!({ "verdict": "decline" }))
            .await
            .ok();
        let proposal = world.propose(&round).await;
        assert_eq!(proposal["freeSeats"], 2);
        assert_eq!(proposal["balanceBefore"]["women"], 3);
        let expected = [(0, "admit"), (1, "admit"), (2, "waitlist")];
        let expected = expected
            .map(|(index, verdict): (usize, &str)| (all[index].clone(), verdict.to_owned()));
        assert_eq!(verdicts(&proposal.json), expected);
        assert!(proposal["rows"][2]["reasons"][0]["detail"].is_string());
        let path = format!("admission-proposals/{}", proposal.id());
        // The second is moved to the queue, for the third; both with a reason.
        let mut tag = proposal.tag();
        for (application, verdict) in [(&all[1], "waitlist"), (&all[2], "admit")] {
            let body = json!({ "verdict": verdict, "reason": "Agreed with the municipality." });
            let row = format!("{path}/rows/{application}");
            tag = world
                .coordinator
                .change("PUT", &row, &tag, body)
                .await
                .ok()
                .tag();
        }
        let published = world.step(&format!("{path}/publication")).await.ok();
        assert_eq!(published["state"], "published");
        assert_eq!(
            published["rows"][1]["overrideReason"],
            "Agreed with the municipality."
        );
        let seat = async |application: &str| world.seat(application).await;
        assert_eq!(seat(&all[0]).await, "offered");
        assert_eq!(seat(&all[1]).await, "none");
        assert_eq!(seat(&all[2]).await, "offered");
        let read = world
            .coordinator
            .get(&format!("applications/{declined}"))
            .await
            .ok();
        assert_eq!(read["admission"]["verdict"], "rejected");
        let again = world.step(&format!("{path}/publication")).await;
        again.refused("admission_proposal_state_forbids");
        let another = world
            .step(&format!("rounds/{round}/admission-proposals"))
            .await;
        another.refused("admission_already_published");
        let edges = world.edges(&world.coordinator, &path).await;
        let overridden = "admission.overridden";
        assert_eq!(
            edges,
            [
                "admission.proposed",
                overridden,
                overridden,
                "admission.published"
            ]
        );
        world.assert_sound(&round).await;
    })
    .await;
}

#[actix_web::test]
async fn more_admitted_than_seats_is_refused_and_findings_are_shown() {
    on_each_database(async |world| {
        let admission = json!({ "municipalityCeiling": 1 });
        let round = world
            .open_round(json!({ "admission": admission, "seats": 1 }))
            .await;
        let mut all = Vec::new();
        for rank in 1..=2 {
            let (_, application) = world.applicant(0, &round).await;
            world.endorse(0, &application, rank).await;
            all.push(application);
        }
        let proposal = world.propose(&round).await;
        let path = format!("admission-proposals/{}", proposal.id());
        let row = format!("{path}/rows/{}", all[1]);
        let body = json!({ "verdict": "admit", "reason": "Both, please." });
        let tag = proposal.tag();
        let overridden = world.coordinator.change("PUT", &row, &tag, body.clone());
        let overridden = overridden.await.ok();
        let findings = overridden["findings"].as_array().unwrap();
        let codes: Vec<_> = findings.iter().map(|one| text(&one["code"])).collect();
        assert!(codes.contains(&"ceiling_exceeded".to_owned()), "{codes:?}");
        assert!(!overridden.rels().contains(&"publication".to_owned()));
        let refused = world.step(&format!("{path}/publication")).await;
        refused.refused("admission_over_seats");
        let unknown = format!("{path}/rows/{}", Uuid::new_v4());
        let refused = world.coordinator.change("PUT", &unknown, "*", body).await;
        refused.refused("not_found");
    })
    .await;
}

#[actix_web::test]
async fn a_proposal_waits_for_the_offices_and_for_the_round_to_close() {
    on_each_database(async |world| {
        let round = world.open_round(json!({})).await;
        let (_, application) = world.applicant(0, &round).await;
        let path = format!("rounds/{round}/admission-proposals");
        world.step(&path).await.refused("round_state_forbids");
        world.step(&format!("rounds/{round}/closing")).await.ok();
        world
            .step(&path)
            .await
            .refused("endorsements_still_awaited");
        world.endorse(0, &application, 1).await;
        let first = world.step(&path).await.created();
        let second = world.step(&path).await.created();
        assert_eq!(
            first["inputsHash"], second["inputsHash"],
            "the same inputs give the same"
        );
        let publication = format!("admission-proposals/{}/publication", first.id());
        world
            .step(&publication)
            .await
            .refused("admission_proposal_state_forbids");
    })
    .await;
}

#[actix_web::test]
async fn a_proposal_that_rests_on_something_that_has_changed_is_refused() {
    on_each_database(async |world| {
        let round = world.open_round(json!({})).await;
        let (person, application) = world.applicant(0, &round).await;
        world.endorse(0, &application, 1).await;
        let proposal = world.propose(&round).await.id();
        let withdrawal = format!("applications/{application}/withdrawal");
        person.client.post(&withdrawal, json!({})).await.ok();
        let publication = format!("admission-proposals/{proposal}/publication");
        world
            .step(&publication)
            .await
            .refused("admission_proposal_outdated");
        assert_eq!(world.seat(&application).await, "none");
        world.assert_sound(&round).await;
    })
    .await;
}

#[actix_web::test]
async fn of_two_publications_at_once_one_wins() {
    on_each_database(async |world| {
        let round = world.open_round(json!({})).await;
        for rank in 1..=3 {
            let (_, application) = world.applicant(0, &round).await;
            world.endorse(0, &application, rank).await;
        }
        let proposal = world.propose(&round).await.id();
        let publication = format!("admission-proposals/{proposal}/publication");
        let publishing = (0..6).map(|_| world.step(&publication));
        let replies = join_all(publishing).await;
        let won = replies.iter().filter(|reply| reply.status == 200).count();
        assert_eq!(won, 1);
        for lost in replies.into_iter().filter(|reply| reply.status != 200) {
            lost.refused("admission_proposal_state_forbids");
        }
        let mails = world.service.mails().await;
        let offers = mails
            .iter()
            .filter(|mail| mail.body.contains("/pages/offer/"));
        assert_eq!(offers.count(), 2);
        world.assert_sound(&round).await;
    })
    .await;
}

#[actix_web::test]
async fn a_round_without_applicants_is_announced_like_any_other() {
    on_each_database(async |world| {
        let admission = json!({ "municipalityFloor": 1 });
        let round = world.open_round(json!({ "admission": admission })).await;
        world.admit(&round).await;
        world.assert_sound(&round).await;
    })
    .await;
}
