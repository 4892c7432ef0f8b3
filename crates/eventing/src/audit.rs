//! Checks the chain of who read personal data.

use gongxin_kernel::{BureauCode, Fault};

use crate::store::audit;
use crate::{Db, Scope};

/// Entries read in one transaction.
const BATCH: i64 = 1000;

/// Recomputes the audit chain of `bureau` and gives the number of the first entry that does not
/// continue the one before it, or nothing when the chain is whole. Entries cut off at the end
/// leave a whole chain: compare its length with a number kept elsewhere.
pub async fn verify_audit(db: &Db, bureau: &BureauCode) -> Result<Option<u64>, Fault> {
    let mut at = (0, vec![0; 32]);
    loop {
        let (bureau, (after, before)) = (bureau.clone(), at.clone());
        let checked = db
            .transaction("audit_check", Scope::Bureau(bureau.clone()), move |tx| {
                let (bureau, before) = (bureau.clone(), before.clone());
                Box::pin(
                    async move { audit::check(tx.conn(), &bureau, after, before, BATCH).await },
                )
            })
            .await?;
        match checked {
            Err(broken) => return Ok(Some(broken)),
            Ok((last, _)) if last == after => return Ok(None),
            Ok(next) => at = next,
        }
    }
}
