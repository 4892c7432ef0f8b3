//! Recordings as registered, and the watch that runs for the first interrogation.

use std::fmt;
use std::str::FromStr;

use gongxin_kernel::Canonical;
use jiff::{SignedDuration, Timestamp};

use crate::{
    CaseId, DeviceKind, FindingId, Officer, RecordedStage, RecordingId, Refusal, SuspectId, Text,
};

/// SHA-256 of a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest(pub [u8; 32]);

impl FromStr for Digest {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let refused = || Refusal::Value("digest");
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(refused());
        }
        let mut digest = [0; 32];
        for (place, byte) in digest.iter_mut().enumerate() {
            let digits = &text[2 * place..2 * place + 2];
            *byte = u8::from_str_radix(digits, 16).map_err(|_| refused())?;
        }
        Ok(Self(digest))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A recording that somebody wants to register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRecording {
    /// The case that it belongs to.
    pub case: CaseId,
    /// What made it.
    pub device: DeviceKind,
    /// What it shows.
    pub stage: RecordedStage,
    /// Who is interrogated; only for an interrogation, and always there.
    pub suspect: Option<SuspectId>,
    /// Police number of the officer who recorded.
    pub police_number: Text,
    /// What it is held against for ever.
    pub digest: Digest,
    /// Its first instant.
    pub began_at: Timestamp,
    /// Its last instant.
    pub ended_at: Timestamp,
}

/// A registered recording; nothing of it ever changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// Its name.
    pub id: RecordingId,
    /// What was registered.
    pub content: NewRecording,
    /// Who registered it.
    pub registered_by: Officer,
    /// When.
    pub registered_at: Timestamp,
}

impl Recording {
    /// Registers `content` as `id`.
    ///
    /// # Errors
    /// [`Refusal::Value`] when an interrogation names no suspect or another stage names one;
    /// [`Refusal::RecordingTime`] when it ends before it began or later than `at`.
    pub fn register(
        id: RecordingId,
        content: NewRecording,
        registered_by: Officer,
        at: Timestamp,
    ) -> Result<Self, Refusal> {
        let names_suspect = content.suspect.is_some();
        if names_suspect != (content.stage == RecordedStage::Interrogation) {
            return Err(Refusal::Value("suspect_id"));
        }
        if content.began_at >= content.ended_at {
            return Err(Refusal::RecordingTime("began_at"));
        }
        if content.ended_at > at {
            return Err(Refusal::RecordingTime("ended_at"));
        }
        Ok(Self { id, content, registered_by, registered_at: at })
    }

    /// The canonical form, of which the log keeps the digest.
    pub fn canonical(&self) -> Vec<u8> {
        let content = &self.content;
        Canonical::new("supervision.recording")
            .field("id", self.id.0)
            .field("case", content.case.0)
            .field("device", content.device.code())
            .field("stage", content.stage.code())
            .optional("suspect", content.suspect.map(|suspect| suspect.0))
            .field("police_number", content.police_number.as_str())
            .field("digest", content.digest.0)
            .instant("began_at", content.began_at)
            .instant("ended_at", content.ended_at)
            .field("registered_by", &self.registered_by.police_number)
            .instant("registered_at", self.registered_at)
            .finish()
    }
}

/// The time in which the recording of an interrogation must be registered after a detention
/// (a house parameter; the first interrogation itself is due within 24 h, PCR 128).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch {
    /// The name of the finding that it would become: that of the event of the detention.
    pub id: FindingId,
    /// The case.
    pub case: CaseId,
    /// Who was detained.
    pub suspect: SuspectId,
    /// When the detention began.
    pub started_at: Timestamp,
    /// Last instant in time.
    pub due_at: Timestamp,
}

impl Watch {
    /// A watch of `hours` from the beginning of the detention.
    pub fn start(
        id: FindingId,
        case: CaseId,
        suspect: SuspectId,
        started_at: Timestamp,
        hours: u16,
    ) -> Self {
        let due_at = started_at + SignedDuration::from_hours(hours.into());
        Self { id, case, suspect, started_at, due_at }
    }

    /// When half of the time is over.
    pub fn warn_at(&self) -> Timestamp {
        self.started_at + self.due_at.duration_since(self.started_at) / 2
    }

    /// Whether `recording` is what is waited for: this suspect's interrogation, begun after the
    /// detention.
    pub fn is_met_by(&self, recording: &NewRecording) -> bool {
        recording.case == self.case
            && recording.suspect == Some(self.suspect)
            && recording.began_at >= self.started_at
    }
}
