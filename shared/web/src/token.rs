//! The one place where tokens are signed and verified.
//!
//! Every purpose has an audience and a type of its own, and a token of one purpose is refused
//! in every other's place (RFC 8725, 3.11 and 3.12). Every claim that is relied on is named as
//! required: the library lets a token through whose `aud`, `iss` or `sub` is missing or of the
//! wrong type unless they are.

use crate::key::{KeyPair, PublicKey, TrustedKeys};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};
use shared_types::{Caller, PersonId, RoleGrant};
use std::{collections::HashMap, fmt, sync::RwLock};

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Purpose {
    /// The `aud` claim.
    pub audience: &'static str,
    /// The `typ` header.
    pub kind: &'static str,
    /// How long it lives.
    pub lifetime_seconds: u64,
}

/// From the gateway to the services, on behalf of a caller.
pub const INTERNAL: Purpose = Purpose {
    audience: "akademi-api",
    kind: "akademi-internal+jwt",
    lifetime_seconds: 2,
};
/// From one service's relay to another's inbox.
pub const EVENTS: Purpose = Purpose {
    audience: "akademi-events",
    kind: "akademi-events+jwt",
    lifetime_seconds: 30,
};
/// From the demo's built-in issuer to its users.
pub const DEMO: Purpose = Purpose {
    audience: "akademi",
    kind: "at+jwt",
    lifetime_seconds: 12 * 3600,
};

/// Every purpose for which we sign tokens; links have purposes of their own
/// ([`crate::link::LinkPurpose`]).
pub const PURPOSES: [Purpose; 3] = [INTERNAL, EVENTS, DEMO];

/// Seconds by which clocks of our own processes may differ.
const LEEWAY_SECONDS: u64 = 1;
/// Verified tokens that are remembered at most.
const CACHE_ENTRIES: usize = 4096;

/// A token was refused. Why is for the log, never for the caller.
#[derive(Debug)]
pub struct TokenRefused(pub String);

impl fmt::Display for TokenRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "token refused: {}", self.0)
    }
}

impl std::error::Error for TokenRefused {}

/// The claims of our own tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Name of the process that signed.
    pub iss: String,
    /// What it is for.
    pub aud: String,
    /// The caller's subject.
    pub sub: String,
    /// Until when it counts.
    pub exp: u64,
    /// The person, where the caller is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// Roles with scope.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<RoleGrant>,
    /// The scopes to which the caller is limited, where there are some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<String>>,
}

impl Claims {
    /// The caller whom an internal token carries.
    pub fn caller(self) -> Caller {
        Caller {
            person: self.person,
            subject: self.sub,
            roles: self.roles,
            scopes: self.scopes,
        }
    }
}

/// Signs tokens in the name of one process.
pub struct Signer {
    name: String,
    key: EncodingKey,
}

impl Signer {
    /// A signer with a process's key pair.
    pub fn new(pair: &KeyPair) -> Self {
        Self {
            name: pair.name().to_owned(),
            key: EncodingKey::from_ed_der(pair.pkcs8()),
        }
    }

    /// Signs a token for a caller.
    pub fn sign(&self, purpose: Purpose, caller: &Caller) -> Result<String, TokenRefused> {
        let until = crate::clock::system_seconds() + purpose.lifetime_seconds;
        self.sign_until(purpose, caller, until)
    }

    /// Signs a token that counts until a second of the system's clock.
    pub(crate) fn sign_until(
        &self,
        purpose: Purpose,
        caller: &Caller,
        until: u64,
    ) -> Result<String, TokenRefused> {
        let claims = Claims {
            iss: self.name.clone(),
            aud: purpose.audience.to_owned(),
            sub: caller.subject.clone(),
            exp: until,
            person: caller.person,
            roles: caller.roles.clone(),
            scopes: caller.scopes.clone(),
        };
        let header = Header {
            typ: Some(purpose.kind.to_owned()),
            kid: Some(self.name.clone()),
            ..Header::new(Algorithm::EdDSA)
        };
        encode(&header, &claims, &self.key).map_err(|error| TokenRefused(error.to_string()))
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// Verifies tokens of one purpose from the processes that may sign them.
pub struct Verifier {
    purpose: Purpose,
    keys: HashMap<String, DecodingKey>,
    seen: RwLock<HashMap<[u8; 32], Claims>>,
    #[cfg(feature = "sabotage")]
    purpose_skipped: std::sync::atomic::AtomicBool,
}

impl Verifier {
    /// A verifier that accepts `purpose` from `signers`, with the keys that are trusted.
    pub fn new(purpose: Purpose, keys: &TrustedKeys, signers: &[&str]) -> Self {
        let keys = signers
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), decoding_key(keys.get(name)?))))
            .collect();
        Self {
            purpose,
            keys,
            seen: RwLock::default(),
            #[cfg(feature = "sabotage")]
            purpose_skipped: std::sync::atomic::AtomicBool::default(),
        }
    }

    /// From now on tokens for other audiences and of other types are accepted as well: by this,
    /// tests show that they would notice. The feature is switched on by tests alone.
    #[cfg(feature = "sabotage")]
    pub fn skip_audience(&self) {
        use std::sync::atomic::Ordering;
        self.purpose_skipped.store(true, Ordering::SeqCst);
    }

    /// The claims of a token, if it is one of ours, for this purpose, and still counts.
    pub fn verify(&self, token: &str) -> Result<Claims, TokenRefused> {
        let digest: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        let now = crate::clock::system_seconds();
        let remembered = self
            .seen
            .read()
            .ok()
            .and_then(|seen| seen.get(&digest).cloned());
        if let Some(claims) = remembered {
            return if now <= claims.exp + LEEWAY_SECONDS {
                Ok(claims)
            } else {
                Err(TokenRefused("expired".into()))
            };
        }
        let claims = self.verify_signature(token)?;
        if let Ok(mut seen) = self.seen.write() {
            if seen.len() >= CACHE_ENTRIES {
                seen.retain(|_, claims| now <= claims.exp + LEEWAY_SECONDS);
            }
            if seen.len() < CACHE_ENTRIES {
                seen.insert(digest, claims.clone());
            }
        }
        Ok(claims)
    }

    fn verify_signature(&self, token: &str) -> Result<Claims, TokenRefused> {
        let refuse = |error: jsonwebtoken::errors::Error| TokenRefused(error.to_string());
        let header = decode_header(token).map_err(refuse)?;
        let signer = header.kid.as_deref().unwrap_or_default();
        let key = self
            .keys
            .get(signer)
            .ok_or_else(|| TokenRefused("unknown signer".into()))?;
        let mut rules = validation(
            Algorithm::EdDSA,
            self.purpose.audience,
            signer,
            LEEWAY_SECONDS,
        );
        rules.validate_aud = judges_purpose(self);
        if judges_purpose(self) {
            expect_type(&header, self.purpose.kind)?;
        }
        decode_with(token, key, &rules)
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("purpose", &self.purpose)
            .finish_non_exhaustive()
    }
}

/// Whether tokens for other purposes are refused.
#[cfg(not(feature = "sabotage"))]
const fn judges_purpose(_: &Verifier) -> bool {
    true
}

#[cfg(feature = "sabotage")]
fn judges_purpose(verifier: &Verifier) -> bool {
    use std::sync::atomic::Ordering;
    !verifier.purpose_skipped.load(Ordering::SeqCst)
}

/// Rules under which a token is decoded: one algorithm, one audience, one issuer, every claim
/// required.
pub fn validation(
    algorithm: Algorithm,
    audience: &str,
    issuer: &str,
    leeway_seconds: u64,
) -> Validation {
    let mut rules = Validation::new(algorithm);
    rules.leeway = leeway_seconds;
    rules.validate_nbf = true;
    rules.set_audience(&[audience]);
    rules.set_issuer(&[issuer]);
    rules.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
    rules
}

/// Decodes a token under rules.
pub fn decode_with<T: DeserializeOwned + Clone>(
    token: &str,
    key: &DecodingKey,
    rules: &Validation,
) -> Result<T, TokenRefused> {
    decode::<T>(token, key, rules)
        .map(|data| data.claims)
        .map_err(|error| TokenRefused(error.to_string()))
}

/// Refuses a token whose `typ` is another's (with or without the `application/` prefix).
pub fn expect_type(header: &Header, kind: &str) -> Result<(), TokenRefused> {
    let typ = header
        .typ
        .as_deref()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let typ = typ.strip_prefix("application/").unwrap_or(&typ);
    if typ == kind {
        Ok(())
    } else {
        Err(TokenRefused(format!(
            "type {typ:?} where {kind:?} is expected"
        )))
    }
}

fn decoding_key(key: &PublicKey) -> DecodingKey {
    DecodingKey::from_ed_der(&key.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_types::Role;

    fn caller() -> Caller {
        Caller {
            person: Some(PersonId::new()),
            subject: "person:1".into(),
            roles: vec![RoleGrant {
                role: Role::Operator,
                organisation_id: None,
            }],
            scopes: Some(vec!["rounds:read".into()]),
        }
    }

    fn gateway() -> (KeyPair, TrustedKeys) {
        let pair = KeyPair::generate("gateway").unwrap();
        let keys = TrustedKeys::default().with("gateway", pair.public());
        (pair, keys)
    }

    #[test]
    fn a_signed_caller_arrives_unchanged() {
        let (pair, keys) = gateway();
        let token = Signer::new(&pair).sign(INTERNAL, &caller()).unwrap();
        let verifier = Verifier::new(INTERNAL, &keys, &["gateway"]);
        let claims = verifier.verify(&token).unwrap();
        let arrived = claims.clone().caller();
        assert_eq!(
            (arrived.roles, arrived.scopes),
            (caller().roles, caller().scopes)
        );
        assert_eq!(
            verifier.verify(&token).unwrap(),
            claims,
            "the remembered answer is the same"
        );
    }

    #[test]
    fn a_token_of_another_purpose_is_refused() {
        let (pair, keys) = gateway();
        let token = Signer::new(&pair).sign(EVENTS, &caller()).unwrap();
        assert!(
            Verifier::new(INTERNAL, &keys, &["gateway"])
                .verify(&token)
                .is_err()
        );
        let same_audience = Purpose {
            kind: "at+jwt",
            ..INTERNAL
        };
        let token = Signer::new(&pair).sign(same_audience, &caller()).unwrap();
        assert!(
            Verifier::new(INTERNAL, &keys, &["gateway"])
                .verify(&token)
                .is_err(),
            "only the type differs"
        );
    }

    #[test]
    fn a_signer_that_may_not_sign_this_is_refused() {
        let (_, keys) = gateway();
        let other = KeyPair::generate("scheduling").unwrap();
        let keys = keys.with("scheduling", other.public());
        let token = Signer::new(&other).sign(INTERNAL, &caller()).unwrap();
        assert!(
            Verifier::new(INTERNAL, &keys, &["gateway"])
                .verify(&token)
                .is_err()
        );
    }

    #[test]
    fn an_expired_or_tampered_token_is_refused() {
        let (pair, keys) = gateway();
        let verifier = Verifier::new(INTERNAL, &keys, &["gateway"]);
        let signer = Signer::new(&pair);
        let mut token = signer.sign(INTERNAL, &caller()).unwrap();
        token.pop();
        assert!(verifier.verify(&token).is_err());
        let claims = Claims {
            iss: "gateway".into(),
            aud: INTERNAL.audience.into(),
            sub: "person:1".into(),
            exp: crate::clock::system_seconds() - 10,
            person: None,
            roles: vec![],
            scopes: None,
        };
        let header = Header {
            typ: Some(INTERNAL.kind.into()),
            kid: Some("gateway".into()),
            ..Header::new(Algorithm::EdDSA)
        };
        assert!(
            verifier
                .verify(&encode(&header, &claims, &signer.key).unwrap())
                .is_err()
        );
    }
}
