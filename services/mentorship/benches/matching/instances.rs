//! Seeded instances: invented people who want, offer and speak what people of municipalities do.

use mentorship::matching::{Couple, Criterion, Form, Input, Level, Mentee, Mentor, Place, Terms};
use shared_types::{OrganisationId, PersonId};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What kind of instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// 290 municipalities over the country, popular mentors, all criteria.
    Everyday,
    /// Everybody wishes for the same five mentors, and nobody offers anything else.
    Idols,
    /// Nothing counts: every set of pairs is as good as another but for ties.
    Ties,
    /// Half as many places as mentees.
    Scarce,
}

impl Kind {
    /// All, with the names by which they are asked for.
    pub(crate) const ALL: [(&'static str, Self); 4] = [
        ("everyday", Self::Everyday),
        ("idols", Self::Idols),
        ("ties", Self::Ties),
        ("scarce", Self::Scarce),
    ];
}

/// An instance of so many mentees, with half as many mentors of capacity 3.
pub(crate) fn instance(kind: Kind, mentees: u32, seed: u64) -> Input {
    let mut random = Random(seed);
    let municipalities: Vec<OrganisationId> = (0..290).map(|_| random.uuid().into()).collect();
    let mentors: Vec<Mentor> = (0..mentees / 2)
        .map(|_| mentor(kind, &mut random, &municipalities))
        .collect();
    let mentees = (0..mentees)
        .map(|_| mentee(kind, &mut random, &municipalities, &mentors))
        .collect();
    let mut input = Input {
        mentees,
        mentors,
        places: municipalities
            .iter()
            .map(|&municipality| (municipality, random.place()))
            .collect(),
        long_journey_minutes: 120,
        ..Input::default()
    };
    if kind == Kind::Ties {
        for criterion in Criterion::ALL {
            if let Ok(weights) = input.weights.with(criterion, Level::Off) {
                input.weights = weights;
            }
        }
    }
    let wish_back: Vec<Couple> = input
        .mentees
        .iter()
        .filter_map(|mentee| {
            Some(Couple {
                mentee: mentee.id,
                mentor: *mentee.wishes.first()?,
            })
        })
        .filter(|_| random.below(6) == 0)
        .collect();
    for mentor in &mut input.mentors {
        let back = wish_back.iter().filter(|couple| couple.mentor == mentor.id);
        mentor.wishes = back.map(|couple| couple.mentee).take(5).collect();
    }
    input
}

fn mentor(kind: Kind, random: &mut Random, municipalities: &[OrganisationId]) -> Mentor {
    Mentor {
        id: random.uuid().into(),
        municipality: random.municipality(municipalities),
        holds_office: true,
        managers: BTreeSet::new(),
        capacity: if kind == Kind::Scarce { 1 } else { 3 },
        taken: 0,
        wishes: Vec::new(),
        competences: if kind == Kind::Idols {
            BTreeSet::new()
        } else {
            random.competences(2, 7).into_iter().collect()
        },
        terms: random.terms(kind),
    }
}

fn mentee(
    kind: Kind,
    random: &mut Random,
    municipalities: &[OrganisationId],
    mentors: &[Mentor],
) -> Mentee {
    let wishes: Vec<PersonId> = if kind == Kind::Idols {
        mentors.iter().take(5).map(|mentor| mentor.id).collect()
    } else {
        let count = random.below(6);
        (0..count)
            .filter_map(|_| mentors.get(random.popular(mentors.len())))
            .map(|mentor| mentor.id)
            .collect()
    };
    let endorser = mentors.get(random.below(mentors.len().max(1)));
    Mentee {
        id: random.uuid().into(),
        municipality: random.municipality(municipalities),
        endorsers: endorser.map(|mentor| mentor.id).into_iter().collect(),
        managers: BTreeSet::new(),
        wishes,
        competences: random.competences(1, 5),
        terms: random.terms(kind),
    }
}

/// `SplitMix64`.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    fn uuid(&mut self) -> Uuid {
        Uuid::from_u64_pair(self.next(), self.next())
    }

    /// The smallest of two draws: a few are in demand, most are not.
    fn popular(&mut self, end: usize) -> usize {
        self.below(end).min(self.below(end))
    }

    fn municipality(&mut self, all: &[OrganisationId]) -> OrganisationId {
        let place = self.popular(all.len());
        all.get(place)
            .copied()
            .unwrap_or_else(|| self.uuid().into())
    }

    fn competences(&mut self, fewest: usize, most: usize) -> Vec<String> {
        let count = fewest + self.below(most - fewest + 1);
        (0..count)
            .map(|_| format!("competence-{}", self.popular(24)))
            .collect()
    }

    fn terms(&mut self, kind: Kind) -> Terms {
        if kind == Kind::Idols {
            return Terms::default();
        }
        let languages = match self.below(10) {
            0 => vec!["da", "sv"],
            1 => vec!["en", "sv"],
            2 => vec!["sv", "en", "da"],
            _ => vec!["sv", "en"],
        };
        let forms = match self.below(4) {
            0 => vec![Form::Digital],
            1 => vec![Form::Digital, Form::Telephone],
            2 => vec![Form::InPerson],
            _ => vec![Form::InPerson, Form::Digital],
        };
        Terms {
            languages: languages.into_iter().map(String::from).collect(),
            forms,
            sector: (self.below(8) > 0).then(|| format!("sector-{}", self.popular(9))),
        }
    }

    /// Somewhere between 55.4 and 66 degrees north, mostly in the south.
    fn place(&mut self) -> Place {
        let north = i32::try_from(self.popular(10_600_000)).unwrap_or(0);
        let east = i32::try_from(self.below(6_000_000)).unwrap_or(0);
        Place {
            latitude_microdegrees: 55_400_000 + north,
            longitude_microdegrees: 12_000_000 + east,
        }
    }
}
