//! What Open Badges 3.0 and Bitstring Status List 1.0 demand of a credential, as schemas written
//! down from the specifications.

use serde_json::{Value, json};

fn assert_valid(schema: &Value, value: &Value) {
    let validator = jsonschema::validator_for(schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{}\n{value:#}", errors.join("\n"));
}

/// Members of every credential that is secured as a JWT.
fn credential(kind: &str, subject: &Value, context: &[&str]) -> Value {
    let uri = json!({ "type": "string", "pattern": "^[a-z][a-z0-9+.-]*:.+" });
    let positions: Vec<Value> = context.iter().map(|one| json!({ "const": one })).collect();
    json!({
        "type": "object",
        "required": ["@context", "id", "type", "issuer", "validFrom", "credentialSubject",
            "iss", "jti", "sub", "nbf"],
        "properties": {
            "@context": { "type": "array", "prefixItems": positions, "minItems": positions.len() },
            "id": uri,
            "type": { "type": "array", "allOf": [
                { "contains": { "const": "VerifiableCredential" } },
                { "contains": { "const": kind } },
            ] },
            "issuer": { "type": "object", "required": ["id", "type", "name"], "properties": {
                "id": uri,
                "type": { "type": "array", "contains": { "const": "Profile" } },
                "name": { "type": "string", "minLength": 1 },
            } },
            "validFrom": { "type": "string", "pattern": "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$" },
            "credentialSubject": subject,
            "nbf": { "type": "integer" },
        },
    })
}

/// An `OpenBadgeCredential` (section B.1.1 and its parts).
pub(super) fn assert_badge(claims: &Value) {
    let text = json!({ "type": "string", "minLength": 1 });
    let subject = json!({
        "type": "object",
        "required": ["id", "type", "achievement"],
        "properties": {
            "type": { "type": "array", "contains": { "const": "AchievementSubject" } },
            "identifier": { "type": "array", "items": {
                "type": "object",
                "required": ["type", "identityHash", "identityType", "hashed"],
                "properties": {
                    "type": { "const": "IdentityObject" },
                    "identityHash": text,
                    "identityType": { "enum": ["name", "emailAddress", "sourcedId", "systemId"] },
                    "hashed": { "type": "boolean" },
                },
                "additionalProperties": false,
            } },
            "achievement": {
                "type": "object",
                "required": ["id", "type", "name", "description", "criteria"],
                "properties": {
                    "id": { "type": "string", "pattern": "^urn:uuid:" },
                    "type": { "type": "array", "contains": { "const": "Achievement" } },
                    "achievementType": { "const": "Certificate" },
                    "name": text, "description": text,
                    "inLanguage": { "type": "string", "pattern": "^[a-z]{2}$" },
                    "criteria": { "type": "object", "required": ["narrative"] },
                },
            },
        },
    });
    let context = [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ];
    assert_valid(
        &credential("OpenBadgeCredential", &subject, &context),
        claims,
    );
    let status = json!({ "type": "object",
        "required": ["id", "type", "statusPurpose", "statusListIndex", "statusListCredential"],
        "properties": {
            "type": { "const": "BitstringStatusListEntry" },
            "statusPurpose": { "const": "revocation" },
            "statusListIndex": { "type": "string", "pattern": "^[0-9]+$" },
        },
    });
    assert_valid(&status, &claims["credentialStatus"]);
    assert_named(claims);
    assert_ne!(claims["validFrom"], Value::Null);
}

/// A `BitstringStatusListCredential`.
pub(super) fn assert_status_list(claims: &Value) {
    let subject = json!({
        "type": "object",
        "required": ["id", "type", "statusPurpose", "encodedList"],
        "properties": {
            "type": { "const": "BitstringStatusList" },
            "statusPurpose": { "const": "revocation" },
            "encodedList": { "type": "string", "pattern": "^u[A-Za-z0-9_-]+$" },
            "ttl": { "type": "integer", "minimum": 1 },
        },
    });
    let context = ["https://www.w3.org/ns/credentials/v2"];
    let schema = credential("BitstringStatusListCredential", &subject, &context);
    assert_valid(&schema, claims);
    assert_named(claims);
}

/// The names of the JWT and those of the credential are the same.
fn assert_named(claims: &Value) {
    assert_eq!(claims["iss"], claims["issuer"]["id"]);
    assert_eq!(claims["jti"], claims["id"]);
    assert_eq!(claims["sub"], claims["credentialSubject"]["id"]);
    let from: chrono::DateTime<chrono::Utc> =
        claims["validFrom"].as_str().unwrap().parse().unwrap();
    assert_eq!(claims["nbf"], json!(from.timestamp()));
}
