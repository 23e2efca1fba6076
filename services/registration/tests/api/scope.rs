//! What is not one's own: who knows and does what of it.

use crate::world::{on_each_database, text};
use serde_json::{Value, json};
use shared_testing::Client;
use shared_types::{OrganisationId, Role};

/// Everything that can be asked of an application.
async fn refused_everything(client: &Client, application: &str, code: &str) {
    let path = format!("applications/{application}");
    let reason = json!({ "reason": "x" });
    let calls = [
        ("endorsement", json!({ "verdict": "endorse" })),
        ("revocation", reason.clone()),
        ("withdrawal", json!({})),
        ("answer", json!({ "verdict": "accept" })),
        ("rescission", reason.clone()),
        (
            "substitution",
            json!({ "personId": OrganisationId::new(), "reason": "x" }),
        ),
        ("discontinuation", reason.clone()),
        ("rejection", reason),
    ];
    for (edge, body) in calls {
        let reply = client.post(&format!("{path}/{edge}"), body).await;
        reply.refused(code);
    }
    client
        .post_empty(&format!("{path}/submission"))
        .await
        .refused(code);
    for path in [path.clone(), format!("{path}/history")] {
        client.get(&path).await.refused(code);
    }
}

#[actix_web::test]
async fn an_application_is_not_there_for_who_has_nothing_to_do_with_it() {
    on_each_database(async |world| {
        let announced = world.announced(3, json!({})).await;
        let stranger = world.service.stranger();
        let own = world.municipalities[0].id;
        let others = [
            world.municipalities[1].director.client.clone(),
            announced.person(1).clone(),
            stranger.system(Role::Coordinator, Some(OrganisationId::new())),
            stranger.system(Role::Hr, Some(world.municipalities[1].id)),
            stranger.system(Role::Facilitator, Some(world.organiser)),
            stranger.system(Role::Director, Some(world.organiser)),
            stranger.system(Role::Operator, None),
        ];
        for other in &others {
            refused_everything(other, announced.application(0), "not_found").await;
            let listed = other.get("applications?limit=100").await.ok();
            assert!(!listed.text.contains(announced.application(0)));
        }
        // HR reads what its people have handed in, and does nothing of it.
        let hr = stranger.system(Role::Hr, Some(own));
        let path = format!("applications/{}", announced.application(0));
        let read = hr.get(&path).await.ok();
        assert_eq!(read.rels(), ["history", "round"]);
        assert_eq!(read["transitions"], json!([]));
        let answer = hr
            .post(&format!("{path}/answer"), json!({ "verdict": "accept" }))
            .await;
        answer.refused("forbidden");
    })
    .await;
}

#[actix_web::test]
async fn a_director_reads_the_own_slate_only() {
    on_each_database(async |world| {
        let round = world.open_round(json!({})).await;
        let (_, first) = world.applicant(0, &round).await;
        let (_, second) = world.applicant(1, &round).await;
        let slate = format!("rounds/{round}/slate");
        for (municipality, seen, hidden) in [(0, &first, &second), (1, &second, &first)] {
            let director = &world.municipalities[municipality].director.client;
            let read = director.get(&slate).await.ok();
            assert!(read.text.contains(seen) && !read.text.contains(hidden));
        }
        let stranger = world.service.stranger();
        for other in [
            &world.coordinator,
            &stranger.system(Role::Hr, Some(world.organiser)),
        ] {
            other.get(&slate).await.refused("forbidden");
            let body = json!({ "verdicts": [{ "applicationId": first, "verdict": "endorse" }] });
            other
                .post(&format!("{slate}/verdicts"), body)
                .await
                .refused("forbidden");
        }
        let officeless = stranger.system(Role::Director, Some(OrganisationId::new()));
        officeless.get(&slate).await.refused("forbidden");
    })
    .await;
}

#[actix_web::test]
async fn nobody_applies_for_somebody_else_but_a_coordinator() {
    on_each_database(async |world| {
        let round = world.open_round(json!({})).await;
        let own = world.municipalities[0].id;
        let [person, colleague] = [
            world.person(own, "One").await,
            world.person(own, "Two").await,
        ];
        let body = json!({ "roundId": round, "personId": person.id });
        let director = &world.municipalities[0].director.client;
        let hr = world.service.stranger().system(Role::Hr, Some(own));
        for other in [&colleague.client, director, &hr] {
            other
                .post("applications", body.clone())
                .await
                .refused("forbidden");
        }
        let other = world.service.stranger();
        let other = other.system(Role::Coordinator, Some(OrganisationId::new()));
        other
            .post("applications", body.clone())
            .await
            .refused("forbidden");
        world.coordinator.post("applications", body).await.created();
    })
    .await;
}

#[actix_web::test]
async fn a_verdict_is_pending_for_everybody_but_coordinators_until_it_is_announced() {
    on_each_database(async |world| {
        let round = world.open_round(json!({})).await;
        let (person, application) = world.applicant(0, &round).await;
        world.endorse(0, &application, 1).await;
        let proposal = world.propose(&round).await;
        let row = format!("admission-proposals/{}/rows/{application}", proposal.id());
        let body = json!({ "verdict": "reject", "reason": "Took part before." });
        world
            .coordinator
            .change("PUT", &row, &proposal.tag(), body)
            .await
            .ok();
        let path = format!("applications/{application}");
        let director = &world.municipalities[0].director.client;
        let tags = [
            person.client.get(&path).await.tag(),
            director.get(&path).await.tag(),
        ];
        for client in [&person.client, director] {
            let read = client.get(&path).await.ok();
            assert_eq!(read["admission"], json!({ "verdict": "pending" }));
            let history = client.get(&format!("{path}/history")).await.ok();
            assert!(!history.text.contains("admission"), "{}", history.text);
            assert!(!history.text.contains("Took part before"));
            let proposal = format!("admission-proposals/{}", proposal.id());
            client.get(&proposal).await.refused("not_found");
            client
                .get(&format!("{proposal}/history"))
                .await
                .refused("not_found");
            client
                .post_empty(&format!("{proposal}/publication"))
                .await
                .refused("not_found");
        }
        let edges = world.edges(&world.coordinator, &path).await;
        assert!(edges.contains(&"admission.overridden".to_owned()));
        assert_eq!(
            tags,
            [
                person.client.get(&path).await.tag(),
                director.get(&path).await.tag()
            ]
        );
        let publication = format!("admission-proposals/{}/publication", proposal.id());
        world.step(&publication).await.ok();
        let read = person.client.get(&path).await.ok();
        assert_eq!(read["admission"]["verdict"], "rejected");
        assert!(read["admission"]["publishedAt"].is_string());
    })
    .await;
}

#[actix_web::test]
async fn a_coordinators_reasons_are_read_by_coordinators_and_the_applicant() {
    on_each_database(async |world| {
        let announced = world.announced(3, json!({})).await;
        let path = format!("applications/{}", announced.application(0));
        let reason = json!({ "reason": "Sent twice by mistake." });
        world
            .coordinator
            .post(&format!("{path}/rescission"), reason)
            .await
            .ok();
        let history = format!("{path}/history");
        for client in [announced.person(0), &world.coordinator] {
            let read = client.get(&history).await.ok();
            assert!(read.text.contains("Sent twice"));
        }
        let hr = world.service.stranger();
        let hr = hr.system(Role::Hr, Some(world.municipalities[0].id));
        for client in [&world.municipalities[0].director.client, &hr] {
            let read = client.get(&history).await.ok();
            assert!(!read.text.contains("Sent twice"), "{}", read.text);
        }
    })
    .await;
}

#[actix_web::test]
async fn what_exists_elsewhere_and_what_does_not_exist_look_the_same() {
    on_each_database(async |world| {
        let round = world.open_round(json!({})).await;
        let (_, application) = world.applicant(0, &round).await;
        let director = &world.municipalities[1].director.client;
        let known = director.get(&format!("applications/{application}")).await;
        let unknown = director
            .get(&format!("applications/{}", OrganisationId::new()))
            .await;
        let bare = |mut problem: Value| {
            for member in ["instance", "traceId"] {
                problem[member] = json!(text(&problem[member]).len());
            }
            problem
        };
        assert_eq!(bare(known.json), bare(unknown.json));
    })
    .await;
}
