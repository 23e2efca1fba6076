//! What a report is made of: the survey, its questions and its sheets.

use sea_orm::{ConnectionTrait, DatabaseBackend, Statement};
use shared_database::{DatabaseError, column};
use shared_types::{
    LocalizedText, OrganisationId, RoundId, SurveyId, evaluation::instruments::Question,
};
use uuid::Uuid;

/// Sheets that are read at once: memory is bounded by it, however many answered.
const SHEETS_AT_ONCE: usize = 1000;

/// A survey, as far as its report needs it.
#[derive(Clone, Debug)]
pub struct Survey {
    /// Id.
    pub id: SurveyId,
    /// The round.
    pub round_id: RoundId,
    /// Whose it is.
    pub organiser_id: OrganisationId,
    /// What is asked with.
    pub instrument_id: Uuid,
    /// In which version.
    pub instrument_version: i32,
    /// Name.
    pub name: LocalizedText,
    /// Whether it is closed.
    pub is_closed: bool,
    /// Before and after share a family.
    pub family_id: Option<Uuid>,
    /// Which of them it is.
    pub part: Option<String>,
}

const SURVEY: &str = "SELECT id, round_id, organiser_id, instrument_id, instrument_version, name, \
                      state, family_id, part FROM surveys WHERE ";

async fn surveys(
    connection: &impl ConnectionTrait,
    condition: &str,
    id: Uuid,
) -> Result<Vec<Survey>, DatabaseError> {
    let sql = format!("{SURVEY}{condition} = $1 ORDER BY id");
    let backend = connection.get_database_backend();
    let statement = Statement::from_sql_and_values(backend, sql, [id.into()]);
    let rows = connection.query_all_raw(statement).await?;
    let survey = |row: &sea_orm::QueryResult| -> Result<Survey, DatabaseError> {
        let uuid = |name: &str| row.try_get::<Uuid>("", name);
        Ok(Survey {
            id: uuid("id")?.into(),
            round_id: uuid("round_id")?.into(),
            organiser_id: uuid("organiser_id")?.into(),
            instrument_id: uuid("instrument_id")?,
            instrument_version: row.try_get("", "instrument_version")?,
            name: column::from_json(row.try_get("", "name")?)?,
            is_closed: row.try_get::<String>("", "state")? == "closed",
            family_id: row.try_get("", "family_id")?,
            part: row.try_get("", "part")?,
        })
    };
    rows.iter().map(survey).collect()
}

/// A survey.
pub async fn survey(
    connection: &impl ConnectionTrait,
    id: SurveyId,
) -> Result<Option<Survey>, DatabaseError> {
    Ok(surveys(connection, "id", id.uuid()).await?.pop())
}

/// The surveys of a family.
pub async fn family(
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Vec<Survey>, DatabaseError> {
    surveys(connection, "family_id", id).await
}

/// The questions of an instrument's version.
pub async fn questions(
    connection: &impl ConnectionTrait,
    instrument: Uuid,
    version: i32,
) -> Result<Vec<Question>, DatabaseError> {
    let sql = "SELECT questions FROM instrument_versions WHERE instrument_id = $1 AND number = $2";
    let values = [instrument.into(), version.into()];
    let statement = Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
    match connection.query_one_raw(statement).await? {
        Some(row) => column::from_json(row.try_get("", "questions")?),
        None => Err(DatabaseError::Corrupt(format!(
            "there is no version {version} of the instrument {instrument}"
        ))),
    }
}

/// A sheet: what the person was, and the answers as JSON.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// Gender, kind of person, municipality, department.
    pub background: [Option<String>; 4],
    /// The code that pairs it with another survey's.
    pub pairing_code: Option<String>,
    /// The answers.
    pub answers: String,
}

/// Gives every sheet of a survey to `take`, in the order of their random ids.
pub async fn sheets(
    connection: &impl ConnectionTrait,
    survey: SurveyId,
    mut take: impl FnMut(Sheet) -> Result<(), DatabaseError>,
) -> Result<(), DatabaseError> {
    let backend = connection.get_database_backend();
    let text = if backend == DatabaseBackend::Postgres {
        "::text"
    } else {
        ""
    };
    let sql = format!(
        "SELECT id, gender, person_kind, municipality_id, department_id, pairing_code, \
         answers{text} AS answers FROM sheets \
         WHERE survey_id = $1 AND id > $2 ORDER BY id LIMIT {SHEETS_AT_ONCE}"
    );
    let mut last = Uuid::nil();
    loop {
        let values = [survey.uuid().into(), last.into()];
        let statement = Statement::from_sql_and_values(backend, &sql, values);
        let rows = connection.query_all_raw(statement).await?;
        let count = rows.len();
        for row in rows {
            last = row.try_get_by_index(0)?;
            let id = |name: &str| -> Result<Option<String>, DatabaseError> {
                let id: Option<Uuid> = row.try_get("", name)?;
                Ok(id.map(|id| id.to_string()))
            };
            let (municipality, department) = (id("municipality_id")?, id("department_id")?);
            let (gender, kind) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
            take(Sheet {
                background: [gender, kind, municipality, department],
                pairing_code: row.try_get_by_index(5)?,
                answers: row.try_get_by_index(6)?,
            })?;
        }
        if count < SHEETS_AT_ONCE {
            return Ok(());
        }
    }
}
