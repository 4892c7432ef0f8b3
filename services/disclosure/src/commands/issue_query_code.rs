//! Issues a query code for a report.

use gongxin_disclosure_domain::{IssueCode, reasons};
use gongxin_eventing::{Command, Tx};
use gongxin_kernel::Fault;
use uuid::Uuid;

use crate::{events, store};

/// A code whose digest is to be kept; the code itself never comes here.
#[derive(Debug)]
pub(crate) struct IssueQueryCode {
    pub(crate) receipt_number: String,
    pub(crate) code: IssueCode,
}

/// What is kept as the answer: enough to know whether a code in hand is the one that was issued.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub(crate) struct Issued {
    #[prost(string, tag = "1")]
    pub(crate) code_id: String,
    #[prost(bytes = "vec", tag = "2")]
    pub(crate) digest: Vec<u8>,
}

impl Command for IssueQueryCode {
    const NAME: &'static str = "issue_query_code";
    type Answer = Issued;

    /// Known once the number is looked up; locked then.
    fn aggregates(&self) -> Vec<Uuid> {
        Vec::new()
    }

    async fn run(&self, tx: &mut Tx) -> Result<Issued, Fault> {
        let access = store::lock_by_number(tx, &self.receipt_number).await?;
        let access = access.issue(IssueCode { at: tx.at(), ..self.code.clone() })?;
        let code = access.codes.last().ok_or_else(|| Fault::new(&reasons::CODE_NOT_FOUND))?;
        store::issue(tx, &access, code).await?;
        tx.append(events::issued(&access, code)?).await?;
        Ok(Issued { code_id: code.id.to_string(), digest: code.digest.to_vec() })
    }
}
