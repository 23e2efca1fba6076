//! Enums and structures in columns: enums as the words of the API, structures as JSON.

use crate::DatabaseError;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// An enum's word.
pub fn text(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(text)) => text,
        _ => String::new(),
    }
}

/// The enum of a word.
pub fn parse<T: DeserializeOwned>(text: &str) -> Result<T, DatabaseError> {
    serde_json::from_value(Value::String(text.to_owned()))
        .map_err(|error| DatabaseError::Corrupt(format!("{text:?}: {error}")))
}

/// A structure as JSON.
pub fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// The structure in a JSON column.
pub fn from_json<T: DeserializeOwned>(value: Value) -> Result<T, DatabaseError> {
    serde_json::from_value(value).map_err(|error| DatabaseError::Corrupt(error.to_string()))
}
