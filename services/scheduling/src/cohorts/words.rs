//! Reasons in words. A reason is kept as its code with its values, so that it can be read in
//! every language.

use super::assign::Reason;
use serde::{Deserialize, Serialize};
use shared_types::{Language, Words, scheduling::cohorts::CohortReason};

/// A reason as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KeptReason {
    code: String,
    /// Numbers that the words name, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    values: Vec<u32>,
}

impl From<&Reason> for KeptReason {
    fn from(reason: &Reason) -> Self {
        let values = match reason {
            Reason::FreeRounds { count, of } => vec![*count, *of],
            Reason::Apart { count } => vec![*count],
            Reason::Mixed { colleagues, size } => vec![*colleagues, *size],
            Reason::NoRoom { full, apart } => vec![*full, *apart],
            Reason::Locked
            | Reason::Kept
            | Reason::RoundGone { .. }
            | Reason::AwayFromBefore { .. }
            | Reason::ApartFromBefore { .. }
            | Reason::MadeRoom { .. }
            | Reason::AlwaysAway => Vec::new(),
        };
        Self {
            code: reason.code().to_owned(),
            values,
        }
    }
}

impl KeptReason {
    /// The reason in a reader's language.
    pub(super) fn wire(&self, language: Language) -> CohortReason {
        let value = |place: usize| {
            self.values
                .get(place)
                .map(u32::to_string)
                .unwrap_or_default()
        };
        let values = [("first", value(0)), ("second", value(1))];
        CohortReason {
            code: self.code.clone(),
            detail: words(&self.code).fill(language, &values),
        }
    }
}

fn words(code: &str) -> Words {
    match code {
        "locked" => Words {
            en: "The round is fixed.",
            sv: "Omgången är fastställd.",
            da: "Holdet er fastsat.",
        },
        "kept" => Words {
            en: "The round of the plan before.",
            sv: "Samma omgång som i förra planen.",
            da: "Samme hold som i den forrige plan.",
        },
        "round_gone" => Words {
            en: "The round of the plan before is not in this one.",
            sv: "Omgången från förra planen finns inte i den här.",
            da: "Holdet fra den forrige plan findes ikke i denne.",
        },
        "away_from_before" => Words {
            en: "Away when the round of the plan before meets.",
            sv: "Borta när omgången från förra planen träffas.",
            da: "Væk når holdet fra den forrige plan mødes.",
        },
        "apart_from_before" => Words {
            en: "The own leader, or somebody whom they lead, is in the round of the plan before.",
            sv: "Den egna chefen, eller någon som personen är chef för, är i omgången från förra planen.",
            da: "Den egen leder, eller nogen som personen leder, er på holdet fra den forrige plan.",
        },
        "made_room" => Words {
            en: "Elsewhere than before, so that everybody has the best round possible.",
            sv: "På annan plats än förut, så att alla får bästa möjliga omgång.",
            da: "Et andet sted end før, så at alle får det bedst mulige hold.",
        },
        "free_rounds" => Words {
            en: "{first} of {second} rounds meet while the person is not away.",
            sv: "{first} av {second} omgångar träffas när personen inte är borta.",
            da: "{first} af {second} hold mødes mens personen ikke er væk.",
        },
        "apart" => Words {
            en: "Apart from the own leader and those whom they lead: {first}.",
            sv: "Skild från egen chef och dem som personen är chef för: {first}.",
            da: "Adskilt fra egen leder og dem som personen leder: {first}.",
        },
        "mixed" => Words {
            en: "{first} of the {second} in the round are of the same department, oneself included.",
            sv: "{first} av de {second} i omgången är från samma förvaltning, personen själv inräknad.",
            da: "{first} af de {second} på holdet er fra samme forvaltning, personen selv medregnet.",
        },
        "always_away" => Words {
            en: "Away when any round meets.",
            sv: "Borta när varje omgång träffas.",
            da: "Væk når hvert hold mødes.",
        },
        _ => Words {
            en: "Of the rounds that are possible {first} are full, and {second} have a leader or somebody whom they lead.",
            sv: "Av de möjliga omgångarna är {first} fulla, och i {second} finns egen chef eller någon som personen är chef för.",
            da: "Af de mulige hold er {first} fulde, og på {second} er egen leder eller nogen som personen leder.",
        },
    }
}
