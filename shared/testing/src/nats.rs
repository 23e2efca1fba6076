//! NATS with JetStream, a server of the test's own.

use std::{
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};
use uuid::Uuid;

/// A `nats-server` with JetStream on a free port; gone when it is dropped.
pub struct NatsServer {
    /// Its address.
    pub url: String,
    port: u16,
    folder: PathBuf,
    process: Mutex<Child>,
}

impl NatsServer {
    /// Starts one, where the program is installed.
    pub fn start() -> Option<Self> {
        let program = program()?;
        let free = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let folder = std::env::temp_dir().join(format!("akademi-nats-{}", Uuid::new_v4()));
        let process = Mutex::new(run(&program, port, &folder));
        Some(Self {
            url: format!("nats://127.0.0.1:{port}"),
            port,
            folder,
            process,
        })
    }

    /// Killed, as a machine that loses power.
    pub fn kill(&self) {
        let mut process = self.process.lock().unwrap();
        process.kill().unwrap();
        process.wait().unwrap();
    }

    /// Started again, with what is on its disk.
    pub fn start_again(&self) {
        *self.process.lock().unwrap() = run(&program().unwrap(), self.port, &self.folder);
    }
}

impl Drop for NatsServer {
    fn drop(&mut self) {
        self.kill();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn program() -> Option<PathBuf> {
    let places = [
        "/usr/sbin",
        "/usr/bin",
        "/usr/local/bin",
        "/opt/homebrew/bin",
    ];
    let programs = places.map(|place| PathBuf::from(place).join("nats-server"));
    programs.into_iter().find(|program| program.exists())
}

fn run(program: &Path, port: u16, folder: &Path) -> Child {
    let process = Command::new(program)
        .args(["-js", "-a", "127.0.0.1", "-p", &port.to_string(), "-sd"])
        .arg(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let started = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(started.elapsed() < Duration::from_secs(20), "no broker");
        thread::sleep(Duration::from_millis(20));
    }
    process
}
