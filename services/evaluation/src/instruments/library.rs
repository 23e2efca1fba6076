//! The instruments that come with Akademi, in Swedish, Danish and English. An organiser makes
//! an own instrument of one, so that a later change of the library changes nobody's questions.

use shared_types::evaluation::instruments::LibraryInstrument;
use std::sync::LazyLock;

const TEXTS: [&str; 8] = [
    include_str!("library/session_pulse.json"),
    include_str!("library/end_of_programme.json"),
    include_str!("library/self_assessment.json"),
    include_str!("library/follow_up_participant.json"),
    include_str!("library/follow_up_leader.json"),
    include_str!("library/follow_up_colleagues.json"),
    include_str!("library/network.json"),
    include_str!("library/feedback_360.json"),
];

static LIBRARY: LazyLock<Vec<LibraryInstrument>> = LazyLock::new(|| {
    let texts = TEXTS.iter();
    // The tests read every one of them.
    texts
        .filter_map(|text| serde_json::from_str(text).ok())
        .collect()
});

/// All of them.
pub fn all() -> &'static [LibraryInstrument] {
    &LIBRARY
}

/// One by its key.
pub fn find(key: &str) -> Option<&'static LibraryInstrument> {
    LIBRARY.iter().find(|instrument| instrument.key == key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instruments::model;
    use std::collections::BTreeSet;

    #[test]
    fn every_instrument_can_be_read_follows_the_rules_and_speaks_three_languages() {
        assert_eq!(all().len(), TEXTS.len());
        let keys: BTreeSet<&str> = all().iter().map(|one| one.key.as_str()).collect();
        assert_eq!(keys.len(), TEXTS.len());
        for (instrument, text) in all().iter().zip(TEXTS) {
            assert_eq!(
                model::faults(&instrument.questions),
                [],
                "{}",
                instrument.key
            );
            let value: serde_json::Value = serde_json::from_str(text).unwrap();
            every_text_in_three_languages(&value, &instrument.key);
        }
    }

    fn every_text_in_three_languages(value: &serde_json::Value, at: &str) {
        match value {
            serde_json::Value::Object(members) if members.contains_key("sv") => {
                let tags: Vec<&str> = members.keys().map(String::as_str).collect();
                assert_eq!(tags, ["da", "en", "sv"], "{at}: {members:?}");
            }
            serde_json::Value::Object(members) => {
                for (name, member) in members {
                    every_text_in_three_languages(member, &format!("{at}/{name}"));
                }
            }
            serde_json::Value::Array(items) => {
                for item in items {
                    every_text_in_three_languages(item, at);
                }
            }
            _ => {}
        }
    }
}
