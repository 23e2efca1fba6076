//! All parts in processes of their own, each of which can be killed and started again.

use super::proxy::Proxy;
use crate::{
    installation::{GATEWAY, Installation, akademi, free_port, parts, ready, said},
    program::{Program, SERVICES},
};
use shared_testing::database::postgres_server;
use std::collections::BTreeMap;

/// The parts, and where they keep things.
pub(crate) struct Parts {
    pub(crate) installation: Installation,
    /// Between the gateway and registration.
    pub(crate) proxy: Proxy,
    pub(crate) url: String,
    pub(crate) key: String,
    ports: BTreeMap<&'static str, u16>,
    running: BTreeMap<&'static str, Program>,
}

impl Parts {
    /// Starts all of them, on SQLite or on the server that is named.
    pub(crate) async fn start(is_postgres: bool) -> Self {
        let server = postgres_server().filter(|_| is_postgres);
        let mut installation = Installation::make(server).await;
        let ports: BTreeMap<&str, u16> = parts().map(|part| (part, free_port())).collect();
        let proxy = Proxy::before(ports["registration"]);
        let addresses = |registration: u16| {
            let port = |service: &str| match service {
                "registration" => registration,
                other => ports[other],
            };
            let all =
                SERVICES.map(|service| format!("{service}=http://127.0.0.1:{}", port(service)));
            all.join(",")
        };
        let url = format!("http://127.0.0.1:{}", ports[GATEWAY]);
        installation.settings.extend([
            ("AKADEMI_PEERS", addresses(ports["registration"])),
            ("AKADEMI_UPSTREAMS", addresses(proxy.port)),
            ("AKADEMI_PUBLIC_URL", url.clone()),
            ("RUST_LOG", "off".to_owned()),
        ]);
        let mut made = Self {
            installation,
            proxy,
            url,
            key: String::new(),
            ports,
            running: BTreeMap::new(),
        };
        for part in parts() {
            made.start_again(part);
        }
        for part in parts() {
            made.ready(part).await;
        }
        made.key = made.installation.organiser();
        made
    }

    /// Starts a part at its own port.
    pub(crate) fn start_again(&mut self, part: &'static str) {
        let listen = format!("127.0.0.1:{}", self.ports[part]);
        let command = self
            .installation
            .part(part, &["serve", part, "--listen", &listen]);
        self.running.insert(part, Program::start(command));
    }

    pub(crate) async fn ready(&self, part: &str) {
        ready(self.ports[part]).await;
    }

    /// Kills a part as a power cut does.
    pub(crate) fn kill(&mut self, part: &str) {
        self.running.remove(part).unwrap().kill();
    }

    /// Stops everything.
    pub(crate) fn stop(&mut self) {
        for (_, program) in std::mem::take(&mut self.running) {
            program.terminate();
        }
    }

    /// Checks the histories by the program itself.
    pub(crate) fn histories_verify(&self) -> (String, bool) {
        let stores = &self.installation.stores;
        let urls = stores
            .iter()
            .map(|(service, store)| format!("{service}={}", store.url));
        let urls: Vec<String> = urls.collect();
        said(akademi(&[
            "audit",
            "verify",
            "--database-urls",
            &urls.join(","),
        ]))
    }
}
