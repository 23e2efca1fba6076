//! The director's slate: all applicants of a municipality for a round, and the verdicts on
//! them, as API, page and link all use it.

use super::{steps, store};
use crate::{
    applications::{self, model::Who, routes::wire_all},
    offices, organisations, people,
    rounds::{self, model::Terms},
};
use sea_orm::ConnectionTrait;
use shared_database::{Change, column};
use shared_types::{
    FieldProblem, Language, Links, OfficeId, Problem, RoundId, codes,
    registration::{
        applications::EndorsementState,
        endorsements::{Slate, SlateVerdict},
    },
};
use shared_web::Context;
use std::collections::HashSet;
use uuid::Uuid;

/// What an office has to decide about in a round.
#[derive(Debug)]
pub struct Sheet {
    /// The office.
    pub office: offices::entity::Model,
    /// The round.
    pub round: rounds::entity::Model,
    /// The round's terms.
    pub terms: Terms,
    /// The applications, in the order in which they were handed in.
    pub applications: Vec<applications::entity::Model>,
}

/// Reads what an office has to decide about.
pub async fn read(
    connection: &impl ConnectionTrait,
    round: RoundId,
    office: OfficeId,
) -> Result<Sheet, Problem> {
    let missing = || Problem::of(&codes::NOT_FOUND);
    let office = offices::store::find(connection, office)
        .await?
        .ok_or_else(missing)?;
    let round = rounds::store::find_any(connection, round)
        .await?
        .ok_or_else(missing)?;
    let ids = store::applications_of_office(office.id.into());
    let applications = applications::store::of_office(connection, round.id.into(), ids).await?;
    Ok(Sheet {
        terms: Terms::read(&round)?,
        office,
        round,
        applications,
    })
}

/// The slate as its reader sees it.
pub async fn wire(
    connection: &impl ConnectionTrait,
    sheet: Sheet,
    context: &Context,
) -> Result<Slate, Problem> {
    let municipality =
        organisations::store::find(connection, sheet.office.organisation_id.into()).await?;
    let awaiting = column::text(EndorsementState::Awaiting);
    let awaiting_count = sheet
        .applications
        .iter()
        .filter(|row| row.endorsement == awaiting)
        .count();
    let mut applications = wire_all(connection, sheet.applications, context).await?;
    applications.sort_by_key(|one| (one.endorsement.rank.unwrap_or(i32::MAX), one.submitted_at));
    let slate = format!("rounds/{}/slate", sheet.round.id);
    let of_municipality = format!("?municipalityId={}", sheet.office.organisation_id);
    let href = context.href(format!("{slate}{of_municipality}"));
    let verdicts = context.href(format!("{slate}/verdicts{of_municipality}"));
    Ok(Slate {
        round_id: sheet.round.id.into(),
        round_name: column::from_json(sheet.round.name)?,
        municipality_id: sheet.office.organisation_id.into(),
        municipality_name: municipality.map(|one| one.name).unwrap_or_default(),
        endorse_by: sheet.terms.endorse_by,
        awaiting_count: i32::try_from(awaiting_count).unwrap_or(i32::MAX),
        applications,
        links: Links::to_self(&href).with("verdicts", "POST", verdicts),
    })
}

/// Gives all verdicts or none; each is judged by the same table as a single one.
pub async fn decide(
    change: &mut Change,
    round: RoundId,
    office: OfficeId,
    verdicts: Vec<SlateVerdict>,
    decided_by: &str,
    applicant_is_caller: impl Fn(&applications::entity::Model) -> bool,
    language: Language,
) -> Result<(), Problem> {
    rounds::store::lock(change, round).await?;
    let sheet = read(change.tx(), round, office).await?;
    refuse_strangers(&sheet, &verdicts)?;
    let decided = verdicts.iter().map(|one| one.application_id.uuid());
    let decided: HashSet<Uuid> = decided.collect();
    let applicants = sheet.applications.iter();
    let applicants = applicants.filter(|row| decided.contains(&row.id));
    let applicants = applicants.map(|row| row.person_id);
    // Whoever is endorsed is verified.
    people::store::lock_all(change.tx(), applicants).await?;
    for one in verdicts {
        let loaded = applications::steps::load(change, one.application_id).await?;
        let who = Who {
            own: applicant_is_caller(&loaded.application),
            coordinator: false,
            office: true,
        };
        loaded.judge(change, who, "endorsement", language).await?;
        let verdict = steps::Verdict {
            verdict: one.verdict,
            rank: one.rank,
            motive: one.motive,
            decided_by: decided_by.to_owned(),
            acting_for: None,
        };
        // On the heap: many verdicts pass through here, and whoever awaits them should stay small.
        let deciding = steps::decide(change, &loaded.terms, loaded.application, verdict);
        Box::pin(deciding).await?;
    }
    Ok(())
}

/// Refuses applications that are not on the office's slate, and doubled ones, naming each.
fn refuse_strangers(sheet: &Sheet, verdicts: &[SlateVerdict]) -> Result<(), Problem> {
    let mut errors = Vec::new();
    for (index, one) in verdicts.iter().enumerate() {
        let pointer = format!("/verdicts/{index}/applicationId");
        let id = one.application_id.uuid();
        let doubled = verdicts
            .iter()
            .take(index)
            .any(|earlier| earlier.application_id == one.application_id);
        if !sheet.applications.iter().any(|row| row.id == id) {
            errors.push(FieldProblem::pointer(
                pointer,
                "not_on_the_slate",
                "This application is not on the slate.",
            ));
        } else if doubled {
            errors.push(FieldProblem::pointer(
                pointer,
                "repeated",
                "This application is named twice.",
            ));
        }
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Problem::of(&codes::INVALID_BODY).errors(errors))
    }
}
