//! The kinds of data that end by themselves, and when.

use chrono::{DateTime, Duration, Utc};
use shared_types::registration::privacy::RetentionKind;
use std::sync::Mutex;

/// Every kind, in the order in which they are shown.
pub const KINDS: [RetentionKind; 6] = [
    RetentionKind::SentMails,
    RetentionKind::ApplicationTexts,
    RetentionKind::UnconfirmedPeople,
    RetentionKind::FormerPeople,
    RetentionKind::Interests,
    RetentionKind::Reasons,
];

/// Days for which a kind is kept unless somebody says otherwise.
pub fn usual_days(kind: RetentionKind) -> i32 {
    match kind {
        RetentionKind::SentMails => 365,
        RetentionKind::UnconfirmedPeople => 30,
        RetentionKind::Interests => 180,
        RetentionKind::ApplicationTexts | RetentionKind::FormerPeople => 730,
        RetentionKind::Reasons => 1825,
    }
}

/// What was before this instant is over.
pub fn cutoff(now: DateTime<Utc>, days: i32) -> DateTime<Utc> {
    now.checked_sub_signed(Duration::days(days.into()))
        .unwrap_or(DateTime::<Utc>::MIN_UTC)
}

/// When what is over was ended last by this process.
#[derive(Debug, Default)]
pub struct Purged(Mutex<Option<DateTime<Utc>>>);

impl Purged {
    /// Whether it is time again; whoever is told so does it.
    pub fn is_due(&self, now: DateTime<Utc>, every: std::time::Duration) -> bool {
        let Ok(mut last) = self.0.lock() else {
            return false;
        };
        let since = last.map(|last| now.signed_duration_since(last).abs().to_std());
        let is_due = since.is_none_or(|since| since.is_ok_and(|since| since >= every));
        if is_due {
            *last = Some(now);
        }
        is_due
    }
}
