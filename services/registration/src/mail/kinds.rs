//! Which messages somebody can do without: one table of every template.
//!
//! What follows from something that the reader does or has to decide is necessary: an offer, a
//! session that moves, a certificate. The rest carries a link that turns its sort off.

use shared_types::Words;

/// A sort of messages that a reader may turn off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// Questions about how it was, and reminders of them.
    Surveys,
    /// What organisers tell a whole round.
    Announcements,
}

/// Whether a message may be turned off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Everybody gets it.
    Necessary,
    /// Whoever turned the sort off does not.
    Optional(Sort),
}

use Need::{Necessary, Optional};

/// Every template: its name in a message's row, and whether it is necessary. Those of other
/// services begin with `told.`.
pub const TEMPLATES: [(&str, Need); 35] = [
    ("application_confirm", Necessary),
    ("application_received", Necessary),
    ("slate_requested", Necessary),
    // The seats of others depend on the answer.
    ("slate_reminder", Necessary),
    ("offer_made", Necessary),
    ("offer_reminder", Necessary),
    ("offer_expired", Necessary),
    ("seat_confirmed", Necessary),
    ("waitlisted", Necessary),
    ("rejected", Necessary),
    ("withdrawn", Necessary),
    ("substitution_requested", Necessary),
    ("round_cancelled", Necessary),
    // Asked for, sent once, and withdrawn by a link of its own.
    ("interest_opened", Necessary),
    ("interest_noted", Necessary),
    ("nominated", Necessary),
    ("other_seat_taken", Necessary),
    ("identity_confirm", Necessary),
    ("webhook_disabled", Necessary),
    ("told.plan_released", Necessary),
    ("told.session_invitation", Necessary),
    ("told.groups_published", Necessary),
    ("told.pair_proposed", Necessary),
    ("told.pair_accepted", Necessary),
    ("told.pair_meeting", Necessary),
    ("told.certificate_issued", Necessary),
    ("told.certificate_replaced", Necessary),
    // A participant waits for each of them.
    ("told.feedback_asked", Necessary),
    ("told.feedback_reminder", Necessary),
    ("told.feedback_declined", Necessary),
    ("told.feedback_ready", Necessary),
    ("told.feedback_released", Necessary),
    ("told.announcement", Optional(Sort::Announcements)),
    ("told.survey_opened", Optional(Sort::Surveys)),
    ("told.survey_reminder", Optional(Sort::Surveys)),
];

/// The sort of a template that may be turned off; nothing for one that is necessary, or that
/// nobody has judged yet.
pub fn sort_of(template: &str) -> Option<Sort> {
    let known = TEMPLATES.iter().find(|(name, _)| *name == template)?;
    match known.1 {
        Necessary => None,
        Optional(sort) => Some(sort),
    }
}

impl Sort {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Surveys, Self::Announcements];

    /// The word in a row.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Surveys => "surveys",
            Self::Announcements => "announcements",
        }
    }

    /// What the reader knows it as.
    pub const fn name(self) -> &'static Words {
        match self {
            Self::Surveys => &SURVEYS,
            Self::Announcements => &ANNOUNCEMENTS,
        }
    }
}

const SURVEYS: Words = Words {
    en: "Surveys and reminders of them",
    sv: "Enkäter och påminnelser om dem",
    da: "Spørgeskemaer og påmindelser om dem",
};
const ANNOUNCEMENTS: Words = Words {
    en: "News from the organiser to everybody in a round",
    sv: "Nyheter från arrangören till alla i en omgång",
    da: "Nyheder fra arrangøren til alle på et hold",
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::Template;
    use shared_database::column;

    #[test]
    fn every_template_is_judged_once() {
        let mut names: Vec<&str> = TEMPLATES.iter().map(|(name, _)| *name).collect();
        for template in Template::ALL {
            let name = column::text(template);
            assert!(names.contains(&name.as_str()), "{name}");
        }
        names.sort_unstable();
        let before = names.len();
        names.dedup();
        assert_eq!(names.len(), before);
    }

    #[test]
    fn what_somebody_has_to_decide_can_not_be_turned_off() {
        for name in [
            "offer_made",
            "slate_reminder",
            "told.plan_released",
            "told.unheard_of",
        ] {
            assert_eq!(sort_of(name), None, "{name}");
        }
        assert_eq!(sort_of("told.survey_reminder"), Some(Sort::Surveys));
    }
}
