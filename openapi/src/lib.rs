//! The API documents: what the code says, and the committed files that must say the same.

use gateway::MergeError;
use serde_json::Value;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// The document of every part, in the order in which the merged one has them.
pub fn parts() -> [(&'static str, Value); 5] {
    [
        ("registration", registration::api::document()),
        ("scheduling", scheduling::api::document()),
        ("mentorship", mentorship::api::document()),
        ("evaluation", evaluation::api::document()),
        ("gateway", gateway::document()),
    ]
}

/// One committed document: its file name, and the text that the code gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committed {
    /// Name of the file.
    pub file: String,
    /// The text, ended by a line break.
    pub text: String,
}

/// Every document as it has to be committed, the merged one last.
pub fn committed() -> Result<Vec<Committed>, MergeError> {
    let parts = parts();
    let documents: Vec<Value> = parts.iter().map(|(_, document)| document.clone()).collect();
    let whole = ("akademi", gateway::merge(&documents)?);
    let all = parts.into_iter().chain([whole]);
    Ok(all
        .map(|(name, document)| Committed {
            file: format!("{name}.json"),
            text: pretty(document),
        })
        .collect())
}

/// The document for people who connect systems, as it is committed beside the others.
const INTEGRATING: &str = "../docs/INTEGRATING.md";
/// What stands around the part of it that is written from the code.
const BEGIN: &str = "<!-- The catalogue: written by `cargo run -p openapi -- write`. -->\n";
const END: &str = "<!-- End of the catalogue. -->\n";

/// The document for people who connect systems, with the catalogue of events as the code has it.
pub fn integrating(folder: &Path) -> io::Result<Committed> {
    let text = fs::read_to_string(folder.join(INTEGRATING))?;
    let text = with_catalogue(&text, &registration::feeds::described::table())
        .ok_or_else(|| io::Error::other("docs/INTEGRATING.md has no place for the catalogue"))?;
    Ok(Committed {
        file: INTEGRATING.to_owned(),
        text,
    })
}

/// The text with another catalogue between its marks.
fn with_catalogue(text: &str, catalogue: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{catalogue}\n{END}{after}"))
}

/// Members in alphabetical order, whatever order the build's features keep them in.
fn pretty(mut document: Value) -> String {
    document.sort_all_objects();
    format!("{document:#}\n")
}

/// The folder of the committed documents: this crate's own.
pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Writes the documents that differ, and says which those were.
pub fn write(folder: &Path, documents: &[Committed]) -> io::Result<Vec<String>> {
    let changed = differing(folder, documents);
    for document in documents {
        if changed.contains(&document.file) {
            fs::write(folder.join(&document.file), &document.text)?;
        }
    }
    Ok(changed)
}

/// The files that are missing or differ from what the code says.
pub fn differing(folder: &Path, documents: &[Committed]) -> Vec<String> {
    let differs = |document: &&Committed| {
        fs::read_to_string(folder.join(&document.file))
            .ok()
            .as_deref()
            != Some(&document.text)
    };
    let different = documents.iter().filter(differs);
    different.map(|document| document.file.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_or_missing_file_is_named_and_written() {
        let folder = std::env::temp_dir().join(format!("akademi-openapi-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let document = |name: &str| Committed {
            file: format!("{name}.json"),
            text: pretty(serde_json::json!({ "b": 1, "a": name })),
        };
        let documents = [document("one"), document("two")];
        assert_eq!(write(&folder, &documents[..1]).unwrap(), ["one.json"]);
        assert_eq!(differing(&folder, &documents), ["two.json"]);
        fs::write(folder.join("one.json"), "{}").unwrap();
        assert_eq!(differing(&folder, &documents), ["one.json", "two.json"]);
        assert_eq!(write(&folder, &documents).unwrap().len(), 2);
        assert!(differing(&folder, &documents).is_empty());
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn the_catalogue_is_replaced_between_its_marks_and_nothing_else_is() {
        let text = format!("before\n{BEGIN}\nold\n{END}after\n");
        let new = with_catalogue(&text, "new\n").unwrap();
        assert_eq!(new, format!("before\n{BEGIN}\nnew\n\n{END}after\n"));
        assert_eq!(with_catalogue(&new, "new\n").as_ref(), Some(&new));
        assert_eq!(with_catalogue("no marks", "new"), None);
        assert!(
            integrating(&folder())
                .unwrap()
                .text
                .contains("| `offer.accepted` |")
        );
    }

    #[test]
    fn a_document_is_sorted_and_ends_its_last_line() {
        let text = pretty(serde_json::json!({ "b": { "d": 1, "c": 2 }, "a": 3 }));
        assert_eq!(
            text,
            "{\n  \"a\": 3,\n  \"b\": {\n    \"c\": 2,\n    \"d\": 1\n  }\n}\n"
        );
    }
}
