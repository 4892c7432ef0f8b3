//! The service, running, and the officers who are the hands of its clues.

use gongxin_accountability::Accountability;
use gongxin_chassis::{Running, Settings, start};
use gongxin_kernel::{Post, Staff, new_uuid};
use gongxin_proto::accountability::v1::accountability_service_client::AccountabilityServiceClient;
use gongxin_proto::accountability::v1::interference_service_client::InterferenceServiceClient;
use gongxin_proto::accountability::v1::{
    Clue, ClueSource, Conduct, DecideAppealRequest, DecideClueRequest, DecideClueResponse,
    FileAppealRequest, GetClueRequest, HearOfficerRequest, Liability, NamedOfficer, NoFaultGround,
    OpenClueRequest, OpenClueResponse, Outcome, ReviewClueRequest, ServeNoticeRequest,
    VerifyClueRequest,
};
use gongxin_proto::common::v1::{Officer, Unit};
pub(crate) use gongxin_proto::timestamp;
use gongxin_testkit::{Deployment, World, until};
use jiff::{SignedDuration, Timestamp};
use tonic::Status;
use tonic::transport::Channel;

use crate::supervision::{NO_MIGRATIONS, Supervision};

pub(crate) const LEGAL: &str = "619921030000";
pub(crate) const STATION: &str = "619921510000";
/// Who is concerned.
pub(crate) const HANDLER: &str = "619101";

pub(crate) struct House {
    pub(crate) deployment: Deployment,
    pub(crate) api: AccountabilityServiceClient<Channel>,
    pub(crate) apart: InterferenceServiceClient<Channel>,
    running: Running,
    supervision: Running,
}

impl House {
    pub(crate) async fn new() -> Self {
        let schemas = [
            ("supervision", &NO_MIGRATIONS),
            ("accountability", &gongxin_accountability::MIGRATIONS),
        ];
        let deployment = Deployment::new(&schemas).await;
        Self::start(deployment, "").await
    }

    /// The same service, started again with more settings.
    pub(crate) async fn again(self, more: &str) -> Self {
        self.running.stop().await;
        self.supervision.stop().await;
        Self::start(self.deployment, more).await
    }

    async fn start(deployment: Deployment, more: &str) -> Self {
        let own = format!("[service]\norgan_word = \"明\"\nlegal_unit = \"{LEGAL}\"\n{more}");
        let us = [("accountability", "http://127.0.0.1:1")];
        let settings = Settings::load(Some(&deployment.settings("supervision", &us, ""))).unwrap();
        let supervision = start::<Supervision>(&settings).await.unwrap();
        let url = format!("http://{}", supervision.address);
        let peers = [("supervision", url.as_str())];
        let file = deployment.settings("accountability", &peers, &own);
        let settings = Settings::load(Some(&file)).unwrap();
        let running = start::<Accountability>(&settings).await.unwrap();
        let url = format!("http://{}", running.address);
        let channel = Channel::from_shared(url).unwrap().connect().await.unwrap();
        let api = AccountabilityServiceClient::new(channel.clone());
        Self {
            deployment,
            api,
            apart: InterferenceServiceClient::new(channel),
            running,
            supervision,
        }
    }

    pub(crate) fn world(&self) -> &World {
        self.deployment.world()
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.running.address)
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.world().clock().now()
    }

    /// A page, as this officer sees it.
    pub(crate) async fn page(&self, staff: &Staff, path: &str) -> (http::StatusCode, String) {
        let url = format!("http://{}{path}", self.running.address);
        gongxin_testkit::get(&url, Some(&self.deployment.token(staff))).await
    }

    /// Holds the service to the rules that all services keep.
    pub(crate) async fn conforms(&self) {
        let url = format!("http://{}", self.running.address);
        gongxin_testkit::conforms(&self.deployment, "accountability", &url).await;
    }

    pub(crate) async fn stop(self) {
        self.running.stop().await;
        self.supervision.stop().await;
    }

    pub(crate) async fn open(&self) -> OpenClueResponse {
        let call = self.deployment.call(&opener(), clue(self.now()));
        self.api.clone().open_clue(call).await.unwrap().into_inner()
    }

    pub(crate) async fn verify(
        &self,
        by: &Staff,
        clue_id: &str,
        officers: &[Officer],
    ) -> Result<(), Status> {
        let call = self.deployment.call(by, verification(clue_id, officers));
        self.api.clone().verify_clue(call).await.map(|_| ())
    }

    pub(crate) async fn hear(&self, by: &Staff, clue_id: &str, who: &str) -> Result<(), Status> {
        let message = HearOfficerRequest {
            request_id: request_id(),
            clue_id: clue_id.to_owned(),
            police_number: who.to_owned(),
            statement: "当日值班案件较多，未及时提请延长。".to_owned(),
        };
        let call = self.deployment.call(by, message);
        self.api.clone().hear_officer(call).await.map(|_| ())
    }

    pub(crate) async fn review(&self, by: &Staff, clue_id: &str) -> Result<(), Status> {
        let message = ReviewClueRequest {
            request_id: request_id(),
            clue_id: clue_id.to_owned(),
            opinion: "超期无正当理由，构成执法过错。".to_owned(),
        };
        let call = self.deployment.call(by, message);
        self.api.clone().review_clue(call).await.map(|_| ())
    }

    pub(crate) async fn decide(
        &self,
        by: &Staff,
        clue_id: &str,
        outcomes: Vec<Outcome>,
    ) -> Result<DecideClueResponse, Status> {
        let message =
            DecideClueRequest { request_id: request_id(), clue_id: clue_id.to_owned(), outcomes };
        let call = self.deployment.call(by, message);
        Ok(self.api.clone().decide_clue(call).await?.into_inner())
    }

    /// Gives the end of the time to appeal.
    pub(crate) async fn serve(&self, by: &Staff, clue_id: &str) -> Result<Timestamp, Status> {
        let message = ServeNoticeRequest {
            request_id: request_id(),
            clue_id: clue_id.to_owned(),
            police_number: HANDLER.to_owned(),
            served_at: Some(timestamp(self.now())),
        };
        let call = self.deployment.call(by, message);
        let answer = self.api.clone().serve_notice(call).await?.into_inner();
        Ok(answer.appeal.unwrap().due_at.parse().unwrap())
    }

    pub(crate) async fn appeal(&self, by: &Staff, clue_id: &str) -> Result<(), Status> {
        let message = FileAppealRequest {
            request_id: request_id(),
            clue_id: clue_id.to_owned(),
            ground: "已经口头请示延长，处理过重。".to_owned(),
        };
        let call = self.deployment.call(by, message);
        self.api.clone().file_appeal(call).await.map(|_| ())
    }

    pub(crate) async fn decide_appeal(
        &self,
        by: &Staff,
        clue_id: &str,
        outcome: Outcome,
    ) -> Result<bool, Status> {
        let message = DecideAppealRequest {
            request_id: request_id(),
            clue_id: clue_id.to_owned(),
            outcome: Some(outcome),
        };
        let call = self.deployment.call(by, message);
        Ok(self.api.clone().decide_appeal(call).await?.into_inner().upheld)
    }

    /// A clue verified, its officer heard, determined.
    pub(crate) async fn determined(&self) -> String {
        let id = self.open().await.clue_id;
        self.verify(&inspector(), &id, &[handler()]).await.unwrap();
        self.hear(&inspector(), &id, HANDLER).await.unwrap();
        self.review(&reviewer(), &id).await.unwrap();
        id
    }

    /// The same, decided and served; with the end of the time to appeal.
    pub(crate) async fn served(&self) -> (String, Timestamp) {
        let id = self.determined().await;
        self.decide(&leader(), &id, vec![liable(Liability::Warning)]).await.unwrap();
        let due = self.serve(&political(), &id).await.unwrap();
        (id, due)
    }

    pub(crate) async fn clue(&self, by: &Staff, clue_id: &str) -> Clue {
        let message = GetClueRequest { clue_id: clue_id.to_owned() };
        let call = self.deployment.call(by, message);
        self.api.clone().get_clue(call).await.unwrap().into_inner().clue.unwrap()
    }

    /// What happened to a clue, as the outbox has it.
    pub(crate) async fn subjects(&self, clue_id: &str) -> Vec<String> {
        let sql = "select subject from accountability.events where aggregate = $1::uuid
                    order by version";
        let mut admin = self.world().admin().await;
        sqlx::query_scalar(sql).bind(clue_id).fetch_all(&mut admin).await.unwrap()
    }

    /// Waits until these things have happened to a clue.
    pub(crate) async fn until_happened(&self, clue_id: &str, subjects: &[&str]) {
        let expected: Vec<String> = subjects.iter().map(ToString::to_string).collect();
        until(expected, async || self.subjects(clue_id).await).await;
    }

    /// Rows of every table of the ordinary zone.
    pub(crate) async fn rows(&self) -> Vec<i64> {
        let tables = [
            "clues",
            "clue_acts",
            "documents",
            "events",
            "deadlines",
            "requests",
            "counters",
            "audit",
        ];
        let mut counts = Vec::new();
        for table in tables {
            let sql = format!("select count(*) from accountability.{table}");
            let mut admin = self.world().admin().await;
            let count = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut admin).await;
            counts.push(count.unwrap());
        }
        counts
    }
}

pub(crate) fn request_id() -> String {
    new_uuid().to_string()
}

/// An officer of a unit.
pub(crate) fn staff(police_number: &str, unit: &str, post: Post) -> Staff {
    Staff { unit: unit.parse().unwrap(), ..gongxin_testkit::officer(police_number, &[post]) }
}

pub(crate) fn opener() -> Staff {
    staff("619201", "619921020000", Post::PetitionOfficer)
}

pub(crate) fn inspector() -> Staff {
    staff("619401", "619921040000", Post::Inspector)
}

pub(crate) fn reviewer() -> Staff {
    staff("619301", LEGAL, Post::LegalReviewer)
}

pub(crate) fn discipline() -> Staff {
    staff("619501", "619921050000", Post::DisciplineInspector)
}

pub(crate) fn leader() -> Staff {
    staff("619001", "619921000000", Post::BureauLeader)
}

pub(crate) fn other_leader() -> Staff {
    staff("619002", "619921000000", Post::BureauLeader)
}

pub(crate) fn political() -> Staff {
    staff("619601", "619921060000", Post::PoliticalOfficer)
}

/// The officer concerned, signed in.
pub(crate) fn concerned() -> Staff {
    staff(HANDLER, STATION, Post::CaseOfficer)
}

pub(crate) fn named(police_number: &str, unit: &str) -> Officer {
    let unit = Unit { code: unit.to_owned(), name: "城关派出所".to_owned() };
    Officer { police_number: police_number.into(), name: "薛少杰".into(), unit: Some(unit) }
}

pub(crate) fn handler() -> Officer {
    named(HANDLER, STATION)
}

/// A filing review that went overdue.
pub(crate) fn clue(now: Timestamp) -> OpenClueRequest {
    OpenClueRequest {
        request_id: request_id(),
        source: ClueSource::Petition.into(),
        conduct: Conduct::DoneLate.into(),
        case_number: String::new(),
        unit: handler().unit,
        facts: "一起盗窃案立案审查超期十日未作决定。".to_owned(),
        occurred_at: Some(timestamp(now - SignedDuration::from_hours(240))),
        origin_id: request_id(),
    }
}

pub(crate) fn verification(clue_id: &str, officers: &[Officer]) -> VerifyClueRequest {
    let officers = officers.iter().map(|officer| NamedOfficer {
        officer: Some(officer.clone()),
        ground: "该案主办民警。".to_owned(),
    });
    VerifyClueRequest {
        request_id: request_id(),
        clue_id: clue_id.to_owned(),
        findings: "经查，立案审查超期十日，未办理延长手续。".to_owned(),
        officers: officers.collect(),
        concerns_legal: false,
    }
}

pub(crate) fn liable(liability: Liability) -> Outcome {
    Outcome {
        police_number: HANDLER.to_owned(),
        liability: liability.into(),
        clause_id: "filing.late".to_owned(),
        reason: "无正当理由超期审查。".to_owned(),
        ..Default::default()
    }
}

pub(crate) fn no_fault(police_number: &str) -> Outcome {
    Outcome {
        police_number: police_number.to_owned(),
        no_fault_ground: NoFaultGround::LawUnclear.into(),
        reason: "有关期限的规定不一致。".to_owned(),
        ..Default::default()
    }
}
