//! The text of an API key, `ak_{id}_{secret}`: made where keys are kept, recognised at the door,
//! and kept by nobody.
//!
//! The id finds the key and is no secret. What is kept is the digest of the whole text; the
//! secret has 244 random bits, so that a plain SHA-256 is enough.

use crate::command::hex;
use sha2::{Digest as _, Sha256};
use shared_types::ApiKeyId;
use std::fmt;
use uuid::Uuid;

/// What every key begins with, so that a leaked one is found by a search.
pub const PREFIX: &str = "ak_";

/// Characters of the id: a UUID without hyphens.
const ID_CHARACTERS: usize = 32;
/// Characters of the secret.
const SECRET_CHARACTERS: usize = 64;

/// A key that was just made. It is kept nowhere: show it now, or never.
#[derive(Clone, PartialEq, Eq)]
pub struct NewSecret {
    /// The whole text, as it is sent as a bearer token.
    pub text: String,
    /// What is kept of it.
    pub digest: String,
}

impl NewSecret {
    /// A new secret for the key of this id.
    pub fn generate(id: ApiKeyId) -> Self {
        let secret = [Uuid::new_v4(), Uuid::new_v4()].map(|half| half.simple().to_string());
        let text = format!("{PREFIX}{}_{}", id.uuid().simple(), secret.concat());
        Self {
            digest: digest(&text),
            text,
        }
    }
}

impl fmt::Debug for NewSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewSecret(…)")
    }
}

/// The id in a presented key and the digest of the whole; `None` where it is no key's text.
pub fn read(text: &str) -> Option<(ApiKeyId, String)> {
    let (id, secret) = text.strip_prefix(PREFIX)?.split_once('_')?;
    let is_hex = |text: &str, length: usize| {
        text.len() == length
            && text
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    let is_key = is_hex(id, ID_CHARACTERS) && is_hex(secret, SECRET_CHARACTERS);
    let id = Uuid::parse_str(id).ok().filter(|_| is_key)?;
    Some((id.into(), digest(text)))
}

/// Whether two digests are the same; takes the same time wherever they differ.
pub fn is_same(kept: &str, presented: &str) -> bool {
    use subtle::ConstantTimeEq as _;
    kept.as_bytes().ct_eq(presented.as_bytes()).into()
}

/// What is kept of a text that nobody can guess.
pub fn digest(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_key_is_read_back_with_its_id_and_digest() {
        let id = ApiKeyId::new();
        let new = NewSecret::generate(id);
        let (read_id, digest) = read(&new.text).unwrap();
        assert_eq!(read_id, id);
        assert!(is_same(&new.digest, &digest));
        let other = NewSecret::generate(id);
        assert!(!is_same(&new.digest, &other.digest));
        assert!(!is_same(&new.digest, ""));
        assert!(!format!("{new:?}").contains(&new.text));
    }

    #[test]
    fn what_has_another_form_is_no_key() {
        let good = NewSecret::generate(ApiKeyId::new()).text;
        let cut = &good[..good.len() - 1];
        for bad in [
            "",
            "ak_",
            "ak_x",
            cut,
            &good[3..],
            &good.to_uppercase(),
            &good.replacen("ak_", "AK_", 1),
            &format!("{good}0"),
            &format!("{good} "),
            &good.replace('_', "-"),
        ] {
            assert!(read(bad).is_none(), "{bad:?}");
        }
    }
}
