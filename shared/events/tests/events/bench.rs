//! Two services on a bench: a sender with a relay, a receiver with a door.

use actix_web::web::Data;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait as _, DatabaseBackend, FromQueryResult, Statement, Value};
use sea_orm_migration::{MigrationTrait, MigratorTrait};
use serde_json::json;
use shared_database::{
    Change, Database,
    migrate::{self, Sql},
};
use shared_events::{Apply, Broker, Consumer, Inbox, MEDIA_TYPE, Relay, Subscriber, held, inbox};
use shared_testing::nats::NatsServer;
use shared_types::{Actor, Caller, EventId, Problem, codes, event::Event};
use shared_web::{
    Clock, Core,
    contract::Contract,
    health::Readiness,
    key::{KeyPair, TrustedKeys},
    outgoing::{self, Internal},
    server::{self, Stopper},
    token::{EVENTS, INTERNAL, Purpose, Signer, Verifier},
};
use std::{
    collections::HashSet,
    net::TcpListener,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tokio::sync::oneshot;
use uuid::Uuid;

struct Tables;

impl MigratorTrait for Tables {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(migrate::COMMON),
            Box::new(migrate::SEALS),
            Box::new(migrate::HELD),
            Box::new(EFFECTS),
        ]
    }
}

/// What the receiver makes of events. Nothing is unique here: a doubled effect would show.
const EFFECTS: Sql = Sql {
    name: "m0001_effects",
    text: "CREATE TABLE effects (event_id UUID NOT NULL, subject TEXT NOT NULL, \
           step BIGINT NOT NULL, position BIGINT NOT NULL, actor TEXT NOT NULL, trace TEXT NOT NULL);\n",
};

/// One effect of one event.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub(crate) struct Effect {
    pub(crate) event_id: Uuid,
    pub(crate) subject: String,
    pub(crate) step: i64,
    pub(crate) actor: String,
    pub(crate) trace: String,
}

/// A row of the sender's queue.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub(crate) struct Queued {
    pub(crate) attempts: i32,
    pub(crate) next_attempt_at: i64,
    pub(crate) last_error: Option<String>,
}

/// Databases that are gone when the test has passed.
pub(crate) struct Store {
    folder: std::path::PathBuf,
    server: Option<String>,
    made: Mutex<Vec<String>>,
}

impl Store {
    /// The address of a new, migrated database.
    pub(crate) async fn create(&self) -> String {
        let name = format!("events_{}", Uuid::new_v4().simple());
        let url = match &self.server {
            Some(server) => {
                self.administer(&format!("CREATE DATABASE {name}")).await;
                let (base, _) = server.rsplit_once('/').unwrap();
                format!("{base}/{name}")
            }
            None => format!("sqlite://{}", self.folder.join(&name).display()),
        };
        self.made.lock().unwrap().push(name);
        migrate::run::<Tables>(&url).await.unwrap();
        url
    }

    async fn administer(&self, statement: &str) {
        let server = Database::connect(self.server.as_ref().unwrap(), "test")
            .await
            .unwrap();
        server.read().execute_unprepared(statement).await.unwrap();
    }

    async fn remove(self) {
        if self.server.is_some() {
            let made = self.made.lock().unwrap().clone();
            for name in made {
                self.administer(&format!("DROP DATABASE {name} WITH (FORCE)"))
                    .await;
            }
        }
        std::fs::remove_dir_all(&self.folder).unwrap();
    }
}

/// Runs a test on SQLite, and on PostgreSQL where `AKADEMI_TEST_POSTGRES_URL` names a server
/// on which databases can be created; events go over HTTP.
pub(crate) async fn on_each_database(test: impl AsyncFn(&mut Bench)) {
    on_each(None, test).await;
}

/// The same, once over HTTP and once by a broker of the test's own.
pub(crate) async fn on_each_way(test: impl AsyncFn(&mut Bench)) {
    on_each(None, &test).await;
    by_broker(test).await;
}

/// The same by the broker alone.
pub(crate) async fn by_broker(test: impl AsyncFn(&mut Bench)) {
    match NatsServer::start() {
        Some(server) => on_each(Some(&Arc::new(server)), test).await,
        None => println!("NOT RUN by the broker: there is no nats-server here"),
    }
}

async fn on_each(broker: Option<&Arc<NatsServer>>, test: impl AsyncFn(&mut Bench)) {
    for server in std::iter::once(None).chain(postgres().map(Some)) {
        let folder = std::env::temp_dir().join(format!("akademi-events-{}", Uuid::new_v4()));
        std::fs::create_dir_all(&folder).unwrap();
        let store = Store {
            folder,
            server,
            made: Mutex::default(),
        };
        let mut bench = Bench::new(&store, broker.cloned()).await;
        test(&mut bench).await;
        bench.close_door().await;
        drop(bench);
        store.remove().await;
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests have no settings module; the address of a test server is all they read"
)]
fn postgres() -> Option<String> {
    std::env::var("AKADEMI_TEST_POSTGRES_URL").ok()
}

/// Notes every event as an effect, unless its subject is set to fail.
#[derive(Clone, Default)]
pub(crate) struct Recorder {
    failing: Arc<Mutex<HashSet<String>>>,
}

impl Recorder {
    pub(crate) fn fail(&self, subject: Uuid) {
        self.failing.lock().unwrap().insert(subject.to_string());
    }

    pub(crate) fn heal(&self) {
        self.failing.lock().unwrap().clear();
    }
}

impl Apply for Recorder {
    async fn apply(&self, change: &mut Change, event: &Event) -> Result<(), Problem> {
        let values: Vec<Value> = vec![
            event.id.uuid().into(),
            event.subject.clone().into(),
            event.data["step"].as_i64().unwrap().into(),
            event.subject.clone().into(),
            change.actor.subject.clone().into(),
            change.actor.trace.clone().unwrap_or_default().into(),
        ];
        let statement = "INSERT INTO effects (event_id, subject, step, position, actor, trace) \
             VALUES ($1, $2, $3, (SELECT COUNT(*) FROM effects WHERE subject = $4), $5, $6)";
        let backend = change.tx().get_database_backend();
        change
            .tx()
            .execute_raw(Statement::from_sql_and_values(backend, statement, values))
            .await
            .map_err(Problem::internal)?;
        // Refused only now: the effect above must be undone with it.
        if self.failing.lock().unwrap().contains(&event.subject) {
            return Err(Problem::of(&codes::CONFLICT));
        }
        Ok(())
    }
}

/// A sender and a receiver.
pub(crate) struct Bench {
    pub(crate) sender: Database,
    pub(crate) sender_url: String,
    pub(crate) receiver: Database,
    pub(crate) recorder: Recorder,
    pub(crate) url: String,
    pub(crate) client: Internal,
    pub(crate) pair: Arc<KeyPair>,
    pub(crate) other: KeyPair,
    pub(crate) broker: Option<Arc<NatsServer>>,
    /// Where the test's facts are at the broker.
    pub(crate) space: String,
    receiving: Arc<KeyPair>,
    port: u16,
    door: Option<Stopper>,
    consumers: Vec<(oneshot::Sender<()>, tokio::task::JoinHandle<()>)>,
}

impl Bench {
    async fn new(store: &Store, broker: Option<Arc<NatsServer>>) -> Self {
        let sender_url = store.create().await;
        let receiver_url = store.create().await;
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let url = format!("http://127.0.0.1:{port}/events");
        let mut bench = Self {
            sender: Database::connect(&sender_url, "registration")
                .await
                .unwrap(),
            sender_url,
            receiver: Database::connect(&receiver_url, "scheduling")
                .await
                .unwrap(),
            recorder: Recorder::default(),
            client: outgoing::internal([&url]).unwrap(),
            url,
            pair: Arc::new(KeyPair::generate("registration").unwrap()),
            other: KeyPair::generate("mentorship").unwrap(),
            broker,
            space: Uuid::new_v4().simple().to_string(),
            receiving: Arc::new(KeyPair::generate("scheduling").unwrap()),
            port,
            door: None,
            consumers: Vec::new(),
        };
        bench.listen(listener);
        bench
    }

    /// Opens the door again, where it was before.
    pub(crate) fn open_door(&mut self) {
        self.listen(TcpListener::bind(("127.0.0.1", self.port)).unwrap());
    }

    /// Closes the door: from now on connections are refused.
    pub(crate) async fn close_door(&mut self) {
        for (stop, running) in self.consumers.drain(..) {
            stop.send(()).unwrap();
            running.await.unwrap();
        }
        if let Some(door) = self.door.take() {
            door.stop(Duration::ZERO).await;
        }
    }

    fn keys(&self) -> TrustedKeys {
        TrustedKeys::default()
            .with("registration", self.pair.public())
            .with("mentorship", self.other.public())
    }

    /// A connection of a service to the broker.
    pub(crate) fn broker_of(&self, key: &Arc<KeyPair>) -> Broker {
        let server = self.broker.as_ref().unwrap();
        Broker::new(server.url.parse().unwrap(), Arc::clone(key)).in_space(&self.space)
    }

    /// One more process of the receiver takes facts from the broker.
    pub(crate) fn consume(&mut self) {
        let inbox = Data::new(
            Inbox::new(
                self.receiver.clone(),
                Verifier::new(EVENTS, &self.keys(), &["registration", "mentorship"]),
                Clock::system(),
                vec!["application."],
                self.recorder.clone(),
            )
            .signed_by(self.keys()),
        );
        let consumer = Consumer::new(self.broker_of(&self.receiving), inbox);
        let (stop, stopped) = oneshot::channel::<()>();
        let run = consumer.run(async { stopped.await.unwrap_or_default() });
        self.consumers.push((stop, actix_web::rt::spawn(run)));
    }

    /// Waits until the broker has nothing left for the receiver. Over HTTP what is delivered has
    /// arrived.
    pub(crate) async fn arrived(&self) {
        if self.broker.is_some() {
            let broker = self.broker_of(&self.receiving);
            until("the broker has handed out everything", async || {
                broker.waiting().await.is_ok_and(|waiting| waiting == 0)
            })
            .await;
        }
    }

    /// Waits until nothing is left in the sender's queue.
    pub(crate) async fn until_sent(&self, most: usize) {
        patiently(most, "everything is sent", async || {
            self.count(
                "SELECT COUNT(*) AS count FROM outbox WHERE fanned_out = FALSE",
                &self.sender,
            )
            .await
                == 0
                && self
                    .count(
                        "SELECT COUNT(*) AS count FROM outbox_deliveries",
                        &self.sender,
                    )
                    .await
                    == 0
        })
        .await;
    }

    /// Waits until so many effects were made.
    pub(crate) async fn until_applied(&self, count: usize) {
        patiently(count, "everything is applied", async || {
            let made = "SELECT COUNT(*) AS count FROM effects";
            usize::try_from(self.count(made, &self.receiver).await) == Ok(count)
        })
        .await;
    }

    async fn count(&self, query: &str, database: &Database) -> i64 {
        let row = database.read().query_one_raw(self.statement(query)).await;
        row.unwrap().unwrap().try_get("", "count").unwrap()
    }

    /// What the receiver holds: attempts and reason, in order.
    pub(crate) async fn held(&self) -> Vec<(i32, String)> {
        let rows = held::list(&self.receiver).await.unwrap().into_iter();
        rows.map(|row| (row.attempts, row.last_error)).collect()
    }

    fn listen(&mut self, listener: TcpListener) {
        if self.broker.is_some() {
            drop(listener);
            self.consume();
            return;
        }
        let keys = self.keys();
        let core = Data::new(Core {
            name: "scheduling",
            clock: Clock::system(),
            verifier: Verifier::new(INTERNAL, &keys, &["gateway"]),
            contract: Contract::new("/scheduling/v1", json!({})),
            public_url: "http://localhost".to_owned(),
        });
        let inbox = Data::new(Inbox::new(
            self.receiver.clone(),
            Verifier::new(EVENTS, &keys, &["registration", "mentorship"]),
            Clock::system(),
            vec!["application."],
            self.recorder.clone(),
        ));
        let ready = Readiness::new(|| Box::pin(async { true }));
        let running =
            server::serve(listener, 1, core, ready, |_| {}, inbox::routes(inbox)).unwrap();
        self.door = Some(running.stopper());
        drop(actix_web::rt::spawn(running.server));
    }

    /// A relay of the sender for one subscriber, the receiver.
    pub(crate) fn relay(&self) -> Relay {
        self.relay_on(self.sender.clone())
    }

    /// A relay of a replica with connections of its own.
    pub(crate) async fn replica(&self) -> Relay {
        let database = Database::connect(&self.sender_url, "registration")
            .await
            .unwrap();
        self.relay_on(database)
    }

    fn relay_on(&self, database: Database) -> Relay {
        if self.broker.is_some() {
            let broker = self.broker_of(&self.pair);
            let types = vec!["application.".to_owned()];
            return Relay::to_broker(database, "registration", types, broker);
        }
        let subscriber = Subscriber {
            name: "scheduling".to_owned(),
            url: self.url.clone(),
            types: vec!["application.".to_owned()],
        };
        let signer = Signer::new(&self.pair);
        let client = self.client.clone();
        Relay::new(database, "registration", vec![subscriber], signer, client)
    }

    /// Commits one change with one event.
    pub(crate) async fn publish(&self, kind: &str, subject: Uuid, step: i64) {
        self.sender
            .change(actor(), async |change: &mut Change| {
                change.publish(kind, subject, json!({ "step": step }));
                Ok::<_, Problem>(())
            })
            .await
            .unwrap();
    }

    /// Every effect, a subject's in the order in which they were made.
    pub(crate) async fn effects(&self) -> Vec<Effect> {
        let text =
            "SELECT event_id, subject, step, actor, trace FROM effects ORDER BY subject, position";
        let statement = self.statement(text);
        Effect::find_by_statement(statement)
            .all(self.receiver.read())
            .await
            .unwrap()
    }

    /// The steps of one subject, in the order in which they were applied.
    pub(crate) async fn steps(&self, subject: Uuid) -> Vec<i64> {
        let subject = subject.to_string();
        let effects = self.effects().await.into_iter();
        effects
            .filter(|effect| effect.subject == subject)
            .map(|effect| effect.step)
            .collect()
    }

    /// What waits to be delivered.
    pub(crate) async fn queue(&self) -> Vec<Queued> {
        let text = "SELECT attempts, next_attempt_at, last_error FROM outbox_deliveries \
             ORDER BY attempts DESC, event_id";
        Queued::find_by_statement(self.statement(text))
            .all(self.sender.read())
            .await
            .unwrap()
    }

    /// Changes the sender's tables behind the relay's back.
    pub(crate) async fn tamper(&self, statement: &str) {
        let transaction = self.sender.begin().await.unwrap();
        let connection = transaction.connection();
        connection.execute_unprepared(statement).await.unwrap();
        transaction.commit().await.unwrap();
    }

    fn statement(&self, text: &str) -> Statement {
        let backend = if self.sender.is_postgres() {
            DatabaseBackend::Postgres
        } else {
            DatabaseBackend::Sqlite
        };
        Statement::from_string(backend, text)
    }

    /// Posts an event by hand; answers the status.
    pub(crate) async fn post(&self, event: &Event, token: impl Into<Option<String>>) -> u16 {
        self.post_raw(serde_json::to_vec(event).unwrap(), MEDIA_TYPE, token)
            .await
    }

    /// Posts bytes by hand; answers the status.
    pub(crate) async fn post_raw(
        &self,
        body: Vec<u8>,
        media_type: &str,
        token: impl Into<Option<String>>,
    ) -> u16 {
        let mut request = self
            .client
            .request("POST".parse().unwrap(), &self.url)
            .unwrap()
            .header("content-type", media_type)
            .body(body);
        if let Some(token) = token.into() {
            request = request.bearer_auth(token);
        }
        request.send().await.unwrap().status().as_u16()
    }

    /// A token as the relay signs it.
    pub(crate) fn token(&self) -> String {
        sign(&self.pair, EVENTS)
    }
}

/// A token of one key for one purpose.
pub(crate) fn sign(pair: &KeyPair, purpose: Purpose) -> String {
    let caller = Caller {
        subject: "service:registration".to_owned(),
        ..Caller::anonymous()
    };
    Signer::new(pair).sign(purpose, &caller).unwrap()
}

/// An event as the sender would send it.
pub(crate) fn event(subject: Uuid, step: i64) -> Event {
    Event {
        specversion: "1.0".to_owned(),
        id: EventId::new(),
        source: "/registration".to_owned(),
        r#type: "application.submitted".to_owned(),
        subject: subject.to_string(),
        time: at(),
        traceparent: None,
        data: json!({ "step": step }),
    }
}

pub(crate) fn at() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2022-04-01T08:00:00Z")
        .unwrap()
        .to_utc()
}

pub(crate) const TRACE_ID: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

pub(crate) fn actor() -> Actor {
    Actor {
        subject: "system".to_owned(),
        on_behalf_of: None,
        at: at(),
        trace: Some(format!("00-{TRACE_ID}-00f067aa0ba902b7-01")),
    }
}

/// Waits until something is so, longer where there is much to do.
async fn patiently(much: usize, what: &str, condition: impl AsyncFn() -> bool) {
    let most = Duration::from_mins(1) + Duration::from_millis(100) * u32::try_from(much).unwrap();
    let started = Instant::now();
    while !condition().await {
        assert!(started.elapsed() < most, "never: {what}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Waits until something is so.
pub(crate) async fn until(what: &str, condition: impl AsyncFn() -> bool) {
    let started = Instant::now();
    while !condition().await {
        assert!(started.elapsed() < Duration::from_secs(30), "never: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
