//! After the decision: its notice, the officer's appeal, the decision on the appeal.

use gongxin_accountability_domain::{self as domain, ClueId, Hand, Law, Officer, Serve, What};
use gongxin_eventing::{Command, Tx};
use gongxin_kernel::{Fault, Staff};
use gongxin_proto::accountability::v1::{
    DecideAppealResponse, FileAppealResponse, ServeNoticeResponse,
};
use uuid::Uuid;

use crate::grpc::convert;
use crate::store;

/// Proof that an officer has the decision.
#[derive(Debug)]
pub(crate) struct ServeNotice {
    pub(crate) staff: Staff,
    pub(crate) clue: ClueId,
    pub(crate) serve: Serve,
    pub(crate) law: Law<'static>,
}

impl Command for ServeNotice {
    const NAME: &'static str = "serve_notice";
    type Answer = ServeNoticeResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.clue.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<ServeNoticeResponse, Fault> {
        let clue = store::load(tx, self.clue).await?;
        let hand = Hand::new(&self.staff, tx.at());
        let changed = clue.serve(self.serve.clone(), &hand, self.law)?;
        super::record(tx, &changed).await?;
        let person = changed.clue().person(&self.serve.person);
        let appeal = person.and_then(|person| person.appeal).map(convert::period);
        Ok(ServeNoticeResponse { appeal })
    }
}

/// An officer's own appeal.
#[derive(Debug)]
pub(crate) struct FileAppeal {
    pub(crate) staff: Staff,
    pub(crate) clue: ClueId,
    pub(crate) ground: String,
    pub(crate) law: Law<'static>,
}

impl Command for FileAppeal {
    const NAME: &'static str = "file_appeal";
    type Answer = FileAppealResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.clue.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<FileAppealResponse, Fault> {
        let clue = store::load(tx, self.clue).await?;
        let officer = Officer::from(&self.staff);
        let changed = clue.appeal(self.ground.clone(), &officer, tx.at(), self.law)?;
        super::record(tx, &changed).await?;
        let decision = changed.added().find_map(|(_, act)| match &act.what {
            What::Appealed { decision, .. } => Some(convert::period(decision)),
            _ => None,
        });
        Ok(FileAppealResponse { decision })
    }
}

/// The decision on an appeal.
#[derive(Debug)]
pub(crate) struct DecideAppeal {
    pub(crate) staff: Staff,
    pub(crate) clue: ClueId,
    pub(crate) decide: domain::DecideAppeal,
}

impl Command for DecideAppeal {
    const NAME: &'static str = "decide_appeal";
    type Answer = DecideAppealResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.clue.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<DecideAppealResponse, Fault> {
        let clue = store::load(tx, self.clue).await?;
        let hand = Hand::new(&self.staff, tx.at());
        let changed = clue.decide_appeal(self.decide.clone(), &hand)?;
        super::record(tx, &changed).await?;
        let is_upheld = |what: &What| matches!(what, What::AppealDecided { upheld: true, .. });
        Ok(DecideAppealResponse {
            upheld: changed.added().any(|(_, act)| is_upheld(&act.what)),
            stage: convert::stage(changed.clue().stage()).into(),
        })
    }
}
