//! Enters a 110 call.

use gongxin_chassis::reasons as chassis;
use gongxin_eventing::{Command, Tx};
use gongxin_intake_domain::{Call, CallId, Law, NewCall, Officer};
use gongxin_kernel::{Fault, Staff};
use gongxin_proto::intake::v1::RecordCallResponse;
use gongxin_proto::timestamp;
use uuid::Uuid;

use crate::store;

/// A call as the desk has it, by the officer who enters it.
#[derive(Debug)]
pub(crate) struct RecordCall {
    id: CallId,
    content: NewCall,
    officer: Officer,
    /// Hour of the daily check.
    check_hour: u8,
    law: Law<'static>,
}

impl RecordCall {
    /// # Errors
    /// `WRONG_BUREAU` when the unit that was dispatched is of another bureau.
    pub(crate) fn new(
        staff: &Staff,
        content: NewCall,
        check_hour: u8,
        law: Law<'static>,
    ) -> Result<Self, Fault> {
        if content.unit.code.bureau() != staff.bureau {
            let what = "must be a unit of the caller's bureau";
            return Err(Fault::field(&chassis::WRONG_BUREAU, "unit.code", what));
        }
        let id = CallId::of(&staff.bureau, &content.number);
        Ok(Self { id, content, officer: staff.into(), check_hour, law })
    }
}

impl Command for RecordCall {
    const NAME: &'static str = "record_call";
    type Answer = RecordCallResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.id.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<RecordCallResponse, Fault> {
        if let Some(call) = store::calls::find(tx, self.id).await? {
            call.content.same_as(&self.content)?;
            return Ok(answer(&call));
        }
        let at = tx.at();
        self.content.check(at)?;
        let check_at = self.content.check_at(self.check_hour, self.law)?;
        let report = store::settlement(tx, &self.content.number).await?;
        let (content, officer) = (self.content.clone(), self.officer.clone());
        let changed = Call::record(self.id, content, check_at, officer, at, report)?;
        super::record_call_change(tx, &changed).await?;
        Ok(answer(&changed.call))
    }
}

fn answer(call: &Call) -> RecordCallResponse {
    RecordCallResponse { call_id: call.id.to_string(), check_at: Some(timestamp(call.check_at)) }
}
