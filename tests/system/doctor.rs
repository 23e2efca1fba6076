//! `akademi doctor`, `akademi migrate` and `akademi events`, as an operator runs them.

use crate::program::{Place, Program};
use shared_database::Database;
use shared_testing::{TestDatabase, database::postgres_server, database::tamper};
use std::process::Command;

fn said(arguments: &[&str], variables: &[(&str, &str)]) -> (String, bool) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_akademi"));
    command.args(arguments).envs(variables.iter().copied());
    let mut program = Program::start(command);
    let said = program.rest().join("\n");
    (said, program.ended().success())
}

/// The line about a thing: its state and its text.
fn line<'a>(said: &'a str, thing: &str) -> (&'a str, &'a str) {
    let found = said.lines().find(|line| {
        let rest = line.split_once(' ').map_or("", |(_, rest)| rest.trim());
        rest.starts_with(thing)
    });
    let line = found.unwrap_or_else(|| panic!("nothing of {thing} in {said}"));
    line.split_once(' ').unwrap()
}

#[actix_web::test]
async fn a_folder_is_worried_about_before_the_first_start_well_after_it_and_broken_when_damaged() {
    let place = Place::sqlite();
    let folder = place.folder.to_str().unwrap();
    let doctor = || said(&["doctor", "--data-dir", folder], &[]);
    let (before, fine) = doctor();
    assert!(fine, "{before}");
    assert_eq!(line(&before, "database registration").0, "warn");
    assert_eq!(
        std::fs::read_dir(folder).unwrap().count(),
        0,
        "looking makes nothing"
    );

    let mut serve = Command::new(env!("CARGO_BIN_EXE_akademi"));
    serve.args(["serve", "--listen", "127.0.0.1:0", "--data-dir", folder]);
    let mut serving = Program::start(serve);
    serving.until("answers at");
    let (beside, fine) = doctor();
    assert!(fine && beside.ends_with("0 broken"), "{beside}");
    for service in ["registration", "scheduling", "mentorship", "evaluation"] {
        assert_eq!(line(&beside, &format!("database {service}")).0, "ok");
        assert_eq!(line(&beside, &format!("migrations {service}")).0, "ok");
        assert_eq!(line(&beside, &format!("events {service}")).0, "ok");
    }
    assert!(serving.terminate().success());

    let url = format!("sqlite://{folder}/scheduling.sqlite");
    let database = Database::connect(&url, "test").await.unwrap();
    tamper(
        &database,
        "DELETE FROM seaql_migrations WHERE version = 'm0011_groups'",
    )
    .await;
    let held = "INSERT INTO held_events (event_id, subject, kind, source, body, signature, attempts, \
         next_attempt_at, last_error, held_at) VALUES (X'0192f0c17a3b7c118f2a1b2c3d4e5f60', 's', \
         'round.published', '/registration', '{\"secret\":4711}', '', 3, 0, 'conflict', 0)";
    tamper(&database, held).await;
    let (after, fine) = doctor();
    assert!(fine, "{after}");
    let (state, text) = line(&after, "migrations scheduling");
    assert!(
        state == "warn" && text.contains("1 pending, from m0011_groups"),
        "{after}"
    );

    let arguments = ["events", "held", "scheduling", "--data-dir", folder];
    let (listed, _) = said(&arguments, &[]);
    assert!(listed.contains("round.published  from /registration") && listed.contains("conflict"));
    assert!(!listed.contains("4711"), "{listed}");
    let id = "0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60";
    let give_up = ["events", "drop", "scheduling", id, "--data-dir", folder];
    assert!(said(&give_up, &[]).1);
    assert!(!said(&give_up, &[]).1, "it is gone");

    std::fs::write(place.folder.join("mentorship.sqlite"), "no database").unwrap();
    let (broken, fine) = doctor();
    assert!(!fine, "{broken}");
    assert_eq!(line(&broken, "database mentorship").0, "FAIL");
}

#[actix_web::test]
async fn what_a_process_alone_misses_is_named_and_a_secret_never_is() {
    let (told, fine) = said(
        &["doctor", "scheduling", "--data-dir", "/nonexistent/akademi"],
        &[],
    );
    assert!(!fine);
    assert!(
        line(&told, "settings")
            .1
            .contains("AKADEMI_TRUSTED_KEYS is needed"),
        "{told}"
    );
    assert_eq!(line(&told, "key").0, "FAIL");

    let issuer = r#"[{"issuer": "https://login.example", "jwksUrl": "http://127.0.0.1:1/keys",
        "audience": "akademi", "algorithms": ["RS256"]}]"#;
    let variables = [
        ("AKADEMI_OIDC_ISSUERS", issuer),
        ("AKADEMI_UPSTREAMS", "registration=http://127.0.0.1:1"),
    ];
    let (told, fine) = said(&["doctor", "gateway"], &variables);
    assert!(!fine);
    assert_eq!(line(&told, "identity provider").0, "FAIL");
    assert_eq!(line(&told, "service registration").0, "warn");

    let url = "postgres://maja:secret4711@127.0.0.1:1/x";
    let (told, fine) = said(&["doctor", "scheduling", "--database-url", url], &[]);
    assert!(
        !fine && line(&told, "database scheduling").0 == "FAIL",
        "{told}"
    );
    assert!(!told.contains("secret4711"), "{told}");
}

#[actix_web::test]
async fn a_database_is_migrated_before_the_service_starts_once() {
    let Some(server) = postgres_server() else {
        return;
    };
    let database = TestDatabase::postgres(server).await;
    let url = [("AKADEMI_DATABASE_URL", database.url.as_str())];
    let (told, _) = said(&["doctor", "evaluation"], &url);
    assert_eq!(line(&told, "migrations evaluation").0, "warn");
    assert!(
        line(&told, "database evaluation").1.contains("PostgreSQL"),
        "{told}"
    );
    let (first, fine) = said(&["migrate", "evaluation"], &url);
    assert!(fine && !first.contains(": 0 migrations"), "{first}");
    let (second, fine) = said(&["migrate", "evaluation"], &url);
    assert!(fine && second.contains(": 0 migrations"), "{second}");
    let (told, _) = said(&["doctor", "evaluation"], &url);
    assert_eq!(line(&told, "migrations evaluation").0, "ok");
    assert_eq!(line(&told, "clock evaluation").0, "ok", "{told}");
}
