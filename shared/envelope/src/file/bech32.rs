//! Keys as texts that notice a typing error (BIP 173).

const LETTERS: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const CHECK_LETTERS: usize = 6;

/// Bytes as a text that begins with `name` and `1`.
pub(super) fn encode(name: &str, bytes: &[u8]) -> String {
    let mut values = regroup(bytes, 8, 5);
    let mut checked = expanded(name);
    checked.extend_from_slice(&values);
    checked.extend_from_slice(&[0; CHECK_LETTERS]);
    let check = checksum(&checked) ^ 1;
    values.extend((0..CHECK_LETTERS).map(|at| {
        let shift = 5 * (CHECK_LETTERS - 1 - at);
        u8::try_from(check >> shift & 31).unwrap_or_default()
    }));
    let letters = values
        .iter()
        .filter_map(|value| LETTERS.get(usize::from(*value)))
        .map(|letter| char::from(*letter));
    format!("{name}1{}", letters.collect::<String>())
}

/// The bytes of a text that begins with `name` and `1`, in either case but not in both.
pub(super) fn decode(name: &str, text: &str) -> Option<Vec<u8>> {
    let lower = text.to_ascii_lowercase();
    if text != lower && text != text.to_ascii_uppercase() {
        return None;
    }
    let letters = lower.strip_prefix(name)?.strip_prefix('1')?;
    let value = |letter: u8| LETTERS.iter().position(|known| *known == letter);
    let values: Vec<u8> = letters
        .bytes()
        .map(|letter| value(letter).and_then(|value| u8::try_from(value).ok()))
        .collect::<Option<_>>()?;
    let mut checked = expanded(name);
    checked.extend_from_slice(&values);
    if checksum(&checked) != 1 {
        return None;
    }
    let values = values.get(..values.len().checked_sub(CHECK_LETTERS)?)?;
    let bytes = regroup(values, 5, 8);
    // What is left over is no byte, and nothing.
    let whole = values.len() * 5 / 8;
    let (bytes, rest) = bytes.split_at_checked(whole)?;
    rest.iter().all(|byte| *byte == 0).then(|| bytes.to_vec())
}

/// Bits in groups of another size, the last one filled up with zeros.
fn regroup(from: &[u8], from_bits: u32, to_bits: u32) -> Vec<u8> {
    let (mut held, mut bits) = (0_u32, 0);
    let mut groups = Vec::new();
    for value in from {
        held = (held << from_bits | u32::from(*value)) & 0xffff;
        bits += from_bits;
        while bits >= to_bits {
            bits -= to_bits;
            groups.push(low(held >> bits, to_bits));
        }
    }
    if bits > 0 {
        groups.push(low(held << (to_bits - bits), to_bits));
    }
    groups
}

fn low(value: u32, bits: u32) -> u8 {
    u8::try_from(value & ((1 << bits) - 1)).unwrap_or_default()
}

fn expanded(name: &str) -> Vec<u8> {
    let high = name.bytes().map(|letter| letter >> 5);
    let low = name.bytes().map(|letter| letter & 31);
    high.chain([0]).chain(low).collect()
}

fn checksum(values: &[u8]) -> u32 {
    let generator = [
        0x3b6a_57b2,
        0x2650_8e6d,
        0x1ea1_19fa,
        0x3d42_33dd,
        0x2a14_62b3,
    ];
    values.iter().fold(1, |sum: u32, value| {
        let top = sum >> 25;
        let sum = (sum & 0x01ff_ffff) << 5 ^ u32::from(*value);
        let with = generator.iter().enumerate();
        with.fold(
            sum,
            |sum, (at, part)| {
                if top >> at & 1 == 1 { sum ^ part } else { sum }
            },
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_a_wrong_letter_is_noticed() {
        for length in [0, 1, 5, 31, 32, 33] {
            let bytes: Vec<u8> = (0..length).map(|byte| byte * 7 + 3).collect();
            let text = encode("age", &bytes);
            assert_eq!(decode("age", &text), Some(bytes.clone()), "{text}");
            assert_eq!(decode("age", &text.to_uppercase()), Some(bytes));
            assert_eq!(decode("agf", &text), None);
            for place in 4..text.len() {
                let mut wrong = text.clone().into_bytes();
                wrong[place] = if wrong[place] == b'q' { b'p' } else { b'q' };
                assert_eq!(decode("age", std::str::from_utf8(&wrong).unwrap()), None);
            }
        }
        assert_eq!(decode("age", "age1Qqqqqqq"), None, "both cases");
    }

    #[test]
    fn the_standards_own_examples_hold() {
        assert_eq!(decode("a", "A12UEL5L"), Some(Vec::new()));
        assert_eq!(encode("a", &[]), "a12uel5l");
        assert_eq!(decode("a", "a12uel5m"), None);
    }
}
