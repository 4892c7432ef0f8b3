//! What a verification can find, each with a stable code and its place.

use std::fmt;

use uuid::Uuid;

/// Declares the defects with their codes and a sentence each.
macro_rules! defects {
    ($($name:ident = $code:literal, $says:literal;)*) => {
        /// A way in which log and rows can fail to agree.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Defect {
            $(#[doc = $says] $name,)*
        }

        impl Defect {
            /// Stable name; never changes once released.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// What is wrong, in one sentence.
            pub fn says(self) -> &'static str {
                match self { $(Self::$name => $says,)* }
            }
        }
    };
}

defects! {
    LogUnknown = "LOG_UNKNOWN", "The schema holds another log than that of the key.";
    SequenceGap = "SEQUENCE_GAP", "The log has no entry with this number.";
    EventMissing = "EVENT_MISSING", "The log names an event that is not there.";
    EventUnnumbered = "EVENT_UNNUMBERED", "An event is neither in the log nor waiting for a number.";
    QueueDiffers = "QUEUE_DIFFERS", "What waits for a number has one already, or is no event.";
    VersionGap = "VERSION_GAP", "The versions of an aggregate are not dense in the order of the log.";
    EventDiffers = "EVENT_DIFFERS", "The event is not what its leaf was taken over.";
    LeafDiffers = "LEAF_DIFFERS", "The leaf in the log is not that of its event and tile.";
    TileDiffers = "TILE_DIFFERS", "A tile is not what the leaves give.";
    CheckpointUnsigned = "CHECKPOINT_UNSIGNED", "A checkpoint does not bear the log's signature.";
    CheckpointDiffers = "CHECKPOINT_DIFFERS", "A checkpoint is not what the leaves give.";
    CheckpointMissing = "CHECKPOINT_MISSING", "No checkpoint covers the end of the log.";
    CursorAhead = "CURSOR_AHEAD", "A loop has gone beyond the end of the log.";
    CursorDiffers = "CURSOR_DIFFERS", "A follower applied another entry than the log has there.";
    AuditDiffers = "AUDIT_DIFFERS", "The chain of reads is broken, or is not what the log says of it.";
    DocumentDiffers = "DOCUMENT_DIFFERS", "A legal document is not what was issued.";
    DocumentMissing = "DOCUMENT_MISSING", "A legal document that was issued is not there.";
    RowDiffers = "ROW_DIFFERS", "The rows of an aggregate are not what its newest event left.";
    RowMissing = "ROW_MISSING", "An aggregate that has events has no rows.";
    RowUnreadable = "ROW_UNREADABLE", "The rows of an aggregate contradict each other.";
    RowWithoutEvent = "ROW_WITHOUT_EVENT", "There are rows of which no event tells.";
}

/// One defect and where it is. It carries ids and numbers, never what a row says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The service in whose schema it is, e.g. `intake`.
    pub service: String,
    /// What is wrong.
    pub defect: Defect,
    /// Number in the log, size of a checkpoint, or number in the audit chain.
    pub sequence: Option<u64>,
    /// The aggregate concerned.
    pub aggregate: Option<Uuid>,
    /// What helps to find the place: a tile, an event, a follower.
    pub detail: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.service, self.defect.code())?;
        if let Some(sequence) = self.sequence {
            write!(f, " #{sequence}")?;
        }
        if let Some(aggregate) = self.aggregate {
            write!(f, " {aggregate}")?;
        }
        if !self.detail.is_empty() {
            write!(f, " ({})", self.detail)?;
        }
        write!(f, ": {}", self.defect.says())
    }
}

/// What was looked at in one service, and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The service.
    pub service: String,
    /// Entries of its log.
    pub entries: u64,
    /// Signed checkpoints.
    pub checkpoints: u64,
    /// Aggregates whose rows were recomputed, documents and audit chains included.
    pub aggregates: u64,
    /// Entries of the audit chains.
    pub audited: u64,
    /// Everything that is wrong, in the order in which it was found.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }

    /// Adds a finding at a number and an aggregate, as far as there are such.
    pub(crate) fn found(
        &mut self,
        defect: Defect,
        sequence: impl Into<Option<u64>>,
        aggregate: impl Into<Option<Uuid>>,
        detail: impl Into<String>,
    ) {
        self.findings.push(Finding {
            service: self.service.clone(),
            defect,
            sequence: sequence.into(),
            aggregate: aggregate.into(),
            detail: detail.into(),
        });
    }
}
