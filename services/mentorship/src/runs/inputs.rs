//! What a run decides about, read from the database; and the digest by which it is known again.

use super::{constraint_entity, store, terms_entity};
use crate::{
    conflicts,
    known::{self, People},
    matching::{
        self, Bar, Barred, Couple, Criterion, Form, Input, Level, Mentee, Mentor, Place, Terms,
    },
    mentees, mentors, pairs,
};
use sea_orm::ConnectionTrait;
use shared_database::{DatabaseError, column};
use shared_projections::{endorsements, participations};
use shared_types::{
    OrganisationId, PersonId, Problem, RoundId,
    mentorship::{
        matching::{MatchingConstraintKind, MunicipalityPlace, Weight, Weights, WishWeight},
        mentees::MenteeWish,
        mentors::MentorWish,
        profiles::{MeetingForm, Profile},
    },
};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// The input of a run, and whose rows its people are.
#[derive(Clone, Debug)]
pub struct Gathered {
    /// The input.
    pub input: Input,
    /// The mentor's row of a person.
    pub mentors: BTreeMap<PersonId, Uuid>,
    /// The participation of a person.
    pub mentees: BTreeMap<PersonId, Uuid>,
}

impl Gathered {
    /// SHA-256 over the rules' version and the input, in hex.
    pub fn digest(&self) -> String {
        shared_web::command::hex(&matching::digest(&self.input))
    }

    /// The same for some mentees alone, without what coordinators demand.
    pub fn only(mut self, mentees: &BTreeSet<PersonId>) -> Self {
        self.input.mentees.retain(|one| mentees.contains(&one.id));
        self.input.locks.clear();
        self
    }

    /// The same with one mentor alone.
    pub fn only_of(mut self, mentor: PersonId) -> Self {
        self.input.mentors.retain(|one| one.id == mentor);
        self
    }

    /// The person of a participation, if it has no mentor.
    pub fn mentee(&self, row: Uuid) -> Option<PersonId> {
        let mut all = self.mentees.iter();
        all.find(|(_, own)| **own == row).map(|(person, _)| *person)
    }

    /// The person of a mentor's row.
    pub fn mentor(&self, row: Uuid) -> Option<PersonId> {
        let mut all = self.mentors.iter();
        all.find(|(_, own)| **own == row).map(|(person, _)| *person)
    }

    /// The same with other weights.
    pub fn weighted(mut self, weights: &Weights) -> Result<Self, Problem> {
        self.input.weights = levels(weights)?;
        Ok(self)
    }
}

/// Gathers everything that decides about a round's mentees who have no mentor.
pub async fn gather(
    connection: &impl ConnectionTrait,
    terms: &terms_entity::Model,
) -> Result<Gathered, Problem> {
    let round = RoundId::from(terms.round_id);
    let pool = mentors::store::of_round(connection, terms.round_id).await?;
    let all = mentees::store::of_round(connection, terms.round_id).await?;
    let ids: Vec<Uuid> = all.iter().map(|row| row.id).collect();
    let paired: BTreeSet<Uuid> = pairs::store::live_of_mentees(connection, &ids)
        .await?
        .into_iter()
        .map(|row| row.application_id)
        .collect();
    let waiting: Vec<mentees::entity::Model> = all
        .into_iter()
        .filter(|row| !paired.contains(&row.id))
        .collect();
    let persons: Vec<Uuid> = pool
        .iter()
        .map(|row| row.person_id)
        .chain(waiting.iter().map(|row| row.person_id))
        .collect();
    let facts = Facts {
        people: People::of(connection, persons.iter().copied()).await?,
        managers: known::managers(connection, persons.iter().copied()).await?,
        used: pairs::store::live_counts(
            connection,
            &pool.iter().map(|row| row.id).collect::<Vec<_>>(),
        )
        .await?,
        endorsers: endorsements::endorsers(connection, waiting.iter().map(|row| row.id)).await?,
        employers: employers(connection, round).await?,
        persons_of_mentors: pool.iter().map(|row| (row.id, row.person_id)).collect(),
        persons_of_mentees: waiting.iter().map(|row| (row.id, row.person_id)).collect(),
    };
    let constraints = store::constraints_of(connection, terms.round_id).await?;
    let places: Vec<MunicipalityPlace> = column::from_json(terms.places.clone())?;
    let weights: Weights = column::from_json(terms.weights.clone())?;
    let mut input = Input {
        mentees: Vec::new(),
        mentors: Vec::new(),
        weights: levels(&weights)?,
        locks: facts.locks(&constraints)?,
        barred: facts.forbidden(&constraints)?,
        places: places.iter().map(place).collect(),
        long_journey_minutes: u32::try_from(terms.long_journey_minutes).unwrap_or(0),
    };
    input
        .barred
        .extend(apart(connection, terms.round_id, &persons).await?);
    for row in &waiting {
        input.mentees.push(facts.mentee(row)?);
    }
    for row in &pool {
        input.mentors.push(facts.mentor(row)?);
    }
    Ok(Gathered {
        input,
        mentors: pool
            .iter()
            .map(|row| (row.person_id.into(), row.id))
            .collect(),
        mentees: waiting
            .iter()
            .map(|row| (row.person_id.into(), row.id))
            .collect(),
    })
}

/// What is known of a round's people.
struct Facts {
    people: People,
    managers: BTreeMap<Uuid, BTreeSet<PersonId>>,
    used: BTreeMap<Uuid, i32>,
    endorsers: HashMap<Uuid, Vec<PersonId>>,
    employers: BTreeMap<Uuid, Uuid>,
    persons_of_mentors: BTreeMap<Uuid, Uuid>,
    persons_of_mentees: BTreeMap<Uuid, Uuid>,
}

impl Facts {
    fn mentee(&self, row: &mentees::entity::Model) -> Result<Mentee, DatabaseError> {
        let profile: Profile = column::from_json(row.profile.clone())?;
        let wishes: Vec<MenteeWish> = column::from_json(row.wishes.clone())?;
        let dear = wishes
            .iter()
            .filter_map(|wish| self.persons_of_mentors.get(&wish.mentor_id.uuid()));
        // The person may be known later than the participation, which names the employer.
        let employer = || {
            self.employers
                .get(&row.id)
                .copied()
                .unwrap_or(row.id)
                .into()
        };
        let municipality = self.people.municipality(row.person_id);
        let endorsers = self.endorsers.get(&row.id);
        Ok(Mentee {
            id: row.person_id.into(),
            municipality: municipality.unwrap_or_else(employer),
            endorsers: endorsers.into_iter().flatten().copied().collect(),
            managers: self.line(row.person_id),
            wishes: dear.map(|person| (*person).into()).collect(),
            competences: profile.competences.iter().map(column::text).collect(),
            terms: terms_of(&profile),
        })
    }

    fn mentor(&self, row: &mentors::entity::Model) -> Result<Mentor, DatabaseError> {
        let profile: Profile = column::from_json(row.profile.clone())?;
        let wishes: Vec<MentorWish> = column::from_json(row.wishes.clone())?;
        let dear = wishes
            .iter()
            .filter_map(|wish| self.persons_of_mentees.get(&wish.application_id.uuid()));
        let municipality = self.people.municipality(row.person_id);
        let eligible = self.people.is_active(row.person_id)
            && self.people.holds_office(row.person_id)
            && municipality.is_some();
        Ok(Mentor {
            id: row.person_id.into(),
            municipality: municipality.unwrap_or_else(|| row.id.into()),
            holds_office: eligible,
            managers: self.line(row.person_id),
            capacity: u32::try_from(row.capacity).unwrap_or(0),
            taken: u32::try_from(self.used.get(&row.id).copied().unwrap_or(0)).unwrap_or(0),
            wishes: dear.map(|person| (*person).into()).collect(),
            competences: profile.competences.iter().map(column::text).collect(),
            terms: terms_of(&profile),
        })
    }

    fn line(&self, person: Uuid) -> BTreeSet<PersonId> {
        self.managers.get(&person).cloned().unwrap_or_default()
    }

    /// The pairs of one kind of constraint; of mentees who have a mentor nothing is asked.
    fn couples(
        &self,
        constraints: &[constraint_entity::Model],
        kind: MatchingConstraintKind,
    ) -> Result<Vec<Couple>, DatabaseError> {
        let mut couples = Vec::new();
        for row in constraints {
            let this: MatchingConstraintKind = column::parse(&row.kind)?;
            let mentor = self.persons_of_mentors.get(&row.mentor_id);
            let mentee = self.persons_of_mentees.get(&row.application_id);
            if let (true, Some(mentor), Some(mentee)) = (this == kind, mentor, mentee) {
                couples.push(Couple {
                    mentee: (*mentee).into(),
                    mentor: (*mentor).into(),
                });
            }
        }
        Ok(couples)
    }

    fn locks(
        &self,
        constraints: &[constraint_entity::Model],
    ) -> Result<BTreeSet<Couple>, DatabaseError> {
        let locks = self.couples(constraints, MatchingConstraintKind::Lock)?;
        Ok(locks.into_iter().collect())
    }

    fn forbidden(
        &self,
        constraints: &[constraint_entity::Model],
    ) -> Result<BTreeSet<Barred>, DatabaseError> {
        let forbidden = self.couples(constraints, MatchingConstraintKind::Forbid)?;
        let barred = |couple| Barred {
            couple,
            bar: Bar::Forbidden,
        };
        Ok(forbidden.into_iter().map(barred).collect())
    }
}

/// The municipality, else the employer, that each participation names.
async fn employers(
    connection: &impl ConnectionTrait,
    round: RoundId,
) -> Result<BTreeMap<Uuid, Uuid>, DatabaseError> {
    let rows = participations::of_round(connection, round).await?;
    let employer =
        |row: participations::Model| (row.id, row.municipality_id.unwrap_or(row.organisation_id));
    Ok(rows.into_iter().map(employer).collect())
}

/// Who is kept apart by conflicts, by an earlier disagreement, or by a no to this round's
/// proposal.
async fn apart(
    connection: &impl ConnectionTrait,
    round: Uuid,
    persons: &[Uuid],
) -> Result<BTreeSet<Barred>, DatabaseError> {
    let mut apart = BTreeSet::new();
    for row in conflicts::store::of_round(connection, round).await? {
        // Either may be the mentor.
        for (mentee, mentor) in [(row.one_id, row.other_id), (row.other_id, row.one_id)] {
            apart.insert(barred(mentee, mentor, Bar::Conflict));
        }
    }
    for row in pairs::store::disagreed(connection, persons).await? {
        let (mentee, mentor) = (row.mentee_person_id, row.mentor_person_id);
        apart.insert(barred(mentee, mentor, Bar::Disagreement));
    }
    for row in pairs::store::refused(connection, round).await? {
        let (mentee, mentor) = (row.mentee_person_id, row.mentor_person_id);
        apart.insert(barred(mentee, mentor, Bar::Forbidden));
    }
    Ok(apart)
}

fn barred(mentee: Uuid, mentor: Uuid, bar: Bar) -> Barred {
    Barred {
        couple: Couple {
            mentee: mentee.into(),
            mentor: mentor.into(),
        },
        bar,
    }
}

fn terms_of(profile: &Profile) -> Terms {
    let form = |form: &MeetingForm| match form {
        MeetingForm::InPerson => Form::InPerson,
        MeetingForm::Digital => Form::Digital,
        MeetingForm::Telephone => Form::Telephone,
    };
    Terms {
        languages: profile.languages.iter().map(|tag| tag.0.clone()).collect(),
        forms: profile.forms.iter().map(form).collect(),
        sector: profile.sector.map(column::text),
    }
}

fn place(place: &MunicipalityPlace) -> (OrganisationId, Place) {
    let at = Place {
        latitude_microdegrees: place.latitude_microdegrees,
        longitude_microdegrees: place.longitude_microdegrees,
    };
    (place.municipality_id, at)
}

/// The levels of weights as the coordinator set them.
fn levels(weights: &Weights) -> Result<matching::Weights, Problem> {
    let level = |weight| match weight {
        Weight::Mandatory => Level::Mandatory,
        Weight::High => Level::High,
        Weight::Medium => Level::Medium,
        Weight::Low => Level::Low,
        Weight::Off => Level::Off,
    };
    let wish = |weight| match weight {
        WishWeight::High => Level::High,
        WishWeight::Medium => Level::Medium,
        WishWeight::Low => Level::Low,
        WishWeight::Off => Level::Off,
    };
    let all = [
        (Criterion::MenteeWish, wish(weights.mentee_wish)),
        (Criterion::MentorWish, wish(weights.mentor_wish)),
        (Criterion::Competences, level(weights.competences)),
        (Criterion::Languages, level(weights.languages)),
        (Criterion::Travel, level(weights.travel)),
        (Criterion::Form, level(weights.form)),
        (Criterion::Sector, level(weights.sector)),
    ];
    all.into_iter()
        .try_fold(matching::Weights::default(), |made, (criterion, level)| {
            made.with(criterion, level)
        })
        .map_err(|_| Problem::internal("a wish that is mandatory"))
}
