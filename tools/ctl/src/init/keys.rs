//! Keys of services, logs and organs; one that is there already stays.

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::Context as _;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{EncodePrivateKey as _, EncodePublicKey as _};
use gongxin_transparency::SigningKey as LogKey;

use super::arguments::Arguments;

/// A random password of letters and digits for the database roles.
pub(crate) fn password() -> anyhow::Result<String> {
    const LETTERS: &[u8] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).collect())
}

/// The log of the public side, which is no service of the suite.
pub(crate) const PORTAL: &str = "portal";

/// Makes every key that is missing.
pub(crate) fn make(arguments: &Arguments) -> anyhow::Result<()> {
    let keys = arguments.folder.join("keys");
    let mut logs = String::new();
    for (service, _) in &arguments.services {
        pair(&keys, service)?;
    }
    let services = arguments.services.iter().map(|(name, _)| name.as_str());
    for service in services.chain([PORTAL]) {
        let name = format!("{}/{service}", arguments.bureau);
        let file = keys.join(format!("{service}.log"));
        if !file.exists() {
            let key = LogKey::from_seed(name.parse().context("name of the log")?, &seed()?);
            secret(&file, &key.to_secret_text())?;
        }
        let key: LogKey = std::fs::read_to_string(&file)?.trim_end().parse()?;
        writeln!(logs, "{}", key.verifier())?;
    }
    // What gongxin-verify needs to know: published, kept by newspapers and lawyers.
    std::fs::write(arguments.folder.join("log-keys"), logs)?;
    pair(&keys, "police")?;
    pair(&keys, "procuratorate")?;
    pair(&keys, "court")?;
    Ok(())
}

/// An Ed25519 key pair: `name.key` for its owner, `name.pub` for everybody else.
fn pair(folder: &Path, name: &str) -> anyhow::Result<()> {
    let file = folder.join(format!("{name}.key"));
    if file.exists() {
        return Ok(());
    }
    let key = SigningKey::from_bytes(&seed()?);
    let public = key.verifying_key().to_public_key_pem(LineEnding::LF)?;
    std::fs::write(folder.join(format!("{name}.pub")), public)?;
    secret(&file, &key.to_pkcs8_pem(LineEnding::LF)?)
}

fn seed() -> anyhow::Result<[u8; 32]> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed)?;
    Ok(seed)
}

fn secret(file: &Path, text: &str) -> anyhow::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    Ok(file.write_all(text.as_bytes())?)
}
