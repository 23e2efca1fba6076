//! Files for somebody who has a key pair: whoever writes them needs the public key alone.
//!
//! The format is age's, version 1, with its X25519 recipients (<https://age-encryption.org/v1>):
//! what is written here opens with the tool `age`, and the other way round.

mod bech32;

use aws_lc_rs::{
    aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    agreement::{self, PrivateKey, UnparsedPublicKey, X25519},
    hkdf::{self, HKDF_SHA256, Salt},
    hmac, rand,
};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use std::{
    fmt,
    io::{self, BufRead, BufReader, Read, Write},
    str::FromStr,
};

const VERSION: &str = "age-encryption.org/v1";
const RECIPIENT: &str = "age";
const IDENTITY: &str = "age-secret-key-";
const FILE_KEY_BYTES: usize = 16;
const NONCE_BYTES: usize = 16;
/// Bytes that are encrypted at once.
const CHUNK_BYTES: usize = 64 << 10;
const TAG_BYTES: usize = 16;
/// Longest line and most lines of a header that are read.
const MOST_LINE_BYTES: u64 = 4096;
const MOST_LINES: usize = 256;

/// Why a file can't be encrypted or opened.
#[derive(Debug)]
pub enum FileError {
    /// Not the public key of a recipient.
    NoRecipient,
    /// Not a private key.
    NoIdentity,
    /// No file of age, or one that was changed.
    Damaged(&'static str),
    /// It was encrypted for somebody else.
    OtherKey,
    /// It ends too early.
    CutOff,
    /// The system gave no randomness, or refused a key.
    Unavailable,
    /// Reading or writing failed.
    Io(io::Error),
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRecipient => f.write_str("no recipient: a public key begins with age1"),
            Self::NoIdentity => f.write_str("no private key: it begins with AGE-SECRET-KEY-1"),
            Self::Damaged(what) => write!(f, "not what was encrypted: {what}"),
            Self::OtherKey => f.write_str("encrypted for another key than the one that was given"),
            Self::CutOff => f.write_str("the end is missing"),
            Self::Unavailable => f.write_str("encryption is not available"),
            Self::Io(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for FileError {}

impl From<io::Error> for FileError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Whom files are for: a public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recipient([u8; 32]);

/// Who opens them: a private key.
#[derive(Clone)]
pub struct Identity([u8; 32]);

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity")
    }
}

impl FromStr for Recipient {
    type Err = FileError;

    fn from_str(text: &str) -> Result<Self, FileError> {
        let bytes = bech32::decode(RECIPIENT, text.trim()).ok_or(FileError::NoRecipient)?;
        bytes
            .try_into()
            .map(Self)
            .map_err(|_| FileError::NoRecipient)
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&bech32::encode(RECIPIENT, &self.0))
    }
}

impl FromStr for Identity {
    type Err = FileError;

    /// Reads what `age-keygen` writes: one key, and lines that begin with `#`.
    fn from_str(text: &str) -> Result<Self, FileError> {
        let mut lines = text.lines().map(str::trim);
        let line = lines.find(|line| !line.is_empty() && !line.starts_with('#'));
        let line = line.ok_or(FileError::NoIdentity)?;
        let bytes = bech32::decode(IDENTITY, line).ok_or(FileError::NoIdentity)?;
        bytes
            .try_into()
            .map(Self)
            .map_err(|_| FileError::NoIdentity)
    }
}

impl Identity {
    /// A new one.
    pub fn generate() -> Result<Self, FileError> {
        Ok(Self(random()?))
    }

    /// As it is kept in a file.
    pub fn secret(&self) -> String {
        bech32::encode(IDENTITY, &self.0).to_ascii_uppercase()
    }

    /// Its public key.
    pub fn recipient(&self) -> Result<Recipient, FileError> {
        let public = self.private()?.compute_public_key().map_err(unavailable)?;
        public
            .as_ref()
            .try_into()
            .map(Recipient)
            .map_err(unavailable)
    }

    fn private(&self) -> Result<PrivateKey, FileError> {
        PrivateKey::from_private_key(&X25519, &self.0).map_err(unavailable)
    }
}

/// Encrypts all that `from` gives, for a recipient. Whoever has it on the disk only when this has
/// returned loses nothing.
pub fn encrypt(
    recipient: &Recipient,
    from: &mut impl Read,
    to: &mut impl Write,
) -> Result<(), FileError> {
    let file_key: [u8; FILE_KEY_BYTES] = random()?;
    let once = Identity::generate()?;
    let share = once.recipient()?.0;
    let wrapping = wrapping_key(&once, &recipient.0, &share, &recipient.0)?;
    let mut wrapped = file_key.to_vec();
    seal(&cipher(&wrapping)?, [0; NONCE_LEN], &mut wrapped)?;
    let header = format!(
        "{VERSION}\n-> X25519 {}\n{}\n---",
        STANDARD_NO_PAD.encode(share),
        STANDARD_NO_PAD.encode(wrapped)
    );
    let code = hmac::sign(&header_key(&file_key)?, header.as_bytes());
    writeln!(to, "{header} {}", STANDARD_NO_PAD.encode(code))?;
    let nonce: [u8; NONCE_BYTES] = random()?;
    to.write_all(&nonce)?;
    let key = cipher(&derived(&nonce, &file_key, b"payload")?)?;
    let mut chunk = next_chunk(from, CHUNK_BYTES)?;
    for number in 0.. {
        let following = next_chunk(from, CHUNK_BYTES)?;
        let is_last = following.is_empty();
        seal(&key, chunk_nonce(number, is_last), &mut chunk)?;
        to.write_all(&chunk)?;
        if is_last {
            break;
        }
        chunk = following;
    }
    Ok(to.flush()?)
}

/// Opens what was encrypted for this key. What was written before an error is not to be used.
pub fn decrypt(
    identity: &Identity,
    from: &mut impl Read,
    to: &mut impl Write,
) -> Result<(), FileError> {
    let mut from = BufReader::new(from);
    let file_key = read_header(identity, &mut from)?;
    let mut nonce = [0; NONCE_BYTES];
    from.read_exact(&mut nonce).map_err(cut_off)?;
    let key = cipher(&derived(&nonce, &file_key, b"payload")?)?;
    let mut chunk = next_chunk(&mut from, CHUNK_BYTES + TAG_BYTES)?;
    for number in 0.. {
        let following = next_chunk(&mut from, CHUNK_BYTES + TAG_BYTES)?;
        let is_last = following.is_empty();
        // One that should have others behind it was sealed as such.
        let whole = open(&key, chunk_nonce(number, is_last), &mut chunk.clone());
        let Some(text) = whole else {
            let more = is_last && open(&key, chunk_nonce(number, false), &mut chunk).is_some();
            return Err(if more || chunk.len() < TAG_BYTES {
                FileError::CutOff
            } else {
                FileError::Damaged("a part of its content")
            });
        };
        if text.is_empty() && number > 0 {
            return Err(FileError::Damaged("its end"));
        }
        to.write_all(&text)?;
        if is_last {
            break;
        }
        chunk = following;
    }
    Ok(to.flush()?)
}

/// The file's own key, from the first part that this key opens.
fn read_header(
    identity: &Identity,
    from: &mut impl BufRead,
) -> Result<[u8; FILE_KEY_BYTES], FileError> {
    let mut signed = line(from)?;
    if signed != format!("{VERSION}\n") {
        return Err(FileError::Damaged("it does not begin as a file of age"));
    }
    let own = identity.recipient()?;
    let mut found: Option<[u8; FILE_KEY_BYTES]> = None;
    let mut current = line(from)?;
    for _ in 0..MOST_LINES {
        if let Some(code) = current.strip_prefix("--- ") {
            signed.push_str("---");
            let file_key = found.ok_or(FileError::OtherKey)?;
            let code = unpadded(code.trim_end_matches('\n'))?;
            let key = header_key(&file_key)?;
            let fits = hmac::verify(&key, signed.as_bytes(), &code);
            return match fits {
                Ok(()) => Ok(file_key),
                Err(_) => Err(FileError::Damaged("its header")),
            };
        }
        let Some(stanza) = current.strip_prefix("-> ") else {
            return Err(FileError::Damaged("its header"));
        };
        let words: Vec<String> = stanza.split_whitespace().map(str::to_owned).collect();
        signed.push_str(&current);
        let mut body = String::new();
        // A body ends with its first short line.
        loop {
            current = line(from)?;
            if current.starts_with("->") || current.starts_with("---") {
                break;
            }
            signed.push_str(&current);
            body.push_str(current.trim_end_matches('\n'));
        }
        if let (None, [kind, share]) = (found, words.as_slice())
            && kind == "X25519"
        {
            found = unwrap(identity, &own, &unpadded(share)?, &unpadded(&body)?)?;
        }
    }
    Err(FileError::Damaged("its header is endless"))
}

fn line(from: &mut impl BufRead) -> Result<String, FileError> {
    let mut bytes = Vec::new();
    from.take(MOST_LINE_BYTES).read_until(b'\n', &mut bytes)?;
    if bytes.last() != Some(&b'\n') {
        let short = u64::try_from(bytes.len()).is_ok_and(|length| length < MOST_LINE_BYTES);
        return Err(if short {
            FileError::CutOff
        } else {
            FileError::Damaged("a line of its header")
        });
    }
    String::from_utf8(bytes).map_err(|_| FileError::Damaged("its header"))
}

fn unpadded(text: &str) -> Result<Vec<u8>, FileError> {
    let decoded = STANDARD_NO_PAD.decode(text);
    decoded.map_err(|_| FileError::Damaged("its header"))
}

/// The file's own key, if it was wrapped for this identity.
fn unwrap(
    identity: &Identity,
    own: &Recipient,
    share: &[u8],
    wrapped: &[u8],
) -> Result<Option<[u8; FILE_KEY_BYTES]>, FileError> {
    let Ok(share) = share.try_into() else {
        return Err(FileError::Damaged("its header"));
    };
    let wrapping = wrapping_key(identity, &share, &share, &own.0)?;
    let opened = open(&cipher(&wrapping)?, [0; NONCE_LEN], &mut wrapped.to_vec());
    Ok(opened.and_then(|key| key.try_into().ok()))
}

/// The key that wraps a file's key: of what the two agree on, and of both public keys.
fn wrapping_key(
    own: &Identity,
    other: &[u8; 32],
    share: &[u8; 32],
    recipient: &[u8; 32],
) -> Result<[u8; 32], FileError> {
    let other = UnparsedPublicKey::new(&X25519, other);
    let salt = [share.as_slice(), recipient].concat();
    let info = format!("{VERSION}/X25519");
    let refused = FileError::Damaged("its header");
    agreement::agree(&own.private()?, other, refused, |secret| {
        derived(&salt, secret, info.as_bytes())
    })
}

fn header_key(file_key: &[u8]) -> Result<hmac::Key, FileError> {
    let key = derived(&[], file_key, b"header")?;
    Ok(hmac::Key::new(hmac::HMAC_SHA256, &key))
}

/// HKDF-SHA-256.
fn derived(salt: &[u8], secret: &[u8], info: &[u8]) -> Result<[u8; 32], FileError> {
    struct Length;
    impl hkdf::KeyType for Length {
        fn len(&self) -> usize {
            32
        }
    }
    let mut key = [0; 32];
    let secret = Salt::new(HKDF_SHA256, salt).extract(secret);
    let info = [info];
    let expanded = secret.expand(&info, Length).map_err(unavailable)?;
    expanded.fill(&mut key).map_err(unavailable)?;
    Ok(key)
}

fn cipher(key: &[u8; 32]) -> Result<LessSafeKey, FileError> {
    let key = UnboundKey::new(&CHACHA20_POLY1305, key).map_err(unavailable)?;
    Ok(LessSafeKey::new(key))
}

fn seal(key: &LessSafeKey, nonce: [u8; NONCE_LEN], text: &mut Vec<u8>) -> Result<(), FileError> {
    let nonce = Nonce::assume_unique_for_key(nonce);
    key.seal_in_place_append_tag(nonce, Aad::empty(), text)
        .map_err(unavailable)
}

fn open(key: &LessSafeKey, nonce: [u8; NONCE_LEN], sealed: &mut [u8]) -> Option<Vec<u8>> {
    let nonce = Nonce::assume_unique_for_key(nonce);
    let text = key.open_in_place(nonce, Aad::empty(), sealed);
    text.ok().map(|text| text.to_vec())
}

/// The chunk's number, and whether it is the last one: so none can be left out, moved or cut off.
fn chunk_nonce(number: u64, is_last: bool) -> [u8; NONCE_LEN] {
    let mut nonce = [0; NONCE_LEN];
    let number = number.to_be_bytes();
    let parts = [0; 3].iter().chain(&number);
    for (place, byte) in nonce.iter_mut().zip(parts) {
        *place = *byte;
    }
    if let Some(last) = nonce.last_mut() {
        *last = is_last.into();
    }
    nonce
}

/// As many bytes as there are, up to a whole chunk.
fn next_chunk(from: &mut impl Read, bytes: usize) -> io::Result<Vec<u8>> {
    let mut chunk = Vec::with_capacity(bytes + TAG_BYTES);
    let limit = u64::try_from(bytes).unwrap_or(u64::MAX);
    from.take(limit).read_to_end(&mut chunk)?;
    Ok(chunk)
}

fn random<const BYTES: usize>() -> Result<[u8; BYTES], FileError> {
    let mut bytes = [0; BYTES];
    rand::fill(&mut bytes).map_err(unavailable)?;
    Ok(bytes)
}

fn unavailable<T>(_: T) -> FileError {
    FileError::Unavailable
}

fn cut_off(error: io::Error) -> FileError {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        FileError::CutOff
    } else {
        error.into()
    }
}

#[cfg(test)]
mod tests;
