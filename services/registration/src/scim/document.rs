//! A person as a user, and what a user's document means for the person.
//!
//! What registration keeps wins: where the person, a coordinator or an office has changed
//! something since, the document says what is known now.

use super::{
    entity,
    patch::Document,
    refusal::{invalid_value, mutability},
    schema::{ENTERPRISE, USER},
};
use crate::people;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use shared_database::{DatabaseError, column};
use shared_types::{Language, Problem, registration::people::PersonKind};
use shared_web::command::hex;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Longest name of a person.
const MOST_NAME: usize = 200;

/// What users refer to.
#[derive(Debug, Default)]
pub struct Known {
    /// Names of departments.
    pub departments: HashMap<Uuid, String>,
    /// Managers of the same organisation.
    pub managers: HashSet<Uuid>,
    /// Roles by person, as the key's holder may know them.
    pub roles: HashMap<Uuid, Vec<String>>,
}

/// What a document says of a person.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// What the person signs in with.
    pub user_name: String,
    /// The client's own id.
    pub external_id: Option<String>,
    /// The whole name.
    pub name: String,
    /// The address.
    pub email: String,
    /// The telephone number.
    pub phone: Option<String>,
    /// Title at work.
    pub title: Option<String>,
    /// Language, where one is named that is spoken here.
    pub language: Option<Language>,
    /// What the person is to the organisation, where the type says so.
    pub kind: Option<PersonKind>,
    /// Whether the person may call, where it is said.
    pub active: Option<bool>,
    /// Name of the department.
    pub department: Option<String>,
    /// Whom the client names as manager.
    pub manager: Option<String>,
    /// What is kept beside the person.
    pub kept: Value,
}

/// Reads a document.
pub fn read(mut document: Document) -> Result<Said, Problem> {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let user_name =
        text(document.get("userName")).ok_or_else(|| invalid_value("userName is required."))?;
    let email = one_of(&mut document, "emails")
        .or_else(|| is_address(&user_name).then(|| user_name.clone()))
        .ok_or_else(|| invalid_value("An e-mail address is required, in emails or as userName."))?;
    if !is_address(&email) {
        return Err(invalid_value("emails holds something that is no address."));
    }
    let phone = one_of(&mut document, "phoneNumbers");
    let extension = document.get(ENTERPRISE);
    let of_employee = |name: &str| extension.and_then(|extension| extension.get(name));
    let department = text(of_employee("department"));
    let manager = text(of_employee("manager").and_then(|manager| manager.get("value")));
    let title = text(document.get("title"));
    let kind = text(document.get("userType")).and_then(|word| kind_of(&word));
    let language = document.get("preferredLanguage").and_then(Value::as_str);
    let said = Said {
        name: name_of(&document, &user_name),
        external_id: text(document.get("externalId")),
        active: document.get("active").and_then(Value::as_bool),
        language: language.and_then(Language::negotiate),
        kind,
        email,
        phone,
        title,
        department,
        manager,
        user_name,
        kept: Value::Null,
    };
    for gone in [
        "userName",
        "externalId",
        "active",
        "title",
        "groups",
        "id",
        "meta",
        "schemas",
    ] {
        document.remove(gone);
    }
    if let Some(Value::Object(extension)) = document.get_mut(ENTERPRISE) {
        extension.remove("department");
        extension.remove("manager");
    }
    Ok(Said {
        kept: document.into(),
        ..said
    })
}

/// Leaves of several addresses or numbers the one that is kept: the primary one, else that for
/// work, else the first.
fn one_of(document: &mut Document, name: &str) -> Option<String> {
    let Some(Value::Array(all)) = document.get(name) else {
        return None;
    };
    let with_value = || all.iter().filter(|one| one.get("value").is_some());
    let primary = with_value().find(|one| one.get("primary") == Some(&Value::Bool(true)));
    let work = || with_value().find(|one| one.get("type").and_then(Value::as_str) == Some("work"));
    let one = primary
        .or_else(work)
        .or_else(|| with_value().next())
        .cloned();
    let value = one
        .as_ref()
        .and_then(|one| one.get("value")?.as_str().map(str::to_owned));
    match one {
        Some(one) => document.insert(name.to_owned(), json!([one])),
        None => document.remove(name),
    };
    value
}

/// Whether a text can be written to: one at sign, a domain, no spaces.
pub fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    let is_plain = |part: &str| {
        !part.is_empty()
            && !part.contains(|sign: char| {
                sign.is_whitespace() || sign.is_control() || "@<>,;:\"()[]\\".contains(sign)
            })
    };
    is_plain(local) && is_plain(domain) && text.len() <= 254
}

fn name_of(document: &Document, user_name: &str) -> String {
    let of_name = |part: &str| {
        let part = document.get("name").and_then(|name| name.get(part));
        part.and_then(Value::as_str).unwrap_or_default().trim()
    };
    let joined = [of_name("givenName"), of_name("familyName")].join(" ");
    let display = document.get("displayName").and_then(Value::as_str);
    let mut all = [
        of_name("formatted"),
        joined.trim(),
        display.unwrap_or_default(),
        user_name,
    ]
    .into_iter();
    let name = all.find(|name| !name.trim().is_empty()).unwrap_or_default();
    name.trim().chars().take(MOST_NAME).collect()
}

fn kind_of(word: &str) -> Option<PersonKind> {
    column::parse(&word.to_ascii_lowercase()).ok()
}

/// What is shown of a person who no client has told of.
fn untold(person: &people::entity::Model) -> Document {
    let mut document = Document::new();
    document.insert("displayName".into(), json!(person.name));
    document.insert("name".into(), json!({ "formatted": person.name }));
    document.insert("userType".into(), json!(person.kind));
    document.insert("preferredLanguage".into(), json!(person.language));
    document
}

/// A person as a user, without `meta`.
pub fn user(
    person: &people::entity::Model,
    row: Option<&entity::Model>,
    known: &Known,
    base: &str,
) -> Result<Document, DatabaseError> {
    let mut document = match row {
        Some(row) => column::from_json(row.attributes.clone())?,
        None => untold(person),
    };
    let user_name = row.map_or(person.email.as_str(), |row| row.user_name.as_str());
    let mut insert = |name: &str, value: Option<Value>| {
        match value {
            Some(value) => document.insert(name.to_owned(), value),
            None => document.remove(name),
        };
    };
    insert("id", Some(json!(person.id)));
    insert("userName", Some(json!(user_name)));
    insert(
        "externalId",
        row.and_then(|row| row.external_id.clone()).map(Value::from),
    );
    insert("active", Some(json!(person.active)));
    insert("title", person.title.clone().map(Value::from));
    if name_of(&document, user_name) != person.name {
        document.insert("displayName".into(), json!(person.name));
        document.insert("name".into(), json!({ "formatted": person.name }));
    }
    let work = |value: &str| json!([{ "value": value, "type": "work", "primary": true }]);
    if document.pointer_value("emails") != Some(person.email.as_str()) {
        document.insert("emails".into(), work(&person.email));
    }
    match &person.phone {
        None => drop(document.remove("phoneNumbers")),
        Some(phone) if document.pointer_value("phoneNumbers") != Some(phone.as_str()) => {
            document.insert("phoneNumbers".into(), work(phone));
        }
        Some(_) => {}
    }
    keep_current(
        &mut document,
        "preferredLanguage",
        &person.language,
        |text| Language::negotiate(text).map(column::text),
    );
    keep_current(&mut document, "userType", &person.kind, |text| {
        kind_of(text).map(column::text)
    });
    employee(&mut document, person, row, known, base);
    let department = person
        .department_id
        .and_then(|id| Some((id, known.departments.get(&id)?)));
    let mut groups: Vec<Value> = department
        .map(|(id, name)| group(base, &id.to_string(), name))
        .into_iter()
        .collect();
    for role in known.roles.get(&person.id).into_iter().flatten() {
        groups.push(group(
            base,
            &format!("role-{role}"),
            &format!("role:{role}"),
        ));
    }
    if !groups.is_empty() {
        document.insert("groups".into(), groups.into());
    }
    let mut schemas = vec![USER];
    if document.contains_key(ENTERPRISE) {
        schemas.push(ENTERPRISE);
    }
    document.insert("schemas".into(), json!(schemas));
    Ok(document)
}

fn group(base: &str, id: &str, name: &str) -> Value {
    json!({ "value": id, "$ref": format!("{base}/Groups/{id}"), "display": name, "type": "direct" })
}

/// Says what holds now where a text of the client means something else.
fn keep_current(
    document: &mut Document,
    name: &str,
    current: &str,
    means: impl Fn(&str) -> Option<String>,
) {
    let said = document.get(name).and_then(Value::as_str).and_then(means);
    if said.is_some_and(|said| said != current) {
        document.insert(name.to_owned(), current.into());
    }
}

fn employee(
    document: &mut Document,
    person: &people::entity::Model,
    row: Option<&entity::Model>,
    known: &Known,
    base: &str,
) {
    let mut extension = match document.remove(ENTERPRISE) {
        Some(Value::Object(members)) => members,
        _ => Document::new(),
    };
    let department = person
        .department_id
        .and_then(|id| known.departments.get(&id));
    if let Some(name) = department {
        extension.insert("department".into(), json!(name));
    }
    let manager = person.manager_id.filter(|id| known.managers.contains(id));
    let pending = row.and_then(|row| row.manager_ref.as_deref());
    if let Some(id) = manager {
        let manager = json!({ "value": id, "$ref": format!("{base}/Users/{id}") });
        extension.insert("manager".into(), manager);
    } else if let Some(pending) = pending {
        extension.insert("manager".into(), json!({ "value": pending }));
    }
    if !extension.is_empty() {
        document.insert(ENTERPRISE.into(), extension.into());
    }
}

/// The first value of an attribute that has several.
trait FirstValue {
    fn pointer_value(&self, name: &str) -> Option<&str>;
}

impl FirstValue for Document {
    fn pointer_value(&self, name: &str) -> Option<&str> {
        self.get(name)?.get(0)?.get("value")?.as_str()
    }
}

/// The tag of a document's version: whatever is shown differently has another.
pub fn tag(document: &Document) -> String {
    let text = serde_json::to_vec(document).unwrap_or_default();
    let digest: String = hex(&Sha256::digest(text)).chars().take(32).collect();
    format!("W/\"{digest}\"")
}

/// The document with what is said about it.
pub fn finish(
    mut document: Document,
    kind: &str,
    location: &str,
    created: DateTime<Utc>,
    modified: DateTime<Utc>,
) -> Value {
    let version = tag(&document);
    document.insert(
        "meta".to_owned(),
        json!({
            "resourceType": kind,
            "created": created,
            "lastModified": modified,
            "location": location,
            "version": version,
        }),
    );
    document.into()
}

/// Refuses a change of what can't change, such as a role's name.
pub fn refuse_renaming(name: &str) -> Problem {
    mutability(format!("{name} keeps its name."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scim::{patch, schema::USERS};

    #[expect(clippy::needless_pass_by_value, reason = "said on the spot")]
    fn said(members: Value) -> Result<Said, Problem> {
        let mut body = json!({ "schemas": [USER], "userName": "maja" });
        let body_members = body.as_object_mut().unwrap();
        body_members.extend(members.as_object().unwrap().clone());
        read(patch::whole(&USERS, &body)?)
    }

    #[test]
    fn one_address_is_kept_and_one_there_has_to_be() {
        let all = json!([{ "value": "a@hem.example", "type": "home" }, { "value": "b@kommun.example", "type": "work" }]);
        let both = said(json!({ "emails": all })).unwrap();
        assert_eq!(both.email, "b@kommun.example");
        assert_eq!(both.kept["emails"].as_array().unwrap().len(), 1);
        let own = said(json!({ "userName": "maja@kommun.example" })).unwrap();
        assert_eq!(own.email, "maja@kommun.example");
        for members in [
            json!({}),
            json!({ "emails": [{ "value": "no address" }] }),
            json!({ "emails": [{ "value": "a@b\r\nBcc: c@d" }] }),
        ] {
            assert_eq!(
                said(members).unwrap_err().get("scimType"),
                Some("invalidValue")
            );
        }
    }

    #[test]
    fn the_name_is_the_fullest_that_is_told() {
        let name = |members: Value| {
            let mut members = members;
            members["userName"] = json!("maja@kommun.example");
            said(members).unwrap().name
        };
        let parts = json!({ "givenName": "Maja", "familyName": "Ek" });
        assert_eq!(
            name(json!({ "name": parts, "displayName": "M" })),
            "Maja Ek"
        );
        assert_eq!(
            name(json!({ "name": { "formatted": "Maja E", "givenName": "M" } })),
            "Maja E"
        );
        assert_eq!(name(json!({ "displayName": "Maja" })), "Maja");
        assert_eq!(name(json!({})), "maja@kommun.example");
    }

    #[test]
    fn only_words_that_are_known_change_kind_and_language() {
        let user = |members: Value| {
            let mut members = members;
            members["userName"] = json!("maja@kommun.example");
            said(members).unwrap()
        };
        let known = user(json!({ "userType": "Elected", "preferredLanguage": "sv-SE" }));
        assert_eq!(known.kind, Some(PersonKind::Elected));
        assert_eq!(known.language, Some(Language::Swedish));
        let other = user(json!({ "userType": "Contractor", "preferredLanguage": "xx" }));
        assert_eq!((other.kind, other.language), (None, None));
        assert_eq!(other.kept["userType"], "Contractor");
    }
}
