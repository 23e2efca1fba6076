//! What the API documents say of single operations, found again by a request.

use actix_web::{dev::ResourceDef, http::Method};
use serde_json::Value;

/// The operations of which something is said. They are few, so a list is searched.
pub(crate) struct Said<T = u64>(Vec<Operation<T>>);

struct Operation<T> {
    method: Method,
    /// Where the address's fixed part ends: most requests are judged by it alone.
    start: String,
    address: ResourceDef,
    said: T,
}

impl Said {
    /// Reads a member that is a number of all operations of the merged document.
    pub(crate) fn read(document: &Value, member: &str) -> Self {
        Self::of_each(document, |operation| operation.get(member)?.as_u64())
    }

    /// The number that is said of the operation that a request asks for.
    pub(crate) fn of(&self, method: &Method, path: &str) -> Option<u64> {
        self.find(method, path).copied()
    }
}

impl<T> Said<T> {
    /// Reads all operations of the merged document.
    pub(crate) fn of_each(document: &Value, read: impl Fn(&Value) -> Option<T>) -> Self {
        let paths = document.get("paths").and_then(Value::as_object);
        let read = &read;
        let operations = paths.into_iter().flatten().flat_map(|(path, item)| {
            let operations = item.as_object().into_iter().flatten();
            operations.filter_map(move |(method, operation)| {
                Some(Operation {
                    method: Method::from_bytes(method.to_ascii_uppercase().as_bytes()).ok()?,
                    start: path.split('{').next().unwrap_or_default().to_owned(),
                    address: ResourceDef::new(path.as_str()),
                    said: read(operation)?,
                })
            })
        });
        Self(operations.collect())
    }

    /// What is said of the operation that a request asks for.
    pub(crate) fn find(&self, method: &Method, path: &str) -> Option<&T> {
        let found = self.0.iter().find(|one| {
            one.method == *method && path.starts_with(&one.start) && one.address.is_match(path)
        });
        found.map(|one| &one.said)
    }
}
