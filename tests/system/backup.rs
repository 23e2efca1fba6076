//! The drill: a copy is made under load, the machine is lost, the copy is brought back, and what
//! must hold is looked at.

use crate::program::{Api, Place, Program, until};
use serde_json::{Value, json};
use shared_database::Database;
use shared_testing::database::{number, texts};
use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

const PEOPLE: &str = "/registration/v1/people";
const ORGANISATIONS: &str = "/registration/v1/organisations";

fn akademi(arguments: &[&str], data: &Path) -> Program {
    let mut command = Command::new(env!("CARGO_BIN_EXE_akademi"));
    command.args(arguments).arg("--data-dir").arg(data);
    Program::start(command)
}

fn said(arguments: &[&str], data: &Path) -> (String, bool) {
    let mut program = akademi(arguments, data);
    let said = program.rest().join("\n");
    (said, program.ended().success())
}

fn serve(data: &Path) -> (Program, Api) {
    let arguments = [
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--sweep-seconds",
        "1",
        "--rate-caller",
        "0",
        "--rate-organisation",
        "0",
    ];
    let mut served = akademi(&arguments, data);
    let line = served.until("answers at");
    let url = line
        .split_whitespace()
        .find(|word| word.starts_with("http"));
    let api = Api::new(url.unwrap().trim_end_matches(','));
    (served, api)
}

async fn made(api: &Api, key: &str, path: &str, body: &Value) -> String {
    let (status, answer) = api.post(key, path, body).await;
    assert_eq!(status, 201, "{answer}");
    answer["id"].as_str().unwrap().to_owned()
}

fn organisation(number: usize) -> Value {
    json!({
        "kind": "company", "name": format!("Bolag {number}"), "language": "sv",
        "timeZone": "Europe/Stockholm",
    })
}

async fn database(data: &Path, service: &'static str) -> Database {
    let file = data.join(service).with_extension("sqlite");
    let url = format!("sqlite://{}", file.display());
    Database::connect(&url, service).await.unwrap()
}

/// Makes organisations as fast as they are answered, until it is stopped; those that were
/// confirmed.
async fn load(api: &Api, key: &str, stop: Arc<AtomicBool>) -> Vec<(String, Instant)> {
    let mut confirmed = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let body = organisation(confirmed.len());
        let id = made(api, key, ORGANISATIONS, &body).await;
        confirmed.push((id, Instant::now()));
    }
    confirmed
}

/// Copies while the load goes on: what was confirmed, and when the copy began and was done.
async fn copy_under_load(
    api: &Api,
    key: &str,
    data: &Path,
    copy: &str,
) -> (Vec<(String, Instant)>, Instant, Instant) {
    let stop = Arc::new(AtomicBool::new(false));
    let copying = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let (data, copy) = (data.to_owned(), copy.to_owned());
        let began = Instant::now();
        let backup = tokio::task::spawn_blocking(move || said(&["backup", &copy], &data));
        let (told, fine) = backup.await.unwrap();
        let copied = Instant::now();
        assert!(fine, "{told}");
        tokio::time::sleep(Duration::from_millis(500)).await;
        stop.store(true, Ordering::Relaxed);
        (began, copied)
    };
    let (confirmed, (began, copied)) = tokio::join!(load(api, key, stop.clone()), copying);
    (confirmed, began, copied)
}

/// Nobody knows what registration does not, everybody comes to know as much, and whoever was erased
/// is forgotten everywhere.
async fn agrees(data: &Path, organisations: &BTreeSet<String>) {
    for service in ["scheduling", "mentorship", "evaluation"] {
        let database = database(data, service).await;
        until("every service knows as much", async || {
            let known = "SELECT lower(hex(id)) AS row FROM known_organisations";
            let known: BTreeSet<String> = texts(&database, known).await.into_iter().collect();
            assert!(known.is_subset(organisations), "{service}");
            known.len() == organisations.len()
        })
        .await;
        until("she is forgotten there", async || {
            let names = "SELECT COUNT(*) AS row FROM known_people WHERE name LIKE 'Maja%'";
            number(&database, names).await == 0
        })
        .await;
    }
}

#[actix_web::test]
async fn what_was_copied_comes_back_and_whoever_was_erased_since_does_not() {
    let place = Place::sqlite();
    let (data, copy) = (place.folder.join("data"), place.folder.join("copy"));
    let copy_name = copy.to_str().unwrap();
    let arguments = [
        "init",
        "--organiser",
        "CKS",
        "--coordinator",
        "eva@cks.example",
    ];
    let (installed, fine) = said(&arguments, &data);
    assert!(fine, "{installed}");
    let word = installed
        .split_whitespace()
        .find(|word| word.starts_with("ak_"));
    let key = word.unwrap();
    let (served, api) = serve(&data);
    let employer = made(&api, key, ORGANISATIONS, &organisation(0)).await;
    let person = json!({
        "name": "Maja Lindqvist", "email": "maja@bolag.example", "organisationId": employer,
        "kind": "employed_manager", "language": "sv",
    });
    let person = made(&api, key, PEOPLE, &person).await;
    let known = "SELECT name AS row FROM known_people WHERE name = 'Maja Lindqvist'";
    let scheduling = database(&data, "scheduling").await;
    until("scheduling knows her", async || {
        !texts(&scheduling, known).await.is_empty()
    })
    .await;

    let (confirmed, began, copied) = copy_under_load(&api, key, &data, copy_name).await;
    assert!(confirmed.len() > 3, "there was a load");
    let (_, again) = said(&["backup", copy_name], &data);
    assert!(!again, "a copy is never written over");

    // Then somebody is erased, and the machine is lost; the ledger and the keys stand elsewhere.
    let erasure = json!({ "personId": person, "reason": "Asked for." });
    made(&api, key, "/registration/v1/erasures", &erasure).await;
    let ledger = data.join("erasures.jsonl");
    until("the ledger has it", async || {
        fs::read_to_string(&ledger).is_ok_and(|text| text.contains(&person))
    })
    .await;
    drop(scheduling);
    served.kill();
    let lost = Instant::now();
    let after = place.folder.join("after");
    fs::create_dir(&after).unwrap();
    fs::rename(&ledger, after.join("erasures.jsonl")).unwrap();

    let back = ["restore", copy_name];
    let (told, fine) = said(&back, &after);
    assert!(!fine, "without keys: {told}");
    fs::rename(data.join("keys"), after.join("keys")).unwrap();
    fs::remove_dir_all(&data).unwrap();
    let (told, fine) = said(&back, &after);
    assert!(fine && told.contains("1 erased again here"), "{told}");
    let (_, over) = said(&back, &after);
    assert!(!over, "nothing is brought back over what is there");
    let (served, api) = serve(&after);
    let ready = lost.elapsed();

    // What was confirmed before the copy began is there.
    let registration = database(&after, "registration").await;
    let everything = "SELECT lower(hex(id)) AS row FROM organisations";
    let there: BTreeSet<String> = texts(&registration, everything).await.into_iter().collect();
    let (mut kept, mut gone) = (0, 0);
    for (id, at) in &confirmed {
        if there.contains(&id.replace('-', "")) {
            kept += usize::from(*at > began);
        } else {
            assert!(*at > began, "confirmed before the copy, and lost: {id}");
            gone += 1;
        }
    }
    agrees(&after, &there).await;
    let (status, _) = api.get(Some(key), &format!("{PEOPLE}/{person}")).await;
    let names = "SELECT COUNT(*) AS row FROM people WHERE name LIKE 'Maja%'";
    assert_eq!(number(&registration, names).await, 0, "{status}");
    let (told, sound) = said(&["audit", "verify"], &after);
    assert!(sound, "{told}");
    println!(
        "RPO: {gone} of {} confirmed since the copy began are gone, it took {} ms; RTO: {} ms",
        gone + kept,
        copied.duration_since(began).as_millis(),
        ready.as_millis()
    );
    drop(registration);
    assert!(served.terminate().success());
}

#[actix_web::test]
async fn an_encrypted_copy_opens_by_its_own_key_alone() {
    let place = Place::sqlite();
    let (data, copy) = (place.folder.join("data"), place.folder.join("copy"));
    let copy_name = copy.to_str().unwrap();
    let install = ["init", "--organiser", "Hemliga bolaget"];
    let install = [install.as_slice(), &["--coordinator", "eva@cks.example"]].concat();
    assert!(said(&install, &data).1);
    let key_file = |name: &str| place.folder.join(name).to_str().unwrap().to_owned();
    let made = |name: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_akademi"));
        command.args(["keys", "backup", &key_file(name)]);
        let mut program = Program::start(command);
        (program.rest().join("\n"), program.ended().success())
    };
    let (recipient, fine) = made("own");
    assert!(fine && recipient.starts_with("age1"), "{recipient}");
    assert!(!made("own").1, "a key is never written over");
    made("other");
    assert!(!said(&["backup", copy_name, "--encrypt-to", "age1nobody"], &data).1);
    let (served, _) = serve(&data);
    let backup = [
        "backup",
        copy_name,
        "--with-keys",
        "--encrypt-to",
        &recipient,
    ];
    let (told, fine) = said(&backup, &data);
    assert!(fine, "{told}");
    assert!(served.terminate().success());
    assert!(
        !data.join(".backup").exists(),
        "nothing is left in the clear"
    );
    let files = ["registration.sqlite.age", "keys/needs.age"].map(|name| copy.join(name));
    for file in &files {
        let bytes = fs::read(file).unwrap();
        assert!(bytes.starts_with(b"age-encryption.org/v1\n"));
        let words = b"Hemliga bolaget";
        assert!(!bytes.windows(words.len()).any(|window| window == words));
    }

    let restore = |more: &[&str], to: &str| {
        let arguments = [&["restore", copy_name], more].concat();
        said(&arguments, &place.folder.join(to))
    };
    let (told, fine) = restore(&["--check"], "nowhere");
    assert!(fine && told.contains("encrypted"), "{told}");
    let (own, other) = (key_file("own"), key_file("other"));
    assert!(restore(&["--check", "--identity", &own], "nowhere").1);
    assert!(!restore(&["--check", "--identity", &other], "nowhere").1);
    assert!(!restore(&[], "without").1, "without a key");
    assert!(!restore(&["--identity", &other], "wrong").1);
    let nothing = |folder: &str| {
        !place
            .folder
            .join(folder)
            .join("registration.sqlite")
            .exists()
    };
    assert!(nothing("without") && nothing("wrong"));

    // Cut off, and the list of files written anew by whoever did it.
    let sums = copy.join("SHA256SUMS");
    let (list, whole) = (
        fs::read_to_string(&sums).unwrap(),
        fs::read(&files[0]).unwrap(),
    );
    fs::write(&files[0], &whole[..whole.len() - 70_000]).unwrap();
    assert!(
        !restore(&["--check"], "nowhere").1,
        "the list is not what was written"
    );
    let sum = Command::new("sha256sum").arg(&files[0]).output().unwrap();
    let sum = String::from_utf8(sum.stdout).unwrap()[..64].to_owned();
    let forged = list.lines().map(|line| {
        if line.ends_with("  registration.sqlite.age") {
            format!("{sum}  registration.sqlite.age\n")
        } else {
            format!("{line}\n")
        }
    });
    fs::write(&sums, forged.collect::<String>()).unwrap();
    assert!(
        restore(&["--check"], "nowhere").1,
        "without the key nobody sees it"
    );
    assert!(!restore(&["--check", "--identity", &own], "nowhere").1);
    assert!(!restore(&["--identity", &own], "cut").1 && nothing("cut"));
    fs::write(&files[0], whole).unwrap();
    fs::write(&sums, list).unwrap();

    let (told, fine) = restore(&["--identity", &own], "after");
    assert!(fine, "{told}");
    let after = place.folder.join("after");
    let registration = database(&after, "registration").await;
    let names = "SELECT COUNT(*) AS row FROM organisations WHERE name = 'Hemliga bolaget'";
    assert_eq!(number(&registration, names).await, 1);
    drop(registration);
    let (served, _) = serve(&after);
    assert!(served.terminate().success());
}

#[actix_web::test]
async fn a_copy_that_was_changed_or_is_not_all_there_is_not_brought_back() {
    let place = Place::sqlite();
    let (data, copy) = (place.folder.join("data"), place.folder.join("copy"));
    let copy_name = copy.to_str().unwrap();
    let (told, fine) = said(&["backup", copy_name], &data);
    assert!(!fine && !copy.exists(), "there is nothing to copy: {told}");
    let (served, _) = serve(&data);
    let (told, fine) = said(&["backup", copy_name, "--with-keys"], &data);
    assert!(fine, "{told}");
    assert!(served.terminate().success());
    let check = || said(&["restore", copy_name, "--check"], &data);
    assert!(check().1);

    let (file, sums) = (copy.join("evaluation.sqlite"), copy.join("SHA256SUMS"));
    let (bytes, list) = (fs::read(&file).unwrap(), fs::read_to_string(&sums).unwrap());
    let mut changed = bytes.clone();
    changed[5000] ^= 1;
    fs::write(&file, &changed).unwrap();
    let (told, fine) = check();
    assert!(!fine, "{told}");
    fs::write(&file, &bytes).unwrap();
    let fewer: String = list
        .lines()
        .filter(|line| !line.contains("mentorship"))
        .flat_map(|line| [line, "\n"])
        .collect();
    fs::write(&sums, fewer).unwrap();
    assert!(!check().1);
    fs::write(&sums, list).unwrap();
    assert!(check().1);

    // With its keys it needs nothing else.
    let after = place.folder.join("after");
    let (told, fine) = said(&["restore", copy_name], &after);
    assert!(fine && told.contains("no ledger of erasures"), "{told}");
    let (served, _) = serve(&after);
    assert!(served.terminate().success());
}
