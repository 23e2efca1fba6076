//! Reasons and findings in words.
//!
//! A reason is kept as its code with its values, so that years later it can still be read in
//! every language.

use super::propose::{FloorCause, MissingFloor, Reason, Side, Violation};
use serde::{Deserialize, Serialize};
use shared_types::{Language, Words, registration::admissions::AdmissionReason};

/// A reason as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptReason {
    /// Code.
    pub code: String,
    /// The number, date or side that the words name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub value: String,
}

impl From<&Reason> for KeptReason {
    fn from(reason: &Reason) -> Self {
        let value = match reason {
            Reason::CeilingReached { ceiling } => ceiling.to_string(),
            Reason::FloorOfMunicipality { floor } => floor.to_string(),
            Reason::BalanceTieBreak { needed, .. } | Reason::BalanceTarget { needed, .. } => {
                side(*needed).to_owned()
            }
            Reason::NoSeatLeft { seats } => seats.to_string(),
            Reason::Rank { rank } => rank.to_string(),
            Reason::EarlierSubmission { submitted_at }
            | Reason::LaterSubmission { submitted_at } => {
                submitted_at.format("%Y-%m-%d %H:%M UTC").to_string()
            }
            Reason::SeatsForAll
            | Reason::DisplacedForFloor
            | Reason::Unranked
            | Reason::OrderOfIds => String::new(),
        };
        Self {
            code: reason.code().to_owned(),
            value,
        }
    }
}

const fn side(side: Side) -> &'static str {
    match side {
        Side::Women => "women",
        Side::Men => "men",
    }
}

impl KeptReason {
    /// A reason without values.
    pub fn bare(code: &str) -> Self {
        Self {
            code: code.to_owned(),
            value: String::new(),
        }
    }

    /// The reason in a reader's language.
    pub fn wire(&self, language: Language) -> AdmissionReason {
        let value = match (self.value.as_str(), language) {
            ("women", Language::Swedish) => "kvinnor",
            ("women", Language::Danish) => "kvinder",
            ("men", Language::Swedish) => "män",
            ("men", Language::Danish) => "mænd",
            (value, _) => value,
        };
        let words = words(&self.code).unwrap_or(UNKNOWN);
        let detail = words.fill(language, &[("value", value.to_owned())]);
        AdmissionReason {
            code: self.code.clone(),
            detail,
        }
    }

    /// The reason as one line of history.
    pub fn line(&self) -> String {
        format!("{} {}", self.code, self.value)
            .trim_end()
            .to_owned()
    }

    /// Reads a line of history back.
    pub fn from_line(line: &str) -> Self {
        let (code, value) = line.split_once(' ').unwrap_or((line, ""));
        Self {
            code: code.to_owned(),
            value: value.to_owned(),
        }
    }
}

/// A reason that was kept by a later version, or by one whose reasons are gone.
const UNKNOWN: Words = Words {
    en: "A reason that this version can't put into words.",
    sv: "Ett skäl som den här versionen inte kan formulera.",
    da: "En grund som denne version ikke kan formulere.",
};

fn words(code: &str) -> Option<Words> {
    let words = match code {
        "ceiling_reached" => Words {
            en: "The municipality has its {value} seats.",
            sv: "Kommunen har sina {value} platser.",
            da: "Kommunen har sine {value} pladser.",
        },
        "seat_in_programme" => Words {
            en: "The person has a seat in another round of the programme.",
            sv: "Personen har en plats i en annan omgång av utbildningen.",
            da: "Personen har en plads på et andet hold på uddannelsen.",
        },
        "higher_choice_undecided" => Words {
            en: "A round that the person would rather have is undecided.",
            sv: "En omgång som personen hellre vill ha är inte avgjord.",
            da: "Et hold som personen hellere vil have er ikke afgjort.",
        },
        "seats_for_all" => Words {
            en: "There is a seat for everybody.",
            sv: "Det finns plats för alla.",
            da: "Der er plads til alle.",
        },
        "floor_of_municipality" => Words {
            en: "Every municipality with applicants gets {value}.",
            sv: "Varje kommun med sökande får {value}.",
            da: "Hver kommune med ansøgere får {value}.",
        },
        "displaced_for_floor" => Words {
            en: "The seat went to a municipality that would have had too few.",
            sv: "Platsen gick till en kommun som annars fått för få.",
            da: "Pladsen gik til en kommune som ellers fik for få.",
        },
        "balance_tie_break" => Words {
            en: "Among equals, more {value} were needed.",
            sv: "Bland likvärdiga behövdes fler {value}.",
            da: "Blandt ligestillede var der brug for flere {value}.",
        },
        "balance_target" => Words {
            en: "The round's balance needed more {value}.",
            sv: "Omgångens balans krävde fler {value}.",
            da: "Holdets balance krævede flere {value}.",
        },
        "no_seat_left" => Words {
            en: "All {value} free seats were given.",
            sv: "Alla {value} lediga platser delades ut.",
            da: "Alle {value} ledige pladser blev givet.",
        },
        "rank" => Words {
            en: "Ranked {value} by the municipality.",
            sv: "Rangordnad som {value} av kommunen.",
            da: "Prioriteret som {value} af kommunen.",
        },
        "unranked" => Words {
            en: "Not ranked by the municipality.",
            sv: "Inte rangordnad av kommunen.",
            da: "Ikke prioriteret af kommunen.",
        },
        "earlier_submission" => Words {
            en: "Among equals, applied earlier: {value}.",
            sv: "Bland likvärdiga, ansökte tidigare: {value}.",
            da: "Blandt ligestillede, ansøgte tidligere: {value}.",
        },
        "later_submission" => Words {
            en: "Among equals, applied later: {value}.",
            sv: "Bland likvärdiga, ansökte senare: {value}.",
            da: "Blandt ligestillede, ansøgte senere: {value}.",
        },
        "order_of_ids" => Words {
            en: "Equal in everything; the smaller application number decided.",
            sv: "Lika i allt; det lägre ansökningsnumret avgjorde.",
            da: "Lige i alt; det mindste ansøgningsnummer afgjorde.",
        },
        other => return words_of_the_queue(other),
    };
    Some(words)
}

/// Reasons that explain how somebody who waits stands.
fn words_of_the_queue(code: &str) -> Option<Words> {
    let words = match code {
        "others_ahead" => Words {
            en: "{value} are ahead in the queue.",
            sv: "{value} står före i kön.",
            da: "{value} står foran i køen.",
        },
        "no_seat_free" => Words {
            en: "No seat is free: {value} are accepted or offered.",
            sv: "Ingen plats är ledig: {value} är accepterade eller erbjudna.",
            da: "Ingen plads er ledig: {value} er accepteret eller tilbudt.",
        },
        "seats_do_not_move" => Words {
            en: "The round is over, and its queue does not move any more.",
            sv: "Omgången är slut och dess kö flyttar sig inte längre.",
            da: "Holdet er slut, og dets kø flytter sig ikke længere.",
        },
        "next_seat" => Words {
            en: "The next seat that is given up comes to this application.",
            sv: "Nästa plats som lämnas går till den här ansökan.",
            da: "Den næste plads, der opgives, går til denne ansøgning.",
        },
        "seat_of_some" => Words {
            en: "It depends on who gives a seat up: {value} of the seats held would come to this application.",
            sv: "Det beror på vem som lämnar sin plats: {value} av platserna skulle gå till den här ansökan.",
            da: "Det afhænger af, hvem der opgiver sin plads: {value} af pladserne ville gå til denne ansøgning.",
        },
        "seat_of_own_municipality" => Words {
            en: "Somebody of the own municipality would have to give up a seat first, or the organiser raise its limit.",
            sv: "Någon från den egna kommunen behöver först lämna en plats, eller arrangören höja gränsen.",
            da: "Nogen fra egen kommune skal først opgive en plads, eller arrangøren hæve grænsen.",
        },
        "more_seats" => Words {
            en: "With {value} more seats it would be this application's turn.",
            sv: "Med {value} platser till vore det den här ansökans tur.",
            da: "Med {value} pladser mere ville det være denne ansøgnings tur.",
        },
        _ => return None,
    };
    Some(words)
}

/// A finding in words; `name` is the municipality's.
pub fn violation(violation: &Violation, name: &str, language: Language) -> String {
    let (words, values) = match violation {
        Violation::TooManyAdmitted { seats, admitted } => (
            Words {
                en: "{a} are admitted, but {b} seats are free.",
                sv: "{a} är antagna men {b} platser är lediga.",
                da: "{a} er optaget men {b} pladser er ledige.",
            },
            (admitted.to_string(), seats.to_string()),
        ),
        Violation::CeilingExceeded { ceiling, seats, .. } => (
            Words {
                en: "{name} gets {a} seats; its ceiling is {b}.",
                sv: "{name} får {a} platser; taket är {b}.",
                da: "{name} får {a} pladser; loftet er {b}.",
            },
            (seats.to_string(), ceiling.to_string()),
        ),
        Violation::FloorMissed { floor, seats, .. } => (
            Words {
                en: "{name} gets {a} seats; its floor is {b}.",
                sv: "{name} får {a} platser; golvet är {b}.",
                da: "{name} får {a} pladser; gulvet er {b}.",
            },
            (seats.to_string(), floor.to_string()),
        ),
        Violation::UnknownCandidate { .. } | Violation::RepeatedCandidate { .. } => (
            Words {
                en: "An application is no candidate any more.",
                sv: "En ansökan är inte längre aktuell.",
                da: "En ansøgning er ikke længere aktuel.",
            },
            (String::new(), String::new()),
        ),
    };
    words.fill(
        language,
        &[("name", name.to_owned()), ("a", values.0), ("b", values.1)],
    )
}

/// Why a floor can't be reached, in words.
pub fn missing_floor(missing: &MissingFloor, name: &str, language: Language) -> String {
    let causes: Vec<&str> = missing
        .causes
        .iter()
        .map(|cause| {
            match cause {
                FloorCause::TooFewCandidates => Words {
                    en: "it has too few endorsed applicants",
                    sv: "den har för få godkända sökande",
                    da: "den har for få godkendte ansøgere",
                },
                FloorCause::CeilingBelowFloor => Words {
                    en: "its ceiling is below its floor",
                    sv: "taket ligger under golvet",
                    da: "loftet ligger under gulvet",
                },
                FloorCause::TooFewSeats => Words {
                    en: "there are too few seats for all floors",
                    sv: "platserna räcker inte till alla golv",
                    da: "pladserne rækker ikke til alle gulve",
                },
            }
            .get(language)
        })
        .collect();
    let words = Words {
        en: "{name} should have {floor} seats and gets {admitted}: {causes}.",
        sv: "{name} borde ha {floor} platser och får {admitted}: {causes}.",
        da: "{name} burde have {floor} pladser og får {admitted}: {causes}.",
    };
    let admitted = missing.taken + missing.admitted;
    words.fill(
        language,
        &[
            ("name", name.to_owned()),
            ("floor", missing.floor.to_string()),
            ("admitted", admitted.to_string()),
            ("causes", causes.join(", ")),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::applications::choices::Bar;
    use chrono::DateTime;

    /// One of each reason. A new variant does not compile here until it stands in the list.
    fn reasons() -> Vec<Reason> {
        let submitted_at = DateTime::UNIX_EPOCH;
        let all = vec![
            Reason::CeilingReached { ceiling: 3 },
            Reason::SeatsForAll,
            Reason::FloorOfMunicipality { floor: 1 },
            Reason::DisplacedForFloor,
            Reason::BalanceTieBreak {
                needed: Side::Women,
                rank: Some(1),
            },
            Reason::BalanceTarget {
                needed: Side::Men,
                women_permille: 600,
                tolerance_permille: 100,
            },
            Reason::NoSeatLeft { seats: 24 },
            Reason::Rank { rank: 2 },
            Reason::Unranked,
            Reason::EarlierSubmission { submitted_at },
            Reason::LaterSubmission { submitted_at },
            Reason::OrderOfIds,
        ];
        for one in &all {
            match one {
                Reason::CeilingReached { .. }
                | Reason::SeatsForAll
                | Reason::FloorOfMunicipality { .. }
                | Reason::DisplacedForFloor
                | Reason::BalanceTieBreak { .. }
                | Reason::BalanceTarget { .. }
                | Reason::NoSeatLeft { .. }
                | Reason::Rank { .. }
                | Reason::Unranked
                | Reason::EarlierSubmission { .. }
                | Reason::LaterSubmission { .. }
                | Reason::OrderOfIds => {}
            }
        }
        all
    }

    #[test]
    fn every_reason_has_words_in_every_language_with_nothing_left_to_fill_in() {
        let bars = [Bar::Seat, Bar::HigherChoice].map(|bar| KeptReason::bare(bar.code()));
        // Those of the queue are named where it is explained.
        let source = include_str!("explanation.rs");
        let queue: Vec<_> = source
            .split("reason(\"")
            .skip(1)
            .filter_map(|rest| rest.split_once('"'))
            .map(|(code, _)| KeptReason {
                code: code.to_owned(),
                value: "7".to_owned(),
            })
            .collect();
        assert!(queue.len() >= 7, "{queue:?}");
        let all: Vec<_> = reasons().iter().map(KeptReason::from).collect();
        for kept in all.into_iter().chain(bars).chain(queue) {
            assert!(words(&kept.code).is_some(), "{}", kept.code);
            let [english, swedish, danish] =
                [Language::English, Language::Swedish, Language::Danish].map(|language| {
                    let detail = kept.wire(language).detail;
                    let is_whole = !detail.is_empty() && !detail.contains(['{', '}']);
                    assert!(is_whole && detail.ends_with('.'), "{}: {detail}", kept.code);
                    let is_filled = kept.value.is_empty() || detail.chars().count() > 8;
                    assert!(is_filled, "{}: {detail}", kept.code);
                    detail
                });
            assert!(english != swedish && swedish != danish, "{}", kept.code);
        }
        let later = KeptReason::bare("of_a_later_version").wire(Language::Swedish);
        assert!(!later.detail.contains(['{', '}']) && !later.detail.is_empty());
    }

    #[test]
    fn a_kept_reason_can_be_read_in_every_language_and_from_history() {
        let kept = KeptReason::from(&Reason::CeilingReached { ceiling: 3 });
        assert_eq!(
            kept.wire(Language::Swedish).detail,
            "Kommunen har sina 3 platser."
        );
        assert_eq!(KeptReason::from_line(&kept.line()), kept);
        let balance = KeptReason::from(&Reason::BalanceTieBreak {
            needed: Side::Women,
            rank: None,
        });
        assert_eq!(
            balance.wire(Language::Danish).detail,
            "Blandt ligestillede var der brug for flere kvinder."
        );
    }
}
