//! Finds what a request presents.

use super::{Digest, IdentityError};
use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use sha2::{Digest as _, Sha256};
use shared_types::caller::Credential;
use shared_web::api_key;

/// Longest token that is looked at.
const MOST_TOKEN_BYTES: usize = 8 * 1024;

/// The bearer token of a request, as it came; `None` only where there is no such header at all.
pub(super) fn bearer(headers: &HeaderMap) -> Result<Option<&[u8]>, IdentityError> {
    let mut presented = headers.get_all(AUTHORIZATION);
    let Some(value) = presented.next() else {
        return Ok(None);
    };
    if presented.next().is_some() {
        return Err(IdentityError::refused("two authorizations"));
    }
    let value = value.as_bytes();
    let (scheme, token) = value
        .iter()
        .position(|byte| *byte == b' ')
        .and_then(|space| value.split_at_checked(space))
        .ok_or_else(|| IdentityError::refused("no scheme"))?;
    let token = token.trim_ascii();
    if !scheme.eq_ignore_ascii_case(b"bearer") || token.is_empty() {
        return Err(IdentityError::refused("no bearer token"));
    }
    if token.len() > MOST_TOKEN_BYTES {
        return Err(IdentityError::refused("too long"));
    }
    Ok(Some(token))
}

/// A token as text; no token has letters of other scripts.
pub(super) fn text(token: &[u8]) -> Result<&str, IdentityError> {
    let text = std::str::from_utf8(token).ok();
    text.filter(|text| text.is_ascii())
        .ok_or_else(|| IdentityError::refused("no text"))
}

/// What stands for a token in memory and in questions to registration.
pub(super) fn digest(token: &str) -> Digest {
    Sha256::digest(token.as_bytes()).into()
}

/// A system's key; `None` where it is a token. What begins like a key and is none is refused
/// without asking anybody.
pub(super) fn api_key(token: &str) -> Result<Option<Credential>, IdentityError> {
    if !token.starts_with(api_key::PREFIX) {
        return Ok(None);
    }
    let (id, digest) =
        api_key::read(token).ok_or_else(|| IdentityError::refused("a malformed key"))?;
    Ok(Some(Credential::ApiKey { id, digest }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    #[test]
    fn only_the_absence_of_the_header_makes_a_caller_anonymous() {
        let mut headers = HeaderMap::new();
        assert!(bearer(&headers).unwrap().is_none());
        for value in ["", "Bearer", "Bearer ", "Basic abc", "abc"] {
            headers.insert(AUTHORIZATION, HeaderValue::from_static(value));
            assert!(bearer(&headers).is_err(), "{value:?}");
        }
        headers.insert(AUTHORIZATION, HeaderValue::from_static("bearer abc"));
        assert_eq!(bearer(&headers).unwrap(), Some(&b"abc"[..]));
        headers.append(AUTHORIZATION, HeaderValue::from_static("bearer abc"));
        assert!(bearer(&headers).is_err());
        assert!(text("åbc".as_bytes()).is_err() && text(b"ab\xff").is_err());
        assert_eq!(text(b"abc").unwrap(), "abc");
    }
}
