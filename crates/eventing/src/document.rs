//! Legal documents: issued with the decision, kept as they were, held against the log when read.

use gongxin_documents::{Document, DocumentId, Draft, Issue, Kind};
use gongxin_kernel::{EventId, Fault, Revision, new_uuid};
use gongxin_proto::documents::v1::DocumentIssued;
use gongxin_proto::event_name;
use gongxin_transparency::View;
use jiff::Timestamp;
use prost::Message as _;
use uuid::Uuid;

use crate::store::documents as store;
use crate::{NewEvent, Ts, Tx, reasons};

/// A document as it was issued, checked against its event.
#[derive(Clone, Debug)]
pub struct Issued {
    /// Its id.
    pub id: DocumentId,
    /// The matter it was issued in.
    pub matter: Uuid,
    /// What it says.
    pub document: Document,
    /// The event of its issue, of which there is a receipt.
    pub event: EventId,
}

/// A document as lists name it, without what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: DocumentId,
    /// What it is.
    pub kind: Kind,
    /// Its number.
    pub number: String,
    /// When it was issued.
    pub at: Timestamp,
    /// SHA-256 over its text.
    pub digest: [u8; 32],
}

impl Tx {
    /// Issues a document of `matter`, which this transaction has locked: it is there with the
    /// decision or not at all. A repeated request is answered before it comes here, so that there
    /// is never a second one; another document of the same kind and number is refused.
    ///
    /// # Errors
    /// `DOCUMENT_UNFIT` when it does not say what it must.
    pub async fn issue(&mut self, matter: Uuid, draft: Draft) -> Result<DocumentId, Fault> {
        if !self.holds(matter) {
            let what = format!("{} issues a document of a matter not locked", self.name());
            return Err(Fault::new(&reasons::INVARIANT_BROKEN).caused_by(what));
        }
        let mut salt = [0; 16];
        getrandom::fill(&mut salt)
            .map_err(|e| Fault::new(&reasons::INVARIANT_BROKEN).caused_by(e.to_string()))?;
        let bureau = self.bureau()?.clone();
        let issue = Issue { bureau, organ: self.organ().to_owned(), at: self.at(), salt };
        let document = Document::new(draft, issue)
            .map_err(|e| Fault::new(&reasons::DOCUMENT_UNFIT).caused_by(e))?;
        let id = new_uuid();
        let (text, digest) = (document.to_text(), document.digest());
        let content = document.content();
        let row = store::Row {
            id,
            bureau: document.issue().bureau.as_str(),
            matter,
            kind: content.kind.code(),
            number: &content.number,
            at: Ts(document.issue().at),
            content: &text,
            digest: digest.as_bytes(),
        };
        store::insert(self.conn(), &row).await?;
        self.hold_fresh(id);
        self.append(event(id, matter, &document, &text)?).await?;
        Ok(DocumentId(id))
    }

    /// The document with this id, held against the event of its issue: what a row says now counts
    /// for nothing where it is not what the log has.
    ///
    /// # Errors
    /// `DOCUMENT_NOT_FOUND`, `DOCUMENT_ALTERED`.
    pub async fn document(&mut self, id: DocumentId) -> Result<Issued, Fault> {
        let stored = store::find(self.conn(), id.0).await?;
        let stored = stored.ok_or_else(|| Fault::new(&reasons::DOCUMENT_NOT_FOUND))?;
        let altered = || Fault::new(&reasons::DOCUMENT_ALTERED);
        let document = Document::parse(&stored.content).map_err(|e| altered().caused_by(e))?;
        let told = DocumentIssued::decode(&*stored.data).map_err(|e| altered().caused_by(e))?;
        let digest = document.digest();
        let as_issued = told.digest == digest.as_bytes()
            && stored.canonical == digest.as_bytes()
            && told.matter_id == stored.matter.to_string();
        if !as_issued {
            return Err(altered());
        }
        Ok(Issued { id, matter: stored.matter, document, event: EventId(stored.event) })
    }

    /// The documents of a matter, oldest first.
    pub async fn documents(&mut self, matter: Uuid) -> Result<Vec<Entry>, Fault> {
        let lines = store::of_matter(self.conn(), matter).await?;
        lines.into_iter().map(entry).collect()
    }
}

/// The event: number and digest, no person and nothing of what the document says.
fn event(id: Uuid, matter: Uuid, document: &Document, text: &str) -> Result<NewEvent, Fault> {
    let (kind, number) = (document.content().kind, document.content().number.clone());
    let digest = document.digest();
    let subject = "document.issued";
    let called = event_name(subject).map_or(subject, |(zh, _)| zh);
    let view = View::new([
        ("event", called.to_owned()),
        ("document-kind", document.title().to_owned()),
        ("document-number", number.clone()),
        ("verification-code", digest.code()),
        ("document-digest", digest.to_string()),
    ])
    .map_err(|e| Fault::new(&reasons::DOCUMENT_UNFIT).caused_by(e))?;
    let message = DocumentIssued {
        document_id: id.to_string(),
        kind: kind.code().to_owned(),
        number,
        matter_id: matter.to_string(),
        digest: digest.as_bytes().to_vec(),
    };
    // The row's digest in the leaf is the document's own.
    let row = text.as_bytes();
    Ok(NewEvent::new(id, Revision::FIRST, subject, &message, view, row))
}

fn entry(line: store::Line) -> Result<Entry, Fault> {
    let broken = || Fault::new(&reasons::DOCUMENT_ALTERED);
    Ok(Entry {
        id: DocumentId(line.id),
        kind: Kind::of_code(&line.kind).ok_or_else(broken)?,
        number: line.number,
        at: line.at.0,
        digest: line.digest.try_into().map_err(|_| broken())?,
    })
}
