//! The table of all pairs: which may be, their scores, and whether their journeys are long.
//!
//! Three thousand mentees and fifteen hundred mentors are four and a half million pairs, so that a
//! pair has two bytes and a few nanoseconds. People who say the same are one group, and what
//! [`score`] makes of two people is asked once for two groups; only wishes and the rules that name
//! single people are applied one by one.

#![expect(
    clippy::indexing_slicing,
    reason = "rows, columns and groups are indexes of the arrays made for them; checks would cost more than the work"
)]

use crate::matching::journey::{self, Journey};
use crate::matching::{
    Couple, Criterion, Input, MOST_WISHES, Mentee, Mentor, SolveError, Terms, score,
};
use shared_types::PersonId;
use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

/// A mentee's place in the order of ids.
pub(in crate::matching) type Row = usize;
/// The place of a mentor in the order of ids of those who may mentor and have a free place.
pub(super) type Column = usize;

/// What makes a sum of points worthless: below the lowest sum of any pair that may be.
const NEVER: i32 = -1_000_000;

/// One pair: 0 when it may not be, else its score and one, with marks above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::matching) struct Entry(u16);

impl Entry {
    const LONG: u16 = 1 << 15;
    const LOCKED: u16 = 1 << 14;
    const SCORE: u16 = Self::LOCKED - 1;

    fn new(score: i32, is_long: bool) -> Self {
        match u16::try_from(score) {
            Ok(score) => Self(score + 1 + if is_long { Self::LONG } else { 0 }),
            Err(_) => Self(0),
        }
    }

    fn add(&mut self, score: u32) {
        self.0 += u16::try_from(score).unwrap_or(0);
    }

    pub(in crate::matching) fn may_be(self) -> bool {
        self.0 != 0
    }

    /// The score of a pair that may be.
    pub(in crate::matching) fn score(self) -> u16 {
        (self.0 & Self::SCORE).saturating_sub(1)
    }

    pub(in crate::matching) fn is_long(self) -> bool {
        self.0 & Self::LONG != 0
    }

    pub(super) fn is_locked(self) -> bool {
        self.0 & Self::LOCKED != 0
    }
}

/// The table.
#[derive(Debug)]
pub(in crate::matching) struct Table<'a> {
    input: &'a Input,
    pub mentees: Vec<&'a Mentee>,
    pub mentors: Vec<&'a Mentor>,
    /// How many mentees each mentor can get.
    pub places: Vec<u32>,
    entries: Vec<Entry>,
    mentee_wishes: Wishes,
    mentor_wishes: Wishes,
    rows: HashMap<PersonId, Row>,
    columns: HashMap<PersonId, Column>,
}

/// Points of wishes that count, by pair.
type Wishes = HashMap<(Row, Column), u32>;

impl<'a> Table<'a> {
    pub(in crate::matching) fn new(input: &'a Input) -> Result<Self, SolveError> {
        let mut mentees: Vec<&Mentee> = input.mentees.iter().collect();
        mentees.sort_by_key(|mentee| mentee.id);
        if let Some(id) = repeated(mentees.iter().map(|mentee| mentee.id)) {
            return Err(SolveError::RepeatedMentee(id));
        }
        let mut mentors: Vec<&Mentor> = input.mentors.iter().collect();
        mentors.sort_by_key(|mentor| mentor.id);
        if let Some(id) = repeated(mentors.iter().map(|mentor| mentor.id)) {
            return Err(SolveError::RepeatedMentor(id));
        }
        mentors.retain(|mentor| mentor.holds_office && mentor.free() > 0);
        let rows = index(mentees.iter().map(|mentee| mentee.id));
        let columns = index(mentors.iter().map(|mentor| mentor.id));
        let mut table = Self {
            input,
            places: mentors.iter().map(|mentor| mentor.free()).collect(),
            entries: Vec::with_capacity(mentees.len() * mentors.len()),
            mentees,
            mentors,
            mentee_wishes: Wishes::new(),
            mentor_wishes: Wishes::new(),
            rows,
            columns,
        };
        table.fill();
        table.add_wishes();
        table.mark_locks();
        Ok(table)
    }

    pub(super) fn input(&self) -> &'a Input {
        self.input
    }

    /// Whether a lock is for a pair that may be.
    pub(super) fn is_locked(&self, couple: Couple) -> bool {
        let pair = self.find(couple);
        pair.is_some_and(|(row, column)| self.entry(row, column).is_locked())
    }

    /// No more pairs than this are possible.
    pub(super) fn most_pairs(&self) -> usize {
        let places = self.places.iter().map(|&places| places as usize);
        self.mentees.len().min(places.sum())
    }

    pub(in crate::matching) fn row_of(&self, mentee: PersonId) -> Option<Row> {
        self.rows.get(&mentee).copied()
    }

    /// The pairs of one mentee, one a column.
    pub(in crate::matching) fn row(&self, row: Row) -> &[Entry] {
        let width = self.mentors.len();
        &self.entries[row * width..][..width]
    }

    /// Row by row.
    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub(super) fn entry(&self, row: Row, column: Column) -> Entry {
        self.entries[row * self.mentors.len() + column]
    }

    /// The row and column of a couple that is in the table.
    pub(super) fn find(&self, couple: Couple) -> Option<(Row, Column)> {
        let row = *self.rows.get(&couple.mentee)?;
        Some((row, *self.columns.get(&couple.mentor)?))
    }

    /// Points that the wishes of mentee and mentor give a pair.
    pub(super) fn wish_points(&self, row: Row, column: Column) -> (u32, u32) {
        let of = |wishes: &Wishes| wishes.get(&(row, column)).copied().unwrap_or(0);
        (of(&self.mentee_wishes), of(&self.mentor_wishes))
    }

    fn fill(&mut self) {
        let terms = TermScores::new(self);
        let journeys = Journeys::new(self);
        let competences = Competences::new(self);
        let apart = self.apart();
        let mut counts = Vec::new();
        let mut sums = Vec::new();
        for (row, apart) in apart.iter().enumerate() {
            let mentee = self.mentees[row];
            terms.of(row, &mut sums);
            competences.count(mentee, &mut counts);
            let competence = competences.points(mentee);
            let journey = journeys.of(row);
            let pairs = terms.columns.iter().zip(&counts).enumerate();
            let pairs = pairs.map(|(column, (&terms, &count))| {
                let (points, is_long) = journeys.at(&journey, column);
                let sum = sums[terms] + competence[usize::from(count)] + points;
                Entry::new(sum, is_long)
            });
            let start = self.entries.len();
            self.entries.extend(pairs);
            for &column in apart {
                self.entries[start + column] = Entry(0);
            }
        }
    }

    /// The columns with whom each row may not be, for reasons of single people.
    fn apart(&self) -> Vec<BTreeSet<Column>> {
        let mut of_municipality: HashMap<_, Vec<Column>> = HashMap::new();
        let mut below: HashMap<PersonId, Vec<Column>> = HashMap::new();
        for (column, mentor) in self.mentors.iter().enumerate() {
            let own = of_municipality.entry(mentor.municipality).or_default();
            own.push(column);
            for &manager in &mentor.managers {
                below.entry(manager).or_default().push(column);
            }
        }
        let mut apart: Vec<BTreeSet<Column>> = Vec::with_capacity(self.mentees.len());
        for mentee in &self.mentees {
            let own = of_municipality.get(&mentee.municipality);
            let staff = below.get(&mentee.id);
            let mut columns: BTreeSet<Column> = [own, staff]
                .into_iter()
                .flatten()
                .flatten()
                .copied()
                .collect();
            let single = mentee.endorsers.iter().chain(&mentee.managers);
            let single = single.chain(std::iter::once(&mentee.id));
            columns.extend(single.filter_map(|person| self.columns.get(person)));
            apart.push(columns);
        }
        for barred in &self.input.barred {
            if let Some((row, column)) = self.find(barred.couple) {
                apart[row].insert(column);
            }
        }
        apart
    }

    /// Wishes that rules exclude do not count, and the others move up: filling a list with
    /// impossible names must not raise the first.
    fn add_wishes(&mut self) {
        let weights = self.input.weights;
        let width = self.mentors.len();
        let mentees = self.mentees.iter().enumerate().map(|(row, mentee)| {
            let columns = wished(&mentee.wishes, &self.columns);
            columns.map(move |column| (row, column)).collect()
        });
        let mentees = self.counting(mentees.collect());
        let mentors = self.mentors.iter().enumerate().map(|(column, mentor)| {
            let rows = wished(&mentor.wishes, &self.rows);
            rows.map(move |row| (row, column)).collect()
        });
        let mentors = self.counting(mentors.collect());
        for (wishes, criterion) in [
            (&mentees, Criterion::MenteeWish),
            (&mentors, Criterion::MentorWish),
        ] {
            let factor = weights.level(criterion).factor();
            for (&(row, column), points) in wishes {
                self.entries[row * width + column].add(points * factor);
            }
        }
        (self.mentee_wishes, self.mentor_wishes) = (mentees, mentors);
    }

    fn counting(&self, lists: Vec<Vec<(Row, Column)>>) -> Wishes {
        let mut wishes = Wishes::new();
        for mut list in lists {
            list.retain(|&(row, column)| self.entry(row, column).may_be());
            let counting = list.len();
            let points = |place| score::wish_points(place, counting);
            wishes.extend(
                list.iter()
                    .enumerate()
                    .map(|(place, &pair)| (pair, points(place))),
            );
        }
        wishes
    }

    fn mark_locks(&mut self) {
        for &couple in &self.input.locks {
            if let Some((row, column)) = self.find(couple) {
                let entry = &mut self.entries[row * self.mentors.len() + column];
                if entry.may_be() {
                    entry.0 |= Entry::LOCKED;
                }
            }
        }
    }
}

/// The people wished for who are in the run, the first five without repetition.
fn wished<'a>(
    wishes: &'a [PersonId],
    index: &'a HashMap<PersonId, usize>,
) -> impl Iterator<Item = usize> + 'a {
    let distinct = score::distinct(wishes, MOST_WISHES);
    distinct
        .into_iter()
        .filter_map(|wish| index.get(wish).copied())
}

fn index(ids: impl Iterator<Item = PersonId>) -> HashMap<PersonId, usize> {
    ids.enumerate().map(|(place, id)| (id, place)).collect()
}

fn repeated(sorted: impl Iterator<Item = PersonId> + Clone) -> Option<PersonId> {
    let next = sorted.clone().skip(1);
    sorted
        .zip(next)
        .find(|(one, other)| one == other)
        .map(|(one, _)| one)
}

/// Numbers equal keys alike, in the order in which they first come; answers the numbers and one
/// example of each.
fn group<K: Eq + Hash>(keys: impl Iterator<Item = K>) -> (Vec<usize>, Vec<usize>) {
    let mut known: HashMap<K, usize> = HashMap::new();
    let mut examples = Vec::new();
    let mut numbers = Vec::new();
    for (place, key) in keys.enumerate() {
        let next = known.len();
        let number = *known.entry(key).or_insert(next);
        if number == next {
            examples.push(place);
        }
        numbers.push(number);
    }
    (numbers, examples)
}

/// Languages, form and sector, by group of mentors with the same terms.
struct TermScores {
    criteria: [Cross; 3],
    columns: Vec<usize>,
    /// One column of each group.
    examples: Vec<Column>,
}

impl TermScores {
    fn new(table: &Table) -> Self {
        let criteria = [
            Cross::new(table, Criterion::Languages, |terms| &terms.languages),
            Cross::new(table, Criterion::Form, |terms| &terms.forms),
            Cross::new(table, Criterion::Sector, |terms| &terms.sector),
        ];
        let same = |column: Column| criteria.each_ref().map(|cross| cross.columns[column]);
        let (columns, examples) = group((0..table.mentors.len()).map(same));
        Self {
            criteria,
            columns,
            examples,
        }
    }

    /// The sums of one mentee with each group.
    fn of(&self, row: Row, sums: &mut Vec<i32>) {
        let cells = self.criteria.each_ref().map(|cross| cross.of(row));
        sums.clear();
        sums.extend(self.examples.iter().map(|&column| {
            let of = |(cross, cells): (&Cross, &[i32])| cells[cross.columns[column]];
            self.criteria.iter().zip(cells).map(of).sum::<i32>()
        }));
    }
}

/// A criterion that depends on one fact of each side: its scores by group of mentees and mentors.
struct Cross {
    rows: Vec<usize>,
    columns: Vec<usize>,
    width: usize,
    cells: Vec<i32>,
}

impl Cross {
    fn new<'a, K: Eq + Hash + 'a>(
        table: &Table<'a>,
        criterion: Criterion,
        fact: impl Fn(&'a Terms) -> &'a K,
    ) -> Self {
        let (rows, mentees) = group(table.mentees.iter().map(|mentee| fact(&mentee.terms)));
        let (columns, mentors) = group(table.mentors.iter().map(|mentor| fact(&mentor.terms)));
        let mut cells = Vec::with_capacity(mentees.len() * mentors.len());
        for &row in &mentees {
            for &column in &mentors {
                let pair = (table.mentees[row], table.mentors[column]);
                cells.push(score_of(table.input, criterion, pair));
            }
        }
        Self {
            rows,
            columns,
            width: mentors.len(),
            cells,
        }
    }

    fn of(&self, row: Row) -> &[i32] {
        &self.cells[self.rows[row] * self.width..][..self.width]
    }
}

/// What a criterion adds to a pair, or [`NEVER`].
fn score_of(input: &Input, criterion: Criterion, pair: (&Mentee, &Mentor)) -> i32 {
    let is_unmet = input.weights.is_mandatory(criterion) && score::is_unmet(input, criterion, pair);
    let (points, _) = score::given(input, criterion, pair);
    let factor = input.weights.level(criterion).factor();
    if is_unmet {
        NEVER
    } else {
        i32::try_from(points * factor).unwrap_or(NEVER)
    }
}

/// Journeys by municipality, and who needs none by forms of meeting.
struct Journeys {
    /// Score and whether long, by the municipalities of mentee and mentor.
    rows: Vec<usize>,
    columns: Vec<usize>,
    width: usize,
    cells: Vec<(i32, bool)>,
    /// Whether two groups of forms meet at a distance.
    form_rows: Vec<usize>,
    form_columns: Vec<usize>,
    form_width: usize,
    at_a_distance: Vec<bool>,
    none: i32,
}

impl Journeys {
    fn new(table: &Table) -> Self {
        let input = table.input;
        let level = input.weights.level(Criterion::Travel);
        let factor = level.factor();
        let cell = |journey: Journey| {
            let points = journey.points(input.long_journey_minutes) * factor;
            let is_long = journey.is_long(input.long_journey_minutes);
            let excluded = is_long && input.weights.is_mandatory(Criterion::Travel);
            let points = i32::try_from(points).unwrap_or(NEVER);
            (if excluded { NEVER } else { points }, is_long)
        };
        let (rows, mentees) = group(table.mentees.iter().map(|mentee| mentee.municipality));
        let (columns, mentors) = group(table.mentors.iter().map(|mentor| mentor.municipality));
        let place = |municipality| input.places.get(municipality).copied();
        let from = mentees
            .iter()
            .map(|&row| place(&table.mentees[row].municipality));
        let to: Vec<_> = mentors
            .iter()
            .map(|&column| place(&table.mentors[column].municipality))
            .collect();
        let mut cells = Vec::with_capacity(mentees.len() * mentors.len());
        for from in from {
            cells.extend(to.iter().map(|to| {
                let known = from.zip(*to);
                cell(known.map_or(Journey::Unknown, |(from, to)| {
                    Journey::Minutes(journey::minutes(from, to))
                }))
            }));
        }
        let (form_rows, mentees) = group(table.mentees.iter().map(|mentee| &mentee.terms.forms));
        let (form_columns, mentors) = group(table.mentors.iter().map(|mentor| &mentor.terms.forms));
        let mut at_a_distance = Vec::with_capacity(mentees.len() * mentors.len());
        for &row in &mentees {
            at_a_distance.extend(mentors.iter().map(|&column| {
                let forms = &table.mentors[column].terms.forms;
                journey::meet_at_a_distance(&table.mentees[row].terms.forms, forms)
            }));
        }
        Self {
            width: to.len(),
            rows,
            columns,
            cells,
            form_rows,
            form_columns,
            form_width: mentors.len(),
            at_a_distance,
            none: cell(Journey::None).0,
        }
    }

    fn of(&self, row: Row) -> (&[(i32, bool)], &[bool]) {
        (
            &self.cells[self.rows[row] * self.width..][..self.width],
            &self.at_a_distance[self.form_rows[row] * self.form_width..][..self.form_width],
        )
    }

    fn at(
        &self,
        (cells, at_a_distance): &(&[(i32, bool)], &[bool]),
        column: Column,
    ) -> (i32, bool) {
        if at_a_distance[self.form_columns[column]] {
            (self.none, false)
        } else {
            cells[self.columns[column]]
        }
    }
}

/// Who offers what.
struct Competences<'a> {
    offers: HashMap<&'a str, Vec<Column>>,
    /// 0 for a mentor who offers something, [`Self::UNKNOWN`] for one who has not said.
    start: Vec<u8>,
    factor: u32,
    is_mandatory: bool,
}

impl<'a> Competences<'a> {
    const UNKNOWN: u8 = 6;

    fn new(table: &Table<'a>) -> Self {
        let mut offers: HashMap<&str, Vec<Column>> = HashMap::new();
        for (column, mentor) in table.mentors.iter().enumerate() {
            for code in &mentor.competences {
                offers.entry(code).or_default().push(column);
            }
        }
        let weights = table.input.weights;
        let start = |mentor: &&Mentor| {
            if mentor.competences.is_empty() {
                Self::UNKNOWN
            } else {
                0
            }
        };
        Self {
            offers,
            start: table.mentors.iter().map(start).collect(),
            factor: weights.level(Criterion::Competences).factor(),
            is_mandatory: weights.is_mandatory(Criterion::Competences),
        }
    }

    /// How many of the competences that the mentee seeks each mentor offers.
    fn count(&self, mentee: &Mentee, counts: &mut Vec<u8>) {
        counts.clone_from(&self.start);
        for code in score::sought(mentee) {
            for &column in self.offers.get(code.as_str()).into_iter().flatten() {
                counts[column] += 1;
            }
        }
    }

    /// The score by count.
    fn points(&self, mentee: &Mentee) -> [i32; 7] {
        let each = i32::try_from(score::STEP * self.factor).unwrap_or(NEVER);
        let none = if self.is_mandatory && !mentee.competences.is_empty() {
            NEVER
        } else {
            0
        };
        [none, each, 2 * each, 3 * each, 4 * each, 5 * each, 0]
    }
}
