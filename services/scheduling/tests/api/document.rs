//! The API document says what a reader has to know.

use scheduling::api;
use serde_json::Value;
use shared_web::contract::Contract;
use std::collections::HashSet;

#[test]
fn every_schema_compiles_and_every_operation_has_a_name_of_its_own() {
    let document = api::document();
    let mut names = HashSet::new();
    for (_, item) in document["paths"].as_object().unwrap() {
        for (_, operation) in item.as_object().unwrap() {
            let name = operation["operationId"].as_str().unwrap().to_owned();
            assert!(names.insert(name.clone()), "{name} twice");
        }
    }
    assert!(names.len() > 35, "the document lost its operations");
    let contract = Contract::new("/scheduling/v1", document);
    assert_eq!(contract.broken_schemas(), Vec::<String>::new());
}

#[test]
fn every_property_is_described_and_has_an_example() {
    let document = api::document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let mut bare = Vec::new();
    for (name, schema) in schemas {
        for (property, member) in schema["properties"].as_object().into_iter().flatten() {
            if member.get("description").is_none() && !leads_to(&document, member, "description", 0)
            {
                bare.push(format!("{name}.{property} has no description"));
            }
            if !has_example(&document, member, 0) {
                bare.push(format!("{name}.{property} has no example"));
            }
        }
    }
    assert_eq!(bare, Vec::<String>::new());
}

fn leads_to(document: &Value, schema: &Value, member: &str, depth: usize) -> bool {
    let target = schema["$ref"]
        .as_str()
        .and_then(|name| document.pointer(&name[1..]));
    depth < 12 && target.is_some_and(|target| target.get(member).is_some())
}

fn has_example(document: &Value, schema: &Value, depth: usize) -> bool {
    if depth > 12 {
        return false;
    }
    if schema.get("example").is_some() || schema.get("examples").is_some() {
        return true;
    }
    if let Some(name) = schema["$ref"].as_str() {
        let target = document.pointer(&name[1..]);
        return target.is_some_and(|target| has_example(document, target, depth + 1));
    }
    if let Some(items) = schema.get("items") {
        return has_example(document, items, depth + 1);
    }
    for several in ["oneOf", "anyOf", "allOf"] {
        let parts = schema[several].as_array().into_iter().flatten();
        if parts
            .into_iter()
            .any(|part| has_example(document, part, depth + 1))
        {
            return true;
        }
    }
    let mut members = schema["properties"].as_object().into_iter().flatten();
    let map = schema.get("additionalProperties").is_some();
    map || (schema.get("properties").is_some()
        && members.all(|(_, member)| has_example(document, member, depth + 1)))
}
