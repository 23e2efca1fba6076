//! Operations of the roles that are given to people.

use super::{
    model, role_assignment,
    routes::{locked, seen},
    store,
};
use crate::{State, organisations};
use actix_web::{
    delete, get, post,
    web::{Data, Path},
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, ModelTrait as _, QueryFilter as _};
use shared_database::{Change, DatabaseError, column, page};
use shared_types::{
    Answer, Links, OrganisationId, PersonId, Problem, Role, RoleAssignmentId, codes,
    page::ChangeSort,
    registration::{
        codes::{ORGANISATION_UNKNOWN, PERSON_UNKNOWN},
        people::{NewRoleAssignment, RoleAssignment, RoleAssignmentPage},
    },
};
use shared_web::{
    Command, Context, ModifiedParameters, NoBody, Outcome, PageParameters, Query, Reply,
};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// The operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_role_assignments)
        .service(create_role_assignment)
        .service(get_role_assignment)
        .service(delete_role_assignment);
}

/// List roles
///
/// The roles that were given to a person, as far as the caller may know them: one's own; HR
/// those in the own organisation; coordinators those in the organiser, its partners and what
/// belongs to them. A director's role follows from an office and is not listed.
#[utoipa::path(tag = "people", params(("personId" = PersonId, Path, description = "The person."), PageParameters, ModifiedParameters, ("sort" = inline(Option<ChangeSort>), Query, description = "Order of the list; by id when nothing is said.")), responses((status = 200, description = "A page of role assignments.", body = RoleAssignmentPage)))]
#[get("/people/{personId}/roles")]
async fn list_role_assignments(
    state: Data<State>,
    context: Context,
    id: Path<PersonId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    seen(connection, *id, &context).await?;
    let select = store::scoped_roles(&context.caller, *id);
    let request = state.database.settle(query.page()?).await?;
    let slice = page::read(connection, select, role_assignment::Column::Id, &request).await?;
    let links = query.links(&context, &slice);
    let items = slice
        .items
        .into_iter()
        .map(|row| wire(&row, &context))
        .collect::<Result<_, _>>()?;
    Ok(Reply::ok(&RoleAssignmentPage {
        items,
        meta: slice.meta,
        links,
    })?)
}

/// Give a role
///
/// For coordinators of the organisation in which the role counts; HR's role in an organisation
/// also for whoever else keeps its data. It counts everywhere within
/// seconds. Giving the same role again changes nothing.
#[utoipa::path(tag = "people", params(("personId" = PersonId, Path, description = "The person.")), request_body = NewRoleAssignment, responses((status = 201, description = "The role assignment.", body = RoleAssignment)))]
#[post("/people/{personId}/roles")]
async fn create_role_assignment(
    state: Data<State>,
    id: Path<PersonId>,
    command: Command<NewRoleAssignment>,
) -> Outcome {
    let Command {
        context,
        claim,
        body,
        ..
    } = command;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let person = locked(change.tx(), *id, &context).await?;
            model::judge_role(body.role)?;
            allow_giving(change.tx(), &context, body.role, body.organisation_id).await?;
            if !person.active {
                return Err(Problem::of(&PERSON_UNKNOWN));
            }
            let row = insert(change, *id, body.role, body.organisation_id).await?;
            let role = wire(&row, &context)?;
            Ok(Answer::created(role.links.own(), &role)?.version(1))
        },
    );
    Ok(answer.await?.into())
}

/// Gives a role to a person; giving it again changes nothing. `akademi init` uses it too.
pub async fn insert(
    change: &mut Change,
    person: PersonId,
    role: Role,
    organisation: OrganisationId,
) -> Result<role_assignment::Model, Problem> {
    organisations::store::find(change.tx(), organisation)
        .await?
        .ok_or_else(|| Problem::of(&ORGANISATION_UNKNOWN))?;
    let row = role_assignment::Model {
        id: RoleAssignmentId::new().uuid(),
        person_id: person.uuid(),
        role: column::text(role),
        organisation_id: Some(organisation.uuid()),
    };
    let wanted = row.id;
    let row = store::grant(change.tx(), row).await?;
    if row.id == wanted {
        let given = format!("{} of {organisation}", row.role);
        change.record("person", person, "person.role_given", Some(&given));
    }
    Ok(row)
}

/// Get a role
///
/// For whoever may see it in the list of the person's roles.
#[utoipa::path(tag = "people", params(("personId" = PersonId, Path, description = "The person."), ("roleAssignmentId" = RoleAssignmentId, Path, description = "The role assignment.")), responses((status = 200, description = "The role assignment.", body = RoleAssignment)))]
#[get("/people/{personId}/roles/{roleAssignmentId}")]
async fn get_role_assignment(
    state: Data<State>,
    context: Context,
    path: Path<(PersonId, RoleAssignmentId)>,
) -> Outcome {
    let (person, id) = *path;
    let row = known(state.database.read(), person, id, &context).await?;
    Ok(Reply::resource(&wire(&row, &context)?, 1)?)
}

/// Take a role away
///
/// For whoever may give it. It counts nowhere any more, within seconds.
#[utoipa::path(tag = "people", params(("personId" = PersonId, Path, description = "The person."), ("roleAssignmentId" = RoleAssignmentId, Path, description = "The role assignment.")), responses((status = 204, description = "The person has the role no more.")))]
#[delete("/people/{personId}/roles/{roleAssignmentId}")]
async fn delete_role_assignment(
    state: Data<State>,
    path: Path<(PersonId, RoleAssignmentId)>,
    command: Command<NoBody>,
) -> Outcome {
    let (person, id) = *path;
    let Command {
        context, expected, ..
    } = command;
    let answer = state
        .database
        .change(context.actor(), async |change: &mut Change| {
            let row = known(change.tx(), person, id, &context).await?;
            let role: Role = column::parse(&row.role)?;
            model::judge_role(role)?;
            let organisation = row.organisation_id.unwrap_or_default().into();
            allow_giving(change.tx(), &context, role, organisation).await?;
            expected.check(1)?;
            take(change, row).await?;
            Ok::<_, Problem>(Answer::no_content())
        });
    Ok(answer.await?.into())
}

/// Takes a role away from who has it.
pub async fn take(change: &mut Change, row: role_assignment::Model) -> Result<(), Problem> {
    let organisation = OrganisationId::from(row.organisation_id.unwrap_or_default());
    let (id, person) = (row.id, PersonId::from(row.person_id));
    let taken = format!("{} of {organisation}", row.role);
    row.delete(change.tx()).await.map_err(DatabaseError::from)?;
    change.record("person", person, "person.role_taken", Some(&taken));
    let ids = serde_json::json!({ "personId": person, "organisationId": organisation });
    change.publish("role_assignment.deleted", id, ids);
    Ok(())
}

async fn known(
    connection: &impl ConnectionTrait,
    person: PersonId,
    id: RoleAssignmentId,
    context: &Context,
) -> Result<role_assignment::Model, Problem> {
    seen(connection, person, context).await?;
    store::scoped_roles(&context.caller, person)
        .filter(role_assignment::Column::Id.eq(id.uuid()))
        .one(connection)
        .await
        .map_err(DatabaseError::from)?
        .ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

/// Whoever keeps an organisation's data names its HR: the first that it gets is named by the
/// organiser that added it, and every further one by its own.
pub async fn allow_giving(
    connection: &impl ConnectionTrait,
    context: &Context,
    role: Role,
    organisation: OrganisationId,
) -> Result<(), Problem> {
    let caller = &context.caller;
    let keeps_hr = role == Role::Hr
        && organisations::store::may_keep(connection, caller, organisation, context.now).await?;
    if caller.coordinates(organisation) || keeps_hr {
        Ok(())
    } else {
        Err(Problem::of(&codes::FORBIDDEN))
    }
}

fn wire(row: &role_assignment::Model, context: &Context) -> Result<RoleAssignment, Problem> {
    let href = context.href(format!("people/{}/roles/{}", row.person_id, row.id));
    Ok(RoleAssignment {
        id: row.id.into(),
        person_id: row.person_id.into(),
        role: column::parse(&row.role)?,
        organisation_id: row.organisation_id.map(|id: Uuid| id.into()),
        links: Links::to_self(href),
    })
}
