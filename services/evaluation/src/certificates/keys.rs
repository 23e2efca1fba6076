//! Keys that sign credentials: RSA, since RS256 is what every verifier of Open Badges has to know.
//!
//! The first key of the list signs; all are published, so that what an older one signed is still
//! verified after a new one was taken into use.

use aws_lc_rs::{
    encoding::AsDer as _,
    rand::SystemRandom,
    rsa::KeySize,
    signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair},
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};
use shared_types::Problem;
use std::{fmt, str::FromStr, sync::Arc};

/// Longest name of a key.
const MOST_NAME: usize = 32;
/// Fewest bytes of a key's modulus: 2048 bits.
const LEAST_MODULUS: usize = 256;

/// Why a list of keys can't be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeysError(&'static str);

impl fmt::Display for KeysError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the list of issuer keys: {}", self.0)
    }
}

impl std::error::Error for KeysError {}

struct Key {
    name: String,
    pair: RsaKeyPair,
}

/// The keys of an installation.
#[derive(Clone)]
pub struct IssuerKeys(Arc<[Key]>);

impl fmt::Debug for IssuerKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.0.iter().map(|key| key.name.as_str());
        f.debug_tuple("IssuerKeys")
            .field(&names.collect::<Vec<_>>())
            .finish()
    }
}

impl FromStr for IssuerKeys {
    type Err = KeysError;

    /// Reads `name:base64,name:base64`, each an RSA private key (DER of PKCS #8 or #1): the first
    /// signs.
    fn from_str(text: &str) -> Result<Self, KeysError> {
        let mut keys: Vec<Key> = Vec::new();
        let parts = text.split(',').map(str::trim);
        for part in parts.filter(|part| !part.is_empty()) {
            let key = Key::read(part)?;
            if keys.iter().any(|known| known.name == key.name) {
                return Err(KeysError("two keys have one name"));
            }
            keys.push(key);
        }
        if keys.is_empty() {
            return Err(KeysError("it is empty"));
        }
        Ok(Self(keys.into()))
    }
}

impl Key {
    fn read(part: &str) -> Result<Self, KeysError> {
        let malformed =
            KeysError("expected name:base64 of an RSA private key (DER) of 2048 bits or more");
        let (name, key) = part.split_once(':').ok_or(malformed)?;
        let fits = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
        if name.is_empty() || name.len() > MOST_NAME || !name.chars().all(fits) {
            return Err(malformed);
        }
        let der = STANDARD.decode(key).map_err(|_| malformed)?;
        // Tools write either; what is in it is the same.
        let pair = RsaKeyPair::from_pkcs8(&der).or_else(|_| RsaKeyPair::from_der(&der));
        let pair = pair.map_err(|_| malformed)?;
        if pair.public_modulus_len() < LEAST_MODULUS {
            return Err(malformed);
        }
        Ok(Self {
            name: name.to_owned(),
            pair,
        })
    }

    /// The public half, as programs read it (RFC 7517).
    fn jwk(&self) -> Value {
        let public = self.pair.public_key();
        let number = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        json!({
            "kty": "RSA",
            "n": number(public.modulus().big_endian_without_leading_zero()),
            "e": number(public.exponent().big_endian_without_leading_zero()),
            "alg": "RS256",
            "use": "sig",
            "kid": self.name,
        })
    }
}

impl IssuerKeys {
    /// A text for the setting: one new key of this name.
    pub fn generate(name: &str) -> Result<String, KeysError> {
        let made = RsaKeyPair::generate(KeySize::Rsa2048);
        let der = made
            .and_then(|pair| pair.as_der())
            .map_err(|_| KeysError("no key could be made"))?;
        let text = format!("{name}:{}", STANDARD.encode(der.as_ref()));
        Key::read(&text).map(|_| text)
    }

    /// Every public key.
    pub fn published(&self) -> Value {
        json!({ "keys": self.0.iter().map(Key::jwk).collect::<Vec<_>>() })
    }

    /// One public key.
    pub fn find(&self, name: &str) -> Option<Value> {
        let found = self.0.iter().find(|key| key.name == name);
        found.map(Key::jwk)
    }

    /// Signs claims as a JWT. `address` says where the key of a name is published.
    pub fn sign(
        &self,
        claims: &Value,
        address: impl FnOnce(&str) -> String,
    ) -> Result<String, Problem> {
        let key = self.0.first();
        let key = key.ok_or_else(|| Problem::internal("no issuer key"))?;
        // No other members: Open Badges allows none.
        let header = json!({ "alg": "RS256", "kid": address(&key.name), "typ": "JWT" });
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", encode(&header), encode(claims));
        let mut signature = vec![0; key.pair.public_modulus_len()];
        key.pair
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                text.as_bytes(),
                &mut signature,
            )
            .map_err(|_| Problem::internal("the issuer key does not sign"))?;
        Ok(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_key_is_read_and_nothing_private_of_it_is_published_or_logged() {
        let text = IssuerKeys::generate("2022").unwrap();
        let keys: IssuerKeys = text.parse().unwrap();
        let jwk = keys.find("2022").unwrap();
        let mut members: Vec<&String> = jwk.as_object().unwrap().keys().collect();
        members.sort();
        assert_eq!(members, ["alg", "e", "kid", "kty", "n", "use"]);
        assert_eq!(format!("{keys:?}"), "IssuerKeys([\"2022\"])");
        assert_eq!(keys.find("2021"), None);
        let twice = format!("{text},{text}").parse::<IssuerKeys>();
        assert_eq!(twice.unwrap_err(), KeysError("two keys have one name"));
        for wrong in ["", "2022", "2022:AAAA", ":AAAA", "20 22:AAAA"] {
            assert!(wrong.parse::<IssuerKeys>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_an_older_key_signed_is_verified_after_a_new_one_was_taken_into_use() {
        use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
        let [old, new] = ["2021", "2022"].map(|name| IssuerKeys::generate(name).unwrap());
        let before: IssuerKeys = old.parse().unwrap();
        let claims = json!({ "iss": "us" });
        let signed = before.sign(&claims, ToOwned::to_owned).unwrap();
        let after: IssuerKeys = format!("{new},{old}").parse().unwrap();
        assert_eq!(after.published()["keys"].as_array().unwrap().len(), 2);
        let jwk = after.find("2021").unwrap();
        let number = |name: &str| URL_SAFE_NO_PAD.decode(jwk[name].as_str().unwrap()).unwrap();
        let key = RsaPublicKeyComponents {
            n: number("n"),
            e: number("e"),
        };
        let (text, signature) = signed.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        key.verify(&RSA_PKCS1_2048_8192_SHA256, text.as_bytes(), &signature)
            .unwrap();
        // The new one signs from now on.
        let signed = after.sign(&claims, ToOwned::to_owned).unwrap();
        let header = URL_SAFE_NO_PAD.decode(signed.split('.').next().unwrap());
        let header: Value = serde_json::from_slice(&header.unwrap()).unwrap();
        assert_eq!(header["kid"], "2022");
    }
}
