//! Akademi, all in one.
