//! The text of a calendar link, `{id}-{secret}`: the id finds the row and is no secret; the
//! secret has 244 random bits, so that a plain digest of it is enough.

use shared_types::CalendarLinkId;
use shared_web::api_key;
use uuid::Uuid;

/// Characters of the id: a UUID without hyphens.
const ID_CHARACTERS: usize = 32;
/// Characters of the secret.
const SECRET_CHARACTERS: usize = 64;

/// A secret that was just made. It is kept nowhere: show it now, or never.
#[derive(Clone, PartialEq, Eq)]
pub struct NewSecret {
    /// The whole text, as it stands in the address.
    pub text: String,
    /// What is kept of it.
    pub digest: String,
}

impl NewSecret {
    /// A new secret for a link.
    pub fn generate(id: CalendarLinkId) -> Self {
        let halves = [Uuid::new_v4(), Uuid::new_v4()].map(|half| half.simple().to_string());
        let text = format!("{}-{}", id.uuid().simple(), halves.concat());
        Self {
            digest: api_key::digest(&text),
            text,
        }
    }
}

impl std::fmt::Debug for NewSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewSecret(…)")
    }
}

/// The id in a presented text and the digest of the whole; `None` where it is no link's text.
pub fn read(text: &str) -> Option<(CalendarLinkId, String)> {
    let (id, secret) = text.split_once('-')?;
    let is_hex = |text: &str, length: usize| {
        text.len() == length
            && text
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    let is_link = is_hex(id, ID_CHARACTERS) && is_hex(secret, SECRET_CHARACTERS);
    let id = Uuid::parse_str(id).ok().filter(|_| is_link)?;
    Some((id.into(), api_key::digest(text)))
}

/// A digest that no text has, to compare with where there is no row: it takes as long.
pub const NOBODYS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_secret_is_read_back_with_its_id_and_digest() {
        let id = CalendarLinkId::new();
        let new = NewSecret::generate(id);
        let (read_id, digest) = read(&new.text).unwrap();
        assert_eq!(read_id, id);
        assert!(api_key::is_same(&new.digest, &digest));
        assert!(!api_key::is_same(
            &new.digest,
            &NewSecret::generate(id).digest
        ));
        assert!(!format!("{new:?}").contains(&new.text));
        assert_eq!(NOBODYS.len(), digest.len());
    }

    #[test]
    fn what_has_another_form_is_no_secret() {
        let good = NewSecret::generate(CalendarLinkId::new()).text;
        for bad in [
            "",
            "-",
            &good[1..],
            &good[..good.len() - 1],
            &good.to_uppercase(),
            &format!("{good}0"),
            &good.replace('-', "_"),
        ] {
            assert!(read(bad).is_none(), "{bad:?}");
        }
    }
}
