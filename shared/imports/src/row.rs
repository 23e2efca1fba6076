//! A row on its way to the service: what it says, and the body that the API's own operation
//! would get.

use crate::trouble::{Refused, Trouble, column_of};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use shared_types::{FieldProblem, Language, LocalizedText, Problem};
use shared_web::contract::Contract;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The row's id.
    pub id: Uuid,
    /// The key of its thing in the other system.
    pub key: String,
    /// What the key stands for here, so far.
    pub known: Option<Uuid>,
    /// What it says, by column.
    pub said: Map<String, Value>,
}

impl Row {
    /// Whether the file has a column, whatever stands in it.
    pub fn says(&self, column: &str) -> bool {
        self.said.contains_key(column)
    }

    /// The text in a column.
    pub fn text(&self, column: &str) -> Option<&str> {
        self.said.get(column)?.as_str()
    }

    /// The id in a column.
    pub fn id(&self, column: &str) -> Option<Uuid> {
        self.text(column)?.parse().ok()
    }

    /// What there is, with what the row says laid over it: a column that the file does not have
    /// changes nothing, and an empty cell takes away.
    pub fn over(&self, there: Value, without: &[&str]) -> Value {
        let mut body = there;
        for (column, value) in &self.said {
            if !without.contains(&column.as_str()) {
                lay(&mut body, column, value);
            }
        }
        body
    }
}

fn lay(body: &mut Value, column: &str, value: &Value) {
    let Some(members) = body.as_object_mut() else {
        return;
    };
    let Some((first, rest)) = column.split_once('.') else {
        if value.is_null() {
            members.remove(column);
        } else {
            members.insert(column.to_owned(), value.clone());
        }
        return;
    };
    let part = members
        .entry(first)
        .or_insert_with(|| Value::Object(Map::new()));
    lay(part, rest, value);
    if part.as_object().is_some_and(Map::is_empty) {
        members.remove(first);
    }
}

/// Reads a body by what the document says of an operation, as if it had come there.
pub fn read<T: DeserializeOwned>(
    contract: &Contract,
    operation: &str,
    body: Value,
) -> Result<T, Refused> {
    let known = contract.operation(operation);
    let known = known.ok_or_else(|| Problem::internal(format!("no operation {operation}")))?;
    let found = |language| known.check_body(&body, language).unwrap_or_default();
    let english = found(Language::English);
    if !english.is_empty() {
        let (swedish, danish) = (found(Language::Swedish), found(Language::Danish));
        let told = english.into_iter().enumerate().map(|(at, violation)| {
            let others = [(Language::Swedish, &swedish), (Language::Danish, &danish)];
            let others = others.map(|(language, all)| (language, all.get(at)));
            trouble(violation, others)
        });
        return Err(Refused::Because(told.collect()));
    }
    let read = serde_json::from_value(body);
    read.map_err(|error| {
        let violation = FieldProblem::pointer("", "invalid", error.to_string());
        Refused::Because(vec![trouble(violation, [])])
    })
}

fn trouble<'a>(
    english: FieldProblem,
    others: impl IntoIterator<Item = (Language, Option<&'a FieldProblem>)>,
) -> Trouble {
    let mut detail = BTreeMap::from([(Language::English.tag().to_owned(), english.detail)]);
    for (language, violation) in others {
        if let Some(violation) = violation {
            detail.insert(language.tag().to_owned(), violation.detail.clone());
        }
    }
    Trouble {
        code: english.code.to_string(),
        column: english.pointer.as_deref().and_then(column_of),
        detail: LocalizedText(detail),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn row(said: Value) -> Row {
        Row {
            id: Uuid::nil(),
            key: "1".into(),
            known: None,
            said: said.as_object().unwrap().clone(),
        }
    }

    #[test]
    fn what_is_not_said_stays_and_an_empty_cell_takes_away() {
        let there =
            json!({ "name": "A", "phone": "1", "contact": { "name": "B", "email": "b@x" } });
        let said = row(json!({ "name": "C", "phone": null, "contact.email": null, "id": "x" }));
        assert_eq!(
            said.over(there, &["id"]),
            json!({ "name": "C", "contact": { "name": "B" } })
        );
    }

    #[test]
    fn a_part_of_which_nothing_is_said_is_not_there() {
        let empty = row(json!({ "contact.name": null, "contact.email": null }));
        assert_eq!(
            empty.over(json!({ "name": "A" }), &[]),
            json!({ "name": "A" })
        );
        let part = row(json!({ "address.street": "Gatan", "address.town": null }));
        assert_eq!(
            part.over(json!({}), &[]),
            json!({ "address": { "street": "Gatan" } })
        );
    }

    #[test]
    fn a_body_is_judged_by_the_document_and_its_columns_are_named() {
        let contract = Contract::new(
            "/x/v1",
            json!({ "paths": { "/things": { "post": { "operationId": "createThing", "requestBody": {
                "content": { "application/json": { "schema": { "type": "object", "properties": {
                    "address": { "type": "object", "properties": { "town": { "type": "string", "maxLength": 2 } } }
                } } } }
            } } } } }),
        );
        let body = json!({ "address": { "town": "Linköping" } });
        let Err(Refused::Because(found)) = read::<Value>(&contract, "createThing", body) else {
            panic!("a refusal");
        };
        assert_eq!(
            (found[0].code.as_str(), found[0].column.as_deref()),
            ("too_long", Some("address.town"))
        );
        assert_eq!(found[0].detail.best(Language::Swedish), "Högst 2 tecken.");
        assert!(read::<Value>(&contract, "createThing", json!({})).is_ok());
    }
}
