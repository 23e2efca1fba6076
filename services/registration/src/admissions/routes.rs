//! Operations of admission.

use super::{
    entity, explanation, inputs, propose, queue, row,
    steps::{self, Case, EDGES},
    words::{self, KeptReason},
};
use crate::{
    State, applications, endorsements, organisations, people,
    rounds::{self, model::Terms, routes::coordinated},
};
use actix_web::{
    get, post, put,
    web::{Data, Path},
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use shared_database::{Change, DatabaseError, column, history};
use shared_types::{
    AdmissionProposalId, Answer, ApplicationId, Gender, Links, OrganisationId, PersonId, Problem,
    RoundId, codes,
    registration::{
        admissions::{
            AdmissionFinding, AdmissionProposal, GenderCount, ProposalOverride, ProposalRow,
            ProposalState, ProposedVerdict, Queue, QueueEntry, QueueExplanation,
        },
        history::History,
    },
    transition,
};
use shared_web::{Command, Context, NoBody, Outcome, Reply};
use std::collections::HashMap;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(create_admission_proposal)
        .service(get_admission_proposal)
        .service(override_admission_row)
        .service(publish_admission_proposal)
        .service(get_admission_proposal_history)
        .service(get_queue)
        .service(explain_queue);
}

/// Propose an admission
///
/// For the organiser's coordinators, once the round is closed and every office has answered or
/// had its time. Divides the free seats under floors, ceilings and the balance rule, optimally
/// and explained row by row. Nothing is announced; an earlier proposal is superseded.
#[utoipa::path(tag = "admissions", params(("roundId" = RoundId, Path, description = "The round.")), responses((status = 201, description = "The proposal.", body = AdmissionProposal)))]
#[post("/rounds/{roundId}/admission-proposals")]
async fn create_admission_proposal(
    state: Data<State>,
    id: Path<RoundId>,
    command: Command<NoBody>,
) -> Outcome {
    let Command { context, claim, .. } = command;
    coordinated(&state, &context, *id).await?;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let made = steps::make(change, *id).await?;
            let version = made.version;
            let proposal = wire(change.tx(), made, &context).await?;
            Ok(Answer::created(proposal.links.own(), &proposal)?.version(version))
        },
    );
    Ok(answer.await?.into())
}

/// Get an admission proposal
///
/// For the organiser's coordinators: every row with its reasons, the balance before and after,
/// and what the selection breaks.
#[utoipa::path(tag = "admissions", params(("admissionProposalId" = AdmissionProposalId, Path, description = "The proposal.")), responses((status = 200, description = "The proposal.", body = AdmissionProposal)))]
#[get("/admission-proposals/{admissionProposalId}")]
async fn get_admission_proposal(
    state: Data<State>,
    context: Context,
    id: Path<AdmissionProposalId>,
) -> Outcome {
    let row = known(state.database.read(), &context, *id).await?;
    let version = row.version;
    Ok(Reply::resource(
        &wire(state.database.read(), row, &context).await?,
        version,
    )?)
}

/// Override a row
///
/// For the organiser's coordinators, while the proposal waits for review: puts one application
/// elsewhere than the rules did, with a reason that the history keeps. Answers the whole
/// proposal with its findings.
#[utoipa::path(
    tag = "admissions",
    params(
        ("admissionProposalId" = AdmissionProposalId, Path, description = "The proposal."),
        ("applicationId" = ApplicationId, Path, description = "The application."),
    ),
    request_body = ProposalOverride,
    responses((status = 200, description = "The proposal.", body = AdmissionProposal))
)]
#[put("/admission-proposals/{admissionProposalId}/rows/{applicationId}")]
async fn override_admission_row(
    state: Data<State>,
    path: Path<(AdmissionProposalId, ApplicationId)>,
    command: Command<ProposalOverride>,
) -> Outcome {
    let Command {
        context,
        claim,
        expected,
        body,
    } = command;
    let (id, application) = *path;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let proposal = locked(change, &context, id).await?;
            expected.check(proposal.version)?;
            let case = Case {
                admitted: 0,
                ..case(change.tx(), &proposal, &context).await?
            };
            transition::judge(&EDGES, "publication", &case, context.language)?;
            let proposal =
                steps::override_row(change, proposal, application, body.verdict, &body.reason)
                    .await?;
            let version = proposal.version;
            Ok(Answer::ok(&wire(change.tx(), proposal, &context).await?)?.version(version))
        },
    );
    Ok(answer.await?.into())
}

/// Publish an admission
///
/// For the organiser's coordinators: announces everything at once, in one transaction: offers
/// to the admitted, the frozen queue, the rejections; everybody is told by mail. Refused when
/// anything that the proposal rests on has changed. An Idempotency-Key is required.
#[utoipa::path(tag = "admissions", params(("admissionProposalId" = AdmissionProposalId, Path, description = "The proposal.")), responses((status = 200, description = "The proposal.", body = AdmissionProposal)))]
#[post("/admission-proposals/{admissionProposalId}/publication")]
async fn publish_admission_proposal(
    state: Data<State>,
    id: Path<AdmissionProposalId>,
    command: Command<NoBody>,
) -> Outcome {
    let Command {
        context,
        claim,
        expected,
        ..
    } = command;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let proposal = locked(change, &context, *id).await?;
            expected.check(proposal.version)?;
            let case = case(change.tx(), &proposal, &context).await?;
            transition::judge(&EDGES, "publication", &case, context.language)?;
            let proposal = steps::publish(change, proposal).await?;
            let version = proposal.version;
            Ok(Answer::ok(&wire(change.tx(), proposal, &context).await?)?.version(version))
        },
    );
    Ok(answer.await?.into())
}

/// Read a proposal's history
///
/// For the organiser's coordinators: who made, overrode and published it, when and why.
#[utoipa::path(tag = "admissions", params(("admissionProposalId" = AdmissionProposalId, Path, description = "The proposal.")), responses((status = 200, description = "The history, the oldest first.", body = History)))]
#[get("/admission-proposals/{admissionProposalId}/history")]
async fn get_admission_proposal_history(
    state: Data<State>,
    context: Context,
    id: Path<AdmissionProposalId>,
) -> Outcome {
    known(state.database.read(), &context, *id).await?;
    let entries = history::list(state.database.read(), id.uuid()).await?;
    Ok(Reply::ok(&History {
        entries,
        links: Links::to_self(context.href(format!("admission-proposals/{id}/history"))),
    })?)
}

/// Read the queue
///
/// For the organiser's coordinators: who waits, in which order, and why somebody was passed
/// over. The queue moves by itself; nothing here changes it.
#[utoipa::path(tag = "admissions", params(("roundId" = RoundId, Path, description = "The round.")), responses((status = 200, description = "The queue.", body = Queue)))]
#[get("/rounds/{roundId}/queue")]
async fn get_queue(state: Data<State>, context: Context, id: Path<RoundId>) -> Outcome {
    coordinated(&state, &context, *id).await?;
    let connection = state.database.read();
    let waiting = applications::store::queue(connection, *id).await?;
    let ids: Vec<Uuid> = waiting.iter().map(|row| row.id).collect();
    let mut passed_over = queue::passed_over(connection, &ids).await?;
    let names = people::store::names(connection, waiting.iter().map(|row| row.person_id)).await?;
    let entries = (1..)
        .zip(waiting)
        .map(|(position, row)| QueueEntry {
            application_id: row.id.into(),
            person_name: names.get(&row.person_id).cloned().unwrap_or_default(),
            municipality_id: row.municipality_id.map(OrganisationId::from),
            position,
            pass_overs: passed_over
                .remove(&row.id)
                .unwrap_or_default()
                .iter()
                .map(|reason| reason.wire(context.language))
                .collect(),
        })
        .collect();
    Ok(Reply::ok(&Queue {
        round_id: *id,
        entries,
        links: Links::to_self(context.href(format!("rounds/{id}/queue"))),
    })?)
}

/// Explain a place in the queue
///
/// For the applicant, the director of the own municipality, and the organiser's coordinators: how
/// an application that waits stands, what stands in its way, and what would have to happen. In
/// numbers, never by name; by the very rules that move the queue.
#[utoipa::path(tag = "admissions", params(("applicationId" = ApplicationId, Path, description = "The application.")), responses((status = 200, description = "The explanation.", body = QueueExplanation)))]
#[get("/applications/{applicationId}/queue-explanation")]
async fn explain_queue(state: Data<State>, context: Context, id: Path<ApplicationId>) -> Outcome {
    let connection = state.database.read();
    let application = applications::routes::known(connection, &context.caller, *id).await?;
    let own = context.caller.person.map(PersonId::uuid) == Some(application.person_id);
    let coordinator = context.caller.coordinates(application.organiser_id.into());
    let director = application
        .municipality_id
        .is_some_and(|municipality| context.caller.directs(municipality.into()));
    if !own && !coordinator && !director {
        return Err(Problem::of(&codes::FORBIDDEN).into());
    }
    let round = rounds::store::find_any(connection, application.round_id.into()).await?;
    let terms = Terms::read(&round.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?)?;
    let href = context.href(format!("applications/{id}"));
    let links =
        Links::to_self(format!("{href}/queue-explanation")).with("application", "GET", href);
    let explained = explanation::explain(connection, &application, &terms, context.language, links);
    Ok(Reply::ok(&explained.await?)?)
}

async fn known(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: AdmissionProposalId,
) -> Result<entity::Model, Problem> {
    let scope = context
        .caller
        .scope(shared_types::Role::Coordinator)
        .map(OrganisationId::uuid);
    let found = entity::Entity::find_by_id(id.uuid())
        .filter(entity::Column::OrganiserId.is_in(scope))
        .one(connection)
        .await
        .map_err(DatabaseError::from)?;
    found.ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

async fn locked(
    change: &Change,
    context: &Context,
    id: AdmissionProposalId,
) -> Result<entity::Model, Problem> {
    let before = known(change.tx(), context, id).await?;
    rounds::store::lock(change, before.round_id.into()).await?;
    known(change.tx(), context, id).await
}

async fn case(
    connection: &impl ConnectionTrait,
    proposal: &entity::Model,
    context: &Context,
) -> Result<Case, Problem> {
    let rows = steps::rows(connection, proposal.id.into()).await?;
    let round = rounds::store::find_any(connection, proposal.round_id.into()).await?;
    let admit = column::text(ProposedVerdict::Admit);
    let admitted = rows.iter().filter(|row| row.verdict == admit).count();
    Ok(Case {
        state: column::parse(&proposal.state)?,
        announced: round.is_some_and(|round| round.admission_published_at.is_some()),
        admitted: i32::try_from(admitted).unwrap_or(i32::MAX),
        free: proposal.free_seats,
        coordinator: context.caller.coordinates(proposal.organiser_id.into()),
    })
}

/// What the rows of a proposal are about, read once for all of them.
struct Subjects {
    applications: HashMap<Uuid, applications::entity::Model>,
    people: HashMap<Uuid, people::entity::Model>,
    ranks: HashMap<Uuid, endorsements::entity::Model>,
    municipalities: HashMap<Uuid, String>,
}

impl Subjects {
    async fn read(
        connection: &impl ConnectionTrait,
        rows: &[row::Model],
    ) -> Result<Self, DatabaseError> {
        let ids: Vec<Uuid> = rows.iter().map(|row| row.application_id).collect();
        let applications = applications::entity::Entity::find()
            .filter(applications::entity::Column::Id.is_in(ids.iter().copied()))
            .all(connection)
            .await?;
        let people = people::entity::Entity::find()
            .filter(people::entity::Column::Id.is_in(applications.iter().map(|row| row.person_id)))
            .all(connection)
            .await?;
        let municipalities = applications
            .iter()
            .map(|row| inputs::municipality(row).uuid());
        Ok(Self {
            ranks: endorsements::store::of_applications(connection, ids).await?,
            municipalities: organisations::store::names(connection, municipalities).await?,
            people: people.into_iter().map(|row| (row.id, row)).collect(),
            applications: applications.into_iter().map(|row| (row.id, row)).collect(),
        })
    }

    fn gender(&self, row: &row::Model) -> Gender {
        let application = self.applications.get(&row.application_id);
        let person = application.and_then(|application| self.people.get(&application.person_id));
        person
            .and_then(|person| column::parse(&person.gender).ok())
            .unwrap_or_default()
    }

    fn name(&self, municipality: OrganisationId) -> &str {
        self.municipalities
            .get(&municipality.uuid())
            .map_or("?", String::as_str)
    }

    fn count<'a>(&self, rows: impl Iterator<Item = &'a row::Model>) -> GenderCount {
        rows.fold(GenderCount::default(), |mut count, row| {
            match self.gender(row) {
                Gender::Woman => count.women += 1,
                Gender::Man => count.men += 1,
                Gender::Other | Gender::Undisclosed => count.unstated += 1,
            }
            count
        })
    }

    fn wire(
        &self,
        row: &row::Model,
        queue_position: Option<i32>,
        context: &Context,
    ) -> Result<ProposalRow, Problem> {
        let missing = || Problem::internal("a row without its application");
        let application = self
            .applications
            .get(&row.application_id)
            .ok_or_else(missing)?;
        let municipality = inputs::municipality(application);
        let reasons: Vec<KeptReason> = column::from_json(row.reasons.clone())?;
        let person = self.people.get(&application.person_id);
        Ok(ProposalRow {
            application_id: row.application_id.into(),
            person_name: person.map(|person| person.name.clone()).unwrap_or_default(),
            municipality_id: municipality,
            municipality_name: self.name(municipality).to_owned(),
            gender: self.gender(row),
            rank: self.ranks.get(&row.application_id).and_then(|one| one.rank),
            verdict: column::parse(&row.verdict)?,
            proposed: column::parse(&row.proposed)?,
            queue_position,
            reasons: reasons
                .iter()
                .map(|reason| reason.wire(context.language))
                .collect(),
            override_reason: row.override_reason.clone(),
        })
    }
}

async fn wire(
    connection: &impl ConnectionTrait,
    proposal: entity::Model,
    context: &Context,
) -> Result<AdmissionProposal, Problem> {
    let rows = steps::rows(connection, proposal.id.into()).await?;
    let subjects = Subjects::read(connection, &rows).await?;
    let case = case(connection, &proposal, context).await?;
    let findings = findings(connection, &proposal, &rows, &subjects, context).await?;
    let admit = column::text(ProposedVerdict::Admit);
    let waitlist = column::text(ProposedVerdict::Waitlist);
    let mut queue_position = 0;
    let mut wired = Vec::with_capacity(rows.len());
    for row in &rows {
        let place = (row.verdict == waitlist).then(|| {
            queue_position += 1;
            queue_position
        });
        wired.push(subjects.wire(row, place, context)?);
    }
    let href = context.href(format!("admission-proposals/{}", proposal.id));
    let links = Links::to_self(&href)
        .with(
            "round",
            "GET",
            context.href(format!("rounds/{}", proposal.round_id)),
        )
        .with("history", "GET", format!("{href}/history"));
    Ok(AdmissionProposal {
        id: proposal.id.into(),
        round_id: proposal.round_id.into(),
        state: column::parse(&proposal.state)?,
        rule_version: proposal.rule_version,
        inputs_hash: proposal.inputs_hash,
        created_at: proposal.created_at,
        free_seats: proposal.free_seats,
        balance_before: subjects.count(rows.iter()),
        balance_after: subjects.count(rows.iter().filter(|row| row.verdict == admit)),
        findings,
        rows: wired,
        links: transition::allowed(&EDGES, &case, &href, links),
        transitions: transition::refused(&EDGES, &case, context.language),
    })
}

/// What the selection breaks. Once announced, the inputs are gone and so are the findings.
async fn findings(
    connection: &impl ConnectionTrait,
    proposal: &entity::Model,
    rows: &[row::Model],
    subjects: &Subjects,
    context: &Context,
) -> Result<Vec<AdmissionFinding>, Problem> {
    if proposal.state != column::text(ProposalState::Proposed) {
        return Ok(Vec::new());
    }
    let round = rounds::store::find_any(connection, proposal.round_id.into()).await?;
    let terms = Terms::read(&round.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?)?;
    let eligible = inputs::eligible(connection, &terms).await?;
    let candidates = inputs::candidates(connection, &eligible).await?;
    let taken = inputs::taken(connection, &terms).await?;
    let rules = inputs::rules(&terms, proposal.free_seats);
    let admit = column::text(ProposedVerdict::Admit);
    let admitted: Vec<ApplicationId> = rows
        .iter()
        .filter(|row| row.verdict == admit)
        .map(|row| row.application_id.into())
        .collect();
    let missing = propose::propose(&rules, &taken, &candidates).missing_floors;
    let language = context.language;
    let finding = |violation: &propose::Violation| {
        let municipality = match violation {
            propose::Violation::CeilingExceeded { municipality, .. }
            | propose::Violation::FloorMissed { municipality, .. } => Some(*municipality),
            _ => None,
        };
        let unreachable = missing
            .iter()
            .find(|one| Some(one.municipality) == municipality);
        let name = municipality.map_or("", |id| subjects.name(id));
        let detail = match (violation, unreachable) {
            (propose::Violation::FloorMissed { .. }, Some(missing)) => {
                words::missing_floor(missing, name, language)
            }
            _ => words::violation(violation, name, language),
        };
        AdmissionFinding {
            code: violation.code().to_owned(),
            municipality_id: municipality,
            detail,
        }
    };
    Ok(propose::check(&rules, &taken, &candidates, &admitted)
        .iter()
        .map(finding)
        .collect())
}
