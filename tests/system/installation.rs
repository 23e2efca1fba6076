//! An installation of parts in processes of their own: what all of them are told, and where each
//! keeps its things.

use crate::program::{SERVICES, until_within};
use shared_database::Database;
use shared_testing::{TestDatabase, database::number};
use shared_web::probe;
use std::{
    collections::BTreeMap, net::TcpListener, path::PathBuf, process::Command, time::Duration,
};

pub(crate) const GATEWAY: &str = "gateway";
/// Several processes start on a machine that others use as well.
const PATIENCE: Duration = Duration::from_mins(2);

/// What the parts share; none of them runs yet.
pub(crate) struct Installation {
    pub(crate) folder: PathBuf,
    pub(crate) stores: BTreeMap<&'static str, TestDatabase>,
    /// What every part is told, secrets too.
    pub(crate) settings: BTreeMap<&'static str, String>,
}

impl Installation {
    /// On SQLite, or on the server that is named.
    pub(crate) async fn make(server: Option<String>) -> Self {
        let mut stores = BTreeMap::new();
        for service in SERVICES {
            let store = match &server {
                Some(server) => TestDatabase::postgres(server.clone()).await,
                None => TestDatabase::sqlite(),
            };
            stores.insert(service, store);
        }
        let folder = stores["registration"].folder.clone();
        let mut trusted = Vec::new();
        for part in parts() {
            let file = folder.join("keys").join(part);
            let generate = ["keys", "generate", file.to_str().unwrap()];
            trusted.push(format!("{part}={}", said(akademi(&generate)).0));
        }
        let key = |arguments: &[&str]| said(akademi(arguments)).0;
        let settings = BTreeMap::from([
            ("AKADEMI_TRUSTED_KEYS", trusted.join(",")),
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
        Self {
            folder,
            stores,
            settings,
        }
    }

    /// A command of one part, with its settings.
    pub(crate) fn part(&self, part: &str, arguments: &[&str]) -> Command {
        let mut command = akademi(arguments);
        command.envs(&self.settings);
        command.env("AKADEMI_KEY_FILE", self.folder.join("keys").join(part));
        command.env("AKADEMI_DATA_DIR", self.folder.join(part));
        if let Some(store) = self.stores.get(part) {
            command.env("AKADEMI_DATABASE_URL", &store.url);
        }
        command
    }

    /// Makes an organiser with its first coordinator; the key of its systems.
    pub(crate) fn organiser(&self) -> String {
        let init = [
            "init",
            "--organiser",
            "CKS",
            "--coordinator",
            "eva@cks.example",
        ];
        let (installed, fine) = said(self.part("registration", &init));
        assert!(fine, "{installed}");
        let mut words = installed.split_whitespace();
        let key = words.find(|word| word.starts_with("ak_"));
        key.unwrap().to_owned()
    }

    pub(crate) async fn database(&self, service: &'static str) -> Database {
        Database::connect(&self.stores[service].url, service)
            .await
            .unwrap()
    }

    /// Waits until nothing is on its way, held or unsealed at any service.
    pub(crate) async fn settled(&self) {
        for service in SERVICES {
            let database = self.database(service).await;
            let waiting = "SELECT (SELECT COUNT(*) FROM outbox WHERE fanned_out = FALSE) \
                 + (SELECT COUNT(*) FROM outbox_deliveries) + (SELECT COUNT(*) FROM held_events) \
                 + (SELECT COUNT(*) FROM unsealed_changes) AS row";
            until(&format!("nothing waits at {service}"), async || {
                number(&database, waiting).await == 0
            })
            .await;
        }
    }
}

/// Names of all parts.
pub(crate) fn parts() -> impl Iterator<Item = &'static str> {
    SERVICES.into_iter().chain([GATEWAY])
}

pub(crate) fn akademi(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_akademi"));
    command.args(arguments);
    command
}

/// What a command says, and whether it ends well.
pub(crate) fn said(command: Command) -> (String, bool) {
    let mut program = crate::program::Program::start(command);
    let said = program.rest().join("\n");
    (said, program.ended().success())
}

pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    listener.local_addr().unwrap().port()
}

/// Waits until the part at a port is ready.
pub(crate) async fn ready(port: u16) {
    let url = format!("http://127.0.0.1:{port}/health/ready");
    until(&format!("ready at {port}"), async || {
        probe::status(&url).await.is_ok_and(|status| status == 200)
    })
    .await;
}

pub(crate) async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    until_within(PATIENCE, what, is_so).await;
}
