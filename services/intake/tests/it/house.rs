//! A register that runs, its officers, and what they say.

use gongxin_chassis::{Running, Settings, start};
use gongxin_intake::Intake;
use gongxin_kernel::{Post, Staff, new_uuid};
use gongxin_proto::common::v1::Unit;
use gongxin_proto::intake::v1::intake_service_client::IntakeServiceClient;
use gongxin_proto::intake::v1::{
    DecideFilingRequest, ExtendFilingReviewRequest, FilingOutcome, GetReportRequest, Nature,
    Person, RecordNoticeServedRequest, RegisterReportRequest, RegisterReportResponse, Report,
    ReportSource, Reporter,
};
pub(crate) use gongxin_proto::timestamp;
use gongxin_testkit::{Deployment, World, officer, until};
use jiff::{SignedDuration, Timestamp};
use tonic::transport::Channel;

pub(crate) struct House {
    pub(crate) deployment: Deployment,
    pub(crate) api: IntakeServiceClient<Channel>,
    running: Running,
}

impl House {
    pub(crate) async fn new() -> Self {
        let deployment = Deployment::new(&[("intake", &gongxin_intake::MIGRATIONS)]).await;
        Self::start(deployment, "").await
    }

    /// The same register, started again with more settings.
    pub(crate) async fn again(self, more: &str) -> Self {
        self.running.stop().await;
        Self::start(self.deployment, more).await
    }

    async fn start(deployment: Deployment, more: &str) -> Self {
        let own = "[service]\norgan_word = \"明\"\n\
                   inquiry = \"明川县公安局办事大厅，凭回执编号\"\n\
                   complaint = \"明川县公安局督察大队\"\n";
        let file = deployment.settings("intake", &[], &format!("{own}{more}"));
        Self::by(deployment, &file).await
    }

    /// The same register, started again with these settings.
    pub(crate) async fn with(self, settings: &str) -> Self {
        self.running.stop().await;
        let file = self.deployment.write("intake.toml", settings);
        Self::by(self.deployment, &file).await
    }

    async fn by(deployment: Deployment, file: &std::path::Path) -> Self {
        let running = start::<Intake>(&Settings::load(Some(file)).unwrap()).await.unwrap();
        let url = format!("http://{}", running.address);
        let channel = Channel::from_shared(url).unwrap().connect().await.unwrap();
        Self { deployment, api: IntakeServiceClient::new(channel), running }
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

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.running.address)
    }

    /// A page of the register, as this officer sees it.
    pub(crate) async fn page(&self, staff: &Staff, path: &str) -> (http::StatusCode, String) {
        let url = format!("http://{}{path}", self.running.address);
        gongxin_testkit::get(&url, Some(&self.deployment.token(staff))).await
    }

    /// Holds the register to the rules that all services keep.
    pub(crate) async fn conforms(&self) {
        let url = format!("http://{}", self.running.address);
        gongxin_testkit::conforms(&self.deployment, "intake", &url).await;
    }

    pub(crate) async fn stop(self) {
        self.running.stop().await;
    }

    pub(crate) async fn register(&self, message: RegisterReportRequest) -> RegisterReportResponse {
        let call = self.deployment.call(&desk(), message);
        self.api.clone().register_report(call).await.unwrap().into_inner()
    }

    pub(crate) async fn decide(
        &self,
        by: &Staff,
        report_id: &str,
        outcome: FilingOutcome,
    ) -> Result<String, tonic::Status> {
        let call = self.deployment.call(by, decision(report_id, outcome));
        let answer = self.api.clone().decide_filing(call).await?;
        Ok(answer.into_inner().document_number)
    }

    pub(crate) async fn extend(
        &self,
        by: &Staff,
        report_id: &str,
        extension: &str,
    ) -> Result<String, tonic::Status> {
        let message = ExtendFilingReviewRequest {
            request_id: new_uuid().to_string(),
            report_id: report_id.to_owned(),
            extension: extension.to_owned(),
            ground: "需要查证犯罪事实".to_owned(),
        };
        let call = self.deployment.call(by, message);
        let answer = self.api.clone().extend_filing_review(call).await?.into_inner();
        Ok(answer.filing_review.unwrap().due_at)
    }

    pub(crate) async fn serve(
        &self,
        report_id: &str,
        served_at: Timestamp,
    ) -> Result<String, tonic::Status> {
        let message = RecordNoticeServedRequest {
            request_id: new_uuid().to_string(),
            report_id: report_id.to_owned(),
            served_at: Some(timestamp(served_at)),
        };
        let call = self.deployment.call(&desk(), message);
        let answer = self.api.clone().record_notice_served(call).await?.into_inner();
        Ok(answer.reconsideration.unwrap().due_at)
    }

    pub(crate) async fn report(&self, report_id: &str) -> Report {
        let message = GetReportRequest { report_id: report_id.to_owned() };
        let call = self.deployment.call(&desk(), message);
        self.api.clone().get_report(call).await.unwrap().into_inner().report.unwrap()
    }

    /// What happened to a report, as the outbox has it.
    pub(crate) async fn subjects(&self, report_id: &str) -> Vec<String> {
        sqlx::query_scalar(
            "select subject from intake.events where aggregate = $1::uuid order by version",
        )
        .bind(report_id)
        .fetch_all(&mut self.world().admin().await)
        .await
        .unwrap()
    }

    /// Waits until these things have happened to a report.
    pub(crate) async fn until_happened(&self, report_id: &str, subjects: &[&str]) {
        until(subjects.iter().map(ToString::to_string).collect(), async || {
            self.subjects(report_id).await
        })
        .await;
    }

    /// Rows of every table that a command could have written.
    pub(crate) async fn rows(&self) -> Vec<i64> {
        let mut counts = Vec::new();
        for table in [
            "reports",
            "report_suspects",
            "report_periods",
            "report_reconsiderations",
            "report_questions",
            "report_words",
            "calls",
            "documents",
            "events",
            "deadlines",
            "requests",
            "counters",
            "audit",
        ] {
            let sql = format!("select count(*) from intake.{table}");
            let count = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
                .fetch_one(&mut self.world().admin().await)
                .await
                .unwrap();
            counts.push(count);
        }
        counts
    }

    /// State of the period of `rule` of a report.
    pub(crate) async fn deadline(&self, report_id: &str, rule: &str) -> String {
        sqlx::query_scalar(
            "select state from intake.deadlines where aggregate = $1::uuid and rule = $2",
        )
        .bind(report_id)
        .bind(rule)
        .fetch_one(&mut self.world().admin().await)
        .await
        .unwrap()
    }
}

/// Who hears reports.
pub(crate) fn desk() -> Staff {
    officer("619101", &[Post::ReportOfficer])
}

/// Who decides filing.
pub(crate) fn leader() -> Staff {
    officer("619001", &[Post::BureauLeader])
}

pub(crate) fn decision(report_id: &str, outcome: FilingOutcome) -> DecideFilingRequest {
    DecideFilingRequest {
        request_id: new_uuid().to_string(),
        report_id: report_id.to_owned(),
        outcome: outcome.into(),
        ground: "有犯罪事实，需要追究刑事责任".to_owned(),
        receiving_organ: 0,
    }
}

pub(crate) fn unit() -> Unit {
    Unit { code: "619921510000".to_owned(), name: "城关派出所".to_owned() }
}

/// A theft, told at the counter an hour ago.
pub(crate) fn theft(now: Timestamp) -> RegisterReportRequest {
    RegisterReportRequest {
        request_id: new_uuid().to_string(),
        source: ReportSource::Report.into(),
        told_at: Some(timestamp(now - SignedDuration::from_hours(1))),
        occurred_at: Some(timestamp(now - SignedDuration::from_hours(9))),
        place: "明川县城关镇振兴路".to_owned(),
        facts: "早上发现停在楼下的电动车被盗。".to_owned(),
        reporter: Some(Reporter {
            person: Some(Person {
                name: "贺启文".to_owned(),
                id_number: "619921198707202255".to_owned(),
            }),
            phone: "19900006070".to_owned(),
            secret: false,
        }),
        unit: Some(unit()),
        nature: Nature::Criminal.into(),
        charge: "盗窃罪".to_owned(),
        evidence: vec!["购车发票1张".to_owned()],
        suspects: vec![Person {
            name: "龚小军".to_owned(),
            id_number: "619921199607223512".to_owned(),
        }],
        ..Default::default()
    }
}
