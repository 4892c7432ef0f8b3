//! Legal documents to be read: over gRPC, and as pages that print as papers.

use std::fmt::Debug;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Extension, Router};
use futures::future::BoxFuture;
use gongxin_documents::{DocumentId, Draft, Line};
use gongxin_eventing::reasons::DOCUMENT_NOT_FOUND;
use gongxin_eventing::{Db, Entry, Issued, LogSetup, Scope, Tx, receipt};
use gongxin_kernel::{Actor, Fault, Power, Staff};
use gongxin_pages::{Html, Link, NavItem, Page, Sheet, SheetPart};
use gongxin_proto::documents::v1::documents_service_server::{
    DocumentsService, DocumentsServiceServer,
};
use gongxin_proto::documents::v1::{
    DocumentEntry, GetDocumentRequest, GetDocumentResponse, ListDocumentsRequest,
    ListDocumentsResponse,
};
use http::header;
use tonic::{Request, Response as Answered};
use uuid::Uuid;

use crate::calls::caller;
use crate::identity::Caller;
use crate::pages::{Frame, PageFault, show};
use crate::reasons;
use crate::run::Context;
use crate::status::{Answer, IntoStatus as _};

gongxin_pages::texts! {
    DOCUMENT = "法律文书", "Document";
    TEXT = "下载文书文本", "Text that the digest is over";
    RECEIPT = "下载可验证回执", "Verifiable receipt";
    PRINT = "打印本页即得文书；文书文本的 SHA-256 值应与页末摘要一致。", "Print this page for the paper; the SHA-256 of the text is the digest at its foot.";
}

/// Who may read the documents of a service, and where its matters are.
pub trait DocumentRules: Debug + Send + Sync + 'static {
    /// The power without which nobody reads any.
    const POWER: Power;

    /// Whether `reader` may know of the document with this number, of a matter of the reader's own
    /// bureau, which is locked to be read. It reads no more than the matter itself would show.
    fn admits<'t>(
        &'t self,
        tx: &'t mut Tx,
        reader: &'t Staff,
        matter: Uuid,
        number: &'t str,
    ) -> BoxFuture<'t, Result<bool, Fault>>;

    /// The page of a matter, one step up from its documents.
    fn matter(&self, matter: Uuid) -> Link;

    /// The parts of the service.
    fn nav(&self) -> Vec<NavItem>;
}

/// The documents of a service, to be read by its rules.
#[derive(Debug)]
pub struct Documents<R> {
    db: Db,
    log: Arc<LogSetup>,
    rules: Arc<R>,
}

impl<R> Clone for Documents<R> {
    fn clone(&self) -> Self {
        Self { db: self.db.clone(), log: Arc::clone(&self.log), rules: Arc::clone(&self.rules) }
    }
}

impl<R: DocumentRules> Documents<R> {
    /// The documents of the service with this database, to be read by `rules`.
    pub fn new(context: &Context, rules: R) -> Self {
        Self { db: context.db.clone(), log: Arc::clone(&context.log), rules: Arc::new(rules) }
    }

    /// `DocumentsService` over them.
    pub fn api(&self) -> DocumentsServiceServer<Self> {
        DocumentsServiceServer::new(self.clone())
    }

    /// The pages `/documents/{id}`, with text and receipt of each.
    pub fn pages(&self) -> Router {
        Router::new()
            .route("/documents/{id}", get(page::<R>))
            .route("/documents/{id}/text", get(text::<R>))
            .route("/documents/{id}/receipt", get(proof::<R>))
            .with_state(self.clone())
    }

    /// Reads a document; the read is recorded before anything is shown.
    async fn read(&self, caller: &Caller, id: DocumentId) -> Result<Issued, Fault> {
        let staff = caller.officer(R::POWER)?.clone();
        let rules = Arc::clone(&self.rules);
        self.db
            .transaction("get_document", Scope::Bureau(staff.bureau.clone()), move |tx| {
                let (rules, staff) = (Arc::clone(&rules), staff.clone());
                Box::pin(async move {
                    let issued = tx.document(id).await?;
                    tx.lock_to_read(issued.matter).await?;
                    let number = &issued.document.content().number;
                    if !rules.admits(tx, &staff, issued.matter, number).await? {
                        return Err(Fault::new(&DOCUMENT_NOT_FOUND));
                    }
                    let reader = Actor::Staff(staff).label();
                    tx.audit(&reader, "get_document", issued.matter).await?;
                    Ok(issued)
                })
            })
            .await
    }

    /// The documents of a matter that the caller may know of.
    async fn list(&self, caller: &Caller, matter: Uuid) -> Result<Vec<Entry>, Fault> {
        let staff = caller.officer(R::POWER)?.clone();
        let rules = Arc::clone(&self.rules);
        self.db
            .transaction("list_documents", Scope::Bureau(staff.bureau.clone()), move |tx| {
                let (rules, staff) = (Arc::clone(&rules), staff.clone());
                Box::pin(async move {
                    tx.lock_to_read(matter).await?;
                    let mut known = Vec::new();
                    for entry in tx.documents(matter).await? {
                        if rules.admits(tx, &staff, matter, &entry.number).await? {
                            known.push(entry);
                        }
                    }
                    Ok(known)
                })
            })
            .await
    }

    async fn listed(
        &self,
        request: Request<ListDocumentsRequest>,
    ) -> Result<ListDocumentsResponse, Fault> {
        let text = &request.get_ref().matter_id;
        let matter = text.parse().map_err(|_| invalid("matter_id"))?;
        let entries = self.list(caller(&request)?, matter).await?;
        let documents = entries.iter().map(|entry| DocumentEntry {
            document_id: entry.id.to_string(),
            kind: entry.kind.code().to_owned(),
            title: entry.kind.zh().to_owned(),
            number: entry.number.clone(),
            issued_at: entry.at.to_string(),
            matter_id: matter.to_string(),
            digest: entry.digest.to_vec(),
        });
        Ok(ListDocumentsResponse { documents: documents.collect() })
    }

    async fn got(
        &self,
        request: Request<GetDocumentRequest>,
    ) -> Result<GetDocumentResponse, Fault> {
        let text = &request.get_ref().document_id;
        let id = text.parse().map_err(|_| invalid("document_id"))?;
        let issued = self.read(caller(&request)?, id).await?;
        let document = &issued.document;
        let entry = DocumentEntry {
            document_id: id.to_string(),
            kind: document.content().kind.code().to_owned(),
            title: document.title().to_owned(),
            number: document.content().number.clone(),
            issued_at: document.issue().at.to_string(),
            matter_id: issued.matter.to_string(),
            digest: document.digest().as_bytes().to_vec(),
        };
        Ok(GetDocumentResponse { entry: Some(entry), text: document.to_text() })
    }
}

fn invalid(field: &str) -> Fault {
    Fault::field(&reasons::ID_INVALID, field, "must be a UUID")
}

#[tonic::async_trait]
impl<R: DocumentRules> DocumentsService for Documents<R> {
    async fn list_documents(
        &self,
        request: Request<ListDocumentsRequest>,
    ) -> Answer<ListDocumentsResponse> {
        self.listed(request).await.map(Answered::new).map_err(Fault::into_status)
    }

    async fn get_document(
        &self,
        request: Request<GetDocumentRequest>,
    ) -> Answer<GetDocumentResponse> {
        self.got(request).await.map(Answered::new).map_err(Fault::into_status)
    }
}

async fn page<R: DocumentRules>(
    State(documents): State<Documents<R>>,
    Extension(caller): Extension<Caller>,
    Extension(frame): Extension<Frame>,
    Path(id): Path<String>,
) -> Result<Response, PageFault> {
    let issued = documents.read(&caller, known(&id)?).await?;
    let links = [
        Html::from(Link::new(TEXT, format!("/documents/{id}/text"))),
        " · ".into(),
        Link::new(RECEIPT, format!("/documents/{id}/receipt")).into(),
    ];
    let body = [
        Html::from(sheet(&issued)),
        Html::paragraph(Html::from(PRINT)),
        Html::paragraph(links.into_iter().collect::<Html>()),
    ];
    Ok(show(Page {
        nav: documents.rules.nav(),
        back: Some(documents.rules.matter(issued.matter)),
        body: body.into_iter().collect(),
        is_sheet: true,
        ..frame.page(DOCUMENT, Some(&caller))
    }))
}

fn sheet(issued: &Issued) -> Sheet {
    let document = &issued.document;
    let Draft { number, unit, addressee, body, grounds, remedies, .. } = document.content();
    let to = addressee
        .as_ref()
        .map(|addressee| addressee.name.clone().unwrap_or_else(|| addressee.role.zh().to_owned()));
    Sheet {
        organ: document.issue().organ.clone(),
        title: document.title().to_owned(),
        number: number.clone(),
        to,
        parts: parts(body),
        grounds: grounds.clone(),
        remedies: remedies.iter().map(|remedy| remedy.text.clone()).collect(),
        unit: unit.as_ref().map(|unit| unit.name.clone()),
        issued_at: document.issue().at,
        code: document.digest().code(),
        digest: document.digest().to_string(),
    }
}

/// Paragraphs, and facts that follow each other as one table.
fn parts(body: &[Line]) -> Vec<SheetPart> {
    body.iter().fold(Vec::new(), |mut parts, line| {
        match (line, parts.last_mut()) {
            (Line::Fact { label, value }, Some(SheetPart::Facts(facts))) => {
                facts.push((label.clone(), value.clone()));
            }
            (Line::Fact { label, value }, _) => {
                parts.push(SheetPart::Facts(vec![(label.clone(), value.clone())]));
            }
            (Line::Paragraph(text), _) => parts.push(SheetPart::Paragraph(text.clone())),
        }
        parts
    })
}

/// The text as it is stored: `sha256sum` over the file prints the digest.
async fn text<R: DocumentRules>(
    State(documents): State<Documents<R>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Response, PageFault> {
    let issued = documents.read(&caller, known(&id)?).await?;
    Ok(file(&format!("document-{id}.txt"), issued.document.to_text()))
}

/// The receipt of the issue. Waits up to five seconds for its proof.
async fn proof<R: DocumentRules>(
    State(documents): State<Documents<R>>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Result<Response, PageFault> {
    let issued = documents.read(&caller, known(&id)?).await?;
    let bureau = &issued.document.issue().bureau;
    let receipt = receipt(&documents.db, &documents.log, bureau, issued.event).await?;
    Ok(file(&format!("receipt-{id}.txt"), receipt.to_text()))
}

fn file(name: &str, text: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, text).into_response()
}

/// An address that names no document is a page that is not there.
fn known(text: &str) -> Result<DocumentId, Fault> {
    text.parse().map_err(|_| Fault::new(&DOCUMENT_NOT_FOUND))
}
