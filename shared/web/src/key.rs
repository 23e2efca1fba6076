//! Key pairs of processes, and the keys of others that a process trusts.

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use std::{collections::BTreeMap, fmt, io, path::Path, str::FromStr};

/// Why a key can't be used.
#[derive(Debug)]
pub enum KeyError {
    /// The text or file is not an Ed25519 key in the expected form.
    Malformed(&'static str),
    /// The file can't be read or written.
    Io(io::Error),
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(what) => write!(f, "malformed key: {what}"),
            Self::Io(error) => write!(f, "key file: {error}"),
        }
    }
}

impl std::error::Error for KeyError {}

/// The Ed25519 key pair with which one process signs.
pub struct KeyPair {
    name: String,
    pkcs8: Vec<u8>,
    public: PublicKey,
}

/// The public half, as it is configured: URL-safe base64 of the 32 bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey(pub(crate) Vec<u8>);

impl KeyPair {
    /// Makes a new pair for a process of this name.
    pub fn generate(name: &str) -> Result<Self, KeyError> {
        let document =
            Ed25519KeyPair::generate().map_err(|_| KeyError::Malformed("no randomness"))?;
        let pkcs8 = document
            .to_pkcs8v1()
            .map_err(|_| KeyError::Malformed("encoding"))?;
        Self::from_pkcs8(name, pkcs8.as_ref().to_vec())
    }

    /// Reads a pair that [`Self::save`] wrote.
    pub fn load(name: &str, path: &Path) -> Result<Self, KeyError> {
        let text = std::fs::read_to_string(path).map_err(KeyError::Io)?;
        let pkcs8 = URL_SAFE_NO_PAD
            .decode(text.trim())
            .map_err(|_| KeyError::Malformed("not base64"))?;
        Self::from_pkcs8(name, pkcs8)
    }

    /// Reads the pair at `path`, or makes and saves one where there is none.
    pub fn load_or_generate(name: &str, path: &Path) -> Result<Self, KeyError> {
        if path.exists() {
            return Self::load(name, path);
        }
        let pair = Self::generate(name)?;
        pair.save(path)?;
        Ok(pair)
    }

    /// Writes the private key to a file that only its owner may read.
    pub fn save(&self, path: &Path) -> Result<(), KeyError> {
        write_secret(path, &URL_SAFE_NO_PAD.encode(&self.pkcs8)).map_err(KeyError::Io)
    }

    /// The name under which others know the key.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The public half.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    pub(crate) fn pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }

    /// Signs bytes for one purpose: what is signed for one counts for no other, and for no token,
    /// which begins otherwise.
    pub fn sign(&self, purpose: &str, bytes: &[u8]) -> Result<String, KeyError> {
        let pair = Ed25519KeyPair::from_pkcs8(&self.pkcs8)
            .map_err(|_| KeyError::Malformed("not an Ed25519 key"))?;
        let signature = pair.sign(&with_purpose(purpose, bytes));
        Ok(URL_SAFE_NO_PAD.encode(signature.as_ref()))
    }

    fn from_pkcs8(name: &str, pkcs8: Vec<u8>) -> Result<Self, KeyError> {
        let pair = Ed25519KeyPair::from_pkcs8(&pkcs8)
            .map_err(|_| KeyError::Malformed("not an Ed25519 key"))?;
        let public = PublicKey(pair.public_key().as_ref().to_vec());
        Ok(Self {
            name: name.to_owned(),
            pkcs8,
            public,
        })
    }
}

impl PublicKey {
    /// Whether these bytes were signed for this purpose by the private half.
    pub fn has_signed(&self, purpose: &str, bytes: &[u8], signature: &str) -> bool {
        let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else {
            return false;
        };
        let key = UnparsedPublicKey::new(&ED25519, &self.0);
        key.verify(&with_purpose(purpose, bytes), &signature)
            .is_ok()
    }
}

/// A zero ends the purpose, and none holds one.
fn with_purpose(purpose: &str, bytes: &[u8]) -> Vec<u8> {
    [purpose.as_bytes(), &[0], bytes].concat()
}

impl fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyPair")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(&self.0))
    }
}

impl FromStr for PublicKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let bytes = URL_SAFE_NO_PAD
            .decode(text.trim())
            .map_err(|_| KeyError::Malformed("not base64"))?;
        if bytes.len() == 32 {
            Ok(Self(bytes))
        } else {
            Err(KeyError::Malformed("not 32 bytes"))
        }
    }
}

/// Public keys by the name of the process that signs with them (`AKADEMI_TRUSTED_KEYS`).
#[derive(Clone, Debug, Default)]
pub struct TrustedKeys(BTreeMap<String, PublicKey>);

impl TrustedKeys {
    /// Trusts one more key.
    pub fn with(mut self, name: &str, key: &PublicKey) -> Self {
        self.0.insert(name.to_owned(), key.clone());
        self
    }

    /// The key of a process.
    pub fn get(&self, name: &str) -> Option<&PublicKey> {
        self.0.get(name)
    }
}

impl FromStr for TrustedKeys {
    type Err = KeyError;

    /// Reads `name=key,name=key`.
    fn from_str(text: &str) -> Result<Self, KeyError> {
        text.split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .try_fold(Self::default(), |keys, part| {
                let (name, key) = part
                    .split_once('=')
                    .ok_or(KeyError::Malformed("expected name=key"))?;
                Ok(keys.with(name, &key.parse()?))
            })
    }
}

/// Writes a secret to a file that only its owner may read, whole or not at all.
pub fn write_secret(path: &Path, secret: &str) -> io::Result<()> {
    use std::{io::Write as _, os::unix::fs::OpenOptionsExt as _};
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let unfinished = path.with_extension("new");
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&unfinished)?;
    file.write_all(secret.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(unfinished, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_pair_is_the_same_when_loaded() {
        let folder = std::env::temp_dir().join(format!("akademi-key-{}", uuid::Uuid::new_v4()));
        let path = folder.join("gateway.key");
        let first = KeyPair::load_or_generate("gateway", &path).unwrap();
        let second = KeyPair::load_or_generate("gateway", &path).unwrap();
        assert_eq!(first.public(), second.public());
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_signature_counts_for_its_bytes_its_purpose_and_its_key_alone() {
        let (pair, other) = (
            KeyPair::generate("one").unwrap(),
            KeyPair::generate("one").unwrap(),
        );
        let signature = pair.sign("events", b"a fact").unwrap();
        assert!(pair.public().has_signed("events", b"a fact", &signature));
        assert!(!pair.public().has_signed("events", b"a fact!", &signature));
        assert!(!pair.public().has_signed("event", b"sa fact", &signature));
        assert!(!other.public().has_signed("events", b"a fact", &signature));
        assert!(!pair.public().has_signed("events", b"a fact", "AAAA"));
    }

    #[test]
    fn trusted_keys_are_read_from_one_setting() {
        let pair = KeyPair::generate("gateway").unwrap();
        let keys: TrustedKeys = format!("gateway={}", pair.public()).parse().unwrap();
        assert_eq!(keys.get("gateway"), Some(pair.public()));
        assert!("gateway".parse::<TrustedKeys>().is_err());
        assert!("gateway=AAAA".parse::<TrustedKeys>().is_err());
    }
}
