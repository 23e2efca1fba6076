//! When and where they meet.
