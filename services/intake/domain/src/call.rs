//! A 110 call (接警): in the register until a report settles it or an officer justifies it.

use gongxin_kernel::{BureauCode, Canonical, Revision};
use gongxin_law::identifiers::CallNumber;
use gongxin_law::{first_instant, legal_day};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use crate::content::{FACTS, Findings, NAME};
use crate::{
    CallEvent, CallJustification, CallRefusal, Law, Officer, Period, Problem, ReportId, Unit,
};

/// The time to register an incident that is handled first.
const REGISTER_RULE: &str = "intake.report.urgent_register";

gongxin_kernel::id! {
    /// Names one call for ever. It follows from bureau and call number, so that whoever knows the
    /// number can lock the call before it is there.
    CallId
}

impl CallId {
    /// The id of the call of that number in that bureau.
    pub fn of(bureau: &BureauCode, number: &CallNumber) -> Self {
        let form = Canonical::new("intake.call")
            .field("bureau", bureau.as_str())
            .field("number", number.as_str())
            .finish();
        let digest: [u8; 32] = Sha256::digest(form).into();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        Self(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }
}

/// A call as the desk has it.
#[derive(Clone, PartialEq, Eq)]
pub struct NewCall {
    /// Call number (接警编号).
    pub number: CallNumber,
    /// When the desk took it.
    pub received_at: Timestamp,
    /// What the caller told.
    pub told: String,
    /// The unit that was dispatched.
    pub unit: Unit,
}

impl std::fmt::Debug for NewCall {
    /// Leaves out what was told, which may name a person.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewCall")
            .field("number", &self.number)
            .field("received_at", &self.received_at)
            .field("unit", &self.unit)
            .finish_non_exhaustive()
    }
}

impl NewCall {
    /// Checks the content as of `now`. Whether the unit is of the caller's bureau is the caller's
    /// to check.
    ///
    /// # Errors
    /// [`CallRefusal::Invalid`] with every field at fault.
    pub fn check(&self, now: Timestamp) -> Result<(), CallRefusal> {
        let mut found = Findings::default();
        found.when(self.received_at > now, "received_at", Problem::InFuture);
        found.prose("told", &self.told, FACTS);
        found.required_line("unit.name", &self.unit.name, NAME);
        found.end().map_err(CallRefusal::Invalid)
    }

    /// The daily check (日巡查) of the call: that of the next day, at `hour` o'clock in China; the 24
    /// hours that the law gives for registering (INT-03) are never cut short by it.
    ///
    /// # Errors
    /// [`CallRefusal::Invalid`] for a time before every rule.
    pub fn check_at(&self, hour: u8, law: Law<'_>) -> Result<Timestamp, CallRefusal> {
        let none = || CallRefusal::of("received_at", Problem::NoRule);
        let register = Period::start(REGISTER_RULE, self.received_at, law).map_err(|_| none())?;
        let next_day = legal_day(self.received_at).tomorrow().map_err(|_| none())?;
        let midnight = first_instant(next_day).map_err(|_| none())?;
        let check = midnight + SignedDuration::from_hours(i64::from(hour));
        Ok(check.max(register.due_at))
    }

    /// Whether another record of the same number says the same.
    ///
    /// # Errors
    /// [`CallRefusal::Differs`] with every field that does not.
    pub fn same_as(&self, other: &Self) -> Result<(), CallRefusal> {
        let differs = [
            ("received_at", self.received_at != other.received_at),
            ("told", self.told != other.told),
            ("unit.code", self.unit.code != other.unit.code),
        ];
        let fields: Vec<_> =
            differs.iter().filter(|(_, is)| *is).map(|(field, _)| *field).collect();
        if fields.is_empty() { Ok(()) } else { Err(CallRefusal::Differs(fields)) }
    }
}

/// The report that settled a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// The report.
    pub report: ReportId,
    /// Number of its receipt.
    pub number: String,
    /// When it was registered.
    pub registered_at: Timestamp,
}

/// Why a call needs no report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Justified {
    /// Which of the listed reasons.
    pub justification: CallJustification,
    /// Facts, in the officer's words.
    pub text: String,
    /// The report that it repeats; exactly for [`CallJustification::Duplicate`].
    pub duplicate_of: Option<ReportId>,
    /// Who says so.
    pub by: Officer,
    /// When.
    pub at: Timestamp,
}

/// All that the register holds of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Its id.
    pub id: CallId,
    /// As the desk has it.
    pub content: NewCall,
    /// Who entered it.
    pub recorded_by: Officer,
    /// When.
    pub recorded_at: Timestamp,
    /// The daily check, at which it must be settled or justified.
    pub check_at: Timestamp,
    /// When it was noted that the check had found it open; happens once.
    pub missed_at: Option<Timestamp>,
    /// Why it needs no report; stays when a report comes all the same.
    pub justified: Option<Justified>,
    /// The report that came of it.
    pub settled: Option<Settlement>,
    /// How often it has changed.
    pub revision: Revision,
}

/// A call after a transition, with the events of that transition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallChanged {
    /// The call as it is now.
    pub call: Call,
    /// What happened, oldest first; empty when there was nothing to do.
    pub events: Vec<CallEvent>,
}

impl CallChanged {
    /// The events, each with the revision it made; the last made the call's own.
    pub fn numbered(&self) -> impl Iterator<Item = (Revision, &CallEvent)> {
        (self.before().0 + 1..).map(Revision).zip(&self.events)
    }

    /// The revision before the transition; 0 for a new call.
    pub fn before(&self) -> Revision {
        let count = u32::try_from(self.events.len()).expect("a transition has a few events");
        Revision(self.call.revision.0 - count)
    }
}

impl Call {
    /// Enters a call at `at`; a report that names it already settles it at once.
    ///
    /// # Errors
    /// [`CallRefusal::Invalid`].
    pub fn record(
        id: CallId,
        content: NewCall,
        check_at: Timestamp,
        by: Officer,
        at: Timestamp,
        report: Option<Settlement>,
    ) -> Result<CallChanged, CallRefusal> {
        content.check(at)?;
        let call = Self {
            id,
            content,
            recorded_by: by,
            recorded_at: at,
            check_at,
            missed_at: None,
            justified: None,
            settled: None,
            revision: Revision(0),
        };
        let recorded = call.changed(vec![CallEvent::Recorded]);
        let Some(report) = report else { return Ok(recorded) };
        let settled = recorded.call.settle(report, at)?;
        let events = recorded.events.into_iter().chain(settled.events).collect();
        Ok(CallChanged { call: settled.call, events })
    }

    /// A report that came of the call is registered; that also overtakes a justification.
    ///
    /// # Errors
    /// [`CallRefusal::Settled`] when another report settled it.
    pub fn settle(mut self, report: Settlement, at: Timestamp) -> Result<CallChanged, CallRefusal> {
        self.awaits_report()?;
        let mut events = self.missed_before(report.registered_at, at);
        self.settled = Some(report);
        events.push(CallEvent::Settled);
        Ok(self.changed(events))
    }

    /// Checks that no report settled it, before a number is taken for one.
    ///
    /// # Errors
    /// [`CallRefusal::Settled`].
    pub fn awaits_report(&self) -> Result<(), CallRefusal> {
        match &self.settled {
            Some(report) => Err(CallRefusal::Settled(report.number.clone())),
            None => Ok(()),
        }
    }

    /// An officer says why the call needs no report, also after its check. Nobody of the unit that
    /// was sent: a unit does not clear its own step (MGT-2).
    ///
    /// # Errors
    /// [`CallRefusal::NotOpen`], [`CallRefusal::OwnUnit`], [`CallRefusal::Invalid`].
    pub fn justify(mut self, why: Justified) -> Result<CallChanged, CallRefusal> {
        if !self.is_open() {
            return Err(CallRefusal::NotOpen);
        }
        if why.by.unit.code == self.content.unit.code {
            return Err(CallRefusal::OwnUnit);
        }
        let mut found = Findings::default();
        let repeats = why.justification == CallJustification::Duplicate;
        found.prose("text", &why.text, FACTS);
        found.presence("duplicate_of", why.duplicate_of.is_some(), Some(repeats));
        found.end().map_err(CallRefusal::Invalid)?;
        let mut events = self.missed_before(why.at, why.at);
        self.justified = Some(why);
        events.push(CallEvent::Justified);
        Ok(self.changed(events))
    }

    /// The daily check. Nothing to do before its time, for a call that is not open, or twice.
    pub fn check(mut self, at: Timestamp) -> CallChanged {
        let events = if self.is_open() { self.missed_before(at, at) } else { Vec::new() };
        self.changed(events)
    }

    /// Neither in a report nor justified.
    pub fn is_open(&self) -> bool {
        self.settled.is_none() && self.justified.is_none()
    }

    /// Whether it was or is open after its check.
    pub fn is_overdue(&self, at: Timestamp) -> bool {
        self.missed_at.is_some() || (self.is_open() && at > self.check_at)
    }

    /// Notes at `noted_at` that what was done at `done_at` comes after the check of an open call.
    fn missed_before(&mut self, done_at: Timestamp, noted_at: Timestamp) -> Vec<CallEvent> {
        if !self.is_open() || self.missed_at.is_some() || done_at <= self.check_at {
            return Vec::new();
        }
        self.missed_at = Some(noted_at);
        vec![CallEvent::Unregistered]
    }

    fn changed(mut self, events: Vec<CallEvent>) -> CallChanged {
        let count = u32::try_from(events.len()).expect("a transition has a few events");
        self.revision = Revision(self.revision.0 + count);
        CallChanged { call: self, events }
    }

    /// The canonical form, of which the log keeps the digest.
    pub fn canonical(&self) -> Vec<u8> {
        let Self { id, content, recorded_by, recorded_at, check_at, .. } = self;
        let mut form = Canonical::new("intake.call")
            .field("id", id.0)
            .field("number", content.number.as_str())
            .instant("received_at", content.received_at)
            .field("told", &content.told)
            .field("unit", content.unit.code.as_str())
            .field("unit_name", &content.unit.name)
            .field("recorded_by", crate::canonical::of_officer(recorded_by))
            .instant("recorded_at", *recorded_at)
            .instant("check_at", *check_at);
        if let Some(at) = self.missed_at {
            form = form.instant("missed_at", at);
        }
        if let Some(why) = &self.justified {
            form = form
                .field("justification", why.justification.code())
                .field("text", &why.text)
                .optional("duplicate_of", why.duplicate_of.map(|report| report.0.into_bytes()))
                .field("justified_by", crate::canonical::of_officer(&why.by))
                .instant("justified_at", why.at);
        }
        if let Some(report) = &self.settled {
            form = form
                .field("report", report.report.0)
                .field("report_number", &report.number)
                .instant("registered_at", report.registered_at);
        }
        form.field("revision", self.revision.0.to_be_bytes()).finish()
    }
}
