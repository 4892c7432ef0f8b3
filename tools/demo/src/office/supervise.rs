//! Acts of the supervision team and of units that it supervises.

use std::fmt::Write as _;

use anyhow::{Context as _, ensure};
use gongxin_proto::common::v1::Unit;
use gongxin_proto::supervision::v1::{
    CloseFindingRequest, ConfirmFindingRequest, DefineSchemeRequest, Determination,
    DetermineFindingRequest, DeviceKind, Finding, FindingKind, FindingLine, GetFindingRequest,
    ListFindingsRequest, Measure, RecordedStage, RectifyFindingRequest, RegisterRecordingRequest,
    SchemeItem, ScoreUnitRequest, ScoreUnitResponse, SendClueRequest, SuperviseFindingRequest,
};
use gongxin_proto::timestamp;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use tonic::{Response, Status};

use super::{Office, request_id};
use crate::suite::Suite;

/// A supervision officer of the legal department.
pub(crate) const SUPERVISOR: &str = "619005";
/// Head of the legal department.
pub(crate) const LEGAL_HEAD: &str = "619004";

impl Suite {
    /// Every finding, newest first.
    pub(crate) async fn findings(&mut self) -> anyhow::Result<Vec<FindingLine>> {
        let (mut all, mut token) = (Vec::new(), String::new());
        loop {
            let message =
                ListFindingsRequest { page_size: 100, page_token: token, open_only: false };
            let call = self.call(SUPERVISOR, message).await?;
            let page = self.supervision.list_findings(call).await?.into_inner();
            all.extend(page.findings);
            token = page.next_page_token;
            if token.is_empty() {
                return Ok(all);
            }
        }
    }
}

/// SHA-256 in hexadecimal digits.
fn digest(text: &str) -> String {
    Sha256::digest(text).iter().fold(String::new(), |mut digits, byte| {
        write!(digits, "{byte:02x}").expect("a String takes any text");
        digits
    })
}

impl Office<'_> {
    /// Registers the recording of each suspect's first interrogation.
    pub(crate) async fn record_interrogations(&mut self, index: usize) -> anyhow::Result<()> {
        let handler = self.handler(index)?;
        let entry = self.entry(index)?.clone();
        for suspect in &entry.suspects {
            let began = self.suite.now() - SignedDuration::from_mins(90);
            let message = RegisterRecordingRequest {
                request_id: request_id(),
                case_id: entry.report_id.clone(),
                device: DeviceKind::InterrogationSystem.into(),
                stage: RecordedStage::Interrogation.into(),
                suspect_id: suspect.clone(),
                police_number: handler.clone(),
                digest: digest(&format!("{} {began}", entry.number)),
                began_at: Some(timestamp(began)),
                ended_at: Some(timestamp(began + SignedDuration::from_mins(70))),
            };
            let call = self.suite.call(&handler, message).await?;
            self.suite.supervision.register_recording(call).await?;
        }
        self.tell(index, "讯问录音录像登记", &format!("{} 份", entry.suspects.len()));
        Ok(())
    }

    /// The one finding of this kind on a case.
    pub(crate) async fn finding_on(
        &mut self,
        case_id: &str,
        kind: FindingKind,
    ) -> anyhow::Result<Finding> {
        let all = self.suite.findings().await?;
        let mut found = all.iter().filter(|line| line.case_id == case_id && line.kind() == kind);
        let line = found.next().with_context(|| format!("no {kind:?} on the case"))?;
        ensure!(found.next().is_none(), "a breach makes exactly one finding: {kind:?}");
        self.finding(&line.finding_id.clone()).await
    }

    pub(crate) async fn finding(&mut self, finding_id: &str) -> anyhow::Result<Finding> {
        let message = GetFindingRequest { finding_id: finding_id.to_owned() };
        let call = self.suite.call(SUPERVISOR, message).await?;
        self.suite.supervision.get_finding(call).await?.into_inner().finding.context("a finding")
    }

    pub(crate) async fn determine(
        &mut self,
        finding: &Finding,
        determination: Determination,
        reason: &str,
    ) -> anyhow::Result<()> {
        let message = DetermineFindingRequest {
            request_id: request_id(),
            finding_id: finding.finding_id.clone(),
            determination: determination.into(),
            reason: reason.to_owned(),
        };
        let call = self.suite.call(SUPERVISOR, message).await?;
        self.suite.supervision.determine_finding(call).await?;
        let what = match determination {
            Determination::Lawful => "认定：有合法理由",
            Determination::Blemish => "认定：瑕疵",
            _ => "认定：违法",
        };
        self.say(&finding.case_number, what, reason);
        Ok(())
    }

    /// The unit is told what to do by a date, does it, and the supervision team looks at it.
    pub(crate) async fn order(
        &mut self,
        finding: &Finding,
        instruction: &str,
        rectify_by: Timestamp,
    ) -> anyhow::Result<()> {
        let message = SuperviseFindingRequest {
            request_id: request_id(),
            finding_id: finding.finding_id.clone(),
            instruction: instruction.to_owned(),
            rectify_by: Some(timestamp(rectify_by)),
        };
        let call = self.suite.call(SUPERVISOR, message).await?;
        self.suite.supervision.supervise_finding(call).await?;
        self.say(&finding.case_number, "督办", instruction);
        Ok(())
    }

    pub(crate) async fn rectify(
        &mut self,
        finding: &Finding,
        by: &str,
        done: &str,
    ) -> anyhow::Result<()> {
        let message = RectifyFindingRequest {
            request_id: request_id(),
            finding_id: finding.finding_id.clone(),
            done: done.to_owned(),
        };
        let call = self.suite.call(by, message).await?;
        self.suite.supervision.rectify_finding(call).await?;
        self.say(&finding.case_number, "整改", done);
        Ok(())
    }

    pub(crate) async fn confirm(&mut self, finding: &Finding, note: &str) -> anyhow::Result<()> {
        let message = ConfirmFindingRequest {
            request_id: request_id(),
            finding_id: finding.finding_id.clone(),
            note: note.to_owned(),
        };
        let call = self.suite.call(SUPERVISOR, message).await?;
        self.suite.supervision.confirm_finding(call).await?;
        self.say(&finding.case_number, "整改确认", note);
        Ok(())
    }

    pub(crate) async fn close(&mut self, finding: &Finding, reason: &str) -> anyhow::Result<()> {
        let message = CloseFindingRequest {
            request_id: request_id(),
            finding_id: finding.finding_id.clone(),
            reason: reason.to_owned(),
        };
        let call = self.suite.call(SUPERVISOR, message).await?;
        self.suite.supervision.close_finding(call).await?;
        self.say(&finding.case_number, "监督事项办结", reason);
        Ok(())
    }

    /// Sends a violation on, with the clause that the officer proposes.
    pub(crate) async fn send_clue(
        &mut self,
        finding: &Finding,
        clause: &str,
        ground: &str,
    ) -> anyhow::Result<()> {
        let message = SendClueRequest {
            request_id: request_id(),
            finding_id: finding.finding_id.clone(),
            proposed_clause: clause.to_owned(),
            ground: ground.to_owned(),
        };
        let call = self.suite.call(SUPERVISOR, message).await?;
        self.suite.supervision.send_clue(call).await?;
        self.say(&finding.case_number, "线索通报", ground);
        Ok(())
    }

    /// Defines an evaluation scheme; the refusal is the caller's to judge.
    pub(crate) async fn define_scheme(
        &mut self,
        name: &str,
        measures: &[(Measure, u32)],
    ) -> anyhow::Result<Result<String, Status>> {
        let items = measures
            .iter()
            .map(|(measure, points)| SchemeItem { measure: (*measure).into(), points: *points });
        let message = DefineSchemeRequest {
            request_id: request_id(),
            name: name.to_owned(),
            items: items.collect(),
        };
        let call = self.suite.call(LEGAL_HEAD, message).await?;
        let answer = self.suite.supervision.define_scheme(call).await;
        Ok(answer.map(Response::into_inner).map(|answer| answer.scheme_id))
    }

    pub(crate) async fn score(
        &mut self,
        scheme_id: &str,
        unit: Unit,
        from: Timestamp,
    ) -> anyhow::Result<ScoreUnitResponse> {
        let message = ScoreUnitRequest {
            scheme_id: scheme_id.to_owned(),
            unit: Some(unit),
            from: Some(timestamp(from)),
            until: Some(timestamp(self.suite.now())),
        };
        let call = self.suite.call(SUPERVISOR, message).await?;
        Ok(self.suite.supervision.score_unit(call).await?.into_inner())
    }
}
