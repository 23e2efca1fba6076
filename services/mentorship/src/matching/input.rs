//! What a matching run decides about.

use super::Weights;
use shared_types::{OrganisationId, PersonId};
use std::collections::{BTreeMap, BTreeSet};

/// How many ranked wishes of a person count; further ones are not read.
pub const MOST_WISHES: usize = 5;

/// Everything that decides. The order of mentees and mentors plays no part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Input {
    /// Those who need a mentor now: without an active or staged pair.
    pub mentees: Vec<Mentee>,
    /// The pool. Those who may not mentor, or have no place left, belong here too: they explain why.
    pub mentors: Vec<Mentor>,
    /// How much each criterion counts.
    pub weights: Weights,
    /// Pairs that the coordinator wants kept.
    pub locks: BTreeSet<Couple>,
    /// Pairs that may not be.
    pub barred: BTreeSet<Barred>,
    /// Where municipalities are; a journey from or to one that is missing has no known length.
    pub places: BTreeMap<OrganisationId, Place>,
    /// A journey that takes longer counts as long.
    pub long_journey_minutes: u32,
}

/// A participant who needs a mentor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mentee {
    /// The participant.
    pub id: PersonId,
    /// The municipality; an organisation that belongs to none stands for itself.
    pub municipality: OrganisationId,
    /// Everybody who decided on the endorsement: the holder, and an acting holder who did.
    pub endorsers: BTreeSet<PersonId>,
    /// All managers above, up to the top.
    pub managers: BTreeSet<PersonId>,
    /// Wished mentors, the dearest first; see [`MOST_WISHES`].
    pub wishes: Vec<PersonId>,
    /// Codes of competences sought; the first five count.
    pub competences: Vec<String>,
    /// How the person can meet and work; empty members are unknown.
    pub terms: Terms,
}

/// A person in the pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mentor {
    /// The chief.
    pub id: PersonId,
    /// The municipality.
    pub municipality: OrganisationId,
    /// Whether the person is active and holds an eligible office now.
    pub holds_office: bool,
    /// All managers above, up to the top.
    pub managers: BTreeSet<PersonId>,
    /// How many pairs the mentor wants at most.
    pub capacity: u32,
    /// How many of these are taken: active and staged pairs.
    pub taken: u32,
    /// Wished mentees, the dearest first; see [`MOST_WISHES`].
    pub wishes: Vec<PersonId>,
    /// Codes of competences offered.
    pub competences: BTreeSet<String>,
    /// How the person can meet and work; empty members are unknown.
    pub terms: Terms,
}

impl Mentor {
    /// Places that are free.
    pub fn free(&self) -> u32 {
        self.capacity.saturating_sub(self.taken)
    }
}

/// How a person can meet and work.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Terms {
    /// Tags of languages, the preferred first.
    pub languages: Vec<String>,
    /// Forms of meeting, the preferred first.
    pub forms: Vec<Form>,
    /// Code of the sector that the person works in (school, care, technical services …).
    pub sector: Option<String>,
}

/// How a pair meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// In one room; the only form with a journey.
    InPerson,
    /// By video.
    Digital,
    /// By telephone.
    Telephone,
}

impl Form {
    /// The stable name, in snake case.
    pub const fn code(self) -> &'static str {
        match self {
            Self::InPerson => "in_person",
            Self::Digital => "digital",
            Self::Telephone => "telephone",
        }
    }
}

/// A mentee with a mentor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Couple {
    /// The mentee.
    pub mentee: PersonId,
    /// The mentor.
    pub mentor: PersonId,
}

/// A pair that may not be, whatever its score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Barred {
    /// The two.
    pub couple: Couple,
    /// Why.
    pub bar: Bar,
}

/// What keeps two people apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bar {
    /// One of them declared a conflict.
    Conflict,
    /// They were a pair that ended in disagreement.
    Disagreement,
    /// The coordinator forbids it.
    Forbidden,
}

impl Bar {
    /// The stable name, in snake case.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Conflict => "conflict",
            Self::Disagreement => "disagreement",
            Self::Forbidden => "forbidden",
        }
    }
}

/// A position on the globe (WGS 84), in millionths of a degree, so that no rounding of floating
/// point enters the digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// North is positive.
    pub latitude_microdegrees: i32,
    /// East is positive.
    pub longitude_microdegrees: i32,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SolveError {
    /// A mentee is listed twice.
    RepeatedMentee(PersonId),
    /// A mentor is listed twice.
    RepeatedMentor(PersonId),
    /// More people than the exact sums have room for; a million fit.
    TooLarge,
    /// The answer could not be proven the best: a fault in this module, and better no answer than a
    /// worse one.
    Unproven,
}

/// A mandatory wish would let a mentee who names one mentor get that one or block another's pair:
/// naming fewer would win, so the scale of wishes ends at [`super::Level::High`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WishCannotBeMandatory;
