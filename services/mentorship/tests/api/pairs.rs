//! Pairs, from the proposal to the end.

use crate::world::{LINKS, Matched, World, on_each_database, text};
use serde_json::{Value, json};
use shared_types::{LinkId, PersonId, mentorship::codes::LINK_INVALID};
use shared_web::link::{LinkKey, LinkPurpose};

#[actix_web::test]
async fn a_pair_is_proposed_accepted_by_both_active_paused_and_ended() {
    on_each_database(async |world| {
        let matched = world.proposed().await;
        let path = format!("pairs/{}", matched.pair);
        let seen = matched.mentee().get(&path).await.ok();
        assert_eq!(seen["state"], "proposed");
        assert_eq!(seen["mentor"]["name"], "Chef 1");
        assert_eq!(seen["mentor"]["municipality"], "Kommun 1");
        // Ten working days: the national day and Midsummer's Eve are none.
        assert_eq!(seen["answerBy"], "2022-06-16");
        let coordinator = matched.answer(&world.coordinator, "accept").await;
        coordinator.refused("forbidden");
        matched.answer(matched.mentor(), "accept").await.ok();
        let twice = matched.answer(matched.mentor(), "accept").await;
        twice.refused("pair_already_answered");
        let accepted = matched.answer(matched.mentee(), "accept").await.ok();
        assert_eq!(accepted["state"], "accepted");
        // Before the round nothing begins by itself; on its first day it does.
        world.service.sweep().await;
        let read = matched.mentee().get(&path).await.ok();
        assert_eq!(read["state"], "accepted");
        world.service.set_clock("2022-08-21T22:00:01Z");
        world.service.sweep().await;
        let read = matched.mentee().get(&path).await.ok();
        assert_eq!(read["state"], "active");
        matched.mentor().post_empty(&matched.at("pause")).await.ok();
        matched
            .mentor()
            .post_empty(&matched.at("resumption"))
            .await
            .ok();
        let ending = json!({ "ending": "completed", "reason": "We are done." });
        let ended = matched
            .mentee()
            .post(&matched.at("ending"), ending)
            .await
            .ok();
        assert_eq!(
            (&ended["state"], &ended["ending"]),
            (&json!("ended"), &json!("completed"))
        );
        let history = matched.mentor().get(&matched.at("history")).await.ok();
        assert!(!history.text.contains("We are done."));
        let history = world.coordinator.get(&matched.at("history")).await.ok();
        assert!(history.text.contains("We are done."));
        let edges = history["entries"].as_array().unwrap().iter();
        let edges: Vec<String> = edges.map(|entry| text(&entry["edge"])).collect();
        assert_eq!(
            edges,
            [
                "pair.proposed",
                "pair.answered",
                "pair.answered",
                "pair.accepted",
                "pair.active",
                "pair.paused",
                "pair.active",
                "pair.ended"
            ]
        );
    })
    .await;
}

#[actix_web::test]
async fn who_is_declined_gets_the_next_best_and_accepted_pairs_are_not_touched() {
    on_each_database(async |world| {
        let kept = world.accepted().await;
        let before = world
            .coordinator
            .get(&format!("pairs/{}", kept.pair))
            .await
            .ok();
        let mentee = world.participant(0).await;
        let second = world.mentor(2, 1).await;
        world.match_all().await;
        let pairs = world.pairs().await;
        let pair = pairs
            .iter()
            .find(|pair| pair["applicationId"] == json!(mentee.application));
        assert_eq!(pair.unwrap()["mentorId"], json!(second));
        // A further mentor who could be the next one.
        let fourth = world.municipality(9).await;
        let body = json!({ "personId": fourth.chief.id, "capacity": 1 });
        let pool = format!("rounds/{}/mentors", world.round);
        let third = world.coordinator.post(&pool, body).await.created().id();
        let chief = &world.municipalities[2].chief.client;
        let answer = format!("pairs/{}/answer", text(&pair.unwrap()["id"]));
        let no = json!({ "verdict": "decline", "reason": "Too much to do." });
        let declined = chief.post(&answer, no).await.ok();
        assert_eq!(declined["ending"], "declined_by_mentor");
        let pairs = world.pairs().await;
        let live = pairs.iter().find(|pair| {
            pair["applicationId"] == json!(mentee.application) && pair["state"] == "proposed"
        });
        assert_eq!(live.unwrap()["mentorId"], json!(third));
        let after = world
            .coordinator
            .get(&format!("pairs/{}", kept.pair))
            .await
            .ok();
        assert_eq!(before.json, after.json);
        // The no is not asked again, though the mentor has a place.
        let fourth = &fourth.chief.client;
        let answer = format!("pairs/{}/answer", text(&live.unwrap()["id"]));
        fourth
            .post(&answer, json!({ "verdict": "decline" }))
            .await
            .ok();
        let run = world.run().await;
        assert_eq!(run["pairs"], json!([]));
        assert_eq!(
            run["unmatched"][0]["applicationId"],
            json!(mentee.application)
        );
    })
    .await;
}

#[actix_web::test]
async fn what_is_not_answered_expires_after_its_last_day_and_the_next_best_is_proposed() {
    on_each_database(async |world| {
        let matched = world.proposed().await;
        matched.answer(matched.mentee(), "accept").await.ok();
        let next = world.mentor(2, 1).await;
        world.service.set_clock("2022-06-16T21:59:59Z");
        world.service.sweep().await;
        let path = format!("pairs/{}", matched.pair);
        assert_eq!(world.coordinator.get(&path).await.ok()["state"], "proposed");
        world.service.set_clock("2022-06-16T22:00:00Z");
        matched
            .answer(matched.mentor(), "accept")
            .await
            .refused("pair_answer_late");
        world.service.sweep().await;
        let expired = world.coordinator.get(&path).await.ok();
        assert_eq!(expired["ending"], "expired");
        let pairs = world.pairs().await;
        assert_eq!(pairs.len(), 2);
        assert_eq!(pairs[1]["mentorId"], json!(next));
        assert_eq!(pairs[1]["state"], "proposed");
        world.service.sweep().await;
        assert_eq!(world.pairs().await.len(), 2);
    })
    .await;
}

/// A kept pair; two mentees of whom one is proposed to the only mentor with a place, and the other
/// waits; and then one more mentor.
async fn one_of_two_is_proposed(world: &World) -> (Matched, Value, String) {
    let kept = world.accepted().await;
    for _ in 0..2 {
        world.participant(0).await;
    }
    world.mentor(2, 1).await;
    world.match_all().await;
    let pairs = world.pairs().await;
    let proposed = pairs.into_iter().find(|pair| pair["state"] == "proposed");
    let other = world.municipality(9).await;
    let body = json!({ "personId": other.chief.id, "capacity": 1 });
    let pool = format!("rounds/{}/mentors", world.round);
    let other = world.coordinator.post(&pool, body).await.created().id();
    (kept, proposed.unwrap(), other)
}

/// Mentor and mentee of every proposal that waits for an answer.
async fn open_proposals(world: &World) -> Vec<(String, String)> {
    let pairs = world.pairs().await.into_iter();
    let open = pairs.filter(|pair| pair["state"] == "proposed");
    open.map(|pair| (text(&pair["mentorId"]), text(&pair["applicationId"])))
        .collect()
}

#[actix_web::test]
async fn a_mentee_who_does_not_answer_gets_the_next_best_and_so_does_the_mentor_who_said_yes() {
    on_each_database(async |world| {
        let (kept, proposed, other) = one_of_two_is_proposed(world).await;
        let path = format!("pairs/{}", kept.pair);
        let before = world.coordinator.get(&path).await.ok();
        let answer = format!("pairs/{}/answer", text(&proposed["id"]));
        let chief = &world.municipalities[2].chief.client;
        chief
            .post(&answer, json!({ "verdict": "accept" }))
            .await
            .ok();
        world.service.set_clock("2022-06-17T08:00:00Z");
        world.service.sweep().await;
        let open = open_proposals(world).await;
        let (mentor, silent) = (
            text(&proposed["mentorId"]),
            text(&proposed["applicationId"]),
        );
        assert_eq!(open.len(), 2);
        assert!(open.contains(&(other, silent.clone())), "{open:?}");
        let taken = open.iter().find(|(one, _)| *one == mentor).unwrap();
        assert_ne!(taken.1, silent, "whoever waited");
        assert_eq!(world.coordinator.get(&path).await.ok().json, before.json);
        // Once is enough.
        world.service.sweep().await;
        assert_eq!(open_proposals(world).await, open);
    })
    .await;
}

#[actix_web::test]
async fn a_mentor_who_does_not_answer_or_declines_is_left_in_peace() {
    on_each_database(async |world| {
        let (_, proposed, other) = one_of_two_is_proposed(world).await;
        world.service.set_clock("2022-06-17T08:00:00Z");
        world.service.sweep().await;
        let mentee = text(&proposed["applicationId"]);
        assert_eq!(open_proposals(world).await, [(other, mentee)]);
        let open = world.pairs().await;
        let open = open
            .iter()
            .find(|pair| pair["state"] == "proposed")
            .unwrap();
        let answer = format!("pairs/{}/answer", text(&open["id"]));
        let (mentor, runs) = (
            text(&open["mentor"]["personId"]),
            world.service.count("matching_runs"),
        );
        let runs = runs.await;
        let person = mentor.parse().unwrap();
        let chief = world.service.stranger().person(person, &[]);
        chief
            .post(&answer, json!({ "verdict": "decline" }))
            .await
            .ok();
        assert_eq!(open_proposals(world).await, []);
        // One run for the mentee, who has nobody left; none for the place.
        assert_eq!(world.service.count("matching_runs").await, runs + 1);
    })
    .await;
}

#[actix_web::test]
async fn a_mentee_who_declines_leaves_the_place_to_whoever_waits() {
    on_each_database(async |world| {
        let (_, proposed, other) = one_of_two_is_proposed(world).await;
        let mentee = text(&proposed["mentee"]["personId"]).parse().unwrap();
        let mentee = world.service.stranger().person(mentee, &[]);
        let answer = format!("pairs/{}/answer", text(&proposed["id"]));
        mentee
            .post(&answer, json!({ "verdict": "decline" }))
            .await
            .ok();
        let open = open_proposals(world).await;
        let mentors: Vec<&str> = open.iter().map(|(mentor, _)| mentor.as_str()).collect();
        assert_eq!(open.len(), 2);
        assert!(mentors.contains(&other.as_str()));
        assert!(mentors.contains(&proposed["mentorId"].as_str().unwrap()));
    })
    .await;
}

#[actix_web::test]
async fn both_are_mailed_in_their_language_and_answer_by_a_link_that_reading_does_not_use_up() {
    on_each_database(async |world| {
        let matched = world.proposed().await;
        let [link] = world
            .service
            .links_to(matched.mentor.id)
            .await
            .try_into()
            .unwrap();
        let stranger = world.service.stranger();
        for _ in 0..2 {
            let page = stranger.get(&link).await.ok();
            assert!(page.text.contains("Anna Andersson"), "{}", page.text);
            assert!(page.text.contains("Why we think you fit"));
        }
        let accept = [("verdict", "accept")];
        stranger.post_form(&link, &accept).await.is(303);
        let page = stranger.get(&link).await.ok();
        assert!(page.text.contains("We wait for the other"));
        stranger
            .post_form(&link, &[("verdict", "decline")])
            .await
            .is(409);
        let [link] = world
            .service
            .links_to(matched.mentee.person.id)
            .await
            .try_into()
            .unwrap();
        stranger.post_form(&link, &accept).await.is(303);
        let read = world
            .coordinator
            .get(&format!("pairs/{}", matched.pair))
            .await
            .ok();
        assert_eq!(read["state"], "accepted");
        stranger
            .get("/mentorship/pages/proposal/nonsense")
            .await
            .is(404);
        let messages = world.service.messages().await;
        let templates: Vec<String> = messages.iter().map(|one| text(&one["template"])).collect();
        assert_eq!(
            templates,
            [
                "pair_proposed",
                "pair_proposed",
                "pair_accepted",
                "pair_accepted"
            ]
        );
    })
    .await;
}

#[actix_web::test]
async fn a_no_by_the_link_keeps_its_reason_for_coordinators_and_leads_to_the_next_best() {
    on_each_database(async |world| {
        let matched = world.proposed().await;
        let next = world.mentor(2, 1).await;
        let link = world.service.links_to(matched.mentor.id).await.remove(0);
        let stranger = world.service.stranger();
        let (long, longest) = ("å".repeat(1001), "å".repeat(1000));
        for wrong in [
            &[("verdict", "maybe")][..],
            &[("reason", "Too much to do.")],
            &[("verdict", "decline"), ("reason", &long)],
            &[("verdict", "decline"), ("state", "accepted")],
        ] {
            stranger.post_form(&link, wrong).await.is(400);
        }
        assert_eq!(world.pairs().await[0]["state"], "proposed");
        let no = [("verdict", "decline"), ("reason", longest.as_str())];
        stranger.post_form(&link, &no).await.is(303);
        let pairs = world.pairs().await;
        let ended = pairs.iter().find(|pair| pair["id"] == json!(matched.pair));
        assert_eq!(ended.unwrap()["ending"], "declined_by_mentor");
        let open = open_proposals(world).await;
        assert_eq!(open, [(next, matched.mentee.application.to_string())]);
        let history = matched.at("history");
        let seen = world.coordinator.get(&history).await.ok();
        assert!(seen.text.contains(&longest));
        let seen = matched.mentee().get(&history).await.ok();
        assert!(!seen.text.contains(&longest));
        // Once is enough: the page shows the answer and takes no other.
        let again = stranger.post_form(&link, &[("verdict", "accept")]).await;
        again.is(409);
        assert_eq!(open_proposals(world).await, open);
    })
    .await;
}

#[actix_web::test]
async fn the_page_of_a_proposal_speaks_the_readers_language() {
    on_each_database(async |world| {
        let matched = world.proposed().await;
        let link = world.service.links_to(matched.mentor.id).await.remove(0);
        let page = async |language: &str| {
            let stranger = world.service.stranger();
            let call = stranger.call("GET".parse().unwrap(), &link);
            let read = call.header("accept-language", language).send().await;
            read.ok().text
        };
        let said = [
            (
                "sv",
                "Därför tror vi att ni passar ihop",
                "Tacka nej",
                "Du har tackat nej.",
            ),
            (
                "da",
                "Derfor tror vi, at I passer sammen",
                "Sig nej",
                "Du har sagt nej.",
            ),
            (
                "en",
                "Why we think you fit",
                "Decline",
                "You have declined.",
            ),
        ];
        for (language, why, decline, _) in said {
            let text = page(language).await;
            assert!(text.contains(why) && text.contains(decline), "{text}");
        }
        let no = [("verdict", "decline")];
        let stranger = world.service.stranger();
        stranger.post_form(&link, &no).await.is(303);
        for (language, _, decline, declined) in said {
            let text = page(language).await;
            assert!(text.contains(declined) && !text.contains(decline), "{text}");
        }
    })
    .await;
}

#[actix_web::test]
async fn what_was_not_signed_for_a_proposal_answers_none() {
    on_each_database(async |world| {
        let matched = world.proposed().await;
        let link = world.service.links_to(matched.mentor.id).await.remove(0);
        let (page, token) = link.rsplit_once('/').unwrap();
        let key = LinkKey::from_secret(LINKS);
        let id = key.verify("proposal", token).unwrap();
        let other = LinkKey::from_secret("links of somebody else");
        let stranger = world.service.stranger();
        for wrong in [
            other.sign("proposal", id),
            key.sign("survey", id),
            key.of(LinkPurpose::Feed).sign("proposal", id),
            key.sign("proposal", LinkId::new()),
            "nonsense".to_owned(),
        ] {
            let address = format!("{page}/{wrong}");
            let accept = [("verdict", "accept")];
            let answered = stranger.post_form(&address, &accept).await;
            for refused in [answered, stranger.get(&address).await] {
                let refused = refused.is(LINK_INVALID.status);
                assert!(refused.text.contains(LINK_INVALID.title.en));
            }
        }
        assert_eq!(world.pairs().await[0]["mentor"]["answer"], "pending");
        stranger
            .post_form(&link, &[("verdict", "accept")])
            .await
            .is(303);
        assert_eq!(world.pairs().await[0]["mentor"]["answer"], "accepted");
    })
    .await;
}

#[actix_web::test]
async fn a_mentor_who_loses_the_office_and_a_person_who_moves_are_flagged_and_never_kept_silently()
{
    on_each_database(async |world| {
        let matched = world.accepted().await;
        let own = &world.municipalities[1];
        let path = format!("pairs/{}", matched.pair);
        let flags = async || {
            let read = matched.mentee().get(&path).await.ok();
            let flags = read["flags"].as_array().unwrap().clone();
            flags
                .iter()
                .map(|flag| text(&flag["code"]))
                .collect::<Vec<_>>()
        };
        world.hold(own.office, own.id, None).await;
        assert_eq!(flags().await, ["eligible_office"]);
        assert_eq!(world.alarms().await, ["pair_flagged"]);
        // It does not begin by itself.
        world.service.set_clock("2022-09-01T08:00:00Z");
        world.service.sweep().await;
        assert_eq!(matched.mentee().get(&path).await.ok()["state"], "accepted");
        world
            .hold(own.office, own.id, Some(matched.mentor.id))
            .await;
        assert_eq!(flags().await, Vec::<String>::new());
        assert_eq!(world.alarms().await, Vec::<String>::new());
        let mentee = matched.mentee.person.id;
        world
            .tell_person(mentee, own.id, json!({ "name": "Anna Andersson" }))
            .await;
        assert_eq!(flags().await, ["other_municipality"]);
        let managed = json!({ "managerId": matched.mentor.id });
        world
            .tell_person(mentee, world.municipalities[0].id, managed)
            .await;
        assert_eq!(flags().await, ["line_of_management"]);
    })
    .await;
}

#[actix_web::test]
async fn an_endorsement_that_becomes_known_when_the_pair_is_there_flags_it() {
    on_each_database(async |world| {
        let matched = world.accepted().await;
        let application = matched.mentee.application;
        let told = async |endorsers: &[PersonId]| {
            world.tell_endorsers(application, endorsers).await;
            world.flags().await
        };
        let director = world.municipalities[0].chief.id;
        assert_eq!(told(&[director]).await, Vec::<String>::new());
        let both = [director, matched.mentor.id];
        assert_eq!(told(&both).await, ["not_the_endorser"]);
        assert_eq!(world.alarms().await, ["pair_flagged"]);
        assert_eq!(told(&[director]).await, Vec::<String>::new());
        assert_eq!(world.alarms().await, Vec::<String>::new());
    })
    .await;
}

#[actix_web::test]
async fn a_line_of_management_that_comes_about_above_the_two_is_found_by_the_sweep() {
    on_each_database(async |world| {
        let own = world.municipalities[0].id;
        let above = world.person(own, "Britt Berg").await;
        let matched = world.accepted().await;
        let mentee = matched.mentee.person.id;
        let managed = json!({ "managerId": above.id });
        world.tell_person(mentee, own, managed).await;
        world.service.sweep().await;
        assert_eq!(world.flags().await, Vec::<String>::new());
        // Told of neither of the two, but of the mentee's manager.
        let managed = json!({ "managerId": matched.mentor.id });
        world.tell_person(above.id, own, managed).await;
        assert_eq!(world.flags().await, Vec::<String>::new());
        world.service.sweep().await;
        assert_eq!(world.flags().await, ["line_of_management"]);
        assert_eq!(world.alarms().await, ["pair_flagged"]);
    })
    .await;
}

#[actix_web::test]
async fn who_leaves_the_round_leaves_the_pair() {
    on_each_database(async |world| {
        let matched = world.active().await;
        let place = (world.municipalities[0].id, world.round);
        let person = matched.mentee.person.id;
        world
            .tell_seat(matched.mentee.application, person, place, "withdrawn")
            .await;
        let read = world
            .coordinator
            .get(&format!("pairs/{}", matched.pair))
            .await
            .ok();
        assert_eq!(read["ending"], "participant_left");
    })
    .await;
}

#[actix_web::test]
async fn two_who_ended_in_disagreement_are_not_matched_again_in_any_round() {
    on_each_database(async |world| {
        let matched = world.active().await;
        let ending = json!({ "ending": "disagreement" });
        world
            .coordinator
            .post(&matched.at("ending"), ending)
            .await
            .ok();
        let run = world.run().await;
        assert_eq!(run["pairs"], json!([]));
        let words = text(&run["blockingSets"][0]["words"]);
        assert!(words.contains("disagreement"), "{words}");
    })
    .await;
}

#[actix_web::test]
async fn the_coordinator_sees_the_pulse_of_both_and_each_the_own() {
    on_each_database(async |world| {
        let matched = world.active().await;
        let path = matched.at("pulse");
        let say = |fit: &str| json!({ "fit": fit });
        matched
            .mentee()
            .change("PUT", &path, "*", say("poor"))
            .await
            .ok();
        matched
            .mentor()
            .change("PUT", &path, "*", say("unsure"))
            .await
            .ok();
        matched
            .mentor()
            .change("PUT", &path, "*", say("good"))
            .await
            .ok();
        let pair = format!("pairs/{}", matched.pair);
        let fits = async |client: &shared_testing::Client| {
            let read = client.get(&pair).await.ok();
            let pulses = read["pulses"].as_array().unwrap().clone();
            let mut fits: Vec<String> = pulses.iter().map(|pulse| text(&pulse["fit"])).collect();
            fits.sort();
            fits
        };
        assert_eq!(fits(&world.coordinator).await, ["good", "poor"]);
        assert_eq!(fits(matched.mentee()).await, ["poor"]);
        assert_eq!(fits(matched.mentor()).await, ["good"]);
        let coordinator = world
            .coordinator
            .change("PUT", &path, "*", say("good"))
            .await;
        coordinator.refused("forbidden");
    })
    .await;
}

#[actix_web::test]
async fn a_link_of_who_has_left_opens_nothing() {
    on_each_database(async |world| {
        let matched = world.proposed().await;
        let organisations = [world.municipalities[1].id, world.municipalities[0].id];
        let stranger = world.service.stranger();
        let accept = [("verdict", "accept")];
        let sides = [matched.mentor.id, matched.mentee.person.id];
        for (person, organisation) in sides.into_iter().zip(organisations) {
            let [link] = world.service.links_to(person).await.try_into().unwrap();
            let told =
                |active: bool| world.tell_person(person, organisation, json!({ "active": active }));
            told(false).await;
            stranger.get(&link).await.is(404);
            stranger.post_form(&link, &accept).await.is(404);
            told(true).await;
            stranger.post_form(&link, &accept).await.is(303);
        }
    })
    .await;
}
