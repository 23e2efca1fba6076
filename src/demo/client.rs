//! A caller of the public API, as a front end would be: with a person's token, through the
//! gateway.

use crate::Fault;
use serde_json::Value;
use shared_types::{Caller, PersonId};
use shared_web::{
    key::KeyPair,
    outgoing::{self, Internal, Method, RequestBuilder},
    token::{self, Signer},
};
use std::{collections::HashMap, sync::Mutex, time::Duration};

/// How often a call that is told to come back later is repeated.
const TRIES: u32 = 20;
/// How long an answer may take: a thousand employees at once take their time on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// A client of a running Akademi.
#[derive(Debug)]
pub(super) struct Client {
    http: Internal,
    url: String,
    signer: Signer,
    tokens: Mutex<HashMap<PersonId, String>>,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) body: Value,
}

impl Client {
    /// A client of the gateway at `url`, with tokens of the demo's own issuer.
    pub(super) fn new(url: &str, issuer: &KeyPair) -> Result<Self, Fault> {
        Ok(Self {
            http: outgoing::internal([url])?,
            url: url.to_owned(),
            signer: Signer::new(issuer),
            tokens: Mutex::default(),
        })
    }

    /// Where the gateway answers.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// A person's access token; good for twelve hours.
    pub(super) fn token(&self, person: PersonId) -> Result<String, Fault> {
        let known = self
            .tokens
            .lock()
            .ok()
            .and_then(|tokens| tokens.get(&person).cloned());
        if let Some(token) = known {
            return Ok(token);
        }
        let caller = Caller {
            subject: person.to_string(),
            person: Some(person),
            roles: Vec::new(),
            scopes: None,
        };
        let token = self.signer.sign(token::DEMO, &caller)?;
        if let Ok(mut tokens) = self.tokens.lock() {
            tokens.insert(person, token.clone());
        }
        Ok(token)
    }

    /// Reads something.
    pub(super) async fn get(&self, person: PersonId, path: &str) -> Result<Value, Fault> {
        good(
            path,
            self.call(Method::GET, person, path, None, None).await?,
        )
    }

    /// Makes or does something, once for a step however often the demo is played.
    pub(super) async fn post(
        &self,
        person: PersonId,
        path: &str,
        step: &str,
        body: &Value,
    ) -> Result<Value, Fault> {
        good(
            path,
            self.call(Method::POST, person, path, Some(step), Some(body))
                .await?,
        )
    }

    /// Sets something.
    pub(super) async fn put(
        &self,
        person: PersonId,
        path: &str,
        body: &Value,
    ) -> Result<Value, Fault> {
        good(
            path,
            self.call(Method::PUT, person, path, None, Some(body))
                .await?,
        )
    }

    /// Calls an operation and returns whatever it answers.
    pub(super) async fn call(
        &self,
        method: Method,
        person: PersonId,
        path: &str,
        step: Option<&str>,
        body: Option<&Value>,
    ) -> Result<Reply, Fault> {
        let url = if path.starts_with("http") {
            path.to_owned()
        } else {
            let (service, path) = match path.split_once('/') {
                Some((service @ ("scheduling" | "mentorship" | "evaluation"), rest)) => {
                    (service, rest)
                }
                _ => ("registration", path),
            };
            format!("{}/{service}/v1/{path}", self.url)
        };
        let token = self.token(person)?;
        for attempt in 1.. {
            let mut request = self.request(method.clone(), &url)?.bearer_auth(&token);
            if [Method::PUT, Method::PATCH].contains(&method) {
                request = request.header("If-Match", "*");
            }
            if let Some(step) = step {
                request = request.header("Idempotency-Key", format!("demo-{step}"));
            }
            if let Some(body) = body {
                request = request.json(body);
            }
            let response = request.send().await?;
            let status = response.status().as_u16();
            if matches!(status, 429 | 503) && attempt < TRIES {
                tokio::time::sleep(Duration::from_millis(200)).await;
                continue;
            }
            let bytes = response.bytes().await?;
            return Ok(Reply {
                status,
                body: serde_json::from_slice(&bytes).unwrap_or_default(),
            });
        }
        Err("no answer".into())
    }

    /// Calls the address of provisioning with a system's key.
    pub(super) async fn provision(
        &self,
        key: &str,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Reply, Fault> {
        let url = format!("{}/registration/scim/v2/{path}", self.url);
        let mut request = self.request(method, &url)?.bearer_auth(key);
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await?;
        let status = response.status().as_u16();
        let bytes = response.bytes().await?;
        Ok(Reply {
            status,
            body: serde_json::from_slice(&bytes).unwrap_or_default(),
        })
    }

    fn request(&self, method: Method, url: &str) -> Result<RequestBuilder, Fault> {
        Ok(self.http.request(method, url)?.timeout(PATIENCE))
    }

    /// Opens a page, as a browser does: without a token.
    pub(super) async fn open_page(&self, url: &str) -> Result<String, Fault> {
        let response = self.request(Method::GET, url)?.send().await?;
        if response.status().as_u16() != 200 {
            return Err(format!("{url}: {}", response.status()).into());
        }
        Ok(response.text().await?)
    }

    /// Sends a page's form, and follows to the page that it leads to.
    pub(super) async fn send_form(
        &self,
        url: &str,
        fields: &[(String, String)],
    ) -> Result<String, Fault> {
        let response = self.request(Method::POST, url)?.form(fields).send().await?;
        let status = response.status().as_u16();
        if status == 303 {
            let location = response
                .headers()
                .get("location")
                .and_then(|value| value.to_str().ok());
            let location = location.unwrap_or_default().to_owned();
            let target = if location.starts_with("http") {
                location
            } else {
                format!("{}{location}", self.url)
            };
            return self.open_page(&target).await;
        }
        let text = response.text().await?;
        if status == 200 {
            Ok(text)
        } else {
            Err(format!("{url}: {status}: {text}").into())
        }
    }

    /// Every item of a list, page by page.
    pub(super) async fn list(&self, person: PersonId, path: &str) -> Result<Vec<Value>, Fault> {
        let mut items = Vec::new();
        let mut next = Some(path.to_owned());
        while let Some(path) = next {
            let page = self.get(person, &path).await?;
            items.extend(
                page.get("items")
                    .and_then(Value::as_array)
                    .cloned()
                    .unwrap_or_default(),
            );
            next = page
                .pointer("/_links/next/href")
                .and_then(Value::as_str)
                .map(str::to_owned);
        }
        Ok(items)
    }
}

fn good(path: &str, reply: Reply) -> Result<Value, Fault> {
    if (200..300).contains(&reply.status) {
        return Ok(reply.body);
    }
    Err(format!("{path}: {} {}", reply.status, reply.body).into())
}

/// A text member of an answer; empty where it is missing.
pub(super) fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// An id in an answer.
pub(super) fn id<T: std::str::FromStr>(value: &Value, pointer: &str) -> Result<T, Fault> {
    text(value, pointer)
        .parse()
        .map_err(|_| format!("no id at {pointer} of {value}").into())
}
