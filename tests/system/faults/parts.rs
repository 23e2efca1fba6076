//! All parts in processes of their own, each of which can be killed and started again.

use super::proxy::Proxy;
use crate::program::Program;
use shared_database::Database;
use shared_testing::{TestDatabase, database::postgres_server};
use shared_web::probe;
use std::{
    collections::BTreeMap,
    net::TcpListener,
    path::PathBuf,
    process::Command,
    time::{Duration, Instant},
};

pub(crate) const SERVICES: [&str; 4] = ["registration", "scheduling", "mentorship", "evaluation"];
const GATEWAY: &str = "gateway";

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

pub(crate) async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    let started = Instant::now();
    while !is_so().await {
        assert!(started.elapsed() < Duration::from_mins(2), "never: {what}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// The parts, and where they keep things.
pub(crate) struct Parts {
    pub(crate) stores: BTreeMap<&'static str, TestDatabase>,
    pub(crate) folder: PathBuf,
    /// Between the gateway and registration.
    pub(crate) proxy: Proxy,
    pub(crate) url: String,
    pub(crate) key: String,
    settings: BTreeMap<&'static str, String>,
    ports: BTreeMap<&'static str, u16>,
    running: BTreeMap<&'static str, Program>,
}

impl Parts {
    /// Starts all of them, on SQLite or on the server that is named.
    pub(crate) async fn start(is_postgres: bool) -> Self {
        let mut stores = BTreeMap::new();
        for service in SERVICES {
            let store = match postgres_server().filter(|_| is_postgres) {
                Some(server) => TestDatabase::postgres(server).await,
                None => TestDatabase::sqlite(),
            };
            stores.insert(service, store);
        }
        let folder = stores["registration"].folder.clone();
        let mut trusted = Vec::new();
        for part in SERVICES.into_iter().chain([GATEWAY]) {
            let file = folder.join("keys").join(part);
            let generate = ["keys", "generate", file.to_str().unwrap()];
            trusted.push(format!("{part}={}", said(akademi(&generate), &[]).0));
        }
        let ports: BTreeMap<&str, u16> = SERVICES
            .into_iter()
            .chain([GATEWAY])
            .map(|part| (part, free_port()))
            .collect();
        let proxy = Proxy::before(ports["registration"]);
        let addresses = |registration: u16| {
            let port = |service: &str| match service {
                "registration" => registration,
                other => ports[other],
            };
            let all =
                SERVICES.map(|service| format!("{service}=http://127.0.0.1:{}", port(service)));
            all.join(",")
        };
        let key = |arguments: &[&str]| said(akademi(arguments), &[]).0;
        let url = format!("http://127.0.0.1:{}", ports[GATEWAY]);
        let settings = BTreeMap::from([
            ("AKADEMI_TRUSTED_KEYS", trusted.join(",")),
            ("AKADEMI_PEERS", addresses(ports["registration"])),
            ("AKADEMI_UPSTREAMS", addresses(proxy.port)),
            ("AKADEMI_PUBLIC_URL", url.clone()),
            ("AKADEMI_LINK_KEY", "0123456789abcdef".repeat(4)),
            ("AKADEMI_NEEDS_KEYS", key(&["needs", "key", "1"])),
            ("AKADEMI_PAIR_KEYS", key(&["pairs", "key", "1"])),
            ("AKADEMI_ANSWER_KEYS", key(&["needs", "key", "1"])),
            ("AKADEMI_ISSUER_KEYS", key(&["keys", "issuer", "1"])),
            ("AKADEMI_SWEEP_SECONDS", "1".to_owned()),
            ("AKADEMI_STOP_GRACE_SECONDS", "0".to_owned()),
            ("AKADEMI_RATE_CALLER", "0".to_owned()),
            ("AKADEMI_RATE_ORGANISATION", "0".to_owned()),
            ("RUST_LOG", "off".to_owned()),
        ]);
        let mut made = Self {
            stores,
            folder,
            proxy,
            url,
            key: String::new(),
            settings,
            ports,
            running: BTreeMap::new(),
        };
        for part in SERVICES.into_iter().chain([GATEWAY]) {
            made.start_again(part);
        }
        for part in SERVICES.into_iter().chain([GATEWAY]) {
            made.ready(part).await;
        }
        let init = made.command("registration", &["init", "--organiser", "CKS"]);
        let (installed, fine) = said(init, &["--coordinator", "eva@cks.example"]);
        assert!(fine, "{installed}");
        let mut words = installed.split_whitespace();
        let key = words.find(|word| word.starts_with("ak_"));
        key.unwrap().clone_into(&mut made.key);
        made
    }

    fn command(&self, part: &str, arguments: &[&str]) -> Command {
        let mut command = akademi(arguments);
        command.envs(&self.settings);
        command.env("AKADEMI_KEY_FILE", self.folder.join("keys").join(part));
        command.env("AKADEMI_DATA_DIR", self.folder.join(part));
        if let Some(store) = self.stores.get(part) {
            command.env("AKADEMI_DATABASE_URL", &store.url);
        }
        command
    }

    /// Starts a part at its own port.
    pub(crate) fn start_again(&mut self, part: &'static str) {
        let listen = format!("127.0.0.1:{}", self.ports[part]);
        let command = self.command(part, &["serve", part, "--listen", &listen]);
        self.running.insert(part, Program::start(command));
    }

    pub(crate) async fn ready(&self, part: &str) {
        let url = format!("http://127.0.0.1:{}/health/ready", self.ports[part]);
        until(&format!("{part} is ready"), async || {
            probe::status(&url).await.is_ok_and(|status| status == 200)
        })
        .await;
    }

    /// Kills a part as a power cut does.
    pub(crate) fn kill(&mut self, part: &str) {
        self.running.remove(part).unwrap().kill();
    }

    /// Names of all parts.
    pub(crate) fn all() -> impl Iterator<Item = &'static str> {
        SERVICES.into_iter().chain([GATEWAY])
    }

    /// Stops everything.
    pub(crate) fn stop(&mut self) {
        for (_, program) in std::mem::take(&mut self.running) {
            program.terminate();
        }
    }

    pub(crate) async fn database(&self, service: &'static str) -> Database {
        let store = &self.stores[service];
        Database::connect(&store.url, service).await.unwrap()
    }

    /// Checks the histories by the program itself.
    pub(crate) fn histories_verify(&self) -> (String, bool) {
        let urls = self
            .stores
            .iter()
            .map(|(service, store)| format!("{service}={}", store.url));
        let urls: Vec<String> = urls.collect();
        said(
            akademi(&["audit", "verify", "--database-urls", &urls.join(",")]),
            &[],
        )
    }
}
