//! Signed single-purpose addresses: what stands in a mail or a calendar's settings and opens one
//! thing without an account.
//!
//! A link is `id.signature`. The signature is an HMAC under a key that is derived for the
//! purpose and the kind, so that a link of one is refused in every other's place and nothing
//! secret has to be stored: what the link is for, and whether it still works, stands in the
//! owner's database under its id.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use shared_types::LinkId;
use std::{fmt, io, path::Path};
use uuid::Uuid;

/// Bytes of the HMAC that a link carries.
const SIGNATURE_BYTES: usize = 16;

/// Fewest characters of a configured secret.
const LEAST_SECRET_CHARACTERS: usize = 32;

/// What a signed address is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkPurpose {
    /// A page that a mail leads to.
    Page,
    /// A calendar that a program reads again and again.
    Feed,
    /// A survey that is answered once.
    Survey,
    /// A document whose genuineness anybody may check.
    Verification,
}

impl LinkPurpose {
    /// Every purpose.
    pub const ALL: [Self; 4] = [Self::Page, Self::Feed, Self::Survey, Self::Verification];

    /// What separates the purpose's keys from all others.
    const fn label(self) -> &'static [u8] {
        match self {
            Self::Page => b"akademi-link",
            Self::Feed => b"akademi-feed",
            Self::Survey => b"akademi-survey",
            Self::Verification => b"akademi-verification",
        }
    }
}

/// The key with which a service signs its links of one purpose.
#[derive(Clone)]
pub struct LinkKey {
    secret: Vec<u8>,
    purpose: LinkPurpose,
}

impl LinkKey {
    /// A key for pages, from a configured secret.
    pub fn from_secret(secret: &str) -> Self {
        Self {
            secret: secret.as_bytes().to_vec(),
            purpose: LinkPurpose::Page,
        }
    }

    /// A key for pages, from a secret that somebody chose, if nobody can guess it.
    pub fn configured(secret: &str) -> Result<Self, &'static str> {
        let secret = secret.trim();
        if secret.chars().count() < LEAST_SECRET_CHARACTERS {
            return Err("the secret that signs links needs 32 characters or more");
        }
        Ok(Self::from_secret(secret))
    }

    /// The key kept at `path`; made there where it is missing.
    pub fn load_or_generate(path: &Path) -> io::Result<Self> {
        if !path.exists() {
            let secret = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
            crate::key::write_secret(path, &secret)?;
        }
        Self::configured(&std::fs::read_to_string(path)?).map_err(io::Error::other)
    }

    /// The key of the same secret for another purpose.
    pub fn of(&self, purpose: LinkPurpose) -> Self {
        Self {
            secret: self.secret.clone(),
            purpose,
        }
    }

    /// The text of a link.
    pub fn sign(&self, kind: &str, id: LinkId) -> String {
        let mut bytes = id.uuid().as_bytes().to_vec();
        // Without a signature it would open nothing.
        bytes.extend(self.signature(kind, id).unwrap_or_default());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The id of a link, if the text was signed here for this purpose and kind. Takes the same
    /// time for every wrong signature.
    pub fn verify(&self, kind: &str, text: &str) -> Option<LinkId> {
        use subtle::ConstantTimeEq as _;
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (id, signature) = bytes.split_at_checked(16)?;
        let id = LinkId::from(Uuid::from_slice(id).ok()?);
        let own = self.signature(kind, id)?;
        let same: bool = own.as_slice().ct_eq(signature).into();
        same.then_some(id)
    }

    /// A secret of its own for a thing: 32 bytes that only holders of this key can compute, and
    /// that open nothing in the place of a link.
    pub fn derive(&self, name: &str, id: Uuid) -> Option<Vec<u8>> {
        let label = [b"akademi-secret\0", name.as_bytes()].concat();
        mac(&mac(&self.secret, &label)?, id.as_bytes())
    }

    fn signature(&self, kind: &str, id: LinkId) -> Option<Vec<u8>> {
        let label = [self.purpose.label(), b"\0", kind.as_bytes()].concat();
        let key = mac(&self.secret, &label)?;
        let mut signature = mac(&key, id.uuid().as_bytes())?;
        signature.truncate(SIGNATURE_BYTES);
        Some(signature)
    }
}

/// HMAC takes keys of every length, so that there always is one.
fn mac(key: &[u8], message: &[u8]) -> Option<Vec<u8>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(message);
    Some(mac.finalize().into_bytes().to_vec())
}

impl fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LinkKey")
            .field("purpose", &self.purpose)
            .finish_non_exhaustive()
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

    #[test]
    fn an_id_with_no_signature_or_a_shorter_one_is_no_link() {
        let (key, id) = (LinkKey::from_secret("one"), LinkId::new());
        let bare = URL_SAFE_NO_PAD.encode(id.uuid().as_bytes());
        assert_eq!(key.verify("slate", &bare), None);
        let mut bytes = URL_SAFE_NO_PAD.decode(key.sign("slate", id)).unwrap();
        bytes.pop();
        assert_eq!(key.verify("slate", &URL_SAFE_NO_PAD.encode(bytes)), None);
    }

    #[test]
    fn a_derived_secret_is_no_links_signature() {
        let (key, id) = (LinkKey::from_secret("one"), LinkId::new());
        let secret = key.derive("slate", id.uuid()).unwrap();
        assert_eq!(secret.len(), 32);
        assert_ne!(Some(secret), key.derive("offer", id.uuid()));
        let secret = key.derive("slate", id.uuid()).unwrap();
        for purpose in LinkPurpose::ALL {
            let signature = key.of(purpose).signature("slate", id).unwrap();
            assert!(!secret.starts_with(&signature), "{purpose:?}");
        }
    }

    #[test]
    fn a_secret_that_could_be_guessed_is_none() {
        for short in ["", "x", "   ", &" ".repeat(40), &"x".repeat(31)] {
            let fault = LinkKey::configured(short).unwrap_err();
            assert!(fault.contains("32 characters"), "{fault}");
        }
        assert!(LinkKey::configured(&"x".repeat(32)).is_ok());
    }

    #[test]
    fn the_secret_is_not_in_what_can_be_logged() {
        let key = LinkKey::from_secret("seacrest").of(LinkPurpose::Feed);
        assert!(!format!("{key:?}").contains("seacrest"));
    }
}
