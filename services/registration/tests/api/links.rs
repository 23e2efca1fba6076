//! Pages that links open: each answers once, and reading changes nothing.

use crate::world::{PUBLIC_URL, World, on_each_database, text};
use serde_json::{Value, json};
use shared_testing::{Client, Method, Reply, database};
use shared_types::{ApiKeyId, Caller, LinkId, registration::codes::ALL};
use shared_web::{
    api_key::NewSecret,
    link::{LinkKey, LinkPurpose},
    token::{PURPOSES, Signer},
};

/// Stops unless the page of this problem was answered.
#[track_caller]
fn refused(reply: &Reply, code: &str) {
    let known = ALL.iter().find(|known| known.name == code).unwrap();
    assert_eq!(reply.status, known.status, "{}", reply.text);
    assert!(reply.text.contains(known.title.en), "{}", reply.text);
    assert_eq!(reply.header("referrer-policy"), Some("no-referrer"));
}

/// Reads a page several times, and stops if any row of any table has changed.
async fn reads(world: &World, link: &str) -> Reply {
    let stranger = world.service.stranger();
    world.service.mails().await;
    let database = &world.service.state().database;
    let before = database::contents(database).await;
    let mut page = None;
    for method in ["GET", "HEAD", "GET"] {
        let call = stranger.call(method.parse().unwrap(), link);
        let reply = call.header("accept-language", "en").send().await;
        assert!(reply.header("set-cookie").is_none());
        page = Some(reply);
    }
    assert_eq!(database::contents(database).await, before, "{link}");
    page.unwrap()
}

async fn post(client: &Client, link: &str, fields: &[(&str, &str)]) -> Reply {
    client.post_form(link, fields).await
}

/// A round with two applicants of the first municipality, and the link to its slate.
async fn slate(world: &World) -> (String, [String; 2], String) {
    let round = world.open_round(json!({})).await;
    let (_, first) = world.applicant(0, &round).await;
    let (_, second) = world.applicant(0, &round).await;
    let director = &world.municipalities[0].director.email;
    let link = world.service.links_to(director).await.pop().unwrap();
    assert!(link.starts_with(&format!("{PUBLIC_URL}/registration/pages/slate/")));
    (round, [first, second], link)
}

#[actix_web::test]
async fn a_slate_link_gives_each_verdict_once() {
    on_each_database(async |world| {
        let stranger = world.service.stranger();
        let (_, [first, second], link) = slate(world).await;
        let page = reads(world, &link).await.ok();
        assert!(page.text.contains("Anna Applicant") && !page.text.contains("<script"));
        let (verdict, rank) = (format!("verdict-{first}"), format!("rank-{first}"));
        let who = [("name", "Karin Ek"), ("title", "kommundirektör")];
        let fields = [
            (verdict.as_str(), "endorse"),
            (rank.as_str(), "1"),
            who[0],
            who[1],
        ];
        let done = post(&stranger, &link, &fields).await.is(303);
        assert!(done.header("location").unwrap().ends_with("?saved"));
        let path = format!("applications/{first}");
        let read = world.coordinator.get(&path).await.ok();
        assert_eq!(read["endorsement"]["state"], "endorsed");
        assert_eq!(read["endorsement"]["decidedBy"], "Karin Ek, kommundirektör");
        let history = world.coordinator.get(&format!("{path}/history")).await.ok();
        let last = history["entries"]
            .as_array()
            .unwrap()
            .last()
            .unwrap()
            .clone();
        assert!(text(&last["actor"]).starts_with("link:"));
        let decline = [(verdict.as_str(), "decline"), who[0], who[1]];
        post(&stranger, &link, &decline).await.is(409);
        let read = world.coordinator.get(&path).await.ok();
        assert_eq!(read["endorsement"]["state"], "endorsed");
        // The other one is still to be decided, by the same link.
        let verdict = format!("verdict-{second}");
        post(
            &stranger,
            &link,
            &[(verdict.as_str(), "decline"), who[0], who[1]],
        )
        .await
        .is(303);
        reads(world, &link).await.ok();
    })
    .await;
}

#[actix_web::test]
async fn what_a_slate_does_not_offer_is_refused_and_nothing_is_decided() {
    on_each_database(async |world| {
        let stranger = world.service.stranger();
        let (round, [first, _], link) = slate(world).await;
        let (_, foreign) = world.applicant(1, &round).await;
        let verdict = format!("verdict-{first}");
        let other = format!("verdict-{foreign}");
        let who = [("name", "Karin Ek"), ("title", "kommundirektör")];
        let own = [
            (verdict.as_str(), "endorse"),
            ("name", "anna  APPLICANT"),
            who[1],
        ];
        post(&stranger, &link, &own).await.is(409);
        let cases: [&[(&str, &str)]; 5] = [
            &[(other.as_str(), "endorse"), who[0], who[1]],
            &[(verdict.as_str(), "perhaps"), who[0], who[1]],
            &[(verdict.as_str(), "endorse"), ("title", "x")],
            &[
                (verdict.as_str(), "endorse"),
                who[0],
                who[1],
                ("admin", "1"),
            ],
            &[who[0], who[1]],
        ];
        for fields in cases {
            post(&stranger, &link, fields).await.is(400);
        }
        let json = stranger
            .call(Method::POST, &link)
            .json(&json!({ "verdict": "endorse" }));
        json.send().await.is(415);
        let read = world
            .coordinator
            .get(&format!("rounds/{round}/slate-links"))
            .await
            .ok();
        assert_eq!(read["_meta"]["totalRecords"], 2);
        let waiting = world
            .coordinator
            .get("applications?endorsement=awaiting")
            .await
            .ok();
        assert_eq!(waiting["_meta"]["totalRecords"], 3);
    })
    .await;
}

#[actix_web::test]
async fn a_revoked_forged_or_misplaced_link_opens_nothing() {
    on_each_database(async |world| {
        let (round, [first, _], link) = slate(world).await;
        let stranger = world.service.stranger();
        let (_, token) = link.rsplit_once('/').unwrap();
        let verdict = format!("verdict-{first}");
        let fields = [
            (verdict.as_str(), "endorse"),
            ("name", "Karin Ek"),
            ("title", "x"),
        ];
        let page = |kind: &str, token: &str| format!("registration/pages/{kind}/{token}");
        let forger = LinkKey::from_secret("another secret");
        let own = LinkKey::from_secret("links of tests");
        let mut tampered = token.to_owned();
        let other = if tampered.starts_with('A') { "B" } else { "A" };
        tampered.replace_range(0..1, other);
        let links = [
            page("offer", token),
            page("confirm", token),
            page("slate", &forger.sign("slate", LinkId::new())),
            page("slate", &own.sign("slate", LinkId::new())),
            page("slate", &own.sign("offer", LinkId::new())),
            page("slate", &tampered),
            page("slate", "nonsense"),
            page("slate", &"A".repeat(1500)),
        ];
        // The very same link for what else is signed with the secret, and what is no link at all.
        let id = own.verify("slate", token).unwrap();
        let others = LinkPurpose::ALL.into_iter().skip(1);
        let others = others.map(|purpose| own.of(purpose).sign("slate", id));
        let tokens = PURPOSES.map(|purpose| {
            let signer = Signer::new(&world.service.gateway);
            signer.sign(purpose, &Caller::anonymous()).unwrap()
        });
        let key = NewSecret::generate(ApiKeyId::new()).text;
        let others = others.chain(tokens).chain([key]);
        let others = others.map(|text| page("slate", &text));
        let links: Vec<String> = links.into_iter().chain(others).collect();
        for link in &links {
            refused(&reads(world, link).await, "link_invalid");
            let answer: &[(&str, &str)] = match link.contains("offer") {
                true => &[("verdict", "accept")],
                false if link.contains("confirm") => &[],
                false => &fields,
            };
            refused(&post(&stranger, link, answer).await, "link_invalid");
        }
        let listed = world
            .coordinator
            .get(&format!("rounds/{round}/slate-links"))
            .await
            .ok();
        let one = format!(
            "rounds/{round}/slate-links/{}",
            text(&listed["items"][0]["id"])
        );
        world
            .coordinator
            .change("DELETE", &one, "*", Value::Null)
            .await
            .is(204);
        refused(&reads(world, &link).await, "link_invalid");
        refused(&post(&stranger, &link, &fields).await, "link_invalid");
        let read = world
            .coordinator
            .get(&format!("applications/{first}"))
            .await
            .ok();
        assert_eq!(read["endorsement"]["state"], "awaiting");
    })
    .await;
}

#[actix_web::test]
async fn after_the_deadline_a_slate_link_shows_and_decides_nothing() {
    on_each_database(async |world| {
        let (_, [first, _], link) = slate(world).await;
        let verdict = format!("verdict-{first}");
        let fields = [
            (verdict.as_str(), "endorse"),
            ("name", "Karin Ek"),
            ("title", "x"),
        ];
        world.service.set_clock("2022-05-06T22:00:00Z");
        let page = reads(world, &link).await.ok();
        assert!(!page.text.contains(&verdict));
        post(&world.service.stranger(), &link, &fields)
            .await
            .is(409);
        let read = world
            .coordinator
            .get(&format!("applications/{first}"))
            .await
            .ok();
        assert_eq!(read["endorsement"]["state"], "awaiting");
    })
    .await;
}

#[actix_web::test]
async fn an_offer_link_answers_once_and_then_shows_the_answer() {
    on_each_database(async |world| {
        let announced = world.announced(4, json!({})).await;
        let stranger = world.service.stranger();
        let link = async |index: usize| {
            let mut links = world.service.links_to(&announced.all[index].0.email).await;
            links.pop().unwrap()
        };
        let first = link(0).await;
        let page = reads(world, &first).await.ok();
        assert!(page.text.contains("value=\"accept\""));
        for wrong in [
            &[("verdict", "perhaps")][..],
            &[],
            &[("verdict", "accept"), ("more", "1")],
        ] {
            post(&stranger, &first, wrong).await.is(400);
        }
        post(&stranger, &first, &[("verdict", "accept")])
            .await
            .is(303);
        assert_eq!(world.seat(announced.application(0)).await, "accepted");
        post(&stranger, &first, &[("verdict", "decline")])
            .await
            .is(409);
        let page = reads(world, &first).await.ok();
        assert!(!page.text.contains("value=\"accept\""));
        let second = link(1).await;
        post(&stranger, &second, &[("verdict", "decline")])
            .await
            .is(303);
        assert_eq!(
            world.seats(&announced).await,
            ["accepted", "declined", "offered", "none"]
        );
        let third = link(2).await;
        world.service.set_clock("2022-04-22T22:00:00Z");
        post(&stranger, &third, &[("verdict", "accept")])
            .await
            .is(409);
        let page = reads(world, &third).await.ok();
        assert!(!page.text.contains("value=\"accept\""));
        assert_eq!(world.seat(announced.application(2)).await, "offered");
        world.assert_sound(&announced.round).await;
    })
    .await;
}

#[actix_web::test]
async fn anybody_of_a_partner_applies_by_a_form_and_a_mailed_link() {
    on_each_database(async |world| {
        let eligibility = json!({ "partnersOnly": true });
        let round = world
            .open_round(json!({ "eligibility": eligibility }))
            .await;
        let stranger = world.service.stranger();
        let page = format!("/registration/pages/rounds/{round}");
        reads(world, "/registration/pages/catalogue").await.ok();
        reads(world, &page).await.ok();
        let form = format!("{page}/application");
        reads(world, &form).await.ok();
        let organisation = world.municipalities[0].id.to_string();
        let fields = [
            ("name", "Maja Lindqvist"),
            ("title", "Förvaltningschef"),
            ("organisationId", organisation.as_str()),
            ("email", "maja@kommun.example"),
            ("kind", "employed_manager"),
            ("gender", "woman"),
            ("motivation", "Jag vill lära."),
        ];
        let announced = async || {
            let query = "SELECT COUNT(*) AS row FROM outbox WHERE kind = 'person.created'";
            database::number(&world.service.state().database, query).await
        };
        let before = announced().await;
        post(&stranger, &form, &fields[..2]).await.is(400);
        post(&stranger, &form, &fields).await.is(303);
        let link = world
            .service
            .links_to("maja@kommun.example")
            .await
            .pop()
            .unwrap();
        assert!(link.contains("/registration/pages/confirm/"));
        let listed = world.coordinator.get("applications").await.ok();
        assert_eq!(listed["items"][0]["state"], "draft");
        reads(world, &link).await.ok();
        assert_eq!(
            announced().await,
            before,
            "an address in a form is nobody yet"
        );
        post(&stranger, &link, &[]).await.is(303);
        assert_eq!(announced().await, before + 1);
        let listed = world.coordinator.get("applications").await.ok();
        assert_eq!(listed["items"][0]["state"], "submitted");
        assert_eq!(listed["items"][0]["endorsement"]["state"], "awaiting");
        post(&stranger, &link, &[]).await.is(409);
        assert_eq!(announced().await, before + 1);
        reads(world, &link).await.ok();
        // Unverified until the office says who it is.
        let application = text(&listed["items"][0]["id"]);
        let person = format!("people/{}", text(&listed["items"][0]["personId"]));
        assert_eq!(world.coordinator.get(&person).await.ok()["verified"], false);
        world.endorse(0, &application, 1).await;
        assert_eq!(world.coordinator.get(&person).await.ok()["verified"], true);
        assert_eq!(announced().await, before + 1, "announced once");
    })
    .await;
}

#[actix_web::test]
async fn a_round_that_is_not_announced_has_no_page() {
    on_each_database(async |world| {
        let round = world.draft_round(json!({})).await;
        let page = format!("/registration/pages/rounds/{round}");
        for page in [
            page.clone(),
            format!("{page}/application"),
            "/registration/pages/rounds/7".to_owned(),
        ] {
            reads(world, &page).await.is(404);
            post(&world.service.stranger(), &page, &[("name", "x")])
                .await
                .is(404);
        }
    })
    .await;
}

#[actix_web::test]
async fn one_address_is_mailed_by_the_form_ten_times_a_day_and_the_sender_cannot_tell() {
    on_each_database(async |world| {
        let stranger = world.service.stranger();
        let organisation = world.municipalities[0].id.to_string();
        let apply = async |round: &str, email: &str| {
            let form = format!("/registration/pages/rounds/{round}/application");
            let fields = [
                ("name", "Maja Lindqvist"),
                ("title", "Förvaltningschef"),
                ("organisationId", organisation.as_str()),
                ("email", email),
                ("kind", "employed_manager"),
                ("gender", "woman"),
            ];
            post(&stranger, &form, &fields).await.is(303);
        };
        for _ in 0..3 {
            let round = world.open_round(json!({})).await;
            for email in ["maja@kommun.example", "Maja@Kommun.example"] {
                for _ in 0..2 {
                    apply(&round, email).await;
                }
            }
            apply(&round, "ali@kommun.example").await;
        }
        let mails = world.service.mails().await;
        let to = |address: &str| {
            let sent = mails.iter();
            sent.filter(|mail| mail.to.eq_ignore_ascii_case(address))
                .count()
        };
        assert_eq!(to("maja@kommun.example"), 10, "of twelve");
        assert_eq!(to("ali@kommun.example"), 3);
    })
    .await;
}

#[actix_web::test]
async fn whoever_has_left_takes_no_seat_by_a_mailed_link() {
    on_each_database(async |world| {
        let announced = world.announced(1, json!({})).await;
        let round = world.open_round(json!({})).await;
        let nominee = world
            .person(world.municipalities[0].id, "Nils Nyberg")
            .await;
        let body = json!({ "people": [{ "personId": nominee.id }] });
        let path = format!("rounds/{round}/nominations");
        world.coordinator.post(&path, body).await.ok();
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
        let stranger = world.service.stranger();
        let form = format!("/registration/pages/rounds/{round}/application");
        post(&stranger, &form, &fields).await.is(303);
        let accept = [("verdict", "accept")];
        let cases = [
            (
                "offer",
                announced.all[0].0.email.as_str(),
                accept.as_slice(),
            ),
            ("nomination", nominee.email.as_str(), [].as_slice()),
            ("confirm", "maja@kommun.example", [].as_slice()),
        ];
        let active = async |email: &str, active: bool| {
            let truth = if active { "TRUE" } else { "FALSE" };
            let leave = format!("UPDATE people SET active = {truth} WHERE email = '{email}'");
            database::tamper(&world.service.state().database, &leave).await;
        };
        for (kind, email, fields) in cases {
            let mut links = world.service.links_to(email).await;
            links.retain(|link| link.contains(&format!("/pages/{kind}/")));
            let link = links.pop().unwrap();
            active(email, false).await;
            let database = &world.service.state().database;
            let before = database::contents(database).await;
            let page = stranger
                .call(Method::GET, &link)
                .header("accept-language", "en");
            refused(&page.send().await, "link_invalid");
            post(&stranger, &link, fields).await.is(404);
            assert_eq!(database::contents(database).await, before, "{kind}");
            // Who is here again has the link again.
            active(email, true).await;
            post(&stranger, &link, fields).await.is(303);
        }
        assert_eq!(world.seat(announced.application(0)).await, "accepted");
    })
    .await;
}
