//! What a service keeps of the caller: whose it is, and how every service answers with it.

use crate::{Context, Outcome, Reply};
use shared_types::{
    Links, PersonId, Problem,
    archive::{Archive, ArchivePart},
    codes,
};

/// The services that each have an archive.
const SERVICES: [&str; 4] = ["registration", "scheduling", "mentorship", "evaluation"];

/// The person who asks; a key or a system is nobody.
pub fn owner(context: &Context) -> Result<PersonId, Problem> {
    let person = context.caller.person;
    person.ok_or_else(|| Problem::of(&codes::FORBIDDEN))
}

/// The copy, with links to the other services'.
pub fn answer(
    context: &Context,
    service: &str,
    person: PersonId,
    parts: Vec<ArchivePart>,
) -> Outcome {
    let own = Links::to_self(context.href("archive"));
    let others = SERVICES.iter().filter(|other| **other != service);
    Ok(Reply::ok(&Archive {
        service: service.to_owned(),
        person_id: person,
        made_at: context.now,
        parts,
        links: others.fold(own, |links, other| {
            links.with(other, "GET", context.elsewhere(other, "archive"))
        }),
    })?)
}
