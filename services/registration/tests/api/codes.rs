//! Every problem that the API can answer is answered in some test.

use shared_types::{imports, registration::codes::ALL};
use std::{fs, path::Path};

#[test]
fn every_problem_code_is_reached_by_a_test() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api");
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let texts: Vec<String> = files
        .filter(|path| path.is_file() && !path.ends_with("codes.rs"))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    // Alone, or before the column that a report names.
    let is_reached = |code: &str| {
        let said = [format!("\"{code}\""), format!("\"{code} ")];
        texts
            .iter()
            .any(|text| said.iter().any(|said| text.contains(said)))
    };
    // Files are read alike everywhere, and tried here.
    let missing = ALL
        .iter()
        .chain(imports::codes::ALL)
        .map(|code| code.name)
        .filter(|code| !is_reached(code));
    assert_eq!(missing.collect::<Vec<_>>(), [""; 0]);
}
