//! What the sources of a crate route.

use std::{collections::BTreeSet, path::Path};

/// Method and address of every handler below a folder that bears its route.
pub(super) fn attributed(folder: &Path) -> BTreeSet<String> {
    let of_source = |source: &str| {
        let lines = source.lines().filter_map(|line| {
            let (method, rest) = line.trim().strip_prefix("#[")?.split_once("(\"")?;
            let is_method = ["get", "post", "put", "patch", "delete", "head", "route"];
            let path = rest.split('"').next()?;
            is_method
                .contains(&method)
                .then(|| format!("{method} {path}"))
        });
        lines.collect()
    };
    sources(folder, &of_source)
}

/// The addresses that the sources below a folder route beside the operations: what is given to
/// `.route(…)`, `resource(…)` and `readable(…)`. Tests aside, and what has a listener of its own
/// or is in no product: `/metrics`, and the endpoint of the trace harness.
pub fn addresses(folder: &Path) -> BTreeSet<String> {
    sources(folder, &routed)
}

fn sources(folder: &Path, of_source: &dyn Fn(&str) -> BTreeSet<String>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path, of_source));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.extend(of_source(&std::fs::read_to_string(&path).unwrap()));
        }
    }
    found
}

const ELSEWHERE: [&str; 2] = ["/metrics", "/test"];

fn routed(source: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let source = source.split("#[cfg(test)]").next().unwrap_or_default();
    for call in [".route(", "resource(", "readable("] {
        for (at, _) in source.match_indices(call) {
            let rest = source[at + call.len()..].trim_start();
            let rest = rest.strip_prefix("&format!(").unwrap_or(rest).trim_start();
            let text = rest
                .strip_prefix('"')
                .and_then(|rest| rest.split('"').next());
            let text = text.filter(|text| text.starts_with('/') && !ELSEWHERE.contains(text));
            found.extend(text.map(str::to_owned));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_are_found_in_sources() {
        let source = r#"web::resource("/a/{b}") .route(web::get()) .route(
            &format!("/{name}/c"), x)"#;
        let expected = ["/a/{b}", "/{name}/c"].map(str::to_owned);
        assert_eq!(routed(source), BTreeSet::from(expected));
    }
}
