//! Surveys with answers, as the tests of reports need them: put into the tables as they stand when a
//! survey closes.

use crate::world::World;
use evaluation::reports::freeze;
use sea_orm::{ConnectionTrait as _, Statement, Value as Sql};
use serde_json::{Value, json};
use shared_database::Change;
use shared_types::{Actor, InstrumentId, OrganisationId, Problem, RoundId, SurveyId};
use uuid::Uuid;

/// What somebody is: gender, kind, municipality, department.
pub(crate) type Background<'a> = (&'a str, &'a str, Option<OrganisationId>, Option<Uuid>);

/// A member of a survey that is not usual.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    pub(crate) round: Option<RoundId>,
    pub(crate) family: Option<(Uuid, &'static str)>,
}

/// A likert question.
pub(crate) fn likert(key: &str) -> Value {
    json!({ "key": key, "kind": "likert", "points": 5, "required": true,
            "text": { "sv": "Innehållet var relevant", "en": "The content was relevant", "da": "Indholdet var relevant" } })
}

impl World {
    async fn execute(&self, sql: &str, values: Vec<Sql>) {
        let transaction = self.service.state.database.begin().await.unwrap();
        let connection = transaction.connection();
        let statement =
            Statement::from_sql_and_values(connection.get_database_backend(), sql, values);
        connection.execute_raw(statement).await.unwrap();
        transaction.commit().await.unwrap();
    }

    /// An instrument of the organiser with these questions.
    pub(crate) async fn asking(&self, questions: &Value) -> InstrumentId {
        let id = InstrumentId::new();
        let sql = "INSERT INTO instruments (id, organiser_id, library_key, archived, modified_at, version) \
                   VALUES ($1, $2, NULL, $3, $4, 1)";
        let now = self.service.clock.now();
        let values: Vec<Sql> = vec![
            id.uuid().into(),
            self.organiser.uuid().into(),
            false.into(),
            now.into(),
        ];
        self.execute(sql, values).await;
        let sql = "INSERT INTO instrument_versions (instrument_id, number, name, introduction, questions) \
                   VALUES ($1, 1, $2, NULL, $3)";
        let name = json!({ "en": "Pulse" });
        self.execute(
            sql,
            vec![id.uuid().into(), name.into(), questions.clone().into()],
        )
        .await;
        id
    }

    /// An open survey with an instrument.
    pub(crate) async fn asked(&self, instrument: InstrumentId, asked: &Asked) -> SurveyId {
        let id = SurveyId::new();
        let sql = "INSERT INTO surveys (id, round_id, organiser_id, instrument_id, instrument_version, \
                   name, audience, occasion, mode, state, family_id, part, open_days, modified_at, version) \
                   VALUES ($1, $2, $3, $4, 1, $5, 'participants', $6, 'anonymous', 'open', $7, $8, 14, $9, 1)";
        let (family, part) = asked.family.unzip();
        let values: Vec<Sql> = vec![
            id.uuid().into(),
            asked.round.unwrap_or(self.round).uuid().into(),
            self.organiser.uuid().into(),
            instrument.uuid().into(),
            json!({ "sv": "Efter träffen", "en": "After the session", "da": "Efter mødet" }).into(),
            json!({ "kind": "manual" }).into(),
            family.into(),
            part.map(str::to_owned).into(),
            self.service.clock.now().into(),
        ];
        self.execute(sql, values).await;
        id
    }

    /// A sheet.
    pub(crate) async fn answered(
        &self,
        survey: SurveyId,
        (gender, kind, municipality, department): Background<'_>,
        code: Option<&str>,
        answers: Value,
    ) {
        let sql = "INSERT INTO sheets (id, survey_id, gender, municipality_id, person_kind, \
                   department_id, pairing_code, answers) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let values: Vec<Sql> = vec![
            Uuid::new_v4().into(),
            survey.uuid().into(),
            gender.to_owned().into(),
            municipality.map(OrganisationId::uuid).into(),
            kind.to_owned().into(),
            department.into(),
            code.map(str::to_owned).into(),
            answers.into(),
        ];
        self.execute(sql, values).await;
    }

    /// Closes a survey as the service does.
    pub(crate) async fn close(&self, survey: SurveyId) {
        let state = &self.service.state;
        let actor = Actor {
            subject: "system".to_owned(),
            on_behalf_of: None,
            at: self.service.clock.now(),
            trace: None,
        };
        let work = async |change: &mut Change| {
            freeze::freeze(change, &state.answer_keys, survey).await?;
            let sql = "UPDATE surveys SET state = 'closed' WHERE id = $1";
            let backend = change.tx().get_database_backend();
            let statement = Statement::from_sql_and_values(backend, sql, [survey.uuid().into()]);
            change.tx().execute_raw(statement).await.unwrap();
            let sql = "UPDATE sheets SET gender = NULL, municipality_id = NULL, person_kind = NULL, \
                       department_id = NULL WHERE survey_id = $1";
            let statement = Statement::from_sql_and_values(backend, sql, [survey.uuid().into()]);
            change.tx().execute_raw(statement).await.unwrap();
            Ok::<_, Problem>(())
        };
        state.database.change(actor, work).await.unwrap();
    }

    /// A closed survey whose likert questions twelve women and twelve men answered.
    pub(crate) async fn closed(&self, instrument: InstrumentId, asked: &Asked) -> SurveyId {
        let survey = self.asked(instrument, asked).await;
        for number in 0..24_usize {
            let gender = if number % 2 == 0 { "woman" } else { "man" };
            let municipality = self.municipalities[number % self.municipalities.len()];
            let background = (gender, "employed_manager", Some(municipality), None);
            let answer = [3, 4, 4, 5, 5, 5][number / 2 % 6];
            self.answered(survey, background, None, json!({ "relevant": answer }))
                .await;
        }
        self.close(survey).await;
        survey
    }
}
