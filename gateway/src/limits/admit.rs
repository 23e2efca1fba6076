//! Lets a request in or sends it away, and tells the caller what is left.

use super::{
    allowance::{ADDRESS, Allowance, Left, WINDOW_SECONDS},
    costs::Costs,
};
use crate::{background::Background, door::client_address, edge::Rates};
use actix_web::{
    HttpRequest,
    http::header::{HeaderName, HeaderValue},
};
use bytes::Bytes;
use metrics::{Counter, counter};
use serde_json::Value;
use shared_types::{Caller, Problem, codes};
use shared_web::finish;
use std::{
    fmt,
    net::IpAddr,
    num::NonZeroU32,
    sync::{Arc, Weak},
    time::Duration,
};

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LIMIT: HeaderName = HeaderName::from_static("ratelimit");
/// How often whoever has a whole allowance again is forgotten.
const TIDY: Duration = Duration::from_secs(5);

/// One kind of allowance, with the figure of its refusals.
struct Kind {
    allowance: Allowance,
    /// What the policy header says of it.
    policy: String,
    refused: Counter,
}

/// All allowances.
pub(crate) struct Limiter {
    costs: Costs,
    caller: Option<Kind>,
    organisation: Option<Kind>,
    address: Option<Kind>,
}

impl Kind {
    fn new(name: &'static str, units: u32) -> Option<Self> {
        Some(Self {
            allowance: Allowance::new(name, units)?,
            policy: format!("\"{name}\";q={units};w={WINDOW_SECONDS}"),
            refused: counter!("gateway_rate_limited_total", "policy" => name),
        })
    }
}

impl Limiter {
    /// Nobody has called yet. The costs are those of the merged document.
    pub(crate) fn start(rates: Rates, document: &Value, background: &Background) -> Arc<Self> {
        let limiter = Arc::new(Self {
            costs: Costs::read(document),
            caller: Kind::new("caller", rates.caller),
            organisation: Kind::new("organisation", rates.organisation),
            address: Kind::new(ADDRESS, rates.address),
        });
        background.handle().spawn(tidy(Arc::downgrade(&limiter)));
        limiter
    }

    /// Charges a request to who sends it: somebody known, and their organisation, or a stranger's
    /// address. What is left is told on the answer, whatever it will be.
    pub(crate) fn admit(
        &self,
        request: &HttpRequest,
        caller: Option<&Caller>,
    ) -> Result<(), Problem> {
        let path = request.uri().path();
        let cost = self.costs.of(request.method(), path, request.headers());
        let Some(caller) = caller.filter(|caller| !caller.is_anonymous()) else {
            return self.admit_address(request, cost);
        };
        let own = charge(self.caller.as_ref(), &caller.subject, cost);
        // Who is refused by the own allowance does not use up the others'.
        let organisation = if own.as_ref().is_some_and(|(_, left)| !left.is_enough) {
            None
        } else {
            let home = home(caller);
            home.and_then(|home| charge(self.organisation.as_ref(), home, cost))
        };
        tell(request, own.into_iter().chain(organisation))
    }

    /// Charges a token that was refused to the address that it came from, so that guessing ends.
    pub(crate) fn turn_away(&self, request: &HttpRequest) -> Result<(), Problem> {
        self.admit_address(request, NonZeroU32::MIN)
    }

    /// Charges a question to registration about somebody new to the address that causes it. Only a
    /// refusal is told: who turns out to be known is told of the own allowance.
    pub(crate) fn look_up(&self, request: &HttpRequest) -> Result<(), Problem> {
        let address = client_address(request).map(network);
        match charge(self.address.as_ref(), address, NonZeroU32::MIN) {
            Some((kind, left)) if !left.is_enough => tell(request, [(kind, left)]),
            _ => Ok(()),
        }
    }

    fn admit_address(&self, request: &HttpRequest, cost: NonZeroU32) -> Result<(), Problem> {
        let address = client_address(request).map(network);
        tell(request, charge(self.address.as_ref(), address, cost))
    }
}

async fn tidy(limiter: Weak<Limiter>) {
    loop {
        tokio::time::sleep(TIDY).await;
        let Some(limiter) = limiter.upgrade() else {
            return;
        };
        let kinds = [&limiter.caller, &limiter.organisation, &limiter.address];
        for kind in kinds.into_iter().flatten() {
            kind.allowance.tidy();
        }
    }
}

fn charge(
    kind: Option<&Kind>,
    key: impl std::hash::Hash,
    cost: NonZeroU32,
) -> Option<(&Kind, Left)> {
    kind.map(|kind| (kind, kind.allowance.take(key, cost)))
}

/// The organisation to which a caller's requests are charged: of several, always the same one.
fn home(caller: &Caller) -> Option<shared_types::OrganisationId> {
    let organisations = caller
        .roles
        .iter()
        .filter_map(|grant| grant.organisation_id);
    organisations.min()
}

/// Who has one address of version 6 has 2⁶⁴ of them.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let network = address.to_bits() & !u128::from(u64::MAX);
            IpAddr::V6(network.into())
        }
        address @ IpAddr::V4(_) => address,
    }
}

/// Puts what is left on the answer, and refuses where it was not enough.
fn tell<'a>(
    request: &HttpRequest,
    charged: impl IntoIterator<Item = (&'a Kind, Left)>,
) -> Result<(), Problem> {
    let (mut policies, mut limits) = (String::with_capacity(64), String::with_capacity(64));
    let mut wait = None;
    let mut number = itoa::Buffer::new();
    for (kind, left) in charged {
        if !policies.is_empty() {
            policies.push_str(", ");
            limits.push_str(", ");
        }
        policies.push_str(&kind.policy);
        limits.push('"');
        limits.push_str(kind.allowance.name);
        limits.push_str("\";r=");
        limits.push_str(number.format(left.units));
        limits.push_str(";t=");
        limits.push_str(number.format(left.seconds));
        if !left.is_enough {
            kind.refused.increment(1);
            wait = Some(left.seconds);
        }
    }
    for (name, members) in [(POLICY, policies), (LIMIT, limits)] {
        if !members.is_empty()
            && let Ok(value) = HeaderValue::from_maybe_shared(Bytes::from(members))
        {
            finish::note(request, name, value);
        }
    }
    match wait {
        None => Ok(()),
        Some(seconds) => Err(Problem::of(&codes::TOO_MANY_REQUESTS)
            .retry_after(u32::try_from(seconds).unwrap_or(u32::MAX))),
    }
}

impl fmt::Debug for Limiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limiter").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_types::{OrganisationId, Role, caller::RoleGrant};

    #[test]
    fn a_network_of_version_six_is_one_stranger_and_a_mapped_address_is_what_it_maps() {
        let network = |text: &str| network(text.parse().unwrap()).to_string();
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(network("2001:db8:1:2:ffff::1"), "2001:db8:1:2::");
        assert_ne!(network("2001:db8:1:3::1"), "2001:db8:1:2::");
        assert_eq!(network("::ffff:192.0.2.1"), "192.0.2.1");
    }

    #[test]
    fn a_caller_of_several_organisations_is_charged_to_one_whatever_their_order() {
        let (first, second) = (OrganisationId::new(), OrganisationId::new());
        let roles = |organisations: [OrganisationId; 2]| Caller {
            roles: organisations
                .map(|organisation| RoleGrant {
                    role: Role::Hr,
                    organisation_id: Some(organisation),
                })
                .to_vec(),
            ..Caller::anonymous()
        };
        assert_eq!(home(&roles([first, second])), home(&roles([second, first])));
        assert_eq!(home(&Caller::anonymous()), None);
    }
}
