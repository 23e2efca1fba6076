//! What is tried before a process serves: that what verifies tokens and links still refuses what
//! it must. A library that changes its defaults, or a build that lacks a check, would otherwise
//! be noticed by whoever abuses it first.

use crate::{
    api_key::{self, NewSecret},
    key::{KeyError, KeyPair, TrustedKeys},
    link::{LinkKey, LinkPurpose},
    token::{PURPOSES, Purpose, Signer, TokenRefused, Verifier},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use shared_types::{ApiKeyId, Caller, LinkId};
use std::{error::Error, fmt};

/// Who signs while it is tried.
const SIGNER: &str = "self-test";

/// Signing or verifying does not behave: the process must not serve.
#[derive(Debug)]
pub struct SelfTestFailed(String);

impl fmt::Display for SelfTestFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the self-test of tokens and links failed: {}", self.0)
    }
}

impl Error for SelfTestFailed {}

impl From<KeyError> for SelfTestFailed {
    fn from(error: KeyError) -> Self {
        Self(error.to_string())
    }
}

impl From<TokenRefused> for SelfTestFailed {
    fn from(error: TokenRefused) -> Self {
        Self(error.to_string())
    }
}

/// What decides whether a token counts for a purpose.
type Door<'a> = &'a dyn Fn(Purpose, &TrustedKeys, &str) -> bool;

/// Tries tokens, links and keys: a few milliseconds.
pub fn run() -> Result<(), SelfTestFailed> {
    tokens(&|purpose, keys, token| {
        let verifier = Verifier::new(purpose, keys, &[SIGNER]);
        verifier.verify(token).is_ok()
    })?;
    links()?;
    keys()
}

/// Each purpose's token opens its own door, and nothing that differs in one respect does.
fn tokens(opens: Door<'_>) -> Result<(), SelfTestFailed> {
    let pair = KeyPair::generate(SIGNER)?;
    let keys = TrustedKeys::default().with(SIGNER, pair.public());
    let signer = Signer::new(&pair);
    let caller = Caller {
        subject: SIGNER.to_owned(),
        ..Caller::anonymous()
    };
    let stranger = Signer::new(&KeyPair::generate(SIGNER)?);
    for purpose in PURPOSES {
        let good = signer.sign(purpose, &caller)?;
        expect(opens(purpose, &keys, &good), "a good token", purpose)?;
        let mut bad = vec![
            ("another's key", stranger.sign(purpose, &caller)?),
            ("no signature", unsigned(&good)),
            ("a cut signature", cut(&good)),
            (
                "changed claims",
                with_other_claims(&good, purpose, &signer)?,
            ),
        ];
        for other in PURPOSES {
            if other == purpose {
                continue;
            }
            let audience = Purpose {
                audience: other.audience,
                ..purpose
            };
            let kind = Purpose {
                kind: other.kind,
                ..purpose
            };
            bad.push(("another audience", signer.sign(audience, &caller)?));
            bad.push(("another type", signer.sign(kind, &caller)?));
            bad.push(("another purpose", signer.sign(other, &caller)?));
        }
        let long_ago = signer.sign_until(purpose, &caller, 1)?;
        bad.push(("a token that is over", long_ago));
        for (what, token) in bad {
            expect(!opens(purpose, &keys, &token), what, purpose)?;
        }
    }
    Ok(())
}

fn expect(holds: bool, what: &str, purpose: Purpose) -> Result<(), SelfTestFailed> {
    if holds {
        Ok(())
    } else {
        Err(SelfTestFailed(format!("{what} at {}", purpose.audience)))
    }
}

/// A token without its signature, whose header says that there is none.
fn unsigned(token: &str) -> String {
    let claims = token.split('.').nth(1).unwrap_or_default();
    let header = format!(r#"{{"alg":"none","kid":"{SIGNER}"}}"#);
    format!("{}.{claims}.", URL_SAFE_NO_PAD.encode(header))
}

fn cut(token: &str) -> String {
    token.get(..token.len() - 4).unwrap_or_default().to_owned()
}

/// The claims of one token with the signature of another.
fn with_other_claims(
    token: &str,
    purpose: Purpose,
    signer: &Signer,
) -> Result<String, SelfTestFailed> {
    let other = Caller {
        subject: format!("{SIGNER}-other"),
        ..Caller::anonymous()
    };
    let other = signer.sign(purpose, &other)?;
    let parts: Vec<&str> = token.split('.').collect();
    let claims = other.split('.').nth(1).unwrap_or_default();
    let first = parts.first().copied().unwrap_or_default();
    let last = parts.last().copied().unwrap_or_default();
    Ok(format!("{first}.{claims}.{last}"))
}

fn links() -> Result<(), SelfTestFailed> {
    let (secret, id) = (LinkKey::from_secret(SIGNER), LinkId::new());
    for signed in LinkPurpose::ALL {
        let text = secret.of(signed).sign("kind", id);
        for tried in LinkPurpose::ALL {
            let opened = secret.of(tried).verify("kind", &text) == Some(id);
            let other_kind = secret.of(tried).verify("other", &text).is_some();
            if opened != (signed == tried) || other_kind {
                let what = format!("a link for {signed:?} at {tried:?}");
                return Err(SelfTestFailed(what));
            }
        }
    }
    Ok(())
}

fn keys() -> Result<(), SelfTestFailed> {
    let id = ApiKeyId::new();
    let [own, other] = [NewSecret::generate(id), NewSecret::generate(id)];
    let holds = |presented: &NewSecret| {
        let read = api_key::read(&presented.text);
        read.is_some_and(|(of, digest)| of == id && api_key::is_same(&own.digest, &digest))
    };
    if holds(&own) && !holds(&other) {
        Ok(())
    } else {
        Err(SelfTestFailed("an API key".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::validation;
    use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
    use serde_json::Value;

    #[test]
    fn signing_and_verifying_behave() {
        run().unwrap();
    }

    /// A door with one check left out.
    fn lax(leave_out: fn(&mut Validation), reads_kind: bool) -> Result<(), SelfTestFailed> {
        tokens(&|purpose, keys, token| {
            let mut rules = validation(Algorithm::EdDSA, purpose.audience, SIGNER, 1);
            leave_out(&mut rules);
            let Some(key) = keys.get(SIGNER) else {
                return false;
            };
            let is_typed = !reads_kind
                || decode_header(token)
                    .ok()
                    .and_then(|header| header.typ)
                    .is_some_and(|typ| typ == purpose.kind);
            is_typed && decode::<Value>(token, &DecodingKey::from_ed_der(&key.0), &rules).is_ok()
        })
    }

    #[test]
    fn a_door_with_every_check_passes() {
        lax(|_| {}, true).unwrap();
    }

    #[test]
    fn a_door_that_leaves_out_one_check_is_found() {
        let found = |outcome: Result<(), SelfTestFailed>| outcome.unwrap_err().to_string();
        let audience = found(lax(|rules| rules.validate_aud = false, true));
        assert!(audience.contains("another audience"), "{audience}");
        let kind = found(lax(|_| {}, false));
        assert!(kind.contains("another type"), "{kind}");
        let time = found(lax(|rules| rules.validate_exp = false, true));
        assert!(time.contains("is over"), "{time}");
        let signature = found(tokens(&|purpose, _, token| {
            let claims = token.split('.').nth(1).unwrap_or_default();
            let claims = URL_SAFE_NO_PAD.decode(claims).unwrap_or_default();
            let claims: Value = serde_json::from_slice(&claims).unwrap_or_default();
            claims["aud"] == purpose.audience
        }));
        assert!(signature.contains("another's key"), "{signature}");
    }

    #[test]
    fn a_door_that_opens_for_everything_or_nothing_is_found() {
        assert!(tokens(&|_, _, _| true).is_err());
        assert!(tokens(&|_, _, _| false).is_err());
    }

    type Opens = Box<dyn Fn(&str) -> bool>;

    /// What opens a door: one text for each purpose, and the doors themselves.
    #[test]
    fn what_is_for_one_purpose_is_refused_in_every_others_place() {
        let pair = KeyPair::generate(SIGNER).unwrap();
        let trusted = TrustedKeys::default().with(SIGNER, pair.public());
        let caller = Caller {
            subject: SIGNER.into(),
            ..Caller::anonymous()
        };
        let secret = LinkKey::from_secret("one secret for all");
        let mut texts = Vec::new();
        let mut doors: Vec<(String, Opens)> = Vec::new();
        for purpose in PURPOSES {
            let name = purpose.kind.to_owned();
            let token = Signer::new(&pair).sign(purpose, &caller).unwrap();
            texts.push((name.clone(), token));
            let verifier = Verifier::new(purpose, &trusted, &[SIGNER]);
            doors.push((name, Box::new(move |text| verifier.verify(text).is_ok())));
        }
        for purpose in LinkPurpose::ALL {
            let (name, key) = (format!("{purpose:?}"), secret.of(purpose));
            texts.push((name.clone(), key.sign("kind", LinkId::new())));
            doors.push((
                name,
                Box::new(move |text| key.verify("kind", text).is_some()),
            ));
        }
        let key = NewSecret::generate(ApiKeyId::new());
        texts.push(("key".to_owned(), key.text.clone()));
        doors.push((
            "key".to_owned(),
            Box::new(move |text| {
                api_key::read(text).is_some_and(|(_, digest)| digest == key.digest)
            }),
        ));
        assert_eq!((texts.len(), doors.len()), (8, 8));
        for (purpose, text) in &texts {
            for (door, opens) in &doors {
                assert_eq!(opens(text), purpose == door, "{purpose} at {door}");
            }
        }
    }
}
