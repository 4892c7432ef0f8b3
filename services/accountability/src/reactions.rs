//! What supervision's findings mean here: a clue about a matter, once. Neither a person nor a
//! clause is taken over; those are for the hands of the clue.

use futures::future::BoxFuture;
use gongxin_accountability_domain::{Clue, ClueId, Conduct, Law, NewClue, Officer, Source};
use gongxin_eventing::{Reactions, Tx, reasons};
use gongxin_kernel::{Fault, Unit};
use gongxin_proto::operations::v1::Envelope;
use gongxin_proto::supervision::v1::{FindingClueSent, FindingKind, FindingOpened, Matter};
use jiff::Timestamp;
use prost::Message;
use uuid::Uuid;

use crate::{commands, store};

/// Follows the log of supervision.
#[derive(Debug)]
pub(crate) struct Findings {
    /// First word of document numbers.
    pub(crate) organ: String,
    pub(crate) law: Law<'static>,
}

impl Reactions for Findings {
    fn apply<'t>(
        &'t self,
        tx: &'t mut Tx,
        event: &'t Envelope,
    ) -> BoxFuture<'t, Result<(), Fault>> {
        Box::pin(async move {
            match event.r#type.as_str() {
                "gongxin.supervision.v1.FindingOpened" => {
                    let opened = FindingOpened::decode(&*event.data).map_err(unreadable)?;
                    if !opened.clue_at_once {
                        return Ok(());
                    }
                    self.follow(tx, event, opened.matter, None).await
                }
                "gongxin.supervision.v1.FindingClueSent" => {
                    let sent = FindingClueSent::decode(&*event.data).map_err(unreadable)?;
                    let by = sent.sent_by.ok_or_else(|| unreadable("an officer is missing"))?;
                    let unit = by.unit.unwrap_or_default();
                    let unit =
                        Unit { code: unit.code.parse().map_err(unreadable)?, name: unit.name };
                    let by = Officer { police_number: by.police_number, name: by.name, unit };
                    self.follow(tx, event, sent.matter, Some(by)).await
                }
                _ => Ok(()),
            }
        })
    }
}

impl Findings {
    /// Opens the clue of a finding, unless there is one; then an officer's word is added to it.
    async fn follow(
        &self,
        tx: &mut Tx,
        event: &Envelope,
        matter: Option<Matter>,
        by: Option<Officer>,
    ) -> Result<(), Fault> {
        let matter = matter.ok_or_else(|| unreadable("a matter is missing"))?;
        // The finding's id, which the consumer has locked; opening by hand locks it as well.
        let finding: Uuid = matter.finding_id.parse().map_err(unreadable)?;
        let Some(id) = store::of_origin(tx, finding).await? else {
            return self.open(tx, event, &matter, finding, by).await;
        };
        let Some(by) = by else { return Ok(()) };
        tx.lock(vec![id.0]).await?;
        let clue = store::load(tx, id).await?;
        let changed = clue.finding_confirmed(&by, tx.at());
        commands::record(tx, &changed).await
    }

    async fn open(
        &self,
        tx: &mut Tx,
        event: &Envelope,
        matter: &Matter,
        finding: Uuid,
        by: Option<Officer>,
    ) -> Result<(), Fault> {
        let at = tx.at();
        let content = content(event, matter, finding, at)?;
        let number = commands::next_clue_number(tx, &self.organ).await?;
        // One matter, one id: the clue of a finding has the finding's.
        let changed = Clue::open(ClueId(finding), number, content, by, at, self.law)?;
        commands::record(tx, &changed).await
    }
}

/// Case and unit, in words of this service.
fn content(
    event: &Envelope,
    matter: &Matter,
    finding: Uuid,
    now: Timestamp,
) -> Result<NewClue, Fault> {
    let unit = matter.unit.clone().ok_or_else(|| unreadable("a unit is missing"))?;
    let unit = Unit { code: unit.code.parse().map_err(unreadable)?, name: unit.name };
    let (conduct, what) = kind(matter.kind())?;
    let opened_at = if matter.opened_at.is_empty() { &event.time } else { &matter.opened_at };
    let opened_at: Timestamp = opened_at.parse().map_err(unreadable)?;
    Ok(NewClue {
        source: Source::Finding,
        conduct,
        // A matter without a case has the number of its report, which only the facts can hold.
        case_number: matter.case_number.parse().ok(),
        facts: format!("执法监督发现：{what}。编号：{}。单位：{}。", matter.case_number, unit.name),
        unit,
        // The clock of supervision may be a little ahead.
        occurred_at: opened_at.min(now),
        origin: Some(finding),
    })
}

/// What a kind of finding is here.
fn kind(kind: FindingKind) -> Result<(Conduct, &'static str), Fault> {
    Ok(match kind {
        FindingKind::FilingReviewOverdue => (Conduct::DoneLate, "立案审查超期（倒查）"),
        FindingKind::NonFilingNoticeOverdue => (Conduct::DoneLate, "不予立案通知书逾期未送达"),
        FindingKind::CustodyOverdue => (Conduct::DoneLate, "超期羁押"),
        FindingKind::CorrectionOverdue => (Conduct::DoneLate, "补正逾期"),
        FindingKind::ViolationNoticeOverdue => (Conduct::DoneLate, "纠正违法通知书逾期未回复"),
        FindingKind::ReconsiderationOverdue => (Conduct::DoneLate, "刑事复议逾期未决定"),
        FindingKind::ExplanationOverdue => (Conduct::DoneLate, "逾期未说明不立案理由"),
        FindingKind::SupplementaryOverdue => (Conduct::DoneLate, "补充侦查逾期"),
        FindingKind::DirectSendingRefused => (Conduct::DoneWrongly, "绕过统一出口移送"),
        FindingKind::SentPastGate => (Conduct::DoneWrongly, "未经统一出口实际移送"),
        FindingKind::RecordingDestroyed => (Conduct::DoneWrongly, "录音录像被毁损"),
        FindingKind::RecordingMissing => (Conduct::NotDone, "讯问录音录像缺失"),
        FindingKind::ReportUnregistered => (Conduct::NotDone, "警情、报案未登记"),
        FindingKind::ReportTurnedAway => (Conduct::NotDone, "拒绝受理报案"),
        FindingKind::Unspecified => return Err(unreadable("a kind of finding that is not known")),
    })
}

fn unreadable(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Fault {
    Fault::new(&reasons::EVENT_UNREADABLE).caused_by(cause)
}
