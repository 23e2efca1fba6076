//! What the page of a 360 shows: each question with all groups in one chart, a table beside it.

use super::{charts, sections::hundredths, words};
use maud::{Markup, html};
use shared_types::{
    Language, Words,
    evaluation::{
        feedbacks::{FeedbackGap, FeedbackQuestion, FeedbackReport, RaterGroup},
        instruments::QuestionKind,
        reports::ReportMean,
    },
};
use shared_web::page::{self, figure};

/// A 360's report.
pub(super) fn report(report: &FeedbackReport, language: Language) -> Markup {
    let closed = [("date", figure::date(report.closed_on, language))];
    html! {
        p { (words::FEEDBACK_CLOSED.fill(language, &closed)) }
        section {
            h2 { (words::WHO.get(language)) }
            table {
                caption class="unseen" { (words::WHO.get(language)) }
                thead { tr {
                    th scope="col" { (words::GROUP.get(language)) }
                    th scope="col" class="number" { (words::COUNT.get(language)) }
                } }
                tbody {
                    @for one in &report.groups {
                        tr {
                            th scope="row" {
                                (of(one.group).get(language))
                                @if let Some(name) = &one.name { ": " (name) }
                            }
                            td class="number" {
                                @match one.answered_count {
                                    Some(count) => (count),
                                    None => (words::NOT_SHOWN.get(language)),
                                }
                            }
                        }
                    }
                }
            }
        }
        @for one in &report.questions { (question(one, language)) }
    }
}

const fn of(group: RaterGroup) -> &'static Words {
    match group {
        RaterGroup::Oneself => &words::GROUP_SELF,
        RaterGroup::Leader => &words::GROUP_LEADER,
        RaterGroup::Mentor => &words::GROUP_MENTOR,
        RaterGroup::Peers => &words::GROUP_PEERS,
        RaterGroup::Staff => &words::GROUP_STAFF,
    }
}

fn question(question: &FeedbackQuestion, language: Language) -> Markup {
    let is_text = question.kind == QuestionKind::Text;
    let is_empty = question.values.is_empty() && question.texts.is_empty();
    html! {
        section class="question" {
            h3 { (page::text(&question.text, language)) }
            @if is_empty { p class="quiet" { (words::NO_ANSWER.get(language)) } }
            @if !is_text && !is_empty { (numbers(question, language)) }
            @for written in &question.texts {
                h4 { (words::WRITTEN.fill(language, &[("group", of(written.group).get(language).to_owned())])) }
                @for text in &written.texts { blockquote class="text" { (text) } }
            }
        }
    }
}

/// Groups with their means, and all others at the end.
fn numbers(question: &FeedbackQuestion, language: Language) -> Markup {
    let about = question.text.best(language);
    let groups = question
        .values
        .iter()
        .map(|value| (of(value.group).get(language), Some(value.count), value.mean));
    let others = question
        .others
        .map(|mean| (words::GROUP_OTHERS.get(language), None, mean));
    let rows: Vec<(&str, Option<i32>, ReportMean)> = groups.chain(others).collect();
    let number = |hundredths: i32| f64::from(hundredths) / 100.0;
    let drawn: Vec<(String, f64, f64)> = rows
        .iter()
        .map(|(group, _, mean)| {
            let label = format!("{group}: {}", span(*mean, language));
            (
                label,
                number(mean.lowest_hundredths),
                number(mean.highest_hundredths),
            )
        })
        .collect();
    let ends = (question.lowest.unwrap_or(0), question.highest.unwrap_or(0));
    html! {
        div class="figure" {
            (charts::intervals(about, &drawn, (f64::from(ends.0), f64::from(ends.1)), language))
            table {
                caption class="unseen" { (about) }
                thead { tr {
                    th scope="col" { (words::GROUP.get(language)) }
                    th scope="col" class="number" { (words::COUNT.get(language)) }
                    th scope="col" class="number" { (words::MEAN_HEAD.get(language)) }
                } }
                tbody {
                    @for (group, count, mean) in &rows {
                        tr {
                            th scope="row" { (group) }
                            td class="number" { @if let Some(count) = count { (count) } @else { "–" } }
                            td class="number" { (span(*mean, language)) }
                        }
                    }
                }
            }
        }
        @if let Some(gap) = question.gap {
            p { (words::GAP.fill(language, &[("gap", difference(gap, language))])) }
        }
    }
}

/// A mean, or the span in which it lies.
fn span(mean: ReportMean, language: Language) -> String {
    let (from, to) = (mean.lowest_hundredths, mean.highest_hundredths);
    if from == to {
        hundredths(from, language)
    } else {
        format!(
            "{}–{}",
            hundredths(from, language),
            hundredths(to, language)
        )
    }
}

/// A difference with its sign.
fn difference(gap: FeedbackGap, language: Language) -> String {
    let signed = |number: i32| {
        let sign = if number > 0 { "+" } else { "" };
        format!("{sign}{}", hundredths(number, language))
    };
    let (from, to) = (gap.lowest_hundredths, gap.highest_hundredths);
    if from == to {
        signed(from)
    } else {
        format!("{} … {}", signed(from), signed(to))
    }
}
