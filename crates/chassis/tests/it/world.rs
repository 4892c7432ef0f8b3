//! The bare service in a world of its own, with keys, settings and the demo's issuer.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::IntoResponse as _;
use gongxin_chassis::{Context, Parts, Running, Service, Settings, start};
use gongxin_issuer::{ACCESS_AUDIENCE, Grant, Issuer, Key};
use gongxin_kernel::{Post, Staff};
use gongxin_testkit::{Deployment, ISSUER, eventually};
use sqlx::migrate::Migrator;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tonic::transport::Channel;

use crate::bare::{Bare, nothing};

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

/// Settings with the staff keys in a file, as an air-gapped service has them.
pub(crate) fn settings(files: &Deployment, name: &str, peer: &str, url: &str) -> Settings {
    let mut settings = Settings::load(Some(&files.settings(name, &[(peer, url)], ""))).unwrap();
    settings.bureau_name = Some("明川县公安局".into());
    settings.demo = true;
    settings
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

/// A world for the bare service and its follower, with their keys.
pub(crate) async fn files() -> Deployment {
    Deployment::new(&[("bare", &NONE), ("follower", &NONE)]).await
}

/// A token of an officer with these posts.
pub(crate) fn token(key: &Key, bureau: &str, posts: &[Post]) -> String {
    key.token(&officer("619001", bureau, posts), &Grant::now(ISSUER, ACCESS_AUDIENCE))
}

pub(crate) async fn bare() -> (Deployment, Running, Channel) {
    let files = files().await;
    let settings = settings(&files, "bare", "follower", "http://127.0.0.1:1");
    let running = start::<Bare>(&settings).await.unwrap();
    let url = format!("http://{}", running.address);
    let channel = Channel::from_shared(url).unwrap().connect().await.unwrap();
    (files, running, channel)
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
    pub(crate) files: Deployment,
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
        let files = files().await;
        let house = House::new().await;
        let listen = free_address().await;
        let url = format!("http://{listen}");
        let mut settings = settings(&files, "bare", "follower", "http://127.0.0.1:1");
        settings.listen = listen;
        settings.identity.issuer.clone_from(&house.url);
        settings.identity.jwks_file = None;
        settings.identity.client_id = Some("bare".into());
        settings.identity.public_url = Some(url.clone());
        let running = Some(start::<Bare>(&settings).await.unwrap());
        Self { files, house, key: Key::generate(), url, settings, running }
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
