//! Changes to a document (RFC 7644, 3.5.2), and what clients send that means the same.
//!
//! A new resource and a replaced one are read by the same rules: as an `add` to an empty
//! document. Nothing here touches the database; whether the document holds as a whole is judged
//! afterwards.

#[cfg(test)]
mod tests;

use super::{
    filter::{Filter, Literal, Operator, boolean, parse_selection},
    path::{self, Named},
    refusal::{invalid_path, invalid_syntax, invalid_value, mutability, no_target},
    schema::{Attribute, Kind, Mutability, Place, Resource},
};
use serde_json::{Map, Value, json};
use shared_types::Problem;

/// Changes in one request.
const MOST_OPERATIONS: usize = 500;
/// Values of one attribute.
const MOST_VALUES: usize = 10_000;
/// The schema of a request to change.
const MESSAGE: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// What a document is made of.
pub type Document = Map<String, Value>;

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Adds.
    Add,
    /// Replaces.
    Replace,
    /// Removes.
    Remove,
}

/// One change.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    verb: Verb,
    path: Option<String>,
    value: Option<Value>,
}

/// Reads a request to change.
pub fn read(body: &Value) -> Result<Vec<Operation>, Problem> {
    let syntax = || invalid_syntax("A change is an object with schemas and Operations.");
    let members = body.as_object().ok_or_else(syntax)?;
    let schemas = member(members, "schemas").and_then(Value::as_array);
    let is_message = schemas.is_some_and(|all| {
        let mut texts = all.iter().filter_map(Value::as_str);
        texts.any(|text| text.eq_ignore_ascii_case(MESSAGE))
    });
    if !is_message {
        return Err(invalid_syntax(format!("schemas has to name {MESSAGE}.")));
    }
    let all = member(members, "Operations").and_then(Value::as_array);
    let all = all.filter(|all| !all.is_empty()).ok_or_else(syntax)?;
    if all.len() > MOST_OPERATIONS {
        return Err(invalid_value(format!(
            "{MOST_OPERATIONS} changes at once at most."
        )));
    }
    all.iter().map(operation).collect()
}

/// A member by its name, whatever its case.
pub fn member<'a>(members: &'a Document, name: &str) -> Option<&'a Value> {
    let mut all = members.iter();
    all.find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}

fn operation(value: &Value) -> Result<Operation, Problem> {
    let members = value
        .as_object()
        .ok_or_else(|| invalid_syntax("An operation is an object."))?;
    let verb = member(members, "op")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let verb = match verb.to_ascii_lowercase().as_str() {
        "add" => Verb::Add,
        "replace" => Verb::Replace,
        "remove" => Verb::Remove,
        _ => return Err(invalid_syntax("op is add, replace or remove.")),
    };
    let path = match member(members, "path") {
        None | Some(Value::Null) => None,
        Some(Value::String(path)) if path.trim().is_empty() => None,
        Some(Value::String(path)) => Some(path.trim().to_owned()),
        Some(_) => return Err(invalid_path("A path is a text.")),
    };
    Ok(Operation {
        verb,
        path,
        value: member(members, "value").cloned(),
    })
}

/// Applies changes to a document.
pub fn apply(
    resource: &'static Resource,
    document: &mut Document,
    operations: Vec<Operation>,
) -> Result<(), Problem> {
    for one in operations {
        let Some(path) = one.path else {
            apply_whole(resource, document, one.verb, one.value)?;
            continue;
        };
        apply_at(resource, document, one.verb, &path, one.value)?;
    }
    Ok(())
}

/// The document of a resource as a client sends it whole. What is not kept and what the server
/// alone says is left out.
pub fn whole(resource: &'static Resource, body: &Value) -> Result<Document, Problem> {
    let syntax = || invalid_syntax(format!("A {} is an object with schemas.", resource.name));
    let members = body.as_object().ok_or_else(syntax)?;
    let schemas = member(members, "schemas").and_then(Value::as_array);
    let is_named = schemas.is_some_and(|all| {
        let mut texts = all.iter().filter_map(Value::as_str);
        texts.any(|text| text.eq_ignore_ascii_case(resource.schema))
    });
    if !is_named {
        return Err(invalid_syntax(format!(
            "schemas has to name {}.",
            resource.schema
        )));
    }
    let mut document = Document::new();
    for (name, value) in members {
        match path::resolve(resource, name) {
            None | Some(Named::NotKept) => {}
            Some(Named::Extension(urn)) => {
                extend(resource, &mut document, Verb::Add, urn, value, false)?;
            }
            Some(Named::Attribute(place)) if place.is_read_only() => {}
            Some(Named::Attribute(place)) => {
                set(&mut document, Verb::Replace, place, value)?;
            }
        }
    }
    Ok(document)
}

/// A change without a path: each member's name is one.
fn apply_whole(
    resource: &'static Resource,
    document: &mut Document,
    verb: Verb,
    value: Option<Value>,
) -> Result<(), Problem> {
    if verb == Verb::Remove {
        return Err(no_target("What is to be removed needs a path."));
    }
    let Some(Value::Object(members)) = value else {
        return Err(invalid_value("Without a path the value is an object."));
    };
    for (name, value) in &members {
        match path::resolve(resource, name) {
            // What a client read and sends back is not an attempt to change it.
            Some(Named::Attribute(place)) if place.is_read_only() => {}
            Some(Named::Extension(urn)) => extend(resource, document, verb, urn, value, true)?,
            _ => apply_at(resource, document, verb, name, Some(value.clone()))?,
        }
    }
    Ok(())
}

fn extend(
    resource: &'static Resource,
    document: &mut Document,
    verb: Verb,
    urn: &'static str,
    value: &Value,
    strict: bool,
) -> Result<(), Problem> {
    let Value::Object(members) = value else {
        return match value {
            Value::Null => {
                document.remove(urn);
                Ok(())
            }
            _ => Err(invalid_value(format!("{urn} is an object."))),
        };
    };
    for (name, value) in members {
        let path = format!("{urn}:{name}");
        match path::resolve(resource, &path) {
            Some(Named::Attribute(place)) if !place.is_read_only() => {
                set(document, verb, place, value)?;
            }
            // Some clients say again what the extension is.
            None if strict && !name.eq_ignore_ascii_case("schemas") => {
                return Err(invalid_path(unknown(&path)));
            }
            _ => {}
        }
    }
    Ok(())
}

fn unknown(path: &str) -> String {
    let path: String = path.chars().take(200).collect();
    format!("There is nothing at {path:?}.")
}

fn apply_at(
    resource: &'static Resource,
    document: &mut Document,
    verb: Verb,
    path: &str,
    value: Option<Value>,
) -> Result<(), Problem> {
    if path.contains('[') {
        let Some(selection) = parse_selection(resource, path)? else {
            return Ok(());
        };
        let place = selection.place;
        refuse_read_only(&place)?;
        return select(document, verb, place, &selection.filter, value);
    }
    let place = match path::resolve(resource, path) {
        Some(Named::Attribute(place)) => place,
        Some(Named::NotKept) => return Ok(()),
        Some(Named::Extension(urn)) if verb == Verb::Remove => {
            document.remove(urn);
            return Ok(());
        }
        Some(Named::Extension(urn)) => {
            return extend(
                resource,
                document,
                verb,
                urn,
                &value.unwrap_or_default(),
                true,
            );
        }
        None => return Err(invalid_path(unknown(path))),
    };
    refuse_read_only(&place)?;
    if verb != Verb::Remove {
        let value = value.ok_or_else(|| invalid_value(format!("{path} needs a value.")))?;
        return set(document, verb, place, &value);
    }
    match value {
        // Entra ID names the members to remove by value.
        Some(value) if place.attribute.many && place.part.is_none() && !is_nothing(&value) => {
            remove_named(document, place, &value)
        }
        _ => remove(document, place),
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

fn refuse_read_only(place: &Place) -> Result<(), Problem> {
    if place.is_read_only() {
        return Err(mutability(format!(
            "{} can't be changed.",
            place.attribute.name
        )));
    }
    let part = place
        .part
        .filter(|part| part.mutability == Mutability::Immutable);
    match part {
        Some(part) => Err(mutability(format!(
            "{}.{} can't be changed; remove the value and add another.",
            place.attribute.name, part.name
        ))),
        None => Ok(()),
    }
}

/// Where the attributes of a place stand.
fn top<'a>(document: &'a mut Document, place: &Place) -> Option<&'a mut Document> {
    let Some(urn) = place.extension else {
        return Some(document);
    };
    let extension = document.entry(urn).or_insert_with(|| json!({}));
    extension.as_object_mut()
}

/// Adds or replaces what stands at a place.
fn set(document: &mut Document, verb: Verb, place: Place, value: &Value) -> Result<(), Problem> {
    let attribute = place.attribute;
    let Some(top) = top(document, &place) else {
        return Ok(());
    };
    if let Some(part) = place.part {
        let value = coerce(part, value)?;
        let slot = top
            .entry(attribute.name)
            .or_insert_with(|| empty(attribute));
        match slot {
            Value::Array(items) => {
                if items.is_empty() {
                    items.push(json!({}));
                }
                for item in items.iter_mut() {
                    put(item, part, value.as_ref());
                }
            }
            one => put(one, part, value.as_ref()),
        }
        clean(top, attribute);
        return Ok(());
    }
    if attribute.many {
        let new = several(attribute, value)?;
        let old = match top.remove(attribute.name) {
            Some(Value::Array(items)) if verb == Verb::Add => items,
            _ => Vec::new(),
        };
        top.insert(attribute.name.to_owned(), joined(old, new).into());
        clean(top, attribute);
        return Ok(());
    }
    match (coerce(attribute, value)?, attribute.kind) {
        (None, _) => {
            top.remove(attribute.name);
        }
        // Parts that are not named stay.
        (Some(Value::Object(parts)), Kind::Complex) => {
            let slot = top.entry(attribute.name).or_insert_with(|| json!({}));
            if let Some(there) = slot.as_object_mut() {
                // Another reference is another resource, whatever was known of the former.
                if parts.contains_key("value") || parts.contains_key("$ref") {
                    there.clear();
                }
                there.extend(parts);
            }
        }
        (Some(value), _) => {
            top.insert(attribute.name.to_owned(), value);
        }
    }
    clean(top, attribute);
    Ok(())
}

fn empty(attribute: &Attribute) -> Value {
    if attribute.many { json!([]) } else { json!({}) }
}

fn put(target: &mut Value, part: &Attribute, value: Option<&Value>) {
    let Some(members) = target.as_object_mut() else {
        return;
    };
    match value {
        Some(value) => members.insert(part.name.to_owned(), value.clone()),
        None => members.remove(part.name),
    };
}

/// Old values and new ones; who is named again takes the newer form, and of two primary ones the
/// newer is.
fn joined(mut old: Vec<Value>, new: Vec<Value>) -> Vec<Value> {
    if new.iter().any(is_primary) {
        for one in &mut old {
            put_primary(one, false);
        }
    }
    let mut places: std::collections::HashMap<String, usize> = old
        .iter()
        .enumerate()
        .filter_map(|(place, one)| Some((one.get("value")?.to_string(), place)))
        .collect();
    for one in new {
        let name = one.get("value").map(Value::to_string);
        let known = name.as_ref().and_then(|name| places.get(name).copied());
        if let Some(there) = known.and_then(|place| old.get_mut(place)) {
            *there = one;
            continue;
        }
        if let Some(name) = name {
            places.insert(name, old.len());
        }
        old.push(one);
    }
    old
}

fn is_primary(value: &Value) -> bool {
    value.get("primary") == Some(&Value::Bool(true))
}

fn put_primary(value: &mut Value, primary: bool) {
    if let Some(slot) = value.get_mut("primary") {
        *slot = primary.into();
    }
}

/// Changes those of several values that a filter names.
fn select(
    document: &mut Document,
    verb: Verb,
    place: Place,
    filter: &Filter,
    value: Option<Value>,
) -> Result<(), Problem> {
    let attribute = place.attribute;
    let Some(top) = top(document, &place) else {
        return Ok(());
    };
    let slot = top.entry(attribute.name).or_insert_with(|| json!([]));
    let Some(items) = slot.as_array_mut() else {
        return Ok(());
    };
    if verb == Verb::Remove {
        let before = items.len();
        match place.part {
            Some(part) => {
                for item in items.iter_mut().filter(|item| filter.fits_element(item)) {
                    put(item, part, None);
                }
            }
            None => items.retain(|item| !filter.fits_element(item)),
        }
        if items.is_empty() && before > 0 {
            refuse_required(attribute)?;
        }
        clean(top, attribute);
        return Ok(());
    }
    let value = value.ok_or_else(|| invalid_value("What is set needs a value."))?;
    let new = match place.part {
        Some(part) => match coerce(part, &value)? {
            Some(value) => json!({ part.name: value }),
            None => json!({}),
        },
        None => several(attribute, &value)?
            .into_iter()
            .next()
            .unwrap_or_default(),
    };
    let parts = new.as_object().cloned().unwrap_or_default();
    if is_primary(&new) {
        for item in items.iter_mut() {
            put_primary(item, false);
        }
    }
    let mut found = false;
    for item in items.iter_mut().filter(|item| filter.fits_element(item)) {
        found = true;
        if let Some(members) = item.as_object_mut() {
            members.extend(parts.clone());
        }
        if let (Some(part), true) = (place.part, parts.is_empty()) {
            put(item, part, None);
        }
    }
    if !found {
        // Entra ID sets `emails[type eq "work"].value` where there is none yet.
        let mut item = template(filter).ok_or_else(|| no_target("The path matches no value."))?;
        item.extend(parts);
        items.push(item.into());
    }
    clean(top, attribute);
    Ok(())
}

/// A value that fulfils a filter that only asks for equality.
fn template(filter: &Filter) -> Option<Document> {
    let mut item = Document::new();
    for one in filter.conjuncts() {
        let Filter::Compare(place, Operator::Equal, literal) = one else {
            return None;
        };
        let value = match literal {
            Literal::Text(text) => Value::from(text.as_str()),
            Literal::Boolean(value) => Value::from(*value),
            Literal::Instant(_) | Literal::Null => return None,
        };
        item.insert(place.part?.name.to_owned(), value);
    }
    Some(item)
}

fn remove(document: &mut Document, place: Place) -> Result<(), Problem> {
    let attribute = place.attribute;
    let Some(part) = place.part else {
        refuse_required(attribute)?;
        if let Some(top) = top(document, &place) {
            top.remove(attribute.name);
        }
        return Ok(());
    };
    let Some(top) = top(document, &place) else {
        return Ok(());
    };
    match top.get_mut(attribute.name) {
        Some(Value::Array(items)) => items.iter_mut().for_each(|item| put(item, part, None)),
        Some(one) => put(one, part, None),
        None => {}
    }
    clean(top, attribute);
    Ok(())
}

fn refuse_required(attribute: &Attribute) -> Result<(), Problem> {
    if attribute.required {
        return Err(mutability(format!("{} can't be removed.", attribute.name)));
    }
    Ok(())
}

fn remove_named(document: &mut Document, place: Place, value: &Value) -> Result<(), Problem> {
    let attribute = place.attribute;
    let named: std::collections::HashSet<String> = several(attribute, value)?
        .iter()
        .filter_map(|one| Some(one.get("value")?.to_string()))
        .collect();
    let Some(top) = top(document, &place) else {
        return Ok(());
    };
    if let Some(Value::Array(items)) = top.get_mut(attribute.name) {
        items.retain(|item| {
            let name = item.get("value").map(Value::to_string);
            !name.is_some_and(|name| named.contains(&name))
        });
        if items.is_empty() {
            refuse_required(attribute)?;
        }
    }
    clean(top, attribute);
    Ok(())
}

/// Takes away what is empty: an attribute without a value is none.
fn clean(top: &mut Document, attribute: &Attribute) {
    let is_empty = |value: &Value| value.as_object().is_some_and(Map::is_empty);
    if let Some(Value::Array(items)) = top.get_mut(attribute.name) {
        items.retain(|item| !is_empty(item));
    }
    let nothing = match top.get(attribute.name) {
        Some(Value::Array(items)) => items.is_empty(),
        Some(one) => is_empty(one),
        None => false,
    };
    if nothing {
        top.remove(attribute.name);
    }
}

fn several(attribute: &'static Attribute, value: &Value) -> Result<Vec<Value>, Problem> {
    let all = match value {
        Value::Null => Vec::new(),
        Value::Array(items) => items.iter().collect(),
        one => vec![one],
    };
    if all.len() > MOST_VALUES {
        return Err(invalid_value(format!(
            "{} has {MOST_VALUES} values at most.",
            attribute.name
        )));
    }
    let mut values = Vec::with_capacity(all.len());
    for one in all {
        values.extend(coerce(attribute, one)?);
    }
    if values.iter().filter(|one| is_primary(one)).count() > 1 {
        return Err(invalid_value(format!(
            "One value of {} is the primary one.",
            attribute.name
        )));
    }
    Ok(values)
}

/// A value in the form that an attribute has; `None` where it is none.
fn coerce(attribute: &'static Attribute, value: &Value) -> Result<Option<Value>, Problem> {
    let refuse = |what: &str| Err(invalid_value(format!("{} is {what}.", attribute.name)));
    match (attribute.kind, value) {
        (_, Value::Null) => Ok(None),
        (Kind::Boolean, Value::Bool(_)) => Ok(Some(value.clone())),
        // Entra ID writes them as texts.
        (Kind::Boolean, Value::String(word)) => match boolean(word) {
            Some(value) => Ok(Some(value.into())),
            None => refuse("true or false"),
        },
        (Kind::Boolean, _) => refuse("true or false"),
        (Kind::Complex, Value::Object(members)) => parts(attribute, members),
        (Kind::Complex, Value::Array(items)) => match items.as_slice() {
            [] => Ok(None),
            [Value::Object(members)] => parts(attribute, members),
            _ => refuse("one object"),
        },
        (Kind::Complex, Value::String(text)) => match super::schema::find(attribute.parts, "value")
        {
            Some(part) => Ok(coerce(part, &json!(text))?.map(|value| json!({ "value": value }))),
            None => refuse("an object"),
        },
        (Kind::Complex, _) => refuse("an object"),
        (_, Value::String(text)) => short_enough(attribute, text),
        (Kind::Text, Value::Number(number)) => short_enough(attribute, &number.to_string()),
        (Kind::Text, Value::Array(items)) => match items.as_slice() {
            [] => Ok(None),
            [Value::String(text)] => short_enough(attribute, text),
            _ => refuse("one text"),
        },
        (Kind::Text | Kind::Reference | Kind::Instant, _) => refuse("a text"),
    }
}

fn short_enough(attribute: &Attribute, text: &str) -> Result<Option<Value>, Problem> {
    if text.contains('\0') {
        return Err(invalid_value(format!(
            "{} holds a NUL character.",
            attribute.name
        )));
    }
    if text.chars().count() > attribute.most {
        return Err(invalid_value(format!(
            "{} has {} characters at most.",
            attribute.name, attribute.most
        )));
    }
    Ok((!text.trim().is_empty()).then(|| text.into()))
}

fn parts(attribute: &'static Attribute, members: &Document) -> Result<Option<Value>, Problem> {
    let mut parts = Document::new();
    for (name, value) in members {
        let Some(part) = super::schema::find(attribute.parts, name) else {
            continue;
        };
        if part.mutability == Mutability::ReadOnly {
            continue;
        }
        if let Some(value) = coerce(part, value)? {
            parts.insert(part.name.to_owned(), value);
        }
    }
    // A reference says by its last segment whom it means.
    if !parts.contains_key("value")
        && let Some(id) = parts.get("$ref").and_then(Value::as_str)
    {
        let id = id.rsplit('/').next().unwrap_or_default().to_owned();
        parts.insert("value".to_owned(), id.into());
    }
    Ok((!parts.is_empty()).then(|| parts.into()))
}

/// Leaves of a document what was asked for (RFC 7644, 3.9).
pub fn shown(
    resource: &'static Resource,
    document: Value,
    attributes: Option<&str>,
    excluded: Option<&str>,
) -> Result<Value, Problem> {
    let Value::Object(mut document) = document else {
        return Ok(document);
    };
    if let Some(names) = attributes {
        let mut kept = Document::new();
        for attribute in super::schema::COMMON.iter().chain(resource.attributes) {
            if attribute.always
                && let Some(value) = document.get(attribute.name)
            {
                kept.insert(attribute.name.to_owned(), value.clone());
            }
        }
        for name in names
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty())
        {
            match path::resolve(resource, name) {
                Some(Named::Attribute(place)) => copy(&document, &mut kept, &place),
                Some(Named::Extension(urn)) => {
                    if let Some(value) = document.get(urn) {
                        kept.insert(urn.to_owned(), value.clone());
                    }
                }
                Some(Named::NotKept) | None => {}
            }
        }
        return Ok(kept.into());
    }
    let excluded = excluded.unwrap_or_default().split(',').map(str::trim);
    for name in excluded.filter(|name| !name.is_empty()) {
        match path::resolve(resource, name) {
            Some(Named::Attribute(place)) if !place.attribute.always => hide(&mut document, &place),
            Some(Named::Extension(urn)) => {
                document.remove(urn);
            }
            _ => {}
        }
    }
    Ok(document.into())
}

fn copy(from: &Document, to: &mut Document, place: &Place) {
    let source = match place.extension {
        Some(urn) => from.get(urn).and_then(Value::as_object),
        None => Some(from),
    };
    let Some(value) = source.and_then(|source| source.get(place.attribute.name)) else {
        return;
    };
    let value = match (place.part, value) {
        (None, value) => value.clone(),
        (Some(part), Value::Array(items)) => {
            let only = items
                .iter()
                .map(|item| json!({ part.name: item.get(part.name) }));
            only.collect::<Vec<_>>().into()
        }
        (Some(part), one) => json!({ part.name: one.get(part.name) }),
    };
    let Some(target) = top(to, place) else {
        return;
    };
    match (target.get_mut(place.attribute.name), value) {
        (Some(Value::Object(there)), Value::Object(more)) => there.extend(more),
        (_, value) => {
            target.insert(place.attribute.name.to_owned(), value);
        }
    }
}

fn hide(document: &mut Document, place: &Place) {
    let source = match place.extension {
        Some(urn) => document.get_mut(urn).and_then(Value::as_object_mut),
        None => Some(document),
    };
    let Some(source) = source else {
        return;
    };
    match (place.part, source.get_mut(place.attribute.name)) {
        (None, _) => {
            source.remove(place.attribute.name);
        }
        (Some(part), Some(Value::Array(items))) => {
            for item in items.iter_mut() {
                put(item, part, None);
            }
        }
        (Some(part), Some(one)) => put(one, part, None),
        (Some(_), None) => {}
    }
}

/// Refuses a filter or an attribute that this resource does not have; for sorting.
pub fn sort_place(resource: &'static Resource, name: &str) -> Result<Place, Problem> {
    match path::resolve(resource, name) {
        Some(Named::Attribute(place)) => {
            let value = || super::schema::find(place.attribute.parts, "value");
            Ok(Place {
                part: place.part.or_else(value),
                ..place
            })
        }
        _ => Err(invalid_value(unknown(name))),
    }
}

/// How two documents stand to each other by an attribute; who has none comes last.
pub fn order(place: &Place, one: &Value, other: &Value) -> std::cmp::Ordering {
    let key = |document: &Value| {
        let value = place.values(document).into_iter().next().cloned();
        let text = value.map(|value| match value {
            Value::String(text) => text,
            other => other.to_string(),
        });
        let exact = place.part.unwrap_or(place.attribute).case_exact;
        let text = text.map(|text| if exact { text } else { text.to_lowercase() });
        (text.is_none(), text)
    };
    key(one).cmp(&key(other))
}
