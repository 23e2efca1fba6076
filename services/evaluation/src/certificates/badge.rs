//! The credential of a certificate: Open Badges 3.0 over the W3C's data model 2.0, signed as a JWT
//! (its section 8.2), and the status list that says whether it still holds (Bitstring Status
//! List 1.0).

use super::{code, entity, list_entity};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, SecondsFormat, Utc};
use flate2::{Compression, GzBuilder};
use serde_json::{Value, json};
use shared_database::{DatabaseError, column};
use shared_types::{Language, LocalizedText, OrganisationId, Problem};
use std::{fmt::Display, io::Write as _};

/// Entries of a status list: the least that the specification allows, so that an entry hides
/// among many.
pub const LIST_ENTRIES: i32 = 131_072;
/// How long a verifier may keep a status list, in milliseconds.
const LIST_KEPT_MILLISECONDS: i64 = 300_000;

/// Addresses of what is published.
#[derive(Clone, Copy, Debug)]
pub struct Addresses<'a> {
    /// Where people reach Akademi, without a trailing slash.
    pub origin: &'a str,
}

impl Addresses<'_> {
    /// The page that checks a certificate.
    pub fn verification(self, code: &str) -> String {
        let code = code::shown(code);
        format!("{}/evaluation/pages/certificates/{code}", self.origin)
    }

    /// The profile of an organiser as an issuer.
    pub fn issuer(self, organiser: impl Display) -> String {
        format!("{}/evaluation/pages/issuers/{organiser}", self.origin)
    }

    /// A public key.
    pub fn key(self, name: &str) -> String {
        format!("{}/evaluation/pages/issuer-keys/{name}", self.origin)
    }

    /// A status list.
    pub fn list(self, id: impl Display) -> String {
        format!("{}/evaluation/pages/status-lists/{id}", self.origin)
    }
}

/// An organiser as an issuer.
pub fn profile(organiser: OrganisationId, name: &str, at: Addresses<'_>) -> Value {
    json!({
        "@context": [CREDENTIALS, OPEN_BADGES],
        "id": at.issuer(organiser),
        "type": ["Profile"],
        "name": name,
        "url": at.origin,
    })
}

const CREDENTIALS: &str = "https://www.w3.org/ns/credentials/v2";
const OPEN_BADGES: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";

/// The claims of a certificate's credential.
pub fn credential(row: &entity::Model, at: Addresses<'_>) -> Result<Value, DatabaseError> {
    let language: Language = column::parse(&row.language)?;
    let programme: LocalizedText = column::from_json(row.programme_name.clone())?;
    let round: LocalizedText = column::from_json(row.round_name.clone())?;
    let (programme, round) = (programme.best(language), round.best(language));
    let issuer = at.issuer(row.organiser_id);
    let (id, subject) = (urn(row.id), urn(row.application_id));
    let list = at.list(row.status_list_id);
    let credential = json!({
        "@context": [CREDENTIALS, OPEN_BADGES],
        "id": id,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": programme,
        "issuer": { "id": issuer, "type": ["Profile"], "name": row.organiser_name },
        "validFrom": instant(row.issued_at),
        "credentialSubject": {
            "id": subject,
            "type": ["AchievementSubject"],
            "identifier": [{
                "type": "IdentityObject",
                "identityType": "name",
                "identityHash": row.name,
                "hashed": false,
            }],
            "activityStartDate": row.starts_on.map(|day| format!("{day}T00:00:00Z")),
            "activityEndDate": row.ends_on.map(|day| format!("{day}T00:00:00Z")),
            "achievement": {
                "id": urn(row.programme_id),
                "type": ["Achievement"],
                "achievementType": "Certificate",
                "name": programme,
                "description": round,
                "inLanguage": language.tag(),
                "criteria": { "narrative": criteria(language) },
            },
        },
        "evidence": [{
            "id": at.verification(&row.code),
            "type": ["Evidence"],
            "name": code::shown(&row.code),
        }],
        "credentialStatus": {
            "id": format!("{list}#{}", row.status_index),
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": row.status_index.to_string(),
            "statusListCredential": list,
        },
    });
    let names = (issuer.as_str(), id.as_str(), subject.as_str());
    Ok(claims(without_null(credential), names, row.issued_at))
}

/// What has to be fulfilled, in words.
fn criteria(language: Language) -> &'static str {
    match language {
        Language::English => "Completed the programme by the organiser's published rule.",
        Language::Swedish => "Har slutfört utbildningen enligt anordnarens regel.",
        Language::Danish => "Har gennemført uddannelsen efter udbyderens regel.",
    }
}

/// The claims of a status list's credential. `revoked` are the places of certificates that do not
/// hold any more.
pub fn status_list(
    row: &list_entity::Model,
    organiser_name: &str,
    revoked: &[i32],
    at: Addresses<'_>,
) -> Result<Value, Problem> {
    let (list, issuer) = (at.list(row.id), at.issuer(row.organiser_id));
    let subject = format!("{list}#list");
    let credential = json!({
        "@context": [CREDENTIALS],
        "id": list,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": { "id": issuer, "type": ["Profile"], "name": organiser_name },
        "validFrom": instant(row.modified_at),
        "credentialSubject": {
            "id": subject,
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded(revoked)?,
            "ttl": LIST_KEPT_MILLISECONDS,
        },
    });
    let names = (issuer.as_str(), list.as_str(), subject.as_str());
    Ok(claims(credential, names, row.modified_at))
}

/// The bits of a list, the first place at the left, compressed (section 4.1 of its specification).
fn encoded(set: &[i32]) -> Result<String, Problem> {
    let bytes = usize::try_from(LIST_ENTRIES / 8).unwrap_or(0);
    let mut bits = vec![0u8; bytes];
    for place in set {
        let place = usize::try_from(*place).unwrap_or(usize::MAX);
        if let Some(byte) = bits.get_mut(place / 8) {
            *byte |= 0x80 >> (place % 8);
        }
    }
    // No time and no name in its head: the same list is the same bytes.
    let mut gzip = GzBuilder::new()
        .mtime(0)
        .write(Vec::new(), Compression::best());
    gzip.write_all(&bits).map_err(Problem::internal)?;
    let bytes = gzip.finish().map_err(Problem::internal)?;
    Ok(format!("u{}", URL_SAFE_NO_PAD.encode(bytes)))
}

/// A credential as the claims of a JWT: its members, and those by which a JWT names them.
fn claims(mut credential: Value, names: (&str, &str, &str), from: DateTime<Utc>) -> Value {
    let (issuer, id, subject) = names;
    if let Some(members) = credential.as_object_mut() {
        members.insert("iss".into(), json!(issuer));
        members.insert("jti".into(), json!(id));
        members.insert("sub".into(), json!(subject));
        members.insert("nbf".into(), json!(from.timestamp()));
    }
    credential
}

fn urn(id: uuid::Uuid) -> String {
    format!("urn:uuid:{id}")
}

/// Whole seconds, as `nbf` has them.
fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn without_null(mut value: Value) -> Value {
    fn clean(value: &mut Value) {
        if let Some(members) = value.as_object_mut() {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(clean);
        }
    }
    clean(&mut value);
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::GzDecoder;
    use std::io::Read as _;

    #[test]
    fn a_list_has_its_bits_from_the_left_and_is_the_same_bytes_each_time() {
        let list = encoded(&[0, 9, LIST_ENTRIES - 1]).unwrap();
        let bytes = URL_SAFE_NO_PAD.decode(&list[1..]).unwrap();
        let mut bits = Vec::new();
        GzDecoder::new(bytes.as_slice())
            .read_to_end(&mut bits)
            .unwrap();
        assert_eq!(bits.len(), 16_384);
        assert_eq!((bits[0], bits[1], bits[16_383]), (0x80, 0x40, 0x01));
        assert_eq!(bits.iter().map(|byte| byte.count_ones()).sum::<u32>(), 3);
        assert_eq!(list, encoded(&[0, 9, LIST_ENTRIES - 1]).unwrap());
        assert!(encoded(&[]).unwrap().starts_with('u'));
    }
}
