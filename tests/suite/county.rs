//! A county: intake and review as processes, the procuratorate beside them, officers of each post.

use gongxin_exchange::{OrganKey, Organs};
use gongxin_kernel::{Post, Staff};
use gongxin_proto::intake::v1::intake_service_client::IntakeServiceClient;
use gongxin_proto::operations::v1::operations_service_client::OperationsServiceClient;
use gongxin_proto::operations::v1::{GetStatusRequest, GetStatusResponse};
use gongxin_proto::review::v1::review_service_client::ReviewServiceClient;
use gongxin_simulator::{Options, Running, Simulator};
use gongxin_testkit::{Deployment, World, officer, until};
use jiff::Timestamp;
use tonic::Request;
use tonic::transport::{Channel, Endpoint};

use crate::process::{Process, free_address};

const POLICE: &str = "police:619921";
const PROCURATORATE: &str = "procuratorate:619921";

pub(crate) struct County {
    pub(crate) deployment: Deployment,
    pub(crate) intake: Process,
    pub(crate) review: Process,
    pub(crate) procuratorate: Running,
    pub(crate) register: IntakeServiceClient<Channel>,
    pub(crate) reviews: ReviewServiceClient<Channel>,
    /// W3C trace context that every officer's call carries.
    pub(crate) traceparent: Option<String>,
}

/// What differs between counties of different tests.
#[derive(Debug, Default)]
pub(crate) struct Setup {
    /// Another nats-server than the common one.
    pub(crate) nats: Option<String>,
    /// Where traces go.
    pub(crate) collector: Option<String>,
    /// Case numbers that the procuratorate refuses.
    pub(crate) refuses: Vec<String>,
    /// W3C trace context that every officer's call carries.
    pub(crate) traceparent: Option<String>,
}

impl County {
    pub(crate) async fn new(setup: Setup) -> Self {
        let schemas =
            [("intake", &gongxin_intake::MIGRATIONS), ("review", &gongxin_review::MIGRATIONS)];
        let world = World::new(&schemas).await;
        let world = setup.nats.iter().fold(world, |world, nats| world.on_nats(nats));
        let deployment = Deployment::of(world, &["intake", "review"]);
        for organ in [POLICE, PROCURATORATE] {
            deployment.write_key(organ, organ);
        }

        let [at_intake, at_review] = [free_address(), free_address()];
        let urls = [format!("http://{at_intake}"), format!("http://{at_review}")];
        let read = |name: &str| std::fs::read_to_string(deployment.path(name)).unwrap();
        let key =
            OrganKey::from_pem(PROCURATORATE, &read(&format!("{PROCURATORATE}.key"))).unwrap();
        let mut known = Organs::default();
        known.insert(POLICE, &read(&format!("{POLICE}.pub"))).unwrap();
        let refusal = |case| format!(r#""{case}":{{"decision":"refuse","reasons":"证据不足"}}"#);
        let refusals: Vec<String> = setup.refuses.iter().map(refusal).collect();
        let plan = deployment.write("plan.json", &format!("{{{}}}", refusals.join(",")));
        let mut options = Options::new(key, known, &urls[1], deployment.path("journal"));
        options.clock = Some(deployment.world().clock_file().clone());
        options.plan = Some(plan);
        let procuratorate = Simulator::start(options).await.unwrap();

        let telemetry: Vec<_> = setup
            .collector
            .iter()
            .map(|url| ("GONGXIN__TELEMETRY__OTLP_ENDPOINT", url.clone()))
            .collect();
        let own = "[service]\norgan_word = \"明\"\n";
        let settings = deployment.settings("intake", &[("review", &urls[1])], own);
        let intake = Process::start("intake", settings, at_intake, telemetry.clone()).await;
        let file = |name: &str| deployment.path(name).display().to_string();
        let own = format!(
            "[service]\norgan_word = \"明\"\norgan = \"{POLICE}\"\norgan_key_file = \"{key}\"\n\
             [service.procuratorate]\norgan = \"{PROCURATORATE}\"\n\
             url = \"http://{address}\"\nkey_file = \"{public}\"\n",
            key = file(&format!("{POLICE}.key")),
            address = procuratorate.address,
            public = file(&format!("{PROCURATORATE}.pub")),
        );
        let settings = deployment.settings("review", &[("intake", &urls[0])], &own);
        let review = Process::start("review", settings, at_review, telemetry).await;

        let channel = |url: &str| Endpoint::from_shared(url.to_owned()).unwrap().connect_lazy();
        Self {
            register: IntakeServiceClient::new(channel(&urls[0])),
            reviews: ReviewServiceClient::new(channel(&urls[1])),
            deployment,
            intake,
            review,
            procuratorate,
            traceparent: setup.traceparent,
        }
    }

    /// `message` as a call of `staff`, in the county's trace if it has one.
    pub(crate) fn call<T>(&self, staff: &Staff, message: T) -> Request<T> {
        let mut call = self.deployment.call(staff, message);
        if let Some(traceparent) = &self.traceparent {
            call.metadata_mut().insert("traceparent", traceparent.parse().unwrap());
        }
        call
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.deployment.world().clock().now()
    }

    /// The state of both services; none while one of them does not answer.
    pub(crate) async fn statuses(&self) -> Option<Vec<GetStatusResponse>> {
        let administrator = officer("619017", &[Post::Administrator]);
        let mut statuses = Vec::new();
        for process in [&self.intake, &self.review] {
            let channel = Endpoint::from_shared(process.url()).unwrap().connect_lazy();
            let call = self.deployment.call(&administrator, GetStatusRequest {});
            let answer = OperationsServiceClient::new(channel).get_status(call).await;
            statuses.push(answer.ok()?.into_inner());
        }
        Some(statuses)
    }

    /// Waits until everything committed has arrived everywhere.
    pub(crate) async fn until_level(&self) {
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
pub(crate) fn desk() -> Staff {
    officer("619044", &[Post::ReportOfficer])
}

/// Who handles cases.
pub(crate) fn handler() -> Staff {
    officer("619045", &[Post::CaseOfficer])
}

/// Who reviews them.
pub(crate) fn reviewer() -> Staff {
    officer("619005", &[Post::LegalReviewer])
}

/// Who decides.
pub(crate) fn leader() -> Staff {
    officer("619001", &[Post::BureauLeader])
}
