//! A gateway that runs for one test.

use super::Service;
use gateway::{Edge, Limits, Rates, Settings};
use reqwest::Method;
use serde_json::Value;
use shared_types::{Caller, PersonId};
use shared_web::{
    Clock,
    key::{KeyPair, TrustedKeys},
    outgoing::{self, Internal},
    token::{Claims, DEMO, INTERNAL, Signer, Verifier},
};
use std::net::TcpListener;

/// A running gateway.
pub(crate) struct Door {
    pub(crate) url: String,
    pub(crate) authority: String,
    client: Internal,
    keys: TrustedKeys,
}

/// Settings with these services and no issuer.
pub(crate) fn settings(services: &[&Service]) -> Settings {
    Settings {
        upstreams: services
            .iter()
            .map(|service| (service.name.to_owned(), service.url.clone()))
            .collect(),
        public_url: None,
        issuers: Vec::new(),
        demo: None,
        documents: vec![gateway::document()],
        codes: Vec::new(),
        workers: 2,
        clock: Clock::system(),
        limits: Limits::default(),
        // Tests ask quickly; those of the limits set their own.
        edge: Edge {
            rates: Rates::NONE,
            ..Edge::default()
        },
    }
}

impl Door {
    /// Starts a gateway.
    pub(crate) fn open(settings: Settings) -> Self {
        let key = KeyPair::generate("gateway").unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let authority = listener.local_addr().unwrap().to_string();
        let running = gateway::start(listener, settings, &key).unwrap();
        actix_web::rt::spawn(running.server);
        let url = format!("http://{authority}");
        Self {
            client: outgoing::internal([&url]).unwrap(),
            url,
            authority,
            keys: TrustedKeys::default().with("gateway", key.public()),
        }
    }

    /// A request to the gateway.
    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let url = format!("{}{path}", self.url);
        self.client.request(method, &url).unwrap()
    }

    /// A GET without a token.
    pub(crate) async fn get(&self, path: &str) -> reqwest::Response {
        self.request(Method::GET, path).send().await.unwrap()
    }

    /// A GET with a token.
    pub(crate) async fn get_as(&self, token: &str, path: &str) -> reqwest::Response {
        let request = self.request(Method::GET, path).bearer_auth(token);
        request.send().await.unwrap()
    }

    /// What a service was told of the caller, from what it echoes.
    pub(crate) fn told(&self, echo: &Value) -> Claims {
        let header = echo["headers"]["authorization"].as_str().expect("a token");
        let token = header.strip_prefix("Bearer ").unwrap();
        Verifier::new(INTERNAL, &self.keys, &["gateway"])
            .verify(token)
            .unwrap()
    }
}

/// Somebody whom registration knows.
pub(crate) fn person(subject: &str) -> Caller {
    Caller {
        person: Some(PersonId::new()),
        subject: subject.to_owned(),
        roles: Vec::new(),
        scopes: None,
    }
}

/// A token of the demo's issuer.
pub(crate) fn demo_token(key: &KeyPair, subject: &str) -> String {
    let caller = Caller {
        subject: subject.to_owned(),
        ..Caller::anonymous()
    };
    Signer::new(key).sign(DEMO, &caller).unwrap()
}

/// Asserts a problem, and gives its body.
pub(crate) async fn problem(response: reqwest::Response, status: u16, code: &str) -> Value {
    assert_eq!(response.status().as_u16(), status);
    assert_eq!(
        response.headers()["content-type"],
        "application/problem+json"
    );
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["code"], code, "{body}");
    body
}
