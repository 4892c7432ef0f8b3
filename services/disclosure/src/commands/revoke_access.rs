//! Ends a query code.

use gongxin_disclosure_domain::{CodeId, Officer, Revocation, RevocationGround, reasons};
use gongxin_eventing::{Command, Tx};
use gongxin_kernel::Fault;
use gongxin_proto::disclosure::v1::RevokeAccessResponse;
use uuid::Uuid;

use crate::{events, store};

/// A code that is to end.
#[derive(Debug)]
pub(crate) struct RevokeAccess {
    pub(crate) receipt_number: String,
    pub(crate) code: CodeId,
    pub(crate) ground: RevocationGround,
    pub(crate) officer: Officer,
}

impl Command for RevokeAccess {
    const NAME: &'static str = "revoke_access";
    type Answer = RevokeAccessResponse;

    /// Known once the number is looked up; locked then.
    fn aggregates(&self) -> Vec<Uuid> {
        Vec::new()
    }

    async fn run(&self, tx: &mut Tx) -> Result<RevokeAccessResponse, Fault> {
        let access = store::lock_by_number(tx, &self.receipt_number).await?;
        let (ground, by) = (self.ground, self.officer.clone());
        let access = access.revoke(self.code, Revocation { ground, by, at: tx.at() })?;
        let code = access.codes.iter().find(|code| code.id == self.code);
        let code = code.ok_or_else(|| Fault::new(&reasons::CODE_NOT_FOUND))?;
        store::revoke(tx, &access, code).await?;
        tx.append(events::revoked(&access, code)?).await?;
        Ok(RevokeAccessResponse {})
    }
}
