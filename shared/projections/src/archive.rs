//! What of a person's archive is the same in every service that knows people by what others tell.

use shared_database::archive::Part;

/// The person.
pub const PEOPLE: Part = Part {
    name: "people",
    table: "known_people",
    own: "id = $1",
    without: &[],
};

/// What the person has applied for and takes part in.
pub const PARTICIPATIONS: Part = Part {
    name: "participations",
    table: "known_participations",
    own: "person_id = $1",
    without: &[],
};

/// Offices that the person holds.
pub const OFFICES: Part = Part {
    name: "offices",
    table: "known_offices",
    own: "holder_id = $1",
    without: &[],
};

/// What was done with the person's own things, or on the person's behalf.
pub const HISTORY: Part = Part {
    name: "history",
    table: "changes",
    own: "thing_id = $1 OR on_behalf_of = $1 OR thing_id IN (SELECT id FROM known_participations WHERE person_id = $1)",
    without: &["reason_digest"],
};

/// The reasons that were given for it.
pub const REASONS: Part = Part {
    name: "reasons",
    table: "change_reasons",
    own: "change_id IN (SELECT id FROM changes WHERE thing_id = $1 OR thing_id IN (SELECT id FROM known_participations WHERE person_id = $1))",
    without: &[],
};
