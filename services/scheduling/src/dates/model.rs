//! Reads a pattern as a question, or says everything that is wrong with it.

use super::propose::{
    Blackout, Calendar, Hours, Occasion, Period, Question, Spacing, Strength, Weights,
};
use shared_types::{
    FieldProblem, PersonId, Problem, VenueId, codes,
    holidays::Country,
    scheduling::{
        dates::{
            DatePattern, DateStrength, DateWeights, HolidayCountry, OccasionSpacing,
            PatternOccasion, Weekday,
        },
        sessions::{self, SessionForm},
    },
};

/// The longest window: three years.
const WINDOW_DAYS_MOST: i64 = 1_098;

/// The longest distance between two occasions, in days.
const SPACING_MOST: u32 = 366;

/// The question that a pattern asks.
pub fn question(pattern: &DatePattern) -> Result<Question, Problem> {
    let mut reading = Reading {
        pattern,
        errors: Vec::new(),
    };
    let question = reading.question();
    if reading.errors.is_empty() {
        return Ok(question);
    }
    Err(Problem::of(&codes::INVALID_BODY).errors(reading.errors))
}

/// The venues that an occasion of a pattern can have.
fn venue_ids(pattern: &DatePattern, occasion: &PatternOccasion) -> Vec<VenueId> {
    match occasion.form {
        SessionForm::Digital => Vec::new(),
        SessionForm::OnSite | SessionForm::Hybrid if occasion.venue_ids.is_empty() => {
            pattern.venues.iter().map(|one| one.venue_id).collect()
        }
        SessionForm::OnSite | SessionForm::Hybrid => occasion.venue_ids.clone(),
    }
}

struct Reading<'a> {
    pattern: &'a DatePattern,
    errors: Vec<FieldProblem>,
}

impl Reading<'_> {
    fn wrong(&mut self, pointer: String, words: &'static str) {
        self.errors
            .push(FieldProblem::pointer(pointer, "invalid", words));
    }

    fn question(&mut self) -> Question {
        let pattern = self.pattern;
        let window = self.period("/window", pattern.window);
        if (window.to - window.from).num_days() > WINDOW_DAYS_MOST {
            self.wrong(
                "/window".to_owned(),
                "The window is longer than three years.",
            );
        }
        let venue_ids: Vec<VenueId> = pattern.venues.iter().map(|one| one.venue_id).collect();
        let person_ids: Vec<PersonId> = pattern
            .facilitators
            .iter()
            .map(|one| one.person_id)
            .collect();
        self.each_once("/venues", "venueId", &venue_ids);
        self.each_once("/facilitators", "personId", &person_ids);
        let occasions = pattern.occasions.iter().enumerate();
        let occasions = occasions
            .map(|(place, one)| self.occasion(place, one, window, (&venue_ids, &person_ids)))
            .collect();
        let blackouts = pattern.blackouts.iter().enumerate();
        let blackouts = blackouts
            .map(|(place, one)| {
                let period = sessions::Period {
                    starts_on: one.starts_on,
                    ends_on: one.ends_on,
                };
                Blackout {
                    organisation: one.organisation_id,
                    period: self.period(&format!("/blackouts/{place}"), period),
                    strength: strength(one.strength),
                }
            })
            .collect();
        let venues = pattern.venues.iter().map(|one| &one.busy).enumerate();
        let venues = venues
            .map(|(place, busy)| self.calendar(&format!("/venues/{place}"), busy))
            .collect();
        let facilitators = pattern.facilitators.iter().map(|one| &one.busy).enumerate();
        let facilitators = facilitators
            .map(|(place, busy)| self.calendar(&format!("/facilitators/{place}"), busy))
            .collect();
        Question {
            window,
            weekdays: pattern.weekdays.iter().copied().map(weekday).collect(),
            preferred_weekdays: pattern
                .preferred_weekdays
                .iter()
                .copied()
                .map(weekday)
                .collect(),
            holidays_of: pattern.holidays_of.iter().copied().map(country).collect(),
            half_days: strength(pattern.half_days),
            occasions,
            blackouts,
            venues,
            facilitators,
            weights: pattern.weights.map_or_else(Weights::default, weights),
            plans_count: usize::try_from(pattern.plans_count).unwrap_or(1),
            differ_in: usize::try_from(pattern.differ_in).unwrap_or(1),
        }
    }

    fn occasion(
        &mut self,
        place: usize,
        asked: &PatternOccasion,
        window: Period,
        (venues, people): (&[VenueId], &[PersonId]),
    ) -> Occasion {
        let at = format!("/occasions/{place}");
        for (day, hours) in asked.days.iter().enumerate() {
            if hours.ends_at <= hours.starts_at {
                let pointer = format!("{at}/days/{day}/endsAt");
                self.wrong(pointer, "The day ends before it starts.");
            }
        }
        let between = asked
            .between
            .map(|one| self.period(&format!("{at}/between"), one));
        if between.is_some_and(|one| one.to < window.from || one.from > window.to) {
            self.wrong(
                format!("{at}/between"),
                "None of these days is in the window.",
            );
        }
        let leads = self.known(&format!("{at}/leadIds"), &asked.lead_ids, people);
        let count = u32::try_from(asked.facilitators_count).unwrap_or(0);
        if count as usize > people.len() {
            let pointer = format!("{at}/facilitatorsCount");
            self.wrong(pointer, "There are not so many facilitators in the body.");
        }
        self.known(&format!("{at}/venueIds"), &asked.venue_ids, venues);
        let own = venue_ids(self.pattern, asked);
        let own = own
            .iter()
            .filter_map(|id| venues.iter().position(|one| one == id));
        Occasion {
            days: asked
                .days
                .iter()
                .map(|hours| Hours {
                    starts_at: hours.starts_at.0,
                    ends_at: hours.ends_at.0,
                })
                .collect(),
            spacing: self.spacing(&at, asked.spacing),
            between,
            venues: own.collect(),
            facilitators_count: count.max(u32::try_from(leads.len()).unwrap_or(0)),
            leads,
        }
    }

    fn spacing(&mut self, at: &str, asked: Option<OccasionSpacing>) -> Spacing {
        let days = |days: i32| u32::try_from(days).unwrap_or(1);
        let Some(asked) = asked else {
            return Spacing {
                at_least: 1,
                at_most: SPACING_MOST,
                ideal: None,
            };
        };
        let (at_least, at_most) = (days(asked.at_least_days), days(asked.at_most_days));
        if at_most < at_least {
            let pointer = format!("{at}/spacing/atMostDays");
            self.wrong(pointer, "At most is less than at least.");
        }
        let ideal = asked.ideal_days.map_or(at_least.midpoint(at_most), days);
        if at_least <= at_most && !(at_least..=at_most).contains(&ideal) {
            let pointer = format!("{at}/spacing/idealDays");
            self.wrong(pointer, "The best distance is not between the two others.");
        }
        Spacing {
            at_least,
            at_most,
            ideal: Some(ideal),
        }
    }

    /// The places of ids in a list.
    fn known<T: PartialEq>(&mut self, at: &str, asked: &[T], known: &[T]) -> Vec<usize> {
        let mut places = Vec::with_capacity(asked.len());
        for (number, id) in asked.iter().enumerate() {
            match known.iter().position(|one| one == id) {
                Some(place) if places.contains(&place) => {
                    self.wrong(format!("{at}/{number}"), "It is named twice.");
                }
                Some(place) => places.push(place),
                None => self.wrong(format!("{at}/{number}"), "The body does not list it."),
            }
        }
        places
    }

    fn each_once<T: PartialEq>(&mut self, at: &str, member: &str, ids: &[T]) {
        for (place, id) in ids.iter().enumerate() {
            if ids.iter().take(place).any(|one| one == id) {
                self.wrong(format!("{at}/{place}/{member}"), "It is named twice.");
            }
        }
    }

    fn calendar(&mut self, at: &str, busy: &[sessions::Period]) -> Calendar {
        let periods = busy.iter().enumerate();
        Calendar {
            busy: periods
                .map(|(number, one)| self.period(&format!("{at}/busy/{number}"), *one))
                .collect(),
        }
    }

    fn period(&mut self, at: &str, period: sessions::Period) -> Period {
        if period.ends_on < period.starts_on {
            self.wrong(format!("{at}/endsOn"), "The last day is before the first.");
        }
        Period {
            from: period.starts_on,
            to: period.ends_on,
        }
    }
}

const fn strength(strength: DateStrength) -> Strength {
    match strength {
        DateStrength::Ignore => Strength::Ignore,
        DateStrength::Avoid => Strength::Avoid,
        DateStrength::Forbid => Strength::Forbid,
    }
}

const fn country(country: HolidayCountry) -> Country {
    match country {
        HolidayCountry::Sweden => Country::Sweden,
        HolidayCountry::Denmark => Country::Denmark,
    }
}

const fn weekday(day: Weekday) -> chrono::Weekday {
    match day {
        Weekday::Monday => chrono::Weekday::Mon,
        Weekday::Tuesday => chrono::Weekday::Tue,
        Weekday::Wednesday => chrono::Weekday::Wed,
        Weekday::Thursday => chrono::Weekday::Thu,
        Weekday::Friday => chrono::Weekday::Fri,
        Weekday::Saturday => chrono::Weekday::Sat,
        Weekday::Sunday => chrono::Weekday::Sun,
    }
}

fn weights(weights: DateWeights) -> Weights {
    let points = |points: i32| u32::try_from(points).unwrap_or(0);
    Weights {
        spacing: points(weights.spacing),
        weekday: points(weights.weekday),
        blackout: points(weights.blackout),
        half_day: points(weights.half_day),
        bridge_day: points(weights.bridge_day),
        venue: points(weights.venue),
        venue_change: points(weights.venue_change),
        no_spare: points(weights.no_spare),
    }
}
