//! `akademi serve`: everything in one process, or one part.

use crate::{
    AllInOne, AllInOneOptions, Fault,
    address::{bind, local_url},
    part::Part,
    say,
    services::{self, Common, Registration},
    settings::{Addresses, PartName, Serve, Storage},
    stop,
};
use gateway::{Edge, Limits};
use shared_envelope::Keys;
use shared_events::{Exchange, exchange::SERVICES};
use shared_web::{
    Clock,
    key::{KeyPair, TrustedKeys},
    metrics,
    telemetry::spans,
};
use std::{
    collections::BTreeMap,
    net::TcpListener,
    path::Path,
    process::ExitCode,
    time::{Duration, Instant},
};

pub(super) async fn run(settings: Serve) -> Result<ExitCode, Fault> {
    let started = Instant::now();
    if let Some(address) = settings.metrics_listen {
        // Before all parts: they ask for their counters once.
        let figures = metrics::start(bind(address)?)?;
        actix_web::rt::spawn(figures);
        tracing::info!(%address, "metrics");
    }
    if let Some(url) = settings.otlp_url.as_deref().filter(|url| !url.is_empty()) {
        let telling = spans::start(url).map_err(|error| format!("AKADEMI_OTLP_URL: {error}"))?;
        actix_web::rt::spawn(telling);
        tracing::info!("spans are told");
    }
    match settings.part {
        None => all(settings, started).await,
        Some(part) => one(part, settings, started).await,
    }
}

async fn all(settings: Serve, started: Instant) -> Result<ExitCode, Fault> {
    check_all_in_one(&settings)?;
    let kolada = settings.kolada();
    let outgoing = services::outgoing(&settings.storage, &settings.outgoing_networks)?;
    let mut all = AllInOne::start(AllInOneOptions {
        kolada,
        workers: settings.workers.into(),
        sweep_every: Duration::from_secs(settings.sweep_seconds),
        grace: Duration::from_secs(settings.stop_grace_seconds),
        events_kept: settings.storage.events_kept(),
        public_url: settings.storage.public_url,
        database_urls: settings
            .database_urls
            .map(|urls| urls.0)
            .unwrap_or_default(),
        issuers: settings.oidc_issuers.0,
        link_key: settings.storage.link_key,
        needs_keys: settings.storage.needs_keys,
        pair_keys: settings.storage.pair_keys,
        answer_keys: settings.storage.answer_keys,
        issuer_keys: settings.storage.issuer_keys,
        mail_dir: settings.storage.mail_dir,
        erasure_ledger: settings.storage.erasure_ledger,
        outgoing: Some(outgoing),
        edge: Edge::from(&settings.door),
        ..AllInOneOptions::new(settings.listen, settings.storage.data_dir)
    })
    .await?;
    let mut asked = stop::Requests::listen()?;
    tracing::info!(address = %all.address(), elapsed_ms = elapsed_ms(started), "serving all parts");
    say::line(format_args!(
        "Akademi answers at {}, its API page is {0}/docs",
        all.url()
    ));
    tokio::select! {
        () = asked.next() => {}
        fault = all.ended() => return Err(fault),
    }
    tracing::info!("stopping");
    all.stop().await;
    Ok(ExitCode::SUCCESS)
}

/// What all in one can't use.
pub(super) fn check_all_in_one(settings: &Serve) -> Result<(), Fault> {
    if settings.storage.database_url.is_some() {
        // Better no start than data in a place that nobody looks at.
        return Err("AKADEMI_DATABASE_URL is for one service: name it, as in `akademi serve registration`; \
             all in one takes AKADEMI_DATABASE_URLS, or keeps SQLite files in the data folder".into());
    }
    if let Some(urls) = &settings.database_urls {
        let lacks = SERVICES
            .into_iter()
            .find(|name| !urls.0.contains_key(*name));
        if let Some(name) = lacks {
            // Half an installation elsewhere is no installation.
            return Err(
                format!("AKADEMI_DATABASE_URLS lacks {name}: all four stand together").into(),
            );
        }
    }
    if settings.events_url.is_some() {
        return Err(
            "AKADEMI_EVENTS_URL is for services in processes of their own: name one, as in \
             `akademi serve registration`"
                .into(),
        );
    }
    Ok(())
}

/// What a service can't do without.
pub(super) fn check_service(part: PartName, settings: &Serve) -> Result<(), Fault> {
    match part {
        PartName::Registration => check_registration(&settings.storage)?,
        PartName::Mentorship => check_mentorship(&settings.storage)?,
        PartName::Evaluation => check_evaluation(&settings.storage)?,
        PartName::Gateway | PartName::Scheduling => {}
    }
    exchange(part.name(), settings).map(|_| ())?;
    check_link_key(&settings.storage)
}

/// What the gateway can't do without.
pub(super) fn check_gateway(settings: &Serve) -> Result<(), Fault> {
    gateway_settings(settings).map(|_| ())
}

async fn one(part: PartName, settings: Serve, started: Instant) -> Result<ExitCode, Fault> {
    let listener = bind(settings.listen)?;
    let address = listener.local_addr()?;
    let grace = Duration::from_secs(settings.stop_grace_seconds);
    let mut part = start(part, listener, &settings).await?;
    let mut asked = stop::Requests::listen()?;
    tracing::info!(%address, elapsed_ms = elapsed_ms(started), "serving");
    tokio::select! {
        () = asked.next() => {}
        fault = part.ended() => return Err(fault),
    }
    tracing::info!("stopping");
    part.stop(grace).await;
    Ok(ExitCode::SUCCESS)
}

async fn start(part: PartName, listener: TcpListener, settings: &Serve) -> Result<Part, Fault> {
    match part {
        PartName::Gateway => start_gateway(listener, settings),
        PartName::Registration => {
            let own = registration_settings(&listener, settings)?;
            Ok(services::start_registration(listener, own).await?.0)
        }
        PartName::Scheduling => {
            let common = common(scheduling::api::NAME, &listener, settings)?;
            services::start_scheduling(listener, common).await
        }
        PartName::Mentorship => {
            check_mentorship(&settings.storage)?;
            let common = common(mentorship::api::NAME, &listener, settings)?;
            let keys = services::pair_keys(&settings.storage)?;
            let own = services::mentorship_settings(common, keys, settings.kolada());
            Ok(services::start_mentorship(listener, own).await?.0)
        }
        PartName::Evaluation => {
            check_evaluation(&settings.storage)?;
            let common = common(evaluation::api::NAME, &listener, settings)?;
            let keys = services::answer_keys(&settings.storage)?;
            let issuer = services::issuer_keys(&settings.storage)?;
            let own = services::evaluation_settings(common, keys, issuer);
            services::start_evaluation(listener, own).await
        }
    }
}

fn start_gateway(listener: TcpListener, settings: &Serve) -> Result<Part, Fault> {
    let (own, pair) = gateway_settings(settings)?;
    let running = gateway::start(listener, own, &pair)?;
    Ok(Part::serve("gateway", running))
}

fn gateway_settings(settings: &Serve) -> Result<(gateway::Settings, KeyPair), Fault> {
    let file = settings.key_file.as_deref();
    let file = file.ok_or("AKADEMI_KEY_FILE is needed: the gateway's private key")?;
    let upstreams = settings.upstreams.clone();
    let upstreams =
        upstreams.ok_or("AKADEMI_UPSTREAMS is needed: the addresses of the services")?;
    let own = gateway::Settings {
        upstreams: upstreams.0,
        public_url: settings.storage.public_url.clone(),
        issuers: settings.oidc_issuers.0.clone(),
        // The built-in issuer belongs to `akademi demo` alone.
        demo: None,
        documents: services::documents(),
        codes: services::codes(),
        workers: settings.workers.into(),
        clock: Clock::system(),
        limits: Limits::default(),
        edge: Edge::from(&settings.door),
    };
    Ok((own, KeyPair::load("gateway", file)?))
}

fn registration_settings(
    listener: &TcpListener,
    settings: &Serve,
) -> Result<registration::Settings, Fault> {
    check_registration(&settings.storage)?;
    let common = common(registration::api::NAME, listener, settings)?;
    Ok(Registration::of(&settings.storage, &settings.outgoing_networks)?.with(common))
}

/// What registration can't guess where it runs alone.
fn check_registration(storage: &Storage) -> Result<(), Fault> {
    if storage.public_url.is_none() {
        // The own address is not the one that people reach.
        return Err(
            "AKADEMI_PUBLIC_URL is needed: the gateway's address, with which links in mails begin"
                .into(),
        );
    }
    check_keys(storage, "AKADEMI_NEEDS_KEYS", storage.needs_keys.as_ref())
}

/// What mentorship can't guess where it runs alone.
fn check_mentorship(storage: &Storage) -> Result<(), Fault> {
    check_keys(storage, "AKADEMI_PAIR_KEYS", storage.pair_keys.as_ref())
}

/// What evaluation can't guess where it runs alone.
fn check_evaluation(storage: &Storage) -> Result<(), Fault> {
    check_keys(storage, "AKADEMI_ANSWER_KEYS", storage.answer_keys.as_ref())?;
    if is_shared(storage) && storage.issuer_keys.is_none() {
        // Another key in each replica's folder: what one signs, the others would not publish.
        return Err(
            "AKADEMI_ISSUER_KEYS is needed on PostgreSQL: the same for every replica; \
             `akademi keys issuer NAME` makes one"
                .into(),
        );
    }
    Ok(())
}

/// A key in some replica's folder would be lost with it, and all that it sealed.
fn check_keys(storage: &Storage, name: &str, keys: Option<&Keys>) -> Result<(), Fault> {
    if is_shared(storage) && keys.is_none() {
        return Err(format!(
            "{name} is needed on PostgreSQL: the same for every replica; \
             `akademi needs key NAME` makes one"
        )
        .into());
    }
    Ok(())
}

/// Whether other replicas may work on the same database.
fn is_shared(storage: &Storage) -> bool {
    let url = storage.database_url.as_deref();
    url.is_some_and(|url| !url.starts_with("sqlite:"))
}

/// The services sign links with one secret: registration writes those of the others into mails.
fn check_link_key(storage: &Storage) -> Result<(), Fault> {
    if storage.link_key.is_none() {
        return Err(
            "AKADEMI_LINK_KEY is needed: the same for every service and replica; \
             `deploy/new-secrets` makes one"
                .into(),
        );
    }
    Ok(())
}

/// Where the other services are: each of them, or its facts would never reach it.
fn peers(service: &str, configured: Option<&Addresses>) -> Result<BTreeMap<String, String>, Fault> {
    let known = configured
        .map(|addresses| addresses.0.clone())
        .unwrap_or_default();
    let missing = SERVICES
        .into_iter()
        .find(|name| *name != service && !known.contains_key(*name));
    match missing {
        None => Ok(known),
        Some(name) => Err(format!(
            "AKADEMI_PEERS is needed, with the address of {name}: facts are told to every other service"
        )
        .into()),
    }
}

fn common(
    service: &'static str,
    listener: &TcpListener,
    settings: &Serve,
) -> Result<Common, Fault> {
    let (exchange, trusted_keys) = exchange(service, settings)?;
    check_link_key(&settings.storage)?;
    Ok(Common {
        exchange: Some(exchange),
        trusted_keys,
        sweep_every: Duration::from_secs(settings.sweep_seconds),
        workers: settings.workers.into(),
        ..Common::of(
            service,
            &settings.storage,
            &local_url(listener.local_addr()?),
        )?
    })
}

/// How a service is joined to the others, and whom it believes.
fn exchange(service: &str, settings: &Serve) -> Result<(Exchange, TrustedKeys), Fault> {
    let trusted_keys = settings.trusted_keys.clone();
    let trusted_keys =
        trusted_keys.ok_or("AKADEMI_TRUSTED_KEYS is needed: the public keys of all parts")?;
    let pair = own_key(service, settings.key_file.as_deref(), &trusted_keys)?;
    check_gateway_key(&trusted_keys)?;
    let exchange = match &settings.events_url {
        Some(url) => by_broker(pair, url)?,
        None => Exchange::new(pair, peers(service, settings.peers.as_ref())?),
    };
    Ok((exchange, trusted_keys))
}

fn by_broker(pair: KeyPair, url: &str) -> Result<Exchange, Fault> {
    let url = url.parse();
    let url = url.map_err(|error: String| format!("AKADEMI_EVENTS_URL: {error}"))?;
    // Nothing goes to the others directly.
    Ok(Exchange::new(pair, BTreeMap::new()).by_broker(url))
}

/// A service in a process of its own has a key pair, and all others know it by that one: with
/// another, what it signs would be refused everywhere, and nobody would see why.
fn own_key(service: &str, file: Option<&Path>, trusted: &TrustedKeys) -> Result<KeyPair, Fault> {
    let file = file.ok_or("AKADEMI_KEY_FILE is needed: the private key of this part")?;
    let pair = KeyPair::load(service, file)?;
    if trusted.get(service) == Some(pair.public()) {
        Ok(pair)
    } else {
        let fault = format!(
            "AKADEMI_TRUSTED_KEYS names another public key for {service} than that of AKADEMI_KEY_FILE"
        );
        Err(fault.into())
    }
}

/// Without the gateway's key a service would refuse every caller.
fn check_gateway_key(trusted: &TrustedKeys) -> Result<(), Fault> {
    match trusted.get("gateway") {
        Some(_) => Ok(()),
        None => Err("AKADEMI_TRUSTED_KEYS names no public key for gateway".into()),
    }
}

fn elapsed_ms(started: Instant) -> u64 {
    u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Command, CommandLine};
    use clap::Parser as _;
    use evaluation::certificates::keys::IssuerKeys;

    fn storage(arguments: &str) -> Storage {
        let call = format!("akademi serve registration {arguments}");
        let line = CommandLine::try_parse_from(call.split_whitespace()).unwrap();
        match line.command() {
            Command::Serve(serve) => serve.storage,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn registration_alone_is_told_its_address_and_on_postgres_the_keys_of_all_replicas() {
        let fault = |arguments: &str| {
            let fault = check_registration(&storage(arguments));
            fault.unwrap_err().to_string()
        };
        assert!(fault("").contains("AKADEMI_PUBLIC_URL is needed"));
        let public = "--public-url https://a.example";
        check_registration(&storage(public)).unwrap();
        let postgres = format!("{public} --database-url postgres://x@y/z");
        let (key, secret) = ("A".repeat(43), "x".repeat(32));
        assert!(fault(&postgres).contains("AKADEMI_NEEDS_KEYS is needed"));
        let needs = format!("{postgres} --needs-keys one:{key}=");
        check_registration(&storage(&needs)).unwrap();
        let unsealed = check_mentorship(&storage(&needs)).unwrap_err().to_string();
        assert!(unsealed.contains("AKADEMI_PAIR_KEYS is needed"));
        check_mentorship(&storage(&format!("{needs} --pair-keys one:{key}="))).unwrap();
        let unsealed = check_evaluation(&storage(&needs)).unwrap_err().to_string();
        assert!(unsealed.contains("AKADEMI_ANSWER_KEYS is needed"));
        let sealed = format!("{needs} --answer-keys one:{key}=");
        let unsigned = check_evaluation(&storage(&sealed)).unwrap_err().to_string();
        assert!(unsigned.contains("AKADEMI_ISSUER_KEYS is needed"));
        let issuer = IssuerKeys::generate("one").unwrap();
        check_evaluation(&storage(&format!("{sealed} --issuer-keys {issuer}"))).unwrap();
        let unsigned = check_link_key(&storage(&needs)).unwrap_err().to_string();
        assert!(unsigned.contains("AKADEMI_LINK_KEY is needed"));
        check_link_key(&storage(&format!("{needs} --link-key {secret}"))).unwrap();
    }

    #[test]
    fn a_service_is_told_where_every_other_one_is() {
        let all = ["registration", "scheduling", "mentorship", "evaluation"];
        let at = |names: &[&str]| {
            let listed = names
                .iter()
                .map(|name| format!("{name}=http://{name}:8080"));
            listed
                .collect::<Vec<_>>()
                .join(",")
                .parse::<Addresses>()
                .unwrap()
        };
        assert_eq!(peers("scheduling", Some(&at(&all))).unwrap().len(), 4);
        let fault = peers("scheduling", Some(&at(&all[..3]))).unwrap_err();
        assert!(
            fault.to_string().contains("address of evaluation"),
            "{fault}"
        );
        assert!(peers("scheduling", None).is_err());
        assert_eq!(peers("evaluation", Some(&at(&all[..3]))).unwrap().len(), 3);
    }

    #[test]
    fn a_service_knows_the_gateway() {
        let pair = KeyPair::generate("gateway").unwrap();
        let trusted = TrustedKeys::default();
        let fault = check_gateway_key(&trusted).unwrap_err().to_string();
        assert!(fault.contains("no public key for gateway"), "{fault}");
        check_gateway_key(&trusted.with("gateway", pair.public())).unwrap();
    }

    #[test]
    fn a_service_has_the_key_by_which_the_others_know_it() {
        let folder = std::env::temp_dir().join(format!("akademi-own-{}", uuid::Uuid::new_v4()));
        let file = folder.join("scheduling");
        let pair = KeyPair::load_or_generate("scheduling", &file).unwrap();
        let trusted = TrustedKeys::default().with("scheduling", pair.public());
        own_key("scheduling", Some(&file), &trusted).unwrap();
        let fault = |file: Option<&Path>, trusted: &TrustedKeys| {
            let fault = own_key("scheduling", file, trusted);
            fault.unwrap_err().to_string()
        };
        assert!(fault(None, &trusted).contains("AKADEMI_KEY_FILE is needed"));
        let other = KeyPair::generate("scheduling").unwrap();
        let other = TrustedKeys::default().with("scheduling", other.public());
        for wrong in [other, TrustedKeys::default()] {
            assert!(fault(Some(&file), &wrong).contains("another public key"));
        }
        assert!(fault(Some(&folder.join("missing")), &trusted).contains("key file"));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
