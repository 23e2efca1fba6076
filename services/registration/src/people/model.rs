//! Who may change what of a person, and who may give which role.

use super::entity;
use shared_types::{
    Caller, PersonId, Problem, Refusal, Role, codes,
    registration::{codes::ROLE_NOT_ASSIGNABLE, people::PersonChange},
};

/// What a caller is to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// Whoever keeps the employer's data.
    Keeper,
    /// The person.
    Oneself,
    /// Anybody else.
    Stranger,
}

/// How a person signs: name and title.
pub fn signature(person: &entity::Model) -> String {
    match &person.title {
        Some(title) => format!("{}, {title}", person.name),
        None => person.name.clone(),
    }
}

impl Relation {
    /// What a caller is to a person who was found in the caller's scope; `keeps` says whether
    /// the caller keeps the employer's data.
    pub fn of(caller: &Caller, person: PersonId, keeps: bool) -> Self {
        if keeps {
            Self::Keeper
        } else if caller.person == Some(person) {
            Self::Oneself
        } else {
            Self::Stranger
        }
    }

    /// Refuses a change that is not the caller's to make: one's own name, title and language
    /// are; the address by which one is recognised, and whether one may call, are not.
    pub fn judge(self, change: &PersonChange) -> Result<(), Problem> {
        let is_own = change.email.is_none() && change.active.is_none();
        match self {
            Self::Keeper => Ok(()),
            Self::Oneself if is_own => Ok(()),
            Self::Oneself | Self::Stranger => Err(Problem::of(&codes::FORBIDDEN)),
        }
    }
}

/// Refuses roles that nobody can give: the director's follows from an office, and the operator
/// is made where the installation is.
pub fn judge_role(role: Role) -> Result<(), Refusal> {
    match role {
        Role::Director | Role::Operator => Err(Refusal::of(&ROLE_NOT_ASSIGNABLE)),
        Role::Coordinator
        | Role::Evaluator
        | Role::Facilitator
        | Role::Hr
        | Role::Registrar
        | Role::Auditor => Ok(()),
    }
}

/// What the history says of a change: whether the person may call comes before everything else.
pub fn edge(was_active: bool, is_active: bool) -> &'static str {
    match (was_active, is_active) {
        (true, false) => "person.deactivated",
        (false, true) => "person.activated",
        _ => "person.changed",
    }
}

/// An address as it is compared: without space around it, in lower case.
pub fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_keeps_the_employers_data_keeps_its_people() {
        let (caller, person) = (Caller::anonymous(), PersonId::new());
        assert_eq!(Relation::of(&caller, person, true), Relation::Keeper);
        assert_eq!(Relation::of(&caller, person, false), Relation::Stranger);
    }

    #[test]
    fn one_may_change_ones_name_but_not_the_address_or_whether_one_may_call() {
        let person = PersonId::new();
        let oneself = Caller {
            person: Some(person),
            ..Caller::anonymous()
        };
        let relation = Relation::of(&oneself, person, false);
        assert_eq!(relation, Relation::Oneself);
        let name = PersonChange {
            name: Some("Maja".into()),
            ..PersonChange::default()
        };
        let email = PersonChange {
            email: Some("maja@kommun.example".into()),
            ..PersonChange::default()
        };
        let active = PersonChange {
            active: Some(true),
            ..PersonChange::default()
        };
        assert!(relation.judge(&name).is_ok());
        for change in [email, active] {
            assert_eq!(
                relation.judge(&change).unwrap_err().code().name,
                "forbidden"
            );
            assert!(Relation::Keeper.judge(&change).is_ok());
        }
        assert!(Relation::Stranger.judge(&name).is_err());
    }

    #[test]
    fn nobody_gives_the_roles_of_director_and_operator() {
        for role in [Role::Director, Role::Operator] {
            assert_eq!(
                judge_role(role).unwrap_err().code.name,
                "role_not_assignable"
            );
        }
        assert_eq!(judge_role(Role::Hr), Ok(()));
    }

    #[test]
    fn addresses_are_compared_without_case() {
        assert_eq!(
            email_key(" Maja.Lindqvist@Kommun.Example "),
            "maja.lindqvist@kommun.example"
        );
    }
}
