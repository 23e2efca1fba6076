//! Encryption of what is kept for a few eyes only: an envelope with AES-256-GCM.
//!
//! Each text has a key of its own, which is kept beside it, wrapped by a master key. Taking a
//! new master key into use wraps the texts' keys anew and leaves the texts alone; dropping a
//! text's wrapped key is enough to erase it. Both are bound to the id of their row, so that
//! neither can be moved to another.
//!
//! Where one owner has many texts (a pair and what it writes), the owner has the key
//! ([`OwnerKey`]): dropping it erases all of them at once. Whole files are another matter: [`mod@file`].

pub mod file;

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    hmac, rand,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use std::{fmt, str::FromStr};

/// Bytes of a key.
const KEY_BYTES: usize = 32;
/// Longest name of a master key.
const MOST_ID_CHARACTERS: usize = 32;

/// Why something can't be sealed or opened. It never says what was in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnvelopeError {
    /// A list of keys that can't be read.
    Keys(&'static str),
    /// A master key that this process was not given.
    UnknownKey(String),
    /// Another row's, tampered with, or not sealed by these keys.
    Unreadable,
    /// The system gave no randomness, or refused a key.
    Unavailable,
}

impl fmt::Display for EnvelopeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keys(why) => write!(f, "the list of keys: {why}"),
            Self::UnknownKey(id) => write!(f, "there is no key {id:?} in the list"),
            Self::Unreadable => f.write_str("sealed text that these keys don't open"),
            Self::Unavailable => f.write_str("encryption is not available"),
        }
    }
}

impl std::error::Error for EnvelopeError {}

/// A sealed text, as its row keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Name of the master key that wrapped the text's key.
    pub key_id: String,
    /// The text's key, wrapped, in base64.
    pub wrapped_key: String,
    /// The text, encrypted, in base64.
    pub body: String,
}

/// The key of an owner of many texts, wrapped, as its row keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrappedKey {
    /// Name of the master key that wrapped it.
    pub key_id: String,
    /// The key, wrapped, in base64.
    pub wrapped_key: String,
}

/// The opened key of an owner of many texts.
pub struct OwnerKey([u8; KEY_BYTES]);

impl fmt::Debug for OwnerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OwnerKey")
    }
}

impl OwnerKey {
    /// Seals a text for the row of an id.
    pub fn seal(&self, row: &[u8], text: &[u8]) -> Result<String, EnvelopeError> {
        lock(&self.0, &body_context(row), text)
    }

    /// Opens what was sealed by this key for the row of an id.
    pub fn open(&self, row: &[u8], body: &str) -> Result<Vec<u8>, EnvelopeError> {
        unlock(&self.0, &body_context(row), body)
    }

    /// A code of a text by this key (HMAC-SHA256, in base64): the same for the same text, and
    /// nobody's to compute once the key is gone.
    pub fn code(&self, text: &[u8]) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.0);
        STANDARD.encode(hmac::sign(&key, text))
    }
}

#[derive(Clone)]
struct MasterKey {
    id: String,
    key: [u8; KEY_BYTES],
}

/// The master keys: the first seals, all of them open.
#[derive(Clone)]
pub struct Keys {
    active: MasterKey,
    older: Vec<MasterKey>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys({}, {} older)", self.active.id, self.older.len())
    }
}

impl FromStr for Keys {
    type Err = EnvelopeError;

    /// Reads `id:base64,id:base64`: the first is the active one.
    fn from_str(text: &str) -> Result<Self, EnvelopeError> {
        let mut keys = Vec::new();
        for part in text
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
        {
            let key = MasterKey::read(part)?;
            if keys.iter().any(|known: &MasterKey| known.id == key.id) {
                return Err(EnvelopeError::Keys("two keys have one name"));
            }
            keys.push(key);
        }
        let mut keys = keys.into_iter();
        let active = keys.next().ok_or(EnvelopeError::Keys("it is empty"))?;
        Ok(Self {
            active,
            older: keys.collect(),
        })
    }
}

impl MasterKey {
    fn read(part: &str) -> Result<Self, EnvelopeError> {
        let malformed = EnvelopeError::Keys("expected name:base64 of 32 bytes");
        let (id, key) = part.split_once(':').ok_or_else(|| malformed.clone())?;
        let fits = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
        if id.is_empty() || id.len() > MOST_ID_CHARACTERS || !id.chars().all(fits) {
            return Err(malformed);
        }
        let key = STANDARD.decode(key).map_err(|_| malformed.clone())?;
        let key = key.try_into().map_err(|_| malformed)?;
        Ok(Self {
            id: id.to_owned(),
            key,
        })
    }

    fn context(&self, row: &[u8]) -> Vec<u8> {
        [b"akademi-key\0", self.id.as_bytes(), b"\0", row].concat()
    }

    fn owner_context(&self, owner: &[u8]) -> Vec<u8> {
        [b"akademi-owner\0", self.id.as_bytes(), b"\0", owner].concat()
    }
}

impl Keys {
    /// A text for the setting: one new key of this name.
    pub fn generate(id: &str) -> Result<String, EnvelopeError> {
        Ok(format!("{id}:{}", STANDARD.encode(random()?)))
    }

    /// Name of the key that seals.
    pub fn active(&self) -> &str {
        &self.active.id
    }

    /// Seals a text for the row of an id.
    pub fn seal(&self, row: &[u8], text: &[u8]) -> Result<Sealed, EnvelopeError> {
        let own = random()?;
        Ok(Sealed {
            key_id: self.active.id.clone(),
            wrapped_key: lock(&self.active.key, &self.active.context(row), &own)?,
            body: lock(&own, &body_context(row), text)?,
        })
    }

    /// Opens what was sealed for the row of an id.
    pub fn open(&self, row: &[u8], sealed: &Sealed) -> Result<Vec<u8>, EnvelopeError> {
        let own = self.unwrap_key(row, sealed)?;
        unlock(&own, &body_context(row), &sealed.body)
    }

    /// The same with its key wrapped by the active master key.
    pub fn rewrap(&self, row: &[u8], sealed: &Sealed) -> Result<Sealed, EnvelopeError> {
        let own = self.unwrap_key(row, sealed)?;
        Ok(Sealed {
            key_id: self.active.id.clone(),
            wrapped_key: lock(&self.active.key, &self.active.context(row), &own)?,
            body: sealed.body.clone(),
        })
    }

    /// A new key for an owner of many texts, wrapped for the owner's id.
    pub fn new_owner_key(&self, owner: &[u8]) -> Result<WrappedKey, EnvelopeError> {
        self.wrap_owner_key(owner, &random()?)
    }

    /// Opens the key of an owner.
    pub fn open_owner_key(
        &self,
        owner: &[u8],
        wrapped: &WrappedKey,
    ) -> Result<OwnerKey, EnvelopeError> {
        let master = self.master(&wrapped.key_id)?;
        let own = unlock(
            &master.key,
            &master.owner_context(owner),
            &wrapped.wrapped_key,
        )?;
        own.try_into()
            .map(OwnerKey)
            .map_err(|_| EnvelopeError::Unreadable)
    }

    /// The same key wrapped by the active master key.
    pub fn rewrap_owner_key(
        &self,
        owner: &[u8],
        wrapped: &WrappedKey,
    ) -> Result<WrappedKey, EnvelopeError> {
        let OwnerKey(own) = self.open_owner_key(owner, wrapped)?;
        self.wrap_owner_key(owner, &own)
    }

    fn wrap_owner_key(&self, owner: &[u8], own: &[u8]) -> Result<WrappedKey, EnvelopeError> {
        Ok(WrappedKey {
            key_id: self.active.id.clone(),
            wrapped_key: lock(&self.active.key, &self.active.owner_context(owner), own)?,
        })
    }

    fn master(&self, id: &str) -> Result<&MasterKey, EnvelopeError> {
        let mut known = std::iter::once(&self.active).chain(&self.older);
        known
            .find(|key| key.id == id)
            .ok_or_else(|| EnvelopeError::UnknownKey(id.to_owned()))
    }

    fn unwrap_key(&self, row: &[u8], sealed: &Sealed) -> Result<[u8; KEY_BYTES], EnvelopeError> {
        let master = self.master(&sealed.key_id)?;
        let own = unlock(&master.key, &master.context(row), &sealed.wrapped_key)?;
        own.try_into().map_err(|_| EnvelopeError::Unreadable)
    }
}

fn body_context(row: &[u8]) -> Vec<u8> {
    [b"akademi-body\0", row].concat()
}

fn random() -> Result<[u8; KEY_BYTES], EnvelopeError> {
    let mut bytes = [0; KEY_BYTES];
    rand::fill(&mut bytes).map_err(|_| EnvelopeError::Unavailable)?;
    Ok(bytes)
}

fn cipher(key: &[u8; KEY_BYTES]) -> Result<RandomizedNonceKey, EnvelopeError> {
    RandomizedNonceKey::new(&AES_256_GCM, key).map_err(|_| EnvelopeError::Unavailable)
}

/// Nonce, then the encrypted text with its tag, in base64.
fn lock(key: &[u8; KEY_BYTES], context: &[u8], text: &[u8]) -> Result<String, EnvelopeError> {
    let mut bytes = text.to_vec();
    let nonce = cipher(key)?
        .seal_in_place_append_tag(Aad::from(context), &mut bytes)
        .map_err(|_| EnvelopeError::Unavailable)?;
    Ok(STANDARD.encode([nonce.as_ref().as_slice(), &bytes].concat()))
}

fn unlock(key: &[u8; KEY_BYTES], context: &[u8], text: &str) -> Result<Vec<u8>, EnvelopeError> {
    let unreadable = |_| EnvelopeError::Unreadable;
    let bytes = STANDARD
        .decode(text)
        .map_err(|_| EnvelopeError::Unreadable)?;
    let (nonce, locked) = bytes
        .split_at_checked(NONCE_LEN)
        .ok_or(EnvelopeError::Unreadable)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(unreadable)?;
    let mut locked = locked.to_vec();
    let opened = cipher(key)?
        .open_in_place(nonce, Aad::from(context), &mut locked)
        .map_err(unreadable)?;
    Ok(opened.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(names: &[&str]) -> Keys {
        // Keys that are the same in every call: the name's first letter.
        let key = |name: &&str| {
            let byte = name.as_bytes()[0];
            format!("{name}:{}", STANDARD.encode([byte; KEY_BYTES]))
        };
        let list: Vec<String> = names.iter().map(key).collect();
        list.join(",").parse().unwrap()
    }

    #[test]
    fn what_is_sealed_opens_for_its_own_row_alone() {
        let keys = keys(&["a"]);
        let sealed = keys.seal(b"row 1", b"no nuts").unwrap();
        assert_eq!(keys.open(b"row 1", &sealed).unwrap(), b"no nuts");
        assert_eq!(keys.open(b"row 2", &sealed), Err(EnvelopeError::Unreadable));
        let again = keys.seal(b"row 1", b"no nuts").unwrap();
        assert_ne!(
            sealed.body, again.body,
            "the same text never looks the same"
        );
        assert!(!format!("{sealed:?}").contains("nuts"));
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        let keys = keys(&["a"]);
        let sealed = keys.seal(b"row", b"vegan").unwrap();
        for field in 0..2 {
            let text = [&sealed.body, &sealed.wrapped_key][field];
            let bytes = STANDARD.decode(text).unwrap();
            for place in 0..bytes.len() {
                let mut bytes = bytes.clone();
                bytes[place] ^= 1;
                let mut tampered = sealed.clone();
                *[&mut tampered.body, &mut tampered.wrapped_key][field] = STANDARD.encode(bytes);
                assert_eq!(keys.open(b"row", &tampered), Err(EnvelopeError::Unreadable));
            }
        }
        for text in ["", "AAAA", "not base64"] {
            let cut = Sealed {
                body: text.to_owned(),
                ..sealed.clone()
            };
            assert_eq!(keys.open(b"row", &cut), Err(EnvelopeError::Unreadable));
        }
    }

    #[test]
    fn a_new_master_key_wraps_the_same_body_anew_and_the_old_one_can_go() {
        let sealed = keys(&["old"]).seal(b"row", b"vegan").unwrap();
        let both = keys(&["new", "old"]);
        assert_eq!(both.open(b"row", &sealed).unwrap(), b"vegan");
        let rewrapped = both.rewrap(b"row", &sealed).unwrap();
        assert_eq!(
            (rewrapped.key_id.as_str(), &rewrapped.body),
            ("new", &sealed.body)
        );
        assert_eq!(keys(&["new"]).open(b"row", &rewrapped).unwrap(), b"vegan");
        assert_eq!(
            keys(&["new"]).open(b"row", &sealed),
            Err(EnvelopeError::UnknownKey("old".into()))
        );
        // A key under another's name opens nothing.
        let mut renamed = sealed;
        renamed.key_id = "new".into();
        assert_eq!(both.open(b"row", &renamed), Err(EnvelopeError::Unreadable));
    }

    #[test]
    fn an_owners_key_opens_its_own_texts_alone_and_survives_a_new_master_key() {
        let old = keys(&["old"]);
        let wrapped = old.new_owner_key(b"pair 1").unwrap();
        let own = old.open_owner_key(b"pair 1", &wrapped).unwrap();
        let body = own.seal(b"note 1", b"stays here").unwrap();
        assert_eq!(own.open(b"note 1", &body).unwrap(), b"stays here");
        assert_eq!(own.open(b"note 2", &body), Err(EnvelopeError::Unreadable));
        let moved = old.open_owner_key(b"pair 2", &wrapped);
        assert_eq!(moved.err(), Some(EnvelopeError::Unreadable));
        // The key of an owner is none of a row, and the other way round.
        let sealed = Sealed {
            key_id: wrapped.key_id.clone(),
            wrapped_key: wrapped.wrapped_key.clone(),
            body: body.clone(),
        };
        assert_eq!(old.open(b"pair 1", &sealed), Err(EnvelopeError::Unreadable));
        let other = old.new_owner_key(b"pair 2").unwrap();
        let other = old.open_owner_key(b"pair 2", &other).unwrap();
        assert_eq!(other.open(b"note 1", &body), Err(EnvelopeError::Unreadable));
        let anew = keys(&["new", "old"])
            .rewrap_owner_key(b"pair 1", &wrapped)
            .unwrap();
        let own = keys(&["new"]).open_owner_key(b"pair 1", &anew).unwrap();
        assert_eq!(own.open(b"note 1", &body).unwrap(), b"stays here");
        assert_eq!(format!("{own:?}"), "OwnerKey");
    }

    #[test]
    fn a_code_is_the_same_for_the_same_text_and_another_for_another_key() {
        let keys = keys(&["a"]);
        let own = |owner: &[u8]| {
            let wrapped = keys.new_owner_key(owner).unwrap();
            keys.open_owner_key(owner, &wrapped).unwrap()
        };
        let (one, other) = (own(b"family 1"), own(b"family 2"));
        assert_eq!(one.code(b"green boat"), one.code(b"green boat"));
        assert_ne!(one.code(b"green boat"), one.code(b"green boats"));
        assert_ne!(one.code(b"green boat"), other.code(b"green boat"));
    }

    #[test]
    fn a_list_of_keys_is_read_or_refused_and_never_shown() {
        let made = Keys::generate("2026").unwrap();
        let keys: Keys = made.parse().unwrap();
        assert_eq!(keys.active(), "2026");
        assert!(!made.contains(&format!("{keys:?}")) && format!("{keys:?}").len() < 30);
        for wrong in [
            "",
            "a",
            "a:AAAA",
            ":x",
            "a b:AAAA",
            &format!("{made},{made}"),
        ] {
            assert!(wrong.parse::<Keys>().is_err(), "{wrong}");
        }
    }
}
