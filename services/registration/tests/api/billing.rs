//! Billing: what participations cost, and the invoices and credit notes that follow.

use crate::{
    lists::since,
    peppol::broken,
    world::{Announced, World, on_each_database, text, with},
};
use futures_util::future::join_all;
use registration::billing::numbers::sabotage::number_by_sequence;
use serde_json::{Value, json};
use shared_testing::{Client, Method, Reply, databases};
use shared_types::{OrganisationId, Role};
use uuid::Uuid;

/// The prices of the programme for top politicians.
pub(crate) fn prices() -> Value {
    let line = |kind, per, minor: i64, rate| {
        let price = json!({ "amountMinor": minor, "currency": "SEK" });
        json!({ "kind": kind, "per": per, "price": price, "vatPermille": rate })
    };
    json!([
        line("fee", "year", 2_400_000, 250),
        line("board_and_lodging", "occasion", 300_000, 120),
    ])
}

fn occasions() -> Value {
    let all = [
        ("2022-09-01", "2022-09-02"),
        ("2022-10-06", "2022-10-07"),
        ("2022-11-24", "2022-11-25"),
    ];
    let one =
        |(first, last)| json!({ "name": { "sv": "Tillfälle" }, "startsOn": first, "endsOn": last });
    Value::Array(all.map(one).to_vec())
}

/// A priced round.
pub(crate) fn priced() -> Value {
    json!({
        "seats": 4, "prices": prices(), "occasions": occasions(),
        "startsOn": "2022-08-24", "endsOn": "2022-12-31",
    })
}

pub(crate) fn details(number: &str) -> Value {
    json!({
        "organisationNumber": number, "vatNumber": format!("SE{number}01"), "buyerReference": "ZZ4711",
        "address": { "street": "Storgatan 1", "postalCode": "582 23", "town": "Linköping", "country": "SE" },
        "account": { "kind": "bankgiro", "number": "50501055" },
    })
}

impl World {
    /// Says what stands on invoices between the organiser and its municipalities.
    pub(crate) async fn know_parties(&self) {
        let stranger = self.service.stranger();
        let buyers = self.municipalities.iter().map(|one| {
            let own = stranger.system(Role::Hr, Some(one.id));
            (own, one.id, "2120009002")
        });
        let seller = (self.coordinator.clone(), self.organiser, "2120009010");
        for (keeper, id, number) in buyers.chain([seller]) {
            let path = format!("organisations/{id}/billing-details");
            keeper.change("PUT", &path, "*", details(number)).await.ok();
        }
    }

    /// A priced round of the first municipality in which so many take part.
    async fn attended(&self, count: i32) -> Announced {
        let announced = self.announced(count, priced()).await;
        for index in 0..announced.all.len() {
            announced.answer(index, "accept").await.ok();
        }
        announced
    }

    async fn draft(&self, members: Value) -> Reply {
        let body = json!({ "organiserId": self.organiser, "startsOn": "2022-01-01", "endsOn": "2022-12-31" });
        self.coordinator.post("invoices", with(body, members)).await
    }

    async fn drafted(&self, members: Value) -> Vec<Value> {
        let drafts = self.draft(members).await.ok();
        drafts["invoices"].as_array().unwrap().clone()
    }

    /// One issued invoice of everything that is open.
    async fn invoice(&self) -> Reply {
        let drafts = self.drafted(json!({})).await;
        assert_eq!(drafts.len(), 1);
        self.issue(&drafts[0]["id"]).await.ok()
    }

    async fn issue(&self, id: &Value) -> Reply {
        self.coordinator
            .post_empty(&format!("invoices/{}/issuing", text(id)))
            .await
    }

    async fn lines(&self, id: &str) -> Vec<Value> {
        let lines = self
            .coordinator
            .get(&format!("invoices/{id}/lines?limit=100"))
            .await
            .ok();
        lines["items"].as_array().unwrap().clone()
    }

    async fn basis(&self, round: &str) -> Value {
        let page = self
            .coordinator
            .get(&format!("rounds/{round}/invoice-basis"))
            .await
            .ok();
        page["items"].clone()
    }

    async fn credit(&self, id: &str, body: Value) -> Reply {
        self.coordinator
            .post(&format!("invoices/{id}/credit-notes"), body)
            .await
    }

    async fn peppol(&self, id: &str) -> String {
        self.coordinator
            .get(&format!("invoices/{id}/peppol"))
            .await
            .is(200)
            .text
    }
}

fn minor(value: &Value) -> i64 {
    value["amountMinor"].as_i64().unwrap()
}

#[actix_web::test]
async fn the_announced_prices_become_one_collective_invoice() {
    on_each_database(async |world| {
        world.know_parties().await;
        let announced = world.attended(2).await;
        let basis = world.basis(&announced.round).await;
        let charges = basis[0]["charges"].as_array().unwrap();
        let told: Vec<(&str, i64, i64)> = charges
            .iter()
            .map(|one| {
                (
                    one["fallsOn"].as_str().unwrap(),
                    minor(&one["amount"]),
                    minor(&one["billed"]),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("2022-08-24", 2_400_000, 0),
                ("2022-09-01", 300_000, 0),
                ("2022-10-06", 300_000, 0),
                ("2022-11-24", 300_000, 0),
            ]
        );
        let drafts = world.drafted(json!({})).await;
        assert_eq!(drafts.len(), 1);
        let draft = &drafts[0];
        assert_eq!(
            (&draft["state"], draft.get("number")),
            (&json!("draft"), None)
        );
        assert_eq!(draft["organisationId"], json!(world.municipalities[0].id));
        let issued = world.issue(&draft["id"]).await.ok();
        assert_eq!(issued["number"], "2022-00001");
        assert_eq!(
            (&issued["issuedOn"], &issued["dueOn"]),
            (&json!("2022-04-12"), &json!("2022-05-12"))
        );
        // 2 × (24 000 + 3 × 3 000) SEK without VAT; 25 % on the fee, 12 % on board and lodging.
        let [net, vat, gross] = ["net", "vat", "gross"].map(|name| minor(&issued[name]));
        assert_eq!((net, vat, gross), (6_600_000, 1_416_000, 8_016_000));
        let lines = world.lines(&issued.id()).await;
        let told: Vec<(&str, i64, i64)> = lines
            .iter()
            .map(|one| {
                (
                    one["name"].as_str().unwrap(),
                    one["quantity"].as_i64().unwrap(),
                    minor(&one["price"]),
                )
            })
            .collect();
        let each = [
            ("Deltagaravgift, Våren 2022", 1, 2_400_000),
            ("Kost och logi, Våren 2022", 3, 300_000),
        ];
        assert_eq!(told, [each, each].concat());
        assert!(
            !lines
                .iter()
                .any(|line| line.to_string().contains("Anna Applicant"))
        );
        assert_eq!(
            broken(&world.peppol(&issued.id()).await),
            Vec::<&str>::new()
        );
        // Nothing is billed twice.
        assert_eq!(world.drafted(json!({})).await, Vec::<Value>::new());
    })
    .await;
}

#[actix_web::test]
async fn a_period_takes_what_falls_in_it_and_a_discarded_draft_gives_it_back() {
    on_each_database(async |world| {
        world.know_parties().await;
        world.attended(1).await;
        let autumn = json!({ "startsOn": "2022-10-01", "endsOn": "2022-10-31" });
        let first = world.drafted(autumn.clone()).await;
        assert_eq!(minor(&first[0]["net"]), 300_000);
        assert!(world.drafted(autumn.clone()).await.is_empty());
        let path = format!("invoices/{}", text(&first[0]["id"]));
        world
            .coordinator
            .change("DELETE", &path, "*", Value::Null)
            .await
            .is(204);
        world.coordinator.get(&path).await.refused("not_found");
        assert_eq!(world.drafted(autumn).await.len(), 1);
        let rest = world.drafted(json!({})).await;
        assert_eq!(minor(&rest[0]["net"]), 3_000_000);
        let only = json!({ "organisationId": world.municipalities[1].id });
        assert!(world.drafted(only).await.is_empty());
        let wrong = json!({ "startsOn": "2022-12-31", "endsOn": "2022-01-01" });
        let wrong = world.draft(wrong).await.refused("invalid_body");
        assert_eq!(wrong.violations()[0].0, "/endsOn");
    })
    .await;
}

#[actix_web::test]
async fn an_issued_invoice_never_changes_and_is_not_discarded() {
    on_each_database(async |world| {
        world.know_parties().await;
        world.attended(1).await;
        let invoice = world.invoice().await;
        let (id, before) = (invoice.id(), world.peppol(&invoice.id()).await);
        for organisation in [world.organiser, world.municipalities[0].id] {
            let path = format!("organisations/{organisation}/billing-details");
            let other = with(
                details("5560360793"),
                json!({ "legalName": "Another name" }),
            );
            world
                .coordinator
                .change("PUT", &path, "*", other)
                .await
                .ok();
        }
        assert_eq!(world.peppol(&id).await, before);
        let path = format!("invoices/{id}");
        let refused = world
            .coordinator
            .change("DELETE", &path, "*", Value::Null)
            .await;
        refused.refused("invoice_state_forbids");
        world
            .issue(&json!(id))
            .await
            .refused("invoice_state_forbids");
        let edges = "SELECT COUNT(*) AS row FROM changes WHERE kind = 'invoice'";
        let database = &world.service.state().database;
        assert_eq!(shared_testing::database::number(database, edges).await, 2);
    })
    .await;
}

#[actix_web::test]
async fn what_an_invoice_must_say_is_asked_for_before_it_has_a_number() {
    on_each_database(async |world| {
        let announced = world.attended(1).await;
        let drafts = world.drafted(json!({})).await;
        let id = &drafts[0]["id"];
        let refused = world.issue(id).await.refused("billing_details_missing");
        assert!(refused.text.contains("seller, buyer"), "{}", refused.text);
        world
            .coordinator
            .get(&format!("invoices/{}/peppol", text(id)))
            .await
            .refused("invoice_state_forbids");
        world.know_parties().await;
        let path = format!(
            "organisations/{}/billing-details",
            world.municipalities[0].id
        );
        let nameless = with(details("2120009002"), json!({ "buyerReference": null }));
        world
            .coordinator
            .change("PUT", &path, "*", nameless)
            .await
            .ok();
        let refused = world.issue(id).await.refused("billing_details_missing");
        assert!(
            refused.text.contains("buyer.buyerReference"),
            "{}",
            refused.text
        );
        world.know_parties().await;
        assert_eq!(world.issue(id).await.ok()["number"], "2022-00001");
        // A wrong number is told where it stands.
        let wrong = with(details("2120009003"), json!({ "gln": "7300010000002" }));
        let wrong = world
            .coordinator
            .change("PUT", &path, "*", wrong)
            .await
            .refused("invalid_body");
        let pointers: Vec<String> = wrong.violations().into_iter().map(|one| one.0).collect();
        assert_eq!(pointers, ["/gln", "/organisationNumber"]);
        world
            .coordinator
            .get(&format!("rounds/{}/billing-terms", announced.round))
            .await
            .ok();
    })
    .await;
}

#[actix_web::test]
async fn a_vat_rate_that_the_country_does_not_have_is_refused() {
    on_each_database(async |world| {
        world.know_parties().await;
        let mut prices = prices();
        prices[0]["vatPermille"] = json!(190);
        let announced = world
            .announced(1, with(priced(), json!({ "prices": prices })))
            .await;
        announced.answer(0, "accept").await.ok();
        let drafts = world.drafted(json!({})).await;
        world
            .issue(&drafts[0]["id"])
            .await
            .refused("invoice_vat_rate_unknown");
    })
    .await;
}

#[actix_web::test]
async fn a_withdrawal_costs_the_share_of_its_day_and_what_was_billed_beyond_it_is_credited() {
    on_each_database(async |world| {
        world.know_parties().await;
        let announced = world.attended(2).await;
        let path = format!("rounds/{}/billing-terms", announced.round);
        let steps = json!([
            { "until": "2022-04-30", "sharePermille": 0 }, { "until": "2022-06-30", "sharePermille": 500 },
        ]);
        let terms = json!({ "cancellation": steps });
        world.coordinator.change("PUT", &path, "*", terms).await.ok();
        let backwards = json!({ "cancellation": [steps[1], steps[0]] });
        let refused = world.coordinator.change("PUT", &path, "*", backwards).await;
        assert_eq!(refused.refused("invalid_body").violations()[0].0, "/cancellation");
        let invoice = world.invoice().await;
        // To the end of the last day, where the round is: half the price.
        world.service.set_clock("2022-06-30T21:59:59Z");
        announced.withdraw(0).await.ok();
        let basis = world.basis(&announced.round).await;
        let items = basis.as_array().unwrap();
        let gone = items.iter().find(|one| one["id"] == announced.application(0)).unwrap();
        let credits = gone["creditsDue"].as_array().unwrap();
        let amounts: Vec<i64> = credits.iter().map(|one| minor(&one["amount"])).collect();
        assert_eq!(amounts, [1_200_000, 450_000]);
        let kept = items.iter().find(|one| one["id"] == announced.application(1)).unwrap();
        assert_eq!(kept["creditsDue"], json!([]));
        let lines: Vec<Value> = credits
            .iter()
            .map(|one| json!({ "lineId": one["lineId"], "amountMinor": one["amount"]["amountMinor"] }))
            .collect();
        let body = json!({ "reason": "Avbokad i tid.", "lines": lines });
        let note = world.credit(&invoice.id(), body.clone()).await.created();
        assert_eq!((&note["kind"], &note["number"]), (&json!("credit_note"), &json!("K2022-00001")));
        assert_eq!(note["creditsId"], json!(invoice.id()));
        assert_eq!((minor(&note["net"]), minor(&note["vat"])), (1_650_000, 354_000));
        let xml = world.peppol(&note.id()).await;
        assert_eq!(broken(&xml), Vec::<&str>::new());
        assert!(xml.contains("<cac:InvoiceDocumentReference><cbc:ID>2022-00001</cbc:ID>"));
        assert!(xml.contains("Krediterar faktura 2022-00001: Avbokad i tid."));
        let basis = world.basis(&announced.round).await;
        for one in basis.as_array().unwrap() {
            assert_eq!(one["creditsDue"], json!([]));
        }
        assert!(world.drafted(json!({})).await.is_empty(), "half is owed, and half is billed");
        world.credit(&invoice.id(), body.clone()).await.created();
        world.credit(&invoice.id(), body).await.refused("credit_too_large");
        world.credit(&note.id(), json!({ "reason": "x" })).await.refused("invoice_is_credit_note");
    })
    .await;
}

#[actix_web::test]
async fn credits_take_back_exactly_what_was_billed_and_it_can_be_billed_anew() {
    on_each_database(async |world| {
        world.know_parties().await;
        world.attended(3).await;
        let invoice = world.invoice().await;
        let lines = world.lines(&invoice.id()).await;
        let (mut net, mut vat) = (0, 0);
        for amount in [333_333, 1] {
            let lines = json!([{ "lineId": lines[0]["id"], "amountMinor": amount }]);
            let note = world
                .credit(&invoice.id(), json!({ "reason": "x", "lines": lines }))
                .await
                .created();
            net += minor(&note["net"]);
            vat += minor(&note["vat"]);
        }
        let twice =
            json!([1, 1].map(|amount| json!({ "lineId": lines[1]["id"], "amountMinor": amount })));
        let twice = json!({ "reason": "x", "lines": twice });
        world
            .credit(&invoice.id(), twice)
            .await
            .refused("invoice_line_unknown");
        let note = world
            .credit(&invoice.id(), json!({ "reason": "All of it." }))
            .await
            .created();
        net += minor(&note["net"]);
        vat += minor(&note["vat"]);
        assert_eq!((net, vat), (minor(&invoice["net"]), minor(&invoice["vat"])));
        let now = world
            .coordinator
            .get(&format!("invoices/{}", invoice.id()))
            .await
            .ok();
        assert_eq!(now["state"], "credited");
        assert_eq!(now["credited"], now["net"]);
        world
            .credit(&invoice.id(), json!({ "reason": "x" }))
            .await
            .refused("invoice_state_forbids");
        let filter = format!("invoices?creditsId={}", invoice.id());
        assert_eq!(
            world.coordinator.get(&filter).await.ok()["_meta"]["totalRecords"],
            3
        );
        let again = world.invoice().await;
        assert_eq!(
            (again["net"].clone(), &again["number"]),
            (invoice["net"].clone(), &json!("2022-00002"))
        );
    })
    .await;
}

#[actix_web::test]
async fn a_seat_that_is_handed_on_keeps_its_price_and_is_billed_once() {
    on_each_database(async |world| {
        world.know_parties().await;
        let announced = world.attended(1).await;
        world.invoice().await;
        let next = world.person(world.municipalities[0].id, "Nora Next").await;
        let body = json!({ "personId": next.id, "reason": "Another post." });
        let path = format!("applications/{}/substitution", announced.application(0));
        let second = world.coordinator.post(&path, body).await.created().id();
        world.endorse(0, &second, 1).await;
        assert_eq!(world.seat(&second).await, "accepted");
        let basis = world.basis(&announced.round).await;
        assert_eq!(basis.as_array().unwrap().len(), 1);
        assert_eq!(basis[0]["id"], announced.application(0));
        assert_eq!(basis[0]["holderId"], json!(second));
        assert_eq!(basis[0]["creditsDue"], json!([]));
        assert!(world.drafted(json!({})).await.is_empty());
    })
    .await;
}

#[actix_web::test]
async fn a_round_that_is_not_held_costs_nothing_and_what_was_billed_is_to_be_credited() {
    on_each_database(async |world| {
        world.know_parties().await;
        let announced = world.attended(1).await;
        world.invoice().await;
        let path = format!("rounds/{}/cancellation", announced.round);
        world
            .coordinator
            .post(&path, json!({ "reason": "Too few." }))
            .await
            .ok();
        let basis = world.basis(&announced.round).await;
        let credits = basis[0]["creditsDue"].as_array().unwrap();
        assert_eq!(
            credits.iter().map(|one| minor(&one["amount"])).sum::<i64>(),
            3_300_000
        );
        assert!(world.drafted(json!({})).await.is_empty());
    })
    .await;
}

#[actix_web::test]
async fn who_pays_reads_what_was_issued_and_nobody_else_does() {
    on_each_database(async |world| {
        world.know_parties().await;
        world.attended(1).await;
        let drafts = world.drafted(json!({})).await;
        let path = format!("invoices/{}", text(&drafts[0]["id"]));
        let stranger = world.service.stranger();
        let of = |role, index: usize| stranger.system(role, Some(world.municipalities[index].id));
        let buyers = [
            of(Role::Hr, 0),
            of(Role::Director, 0),
            of(Role::Coordinator, 0),
        ];
        let others = [
            of(Role::Hr, 1),
            stranger.system(Role::Coordinator, Some(OrganisationId::new())),
        ];
        let total = async |client: &Client| {
            client.get("invoices").await.ok()["_meta"]["totalRecords"].clone()
        };
        for client in buyers.iter().chain(&others) {
            client.get(&path).await.refused("not_found");
            assert_eq!(total(client).await, 0);
        }
        world.issue(&drafts[0]["id"]).await.ok();
        for client in &buyers {
            let seen = client.get(&path).await.ok();
            assert_eq!(seen.rels(), ["lines", "peppol"]);
            assert_eq!(seen["transitions"], json!([]));
            client.get(&format!("{path}/lines")).await.ok();
            client.get(&format!("{path}/peppol")).await.is(200);
            assert_eq!(total(client).await, 1);
            let credit = format!("{path}/credit-notes");
            client
                .post(&credit, json!({ "reason": "x" }))
                .await
                .refused("forbidden");
        }
        for client in &others {
            for below in ["", "/lines", "/peppol"] {
                client
                    .get(&format!("{path}{below}"))
                    .await
                    .refused("not_found");
            }
            assert_eq!(total(client).await, 0);
        }
    })
    .await;
}

#[actix_web::test]
async fn a_mirror_gets_each_document_as_it_is_drafted_issued_and_credited() {
    on_each_database(async |world| {
        const LONG_AGO: &str = "2020-01-01T00:00:00Z";
        world.know_parties().await;
        world.attended(1).await;
        let own = &world.coordinator;
        let stranger = world.service.stranger();
        let hr = |index: usize| stranger.system(Role::Hr, Some(world.municipalities[index].id));
        let (buyer, other) = (hr(0), hr(1));
        let nothing: [String; 0] = [];
        let (none, until) = since(own, "invoices", LONG_AGO).await;
        assert_eq!(none, nothing);
        let id = text(&world.drafted(json!({})).await[0]["id"]);
        let (drafted, until) = since(own, "invoices", &until).await;
        assert_eq!(drafted, [id.as_str()]);
        let (none, until) = since(own, "invoices", &until).await;
        assert_eq!(none, nothing);
        // Who pays hears of it once it is issued.
        let (none, bought) = since(&buyer, "invoices", LONG_AGO).await;
        assert_eq!(none, nothing);
        world.issue(&json!(id)).await.ok();
        let (issued, until) = since(own, "invoices", &until).await;
        assert_eq!(issued, [id.as_str()]);
        let (issued, bought) = since(&buyer, "invoices", &bought).await;
        assert_eq!(issued, [id.as_str()]);
        let (none, bought) = since(&buyer, "invoices", &bought).await;
        assert_eq!(none, nothing);
        let note = world.credit(&id, json!({ "reason": "Agreed." })).await;
        let note = note.created().id();
        let (mut credited, _) = since(own, "invoices", &until).await;
        credited.sort();
        // A credit note is named by its reason.
        assert_eq!(credited, [id.as_str(), "Agreed."]);
        let notes = format!("invoices?kind=credit_note&sort=-modifiedAt&modifiedAfter={bought}");
        let notes = buyer.get(&notes).await.ok();
        assert_eq!(notes["items"].as_array().unwrap().len(), 1);
        assert_eq!(notes["items"][0]["id"], note);
        let (none, _) = since(&other, "invoices", LONG_AGO).await;
        assert_eq!(none, nothing);
    })
    .await;
}

#[actix_web::test]
async fn the_journal_has_a_row_for_each_document_and_rate() {
    on_each_database(async |world| {
        let path = format!("organisations/{}/billing-details", world.municipalities[0].id);
        let unknown = world.coordinator.get(&path).await;
        unknown.refused("billing_details_unknown");
        world.know_parties().await;
        let formula = with(details("2120009002"), json!({ "legalName": "=Kommun, Ekonomi" }));
        world.coordinator.change("PUT", &path, "*", formula).await.ok();
        world.attended(1).await;
        let invoice = world.invoice().await;
        world.credit(&invoice.id(), json!({ "reason": "x" })).await.created();
        let journal = |from: &str| {
            let path = format!("organisations/{}/invoice-journal?from={from}&until=2022-12-31", world.organiser);
            world.coordinator.call(Method::GET, &path)
        };
        let table = journal("2022-01-01").send().await.is(200);
        assert!(table.header("content-type").unwrap().starts_with("text/csv"));
        let day = "2022-04-12,2022-05-12,2022-01-01,2022-12-31,\"'=Kommun, Ekonomi\",2120009002,ZZ4711,";
        let back = day.replace("2022-05-12", "2022-04-12");
        let expected = format!(
            "\u{feff}number,kind,issuedOn,dueOn,startsOn,endsOn,buyer,organisationNumber,buyerReference,orderNumber,credits,currency,vatPermille,net,vat\r\n\
             2022-00001,invoice,{day},,SEK,120,9000.00,1080.00\r\n\
             2022-00001,invoice,{day},,SEK,250,24000.00,6000.00\r\n\
             K2022-00001,credit_note,{back},2022-00001,SEK,120,-9000.00,-1080.00\r\n\
             K2022-00001,credit_note,{back},2022-00001,SEK,250,-24000.00,-6000.00\r\n"
        );
        assert_eq!(table.text, expected);
        assert_eq!(journal("2022-04-13").send().await.is(200).text.lines().count(), 1);
    })
    .await;
}

/// Drafts of so many rounds, each issued by three at once: what was issued, and what was refused.
async fn issue_at_once(world: &World, rounds: usize) -> (Vec<Reply>, Vec<Reply>) {
    world.know_parties().await;
    let mut drafts = Vec::new();
    for _ in 0..rounds {
        let announced = world.attended(1).await;
        let drafted = world.drafted(json!({ "roundId": announced.round })).await;
        drafts.push(drafted[0]["id"].clone());
    }
    let asked = drafts.iter().flat_map(|id| [id, id, id]);
    let replies = join_all(asked.map(|id| world.issue(id))).await;
    replies.into_iter().partition(|reply| reply.status == 200)
}

/// The numbers that were given, in order.
fn numbers(issued: &[Reply]) -> Vec<String> {
    let mut numbers: Vec<String> = issued.iter().map(|reply| text(&reply["number"])).collect();
    numbers.sort_unstable();
    numbers
}

fn without_gaps(count: usize) -> Vec<String> {
    (1..=count)
        .map(|number| format!("2022-{number:05}"))
        .collect()
}

#[actix_web::test]
async fn numbers_have_no_gaps_however_many_issue_at_once_and_begin_anew_each_year() {
    on_each_database(async |world| {
        let (issued, refused) = issue_at_once(world, 6).await;
        assert_eq!(numbers(&issued), without_gaps(6));
        assert_eq!(refused.len(), 12);
        for reply in refused {
            reply.refused("invoice_state_forbids");
        }
        world.issue_around_new_year().await;
    })
    .await;
}

impl World {
    /// An invoice before and one after midnight of the year, where the organiser is.
    async fn issue_around_new_year(&self) {
        for (instant, number) in [
            ("2022-12-31T22:59:59Z", "2022-00007"),
            ("2022-12-31T23:00:00Z", "2023-00001"),
        ] {
            self.service.set_clock(instant);
            let issued = self
                .coordinator
                .get("invoices?state=issued&kind=invoice&limit=1")
                .await
                .ok();
            let id = text(&issued["items"][0]["id"]);
            self.credit(&id, json!({ "reason": "Anew." }))
                .await
                .created();
            let drafts = self.drafted(json!({})).await;
            assert_eq!(self.issue(&drafts[0]["id"]).await.ok()["number"], number);
        }
    }
}

#[actix_web::test]
async fn numbered_by_a_sequence_the_same_run_has_gaps() {
    for database in databases().await {
        let world = World::new(database, 1).await;
        number_by_sequence(world.organiser.uuid());
        let (issued, _) = issue_at_once(&world, 6).await;
        assert_ne!(numbers(&issued), without_gaps(6));
    }
}

#[actix_web::test]
async fn drafting_at_once_bills_nothing_twice() {
    on_each_database(async |world| {
        world.know_parties().await;
        world.attended(2).await;
        let drafts = join_all((0..6).map(|_| world.drafted(json!({})))).await;
        let all: Vec<Value> = drafts.into_iter().flatten().collect();
        assert_eq!(all.len(), 1);
        assert_eq!(minor(&all[0]["net"]), 6_600_000);
    })
    .await;
}

#[actix_web::test]
async fn crediting_at_once_takes_nothing_back_twice() {
    on_each_database(async |world| {
        world.know_parties().await;
        world.attended(1).await;
        let invoice = world.invoice().await;
        let id = invoice.id();
        let replies = join_all((0..5).map(|_| world.credit(&id, json!({ "reason": "x" })))).await;
        let made = replies.iter().filter(|reply| reply.status == 201).count();
        assert_eq!(made, 1);
        let unknown = Uuid::new_v4();
        world
            .credit(&unknown.to_string(), json!({ "reason": "x" }))
            .await
            .refused("not_found");
    })
    .await;
}
