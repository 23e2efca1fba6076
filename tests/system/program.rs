//! The program as a process of its own, and a plain caller of its API.

use serde_json::Value;
use shared_testing::{TestDatabase, database::postgres_server};
use shared_web::outgoing::{self, Internal, Method};
use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

/// Names of the parts that own a database.
pub(crate) const SERVICES: [&str; 4] = ["registration", "scheduling", "mentorship", "evaluation"];

/// A place to run in: a data folder and, on PostgreSQL, a database for each part.
pub(crate) struct Place {
    pub(crate) folder: PathBuf,
    databases: Vec<TestDatabase>,
}

impl Place {
    /// On SQLite files.
    pub(crate) fn sqlite() -> Self {
        let home = TestDatabase::sqlite();
        Self {
            folder: home.folder.clone(),
            databases: vec![home],
        }
    }

    /// One on SQLite, and one on PostgreSQL where a server is named.
    pub(crate) async fn all() -> Vec<Self> {
        let mut places = vec![Self::sqlite()];
        if let Some(server) = postgres_server() {
            let mut databases = Vec::new();
            for _ in SERVICES {
                databases.push(TestDatabase::postgres(server.clone()).await);
            }
            places.push(Self {
                folder: databases[0].folder.clone(),
                databases,
            });
        }
        places
    }

    /// Whether it is on SQLite files.
    pub(crate) fn is_sqlite(&self) -> bool {
        self.databases.len() == 1
    }

    /// Starts `akademi demo` here.
    pub(crate) fn demo(&self, arguments: &[&str]) -> Program {
        let mut command = Command::new(env!("CARGO_BIN_EXE_akademi"));
        command
            .arg("demo")
            .args(arguments)
            .args(["--listen", "127.0.0.1:0", "--data-dir"])
            .arg(&self.folder);
        if !self.is_sqlite() {
            let urls = self.database_urls().into_iter();
            let urls = urls.map(|(owner, url)| format!("{owner}={url}"));
            command
                .arg("--database-urls")
                .arg(urls.collect::<Vec<_>>().join(","));
        }
        Program::start(command)
    }

    /// The address of each part's database, where they are not files in the folder.
    pub(crate) fn database_urls(&self) -> BTreeMap<String, String> {
        if self.is_sqlite() {
            return BTreeMap::new();
        }
        let urls = self.databases.iter().map(|one| one.url.clone());
        SERVICES.into_iter().map(str::to_owned).zip(urls).collect()
    }

    /// What the demo left for scripts.
    pub(crate) fn summary(&self) -> Value {
        let text = std::fs::read_to_string(self.folder.join("demo.json")).unwrap();
        serde_json::from_str(&text).unwrap()
    }
}

/// The running program; killed when dropped.
pub(crate) struct Program {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Program {
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Self { child, lines }
    }

    /// The next line it says; `None` when it says no more.
    pub(crate) fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        (self.lines.read_line(&mut line).unwrap() > 0).then(|| line.trim_end().to_owned())
    }

    /// Everything it still says.
    pub(crate) fn rest(&mut self) -> Vec<String> {
        std::iter::from_fn(|| self.line()).collect()
    }

    /// Reads until a line that contains `words`.
    pub(crate) fn until(&mut self, words: &str) -> String {
        loop {
            match self.line() {
                Some(line) if line.contains(words) => return line,
                Some(_) => {}
                None => panic!("the program ended before it said {words:?}"),
            }
        }
    }

    /// Reads until it says where it answers.
    pub(crate) fn address(&mut self) -> String {
        let line = self.until("answers at");
        let mut words = line.split_whitespace();
        let url = words.find(|word| word.starts_with("http")).unwrap();
        url.trim_end_matches(',').to_owned()
    }

    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) fn ended(mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }

    /// Asks it to stop as an operator's tools do.
    pub(crate) fn terminate(mut self) -> ExitStatus {
        Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status()
            .unwrap();
        self.rest();
        self.child.wait().unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A caller of a running Akademi.
pub(crate) struct Api {
    http: Internal,
    pub(crate) url: String,
}

impl Api {
    pub(crate) fn new(url: &str) -> Self {
        Self {
            http: outgoing::internal([url]).unwrap(),
            url: url.to_owned(),
        }
    }

    pub(crate) async fn get(&self, token: Option<&str>, path: &str) -> (u16, Value) {
        self.call(Method::GET, token, path, None).await
    }

    pub(crate) async fn post(&self, token: &str, path: &str, body: &Value) -> (u16, Value) {
        self.call(Method::POST, Some(token), path, Some(body)).await
    }

    /// A page or a calendar, opened without a token.
    pub(crate) async fn text(&self, path: &str) -> String {
        let url = format!("{}{path}", self.url);
        let response = self.http.request(Method::GET, &url).unwrap().send().await;
        let response = response.unwrap();
        assert_eq!(response.status().as_u16(), 200, "{path}");
        response.text().await.unwrap()
    }

    /// What an address answers, whatever it is; with a method other than GET an empty form is
    /// sent.
    pub(crate) async fn status(&self, method: Method, token: Option<&str>, path: &str) -> u16 {
        let url = format!("{}{path}", self.url);
        let is_sent = method != Method::GET;
        let mut request = self.http.request(method, &url).unwrap();
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if is_sent {
            request = request.form::<[(&str, &str)]>(&[]);
        }
        request.send().await.unwrap().status().as_u16()
    }

    /// Changes something, whatever its version.
    pub(crate) async fn change(
        &self,
        method: Method,
        token: &str,
        path: &str,
        body: &Value,
    ) -> (u16, Value) {
        self.call(method, Some(token), path, Some(body)).await
    }

    async fn call(
        &self,
        method: Method,
        token: Option<&str>,
        path: &str,
        body: Option<&Value>,
    ) -> (u16, Value) {
        let is_new = [Method::GET, Method::POST].contains(&method);
        let url = format!("{}{path}", self.url);
        let mut request = self.http.request(method, &url).unwrap();
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if !is_new {
            request = request.header("If-Match", "*");
        }
        if let Some(body) = body {
            request = request
                .json(body)
                .header("Idempotency-Key", uuid::Uuid::new_v4().to_string());
        }
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        (
            status,
            serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or_default(),
        )
    }
}

/// Waits for something, at most a minute.
pub(crate) async fn until(what: &str, is_so: impl AsyncFn() -> bool) {
    until_within(Duration::from_mins(1), what, is_so).await;
}

/// Waits for something, no longer than that.
pub(crate) async fn until_within(longest: Duration, what: &str, is_so: impl AsyncFn() -> bool) {
    let started = Instant::now();
    while !is_so().await {
        assert!(started.elapsed() < longest, "never: {what}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
