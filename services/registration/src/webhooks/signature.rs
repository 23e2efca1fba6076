//! Signatures of deliveries (Standard Webhooks 1.0): an HMAC over id, time and body by every
//! secret that counts.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use shared_web::link::LinkKey;
use uuid::Uuid;

/// What a secret's text begins with.
const PREFIX: &str = "whsec_";
/// What secrets are derived for.
const NAME: &str = "webhook";

/// The secret of an id: derived from the installation's own, so that no table holds it.
pub fn secret(key: &LinkKey, id: Uuid) -> Option<Vec<u8>> {
    key.derive(NAME, id)
}

/// The secret as its receiver gets it.
pub fn text(secret: &[u8]) -> String {
    format!("{PREFIX}{}", STANDARD.encode(secret))
}

/// The value of `webhook-signature`: one signature for each secret, the newest first.
pub fn sign(secrets: &[Vec<u8>], id: Uuid, timestamp: i64, body: &[u8]) -> String {
    let head = format!("{id}.{timestamp}.");
    let signatures = secrets.iter().filter_map(|secret| {
        // HMAC takes keys of every length, so that there always is one.
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
        mac.update(head.as_bytes());
        mac.update(body);
        let signature = STANDARD.encode(mac.finalize().into_bytes());
        Some(format!("v1,{signature}"))
    });
    signatures.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_what_the_standard_says() {
        // Computed with Python's hmac, hashlib and base64.
        let secret = b"0123456789abcdef0123456789abcdef".to_vec();
        let id = Uuid::from_u128(7);
        let signed = sign(
            std::slice::from_ref(&secret),
            id,
            1_650_000_000,
            br#"{"a":1}"#,
        );
        assert_eq!(signed, "v1,HTTv4PnB8c05/BgaIdsV9ktxVFVF8scwG2/q0p8pXmk=");
        assert_eq!(
            text(&secret),
            "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
        );
        let two = sign(&[secret.clone(), b"old".to_vec()], id, 1, b"");
        assert_eq!(two.split(' ').count(), 2);
        assert!(two.starts_with(&sign(&[secret], id, 1, b"")));
    }

    #[test]
    fn a_secret_is_its_ids_and_its_installations() {
        let [one, other] = ["one", "other"].map(LinkKey::from_secret);
        let [id, second] = [1, 2].map(Uuid::from_u128);
        assert_eq!(secret(&one, id), secret(&one, id));
        assert_ne!(secret(&one, id), secret(&one, second));
        assert_ne!(secret(&one, id), secret(&other, id));
        assert_eq!(secret(&one, id).unwrap().len(), 32);
    }
}
