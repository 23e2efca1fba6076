//! Whether a key counts, who keeps it, and how mighty it may be.

use chrono::{DateTime, Utc};
use shared_database::column;
use shared_types::{
    Caller, OrganisationId, Refusal, Role,
    registration::{
        api_keys::ApiKeyState,
        codes::{API_KEY_EXCEEDS_CALLER, API_KEY_STATE, ROLE_NOT_ASSIGNABLE},
    },
    transition::Edge,
};
use std::collections::BTreeSet;

/// Gives the key a new secret.
pub const ROTATION: &str = "rotation";
/// Takes the key back.
pub const REVOCATION: &str = "revocation";

/// What the table looks at.
#[derive(Clone, Debug)]
pub struct Case {
    /// Whether the key counts.
    pub state: ApiKeyState,
    /// Whether the caller keeps the key.
    pub keeps: bool,
    /// Whether the caller may do all that the key may.
    pub equals: bool,
}

/// `active → revoked`, `active → active` with a new secret; a key whose time is over can still
/// be taken back. Nothing comes back.
pub static TABLE: &[Edge<Case>] = &[
    Edge {
        name: ROTATION,
        who: |case| case.keeps,
        conditions: &[is_active, is_no_mightier],
    },
    Edge {
        name: REVOCATION,
        who: |case| case.keeps,
        conditions: &[is_kept],
    },
];

fn is_active(case: &Case) -> Result<(), Refusal> {
    match case.state {
        ApiKeyState::Active => Ok(()),
        ApiKeyState::Expired | ApiKeyState::Revoked => Err(refusal(case.state)),
    }
}

/// Refuses what was taken back: it changes no more.
pub fn is_kept(case: &Case) -> Result<(), Refusal> {
    match case.state {
        ApiKeyState::Active | ApiKeyState::Expired => Ok(()),
        ApiKeyState::Revoked => Err(refusal(case.state)),
    }
}

/// Whoever gets the secret can do what the key can.
fn is_no_mightier(case: &Case) -> Result<(), Refusal> {
    if case.equals {
        Ok(())
    } else {
        Err(Refusal::of(&API_KEY_EXCEEDS_CALLER))
    }
}

fn refusal(state: ApiKeyState) -> Refusal {
    Refusal::of(&API_KEY_STATE).value("state", column::text(state))
}

/// Whether a key counts at an instant.
pub fn state(
    revoked_at: Option<DateTime<Utc>>,
    expires_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> ApiKeyState {
    if revoked_at.is_some() {
        ApiKeyState::Revoked
    } else if expires_at.is_some_and(|end| now >= end) {
        ApiKeyState::Expired
    } else {
        ApiKeyState::Active
    }
}

/// Whether a caller keeps keys of a role in an organisation, or in the installation.
pub fn keeps(caller: &Caller, role: Role, organisation: Option<OrganisationId>) -> bool {
    match organisation {
        Some(id) => caller.coordinates(id) || (role == Role::Hr && caller.has(Role::Hr, id)),
        None => caller.is_operator(),
    }
}

/// Refuses a role that no key has, or not there: the director's follows from a person's office,
/// the operator's counts everywhere and every other somewhere.
pub fn judge_role(role: Role, organisation: Option<OrganisationId>) -> Result<(), Refusal> {
    let fits = match role {
        Role::Director => false,
        Role::Operator => organisation.is_none(),
        Role::Coordinator
        | Role::Evaluator
        | Role::Facilitator
        | Role::Hr
        | Role::Registrar
        | Role::Auditor => organisation.is_some(),
    };
    if fits {
        Ok(())
    } else {
        Err(Refusal::of(&ROLE_NOT_ASSIGNABLE))
    }
}

/// What a caller may do at most, as far as keys are concerned.
#[derive(Clone, Debug)]
pub struct Might<'a> {
    /// Roles and scopes.
    pub caller: &'a Caller,
    /// The name of this API, whose scope holds those of its nouns.
    pub api: &'a str,
    /// The scopes of this API.
    pub own_scopes: &'a BTreeSet<String>,
}

impl Might<'_> {
    /// Whether the caller has the role there.
    pub fn has_role(&self, role: Role, organisation: Option<OrganisationId>) -> bool {
        match organisation {
            Some(id) => self.caller.has(role, id),
            None => role == Role::Operator && self.caller.is_operator(),
        }
    }

    /// Whether the caller has all these scopes; `None` is no limit at all.
    pub fn has_scopes(&self, asked: Option<&[String]>) -> bool {
        match (&self.caller.scopes, asked) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(own), Some(asked)) => asked.iter().all(|scope| self.covers(own, scope)),
        }
    }

    fn covers(&self, own: &[String], scope: &str) -> bool {
        let whole = || {
            let (_, right) = scope.split_once(':')?;
            let whole = format!("{}:{right}", self.api);
            (self.own_scopes.contains(scope) && own.contains(&whole)).then_some(())
        };
        own.iter().any(|own| own == scope) || whole().is_some()
    }
}

/// The scopes that are not among those of before; `None` is no limit at all.
pub fn added<'a>(before: Option<&[String]>, after: &'a [String]) -> Vec<&'a String> {
    let is_new = |scope: &&String| before.is_some_and(|before| !before.contains(scope));
    after.iter().filter(is_new).collect()
}

/// Whether an end lies within the caller's own; a caller without one has no limit.
pub fn ends_within(asked: Option<DateTime<Utc>>, own: Option<DateTime<Utc>>) -> bool {
    match (asked, own) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(asked), Some(own)) => asked <= own,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_types::{Language, RoleGrant, transition};

    fn case(state: ApiKeyState) -> Case {
        Case {
            state,
            keeps: true,
            equals: true,
        }
    }

    fn caller(role: Role, organisation: Option<OrganisationId>, scopes: Option<&[&str]>) -> Caller {
        let scopes = scopes.map(|all| all.iter().map(|&one| one.to_owned()).collect());
        Caller {
            roles: vec![RoleGrant {
                role,
                organisation_id: organisation,
            }],
            scopes,
            ..Caller::anonymous()
        }
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn the_table_has_these_edges_and_no_others() {
        use ApiKeyState::{Active, Expired, Revoked};
        let open = |case: Case| {
            let open = TABLE.iter().filter(|edge| edge.judge(&case).is_ok());
            open.map(|edge| edge.name).collect::<Vec<_>>()
        };
        assert_eq!(open(case(Active)), [ROTATION, REVOCATION]);
        assert_eq!(open(case(Expired)), [REVOCATION]);
        assert_eq!(open(case(Revoked)), [""; 0]);
        let mightier = Case {
            equals: false,
            ..case(Active)
        };
        assert_eq!(open(mightier), [REVOCATION]);
        let stranger = Case {
            keeps: false,
            ..case(Active)
        };
        for edge in [ROTATION, REVOCATION] {
            let refused = transition::judge(TABLE, edge, &stranger, Language::English);
            assert_eq!(refused.unwrap_err().code().name, "forbidden");
        }
    }

    #[test]
    fn a_key_counts_until_its_end_and_not_at_it() {
        let (now, end) = (at("2027-01-01T00:00:00Z"), at("2027-01-02T00:00:00Z"));
        assert_eq!(state(None, None, now), ApiKeyState::Active);
        assert_eq!(state(None, Some(end), now), ApiKeyState::Active);
        assert_eq!(state(None, Some(end), end), ApiKeyState::Expired);
        assert_eq!(state(Some(now), Some(end), end), ApiKeyState::Revoked);
    }

    #[test]
    fn who_keeps_which_keys() {
        let (own, other) = (Some(OrganisationId::new()), Some(OrganisationId::new()));
        let coordinator = caller(Role::Coordinator, own, None);
        assert!(keeps(&coordinator, Role::Coordinator, own));
        assert!(keeps(&coordinator, Role::Hr, own));
        assert!(!keeps(&coordinator, Role::Hr, other));
        assert!(!keeps(&coordinator, Role::Operator, None));
        let hr = caller(Role::Hr, own, None);
        assert!(keeps(&hr, Role::Hr, own));
        assert!(!keeps(&hr, Role::Coordinator, own));
        assert!(!keeps(&hr, Role::Hr, other));
        let operator = caller(Role::Operator, None, None);
        assert!(keeps(&operator, Role::Operator, None));
        assert!(!keeps(&operator, Role::Coordinator, own));
    }

    #[test]
    fn a_director_has_no_keys_and_every_role_its_place() {
        let somewhere = Some(OrganisationId::new());
        assert!(judge_role(Role::Director, somewhere).is_err());
        assert!(judge_role(Role::Operator, somewhere).is_err());
        assert!(judge_role(Role::Operator, None).is_ok());
        assert!(judge_role(Role::Hr, somewhere).is_ok());
        assert!(judge_role(Role::Hr, None).is_err());
    }

    #[test]
    fn the_scope_of_the_api_holds_those_of_its_nouns_and_of_no_other_api() {
        let limited = caller(Role::Hr, None, Some(&["registration:read", "rounds:write"]));
        let own_scopes = ["registration:read", "rounds:read", "rounds:write"];
        let own_scopes = own_scopes.map(str::to_owned).into();
        let might = Might {
            caller: &limited,
            api: "registration",
            own_scopes: &own_scopes,
        };
        let has = |scopes: &[&str]| {
            let scopes: Vec<String> = scopes.iter().map(|&one| one.to_owned()).collect();
            might.has_scopes(Some(&scopes))
        };
        assert!(has(&["registration:read"]));
        assert!(has(&["rounds:read", "rounds:write"]));
        assert!(!has(&["registration:write"]));
        assert!(!has(&["rounds:read", "scheduling:read"]));
        assert!(!has(&["sessions:read"]), "another API's noun");
        assert!(!might.has_scopes(None), "no limit is more than any");
    }

    #[test]
    fn only_what_was_not_there_before_is_added() {
        let texts = |all: &[&str]| -> Vec<String> { all.iter().map(|&one| one.into()).collect() };
        let (before, after) = (texts(&["a:read"]), texts(&["a:read", "b:read"]));
        assert_eq!(added(Some(&before), &after), ["b:read"]);
        assert!(added(None, &after).is_empty());
        let now = at("2027-01-01T00:00:00Z");
        assert!(ends_within(None, None) && ends_within(Some(now), Some(now)));
        assert!(!ends_within(None, Some(now)));
    }
}
