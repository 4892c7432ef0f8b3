//! An event on its way into the outbox.

use gongxin_kernel::{EventId, Revision};
use gongxin_transparency::View;
use prost::{Message, Name};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::trace::TraceContext;

/// A fact that a transaction commits together with the state it explains.
#[derive(Clone, Debug)]
pub struct NewEvent {
    id: EventId,
    aggregate: Uuid,
    version: Revision,
    subject: &'static str,
    type_name: String,
    data: Vec<u8>,
    view: View,
    canonical: [u8; 32],
    trace: TraceContext,
}

impl NewEvent {
    /// An event of `aggregate` that made it `version`.
    ///
    /// `subject` is `entity.event`; `view` is what a receipt of it says; `canonical` is the
    /// canonical form of the aggregate after the change, of which the digest is kept.
    pub fn new<M: Message + Name>(
        aggregate: Uuid,
        version: Revision,
        subject: &'static str,
        message: &M,
        view: View,
        canonical: &[u8],
    ) -> Self {
        Self {
            id: EventId::fresh(),
            aggregate,
            version,
            subject,
            type_name: M::full_name(),
            data: message.encode_to_vec(),
            view,
            canonical: Sha256::digest(canonical).into(),
            trace: TraceContext::current(),
        }
    }

    /// The event's id.
    pub fn id(&self) -> EventId {
        self.id
    }

    /// The aggregate it belongs to.
    pub fn aggregate(&self) -> Uuid {
        self.aggregate
    }

    pub(crate) fn version(&self) -> Revision {
        self.version
    }

    pub(crate) fn subject(&self) -> &'static str {
        self.subject
    }

    pub(crate) fn type_name(&self) -> &str {
        &self.type_name
    }

    pub(crate) fn data(&self) -> &[u8] {
        &self.data
    }

    pub(crate) fn view(&self) -> &View {
        &self.view
    }

    pub(crate) fn canonical(&self) -> &[u8; 32] {
        &self.canonical
    }

    pub(crate) fn trace(&self) -> &TraceContext {
        &self.trace
    }
}
