//! Takes out of an API document the components that nothing in it reaches: an API with one
//! operation does not need what all of them have in common.

use serde_json::Value;
use std::collections::BTreeSet;

/// Sections whose components are reached by reference. Security schemes are reached by name.
const SECTIONS: [&str; 4] = ["schemas", "headers", "parameters", "responses"];

/// Drops every component that neither a path nor a reached component refers to.
pub fn unused(document: &mut Value) {
    let reached = reached(document);
    let Some(components) = document
        .get_mut("components")
        .and_then(Value::as_object_mut)
    else {
        return;
    };
    for section in SECTIONS {
        let Some(members) = components.get_mut(section).and_then(Value::as_object_mut) else {
            continue;
        };
        members.retain(|name, _| reached.contains(&format!("#/components/{section}/{name}")));
        if members.is_empty() {
            components.remove(section);
        }
    }
}

fn reached(document: &Value) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&Value> = document.get("paths").into_iter().collect();
    while let Some(next) = open.pop() {
        match next {
            Value::Object(members) => {
                if let Some(Value::String(target)) = members.get("$ref")
                    && reached.insert(target.clone())
                {
                    open.extend(target.strip_prefix('#').and_then(|to| document.pointer(to)));
                }
                open.extend(members.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_reached_over_other_components_stays_and_the_rest_goes() {
        let mut document = json!({
            "paths": { "/things": { "get": { "responses": {
                "200": { "$ref": "#/components/responses/Thing" }
            } } } },
            "components": {
                "responses": { "Thing": { "schema": { "$ref": "#/components/schemas/Thing" } } },
                "schemas": {
                    "Thing": { "items": { "$ref": "#/components/schemas/Thing" } },
                    "Other": { "items": { "$ref": "#/components/schemas/Third" } },
                    "Third": {}
                },
                "headers": { "Lonely": {} },
                "securitySchemes": { "oidc": {} }
            }
        });
        unused(&mut document);
        assert_eq!(
            document.get("components"),
            Some(&json!({
                "responses": { "Thing": { "schema": { "$ref": "#/components/schemas/Thing" } } },
                "schemas": { "Thing": { "items": { "$ref": "#/components/schemas/Thing" } } },
                "securitySchemes": { "oidc": {} }
            }))
        );
    }
}
