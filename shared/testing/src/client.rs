//! A client that calls a service directly, with internal tokens such as the gateway signs.

use reqwest::{
    Method,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use shared_types::{Caller, Code, OrganisationId, PersonId, Role, RoleGrant};
use shared_web::{
    outgoing::{self, Internal},
    token::{INTERNAL, Signer},
};
use std::{ops::Index, sync::Arc};
use uuid::Uuid;

/// Somebody who calls one service.
#[derive(Clone, Debug)]
pub struct Client {
    http: Internal,
    origin: String,
    root: String,
    signer: Arc<Signer>,
    caller: Option<Caller>,
}

/// A request on its way.
#[derive(Debug)]
pub struct Call {
    client: Client,
    method: Method,
    url: String,
    headers: HeaderMap,
    body: Option<Vec<u8>>,
    token: Option<String>,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as it came.
    pub text: String,
    /// The body as JSON; null where it is none.
    pub json: Value,
}

impl Client {
    /// A stranger who calls the API at `origin` under `root`, such as `/registration/v1`.
    pub fn new(origin: &str, root: &str, signer: Arc<Signer>) -> Self {
        Self {
            http: outgoing::internal([origin]).unwrap(),
            origin: origin.to_owned(),
            root: root.to_owned(),
            signer,
            caller: None,
        }
    }

    /// The same caller at another instance.
    pub fn at(&self, origin: &str) -> Self {
        Self {
            http: outgoing::internal([origin]).unwrap(),
            origin: origin.to_owned(),
            ..self.clone()
        }
    }

    /// Nobody who is known.
    pub fn stranger(&self) -> Self {
        Self {
            caller: None,
            ..self.clone()
        }
    }

    /// Any caller.
    pub fn caller(&self, caller: Caller) -> Self {
        Self {
            caller: Some(caller),
            ..self.clone()
        }
    }

    /// A person with roles.
    pub fn person(&self, id: PersonId, roles: &[(Role, OrganisationId)]) -> Self {
        self.caller(Caller {
            person: Some(id),
            subject: format!("person:{id}"),
            roles: grants(roles),
            scopes: None,
        })
    }

    /// A system with one role.
    pub fn system(&self, role: Role, organisation: Option<OrganisationId>) -> Self {
        self.caller(Caller {
            person: None,
            subject: format!("key:{}", Uuid::new_v4()),
            roles: vec![RoleGrant {
                role,
                organisation_id: organisation,
            }],
            scopes: None,
        })
    }

    /// The same caller, limited to scopes.
    pub fn limited(&self, scopes: &[&str]) -> Self {
        let caller = self.caller.clone().unwrap_or_default();
        self.caller(Caller {
            scopes: Some(scopes.iter().map(|&scope| scope.to_owned()).collect()),
            ..caller
        })
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Reply {
        self.call(Method::GET, path).send().await
    }

    /// POST with a fresh idempotency key.
    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.call(Method::POST, path).json(&body).send().await
    }

    /// POST without a body, with a fresh idempotency key.
    pub async fn post_empty(&self, path: &str) -> Reply {
        self.call(Method::POST, path).send().await
    }

    /// POST under a key.
    pub async fn post_once(&self, path: &str, key: &str, body: Value) -> Reply {
        let call = self.call(Method::POST, path).json(&body);
        call.header("idempotency-key", key).send().await
    }

    /// PUT, PATCH or DELETE of the version that was read as `tag`.
    pub async fn change(&self, method: &str, path: &str, tag: &str, body: Value) -> Reply {
        let call = self.call(method.parse().unwrap(), path);
        let call = call.header("if-match", tag);
        let call = if body.is_null() {
            call
        } else {
            call.json(&body)
        };
        call.send().await
    }

    /// A form as a browser posts it.
    pub async fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let body = fields
            .iter()
            .map(|(name, value)| format!("{}={}", escaped(name), escaped(value)))
            .collect::<Vec<_>>()
            .join("&");
        let call = self.call(Method::POST, path).without("idempotency-key");
        call.body("application/x-www-form-urlencoded", body.into_bytes())
            .send()
            .await
    }

    /// Starts a request. A path without a leading slash stands under the API's root; of an
    /// address only the path counts.
    pub fn call(&self, method: Method, path: &str) -> Call {
        let path = match path.split_once("://") {
            Some((_, rest)) => rest.split_once('/').map_or("/", |(_, path)| path),
            None => path,
        };
        let below_origin = path.starts_with('/') || path.starts_with(&self.root[1..]);
        let below_origin = below_origin || path.contains("/pages/");
        let path = path.strip_prefix('/').unwrap_or(path);
        let url = if below_origin {
            format!("{}/{path}", self.origin)
        } else {
            format!("{}{}/{path}", self.origin, self.root)
        };
        let call = Call {
            client: self.clone(),
            url,
            headers: HeaderMap::new(),
            body: None,
            token: None,
            method,
        };
        if call.method == Method::POST {
            call.header("idempotency-key", &Uuid::new_v4().to_string())
        } else {
            call
        }
    }

    fn token(&self) -> Option<String> {
        let caller = self.caller.as_ref()?;
        Some(self.signer.sign(INTERNAL, caller).unwrap())
    }
}

fn grants(roles: &[(Role, OrganisationId)]) -> Vec<RoleGrant> {
    let grant = |&(role, organisation)| RoleGrant {
        role,
        organisation_id: Some(organisation),
    };
    roles.iter().map(grant).collect()
}

fn escaped(text: &str) -> String {
    let byte = |byte: u8| {
        if byte.is_ascii_alphanumeric() {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    text.bytes().map(byte).collect()
}

impl Call {
    /// Sets a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        self.headers
            .insert(name, HeaderValue::from_str(value).unwrap());
        self
    }

    /// Leaves a header out.
    pub fn without(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self
    }

    /// Presents this token instead of the caller's own.
    pub fn token(mut self, token: &str) -> Self {
        self.token = Some(token.to_owned());
        self
    }

    /// Sets a JSON body.
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string().into_bytes())
    }

    /// Sets a body of any kind.
    pub fn body(mut self, media_type: &str, body: Vec<u8>) -> Self {
        self.body = Some(body);
        self.header("content-type", media_type)
    }

    /// Sends it, and reads the answer.
    pub async fn send(self) -> Reply {
        self.try_send().await.unwrap()
    }

    /// Sends it; nothing where no answer came.
    pub async fn try_send(self) -> Result<Reply, reqwest::Error> {
        let token = self.token.or_else(|| self.client.token());
        let request = self.client.http.request(self.method, &self.url);
        let mut request = request.unwrap().headers(self.headers);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = self.body {
            request = request.body(body);
        }
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await?;
        Ok(Reply {
            status,
            headers,
            json: serde_json::from_str(&text).unwrap_or_default(),
            text,
        })
    }
}

impl Reply {
    /// Stops unless the status is this one.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// Stops unless it is 200.
    #[track_caller]
    pub fn ok(self) -> Self {
        self.is(200)
    }

    /// Stops unless it is 201 with the address of what was made.
    #[track_caller]
    pub fn created(self) -> Self {
        let reply = self.is(201);
        let location = reply.header("location").unwrap_or_default();
        assert_eq!(location, reply["_links"]["self"]["href"]);
        reply
    }

    /// Stops unless it is the problem of this code, in the form in which all problems come.
    #[track_caller]
    pub fn refused(self, code: &str) -> Self {
        assert_eq!(self.json["code"], code, "{} {}", self.status, self.text);
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json")
        );
        assert_eq!(self.status, status_of(code), "{}", self.text);
        assert_eq!(self.json["status"], self.status);
        for member in ["type", "title", "detail", "instance", "traceId"] {
            assert!(self.json[member].is_string(), "{member}: {}", self.text);
        }
        self
    }

    /// What a problem says of fields: pointer, parameter or header, and code; sorted.
    pub fn violations(&self) -> Vec<(String, String)> {
        let errors = self.json["errors"].as_array().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let place = |error: &Value| {
            let places = ["pointer", "parameter", "header"];
            places.iter().find_map(|name| error.get(name)).map(text)
        };
        let mut violations: Vec<_> = errors
            .iter()
            .map(|error| (place(error).unwrap_or_default(), text(&error["code"])))
            .collect();
        violations.sort();
        violations
    }

    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The entity tag.
    #[track_caller]
    pub fn tag(&self) -> String {
        self.header("etag").unwrap().to_owned()
    }

    /// The `id` member.
    #[track_caller]
    pub fn id(&self) -> String {
        self["id"].as_str().unwrap().to_owned()
    }

    /// The body as a type.
    #[track_caller]
    pub fn read<T: DeserializeOwned>(&self) -> T {
        serde_json::from_str(&self.text).unwrap()
    }

    /// Names of the links, `self` apart; sorted.
    pub fn rels(&self) -> Vec<String> {
        let links = self["_links"].as_object().cloned().unwrap_or_default();
        let mut rels: Vec<String> = links.keys().cloned().collect();
        rels.retain(|rel| rel != "self");
        rels.sort();
        rels
    }
}

impl Index<&str> for Reply {
    type Output = Value;

    fn index(&self, member: &str) -> &Value {
        &self.json[member]
    }
}

fn status_of(code: &str) -> u16 {
    let tables = [
        shared_types::codes::ALL,
        shared_types::imports::codes::ALL,
        shared_types::registration::codes::ALL,
        shared_types::scheduling::codes::ALL,
        shared_types::mentorship::codes::ALL,
        shared_types::evaluation::codes::ALL,
    ];
    let mut all = tables.iter().copied().flatten();
    let known: Option<&&'static Code> = all.find(|known| known.name == code);
    known.map_or(0, |known| known.status)
}
