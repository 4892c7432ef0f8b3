//! `CaseFiled`: the legal department has a case.

use gongxin_eventing::Tx;
use gongxin_kernel::Fault;
use gongxin_proto::common::v1 as common;
use gongxin_proto::intake::v1::CaseFiled;
use gongxin_review_domain::{CaseFile, Filed, NewSuspect, Officer, SuspectId, Unit};

use super::unreadable;
use crate::changes;

/// Takes the case over. The case keeps the id of its report, so that one matter has one id.
pub(super) async fn apply(tx: &mut Tx, event: CaseFiled) -> Result<(), Fault> {
    let suspects = event.suspects.into_iter();
    let filed = Filed {
        id: event.report_id.parse().map_err(unreadable)?,
        number: event.case_number,
        charge: event.charge,
        unit: unit(event.unit)?,
        registered_by: officer(event.registered_by)?,
        suspects: suspects
            .map(|person| NewSuspect { id: SuspectId::fresh(), name: person.name })
            .collect(),
    };
    changes::record(tx, &CaseFile::receive(filed)).await?;
    Ok(())
}

fn unit(unit: Option<common::Unit>) -> Result<Unit, Fault> {
    let unit = unit.ok_or_else(|| unreadable("a unit is missing"))?;
    Ok(Unit { code: unit.code.parse().map_err(unreadable)?, name: unit.name })
}

fn officer(officer: Option<common::Officer>) -> Result<Officer, Fault> {
    let officer = officer.ok_or_else(|| unreadable("the registering officer is missing"))?;
    Ok(Officer {
        police_number: officer.police_number,
        name: officer.name,
        unit: unit(officer.unit)?,
    })
}
