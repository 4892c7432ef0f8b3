//! A county: its services as processes, the procuratorate beside them, officers of each post.

use gongxin_exchange::{OrganKey, Organs};
use gongxin_issuer::Issuer;
use gongxin_kernel::{Post, Staff};
use gongxin_proto::intake::v1::intake_service_client::IntakeServiceClient;
use gongxin_proto::operations::v1::operations_service_client::OperationsServiceClient;
use gongxin_proto::operations::v1::{GetStatusRequest, GetStatusResponse};
use gongxin_proto::review::v1::review_service_client::ReviewServiceClient;
use gongxin_simulator::{Court, Options, Running, Simulator};
use gongxin_testkit::{Deployment, NatsServer, Schema, World, officer, until};
use jiff::Timestamp;
use tokio::sync::Mutex;
use tonic::Request;
use tonic::transport::{Channel, Endpoint};

use crate::process::{Process, free_address};

const POLICE: &str = "police:619921";
const PROCURATORATE: &str = "procuratorate:619921";
const COURT: &str = "court:619921";

/// The services of one world and who stands beside them.
#[derive(Debug)]
pub struct County {
    /// The world with keys and settings.
    pub deployment: Deployment,
    /// 执法管理.
    pub intake: Process,
    /// 执法运行.
    pub review: Process,
    /// 执法监督.
    pub supervision: Process,
    /// 执法追责.
    pub accountability: Process,
    /// 执法公开.
    pub disclosure: Process,
    /// The procuratorate and the court, simulated.
    pub procuratorate: Running,
    /// The register of reports.
    pub register: IntakeServiceClient<Channel>,
    /// The legal department.
    pub reviews: ReviewServiceClient<Channel>,
    /// W3C trace context that every officer's call carries.
    pub traceparent: Option<String>,
    /// The county's own nats-server, if it has one.
    pub bus: Mutex<Option<NatsServer>>,
}

/// What differs between counties of different tests.
#[derive(Debug, Default)]
pub struct Setup {
    /// Another nats-server than the common one.
    pub nats: Option<String>,
    /// The same, as the county's own.
    pub bus: Option<NatsServer>,
    /// How many of the servers of a cluster keep each stream; 0 for one.
    pub replicas: usize,
    /// Another PostgreSQL than the common one, as its superuser.
    pub postgres: Option<String>,
    /// Where traces go.
    pub collector: Option<String>,
    /// Case numbers that the procuratorate refuses.
    pub refuses: Vec<String>,
    /// W3C trace context that every officer's call carries.
    pub traceparent: Option<String>,
    /// Where the manual clock begins, unless where every world begins.
    pub begins: Option<Timestamp>,
    /// How many hours the procuratorate takes to decide.
    pub decides_after_hours: u32,
    /// The same for a transfer for prosecution.
    pub examines_after_hours: Option<u32>,
    /// How many hours the court takes after a prosecution.
    pub judges_after_hours: u32,
}

impl Setup {
    /// Database, bus and clock.
    async fn world(&self, schemas: &[Schema]) -> World {
        let world = match &self.postgres {
            Some(server) => World::on_postgres(server, schemas).await,
            None => World::new(schemas).await,
        };
        let world = world.keeping_streams(self.replicas.max(1));
        let nats = self.nats.clone().or_else(|| self.bus.as_ref().map(NatsServer::url));
        let world = nats.iter().fold(world, |world, nats| world.on_nats(nats));
        self.begins.into_iter().fold(world, World::beginning)
    }
}

impl County {
    /// Starts everything and waits until it answers.
    pub async fn new(setup: Setup) -> Self {
        let schemas = [
            ("intake", &gongxin_intake::MIGRATIONS),
            ("review", &gongxin_review::MIGRATIONS),
            ("supervision", &gongxin_supervision::MIGRATIONS),
            ("accountability", &gongxin_accountability::MIGRATIONS),
            ("disclosure", &gongxin_disclosure::MIGRATIONS),
        ];
        let world = setup.world(&schemas).await;
        let deployment = Deployment::of(world, &schemas.map(|(name, _)| name));
        let listener = gongxin_issuer::bind(free_address()).await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let deployment = deployment.issued_by(&issuer);
        for organ in [POLICE, PROCURATORATE, COURT] {
            deployment.write_key(organ, organ);
        }

        let services = schemas.map(|(name, _)| (name, free_address()));
        let urls = services.map(|(name, address)| (name, format!("http://{address}")));
        let url = |service: &str| urls.iter().find(|(name, _)| *name == service).unwrap().1.clone();
        let read = |name: &str| std::fs::read_to_string(deployment.path(name)).unwrap();
        let key =
            OrganKey::from_pem(PROCURATORATE, &read(&format!("{PROCURATORATE}.key"))).unwrap();
        let mut known = Organs::default();
        known.insert(POLICE, &read(&format!("{POLICE}.pub"))).unwrap();
        let refusal = |case| format!(r#""{case}":{{"decision":"refuse","reasons":"证据不足"}}"#);
        let refusals: Vec<String> = setup.refuses.iter().map(refusal).collect();
        let plan = deployment.write("plan.json", &format!("{{{}}}", refusals.join(",")));
        let mut options = Options::new(key, known, &url("review"), deployment.path("journal"));
        options.clock = Some(deployment.world().clock_file().clone());
        options.plan = Some(plan);
        options.decide_after_hours = setup.decides_after_hours;
        options.examine_after_hours = setup.examines_after_hours;
        let court = OrganKey::from_pem(COURT, &read(&format!("{COURT}.key"))).unwrap();
        options.court = Some(Court { key: court, judge_after_hours: setup.judges_after_hours });
        let procuratorate = Simulator::start(options).await.unwrap();

        let clients = urls.iter().map(|(name, url)| format!("{name}={url}").parse().unwrap());
        let staff = vec![desk(), handler(), reviewer(), leader()];
        let key = deployment.issuer().clone();
        let issuer = Issuer::new(issuer, key, staff, clients.collect()).router();
        tokio::spawn(async move { axum::serve(listener, issuer).await });

        let environment = |service: &str| {
            let telemetry = setup.collector.clone();
            let telemetry = telemetry.map(|url| ("GONGXIN__TELEMETRY__OTLP_ENDPOINT", url));
            let sign_in = [
                ("GONGXIN__IDENTITY__CLIENT_ID", service.to_owned()),
                ("GONGXIN__IDENTITY__PUBLIC_URL", url(service)),
            ];
            telemetry.into_iter().chain(sign_in).collect()
        };
        let file = |name: &str| deployment.path(name).display().to_string();
        let own = |service| match service {
            "intake" => "[service]\norgan_word = \"明\"\ninquiry = \"办事大厅\"\n\
                         complaint = \"督察部门\"\n"
                .to_owned(),
            "review" => format!(
                "[service]\norgan_word = \"明\"\norgan = \"{POLICE}\"\norgan_key_file = \"{key}\"\n\
                 [service.procuratorate]\norgan = \"{PROCURATORATE}\"\n\
                 url = \"http://{address}\"\nkey_file = \"{public}\"\n\
                 [service.court]\norgan = \"{COURT}\"\nkey_file = \"{court}\"\n",
                key = file(&format!("{POLICE}.key")),
                address = procuratorate.address,
                public = file(&format!("{PROCURATORATE}.pub")),
                court = file(&format!("{COURT}.pub")),
            ),
            "accountability" => {
                "[service]\norgan_word = \"明\"\nlegal_unit = \"619921010000\"\n".to_owned()
            }
            _ => "[service]\n".to_owned(),
        };
        let [intake, review, supervision, accountability, disclosure] =
            services.map(|(service, address)| {
                let peers = urls.iter().filter(|(name, _)| *name != service);
                let peers: Vec<(&str, &str)> = peers.map(|(name, url)| (*name, &**url)).collect();
                let settings = deployment.settings(service, &peers, &own(service));
                Process::start(service, settings, address, environment(service))
            });
        for process in [&intake, &review, &supervision, &accountability, &disclosure] {
            process.until_ready().await;
        }
        let channel = |url: &str| Endpoint::from_shared(url.to_owned()).unwrap().connect_lazy();
        Self {
            register: IntakeServiceClient::new(channel(&intake.url())),
            reviews: ReviewServiceClient::new(channel(&review.url())),
            deployment,
            intake,
            review,
            supervision,
            accountability,
            disclosure,
            procuratorate,
            traceparent: setup.traceparent,
            bus: Mutex::new(setup.bus),
        }
    }

    /// `message` as a call of `staff`, in the county's trace if it has one.
    pub fn call<T>(&self, staff: &Staff, message: T) -> Request<T> {
        let mut call = self.deployment.call(staff, message);
        if let Some(traceparent) = &self.traceparent {
            call.metadata_mut().insert("traceparent", traceparent.parse().unwrap());
        }
        call
    }

    /// What the manual clock shows.
    pub fn now(&self) -> Timestamp {
        self.deployment.world().clock().now()
    }

    /// Every service.
    pub fn processes(&self) -> [&Process; 5] {
        let Self { intake, review, supervision, accountability, disclosure, .. } = self;
        [intake, review, supervision, accountability, disclosure]
    }

    /// The state of every service; none while one of them does not answer.
    pub async fn statuses(&self) -> Option<Vec<GetStatusResponse>> {
        let administrator = officer("619017", &[Post::Administrator]);
        let mut statuses = Vec::new();
        for process in self.processes() {
            let channel = Endpoint::from_shared(process.url()).unwrap().connect_lazy();
            let call = self.deployment.call(&administrator, GetStatusRequest {});
            let answer = OperationsServiceClient::new(channel).get_status(call).await;
            statuses.push(answer.ok()?.into_inner());
        }
        Some(statuses)
    }

    /// Waits until everything committed has arrived everywhere.
    pub async fn until_level(&self) {
        until(Vec::new(), async || self.unfinished().await).await;
    }

    async fn unfinished(&self) -> Vec<String> {
        let Some(statuses) = self.statuses().await else { return vec!["not reachable".into()] };
        let mut open = Vec::new();
        for status in &statuses {
            let log = &status.log_id;
            if status.unsequenced > 0 || status.relayed != status.log_size {
                open.push(format!("{log} is not sent"));
            }
            if status.pending_deliveries > 0 || status.quarantined > 0 {
                open.push(format!("{log} has work left"));
            }
            for cursor in &status.cursors {
                let source = statuses.iter().find(|source| source.log_id == cursor.log_id);
                if source.is_none_or(|source| source.log_size != cursor.applied) {
                    open.push(format!("{log} has read {} of {}", cursor.applied, cursor.log_id));
                }
            }
        }
        let pending = self.procuratorate.pending();
        if pending.undecided + pending.unsent > 0 {
            open.push("the procuratorate has work left".into());
        }
        open
    }
}

/// Who hears reports.
pub fn desk() -> Staff {
    officer("619044", &[Post::ReportOfficer])
}

/// Who handles cases.
pub fn handler() -> Staff {
    officer("619045", &[Post::CaseOfficer])
}

/// Who reviews them.
pub fn reviewer() -> Staff {
    officer("619005", &[Post::LegalReviewer])
}

/// Who decides.
pub fn leader() -> Staff {
    officer("619001", &[Post::BureauLeader])
}
