//! The whole world of a test: intake's log, the procuratorate, the service, and its officers.

use std::path::PathBuf;
use std::sync::Arc;

use gongxin_chassis::{Running, Settings, start};
use gongxin_kernel::{Post, RequestId, Staff, new_uuid};
use gongxin_proto::exchange::v1::exchange_service_client::ExchangeServiceClient;
use gongxin_proto::operations::v1::GetStatusRequest;
use gongxin_proto::operations::v1::operations_service_client::OperationsServiceClient;
use gongxin_proto::review::v1::correspondence_service_client::CorrespondenceServiceClient;
use gongxin_proto::review::v1::review_service_client::ReviewServiceClient;
use gongxin_proto::review::v1::{
    AnswerCorrectionRequest, Case, DecideRequestRequest, DecideRequestResponse,
    EnterMeasureRequest, ExitStage, GetCaseRequest, GiveOpinionRequest, MeasureKind, Opinion,
    RecordArrestRequest, RecordReleaseRequest, ReturnForCorrectionRequest, ReviewItem,
    SubmitRequestRequest,
};
use gongxin_review::{MIGRATIONS, Review};
use gongxin_testkit::{Deployment, Schema, World, eventually, fields, officer, reason};
use jiff::Timestamp;
use tonic::transport::Channel;
use tonic::{Code, Request, Status};
use uuid::Uuid;

use crate::court::{COURT, Court, PROCURATORATE};
use crate::intake::{Intake, NO_MIGRATIONS, REGISTRAR, filed, publish};

/// The instant at which every world begins: Monday, 09:00 in China.
pub(crate) const NOW: &str = "2026-01-05T01:00:00Z";

/// The services that have a schema in the world.
pub(crate) const SCHEMAS: [Schema; 2] = [("intake", &NO_MIGRATIONS), ("review", &MIGRATIONS)];

pub(crate) struct Office {
    pub(crate) deployment: Deployment,
    pub(crate) court: Arc<Court>,
    pub(crate) running: Running,
    pub(crate) settings: PathBuf,
    channel: Channel,
    _intake: Running,
}

pub(crate) fn handler() -> Staff {
    officer("619002", &[Post::CaseOfficer])
}

pub(crate) fn reviewer() -> Staff {
    officer("619003", &[Post::LegalReviewer])
}

pub(crate) fn leader() -> Staff {
    officer("619004", &[Post::BureauLeader])
}

/// Who registered the report, now in the legal department.
pub(crate) fn registrar_as_reviewer() -> Staff {
    officer(REGISTRAR, &[Post::LegalReviewer])
}

/// An officer of the detention house.
pub(crate) fn detention_officer() -> Staff {
    let mut staff = officer("619011", &[Post::DetentionOfficer]);
    staff.unit = "619921080000".parse().unwrap();
    staff.unit_name = "明川县看守所".into();
    staff
}

/// An officer of another unit of the same bureau.
pub(crate) fn outsider() -> Staff {
    let mut staff = officer("619005", &[Post::CaseOfficer]);
    staff.unit = "619921020000".parse().unwrap();
    staff.unit_name = "城东派出所".into();
    staff
}

pub(crate) fn fresh() -> String {
    RequestId::fresh().to_string()
}

/// The instant of a text, as messages carry it.
pub(crate) fn proto_time(text: &str) -> prost_types::Timestamp {
    let at: Timestamp = text.parse().unwrap();
    prost_types::Timestamp { seconds: at.as_second(), nanos: at.subsec_nanosecond() }
}

/// Fails unless the call was refused with this code and reason, naming these fields.
#[track_caller]
pub(crate) fn assert_refused<T>(answer: Result<T, Status>, code: Code, why: &str, at: &[&str]) {
    let status = answer.err().unwrap_or_else(|| panic!("{why} was not refused"));
    let seen = (status.code(), reason(&status), fields(&status));
    assert_eq!(seen, (code, why.to_owned(), at.iter().map(|s| (*s).to_owned()).collect()));
}

impl Office {
    pub(crate) async fn open() -> Self {
        Self::with("").await
    }

    /// With further settings of the service.
    pub(crate) async fn with(more: &str) -> Self {
        Self::on(World::new(&SCHEMAS).await, more).await
    }

    /// The same service, started again with more settings.
    pub(crate) async fn again(self, more: &str) -> Self {
        self.running.stop().await;
        let settings = std::fs::read_to_string(&self.settings).unwrap();
        std::fs::write(&self.settings, format!("{settings}\n{more}")).unwrap();
        let settings = Settings::load(Some(&self.settings)).unwrap();
        let running = start::<Review>(&settings).await.unwrap();
        let url = format!("http://{}", running.address);
        let channel = Channel::from_shared(url).unwrap().connect().await.unwrap();
        Self { running, channel, ..self }
    }

    /// In a world of the test's own, e.g. with a NATS that it can stop.
    pub(crate) async fn on(world: World, more: &str) -> Self {
        let deployment = Deployment::of(world, &["intake", "review"]);
        let court = Court::open(&deployment).await;
        let nowhere = [("review", "http://127.0.0.1:1")];
        let intake = deployment.settings("intake", &nowhere, "");
        let intake = start::<Intake>(&Settings::load(Some(&intake)).unwrap()).await.unwrap();
        let own = format!(
            r#"
            [service]
            organ = "police:619921"
            organ_word = "明"
            organ_key_file = "{key}"
            {more}
            [service.procuratorate]
            organ = "{PROCURATORATE}"
            url = "http://{court}"
            key_file = "{public}"
            [service.court]
            organ = "{COURT}"
            key_file = "{court_public}"
            "#,
            key = deployment.path("police.key").display(),
            public = deployment.path("procuratorate.pub").display(),
            court_public = deployment.path("court.pub").display(),
            court = court.address,
        );
        let peer = format!("http://{}", intake.address);
        let file = deployment.settings("review", &[("intake", &peer)], &own);
        let running = start::<Review>(&Settings::load(Some(&file)).unwrap()).await.unwrap();
        let url = format!("http://{}", running.address);
        let channel = Channel::from_shared(url).unwrap().connect().await.unwrap();
        Self { deployment, court, running, settings: file, channel, _intake: intake }
    }

    pub(crate) fn review(&self) -> ReviewServiceClient<Channel> {
        ReviewServiceClient::new(self.channel.clone())
    }

    pub(crate) fn correspondence(&self) -> CorrespondenceServiceClient<Channel> {
        CorrespondenceServiceClient::new(self.channel.clone())
    }

    pub(crate) fn exchange(&self) -> ExchangeServiceClient<Channel> {
        ExchangeServiceClient::new(self.channel.clone())
    }

    /// Exits that wait, as the service's status tells.
    pub(crate) async fn pending(&self) -> u64 {
        let administrator = officer("619008", &[Post::Administrator]);
        let call = self.call(&administrator, GetStatusRequest {});
        let mut operations = OperationsServiceClient::new(self.channel.clone());
        operations.get_status(call).await.unwrap().into_inner().pending_deliveries
    }

    pub(crate) fn call<T>(&self, staff: &Staff, message: T) -> Request<T> {
        self.deployment.call(staff, message)
    }

    pub(crate) fn set_clock(&self, at: &str) {
        self.deployment.world().set_clock(at.parse().unwrap());
    }

    /// A case that intake has filed, once it has arrived here.
    pub(crate) async fn case(&self, suspects: &[&str]) -> Case {
        let report = new_uuid();
        publish(self.deployment.world(), report, filed(report, suspects)).await;
        eventually("the filed case", async || self.get(&report.to_string()).await.ok()).await
    }

    pub(crate) async fn get(&self, case: &str) -> Result<Case, Status> {
        let ask = GetCaseRequest { case_id: case.to_owned() };
        let answer = self.review().get_case(self.call(&reviewer(), ask)).await?;
        Ok(answer.into_inner().case.unwrap())
    }

    /// The case as it stands now.
    pub(crate) async fn now(&self, case: &Case) -> Case {
        self.get(&case.case_id).await.unwrap()
    }

    /// How many events there are, and how many attempts were recorded.
    pub(crate) async fn events(&self) -> i64 {
        let mut admin = self.deployment.world().admin().await;
        sqlx::query_scalar("select count(*) from review.events")
            .fetch_one(&mut admin)
            .await
            .unwrap()
    }

    /// How often an event of this subject happened to the case.
    pub(crate) async fn happened(&self, case: &Case, subject: &str) -> i64 {
        let id: Uuid = case.case_id.parse().unwrap();
        let mut admin = self.deployment.world().admin().await;
        sqlx::query_scalar(
            "select count(*) from review.events where aggregate = $1 and subject = $2",
        )
        .bind(id)
        .bind(subject)
        .fetch_one(&mut admin)
        .await
        .unwrap()
    }

    pub(crate) fn detention(case: &Case, started_at: &str) -> EnterMeasureRequest {
        EnterMeasureRequest {
            request_id: fresh(),
            case_id: case.case_id.clone(),
            suspect_id: case.suspects[0].suspect_id.clone(),
            kind: MeasureKind::Detention.into(),
            started_at: Some(proto_time(started_at)),
            document_number: "明公（刑）拘字〔2026〕1号".into(),
        }
    }

    pub(crate) async fn detain(&self, case: &Case) {
        let message = Self::detention(case, "2026-01-05T00:30:00Z");
        self.review().enter_measure(self.call(&handler(), message)).await.unwrap();
    }

    pub(crate) fn submission(case: &Case) -> SubmitRequestRequest {
        SubmitRequestRequest {
            request_id: fresh(),
            case_id: case.case_id.clone(),
            suspect_id: case.suspects[0].suspect_id.clone(),
            item: ReviewItem::ArrestRequest.into(),
            parts: (1..=7).collect(),
            ground: "有证据证明有犯罪事实，有逮捕必要".into(),
            findings: Vec::new(),
        }
    }

    pub(crate) async fn submit(&self, case: &Case) -> String {
        let message = Self::submission(case);
        let answer = self.review().submit_request(self.call(&handler(), message)).await.unwrap();
        answer.into_inner().review_request_id
    }

    pub(crate) fn correction(case: &Case, request: &str) -> ReturnForCorrectionRequest {
        ReturnForCorrectionRequest {
            request_id: fresh(),
            case_id: case.case_id.clone(),
            review_request_id: request.into(),
            defects: vec!["讯问笔录缺少签名".into(), "证据清单未编号".into()],
        }
    }

    pub(crate) fn answers(case: &Case, request: &str) -> AnswerCorrectionRequest {
        AnswerCorrectionRequest {
            request_id: fresh(),
            case_id: case.case_id.clone(),
            review_request_id: request.into(),
            answers: vec!["已补签".into(), "已编号".into()],
        }
    }

    pub(crate) fn opinion(case: &Case, request: &str, opinion: Opinion) -> GiveOpinionRequest {
        GiveOpinionRequest {
            request_id: fresh(),
            case_id: case.case_id.clone(),
            review_request_id: request.into(),
            opinion: opinion.into(),
            text: "事实清楚，证据充分".into(),
        }
    }

    pub(crate) async fn pass(&self, case: &Case, request: &str) {
        let message = Self::opinion(case, request, Opinion::Pass);
        self.review().give_opinion(self.call(&reviewer(), message)).await.unwrap();
    }

    pub(crate) fn decision(case: &Case, request: &str, approve: bool) -> DecideRequestRequest {
        DecideRequestRequest {
            request_id: fresh(),
            case_id: case.case_id.clone(),
            review_request_id: request.into(),
            approve,
            reasons: String::new(),
            deviation_reasons: String::new(),
        }
    }

    pub(crate) async fn approve(&self, case: &Case, request: &str) -> DecideRequestResponse {
        let message = Self::decision(case, request, true);
        self.review().decide_request(self.call(&leader(), message)).await.unwrap().into_inner()
    }

    /// From filed to approved: a detained suspect's request on its way out.
    pub(crate) async fn approved(&self) -> (Case, DecideRequestResponse) {
        let case = self.case(&["张某某"]).await;
        self.detain(&case).await;
        let request = self.submit(&case).await;
        self.pass(&case, &request).await;
        let exit = self.approve(&case, &request).await;
        (case, exit)
    }

    /// Waits until the exit of a case is at this stage.
    pub(crate) async fn exit_at(&self, case: &Case, stage: ExitStage) -> Case {
        eventually("the stage of the exit", async || {
            let now = self.now(case).await;
            (now.exits.first()?.stage() == stage).then_some(now)
        })
        .await
    }

    pub(crate) async fn delivered(&self) -> (Case, DecideRequestResponse) {
        let (case, exit) = self.approved().await;
        self.exit_at(&case, ExitStage::Delivered).await;
        (case, exit)
    }

    pub(crate) fn arrest(case: &Case, executed_at: &str) -> RecordArrestRequest {
        RecordArrestRequest {
            request_id: fresh(),
            case_id: case.case_id.clone(),
            suspect_id: case.suspects[0].suspect_id.clone(),
            document_number: "明公（刑）捕字〔2026〕1号".into(),
            executed_at: Some(proto_time(executed_at)),
        }
    }

    pub(crate) fn release(case: &Case, served_at: &str) -> RecordReleaseRequest {
        RecordReleaseRequest {
            request_id: fresh(),
            case_id: case.case_id.clone(),
            suspect_id: case.suspects[0].suspect_id.clone(),
            document_number: "明公（刑）释字〔2026〕1号".into(),
            served_at: Some(proto_time(served_at)),
        }
    }
}
