//! What an officer does about a finding: six commands of one shape.

use gongxin_eventing::{Command, Tx};
use gongxin_kernel::{Fault, Staff};
use gongxin_proto::supervision::v1 as proto;
use gongxin_supervision_domain::{Act, FindingId, Officer};
use uuid::Uuid;

use crate::{changes, store};

/// An act of an officer on a finding.
#[derive(Debug)]
pub(crate) struct ActOnFinding {
    finding: FindingId,
    act: Act,
    officer: Officer,
}

impl ActOnFinding {
    pub(crate) fn new(staff: &Staff, finding: FindingId, act: Act) -> Self {
        Self { finding, act, officer: staff.into() }
    }

    async fn carry_out(&self, tx: &mut Tx) -> Result<(), Fault> {
        let finding = store::findings::load(tx, self.finding).await?;
        let at = tx.at();
        let finding = finding.act(self.act.clone(), self.officer.clone(), at)?;
        changes::acted(tx, &finding).await
    }
}

macro_rules! commands {
    ($($(#[$doc:meta])* $command:ident, $name:literal, $answer:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub(crate) struct $command(pub(crate) ActOnFinding);

        impl Command for $command {
            const NAME: &'static str = $name;
            type Answer = proto::$answer;

            fn aggregates(&self) -> Vec<Uuid> {
                vec![self.0.finding.0]
            }

            async fn run(&self, tx: &mut Tx) -> Result<proto::$answer, Fault> {
                self.0.carry_out(tx).await?;
                Ok(proto::$answer {})
            }
        }
    )*};
}

commands! {
    /// Says what the matter is.
    DetermineFinding, "determine_finding", DetermineFindingResponse;
    /// Orders the unit to rectify.
    SuperviseFinding, "supervise_finding", SuperviseFindingResponse;
    /// Says what the unit did.
    RectifyFinding, "rectify_finding", RectifyFindingResponse;
    /// Confirms what the unit did.
    ConfirmFinding, "confirm_finding", ConfirmFindingResponse;
    /// Closes with a reason.
    CloseFinding, "close_finding", CloseFindingResponse;
    /// Sends a violation on as a draft clue.
    SendClue, "send_clue", SendClueResponse;
}
