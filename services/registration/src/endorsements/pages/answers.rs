//! What an office says by the form of its slate.

use super::{
    sheet::{Applicant, Sheet},
    words,
};
use shared_types::registration::{
    codes::ENDORSEMENT_OF_ONESELF,
    endorsements::{EndorsementVerdict, SlateVerdict},
};
use shared_web::page::{Form, Text};
use std::collections::HashMap;

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
    /// Whether nothing can be said any more, or not about somebody who is named.
    pub(super) too_late: bool,
    /// Whether somebody wants to decide about oneself.
    pub(super) of_oneself: bool,
}

impl Answers {
    /// Reads a form, and says in it what is wrong.
    pub(super) fn read(form: &mut Form, sheet: &Sheet) -> Self {
        let language = sheet.language;
        let is_chosen = |form: &Form, one: &Applicant| {
            matches!(form.get(&field("verdict", one)), "endorse" | "decline")
        };
        let mut decided = sheet.applicants.iter().filter(|one| !one.open);
        let nobody_waits = sheet.waiting().next().is_none();
        let too_late = nobody_waits || decided.any(|one| is_chosen(form, one));
        let waiting = sheet.waiting();
        let verdicts: Vec<_> = waiting
            .filter_map(|one| verdict(form, sheet, one))
            .collect();
        let nothing = verdicts.is_empty() && form.is_fine() && !too_late;
        if let (true, Some(first)) = (nothing, sheet.waiting().next()) {
            refuse(form, "verdict", first, words::NOTHING_CHOSEN.get(language));
        }
        refuse_doubled_ranks(form, sheet, &verdicts);
        let name = form.line(Text::of("name", &words::NAME, MOST_NAME, language));
        let title = form.line(Text::of("title", &words::OWN_TITLE, MOST_NAME, language));
        let of_oneself = verdicts
            .iter()
            .any(|one| sheet.bears(one.application_id.uuid(), &name));
        if of_oneself {
            let words = ENDORSEMENT_OF_ONESELF.detail.get(language);
            form.refuse("name", words::NAME.get(language), words);
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
    let language = sheet.language;
    let verdict = match form.get(&field("verdict", one)) {
        "endorse" => EndorsementVerdict::Endorse,
        "decline" => EndorsementVerdict::Decline,
        // Who numbers somebody without a verdict has forgotten something.
        "" if !form.get(&field("rank", one)).is_empty() => {
            refuse(form, "verdict", one, words::RANK_ALONE.get(language));
            return None;
        }
        "" | "later" => return None,
        _ => {
            refuse(form, "verdict", one, words::CHOOSE_ONE.get(language));
            return None;
        }
    };
    let (name, label, most) = (field("motive", one), one.name.as_str(), MOST_MOTIVE);
    let motive = form.optional_text(Text {
        name: &name,
        label,
        most,
        language,
    });
    let rank = rank(form, sheet, one).filter(|_| verdict == EndorsementVerdict::Endorse);
    Some(SlateVerdict {
        application_id: one.id.into(),
        verdict,
        rank,
        motive,
    })
}

fn rank(form: &mut Form, sheet: &Sheet, one: &Applicant) -> Option<i32> {
    let typed = form.get(&field("rank", one));
    if typed.is_empty() {
        return None;
    }
    let rank = typed
        .parse()
        .ok()
        .filter(|rank| (1..=MOST_RANK).contains(rank));
    if rank.is_none() {
        refuse(form, "rank", one, words::RANK_NUMBER.get(sheet.language));
    }
    rank
}

/// Two people on one rank are a slip of the finger.
fn refuse_doubled_ranks(form: &mut Form, sheet: &Sheet, verdicts: &[SlateVerdict]) {
    let given = sheet.applicants.iter().filter(|one| !one.open);
    let mut holders: HashMap<i32, &Applicant> =
        given.filter_map(|one| Some((one.rank?, one))).collect();
    for verdict in verdicts {
        let id = verdict.application_id.uuid();
        let one = sheet.applicants.iter().find(|one| one.id == id);
        let (Some(rank), Some(one)) = (verdict.rank, one) else {
            continue;
        };
        if let Some(holder) = holders.get(&rank) {
            let values = [("rank", rank.to_string()), ("holder", holder.name.clone())];
            let words = words::RANK_TAKEN.fill(sheet.language, &values);
            refuse(form, "rank", one, &words);
        } else {
            holders.insert(rank, one);
        }
    }
}

fn refuse(form: &mut Form, kind: &str, one: &Applicant, words: &str) {
    form.refuse(&field(kind, one), &one.name, words);
}
