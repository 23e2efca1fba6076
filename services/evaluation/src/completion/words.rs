//! What is missing, in words.

use super::model::Gap;
use shared_types::{
    Language, Words,
    evaluation::completion::{CompletionGap, CompletionGapKind, CompletionTask},
};

const ATTENDANCE: Words = Words {
    en: "Present for {counted} of {total} days; at least {needed} are needed.",
    sv: "Närvaro {counted} av {total} dagar; minst {needed} behövs.",
    da: "Fremmøde {counted} af {total} dage; mindst {needed} kræves.",
};
const UNKNOWN: Words = Words {
    en: "Attendance is not marked for {count} half days.",
    sv: "Närvaron är inte antecknad för {count} halvdagar.",
    da: "Fremmødet er ikke noteret for {count} halve dage.",
};
const UNKNOWN_ONE: Words = Words {
    en: "Attendance is not marked for one half day.",
    sv: "Närvaron är inte antecknad för en halvdag.",
    da: "Fremmødet er ikke noteret for en halv dag.",
};
const TASK: Words = Words {
    en: "Not done yet: {task}",
    sv: "Inte gjort än: {task}",
    da: "Ikke gjort endnu: {task}",
};
const SURVEYS: Words = Words {
    en: "{answered} of {asked} surveys answered; at least {needed} are needed.",
    sv: "{answered} av {asked} enkäter besvarade; minst {needed} behövs.",
    da: "{answered} af {asked} undersøgelser besvaret; mindst {needed} kræves.",
};
const SURVEYS_OF_OTHERS: Words = Words {
    en: "Not enough surveys answered.",
    sv: "För få enkäter besvarade.",
    da: "For få undersøgelser besvaret.",
};

/// A gap as it is shown, to the participant or to others.
pub fn gap(gap: &Gap, tasks: &[CompletionTask], own: bool, language: Language) -> CompletionGap {
    let (kind, detail, task_key) = match gap {
        Gap::Attendance {
            counted,
            total,
            needed,
        } => {
            let values = [
                ("counted", days(*counted, language)),
                ("total", days(*total, language)),
                ("needed", days(*needed, language)),
            ];
            let detail = ATTENDANCE.fill(language, &values);
            (CompletionGapKind::Attendance, detail, None)
        }
        Gap::UnknownAttendance { half_days: 1 } => {
            let detail = UNKNOWN_ONE.get(language).to_owned();
            (CompletionGapKind::UnknownAttendance, detail, None)
        }
        Gap::UnknownAttendance { half_days } => {
            let detail = UNKNOWN.fill(language, &[("count", half_days.to_string())]);
            (CompletionGapKind::UnknownAttendance, detail, None)
        }
        Gap::Task { key } => {
            let task = tasks.iter().find(|task| task.key == *key);
            let task = task.map_or(key.as_str(), |task| task.text.best(language));
            let detail = TASK.fill(language, &[("task", task.to_owned())]);
            (CompletionGapKind::Task, detail, Some(key.clone()))
        }
        Gap::Surveys { .. } if !own => {
            let detail = SURVEYS_OF_OTHERS.get(language).to_owned();
            (CompletionGapKind::Surveys, detail, None)
        }
        Gap::Surveys {
            answered,
            asked,
            needed,
        } => {
            let values = [
                ("answered", answered.to_string()),
                ("asked", asked.to_string()),
                ("needed", needed.to_string()),
            ];
            let detail = SURVEYS.fill(language, &values);
            (CompletionGapKind::Surveys, detail, None)
        }
    };
    CompletionGap {
        kind,
        detail,
        task_key,
    }
}

/// Quarters of a day as days, as the reader writes decimals.
fn days(quarters: i32, language: Language) -> String {
    let point = if language == Language::English {
        '.'
    } else {
        ','
    };
    let whole = quarters / 4;
    match quarters % 4 {
        0 => whole.to_string(),
        1 => format!("{whole}{point}25"),
        2 => format!("{whole}{point}5"),
        _ => format!("{whole}{point}75"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_read_as_days() {
        assert_eq!(days(42, Language::Swedish), "10,5");
        assert_eq!(days(43, Language::English), "10.75");
        assert_eq!(days(48, Language::Danish), "12");
        assert_eq!(days(1, Language::English), "0.25");
    }
}
