//! What callers and pages read of calls.

use gongxin_chassis::{PageSize, Place};
use gongxin_eventing::{Past, Scope};
use gongxin_intake_domain::{Call, CallId};
use gongxin_kernel::{Fault, Staff};
use jiff::Timestamp;

use super::Register;
use crate::store::calls::{self, CallLine, Which};

/// A call with its history, as it stood at one moment.
#[derive(Debug)]
pub(crate) struct CallReading {
    pub(crate) call: Call,
    pub(crate) history: Vec<Past>,
    pub(crate) at: Timestamp,
}

/// One page of the list.
#[derive(Debug)]
pub(crate) struct CallLines {
    pub(crate) calls: Vec<CallLine>,
    /// The place after which the next page begins; none on the last.
    pub(crate) next: Option<Place>,
    pub(crate) at: Timestamp,
}

impl Register {
    /// Reads a call; the read is recorded before anything is shown.
    pub(crate) async fn call(&self, staff: &Staff, id: CallId) -> Result<CallReading, Fault> {
        self.db
            .read("get_call", staff, id.0, move |tx| {
                Box::pin(async move {
                    let call = calls::load(tx, id).await?;
                    let history = tx.history(id.0).await?;
                    Ok(CallReading { call, history, at: tx.at() })
                })
            })
            .await
    }

    /// Lists calls, newest first; what was told is not in a line.
    pub(crate) async fn calls(
        &self,
        staff: &Staff,
        which: Which,
        after: Option<Place>,
        size: PageSize,
    ) -> Result<CallLines, Fault> {
        let bureau = staff.bureau.clone();
        let mut page = self
            .db
            .transaction("list_calls", Scope::Bureau(bureau.clone()), move |tx| {
                let bureau = bureau.clone();
                Box::pin(async move {
                    let at = tx.at();
                    let place = (after, size.limit());
                    let calls = calls::lines(tx.conn(), &bureau, which, place, at).await?;
                    Ok(CallLines { calls, next: None, at })
                })
            })
            .await?;
        let last = size.cut(&mut page.calls);
        page.next = last.map(|line| Place { at: line.received_at.0, id: line.id });
        Ok(page)
    }
}
