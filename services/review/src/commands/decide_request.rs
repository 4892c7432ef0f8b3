//! Approves or refuses a request (审批). Approving makes the exit, its number and its envelope.

use std::sync::Arc;

use gongxin_chassis::reasons::WRONG_BUREAU;
use gongxin_eventing::{Command, Tx, reasons::INVARIANT_BROKEN};
use gongxin_kernel::Fault;
use gongxin_proto::exchange::v1::envelope::Document;
use gongxin_proto::exchange::v1::{ArrestRequest, ProsecutionTransfer, SupplementaryReport};
use gongxin_proto::review::v1::DecideRequestResponse;
use gongxin_review_domain::{
    CaseFile, CaseId, ExitId, ExitStage, Investigation, Officer, ReviewItem, ReviewRequestId,
    SuspectId, Verdict,
};
use uuid::Uuid;

use crate::organ::Organ;
use crate::{changes, deliberations, store};

pub(crate) struct DecideRequest {
    pub(crate) case: CaseId,
    pub(crate) request: ReviewRequestId,
    pub(crate) approve: bool,
    pub(crate) reasons: String,
    pub(crate) deviation_reasons: String,
    pub(crate) approver: Officer,
    pub(crate) organ: Arc<Organ>,
}

impl Command for DecideRequest {
    const NAME: &'static str = "decide_request";
    type Answer = DecideRequestResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.case.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<DecideRequestResponse, Fault> {
        let case = store::load(tx, self.case).await?;
        let decision = deliberations::Decision {
            request: self.request,
            approve: self.approve,
            deviation_reasons: &self.deviation_reasons,
            approver: &self.approver,
        };
        deliberations::before(tx, &case, decision).await?;
        if !self.approve {
            self.decide(tx, case, Verdict::Refuse).await?;
            return Ok(DecideRequestResponse::default());
        }
        // The organ's key and word are those of one bureau.
        if *tx.bureau()? != self.organ.bureau {
            return Err(Fault::new(&WRONG_BUREAU));
        }
        let item = case.request(self.request)?.item;
        let serial = tx.next_number(&Organ::series(item, tx.at())).await?;
        let document_number = self.organ.number(item, tx.at(), serial)?;
        let exit = ExitId::fresh();
        let paper = paper(&case, self.request, document_number.clone())?;
        let sealed = self.organ.seal(exit, tx.at(), paper);
        let verdict = Verdict::Approve { exit, document_number: document_number.clone() };
        let event = self.decide(tx, case, verdict).await?;
        let bureau = tx.bureau()?.clone();
        store::envelopes::insert(tx.conn(), &bureau, exit, event, &sealed).await?;
        Ok(DecideRequestResponse { exit_id: exit.to_string(), document_number })
    }
}

impl DecideRequest {
    async fn decide(
        &self,
        tx: &mut Tx,
        case: CaseFile,
        verdict: Verdict,
    ) -> Result<gongxin_kernel::EventId, Fault> {
        let (reasons, approver) = (self.reasons.clone(), self.approver.clone());
        let changed = case.decide(self.request, verdict, reasons, approver)?;
        let event = changes::record(tx, &changed).await?;
        event.ok_or_else(|| Fault::new(&INVARIANT_BROKEN).caused_by("a decision without event"))
    }
}

/// What the paper says: 提请批准逮捕书, 起诉意见书 or 补充侦查报告书.
fn paper(case: &CaseFile, id: ReviewRequestId, document_number: String) -> Result<Document, Fault> {
    let request = case.request(id)?;
    let suspect = case.suspect(request.suspect)?;
    let held_since = suspect.stage.custody().map(|custody| custody.since.to_string());
    let held_since = held_since.unwrap_or_default();
    let case_number = case.number().to_owned();
    let charge = case.charge().to_owned();
    let suspect_name = suspect.name.clone();
    let ground = request.ground.clone();
    Ok(match request.item {
        ReviewItem::ArrestRequest => Document::ArrestRequest(ArrestRequest {
            document_number,
            case_number,
            charge,
            suspect_name,
            detained_at: held_since,
            ground,
        }),
        ReviewItem::ProsecutionTransfer => Document::ProsecutionTransfer(ProsecutionTransfer {
            document_number,
            case_number,
            charge,
            suspect_name,
            held_since,
            ground,
            conclusion_number: conclusion_number(case),
        }),
        ReviewItem::SupplementaryReport => Document::SupplementaryReport(SupplementaryReport {
            document_number,
            case_number,
            charge,
            suspect_name,
            held_since,
            ground,
            returned_by: returned_by(case, request.suspect),
            findings: request.findings.clone(),
        }),
    })
}

fn conclusion_number(case: &CaseFile) -> String {
    match case.investigation() {
        Investigation::Concluded { report, .. } => report.document_number.clone(),
        Investigation::Open | Investigation::Examined(_) => String::new(),
    }
}

/// Number of the decision that returned the case of this suspect.
fn returned_by(case: &CaseFile, suspect: SuspectId) -> String {
    match case.open_return(suspect).map(|exit| &exit.stage) {
        Some(ExitStage::Answered(_, answer)) => answer.number.clone(),
        _ => String::new(),
    }
}
