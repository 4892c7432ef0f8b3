//! The decision on liability as a paper: what it says, and who may read it.

use gongxin_documents::{Digest, Document, Line};
use gongxin_kernel::{Post, Staff};
use gongxin_proto::accountability::v1::Liability;
use gongxin_proto::documents::v1::documents_service_client::DocumentsServiceClient;
use gongxin_proto::documents::v1::{DocumentEntry, GetDocumentRequest, ListDocumentsRequest};
use gongxin_testkit::reason;
use http::StatusCode;
use tonic::Status;

use crate::house::{
    House, STATION, concerned, inspector, leader, liable, no_fault, political, reviewer, staff,
};

impl House {
    async fn papers(&self, by: &Staff, clue_id: &str) -> Vec<DocumentEntry> {
        let call = self.deployment.call(by, ListDocumentsRequest { matter_id: clue_id.to_owned() });
        let mut client = DocumentsServiceClient::connect(self.url()).await.unwrap();
        client.list_documents(call).await.unwrap().into_inner().documents
    }

    async fn paper(&self, by: &Staff, id: &str) -> Result<String, Status> {
        let call = self.deployment.call(by, GetDocumentRequest { document_id: id.to_owned() });
        let mut client = DocumentsServiceClient::connect(self.url()).await.unwrap();
        Ok(client.get_document(call).await?.into_inner().text)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn req_xc_7_a_decision_on_liability_is_a_document_that_recomputes_with_its_remedy() {
    let house = House::new().await;
    let id = house.determined().await;
    let outcomes = vec![liable(Liability::Warning)];
    let number = house.decide(&leader(), &id, outcomes).await.unwrap().document_numbers.remove(0);

    let papers = house.papers(&leader(), &id).await;
    let [entry] = papers.as_slice() else { panic!("{papers:?}") };
    assert_eq!((entry.title.as_str(), &entry.number), ("执法过错责任追究决定书", &number));
    let text = house.paper(&leader(), &entry.document_id).await.unwrap();
    assert_eq!(Digest::of(&text).as_bytes().as_slice(), entry.digest);
    let document = Document::parse(&text).unwrap();
    let says = |wanted: &str| {
        document.content().body.iter().any(|line| match line {
            Line::Paragraph(text) => text.contains(wanted),
            Line::Fact { value, .. } => value == wanted,
        })
    };
    assert!(says("超期审查立案") && says("警告") && says("无正当理由超期审查。"), "{text}");
    let remedy = &document.content().remedies[0];
    assert_eq!(remedy.clock.as_ref().unwrap().rule, "accountability.appeal.request");
    assert!(remedy.text.contains("5日以内"), "{}", remedy.text);
    house.conforms().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_xc_7_a_decision_is_read_by_its_hands_and_by_the_officer_once_it_is_served() {
    let house = House::new().await;
    let id = house.determined().await;
    house.decide(&leader(), &id, vec![liable(Liability::Warning)]).await.unwrap();
    let paper = house.papers(&leader(), &id).await.remove(0).document_id;
    let path = format!("/documents/{paper}");

    let colleague = staff("619103", STATION, Post::CaseOfficer);
    let outsider = staff("619202", "619921080000", Post::CommandCentre);
    let transferred = Staff { posts: [Post::CaseOfficer].into(), ..inspector() };
    let nobody = staff("619901", STATION, Post::Administrator);
    for reader in [&colleague, &outsider, &transferred, &concerned()] {
        let refused = house.paper(reader, &paper).await.unwrap_err();
        assert_eq!(reason(&refused), "DOCUMENT_NOT_FOUND", "{}", reader.police_number);
        assert_eq!(house.page(reader, &path).await.0, StatusCode::NOT_FOUND);
        assert_eq!(house.papers(reader, &id).await, []);
    }
    assert_eq!(reason(&house.paper(&nobody, &paper).await.unwrap_err()), "POWER_MISSING");

    house.serve(&political(), &id).await.unwrap();
    for reader in [&concerned(), &inspector(), &reviewer(), &political(), &leader()] {
        let (status, page) = house.page(reader, &path).await;
        assert_eq!(status, StatusCode::OK, "{}", reader.police_number);
        assert!(page.contains("薛少杰") && page.contains("签收人"), "{page}");
    }
    assert_eq!(house.page(&colleague, &path).await.0, StatusCode::NOT_FOUND);
    let (_, clue) = house.page(&inspector(), &format!("/clues/{id}")).await;
    assert!(clue.contains(&path), "{clue}");
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_without_liability_has_no_paper() {
    let house = House::new().await;
    let id = house.determined().await;
    house.decide(&leader(), &id, vec![no_fault(crate::house::HANDLER)]).await.unwrap();
    assert_eq!(house.papers(&leader(), &id).await, []);
    house.stop().await;
}
