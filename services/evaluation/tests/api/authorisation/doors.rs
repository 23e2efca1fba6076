//! Pages and inner doors: what opens them is not a role but what is presented.

use super::scene::Scene;
use crate::world::LINKS;
use shared_testing::{Reply, authorisation::Doors};
use shared_types::{Caller, LinkId};
use shared_web::{
    link::LinkKey,
    token::{INTERNAL, Signer},
};

impl Doors for Scene {
    type Keys = Option<LinkId>;

    async fn keys(&self, row: &str) -> Option<LinkId> {
        if !row.contains("/pages/report/") {
            return None;
        }
        let path = format!("rounds/{}/report/links", self.world.round);
        let made = self.world.coordinator.post_empty(&path).await.is(201);
        let (_, token) = made["address"].as_str().unwrap().rsplit_once('/').unwrap();
        LinkKey::from_secret(LINKS).verify("report", token)
    }

    async fn knock(&self, row: &str, key: &Option<LinkId>, presented: char) -> Reply {
        let stranger = self.world.service.stranger();
        let path = row.replace("{name}", "evaluation");
        let signed = LinkKey::from_secret(LINKS);
        let token = key.map(|link| match presented {
            'r' => signed.sign("report", link),
            // A link of another kind, one that belongs to nothing, one that nobody here signed.
            'w' => signed.sign("offer", link),
            'v' => signed.sign("report", LinkId::new()),
            'f' => LinkKey::from_secret("somebody else's").sign("report", link),
            _ => String::new(),
        });
        let path = match token {
            Some(token) if token.is_empty() => path.replace("{token}", "none"),
            Some(token) => path.replace("{token}", &token),
            None => path,
        };
        let method = if path == "/events" { "POST" } else { "GET" };
        let call = stranger.call(method.parse().unwrap(), &path);
        match presented {
            'w' if key.is_none() => {
                let minted = Signer::new(&self.world.service.gateway);
                let token = minted.sign(INTERNAL, &Caller::anonymous()).unwrap();
                call.token(&token).send().await
            }
            'f' if key.is_none() => call.token("e30.e30.e30").send().await,
            _ => call.send().await,
        }
    }
}
