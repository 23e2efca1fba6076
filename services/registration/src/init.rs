//! The first things of an installation: what `akademi init` does, beside the running service or
//! before it.

use crate::{
    State,
    api_keys::{self, store::NewKey},
    organisations::{self, entity::Model as OrganisationRow},
    people::{self, role_assignment, roles},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use shared_database::{Change, DatabaseError, column};
use shared_types::{
    Gender, Language, OrganisationId, PersonId, Problem, Role, codes,
    registration::{
        organisations::{NewOrganisation, OrganisationKind},
        people::{NewPerson, PersonKind},
    },
};
use shared_web::Context;

/// Who starts an installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewInstallation {
    /// The first organiser's name.
    pub organiser_name: String,
    /// Its official code such as `SE-0580`, where it is a municipality.
    pub official_code: Option<String>,
    /// The first coordinator's e-mail address.
    pub coordinator_email: String,
    /// The first coordinator's name.
    pub coordinator_name: String,
}

/// An organiser with its first coordinator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOrganiser {
    /// The organiser.
    pub organisation: NewOrganisation,
    /// The first coordinator's name.
    pub coordinator_name: String,
    /// The first coordinator's e-mail address.
    pub coordinator_email: String,
}

/// What an installation starts with.
#[derive(Clone, PartialEq, Eq)]
pub struct Installed {
    /// The organiser.
    pub organisation_id: OrganisationId,
    /// The coordinator.
    pub person_id: PersonId,
    /// A key with the coordinator's role. It is kept nowhere: show it now, or never.
    pub api_key: String,
}

impl std::fmt::Debug for Installed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Installed")
            .field("organisation_id", &self.organisation_id)
            .field("person_id", &self.person_id)
            .finish_non_exhaustive()
    }
}

/// Adds the first organiser with its coordinator and a key, or a further one: an organiser with
/// an official code is a municipality, one without is something else. Refused where the
/// organisation or the coordinator is there already, so that a repetition makes no second one.
pub async fn init(state: &State, new: NewInstallation) -> Result<Installed, Problem> {
    let organiser = NewOrganiser {
        organisation: organisation(&new)?,
        coordinator_name: new.coordinator_name,
        coordinator_email: new.coordinator_email,
    };
    install(state, organiser).await
}

/// Adds an organiser in its wire form with its coordinator and a key; refused as [`init`] is.
pub async fn install(state: &State, new: NewOrganiser) -> Result<Installed, Problem> {
    let actor = Context::system(&state.core).actor();
    let installing = state.database.change(actor, async |change: &mut Change| {
        refuse_repetition(change, &new).await?;
        let organisation =
            organisations::routes::insert(change, new.organisation.clone(), None).await?;
        let id = OrganisationId::from(organisation.id);
        let coordinator = new_coordinator(&new, &organisation)?;
        let person = people::store::insert(change, coordinator, true).await?;
        roles::insert(change, person.id.into(), Role::Coordinator, id).await?;
        let key = NewKey::unlimited("init", Role::Coordinator, Some(id));
        let (_, secret) = api_keys::store::insert(change, key).await?;
        Ok(Installed {
            organisation_id: id,
            person_id: person.id.into(),
            api_key: secret.text,
        })
    });
    installing.await
}

/// The organiser and the person of a coordinator's e-mail address, where there is one.
pub async fn coordinator(
    state: &State,
    email: &str,
) -> Result<Option<(OrganisationId, PersonId)>, Problem> {
    let known = people::store::verified_by_email(state.database.read(), email).await?;
    let found = known
        .first()
        .map(|row| (row.organisation_id.into(), row.id.into()));
    Ok(found)
}

async fn refuse_repetition(change: &Change, new: &NewOrganiser) -> Result<(), Problem> {
    use organisations::entity::{Column, Entity};
    let known = people::store::verified_by_email(change.tx(), &new.coordinator_email).await?;
    let coordinator = role_assignment::Entity::find()
        .filter(role_assignment::Column::PersonId.is_in(known.iter().map(|row| row.id)))
        .filter(role_assignment::Column::Role.eq(column::text(Role::Coordinator)))
        .one(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    let organisation = match &new.organisation.official_code {
        Some(code) => Entity::find().filter(Column::OfficialCode.eq(code)),
        None => Entity::find().filter(Column::Name.eq(&new.organisation.name)),
    };
    let organisation = organisation
        .one(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    if coordinator.is_none() && organisation.is_none() {
        Ok(())
    } else {
        Err(Problem::of(&codes::CONFLICT))
    }
}

fn organisation(new: &NewInstallation) -> Result<NewOrganisation, Problem> {
    let code = new.official_code.as_deref();
    if !code.is_none_or(is_official_code) {
        let words = "An official code is a country and two to four digits, such as SE-0580.";
        return Err(Problem::invalid("/officialCode", "pattern", words));
    }
    let is_danish = code.is_some_and(|code| code.starts_with("DK-"));
    let (language, time_zone) = if is_danish {
        (Language::Danish, "Europe/Copenhagen")
    } else {
        (Language::Swedish, "Europe/Stockholm")
    };
    Ok(NewOrganisation {
        name: required(&new.organiser_name, "/organiserName")?,
        kind: if code.is_some() {
            OrganisationKind::Municipality
        } else {
            OrganisationKind::Other
        },
        official_code: new.official_code.clone(),
        parent_id: None,
        keeper_id: None,
        language,
        time_zone: time_zone.to_owned(),
    })
}

fn new_coordinator(new: &NewOrganiser, of: &OrganisationRow) -> Result<NewPerson, Problem> {
    if new.coordinator_email.parse::<lettre::Address>().is_err() {
        let words = "Not a valid e-mail address.";
        return Err(Problem::invalid("/coordinatorEmail", "format", words));
    }
    Ok(NewPerson {
        name: required(&new.coordinator_name, "/coordinatorName")?,
        email: new.coordinator_email.clone(),
        phone: None,
        title: None,
        organisation_id: of.id.into(),
        department_id: None,
        manager_id: None,
        kind: PersonKind::Other,
        gender: Gender::Undisclosed,
        language: column::parse(&of.language)?,
    })
}

fn required(text: &str, pointer: &'static str) -> Result<String, Problem> {
    let text = text.trim();
    if (1..=200).contains(&text.chars().count()) {
        Ok(text.to_owned())
    } else {
        let words = "Between 1 and 200 characters.";
        Err(Problem::invalid(pointer, "too_short", words))
    }
}

fn is_official_code(code: &str) -> bool {
    code.split_once('-').is_some_and(|(country, number)| {
        country.len() == 2
            && country.bytes().all(|byte| byte.is_ascii_uppercase())
            && (2..=4).contains(&number.len())
            && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::fixture::{Fixture, installation};

    #[actix_web::test]
    async fn an_installation_is_refused_where_code_or_coordinator_is_there() {
        let fixture = Fixture::new().await;
        let other_person = NewInstallation {
            coordinator_email: "other@kommun.example".into(),
            ..installation()
        };
        let other_code = NewInstallation {
            official_code: None,
            organiser_name: "CKS".into(),
            ..installation()
        };
        for again in [installation(), other_person, other_code] {
            let refused = init(&fixture, again.clone()).await.map(|_| ()).unwrap_err();
            assert_eq!(refused.code().name, "conflict", "{again:?}");
        }
        let second = NewInstallation {
            official_code: None,
            organiser_name: "CKS".into(),
            coordinator_email: "other@kommun.example".into(),
            coordinator_name: "Eva Holm".into(),
        };
        let installed = init(&fixture, second).await.unwrap();
        assert!(shared_web::api_key::read(&installed.api_key).is_some());
    }

    #[test]
    fn official_codes_carry_their_country() {
        for code in ["SE-0580", "DK-580", "SE-05"] {
            assert!(is_official_code(code), "{code}");
        }
        for code in ["0580", "se-0580", "SE0580", "SE-05800", "SE-05x0", ""] {
            assert!(!is_official_code(code), "{code}");
        }
    }
}
