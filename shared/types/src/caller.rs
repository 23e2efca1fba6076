//! Who calls, and what they may be.

use crate::{ApiKeyId, OrganisationId, PersonId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a caller is, in the scope that the grant names.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(example = "coordinator")]
pub enum Role {
    /// Runs one organiser's programmes.
    Coordinator,
    /// Holds (or acts for) the office that decides for one municipality.
    Director,
    /// Instruments, surveys, interviews and reports of one organiser.
    Evaluator,
    /// Leads sessions of one organiser.
    Facilitator,
    /// Keeps one organisation's persons.
    Hr,
    /// Registers credits for one education provider.
    Registrar,
    /// Reads audit and register of processing of one organiser.
    Auditor,
    /// Runs the installation; sees no personal content.
    Operator,
}

/// One role with its scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RoleGrant {
    /// The role.
    pub role: Role,
    /// The organisation in which it counts; absent for the whole installation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation_id: Option<OrganisationId>,
}

/// The caller of an operation, as the gateway resolved it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// The person, absent for a system or a stranger.
    pub person: Option<PersonId>,
    /// A stable name of the caller for history, idempotency and limits: `person:…`, `key:…`
    /// or empty for a stranger.
    pub subject: String,
    /// All roles with their scopes.
    pub roles: Vec<RoleGrant>,
    /// The scopes to which a system's key or a client is limited; absent where roles alone
    /// decide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<String>>,
}

impl Caller {
    /// Somebody of whom nothing is known.
    pub fn anonymous() -> Self {
        Self::default()
    }

    /// Whether nothing is known of the caller.
    pub fn is_anonymous(&self) -> bool {
        self.subject.is_empty()
    }

    /// Whether the caller has a role for an organisation.
    pub fn has(&self, role: Role, organisation: OrganisationId) -> bool {
        self.scope(role).any(|scope| scope == organisation)
    }

    /// Whether the caller coordinates an organiser's programmes.
    pub fn coordinates(&self, organiser: OrganisationId) -> bool {
        self.has(Role::Coordinator, organiser)
    }

    /// Whether the caller decides for a municipality.
    pub fn directs(&self, municipality: OrganisationId) -> bool {
        self.has(Role::Director, municipality)
    }

    /// Whether the caller runs the installation.
    pub fn is_operator(&self) -> bool {
        self.roles.iter().any(|grant| grant.role == Role::Operator)
    }

    /// Whether the caller may call what takes any one of these scopes; an operation that names
    /// none takes every caller.
    pub fn is_within(&self, any_of: &[String]) -> bool {
        match &self.scopes {
            None => true,
            Some(own) => any_of.is_empty() || any_of.iter().any(|scope| own.contains(scope)),
        }
    }

    /// The organisations in which the caller has a role.
    pub fn scope(&self, role: Role) -> impl Iterator<Item = OrganisationId> {
        self.roles
            .iter()
            .filter(move |grant| grant.role == role)
            .filter_map(|grant| grant.organisation_id)
    }
}

/// By which of the attributes that an employer provisions a person is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = "externalId")]
pub enum ProvisionedBy {
    /// The provisioning system's own id.
    ExternalId,
    /// What the person signs in with.
    UserName,
}

/// As whom an employer may have provisioned a person.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub struct Provisioned {
    /// The employer: its official code, or its id. The issuer speaks for nobody else's people.
    pub organisation: String,
    /// By which attribute.
    pub by: ProvisionedBy,
    /// What the token says.
    pub value: String,
}

/// What the gateway asks registration about a credential.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum Credential {
    /// A person as an identity provider names them.
    Token {
        /// The issuer that signed the token.
        issuer: String,
        /// The issuer's name for the person.
        subject: String,
        /// The e-mail address, only where the issuer says that it is verified.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        verified_email: Option<String>,
        /// As whom the employer may have provisioned the person, where the issuer is an
        /// employer's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        provisioned: Option<Provisioned>,
    },
    /// A system's key: the id that stands in it, and the hex SHA-256 of the whole.
    ApiKey {
        /// The key's id, by which it is looked up.
        id: ApiKeyId,
        /// The digest, which is compared with the one that is kept.
        digest: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_counts_only_in_its_own_scope() {
        let (own, other) = (OrganisationId::new(), OrganisationId::new());
        let caller = Caller {
            roles: vec![RoleGrant {
                role: Role::Coordinator,
                organisation_id: Some(own),
            }],
            ..Caller::anonymous()
        };
        assert!(caller.coordinates(own));
        assert!(!caller.coordinates(other));
        assert!(!caller.directs(own));
        assert!(!caller.is_operator());
    }

    #[test]
    fn scopes_limit_only_who_has_some() {
        let needed = ["registration:read", "rounds:read"].map(str::to_owned);
        let limited = |scopes: &[&str]| Caller {
            scopes: Some(scopes.iter().map(|&scope| scope.to_owned()).collect()),
            ..Caller::anonymous()
        };
        assert!(Caller::anonymous().is_within(&needed));
        assert!(limited(&["rounds:read"]).is_within(&needed));
        assert!(!limited(&["rounds:write", "people:read"]).is_within(&needed));
        assert!(!limited(&[]).is_within(&needed));
        assert!(limited(&[]).is_within(&[]));
    }
}
