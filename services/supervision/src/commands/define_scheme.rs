//! Defines an evaluation scheme; one with a forbidden measure is refused.

use gongxin_eventing::{Command, Tx};
use gongxin_kernel::{Fault, Staff};
use gongxin_proto::supervision::v1::DefineSchemeResponse;
use gongxin_supervision_domain::{Measure, Officer, Scheme, SchemeId, Text};
use uuid::Uuid;

use crate::{events, store};

/// A scheme to be defined.
#[derive(Debug)]
pub(crate) struct DefineScheme {
    id: SchemeId,
    name: Text,
    measures: Vec<(Measure, u32)>,
    officer: Officer,
}

impl DefineScheme {
    pub(crate) fn new(staff: &Staff, name: Text, measures: Vec<(Measure, u32)>) -> Self {
        Self { id: SchemeId::fresh(), name, measures, officer: staff.into() }
    }
}

impl Command for DefineScheme {
    const NAME: &'static str = "define_scheme";
    type Answer = DefineSchemeResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.id.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<DefineSchemeResponse, Fault> {
        let (name, officer) = (self.name.clone(), self.officer.clone());
        let scheme = Scheme::define(self.id, name, &self.measures, officer, tx.at())?;
        store::schemes::insert(tx, &scheme).await?;
        tx.append(events::defined(&scheme)?).await?;
        Ok(DefineSchemeResponse { scheme_id: self.id.to_string() })
    }
}
