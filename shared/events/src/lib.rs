//! Outbox, inbox and relay.
