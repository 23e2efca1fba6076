//! The digest of an input: what makes "the same input" a fact that can be shown.

use crate::matching::{Criterion, Input, Mentee, Mentor, RULE_VERSION, Terms};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// SHA-256 over rule version and input; the order of mentees and mentors plays no part.
pub fn digest(input: &Input) -> [u8; 32] {
    let mut encoding = Encoding(Sha256::new());
    encoding.text(RULE_VERSION);
    for criterion in Criterion::ALL {
        encoding.text(input.weights.level(criterion).code());
    }
    encoding.number(input.long_journey_minutes);
    let mut mentees: Vec<&Mentee> = input.mentees.iter().collect();
    mentees.sort_by_key(|mentee| mentee.id);
    encoding.list(mentees, Encoding::mentee);
    let mut mentors: Vec<&Mentor> = input.mentors.iter().collect();
    mentors.sort_by_key(|mentor| mentor.id);
    encoding.list(mentors, Encoding::mentor);
    encoding.list(&input.locks, |encoding, lock| {
        encoding.id(lock.mentee);
        encoding.id(lock.mentor);
    });
    encoding.list(&input.barred, |encoding, barred| {
        encoding.id(barred.couple.mentee);
        encoding.id(barred.couple.mentor);
        encoding.text(barred.bar.code());
    });
    encoding.list(&input.places, |encoding, (municipality, place)| {
        encoding.id(*municipality);
        encoding.0.update(place.latitude_microdegrees.to_be_bytes());
        encoding
            .0
            .update(place.longitude_microdegrees.to_be_bytes());
    });
    encoding.0.finalize().into()
}

/// Writes values so that no two inputs share an encoding: fixed widths, and lengths before lists.
struct Encoding(Sha256);

impl Encoding {
    fn mentee(&mut self, mentee: &Mentee) {
        self.id(mentee.id);
        self.id(mentee.municipality);
        self.list(&mentee.endorsers, |encoding, id| encoding.id(*id));
        self.list(&mentee.managers, |encoding, id| encoding.id(*id));
        self.list(&mentee.wishes, |encoding, id| encoding.id(*id));
        self.list(&mentee.competences, |encoding, code| encoding.text(code));
        self.terms(&mentee.terms);
    }

    fn mentor(&mut self, mentor: &Mentor) {
        self.id(mentor.id);
        self.id(mentor.municipality);
        self.0.update([u8::from(mentor.holds_office)]);
        self.list(&mentor.managers, |encoding, id| encoding.id(*id));
        self.number(mentor.capacity);
        self.number(mentor.taken);
        self.list(&mentor.wishes, |encoding, id| encoding.id(*id));
        self.list(&mentor.competences, |encoding, code| encoding.text(code));
        self.terms(&mentor.terms);
    }

    fn terms(&mut self, terms: &Terms) {
        self.list(&terms.languages, |encoding, tag| encoding.text(tag));
        self.list(&terms.forms, |encoding, form| encoding.text(form.code()));
        self.list(&terms.sector, |encoding, code| encoding.text(code));
    }

    fn list<T>(
        &mut self,
        items: impl IntoIterator<Item = T, IntoIter: ExactSizeIterator>,
        mut write: impl FnMut(&mut Self, T),
    ) {
        let items = items.into_iter();
        self.0.update((items.len() as u64).to_be_bytes());
        for item in items {
            write(self, item);
        }
    }

    fn text(&mut self, text: &str) {
        self.0.update((text.len() as u64).to_be_bytes());
        self.0.update(text.as_bytes());
    }

    fn id(&mut self, id: impl Into<Uuid>) {
        self.0.update(id.into().as_bytes());
    }

    fn number(&mut self, number: u32) {
        self.0.update(number.to_be_bytes());
    }
}
