//! Who may take part, in what, on what terms.
