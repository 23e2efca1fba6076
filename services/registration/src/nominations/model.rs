//! Who may nominate whom, and what is wrong with a list of people.

use shared_types::{
    Caller, Code, FieldProblem, Language, OrganisationId, PersonId, Problem, Role, codes,
    registration::{codes::NOMINATIONS_REFUSED, nominations::NewNominations},
};
use std::collections::HashSet;
use uuid::Uuid;

/// Somebody who nominates.
#[derive(Clone, Debug)]
pub struct Nominator {
    /// The person, where it is one.
    pub person: Option<PersonId>,
    /// Whether it is a coordinator of the round's organiser.
    pub coordinator: bool,
    keeps: HashSet<OrganisationId>,
    directs: HashSet<OrganisationId>,
}

impl Nominator {
    /// What a caller is to the rounds of an organiser.
    pub fn of(caller: &Caller, organiser: OrganisationId) -> Self {
        Self {
            person: caller.person,
            coordinator: caller.coordinates(organiser),
            keeps: caller.scope(Role::Hr).collect(),
            directs: caller.scope(Role::Director).collect(),
        }
    }

    /// Whether there is anybody whom they may nominate.
    pub fn may_nominate(&self) -> bool {
        self.coordinator || !self.keeps.is_empty() || !self.directs.is_empty()
    }

    /// Whether they may nominate a person of an employer.
    pub fn reaches(&self, employer: Uuid, municipality: Option<Uuid>) -> bool {
        self.coordinator
            || self.keeps.contains(&employer.into())
            || municipality.is_some_and(|id| self.directs.contains(&id.into()))
    }

    /// Whether they may add a person to an employer by it; coordinators to those that they keep.
    pub fn adds_to(&self, employer: OrganisationId, kept: &HashSet<Uuid>) -> bool {
        self.keeps.contains(&employer) || (self.coordinator && kept.contains(&employer.uuid()))
    }

    /// Whether they decide for an organisation's office.
    pub fn decides_for(&self, organisation: Uuid) -> bool {
        self.directs.contains(&organisation.into())
    }
}

/// What speaks against single people, with their places in the list.
#[derive(Debug)]
pub struct Refusals {
    language: Language,
    errors: Vec<FieldProblem>,
}

impl Refusals {
    /// Nothing yet.
    pub const fn new(language: Language) -> Self {
        Self {
            language,
            errors: Vec::new(),
        }
    }

    /// Notes what speaks against the person at a place.
    pub fn add(&mut self, place: usize, code: &'static Code) {
        let pointer = format!("/people/{place}");
        let words = code.detail.get(self.language);
        self.errors
            .push(FieldProblem::pointer(pointer, code.name, words));
    }

    /// Refuses all if anything speaks against one.
    pub fn judge(self) -> Result<(), Problem> {
        if self.errors.is_empty() {
            return Ok(());
        }
        let count = self.errors.len();
        Err(Problem::of(&NOMINATIONS_REFUSED)
            .value("count", count)
            .errors(self.errors))
    }
}

/// Refuses a list in which somebody is not named in exactly one way.
pub fn check(body: &NewNominations) -> Result<(), Problem> {
    let wrong = body.people.iter().enumerate().filter(|(_, nominee)| {
        // Both, or neither.
        nominee.person_id.is_some() == nominee.person.is_some()
    });
    let words = "Name the person by either personId or person.";
    let errors: Vec<_> = wrong
        .map(|(place, _)| FieldProblem::pointer(format!("/people/{place}"), "invalid", words))
        .collect();
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Problem::of(&codes::INVALID_BODY).errors(errors))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_types::RoleGrant;

    fn caller(role: Role, organisation: OrganisationId) -> Caller {
        Caller {
            roles: vec![RoleGrant {
                role,
                organisation_id: Some(organisation),
            }],
            ..Caller::anonymous()
        }
    }

    #[test]
    fn each_role_reaches_its_own_people_only() {
        let (organiser, municipality, company) = (
            OrganisationId::new(),
            OrganisationId::new(),
            OrganisationId::new(),
        );
        let of = |role, organisation| Nominator::of(&caller(role, organisation), organiser);
        let company_of =
            |nominator: &Nominator| nominator.reaches(company.uuid(), Some(municipality.uuid()));
        assert!(company_of(&of(Role::Coordinator, organiser)));
        assert!(company_of(&of(Role::Director, municipality)));
        assert!(company_of(&of(Role::Hr, company)));
        for (role, organisation) in [
            (Role::Coordinator, municipality),
            (Role::Director, company),
            (Role::Director, organiser),
            (Role::Hr, municipality),
            (Role::Facilitator, organiser),
        ] {
            assert!(!company_of(&of(role, organisation)), "{role:?}");
        }
        assert!(!of(Role::Facilitator, organiser).may_nominate());
        let (none, kept) = (HashSet::new(), HashSet::from([company.uuid()]));
        assert!(!of(Role::Director, municipality).adds_to(municipality, &none));
        assert!(of(Role::Hr, company).adds_to(company, &none));
        assert!(!of(Role::Hr, municipality).adds_to(company, &kept));
        assert!(of(Role::Coordinator, organiser).adds_to(company, &kept));
        assert!(!of(Role::Coordinator, organiser).adds_to(municipality, &kept));
    }
}
