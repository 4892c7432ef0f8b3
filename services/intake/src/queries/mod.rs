//! What callers and pages read.

use std::sync::Arc;

use gongxin_chassis::Context;
use gongxin_eventing::{Db, LogSetup, Scope};
use gongxin_intake_domain::reasons::REPORT_NOT_FOUND;
use gongxin_intake_domain::{Report, ReportId};
use gongxin_kernel::{Fault, Staff};
use gongxin_transparency::Receipt;
use jiff::Timestamp;

use crate::reasons;
use crate::store::{self, Line, Place, history};

/// Most reports on a page.
const MOST: u32 = 200;
/// Reports on a page unless told.
const USUAL: u32 = 50;

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
    pub(crate) history: Vec<history::Entry>,
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
        let reader = format!("staff:{}", staff.police_number);
        self.db
            .transaction("get_report", Scope::Bureau(staff.bureau.clone()), move |tx| {
                let reader = reader.clone();
                Box::pin(async move {
                    tx.lock_to_read(id.0).await?;
                    let report = store::load(tx, id).await?;
                    let history = history::of(tx.conn(), id).await?;
                    tx.audit(&reader, "get_report", id.0).await?;
                    Ok(Reading { report, history, at: tx.at() })
                })
            })
            .await
    }

    /// Lists reports, newest first; nothing personal is in a line.
    pub(crate) async fn list(
        &self,
        staff: &Staff,
        after: Option<Place>,
        size: u32,
    ) -> Result<Lines, Fault> {
        let size = if size == 0 { USUAL } else { size.min(MOST) };
        let bureau = staff.bureau.clone();
        let mut page = self
            .db
            .transaction("list_reports", Scope::Bureau(bureau.clone()), move |tx| {
                let bureau = bureau.clone();
                Box::pin(async move {
                    let reports =
                        store::lines(tx.conn(), &bureau, after, i64::from(size) + 1).await?;
                    Ok(Lines { reports, next: None, at: tx.at() })
                })
            })
            .await?;
        // One more than asked for was read, to know whether there is a next page.
        let size = size as usize;
        if page.reports.len() > size {
            page.reports.truncate(size);
            page.next = page.reports.last().map(Line::place);
        }
        Ok(page)
    }

    /// The receipt of a report's registration. Waits up to five seconds for its proof.
    pub(crate) async fn receipt(&self, staff: &Staff, id: ReportId) -> Result<Receipt, Fault> {
        let event = self
            .db
            .transaction("find_receipt", Scope::Bureau(staff.bureau.clone()), move |tx| {
                Box::pin(async move {
                    let event = history::registration(tx.conn(), id).await?;
                    event.ok_or_else(|| Fault::new(&REPORT_NOT_FOUND))
                })
            })
            .await?;
        gongxin_eventing::receipt(&self.db, &self.log, &staff.bureau, event).await
    }
}

impl Place {
    /// The place as text, for a page token.
    pub(crate) fn token(&self) -> String {
        format!("{}-{}", self.registered_at.as_microsecond(), self.id.simple())
    }

    /// # Errors
    /// `PAGE_TOKEN_INVALID`.
    pub(crate) fn of_token(token: &str) -> Result<Self, Fault> {
        let refused = || Fault::field(&reasons::PAGE_TOKEN_INVALID, "page_token", "翻页标记无效");
        let (micros, id) = token.split_once('-').ok_or_else(refused)?;
        let micros = micros.parse().map_err(|_| refused())?;
        let registered_at = Timestamp::from_microsecond(micros).map_err(|_| refused())?;
        Ok(Self { registered_at, id: id.parse().map_err(|_| refused())? })
    }
}

impl Line {
    fn place(&self) -> Place {
        Place { registered_at: self.registered_at.0, id: self.id }
    }
}
