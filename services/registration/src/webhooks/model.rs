//! What may happen to a webhook and its deliveries, and when a delivery is tried again.

use shared_database::column;
use shared_types::{
    Refusal, Role,
    registration::{
        codes::{DELIVERY_STATE, ROLE_NOT_ASSIGNABLE, WEBHOOK_STATE},
        webhooks::{DeliveryState, WebhookState},
    },
    transition::Edge,
};

/// Webhooks that an organisation has at most.
pub const MOST_WEBHOOKS: u64 = 20;

/// Seconds before each attempt but the first: more than 27 hours in all, as Standard Webhooks
/// suggest.
pub const PAUSES: [i64; 7] = [5, 300, 1800, 7200, 18_000, 36_000, 36_000];

/// Seconds until the next attempt after so many, up to a tenth more, so that what failed together
/// is not tried together for ever; nothing after the last.
pub fn pause_seconds(attempts: i32, chance: u64) -> Option<i64> {
    let place = usize::try_from(attempts.saturating_sub(1)).ok()?;
    let pause = *PAUSES.get(place)?;
    let jitter = i64::try_from(chance % 1000).unwrap_or(0) * (pause / 10) / 1000;
    Some(pause + jitter)
}

/// Gives the webhook a new secret.
pub const ROTATION: &str = "rotation";
/// Sends a test event.
pub const TEST: &str = "test";
/// Stops sending.
pub const DISABLING: &str = "disabling";
/// Goes on sending.
pub const ENABLING: &str = "enabling";
/// Sends a delivery again.
pub const REPLAY: &str = "replay";

/// What a webhook may do: `active ⇄ disabled`.
pub static TABLE: &[Edge<WebhookState>] = &[
    Edge {
        name: ROTATION,
        who: |_| true,
        conditions: &[],
    },
    Edge {
        name: TEST,
        who: |_| true,
        conditions: &[is_active],
    },
    Edge {
        name: DISABLING,
        who: |_| true,
        conditions: &[is_active],
    },
    Edge {
        name: ENABLING,
        who: |_| true,
        conditions: &[is_disabled],
    },
];

/// What a delivery may do: `delivered | failed → pending`; the other steps are the sender's.
pub static DELIVERIES: &[Edge<(WebhookState, DeliveryState)>] = &[Edge {
    name: REPLAY,
    who: |_| true,
    conditions: &[|(webhook, _)| is_active(webhook), is_over],
}];

fn is_active(state: &WebhookState) -> Result<(), Refusal> {
    match state {
        WebhookState::Active => Ok(()),
        WebhookState::Disabled => Err(refusal(*state)),
    }
}

fn is_disabled(state: &WebhookState) -> Result<(), Refusal> {
    match state {
        WebhookState::Disabled => Ok(()),
        WebhookState::Active => Err(refusal(*state)),
    }
}

fn refusal(state: WebhookState) -> Refusal {
    Refusal::of(&WEBHOOK_STATE).value("state", column::text(state))
}

fn is_over((_, state): &(WebhookState, DeliveryState)) -> Result<(), Refusal> {
    match state {
        DeliveryState::Delivered | DeliveryState::Failed => Ok(()),
        DeliveryState::Pending => {
            Err(Refusal::of(&DELIVERY_STATE).value("state", column::text(*state)))
        }
    }
}

/// Refuses a role that hears no events.
pub fn judge_role(role: Role) -> Result<(), Refusal> {
    match role {
        Role::Hr | Role::Coordinator => Ok(()),
        Role::Director
        | Role::Evaluator
        | Role::Facilitator
        | Role::Registrar
        | Role::Auditor
        | Role::Operator => Err(Refusal::of(&ROLE_NOT_ASSIGNABLE)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_is_tried_eight_times_within_27_to_31_hours() {
        for (chance, hours) in [(0, 27), (999, 30)] {
            let whole: i64 = (1..)
                .map_while(|attempt| pause_seconds(attempt, chance))
                .sum();
            assert_eq!(whole / 3600, hours);
        }
        assert_eq!(pause_seconds(1, 0), Some(5));
        assert_eq!(pause_seconds(7, 0), Some(36_000));
        assert_eq!(pause_seconds(8, 0), None);
        assert!(PAUSES.is_sorted());
    }

    #[test]
    fn what_is_on_its_way_or_disabled_is_not_sent_again() {
        use WebhookState::{Active, Disabled};
        let replay = |webhook, delivery| {
            let judged = DELIVERIES[0].judge(&(webhook, delivery));
            judged.map_err(|no| no.code.name)
        };
        assert_eq!(replay(Active, DeliveryState::Failed), Ok(()));
        assert_eq!(replay(Active, DeliveryState::Delivered), Ok(()));
        assert_eq!(
            replay(Active, DeliveryState::Pending),
            Err("delivery_state_forbids")
        );
        assert_eq!(
            replay(Disabled, DeliveryState::Failed),
            Err("webhook_state_forbids")
        );
    }

    #[test]
    fn each_edge_leaves_one_state() {
        let possible = |state: WebhookState| -> Vec<&str> {
            let open = TABLE.iter().filter(|edge| edge.judge(&state).is_ok());
            open.map(|edge| edge.name).collect()
        };
        assert_eq!(possible(WebhookState::Active), [ROTATION, TEST, DISABLING]);
        assert_eq!(possible(WebhookState::Disabled), [ROTATION, ENABLING]);
    }
}
