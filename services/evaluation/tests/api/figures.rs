//! JSON, CSV and page of a report hold the same numbers, and what is drawn stands beside it.

mod page;

use crate::{
    answered::{Asked, likert},
    circle::{send, sheet},
    feedbacks::Circle,
    networks::network,
    world::{World, on_each_database},
};
use page::{Page, expected_feedback, expected_municipality, expected_round, expected_surveys};
use serde_json::{Value, json};
use shared_testing::{Client, Reply};
use shared_types::{ApplicationId, PersonId, Role};
use std::collections::BTreeSet;
use uuid::Uuid;

/// A line of the table: part, of, day, question, dimension, group, answer, count, lowest, highest.
type Line = [String; 10];

/// Members that say how something was asked, not what came of it.
const ASKED_WITH: [&str; 4] = ["instrumentVersion", "leastAnswers", "lowest", "highest"];
/// Members of which the tests below know where they stand.
const NUMBERS: [&str; 24] = [
    "answeredCount",
    "askedCount",
    "betweenDepartmentsPermille",
    "betweenMunicipalitiesPermille",
    "chancePermille",
    "completedCount",
    "count",
    "densityChangePermille",
    "densityPermille",
    "effectFromTenths",
    "effectTenths",
    "effectToTenths",
    "highestHundredths",
    "isolatesCount",
    "lowestHundredths",
    "meanChangeTenths",
    "municipalitiesCount",
    "ownAttendancePercent",
    "ownCompletedCount",
    "ownParticipantsCount",
    "pairsCount",
    "participantsCount",
    "reciprocityPermille",
    "surveysCount",
];

/// Names of all members that are numbers.
fn numbers(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                if value.is_number() {
                    found.insert(name.clone());
                }
                numbers(value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| numbers(item, found)),
        _ => {}
    }
}

/// The fields of a table (RFC 4180).
fn parsed(text: &str) -> Vec<Line> {
    let (mut rows, mut row, mut field) = (Vec::new(), Vec::new(), String::new());
    let mut quoted = false;
    let mut letters = text.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut field)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                row.push(std::mem::take(&mut field));
                rows.push(Line::try_from(std::mem::take(&mut row)).unwrap());
            }
            other => field.push(other),
        }
    }
    assert!(row.is_empty() && field.is_empty(), "the last line is whole");
    rows.split_off(1)
}

fn items<'v>(value: &'v Value, member: &str) -> &'v [Value] {
    value[member].as_array().map_or(&[], Vec::as_slice)
}

fn text<'v>(value: &'v Value, member: &str) -> &'v str {
    value[member].as_str().unwrap_or_default()
}

/// What JSON holds, as lines.
#[derive(Default)]
struct Lines(Vec<Line>);

impl Lines {
    fn push(&mut self, place: [&str; 6], answer: &str, numbers: [Option<String>; 3]) {
        let [part, of, day, question, dimension, group] = place.map(str::to_owned);
        let [count, lowest, highest] = numbers.map(Option::unwrap_or_default);
        self.0.push([
            part,
            of,
            day,
            question,
            dimension,
            group,
            answer.to_owned(),
            count,
            lowest,
            highest,
        ]);
    }

    fn count(&mut self, place: [&str; 6], answer: &str, number: &Value) {
        if let Some(number) = number.as_i64() {
            self.push(place, answer, [Some(number.to_string()), None, None]);
        }
    }

    fn span(&mut self, place: [&str; 6], answer: &str, bounds: [&Value; 2], parts: i64) {
        if let [Some(low), Some(high)] = bounds.map(Value::as_i64) {
            let written = |number: i64| {
                let number = number * (100 / parts);
                let sign = if number < 0 { "-" } else { "" };
                Some(format!(
                    "{sign}{}.{:02}",
                    number.abs() / 100,
                    number.abs() % 100
                ))
            };
            self.push(place, answer, [None, written(low), written(high)]);
        }
    }

    fn mean(&mut self, place: [&str; 6], mean: &Value) {
        let bounds = [&mean["lowestHundredths"], &mean["highestHundredths"]];
        self.span(place, "mean", bounds, 100);
    }

    fn answers(&mut self, place: [&str; 6], of: &Value) {
        for cell in items(of, "cells") {
            let mut answers: Vec<&str> = Vec::new();
            if cell["withUnanswered"] == true {
                answers.push("unanswered");
            }
            answers.extend(items(cell, "answers").iter().filter_map(Value::as_str));
            self.count(place, &answers.join(" | "), &cell["count"]);
        }
        for choice in items(of, "choices") {
            self.count(place, text(choice, "key"), &choice["count"]);
        }
        self.mean(place, &of["mean"]);
    }

    fn breakdowns(&mut self, place: [&str; 6], of: &Value) {
        let [part, name, day, question, ..] = place;
        for breakdown in items(of, "breakdowns") {
            for group in items(breakdown, "groups") {
                let called = if group["isOthers"] == true {
                    "others"
                } else {
                    let name = group["name"].as_str().or(group["key"].as_str());
                    name.unwrap_or_default()
                };
                let dimension = text(breakdown, "dimension");
                let place = [part, name, day, question, dimension, called];
                self.count(place, "people", &group["count"]);
                self.answers(place, group);
            }
        }
    }

    fn surveys(&mut self, report: &Value) {
        for survey in items(report, "surveys") {
            let (of, day) = (text(&survey["name"], "en"), text(survey, "closedOn"));
            let place = ["survey", of, day, "", "", ""];
            self.count(place, "answered", &survey["answeredCount"]);
            for question in items(survey, "questions") {
                let place = ["survey", of, day, text(question, "key"), "", ""];
                self.count(place, "asked", &question["askedCount"]);
                self.answers(place, question);
                for written in items(question, "texts") {
                    let written = written.as_str().unwrap();
                    // A spreadsheet takes no text for a formula.
                    let written = if written.starts_with('=') {
                        format!("'{written}")
                    } else {
                        written.to_owned()
                    };
                    self.push(place, &written, [None, None, None]);
                }
                self.breakdowns(place, question);
            }
        }
    }

    fn effects(&mut self, report: &Value) {
        for effect in items(report, "effects") {
            let of = text(effect, "afterSurveyId");
            let place = ["change", of, "", "", "", ""];
            self.count(place, "pairs", &effect["pairsCount"]);
            for question in items(effect, "questions") {
                let place = ["change", of, "", text(question, "key"), "", ""];
                self.answers(place, question);
                let size = &question["size"];
                for (answer, low, high) in [
                    ("mean_change", "meanChangeTenths", "meanChangeTenths"),
                    ("effect", "effectTenths", "effectTenths"),
                    ("effect_interval", "effectFromTenths", "effectToTenths"),
                ] {
                    self.span(place, answer, [&size[low], &size[high]], 10);
                }
                self.breakdowns(place, question);
            }
        }
    }

    fn networks(&mut self, report: &Value) {
        for network in items(report, "networks") {
            let (of, day) = (text(network, "surveyId"), text(network, "closedOn"));
            let question = text(network, "questionKey");
            let place = ["network", of, day, question, "", ""];
            self.count(place, "answered", &network["answeredCount"]);
            for ties in items(network, "ties") {
                let tie = text(ties, "key");
                for (answer, member) in [
                    ("density_permille", "densityPermille"),
                    ("reciprocity_permille", "reciprocityPermille"),
                    ("isolates", "isolatesCount"),
                    (
                        "between_municipalities_permille",
                        "betweenMunicipalitiesPermille",
                    ),
                    ("between_departments_permille", "betweenDepartmentsPermille"),
                ] {
                    let place = ["network", of, day, question, "", tie];
                    self.count(place, answer, &ties[member]);
                }
                for change in items(ties, "changes") {
                    let since = format!("since {}", text(change, "sinceSurveyId"));
                    let place = ["network", of, day, question, &since, tie];
                    for (answer, member) in [
                        ("density_change_permille", "densityChangePermille"),
                        ("chance_permille", "chancePermille"),
                    ] {
                        self.count(place, answer, &change[member]);
                    }
                }
            }
        }
    }

    fn round(report: &Value) -> Self {
        let mut lines = Self::default();
        let place = ["round", text(&report["name"], "en"), "", "", "", ""];
        lines.count(place, "participants", &report["participantsCount"]);
        lines.count(place, "completed", &report["completedCount"]);
        lines.count(place, "municipalities", &report["municipalitiesCount"]);
        lines.surveys(report);
        lines.effects(report);
        lines.networks(report);
        lines
    }

    fn municipality(report: &Value) -> Self {
        let mut lines = Self::default();
        let own = text(report, "name");
        for round in items(report, "rounds") {
            let of = text(&round["name"], "en");
            let place = ["round", of, "", "", "", ""];
            lines.count(place, "participants", &round["participantsCount"]);
            let place = ["round", of, "", "", "", own];
            lines.count(place, "participants", &round["ownParticipantsCount"]);
            lines.count(place, "completed", &round["ownCompletedCount"]);
            lines.count(place, "attendance_percent", &round["ownAttendancePercent"]);
            lines.surveys(round);
        }
        for one in items(report, "ownAnswers") {
            let key = text(&one["question"], "key");
            let place = ["own answers", "", "", key, "municipality", own];
            lines.count(place, "surveys", &one["surveysCount"]);
            lines.count(place, "asked", &one["question"]["askedCount"]);
            lines.answers(place, &one["question"]);
        }
        lines
    }

    fn participation(report: &Value) -> Self {
        let mut lines = Self::default();
        lines.surveys(report);
        lines.effects(report);
        lines
    }

    fn feedback(report: &Value) -> Self {
        let mut lines = Self::default();
        let (of, day) = (text(report, "participantName"), text(report, "closedOn"));
        for one in items(report, "groups") {
            let place = ["feedback", of, day, "", "group", text(one, "group")];
            lines.count(place, "answered", &one["answeredCount"]);
        }
        for question in items(report, "questions") {
            let key = text(question, "key");
            for value in items(question, "values") {
                let place = ["feedback", of, day, key, "group", text(value, "group")];
                lines.mean(place, &value["mean"]);
                let last = lines.0.last_mut().unwrap();
                last[7] = value["count"].to_string();
            }
            for group in ["others", "gap"] {
                let place = ["feedback", of, day, key, "group", group];
                lines.mean(place, &question[group]);
            }
            for written in items(question, "texts") {
                let place = ["feedback", of, day, key, "group", text(written, "group")];
                for text in items(written, "texts") {
                    lines.push(place, text.as_str().unwrap(), [None, None, None]);
                }
            }
        }
        lines
    }
}

/// A report as JSON, and its page and table by a link.
async fn read(world: &World, reader: &Client, path: &str) -> (Reply, String, Vec<Line>) {
    let report = reader.get(path).await.ok();
    let made = reader.post_empty(&format!("{path}/links")).await.is(201);
    let address = made["address"].as_str().unwrap();
    let stranger = world.service.stranger();
    let in_english = async |path: &str| {
        let call = stranger.call("GET".parse().unwrap(), path);
        call.header("accept-language", "en").send().await.ok().text
    };
    let page = in_english(address).await;
    let table = in_english(&format!("{address}.csv")).await;
    (report, page, parsed(&table))
}

/// Compares the three.
fn are_the_same(
    (report, page, mut table): (Reply, String, Vec<Line>),
    Lines(mut lines): Lines,
    expected: &Page,
) {
    let mut found = BTreeSet::new();
    numbers(&report.json, &mut found);
    for name in &found {
        let is_known = NUMBERS.contains(&name.as_str()) || ASKED_WITH.contains(&name.as_str());
        assert!(is_known, "{name} stands in JSON, and where else?");
    }
    lines.sort();
    table.sort();
    assert_eq!(table, lines);
    assert!(lines.len() > 10, "{lines:?}");
    let page = Page::read(&page);
    assert_eq!(page.facts, expected.facts);
    assert_eq!(page.sentences, expected.sentences);
    assert_eq!(page.tables, expected.tables);
    assert!(page.charts > 0);
}

/// A round with everything that a report can show.
async fn everything(world: &World) {
    let text = json!({ "en": "Which of these?" });
    let option = |key: &str, text: &str| json!({ "key": key, "text": { "en": text } });
    let questions = json!([
        likert("relevant"),
        { "key": "met", "kind": "multiple", "text": text,
          "options": [option("mail", "By mail, \"often\""), option("lunch", "At lunch <twice>")] },
        { "key": "liked", "kind": "single", "text": { "en": "Did you like it?" },
          "options": [option("yes", "Yes, and I would come again whenever I were asked to"), option("no", "No")] },
        { "key": "grade", "kind": "scale", "lowest": 0, "highest": 10, "text": { "en": "Which grade?" } },
        { "key": "why", "kind": "text", "text": { "en": "Why?" } },
    ]);
    let instrument = world.asking(&questions).await;
    let survey = world.asked(instrument, &Asked::default()).await;
    for number in 0..24_usize {
        let gender = if number.is_multiple_of(2) {
            "woman"
        } else {
            "man"
        };
        let half = number / 2;
        let relevant = [3, 4, 4, 5, 5, 5][half % 6];
        let met = if half < 6 { "mail" } else { "lunch" };
        let liked = if number < 15 { "yes" } else { "no" };
        let mut sheet = json!({ "relevant": relevant, "met": [met], "liked": liked });
        if number < 18 {
            sheet["grade"] = json!(number % 3 * 4);
        }
        if number < 6 {
            sheet["why"] = json!(format!("=It was, in \"{number}\" words,\nnew."));
        }
        let background = (gender, "employed_manager", None, None);
        world.answered(survey, background, None, sheet).await;
    }
    world.close(survey).await;
    world.changed_by(&changing_by_gender(), None).await;
    let mut members: Vec<ApplicationId> = Vec::new();
    for number in 0..12 {
        let one = world.participant(number % 3, json!({})).await;
        if number % 3 == 0 {
            world.tell_attendance(&one, (40, 48), json!({})).await;
        }
        members.push(one.application);
    }
    let instrument = world.asking(&network()).await;
    for ties in [6, 2] {
        let survey = world.asked(instrument, &Asked::default()).await;
        for (number, own) in members.iter().enumerate() {
            let others: Vec<ApplicationId> = (1..=ties)
                .map(|step| members[(number + step) % 12])
                .collect();
            let sheet = json!({ "_application": own.to_string(), "network": { "knows": others } });
            let background = ("woman", "elected", None, None);
            world.answered(survey, background, None, sheet).await;
        }
        world.close(survey).await;
    }
}

/// Somebody's gender, kind and answers before and after.
pub(crate) type Changing = (&'static str, &'static str, i32, i32);

/// Of twelve women and twelve men six rise and six stay.
pub(crate) fn changing_by_gender() -> Vec<Changing> {
    let one = |number: usize| {
        let gender = if number.is_multiple_of(2) {
            "woman"
        } else {
            "man"
        };
        if number < 12 {
            (gender, "elected", 2, 4)
        } else {
            (gender, "elected", 3, 3)
        }
    };
    (0..24).map(one).collect()
}

impl World {
    /// A closed family of two surveys, everybody paired; the second of the two.
    pub(crate) async fn changed_by(
        &self,
        people: &[Changing],
        municipalities: Option<usize>,
    ) -> shared_types::SurveyId {
        let mut question = likert("sure");
        question["text"] = json!({ "en": "I know how I lead" });
        let instrument = self.asking(&json!([question])).await;
        let family = Uuid::now_v7();
        let mut surveys = Vec::new();
        for part in ["before", "after"] {
            let asked = Asked {
                family: Some((family, part)),
                ..Asked::default()
            };
            surveys.push(self.asked(instrument, &asked).await);
        }
        for (number, (gender, kind, before, after)) in people.iter().enumerate() {
            let home = municipalities.map(|most| self.municipalities[number % most]);
            let code = format!("{family} {number}");
            for (survey, answer) in surveys.iter().zip([before, after]) {
                let background = (*gender, *kind, home, None);
                let sheet = json!({ "sure": answer });
                self.answered(*survey, background, Some(&code), sheet).await;
            }
        }
        for survey in &surveys {
            self.close(*survey).await;
        }
        surveys[1]
    }
}

#[actix_web::test]
async fn the_boards_report_says_the_same_in_json_in_its_table_and_on_its_page() {
    on_each_database(async |world| {
        everything(world).await;
        let path = format!("rounds/{}/report", world.round);
        let read = read(world, &world.coordinator, &path).await;
        let report = &read.0.json;
        // Nothing is compared that is not there.
        for pointer in [
            "/effects/0/questions/0/breakdowns/0/groups/1/cells/1/count",
            "/effects/0/questions/0/size/effectTenths",
            "/networks/0/ties/0/changes/0/densityChangePermille",
        ] {
            assert!(report.pointer(pointer).is_some(), "{pointer}: {report}");
        }
        let first = items(report, "surveys").last().unwrap();
        let shown = items(first, "questions").iter();
        assert!(
            shown.clone().all(|one| one["showing"] == "shown"),
            "{first}"
        );
        let divided = shown.filter(|one| !items(one, "breakdowns").is_empty());
        assert!(divided.count() >= 2, "{first}");
        let drop = report.pointer("/networks/0/ties/0/changes/0/densityChangePermille");
        assert!(drop.unwrap().as_i64() < Some(0));
        let (lines, expected) = (Lines::round(report), expected_round(report));
        are_the_same(read, lines, &expected);
    })
    .await;
}

#[actix_web::test]
async fn a_directors_and_a_participants_report_say_the_same_in_json_table_and_page() {
    on_each_database(async |world| {
        everything(world).await;
        let instrument = world.asking(&json!([likert("relevant")])).await;
        for _ in 0..3 {
            let survey = world.asked(instrument, &Asked::default()).await;
            for number in 0..24_usize {
                let home = if number < 4 { 0 } else { 1 + number % 2 };
                let background = ("woman", "elected", Some(world.municipalities[home]), None);
                let relevant = if number.is_multiple_of(2) { 2 } else { 5 };
                let answer = json!({ "relevant": relevant });
                world.answered(survey, background, None, answer).await;
            }
            world.close(survey).await;
            world.service.sweep().await;
        }
        let municipality = world.municipalities[0];
        let director = world.service.stranger();
        let director = director.person(PersonId::new(), &[(Role::Director, municipality)]);
        let path = format!("municipalities/{municipality}/report");
        let read_by_director = read(world, &director, &path).await;
        let report = &read_by_director.0.json;
        assert_eq!(report["ownAnswers"][0]["surveysCount"], 3);
        assert_eq!(report["rounds"][0]["ownAttendancePercent"], 83);
        let (lines, expected) = (Lines::municipality(report), expected_municipality(report));
        are_the_same(read_by_director, lines, &expected);

        let one = world.participant(0, json!({})).await;
        let path = format!("participations/{}/report", one.application);
        let own = read(world, &one.person.client, &path).await;
        let report = &own.0.json;
        // What all answered, and nothing by what people are.
        assert!(report["effects"][0]["pairsCount"] == 24 && !own.0.text.contains("\"dimension\""));
        let (lines, expected) = (Lines::participation(report), expected_surveys(report));
        are_the_same(own, lines, &expected);
    })
    .await;
}

#[actix_web::test]
async fn a_360_says_the_same_in_json_in_its_table_and_on_its_page() {
    on_each_database(async |world| {
        let circle = Circle::of(world).await;
        let feedback = circle.named(world).await;
        let stranger = world.service.stranger();
        for (group, step) in [("peers", 3), ("staff", 4)] {
            for (number, link) in world.links_of(group).await.iter().enumerate() {
                let mut own = sheet(step);
                own["calm"] = json!(2 + (number + usize::from(group == "staff")) % 3);
                own["more"] = json!(format!("{group} {number} says: go on"));
                send(&stranger, link, &own).await.is(303);
            }
        }
        let own = &circle.participant.person;
        Circle::rates(own, &feedback, &sheet(5)).await.ok();
        Circle::rates(&circle.leader, &feedback, &sheet(2))
            .await
            .ok();
        world.feedback_step(&feedback, "closing").await.ok();
        let path = format!("feedbacks/{feedback}/report");
        let read = read(world, &own.client, &path).await;
        let report = &read.0.json;
        let calm = items(report, "questions")
            .iter()
            .find(|one| one["key"] == "calm");
        assert!(calm.unwrap()["gap"].is_object() && calm.unwrap()["others"].is_object());
        let (lines, expected) = (Lines::feedback(report), expected_feedback(report));
        are_the_same(read, lines, &expected);
    })
    .await;
}
