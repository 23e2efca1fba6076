//! Services in processes of their own, two of each, whose facts go by NATS: what one confirms every
//! other comes to know, whatever is killed in between.

use crate::{
    installation::{GATEWAY, Installation, free_port, ready, said, until},
    program::{Api, Program, SERVICES},
};
use serde_json::json;
use shared_testing::{
    database::{number, postgres_server},
    nats::NatsServer,
};
use std::collections::BTreeMap;

/// Where the parts run.
struct Stage {
    installation: Installation,
    nats: NatsServer,
    gateway: u16,
}

impl Stage {
    /// Nothing where there is no `nats-server`.
    async fn set() -> Option<Self> {
        let nats = NatsServer::start()?;
        let mut installation = Installation::make(postgres_server()).await;
        let gateway = free_port();
        installation.settings.extend([
            ("AKADEMI_EVENTS_URL", nats.url.clone()),
            ("AKADEMI_PUBLIC_URL", format!("http://127.0.0.1:{gateway}")),
        ]);
        Some(Self {
            installation,
            nats,
            gateway,
        })
    }

    /// Starts a service at a port, and waits until it is ready.
    async fn serve(&self, service: &str, port: u16) -> Program {
        let listen = format!("127.0.0.1:{port}");
        let program = self.start(service, &["serve", service, "--listen", &listen]);
        ready(port).await;
        program
    }

    async fn serve_gateway(&self, ports: &BTreeMap<&str, u16>) -> Program {
        let upstreams: Vec<_> = ports
            .iter()
            .map(|(service, port)| format!("{service}=http://127.0.0.1:{port}"))
            .collect();
        let (upstreams, listen) = (upstreams.join(","), format!("127.0.0.1:{}", self.gateway));
        let arguments = [
            "serve",
            GATEWAY,
            "--listen",
            &listen,
            "--upstreams",
            &upstreams,
        ];
        let program = self.start(GATEWAY, &arguments);
        ready(self.gateway).await;
        program
    }

    fn start(&self, part: &str, arguments: &[&str]) -> Program {
        Program::start(self.installation.part(part, arguments))
    }

    /// Waits until every service knows all organisations, and nothing waits or is held anywhere.
    async fn settled(&self, organisations: i64) {
        for service in SERVICES {
            let database = self.installation.database(service).await;
            let table = if service == "registration" {
                "organisations"
            } else {
                "known_organisations"
            };
            let known = format!("SELECT COUNT(*) AS row FROM {table}");
            until(&format!("{service} knows all"), async || {
                number(&database, &known).await == organisations
            })
            .await;
        }
        self.installation.settled().await;
    }
}

async fn five_more(api: &Api, key: &str) {
    for number in 0..5 {
        let body = json!({
            "kind": "company", "name": format!("Bolag {number}"), "language": "sv",
            "timeZone": "Europe/Stockholm",
        });
        let (status, made) = api.post(key, "/registration/v1/organisations", &body).await;
        assert_eq!(status, 201, "{made}");
    }
}

#[actix_web::test]
async fn what_one_service_confirms_every_other_comes_to_know_whatever_is_killed() {
    let Some(stage) = Stage::set().await else {
        println!("NOT RUN: there is no nats-server here");
        return;
    };
    let ports: BTreeMap<&str, u16> = SERVICES.map(|service| (service, free_port())).into();
    let (mut firsts, mut seconds) = (Vec::new(), Vec::new());
    for service in SERVICES {
        firsts.push(stage.serve(service, ports[service]).await);
        seconds.push(stage.serve(service, free_port()).await);
    }
    let gateway = stage.serve_gateway(&ports).await;
    let key = stage.installation.organiser();
    let key = key.as_str();
    let api = Api::new(&format!("http://127.0.0.1:{}", stage.gateway));
    five_more(&api, key).await;
    stage.settled(6).await;
    for service in SERVICES {
        let doctor = stage.installation.part(service, &["doctor", service]);
        let (told, fine) = said(doctor);
        assert!(fine && told.contains("NATS 2"), "{told}");
    }

    // Without the broker everything is confirmed all the same, and told when it is back. One
    // process of each service dies meanwhile, with what was in its hand.
    stage.nats.kill();
    five_more(&api, key).await;
    for second in seconds {
        second.kill();
    }
    stage.nats.start_again();
    five_more(&api, key).await;
    stage.settled(16).await;

    // All others die, and come back one after the other.
    for first in firsts {
        first.kill();
    }
    let mut again = Vec::new();
    for service in SERVICES {
        again.push(stage.serve(service, ports[service]).await);
    }
    until("the gateway sends them requests again", async || {
        let (status, _) = api.get(Some(key), "/registration/v1/organisations").await;
        status == 200
    })
    .await;
    five_more(&api, key).await;
    stage.settled(21).await;
    assert!(gateway.terminate().success());
    for program in again {
        assert!(program.terminate().success());
    }
}
