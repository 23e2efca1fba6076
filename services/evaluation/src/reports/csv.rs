//! Reports as tables for a spreadsheet (RFC 4180): a line for each number.
//!
//! Texts that a spreadsheet would take for a formula get an apostrophe in front.

use shared_database::column;
use shared_types::{
    Language, Words,
    evaluation::{
        effects::EffectReport,
        feedbacks::{FeedbackReport, RaterGroup},
        networks::NetworkReport,
        reports::{
            MunicipalityReport, ParticipantReport, ReportBreakdown, ReportCell, ReportChoice,
            ReportMean, RoundReport, SurveyReport,
        },
    },
};

/// The headings; what stands below them is for programs, and the same in every language.
const HEAD: Words = Words {
    en: "part,of,closed_on,question,dimension,group,answer,count,lowest,highest",
    sv: "del,avser,stängd,fråga,indelning,grupp,svar,antal,lägst,högst",
    da: "del,vedrører,lukket,spørgsmål,inddeling,gruppe,svar,antal,lavest,højest",
};

/// A table that grows line by line.
#[derive(Debug)]
pub struct Table {
    text: String,
    language: Language,
}

/// Where in the table a line stands: part, what it is of, day, question, dimension, group.
type Place<'a> = [&'a str; 6];

impl Table {
    /// A table with its head alone.
    pub fn new(language: Language) -> Self {
        Self {
            text: format!("{}\r\n", HEAD.get(language)),
            language,
        }
    }

    /// A round's report.
    pub fn round(mut self, report: &RoundReport) -> String {
        let of = report.name.best(self.language);
        for (answer, count) in [
            ("participants", report.participants_count),
            ("completed", report.completed_count),
            ("municipalities", report.municipalities_count),
        ] {
            self.line(["round", of, "", "", "", ""], answer, Some(count), None);
        }
        self.surveys(&report.surveys);
        self.effects(&report.effects);
        self.networks(&report.networks);
        self.text
    }

    /// A municipality's report.
    pub fn municipality(mut self, report: &MunicipalityReport) -> String {
        for round in &report.rounds {
            let of = round.name.best(self.language);
            let all = ["round", of, "", "", "", ""];
            self.line(all, "participants", Some(round.participants_count), None);
            let place = ["round", of, "", "", "", &report.name];
            self.line(
                place,
                "participants",
                Some(round.own_participants_count),
                None,
            );
            self.line(place, "completed", Some(round.own_completed_count), None);
            if let Some(percent) = round.own_attendance_percent {
                self.line(place, "attendance_percent", Some(percent), None);
            }
            self.surveys(&round.surveys);
        }
        for own in &report.own_answers {
            let place = [
                "own answers",
                "",
                "",
                &own.question.key,
                "municipality",
                &report.name,
            ];
            self.line(place, "surveys", Some(own.surveys_count), None);
            self.asked(place, own.question.asked_count);
            self.answers(
                place,
                &own.question.cells,
                &own.question.choices,
                own.question.mean,
            );
        }
        self.text
    }

    /// A participation's report.
    pub fn participation(mut self, report: &ParticipantReport) -> String {
        self.surveys(&report.surveys);
        self.effects(&report.effects);
        self.text
    }

    /// A 360's report.
    pub fn feedback(mut self, report: &FeedbackReport) -> String {
        let of = report.participant_name.as_str();
        let closed_on = report.closed_on.to_string();
        for one in report
            .groups
            .iter()
            .filter(|one| one.answered_count.is_some())
        {
            let place = ["feedback", of, &closed_on, "", "group", group(one.group)];
            self.line(place, "answered", one.answered_count, None);
        }
        for question in &report.questions {
            let place =
                |group: &'static str| ["feedback", of, &closed_on, &question.key, "group", group];
            for value in &question.values {
                let group = group(value.group);
                self.line(place(group), "mean", Some(value.count), Some(value.mean));
            }
            let gap = question.gap.map(|gap| ReportMean {
                lowest_hundredths: gap.lowest_hundredths,
                highest_hundredths: gap.highest_hundredths,
            });
            for (group, mean) in [("others", question.others), ("gap", gap)] {
                if mean.is_some() {
                    self.line(place(group), "mean", None, mean);
                }
            }
            for written in &question.texts {
                for text in &written.texts {
                    self.line(place(group(written.group)), text, None, None);
                }
            }
        }
        self.text
    }

    fn surveys(&mut self, surveys: &[SurveyReport]) {
        for survey in surveys {
            let of = survey.name.best(self.language);
            let closed_on = survey.closed_on.to_string();
            if survey.answered_count.is_some() {
                let place = ["survey", of, &closed_on, "", "", ""];
                self.line(place, "answered", survey.answered_count, None);
            }
            for question in &survey.questions {
                let place = ["survey", of, &closed_on, &question.key, "", ""];
                self.asked(place, question.asked_count);
                self.answers(place, &question.cells, &question.choices, question.mean);
                for text in &question.texts {
                    self.line(place, text, None, None);
                }
                self.breakdowns(place, &question.breakdowns);
            }
        }
    }

    /// The same by what people are.
    fn breakdowns(&mut self, place: Place<'_>, breakdowns: &[ReportBreakdown]) {
        let [part, of, closed_on, question, ..] = place;
        for breakdown in breakdowns {
            let dimension = column::text(breakdown.dimension);
            for group in &breakdown.groups {
                let named = group.name.as_ref().or(group.key.as_ref());
                let name = named.map_or("", String::as_str);
                let name = if group.is_others { "others" } else { name };
                let place = [part, of, closed_on, question, &dimension, name];
                self.line(place, "people", Some(group.count), None);
                self.answers(place, &group.cells, &group.choices, group.mean);
            }
        }
    }

    fn effects(&mut self, effects: &[EffectReport]) {
        for effect in effects {
            let of = effect.after_survey_id.to_string();
            if effect.pairs_count.is_some() {
                let place = ["change", &of, "", "", "", ""];
                self.line(place, "pairs", effect.pairs_count, None);
            }
            for question in &effect.questions {
                let place = ["change", &of, "", &question.key, "", ""];
                self.answers(place, &question.cells, &[], None);
                if let Some(size) = question.size {
                    let one = size.effect_tenths;
                    for (answer, from, to) in [
                        (
                            "mean_change",
                            size.mean_change_tenths,
                            size.mean_change_tenths,
                        ),
                        ("effect", one, one),
                        (
                            "effect_interval",
                            size.effect_from_tenths,
                            size.effect_to_tenths,
                        ),
                    ] {
                        let bounds = ReportMean {
                            lowest_hundredths: from * 10,
                            highest_hundredths: to * 10,
                        };
                        self.line(place, answer, None, Some(bounds));
                    }
                }
                self.breakdowns(place, &question.breakdowns);
            }
        }
    }

    fn networks(&mut self, networks: &[NetworkReport]) {
        for network in networks {
            let (of, closed_on) = (network.survey_id.to_string(), network.closed_on.to_string());
            if network.answered_count.is_some() {
                let place = ["network", &of, &closed_on, &network.question_key, "", ""];
                self.line(place, "answered", network.answered_count, None);
            }
            for ties in &network.ties {
                let place = [
                    "network",
                    &of,
                    &closed_on,
                    &network.question_key,
                    "",
                    &ties.key,
                ];
                for (answer, number) in [
                    ("density_permille", Some(ties.density_permille)),
                    ("reciprocity_permille", Some(ties.reciprocity_permille)),
                    ("isolates", ties.isolates_count),
                    (
                        "between_municipalities_permille",
                        ties.between_municipalities_permille,
                    ),
                    (
                        "between_departments_permille",
                        ties.between_departments_permille,
                    ),
                ] {
                    if number.is_some() {
                        self.line(place, answer, number, None);
                    }
                }
                for change in &ties.changes {
                    let [part, of, closed_on, question, _, tie] = place;
                    let since = format!("since {}", change.since_survey_id);
                    let place = [part, of, closed_on, question, &since, tie];
                    for (answer, number) in [
                        ("density_change_permille", change.density_change_permille),
                        ("chance_permille", change.chance_permille),
                    ] {
                        self.line(place, answer, Some(number), None);
                    }
                }
            }
        }
    }

    fn asked(&mut self, place: Place<'_>, count: Option<i32>) {
        if count.is_some() {
            self.line(place, "asked", count, None);
        }
    }

    fn answers(
        &mut self,
        place: Place<'_>,
        cells: &[ReportCell],
        choices: &[ReportChoice],
        mean: Option<ReportMean>,
    ) {
        for cell in cells {
            let unanswered = cell.with_unanswered.then_some("unanswered");
            let answers = cell.answers.iter().map(String::as_str);
            let answers: Vec<&str> = unanswered.into_iter().chain(answers).collect();
            self.line(place, &answers.join(" | "), Some(cell.count), None);
        }
        for choice in choices {
            self.line(place, &choice.key, Some(choice.count), None);
        }
        if mean.is_some() {
            self.line(place, "mean", None, mean);
        }
    }

    fn line(
        &mut self,
        place: Place<'_>,
        answer: &str,
        count: Option<i32>,
        mean: Option<ReportMean>,
    ) {
        for field in place.into_iter().chain([answer]) {
            self.text.push_str(&escaped(field));
            self.text.push(',');
        }
        self.text
            .push_str(&count.map_or_else(String::new, |count| count.to_string()));
        for bound in [
            mean.map(|mean| mean.lowest_hundredths),
            mean.map(|mean| mean.highest_hundredths),
        ] {
            self.text.push(',');
            self.text
                .push_str(&bound.map_or_else(String::new, hundredths));
        }
        self.text.push_str("\r\n");
    }
}

const fn group(group: RaterGroup) -> &'static str {
    match group {
        RaterGroup::Oneself => "self",
        RaterGroup::Leader => "leader",
        RaterGroup::Mentor => "mentor",
        RaterGroup::Peers => "peers",
        RaterGroup::Staff => "staff",
    }
}

/// A number of hundredths with a point.
fn hundredths(number: i32) -> String {
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", number.abs() / 100, number.abs() % 100)
}

/// A text as a field: in quotes where it has to be, and never a formula.
fn escaped(text: &str) -> String {
    let is_number = text.parse::<f64>().is_ok();
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number;
    let text = if is_formula {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if text.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_one_field_and_no_formula() {
        assert_eq!(escaped("=SUM(A1)"), "'=SUM(A1)");
        assert_eq!(escaped("-1"), "-1");
        assert_eq!(escaped("a, \"b\"\nc"), "\"a, \"\"b\"\"\nc\"");
        assert_eq!(escaped("@x,y"), "\"'@x,y\"");
        assert_eq!(hundredths(-105), "-1.05");
    }
}
