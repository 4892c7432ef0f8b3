//! A suspect and the compulsory measure in force: the state machine of appendix A.3.

use jiff::Timestamp;

use crate::{CourtVerdict, Event, Period};
use gongxin_kernel::words;

gongxin_kernel::id! {
    /// Names one suspect of one case.
    SuspectId
}

words! {
    /// Measures that can be entered.
    MeasureKind {
        /// Detention.
        Detention = "detention", "拘留";
        /// Bail pending trial.
        Bail = "bail", "取保候审";
    }
}

/// A suspect of the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspect {
    /// The suspect's id.
    pub id: SuspectId,
    /// Name, as it stands in the filing decision.
    pub name: String,
    /// Where the suspect stands.
    pub stage: Stage,
}

/// Where a suspect stands; every stage in which a person is held carries its one running clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// No measure so far.
    Free,
    /// Detained; the clock runs until the procuratorate has the request.
    Detained(Custody),
    /// Detained while the procuratorate decides.
    ArrestRequested(Custody),
    /// The procuratorate approved; the arrest is due at once. No custody when at liberty.
    ArrestApproved(Option<Custody>),
    /// Arrested.
    Arrested(Custody),
    /// The procuratorate refused; the release paper is due at once.
    ReleaseDue(Custody),
    /// The paper that ended the measure was served, release from custody or lifting of bail;
    /// nothing else leads here.
    Released(Release),
    /// On bail.
    Bail(Bail),
    /// The procuratorate has the case to examine it for prosecution. While the person is held,
    /// custody follows the period of the examination; no custody when at liberty.
    Transferred(Option<Custody>),
    /// Returned for supplementary investigation, custody as before.
    Supplementing(Option<Custody>),
    /// Prosecuted: the measure is the court's from then on.
    Prosecuted(Ruling),
    /// Not prosecuted, at liberty.
    NotProsecuted(Ruling),
    /// Judged at first instance.
    Judged(CourtVerdict, Ruling),
}

/// What procuratorate or court ruled, by its paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling {
    /// Its number.
    pub document_number: String,
    /// When it came in.
    pub received_at: Timestamp,
}

/// That a person is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Custody {
    /// When this measure began.
    pub since: Timestamp,
    /// Number of its paper.
    pub document_number: String,
    /// The clock that guards it now.
    pub clock: Period,
    /// Whether a clock of this measure ended without a decision (超期羁押). It stays marked
    /// until release or until an arrest gives the custody a new ground.
    pub overdue: bool,
}

impl Custody {
    /// Marks the custody when the act at `acted_at` that it waited for came after its end and
    /// nobody had marked it before: no lateness depends on the runner having looked.
    pub(crate) fn lapse(&mut self, suspect: SuspectId, acted_at: Timestamp) -> Option<Event> {
        if self.overdue || acted_at <= self.clock.due_at {
            return None;
        }
        self.overdue = true;
        Some(Event::CustodyOverdue { suspect, period: self.clock.clone() })
    }

    /// The same custody under its next clock.
    pub(crate) fn under(self, clock: Period) -> Self {
        Self { clock, ..self }
    }
}

/// That a release paper is in the person's hands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Number of the paper.
    pub document_number: String,
    /// When it was served.
    pub served_at: Timestamp,
}

/// That a person is on bail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bail {
    /// When it began.
    pub since: Timestamp,
    /// Number of its paper.
    pub document_number: String,
    /// Its duration.
    pub clock: Period,
}

impl Stage {
    /// The stable code that is stored.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Detained(_) => "detained",
            Self::ArrestRequested(_) => "arrest_requested",
            Self::ArrestApproved(_) => "arrest_approved",
            Self::Arrested(_) => "arrested",
            Self::ReleaseDue(_) => "release_due",
            Self::Released(_) => "released",
            Self::Bail(_) => "bail",
            Self::Transferred(_) => "transferred",
            Self::Supplementing(_) => "supplementing",
            Self::Prosecuted(_) => "prosecuted",
            Self::NotProsecuted(_) => "not_prosecuted",
            Self::Judged(verdict, _) => verdict.code(),
        }
    }

    /// The custody, while the person is held.
    pub fn custody(&self) -> Option<&Custody> {
        match self {
            Self::Detained(custody)
            | Self::ArrestRequested(custody)
            | Self::ArrestApproved(Some(custody))
            | Self::Arrested(custody)
            | Self::ReleaseDue(custody)
            | Self::Transferred(Some(custody))
            | Self::Supplementing(Some(custody)) => Some(custody),
            Self::Free
            | Self::ArrestApproved(None)
            | Self::Released(_)
            | Self::Bail(_)
            | Self::Transferred(None)
            | Self::Supplementing(None)
            | Self::Prosecuted(_)
            | Self::NotProsecuted(_)
            | Self::Judged(..) => None,
        }
    }

    pub(crate) fn custody_mut(&mut self) -> Option<&mut Custody> {
        match self {
            Self::Detained(custody)
            | Self::ArrestRequested(custody)
            | Self::ArrestApproved(Some(custody))
            | Self::Arrested(custody)
            | Self::ReleaseDue(custody)
            | Self::Transferred(Some(custody))
            | Self::Supplementing(Some(custody)) => Some(custody),
            Self::Free
            | Self::ArrestApproved(None)
            | Self::Released(_)
            | Self::Bail(_)
            | Self::Transferred(None)
            | Self::Supplementing(None)
            | Self::Prosecuted(_)
            | Self::NotProsecuted(_)
            | Self::Judged(..) => None,
        }
    }

    /// The running clock of the measure, if one is in force.
    pub fn clock(&self) -> Option<&Period> {
        match self {
            Self::Bail(bail) => Some(&bail.clock),
            held => held.custody().map(|custody| &custody.clock),
        }
    }
}
