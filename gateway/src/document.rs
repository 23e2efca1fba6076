//! One document out of the documents of all parts: paths get their API's prefix, ids stay
//! unique, and a component's name means one thing.

use serde_json::{Map, Value, json};
use std::{
    collections::{HashMap, hash_map::Entry},
    fmt,
};

/// Address of the gateway in the committed document.
const ROOT: &str = "https://akademi.example";
/// What the merged document says of itself.
const ABOUT: (&str, &str) = (
    "All APIs of Akademi: leadership programmes for municipalities, from application to report.",
    "Alla Akademis API:er: ledarprogram för kommuner, från ansökan till rapport.",
);

/// Why documents can't become one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MergeError {
    /// A document does not say, in `servers`, under which root it stands.
    NoRoot(String),
    /// Two documents describe one address.
    SamePath(String),
    /// Two operations have one id.
    SameOperation(String),
    /// Two documents mean different things by one name, given as `section/name`.
    UnequalComponent(String),
}

impl fmt::Display for MergeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRoot(title) => write!(f, "the document {title:?} names no server"),
            Self::SamePath(path) => write!(f, "two documents describe {path}"),
            Self::SameOperation(id) => write!(f, "two operations are called {id}"),
            Self::UnequalComponent(name) => write!(f, "two documents differ in {name}"),
        }
    }
}

impl std::error::Error for MergeError {}

/// The documents as one. What is served differs from it in `servers` alone.
pub fn merge(documents: &[Value]) -> Result<Value, MergeError> {
    let mut merged = Merged::default();
    for document in documents {
        merged.add(document)?;
    }
    let info = documents.first().and_then(|first| first.get("info"));
    let mut whole = json!({
        "openapi": "3.1.0",
        "info": about(info.cloned().unwrap_or_else(|| json!({ "version": env!("CARGO_PKG_VERSION") }))),
        "externalDocs": { "description": "Documentation, service level and problem codes", "url": format!("{ROOT}/docs") },
        "servers": [{ "url": ROOT, "description": "Production", "x-internal": false }],
        "tags": merged.tags,
        // Every operation names its own; this is what a reader sees first.
        "security": documents.first().and_then(|first| first.get("security")).cloned().unwrap_or_else(|| json!([])),
        "paths": merged.paths,
        "components": merged.components,
    });
    if let Some(members) = whole.as_object_mut()
        && !merged.webhooks.is_empty()
    {
        members.insert("webhooks".to_owned(), Value::Object(merged.webhooks));
    }
    Ok(whole)
}

/// The first part's contact, licence and promises, under the name of the whole.
fn about(mut info: Value) -> Value {
    let (english, swedish) = ABOUT;
    let limits = info
        .get("description")
        .and_then(Value::as_str)
        .and_then(|text| text.rsplit_once("\n\n"))
        .map_or_else(String::new, |(_, limits)| format!("\n\n{limits}"));
    if let Some(members) = info.as_object_mut() {
        members.insert("title".into(), json!("Akademi"));
        members.insert("summary".into(), json!(english));
        members.insert(
            "description".into(),
            json!(format!("{english}\n\n{swedish}{limits}")),
        );
    }
    info
}

#[derive(Default)]
struct Merged {
    tags: Vec<Value>,
    paths: Map<String, Value>,
    components: Map<String, Value>,
    /// What is sent to endpoints, by type.
    webhooks: Map<String, Value>,
    /// Where each id was seen first.
    operations: HashMap<String, String>,
}

impl Merged {
    fn add(&mut self, document: &Value) -> Result<(), MergeError> {
        let root = root(document)?;
        for tag in members(document.get("tags")) {
            if !self
                .tags
                .iter()
                .any(|known| known.get("name") == tag.get("name"))
            {
                self.tags.push(tag.clone());
            }
        }
        for (path, item) in entries(document.get("paths")) {
            self.add_path(format!("{root}{path}"), item.clone(), document)?;
        }
        for (name, item) in entries(document.get("webhooks")) {
            self.webhooks.insert(name.clone(), item.clone());
        }
        for (section, components) in entries(document.get("components")) {
            for (name, component) in entries(Some(components)) {
                self.add_component(section, name, component)?;
            }
        }
        Ok(())
    }

    fn add_path(
        &mut self,
        path: String,
        mut item: Value,
        document: &Value,
    ) -> Result<(), MergeError> {
        let api = path.split('/').nth(1).unwrap_or_default().to_owned();
        for (_, operation) in item.as_object_mut().into_iter().flatten() {
            let Some(operation) = operation.as_object_mut() else {
                continue;
            };
            // The document's own rule for operations without one does not come along.
            if let Some(security) = document.get("security") {
                operation
                    .entry("security")
                    .or_insert_with(|| security.clone());
            }
            let mut id = text(operation.get("operationId"));
            if path.ends_with("/api-info") {
                id = prefixed(&api, &id);
                operation.insert("operationId".into(), json!(id));
            }
            match self.operations.entry(id) {
                Entry::Occupied(known) => {
                    return Err(MergeError::SameOperation(known.key().clone()));
                }
                Entry::Vacant(free) => drop(free.insert(path.clone())),
            }
        }
        match self.paths.insert(path.clone(), item) {
            Some(_) => Err(MergeError::SamePath(path)),
            None => Ok(()),
        }
    }

    fn add_component(
        &mut self,
        section: &str,
        name: &str,
        component: &Value,
    ) -> Result<(), MergeError> {
        let known = self
            .components
            .entry(section)
            .or_insert_with(|| json!({}))
            .as_object_mut()
            .and_then(|all| all.get_mut(name));
        let Some(known) = known else {
            if let Some(all) = self
                .components
                .get_mut(section)
                .and_then(Value::as_object_mut)
            {
                all.insert(name.to_owned(), component.clone());
            }
            return Ok(());
        };
        let agrees = if section == "securitySchemes" {
            add_scopes(known, component)
        } else {
            known == component
        };
        let unequal = || MergeError::UnequalComponent(format!("{section}/{name}"));
        agrees.then_some(()).ok_or_else(unequal)
    }
}

/// Each API names its own scopes of one common scheme: together they are all of them. Whether the
/// schemes are the same but for that.
fn add_scopes(known: &mut Value, other: &Value) -> bool {
    if without_scopes(known) != without_scopes(other) {
        return false;
    }
    let flows = entries(other.get("flows"));
    for (flow, described) in flows {
        let pointer = format!("/flows/{flow}/scopes");
        let Some(scopes) = known.pointer_mut(&pointer).and_then(Value::as_object_mut) else {
            continue;
        };
        for (scope, meaning) in entries(described.get("scopes")) {
            if scopes.entry(scope).or_insert_with(|| meaning.clone()) != meaning {
                return false;
            }
        }
    }
    true
}

fn without_scopes(scheme: &Value) -> Value {
    let mut bare = scheme.clone();
    let flows = bare.get_mut("flows").and_then(Value::as_object_mut);
    for flow in flows.into_iter().flat_map(Map::values_mut) {
        if let Some(scopes) = flow.get_mut("scopes") {
            *scopes = json!({});
        }
    }
    bare
}

/// The path of the document's server, such as `/registration/v1`.
fn root(document: &Value) -> Result<String, MergeError> {
    let url = text(document.pointer("/servers/0/url"));
    let path = url
        .split_once("://")
        .and_then(|(_, rest)| rest.find('/').and_then(|slash| rest.get(slash..)))
        .map(|path| path.trim_end_matches('/').to_owned());
    path.filter(|path| !path.is_empty())
        .ok_or_else(|| MergeError::NoRoot(text(document.pointer("/info/title"))))
}

fn prefixed(api: &str, id: &str) -> String {
    let mut letters = id.chars();
    letters.next().map_or_else(
        || api.to_owned(),
        |first| format!("{api}{}{}", first.to_uppercase(), letters.as_str()),
    )
}

fn text(value: Option<&Value>) -> String {
    value.and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn members(list: Option<&Value>) -> impl Iterator<Item = &Value> {
    list.and_then(Value::as_array).into_iter().flatten()
}

fn entries(object: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    object.and_then(Value::as_object).into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(api: &str, operation: &str, schema: &Value) -> Value {
        json!({
            "info": { "title": api, "version": "0.1.0", "description": "About.\n\nOm.\n\nLimits." },
            "servers": [{ "url": format!("https://akademi.example/{api}/v1") }],
            "tags": [{ "name": "meta", "description": "The API itself." }, { "name": api }],
            "security": [{ "oidc": [format!("{api}:read")] }],
            "paths": {
                "/api-info": { "get": { "operationId": "getApiInfo", "security": [{}] } },
                "/things": { "get": { "operationId": operation } }
            },
            "components": {
                "schemas": { "Thing": schema },
                "securitySchemes": { "oidc": { "type": "oauth2", "flows": { "clientCredentials": {
                    "tokenUrl": "https://login.akademi.example/token",
                    "scopes": { format!("{api}:read"): "Read" }
                } } } }
            }
        })
    }

    #[test]
    fn paths_get_their_prefix_ids_stay_unique_and_scopes_come_together() {
        let thing = json!({ "type": "string" });
        let one = document("registration", "listThings", &thing);
        let other = document("scheduling", "listOthers", &thing);
        let merged = merge(&[one, other]).unwrap();
        let at = |pointer: &str| merged.pointer(pointer).cloned().unwrap_or_default();
        assert_eq!(
            at("/paths/~1registration~1v1~1api-info/get/operationId"),
            json!("registrationGetApiInfo")
        );
        assert_eq!(
            at("/paths/~1registration~1v1~1api-info/get/security"),
            json!([{}])
        );
        assert_eq!(
            at("/paths/~1scheduling~1v1~1things/get"),
            json!({ "operationId": "listOthers", "security": [{ "oidc": ["scheduling:read"] }] })
        );
        assert_eq!(
            at("/components/securitySchemes/oidc/flows/clientCredentials/scopes"),
            json!({ "registration:read": "Read", "scheduling:read": "Read" })
        );
        assert_eq!(at("/servers/0/url"), json!("https://akademi.example"));
        assert_eq!(merged.get("webhooks"), None);
        let mut telling = document("mentorship", "listPairs", &thing);
        telling["webhooks"] = json!({ "pair.active": { "post": {} } });
        let told = merge(&[telling]).unwrap();
        assert_eq!(told["webhooks"], json!({ "pair.active": { "post": {} } }));
        assert_eq!(at("/tags").as_array().unwrap().len(), 3);
        assert!(
            at("/info/description")
                .as_str()
                .unwrap()
                .ends_with("Limits.")
        );
    }

    #[test]
    fn one_name_for_two_things_is_refused() {
        let text = json!({ "type": "string" });
        let one = document("registration", "listThings", &text);
        let unequal = document("scheduling", "listOthers", &json!({ "type": "integer" }));
        assert_eq!(
            merge(&[one.clone(), unequal]),
            Err(MergeError::UnequalComponent("schemas/Thing".into()))
        );
        let same_id = document("scheduling", "listThings", &text);
        assert_eq!(
            merge(&[one.clone(), same_id]),
            Err(MergeError::SameOperation("listThings".into()))
        );
        let mut scheme = document("scheduling", "listOthers", &text);
        let url = scheme
            .pointer_mut("/components/securitySchemes/oidc/flows/clientCredentials/tokenUrl")
            .unwrap();
        *url = json!("https://other.example/token");
        assert_eq!(
            merge(&[one.clone(), scheme]),
            Err(MergeError::UnequalComponent("securitySchemes/oidc".into()))
        );
        let mut homeless = document("scheduling", "listOthers", &text);
        homeless["servers"] = json!([]);
        assert_eq!(
            merge(&[one, homeless]),
            Err(MergeError::NoRoot("scheduling".into()))
        );
    }
}
