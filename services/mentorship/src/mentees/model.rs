//! Which wishes can be had at all: told at once, each with its place.

use shared_types::Words;
use uuid::Uuid;

/// What is wrong with a wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WishError {
    /// Not in the round.
    Unknown,
    /// Oneself.
    Oneself,
    /// Of the same municipality.
    OwnMunicipality,
    /// Stands there already.
    Repeated,
}

impl WishError {
    /// Its code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unknown => "wish_unknown",
            Self::Oneself => "wish_for_oneself",
            Self::OwnMunicipality => "wish_own_municipality",
            Self::Repeated => "wish_repeated",
        }
    }

    /// The same in words.
    pub const fn words(self) -> Words {
        match self {
            Self::Unknown => Words {
                en: "There is nobody of this id in the round.",
                sv: "Det finns ingen med detta id i omgången.",
                da: "Der er ingen med dette id på holdet.",
            },
            Self::Oneself => Words {
                en: "Nobody can be one's own mentor.",
                sv: "Ingen kan vara sin egen mentor.",
                da: "Ingen kan være sin egen mentor.",
            },
            Self::OwnMunicipality => Words {
                en: "A mentor comes from another municipality than the mentee.",
                sv: "En mentor kommer från en annan kommun än adepten.",
                da: "En mentor kommer fra en anden kommune end menteen.",
            },
            Self::Repeated => Words {
                en: "The same wish stands there twice.",
                sv: "Samma önskan står där två gånger.",
                da: "Det samme ønske står der to gange.",
            },
        }
    }
}

/// Somebody who is wished for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wished<M> {
    /// The id that stands in the wish.
    pub id: Uuid,
    /// The person and the municipality, where the person is in the round.
    pub person: Option<(Uuid, Option<M>)>,
}

/// What is wrong with each wish of a person, by its index; whether two municipalities are the
/// same is judged only where both are known.
pub fn judge<M: PartialEq>(
    person: Uuid,
    municipality: Option<&M>,
    wishes: &[Wished<M>],
) -> Vec<(usize, WishError)> {
    let fault = |index: usize, wish: &Wished<M>| {
        let Some((other, other_municipality)) = &wish.person else {
            return Some(WishError::Unknown);
        };
        let before = wishes.iter().take(index);
        if *other == person {
            Some(WishError::Oneself)
        } else if municipality.is_some() && municipality == other_municipality.as_ref() {
            Some(WishError::OwnMunicipality)
        } else if before.into_iter().any(|one| one.id == wish.id) {
            Some(WishError::Repeated)
        } else {
            None
        }
    };
    let all = wishes.iter().enumerate();
    all.filter_map(|(index, wish)| Some((index, fault(index, wish)?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ME: Uuid = Uuid::from_u128(1);

    fn wish(id: u128, person: u128, municipality: Option<u8>) -> Wished<u8> {
        Wished {
            id: Uuid::from_u128(id),
            person: Some((Uuid::from_u128(person), municipality)),
        }
    }

    #[test]
    fn every_wish_that_cannot_be_had_is_told_with_its_place() {
        let gone = Wished {
            id: Uuid::from_u128(9),
            person: None,
        };
        let wishes = [
            wish(10, 2, Some(7)),
            wish(11, 1, Some(6)),
            wish(12, 3, Some(5)),
            wish(10, 2, Some(7)),
            gone,
        ];
        assert_eq!(
            judge(ME, Some(&5), &wishes),
            [
                (1, WishError::Oneself),
                (2, WishError::OwnMunicipality),
                (3, WishError::Repeated),
                (4, WishError::Unknown)
            ]
        );
    }

    #[test]
    fn two_municipalities_that_are_not_known_are_not_the_same() {
        let wishes = [wish(10, 2, None)];
        assert_eq!(judge(ME, None, &wishes), []);
        assert_eq!(judge(ME, Some(&5), &wishes), []);
    }
}
