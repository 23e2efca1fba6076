//! Names of attributes as clients write them: `name.givenName`, a URN before it, or a whole
//! extension.

use super::schema::{self, Mutability, NOT_KEPT, Place, Resource};

/// What a name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// An attribute, or a part of one.
    Attribute(Place),
    /// A whole extension.
    Extension(&'static str),
    /// Something that SCIM knows and that is not kept here.
    NotKept,
}

/// What a name means in a resource; `None` where it means nothing.
pub fn resolve(resource: &Resource, name: &str) -> Option<Named> {
    if let Some(rest) = below(name, resource.schema) {
        return if rest.is_empty() {
            None
        } else {
            plain(resource, rest)
        };
    }
    if let Some((urn, attributes)) = resource.extension
        && let Some(rest) = below(name, urn)
    {
        if rest.is_empty() {
            return Some(Named::Extension(urn));
        }
        let (attribute, part) = split(rest);
        if is_not_kept(attribute) {
            return Some(Named::NotKept);
        }
        let attribute = schema::find(attributes, attribute)?;
        return with_part(Some(urn), attribute, part);
    }
    if name
        .get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("urn:"))
    {
        return None;
    }
    plain(resource, name)
}

/// What follows a URN and its colon; nothing where the URN is all.
fn below<'a>(name: &'a str, urn: &str) -> Option<&'a str> {
    let start = name.get(..urn.len())?;
    if !start.eq_ignore_ascii_case(urn) {
        return None;
    }
    let rest = name.get(urn.len()..)?;
    match rest.strip_prefix(':') {
        Some("") => None,
        Some(rest) => Some(rest),
        None => rest.is_empty().then_some(rest),
    }
}

fn plain(resource: &Resource, name: &str) -> Option<Named> {
    let (attribute, part) = split(name);
    if is_not_kept(attribute) && resource.extension.is_some() {
        return Some(Named::NotKept);
    }
    if let Some(found) = resource.find(attribute) {
        return with_part(None, found, part);
    }
    // Some clients leave the extension's URN out.
    let (urn, found) = resource.find_extended(attribute)?;
    with_part(Some(urn), found, part)
}

fn split(name: &str) -> (&str, Option<&str>) {
    match name.split_once('.') {
        Some((attribute, part)) => (attribute, Some(part)),
        None => (name, None),
    }
}

fn with_part(
    extension: Option<&'static str>,
    attribute: &'static schema::Attribute,
    part: Option<&str>,
) -> Option<Named> {
    let part = match part {
        Some(part) => Some(schema::find(attribute.parts, part)?),
        None => None,
    };
    Some(Named::Attribute(Place {
        extension,
        attribute,
        part,
    }))
}

fn is_not_kept(name: &str) -> bool {
    NOT_KEPT.iter().any(|one| one.eq_ignore_ascii_case(name))
}

impl Place {
    /// Whether the server alone sets it.
    pub fn is_read_only(&self) -> bool {
        let read_only = Mutability::ReadOnly;
        let part = self.part.is_some_and(|part| part.mutability == read_only);
        self.attribute.mutability == read_only || part
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scim::schema::{ENTERPRISE, GROUPS, USERS};

    fn name(text: &str) -> Option<String> {
        let Named::Attribute(place) = resolve(&USERS, text)? else {
            return Some("-".into());
        };
        let part = place.part.map(|part| format!(".{}", part.name));
        let extension = place.extension.map(|_| "+");
        Some(format!(
            "{}{}{}",
            extension.unwrap_or_default(),
            place.attribute.name,
            part.unwrap_or_default()
        ))
    }

    #[test]
    fn a_name_may_be_short_or_whole_and_in_any_case() {
        let whole = format!("{ENTERPRISE}:Manager.VALUE");
        assert_eq!(name(&whole).unwrap(), "+manager.value");
        let upper = ENTERPRISE.to_uppercase();
        assert_eq!(name(&format!("{upper}:department")).unwrap(), "+department");
        assert_eq!(name("department").unwrap(), "+department");
        let user = "urn:ietf:params:scim:schemas:core:2.0:User:name.givenname";
        assert_eq!(name(user).unwrap(), "name.givenName");
        assert_eq!(
            resolve(&USERS, ENTERPRISE),
            Some(Named::Extension(ENTERPRISE))
        );
        assert_eq!(resolve(&USERS, "addresses"), Some(Named::NotKept));
    }

    #[test]
    fn what_there_is_not_means_nothing() {
        for text in [
            "",
            ".",
            "x",
            "name.",
            "name.x",
            "userName.value",
            "urn:x:y",
            "urn:ietf:params:scim:schemas:core:2.0:User",
            "urn:ietf:params:scim:schemas:core:2.0:Userx:name",
            "name.givenName.x",
            "é:",
        ] {
            assert_eq!(name(text), None, "{text}");
        }
        assert_eq!(resolve(&GROUPS, "addresses"), None);
        assert_eq!(resolve(&GROUPS, "department"), None);
    }
}
