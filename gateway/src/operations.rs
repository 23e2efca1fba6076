//! What the API documents say of single operations, found again by a request.

use actix_web::{dev::ResourceDef, http::Method};
use serde_json::Value;

/// The operations of which a number is said. They are few, so a list is searched.
pub(crate) struct Said(Vec<Operation>);

struct Operation {
    method: Method,
    /// Where the address's fixed part ends: most requests are judged by it alone.
    start: String,
    address: ResourceDef,
    number: u64,
}

impl Said {
    /// Reads a member of all operations of the merged document.
    pub(crate) fn read(document: &Value, member: &str) -> Self {
        let paths = document.get("paths").and_then(Value::as_object);
        let operations = paths.into_iter().flatten().flat_map(|(path, item)| {
            let operations = item.as_object().into_iter().flatten();
            operations.filter_map(move |(method, operation)| {
                Some(Operation {
                    method: Method::from_bytes(method.to_ascii_uppercase().as_bytes()).ok()?,
                    start: path.split('{').next().unwrap_or_default().to_owned(),
                    address: ResourceDef::new(path.as_str()),
                    number: operation.get(member)?.as_u64()?,
                })
            })
        });
        Self(operations.collect())
    }

    /// What is said of the operation that a request asks for.
    pub(crate) fn of(&self, method: &Method, path: &str) -> Option<u64> {
        let found = self.0.iter().find(|one| {
            one.method == *method && path.starts_with(&one.start) && one.address.is_match(path)
        });
        found.map(|one| one.number)
    }
}
