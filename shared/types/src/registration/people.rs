//! Bodies of people, their roles and keys.

use crate::{
    DepartmentId, Language, Links, OrganisationId, PersonId, Role, RoleAssignmentId, RoleGrant,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Gender as the person states it.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(example = "woman")]
pub enum Gender {
    /// Woman.
    Woman,
    /// Man.
    Man,
    /// Neither.
    Other,
    /// Not stated; never a disadvantage.
    #[default]
    Undisclosed,
}

/// What a person is to their organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "employed_manager")]
pub enum PersonKind {
    /// An employed manager.
    EmployedManager,
    /// An elected representative.
    Elected,
    /// Anything else.
    Other,
}

/// A person to add.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewPerson {
    /// Full name.
    #[schema(example = "Maja Lindqvist", min_length = 1, max_length = 200)]
    pub name: String,
    /// Work e-mail address.
    #[schema(example = "maja.lindqvist@kommun.example", format = Email, max_length = 254)]
    pub email: String,
    /// Telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "+46 13 00 00 00", max_length = 40)]
    pub phone: Option<String>,
    /// Title at work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "Förvaltningschef", max_length = 200)]
    pub title: Option<String>,
    /// Employer.
    pub organisation_id: OrganisationId,
    /// Department.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department_id: Option<DepartmentId>,
    /// Own manager.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manager_id: Option<PersonId>,
    /// What the person is to the organisation.
    pub kind: PersonKind,
    /// Gender as the person states it.
    #[serde(default)]
    pub gender: Gender,
    /// Language of what is sent to the person.
    pub language: Language,
}

/// What to change of a person (JSON merge patch); absent members stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PersonChange {
    /// Full name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "Maja Lindqvist",
        min_length = 1,
        max_length = 200,
        nullable = false
    )]
    pub name: Option<String>,
    /// Work e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "maja.lindqvist@kommun.example", format = Email, max_length = 254)]
    pub email: Option<String>,
    /// Title at work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "Förvaltningschef", max_length = 200)]
    pub title: Option<String>,
    /// Whether the person may call; `false` counts everywhere within seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = true)]
    pub active: Option<bool>,
    /// Language of what is sent to the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
}

/// Anyone known to the system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    /// Id, the same in all services.
    pub id: PersonId,
    /// Full name.
    #[schema(example = "Maja Lindqvist", max_length = 200)]
    pub name: String,
    /// Work e-mail address.
    #[schema(example = "maja.lindqvist@kommun.example", max_length = 254)]
    pub email: String,
    /// Telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "+46 13 00 00 00", max_length = 40)]
    pub phone: Option<String>,
    /// Title at work.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Förvaltningschef", max_length = 200)]
    pub title: Option<String>,
    /// Employer.
    pub organisation_id: OrganisationId,
    /// Department.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department_id: Option<DepartmentId>,
    /// Own manager.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manager_id: Option<PersonId>,
    /// What the person is to the organisation.
    pub kind: PersonKind,
    /// Gender as the person states it.
    pub gender: Gender,
    /// Language of what is sent to the person.
    pub language: Language,
    /// Whether the person may call.
    #[schema(example = true)]
    pub active: bool,
    /// Whether an office, a coordinator or HR has confirmed who this is.
    #[schema(example = true)]
    pub verified: bool,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(PersonPage, Person, "A page of people.");

/// A role to give to a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewRoleAssignment {
    /// The role; `director` follows from holding an office and can't be given here.
    pub role: Role,
    /// The organisation in which it counts.
    pub organisation_id: OrganisationId,
}

/// A role that was given to a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RoleAssignment {
    /// Id.
    pub id: RoleAssignmentId,
    /// The person.
    pub person_id: PersonId,
    /// The role.
    pub role: Role,
    /// The organisation in which it counts; absent for the whole installation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation_id: Option<OrganisationId>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(
    RoleAssignmentPage,
    RoleAssignment,
    "A page of role assignments."
);

/// The caller, as the gateway resolved them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Me {
    /// The person; absent for a system's key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person_id: Option<PersonId>,
    /// Stable name of the caller.
    #[schema(
        example = "person:0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60",
        max_length = 100
    )]
    pub subject: String,
    /// All roles with their scopes.
    #[schema(max_items = 1000)]
    pub roles: Vec<RoleGrant>,
    /// The scopes to which a key or client is limited; absent where roles alone decide.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(["people:read"]), max_items = 64)]
    pub scopes: Option<Vec<String>>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}
