//! Acts of disclosure: query codes, return visits, the gate of publication, the public pages.

use anyhow::{Context as _, ensure};
use gongxin_proto::disclosure::v1::{
    DocumentKind, Holder, IssueQueryCodeRequest, IssueQueryCodeResponse, ListPortalReportsRequest,
    ListVisitsRequest, PortalReport, ProposePublicationRequest, RecordReturnVisitRequest,
    RegisterPortalReportRequest, RevocationGround, RevokeAccessRequest, Visit,
};
use tonic::Status;

use super::account::PETITIONS;
use super::{Office, request_id};
use gongxin_transparency::Receipt;

/// An officer of the case management centre.
const CENTRE: &str = "619009";

impl Office<'_> {
    /// The query code of a report, which the service tells once.
    pub(crate) async fn issue_code(
        &mut self,
        index: usize,
        holder: Holder,
        kinship_proof: &str,
    ) -> anyhow::Result<IssueQueryCodeResponse> {
        let desk = self.desk(index)?;
        let message = IssueQueryCodeRequest {
            request_id: request_id(),
            receipt_number: self.entry(index)?.number.clone(),
            holder: holder.into(),
            kinship_proof: kinship_proof.to_owned(),
        };
        let call = self.suite.call(&desk, message).await?;
        Ok(self.suite.disclosure.issue_query_code(call).await?.into_inner())
    }

    /// Checks a receipt by the published keys of the logs alone, without any service.
    pub(crate) fn verify_offline(&self, receipt: &str) -> anyhow::Result<()> {
        Receipt::parse(receipt)?.verify(&self.suite.log_keys()?)?;
        Ok(())
    }

    /// Shuts out a family member who turns out to be the opposing party.
    pub(crate) async fn shut_out(&mut self, index: usize, code_id: &str) -> anyhow::Result<()> {
        let message = RevokeAccessRequest {
            request_id: request_id(),
            receipt_number: self.entry(index)?.number.clone(),
            code_id: code_id.to_owned(),
            ground: RevocationGround::OpposingParty.into(),
        };
        let call = self.suite.call(CENTRE, message).await?;
        self.suite.disclosure.revoke_access(call).await?;
        Ok(())
    }

    /// What the query page shows to whoever types this number and code.
    pub(crate) async fn query(&self, number: &str, code: &str) -> anyhow::Result<String> {
        self.suite.post("/result", &[("number", number), ("code", code)]).await
    }

    /// Makes the return visit that a case is owed, from outside its unit.
    pub(crate) async fn visit(&mut self, index: usize, rating: u32) -> anyhow::Result<bool> {
        let number = self.entry(index)?.number.clone();
        let call = self.suite.call(PETITIONS, ListVisitsRequest {}).await?;
        let visits = self.suite.disclosure.list_visits(call).await?.into_inner().visits;
        let owed = |visit: &&Visit| visit.receipt_number == number && visit.rating == 0;
        let visit = visits.iter().find(owed).context("a visit is owed")?;
        let words = if rating < 3 {
            "没有人告诉我后来怎样。"
        } else {
            "民警态度好，说得清楚。"
        };
        let message = RecordReturnVisitRequest {
            request_id: request_id(),
            visit_id: visit.visit_id.clone(),
            rating,
            words: words.to_owned(),
        };
        let call = self.suite.call(PETITIONS, message).await?;
        let answer = self.suite.disclosure.record_return_visit(call).await?.into_inner();
        self.tell(index, "回访", &format!("满意度 {rating}"));
        Ok(answer.look_opened)
    }

    /// Proposes to publish a penalty decision in a public-security case.
    pub(crate) async fn propose_penalty(
        &mut self,
        index: usize,
    ) -> anyhow::Result<Result<String, Status>> {
        let handler = self.handler(index)?;
        let message = ProposePublicationRequest {
            request_id: request_id(),
            kind: DocumentKind::PublicSecurityPenalty.into(),
            case_number: self.entry(index)?.case_number.clone(),
            text: "对某某处行政拘留五日。".to_owned(),
            concerns: Vec::new(),
        };
        let call = self.suite.call(&handler, message).await?;
        let answer = self.suite.disclosure.propose_publication(call).await;
        Ok(answer.map(|answer| answer.into_inner().publication_id))
    }

    /// Somebody reports at the kiosk; gives the receipt that the page shows at once.
    pub(crate) async fn report_at_kiosk(&self, facts: &str) -> anyhow::Result<String> {
        let form = request_id();
        let fields = [
            ("form", form.as_str()),
            ("channel", "kiosk"),
            ("name", "苗春花"),
            ("phone", "19900007788"),
            ("place", "明川县城关镇菜市街"),
            ("facts", facts),
        ];
        let page = self.suite.post("/report", &fields).await?;
        receipt_on(&page)
    }

    /// What the receipt check says of a receipt.
    pub(crate) async fn check_receipt(&self, receipt: &str) -> anyhow::Result<String> {
        self.suite.post("/verify", &[("receipt", receipt)]).await
    }

    /// The reports made online, as the desk sees them.
    pub(crate) async fn portal_reports(&mut self, by: &str) -> anyhow::Result<Vec<PortalReport>> {
        let call = self.suite.call(by, ListPortalReportsRequest {}).await?;
        Ok(self.suite.disclosure.list_portal_reports(call).await?.into_inner().reports)
    }

    /// Tells under which number an online report stands in the register.
    pub(crate) async fn link_portal_report(
        &mut self,
        by: &str,
        portal_id: &str,
        receipt_number: &str,
    ) -> anyhow::Result<()> {
        let message = RegisterPortalReportRequest {
            request_id: request_id(),
            portal_id: portal_id.to_owned(),
            receipt_number: receipt_number.to_owned(),
        };
        let call = self.suite.call(by, message).await?;
        self.suite.disclosure.register_portal_report(call).await?;
        Ok(())
    }
}

/// The receipt in a page, as its reader copies it.
fn receipt_on(page: &str) -> anyhow::Result<String> {
    let (_, rest) = page.split_once("gongxin-receipt/v1").context("a receipt on the page")?;
    let (text, _) = rest.split_once("</textarea>").context("the receipt ends")?;
    let text = text.replace("&#43;", "+").replace("&#47;", "/").replace("&#x2b;", "+");
    ensure!(!text.contains('&'), "the page escapes what this does not undo");
    Ok(format!("gongxin-receipt/v1{text}"))
}
