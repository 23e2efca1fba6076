//! Objects out of the text of a JSON file: one list, or an object on each line.

use serde_json::{Map, Value};
use shared_types::{Problem, imports::codes::IMPORT_UNREADABLE};

use crate::table::MOST_ROW_BYTES;

/// One object.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// The line on which it begins, from 1.
    pub line: i32,
    /// Its members.
    pub members: Map<String, Value>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Before everything.
    Start,
    /// Where an object, or the list's end, has to come.
    Item,
    /// After an object.
    After,
    /// After the list.
    Ended,
}

/// Takes objects out of text, piece by piece. A text that is no JSON within an object is found by
/// the one who reads the object; what stands around is judged here.
#[derive(Debug)]
pub struct Objects {
    place: Place,
    is_list: bool,
    /// The object that is being read.
    open: String,
    depth: u32,
    in_text: bool,
    escaped: bool,
    line: i32,
    begun_on: i32,
}

impl Default for Objects {
    fn default() -> Self {
        Self {
            place: Place::Start,
            is_list: false,
            open: String::new(),
            depth: 0,
            in_text: false,
            escaped: false,
            line: 1,
            begun_on: 1,
        }
    }
}

impl Objects {
    /// Whether the objects stand in one list.
    pub fn is_list(&self) -> bool {
        self.is_list
    }

    /// Appends the objects that end in some text.
    pub fn push(&mut self, text: &str, out: &mut Vec<Object>) -> Result<(), Problem> {
        for letter in text.chars() {
            if self.depth > 0 {
                self.read_within(letter, out)?;
            } else {
                self.read_around(letter)?;
            }
            self.line += i32::from(letter == '\n');
        }
        Ok(())
    }

    /// Judges whether the text was whole.
    pub fn end(&self) -> Result<(), Problem> {
        let whole = match self.place {
            Place::Start | Place::Ended => true,
            Place::Item | Place::After => !self.is_list,
        };
        if whole && self.depth == 0 {
            Ok(())
        } else {
            Err(self.unreadable())
        }
    }

    fn read_within(&mut self, letter: char, out: &mut Vec<Object>) -> Result<(), Problem> {
        self.open.push(letter);
        if self.open.len() > MOST_ROW_BYTES {
            return Err(self.unreadable());
        }
        if self.in_text {
            let ends = letter == '"' && !self.escaped;
            self.escaped = letter == '\\' && !self.escaped;
            self.in_text = !ends;
            return Ok(());
        }
        match letter {
            '"' => self.in_text = true,
            '{' | '[' => self.depth += 1,
            '}' | ']' => self.depth -= 1,
            _ => {}
        }
        if self.depth == 0 {
            let open = std::mem::take(&mut self.open);
            let members = serde_json::from_str(&open).map_err(|_| self.unreadable())?;
            out.push(Object {
                line: self.begun_on,
                members,
            });
            self.place = Place::After;
        }
        Ok(())
    }

    fn read_around(&mut self, letter: char) -> Result<(), Problem> {
        if letter.is_ascii_whitespace() {
            return Ok(());
        }
        let may_begin = match self.place {
            Place::Start | Place::Item => true,
            Place::After => !self.is_list,
            Place::Ended => false,
        };
        match letter {
            '{' if may_begin => {
                self.begun_on = self.line;
                self.depth = 1;
                self.open.push(letter);
            }
            '[' if self.place == Place::Start => {
                self.is_list = true;
                self.place = Place::Item;
            }
            ',' if self.place == Place::After && self.is_list => self.place = Place::Item,
            ']' if self.is_list && self.place != Place::Ended => self.place = Place::Ended,
            _ => return Err(self.unreadable()),
        }
        Ok(())
    }

    fn unreadable(&self) -> Problem {
        let line = if self.depth > 0 {
            self.begun_on
        } else {
            self.line
        };
        Problem::of(&IMPORT_UNREADABLE).value("line", line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str, pieces: usize) -> Result<Vec<(i32, String)>, String> {
        let (mut objects, mut out) = (Objects::default(), Vec::new());
        let letters: Vec<char> = text.chars().collect();
        let mut all = || {
            for piece in letters.chunks(pieces) {
                objects.push(&piece.iter().collect::<String>(), &mut out)?;
            }
            objects.end()
        };
        let done: Result<(), Problem> = all();
        done.map_err(|problem| problem.get("line").unwrap_or_default().to_owned())?;
        let text = |object: Object| (object.line, Value::Object(object.members).to_string());
        Ok(out.into_iter().map(text).collect())
    }

    #[test]
    fn a_list_and_lines_are_read_wherever_the_pieces_end() {
        let tricky = r#"{"a":"}\\\"{[","b":[{"c":1}]}"#;
        for pieces in [1, 3, 1000] {
            let list = format!("[\n  {tricky},\n\n  {{\"a\":\"å\"}}\n]\n");
            let expected = vec![(2, tricky.to_owned()), (4, r#"{"a":"å"}"#.to_owned())];
            assert_eq!(read(&list, pieces), Ok(expected));
            let lines = format!("{tricky}\r\n{tricky}\n");
            let expected = vec![(1, tricky.to_owned()), (2, tricky.to_owned())];
            assert_eq!(read(&lines, pieces), Ok(expected));
        }
        assert_eq!(read("[]", 1), Ok(vec![]));
        assert_eq!(read(" ", 1), Ok(vec![]));
    }

    #[test]
    fn what_is_no_list_of_objects_is_refused_with_its_line() {
        for (text, line) in [
            ("[1]", "1"),
            ("[{}\n{}]", "2"),
            ("[{}],", "1"),
            ("[\n{}", "2"),
            ("\n{\"a\":", "2"),
            ("{\"a\" 1}", "1"),
            ("key;name", "1"),
            ("{}]", "1"),
        ] {
            assert_eq!(read(text, 1000), Err(line.to_owned()), "{text}");
        }
    }

    #[test]
    fn an_object_without_end_is_given_up_at_its_limit() {
        let mut objects = Objects::default();
        let deep = "[".repeat(16 * 1024);
        objects.push("{\"a\":", &mut Vec::new()).unwrap();
        let given_up = (0..1000).find_map(|_| objects.push(&deep, &mut Vec::new()).err());
        assert_eq!(given_up.unwrap().code().name, "import_unreadable");
        let nested = format!("{{\"a\":{}{}}}", "[".repeat(500), "]".repeat(500));
        assert!(read(&nested, 1000).is_err());
    }

    proptest! {
        #[test]
        fn the_pieces_make_no_difference(text in "[\\[\\]{}\",:1\n\\\\]{0,40}", pieces in 1..9_usize) {
            prop_assert_eq!(read(&text, pieces), read(&text, 1000));
        }
    }
}
