//! What callers and pages read.

pub(crate) mod calls;

use std::sync::Arc;

use gongxin_chassis::{Context, PageSize, Place};
use gongxin_eventing::{Db, Entry, LogSetup, Past, Scope};
use gongxin_intake_domain::reasons::REPORT_NOT_FOUND;
use gongxin_intake_domain::{Report, ReportId, ReportersWord};
use gongxin_kernel::{Fault, Revision, Staff};
use gongxin_transparency::Receipt;
use jiff::Timestamp;

use crate::store::{self, Line};

/// The register, to be read.
#[derive(Clone, Debug)]
pub(crate) struct Register {
    pub(crate) db: Db,
    log: Arc<LogSetup>,
}

/// A report with its history, as it stood at one moment.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) report: Report,
    /// What the reporter said of units.
    pub(crate) words: Vec<ReportersWord>,
    pub(crate) history: Vec<Past>,
    pub(crate) documents: Vec<Entry>,
    pub(crate) at: Timestamp,
}

/// One page of the list.
#[derive(Debug)]
pub(crate) struct Lines {
    pub(crate) reports: Vec<Line>,
    /// The place after which the next page begins; none on the last.
    pub(crate) next: Option<Place>,
    pub(crate) at: Timestamp,
}

impl Register {
    pub(crate) fn new(context: &Context) -> Self {
        Self { db: context.db.clone(), log: Arc::clone(&context.log) }
    }

    /// Reads a report; the read is recorded before anything is shown.
    pub(crate) async fn report(&self, staff: &Staff, id: ReportId) -> Result<Reading, Fault> {
        self.db
            .read("get_report", staff, id.0, move |tx| {
                Box::pin(async move {
                    let report = store::load(tx, id).await?;
                    let words = store::words::of(tx, id).await?;
                    let history = tx.history(id.0).await?;
                    let documents = tx.documents(id.0).await?;
                    Ok(Reading { report, words, history, documents, at: tx.at() })
                })
            })
            .await
    }

    /// Lists reports, newest first; nothing personal is in a line.
    pub(crate) async fn list(
        &self,
        staff: &Staff,
        after: Option<Place>,
        size: PageSize,
    ) -> Result<Lines, Fault> {
        let bureau = staff.bureau.clone();
        let mut page = self
            .db
            .transaction("list_reports", Scope::Bureau(bureau.clone()), move |tx| {
                let bureau = bureau.clone();
                Box::pin(async move {
                    let reports = store::lines(tx.conn(), &bureau, after, size.limit()).await?;
                    Ok(Lines { reports, next: None, at: tx.at() })
                })
            })
            .await?;
        let last = size.cut(&mut page.reports);
        page.next = last.map(|line| Place { at: line.registered_at.0, id: line.id });
        Ok(page)
    }

    /// The receipt of a report's registration. Waits up to five seconds for its proof.
    pub(crate) async fn receipt(&self, staff: &Staff, id: ReportId) -> Result<Receipt, Fault> {
        let event = self
            .db
            .transaction("find_receipt", Scope::Bureau(staff.bureau.clone()), move |tx| {
                Box::pin(async move {
                    let event = tx.event_of(id.0, Revision::FIRST).await?;
                    event.ok_or_else(|| Fault::new(&REPORT_NOT_FOUND))
                })
            })
            .await?;
        gongxin_eventing::receipt(&self.db, &self.log, &staff.bureau, event).await
    }
}
