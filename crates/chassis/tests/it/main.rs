//! A service with nothing in it, driven from outside: who may call what, and how logs travel.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{EncodePrivateKey as _, EncodePublicKey as _};
use futures::future::BoxFuture;
use gongxin_chassis::{Context, Parts, Running, Service, Settings, start};
use gongxin_eventing::{Deadlines, Due, Reactions, Tx};
use gongxin_issuer::{ACCESS_AUDIENCE, Grant, Key};
use gongxin_kernel::{Fault, Post, Staff};
use gongxin_proto::operations::v1::operations_service_client::OperationsServiceClient;
use gongxin_proto::operations::v1::{GetStatusRequest, ReplayRequest};
use gongxin_testkit::{World, log_key, until};
use sqlx::migrate::Migrator;
use tonic::transport::Channel;
use tonic::{Code, Request};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use tonic_types::StatusExt as _;

const ISSUER: &str = "http://issuer.test";
static NONE: Migrator = Migrator::DEFAULT;

/// A service that does nothing of its own.
struct Bare;
/// A service that follows the log of the first.
struct Follower;
struct Nothing;

impl Reactions for Nothing {
    fn apply<'t>(
        &'t self,
        _: &'t mut Tx,
        _: &'t gongxin_proto::operations::v1::Envelope,
    ) -> BoxFuture<'t, Result<(), Fault>> {
        Box::pin(async { Ok(()) })
    }
}

impl Deadlines for Nothing {
    fn fire<'t>(&'t self, _: &'t mut Tx, _: &'t Due) -> BoxFuture<'t, Result<(), Fault>> {
        Box::pin(async { Ok(()) })
    }
}

fn parts(follows: Vec<&'static str>) -> Parts {
    Parts {
        grpc: tonic::service::Routes::default(),
        pages: axum::Router::new(),
        follows,
        reactions: Arc::new(Nothing),
        deadlines: Arc::new(Nothing),
        duties: Vec::new(),
    }
}

impl Service for Bare {
    const NAME: &'static str = "bare";
    type Settings = BTreeMap<String, String>;

    fn migrations() -> &'static Migrator {
        &NONE
    }

    fn parts(_: &Context, _: Self::Settings) -> anyhow::Result<Parts> {
        Ok(parts(Vec::new()))
    }
}

impl Service for Follower {
    const NAME: &'static str = "follower";
    type Settings = BTreeMap<String, String>;

    fn migrations() -> &'static Migrator {
        &NONE
    }

    fn parts(_: &Context, _: Self::Settings) -> anyhow::Result<Parts> {
        Ok(parts(vec!["bare"]))
    }
}

/// Files and keys of one test.
struct Files {
    folder: PathBuf,
    staff: Key,
}

impl Files {
    fn new(world: &World) -> Self {
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

    fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.join(name), text).unwrap();
    }

    fn settings(&self, world: &World, name: &str, peer: &str, peer_url: &str) -> Settings {
        let text = format!(
            r#"
            deployment = "619921"
            bureaus = "619921"
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
            url = "{peer_url}"
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
    fn token(key: &Key, bureau: &str, posts: &[Post]) -> String {
        let staff = Staff {
            police_number: "619001".into(),
            name: "测试".into(),
            unit: format!("{bureau}010000").parse().unwrap(),
            unit_name: "法制大队".into(),
            bureau: bureau.parse().unwrap(),
            posts: posts.iter().copied().collect::<BTreeSet<_>>(),
        };
        key.token(&staff, &Grant::now(ISSUER, ACCESS_AUDIENCE))
    }
}

async fn bare() -> (World, Files, Running, Channel) {
    let world = World::new(&[("bare", &NONE), ("follower", &NONE)]).await;
    let files = Files::new(&world);
    let settings = files.settings(&world, "bare", "follower", "http://127.0.0.1:1");
    let running = start::<Bare>(&settings).await.unwrap();
    let url = format!("http://{}", running.address);
    let channel = Channel::from_shared(url).unwrap().connect().await.unwrap();
    (world, files, running, channel)
}

fn with_token<T>(message: T, token: &str) -> Request<T> {
    let mut request = Request::new(message);
    request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    request
}

#[tokio::test(flavor = "multi_thread")]
async fn anybody_may_ask_for_health_and_nothing_else() {
    let (_world, _files, running, channel) = bare().await;

    let health = HealthClient::new(channel.clone()).check(HealthCheckRequest::default()).await;
    assert_eq!(health.unwrap().into_inner().status, 1); // SERVING

    let mut operations = OperationsServiceClient::new(channel);
    let refused = operations.get_status(GetStatusRequest {}).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unauthenticated);
    assert_eq!(refused.get_error_details().error_info().unwrap().reason, "NOT_SIGNED_IN");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_gives_the_powers_of_its_posts_and_no_more() {
    let (_world, files, running, channel) = bare().await;
    let mut operations = OperationsServiceClient::new(channel);
    let stranger = Key::generate();
    let cases = [
        (Files::token(&files.staff, "619921", &[Post::Administrator]), None),
        (Files::token(&files.staff, "619921", &[Post::BureauLeader]), Some("POWER_MISSING")),
        (Files::token(&files.staff, "619922", &[Post::Administrator]), Some("WRONG_BUREAU")),
        (Files::token(&stranger, "619921", &[Post::Administrator]), Some("TOKEN_INVALID")),
        ("nonsense".to_owned(), Some("TOKEN_INVALID")),
    ];
    for (token, refusal) in cases {
        let answer = operations.get_status(with_token(GetStatusRequest {}, &token)).await;
        let reason = answer
            .err()
            .map(|status| status.get_error_details().error_info().unwrap().reason.clone());
        assert_eq!(reason.as_deref(), refusal);
    }
    let administrator = Files::token(&files.staff, "619921", &[Post::Administrator]);
    let replay = operations.replay(with_token(ReplayRequest::default(), &administrator)).await;
    assert_eq!(replay.unwrap_err().code(), Code::PermissionDenied);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_follows_the_log_with_its_own_token() {
    let (world, files, running, _channel) = bare().await;
    append(&world).await;
    let url = format!("http://{}", running.address);
    let settings = files.settings(&world, "follower", "bare", &url);
    let follower = start::<Follower>(&settings).await.unwrap();

    until(Some(1), async || {
        sqlx::query_scalar::<_, i64>(
            "select position from follower.cursors where name = '619921/bare'",
        )
        .fetch_optional(&mut world.admin().await)
        .await
        .unwrap()
    })
    .await;
    follower.stop().await;
    running.stop().await;
}

/// One event in the log of the bare service.
async fn append(world: &World) {
    use gongxin_eventing::{NewEvent, Scope};
    let toy = gongxin_kernel::new_uuid();
    let db = world.db("bare");
    db.transaction("append", Scope::Bureau("619921".parse().unwrap()), move |tx| {
        Box::pin(async move {
            tx.lock(vec![toy]).await?;
            let view = gongxin_transparency::View::new([("toy", "1")]).unwrap();
            let message = gongxin_proto::intake::v1::CaseNotFiled::default();
            let revision = gongxin_kernel::Revision::FIRST;
            tx.append(NewEvent::new(toy, revision, "toy.wound", &message, view, b"row")).await
        })
    })
    .await
    .unwrap();
}
