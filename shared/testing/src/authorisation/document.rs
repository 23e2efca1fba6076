//! What an API document says of its operations.

use serde_json::Value;
use std::collections::BTreeSet;

/// The ids of a document's operations.
pub fn operations(document: &Value) -> BTreeSet<String> {
    let items = document["paths"].as_object().into_iter().flatten();
    let all = items.flat_map(|(_, item)| item.as_object().into_iter().flatten());
    all.filter_map(|(_, operation)| operation["operationId"].as_str().map(str::to_owned))
        .collect()
}

/// The method and address of an operation, and what stands in its body's example.
pub fn described(document: &Value, id: &str) -> Option<(String, String, Option<Value>)> {
    let items = document["paths"].as_object()?;
    items.iter().find_map(|(path, item)| {
        let methods = item.as_object()?;
        methods.iter().find_map(|(method, operation)| {
            (operation["operationId"] == id).then(|| {
                let content = operation["requestBody"]["content"].get("application/json");
                let example = content.map(|one| one["examples"]["example"]["value"].clone());
                (method.to_ascii_uppercase(), path.clone(), example)
            })
        })
    })
}

/// Method and address of every operation of a document.
pub(super) fn addressed(document: &Value) -> BTreeSet<String> {
    let items = document["paths"].as_object().into_iter().flatten();
    let all = items.flat_map(|(path, item)| {
        let methods = item.as_object().into_iter().flatten();
        methods.map(move |(method, _)| format!("{method} {path}"))
    });
    all.collect()
}
