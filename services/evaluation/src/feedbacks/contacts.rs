//! Names and addresses of raters who are not known here, sealed by a key of their 360. When it is
//! over the key is gone, and with it every copy.

use super::{entity, rater_entity};
use serde::{Deserialize, Serialize};
use shared_envelope::{Keys, OwnerKey, WrappedKey};
use shared_types::Problem;
use unicode_normalization::UnicodeNormalization as _;

/// Who somebody is, and where to write.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Name.
    pub name: String,
    /// Address.
    pub email: String,
}

impl std::fmt::Debug for Contact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Contact")
    }
}

/// The key of a 360 that is not over.
pub fn key(keys: &Keys, feedback: &entity::Model) -> Result<Option<OwnerKey>, Problem> {
    let (Some(key_id), Some(wrapped_key)) = (&feedback.key_id, &feedback.wrapped_key) else {
        return Ok(None);
    };
    let wrapped = WrappedKey {
        key_id: key_id.clone(),
        wrapped_key: wrapped_key.clone(),
    };
    let key = keys.open_owner_key(feedback.id.as_bytes(), &wrapped);
    key.map(Some).map_err(Problem::internal)
}

/// Seals who a rater is into the rater's row.
pub fn seal(
    key: &OwnerKey,
    rater: &mut rater_entity::Model,
    contact: &Contact,
) -> Result<(), Problem> {
    let text = serde_json::to_vec(contact).map_err(Problem::internal)?;
    let sealed = key.seal(rater.id.as_bytes(), &text);
    rater.contact = Some(sealed.map_err(Problem::internal)?);
    let compared: String = contact.email.nfc().collect::<String>().to_lowercase();
    rater.address_code = Some(key.code(compared.as_bytes()));
    Ok(())
}

/// Opens who a rater is, where it is kept.
pub fn open(
    key: Option<&OwnerKey>,
    rater: &rater_entity::Model,
) -> Result<Option<Contact>, Problem> {
    let (Some(key), Some(body)) = (key, &rater.contact) else {
        return Ok(None);
    };
    let text = key.open(rater.id.as_bytes(), body);
    let text = text.map_err(Problem::internal)?;
    // Never what was in it.
    let contact = serde_json::from_slice(&text);
    contact.map_err(|_| Problem::internal("a contact of another shape"))
}
