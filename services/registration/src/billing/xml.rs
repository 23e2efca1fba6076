//! A writer of XML that can't write what is not well-formed: every element is closed, every text
//! escaped, and what XML 1.0 has no place for is left out.

/// A document that grows element by element.
#[derive(Debug)]
pub(super) struct Xml {
    text: String,
}

impl Xml {
    /// The declaration alone.
    pub(super) fn new() -> Self {
        Self {
            text: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned(),
        }
    }

    /// An element with what `inner` writes in it.
    pub(super) fn group(
        &mut self,
        name: &str,
        attributes: &[(&str, &str)],
        inner: impl FnOnce(&mut Self),
    ) {
        self.open(name, attributes);
        inner(self);
        self.text.push_str("</");
        self.text.push_str(name);
        self.text.push('>');
    }

    /// An element with a text.
    pub(super) fn text(&mut self, name: &str, attributes: &[(&str, &str)], value: &str) {
        self.group(name, attributes, |xml| xml.escape(value.trim(), false));
    }

    /// An element with a text, where there is one: Peppol refuses elements that are empty.
    pub(super) fn some(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value.filter(|value| !value.trim().is_empty()) {
            self.text(name, &[], value);
        }
    }

    /// The whole.
    pub(super) fn finish(self) -> String {
        self.text
    }

    fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.text.push('<');
        self.text.push_str(name);
        for (attribute, value) in attributes {
            self.text.push(' ');
            self.text.push_str(attribute);
            self.text.push_str("=\"");
            self.escape(value, true);
            self.text.push('"');
        }
        self.text.push('>');
    }

    fn escape(&mut self, value: &str, quoted: bool) {
        for letter in value.chars() {
            match letter {
                '&' => self.text.push_str("&amp;"),
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                '"' if quoted => self.text.push_str("&quot;"),
                // A reader would make a plain line end or a space of it.
                '\r' => self.text.push_str("&#13;"),
                '\t' | '\n' if quoted => self.text.push(' '),
                '\t' | '\n' => self.text.push(letter),
                '\u{fffe}' | '\u{ffff}' => {}
                letter if letter < ' ' => {}
                letter => self.text.push(letter),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn whatever_is_written_is_read_back_by_another(value in any::<String>(), attribute in any::<String>()) {
            let mut xml = Xml::new();
            xml.group("a", &[("b", &attribute)], |xml| xml.text("c", &[], &value));
            let written = xml.finish();
            let read = roxmltree::Document::parse(&written).unwrap();
            let kept = |letter: &char| *letter >= ' ' || "\t\n\r".contains(*letter);
            let kept = |letter: &char| kept(letter) && !"\u{fffe}\u{ffff}".contains(*letter);
            let expected: String = value.trim().chars().filter(kept).collect();
            let found = read.root_element().first_element_child().unwrap();
            prop_assert_eq!(found.text().unwrap_or_default(), expected);
            let expected: String = attribute
                .chars()
                .filter(kept)
                .map(|letter| if "\t\n".contains(letter) { ' ' } else { letter })
                .collect();
            prop_assert_eq!(read.root_element().attribute("b"), Some(expected.as_str()));
        }
    }
}
