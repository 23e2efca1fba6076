//! Every plan of a small question, judged one by one, in other words than the search uses.

use super::*;
use chrono::Datelike as _;

/// Every sequence of first days that is allowed, with the points of its cheapest venues.
pub(super) fn brute_force(question: &Question) -> Vec<(Vec<NaiveDate>, u32)> {
    let mut all = Vec::new();
    extend(question, &mut Vec::new(), &mut all);
    all
}

fn extend(question: &Question, chosen: &mut Vec<NaiveDate>, all: &mut Vec<(Vec<NaiveDate>, u32)>) {
    let place = chosen.len();
    let Some(asked) = question.occasions.get(place) else {
        let venues = venue_points(question, chosen);
        if let Some(venues) = venues {
            let own: u32 = (0..place)
                .map(|place| day_points(question, place, chosen[place]))
                .sum();
            let gaps = (1..place).map(|place| {
                let gap = gap(question, chosen, place);
                let ideal = question.occasions[place].spacing.ideal.unwrap_or(gap);
                gap.abs_diff(ideal) * question.weights.spacing
            });
            all.push((chosen.clone(), own + gaps.sum::<u32>() + venues));
        }
        return;
    };
    for day in question.window.days() {
        if !is_allowed(question, place, day) {
            continue;
        }
        chosen.push(day);
        let fits = place == 0 || {
            let last =
                chosen[place - 1] + Days::new(question.occasions[place - 1].days.len() as u64 - 1);
            day > last && {
                let gap = gap(question, chosen, place);
                gap >= asked.spacing.at_least && gap <= asked.spacing.at_most
            }
        };
        if fits {
            extend(question, chosen, all);
        }
        chosen.pop();
    }
}

fn gap(question: &Question, chosen: &[NaiveDate], place: usize) -> u32 {
    let length = i64::try_from(question.occasions[place - 1].days.len()).unwrap();
    let days = (chosen[place] - chosen[place - 1]).num_days() - length + 1;
    u32::try_from(days).unwrap()
}

fn days_of(question: &Question, place: usize, first: NaiveDate) -> Vec<(NaiveDate, Hours)> {
    let hours = question.occasions[place].days.iter().copied();
    first.iter_days().zip(hours).collect()
}

fn closes_early(question: &Question, day: NaiveDate, hours: Hours) -> bool {
    let half = question
        .holidays_of
        .iter()
        .any(|one| one.half_days(day.year()).contains(&day));
    half && hours.ends_at > at("12:00:00")
}

fn is_free(calendar: &Calendar, days: &[(NaiveDate, Hours)]) -> bool {
    let taken = |day: NaiveDate| calendar.busy.iter().any(|busy| busy.contains(day));
    !days.iter().any(|(day, _)| taken(*day))
}

fn is_allowed(question: &Question, place: usize, first: NaiveDate) -> bool {
    let asked = &question.occasions[place];
    let days = days_of(question, place, first);
    let day_is_allowed = |(day, hours): &(NaiveDate, Hours)| {
        question.window.contains(*day)
            && question.weekdays.contains(&day.weekday())
            && !question
                .holidays_of
                .iter()
                .any(|one| one.public_holidays(day.year()).contains(day))
            && (question.half_days != Strength::Forbid || !closes_early(question, *day, *hours))
            && asked.between.is_none_or(|between| between.contains(*day))
            && !question
                .blackouts
                .iter()
                .any(|one| one.strength == Strength::Forbid && one.period.contains(*day))
    };
    let free = (0..question.facilitators.len())
        .filter(|one| is_free(&question.facilitators[*one], &days))
        .collect::<Vec<_>>();
    days.iter().all(day_is_allowed)
        && asked.leads.iter().all(|lead| free.contains(lead))
        && free.len() >= asked.facilitators_count as usize
}

fn day_points(question: &Question, place: usize, first: NaiveDate) -> u32 {
    let weights = question.weights;
    let days = days_of(question, place, first);
    let mut points = 0;
    for (day, hours) in &days {
        let preferred = &question.preferred_weekdays;
        if !preferred.is_empty() && !preferred.contains(&day.weekday()) {
            points += weights.weekday;
        }
        let mut organisations: Vec<_> = question
            .blackouts
            .iter()
            .filter(|one| one.strength == Strength::Avoid && one.period.contains(*day))
            .map(|one| one.organisation)
            .collect();
        organisations.sort_unstable();
        organisations.dedup();
        points += weights.blackout * u32::try_from(organisations.len()).unwrap();
        if question.half_days != Strength::Ignore && closes_early(question, *day, *hours) {
            points += weights.half_day;
        }
        let bridges = question.holidays_of.iter().any(|one| {
            one.is_working_day(*day)
                && !one.is_working_day(day.pred_opt().unwrap())
                && !one.is_working_day(day.succ_opt().unwrap())
        });
        points += weights.bridge_day * u32::from(bridges);
    }
    let needed = question.occasions[place].facilitators_count as usize;
    let free = question
        .facilitators
        .iter()
        .filter(|one| is_free(one, &days))
        .count();
    points + weights.no_spare * u32::from(needed > 0 && free == needed)
}

/// The points of the best of all choices of venues.
fn venue_points(question: &Question, chosen: &[NaiveDate]) -> Option<u32> {
    let mut choices: Vec<Vec<Option<(usize, usize)>>> = vec![Vec::new()];
    for (place, first) in chosen.iter().enumerate() {
        let asked = &question.occasions[place];
        let days = days_of(question, place, *first);
        let mut options: Vec<Option<(usize, usize)>> = asked
            .venues
            .iter()
            .enumerate()
            .filter(|(_, venue)| is_free(&question.venues[**venue], &days))
            .map(|(rank, venue)| Some((rank, *venue)))
            .collect();
        if asked.venues.is_empty() {
            options.push(None);
        }
        choices = choices
            .iter()
            .flat_map(|known| {
                options.iter().map(move |option| {
                    let mut longer = known.clone();
                    longer.push(*option);
                    longer
                })
            })
            .collect();
    }
    let points = |venues: &Vec<Option<(usize, usize)>>| {
        let used: Vec<_> = venues.iter().flatten().collect();
        let ranks: usize = used.iter().map(|(rank, _)| rank).sum();
        let changes = used.windows(2).filter(|two| two[0].1 != two[1].1).count();
        u32::try_from(ranks).unwrap() * question.weights.venue
            + u32::try_from(changes).unwrap() * question.weights.venue_change
    };
    choices.iter().map(points).min()
}

/// Every constraint that a question states.
pub(super) fn stated(question: &Question) -> Vec<Constraint> {
    super::super::calendar::Constraints::of(question)
        .iter()
        .collect()
}

/// The question with only some of its constraints.
pub(super) fn relaxed(question: &Question, kept: &[Constraint]) -> Question {
    let mut asked = question.clone();
    asked.plans_count = 1;
    let keeps = |constraint| kept.contains(&constraint);
    if !keeps(Constraint::Window) {
        asked.window = Period {
            from: asked.window.from - Days::new(60),
            to: asked.window.to + Days::new(60),
        };
    }
    if !keeps(Constraint::Weekdays) {
        asked.weekdays = vec![Weekday::Sat, Weekday::Sun];
        asked.weekdays.extend(WORKING_DAYS);
    }
    asked
        .holidays_of
        .retain(|country| keeps(Constraint::Holidays((*country).into())));
    if asked.half_days == Strength::Forbid && !keeps(Constraint::HalfDays) {
        asked.half_days = Strength::Ignore;
    }
    if asked.holidays_of.is_empty() && asked.half_days == Strength::Forbid {
        // Half days are those of the countries: say them as days that an organisation forbids.
        asked.half_days = Strength::Ignore;
        let days = question
            .holidays_of
            .iter()
            .flat_map(|one| one.half_days(2026));
        asked.blackouts.extend(days.map(|day| Blackout {
            organisation: organisation(99),
            period: Period { from: day, to: day },
            strength: Strength::Forbid,
        }));
    }
    asked.blackouts.retain(|one| {
        one.organisation == organisation(99)
            || (one.strength == Strength::Forbid && keeps(Constraint::Blackouts(one.organisation)))
    });
    for (place, occasion) in asked.occasions.iter_mut().enumerate() {
        occasion.between = occasion
            .between
            .filter(|_| keeps(Constraint::Between(place)));
        if !keeps(Constraint::AtLeast(place)) {
            occasion.spacing.at_least = 1;
        }
        if !keeps(Constraint::AtMost(place)) {
            occasion.spacing.at_most = 200;
        }
    }
    let calendars = asked.venues.iter_mut().enumerate();
    for (_, calendar) in calendars.filter(|(place, _)| !keeps(Constraint::Venue(*place))) {
        calendar.busy.clear();
    }
    let calendars = asked.facilitators.iter_mut().enumerate();
    for (_, calendar) in calendars.filter(|(place, _)| !keeps(Constraint::Facilitator(*place))) {
        calendar.busy.clear();
    }
    asked
}

/// Every subset of a size.
pub(super) fn subsets(
    all: &[Constraint],
    size: usize,
) -> Box<dyn Iterator<Item = Vec<Constraint>> + '_> {
    if size == 0 {
        return Box::new(std::iter::once(Vec::new()));
    }
    Box::new(all.iter().enumerate().flat_map(move |(place, first)| {
        subsets(&all[place + 1..], size - 1).map(move |mut rest| {
            rest.insert(0, *first);
            rest
        })
    }))
}
