//! Lists and reads: nothing personal in a list, no read without a trace.

use gongxin_kernel::Post;
use gongxin_proto::review::v1::{GetCaseRequest, ListCasesRequest};
use gongxin_testkit::officer;
use tonic::Code;

use crate::office::*;

#[tokio::test(flavor = "multi_thread")]
async fn req_xc_8_a_read_of_a_case_is_on_record_before_it_is_shown() {
    let office = Office::open().await;
    let case = office.case(&["张某某"]).await;
    let inspector = officer("619007", &[Post::SupervisionOfficer]);
    let ask = GetCaseRequest { case_id: case.case_id.clone() };
    office.review().get_case(office.call(&inspector, ask.clone())).await.unwrap();

    let mut admin = office.deployment.world().admin().await;
    let (action, subject): (String, String) = sqlx::query_as(
        "select action, subject::text from review.audit where actor = 'staff:619007'",
    )
    .fetch_one(&mut admin)
    .await
    .unwrap();
    assert_eq!((action.as_str(), subject), ("get_case", case.case_id));

    let reporter = officer("619006", &[Post::ReportOfficer]);
    let refused = office.review().get_case(office.call(&reporter, ask)).await;
    assert_refused(refused, Code::PermissionDenied, "POWER_MISSING", &[]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_goes_page_by_page_and_shows_what_is_due_next() {
    let office = Office::open().await;
    let mut cases = Vec::new();
    for name in ["张某某", "李某某", "王某某"] {
        cases.push(office.case(&[name]).await);
    }
    office.detain(&cases[0]).await;
    office.submit(&cases[0]).await;
    let mut seen = Vec::new();
    let mut token = String::new();
    loop {
        let ask = ListCasesRequest { page_size: 2, page_token: token };
        let page = office.review().list_cases(office.call(&reviewer(), ask)).await.unwrap();
        let page = page.into_inner();
        seen.extend(page.cases);
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    let ids: Vec<_> = seen.iter().map(|line| &line.case_id).collect();
    assert_eq!(ids, cases.iter().rev().map(|case| &case.case_id).collect::<Vec<_>>());
    let oldest = &seen[2];
    assert_eq!((oldest.suspects, oldest.open_requests), (1, 1));
    assert_eq!(oldest.next_due_at, "2026-01-08T15:59:59.999999Z");
    assert_eq!(seen[0].next_due_at, "");

    let ask = ListCasesRequest { page_size: 2, page_token: "2".into() };
    let refused = office.review().list_cases(office.call(&reviewer(), ask)).await;
    assert_refused(refused, Code::InvalidArgument, "ID_INVALID", &["page_token"]);
}
