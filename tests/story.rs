//! The way of one case, from the counter to the arrest, by an officer who never gives up: a call
//! that was not answered is made again, with the same request id.

use std::time::Duration;

use gongxin_kernel::{Staff, new_uuid};
use gongxin_proto::common::v1::Unit;
use gongxin_proto::intake::v1::{
    DecideFilingRequest, FilingOutcome, GetReceiptRequest, Nature, Person, RegisterReportRequest,
    RegisterReportResponse, ReportSource, Reporter,
};
use gongxin_proto::review::v1::{
    Case, DecideRequestRequest, DossierPart, EnterMeasureRequest, GetCaseRequest,
    GiveOpinionRequest, MeasureKind, MeasureStage, Opinion, RecordArrestRequest,
    RecordReleaseRequest, ReviewItem, SubmitRequestRequest,
};
use gongxin_proto::timestamp;
use gongxin_testkit::{PATIENCE, reason};
use jiff::SignedDuration;
use tokio::time::Instant;
use tonic::{Code, Request, Response, Status};

use crate::county::{County, desk, handler, leader, reviewer};

/// What a case left behind in the hands of its officers.
#[derive(Clone, Debug)]
pub struct Told {
    /// What the counter answered.
    pub report: RegisterReportResponse,
    /// The verifiable receipt of the report.
    pub receipt: String,
    /// Number of the request for approval of arrest.
    pub exit_document: String,
}

/// A theft with one suspect, from report to arrest or release.
pub async fn theft(county: &County, number: usize) -> Told {
    let report = register(county, number).await;
    let case_id = report.report_id.clone();
    let message = GetReceiptRequest { report_id: case_id.clone() };
    let receipt = insist(county, &desk(), message, |call| {
        let mut register = county.register.clone();
        async move { register.get_receipt(call).await }
    })
    .await
    .receipt;
    file(county, &case_id).await;
    let suspect = get_case(county, &case_id).await.suspects.remove(0).suspect_id;
    detain(county, &case_id, &suspect, number).await;
    let exit_document = send_for_arrest(county, &case_id, &suspect).await;
    carry_out(county, &case_id, &suspect, number).await;
    Told { report, receipt, exit_document }
}

/// A theft with one suspect, told by telephone, as the counter registers it.
pub fn report(county: &County, number: usize) -> RegisterReportRequest {
    let now = county.now();
    RegisterReportRequest {
        request_id: id(),
        source: ReportSource::Police110.into(),
        call_number: format!("J61992100002026010500{number:02}"),
        told_at: Some(timestamp(now - SignedDuration::from_mins(9))),
        occurred_at: Some(timestamp(now - SignedDuration::from_hours(3))),
        place: "明川县城关镇振兴路".to_owned(),
        facts: format!("停在楼下的第{number}辆电动车被盗。"),
        reporter: Some(Reporter {
            person: Some(Person { name: "贺启文".to_owned(), id_number: String::new() }),
            phone: "19900006070".to_owned(),
            secret: false,
        }),
        unit: Some(Unit { code: "619921010000".to_owned(), name: "城关派出所".to_owned() }),
        nature: Nature::Criminal.into(),
        charge: "盗窃罪".to_owned(),
        evidence: vec!["购车发票1张".to_owned()],
        suspects: vec![Person { name: "龚小军".to_owned(), id_number: String::new() }],
        ..Default::default()
    }
}

/// The same, registered.
pub async fn register(county: &County, number: usize) -> RegisterReportResponse {
    insist(county, &desk(), report(county, number), |call| {
        let mut register = county.register.clone();
        async move { register.register_report(call).await }
    })
    .await
}

/// The decision to file the case, as a message.
pub fn filing(report_id: &str) -> DecideFilingRequest {
    DecideFilingRequest {
        request_id: id(),
        report_id: report_id.to_owned(),
        outcome: FilingOutcome::Filed.into(),
        ground: "有犯罪事实，需要追究刑事责任。".to_owned(),
        ..Default::default()
    }
}

/// The decision to file the case.
pub async fn file(county: &County, report_id: &str) {
    insist(county, &leader(), filing(report_id), |call| {
        let mut register = county.register.clone();
        async move { register.decide_filing(call).await }
    })
    .await;
}

/// The case in the legal department, once it has arrived there.
pub async fn get_case(county: &County, case_id: &str) -> Case {
    let message = GetCaseRequest { case_id: case_id.to_owned() };
    insist(county, &handler(), message, |call| {
        let mut reviews = county.reviews.clone();
        async move { reviews.get_case(call).await }
    })
    .await
    .case
    .unwrap()
}

/// A detention that began five minutes ago, as a message.
pub fn detention(
    county: &County,
    case_id: &str,
    suspect: &str,
    number: usize,
) -> EnterMeasureRequest {
    EnterMeasureRequest {
        request_id: id(),
        case_id: case_id.to_owned(),
        suspect_id: suspect.to_owned(),
        kind: MeasureKind::Detention.into(),
        started_at: Some(timestamp(county.now() - SignedDuration::from_mins(5))),
        document_number: format!("明公（刑）拘字〔2026〕{}号", number + 1),
    }
}

/// The suspect is detained five minutes ago.
pub async fn detain(county: &County, case_id: &str, suspect: &str, number: usize) {
    insist(county, &handler(), detention(county, case_id, suspect, number), |call| {
        let mut reviews = county.reviews.clone();
        async move { reviews.enter_measure(call).await }
    })
    .await;
}

/// The request for approval of arrest, submitted to the legal department.
pub fn submission(case_id: &str, suspect: &str) -> SubmitRequestRequest {
    SubmitRequestRequest {
        request_id: id(),
        case_id: case_id.to_owned(),
        suspect_id: suspect.to_owned(),
        item: ReviewItem::ArrestRequest.into(),
        parts: (1..=7).map(|part| DossierPart::try_from(part).unwrap().into()).collect(),
        ground: "有证据证明有犯罪事实，采取取保候审不足以防止社会危险性。".to_owned(),
        findings: Vec::new(),
    }
}

/// The reviewer passes it.
pub fn opinion(case_id: &str, request: &str) -> GiveOpinionRequest {
    GiveOpinionRequest {
        request_id: id(),
        case_id: case_id.to_owned(),
        review_request_id: request.to_owned(),
        opinion: Opinion::Pass.into(),
        text: "事实清楚，证据确实。".to_owned(),
    }
}

/// The leader approves it.
pub fn decision(case_id: &str, request: &str) -> DecideRequestRequest {
    DecideRequestRequest {
        request_id: id(),
        case_id: case_id.to_owned(),
        review_request_id: request.to_owned(),
        approve: true,
        reasons: String::new(),
        deviation_reasons: String::new(),
    }
}

/// The arrest is carried out now.
pub fn arrest(county: &County, case_id: &str, suspect: &str, number: usize) -> RecordArrestRequest {
    RecordArrestRequest {
        request_id: id(),
        case_id: case_id.to_owned(),
        suspect_id: suspect.to_owned(),
        document_number: format!("明公（刑）捕字〔2026〕{}号", number + 1),
        executed_at: Some(timestamp(county.now())),
    }
}

/// Submitted, passed, approved; gives the number of the outgoing document.
pub async fn send_for_arrest(county: &County, case_id: &str, suspect: &str) -> String {
    let request = insist(county, &handler(), submission(case_id, suspect), |call| {
        let mut reviews = county.reviews.clone();
        async move { reviews.submit_request(call).await }
    })
    .await
    .review_request_id;
    insist(county, &reviewer(), opinion(case_id, &request), |call| {
        let mut reviews = county.reviews.clone();
        async move { reviews.give_opinion(call).await }
    })
    .await;
    insist(county, &leader(), decision(case_id, &request), |call| {
        let mut reviews = county.reviews.clone();
        async move { reviews.decide_request(call).await }
    })
    .await
    .document_number
}

/// Waits for the procuratorate's decision and carries it out.
pub async fn carry_out(county: &County, case_id: &str, suspect: &str, number: usize) {
    let end = Instant::now() + PATIENCE;
    let approved = loop {
        match get_case(county, case_id).await.suspects[0].stage() {
            MeasureStage::ArrestApproved => break true,
            MeasureStage::ReleaseDue => break false,
            MeasureStage::Detained | MeasureStage::ArrestRequested => {}
            other => panic!("the suspect is at {other:?}"),
        }
        assert!(Instant::now() < end, "the procuratorate does not answer");
        tokio::time::sleep(Duration::from_millis(30)).await;
    };
    if approved {
        insist(county, &handler(), arrest(county, case_id, suspect, number), |call| {
            let mut reviews = county.reviews.clone();
            async move { reviews.record_arrest(call).await }
        })
        .await;
    } else {
        let message = RecordReleaseRequest {
            request_id: id(),
            case_id: case_id.to_owned(),
            suspect_id: suspect.to_owned(),
            document_number: format!("明公（刑）释字〔2026〕{}号", number + 1),
            served_at: Some(timestamp(county.now())),
        };
        insist(county, &handler(), message, |call| {
            let mut reviews = county.reviews.clone();
            async move { reviews.record_release(call).await }
        })
        .await;
    }
}

/// Makes the call until it is answered; what the service refuses for good fails the test.
pub async fn insist<M, R, F>(
    county: &County,
    by: &Staff,
    message: M,
    call: impl Fn(Request<M>) -> F,
) -> R
where
    M: Clone,
    F: Future<Output = Result<Response<R>, Status>>,
{
    let end = Instant::now() + PATIENCE;
    loop {
        let status = match call(county.call(by, message.clone())).await {
            Ok(answer) => return answer.into_inner(),
            Err(status) => status,
        };
        // A killed service looks like each of these to its caller; the case may still be under way.
        let may_pass = matches!(
            status.code(),
            Code::Unavailable | Code::Unknown | Code::Internal | Code::Cancelled | Code::Aborted
        ) || reason(&status) == "CASE_NOT_FOUND";
        assert!(may_pass, "refused: {status}");
        assert!(Instant::now() < end, "not answered: {status}");
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
}

/// A fresh request id.
pub fn id() -> String {
    new_uuid().to_string()
}
