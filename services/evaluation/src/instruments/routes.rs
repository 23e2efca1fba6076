//! Operations of instruments.

use super::{
    entity, library, model,
    store::{self, Version},
};
use crate::State;
use actix_web::{
    get, post,
    web::{Data, Path},
};
use sea_orm::ConnectionTrait;
use shared_database::{Change, page, row};
use shared_types::{
    Answer, FieldProblem, InstrumentId, Language, Links, Problem, codes,
    evaluation::{
        codes::{INSTRUMENT_ARCHIVED, INSTRUMENT_UNKNOWN},
        instruments::{
            Instrument, InstrumentLibrary, InstrumentPage, InstrumentVersion, NewInstrument,
            NewInstrumentVersion, Question,
        },
    },
};
use shared_web::{Command, Context, NoBody, Outcome, PageParameters, Query, Reply};
use std::collections::BTreeMap;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

type Newest = BTreeMap<Uuid, (i32, shared_types::LocalizedText)>;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(get_instrument_library)
        .service(list_instruments)
        .service(create_instrument)
        .service(get_instrument)
        .service(create_instrument_version)
        .service(get_instrument_version)
        .service(archive_instrument);
}

/// Read the library of instruments
///
/// What comes with Akademi, in Swedish, Danish and English: a pulse after a session, the end of a
/// programme, self-assessments before and after, follow-ups, networks, a 360.
#[utoipa::path(tag = "instruments", responses((status = 200, description = "The library.", body = InstrumentLibrary)))]
#[get("/instrument-library")]
async fn get_instrument_library(context: Context) -> Outcome {
    Ok(Reply::ok(&InstrumentLibrary {
        instruments: library::all().to_vec(),
        links: Links::to_self(context.href("instrument-library")),
    })?)
}

/// List instruments
///
/// For the evaluators and coordinators of an organiser: its own.
#[utoipa::path(tag = "instruments", params(PageParameters), responses((status = 200, description = "A page of instruments.", body = InstrumentPage)))]
#[get("/instruments")]
async fn list_instruments(state: Data<State>, context: Context, query: Query) -> Outcome {
    let connection = state.database.read();
    let select = store::scoped(&context.caller);
    let slice = page::read(connection, select, entity::Column::Id, &query.page()?).await?;
    let ids: Vec<Uuid> = slice.items.iter().map(|row| row.id).collect();
    let newest = store::newest(connection, &ids).await?;
    let links = query.links(&context, &slice);
    let items = slice.items.iter();
    let items = items.map(|row| wire(row, &newest, &context));
    Ok(Reply::ok(&InstrumentPage {
        items: items.collect::<Result<_, _>>()?,
        meta: slice.meta,
        links,
    })?)
}

/// Make an instrument
///
/// For the evaluators and coordinators of an organiser: of one of the library's, with own words
/// where some are given, or of own questions. Everything that is wrong with the questions is told
/// at once.
#[utoipa::path(tag = "instruments", request_body = NewInstrument, responses((status = 201, description = "The instrument.", body = Instrument)))]
#[post("/instruments")]
async fn create_instrument(state: Data<State>, command: Command<NewInstrument>) -> Outcome {
    let Command {
        context,
        claim,
        body,
        ..
    } = command;
    let work = async |change: &mut Change| {
        if !store::is_staff(&context.caller, body.organiser_id) {
            return Err(Problem::of(&codes::FORBIDDEN));
        }
        let (organiser, key) = (body.organiser_id, body.library_key.clone());
        let version = first(body, context.language)?;
        let row = entity::Model {
            id: InstrumentId::new().uuid(),
            organiser_id: organiser.uuid(),
            library_key: key,
            archived: false,
            modified_at: change.actor.at,
            version: 1,
        };
        let row = row::insert::<entity::Entity>(change.tx(), row).await?;
        store::insert_version(change, row.id, &version).await?;
        change.record("instrument", row.id, "instrument.made", None);
        let newest = Newest::from([(row.id, (version.number, version.name))]);
        let instrument = wire(&row, &newest, &context)?;
        Ok(Answer::created(instrument.links.own(), &instrument)?.version(row.version))
    };
    let answer = state
        .database
        .answer(context.actor(), claim.as_ref(), work)
        .await;
    Ok(answer?.into())
}

/// Get an instrument
///
/// For the evaluators and coordinators of its organiser.
#[utoipa::path(tag = "instruments", params(("instrumentId" = InstrumentId, Path, description = "The instrument.")), responses((status = 200, description = "The instrument.", body = Instrument)))]
#[get("/instruments/{instrumentId}")]
async fn get_instrument(state: Data<State>, context: Context, id: Path<InstrumentId>) -> Outcome {
    let connection = state.database.read();
    let row = known(connection, &context, *id).await?;
    let newest = store::newest(connection, &[row.id]).await?;
    Ok(Reply::resource(
        &wire(&row, &newest, &context)?,
        row.version,
    )?)
}

/// Make a new version of an instrument
///
/// For the evaluators and coordinators of its organiser. Surveys that are planned or open keep
/// the version that they have; a planned one can be changed to the new.
#[utoipa::path(tag = "instruments", params(("instrumentId" = InstrumentId, Path, description = "The instrument.")), request_body = NewInstrumentVersion, responses((status = 201, description = "The version.", body = InstrumentVersion)))]
#[post("/instruments/{instrumentId}/versions")]
async fn create_instrument_version(
    state: Data<State>,
    id: Path<InstrumentId>,
    command: Command<NewInstrumentVersion>,
) -> Outcome {
    let Command {
        context,
        claim,
        expected,
        body,
    } = command;
    let work = async |change: &mut Change| {
        let row = locked(change, &context, *id).await?;
        expected.check(row.version)?;
        if row.archived {
            return Err(Problem::of(&INSTRUMENT_ARCHIVED));
        }
        judge(&body.questions, context.language)?;
        let newest = store::newest(change.tx(), &[row.id]).await?;
        let version = Version {
            number: newest.get(&row.id).map_or(1, |(number, _)| number + 1),
            name: body.name,
            introduction: body.introduction,
            questions: body.questions,
        };
        store::insert_version(change, row.id, &version).await?;
        let row = store::save(change, row).await?;
        change.record("instrument", row.id, "instrument.revised", None);
        let version = wire_version(row.id, version, &context);
        Answer::created(version.links.own(), &version)
    };
    let answer = state
        .database
        .answer(context.actor(), claim.as_ref(), work)
        .await;
    Ok(answer?.into())
}

/// Get one version of an instrument
///
/// For the evaluators and coordinators of its organiser: the questions as they were asked.
#[utoipa::path(tag = "instruments", params(("instrumentId" = InstrumentId, Path, description = "The instrument."), ("number" = i32, Path, description = "Number of the version.", minimum = 1, maximum = 100_000)), responses((status = 200, description = "The version.", body = InstrumentVersion)))]
#[get("/instruments/{instrumentId}/versions/{number}")]
async fn get_instrument_version(
    state: Data<State>,
    context: Context,
    path: Path<(InstrumentId, i32)>,
) -> Outcome {
    let (id, number) = path.into_inner();
    let connection = state.database.read();
    let row = known(connection, &context, id).await?;
    let version = store::version(connection, row.id, number).await?;
    let version = version.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    Ok(Reply::ok(&wire_version(row.id, version, &context))?)
}

/// Put an instrument away
///
/// For the evaluators and coordinators of its organiser: no new surveys are made of it. What was
/// asked stays.
#[utoipa::path(tag = "instruments", params(("instrumentId" = InstrumentId, Path, description = "The instrument.")), responses((status = 200, description = "The instrument.", body = Instrument)))]
#[post("/instruments/{instrumentId}/archiving")]
async fn archive_instrument(
    state: Data<State>,
    id: Path<InstrumentId>,
    command: Command<NoBody>,
) -> Outcome {
    let Command {
        context,
        claim,
        expected,
        ..
    } = command;
    let work = async |change: &mut Change| {
        let mut row = locked(change, &context, *id).await?;
        expected.check(row.version)?;
        if !row.archived {
            row.archived = true;
            row = store::save(change, row).await?;
            change.record("instrument", row.id, "instrument.archived", None);
        }
        let newest = store::newest(change.tx(), &[row.id]).await?;
        Ok(Answer::ok(&wire(&row, &newest, &context)?)?.version(row.version))
    };
    let answer = state
        .database
        .answer(context.actor(), claim.as_ref(), work)
        .await;
    Ok(answer?.into())
}

async fn known(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: InstrumentId,
) -> Result<entity::Model, Problem> {
    let found = store::find(connection, &context.caller, id).await?;
    found.ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

async fn locked(
    change: &Change,
    context: &Context,
    id: InstrumentId,
) -> Result<entity::Model, Problem> {
    let row = known(change.tx(), context, id).await?;
    let row = store::lock(change, row.id).await?;
    row.ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

/// The first version: what is given, and the library's where nothing is.
fn first(body: NewInstrument, language: Language) -> Result<Version, Problem> {
    let known = body.library_key.as_deref().map(library::find);
    if known == Some(None) {
        return Err(Problem::of(&INSTRUMENT_UNKNOWN));
    }
    let known = known.flatten();
    let name = body.name.or_else(|| known.map(|one| one.name.clone()));
    let questions = body
        .questions
        .or_else(|| known.map(|one| one.questions.clone()));
    let introduction = body
        .introduction
        .or_else(|| known.and_then(|one| one.introduction.clone()));
    let (Some(name), Some(questions)) = (name.clone(), questions.clone()) else {
        let missing = [
            ("/name", name.is_none()),
            ("/questions", questions.is_none()),
        ];
        let fault = model::Fault::Missing;
        let errors = missing.iter().filter(|(_, is_missing)| *is_missing);
        let errors =
            errors.map(|(at, _)| FieldProblem::pointer(*at, fault.code(), REQUIRED.get(language)));
        return Err(Problem::of(&codes::INVALID_BODY).errors(errors.collect()));
    };
    judge(&questions, language)?;
    Ok(Version {
        number: 1,
        name,
        introduction,
        questions,
    })
}

const REQUIRED: shared_types::Words = shared_types::Words {
    en: "Needed where nothing is taken from the library.",
    sv: "Behövs när inget tas från biblioteket.",
    da: "Skal være der, når intet tages fra biblioteket.",
};

fn judge(questions: &[Question], language: Language) -> Result<(), Problem> {
    let faults = model::faults(questions);
    if faults.is_empty() {
        return Ok(());
    }
    let errors = faults.into_iter().map(|(at, fault)| {
        let pointer = format!("/questions{at}");
        FieldProblem::pointer(pointer, fault.code(), fault.words().get(language))
    });
    Err(Problem::of(&codes::INVALID_BODY).errors(errors.collect()))
}

fn wire(row: &entity::Model, newest: &Newest, context: &Context) -> Result<Instrument, Problem> {
    let (number, name) = newest
        .get(&row.id)
        .cloned()
        .ok_or_else(|| Problem::internal("an instrument without a version"))?;
    let href = context.href(format!("instruments/{}", row.id));
    let mut links =
        Links::to_self(&href).with("version", "GET", format!("{href}/versions/{number}"));
    if !row.archived {
        links = links
            .with("versions", "POST", format!("{href}/versions"))
            .with("archiving", "POST", format!("{href}/archiving"));
    }
    Ok(Instrument {
        id: row.id.into(),
        organiser_id: row.organiser_id.into(),
        library_key: row.library_key.clone(),
        name,
        version_number: number,
        archived: row.archived,
        modified_at: row.modified_at,
        links,
    })
}

fn wire_version(instrument: Uuid, version: Version, context: &Context) -> InstrumentVersion {
    let href = context.href(format!("instruments/{instrument}"));
    InstrumentVersion {
        instrument_id: instrument.into(),
        number: version.number,
        name: version.name,
        introduction: version.introduction,
        questions: version.questions,
        links: Links::to_self(format!("{href}/versions/{}", version.number)).with(
            "instrument",
            "GET",
            href,
        ),
    }
}
