//! What services of one world are told at their start: keys, tokens, settings.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{EncodePrivateKey as _, EncodePublicKey as _};
use gongxin_issuer::{ACCESS_AUDIENCE, Grant, Key};
use gongxin_kernel::{Post, Staff};
use sha2::{Digest as _, Sha256};
use tonic::{Request, Status};
use tonic_types::StatusExt as _;

use crate::world::{Schema, World, log_key};

/// `iss` of the tokens that a [`Deployment`] gives out, unless told otherwise.
pub const ISSUER: &str = "http://issuer.test";

/// The days off of 2027 as nobody knows them yet: Friday 1 January to Sunday, and a Saturday of work.
pub const NOTICE_OF_2027: &str = r#"
year = 2027
version = 1
notice = "虚构的放假通知"
published = "2026-11-20"
off = [{ from = "2027-01-01", to = "2027-01-03", name = { zh = "元旦", en = "New Year" } }]
work = ["2027-01-09"]
"#;

/// One world with the files of its services, for the bureau 619921.
#[derive(Debug)]
pub struct Deployment {
    world: World,
    folder: PathBuf,
    issuer: Key,
    issuer_url: String,
}

impl Deployment {
    /// A fresh world with these schemas, and keys for each of their services.
    pub async fn new(schemas: &[Schema]) -> Self {
        Self::of(
            World::new(schemas).await,
            &schemas.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
        )
    }

    /// The files of `services` in a world that is there already.
    pub fn of(world: World, services: &[&str]) -> Self {
        let folder = world.clock_file().with_extension("keys");
        std::fs::create_dir_all(&folder).unwrap();
        let deployment =
            Self { world, folder, issuer: Key::generate(), issuer_url: ISSUER.to_owned() };
        deployment.write("jwks", &deployment.issuer.jwks());
        for service in services {
            deployment.write_key(service, &format!("service:{service}"));
            deployment.write(&format!("{service}.log"), &log_key(service).to_secret_text());
        }
        deployment
    }

    /// The same with an issuer that listens at `url`, where officers sign in to pages.
    #[must_use]
    pub fn issued_by(self, url: &str) -> Self {
        Self { issuer_url: url.to_owned(), ..self }
    }

    /// The key with which tokens are signed.
    pub fn issuer(&self) -> &Key {
        &self.issuer
    }

    /// The world.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Path of the file `name` beside the settings.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Writes a file beside the settings.
    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Settings of a bureau that knows the days off of 2027.
    pub fn knowing_2027(&self) -> String {
        let file = self.write("2027.toml", NOTICE_OF_2027);
        format!("[law]\ncalendar = [\"{}\"]\n", file.display())
    }

    /// Writes an Ed25519 key pair made from `seed` as `name.key` and `name.pub`, both PEM.
    pub fn write_key(&self, name: &str, seed: &str) {
        let key = SigningKey::from_bytes(&Sha256::digest(seed).into());
        self.write(&format!("{name}.key"), &key.to_pkcs8_pem(LineEnding::LF).unwrap());
        let public = key.verifying_key().to_public_key_pem(LineEnding::LF).unwrap();
        self.write(&format!("{name}.pub"), &public);
    }

    /// The settings file of `service`: its `peers` by name and URL, then `own` as further TOML.
    pub fn settings(&self, service: &str, peers: &[(&str, &str)], own: &str) -> PathBuf {
        let Self { world, issuer_url, .. } = self;
        let path = |name: &str| self.path(name).display().to_string();
        let mut text = format!(
            r#"
            deployment = "619921"
            bureaus = "619921"
            bureau_name = "明川县公安局"
            log_key_file = "{log}"
            manual_clock_file = "{clock}"
            [database]
            api_url = "{api}"
            worker_url = "{worker}"
            [nats]
            url = "{nats}"
            prefix = "{prefix}"
            replicas = {replicas}
            [identity]
            issuer = "{issuer_url}"
            jwks_file = "{jwks}"
            service_key_file = "{key}"
            "#,
            log = path(&format!("{service}.log")),
            clock = world.clock_file().display(),
            api = world.url(&format!("gx_{service}")),
            worker = world.url(&format!("gx_{service}_worker")),
            nats = world.nats(),
            prefix = world.prefix(),
            replicas = world.replicas(),
            jwks = path("jwks"),
            key = path(&format!("{service}.key")),
        );
        for (peer, url) in peers {
            let key = path(&format!("{peer}.pub"));
            write!(text, "\n[peers.{peer}]\nurl = \"{url}\"\nkey_file = \"{key}\"\n").unwrap();
        }
        text.push_str(own);
        self.write(&format!("{service}.toml"), &text)
    }

    /// A token of `staff`, as the bureau's identity provider gives it.
    pub fn token(&self, staff: &Staff) -> String {
        self.issuer.token(staff, &Grant::now(&self.issuer_url, ACCESS_AUDIENCE))
    }

    /// `message` as a call of `staff`.
    pub fn call<T>(&self, staff: &Staff, message: T) -> Request<T> {
        let mut request = Request::new(message);
        let token = format!("Bearer {}", self.token(staff)).parse().unwrap();
        request.metadata_mut().insert("authorization", token);
        request
    }
}

/// An officer of the bureau 619921 with these posts, in its unit 619921010000.
pub fn officer(police_number: &str, posts: &[Post]) -> Staff {
    Staff {
        police_number: police_number.to_owned(),
        name: format!("民警{police_number}"),
        unit: "619921010000".parse().unwrap(),
        unit_name: "城关派出所".to_owned(),
        bureau: "619921".parse().unwrap(),
        posts: posts.iter().copied().collect::<BTreeSet<_>>(),
    }
}

/// The stable reason in a refusal; empty when it carries none.
pub fn reason(status: &Status) -> String {
    status.get_error_details().error_info().map(|info| info.reason.clone()).unwrap_or_default()
}

/// The fields that a refusal names, in its order.
pub fn fields(status: &Status) -> Vec<String> {
    let details = status.get_error_details();
    let violations = details.bad_request().map(|bad| bad.field_violations.clone());
    violations.unwrap_or_default().into_iter().map(|violation| violation.field).collect()
}
