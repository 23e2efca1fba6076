//! The issuers whose tokens count, and the check of a token: by the rules of the issuer that it
//! names, with a key that this issuer publishes. What a token says about keys is not read.

use super::{
    Digest, IdentityError, MOST_ENTRIES,
    keys::{Found, KeySet},
    recent::Proof,
};
use crate::{
    background::Background,
    settings::{DEMO_ISSUER, Issuer, Settings},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Header, decode_header};
use serde::Deserialize;
use serde_json::Value;
use shared_types::caller::{Credential, Provisioned};
use shared_web::{
    clock::system_seconds,
    key::TrustedKeys,
    outgoing::Internal,
    token::{DEMO, Verifier, decode_with, expect_type, validation},
};
use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

/// Seconds by which an outside issuer's clock may differ from ours.
const LEEWAY_SECONDS: u64 = 30;
/// How far ahead a token may expire: one that outlives every session is a mistake, or stolen.
const LONGEST_SECONDS: u64 = 7 * 24 * 3600;

/// All issuers, and what of theirs has been checked.
#[derive(Debug)]
pub(super) struct Issuers {
    outside: Vec<Outside>,
    demo: Option<Verifier>,
    checked: RwLock<HashMap<Digest, Checked>>,
}

#[derive(Debug)]
struct Outside {
    rules: Issuer,
    keys: Arc<KeySet>,
}

/// A token that held, with what it rests on.
#[derive(Clone, Debug)]
pub(super) struct Checked {
    pub(super) credential: Credential,
    pub(super) scopes: Option<Vec<String>>,
    pub(super) proof: Proof,
}

/// What is read of an outside token; the rest (issuer, audience, times) is the rules' to check.
#[derive(Clone, Deserialize)]
struct Claims {
    sub: String,
    exp: Value,
    #[serde(default)]
    iat: Value,
    #[serde(default)]
    email: Value,
    #[serde(default)]
    email_verified: Value,
    #[serde(default)]
    scope: Value,
    #[serde(default)]
    client_id: Value,
    /// Whatever else it says; the issuer's settings name one of them.
    #[serde(flatten)]
    others: HashMap<String, Value>,
}

impl Claims {
    /// A client's own token (RFC 9068, 2.2: its subject is the client) is limited to the scopes
    /// that it names, and so is any other that names one of ours. A person's token that names
    /// none is not limited: what a person may do, roles say.
    fn scopes(&self) -> Option<Vec<String>> {
        // A string by RFC 9068; some issuers write a list, which must limit no less.
        let one = self.scope.as_str();
        let list = self.scope.as_array().into_iter().flatten();
        let named = one.into_iter().chain(list.filter_map(Value::as_str));
        let ours: Vec<String> = named
            .flat_map(|named| named.split(' '))
            .filter(|one| is_ours(one))
            .map(str::to_owned)
            .collect();
        let is_clients_own = self.client_id.as_str() == Some(&self.sub);
        (is_clients_own || !ours.is_empty()).then_some(ours)
    }
}

/// Whether a scope has the form of ours, such as `rounds:read`.
fn is_ours(scope: &str) -> bool {
    matches!(scope.split_once(':'), Some((noun, "read" | "write")) if !noun.is_empty())
}

impl Claims {
    /// What the library does not judge of the times. Gives when the token expires.
    fn judge_times(&self, now: u64) -> Result<u64, IdentityError> {
        let issued_at = match &self.iat {
            Value::Null => Some(now),
            date => seconds(date),
        };
        if issued_at.is_none_or(|at| at > now + LEEWAY_SECONDS) {
            return Err(IdentityError::refused("not issued yet"));
        }
        seconds(&self.exp)
            .filter(|at| *at <= now + LONGEST_SECONDS)
            .ok_or_else(|| IdentityError::refused("it holds for too long"))
    }
}

#[derive(Deserialize)]
struct Named {
    iss: String,
}

impl Issuers {
    /// Starts to fetch every outside issuer's keys.
    pub(super) fn start(settings: &Settings, client: &Internal, background: &Background) -> Self {
        let start = |issuer: &Issuer| Outside {
            rules: Issuer {
                kind: issuer.kind.to_ascii_lowercase(),
                ..issuer.clone()
            },
            keys: KeySet::start(&issuer.jwks_url, client, settings.limits, background),
        };
        let demo = settings.demo.as_ref().map(|key| {
            let keys = TrustedKeys::default().with(DEMO_ISSUER, key);
            Verifier::new(DEMO, &keys, &[DEMO_ISSUER])
        });
        Self {
            outside: settings.issuers.iter().map(start).collect(),
            demo,
            checked: RwLock::default(),
        }
    }

    /// Whose a token is, and the scopes to which it is limited, if it holds.
    pub(super) async fn verify(
        &self,
        token: &str,
        digest: Digest,
    ) -> Result<Checked, IdentityError> {
        if let Some(checked) = self.remembered(digest) {
            return Ok(checked);
        }
        let issuer = issuer_of(token)?;
        if issuer == DEMO_ISSUER {
            return self.verify_demo(token);
        }
        let (position, outside) = self
            .outside
            .iter()
            .enumerate()
            .find(|(_, outside)| outside.rules.issuer == issuer)
            .ok_or_else(|| IdentityError::refused("unknown issuer"))?;
        let (claims, edition) = outside.verify(token).await?;
        let expires_at_seconds = claims.judge_times(system_seconds())?;
        let checked = Checked {
            credential: outside.credential(&claims)?,
            scopes: claims.scopes(),
            proof: Proof {
                expires_at_seconds,
                keys: Some((position, edition)),
            },
        };
        self.remember(digest, checked.clone());
        Ok(checked)
    }

    /// Whether what once proved a token still does.
    pub(super) fn still_prove(&self, proof: &Proof) -> bool {
        let is_current = |(issuer, edition): (usize, u64)| {
            let outside = self.outside.get(issuer);
            outside.is_some_and(|outside| outside.keys.edition() == edition)
        };
        system_seconds() < proof.expires_at_seconds && proof.keys.is_none_or(is_current)
    }

    fn verify_demo(&self, token: &str) -> Result<Checked, IdentityError> {
        let verifier = self
            .demo
            .as_ref()
            .ok_or_else(|| IdentityError::refused("there is no demo here"))?;
        let claims = verifier.verify(token).map_err(IdentityError::Refused)?;
        Ok(Checked {
            credential: named(DEMO_ISSUER, claims.sub, None, None)?,
            scopes: None,
            proof: Proof {
                expires_at_seconds: claims.exp,
                keys: None,
            },
        })
    }

    /// A token that held counts until it expires, as long as its issuer's keys are the same.
    fn remembered(&self, digest: Digest) -> Option<Checked> {
        let checked = self.checked.read().unwrap_or_else(PoisonError::into_inner);
        let found = checked.get(&digest)?;
        self.still_prove(&found.proof).then(|| found.clone())
    }

    fn remember(&self, digest: Digest, token: Checked) {
        let mut checked = self.checked.write().unwrap_or_else(PoisonError::into_inner);
        if checked.len() >= MOST_ENTRIES {
            let now = system_seconds();
            checked.retain(|_, one| now < one.proof.expires_at_seconds);
        }
        if checked.len() < MOST_ENTRIES {
            checked.insert(digest, token);
        }
    }
}

impl Outside {
    async fn verify(&self, token: &str) -> Result<(Claims, u64), IdentityError> {
        let header =
            decode_header(token).map_err(|error| IdentityError::refused(error.to_string()))?;
        self.judge_header(&header)?;
        let id = header
            .kid
            .as_deref()
            .ok_or_else(|| IdentityError::refused("no key id"))?;
        let (key, edition) = match self.keys.find(id).await {
            Found::Key(key, edition) => (key, edition),
            Found::Absent => return Err(IdentityError::refused("unknown key")),
            Found::NoKeys => return Err(IdentityError::Unanswered(self.rules.issuer.clone())),
        };
        let algorithm = format!("{:?}", header.alg);
        if key
            .algorithm
            .as_ref()
            .is_some_and(|only| *only != algorithm)
        {
            return Err(IdentityError::refused("the key is for another algorithm"));
        }
        let rules = validation(
            header.alg,
            &self.rules.audience,
            &self.rules.issuer,
            LEEWAY_SECONDS,
        );
        let claims = decode_with(token, &key.decoding, &rules).map_err(IdentityError::Refused)?;
        Ok((claims, edition))
    }

    fn judge_header(&self, header: &Header) -> Result<(), IdentityError> {
        if !self.rules.algorithms.contains(&header.alg) {
            return Err(IdentityError::refused("another algorithm"));
        }
        // Whoever doesn't understand a critical extension must refuse (RFC 7515, 4.1.11).
        if header.crit.is_some() {
            return Err(IdentityError::refused("a critical extension"));
        }
        expect_type(header, &self.rules.kind).map_err(IdentityError::Refused)
    }

    fn credential(&self, claims: &Claims) -> Result<Credential, IdentityError> {
        let is_verified = claims.email_verified == Value::Bool(true);
        let address = claims.email.as_str().filter(|_| is_verified);
        let address = address.filter(|_| self.rules.link_by_verified_email);
        let address = address.filter(|address| vouches_for(&self.rules.email_domains, address));
        named(
            &self.rules.issuer,
            claims.sub.clone(),
            address,
            self.provisioned(claims),
        )
    }

    /// As whom the employer may have provisioned whoever the token is about.
    fn provisioned(&self, claims: &Claims) -> Option<Provisioned> {
        let rules = self.rules.provisioned.as_ref()?;
        let value = match rules.claim.as_str() {
            "sub" => Some(claims.sub.as_str()),
            "email" => claims.email.as_str(),
            other => claims.others.get(other).and_then(Value::as_str),
        };
        Some(Provisioned {
            organisation: rules.organisation.clone(),
            by: rules.by,
            value: value.filter(|value| !value.is_empty())?.to_owned(),
        })
    }
}

/// Whether an issuer may vouch for an address: for those of its own domains, where it has some.
fn vouches_for(domains: &[String], address: &str) -> bool {
    let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
    domains.is_empty() || domains.iter().any(|own| own.eq_ignore_ascii_case(domain))
}

fn named(
    issuer: &str,
    subject: String,
    verified_email: Option<&str>,
    provisioned: Option<Provisioned>,
) -> Result<Credential, IdentityError> {
    if subject.is_empty() {
        return Err(IdentityError::refused("an empty subject"));
    }
    Ok(Credential::Token {
        issuer: issuer.to_owned(),
        subject,
        verified_email: verified_email.map(str::to_owned),
        provisioned,
    })
}

/// Whom a token names as its issuer. Nothing is checked yet: it only says by whose rules.
fn issuer_of(token: &str) -> Result<String, IdentityError> {
    let mut parts = token.split('.');
    let (Some(_), Some(payload), Some(_), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(IdentityError::refused("no token"));
    };
    let payload = URL_SAFE_NO_PAD.decode(payload).ok();
    payload
        .and_then(|payload| serde_json::from_slice::<Named>(&payload).ok())
        .map(|named| named.iss)
        .ok_or_else(|| IdentityError::refused("no issuer"))
}

/// A numeric date, which may be a fraction, in whole seconds.
fn seconds(date: &Value) -> Option<u64> {
    let fraction = || date.as_f64()?.trunc().to_string().parse().ok();
    date.as_u64().or_else(fraction)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn scopes(claims: &Value) -> Option<Vec<String>> {
        serde_json::from_value::<Claims>(claims.clone())
            .unwrap()
            .scopes()
    }

    #[test]
    fn scopes_limit_a_client_and_who_names_ours_and_nobody_else() {
        let person =
            json!({ "sub": "maja", "exp": 1, "client_id": "app", "scope": "openid email" });
        assert_eq!(scopes(&person), None);
        assert_eq!(scopes(&json!({ "sub": "maja", "exp": 1 })), None);
        let narrowed = json!({ "sub": "maja", "exp": 1, "scope": "openid rounds:read x:y" });
        assert_eq!(scopes(&narrowed), Some(vec!["rounds:read".into()]));
        let client = json!({ "sub": "app", "exp": 1, "client_id": "app", "scope": "openid" });
        assert_eq!(
            scopes(&client),
            Some(vec![]),
            "a client without scopes may nothing"
        );
        let odd = json!({ "sub": "app", "exp": 1, "client_id": "app", "scope": ["rounds:read"] });
        assert_eq!(scopes(&odd), Some(vec!["rounds:read".into()]));
        let list = json!({ "sub": "maja", "exp": 1, "scope": ["rounds:read"] });
        assert_eq!(scopes(&list), Some(vec!["rounds:read".into()]));
        let list = json!({ "sub": "maja", "exp": 1, "scope": ["openid", 1] });
        assert_eq!(scopes(&list), None);
        let odd = json!({ "sub": "app", "exp": 1, "client_id": "app", "scope": { "a": "b:read" } });
        assert_eq!(scopes(&odd), Some(vec![]));
    }
}
