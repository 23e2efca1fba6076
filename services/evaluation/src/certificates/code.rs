//! The code of a certificate: 80 random bits in 16 letters and digits (Crockford's 32, of which
//! none is mistaken for another), shown in groups of four and read however it was typed.

use aws_lc_rs::rand;
use shared_types::Problem;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Random bytes of a code.
const BYTES: usize = 10;
/// Letters of a code.
const LETTERS: usize = 16;
/// Letters of a group.
const GROUP: usize = 4;

/// A new code.
pub fn new() -> Result<String, Problem> {
    let mut bytes = [0u8; BYTES];
    rand::fill(&mut bytes).map_err(|_| Problem::internal("no randomness"))?;
    Ok(written(bytes))
}

fn written(bytes: [u8; BYTES]) -> String {
    let number = bytes
        .into_iter()
        .fold(0u128, |number, byte| (number << 8) | u128::from(byte));
    let letter = |place: usize| {
        let five = usize::try_from((number >> (5 * place)) & 31).unwrap_or(0);
        ALPHABET.get(five).copied().map_or('0', char::from)
    };
    (0..LETTERS).rev().map(letter).collect()
}

/// A code as somebody typed it: small letters, spaces, and letters that look like digits are
/// read for what is meant. Nothing for what can't be a code.
pub fn read(text: &str) -> Option<String> {
    let mut code = String::with_capacity(LETTERS);
    for letter in text.chars() {
        let letter = match letter.to_ascii_uppercase() {
            '-' | ' ' | '\u{2013}' | '\u{2011}' | '\t' => continue,
            'O' => '0',
            'I' | 'L' => '1',
            letter => letter,
        };
        let known = u8::try_from(letter).is_ok_and(|byte| ALPHABET.contains(&byte));
        if !known || code.len() == LETTERS {
            return None;
        }
        code.push(letter);
    }
    (code.len() == LETTERS).then_some(code)
}

/// A code as it is shown.
pub fn shown(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    let groups = letters.chunks(GROUP).map(|group| group.iter().collect());
    groups.collect::<Vec<String>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_code_is_read_as_it_is_shown_and_as_it_is_mistyped() {
        let code = new().unwrap();
        assert_eq!(code.len(), 16);
        assert_eq!(read(&shown(&code)), Some(code.clone()));
        assert_eq!(read(&shown(&code).to_lowercase()), Some(code.clone()));
        assert_eq!(
            read("oooo-IIII-llll-ABCD").as_deref(),
            Some("000011111111ABCD")
        );
        for wrong in [
            "",
            "0000",
            "0000-0000-0000-000U",
            "0000-0000-0000-00000",
            "ÅÅÅÅ",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn codes_are_all_different_and_use_every_letter() {
        let codes: BTreeSet<String> = (0..2000).map(|_| new().unwrap()).collect();
        assert_eq!(codes.len(), 2000);
        let letters: BTreeSet<char> = codes.iter().flat_map(|code| code.chars()).collect();
        assert_eq!(letters.len(), 32);
    }

    proptest! {
        #[test]
        fn no_bit_is_lost(one in any::<[u8; 10]>(), other in any::<[u8; 10]>()) {
            prop_assert_eq!(written(one) == written(other), one == other);
        }
    }
}
