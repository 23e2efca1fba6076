//! The languages in which Akademi itself speaks.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A language that problems, pages and mails are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[schema(example = "sv")]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// Swedish.
    #[serde(rename = "sv")]
    Swedish,
    /// Danish.
    #[serde(rename = "da")]
    Danish,
}

impl Language {
    /// The BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Swedish => "sv",
            Self::Danish => "da",
        }
    }

    /// The language of a tag such as `sv` or `sv-SE`; `None` for one that Akademi does not speak.
    pub fn from_tag(tag: &str) -> Option<Self> {
        match tag.split('-').next()?.trim().to_ascii_lowercase().as_str() {
            "en" => Some(Self::English),
            "sv" => Some(Self::Swedish),
            "da" => Some(Self::Danish),
            _ => None,
        }
    }

    /// The best language for an `Accept-Language` header (RFC 9110, 12.5.4), if it names one.
    pub fn negotiate(header: &str) -> Option<Self> {
        header
            .split(',')
            .filter_map(|part| {
                let (tag, parameters) = part.split_once(';').unwrap_or((part, ""));
                let weight = parameters
                    .trim()
                    .strip_prefix("q=")
                    .map_or(Some(1.0), |q| q.parse::<f32>().ok())?;
                let language = Self::from_tag(tag.trim())?;
                (weight > 0.0).then_some((language, weight))
            })
            .reduce(|best, next| if next.1 > best.1 { next } else { best })
            .map(|(language, _)| language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_known_language_wins_and_the_first_among_equals() {
        assert_eq!(
            Language::negotiate("fr, da;q=0.8, sv-SE;q=0.9"),
            Some(Language::Swedish)
        );
        assert_eq!(Language::negotiate("da, sv"), Some(Language::Danish));
        assert_eq!(Language::negotiate("sv;q=0"), None);
        assert_eq!(Language::negotiate("*"), None);
    }
}
