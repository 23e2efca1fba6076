//! The command line and the environment: everything that an operator can set, and its defaults.
//!
//! Every setting is an option and an environment variable; the option wins.

mod edge;
mod files;
mod texts;

pub use edge::Door;
pub use texts::{Addresses, Issuers};

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum, value_parser};
use evaluation::certificates::keys::IssuerKeys;
use mentorship::key_figures::import::Kolada;
use registration::mail::{smtp::SmtpServer, transport::Address};
use shared_envelope::{Keys as SealingKeys, file::Recipient};
use shared_types::{ApiKeyId, OrganisationId, Role};
use shared_web::{key::TrustedKeys, link::LinkKey, outgoing::Networks, telemetry::LogFormat};
use std::{ffi::OsString, net::SocketAddr, path::PathBuf, time::Duration};
use uuid::Uuid;

/// Leadership programmes for municipalities: who takes part, when and where they meet, who
/// supports whom, and what it led to.
///
/// Without a command it serves everything in one process.
#[derive(Clone, Debug, Parser)]
#[command(name = "akademi", version)]
pub struct CommandLine {
    #[command(subcommand)]
    command: Option<Command>,
}

impl CommandLine {
    /// Reads the process's own; explains and ends the process where it can't be understood.
    pub fn read() -> Self {
        read(std::env::args_os())
    }

    /// The command: `serve`, by the environment alone, where none is given.
    pub fn command(self) -> Command {
        self.command.unwrap_or_else(|| {
            let Environment { serve } = read(["akademi"]);
            Command::Serve(Box::new(serve))
        })
    }
}

/// Reads a command line, with settings from the environment and from files.
fn read<T: Parser>(arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> T {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the settings module: clap reads the same environment"
    )]
    let variable = |name: &str| std::env::var(name).ok();
    let own = <T as CommandFactory>::command;
    let command = files::with_files(own(), &variable)
        .unwrap_or_else(|text| own().error(ErrorKind::InvalidValue, text).exit());
    let matches = command.get_matches_from(arguments);
    T::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
}

/// What serves when nothing stands on the command line.
#[derive(Parser)]
struct Environment {
    #[command(flatten)]
    serve: Serve,
}

/// What the program can do.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Serve: everything in one process, or one part of it
    Serve(Box<Serve>),
    /// Load five real programmes, play a round from application to accepted seats, and stay up
    Demo(Demo),
    /// Make the first organiser, coordinator and API key of an installation
    Init(Box<Init>),
    /// Make API keys, with which systems call, and take them back
    #[command(subcommand)]
    Key(Box<Key>),
    /// Make key pairs, with which processes know each other
    #[command(subcommand)]
    Keys(Keys),
    /// Look after what participants need, which is kept encrypted
    #[command(subcommand)]
    Needs(Box<Needs>),
    /// People who were erased
    #[command(subcommand)]
    Erasures(Box<Erasures>),
    /// The keys of what pairs and participants write
    #[command(subcommand)]
    Pairs(Box<Pairs>),
    /// Key figures of municipalities
    #[command(subcommand)]
    Figures(Box<Figures>),
    /// Check the history against its seals
    #[command(subcommand)]
    Audit(Audit),
    /// Copy the SQLite files of an installation, as of one moment, beside what runs
    Backup {
        /// Folder of the copy, which must not be there yet
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
        /// With the keys, without which much of it can't be read; keep such a copy as you keep keys
        #[arg(long)]
        with_keys: bool,
        /// Encrypt every file for this public key of age (`akademi keys backup`): `age1…`
        #[arg(long, env = "AKADEMI_BACKUP_RECIPIENT", value_name = "RECIPIENT")]
        encrypt_to: Option<Recipient>,
        /// Folder of the SQLite files
        #[arg(
            long,
            env = "AKADEMI_DATA_DIR",
            default_value = "./data",
            value_name = "DIR"
        )]
        data_dir: PathBuf,
    },
    /// Bring a copy back into a data folder without databases, and erase again whoever was erased
    /// since it was made
    Restore {
        /// Folder of the copy
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
        /// Only look whether the copy is whole
        #[arg(long)]
        check: bool,
        /// File with the private key of an encrypted copy
        #[arg(long, value_name = "FILE")]
        identity: Option<PathBuf>,
        /// What an installation keeps.
        #[command(flatten)]
        storage: Box<Storage>,
    },
    /// Move the SQLite files of an installation that is stopped to PostgreSQL: all four databases
    /// or none
    Move {
        /// Empty databases: registration=postgres://…,scheduling=…,mentorship=…,evaluation=…
        #[arg(
            long,
            env = "AKADEMI_DATABASE_URLS",
            hide_env_values = true,
            value_name = "NAME=URL,…"
        )]
        database_urls: Addresses,
        /// Folder of the SQLite files
        #[arg(
            long,
            env = "AKADEMI_DATA_DIR",
            default_value = "./data",
            value_name = "DIR"
        )]
        data_dir: PathBuf,
    },
    /// Look whether this release may start while the one before still runs: what it would do to
    /// the databases; status 0 where it may
    UpdateCheck(UpdateCheck),
    /// Bring the database of a service to the newest version, and end
    Migrate {
        /// The service
        #[arg(value_enum)]
        part: PartName,
        /// What an installation keeps.
        #[command(flatten)]
        storage: Box<Storage>,
    },
    /// Events that a service could not apply
    #[command(subcommand)]
    Events(Box<Events>),
    /// Look whether an installation can work: a line for each thing, status 0 where none is broken;
    /// takes the settings of `serve`
    Doctor(Box<Serve>),
    /// Ask an address for its health: status 0 where it answers 200
    Health {
        /// Such as <http://127.0.0.1:8080/health/ready>
        url: String,
    },
}

impl PartName {
    /// Those that have a database.
    pub const SERVICES: [Self; 4] = [
        Self::Registration,
        Self::Scheduling,
        Self::Mentorship,
        Self::Evaluation,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gateway => "gateway",
            Self::Registration => registration::api::NAME,
            Self::Scheduling => scheduling::api::NAME,
            Self::Mentorship => mentorship::api::NAME,
            Self::Evaluation => evaluation::api::NAME,
        }
    }
}

impl Serve {
    /// Where key figures come from.
    pub fn kolada(&self) -> Option<Kolada> {
        self.kolada_url.clone().map(|url| Kolada {
            url,
            figures: self.key_figures.clone(),
            networks: self.outgoing_networks.clone(),
        })
    }
}

/// One part, served by a process of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PartName {
    /// The only public door
    Gateway,
    /// Who may take part, in what, on what terms
    Registration,
    /// When and where they meet
    Scheduling,
    /// Who supports whom
    Mentorship,
    /// What it led to
    Evaluation,
}

/// Settings of what serves.
#[derive(Args, Clone, Debug)]
pub struct Serve {
    /// The part to serve; without it everything in one process
    #[arg(value_enum)]
    pub part: Option<PartName>,
    /// Address and port to listen on
    #[arg(
        long,
        env = "AKADEMI_LISTEN",
        default_value = "127.0.0.1:8080",
        value_name = "ADDR"
    )]
    pub listen: SocketAddr,
    /// What an installation keeps.
    #[command(flatten)]
    pub storage: Storage,
    /// Everything in one process: databases instead of SQLite files in the data folder, as
    /// `registration=postgres://…,scheduling=…`
    #[arg(
        long,
        env = "AKADEMI_DATABASE_URLS",
        hide_env_values = true,
        value_name = "NAME=URL,…"
    )]
    pub database_urls: Option<Addresses>,
    /// One part: the file with its private key (`akademi keys generate`)
    #[arg(long, env = "AKADEMI_KEY_FILE", value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// One service: the public keys of all parts, as `name=key,name=key`
    #[arg(long, env = "AKADEMI_TRUSTED_KEYS", value_name = "LIST")]
    pub trusted_keys: Option<TrustedKeys>,
    /// The gateway alone: addresses of the services, as `registration=http://host:port,…`
    #[arg(long, env = "AKADEMI_UPSTREAMS", value_name = "LIST")]
    pub upstreams: Option<Addresses>,
    /// One service: addresses of the others, as `registration=http://host:port,…`; it tells them
    /// its facts
    #[arg(long, env = "AKADEMI_PEERS", value_name = "LIST")]
    pub peers: Option<Addresses>,
    /// One service: address of a NATS server with JetStream, by which facts travel instead of HTTP:
    /// `nats://user:password@host:4222`, several of one cluster by commas
    #[arg(
        long,
        env = "AKADEMI_EVENTS_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub events_url: Option<String>,
    /// Mentorship: address of Kolada's open API, such as <https://api.kolada.se/v3>, from which key
    /// figures are read once a day; without it nothing is asked
    #[arg(long, env = "AKADEMI_KOLADA_URL", value_name = "URL")]
    pub kolada_url: Option<String>,
    /// Mentorship: ids of the key figures to read
    #[arg(
        long,
        env = "AKADEMI_KEY_FIGURES",
        value_name = "IDS",
        value_delimiter = ',',
        default_value = "N00945,N00914,U21468"
    )]
    pub key_figures: Vec<String>,
    /// Networks that may be reached although they are not out in the open, such as
    /// `10.1.0.0/16,fd12::/16`: where addresses that somebody typed and open data may lead
    #[arg(
        long,
        env = "AKADEMI_OUTGOING_NETWORKS",
        value_name = "LIST",
        default_value = ""
    )]
    pub outgoing_networks: Networks,
    /// Identity providers whose access tokens count: a JSON array of objects with `issuer`,
    /// `jwksUrl`, `audience`, `algorithms`, and optionally `tokenType`, `provisioned`,
    /// `linkByVerifiedEmail` and `emailDomains`
    #[arg(
        long,
        env = "AKADEMI_OIDC_ISSUERS",
        value_name = "JSON",
        default_value = "[]"
    )]
    pub oidc_issuers: Issuers,
    /// How the gateway meets the outside.
    #[command(flatten)]
    pub door: Door,
    /// Address and port of their own at which Prometheus reads `/metrics`; without it nothing is counted
    #[arg(long, env = "AKADEMI_METRICS_LISTEN", value_name = "ADDR")]
    pub metrics_listen: Option<SocketAddr>,
    /// Address of an OpenTelemetry collector that takes traces by OTLP over HTTP, such as
    /// <http://collector:4318>; without it nobody is told
    #[arg(long, env = "AKADEMI_OTLP_URL", value_name = "URL")]
    pub otlp_url: Option<String>,
    /// Log lines for people (`text`) or machines (`json`); `RUST_LOG` chooses which
    #[arg(
        long,
        env = "AKADEMI_LOG_FORMAT",
        default_value = "text",
        value_name = "FORMAT"
    )]
    pub log_format: LogFormat,
    /// Threads that serve requests, for each part
    #[arg(long, env = "AKADEMI_WORKERS", default_value = "1", value_name = "N", value_parser = value_parser!(u16).range(1..=256))]
    pub workers: u16,
    /// Seconds between two looks for what was due: expired offers, mails to send
    #[arg(long, env = "AKADEMI_SWEEP_SECONDS", default_value = "30", value_name = "N", value_parser = value_parser!(u64).range(1..=3600))]
    pub sweep_seconds: u64,
    /// When stopping: seconds for which readiness fails before requests are no longer taken
    #[arg(long, env = "AKADEMI_STOP_GRACE_SECONDS", default_value = "1", value_name = "N", value_parser = value_parser!(u64).range(0..=300))]
    pub stop_grace_seconds: u64,
}

/// What an installation keeps, and what goes out in its name.
#[derive(Args, Clone, Debug)]
pub struct Storage {
    /// Folder for all that is not kept elsewhere: SQLite files, keys, mails
    #[arg(
        long,
        env = "AKADEMI_DATA_DIR",
        default_value = "./data",
        value_name = "DIR"
    )]
    pub data_dir: PathBuf,
    /// One service: its own database, `postgres://…` or `sqlite://…` (default: in the data folder)
    #[arg(
        long,
        env = "AKADEMI_DATABASE_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub database_url: Option<String>,
    /// Address under which people reach the gateway; links in mails begin with it
    #[arg(long, env = "AKADEMI_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// Where mails are written as files (default: `mail` in the data folder)
    #[arg(long, env = "AKADEMI_MAIL_DIR", value_name = "DIR")]
    pub mail_dir: Option<PathBuf>,
    /// The file in which erasures are written, for whoever restores a backup: keep it apart from
    /// backups, and on PostgreSQL where it outlives the database (default: in the data folder)
    #[arg(long, env = "AKADEMI_ERASURE_LEDGER", value_name = "FILE")]
    pub erasure_ledger: Option<PathBuf>,
    /// Mail server: `smtps://host`, `smtp://host:587?tls=required` (STARTTLS) or `smtp://host`
    /// (neither); without it mails are written as files
    #[arg(long, env = "AKADEMI_SMTP_URL", value_name = "URL")]
    pub smtp_url: Option<SmtpServer>,
    /// File with the name and the password for the mail server, each on a line
    #[arg(long, env = "AKADEMI_SMTP_CREDENTIALS_FILE", value_name = "FILE")]
    pub smtp_credentials_file: Option<PathBuf>,
    /// Address that mails are from (default: no-reply@akademi.example)
    #[arg(long, env = "AKADEMI_MAIL_FROM", value_name = "EMAIL")]
    pub mail_from: Option<Address>,
    /// Signs links in mails, the same for every replica (default: a key in the data folder)
    #[arg(long, env = "AKADEMI_LINK_KEY", hide_env_values = true, value_name = "SECRET", value_parser = LinkKey::configured)]
    pub link_key: Option<LinkKey>,
    /// Seal what participants need, the same for every replica, as `name:base64,name:base64`: the
    /// first seals, the others still open (default: a key in the data folder)
    #[arg(
        long,
        env = "AKADEMI_NEEDS_KEYS",
        hide_env_values = true,
        value_name = "LIST"
    )]
    pub needs_keys: Option<SealingKeys>,
    /// Mentorship: wrap the keys of what pairs and participants write, the same for every replica,
    /// as `name:base64,name:base64`: the first wraps, the others still open (default: a key in the
    /// data folder)
    #[arg(
        long,
        env = "AKADEMI_PAIR_KEYS",
        hide_env_values = true,
        value_name = "LIST"
    )]
    pub pair_keys: Option<SealingKeys>,
    /// Evaluation: seal answers until they are mixed, and interviews, the same for every replica,
    /// as `name:base64,name:base64`: the first seals, the others still open (default: a key in the
    /// data folder)
    #[arg(
        long,
        env = "AKADEMI_ANSWER_KEYS",
        hide_env_values = true,
        value_name = "LIST"
    )]
    pub answer_keys: Option<SealingKeys>,
    /// Evaluation: sign certificates' credentials, the same for every replica, as
    /// `name:base64,name:base64` of RSA keys (`akademi keys issuer`): the first signs, all are
    /// published (default: a key in the data folder)
    #[arg(
        long,
        env = "AKADEMI_ISSUER_KEYS",
        hide_env_values = true,
        value_name = "LIST"
    )]
    pub issuer_keys: Option<IssuerKeys>,
    /// Days for which events can be read from the feed
    #[arg(long, env = "AKADEMI_EVENTS_KEPT_DAYS", default_value = "90", value_name = "N", value_parser = value_parser!(u32).range(1..=3650))]
    pub events_kept_days: u32,
}

impl Storage {
    /// How long events can be read from the feed.
    pub fn events_kept(&self) -> Duration {
        Duration::from_hours(24 * u64::from(self.events_kept_days))
    }
}

/// Settings of the demo.
#[derive(Args, Clone, Debug)]
pub struct Demo {
    /// Stop when the journey is done, with status 0 only if every step and invariant held
    #[arg(long)]
    pub exit: bool,
    /// Forget an earlier demo in the data folder first
    #[arg(long)]
    pub fresh: bool,
    /// Address and port to listen on
    #[arg(
        long,
        env = "AKADEMI_LISTEN",
        default_value = "127.0.0.1:8080",
        value_name = "ADDR"
    )]
    pub listen: SocketAddr,
    /// Folder of the demo's data
    #[arg(long, default_value = "./data/demo", value_name = "DIR")]
    pub data_dir: PathBuf,
    /// Databases to play on instead of SQLite files: registration=postgres://…,scheduling=…
    #[arg(long, value_name = "NAME=URL,…")]
    pub database_urls: Option<Addresses>,
}

/// The first organiser, coordinator and key.
#[derive(Args, Clone, Debug)]
pub struct Init {
    /// Name of the organisation that runs programmes
    #[arg(long, value_name = "NAME")]
    pub organiser: String,
    /// Its official code with the country, such as SE-0580, where it is a municipality
    #[arg(long, value_name = "CODE")]
    pub code: Option<String>,
    /// E-mail address of its first coordinator
    #[arg(long, value_name = "EMAIL")]
    pub coordinator: String,
    /// Name of the coordinator (default: what stands before the @)
    #[arg(long, value_name = "NAME")]
    pub coordinator_name: Option<String>,
    /// What an installation keeps.
    #[command(flatten)]
    pub storage: Storage,
}

/// API keys.
#[derive(Clone, Debug, Subcommand)]
pub enum Key {
    /// Make a key with one role and print it, this once
    Create {
        /// What it is for, such as the name of the system
        #[arg(long, value_name = "NAME")]
        name: String,
        /// The role that it gives, such as coordinator, hr or operator
        #[arg(long, value_name = "ROLE", value_parser = role)]
        role: Role,
        /// Id of the organisation in which the role counts
        #[arg(long, value_name = "ID", value_parser = id::<OrganisationId>)]
        organisation: Option<OrganisationId>,
        /// What it may call, such as people:read,people:write (default: all that the role may)
        #[arg(long, value_name = "LIST", value_delimiter = ',')]
        scopes: Vec<String>,
        /// What an installation keeps.
        #[command(flatten)]
        storage: Storage,
    },
    /// Take a key back: it counts no more within seconds
    Revoke {
        /// Its id, as printed when it was made
        #[arg(value_parser = id::<ApiKeyId>)]
        id: ApiKeyId,
        /// What an installation keeps.
        #[command(flatten)]
        storage: Storage,
    },
}

/// People who were erased.
#[derive(Clone, Debug, Subcommand)]
pub enum Erasures {
    /// Have every service forget everybody again who was erased: after a service's database was
    /// restored from a backup. Beside the running services
    Repeat {
        /// What an installation keeps.
        #[command(flatten)]
        storage: Box<Storage>,
    },
}

/// What participants need.
#[derive(Clone, Debug, Subcommand)]
pub enum Needs {
    /// Seal everything by the first key of the list, beside the running service; the older keys can
    /// be taken from the list afterwards
    Rotate {
        /// What an installation keeps.
        #[command(flatten)]
        storage: Box<Storage>,
    },
    /// Make a key for the list and print it
    Key {
        /// Its name, such as the year
        #[arg(value_name = "NAME")]
        name: String,
    },
}

/// What pairs and participants write.
#[derive(Clone, Debug, Subcommand)]
pub enum Pairs {
    /// Wrap every key by the first key of the list, beside the running service; the older keys can
    /// be taken from the list afterwards
    Rotate {
        /// What an installation keeps.
        #[command(flatten)]
        storage: Box<Storage>,
    },
    /// Make a key for the list and print it
    Key {
        /// Its name, such as the year
        #[arg(value_name = "NAME")]
        name: String,
    },
}

/// Events that wait for their effect, because it failed.
#[derive(Clone, Debug, Subcommand)]
pub enum Events {
    /// List them: id, type, subject, attempts and why the last one failed, never their content
    Held {
        /// The service that holds them
        #[arg(value_enum)]
        part: PartName,
        /// What an installation keeps.
        #[command(flatten)]
        storage: Storage,
    },
    /// Give one up for good; what stands behind it goes on
    Drop {
        /// The service that holds it
        #[arg(value_enum)]
        part: PartName,
        /// Its id, as listed
        #[arg(value_name = "ID")]
        id: Uuid,
        /// What an installation keeps.
        #[command(flatten)]
        storage: Storage,
    },
}

/// Key figures of municipalities.
#[derive(Clone, Debug, Subcommand)]
pub enum Figures {
    /// Read a file in the shape of Kolada's answers
    Read {
        /// The file
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// What an installation keeps.
        #[command(flatten)]
        storage: Storage,
    },
    /// Read invented numbers, marked as a sample
    Sample {
        /// What an installation keeps.
        #[command(flatten)]
        storage: Storage,
    },
}

/// The history.
#[derive(Clone, Debug, Subcommand)]
pub enum Audit {
    /// Recompute every seal and name what was changed, removed or inserted: status 0 where
    /// nothing was
    Verify {
        /// Databases to check: registration=postgres://…,scheduling=… (default: those in the
        /// data folder)
        #[arg(long, value_name = "NAME=URL,…")]
        database_urls: Option<Addresses>,
        /// Hash of a newest seal that was noted earlier, elsewhere: it has to be in the chain;
        /// may be given several times
        #[arg(long = "head", value_name = "HASH")]
        heads: Vec<String>,
        /// Folder of the SQLite files
        #[arg(
            long,
            env = "AKADEMI_DATA_DIR",
            default_value = "./data",
            value_name = "DIR"
        )]
        data_dir: PathBuf,
    },
}

/// Databases that an update is about.
#[derive(Args, Clone, Debug)]
pub struct UpdateCheck {
    /// Databases to look at: registration=postgres://…,scheduling=… (default: those in the data
    /// folder)
    #[arg(
        long,
        env = "AKADEMI_DATABASE_URLS",
        hide_env_values = true,
        value_name = "NAME=URL,…"
    )]
    pub database_urls: Option<Addresses>,
    /// Folder of the SQLite files
    #[arg(
        long,
        env = "AKADEMI_DATA_DIR",
        default_value = "./data",
        value_name = "DIR"
    )]
    pub data_dir: PathBuf,
}

/// Key pairs.
#[derive(Clone, Debug, Subcommand)]
pub enum Keys {
    /// Make the key pair of one process and print the public key; an existing pair is kept
    Generate {
        /// Where the private key goes; the file's name is the process's, such as `gateway`
        #[arg(value_name = "DIR/NAME")]
        path: PathBuf,
    },
    /// Make a key pair for encrypted copies: the private key into a file, which must not be there
    /// yet, and the public one printed
    Backup {
        /// Where the private key goes; keep it where no copy is
        #[arg(value_name = "FILE")]
        path: PathBuf,
    },
    /// Print a new key for the list of issuer keys, which sign certificates' credentials
    Issuer {
        /// Its name, such as the year; letters, digits, - and _
        name: String,
    },
}

fn role(text: &str) -> Result<Role, String> {
    let name = serde_json::Value::from(text);
    serde_json::from_value(name).map_err(|error| error.to_string())
}

fn id<T: From<Uuid>>(text: &str) -> Result<T, uuid::Error> {
    text.parse::<Uuid>().map(T::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        <CommandLine as CommandFactory>::command().debug_assert();
    }

    #[test]
    fn without_a_command_everything_is_served() {
        let line = CommandLine::try_parse_from(["akademi"]).unwrap();
        assert!(matches!(line.command(), Command::Serve(serve) if serve.part.is_none()));
    }

    #[test]
    fn every_call_of_the_deployment_files_is_understood() {
        for call in [
            "akademi serve",
            "akademi serve gateway --upstreams registration=http://registration:8081",
            "akademi serve registration --database-url postgres://x@y/z --link-key 0123456789abcdef0123456789abcdef",
            "akademi serve --cors-origins https://a.example,https://b.example --trusted-proxies 10.0.0.0/8 --rate-caller 0",
            "akademi serve scheduling --metrics-listen 127.0.0.1:9100",
            "akademi serve mentorship",
            "akademi serve registration --smtp-url smtps://mail.example --smtp-credentials-file /run/secrets/smtp --mail-from no-reply@kommun.example",
            "akademi serve evaluation",
            "akademi init --organiser NAME --code SE-0580 --coordinator maja@linkoping.example",
            "akademi init --organiser CKS --coordinator maja@cks.example",
            "akademi key create --name hr --role hr --organisation 0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60",
            "akademi key create --name hr --role hr --organisation 0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60 --scopes people:read,people:write",
            "akademi key revoke 0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60 --data-dir /tmp/x",
            "akademi needs rotate --data-dir /tmp/x",
            "akademi needs key 2026",
            "akademi pairs rotate --data-dir /tmp/x",
            "akademi pairs key 2026",
            "akademi figures read figures.json --data-dir /tmp/x",
            "akademi figures sample --data-dir /tmp/x",
            "akademi keys generate /keys/gateway/gateway",
            "akademi serve scheduling --events-url nats://a:b@nats:4222",
            "akademi migrate registration --database-url postgres://x@y/z",
            "akademi backup /backups/monday --with-keys --data-dir /tmp/x",
            "akademi backup /backups/monday --encrypt-to age1w2k68jkqlf35wjjl5tt8kjq9rrus7yqpwyfzvs84wzf7j26atats2qnc5q",
            "akademi keys backup /kept/backup-key",
            "akademi restore /backups/monday --identity /kept/backup-key",
            "akademi move --database-urls registration=postgres://x@y/z --data-dir /tmp/x",
            "akademi serve --database-urls registration=postgres://x@y/z",
            "akademi update-check --database-urls registration=postgres://x@y/z",
            "akademi restore /backups/monday --check",
            "akademi restore /backups/monday --data-dir /tmp/x --erasure-ledger /kept/erasures.jsonl",
            "akademi events held registration --data-dir /tmp/x",
            "akademi events drop registration 0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60 --data-dir /tmp/x",
            "akademi doctor registration --database-url postgres://x@y/z",
            "akademi doctor",
            "akademi audit verify --data-dir /tmp/x --head 00 --head 11",
            "akademi audit verify --database-urls registration=postgres://x@y/z",
            "akademi health http://127.0.0.1:8080/health/ready",
            "akademi demo --exit --fresh --listen 127.0.0.1:20000 --data-dir /tmp/demo",
        ] {
            let line = CommandLine::try_parse_from(call.split(' '));
            assert!(line.is_ok(), "{call}: {line:?}");
        }
    }

    #[test]
    fn secrets_are_not_in_what_can_be_logged() {
        let secret = "seacrest".repeat(4);
        let call = ["akademi", "serve", "--link-key", &secret];
        let line = CommandLine::try_parse_from(call).unwrap();
        assert!(!format!("{line:?}").contains("seacrest"));
    }

    #[test]
    fn a_short_key_for_links_is_refused() {
        for short in ["", "x"] {
            let call = ["akademi", "serve", "--link-key", short];
            assert!(CommandLine::try_parse_from(call).is_err(), "{short:?}");
        }
    }
}
