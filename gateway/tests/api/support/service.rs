//! A service that is played: it echoes what it reads, and as registration it knows who calls.

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    dev::ServerHandle,
    web::{self, Bytes, Data},
};
use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};
use shared_types::{Caller, caller::Credential};
use std::{
    collections::{BTreeMap, HashMap},
    io,
    net::TcpListener,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::sync::Notify;

/// How a played service feels about answering who a caller is, or which keys there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Mood {
    /// It answers.
    #[default]
    Answering,
    /// It has an error.
    Failing,
    /// It does not answer.
    Silent,
}

/// What a played service keeps.
#[derive(Default)]
pub(crate) struct Kept {
    /// Requests other than those of the gateway itself.
    pub(crate) calls: AtomicUsize,
    /// Questions about callers.
    pub(crate) questions: AtomicUsize,
    /// Fetches of keys.
    pub(crate) fetches: AtomicUsize,
    /// Bytes of bodies that have arrived.
    pub(crate) received: AtomicU64,
    /// Lets a dripping answer go on.
    pub(crate) go_on: Notify,
    /// See [`Mood`].
    pub(crate) mood: Mutex<Mood>,
    callers: Mutex<HashMap<Credential, Caller>>,
    keys: Mutex<Vec<Value>>,
}

/// A played service.
pub(crate) struct Service {
    pub(crate) name: &'static str,
    pub(crate) url: String,
    pub(crate) kept: Arc<Kept>,
    handle: ServerHandle,
}

impl Service {
    /// Starts one.
    pub(crate) fn start(name: &'static str) -> Self {
        let kept = Arc::new(Kept::default());
        let data = Data::from(Arc::clone(&kept));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = HttpServer::new(move || {
            App::new()
                .app_data(data.clone())
                .app_data(Data::new(name))
                .route("/internal/callers", web::post().to(callers))
                .route("/health/ready", web::get().to(HttpResponse::Ok))
                .route("/jwks", web::get().to(keys))
                .default_service(web::to(echo))
        })
        .workers(1)
        .shutdown_timeout(0)
        .disable_signals()
        .listen(listener)
        .unwrap()
        .run();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self {
            name,
            url,
            kept,
            handle,
        }
    }

    /// From now on registration knows somebody by this.
    pub(crate) fn know(&self, credential: Credential, caller: &Caller) {
        let mut callers = self.kept.callers.lock().unwrap();
        callers.insert(credential, caller.clone());
    }

    /// From now on the demo issuer's subject is somebody.
    pub(crate) fn know_demo(&self, subject: &str, caller: &Caller) {
        self.know(token_of("demo", subject), caller);
    }

    /// From now on registration knows nobody by this.
    pub(crate) fn forget(&self, credential: &Credential) {
        self.kept.callers.lock().unwrap().remove(credential);
    }

    /// From now on these keys are published.
    pub(crate) fn publish(&self, keys: Vec<Value>) {
        *self.kept.keys.lock().unwrap() = keys;
    }

    /// Changes how it answers the gateway itself.
    pub(crate) fn feel(&self, mood: Mood) {
        *self.kept.mood.lock().unwrap() = mood;
    }

    /// Requests that came through the gateway.
    pub(crate) fn calls(&self) -> usize {
        self.kept.calls.load(Ordering::SeqCst)
    }

    /// Is not there any more, once nobody gets a connection.
    pub(crate) async fn stop(&self) {
        self.handle.stop(false).await;
        let authority = self.url.trim_start_matches("http://");
        while tokio::net::TcpStream::connect(authority).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // Connections that were accepted while it stopped are reset by now.
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// A credential of an outside issuer's, without e-mail address.
pub(crate) fn token_of(issuer: &str, subject: &str) -> Credential {
    Credential::Token {
        issuer: issuer.to_owned(),
        subject: subject.to_owned(),
        verified_email: None,
        provisioned: None,
    }
}

async fn callers(
    request: HttpRequest,
    asked: web::Json<Credential>,
    kept: Data<Kept>,
) -> HttpResponse {
    kept.questions.fetch_add(1, Ordering::SeqCst);
    assert!(request.headers().contains_key("authorization"));
    if let Some(refusal) = moody(&kept).await {
        return refusal;
    }
    let callers = kept.callers.lock().unwrap();
    match callers.get(&asked) {
        Some(caller) => HttpResponse::Ok().json(caller),
        None => HttpResponse::NotFound().finish(),
    }
}

async fn keys(kept: Data<Kept>) -> HttpResponse {
    kept.fetches.fetch_add(1, Ordering::SeqCst);
    if let Some(refusal) = moody(&kept).await {
        return refusal;
    }
    let keys = kept.keys.lock().unwrap().clone();
    HttpResponse::Ok().json(json!({ "keys": keys }))
}

async fn moody(kept: &Kept) -> Option<HttpResponse> {
    let mood = *kept.mood.lock().unwrap();
    match mood {
        Mood::Answering => None,
        Mood::Failing => Some(HttpResponse::InternalServerError().finish()),
        Mood::Silent => {
            tokio::time::sleep(Duration::from_mins(1)).await;
            None
        }
    }
}

async fn echo(
    request: HttpRequest,
    mut payload: web::Payload,
    kept: Data<Kept>,
    name: Data<&'static str>,
) -> HttpResponse {
    kept.calls.fetch_add(1, Ordering::SeqCst);
    let mut body_bytes = 0_u64;
    while let Some(Ok(part)) = payload.next().await {
        body_bytes += part.len() as u64;
        kept.received.fetch_add(part.len() as u64, Ordering::SeqCst);
    }
    let last = request.path().rsplit('/').next().unwrap_or_default();
    match last {
        "silent" => {
            tokio::time::sleep(Duration::from_mins(1)).await;
            HttpResponse::Ok().finish()
        }
        "large" => large(32),
        "drip" => drip(&kept),
        "broken" => broken(),
        "gone" => HttpResponse::Gone().body("plain words"),
        "nothing" => HttpResponse::NoContent().finish(),
        "unchanged" => HttpResponse::NotModified()
            .insert_header(("etag", "\"1-a\""))
            .finish(),
        "sized" => HttpResponse::Ok().body("12345"),
        "page" => HttpResponse::Ok()
            .content_type("text/html; charset=utf-8")
            .insert_header((
                "content-security-policy",
                "default-src 'none'; style-src 'self'",
            ))
            .body("<!DOCTYPE html>"),
        _ => reflect(&request, body_bytes, name.get_ref()),
    }
}

fn reflect(request: &HttpRequest, body_bytes: u64, name: &str) -> HttpResponse {
    let mut headers: BTreeMap<String, String> = BTreeMap::new();
    for (header, value) in request.headers() {
        let seen = headers.entry(header.to_string()).or_default();
        if !seen.is_empty() {
            seen.push_str(" & ");
        }
        seen.push_str(value.to_str().unwrap());
    }
    HttpResponse::Ok()
        .insert_header(("keep-alive", "timeout=5"))
        .insert_header(("proxy-authenticate", "Basic"))
        .insert_header(("x-kept", "yes"))
        .append_header(("set-cookie", "a=1"))
        .append_header(("set-cookie", "b=2"))
        .json(json!({
            "service": name,
            "method": request.method().as_str(),
            "target": request.uri().to_string(),
            "headers": headers,
            "bodyBytes": body_bytes,
        }))
}

fn large(mebibytes: usize) -> HttpResponse {
    let part = Bytes::from(vec![b'x'; 1024 * 1024]);
    let parts = stream::iter((0..mebibytes).map(move |_| Ok::<_, io::Error>(part.clone())));
    HttpResponse::Ok().streaming(parts)
}

/// One part at once, the other when it is let go on.
fn drip(kept: &Data<Kept>) -> HttpResponse {
    let kept = kept.clone();
    let first = stream::iter([Ok::<_, io::Error>(Bytes::from_static(b"first "))]);
    let second = stream::once(async move {
        kept.go_on.notified().await;
        Ok(Bytes::from_static(b"second"))
    });
    HttpResponse::Ok().streaming(Box::pin(first.chain(second)))
}

/// Breaks off inside the body.
fn broken() -> HttpResponse {
    let first = stream::iter([Ok(Bytes::from_static(b"first"))]);
    let end = stream::once(async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        Err(io::Error::other("broken"))
    });
    HttpResponse::Ok().streaming(Box::pin(first.chain(end)))
}
