//! Fields of forms: each with its label, its hint, and beside it what is wrong.

use super::Form;
use maud::{Markup, html};
use shared_types::{Language, Words};

/// What stands above a field.
#[derive(Clone, Copy, Debug)]
pub struct Label<'a> {
    /// What the field is for.
    pub words: &'a Words,
    /// What helps to fill it in.
    pub hint: Option<&'a Words>,
    /// Whether it has to be filled in; the others say that they need not.
    pub required: bool,
}

impl<'a> Label<'a> {
    /// The label of a field that has to be filled in.
    pub const fn required(words: &'a Words) -> Self {
        Self {
            words,
            hint: None,
            required: true,
        }
    }

    /// The label of a field that may be left out.
    pub const fn optional(words: &'a Words) -> Self {
        Self {
            words,
            hint: None,
            required: false,
        }
    }

    /// Adds a hint.
    pub const fn hint(self, hint: &'a Words) -> Self {
        Self {
            hint: Some(hint),
            ..self
        }
    }
}

/// What is typed on a line, so that a browser can offer it and a telephone shows the right keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// One's own name.
    Name,
    /// One's own title at work.
    Title,
    /// One's own address.
    Email,
    /// Anything else.
    Other,
}

impl Line {
    const fn kind(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Name | Self::Title | Self::Other => "text",
        }
    }

    const fn autocomplete(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Title => "organization-title",
            Self::Email => "email",
            Self::Other => "off",
        }
    }
}

/// Draws the fields of a form with what was typed into them.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'a> {
    /// What was typed, and what is wrong.
    pub form: &'a Form,
    /// The reader's language.
    pub language: Language,
}

impl Fields<'_> {
    /// What is wrong, all at once, with a way to each field; nothing where nothing is.
    pub fn summary(&self) -> Markup {
        html! {
            @if !self.form.is_fine() {
                div class="notice no" role="alert" {
                    h2 { (WRONG.get(self.language)) }
                    ul {
                        @for fault in self.form.faults() {
                            li { a href=(format!("#{}", id(&fault.field))) { (fault.label) ": " (fault.words) } }
                        }
                    }
                }
            }
        }
    }

    /// A field of one line.
    pub fn line(&self, name: &str, label: Label<'_>, line: Line) -> Markup {
        html! {
            div class="field" {
                (self.label(name, label))
                input type=(line.kind()) id=(id(name)) name=(name) value=(self.form.get(name))
                    autocomplete=(line.autocomplete()) required[label.required]
                    aria-describedby=[self.described_by(name, label)] aria-invalid=[self.invalid(name)];
            }
        }
    }

    /// A field of several lines.
    pub fn text(&self, name: &str, label: Label<'_>, rows: u8) -> Markup {
        html! {
            div class="field" {
                (self.label(name, label))
                textarea id=(id(name)) name=(name) rows=(rows) required[label.required]
                    aria-describedby=[self.described_by(name, label)] aria-invalid=[self.invalid(name)]
                    { (self.form.get(name)) }
            }
        }
    }

    /// A choice from a list; the first entry is empty.
    pub fn list(&self, name: &str, label: Label<'_>, options: &[(String, String)]) -> Markup {
        let chosen = self.form.get(name);
        html! {
            div class="field" {
                (self.label(name, label))
                select id=(id(name)) name=(name) required[label.required]
                    aria-describedby=[self.described_by(name, label)] aria-invalid=[self.invalid(name)] {
                    option value="" { (CHOOSE.get(self.language)) }
                    @for (value, words) in options {
                        option value=(value) selected[value == chosen] { (words) }
                    }
                }
            }
        }
    }

    /// A choice of a few, all in sight.
    pub fn choice(&self, name: &str, label: Label<'_>, options: &[(&str, &Words)]) -> Markup {
        let chosen = self.form.get(name);
        html! {
            fieldset class="field" aria-describedby=[self.described_by(name, label)] {
                legend { (label.words.get(self.language)) (self.optional(label)) }
                (self.notes(name, label))
                @for (index, (value, words)) in options.iter().enumerate() {
                    label class="choice" {
                        input type="radio" name=(name) value=(value) checked[*value == chosen]
                            id=[(index == 0).then(|| id(name))];
                        span { (words.get(self.language)) }
                    }
                }
            }
        }
    }

    /// What is wrong with a field, for fields that a page draws by itself; [`fault_id`] names it.
    pub fn fault(&self, name: &str) -> Markup {
        html! {
            @if let Some(words) = self.form.fault(name) {
                p class="fault" id=(fault_id(name)) { (words) }
            }
        }
    }

    fn label(&self, name: &str, label: Label<'_>) -> Markup {
        html! {
            label for=(id(name)) { (label.words.get(self.language)) (self.optional(label)) }
            (self.notes(name, label))
        }
    }

    fn notes(&self, name: &str, label: Label<'_>) -> Markup {
        html! {
            @if let Some(hint) = label.hint {
                p class="hint" id=(hint_id(name)) { (hint.get(self.language)) }
            }
            (self.fault(name))
        }
    }

    fn optional(&self, label: Label<'_>) -> Markup {
        html! {
            @if !label.required { " " span class="optional" { (OPTIONAL.get(self.language)) } }
        }
    }

    fn described_by(&self, name: &str, label: Label<'_>) -> Option<String> {
        let hint = label.hint.map(|_| hint_id(name));
        let fault = self.form.fault(name).map(|_| fault_id(name));
        let ids: Vec<String> = hint.into_iter().chain(fault).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    fn invalid(&self, name: &str) -> Option<&'static str> {
        self.form.fault(name).map(|_| "true")
    }
}

/// The id of a field in its page.
pub fn id(name: &str) -> String {
    format!("field-{name}")
}

/// The id of what is wrong with a field.
pub fn fault_id(name: &str) -> String {
    format!("fault-{name}")
}

fn hint_id(name: &str) -> String {
    format!("hint-{name}")
}

const WRONG: Words = Words {
    en: "Please look at this again",
    sv: "Titta på det här igen",
    da: "Se på dette igen",
};
const OPTIONAL: Words = Words {
    en: "(optional)",
    sv: "(frivilligt)",
    da: "(valgfrit)",
};
const CHOOSE: Words = Words {
    en: "Choose …",
    sv: "Välj …",
    da: "Vælg …",
};

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: Words = Words {
        en: "Name",
        sv: "Namn",
        da: "Navn",
    };

    #[test]
    fn a_field_shows_what_was_typed_and_names_what_is_wrong() {
        let mut form = Form::default();
        form.set("name", r#""><script>"#);
        form.refuse("name", "Namn", "Too short.");
        let fields = Fields {
            form: &form,
            language: Language::Swedish,
        };
        let drawn = fields
            .line("name", Label::required(&NAME), Line::Name)
            .into_string();
        assert!(drawn.contains(r#"<label for="field-name">Namn</label>"#));
        assert!(drawn.contains(r#"value="&quot;&gt;&lt;script&gt;""#));
        assert!(drawn.contains(r#"aria-describedby="fault-name" aria-invalid="true""#));
        assert!(
            fields
                .summary()
                .into_string()
                .contains(r##"href="#field-name""##)
        );
    }
}
