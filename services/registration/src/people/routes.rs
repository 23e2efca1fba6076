//! Operations of people, and of the caller.

use super::{
    entity,
    model::{Relation, edge, email_key},
    roles, store,
};
use crate::{
    State,
    organisations::{routes::allow_keeping, store::may_keep},
};
use actix_web::{
    get, patch, post,
    web::{Data, Path},
};
use sea_orm::{ColumnTrait as _, Condition, ConnectionTrait, QueryFilter as _, QuerySelect as _};
use shared_database::{Change, DatabaseError, column, page};
use shared_types::{
    Answer, Caller, DepartmentId, Links, OrganisationId, PersonId, Problem, codes,
    page::NameSort,
    registration::{
        codes::ORGANISATION_UNKNOWN,
        people::{Me, NewPerson, Person, PersonChange, PersonPage},
    },
};
use shared_web::{Command, Context, ModifiedParameters, Outcome, PageParameters, Query, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(get_me)
        .service(list_people)
        .service(create_person)
        .service(get_person)
        .service(update_person)
        .configure(roles::operations);
}

/// Get the caller
///
/// Who the caller is here, and with which roles, as the gateway resolved it. For every known
/// caller; a system's key has no person.
#[utoipa::path(tag = "people", responses((status = 200, description = "The caller.", body = Me)))]
#[get("/me")]
async fn get_me(context: Context) -> Outcome {
    let caller = &context.caller;
    let links = Links::to_self(context.href("me"));
    let links = match caller.person {
        Some(id) => links.with("person", "GET", context.href(format!("people/{id}"))),
        None => links,
    };
    Ok(Reply::ok(&Me {
        person_id: caller.person,
        subject: caller.subject.clone(),
        roles: caller.roles.clone(),
        scopes: caller.scopes.clone(),
        links,
    })?)
}

/// List people
///
/// The people whom the caller may see: oneself; HR the own organisation's; coordinators those of
/// the organiser, of its partners and what belongs to them, and everybody who has applied to one
/// of its rounds.
#[utoipa::path(
    tag = "people",
    params(
        PageParameters,
        ModifiedParameters,
        ("sort" = inline(Option<NameSort>), Query, description = "Order of the list; by id when nothing is said."),
        ("organisationId" = Option<OrganisationId>, Query, description = "Only people of this organisation."),
        ("email" = Option<String>, Query, description = "Only people with this e-mail address; case plays no part.", example = "maja.lindqvist@kommun.example", max_length = 254)
    ),
    responses((status = 200, description = "A page of people.", body = PersonPage))
)]
#[get("/people")]
async fn list_people(state: Data<State>, context: Context, query: Query) -> Outcome {
    let mut only = Condition::all();
    if let Some(id) = query.get::<OrganisationId>("organisationId") {
        only = only.add(entity::Column::OrganisationId.eq(id.uuid()));
    }
    if let Some(email) = query.get::<String>("email") {
        only = only.add(entity::Column::EmailKey.eq(email_key(&email)));
    }
    let request = state.database.settle(query.page()?).await?;
    let whole = store::scoped(&context.caller).filter(only.clone());
    let parts = store::scopes(&context.caller).into_iter();
    let slice = page::read_any(
        state.database.read(),
        whole,
        parts.map(|part| part.filter(only.clone())).collect(),
        entity::Column::Id,
        &request,
    )
    .await?;
    let links = query.links(&context, &slice);
    let items = slice
        .items
        .into_iter()
        .map(|row| wire(row, &context))
        .collect::<Result<_, _>>()?;
    Ok(Reply::ok(&PersonPage {
        items,
        meta: slice.meta,
        links,
    })?)
}

/// Add a person
///
/// For whoever keeps the organisation's data, who thereby confirms who the person is. An address
/// belongs to one verified person of an organisation.
#[utoipa::path(tag = "people", request_body = NewPerson, responses((status = 201, description = "The person.", body = Person)))]
#[post("/people")]
async fn create_person(state: Data<State>, command: Command<NewPerson>) -> Outcome {
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
            let unknown = &ORGANISATION_UNKNOWN;
            allow_keeping(change.tx(), &context, body.organisation_id, unknown).await?;
            let row = store::insert(change, body, true).await?;
            let person = wire(row, &context)?;
            Ok(Answer::created(person.links.own(), &person)?.version(1))
        },
    );
    Ok(answer.await?.into())
}

/// The address by which somebody is recognised, and whether they may call, are their own
/// organisation's to change where the person holds a role or an office: otherwise one organiser
/// could take another's coordinator over.
pub(crate) async fn guard_recognition(
    connection: &impl ConnectionTrait,
    row: &entity::Model,
    change: &PersonChange,
    caller: &Caller,
) -> Result<(), Problem> {
    let employer = OrganisationId::from(row.organisation_id);
    let own = caller.coordinates(employer) || caller.has(shared_types::Role::Hr, employer);
    if own || (change.email.is_none() && change.active.is_none()) {
        return Ok(());
    }
    if store::holds_anything(connection, row.id.into()).await? {
        return Err(Problem::of(&codes::FORBIDDEN));
    }
    Ok(())
}

/// Get a person
///
/// For whoever may see the person in the list of people or keeps the organisation's data.
#[utoipa::path(tag = "people", params(("personId" = PersonId, Path, description = "The person.")), responses((status = 200, description = "The person.", body = Person)))]
#[get("/people/{personId}")]
async fn get_person(state: Data<State>, context: Context, id: Path<PersonId>) -> Outcome {
    let row = seen(state.database.read(), *id, &context).await?;
    let version = row.version;
    Ok(Reply::resource(&wire(row, &context)?, version)?)
}

/// Change a person
///
/// For whoever keeps the data of the person's organisation; oneself may change name, title and
/// language. A person who is made inactive is no caller any more, within seconds;
/// applications and seats stay.
#[utoipa::path(tag = "people", params(("personId" = PersonId, Path, description = "The person.")), request_body = PersonChange, responses((status = 200, description = "The person.", body = Person)))]
#[patch("/people/{personId}")]
async fn update_person(
    state: Data<State>,
    id: Path<PersonId>,
    command: Command<PersonChange>,
) -> Outcome {
    let Command {
        context,
        claim,
        expected,
        body,
    } = command;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let row = locked(change.tx(), *id, &context).await?;
            let employer = row.organisation_id.into();
            let keeps = may_keep(change.tx(), &context.caller, employer, context.now).await?;
            Relation::of(&context.caller, *id, keeps).judge(&body)?;
            guard_recognition(change.tx(), &row, &body, &context.caller).await?;
            expected.check(row.version)?;
            let edge = edge(row.active, body.active.unwrap_or(row.active));
            let row = store::update(change, apply(row, body), edge).await?;
            let version = row.version;
            Ok(Answer::ok(&wire(row, &context)?)?.version(version))
        },
    );
    Ok(answer.await?.into())
}

fn apply(mut row: entity::Model, body: PersonChange) -> entity::Model {
    if let Some(email) = body.email {
        row.email_key = email_key(&email);
        row.email = email;
    }
    row.name = body.name.unwrap_or(row.name);
    row.title = body.title.or(row.title);
    row.active = body.active.unwrap_or(row.active);
    row.language = body.language.map_or(row.language, column::text);
    row
}

/// The person, if the caller may see them.
pub(super) async fn seen(
    connection: &impl ConnectionTrait,
    id: PersonId,
    context: &Context,
) -> Result<entity::Model, Problem> {
    let row = store::scoped(&context.caller)
        .filter(entity::Column::Id.eq(id.uuid()))
        .one(connection)
        .await
        .map_err(DatabaseError::from)?;
    match row {
        Some(row) => Ok(row),
        None => kept(connection, id, context).await,
    }
}

/// The person, if the caller keeps the data of the person's organisation: whoever may add people
/// may read them.
async fn kept(
    connection: &impl ConnectionTrait,
    id: PersonId,
    context: &Context,
) -> Result<entity::Model, Problem> {
    let missing = || Problem::of(&codes::NOT_FOUND);
    let row = store::find(connection, id).await?.ok_or_else(missing)?;
    let employer = row.organisation_id.into();
    if may_keep(connection, &context.caller, employer, context.now).await? {
        Ok(row)
    } else {
        Err(missing())
    }
}

/// The same for a transaction that changes the person: others wait until it is done.
pub(super) async fn locked(
    connection: &impl ConnectionTrait,
    id: PersonId,
    context: &Context,
) -> Result<entity::Model, Problem> {
    let row = store::scoped(&context.caller)
        .filter(entity::Column::Id.eq(id.uuid()))
        .lock_exclusive()
        .one(connection)
        .await
        .map_err(DatabaseError::from)?;
    if let Some(row) = row {
        return Ok(row);
    }
    kept(connection, id, context).await?;
    let row = store::lock(connection, id).await?;
    row.ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

fn wire(row: entity::Model, context: &Context) -> Result<Person, Problem> {
    let href = context.href(format!("people/{}", row.id));
    Ok(Person {
        id: row.id.into(),
        name: row.name,
        email: row.email,
        phone: row.phone,
        title: row.title,
        organisation_id: row.organisation_id.into(),
        department_id: row.department_id.map(DepartmentId::from),
        manager_id: row.manager_id.map(PersonId::from),
        kind: column::parse(&row.kind)?,
        gender: column::parse(&row.gender)?,
        language: column::parse(&row.language)?,
        active: row.active,
        verified: row.verified,
        links: Links::to_self(&href).with("roles", "GET", format!("{href}/roles")),
    })
}
