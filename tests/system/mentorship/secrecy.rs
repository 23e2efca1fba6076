//! What a pair writes is the pair's: with all services in one process, a canary is written wherever
//! a pair writes, and looked for wherever others look.

mod places;

use super::stage::{Api, Running, Stage, clock_of, said};
use crate::program::SERVICES;
use chrono::{DateTime, TimeDelta, Utc};
use places::Places;
use serde_json::{Value, json};
use shared_database::Database;
use shared_testing::{
    database,
    endpoint::{Conduct, Endpoint},
};
use shared_types::PersonId;
use shared_web::metrics;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    net::TcpListener,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

/// In everything that is written.
const CANARY: &str = "kanarie7f3b9qx";
/// In what the two share.
const SHARED: &str = "kanarie7f3b9qxdelad";
/// In what the participant keeps for oneself.
const OWN: &str = "kanarie7f3b9qxegen";
/// In what is for everybody in the round, by which an answer shows that it was searched.
const PUBLIC: &str = "gladlarka7f3b9qx";
/// What the demo itself has written in a pair.
const PLAYED: &str = "Hur jag leder chefer som var mina kollegor";
/// What stands in every database in clear.
const IN_CLEAR: &str = "Ydre kommun";
/// How long a meeting is away that is planned: for as long as the program needs to take it.
const SOON: Duration = Duration::from_secs(20);
/// Roles of the demo who are none of the pair; who is the same person as one of the two is left out.
const OTHERS: [&str; 13] = [
    "coordinator",
    "director",
    "neighbour",
    "hr",
    "auditor",
    "evaluator",
    "facilitator",
    "registrar",
    "applicant",
    "biller",
    "coordinatorElsewhere",
    "projectLeader",
    "participant",
];

/// Plays the demo, has its pair write, and looks everywhere. What the demo left for scripts, and
/// where was looked.
pub(super) async fn holds(stage: &Stage) -> (Value, String) {
    let mut demo = vec!["demo", "--listen", "127.0.0.1:0"];
    let urls: Vec<_> = stage.urls().into_iter().collect();
    let urls: Vec<_> = urls
        .iter()
        .map(|(name, url)| format!("{name}={url}"))
        .collect();
    let urls = urls.join(",");
    if !urls.is_empty() {
        demo.extend(["--database-urls", &urls]);
    }
    let mut command = stage.command(&demo, None);
    // Statements are told by their texts, never their values, and would be most of it.
    command.env("RUST_LOG", "debug,sqlx=info");
    let mut running = Running::start(stage, command);
    running.until("stays up").await;
    let since = Instant::now();
    let summary = fs::read_to_string(stage.data().join("demo.json")).unwrap();
    let summary: Value = serde_json::from_str(&summary).unwrap();
    let mut scene = Scene::of(stage, &summary).await;
    let endpoint = scene.coordinators_webhook().await;
    let keys = fs::read_to_string(stage.data().join("keys").join("pairs")).unwrap();
    let mut places = Places::new(&[CANARY, PLAYED], &keys);
    scene.write(since, &mut places).await;
    scene.the_two_read(&mut places).await;
    scene.others_read(&mut places).await;
    let delivered = || -> String {
        let all = endpoint.received().into_iter();
        all.map(|one| String::from_utf8(one.body).unwrap())
            .collect()
    };
    places::until("events are sent", || delivered().contains("webhook.tested")).await;
    places.add(
        "webhook: what the coordinators' system got",
        delivered(),
        "webhook.tested",
    );
    let hr = fs::read(stage.data().join("webhooks.jsonl")).unwrap();
    places.add("webhook: what the HR system got", hr, "webhook-signature");
    scene.lies_in_mails(&mut places);
    lies_in_databases(stage, &mut places).await;
    lies_in_files("while it runs", &stage.data(), &mut places);
    if stage.is_sqlite() {
        is_copied(stage, &mut places).await;
    }

    let (said, logged) = (running.said.clone(), running.logged.clone());
    running.terminate();
    lies_in_files("when it has ended", &stage.data(), &mut places);
    places.add("what the program said", fs::read(said).unwrap(), "stays up");
    places.add(
        "what the program logged",
        fs::read(logged).unwrap(),
        "answered",
    );
    scene.is_counted(stage, &mut places).await;
    (summary, places.are_clean(20))
}

/// Who calls, and about what.
struct Scene<'a> {
    stage: &'a Stage,
    summary: &'a Value,
    api: Api,
    /// The ids by which addresses are filled, by service and parameter.
    ids: BTreeMap<(&'static str, &'static str), String>,
    /// Who is none of the two, and the token.
    others: BTreeMap<String, Option<String>>,
}

impl<'a> Scene<'a> {
    async fn of(stage: &'a Stage, summary: &'a Value) -> Self {
        let api = Api::new(summary["address"].as_str().unwrap());
        let mut scene = Self {
            stage,
            summary,
            api,
            ids: BTreeMap::new(),
            others: BTreeMap::from([("stranger".to_owned(), None)]),
        };
        let pair = scene
            .read(
                "mentee",
                &format!("/mentorship/v1/pairs/{}", scene.text("pair")),
            )
            .await;
        let text = |pointer: &str| pair.pointer(pointer).unwrap().as_str().unwrap().to_owned();
        let (mentor, mentee) = (text("/mentor/personId"), text("/mentee/personId"));
        for (name, id) in [
            ("roundId", summary["round"].as_str().unwrap()),
            ("applicationId", summary["participation"].as_str().unwrap()),
            ("pairId", summary["pair"].as_str().unwrap()),
            ("mentorId", &text("/mentorId")),
            ("municipalityId", &text("/mentee/municipalityId")),
            ("organisationId", summary["organiser"].as_str().unwrap()),
            ("personId", &mentee),
            ("feedbackId", summary["feedback"].as_str().unwrap()),
        ] {
            for service in SERVICES {
                scene.ids.insert((service, name), id.to_owned());
            }
        }
        for role in OTHERS {
            let own = scene.read(role, "/registration/v1/me").await;
            let own = own["personId"].as_str().unwrap_or_default();
            assert!(!own.is_empty(), "{role}");
            if own != mentor && own != mentee {
                let token = Some(scene.token(role).to_owned());
                scene.others.insert(role.to_owned(), token);
            }
        }
        // Another pair of the same round, and somebody who keeps the installation.
        let pairs = format!(
            "/mentorship/v1/rounds/{}/pairs?limit=100",
            scene.text("round")
        );
        let pairs = scene.read("coordinator", &pairs).await;
        let mut pairs = pairs["items"].as_array().unwrap().iter();
        let other = pairs.find(|one| one["state"] == "active" && one["id"] != summary["pair"]);
        for side in ["mentor", "mentee"] {
            let person = other.unwrap()[side]["personId"].as_str().unwrap();
            assert!(person != mentor && person != mentee);
            let person: PersonId = person.parse().unwrap();
            let token = Some(stage.token_of(person));
            scene.others.insert(format!("another {side}"), token);
        }
        let make = ["key", "create", "--name", "ops", "--role", "operator"];
        let (told, fine) = said(stage.command(&make, Some("registration"))).await;
        assert!(fine, "{told}");
        let key = told.split_whitespace().find(|word| word.starts_with("ak_"));
        let key = Some(key.unwrap().to_owned());
        scene.others.insert("operator".to_owned(), key);
        scene
    }

    fn text(&self, member: &str) -> &str {
        self.summary[member].as_str().unwrap()
    }

    fn token(&self, role: &str) -> &str {
        self.summary["tokens"][role].as_str().unwrap()
    }

    async fn read(&self, role: &str, path: &str) -> Value {
        self.api.get(self.token(role), path).await.ok().json
    }

    /// Everything that coordinators hear is sent there from now on.
    async fn coordinators_webhook(&mut self) -> Endpoint {
        let endpoint = Endpoint::start(&[Conduct::Status(204)]).await;
        let token = self.token("coordinator");
        let body = json!({
            "name": "Kursportalen", "role": "coordinator", "organisationId": self.text("organiser"),
            "url": endpoint.url(), "contactEmail": "kursportalen@cks.example",
        });
        let made = self
            .api
            .post(token, "/registration/v1/webhooks", &body)
            .await
            .created();
        let test = format!("/registration/v1/webhooks/{}/test", made.id());
        let tested = self.api.post(token, &test, &json!({})).await;
        assert!(tested.status < 300, "{}", tested.text);
        // What was delivered is read too.
        self.ids.insert(("registration", "webhookId"), made.id());
        endpoint
    }

    /// Writes the canary wherever a pair or a participant writes, and where it is refused.
    async fn write(&self, since: Instant, places: &mut Places) {
        let (mentor, mentee) = (self.token("mentor"), self.token("mentee"));
        let pair = format!("/mentorship/v1/pairs/{}", self.text("pair"));
        let shared = |what: &str| format!("{SHARED} {what}");
        let agreement = json!({ "meetingDays": 30, "text": shared("agreement") });
        self.api
            .put(mentee, &format!("{pair}/agreement"), &agreement)
            .await
            .ok();
        for (path, who) in [("goals", mentee), ("notes", mentor), ("messages", mentor)] {
            let body = json!({ "text": shared(path) });
            self.api
                .post(who, &format!("{pair}/{path}"), &body)
                .await
                .created();
        }
        let clock: DateTime<Utc> = self.text("clock").parse().unwrap();
        let mails = self.mails();
        let soon = since.elapsed() + SOON;
        let meeting = json!({
            "startsAt": clock + TimeDelta::from_std(soon).unwrap(), "lengthMinutes": 60,
            "topic": shared("topic"), "place": shared("place"),
        });
        let planned = self
            .api
            .post(mentor, &format!("{pair}/meetings"), &meeting)
            .await
            .created();
        let piece = |text: &str, audience: &str| json!({ "text": text, "audience": audience });
        let challenge = format!("/mentorship/v1/challenges/{}", self.text("participation"));
        let body = json!({
            "title": piece(PUBLIC, "round"), "vision": piece(&shared("vision"), "mentor"),
            "goals": [piece(&shared("goal"), "mentor"), piece(OWN, "private")],
            "stakeholders": [piece(OWN, "private")], "risks": [piece(OWN, "private")],
        });
        self.api.put(mentee, &challenge, &body).await.ok();
        let body = json!({
            "track": "relations", "plan": piece(PUBLIC, "round"),
            "try": piece(&shared("try"), "mentor"), "observe": piece(OWN, "private"),
            "reflect": piece(OWN, "private"), "next": piece(OWN, "private"),
        });
        let experiments = format!("{challenge}/experiments");
        self.api.post(mentee, &experiments, &body).await.created();
        self.is_refused(&pair, &challenge, places).await;

        // It is mailed to both that they meet, and the meeting is held.
        places::until("both are told of the meeting", || self.mails() >= mails + 2).await;
        tokio::time::sleep((soon + Duration::from_secs(1)).saturating_sub(since.elapsed())).await;
        let held = format!("/mentorship/v1/meetings/{}/holding", planned.id());
        self.api
            .post(mentee, &held, &json!({ "lengthMinutes": 50 }))
            .await
            .ok();
        let pulse = json!({ "fit": "good" });
        self.api
            .put(mentee, &format!("{pair}/pulse"), &pulse)
            .await
            .ok();
    }

    /// What is refused is told in nobody's words.
    async fn is_refused(&self, pair: &str, challenge: &str, places: &mut Places) {
        let [mentor, mentee, coordinator] =
            ["mentor", "mentee", "coordinator"].map(|role| self.token(role));
        let long = format!("{OWN} {}", "x".repeat(10_000));
        let past = json!({
            "startsAt": "2022-01-01T08:00:00Z", "lengthMinutes": 60, "topic": OWN, "place": OWN,
        });
        let unknown = json!({ "text": OWN, "colour": OWN });
        for (name, who, path, body) in [
            (
                "a note that is too long",
                mentor,
                "notes",
                json!({ "text": long }),
            ),
            ("a note with an unknown member", mentor, "notes", unknown),
            (
                "a message of another shape",
                mentee,
                "messages",
                json!({ "text": [OWN] }),
            ),
            ("a meeting in the past", mentor, "meetings", past),
            (
                "a note of the coordinator's",
                coordinator,
                "notes",
                json!({ "text": OWN }),
            ),
        ] {
            let reply = self.api.post(who, &format!("{pair}/{path}"), &body).await;
            assert!((400..500).contains(&reply.status), "{name}: {}", reply.text);
            places.add(&format!("error: {name}"), reply.text, "\"code\"");
        }
        let audience = json!({ "title": { "text": OWN, "audience": OWN } });
        let reply = self.api.put(mentee, challenge, &audience).await;
        let reply = reply.refused("invalid_body");
        places.add(
            "error: a challenge for nobody known",
            reply.text,
            "\"code\"",
        );
    }

    /// The same search finds what was written where the two look, and the participant's own where
    /// the participant looks.
    async fn the_two_read(&self, places: &mut Places) {
        let found = self.crawl(Some(self.token("mentee"))).await;
        let of = |needle: &str| {
            let found = found.iter().filter(|(_, text)| places::holds(text, needle));
            found
                .map(|(path, _)| path.as_str())
                .collect::<BTreeSet<_>>()
        };
        for what in [
            "agreement",
            "goals",
            "notes",
            "messages",
            "meetings",
            "export",
        ] {
            let path = format!("/mentorship/v1/pairs/{}/{what}", self.text("pair"));
            assert!(
                of(SHARED).iter().any(|one| one.starts_with(&path)),
                "{what}"
            );
        }
        let challenge = format!("/mentorship/v1/challenges/{}", self.text("participation"));
        for path in [
            &challenge,
            &format!("{challenge}/experiments"),
            "/mentorship/v1/archive",
        ] {
            assert!(of(OWN).iter().any(|one| one.starts_with(path)), "{path}");
        }
        let to_mentor = self.crawl(Some(self.token("mentor"))).await;
        let shared = to_mentor
            .values()
            .filter(|text| places::holds(text, SHARED));
        assert!(shared.count() >= 9, "the mentor reads what is for the two");
        for (path, text) in to_mentor {
            assert!(
                !places::holds(&text, OWN),
                "the mentor reads the participant's own: {path}"
            );
            places.count(format!("mentor, the participant's own: {path}"));
        }
    }

    /// Everything that anybody else can ask for.
    async fn others_read(&self, places: &mut Places) {
        let reading = ["/board", "/challenges/"];
        for (who, token) in &self.others {
            let found = self.crawl(token.as_deref()).await;
            let read = found.values().filter(|text| text.contains(PUBLIC)).count();
            if ["coordinator", "another mentee", "another mentor"].contains(&who.as_str()) {
                assert!(read >= 2, "{who} reads what is for the round");
            }
            for (path, text) in found {
                let public =
                    reading.iter().any(|part| path.contains(part)) && text.contains(PUBLIC);
                let control = if public { PUBLIC } else { "" };
                places.add(&format!("{who}: {path}"), text, control);
            }
        }
        for page in self.summary["pages"].as_array().unwrap() {
            let (name, url) = (
                page["name"].as_str().unwrap(),
                page["url"].as_str().unwrap(),
            );
            let path = url.strip_prefix(self.text("address")).unwrap();
            let reply = self.api.get_as(None, path, "text/html").await;
            places.add(&format!("page: {name}"), reply.text, "<html");
        }
    }

    /// Every answer to somebody who asks for all that can be asked for: lists to their end, and as
    /// tables too.
    async fn crawl(&self, token: Option<&str>) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        for service in SERVICES {
            let path = format!("/{service}/v1/openapi.json");
            let document = self.api.get_as(None, &path, "application/json").await.json;
            for (address, is_list) in self.addresses(service, &document) {
                let mut next = Some(address.clone());
                let mut page = 0;
                while let Some(path) = next {
                    let reply = self.api.get_as(token, &path, "application/json").await;
                    assert!(reply.status < 500, "{path}: {}", reply.text);
                    let link = reply
                        .json
                        .pointer("/_links/next/href")
                        .and_then(Value::as_str);
                    let items = reply.json["items"].as_array().map_or(0, Vec::len);
                    // Feeds lead on for ever.
                    next = link.filter(|_| items > 0).map(str::to_owned);
                    page += 1;
                    let heads = format!("{:?}\n{}", reply.headers, reply.text);
                    found.insert(format!("{address} page {page}"), heads);
                    assert!(page < 500, "{path}");
                }
                if is_list {
                    let table = self.api.get_as(token, &address, "text/csv").await;
                    found.insert(format!("{address} as a table"), table.text);
                }
            }
        }
        found
    }

    /// Addresses of what can be read, filled by known ids, and whether it is a list.
    fn addresses(&self, service: &'static str, document: &Value) -> Vec<(String, bool)> {
        let mut addresses = Vec::new();
        for (path, operations) in document["paths"].as_object().unwrap() {
            let Some(operation) = operations.get("get") else {
                continue;
            };
            let mut address = format!("/{service}/v1{path}");
            for ((of, name), id) in &self.ids {
                if *of == service {
                    address = address.replace(&format!("{{{name}}}"), id);
                }
            }
            let parameters = operation["parameters"]
                .as_array()
                .cloned()
                .unwrap_or_default();
            let is_list = parameters.iter().any(|one| one["name"] == "limit");
            if is_list {
                address.push_str("?limit=100");
            }
            if !address.contains('{') {
                addresses.push((address, is_list));
            }
        }
        assert!(addresses.len() > 10, "{service}");
        addresses
    }

    fn mails(&self) -> usize {
        fs::read_dir(self.stage.data().join("mail"))
            .unwrap()
            .count()
    }

    fn lies_in_mails(&self, places: &mut Places) {
        for entry in fs::read_dir(self.stage.data().join("mail")).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            // Long lines are broken, and put together again by whoever reads.
            let text = fs::read_to_string(&path).unwrap().replace("=\r\n", "");
            places.add(&format!("mail: {name}"), text, "Subject: ");
        }
    }

    /// The pair goes on writing where requests are counted.
    async fn is_counted(&self, stage: &Stage, places: &mut Places) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let figures = format!("http://{}", listener.local_addr().unwrap());
        actix_web::rt::spawn(metrics::start(listener).unwrap());
        let all = stage.all_in_one(|options| {
            options.clock = clock_of(self.summary);
            options.demo = Some(stage.issuer().public().clone());
        });
        let all = all.await;
        let again = Scene {
            api: Api::new(&all.url()),
            ids: self.ids.clone(),
            others: self.others.clone(),
            ..*self
        };
        let pair = format!("/mentorship/v1/pairs/{}", self.text("pair"));
        for path in ["goals", "notes", "messages"] {
            let body = json!({ "text": format!("{SHARED} once more") });
            let path = format!("{pair}/{path}");
            let made = again.api.post(self.token("mentor"), &path, &body).await;
            made.created();
        }
        again.read("mentee", &format!("{pair}/export")).await;
        let refused = again
            .api
            .get(self.token("coordinator"), &format!("{pair}/notes"))
            .await;
        assert_eq!(refused.status, 403);
        let read = Api::new(&figures)
            .get_as(None, "/metrics", "text/plain")
            .await;
        let counted = "/mentorship/v1/pairs/{pairId}/notes";
        places.add("metrics", read.text, counted);
        all.stop().await;
    }
}

/// Every table of every service.
async fn lies_in_databases(stage: &Stage, places: &mut Places) {
    for service in SERVICES {
        let database = Database::connect(&stage.url(service), service)
            .await
            .unwrap();
        for (table, rows) in database::contents(&database).await {
            let control = if ["organisations", "known_organisations"].contains(&table.as_str()) {
                IN_CLEAR
            } else {
                ""
            };
            places.add(
                &format!("table: {service} {table}"),
                rows.join("\n"),
                control,
            );
        }
        if !stage.is_sqlite() {
            // Where there is none, the tables have been searched all the same.
            if let Ok(dumped) = Command::new("pg_dump").arg(stage.url(service)).output() {
                assert!(dumped.status.success(), "{dumped:?}");
                places.add(&format!("dump: {service}"), dumped.stdout, IN_CLEAR);
            }
        }
    }
}

/// The bytes of every file of the data folder but the keys, write-ahead logs too.
fn lies_in_files(when: &str, folder: &Path, places: &mut Places) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_file() {
            let control = if name.ends_with(".sqlite") {
                IN_CLEAR
            } else {
                ""
            };
            places.add(
                &format!("file {when}: {name}"),
                fs::read(&path).unwrap(),
                control,
            );
        }
    }
}

/// A copy without the keys.
async fn is_copied(stage: &Stage, places: &mut Places) {
    let copy = stage.at("copy");
    let command = stage.command(&["backup", copy.to_str().unwrap()], None);
    let (told, fine) = said(command).await;
    assert!(fine, "{told}");
    assert!(!copy.join("keys").exists(), "{told}");
    places.add("what the backup said", told, "without the keys");
    lies_in_files("of the copy", &copy, places);
}
