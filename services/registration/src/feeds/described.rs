//! The catalogue as documents show it: as the webhooks of the API document, and as a table for
//! people.

use super::{
    body::MEDIA_TYPE,
    catalogue::{CATALOGUE, Known, roles},
};
use serde_json::{Map, Value, json};
use shared_types::Role;
use std::fmt::Write as _;

/// The webhooks of the API document: what is sent to endpoints, by type.
pub fn webhooks() -> Value {
    let all = CATALOGUE.iter();
    let all = all.map(|known| (known.name.to_owned(), json!({ "post": operation(known) })));
    Value::Object(all.collect::<Map<_, _>>())
}

fn operation(known: &Known) -> Value {
    let header = |name: &str, about: &str, (example, pattern): (&str, &str)| {
        json!({
            "name": name, "in": "header", "required": true, "description": about,
            "schema": { "type": "string", "maxLength": 2000, "pattern": pattern }, "example": example,
        })
    };
    let answer = |about: &str| json!({ "description": about });
    // Without the charset, which is a parameter and no part of the type.
    let media_type = MEDIA_TYPE.split(';').next().unwrap_or(MEDIA_TYPE);
    let mut content = Map::new();
    content.insert(
        media_type.to_owned(),
        json!({ "schema": { "$ref": "#/components/schemas/FeedEvent" }, "examples": { "example": { "value": example(known) } } }),
    );
    json!({
        "operationId": operation_id(known.name),
        "tags": ["webhooks"],
        "summary": known.about,
        "description": format!("{} Subject: {}. Heard by: {}.", known.about, known.subject, heard_by(known)),
        "security": [],
        "parameters": [
            header("webhook-id", "Id of the event: the same at every attempt.", (ID, "^[0-9a-f-]{36}$")),
            header("webhook-timestamp", "Seconds since 1970 at which the attempt was signed.", ("1649750400", "^[0-9]{1,12}$")),
            header("webhook-signature", "A signature for each secret that counts (Standard Webhooks): `v1,` and base64 of HMAC-SHA256.", ("v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=", "^v1,[A-Za-z0-9+/]{43}=( v1,[A-Za-z0-9+/]{43}=)*$")),
        ],
        "requestBody": { "required": true, "description": "The event.", "content": content },
        "responses": {
            "2XX": answer("The event is taken."),
            "410": answer("The endpoint wants no more: the webhook is disabled."),
            "default": answer("Anything else is a failure, redirects too: the event is sent again later."),
        },
    })
}

const ID: &str = "0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60";

fn example(known: &Known) -> Value {
    json!({
        "specversion": "1.0", "id": ID, "source": known.source, "type": known.name, "subject": ID,
        "time": "2022-04-12T08:00:00Z", "timestamp": "2022-04-12T08:00:00Z",
        "sequence": "00000000000000001234", "data": { "organiserId": ID },
    })
}

/// `onOfferAccepted` of `offer.accepted`.
fn operation_id(name: &str) -> String {
    let words = name.split(['.', '_']);
    words.fold("on".to_owned(), |id, word| {
        let mut letters = word.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        id + &first.map(String::from).unwrap_or_default() + letters.as_str()
    })
}

fn heard_by(known: &Known) -> String {
    let names = roles(known).iter().map(|role| match role {
        Role::Hr => "HR of the organisation",
        _ => "coordinators of the organiser",
    });
    names.collect::<Vec<_>>().join(", ")
}

/// The catalogue as a table of a Markdown document.
pub fn table() -> String {
    let mut text =
        "| type | from | subject | what has happened | HR hears it |\n|---|---|---|---|---|\n"
            .to_owned();
    for known in CATALOGUE {
        let hr = if known.hr { "yes" } else { "" };
        let source = known.source.trim_start_matches('/');
        // Writing to a String can't fail.
        let _ = writeln!(
            text,
            "| `{}` | {source} | {} | {} | {hr} |",
            known.name, known.subject, known.about
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_is_described_once() {
        let all = webhooks();
        assert_eq!(all.as_object().unwrap().len(), CATALOGUE.len());
        assert_eq!(
            all["offer.accepted"]["post"]["operationId"],
            "onOfferAccepted"
        );
        assert_eq!(
            operation_id("office.holder_changed"),
            "onOfficeHolderChanged"
        );
        assert_eq!(table().lines().count(), CATALOGUE.len() + 2);
    }
}
