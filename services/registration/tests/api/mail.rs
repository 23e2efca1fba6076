//! Mail through a server that speaks the protocol, and what becomes of what it refuses.

use crate::{
    scim::Key,
    world::{Service, World, text},
};
use registration::mail::{Recipient, smtp::Smtp, store};
use serde_json::{Value, json};
use shared_database::Change;
use shared_testing::{
    Client, database, databases,
    smtp::{Manner, SmtpServer, Taken},
};
use shared_types::{Actor, Language, PersonId, Problem, Role, facts::MessageRequested};
use std::time::Duration;

/// A world whose mails go to a server, on each database.
async fn on_each_database(test: impl AsyncFn(&World, &SmtpServer)) {
    for database in databases().await {
        let server = SmtpServer::start().await;
        let mut service = Service::prepare(database);
        service.outgoing.smtp = Some(Smtp::open(server.url().parse().unwrap()));
        service.outgoing.sender = "no-reply@kommun.example".parse().unwrap();
        service.add_instance().await;
        let world = World::on(service, 2).await;
        test(&world, &server).await;
    }
}

/// Queues what another service has worded.
async fn tell(world: &World, to: &str, template: &str, subject: &str, calendar: Option<&str>) {
    let said = MessageRequested {
        person_id: PersonId::new(),
        organiser_id: Some(world.organiser),
        template: template.to_owned(),
        subject: subject.to_owned(),
        text: "Välkommen.".to_owned(),
        link: None,
        calendar: calendar.map(str::to_owned),
    };
    let to = Recipient {
        person: None,
        name: "Åsa\r\nBcc: evil@evil.example".to_owned(),
        email: to.to_owned(),
        language: Language::Swedish,
    };
    let state = world.service.state();
    let actor = Actor::system(world.service.clock.now());
    let queue = async |change: &mut Change| {
        let (to, said) = (to.clone(), said.clone());
        store::queue_told(change.tx(), change.actor.at, to, said).await?;
        Ok::<_, Problem>(())
    };
    state.database.change(actor, queue).await.unwrap();
}

/// Waits until the newest message to an address is in a state; says why it is.
#[expect(
    clippy::panic,
    reason = "a helper of tests stops where something is not as expected"
)]
async fn newest(world: &World, to: &str, state: &str) -> String {
    let column = |name: &str| {
        format!(
            "SELECT COALESCE({name}, '') AS row FROM messages WHERE recipient_email = '{to}' ORDER BY id DESC LIMIT 1"
        )
    };
    let database = &world.service.state().database;
    let mut found = Vec::new();
    for _ in 0..300 {
        found = database::texts(database, &column("state")).await;
        if found == [state] {
            let why = database::texts(database, &column("outcome")).await;
            // A claim is not an outcome yet.
            if state != "pending" || !why[0].is_empty() {
                return why[0].clone();
            }
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the newest message to {to} is {found:?} and not {state}");
}

/// Lets every pause be over.
async fn due(world: &World) {
    let now = "UPDATE messages SET next_attempt_at = 0 WHERE state = 'pending'";
    database::tamper(&world.service.state().database, now).await;
}

fn to<'a>(taken: &'a [Taken], address: &str) -> Vec<&'a Taken> {
    taken.iter().filter(|mail| mail.to == address).collect()
}

fn operator(world: &World) -> Client {
    world.service.stranger().system(Role::Operator, None)
}

#[actix_web::test]
async fn a_mail_is_handed_over_once_in_the_organisers_name() {
    on_each_database(async |world, server| {
        let round = world.open_round(json!({})).await;
        let (person, _) = world.applicant(0, &round).await;
        newest(world, &person.email, "sent").await;
        let director = &world.municipalities[0].director.email;
        newest(world, director, "sent").await;
        let taken = server.taken();
        let [mail] = to(&taken, &person.email)[..] else {
            panic!("{taken:?}")
        };
        assert_eq!(mail.from, "no-reply@kommun.example");
        let from = mail.header("From").unwrap();
        assert!(from.ends_with("<no-reply@kommun.example>"), "{from}");
        let id = mail.header("Message-ID").unwrap();
        assert!(id.ends_with("@kommun.example>"), "{id}");
        assert_eq!(mail.header("Auto-Submitted").unwrap(), "auto-generated");
        assert_eq!(mail.header("List-Unsubscribe"), None);
        assert!(mail.text.is_ascii());
        for part in [
            "multipart/alternative",
            "text/plain; charset=utf-8",
            "text/html; charset=utf-8",
            "Kommunf=C3=B6rbundet, through Akademi",
        ] {
            assert!(mail.text.contains(part), "{part}: {}", mail.text);
        }
        // The office's mail carries its link and nothing of a password or key.
        let slate = to(&taken, director)[0];
        assert!(
            slate
                .text
                .replace("=\r\n", "")
                .contains("/registration/pages/slate/")
        );
        tokio::time::sleep(Duration::from_millis(1200)).await;
        assert_eq!(server.taken().len(), taken.len(), "sent once");
    })
    .await;
}

#[actix_web::test]
async fn what_a_server_puts_off_comes_later_under_the_same_id() {
    on_each_database(async |world, server| {
        let asa = "asa@kommun.example";
        // Greylisted; then taken, but the answer is lost; then taken.
        server.behave(
            asa,
            &[Manner::Refuse(451), Manner::DropAfterMail, Manner::Accept],
        );
        tell(world, asa, "plan_released", "Ny plan", None).await;
        assert_eq!(newest(world, asa, "pending").await, "smtp_451");
        assert_eq!(server.taken(), []);
        due(world).await;
        for _ in 0..300 {
            if newest(world, asa, "pending").await == "no_connection" {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(server.taken().len(), 1);
        due(world).await;
        newest(world, asa, "sent").await;
        let taken = server.taken();
        assert_eq!(taken.len(), 2, "nobody knows whether the first one arrived");
        assert!(taken[0].header("Message-ID").is_some());
        assert_eq!(taken[0], taken[1], "the same message to the letter");
    })
    .await;
}

#[actix_web::test]
async fn an_address_that_is_refused_is_marked_until_somebody_mends_it() {
    on_each_database(async |world, server| {
        let person = world.person(world.municipalities[0].id, "Anna").await;
        server.behave(&person.email, &[Manner::Refuse(550), Manner::Accept]);
        tell(world, &person.email, "plan_released", "Ett", None).await;
        assert_eq!(newest(world, &person.email, "bounced").await, "smtp_550");
        tell(world, &person.email, "plan_released", "Två", None).await;
        assert_eq!(
            newest(world, &person.email, "withheld").await,
            "address_bounced"
        );
        assert_eq!(server.taken(), []);
        // Those who look after the person see it, and nobody else.
        let hr = |at: usize| {
            let own = Some(world.municipalities[at].id);
            world.service.stranger().system(Role::Hr, own)
        };
        for client in [&world.coordinator, &hr(0)] {
            let page = client.get("bounces").await.ok();
            let [bounce] = &page["items"].as_array().unwrap()[..] else {
                panic!("{}", page.text)
            };
            assert_eq!(bounce["personIds"], json!([person.id]));
            assert_eq!(
                (&bounce["email"], &bounce["outcome"]),
                (&json!(person.email), &json!("smtp_550"))
            );
        }
        for client in [&hr(1), &operator(world)] {
            assert_eq!(client.get("bounces").await.ok()["items"], json!([]));
        }
        let page = world.coordinator.get("bounces").await.ok();
        let bounce = format!("bounces/{}", text(&page["items"][0]["id"]));
        hr(1)
            .change("DELETE", &bounce, "*", Value::Null)
            .await
            .refused("not_found");
        hr(0)
            .change("DELETE", &bounce, "*", Value::Null)
            .await
            .is(204);
        // What was withheld waits for an operator.
        let operator = operator(world);
        let page = operator.get("messages?state=withheld").await.ok();
        let held = text(&page["items"][0]["id"]);
        operator
            .post_empty(&format!("messages/{held}/replay"))
            .await
            .ok();
        newest(world, &person.email, "sent").await;
        assert_eq!(server.taken().len(), 1);
        // A mail that comes back later marks the address too.
        operator
            .post_empty(&format!("messages/{held}/bounce"))
            .await
            .ok();
        tell(world, &person.email, "plan_released", "Tre", None).await;
        newest(world, &person.email, "withheld").await;
    })
    .await;
}

#[actix_web::test]
async fn an_operator_sees_of_what_was_given_up_its_id_template_state_and_domain() {
    on_each_database(async |world, server| {
        let asa = "asa.hemlig@kommun.example";
        server.behave(asa, &[Manner::RefuseMail(554), Manner::Accept]);
        tell(world, asa, "plan_released", "Hemlig rubrik", None).await;
        assert_eq!(newest(world, asa, "failed").await, "smtp_554");
        let operator = operator(world);
        let page = operator.get("messages?state=failed").await.ok();
        for secret in ["hemlig", "Hemlig", "Åsa", "Välkommen"] {
            assert!(!page.text.contains(secret), "{secret}: {}", page.text);
        }
        let message = &page["items"][0];
        assert_eq!(message["template"], "told.plan_released");
        assert_eq!(
            (&message["domain"], &message["outcome"]),
            (&json!("kommun.example"), &json!("smtp_554"))
        );
        let replay = format!("messages/{}/replay", text(&message["id"]));
        for client in [&world.coordinator, &world.municipalities[0].director.client] {
            client.get("messages").await.refused("forbidden");
            client.post_empty(&replay).await.refused("forbidden");
        }
        operator.post_empty(&replay).await.ok();
        newest(world, asa, "sent").await;
        assert_eq!(server.taken().len(), 1);
        operator
            .post_empty(&replay)
            .await
            .refused("message_state_forbids");
        // The mail is no sign against the address.
        assert_eq!(world.service.count("bounces").await, 0);
    })
    .await;
}

#[actix_web::test]
async fn nobody_is_written_to_after_leaving() {
    on_each_database(async |world, server| {
        let person = world.person(world.municipalities[0].id, "Anna").await;
        server.behave(&person.email, &[Manner::Refuse(421), Manner::Accept]);
        tell(world, &person.email, "plan_released", "Ett", None).await;
        newest(world, &person.email, "pending").await;
        let path = format!("people/{}", person.id);
        let tag = world.coordinator.get(&path).await.tag();
        let leaving = json!({ "active": false });
        world
            .coordinator
            .change("PATCH", &path, &tag, leaving)
            .await
            .ok();
        due(world).await;
        assert_eq!(newest(world, &person.email, "dropped").await, "left");
        assert_eq!(server.taken(), []);
    })
    .await;
}

#[actix_web::test]
async fn what_is_not_necessary_is_turned_off_by_its_link_and_the_rest_still_comes() {
    on_each_database(async |world, server| {
        let asa = "asa@kommun.example";
        tell(world, asa, "survey_reminder", "Enkät", None).await;
        newest(world, asa, "sent").await;
        let mail = server.taken().pop().unwrap();
        assert_eq!(
            mail.header("List-Unsubscribe-Post").unwrap(),
            "List-Unsubscribe=One-Click"
        );
        let header = mail.header("List-Unsubscribe").unwrap();
        let link = header
            .trim_matches(['<', '>'])
            .strip_prefix(crate::world::PUBLIC_URL)
            .unwrap();
        assert!(link.starts_with("/registration/pages/unsubscribe/"));
        let stranger = world.service.stranger();
        // Mail scanners follow links.
        for _ in 0..2 {
            assert!(stranger.get(link).await.ok().text.contains("Enkäter"));
        }
        assert_eq!(world.service.count("mail_refusals").await, 0);
        for _ in 0..2 {
            stranger
                .post_form(link, &[("List-Unsubscribe", "One-Click")])
                .await
                .is(303);
        }
        tell(world, "ASA@Kommun.example", "survey_opened", "Enkät", None).await;
        assert_eq!(
            newest(world, "ASA@Kommun.example", "dropped").await,
            "unsubscribed"
        );
        tell(world, asa, "plan_released", "Ny plan", None).await;
        newest(world, asa, "sent").await;
        tell(
            world,
            "other@kommun.example",
            "survey_opened",
            "Enkät",
            None,
        )
        .await;
        newest(world, "other@kommun.example", "sent").await;
        stranger.post_form(link, &[("wanted", "yes")]).await.is(303);
        tell(world, asa, "survey_opened", "Enkät", None).await;
        newest(world, asa, "sent").await;
        stranger.post_form(link, &[("evil", "x")]).await.is(400);
        stranger.get(&format!("{link}x")).await.is(404);
    })
    .await;
}

#[actix_web::test]
async fn an_appointment_is_a_part_that_calendars_take_and_nobody_adds_a_header() {
    on_each_database(async |world, server| {
        let asa = "asa@kommun.example";
        for (method, subject) in [
            ("REQUEST", "Möte\r\nBcc: evil@evil.example"),
            ("CANCEL", "Inställt"),
        ] {
            let calendar =
                format!("BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nSUMMARY:Möte\r\nEND:VCALENDAR\r\n");
            tell(world, asa, "session_invitation", subject, Some(&calendar)).await;
            newest(world, asa, "sent").await;
            let mail = server.taken().pop().unwrap();
            let (head, body) = mail.text.split_once("\r\n\r\n").unwrap();
            let kind = format!("text/calendar; method={method}");
            assert!(body.contains(&kind), "{body}");
            assert!(
                !head
                    .lines()
                    .any(|line| line.to_lowercase().starts_with("bcc")),
                "{head}"
            );
        }
        let recipients: Vec<_> = server
            .said()
            .into_iter()
            .filter(|said| said.starts_with("RCPT"))
            .collect();
        assert!(
            recipients.iter().all(|one| one.contains(asa)),
            "{recipients:?}"
        );
        assert_eq!(recipients.len(), 2);
    })
    .await;
}

#[actix_web::test]
async fn a_server_that_is_away_is_waited_for() {
    for database in databases().await {
        let mut service = Service::prepare(database);
        // Nobody listens there.
        let nobody = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("smtp://{}", nobody.local_addr().unwrap());
        drop(nobody);
        service.outgoing.smtp = Some(Smtp::open(url.parse().unwrap()));
        service.add_instance().await;
        let world = World::on(service, 0).await;
        for number in 0..3 {
            let to = format!("asa{number}@kommun.example");
            tell(&world, &to, "plan_released", "Ny plan", None).await;
            assert_eq!(newest(&world, &to, "pending").await, "no_connection");
        }
    }
}

#[actix_web::test]
async fn what_was_for_who_left_does_not_go_to_who_has_the_address_next() {
    on_each_database(async |world, server| {
        let (key, maja) = (
            Key::hr(world, world.municipalities[0].id),
            "maja@kommun.example",
        );
        let user = |name: &str| json!({ "userName": maja, "displayName": name });
        let round = world.open_round(json!({})).await;
        let first = key.user(user("Maja Ek")).await;
        server.behave(maja, &[Manner::Refuse(421), Manner::Accept]);
        let own = |id: &str| world.service.stranger().person(id.parse().unwrap(), &[]);
        let body = json!({ "roundId": round });
        own(&first)
            .post("applications", body.clone())
            .await
            .created();
        newest(world, maja, "pending").await;
        key.delete(&format!("Users/{first}")).await.is(204);
        let second = key.user(user("Maja Berg")).await;
        due(world).await;
        assert_eq!(newest(world, maja, "dropped").await, "left");
        assert!(to(&server.taken(), maja).is_empty());
        // The other way round the address would tell that its holder has left.
        own(&second).post("applications", body).await.created();
        newest(world, maja, "sent").await;
        assert_eq!(to(&server.taken(), maja).len(), 1);
    })
    .await;
}
