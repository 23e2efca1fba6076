//! A 360 and its raters as the participant and the organiser's own people see them.

use super::{
    contacts, entity,
    model::{self, Case, EDGES},
    rater_entity, store,
};
use crate::{
    answers::invitation_entity as mark,
    parts::{self, Round},
};
use sea_orm::ConnectionTrait;
use shared_database::{DatabaseError, column};
use shared_envelope::Keys;
use shared_projections::people;
use shared_types::{
    FeedbackId, Links, PersonId, Problem, codes,
    evaluation::feedbacks::{
        Feedback, FeedbackProgress, FeedbackReader, FeedbackState, Rater, RaterGroup, RaterState,
    },
    transition,
};
use shared_web::Context;
use std::collections::HashMap;
use uuid::Uuid;

/// What a caller is to a 360.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Runs or evaluates the round.
    pub is_staff: bool,
    /// Runs it.
    pub is_coordinator: bool,
    /// Is the participant.
    pub is_own: bool,
}

/// What a caller is to a 360 of a round.
pub fn place(feedback: &entity::Model, round: &Round, context: &Context) -> Place {
    let staff = round.staff(&context.caller);
    let person = context.caller.person.map(PersonId::uuid);
    Place {
        is_staff: staff.coordinator || staff.evaluator,
        is_coordinator: staff.coordinator,
        is_own: person.is_some() && person == feedback.person_id,
    }
}

/// A 360 before a caller, whoever that is.
#[derive(Clone, Debug)]
pub struct Known {
    /// The 360.
    pub row: entity::Model,
    /// Its round.
    pub round: Round,
    /// What the caller is to it.
    pub place: Place,
}

/// A 360 with its round, whoever asks.
pub async fn found(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: FeedbackId,
) -> Result<Known, Problem> {
    let missing = || Problem::of(&codes::NOT_FOUND);
    let row = store::find_any(connection, id.uuid()).await?;
    let row = row.ok_or_else(missing)?;
    let round = parts::round(connection, row.round_id.into()).await?;
    let round = round.ok_or_else(missing)?;
    let place = place(&row, &round, context);
    Ok(Known { row, round, place })
}

/// A 360 that the caller may know: the participant, and who runs or evaluates the round.
pub async fn known(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: FeedbackId,
) -> Result<Known, Problem> {
    let known = found(connection, context, id).await?;
    if known.place.is_staff || known.place.is_own {
        Ok(known)
    } else {
        Err(Problem::of(&codes::NOT_FOUND))
    }
}

/// The caller's own 360; who may know it otherwise is told so.
pub async fn own(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: FeedbackId,
) -> Result<Known, Problem> {
    let known = known(connection, context, id).await?;
    if known.place.is_own {
        Ok(known)
    } else {
        Err(Problem::of(&codes::FORBIDDEN))
    }
}

/// What is shown beside some 360s.
#[derive(Clone, Debug)]
pub struct Beside {
    groups: store::Groups,
    raters: Vec<rater_entity::Model>,
    marks: Vec<mark::Model>,
}

impl Beside {
    /// Reads it.
    pub async fn of(
        connection: &impl ConnectionTrait,
        rows: &[entity::Model],
    ) -> Result<Self, DatabaseError> {
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let groups = store::groups(connection, &ids).await?;
        Ok(Self {
            raters: store::raters(connection, &ids).await?,
            marks: store::marks(connection, groups.keys().copied()).await?,
            groups,
        })
    }

    /// How far each group of a 360 is; never who.
    fn progress(&self, feedback: Uuid) -> Vec<FeedbackProgress> {
        let progress = |group: RaterGroup| {
            let mut own = self.groups.iter();
            let (id, _) = own.find(|(_, own)| **own == (feedback, group))?;
            let nominated = column::text(RaterState::Nominated);
            let raters = self.raters.iter();
            let raters = raters.filter(|one| one.group_id == *id && one.state == nominated);
            let marks = || self.marks.iter().filter(|mark| mark.survey_id == *id);
            let count = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
            Some(FeedbackProgress {
                group,
                nominated_count: count(raters.count()),
                asked_count: count(marks().filter(|mark| !mark.revoked).count()),
                answered_count: count(marks().filter(|mark| mark.answered).count()),
            })
        };
        model::GROUPS.into_iter().filter_map(progress).collect()
    }
}

/// What the edges look at.
pub fn case(row: &entity::Model, place: Place) -> Result<Case, DatabaseError> {
    Ok(Case {
        state: column::parse(&row.state)?,
        is_staff: place.is_staff,
    })
}

/// A 360 on the wire; who else reads its report is for the participant alone.
pub fn wire(
    row: &entity::Model,
    beside: &Beside,
    (place, releases): (Place, Option<Vec<FeedbackReader>>),
    context: &Context,
) -> Result<Feedback, Problem> {
    let case = case(row, place)?;
    let href = context.href(format!("feedbacks/{}", row.id));
    let of = |what: &str| format!("{href}/{what}");
    let mut links = Links::to_self(&href)
        .with("raters", "GET", of("raters"))
        .with("questionnaire", "GET", of("questionnaire"));
    if place.is_own && case.state == FeedbackState::Open {
        links =
            links
                .with("nomination", "POST", of("raters"))
                .with("answers", "POST", of("answers"));
    }
    if place.is_own && case.state == FeedbackState::Closed {
        links = links
            .with("report", "GET", of("report"))
            .with("report-links", "POST", of("report/links"))
            .with("release", "POST", of("releases"))
            .with("release-revocation", "POST", of("release-revocations"));
    }
    Ok(Feedback {
        id: row.id.into(),
        round_id: row.round_id.into(),
        application_id: row.application_id.map(Into::into),
        person_id: row.person_id.map(Into::into),
        instrument_id: row.instrument_id.into(),
        instrument_version: row.instrument_version,
        language: column::parse(&row.language)?,
        nominate_until: row.nominate_until,
        answer_until: row.answer_until,
        least_answers: row.least_answers,
        state: case.state,
        progress: beside.progress(row.id),
        released_to: releases.filter(|_| place.is_own),
        modified_at: row.modified_at,
        transitions: transition::refused(&EDGES, &case, context.language),
        links: transition::allowed(&EDGES, &case, &href, links),
    })
}

/// One 360 on the wire.
pub async fn one(
    connection: &impl ConnectionTrait,
    row: &entity::Model,
    place: Place,
    context: &Context,
) -> Result<Feedback, Problem> {
    let beside = Beside::of(connection, std::slice::from_ref(row)).await?;
    let releases = store::releases(connection, row.id).await?;
    let readers: Result<Vec<FeedbackReader>, DatabaseError> = releases
        .iter()
        .map(|one| column::parse(&one.reader))
        .collect();
    wire(row, &beside, (place, Some(readers?)), context)
}

/// What is needed to say who raters are.
#[derive(Debug)]
pub struct Names<'a> {
    feedback: &'a entity::Model,
    groups: store::Groups,
    people: HashMap<Uuid, people::Model>,
    key: Option<shared_envelope::OwnerKey>,
}

impl<'a> Names<'a> {
    /// Reads it for some raters of a 360.
    pub async fn of(
        connection: &impl ConnectionTrait,
        keys: &Keys,
        feedback: &'a entity::Model,
        raters: &[rater_entity::Model],
    ) -> Result<Self, Problem> {
        let persons = raters.iter().filter_map(|rater| rater.person_id);
        Ok(Self {
            groups: store::groups(connection, &[feedback.id]).await?,
            people: people::find_all(connection, persons).await?,
            key: contacts::key(keys, feedback)?,
            feedback,
        })
    }

    /// A rater on the wire: never an address, and never whether there is an answer.
    pub fn wire(&self, rater: &rater_entity::Model, context: &Context) -> Result<Rater, Problem> {
        let group = self.groups.get(&rater.group_id);
        let (_, group) = group.ok_or_else(|| Problem::internal("a rater without a group"))?;
        let person = rater.person_id.and_then(|id| self.people.get(&id));
        let name = match person {
            Some(person) => Some(person.name.clone()),
            None => contacts::open(self.key.as_ref(), rater)?.map(|contact| contact.name),
        };
        let state: RaterState = column::parse(&rater.state)?;
        let href = context.href(format!("raters/{}", rater.id));
        let feedback = context.href(format!("feedbacks/{}", rater.feedback_id));
        let mut links = Links::to_self(&href).with("feedback", "GET", feedback);
        let is_open = self.feedback.state == column::text(FeedbackState::Open);
        if state == RaterState::Nominated && is_open {
            links = links.with("withdrawal", "POST", format!("{href}/withdrawal"));
        }
        Ok(Rater {
            id: rater.id.into(),
            feedback_id: rater.feedback_id.into(),
            group: *group,
            person_id: rater.person_id.map(Into::into),
            name: name.filter(|name| !name.is_empty()),
            state,
            links,
        })
    }
}
