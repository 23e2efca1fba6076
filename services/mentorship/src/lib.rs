//! Who supports whom.
