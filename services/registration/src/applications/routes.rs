//! Operations of applications, offers and seats.

use super::{
    entity,
    model::{Case, EDGES, Facts, Who},
    steps::{self, Loaded},
    store,
};
use crate::{
    State, endorsements, offices, people,
    rounds::{self, model::Terms},
};
use actix_web::{
    get, post,
    web::{Data, Path},
};
use sea_orm::{ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use shared_database::{Change, DatabaseError, column, history, page};
use shared_types::{
    Answer, ApplicationId, Caller, HoldId, Links, OfficeId, OrganisationId, PersonId, Problem,
    Role, RoundId, codes,
    page::ChangeSort,
    registration::{
        applications::{
            Admission, AdmissionVerdict, Application, ApplicationPage, Endorsement,
            EndorsementState, NewApplication, NewSubstitution, OfferAnswer, OptionalReason, Seat,
            SeatState,
        },
        codes::{OFFICE_MISSING, PERSON_UNKNOWN},
        history::History,
        offices::OfficeKind,
        rounds::Reason,
    },
    transition,
};
use shared_web::{
    Command, Context, ModifiedParameters, NoBody, Outcome, PageParameters, Query, Reply,
};
use std::collections::{HashMap, HashSet};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_applications)
        .service(create_application)
        .service(get_application)
        .service(submit_application)
        .service(submit_application_late)
        .service(withdraw_application)
        .service(answer_offer)
        .service(rescind_offer)
        .service(substitute)
        .service(discontinue)
        .service(reject_application)
        .service(get_application_history);
}

/// List applications
///
/// One's own; for coordinators those of their organisers' rounds, for directors and HR what
/// their municipality or organisation has handed in.
#[utoipa::path(
    tag = "applications",
    params(
        PageParameters,
        ModifiedParameters,
        ("sort" = inline(Option<ChangeSort>), Query, description = "Order of the list; by id when nothing is said."),
        ("roundId" = Option<RoundId>, Query, description = "Only applications for this round."),
        ("municipalityId" = Option<OrganisationId>, Query, description = "Only applications of this municipality."),
        ("seat" = Option<SeatState>, Query, description = "Only applications whose seat is in this state."),
        ("endorsement" = Option<EndorsementState>, Query, description = "Only applications whose endorsement is in this state."),
    ),
    responses((status = 200, description = "A page of applications.", body = ApplicationPage))
)]
#[get("/applications")]
async fn list_applications(state: Data<State>, context: Context, query: Query) -> Outcome {
    let mut only = Condition::all();
    if let Some(round) = query.get::<RoundId>("roundId") {
        only = only.add(entity::Column::RoundId.eq(round.uuid()));
    }
    if let Some(municipality) = query.get::<OrganisationId>("municipalityId") {
        only = only.add(entity::Column::MunicipalityId.eq(municipality.uuid()));
    }
    if let Some(seat) = query.get::<SeatState>("seat") {
        only = only.add(entity::Column::Seat.eq(column::text(seat)));
    }
    if let Some(endorsement) = query.get::<EndorsementState>("endorsement") {
        only = only.add(entity::Column::Endorsement.eq(column::text(endorsement)));
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
    let items = wire_all(state.database.read(), slice.items, &context).await?;
    Ok(Reply::ok(&ApplicationPage {
        items,
        meta: slice.meta,
        links,
    })?)
}

/// Apply
///
/// For oneself, or, for the organiser's coordinators, for somebody. Handed in at once unless
/// `draft` is set. After the deadline only a coordinator can, with `lateReason`. One live
/// application per person and round. An Idempotency-Key is required.
#[utoipa::path(tag = "applications", request_body = NewApplication, responses((status = 201, description = "The application.", body = Application)))]
#[post("/applications")]
async fn create_application(state: Data<State>, command: Command<NewApplication>) -> Outcome {
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
            // On the heap: it is the largest of all steps.
            let created = Box::pin(create(change, &context, body)).await?;
            let version = created.row.version;
            let application = created.wire(change.tx(), &context).await?;
            Ok(Answer::created(application.links.own(), &application)?.version(version))
        },
    );
    Ok(answer.await?.into())
}

/// A new application with all that its wire form is made of.
struct Created {
    row: entity::Model,
    person: people::entity::Model,
    endorsement: Option<endorsements::entity::Model>,
    terms: Terms,
}

impl Created {
    async fn wire(
        self,
        connection: &impl ConnectionTrait,
        context: &Context,
    ) -> Result<Application, Problem> {
        let office = self.endorsement.as_ref().map(|one| one.office_id.into());
        let case = Case {
            facts: Facts::read(&self.row)?,
            terms: self.terms,
            who: who(connection, &self.row, &context.caller, office).await?,
            substitution_pending: false,
            now: context.now,
        };
        let (person, endorsement) = (Some(&self.person), self.endorsement.as_ref());
        wire(&self.row, person, endorsement, &case, context)
    }
}

async fn create(
    change: &mut Change,
    context: &Context,
    body: NewApplication,
) -> Result<Created, Problem> {
    let applicant = body.person_id.or(context.caller.person);
    let person = match applicant {
        Some(applicant) => people::store::find(change.tx(), applicant).await?,
        None => None,
    };
    // An announcement that is on its way either sees this application or is seen. Applicants
    // don't wait for each other, unless somebody comes after the deadline: they may move the queue.
    let round = match body.late_reason {
        Some(_) => rounds::store::lock(change, body.round_id).await?,
        None => rounds::store::hold_still(change, body.round_id).await?,
    };
    let known = round.filter(|round| rounds::store::is_known(&context.caller, round));
    let round = known.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    let coordinator = context.caller.coordinates(round.organiser_id.into());
    if applicant.is_none() || (applicant != context.caller.person && !coordinator) {
        return Err(Problem::of(&codes::FORBIDDEN));
    }
    let person = person.ok_or_else(|| Problem::of(&PERSON_UNKNOWN))?;
    let terms = Terms::read(&round)?;
    match &body.late_reason {
        Some(_) if coordinator => terms.takes_late_applications()?,
        _ => terms.takes_applications(change.actor.at)?,
    }
    steps::eligible(change, &terms, &person).await?;
    let new = steps::New {
        motivation: body.motivation,
        choice: body.choice,
        late_reason: body.late_reason.as_deref().filter(|_| coordinator),
    };
    let (row, endorsement) = if body.draft {
        (steps::draft(change, &round, &person, new).await?, None)
    } else {
        steps::apply(change, (&round, &terms, &person), new).await?
    };
    Ok(Created {
        row,
        person,
        endorsement,
        terms,
    })
}

/// Get an application
///
/// For the applicant, the organiser's coordinators, and, once handed in, the municipality's
/// director and the organisation's HR. The admission is `pending` for everybody but
/// coordinators until it is announced.
#[utoipa::path(tag = "applications", params(("applicationId" = ApplicationId, Path, description = "The application.")), responses((status = 200, description = "The application.", body = Application)))]
#[get("/applications/{applicationId}")]
async fn get_application(state: Data<State>, context: Context, id: Path<ApplicationId>) -> Outcome {
    let row = known(state.database.read(), &context.caller, *id).await?;
    let version = row.version;
    Ok(Reply::resource(
        &wire_one(state.database.read(), row, &context).await?,
        version,
    )?)
}

/// Submit a draft
///
/// For the applicant and the organiser's coordinators, until the deadline's day is over.
#[utoipa::path(tag = "applications", params(("applicationId" = ApplicationId, Path, description = "The application.")), responses((status = 200, description = "The application.", body = Application)))]
#[post("/applications/{applicationId}/submission")]
async fn submit_application(
    state: Data<State>,
    id: Path<ApplicationId>,
    command: Command<NoBody>,
) -> Outcome {
    step(
        &state,
        *id,
        command,
        "submission",
        async |change, loaded, NoBody {}| steps::submit(change, loaded, None).await,
    )
    .await
}

/// Submit a draft late
///
/// For the organiser's coordinators, after the deadline, with a reason that the history keeps:
/// somebody's draft, or one that they made themselves.
#[utoipa::path(tag = "applications", params(("applicationId" = ApplicationId, Path, description = "The application.")), request_body = Reason, responses((status = 200, description = "The application.", body = Application)))]
#[post("/applications/{applicationId}/late-submission")]
async fn submit_application_late(
    state: Data<State>,
    id: Path<ApplicationId>,
    command: Command<Reason>,
) -> Outcome {
    step(
        &state,
        *id,
        command,
        "late-submission",
        async |change, loaded, body| steps::submit(change, loaded, Some(&body.reason)).await,
    )
    .await
}

/// Withdraw
///
/// For the applicant and the organiser's coordinators, whenever: takes the application back,
/// leaves an offer, or gives up the seat, which goes to the queue at once. Needs nobody's
/// consent and no reason.
#[utoipa::path(tag = "applications", params(("applicationId" = ApplicationId, Path, description = "The application.")), request_body = OptionalReason, responses((status = 200, description = "The application.", body = Application)))]
#[post("/applications/{applicationId}/withdrawal")]
async fn withdraw_application(
    state: Data<State>,
    id: Path<ApplicationId>,
    command: Command<OptionalReason>,
) -> Outcome {
    step(
        &state,
        *id,
        command,
        "withdrawal",
        async |change, loaded, body| steps::withdraw(change, loaded, body.reason.as_deref()).await,
    )
    .await
}

/// Answer an offer
///
/// For the person to whom the seat is offered, until the end of `answerBy`. A seat that is
/// declined goes to the queue at once. An Idempotency-Key is required.
#[utoipa::path(tag = "applications", params(("applicationId" = ApplicationId, Path, description = "The application.")), request_body = OfferAnswer, responses((status = 200, description = "The application.", body = Application)))]
#[post("/applications/{applicationId}/answer")]
async fn answer_offer(
    state: Data<State>,
    id: Path<ApplicationId>,
    command: Command<OfferAnswer>,
) -> Outcome {
    step(
        &state,
        *id,
        command,
        "answer",
        async |change, loaded, body| steps::answer(change, loaded, body.verdict).await,
    )
    .await
}

/// Rescind an offer
///
/// For the organiser's coordinators, before it is answered, with a reason; the seat goes to
/// the queue.
#[utoipa::path(tag = "applications", params(("applicationId" = ApplicationId, Path, description = "The application.")), request_body = Reason, responses((status = 200, description = "The application.", body = Application)))]
#[post("/applications/{applicationId}/rescission")]
async fn rescind_offer(
    state: Data<State>,
    id: Path<ApplicationId>,
    command: Command<Reason>,
) -> Outcome {
    step(
        &state,
        *id,
        command,
        "rescission",
        async |change, loaded, body| {
            steps::end_seat(
                change,
                loaded,
                SeatState::Rescinded,
                "offer.rescinded",
                Some(&body.reason),
            )
            .await
        },
    )
    .await
}

/// Name a substitute
///
/// For the participant, the municipality's director and the organiser's coordinators: another
/// person of the same municipality is to take over an accepted seat. The first keeps it until
/// the office endorses the second; then both change at once. A director who calls this
/// endorses by it. Answers the second person's application. An Idempotency-Key is required.
#[utoipa::path(tag = "applications", params(("applicationId" = ApplicationId, Path, description = "The participation.")), request_body = NewSubstitution, responses((status = 201, description = "The second person's application.", body = Application)))]
#[post("/applications/{applicationId}/substitution")]
async fn substitute(
    state: Data<State>,
    id: Path<ApplicationId>,
    command: Command<NewSubstitution>,
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
            let before = known(change.tx(), &context.caller, *id).await?;
            let loaded = steps::load_again(change, &before).await?;
            expected.check(loaded.application.version)?;
            let who = who(change.tx(), &loaded.application, &context.caller, None).await?;
            loaded
                .judge(change, who, "substitution", context.language)
                .await?;
            let named = steps::substitute(change, loaded, body.person_id, &body.reason);
            let second = Box::pin(named).await?;
            let second = endorse_by_naming(change, second, &context).await?;
            let version = second.version;
            let application = wire_one(change.tx(), second, &context).await?;
            Ok(Answer::created(application.links.own(), &application)?.version(version))
        },
    );
    Ok(answer.await?.into())
}

/// A director who names somebody endorses by it, where the office is theirs to decide for and
/// the person is somebody else.
async fn endorse_by_naming(
    change: &mut Change,
    second: entity::Model,
    context: &Context,
) -> Result<entity::Model, Problem> {
    let who = who(change.tx(), &second, &context.caller, None).await?;
    let awaits = Facts::read(&second)?.endorsement == EndorsementState::Awaiting;
    if !awaits || !who.office || who.own {
        return Ok(second);
    }
    let loaded = steps::load(change, second.id.into()).await?;
    loaded
        .judge(change, who, "endorsement", context.language)
        .await?;
    let verdict = endorsements::steps::Verdict::endorse(&decided_by(change, context).await?);
    let deciding = endorsements::steps::decide(change, &loaded.terms, loaded.application, verdict);
    Box::pin(deciding).await
}

/// Discontinue a participation
///
/// For the organiser's coordinators, when somebody leaves during the programme, with a reason.
#[utoipa::path(tag = "applications", params(("applicationId" = ApplicationId, Path, description = "The participation.")), request_body = Reason, responses((status = 200, description = "The application.", body = Application)))]
#[post("/applications/{applicationId}/discontinuation")]
async fn discontinue(
    state: Data<State>,
    id: Path<ApplicationId>,
    command: Command<Reason>,
) -> Outcome {
    step(
        &state,
        *id,
        command,
        "discontinuation",
        async |change, loaded, body| {
            steps::end_seat(
                change,
                loaded,
                SeatState::Discontinued,
                "participation.discontinued",
                Some(&body.reason),
            )
            .await
        },
    )
    .await
}

/// Reject an application
///
/// For the organiser's coordinators: takes somebody out of the queue for good, with a reason.
#[utoipa::path(tag = "applications", params(("applicationId" = ApplicationId, Path, description = "The application.")), request_body = Reason, responses((status = 200, description = "The application.", body = Application)))]
#[post("/applications/{applicationId}/rejection")]
async fn reject_application(
    state: Data<State>,
    id: Path<ApplicationId>,
    command: Command<Reason>,
) -> Outcome {
    step(
        &state,
        *id,
        command,
        "rejection",
        async |change, loaded, body| steps::reject(change, loaded, Some(&body.reason)).await,
    )
    .await
}

/// Read an application's history
///
/// For who may read the application; reasons that a coordinator gave are shown to
/// coordinators and the applicant.
#[utoipa::path(tag = "applications", params(("applicationId" = ApplicationId, Path, description = "The application.")), responses((status = 200, description = "The history, the oldest first.", body = History)))]
#[get("/applications/{applicationId}/history")]
async fn get_application_history(
    state: Data<State>,
    context: Context,
    id: Path<ApplicationId>,
) -> Outcome {
    let row = known(state.database.read(), &context.caller, *id).await?;
    let coordinator = context.caller.coordinates(row.organiser_id.into());
    let mut entries = history::list(state.database.read(), id.uuid()).await?;
    if !coordinator && row.admission_published_at.is_none() {
        // What was decided but not announced is not told by its traces either.
        entries.retain(|entry| !entry.edge.starts_with("admission."));
    }
    if !coordinator && context.caller.person.map(PersonId::uuid) != Some(row.person_id) {
        for entry in &mut entries {
            entry.reason = None;
        }
    }
    Ok(Reply::ok(&History {
        entries,
        links: Links::to_self(context.href(format!("applications/{id}/history"))),
    })?)
}

/// An edge of an application: judged under its round's lock, done by `work`, and answered once.
async fn step<B>(
    state: &State,
    id: ApplicationId,
    command: Command<B>,
    edge: &str,
    work: impl AsyncFnOnce(&mut Change, Loaded, B) -> Result<entity::Model, Problem>,
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
            let before = known(change.tx(), &context.caller, id).await?;
            let loaded = steps::load_again(change, &before).await?;
            expected.check(loaded.application.version)?;
            let who = who(change.tx(), &loaded.application, &context.caller, None).await?;
            loaded.judge(change, who, edge, context.language).await?;
            let row = work(change, loaded, body).await?;
            let version = row.version;
            Ok(Answer::ok(&wire_one(change.tx(), row, &context).await?)?.version(version))
        },
    );
    Ok(answer.await?.into())
}

/// An application that the caller may know.
pub async fn known(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    id: ApplicationId,
) -> Result<entity::Model, Problem> {
    store::find(connection, caller, id)
        .await?
        .ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

/// Name and title of the caller, as who decided.
pub async fn decided_by(change: &Change, context: &Context) -> Result<String, Problem> {
    let Some(id) = context.caller.person else {
        return Ok(context.caller.subject.clone());
    };
    let person = people::store::find(change.tx(), id).await?;
    Ok(person.map_or_else(
        || context.caller.subject.clone(),
        |person| people::model::signature(&person),
    ))
}

/// What a caller is to an application.
pub async fn who(
    connection: &impl ConnectionTrait,
    row: &entity::Model,
    caller: &Caller,
    office: Option<OfficeId>,
) -> Result<Who, Problem> {
    let own = caller
        .person
        .is_some_and(|person| person.uuid() == row.person_id);
    let coordinator = caller.coordinates(row.organiser_id.into());
    let may_direct = caller.scope(Role::Director).next().is_some();
    if !may_direct {
        return Ok(Who {
            own,
            coordinator,
            office: false,
        });
    }
    let asked = if office.is_some() {
        office
    } else {
        let row = endorsements::store::of_application(connection, row.id.into()).await?;
        row.map(|row| OfficeId::from(row.office_id))
    };
    let Some(asked) = asked else {
        // Nobody was asked: the municipality's director knows it as its office does.
        let directs = |id: Uuid| caller.directs(id.into());
        return Ok(Who {
            own,
            coordinator,
            office: row.municipality_id.is_some_and(directs),
        });
    };
    let office = offices::store::find(connection, asked)
        .await?
        .ok_or_else(|| Problem::of(&OFFICE_MISSING))?;
    let of_director = office.kind == column::text(OfficeKind::MunicipalDirector);
    Ok(Who {
        own,
        coordinator,
        office: of_director && caller.directs(office.organisation_id.into()),
    })
}

/// One application in its wire form, as the caller may see it.
pub async fn wire_one(
    connection: &impl ConnectionTrait,
    row: entity::Model,
    context: &Context,
) -> Result<Application, Problem> {
    let mut all = wire_all(connection, vec![row], context).await?;
    all.pop().ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

/// Applications in their wire form, as the caller may see them; what they refer to is read at
/// once for all.
pub async fn wire_all(
    connection: &impl ConnectionTrait,
    rows: Vec<entity::Model>,
    context: &Context,
) -> Result<Vec<Application>, Problem> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let people = people(connection, &rows).await?;
    let endorsements =
        endorsements::store::of_applications(connection, rows.iter().map(|row| row.id)).await?;
    let pending = substitutes_pending(connection, &rows).await?;
    let terms = terms(connection, &rows).await?;
    let mut wired = Vec::with_capacity(rows.len());
    for row in rows {
        let terms = terms
            .get(&row.round_id)
            .ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
        let endorsement = endorsements.get(&row.id);
        let office = endorsement.map(|one| OfficeId::from(one.office_id));
        let case = Case {
            facts: Facts::read(&row)?,
            terms: terms.clone(),
            who: who(connection, &row, &context.caller, office).await?,
            substitution_pending: pending.contains(&row.id),
            now: context.now,
        };
        let person = people.get(&row.person_id);
        wired.push(wire(&row, person, endorsement, &case, context)?);
    }
    Ok(wired)
}

async fn terms(
    connection: &impl ConnectionTrait,
    rows: &[entity::Model],
) -> Result<HashMap<Uuid, Terms>, Problem> {
    let ids: HashSet<Uuid> = rows.iter().map(|row| row.round_id).collect();
    let found = rounds::entity::Entity::find()
        .filter(rounds::entity::Column::Id.is_in(ids))
        .all(connection)
        .await
        .map_err(DatabaseError::from)?;
    let terms = found
        .iter()
        .map(|round| Ok((round.id, Terms::read(round)?)));
    terms.collect()
}

async fn people(
    connection: &impl ConnectionTrait,
    rows: &[entity::Model],
) -> Result<HashMap<Uuid, people::entity::Model>, DatabaseError> {
    let ids = rows.iter().map(|row| row.person_id);
    let found = people::entity::Entity::find()
        .filter(people::entity::Column::Id.is_in(ids))
        .all(connection)
        .await?;
    Ok(found.into_iter().map(|row| (row.id, row)).collect())
}

async fn substitutes_pending(
    connection: &impl ConnectionTrait,
    rows: &[entity::Model],
) -> Result<Vec<Uuid>, DatabaseError> {
    let accepted = column::text(SeatState::Accepted);
    let holders = rows.iter().filter(|row| row.seat == accepted);
    let seats: Vec<Uuid> = holders.map(|row| row.id).collect();
    if seats.is_empty() {
        // "In nothing" is a condition that SQLite tries on every row.
        return Ok(Vec::new());
    }
    let found = entity::Entity::find()
        .filter(entity::Column::Replaces.is_in(seats))
        .filter(entity::Column::Live.eq(true))
        .filter(entity::Column::Seat.eq(column::text(SeatState::None)))
        .all(connection)
        .await?;
    Ok(found.into_iter().filter_map(|row| row.replaces).collect())
}

fn wire(
    row: &entity::Model,
    person: Option<&people::entity::Model>,
    endorsement: Option<&endorsements::entity::Model>,
    case: &Case,
    context: &Context,
) -> Result<Application, Problem> {
    let href = context.href(format!("applications/{}", row.id));
    let links = Links::to_self(&href)
        .with(
            "round",
            "GET",
            context.href(format!("rounds/{}", row.round_id)),
        )
        .with("history", "GET", format!("{href}/history"));
    let sees_gender = case.who.own || case.who.coordinator;
    let gender = person
        .filter(|_| sees_gender)
        .map(|person| column::parse(&person.gender))
        .transpose()?;
    Ok(Application {
        id: row.id.into(),
        round_id: row.round_id.into(),
        person_id: PersonId::from(row.person_id),
        person_name: person.map(|person| person.name.clone()).unwrap_or_default(),
        person_active: person.is_some_and(|person| person.active),
        gender,
        organisation_id: row.organisation_id.into(),
        municipality_id: row.municipality_id.map(OrganisationId::from),
        state: case.facts.state,
        submitted_at: row.submitted_at,
        motivation: row.motivation.clone(),
        endorsement: wire_endorsement(case, endorsement),
        admission: wire_admission(row, case),
        seat: Seat {
            state: case.facts.seat,
            offered_at: row.offered_at,
            answer_by: row.answer_by,
            settled_at: row.settled_at,
        },
        replaces: row.replaces.map(ApplicationId::from),
        choice: row.choice,
        hold_id: row.hold_id.map(HoldId::from),
        links: transition::allowed(&EDGES, case, &href, links),
        transitions: transition::refused(&EDGES, case, context.language),
    })
}

fn wire_endorsement(case: &Case, row: Option<&endorsements::entity::Model>) -> Endorsement {
    let state = case.facts.endorsement;
    let sees_motive = case.who.own || case.who.coordinator || case.who.office;
    Endorsement {
        id: row.map(|row| row.id.into()),
        state,
        office_id: row.map(|row| row.office_id.into()),
        requested_at: row.map(|row| row.requested_at),
        due_on: row.and_then(|row| row.due_on),
        decided_at: row.and_then(|row| row.decided_at),
        decided_by: row.and_then(|row| row.decided_by.clone()),
        rank: row.and_then(|row| row.rank),
        motive: row
            .filter(|_| sees_motive)
            .and_then(|row| row.motive.clone()),
    }
}

/// What was decided is for coordinators until it is announced.
fn wire_admission(row: &entity::Model, case: &Case) -> Admission {
    if row.admission_published_at.is_none() && !case.who.coordinator {
        let verdict = AdmissionVerdict::Pending;
        return Admission {
            verdict,
            published_at: None,
            queue_position: None,
            waitlisted_at: None,
        };
    }
    Admission {
        verdict: case.facts.admission,
        published_at: row.admission_published_at,
        queue_position: row.queue_position,
        waitlisted_at: row.waitlisted_at,
    }
}
