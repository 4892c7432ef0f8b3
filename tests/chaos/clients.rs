//! Officers at work while everything around them breaks: one case after another, some of them
//! impatient, some of them forgetful.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use fastrand::Rng;
use gongxin_kernel::{Post, Staff};
use gongxin_proto::accountability::v1::accountability_service_client::AccountabilityServiceClient;
use gongxin_proto::accountability::v1::{ClueSource, Conduct, OpenClueRequest};
use gongxin_proto::common::v1::Unit;
use gongxin_proto::disclosure::v1::disclosure_service_client::DisclosureServiceClient;
use gongxin_proto::disclosure::v1::{Holder, IssueQueryCodeRequest};
use gongxin_proto::intake::v1::{GetReceiptRequest, RegisterReportResponse};
use gongxin_proto::review::v1::{Case, GetCaseRequest, MeasureStage};
use gongxin_proto::supervision::v1::supervision_service_client::SupervisionServiceClient;
use gongxin_proto::supervision::v1::{DeviceKind, RecordedStage, RegisterRecordingRequest};
use gongxin_proto::timestamp;
use gongxin_testkit::{log_key, officer, reason};
use gongxin_transparency::Receipt;
use jiff::SignedDuration;
use tokio::time::{Instant, sleep, timeout};
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request, Response, Status};

use super::field::Field;
use super::history::Told;
use super::orders::Order;
use crate::county::{desk, handler, leader, reviewer};
use crate::story;

/// How long a client waits for what must come, such as its case in the legal department.
const PATIENCE: Duration = Duration::from_mins(2);

/// Counts of what clients did besides their work.
#[derive(Debug, Default)]
pub(super) struct Habits {
    /// Calls given up before their answer.
    pub(super) cancelled: AtomicUsize,
    /// Answered calls made once more.
    pub(super) repeated: AtomicUsize,
    /// Request ids used for other content, all refused.
    pub(super) reused: AtomicUsize,
    /// Receipts checked without a service.
    pub(super) receipts: AtomicUsize,
    /// Answers that were not what had been answered before, and receipts that are none.
    pub(super) broken: std::sync::Mutex<Vec<String>>,
}

/// One officer's desk.
pub(super) struct Client {
    pub(super) number: usize,
    pub(super) field: Arc<Field>,
    pub(super) habits: Arc<Habits>,
    /// Set when the day is over: what was begun is finished.
    pub(super) over: Arc<AtomicBool>,
    pub(super) rng: Rng,
}

/// The case ends here: it was refused, given up, not ours any more, or the day is over.
struct Ends;

impl Client {
    /// Works until the day is over; gives how many cases went their whole way.
    pub(super) async fn work(mut self) -> usize {
        let mut whole = 0;
        let mut number = self.number * 1000;
        while !self.over.load(Ordering::Relaxed) {
            number += 1;
            if self.case(number).await.is_ok() {
                whole += 1;
            }
            let pause = Duration::from_millis(self.rng.u64(..200));
            sleep(pause).await;
        }
        whole
    }

    /// A theft, from the counter to the arrest, with its recording, its query code and a clue.
    async fn case(&mut self, number: usize) -> Result<(), Ends> {
        let report = self.register(number).await?;
        self.receipt(&report).await?;
        if self.number != 0 {
            self.query_code(&report).await?;
        }
        if self.rng.u8(..5) == 0 {
            return Err(Ends); // Nobody files it; its period will end.
        }
        self.file(&report).await?;
        if self.number == 0 {
            // The counter waits for no other service: intake always has something to tell.
            return Err(Ends);
        }
        let case_id = report.report_id;
        let case = self.case_until(&case_id, |_| true).await?;
        let suspect = case.suspects[0].suspect_id.clone();
        let message = story::detention(&self.field.county, &case_id, &suspect, number);
        let reviews = self.field.county.reviews.clone();
        self.act(("review", "enter_measure"), &handler(), message, |call| {
            let mut reviews = reviews.clone();
            async move { noted(reviews.enter_measure(call).await, |_| String::new()) }
        })
        .await?;
        self.recording(&case_id, &suspect).await?;
        self.send_for_arrest(&case_id, &suspect).await?;
        let decided = |case: &Case| case.suspects[0].stage() == MeasureStage::ArrestApproved;
        self.case_until(&case_id, decided).await?;
        let message = story::arrest(&self.field.county, &case_id, &suspect, number);
        self.act(("review", "record_arrest"), &handler(), message, |call| {
            let mut reviews = reviews.clone();
            async move { noted(reviews.record_arrest(call).await, |_| String::new()) }
        })
        .await?;
        self.clue(number).await
    }

    async fn register(&mut self, number: usize) -> Result<RegisterReportResponse, Ends> {
        let message = story::report(&self.field.county, number);
        let register = self.field.county.register.clone();
        self.act(("intake", "register_report"), &desk(), message, |call| {
            let mut register = register.clone();
            async move {
                let note = |answer: &RegisterReportResponse| {
                    format!("{} {}", answer.report_id, answer.number)
                };
                noted(register.register_report(call).await, note)
            }
        })
        .await
    }

    /// The receipt, as soon as the service has it; it must stand without the service.
    async fn receipt(&mut self, report: &RegisterReportResponse) -> Result<(), Ends> {
        let end = Instant::now() + PATIENCE;
        loop {
            let message = GetReceiptRequest { report_id: report.report_id.clone() };
            let call = self.field.county.call(&desk(), message);
            let mut register = self.field.county.register.clone();
            if let Ok(Ok(answer)) =
                timeout(Duration::from_secs(8), register.get_receipt(call)).await
            {
                let text = answer.into_inner().receipt;
                let sound = Receipt::parse(&text).is_ok_and(|receipt| {
                    receipt.verify(&[log_key("intake").verifier()]).is_ok()
                        && receipt.view.get("number") == Some(report.number.as_str())
                });
                if !sound {
                    let what = format!("I7: the receipt of {} is none", report.report_id);
                    self.habits.broken.lock().unwrap().push(what);
                }
                self.habits.receipts.fetch_add(1, Ordering::Relaxed);
                return Ok(());
            }
            if Instant::now() > end {
                return Err(Ends);
            }
            sleep(Duration::from_millis(100)).await;
        }
    }

    async fn file(&mut self, report: &RegisterReportResponse) -> Result<(), Ends> {
        let message = story::filing(&report.report_id);
        let register = self.field.county.register.clone();
        self.act(("intake", "decide_filing"), &leader(), message, |call| {
            let mut register = register.clone();
            async move { noted(register.decide_filing(call).await, |_| String::new()) }
        })
        .await?;
        Ok(())
    }

    /// The case in the legal department once it is as wanted.
    async fn case_until(
        &mut self,
        case_id: &str,
        wanted: impl Fn(&Case) -> bool,
    ) -> Result<Case, Ends> {
        let end = Instant::now() + PATIENCE;
        loop {
            let message = GetCaseRequest { case_id: case_id.to_owned() };
            let call = self.field.county.call(&handler(), message);
            let mut reviews = self.field.county.reviews.clone();
            let answer = timeout(Duration::from_secs(5), reviews.get_case(call)).await;
            if let Ok(Ok(answer)) = answer
                && let Some(case) = answer.into_inner().case.filter(&wanted)
            {
                return Ok(case);
            }
            if Instant::now() > end || self.over.load(Ordering::Relaxed) {
                return Err(Ends);
            }
            sleep(Duration::from_millis(50)).await;
        }
    }

    async fn send_for_arrest(&mut self, case_id: &str, suspect: &str) -> Result<(), Ends> {
        let reviews = self.field.county.reviews.clone();
        let message = story::submission(case_id, suspect);
        let request = self
            .act(("review", "submit_request"), &handler(), message, |call| {
                let mut reviews = reviews.clone();
                async move {
                    noted(reviews.submit_request(call).await, |answer| {
                        answer.review_request_id.clone()
                    })
                }
            })
            .await?
            .review_request_id;
        let message = story::opinion(case_id, &request);
        self.act(("review", "give_opinion"), &reviewer(), message, |call| {
            let mut reviews = reviews.clone();
            async move { noted(reviews.give_opinion(call).await, |_| String::new()) }
        })
        .await?;
        let message = story::decision(case_id, &request);
        self.act(("review", "decide_request"), &leader(), message, |call| {
            let mut reviews = reviews.clone();
            async move {
                noted(reviews.decide_request(call).await, |answer| answer.document_number.clone())
            }
        })
        .await?;
        Ok(())
    }

    async fn recording(&mut self, case_id: &str, suspect: &str) -> Result<(), Ends> {
        let now = self.field.county.now();
        let message = RegisterRecordingRequest {
            request_id: story::id(),
            case_id: case_id.to_owned(),
            device: DeviceKind::InterrogationSystem.into(),
            stage: RecordedStage::Interrogation.into(),
            suspect_id: suspect.to_owned(),
            police_number: handler().police_number,
            digest: format!("{:064x}", self.rng.u128(..)),
            began_at: Some(timestamp(now - SignedDuration::from_mins(4))),
            ended_at: Some(timestamp(now - SignedDuration::from_mins(1))),
        };
        let supervision = SupervisionServiceClient::new(self.channel("supervision"));
        self.act(("supervision", "register_recording"), &handler(), message, |call| {
            let mut supervision = supervision.clone();
            async move {
                noted(supervision.register_recording(call).await, |answer| {
                    answer.recording_id.clone()
                })
            }
        })
        .await?;
        Ok(())
    }

    async fn query_code(&mut self, report: &RegisterReportResponse) -> Result<(), Ends> {
        let message = IssueQueryCodeRequest {
            request_id: story::id(),
            receipt_number: report.number.clone(),
            holder: Holder::Reporter.into(),
            kinship_proof: String::new(),
        };
        let disclosure = DisclosureServiceClient::new(self.channel("disclosure"));
        self.act(("disclosure", "issue_query_code"), &desk(), message, |call| {
            let mut disclosure = disclosure.clone();
            async move {
                noted(disclosure.issue_query_code(call).await, |answer| answer.code_id.clone())
            }
        })
        .await?;
        Ok(())
    }

    async fn clue(&mut self, number: usize) -> Result<(), Ends> {
        let unit = Unit { code: "619921010000".to_owned(), name: "城关派出所".to_owned() };
        let message = OpenClueRequest {
            request_id: story::id(),
            source: ClueSource::Inspectorate.into(),
            conduct: Conduct::DoneLate.into(),
            case_number: String::new(),
            unit: Some(unit),
            facts: format!("第{number}次检查发现台账登记迟延。"),
            occurred_at: Some(timestamp(self.field.county.now() - SignedDuration::from_hours(2))),
            origin_id: String::new(),
        };
        let inspector = officer("619018", &[Post::Inspector]);
        let accountability = AccountabilityServiceClient::new(self.channel("accountability"));
        self.act(("accountability", "open_clue"), &inspector, message, |call| {
            let mut accountability = accountability.clone();
            async move {
                noted(accountability.open_clue(call).await, |answer| {
                    format!("{} {}", answer.clue_id, answer.number)
                })
            }
        })
        .await?;
        Ok(())
    }

    fn channel(&self, service: &str) -> Channel {
        Endpoint::from_shared(self.field.process(service).url()).unwrap().connect_lazy()
    }

    /// Carries out one command by as many attempts as it takes, each in the history. Some attempts
    /// are given up early; some commands are given up for good after an attempt without an answer;
    /// some answered ones are made again, or their id is used for something else.
    async fn act<M, R, F>(
        &mut self,
        command: (&'static str, &'static str),
        by: &Staff,
        message: M,
        call: impl Fn(Request<M>) -> F,
    ) -> Result<R, Ends>
    where
        M: Clone + Order,
        F: Future<Output = Result<(R, String), Status>>,
    {
        let request_id = message.request_id().to_owned();
        let end = Instant::now() + PATIENCE;
        loop {
            let history = &self.field.history;
            let tell = |told| history.tell(self.number, command, &request_id, told);
            tell(Told::Invoke);
            let is_impatient = self.rng.u8(..7) == 0;
            let patience = if is_impatient { self.rng.u64(1..40) } else { 8_000 };
            let attempt = call(self.field.county.call(by, message.clone()));
            match timeout(Duration::from_millis(patience), attempt).await {
                Ok(Ok((answer, note))) => {
                    tell(Told::Ok(note.clone()));
                    self.again(command, by, &message, &call, &note).await;
                    return Ok(answer);
                }
                Err(_) => {
                    if is_impatient {
                        self.habits.cancelled.fetch_add(1, Ordering::Relaxed);
                    }
                    tell(Told::Unknown("given up".to_owned()));
                }
                Ok(Err(status)) if is_no_answer(&status) => {
                    tell(Told::Unknown(format!("{:?} {}", status.code(), reason(&status))));
                }
                Ok(Err(status)) => {
                    tell(Told::Failed(reason(&status)));
                    // The case may be under way; everything else is the service's word.
                    let under_way = ["CASE_NOT_FOUND", "ACCESS_NOT_FOUND", "TIMELINE_NOT_FOUND"];
                    if !under_way.contains(&reason(&status).as_str()) {
                        return Err(Ends);
                    }
                }
            }
            if self.rng.u8(..40) == 0 || Instant::now() > end {
                return Err(Ends); // Whether it happened, nobody will ever have been told.
            }
            sleep(Duration::from_millis(30 + self.rng.u64(..60))).await;
        }
    }

    /// Now and then: the same call again, or its id for other content.
    async fn again<M, R, F>(
        &mut self,
        command: (&'static str, &'static str),
        by: &Staff,
        message: &M,
        call: &impl Fn(Request<M>) -> F,
        note: &str,
    ) where
        M: Clone + Order,
        F: Future<Output = Result<(R, String), Status>>,
    {
        let broken = |what: String| self.habits.broken.lock().unwrap().push(what);
        let is_other = match self.rng.u8(..20) {
            0..=2 => false,
            3 => true,
            _ => return,
        };
        let message = if is_other { message.other() } else { message.clone() };
        let attempt = call(self.field.county.call(by, message));
        match timeout(Duration::from_secs(8), attempt).await {
            Ok(Ok((_, again))) if is_other => {
                broken(format!("I4: {command:?} took an id for other content, answered {again}"));
            }
            Ok(Ok((_, again))) => {
                self.habits.repeated.fetch_add(1, Ordering::Relaxed);
                if again != note {
                    broken(format!("I4: {command:?} answered {note}, then {again}"));
                }
            }
            Ok(Err(status)) if is_other && reason(&status) == "REQUEST_ID_REUSED" => {
                self.habits.reused.fetch_add(1, Ordering::Relaxed);
            }
            Ok(Err(status)) if !is_no_answer(&status) => {
                broken(format!("I4: {command:?} done, then refused: {}", reason(&status)));
            }
            _ => {}
        }
    }
}

/// Whether nobody has said what became of the call.
fn is_no_answer(status: &Status) -> bool {
    let codes = [
        Code::Unavailable,
        Code::Unknown,
        Code::Internal,
        Code::Cancelled,
        Code::Aborted,
        Code::DeadlineExceeded,
    ];
    codes.contains(&status.code())
}

fn noted<R>(
    answer: Result<Response<R>, Status>,
    note: impl Fn(&R) -> String,
) -> Result<(R, String), Status> {
    let answer = answer?.into_inner();
    let note = note(&answer);
    Ok((answer, note))
}
