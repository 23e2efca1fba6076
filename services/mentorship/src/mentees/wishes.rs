//! Refuses wishes that can't be had, of mentees and mentors alike: one answer with all of them.

use super::{
    entity,
    model::{WishError, Wished, judge},
    store,
};
use crate::{known::People, mentors};
use sea_orm::ConnectionTrait;
use shared_types::{
    FieldProblem, Language, Problem, codes,
    mentorship::{mentees::MenteeWish, mentors::MentorWish},
};

fn refuse(faults: &[(usize, WishError)], member: &str, language: Language) -> Result<(), Problem> {
    if faults.is_empty() {
        return Ok(());
    }
    let errors = faults.iter().map(|(index, fault)| {
        let pointer = format!("/wishes/{index}/{member}");
        FieldProblem::pointer(pointer, fault.code(), fault.words().get(language))
    });
    Err(Problem::of(&codes::INVALID_BODY).errors(errors.collect()))
}

/// Refuses a mentee's wishes that can't be had.
pub async fn judge_mentee(
    connection: &impl ConnectionTrait,
    mentee: &entity::Model,
    wishes: &[MenteeWish],
    language: Language,
) -> Result<(), Problem> {
    let pool = mentors::store::of_round(connection, mentee.round_id).await?;
    let persons = pool.iter().map(|row| row.person_id);
    let people = People::of(connection, persons.chain([mentee.person_id])).await?;
    let people_wished: Vec<_> = wishes
        .iter()
        .map(|wish| Wished {
            id: wish.mentor_id.uuid(),
            person: pool
                .iter()
                .find(|row| row.id == wish.mentor_id.uuid())
                .map(|row| (row.person_id, people.municipality(row.person_id))),
        })
        .collect();
    let own = people.municipality(mentee.person_id);
    let faults = judge(mentee.person_id, own.as_ref(), &people_wished);
    refuse(&faults, "mentorId", language)
}

/// Refuses a mentor's wishes that can't be had.
pub async fn judge_mentor(
    connection: &impl ConnectionTrait,
    mentor: &mentors::entity::Model,
    wishes: &[MentorWish],
    language: Language,
) -> Result<(), Problem> {
    let mentees = store::of_round(connection, mentor.round_id).await?;
    let persons = mentees.iter().map(|row| row.person_id);
    let people = People::of(connection, persons.chain([mentor.person_id])).await?;
    let people_wished: Vec<_> = wishes
        .iter()
        .map(|wish| Wished {
            id: wish.application_id.uuid(),
            person: mentees
                .iter()
                .find(|row| row.id == wish.application_id.uuid())
                .map(|row| (row.person_id, people.municipality(row.person_id))),
        })
        .collect();
    let own = people.municipality(mentor.person_id);
    let faults = judge(mentor.person_id, own.as_ref(), &people_wished);
    refuse(&faults, "applicationId", language)
}
