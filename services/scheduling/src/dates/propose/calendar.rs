//! What each day is: who and what blocks it, and what it costs.

use super::{Constraint, Hours, Nation, Occasion, Period, Question, Strength, later};
use chrono::{Datelike as _, NaiveDate, NaiveTime};
use shared_types::{OrganisationId, holidays::Country};
use std::collections::{BTreeMap, BTreeSet};

/// A set of constraints, by their places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Set([u64; 5]);

impl Set {
    /// As many constraints as a set has room for.
    pub(super) const MOST: usize = 5 * 64;

    pub(super) fn insert(&mut self, place: usize) {
        if let Some(word) = self.0.get_mut(place / 64) {
            *word |= 1 << (place % 64);
        }
    }

    pub(super) fn remove(&mut self, place: usize) {
        if let Some(word) = self.0.get_mut(place / 64) {
            *word &= !(1 << (place % 64));
        }
    }

    pub(super) fn contains(&self, place: usize) -> bool {
        let word = self.0.get(place / 64);
        word.is_some_and(|word| word & (1 << (place % 64)) != 0)
    }

    pub(super) fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(other.0).any(|(one, two)| one & two != 0)
    }

    pub(super) fn join(&mut self, other: &Self) {
        for (one, two) in self.0.iter_mut().zip(other.0) {
            *one |= two;
        }
    }

    pub(super) fn len(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    pub(super) fn places(self) -> impl Iterator<Item = usize> {
        (0..Self::MOST).filter(move |place| self.contains(*place))
    }
}

/// Every constraint that a question states, in a fixed order: the place of each in a [`Set`].
#[derive(Clone, Debug)]
pub(super) struct Constraints(Vec<Constraint>);

impl Constraints {
    pub(super) fn of(question: &Question) -> Self {
        let mut all = BTreeSet::from([Constraint::Window, Constraint::Weekdays]);
        let countries = question.holidays_of.iter().copied().map(Nation::from);
        all.extend(countries.map(Constraint::Holidays));
        if question.half_days == Strength::Forbid {
            all.insert(Constraint::HalfDays);
        }
        let forbidden = question
            .blackouts
            .iter()
            .filter(|one| one.strength == Strength::Forbid);
        all.extend(forbidden.map(|one| Constraint::Blackouts(one.organisation)));
        for (place, occasion) in question.occasions.iter().enumerate() {
            if occasion.between.is_some() {
                all.insert(Constraint::Between(place));
            }
            if place > 0 {
                all.insert(Constraint::AtLeast(place));
                all.insert(Constraint::AtMost(place));
            }
        }
        let busy = |calendars: &[super::Calendar]| -> Vec<usize> {
            let busy = calendars.iter().enumerate();
            busy.filter(|(_, one)| !one.busy.is_empty())
                .map(|(place, _)| place)
                .collect()
        };
        all.extend(busy(&question.venues).into_iter().map(Constraint::Venue));
        all.extend(
            busy(&question.facilitators)
                .into_iter()
                .map(Constraint::Facilitator),
        );
        Self(all.into_iter().collect())
    }

    pub(super) fn place(&self, constraint: Constraint) -> Option<usize> {
        self.0.binary_search(&constraint).ok()
    }

    pub(super) fn get(&self, place: usize) -> Option<Constraint> {
        self.0.get(place).copied()
    }

    #[cfg(test)]
    pub(super) fn iter(&self) -> impl Iterator<Item = Constraint> {
        self.0.iter().copied()
    }

    pub(super) fn all(&self) -> Set {
        let mut set = Set::default();
        (0..self.0.len()).for_each(|place| set.insert(place));
        set
    }

    pub(super) fn set(&self, all: impl IntoIterator<Item = Constraint>) -> Set {
        let mut set = Set::default();
        for place in all.into_iter().filter_map(|one| self.place(one)) {
            set.insert(place);
        }
        set
    }
}

/// The facts of a span of days.
#[derive(Debug)]
pub(super) struct Days<'a> {
    question: &'a Question,
    pub(super) constraints: Constraints,
    pub(super) span: Period,
    each: Vec<Day>,
}

#[derive(Clone, Debug)]
struct Day {
    date: NaiveDate,
    /// Constraints that forbid it to every occasion.
    blocked: Set,
    is_half: bool,
    is_bridge: bool,
    avoided_count: u32,
    venues_busy: u64,
    facilitators_busy: u64,
}

/// What one occasion is if it starts on one day.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Start {
    /// Constraints of which each alone forbids it.
    pub(super) blocked: Set,
    /// Venues that are taken on one of its days.
    pub(super) venues_busy: u64,
    /// Facilitators who are taken on one of its days.
    pub(super) facilitators_busy: u64,
    /// Days not on a preferred weekday.
    pub(super) weekdays_count: u32,
    /// Days that organisations avoid, each organisation for itself.
    pub(super) avoided_count: u32,
    /// Half days whose afternoon is used.
    pub(super) half_days_count: u32,
    /// Bridge days.
    pub(super) bridge_days_count: u32,
}

impl<'a> Days<'a> {
    pub(super) fn of(question: &'a Question, span: Period) -> Self {
        let constraints = Constraints::of(question);
        let free = Free::of(question, span);
        let blackouts = blackouts(question, span);
        let days = span.days().map(|date| {
            let mut stated = Vec::new();
            if !question.window.contains(date) {
                stated.push(Constraint::Window);
            }
            if !question.weekdays.contains(&date.weekday()) {
                stated.push(Constraint::Weekdays);
            }
            stated.extend(free.holidays_on(date).map(Constraint::Holidays));
            let mut avoided_count = 0;
            for (organisation, strength) in blackouts.get(&date).into_iter().flatten() {
                if *strength == Strength::Forbid {
                    stated.push(Constraint::Blackouts(*organisation));
                } else {
                    avoided_count += 1;
                }
            }
            Day {
                date,
                blocked: constraints.set(stated),
                is_half: free.half_days.contains(&date),
                is_bridge: free.is_bridge(date),
                avoided_count,
                venues_busy: 0,
                facilitators_busy: 0,
            }
        });
        let mut days: Vec<Day> = days.collect();
        let mut mark = |calendars: &[super::Calendar], word: fn(&mut Day) -> &mut u64| {
            for (place, calendar) in calendars.iter().enumerate().take(super::CALENDARS_MOST) {
                for busy in &calendar.busy {
                    let taken = days.iter_mut().filter(|day| busy.contains(day.date));
                    taken.for_each(|day| *word(day) |= 1 << place);
                }
            }
        };
        mark(&question.venues, |day| &mut day.venues_busy);
        mark(&question.facilitators, |day| &mut day.facilitators_busy);
        Self {
            question,
            constraints,
            span,
            each: days,
        }
    }

    pub(super) fn count(&self) -> usize {
        self.each.len()
    }

    pub(super) fn date(&self, place: usize) -> NaiveDate {
        later(self.span.from, place)
    }

    /// The start of an occasion on the day at a place; `None` where it would reach past the span.
    pub(super) fn start(&self, occasion: usize, place: usize) -> Option<Start> {
        let asked = self.question.occasions.get(occasion)?;
        let days = self.each.get(place..place + asked.days.len())?;
        let mut start = Start::default();
        for (day, hours) in days.iter().zip(&asked.days) {
            start.blocked.join(&day.blocked);
            start
                .blocked
                .join(&self.blocked_by_occasion(day, hours, asked, occasion));
            start.venues_busy |= day.venues_busy;
            start.facilitators_busy |= day.facilitators_busy;
            let preferred = &self.question.preferred_weekdays;
            let is_preferred = preferred.is_empty() || preferred.contains(&day.date.weekday());
            start.weekdays_count += u32::from(!is_preferred);
            start.avoided_count += day.avoided_count;
            start.half_days_count += u32::from(day.is_half && uses_afternoon(hours));
            start.bridge_days_count += u32::from(day.is_bridge);
        }
        Some(start)
    }

    fn blocked_by_occasion(
        &self,
        day: &Day,
        hours: &Hours,
        asked: &Occasion,
        occasion: usize,
    ) -> Set {
        let outside = asked
            .between
            .is_some_and(|between| !between.contains(day.date));
        let is_closed = day.is_half && uses_afternoon(hours);
        let forbids = self.question.half_days == Strength::Forbid;
        let between = outside.then_some(Constraint::Between(occasion));
        let half_day = (is_closed && forbids).then_some(Constraint::HalfDays);
        self.constraints.set(between.into_iter().chain(half_day))
    }
}

/// A half day ends at noon.
fn uses_afternoon(hours: &Hours) -> bool {
    NaiveTime::from_hms_opt(12, 0, 0).is_some_and(|noon| hours.ends_at > noon)
}

/// The days of organisations, the strongest of each where periods overlap.
fn blackouts(
    question: &Question,
    span: Period,
) -> BTreeMap<NaiveDate, BTreeMap<OrganisationId, Strength>> {
    let mut all: BTreeMap<NaiveDate, BTreeMap<OrganisationId, Strength>> = BTreeMap::new();
    for blackout in &question.blackouts {
        if blackout.strength == Strength::Ignore {
            continue;
        }
        let within = Period {
            from: blackout.period.from.max(span.from),
            to: blackout.period.to.min(span.to),
        };
        for date in within.days() {
            let known = all.entry(date).or_default();
            let kept = known
                .entry(blackout.organisation)
                .or_insert(blackout.strength);
            if blackout.strength == Strength::Forbid {
                *kept = Strength::Forbid;
            }
        }
    }
    all
}

/// Holidays and half days of the years of a span.
struct Free {
    countries: Vec<Country>,
    holidays: BTreeMap<NaiveDate, Vec<Nation>>,
    half_days: BTreeSet<NaiveDate>,
}

impl Free {
    fn of(question: &Question, span: Period) -> Self {
        let mut free = Self {
            countries: question.holidays_of.clone(),
            holidays: BTreeMap::new(),
            half_days: BTreeSet::new(),
        };
        for year in span.from.year()..=span.to.year() {
            for country in &question.holidays_of {
                for day in country.public_holidays(year) {
                    let named = free.holidays.entry(day).or_default();
                    if !named.contains(&(*country).into()) {
                        named.push((*country).into());
                    }
                }
                if question.half_days != Strength::Ignore {
                    free.half_days.extend(country.half_days(year));
                }
            }
        }
        free
    }

    fn holidays_on(&self, date: NaiveDate) -> impl Iterator<Item = Nation> {
        self.holidays.get(&date).into_iter().flatten().copied()
    }

    /// Whether a working day of a country stands between two days that are none.
    fn is_bridge(&self, date: NaiveDate) -> bool {
        let works = |country: &Country, day: Option<NaiveDate>| {
            day.is_some_and(|day| country.is_working_day(day))
        };
        self.countries.iter().any(|country| {
            works(country, Some(date))
                && !works(country, date.pred_opt())
                && !works(country, date.succ_opt())
        })
    }
}
