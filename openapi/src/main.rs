//! Writes and checks the documents.
fn main() {}
