//! The tests are tested: with a guard switched off, the table and the forged tokens must tell.

use super::{API, scene::Scene};
use crate::{
    document::operations,
    world::{Service, World},
};
use registration::applications::store::sabotage;
use shared_testing::TestDatabase;
use shared_types::{Caller, OrganisationId, PersonId, Role, RoleGrant};
use shared_web::token::{EVENTS, Signer};

#[actix_web::test]
async fn the_table_tells_when_applications_are_shown_to_other_organisations() {
    let scene = Scene::set(World::new(TestDatabase::sqlite(), 2).await).await;
    let rows = ["getApplication", "listApplications", "withdrawApplication"];
    for row in rows {
        assert_eq!(API.check_row(&scene, row).await.1, Vec::<String>::new());
    }
    for person in scene.others() {
        sabotage::skip_organisation(format!("person:{person}"));
    }
    for row in rows {
        let wrong = API.check_row(&scene, row).await.1;
        assert!(!wrong.is_empty(), "{row} is asked of the wrong callers");
    }
}

#[actix_web::test]
async fn a_forged_token_is_told_when_audience_and_type_are_skipped() {
    let service = Service::start(TestDatabase::sqlite()).await;
    assert_eq!(accepted(&service).await, Vec::<String>::new());
    service.state().core.verifier.skip_audience();
    let accepted = accepted(&service).await;
    assert!(accepted.len() > 50, "{accepted:?}");
}

/// Operations that refuse a stranger and let a token for another purpose in.
async fn accepted(service: &Service) -> Vec<String> {
    let role = RoleGrant {
        role: Role::Coordinator,
        organisation_id: Some(OrganisationId::new()),
    };
    let caller = Caller {
        person: Some(PersonId::new()),
        subject: "person:forged".to_owned(),
        roles: vec![role],
        scopes: None,
    };
    let token = Signer::new(&service.gateway).sign(EVENTS, &caller).unwrap();
    let stranger = service.stranger();
    let mut accepted = Vec::new();
    for operation in operations() {
        let refused = operation.call(&stranger).send().await.status == 401;
        let forged = operation.call(&stranger).token(&token).send().await;
        if refused && forged.status != 401 {
            accepted.push(operation.id);
        }
    }
    accepted
}
