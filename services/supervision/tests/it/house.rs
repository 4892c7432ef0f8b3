//! Supervision that runs between a bare intake and a bare review, its officers, what they say.

use gongxin_chassis::{Running, Settings, start};
use gongxin_kernel::{Post, RequestId, Staff, new_uuid};
use gongxin_proto::common::v1::{Officer, Unit};
use gongxin_proto::supervision::v1::supervision_service_client::SupervisionServiceClient;
use gongxin_proto::supervision::v1::{
    CloseFindingRequest, ConfirmFindingRequest, Determination, DetermineFindingRequest, Finding,
    FindingStage, GetFindingRequest, RectifyFindingRequest, SendClueRequest,
    SuperviseFindingRequest,
};
pub(crate) use gongxin_proto::timestamp;
use gongxin_proto::{intake::v1 as intake, review::v1 as review};
use gongxin_supervision::{MIGRATIONS, Supervision};
use gongxin_testkit::{Deployment, World, eventually, officer, until};
use jiff::{SignedDuration, Timestamp};
use prost::{Message, Name};
use tonic::Status;
use tonic::transport::Channel;
use uuid::Uuid;

use crate::sources::{Intake, NO_MIGRATIONS, Review, publish};

/// Settings of supervision's own.
const OWN: &str = "[service]\ntrace_viewer_url = \"https://traces.example.cn/\"\n";

pub(crate) struct House {
    pub(crate) deployment: Deployment,
    pub(crate) api: SupervisionServiceClient<Channel>,
    pub(crate) url: String,
    _running: [Running; 3],
}

/// An officer of the supervision team, in the legal department.
pub(crate) fn supervisor() -> Staff {
    let mut staff = officer("619301", &[Post::SupervisionOfficer]);
    staff.unit = "619921090000".parse().unwrap();
    staff.unit_name = "法制大队".into();
    staff
}

/// The head of the unit concerned.
pub(crate) fn head() -> Staff {
    officer("619302", &[Post::UnitHead])
}

/// Who keeps the recordings.
pub(crate) fn keeper() -> Staff {
    officer("619303", &[Post::RecordingKeeper])
}

pub(crate) fn fresh() -> String {
    RequestId::fresh().to_string()
}

pub(crate) fn unit() -> Unit {
    Unit { code: "619921010000".into(), name: "城关派出所".into() }
}

impl House {
    pub(crate) async fn open() -> Self {
        let schemas =
            [("intake", &NO_MIGRATIONS), ("review", &NO_MIGRATIONS), ("supervision", &MIGRATIONS)];
        let deployment = Deployment::new(&schemas).await;
        let us = [("supervision", "http://127.0.0.1:1")];
        let load = |file: std::path::PathBuf| Settings::load(Some(&file)).unwrap();
        let settings = load(deployment.settings("intake", &us, ""));
        let intake = start::<Intake>(&settings).await.unwrap();
        let settings = load(deployment.settings("review", &us, ""));
        let review = start::<Review>(&settings).await.unwrap();
        let (one, two) = (url_of(&intake), url_of(&review));
        let peers = [("intake", one.as_str()), ("review", two.as_str())];
        let settings = load(deployment.settings("supervision", &peers, OWN));
        let running = start::<Supervision>(&settings).await.unwrap();
        let url = url_of(&running);
        let channel = Channel::from_shared(url.clone()).unwrap().connect().await.unwrap();
        let api = SupervisionServiceClient::new(channel);
        Self { deployment, api, url, _running: [running, intake, review] }
    }

    pub(crate) fn world(&self) -> &World {
        self.deployment.world()
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.world().clock().now()
    }

    /// Moves the clock by so many hours.
    pub(crate) fn pass(&self, hours: i64) {
        self.world().set_clock(self.now() + SignedDuration::from_hours(hours));
    }

    /// A page, as this officer sees it.
    pub(crate) async fn page(&self, staff: &Staff, path: &str) -> (http::StatusCode, String) {
        let url = format!("{}{path}", self.url);
        gongxin_testkit::get(&url, Some(&self.deployment.token(staff))).await
    }

    pub(crate) async fn intake<M>(&self, case: Uuid, subject: &'static str, message: M) -> Uuid
    where
        M: Message + Name + Clone + 'static,
    {
        publish(self.world(), "intake", case, subject, message).await
    }

    pub(crate) async fn review<M>(&self, case: Uuid, subject: &'static str, message: M) -> Uuid
    where
        M: Message + Name + Clone + 'static,
    {
        publish(self.world(), "review", case, subject, message).await
    }

    /// A case that intake has registered, known here.
    pub(crate) async fn case(&self) -> Uuid {
        let case = new_uuid();
        let event = intake::ReportRegistered {
            report_id: case.to_string(),
            number: "明公接报字〔2026〕1号".into(),
            told_at: self.now().to_string(),
            registered_at: self.now().to_string(),
            unit: Some(unit()),
            officer: Some(Officer {
                police_number: "619002".into(),
                name: "民警619002".into(),
                unit: Some(unit()),
            }),
            case_number: "A6199210100002026010001".into(),
            charge: "盗窃罪".into(),
            ..Default::default()
        };
        self.intake(case, "report.registered", event).await;
        until(1, || self.count("timeline", case)).await;
        case
    }

    /// Rows of a case in a table of this service.
    pub(crate) async fn count(&self, table: &str, case: Uuid) -> i64 {
        let sql = format!("select count(*) from supervision.{table} where case_id = $1");
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
            .bind(case)
            .fetch_one(&mut self.world().admin().await)
            .await
            .unwrap()
    }

    /// Events that this service has published.
    pub(crate) async fn events(&self) -> i64 {
        sqlx::query_scalar("select count(*) from supervision.events")
            .fetch_one(&mut self.world().admin().await)
            .await
            .unwrap()
    }

    /// Subjects of a finding's events.
    pub(crate) async fn subjects(&self, finding: &str) -> Vec<String> {
        sqlx::query_scalar(
            "select subject from supervision.events where aggregate = $1::uuid order by version",
        )
        .bind(finding)
        .fetch_all(&mut self.world().admin().await)
        .await
        .unwrap()
    }

    /// State of the deadline of `rule` of a finding or watch.
    pub(crate) async fn deadline(&self, id: &str, rule: &str) -> Option<String> {
        sqlx::query_scalar(
            "select state from supervision.deadlines where aggregate = $1::uuid and rule = $2",
        )
        .bind(id)
        .bind(rule)
        .fetch_optional(&mut self.world().admin().await)
        .await
        .unwrap()
    }

    /// An overdue filing review, and the finding that it opened.
    pub(crate) async fn overdue_review(&self) -> String {
        let case = self.case().await;
        let event = intake::FilingReviewOverdue {
            report_id: case.to_string(),
            case_number: "A6199210100002026010001".into(),
            unit: Some(unit()),
            filing_review: None,
        };
        let id = self.intake(case, "case.filing_review_overdue", event).await.to_string();
        self.until_stage(&id, FindingStage::Alarmed).await;
        id
    }

    /// A detention of `suspect` that began at `started_at`; gives the event's id.
    pub(crate) async fn detain(&self, case: Uuid, suspect: Uuid, started_at: Timestamp) -> String {
        let event = review::MeasureEntered {
            again: false,
            case_id: case.to_string(),
            case_number: "A6199210100002026010001".into(),
            suspect_id: suspect.to_string(),
            kind: review::MeasureKind::Detention.into(),
            started_at: started_at.to_string(),
            document_number: "明公（刑）拘字〔2026〕1号".into(),
            entered_by: Some(Officer {
                police_number: "619002".into(),
                name: "民警619002".into(),
                unit: Some(unit()),
            }),
            period: None,
        };
        self.review(case, "suspect.measure_entered", event).await.to_string()
    }

    pub(crate) async fn get(&self, finding: &str) -> Result<Finding, Status> {
        let message = GetFindingRequest { finding_id: finding.to_owned() };
        let call = self.deployment.call(&supervisor(), message);
        Ok(self.api.clone().get_finding(call).await?.into_inner().finding.unwrap())
    }

    /// Waits until the finding is there and stands so.
    pub(crate) async fn until_stage(&self, finding: &str, stage: FindingStage) -> Finding {
        eventually(stage.as_str_name(), async || {
            self.get(finding).await.ok().filter(|found| found.stage() == stage)
        })
        .await
    }

    pub(crate) async fn determine(
        &self,
        by: &Staff,
        finding: &str,
        determination: Determination,
    ) -> Result<(), Status> {
        let message = DetermineFindingRequest {
            request_id: fresh(),
            finding_id: finding.to_owned(),
            determination: determination.into(),
            reason: "经查，审批人出差，无人代签。".into(),
        };
        let call = self.deployment.call(by, message);
        self.api.clone().determine_finding(call).await.map(|_| ())
    }

    /// Determines within a trace.
    pub(crate) async fn determine_in(
        &self,
        finding: &str,
        determination: Determination,
        traceparent: &str,
    ) {
        let message = DetermineFindingRequest {
            request_id: fresh(),
            finding_id: finding.to_owned(),
            determination: determination.into(),
            reason: "经查，审批人出差，无人代签。".into(),
        };
        let mut call = self.deployment.call(&supervisor(), message);
        call.metadata_mut().insert("traceparent", traceparent.parse().unwrap());
        self.api.clone().determine_finding(call).await.unwrap();
    }

    /// Orders the unit to rectify within so many hours.
    pub(crate) async fn supervise(
        &self,
        by: &Staff,
        finding: &str,
        hours: i64,
    ) -> Result<(), Status> {
        let message = SuperviseFindingRequest {
            request_id: fresh(),
            finding_id: finding.to_owned(),
            instruction: "限期作出决定并报送说明。".into(),
            rectify_by: Some(timestamp(self.now() + SignedDuration::from_hours(hours))),
        };
        let call = self.deployment.call(by, message);
        self.api.clone().supervise_finding(call).await.map(|_| ())
    }

    pub(crate) async fn rectify(&self, by: &Staff, finding: &str) -> Result<(), Status> {
        let message = RectifyFindingRequest {
            request_id: fresh(),
            finding_id: finding.to_owned(),
            done: "已作出立案决定。".into(),
        };
        let call = self.deployment.call(by, message);
        self.api.clone().rectify_finding(call).await.map(|_| ())
    }

    pub(crate) async fn confirm(&self, by: &Staff, finding: &str) -> Result<(), Status> {
        let message = ConfirmFindingRequest {
            request_id: fresh(),
            finding_id: finding.to_owned(),
            note: "经核实，整改到位。".into(),
        };
        let call = self.deployment.call(by, message);
        self.api.clone().confirm_finding(call).await.map(|_| ())
    }

    pub(crate) async fn close(&self, by: &Staff, finding: &str) -> Result<(), Status> {
        let message = CloseFindingRequest {
            request_id: fresh(),
            finding_id: finding.to_owned(),
            reason: "整改到位，予以办结。".into(),
        };
        let call = self.deployment.call(by, message);
        self.api.clone().close_finding(call).await.map(|_| ())
    }

    pub(crate) async fn send_clue(&self, by: &Staff, finding: &str) -> Result<(), Status> {
        let message = SendClueRequest {
            request_id: fresh(),
            finding_id: finding.to_owned(),
            proposed_clause: "第十二条第一项".into(),
            ground: "超期未作决定，无正当理由。".into(),
        };
        let call = self.deployment.call(by, message);
        self.api.clone().send_clue(call).await.map(|_| ())
    }
}

fn url_of(running: &Running) -> String {
    format!("http://{}", running.address)
}
