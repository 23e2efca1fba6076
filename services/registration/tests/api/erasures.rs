//! A person is forgotten: in every table, in what waits to be sent, in files, and once more after
//! a backup was restored.

use crate::world::{Announced, Person, World, on_each_database, text};
use registration::{erasures::ledger, events::Facts};
use serde_json::{Value, json};
use shared_database::Change;
use shared_events::Apply as _;
use shared_testing::{Reply, database};
use shared_types::{Actor, EventId, PersonId, Problem, Role, event::Event};

const NAME: &str = "Torkel Utterström";
const CANARY: &str = "kanariefågel";

async fn tell(world: &World, service: &str, person: PersonId) {
    let now = world.service.clock.now();
    let event = Event {
        specversion: "1.0".to_owned(),
        id: EventId::new(),
        source: format!("/{service}"),
        r#type: "erasure.acknowledged".to_owned(),
        subject: person.to_string(),
        time: now,
        traceparent: None,
        data: json!({ "personId": person, "service": service }),
    };
    let database = &world.service.state().database;
    let applied = database.change(Actor::system(now), async |change: &mut Change| {
        Facts.apply(change, &event).await?;
        Ok::<(), Problem>(())
    });
    applied.await.unwrap();
}

async fn erase(world: &World, person: PersonId) -> Reply {
    let body = json!({ "personId": person, "reason": "Asked for by letter." });
    world.coordinator.post("erasures", body).await
}

/// Somebody who took part with a canary in whatever can be written, two others behind, and one
/// seat.
async fn busy(world: &World) -> (Person, Announced) {
    let own = &world.municipalities[0];
    let round = world.open_round(json!({ "seats": 1 })).await;
    let person = world.person(own.id, NAME).await;
    let body = json!({ "roundId": round, "motivation": CANARY });
    let applied = person.client.post("applications", body).await.created();
    let application = applied.id();
    let verdict = json!({ "verdict": "endorse", "rank": 1, "motive": CANARY });
    let path = format!("applications/{application}/endorsement");
    own.director.client.post(&path, verdict).await.ok();
    let mut all = vec![(person.clone(), application)];
    for rank in 2..=3 {
        let (other, application) = world.applicant(0, &round).await;
        world.endorse(0, &application, rank).await;
        all.push((other, application));
    }
    world.admit(&round).await;
    let announced = Announced { round, all };
    announced.answer(0, "accept").await.ok();
    let needs = json!({
        "diets": ["vegan"], "accessNeeds": [], "nights": "none", "note": CANARY,
    });
    let path = format!("applications/{}/needs", announced.application(0));
    let stated = person.client.change("PUT", &path, "*", needs).await;
    assert!(stated.status < 300, "{}", stated.text);
    world.service.mails().await;
    known_elsewhere(world, &person).await;
    (person, announced)
}

/// Writes the canary, or the address, wherever else somebody is known by one.
async fn known_elsewhere(world: &World, person: &Person) {
    let whole = format!("'{{\"note\": \"{CANARY}\"}}'");
    let canary = format!("'{CANARY}'");
    for (columns, values) in [
        (
            "scim_users (person_id, organisation_id, user_name, user_name_key, external_id, attributes, modified_at)",
            format!("id, organisation_id, {canary}, {canary}, {canary}, {whole}, created_at"),
        ),
        (
            "identities (issuer, subject, person_id)",
            format!("'https://login.example', {canary}, id"),
        ),
        (
            "identity_claims (id, issuer, subject, person_id, email_key, made_at, mailed_at)",
            format!("id, 'https://other.example', {canary}, id, email_key, created_at, created_at"),
        ),
        (
            "bounces (id, email_key, message_id, outcome, bounced_at)",
            "id, email_key, id, 'reported', created_at".to_owned(),
        ),
        (
            "mail_refusals (email_key, sort, refused_at)",
            "email_key, 'surveys', created_at".to_owned(),
        ),
        (
            "interests (id, round_id, name, email, email_key, language, declared_at)",
            "id, (SELECT round_id FROM applications WHERE person_id = people.id), name, email, email_key, 'sv', created_at".to_owned(),
        ),
    ] {
        let email = &person.email;
        let insert =
            format!("INSERT INTO {columns} SELECT {values} FROM people WHERE email = '{email}'");
        database::tamper(&world.service.state().database, &insert).await;
    }
}

/// Where a text stands: tables by name, and files of mails.
async fn places(world: &World, needles: &[&str]) -> Vec<String> {
    let database = &world.service.state().database;
    let rows = database::contents(database).await;
    let mut found: Vec<String> = Vec::new();
    for (table, rows) in rows {
        if rows
            .iter()
            .any(|row| needles.iter().any(|needle| row.contains(needle)))
        {
            found.push(table);
        }
    }
    let folder = world.service.database.folder.join("mail");
    for file in std::fs::read_dir(folder).into_iter().flatten() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        if needles.iter().any(|needle| text.contains(needle)) {
            found.push("a mail".to_owned());
        }
    }
    found
}

#[actix_web::test]
async fn nothing_is_left_of_a_person_but_an_id_and_the_seat_goes_on() {
    on_each_database(async |world| {
        let (person, announced) = busy(world).await;
        let needles = [NAME, CANARY, person.email.as_str()];
        // The test can fail: it all stands there now.
        let before = places(world, &needles).await;
        for place in [
            "people",
            "applications",
            "endorsements",
            "outbox",
            "a mail",
            "scim_users",
            "identities",
            "identity_claims",
            "bounces",
            "mail_refusals",
            "interests",
        ] {
            assert!(before.iter().any(|one| one == place), "{place}: {before:?}");
        }
        let erasure = erase(world, person.id).await.created();
        world.service.sweep().await;
        assert_eq!(places(world, &needles).await, Vec::<String>::new());
        world.service.mails().await;
        assert_eq!(places(world, &needles).await, Vec::<String>::new());
        assert_eq!(
            world.seats(&announced).await,
            ["withdrawn", "offered", "none"]
        );
        world.assert_sound(&announced.round).await;
        let read = world
            .coordinator
            .get(&format!("people/{}", person.id))
            .await;
        assert_eq!(read.ok()["active"], false);
        // The history stays whole and says that it happened.
        world.service.seal().await;
        let path = format!("erasures/{}", erasure.id());
        assert_eq!(erasure["state"], "erasing");
        for service in ["scheduling", "mentorship", "mentorship", "elsewhere"] {
            tell(world, service, person.id).await;
        }
        let waiting = world.coordinator.get(&path).await.ok();
        assert_eq!(waiting["state"], "erasing");
        let open: Vec<&Value> = waiting["services"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["acknowledgedAt"].is_null())
            .map(|one| &one["service"])
            .collect();
        assert_eq!(open, ["evaluation"]);
        for _ in 0..2 {
            tell(world, "evaluation", person.id).await;
        }
        assert_eq!(world.coordinator.get(&path).await.ok()["state"], "erased");
        let told = "SELECT COUNT(*) AS row FROM outbox WHERE kind = 'erasure.completed'";
        let database = &world.service.state().database;
        assert_eq!(database::number(database, told).await, 1);
    })
    .await;
}

#[actix_web::test]
async fn a_repeated_request_whose_answer_named_the_person_is_told_that_it_was_done() {
    on_each_database(async |world| {
        let own = world.municipalities[0].id;
        let body = json!({
            "name": NAME, "email": "torkel@kommun.example", "organisationId": own,
            "kind": "other", "gender": "man", "language": "sv",
        });
        let add = async || {
            world
                .coordinator
                .post_once("people", "one-key", body.clone())
                .await
        };
        let id: PersonId = add().await.created().id().parse().unwrap();
        erase(world, id).await.created();
        add().await.refused("answer_forgotten");
        // Nobody was added, and the address is free for somebody else.
        let again = world.coordinator.post("people", body.clone()).await;
        assert_ne!(again.created().id(), id.to_string());
    })
    .await;
}

#[actix_web::test]
async fn who_keeps_the_data_or_is_the_person_erases_once_and_no_holder_of_an_office() {
    on_each_database(async |world| {
        let [own, other] = [&world.municipalities[0], &world.municipalities[1]];
        let person = world.person(own.id, NAME).await;
        let body = json!({ "personId": person.id, "reason": "x" });
        let stranger = world.service.stranger().system(Role::Hr, Some(other.id));
        for caller in [&stranger, &other.director.client] {
            let refused = caller.post("erasures", body.clone()).await;
            refused.refused("person_unknown");
        }
        let nobody = json!({ "personId": PersonId::new(), "reason": "x" });
        let missing = world.coordinator.post("erasures", nobody).await;
        missing.refused("person_unknown");
        let holder = json!({ "personId": own.director.id, "reason": "x" });
        let refused = world.coordinator.post("erasures", holder).await;
        refused.refused("person_holds_office");
        person.client.post("erasures", body.clone()).await.created();
        erase(world, person.id).await.refused("person_erased");
        let listed = format!("erasures?organisationId={}", own.id);
        let all = world.coordinator.get(&listed).await.ok();
        assert_eq!(all["items"].as_array().unwrap().len(), 1);
        let foreign = stranger.get(&listed).await.ok();
        assert_eq!(foreign["items"], json!([]));
    })
    .await;
}

#[actix_web::test]
async fn whoever_comes_back_with_a_backup_is_erased_again() {
    on_each_database(async |world| {
        let person = world.person(world.municipalities[0].id, NAME).await;
        let kept = world
            .person(world.municipalities[0].id, "Nils Nyberg")
            .await;
        erase(world, person.id).await.created();
        world.service.sweep().await;
        let state = &world.service.instances[0].state;
        let ledger = std::fs::read_to_string(&state.erasure_ledger).unwrap();
        assert!(ledger.contains(&person.id.to_string()), "{ledger}");
        assert!(!ledger.contains("Utter"), "{ledger}");
        // As an old backup has it: the person is there, and the erasure is not.
        for statement in [
            "DELETE FROM erasure_acknowledgements".to_owned(),
            "DELETE FROM erasures".to_owned(),
            format!(
                "UPDATE people SET name = '{NAME}', active = TRUE WHERE id = {}",
                if state.database.is_postgres() {
                    format!("'{}'", person.id)
                } else {
                    format!("X'{}'", person.id.uuid().simple())
                }
            ),
        ] {
            database::tamper(&state.database, &statement).await;
        }
        assert_eq!(places(world, &[NAME]).await, ["people"]);
        assert_eq!(ledger::reapply(state).await.unwrap(), 1);
        assert_eq!(ledger::reapply(state).await.unwrap(), 0);
        assert_eq!(places(world, &[NAME]).await, Vec::<String>::new());
        let others = world.coordinator.get(&format!("people/{}", kept.id)).await;
        assert_eq!(text(&others.ok()["name"]), "Nils Nyberg");
        // The others are told again, and have to say so again.
        for service in ["scheduling", "mentorship", "evaluation"] {
            tell(world, service, person.id).await;
        }
        assert_eq!(ledger::repeat_all(state).await.unwrap(), 1);
        let listed = format!("erasures?organisationId={}", world.municipalities[0].id);
        let all = world.coordinator.get(&listed).await.ok();
        assert_eq!(all["items"][0]["state"], "erasing");
    })
    .await;
}

#[actix_web::test]
async fn a_line_of_the_ledger_that_was_cut_off_takes_no_other_along() {
    on_each_database(async |world| {
        let ledger = &world.service.instances[0].state.erasure_ledger;
        let torn = "{\"personId\":\"0192f0c1";
        std::fs::create_dir_all(ledger.parent().unwrap()).unwrap();
        std::fs::write(ledger, torn).unwrap();
        let own = world.municipalities[0].id;
        let people = [
            world.person(own, "Nils").await,
            world.person(own, "Maja").await,
        ];
        for person in &people {
            erase(world, person.id).await.created();
            world.service.sweep().await;
        }
        let text = std::fs::read_to_string(ledger).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!((lines.len(), lines[0]), (3, torn), "{text}");
        for (line, person) in lines[1..].iter().zip(&people) {
            let line: Value = serde_json::from_str(line).unwrap();
            assert_eq!(line["personId"], person.id.to_string());
        }
    })
    .await;
}
