//! Bad input has a stable reason and the field, and changes nothing.

use gongxin_kernel::{Post, new_uuid};
use gongxin_proto::disclosure::v1::{
    Holder, IssueQueryCodeRequest, ProposePublicationRequest, RecordReturnVisitRequest,
    RevokeAccessRequest,
};
use gongxin_testkit::{fields, officer, reason};

use crate::house::{House, centre, desk, fresh, issue, number, petitions};
use crate::sources::case_number;

type Spoil<M> = fn(&mut M);

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_named_and_nothing_happens() {
    let house = House::new().await;
    house.report(1).await;
    let matrix: &[(Spoil<IssueQueryCodeRequest>, &str, &[&str])] = &[
        (|m| m.request_id = "7".into(), "REQUEST_ID_INVALID", &["request_id"]),
        (|m| m.receipt_number.clear(), "DISCLOSURE_INVALID", &["receipt_number"]),
        (|m| m.receipt_number = number(2), "ACCESS_NOT_FOUND", &[]),
        (|m| m.holder = 0, "DISCLOSURE_INVALID", &["holder"]),
        (|m| m.holder = 9, "DISCLOSURE_INVALID", &["holder"]),
        (|m| m.holder = Holder::Family.into(), "KINSHIP_PROOF_REQUIRED", &["kinship_proof"]),
        (|m| m.kinship_proof = "无".into(), "KINSHIP_PROOF_REQUIRED", &["kinship_proof"]),
        (|m| m.kinship_proof = "证".repeat(201), "DISCLOSURE_INVALID", &["kinship_proof"]),
    ];
    for (spoil, why, at) in matrix {
        let mut message = issue(1, Holder::Reporter);
        spoil(&mut message);
        let call = house.deployment.call(&desk(), message);
        let refused = house.api.clone().issue_query_code(call).await.unwrap_err();
        assert_eq!((reason(&refused).as_str(), fields(&refused)), (*why, owned(at)), "{why}");
    }

    let matrix: &[(Spoil<RevokeAccessRequest>, &str, &[&str])] = &[
        (|m| m.code_id = "7".into(), "ID_INVALID", &["code_id"]),
        (|m| m.ground = 0, "DISCLOSURE_INVALID", &["ground"]),
        (|_| (), "CODE_NOT_FOUND", &[]),
    ];
    for (spoil, why, at) in matrix {
        let mut message = RevokeAccessRequest {
            request_id: fresh(),
            receipt_number: number(1),
            code_id: new_uuid().to_string(),
            ground: 1,
        };
        spoil(&mut message);
        let call = house.deployment.call(&centre(), message);
        let refused = house.api.clone().revoke_access(call).await.unwrap_err();
        assert_eq!((reason(&refused).as_str(), fields(&refused)), (*why, owned(at)), "{why}");
    }
    assert_eq!(house.subjects().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn visits_and_publications_name_the_field_at_fault() {
    let house = House::new().await;
    let visit = house.filed(1).await;
    let matrix: &[(Spoil<RecordReturnVisitRequest>, &str, &[&str])] = &[
        (|m| m.rating = 0, "DISCLOSURE_INVALID", &["rating"]),
        (|m| m.rating = 6, "DISCLOSURE_INVALID", &["rating"]),
        (|m| m.rating = u32::MAX, "DISCLOSURE_INVALID", &["rating"]),
        (|m| m.words = "话".repeat(2001), "DISCLOSURE_INVALID", &["words"]),
        (|m| m.words = "\u{0}".into(), "DISCLOSURE_INVALID", &["words"]),
        (|m| m.visit_id = "7".into(), "ID_INVALID", &["visit_id"]),
        (|m| m.visit_id = new_uuid().to_string(), "VISIT_NOT_FOUND", &[]),
    ];
    for (spoil, why, at) in matrix {
        let visit_id = visit.visit_id.clone();
        let words = String::new();
        let mut message =
            RecordReturnVisitRequest { request_id: fresh(), visit_id, rating: 5, words };
        spoil(&mut message);
        let call = house.deployment.call(&petitions(), message);
        let refused = house.api.clone().record_return_visit(call).await.unwrap_err();
        assert_eq!((reason(&refused).as_str(), fields(&refused)), (*why, owned(at)), "{why}");
    }

    let matrix: &[(Spoil<ProposePublicationRequest>, &str, &[&str])] = &[
        (|m| m.kind = 0, "DISCLOSURE_INVALID", &["kind"]),
        (|m| m.concerns = vec![0], "DISCLOSURE_INVALID", &["concerns"]),
        (|m| m.case_number.clear(), "DISCLOSURE_INVALID", &["case_number"]),
        (|m| m.case_number = case_number(9), "ACCESS_NOT_FOUND", &[]),
        (|m| m.text.clear(), "DISCLOSURE_INVALID", &["text"]),
        (|m| m.text = "字".repeat(20_001), "DISCLOSURE_INVALID", &["text"]),
    ];
    let handler = officer("619104", &[Post::CaseOfficer]);
    for (spoil, why, at) in matrix {
        let mut message = ProposePublicationRequest {
            request_id: fresh(),
            kind: 2,
            case_number: case_number(1),
            text: "龚某某".into(),
            concerns: Vec::new(),
        };
        spoil(&mut message);
        let call = house.deployment.call(&handler, message);
        let refused = house.api.clone().propose_publication(call).await.unwrap_err();
        assert_eq!((reason(&refused).as_str(), fields(&refused)), (*why, owned(at)), "{why}");
    }
    assert_eq!(house.subjects().await, ["visit.due"]);
}

fn owned(fields: &[&str]) -> Vec<String> {
    fields.iter().map(|field| (*field).to_owned()).collect()
}
