//! The lifelong file and the catalogue of clauses.

use gongxin_kernel::{Post, Staff};
use gongxin_proto::accountability::v1::{
    CorrectFileRequest, FileEntry, GetFileRequest, Liability, ListClausesRequest,
};
use gongxin_testkit::reason;
use tonic::Status;

use crate::house::{
    HANDLER, House, concerned, discipline, liable, no_fault, other_leader, political, request_id,
    staff,
};

async fn file(house: &House, by: &Staff, of: &str) -> Result<Vec<FileEntry>, Status> {
    let call = house.deployment.call(by, GetFileRequest { police_number: of.to_owned() });
    Ok(house.api.clone().get_file(call).await?.into_inner().entries)
}

async fn correct(house: &House, by: &Staff, clue_id: &str) -> Result<(), Status> {
    let message = CorrectFileRequest {
        request_id: request_id(),
        clue_id: clue_id.to_owned(),
        police_number: HANDLER.to_owned(),
        correction: "决定书所载单位名称应为城关派出所。".to_owned(),
    };
    let call = house.deployment.call(by, message);
    house.api.clone().correct_file(call).await.map(|_| ())
}

#[tokio::test(flavor = "multi_thread")]
async fn req_acc_2_only_a_final_decision_enters_and_a_correction_is_an_overlay() {
    let house = House::new().await;
    let (id, _) = house.served().await;
    let keeper = staff("619602", "619921060000", Post::PoliticalOfficer);
    assert!(file(&house, &concerned(), "").await.unwrap().is_empty());
    let early = correct(&house, &keeper, &id).await.unwrap_err();
    assert_eq!(reason(&early), "FILE_ENTRY_NOT_FOUND");

    house.appeal(&concerned(), &id).await.unwrap();
    let upheld = house.decide_appeal(&other_leader(), &id, liable(Liability::Warning)).await;
    assert!(upheld.unwrap());
    let before = file(&house, &concerned(), "").await.unwrap();
    assert_eq!(before.len(), 1);
    assert_eq!(before[0].outcome.as_ref().unwrap().liability(), Liability::Warning);
    correct(&house, &keeper, &id).await.unwrap();
    let after = file(&house, &discipline(), HANDLER).await.unwrap();
    assert_eq!(after[0].corrections.len(), 1);
    let entry = |entry: &FileEntry| FileEntry { corrections: Vec::new(), ..entry.clone() };
    assert_eq!(entry(&after[0]), before[0]);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_lifted_on_appeal_enters_no_file() {
    let house = House::new().await;
    let (id, _) = house.served().await;
    house.appeal(&concerned(), &id).await.unwrap();
    assert!(!house.decide_appeal(&other_leader(), &id, no_fault(HANDLER)).await.unwrap());
    assert!(file(&house, &political(), HANDLER).await.unwrap().is_empty());
    assert!(!house.subjects(&id).await.contains(&"file.entered".to_owned()));
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_officers_file_needs_the_power() {
    let house = House::new().await;
    let colleague = staff("619103", "619921510000", Post::UnitHead);
    let refused = file(&house, &colleague, HANDLER).await.unwrap_err();
    assert_eq!(reason(&refused), "POWER_MISSING");
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_acc_1_the_clauses_of_a_day_are_read_with_their_source() {
    let house = House::new().await;
    let ask = async |day: &str| {
        let message = ListClausesRequest { day: day.to_owned() };
        let call = house.deployment.call(&concerned(), message);
        house.api.clone().list_clauses(call).await.map(|answer| answer.into_inner().clauses)
    };
    let now = ask("2026-01-05").await.unwrap();
    assert!(now.iter().any(|clause| clause.clause_id == "filing.late"));
    assert!(now.iter().all(|clause| !clause.source.is_empty()));
    assert!(ask("2016-02-29").await.unwrap().is_empty());
    assert_eq!(reason(&ask("昨天").await.unwrap_err()), "CLUE_INVALID");
    house.stop().await;
}
