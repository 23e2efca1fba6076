//! Services in processes of their own, two of each, whose facts go by NATS: what one confirms every
//! other comes to know, whatever is killed in between.

use crate::program::{Api, Program};
use serde_json::json;
use shared_database::Database;
use shared_testing::{
    TestDatabase,
    database::{number, postgres_server},
    nats::NatsServer,
};
use shared_web::probe;
use std::{
    collections::BTreeMap,
    net::TcpListener,
    path::PathBuf,
    process::Command,
    time::{Duration, Instant},
};

const SERVICES: [&str; 4] = ["registration", "scheduling", "mentorship", "evaluation"];

fn akademi(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_akademi"));
    command.args(arguments);
    command
}

fn said(mut command: Command, arguments: &[&str]) -> (String, bool) {
    command.args(arguments);
    let mut program = Program::start(command);
    let said = program.rest().join("\n");
    (said, program.ended().success())
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().port()
}

async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    let started = Instant::now();
    while !is_so().await {
        assert!(started.elapsed() < Duration::from_mins(2), "never: {what}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Where the parts run.
struct Stage {
    folder: PathBuf,
    nats: NatsServer,
    stores: BTreeMap<&'static str, TestDatabase>,
    /// What every part is told, secrets too.
    settings: BTreeMap<&'static str, String>,
    gateway: u16,
}

impl Stage {
    /// Nothing where there is no `nats-server`.
    async fn set() -> Option<Self> {
        let nats = NatsServer::start()?;
        let mut stores = BTreeMap::new();
        for service in SERVICES {
            let store = match postgres_server() {
                Some(server) => TestDatabase::postgres(server).await,
                None => TestDatabase::sqlite(),
            };
            stores.insert(service, store);
        }
        let folder = stores["registration"].folder.clone();
        let mut trusted = Vec::new();
        for part in SERVICES.into_iter().chain(["gateway"]) {
            let file = folder.join("keys").join(part);
            let generate = ["keys", "generate", file.to_str().unwrap()];
            trusted.push(format!("{part}={}", said(akademi(&generate), &[]).0));
        }
        let key = |arguments: &[&str]| said(akademi(arguments), &[]).0;
        let gateway = free_port();
        let settings = BTreeMap::from([
            ("AKADEMI_TRUSTED_KEYS", trusted.join(",")),
            ("AKADEMI_EVENTS_URL", nats.url.clone()),
            ("AKADEMI_PUBLIC_URL", format!("http://127.0.0.1:{gateway}")),
            ("AKADEMI_LINK_KEY", "0123456789abcdef".repeat(4)),
            ("AKADEMI_NEEDS_KEYS", key(&["needs", "key", "1"])),
            ("AKADEMI_PAIR_KEYS", key(&["pairs", "key", "1"])),
            ("AKADEMI_ANSWER_KEYS", key(&["needs", "key", "1"])),
            ("AKADEMI_ISSUER_KEYS", key(&["keys", "issuer", "1"])),
            ("AKADEMI_SWEEP_SECONDS", "1".to_owned()),
            ("AKADEMI_STOP_GRACE_SECONDS", "0".to_owned()),
            ("AKADEMI_RATE_CALLER", "0".to_owned()),
            ("AKADEMI_RATE_ORGANISATION", "0".to_owned()),
        ]);
        Some(Self {
            folder,
            nats,
            stores,
            settings,
            gateway,
        })
    }

    /// A command of one part, with its settings.
    fn part(&self, part: &str, arguments: &[&str]) -> Command {
        let mut command = akademi(arguments);
        command.envs(&self.settings);
        command.env("AKADEMI_KEY_FILE", self.folder.join("keys").join(part));
        command.env("AKADEMI_DATA_DIR", self.folder.join(part));
        if let Some(store) = self.stores.get(part) {
            command.env("AKADEMI_DATABASE_URL", &store.url);
        }
        command
    }

    /// Starts a service at a port, and waits until it is ready.
    async fn serve(&self, service: &str, port: u16) -> Program {
        let listen = format!("127.0.0.1:{port}");
        let program = Program::start(self.part(service, &["serve", service, "--listen", &listen]));
        ready(port).await;
        program
    }

    async fn serve_gateway(&self, ports: &BTreeMap<&str, u16>) -> Program {
        let upstreams: Vec<_> = ports
            .iter()
            .map(|(service, port)| format!("{service}=http://127.0.0.1:{port}"))
            .collect();
        let (upstreams, listen) = (upstreams.join(","), format!("127.0.0.1:{}", self.gateway));
        let arguments = [
            "serve",
            "gateway",
            "--listen",
            &listen,
            "--upstreams",
            &upstreams,
        ];
        let program = Program::start(self.part("gateway", &arguments));
        ready(self.gateway).await;
        program
    }

    async fn database(&self, service: &'static str) -> Database {
        Database::connect(&self.stores[service].url, service)
            .await
            .unwrap()
    }

    /// Waits until every service knows all organisations, and nothing waits or is held anywhere.
    async fn settled(&self, organisations: i64) {
        for service in SERVICES {
            let database = self.database(service).await;
            let table = if service == "registration" {
                "organisations"
            } else {
                "known_organisations"
            };
            let known = format!("SELECT COUNT(*) AS row FROM {table}");
            until(&format!("{service} knows all"), async || {
                number(&database, &known).await == organisations
            })
            .await;
            let waiting = "SELECT (SELECT COUNT(*) FROM outbox WHERE fanned_out = FALSE) \
                 + (SELECT COUNT(*) FROM outbox_deliveries) + (SELECT COUNT(*) FROM held_events) AS row";
            until(&format!("nothing waits at {service}"), async || {
                number(&database, waiting).await == 0
            })
            .await;
        }
    }
}

async fn ready(port: u16) {
    let url = format!("http://127.0.0.1:{port}/health/ready");
    until(&format!("ready at {port}"), async || {
        probe::status(&url).await.is_ok_and(|status| status == 200)
    })
    .await;
}

async fn five_more(api: &Api, key: &str) {
    for number in 0..5 {
        let body = json!({
            "kind": "company", "name": format!("Bolag {number}"), "language": "sv",
            "timeZone": "Europe/Stockholm",
        });
        let (status, made) = api.post(key, "/registration/v1/organisations", &body).await;
        assert_eq!(status, 201, "{made}");
    }
}

#[actix_web::test]
async fn what_one_service_confirms_every_other_comes_to_know_whatever_is_killed() {
    let Some(stage) = Stage::set().await else {
        println!("NOT RUN: there is no nats-server here");
        return;
    };
    let ports: BTreeMap<&str, u16> = SERVICES.map(|service| (service, free_port())).into();
    let (mut firsts, mut seconds) = (Vec::new(), Vec::new());
    for service in SERVICES {
        firsts.push(stage.serve(service, ports[service]).await);
        seconds.push(stage.serve(service, free_port()).await);
    }
    let gateway = stage.serve_gateway(&ports).await;
    let init = stage.part("registration", &["init", "--organiser", "CKS"]);
    let (installed, fine) = said(init, &["--coordinator", "eva@cks.example"]);
    assert!(fine, "{installed}");
    let key = installed
        .split_whitespace()
        .find(|word| word.starts_with("ak_"));
    let (key, api) = (
        key.unwrap(),
        Api::new(&format!("http://127.0.0.1:{}", stage.gateway)),
    );
    five_more(&api, key).await;
    stage.settled(6).await;
    for service in SERVICES {
        let doctor = stage.part(service, &["doctor", service]);
        let (told, fine) = said(doctor, &[]);
        assert!(fine && told.contains("NATS 2"), "{told}");
    }

    // Without the broker everything is confirmed all the same, and told when it is back. One
    // process of each service dies meanwhile, with what was in its hand.
    stage.nats.kill();
    five_more(&api, key).await;
    for second in seconds {
        second.kill();
    }
    stage.nats.start_again();
    five_more(&api, key).await;
    stage.settled(16).await;

    // All others die, and come back one after the other.
    for first in firsts {
        first.kill();
    }
    let mut again = Vec::new();
    for service in SERVICES {
        again.push(stage.serve(service, ports[service]).await);
    }
    until("the gateway sends them requests again", async || {
        let (status, _) = api.get(Some(key), "/registration/v1/organisations").await;
        status == 200
    })
    .await;
    five_more(&api, key).await;
    stage.settled(21).await;
    assert!(gateway.terminate().success());
    for program in again {
        assert!(program.terminate().success());
    }
}
