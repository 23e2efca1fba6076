//! Operations of invitations and answers.

use super::{
    invitation_entity as entity, invitations,
    invitations::Asked,
    model::without_blanks,
    taking::{self, Asking, Given},
    view,
};
use crate::{
    State,
    instruments::store::is_staff,
    surveys::{
        self, families, gate,
        known::{self, Round},
        messages,
        routes::known_survey,
    },
};
use actix_web::{
    get, post,
    web::{Data, Path},
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, QueryFilter as _, Select};
use shared_database::{Change, column, page};
use shared_projections::{participations, people};
use shared_types::{
    Answer, FieldProblem, Links, PersonId, Problem, SurveyId, SurveyInvitationId, Words, codes,
    evaluation::{
        answers::{
            NewAnswers, NewSurveyInvitations, Questionnaire, SurveyInvitation,
            SurveyInvitationPage, SurveyInvitations,
        },
        codes::{
            SURVEY_ANSWERED, SURVEY_AUDIENCE_FIXED, SURVEY_CLOSED, SURVEY_INVITATION_USED,
            SURVEY_OTHER_VERSION, SURVEY_PEOPLE_TOO_MANY, SURVEY_PERSON_UNKNOWN, SURVEY_STATE,
        },
        surveys::{SurveyAudience, SurveyState},
    },
};
use shared_web::{Command, Context, NoBody, Outcome, PageParameters, Query, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Most people whom one participant names.
const MOST_NAMED: u64 = 10;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_own_survey_invitations)
        .service(list_survey_invitations)
        .service(create_survey_invitations)
        .service(get_survey_invitation)
        .service(revoke_survey_invitation)
        .service(renew_survey_invitation)
        .service(get_questionnaire)
        .service(answer_survey);
}

/// List own invitations to surveys
///
/// One's own, of surveys that are open or over, and whether one has answered.
#[utoipa::path(tag = "answers", params(PageParameters), responses((status = 200, description = "A page of invitations.", body = SurveyInvitationPage)))]
#[get("/survey-invitations")]
async fn list_own_survey_invitations(
    state: Data<State>,
    context: Context,
    query: Query,
) -> Outcome {
    let select = invitations::scoped_own(&context.caller);
    list(state.database.read(), &context, &query, select).await
}

/// List a survey's invitations
///
/// For the evaluators and coordinators of its organiser: who is asked, never who has answered.
#[utoipa::path(tag = "answers", params(("surveyId" = SurveyId, Path, description = "The survey."), PageParameters), responses((status = 200, description = "A page of invitations.", body = SurveyInvitationPage)))]
#[get("/surveys/{surveyId}/invitations")]
async fn list_survey_invitations(
    state: Data<State>,
    context: Context,
    id: Path<SurveyId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    known_survey(connection, &context, *id).await?;
    let select = invitations::scoped(&context.caller);
    let select = select.filter(entity::Column::SurveyId.eq(id.uuid()));
    list(connection, &context, &query, select).await
}

async fn list(
    connection: &impl ConnectionTrait,
    context: &Context,
    query: &Query,
    select: Select<entity::Entity>,
) -> Outcome {
    let slice = page::read(connection, select, entity::Column::Id, &query.page()?).await?;
    let surveys = view::surveys_of(connection, &slice.items).await?;
    let links = query.links(context, &slice);
    let items = slice.items.iter();
    let items = items.map(|row| view::wire(row, &surveys, context));
    Ok(Reply::ok(&SurveyInvitationPage {
        items: items.collect::<Result<_, _>>()?,
        meta: slice.meta,
        links,
    })?)
}

/// Name people to be asked
///
/// For a survey with the audience `colleagues`, until it is over: the evaluators and coordinators
/// of its organiser name anybody who is known, a participant of the round up to ten people of the
/// own organisation. Who is asked already is not asked twice. Each gets an own link when the
/// survey is open, and needs no account.
#[utoipa::path(tag = "answers", params(("surveyId" = SurveyId, Path, description = "The survey.")), request_body = NewSurveyInvitations, responses((status = 200, description = "How many are asked who were not.", body = SurveyInvitations)))]
#[post("/surveys/{surveyId}/invitations")]
async fn create_survey_invitations(
    state: Data<State>,
    id: Path<SurveyId>,
    command: Command<NewSurveyInvitations>,
) -> Outcome {
    let Command {
        context,
        claim,
        body,
        ..
    } = command;
    let work = async |change: &mut Change| {
        gate::share(change, id.uuid()).await?;
        let missing = || Problem::of(&codes::NOT_FOUND);
        let survey = surveys::store::find_any(change.tx(), id.uuid()).await?;
        let survey = survey.ok_or_else(missing)?;
        let round = known::round(change.tx(), survey.round_id.into()).await?;
        let round = round.ok_or_else(missing)?;
        let by = namer(change, &context, &round).await?;
        check_open_to_names(&survey)?;
        let asked = named(change, &survey, by, &body.person_ids).await?;
        let count = invitations::invite(change, &survey, &round, asked).await?;
        change.record("survey", survey.id, "survey.people_named", None);
        Answer::ok(&SurveyInvitations {
            invited_count: i32::try_from(count).unwrap_or(i32::MAX),
            links: Links::to_self(context.href(format!("surveys/{id}/invitations"))),
        })
    };
    let answer = state
        .database
        .answer(context.actor(), claim.as_ref(), work)
        .await;
    Ok(answer?.into())
}

/// The participant who names people; none where one of the organiser's own people does.
async fn namer(
    change: &Change,
    context: &Context,
    round: &Round,
) -> Result<Option<participations::Model>, Problem> {
    if is_staff(&context.caller, round.organiser_id) {
        return Ok(None);
    }
    let missing = || Problem::of(&codes::NOT_FOUND);
    let person = context.caller.person.ok_or_else(missing)?;
    let own = participations::find(change.tx(), round.id, person).await?;
    own.map(Some).ok_or_else(missing)
}

fn check_open_to_names(survey: &surveys::entity::Model) -> Result<(), Problem> {
    let open = [SurveyState::Planned, SurveyState::Open].map(column::text);
    if survey.audience != column::text(SurveyAudience::Colleagues) {
        return Err(Problem::of(&SURVEY_AUDIENCE_FIXED));
    }
    if !open.contains(&survey.state) {
        return Err(Problem::of(&SURVEY_STATE).value("state", &survey.state));
    }
    Ok(())
}

async fn named(
    change: &Change,
    survey: &surveys::entity::Model,
    by: Option<participations::Model>,
    persons: &[PersonId],
) -> Result<Vec<Asked>, Problem> {
    let ids = persons.iter().map(|person| person.uuid());
    let known = people::find_all(change.tx(), ids).await?;
    let fits = |person: &people::Model| {
        let is_near = by.as_ref().is_none_or(|by| {
            person.organisation_id == by.organisation_id && person.id != by.person_id
        });
        known::can_be_asked(person) && is_near
    };
    let all_fit = persons
        .iter()
        .all(|person| known.get(&person.uuid()).is_some_and(fits));
    if !all_fit {
        return Err(Problem::of(&SURVEY_PERSON_UNKNOWN));
    }
    let by = by.map(|by| by.person_id);
    if let Some(by) = by {
        let before = invitations::count_named(change.tx(), survey.id, by).await?;
        let more = u64::try_from(persons.len()).unwrap_or(u64::MAX);
        if before.saturating_add(more) > MOST_NAMED {
            return Err(Problem::of(&SURVEY_PEOPLE_TOO_MANY).value("most", MOST_NAMED));
        }
    }
    let asked = persons.iter();
    Ok(asked
        .map(|person| Asked::named_by(person.uuid(), by))
        .collect())
}

/// Get an invitation
///
/// For the person who is asked, and, without whether there is an answer, the evaluators and
/// coordinators of the survey's organiser.
#[utoipa::path(tag = "answers", params(("invitationId" = SurveyInvitationId, Path, description = "The invitation.")), responses((status = 200, description = "The invitation.", body = SurveyInvitation)))]
#[get("/survey-invitations/{invitationId}")]
async fn get_survey_invitation(
    state: Data<State>,
    context: Context,
    id: Path<SurveyInvitationId>,
) -> Outcome {
    let connection = state.database.read();
    let row = known_invitation(connection, &context, *id).await?;
    let surveys = view::surveys_of(connection, std::slice::from_ref(&row)).await?;
    Ok(Reply::ok(&view::wire(&row, &surveys, &context)?)?)
}

/// Take an invitation back
///
/// For the evaluators and coordinators of the survey's organiser, until the survey is over: the
/// person's link opens nothing any more. An answer that was given stays, and it can't be seen
/// from this whether there was one.
#[utoipa::path(tag = "answers", params(("invitationId" = SurveyInvitationId, Path, description = "The invitation.")), responses((status = 200, description = "The invitation.", body = SurveyInvitation)))]
#[post("/survey-invitations/{invitationId}/revocation")]
async fn revoke_survey_invitation(
    state: Data<State>,
    id: Path<SurveyInvitationId>,
    command: Command<NoBody>,
) -> Outcome {
    step(&state, *id, command, async |change, row, _, _| {
        let row = invitations::revoke(change, row).await?;
        change.record(
            "survey_invitation",
            row.id,
            "survey_invitation.revoked",
            None,
        );
        Ok(row)
    })
    .await
}

/// Send a new link
///
/// For the evaluators and coordinators of the survey's organiser, until the survey is over: the
/// link that was sent before opens nothing any more.
#[utoipa::path(tag = "answers", params(("invitationId" = SurveyInvitationId, Path, description = "The invitation.")), responses((status = 200, description = "The invitation.", body = SurveyInvitation)))]
#[post("/survey-invitations/{invitationId}/renewal")]
async fn renew_survey_invitation(
    state: Data<State>,
    id: Path<SurveyInvitationId>,
    command: Command<NoBody>,
) -> Outcome {
    step(&state, *id, command, async |change, row, survey, round| {
        let row = invitations::renew(change, row).await?;
        if survey.state == column::text(SurveyState::Open) {
            messages::invite(change, survey, round, std::slice::from_ref(&row)).await?;
        }
        change.record(
            "survey_invitation",
            row.id,
            "survey_invitation.renewed",
            None,
        );
        Ok(row)
    })
    .await
}

/// Does something to an invitation that the survey's makers alone may do.
async fn step(
    state: &State,
    id: SurveyInvitationId,
    command: Command<NoBody>,
    work: impl AsyncFnOnce(
        &mut Change,
        entity::Model,
        &surveys::entity::Model,
        &Round,
    ) -> Result<entity::Model, Problem>,
) -> Outcome {
    let Command { context, claim, .. } = command;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let missing = || Problem::of(&codes::NOT_FOUND);
            let row = known_invitation(change.tx(), &context, id).await?;
            gate::share(change, row.survey_id).await?;
            let survey = surveys::store::find_any(change.tx(), row.survey_id).await?;
            let survey = survey.ok_or_else(missing)?;
            if !is_staff(&context.caller, survey.organiser_id.into()) {
                return Err(Problem::of(&codes::FORBIDDEN));
            }
            let round = known::round(change.tx(), survey.round_id.into()).await?;
            let round = round.ok_or_else(missing)?;
            // Read again: it may have been written anew meanwhile.
            let row = invitations::find_any(change.tx(), row.id).await?;
            let row = row.ok_or_else(missing)?;
            let open = [SurveyState::Planned, SurveyState::Open].map(column::text);
            if !open.contains(&survey.state) {
                return Err(Problem::of(&SURVEY_STATE).value("state", &survey.state));
            }
            if row.revoked || row.person_id.is_none() {
                return Err(Problem::of(&SURVEY_INVITATION_USED));
            }
            let row = work(change, row, &survey, &round).await?;
            let surveys = view::Surveys::from([(survey.id, survey)]);
            Answer::ok(&view::wire(&row, &surveys, &context)?)
        },
    );
    Ok(answer.await?.into())
}

/// Read what a survey asks
///
/// For those who are asked, once the survey is open, and the evaluators and coordinators of its
/// organiser.
#[utoipa::path(tag = "answers", params(("surveyId" = SurveyId, Path, description = "The survey.")), responses((status = 200, description = "What is asked.", body = Questionnaire)))]
#[get("/surveys/{surveyId}/questionnaire")]
async fn get_questionnaire(state: Data<State>, context: Context, id: Path<SurveyId>) -> Outcome {
    let connection = state.database.read();
    let own = own_invitation(connection, &context, *id).await?;
    let survey = match &own {
        Some(own) => surveys::store::find_any(connection, own.survey_id).await?,
        None => surveys::store::find(connection, &context.caller, *id).await?,
    };
    let survey = survey.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    let application = own.as_ref().and_then(|own| own.application_id);
    let asking = Asking::read(connection, &survey, application).await?;
    let href = context.href(format!("surveys/{id}"));
    let mut links = Links::to_self(format!("{href}/questionnaire"));
    if own.is_some_and(|own| !own.answered) {
        links = links.with("answers", "POST", format!("{href}/answers"));
    }
    Ok(Reply::ok(&Questionnaire {
        survey_id: survey.id.into(),
        name: column::from_json(survey.name.clone())?,
        introduction: asking.version.introduction,
        mode: column::parse(&survey.mode)?,
        instrument_version: asking.version.number,
        questions: asking.version.questions,
        takes_phrase: takes_phrase(connection, &survey).await?,
        peers: asking.peers,
        closes_on: survey.closes_on,
        links,
    })?)
}

/// Whether a phrase pairs a survey's answers.
pub(super) async fn takes_phrase(
    connection: &impl ConnectionTrait,
    survey: &surveys::entity::Model,
) -> Result<bool, Problem> {
    let Some(family) = survey.family_id else {
        return Ok(false);
    };
    let family = families::find(connection, family).await?;
    Ok(family.is_some_and(|family| family.wrapped_key.is_some()))
}

/// Answer a survey
///
/// For who is asked, once, while the survey is open: the whole sheet at once. An answer can't be
/// read again or taken back. An `Idempotency-Key` is not kept, since it would lead to who
/// answered: whoever repeats the call after a lost answer reads `survey_answered`.
#[utoipa::path(tag = "answers", params(("surveyId" = SurveyId, Path, description = "The survey.")), request_body = NewAnswers, responses((status = 200, description = "The invitation, answered.", body = SurveyInvitation)))]
#[post("/surveys/{surveyId}/answers")]
async fn answer_survey(
    state: Data<State>,
    id: Path<SurveyId>,
    command: Command<NewAnswers>,
) -> Outcome {
    let Command { context, body, .. } = command;
    let connection = state.database.read();
    let own = own_invitation(connection, &context, *id).await?;
    let Some(own) = own else {
        // Whoever makes the survey knows it.
        known_survey(connection, &context, *id).await?;
        return Err(Problem::of(&codes::FORBIDDEN).into());
    };
    let survey = surveys::store::find_any(connection, own.survey_id).await?;
    let survey = survey.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    if own.answered {
        return Err(Problem::of(&SURVEY_ANSWERED).into());
    }
    if !taking::is_open(connection, &survey, context.now).await? {
        return Err(Problem::of(&SURVEY_CLOSED).into());
    }
    if body.instrument_version != survey.instrument_version {
        let problem = Problem::of(&SURVEY_OTHER_VERSION);
        return Err(problem.value("version", survey.instrument_version).into());
    }
    let given = judged(connection, &context, &survey, &own, body).await?;
    taking::take(&state, context.now, &own, given).await?;
    let own = entity::Model {
        answered: true,
        ..own
    };
    let surveys = view::Surveys::from([(survey.id, survey)]);
    Ok(Reply::ok(&view::wire(&own, &surveys, &context)?)?)
}

async fn judged(
    connection: &impl ConnectionTrait,
    context: &Context,
    survey: &surveys::entity::Model,
    own: &entity::Model,
    body: NewAnswers,
) -> Result<Given, Problem> {
    let asking = Asking::read(connection, survey, own.application_id).await?;
    let answers = without_blanks(body.answers);
    let mut errors: Vec<FieldProblem> = asking
        .judge(&answers)
        .iter()
        .map(|found| {
            let detail = found.fault.words(context.language);
            FieldProblem::pointer(found.pointer(), found.fault.code(), detail)
        })
        .collect();
    if let Some(phrase) = &body.phrase {
        let length = families::normalised(phrase).chars().count();
        let fault = if !takes_phrase(connection, survey).await? {
            Some(("not_asked", &NO_PHRASE))
        } else if length < families::LEAST_PHRASE_CHARACTERS {
            Some(("too_short", &SHORT_PHRASE))
        } else {
            None
        };
        errors.extend(fault.map(|(code, words)| {
            FieldProblem::pointer("/phrase", code, words.get(context.language))
        }));
    }
    if errors.is_empty() {
        Ok(Given {
            answers,
            phrase: body.phrase,
        })
    } else {
        Err(Problem::of(&codes::INVALID_BODY).errors(errors))
    }
}

const NO_PHRASE: Words = Words {
    en: "This survey is not paired with another one.",
    sv: "Den här enkäten paras inte med någon annan.",
    da: "Denne undersøgelse parres ikke med en anden.",
};
/// Said of a phrase that others could think of too.
pub(super) const SHORT_PHRASE: Words = Words {
    en: "At least 8 characters, so that nobody else has the same.",
    sv: "Minst 8 tecken, så att ingen annan har samma.",
    da: "Mindst 8 tegn, så ingen andre har den samme.",
};

/// The caller's own invitation to a survey.
async fn own_invitation(
    connection: &impl ConnectionTrait,
    context: &Context,
    survey: SurveyId,
) -> Result<Option<entity::Model>, Problem> {
    let Some(person) = context.caller.person else {
        return Ok(None);
    };
    let survey: Uuid = survey.uuid();
    Ok(invitations::of_person(connection, survey, person).await?)
}

/// An invitation that the caller may know.
async fn known_invitation(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: SurveyInvitationId,
) -> Result<entity::Model, Problem> {
    let found = invitations::find(connection, &context.caller, id).await?;
    found.ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}
