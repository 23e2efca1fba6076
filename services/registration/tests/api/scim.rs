//! Provisioning by SCIM: what real clients send, who may what, and what nobody should get away
//! with.

mod bulk;
mod groups;
mod hostile;
mod lists;
mod logins;
mod table;
mod users;

use crate::world::{World, with};
use serde_json::{Value, json};
use shared_testing::{Client, Method, Reply, database};
use shared_types::{OrganisationId, Role};

pub(crate) const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub(crate) const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
pub(crate) const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const MESSAGE: &str = "urn:ietf:params:scim:api:messages:2.0:";

/// HR's key of an organisation.
pub(crate) struct Key(pub(crate) Client);

impl Key {
    pub(crate) fn hr(world: &World, organisation: OrganisationId) -> Self {
        Self::of(world, Role::Hr, organisation)
    }

    pub(crate) fn of(world: &World, role: Role, organisation: OrganisationId) -> Self {
        let stranger = world.service.stranger();
        Self(stranger.system(role, Some(organisation)))
    }

    pub(crate) async fn call(&self, method: &str, path: &str, body: &Value) -> Reply {
        self.call_at(method, path, body, None).await
    }

    pub(crate) async fn call_at(
        &self,
        method: &str,
        path: &str,
        body: &Value,
        version: Option<&str>,
    ) -> Reply {
        let method: Method = method.parse().unwrap();
        let call = self
            .0
            .call(method, &format!("/registration/scim/v2/{path}"));
        let mut call = call.without("idempotency-key");
        if let Some(version) = version {
            call = call.header("if-match", version);
        }
        if body.is_null() {
            return call.send().await;
        }
        let bytes = body.to_string().into_bytes();
        call.body("application/scim+json", bytes).send().await
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.call("GET", path, &Value::Null).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Reply {
        self.call("POST", path, body).await
    }

    pub(crate) async fn patch(&self, path: &str, operations: Value) -> Reply {
        let body = json!({ "schemas": [format!("{MESSAGE}PatchOp")], "Operations": operations });
        self.call("PATCH", path, &body).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.call("DELETE", path, &Value::Null).await
    }

    /// Adds a user; says the id.
    pub(crate) async fn user(&self, members: Value) -> String {
        let reply = self.post("Users", &user(members)).await.is(201);
        assert_eq!(reply.header("location"), reply["meta"]["location"].as_str());
        reply.id()
    }

    /// The list that a filter gives.
    pub(crate) async fn find(&self, filter: &str) -> Reply {
        self.get(&format!("Users?filter={}", escaped(filter))).await
    }

    /// Ids of the list that a filter gives.
    pub(crate) async fn ids(&self, filter: &str) -> Vec<String> {
        ids(&self.find(filter).await.ok())
    }
}

/// A query's value.
pub(crate) fn escaped(text: &str) -> String {
    let byte = |byte: u8| {
        if byte.is_ascii_alphanumeric() {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    text.bytes().map(byte).collect()
}

pub(crate) fn ids(list: &Reply) -> Vec<String> {
    let all = list["Resources"].as_array().unwrap().iter();
    all.map(|one| one["id"].as_str().unwrap().to_owned())
        .collect()
}

/// A user with members of one's own.
pub(crate) fn user(members: Value) -> Value {
    with(
        json!({ "schemas": [USER, ENTERPRISE], "active": true }),
        members,
    )
}

/// Stops unless it is SCIM's own error with this status and type.
#[track_caller]
pub(crate) fn refused(reply: &Reply, status: u16, kind: Option<&str>) {
    assert_eq!(reply.status, status, "{}", reply.text);
    assert_eq!(reply.header("content-type"), Some("application/scim+json"));
    assert_eq!(reply["schemas"], json!([format!("{MESSAGE}Error")]));
    assert_eq!(reply["status"], status.to_string());
    assert_eq!(reply["scimType"], json!(kind), "{}", reply.text);
    assert!(!reply["detail"].as_str().unwrap().is_empty());
}

/// Types of events about something, in their order.
pub(crate) async fn events(world: &World, subject: &str) -> Vec<String> {
    let query = format!("SELECT kind AS row FROM outbox WHERE subject = '{subject}' ORDER BY id");
    database::texts(&world.service.state().database, &query).await
}
