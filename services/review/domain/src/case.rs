//! The aggregate: one case, its suspects, requests and exits, and what every transition gives.

use std::collections::BTreeSet;

use gongxin_kernel::Revision;

use crate::{
    ClockChange, Event, Exit, ExitId, ExitStage, Investigation, Officer, Recorded, Refusal,
    Request, RequestStage, ReviewRequestId, Stage, Suspect, SuspectId, Unit, Verdict,
};

gongxin_kernel::id! {
    /// Names one case; the same id as the report it was filed from.
    CaseId
}

/// A case in the legal department.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseFile {
    pub(crate) id: CaseId,
    pub(crate) number: String,
    pub(crate) charge: String,
    pub(crate) unit: Unit,
    pub(crate) registered_by: Officer,
    /// Police numbers of those who registered, submitted, answered or entered anything.
    pub(crate) handlers: BTreeSet<String>,
    pub(crate) investigation: Investigation,
    pub(crate) suspects: Vec<Suspect>,
    pub(crate) requests: Vec<Request>,
    pub(crate) exits: Vec<Exit>,
    pub(crate) revision: Revision,
}

/// The facts of a filed case that the legal department needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filed {
    /// The case, by the id of its report.
    pub id: CaseId,
    /// National case number.
    pub number: String,
    /// Charge.
    pub charge: String,
    /// The handling unit.
    pub unit: Unit,
    /// Who registered the report: a handler for separation of duties.
    pub registered_by: Officer,
    /// The suspects named in the filing decision.
    pub suspects: Vec<NewSuspect>,
}

/// A suspect with the id chosen for him or her.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSuspect {
    /// A fresh id.
    pub id: SuspectId,
    /// Name.
    pub name: String,
}

/// What a transition gives; all of it is saved in one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The case after it.
    pub case: CaseFile,
    /// What happened, in order; empty when there was nothing to do.
    pub events: Vec<Recorded>,
    /// What it does to the running clocks, in order.
    pub clocks: Vec<ClockChange>,
}

impl Changed {
    /// Whether there was nothing to do: the same thing has been recorded before.
    pub fn is_nothing(&self) -> bool {
        self.events.is_empty()
    }
}

impl CaseFile {
    /// Takes a filed case over from intake; every suspect begins without a measure.
    pub fn receive(filed: Filed) -> Changed {
        let ids = filed.suspects.iter().map(|suspect| suspect.id).collect();
        let suspects = filed
            .suspects
            .into_iter()
            .map(|new| Suspect { id: new.id, name: new.name, stage: Stage::Free })
            .collect();
        let case = Self {
            id: filed.id,
            number: filed.number,
            charge: filed.charge,
            unit: filed.unit,
            handlers: BTreeSet::from([filed.registered_by.police_number.clone()]),
            registered_by: filed.registered_by,
            investigation: Investigation::Open,
            suspects,
            requests: Vec::new(),
            exits: Vec::new(),
            revision: Revision::FIRST,
        };
        let event = Event::CaseReceived { suspects: ids };
        let events = vec![Recorded { revision: case.revision, event }];
        Changed { case, events, clocks: Vec::new() }
    }

    /// The case's id.
    pub fn id(&self) -> CaseId {
        self.id
    }

    /// National case number.
    pub fn number(&self) -> &str {
        &self.number
    }

    /// Charge.
    pub fn charge(&self) -> &str {
        &self.charge
    }

    /// The handling unit.
    pub fn unit(&self) -> &Unit {
        &self.unit
    }

    /// Who registered the report.
    pub fn registered_by(&self) -> &Officer {
        &self.registered_by
    }

    /// How often the case has changed.
    pub fn revision(&self) -> Revision {
        self.revision
    }

    /// How far the unit's own investigation has come.
    pub fn investigation(&self) -> &Investigation {
        &self.investigation
    }

    /// The suspects, in the order of the filing decision.
    pub fn suspects(&self) -> &[Suspect] {
        &self.suspects
    }

    /// The requests, in the order of their submission.
    pub fn requests(&self) -> &[Request] {
        &self.requests
    }

    /// The exits, in the order they were made.
    pub fn exits(&self) -> &[Exit] {
        &self.exits
    }

    /// One suspect.
    ///
    /// # Errors
    /// [`Refusal::SuspectNotFound`].
    pub fn suspect(&self, id: SuspectId) -> Result<&Suspect, Refusal> {
        self.suspects.iter().find(|suspect| suspect.id == id).ok_or(Refusal::SuspectNotFound)
    }

    /// One request.
    ///
    /// # Errors
    /// [`Refusal::RequestNotFound`].
    pub fn request(&self, id: ReviewRequestId) -> Result<&Request, Refusal> {
        self.requests.iter().find(|request| request.id == id).ok_or(Refusal::RequestNotFound)
    }

    /// One exit.
    ///
    /// # Errors
    /// [`Refusal::ExitNotFound`].
    pub fn exit(&self, id: ExitId) -> Result<&Exit, Refusal> {
        self.exits.iter().find(|exit| exit.id == id).ok_or(Refusal::ExitNotFound)
    }

    /// Whether a request is still under way: not refused here and not answered from outside.
    pub fn is_open(&self, request: &Request) -> bool {
        let RequestStage::Decided(_, decision) = &request.stage else { return true };
        match &decision.verdict {
            Verdict::Refuse => false,
            Verdict::Approve { exit, .. } => {
                self.exit(*exit).is_ok_and(|exit| !matches!(exit.stage, ExitStage::Answered(..)))
            }
        }
    }

    /// Whether the officer had a hand in the case and so may not review it.
    pub fn is_handler(&self, officer: &Officer) -> bool {
        self.handlers.contains(&officer.police_number)
    }

    pub(crate) fn add_handler(&mut self, officer: &Officer) {
        self.handlers.insert(officer.police_number.clone());
    }

    pub(crate) fn suspect_mut(&mut self, id: SuspectId) -> Result<&mut Suspect, Refusal> {
        self.suspects.iter_mut().find(|suspect| suspect.id == id).ok_or(Refusal::SuspectNotFound)
    }

    pub(crate) fn request_mut(&mut self, id: ReviewRequestId) -> Result<&mut Request, Refusal> {
        self.requests.iter_mut().find(|request| request.id == id).ok_or(Refusal::RequestNotFound)
    }

    pub(crate) fn exit_mut(&mut self, id: ExitId) -> Result<&mut Exit, Refusal> {
        self.exits.iter_mut().find(|exit| exit.id == id).ok_or(Refusal::ExitNotFound)
    }

    /// The case one revision later, for one event.
    pub(crate) fn changed(self, event: Event, clocks: Vec<ClockChange>) -> Changed {
        self.changed_late(None, event, clocks)
    }

    /// The same for an act that came too late: `overdue` says so first, and each event of it makes
    /// a revision too.
    pub(crate) fn changed_late(
        mut self,
        overdue: impl IntoIterator<Item = Event>,
        event: Event,
        clocks: Vec<ClockChange>,
    ) -> Changed {
        let mut events = Vec::new();
        for event in overdue.into_iter().chain([event]) {
            self.revision = self.revision.next();
            events.push(Recorded { revision: self.revision, event });
        }
        Changed { case: self, events, clocks }
    }

    /// The case one revision later, for a fact that is kept beside it.
    #[must_use]
    pub fn noted(mut self) -> Self {
        self.revision = self.revision.next();
        self
    }

    /// The case as it was: what is asked has been recorded already.
    pub(crate) fn unchanged(self) -> Changed {
        Changed { case: self, events: Vec::new(), clocks: Vec::new() }
    }
}
