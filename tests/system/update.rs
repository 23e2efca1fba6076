//! Updates without interruption: what each migration does to the release before, and two releases
//! side by side.

use crate::program::{Api, Place, Program};
use akademi::{
    settings::PartName,
    update::{self, Step},
};
use sea_orm_migration::{MigrationTrait, MigratorTrait};
use serde_json::{Value, json};
use shared_database::{
    Database,
    migrate::{self, Sql},
};
use shared_testing::{TestDatabase, database::texts};
use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
    process::Command,
    rc::Rc,
};

/// What a program that knows the table relies on.
#[derive(Debug, Default)]
struct Table {
    /// Type, whether a value is needed, whether there is one of its own accord.
    columns: BTreeMap<String, (String, bool, bool)>,
    /// Columns of which no two rows may have the same.
    unique: BTreeSet<String>,
    /// What refuses changes.
    refusing: BTreeSet<String>,
}

async fn tables(database: &Database) -> BTreeMap<String, Table> {
    let names = "SELECT name AS row FROM sqlite_master WHERE type = 'table' \
         AND name NOT LIKE 'sqlite#_%' ESCAPE '#' AND name <> 'seaql_migrations'";
    let mut tables = BTreeMap::new();
    for name in texts(database, names).await {
        let mut table = Table::default();
        let columns = format!(
            "SELECT name || '|' || type || '|' || \"notnull\" || '|' || (dflt_value IS NOT NULL) AS row \
             FROM pragma_table_info('{name}')"
        );
        for column in texts(database, &columns).await {
            let words: Vec<&str> = column.split('|').collect();
            let facts = (words[1].to_owned(), words[2] == "1", words[3] == "1");
            table.columns.insert(words[0].to_owned(), facts);
        }
        let unique = format!(
            "SELECT (SELECT group_concat(name, ',') FROM pragma_index_info(list.name)) AS row \
             FROM pragma_index_list('{name}') AS list WHERE list.\"unique\" = 1"
        );
        table.unique = texts(database, &unique).await.into_iter().collect();
        let refusing = format!(
            "SELECT name AS row FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{name}' \
             AND sql LIKE '%RAISE(%'"
        );
        table.refusing = texts(database, &refusing).await.into_iter().collect();
        tables.insert(name, table);
    }
    tables
}

/// Why a program that knows the tables from before could not go on.
fn stops(before: &BTreeMap<String, Table>, after: &BTreeMap<String, Table>) -> Vec<String> {
    let mut reasons = Vec::new();
    for (name, old) in before {
        let Some(new) = after.get(name) else {
            reasons.push(format!("{name} is gone"));
            continue;
        };
        for (column, (kind, needed, _)) in &old.columns {
            match new.columns.get(column) {
                None => reasons.push(format!("{name}.{column} is gone")),
                Some((now, _, _)) if now != kind => {
                    reasons.push(format!("{name}.{column} is another type"));
                }
                Some((_, now, _)) if *now && !needed => {
                    reasons.push(format!("{name}.{column} is needed now"));
                }
                Some(_) => {}
            }
        }
        for (column, (_, needed, has_default)) in &new.columns {
            if !old.columns.contains_key(column) && *needed && !has_default {
                reasons.push(format!("{name}.{column} is new and needed"));
            }
        }
        for unique in new.unique.difference(&old.unique) {
            if unique
                .split(',')
                .all(|column| old.columns.contains_key(column))
            {
                reasons.push(format!("{name}: {unique} is unique now"));
            }
        }
        for refusing in new.refusing.difference(&old.refusing) {
            reasons.push(format!("{name} refuses changes: {refusing}"));
        }
    }
    reasons
}

/// Does a migrator's migrations one by one, and says what each does to the release before.
async fn judged<M: MigratorTrait>() -> Vec<(String, Vec<String>)> {
    let store = TestDatabase::sqlite();
    let database = Database::connect(&store.url, "test").await.unwrap();
    let mut before = BTreeMap::new();
    let mut all = Vec::new();
    for migration in M::migrations() {
        M::up(database.read(), Some(1)).await.unwrap();
        let after = tables(&database).await;
        all.push((migration.name().to_owned(), stops(&before, &after)));
        before = after;
    }
    all
}

async fn are_marked<M: MigratorTrait>(part: PartName) {
    for (name, reasons) in judged::<M>().await {
        match update::step(part, &name) {
            None => panic!("{part:?}: src/update.rs does not say what {name} means: {reasons:?}"),
            Some(Step::Expands) => assert!(reasons.is_empty(), "{part:?} {name}: {reasons:?}"),
            Some(Step::Stops(_)) => {}
        }
    }
}

#[actix_web::test]
async fn every_migration_is_marked_and_what_is_said_to_expand_does() {
    are_marked::<registration::migrations::Migrator>(PartName::Registration).await;
    are_marked::<scheduling::migrations::Migrator>(PartName::Scheduling).await;
    are_marked::<mentorship::migrations::Migrator>(PartName::Mentorship).await;
    are_marked::<evaluation::migrations::Migrator>(PartName::Evaluation).await;
}

/// A migrator that is registration's and one more.
macro_rules! next_release {
    ($name:ident, $text:literal) => {
        struct $name;

        impl MigratorTrait for $name {
            fn migrations() -> Vec<Box<dyn MigrationTrait>> {
                let mut all = registration::migrations::Migrator::migrations();
                all.push(Box::new(Sql {
                    name: "m9999_next",
                    text: $text,
                }));
                all
            }
        }
    };
}

next_release!(
    Expanding,
    "ALTER TABLE organisations ADD COLUMN motto TEXT NULL;
ALTER TABLE organisations ADD COLUMN is_new BOOLEAN NOT NULL DEFAULT FALSE;
CREATE TABLE mottos (id UUID NOT NULL PRIMARY KEY, words TEXT NOT NULL);
"
);
next_release!(
    Dropping,
    "ALTER TABLE organisations DROP COLUMN language;\n"
);
next_release!(
    Demanding,
    "CREATE TABLE said (id UUID NOT NULL PRIMARY KEY);
DROP TABLE holds;
CREATE UNIQUE INDEX uq_organisations__name ON organisations (name);
"
);

struct Older;

impl MigratorTrait for Older {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        let mut all = registration::migrations::Migrator::migrations();
        all.pop();
        all
    }
}

#[actix_web::test]
async fn what_would_stop_the_release_before_is_noticed() {
    let last = async |judged: Vec<(String, Vec<String>)>| judged.last().unwrap().1.clone();
    assert!(last(judged::<Expanding>().await).await.is_empty());
    let dropped = last(judged::<Dropping>().await).await;
    assert_eq!(dropped, ["organisations.language is gone"]);
    let demanding = last(judged::<Demanding>().await).await;
    assert_eq!(
        demanding,
        ["holds is gone", "organisations: name is unique now"]
    );
}

fn akademi(place: &Place, arguments: &[&str]) -> Program {
    let mut command = Command::new(env!("CARGO_BIN_EXE_akademi"));
    command.args(arguments).arg("--data-dir").arg(&place.folder);
    let urls = place.database_urls();
    if arguments[0] == "init" {
        if let Some(url) = urls.get("registration") {
            command.env("AKADEMI_DATABASE_URL", url);
        }
    } else if !urls.is_empty() {
        let urls: Vec<String> = urls
            .iter()
            .map(|(name, url)| format!("{name}={url}"))
            .collect();
        command.env("AKADEMI_DATABASE_URLS", urls.join(","));
    }
    Program::start(command)
}

fn said(place: &Place, arguments: &[&str]) -> (String, bool) {
    let mut program = akademi(place, arguments);
    let said = program.rest().join("\n");
    (said, program.ended().success())
}

fn serve(place: &Place) -> (Program, Api) {
    let listen = ["serve", "--listen", "127.0.0.1:0", "--rate-caller", "0"];
    let mut served = akademi(place, &listen);
    let api = Api::new(&served.address());
    (served, api)
}

fn company(name: &str) -> Value {
    json!({ "kind": "company", "name": name, "language": "sv", "timeZone": "Europe/Stockholm" })
}

/// Requests that say something.
const ENOUGH: usize = 40;

/// Makes organisations and reads them, until it is stopped and there were enough: how many requests,
/// and which failed.
async fn load(name: &str, api: &Api, key: &str, is_over: &Cell<bool>) -> (usize, Vec<String>) {
    let (mut count, mut failed) = (0, Vec::new());
    while !is_over.get() || count < ENOUGH {
        let name = format!("{name} {count}");
        let path = "/registration/v1/organisations";
        let (status, made) = api.post(key, path, &company(&name)).await;
        if status != 201 {
            failed.push(format!("{status} {made}"));
            count += 1;
            continue;
        }
        let path = format!("{path}/{}", made["id"].as_str().unwrap());
        let (status, read) = api.get(Some(key), &path).await;
        if status != 200 {
            failed.push(format!("{status} {read}"));
        }
        count += 2;
    }
    (count, failed)
}

fn registration_url(place: &Place) -> String {
    let own = format!("sqlite://{}/registration.sqlite", place.folder.display());
    place.database_urls().remove("registration").unwrap_or(own)
}

#[actix_web::test]
async fn two_releases_serve_side_by_side_while_the_newer_one_migrates() {
    for place in Place::all().await {
        let url = registration_url(&place);
        let (installed, _) = said(
            &place,
            &[
                "init",
                "--organiser",
                "CKS",
                "--coordinator",
                "eva@cks.example",
            ],
        );
        let key = installed
            .split_whitespace()
            .find(|word| word.starts_with("ak_"));
        let key = key.unwrap().to_owned();
        let (old, first) = serve(&place);
        let (told, fine) = said(&place, &["update-check"]);
        assert!(fine && told.contains("nothing pending"), "{told}");

        let is_over: Rc<Cell<bool>> = Rc::default();
        let ending = is_over.clone();
        let updating = async {
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            migrate::run::<Expanding>(&url).await.unwrap();
            // The release before may be started again after that, too.
            let (new, second) = serve(&place);
            let beside = load("Bredvid", &second, &key, &Cell::new(true)).await;
            ending.set(true);
            (new, beside)
        };
        let (before, (new, beside)) = tokio::join!(load("Före", &first, &key, &is_over), updating);
        let none: [String; 0] = [];
        assert_eq!(
            (before.1.as_slice(), beside.1.as_slice()),
            (&none[..], &none[..])
        );
        println!(
            "P5: 0 of {} requests failed beside a migration",
            before.0 + beside.0
        );
        let (told, fine) = said(&place, &["update-check"]);
        assert!(
            fine && told.contains("m9999_next was done by a newer"),
            "{told}"
        );
        assert!(old.terminate().success());
        assert!(new.terminate().success());
    }
}

#[actix_web::test]
async fn a_migration_that_takes_something_away_does_stop_the_release_before() {
    for place in Place::all().await {
        let arguments = [
            "init",
            "--organiser",
            "CKS",
            "--coordinator",
            "eva@cks.example",
        ];
        let (installed, _) = said(&place, &arguments);
        let key = installed
            .split_whitespace()
            .find(|word| word.starts_with("ak_"));
        let (old, api) = serve(&place);
        migrate::run::<Dropping>(&registration_url(&place))
            .await
            .unwrap();
        let body = company("Efter");
        let (status, _) = api
            .post(key.unwrap(), "/registration/v1/organisations", &body)
            .await;
        assert_eq!(status, 500, "the check above would notice nothing");
        old.kill();
    }
}

#[actix_web::test]
async fn what_is_pending_is_told_before_it_is_done() {
    for place in Place::all().await {
        let url = registration_url(&place);
        migrate::run::<Older>(&url).await.unwrap();
        let registration = format!("registration={url}");
        let check = ["update-check", "--database-urls", &registration];
        let (told, fine) = said(&place, &check);
        let last = registration::migrations::Migrator::migrations()
            .pop()
            .unwrap();
        let expands = update::step(PartName::Registration, last.name()) == Some(Step::Expands);
        let pending = format!("registration: {} pending", last.name());
        assert!(told.contains(&pending) && fine == expands, "{told}");
        assert!(told.contains("may roll: ") == expands, "{told}");

        // Of another line of releases: it has had what nobody knows, and lacks what is known.
        let store = Database::connect(&url, "test").await.unwrap();
        let other = "UPDATE seaql_migrations SET version = 'm9998_other' WHERE version = 'm0018_mail_turns'";
        shared_testing::database::tamper(&store, other).await;
        let (told, fine) = said(&place, &check);
        assert!(!fine && told.contains("another line"), "{told}");
        let refused = migrate::run::<registration::migrations::Migrator>(&url).await;
        assert!(refused.unwrap_err().to_string().contains("another line"));
        // And what stops the release before is said to.
        let seals = "DELETE FROM seaql_migrations WHERE version IN ('m0000_seals', 'm9998_other')";
        shared_testing::database::tamper(&store, seals).await;
        let (told, fine) = said(&place, &check);
        assert!(
            !fine && told.contains("m0000_seals pending, STOPS"),
            "{told}"
        );
    }
}
