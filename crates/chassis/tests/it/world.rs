//! The bare service in a world of its own, with keys, settings and the demo's issuer.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::IntoResponse as _;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{EncodePrivateKey as _, EncodePublicKey as _};
use gongxin_chassis::{Context, Parts, Running, Service, Settings, start};
use gongxin_issuer::{ACCESS_AUDIENCE, Grant, Issuer, Key};
use gongxin_kernel::{Post, Staff};
use gongxin_testkit::{World, eventually, log_key};
use sqlx::migrate::Migrator;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tonic::transport::Channel;

use crate::bare::{Bare, nothing};

pub(crate) const ISSUER: &str = "http://issuer.test";
static NONE: Migrator = Migrator::DEFAULT;

/// A service that follows the log of the bare one.
pub(crate) struct Follower;

impl Service for Follower {
    const NAME: &'static str = "follower";
    type Settings = BTreeMap<String, String>;

    fn migrations() -> &'static Migrator {
        &NONE
    }

    fn parts(_: &Context, _: Self::Settings) -> anyhow::Result<Parts> {
        Ok(nothing(Router::new(), vec!["bare"]))
    }
}

/// Files and keys of one test.
pub(crate) struct Files {
    folder: PathBuf,
    pub(crate) staff: Key,
}

impl Files {
    pub(crate) fn new(world: &World) -> Self {
        let folder = world.clock_file().with_extension("keys");
        std::fs::create_dir_all(&folder).unwrap();
        let files = Self { folder, staff: Key::generate() };
        files.write("jwks", &files.staff.jwks());
        for (seed, name) in [(1, "bare"), (2, "follower")] {
            let key = SigningKey::from_bytes(&[seed; 32]);
            files.write(&format!("{name}.key"), &key.to_pkcs8_pem(LineEnding::LF).unwrap());
            let public = key.verifying_key().to_public_key_pem(LineEnding::LF).unwrap();
            files.write(&format!("{name}.pub"), &public);
            files.write(&format!("{name}.log"), &log_key(name).to_secret_text());
        }
        files
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.join(name), text).unwrap();
    }

    /// Settings with the staff keys in a file, as an air-gapped service has them.
    pub(crate) fn settings(&self, world: &World, name: &str, peer: &str, url: &str) -> Settings {
        let text = format!(
            r#"
            deployment = "619921"
            bureaus = "619921"
            bureau_name = "明川县公安局"
            demo = true
            log_key_file = "{log}"
            manual_clock_file = "{clock}"
            [database]
            api_url = "{api}"
            worker_url = "{worker}"
            [nats]
            url = "{nats}"
            prefix = "{prefix}"
            [identity]
            issuer = "{ISSUER}"
            jwks_file = "{jwks}"
            service_key_file = "{key}"
            [peers.{peer}]
            url = "{url}"
            key_file = "{public}"
            "#,
            log = self.path(&format!("{name}.log")),
            clock = world.clock_file().display(),
            api = world.url(&format!("gx_{name}")),
            worker = world.url(&format!("gx_{name}_worker")),
            nats = world.nats(),
            prefix = world.prefix(),
            jwks = self.path("jwks"),
            key = self.path(&format!("{name}.key")),
            public = self.path(&format!("{peer}.pub")),
        );
        let file = self.folder.join(format!("{name}.toml"));
        std::fs::write(&file, text).unwrap();
        Settings::load(Some(&file)).unwrap()
    }

    /// A token of an officer with these posts.
    pub(crate) fn token(key: &Key, bureau: &str, posts: &[Post]) -> String {
        key.token(&officer("619001", bureau, posts), &Grant::now(ISSUER, ACCESS_AUDIENCE))
    }
}

pub(crate) fn officer(number: &str, bureau: &str, posts: &[Post]) -> Staff {
    Staff {
        police_number: number.into(),
        name: "测试".into(),
        unit: format!("{bureau}010000").parse().unwrap(),
        unit_name: "法制大队".into(),
        bureau: bureau.parse().unwrap(),
        posts: posts.iter().copied().collect::<BTreeSet<_>>(),
    }
}

pub(crate) async fn empty_world() -> World {
    World::new(&[("bare", &NONE), ("follower", &NONE)]).await
}

pub(crate) async fn bare() -> (World, Files, Running, Channel) {
    let world = empty_world().await;
    let files = Files::new(&world);
    let settings = files.settings(&world, "bare", "follower", "http://127.0.0.1:1");
    let running = start::<Bare>(&settings).await.unwrap();
    let url = format!("http://{}", running.address);
    let channel = Channel::from_shared(url).unwrap().connect().await.unwrap();
    (world, files, running, channel)
}

pub(crate) fn with_token<T>(message: T, token: &str) -> tonic::Request<T> {
    let mut request = tonic::Request::new(message);
    request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    request
}

/// A port that was free a moment ago.
pub(crate) async fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

/// The demo's issuer, which can go away and come back with another key.
pub(crate) struct House {
    pub(crate) url: String,
    address: SocketAddr,
    /// How often the key set was fetched.
    pub(crate) fetched: Arc<AtomicUsize>,
    /// An ID token that it gives out whatever was agreed.
    pub(crate) forged: Arc<Mutex<Option<String>>>,
    serving: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

impl House {
    /// An issuer that does not listen yet.
    pub(crate) async fn new() -> Self {
        let address = free_address().await;
        let url = format!("http://{address}");
        Self { url, address, fetched: Arc::default(), forged: Arc::default(), serving: None }
    }

    /// Listens as an issuer of this address with this key, until [`House::close`].
    pub(crate) async fn open(&mut self, key: &Key, service: &str) {
        self.open_as(&self.url.clone(), key, service).await;
    }

    /// Listens as an issuer that names itself `name`.
    pub(crate) async fn open_as(&mut self, name: &str, key: &Key, service: &str) {
        let staff = vec![
            officer("619001", "619921", &[Post::CaseOfficer]),
            officer("619002", "619921", &[Post::ReportOfficer]),
            officer("629001", "619922", &[Post::CaseOfficer]),
        ];
        let client = format!("bare={service}/sign-in/callback").parse().unwrap();
        let issuer = Issuer::new(name, key.clone(), staff, vec![client]);
        let (fetched, forged) = (Arc::clone(&self.fetched), Arc::clone(&self.forged));
        let router = issuer.router().layer(from_fn(move |request: Request, next: Next| {
            let fetched = Arc::clone(&fetched);
            let forged = forged.lock().unwrap().clone();
            async move {
                match (request.uri().path(), forged) {
                    ("/token", Some(token)) => {
                        return format!(r#"{{"id_token":"{token}"}}"#).into_response();
                    }
                    ("/jwks", _) => _ = fetched.fetch_add(1, Ordering::Relaxed),
                    _ => {}
                }
                next.run(request).await
            }
        }));
        let listener =
            eventually("the port is free", async || TcpListener::bind(self.address).await.ok())
                .await;
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(async move {
            let ended = async { drop(stopped.await) };
            axum::serve(listener, router).with_graceful_shutdown(ended).await.unwrap();
        });
        self.serving = Some((stop, serving));
    }

    /// Goes away, with all its connections.
    pub(crate) async fn close(&mut self) {
        if let Some((stop, serving)) = self.serving.take() {
            drop(stop);
            serving.await.unwrap();
        }
    }
}

/// The bare service with the demo's issuer, and staff who can sign in.
pub(crate) struct Office {
    pub(crate) world: World,
    pub(crate) house: House,
    pub(crate) key: Key,
    pub(crate) url: String,
    settings: Settings,
    running: Option<Running>,
}

impl Office {
    /// Open at once.
    pub(crate) async fn open() -> Self {
        let mut office = Self::without_issuer().await;
        office.house.open(&office.key, &office.url).await;
        office
    }

    /// The issuer does not answer yet.
    pub(crate) async fn without_issuer() -> Self {
        let world = empty_world().await;
        let house = House::new().await;
        let listen = free_address().await;
        let url = format!("http://{listen}");
        let mut settings =
            Files::new(&world).settings(&world, "bare", "follower", "http://127.0.0.1:1");
        settings.listen = listen;
        settings.identity.issuer.clone_from(&house.url);
        settings.identity.jwks_file = None;
        settings.identity.client_id = Some("bare".into());
        settings.identity.public_url = Some(url.clone());
        let running = Some(start::<Bare>(&settings).await.unwrap());
        Self { world, house, key: Key::generate(), url, settings, running }
    }

    /// The address of a page.
    pub(crate) fn page(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    pub(crate) async fn restart(&mut self) {
        self.running.take().unwrap().stop().await;
        let restarted =
            eventually("the port is free", async || start::<Bare>(&self.settings).await.ok()).await;
        self.running = Some(restarted);
    }

    /// An access token that this issuer signs with `key`.
    pub(crate) fn token(&self, key: &Key, posts: &[Post]) -> String {
        let grant = Grant::now(&self.house.url, ACCESS_AUDIENCE);
        key.token(&officer("619001", "619921", posts), &grant)
    }

    pub(crate) async fn close(mut self) {
        self.running.take().unwrap().stop().await;
        self.house.close().await;
    }
}
