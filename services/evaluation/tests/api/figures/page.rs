//! What stands on a report's page in English: as it is read, and as JSON says that it has to be.

use super::{items, text};
use roxmltree::{Document, Node};
use serde_json::Value;

/// Where a chart's values begin and end, in its own pixels.
const AXIS: (f64, f64) = (6.0, 334.0);
/// Longest label of a chart.
const LABEL: usize = 42;

/// What a page says.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// Names and numbers at the top.
    pub(super) facts: Vec<(String, String)>,
    /// Sentences with a number in them.
    pub(super) sentences: Vec<String>,
    /// Tables, row by row.
    pub(super) tables: Vec<Vec<Vec<String>>>,
    /// How many charts there are, each of which says what the table beside it does.
    pub(super) charts: usize,
}

fn words(node: Node<'_, '_>) -> String {
    let all: String = node
        .descendants()
        .filter(Node::is_text)
        .filter_map(|one| one.text())
        .collect();
    all.trim().to_owned()
}

fn are<'a, 'd>(node: Node<'a, 'd>, name: &'static str) -> impl Iterator<Item = Node<'a, 'd>> {
    node.descendants()
        .filter(move |one| one.tag_name().name() == name)
}

fn attribute(node: Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name).unwrap().parse().unwrap()
}

fn number(text: &str) -> f64 {
    text.replace('−', "-").parse().unwrap()
}

impl Page {
    /// Reads a page.
    pub(super) fn read(page: &str) -> Self {
        let from = page.find("<main>").unwrap();
        let to = page.find("</main>").unwrap() + "</main>".len();
        let document = Document::parse(&page[from..to]).unwrap();
        let root = document.root_element();
        let rows = |table: Node<'_, '_>| -> Vec<Vec<String>> {
            let rows = are(table, "tr").filter(|row| {
                let parent = row.parent().unwrap();
                parent.tag_name().name() != "thead"
            });
            let cells = |row: Node<'_, '_>| row.children().map(words).collect();
            rows.map(cells).collect()
        };
        let fact = |one: Node<'_, '_>| {
            let own = |name| words(are(one, name).next().unwrap());
            (own("dt"), own("dd"))
        };
        let mut charts = 0;
        for svg in are(root, "svg") {
            charts += 1;
            let figure = svg
                .ancestors()
                .find(|one| one.attribute("class") == Some("figure"));
            let figure = figure.unwrap();
            let table = are(figure, "table").next().unwrap();
            let body = are(table, "tbody").next().unwrap();
            is_as_drawn(svg, &rows(body));
        }
        let has_number = |text: &String| text.contains(|letter: char| letter.is_ascii_digit());
        Self {
            facts: are(root, "dl")
                .flat_map(|list| are(list, "div"))
                .map(fact)
                .collect(),
            sentences: are(root, "p").map(words).filter(has_number).collect(),
            tables: are(root, "table").map(rows).collect(),
            charts,
        }
    }
}

/// Compares what is drawn with the rows of the table beside it.
fn is_as_drawn(svg: Node<'_, '_>, rows: &[Vec<String>]) {
    let texts: Vec<String> = are(svg, "text").map(words).collect();
    let circles: Vec<Node<'_, '_>> = are(svg, "circle").collect();
    let rects: Vec<Node<'_, '_>> = are(svg, "rect").collect();
    let is_label = |shown: &str, label: &str| {
        let start: String = label.chars().take(LABEL).collect();
        let whole = if start == label {
            start
        } else {
            format!("{start}…")
        };
        assert_eq!(shown, whole);
    };
    if rects.is_empty() {
        // A network: people and ties, without a word.
        let ties = are(svg, "polyline").count();
        let about = svg.parent().unwrap().attribute("aria-label").unwrap();
        assert!(texts.is_empty() && !rows.is_empty());
        let said = format!("{} people, {ties} ties", circles.len());
        assert!(about.ends_with(&said), "{about}: {said}");
        return;
    }
    assert_eq!(rects.len(), rows.len());
    if circles.is_empty() {
        let counts: Vec<f64> = rows.iter().map(|row| number(&row[1])).collect();
        let most = counts.iter().copied().fold(1.0, f64::max);
        assert_eq!(texts.len(), 2 * rows.len());
        for ((row, count), (shown, rect)) in
            rows.iter().zip(&counts).zip(texts.chunks(2).zip(&rects))
        {
            is_label(&shown[0], &row[0]);
            assert_eq!(shown[1], row[1]);
            let length = attribute(*rect, "width");
            assert!(
                (length - count / most * 290.0).abs() <= 1.5,
                "{length} for {count}"
            );
        }
        return;
    }
    assert!(texts.len() >= 2, "{texts:?}");
    let (ends, labels) = texts.split_at(2);
    let (low, high) = (number(&ends[0]), number(&ends[1]));
    assert_eq!(labels.len(), rows.len());
    for ((row, shown), ends) in rows.iter().zip(labels).zip(circles.chunks(2)) {
        // Either two columns, or a span in the last one that the label repeats.
        let values: Vec<f64> = if row[1].contains('.') {
            is_label(shown, &row[0]);
            row[1..].iter().map(|one| number(one)).collect()
        } else {
            assert_eq!(*shown, format!("{}: {}", row[0], row[2]));
            row[2].split('–').map(number).collect()
        };
        for (circle, value) in ends.iter().zip(values.iter().cycle()) {
            // A label of the axis has one digit behind the point.
            let reach = (value.clamp(low, high) - low) / (high - low);
            let place = AXIS.0 + reach * (AXIS.1 - AXIS.0);
            let drawn = attribute(*circle, "cx");
            assert!(
                (drawn - place).abs() <= 3.0,
                "{value} is drawn at {drawn}, not {place}"
            );
        }
    }
}

fn whole(number: &Value) -> String {
    number.as_i64().unwrap().to_string()
}

fn written(number: f64, digits: usize) -> String {
    format!("{number:.digits$}").replace('-', "−")
}

fn parts(number: &Value, parts: f64) -> f64 {
    f64::from(i32::try_from(number.as_i64().unwrap()).unwrap()) / parts
}

fn hundredths(number: &Value) -> String {
    written(parts(number, 100.0), 2)
}

fn tenths(number: &Value) -> String {
    written(parts(number, 10.0), 1)
}

/// `2022-06-01` as it is written.
fn day(of: &Value) -> String {
    let date: chrono::NaiveDate = text(of, "closedOn").parse().unwrap();
    date.format("%-d\u{a0}%B\u{a0}%Y").to_string()
}

fn option(question: &Value, key: &str) -> String {
    let mut options = items(question, "options").iter();
    let found = options.find(|one| one["key"] == key);
    found.map_or(key, |one| text(&one["text"], "en")).to_owned()
}

fn rows(of: &Value, question: &Value) -> Vec<Vec<String>> {
    let cell = |cell: &Value| {
        let names: Vec<String> = items(cell, "answers")
            .iter()
            .map(|key| option(question, key.as_str().unwrap()))
            .collect();
        let is_number = |name: &String| name.parse::<i32>().is_ok();
        let mut label = match names.as_slice() {
            [first, .., last] if names.iter().all(is_number) => format!("{first}–{last}"),
            _ => names
                .iter()
                .map(|name| if name == "same" { "the same" } else { name })
                .collect::<Vec<_>>()
                .join(", "),
        };
        if cell["withUnanswered"] == true {
            label = if label.is_empty() {
                "no answer".to_owned()
            } else {
                format!("{label}, no answer")
            };
        }
        vec![label, whole(&cell["count"])]
    };
    let choice = |one: &Value| vec![option(question, text(one, "key")), whole(&one["count"])];
    let cells = items(of, "cells").iter().map(cell);
    cells
        .chain(items(of, "choices").iter().map(choice))
        .collect()
}

fn group(of: &Value) -> String {
    let called = match (of["isOthers"] == true, of["name"].as_str()) {
        (true, _) => "Others",
        (false, Some(name)) => name,
        (false, None) => match text(of, "key") {
            "woman" => "Women",
            "man" => "Men",
            "other" => "Other",
            "employed_manager" => "Employed managers",
            "elected" => "Elected representatives",
            _ => "Not stated",
        },
    };
    format!("{called} ({})", of["count"])
}

impl Page {
    fn mean(&mut self, mean: &Value) {
        if mean.is_null() {
            return;
        }
        let [low, high] =
            ["lowestHundredths", "highestHundredths"].map(|one| hundredths(&mean[one]));
        self.sentences.push(if low == high {
            format!("Mean: {low}.")
        } else {
            format!("Mean: between {low} and {high}.")
        });
    }

    fn breakdowns(&mut self, of: &Value) {
        for breakdown in items(of, "breakdowns") {
            let groups = items(breakdown, "groups");
            if groups.iter().all(|one| one["mean"].is_object()) {
                let mean = |one: &Value| {
                    let bound = |name: &str| hundredths(&one["mean"][name]);
                    vec![
                        group(one),
                        bound("lowestHundredths"),
                        bound("highestHundredths"),
                    ]
                };
                self.tables.push(groups.iter().map(mean).collect());
            }
            let lines = groups.iter().flat_map(|one| {
                let line = move |row: Vec<String>| [vec![group(one)], row].concat();
                rows(one, of).into_iter().map(line)
            });
            self.tables.push(lines.collect());
        }
    }

    fn question(&mut self, question: &Value) {
        let mut table = rows(question, question);
        if !table.is_empty() {
            if question["askedCount"].is_number() {
                table.push(vec!["Asked".to_owned(), whole(&question["askedCount"])]);
            }
            self.tables.push(table);
        }
        self.mean(&question["mean"]);
        self.breakdowns(question);
    }

    fn surveys(&mut self, of: &Value) {
        for survey in items(of, "surveys") {
            let count = &survey["answeredCount"];
            self.sentences
                .push(format!("Closed {}. {count} answered.", day(survey)));
            for question in items(survey, "questions") {
                if question["kind"] != "network_tie" {
                    self.question(question);
                }
            }
        }
    }

    fn effects(&mut self, of: &Value) {
        for effect in items(of, "effects") {
            let count = &effect["pairsCount"];
            self.sentences
                .push(format!("{count} people answered both before and after."));
            let shown = items(effect, "questions").iter();
            let sizes: Vec<Vec<String>> = shown
                .clone()
                .filter(|one| one["size"].is_object())
                .map(|one| {
                    let bound = |name: &str| written(parts(&one["size"][name], 10.0), 2);
                    let label = text(&one["text"], "en").to_owned();
                    vec![label, bound("effectFromTenths"), bound("effectToTenths")]
                })
                .collect();
            if !sizes.is_empty() {
                self.tables.push(sizes);
            }
            for question in shown.filter(|one| one["showing"] == "shown") {
                self.tables.push(rows(question, question));
                let size = &question["size"];
                if size.is_object() {
                    self.sentences.push(format!(
                        "Mean change {} steps; effect size {} (95 % interval {} to {}).",
                        tenths(&size["meanChangeTenths"]),
                        tenths(&size["effectTenths"]),
                        tenths(&size["effectFromTenths"]),
                        tenths(&size["effectToTenths"]),
                    ));
                }
                self.breakdowns(question);
            }
        }
    }

    fn networks(&mut self, of: &Value) {
        let share = |number: &Value| {
            let number = parts(number, 10.0).abs();
            let digits = usize::from(number.fract() > 0.0);
            format!("{number:.digits$}%")
        };
        for network in items(of, "networks") {
            let count = &network["answeredCount"];
            self.sentences
                .push(format!("Closed {}. {count} answered.", day(network)));
            for ties in items(network, "ties") {
                let row = |name: &str, value: String| vec![name.to_owned(), value];
                let mut table = vec![
                    row("Density", share(&ties["densityPermille"])),
                    row("Reciprocity", share(&ties["reciprocityPermille"])),
                ];
                if ties["isolatesCount"].is_number() {
                    table.push(row("Without a tie", whole(&ties["isolatesCount"])));
                }
                for (name, member) in [
                    (
                        "Ties between municipalities",
                        "betweenMunicipalitiesPermille",
                    ),
                    ("Ties between departments", "betweenDepartmentsPermille"),
                ] {
                    if ties[member].is_number() {
                        table.push(row(name, share(&ties[member])));
                    }
                }
                for change in items(ties, "changes") {
                    let permille = &change["densityChangePermille"];
                    let sign = ["−", "", "+"]
                        [usize::try_from(permille.as_i64().unwrap().signum() + 1).unwrap()];
                    let value = format!(
                        "{sign}{} ({})",
                        share(permille),
                        share(&change["chancePermille"])
                    );
                    let name = "Change of density since an earlier survey (share of chance)";
                    table.push(row(name, value));
                }
                self.tables.push(table);
            }
        }
    }

    fn fact(&mut self, name: &str, number: &Value) {
        self.facts.push((name.to_owned(), whole(number)));
    }
}

/// The page of a round.
pub(super) fn expected_round(report: &Value) -> Page {
    let mut page = Page::default();
    page.fact("Participants", &report["participantsCount"]);
    page.fact("Completed", &report["completedCount"]);
    page.fact("Municipalities", &report["municipalitiesCount"]);
    page.surveys(report);
    page.effects(report);
    page.networks(report);
    page
}

/// The page of a participation.
pub(super) fn expected_surveys(report: &Value) -> Page {
    let mut page = Page::default();
    page.sentences
        .push("22\u{a0}August\u{a0}2022 – 31\u{a0}May\u{a0}2023".to_owned());
    page.surveys(report);
    page.effects(report);
    page
}

/// The page of a municipality.
pub(super) fn expected_municipality(report: &Value) -> Page {
    let mut page = Page::default();
    for own in items(report, "ownAnswers") {
        page.question(&own["question"]);
    }
    for round in items(report, "rounds") {
        page.fact("Own participants", &round["ownParticipantsCount"]);
        page.fact("Own who completed", &round["ownCompletedCount"]);
        page.fact("Participants", &round["participantsCount"]);
        let percent = &round["ownAttendancePercent"];
        page.sentences
            .push(format!("Attendance of the own participants: {percent} %."));
        page.surveys(round);
    }
    page
}

/// The page of a 360.
pub(super) fn expected_feedback(report: &Value) -> Page {
    let mut page = Page::default();
    let called = |key: &str| {
        match key {
            "self" => "Yourself",
            "leader" => "Leader",
            "mentor" => "Mentor",
            "peers" => "Peers",
            _ => "Staff",
        }
        .to_owned()
    };
    page.sentences.push(format!("Closed {}.", day(report)));
    let who = |one: &Value| {
        let name = one["name"].as_str().map(|name| format!(": {name}"));
        let count = one["answeredCount"].as_i64();
        vec![
            format!("{}{}", called(text(one, "group")), name.unwrap_or_default()),
            count.map_or("none, or too few".to_owned(), |count| count.to_string()),
        ]
    };
    page.tables
        .push(items(report, "groups").iter().map(who).collect());
    let span = |mean: &Value, signed: bool, between: &str| {
        let bound = |name: &str| {
            let plus = signed && mean[name].as_i64() > Some(0);
            format!("{}{}", if plus { "+" } else { "" }, hundredths(&mean[name]))
        };
        let (low, high) = (bound("lowestHundredths"), bound("highestHundredths"));
        if low == high {
            low
        } else {
            format!("{low}{between}{high}")
        }
    };
    for question in items(report, "questions") {
        let values = items(question, "values");
        if values.is_empty() || question["kind"] == "text" {
            continue;
        }
        let row = |one: &Value| {
            let mean = span(&one["mean"], false, "–");
            vec![called(text(one, "group")), whole(&one["count"]), mean]
        };
        let mut table: Vec<Vec<String>> = values.iter().map(row).collect();
        if question["others"].is_object() {
            let mean = span(&question["others"], false, "–");
            table.push(vec!["All others shown".to_owned(), "–".to_owned(), mean]);
        }
        page.tables.push(table);
        if question["gap"].is_object() {
            let gap = span(&question["gap"], true, " … ");
            page.sentences
                .push(format!("You, compared with the others: {gap}."));
        }
    }
    let least = &report["leastAnswers"];
    page.sentences.push(format!(
        "Of peers and staff nothing is shown unless {least} or more have answered. Near the ends of \
         the scale their mean is a span, since the mean itself would tell what each of them answered. \
         A group that is too small is left out of the mean of others too."
    ));
    page
}
