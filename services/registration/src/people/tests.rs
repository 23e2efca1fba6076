//! Whom a credential stands for, and whom a caller sees.

use super::{
    callers::resolve,
    entity,
    fixture::{Fixture, instant, new_person},
    roles, store,
};
use crate::{
    api_keys::{
        self,
        store::{NewKey, create, revoke},
    },
    offices::{self, acting_holder},
    organisations,
};
use sea_orm::EntityTrait as _;
use shared_database::{Change, column, row};
use shared_types::{
    ActingHolderId, Caller, Language, LocalizedText, OrganisationId, PersonId, Role, RoleGrant,
    caller::Credential,
    registration::offices::{NewOffice, OfficeKind},
};
use shared_web::api_key::NewSecret;

fn demo(person: PersonId) -> Credential {
    token("demo", &person.to_string(), None)
}

fn token(issuer: &str, subject: &str, email: Option<&str>) -> Credential {
    Credential::Token {
        issuer: issuer.into(),
        subject: subject.into(),
        verified_email: email.map(str::to_owned),
        provisioned: None,
    }
}

fn key(text: &str) -> Credential {
    let (id, digest) = shared_web::api_key::read(text).unwrap();
    Credential::ApiKey { id, digest }
}

fn grant(role: Role, organisation: OrganisationId) -> RoleGrant {
    RoleGrant {
        role,
        organisation_id: Some(organisation),
    }
}

async fn names(fixture: &Fixture, caller: &Caller) -> Vec<String> {
    let found = store::scoped(caller).all(fixture.database.read()).await;
    let mut names: Vec<String> = found.unwrap().into_iter().map(|row| row.name).collect();
    names.sort();
    names
}

async fn set_active(fixture: &Fixture, person: PersonId, active: bool) {
    let set = async |change: &mut Change| {
        let mut row = store::find(change.tx(), person).await?.unwrap();
        row.active = active;
        store::update(change, row, "person.changed").await
    };
    fixture.change(set).await;
}

#[actix_web::test]
async fn the_first_coordinator_and_the_first_key_have_the_role_and_nothing_else() {
    let fixture = Fixture::new().await;
    let organiser = fixture.installed.organisation_id;
    let person = fixture.installed.person_id;
    let caller = resolve(&fixture, &demo(person)).await.unwrap().unwrap();
    assert_eq!(caller.subject, format!("person:{person}"));
    assert_eq!(caller.person, Some(person));
    assert_eq!(caller.roles, [grant(Role::Coordinator, organiser)]);
    let caller = resolve(&fixture, &key(&fixture.installed.api_key))
        .await
        .unwrap()
        .unwrap();
    assert!(caller.subject.starts_with("key:"));
    assert_eq!(caller.person, None);
    assert_eq!(caller.roles, [grant(Role::Coordinator, organiser)]);
}

#[actix_web::test]
async fn a_key_is_kept_as_its_digest_and_counts_until_it_is_taken_back() {
    let fixture = Fixture::new().await;
    let key_of_operator = NewKey::unlimited("till", Role::Operator, None);
    let (id, new) = create(&fixture, key_of_operator).await.unwrap();
    let rows = api_keys::entity::Entity::find()
        .all(fixture.database.read())
        .await
        .unwrap();
    assert!(!format!("{rows:?}").contains(&new.text));
    let caller = resolve(&fixture, &key(&new.text)).await.unwrap().unwrap();
    assert!(caller.is_operator());
    for _ in 0..2 {
        revoke(&fixture, id).await.unwrap();
    }
    assert_eq!(resolve(&fixture, &key(&new.text)).await.unwrap(), None);
    let other = NewSecret::generate(id).text;
    assert_eq!(resolve(&fixture, &key(&other)).await.unwrap(), None);
}

#[actix_web::test]
async fn a_deactivated_person_is_no_caller_from_then_on() {
    let fixture = Fixture::new().await;
    let person = fixture.installed.person_id;
    set_active(&fixture, person, false).await;
    assert_eq!(resolve(&fixture, &demo(person)).await.unwrap(), None);
    set_active(&fixture, person, true).await;
    assert!(resolve(&fixture, &demo(person)).await.unwrap().is_some());
    assert_eq!(
        resolve(&fixture, &demo(PersonId::new())).await.unwrap(),
        None
    );
    assert_eq!(
        resolve(&fixture, &token("demo", "x", None)).await.unwrap(),
        None
    );
}

#[actix_web::test]
async fn a_verified_address_asks_its_person_and_links_nobody_by_itself() {
    let fixture = Fixture::new().await;
    let issuer = "https://login.example";
    let login = token(issuer, "kim", Some("kim.holm@KOMMUN.example"));
    for credential in [&token(issuer, "kim", None), &login, &login] {
        assert_eq!(resolve(&fixture, credential).await.unwrap(), None);
    }
    let asked = super::claim_entity::Entity::find()
        .all(fixture.database.read())
        .await
        .unwrap();
    let person = fixture.installed.person_id;
    assert_eq!(asked.len(), 1);
    assert_eq!(PersonId::from(asked[0].person_id), person);
    let claim = asked[0].clone();
    let agree = async |change: &mut Change| super::claims::answer(change, claim, true).await;
    fixture.change(agree).await;
    // From now on the name is enough, and another address changes nothing.
    let organiser = fixture.installed.organisation_id;
    fixture.person("Maja Berg", organiser).await;
    let moved = token(issuer, "kim", Some("maja.berg@kommun.example"));
    for credential in [&token(issuer, "kim", None), &moved] {
        let caller = resolve(&fixture, credential).await.unwrap().unwrap();
        assert_eq!(caller.person, Some(person));
    }
    let elsewhere = token("https://other.example", "kim", None);
    assert_eq!(resolve(&fixture, &elsewhere).await.unwrap(), None);
}

#[actix_web::test]
async fn an_address_of_two_people_or_of_an_unverified_one_links_nobody() {
    let fixture = Fixture::new().await;
    let other = fixture.municipality("Norrköpings kommun", "SE-0581").await;
    let organiser = fixture.installed.organisation_id;
    fixture.person("Maja Berg", organiser).await;
    fixture.person("Maja Berg", other.id.into()).await;
    let unverified = new_person("Nils Ek", organiser);
    fixture
        .change(async |change: &mut Change| store::insert(change, unverified, false).await)
        .await;
    for email in [
        "maja.berg@kommun.example",
        "nils.ek@kommun.example",
        "",
        "nobody@kommun.example",
    ] {
        let credential = token("https://login.example", email, Some(email));
        assert_eq!(
            resolve(&fixture, &credential).await.unwrap(),
            None,
            "{email}"
        );
    }
}

#[actix_web::test]
async fn a_director_is_who_holds_the_office_or_acts_in_it_today() {
    let fixture = Fixture::new().await;
    let municipality: OrganisationId = fixture
        .municipality("Ydre kommun", "SE-0512")
        .await
        .id
        .into();
    let holder = fixture.person("Eva Holm", municipality).await;
    let acting = fixture.person("Nils Ek", municipality).await;
    let office = add_office(&fixture, municipality, holder).await;
    let period = acting_holder::Model {
        id: ActingHolderId::new().uuid(),
        office_id: office.id,
        person_id: acting.uuid(),
        starts_on: "2022-04-11".parse().unwrap(),
        ends_on: "2022-04-24".parse().unwrap(),
    };
    fixture
        .change(async |change: &mut Change| {
            Ok(row::insert::<acting_holder::Entity>(change.tx(), period).await?)
        })
        .await;
    let directs = async |person| {
        let caller = resolve(&fixture, &demo(person)).await.unwrap().unwrap();
        caller.directs(municipality)
    };
    // Half past ten in the evening, UTC, is the next day in Stockholm.
    for (now, acts) in [
        ("2022-04-10T21:30:00Z", false),
        ("2022-04-10T22:30:00Z", true),
        ("2022-04-24T21:30:00Z", true),
        ("2022-04-24T22:30:00Z", false),
    ] {
        fixture.core.clock.set(instant(now));
        assert_eq!(directs(acting).await, acts, "{now}");
        assert!(directs(holder).await, "{now}");
    }
    let (connection, day) = (fixture.database.read(), "2022-04-11".parse().unwrap());
    let mut both = offices::store::deciders(connection, &office, day)
        .await
        .unwrap();
    both.sort();
    assert_eq!(both, [holder, acting]);
    let reached = offices::store::recipient(connection, &office, day)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (reached.name.as_str(), reached.language),
        ("Nils Ek", Language::Danish)
    );
    set_active(&fixture, acting, false).await;
    let reached = offices::store::recipient(connection, &office, day)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(reached.name, "Eva Holm");
    set_active(&fixture, holder, false).await;
    let reached = offices::store::recipient(connection, &office, day)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (reached.name.as_str(), reached.language),
        ("Kommundirektör", Language::Swedish)
    );
    assert_eq!(reached.email, "kommundirektor@kommun.example");
    assert!(
        offices::store::deciders(connection, &office, day)
            .await
            .unwrap()
            .is_empty()
    );
    let directed = offices::store::directed(connection, acting, day)
        .await
        .unwrap();
    assert_eq!(directed, [municipality]);
}

async fn add_office(
    fixture: &Fixture,
    municipality: OrganisationId,
    holder: PersonId,
) -> offices::entity::Model {
    let new = NewOffice {
        organisation_id: municipality,
        kind: OfficeKind::MunicipalDirector,
        title: LocalizedText::of(Language::Swedish, "Kommundirektör"),
        email: Some("kommundirektor@kommun.example".into()),
        holder_id: Some(holder),
    };
    let again = new.clone();
    let add = async |change: &mut Change| offices::routes::insert(change, new).await;
    let office = fixture.change(add).await;
    let refused = fixture
        .database
        .change(fixture.actor(), async |change: &mut Change| {
            offices::routes::insert(change, again).await
        });
    assert_eq!(
        refused.await.unwrap_err().code().name,
        "office_already_exists"
    );
    office
}

#[actix_web::test]
async fn a_coordinator_sees_partners_and_what_belongs_to_them_hr_its_own_and_others_themselves() {
    let fixture = Fixture::new().await;
    let organiser = fixture.installed.organisation_id;
    let partner: OrganisationId = fixture
        .municipality("Ydre kommun", "SE-0512")
        .await
        .id
        .into();
    let other: OrganisationId = fixture
        .municipality("Boxholms kommun", "SE-0560")
        .await
        .id
        .into();
    fixture
        .change(async |change: &mut Change| {
            Ok(organisations::store::add_partner(
                change.tx(),
                organiser,
                partner,
                organisations::store::Consent::BOTH,
            )
            .await?)
        })
        .await;
    let maja = fixture.person("Maja Berg", partner).await;
    let nils = fixture.person("Nils Ek", other).await;
    let with = |role, organisation| Caller {
        subject: "key:1".into(),
        roles: vec![grant(role, organisation)],
        ..Caller::anonymous()
    };
    let coordinator = with(Role::Coordinator, organiser);
    assert_eq!(
        names(&fixture, &coordinator).await,
        ["Kim Holm", "Maja Berg"]
    );
    assert_eq!(
        names(&fixture, &with(Role::Coordinator, other)).await,
        ["Nils Ek"]
    );
    assert_eq!(
        names(&fixture, &with(Role::Hr, partner)).await,
        ["Maja Berg"]
    );
    assert_eq!(
        names(&fixture, &with(Role::Operator, organiser)).await,
        [""; 0]
    );
    assert_eq!(names(&fixture, &Caller::anonymous()).await, [""; 0]);
    let oneself = Caller {
        person: Some(nils),
        ..Caller::anonymous()
    };
    assert_eq!(names(&fixture, &oneself).await, ["Nils Ek"]);
    let give = async |change: &mut Change| {
        let first = roles::insert(change, maja, Role::Hr, partner).await?;
        let again = roles::insert(change, maja, Role::Hr, partner).await?;
        roles::insert(change, maja, Role::Evaluator, other).await?;
        Ok((first, again))
    };
    let (first, again) = fixture.change(give).await;
    assert_eq!(first, again);
    let seen = store::scoped_roles(&coordinator, maja)
        .all(fixture.database.read())
        .await
        .unwrap();
    assert_eq!(
        seen,
        [first],
        "what counts elsewhere is not the coordinator's to know"
    );
}

#[actix_web::test]
async fn an_address_belongs_to_one_verified_person_of_an_organisation() {
    let fixture = Fixture::new().await;
    let organiser = fixture.installed.organisation_id;
    fixture.person("Maja Berg", organiser).await;
    let mut again = new_person("MAJA Berg", organiser);
    again.email = again.email.to_uppercase();
    let refused = fixture
        .database
        .change(fixture.actor(), async |change: &mut Change| {
            store::insert(change, again, true).await
        });
    assert_eq!(refused.await.unwrap_err().code().name, "person_email_taken");
    let rows = entity::Entity::find()
        .all(fixture.database.read())
        .await
        .unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(
        column::parse::<Language>(&rows[1].language).unwrap(),
        Language::Danish
    );
}
