//! Texts that people read, in the languages somebody wrote them in.

use crate::Language;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A text by language tag, at least one entry.
///
/// Resources always carry the whole map, whatever language the request asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(
    value_type = BTreeMap<String, String>,
    example = json!({"sv": "Ledarskap i kommuner", "en": "Leadership in municipalities"})
)]
pub struct LocalizedText(pub BTreeMap<String, String>);

impl LocalizedText {
    /// The text in one language only.
    pub fn of(language: Language, text: impl Into<String>) -> Self {
        Self(BTreeMap::from([(language.tag().to_owned(), text.into())]))
    }

    /// The text to show a reader of `language`: theirs, else English, else the first there is.
    pub fn best(&self, language: Language) -> &str {
        self.0
            .get(language.tag())
            .or_else(|| self.0.get("en"))
            .or_else(|| self.0.values().next())
            .map_or("", String::as_str)
    }

    /// Whether keys and sizes are what the API document says (`^[a-z]{2,3}$`, 1–8 entries).
    pub fn is_well_formed(&self) -> bool {
        let key_is_tag = |key: &String| {
            (2..=3).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_lowercase())
        };
        (1..=8).contains(&self.0.len()) && self.0.keys().all(key_is_tag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_text_falls_back_to_english_and_then_to_any() {
        let both = LocalizedText(BTreeMap::from([
            ("en".into(), "Seat".into()),
            ("sv".into(), "Plats".into()),
        ]));
        assert_eq!(both.best(Language::Swedish), "Plats");
        assert_eq!(both.best(Language::Danish), "Seat");
        assert_eq!(
            LocalizedText::of(Language::Danish, "Plads").best(Language::Swedish),
            "Plads"
        );
    }

    #[test]
    fn keys_are_language_tags() {
        assert!(LocalizedText::of(Language::English, "x").is_well_formed());
        assert!(!LocalizedText(BTreeMap::new()).is_well_formed());
        assert!(!LocalizedText(BTreeMap::from([("SV".into(), "x".into())])).is_well_formed());
    }
}
