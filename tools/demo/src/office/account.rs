//! Acts of the hands of a clue, and of the officer whom it concerns.

use anyhow::{Context as _, ensure};
use gongxin_proto::accountability::v1::{
    Clue, ClueSource, Conduct, DecideAppealRequest, DecideClueRequest, FileAppealRequest,
    FileEntry, GetClueRequest, GetFileRequest, HearOfficerRequest, InterferenceKind,
    ListCluesRequest, ListInterferenceRequest, NamedOfficer, NoFaultGround, OpenClueRequest,
    Outcome, RecordInterferenceRequest, ReviewClueRequest, ServeNoticeRequest, VerifyClueRequest,
};
use gongxin_proto::common::v1::{Officer, Unit};
use gongxin_proto::timestamp;
use jiff::{SignedDuration, Timestamp};
use tonic::Status;

use super::{Office, request_id};

/// The inspectorate, which verifies.
pub(crate) const INSPECTOR: &str = "619018";
/// Discipline inspection.
pub(crate) const DISCIPLINE: &str = "619019";
/// The political work department, which serves decisions.
pub(crate) const POLITICAL: &str = "619020";
/// Who takes petitions.
pub(crate) const PETITIONS: &str = "619021";
/// A reviewer of the legal department who is no supervision officer.
pub(crate) const REVIEWER: &str = "619007";
/// The head of the bureau, and a deputy.
pub(crate) const HEAD: &str = "619001";
pub(crate) const DEPUTY: &str = "619002";

impl Office<'_> {
    /// A police number of the sample as the contract writes an officer.
    pub(crate) fn officer(&self, police_number: &str) -> anyhow::Result<Officer> {
        Ok(Officer::from(&gongxin_kernel::Officer::from(&self.sample.staff(police_number)?)))
    }

    pub(crate) fn unit_of(&self, code: &str) -> Unit {
        Unit { code: code.to_owned(), name: self.sample.unit_name(code).to_owned() }
    }

    /// The clues on a case, oldest first; on a 110 call, which has no case number, by the facts.
    pub(crate) async fn clues_on(&mut self, number: &str) -> anyhow::Result<Vec<Clue>> {
        let message = ListCluesRequest { page_size: 200, page_token: String::new() };
        let call = self.suite.call(HEAD, message).await?;
        let lines = self.suite.accountability.list_clues(call).await?.into_inner().clues;
        let mut found = Vec::new();
        for line in lines.iter().rev() {
            if line.case_number == number {
                found.push(self.clue(HEAD, &line.clue_id).await?);
            } else if line.case_number.is_empty() {
                let clue = self.clue(HEAD, &line.clue_id).await?;
                found.extend(Some(clue).filter(|clue| clue.facts.contains(number)));
            }
        }
        Ok(found)
    }

    /// The one clue on a case.
    pub(crate) async fn clue_on(&mut self, case_number: &str) -> anyhow::Result<Clue> {
        let mut found = self.clues_on(case_number).await?;
        ensure!(found.len() == 1, "{} clues on {case_number}", found.len());
        Ok(found.remove(0))
    }

    /// The one clue that a finding of this case opened by itself: case and unit, no person.
    pub(crate) async fn clue_of_finding(&mut self, case_number: &str) -> anyhow::Result<Clue> {
        let clue = self.clue_on(case_number).await?;
        ensure!(clue.source() == ClueSource::Finding && clue.officers.is_empty(), "{clue:?}");
        Ok(clue)
    }

    pub(crate) async fn clue(&mut self, by: &str, clue_id: &str) -> anyhow::Result<Clue> {
        let call = self.suite.call(by, GetClueRequest { clue_id: clue_id.to_owned() }).await?;
        self.suite.accountability.get_clue(call).await?.into_inner().clue.context("a clue")
    }

    pub(crate) async fn open_clue(
        &mut self,
        by: &str,
        source: ClueSource,
        conduct: Conduct,
        unit: &str,
        facts: &str,
    ) -> anyhow::Result<String> {
        let message = OpenClueRequest {
            request_id: request_id(),
            source: source.into(),
            conduct: conduct.into(),
            case_number: String::new(),
            unit: Some(self.unit_of(unit)),
            facts: facts.to_owned(),
            occurred_at: Some(timestamp(self.suite.now() - SignedDuration::from_hours(20))),
            origin_id: String::new(),
        };
        let call = self.suite.call(by, message).await?;
        let answer = self.suite.accountability.open_clue(call).await?.into_inner();
        self.ledger.clues_opened += 1;
        self.say(&answer.number, "线索受理", facts);
        Ok(answer.clue_id)
    }

    /// The inspectorate verifies, naming these officers with its ground, and hears each.
    pub(crate) async fn verify_clue(
        &mut self,
        clue_id: &str,
        findings: &str,
        named: &[(&str, &str)],
        concerns_legal: bool,
    ) -> anyhow::Result<()> {
        let officers = named
            .iter()
            .map(|(who, ground)| {
                let officer = Some(self.officer(who)?);
                Ok(NamedOfficer { officer, ground: (*ground).to_owned() })
            })
            .collect::<anyhow::Result<Vec<_>>>()?;
        let message = VerifyClueRequest {
            request_id: request_id(),
            clue_id: clue_id.to_owned(),
            findings: findings.to_owned(),
            officers,
            concerns_legal,
        };
        let call = self.suite.call(INSPECTOR, message).await?;
        self.suite.accountability.verify_clue(call).await?;
        Ok(())
    }

    pub(crate) async fn hear(
        &mut self,
        clue_id: &str,
        who: &str,
        statement: &str,
    ) -> anyhow::Result<()> {
        let message = HearOfficerRequest {
            request_id: request_id(),
            clue_id: clue_id.to_owned(),
            police_number: who.to_owned(),
            statement: statement.to_owned(),
        };
        let call = self.suite.call(INSPECTOR, message).await?;
        self.suite.accountability.hear_officer(call).await?;
        Ok(())
    }

    /// The opinion on liability; the refusal is the caller's to judge.
    pub(crate) async fn opine(
        &mut self,
        by: &str,
        clue_id: &str,
        opinion: &str,
    ) -> anyhow::Result<Result<(), Status>> {
        let message = ReviewClueRequest {
            request_id: request_id(),
            clue_id: clue_id.to_owned(),
            opinion: opinion.to_owned(),
        };
        let call = self.suite.call(by, message).await?;
        Ok(self.suite.accountability.review_clue(call).await.map(|_| ()))
    }

    pub(crate) async fn decide_clue(
        &mut self,
        clue_id: &str,
        outcome: Outcome,
    ) -> anyhow::Result<Vec<String>> {
        let message = DecideClueRequest {
            request_id: request_id(),
            clue_id: clue_id.to_owned(),
            outcomes: vec![outcome],
        };
        let call = self.suite.call(HEAD, message).await?;
        Ok(self.suite.accountability.decide_clue(call).await?.into_inner().document_numbers)
    }

    /// The end of the time to appeal.
    pub(crate) async fn serve_decision(
        &mut self,
        clue_id: &str,
        who: &str,
    ) -> anyhow::Result<Timestamp> {
        let message = ServeNoticeRequest {
            request_id: request_id(),
            clue_id: clue_id.to_owned(),
            police_number: who.to_owned(),
            served_at: Some(timestamp(self.suite.now() - SignedDuration::from_mins(30))),
        };
        let call = self.suite.call(POLITICAL, message).await?;
        let answer = self.suite.accountability.serve_notice(call).await?.into_inner();
        Ok(answer.appeal.context("time to appeal")?.due_at.parse()?)
    }

    pub(crate) async fn appeal(
        &mut self,
        clue_id: &str,
        who: &str,
        ground: &str,
    ) -> anyhow::Result<()> {
        let message = FileAppealRequest {
            request_id: request_id(),
            clue_id: clue_id.to_owned(),
            ground: ground.to_owned(),
        };
        let call = self.suite.call(who, message).await?;
        self.suite.accountability.file_appeal(call).await?;
        Ok(())
    }

    pub(crate) async fn decide_appeal(
        &mut self,
        clue_id: &str,
        outcome: Outcome,
    ) -> anyhow::Result<bool> {
        let message = DecideAppealRequest {
            request_id: request_id(),
            clue_id: clue_id.to_owned(),
            outcome: Some(outcome),
        };
        let call = self.suite.call(DEPUTY, message).await?;
        Ok(self.suite.accountability.decide_appeal(call).await?.into_inner().upheld)
    }

    /// What an officer reads in his or her own file.
    pub(crate) async fn own_file(&mut self, who: &str) -> anyhow::Result<Vec<FileEntry>> {
        let call = self.suite.call(who, GetFileRequest { police_number: String::new() }).await?;
        Ok(self.suite.accountability.get_file(call).await?.into_inner().entries)
    }

    pub(crate) async fn record_interference(
        &mut self,
        by: &str,
        case_number: &str,
    ) -> anyhow::Result<()> {
        let message = RecordInterferenceRequest {
            request_id: request_id(),
            kind: InterferenceKind::Favour.into(),
            who: "自称某单位干部，姓名未留".to_owned(),
            happened_at: Some(timestamp(self.suite.now() - SignedDuration::from_hours(2))),
            channel: "电话".to_owned(),
            case_number: case_number.to_owned(),
            words: "希望办案时多照顾，不要急着移送。".to_owned(),
            answer: "已告知依法办理并如实记录。".to_owned(),
        };
        let call = self.suite.call(by, message).await?;
        self.suite.interference.record_interference(call).await?;
        Ok(())
    }

    /// How many records of interference an officer sees.
    pub(crate) async fn interference_seen(
        &mut self,
        by: &str,
    ) -> anyhow::Result<Result<usize, Status>> {
        let call = self.suite.call(by, ListInterferenceRequest {}).await?;
        let answer = self.suite.interference.list_interference(call).await;
        Ok(answer.map(|answer| answer.into_inner().records.len()))
    }
}

/// No fault, on this ground.
pub(crate) fn no_fault(who: &str, ground: NoFaultGround, reason: &str) -> Outcome {
    Outcome {
        police_number: who.to_owned(),
        no_fault_ground: ground.into(),
        reason: reason.to_owned(),
        ..Outcome::default()
    }
}
