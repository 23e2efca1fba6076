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
use shared_testing::{Client, database, statements};
use shared_types::Role;
use std::collections::{BTreeSet, HashSet};

/// A list as the document describes it.
struct List {
    path: String,
    parameters: Vec<Value>,
    public: bool,
}

/// Ids that fit the parameters of lists.
struct Known {
    round: String,
    organiser: String,
    person: String,
    programme: String,
}

fn lists(known: &Known) -> Vec<List> {
    let document = api::document();
    let paths = document["paths"].as_object().unwrap();
    let paged = paths.iter().filter_map(|(path, item)| {
        let operation = item.get("get")?;
        let parameters = operation["parameters"].as_array()?;
        parameters.iter().find(|one| one["name"] == "cursor")?;
        let path = path
            .trim_start_matches('/')
            .replace("{roundId}", &known.round)
            .replace("{organisationId}", &known.organiser)
            .replace("{programmeId}", &known.programme)
            .replace("{personId}", &known.person);
        // A list under something else is its own feature's to try.
        (!path.contains('{')).then(|| List {
            path,
            parameters: parameters.clone(),
            public: operation["security"]
                .as_array()
                .is_some_and(|all| all.contains(&json!({}))),
        })
    });
    let lists: Vec<_> = paged.collect();
    assert!(lists.len() >= 11, "the document lost its lists");
    lists
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
                "page" | "limit" | "cursor" | "fields" => continue,
                "sort" => {
                    let words = words(schema);
                    assert!(words.len() > 1, "{parameter}");
                    words
                }
                "roundId" => vec![known.round.clone()],
                "programmeId" => vec![known.programme.clone()],
                "organisationId" | "organiserId" | "municipalityId" => {
                    vec![known.organiser.clone()]
                }
                "modifiedAfter" => vec!["2020-01-01T00:00:00Z".to_owned()],
                _ if parameter["in"] != "query" => continue,
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

/// Reads the first page, the next, and the first again by going back.
async fn leaf(caller: &Client, path: &str) {
    let first = caller.get(path).await;
    if first.status != 200 {
        return;
    }
    let next = text(&first["_links"]["next"]["href"]);
    if next.is_empty() {
        return;
    }
    let second = caller.get(&next).await.ok();
    let previous = text(&second["_links"]["prev"]["href"]);
    caller.get(&previous).await.ok();
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
        let count = (1..100)
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
    // Everybody sees nearly the whole catalogue: counting it is reading it.
    let catalogue = ["programmes", "rounds", "organisations", "offices"];
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
    ];
    let few = narrow.iter().any(|one| text.contains(one))
        || text.contains("MULTI-INDEX OR") && statement.contains("ORDER BY \"people\".\"name\"");
    let bad = |line: &&String| {
        let line = line.trim().trim_start_matches("->").trim();
        // Which organisations a coordinator reaches is looked up once in a register of hundreds.
        let register = line.starts_with("Seq Scan on organisations")
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
        "strftime",
        "sqlite_",
        "seaql_migrations",
        "AS row",
    ]
    .iter()
    .any(|word| statement.contains(word))
}

async fn known(world: &World) -> Known {
    let round = world.open_round(json!({})).await;
    for _ in 0..3 {
        world.applicant(0, &round).await;
    }
    let (person, _) = world.applicant(1, &round).await;
    Known {
        programme: text(
            &world.coordinator.get(&format!("rounds/{round}")).await.ok()["programmeId"],
        ),
        round,
        organiser: world.organiser.to_string(),
        person: person.id.to_string(),
    }
}

#[actix_web::test]
async fn every_list_reads_an_index_in_its_order() {
    let _alone = statements::alone().await;
    on_each_database(async |world| {
        let known = known(world).await;
        world.open_round(json!({})).await;
        let employer = world.municipalities[0].id;
        let person = world.person(employer, "Pia Person").await;
        let stranger = world.service.stranger();
        let callers = [
            world.coordinator.clone(),
            world.municipalities[0].director.client.clone(),
            stranger.system(Role::Hr, Some(employer)),
            person.client.clone(),
        ];
        let asked = statements::during(async {
            for list in lists(&known) {
                for query in list.queries(&known) {
                    let path = format!("{}?limit=1&{query}", list.path);
                    for caller in &callers {
                        leaf(caller, &path).await;
                    }
                    if list.public {
                        leaf(&stranger, &path).await;
                    }
                }
            }
        });
        let asked = asked.await;
        assert!(asked.len() > 100, "the log was not heard");
        assert_indexed(world, asked).await;
    })
    .await;
}

#[actix_web::test]
async fn what_is_done_by_itself_reads_an_index() {
    let _alone = statements::alone().await;
    Box::pin(on_each_database(async |world| {
        let announced = world.announced(4, json!({})).await;
        let asked = statements::during(async {
            world.service.mails().await;
            for day in ["2022-05-07", "2022-06-30", "2023-01-01"] {
                world.service.set_clock(&format!("{day}T12:00:00Z"));
                world.service.sweep().await;
                world.service.mails().await;
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
