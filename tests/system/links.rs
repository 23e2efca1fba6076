//! Kinds of signed links: their keys are derived from the kind alone, so a word that two services
//! used would open one's pages with the other's links.

use std::{collections::BTreeMap, fs, path::Path};

/// The service and kind of every address that a signed link opens, from the tables of doors, which
/// each service's own tests hold against its sources.
fn kinds() -> BTreeMap<String, Vec<String>> {
    let services = Path::new(env!("CARGO_MANIFEST_DIR")).join("services");
    let mut kinds: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for service in fs::read_dir(services).unwrap() {
        let table = service.unwrap().path().join("authorisation.md");
        for line in fs::read_to_string(table).unwrap().lines() {
            let address = line.split_whitespace().next().unwrap_or_default();
            let parts: Vec<&str> = address.split('/').collect();
            if let ["", service, "pages", kind, "{token}", ..] = parts[..] {
                let services = kinds.entry(kind.to_owned()).or_default();
                if !services.iter().any(|one| one == service) {
                    services.push(service.to_owned());
                }
            }
        }
    }
    kinds
}

#[test]
fn no_two_services_use_the_same_kind_of_link() {
    let kinds = kinds();
    for known in ["slate", "invitation", "proposal"] {
        assert!(kinds.contains_key(known), "{known}: {kinds:?}");
    }
    for (kind, services) in kinds {
        assert_eq!(services.len(), 1, "{kind} is used by {services:?}");
    }
}
