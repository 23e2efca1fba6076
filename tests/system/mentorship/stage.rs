//! Where the program runs, how it is asked, and what it says.

use crate::program::SERVICES;
use akademi::{AllInOne, AllInOneOptions};
use serde_json::Value;
use shared_testing::{Client, Method, Reply, TestDatabase, database::postgres_server};
use shared_types::{Caller, PersonId};
use shared_web::{
    Clock,
    key::KeyPair,
    token::{self, Signer},
};
use std::{
    collections::BTreeMap,
    fs::{self, File},
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

/// A place to run in.
pub(super) struct Stage {
    folder: PathBuf,
    /// Empty where the services keep SQLite files in the data folder.
    stores: BTreeMap<&'static str, TestDatabase>,
    // Wiped when it is dropped.
    _home: TestDatabase,
}

impl Stage {
    /// One on SQLite files, and one on PostgreSQL where a server is named.
    pub(super) async fn all() -> Vec<Self> {
        let of = |stores| {
            let home = TestDatabase::sqlite();
            Self {
                folder: home.folder.clone(),
                stores,
                _home: home,
            }
        };
        let mut stages = vec![of(BTreeMap::new())];
        if let Some(server) = postgres_server() {
            let mut stores = BTreeMap::new();
            for service in SERVICES {
                stores.insert(service, TestDatabase::postgres(server.clone()).await);
            }
            stages.push(of(stores));
        }
        stages
    }

    pub(super) fn is_sqlite(&self) -> bool {
        self.stores.is_empty()
    }

    /// A folder or a file of this place.
    pub(super) fn at(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The data folder.
    pub(super) fn data(&self) -> PathBuf {
        self.at("data")
    }

    /// Where a service keeps its data.
    pub(super) fn url(&self, service: &str) -> String {
        let file = || self.data().join(service).with_extension("sqlite");
        let own = self.stores.get(service).map(|store| store.url.clone());
        own.unwrap_or_else(|| format!("sqlite://{}", file().display()))
    }

    /// Where the services keep their data, where it is not in the data folder.
    pub(super) fn urls(&self) -> BTreeMap<String, String> {
        let urls = self.stores.iter();
        urls.map(|(service, store)| ((*service).to_owned(), store.url.clone()))
            .collect()
    }

    /// A command of the program about this place; of one service, with its database.
    pub(super) fn command(&self, arguments: &[&str], service: Option<&str>) -> Command {
        let mut command = program(arguments);
        command.arg("--data-dir").arg(self.data());
        if let Some(service) = service.filter(|_| !self.is_sqlite()) {
            command.arg("--database-url").arg(self.url(service));
        }
        command
    }

    /// Everything in this process, on what lies here, at a time of the clock.
    pub(super) async fn all_in_one(&self, change: impl FnOnce(&mut AllInOneOptions)) -> AllInOne {
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let mut options = AllInOneOptions {
            database_urls: self.urls(),
            sweep_every: Duration::from_millis(500),
            ..AllInOneOptions::new(listen, self.data())
        };
        options.edge.rates = gateway::Rates::NONE;
        change(&mut options);
        AllInOne::start(options).await.unwrap()
    }

    /// The key pair by which the demo vouches for people.
    pub(super) fn issuer(&self) -> KeyPair {
        KeyPair::load("demo", &self.data().join("keys").join("demo")).unwrap()
    }

    /// A token of anybody.
    pub(super) fn token_of(&self, person: PersonId) -> String {
        let who = Caller {
            subject: person.to_string(),
            person: Some(person),
            roles: Vec::new(),
            scopes: None,
        };
        Signer::new(&self.issuer()).sign(token::DEMO, &who).unwrap()
    }
}

/// The program, as it is called.
pub(super) fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_akademi"));
    command.args(arguments);
    command
}

/// What a command said, to both sides, and whether all went well. Whoever runs in this process goes
/// on meanwhile.
pub(super) async fn said(mut command: Command) -> (String, bool) {
    let ran = tokio::task::spawn_blocking(move || command.output().unwrap());
    let ran = ran.await.unwrap();
    let both = [ran.stdout, ran.stderr].concat();
    (String::from_utf8(both).unwrap(), ran.status.success())
}

/// A program whose words lie in two files; killed when dropped.
pub(super) struct Running {
    child: Child,
    /// What it says.
    pub(super) said: PathBuf,
    /// What it logs.
    pub(super) logged: PathBuf,
}

impl Running {
    pub(super) fn start(stage: &Stage, mut command: Command) -> Self {
        let (said, logged) = (stage.at("said"), stage.at("logged"));
        let child = command
            .stdout(Stdio::from(File::create(&said).unwrap()))
            .stderr(Stdio::from(File::create(&logged).unwrap()))
            .spawn()
            .unwrap();
        Self {
            child,
            said,
            logged,
        }
    }

    /// Waits until it has said something, at most ten minutes.
    pub(super) async fn until(&mut self, words: &str) -> String {
        for _ in 0..6000 {
            let said = fs::read_to_string(&self.said).unwrap();
            if said.contains(words) {
                return said;
            }
            let ended = self.child.try_wait().unwrap();
            assert!(ended.is_none(), "{said}{}", self.last_lines());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("it never said {words:?}");
    }

    /// The last that it logged.
    fn last_lines(&self) -> String {
        let logged = fs::read_to_string(&self.logged).unwrap();
        let last: Vec<&str> = logged.lines().rev().take(20).collect();
        last.into_iter().rev().collect::<Vec<_>>().join("\n")
    }

    /// Asks it to stop as an operator's tools do.
    pub(super) fn terminate(mut self) {
        let id = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status();
        assert!(asked.unwrap().success());
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A caller of the API, through the gateway.
pub(super) struct Api(Client);

impl Api {
    pub(super) fn new(url: &str) -> Self {
        // Who calls is told with each call, and nothing is signed here.
        let nobody = KeyPair::generate("nobody").unwrap();
        Self(Client::new(url, "/", Arc::new(Signer::new(&nobody))))
    }

    /// Asks for something, in a media type.
    pub(super) async fn get_as(&self, token: Option<&str>, path: &str, media: &str) -> Reply {
        let call = self.0.call(Method::GET, path).header("Accept", media);
        let call = match token {
            Some(token) => call.token(token),
            None => call,
        };
        call.send().await
    }

    pub(super) async fn get(&self, token: &str, path: &str) -> Reply {
        self.get_as(Some(token), path, "application/json").await
    }

    /// Makes or does something.
    pub(super) async fn post(&self, token: &str, path: &str, body: &Value) -> Reply {
        let call = self.0.call(Method::POST, path).token(token).json(body);
        call.send().await
    }

    /// Sets something.
    pub(super) async fn put(&self, token: &str, path: &str, body: &Value) -> Reply {
        let call = self.0.call(Method::PUT, path).token(token).json(body);
        call.header("If-Match", "*").send().await
    }
}

/// A clock that goes on where a demo's stood.
pub(super) fn clock_of(summary: &Value) -> Clock {
    Clock::starting_at(summary["clock"].as_str().unwrap().parse().unwrap())
}
