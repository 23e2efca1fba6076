//! The bytes of a file as text, whichever way they are encoded.
//!
//! Nobody says so reliably: Excel writes Windows-1252, UTF-8 with a mark or UTF-16 by what the
//! user chose, and browsers send no `charset`. Up to the first letter beyond ASCII all are alike,
//! and that letter tells them apart: as UTF-8 it is several bytes that fit together, which letters
//! of Windows-1252 practically never do. So a file need not be held to find out.

use encoding_rs::{Decoder, Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};
use shared_types::{
    Problem, codes,
    imports::codes::{IMPORT_ENCODING_MIXED, IMPORT_WORKBOOK},
};
use std::str;

/// Bytes by which marks and workbooks are recognised.
const MOST_MARK_BYTES: usize = 4;
const MARK: &[u8] = b"\xef\xbb\xbf";
/// How workbooks begin: that of today is an archive, that of old a compound file.
const WORKBOOKS: [&[u8]; 2] = [b"PK\x03\x04", b"\xd0\xcf\x11\xe0"];

enum State {
    /// Nothing is read yet.
    Beginning,
    /// Nothing but ASCII so far.
    Ascii,
    Utf8,
    Other(Decoder),
}

/// Makes text of bytes, piece by piece.
pub struct Text {
    state: State,
    /// What can't be told apart yet: a mark, or the beginning of a letter.
    pending: Vec<u8>,
    encoding: &'static str,
    /// Whether a mark was looked for.
    begun: bool,
    lines: usize,
}

impl Text {
    /// Text in the encoding that was announced, or in whichever it turns out to be.
    pub fn of(charset: Option<&str>) -> Result<Self, Problem> {
        let (state, encoding) = match charset {
            None => (State::Beginning, "utf-8"),
            Some("utf-8" | "utf8") => (State::Utf8, "utf-8"),
            Some(name) => match Encoding::for_label(name.as_bytes()) {
                Some(known) if known == WINDOWS_1252 => other(known, "windows-1252"),
                Some(known) if known == UTF_16LE => other(known, "utf-16le"),
                Some(known) if known == UTF_16BE => other(known, "utf-16be"),
                _ => {
                    let expected = "in UTF-8, ISO-8859-1, Windows-1252 or UTF-16";
                    let problem = Problem::of(&codes::UNSUPPORTED_MEDIA_TYPE);
                    return Err(problem.value("expected", expected));
                }
            },
        };
        Ok(Self {
            state,
            pending: Vec::new(),
            encoding,
            begun: false,
            lines: 1,
        })
    }

    /// The encoding, as far as the file has been read.
    pub fn encoding(&self) -> &'static str {
        self.encoding
    }

    /// Appends the text of some bytes.
    pub fn push(&mut self, bytes: &[u8], out: &mut String) -> Result<(), Problem> {
        let before = out.len();
        let mut all = std::mem::take(&mut self.pending);
        all.extend_from_slice(bytes);
        self.read(&all, out, false)?;
        self.count(out, before);
        Ok(())
    }

    /// Appends what was still open.
    pub fn end(&mut self, out: &mut String) -> Result<(), Problem> {
        let before = out.len();
        let all = std::mem::take(&mut self.pending);
        self.read(&all, out, true)?;
        self.count(out, before);
        Ok(())
    }

    fn count(&mut self, out: &str, before: usize) {
        let new = out.as_bytes().get(before..).unwrap_or_default();
        self.lines += new.iter().filter(|byte| **byte == b'\n').count();
    }

    fn read(&mut self, mut bytes: &[u8], out: &mut String, last: bool) -> Result<(), Problem> {
        if matches!(self.state, State::Beginning) {
            if bytes.len() < MOST_MARK_BYTES && !last {
                self.pending = bytes.to_vec();
                return Ok(());
            }
            if WORKBOOKS.iter().any(|start| bytes.starts_with(start)) {
                return Err(Problem::of(&IMPORT_WORKBOOK));
            }
            self.state = State::Ascii;
            if bytes.starts_with(b"\xff\xfe") {
                (self.state, self.encoding) = other(UTF_16LE, "utf-16le");
            } else if bytes.starts_with(b"\xfe\xff") {
                (self.state, self.encoding) = other(UTF_16BE, "utf-16be");
            }
        }
        if !self.begun && !matches!(self.state, State::Other(_)) {
            if bytes.len() < MARK.len() && MARK.starts_with(bytes) && !last {
                self.pending = bytes.to_vec();
                return Ok(());
            }
            if let Some(rest) = bytes.strip_prefix(MARK) {
                self.state = State::Utf8;
                bytes = rest;
            }
        }
        self.begun = true;
        if matches!(self.state, State::Ascii) {
            bytes = self.read_ascii(bytes, out, last);
        }
        match &mut self.state {
            State::Beginning | State::Ascii => Ok(()),
            State::Utf8 => self.read_utf8(bytes, out, last),
            State::Other(decoder) => {
                if let Some(most) = decoder.max_utf8_buffer_length(bytes.len()) {
                    out.reserve(most);
                }
                let (_, _, failed) = decoder.decode_to_string(bytes, out, last);
                if failed { Err(self.mixed()) } else { Ok(()) }
            }
        }
    }

    /// Reads ASCII and says what comes after it; decides by what begins there.
    fn read_ascii<'a>(&mut self, bytes: &'a [u8], out: &mut String, last: bool) -> &'a [u8] {
        let plain = bytes.iter().take_while(|byte| byte.is_ascii()).count();
        let (plain, rest) = bytes.split_at_checked(plain).unwrap_or((bytes, &[]));
        out.push_str(str::from_utf8(plain).unwrap_or_default());
        if rest.is_empty() {
            return rest;
        }
        match str::from_utf8(rest) {
            Err(error) if error.valid_up_to() == 0 && error.error_len().is_none() && !last => {
                self.pending = rest.to_vec();
                &[]
            }
            Err(error) if error.valid_up_to() == 0 => {
                (self.state, self.encoding) = other(WINDOWS_1252, "windows-1252");
                rest
            }
            _ => {
                self.state = State::Utf8;
                rest
            }
        }
    }

    fn read_utf8(&mut self, bytes: &[u8], out: &mut String, last: bool) -> Result<(), Problem> {
        let (good, bad) = match str::from_utf8(bytes) {
            Ok(text) => (text, None),
            Err(error) => {
                let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
                let good = str::from_utf8(good).unwrap_or_default();
                (good, Some(error.error_len().is_some()))
            }
        };
        let rest = bytes.get(good.len()..).unwrap_or_default();
        let before = out.len();
        out.push_str(good);
        match bad {
            None => Ok(()),
            Some(false) if !last => {
                self.pending = rest.to_vec();
                Ok(())
            }
            Some(_) => {
                self.count(out, before);
                Err(self.mixed())
            }
        }
    }

    fn mixed(&self) -> Problem {
        Problem::of(&IMPORT_ENCODING_MIXED)
            .value("encoding", self.encoding)
            .value("line", self.lines)
    }
}

fn other(encoding: &'static Encoding, name: &'static str) -> (State, &'static str) {
    // Marks were looked for already; the decoder takes away its own.
    (State::Other(encoding.new_decoder_with_bom_removal()), name)
}

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Text")
            .field("encoding", &self.encoding)
            .field("lines", &self.lines)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(bytes: &[u8], pieces: usize) -> Result<(String, &'static str), &'static str> {
        let (mut text, mut out) = (Text::of(None).unwrap(), String::new());
        let mut all = || {
            for piece in bytes.chunks(pieces) {
                text.push(piece, &mut out)?;
            }
            text.end(&mut out)
        };
        match all() {
            Ok(()) => Ok((out, text.encoding)),
            Err(problem) => Err(problem.code().name),
        }
    }

    fn utf16(text: &str) -> Vec<u8> {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn the_first_letter_beyond_ascii_tells_the_encoding_wherever_the_pieces_end() {
        for pieces in 1..=7 {
            let name = "namn;ålder\r\nÅsa Öberg;41";
            let read = |bytes: &[u8]| read(bytes, pieces);
            assert_eq!(read(name.as_bytes()), Ok((name.to_owned(), "utf-8")));
            let marked = [MARK, name.as_bytes()].concat();
            assert_eq!(read(&marked), Ok((name.to_owned(), "utf-8")));
            let (latin, _, _) = WINDOWS_1252.encode(name);
            assert_eq!(read(&latin), Ok((name.to_owned(), "windows-1252")));
            assert_eq!(read(&utf16(name)), Ok((name.to_owned(), "utf-16le")));
            let euro = b"10 \x80 och \x93citat\x94";
            let words = "10 € och “citat”".to_owned();
            assert_eq!(read(euro), Ok((words, "windows-1252")));
        }
    }

    #[test]
    fn a_file_that_changes_its_encoding_is_refused_with_its_line() {
        let mixed = ["å\n\n".as_bytes(), b"\xe5\n"].concat();
        assert_eq!(read(&mixed, 100), Err("import_encoding_mixed"));
        let mut text = Text::of(Some("utf-8")).unwrap();
        let refused = text.push(&mixed, &mut String::new()).unwrap_err();
        assert_eq!(refused.get("line"), Some("3"));
    }

    #[test]
    fn a_workbook_is_told_to_be_one() {
        assert_eq!(read(b"PK\x03\x04rest of it", 2), Err("import_workbook"));
        assert_eq!(read(b"\xd0\xcf\x11\xe0\xa1\xb1", 9), Err("import_workbook"));
    }

    #[test]
    fn what_is_announced_counts_and_what_is_not_spoken_is_refused() {
        let mut out = String::new();
        let mut text = Text::of(Some("iso-8859-1")).unwrap();
        text.push(b"\xc3\xa5", &mut out).unwrap();
        assert_eq!(out, "Ã¥");
        assert!(Text::of(Some("koi8-r")).is_err());
    }

    #[test]
    fn nothing_is_text_too() {
        assert_eq!(read(b"", 1), Ok((String::new(), "utf-8")));
        assert_eq!(read(b"\xe5", 1), Ok(("å".to_owned(), "windows-1252")));
    }

    proptest! {
        #[test]
        fn every_text_is_read_back(text in "\\PC{0,60}", pieces in 1..9_usize) {
            let marked = [MARK, text.as_bytes()].concat();
            prop_assert_eq!(read(&marked, pieces).unwrap().0, text);
        }

        #[test]
        fn whatever_bytes_come_nothing_breaks(bytes: Vec<u8>, pieces in 1..9_usize) {
            let _ = read(&bytes, pieces);
        }
    }
}
