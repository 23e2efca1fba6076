//! The HR system of a municipality that is told what happens: an endpoint on the loopback that
//! keeps what it gets as it came, for whoever wants to verify the signatures.

use super::{
    client::{Client, text},
    load::World,
};
use crate::{Fault, say};
use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    web::{Bytes, Data, post},
};
use registration::mail;
use serde_json::{Value, json};
use shared_types::PersonId;
use shared_web::{key::write_secret, outgoing::Method};
use std::{
    fs::{self, OpenOptions},
    io::Write as _,
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// Where the municipality is.
const PLACE: &str = "linkoping";
/// Headers that a delivery is verified by.
const HEADERS: [&str; 3] = ["webhook-id", "webhook-timestamp", "webhook-signature"];
/// How often is looked whether all has arrived: for longer than a delivery of a process that was
/// killed stays claimed.
const TRIES: u32 = 1200;
/// After how many looks without another delivery none is on its way.
const QUIET_TRIES: u32 = 20;

/// Takes what it is sent.
pub(super) struct Endpoint {
    url: String,
    file: PathBuf,
    secret_file: PathBuf,
}

/// What became of it.
#[derive(Clone, Debug)]
pub(super) struct Integration {
    /// Where the deliveries lie.
    pub(super) file: PathBuf,
    /// By what they are signed.
    pub(super) secret: String,
    /// The webhook.
    pub(super) webhook: String,
    /// Deliveries that were taken.
    pub(super) delivered: usize,
    /// Deliveries that were given up.
    pub(super) others: usize,
    /// Mails by template and state.
    pub(super) mails: Vec<(String, String, i64)>,
}

impl Endpoint {
    /// Listens on the loopback for as long as the process runs.
    pub(super) fn start(data_dir: &Path) -> Result<Self, Fault> {
        let file = data_dir.join("webhooks.jsonl");
        let log = OpenOptions::new().create(true).append(true).open(&file)?;
        let log = Data::new(Mutex::new(log));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let url = format!("http://{}/events", listener.local_addr()?);
        let server = HttpServer::new(move || {
            App::new()
                .app_data(log.clone())
                .route("/events", post().to(take))
        });
        let server = server.workers(1).disable_signals().listen(listener)?;
        actix_web::rt::spawn(server.run());
        Ok(Self {
            url,
            file,
            secret_file: data_dir.join("keys").join("webhook"),
        })
    }

    /// Asks for events: all that HR of the municipality hears. A demo that goes on listens
    /// elsewhere than before, and has kept its secret.
    pub(super) async fn subscribe(&self, client: &Client, world: &World) -> Result<String, Fault> {
        let hr = world.hr()?;
        let organisation = world.organisations.get(PLACE);
        let body = json!({
            "name": "Linköpings personalsystem", "role": "hr", "organisationId": organisation,
            "url": self.url, "contactEmail": "personalsystem@linkoping.example",
        });
        let known = client.list(hr, "webhooks").await?;
        let webhook = match known.into_iter().next() {
            Some(webhook) => webhook,
            None => client.post(hr, "webhooks", "webhook", &body).await?,
        };
        let id = text(&webhook, "/id").to_owned();
        if !self.secret_file.exists() {
            let mut secret = text(&webhook, "/secret").to_owned();
            if secret.is_empty() {
                let path = format!("webhooks/{id}/rotation");
                let body = json!({ "overlapHours": 0 });
                let step = format!("webhook-secret-{}", self.url);
                let rotated = client.post(hr, &path, &step, &body).await?;
                text(&rotated, "/secret").clone_into(&mut secret);
            }
            write_secret(&self.secret_file, &secret)?;
        }
        if text(&webhook, "/url") != self.url {
            let path = format!("webhooks/{id}");
            let moved = json!({ "url": self.url });
            let reply = client
                .call(Method::PATCH, hr, &path, None, Some(&moved))
                .await?;
            if reply.status != 200 {
                return Err(format!("{path}: {} {}", reply.status, reply.body).into());
            }
        }
        Ok(id)
    }

    /// Waits until everything has arrived, and prints what did.
    pub(super) async fn arrived(
        &self,
        client: &Client,
        world: &World,
        state: &registration::State,
        webhook: String,
    ) -> Result<Integration, Fault> {
        let hr = world.hr()?;
        let path = format!("webhooks/{webhook}/test");
        client
            .post(hr, &path, &format!("webhook-test-{}", self.url), &json!({}))
            .await?;
        let deliveries = self.settled(client, hr, &webhook).await?;
        let is_delivered = |one: &&Value| text(one, "/state") == "delivered";
        let delivered = deliveries.iter().filter(is_delivered).count();
        // What told of somebody who was forgotten before it was on its way.
        let is_forgotten = |one: &&Value| text(one, "/outcome") == "event_forgotten";
        let forgotten = deliveries.iter().filter(is_forgotten).count();
        let mails = mail::store::tally(state.database.read()).await?;
        let integration = Integration {
            file: self.file.clone(),
            secret: fs::read_to_string(&self.secret_file)?.trim().to_owned(),
            webhook,
            delivered,
            others: deliveries.len() - delivered - forgotten,
            mails,
        };
        say::line("");
        say::line(format_args!(
            "Linköping's HR system was sent {delivered} events, the last one a test; they lie in {}",
            integration.file.display()
        ));
        for (template, state, count) in &integration.mails {
            say::line(format_args!("{count:>6} mails {state}: {template}"));
        }
        Ok(integration)
    }

    /// Every delivery, once the test event is among them, none waits, and no other came for a while:
    /// what other services tell is on its way for a moment.
    async fn settled(
        &self,
        client: &Client,
        hr: PersonId,
        webhook: &str,
    ) -> Result<Vec<Value>, Fault> {
        let path = format!("webhooks/{webhook}/deliveries");
        let count = async |query: &str| {
            let page = client.get(hr, &format!("{path}?limit=1{query}")).await?;
            let total = page.pointer("/_meta/totalRecords").and_then(Value::as_u64);
            total.ok_or_else(|| Fault::from("a list without its size"))
        };
        let (mut known, mut quiet) = (0, 0);
        for _ in 0..TRIES {
            let waiting = count("&state=pending").await?;
            let all = count("").await?;
            quiet = if waiting == 0 && all == known {
                quiet + 1
            } else {
                0
            };
            known = all;
            if quiet == QUIET_TRIES {
                let all = client.list(hr, &format!("{path}?limit=100")).await?;
                let is_test = |one: &Value| text(one, "/eventType") == "webhook.tested";
                if all.iter().any(is_test) {
                    return Ok(all);
                }
                quiet = 0;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Err("the HR system's events did not arrive".into())
    }
}

impl Integration {
    /// Whether the HR system got all that was meant for it.
    pub(super) fn held(&self) -> bool {
        self.delivered > 0 && self.others == 0
    }

    /// What scripts verify it by.
    pub(super) fn summary(&self) -> Value {
        let mails = self.mails.iter().map(|(template, state, count)| {
            json!({ "template": template, "state": state, "count": count })
        });
        json!({
            "webhook": self.webhook, "deliveries": self.file, "secret": self.secret,
            "delivered": self.delivered, "mails": mails.collect::<Vec<_>>(),
        })
    }
}

/// Keeps a delivery as it came: a line of JSON with the headers and the body's text.
async fn take(request: HttpRequest, body: Bytes, log: Data<Mutex<fs::File>>) -> HttpResponse {
    let header = |name: &&str| {
        let value = request.headers().get(*name)?.to_str().ok()?;
        Some(((*name).to_owned(), Value::from(value)))
    };
    let headers: serde_json::Map<String, Value> = HEADERS.iter().filter_map(header).collect();
    let line = json!({ "headers": headers, "body": String::from_utf8_lossy(&body) });
    let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
    match writeln!(log, "{line}") {
        Ok(()) => HttpResponse::NoContent().finish(),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}
