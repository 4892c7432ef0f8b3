//! Acts at the counter and on filing.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use gongxin_kernel::Post;
use gongxin_proto::disclosure::v1::PortalReport;
use gongxin_proto::intake::v1::{
    DecideFilingRequest, ExtendFilingReviewRequest, FilingOutcome, GetReceiptRequest,
    GetReportRequest, Nature, Person, ReceivingOrgan, RecordNoticeServedRequest,
    RegisterReportRequest, ReportSource, Reporter,
};
use gongxin_proto::timestamp;
use jiff::SignedDuration;
use tokio::time::Instant;
use tonic::Status;

use super::account::HEAD;
use super::{Office, request_id};
use crate::clock::PATIENCE;
use crate::sample::{Case, Path};
use crate::season::{Entry, local};

/// The station of the county town.
pub(super) const TOWN: &str = "619921510000";

/// Keys of the reports that the script tells, beside those of the sample.
pub(crate) const ONLINE: &str = "网报";
const DUTY_CRIME: &str = "职务犯罪";

impl Office<'_> {
    pub(crate) async fn register(&mut self, index: usize) -> anyhow::Result<()> {
        let message = self.heard(index)?;
        if !message.call_number.is_empty() {
            let (case, unit) = (self.case(index), self.unit(self.case(index)));
            let told_at = self.told_at(case);
            self.take_call(&message.call_number, told_at, &case.told, unit).await?;
        }
        let desk = self.desk(index)?;
        let call = self.suite.call(&desk, message).await?;
        let answer = self.suite.intake.register_report(call).await?.into_inner();
        let message = GetReceiptRequest { report_id: answer.report_id.clone() };
        let call = self.suite.call(&desk, message).await?;
        let receipt = self.suite.intake.get_receipt(call).await?.into_inner().receipt;
        let case = self.case(index);
        let file = self.suite.places.folder.join(format!("receipts/{}.txt", case.key));
        std::fs::write(file, &receipt)?;
        let due_at = answer.filing_review.map(|review| review.due_at.parse()).transpose()?;
        let about = case.charge.as_deref().unwrap_or(match case.path {
            Path::Repeat => "重复报案，已关联",
            Path::NotPolice => "不属于公安机关职责范围，已告知",
            _ => "行政案件",
        });
        let due = due_at.map(|at| format!("，立案审查至 {}", local(at))).unwrap_or_default();
        let unit = self.sample.unit_name(&case.unit);
        self.tell(index, "接报登记", &format!("{} · {about} · {unit}{due}", answer.number));
        *self.entry_mut(index) = Entry {
            report_id: answer.report_id,
            number: answer.number,
            case_number: answer.case_number,
            receipt,
            due_at,
            ..Entry::default()
        };
        Ok(())
    }

    /// An officer of the town's station takes the report that came from the kiosk; gives its
    /// number in the register.
    pub(crate) async fn register_portal(&mut self, facts: &str) -> anyhow::Result<String> {
        let desk = self.sample.officer(TOWN, Post::ReportOfficer, 0)?;
        let online = self.arrived_inside(&desk).await?;
        let now = self.suite.now();
        let message = RegisterReportRequest {
            request_id: request_id(),
            source: ReportSource::Portal.into(),
            told_at: online.received_at,
            occurred_at: Some(timestamp(now - SignedDuration::from_hours(20))),
            place: "明川县城关镇菜市街".to_owned(),
            facts: facts.to_owned(),
            reporter: Some(Reporter {
                person: Some(Person { name: "苗春花".to_owned(), id_number: String::new() }),
                phone: "19900007788".to_owned(),
                secret: false,
            }),
            unit: Some(self.unit_of(TOWN)),
            nature: Nature::Administrative.into(),
            ..RegisterReportRequest::default()
        };
        let number = self.enter_report(ONLINE, &desk, message).await?;
        // The register's number is known to the public side once its event has arrived there.
        self.suite.settle().await?;
        self.link_portal_report(&desk, &online.portal_id, &number).await?;
        Ok(number)
    }

    /// Another organ hands an incident over with its papers; gives the report's number.
    pub(crate) async fn handed_in(
        &mut self,
        key: &str,
        source: ReportSource,
        told: (&str, &str),
    ) -> anyhow::Result<String> {
        let desk = self.sample.officer(TOWN, Post::ReportOfficer, 0)?;
        let (place, facts) = told;
        let now = self.suite.now();
        let message = RegisterReportRequest {
            request_id: request_id(),
            source: source.into(),
            told_at: Some(timestamp(now - SignedDuration::from_mins(30))),
            occurred_at: Some(timestamp(now - SignedDuration::from_hours(70))),
            place: place.to_owned(),
            facts: facts.to_owned(),
            unit: Some(self.unit_of(TOWN)),
            nature: Nature::Administrative.into(),
            evidence: vec!["移送函及案卷一册".to_owned()],
            ..RegisterReportRequest::default()
        };
        self.enter_report(key, &desk, message).await
    }

    /// Registers what the script tells, under a key of the ledger; gives the report's number.
    pub(super) async fn enter_report(
        &mut self,
        key: &str,
        desk: &str,
        message: RegisterReportRequest,
    ) -> anyhow::Result<String> {
        let call = self.suite.call(desk, message).await?;
        let answer = self.suite.intake.register_report(call).await?.into_inner();
        let message = GetReceiptRequest { report_id: answer.report_id.clone() };
        let call = self.suite.call(desk, message).await?;
        let receipt = self.suite.intake.get_receipt(call).await?.into_inner().receipt;
        let number = answer.number.clone();
        let entry = Entry {
            report_id: answer.report_id,
            number: answer.number,
            case_number: answer.case_number,
            receipt,
            ..Entry::default()
        };
        self.ledger.entries.insert(key.to_owned(), entry);
        Ok(number)
    }

    /// Somebody tells of a duty crime, which is not for the police to investigate.
    pub(crate) async fn hear_of_duty_crime(&mut self) -> anyhow::Result<String> {
        let desk = self.sample.officer(TOWN, Post::ReportOfficer, 0)?;
        let now = self.suite.now();
        let message = RegisterReportRequest {
            request_id: request_id(),
            source: ReportSource::TipOff.into(),
            told_at: Some(timestamp(now - SignedDuration::from_mins(15))),
            occurred_at: Some(timestamp(now - SignedDuration::from_hours(24 * 30))),
            place: "明川县城关镇".to_owned(),
            facts: "举报某局工作人员在项目验收中收受现金五万元。".to_owned(),
            reporter: Some(Reporter {
                person: Some(Person { name: "杭为民".to_owned(), id_number: String::new() }),
                phone: "19900003344".to_owned(),
                secret: true,
            }),
            unit: Some(self.unit_of(TOWN)),
            nature: Nature::Criminal.into(),
            charge: "受贿罪".to_owned(),
            ..RegisterReportRequest::default()
        };
        self.enter_report(DUTY_CRIME, &desk, message).await
    }

    /// Decides on the report of a duty crime; the refusal is the caller's to judge.
    pub(crate) async fn decide_duty_crime(
        &mut self,
        outcome: FilingOutcome,
        organ: ReceivingOrgan,
    ) -> anyhow::Result<Result<String, Status>> {
        let entry = self.ledger.entries.get(DUTY_CRIME).context("the report is registered")?;
        let message = DecideFilingRequest {
            request_id: request_id(),
            report_id: entry.report_id.clone(),
            outcome: outcome.into(),
            ground: "涉嫌职务犯罪，属监察机关管辖。".to_owned(),
            receiving_organ: organ.into(),
        };
        let call = self.suite.call(HEAD, message).await?;
        let answer = self.suite.intake.decide_filing(call).await;
        Ok(answer.map(|answer| answer.into_inner().document_number))
    }

    /// The one report made online, once it has come inside by itself.
    async fn arrived_inside(&mut self, desk: &str) -> anyhow::Result<PortalReport> {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(report) = self.portal_reports(desk).await?.pop() {
                return Ok(report);
            }
            ensure!(Instant::now() < end, "the report does not come inside");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// What the reporter says, as the officer at the counter types it.
    fn heard(&self, index: usize) -> anyhow::Result<RegisterReportRequest> {
        let case = self.case(index);
        let told_at = self.told_at(case);
        let occurred_at = told_at - SignedDuration::from_mins(case.occurred_before_minutes);
        let person = |name: &str, id_number: Option<&String>| Person {
            name: name.to_owned(),
            id_number: id_number.cloned().unwrap_or_default(),
        };
        let nature = nature(case)?;
        let opens_case = matches!(nature, Nature::Criminal | Nature::Administrative);
        Ok(RegisterReportRequest {
            request_id: request_id(),
            source: source(case)?.into(),
            call_number: case.call_number.clone().unwrap_or_default(),
            told_at: Some(timestamp(told_at)),
            occurred_at: Some(timestamp(occurred_at)),
            place: case.place.clone(),
            facts: case.told.clone(),
            reporter: case.reporter.as_ref().map(|reporter| Reporter {
                person: Some(person(&reporter.name, reporter.id_number.as_ref())),
                phone: reporter.phone.clone().unwrap_or_default(),
                secret: reporter.secret,
            }),
            unit: Some(self.unit(case)),
            nature: nature.into(),
            charge: if opens_case {
                case.charge.clone().unwrap_or_default()
            } else {
                String::new()
            },
            evidence: case.evidence.clone(),
            suspects: case
                .suspects
                .iter()
                .map(|suspect| person(&suspect.name, suspect.id_number.as_ref()))
                .collect(),
            repeat_of: match &case.repeat_of {
                Some(earlier) => {
                    let entry = self.ledger.entries.get(earlier);
                    entry.context("the earlier report is registered")?.report_id.clone()
                }
                None => String::new(),
            },
            told: match nature {
                Nature::NotPolice => "所述事项不属于公安机关职责范围，已告知向有权处理的机关反映。",
                Nature::Repeat => "此前已接报并受理，处理进展可凭原回执查询。",
                _ => "",
            }
            .to_owned(),
        })
    }

    pub(crate) async fn extend(&mut self, index: usize) -> anyhow::Result<()> {
        let message = ExtendFilingReviewRequest {
            request_id: request_id(),
            report_id: self.entry(index)?.report_id.clone(),
            extension: "needs_checking".to_owned(),
            ground: "尚需查证作案人及损失数额。".to_owned(),
        };
        let leader = self.leader(index)?;
        let call = self.suite.call(&leader, message).await?;
        let answer = self.suite.intake.extend_filing_review(call).await?.into_inner();
        let due = answer.filing_review.context("the review runs")?.due_at.parse()?;
        self.entry_mut(index).due_at = Some(due);
        self.tell(index, "延长立案审查", &format!("至 {}", local(due)));
        Ok(())
    }

    pub(crate) async fn file(&mut self, index: usize) -> anyhow::Result<()> {
        if self.case(index).path == Path::OverdueThenFiled {
            self.look_at_overdue(index).await?;
        }
        let number = self
            .decide(index, FilingOutcome::Filed, "有犯罪事实，需要追究刑事责任，属本局管辖。")
            .await?;
        self.tell(index, "决定立案", &number);
        Ok(())
    }

    /// Nobody decided in time: the trace-back must have opened by itself.
    async fn look_at_overdue(&mut self, index: usize) -> anyhow::Result<()> {
        let message = GetReportRequest { report_id: self.entry(index)?.report_id.clone() };
        let leader = self.leader(index)?;
        let call = self.suite.call(&leader, message).await?;
        let report = self.suite.intake.get_report(call).await?.into_inner().report;
        let report = report.context("a report")?;
        let noted = report.history.iter().find(|entry| entry.what.contains("超期"));
        let noted = noted.context("the end of the review was noted by itself")?;
        ensure!(report.overdue && noted.actor.starts_with("deadline:"), "{noted:?}");
        self.tell(index, "立案审查超期", "倒查已自动启动");
        Ok(())
    }

    pub(crate) async fn do_not_file(&mut self, index: usize) -> anyhow::Result<()> {
        let ground = "经审查，没有犯罪事实，不需要追究刑事责任。";
        let number = self.decide(index, FilingOutcome::NotFiled, ground).await?;
        self.tell(index, "不予立案", &number);
        Ok(())
    }

    async fn decide(
        &mut self,
        index: usize,
        outcome: FilingOutcome,
        ground: &str,
    ) -> anyhow::Result<String> {
        let message = DecideFilingRequest {
            request_id: request_id(),
            report_id: self.entry(index)?.report_id.clone(),
            outcome: outcome.into(),
            ground: ground.to_owned(),
            ..Default::default()
        };
        let leader = self.leader(index)?;
        let call = self.suite.call(&leader, message).await?;
        Ok(self.suite.intake.decide_filing(call).await?.into_inner().document_number)
    }

    pub(crate) async fn serve_notice(&mut self, index: usize) -> anyhow::Result<()> {
        if self.case(index).reporter.is_none() {
            return Ok(()); // nobody is known who could be told
        }
        let message = RecordNoticeServedRequest {
            request_id: request_id(),
            report_id: self.entry(index)?.report_id.clone(),
            served_at: Some(timestamp(self.suite.now() - SignedDuration::from_mins(10))),
        };
        let desk = self.desk(index)?;
        let call = self.suite.call(&desk, message).await?;
        let answer = self.suite.intake.record_notice_served(call).await?.into_inner();
        let due = answer.reconsideration.context("time for reconsideration")?.due_at.parse()?;
        self.tell(index, "不立案通知书送达", &format!("复议申请至 {}", local(due)));
        Ok(())
    }
}

fn source(case: &Case) -> anyhow::Result<ReportSource> {
    Ok(match case.source.as_str() {
        "police_110" => ReportSource::Police110,
        "report" => ReportSource::Report,
        "accusation" => ReportSource::Accusation,
        "tip_off" => ReportSource::TipOff,
        "surrender" => ReportSource::Surrender,
        "brought_in" => ReportSource::BroughtIn,
        "found_at_work" => ReportSource::FoundAtWork,
        "letter" => ReportSource::Letter,
        other => anyhow::bail!("the sample names no source {other}"),
    })
}

fn nature(case: &Case) -> anyhow::Result<Nature> {
    Ok(match (case.path, case.nature.as_str()) {
        (Path::Repeat, _) => Nature::Repeat,
        (_, "criminal") => Nature::Criminal,
        (_, "administrative") => Nature::Administrative,
        (_, "not_police") => Nature::NotPolice,
        (_, other) => anyhow::bail!("the sample names no nature {other}"),
    })
}
