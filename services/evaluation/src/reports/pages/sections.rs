//! What the pages show: every chart has its numbers as a table beside it.

use super::{charts, words};
use crate::reports::rounds::Drawn;
use maud::{Markup, html};
use shared_types::{
    Language, Words,
    evaluation::{
        effects::{EffectQuestion, EffectReport},
        instruments::{QuestionKind, QuestionOption},
        networks::NetworkTies,
        reports::{
            MunicipalityReport, ParticipantReport, ReportBreakdown, ReportCell, ReportDimension,
            ReportGroup, ReportMean, ReportQuestion, ReportShowing, RoundReport, SurveyReport,
        },
    },
};
use shared_web::page::{self, figure};

/// A round's report.
pub(super) fn round(drawn: &Drawn, language: Language) -> Markup {
    let report = &drawn.report;
    html! {
        (facts(&[
            (&words::PARTICIPANTS, report.participants_count),
            (&words::COMPLETED, report.completed_count),
            (&words::MUNICIPALITIES, report.municipalities_count),
        ], language))
        (surveys(&report.surveys, language))
        (effects(&report.effects, language))
        (networks(report, drawn, language))
    }
}

/// A municipality's report.
pub(super) fn municipality(report: &MunicipalityReport, language: Language) -> Markup {
    html! {
        @if report.own_answers.is_empty() {
            p { (words::NO_OWN_ANSWERS.get(language)) }
        }
        @for own in &report.own_answers {
            section {
                h2 { (words::OWN_ANSWERS.fill(language, &[("count", own.surveys_count.to_string())])) }
                (question(&own.question, language))
            }
        }
        @for round in &report.rounds {
            h2 { (page::text(&round.name, language)) }
            (facts(&[
                (&words::OWN_PARTICIPANTS, round.own_participants_count),
                (&words::OWN_COMPLETED, round.own_completed_count),
                (&words::PARTICIPANTS, round.participants_count),
            ], language))
            @if let Some(percent) = round.own_attendance_percent {
                p { (words::OWN_ATTENDANCE.fill(language, &[("percent", percent.to_string())])) }
            }
            (surveys(&round.surveys, language))
        }
    }
}

/// A participation's report.
pub(super) fn participation(report: &ParticipantReport, language: Language) -> Markup {
    html! {
        @if let (Some(from), Some(to)) = (report.starts_on, report.ends_on) {
            p { (figure::dates(from, to, language)) }
        }
        (surveys(&report.surveys, language))
        (effects(&report.effects, language))
    }
}

fn facts(facts: &[(&Words, i32)], language: Language) -> Markup {
    html! {
        dl class="facts" {
            @for (words, number) in facts { div { dt { (words.get(language)) } dd { (number) } } }
        }
    }
}

fn surveys(surveys: &[SurveyReport], language: Language) -> Markup {
    html! {
        @if surveys.is_empty() { p { (words::NOTHING_YET.get(language)) } }
        @for survey in surveys {
            section {
                h2 { (page::text(&survey.name, language)) }
                @let values = [
                    ("date", figure::date(survey.closed_on, language)),
                    ("count", survey.answered_count.unwrap_or(0).to_string()),
                ];
                @if survey.answered_count.is_some() {
                    p { (words::CLOSED.fill(language, &values)) }
                    @for one in survey.questions.iter().filter(|one| one.kind != QuestionKind::NetworkTie) {
                        (question(one, language))
                    }
                } @else {
                    p { (words::CLOSED_FEW.fill(language, &values)) }
                }
            }
        }
    }
}

fn question(question: &ReportQuestion, language: Language) -> Markup {
    let silence = match question.showing {
        ReportShowing::Shown => None,
        ReportShowing::TooFew => Some(&words::TOO_FEW),
        ReportShowing::TooAlike => Some(&words::TOO_ALIKE),
        ReportShowing::Hidden => Some(&words::HIDDEN),
    };
    let about = question.text.best(language);
    html! {
        section class="question" {
            h3 { (page::text(&question.text, language)) }
            @if let Some(silence) = silence { p class="quiet" { (silence.get(language)) } }
            @let rows = rows(&question.cells, &question.choices, &question.options, language);
            @if !rows.is_empty() {
                div class="figure" {
                    (charts::bars(about, &rows))
                    (table(&words::ANSWER, about, (&rows, question.asked_count), language))
                }
            }
            (mean(question.mean, language))
            @for breakdown in &question.breakdowns { (by(breakdown, question, language)) }
            @for text in &question.texts { blockquote class="text" { (text) } }
        }
    }
}

/// Labels and numbers of some answers.
fn rows(
    cells: &[ReportCell],
    choices: &[shared_types::evaluation::reports::ReportChoice],
    options: &[QuestionOption],
    language: Language,
) -> Vec<(String, u32)> {
    let count = |count: i32| u32::try_from(count).unwrap_or(0);
    let cells = cells
        .iter()
        .map(|cell| (label(cell, options, language), count(cell.count)));
    let choices = choices
        .iter()
        .map(|one| (option(&one.key, options, language), count(one.count)));
    cells.chain(choices).collect()
}

fn option(key: &str, options: &[QuestionOption], language: Language) -> String {
    let found = options.iter().find(|option| option.key == key);
    found
        .map_or(key, |option| option.text.best(language))
        .to_owned()
}

/// What a cell holds: numbers as a span, names with commas between.
fn label(cell: &ReportCell, options: &[QuestionOption], language: Language) -> String {
    let names: Vec<String> = cell
        .answers
        .iter()
        .map(|answer| option(answer, options, language))
        .collect();
    let are_numbers =
        options.is_empty() && cell.answers.iter().all(|one| one.parse::<i32>().is_ok());
    let names = match names.as_slice() {
        [first, .., last] if are_numbers => format!("{first}–{last}"),
        _ => names.join(", "),
    };
    match (cell.with_unanswered, names.is_empty()) {
        (false, _) => names,
        (true, true) => words::UNANSWERED.get(language).to_owned(),
        (true, false) => format!("{names}, {}", words::UNANSWERED.get(language)),
    }
}

/// The numbers of bars; at the foot how many were asked, where that is told.
fn table(
    head: &Words,
    about: &str,
    (rows, asked): (&[(String, u32)], Option<i32>),
    language: Language,
) -> Markup {
    html! {
        table {
            caption class="unseen" { (about) }
            thead { tr { th scope="col" { (head.get(language)) } th scope="col" class="number" { (words::COUNT.get(language)) } } }
            tbody {
                @for (label, count) in rows {
                    tr { th scope="row" { (label) } td class="number" { (count) } }
                }
            }
            @if let Some(asked) = asked {
                tfoot { tr { th scope="row" { (words::ASKED.get(language)) } td class="number" { (asked) } } }
            }
        }
    }
}

fn mean(mean: Option<ReportMean>, language: Language) -> Markup {
    html! {
        @if let Some(mean) = mean {
            @let values = [
                ("low", hundredths(mean.lowest_hundredths, language)),
                ("high", hundredths(mean.highest_hundredths, language)),
            ];
            @let words = if mean.lowest_hundredths == mean.highest_hundredths { &words::MEAN_EXACT } else { &words::MEAN };
            p { (words.fill(language, &values)) }
        }
    }
}

pub(super) fn hundredths(number: i32, language: Language) -> String {
    decimal(f64::from(number) / 100.0, 2, language)
}

fn tenths(number: i32, language: Language) -> String {
    decimal(f64::from(number) / 10.0, 1, language)
}

pub(super) fn decimal(number: f64, digits: usize, language: Language) -> String {
    let text = format!("{number:.digits$}").replace('-', "−");
    if language == Language::English {
        text
    } else {
        text.replace('.', ",")
    }
}

const fn dimension(dimension: ReportDimension) -> &'static Words {
    match dimension {
        ReportDimension::Gender => &words::GENDER,
        ReportDimension::PersonKind => &words::PERSON_KIND,
        ReportDimension::Municipality => &words::MUNICIPALITY,
        ReportDimension::Department => &words::DEPARTMENT,
    }
}

fn by(breakdown: &ReportBreakdown, question: &ReportQuestion, language: Language) -> Markup {
    let words = dimension(breakdown.dimension);
    let about = format!("{}: {}", question.text.best(language), words.get(language));
    let means: Option<Vec<(String, f64, f64)>> = breakdown
        .groups
        .iter()
        .map(|group| {
            let mean = group.mean?;
            let number = |hundredths: i32| f64::from(hundredths) / 100.0;
            Some((
                name(group, language),
                number(mean.lowest_hundredths),
                number(mean.highest_hundredths),
            ))
        })
        .collect();
    let numbers = question
        .cells
        .iter()
        .flat_map(|cell| &cell.answers)
        .filter_map(|one| one.parse().ok());
    let numbers: Vec<f64> = numbers.collect();
    let ends = (
        numbers.iter().copied().reduce(f64::min),
        numbers.iter().copied().reduce(f64::max),
    );
    html! {
        h4 { (words.get(language)) }
        div class="figure" {
            @if let (Some(means), (Some(from), Some(to))) = (means, ends) {
                (charts::intervals(&about, &means, (from, to), language))
                (spans(&words::MEAN_BY, &about, &means, language))
            }
            (groups(&words::ANSWER, &about, breakdown, language, |group| {
                rows(&group.cells, &group.choices, &question.options, language)
            }))
        }
    }
}

/// The numbers of a breakdown.
fn groups(
    head: &Words,
    about: &str,
    breakdown: &ReportBreakdown,
    language: Language,
    rows: impl Fn(&ReportGroup) -> Vec<(String, u32)>,
) -> Markup {
    html! {
        table {
            caption class="unseen" { (about) }
            thead { tr {
                th scope="col" { (words::GROUP.get(language)) }
                th scope="col" { (head.get(language)) }
                th scope="col" class="number" { (words::COUNT.get(language)) }
            } }
            tbody {
                @for group in &breakdown.groups {
                    @for (label, count) in rows(group) {
                        tr { th scope="row" { (name(group, language)) } td { (label) } td class="number" { (count) } }
                    }
                }
            }
        }
    }
}

/// What a group is called, and how many it has.
fn name(group: &ReportGroup, language: Language) -> String {
    format!("{} ({})", called(group, language), group.count)
}

fn called(group: &ReportGroup, language: Language) -> String {
    if group.is_others {
        return words::OTHERS.get(language).to_owned();
    }
    if let Some(name) = &group.name {
        return name.clone();
    }
    let words = match group.key.as_deref() {
        Some("woman") => &words::WOMAN,
        Some("man") => &words::MAN,
        Some("other") => &words::OTHER,
        Some("employed_manager") => &words::EMPLOYED,
        Some("elected") => &words::ELECTED,
        _ => &words::UNDISCLOSED,
    };
    words.get(language).to_owned()
}

fn effects(effects: &[EffectReport], language: Language) -> Markup {
    html! {
        @for effect in effects {
            section {
                h2 { (words::EFFECTS.get(language)) }
                @match effect.pairs_count {
                    Some(count) => p { (words::PAIRS.fill(language, &[("count", count.to_string())])) },
                    None => p { (words::PAIRS_FEW.get(language)) },
                }
                (sizes(effect, language))
                @for question in effect.questions.iter().filter(|one| one.showing == ReportShowing::Shown) {
                    (changed(question, language))
                }
            }
        }
    }
}

/// All effect sizes in one chart.
fn sizes(effect: &EffectReport, language: Language) -> Markup {
    let number = |tenths: i32| f64::from(tenths) / 10.0;
    let size = |question: &EffectQuestion| {
        let size = question.size?;
        let label = question.text.best(language).to_owned();
        Some((
            label,
            number(size.effect_from_tenths),
            number(size.effect_to_tenths),
        ))
    };
    let rows: Vec<_> = effect.questions.iter().filter_map(size).collect();
    let (from, to) = rows
        .iter()
        .fold((-0.5, 0.5), |(from, to): (f64, f64), row| {
            (from.min(row.1), to.max(row.2))
        });
    html! {
        @if !rows.is_empty() {
            h3 { (words::EFFECT_SIZES.get(language)) }
            @let about = words::EFFECT_SIZES.get(language);
            div class="figure" {
                (charts::intervals(about, &rows, (from, to), language))
                (spans(&words::QUESTION, about, &rows, language))
            }
        }
    }
}

/// The numbers of a chart of intervals.
fn spans(head: &Words, about: &str, rows: &[(String, f64, f64)], language: Language) -> Markup {
    html! {
        table {
            caption class="unseen" { (about) }
            thead { tr {
                th scope="col" { (head.get(language)) }
                th scope="col" class="number" { (words::FROM.get(language)) }
                th scope="col" class="number" { (words::TO.get(language)) }
            } }
            tbody {
                @for (label, from, to) in rows {
                    tr {
                        th scope="row" { (label) }
                        td class="number" { (decimal(*from, 2, language)) }
                        td class="number" { (decimal(*to, 2, language)) }
                    }
                }
            }
        }
    }
}

fn changed(question: &EffectQuestion, language: Language) -> Markup {
    let rows = directions(&question.cells, language);
    let about = question.text.best(language);
    html! {
        section class="question" {
            h3 { (page::text(&question.text, language)) }
            div class="figure" {
                (charts::bars(about, &rows))
                (table(&words::CHANGE, about, (&rows, None), language))
            }
            @if let Some(size) = question.size {
                p { (words::EFFECT.fill(language, &[
                    ("mean", tenths(size.mean_change_tenths, language)),
                    ("effect", tenths(size.effect_tenths, language)),
                    ("from", tenths(size.effect_from_tenths, language)),
                    ("to", tenths(size.effect_to_tenths, language)),
                ])) }
            }
            @for breakdown in &question.breakdowns {
                @let words = dimension(breakdown.dimension).get(language);
                h4 { (words) }
                div class="figure" {
                    (groups(&words::CHANGE, &format!("{about}: {words}"), breakdown, language, |group| {
                        directions(&group.cells, language)
                    }))
                }
            }
        }
    }
}

/// How many answered lower, the same and higher.
fn directions(cells: &[ReportCell], language: Language) -> Vec<(String, u32)> {
    let word = |answer: &String| match answer.as_str() {
        "lower" => words::LOWER.get(language),
        "same" => words::SAME.get(language),
        _ => words::HIGHER.get(language),
    };
    let row = |cell: &ReportCell| {
        let mut names: Vec<&str> = cell.answers.iter().map(word).collect();
        if cell.with_unanswered {
            names.push(words::UNANSWERED.get(language));
        }
        (names.join(", "), u32::try_from(cell.count).unwrap_or(0))
    };
    cells.iter().map(row).collect()
}

fn networks(report: &RoundReport, drawn: &Drawn, language: Language) -> Markup {
    html! {
        @for (network, drawings) in report.networks.iter().zip(&drawn.drawings) {
            section {
                @let closed_on = figure::date(network.closed_on, language);
                h2 { (words::NETWORK.get(language)) ", " (closed_on) }
                p { (page::text(&network.text, language)) }
                @match network.answered_count {
                    Some(count) => p { (words::CLOSED.fill(language, &[("date", closed_on), ("count", count.to_string())])) },
                    None => p { (words::NETWORK_FEW.get(language)) },
                }
                @for ties in &network.ties {
                    section class="question" {
                        h3 { (page::text(&ties.text, language)) }
                        div class="figure" {
                            @if let Some(drawing) = drawings.get(&ties.key) {
                                (charts::network(&words::NETWORK_DRAWN.fill(language, &[
                                    ("people", drawing.places.len().to_string()),
                                    ("ties", drawing.lines.len().to_string()),
                                ]), drawing))
                            }
                            (measures(ties, language))
                        }
                    }
                }
            }
        }
    }
}

fn measures(ties: &NetworkTies, language: Language) -> Markup {
    let share = |permille: i32| figure::percent(permille, language);
    let mut rows = vec![
        (&words::DENSITY, share(ties.density_permille)),
        (&words::RECIPROCITY, share(ties.reciprocity_permille)),
    ];
    rows.extend(
        ties.isolates_count
            .map(|count| (&words::ISOLATES, count.to_string())),
    );
    let across = ties.between_municipalities_permille.map(share);
    rows.extend(across.map(|share| (&words::ACROSS_MUNICIPALITIES, share)));
    let across = ties.between_departments_permille.map(share);
    rows.extend(across.map(|share| (&words::ACROSS_DEPARTMENTS, share)));
    rows.extend(ties.changes.iter().map(|change| {
        let sign = match change.density_change_permille {
            1.. => "+",
            0 => "",
            _ => "−",
        };
        let changed = format!("{sign}{}", share(change.density_change_permille.abs()));
        (
            &words::DENSITY_CHANGE,
            format!("{changed} ({})", share(change.chance_permille)),
        )
    }));
    html! {
        table {
            caption class="unseen" { (ties.text.best(language)) }
            thead { tr { th scope="col" { (words::MEASURE.get(language)) } th scope="col" class="number" { (words::VALUE.get(language)) } } }
            tbody { @for (words, value) in rows { tr { th scope="row" { (words.get(language)) } td class="number" { (value) } } } }
        }
    }
}
