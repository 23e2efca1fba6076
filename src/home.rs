//! What an installation keeps in its data folder: databases, keys, mails.

use crate::Fault;
use evaluation::certificates::keys::IssuerKeys;
use shared_envelope::Keys;
use shared_web::{
    key::{KeyPair, TrustedKeys, write_secret},
    link::LinkKey,
};
use std::{
    fs::DirBuilder,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
};

/// The data folder.
#[derive(Clone, Debug)]
pub(crate) struct Home(PathBuf);

impl Home {
    /// The home at `folder`.
    pub(crate) fn new(folder: &Path) -> Self {
        Self(folder.to_owned())
    }

    /// Makes the folder where it is missing, for its owner alone: what is kept in it is about
    /// people.
    pub(crate) fn make(&self) -> Result<(), Fault> {
        let mut folders = DirBuilder::new();
        let made = folders.recursive(true).mode(0o700).create(&self.0);
        made.map_err(|error| about(&self.0, error))
    }

    /// Address of a service's own SQLite file.
    pub(crate) fn database_url(&self, service: &str) -> String {
        format!(
            "sqlite://{}",
            self.0.join(service).with_extension("sqlite").display()
        )
    }

    /// Where keys are kept.
    pub(crate) fn keys_dir(&self) -> PathBuf {
        self.0.join("keys")
    }

    /// Where mails are written as files.
    pub(crate) fn mail_dir(&self) -> PathBuf {
        self.0.join("mail")
    }

    /// The file in which erasures stand.
    pub(crate) fn erasure_ledger(&self) -> PathBuf {
        self.0.join("erasures.jsonl")
    }

    /// The key that signs links; made on the first start.
    pub(crate) fn link_key(&self) -> Result<LinkKey, Fault> {
        let path = self.0.join("keys").join("link");
        LinkKey::load_or_generate(&path).map_err(|error| about(&path, error))
    }

    /// The keys that seal what participants need; made on the first start.
    pub(crate) fn needs_keys(&self) -> Result<Keys, Fault> {
        self.sealing_keys("needs")
    }

    /// The keys that wrap those of what pairs and participants write; made on the first start.
    pub(crate) fn pair_keys(&self) -> Result<Keys, Fault> {
        self.sealing_keys("pairs")
    }

    /// The keys that seal answers and interviews; made on the first start.
    pub(crate) fn answer_keys(&self) -> Result<Keys, Fault> {
        self.sealing_keys("answers")
    }

    /// The keys that sign certificates' credentials; made on the first start.
    pub(crate) fn issuer_keys(&self) -> Result<IssuerKeys, Fault> {
        let path = self.0.join("keys").join("issuer");
        let read = || -> Result<IssuerKeys, Fault> {
            if !path.exists() {
                write_secret(&path, &IssuerKeys::generate("1")?)?;
            }
            Ok(std::fs::read_to_string(&path)?.trim().parse()?)
        };
        read().map_err(|error| about(&path, error))
    }

    fn sealing_keys(&self, name: &str) -> Result<Keys, Fault> {
        let path = self.0.join("keys").join(name);
        let read = || -> Result<Keys, Fault> {
            if !path.exists() {
                write_secret(&path, &Keys::generate("1")?)?;
            }
            Ok(std::fs::read_to_string(&path)?.trim().parse()?)
        };
        read().map_err(|error| about(&path, error))
    }

    /// A process's key pair; made on the first start.
    pub(crate) fn key_pair(&self, process: &str) -> Result<KeyPair, Fault> {
        let path = self.0.join("keys").join(process);
        KeyPair::load_or_generate(process, &path).map_err(|error| about(&path, error))
    }

    /// The public keys of all `processes`.
    pub(crate) fn trusted_keys(&self, processes: &[&str]) -> Result<TrustedKeys, Fault> {
        processes
            .iter()
            .try_fold(TrustedKeys::default(), |keys, process| {
                Ok(keys.with(process, self.key_pair(process)?.public()))
            })
    }
}

fn about(path: &Path, error: impl std::fmt::Display) -> Fault {
    format!("{}: {error}", path.display()).into()
}
