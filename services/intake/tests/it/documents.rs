//! The papers of a report: issued with the decision, the same for ever, read by who may read it.

use gongxin_documents::{Digest, Document, Draft, Line};
use gongxin_kernel::{Post, Staff, new_uuid};
use gongxin_proto::documents::v1::documents_service_client::DocumentsServiceClient;
use gongxin_proto::documents::v1::{
    DocumentEntry, DocumentIssued, GetDocumentRequest, ListDocumentsRequest,
};
use gongxin_proto::intake::v1::{FilingOutcome, Nature, ReceivingOrgan, RegisterReportRequest};
use gongxin_testkit::{log_key, officer, reason};
use gongxin_transparency::{Receipt, VerifierKey};
use http::StatusCode;
use prost::Message as _;
use tonic::{Code, Status};

use crate::house::{House, decision, desk, leader, theft};

impl House {
    async fn papers(&self, report_id: &str) -> Vec<DocumentEntry> {
        let message = ListDocumentsRequest { matter_id: report_id.to_owned() };
        let call = self.deployment.call(&desk(), message);
        let mut client = DocumentsServiceClient::connect(self.url()).await.unwrap();
        client.list_documents(call).await.unwrap().into_inner().documents
    }

    /// The document, and the entry that came with it.
    async fn paper(&self, by: &Staff, id: &str) -> Result<(DocumentEntry, String), Status> {
        let message = GetDocumentRequest { document_id: id.to_owned() };
        let call = self.deployment.call(by, message);
        let mut client = DocumentsServiceClient::connect(self.url()).await.unwrap();
        let answer = client.get_document(call).await?.into_inner();
        Ok((answer.entry.unwrap(), answer.text))
    }

    /// The newest document of a report.
    pub(crate) async fn newest(&self, report_id: &str) -> (DocumentEntry, Document) {
        let entry = self.papers(report_id).await.pop().unwrap();
        let (_, text) = self.paper(&desk(), &entry.document_id).await.unwrap();
        (entry, Document::parse(&text).unwrap())
    }
}

fn titles(entries: &[DocumentEntry]) -> Vec<&str> {
    entries.iter().map(|entry| entry.title.as_str()).collect()
}

fn says(document: &Document, wanted: &str) -> bool {
    document.content().body.iter().any(|line| match line {
        Line::Paragraph(text) => text.contains(wanted),
        Line::Fact { value, .. } => value.contains(wanted),
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn req_xc_7_a_decision_is_a_document_with_number_and_a_digest_that_anybody_recomputes() {
    let house = House::new().await;
    let report = house.register(theft(house.now())).await;
    let number = house.decide(&leader(), &report.report_id, FilingOutcome::Filed).await.unwrap();

    let papers = house.papers(&report.report_id).await;
    assert_eq!(titles(&papers), ["接报案回执", "受案回执", "立案决定书"]);
    let numbers: Vec<_> = papers.iter().map(|entry| entry.number.as_str()).collect();
    assert_eq!(numbers, [&report.number, "明公（510000）受案字〔2026〕1号", &number]);

    let id = &papers[2].document_id;
    let (entry, text) = house.paper(&desk(), id).await.unwrap();
    assert_eq!(entry, papers[2]);
    assert_eq!(Digest::of(&text).as_bytes().as_slice(), entry.digest);
    let document = Document::parse(&text).unwrap();
    assert_eq!(document.issue().organ, "明川县公安局");
    assert!(says(&document, "决定对盗窃案立案侦查") && says(&document, &report.case_number));

    let digest = document.digest();
    let (status, page) = house.page(&desk(), &format!("/documents/{id}")).await;
    assert_eq!(status, StatusCode::OK);
    for shown in ["立案决定书", &number, "盖章处", &digest.to_string(), &digest.code()] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let (_, file) = house.page(&desk(), &format!("/documents/{id}/text")).await;
    assert_eq!(file, text);

    // The log has the digest, and whoever holds the receipt needs no server to see that.
    let (_, receipt) = house.page(&desk(), &format!("/documents/{id}/receipt")).await;
    let receipt = Receipt::parse(&receipt).unwrap();
    let keys: [VerifierKey; 1] = [log_key("intake").verifier()];
    receipt.verify(&keys).unwrap();
    assert_eq!(receipt.view.get("document-digest"), Some(digest.to_string().as_str()));
    assert_eq!(receipt.view.get("document-number"), Some(number.as_str()));

    let (_, page) = house.page(&desk(), &format!("/reports/{}", report.report_id)).await;
    for entry in &papers {
        assert!(page.contains(&format!("/documents/{}", entry.document_id)), "{page}");
    }
    house.conforms().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_xc_7_a_changed_row_is_refused_and_not_shown() {
    let house = House::new().await;
    let report = house.register(theft(house.now())).await.report_id;
    house.decide(&leader(), &report, FilingOutcome::NotFiled).await.unwrap();
    let (entry, _) = house.newest(&report).await;
    let other = house.register(theft(house.now())).await.report_id;

    // The database itself holds digest and text together, so a forger changes both.
    let mut admin = house.world().admin().await;
    let half = "update intake.documents set content = replace(content, '不予立案', '立案')
                 where id = $1::uuid";
    sqlx::query(half).bind(&entry.document_id).execute(&mut admin).await.unwrap_err();
    let changes = [
        "update intake.documents set content = replace(content, '不予立案。', '立案。'),
                digest = sha256(convert_to(replace(content, '不予立案。', '立案。'), 'UTF8'))
          where id = $1::uuid and $2 <> ''",
        // Moved to another report, whose readers may be others.
        "update intake.documents set matter = $2::uuid where id = $1::uuid",
    ];
    for change in changes {
        let kept = "create temporary table kept as select * from intake.documents";
        sqlx::query(kept).execute(&mut admin).await.unwrap();
        let forged = sqlx::query(change).bind(&entry.document_id).bind(&other);
        assert_eq!(forged.execute(&mut admin).await.unwrap().rows_affected(), 1);

        let refused = house.paper(&desk(), &entry.document_id).await.unwrap_err();
        assert_eq!((refused.code(), reason(&refused)), (Code::Internal, "DOCUMENT_ALTERED".into()));
        let path = format!("/documents/{}", entry.document_id);
        let (status, page) = house.page(&desk(), &path).await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(page.contains("请勿使用") && !page.contains("贺启文"), "{page}");

        let back = "update intake.documents d
                       set content = k.content, digest = k.digest, matter = k.matter
                      from kept k where k.id = d.id";
        sqlx::query(back).execute(&mut admin).await.unwrap();
        sqlx::query("drop table kept").execute(&mut admin).await.unwrap();
        house.paper(&desk(), &entry.document_id).await.unwrap();
    }
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_xc_7_the_same_command_again_gives_the_same_document_and_a_refused_one_none() {
    let house = House::new().await;
    let report = house.register(theft(house.now())).await.report_id;
    let message = decision(&report, FilingOutcome::Filed);
    let decide = async || {
        let call = house.deployment.call(&leader(), message.clone());
        house.api.clone().decide_filing(call).await.unwrap().into_inner()
    };
    let first = decide().await;
    let papers = house.papers(&report).await;
    assert_eq!(decide().await, first);
    assert_eq!(house.papers(&report).await, papers);

    house.decide(&leader(), &report, FilingOutcome::NotFiled).await.unwrap_err();
    assert_eq!(house.papers(&report).await, papers);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_xc_7_a_document_is_read_by_who_may_read_its_report_and_the_read_is_recorded() {
    let house = House::new().await;
    let report = house.register(theft(house.now())).await.report_id;
    let (entry, _) = house.newest(&report).await;
    let path = format!("/documents/{}", entry.document_id);
    let auxiliary = officer("619900", &[Post::Auxiliary]);
    let refused = house.paper(&auxiliary, &entry.document_id).await.unwrap_err();
    assert_eq!(reason(&refused), "POWER_MISSING");
    for page in [path.clone(), format!("{path}/text"), format!("{path}/receipt")] {
        assert_eq!(house.page(&auxiliary, &page).await.0, StatusCode::FORBIDDEN, "{page}");
    }
    let foreign = Staff { bureau: "619922".parse().unwrap(), ..desk() };
    let refused = house.paper(&foreign, &entry.document_id).await.unwrap_err();
    assert_eq!(reason(&refused), "WRONG_BUREAU");
    for nowhere in ["/documents/x".to_owned(), format!("/documents/{}", new_uuid())] {
        assert_eq!(house.page(&desk(), &nowhere).await.0, StatusCode::NOT_FOUND, "{nowhere}");
    }
    for (id, why) in [("x", "ID_INVALID"), (&new_uuid().to_string(), "DOCUMENT_NOT_FOUND")] {
        assert_eq!(reason(&house.paper(&desk(), id).await.unwrap_err()), why);
    }

    let reads = async || -> i64 {
        let sql = "select count(*) from intake.audit
                    where action = 'get_document' and subject = $1::uuid and actor = 'staff:619101'";
        let mut admin = house.world().admin().await;
        sqlx::query_scalar(sql).bind(&report).fetch_one(&mut admin).await.unwrap()
    };
    let before = reads().await;
    house.paper(&desk(), &entry.document_id).await.unwrap();
    assert_eq!(reads().await, before + 1);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_mgt_6_each_outcome_has_its_paper_with_ground_law_and_remedies() {
    let house = House::new().await;
    let not_filed = house.register(theft(house.now())).await.report_id;
    let number = house.decide(&leader(), &not_filed, FilingOutcome::NotFiled).await.unwrap();
    let (entry, notice) = house.newest(&not_filed).await;
    assert_eq!((entry.title.as_str(), &entry.number), ("不予立案通知书", &number));
    let Draft { addressee, grounds, remedies, .. } = notice.content();
    assert_eq!(addressee.as_ref().and_then(|to| to.name.as_deref()), Some("贺启文"));
    assert!(says(&notice, "有犯罪事实，需要追究刑事责任") && says(&notice, "决定不予立案"));
    assert!(grounds.contains(&"《公安机关办理刑事案件程序规定》第178条".to_owned()));
    let clock = remedies[0].clock.as_ref().unwrap();
    assert_eq!(clock.rule, "intake.non_filing.reconsideration.request");
    assert!(remedies[0].text.contains("7日以内") && remedies[1].text.contains("立案监督"));

    let message = RegisterReportRequest { charge: "受贿罪".to_owned(), ..theft(house.now()) };
    let bribery = house.register(message).await.report_id;
    let mut transfer = decision(&bribery, FilingOutcome::Transferred);
    transfer.receiving_organ = ReceivingOrgan::SupervisoryCommission.into();
    let call = house.deployment.call(&leader(), transfer);
    house.api.clone().decide_filing(call).await.unwrap();
    let (entry, paper) = house.newest(&bribery).await;
    assert_eq!(entry.title, "移送案件通知书");
    assert!(says(&paper, "决定将该案移送监察委员会处理"));

    let quarrel = RegisterReportRequest {
        nature: Nature::NotPolice.into(),
        charge: String::new(),
        told: "属于民事纠纷，可以向人民法院起诉".to_owned(),
        ..theft(house.now())
    };
    let quarrel = house.register(quarrel).await.report_id;
    assert_eq!(titles(&house.papers(&quarrel).await), ["接报案回执"]);
    let (_, receipt) = house.newest(&quarrel).await;
    assert!(says(&receipt, "属于民事纠纷") && says(&receipt, "购车发票1张"));
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_reporter_has_a_pseudonym_on_papers_and_no_event_names_anybody() {
    let house = House::new().await;
    let mut message = theft(house.now());
    message.reporter.as_mut().unwrap().secret = true;
    let report = house.register(message).await.report_id;
    house.decide(&leader(), &report, FilingOutcome::NotFiled).await.unwrap();
    for entry in house.papers(&report).await {
        let (_, text) = house.paper(&desk(), &entry.document_id).await.unwrap();
        assert!(text.contains("化名") && !text.contains("贺启文"), "{text}");
    }

    let sql = "select data from intake.events where subject = 'document.issued'";
    let mut admin = house.world().admin().await;
    let events: Vec<Vec<u8>> = sqlx::query_scalar(sql).fetch_all(&mut admin).await.unwrap();
    assert_eq!(events.len(), 3);
    for data in events {
        let told = DocumentIssued::decode(&*data).unwrap();
        assert_eq!((told.matter_id.as_str(), told.digest.len()), (report.as_str(), 32));
        let shown = String::from_utf8_lossy(&data).into_owned();
        for personal in ["贺", "化名", "619101", "盗窃", "城关"] {
            assert!(!shown.contains(personal), "{personal}: {shown}");
        }
    }
    house.stop().await;
}
