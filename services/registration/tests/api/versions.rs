//! Versions: what has not changed is not sent again, and nobody's change is overwritten.

use crate::world::{on_each_database, programme, round, text, with};
use futures_util::future::join_all;
use serde_json::{Value, json};
use shared_testing::{Client, Reply};
use shared_types::Role;

#[actix_web::test]
async fn what_has_not_changed_is_not_sent_again() {
    on_each_database(async |world| {
        let path = format!("organisations/{}", world.municipalities[0].id);
        let read = world.coordinator.get(&path).await.ok();
        let ask = async |tag: &str| {
            let call = world.coordinator.call("GET".parse().unwrap(), &path);
            call.header("if-none-match", tag).send().await
        };
        let same = ask(&read.tag()).await.is(304);
        assert_eq!((same.text.as_str(), same.tag()), ("", read.tag()));
        ask(&format!("\"other\", {}", read.tag())).await.is(304);
        let change = json!({ "name": "Ny" });
        world
            .coordinator
            .change("PATCH", &path, &read.tag(), change)
            .await
            .ok();
        let newer = ask(&read.tag()).await.ok();
        assert_ne!(newer.tag(), read.tag());
    })
    .await;
}

/// Several writers with one tag: exactly one wins, the others are told.
async fn one_wins(client: &Client, method: &str, path: &str, tag: &str, body: &Value) -> Reply {
    let writers = (0..5).map(|_| client.change(method, path, tag, body.clone()));
    let replies = join_all(writers).await;
    let (mut won, lost): (Vec<_>, Vec<_>) = replies
        .into_iter()
        .partition(|reply| (200..300).contains(&reply.status));
    assert_eq!(won.len(), 1, "{method} {path}");
    for reply in lost {
        reply.refused("version_stale");
    }
    won.pop().unwrap()
}

#[actix_web::test]
async fn of_many_writers_with_one_tag_one_wins() {
    on_each_database(async |world| {
        let client = &world.coordinator;
        let own = world.municipalities[0].id;
        let tag = async |path: &str| client.get(path).await.ok().tag();
        let path = format!("organisations/{own}");
        one_wins(
            client,
            "PATCH",
            &path,
            &tag(&path).await,
            &json!({ "name": "Ny" }),
        )
        .await;
        let path = format!("people/{}", world.municipalities[0].director.id);
        one_wins(
            client,
            "PATCH",
            &path,
            &tag(&path).await,
            &json!({ "title": "Ny" }),
        )
        .await;
        let path = format!("programmes/{}", world.programme().await);
        let body = programme(world.organiser);
        one_wins(client, "PUT", &path, &tag(&path).await, &body).await;
        let path = format!("rounds/{}", world.draft_round(json!({})).await);
        let read = client.get(&path).await.ok();
        let body = with(round(&text(&read["programmeId"])), json!({ "seats": 3 }));
        one_wins(client, "PUT", &path, &read.tag(), &body).await;
        let acting = format!("offices/{}", world.municipalities[0].office);
        let deputy = world.person(own, "Deputy").await;
        let body =
            json!({ "personId": deputy.id, "startsOn": "2022-04-11", "endsOn": "2022-04-24" });
        let made = one_wins(
            client,
            "POST",
            &format!("{acting}/acting-holders"),
            &tag(&acting).await,
            &body,
        )
        .await;
        let period = format!(
            "{acting}/acting-holders/{}",
            text(&made["actingHolders"][0]["id"])
        );
        client
            .change("DELETE", &period, &made.tag(), Value::Null)
            .await
            .is(204);
    })
    .await;
}

#[actix_web::test]
async fn a_row_of_a_proposal_is_overridden_from_the_version_that_was_read() {
    on_each_database(async |world| {
        let round = world.open_round(json!({})).await;
        let (_, application) = world.applicant(0, &round).await;
        world.endorse(0, &application, 1).await;
        let proposal = world.propose(&round).await;
        let path = format!("admission-proposals/{}", proposal.id());
        let row = format!("{path}/rows/{application}");
        let body = json!({ "verdict": "reject", "reason": "Took part before." });
        one_wins(&world.coordinator, "PUT", &row, &proposal.tag(), &body).await;
        // Who read the proposal before the override does not publish it by mistake.
        let publication = world
            .coordinator
            .call("POST".parse().unwrap(), &format!("{path}/publication"));
        let stale = publication.header("if-match", &proposal.tag()).send().await;
        stale.refused("version_stale");
    })
    .await;
}

#[actix_web::test]
async fn a_tag_that_was_never_made_is_stale() {
    on_each_database(async |world| {
        let person = world.person(world.municipalities[0].id, "Maja").await;
        let roles = format!("people/{}/roles", person.id);
        let body = json!({ "role": "evaluator", "organisationId": world.organiser });
        let role = world.coordinator.post(&roles, body).await.created().id();
        let path = format!("{roles}/{role}");
        for tag in ["\"9-000000000000\"", "W/\"1-000000000000\"", "nonsense"] {
            let reply = world
                .coordinator
                .change("DELETE", &path, tag, Value::Null)
                .await;
            reply.refused("version_stale");
        }
        let hr = world
            .service
            .stranger()
            .system(Role::Hr, Some(world.municipalities[0].id));
        let path = format!("organisations/{}", world.municipalities[0].id);
        let reply = hr
            .change(
                "PATCH",
                &path,
                "\"9-000000000000\"",
                json!({ "name": "Ny" }),
            )
            .await;
        reply.refused("version_stale");
    })
    .await;
}
