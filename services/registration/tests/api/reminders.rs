//! Reminders to offices and applicants who have not answered.

use crate::world::{World, at, on_each_database};
use futures_util::future::join;
use registration::sweep;
use serde_json::json;

/// Mails to an address that hold these words.
async fn told(world: &World, address: &str, words: &str) -> usize {
    let mails = world.service.mails().await;
    // Mails are laid out in short lines.
    let plain = |body: &str| body.split_whitespace().collect::<Vec<_>>().join(" ");
    let told = mails
        .iter()
        .filter(|mail| mail.to == address && plain(&mail.body).contains(words));
    told.count()
}

/// Sweeps twice at once, as two replicas do, and once more.
async fn sweep_at(world: &World, instant: &str) {
    world.service.clock.stop_at(at(instant));
    let state = world.service.state();
    let (one, two) = join(sweep::once(state), sweep::once(state)).await;
    one.unwrap();
    two.unwrap();
    world.service.sweep().await;
}

#[actix_web::test]
async fn an_office_that_has_not_answered_is_reminded_at_half_and_nine_tenths_of_its_time() {
    on_each_database(async |world| {
        // Asked on 12 April at 8, due at the end of 6 May in Stockholm: 398 hours on working days.
        world.service.clock.stop_at(at("2022-04-12T08:00:00Z"));
        let round = world.open_round(json!({})).await;
        let (_, first) = world.applicant(0, &round).await;
        world.applicant(0, &round).await;
        let (_, other) = world.applicant(1, &round).await;
        let words = "still wait for your office";
        let [asked, answered] = [0, 1].map(|at| world.municipalities[at].director.email.clone());
        world.endorse(1, &other, 1).await;
        sweep_at(world, "2022-04-26T14:59:59Z").await;
        assert_eq!(told(world, &asked, words).await, 0);
        sweep_at(world, "2022-04-26T15:00:00Z").await;
        assert_eq!(told(world, &asked, words).await, 1);
        assert_eq!(told(world, &asked, "Number of them: 2").await, 1);
        world.endorse(0, &first, 1).await;
        sweep_at(world, "2022-05-05T06:11:59Z").await;
        assert_eq!(told(world, &asked, words).await, 1);
        sweep_at(world, "2022-05-05T06:12:00Z").await;
        assert_eq!(told(world, &asked, words).await, 2);
        assert_eq!(told(world, &asked, "Number of them: 1").await, 1);
        sweep_at(world, "2022-05-06T21:59:59Z").await;
        sweep_at(world, "2022-05-07T08:00:00Z").await;
        assert_eq!(told(world, &asked, words).await, 2);
        assert_eq!(told(world, &answered, words).await, 0);
        // The link in the reminder opens the slate.
        let link = world.service.links_to(&asked).await.pop().unwrap();
        let page = world.service.stranger().get(&link).await.ok();
        assert!(page.text.contains("Anna Applicant"));
    })
    .await;
}

#[actix_web::test]
async fn a_sweep_that_comes_late_reminds_once_and_never_after_the_deadline() {
    on_each_database(async |world| {
        let [in_time, too_late] = [0, 1].map(|at| world.municipalities[at].director.email.clone());
        let words = "still wait for your office";
        let round = world.open_round(json!({})).await;
        world.applicant(0, &round).await;
        sweep_at(world, "2022-05-06T20:00:00Z").await;
        assert_eq!(told(world, &in_time, words).await, 1);
        world.service.clock.stop_at(at("2022-04-12T08:00:00Z"));
        let round = world.open_round(json!({})).await;
        world.applicant(1, &round).await;
        sweep_at(world, "2022-05-06T22:00:00Z").await;
        assert_eq!(told(world, &too_late, words).await, 0);
    })
    .await;
}

#[actix_web::test]
async fn an_applicant_is_reminded_of_an_offer_until_it_is_answered() {
    on_each_database(async |world| {
        // Offered on 12 April at 8, until the end of the 22nd in Stockholm, with Easter between: 158
        // hours on working days.
        world.service.clock.stop_at(at("2022-04-12T08:00:00Z"));
        let announced = world.announced(3, json!({})).await;
        let email = |index: usize| announced.all[index].0.email.clone();
        let words = "You have a seat waiting";
        announced.answer(0, "accept").await.ok();
        sweep_at(world, "2022-04-19T14:59:59Z").await;
        assert_eq!(told(world, &email(1), words).await, 0);
        sweep_at(world, "2022-04-19T15:00:00Z").await;
        assert_eq!(told(world, &email(1), words).await, 1);
        sweep_at(world, "2022-04-22T06:11:59Z").await;
        assert_eq!(told(world, &email(1), words).await, 1);
        sweep_at(world, "2022-04-22T06:12:00Z").await;
        assert_eq!(told(world, &email(1), words).await, 2);
        for index in [0, 2] {
            assert_eq!(told(world, &email(index), words).await, 0, "{index}");
        }
        // The reminder carries the link that was mailed before.
        let links = world.service.links_to(&email(1)).await;
        assert!(links.len() >= 3 && links.iter().all(|link| *link == links[0]));
        let path = format!("applications/{}", announced.application(1));
        let edges = world.edges(&world.coordinator, &path).await;
        let reminded = edges.iter().filter(|edge| *edge == "offer.reminded");
        assert_eq!(reminded.count(), 2);
        assert_eq!(world.service.count("reminders").await, 2);
    })
    .await;
}
