//! How the databases answer what lists and background work really ask: with an index, and for
//! a page without sorting. The statements come from the driver's log, not from a copy.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "helpers of tests stop where something is not as expected, and say on what"
)]

#[expect(
    dead_code,
    reason = "the world of the API's tests; not all of it is needed here"
)]
#[path = "../api/world.rs"]
mod world;

use crate::world::{World, on_each_database, text};
use registration::api;
use sea_orm::{ConnectionTrait as _, DatabaseBackend, Statement};
use serde_json::{Value, json};
use shared_testing::{Client, database, imports, statements};
use shared_types::Role;
use std::collections::{BTreeSet, HashSet};

/// A list or a feed as the document describes it.
struct List {
    /// Its address in the document.
    address: String,
    /// The same with ids of things that there are.
    path: String,
    parameters: Vec<Value>,
    public: bool,
}

/// Ids of things that there are, by the parameters of addresses.
struct Known {
    ids: Vec<(&'static str, String)>,
    /// A round that takes interests.
    waiting: String,
    /// Whose lists the caller under test may read.
    organiser: String,
    employer: String,
}

impl Known {
    fn id(&self, address: &str, parameter: &str) -> String {
        match (address, parameter) {
            ("/rounds/{roundId}/interests", _) => self.waiting.clone(),
            ("/organisations/{organisationId}/departments", _) => self.employer.clone(),
            _ => {
                let known = self.ids.iter().find(|(name, _)| *name == parameter);
                match known {
                    Some((_, id)) => id.clone(),
                    None => unreachable!("{address}: make one, and name it in `filled`"),
                }
            }
        }
    }

    /// An address with its ids.
    fn path(&self, address: &str) -> String {
        let mut path = String::new();
        for (number, part) in address.split(['{', '}']).enumerate() {
            if number % 2 == 0 {
                path.push_str(part);
            } else {
                path.push_str(&self.id(address, part));
            }
        }
        path.trim_start_matches('/').to_owned()
    }
}

/// Every operation of the document that has a parameter of this name: a new one is tried too, or
/// it fails for want of an id.
fn with_parameter(known: &Known, name: &str) -> Vec<List> {
    let document = api::document();
    let paths = document["paths"].as_object().unwrap();
    let all = paths.iter().filter_map(|(address, item)| {
        let operation = item.get("get")?;
        let parameters = operation["parameters"].as_array()?;
        parameters.iter().find(|one| one["name"] == name)?;
        Some(List {
            address: address.clone(),
            path: known.path(address),
            parameters: parameters.clone(),
            public: operation["security"]
                .as_array()
                .is_some_and(|all| all.contains(&json!({}))),
        })
    });
    all.collect()
}

impl List {
    /// One query for each order, and one for each filter.
    fn queries(&self, known: &Known) -> Vec<String> {
        let document = api::document();
        let mut queries = vec![String::new()];
        for parameter in &self.parameters {
            let name = text(&parameter["name"]);
            let schema = resolved(&document, &parameter["schema"]);
            let values: Vec<String> = match name.as_str() {
                "page" | "limit" | "cursor" | "fields" | "after" => continue,
                "sort" => {
                    let words = words(schema);
                    assert!(words.len() > 1, "{parameter}");
                    words
                }
                _ if parameter["in"] != "query" => continue,
                "roundId" | "programmeId" => vec![known.id("", &name)],
                "organisationId" | "organiserId" | "municipalityId" => {
                    vec![known.organiser.clone(), known.employer.clone()]
                }
                "modifiedAfter" | "from" => vec!["2020-01-01T00:00:00Z".to_owned()],
                _ => words(schema)
                    .into_iter()
                    .chain(parameter.get("example").map(text))
                    .take(1)
                    .collect(),
            };
            queries.extend(values.iter().map(|value| format!("{name}={value}")));
        }
        queries
    }
}

fn words(schema: &Value) -> Vec<String> {
    let words = schema["enum"].as_array();
    let words = words.into_iter().flatten().map(text);
    words.filter(|word| !word.is_empty()).collect()
}

/// The schema behind a reference, or the one that is not null.
fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let alternatives = schema["oneOf"].as_array().into_iter().flatten();
    let schema = alternatives
        .chain([schema])
        .find(|one| one.get("$ref").is_some() || one.get("enum").is_some())
        .unwrap_or(schema);
    match schema["$ref"].as_str() {
        Some(target) => document.pointer(&target[1..]).unwrap(),
        None => schema,
    }
}

/// Reads the first page, the next, and the first again by going back; whether there was a next.
async fn leaf(caller: &Client, path: &str) -> bool {
    let first = caller.get(path).await;
    if first.status != 200 {
        return false;
    }
    let next = text(&first["_links"]["next"]["href"]);
    if next.is_empty() {
        return false;
    }
    let second = caller.get(&next).await.ok();
    let previous = text(&second["_links"]["prev"]["href"]);
    if !previous.is_empty() {
        caller.get(&previous).await.ok();
    }
    true
}

/// How the database would answer a statement.
async fn plan(world: &World, statement: &str) -> Vec<String> {
    let turn = world.service.state().database.begin().await.unwrap();
    let connection = turn.connection();
    let backend = connection.get_database_backend();
    let asked = if backend == DatabaseBackend::Postgres {
        // Tables of tests are so small that reading them whole is right; what is asked here is
        // whether there is another way, whatever the values.
        let settings = "SET LOCAL plan_cache_mode = force_generic_plan; \
             SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; \
             SET LOCAL enable_incremental_sort = off";
        connection.execute_unprepared(settings).await.unwrap();
        let prepare = format!("PREPARE asked AS {statement}");
        connection.execute_unprepared(&prepare).await.unwrap();
        let count = (1..1000)
            .rev()
            .find(|number| statement.contains(&format!("${number}")))
            .unwrap_or(0);
        let values = vec!["NULL"; count].join(", ");
        let values = if count == 0 {
            String::new()
        } else {
            format!("({values})")
        };
        format!("EXPLAIN EXECUTE asked{values}")
    } else {
        format!("EXPLAIN QUERY PLAN {statement}")
    };
    let rows = connection
        .query_all_raw(Statement::from_string(backend, asked))
        .await
        .unwrap();
    let column = if backend == DatabaseBackend::Postgres {
        "QUERY PLAN"
    } else {
        "detail"
    };
    let lines = rows.iter().map(|row| row.try_get("", column).unwrap());
    let lines = lines.collect();
    if backend == DatabaseBackend::Postgres {
        connection
            .execute_unprepared("DEALLOCATE asked")
            .await
            .unwrap();
    }
    lines
}

/// What is wrong with a plan: a table is read whole, or a page is sorted.
fn faults(statement: &str, plan: &[String]) -> Vec<String> {
    let paged = statement.contains("ORDER BY") && statement.contains("LIMIT");
    // Everybody sees nearly the whole catalogue: counting it is reading it. So is counting the
    // messages of a state, of which nearly all are sent.
    let catalogue = [
        "programmes",
        "rounds",
        "organisations",
        "offices",
        "messages",
    ];
    let counted = catalogue.iter().any(|table| {
        statement.starts_with("SELECT COUNT(*)") && statement.contains(&format!("FROM \"{table}\""))
    });
    // What one person has, or has one address, is sorted at no cost; names of two sets of people
    // (an organisation's and oneself) can't be read in one order.
    let text = plan.join("\n");
    let narrow = [
        "person_id=?",
        "person_id = ",
        "email_key=?",
        "email_key = ",
        "official_code",
        // What few people ask for in many organisations' names.
        "ix_erasures__organisation_id",
        "ix_imports__organisation_id",
        // What was told within the last second.
        "ix_outbox__unplaced",
    ];
    let few = narrow.iter().any(|one| text.contains(one))
        || text.contains("MULTI-INDEX OR") && statement.contains("ORDER BY \"people\".\"name\"");
    let bad = |line: &&String| {
        let line = line.trim().trim_start_matches("->").trim();
        // Which organisations a coordinator reaches is looked up once in a register of hundreds.
        let register = line.starts_with("Seq Scan on organisations")
            || line.starts_with("SCAN organisations")
            || line.contains("SCAN partnerships")
            || line.contains("Seq Scan on partnerships")
            // A row for each kind of data.
            || line.contains("retention_rules");
        let whole = line.contains("Seq Scan on") && !register
            || line.starts_with("SCAN")
                && !register
                && !line.contains("USING")
                && !line.contains("CONSTANT");
        let sorted = line.starts_with("Sort ") || line.contains("TEMP B-TREE FOR ORDER BY");
        (whole && !counted) || (paged && sorted && !few)
    };
    plan.iter().filter(bad).cloned().collect()
}

/// Stops with every statement whose plan has a fault.
async fn assert_indexed(world: &World, statements: Vec<String>) {
    let postgres = world.service.database.is_postgres();
    let mut found = Vec::new();
    let distinct: BTreeSet<String> = statements.into_iter().collect();
    for statement in &distinct {
        let explainable = ["SELECT", "UPDATE", "DELETE", "WITH"]
            .iter()
            .any(|word| statement.starts_with(word));
        // Another test of this process may have asked the other database.
        let of_other = if postgres { '?' } else { '$' };
        if !explainable || statement.contains(of_other) || is_exempt(statement) {
            continue;
        }
        let plan = plan(world, statement).await;
        let faults = faults(statement, &plan);
        if !faults.is_empty() {
            found.push(format!("{statement}\n{}", plan.join("\n")));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n\n"));
}

/// The clock, locks and the catalogue of PostgreSQL have no index of ours; what is kept too long
/// is looked for once an hour, by reading what is kept.
fn is_exempt(statement: &str) -> bool {
    [
        "pg_",
        ") AS over ORDER BY since",
        // What is of nobody: the column can't be null, and nothing is read.
        "\"id\" IS NULL",
        // An auditor narrows the whole history, rarely; an index for each way to do so would
        // be written with every change.
        "IN (SELECT \"changes\".\"id\" FROM \"changes\"",
        "strftime",
        "sqlite_",
        "seaql_migrations",
        "AS row",
    ]
    .iter()
    .any(|word| statement.contains(word))
}

/// Billing details that an invoice can be written with.
fn details(number: &str) -> Value {
    json!({
        "organisationNumber": number, "vatNumber": format!("SE{number}01"), "buyerReference": "ZZ4711",
        "address": { "street": "Storgatan 1", "postalCode": "582 23", "town": "Linköping", "country": "SE" },
        "account": { "kind": "bankgiro", "number": "50501055" },
    })
}

/// A world in which every list has two pages of one.
async fn filled(world: &World) -> Known {
    let caller = &world.coordinator;
    let (own, organiser) = (world.municipalities[0].id, world.organiser);
    let hook = json!({
        "name": "Hook", "role": "coordinator", "organisationId": organiser,
        "url": "https://hr.kommun.example/hook", "contactEmail": "it@kommun.example",
    });
    let key = json!({
        "name": "Kalendern", "role": "coordinator", "organisationId": organiser,
        "scopes": ["people:read"],
    });
    let mut webhook = String::new();
    for _ in 0..2 {
        webhook = caller.post("webhooks", hook.clone()).await.created().id();
        caller.post("api-keys", key.clone()).await.created();
    }
    let price = json!({ "amountMinor": 2_400_000, "currency": "SEK" });
    let prices = ["fee", "board_and_lodging"]
        .map(|kind| json!({ "kind": kind, "per": "year", "price": price, "vatPermille": 250 }));
    let members = json!({
        "seats": 9, "prices": prices, "startsOn": "2022-08-24", "endsOn": "2022-12-31",
    });
    let round = world.open_round(members).await;
    let hold = json!({
        "organisationId": own, "seats": 1, "lapsesOn": "2022-04-20", "reason": "Agreed.",
    });
    let holds = format!("rounds/{round}/holds");
    let mut seats_kept = String::new();
    for _ in 0..2 {
        seats_kept = caller.post(&holds, hold.clone()).await.created().id();
    }
    let mut taking_part = Vec::new();
    for (municipality, rank) in [(0, 1), (0, 2), (1, 1)] {
        let (person, application) = world.applicant(municipality, &round).await;
        world.endorse(municipality, &application, rank).await;
        taking_part.push((person, application));
    }
    let proposal = world.propose(&round).await.id();
    let publication = format!("admission-proposals/{proposal}/publication");
    world.step(&publication).await.ok();
    for (person, application) in &taking_part {
        let path = format!("applications/{application}/answer");
        let accept = json!({ "verdict": "accept" });
        person.client.post(&path, accept).await.ok();
        let needs = json!({ "diets": ["vegan"], "accessNeeds": [], "nights": "none" });
        let path = format!("applications/{application}/needs");
        person.client.change("PUT", &path, "*", needs).await.ok();
    }
    let waiting = interested(world).await;
    let invoice = invoiced(world, &round).await;
    let person = taking_part[0].0.id;
    for role in ["facilitator", "evaluator"] {
        let given = json!({ "role": role, "organisationId": organiser });
        let path = format!("people/{person}/roles");
        caller.post(&path, given).await.created();
    }
    let departments = format!("organisations/{own}/departments");
    for name in ["Skola", "Vård"] {
        caller
            .post(&departments, json!({ "name": name }))
            .await
            .created();
        let gone = world.person(own, "Gone").await.id;
        let erasure = json!({ "personId": gone, "reason": "Asked for." });
        caller.post("erasures", erasure).await.created();
    }
    let mut import = String::new();
    for _ in 0..2 {
        let path = format!("imports?kind=departments&mode=dry_run&organisationId={own}");
        let rows = json!([{ "key": "A1", "name": "Ett" }, { "key": "A2", "name": "Två" }]);
        import = imports::made(caller, &path, &rows).await;
    }
    bounced(world).await;
    world.service.seal().await;
    let queueing = registration::webhooks::queue::fan_out(world.service.state());
    queueing.await.unwrap();
    let read = caller.get(&format!("rounds/{round}")).await.ok();
    Known {
        ids: vec![
            ("programmeId", text(&read["programmeId"])),
            ("roundId", round),
            ("organisationId", organiser.to_string()),
            ("personId", person.to_string()),
            ("applicationId", taking_part[0].1.clone()),
            ("admissionProposalId", proposal),
            ("holdId", seats_kept),
            ("invoiceId", invoice),
            ("webhookId", webhook),
            ("importId", import),
        ],
        waiting,
        organiser: organiser.to_string(),
        employer: own.to_string(),
    }
}

/// A round in which two are interested, and two are no more.
async fn interested(world: &World) -> String {
    let without_dates = json!({ "opensOn": null, "closesOn": null, "endorseBy": null });
    let round = world.draft_round(without_dates).await;
    let publication = format!("rounds/{round}/publication");
    world.step(&publication).await.ok();
    let list = format!("rounds/{round}/interests");
    for number in 0..4 {
        let email = format!("nils{number}@kommun.example");
        let body = json!({ "name": "Nils", "email": email, "language": "sv" });
        world.coordinator.post(&list, body).await.ok();
    }
    let all = world.coordinator.get(&list).await.ok();
    for one in all["items"].as_array().unwrap().iter().take(2) {
        let path = format!("interests/{}", text(&one["id"]));
        let withdrawn = world.coordinator.change("DELETE", &path, "*", Value::Null);
        withdrawn.await.is(204);
    }
    round
}

/// An invoice to each municipality; one with two lines.
async fn invoiced(world: &World, round: &str) -> String {
    let stranger = world.service.stranger();
    let buyers = world.municipalities.iter().map(|one| {
        let own = stranger.system(Role::Hr, Some(one.id));
        (own, one.id, "2120009002")
    });
    let seller = (world.coordinator.clone(), world.organiser, "2120009010");
    for (keeper, id, number) in buyers.chain([seller]) {
        let path = format!("organisations/{id}/billing-details");
        keeper.change("PUT", &path, "*", details(number)).await.ok();
    }
    let body = json!({
        "organiserId": world.organiser, "roundId": round, "startsOn": "2022-01-01",
        "endsOn": "2022-12-31",
    });
    let drafts = world.coordinator.post("invoices", body).await.ok();
    let drafts = drafts["invoices"].as_array().unwrap().clone();
    let large = drafts.iter().max_by_key(|one| one["linesCount"].as_i64());
    let large = text(&large.unwrap()["id"]);
    let issuing = format!("invoices/{large}/issuing");
    world.step(&issuing).await.ok();
    large
}

/// Mails that came back from several addresses.
async fn bounced(world: &World) {
    world.service.mails().await;
    let operator = world.service.stranger().system(Role::Operator, None);
    let sent = operator.get("messages?limit=100").await.ok();
    for one in sent["items"].as_array().unwrap() {
        let path = format!("messages/{}/bounce", text(&one["id"]));
        operator.post_empty(&path).await.ok();
    }
}

/// Who may read what, in several relations to it.
async fn callers(world: &World) -> Vec<Client> {
    let employer = world.municipalities[0].id;
    let stranger = world.service.stranger();
    let person = world.person(employer, "Pia Person").await;
    vec![
        world.coordinator.clone(),
        world.municipalities[0].director.client.clone(),
        stranger.system(Role::Hr, Some(employer)),
        stranger.system(Role::Auditor, Some(world.organiser)),
        stranger.system(Role::Auditor, None),
        stranger.system(Role::Operator, None),
        person.client,
    ]
}

#[actix_web::test]
async fn every_list_reads_an_index_in_its_order() {
    let _alone = statements::alone().await;
    on_each_database(async |world| {
        let known = filled(world).await;
        let callers = callers(world).await;
        let stranger = world.service.stranger();
        let lists = with_parameter(&known, "cursor");
        assert!(lists.len() >= 23, "the document lost its lists");
        let mut of_one_page = Vec::new();
        let asked = statements::during(async {
            for list in lists {
                let mut has_two = false;
                for query in list.queries(&known) {
                    let path = format!("{}?limit=1&{query}", list.path);
                    for caller in &callers {
                        has_two |= leaf(caller, &path).await;
                    }
                    if list.public {
                        leaf(&stranger, &path).await;
                    }
                }
                if !has_two {
                    of_one_page.push(list.address);
                }
            }
        });
        let asked = asked.await;
        assert_eq!(
            of_one_page,
            Vec::<String>::new(),
            "nobody saw a second page: make more in `filled`, or add who may read it"
        );
        assert!(asked.len() > 1000, "the log was not heard");
        assert_indexed(world, asked).await;
    })
    .await;
}

#[actix_web::test]
async fn every_feed_history_and_queue_reads_an_index() {
    let _alone = statements::alone().await;
    on_each_database(async |world| {
        let known = filled(world).await;
        let callers = callers(world).await;
        let feeds = with_parameter(&known, "after");
        let names: BTreeSet<&str> = feeds.iter().map(|feed| feed.path.as_str()).collect();
        assert_eq!(
            names,
            BTreeSet::from(["audit-records", "deletions", "events"])
        );
        let document = api::document();
        let addresses = document["paths"].as_object().unwrap().keys();
        let whole = |address: &&String| {
            ["/history", "/queue"]
                .iter()
                .any(|end| address.ends_with(end))
        };
        let whole: Vec<String> = addresses.filter(whole).map(|one| known.path(one)).collect();
        assert!(whole.len() >= 5, "{whole:?}");
        let asked = statements::during(async {
            for feed in &feeds {
                let mut has_two = false;
                for query in feed.queries(&known) {
                    let path = format!("{}?limit=1&{query}", feed.path);
                    for caller in &callers {
                        has_two |= leaf(caller, &path).await;
                    }
                }
                assert!(has_two, "{}", feed.path);
            }
            for path in &whole {
                let mut is_read = false;
                for caller in &callers {
                    is_read |= caller.get(path).await.status == 200;
                }
                assert!(is_read, "{path}");
            }
        });
        assert_indexed(world, asked.await).await;
    })
    .await;
}

#[actix_web::test]
async fn what_is_done_by_itself_reads_an_index() {
    let _alone = statements::alone().await;
    Box::pin(on_each_database(async |world| {
        filled(world).await;
        let announced = world.announced(4, json!({})).await;
        let asked = statements::during(async {
            world.service.mails().await;
            for day in ["2022-05-07", "2022-06-30", "2023-01-01"] {
                world.service.set_clock(&format!("{day}T12:00:00Z"));
                world.service.sweep().await;
                world.service.mails().await;
                world.service.seal().await;
                let queueing = registration::webhooks::queue::fan_out(world.service.state());
                queueing.await.unwrap();
            }
        });
        let asked = asked.await;
        assert_eq!(world.seat(announced.application(0)).await, "expired");
        assert!(asked.len() > 20, "the log was not heard");
        assert_indexed(world, asked).await;
    }))
    .await;
}

#[actix_web::test]
async fn a_statement_without_an_index_is_found_out() {
    let _alone = statements::alone().await;
    on_each_database(async |world| {
        let whole = "SELECT id FROM people WHERE title = 'x'";
        let sorted = "SELECT id FROM people ORDER BY title LIMIT 1";
        for statement in [whole, sorted] {
            let plan = plan(world, statement).await;
            assert!(!faults(statement, &plan).is_empty(), "{plan:?}");
        }
    })
    .await;
}

/// Statements of one application, its transaction's beginning and end included: what is sent
/// under the round's lock is what others wait for. May only fall.
const MOST_STATEMENTS: usize = 17;

#[actix_web::test]
async fn handing_in_an_application_takes_few_statements() {
    let _alone = statements::alone().await;
    on_each_database(async |world| {
        let round = world.open_round(json!({})).await;
        // The first of a municipality also sends the office its link.
        world.applicant(0, &round).await;
        let person = world
            .person(world.municipalities[0].id, "Anna Applicant")
            .await;
        let asked = statements::during(async {
            world.apply(&person, &round).await;
        });
        let asked = asked.await;
        let own: Vec<_> = asked.iter().filter(|one| !is_by_itself(one)).collect();
        println!("{} statements", own.len());
        assert!(own.len() > 10 && own.len() <= MOST_STATEMENTS, "{own:#?}");
        let recounts = |one: &&String| one.contains("COUNT(*)") && one.contains("applications");
        let recount = asked.iter().any(|one| recounts(&one));
        assert!(!recount, "nobody takes a seat by applying: {asked:#?}");
    })
    .await;
}

/// Statements that are sent while the round's row is locked: every other answer about the round
/// waits for them. They may only fall.
const MOST_UNDER_THE_LOCK: [(&str, usize); 3] = [
    ("accepting", 15),
    ("declining, and promoting the next", 32),
    ("withdrawing, and promoting the next", 34),
];

/// The statements from the round's lock on. On SQLite the transaction is the lock.
fn under_the_lock(asked: &[String], postgres: bool) -> Vec<&String> {
    let own: Vec<&String> = asked.iter().filter(|one| !is_by_itself(one)).collect();
    let is_lock = |one: &&String| one.contains("FROM rounds") && one.contains("FOR UPDATE");
    let from = own.iter().position(is_lock);
    assert_eq!(from.is_some(), postgres, "{own:#?}");
    own.into_iter().skip(from.unwrap_or(0)).collect()
}

#[actix_web::test]
async fn the_rounds_lock_is_held_for_few_statements() {
    let _alone = statements::alone().await;
    on_each_database(async |world| {
        let postgres = world.service.database.is_postgres();
        let announced = world.announced(8, json!({ "seats": 3 })).await;
        world.service.mails().await;
        for (number, (what, most)) in MOST_UNDER_THE_LOCK.into_iter().enumerate() {
            let asked = statements::during(async {
                match number {
                    0 => announced.answer(0, "accept").await.ok(),
                    1 => announced.answer(1, "decline").await.ok(),
                    _ => announced.withdraw(0).await.ok(),
                };
            });
            let asked = asked.await;
            let held = under_the_lock(&asked, postgres);
            println!("{what}: {} statements under the lock", held.len());
            assert!(held.len() > 4 && held.len() <= most, "{what}: {held:#?}");
            world.service.mails().await;
        }
        // The queue has moved twice, within those answers.
        for promoted in [3, 4] {
            assert_eq!(world.seat(announced.application(promoted)).await, "offered");
        }
        world.assert_sound(&announced.round).await;
    })
    .await;
}

/// What sends mail, and what works files off, asks in the background.
fn is_by_itself(statement: &str) -> bool {
    [
        "\"messages\" SET",
        "(state = 'pending')",
        "\"bounces\"",
        "\"mail_refusals\"",
        "\"people\".\"email_key\" IN",
        "FROM \"imports\"",
    ]
    .iter()
    .any(|word| statement.contains(word))
}

/// Rows of the long list.
const LONG: usize = 5_000;

#[actix_web::test]
async fn a_page_far_back_costs_what_an_early_one_does() {
    let _alone = statements::alone().await;
    on_each_database(async |world| {
        let round = world.open_round(json!({})).await;
        world.applicant(0, &round).await;
        let state = world.service.state();
        let source = if world.service.database.is_postgres() {
            "SELECT gen_random_uuid() AS id FROM generate_series(1, {n})"
        } else {
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {n}) \
             SELECT randomblob(16) AS id FROM n"
        };
        let source = source.replace("{n}", &LONG.to_string());
        let columns = "round_id, programme_id, organiser_id, person_id, organisation_id, municipality_id, \
                       endorsement, admission, seat, version";
        let fill = format!(
            "INSERT INTO applications (id, state, live, {columns}) \
             SELECT new.id, 'withdrawn', FALSE, {columns} \
             FROM ({source}) AS new CROSS JOIN (SELECT * FROM applications LIMIT 1) AS old"
        );
        database::tamper(&state.database, &fill).await;
        let mut seen = HashSet::new();
        let (mut second, mut last) = (Vec::new(), Vec::new());
        let mut next = "applications?limit=100&fields=id".to_owned();
        let mut number = 0;
        while !next.is_empty() {
            number += 1;
            let mut page = None;
            let asked = statements::during(async {
                page = Some(world.coordinator.get(&next).await.ok());
            });
            let asked = asked.await;
            let page = page.unwrap();
            for item in page["items"].as_array().unwrap() {
                assert!(seen.insert(text(&item["id"])), "visited twice");
            }
            if number == 2 {
                second = asked;
            } else {
                last = asked;
            }
            if number % 10 == 0 {
                world.applicant(1, &round).await;
            }
            next = text(&page["_links"]["next"]["href"]);
        }
        assert!(seen.len() > LONG);
        assert!(number > 50);
        let distinct = |all: Vec<String>| all.into_iter().collect::<BTreeSet<_>>();
        let pages = |all: &BTreeSet<String>| {
            let page = |one: &&String| one.contains("ORDER BY \"applications\".\"id\"");
            all.iter().filter(page).cloned().collect::<Vec<_>>()
        };
        let (second, last) = (distinct(second), distinct(last));
        assert_eq!(
            pages(&second),
            pages(&last),
            "the same statements, wherever the page is"
        );
        assert!(!pages(&last).is_empty());
        for statement in pages(&last) {
            assert!(!statement.contains("OFFSET"), "{statement}");
            let plan = plan(world, &statement).await.join("\n");
            // The walk starts at the edge, and does not pass by what was visited before.
            let starts = plan.contains("id>?") || plan.contains("id >");
            let filtered = plan.contains("Filter: (id >");
            assert!(starts && !filtered, "{statement}\n{plan}");
        }
    })
    .await;
}
