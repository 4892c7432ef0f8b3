//! The gate of publication.

use gongxin_kernel::{Post, Staff};
use gongxin_proto::disclosure::v1::{
    ClosedMatter, DocumentKind, GetPublicationRequest, ProposePublicationRequest, PublicationStage,
    ReviewPublicationRequest,
};
use gongxin_testkit::{officer, reason};
use tonic::Status;
use tonic_types::StatusExt as _;

use crate::house::{House, fresh};
use crate::sources::case_number;

fn handler() -> Staff {
    officer("619104", &[Post::CaseOfficer])
}

fn reviewer() -> Staff {
    officer("619105", &[Post::DisclosureReviewer])
}

pub(crate) fn proposal(kind: DocumentKind, text: &str) -> ProposePublicationRequest {
    ProposePublicationRequest {
        request_id: fresh(),
        kind: kind.into(),
        case_number: case_number(1),
        text: text.into(),
        concerns: Vec::new(),
    }
}

pub(crate) async fn propose(
    house: &House,
    ask: ProposePublicationRequest,
) -> Result<String, Status> {
    let call = house.deployment.call(&handler(), ask);
    Ok(house.api.clone().propose_publication(call).await?.into_inner().publication_id)
}

async fn review(house: &House, publication_id: &str, approve: bool) -> Result<(), Status> {
    let message = ReviewPublicationRequest {
        request_id: fresh(),
        publication_id: publication_id.to_owned(),
        approve,
        reasons: "表述需要修改".into(),
    };
    let call = house.deployment.call(&reviewer(), message);
    house.api.clone().review_publication(call).await.map(|_| ())
}

#[tokio::test(flavor = "multi_thread")]
async fn req_dis_9_a_sealed_penalty_decision_is_not_published_and_the_rule_is_named() {
    let house = House::new().await;
    house.filed(1).await;
    let ask = proposal(DocumentKind::PublicSecurityPenalty, "对龚某某行政拘留五日");
    let refused = propose(&house, ask).await.unwrap_err();
    assert_eq!(reason(&refused), "NOT_PUBLISHABLE");
    let rule = refused.get_error_details().error_info().unwrap().metadata["rule"].clone();
    assert!(rule.contains("第一百三十六条"), "{rule}");

    let mut ask = proposal(DocumentKind::OtherPenalty, "对龚某某罚款");
    ask.concerns = vec![ClosedMatter::Minor.into()];
    assert_eq!(reason(&propose(&house, ask).await.unwrap_err()), "NOT_PUBLISHABLE");
    let named = proposal(DocumentKind::OtherPenalty, "对龚小军罚款");
    assert_eq!(reason(&propose(&house, named).await.unwrap_err()), "NAME_NOT_MASKED");
    assert!(house.get("/published").await.text.contains("暂无公开文书"));
}

#[tokio::test(flavor = "multi_thread")]
async fn req_dis_10_the_public_sees_a_text_only_after_a_second_person_approved_it() {
    let house = House::new().await;
    house.filed(1).await;
    let text = "当事人龚某某违反保安服务管理条例，处以警告。";
    let id = propose(&house, proposal(DocumentKind::OtherPenalty, text)).await.unwrap();
    assert!(!house.get("/published").await.text.contains("龚某某"));
    review(&house, &id, true).await.unwrap();
    assert!(house.get("/published").await.text.contains(text));
    assert_eq!(reason(&review(&house, &id, false).await.unwrap_err()), "PUBLICATION_DECIDED");

    let other = propose(&house, proposal(DocumentKind::Statistics, "受案十二起")).await.unwrap();
    review(&house, &other, false).await.unwrap();
    assert!(!house.get("/published").await.text.contains("受案十二起"));
    let call = house.deployment.call(&reviewer(), GetPublicationRequest { publication_id: other });
    let refused = house.api.clone().get_publication(call).await.unwrap().into_inner();
    let refused = refused.publication.unwrap();
    assert_eq!(refused.stage(), PublicationStage::Refused);
    assert_eq!(refused.reasons, "表述需要修改");
    let (_, list) = house.staff_page(&reviewer(), "/publications").await;
    assert!(list.contains("已公开") && list.contains("不予公开"), "{list}");
    let (_, page) = house.staff_page(&reviewer(), &format!("/publications/{id}")).await;
    assert!(page.contains(text) && page.contains("619105"), "{page}");
    let (status, _) = house.staff_page(&handler(), "/publications").await;
    assert_eq!(status, http::StatusCode::FORBIDDEN);
    let subjects = [
        "visit.due",
        "publication.proposed",
        "publication.approved",
        "publication.proposed",
        "publication.refused",
    ];
    assert_eq!(house.subjects().await, subjects);
    house.conforms().await;
}
