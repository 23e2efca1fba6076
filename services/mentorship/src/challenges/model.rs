//! Who reads which piece.

use shared_types::mentorship::challenges::{NewChallenge, Piece, Readership};

/// What a reader is to the owner of a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The owner.
    Owner,
    /// The present mentor.
    Mentor,
    /// Somebody of the round: a participant, a mentor of the pool, a coordinator.
    Round,
}

impl Reader {
    /// Whether the reader sees what is for this audience.
    pub const fn sees(self, audience: Readership) -> bool {
        match self {
            Self::Owner => true,
            Self::Mentor => matches!(audience, Readership::Mentor | Readership::Round),
            Self::Round => matches!(audience, Readership::Round),
        }
    }

    /// A piece, if the reader sees it.
    pub fn piece(self, piece: Option<Piece>) -> Option<Piece> {
        piece.filter(|piece| self.sees(piece.audience))
    }

    /// The pieces that the reader sees.
    pub fn pieces(self, pieces: Vec<Piece>) -> Vec<Piece> {
        let seen = pieces.into_iter();
        seen.filter(|piece| self.sees(piece.audience)).collect()
    }
}

/// What of a challenge a reader sees; nothing where that would be empty. Horizon and key figures
/// go with the title.
pub fn seen(challenge: NewChallenge, reader: Reader) -> Option<Seen> {
    let title = reader.piece(Some(challenge.title));
    let with_title = title.is_some();
    let seen = Seen {
        title,
        vision: reader.piece(challenge.vision),
        goals: reader.pieces(challenge.goals),
        stakeholders: reader.pieces(challenge.stakeholders),
        risks: reader.pieces(challenge.risks),
        with_title,
    };
    let is_empty = seen.title.is_none()
        && seen.vision.is_none()
        && seen.goals.is_empty()
        && seen.stakeholders.is_empty()
        && seen.risks.is_empty();
    (!is_empty).then_some(seen)
}

/// The pieces of a challenge that a reader sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// What it is.
    pub title: Option<Piece>,
    /// How it is to be.
    pub vision: Option<Piece>,
    /// What is to be reached.
    pub goals: Vec<Piece>,
    /// Whom it concerns.
    pub stakeholders: Vec<Piece>,
    /// What could go wrong.
    pub risks: Vec<Piece>,
    /// Whether horizon and key figures are seen too.
    pub with_title: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(text: &str, audience: Readership) -> Piece {
        Piece {
            text: text.to_owned(),
            audience,
        }
    }

    #[test]
    fn each_piece_is_seen_by_its_audience_and_by_those_nearer() {
        let sees = |reader: Reader| {
            [Readership::Private, Readership::Mentor, Readership::Round].map(|of| reader.sees(of))
        };
        assert_eq!(sees(Reader::Owner), [true, true, true]);
        assert_eq!(sees(Reader::Mentor), [false, true, true]);
        assert_eq!(sees(Reader::Round), [false, false, true]);
    }

    #[test]
    fn a_challenge_of_which_nothing_is_shared_is_not_there() {
        let challenge = NewChallenge {
            title: piece("Waiting times", Readership::Mentor),
            vision: None,
            goals: vec![piece("Two weeks", Readership::Private)],
            stakeholders: Vec::new(),
            risks: vec![piece("Money", Readership::Round)],
            key_figures: Vec::new(),
            horizon_on: None,
        };
        let round = seen(challenge.clone(), Reader::Round).unwrap();
        assert_eq!(
            (round.title, round.goals.len(), round.risks.len()),
            (None, 0, 1)
        );
        assert!(!round.with_title);
        let hidden = NewChallenge {
            risks: Vec::new(),
            ..challenge.clone()
        };
        assert_eq!(seen(hidden, Reader::Round), None);
        assert_eq!(seen(challenge, Reader::Owner).unwrap().goals.len(), 1);
    }
}
