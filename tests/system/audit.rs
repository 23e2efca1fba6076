//! `akademi audit verify` beside and after a running installation.

use crate::program::{Place, Program};
use shared_database::Database;
use shared_testing::database::tamper;
use std::{process::Command, thread, time::Duration};

fn akademi(place: &Place, arguments: &[&str]) -> Program {
    let mut command = Command::new(env!("CARGO_BIN_EXE_akademi"));
    command.args(arguments).arg("--data-dir").arg(&place.folder);
    Program::start(command)
}

/// What the verification says, and whether all is well.
fn verify(place: &Place, more: &[&str]) -> (String, bool) {
    let arguments = [&["audit", "verify"], more].concat();
    let mut verify = akademi(place, &arguments);
    let said = verify.rest().join("\n");
    (said, verify.ended().success())
}

#[actix_web::test]
async fn a_rewritten_history_is_found_and_named() {
    let place = Place::sqlite();
    let (_, found) = verify(&place, &[]);
    assert!(!found, "no database is no sound history");
    let mut init = akademi(
        &place,
        &[
            "init",
            "--organiser",
            "CKS",
            "--coordinator",
            "eva@cks.example",
        ],
    );
    init.rest();
    assert!(init.ended().success());
    let (said, sound) = verify(&place, &[]);
    assert!(sound && said.contains("not sealed yet"), "{said}");

    let mut served = akademi(&place, &["serve", "--listen", "127.0.0.1:0"]);
    served.until("answers at");
    let mut tries = 0;
    let (said, sound) = loop {
        let (said, sound) = verify(&place, &[]);
        if !said.contains("not sealed yet") || tries > 30 {
            break (said, sound);
        }
        tries += 1;
        thread::sleep(Duration::from_millis(500));
    };
    assert!(sound && said.contains("under 1 seals, head 1 "), "{said}");
    assert!(served.terminate().success());
    let line = said.lines().find(|line| line.contains("head 1 ")).unwrap();
    let head = line.rsplit(' ').next().unwrap();
    assert!(verify(&place, &["--head", head]).1);
    let (said, sound) = verify(&place, &["--head", "00"]);
    assert!(!sound && said.contains("noted hash 00"), "{said}");

    let url = format!(
        "sqlite://{}",
        place.folder.join("registration.sqlite").display()
    );
    let database = Database::connect(&url, "test").await.unwrap();
    tamper(&database, "DROP TRIGGER tr_changes__no_update").await;
    tamper(&database, "UPDATE changes SET actor = 'person:other'").await;
    let (said, sound) = verify(&place, &[]);
    assert!(!sound && said.contains("was changed"), "{said}");
    let (said, sound) = verify(&place, &["--database-urls", &format!("registration={url}")]);
    assert!(
        !sound && said.contains("(place 1, seal 1) was changed"),
        "{said}"
    );
}
