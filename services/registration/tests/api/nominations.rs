//! Nominations: people whom their employer or a coordinator enters.

use crate::world::{Person, World, on_each_database, organisation, text, with};
use serde_json::{Value, json};
use shared_testing::{Client, Reply, database};
use shared_types::{OrganisationId, Role};
use std::time::Instant;
use uuid::Uuid;

async fn nominate(caller: &Client, round: &str, people: &[&Person], members: Value) -> Reply {
    let people: Vec<_> = people
        .iter()
        .map(|person| json!({ "personId": person.id }))
        .collect();
    let body = with(json!({ "people": people }), members);
    caller
        .post(&format!("rounds/{round}/nominations"), body)
        .await
}

async fn hold(world: &World, round: &str, municipality: usize, seats: i32) -> String {
    let body = json!({
        "organisationId": world.municipalities[municipality].id, "seats": seats,
        "lapsesOn": "2022-05-20", "reason": "Agreed.",
    });
    let path = format!("rounds/{round}/holds");
    world.coordinator.post(&path, body).await.created().id()
}

fn new_person(organisation: OrganisationId, email: &str) -> Value {
    json!({ "person": {
        "name": "Ny Person", "email": email, "organisationId": organisation,
        "kind": "employed_manager", "language": "en", "title": "Head of department",
    } })
}

async fn read(world: &World, nominations: &Reply, index: usize) -> Value {
    let id = text(&nominations["nominations"][index]["applicationId"]);
    let path = format!("applications/{id}");
    world.coordinator.get(&path).await.ok().json
}

#[actix_web::test]
async fn the_office_is_asked_unless_it_nominates_by_itself() {
    on_each_database(async |world| {
        let round = world.open_round(json!({})).await;
        let own = world.municipalities[0].id;
        let hr = world.service.stranger().system(Role::Hr, Some(own));
        let director = &world.municipalities[0].director;
        let [one, two, three] = [
            world.person(own, "One").await,
            world.person(own, "Two").await,
            world.person(own, "Three").await,
        ];
        let by_hr = nominate(&hr, &round, &[&one], json!({})).await.ok();
        let by_director = nominate(&director.client, &round, &[&two, director], json!({}))
            .await
            .ok();
        let by_coordinator = nominate(&world.coordinator, &round, &[&three], json!({}))
            .await
            .ok();
        for (reply, index, state) in [
            (&by_hr, 0, "awaiting"),
            (&by_director, 0, "not_required"),
            // Nobody endorses oneself, by nominating oneself either.
            (&by_director, 1, "awaiting"),
            (&by_coordinator, 0, "awaiting"),
        ] {
            let application = read(world, reply, index).await;
            assert_eq!(application["endorsement"]["state"], state, "{index}");
            assert_eq!(application["state"], "submitted");
            assert_eq!(reply["nominations"][index]["endorsement"], state);
            assert_eq!(reply["nominations"][index]["seat"], "none");
        }
        let application = read(world, &by_hr, 0).await;
        let path = format!("applications/{}", text(&application["id"]));
        let edges = world.edges(&world.coordinator, &path).await;
        assert_eq!(edges, ["application.nominated"]);
        // The one who is nominated is told, and may say no by the link, once.
        let links = world.service.links_to(&two.email).await;
        assert_eq!(links.len(), 1);
        let stranger = world.service.stranger();
        assert_eq!(stranger.get(&links[0]).await.status, 200);
        assert_eq!(stranger.post_form(&links[0], &[]).await.status, 303);
        assert_eq!(stranger.post_form(&links[0], &[]).await.status, 409);
        assert_eq!(read(world, &by_director, 0).await["state"], "withdrawn");
        world.endorse(0, &text(&application["id"]), 1).await;
        world.assert_sound(&round).await;
    })
    .await;
}

#[actix_web::test]
async fn a_hold_turns_into_offers_at_once_or_when_the_office_has_endorsed() {
    on_each_database(async |world| {
        let round = world.open_round(json!({ "seats": 3 })).await;
        let own = world.municipalities[0].id;
        let held = hold(world, &round, 0, 3).await;
        let people = [
            world.person(own, "One").await,
            world.person(own, "Two").await,
            world.person(own, "Three").await,
        ];
        let [one, two, three] = &people;
        // The deadline for applications is over by then; the hold's is not.
        world.service.set_clock("2022-05-10T08:00:00Z");
        world.service.sweep().await;
        let director = &world.municipalities[0].director.client;
        let members = json!({ "holdId": held });
        let many = nominate(director, &round, &[one, two, three, three], members.clone()).await;
        many.refused("hold_too_small");
        let given = nominate(director, &round, &[one], members.clone())
            .await
            .ok();
        assert_eq!(given["nominations"][0]["seat"], "offered");
        let application = read(world, &given, 0).await;
        assert_eq!(application["holdId"], held);
        assert_eq!(application["admission"]["verdict"], "admitted");
        assert_eq!(application["seat"]["answerBy"], "2022-05-20");
        let read_hold = async || {
            let path = format!("holds/{held}");
            world.coordinator.get(&path).await.ok().json
        };
        assert_eq!(read_hold().await["seatsUsed"], 1);
        world.assert_sound(&round).await;
        // The offer is answered by its link.
        let links = world.service.links_to(&one.email).await;
        let accept = [("verdict", "accept")];
        let answered = world.service.stranger().post_form(&links[0], &accept).await;
        assert_eq!(answered.status, 303);
        // HR names the others: they wait for the office, and their seats stay held.
        let hr = world.service.stranger().system(Role::Hr, Some(own));
        let waiting = nominate(&hr, &round, &[two, three], members.clone())
            .await
            .ok();
        assert_eq!(read_hold().await["seatsUsed"], 1);
        let application = read(world, &waiting, 0).await;
        assert_eq!(application["seat"]["state"], "none");
        world.endorse(0, &text(&application["id"]), 1).await;
        assert_eq!(read(world, &waiting, 0).await["seat"]["state"], "offered");
        assert_eq!(read_hold().await["seatsUsed"], 2);
        world.assert_sound(&round).await;
        // What has lapsed gives no seat any more.
        world.service.set_clock("2022-05-20T22:00:00Z");
        let late = nominate(director, &round, &[one], members.clone()).await;
        late.refused("hold_lapsed");
        world.service.sweep().await;
        let application = read(world, &waiting, 1).await;
        world.endorse(0, &text(&application["id"]), 1).await;
        let application = read(world, &waiting, 1).await;
        assert_eq!(application["seat"]["state"], "none");
        assert!(application.get("holdId").is_none());
        nominate(director, &round, &[one], members)
            .await
            .refused("hold_state_forbids");
        world.assert_sound(&round).await;
    })
    .await;
}

#[actix_web::test]
async fn all_that_speaks_against_anybody_is_told_at_once_and_nobody_is_nominated() {
    on_each_database(async |world| {
        let eligibility = json!({ "partnersOnly": true, "titles": ["head of department"] });
        let round = world
            .open_round(json!({ "eligibility": eligibility, "seats": 9 }))
            .await;
        let own = world.municipalities[0].id;
        let (applied, _) = world.applicant(0, &round).await;
        let fine = world.person(own, "Fine").await;
        let untitled = world
            .person_with(own, "Untitled", json!({ "title": "Clerk" }))
            .await;
        let elsewhere = world.person(world.municipalities[1].id, "Elsewhere").await;
        let of_organiser = world.person(world.organiser, "No office").await;
        let people = json!([
            { "personId": fine.id },
            { "personId": applied.id },
            { "personId": untitled.id },
            { "personId": fine.id },
            { "personId": Uuid::new_v4() },
            new_person(own, &fine.email.to_uppercase()),
            { "personId": of_organiser.id },
            new_person(OrganisationId::new(), "nobody@kommun.example"),
        ]);
        let before = world.service.count("applications").await;
        let path = format!("rounds/{round}/nominations");
        let body = json!({ "people": people });
        let refused = world
            .coordinator
            .post(&path, body)
            .await
            .refused("nominations_refused");
        let at = |place: usize, code: &str| (format!("/people/{place}"), code.to_owned());
        assert_eq!(
            refused.violations(),
            [
                at(1, "application_already_exists"),
                at(2, "applicant_not_eligible"),
                at(3, "nominated_twice"),
                at(4, "person_unknown"),
                at(5, "person_email_taken"),
                at(6, "office_missing"),
                at(7, "office_missing"),
                at(7, "organisation_unknown"),
            ]
        );
        assert_eq!(world.service.count("applications").await, before);
        // A director is not told who is somebody else's, and a hold is for its own people.
        let director = &world.municipalities[0].director.client;
        let foreign = nominate(director, &round, &[&elsewhere], json!({})).await;
        let foreign = foreign.refused("nominations_refused");
        assert_eq!(foreign.violations(), [at(0, "person_unknown")]);
        let held = hold(world, &round, 0, 1).await;
        let members = json!({ "holdId": held });
        let other = nominate(&world.coordinator, &round, &[&elsewhere], members).await;
        let other = other.refused("nominations_refused");
        assert_eq!(other.violations(), [at(0, "hold_of_other_organisation")]);
        let unknown = json!({ "holdId": Uuid::new_v4() });
        nominate(&world.coordinator, &round, &[&fine], unknown)
            .await
            .refused("hold_unknown");
        let both = with(
            new_person(own, "a@kommun.example"),
            json!({ "personId": fine.id }),
        );
        let body = json!({ "people": [both, {}] });
        let refused = world
            .coordinator
            .post(&path, body)
            .await
            .refused("invalid_body");
        assert_eq!(refused.violations(), [at(0, "invalid"), at(1, "invalid")]);
        let choice = json!({ "people": [{ "personId": fine.id, "choice": 1 }] });
        let refused = world.coordinator.post(&path, choice).await;
        let refused = refused.refused("nominations_refused");
        assert_eq!(refused.violations(), [at(0, "choice_not_offered")]);
        world.assert_sound(&round).await;
    })
    .await;
}

#[actix_web::test]
async fn who_has_nobody_to_nominate_is_refused_and_only_keepers_add_people() {
    on_each_database(async |world| {
        let round = world.open_round(json!({})).await;
        let path = format!("rounds/{round}/nominations");
        let own = world.municipalities[0].id;
        let person = world.person(own, "One").await;
        let stranger = world.service.stranger();
        nominate(&stranger, &round, &[&person], json!({}))
            .await
            .refused("unauthenticated");
        for client in [
            person.client.clone(),
            stranger.system(Role::Coordinator, Some(OrganisationId::new())),
            stranger.system(Role::Facilitator, Some(world.organiser)),
            stranger.system(Role::Operator, None),
        ] {
            nominate(&client, &round, &[&person], json!({}))
                .await
                .refused("forbidden");
        }
        let body = json!({ "people": [new_person(own, "ny@kommun.example")] });
        let director = &world.municipalities[0].director.client;
        director
            .post(&path, body.clone())
            .await
            .refused("forbidden");
        let other_hr = stranger.system(Role::Hr, Some(world.municipalities[1].id));
        other_hr
            .post(&path, body.clone())
            .await
            .refused("forbidden");
        // Nor does a coordinator add people to what another organiser keeps.
        let other = stranger.system(Role::Coordinator, Some(OrganisationId::new()));
        let made = other.post("organisations", organisation("Other", "other", None));
        let foreign = made.await.created().id().parse().unwrap();
        let foreign = json!({ "people": [new_person(foreign, "ny@kommun.example")] });
        world
            .coordinator
            .post(&path, foreign)
            .await
            .refused("forbidden");
        let hr = stranger.system(Role::Hr, Some(own));
        let made = hr.post(&path, body).await.ok();
        assert_eq!(made["nominations"].as_array().unwrap().len(), 1);
        let draft = world.draft_round(json!({})).await;
        nominate(&hr, &draft, &[&person], json!({}))
            .await
            .refused("not_found");
        // After the deadline a coordinator only, with a reason.
        world.service.set_clock("2022-04-26T22:00:00Z");
        let reason = json!({ "lateReason": "The list came late." });
        for caller in [&hr, director] {
            nominate(caller, &round, &[&person], reason.clone())
                .await
                .refused("round_deadline_passed");
        }
        let late = nominate(&world.coordinator, &round, &[&person], reason)
            .await
            .ok();
        let id = text(&late["nominations"][0]["applicationId"]);
        let history = format!("applications/{id}/history");
        let history = world.coordinator.get(&history).await.ok();
        assert_eq!(history["entries"][0]["reason"], "The list came late.");
    })
    .await;
}

#[actix_web::test]
async fn whom_an_office_nominates_is_verified_and_told_to_other_services() {
    on_each_database(async |world| {
        let round = world.open_round(json!({})).await;
        let municipality = world.municipalities[0].id.to_string();
        let fields = [
            ("name", "Maja Lindqvist"),
            ("title", "Förvaltningschef"),
            ("organisationId", municipality.as_str()),
            ("email", "maja@kommun.example"),
            ("kind", "employed_manager"),
            ("gender", "woman"),
            ("motivation", "Jag vill lära."),
        ];
        let form = format!("/registration/pages/rounds/{round}/application");
        let stranger = world.service.stranger();
        assert_eq!(stranger.post_form(&form, &fields).await.status, 303);
        let listed = world.coordinator.get("applications").await.ok();
        let person = listed["items"][0]["personId"].clone();
        let announced = async || {
            let query = "SELECT COUNT(*) AS row FROM outbox WHERE kind = 'person.created'";
            database::number(&world.service.state().database, query).await
        };
        let before = announced().await;
        let other = world.open_round(json!({})).await;
        let director = &world.municipalities[0].director.client;
        let body = json!({ "people": [{ "personId": person }] });
        let path = format!("rounds/{other}/nominations");
        director.post(&path, body).await.ok();
        let read = world
            .coordinator
            .get(&format!("people/{}", text(&person)))
            .await
            .ok();
        assert_eq!(read["verified"], true);
        assert_eq!(announced().await, before + 1);
    })
    .await;
}

#[actix_web::test]
async fn a_repeated_nomination_has_one_effect_and_needs_a_key() {
    on_each_database(async |world| {
        let round = world.open_round(json!({})).await;
        let person = world.person(world.municipalities[0].id, "One").await;
        let path = format!("rounds/{round}/nominations");
        let body = json!({ "people": [{ "personId": person.id }] });
        let first = world
            .coordinator
            .post_once(&path, "k1", body.clone())
            .await
            .ok();
        let again = world.coordinator.post_once(&path, "k1", body).await.ok();
        assert_eq!(first.json, again.json);
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        assert_eq!(world.service.count("applications").await, 1);
    })
    .await;
}

#[actix_web::test]
async fn who_is_nominated_after_the_announcement_joins_the_queue() {
    on_each_database(async |world| {
        let announced = world.announced(3, json!({})).await;
        let person = world.person(world.municipalities[0].id, "Late").await;
        let director = &world.municipalities[0].director.client;
        nominate(director, &announced.round, &[&person], json!({}))
            .await
            .refused("round_state_forbids");
        let reason = json!({ "lateReason": "Was ill." });
        let late = nominate(&world.coordinator, &announced.round, &[&person], reason).await;
        let late = text(&late.ok()["nominations"][0]["applicationId"]);
        world.endorse(0, &late, 1).await;
        let queue = format!("rounds/{}/queue", announced.round);
        let queue = world.coordinator.get(&queue).await.ok();
        assert_eq!(queue["entries"][1]["applicationId"], late);
        announced.withdraw(0).await.ok();
        announced.withdraw(1).await.ok();
        assert_eq!(world.seat(&late).await, "offered");
        world.assert_sound(&announced.round).await;
    })
    .await;
}

#[actix_web::test]
async fn a_thousand_people_are_nominated_in_one_call() {
    on_each_database(async |world| {
        let members = json!({ "seats": 1000, "endorsement": "not_required" });
        let round = world.open_round(members).await;
        let own = world.municipalities[0].id;
        let held = hold(world, &round, 0, 1000).await;
        let people: Vec<_> = (0..1000)
            .map(|number| new_person(own, &format!("person{number}@kommun.example")))
            .collect();
        let hr = world.service.stranger().system(Role::Hr, Some(own));
        let path = format!("rounds/{round}/nominations");
        let body = json!({ "people": people, "holdId": held });
        let began = Instant::now();
        let made = hr.post(&path, body).await.ok();
        println!("1,000 nominated in {:?}", began.elapsed());
        let made = made["nominations"].as_array().unwrap();
        assert_eq!(made.len(), 1000);
        assert!(made.iter().all(|one| one["seat"] == "offered"));
        let read = world.coordinator.get(&format!("rounds/{round}")).await.ok();
        assert_eq!(read["seatsUsed"], 1000);
        let consumed = world.coordinator.get(&format!("holds/{held}")).await.ok();
        assert_eq!(consumed["state"], "consumed");
        assert_eq!(world.service.count("messages").await, 1000);
        world.assert_sound(&round).await;
    })
    .await;
}

#[actix_web::test]
async fn an_address_that_is_entered_as_new_again_and_again_is_told_four_times_an_hour() {
    on_each_database(async |world| {
        let round = world
            .open_round(json!({ "endorsement": "not_required" }))
            .await;
        let path = format!("rounds/{round}/nominations");
        for number in 0..5 {
            let employer = match world.municipalities.get(number) {
                Some(known) => known.id,
                None => world.municipality(number).await.id,
            };
            let enter = async |email: &str| {
                let body = json!({ "people": [new_person(employer, email)] });
                world.coordinator.post(&path, body).await
            };
            let entered = enter("same@kommun.example").await;
            if number < 4 {
                entered.ok();
            } else {
                entered.refused("mail_limit");
                // Nobody else pays for it, and nothing of the refused list stayed.
                enter("other@kommun.example").await.ok();
            }
        }
        let told = world.service.links_to("same@kommun.example").await;
        assert_eq!(told.len(), 4);
    })
    .await;
}
