//! Files of people, departments and offices: what becomes of each row, by the same rules as by
//! hand.

use crate::world::{Person, World, on_each_database, text};
use serde_json::{Value, json};
use shared_testing::{
    Client, Method, Reply, database,
    imports::{TABLE, counts, ended, hand_in, import, peak_memory_kib, report},
};
use shared_types::{OrganisationId, Role};
use std::{collections::BTreeMap, fmt::Write as _, time::Instant};

/// Three people as a Swedish payroll system tells of them, the employee before the chief.
const PEOPLE: &str = "\u{feff}sep=;\r\n\
    Anst.nr;Förnamn;Efternamn;E-post;Telefon;Befattning;Förvaltning;Närmaste chef;Kön;Lönegrupp;;\r\n\
    =\"0007\";Maja;Lindqvist;maja@kommun.example;'+46 13 1;Rektor;Utbildning;0001;kvinna;x;;\r\n\
    0001;Åsa;Öberg;asa@kommun.example;;Skolchef;Utbildning;;K;y;;\r\n\
    0009;Bo;Berg;bo@kommun.example;;\"Chef;\r\nvård\";Vård;0001;man;;;\r\n\
    ;;;;;;;;;;;\r\n";

fn employer(world: &World) -> OrganisationId {
    world.municipalities[0].id
}

fn hr(world: &World) -> Client {
    let stranger = world.service.stranger();
    stranger.system(Role::Hr, Some(employer(world)))
}

fn query(kind: &str, mode: &str, organisation: OrganisationId) -> String {
    format!("kind={kind}&mode={mode}&organisationId={organisation}")
}

/// Imports a table for the first municipality, by its HR.
async fn take(world: &World, kind: &str, mode: &str, table: &str) -> Reply {
    import(&hr(world), &query(kind, mode, employer(world)), table).await
}

async fn people(world: &World) -> BTreeMap<String, Value> {
    let path = format!("people?limit=100&organisationId={}", employer(world));
    let page = hr(world).get(&path).await.ok();
    let items = page["items"].as_array().unwrap().iter();
    items
        .map(|person| (text(&person["email"]), person.clone()))
        .collect()
}

async fn rows(world: &World, query: &str) -> i64 {
    database::number(&world.service.state().database, query).await
}

fn refused(rows: &[(i64, String, Vec<String>)]) -> Vec<(i64, &str)> {
    let refused = rows.iter().filter(|row| row.1 == "refused");
    refused.map(|row| (row.0, row.2[0].as_str())).collect()
}

#[actix_web::test]
async fn a_spreadsheet_of_people_is_taken_in_and_the_second_time_nothing_changes() {
    on_each_database(async |world| {
        let done = take(world, "people", "row_by_row", PEOPLE).await;
        assert_eq!(done["state"], "done");
        assert_eq!(counts(&done), [3, 0, 0, 0], "{}", done.text);
        assert_eq!(
            (text(&done["format"]), text(&done["separator"])),
            ("csv".into(), ";".into())
        );
        assert_eq!(done["ignoredColumns"], json!(["Lönegrupp"]));
        assert_eq!(done["encoding"], "utf-8");
        let all = people(world).await;
        let (maja, asa, bo) = (
            &all["maja@kommun.example"],
            &all["asa@kommun.example"],
            &all["bo@kommun.example"],
        );
        assert_eq!(maja["name"], "Maja Lindqvist");
        assert_eq!(maja["phone"], "+46 13 1");
        assert_eq!(maja["managerId"], asa["id"]);
        assert_eq!(maja["departmentId"], asa["departmentId"]);
        assert_ne!(maja["departmentId"], bo["departmentId"]);
        assert_eq!(
            (&maja["gender"], &bo["gender"]),
            (&json!("woman"), &json!("man"))
        );
        assert_eq!(bo["title"], "Chef;\r\nvård");
        assert_eq!(maja["verified"], true);
        let report = report(&hr(world), &done.id()).await;
        let lines: Vec<i64> = report.iter().map(|row| row.0).collect();
        assert_eq!(lines, [3, 4, 5]);
        // The same history and the same events as by hand.
        let created = "SELECT COUNT(*) AS row FROM changes WHERE edge = 'person.created'";
        let (before, told) = (
            rows(world, created).await,
            world.service.count("outbox").await,
        );
        let again = take(world, "people", "all_or_nothing", PEOPLE).await;
        assert_eq!(counts(&again), [0, 0, 3, 0]);
        assert_eq!(rows(world, created).await, before);
        assert_eq!(world.service.count("outbox").await, told);
        // What a row says is forgotten as soon as it is decided.
        let kept = "SELECT COUNT(*) AS row FROM import_rows WHERE content IS NOT NULL";
        assert_eq!(rows(world, kept).await, 0);
    })
    .await;
}

#[actix_web::test]
async fn a_changed_row_changes_its_person_and_what_it_does_not_say_stays() {
    on_each_database(async |world| {
        take(world, "people", "row_by_row", PEOPLE).await;
        let table = "key,title,phone,active\n0007,Områdeschef,,\n0009,,,nej\n";
        let done = take(world, "people", "row_by_row", table).await;
        assert_eq!(counts(&done), [0, 2, 0, 0], "{}", done.text);
        let all = people(world).await;
        let (maja, bo) = (&all["maja@kommun.example"], &all["bo@kommun.example"]);
        assert_eq!(
            (&maja["title"], &maja["name"]),
            (&json!("Områdeschef"), &json!("Maja Lindqvist"))
        );
        assert!(maja.get("phone").is_none() && maja.get("managerId").is_some());
        assert!(bo.get("title").is_none());
        assert_eq!(bo["active"], false);
    })
    .await;
}

#[actix_web::test]
async fn a_dry_run_says_what_would_become_of_each_row_and_changes_nothing() {
    on_each_database(async |world| {
        world
            .person_with(
                employer(world),
                "Tage",
                json!({ "email": "tage@kommun.example" }),
            )
            .await;
        let table = "key,name,email,managerKey,kind\n\
            1,Ada,ada@kommun.example,2,\n\
            2,Bea,bea@kommun.example,,chef\n\
            3,Cia,tage@kommun.example,,\n\
            4,Dag,nobody,,king\n\
            1,Eva,eva@kommun.example,,\n\
            6,Fia,bea@kommun.example,,\n\
            7,Gun,gun@kommun.example,99,\n\
            8,Hed,hed@kommun.example,9,\n\
            9,Ida,ida@kommun.example,8,\n\
            10,Jan,jan@kommun.example,4,\n\
            ,Kim,kim@kommun.example,,\n\
            12,Lo\0,lo@kommun.example,,\n\
            13,Mia,mia@kommun.example,,,x\n";
        let before = (people(world).await, world.service.count("outbox").await);
        let tried = take(world, "people", "dry_run", table).await;
        assert_eq!(tried["state"], "done");
        let expected = [
            (4, "person_email_taken"),
            (5, "format email"),
            (6, "import_key_repeated"),
            (7, "import_value_repeated"),
            (8, "import_reference_unknown managerKey"),
            (9, "import_reference_unknown managerKey"),
            (10, "import_reference_unknown managerKey"),
            (11, "import_reference_unknown managerKey"),
            (12, "import_key_missing key"),
            (13, "import_row_nul name"),
            (14, "import_row_ragged"),
        ];
        let told = report(&hr(world), &tried.id()).await;
        assert_eq!(refused(&told), expected);
        assert_eq!(counts(&tried), [2, 0, 0, 11]);
        assert_eq!(
            (people(world).await, world.service.count("outbox").await),
            before
        );
        assert_eq!(world.service.count("import_keys").await, 0);
        // The report speaks the reader's language, and can be narrowed.
        let path = format!("imports/{}/rows?outcome=refused&limit=1", tried.id());
        let call = hr(world)
            .call(Method::GET, &path)
            .header("accept-language", "sv");
        let page = call.send().await.ok();
        assert_eq!(page["_meta"]["totalRecords"], 11);
        let words = &page["items"][0]["problems"][0]["detail"];
        assert_eq!(
            words,
            "En annan bekräftad person i organisationen har den här e-postadressen."
        );
        // What was foretold comes true.
        let done = take(world, "people", "row_by_row", table).await;
        assert_eq!(counts(&done), [2, 0, 0, 11]);
        let same: Vec<(i64, String)> = expected
            .iter()
            .map(|(line, what)| {
                // Written row by row, the database itself sees the address.
                let what = what.replace("import_value_repeated", "person_email_taken");
                (*line, what)
            })
            .collect();
        let told = report(&hr(world), &done.id()).await;
        let told: Vec<_> = refused(&told)
            .into_iter()
            .map(|(line, what)| (line, what.to_owned()))
            .collect();
        assert_eq!(told, same);
    })
    .await;
}

#[actix_web::test]
async fn all_or_nothing_is_all_or_nothing() {
    on_each_database(async |world| {
        let before = people(world).await;
        let broken = PEOPLE.replace("bo@kommun.example", "bo");
        let nothing = take(world, "people", "all_or_nothing", &broken).await;
        assert_eq!(nothing["state"], "refused");
        assert_eq!(counts(&nothing), [2, 0, 0, 1]);
        assert_eq!(people(world).await, before);
        assert_eq!(world.service.count("import_keys").await, 0);
        let all = take(world, "people", "all_or_nothing", PEOPLE).await;
        assert_eq!(all["state"], "done");
        assert_eq!(counts(&all), [3, 0, 0, 0]);
        let found = people(world).await;
        assert_eq!(
            found["maja@kommun.example"]["managerId"],
            found["asa@kommun.example"]["id"]
        );
        let report = hr(world)
            .get(&format!("imports/{}/rows", all.id()))
            .await
            .ok();
        assert_eq!(
            report["items"][1]["thingId"],
            found["asa@kommun.example"]["id"]
        );
    })
    .await;
}

#[actix_web::test]
async fn departments_and_offices_are_known_by_what_there_is_only_one_of() {
    on_each_database(async |world| {
        let path = format!("organisations/{}/departments", employer(world));
        let by_hand = world.coordinator.post(&path, json!({ "name": "Vård" })).await.created().id();
        let done = take(world, "departments", "row_by_row", "kod;namn\n10;Vård\n20;Skola\n").await;
        assert_eq!(counts(&done), [1, 0, 1, 0], "{}", done.text);
        let renamed = take(world, "departments", "row_by_row", "kod;namn\n10;Omsorg\n30;Skola\n").await;
        assert_eq!(counts(&renamed), [0, 1, 0, 1], "{}", renamed.text);
        let told = report(&hr(world), &renamed.id()).await;
        assert_eq!(refused(&told), [(3, "import_thing_other name")]);
        let there = world.coordinator.get(&path).await.ok();
        let omsorg = there["items"].as_array().unwrap().iter().find(|one| one["id"] == json!(by_hand));
        assert_eq!(omsorg.unwrap()["name"], "Omsorg");
        // People belong to departments by their keys, and offices have holders by theirs.
        let table = "key,name,email,departmentKey\n1,Ada,ada@kommun.example,10\n2,Bea,bea@kommun.example,77\n";
        let people_done = take(world, "people", "row_by_row", table).await;
        let told = report(&hr(world), &people_done.id()).await;
        assert_eq!(refused(&told), [(3, "import_reference_unknown departmentKey")]);
        let ada = people(world).await["ada@kommun.example"].clone();
        assert_eq!(ada["departmentId"], json!(by_hand));
        let offices = "key,kind,titel,title.en,holderKey\nKD,kommundirektör,Kommunchef,Director,1\nBKD,deputy_director,Biträdande,,1\n";
        let done = take(world, "offices", "all_or_nothing", offices).await;
        assert_eq!(counts(&done), [1, 1, 0, 0], "{}", done.text);
        let office = world.coordinator.get(&format!("offices/{}", world.municipalities[0].office)).await.ok();
        assert_eq!(office["holderId"], ada["id"]);
        assert_eq!(office["title"]["en"], "Director");
        let again = take(world, "offices", "row_by_row", offices).await;
        assert_eq!(counts(&again), [0, 0, 2, 0]);
    })
    .await;
}

#[actix_web::test]
async fn a_row_goes_round_no_rule() {
    on_each_database(async |world| {
        // A keeper who is not the employer may not change how an office's holder is recognised.
        let director: &Person = &world.municipalities[0].director;
        let table = format!("key,id,email\nD,{},stolen@evil.example\n", director.id);
        let mine = query("people", "row_by_row", employer(world));
        let done = import(&world.coordinator, &mine, &table).await;
        let told = report(&world.coordinator, &done.id()).await;
        assert_eq!(refused(&told), [(2, "forbidden")]);
        assert_eq!(
            counts(&take(world, "people", "row_by_row", &table).await),
            [0, 1, 0, 0]
        );
        // An id is tied to one key, and only to the organisation's own things.
        let other = &world.municipalities[1].director;
        let table = format!(
            "key,id,name\nE,{},X\nF,{},X\nG,x,X\n",
            director.id, other.id
        );
        let done = take(world, "people", "row_by_row", &table).await;
        let told = report(&hr(world), &done.id()).await;
        assert_eq!(told.len(), 3);
        assert!(
            told.iter().all(|row| row.2 == ["import_thing_other id"]),
            "{told:?}"
        );
        // Managers form no circle.
        take(world, "people", "row_by_row", PEOPLE).await;
        let circle = take(world, "people", "row_by_row", "key,managerKey\n0001,0007\n").await;
        let told = report(&hr(world), &circle.id()).await;
        assert_eq!(refused(&told), [(2, "import_reference_unknown managerKey")]);
    })
    .await;
}

#[actix_web::test]
async fn objects_and_latin_1_are_read_too() {
    on_each_database(async |world| {
        let who = &query("people", "row_by_row", employer(world));
        let list = json!([{ "key": 1, "name": "Åsa", "email": "asa@kommun.example", "colour": "red" },
            { "key": "2", "name": "Bo", "email": "bo@kommun.example", "active": true }]);
        let taken = hand_in(&hr(world), who, "application/json", list.to_string()).await.is(202);
        let done = ended(&hr(world), &taken.id()).await;
        assert_eq!((text(&done["format"]), counts(&done)), ("json".into(), [1, 0, 0, 1]));
        let told = report(&hr(world), &done.id()).await;
        assert_eq!(refused(&told), [(1, "unknown_member colour")]);
        let lines = "{\"key\":\"3\",\"name\":\"Cia\",\"email\":\"cia@kommun.example\"}\n";
        let taken = hand_in(&hr(world), who, "application/x-ndjson", lines).await.is(202);
        assert_eq!(ended(&hr(world), &taken.id()).await["format"], "json_lines");
        let latin = b"key;namn;e-post\r\n4;\xc5sa \xd6berg;ao@kommun.example\r\n".to_vec();
        let taken = hand_in(&hr(world), who, TABLE, latin).await.is(202);
        assert_eq!(taken["encoding"], "windows-1252");
        ended(&hr(world), &taken.id()).await;
        assert_eq!(people(world).await["ao@kommun.example"]["name"], "Åsa Öberg");
    })
    .await;
}

#[actix_web::test]
async fn a_file_that_can_not_be_read_leaves_nothing() {
    on_each_database(async |world| {
        let who = &query("people", "dry_run", employer(world));
        let long = format!("key;name\n1;\"{}", "x".repeat(100_000));
        let mixed = [&b"key;name\n1;\xc3\xa5\n"[..], b"2;\xe5\n"].concat();
        let unclosed = "key;name\n1;\"Bo\n2;Cy\n";
        let files: [(&str, &[u8], &str); 13] = [
            (TABLE, b"", "import_empty"),
            (TABLE, b"key;name\n", "import_empty"),
            (TABLE, b"PK\x03\x04\x14\0\x06\0", "import_workbook"),
            (
                TABLE,
                b"name;email\nBo;bo@kommun.example\n",
                "import_column_missing",
            ),
            (TABLE, b"key;namn;navn\n1;a;b\n", "import_column_repeated"),
            (TABLE, mixed.as_slice(), "import_encoding_mixed"),
            (TABLE, long.as_bytes(), "import_row_too_long"),
            (TABLE, unclosed.as_bytes(), "import_unreadable"),
            ("application/json", b"key;name\n1;Bo\n", "import_unreadable"),
            ("application/json", b"[{\"key\":1},", "import_unreadable"),
            (
                "application/x-ndjson",
                b"{\"key\":1}\n{",
                "import_unreadable",
            ),
            ("text/plain", b"key\n1\n", "unsupported_media_type"),
            (
                "text/csv; charset=koi8-r",
                b"key\n1\n",
                "unsupported_media_type",
            ),
        ];
        for (media_type, file, code) in files {
            hand_in(&hr(world), who, media_type, file)
                .await
                .refused(code);
        }
        let unknown = query("people", "dry_run", OrganisationId::new());
        hand_in(&hr(world), &unknown, TABLE, "key\n1\n")
            .await
            .refused("organisation_unknown");
        for query in ["kind=venues&mode=dry_run", "kind=people", "mode=dry_run"] {
            let query = format!("{query}&organisationId={}", employer(world));
            hand_in(&hr(world), &query, TABLE, "key\n1\n")
                .await
                .refused("invalid_parameter");
        }
        if !world.service.state().database.is_postgres() {
            let many: String = (0..10_001).fold("key,name\n".to_owned(), |mut table, number| {
                writeln!(table, "{number},x").unwrap();
                table
            });
            let at_once = query("departments", "all_or_nothing", employer(world));
            let refused = hand_in(&hr(world), &at_once, TABLE, many).await;
            refused.refused("import_too_many_rows");
        }
        for table in ["imports", "import_rows", "import_keys"] {
            assert_eq!(world.service.count(table).await, 0, "{table}");
        }
    })
    .await;
}

#[actix_web::test]
async fn a_repeated_request_is_one_import_and_two_of_a_kind_wait_for_each_other() {
    on_each_database(async |world| {
        let client = hr(world);
        let path = format!(
            "imports?{}",
            query("departments", "row_by_row", employer(world))
        );
        let table: String = (0..600).fold("key,name\n".to_owned(), |mut table, number| {
            writeln!(table, "{number},Avdelning {number}").unwrap();
            table
        });
        let send = async |table: &str| {
            let call = client
                .call(Method::POST, &path)
                .header("idempotency-key", "one");
            call.body(TABLE, table.as_bytes().to_vec()).send().await
        };
        let first = send(&table).await.is(202);
        hand_in(&client, &path["imports?".len()..], TABLE, "key\n1\n")
            .await
            .refused("import_running");
        let again = send(&table).await.is(202);
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        assert_eq!(again.id(), first.id());
        send("key,name\n1,Other\n")
            .await
            .refused("idempotency_key_reused");
        assert_eq!(counts(&ended(&client, &first.id()).await), [600, 0, 0, 0]);
        assert_eq!(world.service.count("imports").await, 1);
        assert_eq!(
            client.get("imports").await.ok()["items"][0]["id"],
            json!(first.id())
        );
        let other = world
            .service
            .stranger()
            .system(Role::Hr, Some(world.municipalities[1].id));
        assert_eq!(other.get("imports").await.ok()["_meta"]["totalRecords"], 0);
        other
            .get(&format!("imports/{}/rows", first.id()))
            .await
            .refused("not_found");
    })
    .await;
}

#[actix_web::test]
async fn what_was_interrupted_goes_on_where_it_was_and_replicas_share_it() {
    for database in shared_testing::databases().await {
        let mut world = World::new(database, 1).await;
        world.service.add_instance().await;
        let table: String = (0..300).fold("key,name,email\n".to_owned(), |mut table, number| {
            writeln!(table, "{number},Person {number},p{number}@kommun.example").unwrap();
            table
        });
        let done = take(&world, "people", "row_by_row", &table).await;
        assert_eq!(counts(&done), [300, 0, 0, 0]);
        // As a crash leaves it: the second half is not decided.
        let database = &world.service.state().database;
        for statement in [
            "DELETE FROM import_keys WHERE CAST(external_key AS INTEGER) >= 150",
            "UPDATE import_rows SET outcome = 'waiting', thing_id = NULL, content = '{\"name\": \"Again\"}' WHERE line > 151",
            "UPDATE imports SET state = 'running', ended_at = NULL, created_count = 150",
        ] {
            database::tamper(database, statement).await;
        }
        let done = ended(&hr(&world), &done.id()).await;
        // Nothing is known of them but a name.
        assert_eq!(counts(&done), [150, 0, 0, 150]);
        let path = format!("imports/{}/rows?outcome=refused&limit=1", done.id());
        let report = hr(&world).get(&path).await.ok();
        let problem = report["items"][0]["problems"][0].clone();
        assert_eq!(
            (&problem["code"], &problem["column"]),
            (&json!("required"), &json!("email"))
        );
    }
}

#[actix_web::test]
async fn who_is_erased_is_forgotten_and_reports_end_after_their_time() {
    on_each_database(async |world| {
        let done = take(world, "people", "row_by_row", PEOPLE).await;
        let maja = text(&people(world).await["maja@kommun.example"]["id"]);
        let archive = world.service.stranger().person(maja.parse().unwrap(), &[]);
        let archive = archive.get("archive").await.ok();
        assert!(archive.text.contains("0007"), "{}", archive.text);
        // A row that still names her when she is erased.
        let database = &world.service.state().database;
        let waiting = "UPDATE import_rows SET outcome = 'refused', content = '{\"email\": \"MAJA@kommun.example\", \"title\": \"Maja Lindqvistson\"}' WHERE external_key = '0009'";
        database::tamper(database, waiting).await;
        let erasure = json!({ "personId": maja, "reason": "Asked to be forgotten." });
        hr(world).post("erasures", erasure).await.is(201);
        for left in [
            "SELECT COUNT(*) AS row FROM import_keys WHERE external_key = '0007'",
            "SELECT COUNT(*) AS row FROM import_rows WHERE external_key = '0007'",
            "SELECT COUNT(*) AS row FROM import_rows WHERE content IS NOT NULL",
        ] {
            assert_eq!(rows(world, left).await, 0, "{left}");
        }
        for statement in [
            "UPDATE import_rows SET outcome = 'waiting' WHERE line = 5",
            "UPDATE imports SET state = 'running', ended_at = NULL, created_count = 2",
        ] {
            database::tamper(database, statement).await;
        }
        ended(&hr(world), &done.id()).await;
        let told = report(&hr(world), &done.id()).await;
        assert_eq!(refused(&told), [(5, "import_row_forgotten")]);
        // The same key may be another person's.
        let table = "key,name,email\n0007,Maja Nyman,nyman@kommun.example\n";
        assert_eq!(counts(&take(world, "people", "row_by_row", table).await), [1, 0, 0, 0]);
        world.service.set_clock("2022-05-11T08:00:00Z");
        world.service.sweep().await;
        assert_eq!(world.service.count("imports").await, 2);
        world.service.set_clock("2022-05-13T08:00:00Z");
        world.service.sweep().await;
        assert_eq!(world.service.count("imports").await, 0);
        assert_eq!(world.service.count("import_rows").await, 0);
        // What a key stands for stays: the next file changes nothing.
        assert_eq!(counts(&take(world, "people", "row_by_row", table).await), [0, 0, 1, 0]);
    })
    .await;
}

#[actix_web::test]
async fn whom_scim_has_told_of_is_the_same_person_and_who_has_left_is_not() {
    on_each_database(async |world| {
        let path = "/registration/scim/v2/Users";
        let user = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "maja",
            "externalId": "0007", "displayName": "Maja Lind", "emails": [{ "value": "maja@kommun.example" }],
        });
        let made = hr(world).post(path, user).await.is(201);
        let done = take(world, "people", "row_by_row", PEOPLE).await;
        assert_eq!(counts(&done), [2, 1, 0, 0], "{}", done.text);
        assert_eq!(people(world).await["maja@kommun.example"]["id"], made["id"]);
        let user = format!("{path}/{}", made.id());
        hr(world).call(Method::DELETE, &user).send().await.is(204);
        let table = "key,name,email\n0007,Nina Ny,nina@kommun.example\n";
        let done = take(world, "people", "row_by_row", table).await;
        assert_eq!(counts(&done), [1, 0, 0, 0]);
    })
    .await;
}

#[actix_web::test]
#[ignore = "takes minutes; says how many rows a second are worked off, and in how much memory"]
async fn a_hundred_thousand_rows() {
    const ROWS: usize = 100_000;
    on_each_database(async |world| {
        let mut table = "anstnr;namn;e-post;titel;förvaltning;chef\r\n".to_owned();
        for number in 0..ROWS {
            let chief = if number < 10 { String::new() } else { (number / 10).to_string() };
            let department = number % 40;
            write!(table, "{number};Åsa Öberg {number};p{number}@kommun.example;Chef;Förvaltning {department};{chief}\r\n").unwrap();
        }
        let who = query("people", "row_by_row", employer(world));
        for (what, expected) in [("the first time", [100_000, 0, 0, 0]), ("again", [0, 0, 100_000, 0])] {
            let (before, start) = (peak_memory_kib().unwrap_or(0), Instant::now());
            let taken = hand_in(&hr(world), &who, TABLE, table.clone()).await.is(202);
            let read = start.elapsed();
            let done = ended(&hr(world), &taken.id()).await;
            let all = start.elapsed();
            assert_eq!(counts(&done), expected);
            let grown = peak_memory_kib().unwrap_or(0).saturating_sub(before) / 1024;
            println!(
                "{what}: read in {:.1} s, {:.0} rows/s, the peak of memory grew by {grown} MiB from {} MiB",
                read.as_secs_f64(),
                f64::from(u32::try_from(ROWS).unwrap()) / all.as_secs_f64(),
                before / 1024,
            );
            assert!(grown < 200, "{grown} MiB");
        }
    })
    .await;
}
