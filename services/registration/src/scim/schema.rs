//! The attributes that there are: what is published, parsed, compared and changed follows from
//! this one table.

use serde_json::{Value, json};

/// Of a user.
pub const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
/// Of an employee.
pub const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
/// Of a group.
pub const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// Yes or no.
    Boolean,
    /// An instant.
    Instant,
    /// An address of another resource.
    Reference,
    /// Has attributes of its own.
    Complex,
}

/// Who may set a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutability {
    /// The client, again and again.
    ReadWrite,
    /// The client, once.
    Immutable,
    /// The server alone.
    ReadOnly,
}

/// An attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its name, in the spelling that is answered.
    pub name: &'static str,
    /// What a value is.
    pub kind: Kind,
    /// Whether there are several values.
    pub many: bool,
    /// Whether there has to be one.
    pub required: bool,
    /// Whether letters of two cases differ.
    pub case_exact: bool,
    /// Who may set it.
    pub mutability: Mutability,
    /// Whether it is answered whatever is asked for.
    pub always: bool,
    /// Whether nobody else of the organisation has the same.
    pub unique: bool,
    /// Most characters of a text.
    pub most: usize,
    /// Attributes of its own.
    pub parts: &'static [Attribute],
    /// Values that are known to mean something.
    pub known: &'static [&'static str],
    /// What a reference leads to.
    pub leads_to: &'static [&'static str],
    /// What it is.
    pub about: &'static str,
}

const TEXT: Attribute = Attribute {
    name: "",
    kind: Kind::Text,
    many: false,
    required: false,
    case_exact: false,
    mutability: Mutability::ReadWrite,
    always: false,
    unique: false,
    most: 200,
    parts: &[],
    known: &[],
    leads_to: &[],
    about: "",
};

const fn text(name: &'static str, about: &'static str) -> Attribute {
    Attribute {
        name,
        about,
        ..TEXT
    }
}

const fn complex(
    name: &'static str,
    parts: &'static [Attribute],
    about: &'static str,
) -> Attribute {
    Attribute {
        kind: Kind::Complex,
        parts,
        ..text(name, about)
    }
}

const fn read_only(attribute: Attribute) -> Attribute {
    Attribute {
        mutability: Mutability::ReadOnly,
        ..attribute
    }
}

const fn immutable(attribute: Attribute) -> Attribute {
    Attribute {
        mutability: Mutability::Immutable,
        ..attribute
    }
}

const fn many(attribute: Attribute) -> Attribute {
    Attribute {
        many: true,
        ..attribute
    }
}

const fn required(attribute: Attribute) -> Attribute {
    Attribute {
        required: true,
        ..attribute
    }
}

const fn exact(attribute: Attribute) -> Attribute {
    Attribute {
        case_exact: true,
        ..attribute
    }
}

const fn reference(
    name: &'static str,
    leads_to: &'static [&'static str],
    about: &'static str,
) -> Attribute {
    Attribute {
        kind: Kind::Reference,
        leads_to,
        most: 500,
        ..exact(text(name, about))
    }
}

const PRIMARY: Attribute = Attribute {
    kind: Kind::Boolean,
    ..text("primary", "Whether it is the one that is used.")
};

const fn kind_of(known: &'static [&'static str]) -> Attribute {
    Attribute {
        known,
        most: 40,
        ..text("type", "What it is for.")
    }
}

/// Attributes that every resource has.
pub static COMMON: &[Attribute] = &[
    Attribute {
        always: true,
        ..read_only(exact(text(
            "id",
            "The id, which never changes and is never given again.",
        )))
    },
    exact(text(
        "externalId",
        "The client's own id; nobody else of the organisation has the same.",
    )),
    Attribute {
        always: true,
        ..read_only(exact(many(text("schemas", "What it is made of."))))
    },
    read_only(complex(
        "meta",
        &[
            read_only(exact(text("resourceType", "User or Group."))),
            Attribute {
                kind: Kind::Instant,
                ..read_only(text("created", "When it was added."))
            },
            Attribute {
                kind: Kind::Instant,
                ..read_only(text("lastModified", "When it last changed by this API."))
            },
            read_only(exact(text("location", "Its address."))),
            read_only(exact(text("version", "Its entity tag."))),
        ],
        "About the resource.",
    )),
];

/// Attributes of a user.
pub static USER_ATTRIBUTES: &[Attribute] = &[
    Attribute {
        unique: true,
        always: true,
        most: 254,
        ..required(text(
            "userName",
            "What the person signs in with; often the e-mail address. Nobody else of the organisation has the same.",
        ))
    },
    complex(
        "name",
        &[
            text(
                "formatted",
                "The whole name; without it the given and the family name are.",
            ),
            text("familyName", "Family name."),
            text("givenName", "Given name."),
            text("middleName", "Middle name."),
            text("honorificPrefix", "Title before the name."),
            text("honorificSuffix", "Title after the name."),
        ],
        "The parts of the name.",
    ),
    text("displayName", "The name as it is shown."),
    text("title", "Title at work."),
    text(
        "userType",
        "What the person is to the organisation: employed_manager, elected or other. Any other text is kept and changes nothing.",
    ),
    Attribute {
        most: 100,
        ..text(
            "preferredLanguage",
            "Language of what is sent to the person: sv, da or en.",
        )
    },
    Attribute {
        kind: Kind::Boolean,
        ..required(text(
            "active",
            "Whether the person may call; false counts everywhere within five seconds. Taken as true where a new user lacks it.",
        ))
    },
    many(required(complex(
        "emails",
        &[
            Attribute {
                most: 254,
                ..required(text("value", "The address."))
            },
            kind_of(&["work", "home", "other"]),
            PRIMARY,
        ],
        "The work address. One is kept: the primary one, else that for work, else the first. Taken from userName where that is an address and none is sent.",
    ))),
    many(complex(
        "phoneNumbers",
        &[
            Attribute {
                most: 40,
                ..text("value", "The number.")
            },
            kind_of(&["work", "mobile", "other"]),
            PRIMARY,
        ],
        "The work telephone. One is kept, chosen as the address is.",
    )),
    read_only(many(complex(
        "groups",
        &[
            read_only(text("value", "Id of the group.")),
            read_only(reference("$ref", &["Group"], "Its address.")),
            read_only(text("display", "Its name.")),
            read_only(kind_of(&["direct"])),
        ],
        "The department, and roles that this key could give.",
    ))),
];

/// Attributes of an employee.
pub static ENTERPRISE_ATTRIBUTES: &[Attribute] = &[
    exact(text(
        "employeeNumber",
        "Number at the employer; never a personal identity number.",
    )),
    text(
        "organization",
        "Name of the organisation, as the client writes it.",
    ),
    text("division", "Name of the division."),
    text(
        "department",
        "Name of the department; it is added where there is none.",
    ),
    complex(
        "manager",
        &[
            exact(text(
                "value",
                "Id or externalId of the manager, who may come later.",
            )),
            reference("$ref", &["User"], "Address of the manager."),
        ],
        "The person's own manager.",
    ),
];

/// Attributes of a group.
pub static GROUP_ATTRIBUTES: &[Attribute] = &[
    Attribute {
        unique: true,
        always: true,
        ..required(text(
            "displayName",
            "Name of the department; role:… for a role.",
        ))
    },
    many(complex(
        "members",
        &[
            immutable(exact(text("value", "Id of the user."))),
            immutable(reference("$ref", &["User"], "Address of the user.")),
            immutable(Attribute {
                known: &["User"],
                most: 40,
                ..text("type", "Always User.")
            }),
        ],
        "Who belongs to it. Everybody has one department at most: whoever joins one leaves another.",
    )),
];

/// Attributes of the RFC that are not kept: taken, and left out of every answer.
pub static NOT_KEPT: &[&str] = &[
    "nickname",
    "profileurl",
    "locale",
    "timezone",
    "password",
    "ims",
    "photos",
    "addresses",
    "entitlements",
    "roles",
    "x509certificates",
    "costcenter",
];

/// A kind of resource.
#[derive(Debug, PartialEq, Eq)]
pub struct Resource {
    /// Its name.
    pub name: &'static str,
    /// Where it stands.
    pub endpoint: &'static str,
    /// Its schema.
    pub schema: &'static str,
    /// What it is.
    pub about: &'static str,
    /// Attributes of its schema.
    pub attributes: &'static [Attribute],
    /// Its extension, with the attributes.
    pub extension: Option<(&'static str, &'static [Attribute])>,
}

/// Users.
pub static USERS: Resource = Resource {
    name: "User",
    endpoint: "/Users",
    schema: USER,
    about: "People of the organisation",
    attributes: USER_ATTRIBUTES,
    extension: Some((ENTERPRISE, ENTERPRISE_ATTRIBUTES)),
};

/// Groups.
pub static GROUPS: Resource = Resource {
    name: "Group",
    endpoint: "/Groups",
    schema: GROUP,
    about: "Departments, and roles that the key could give",
    attributes: GROUP_ATTRIBUTES,
    extension: None,
};

/// Where an attribute stands: below the resource, or below its extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The extension's URN.
    pub extension: Option<&'static str>,
    /// The attribute.
    pub attribute: &'static Attribute,
    /// One of its parts.
    pub part: Option<&'static Attribute>,
}

impl Resource {
    /// The attribute of a name, whatever its case.
    pub fn find(&self, name: &str) -> Option<&'static Attribute> {
        find(self.attributes, name).or_else(|| find(COMMON, name))
    }

    /// The attribute of the extension.
    pub fn find_extended(&self, name: &str) -> Option<(&'static str, &'static Attribute)> {
        let (urn, attributes) = self.extension?;
        Some((urn, find(attributes, name)?))
    }
}

/// The attribute of a name among some, whatever its case.
pub fn find(attributes: &'static [Attribute], name: &str) -> Option<&'static Attribute> {
    let mut all = attributes.iter();
    all.find(|one| one.name.eq_ignore_ascii_case(name))
}

fn wire(attribute: &Attribute) -> Value {
    let kind = match attribute.kind {
        Kind::Text => "string",
        Kind::Boolean => "boolean",
        Kind::Instant => "dateTime",
        Kind::Reference => "reference",
        Kind::Complex => "complex",
    };
    let mutability = match attribute.mutability {
        Mutability::ReadWrite => "readWrite",
        Mutability::Immutable => "immutable",
        Mutability::ReadOnly => "readOnly",
    };
    let mut wire = json!({
        "name": attribute.name,
        "type": kind,
        "multiValued": attribute.many,
        "description": attribute.about,
        "required": attribute.required,
        "mutability": mutability,
        "returned": if attribute.always { "always" } else { "default" },
    });
    if let Some(members) = wire.as_object_mut() {
        if attribute.kind != Kind::Complex && attribute.kind != Kind::Boolean {
            members.insert("caseExact".into(), attribute.case_exact.into());
            let unique = if attribute.unique { "server" } else { "none" };
            members.insert("uniqueness".into(), unique.into());
        }
        if !attribute.parts.is_empty() {
            let parts: Vec<Value> = attribute.parts.iter().map(self::wire).collect();
            members.insert("subAttributes".into(), parts.into());
        }
        if !attribute.known.is_empty() {
            members.insert("canonicalValues".into(), json!(attribute.known));
        }
        if !attribute.leads_to.is_empty() {
            members.insert("referenceTypes".into(), json!(attribute.leads_to));
        }
    }
    wire
}

/// A schema as it is published.
fn published(urn: &str, name: &str, about: &str, attributes: &[Attribute], base: &str) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
        "id": urn,
        "name": name,
        "description": about,
        "attributes": attributes.iter().map(wire).collect::<Vec<_>>(),
        "meta": { "resourceType": "Schema", "location": format!("{base}/Schemas/{urn}") },
    })
}

/// Every schema.
pub fn schemas(base: &str) -> Vec<Value> {
    let user = published(USER, "User", USERS.about, USER_ATTRIBUTES, base);
    let about = "What an employer knows besides";
    let employee = published(
        ENTERPRISE,
        "EnterpriseUser",
        about,
        ENTERPRISE_ATTRIBUTES,
        base,
    );
    let group = published(GROUP, "Group", GROUPS.about, GROUP_ATTRIBUTES, base);
    vec![user, employee, group]
}

/// Every kind of resource.
pub fn resource_types(base: &str) -> Vec<Value> {
    let wire = |resource: &Resource| {
        let extension = resource.extension.iter();
        let extensions = extension.map(|(urn, _)| json!({ "schema": urn, "required": false }));
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
            "id": resource.name,
            "name": resource.name,
            "endpoint": resource.endpoint,
            "description": resource.about,
            "schema": resource.schema,
            "schemaExtensions": extensions.collect::<Vec<_>>(),
            "meta": {
                "resourceType": "ResourceType",
                "location": format!("{base}/ResourceTypes/{}", resource.name),
            },
        })
    };
    vec![wire(&USERS), wire(&GROUPS)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_kept_is_not_published() {
        let published = schemas("https://akademi.example/registration/scim/v2").len();
        assert_eq!(published, 3);
        for name in NOT_KEPT {
            assert_eq!(USERS.find(name), None, "{name}");
            assert_eq!(USERS.find_extended(name), None, "{name}");
        }
    }

    #[test]
    fn an_attribute_is_found_whatever_its_case() {
        assert_eq!(USERS.find("USERNAME").unwrap().name, "userName");
        assert_eq!(USERS.find_extended("Manager").unwrap().0, ENTERPRISE);
        assert_eq!(GROUPS.find("userName"), None);
    }
}
