//! What the page of a slate shows, read at once.

use super::super::{link, links, slate, store};
use crate::{
    State,
    applications::{
        self,
        model::{Case, EDGES, Facts, Who},
    },
    mail::LinkKind,
    organisations::{self, department},
    people,
    rounds::model::Terms,
};
use actix_web::HttpRequest;
use chrono::NaiveDate;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use shared_database::{DatabaseError, column};
use shared_types::{
    Language, LinkId, LocalizedText, OfficeId, Problem, civil,
    registration::{applications::EndorsementState, codes::LINK_INVALID},
    transition,
};
use shared_web::{Context, page};
use std::collections::HashMap;
use uuid::Uuid;

/// A slate as its page shows it.
#[derive(Debug)]
pub(super) struct Sheet {
    /// The link that was opened.
    pub(super) link: LinkId,
    /// The office that is asked.
    pub(super) office: OfficeId,
    /// The round's terms.
    pub(super) terms: Terms,
    /// The round's name.
    pub(super) round_name: LocalizedText,
    /// The municipality's name.
    pub(super) municipality: String,
    /// The page's language.
    pub(super) language: Language,
    /// Everybody who has applied, in the order in which they did; decided ones by rank.
    pub(super) applicants: Vec<Applicant>,
}

/// An applicant on the slate.
#[derive(Debug)]
pub(super) struct Applicant {
    /// The application.
    pub(super) id: Uuid,
    /// Name.
    pub(super) name: String,
    /// Title, department, and the employer where it is not the municipality itself.
    pub(super) place: Vec<String>,
    /// Why the person wants to take part.
    pub(super) motivation: Option<String>,
    /// Whose seat the person is to take over.
    pub(super) replaces: Option<String>,
    /// What the office has said.
    pub(super) endorsement: EndorsementState,
    /// Who has decided, and on which day.
    pub(super) decided: Option<(String, NaiveDate)>,
    /// Rank that was given.
    pub(super) rank: Option<i32>,
    /// Motive that was given.
    pub(super) motive: Option<String>,
    /// Whether the office can answer now.
    pub(super) open: bool,
}

/// The text of the link that a request opens.
pub(super) fn token(request: &HttpRequest) -> &str {
    request.match_info().get("token").unwrap_or_default()
}

impl Sheet {
    /// Opens the slate that a request's link is for.
    pub(super) async fn open(
        state: &State,
        request: &HttpRequest,
        context: &Context,
    ) -> Result<Self, Problem> {
        let connection = state.database.read();
        let link = links::open(state, connection, LinkKind::Slate, token(request)).await?;
        let office = link.office_id.ok_or_else(|| Problem::of(&LINK_INVALID))?;
        let read = slate::read(connection, link.round_id.into(), office.into()).await?;
        let municipality =
            organisations::store::find(connection, read.office.organisation_id.into()).await?;
        let known = municipality
            .as_ref()
            .map(|one| column::parse(&one.language))
            .transpose()?;
        let applicants = Reading::of(connection, &read, &link, context)
            .await?
            .applicants()?;
        Ok(Self {
            link: link.id.into(),
            office: office.into(),
            terms: read.terms,
            round_name: column::from_json(read.round.name)?,
            municipality: municipality.map(|one| one.name).unwrap_or_default(),
            language: page::language(request, known),
            applicants,
        })
    }

    /// Whether the page has a field of this name; a field of somebody who was decided meanwhile
    /// was there when the page was read.
    pub(super) fn offers(&self, field: &str) -> bool {
        matches!(field, "name" | "title")
            || field
                .split_once('-')
                .filter(|(kind, _)| matches!(*kind, "verdict" | "rank" | "motive"))
                .and_then(|(_, id)| id.parse().ok())
                .is_some_and(|id: Uuid| self.applicants.iter().any(|one| one.id == id))
    }

    /// Who still waits for an answer that can be given.
    pub(super) fn waiting(&self) -> impl Iterator<Item = &Applicant> {
        self.applicants.iter().filter(|one| one.open)
    }

    /// Whether the applicant of an application bears a name.
    pub(super) fn bears(&self, application: Uuid, name: &str) -> bool {
        let applicant = self.applicants.iter().find(|one| one.id == application);
        applicant.is_some_and(|one| same_name(&one.name, name))
    }
}

/// Whether two names are the same but for case and spaces.
fn same_name(one: &str, other: &str) -> bool {
    let plain = |name: &str| {
        let words: Vec<&str> = name.split_whitespace().collect();
        words.join(" ").to_lowercase()
    };
    plain(one) == plain(other)
}

/// The rows behind a slate.
struct Reading<'a> {
    slate: &'a slate::Sheet,
    context: &'a Context,
    people: HashMap<Uuid, people::entity::Model>,
    employers: HashMap<Uuid, String>,
    departments: HashMap<Uuid, String>,
    endorsements: HashMap<Uuid, super::super::entity::Model>,
    leaving: HashMap<Uuid, String>,
}

impl<'a> Reading<'a> {
    async fn of(
        connection: &impl ConnectionTrait,
        slate: &'a slate::Sheet,
        link: &link::Model,
        context: &'a Context,
    ) -> Result<Self, DatabaseError> {
        let rows = &slate.applications;
        let people = people_of(connection, rows).await?;
        let employers = rows.iter().map(|row| row.organisation_id);
        let departments = people.values().filter_map(|person| person.department_id);
        Ok(Self {
            employers: organisations::store::names(connection, employers).await?,
            departments: departments_of(connection, departments).await?,
            endorsements: store::of_applications(connection, rows.iter().map(|row| row.id)).await?,
            leaving: leaving(connection, link, rows).await?,
            slate,
            context,
            people,
        })
    }

    fn applicants(&self) -> Result<Vec<Applicant>, Problem> {
        let rows = self.slate.applications.iter();
        let mut all = rows
            .map(|row| self.applicant(row))
            .collect::<Result<Vec<_>, _>>()?;
        // The rows come in the order in which they were handed in, and sorting keeps it.
        all.sort_by_key(|one| (!one.open, one.rank.unwrap_or(i32::MAX)));
        Ok(all)
    }

    fn applicant(&self, row: &applications::entity::Model) -> Result<Applicant, Problem> {
        let facts = Facts::read(row)?;
        let person = self.people.get(&row.person_id);
        let endorsement = self.endorsements.get(&row.id);
        let zone = self.slate.terms.zone;
        let decided = endorsement.and_then(|one| one.decided_by.clone().zip(one.decided_at));
        Ok(Applicant {
            id: row.id,
            name: person.map(|person| person.name.clone()).unwrap_or_default(),
            place: self.place(row, person),
            motivation: row
                .motivation
                .clone()
                .filter(|text| !text.trim().is_empty()),
            replaces: row
                .replaces
                .and_then(|seat| self.leaving.get(&seat).cloned()),
            endorsement: facts.endorsement,
            decided: decided.map(|(by, at)| (by, civil::date_in(at, zone))),
            rank: endorsement.and_then(|one| one.rank),
            motive: endorsement.and_then(|one| one.motive.clone()),
            open: self.is_open(facts),
        })
    }

    fn place(
        &self,
        row: &applications::entity::Model,
        person: Option<&people::entity::Model>,
    ) -> Vec<String> {
        let department = person.and_then(|person| person.department_id);
        let department = department.and_then(|id| self.departments.get(&id).cloned());
        let elsewhere = Some(row.organisation_id) != row.municipality_id;
        let employer = self
            .employers
            .get(&row.organisation_id)
            .filter(|_| elsewhere)
            .cloned();
        let title = person.and_then(|person| person.title.clone());
        title
            .into_iter()
            .chain(department)
            .chain(employer)
            .collect()
    }

    /// The same table decides that judges the answer.
    fn is_open(&self, facts: Facts) -> bool {
        let case = Case {
            facts,
            terms: self.slate.terms.clone(),
            who: Who {
                office: true,
                ..Who::default()
            },
            substitution_pending: false,
            now: self.context.now,
        };
        transition::judge(&EDGES, "endorsement", &case, self.context.language).is_ok()
    }
}

async fn people_of(
    connection: &impl ConnectionTrait,
    rows: &[applications::entity::Model],
) -> Result<HashMap<Uuid, people::entity::Model>, DatabaseError> {
    let ids = rows.iter().map(|row| row.person_id);
    let found = people::entity::Entity::find().filter(people::entity::Column::Id.is_in(ids));
    Ok(found
        .all(connection)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect())
}

async fn departments_of(
    connection: &impl ConnectionTrait,
    ids: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, String>, DatabaseError> {
    let found = department::Entity::find().filter(department::Column::Id.is_in(ids));
    Ok(found
        .all(connection)
        .await?
        .into_iter()
        .map(|row| (row.id, row.name))
        .collect())
}

/// Names of those whose seats are to be taken over, by their applications.
async fn leaving(
    connection: &impl ConnectionTrait,
    link: &link::Model,
    rows: &[applications::entity::Model],
) -> Result<HashMap<Uuid, String>, DatabaseError> {
    let seats: Vec<Uuid> = rows.iter().filter_map(|row| row.replaces).collect();
    if seats.is_empty() {
        return Ok(HashMap::new());
    }
    let first = applications::store::of_round(link.round_id.into())
        .filter(applications::entity::Column::Id.is_in(seats))
        .all(connection)
        .await?;
    let names = people::store::names(connection, first.iter().map(|row| row.person_id)).await?;
    let name =
        |row: applications::entity::Model| Some((row.id, names.get(&row.person_id)?.clone()));
    Ok(first.into_iter().filter_map(name).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_same_in_other_letters_and_spaces() {
        assert!(same_name("Åsa  Berg", " åsa berg"));
        assert!(!same_name("Åsa Berg", "Åsa Bergh"));
    }
}
