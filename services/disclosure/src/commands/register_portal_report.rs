//! Tells under which number a portal report was registered in intake.

use gongxin_disclosure_domain::{CONTACT_RULE, Officer, PortalId, Registered, reasons};
use gongxin_eventing::{Command, Tx, trace};
use gongxin_kernel::Fault;
use gongxin_proto::disclosure::v1::RegisterPortalReportResponse;
use uuid::Uuid;

use crate::{events, store};

/// A portal report and the report receipt that came of it.
#[derive(Debug)]
pub(crate) struct RegisterPortalReport {
    pub(crate) id: PortalId,
    pub(crate) receipt_number: String,
    pub(crate) officer: Officer,
}

impl Command for RegisterPortalReport {
    const NAME: &'static str = "register_portal_report";
    type Answer = RegisterPortalReportResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.id.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<RegisterPortalReportResponse, Fault> {
        let found = store::portal::find(tx.conn(), self.id).await?;
        let found = found.ok_or_else(|| Fault::new(&reasons::PORTAL_REPORT_NOT_FOUND))?;
        let (bureau, at) = (tx.bureau()?.clone(), tx.at());
        let report = store::matters::by_number(tx.conn(), &bureau, &self.receipt_number).await?;
        let report = report.ok_or_else(|| Fault::new(&reasons::ACCESS_NOT_FOUND))?;
        trace::about("report.number", self.receipt_number.clone());
        let (receipt_number, by) = (self.receipt_number.clone(), self.officer.clone());
        let registered = Registered { report, receipt_number, by, at };
        let done = found.register(registered.clone())?;
        store::portal::register(tx.conn(), &done, &registered).await?;
        tx.meet_deadline(self.id.0, CONTACT_RULE, self.id.0, at).await?;
        tx.append(events::portal_registered(&done, &registered)?).await?;
        Ok(RegisterPortalReportResponse {})
    }
}
