//! The score of one pair, criterion by criterion, with what gives the points.
//!
//! This is the readable definition. A run scores millions of pairs by tables (`solve/table.rs`), and
//! a property holds the two equal.

use super::journey::Journey;
use super::{Because, Criterion, Input, Level, Mentee, Mentor, Part};
use shared_types::PersonId;

/// The most points of a criterion.
pub(super) const MOST_POINTS: u32 = 100;
/// What one wish is worth more than the next, and one competence that is sought and offered.
pub(super) const STEP: u32 = 20;
/// How many competences sought count.
pub(super) const MOST_COMPETENCES: usize = 5;
/// What a language or form is worth that is not the mentee's first.
pub(super) const SECOND_BEST: u32 = 50;

/// Points and what gave them.
pub(super) type Given = (u32, Because);

/// What the criteria other than wishes give a pair.
pub(super) fn given(input: &Input, criterion: Criterion, of: (&Mentee, &Mentor)) -> Given {
    let (mentee, mentor) = of;
    let (own, other) = (&mentee.terms, &mentor.terms);
    match criterion {
        // Wishes depend on what the rules leave of the list; see `wishes.rs`.
        Criterion::MenteeWish | Criterion::MentorWish => (0, Because::Nothing),
        Criterion::Competences => competences(mentee, mentor),
        Criterion::Languages => preferred(&own.languages, &other.languages, |tag| {
            Because::Language { tag: tag.clone() }
        }),
        Criterion::Travel => travel(input, mentee, mentor),
        Criterion::Form => preferred(&own.forms, &other.forms, |form| Because::Form {
            form: *form,
        }),
        Criterion::Sector => match (&own.sector, &other.sector) {
            (Some(own), Some(other)) if own == other => {
                (MOST_POINTS, Because::Sector { code: own.clone() })
            }
            (Some(_), Some(_)) => (0, Because::Nothing),
            _ => (0, Because::Unknown),
        },
    }
}

/// Whether a pair is known not to meet a criterion; wishes never are (see [`super::Weights`]).
pub(super) fn is_unmet(input: &Input, criterion: Criterion, of: (&Mentee, &Mentor)) -> bool {
    match criterion {
        Criterion::MenteeWish | Criterion::MentorWish => false,
        Criterion::Travel => Journey::of(input, of.0, of.1).is_long(input.long_journey_minutes),
        Criterion::Competences | Criterion::Languages | Criterion::Form | Criterion::Sector => {
            given(input, criterion, of).1 == Because::Nothing
        }
    }
}

/// The competences sought that count: the first five, none twice.
pub(super) fn sought(mentee: &Mentee) -> Vec<&String> {
    distinct(&mentee.competences, MOST_COMPETENCES)
}

/// The first of each, at most so many.
pub(super) fn distinct<T: PartialEq>(all: &[T], most: usize) -> Vec<&T> {
    let mut distinct: Vec<&T> = Vec::new();
    for one in all {
        if distinct.len() < most && !distinct.contains(&one) {
            distinct.push(one);
        }
    }
    distinct
}

/// A step for each that is offered, whatever the number sought: to seek less never gives more.
fn competences(mentee: &Mentee, mentor: &Mentor) -> Given {
    if mentee.competences.is_empty() || mentor.competences.is_empty() {
        return (0, Because::Unknown);
    }
    let codes: Vec<String> = sought(mentee)
        .into_iter()
        .filter(|code| mentor.competences.contains(*code))
        .cloned()
        .collect();
    let points = codes.iter().map(|_| STEP).sum();
    if codes.is_empty() {
        (0, Because::Nothing)
    } else {
        (points, Because::Competences { codes })
    }
}

fn travel(input: &Input, mentee: &Mentee, mentor: &Mentor) -> Given {
    let journey = Journey::of(input, mentee, mentor);
    let because = match journey {
        Journey::None => Because::NoJourney,
        Journey::Minutes(minutes) => Because::Journey { minutes },
        Journey::Unknown => Because::Unknown,
    };
    (journey.points(input.long_journey_minutes), because)
}

/// All points for the mentee's first choice, half for another that both name.
fn preferred<T: PartialEq>(own: &[T], other: &[T], because: impl Fn(&T) -> Because) -> Given {
    if own.is_empty() || other.is_empty() {
        return (0, Because::Unknown);
    }
    match own.iter().position(|one| other.contains(one)) {
        Some(0) => (MOST_POINTS, own.first().map_or(Because::Nothing, because)),
        Some(at) => (SECOND_BEST, own.get(at).map_or(Because::Nothing, because)),
        None => (0, Because::Nothing),
    }
}

/// One part of a score.
pub(super) fn part(criterion: Criterion, level: Level, (points, because): Given) -> Part {
    Part {
        criterion,
        level,
        points,
        score: points * level.factor(),
        because,
    }
}

/// The points of a wish, of a list from which `counting` wishes count: the last of them a step, each
/// before it a step more.
pub(super) fn wish_points(place: usize, counting: usize) -> u32 {
    u32::try_from(counting.saturating_sub(place)).map_or(0, |steps| steps * STEP)
}

/// The rank that a person gave another, from 1.
pub(super) fn rank(wishes: &[PersonId], other: PersonId) -> Option<u32> {
    let place = wishes.iter().position(|wish| *wish == other)?;
    u32::try_from(place + 1).ok()
}
