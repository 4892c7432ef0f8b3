//! What callers and pages read. Whoever reads a case or a finding is on record before.

use gongxin_chassis::PageSize;
use gongxin_eventing::{Db, Scope};
use gongxin_kernel::{Fault, Staff, UnitCode};
use gongxin_supervision_domain::{
    CaseId, Deduction, Finding, FindingId, Recording, SchemeId, score as score_by,
};
use jiff::Timestamp;

use crate::store::cases::Head;
use crate::store::findings::{Line, Wanted};
use crate::store::timeline::Entry;
use crate::store::{self, findings};

/// Findings of a case that its page shows at most.
const MOST_OF_A_CASE: i64 = 500;

/// Everything about a case.
#[derive(Clone, Debug)]
pub(crate) struct CaseView {
    pub(crate) head: Head,
    pub(crate) entries: Vec<Entry>,
    pub(crate) recordings: Vec<Recording>,
    pub(crate) findings: Vec<Line>,
}

/// Reads a case; the read is recorded in the same transaction.
pub(crate) async fn case(db: &Db, staff: &Staff, case: CaseId) -> Result<CaseView, Fault> {
    db.read("get_timeline", staff, case.0, move |tx| {
        Box::pin(async move {
            let head = store::cases::load(tx, case).await?;
            let entries = store::timeline::of(tx.conn(), case).await?;
            let recordings = store::recordings::of(tx, case).await?;
            let wanted =
                Wanted { case: Some(case), open_only: false, after: None, limit: MOST_OF_A_CASE };
            let findings = findings::lines(tx.conn(), wanted).await?;
            Ok(CaseView { head, entries, recordings, findings })
        })
    })
    .await
}

/// Reads a finding; the read is recorded in the same transaction.
pub(crate) async fn finding(db: &Db, staff: &Staff, id: FindingId) -> Result<Finding, Fault> {
    db.read("get_finding", staff, id.0, move |tx| Box::pin(findings::load(tx, id))).await
}

/// A page of findings, and after which one the next page begins.
pub(crate) async fn findings(
    db: &Db,
    staff: &Staff,
    open_only: bool,
    after: Option<FindingId>,
    size: PageSize,
) -> Result<(Vec<Line>, Option<FindingId>), Fault> {
    let wanted = Wanted { case: None, open_only, after, limit: size.limit() };
    let mut lines = db
        .transaction("list_findings", Scope::Bureau(staff.bureau.clone()), move |tx| {
            Box::pin(async move { findings::lines(tx.conn(), wanted).await })
        })
        .await?;
    let next = size.cut(&mut lines).map(|line| FindingId(line.id));
    Ok((lines, next))
}

/// Which unit is scored, by which scheme, over which time.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) scheme: SchemeId,
    pub(crate) unit: UnitCode,
    pub(crate) from: Timestamp,
    /// The first instant that does not count any more.
    pub(crate) until: Timestamp,
}

/// The score of a unit, with every deduction. It is computed from what stands now and kept
/// nowhere.
pub(crate) async fn score(
    db: &Db,
    staff: &Staff,
    asked: Asked,
) -> Result<(u32, Vec<Deduction>), Fault> {
    db.transaction("score_unit", Scope::Bureau(staff.bureau.clone()), move |tx| {
        let asked = asked.clone();
        Box::pin(async move {
            let items = store::schemes::items(tx, asked.scheme).await?;
            let Asked { unit, from, until, .. } = &asked;
            let confirmed = store::schemes::confirmed(tx, unit, *from, *until).await?;
            Ok(score_by(&items, &confirmed))
        })
    })
    .await
}
