//! What an office says by the form of its slate.

use super::{
    sheet::{Applicant, Sheet},
    words,
};
use shared_types::{
    Words,
    registration::{
        codes::ENDORSEMENT_OF_ONESELF,
        endorsements::{EndorsementVerdict, SlateVerdict},
    },
};
use shared_web::page::Form;

/// Most characters of a name or title.
const MOST_NAME: usize = 200;
/// Most characters of a motive.
const MOST_MOTIVE: usize = 1000;
/// Lowest rank that can be given.
const MOST_RANK: i32 = 1000;

/// The verdicts of a form; what is wrong with it stands in the form.
#[derive(Debug)]
pub(super) struct Answers {
    /// The verdicts that were chosen.
    pub(super) verdicts: Vec<SlateVerdict>,
    /// Name of who answers.
    pub(super) name: String,
    /// Name and title of who answers.
    pub(super) decided_by: String,
    /// Whether somebody is named about whom nothing can be said any more.
    pub(super) too_late: bool,
    /// Whether somebody wants to decide about oneself.
    pub(super) of_oneself: bool,
}

impl Answers {
    /// Reads a form, and says in it what is wrong.
    pub(super) fn read(form: &mut Form, sheet: &Sheet) -> Self {
        let language = sheet.language;
        let name = form.line("name", MOST_NAME, language);
        let title = form.line("title", MOST_NAME, language);
        let chosen = |form: &Form, one: &Applicant| {
            matches!(form.get(&field("verdict", one)), "endorse" | "decline")
        };
        let too_late = sheet
            .applicants
            .iter()
            .any(|one| !one.open && chosen(form, one));
        let verdicts: Vec<SlateVerdict> = sheet
            .waiting()
            .filter_map(|one| verdict(form, sheet, one))
            .collect();
        if verdicts.is_empty() && form.is_fine() && !too_late {
            let first = sheet.waiting().next().map(|one| field("verdict", one));
            form.refuse(
                &first.unwrap_or_default(),
                words::NOTHING_CHOSEN.get(language),
            );
        }
        refuse_doubled_ranks(form, sheet, &verdicts);
        let of_oneself = verdicts
            .iter()
            .any(|one| sheet.bears(one.application_id.uuid(), &name));
        if of_oneself {
            form.refuse("name", ENDORSEMENT_OF_ONESELF.detail.get(language));
        }
        let decided_by = format!("{name}, {title}");
        Self {
            verdicts,
            name,
            decided_by,
            too_late,
            of_oneself,
        }
    }
}

/// The name of an applicant's field.
pub(super) fn field(kind: &str, applicant: &Applicant) -> String {
    format!("{kind}-{}", applicant.id)
}

fn verdict(form: &mut Form, sheet: &Sheet, one: &Applicant) -> Option<SlateVerdict> {
    let verdict_field = field("verdict", one);
    let verdict = match form.get(&verdict_field) {
        "endorse" => EndorsementVerdict::Endorse,
        "decline" => EndorsementVerdict::Decline,
        "" | "later" => {
            refuse_rank_alone(form, sheet, one);
            return None;
        }
        _ => {
            refuse(form, sheet, &verdict_field, one, &words::CHOOSE_ONE);
            return None;
        }
    };
    let motive = form.optional_text(&field("motive", one), MOST_MOTIVE, sheet.language);
    let rank = rank(form, sheet, one).filter(|_| verdict == EndorsementVerdict::Endorse);
    Some(SlateVerdict {
        application_id: one.id.into(),
        verdict,
        rank,
        motive,
    })
}

/// Who numbers somebody without a verdict has forgotten something.
fn refuse_rank_alone(form: &mut Form, sheet: &Sheet, one: &Applicant) {
    let verdict_field = field("verdict", one);
    if form.get(&verdict_field).is_empty() && !form.get(&field("rank", one)).is_empty() {
        refuse(form, sheet, &verdict_field, one, &words::RANK_ALONE);
    }
}

fn rank(form: &mut Form, sheet: &Sheet, one: &Applicant) -> Option<i32> {
    let rank_field = field("rank", one);
    let typed = form.get(&rank_field);
    if typed.is_empty() {
        return None;
    }
    let rank = typed
        .parse()
        .ok()
        .filter(|rank| (1..=MOST_RANK).contains(rank));
    if rank.is_none() {
        refuse(form, sheet, &rank_field, one, &words::RANK_NUMBER);
    }
    rank
}

/// Two people on one rank are a slip of the finger.
fn refuse_doubled_ranks(form: &mut Form, sheet: &Sheet, verdicts: &[SlateVerdict]) {
    for (index, verdict) in verdicts.iter().enumerate() {
        let Some(rank) = verdict.rank else { continue };
        let id = verdict.application_id.uuid();
        let Some(one) = sheet.applicants.iter().find(|one| one.id == id) else {
            continue;
        };
        let earlier = verdicts
            .iter()
            .take(index)
            .find(|other| other.rank == Some(rank));
        let holder = match earlier {
            Some(earlier) => {
                let id = earlier.application_id.uuid();
                sheet.applicants.iter().find(|other| other.id == id)
            }
            None => sheet
                .applicants
                .iter()
                .find(|other| !other.open && other.rank == Some(rank)),
        };
        if let Some(holder) = holder {
            let values = [("rank", rank.to_string()), ("holder", holder.name.clone())];
            let words = words::RANK_TAKEN.fill(sheet.language, &values);
            form.refuse(&field("rank", one), format!("{}: {words}", one.name));
        }
    }
}

fn refuse(form: &mut Form, sheet: &Sheet, field: &str, one: &Applicant, words: &Words) {
    form.refuse(
        field,
        format!("{}: {}", one.name, words.get(sheet.language)),
    );
}
