//! Signed single-purpose links: what stands in a mail and opens a page without an account.
//!
//! A link is `id.signature`. The signature is an HMAC over kind and id, so that a link of one
//! kind is refused in every other's place and nothing secret has to be stored: what the link
//! is for, and whether it still works, stands in the owner's database under its id.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use shared_types::LinkId;
use std::{fmt, io, path::Path};
use uuid::Uuid;

/// Bytes of the HMAC that a link carries.
const SIGNATURE_BYTES: usize = 16;

/// The key with which a service signs its links.
#[derive(Clone)]
pub struct LinkKey(Vec<u8>);

impl LinkKey {
    /// A key from a configured secret.
    pub fn from_secret(secret: &str) -> Self {
        Self(secret.as_bytes().to_vec())
    }

    /// The key kept at `path`; made there where it is missing.
    pub fn load_or_generate(path: &Path) -> io::Result<Self> {
        if !path.exists() {
            let secret = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
            crate::key::write_secret(path, &secret)?;
        }
        Ok(Self::from_secret(std::fs::read_to_string(path)?.trim()))
    }

    /// The text of a link.
    pub fn sign(&self, kind: &str, id: LinkId) -> String {
        let mut bytes = id.uuid().as_bytes().to_vec();
        bytes.extend(self.signature(kind, id));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The id of a link, if the text was signed here for this kind. Takes the same time for
    /// every wrong signature.
    pub fn verify(&self, kind: &str, text: &str) -> Option<LinkId> {
        use subtle::ConstantTimeEq as _;
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (id, signature) = bytes.split_at_checked(16)?;
        let id = LinkId::from(Uuid::from_slice(id).ok()?);
        let same: bool = self.signature(kind, id).as_slice().ct_eq(signature).into();
        same.then_some(id)
    }

    fn signature(&self, kind: &str, id: LinkId) -> Vec<u8> {
        // HMAC takes keys of every length; an empty fallback could only arise if that changed.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else {
            return Vec::new();
        };
        mac.update(b"akademi-link\0");
        mac.update(kind.as_bytes());
        mac.update(b"\0");
        mac.update(id.uuid().as_bytes());
        mac.finalize()
            .into_bytes()
            .iter()
            .copied()
            .take(SIGNATURE_BYTES)
            .collect()
    }
}

impl fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_works_for_its_kind_and_key_only() {
        let (key, id) = (LinkKey::from_secret("one"), LinkId::new());
        let link = key.sign("slate", id);
        assert_eq!(key.verify("slate", &link), Some(id));
        assert_eq!(key.verify("offer", &link), None);
        assert_eq!(LinkKey::from_secret("two").verify("slate", &link), None);
        assert_eq!(key.verify("slate", &link[..20]), None);
        assert_eq!(key.verify("slate", ""), None);
        assert_eq!(link.len(), 43);
    }
}
