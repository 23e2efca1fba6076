//! A gateway to be measured: one worker, one issuer whose keys are fetched, a registration that
//! knows everybody, and one service that stands elsewhere. Nothing is switched off: the request is
//! judged, its token verified, an internal one minted, what it costs charged to its caller and the
//! caller's organisation, counted, and logged in a line of JSON.
//!
//! `speed PORT UPSTREAM` prints a good access token when it is ready and runs until it is ended;
//! the service is `scheduling`. `tests/speed/gateway.sh` starts it and says what it costs.

use actix_web::{
    App, HttpResponse, HttpServer,
    web::{self, Data},
};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use gateway::{Algorithm, Edge, Issuer, Limits, Rates, Settings};
use jsonwebtoken::{EncodingKey, Header, encode};
use serde_json::{Value, json};
use shared_types::{Caller, OrganisationId, PersonId, Role, RoleGrant};
use shared_web::{
    Clock,
    clock::system_seconds,
    key::KeyPair,
    metrics,
    telemetry::{self, LogFormat},
};
use std::{
    error::Error,
    io::{self, Write as _},
    net::TcpListener,
};

const ISSUER: &str = "https://login.municipality.example/tenant";
const AUDIENCE: &str = "https://akademi.example";

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(port), Some(upstream)) = (arguments.next(), arguments.next()) else {
        return Err("speed PORT UPSTREAM".into());
    };
    telemetry::start(LogFormat::Json, "info");
    // Counted as where somebody reads the figures.
    actix_web::rt::spawn(metrics::start(TcpListener::bind("127.0.0.1:0")?)?);
    let issuer = PlayedIssuer::new()?;
    let registration = play_registration(issuer.published.clone())?;
    let settings = Settings {
        upstreams: [
            ("registration".to_owned(), registration.clone()),
            ("scheduling".to_owned(), upstream),
        ]
        .into(),
        public_url: None,
        issuers: vec![Issuer {
            issuer: ISSUER.to_owned(),
            jwks_url: format!("{registration}/jwks"),
            audience: AUDIENCE.to_owned(),
            algorithms: vec![Algorithm::EdDSA],
            kind: "at+jwt".to_owned(),
            link_by_verified_email: false,
            email_domains: Vec::new(),
            provisioned: None,
        }],
        demo: None,
        documents: vec![gateway::document()],
        codes: Vec::new(),
        workers: 1,
        clock: Clock::system(),
        limits: Limits::default(),
        // On, and too high to be met.
        edge: Edge {
            rates: Rates {
                caller: u32::MAX,
                organisation: u32::MAX,
                address: u32::MAX,
            },
            ..Edge::default()
        },
    };
    let listener = TcpListener::bind(format!("127.0.0.1:{port}"))?;
    let running = gateway::start(listener, settings, &KeyPair::generate("gateway")?)?;
    let mut out = io::stdout();
    writeln!(out, "{}", issuer.token()?)?;
    out.flush()?;
    Ok(running.server.await?)
}

/// A key with which tokens are signed here, and its public half as it is published.
struct PlayedIssuer {
    key: EncodingKey,
    published: Value,
}

impl PlayedIssuer {
    fn new() -> Result<Self, Box<dyn Error>> {
        let document = Ed25519KeyPair::generate()?.to_pkcs8v1()?;
        let pair = Ed25519KeyPair::from_pkcs8(document.as_ref())?;
        let public = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
        Ok(Self {
            key: EncodingKey::from_ed_der(document.as_ref()),
            published: json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "kid": "key-1",
                "use": "sig", "alg": "EdDSA", "x": public }] }),
        })
    }

    fn token(&self) -> Result<String, jsonwebtoken::errors::Error> {
        let header = Header {
            typ: Some("at+jwt".to_owned()),
            kid: Some("key-1".to_owned()),
            ..Header::new(Algorithm::EdDSA)
        };
        let now = system_seconds();
        let claims = json!({ "iss": ISSUER, "aud": AUDIENCE, "sub": "maja", "iat": now,
            "exp": now + 12 * 3600, "client_id": "front-end" });
        encode(&header, &claims, &self.key)
    }
}

/// Publishes the keys, and knows one person.
fn play_registration(keys: Value) -> io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}", listener.local_addr()?);
    let caller = Data::new(Caller {
        person: Some(PersonId::new()),
        subject: "person:maja".to_owned(),
        roles: vec![RoleGrant {
            role: Role::Hr,
            organisation_id: Some(OrganisationId::new()),
        }],
        ..Caller::anonymous()
    });
    let server = HttpServer::new(move || {
        App::new()
            .app_data(caller.clone())
            .app_data(Data::new(keys.clone()))
            .route("/internal/callers", web::post().to(known))
            .route("/jwks", web::get().to(published))
    });
    let server = server.workers(1).disable_signals().listen(listener)?.run();
    actix_web::rt::spawn(server);
    Ok(url)
}

async fn known(caller: Data<Caller>) -> HttpResponse {
    HttpResponse::Ok().json(caller.get_ref())
}

async fn published(keys: Data<Value>) -> HttpResponse {
    HttpResponse::Ok().json(keys.get_ref())
}
